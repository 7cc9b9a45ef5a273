//! The inspector's view of what processes share: a pipe, shared memory, a semaphore, a message
//! queue. Who holds it, how full it is, its first bytes.

use crate::components::views::empty;
use crate::components::{Ctx, host, inspect_host, inspector, say};
use crate::i18n::Msg;
use crate::model::scene::{ObjectKind, Scene};
use yew::prelude::*;

pub(crate) fn object(ctx: &Ctx, scene: &Scene, at: usize, kind: ObjectKind, number: u32) -> Html {
    let objects = scene.hosts.get(at).map_or(&[][..], |host| &host.objects);
    let found = objects.iter().find(|object| (object.kind, object.number) == (kind, number));
    let Some(view) = found else { return empty(ctx, Msg::ObjectGone) };
    let mut rows = Vec::new();
    if kind == ObjectKind::Semaphore {
        rows.push((say(ctx, Msg::ColValue), view.content.clone()));
    }
    if matches!(kind, ObjectKind::Pipe | ObjectKind::Queue) {
        let text = Msg::QueueText { used: view.used, room: view.room };
        rows.push((say(ctx, Msg::Waits), say(ctx, text)));
    }
    let byte =
        |_: usize, value: u8| html! { <span class="byte">{ format!("{value:02x} ") }</span> };
    let (gives, takes) = match kind {
        ObjectKind::Memory => (Msg::Maps, Msg::Maps),
        _ => (Msg::Writes, Msg::Reads),
    };
    html! {
        <>
            { inspector::title(ctx, host::object_name(ctx, view), html! {}) }
            { inspect_host::holders(ctx, at, &view.from, Some(gives)) }
            { inspect_host::holders(ctx, at, &view.to, Some(takes)) }
            { inspector::facts(rows) }
            { note(ctx, view.kind, view.from.is_empty(), view.to.is_empty()) }
            if !view.head.is_empty() { { inspector::dump(ctx, &view.head, byte) } }
        </>
    }
}

/// What a missing end means for the other one.
fn note(ctx: &Ctx, kind: ObjectKind, no_writer: bool, no_reader: bool) -> Html {
    let msg = match (kind, no_writer, no_reader) {
        (ObjectKind::Pipe, true, _) => Msg::NoWriter,
        (ObjectKind::Pipe, _, true) => Msg::NoReader,
        (ObjectKind::Memory, ..) => Msg::SharedNote,
        _ => return html! {},
    };
    html! { <p class="explain">{ say(ctx, msg) }</p> }
}
