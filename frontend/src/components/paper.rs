//! The page on paper, as a lecturer hands it out: scenario, programs with numbered lines, the
//! sequence diagram cut at moments, and the explanation of each step. Whichever way the browser is
//! told to print, this is what it prints.

use crate::components::{Ctx, say};
use crate::i18n::{self, Msg};
use crate::lessons;
use crate::model::{export, narrate};
use crate::session::Run;
use crate::state::{Action, Dialog};
use wasm_bindgen::prelude::*;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
    /// Whether the browser's dialog is still to be opened.
    pub(crate) ask: bool,
}

/// Puts the sheet in the page's place while the browser prints.
#[hook]
pub(crate) fn use_printing(ctx: &Ctx) {
    let dispatcher = ctx.dispatcher();
    let open = use_mut_ref(|| None);
    *open.borrow_mut() = ctx.dialog;
    use_effect_with((), move |()| {
        let begins = {
            let dispatcher = dispatcher.clone();
            Closure::<dyn FnMut()>::new(move || {
                if *open.borrow() != Some(Dialog::Print) {
                    dispatcher.dispatch(Action::Dialog(Some(Dialog::Sheet)));
                }
            })
        };
        let ends = Closure::<dyn FnMut()>::new(move || dispatcher.dispatch(Action::Dialog(None)));
        if let Some(window) = web_sys::window() {
            for (name, listener) in [("beforeprint", &begins), ("afterprint", &ends)] {
                let listener = listener.as_ref().unchecked_ref();
                // A listener with a valid name is always accepted.
                let _ = window.add_event_listener_with_callback(name, listener);
            }
        }
        // As long as the page.
        move || drop((begins, ends))
    });
}

/// Steps that are explained at most: a run of thousands fills no paper.
const STEPS: usize = 400;

#[component]
pub(crate) fn Paper(props: &Props) -> Html {
    let ctx = &props.ctx;
    use_effect_with(props.ask, {
        let ctx = ctx.clone();
        move |ask| {
            if !ask {
                return;
            }
            if let Some(window) = web_sys::window() {
                // A browser that cannot print does nothing.
                let _ = window.print();
            }
            ctx.dispatch(Action::Dialog(None));
        }
    });
    let Some(run) = &ctx.run else { return html! {} };
    html! {
        <section class="paper">
            <h1>{ title(ctx) }</h1>
            { scenario(ctx, run) }
            { for ctx.sources.iter().map(|source| html! { <section><h2>{ &source.name }</h2>{ numbered(&source.text) }</section> }) }
            <section class="pictures">
                <h2>{ say(ctx, Msg::ViewLadder) }</h2>
                { for export::svg_pages(run).into_iter().map(|picture| Html::from_html_unchecked(picture.into())) }
            </section>
            <section>
                <h2>{ say(ctx, Msg::PaperSteps) }</h2>
                { steps(ctx, run) }
            </section>
        </section>
    }
}

/// What is on the page.
fn title(ctx: &Ctx) -> String {
    if ctx.own {
        return say(ctx, Msg::OwnPrograms);
    }
    lessons::titles(ctx.lang()).get(ctx.lesson).cloned().unwrap_or_default()
}

/// Hosts with their addresses, and what each link does.
fn scenario(ctx: &Ctx, run: &Run) -> Html {
    let lang = ctx.lang();
    let host = |host: &crate::model::course::Host| html! { <li><b>{ &host.name }</b>{ " " }{ host.addresses.join(", ") }</li> };
    let links = run.timeline.scenario().links.iter().map(|link| {
        let loss = format!("{}", link.params.loss * 100.0);
        let delay = i18n::duration(lang, link.params.delay_ns);
        html! { <li>{ link.hosts.join(" — ") }{ ": " }{ say(ctx, Msg::PaperLink { delay, loss }) }</li> }
    });
    html! { <ul class="world">{ for run.course.hosts.iter().map(host) }{ for links }</ul> }
}

fn numbered(text: &str) -> Html {
    let lines = text.lines().enumerate().map(|(n, line)| {
        html! { <div><span class="n">{ format!("{:>3} ", n + 1) }</span>{ line }</div> }
    });
    html! { <div class="code">{ for lines }</div> }
}

/// A row for each step: up to where one stands, or of the whole run from its beginning.
fn steps(ctx: &Ctx, run: &Run) -> Html {
    let lang = ctx.lang();
    let end = if ctx.cursor == 0 { ctx.last() } else { ctx.cursor };
    let row = |moment: usize| {
        let record = |n: usize| run.timeline.record(n);
        let story = narrate::story(&run.course, &run.names, moment, lang, record);
        let t_ns = run.course.moments.get(moment).map_or(0, |moment| moment.t_ns);
        html! {
            <tr>
                <td>{ moment.to_string() }</td>
                <td>{ i18n::moment(lang, t_ns) }</td>
                <td><p>{ story.sentence }</p>if !story.why.is_empty() { <p class="why">{ story.why.join(" ") }</p> }</td>
            </tr>
        }
    };
    let rest = end.saturating_sub(STEPS);
    html! {
        <>
            <table>
                <thead><tr><th>{ say(ctx, Msg::PaperStep) }</th><th>{ say(ctx, Msg::PaperTime) }</th><th>{ say(ctx, Msg::PaperWhat) }</th></tr></thead>
                <tbody>{ for (1..=end.min(STEPS)).map(row) }</tbody>
            </table>
            if rest > 0 { <p>{ say(ctx, Msg::PaperRest { n: rest }) }</p> }
        </>
    }
}
