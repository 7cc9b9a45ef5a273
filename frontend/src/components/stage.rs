//! The hosts with their processes, descriptors and sockets; the wire between them.

use crate::components::{Ctx, icons, on, say};
use crate::i18n::{self, Msg};
use crate::model::scene::{HostView, ProcView, QueueView, Scene, SocketView};
use crate::state::{Action, Selected};
use crate::wire::Wire;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
    pub(crate) scene: Rc<Scene>,
    pub(crate) wire: WireHandle,
}

/// The wire's picture, shared with the player.
#[derive(Clone, Default)]
pub(crate) struct WireHandle(pub(crate) Rc<RefCell<Wire>>);

impl PartialEq for WireHandle {
    fn eq(&self, other: &WireHandle) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[component]
pub(crate) fn Stage(props: &Props) -> Html {
    let (ctx, scene) = (&props.ctx, &props.scene);
    let (stage, svg) = (use_node_ref(), use_node_ref());
    let layout = {
        let (stage, svg, wire, ctx, scene) =
            (stage.clone(), svg.clone(), props.wire.clone(), ctx.clone(), scene.clone());
        move || {
            let (Some(stage), Some(svg)) = (stage.cast::<web_sys::Element>(), svg.cast()) else {
                return;
            };
            let mut wire = wire.0.borrow_mut();
            wire.attach(svg);
            wire.layout(&stage, links(&ctx, &scene));
        }
    };
    // Cards grow and shrink with what they show: measured after each drawing.
    use_effect({
        let layout = layout.clone();
        move || layout()
    });
    use_resize(stage.clone(), layout);
    let side = |right: bool| {
        let hosts = scene.hosts.iter().enumerate().filter(|(n, _)| (n % 2 == 1) == right);
        html! { <div class="side">{ for hosts.map(|(n, view)| host(ctx, n, view)) }</div> }
    };
    let flying = ctx.course().and_then(|course| {
        let t = course.moments.get(ctx.cursor)?.t_ns as f64;
        Some(course.flying(t).count())
    });
    let click = {
        let dispatcher = ctx.dispatcher();
        Callback::from(move |event: MouseEvent| {
            let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            let group = target.and_then(|t| t.closest("[data-packet]").ok().flatten());
            let packet = group.and_then(|g| g.get_attribute("data-packet")?.parse().ok());
            if let Some(packet) = packet {
                dispatcher.dispatch(Action::Select(Some(Selected::Packet(packet))));
            }
        })
    };
    let one = scene.hosts.len() < 2;
    html! {
        <section id="stage" class="panel region region-stage" aria-label={say(ctx, Msg::RegionStage)} tabindex="-1">
            <div class={classes!("stage", one.then_some("one"))} ref={stage}>
                { side(false) }
                <div class="wire">
                    <svg ref={svg} role="img" aria-label={say(ctx, Msg::WireLabel { n: flying.unwrap_or(0) })} onclick={click}></svg>
                </div>
                { side(true) }
            </div>
        </section>
    }
}

/// Calls `layout` when the stage's size changes.
#[hook]
fn use_resize(stage: NodeRef, layout: impl Fn() + Clone + 'static) {
    let latest = use_mut_ref(|| Box::new(|| {}) as Box<dyn Fn()>);
    *latest.borrow_mut() = Box::new(layout);
    use_effect_with((), move |()| {
        let callback = Closure::<dyn FnMut()>::new(move || (latest.borrow())());
        let observer = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(stage)) = (&observer, stage.cast::<web_sys::Element>()) {
            observer.observe(&stage);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(callback);
        }
    });
}

fn links(ctx: &Ctx, scene: &Scene) -> Vec<((usize, usize), String, bool)> {
    let lang = ctx.lang();
    let label = |link: &crate::model::scene::LinkView| {
        if !link.up {
            return Msg::CableDown.text(lang);
        }
        let loss = format!("{} %", link.loss * 100.0);
        Msg::Link { delay: i18n::duration(lang, link.delay_ns), loss }.text(lang)
    };
    scene.links.iter().map(|link| (link.ends, label(link), link.up)).collect()
}

fn host(ctx: &Ctx, number: usize, view: &HostView) -> Html {
    html! {
        <article class="host" key={number} data-host={number.to_string()} aria-label={say(ctx, Msg::Host { name: view.name.clone() })}>
            <header>
                <h2>{ icons::host(number) }{ format!("{} · {}", icons::letter(number), view.name) }</h2>
                <span class="addr">{ view.addresses.join(", ") }</span>
                <span class="os">{ view.os }</span>
            </header>
            if view.processes.is_empty() { <p class="proc muted">{ say(ctx, Msg::NoProcess) }</p> }
            { for view.processes.iter().map(|process| proc(ctx, number, process)) }
            if !view.sockets.is_empty() {
                <div role="group" aria-label={say(ctx, Msg::SocketsOf { host: view.name.clone() })}>
                    { for view.sockets.iter().map(|view| socket(ctx, number, view)) }
                </div>
            }
        </article>
    }
}

fn proc(ctx: &Ctx, host: usize, process: &ProcView) -> Html {
    html! {
        <div class="proc" key={process.pid}>
            <div class="title">
                <b>{ &process.program }</b><span class="muted">{ say(ctx, Msg::Process { pid: process.pid }) }</span>
                <span class={classes!("doing", process.blocked.then_some("blocked"))}>{ say(ctx, process.doing.clone()) }</span>
                if process.alive { { kill(ctx, host, process) } }
            </div>
            if process.alive && !process.fds.is_empty() { { fds(ctx, host, process) } }
        </div>
    }
}

fn kill(ctx: &Ctx, host: usize, process: &ProcView) -> Html {
    let name = format!("{} {}[{}]", say(ctx, Msg::KillIt), process.program, process.pid);
    let (ctx, pid) = (ctx.clone(), abi::Pid(process.pid));
    let act = Callback::from(move |_: MouseEvent| crate::session::kill(&ctx, host, pid));
    html! { <button type="button" class="quiet icon kill" aria-label={name.clone()} title={name} onclick={act}>{ icons::stop() }</button> }
}

fn fds(ctx: &Ctx, host: usize, process: &ProcView) -> Html {
    // Standard input, output and error as they are at first: one line is enough.
    let terminal = |(n, fd): (usize, &crate::model::scene::FdView)| {
        fd.fd == n as i32 && fd.target == "terminal"
    };
    let standard = process.fds.len() >= 3 && process.fds.iter().take(3).enumerate().all(terminal);
    html! {
        <table class="fds">
            <caption class="sr-only">{ say(ctx, Msg::Descriptors { pid: process.pid }) }</caption>
            <thead><tr><th scope="col">{ say(ctx, Msg::Fd) }</th><th scope="col">{ say(ctx, Msg::PointsTo) }</th></tr></thead>
            <tbody>{ for standard.then(|| html! { <tr><td>{ "0–2" }</td><td>{ say(ctx, Msg::Terminal) }</td></tr> }) }
            { for process.fds.iter().skip(if standard { 3 } else { 0 }).map(|fd| html! {
                <tr key={fd.fd} class={classes!(fd.changed.then_some("changed"))}>
                    <td>{ fd.fd }</td>
                    <td>{ match fd.socket {
                        Some(sock) => html! { <a href="#stage" onclick={on(ctx, move |event: MouseEvent| {
                            event.prevent_default();
                            Action::Select(Some(Selected::Socket(host, sock)))
                        })}>{ say(ctx, Msg::SocketN { n: sock }) }</a> },
                        None => html! { &fd.target },
                    } }</td>
                </tr>
            }) }</tbody>
        </table>
    }
}

fn socket(ctx: &Ctx, host: usize, view: &SocketView) -> Html {
    let number = view.number;
    let selected = ctx.selected == Some(Selected::Socket(host, number));
    let ends = if view.peer.is_empty() {
        view.local.clone()
    } else {
        format!("{} → {}", view.local, view.peer)
    };
    html! {
        <button type="button" key={number} class={classes!("sock", view.changed.then_some("changed"))} aria-pressed={selected.to_string()}
            onclick={on(ctx, move |_: MouseEvent| Action::Select(Some(Selected::Socket(host, number))))}>
            <span class="head">
                { format!("{} {}", say(ctx, Msg::SocketN { n: number }), view.kind) }
                if !view.state.is_empty() { <span class={classes!("chip", view.class())}>{ &view.state }</span> }
            </span>
            <span class="ends">{ ends }</span>
            { for view.queues.iter().map(|view| queue(ctx, view)) }
            { for view.timers.iter().map(|(name, left)| html! {
                <span class="timer">{ "◷ " }{ say(ctx, Msg::TimerIn { name: (*name).to_owned(), time: i18n::duration(ctx.lang(), *left) }) }</span>
            }) }
        </button>
    }
}

fn queue(ctx: &Ctx, view: &QueueView) -> Html {
    let text = Msg::QueueText { used: view.used, room: view.room };
    // A few bytes in a large buffer would not show: the bar has at least two units.
    let part = if view.room == 0 || view.used == 0 {
        0.0
    } else {
        (view.used as f64 / view.room as f64 * 100.0).clamp(2.0, 100.0)
    };
    html! {
        <span class="queue">
            <span>{ say(ctx, view.name.clone()) }</span>
            <svg viewBox="0 0 100 7" preserveAspectRatio="none" aria-hidden="true">
                <rect class="room" width="100" height="7" rx="2" /><rect class="fill" width={format!("{part:.1}")} height="7" rx="2" />
            </svg>
            <span class="amount">{ say(ctx, text) }</span>
        </span>
    }
}
