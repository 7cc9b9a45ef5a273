//! The packet list: the table that says the same as the wire and the sequence diagram.

use crate::components::views::empty;
use crate::components::{Ctx, move_row, on, say, value_of};
use crate::i18n::{self, Msg};
use crate::keys;
use crate::model::course::Packet;
use crate::model::filter;
use crate::state::{Action, Selected};
use yew::prelude::*;

/// Rows in the document at once; the rest is a filter or a step away.
const MAX_ROWS: usize = 400;

pub(crate) fn packets(ctx: &Ctx) -> Html {
    let Some(course) = ctx.course() else { return empty(ctx, Msg::NoPackets) };
    let parsed = filter::parse(&ctx.filter);
    let wanted = parsed.clone().unwrap_or(filter::Filter::All);
    let happened: Vec<(usize, &Packet)> =
        course.packets.iter().enumerate().filter(|(_, p)| p.moment <= ctx.cursor).collect();
    let of = happened.len();
    let shown: Vec<_> = happened.into_iter().filter(|(_, p)| wanted.passes((*p).into())).collect();
    let n = shown.len();
    let newest = &shown[n.saturating_sub(MAX_ROWS)..];
    let stop = stop(ctx, newest);
    html! {
        <>
            { filter_bar(ctx, parsed.err(), n, of) }
            if of == 0 { { empty(ctx, Msg::NoPackets) } } else {
                <table class="rows packets" aria-rowcount={(of + 1).to_string()}>
                    <thead><tr>
                        { for [Msg::ColNumber, Msg::ColTime, Msg::ColFrom, Msg::ColTo, Msg::ColProtocol, Msg::ColInfo, Msg::ColFate]
                            .map(|head| html! { <th scope="col">{ say(ctx, head) }</th> }) }
                    </tr></thead>
                    <tbody onkeydown={Callback::from(move_row)}>{ for newest.iter().map(|(index, packet)| row(ctx, *index, packet, stop)) }</tbody>
                </table>
            }
        </>
    }
}

fn filter_bar(ctx: &Ctx, bad: Option<String>, n: usize, of: usize) -> Html {
    let invalid = bad.is_some();
    html! {
        <form class="filter" role="search" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>
            <input id="packet-filter" type="text" aria-label={say(ctx, Msg::Filter)} placeholder={say(ctx, Msg::FilterHint)}
                value={ctx.filter.clone()} aria-invalid={invalid.to_string()} spellcheck="false" autocomplete="off"
                aria-describedby="filter-note" onkeydown={escape(ctx)} oninput={on(ctx, |event: InputEvent| Action::Filter(value_of(&event)))} />
            <span id="filter-note" class="muted">{ match bad {
                // A word with dots can only be a field.
                Some(text) if text.contains('.') => say(ctx, Msg::FilterField { text }),
                Some(text) => say(ctx, Msg::FilterBad { text }),
                None => say(ctx, Msg::FilterCount { n, of }),
            } }</span>
        </form>
    }
}

/// Escape clears the filter, and once more leaves it.
fn escape(ctx: &Ctx) -> Callback<KeyboardEvent> {
    let (dispatcher, empty) = (ctx.dispatcher(), ctx.filter.is_empty());
    Callback::from(move |event: KeyboardEvent| {
        if event.key() != "Escape" {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        match empty {
            false => dispatcher.dispatch(Action::Filter(String::new())),
            // Where there is no view, there is no filter either.
            true => _ = keys::focus_on("view"),
        }
    })
}

/// The row that Tab stops at: the selected packet's, else the present moment's, else the last.
fn stop(ctx: &Ctx, shown: &[(usize, &Packet)]) -> Option<usize> {
    let selected = |(index, _): &&(usize, &Packet)| ctx.selected == Some(Selected::Packet(*index));
    let current = |(_, packet): &&(usize, &Packet)| is_current(ctx, packet);
    let found = shown.iter().find(selected).or_else(|| shown.iter().rfind(current));
    found.or(shown.last()).map(|(index, _)| *index)
}

fn is_current(ctx: &Ctx, packet: &Packet) -> bool {
    packet.moment == ctx.cursor || packet.ended.is_some_and(|(m, _)| m == ctx.cursor)
}

fn row(ctx: &Ctx, index: usize, packet: &Packet, stop: Option<usize>) -> Html {
    let selected = ctx.selected == Some(Selected::Packet(index));
    let current = is_current(ctx, packet);
    let summary = &packet.summary;
    html! {
        <tr key={index} class={summary.kind.class()} aria-current={current.then_some("step")}
            onclick={on(ctx, move |_: MouseEvent| Action::Select(Some(Selected::Packet(index))))}>
            <td><button type="button" tabindex={if stop == Some(index) { "0" } else { "-1" }} aria-pressed={selected.to_string()}
                aria-label={say(ctx, Msg::PacketN { n: packet.number })}>{ packet.number }</button></td>
            <td class="num">{ i18n::clock(ctx.lang(), packet.departs_ns) }</td>
            <td>{ &summary.from }</td>
            <td>{ &summary.to }</td>
            <td class="kind">{ summary.protocol }</td>
            <td class="wrap">{ &summary.info }</td>
            <td>{ fate(ctx, packet) }</td>
        </tr>
    }
}

/// What became of a packet, as far as it is known at the present moment.
pub(crate) fn fate(ctx: &Ctx, packet: &Packet) -> String {
    let over = packet.ended.is_some_and(|(moment, _)| moment <= ctx.cursor);
    match (&packet.refused, over, packet.lost) {
        (Some(why), true, _) => say(ctx, why.clone()),
        (_, _, true) => say(ctx, packet.fate.clone()),
        (_, true, _) => say(ctx, packet.fate.clone()),
        _ if packet.held_ns.is_some() => say(ctx, Msg::FateHeld),
        (_, false, false) => say(ctx, Msg::FateFlying),
    }
}
