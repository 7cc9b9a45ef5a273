//! `soquete run`: not built yet.

use std::process::ExitCode;

/// Options of `soquete run`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Each program: a C file and its arguments, quoted together.
    #[arg(trailing_var_arg = true)]
    programs: Vec<String>,
}

/// Says that it is not built yet, exit status 2.
pub(crate) fn main(args: &Args) -> ExitCode {
    eprintln!("soquete run: not built yet ({} programs given)", args.programs.len());
    ExitCode::from(2)
}
