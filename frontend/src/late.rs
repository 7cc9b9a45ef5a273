//! The part of the program that the first run does without.
//!
//! A release build cuts the program in two by what its first run calls (`js/split.mjs`, where the
//! stubs are described). The second part is fetched when the first run is on the screen. Whatever
//! needs it before waits for it, and the page with it.

use crate::components::Ctx;
use crate::i18n::Msg;
use crate::session::later;
use crate::state::Action;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

#[wasm_bindgen(module = "/js/late.mjs")]
extern "C" {
    #[wasm_bindgen(js_name = begin)]
    fn begin_with(exports: &JsValue);
    async fn arrive();
    fn needed();
    #[wasm_bindgen(js_name = whenThere)]
    async fn when_there();
}

#[wasm_bindgen(module = "/js/offline.mjs")]
extern "C" {
    fn keep(newer: JsValue);
}

/// Before anything else: says where the second part belongs.
pub(crate) fn begin() {
    begin_with(&wasm_bindgen::exports());
}

/// What a stub calls whose function has not come yet.
#[wasm_bindgen]
#[allow(unreachable_pub)] // the macro asks for `pub`
pub fn late_needed() {
    needed();
}

/// Does something that needs it, once it is there: nobody has to wait for that.
pub(crate) fn with_it(then: impl FnOnce() + 'static) {
    spawn_local(async move {
        when_there().await;
        then();
    });
}

/// Fetches it after the first run. Where that fails, `late.mjs` says so and tries again: words of
/// the program itself may be in the part that is missing.
#[hook]
pub(crate) fn use_late(ctx: &Ctx) {
    let ctx = ctx.clone();
    use_effect_with(ctx.run.is_some() || !ctx.working, move |shown| {
        if *shown {
            // After the picture of it.
            later(0, move || fetch(ctx));
        }
    });
}

fn fetch(ctx: Ctx) {
    spawn_local(async move {
        arrive().await;
        // Everything has been fetched once: the browser may keep it.
        let newer = move || ctx.dispatch(Action::Notice(Some(Msg::NewVersion)));
        keep(Closure::<dyn Fn()>::new(newer).into_js_value());
    });
}
