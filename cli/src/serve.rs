//! `soquete serve`: not built yet.

use std::process::ExitCode;

/// Options of `soquete serve`.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Says that it is not built yet, exit status 2.
pub(crate) fn main(_: Args) -> ExitCode {
    eprintln!("soquete serve: not built yet");
    ExitCode::from(2)
}
