//! What the programs wrote, and what a person types to them.

use crate::components::calls::process_name;
use crate::components::views::empty;
use crate::components::{Ctx, say};
use crate::i18n::Msg;
use crate::model::course::{Course, Process};
use wasm_bindgen::JsCast;
use yew::prelude::*;

pub(crate) fn terminals(ctx: &Ctx) -> Html {
    let Some(course) = ctx.course() else { return empty(ctx, Msg::NoOutput) };
    let begun = course.processes.iter().filter(|process| process.start <= ctx.cursor);
    let shown: Vec<Html> = begun.map(|process| terminal(ctx, course, process)).collect();
    if shown.is_empty() {
        return empty(ctx, Msg::NoOutput);
    }
    html! { <div class="terminals">{ for shown }</div> }
}

fn terminal(ctx: &Ctx, course: &Course, process: &Process) -> Html {
    let name = process_name(course, process.host, process.pid);
    let text = process.terminal.iter().filter(|text| text.moment <= ctx.cursor);
    let ended = process.exit.map(|(moment, _)| moment).or(process.gone);
    let alive = ended.is_none_or(|moment| moment > ctx.cursor);
    let (host, pid) = (process.host, process.pid);
    let typed = {
        let ctx = ctx.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            let input = form.and_then(|form| form.query_selector("input").ok().flatten());
            if let Some(input) = input.and_then(|i| i.dyn_into::<web_sys::HtmlInputElement>().ok())
            {
                crate::session::type_text(&ctx, host, pid, format!("{}\n", input.value()));
                input.set_value("");
            }
        })
    };
    html! {
        <section class="terminal" key={format!("{host}-{pid}")} aria-label={name.clone()}>
            <header>{ &name }</header>
            <pre>{ for text.map(|text| html! {
                <span class={match text.fd { 0 => "typed", 2 => "err", _ => "out" }}>{ String::from_utf8_lossy(&text.bytes).into_owned() }</span>
            }) }</pre>
            if alive {
                <form onsubmit={typed}>
                    <input type="text" aria-label={say(ctx, Msg::StdinOf { name })} autocomplete="off" spellcheck="false" />
                    <button type="submit">{ say(ctx, Msg::Send) }</button>
                </form>
            }
        </section>
    }
}
