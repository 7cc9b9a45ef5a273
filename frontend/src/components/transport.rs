//! Time: start, back, play, forward, end; the scrubber; speed and clock; the overview lanes.

use crate::components::{Ctx, icons, on, say, value_of};
use crate::i18n::{self, Msg};
use crate::keys::{self, Key};
use crate::model::stepping::StepBy;
use crate::prefs::Clock;
use crate::state::Action;
use crate::time::TimeAction;
use yew::prelude::*;

/// `what` names the present moment for the scrubber's value.
pub(crate) fn transport(ctx: &Ctx, what: &str) -> Html {
    let (cursor, last) = (ctx.cursor, ctx.last());
    let place = Place {
        playing: ctx.playing,
        first: cursor == 0 && ctx.time.fine.is_none(),
        last: cursor >= last,
        empty: last == 0,
    };
    let push = {
        let ctx = ctx.clone();
        Callback::from(move |push| match push {
            Push::Ends(end) => ctx.dispatch(Action::Ends(end)),
            // An open question comes first: the focus goes there.
            Push::Step(true) if keys::answers(&ctx, Key::Step(true)) => {}
            Push::Step(forward) => ctx.dispatch(Action::Step(forward)),
            Push::Play(playing) => ctx.dispatch(Action::Play(playing)),
        })
    };
    html! {
        <section id="time" class="transport" aria-label={say(ctx, Msg::RegionTime)} tabindex="-1">
            <div role="toolbar" aria-label={say(ctx, Msg::Controls)}>
                { buttons(ctx, &place, push) }
                { scrubber(ctx, what) }
                <span class="clock">{ time(ctx) }</span>
                <button type="button" class="quiet icon time-menu" popovertarget="time-options" aria-label={say(ctx, Msg::TimeOptions)}>{ icons::more() }</button>
                // On a narrow screen these are a menu; on a wide one, part of the bar.
                <div id="time-options" class="time-options" popover="auto">
                    { labelled(ctx, Msg::StepBy, step_by(ctx)) }
                    { predict(ctx) }
                    { labelled(ctx, Msg::Speed, speed(ctx)) }
                    { labelled(ctx, Msg::Clock, clock(ctx)) }
                </div>
                if crate::prefs::embedded() {
                    <a class="embed-link" target="_blank" rel="noopener" href={crate::link::whole(&crate::link::Document::of(ctx))}>{ say(ctx, Msg::OpenLab) }</a>
                }
            </div>
            { lanes(ctx) }
        </section>
    }
}

/// A choice with its name beside it, where there is room for that: in the menu.
fn labelled(ctx: &Ctx, name: Msg, choice: Html) -> Html {
    html! { <div class="choice"><span aria-hidden="true">{ say(ctx, name) }</span>{ choice }</div> }
}

fn time(ctx: &Ctx) -> String {
    let t_ns = ctx.course().and_then(|course| course.moments.get(ctx.cursor)).map_or(0, |m| m.t_ns);
    i18n::moment(ctx.lang(), t_ns)
}

/// Where one stands, as far as the buttons are concerned.
pub(crate) struct Place {
    pub(crate) playing: bool,
    pub(crate) first: bool,
    pub(crate) last: bool,
    /// There is nothing to play.
    pub(crate) empty: bool,
}

/// A button that was pushed.
#[derive(Clone, Copy)]
pub(crate) enum Push {
    Ends(bool),
    Step(bool),
    Play(bool),
}

/// Start, back, play, forward, end: of the simulated run, or of a real one's recording.
pub(crate) fn buttons(ctx: &Ctx, place: &Place, push: Callback<Push>) -> Html {
    // A button that was pushed and has nothing more to do keeps the focus: it is not `disabled`.
    let pushed = |what: Push, off: bool| {
        let push = push.clone();
        Callback::from(move |_: MouseEvent| {
            if !off {
                push.emit(what)
            }
        })
    };
    let button = |name: Msg, key: &str, icon: Html, off: bool, what: Push| {
        let name = say(ctx, name);
        html! {
            <button type="button" class="icon" aria-label={name.clone()} title={format!("{name} ({key})")} aria-disabled={off.to_string()}
                onclick={pushed(what, off)}>{ icon }</button>
        }
    };
    let (play, icon) =
        if place.playing { (Msg::Pause, icons::pause()) } else { (Msg::Play, icons::play()) };
    html! {
        <>
            { button(Msg::Start, "Home", icons::start(), place.first, Push::Ends(false)) }
            { button(Msg::Back, "←", icons::back(), place.first, Push::Step(false)) }
            { button(play, "K", icon, place.empty, Push::Play(!place.playing)) }
            <button id="forward" type="button" class="primary" aria-disabled={place.last.to_string()} title={format!("{} (→)", say(ctx, Msg::Forward))}
                onclick={pushed(Push::Step(true), place.last)}>
                { say(ctx, Msg::Forward) }{ icons::forward() }
            </button>
            { button(Msg::End, "End", icons::end(), place.last, Push::Ends(true)) }
        </>
    }
}

fn scrubber(ctx: &Ctx, what: &str) -> Html {
    let text =
        Msg::TimelineText { n: ctx.cursor, of: ctx.last(), time: time(ctx), what: what.to_owned() };
    let move_to = {
        let dispatcher = ctx.dispatcher();
        Callback::from(move |event: InputEvent| {
            dispatcher.dispatch(Action::Play(false));
            dispatcher.dispatch(Action::Cursor(value_of(&event).parse().unwrap_or(0)));
        })
    };
    html! {
        <input type="range" class="scrub" min="0" max={ctx.last().to_string()} step="1" value={ctx.cursor.to_string()}
            aria-label={say(ctx, Msg::Timeline)} aria-valuetext={say(ctx, text)} oninput={move_to} />
    }
}

fn speed(ctx: &Ctx) -> Html {
    let choose = on(ctx, |event: Event| Action::Speed(value_of(&event).parse().unwrap_or(2)));
    html! {
        <select aria-label={say(ctx, Msg::Speed)} onchange={choose}>
            { for ctx.prefs.speeds().iter().enumerate().map(|(index, times)| html! {
                <option value={index.to_string()} selected={index == ctx.prefs.speed_now()}>{ i18n::number(ctx.lang(), &format!("{times}×")) }</option>
            }) }
        </select>
    }
}

/// How far a step goes.
fn step_by(ctx: &Ctx) -> Html {
    let name = |by: StepBy| match by {
        StepBy::Event => Msg::ByEvent,
        StepBy::Statement => Msg::ByStatement,
        StepBy::Call => Msg::ByCall,
        StepBy::Packet => Msg::ByPacket,
        StepBy::State => Msg::ByState,
        StepBy::Breakpoint => Msg::ByBreakpoint,
    };
    let choose = on(ctx, |event: Event| {
        let index: usize = value_of(&event).parse().unwrap_or(0);
        Action::Time(TimeAction::StepBy(StepBy::ALL.get(index).copied().unwrap_or_default()))
    });
    html! {
        <select class="step-by" aria-label={say(ctx, Msg::StepBy)} title={say(ctx, Msg::StepBy)} onchange={choose}>
            { for StepBy::ALL.into_iter().enumerate().map(|(index, by)| html! {
                <option value={index.to_string()} selected={by == ctx.time.step_by}>{ say(ctx, name(by)) }</option>
            }) }
        </select>
    }
}

/// Whether steps are asked about first.
fn predict(ctx: &Ctx) -> Html {
    let on_now = ctx.time.quiz;
    html! {
        <button type="button" class="quiet predict-switch" aria-pressed={on_now.to_string()} title={say(ctx, Msg::PredictHint)}
            onclick={on(ctx, move |_: MouseEvent| Action::Time(TimeAction::Quiz(!on_now)))}>{ say(ctx, Msg::Predict) }</button>
    }
}

fn clock(ctx: &Ctx) -> Html {
    let choose = on(ctx, |event: Event| {
        Action::Clock(if value_of(&event) == "time" { Clock::Time } else { Clock::Events })
    });
    html! {
        <select aria-label={say(ctx, Msg::Clock)} onchange={choose}>
            <option value="events" selected={ctx.prefs.clock == Clock::Events}>{ say(ctx, Msg::ClockEvents) }</option>
            <option value="time" selected={ctx.prefs.clock == Clock::Time}>{ say(ctx, Msg::ClockTime) }</option>
        </select>
    }
}

/// Picture units across; the picture is stretched to the bar's width.
const WIDTH: f64 = 1000.0;

fn lanes(ctx: &Ctx) -> Html {
    let Some(course) = ctx.course() else { return html! {} };
    let last = course.last().max(1) as f64;
    let x = |moment: usize| moment as f64 / last * WIDTH;
    let tick = |moment: usize, y: f64, class: &'static str| {
        html! {
            <line class={classes!("tick", class)} x1={x(moment).to_string()} x2={x(moment).to_string()}
                y1={(y - 4.0).to_string()} y2={(y + 4.0).to_string()} vector-effect="non-scaling-stroke" />
        }
    };
    // More ticks than pixels only cost time.
    let thin = |len: usize| (len / 400).max(1);
    // Whoever predicts must not read the answer here.
    let shown = |moment: usize| !ctx.time.quiz || moment <= ctx.cursor;
    let calls = course.calls.iter().step_by(thin(course.calls.len()));
    let calls = calls.filter(|call| shown(call.moment));
    let packets = course.packets.iter().step_by(thin(course.packets.len()));
    let packets = packets.filter(|packet| shown(packet.moment));
    html! {
        <div class="lanes">
            <svg viewBox="0 0 1000 34" preserveAspectRatio="none" role="img" aria-label={say(ctx, Msg::Lanes)}>
                <rect class="past" x="0" y="0" width={x(ctx.cursor).to_string()} height="34" />
                { for [6, 17, 28].map(|y| html! { <line class="rail" x1="0" x2="1000" y1={y.to_string()} y2={y.to_string()} /> }) }
                { for calls.map(|call| tick(call.moment, if call.host == 0 { 6.0 } else { 28.0 }, if call.end.as_ref().is_some_and(|(.., reply)| reply.ret.is_err()) { "k-rst" } else { "k-other" })) }
                { for packets.map(|packet| tick(packet.moment, 17.0, packet.summary.kind.class())) }
                <line class="now" x1={x(ctx.cursor).to_string()} x2={x(ctx.cursor).to_string()} y1="0" y2="34" vector-effect="non-scaling-stroke" />
            </svg>
        </div>
    }
}
