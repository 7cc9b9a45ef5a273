//! The socket() explorer: every family with every type, for one protocol at a time.

use crate::address;
use crate::bridge::rule_name;
use crate::components::{Ctx, say, value_of};
use crate::i18n::Msg;
use crate::keys;
use crate::model::tools::{
    Answers, FAMILIES, PROTOCOLS, Question, TYPES, Tool, errno_text, written,
};
use crate::real::Real;
use abi::{Fd, Reply, Syscall};
use real::Answer;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
}

/// What the real kernel said.
#[derive(Clone, PartialEq)]
enum Measured {
    Reply(Reply),
    Other(String),
}

#[component]
pub(crate) fn Explorer(props: &Props) -> Html {
    let ctx = &props.ctx;
    let filled = use_memo((), |()| match address::tool() {
        Some(Tool::Explorer(question, root)) => (question, root),
        _ => ((2, 1, 0), false),
    });
    let (question, as_root) = *filled;
    let root = use_state(|| as_root);
    let protocol = use_state(|| question.2);
    let chosen = use_state(|| question);
    use_effect_with((*chosen, *root), |(question, root)| {
        address::fill(&Tool::Explorer(*question, *root));
    });
    let measured = use_state(|| None::<(Question, Measured)>);
    let answers = use_memo(*root, |root| Answers::ask(*root));
    let real = use_context::<Real>();
    let choose_protocol = {
        let (protocol, chosen) = (protocol.clone(), chosen.clone());
        Callback::from(move |event: Event| {
            let number = value_of(&event).parse().unwrap_or(0);
            protocol.set(number);
            chosen.set((chosen.0, chosen.1, number));
        })
    };
    let toggle = {
        let root = root.clone();
        Callback::from(move |_: Event| root.set(!*root))
    };
    let choose = {
        let chosen = chosen.clone();
        Callback::from(move |question: Question| chosen.set(question))
    };
    let ask = {
        let (real, measured, question) = (real.clone(), measured.clone(), *chosen);
        Callback::from(move |_: MouseEvent| {
            let (Some(real), measured) = (real.clone(), measured.clone()) else { return };
            wasm_bindgen_futures::spawn_local(async move {
                measured.set(ask_kernel(&real, question).await.map(|answer| (question, answer)));
            });
        })
    };
    let ready = real.as_ref().is_some_and(Real::ready);
    html! {
        <div class="explorer">
            <p>{ say(ctx, Msg::ExplorerText) }</p>
            <div class="filter">
                <label>{ say(ctx, Msg::ArgProtocol) }
                    <select onchange={choose_protocol}>{ for PROTOCOLS.iter().map(|(number, name)| html! {
                        <option value={number.to_string()} selected={*number == *protocol}>{ format!("{number} {name}") }</option>
                    }) }</select>
                </label>
                <label><input type="checkbox" checked={*root} onchange={toggle} />{ say(ctx, Msg::AsRoot) }</label>
            </div>
            <div class="columns">
                { grid(ctx, &answers, *protocol, *chosen, &choose) }
                <section class="answer" aria-live="polite" aria-label={say(ctx, Msg::ColReturn)}>
                    { detail(ctx, &answers, *chosen) }
                    if ready {
                        <p><button type="button" onclick={ask}>{ say(ctx, Msg::AskReal) }</button></p>
                        if let Some((_, answer)) = (*measured).as_ref().filter(|(question, _)| *question == *chosen) {
                            <p><span class="measured">{ say(ctx, Msg::MeasuredMark) }</span>{ " " }<b class="mono">{ match answer {
                                Measured::Reply(reply) => shown(reply),
                                Measured::Other(text) => text.clone(),
                            } }</b></p>
                        }
                    } else { <p class="muted">{ say(ctx, Msg::RealBeside) }</p> }
                </section>
            </div>
        </div>
    }
}

async fn ask_kernel(real: &Real, (domain, ty, protocol): Question) -> Option<Measured> {
    let bridge = real.bridge()?;
    Some(match bridge.call(Syscall::Socket { domain, ty, protocol }, false).await {
        Answer::Done(reply, _) => {
            if let Ok(handle) = reply.ret {
                let fd = Fd(i32::try_from(handle).unwrap_or(-1));
                bridge.call(Syscall::Close { fd }, false).await;
            }
            Measured::Reply(reply)
        }
        Answer::Denied { rule, detail } => {
            Measured::Other(format!("{}: {detail}", rule_name(rule)))
        }
        Answer::Lost(detail) => Measured::Other(detail),
    })
}

fn grid(
    ctx: &Ctx,
    answers: &Rc<Answers>,
    protocol: i32,
    chosen: Question,
    choose: &Callback<Question>,
) -> Html {
    let onkeydown = {
        let choose = choose.clone();
        Callback::from(move |event: KeyboardEvent| rove(&event, protocol, &choose))
    };
    html! {
        <div class="grid-scroll">
        <table class="grid" role="grid" aria-label={say(ctx, Msg::Explorer)} {onkeydown}>
            <thead><tr><td></td>{ for TYPES.iter().map(|(number, name)| html! { <th scope="col">{ name.trim_start_matches("SOCK_") }<span class="muted">{ format!(" {number}") }</span></th> }) }</tr></thead>
            <tbody>{ for FAMILIES.iter().enumerate().map(|(row, (family, name))| html! {
                <tr><th scope="row">{ name }<span class="muted">{ format!(" {family}") }</span></th>
                { for TYPES.iter().enumerate().map(|(column, (ty, _))| {
                    let question = (*family, *ty, protocol);
                    let Some(reply) = answers.reply(question) else { return html! { <td></td> } };
                    let choose = choose.clone();
                    let class = if reply.ret.is_ok() { "k-ok" } else { "k-other" };
                    html! {
                        <td><button type="button" id={cell_id(row, column)} {class} tabindex={if chosen == question { "0" } else { "-1" }} aria-pressed={(chosen == question).to_string()}
                            aria-label={format!("{}: {}", written(question), errno_text(reply))}
                            onclick={Callback::from(move |_: MouseEvent| choose.emit(question))}>{ errno_text(reply) }</button></td>
                    }
                }) }</tr>
            }) }</tbody>
        </table>
        </div>
    }
}

/// One Tab stop for all cells, and arrows among them: the cell that is gone to is the chosen one.
fn rove(event: &KeyboardEvent, protocol: i32, choose: &Callback<Question>) {
    let at = event.target_dyn_into::<web_sys::Element>().and_then(|cell| place_of(&cell.id()));
    let Some((row, column)) = at else { return };
    let (row, column) = match event.key().as_str() {
        "ArrowRight" => (row, column + 1),
        "ArrowLeft" => (row, column.saturating_sub(1)),
        "ArrowDown" => (row + 1, column),
        "ArrowUp" => (row.saturating_sub(1), column),
        "Home" => (row, 0),
        "End" => (row, TYPES.len() - 1),
        _ => return,
    };
    event.prevent_default();
    if let (Some((family, _)), Some((ty, _))) = (FAMILIES.get(row), TYPES.get(column)) {
        choose.emit((*family, *ty, protocol));
        // The cell is there: the tables are constants.
        let _ = keys::focus_on(&cell_id(row, column));
    }
}

fn cell_id(row: usize, column: usize) -> String {
    format!("cell-{row}-{column}")
}

fn place_of(id: &str) -> Option<(usize, usize)> {
    let (row, column) = id.strip_prefix("cell-")?.split_once('-')?;
    Some((row.parse().ok()?, column.parse().ok()?))
}

fn shown(reply: &Reply) -> String {
    match reply.ret {
        Ok(fd) => format!("= {fd}"),
        Err(errno) => format!("= -1 {} ({} {})", errno.name(), errno.0, errno.message()),
    }
}

fn detail(ctx: &Ctx, answers: &Answers, question: Question) -> Html {
    let Some(reply) = answers.reply(question) else { return html! {} };
    let (family, ty, protocol) = question;
    let texts = [family_text(family), type_text(ty), protocol_text(protocol)];
    html! {
        <>
            <h3 class="mono">{ written(question) }</h3>
            <p><span class="simulated">{ say(ctx, Msg::SimulatedMark) }</span>{ " " }<b class={classes!("mono", if reply.ret.is_ok() { "good" } else { "err" })}>{ shown(reply) }</b></p>
            { for answers.why(question, ctx.lang()).into_iter().map(|text| html! { <p>{ text }</p> }) }
            <ul>{ for texts.into_iter().flatten().map(|text| html! { <li>{ say(ctx, text) }</li> }) }</ul>
        </>
    }
}

fn family_text(family: i32) -> Option<Msg> {
    Some(match family {
        0 => Msg::FamilyUnspec,
        1 => Msg::FamilyUnix,
        2 => Msg::FamilyInet,
        6 => Msg::FamilyNs,
        7 => Msg::FamilyIso,
        10 => Msg::FamilyInet6,
        16 => Msg::FamilyNetlink,
        17 => Msg::FamilyPacket,
        3 | 4 | 5 | 9 => Msg::FamilyOld,
        _ => return None,
    })
}

fn type_text(ty: i32) -> Option<Msg> {
    Some(match ty {
        1 => Msg::TypeStream,
        2 => Msg::TypeDgram,
        3 => Msg::TypeRaw,
        4 => Msg::TypeRdm,
        5 => Msg::TypeSeqpacket,
        6 => Msg::TypeDccp,
        10 => Msg::TypePacket,
        _ => return None,
    })
}

fn protocol_text(protocol: i32) -> Option<Msg> {
    Some(match protocol {
        0 => Msg::ProtocolDefault,
        1 => Msg::ProtocolIcmp,
        2 => Msg::ProtocolIgmp,
        3 => Msg::ProtocolGgp,
        6 => Msg::ProtocolTcp,
        17 => Msg::ProtocolUdp,
        _ => return None,
    })
}
