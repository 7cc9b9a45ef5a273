//! Reads packetdrill's scripts where packetdrill itself is not installed.
//!
//! It drives the same C interface as packetdrill would (`libsoquete_packetdrill.so` by `dlopen`), or
//! this computer's kernel in a namespace with a TUN device. It is not packetdrill: it reads the
//! common part of the language (see `script`), and says by name what it does not read.
#![allow(clippy::print_stdout, clippy::print_stderr)] // the terminal is its user interface

mod backend;
mod calls;
mod packet;
mod run;
mod script;
mod shell;
mod symbols;

use backend::Backend;
use run::Config;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
soquete-packetdrill [OPTIONS] SCRIPT…
  --on sim|linux           the simulated host (default), or this computer's kernel: needs root
  --library FILE           the library to load; default: beside this program
  --ip_version ipv4|ipv6|ipv4-mapped-ipv6
  --tolerance_usecs N      at least so much, whatever the script says
  --tries N                a script holds if it does once in N (for a busy computer)
  -v                       every call and packet";

struct Options {
    linux: bool,
    library: PathBuf,
    version: String,
    tolerance_us: i64,
    tries: u32,
    verbose: bool,
}

/// What a script came to.
enum Came {
    Held,
    Not(script::Failure),
    Skipped(String),
}

/// The kernel's number of the calling thread.
#[allow(unsafe_code)]
fn thread_id() -> i32 {
    // SAFETY: no arguments, no memory.
    unsafe { libc::gettid() }
}

fn main() -> ExitCode {
    let mut options = Options {
        linux: false,
        library: std::env::current_exe()
            .unwrap_or_default()
            .with_file_name("libsoquete_packetdrill.so"),
        version: String::new(),
        tolerance_us: 0,
        tries: 1,
        verbose: false,
    };
    let mut files = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let (name, given) = match argument.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        let mut value = || given.clone().or_else(|| arguments.next()).unwrap_or_default();
        match name.as_str() {
            "--on" => options.linux = value() == "linux",
            "--library" => options.library = value().into(),
            "--ip_version" => options.version = value(),
            "--tolerance_usecs" => options.tolerance_us = value().parse().unwrap_or(0),
            "--tries" => options.tries = value().parse().unwrap_or(1).max(1),
            "-v" => options.verbose = true,
            name if name.starts_with('-') => {
                eprintln!("{USAGE}");
                return ExitCode::from(2);
            }
            name => files.push(PathBuf::from(name)),
        }
    }
    if files.is_empty() {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    }
    all(&files, &options)
}

fn all(files: &[PathBuf], options: &Options) -> ExitCode {
    let on = if options.linux { "this computer's kernel" } else { "the simulated host" };
    println!("soquete's own reader of packetdrill scripts (not packetdrill), on {on}");
    let (mut held, mut not, mut skipped) = (0, 0, 0);
    for file in files {
        let (came, notes) = tries(file, options);
        let name = file.display();
        match came {
            Came::Held => {
                held += 1;
                println!("✓ {name}");
            }
            Came::Not(failure) => {
                not += 1;
                println!("✗ {name}:{}: {}", failure.line, failure.message);
                for note in notes {
                    println!("    {note}");
                }
            }
            Came::Skipped(why) => {
                skipped += 1;
                println!("– {name}: NOT RUN: {why}");
            }
        }
    }
    println!("packetdrill scripts: {held} hold, {not} do not, {skipped} not run");
    if not == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tries(file: &Path, options: &Options) -> (Came, Vec<String>) {
    let mut last = one(file, options);
    for _ in 1..options.tries {
        if !matches!(last.0, Came::Not(_)) {
            break;
        }
        last = one(file, options);
    }
    last
}

fn one(file: &Path, options: &Options) -> (Came, Vec<String>) {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => return (Came::Skipped(error.to_string()), Vec::new()),
    };
    let script = match script::parse(&text) {
        Ok(script) => script,
        Err(failure) => return (sorted(failure), Vec::new()),
    };
    let option = |name: &str| script.options.iter().find(|(n, _)| n == name).map(|(_, v)| v);
    let number = |name: &str| option(name).and_then(|value| value.parse::<i64>().ok());
    let version = option("ip_version").unwrap_or(&options.version).as_str();
    let wants = |v4: &str, v6: &str| {
        let text = if version == "ipv6" { v6 } else { v4 };
        text.parse().expect("a constant address")
    };
    let config = Config {
        local: wants("192.168.0.1", "fd3d:a0b:17d6::1"),
        remote: wants("192.0.2.1", "fd3d:fa7b:d17d::1"),
        family: if version.contains("ipv6") { libc::AF_INET6 } else { libc::AF_INET },
        mtu: number("mtu").unwrap_or(if version == "ipv6" { 1520 } else { 1500 }) as u32,
        tolerance_us: number("tolerance_usecs").unwrap_or(4000).max(options.tolerance_us),
        tick_us: number("tcp_ts_tick_usecs").unwrap_or(0),
    };
    let backend = match options.linux {
        true => Backend::linux(config.mtu, number("mss").unwrap_or(0) as i32),
        false => {
            let flags = format!("local={},mtu={}", config.local, config.mtu);
            Backend::library(&options.library, &flags)
        }
    };
    let backend = match backend {
        Ok(backend) => backend,
        Err(why) => return (Came::Skipped(why), Vec::new()),
    };
    let dir = file.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (outcome, notes) = run::run(&script, backend, config, dir, options.verbose);
    (outcome.map_or_else(sorted, |()| Came::Held), notes)
}

fn sorted(failure: script::Failure) -> Came {
    match failure.unsupported {
        true => Came::Skipped(format!("line {}: {}", failure.line, failure.message)),
        false => Came::Not(failure),
    }
}
