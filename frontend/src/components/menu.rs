//! The intervention menu: what can be done to a packet, a process, a host, a link, right now.
//! Opened with the right button, the menu key, Shift+F10 or the button with the dots.

use crate::components::{Ctx, move_focus, on, say};
use crate::i18n::Msg;
use crate::model::intervene;
use crate::session;
use crate::state::{Action, Dialog, Menu, Panel, Selected, Target};
use abi::{Pid, consts};
use sim::HostId;
use sim::timeline::Action as Act;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Opens the menu where the event happened; from the keyboard, at the element.
pub(crate) fn open(ctx: &Ctx, event: &MouseEvent, target: Target) {
    event.prevent_default();
    event.stop_propagation();
    let (mut x, mut y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    if event.detail() == 0
        && let Some(element) =
            event.current_target().and_then(|t| t.dyn_into::<web_sys::Element>().ok())
    {
        let rect = element.get_bounding_client_rect();
        (x, y) = (rect.left() + rect.width().min(40.0), rect.bottom());
    }
    ctx.dispatch(Action::Menu(Some(Menu { target, x, y })));
}

/// What an item does.
enum Deed {
    /// Something of the page.
    Page(Vec<Action>),
    /// Something to the world, now, and what the branch is called.
    World(Act, String),
    /// One of the interventions that the model knows.
    Known(intervene::Deed),
}

struct Item {
    label: Msg,
    deed: Deed,
}

fn page(label: Msg, actions: Vec<Action>) -> Item {
    Item { label, deed: Deed::Page(actions) }
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
                    let deed = std::rc::Rc::new(item.deed);
                    let act = Callback::from(move |_: MouseEvent| {
                        close();
                        do_it(&ctx, &deed);
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

fn do_it(ctx: &Ctx, deed: &Deed) {
    match deed {
        Deed::Page(actions) => {
            for action in actions {
                if let Some(action) = again(action) {
                    ctx.dispatch(action);
                }
            }
        }
        Deed::World(act, name) => session::do_now(ctx, act.clone(), name),
        Deed::Known(deed) => session::do_deed(ctx, deed),
    }
}

/// The few actions that items dispatch, once more: an action is no value to copy.
fn again(action: &Action) -> Option<Action> {
    Some(match action {
        Action::Select(what) => Action::Select(*what),
        Action::Cursor(moment) => Action::Cursor(*moment),
        Action::Dialog(dialog) => Action::Dialog(*dialog),
        Action::Place(host, place) => Action::Place(*host, *place),
        Action::Panel(panel) => Action::Panel(*panel),
        _ => return None,
    })
}

fn items(ctx: &Ctx, target: Target) -> (String, Vec<Item>) {
    match target {
        Target::Packet(index) => packet(ctx, index),
        Target::Process(host, pid) => process(ctx, host, pid),
        Target::Host(host) => self::host(ctx, host),
        Target::Link(link) => self::link(ctx, link),
    }
}

fn packet(ctx: &Ctx, index: usize) -> (String, Vec<Item>) {
    let Some(packet) = ctx.course().and_then(|course| course.packets.get(index)) else {
        return (String::new(), Vec::new());
    };
    let name = format!("{} #{}", packet.summary.label, packet.number);
    let mut items = vec![page(
        Msg::Inspect,
        vec![Action::Select(Some(Selected::Packet(index))), Action::Panel(Panel::Inspector)],
    )];
    let deeds = ctx.course().map_or_else(Vec::new, |c| intervene::of_packet(c, ctx.cursor, index));
    let item = |deed: intervene::Deed| Item { label: deed.label.clone(), deed: Deed::Known(deed) };
    items.extend(deeds.into_iter().map(item));
    (name, items)
}

fn process(ctx: &Ctx, host: usize, pid: i32) -> (String, Vec<Item>) {
    let course = ctx.course();
    let found =
        course.and_then(|c| c.processes.iter().rev().find(|p| p.host == host && p.pid.0 == pid));
    let program = found.map_or("?", |process| process.program.as_str());
    let alive = found.is_some_and(|p| p.exit.is_none_or(|(moment, _)| moment > ctx.cursor));
    let (at, who) = (HostId(host as u32), Pid(pid));
    let name = format!("{program}[{pid}]");
    let world = |label: Msg, act: Act, what: &str| Item {
        label,
        deed: Deed::World(act, format!("{what} {name}")),
    };
    let signal = |label: Msg, number: i32, what: &str| {
        world(label, Act::Signal { host: at, pid: who, signal: number }, what)
    };
    let mut items = vec![page(
        Msg::Inspect,
        vec![Action::Select(Some(Selected::Process(host, pid))), Action::Panel(Panel::Inspector)],
    )];
    if alive {
        items.extend([
            world(Msg::PauseIt, Act::Pause { host: at, pid: who }, "SIGSTOP"),
            world(Msg::ContinueIt, Act::Continue { host: at, pid: who }, "SIGCONT"),
            signal(Msg::InterruptIt, consts::SIGINT, "SIGINT"),
            signal(Msg::TerminateIt, consts::SIGTERM, "SIGTERM"),
            signal(Msg::KillIt, consts::SIGKILL, "SIGKILL"),
            world(Msg::RunNext, Act::RunNext { host: at, tid: who }, "next"),
            world(Msg::EndInput, Act::EndInput { host: at, pid: who }, "Ctrl+D"),
        ]);
    }
    let run = ctx.run.as_ref();
    let number = run.and_then(|run| {
        run.timeline.scenario().programs.iter().position(|p| p.host == host && p.name() == program)
    });
    if let Some(number) = number {
        items.push(world(
            Msg::StartAgain,
            Act::Restart { program: number },
            &say(ctx, Msg::StartAgain),
        ));
    }
    (name.clone(), items)
}

/// How far the arrow items move a host, as part of the stage.
const MOVE: f64 = 0.15;

fn host(ctx: &Ctx, host: usize) -> (String, Vec<Item>) {
    let at = HostId(host as u32);
    let name =
        ctx.course().and_then(|c| c.hosts.get(host)).map_or_else(String::new, |h| h.name.clone());
    let world = |label: Msg, act: Act, what: &str| Item {
        label,
        deed: Deed::World(act, format!("{what} {name}")),
    };
    let mut items = vec![
        page(
            Msg::Inspect,
            vec![Action::Select(Some(Selected::Host(host))), Action::Panel(Panel::Inspector)],
        ),
        world(Msg::CrashIt, Act::Crash { host: at }, &say(ctx, Msg::CrashIt)),
        world(Msg::BootIt, Act::Boot { host: at }, &say(ctx, Msg::BootIt)),
        page(Msg::WorldSettings, vec![Action::Dialog(Some(Dialog::World))]),
    ];
    let moved = |label: Msg, dx: f64, dy: f64| {
        let (x, y) = ctx.places.get(&host).copied().unwrap_or_else(|| middle(host));
        page(
            label,
            vec![Action::Place(host, Some(((x + dx).clamp(0.0, 1.0), (y + dy).clamp(0.0, 1.5))))],
        )
    };
    items.extend([
        moved(Msg::MoveLeft, -MOVE, 0.0),
        moved(Msg::MoveRight, MOVE, 0.0),
        moved(Msg::MoveUp, 0.0, -MOVE),
        moved(Msg::MoveDown, 0.0, MOVE),
    ]);
    if ctx.places.contains_key(&host) {
        items.push(page(Msg::MoveBack, vec![Action::Place(host, None)]));
    }
    (name.clone(), items)
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

fn link(ctx: &Ctx, link: usize) -> (String, Vec<Item>) {
    let name = say(ctx, Msg::LinkName { n: link + 1 });
    let world =
        |label: Msg, act: Act, what: &str| Item { label, deed: Deed::World(act, what.to_owned()) };
    let change = |loss: Option<f64>, delay_ns: Option<u64>| Act::Link {
        link,
        delay_ns,
        jitter_ns: None,
        loss,
        duplicate: None,
        corrupt: None,
        rate_bps: None,
    };
    let delay = ctx
        .world
        .as_ref()
        .and_then(|w| w.links.get(link))
        .map_or(10_000_000, |l| l.params.delay_ns);
    let items = vec![
        world(Msg::UnplugIt, Act::Plug { link, up: false }, "unplug"),
        world(Msg::PlugIt, Act::Plug { link, up: true }, "plug"),
        world(Msg::DropNextOne, Act::DropNext { link, count: 1 }, "drop next"),
        world(Msg::LoseSome, change(Some(0.3), None), "loss 30 %"),
        world(Msg::LoseNone, change(Some(0.0), None), "loss 0 %"),
        world(Msg::SlowDown, change(None, Some(delay.saturating_mul(5))), "delay × 5"),
        page(Msg::WorldSettings, vec![Action::Dialog(Some(Dialog::World))]),
    ];
    (name, items)
}
