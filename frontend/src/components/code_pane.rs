//! One editor: CodeMirror in an element that Yew never touches inside, and what is laid over its
//! text: colours, problems, where processes stand, values.

use crate::components::{Ctx, say};
use crate::editor::{Editor, object};
use crate::i18n::Msg;
use crate::keys::{self, Key};
use crate::model::complete::{Choice, choices};
use crate::model::scene::{Beside, Place};
use crate::model::tokens::tokens;
use crate::real::Real;
use crate::state::{Action, Panel, Problem, Source};
use cc::Target;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

thread_local! {
    /// The editors on the page, by program: handles of JavaScript objects, not state.
    static EDITORS: RefCell<Vec<Option<Rc<Editor>>>> = const { RefCell::new(Vec::new()) };
}

fn register(index: usize, editor: Option<Rc<Editor>>) {
    EDITORS.with_borrow_mut(|editors| {
        if editors.len() <= index {
            editors.resize(index + 1, None);
        }
        editors[index] = editor;
    });
}

/// Shows a place of a program's text: its tab, then the place.
pub(crate) fn show(ctx: &Ctx, index: usize, from: u32) {
    ctx.dispatch(Action::Source(index));
    ctx.dispatch(Action::Panel(Panel::Code));
    wasm_bindgen_futures::spawn_local(async move { focus(index, from) });
}

fn editor(index: usize) -> Option<Rc<Editor>> {
    EDITORS.with_borrow(|editors| editors.get(index).cloned().flatten())
}

/// Puts the editor's cursor somewhere.
pub(crate) fn focus(index: usize, from: u32) {
    if let Some(editor) = editor(index) {
        editor.go_to(from);
    }
}

/// Replaces a part of the text as if it was typed, and puts the cursor behind it.
pub(crate) fn replace(index: usize, from: u32, to: u32, insert: &str) {
    if let Some(editor) = editor(index) {
        editor.replace(from, to, insert);
    }
}

/// What the button says that mends a problem.
pub(crate) fn fix_label(inserts: bool, insert: &str) -> Msg {
    let text = insert.to_owned();
    match (inserts, insert.is_empty()) {
        (_, true) => Msg::FixDelete,
        (true, _) => Msg::FixInsert { text },
        (false, _) => Msg::Fix { text },
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
    /// The source.
    pub(crate) index: usize,
    pub(crate) places: Vec<Place>,
    pub(crate) values: Vec<Beside>,
}

/// The editor, once it is there.
type Handle = Rc<RefCell<Option<Rc<Editor>>>>;

#[component]
pub(crate) fn Pane(props: &Props) -> Html {
    let (ctx, index) = (&props.ctx, props.index);
    let Some(source) = ctx.sources.get(index).cloned() else { return html! {} };
    let label = say(ctx, Msg::EditorOf { name: source.name.clone() });
    let place = use_node_ref();
    let editor = use_editor(ctx, index, &place, &source, &label);
    // Order matters: the text first, then what is laid over it.
    use_overlay(&editor, (source.text.clone(), ctx.revision), |editor, (text, _)| {
        editor.set_text(text);
        editor.set_tokens(&tokens(text));
    });
    let problems = ctx.problems.get(index).cloned().unwrap_or_default();
    use_overlay(&editor, (problems, ctx.lang()), |editor, (problems, lang)| {
        editor.set_diagnostics(problems.iter().map(|p| diagnostic(p, *lang)).collect());
    });
    let marks = (props.places.clone(), props.values.clone(), ctx.cursor, source.text.clone());
    use_overlay(&editor, marks, |editor, (places, values, ..)| {
        let places = places.iter().map(place_object).collect();
        let values = values.iter().map(value_object).collect();
        editor.set_marks(places, values, true);
    });
    use_overlay(&editor, label, |editor, label| editor.set_label(label));
    html! { <div class="editor" ref={place}></div> }
}

/// Lays something over the editor's text again when it has changed.
#[hook]
fn use_overlay<T: PartialEq + 'static>(
    editor: &Handle,
    what: T,
    lay: impl Fn(&Editor, &T) + 'static,
) {
    let editor = editor.clone();
    use_effect_with(what, move |what| {
        if let Some(editor) = &*editor.borrow() {
            lay(editor, what);
        }
    });
}

/// What the editor calls back into; it must live as long as the editor.
struct Callbacks {
    edit: Closure<dyn FnMut(String)>,
    breakpoints: Closure<dyn FnMut(Vec<u32>)>,
    key: Closure<dyn FnMut(String)>,
    complete: Closure<dyn FnMut(String, u32, bool) -> JsValue>,
}

/// The page's state as of the latest drawing, for callbacks that outlive one.
type Latest = Rc<RefCell<(Ctx, Option<Real>)>>;

impl Callbacks {
    fn new(ctx: &Ctx, index: usize, latest: Latest) -> Callbacks {
        let (edit, breakpoints) = (ctx.dispatcher(), ctx.dispatcher());
        let now = latest.clone();
        Callbacks {
            edit: Closure::new(move |text| edit.dispatch(Action::Edit(index, text))),
            breakpoints: Closure::new(move |lines| {
                breakpoints.dispatch(Action::Breakpoints(index, lines));
            }),
            key: Closure::new(move |name: String| {
                let (ctx, real) = latest.borrow().clone();
                if let (Some(key), Some(real)) = (Key::of_chord(&name), real) {
                    keys::act(&ctx, &real, key);
                }
            }),
            complete: Closure::new(move |text: String, at, asked| {
                completions(&now.borrow().0, index, &text, at, asked)
            }),
        }
    }
}

/// Makes the editor in its element, and ends it with the component.
#[hook]
fn use_editor(ctx: &Ctx, index: usize, place: &NodeRef, source: &Source, label: &str) -> Handle {
    let editor: Handle = use_mut_ref(|| None);
    let now = (ctx.clone(), use_context::<Real>());
    let latest = use_mut_ref(|| now.clone());
    *latest.borrow_mut() = now;
    let (ctx, handle, place) = (ctx.clone(), editor.clone(), place.clone());
    let (source, label) = (source.clone(), label.to_owned());
    use_effect_with((), move |()| {
        let callbacks = Callbacks::new(&ctx, index, latest);
        if let Some(element) = place.cast::<web_sys::Element>() {
            let Callbacks { edit, breakpoints, key, complete } = &callbacks;
            let made =
                Editor::new(&element, &source.text, &label, edit, breakpoints, key, complete);
            made.set_breakpoints(&source.breakpoints);
            let made = Rc::new(made);
            register(index, Some(made.clone()));
            *handle.borrow_mut() = Some(made);
        }
        move || {
            if let Some(editor) = handle.borrow_mut().take() {
                editor.destroy();
            }
            register(index, None);
            drop(callbacks);
        }
    });
    editor
}

/// The names that fit at a place of a text, as the editor takes them; nothing: none does.
fn completions(ctx: &Ctx, index: usize, text: &str, at: u32, asked: bool) -> JsValue {
    let target = ctx.sources.get(index).map_or(Target::Linux, |source| ctx.target_of(&source.name));
    let Some(found) = choices(text, at, asked, (target, ctx.lang())) else {
        return JsValue::UNDEFINED;
    };
    let words = say(ctx, Msg::Completions { n: found.list.len() });
    let list: js_sys::Array = found.list.iter().map(|choice| choice_object(ctx, choice)).collect();
    object(&[("from", found.from.into()), ("words", words.into()), ("list", list.into())])
}

fn choice_object(ctx: &Ctx, choice: &Choice) -> JsValue {
    let header = (!choice.header.is_empty()).then(|| format!("<{}>", choice.header));
    let meaning = choice.meaning.map(str::to_owned);
    let about: Vec<String> = [meaning, header].into_iter().flatten().collect();
    let text = Some(choice.text.clone()).filter(|text| !text.is_empty());
    let said = [Some(choice.name.clone()), Some(say(ctx, choice.kind.clone())), text]
        .into_iter()
        .flatten()
        .chain(about.clone());
    object(&[
        ("name", choice.name.as_str().into()),
        ("label", said.collect::<Vec<_>>().join(", ").into()),
        ("called", choice.called.into()),
        ("text", choice.text.as_str().into()),
        ("about", about.join(" · ").into()),
    ])
}

fn place_object(place: &Place) -> JsValue {
    object(&[("line", place.line.into()), ("kind", place.kind.into())])
}

fn value_object(value: &Beside) -> JsValue {
    let changed = value.changed.into();
    object(&[
        ("line", value.line.into()),
        ("text", value.text.as_str().into()),
        ("changed", changed),
    ])
}

fn diagnostic(problem: &Problem, lang: abi::Lang) -> JsValue {
    let fix = match &problem.fix {
        None => JsValue::UNDEFINED,
        Some((from, to, insert)) => object(&[
            ("label", fix_label(from == to, insert).text(lang).into()),
            ("from", (*from).into()),
            ("to", (*to).into()),
            ("insert", insert.as_str().into()),
        ]),
    };
    object(&[
        ("from", problem.from.into()),
        ("to", problem.to.into()),
        ("severity", if problem.error { "error" } else { "warning" }.into()),
        ("message", problem.text(lang).into()),
        ("fix", fix),
    ])
}
