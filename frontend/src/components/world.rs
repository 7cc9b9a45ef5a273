//! The world's settings: the seed, what links do, which programs run where. Every valid value is
//! taken over at once and the programs run again.

use crate::components::{Ctx, on, say, value_of};
use crate::i18n::Msg;
use crate::model::settings::{self, Knob};
use crate::state::Action;
use sim::scenario::Scenario;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
}

/// A field of the form, for what is typed into it and has no valid value yet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Seed,
    Until,
    Link(usize, usize),
    Start(usize),
}

/// Writes a text into the world; `false` if it is no value.
type Write = Rc<dyn Fn(&mut Scenario, &str) -> bool>;

#[component]
pub(crate) fn World(props: &Props) -> Html {
    let ctx = &props.ctx;
    let typed = use_state(|| Rc::new(BTreeMap::<Place, String>::new()));
    let bad = use_state(|| None::<(Place, Msg)>);
    let Some(world) = ctx.world.clone() else { return html! {} };
    let field = |place: Place, label: String, now: String, write: Write| {
        let value = typed.get(&place).cloned().unwrap_or(now);
        let change = {
            let (ctx, typed, bad, world) = (ctx.clone(), typed.clone(), bad.clone(), world.clone());
            Callback::from(move |event: InputEvent| {
                let text = value_of(&event);
                let mut changed = (*world).clone();
                let good = write(&mut changed, &text);
                let mut texts = (**typed).clone();
                bad.set((!good).then(|| (place, settings::wrong(&text))));
                texts.insert(place, text);
                typed.set(Rc::new(texts));
                if good {
                    ctx.dispatch(Action::World(changed));
                }
            })
        };
        let wrong = bad.as_ref().is_some_and(|(bad, _)| *bad == place);
        html! {
            <label>{ label }
                <input type="text" {value} oninput={change} aria-invalid={wrong.to_string()} spellcheck="false" autocomplete="off" />
            </label>
        }
    };
    let seed = field(
        Place::Seed,
        say(ctx, Msg::Seed),
        world.seed.to_string(),
        Rc::new(|world, text| text.trim().parse().map(|seed| world.seed = seed).is_ok()),
    );
    let until = field(
        Place::Until,
        say(ctx, Msg::Until),
        settings::time(world.until_ns),
        Rc::new(|world, text| settings::parse_time(text).map(|ns| world.until_ns = ns).is_some()),
    );
    let links = world.links.iter().enumerate().map(|(number, link)| {
        let knobs = Knob::ALL.into_iter().enumerate().map(|(n, knob)| {
            let write = move |world: &mut Scenario, text: &str| {
                world.links.get_mut(number).is_some_and(|link| knob.write(&mut link.params, text))
            };
            field(Place::Link(number, n), say(ctx, knob_name(knob)), knob.read(&link.params), Rc::new(write))
        });
        html! {
            <fieldset key={number}>
                <legend>{ say(ctx, Msg::LinkOf { n: number + 1, hosts: link.hosts.join(" – ") }) }</legend>
                <div class="knobs">{ for knobs }</div>
            </fieldset>
        }
    });
    let programs = (0..world.programs.len()).map(|number| {
        let start = world.programs[number].start_ns;
        let start = field(
            Place::Start(number),
            say(ctx, Msg::StartsAt),
            start.map_or_else(String::new, settings::time),
            Rc::new(move |world, text| {
                let ns = settings::parse_time(text);
                let program = world.programs.get_mut(number);
                program.zip(ns).map(|(program, ns)| program.start_ns = Some(ns)).is_some()
            }),
        );
        program(ctx, &world, number, start)
    });
    let restore = {
        let (ctx, typed) = (ctx.clone(), typed.clone());
        Callback::from(move |_: MouseEvent| {
            typed.set(Rc::default());
            if let Some(world) = crate::lessons::world(ctx.lesson) {
                ctx.dispatch(Action::World(world));
            }
        })
    };
    html! {
        <form class="world-form" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>
            <p>{ say(ctx, Msg::WorldText) }</p>
            { for links }
            <fieldset>
                <legend>{ say(ctx, Msg::Programs) }</legend>
                <div class="rows-of-programs">{ for programs }</div>
                { add(ctx, &world) }
            </fieldset>
            <fieldset><legend>{ say(ctx, Msg::Chance) }</legend><div class="knobs">{ seed }{ until }</div></fieldset>
            if let Some((_, why)) = (*bad).clone() { <p role="alert" class="err">{ say(ctx, why) }</p> }
            <p><button type="button" onclick={restore}>{ say(ctx, Msg::Restore) }</button></p>
        </form>
    }
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

/// A change of the world.
fn change(
    ctx: &Ctx,
    world: &Rc<Scenario>,
    make: impl Fn(&mut Scenario, String) + 'static,
) -> Callback<Event> {
    let (ctx, world) = (ctx.clone(), world.clone());
    Callback::from(move |event: Event| {
        let mut changed = (*world).clone();
        make(&mut changed, value_of(&event));
        ctx.dispatch(Action::World(changed));
    })
}

fn program(ctx: &Ctx, world: &Rc<Scenario>, number: usize, start: Html) -> Html {
    let spec = &world.programs[number];
    let file = change(ctx, world, move |world, value| world.programs[number].file = value);
    let host = change(ctx, world, move |world, value| {
        if let Ok(host) = value.parse() {
            world.programs[number].host = host;
        }
    });
    let name = Msg::ArgsOf { name: format!("{} ({})", spec.file, number + 1) };
    let args = ctx.programs.get(number).map_or_else(String::new, |program| program.args.clone());
    let remove = {
        let (ctx, world) = (ctx.clone(), world.clone());
        Callback::from(move |_: MouseEvent| {
            let mut changed = (*world).clone();
            changed.programs.remove(number);
            ctx.dispatch(Action::World(changed));
        })
    };
    html! {
        <div class="program-row" role="group" aria-label={say(ctx, Msg::ProgramN { n: number + 1 })} key={number}>
            <label>{ say(ctx, Msg::File) }
                <select onchange={file}>{ for ctx.sources.iter().map(|source| html! {
                    <option value={source.name.clone()} selected={source.name == spec.file}>{ &source.name }</option>
                }) }</select>
            </label>
            <label>{ say(ctx, Msg::HostWord) }
                <select onchange={host}>{ for world.hosts.iter().enumerate().map(|(n, host)| html! {
                    <option value={n.to_string()} selected={n == spec.host}>{ &host.name }</option>
                }) }</select>
            </label>
            <label class="wide">{ say(ctx, Msg::Args) }
                <input type="text" value={args} aria-label={say(ctx, name)} spellcheck="false" autocomplete="off"
                    oninput={on(ctx, move |event: InputEvent| Action::Args(number, value_of(&event)))} />
            </label>
            { start }
            <button type="button" class="quiet" disabled={world.programs.len() < 2} onclick={remove}
                aria-label={say(ctx, Msg::RemoveProgram { n: number + 1 })}>{ "✕" }</button>
        </div>
    }
}

/// Buttons that add a program or a host.
fn add(ctx: &Ctx, world: &Rc<Scenario>) -> Html {
    let program = {
        let (ctx, world) = (ctx.clone(), world.clone());
        Callback::from(move |_: MouseEvent| {
            let mut changed = (*world).clone();
            if let Some(last) = world.programs.last() {
                settings::add_program(&mut changed, &last.file, last.host);
            }
            ctx.dispatch(Action::World(changed));
        })
    };
    let host = {
        let (ctx, world) = (ctx.clone(), world.clone());
        Callback::from(move |_: MouseEvent| {
            let mut changed = (*world).clone();
            let host = settings::add_host(&mut changed, "host");
            if let Some(last) = world.programs.last() {
                settings::add_program(&mut changed, &last.file, host);
            }
            ctx.dispatch(Action::World(changed));
        })
    };
    let file = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| {
            let taken =
                |n: usize| ctx.sources.iter().any(|source| source.name == format!("programa{n}.c"));
            let n = (1..).find(|n| !taken(*n)).unwrap_or(1);
            ctx.dispatch(Action::NewSource(format!("programa{n}.c")));
        })
    };
    // A button at its end keeps the focus; the text says why nothing happens.
    let button = |label: Msg, full: bool, act: Callback<MouseEvent>| {
        let act = if full { Callback::noop() } else { act };
        html! { <button type="button" aria-disabled={full.to_string()} onclick={act}>{ say(ctx, label) }</button> }
    };
    let (hosts, programs) = (settings::MOST_HOSTS, settings::MOST_PROGRAMS);
    let no_program = world.programs.len() >= programs;
    let no_host = no_program || world.hosts.len() >= hosts;
    html! {
        <>
            <p class="actions">
                { button(Msg::AddProgram, no_program, program) }
                { button(Msg::AddHost, no_host, host) }
                { button(Msg::AddFile, false, file) }
            </p>
            <p role="status" class="muted">if no_host { { say(ctx, Msg::WorldFull { hosts, programs }) } }</p>
        </>
    }
}
