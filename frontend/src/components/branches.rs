//! The courses of events: their names, where they begin, undo, and two of them side by side.

use crate::components::{Ctx, icons, on, say, value_of};
use crate::i18n::{self, Msg};
use crate::model::compare::{self, Arrow, Comparison, Note, Side, TOP};
use crate::session::{self, Run};
use crate::state::Action;
use crate::time::TimeAction;
use sim::timeline::BranchId;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
}

#[component]
pub(crate) fn Branches(props: &Props) -> Html {
    let ctx = &props.ctx;
    let other = use_memo((ctx.run.clone(), ctx.time.compared), |(run, compared)| {
        let run = run.as_ref()?;
        run.branch((*compared)?).map(Rc::new)
    });
    let Some(run) = ctx.run.clone() else { return html! {} };
    let both = use_memo((Some(run.clone()), (*other).clone()), |(run, other)| {
        let (run, other) = (run.as_ref()?, other.as_ref()?);
        Some(compare::compare(other, run))
    });
    html! {
        <div class="branches">
            <p class="muted">{ say(ctx, Msg::BranchesIntro) }</p>
            { undo(ctx) }
            { list(ctx, &run) }
            if let (Some(other), Some(both)) = (other.as_ref(), both.as_ref()) {
                { picture(ctx, [other, &run], both) }
            }
        </div>
    }
}

/// Undo and redo, for this view and for the banner.
pub(crate) fn undo(ctx: &Ctx) -> Html {
    let button = |label: Msg, count: usize, make: fn() -> TimeAction| {
        html! {
            <button type="button" disabled={count == 0} onclick={on(ctx, move |_: MouseEvent| Action::Time(make()))}>{ say(ctx, label) }</button>
        }
    };
    html! {
        <p class="deeds">
            { button(Msg::Undo, ctx.time.done.len(), || TimeAction::Undo) }
            { button(Msg::Redo, ctx.time.undone.len(), || TimeAction::Redo) }
        </p>
    }
}

/// What a branch is called.
pub(crate) fn title(ctx: &Ctx, run: &Run, branch: BranchId) -> String {
    let branches = run.timeline.branches();
    match branches.iter().find(|(id, ..)| *id == branch) {
        Some((_, "", None)) => say(ctx, Msg::Original),
        Some((_, name, _)) => (*name).to_owned(),
        None => String::new(),
    }
}

fn list(ctx: &Ctx, run: &Rc<Run>) -> Html {
    let active = run.timeline.active();
    let rows = run.timeline.branches().into_iter().map(|(id, _, from)| {
        let name = title(ctx, run, id);
        let rename = {
            let ctx = ctx.clone();
            Callback::from(move |event: Event| session::rename_branch(&ctx, id.0, &value_of(&event)))
        };
        let choose = {
            let ctx = ctx.clone();
            Callback::from(move |_: Event| session::switch_branch(&ctx, id.0))
        };
        let delete = {
            let ctx = ctx.clone();
            Callback::from(move |_: MouseEvent| session::delete_branch(&ctx, id.0))
        };
        let compared = ctx.time.compared == Some(id.0);
        let compare = on(ctx, move |_: MouseEvent| {
            Action::Time(TimeAction::Compare((!compared).then_some(id.0)))
        });
        let begins = from.map(|(parent, position)| {
            let moments = &run.course.moments;
            let step = moments.partition_point(|m| m.position <= position).saturating_sub(1);
            say(ctx, Msg::BranchFrom { step, parent: title(ctx, run, parent) })
        });
        html! {
            <li key={id.0}>
                <label><input type="radio" name="branch" checked={id == active} onchange={choose} />
                    <span class="sr-only">{ format!("{} {name}", say(ctx, Msg::ShowBranch)) }</span></label>
                <input type="text" aria-label={format!("{} {}", say(ctx, Msg::BranchLabel), id.0)} value={name.clone()} onchange={rename} />
                <span class="muted">{ begins.unwrap_or_default() }</span>
                <span class="deeds">
                    if id != active {
                        <button type="button" aria-pressed={compared.to_string()} onclick={compare}>{ say(ctx, Msg::CompareWith) }</button>
                    }
                    if from.is_some() {
                        <button type="button" aria-label={format!("{} {name}", say(ctx, Msg::DeleteBranch))} onclick={delete}>{ say(ctx, Msg::DeleteBranch) }</button>
                    }
                </span>
            </li>
        }
    });
    html! { <ul class="list" aria-label={say(ctx, Msg::Branches)}>{ for rows }</ul> }
}

/// Pixels across one diagram.
const WIDTH: f64 = 430.0;
/// Pixels from a diagram's edge to its outer line.
const MARGIN: f64 = 128.0;
/// Pixels for the times between the diagrams.
const TIMES: f64 = 90.0;

fn picture(ctx: &Ctx, runs: [&Run; 2], both: &Comparison) -> Html {
    let titles = runs.map(|run| title(ctx, run, run.timeline.active()));
    let lang = ctx.lang();
    let total = 2.0 * WIDTH + TIMES;
    let summary = |n: usize| {
        let side = &both.sides[n];
        let end = i18n::moment(lang, side.end_ns);
        say(ctx, Msg::SideSummary { packets: side.packets.0, lost: side.packets.1, end })
    };
    let first = both.first.as_ref().map(|first| {
        let text = |n: usize| first.texts[n].clone().unwrap_or_else(|| "—".to_owned());
        let time = i18n::moment(lang, first.t_ns);
        say(ctx, Msg::FirstDifference { time, left: text(0), right: text(1) })
    });
    html! {
    <section id="comparison" class="compare" tabindex="0" aria-label={say(ctx, Msg::Comparison)}>
               <p role="status">{ first.unwrap_or_else(|| say(ctx, Msg::NoDifference)) }</p>
               <div class="heads">
                   { for (0..2).map(|n| html! { <p><b>{ &titles[n] }</b><br /><span class="muted">{ summary(n) }</span></p> }) }
               </div>
               <svg viewBox={format!("0 0 {total} {}", both.height)} role="img" aria-label={say(ctx, Msg::ComparisonLabel { left: titles[0].clone(), right: titles[1].clone() })}>
                   { for both.first.iter().map(|first| html! {
                       <g class="difference">
                           <rect x="0" width={total.to_string()} y={(first.y - 10.0).to_string()} height="20" />
                           <text x={(WIDTH + TIMES / 2.0).to_string()} y={(first.y - 13.0).to_string()}>{ say(ctx, Msg::HereTheyPart) }</text>
                       </g>
                   }) }
                   { for both.rows.iter().map(|(t, y)| html! {
                       <text class="time" x={(WIDTH + TIMES / 2.0).to_string()} y={(y + 3.5).to_string()}>{ i18n::clock(lang, *t) }</text>
                   }) }
                   { diagram(runs[0], &both.sides[0], 0.0, both.height) }
                   { diagram(runs[1], &both.sides[1], WIDTH + TIMES, both.height) }
               </svg>
               if both.left_out > 0 { <p class="muted">{ say(ctx, Msg::RowsLeftOut { n: both.left_out }) }</p> }
           </section>
       }
}

fn diagram(run: &Run, side: &Side, left: f64, bottom: f64) -> Html {
    let count = run.course.hosts.len().max(2);
    let x = |host: usize| left + MARGIN + host as f64 * (WIDTH - 2.0 * MARGIN) / (count - 1) as f64;
    html! {
        <g>
            { for run.course.hosts.iter().enumerate().map(|(n, host)| html! {
                <g>
                    <text class="who" x={x(n).to_string()} y="16">{ format!("{} · {}", icons::letter(n), host.name) }</text>
                    <line class="life" x1={x(n).to_string()} x2={x(n).to_string()} y1={(TOP - 16.0).to_string()} y2={bottom.to_string()} />
                </g>
            }) }
            { for side.arrows.iter().map(|one| arrow(one, &x)) }
            { for side.notes.iter().map(|one| note(one, &x, count)) }
        </g>
    }
}

fn arrow(arrow: &Arrow, x: &impl Fn(usize) -> f64) -> Html {
    let (x1, mut x2) = (x(arrow.from), x(arrow.to));
    if arrow.lost {
        x2 = (x1 + x2) / 2.0;
    }
    let (y1, y2) = arrow.y;
    let class = classes!(
        "packet",
        arrow.kind.class(),
        arrow.only_here.then_some("only"),
        arrow.lost.then_some("lost")
    );
    let tip = if x2 > x1 { -6.0 } else { 6.0 };
    let middle = ((x1 + x2) / 2.0, (y1 + y2) / 2.0 - 4.0);
    html! {
        <g {class}>
            <line x1={x1.to_string()} y1={y1.to_string()} x2={x2.to_string()} y2={y2.to_string()} />
            if arrow.lost {
                <path d={format!("M{} {}l8 8m0 -8l-8 8", x2 - 4.0, y2 - 4.0)} />
            } else {
                <path class="tip" d={format!("M{x2} {y2}l{tip} -4v8z")} />
            }
            <text x={middle.0.to_string()} y={middle.1.to_string()}>{ &arrow.label }</text>
        </g>
    }
}

fn note(note: &Note, x: &impl Fn(usize) -> f64, count: usize) -> Html {
    let right = note.host + 1 >= count;
    let (anchor, dx) = if right { ("start", 7.0) } else { ("end", -7.0) };
    let class = classes!("note", note.only_here.then_some("only"), note.failed.then_some("k-rst"));
    html! {
        <text {class} x={(x(note.host) + dx).to_string()} y={(note.y + 3.5).to_string()} text-anchor={anchor}>{ &note.text }</text>
    }
}
