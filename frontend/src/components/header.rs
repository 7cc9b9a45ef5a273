//! The bar at the top: which lesson, which kernel, language, theme, help.

use crate::components::{Ctx, icons, menu, on, say, value_of};
use crate::i18n::{self, Msg};
use crate::prefs::Theme;
use crate::state::{Action, Dialog, Kernel, Target};
use crate::{lessons, link};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlSelectElement};
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
            <Lessons ctx={ctx.clone()} />
            { kernel(ctx) }
            <button type="button" class="quiet icon menu-button" popovertarget="more" aria-label={say(ctx, Msg::MoreActions)}>{ icons::more() }</button>
            // On a narrow screen these are a menu; on a wide one, part of the bar.
            <div id="more" class="more-menu" popover="auto">
            <button type="button" class="network" onclick={on(ctx, |_: MouseEvent| Action::Dialog(Some(Dialog::World)))}>
                { icons::network() }{ network(ctx) }<span class="sr-only">{ say(ctx, Msg::WorldSettings) }</span>
            </button>
            { tools(ctx) }
            <span class="grow"></span>
            <button type="button" class="quiet" onclick={on(ctx, |_: MouseEvent| Action::Dialog(Some(Dialog::Files)))}>{ say(ctx, Msg::Files) }</button>
            <button type="button" class="quiet" onclick={on(ctx, |_: MouseEvent| Action::Dialog(Some(Dialog::Share)))}>
                { icons::share() }{ say(ctx, Msg::Share) }
            </button>
            <button type="button" class="quiet" lang={say(ctx, Msg::OtherLanguageTag)} aria-label={say(ctx, Msg::OtherLanguage)}
                onclick={on(ctx, |_: MouseEvent| Action::Lang)}><span class="short">{ say(ctx, Msg::OtherLanguageShort) }</span><span class="narrow">{ say(ctx, Msg::OtherLanguage) }</span></button>
            <button type="button" class="quiet icon" aria-label={say(ctx, theme.clone())} title={say(ctx, theme.clone())}
                onclick={on(ctx, |_: MouseEvent| Action::Theme)}>{ icons::theme() }<span class="narrow" aria-hidden="true">{ say(ctx, theme) }</span></button>
            <button type="button" class="quiet icon" aria-label={format!("{} (?)", say(ctx, Msg::Help))}
                onclick={on(ctx, |_: MouseEvent| Action::Dialog(Some(Dialog::Help)))}>{ "?" }<span class="narrow" aria-hidden="true">{ say(ctx, Msg::Help) }</span></button>
            </div>
        </header>
    }
}

/// Shows the lesson's title when it was not chosen here: a browser takes what an option says about
/// itself only until somebody has chosen one.
#[hook]
pub(crate) fn use_lesson_title(ctx: &Ctx) {
    use_effect_with((ctx.lesson, ctx.own), |(lesson, own)| {
        let document = web_sys::window().and_then(|window| window.document());
        let select = document.and_then(|document| document.get_element_by_id("lesson"));
        if let Some(select) = select.and_then(|e| e.dyn_into::<HtmlSelectElement>().ok()) {
            select.set_value(&if *own { OWN.to_owned() } else { lesson.to_string() });
        }
    });
}

/// The value of the option for one's own programs.
const OWN: &str = "own";

fn open_lesson(ctx: &Ctx, value: &str) {
    let Ok(lesson) = value.parse() else { return };
    if lesson == ctx.lesson && !ctx.own {
        return;
    }
    // The step of another sitting is not where one wants to start again.
    let kept = link::kept(lesson).map(|document| link::Document { step: 0, ..document });
    ctx.dispatch(kept.map_or(Action::Lesson(lesson), Action::Document));
}

#[derive(Properties, PartialEq)]
struct LessonsProps {
    ctx: Ctx,
}

/// The lessons. A key that goes through a closed list changes its value at each press: the lesson
/// is opened by Enter or when the list is left (WCAG 3.2.2).
#[component]
fn Lessons(props: &LessonsProps) -> Html {
    let ctx = &props.ctx;
    let lang = ctx.lang();
    let leafing = use_mut_ref(|| false);
    let choose = {
        let (ctx, leafing) = (ctx.clone(), leafing.clone());
        Callback::from(move |event: Event| {
            if !*leafing.borrow() {
                open_lesson(&ctx, &value_of(&event));
            }
        })
    };
    let key = {
        let (ctx, leafing) = (ctx.clone(), leafing.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" | " " | "Tab" | "F4" | "Escape" => {
                let left = leafing.replace(false);
                if left && event.key() == "Enter" {
                    open_lesson(&ctx, &value_of(&event));
                }
            }
            _ if event.alt_key() || event.ctrl_key() => {}
            _ => *leafing.borrow_mut() = true,
        })
    };
    let leave = {
        let (ctx, leafing) = (ctx.clone(), leafing.clone());
        Callback::from(move |event: FocusEvent| {
            leafing.replace(false);
            open_lesson(&ctx, &value_of(&event));
        })
    };
    let press = Callback::from(move |_: PointerEvent| *leafing.borrow_mut() = false);
    html! {
        <select id="lesson" aria-label={say(ctx, Msg::Lesson)} aria-description={say(ctx, Msg::LessonHint)}
            title={say(ctx, Msg::LessonHint)} onchange={choose} onkeydown={key} onblur={leave} onpointerdown={press}>
            if ctx.own { <option value={OWN} selected=true>{ say(ctx, Msg::OwnPrograms) }</option> }
            { for lessons::titles(lang).into_iter().enumerate().map(|(number, title)| html! {
                <option value={number.to_string()} selected={number == ctx.lesson && !ctx.own}>{ title }</option>
            }) }
        </select>
    }
}

/// What the first link does, as far as it is not what all links do.
fn network(ctx: &Ctx) -> String {
    let links = ctx.world.as_ref().map_or(&[][..], |world| &world.links[..]);
    let Some(link) = links.first() else { return say(ctx, Msg::WorldShort) };
    let delay = i18n::duration(ctx.lang(), link.params.delay_ns);
    say(ctx, Msg::NetworkShort { delay, loss: i18n::percent(ctx.lang(), link.params.loss) })
}

/// The socket() explorer and the address workshop.
fn tools(ctx: &Ctx) -> Html {
    let open = {
        let ctx = ctx.clone();
        Callback::from(move |event: MouseEvent| {
            menu::open(&ctx, &event, Target::Tools);
            // On a narrow screen the button is in the bar's own menu, which would cover this one.
            let document = web_sys::window().and_then(|window| window.document());
            let bar = document.and_then(|document| document.get_element_by_id("more"));
            if let Some(bar) = bar.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
                // On a wide screen it is no menu, and not shown as one.
                let _ = bar.hide_popover();
            }
        })
    };
    let expanded = ctx.menu.is_some_and(|menu| menu.target == Target::Tools);
    html! {
        <button type="button" class="quiet tools" aria-haspopup="menu" aria-expanded={expanded.to_string()} onclick={open}>
            { say(ctx, Msg::Tools) }<span aria-hidden="true">{ " ▾" }</span>
        </button>
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
