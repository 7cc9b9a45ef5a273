//! The inspector's view of a host, of a process and of a socket.

use crate::components::views::empty;
use crate::components::{Ctx, icons, inspector, on, say};
use crate::i18n::{self, Msg};
use crate::model::scene::{End, ProcView, Scene, SocketView};
use crate::state::{Action, Selected, View};
use yew::prelude::*;

pub(crate) fn host(ctx: &Ctx, scene: &Scene, number: usize) -> Html {
    let Some(host) = scene.hosts.get(number) else { return empty(ctx, Msg::NothingSelected) };
    let mut rows = vec![
        (say(ctx, Msg::ColAddress), host.addresses.join(", ")),
        (say(ctx, Msg::System), host.os.to_owned()),
        (say(ctx, Msg::ColState), say(ctx, if host.up { Msg::HostOn } else { Msg::HostOff })),
    ];
    if host.router {
        rows.push((say(ctx, Msg::Router), say(ctx, Msg::Yes)));
    }
    if !host.nat.is_empty() {
        rows.push(("NAT".to_owned(), host.nat.join(" · ")));
    }
    html! {
        <>
            { inspector::title(ctx, format!("{} · {}", icons::letter(number), host.name), html! {}) }
            { inspector::facts(rows) }
            <ul class="choices">
                { for host.processes.iter().map(|process| link(ctx, Selected::Process(number, process.pid), format!("{}[{}]", process.program, process.pid), say(ctx, process.doing.clone()))) }
                { for host.sockets.iter().map(|socket| link(ctx, Selected::Socket(number, socket.number), format!("{} {}", say(ctx, Msg::SocketN { n: socket.number & 0xf_ffff }), socket.kind), format!("{} {}", socket.state, socket.local))) }
            </ul>
        </>
    }
}

fn link(ctx: &Ctx, what: Selected, name: String, note: String) -> Html {
    html! {
        <li><button type="button" onclick={on(ctx, move |_: MouseEvent| Action::Select(Some(what)))}>
            <b>{ name }</b><span class="muted">{ note }</span>
        </button></li>
    }
}

pub(crate) fn process(ctx: &Ctx, scene: &Scene, host: usize, pid: i32) -> Html {
    let found = scene.hosts.get(host).and_then(|h| h.processes.iter().find(|p| p.pid == pid));
    let Some(process) = found else { return empty(ctx, Msg::NothingSelected) };
    let rows = vec![
        (say(ctx, Msg::ColState), say(ctx, process.doing.clone())),
        (say(ctx, Msg::Command), process.args.join(" ")),
        (say(ctx, Msg::Parent), process.parent.to_string()),
    ];
    html! {
        <>
            { inspector::title(ctx, format!("{} {}[{pid}]", icons::letter(host), process.program), html! {}) }
            <div class="actions"><button type="button" onclick={on(ctx, |_: MouseEvent| Action::View(View::Memory))}>{ say(ctx, Msg::ViewMemory) }</button></div>
            { inspector::facts(rows) }
            { threads(ctx, process) }
            { descriptors(ctx, host, process) }
        </>
    }
}

fn threads(ctx: &Ctx, process: &ProcView) -> Html {
    if process.threads.is_empty() {
        return html! {};
    }
    let head = [Msg::Thread, Msg::ColLine, Msg::ColState];
    html! {
        <table class="rows">
            <thead><tr>{ for head.map(|head| html! { <th scope="col">{ say(ctx, head) }</th> }) }</tr></thead>
            <tbody>{ for process.threads.iter().map(|thread| html! {
                <tr><td>{ thread.tid }</td><td>{ for thread.line }</td><td class="wrap">{ say(ctx, thread.doing.clone()) }
                    if let Some(left) = thread.left_ns { { format!(" · {}", say(ctx, Msg::AtMost { time: i18n::duration(ctx.lang(), left) })) } }</td></tr>
            }) }</tbody>
        </table>
    }
}

/// Descriptor → open file description → what is open.
fn descriptors(ctx: &Ctx, host: usize, process: &ProcView) -> Html {
    let head = [Msg::Fd, Msg::Description, Msg::PointsTo, Msg::Flags];
    html! {
        <table class="rows">
            <thead><tr>{ for head.map(|head| html! { <th scope="col">{ say(ctx, head) }</th> }) }</tr></thead>
            <tbody>{ for process.fds.iter().map(|fd| html! {
                <tr class={classes!(fd.changed.then_some("changed"))}>
                    <td>{ fd.fd }{ if fd.cloexec { " ⨯" } else { "" } }</td>
                    <td>{ format!("#{}", fd.description) }if fd.refs > 1 { <span class="shared">{ format!("×{}", fd.refs) }</span> }</td>
                    <td>{ match fd.socket {
                        Some(sock) => html! { <button type="button" onclick={on(ctx, move |_: MouseEvent| Action::Select(Some(Selected::Socket(host, sock))))}>{ say(ctx, Msg::SocketN { n: sock & 0xf_ffff }) }</button> },
                        None => html! { &fd.target },
                    } }</td>
                    <td class="wrap mono">{ &fd.flags }{ if fd.offset > 0 { format!(" @{}", fd.offset) } else { String::new() } }</td>
                </tr>
            }) }</tbody>
        </table>
    }
}

/// A socket: who has it open, who waits in its queues, its numbers.
pub(crate) fn socket(ctx: &Ctx, scene: &Scene, host: usize, sock: u32) -> Html {
    let found = scene.hosts.get(host).and_then(|h| h.sockets.iter().find(|s| s.number == sock));
    let Some(socket) = found else { return empty(ctx, Msg::NothingSelected) };
    let chip = html! {
        if !socket.state.is_empty() { <span class={classes!("chip", socket.class())}>{ &socket.state }</span> }
    };
    let timers = socket.timers.iter().map(|(name, left)| {
        let time = i18n::duration(ctx.lang(), *left);
        (say(ctx, Msg::Timer), say(ctx, Msg::TimerIn { name: (*name).to_owned(), time }))
    });
    html! {
        <>
            { inspector::title(ctx, format!("{} {}", say(ctx, Msg::SocketN { n: sock & 0xf_ffff }), socket.kind), chip) }
            { holders(ctx, host, &socket.owners, None) }
            { queued(ctx, host, socket) }
            { inspector::facts(timers.chain(socket.facts.clone()).collect()) }
        </>
    }
}

/// The connections that a listener has not handed out yet.
fn queued(ctx: &Ctx, host: usize, socket: &SocketView) -> Html {
    let rows = socket.queued.iter().map(|(peer, number)| match number {
        Some(sock) => {
            link(ctx, Selected::Socket(host, *sock), peer.clone(), say(ctx, Msg::AcceptQueue))
        }
        None => {
            html! { <li><b>{ peer }</b><span class="muted">{ say(ctx, Msg::SynQueue) }</span></li> }
        }
    });
    html! { if !socket.queued.is_empty() { <ul class="choices" aria-label={say(ctx, Msg::Queued)}>{ for rows }</ul> } }
}

/// The processes that hold something, each with its descriptor or address and what it can do.
pub(crate) fn holders(ctx: &Ctx, host: usize, ends: &[End], what: Option<Msg>) -> Html {
    let what = what.map_or_else(String::new, |what| format!(" · {}", say(ctx, what)));
    let rows = ends.iter().map(|end| {
        let name = say(ctx, Msg::Process { pid: end.pid });
        link(ctx, Selected::Process(host, end.pid), name, format!("{}{what}", end.at))
    });
    html! { if !ends.is_empty() { <ul class="choices" aria-label={say(ctx, Msg::OpenIn)}>{ for rows }</ul> } }
}
