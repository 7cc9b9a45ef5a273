//! Instructions a second of the machine, and the time to compile a program.
//!
//! `cargo bench -p soquete-cc`

use abi::{Pid, Syscall};
use soquete_cc::{Machine, SharedMemory, Sources, Step, StopAt, Target, compile};

fn main() {
    divan::main();
}

/// Arithmetic in registers: the loop is five instructions an iteration.
const LOOP: &str = "int main(void) { unsigned s = 0;\n\
    for (int i = 0; i < 1000000; i++) s = s * 31 + (i ^ (s >> 3));\n return s & 1; }";

/// Loads and stores of checked memory.
const SIEVE: &str = "static unsigned char sieve[100000];\n\
    int main(void) { int n = 0; for (int i = 0; i < 100000; i++) sieve[i] = 1;\n\
    for (int i = 2; i < 100000; i++) if (sieve[i]) { n++;\n\
    for (int j = 2 * i; j < 100000; j += i) sieve[j] = 0; }\n return n & 1; }";

/// Calls.
const CALLS: &str = "static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }\n\
    int main(void) { return fib(24) & 1; }";

fn machine(text: &str) -> Machine {
    let compilation = compile(&Sources::single("bench.c", text), Target::Linux);
    let program = compilation.program.expect("it compiles");
    Machine::new(program, &["bench".to_owned()], &[], Pid(1))
}

/// Runs to the end; how many instructions that took.
fn run(mut machine: Machine) -> u64 {
    let mut shared = SharedMemory::new();
    let mut fuel = u64::MAX;
    loop {
        match machine.step(Pid(1), &mut fuel, &mut shared, StopAt::Syscall) {
            Step::Syscall(Syscall::ExitGroup { .. }) => return u64::MAX - fuel,
            Step::Ran | Step::Statement => {}
            other => panic!("{other:?}"),
        }
    }
}

#[divan::bench(args = ["loop", "sieve", "calls"])]
fn instructions(bencher: divan::Bencher<'_, '_>, name: &str) {
    let text = match name {
        "loop" => LOOP,
        "sieve" => SIEVE,
        _ => CALLS,
    };
    let start = machine(text);
    let count = run(start.clone());
    bencher
        .counter(divan::counter::ItemsCount::new(count))
        .with_inputs(|| start.clone())
        .bench_values(run);
}

/// A dense program of the corpus with its headers; libc is compiled already.
#[divan::bench]
fn compile_a_program(bencher: divan::Bencher<'_, '_>) {
    let sources = Sources::single("language.c", include_str!("../tests/programs/language.c"));
    compile(&sources, Target::Linux);
    bencher.bench(|| compile(&sources, Target::Linux));
}

/// 326 lines in one file, the headers of a server included.
#[divan::bench]
fn compile_300_lines(bencher: divan::Bencher<'_, '_>) {
    let text = format!(
        "#define main other_main\n{}\n#undef main\n{}",
        include_str!("../tests/programs/language.c"),
        include_str!("../tests/programs/net_unp_echo.c")
    );
    let sources = Sources::single("server.c", &text);
    assert!(compile(&sources, Target::Linux).program.is_some());
    bencher.bench(|| compile(&sources, Target::Linux));
}

/// What only the first compilation of a process does: libc's file scope.
#[divan::bench(args = [Target::Linux, Target::Windows])]
fn libc_from_scratch(target: Target) -> u64 {
    soquete_cc::libc_from_scratch(target)
}

#[divan::bench]
fn clone_a_machine(bencher: divan::Bencher<'_, '_>) {
    let start = machine(SIEVE);
    bencher.bench(|| start.clone());
}
