//! What is on the screen. A part without state of its own is a function from the state to HTML;
//! one with hooks is a component. What is shown is computed in [`crate::model`].

use crate::i18n::Msg;
use crate::state::{Action, State};
use yew::prelude::*;

pub(crate) mod addresses;
pub(crate) mod branches;
pub(crate) mod calls;
pub(crate) mod code;
pub(crate) mod code_pane;
pub(crate) mod console;
pub(crate) mod dialogs;
pub(crate) mod explorer;
pub(crate) mod files;
pub(crate) mod graphs;
pub(crate) mod header;
pub(crate) mod host;
pub(crate) mod icons;
pub(crate) mod inspect_host;
pub(crate) mod inspect_object;
pub(crate) mod inspector;
pub(crate) mod intervene;
pub(crate) mod ladder;
pub(crate) mod lesson;
pub(crate) mod memory;
pub(crate) mod menu;
pub(crate) mod narration;
pub(crate) mod packets;
pub(crate) mod pane;
pub(crate) mod paper;
pub(crate) mod quiz;
pub(crate) mod real;
pub(crate) mod real_calls;
pub(crate) mod real_compare;
pub(crate) mod real_counters;
pub(crate) mod real_packets;
pub(crate) mod real_story;
pub(crate) mod real_time;
pub(crate) mod split;
pub(crate) mod stage;
pub(crate) mod stamps;
pub(crate) mod standstill;
pub(crate) mod states;
pub(crate) mod terminals;
pub(crate) mod tour;
pub(crate) mod transport;
pub(crate) mod views;
pub(crate) mod world;
pub(crate) mod world_field;
pub(crate) mod world_programs;

/// The state with its dispatcher.
pub(crate) type Ctx = UseReducerHandle<State>;

/// A message in the page's language.
pub(crate) fn say(ctx: &Ctx, msg: Msg) -> String {
    msg.text(ctx.lang())
}

/// A callback that dispatches what `make` gives.
pub(crate) fn on<E: 'static>(ctx: &Ctx, make: impl Fn(E) -> Action + 'static) -> Callback<E> {
    let dispatcher = ctx.dispatcher();
    Callback::from(move |event| dispatcher.dispatch(make(event)))
}

/// The value of the input or select that an event comes from.
pub(crate) fn value_of(event: &web_sys::Event) -> String {
    use wasm_bindgen::JsCast;
    let target = event.target();
    let select = target.clone().and_then(|t| t.dyn_into::<web_sys::HtmlSelectElement>().ok());
    let input = target.and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
    select.map(|s| s.value()).or(input.map(|i| i.value())).unwrap_or_default()
}

/// A row of tabs (WAI-ARIA tabs, manual activation): label, whether selected, marked, action.
pub(crate) struct Tab {
    pub(crate) id: &'static str,
    pub(crate) label: String,
    pub(crate) selected: bool,
    /// Something in it changed at this step.
    pub(crate) marked: bool,
    pub(crate) choose: Callback<MouseEvent>,
}

/// Draws tabs; arrow keys move the focus, Enter or Space chooses.
pub(crate) fn tabs(
    class: &'static str,
    label: String,
    controls: &'static str,
    tabs: Vec<Tab>,
) -> Html {
    html! {
        <div class={class} role="tablist" aria-label={label} onkeydown={Callback::from(move_focus)}>
            { for tabs.into_iter().map(|tab| html! {
                <button key={tab.id} type="button" role="tab" id={format!("tab-{}", tab.id)} aria-controls={controls}
                    aria-selected={tab.selected.to_string()} tabindex={if tab.selected { "0" } else { "-1" }}
                    onclick={tab.choose}>
                    { tab.label }{ if tab.marked { html! { <span aria-hidden="true">{ "•" }</span> } } else { html! {} } }
                </button>
            }) }
        </div>
    }
}

/// Moves the focus among a table's rows, each of which has a button: the table is one Tab stop.
pub(crate) fn move_row(event: KeyboardEvent) {
    use wasm_bindgen::JsCast;
    let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
    let Some(row) = target.and_then(|target| target.closest("tbody > tr").ok().flatten()) else {
        return;
    };
    let body = row.parent_element();
    let to = match event.key().as_str() {
        "ArrowDown" => row.next_element_sibling(),
        "ArrowUp" => row.previous_element_sibling(),
        "Home" => body.and_then(|body| body.first_element_child()),
        "End" => body.and_then(|body| body.last_element_child()),
        _ => return,
    };
    // At the first and last row the key stays the table's.
    event.prevent_default();
    event.stop_propagation();
    let button = to.and_then(|row| row.query_selector("button").ok().flatten());
    if let Some(button) = button.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A row out of sight comes into it with the focus.
        let _ = button.focus();
    }
}

/// Moves the focus among siblings with the arrow keys, Home and End.
pub(crate) fn move_focus(event: KeyboardEvent) {
    use wasm_bindgen::JsCast;
    let Some(target) = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else {
        return;
    };
    let parent = target.parent_element();
    let to = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => {
            target.next_element_sibling().or(parent.and_then(|p| p.first_element_child()))
        }
        "ArrowLeft" | "ArrowUp" => {
            target.previous_element_sibling().or(parent.and_then(|p| p.last_element_child()))
        }
        "Home" => parent.and_then(|p| p.first_element_child()),
        "End" => parent.and_then(|p| p.last_element_child()),
        _ => return,
    };
    if let Some(element) = to.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        event.prevent_default();
        event.stop_propagation();
        // An element that cannot take the focus keeps it where it is.
        let _ = element.focus();
    }
}
