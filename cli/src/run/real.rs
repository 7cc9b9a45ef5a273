//! `--on real`: the same programs, their calls answered by this computer's kernel.
//!
//! Not built yet: says so.

use super::{Args, Failure, Programs};
use sim::scenario::Scenario;

/// Runs each program on this computer.
pub(super) fn run(_: &Scenario, _: &Programs, _: &Args) -> Result<bool, Failure> {
    Err(Failure::usage("--on real is not built yet"))
}
