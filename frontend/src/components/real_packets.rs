//! Captured packets of the programs' own sockets, or why there are none.

use crate::bridge::Status;
use crate::components::{Ctx, say};
use crate::i18n::{self, Msg};
use crate::model::dissect::{Base, Start, dissect};
use crate::real::Real as Session;
use abi::message::Capture;
use yew::prelude::*;

/// Rows in the document at once: the newest.
const ROWS_MAX: usize = 400;

pub(crate) fn packets(ctx: &Ctx, real: &Session) -> Html {
    let packets = real.state.packets_until();
    if packets.is_empty() {
        return match &real.state.status {
            Status::Ready { capture: Capture::Off(why), .. } => html! {
                <div class="empty">
                    <p>{ say(ctx, Msg::CaptureOff) }</p>
                    <p class="muted">{ say(ctx, Msg::CaptureWhy { why: why.clone() }) }</p>
                </div>
            },
            _ => html! { <p class="empty">{ say(ctx, Msg::CaptureEmpty) }</p> },
        };
    }
    let hidden = packets.len().saturating_sub(ROWS_MAX);
    let heads =
        [Msg::ColTime, Msg::ColFrom, Msg::ColTo, Msg::ColProtocol, Msg::ColInfo, Msg::ColCause];
    let log = &real.state.log;
    html! {
        <>
            <p class="muted"><span class="measured">{ say(ctx, Msg::Measured) }</span>{ " " }{ say(ctx, Msg::CaptureOn) }</p>
            if hidden > 0 { <p class="muted">{ say(ctx, Msg::RealHidden { n: hidden }) }</p> }
            <table class="rows">
                <caption class="sr-only">{ say(ctx, Msg::CaptureOn) }</caption>
                <thead><tr>{ for heads.map(|head| html! { <th scope="col">{ say(ctx, head) }</th> }) }</tr></thead>
                <tbody>{ for packets.iter().enumerate().skip(hidden).map(|(n, packet)| {
                    let s = dissect(&packet.bytes.0, Start::Ip, Base::default()).summary;
                    let cause = packet.cause.and_then(|id| log.ids.get(&id)).and_then(|n| log.call(*n));
                    let cause = cause.map(|call| abi::strace::name(&call.syscall));
                    html! {
                        <tr key={n} class={s.kind.class()}>
                            <td class="num">{ i18n::moment(ctx.lang(), packet.at_ns) }</td><td>{ s.from }</td><td>{ s.to }</td>
                            <td class="kind">{ s.protocol }</td><td>{ s.info }</td><td class="mono">{ cause.unwrap_or_default() }</td>
                        </tr>
                    }
                }) }</tbody>
            </table>
        </>
    }
}
