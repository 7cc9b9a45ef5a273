//! The programs of the world's settings: a row each, and the buttons that add programs, hosts and
//! files.

use crate::components::world_field::{Form, Place};
use crate::components::{Ctx, on, say, value_of};
use crate::i18n::Msg;
use crate::model::settings;
use crate::state::Action;
use sim::scenario::Scenario;
use std::rc::Rc;
use yew::prelude::*;

pub(crate) fn programs(form: &Form) -> Html {
    html! {
        <fieldset>
            <legend>{ say(&form.ctx, Msg::Programs) }</legend>
            <div class="rows-of-programs">{ for (0..form.world.programs.len()).map(|number| row(form, number)) }</div>
            { add(form) }
        </fieldset>
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

/// The same by a button.
fn click(form: &Form, make: impl Fn(&mut Scenario) + 'static) -> Callback<MouseEvent> {
    let (ctx, world) = (form.ctx.clone(), form.world.clone());
    Callback::from(move |_: MouseEvent| {
        let mut changed = (*world).clone();
        make(&mut changed);
        ctx.dispatch(Action::World(changed));
    })
}

fn start(form: &Form, number: usize) -> Html {
    let now = form.world.programs[number].start_ns.map_or_else(String::new, settings::time);
    form.field(Place::Start(number), say(&form.ctx, Msg::StartsAt), now, move |world, text| {
        let program = world.programs.get_mut(number).zip(settings::parse_time(text));
        program.map(|(program, ns)| program.start_ns = Some(ns)).is_some()
    })
}

/// A program: its file, its host, its arguments, when it starts.
fn row(form: &Form, number: usize) -> Html {
    let (ctx, world) = (&form.ctx, &form.world);
    let spec = &world.programs[number];
    let file = change(ctx, world, move |world, value| world.programs[number].file = value);
    let host = change(ctx, world, move |world, value| {
        if let Ok(host) = value.parse() {
            world.programs[number].host = host;
        }
    });
    let name = Msg::ArgsOf { name: format!("{} ({})", spec.file, number + 1) };
    let args = ctx.programs.get(number).map_or_else(String::new, |program| program.args.clone());
    let remove = click(form, move |world| _ = world.programs.remove(number));
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
            { start(form, number) }
            <button type="button" class="quiet" disabled={world.programs.len() < 2} onclick={remove}
                aria-label={say(ctx, Msg::RemoveProgram { n: number + 1 })}>{ "✕" }</button>
        </div>
    }
}

/// Buttons that add a program, a host or a file.
fn add(form: &Form) -> Html {
    let (ctx, world) = (&form.ctx, &form.world);
    // Another of the last one, wherever it is to run.
    let one_more = |world: &mut Scenario, host: Option<usize>| {
        if let Some(last) = world.programs.last().cloned() {
            settings::add_program(world, &last.file, host.unwrap_or(last.host));
        }
    };
    let program = click(form, move |world| one_more(world, None));
    let host = click(form, move |world| {
        let host = settings::add_host(world, "host");
        one_more(world, Some(host));
    });
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
                { button(Msg::AddFile, false, new_file(ctx)) }
            </p>
            <p role="status" class="muted">if no_host { { say(ctx, Msg::WorldFull { hosts, programs }) } }</p>
        </>
    }
}

/// A file more, by a name that is free.
fn new_file(ctx: &Ctx) -> Callback<MouseEvent> {
    let ctx = ctx.clone();
    Callback::from(move |_: MouseEvent| {
        let name = |n: usize| format!("programa{n}.c");
        let free = |n: &usize| ctx.sources.iter().all(|source| source.name != name(*n));
        ctx.dispatch(Action::NewSource(name((1..).find(free).unwrap_or(1))));
    })
}
