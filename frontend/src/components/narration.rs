//! One sentence for each step: what happened and why. Also the page's live region.

use crate::components::{Ctx, on, say, standstill, value_of};
use crate::i18n::{self, Msg};
use crate::keys;
use crate::link::{self, Document};
use crate::model::deadlock::Standstill;
use crate::model::story::Story;
use crate::real::Real;
use crate::session::{self, Limit};
use crate::state::{Action, Panel, View};
use crate::time::TimeAction;
use std::rc::Rc;
use yew::prelude::*;

pub(crate) fn narration(ctx: &Ctx, real: &Real, story: &Story) -> Html {
    let newest = real.state.log.span().1;
    let count = match ctx.measures() {
        true if ctx.records() && newest > 0 => {
            Msg::RecordingStep { n: real.state.step(), of: newest }
        }
        true => Msg::RealMode,
        false => Msg::StepOf { n: ctx.cursor, of: ctx.last() },
    };
    // While playing, a screen reader would get a sentence every half second: it gets the one at
    // which playing stops.
    let live = if ctx.playing || real.state.playing { "off" } else { "polite" };
    html! {
        <section id="story" class="narration" aria-label={say(ctx, Msg::RegionStory)} tabindex="-1">
            <span class="count">{ say(ctx, count) }
                // Shows itself only when a new run takes long enough to be noticed.
                if ctx.working && ctx.run.is_some() { <span class="working" role="status">{ say(ctx, Msg::Working) }</span> }
            </span>
            <div role="status" aria-atomic="true" aria-live={live}>
                <p class="sentence">{ &story.sentence }</p>
                if !story.why.is_empty() { <p class="why">{ story.why.join(" ") }</p> }
                if !story.also.is_empty() { <p class="also">{ story.also.join(" ") }</p> }
            </div>
            { for story.source.iter().map(|source| html! { <span class="source">{ source }</span> }) }
        </section>
    }
}

/// What has to be said about the whole run: stale, stopped at the limit.
pub(crate) fn banners(ctx: &Ctx) -> Html {
    let errors = ctx.problems.iter().flatten().any(|problem| problem.error);
    html! {
        <>
            if let Some(notice) = ctx.notice.clone() {
                <p class="banner" role="alert">
                    { say(ctx, notice) }
                    <button type="button" onclick={on(ctx, |_: MouseEvent| Action::Notice(None))}>{ say(ctx, Msg::Close) }</button>
                </p>
            }
            { for ctx.elsewhere.as_ref().map(|theirs| elsewhere(ctx, theirs)) }
            if ctx.stale && errors && ctx.run.is_some() {
                <p class="banner stale" role="alert">{ say(ctx, Msg::Stale) }</p>
            }
            { branches(ctx) }
        </>
    }
}

/// Another tab wrote something else into the same lesson: whose text stays?
fn elsewhere(ctx: &Ctx, theirs: &Rc<Document>) -> Html {
    let take = {
        let theirs = theirs.clone();
        on(ctx, move |_: MouseEvent| Action::Document((*theirs).clone()))
    };
    let stay = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| {
            link::keep(&Document::of(&ctx));
            ctx.dispatch(Action::Elsewhere(None));
        })
    };
    html! {
        <p class="banner" role="alert">
            { say(ctx, Msg::ChangedElsewhere) }
            <button type="button" onclick={take}>{ say(ctx, Msg::TakeTheirs) }</button>
            <button type="button" onclick={stay}>{ say(ctx, Msg::KeepMine) }</button>
        </p>
    }
}

/// How the run ended, where that is not by itself: stopped, or everybody waits. The element is there
/// before it says anything, so that it is read out.
pub(crate) fn ending(ctx: &Ctx, standstill: Option<&Standstill>) -> Html {
    let limit = ctx.run.as_ref().and_then(|run| run.limit.clone());
    let said = limit.map(|limit| match limit {
        Limit::Processes(n) => Msg::ProcessLimit { n },
        Limit::Events(events) => Msg::Limit { events },
        Limit::Endless { who, line, t_ns } => {
            Msg::Endless { who, line, time: i18n::duration(ctx.lang(), t_ns) }
        }
    });
    html! {
        <div class="ending" role="status">
            { for said.map(|said| html! {
                <p class="banner">
                    { say(ctx, said) }
                    <button type="button" onclick={on(ctx, |_: MouseEvent| Action::Ends(true))}>{ say(ctx, Msg::GoThere) }</button>
                </p>
            }) }
            { standstill::standstill(ctx, standstill) }
        </div>
    }
}

/// Puts another branch beside the one that is shown, in sight.
fn compare(ctx: &Ctx, other: Option<usize>) -> Callback<MouseEvent> {
    let ctx = ctx.clone();
    Callback::from(move |_: MouseEvent| {
        ctx.dispatch(Action::View(View::Branches));
        ctx.dispatch(Action::Panel(Panel::Views));
        let compared = ctx.time.compared.or(other);
        ctx.dispatch(Action::Time(TimeAction::Compare(compared)));
        keys::focus_soon("comparison");
    })
}

/// The courses of events there are, once somebody has interfered.
fn branches(ctx: &Ctx) -> Html {
    let Some(run) = ctx.run.as_ref() else { return html! {} };
    let branches = run.timeline.branches();
    if branches.len() < 2 {
        return html! {};
    }
    let active = run.timeline.active();
    let other = branches.iter().rev().map(|(id, ..)| id.0).find(|id| *id != active.0);
    let choose = {
        let ctx = ctx.clone();
        Callback::from(move |event: Event| {
            session::switch_branch(&ctx, value_of(&event).parse().unwrap_or(0));
        })
    };
    html! {
        <div class="banner">
            <label>{ say(ctx, Msg::Branches) }
                <select aria-label={say(ctx, Msg::Branches)} onchange={choose}>
                    { for branches.iter().map(|(id, name, from)| {
                        let title = match from {
                            None => say(ctx, Msg::Original),
                            Some(_) => say(ctx, Msg::BranchName { n: id.0, what: (*name).to_owned() }),
                        };
                        html! { <option value={id.0.to_string()} selected={*id == active}>{ title }</option> }
                    }) }
                </select>
            </label>
            { crate::components::branches::undo(ctx) }
            <button type="button" onclick={compare(ctx, other)}>{ say(ctx, Msg::CompareBranches) }</button>
        </div>
    }
}
