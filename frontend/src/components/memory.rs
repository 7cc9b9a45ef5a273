//! Frames, variables and their values at this moment; the bytes of the chosen one.

use crate::components::views::empty;
use crate::components::{Ctx, icons, say};
use crate::i18n::Msg;
use crate::model::bytes::{self, FieldRow};
use crate::model::linked::{Place, on_wire};
use crate::model::scene::{ProcView, Scene};
use crate::model::values;
use crate::state::{Action, Panel, Selected};
use cc::view::{Byte, Variable};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
    pub(crate) scene: Rc<Scene>,
}

/// Processes whose memory is shown at most, besides the selected one.
const PROCESSES: usize = 8;

#[component]
pub(crate) fn Memory(props: &Props) -> Html {
    let ctx = &props.ctx;
    let choose = {
        let (dispatcher, shown) = (ctx.dispatcher(), ctx.variable.clone());
        Callback::from(move |what: Place| {
            let again = shown.as_ref().is_some_and(|shown| same(shown, &what));
            dispatcher.dispatch(Action::Variable((!again).then_some(what)));
        })
    };
    let processes: Vec<(usize, &ProcView)> = props
        .scene
        .hosts
        .iter()
        .enumerate()
        .flat_map(|(host, view)| view.processes.iter().map(move |process| (host, process)))
        .filter(|(_, process)| !process.stack.frames.is_empty())
        .collect();
    if processes.is_empty() {
        return empty(ctx, Msg::NoMemory);
    }
    let chosen = |host: usize, pid: i32| ctx.selected == Some(Selected::Process(host, pid));
    let more = processes.len().saturating_sub(PROCESSES);
    let processes = processes.into_iter().enumerate();
    let processes = processes.filter(|(n, (host, p))| *n < PROCESSES || chosen(*host, p.pid));
    html! {
        <div class="memory">
            if more > 0 { <p class="muted">{ say(ctx, Msg::MoreMemory { n: more }) }</p> }
            { for processes.map(|(_, (host, process))| {
                let rows = Rows { ctx, host, process, choose: &choose };
                one(&rows)
            }) }
        </div>
    }
}

/// What every row needs.
struct Rows<'a> {
    ctx: &'a Ctx,
    host: usize,
    process: &'a ProcView,
    choose: &'a Callback<Place>,
}

/// Whether both are the same variable; the name tells members of a union apart.
fn same(a: &Place, b: &Place) -> bool {
    (a.host, a.pid, a.address, &a.name) == (b.host, b.pid, b.address, &b.name)
}

fn one(rows: &Rows) -> Html {
    let process = rows.process;
    let name = format!("{} {}[{}]", icons::letter(rows.host), process.program, process.pid);
    html! {
        <section aria-label={name.clone()} key={name.clone()}>
            <h2>{ &name }</h2>
            { for process.stack.frames.iter().rev().map(|frame| html! {
                <div class="frame">
                    <h3>{ format!("{}()", frame.function) }
                        if let Some(within) = &frame.within { <span class="muted">{ format!(" → {within}()") }</span> }</h3>
                    { table(rows, &frame.locals) }
                </div>
            }) }
            if !process.stack.globals.is_empty() {
                <div class="frame"><h3>{ say(rows.ctx, Msg::Globals) }</h3>{ table(rows, &process.stack.globals) }</div>
            }
            if !process.stack.heap.is_empty() {
                <div class="frame"><h3>{ say(rows.ctx, Msg::Heap) }</h3>
                    <table class="rows"><tbody>{ for process.stack.heap.iter().map(|block| html! {
                        <tr><th scope="row" class="mono">{ format!("{:#x}", block.address) }</th>
                            <td>{ say(rows.ctx, Msg::BytesOf { n: block.size as usize }) }</td>
                            <td class="mono wrap">{ hex(&block.bytes[..block.bytes.len().min(24)]) }</td></tr>
                    }) }</tbody></table>
                </div>
            }
        </section>
    }
}

fn table(rows: &Rows, variables: &[Variable]) -> Html {
    let ctx = rows.ctx;
    let mut lines = Vec::new();
    for variable in variables {
        push(rows, variable, 0, &mut lines);
    }
    html! {
        <table class="rows">
            <thead><tr>{ for [Msg::ColName, Msg::ColType, Msg::ColValue, Msg::ColAddress].map(|head| html! { <th scope="col">{ say(ctx, head) }</th> }) }</tr></thead>
            <tbody>{ for lines }</tbody>
        </table>
    }
}

/// How deep members of members are opened.
const DEPTH: usize = 3;

fn push(rows: &Rows, variable: &Variable, depth: usize, lines: &mut Vec<Html>) {
    let what = Place {
        host: rows.host,
        pid: rows.process.pid,
        address: variable.address,
        name: variable.name.clone(),
        field: String::new(),
    };
    // The members of a chosen one are in its bytes already.
    let shown = rows.ctx.variable.as_ref();
    let open = depth == 0 && shown.is_some_and(|shown| same(shown, &what));
    let name = format!("{}{}", "\u{2003}".repeat(depth), variable.name);
    let head = if depth == 0 {
        let (choose, what) = (rows.choose.clone(), what);
        let label = say(rows.ctx, Msg::ShowBytes { name: variable.name.clone() });
        let click = Callback::from(move |_: MouseEvent| choose.emit(what.clone()));
        html! { <button type="button" class="mono" aria-expanded={open.to_string()} aria-label={label} onclick={click}>{ name }</button> }
    } else {
        html! { name }
    };
    lines.push(html! {
        <tr class={classes!(open.then_some("open"))}>
            <th scope="row" class="mono">{ head }</th>
            <td class="mono">{ &variable.ty }</td>
            <td class="mono wrap">{ values::text(&variable.value, rows.ctx.lang()) }</td>
            <td class="mono bytes">{ format!("{:#x}", variable.address) }</td>
        </tr>
    });
    if open {
        lines.push(html! { <tr class="of"><td colspan="4">{ fields(rows, variable) }</td></tr> });
    } else if depth < DEPTH {
        for member in values::members(&variable.value) {
            push(rows, member, depth + 1, lines);
        }
    }
}

/// Bytes that are shown of a variable.
const SHOWN: u64 = 512;

fn fields(rows: &Rows, variable: &Variable) -> Html {
    let ctx = rows.ctx;
    let Some(run) = ctx.run.as_ref() else { return html! {} };
    let (host, pid) = (rows.host, rows.process.pid);
    let memory = run.bytes(ctx.cursor, host, pid, variable.address, variable.size.min(SHOWN));
    let memory = bytes::of(variable, memory);
    let list = bytes::rows(variable, &memory, ctx.lang());
    html! {
        <table class="byte-fields">
            <caption>{ say(ctx, Msg::SizeOf { name: variable.name.clone(), n: variable.size }) }</caption>
            <thead><tr>{ for [Msg::ColOffset, Msg::ColBytes, Msg::ColField, Msg::ColValue].map(|head| html! { <th scope="col">{ say(ctx, head) }</th> }) }</tr></thead>
            <tbody>{ for list.iter().map(|row| field(rows, row)) }</tbody>
        </table>
    }
}

fn field(rows: &Rows, row: &FieldRow) -> Html {
    let ctx = rows.ctx;
    let meant = ctx.variable.as_ref().is_some_and(|v| !v.field.is_empty() && v.field == row.name);
    html! {
        <tr class={classes!(row.name.is_empty().then_some("padding"), meant.then_some("meant"))}>
            <td class="mono">{ format!("+{}", row.offset) }</td>
            <td class="mono wrap">{ hex(&row.bytes) }</td>
            <td class="mono">{ &row.name }</td>
            <td class="wrap"><span class="mono">{ &row.value }</span>
                if let Some(note) = &row.note { <span class="muted">{ format!(" {}", say(ctx, note.clone())) }</span> }
                { wire_link(rows, row) }</td>
        </tr>
    }
}

/// The packet that has these bytes.
fn wire_link(rows: &Rows, row: &FieldRow) -> Html {
    let ctx = rows.ctx;
    let selected = match ctx.selected {
        Some(Selected::Packet(packet)) => Some(packet),
        _ => None,
    };
    let found = ctx.course().filter(|_| !row.name.is_empty()).and_then(|course| {
        let found = on_wire(course, ctx.cursor, selected, rows.host, (&row.name, &row.bytes))?;
        Some((course.packets[found.packet].number, found))
    });
    let Some((n, found)) = found else { return html! {} };
    let text = format!("{}: {}", say(ctx, Msg::PacketN { n }), found.field);
    let dispatcher = ctx.dispatcher();
    let open = Callback::from(move |_: MouseEvent| {
        dispatcher.dispatch(Action::Select(Some(Selected::Packet(found.packet))));
        dispatcher.dispatch(Action::Field(Some(found.bytes.clone())));
        dispatcher.dispatch(Action::Panel(Panel::Inspector));
    });
    html! { <button type="button" class="link" onclick={open}>{ text }</button> }
}

/// `1f 90 ?? --`: set, never set, not there.
pub(crate) fn hex(bytes: &[Byte]) -> String {
    let text = bytes.iter().map(|byte| match byte {
        Byte::Set(value) => format!("{value:02x}"),
        Byte::Unset => "??".to_owned(),
        Byte::None => "--".to_owned(),
    });
    text.collect::<Vec<_>>().join(" ")
}
