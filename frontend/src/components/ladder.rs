//! The sequence diagram.

use crate::components::stage::use_resize;
use crate::components::views::empty;
use crate::components::{Ctx, icons, on, say, stamps};
use crate::i18n::{self, Msg};
use crate::model::course::Course;
use crate::model::ladder::{self, Arrow, Bar, Ladder, Lines, StateLabel};
use crate::model::tcp_diagram;
use crate::state::{Action, Selected};
use crate::time::Stamps;
use yew::prelude::*;

/// Moments drawn on each side of the cursor: enough for any screen, few enough to stay fast.
const AROUND: usize = 48;
/// Half the thickness of a call's bar.
const HALF: f64 = 5.0;

pub(crate) fn ladder(ctx: &Ctx) -> Html {
    match ctx.course() {
        Some(course) if course.last() > 0 => html! { <Diagram ctx={ctx.clone()} /> },
        _ => empty(ctx, Msg::NoCalls),
    }
}

#[derive(Properties, PartialEq)]
struct Props {
    ctx: Ctx,
}

/// Follows the cursor: scrolls so that the present moment can be seen.
#[component]
fn Diagram(props: &Props) -> Html {
    let ctx = &props.ctx;
    let place = use_node_ref();
    let width = use_state(|| 620.0);
    use_resize(place.clone(), {
        let (place, width) = (place.clone(), width.clone());
        move || {
            let room = place.cast::<web_sys::Element>().map_or(0, |e| e.client_width());
            if room > 0 && (f64::from(room) - *width).abs() > 4.0 {
                width.set(f64::from(room));
            }
        }
    });
    use_effect_with(ctx.cursor, {
        let place = place.clone();
        move |cursor: &usize| {
            let scroller = place.cast::<web_sys::Element>().and_then(|e| e.parent_element());
            if let Some(view) = scroller {
                let (y, top, height) = (
                    ladder::y(*cursor),
                    f64::from(view.scroll_top()),
                    f64::from(view.client_height()),
                );
                if y < top + ladder::ROW || y > top + height - ladder::HEAD - 60.0 {
                    view.set_scroll_top((y - height * 0.45) as i32);
                }
            }
        }
    });
    let Some(course) = ctx.course() else { return html! {} };
    let window = ctx.cursor.saturating_sub(AROUND)..ctx.cursor + AROUND;
    let picture = ladder::ladder(course, ctx.cursor, window.clone(), *width);
    // Whoever predicts must not read the answer here.
    let predicts = ctx.time.quiz.then_some("predicts");
    html! { <div class={classes!("ladder", predicts)} ref={place}>{ draw(ctx, course, &picture, window) }</div> }
}

fn draw(ctx: &Ctx, course: &Course, picture: &Ladder, window: std::ops::Range<usize>) -> Html {
    let packets = course.packets.iter().filter(|p| p.moment <= ctx.cursor).count();
    let calls = course.calls.iter().filter(|c| c.moment <= ctx.cursor).count();
    let now = ladder::y(ctx.cursor);
    let stop = stop(ctx, picture);
    let times = course.moments.iter().enumerate().take(window.end).skip(window.start);
    let mut before = None;
    html! {
        <>
        { heads(ctx, course, picture) }
        <svg width={px(picture.width)} height={px(picture.height)} viewBox={format!("0 0 {} {}", picture.width, picture.height)}
            role="group" aria-label={say(ctx, Msg::LadderLabel { packets, calls })}>
            <defs>
                <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <rect class="call" width="6" height="6" stroke="none" /><line class="life" x1="0" x2="0" y1="0" y2="6" stroke-width="2" />
                </pattern>
                <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
                    <path d="M0 0L8 4L0 8z" fill="context-stroke" />
                </marker>
            </defs>
            <line class="now" x1="0" x2={px(picture.width)} y1={px(now)} y2={px(now)} />
            { for picture.hosts.iter().enumerate().map(|(n, lines)| life_lines(n, lines, picture.height)) }
            { for times.map(|(n, moment)| {
                let shown = before.replace(moment.t_ns) != Some(moment.t_ns);
                if shown || ctx.time.stamps != Stamps::None { time(ctx, n, moment.t_ns) } else { html! {} }
            }) }
            { for picture.bars.iter().map(|bar| call(ctx, &picture.hosts[bar.host], bar)) }
            { for picture.arrows.iter().map(|arrow| packet(ctx, course, arrow, stop == Some(arrow.packet))) }
            { for picture.states.iter().map(state) }
        </svg>
        </>
    }
}

/// The one packet that Tab stops at: the selected one, else the newest that has been sent. Arrow keys
/// go from there to the others.
fn stop(ctx: &Ctx, picture: &Ladder) -> Option<usize> {
    let sent = || picture.arrows.iter().filter(|arrow| !arrow.future).map(|arrow| arrow.packet);
    match ctx.selected {
        Some(Selected::Packet(packet)) => sent().find(|sent| *sent == packet),
        _ => None,
    }
    .or_else(|| sent().next_back())
}

/// Whose lines these are.
fn heads(ctx: &Ctx, course: &Course, picture: &Ladder) -> Html {
    let size = format!("0 0 {} {}", picture.width, ladder::HEAD);
    html! {
        <svg class="ladder-head" aria-hidden="true" width={px(picture.width)} height={px(ladder::HEAD)} viewBox={size}>
            { for picture.hosts.iter().zip(&course.hosts).enumerate().map(|(n, (lines, host))| html! {
                <g key={n}>
                    <text class="who" x={px((lines.app + lines.kernel) / 2.0)} y="15">{ format!("{} · {}", icons::letter(n), host.name) }</text>
                    <text class="part" x={px(lines.app)} y="31">{ say(ctx, Msg::App) }</text>
                    <text class="part" x={px(lines.kernel)} y="31">{ say(ctx, Msg::KernelLine) }</text>
                </g>
            }) }
        </svg>
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

fn life_lines(number: usize, lines: &Lines, height: f64) -> Html {
    let line = |x: f64, class: Option<&'static str>| {
        html! { <line class={classes!("life", class)} x1={px(x)} x2={px(x)} y1="0" y2={px(height)} /> }
    };
    html! { <g key={format!("host-{number}")}>{ line(lines.app, Some("app")) }{ line(lines.kernel, None) }</g> }
}

fn time(ctx: &Ctx, moment: usize, t_ns: u64) -> Html {
    let text = i18n::clock(ctx.lang(), t_ns);
    let stamp = stamps::of_moment(ctx, moment);
    html! {
        <g key={format!("time-{moment}")}>
            <text class="time" x="4" y={px(ladder::y(moment) + 3.5)}>{ text }</text>
            { for stamp.map(|stamp| html! { <text class="stamp" x="4" y={px(ladder::y(moment) + 13.5)}>{ stamp }</text> }) }
        </g>
    }
}

fn call(ctx: &Ctx, lines: &Lines, bar: &Bar) -> Html {
    let (anchor, x) =
        if lines.right { ("start", lines.app + 10.0) } else { ("end", lines.app - 10.0) };
    let index = bar.call;
    let short = bar.bottom - bar.top < ladder::ROW;
    let result = bar.result.clone().unwrap_or_default();
    // A short call has its result on the same line, unless it is an error's long name.
    let one_line = short && !bar.failed;
    let name = if one_line { format!("{} {result}", bar.name) } else { bar.name.clone() };
    let end = if one_line { String::new() } else { result };
    let end_y = if short { bar.top + 12.0 } else { bar.bottom };
    let rect = |top: f64, bottom: f64, class: &'static str| {
        html! {
            <rect class={classes!("call", class, bar.failed.then_some("failed"))} x={px(lines.app - HALF)} y={px(top)}
                width={px(2.0 * HALF)} height={px((bottom - top).max(2.0))} />
        }
    };
    html! {
        <g key={format!("call-{index}")} class={classes!(bar.future.then_some("future"))} onclick={on(ctx, move |_: MouseEvent| Action::Select(Some(Selected::Call(index))))}>
            { rect(bar.top, bar.sleep.unwrap_or(bar.bottom), "") }
            { for bar.sleep.map(|sleep| rect(sleep.max(bar.top), bar.bottom, "wait")) }
            <line class="life" x1={px(lines.app)} x2={px(lines.kernel)} y1={px(bar.top)} y2={px(bar.top)} />
            <text class="call-name" x={px(x)} y={px(bar.top + 4.0)} text-anchor={anchor}>{ name }</text>
            if !end.is_empty() {
                <line class="life" x1={px(lines.app)} x2={px(lines.kernel)} y1={px(end_y)} y2={px(end_y)} stroke-dasharray="3 3" />
                <text class="call-name" x={px(x)} y={px(end_y + 4.0)} text-anchor={anchor}>{ end }</text>
            }
        </g>
    }
}

fn state(label: &StateLabel) -> Html {
    let class =
        classes!("state", tcp_diagram::kind_class(&label.name), label.future.then_some("future"));
    let half = label.half();
    html! {
        <g {class}>
            <rect x={px(label.x - half)} y={px(label.y - 7.0)} width={px(2.0 * half)} height="14" rx="7" />
            <text x={px(label.x)} y={px(label.y + 3.5)}>{ &label.name }</text>
        </g>
    }
}

fn packet(ctx: &Ctx, course: &Course, arrow: &Arrow, stop: bool) -> Html {
    let index = arrow.packet;
    let packet = &course.packets[index];
    let selected = ctx.selected == Some(Selected::Packet(index));
    let class = classes!(
        arrow.kind.class(),
        arrow.future.then_some("future"),
        selected.then_some("selected")
    );
    let name = format!(
        "{} {}: {}",
        say(ctx, Msg::PacketN { n: packet.number }),
        arrow.label,
        packet.summary.info
    );
    let choose = {
        let dispatcher = ctx.dispatcher();
        Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                dispatcher.dispatch(Action::Select(Some(Selected::Packet(index))));
            } else {
                rove(&event);
            }
        })
    };
    let d = arrow.path();
    html! {
        // What has not been sent yet is only a shadow for the eye.
        <g key={format!("packet-{index}")} {class} role={(!arrow.future).then_some("button")} aria-hidden={arrow.future.then_some("true")}
            tabindex={if arrow.future { None } else if stop { Some("0") } else { Some("-1") }} aria-label={(!arrow.future).then_some(name)}
            aria-pressed={(!arrow.future).then(|| selected.to_string())}
            onclick={on(ctx, move |_: MouseEvent| Action::Select(Some(Selected::Packet(index))))} onkeydown={choose}>
            <path class="hit" d={d.clone()} />
            <path class="arrow" {d} marker-end="url(#tip)" />
            if arrow.lost { { cross(arrow.to) } }
            { for arrow.label_at.map(|(x, y)| html! {
                <text class="arrow-label" x={px(x)} y={px(y)} text-anchor="middle">{ &arrow.label }</text>
            }) }
        </g>
    }
}

/// Moves the focus to the next or previous packet that has been sent.
fn rove(event: &KeyboardEvent) {
    use wasm_bindgen::JsCast;
    let forward = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let element = |node: web_sys::EventTarget| node.dyn_into::<web_sys::Element>().ok();
    let mut at = event.target().and_then(element);
    while let Some(now) = at {
        at = if forward { now.next_element_sibling() } else { now.previous_element_sibling() };
        let packet = at.as_ref().filter(|next| next.has_attribute("tabindex"));
        if let Some(packet) = packet.and_then(|next| next.dyn_ref::<web_sys::SvgElement>()) {
            event.prevent_default();
            event.stop_propagation();
            // A packet out of sight comes into it with the focus.
            let _ = packet.focus();
            return;
        }
    }
}

fn cross((x, y): (f64, f64)) -> Html {
    let line = |dx: f64| {
        html! {
            <line class="cross" x1={px(x - 6.0)} y1={px(y - dx)} x2={px(x + 6.0)} y2={px(y + dx)} />
        }
    };
    html! { <>{ line(6.0) }{ line(-6.0) }</> }
}
