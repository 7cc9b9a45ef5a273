//! A program of the page on real sockets: the machine runs here, the bridge answers its calls.

use crate::components::Ctx;
use crate::real::{Program, Real, RealAction};

/// Runs a program with these arguments.
pub(crate) fn run(_ctx: &Ctx, _real: &Real, _program: usize, _host: &str, _port: &str) {}

/// Stops it at its next call; a call under way is interrupted.
pub(crate) fn stop(real: &Real) {
    real.begin();
    if let Some(bridge) = real.bridge() {
        bridge.cancel_all();
    }
    real.state.dispatch(RealAction::Program(Program::Stopped));
}
