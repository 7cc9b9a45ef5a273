//! Opening and saving: documents, programs, scenarios, and everything that a run can be exported
//! as; the scenario's own view.

use crate::components::{Ctx, on, say, value_of};
use crate::i18n::Msg;
use crate::lessons;
use crate::link::{self, Document};
use crate::model::export::{self, File, Kind};
use crate::state::{Action, Dialog};
use serde_json::error::Category;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

#[wasm_bindgen(module = "/js/files.mjs")]
extern "C" {
    fn save(name: &str, mime: &str, bytes: &[u8]);
    #[wasm_bindgen(catch)]
    async fn png(svg: &str) -> Result<JsValue, JsValue>;
    fn chosen(input: &web_sys::EventTarget, take: &JsValue);
    fn dropped(take: &Closure<dyn FnMut(String, Option<String>)>) -> js_sys::Function;
}

/// The dialog.
pub(crate) fn files(ctx: &Ctx) -> Html {
    let choose = {
        let ctx = ctx.clone();
        Callback::from(move |event: Event| {
            let ctx = ctx.clone();
            let take = Closure::<dyn FnMut(String, Option<String>)>::new(move |name, text| {
                take(&ctx, name, text);
            });
            if let Some(input) = event.target() {
                // The files are read later: the browser keeps the function until then.
                chosen(&input, &take.into_js_value());
            }
        })
    };
    let restore = link::aside().map(|draft| {
        let (ctx, label) = (ctx.clone(), say(ctx, Msg::RestoreDraft));
        let open = Callback::from(move |_: MouseEvent| {
            ctx.dispatch(Action::Dialog(None));
            link::open(&ctx, draft.clone(), Vec::new());
        });
        html! { <p><button type="button" onclick={open}>{ label }</button></p> }
    });
    html! {
        <>
            <h3>{ say(ctx, Msg::OpenFiles) }</h3>
            <p>{ say(ctx, Msg::OpenText) }</p>
            <p><label>{ say(ctx, Msg::ChooseFiles) }{ " " }
                <input type="file" multiple=true accept=".c,.h,.cpp,.cc,.cxx,.toml,.json" onchange={choose} /></label></p>
            { for restore }
            <h3>{ say(ctx, Msg::SaveFiles) }</h3>
            <p class="deeds">
                { for Kind::ALL.into_iter().map(|kind| button(ctx, kind)) }
                <button type="button" onclick={on(ctx, |_: MouseEvent| Action::Dialog(Some(Dialog::Print)))}>{ say(ctx, Msg::Print) }</button>
            </p>
            <h3>{ say(ctx, Msg::Programs) }</h3>
            <p class="deeds">
                { for ctx.sources.iter().map(|source| {
                    let file = export::source(source);
                    let name = file.name.clone();
                    html! { <button type="button" onclick={Callback::from(move |_: MouseEvent| save(&file.name, file.mime, &file.bytes))}>{ name }</button> }
                }) }
            </p>
        </>
    }
}

fn button(ctx: &Ctx, kind: Kind) -> Html {
    let label = match kind {
        Kind::Pcapng => Msg::SavePcapng,
        Kind::Svg => Msg::SaveSvg,
        Kind::Png => Msg::SavePng,
        Kind::Json => Msg::SaveJson,
        Kind::Strace => Msg::SaveStrace,
        Kind::Zip => Msg::SaveZip,
        Kind::Document => Msg::SaveDocument,
    };
    let act = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| export(&ctx, kind))
    };
    html! { <button type="button" data-export={format!("{kind:?}")} disabled={ctx.run.is_none()} onclick={act}>{ say(ctx, label) }</button> }
}

fn export(ctx: &Ctx, kind: Kind) {
    let Some(run) = &ctx.run else { return };
    let document = Document::of(ctx);
    let base = if document.lesson.is_empty() { "soquete" } else { &document.lesson };
    let file = export::file(kind, base, run, &ctx.sources, &ctx.scenario_text(), &document);
    if kind != Kind::Png {
        save(&file.name, file.mime, &file.bytes);
        return;
    }
    let ctx = ctx.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let File { name, mime, bytes } = file;
        let svg = String::from_utf8(bytes).unwrap_or_default();
        match png(&svg).await {
            Ok(painted) => save(&name, mime, &js_sys::Uint8Array::new(&painted).to_vec()),
            Err(_) => ctx.dispatch(Action::Notice(Some(Msg::NotPainted))),
        }
    });
}

/// A file that was chosen or dropped; `None`: too long to be a program.
fn take(ctx: &Ctx, name: String, text: Option<String>) {
    ctx.dispatch(Action::Dialog(None));
    // What was said about another file would be read as said about this one.
    ctx.dispatch(Action::Notice(None));
    let Some(text) = text else {
        ctx.dispatch(Action::Notice(Some(Msg::FileTooLong { name })));
        return;
    };
    if name.ends_with(".json") {
        match serde_json::from_str::<Document>(&text) {
            Ok(document) => link::open(ctx, document, Vec::new()),
            Err(error) => {
                let line = error.line();
                ctx.dispatch(Action::Notice(Some(match error.classify() {
                    Category::Eof => Msg::FileCut { name, line },
                    Category::Data => Msg::FileNotOurs { name, line },
                    Category::Syntax | Category::Io => Msg::FileNotJson { name, line },
                })));
            }
        }
        return;
    }
    let known = [".c", ".h", ".cpp", ".cc", ".cxx", ".toml"].iter().any(|end| name.ends_with(end));
    ctx.dispatch(match known {
        true => Action::File(name, text),
        false => Action::Notice(Some(Msg::FileUnknown { name })),
    });
}

/// Takes files that are dragged onto the page.
#[hook]
pub(crate) fn use_dropped_files(ctx: &Ctx) {
    let latest = use_mut_ref(|| ctx.clone());
    *latest.borrow_mut() = ctx.clone();
    use_effect_with((), move |()| {
        let listener = Closure::<dyn FnMut(String, Option<String>)>::new(move |name, text| {
            let ctx = latest.borrow().clone();
            take(&ctx, name, text);
        });
        let end = dropped(&listener);
        move || {
            // Ending a listener cannot fail.
            let _ = end.call0(&JsValue::NULL);
            drop(listener);
        }
    });
}

/// The scenario's text, to be changed.
pub(crate) fn scenario(ctx: &Ctx) -> Html {
    let text = match &ctx.scenario.text {
        Some(text) => text.to_string(),
        None => ctx.scenario_text(),
    };
    let original = match ctx.own {
        true => lessons::plain_scenario(ctx.sources.iter().map(|source| source.name.as_str())),
        false => lessons::text(ctx.lesson),
    };
    let edited = text != original;
    let problem = ctx.scenario.problem.as_ref().map(|((line, column), said)| {
        let text = said[usize::from(ctx.lang() == abi::Lang::En)].clone();
        say(ctx, Msg::ProblemAt { line: *line, column: *column, text })
    });
    let invalid = problem.is_some();
    html! {
        <div class="scenario">
            <p class="muted" id="scenario-help">{ say(ctx, Msg::ScenarioIntro) }
                { " " }<a href="./scenario.schema.json" target="_blank" rel="noopener">{ say(ctx, Msg::ScenarioSchema) }</a></p>
            <p role="status" class={if invalid { "k-rst kind" } else { "" }}>{ problem.unwrap_or_default() }</p>
            <textarea spellcheck="false" aria-label={say(ctx, Msg::ViewScenario)} aria-describedby="scenario-help" aria-invalid={invalid.to_string()}
                value={text} oninput={on(ctx, |event: InputEvent| Action::Scenario(text_of(&event)))} />
            if edited {
                <p><button type="button" onclick={on(ctx, move |_: MouseEvent| Action::Scenario(original.clone()))}>{ say(ctx, Msg::Restore) }</button></p>
            }
        </div>
    }
}

fn text_of(event: &web_sys::Event) -> String {
    let area = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
    area.map_or_else(|| value_of(event), |area| area.value())
}
