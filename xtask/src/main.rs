//! `cargo xtask …`: the chores of this repository, in Rust so that they run wherever cargo does.
//!
//! `lab` gets a student from a clone to a page in the browser; `test` is everything that CI runs.
//! No dependencies: this is compiled before anything else can be explained to the reader.

#![allow(clippy::print_stdout)] // the terminal is this program's user interface

mod judge;
mod lab;
mod packetdrill;
mod page;
mod step;
mod system;
mod test;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  lab [OPTIONS OF soquete serve]   install what is missing, build the page, start the lab
  page                             build the page into dist/
  program                          build target/native/soquete with the page inside
  test [STEP…]                     everything that CI runs, or only the named steps
  judge [PROGRAM…]                 compare the simulator, and soquete run --on real, with this
                                   kernel, call by call; without names: tests/judge and lessons
                                   (--recorded: with what --record wrote down; --accept: write
                                    down what differs; --full, --repeat N, --real-only,
                                    --no-bridge, --soquete FILE, --random N and --seed N)
  packetdrill [SCRIPT…]            packetdrill scripts against the simulated host; without names:
                                   tests/packetdrill (--on linux: against this kernel, as root;
                                   -v, --ip_version=…, --tolerance_usecs=N, --tries=N)
  setup                            install what is missing, and nothing else
  help                             this text

Steps of test: packages fmt clippy clippy-wasm tests determinism doc page soquete judge packetdrill
               e2e";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    if let Err(error) = std::env::set_current_dir(system::root()) {
        eprintln!("cannot enter {}: {error}", system::root().display());
        return ExitCode::FAILURE;
    }
    // Asking for help must not start an installation.
    let asks_help = rest.iter().any(|arg| arg == "--help" || arg == "-h");
    let command = if asks_help { "help" } else { command.as_str() };
    let done = match command {
        "lab" => lab::run(&rest),
        "page" => tools::ensure_for_page().and_then(|()| page::build()),
        "program" => lab::program(),
        "packetdrill" => packetdrill::run(&rest),
        "setup" => tools::ensure_for_page(),
        "test" => test::run(&rest),
        "judge" => judge::run(&rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(step::Failed) => ExitCode::FAILURE,
    }
}
