//! What is said of frames: why one left, what its arrival leads to, why it was lost or thrown away.

use super::objects::Sent;
use super::{Explanation, Message, Names, Reference, network, rounded, said, say};
use crate::inspect::packet_label;
use crate::net::Cause;
use crate::trace::{Drop, Fate};
use abi::Lang;

/// A frame that reaches a host: what it leads to, and what would be without it.
pub(super) fn arrived(
    sent: &Sent,
    now_ns: u64,
    host: String,
    names: &Names,
    lang: Lang,
) -> Explanation {
    let (why, otherwise) = network::arrived(sent.reason);
    let why = network::altered(&sent.fate).unwrap_or(why);
    let label = packet_label(&sent.frame);
    let from = names.host(sent.from);
    Explanation {
        what: match from == host {
            true => Message::PacketLooped { label, host },
            false => {
                let time = rounded(now_ns.saturating_sub(sent.departs_ns));
                Message::PacketCame { label, host, from, time }
            }
        },
        why: Some(said(why, lang)),
        otherwise: Some(said(otherwise, lang)),
        written: written_about(sent.reason),
    }
}

pub(super) fn sent(
    frame: &[u8],
    from: &str,
    to: &str,
    fate: &Fate,
    reason: Cause,
    lang: Lang,
) -> Explanation {
    let label = packet_label(frame);
    let (from, to) = (from.to_owned(), to.to_owned());
    let written = written_about(reason);
    let lost = fate_text(fate, lang);
    match lost {
        Some(why) => Explanation {
            what: Message::PacketLost { from, to, label },
            why: Some(Message::LostWhy { why: why.to_owned() }),
            otherwise: Some(said(network::lost(reason), lang)),
            written,
        },
        None => Explanation {
            what: Message::PacketLeft { from, to, label },
            why: Some(match reason {
                Cause::Neighbour if answers(frame) => Message::CauseNeighbourAnswer {},
                other => cause_text(other),
            }),
            otherwise: Some(said(network::without(reason), lang)),
            written,
        },
    }
}

/// Whether a frame answers who has an address: ARP's reply (RFC 826), or a neighbour advertisement
/// (RFC 4861).
fn answers(frame: &[u8]) -> bool {
    match frame.get(12..14) {
        Some([0x08, 0x06]) => frame.get(20..22) == Some(&[0, 2]),
        Some([0x86, 0xdd]) => frame.get(54) == Some(&136),
        _ => false,
    }
}

/// Where it is written what such a packet is for.
fn written_about(reason: Cause) -> Vec<Reference> {
    match reason {
        Cause::Datagram => vec![Reference::Rfc(768, "")],
        Cause::Icmp => vec![Reference::Rfc(792, "")],
        Cause::Neighbour => vec![Reference::Rfc(826, "")],
        Cause::Membership => vec![Reference::Rfc(3376, "")],
        Cause::Forwarded => vec![Reference::Rfc(1812, "5.2")],
        Cause::Translated => vec![Reference::Rfc(3022, "")],
        Cause::Syn | Cause::SynAck => vec![Reference::Rfc(9293, "3.5")],
        Cause::Fin => vec![Reference::Rfc(9293, "3.6")],
        Cause::Reset => vec![Reference::Rfc(9293, "3.5.2")],
        Cause::ChallengeAck => vec![Reference::Rfc(5961, "")],
        Cause::DelayedAck => vec![Reference::Rfc(9293, "3.8.6.3")],
        Cause::RetransmitTimeout => vec![Reference::Rfc(6298, "5")],
        Cause::FastRetransmit => vec![Reference::Rfc(5681, "3.2")],
        Cause::TailLossProbe => vec![Reference::Rfc(8985, "7")],
        Cause::WindowProbe => vec![Reference::Rfc(9293, "3.8.6.1")],
        Cause::KeepAlive => vec![Reference::Rfc(9293, "3.8.4")],
        _ => vec![Reference::Rfc(9293, "3.8")],
    }
}

fn cause_text(cause: Cause) -> Message {
    match cause {
        Cause::Syn => Message::CauseSyn {},
        Cause::SynAck => Message::CauseSynAck {},
        Cause::Data => Message::CauseData {},
        Cause::Fin => Message::CauseFin {},
        Cause::Ack => Message::CauseAck {},
        Cause::DelayedAck => Message::CauseDelayedAck {},
        Cause::DuplicateAck => Message::CauseDuplicateAck {},
        Cause::ChallengeAck => Message::CauseChallenge {},
        Cause::WindowUpdate => Message::CauseWindow {},
        Cause::RetransmitTimeout => Message::CauseRetransmit {},
        Cause::FastRetransmit => Message::CauseFastRetransmit {},
        Cause::TailLossProbe => Message::CauseTailProbe {},
        Cause::WindowProbe => Message::CauseProbe {},
        Cause::KeepAlive => Message::CauseKeepAlive {},
        Cause::Reset => Message::CauseReset {},
        Cause::Datagram => Message::CauseDatagram {},
        Cause::Icmp => Message::CauseIcmp {},
        Cause::Neighbour => Message::CauseNeighbour {},
        Cause::Membership => Message::CauseMembership {},
        Cause::Forwarded => Message::CauseForwarded {},
        Cause::Translated => Message::CauseTranslated {},
    }
}

/// Why a frame does not arrive; `None` if it does.
fn fate_text(fate: &Fate, lang: Lang) -> Option<&'static str> {
    Some(match fate {
        Fate::Pass | Fate::Delayed | Fate::Duplicate | Fate::Corrupted => return None,
        Fate::Lost => {
            say(lang, "O enlace perde pacotes ao acaso.", "The link loses packets at random.")
        }
        Fate::QueueFull => {
            say(lang, "A fila do enlace lento está cheia.", "The slow link's queue is full.")
        }
        Fate::Unplugged => say(lang, "O cabo está desligado.", "The cable is unplugged."),
        Fate::TooBig => {
            say(lang, "É maior que a MTU do enlace.", "It is longer than the link's MTU.")
        }
        Fate::Dropped => say(
            lang,
            "Foi descartado de propósito, por você ou pelo cenário.",
            "It was dropped on purpose, by you or by the scenario.",
        ),
        Fate::Held => say(lang, "Você o está segurando.", "You are holding it."),
    })
}

pub(super) fn drop_text(why: &Drop, lang: Lang) -> &'static str {
    match why {
        Drop::Checksum => say(lang, "A soma de verificação está errada.", "The checksum is wrong."),
        Drop::Malformed => say(lang, "Os bytes não formam um pacote.", "The bytes are no packet."),
        Drop::NotForUs => say(lang, "O endereço é de outro.", "The address is somebody else's."),
        Drop::NoSocket => say(lang, "Nenhum socket o quer.", "No socket wants it."),
        Drop::BufferFull => {
            say(lang, "O buffer de recepção está cheio.", "The receive buffer is full.")
        }
        Drop::AcceptQueueFull => say(
            lang,
            "A fila do listen() está cheia: o cliente vai repetir o SYN.",
            "listen()'s queue is full: the client will repeat its SYN.",
        ),
        Drop::TtlExpired => say(lang, "O TTL acabou.", "The TTL ran out."),
        Drop::NoRoute => say(lang, "Não há rota.", "There is no route."),
        Drop::HostDown => say(lang, "O host está desligado.", "The host is off."),
        Drop::NotThePeer => say(
            lang,
            "Um socket conectado só ouve seu par.",
            "A connected socket hears its peer only.",
        ),
        Drop::Filtered => say(
            lang,
            "Uma regra do filtro de pacotes do host o proíbe.",
            "A rule of the host's packet filter forbids it.",
        ),
        Drop::Unsupported => say(lang, "O host não o conhece.", "The host does not know it."),
    }
}
