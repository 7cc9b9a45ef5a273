//! A border between two regions that a person moves: with the pointer, or with the arrow keys
//! while it has the focus. It is a child of the region that it borders, and divides the room that
//! is that region's parent. The size is a property of styles on the document's root; the browser's
//! storage remembers it.

use crate::components::{Ctx, say};
use crate::i18n::Msg;
use crate::prefs::storage;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Which border.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Border {
    /// To the right of the programs.
    Code,
    /// Below the stage.
    Stage,
    /// To the left of the inspector.
    Inspector,
}

impl Border {
    const ALL: [Border; 3] = [Border::Code, Border::Stage, Border::Inspector];

    /// The style's property, which is the storage's key too.
    fn property(self) -> &'static str {
        match self {
            Border::Code => "--size-code",
            Border::Stage => "--size-stage",
            Border::Inspector => "--size-inspector",
        }
    }

    /// Whether it stands upright and moves sideways.
    fn upright(self) -> bool {
        self != Border::Stage
    }

    /// Where it is by itself, in percent of the room that it divides; as the stylesheet has it.
    fn usual(self) -> f64 {
        match self {
            Border::Code => 36.0,
            Border::Stage => 52.0,
            Border::Inspector => 37.0,
        }
    }

    fn label(self) -> Msg {
        match self {
            Border::Code => Msg::SizeCode,
            Border::Stage => Msg::SizeStage,
            Border::Inspector => Msg::SizeInspector,
        }
    }

    /// The percentage for a pointer at `x`, `y` over the room.
    fn at(self, x: f64, y: f64, room: &Element) -> f64 {
        let rect = room.get_bounding_client_rect();
        let (along, of) = match self {
            Border::Code => (x - rect.left(), rect.width()),
            Border::Stage => (y - rect.top(), rect.height()),
            Border::Inspector => (rect.right() - x, rect.width()),
        };
        along / of.max(1.0) * 100.0
    }
}

/// Neither side vanishes; the stylesheet keeps a least size in pixels besides.
const LEAST: f64 = 15.0;
const MOST: f64 = 85.0;
/// What an arrow key moves.
const STEP: f64 = 2.0;

fn set(border: Border, percent: Option<f64>) {
    let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element());
    let Some(root) = root.and_then(|e| e.dyn_into::<HtmlElement>().ok()) else { return };
    // A custom property can always be set; a full or forbidden storage is not worth a message.
    let name = border.property();
    let _ = match percent {
        Some(percent) => root.style().set_property(name, &format!("{percent:.1}%")),
        None => root.style().remove_property(name).map(drop),
    };
    if let Some(storage) = storage() {
        let _ = match percent {
            Some(percent) => storage.set_item(name, &format!("{percent:.1}")),
            None => storage.remove_item(name),
        };
    }
}

/// Puts the borders where they were left.
pub(crate) fn restore() {
    for border in Border::ALL {
        let kept = storage().and_then(|storage| storage.get_item(border.property()).ok().flatten());
        if let Some(percent) = kept.and_then(|text| text.parse::<f64>().ok()) {
            set(border, Some(percent.clamp(LEAST, MOST)));
        }
    }
}

fn kept(border: Border) -> f64 {
    let kept = storage().and_then(|storage| storage.get_item(border.property()).ok().flatten());
    kept.and_then(|text| text.parse::<f64>().ok()).map_or(border.usual(), |p| p.clamp(LEAST, MOST))
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
    pub(crate) border: Border,
}

#[component]
pub(crate) fn Split(props: &Props) -> Html {
    let border = props.border;
    let size = use_state(|| kept(border));
    let held = use_mut_ref(|| false);
    let put = {
        let size = size.clone();
        move |percent: f64| {
            let percent = percent.clamp(LEAST, MOST);
            set(border, Some(percent));
            size.set(percent);
        }
    };
    let reset = {
        let size = size.clone();
        move || {
            set(border, None);
            size.set(border.usual());
        }
    };
    let press = {
        let held = held.clone();
        Callback::from(move |event: PointerEvent| {
            if let Some(element) = element_of(&event) {
                // The border is followed even where the pointer leaves it.
                let _ = element.set_pointer_capture(event.pointer_id());
            }
            *held.borrow_mut() = true;
        })
    };
    let moved = {
        let (held, put) = (held.clone(), put.clone());
        Callback::from(move |event: PointerEvent| {
            let room = element_of(&event).and_then(|e| e.parent_element()?.parent_element());
            if let (true, Some(room)) = (*held.borrow(), room) {
                put(border.at(event.client_x().into(), event.client_y().into(), &room));
            }
        })
    };
    let release = Callback::from(move |_: PointerEvent| *held.borrow_mut() = false);
    let double = {
        let reset = reset.clone();
        Callback::from(move |_: MouseEvent| reset())
    };
    let now = *size;
    let keys = Callback::from(move |event: KeyboardEvent| {
        // The inspector's border moves left to make the inspector larger.
        let sign = if border == Border::Inspector { -1.0 } else { 1.0 };
        match (event.key().as_str(), border.upright()) {
            ("ArrowRight", true) | ("ArrowDown", false) => put(now + sign * STEP),
            ("ArrowLeft", true) | ("ArrowUp", false) => put(now - sign * STEP),
            ("Home", _) => put(LEAST),
            ("End", _) => put(MOST),
            ("Enter", _) => reset(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    });
    let name = say(&props.ctx, border.label());
    html! {
        <div class={classes!("split", if border.upright() { "upright" } else { "level" })} role="separator" tabindex="0"
            aria-orientation={if border.upright() { "vertical" } else { "horizontal" }} aria-label={name.clone()} title={name}
            aria-valuemin={LEAST.to_string()} aria-valuemax={MOST.to_string()} aria-valuenow={format!("{now:.0}")}
            onpointerdown={press} onpointermove={moved} onpointerup={release.clone()} onpointercancel={release}
            ondblclick={double} onkeydown={keys}></div>
    }
}

fn element_of(event: &PointerEvent) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into::<Element>().ok())
}
