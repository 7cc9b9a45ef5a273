//! Real sockets: how the bridge is, which programs run where, their terminals, and what was
//! measured, in parts: calls, counters, packets, comparison with the simulation.

use crate::bridge::Status;
use crate::components::{
    Ctx, Tab, real_calls, real_compare, real_counters, real_packets, real_story, say, tabs,
    value_of,
};
use crate::i18n::{self, Msg};
use crate::lessons;
use crate::model::real_log::Log;
use crate::model::real_plan::{self, PRESETS, Planned, Preset, Row, Setup};
use crate::real::{Program, Real as Session, RealAction};
use crate::state::{Action, Kernel};
use wasm_bindgen::JsCast;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
}

/// The part that is shown below the terminals.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Calls,
    Counters,
    Packets,
    Compare,
}

#[component]
pub(crate) fn Real(props: &Props) -> Html {
    let ctx = &props.ctx;
    let real = use_context::<Session>();
    let part = use_state(|| Part::Calls);
    let rows = use_state(Vec::<Row>::new);
    // Another lesson or other arguments: the plan is made anew.
    use_effect_with(ctx.programs.clone(), {
        let rows = rows.clone();
        move |programs| rows.set(real_plan::here(programs))
    });
    let Some(real) = real else { return html! {} };
    let show = |wanted: Part| {
        let part = part.clone();
        Callback::from(move |_: MouseEvent| part.set(wanted))
    };
    let tab = |wanted: Part, id: &'static str, label: Msg| Tab {
        id,
        label: say(ctx, label),
        selected: *part == wanted,
        marked: false,
        choose: show(wanted),
    };
    let all = vec![
        tab(Part::Calls, "real-calls", Msg::PartCalls),
        tab(Part::Counters, "real-counters", Msg::PartCounters),
        tab(Part::Packets, "real-packets", Msg::PartPackets),
        tab(Part::Compare, "real-compare", Msg::PartCompare),
    ];
    let log = real.state.shown();
    html! {
        <div class="real">
            { status(ctx, &real) }
            { setup(ctx, &real, &rows) }
            { ended(ctx, &real, &log) }
            { terminals(ctx, &real, &log) }
            <div class="part">
                { tabs("tabs", say(ctx, Msg::RealParts), "real-part", all) }
                <div id="real-part" role="tabpanel" tabindex="0">{ match *part {
                    Part::Calls => real_calls::calls(ctx, &real, &log),
                    Part::Counters => real_counters::counters(ctx, &log),
                    Part::Packets => real_packets::packets(ctx, &real),
                    Part::Compare => real_compare::compare(ctx, &real.state.log),
                } }</div>
            </div>
        </div>
    }
}

fn field<T: Clone + 'static>(
    value: &UseStateHandle<T>,
    set: impl Fn(&mut T, String) + 'static,
) -> Callback<InputEvent> {
    let value = value.clone();
    Callback::from(move |event: InputEvent| {
        let mut next = (*value).clone();
        set(&mut next, value_of(&event));
        value.set(next);
    })
}

/// Changes what is filled in.
fn fill<E: 'static>(real: &Session, change: impl Fn(&mut Setup, E) + 'static) -> Callback<E> {
    let real = real.clone();
    Callback::from(move |event: E| {
        let mut next = real.state.setup.clone();
        change(&mut next, event);
        real.state.dispatch(RealAction::Setup(next));
    })
}

fn setup(ctx: &Ctx, real: &Session, rows: &UseStateHandle<Vec<Row>>) -> Html {
    let target = &real.state.setup;
    let here = target.here;
    let choose = |wanted: bool| fill(real, move |setup: &mut Setup, _: Event| setup.here = wanted);
    let source = target.source.unwrap_or_else(|| real_plan::client(&ctx.sources));
    let source = source.min(ctx.sources.len().saturating_sub(1));
    let planned = if here {
        real_plan::planned(rows)
    } else {
        let args = real_plan::filled(&target.args, target.host.trim(), target.port.trim());
        let file = ctx.sources.get(source).map(|source| source.name.clone());
        file.map(|file| Planned { file, args }).into_iter().collect()
    };
    let impossible = planned.is_empty() || !here && target.port().is_none();
    let run = {
        let (ctx, real) = (ctx.clone(), real.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            crate::real_run::start(&ctx, &real, &planned);
        })
    };
    let running = real.state.program == Program::Running;
    let click = |act: fn(&crate::real_run::Running)| {
        let real = real.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(running) = real.running() {
                act(&running);
            }
        })
    };
    html! {
        <form class="setup" onsubmit={run}>
            <fieldset class="where">
                <legend class="sr-only">{ say(ctx, Msg::RealWhere) }</legend>
                <label><input type="radio" name="where" checked={!here} onchange={choose(false)} />{ say(ctx, Msg::RealThere) }</label>
                <label><input type="radio" name="where" checked={here} onchange={choose(true)} />{ say(ctx, Msg::RealHere) }</label>
            </fieldset>
            if here { { plan(ctx, rows) } } else { { server(ctx, real, source) } }
            <div class="form">
                <button type="submit" class="primary" disabled={!real.ready() || running || impossible}>{ say(ctx, Msg::RealRun) }</button>
                if running {
                    <button type="button" onclick={click(crate::real_run::Running::interrupt)}>{ say(ctx, Msg::RealInterrupt) }</button>
                    <button type="button" onclick={click(crate::real_run::Running::stop)}>{ say(ctx, Msg::RealStop) }</button>
                }
            </div>
        </form>
    }
}

/// One program against a server somewhere.
fn server(ctx: &Ctx, real: &Session, source: usize) -> Html {
    let setup = &real.state.setup;
    let choose = fill(real, |setup: &mut Setup, event: Event| {
        setup.source = value_of(&event).parse().ok();
    });
    let input = |set: fn(&mut Setup, String)| {
        fill(real, move |setup: &mut Setup, event: InputEvent| set(setup, value_of(&event)))
    };
    let bad = setup.port().is_none();
    html! {
        <>
            <div class="presets" role="group" aria-label={say(ctx, Msg::RealPresets)}>
                <span class="muted">{ say(ctx, Msg::RealPresets) }</span>
                { for PRESETS.iter().map(|known| preset(ctx, real, known)) }
            </div>
            <div class="form">
                <label>{ say(ctx, Msg::RealProgram) }
                    <select aria-label={say(ctx, Msg::RealProgram)} onchange={choose}>{ for ctx.sources.iter().enumerate().map(|(n, s)| html! {
                        <option value={n.to_string()} selected={n == source}>{ &s.name }</option>
                    }) }</select>
                </label>
                <label>{ say(ctx, Msg::RealHost) }<input type="text" value={setup.host.clone()} oninput={input(|s, v| s.host = v)} spellcheck="false" autocomplete="off" /></label>
                <label>{ say(ctx, Msg::RealPort) }<input type="text" class="port" inputmode="numeric" value={setup.port.clone()} aria-invalid={bad.to_string()}
                    oninput={input(|s, v| s.port = v)} autocomplete="off" /></label>
                <label>{ say(ctx, Msg::RealArgs) }<input type="text" value={setup.args.clone()} oninput={input(|s, v| s.args = v)} spellcheck="false" autocomplete="off" /></label>
            </div>
            if bad { <p class="warn" role="alert">{ say(ctx, Msg::RealPortBad) }</p> }
        </>
    }
}

/// A button that puts a known server and the lesson about it in place.
fn preset(ctx: &Ctx, real: &Session, known: &'static Preset) -> Html {
    let act = {
        let (ctx, real) = (ctx.clone(), real.clone());
        Callback::from(move |_: MouseEvent| {
            let lesson = lessons::number(known.lesson);
            if let Some(lesson) = lesson.filter(|lesson| *lesson != ctx.lesson) {
                ctx.dispatch(Action::Lesson(lesson));
                ctx.dispatch(Action::Kernel(Kernel::Real));
            }
            let host = real.state.setup.host.clone();
            let (port, args) = (known.port.to_string(), known.args.to_owned());
            let setup = Setup { here: false, host, port, args, source: None };
            real.state.dispatch(RealAction::Setup(setup));
        })
    };
    html! { <button key={known.name} type="button" onclick={act}>{ known.name }</button> }
}

/// All programs of the lesson on this computer.
fn plan(ctx: &Ctx, rows: &UseStateHandle<Vec<Row>>) -> Html {
    let unreachable = real_plan::unreachable(&ctx.sources);
    let toggle = |n: usize| {
        let rows = rows.clone();
        Callback::from(move |_: Event| {
            let mut next = (*rows).clone();
            next[n].on = !next[n].on;
            rows.set(next);
        })
    };
    html! {
        <>
            <ul class="plan">{ for rows.iter().enumerate().map(|(n, row)| html! {
                <li key={n}>
                    <label><input type="checkbox" checked={row.on} onchange={toggle(n)} /><span class="mono">{ &row.file }</span></label>
                    <input type="text" class="mono" aria-label={say(ctx, Msg::RealArgsOf { name: row.file.clone() })}
                        value={row.args.clone()} oninput={field(rows, move |rows: &mut Vec<Row>, v| rows[n].args = v)} spellcheck="false" autocomplete="off" />
                </li>
            }) }</ul>
            <p class="muted">{ say(ctx, Msg::RealHereNote) }</p>
            if !unreachable.is_empty() {
                <p class="warn">{ say(ctx, Msg::RealUnreachable { list: unreachable.join(", ") }) }</p>
            }
        </>
    }
}

/// How the bridge is, and what can be done about it.
pub(crate) fn status(ctx: &Ctx, real: &Session) -> Html {
    let (class, title, advice) = match &real.state.status {
        Status::None => ("k-other", Msg::BridgeNone, Some(Msg::BridgeNoneAdvice)),
        Status::Connecting => ("k-syn", Msg::BridgeConnecting, None),
        Status::Ready { kernel, .. } => ("k-ok", Msg::BridgeReady { kernel: kernel.clone() }, None),
        Status::BadToken => ("k-rst", Msg::BridgeToken, Some(Msg::BridgeTokenAdvice)),
        Status::Lost(why) if why.is_empty() => {
            ("k-rst", Msg::BridgeLost, Some(Msg::BridgeLostAdvice))
        }
        Status::Lost(why) => {
            ("k-rst", Msg::BridgeLostWhy { why: why.clone() }, Some(Msg::BridgeLostAdvice))
        }
        Status::Version(theirs) => ("k-rst", Msg::BridgeVersion { theirs: *theirs }, None),
    };
    let again = {
        let real = real.clone();
        Callback::from(move |_: MouseEvent| real.connect())
    };
    let paste = {
        let real = real.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            let input = form.and_then(|form| form.query_selector("input").ok().flatten());
            if let Some(input) = input.and_then(|i| i.dyn_into::<web_sys::HtmlInputElement>().ok())
            {
                let good = real.connect_with(&input.value());
                // A secret does not stay on the screen.
                if good {
                    input.set_value("");
                }
                // An attribute that cannot be set only costs the mark.
                let _ = input.set_attribute("aria-invalid", if good { "false" } else { "true" });
            }
        })
    };
    let lost = matches!(real.state.status, Status::Lost(_));
    let paste_helps = lost || matches!(real.state.status, Status::BadToken);
    html! {
        <div class={classes!("bridge", class)}>
            <div class={classes!("status", class)} role="status">
                <span>{ say(ctx, title) }</span>
                if lost { <button type="button" onclick={again}>{ say(ctx, Msg::Reconnect) }</button> }
            </div>
            if let Some(advice) = advice { <p class="muted">{ say(ctx, advice) }</p> }
            if paste_helps {
                <form class="form" onsubmit={paste}>
                    <label>{ say(ctx, Msg::BridgeLink) }<input type="password" autocomplete="off" spellcheck="false" placeholder="http://127.0.0.1:…/#tok=…" /></label>
                    <button type="submit">{ say(ctx, Msg::BridgeUseLink) }</button>
                </form>
            }
        </div>
    }
}

/// How the run is, and how each process ended.
fn ended(ctx: &Ctx, real: &Session, log: &Log) -> Html {
    // Before a run the narration says the same.
    let run = Some(real.state.program).filter(|program| *program != Program::Idle);
    let run = run.map(real_story::run_state);
    let lang = usize::from(ctx.lang() == abi::Lang::En);
    html! {
        <div class="ended" role="status">
            { for run.map(|msg| html! { <p>{ say(ctx, msg) }</p> }) }
            { for log.processes.iter().filter_map(|process| {
                let status = process.status?;
                let name = format!("{} [{}]", log.name(process.program), process.pid);
                let text = match &process.fault {
                    Some(text) => text[lang].clone(),
                    None => abi::strace::ended(status),
                };
                Some(html! { <p key={process.pid.0} class="mono">{ name }{ ": " }<span class={classes!((status != 0).then_some("err"))}>{ text }</span></p> })
            }) }
            { for log.missing.iter().map(|name| html! {
                <p class="warn">{ say(ctx, Msg::RealUnsupported { name: name.to_string() }) }</p>
            }) }
            if log.dropped > 0 { <p class="warn">{ say(ctx, Msg::RealDropped { n: log.dropped }) }</p> }
        </div>
    }
}

/// A terminal for each program that wrote or waits for somebody to type.
fn terminals(ctx: &Ctx, real: &Session, log: &Log) -> Html {
    let shown = (0..log.names.len()).filter(|program| {
        real.state.reading.contains(program) || log.output.iter().any(|t| t.program == *program)
    });
    html! { <div class="terminals">{ for shown.map(|program| terminal(ctx, real, log, program)) }</div> }
}

fn terminal(ctx: &Ctx, real: &Session, log: &Log, program: usize) -> Html {
    let name = log.name(program).to_owned();
    let reads = real.state.reading.contains(&program);
    let typed = {
        let real = real.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            let input = form.and_then(|form| form.query_selector("input").ok().flatten());
            let input = input.and_then(|i| i.dyn_into::<web_sys::HtmlInputElement>().ok());
            if let (Some(input), Some(running)) = (input, real.running()) {
                running.type_line(program, &input.value());
                input.set_value("");
            }
        })
    };
    let end = {
        let real = real.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(running) = real.running() {
                running.end_input(program);
            }
        })
    };
    html! {
        <section class="terminal" key={program} aria-label={say(ctx, Msg::RealOutputOf { name: name.clone() })}>
            <header>{ &name }<span class="measured">{ say(ctx, Msg::Measured) }</span></header>
            <pre tabindex="0">{ for log.output.iter().filter(|text| text.program == program).map(|text| html! {
                <span class={match text.fd { 0 => "typed", 2 => "err", _ => "out" }}>{ i18n::printable(&text.bytes) }</span>
            }) }</pre>
            if reads || (real.state.program == Program::Running && log.output.iter().any(|t| t.program == program && t.fd == 0)) {
                <form onsubmit={typed}>
                    <input type="text" aria-label={say(ctx, Msg::StdinOf { name })} autocomplete="off" spellcheck="false" />
                    <button type="submit">{ say(ctx, Msg::Send) }</button>
                    <button type="button" onclick={end}>{ "Ctrl+D" }</button>
                </form>
            }
        </section>
    }
}
