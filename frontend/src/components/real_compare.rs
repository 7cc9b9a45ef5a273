//! The same program simulated and real, side by side; the first difference is marked.

use crate::components::{Ctx, say};
use crate::i18n::Msg;
use crate::model::real_compare::{Line, Row, Same, compare as rows_of, first_difference};
use crate::model::real_log::Log;
use yew::prelude::*;

pub(crate) fn compare(ctx: &Ctx, log: &Log) -> Html {
    let Some(course) = ctx.course().filter(|_| !log.processes.is_empty()) else {
        return html! { <p class="empty">{ say(ctx, Msg::CompareEmpty) }</p> };
    };
    html! { <div class="real-compare" role="group" aria-label={say(ctx, Msg::PartCompare)}>{ for log.names.iter().map(|file| {
        program(ctx, file, &rows_of(course, log, file))
    }) }</div> }
}

fn program(ctx: &Ctx, file: &str, rows: &[Row]) -> Html {
    let first = first_difference(rows);
    let said = match first {
        None => Msg::CompareSame { n: rows.len() },
        Some(n) => Msg::CompareFirst { n: n + 1, of: rows.len() },
    };
    html! {
        <section key={file.to_owned()} aria-label={file.to_owned()}>
            <h2 class="mono">{ file }</h2>
            <p class={classes!(first.is_some().then_some("warn"))}>{ say(ctx, said) }</p>
            <table class="rows">
                <thead><tr>
                    <th scope="col" class="sr-only">{ say(ctx, Msg::CompareState) }</th>
                    <th scope="col">{ say(ctx, Msg::Simulated) }<span class="simulated">{ say(ctx, Msg::SimulatedMark) }</span></th>
                    <th scope="col">{ say(ctx, Msg::Real) }<span class="measured">{ say(ctx, Msg::Measured) }</span></th>
                </tr></thead>
                <tbody>{ for rows.iter().enumerate().map(|(n, row)| {
                    let (mark, msg) = match row.same {
                        Same::Yes => ("=", Msg::CompareEqual),
                        Same::No => ("≠", Msg::CompareDiffers),
                        Same::OnlySimulated => ("−", Msg::CompareOnlySimulated),
                        Same::OnlyReal => ("+", Msg::CompareOnlyReal),
                    };
                    let differs = row.same != Same::Yes;
                    html! {
                        <tr key={n} class={classes!(differs.then_some("differs"), (first == Some(n)).then_some("first"))}>
                            <td><span aria-hidden="true">{ mark }</span><span class="sr-only">{ say(ctx, msg) }</span>
                                if first == Some(n) { <strong>{ say(ctx, Msg::CompareHere) }</strong> }</td>
                            { cell(row.simulated.as_ref()) }{ cell(row.real.as_ref()) }
                        </tr>
                    }
                }) }</tbody>
            </table>
        </section>
    }
}

fn cell(line: Option<&Line>) -> Html {
    html! { <td class="wrap mono">{ for line.map(|line| line.text.clone()) }</td> }
}
