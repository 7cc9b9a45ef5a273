//! The world's settings: the seed, what links do, which programs run where. Every valid value is
//! taken over at once and the programs run again.
//!
//! The form's parts: [`crate::components::world_field`] is a text with a value behind it,
//! [`crate::components::world_programs`] the programs' rows and what adds to them.

use crate::components::world_field::{Form, Place};
use crate::components::{Ctx, say, world_programs};
use crate::i18n::Msg;
use crate::model::settings::{self, Knob};
use crate::state::Action;
use sim::scenario::{LinkSpec, Scenario};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
}

#[component]
pub(crate) fn World(props: &Props) -> Html {
    let ctx = &props.ctx;
    let (typed, bad) = (use_state(Rc::default), use_state(|| None));
    let Some(world) = ctx.world.clone() else { return html! {} };
    let form = Form { ctx: ctx.clone(), world: world.clone(), typed, bad };
    html! {
        <form class="world-form" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>
            <p>{ say(ctx, Msg::WorldText) }</p>
            { for world.links.iter().enumerate().map(|(number, spec)| link(&form, number, spec)) }
            { world_programs::programs(&form) }
            { chance(&form) }
            if let Some((_, why)) = (*form.bad).clone() { <p role="alert" class="err">{ say(ctx, why) }</p> }
            <p><button type="button" onclick={restore(&form)}>{ say(ctx, Msg::Restore) }</button></p>
        </form>
    }
}

/// What a link does.
fn link(form: &Form, number: usize, link: &LinkSpec) -> Html {
    let ctx = &form.ctx;
    let knobs = Knob::ALL.into_iter().enumerate().map(|(n, knob)| {
        let write = move |world: &mut Scenario, text: &str| {
            world.links.get_mut(number).is_some_and(|link| knob.write(&mut link.params, text))
        };
        let label = say(ctx, knob_name(knob));
        form.field(Place::Link(number, n), label, knob.read(&link.params), write)
    });
    html! {
        <fieldset key={number}>
            <legend>{ say(ctx, Msg::LinkOf { n: number + 1, hosts: link.hosts.join(" – ") }) }</legend>
            <div class="knobs">{ for knobs }</div>
            // Between two there is nobody else to hear it.
            if link.hosts.len() > 2 { { hub(form, number, link.params.hub) } }
        </fieldset>
    }
}

/// Whether frames are repeated to everybody.
fn hub(form: &Form, number: usize, now: bool) -> Html {
    let (ctx, world) = (form.ctx.clone(), form.world.clone());
    let change = Callback::from(move |_: Event| {
        let mut changed = (*world).clone();
        if let Some(link) = changed.links.get_mut(number) {
            link.params.hub = !now;
        }
        ctx.dispatch(Action::World(changed));
    });
    html! { <label class="check"><input type="checkbox" checked={now} onchange={change} />{ say(&form.ctx, Msg::KnobHub) }</label> }
}

fn knob_name(knob: Knob) -> Msg {
    match knob {
        Knob::Delay => Msg::KnobDelay,
        Knob::Jitter => Msg::KnobJitter,
        Knob::Rate => Msg::KnobRate,
        Knob::Queue => Msg::KnobQueue,
        Knob::Loss => Msg::KnobLoss,
        Knob::Duplicate => Msg::KnobDuplicate,
        Knob::Corrupt => Msg::KnobCorrupt,
        Knob::Mtu => Msg::KnobMtu,
    }
}

/// The seed, and when the run ends.
fn chance(form: &Form) -> Html {
    let ctx = &form.ctx;
    let seed = |world: &mut Scenario, text: &str| {
        text.trim().parse().map(|seed| world.seed = seed).is_ok()
    };
    let until = |world: &mut Scenario, text: &str| {
        settings::parse_time(text).map(|ns| world.until_ns = ns).is_some()
    };
    let (now, end) = (form.world.seed.to_string(), settings::time(form.world.until_ns));
    html! {
        <fieldset><legend>{ say(ctx, Msg::Chance) }</legend><div class="knobs">
            { form.field(Place::Seed, say(ctx, Msg::Seed), now, seed) }
            { form.field(Place::Until, say(ctx, Msg::Until), end, until) }
        </div></fieldset>
    }
}

/// Puts the lesson's settings back.
fn restore(form: &Form) -> Callback<MouseEvent> {
    let (ctx, typed) = (form.ctx.clone(), form.typed.clone());
    Callback::from(move |_: MouseEvent| {
        typed.set(Rc::default());
        if let Some(world) = crate::lessons::world(ctx.lesson) {
            ctx.dispatch(Action::World(world));
        }
    })
}
