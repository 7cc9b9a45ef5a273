//! Graphs of one connection over simulated time; a click goes to the moment.

use crate::components::views::empty;
use crate::components::{Ctx, say, states};
use crate::i18n::{self, Msg};
use crate::model::graphs::{
    self, CHARTS, Chart, Mark, MarkKind, Sample, Series, label, nice, path,
};
use crate::session::{Run, in_slices};
use crate::state::{Action, Selected};
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// Size of a chart in picture units.
const SIZE: (f64, f64) = (640.0, 120.0);
/// Room for the numbers at the left, the time below.
const LEFT: f64 = 58.0;
const BOTTOM: f64 = 16.0;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
}

#[component]
pub(crate) fn Graphs(props: &Props) -> Html {
    let ctx = &props.ctx;
    let samples = use_state(|| Rc::new(Vec::<Sample>::new()));
    let sockets = ctx.course().map(states::connections).unwrap_or_default();
    let chosen = match ctx.selected {
        Some(Selected::Socket(host, sock)) if sockets.contains(&(host, sock)) => Some((host, sock)),
        _ => sockets.first().copied(),
    };
    use_effect_with((ctx.run.clone(), chosen), {
        let samples = samples.clone();
        move |(run, chosen): &(Option<Rc<Run>>, Option<(usize, u32)>)| {
            let wanted = Rc::new(Cell::new(true));
            match (run.clone(), *chosen) {
                (Some(run), Some((host, sock))) => {
                    collect(run, host, sock, samples, wanted.clone())
                }
                _ => samples.set(Rc::default()),
            }
            move || wanted.set(false)
        }
    });
    let traced = use_memo((ctx.run.clone(), chosen), |(run, chosen)| match (run, chosen) {
        (Some(run), Some((host, sock))) => from_trace(run, *host, *sock),
        _ => (Rc::default(), Vec::new()),
    });
    let (Some(course), Some(chosen)) = (ctx.course(), chosen) else {
        return empty(ctx, Msg::NoConnections);
    };
    let (traced, marks) = &*traced;
    // One axis of time for all.
    let times = || traced.iter().chain(samples.iter()).map(|sample| sample.t_ns);
    let range = (times().min().unwrap_or(0), times().max().unwrap_or(1));
    html! {
        <div class="graphs">
            <div class="filter"><label>{ say(ctx, Msg::ChooseSocket) }{ states::choice(ctx, course, &sockets, chosen) }</label></div>
            if samples.is_empty() && traced.is_empty() { { empty(ctx, Msg::NoSamples) } } else {
                { for CHARTS.iter().enumerate().map(|(n, chart)| match n {
                    // The trace tells every change of the first two.
                    0 => draw(ctx, chart, traced, marks, range),
                    1 => draw(ctx, chart, traced, &[], range),
                    _ => draw(ctx, chart, &samples, &[], range),
                }) }
            }
        </div>
    }
}

/// Looks at the world at every sample's moment, a few at a time.
fn collect(
    run: Rc<Run>,
    host: usize,
    sock: u32,
    into: UseStateHandle<Rc<Vec<Sample>>>,
    wanted: Rc<Cell<bool>>,
) {
    let moments = graphs::moments(&run.course, host);
    let mut found = Vec::new();
    let mut next = 0;
    in_slices(move || {
        if !wanted.get() {
            return false;
        }
        let Some(moment) = moments.get(next) else {
            into.set(Rc::new(std::mem::take(&mut found)));
            return false;
        };
        next += 1;
        if let Some(at) = run.course.moments.get(*moment) {
            let world = run.timeline.seek(at.position);
            found.extend(graphs::sample(&world, host, sock, *moment, at.t_ns));
        }
        true
    });
}

/// What the trace tells of a connection.
fn from_trace(run: &Run, host: usize, sock: u32) -> (Rc<Vec<Sample>>, Vec<Mark>) {
    let states = run.course.states.iter().filter(|s| (s.host, s.sock) == (host, sock));
    let open = states.filter(|s| s.to == "ESTABLISHED").map(|s| s.moment).next();
    let world = open.and_then(|moment| run.course.moments.get(moment));
    let mss = world.and_then(|at| graphs::mss(&run.timeline.seek(at.position), host, sock));
    // What Ethernet and timestamps leave of a segment.
    let mss = mss.unwrap_or(1448.0);
    let (samples, marks) = graphs::traced(run.timeline.records(), &run.course, host, sock, mss);
    (Rc::new(samples), marks)
}

fn draw(
    ctx: &Ctx,
    chart: &Chart,
    samples: &Rc<Vec<Sample>>,
    marks: &[Mark],
    (begin, finish): (u64, u64),
) -> Html {
    let now = samples.iter().rev().find(|sample| sample.moment <= ctx.cursor).copied();
    if samples.is_empty() {
        return html! {};
    }
    // What never has a value here, like the queue of a link without a limit, is left out.
    let known = |(.., value): &&Series| samples.iter().any(|sample| value(sample).is_some());
    let series: Vec<&Series> = chart.series.iter().filter(known).collect();
    let lang = ctx.lang();
    let span = (finish - begin).max(1) as f64;
    let x =
        move |t_ns: u64| LEFT + (t_ns.saturating_sub(begin)) as f64 / span * (SIZE.0 - LEFT - 6.0);
    let most = samples
        .iter()
        .flat_map(|sample| series.iter().filter_map(|(.., value)| value(sample)))
        .fold(0.0, f64::max);
    let end = nice(most);
    let y = move |value: f64| (SIZE.1 - BOTTOM) - value / end * (SIZE.1 - BOTTOM - 8.0);
    let text = |value: f64| i18n::number(lang, &label(chart.unit, value));
    let t_now =
        ctx.course().and_then(|c| c.moments.get(ctx.cursor)).map_or(0, |moment| moment.t_ns);
    let names: Vec<String> = series.iter().map(|(_, name, _)| (*name).to_owned()).collect();
    let go = {
        let (dispatcher, samples) = (ctx.dispatcher(), samples.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(svg) = event
                .current_target()
                .map(wasm_bindgen::JsCast::unchecked_into::<web_sys::Element>)
            else {
                return;
            };
            let rect = svg.get_bounding_client_rect();
            let at = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0) * SIZE.0;
            let nearest = samples
                .iter()
                .min_by(|a, b| (x(a.t_ns) - at).abs().total_cmp(&(x(b.t_ns) - at).abs()));
            if let Some(sample) = nearest {
                dispatcher.dispatch(Action::Play(false));
                dispatcher.dispatch(Action::Cursor(sample.moment));
            }
        })
    };
    html! {
        <figure class="chart">
            <figcaption>{ for series.iter().map(|(class, name, value)| html! {
                <span class={classes!("key", *class)}><span class="swatch" aria-hidden="true"></span>{ line_name(ctx, name) }
                    if let Some(value) = now.as_ref().and_then(value) { <b>{ text(value) }</b> }</span>
            }) }
            { for MARKS.iter().filter_map(|kind| {
                let n = marks.iter().filter(|mark| mark.kind == *kind).count();
                (n > 0).then(|| html! { <span class={classes!("key", mark_class(*kind))}><span class="mark-key" aria-hidden="true"></span>{ format!("{} ×{n}", say(ctx, mark_name(*kind))) }</span> })
            }) }</figcaption>
            <svg viewBox={format!("0 0 {} {}", SIZE.0, SIZE.1)} role="img" aria-label={say(ctx, Msg::ChartLabel { names: names.join(", "), most: text(most) })} onclick={go}>
                { for [0.0, end / 2.0, end].map(|value| html! {
                    <g><line class="rule" x1={LEFT.to_string()} x2={SIZE.0.to_string()} y1={format!("{:.1}", y(value))} y2={format!("{:.1}", y(value))} />
                    <text class="axis" x={(LEFT - 6.0).to_string()} y={format!("{:.1}", y(value) + 3.5)} text-anchor="end">{ text(value) }</text></g>
                }) }
                { for [begin, finish].into_iter().enumerate().map(|(n, t)| html! {
                    <text class="axis" x={format!("{:.1}", x(t))} y={(SIZE.1 - 3.0).to_string()} text-anchor={if n == 0 { "start" } else { "end" }}>{ i18n::clock(lang, t) }</text>
                }) }
                { for series.iter().map(|(class, _, value)| html! { <path class={classes!("line", *class)} d={path(samples, *value, x, y)} /> }) }
                { for marks.iter().filter(|mark| (begin..=finish).contains(&mark.t_ns)).map(|mark| html! {
                    <path class={classes!("mark", mark_class(mark.kind))} d={format!("M{0:.1} 0l4 7h-8z", x(mark.t_ns))}><title>{ say(ctx, mark_name(mark.kind)) }</title></path>
                }) }
                if (begin..=finish).contains(&t_now) {
                    <line class="now" x1={format!("{:.1}", x(t_now))} x2={format!("{:.1}", x(t_now))} y1="4" y2={(SIZE.1 - BOTTOM).to_string()} />
                }
            </svg>
        </figure>
    }
}

const MARKS: [MarkKind; 4] =
    [MarkKind::Retransmit, MarkKind::Timeout, MarkKind::Recovery, MarkKind::ZeroWindow];

fn mark_class(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Retransmit | MarkKind::Timeout => "k-rst",
        MarkKind::Recovery => "k-fin",
        MarkKind::ZeroWindow => "k-syn",
    }
}

fn mark_name(kind: MarkKind) -> Msg {
    match kind {
        MarkKind::Retransmit => Msg::MarkRetransmit,
        MarkKind::Timeout => Msg::MarkTimeout,
        MarkKind::Recovery => Msg::MarkRecovery,
        MarkKind::ZeroWindow => Msg::MarkZeroWindow,
    }
}

/// What a line is called: the protocol's own words in every language, the others in the page's.
fn line_name(ctx: &Ctx, name: &str) -> String {
    match name {
        "in flight" => say(ctx, Msg::InFlight),
        "link queue" => say(ctx, Msg::LinkQueue),
        other => other.to_owned(),
    }
}
