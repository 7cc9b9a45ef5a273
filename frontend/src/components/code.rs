//! The programs: an editor each, where each process stands, what is wrong with the text.

use crate::components::code_pane::{self, Pane};
use crate::components::{Ctx, Tab, icons, on, say, tabs, value_of};
use crate::i18n::Msg;
use crate::model::scene::{Beside, ProgramView};
use crate::state::{Action, Mend, Problem, Program, Source};
use yew::prelude::*;

/// Editors that are stacked; more get tabs.
const STACKED: usize = 2;

/// `acting`: the source of this step's process.
pub(crate) fn code(ctx: &Ctx, programs: &[ProgramView], acting: Option<usize>) -> Html {
    let count = ctx.sources.len();
    let stacked = count <= STACKED;
    let shown = (0..count).filter(|index| stacked || *index == ctx.source);
    html! {
        <section id="code" class="panel region region-code" aria-label={say(ctx, Msg::RegionCode)} tabindex="-1">
            if !stacked { { choice(ctx, acting) } }
            <div class="programs">
                { for shown.map(|index| program(ctx, index, programs)) }
            </div>
        </section>
    }
}

/// Which source the process of this step of the simulated run runs.
pub(crate) fn acting(ctx: &Ctx, programs: &[ProgramView]) -> Option<usize> {
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
pub(crate) fn use_acting(ctx: &Ctx, acting: Option<usize>, recorded: usize) {
    let wanted = acting.filter(|_| ctx.follow && ctx.sources.len() > STACKED);
    let dispatcher = ctx.dispatcher();
    use_effect_with((ctx.cursor, recorded, wanted), move |(.., wanted)| {
        if let Some(source) = *wanted {
            dispatcher.dispatch(Action::Acting(source));
        }
    });
}

/// Tabs for more programs than can be stacked. The tab of a program whose process acts at this step
/// is marked.
fn choice(ctx: &Ctx, acting: Option<usize>) -> Html {
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
    // Of a text that does not compile, lines and variables are others than those of the last run.
    let other = problems.iter().any(|problem| problem.error) && !ran(ctx, source);
    let places =
        if other { Vec::new() } else { views.iter().flat_map(|v| v.places.clone()).collect() };
    let values = if other { Vec::new() } else { beside(ctx, &views) };
    html! {
        <div class="program" key={format!("{}-{index}", ctx.lesson)}>
            <header>
                <h2>{ &source.name }</h2>
                { badges(ctx, &views) }
                if let [one] = runs.as_slice() { { args(ctx, *one, &ctx.programs[*one]) } }
                if edited && !source.original.is_empty() {
                    <button type="button" class="quiet restore" aria-label={say(ctx, Msg::Restore)} title={say(ctx, Msg::Restore)}
                        onclick={restore(ctx, index)}>{ icons::restore() }</button>
                }
            </header>
            <Pane ctx={ctx.clone()} {index} {places} {values} />
            { list(ctx, index, &problems) }
        </div>
    }
}

/// Puts the lesson's text back; the button goes away, and the focus to what it was about.
fn restore(ctx: &Ctx, index: usize) -> Callback<MouseEvent> {
    let dispatcher = ctx.dispatcher();
    Callback::from(move |_: MouseEvent| {
        dispatcher.dispatch(Action::Restore(index));
        code_pane::focus(index, 0);
    })
}

/// Whether the run that is shown is of this text.
fn ran(ctx: &Ctx, source: &Source) -> bool {
    let run = ctx.run.as_ref();
    let files = run.map(|run| &run.timeline.scenario().files);
    files.and_then(|files| files.get(&source.name)).is_some_and(|text| *text == source.text)
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

/// A button that mends more than the problem's place.
fn mend_all(ctx: &Ctx, index: usize, mend: Mend) -> Html {
    let label = match mend {
        Mend::Cpp => Msg::FixCpp,
        Mend::Windows => Msg::FixWindows,
        Mend::Quotes => Msg::FixQuotes,
    };
    let dispatcher = ctx.dispatcher();
    let act = Callback::from(move |_: MouseEvent| {
        dispatcher.dispatch(Action::Mend(index, mend));
        // The button goes away with the problem.
        code_pane::focus(index, 0);
    });
    html! { <button type="button" class="fix" onclick={act}>{ say(ctx, label) }</button> }
}

/// A button that mends a problem as the compiler proposes it.
fn mend(ctx: &Ctx, index: usize, (from, to, insert): (u32, u32, String)) -> Html {
    let label = say(ctx, code_pane::fix_label(from == to, &insert));
    let act = Callback::from(move |_: MouseEvent| code_pane::replace(index, from, to, &insert));
    html! { <button type="button" class="fix" onclick={act}>{ label }</button> }
}

fn list(ctx: &Ctx, index: usize, problems: &[Problem]) -> Html {
    if problems.is_empty() {
        return html! {};
    }
    // One button for what many problems have in common.
    let first = |n: usize, mend: Mend| problems[..n].iter().all(|other| other.mend != Some(mend));
    let go_to = |from: u32| Callback::from(move |_: MouseEvent| code_pane::focus(index, from));
    html! {
        <section class="problems" aria-label={say(ctx, Msg::Problems { n: problems.len() })}>
            <ul>
                { for problems.iter().enumerate().map(|(n, problem)| html! {
                    <li><button type="button" class={if problem.error { "error" } else { "warning" }} onclick={go_to(problem.from)}>
                        { say(ctx, Msg::Problem { line: problem.line, text: problem.text(ctx.lang()).to_owned() }) }
                    </button>{ for problem.fix.clone().map(|fix| mend(ctx, index, fix)) }
                    { for problem.mend.filter(|mend| first(n, *mend)).map(|all| mend_all(ctx, index, all)) }</li>
                }) }
            </ul>
        </section>
    }
}
