//! Help and sharing: native dialogs.

use crate::components::addresses::Workshop;
use crate::components::explorer::Explorer;
use crate::components::paper::Paper;
use crate::components::world::World;
use crate::components::{Ctx, files, on, say};
use crate::i18n::Msg;
use crate::link;
use crate::state::{Action, Dialog};
use wasm_bindgen::JsCast;
use yew::prelude::*;

pub(crate) fn dialogs(ctx: &Ctx) -> Html {
    match ctx.dialog {
        None => html! {},
        Some(Dialog::Help) => {
            html! { <Modal ctx={ctx.clone()} title={say(ctx, Msg::HelpTitle)}>{ help(ctx) }</Modal> }
        }
        Some(Dialog::World) => {
            html! { <Modal ctx={ctx.clone()} title={say(ctx, Msg::WorldSettings)}><World ctx={ctx.clone()} /></Modal> }
        }
        Some(Dialog::Explorer) => {
            html! { <Modal ctx={ctx.clone()} wide=true title={say(ctx, Msg::Explorer)}><Explorer ctx={ctx.clone()} /></Modal> }
        }
        Some(Dialog::Addresses) => {
            html! { <Modal ctx={ctx.clone()} wide=true title={say(ctx, Msg::Workshop)}><Workshop ctx={ctx.clone()} /></Modal> }
        }
        Some(Dialog::Print) => html! { <Paper ctx={ctx.clone()} ask=true /> },
        Some(Dialog::Sheet) => html! { <Paper ctx={ctx.clone()} ask=false /> },
        Some(Dialog::Files) => {
            html! { <Modal ctx={ctx.clone()} title={say(ctx, Msg::FilesTitle)}>{ files::files(ctx) }</Modal> }
        }
        Some(Dialog::Share) => {
            html! { <Modal ctx={ctx.clone()} title={say(ctx, Msg::ShareTitle)}><Share ctx={ctx.clone()} /></Modal> }
        }
    }
}

#[derive(Properties, PartialEq)]
struct ModalProps {
    ctx: Ctx,
    title: String,
    #[prop_or_default]
    wide: bool,
    children: Children,
}

/// Shows itself as a modal dialog while it exists, and gives the focus back to what had it. (The
/// browser does that for a dialog that is closed, not for one that is taken out of the document.)
#[component]
fn Modal(props: &ModalProps) -> Html {
    let place = use_node_ref();
    use_effect_with((), {
        let place = place.clone();
        move |()| {
            let document = web_sys::window().and_then(|window| window.document());
            let before = document.and_then(|document| document.active_element());
            if let Some(dialog) = place.cast::<web_sys::HtmlDialogElement>() {
                // Fails only if it is shown already.
                let _ = dialog.show_modal();
            }
            move || {
                let before = before.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
                if let Some(before) = before {
                    // What is gone or hidden by now cannot take the focus.
                    let _ = before.focus();
                }
            }
        }
    });
    let ctx = &props.ctx;
    let close = on(ctx, |_: Event| Action::Dialog(None));
    let dismiss = on(ctx, |_: MouseEvent| Action::Dialog(None));
    html! {
        <dialog ref={place} class={classes!(props.wide.then_some("wide-dialog"))} aria-labelledby="dialog-title" onclose={close}>
            <button type="button" class="close quiet" onclick={dismiss}>{ say(ctx, Msg::Close) }</button>
            <h2 id="dialog-title">{ &props.title }</h2>
            { for props.children.iter() }
        </dialog>
    }
}

fn help(ctx: &Ctx) -> Html {
    let keys: [(&str, Msg); 22] = [
        ("→  .", Msg::KeyForward),
        ("←  ,", Msg::KeyBack),
        ("K  Space", Msg::KeyPlay),
        ("Shift+→  Shift+←", Msg::KeyLine),
        ("N  P", Msg::KeyPackets),
        ("]  [", Msg::KeyStates),
        ("Home  End", Msg::KeyEnds),
        ("F8", Msg::KeyContinue),
        ("F9", Msg::KeyBreakpoint),
        ("Ctrl+Enter", Msg::KeyRun),
        ("+  −", Msg::KeySpeed),
        ("T", Msg::KeyClock),
        ("1 … 5", Msg::KeyFocus),
        ("F6  Shift+F6", Msg::KeyRegions),
        ("/", Msg::KeyFilter),
        ("D  X", Msg::KeyDrop),
        ("M  Shift+F10", Msg::KeyMenu),
        ("Alt+.  Alt+,  Alt+P", Msg::KeyTyping),
        ("← → ↑ ↓", Msg::KeyBorders),
        ("Ctrl+S", Msg::KeyShare),
        ("Esc", Msg::KeyEscape),
        ("?", Msg::KeyHelp),
    ];
    let check = |label: Msg, checked: bool, make: fn(bool) -> Action| {
        html! {
            <p><label><input type="checkbox" {checked} onchange={on(ctx, move |event: Event| make(checked_of(&event)))} />{ say(ctx, label) }</label></p>
        }
    };
    html! {
        <>
            <p>{ say(ctx, Msg::HelpText) }</p>
            <p>{ say(ctx, Msg::HelpMarks) }</p>
            <h3>{ say(ctx, Msg::Preferences) }</h3>
            <p><label><input type="checkbox" checked={ctx.prefs.libc_calls} onchange={{
                let ctx = ctx.clone();
                Callback::from(move |event: Event| crate::session::show_libc_calls(&ctx, checked_of(&event)))
            }} />{ say(ctx, Msg::LibcCalls) }</label></p>
            { check(Msg::SingleKeys, ctx.prefs.single_keys, Action::SingleKeys) }
            { check(Msg::LessMotion, ctx.prefs.less_motion, Action::LessMotion) }
            { check(Msg::MoreContrast, ctx.prefs.more_contrast, Action::MoreContrast) }
            <h3>{ say(ctx, Msg::HelpKeys) }</h3>
            <table><tbody>
                { for keys.into_iter().map(|(key, what)| html! {
                    <tr><th scope="row">{ for key.split("  ").map(|k| html! { <><kbd>{ k }</kbd>{ " " }</> }) }</th><td>{ say(ctx, what) }</td></tr>
                }) }
            </tbody></table>
        </>
    }
}

fn checked_of(event: &Event) -> bool {
    event
        .target()
        .and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok())
        .is_some_and(|input| input.checked())
}

#[derive(Properties, PartialEq)]
struct ShareProps {
    ctx: Ctx,
}

#[component]
fn Share(props: &ShareProps) -> Html {
    let ctx = &props.ctx;
    let made = use_memo((), |()| link::link(&link::Document::of(ctx)));
    let copied = use_state(|| false);
    let copy = {
        let (link, copied) = ((*made).clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(window) = web_sys::window() {
                // A browser that forbids it leaves the text field to copy from.
                let _ = window.navigator().clipboard().write_text(&link);
                copied.set(true);
            }
        })
    };
    html! {
        <>
            <p>{ say(ctx, Msg::ShareText) }</p>
            <h3><label for="link">{ say(ctx, Msg::ShareLink { n: made.len() }) }</label></h3>
            <textarea id="link" readonly=true rows="4" cols="60" value={(*made).clone()} />
            <h3><label for="embed">{ say(ctx, Msg::ShareEmbed) }</label></h3>
            <textarea id="embed" readonly=true rows="3" cols="60" value={link::embedded(&link::Document::of(ctx))} />
            <p>
                <button type="button" class="primary" onclick={copy}>{ say(ctx, Msg::Copy) }</button>
                <span role="status">{ " " }if *copied { { say(ctx, Msg::Shared) } }</span>
            </p>
        </>
    }
}
