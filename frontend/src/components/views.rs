//! The lower region: tabs and the chosen view.

use crate::components::{
    Ctx, Tab, branches, calls, console, files, graphs, icons, intervene, ladder, lesson, memory,
    on, packets, pane, real, say, stamps, states, tabs, terminals,
};
use crate::i18n::Msg;
use crate::model::scene::Scene;
use crate::state::{Action, Kernel, View};
use std::rc::Rc;
use yew::prelude::*;

pub(crate) fn views(ctx: &Ctx, scene: &Rc<Scene>) -> Html {
    let tab = |view: View, id: &'static str, label: Msg, marked: bool| Tab {
        id,
        label: say(ctx, label),
        selected: ctx.view == view,
        marked: marked && ctx.view != view,
        choose: on(ctx, move |_: MouseEvent| Action::View(view)),
    };
    let now = ctx.cursor;
    let course = ctx.course();
    let packet = course.is_some_and(|c| c.packets.iter().any(|p| p.moment == now && now > 0));
    let state = course.is_some_and(|c| c.states.iter().any(|s| s.moment == now && now > 0));
    let call = course.is_some_and(|c| c.calls.iter().any(|c| c.moment == now && now > 0));
    let output = course.is_some_and(|c| {
        c.processes.iter().flat_map(|p| &p.terminal).any(|t| t.moment == now && now > 0)
    });
    let mut all = vec![
        tab(View::Lesson, "lesson", Msg::ViewLesson, false),
        tab(View::Ladder, "ladder", Msg::ViewLadder, false),
        tab(View::Packets, "packets", Msg::ViewPackets, packet),
        tab(View::States, "states", Msg::ViewStates, state),
        tab(View::Graphs, "graphs", Msg::ViewGraphs, false),
        tab(View::Calls, "calls", Msg::ViewCalls, call),
        tab(View::Terminals, "terminals", Msg::ViewTerminals, output),
        tab(View::Memory, "memory", Msg::ViewMemory, false),
        tab(View::Intervene, "intervene", Msg::ViewIntervene, false),
        tab(View::Branches, "branches", Msg::ViewBranches, false),
        tab(View::Scenario, "scenario", Msg::ViewScenario, ctx.scenario.problem.is_some()),
    ];
    if ctx.kernel == Kernel::Real {
        all.insert(0, tab(View::Console, "console", Msg::ViewConsole, false));
        all.insert(0, tab(View::Real, "real", Msg::ViewReal, false));
    }
    let view = match ctx.view {
        View::Lesson => html! { <lesson::LessonView ctx={ctx.clone()} /> },
        View::Ladder => html! { <>{ stamps::switch(ctx, true) }{ ladder::ladder(ctx) }</> },
        View::Packets => packets::packets(ctx),
        View::States => states::states(ctx),
        View::Calls => html! { <>{ stamps::switch(ctx, false) }{ calls::calls(ctx) }</> },
        View::Terminals => terminals::terminals(ctx),
        View::Memory => html! { <memory::Memory ctx={ctx.clone()} scene={scene.clone()} /> },
        View::Graphs => html! { <graphs::Graphs ctx={ctx.clone()} /> },
        View::Intervene => html! { <intervene::Intervene ctx={ctx.clone()} /> },
        View::Branches => html! { <branches::Branches ctx={ctx.clone()} /> },
        View::Scenario => files::scenario(ctx),
        View::Real => html! { <real::Real ctx={ctx.clone()} /> },
        View::Console => html! { <console::Console ctx={ctx.clone()} /> },
    };
    html! {
        <section id="views" class="panel region region-views" aria-label={say(ctx, Msg::RegionViews)} tabindex="-1">
            <div class="views-head">
                { tabs("tabs", say(ctx, Msg::RegionViews), "view", all) }
                { enlarge(ctx) }
            </div>
            <pane::Pane lesson={ctx.lesson} view={ctx.view} id={view_id(ctx.view)}>{ view }</pane::Pane>
        </section>
    }
}

/// Gives the views the stage's room too, for who shows them to a class.
fn enlarge(ctx: &Ctx) -> Html {
    let large = ctx.large;
    let name = say(ctx, Msg::Enlarge);
    html! {
        <button type="button" class="quiet icon enlarge" aria-pressed={large.to_string()} aria-label={name.clone()} title={name}
            onclick={on(ctx, move |_: MouseEvent| Action::Large(!large))}>{ if large { icons::shrink() } else { icons::enlarge() } }</button>
    }
}

fn view_id(view: View) -> &'static str {
    match view {
        View::Lesson => "lesson",
        View::Ladder => "ladder",
        View::Packets => "packets",
        View::States => "states",
        View::Calls => "calls",
        View::Terminals => "terminals",
        View::Memory => "memory",
        View::Graphs => "graphs",
        View::Intervene => "intervene",
        View::Branches => "branches",
        View::Scenario => "scenario",
        View::Real => "real",
        View::Console => "console",
    }
}

/// What a view without content says.
pub(crate) fn empty(ctx: &Ctx, msg: Msg) -> Html {
    html! { <p class="empty">{ say(ctx, msg) }</p> }
}
