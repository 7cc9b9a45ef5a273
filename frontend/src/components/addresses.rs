//! The address workshop: a text and a port, and everything that C makes of them, byte by byte.

use crate::address;
use crate::bridge::{Bridge, rule_name};
use crate::components::{Ctx, say, value_of};
use crate::i18n::Msg;
use crate::model::tools;
use crate::model::tools::{
    ADDRESSES, Address, FieldOf, Lines, SOCKADDR_IN, SOCKADDR_IN6, SOCKADDR_UN, Tool, answer,
};
use crate::model::workshop::{self, Ask, Row};
use crate::real::Real;
use abi::{AddrIn, AddrOut, Fd, Reply, Syscall, consts};
use real::Answer;
use yew::prelude::*;

/// What was asked of this computer and what it answered, or why it did not.
type Measured = (Address, Result<Lines, String>);

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
}

#[component]
pub(crate) fn Workshop(props: &Props) -> Html {
    let ctx = &props.ctx;
    let question = use_state(|| match address::tool() {
        Some(Tool::Addresses(filled)) => filled,
        _ => Address::default(),
    });
    use_effect_with((*question).clone(), |question| {
        address::fill(&Tool::Addresses(question.clone()));
    });
    let lines = use_memo((*question).clone(), tools::address);
    let measured = use_state(|| None::<Measured>);
    let real = use_context::<Real>();
    let port_note = workshop::port_note(&question, &lines);
    let field = |label: Msg, value: &str, change: fn(&mut Address, String)| {
        // The others have no wrong values: what C makes of any text is the lesson.
        let wrong = label == Msg::ArgPort && port_note.is_some();
        let question = question.clone();
        let input = Callback::from(move |event: InputEvent| {
            let mut next = (*question).clone();
            change(&mut next, value_of(&event));
            question.set(next);
        });
        html! {
            <label>{ say(ctx, label) }
                <input type="text" value={value.to_owned()} oninput={input} aria-invalid={wrong.to_string()} spellcheck="false" autocomplete="off" />
            </label>
        }
    };
    let q = &*question;
    // Answers to another question say nothing.
    let (real_lines, refused) = match (*measured).as_ref().filter(|(asked, _)| asked == q) {
        Some((_, Ok(lines))) => (Some(lines), None),
        Some((_, Err(why))) => (None, Some(why.clone())),
        None => (None, None),
    };
    html! {
        <div class="workshop">
            <p>{ say(ctx, Msg::WorkshopText) }{ " " }<span class="simulated">{ say(ctx, Msg::SimulatedMark) }</span></p>
            <form class="form" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>
                { field(Msg::ColAddress, &q.address, |q, text| q.address = text) }
                { field(Msg::ArgPort, &q.port, |q, text| q.port = text) }
                { field(Msg::Prefix, &q.prefix, |q, text| q.prefix = text) }
                { field(Msg::UnixPath, &q.path, |q, text| q.path = text) }
            </form>
            <div role="status">
                { for port_note.clone().map(|note| html! { <p class="note">{ say(ctx, note) }</p> }) }
                if workshop::is_inaddr_none(&lines) { <p class="note">{ say(ctx, Msg::InaddrNone) }</p> }
            </div>
            { ask(ctx, q, &measured, real) }
            if let Some(why) = refused { <p class="note" role="alert">{ why }</p> }
            <div class="columns" aria-live="polite">
                <div>
                    { calls(ctx, &lines, q, real_lines) }
                </div>
                <div>
                    { structure("struct sockaddr_in", answer(&lines, "sockaddr_in"), &SOCKADDR_IN) }
                    if let Some(bytes) = real_lines.and_then(|lines| answer(lines, "sockaddr_in")) {
                        <span class="measured">{ say(ctx, Msg::MeasuredMark) }</span>
                        { structure("getsockname(fd, &addr, &len)", Some(bytes), &SOCKADDR_IN) }
                    }
                    if let Some(port) = answer(&lines, "forgotten") {
                        <p class="note">{ say(ctx, Msg::ForgottenHtons { port: port.to_owned() }) }</p>
                        { structure("sin_port = port;", answer(&lines, "sockaddr_in.forgotten"), &SOCKADDR_IN[..2]) }
                    }
                    { structure("struct sockaddr_in6", answer(&lines, "sockaddr_in6"), &SOCKADDR_IN6) }
                    { structure("struct sockaddr_un", answer(&lines, "sockaddr_un"), &SOCKADDR_UN) }
                    <p class="muted">{ say(ctx, Msg::UnixSize { n: answer(&lines, "sockaddr_un.size").unwrap_or("?").to_owned() }) }</p>
                </div>
            </div>
            <details><summary>{ say(ctx, Msg::TheProgram) }</summary><pre class="source" tabindex="0">{ ADDRESSES }</pre></details>
        </div>
    }
}

/// The calls in C with what they give here, and on this computer where that was asked.
fn calls(ctx: &Ctx, lines: &Lines, q: &Address, measured: Option<&Lines>) -> Html {
    let words = [Msg::Mask, Msg::NetworkAddress, Msg::Broadcast].map(|word| say(ctx, word));
    let heads = [Msg::ColCall, Msg::ColReturn, Msg::ColBytes];
    let beside = |row: &Row| {
        let found = measured.and_then(|measured| workshop::beside(row, measured));
        let (text, differs) = found.unwrap_or_default();
        html! { <td class={classes!("mono", "wrap", differs.then_some("differs"))}>{ text }</td> }
    };
    html! {
        <table class="rows">
            <thead><tr>
                { for heads.map(|head| html! { <th scope="col">{ say(ctx, head) }</th> }) }
                if measured.is_some() { <th scope="col"><span class="measured">{ say(ctx, Msg::MeasuredMark) }</span></th> }
            </tr></thead>
            <tbody>{ for workshop::rows(lines, q, words).iter().map(|row| html! {
                <tr><th scope="row" class="mono wrap">{ &row.call }</th><td class="mono wrap">{ &row.value }</td><td class="mono wrap">{ for row.bytes.clone() }</td>
                    if measured.is_some() { { beside(row) } }</tr>
            }) }</tbody>
        </table>
    }
}

/// What this computer says, or how it can be asked.
fn ask(
    ctx: &Ctx,
    question: &Address,
    measured: &UseStateHandle<Option<Measured>>,
    real: Option<Real>,
) -> Html {
    let Some(real) = real.filter(Real::ready) else {
        return html! { <p class="muted">{ say(ctx, Msg::RealBeside) }</p> };
    };
    let ask = {
        let (question, measured) = (question.clone(), measured.clone());
        Callback::from(move |_: MouseEvent| {
            let (question, measured, bridge) = (question.clone(), measured.clone(), real.bridge());
            wasm_bindgen_futures::spawn_local(async move {
                if let Some(bridge) = bridge {
                    let answers = ask_computer(&bridge, &question).await;
                    measured.set(Some((question, answers)));
                }
            });
        })
    };
    html! { <p><button type="button" onclick={ask}>{ say(ctx, Msg::AskReal) }</button></p> }
}

/// Asks this computer's libc and kernel; what the bridge refuses is its own answer, in words.
async fn ask_computer(bridge: &Bridge, question: &Address) -> Result<Lines, String> {
    let mut lines = Lines::new();
    for ask in Ask::ALL {
        lines.extend(ask.lines(&reply(bridge, ask.call(question)).await?));
    }
    let (domain, ty) = (consts::AF_INET, consts::SOCK_STREAM);
    let socket = reply(bridge, Syscall::Socket { domain, ty, protocol: 0 }).await?;
    let Some(fd) = socket.ret.ok().and_then(|fd| i32::try_from(fd).ok()).map(Fd) else {
        return Ok(lines);
    };
    let addr = AddrIn::of(workshop::bound(&lines));
    let bind = reply(bridge, Syscall::Bind { fd, addr }).await;
    let name = reply(bridge, Syscall::Getsockname { fd, addr: AddrOut::room(128) }).await;
    // Whatever came of it, nothing stays open.
    reply(bridge, Syscall::Close { fd }).await?;
    lines.extend(workshop::bind_lines(&bind?, name.ok().as_ref()));
    Ok(lines)
}

async fn reply(bridge: &Bridge, call: Syscall) -> Result<Reply, String> {
    match bridge.call(call, false).await {
        Answer::Done(reply, _) => Ok(reply),
        Answer::Denied { rule, detail } => Err(format!("{}: {detail}", rule_name(rule))),
        Answer::Lost(detail) => Err(detail),
    }
}

/// A structure's bytes under the names of its fields.
fn structure(name: &'static str, bytes: Option<&str>, fields: &[FieldOf]) -> Html {
    let bytes: Vec<&str> = bytes.unwrap_or("").split_whitespace().collect();
    html! {
        <figure class="struct">
            <figcaption class="mono">{ name }</figcaption>
            <div class="fields-row">{ for fields.iter().enumerate().map(|(n, (field, from, len))| {
                let shown = bytes.get(*from..(from + len).min(bytes.len())).unwrap_or_default();
                html! {
                    <div class={format!("field-box f{}", n % 5)}>
                        <span class="name">{ *field }</span>
                        <span class="byte-row">{ for shown.iter().map(|byte| html! { <span class="cell">{ *byte }</span> }) }</span>
                    </div>
                }
            }) }</div>
        </figure>
    }
}
