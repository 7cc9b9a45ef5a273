//! The browser's address and history: an entry for each lesson, so that Back goes to the one before,
//! and the step in the address, so that it can be copied at any time.
//!
//! What the page wrote itself is marked in the entry's state: it stands for what the person left
//! there, draft included. Any other address is somebody's link and shows what it names, see
//! [`crate::link`]. A tool that is open is an entry too (`#/ferramenta/…`, with what is filled in):
//! Back closes it. A link with programs in it (`#p=`) stays in the address as long as its lesson
//! does: making one at every step would take too long.

use crate::components::Ctx;
use crate::link;
use crate::model::tools::{Address, Tool};
use crate::prefs;
use crate::session::later;
use crate::state::{Action, Dialog, State};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// The state of the entries that the page wrote.
const OURS: &str = "soquete";
/// The state of a tool's entry that the page wrote over a document's.
const OVER: &str = "soquete tool";
/// Milliseconds of rest before a step is written: browsers count such calls.
const REST_MS: i32 = 300;

/// What follows `#`, with the sign.
pub(crate) fn fragment() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Whether the page wrote the present address.
pub(crate) fn is_ours() -> bool {
    has_state(OURS)
}

fn has_state(wanted: &str) -> bool {
    let history = web_sys::window().and_then(|window| window.history().ok());
    let state = history.and_then(|history| history.state().ok());
    state.is_some_and(|state| state.as_string().as_deref() == Some(wanted))
}

/// The tool that the address names, with its values.
pub(crate) fn tool() -> Option<Tool> {
    Tool::of_fragment(&fragment())
}

/// Writes what is filled in a tool into its address.
pub(crate) fn fill(tool: &Tool) {
    if self::tool().is_some() {
        write(&tool.fragment(), has_state(OVER).then_some(OVER), false);
    }
}

/// The dialog of the tool that the address names.
pub(crate) fn dialog() -> Option<Dialog> {
    tool().map(|tool| match tool {
        Tool::Explorer(..) => Dialog::Explorer,
        Tool::Addresses(_) => Dialog::Addresses,
    })
}

/// A dialog that has an address, as it opens.
fn tool_of(dialog: Dialog) -> Option<Tool> {
    match dialog {
        Dialog::Explorer => Some(Tool::explorer()),
        Dialog::Addresses => Some(Tool::Addresses(Address::default())),
        _ => None,
    }
}

/// Takes a fragment out of the address that names nothing.
pub(crate) fn clear() {
    write("", None, false);
}

fn write(fragment: &str, state: Option<&str>, push: bool) {
    let Some(window) = web_sys::window() else { return };
    let (Ok(history), Ok(path), Ok(search)) =
        (window.history(), window.location().pathname(), window.location().search())
    else {
        return;
    };
    let (url, state) =
        (format!("{path}{search}{fragment}"), state.map_or(JsValue::NULL, JsValue::from_str));
    // A browser that counts too many calls keeps an older step in the address.
    let _ = match push {
        true => history.push_state_with_url(&state, "", Some(&url)),
        false => history.replace_state_with_url(&state, "", Some(&url)),
    };
}

/// What is to be done with the address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Do {
    Leave,
    /// The same entry, another step.
    Replace,
    /// An entry more.
    Push,
}

/// `lesson` is shown (empty: one's own programs) while the address is `fragment`; `packed` is the
/// link with programs that was met last, with its lesson.
fn what_to_do(
    fragment: &str,
    ours: bool,
    lesson: &str,
    packed: &mut Option<(String, String)>,
) -> Do {
    if fragment.starts_with("#p=") {
        return match packed {
            Some((known, of)) if known == fragment && of != lesson => Do::Push,
            _ => {
                *packed = Some((fragment.to_owned(), lesson.to_owned()));
                Do::Leave
            }
        };
    }
    match link::lesson_of(fragment) {
        Some(named) if named == lesson => Do::Replace,
        Some(_) => Do::Push,
        None if fragment.is_empty() && ours && !lesson.is_empty() => Do::Push,
        None => Do::Replace,
    }
}

/// Keeps the address as the page is, and the page as the address is when somebody goes back.
#[hook]
pub(crate) fn use_address(ctx: &Ctx) {
    let latest = use_mut_ref(|| ctx.clone());
    *latest.borrow_mut() = ctx.clone();
    use_effect_with((), {
        let latest = latest.clone();
        move |()| listen("popstate", move || gone(&latest.borrow().clone()))
    });
    let packed = use_mut_ref(|| None);
    let settled = ctx.run.is_some() || !ctx.working;
    // With a notice: a link that turned out to name nothing is taken out of the address.
    let shown = (ctx.own, ctx.lesson, ctx.cursor, ctx.notice.is_some());
    let open = ctx.dialog.and_then(tool_of);
    use_effect_with((settled, shown, open), move |(settled, _, open)| {
        if !*settled || prefs::embedded() {
            return;
        }
        match (open, tool()) {
            (Some(_), Some(_)) => {}
            (Some(open), None) => write(&open.fragment(), Some(OVER), true),
            (None, Some(_)) if has_state(OVER) => back(),
            (None, Some(_)) => write(&address(&latest.borrow()), Some(OURS), false),
            (None, None) => follow(&latest, &packed),
        }
    });
}

thread_local! {
    /// The page itself went back, to where the document is that it shows.
    static RETURNING: Cell<bool> = const { Cell::new(false) };
}

/// Back to what is under a tool that was closed.
fn back() {
    let history = web_sys::window().and_then(|window| window.history().ok());
    let went = history.is_some_and(|history| history.back().is_ok());
    RETURNING.set(went);
}

/// Somebody went back or forward: to a tool, from a tool to what is under it, or to a document.
fn gone(ctx: &Ctx) {
    if RETURNING.take() {
        return;
    }
    let open = ctx.dialog.and_then(tool_of).is_some();
    match dialog() {
        Some(dialog) => ctx.dispatch(Action::Dialog(Some(dialog))),
        None if open => ctx.dispatch(Action::Dialog(None)),
        None => _ = link::open_address(ctx),
    }
}

/// Writes the address of what is shown.
fn follow(latest: &Rc<RefCell<Ctx>>, packed: &RefCell<Option<(String, String)>>) {
    let lesson = latest.borrow().lesson_id();
    match what_to_do(&fragment(), is_ours(), &lesson, &mut packed.borrow_mut()) {
        Do::Leave => {}
        Do::Push => write(&address(&latest.borrow()), Some(OURS), true),
        Do::Replace => {
            let (latest, cursor) = (latest.clone(), latest.borrow().cursor);
            later(REST_MS, move || {
                let ctx = latest.borrow();
                if (ctx.lesson_id(), ctx.cursor) == (lesson, cursor) {
                    write(&address(&ctx), Some(OURS), false);
                }
            });
        }
    }
}

fn address(state: &State) -> String {
    match state.lesson_id() {
        own if own.is_empty() => String::new(),
        lesson => link::plain_fragment(&lesson, state.cursor),
    }
}

/// Calls `then` at every event of this kind on the window; what it gives ends that.
pub(crate) fn listen(event: &'static str, then: impl FnMut() + 'static) -> impl FnOnce() {
    let listener = Closure::<dyn FnMut()>::new(then);
    let window = web_sys::window();
    if let Some(window) = &window {
        // A listener with a valid name is always accepted.
        let _ = window.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
    }
    move || {
        if let Some(window) = window {
            let function = listener.as_ref().unchecked_ref();
            let _ = window.remove_event_listener_with_callback(event, function);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_more_is_an_entry_more() {
        let mut packed = None;
        let mut what = |fragment, ours, lesson| what_to_do(fragment, ours, lesson, &mut packed);
        // A first visit; an address that names nothing.
        assert_eq!(what("", false, "echo"), Do::Replace);
        assert_eq!(what("#/licao/ecoh", false, "echo"), Do::Replace);
        // Steps, then another lesson, then one's own programs and back to a lesson.
        assert_eq!(what("#/licao/echo?passo=3", true, "echo"), Do::Replace);
        assert_eq!(what("#/licao/echo?passo=3", true, "udp"), Do::Push);
        assert_eq!(what("#/licao/udp?passo=0", true, ""), Do::Push);
        assert_eq!(what("", true, ""), Do::Replace);
        assert_eq!(what("", true, "echo"), Do::Push);
        // A link with programs stays until another lesson is chosen.
        assert_eq!(what("#p=2.abc", false, "echo"), Do::Leave);
        assert_eq!(what("#p=2.abc", false, "echo"), Do::Leave);
        assert_eq!(what("#p=2.abc", false, "udp"), Do::Push);
    }
}
