//! The address as a document: what a link holds, and the secret that the bridge's link carries.

use crate::components::Ctx;

/// A link to what is on the screen.
pub(crate) fn of(ctx: &Ctx) -> String {
    let base = web_sys::window().and_then(|w| w.location().href().ok()).unwrap_or_default();
    let base = base.split('#').next().unwrap_or_default();
    format!("{base}#/{}?passo={}", ctx.lesson, ctx.cursor)
}
