//! The hosts with their processes, descriptors and sockets; the wire between them.
//!
//! Yew draws the cards; where they stand, the cables and the packets are [`crate::wire`]'s.

use crate::components::host::host;
use crate::components::{Ctx, menu, on, say};
use crate::i18n::{self, Msg};
use crate::model::arrange::Density;
use crate::model::scene::{LinkView, Scene};
use crate::state::{Action, Selected, Target};
use crate::wire::{Line, Plan, Wire};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};
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

/// A card under somebody's finger: which host, and from its corner to the finger.
#[derive(Clone, Copy)]
struct Drag {
    host: usize,
    dx: f64,
    dy: f64,
}

/// Everything that is needed to put the cards, the cables and the packets in their places.
#[derive(Clone)]
struct Layout {
    stage: NodeRef,
    canvas: NodeRef,
    svg: NodeRef,
    cables: NodeRef,
    wire: WireHandle,
    plan: Plan,
    ctx: Ctx,
}

impl Layout {
    /// Puts all in place; `dragged`: a card that is somewhere else just now. `moved`: what is under
    /// way moves with the cables.
    fn put(&self, dragged: Option<(usize, (f64, f64))>, moved: bool) {
        let (Some(stage), Some(canvas)) =
            (self.stage.cast::<Element>(), self.canvas.cast::<HtmlElement>())
        else {
            return;
        };
        let (Some(svg), Some(cables)) = (self.svg.cast(), self.cables.cast::<Element>()) else {
            return;
        };
        let mut plan = self.plan.clone();
        plan.chosen.extend(dragged);
        let mut wire = self.wire.0.borrow_mut();
        wire.attach(svg, cables);
        wire.layout(&stage, &canvas, &plan);
        let ctx = &self.ctx;
        if let (Some(run), true) = (&ctx.run, moved && !ctx.playing) {
            let t_ns = run.course.moments.get(ctx.cursor).map_or(0.0, |m| m.t_ns as f64);
            let selected = match ctx.selected {
                Some(Selected::Packet(packet)) => Some(packet),
                _ => None,
            };
            wire.draw(&run.course, &run.delays_ns, t_ns, selected);
        }
    }
}

/// What dragging a card by its head does: press, move, release.
#[hook]
fn use_drag(layout: &Layout) -> [Callback<PointerEvent>; 3] {
    let drag = use_mut_ref(|| None::<Drag>);
    let press = {
        let drag = drag.clone();
        Callback::from(move |event: PointerEvent| *drag.borrow_mut() = grab(&event))
    };
    let moved = {
        let (drag, layout) = (drag.clone(), layout.clone());
        Callback::from(move |event: PointerEvent| {
            if let (Some(drag), Some(stage)) = (*drag.borrow(), layout.stage.cast::<Element>()) {
                layout.put(Some((drag.host, place(&event, drag, &stage))), true);
            }
        })
    };
    let (stage, dispatcher) = (layout.stage.clone(), layout.ctx.dispatcher());
    let release = Callback::from(move |event: PointerEvent| {
        if let (Some(drag), Some(stage)) = (drag.borrow_mut().take(), stage.cast::<Element>()) {
            dispatcher.dispatch(Action::Place(drag.host, Some(place(&event, drag, &stage))));
        }
    });
    [press, moved, release]
}

#[component]
pub(crate) fn Stage(props: &Props) -> Html {
    let (ctx, scene) = (&props.ctx, &props.scene);
    let (stage, canvas) = (use_node_ref(), use_node_ref());
    let (svg, cables) = (use_node_ref(), use_node_ref());
    let layout = Layout {
        stage: stage.clone(),
        canvas: canvas.clone(),
        svg: svg.clone(),
        cables: cables.clone(),
        wire: props.wire.clone(),
        plan: plan(ctx, scene),
        ctx: ctx.clone(),
    };
    // Cards grow and shrink with what they show: measured after each drawing.
    use_effect({
        let layout = layout.clone();
        move || layout.put(None, false)
    });
    use_resize(stage.clone(), {
        let layout = layout.clone();
        move || layout.put(None, true)
    });
    let [press, moved, release] = use_drag(&layout);
    let flying = ctx.course().and_then(|course| {
        let t = course.moments.get(ctx.cursor)?.t_ns as f64;
        Some(course.flying(t).count())
    });
    let click = {
        let dispatcher = ctx.dispatcher();
        Callback::from(move |event: MouseEvent| {
            if let Some(packet) = packet_of(&event) {
                dispatcher.dispatch(Action::Select(Some(Selected::Packet(packet))));
            }
        })
    };
    let context = {
        let ctx = ctx.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(packet) = packet_of(&event) {
                menu::open(&ctx, &event, Target::Packet(packet));
            }
        })
    };
    let hosts = scene.hosts.len();
    html! {
        <section id="stage" class="panel region region-stage" aria-label={say(ctx, Msg::RegionStage)} tabindex="-1">
            <div class="stage" ref={stage} data-density={Density::of(hosts).class()}>
                <div class="canvas" ref={canvas} onpointerdown={press} onpointermove={moved} onpointerup={release.clone()} onpointercancel={release}>
                    <svg key="cables" class="wire cables" ref={cables} aria-hidden="true"></svg>
                    <svg key="wire" class="wire" ref={svg} role="img" aria-label={say(ctx, Msg::WireLabel { n: flying.unwrap_or(0) })}
                        onclick={click} oncontextmenu={context}></svg>
                    <div key="links" class="links">{ for scene.links.iter().enumerate().map(|(number, view)| link(ctx, number, view)) }</div>
                    { for scene.hosts.iter().enumerate().map(|(number, view)| host(ctx, number, view, Density::of(hosts).beside(number))) }
                </div>
            </div>
        </section>
    }
}

fn plan(ctx: &Ctx, scene: &Scene) -> Plan {
    let lines = scene.links.iter().map(|link| Line { hosts: link.hosts.clone(), up: link.up });
    let mut loops: Vec<usize> = ctx
        .course()
        .into_iter()
        .flat_map(|course| course.packets.iter().filter(|packet| packet.link.is_none()))
        .map(|packet| packet.from)
        .collect();
    loops.sort_unstable();
    loops.dedup();
    Plan {
        lines: lines.collect(),
        loops,
        chosen: (*ctx.places).clone(),
        router: scene.hosts.iter().position(|host| host.router),
    }
}

fn target(event: &web_sys::Event) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into::<Element>().ok())
}

fn packet_of(event: &MouseEvent) -> Option<usize> {
    let group = target(event)?.closest("[data-packet]").ok().flatten()?;
    group.get_attribute("data-packet")?.parse().ok()
}

/// Takes hold of a card by its head, not by a button in it. A finger scrolls on a narrow screen.
fn grab(event: &PointerEvent) -> Option<Drag> {
    let target = target(event)?;
    let head = target.closest(".host > header").ok().flatten()?;
    let narrow = head.closest("[data-narrow=true]").ok().flatten().is_some();
    if event.button() != 0 || narrow || target.closest("button").ok().flatten().is_some() {
        return None;
    }
    let card = head.parent_element()?;
    let rect = card.get_bounding_client_rect();
    // The card is followed even where the pointer leaves it.
    let _ = head.set_pointer_capture(event.pointer_id());
    event.prevent_default();
    Some(Drag {
        host: card.get_attribute("data-host")?.parse().ok()?,
        dx: rect.left() + rect.width() / 2.0 - f64::from(event.client_x()),
        dy: rect.top() + rect.height() / 2.0 - f64::from(event.client_y()),
    })
}

/// The dragged card's middle as part of the stage.
fn place(event: &PointerEvent, drag: Drag, stage: &Element) -> (f64, f64) {
    let frame = stage.get_bounding_client_rect();
    let x = f64::from(event.client_x()) + drag.dx - frame.left();
    let y = f64::from(event.client_y()) + drag.dy - frame.top() + f64::from(stage.scroll_top());
    let part = |value: f64, of: f64| (value / of.max(1.0)).clamp(0.0, 2.0);
    (part(x, frame.width()).min(1.0), part(y, frame.height()))
}

/// Calls `layout` when an element's size changes, and once when it is there.
#[hook]
pub(crate) fn use_resize(stage: NodeRef, layout: impl Fn() + Clone + 'static) {
    let latest = use_mut_ref(|| Box::new(|| {}) as Box<dyn Fn()>);
    *latest.borrow_mut() = Box::new(layout);
    use_effect_with((), move |()| {
        let callback = Closure::<dyn FnMut()>::new(move || (latest.borrow())());
        let observer = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(stage)) = (&observer, stage.cast::<Element>()) {
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

/// What a link does to packets; opens its menu.
fn link(ctx: &Ctx, number: usize, view: &LinkView) -> Html {
    if view.hosts.len() < 2 {
        return html! {};
    }
    let lang = ctx.lang();
    let text = if view.up {
        let loss = i18n::percent(lang, view.loss);
        let rate = (view.rate_bps > 0).then(|| format!(" · {}", i18n::rate(lang, view.rate_bps)));
        let text = Msg::Link { delay: i18n::duration(lang, view.delay_ns), loss }.text(lang);
        let hub = if view.hub { "hub · " } else { "" };
        format!("{hub}{text}{}", rate.unwrap_or_default())
    } else {
        Msg::CableDown.text(lang)
    };
    let menu = menu::opener(ctx, Target::Link(number));
    let class = classes!(
        "link-chip",
        (!view.up).then_some("down"),
        (view.hosts.len() > 2).then_some("switch-chip")
    );
    html! {
        <button type="button" key={number} {class} data-link={number.to_string()} aria-haspopup="menu"
            aria-label={say(ctx, Msg::LinkN { n: number + 1, text: text.clone() })} onclick={menu.clone()} oncontextmenu={menu}>{ text }</button>
    }
}

/// A click that selects something.
pub(crate) fn select(ctx: &Ctx, what: Selected) -> Callback<MouseEvent> {
    on(ctx, move |event: MouseEvent| {
        event.prevent_default();
        Action::Select(Some(what))
    })
}
