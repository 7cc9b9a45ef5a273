//! Runs a C file with a kernel that knows only `write`, `read` of nothing and `exit`: for trying
//! the compiler alone. `cargo run -p soquete-cc --example run -- [--windows] [--check] FILE [ARGS]`;
//! `--check` only compiles.

#![allow(clippy::disallowed_types)] // a clock, to tell the speed

use abi::{Errno, Lang, Pid, Reply, Syscall};
use cc::{Machine, SharedMemory, Sources, Step, StopAt, Target};
use soquete_cc as cc;
use std::io::Write as _;

fn main() -> std::process::ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let windows = args.first().is_some_and(|arg| arg == "--windows");
    let args = if windows { &args[1..] } else { &args[..] };
    let check = args.first().is_some_and(|arg| arg == "--check");
    let args = if check { &args[1..] } else { args };
    let Some(path) = args.first() else { return std::process::ExitCode::from(2) };
    let text = std::fs::read_to_string(path).expect("a readable file");
    let target = if windows { Target::Windows } else { Target::Linux };
    let start = std::time::Instant::now();
    let compilation = cc::compile(&Sources::single(path, &text), target);
    let mut err = std::io::stderr();
    for diagnostic in &compilation.diagnostics {
        let text = cc::diag::render(diagnostic, &compilation.sources, Lang::En);
        let _ = err.write_all(text.as_bytes());
    }
    let Some(program) = compilation.program else { return std::process::ExitCode::from(101) };
    let compiled = start.elapsed();
    if check {
        return std::process::ExitCode::SUCCESS;
    }
    let mut machine = Machine::new(program, args, &[], Pid(1));
    let mut shared = SharedMemory::new();
    let mut steps = 0u64;
    let start = std::time::Instant::now();
    let status = loop {
        let mut fuel = 10_000_000;
        let step = machine.step(Pid(1), &mut fuel, &mut shared, StopAt::Syscall);
        steps += 10_000_000 - fuel;
        match step {
            Step::Ran | Step::Statement => {}
            Step::Faulted(fault) => {
                let text = fault.text(Lang::En);
                let span = fault.span.unwrap_or_default();
                let text = cc::diag::place(span, "fault", &text, &compilation.sources);
                let _ = err.write_all(text.as_bytes());
                break 139;
            }
            Step::Syscall(Syscall::ExitGroup { status }) => break status,
            Step::Syscall(call) => {
                let reply = match &call {
                    Syscall::Write { buf, .. } => {
                        let bytes = buf.bytes.clone().unwrap_or_default();
                        let _ = std::io::stdout().write_all(&bytes.0);
                        Reply::ok(bytes.0.len() as i64)
                    }
                    Syscall::Read { .. } => {
                        Reply::with(0, abi::Out::Bytes { bytes: Default::default() })
                    }
                    Syscall::Getpid => Reply::ok(1),
                    _ => Reply::err(Errno::ENOSYS),
                };
                machine.resume(Pid(1), &reply, &mut shared);
            }
        }
    };
    if std::env::var_os("CC_TIME").is_some() {
        let seconds = start.elapsed().as_secs_f64();
        let rate = steps as f64 / seconds / 1e6;
        let text = format!("compiled in {compiled:?}, {steps} instructions, {rate:.0} M/s\n");
        let _ = err.write_all(text.as_bytes());
    }
    std::process::ExitCode::from(status as u8)
}
