//! The lab page: one screen with the programs, the world and the time.
//!
//! Read [`state`] first (what there is and what can happen to it), then [`app`] (what is on the
//! screen and which effects there are). [`model`] computes what is shown, [`components`] show it,
//! [`session`] makes a run from the programs' texts, [`bridge`] speaks to the bridge.

mod address;
mod app;
mod bridge;
mod components;
mod editor;
mod i18n;
mod keys;
mod late;
mod lessons;
mod link;
mod model;
mod player;
mod prefs;
mod real;
mod real_kept;
mod real_run;
mod session;
mod state;
mod time;
mod wire;

fn main() {
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("app"));
    late::begin();
    if let Some(root) = root {
        root.set_inner_html("");
        components::split::restore();
        yew::Renderer::<app::App>::with_root(root).render();
    }
}
