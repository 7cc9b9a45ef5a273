//! The TCP state diagram of one socket: where it is, the way it took, the last transition.

use crate::components::views::empty;
use crate::components::{Ctx, icons, on, say, value_of};
use crate::i18n::Msg;
use crate::model::course::{Course, HALF_OPEN, StateChange};
use crate::model::tcp_diagram::{self, BOX, EDGES, NODES, SIZE};
use crate::state::{Action, Selected};
use yew::prelude::*;

pub(crate) fn states(ctx: &Ctx) -> Html {
    let Some(course) = ctx.course() else { return empty(ctx, Msg::NoConnections) };
    let sockets = sockets(course, ctx.cursor);
    let chosen = match ctx.selected {
        Some(Selected::Socket(host, sock)) => sockets.iter().copied().find(|s| *s == (host, sock)),
        _ => None,
    };
    let Some((host, sock)) =
        chosen.or_else(|| newest(course, ctx.cursor)).or(sockets.first().copied())
    else {
        return empty(ctx, Msg::NoConnections);
    };
    let path: Vec<&StateChange> = course
        .states
        .iter()
        .filter(|s| s.host == host && s.sock == sock && s.moment <= ctx.cursor)
        .collect();
    html! {
        <div class="states">
            <div class="filter">
                <label>{ say(ctx, Msg::ChooseSocket) }{ choice(ctx, course, &sockets, (host, sock)) }</label>
                { trail(ctx, &path) }
            </div>
            { diagram(ctx, course, (host, sock), &sockets, &path) }
        </div>
    }
}

/// Every connection of the run, in the order of its first state.
pub(crate) fn connections(course: &Course) -> Vec<(usize, u32)> {
    let listening = |(host, sock): &(usize, u32)| {
        let of = course.states.iter().filter(|s| (s.host, s.sock) == (*host, *sock));
        of.clone().count() > 0 && of.clone().all(|s| s.to == "LISTEN" || s.to == "CLOSED")
    };
    let mut all = sockets(course, usize::MAX);
    all.retain(|socket| !listening(socket));
    all
}

/// Sockets that have had a state by now, in the order of their first one.
fn sockets(course: &Course, cursor: usize) -> Vec<(usize, u32)> {
    let mut found = Vec::new();
    for state in course.states.iter().filter(|s| s.moment <= cursor && s.sock != HALF_OPEN) {
        if !found.contains(&(state.host, state.sock)) {
            found.push((state.host, state.sock));
        }
    }
    found
}

/// The socket that changed last.
fn newest(course: &Course, cursor: usize) -> Option<(usize, u32)> {
    let changed = course.states.iter().rev().find(|s| s.moment <= cursor && s.sock != HALF_OPEN);
    changed.map(|state| (state.host, state.sock))
}

fn name(ctx: &Ctx, course: &Course, host: usize, sock: u32) -> String {
    let host_name = course.hosts.get(host).map_or("", |host| host.name.as_str());
    format!("{} {host_name} · {}", icons::letter(host), say(ctx, Msg::SocketN { n: sock }))
}

pub(crate) fn choice(
    ctx: &Ctx,
    course: &Course,
    sockets: &[(usize, u32)],
    chosen: (usize, u32),
) -> Html {
    let select = on(ctx, |event: Event| {
        let value = value_of(&event);
        let socket =
            value.split_once('-').and_then(|(h, s)| Some((h.parse().ok()?, s.parse().ok()?)));
        Action::Select(socket.map(|(host, sock)| Selected::Socket(host, sock)))
    });
    html! {
        <select aria-label={say(ctx, Msg::ChooseSocket)} onchange={select}>
            { for sockets.iter().map(|(host, sock)| html! {
                <option value={format!("{host}-{sock}")} selected={(*host, *sock) == chosen}>{ name(ctx, course, *host, *sock) }</option>
            }) }
        </select>
    }
}

fn diagram(
    ctx: &Ctx,
    course: &Course,
    (host, sock): (usize, u32),
    sockets: &[(usize, u32)],
    path: &[&StateChange],
) -> Html {
    let here = path.last().map_or("CLOSED", |state| state.to.as_str());
    let label = Msg::StatesLabel { name: name(ctx, course, host, sock), state: here.to_owned() };
    html! {
        <svg viewBox={format!("0 0 {} {}", SIZE.0, SIZE.1)} role="img" aria-label={say(ctx, label)}>
            <defs>
                <marker id="edge-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
                    <path d="M0 0L8 4L0 8z" fill="context-stroke" />
                </marker>
            </defs>
            { for EDGES.iter().map(|edge| line(edge, path)) }
            { for aborted(path).map(|state| reset_line(&state.from)) }
            { for NODES.iter().map(|node| {
                let been = path.iter().any(|s| s.from == node.name || s.to == node.name);
                let class = classes!(tcp_diagram::kind_class(node.name), (node.name == here).then_some("here"), been.then_some("been"));
                let (x, y) = (node.x - BOX.0 / 2.0, node.y - BOX.1 / 2.0);
                html! {
                    <g {class}>
                        <rect class="box" x={x.to_string()} y={y.to_string()} width={BOX.0.to_string()} height={BOX.1.to_string()} rx="6" />
                        <text class="name" x={node.x.to_string()} y={node.y.to_string()}>{ node.name }</text>
                    </g>
                }
            }) }
            { tokens(ctx, course, sockets, (host, sock)) }
        </svg>
    }
}

/// A mark for every socket, on the state in which it is.
fn tokens(ctx: &Ctx, course: &Course, sockets: &[(usize, u32)], chosen: (usize, u32)) -> Html {
    let mut crowd = [0usize; NODES.len()];
    let token = |(host, sock): &(usize, u32)| {
        let mine = |s: &&StateChange| (s.host, s.sock) == (*host, *sock) && s.moment <= ctx.cursor;
        let state = course.states.iter().rev().find(mine)?;
        let node = tcp_diagram::index(&state.to)?;
        let place = crowd[node];
        crowd[node] += 1;
        let x = NODES[node].x + BOX.0 / 2.0 - 6.0 - place as f64 * 25.0;
        let y = NODES[node].y - BOX.1 / 2.0 - 3.0;
        let (host, sock) = (*host, *sock);
        let click =
            on(ctx, move |_: MouseEvent| Action::Select(Some(Selected::Socket(host, sock))));
        Some(html! {
            <g key={format!("{host}-{sock}")} class={classes!("token", (chosen == (host, sock)).then_some("chosen"))}
                transform={format!("translate({x:.1} {y:.1})")} onclick={click}>
                <rect x="-12" y="-8" width="24" height="16" rx="8" />
                <text y="0.5">{ format!("{}{sock}", icons::letter(host)) }</text>
            </g>
        })
    };
    sockets.iter().filter_map(token).collect()
}

/// How a transition was used: never, some time, last.
fn used(path: &[&StateChange], from: &str, to: &str) -> Option<&'static str> {
    let fits = |state: &&&StateChange| state.from == from && state.to == to;
    match path.last() {
        Some(last) if fits(&last) => Some("taken last"),
        _ => path.iter().find(fits).map(|_| "taken"),
    }
}

fn line(edge: &tcp_diagram::Edge, path: &[&StateChange]) -> Html {
    let (path_of_line, (x, y)) = edge.drawn();
    let (from, to) = (NODES[edge.from].name, NODES[edge.to].name);
    let class = used(path, from, to);
    // Its place on the way.
    let order = path.iter().position(|state| state.from == from && state.to == to);
    let label =
        order.map_or_else(|| edge.label.to_owned(), |n| format!("{}. {}", n + 1, edge.label));
    html! {
        <g>
            <path class={classes!("edge", class)} d={path_of_line} marker-end="url(#edge-tip)" />
            <text class={classes!("edge-label", class)} x={format!("{x:.1}")} y={format!("{y:.1}")}>{ label }</text>
        </g>
    }
}

/// A transition that the figure does not have: a reset or a time-out, to CLOSED.
fn aborted<'a>(path: &[&'a StateChange]) -> impl Iterator<Item = &'a StateChange> + use<'a> {
    let drawn = |state: &StateChange| {
        EDGES
            .iter()
            .any(|edge| NODES[edge.from].name == state.from && NODES[edge.to].name == state.to)
    };
    let found: Vec<&StateChange> = path.iter().copied().filter(|s| !drawn(s)).collect();
    found.into_iter()
}

fn reset_line(from: &str) -> Html {
    let (Some(from), Some(to)) = (tcp_diagram::index(from), tcp_diagram::index("CLOSED")) else {
        return html! {};
    };
    if from == to {
        return html! {};
    }
    let ((x1, y1), (x2, y2)) = tcp_diagram::ends(from, to);
    html! { <path class="edge taken last" stroke-dasharray="6 3" d={format!("M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}")} marker-end="url(#edge-tip)" /> }
}

fn trail(ctx: &Ctx, path: &[&StateChange]) -> Html {
    let states =
        path.first().map(|s| s.from.clone()).into_iter().chain(path.iter().map(|s| s.to.clone()));
    let text = states.collect::<Vec<_>>().join(" → ");
    html! { <p class="muted"><span class="sr-only">{ format!("{}: ", say(ctx, Msg::StatePath)) }</span>{ text }</p> }
}
