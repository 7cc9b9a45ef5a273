//! What is said in the page's narration while real sockets are looked at: the newest call and how
//! the run is.

use crate::components::{Ctx, say};
use crate::i18n::Msg;
use crate::model::real_log::{Call, Outcome};
use crate::model::story::Story;
use crate::real::{Program, Real};
use crate::state::View;

pub(crate) fn story(ctx: &Ctx, real: &Real) -> Story {
    let state = &real.state;
    let console = ctx.view == View::Console;
    let call = match console {
        true => state.console.last().map(|(_, call)| call),
        false => state.log.calls().last(),
    };
    let run = say(ctx, run_state(state.program));
    match call {
        None if console => Story { sentence: say(ctx, Msg::NoCalls), ..Story::default() },
        None => Story { sentence: run, ..Story::default() },
        Some(call) => {
            let why = if console { Vec::new() } else { vec![run] };
            Story { sentence: sentence(ctx, call), why, ..Story::default() }
        }
    }
}

/// `connect() = -1 ECONNREFUSED`; what is not answered has no `=`.
fn sentence(ctx: &Ctx, call: &Call) -> String {
    let name = abi::strace::name(&call.syscall);
    match &call.outcome {
        Outcome::Done(done) => match done.reply.ret {
            Ok(value) => format!("{name}() = {value}"),
            Err(errno) => format!("{name}() = -1 {}: {}", errno.name(), errno.message()),
        },
        Outcome::Waiting { .. } => say(ctx, Msg::BlockedIn { call: format!("{name}()") }),
        Outcome::Denied { .. } | Outcome::Lost(_) | Outcome::Ended => format!("{name}()"),
    }
}

/// How the run is.
pub(crate) fn run_state(program: Program) -> Msg {
    match program {
        Program::Idle => Msg::RealIntro,
        Program::Running => Msg::RealRunning,
        Program::Over => Msg::RealOver,
        Program::Stopped => Msg::Stopped,
        Program::Cut => Msg::RealCut,
        Program::NotCompiled => Msg::NothingRan,
    }
}
