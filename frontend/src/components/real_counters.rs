//! `TCP_INFO` of each real connection over time, as graphs and as a table.

use crate::components::{Ctx, say};
use crate::i18n::{self, Msg};
use crate::model::real_log::{Log, Series};
use crate::model::series::{Counter, HEIGHT, WIDTH, line};
use yew::prelude::*;

pub(crate) fn counters(ctx: &Ctx, log: &Log) -> Html {
    let seen: Vec<_> = log.series.values().filter(|series| !series.samples.is_empty()).collect();
    if seen.is_empty() {
        return html! { <p class="empty">{ say(ctx, Msg::CountersEmpty) }</p> };
    }
    html! { <div class="counters">{ for seen.into_iter().map(|series| socket(ctx, log, series)) }</div> }
}

fn socket(ctx: &Ctx, log: &Log, series: &Series) -> Html {
    let lang = ctx.lang();
    let name = match series.owner {
        Some((program, pid, fd)) => format!("{} [{pid}] · fd {fd}", log.name(program)),
        None => say(ctx, Msg::CountersSocket),
    };
    let (Some((first, _)), Some((last_at, last))) = (series.samples.first(), series.samples.last())
    else {
        return html! {};
    };
    html! {
        <section class="socket" aria-label={name.clone()}>
            <h2>{ name }<span class="measured">{ say(ctx, Msg::Measured) }</span></h2>
            <p class="muted">{ say(ctx, Msg::CountersSpan {
                n: series.samples.len(), time: i18n::duration(lang, last_at - first), state: last.state.clone(),
            }) }</p>
            <div class="graphs">{ for Counter::ALL.into_iter().filter_map(|counter| {
                let line = line(&series.samples, counter)?;
                let unit = counter.unit();
                let label = format!("{}: {} {unit}, max {} {unit}", counter.name(), line.last, line.most);
                Some(html! {
                    <figure key={counter.name()}>
                        <svg viewBox={format!("-2 -4 {} {}", WIDTH + 4.0, HEIGHT + 8.0)} role="img" aria-label={label} preserveAspectRatio="none">
                            <polyline points={line.points} />
                        </svg>
                        <figcaption><span class="mono">{ counter.name() }</span><strong>{ format!("{} {unit}", line.last) }</strong>
                            <span class="muted">{ format!("max {} {unit}", line.most) }</span></figcaption>
                    </figure>
                })
            }) }</div>
            <details><summary>{ say(ctx, Msg::AsTable) }</summary>{ rows(ctx, series) }</details>
        </section>
    }
}

/// The samples where something changed, the newest last.
fn rows(ctx: &Ctx, series: &Series) -> Html {
    let mut before = None;
    let changed: Vec<_> = series
        .samples
        .iter()
        .filter(|(_, info)| {
            let values = Counter::ALL.map(|counter| counter.of(info));
            before.replace(values) != Some(values)
        })
        .collect();
    let newest = changed.iter().skip(changed.len().saturating_sub(100));
    html! {
        <table class="rows">
            <thead><tr><th scope="col">{ say(ctx, Msg::ColTime) }</th>
                { for Counter::ALL.map(|counter| html! { <th scope="col">{ counter.name() }</th> }) }</tr></thead>
            <tbody>{ for newest.map(|(at, info)| html! {
                <tr><td class="num">{ i18n::moment(ctx.lang(), *at) }</td>
                    { for Counter::ALL.map(|counter| html! { <td class="num">{ counter.of(info).map(|v| v.to_string()).unwrap_or_default() }</td> }) }</tr>
            }) }</tbody>
        </table>
    }
}
