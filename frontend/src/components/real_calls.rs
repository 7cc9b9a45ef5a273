//! Calls on real sockets as they happen: both views of a blocking call, errno, duration.

use crate::bridge::rule_name;
use crate::components::{Ctx, say};
use crate::i18n::{self, Msg};
use crate::model::real_log::{Call, Done, Log, Outcome, Step};
use crate::real::Real;
use yew::prelude::*;

/// Rows in the document at once: the newest.
const ROWS_MAX: usize = 300;

/// The programs' calls; a click goes to the step of the recording at which one was made.
pub(crate) fn calls(ctx: &Ctx, real: &Real, log: &Log) -> Html {
    let calls = log.calls();
    if calls.is_empty() {
        return html! { <p class="empty">{ say(ctx, Msg::RealEmpty) }</p> };
    }
    let hidden = calls.len().saturating_sub(ROWS_MAX);
    let several = log.processes.len() > 1;
    let now = match log.step(real.state.step()) {
        Some(Step::Call(number) | Step::Settled(number)) => Some(number),
        _ => None,
    };
    html! {
        <>
            if hidden + log.forgotten > 0 {
                <p class="muted">{ say(ctx, Msg::RealHidden { n: hidden + log.forgotten }) }</p>
            }
            { table(ctx, calls.iter().skip(hidden).map(|call| {
                let who = several.then(|| format!("{}[{}] ", log.name(call.program), call.tid));
                let go = {
                    let (real, step) = (real.clone(), call.made);
                    Callback::from(move |_: MouseEvent| real.go(step))
                };
                row(ctx, call, Of { who, simulated: false, now: now == Some(call.number), go: Some(go) })
            })) }
        </>
    }
}

/// A table of calls, the newest last.
pub(crate) fn table(ctx: &Ctx, rows: impl Iterator<Item = Html>) -> Html {
    let heads = [Msg::ColTime, Msg::ColCall, Msg::ColReturn, Msg::ColDuration, Msg::ColKernel];
    html! {
        <table class="rows calls">
            <caption class="sr-only">{ say(ctx, Msg::ViewReal) }</caption>
            <thead><tr>{ for heads.map(|head| html! { <th scope="col">{ say(ctx, head) }</th> }) }</tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

/// What a row says besides its call.
#[derive(Default)]
pub(crate) struct Of {
    pub(crate) who: Option<String>,
    /// Which kernel answered a call made by hand.
    pub(crate) simulated: bool,
    /// It is the recording's present step.
    pub(crate) now: bool,
    pub(crate) go: Option<Callback<MouseEvent>>,
}

/// A row of the table.
pub(crate) fn row(ctx: &Ctx, call: &Call, of: Of) -> Html {
    let Of { who, simulated, now, go } = of;
    let lang = ctx.lang();
    let name = abi::strace::name(&call.syscall);
    let nothing = || (html! {}, String::new(), String::new(), html! {});
    let (text, (ret, time, duration, kernel)) = match &call.outcome {
        Outcome::Waiting { blocked } => {
            let since = blocked.map(|at| i18n::moment(lang, at)).unwrap_or_default();
            let state = if blocked.is_some() { Msg::Blocked } else { Msg::Waiting };
            let ret = html! { <span class="waits">{ say(ctx, state) }</span> };
            (abi::strace::unfinished(&call.syscall), (ret, since, String::new(), html! {}))
        }
        Outcome::Denied { rule, detail } => {
            let rule = rule_name(*rule);
            let denied = say(ctx, Msg::DeniedBy { rule, detail: detail.clone() });
            let ret = html! { <span class="denied">{ denied }</span> };
            (format!("{name}(…)"), (ret, String::new(), String::new(), html! {}))
        }
        Outcome::Lost(detail) => {
            let text = if detail.is_empty() { say(ctx, Msg::CallLost) } else { detail.clone() };
            let ret = html! { <span class="err">{ text }</span> };
            (abi::strace::unfinished(&call.syscall), (ret, String::new(), String::new(), html! {}))
        }
        Outcome::Ended if ends(&call.syscall) => {
            (abi::strace::call(&call.syscall, &abi::Reply::ok(0)), nothing())
        }
        Outcome::Ended => (abi::strace::unfinished(&call.syscall), nothing()),
        Outcome::Done(done) => {
            (abi::strace::call(&call.syscall, &done.reply), answered(ctx, done, simulated))
        }
    };
    html! {
        <tr key={call.number} aria-current={now.then_some("step")} onclick={go}>
            <td class="num">{ time }</td>
            <td class="wrap mono">{ for who.map(|who| html! { <span class="muted">{ who }</span> }) }{ text }</td>
            <td class="mono">{ ret }</td><td class="num">{ duration }</td><td class="kernel">{ kernel }</td>
        </tr>
    }
}

fn ends(call: &abi::Syscall) -> bool {
    matches!(call, abi::Syscall::ExitGroup { .. } | abi::Syscall::ThreadExit { .. })
}

/// Return value, time, duration, what the kernel did.
fn answered(ctx: &Ctx, done: &Done, simulated: bool) -> (Html, String, String, Html) {
    let lang = ctx.lang();
    let ret = match done.reply.ret {
        Ok(value) => html! { value.to_string() },
        Err(errno) => html! {
            <span class="err" title={errno.message()}>{ "-1 " }{ errno.name() }</span>
        },
    };
    let Some(measured) = &done.measured else {
        let mark = if simulated { Msg::SimulatedMark } else { Msg::AnsweredHere };
        let mark = html! { <span class="simulated">{ say(ctx, mark) }</span> };
        return (ret, String::new(), String::new(), mark);
    };
    let tcp = measured.tcp.as_ref().map(|tcp| {
        let rtt = tcp.rtt_us.map(|rtt| format!(" · rtt {rtt} µs")).unwrap_or_default();
        format!("{}{rtt}", tcp.state)
    });
    let kernel = html! {
        <>
            <span class="measured">{ say(ctx, Msg::Measured) }</span>
            { for tcp.map(|tcp| html! { <span class="tcp">{ tcp }</span> }) }
            { for (!measured.steps.is_empty()).then(|| html! {
                <details><summary>{ say(ctx, Msg::KernelSteps { n: measured.steps.len() }) }</summary>
                    { for measured.steps.iter().map(|step| html! {
                        <div class="mono">{ i18n::duration(lang, step.at_ns.saturating_sub(measured.start_ns)) }{ "  " }{ &step.text }</div>
                    }) }
                </details>
            }) }
        </>
    };
    let (start, duration) = (measured.start_ns, measured.duration_ns);
    (ret, i18n::moment(lang, start), i18n::duration(lang, duration), kernel)
}
