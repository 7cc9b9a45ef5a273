//! The switch of logical clocks over the sequence diagram and the call log.

use crate::components::{Ctx, on, say, value_of};
use crate::i18n::Msg;
use crate::state::Action;
use crate::time::{Stamps, TimeAction};
use yew::prelude::*;

/// Which clock is shown, to be chosen; what a vector's places mean. `over`: without room of its
/// own, while it needs none.
pub(crate) fn switch(ctx: &Ctx, over: bool) -> Html {
    let choose = on(ctx, |event: Event| {
        Action::Time(TimeAction::Stamps(match value_of(&event).as_str() {
            "lamport" => Stamps::Lamport,
            "vector" => Stamps::Vector,
            _ => Stamps::None,
        }))
    });
    let option = |value: &'static str, stamps: Stamps, label: Msg| {
        html! { <option {value} selected={ctx.time.stamps == stamps}>{ say(ctx, label) }</option> }
    };
    let places = ctx.run.as_ref().filter(|_| ctx.time.stamps == Stamps::Vector);
    html! {
        <p class={classes!("stamps", (over && places.is_none()).then_some("over"))}>
            <select aria-label={say(ctx, Msg::Stamps)} onchange={choose}>
                { option("none", Stamps::None, Msg::StampsNone) }
                { option("lamport", Stamps::Lamport, Msg::StampsLamport) }
                { option("vector", Stamps::Vector, Msg::StampsVector) }
            </select>
            { for places.map(|run| html! { <span class="muted">{ run.stamps().places(&run.names) }</span> }) }
        </p>
    }
}

/// The stamp of a moment, if stamps are shown.
pub(crate) fn of_moment(ctx: &Ctx, moment: usize) -> Option<String> {
    let run = ctx.run.as_ref()?;
    let record = run.course.moments.get(moment)?.record?;
    run.stamps().text(record, ctx.time.stamps)
}
