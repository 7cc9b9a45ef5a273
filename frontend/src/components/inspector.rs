//! What is selected, in detail: a packet's fields and bytes, linked both ways; a call; a socket.

use crate::components::calls::process_name;
use crate::components::packets::fate;
use crate::components::split::{Border, Split};
use crate::components::views::empty;
use crate::components::{Ctx, icons, inspect_host, inspect_object, menu, on, say};
use crate::i18n::{self, Msg};
use crate::model::course::{Call, Packet};
use crate::model::dissect::{Base, Dissected, Field, Start, dissect};
use crate::model::linked::{Place, in_memory};
use crate::model::scene::Scene;
use crate::state::{Action, Panel, Selected, Target, View};
use std::ops::Range;
use yew::prelude::*;

pub(crate) fn inspector(ctx: &Ctx, scene: &Scene) -> Html {
    let course = ctx.course();
    let content = match (ctx.selected, course) {
        (Some(Selected::Packet(index)), Some(course)) if index < course.packets.len() => {
            packet(ctx, scene, &course.packets[index], index)
        }
        (Some(Selected::Call(index)), Some(course)) if index < course.calls.len() => {
            call(ctx, &course.calls[index])
        }
        (Some(Selected::Socket(host, sock)), Some(_)) => {
            inspect_host::socket(ctx, scene, host, sock)
        }
        (Some(Selected::Object(host, kind, n)), Some(_)) => {
            inspect_object::object(ctx, scene, host, kind, n)
        }
        (Some(Selected::Host(number)), Some(_)) => inspect_host::host(ctx, scene, number),
        (Some(Selected::Process(host, pid)), Some(_)) => {
            inspect_host::process(ctx, scene, host, pid)
        }
        _ => empty(ctx, Msg::NothingSelected),
    };
    let nothing = ctx.selected.is_none().then_some("");
    html! {
        <section id="inspector" class="panel region region-inspector" aria-label={say(ctx, Msg::RegionInspector)} tabindex="-1">
            <Split ctx={ctx.clone()} border={Border::Inspector} />
            <div class="inspector" data-empty={nothing} tabindex="0" role="group" aria-label={say(ctx, Msg::RegionInspector)}>{ content }</div>
        </section>
    }
}

pub(crate) fn title(ctx: &Ctx, text: String, chip: Html) -> Html {
    html! {
        <div class="title">
            <h2>{ text }</h2>{ chip }
            <span class="simulated">{ say(ctx, Msg::SimulatedMark) }</span>
            <button type="button" class="quiet icon close" aria-label={say(ctx, Msg::Close)} title={format!("{} (Esc)", say(ctx, Msg::Close))}
                onclick={on(ctx, |_: MouseEvent| Action::Select(None))}>{ icons::close() }</button>
        </div>
    }
}

fn packet(ctx: &Ctx, scene: &Scene, packet: &Packet, index: usize) -> Html {
    let base = if ctx.prefs.absolute { Base::default() } else { packet.base };
    let parts = dissect(&packet.frame, Start::Ethernet, base);
    let chosen = ctx.field.as_ref();
    let choose = {
        let (dispatcher, lit) = (ctx.dispatcher(), ctx.field.clone());
        Callback::from(move |range: Range<usize>| {
            let again = lit.as_ref() == Some(&range);
            dispatcher.dispatch(Action::Field((!again).then_some(range)));
        })
    };
    let places = chosen.map_or_else(Vec::new, |range| in_memory(scene, packet, &parts, range));
    let chip = html! { <span class={classes!("chip", packet.summary.kind.class())}>{ &packet.summary.label }</span> };
    html! {
        <>
            { title(ctx, say(ctx, Msg::PacketN { n: packet.number }), chip) }
            { actions(ctx, packet, index) }
            { way(ctx, packet) }
            { layers(ctx, &parts, chosen, &choose, &memory_links(ctx, scene, &places)) }
            { bytes(ctx, packet, &parts, chosen, &choose) }
            { switch(ctx) }
        </>
    }
}

/// The variables that have the lit field's bytes.
fn memory_links(ctx: &Ctx, scene: &Scene, places: &[Place]) -> Html {
    let link = |place: &Place| {
        let process = scene
            .hosts
            .get(place.host)
            .and_then(|host| host.processes.iter().find(|process| process.pid == place.pid));
        let program = process.map_or("?", |process| process.program.as_str());
        let field =
            if place.field.is_empty() { String::new() } else { format!(".{}", place.field) };
        let text = format!("{program}[{}] {}{field}", place.pid, place.name);
        let (dispatcher, place) = (ctx.dispatcher(), place.clone());
        let open = Callback::from(move |_: MouseEvent| {
            dispatcher.dispatch(Action::Variable(Some(place.clone())));
            dispatcher.dispatch(Action::View(View::Memory));
            dispatcher.dispatch(Action::Panel(Panel::Views));
        });
        html! { <button type="button" class="link" onclick={open}>{ text }</button> }
    };
    html! {
        if !places.is_empty() {
            <span class="links-to">{ say(ctx, Msg::InMemory) }{ for places.iter().map(link) }</span>
        }
    }
}

fn actions(ctx: &Ctx, packet: &Packet, index: usize) -> Html {
    let moment = packet.moment;
    html! {
        <div class="actions">
            <button type="button" onclick={on(ctx, move |_: MouseEvent| Action::Cursor(moment))}>{ say(ctx, Msg::GoThere) }</button>
            <button type="button" aria-haspopup="menu" onclick={menu::opener(ctx, Target::Packet(index))}>{ say(ctx, Msg::ViewIntervene) }{ icons::more() }</button>
        </div>
    }
}

/// `0,090019 s → 0,110019 s · em voo`.
fn way(ctx: &Ctx, packet: &Packet) -> Html {
    let arrives = match packet.arrives_ns {
        Some(t) if !packet.lost => i18n::moment(ctx.lang(), t),
        _ => say(ctx, Msg::NeverArrives),
    };
    let part = |name: Msg, value: String| {
        html! { <><span class="sr-only">{ format!("{}: ", say(ctx, name)) }</span><span>{ value }</span></> }
    };
    html! {
        <p class="way">
            { part(Msg::SentAt, i18n::moment(ctx.lang(), packet.departs_ns)) }
            <span aria-hidden="true">{ "→" }</span>
            { part(Msg::ArrivedAt, arrives) }
            <span aria-hidden="true">{ "·" }</span>
            { part(Msg::ColFate, fate(ctx, packet)) }
        </p>
    }
}

pub(crate) fn facts(rows: Vec<(String, String)>) -> Html {
    html! {
        <div class="facts"><table><tbody>
            { for rows.into_iter().map(|(name, value)| html! { <tr><th scope="row">{ name }</th><td>{ value }</td></tr> }) }
        </tbody></table></div>
    }
}

fn layers(
    ctx: &Ctx,
    parts: &Dissected,
    chosen: Option<&Range<usize>>,
    choose: &Callback<Range<usize>>,
    places: &Html,
) -> Html {
    html! {
        <>
            { for parts.layers.iter().map(|layer| {
                // The lower layers are alike in every packet here: closed until wanted.
                let upper = !matches!(layer.name, "Ethernet" | "IPv4" | "IPv6");
                let open = upper || chosen.is_some_and(|range| layer.fields.iter().any(|f| f.bytes == *range));
                html! {
                    <details class="layer" key={layer.name} {open}>
                        <summary>{ layer.name }</summary>
                        <div class="fields">{ for layer.fields.iter().map(|field| row(ctx, field, chosen, choose, places)) }</div>
                    </details>
                }
            }) }
        </>
    }
}

fn row(
    ctx: &Ctx,
    field: &Field,
    chosen: Option<&Range<usize>>,
    choose: &Callback<Range<usize>>,
    places: &Html,
) -> Html {
    let on = chosen == Some(&field.bytes);
    let (choose, bytes) = (choose.clone(), field.bytes.clone());
    html! {
        <>
            <button type="button" aria-pressed={on.to_string()} onclick={Callback::from(move |_: MouseEvent| choose.emit(bytes.clone()))}>
                <span class="name">{ field.doc.name }</span><span class="value">{ &field.value }</span>
            </button>
            if on { <p class="explain">{ field.doc.text(ctx.lang()) }{ places.clone() }</p> }
        </>
    }
}

fn bytes(
    ctx: &Ctx,
    packet: &Packet,
    parts: &Dissected,
    chosen: Option<&Range<usize>>,
    choose: &Callback<Range<usize>>,
) -> Html {
    let field_at = |at: usize| {
        let fields = parts.layers.iter().flat_map(|layer| &layer.fields);
        fields.map(|field| field.bytes.clone()).find(|range| range.contains(&at))
    };
    let byte = |at: usize, value: u8| {
        let on = chosen.is_some_and(|range| range.contains(&at));
        let (choose, range) = (choose.clone(), field_at(at));
        let click = Callback::from(move |_: MouseEvent| {
            if let Some(range) = &range {
                choose.emit(range.clone());
            }
        });
        html! { <span class={classes!("byte", on.then_some("on"))} onclick={click}>{ format!("{value:02x} ") }</span> }
    };
    dump(ctx, &packet.frame, byte)
}

/// Bytes in a line of a dump.
const LINE: usize = 8;

/// Offsets, bytes as `byte` draws them, and what of them is text.
pub(crate) fn dump(ctx: &Ctx, bytes: &[u8], byte: impl Fn(usize, u8) -> Html) -> Html {
    let printable = |b: &u8| if (32..127).contains(b) { char::from(*b) } else { '·' };
    html! {
        <div class="hex" role="group" tabindex="0" aria-label={say(ctx, Msg::BytesOf { n: bytes.len() })}>
            { for bytes.chunks(LINE).take(192).enumerate().map(|(n, line)| {
                let text: String = line.iter().map(printable).collect();
                html! {
                    <div class="line">
                        <span class="offset">{ format!("{:04x}", n * LINE) }</span>
                        <span class="bytes">{ for line.iter().enumerate().map(|(m, value)| byte(n * LINE + m, *value)) }</span>
                        <span class="ascii">{ text }</span>
                    </div>
                }
            }) }
        </div>
    }
}

fn switch(ctx: &Ctx) -> Html {
    let absolute = ctx.prefs.absolute;
    html! {
        <p class="title"><label>
            <input type="checkbox" checked={absolute} onchange={on(ctx, move |_: Event| Action::Absolute(!absolute))} />
            { say(ctx, Msg::Absolute) }
        </label></p>
    }
}

fn call(ctx: &Ctx, call: &Call) -> Html {
    let Some(course) = ctx.course() else { return html! {} };
    let end = call.end.as_ref().filter(|(moment, ..)| *moment <= ctx.cursor);
    let lang = ctx.lang();
    let mut rows = vec![
        (say(ctx, Msg::ColProcess), process_name(course, call.host, call.pid)),
        (say(ctx, Msg::ColTime), i18n::moment(lang, call.start_ns)),
    ];
    match end {
        None => rows.push((say(ctx, Msg::ColReturn), say(ctx, Msg::Waiting))),
        Some((_, t_ns, reply)) => {
            rows.push((say(ctx, Msg::ColDuration), i18n::duration(lang, t_ns - call.start_ns)));
            match reply.ret {
                Ok(value) => rows.push((say(ctx, Msg::ColReturn), value.to_string())),
                Err(errno) => {
                    rows.push((say(ctx, Msg::ColReturn), "-1".into()));
                    rows.push((
                        say(ctx, Msg::ColErrno),
                        format!("{} {}: {}", errno.0, errno.name(), errno.message()),
                    ));
                }
            }
        }
    }
    let text = match end {
        Some((.., reply)) => abi::strace::call(&call.syscall, reply),
        None => abi::strace::unfinished(&call.syscall),
    };
    let moment = call.moment;
    html! {
        <>
            { title(ctx, format!("{}()", sim::explain::spoken(&call.syscall)), html! {}) }
            <div class="actions"><button type="button" onclick={on(ctx, move |_: MouseEvent| Action::Cursor(moment))}>{ say(ctx, Msg::GoThere) }</button></div>
            { facts(rows) }
            <p class="hex">{ text }</p>
        </>
    }
}
