//! The intervention menu: what can be done to a packet, a process, a host, a link, right now.
//! Opened with the right button, the menu key, Shift+F10 or the button with the dots.

use crate::components::host::NUMBER;
use crate::components::{Ctx, move_focus, on, say};
use crate::i18n::Msg;
use crate::model::intervene::{self, Deed};
use crate::session;
use crate::state::{Action, Dialog, Menu, Panel, Selected, Target};
use abi::Pid;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Opens the menu where the event happened; from the keyboard, and for a menu button, at the element.
pub(crate) fn open(ctx: &Ctx, event: &MouseEvent, target: Target) {
    event.prevent_default();
    event.stop_propagation();
    let (mut x, mut y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    let element = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
    let button = element.as_ref().and_then(|e| e.closest("button").ok().flatten());
    if (event.detail() == 0 || target == Target::Tools)
        && let Some(element) = button.or(element)
    {
        let rect = element.get_bounding_client_rect();
        (x, y) = (rect.left() + rect.width().min(12.0), rect.bottom());
    }
    ctx.dispatch(Action::Menu(Some(Menu { target, x, y })));
}

/// Opens the menu of something when it is clicked.
pub(crate) fn opener(ctx: &Ctx, target: Target) -> Callback<MouseEvent> {
    let ctx = ctx.clone();
    Callback::from(move |event: MouseEvent| open(&ctx, &event, target))
}

/// What an item does.
#[derive(Clone)]
enum Does {
    /// Something of the page.
    Page(Selection),
    /// Something to the world.
    World(Deed),
}

/// The few actions of the page that items dispatch.
#[derive(Clone, Copy)]
enum Selection {
    Inspect(Selected),
    Open(Dialog),
    Place(usize, Option<(f64, f64)>),
    /// To a packet: its place and its moment.
    Packet(usize, usize),
}

struct Item {
    label: Msg,
    does: Does,
}

impl From<Deed> for Item {
    fn from(deed: Deed) -> Item {
        Item { label: deed.label.clone(), does: Does::World(deed) }
    }
}

fn page(label: Msg, what: Selection) -> Item {
    Item { label, does: Does::Page(what) }
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
    pub(crate) menu: Menu,
}

#[component]
pub(crate) fn MenuView(props: &Props) -> Html {
    let (ctx, menu) = (&props.ctx, props.menu);
    let place = use_node_ref();
    use_effect_with((menu.x as i32, menu.y as i32), {
        let place = place.clone();
        move |_| {
            let before = web_sys::window()
                .and_then(|w| w.document())
                .and_then(|d| d.active_element())
                .and_then(|e| e.dyn_into::<HtmlElement>().ok());
            if let Some(element) = place.cast::<HtmlElement>() {
                put(&element, menu);
            }
            // The focus goes back to where it came from.
            move || {
                if let Some(before) = before {
                    let _ = before.focus();
                }
            }
        }
    });
    let close = {
        let dispatcher = ctx.dispatcher();
        move || dispatcher.dispatch(Action::Menu(None))
    };
    let keys = {
        let close = close.clone();
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Escape" | "Tab" => {
                event.prevent_default();
                event.stop_propagation();
                close();
            }
            _ => move_focus(event),
        })
    };
    let (title, items) = items(ctx, menu.target);
    html! {
        <>
            <div class="menu-shade" onclick={on(ctx, |_: MouseEvent| Action::Menu(None))} oncontextmenu={on(ctx, |event: MouseEvent| { event.prevent_default(); Action::Menu(None) })}></div>
            <div class="menu" ref={place} role="menu" aria-label={title.clone()} tabindex="-1" onkeydown={keys}>
                { for items.into_iter().map(|item| {
                    let (ctx, close, label) = (ctx.clone(), close.clone(), say(ctx, item.label));
                    let act = Callback::from(move |_: MouseEvent| {
                        close();
                        do_it(&ctx, &item.does);
                    });
                    html! { <button type="button" role="menuitem" tabindex="-1" onclick={act}>{ label }</button> }
                }) }
            </div>
        </>
    }
}

/// Puts the menu near the pointer, inside the window, and its first item under the focus.
fn put(element: &HtmlElement, menu: Menu) {
    let Some(window) = web_sys::window() else { return };
    let size = |value: Result<wasm_bindgen::JsValue, _>| {
        value.ok().and_then(|value| value.as_f64()).unwrap_or(800.0)
    };
    let (width, height) = (size(window.inner_width()), size(window.inner_height()));
    let (w, h) = (f64::from(element.offset_width()), f64::from(element.offset_height()));
    let left = menu.x.min(width - w - 8.0).max(8.0);
    let top = menu.y.min(height - h - 8.0).max(8.0);
    let style = element.style();
    // Properties that exist can be set.
    let _ = style.set_property("left", &format!("{left:.0}px"));
    let _ = style.set_property("top", &format!("{top:.0}px"));
    if let Some(first) =
        element.first_element_child().and_then(|e| e.dyn_into::<HtmlElement>().ok())
    {
        let _ = first.focus();
    }
}

fn do_it(ctx: &Ctx, does: &Does) {
    match does {
        Does::Page(Selection::Inspect(what)) => {
            ctx.dispatch(Action::Select(Some(*what)));
            ctx.dispatch(Action::Panel(Panel::Inspector));
        }
        Does::Page(Selection::Open(dialog)) => ctx.dispatch(Action::Dialog(Some(*dialog))),
        Does::Page(Selection::Place(host, place)) => ctx.dispatch(Action::Place(*host, *place)),
        Does::Page(Selection::Packet(packet, moment)) => {
            ctx.dispatch(Action::Play(false));
            ctx.dispatch(Action::Cursor(*moment));
            ctx.dispatch(Action::Select(Some(Selected::Packet(*packet))));
        }
        Does::World(deed) => session::do_deed(ctx, deed),
    }
}

/// The menu's name and what it offers: something of the page, and every deed that the model knows.
fn items(ctx: &Ctx, target: Target) -> (String, Vec<Item>) {
    let (known, inspect) = match target {
        Target::Packet(index) => (intervene::Target::Packet(index), Some(Selected::Packet(index))),
        Target::Process(host, pid) => {
            (intervene::Target::Process { host, pid: Pid(pid) }, Some(Selected::Process(host, pid)))
        }
        Target::Host(host) => (intervene::Target::Host(host), Some(Selected::Host(host))),
        Target::Link(link) => (intervene::Target::Link(link), None),
        Target::Socket(host, number) => return socket(ctx, host, number),
        Target::Tools => return (say(ctx, Msg::Tools), tools()),
    };
    let Some(run) = ctx.run.as_ref() else { return (String::new(), Vec::new()) };
    let deeds = intervene::of(run, ctx.cursor, known);
    let name = deeds.first().map_or_else(String::new, |deed| deed.subject.clone());
    let mut items: Vec<Item> = Vec::new();
    items.extend(inspect.map(|what| page(Msg::Inspect, Selection::Inspect(what))));
    items.extend(deeds.into_iter().map(Item::from));
    match target {
        Target::Link(_) => items.push(page(Msg::WorldSettings, Selection::Open(Dialog::World))),
        Target::Host(host) => items.extend(places(ctx, host)),
        Target::Packet(_) | Target::Process(..) | Target::Socket(..) | Target::Tools => {}
    }
    (name, items)
}

/// A socket's menu: what it is, its next packets, who has it. To the world nothing is done by a
/// socket but through its processes and packets.
fn socket(ctx: &Ctx, host: usize, number: u32) -> (String, Vec<Item>) {
    let mut items = vec![page(Msg::Inspect, Selection::Inspect(Selected::Socket(host, number)))];
    let Some(run) = ctx.run.as_ref() else { return (String::new(), items) };
    let scene = run.scene(ctx.cursor, ctx.time.fine);
    let hosts = scene.hosts.get(host).into_iter();
    let Some(view) = hosts.flat_map(|h| &h.sockets).find(|s| s.number == number) else {
        return (String::new(), items);
    };
    let near = |forward: bool| {
        let found = run.course.packet_of(&view.local, &view.peer, ctx.cursor, forward)?;
        let msg = if forward { Msg::NextOfSocket } else { Msg::LastOfSocket };
        Some(page(msg, Selection::Packet(found, run.course.packets[found].moment)))
    };
    items.extend([true, false].into_iter().filter_map(near));
    for (n, owner) in view.owners.iter().enumerate() {
        if view.owners[..n].iter().all(|before| before.pid != owner.pid) {
            let name = Msg::ToProcess { name: owner.to_string() };
            items.push(page(name, Selection::Inspect(Selected::Process(host, owner.pid))));
        }
    }
    (say(ctx, Msg::SocketN { n: number & NUMBER }), items)
}

fn tools() -> Vec<Item> {
    let tools = [(Msg::Explorer, Dialog::Explorer), (Msg::Workshop, Dialog::Addresses)];
    tools.into_iter().map(|(name, dialog)| page(name, Selection::Open(dialog))).collect()
}

/// How far the arrow items move a host, as part of the stage.
const MOVE: f64 = 0.15;

/// What the pointer does by dragging.
fn places(ctx: &Ctx, host: usize) -> Vec<Item> {
    let (x, y) = ctx.places.get(&host).copied().unwrap_or_else(|| middle(host));
    let moved = |label: Msg, dx: f64, dy: f64| {
        let place = ((x + dx).clamp(0.0, 1.0), (y + dy).clamp(0.0, 1.5));
        page(label, Selection::Place(host, Some(place)))
    };
    let mut items = vec![
        page(Msg::WorldSettings, Selection::Open(Dialog::World)),
        moved(Msg::MoveLeft, -MOVE, 0.0),
        moved(Msg::MoveRight, MOVE, 0.0),
        moved(Msg::MoveUp, 0.0, -MOVE),
        moved(Msg::MoveDown, 0.0, MOVE),
    ];
    if ctx.places.contains_key(&host) {
        items.push(page(Msg::MoveBack, Selection::Place(host, None)));
    }
    items
}

/// Where a host stands now, as part of the stage.
fn middle(host: usize) -> (f64, f64) {
    let document = web_sys::window().and_then(|window| window.document());
    let find =
        |selector: &str| document.as_ref().and_then(|d| d.query_selector(selector).ok().flatten());
    let rects = find(".stage").zip(find(&format!("[data-host=\"{host}\"]")));
    rects.map_or((0.5, 0.5), |(stage, card)| {
        let (frame, rect) = (stage.get_bounding_client_rect(), card.get_bounding_client_rect());
        (
            (rect.left() + rect.width() / 2.0 - frame.left()) / frame.width().max(1.0),
            (rect.top() + rect.height() / 2.0 - frame.top()) / frame.height().max(1.0),
        )
    })
}
