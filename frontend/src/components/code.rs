//! The programs: an editor each, where each process stands, what is wrong with the text.

use crate::components::{Ctx, Tab, icons, on, say, tabs, value_of};
use crate::editor::{Editor, object};
use crate::i18n::Msg;
use crate::keys::{self, Key};
use crate::model::scene::{Beside, Place, ProgramView};
use crate::model::tokens::tokens;
use crate::state::{Action, Panel, Problem, Program};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// Editors that are stacked; more get tabs.
const STACKED: usize = 2;

pub(crate) fn code(ctx: &Ctx, programs: &[ProgramView]) -> Html {
    let count = ctx.sources.len();
    let stacked = count <= STACKED;
    let shown = (0..count).filter(|index| stacked || *index == ctx.source);
    html! {
        <section id="code" class="panel region region-code" aria-label={say(ctx, Msg::RegionCode)} tabindex="-1">
            if !stacked { { choice(ctx, programs) } }
            <div class="programs">
                { for shown.map(|index| program(ctx, index, programs)) }
            </div>
        </section>
    }
}

/// Which source the process of this step runs.
fn acting(ctx: &Ctx, programs: &[ProgramView]) -> Option<usize> {
    let run = ctx.run.as_ref()?;
    let record = run.timeline.record(run.course.moments.get(ctx.cursor)?.record?)?;
    let (host, pid) = (record.host.0 as usize, record.pid);
    let process = run.course.processes.iter().rev().find(|p| p.host == host && p.pid == pid)?;
    let mut runs = ctx.programs.iter().zip(programs);
    let found = runs.find(|(program, view)| {
        view.host == host && sim::scenario::stem(&program.file) == process.program
    });
    let file = &found?.0.file;
    ctx.sources.iter().position(|source| source.name == *file)
}

/// Shows the text of the process of each step, where texts share one place and nobody chose one.
#[hook]
pub(crate) fn use_acting(ctx: &Ctx, programs: &[ProgramView]) {
    let wanted = acting(ctx, programs).filter(|_| ctx.follow && ctx.sources.len() > STACKED);
    let dispatcher = ctx.dispatcher();
    use_effect_with((ctx.cursor, wanted), move |(_, wanted)| {
        if let Some(source) = *wanted {
            dispatcher.dispatch(Action::Acting(source));
        }
    });
}

/// Tabs for more programs than can be stacked. The tab of a program whose process acts at this step
/// is marked.
fn choice(ctx: &Ctx, programs: &[ProgramView]) -> Html {
    const IDS: [&str; 12] = [
        "source-0",
        "source-1",
        "source-2",
        "source-3",
        "source-4",
        "source-5",
        "source-6",
        "source-7",
        "source-8",
        "source-9",
        "source-10",
        "source-11",
    ];
    let acting = acting(ctx, programs);
    let tab = |(index, id): (usize, &&'static str)| {
        let name = &ctx.sources[index].name;
        let wrong = ctx.problems.get(index).is_some_and(|list| list.iter().any(|p| p.error));
        let error = if wrong { "✕ " } else { "" };
        Tab {
            id,
            label: format!("{error}{name}"),
            selected: index == ctx.source,
            marked: acting == Some(index) && index != ctx.source,
            choose: on(ctx, move |_: MouseEvent| Action::Source(index)),
        }
    };
    let all = IDS.iter().take(ctx.sources.len()).enumerate().map(tab).collect();
    let follow = ctx.follow;
    html! {
        <div class="programs-head">
            { tabs("program-tabs", say(ctx, Msg::Programs), "code", all) }
            <label><input type="checkbox" checked={follow} onchange={on(ctx, move |_: Event| Action::Follow(!follow))} />{ say(ctx, Msg::Follow) }</label>
        </div>
    }
}

fn program(ctx: &Ctx, index: usize, programs: &[ProgramView]) -> Html {
    let source = &ctx.sources[index];
    let edited = source.text != source.original;
    let problems = ctx.problems.get(index).cloned().unwrap_or_default();
    // A file may run several times: its editor shows where all of them stand.
    let runs: Vec<usize> =
        (0..ctx.programs.len()).filter(|n| ctx.programs[*n].file == source.name).collect();
    let views: Vec<&ProgramView> = runs.iter().filter_map(|n| programs.get(*n)).collect();
    let places = views.iter().flat_map(|view| view.places.clone()).collect::<Vec<_>>();
    let values = beside(ctx, &views);
    html! {
        <div class="program" key={format!("{}-{index}", ctx.lesson)}>
            <header>
                <h2>{ &source.name }</h2>
                { badges(ctx, &views) }
                if let [one] = runs.as_slice() { { args(ctx, *one, &ctx.programs[*one]) } }
                if edited && !source.original.is_empty() {
                    <button type="button" class="quiet restore" aria-label={say(ctx, Msg::Restore)} title={say(ctx, Msg::Restore)}
                        onclick={on(ctx, move |_: MouseEvent| Action::Restore(index))}>{ icons::restore() }</button>
                }
            </header>
            <Pane ctx={ctx.clone()} {index} {places} {values} />
            { list(ctx, index, &problems) }
        </div>
    }
}

/// The values beside the text: of the process that the present step is about, else of the first
/// one that has any.
fn beside(ctx: &Ctx, views: &[&ProgramView]) -> Vec<Beside> {
    let host = ctx.run.as_ref().and_then(|run| {
        let moment = run.course.moments.get(ctx.cursor)?;
        run.timeline.record(moment.record?).map(|record| record.host.0 as usize)
    });
    let fits = |view: &&&ProgramView| !view.values.is_empty() && Some(view.host) == host;
    let first = views.iter().find(|view| !view.values.is_empty());
    views.iter().find(fits).or(first).map(|view| view.values.clone()).unwrap_or_default()
}

/// Who runs the text, and how each of them is.
fn badges(ctx: &Ctx, views: &[&ProgramView]) -> Html {
    match views {
        [] => html! { <span class="state">{ say(ctx, Msg::NobodyRuns) }</span> },
        [one] => {
            let state = one.state.clone().map(|state| say(ctx, state));
            html! {
                <>
                    { chip(one, format!("{} {}", icons::letter(one.host), one.host_name)) }
                    <span class={classes!("state", one.blocked.then_some("blocked"))}>{ for state }</span>
                </>
            }
        }
        many => html! {
            <span class="runs">{ for many.iter().map(|view| {
                let state = view.state.clone().map_or_else(String::new, |state| say(ctx, state));
                let title = format!("{} {}: {state}", icons::letter(view.host), view.host_name);
                html! { <span class={classes!("run", view.blocked.then_some("blocked"))} title={title.clone()}>
                    { chip(view, icons::letter(view.host).to_string()) }<span class="sr-only">{ title }</span></span> }
            }) }</span>
        },
    }
}

fn chip(view: &ProgramView, text: String) -> Html {
    html! { <span class="chip">{ icons::host(view.host) }{ text }</span> }
}

fn args(ctx: &Ctx, number: usize, program: &Program) -> Html {
    let name = Msg::ArgsOf { name: format!("{} ({})", program.file, program.host_name) };
    html! {
        <input type="text" class="args" aria-label={say(ctx, name)} placeholder={say(ctx, Msg::Args)} value={program.args.clone()}
            spellcheck="false" autocomplete="off" oninput={on(ctx, move |event: InputEvent| Action::Args(number, value_of(&event)))} />
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

/// Shows a place of a program's text: its tab, then the place.
pub(crate) fn show(ctx: &Ctx, index: usize, from: u32) {
    ctx.dispatch(Action::Source(index));
    ctx.dispatch(Action::Panel(Panel::Code));
    wasm_bindgen_futures::spawn_local(async move { focus_editor(index, from) });
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
    values: Vec<Beside>,
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
        move |(places, values, ..): &(Vec<Place>, Vec<Beside>, usize, String)| {
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
