//! Real sockets: how the bridge is, the run of the client's program, its calls as they happen.

use crate::bridge::Status;
use crate::components::{Ctx, say, value_of};
use crate::i18n::{self, Msg};
use crate::model::dissect::{Base, Start, dissect};
use crate::real::{self, Outcome, Program, Real as Session, RealCall};
use crate::state::State;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
}

#[component]
pub(crate) fn Real(props: &Props) -> Html {
    let ctx = &props.ctx;
    let real = use_context::<Session>();
    let host = use_state(|| "127.0.0.1".to_owned());
    let port = use_state(|| "80".to_owned());
    let program = use_state(|| None::<usize>);
    let Some(real) = real else { return html! {} };
    let chosen = program.unwrap_or_else(|| client(ctx)).min(ctx.sources.len().saturating_sub(1));
    let running = real.state.program == Program::Running;
    let run = {
        let (ctx, real, host, port) = (ctx.clone(), real.clone(), host.clone(), port.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            crate::real_run::run(&ctx, &real, chosen, host.trim(), port.trim());
        })
    };
    let stop = {
        let real = real.clone();
        Callback::from(move |_: MouseEvent| crate::real_run::stop(&real))
    };
    let field = |value: &UseStateHandle<String>| {
        let value = value.clone();
        Callback::from(move |event: InputEvent| value.set(value_of(&event)))
    };
    let choose = {
        let program = program.clone();
        Callback::from(move |event: Event| program.set(value_of(&event).parse().ok()))
    };
    html! {
        <div class="real">
            <p class="muted">{ say(ctx, Msg::RealIntro) }</p>
            { status(ctx, &real) }
            <form class="form" onsubmit={run}>
                <label>{ say(ctx, Msg::RealProgram) }
                    <select aria-label={say(ctx, Msg::RealProgram)} onchange={choose}>{ for ctx.sources.iter().enumerate().map(|(n, source)| html! {
                        <option value={n.to_string()} selected={n == chosen}>{ &source.name }</option>
                    }) }</select>
                </label>
                <label>{ say(ctx, Msg::RealHost) }<input type="text" value={(*host).clone()} oninput={field(&host)} spellcheck="false" autocomplete="off" /></label>
                <label>{ say(ctx, Msg::RealPort) }<input type="text" class="port" inputmode="numeric" value={(*port).clone()} oninput={field(&port)} autocomplete="off" /></label>
                <button type="submit" class="primary" disabled={!real.ready() || running}>{ say(ctx, Msg::RealRun) }</button>
                if running { <button type="button" onclick={stop}>{ say(ctx, Msg::RealStop) }</button> }
            </form>
            { ended(ctx, &real.state.program) }
            { log(ctx, &real.state.calls) }
            { output(ctx, &real.state.output) }
            { packets(ctx, &real) }
        </div>
    }
}

/// The program that is most likely the client.
fn client(state: &State) -> usize {
    let connects = |text: &str| text.contains("connect(");
    state.sources.iter().position(|source| connects(&source.text)).unwrap_or(0)
}

pub(crate) fn status(ctx: &Ctx, real: &Session) -> Html {
    let (class, msg) = match &real.state.status {
        Status::None => ("k-other", Msg::BridgeNone),
        Status::Connecting => ("k-syn", Msg::BridgeConnecting),
        Status::Ready { kernel, .. } => ("k-ok", Msg::BridgeReady { kernel: kernel.clone() }),
        Status::BadToken => ("k-rst", Msg::BridgeToken),
        Status::Lost => ("k-rst", Msg::BridgeLost),
        Status::Version(theirs) => ("k-rst", Msg::BridgeVersion { theirs: *theirs }),
    };
    let again = {
        let real = real.clone();
        Callback::from(move |_: MouseEvent| real.connect())
    };
    html! {
        <div class={classes!("status", class)} role="status">
            <span>{ say(ctx, msg) }</span>
            if matches!(real.state.status, Status::Lost) {
                <button type="button" onclick={again}>{ say(ctx, Msg::Reconnect) }</button>
            }
        </div>
    }
}

fn ended(ctx: &Ctx, program: &Program) -> Html {
    let msg = match program {
        Program::Idle => return html! {},
        Program::Running => Msg::RealRunning,
        Program::Exited(status) => Msg::RealEnded { status: *status },
        Program::Fault(text) => {
            Msg::RealFault { text: text[usize::from(ctx.lang() == abi::Lang::En)].clone() }
        }
        Program::Unsupported(name) => Msg::RealUnsupported { name: name.clone() },
        Program::NotCompiled => Msg::NothingRan,
        Program::Stopped => Msg::Stopped,
    };
    html! { <p role="status">{ say(ctx, msg) }</p> }
}

fn output(ctx: &Ctx, output: &[(i32, Vec<u8>)]) -> Html {
    if output.is_empty() {
        return html! {};
    }
    html! {
        <section class="terminal" aria-label={say(ctx, Msg::RealOutput)}>
            <header>{ say(ctx, Msg::RealOutput) }<span class="measured">{ say(ctx, Msg::Measured) }</span></header>
            <pre tabindex="0">{ for output.iter().map(|(fd, bytes)| html! {
                <span class={if *fd == 2 { "err" } else { "out" }}>{ String::from_utf8_lossy(bytes).into_owned() }</span>
            }) }</pre>
        </section>
    }
}

/// The table of calls, the newest last.
pub(crate) fn log(ctx: &Ctx, calls: &[RealCall]) -> Html {
    if calls.is_empty() {
        return html! { <p class="muted">{ say(ctx, Msg::RealEmpty) }</p> };
    }
    let lang = ctx.lang();
    html! {
        <table class="rows">
            <caption class="sr-only">{ say(ctx, Msg::ViewReal) }</caption>
            <thead><tr>
                { for [Msg::ColTime, Msg::ColCall, Msg::ColReturn, Msg::ColErrno, Msg::ColDuration]
                    .map(|head| html! { <th scope="col">{ say(ctx, head) }</th> }) }
                <th scope="col"><span class="measured">{ say(ctx, Msg::Measured) }</span></th>
            </tr></thead>
            <tbody>{ for calls.iter().map(|call| row(ctx, lang, call)) }</tbody>
        </table>
    }
}

fn row(ctx: &Ctx, lang: abi::Lang, call: &RealCall) -> Html {
    let name = abi::strace::name(&call.syscall);
    let line = |text: String,
                ret: Html,
                errno: Html,
                time: String,
                duration: String,
                note: Html| {
        html! {
            <tr key={call.id}>
                <td class="num">{ time }</td><td class="wrap mono">{ text }</td><td class="mono">{ ret }</td>
                <td>{ errno }</td><td class="num">{ duration }</td><td>{ note }</td>
            </tr>
        }
    };
    let none = || html! {};
    match &call.outcome {
        Outcome::Waiting => line(
            abi::strace::unfinished(&call.syscall),
            html! { say(ctx, Msg::Waiting) },
            none(),
            String::new(),
            String::new(),
            none(),
        ),
        Outcome::Denied { rule, detail } => {
            let denied = say(ctx, Msg::DeniedBy { rule: rule.clone(), detail: detail.clone() });
            line(
                format!("{name}()"),
                html! { <span class="err">{ denied }</span> },
                none(),
                String::new(),
                String::new(),
                none(),
            )
        }
        Outcome::Lost(detail) => {
            let text = if detail.is_empty() { say(ctx, Msg::BridgeLost) } else { detail.clone() };
            line(
                format!("{name}()"),
                html! { <span class="err">{ text }</span> },
                none(),
                String::new(),
                String::new(),
                none(),
            )
        }
        Outcome::Done(done) => {
            let (ret, errno) = match done.reply.ret {
                Ok(value) => (html! { value.to_string() }, none()),
                Err(errno) => (
                    html! { <span class="err">{ "-1" }</span> },
                    html! { <span class="err" title={errno.message()}>{ errno.name() }</span> },
                ),
            };
            line(
                abi::strace::call(&call.syscall, &done.reply),
                ret,
                errno,
                i18n::moment(lang, done.start_ns),
                i18n::duration(lang, done.duration_ns),
                kernel_view(done),
            )
        }
    }
}

/// What the kernel really did, and the connection's counters.
fn kernel_view(done: &real::Done) -> Html {
    let tcp = done.tcp.as_ref().map(|tcp| {
        let rtt = tcp.rtt_us.map(|rtt| format!(" · rtt {rtt} µs")).unwrap_or_default();
        format!("{}{rtt}", tcp.state)
    });
    if done.steps.is_empty() && tcp.is_none() {
        return html! {};
    }
    html! {
        <>
            { for tcp }
            { for (!done.steps.is_empty()).then(|| html! {
                <details><summary>{ "kernel" }</summary>
                    { for done.steps.iter().map(|step| html! { <div class="mono">{ &step.text }</div> }) }
                </details>
            }) }
        </>
    }
}

fn packets(ctx: &Ctx, real: &Session) -> Html {
    let capture = match real.state.status {
        Status::Ready { capture, .. } => capture,
        _ => !real.state.packets.is_empty(),
    };
    if !capture {
        return html! { <p class="muted">{ say(ctx, Msg::CaptureOff) }</p> };
    }
    if real.state.packets.is_empty() {
        return html! {};
    }
    html! {
        <table class="rows">
            <caption>{ say(ctx, Msg::CaptureOn) }</caption>
            <thead><tr>
                { for [Msg::ColTime, Msg::ColFrom, Msg::ColTo, Msg::ColProtocol, Msg::ColInfo]
                    .map(|head| html! { <th scope="col">{ say(ctx, head) }</th> }) }
            </tr></thead>
            <tbody>{ for real.state.packets.iter().enumerate().map(|(n, packet)| {
                let s = dissect(&packet.bytes.0, Start::Ip, Base::default()).summary;
                html! {
                    <tr key={n} class={s.kind.class()}>
                        <td class="num">{ i18n::moment(ctx.lang(), packet.at_ns) }</td><td>{ s.from }</td><td>{ s.to }</td>
                        <td class="kind">{ s.protocol }</td><td>{ s.info }</td>
                    </tr>
                }
            }) }</tbody>
        </table>
    }
}
