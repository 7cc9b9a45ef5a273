//! Frames, variables and their values at this moment.

use crate::components::views::empty;
use crate::components::{Ctx, icons, say};
use crate::i18n::Msg;
use crate::model::scene::{ProcView, Scene};
use crate::model::values;
use cc::view::Variable;
use yew::prelude::*;

pub(crate) fn memory(ctx: &Ctx, scene: &Scene) -> Html {
    let processes: Vec<(usize, &ProcView)> = scene
        .hosts
        .iter()
        .enumerate()
        .flat_map(|(host, view)| view.processes.iter().map(move |process| (host, process)))
        .filter(|(_, process)| !process.stack.frames.is_empty())
        .collect();
    if processes.is_empty() {
        return empty(ctx, Msg::NoMemory);
    }
    html! { <div class="memory">{ for processes.into_iter().map(|(host, process)| one(ctx, host, process)) }</div> }
}

fn one(ctx: &Ctx, host: usize, process: &ProcView) -> Html {
    let name = format!("{} {}[{}]", icons::letter(host), process.program, process.pid);
    html! {
        <section aria-label={name.clone()} key={name.clone()}>
            <h2>{ &name }</h2>
            { for process.stack.frames.iter().rev().map(|frame| html! {
                <div class="frame">
                    <h3>{ format!("{}()", frame.function) }</h3>
                    { table(ctx, &frame.locals) }
                </div>
            }) }
            if !process.stack.globals.is_empty() {
                <div class="frame"><h3>{ say(ctx, Msg::Globals) }</h3>{ table(ctx, &process.stack.globals) }</div>
            }
        </section>
    }
}

fn table(ctx: &Ctx, variables: &[Variable]) -> Html {
    let mut rows = Vec::new();
    for variable in variables {
        push(ctx, variable, 0, &mut rows);
    }
    html! {
        <table class="rows">
            <thead><tr>{ for [Msg::ColName, Msg::ColType, Msg::ColValue, Msg::ColAddress].map(|head| html! { <th scope="col">{ say(ctx, head) }</th> }) }</tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

/// How deep members of members are opened.
const DEPTH: usize = 3;

fn push(ctx: &Ctx, variable: &Variable, depth: usize, rows: &mut Vec<Html>) {
    let members = values::members(&variable.value);
    let name = format!("{}{}", "\u{2003}".repeat(depth), variable.name);
    rows.push(html! {
        <tr>
            <th scope="row" class="mono">{ name }</th>
            <td class="mono">{ &variable.ty }</td>
            <td class="mono wrap">{ values::text(&variable.value, ctx.lang()) }</td>
            <td class="mono bytes">{ format!("{:#x}", variable.address) }</td>
        </tr>
    });
    if depth < DEPTH {
        for member in members {
            push(ctx, member, depth + 1, rows);
        }
    }
}
