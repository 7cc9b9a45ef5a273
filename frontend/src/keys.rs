//! The keyboard map: which key does what. Keys without Ctrl or Alt work only while no text field
//! has the focus, and can be switched off (WCAG 2.1.4).

use crate::components::{Ctx, quiz};
use crate::prefs::Clock;
use crate::real::Real;
use crate::state::{Action, Dialog, Menu, Panel, Selected, Target, View};
use crate::time::TimeAction;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// What a key stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Key {
    Play,
    Step(bool),
    Ends(bool),
    Line(bool),
    Packet(bool),
    State(bool),
    Continue,
    Run,
    Faster(bool),
    Clock,
    /// To a region, by its place from 1; while a question is open, its answer.
    Number(usize),
    Region(bool),
    Filter,
    Intervene(char),
    Menu,
    Share,
    Print,
    Close,
    Help,
}

impl Key {
    /// The chord that the editor passes on.
    pub(crate) fn of_chord(name: &str) -> Option<Key> {
        Some(match name {
            "run" => Key::Run,
            "share" => Key::Share,
            "print" => Key::Print,
            "forward" => Key::Step(true),
            "back" => Key::Step(false),
            "play" => Key::Play,
            "next-line" => Key::Line(true),
            "previous-line" => Key::Line(false),
            "continue" => Key::Continue,
            "next-region" => Key::Region(true),
            "previous-region" => Key::Region(false),
            _ => return None,
        })
    }

    /// What a key press means; `typing` says that a text field has the focus.
    fn of_event(event: &KeyboardEvent, typing: bool, single_keys: bool) -> Option<Key> {
        let (ctrl, alt, shift) =
            (event.ctrl_key() || event.meta_key(), event.alt_key(), event.shift_key());
        let key = event.key();
        if ctrl || alt {
            return match (ctrl, alt, key.as_str()) {
                (true, false, "Enter") => Some(Key::Run),
                (true, false, "s") => Some(Key::Share),
                (true, false, "p") => Some(Key::Print),
                (false, true, ".") => Some(Key::Step(true)),
                (false, true, ",") => Some(Key::Step(false)),
                (false, true, "p") => Some(Key::Play),
                _ => None,
            };
        }
        match key.as_str() {
            "F6" => return Some(Key::Region(!shift)),
            "F8" => return Some(Key::Continue),
            "F10" if !shift => return Some(Key::Line(true)),
            "F10" if !typing => return Some(Key::Menu),
            "Escape" => return Some(Key::Close),
            _ if typing || !single_keys => return None,
            _ => {}
        }
        Some(match key.as_str() {
            " " | "k" | "K" => Key::Play,
            "ArrowRight" if shift => Key::Line(true),
            "ArrowLeft" if shift => Key::Line(false),
            "." | "ArrowRight" => Key::Step(true),
            "," | "ArrowLeft" => Key::Step(false),
            "Home" => Key::Ends(false),
            "End" => Key::Ends(true),
            "n" | "N" => Key::Packet(true),
            "p" | "P" => Key::Packet(false),
            "]" => Key::State(true),
            "[" => Key::State(false),
            "+" | "=" => Key::Faster(true),
            "-" => Key::Faster(false),
            "t" | "T" => Key::Clock,
            "1" | "2" | "3" | "4" | "5" => Key::Number(key.parse().ok()?),
            "/" => Key::Filter,
            "d" | "D" => Key::Intervene('d'),
            "x" | "X" => Key::Intervene('x'),
            "m" | "M" => Key::Menu,
            "?" => Key::Help,
            _ => return None,
        })
    }
}

/// Regions in the order of F6.
const REGIONS: [&str; 6] = ["story", "code", "stage", "views", "inspector", "time"];

/// Handles a key press anywhere on the page.
pub(crate) fn pressed(ctx: &Ctx, real: &Real, event: &KeyboardEvent) {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let inside = |selector: &str| {
        target.as_ref().is_some_and(|t| t.closest(selector).ok().flatten().is_some())
    };
    if event.default_prevented()
        || ctx.dialog.is_some()
        || ctx.menu.is_some()
        || inside(".cm-editor")
    {
        return;
    }
    let typing = inside("input:not([type=range], [type=checkbox], [type=radio]), textarea, select");
    let Some(key) = Key::of_event(event, typing, ctx.prefs.single_keys) else { return };
    // These belong to the control that has the focus.
    let own = match key {
        Key::Play => event.key() == " " && inside("button, a, summary, input, [role=button]"),
        Key::Step(_) | Key::Ends(_) => {
            let arrows = event.key().len() > 1 && !event.alt_key();
            arrows
                && inside(
                    "[role=tablist], [role=radiogroup], input[type=range], [role=separator], [role=group]",
                )
        }
        // The header's menu closes by itself.
        Key::Close => is_there("[popover]:popover-open"),
        _ => false,
    };
    if !own && act(ctx, real, key) {
        event.prevent_default();
    }
}

fn is_there(selector: &str) -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    // A browser without popovers does not know the selector.
    document.is_some_and(|document| document.query_selector(selector).is_ok_and(|e| e.is_some()))
}

/// Does it; false if there was nothing to do.
pub(crate) fn act(ctx: &Ctx, real: &Real, key: Key) -> bool {
    if ctx.records() {
        match key {
            Key::Play => real.play(),
            Key::Step(forward) => real.step(forward),
            Key::Ends(end) => real.ends(end),
            _ => return elsewhere(ctx, key),
        }
        return true;
    }
    answers(ctx, key) || elsewhere(ctx, key)
}

/// What a key means while a question is on the page; false: what it always means.
pub(crate) fn answers(ctx: &Ctx, key: Key) -> bool {
    let Some(asked) = &ctx.time.asked else { return false };
    let open = asked.answer.is_none();
    match key {
        Key::Step(true) if open => return focus(ctx, "answer-1"),
        Key::Step(true) => quiz::skip(ctx),
        Key::Number(n) if open && n <= asked.question.options.len() => {
            ctx.dispatch(Action::Time(TimeAction::Answer(n - 1)));
        }
        Key::Close => quiz::skip(ctx),
        _ => return false,
    }
    true
}

/// The same where time is that of the simulated run.
fn elsewhere(ctx: &Ctx, key: Key) -> bool {
    let go = |moment: Option<usize>| {
        if let Some(moment) = moment {
            ctx.dispatch(Action::Play(false));
            ctx.dispatch(Action::Cursor(moment));
        }
        moment.is_some()
    };
    let course = ctx.course();
    match key {
        Key::Play => ctx.dispatch(Action::Play(!ctx.playing)),
        Key::Step(forward) => ctx.dispatch(Action::Step(forward)),
        Key::Ends(end) => ctx.dispatch(Action::Ends(end)),
        Key::Packet(forward) => {
            let moment = course.and_then(|course| course.packet_moment(ctx.cursor, forward));
            let packet = moment.and_then(|m| course?.packets.iter().position(|p| p.moment == m));
            if let Some(packet) = packet {
                ctx.dispatch(Action::Select(Some(Selected::Packet(packet))));
            }
            return go(moment);
        }
        Key::State(forward) => {
            return go(course.and_then(|course| course.state_moment(ctx.cursor, forward)));
        }
        Key::Line(forward) => {
            let lines = |p: &crate::model::course::Process| p.line_moment(ctx.cursor, forward);
            let moments =
                course.into_iter().flat_map(|course| course.processes.iter().filter_map(lines));
            return go(if forward { moments.min() } else { moments.max() });
        }
        Key::Continue => return go(crate::session::next_breakpoint(ctx).or(Some(ctx.last()))),
        Key::Run => crate::session::run_now(ctx),
        Key::Faster(faster) => ctx.dispatch(Action::Faster(faster)),
        Key::Clock => ctx.dispatch(Action::Clock(match ctx.prefs.clock {
            Clock::Events => Clock::Time,
            Clock::Time => Clock::Events,
        })),
        // Behind the explanation, in the order of F6.
        Key::Number(n) => return focus(ctx, REGIONS[n]),
        Key::Region(forward) => return focus_region(ctx, forward),
        Key::Filter => {
            ctx.dispatch(Action::View(View::Packets));
            return focus(ctx, "packet-filter");
        }
        Key::Intervene(what) => return crate::session::intervene(ctx, what),
        Key::Menu => return menu(ctx),
        Key::Share => ctx.dispatch(Action::Dialog(Some(Dialog::Share))),
        Key::Print => ctx.dispatch(Action::Dialog(Some(Dialog::Print))),
        Key::Close if ctx.selected.is_some() => ctx.dispatch(Action::Select(None)),
        Key::Close => return false,
        Key::Help => ctx.dispatch(Action::Dialog(Some(Dialog::Help))),
    }
    true
}

/// The menu of what has the focus, if it has one, else of what is selected.
fn menu(ctx: &Ctx) -> bool {
    let active = web_sys::window().and_then(|w| w.document()).and_then(|d| d.active_element());
    if let (Some(active), Ok(event)) = (active, web_sys::MouseEvent::new("contextmenu")) {
        event.init_event_with_bubbles_and_cancelable("contextmenu", true, true);
        // What opens a menu keeps the browser's own from coming.
        if !active.dispatch_event(&event).unwrap_or(true) {
            return true;
        }
    }
    let target = match ctx.selected {
        Some(Selected::Packet(packet)) => Target::Packet(packet),
        Some(Selected::Process(host, pid)) => Target::Process(host, pid),
        Some(Selected::Socket(host, number)) => Target::Socket(host, number),
        Some(Selected::Host(host) | Selected::Object(host, ..)) => Target::Host(host),
        Some(Selected::Call(_)) | None => return false,
    };
    let place = element("inspector").map(|e| e.get_bounding_client_rect());
    let (x, y) = place.map_or((200.0, 200.0), |rect| (rect.left() + 40.0, rect.top() + 40.0));
    ctx.dispatch(Action::Menu(Some(Menu { target, x, y })));
    true
}

fn element(id: &str) -> Option<HtmlElement> {
    let element = web_sys::window()?.document()?.get_element_by_id(id)?;
    element.dyn_into::<HtmlElement>().ok()
}

/// Moves the focus to an element that is there.
pub(crate) fn focus_on(id: &str) -> bool {
    element(id).is_some_and(|element| element.focus().is_ok())
}

/// Moves the focus to an element, once the page has drawn what may be needed for it.
pub(crate) fn focus(ctx: &Ctx, id: &'static str) -> bool {
    let panel = match id {
        "code" => Some(Panel::Code),
        "stage" => Some(Panel::Stage),
        "views" | "packet-filter" => Some(Panel::Views),
        "inspector" => Some(Panel::Inspector),
        _ => None,
    };
    if let Some(panel) = panel {
        ctx.dispatch(Action::Panel(panel));
    }
    focus_soon(id);
    true
}

/// Moves the focus to an element that may not have been drawn yet.
pub(crate) fn focus_soon(id: &'static str) {
    wasm_bindgen_futures::spawn_local(async move {
        // Yew draws in a microtask; one more and the element is there.
        for _ in 0..3 {
            if let Some(element) = element(id) {
                // What cannot take the focus keeps it where it is.
                let _ = element.focus();
                return;
            }
            let ready = js_sys::Promise::resolve(&wasm_bindgen::JsValue::NULL);
            let _ = wasm_bindgen_futures::JsFuture::from(ready).await;
        }
    });
}

/// Whether what has the focus is inside what the selector names.
pub(crate) fn has_focus(selector: &str) -> bool {
    let active = web_sys::window().and_then(|w| w.document()).and_then(|d| d.active_element());
    active.is_some_and(|active| active.closest(selector).ok().flatten().is_some())
}

fn focus_region(ctx: &Ctx, forward: bool) -> bool {
    let inside = |id: &str| has_focus(&format!("#{id}"));
    let count = REGIONS.len();
    let next = match REGIONS.iter().position(|id| inside(id)) {
        Some(now) if forward => (now + 1) % count,
        Some(now) => (now + count - 1) % count,
        None => 0,
    };
    focus(ctx, REGIONS[next])
}
