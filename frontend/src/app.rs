//! The whole screen and its effects: preferences, keys, playing, running.

use crate::address::{self, listen, use_address};
use crate::components::files::use_dropped_files;
use crate::components::menu::MenuView;
use crate::components::paper::use_printing;
use crate::components::quiz::use_score;
use crate::components::real_time::RealTime;
use crate::components::split::{Border, Split};
use crate::components::stage::{Stage, WireHandle};
use crate::components::tour::Tour;
use crate::components::{
    Ctx, Tab, code, dialogs, header, inspector, narration, on, quiz, real_story, say, tabs,
    transport, views,
};
use crate::i18n::Msg;
use crate::keys;
use crate::late::use_late;
use crate::link;
use crate::model::narrate;
use crate::model::real_scene;
use crate::model::scene::{ProgramView, Scene};
use crate::model::story::Story;
use crate::player::use_player;
use crate::prefs::Prefs;
use crate::real::{Real, use_real};
use crate::real_kept::use_kept;
use crate::session::{Run, use_runner};
use crate::state::{Action, Panel, State};
use sim::trace::What;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

#[component]
pub(crate) fn App() -> Html {
    let ctx: Ctx = use_reducer(|| State::new(Prefs::load(), 0));
    let real = use_real();
    let wire = use_memo((), |()| WireHandle::default());
    use_preferences(&ctx);
    use_document(&ctx);
    use_other_tabs(&ctx);
    use_address(&ctx);
    use_kept(&ctx, &real);
    header::use_lesson_title(&ctx);
    use_keys(&ctx, &real);
    use_runner(&ctx);
    use_follow(&ctx, real.state.step());
    use_player(&ctx, &wire.0);
    use_score(&ctx);
    use_dropped_files(&ctx);
    use_late(&ctx);
    use_printing(&ctx);
    let scene = use_memo((ctx.run.clone(), ctx.cursor, ctx.time.fine), |(run, cursor, fine)| {
        Rc::new(run.as_ref().map_or_else(Scene::default, |run| run.scene(*cursor, *fine)))
    });
    let (programs, acting) = programs(&ctx, &real, &scene);
    code::use_acting(&ctx, acting, real.state.step());
    let standstill = use_memo((ctx.run.clone(), ctx.cursor), |(run, cursor)| {
        run.as_ref().and_then(|run| run.standstill(*cursor))
    });
    let measures = ctx.measures();
    let story = if measures { real_story::story(&ctx, &real) } else { story(&ctx) };
    let large = ctx.large || measures;
    html! {
        <ContextProvider<Real> context={real.clone()}>
            { skips(&ctx) }
            { header::header(&ctx) }
            { narration::narration(&ctx, &real, &story) }
            { quiz::quiz(&ctx) }
            if !measures { <Tour ctx={ctx.clone()} /> }
            { narration::banners(&ctx) }
            if !measures { { narration::ending(&ctx, (*standstill).as_ref()) } }
            <main data-panel={panel_name(ctx.panel)} data-run={ctx.runs.to_string()}>
                { panels(&ctx) }
                { code::code(&ctx, &programs, acting) }
                <div class="world" data-large={large.to_string()} data-real={measures.to_string()}>
                    <Split ctx={ctx.clone()} border={Border::Code} />
                    <Stage ctx={ctx.clone()} scene={(*scene).clone()} wire={(*wire).clone()} />
                    <div class="low">
                        if !large { <Split ctx={ctx.clone()} border={Border::Stage} /> }
                        { views::views(&ctx, &scene) }
                        { inspector::inspector(&ctx, &scene) }
                    </div>
                </div>
                if let Some(menu) = ctx.menu { <MenuView ctx={ctx.clone()} {menu} /> }
            </main>
            if ctx.records() { <RealTime ctx={ctx.clone()} /> } else if !measures { { transport::transport(&ctx, &story.sentence) } }
            { dialogs::dialogs(&ctx) }
        </ContextProvider<Real>>
    }
}

/// How the programs are, and which source the process of this step runs: of the simulated run, or
/// of the recording of a real one.
fn programs(ctx: &Ctx, real: &Real, scene: &Scene) -> (Vec<ProgramView>, Option<usize>) {
    if !ctx.records() || real.state.log.names.is_empty() {
        return (scene.programs.clone(), code::acting(ctx, &scene.programs));
    }
    let log = real.state.shown();
    let views = real_scene::programs(&log, &ctx.programs, &ctx.sources, &scene.programs);
    let file = real_scene::acting(&log, real.state.step());
    let acting = file.and_then(|file| ctx.sources.iter().position(|s| s.name == file));
    (views, acting)
}

/// What is said about the present moment.
fn story(ctx: &Ctx) -> Story {
    match &ctx.run {
        Some(run) if ctx.time.fine.is_some() => fine_story(ctx, run),
        Some(run) => narrate::story(&run.course, &run.names, ctx.cursor, ctx.lang(), |n| {
            run.timeline.record(n)
        }),
        None if ctx.working => Story { sentence: say(ctx, Msg::Working), ..Story::default() },
        None => Story { sentence: say(ctx, Msg::NothingRan), ..Story::default() },
    }
}

/// What is said between two moments: which statement comes next.
fn fine_story(ctx: &Ctx, run: &Run) -> Story {
    let Some(fine) = ctx.time.fine else { return Story::default() };
    let burst = run.timeline.records_of(fine.position).find_map(|record| match &record.what {
        What::Burst { statements, .. } => Some((record.clone(), *statements)),
        _ => None,
    });
    let Some((record, of)) = burst else { return Story::default() };
    let world = run.timeline.seek_statement(fine.position, fine.statements);
    let line = world.host(record.host).line_of((record.pid, record.tid)).unwrap_or(0);
    let who = run.names.process(record.host, record.pid);
    let sentence = say(ctx, Msg::AtStatement { who, line, n: fine.statements, of });
    Story { sentence, ..Story::default() }
}

fn skips(ctx: &Ctx) -> Html {
    let links =
        [("#story", Msg::SkipToStory), ("#code", Msg::SkipToCode), ("#time", Msg::SkipToTime)];
    // The console has no time.
    let there = |(to, _): &(&str, Msg)| *to != "#time" || ctx.records() || !ctx.measures();
    links
        .into_iter()
        .filter(there)
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

/// Keeps the present moment's row of the packet list and the call log in sight.
#[hook]
fn use_follow(ctx: &Ctx, recorded: usize) {
    use_effect_with((ctx.cursor, ctx.view, recorded), |_| {
        let document = web_sys::window().and_then(|window| window.document());
        let view = document.and_then(|document| document.get_element_by_id("view"));
        let row = view.as_ref().and_then(|v| v.query_selector("tr[aria-current]").ok().flatten());
        if let (Some(view), Some(row)) = (view, row) {
            let (frame, row) = (view.get_bounding_client_rect(), row.get_bounding_client_rect());
            let below = row.bottom() - frame.bottom();
            // Room for the filter and the head of the table, which stay in sight.
            let above = frame.top() + 80.0 - row.top();
            let by = if below > 0.0 {
                below + 8.0
            } else if above > 0.0 {
                -above
            } else {
                0.0
            };
            view.set_scroll_top(view.scroll_top() + by as i32);
        }
    });
}

/// Opens what the address or the browser's storage holds, and keeps what a person makes of it.
#[hook]
fn use_document(ctx: &Ctx) {
    use_effect_with((), {
        let ctx = ctx.clone();
        move |()| {
            if !link::open_address(&ctx)
                && let Some(document) = link::last()
            {
                ctx.dispatch(Action::Document(document));
            }
            if let Some(tool) = address::dialog() {
                ctx.dispatch(Action::Dialog(Some(tool)));
            }
        }
    });
    use_effect_with((ctx.cursor, ctx.lesson), {
        let state = (**ctx).clone();
        move |_| {
            if state.run.is_some() {
                link::keep_step(&state);
            }
        }
    });
    let state = (**ctx).clone();
    let made = (
        ctx.sources.clone(),
        ctx.world.clone(),
        ctx.places.clone(),
        ctx.programs.clone(),
        ctx.run.clone(),
    );
    let first = use_mut_ref(|| true);
    use_effect_with(made, move |_| {
        // What the page begins with was made by nobody.
        if !first.replace(false) {
            link::keep(&link::Document::of(&state));
        }
    });
}

/// Two tabs with the same lesson write to the same place: says so before one loses its text.
#[hook]
fn use_other_tabs(ctx: &Ctx) {
    let latest = use_mut_ref(|| ctx.clone());
    *latest.borrow_mut() = ctx.clone();
    use_effect_with((), move |()| {
        listen("storage", move || {
            let ctx = latest.borrow().clone();
            ctx.dispatch(Action::Elsewhere(link::elsewhere(&ctx)));
        })
    });
}

/// Listens to keys on the whole document; the listener sees the latest state.
#[hook]
fn use_keys(ctx: &Ctx, real: &Real) {
    let now = (ctx.clone(), real.clone());
    let latest = use_mut_ref(|| now.clone());
    *latest.borrow_mut() = now;
    use_effect_with((), move |()| {
        let listener = Closure::<dyn FnMut(web_sys::KeyboardEvent)>::new(move |event| {
            let (ctx, real) = latest.borrow().clone();
            keys::pressed(&ctx, &real, &event);
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
