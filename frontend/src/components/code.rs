//! The programs: an editor each, where each process stands, what is wrong with the text.

use crate::components::{Ctx, icons, on, say};
use crate::editor::{Editor, object};
use crate::i18n::Msg;
use crate::keys::{self, Key};
use crate::model::scene::{Place, ProgramView};
use crate::model::tokens::tokens;
use crate::state::{Action, Problem};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

pub(crate) fn code(ctx: &Ctx, programs: &[ProgramView]) -> Html {
    let empty = ProgramView::default();
    html! {
        <section id="code" class="panel region region-code" aria-label={say(ctx, Msg::RegionCode)} tabindex="-1">
            <div class="programs">
                { for (0..ctx.sources.len()).map(|index| {
                    let view = programs.get(index).unwrap_or(&empty);
                    program(ctx, index, view)
                }) }
            </div>
        </section>
    }
}

fn program(ctx: &Ctx, index: usize, view: &ProgramView) -> Html {
    let source = &ctx.sources[index];
    let edited = source.text != source.original;
    let problems = ctx.problems.get(index).cloned().unwrap_or_default();
    html! {
        <div class="program" key={format!("{}-{index}", ctx.lesson)}>
            <header>
                <h2>{ &source.name }</h2>
                <span class="chip">{ icons::host(view.host) }{ format!("{} {}", icons::letter(view.host), view.host_name) }</span>
                <span class={classes!("state", view.blocked.then_some("blocked"))}>{ for view.state.clone().map(|state| say(ctx, state)) }</span>
                if edited {
                    <button type="button" class="quiet" onclick={on(ctx, move |_: MouseEvent| Action::Restore(index))}>{ say(ctx, Msg::Restore) }</button>
                }
            </header>
            <Pane ctx={ctx.clone()} {index} places={view.places.clone()} values={view.values.clone()} />
            { list(ctx, index, &problems) }
        </div>
    }
}

fn list(ctx: &Ctx, index: usize, problems: &[Problem]) -> Html {
    if problems.is_empty() {
        return html! {};
    }
    let go_to = |from: u32| Callback::from(move |_: MouseEvent| focus_editor(index, from));
    html! {
        <section class="problems" aria-label={say(ctx, Msg::Problems { n: problems.len() })}>
            <ul>
                { for problems.iter().map(|problem| html! {
                    <li><button type="button" class={if problem.error { "error" } else { "warning" }} onclick={go_to(problem.from)}>
                        { say(ctx, Msg::Problem { line: problem.line, text: problem.text(ctx.lang()).to_owned() }) }
                    </button></li>
                }) }
            </ul>
        </section>
    }
}

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

fn focus_editor(index: usize, from: u32) {
    let editor = EDITORS.with_borrow(|editors| editors.get(index).cloned().flatten());
    if let Some(editor) = editor {
        editor.go_to(from);
    }
}

#[derive(Properties, PartialEq)]
struct PaneProps {
    ctx: Ctx,
    index: usize,
    places: Vec<Place>,
    values: Vec<(u32, String)>,
}

/// What the editor calls back into; it must live as long as the editor.
struct Callbacks {
    edit: Closure<dyn FnMut(String)>,
    breakpoints: Closure<dyn FnMut(Vec<u32>)>,
    key: Closure<dyn FnMut(String)>,
}

/// One editor. Yew never touches what is inside its element.
#[component]
fn Pane(props: &PaneProps) -> Html {
    let place = use_node_ref();
    let editor = use_mut_ref(|| None::<Rc<Editor>>);
    let ctx = &props.ctx;
    let index = props.index;
    let source = ctx.sources.get(index).cloned();
    let Some(source) = source else { return html! {} };
    let label = say(ctx, Msg::EditorOf { name: source.name.clone() });
    // The editor's callbacks outlive a render: they find the latest state here.
    let latest = use_mut_ref(|| ctx.clone());
    *latest.borrow_mut() = ctx.clone();
    {
        let (place, editor, dispatcher) = (place.clone(), editor.clone(), ctx.dispatcher());
        let (text, breakpoints, label) =
            (source.text.clone(), source.breakpoints.clone(), label.clone());
        use_effect_with((), move |()| {
            let callbacks = Callbacks {
                edit: {
                    let dispatcher = dispatcher.clone();
                    Closure::new(move |text| dispatcher.dispatch(Action::Edit(index, text)))
                },
                breakpoints: {
                    let dispatcher = dispatcher.clone();
                    Closure::new(move |lines| {
                        dispatcher.dispatch(Action::Breakpoints(index, lines))
                    })
                },
                key: Closure::new(move |name: String| {
                    if let Some(key) = Key::of_chord(&name) {
                        let ctx = latest.borrow().clone();
                        keys::act(&ctx, key);
                    }
                }),
            };
            if let Some(element) = place.cast::<web_sys::Element>() {
                let made = Editor::new(
                    &element,
                    &text,
                    &label,
                    &callbacks.edit,
                    &callbacks.breakpoints,
                    &callbacks.key,
                );
                made.set_breakpoints(&breakpoints);
                let made = Rc::new(made);
                register(index, Some(made.clone()));
                *editor.borrow_mut() = Some(made);
            }
            move || {
                if let Some(editor) = editor.borrow_mut().take() {
                    editor.destroy();
                }
                register(index, None);
                drop(callbacks);
            }
        });
    }
    let with = |act: &dyn Fn(&Editor)| {
        if let Some(editor) = &*editor.borrow() {
            act(editor);
        }
    };
    // Order matters: the text first, then what is laid over it.
    let texts = (source.text.clone(), ctx.revision);
    use_effect_with(texts, {
        let editor = editor.clone();
        move |(text, _): &(String, u32)| {
            if let Some(editor) = &*editor.borrow() {
                editor.set_text(text);
                editor.set_tokens(&tokens(text));
            }
        }
    });
    let problems = ctx.problems.get(index).cloned().unwrap_or_default();
    use_effect_with((problems, ctx.lang()), {
        let editor = editor.clone();
        move |(problems, lang): &(Vec<Problem>, abi::Lang)| {
            if let Some(editor) = &*editor.borrow() {
                editor.set_diagnostics(
                    problems.iter().map(|problem| diagnostic(problem, *lang)).collect(),
                );
            }
        }
    });
    let marks = (props.places.clone(), props.values.clone(), ctx.cursor, source.text.clone());
    use_effect_with(marks, {
        let editor = editor.clone();
        move |(places, values, ..): &(Vec<Place>, Vec<(u32, String)>, usize, String)| {
            if let Some(editor) = &*editor.borrow() {
                let places = places.iter().map(place_object).collect();
                let values = values.iter().map(value_object).collect();
                editor.set_marks(places, values, true);
            }
        }
    });
    with(&|editor| editor.set_label(&label));
    html! { <div class="editor" ref={place}></div> }
}

fn place_object(place: &Place) -> JsValue {
    object(&[("line", place.line.into()), ("kind", place.kind.into())])
}

fn value_object((line, text): &(u32, String)) -> JsValue {
    object(&[("line", (*line).into()), ("text", text.as_str().into())])
}

fn diagnostic(problem: &Problem, lang: abi::Lang) -> JsValue {
    let fix = match &problem.fix {
        None => JsValue::UNDEFINED,
        Some((from, to, insert)) => {
            let label = match (from == to, insert.is_empty()) {
                (_, true) => Msg::FixDelete,
                (true, _) => Msg::FixInsert { text: insert.clone() },
                (false, _) => Msg::Fix { text: insert.clone() },
            };
            object(&[
                ("label", label.text(lang).into()),
                ("from", (*from).into()),
                ("to", (*to).into()),
                ("insert", insert.as_str().into()),
            ])
        }
    };
    object(&[
        ("from", problem.from.into()),
        ("to", problem.to.into()),
        ("severity", if problem.error { "error" } else { "warning" }.into()),
        ("message", problem.text(lang).into()),
        ("fix", fix),
    ])
}
