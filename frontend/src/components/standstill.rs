//! Nothing more happens by itself: who waits, for what, for whom.

use crate::components::{Ctx, icons, on, say};
use crate::i18n::Msg;
use crate::model::deadlock::{Standstill, Waiting};
use crate::state::{Action, Selected};
use yew::prelude::*;

pub(crate) fn standstill(ctx: &Ctx, state: Option<&Standstill>) -> Html {
    let Some(state) = state else { return html! {} };
    let (class, title) = if state.circle {
        ("standstill circle", Msg::Deadlock)
    } else {
        ("standstill", Msg::NothingMore)
    };
    html! {
        <section {class} aria-label={say(ctx, title.clone())}>
            <b>{ say(ctx, title) }</b>
            <ul>{ for state.waits.iter().map(|wait| row(ctx, wait)) }</ul>
        </section>
    }
}

fn row(ctx: &Ctx, wait: &Waiting) -> Html {
    let (host, pid) = (wait.host, wait.pid);
    let whom: Vec<String> = wait
        .on
        .iter()
        .map(|(host, pid, program)| format!("{} {program}[{pid}]", icons::letter(*host)))
        .collect();
    html! {
        <li>
            <button type="button" class="quiet" onclick={on(ctx, move |_: MouseEvent| Action::Select(Some(Selected::Process(host, pid))))}>
                { format!("{} {}[{pid}]", icons::letter(host), wait.program) }
            </button>
            { " " }{ say(ctx, wait.why.clone()) }
            if !whom.is_empty() { { format!(" → {}", whom.join(", ")) } }
        </li>
    }
}
