//! The call log: every system call as strace prints it, with its return value and duration.

use crate::components::views::empty;
use crate::components::{Ctx, icons, move_row, on, say, stamps};
use crate::i18n::{self, Msg};
use crate::model::course::{Call, Course};
use crate::state::{Action, Selected};
use crate::time::Stamps;
use yew::prelude::*;

/// Rows in the document at once.
const MAX_ROWS: usize = 400;

pub(crate) fn calls(ctx: &Ctx) -> Html {
    let Some(course) = ctx.course() else { return empty(ctx, Msg::NoCalls) };
    let happened: Vec<(usize, &Call)> =
        course.calls.iter().enumerate().filter(|(_, call)| call.moment <= ctx.cursor).collect();
    if happened.is_empty() {
        return empty(ctx, Msg::NoCalls);
    }
    let newest = happened.iter().skip(happened.len().saturating_sub(MAX_ROWS));
    let stop = stop(ctx, &happened);
    let libc = ctx.prefs.libc_calls;
    let toggle = {
        let ctx = ctx.clone();
        Callback::from(move |_: Event| crate::session::show_libc_calls(&ctx, !libc))
    };
    html! {
        <>
        <div class="filter"><label><input type="checkbox" checked={libc} onchange={toggle} />{ say(ctx, Msg::LibcCalls) }</label></div>
        <table class="rows" aria-rowcount={(happened.len() + 1).to_string()}>
            <thead><tr>
                { for [Msg::ColTime, Msg::ColProcess, Msg::ColCall, Msg::ColDuration]
                    .map(|head| html! { <th scope="col">{ say(ctx, head) }</th> }) }
                if ctx.time.stamps != Stamps::None { <th scope="col">{ say(ctx, Msg::Stamps) }</th> }
            </tr></thead>
            <tbody onkeydown={Callback::from(move_row)}>{ for newest.map(|(index, call)| row(ctx, course, (*index, call), stop)) }</tbody>
        </table>
        </>
    }
}

/// The row that Tab stops at: the selected call's, else the newest.
fn stop(ctx: &Ctx, happened: &[(usize, &Call)]) -> Option<usize> {
    let selected = |(index, _): &&(usize, &Call)| ctx.selected == Some(Selected::Call(*index));
    let kept = &happened[happened.len().saturating_sub(MAX_ROWS)..];
    kept.iter().find(selected).or(kept.last()).map(|(index, _)| *index)
}

fn row(ctx: &Ctx, course: &Course, (index, call): (usize, &Call), stop: Option<usize>) -> Html {
    let end = call.end.as_ref().filter(|(moment, ..)| *moment <= ctx.cursor);
    let current = call.moment == ctx.cursor || end.is_some_and(|(m, ..)| *m == ctx.cursor);
    let failed = end.is_some_and(|(.., reply)| reply.ret.is_err());
    let text = match end {
        Some((.., reply)) => abi::strace::call(&call.syscall, reply),
        None => abi::strace::unfinished(&call.syscall),
    };
    let duration = end.map_or_else(
        || say(ctx, Msg::CallPending),
        // Only waiting takes simulated time.
        |(_, t, _)| match t - call.start_ns {
            0 => "–".to_owned(),
            ns => i18n::duration(ctx.lang(), ns),
        },
    );
    html! {
        <tr key={index} class={classes!(failed.then_some("k-rst"))} aria-current={current.then_some("step")}
            onclick={on(ctx, move |_: MouseEvent| Action::Select(Some(Selected::Call(index))))}>
            <td class="num">{ i18n::clock(ctx.lang(), call.start_ns) }</td>
            <td><button type="button" tabindex={if stop == Some(index) { "0" } else { "-1" }} aria-pressed={(ctx.selected == Some(Selected::Call(index))).to_string()}>
                { process_name(course, call.host, call.pid) }</button></td>
            <td class={classes!("wrap", "mono", failed.then_some("kind"))}>{ text }</td>
            <td class="num">{ duration }</td>
            if ctx.time.stamps != Stamps::None {
                <td class="num mono">{ stamps::of_moment(ctx, call.moment) }{ for call.end.as_ref().filter(|e| e.0 <= ctx.cursor).and_then(|e| stamps::of_moment(ctx, e.0)).map(|s| format!(" → {s}")) }</td>
            }
        </tr>
    }
}

/// `A cliente[1]`.
pub(crate) fn process_name(course: &Course, host: usize, pid: abi::Pid) -> String {
    let process = course.processes.iter().find(|p| p.host == host && p.pid == pid);
    let program = process.map_or("?", |p| p.program.as_str());
    format!("{} {program}[{pid}]", icons::letter(host))
}
