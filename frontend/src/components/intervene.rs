//! What can be done to the world at this moment: a view with every intervention, for whoever does
//! not find (or cannot use) the menus of the stage.

use crate::components::views::empty;
use crate::components::{Ctx, say};
use crate::i18n::Msg;
use crate::model::intervene::{self, Deed, LinkNow, Offer, Offers, Target};
use crate::session;
use wasm_bindgen::JsCast;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
}

#[component]
pub(crate) fn Intervene(props: &Props) -> Html {
    let ctx = &props.ctx;
    let offers = use_memo((ctx.run.clone(), ctx.cursor), |(run, cursor)| {
        run.as_ref().map_or_else(Offers::default, |run| intervene::offers(run, *cursor))
    });
    if ctx.run.is_none() {
        return empty(ctx, Msg::NoCalls);
    }
    let links = offers.links.iter().map(|(offer, now)| link(ctx, offer, *now));
    html! {
        <div class="intervene">
            <p class="muted">{ say(ctx, Msg::InterveneIntro) }</p>
            { section(ctx, Msg::InterveneThreads, &offers.threads) }
            { section(ctx, Msg::IntervenePackets, &offers.packets) }
            <section aria-label={say(ctx, Msg::InterveneLinks)}>
                <h2>{ say(ctx, Msg::InterveneLinks) }</h2>
                { for links }
            </section>
            { section(ctx, Msg::InterveneProcesses, &offers.processes) }
            { section(ctx, Msg::InterveneHosts, &offers.hosts) }
        </div>
    }
}

fn section(ctx: &Ctx, title: Msg, offers: &[Offer]) -> Html {
    if offers.is_empty() {
        return html! {};
    }
    let title = say(ctx, title);
    html! {
        <section aria-label={title.clone()}>
            <h2>{ &title }</h2>
            { for offers.iter().map(|offer| html! { <div class="offer" key={offer.title.clone()}>{ head(ctx, offer) }{ buttons(ctx, &offer.deeds) }{ typing(ctx, offer) }</div> }) }
        </section>
    }
}

fn head(ctx: &Ctx, offer: &Offer) -> Html {
    html! {
        <span class="subject">
            <b>{ &offer.title }</b>
            { for offer.state.iter().map(|state| html! { <span class="muted">{ say(ctx, state.clone()) }</span> }) }
        </span>
    }
}

/// A row of buttons, one for each deed.
pub(crate) fn buttons(ctx: &Ctx, deeds: &[Deed]) -> Html {
    html! {
        <span class="deeds">{ for deeds.iter().map(|deed| {
            let (ctx, deed) = (ctx.clone(), deed.clone());
            let label = say(&ctx, deed.label.clone());
            let name = format!("{label}: {}", deed.subject);
            let id = deed.id;
            let act = Callback::from(move |_: MouseEvent| session::do_deed(&ctx, &deed));
            html! { <button type="button" data-deed={id} aria-label={name} onclick={act}>{ label }</button> }
        }) }</span>
    }
}

/// A line for a process's terminal.
fn typing(ctx: &Ctx, offer: &Offer) -> Html {
    let Target::Process { host, pid } = offer.target else { return html! {} };
    let label = say(ctx, Msg::StdinOf { name: offer.title.clone() });
    let typed = {
        let ctx = ctx.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(input) = inputs(&event).into_iter().next() {
                session::type_text(&ctx, host, pid, format!("{}\n", input.value()));
                input.set_value("");
            }
        })
    };
    html! {
        <form onsubmit={typed}>
            <input type="text" aria-label={label.clone()} placeholder={label} autocomplete="off" spellcheck="false" />
            <button type="submit">{ say(ctx, Msg::Send) }</button>
        </form>
    }
}

fn link(ctx: &Ctx, offer: &Offer, now: LinkNow) -> Html {
    let apply = {
        let (ctx, offer, moment) = (ctx.clone(), offer.clone(), ctx.cursor);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let values: Vec<f64> =
                inputs(&event).iter().map(|input| input.value_as_number()).collect();
            let [delay_ms, loss_percent, rate_kbit] = values[..] else { return };
            let wanted = LinkNow { delay_ms, loss_percent, rate_kbit };
            if values.iter().all(|value| value.is_finite() && *value >= 0.0)
                && let Some(deed) = intervene::link_change(&offer, now, wanted, moment)
            {
                session::do_deed(&ctx, &deed);
            }
        })
    };
    let field = |label: Msg, value: f64, max: &'static str| {
        html! {
            <label>{ say(ctx, label) }
                <input type="number" min="0" {max} step="any" value={value.to_string()} /></label>
        }
    };
    html! {
        <div class="offer" key={offer.title.clone()}>
            { head(ctx, offer) }
            { buttons(ctx, &offer.deeds) }
            <form key={format!("{now:?}")} onsubmit={apply}>
                { field(Msg::LinkDelay, now.delay_ms, "100000") }
                { field(Msg::LinkLoss, now.loss_percent, "100") }
                { field(Msg::LinkRate, now.rate_kbit, "100000000") }
                <button type="submit">{ say(ctx, Msg::Apply) }</button>
            </form>
        </div>
    }
}

/// The inputs of the form that an event comes from.
fn inputs(event: &SubmitEvent) -> Vec<web_sys::HtmlInputElement> {
    let form = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let list = form.and_then(|form| form.query_selector_all("input").ok());
    let nodes =
        list.into_iter().flat_map(|list| (0..list.length()).filter_map(move |n| list.get(n)));
    nodes.filter_map(|node| node.dyn_into().ok()).collect()
}
