//! A field of the world's settings: what is typed stays as it is typed, also while it is no value;
//! a value is taken over at once.

use crate::components::{Ctx, value_of};
use crate::i18n::Msg;
use crate::model::settings;
use crate::state::Action;
use sim::scenario::Scenario;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

/// Which field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Seed,
    Until,
    /// A link's knob.
    Link(usize, usize),
    /// When a program starts.
    Start(usize),
}

/// The form, with what was typed into it and what of that is no value.
pub(crate) struct Form {
    pub(crate) ctx: Ctx,
    pub(crate) world: Rc<Scenario>,
    pub(crate) typed: UseStateHandle<Rc<BTreeMap<Place, String>>>,
    pub(crate) bad: UseStateHandle<Option<(Place, Msg)>>,
}

impl Form {
    /// A field. `now` is its value in the world, and `write` puts a text there; `false`: it is no
    /// value.
    pub(crate) fn field(
        &self,
        place: Place,
        label: String,
        now: String,
        write: impl Fn(&mut Scenario, &str) -> bool + 'static,
    ) -> Html {
        let value = self.typed.get(&place).cloned().unwrap_or(now);
        let (ctx, world) = (self.ctx.clone(), self.world.clone());
        let (typed, bad) = (self.typed.clone(), self.bad.clone());
        let change = Callback::from(move |event: InputEvent| {
            let text = value_of(&event);
            let mut changed = (*world).clone();
            let good = write(&mut changed, &text);
            bad.set((!good).then(|| (place, settings::wrong(&text))));
            let mut texts = (**typed).clone();
            texts.insert(place, text);
            typed.set(Rc::new(texts));
            if good {
                ctx.dispatch(Action::World(changed));
            }
        });
        let wrong = self.bad.as_ref().is_some_and(|(bad, _)| *bad == place);
        html! {
            <label>{ label }
                <input type="text" {value} oninput={change} aria-invalid={wrong.to_string()} spellcheck="false" autocomplete="off" />
            </label>
        }
    }
}
