//! The whole screen and its effects: preferences, keys, playing, running.

use crate::components::{Ctx, Tab, code, dialogs, header, narration, on, say, tabs, transport};
use crate::i18n::Msg;
use crate::keys;
use crate::model::story::Story;
use crate::prefs::Prefs;
use crate::session;
use crate::state::{Action, Panel, State};
use wasm_bindgen::prelude::*;
use yew::prelude::*;

#[component]
pub(crate) fn App() -> Html {
    let ctx: Ctx = use_reducer(|| State::new(Prefs::load(), 0, session::sources(0)));
    use_preferences(&ctx);
    use_keys(&ctx);
    let story = Story { sentence: say(&ctx, Msg::AtStart), ..Story::default() };
    html! {
        <>
            { skips(&ctx) }
            { header::header(&ctx) }
            { narration::narration(&ctx, &story) }
            { narration::banners(&ctx) }
            <main data-panel={panel_name(ctx.panel)}>
                { panels(&ctx) }
                { code::code(&ctx, &[]) }
            </main>
            { transport::transport(&ctx, &story.sentence) }
            { dialogs::dialogs(&ctx) }
        </>
    }
}

fn skips(ctx: &Ctx) -> Html {
    let links =
        [("#story", Msg::SkipToStory), ("#code", Msg::SkipToCode), ("#time", Msg::SkipToTime)];
    links
        .into_iter()
        .map(|(to, label)| html! { <a class="skip" href={to}>{ say(ctx, label) }</a> })
        .collect()
}

fn panel_name(panel: Panel) -> &'static str {
    match panel {
        Panel::Code => "code",
        Panel::Stage => "stage",
        Panel::Views => "views",
        Panel::Inspector => "inspector",
    }
}

/// The tabs of a narrow screen.
fn panels(ctx: &Ctx) -> Html {
    let tab = |panel: Panel, label: Msg| Tab {
        id: panel_name(panel),
        label: say(ctx, label),
        selected: ctx.panel == panel,
        marked: false,
        choose: on(ctx, move |_: MouseEvent| Action::Panel(panel)),
    };
    let all = vec![
        tab(Panel::Code, Msg::PanelCode),
        tab(Panel::Stage, Msg::PanelStage),
        tab(Panel::Views, Msg::PanelViews),
        tab(Panel::Inspector, Msg::PanelInspector),
    ];
    tabs("phone-tabs", say(ctx, Msg::Panels), "code", all)
}

#[hook]
fn use_preferences(ctx: &Ctx) {
    use_effect_with(ctx.prefs, |prefs| {
        prefs.apply();
        prefs.store();
    });
}

/// Listens to keys on the whole document; the listener sees the latest state.
#[hook]
fn use_keys(ctx: &Ctx) {
    let latest = use_mut_ref(|| ctx.clone());
    *latest.borrow_mut() = ctx.clone();
    use_effect_with((), move |()| {
        let listener = Closure::<dyn FnMut(web_sys::KeyboardEvent)>::new(move |event| {
            let ctx = latest.borrow().clone();
            keys::pressed(&ctx, &event);
        });
        let document = web_sys::window().and_then(|window| window.document());
        if let Some(document) = &document {
            // A listener with a valid name is always accepted.
            let _ = document
                .add_event_listener_with_callback("keydown", listener.as_ref().unchecked_ref());
        }
        move || {
            if let Some(document) = document {
                let _ = document.remove_event_listener_with_callback(
                    "keydown",
                    listener.as_ref().unchecked_ref(),
                );
            }
        }
    });
}
