//! The first visit: four things to try, ticked off as they are done. Nothing is covered or locked.

use crate::components::{Ctx, say};
use crate::i18n::Msg;
use crate::keys;
use crate::state::{Action, Selected};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
}

#[component]
pub(crate) fn Tour(props: &Props) -> Html {
    let ctx = &props.ctx;
    let done = use_mut_ref(|| [false; 4]);
    if ctx.prefs.toured || ctx.last() == 0 {
        return html! {};
    }
    let now = [
        ctx.cursor >= 3,
        ctx.playing,
        matches!(ctx.selected, Some(Selected::Packet(_))),
        ctx.sources.iter().any(|source| source.text != source.original),
    ];
    let mut marks = done.borrow_mut();
    for (mark, now) in marks.iter_mut().zip(now) {
        *mark |= now;
    }
    let close = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| {
            ctx.dispatch(Action::Toured);
            // The button goes away; the focus goes to the first thing there is to do.
            keys::focus(&ctx, "forward");
        })
    };
    let steps = [Msg::TourStep, Msg::TourPlay, Msg::TourPacket, Msg::TourEdit];
    html! {
        <section class="tour" aria-label={say(ctx, Msg::Tour)}>
            <ol>{ for steps.into_iter().zip(marks.iter()).map(|(step, done)| html! {
                <li class={classes!(done.then_some("done"))}>
                    <span class="tick" aria-hidden="true">{ if *done { "✓" } else { "" } }</span>
                    { say(ctx, step) }
                    if *done { <span class="sr-only">{ format!(" ({})", say(ctx, Msg::GoalReached)) }</span> }
                </li>
            }) }</ol>
            <button type="button" class="quiet" onclick={close}>{ say(ctx, Msg::TourClose) }</button>
        </section>
    }
}
