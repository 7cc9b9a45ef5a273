//! The bar at the top: which lesson, which kernel, language, theme, help.

use crate::components::{Ctx, icons, on, say, value_of};
use crate::i18n::Msg;
use crate::prefs::Theme;
use crate::state::{Action, Dialog, Kernel};
use crate::{lessons, link};
use yew::prelude::*;

pub(crate) fn header(ctx: &Ctx) -> Html {
    let theme = match ctx.prefs.theme {
        Theme::Auto => Msg::ThemeAuto,
        Theme::Light => Msg::ThemeLight,
        Theme::Dark => Msg::ThemeDark,
    };
    html! {
        <header class="bar">
            <h1 class="brand">
                <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 9h7V5l9 7-9 7v-4H4z" /></svg>
                { "Soquete" }
            </h1>
            { lesson(ctx) }
            { kernel(ctx) }
            <span class="grow"></span>
            <button type="button" class="quiet" onclick={on(ctx, |_: MouseEvent| Action::Dialog(Some(Dialog::Files)))}>{ say(ctx, Msg::Files) }</button>
            <button type="button" class="quiet" onclick={on(ctx, |_: MouseEvent| Action::Dialog(Some(Dialog::Share)))}>
                { icons::share() }<span class="wide">{ say(ctx, Msg::Share) }</span>
                <span class="sr-only">{ say(ctx, Msg::Share) }</span>
            </button>
            <button type="button" class="quiet" lang={say(ctx, Msg::OtherLanguageTag)} aria-label={say(ctx, Msg::OtherLanguage)}
                onclick={on(ctx, |_: MouseEvent| Action::Lang)}>{ say(ctx, Msg::OtherLanguageShort) }</button>
            <button type="button" class="quiet icon" aria-label={say(ctx, theme.clone())} title={say(ctx, theme)}
                onclick={on(ctx, |_: MouseEvent| Action::Theme)}>{ icons::theme() }</button>
            <button type="button" class="quiet icon" aria-label={format!("{} (?)", say(ctx, Msg::Help))}
                onclick={on(ctx, |_: MouseEvent| Action::Dialog(Some(Dialog::Help)))}>{ "?" }</button>
        </header>
    }
}

fn lesson(ctx: &Ctx) -> Html {
    let lang = ctx.lang();
    let choose = on(ctx, |event: Event| {
        let lesson = value_of(&event).parse().unwrap_or(0);
        // The step of another sitting is not where one wants to start again.
        let kept = link::kept(lesson).map(|document| link::Document { step: 0, ..document });
        kept.map_or(Action::Lesson(lesson), Action::Document)
    });
    html! {
        <select aria-label={say(ctx, Msg::Lesson)} onchange={choose}>
            if ctx.own { <option value="own" selected=true>{ say(ctx, Msg::OwnPrograms) }</option> }
            { for lessons::titles(lang).into_iter().enumerate().map(|(number, title)| html! {
                <option value={number.to_string()} selected={number == ctx.lesson && !ctx.own}>{ title }</option>
            }) }
        </select>
    }
}

fn kernel(ctx: &Ctx) -> Html {
    let option = |kernel: Kernel, label: Msg| {
        html! {
            <label>
                <input type="radio" name="kernel" checked={ctx.kernel == kernel}
                    onchange={on(ctx, move |_: Event| Action::Kernel(kernel))} />
                { say(ctx, label) }
            </label>
        }
    };
    html! {
        <div class="switch" role="radiogroup" aria-label={say(ctx, Msg::Kernel)}>
            { option(Kernel::Simulated, Msg::Simulated) }
            { option(Kernel::Real, Msg::Real) }
        </div>
    }
}
