//! What a reload of the tab does not lose of real sockets: that they are shown, what was filled in,
//! what was measured. It is written when the page is left, to the tab's own storage; while a
//! program runs, which would not survive it, the browser asks first.

use crate::components::Ctx;
use crate::late;
use crate::prefs::tab_storage;
use crate::real::{Kept, Program, Real, RealAction};
use crate::state::{Action, Kernel, View};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use yew::prelude::*;

const KEY: &str = "soquete.real.1";

#[derive(Serialize, Deserialize)]
struct Left {
    /// Whether the console was shown, not the run.
    console: bool,
    kept: Kept,
}

/// Keeps it, and puts it back.
#[hook]
pub(crate) fn use_kept(ctx: &Ctx, real: &Real) {
    let now = (ctx.clone(), real.clone());
    let latest = use_mut_ref(|| now.clone());
    *latest.borrow_mut() = now;
    use_effect_with((), move |()| {
        if let Some(text) = taken() {
            let (ctx, real) = latest.borrow().clone();
            late::with_it(move || restore(&ctx, &real, &text));
        }
        let leaving = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            let (ctx, real) = latest.borrow().clone();
            match event.type_().as_str() {
                "beforeunload" if real.state.program == Program::Running => event.prevent_default(),
                "pagehide" => keep(&ctx, &real),
                _ => {}
            }
        });
        let window = web_sys::window();
        let function = leaving.as_ref().unchecked_ref::<js_sys::Function>().clone();
        for event in ["beforeunload", "pagehide"] {
            // A listener with a valid name is always accepted.
            let _ = window.as_ref().map(|w| w.add_event_listener_with_callback(event, &function));
        }
        move || {
            for event in ["beforeunload", "pagehide"] {
                let _ = window
                    .as_ref()
                    .map(|w| w.remove_event_listener_with_callback(event, &function));
            }
            drop(leaving);
        }
    });
}

/// What the page before this one left in the tab; it is taken once.
fn taken() -> Option<String> {
    let storage = tab_storage()?;
    let text = storage.get_item(KEY).ok()??;
    // What cannot be removed is taken again at the next reload.
    let _ = storage.remove_item(KEY);
    Some(text)
}

fn restore(ctx: &Ctx, real: &Real, text: &str) {
    // Another version's: nothing is lost but the recording.
    let Ok(Left { console, kept }) = serde_json::from_str(text) else { return };
    real.state.dispatch(RealAction::Restored(Box::new(kept)));
    ctx.dispatch(Action::Kernel(Kernel::Real));
    if console {
        ctx.dispatch(Action::View(View::Console));
    }
}

fn keep(ctx: &Ctx, real: &Real) {
    if ctx.kernel != Kernel::Real {
        return;
    }
    let left = Left { console: ctx.view == View::Console, kept: Kept::of(&real.state) };
    if let (Some(storage), Ok(text)) = (tab_storage(), serde_json::to_string(&left)) {
        // More than the browser keeps for a tab: the recording is lost, as it was told to be.
        let _ = storage.set_item(KEY, &text);
    }
}
