//! The program `soquete`: `serve` (the bridge and the page), `run` (programs without a page)
//! and `lesson` (what teachers ask about a lesson).
//!
//! Exit status: 0 done, 1 failed, 2 bad usage (as `clap` has it). Each subcommand's module says
//! what failing means for it.

mod lesson;
mod run;
mod serve;
mod usage;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// A sockets lab: one program, two kernels.
#[derive(Parser)]
#[command(name = "soquete", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the page and execute real socket calls for it.
    #[command(after_help = "Prints one line, the link with this run's secret.\n\
        Exit status: 0 after SIGINT or SIGTERM, 1 if the address cannot be used or connections \
        do not end, 2 for bad usage.")]
    Serve(Box<serve::Args>),
    /// Run programs without a page, on the simulated or on this computer's kernel.
    Run(Box<run::Args>),
    /// Check a lesson, or try it with a student's work.
    Lesson(lesson::Args),
}

fn main() -> ExitCode {
    match Cli::try_parse().map(|cli| cli.command) {
        Ok(Command::Serve(args)) => serve::main(*args),
        Ok(Command::Run(args)) => run::main(&args),
        Ok(Command::Lesson(args)) => lesson::main(&args),
        Err(error) => usage::refuse(&error),
    }
}
