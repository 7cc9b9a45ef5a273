//! The question before a step, its answers, the score.

use crate::components::{Ctx, on, say};
use crate::i18n::Msg;
use crate::keys;
use crate::model::predict::Score;
use crate::prefs::storage;
use crate::state::Action;
use crate::time::{Asked, TimeAction};
use yew::prelude::*;

const KEY: &str = "soquete.score.1";

/// Takes the score from the browser's storage and keeps it there.
#[hook]
pub(crate) fn use_score(ctx: &Ctx) {
    use_effect_with((), {
        let ctx = ctx.clone();
        move |()| {
            let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
            if let Some(score) = kept.and_then(|text| serde_json::from_str::<Score>(&text).ok()) {
                ctx.dispatch(Action::Time(TimeAction::Score(score)));
            }
        }
    });
    use_effect_with(ctx.time.score.clone(), |score| {
        if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(score))
            && score.asked > 0
        {
            // A full or forbidden storage forgets the score.
            let _ = storage.set_item(KEY, &text);
        }
    });
}

/// The question, if there is one. The element that is read out is there before it says anything.
pub(crate) fn quiz(ctx: &Ctx) -> Html {
    let asked = ctx.time.asked.as_ref();
    let new = asked.filter(|asked| asked.answer.is_none());
    html! {
        <>
            <p class="sr-only" role="status">{ for new.map(|asked| say(ctx, asked.question.prompt.clone())) }
                { for new.map(|_| format!(" {}", say(ctx, Msg::AskKeys))) }</p>
            { for asked.map(|asked| question(ctx, asked)) }
        </>
    }
}

fn question(ctx: &Ctx, asked: &Asked) -> Html {
    let answered = asked.answer.is_some();
    let go_on = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| skip(&ctx))
    };
    html! {
        <section class="quiz" aria-label={say(ctx, Msg::Prediction)}>
            <fieldset>
                <legend>{ say(ctx, asked.question.prompt.clone()) }</legend>
                <div class="options">
                    { for (0..asked.question.options.len()).map(|n| option(ctx, asked, n)) }
                </div>
            </fieldset>
            <p role="status">{ verdict(ctx, asked) }</p>
            <button type="button" class={if answered { "primary" } else { "quiet" }} onclick={go_on}>
                { say(ctx, if answered { Msg::Forward } else { Msg::SkipQuestion }) }
            </button>
            <span class="muted">{ score(ctx) }</span>
        </section>
    }
}

/// Goes on without an answer, or after it; a focus inside the question goes to the step button.
pub(crate) fn skip(ctx: &Ctx) {
    let inside = keys::has_focus(".quiz");
    ctx.dispatch(Action::Time(TimeAction::Reveal));
    if inside {
        keys::focus(ctx, "forward");
    }
}

fn option(ctx: &Ctx, asked: &Asked, n: usize) -> Html {
    let text = say(ctx, asked.question.options[n].clone());
    let class = match asked.answer {
        Some(_) if n == asked.question.right => "k-ok right",
        Some(answer) if answer == n => "k-rst wrong",
        _ => "",
    };
    html! {
        // Not disabled after the answer: it may have the focus, and says whether it was right.
        <button type="button" {class} id={format!("answer-{}", n + 1)} aria-keyshortcuts={(n + 1).to_string()}
            aria-pressed={(asked.answer == Some(n)).to_string()} aria-disabled={asked.answer.is_some().to_string()}
            onclick={on(ctx, move |_: MouseEvent| Action::Time(TimeAction::Answer(n)))}>
            if ctx.prefs.single_keys && asked.answer.is_none() { <kbd aria-hidden="true">{ n + 1 }</kbd>{ " " } }{ text }
        </button>
    }
}

fn verdict(ctx: &Ctx, asked: &Asked) -> Html {
    match asked.answer {
        None => html! {},
        Some(answer) if answer == asked.question.right => {
            html! { <strong class="k-ok">{ say(ctx, Msg::Right) }</strong> }
        }
        Some(_) => {
            let right = say(ctx, asked.question.options[asked.question.right].clone());
            html! { <strong class="k-rst">{ say(ctx, Msg::WrongItWas { right }) }</strong> }
        }
    }
}

fn score(ctx: &Ctx) -> String {
    let score = &ctx.time.score;
    say(ctx, Msg::ScoreText { right: score.right, asked: score.asked, streak: score.streak })
}
