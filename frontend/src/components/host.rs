//! A host's card: its processes with their descriptors, below them what the kernel keeps.

use crate::components::stage::select;
use crate::components::{Ctx, icons, menu, say};
use crate::i18n::{self, Msg};
use crate::model::arrange::Density;
use crate::model::scene::{
    End, FdView, HostView, ObjectKind, ObjectView, ProcView, QueueView, SocketView, ThreadView,
};
use crate::state::{Selected, Target};
use yew::prelude::*;

pub(crate) fn host(ctx: &Ctx, number: usize, view: &HostView, density: Density) -> Html {
    let name = say(ctx, Msg::Host { name: view.name.clone() });
    let full = density != Density::Compact;
    let shown = shown(ctx, number, view);
    let rest = view.processes.len() - shown.len();
    html! {
        <article class={classes!("host", density.class(), (!view.up).then_some("off"))} key={number} data-host={number.to_string()} aria-label={name}>
            <header oncontextmenu={menu::opener(ctx, Target::Host(number))}>
                <h2>{ icons::host(number) }<span>{ format!("{} · {}", icons::letter(number), view.name) }</span></h2>
                <span class="addr">{ view.addresses.join(", ") }</span>
                if full { <span class="os">{ if view.up { view.os.to_owned() } else { say(ctx, Msg::HostOff) } }</span> }
                { more(ctx, Target::Host(number), &view.name) }
            </header>
            if full && !view.nat.is_empty() { <p class="nat"><b>{ "NAT" }</b>{ " " }<span class="mono">{ view.nat.join(" · ") }</span></p> }
            <div class="body">
            <div class="user">
                if view.processes.is_empty() { <p class="proc muted">{ say(ctx, Msg::NoProcess) }</p> }
                { for shown.iter().map(|process| proc(ctx, number, view, process, density)) }
                if rest > 0 { <p class="proc muted">{ say(ctx, Msg::MoreProcesses { n: rest }) }</p> }
            </div>
            if !view.sockets.is_empty() || !view.objects.is_empty() {
                <div class="kernel" role="group" aria-label={say(ctx, Msg::SocketsOf { host: view.name.clone() })}>
                    if full { <span class="layer-name" aria-hidden="true">{ say(ctx, Msg::KernelLine) }</span> }
                    { for view.sockets.iter().map(|view| match density {
                        Density::Full => socket(ctx, number, view, true),
                        Density::Medium => socket(ctx, number, view, false),
                        Density::Compact => small_socket(ctx, number, view),
                    }) }
                    { for view.objects.iter().map(|view| object(ctx, number, view)) }
                </div>
            }
            </div>
        </article>
    }
}

/// Processes that a card shows at most: a program that forks without end has hundreds.
const SHOWN: usize = 16;

/// The processes that are shown: the first ones, and the one that was selected.
fn shown<'a>(ctx: &Ctx, host: usize, view: &'a HostView) -> Vec<&'a ProcView> {
    let selected = |process: &ProcView| ctx.selected == Some(Selected::Process(host, process.pid));
    let wanted = view.processes.iter().enumerate().filter(|(n, p)| *n < SHOWN || selected(p));
    wanted.map(|(_, process)| process).collect()
}

/// The button that opens the menu.
fn more(ctx: &Ctx, target: Target, of: &str) -> Html {
    let name = say(ctx, Msg::ActOn { name: of.to_owned() });
    html! {
        <button type="button" class="quiet icon more" aria-haspopup="menu" aria-label={name.clone()} title={name}
            onclick={menu::opener(ctx, target)}>{ icons::more() }</button>
    }
}

fn proc(ctx: &Ctx, host: usize, of: &HostView, process: &ProcView, density: Density) -> Html {
    let target = Target::Process(host, process.pid);
    let name = format!("{}[{}]", process.program, process.pid);
    let selected = ctx.selected == Some(Selected::Process(host, process.pid));
    html! {
        <div class={classes!("proc", (!process.alive).then_some("ended"))} key={process.pid} oncontextmenu={menu::opener(ctx, target)}>
            <div class="title">
                <button type="button" class="quiet who" aria-pressed={selected.to_string()} onclick={select(ctx, Selected::Process(host, process.pid))}>
                    <b>{ &process.program }</b><span class="muted">{ say(ctx, Msg::Process { pid: process.pid }) }</span>
                </button>
                <span class={classes!("doing", process.blocked.then_some("blocked"))}>{ say(ctx, process.doing.clone()) }</span>
                { more(ctx, target, &name) }
            </div>
            if process.alive && process.threads.len() > 1 {
                <ul class="threads" aria-label={say(ctx, Msg::ThreadsOf { name: name.clone() })}>
                    { for process.threads.iter().map(|thread| self::thread(ctx, thread)) }
                </ul>
            }
            if process.alive && !process.fds.is_empty() {
                { match density {
                    Density::Full => fds(ctx, host, of, process),
                    Density::Medium => fd_line(ctx, host, process, standard(process)),
                    Density::Compact => fd_line(ctx, host, process, None),
                } }
            }
        </div>
    }
}

fn thread(ctx: &Ctx, view: &ThreadView) -> Html {
    html! {
        <li key={view.tid}><span class="mono">{ view.tid }</span>
            <span class={classes!("doing", view.blocked.then_some("blocked"))}>{ say(ctx, view.doing.clone()) }</span></li>
    }
}

/// Standard input, output and error as they are at first, which one line is enough for.
fn standard(process: &ProcView) -> Option<&'static str> {
    let terminal = |(n, fd): (usize, &FdView)| fd.fd == n as i32 && fd.target == "terminal";
    let all = process.fds.len() >= 3 && process.fds.iter().take(3).enumerate().all(terminal);
    all.then_some("0–2")
}

/// The descriptors in a line, where many hosts share the stage; without `standard`, only those
/// that are not on a socket, whose line names its descriptors.
fn fd_line(ctx: &Ctx, host: usize, process: &ProcView, three: Option<&str>) -> Html {
    let few = three.is_none();
    let skip = if standard(process).is_some() { 3 } else { 0 };
    let rest = process.fds.iter().skip(skip).filter(|fd| !few || fd.socket.is_none());
    if few && rest.clone().next().is_none() {
        return html! {};
    }
    html! {
        <ul class="fd-line" aria-label={say(ctx, Msg::Descriptors { pid: process.pid })}>
            { for three.map(|three| html! { <li>{ format!("{three} {}", say(ctx, Msg::Terminal)) }</li> }) }
            { for rest.map(|fd| {
                let shared = (fd.refs > 1).then(|| shared(ctx, fd.refs));
                let to = match fd.socket {
                    Some(number) => html! { <a href="#stage" onclick={select(ctx, Selected::Socket(host, number))}>{ format!("{} → #{}", fd.fd, number & NUMBER) }</a> },
                    None => html! { format!("{} → {}", fd.fd, fd.target) },
                };
                html! { <li key={fd.fd} class={classes!(fd.changed.then_some("changed"))}>{ to }{ for shared }</li> }
            }) }
        </ul>
    }
}

/// How many descriptors share an open file description.
fn shared(ctx: &Ctx, refs: u32) -> Html {
    html! { <span class="shared" title={say(ctx, Msg::SharedDescription { n: refs })}>{ format!("×{refs}") }</span> }
}

fn fds(ctx: &Ctx, host: usize, of: &HostView, process: &ProcView) -> Html {
    let three = standard(process);
    html! {
        <table class="fds">
            <caption class="sr-only">{ say(ctx, Msg::Descriptors { pid: process.pid }) }</caption>
            <thead class="sr-only"><tr><th scope="col">{ say(ctx, Msg::Fd) }</th><th scope="col">{ say(ctx, Msg::PointsTo) }</th></tr></thead>
            <tbody>{ for three.map(|three| html! { <tr><td>{ three }</td><td>{ say(ctx, Msg::Terminal) }</td></tr> }) }
            { for process.fds.iter().skip(if three.is_some() { 3 } else { 0 }).map(|fd| html! {
                <tr key={fd.fd} class={classes!(fd.changed.then_some("changed"))}>
                    <td>{ fd.fd }</td>
                    <td>{ pointed(ctx, host, of, fd) }
                        if fd.refs > 1 { { shared(ctx, fd.refs) } }
                    </td>
                </tr>
            }) }</tbody>
        </table>
    }
}

/// What a descriptor points to; a socket with its state, which is what one looks for.
fn pointed(ctx: &Ctx, host: usize, of: &HostView, fd: &FdView) -> Html {
    let Some(number) = fd.socket else {
        return html! { <span class="target">{ &fd.target }</span> };
    };
    let socket = of.sockets.iter().find(|socket| socket.number == number);
    html! {
        <a href="#stage" onclick={select(ctx, Selected::Socket(host, number))}>{ socket_name(ctx, number) }
            if let Some(state) = socket.map(|s| &s.state).filter(|s| !s.is_empty()) { <span class="muted">{ format!(" {state}") }</span> }
        </a>
    }
}

/// Unix sockets are numbered apart: the bits that a person sees of a socket's number.
pub(crate) const NUMBER: u32 = 0xf_ffff;

fn socket_name(ctx: &Ctx, number: u32) -> String {
    say(ctx, Msg::SocketN { n: number & NUMBER })
}

fn ends(view: &SocketView) -> String {
    match (view.local.is_empty(), view.peer.is_empty()) {
        (_, true) => view.local.clone(),
        (true, false) => format!("→ {}", view.peer),
        (false, false) => format!("{} → {}", view.local, view.peer),
    }
}

/// A socket; `all` shows queues that are empty too.
fn socket(ctx: &Ctx, host: usize, view: &SocketView, all: bool) -> Html {
    let queues: Vec<&QueueView> =
        view.queues.iter().filter(|queue| all || queue.used > 0).collect();
    let number = view.number;
    let selected = ctx.selected == Some(Selected::Socket(host, number));
    html! {
        <button type="button" key={number} class={classes!("sock", view.changed.then_some("changed"))} aria-pressed={selected.to_string()}
            onclick={select(ctx, Selected::Socket(host, number))} oncontextmenu={menu::opener(ctx, Target::Socket(host, number))}>
            <span class="head">
                { format!("{} {}", socket_name(ctx, number), view.kind) }
                if !view.state.is_empty() { <span class={classes!("chip", view.class())}>{ &view.state }</span> }
            </span>
            <span class="ends">{ ends(view) }</span>
            if !queues.is_empty() { <span class="queues">{ for queues.into_iter().map(|view| queue(ctx, view)) }</span> }
            { for view.timers.iter().map(|(name, left)| html! {
                <span class="timer">{ icons::clock() }{ say(ctx, Msg::TimerIn { name: (*name).to_owned(), time: i18n::duration(ctx.lang(), *left) }) }</span>
            }) }
        </button>
    }
}

/// A socket in one line, for a stage with many hosts.
fn small_socket(ctx: &Ctx, host: usize, view: &SocketView) -> Html {
    let number = view.number;
    let selected = ctx.selected == Some(Selected::Socket(host, number));
    let label = if view.state.is_empty() { view.kind.clone() } else { view.state.clone() };
    let waiting: u64 = view.queues.iter().map(|queue| queue.used).sum();
    let fd = view.owners.first().map(|owner| owner.at.clone());
    html! {
        <button type="button" key={number} class={classes!("chip", "small-sock", view.class(), view.changed.then_some("changed"))} aria-pressed={selected.to_string()}
            title={ends(view)} onclick={select(ctx, Selected::Socket(host, number))} oncontextmenu={menu::opener(ctx, Target::Socket(host, number))}>
            { for fd.map(|fd| html! { <span class="fd">{ fd }</span> }) }{ label }if waiting > 0 { <span class="muted">{ format!(" {waiting}") }</span> }
        </button>
    }
}

fn queue(ctx: &Ctx, view: &QueueView) -> Html {
    let text = Msg::QueueText { used: view.used, room: view.room };
    html! {
        <span class="queue">
            <span>{ say(ctx, view.name.clone()) }</span>
            { bar(view.used, view.room) }
            <span class="amount">{ say(ctx, text) }</span>
            if view.room > 0 && view.used > view.room { <span class="over">{ say(ctx, Msg::QueueOver) }</span> }
        </span>
    }
}

fn bar(used: u64, room: u64) -> Html {
    // A few bytes in a large buffer would not show: the bar has at least two units.
    let part = if room == 0 || used == 0 {
        0.0
    } else {
        (used as f64 / room as f64 * 100.0).clamp(2.0, 100.0)
    };
    html! {
        <svg viewBox="0 0 100 7" preserveAspectRatio="none" aria-hidden="true">
            <rect class="room" width="100" height="7" rx="2" /><rect class="fill" width={format!("{part:.1}")} height="7" rx="2" />
        </svg>
    }
}

/// A pipe, shared memory, a semaphore, a message queue.
fn object(ctx: &Ctx, host: usize, view: &ObjectView) -> Html {
    let n = view.number;
    let queue = matches!(view.kind, ObjectKind::Pipe | ObjectKind::Queue);
    let what = Selected::Object(host, view.kind, n);
    html! {
        <button type="button" key={format!("{:?}-{n}", view.kind)} class={classes!("object", view.changed.then_some("changed"))}
            aria-pressed={(ctx.selected == Some(what)).to_string()} onclick={select(ctx, what)}>
            <span class="head">{ object_name(ctx, view) }</span>
            if !view.from.is_empty() || !view.to.is_empty() {
                <span class="ends">{ match view.kind {
                    ObjectKind::Pipe => format!("{} → {}", list(&view.from, ", "), list(&view.to, ", ")),
                    _ => list(&view.to, " · "),
                } }</span>
            }
            if queue { <span class="queue">{ bar(view.used, view.room) }<span class="amount">{ say(ctx, Msg::QueueText { used: view.used, room: view.room }) }</span></span> }
            if !view.content.is_empty() { <span class="content mono">{ &view.content }</span> }
        </button>
    }
}

/// What something shared is called.
pub(crate) fn object_name(ctx: &Ctx, view: &ObjectView) -> String {
    let n = view.number;
    say(
        ctx,
        match view.kind {
            ObjectKind::Pipe => Msg::PipeN { n },
            ObjectKind::Memory => Msg::MemoryN { n, size: view.room },
            ObjectKind::Semaphore => Msg::SemaphoreN { n },
            ObjectKind::Queue => Msg::QueueN { n, name: view.name.clone() },
        },
    )
}

/// The ends of something, or that there is none.
fn list(ends: &[End], between: &str) -> String {
    let texts: Vec<String> = ends.iter().map(ToString::to_string).collect();
    if texts.is_empty() { "∅".to_owned() } else { texts.join(between) }
}
