//! What is said in the page's narration while real sockets are looked at: the step of the recording
//! and how the run is, or the console's newest call.

use crate::components::{Ctx, say};
use crate::i18n::{self, Msg};
use crate::model::real_log::{Call, Log, Outcome, Step};
use crate::model::story::Story;
use crate::model::world;
use crate::real::{Program, Real};
use crate::state::View;
use abi::{Pid, consts};

pub(crate) fn story(ctx: &Ctx, real: &Real) -> Story {
    let state = &real.state;
    if ctx.view == View::Console {
        let call = state.console.last().map(|(_, call)| call);
        let sentence = call.map_or_else(|| say(ctx, Msg::NoCalls), |call| sentence(ctx, call));
        return Story { sentence, ..Story::default() };
    }
    let (log, run) = (state.shown(), say(ctx, run_state(state.program)));
    match log.step(state.step()) {
        None => Story { sentence: run, ..Story::default() },
        Some(step) => {
            // What the run has come to since then is no news at an earlier step.
            let why = if state.at.is_some() { waited(ctx, &log, step) } else { Some(run) };
            let (sentence, why) = (told(ctx, &log, step), why.into_iter().collect());
            Story { sentence, why, ..Story::default() }
        }
    }
}

/// `servidor.c [1001]`.
fn who(log: &Log, pid: Pid) -> String {
    let process = log.processes.iter().rev().find(|process| process.pid == pid);
    format!("{} [{pid}]", log.name(process.map_or(usize::MAX, |process| process.program)))
}

/// A step in one sentence.
fn told(ctx: &Ctx, log: &Log, step: Step) -> String {
    let text = |msg: Msg| say(ctx, msg);
    match step {
        Step::Began(pid) => text(Msg::RealBegan { who: who(log, pid) }),
        Step::Call(number) | Step::Settled(number) => match log.call(number) {
            Some(call) => format!("{}: {}", who(log, call.pid), sentence(ctx, call)),
            None => String::new(),
        },
        Step::Signal(pid, number) => {
            let signal = consts::name(consts::table::SIG, number).unwrap_or("?").to_owned();
            text(Msg::RealSignal { who: who(log, pid), signal })
        }
        Step::Ended(pid) => {
            let process = log.processes.iter().rev().find(|process| process.pid == pid);
            let how = process.and_then(|process| process.status).map(world::ended).map(text);
            say(ctx, Msg::RealEnded { who: who(log, pid), how: how.unwrap_or_default() })
        }
        Step::Typed(program) => text(Msg::RealTyped { who: log.name(program).to_owned() }),
    }
}

/// How long a call waited that has come to its end.
fn waited(ctx: &Ctx, log: &Log, step: Step) -> Option<String> {
    let Step::Settled(number) = step else { return None };
    let Outcome::Done(done) = &log.call(number)?.outcome else { return None };
    let ns = done.measured.as_ref()?.duration_ns;
    Some(say(ctx, Msg::RealWaited { time: i18n::duration(ctx.lang(), ns) }))
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
        Program::Stopped => Msg::RealStopped,
        Program::Cut => Msg::RealCut,
        Program::NotCompiled => Msg::NothingRan,
    }
}
