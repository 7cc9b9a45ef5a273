//! The address workshop: a text and a port, and everything that C makes of them, byte by byte.

use crate::components::{Ctx, say, value_of};
use crate::i18n::Msg;
use crate::model::tools::{
    ADDRESSES, Address, FieldOf, Lines, SOCKADDR_IN, SOCKADDR_IN6, SOCKADDR_UN, address, answer,
};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
}

#[component]
pub(crate) fn Workshop(props: &Props) -> Html {
    let ctx = &props.ctx;
    let question = use_state(Address::default);
    let lines = use_memo((*question).clone(), address);
    let field = |label: Msg, value: &str, change: fn(&mut Address, String)| {
        let question = question.clone();
        let input = Callback::from(move |event: InputEvent| {
            let mut next = (*question).clone();
            change(&mut next, value_of(&event));
            question.set(next);
        });
        html! {
            <label>{ say(ctx, label) }
                <input type="text" value={value.to_owned()} oninput={input} spellcheck="false" autocomplete="off" />
            </label>
        }
    };
    let q = &*question;
    html! {
        <div class="workshop">
            <p>{ say(ctx, Msg::WorkshopText) }{ " " }<span class="simulated">{ say(ctx, Msg::SimulatedMark) }</span></p>
            <form class="form" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>
                { field(Msg::ColAddress, &q.address, |q, text| q.address = text) }
                { field(Msg::ArgPort, &q.port, |q, text| q.port = text) }
                { field(Msg::Prefix, &q.prefix, |q, text| q.prefix = text) }
                { field(Msg::UnixPath, &q.path, |q, text| q.path = text) }
            </form>
            <div class="columns" aria-live="polite">
                <div>
                    { calls(ctx, &lines, q) }
                </div>
                <div>
                    { structure("struct sockaddr_in", answer(&lines, "sockaddr_in"), &SOCKADDR_IN) }
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

/// The calls in C with what they give.
fn calls(ctx: &Ctx, lines: &Lines, q: &Address) -> Html {
    let get = |name: &str| answer(lines, name).unwrap_or("–").to_owned();
    let text = &q.address;
    let pton = |family: &str, n: &str| {
        let ret = get(&format!("inet_pton{n}"));
        let bytes = answer(lines, &format!("inet_pton{n}.bytes")).map(ToOwned::to_owned);
        (format!("inet_pton({family}, \"{text}\", &a)"), ret, bytes)
    };
    let mut rows: Vec<(String, String, Option<String>)> = vec![
        ("port".to_owned(), get("ntohs"), Some(get("port"))),
        ("htons(port)".to_owned(), get("htons.value"), Some(get("htons"))),
        pton("AF_INET", "4"),
        ("ntohl(a.s_addr)".to_owned(), get("ntohl"), None),
        ("inet_ntop(AF_INET, &a, …)".to_owned(), get("inet_ntop4"), None),
        pton("AF_INET6", "6"),
        ("inet_ntop(AF_INET6, &a, …)".to_owned(), get("inet_ntop6"), None),
        (
            format!("inet_aton(\"{text}\", &a)"),
            get("inet_aton"),
            answer(lines, "inet_aton.bytes").map(ToOwned::to_owned),
        ),
        (format!("inet_addr(\"{text}\")"), get("inet_addr"), Some(get("inet_addr.bytes"))),
        ("inet_ntoa(a)".to_owned(), get("inet_ntoa"), None),
        (say(ctx, Msg::Mask), get("mask"), None),
        (say(ctx, Msg::NetworkAddress), get("network"), None),
        (say(ctx, Msg::Broadcast), get("broadcast"), None),
        (
            format!("getaddrinfo(\"{text}\", \"{}\", …)", q.port),
            get("getaddrinfo"),
            answer(lines, "gai_strerror").map(ToOwned::to_owned),
        ),
    ];
    for (_, found) in lines.iter().filter(|(name, _)| name == "addrinfo") {
        rows.push(("→".to_owned(), found.clone(), None));
    }
    let bound = answer(lines, "bind.errno").map(ToOwned::to_owned);
    rows.push(("bind(fd, &addr, 16)".to_owned(), get("bind"), bound));
    html! {
        <table class="rows">
            <thead><tr>{ for [Msg::ColCall, Msg::ColReturn, Msg::ColBytes].map(|head| html! { <th scope="col">{ say(ctx, head) }</th> }) }</tr></thead>
            <tbody>{ for rows.into_iter().map(|(call, value, bytes)| html! {
                <tr><th scope="row" class="mono wrap">{ call }</th><td class="mono wrap">{ value }</td><td class="mono wrap">{ for bytes }</td></tr>
            }) }</tbody>
        </table>
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
