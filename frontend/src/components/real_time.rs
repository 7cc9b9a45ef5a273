//! Time of a real run: its recording, step by step in both directions, and its newest end, where
//! new steps are awaited while it runs.

use crate::components::transport::{Place, Push, buttons};
use crate::components::{Ctx, real, say, value_of};
use crate::i18n::{self, Msg};
use crate::real::{Program, Real, RealAction};
use crate::session::later;
use yew::prelude::*;

/// Milliseconds from one step to the next at normal speed.
const STEP_MS: f64 = 700.0;

#[component]
pub(crate) fn RealTime(props: &real::Props) -> Html {
    let ctx = &props.ctx;
    let Some(real) = use_context::<Real>() else { return html! {} };
    use_playing(ctx, &real);
    let (first, newest) = real.state.log.span();
    let step = real.state.step();
    let push = {
        let real = real.clone();
        Callback::from(move |push| match push {
            Push::Ends(end) => real.ends(end),
            Push::Step(forward) => real.step(forward),
            Push::Play(_) => real.play(),
        })
    };
    let place = Place {
        playing: real.state.playing,
        first: step <= first,
        last: step >= newest,
        empty: newest == 0,
    };
    html! {
        <section id="time" class="transport" aria-label={say(ctx, Msg::RegionTime)} tabindex="-1">
            <div role="toolbar" aria-label={say(ctx, Msg::Controls)}>
                { buttons(ctx, &place, push) }
                { scrubber(ctx, &real) }
                <span class="clock">{ time(ctx, &real) }</span>
                { mark(ctx, &real) }
            </div>
        </section>
    }
}

/// Goes on by itself while it is played.
#[hook]
fn use_playing(ctx: &Ctx, real: &Real) {
    let now = (real.state.playing, real.state.step());
    // A step that somebody took meanwhile has asked for its own next one.
    let latest = use_mut_ref(|| now);
    *latest.borrow_mut() = now;
    let ms = STEP_MS / ctx.prefs.speeds()[ctx.prefs.speed_now()];
    let state = real.state.dispatcher();
    use_effect_with(now, move |&(playing, step)| {
        if playing {
            later(ms as i32, move || {
                if *latest.borrow() == (true, step) {
                    state.dispatch(RealAction::Go(step + 1));
                }
            });
        }
    });
}

fn scrubber(ctx: &Ctx, real: &Real) -> Html {
    let (first, newest) = real.state.log.span();
    let step = real.state.step();
    let go = {
        let real = real.clone();
        Callback::from(move |event: InputEvent| {
            real.state.dispatch(RealAction::Play(false));
            real.go(value_of(&event).parse().unwrap_or(0));
        })
    };
    let text = Msg::RecordingStep { n: step, of: newest };
    html! {
        <input type="range" class="scrub" min={first.to_string()} max={newest.to_string()} step="1" value={step.to_string()}
            aria-label={say(ctx, Msg::Recording)} aria-valuetext={say(ctx, text)} disabled={newest == 0} oninput={go} />
    }
}

/// Since the first step that has a time.
fn time(ctx: &Ctx, real: &Real) -> String {
    let log = &real.state.log;
    let now = log.time_ns(real.state.step());
    let began = log.began_ns().unwrap_or(0);
    i18n::moment(ctx.lang(), now.map_or(0, |now| now.saturating_sub(began)))
}

/// Whether this is the present or a recording.
fn mark(ctx: &Ctx, real: &Real) -> Html {
    let live = real.state.at.is_none() && real.state.program == Program::Running;
    let (class, text) = if live { ("live", Msg::Live) } else { ("measured", Msg::Recorded) };
    html! { <span {class}>{ say(ctx, text) }</span> }
}
