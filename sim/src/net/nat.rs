//! A router that translates addresses (RFC 3022; Linux's `masquerade` and `dnat`): one rule a line.
//!
//! - `masquerade eth1`: what is forwarded out of that interface bears the router's address there, so
//!   that many hosts share it;
//! - `forward tcp 8080 to 192.168.0.2:80`: who asks for that port of the router speaks with a host
//!   behind it.
//!
//! Each forwarded connection is remembered with what it becomes, also those that stay as they are:
//! answers find their way back by it, and ICMP errors about it. TCP, UDP and ICMP echo of IPv4; the
//! rest is forwarded untouched. A port is kept if it is free. Checksums are corrected, not computed
//! anew, so that a damaged packet stays one (RFC 1624).
//!
//! Missing: IPv6, translation of the router's own packets, protocols that carry addresses (FTP).

use crate::net::{IfaceId, Stack};
use crate::tcp::SECOND;
use crate::wire::checksum::Sum;
use crate::wire::ip::{self, protocol};
use crate::wire::{Shared, icmp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4};

/// A rule.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Rule {
    /// What leaves through an interface (its number, as in `eth1`) bears the router's address.
    Masquerade {
        /// The number in its name.
        eth: u32,
    },
    /// A port of the router is another host's.
    Forward {
        /// TCP or UDP, by number.
        protocol: u8,
        /// The router's port.
        port: u16,
        /// Whose it is.
        to: SocketAddrV4,
    },
}

impl Rule {
    /// From its text; `None`: it is no rule.
    pub fn parse(text: &str) -> Option<Rule> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            ["masquerade", name] => {
                let eth = name.strip_prefix("eth")?.parse().ok()?;
                Some(Rule::Masquerade { eth })
            }
            ["forward", protocol, port, "to", to] => {
                let protocol = match protocol {
                    "tcp" => protocol::TCP,
                    "udp" => protocol::UDP,
                    _ => return None,
                };
                let port = port.parse().ok().filter(|port| *port > 0)?;
                Some(Rule::Forward { protocol, port, to: to.parse().ok()? })
            }
            _ => None,
        }
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Rule::Masquerade { eth } => write!(f, "masquerade eth{eth}"),
            Rule::Forward { protocol, port, to } => {
                let name = if *protocol == protocol::TCP { "tcp" } else { "udp" };
                write!(f, "forward {name} {port} to {to}")
            }
        }
    }
}

impl TryFrom<String> for Rule {
    type Error = String;

    fn try_from(text: String) -> Result<Rule, String> {
        Rule::parse(&text).ok_or(text)
    }
}

impl From<Rule> for String {
    fn from(rule: Rule) -> String {
        rule.to_string()
    }
}

/// What tells a connection's packets of one direction from others. An echo's identifier stands for
/// the port of whoever asks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Tuple {
    /// The protocol's number.
    pub protocol: u8,
    /// From whom.
    pub src: SocketAddrV4,
    /// To whom.
    pub dst: SocketAddrV4,
}

impl Tuple {
    fn reversed(self) -> Tuple {
        Tuple { src: self.dst, dst: self.src, ..self }
    }

    /// Of a packet; `None`: of a protocol that is not translated.
    fn of(header: &ip::Repr, payload: &[u8]) -> Option<Tuple> {
        Tuple::of_parts(header.protocol, header.src, header.dst, payload)
    }

    fn of_parts(protocol: u8, src: IpAddr, dst: IpAddr, payload: &[u8]) -> Option<Tuple> {
        let (IpAddr::V4(src), IpAddr::V4(dst)) = (src, dst) else { return None };
        let (from, to) = ports(protocol, payload)?;
        let (src, dst) = (SocketAddrV4::new(src, from), SocketAddrV4::new(dst, to));
        Some(Tuple { protocol, src, dst })
    }
}

fn ports(protocol: u8, payload: &[u8]) -> Option<(u16, u16)> {
    let word = |at: usize| Some(u16::from_be_bytes([*payload.get(at)?, *payload.get(at + 1)?]));
    match protocol {
        protocol::TCP | protocol::UDP => Some((word(0)?, word(2)?)),
        protocol::ICMP => match payload.first()? {
            8 => Some((word(4)?, 0)),
            0 => Some((0, word(4)?)),
            _ => None,
        },
        _ => None,
    }
}

/// What a remembered direction becomes.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Entry {
    leaves: Tuple,
    /// Forgotten then, nanoseconds.
    until_ns: u64,
    /// It has begun to end: FIN or RST was seen.
    closing: bool,
}

/// The connections that pass a router, in both directions.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Translations {
    entries: BTreeMap<Tuple, Entry>,
    /// When forgotten ones are looked for next, nanoseconds.
    sweep_ns: u64,
}

impl Translations {
    fn get(&self, arrives: Tuple, now_ns: u64) -> Option<Tuple> {
        self.entries.get(&arrives).filter(|entry| entry.until_ns > now_ns).map(|entry| entry.leaves)
    }

    fn insert(&mut self, arrives: Tuple, leaves: Tuple, now_ns: u64) {
        if self.sweep_ns <= now_ns {
            self.entries.retain(|_, entry| entry.until_ns > now_ns);
            self.sweep_ns = now_ns + SECOND;
        }
        let entry = |leaves| Entry { leaves, until_ns: now_ns + 30 * SECOND, closing: false };
        self.entries.insert(arrives, entry(leaves));
        self.entries.insert(leaves.reversed(), entry(arrives.reversed()));
    }

    /// A packet of the connection passed: both directions live on (`nf_conntrack`'s times).
    fn used(&mut self, arrives: Tuple, leaves: Tuple, payload: &[u8], now_ns: u64) {
        let flags = payload.get(13).copied().unwrap_or(0);
        let (fin_or_rst, syn) = (flags & 0b101 != 0, flags & 0b10 != 0);
        for key in [arrives, leaves.reversed()] {
            let Some(entry) = self.entries.get_mut(&key) else { continue };
            let tcp = arrives.protocol == protocol::TCP;
            entry.closing = tcp && !syn && (entry.closing || fin_or_rst);
            let seconds = match arrives.protocol {
                protocol::TCP if entry.closing || syn => 120,
                protocol::TCP => 432_000,
                protocol::UDP => 120,
                _ => 30,
            };
            entry.until_ns = now_ns + seconds * SECOND;
        }
    }
}

impl Stack {
    /// The connections that this router translates or remembers: as they arrive, as they leave.
    pub fn translations(&self) -> impl Iterator<Item = (Tuple, Tuple)> {
        self.translations.entries.iter().map(|(arrives, entry)| (*arrives, entry.leaves))
    }

    /// A whole packet as it goes on: with other addresses, or `None` as it is.
    pub(crate) fn translate(
        &mut self,
        header: &ip::Repr,
        payload: &[u8],
        now_ns: u64,
    ) -> Option<Shared> {
        if let Some(error) = self.translate_error(header, payload, now_ns) {
            return Some(error);
        }
        let arrives = Tuple::of(header, payload)?;
        let leaves = match self.translations.get(arrives, now_ns) {
            Some(leaves) => leaves,
            None => self.new_connection(arrives, now_ns)?,
        };
        self.translations.used(arrives, leaves, payload, now_ns);
        (leaves != arrives).then(|| rewritten(header, payload, arrives, leaves))
    }

    /// A connection that has not been seen: what the rules make of it.
    fn new_connection(&mut self, arrives: Tuple, now_ns: u64) -> Option<Tuple> {
        let to_us = self.is_local(IpAddr::V4(*arrives.dst.ip()));
        let forwarded = self.config.nat.iter().find_map(|rule| match rule {
            Rule::Forward { protocol, port, to }
                if to_us && *protocol == arrives.protocol && *port == arrives.dst.port() =>
            {
                Some(*to)
            }
            _ => None,
        });
        let dst = forwarded.unwrap_or(arrives.dst);
        let target = IpAddr::V4(*dst.ip());
        if self.is_local(target) || self.is_broadcast(target) || target.is_multicast() {
            return None;
        }
        let hit = self.route(target, None, None).ok()?;
        let masquerades =
            self.config.nat.iter().any(
                |rule| matches!(rule, Rule::Masquerade { eth } if IfaceId(eth + 2) == hit.iface),
            );
        let src = match hit.src {
            IpAddr::V4(own) if masquerades => self.free_port(arrives, own, dst, now_ns)?,
            _ => arrives.src,
        };
        let leaves = Tuple { src, dst, ..arrives };
        self.translations.insert(arrives, leaves, now_ns);
        Some(leaves)
    }

    /// The sender's port if nobody else's answers come to it, else another.
    fn free_port(
        &mut self,
        arrives: Tuple,
        own: Ipv4Addr,
        dst: SocketAddrV4,
        now_ns: u64,
    ) -> Option<SocketAddrV4> {
        /// How many ports are tried before the packet is given up.
        const TRIES: usize = 1000;
        let wanted = arrives.src.port();
        let others = (0..TRIES).map(|_| 1024 + self.rng.below(64_512) as u16).collect::<Vec<_>>();
        std::iter::once(wanted).chain(others).map(|port| SocketAddrV4::new(own, port)).find(|src| {
            let answers = Tuple { src: dst, dst: *src, ..arrives };
            self.translations.get(answers, now_ns).is_none()
        })
    }

    /// An ICMP error quotes a packet as it left here; whoever sent it knows it as it arrived.
    fn translate_error(
        &mut self,
        header: &ip::Repr,
        payload: &[u8],
        now_ns: u64,
    ) -> Option<Shared> {
        let is_error = header.protocol == protocol::ICMP && matches!(payload.first()?, 3 | 11 | 12);
        let quoted = payload.get(icmp::HEADER_LEN..).filter(|_| is_error)?;
        let quote = ip::Quote::parse(quoted)?;
        let left = Tuple::of_parts(quote.protocol, quote.src, quote.dst, &quote.payload)?;
        // Its answers would have become the answers to what arrived.
        let arrived = self.translations.get(left.reversed(), now_ns)?.reversed();
        if arrived == left {
            return None;
        }
        let mut quoted = quoted.to_vec();
        let inner_len = usize::from(quoted[0] & 15) * 4;
        quoted[12..16].copy_from_slice(&arrived.src.ip().octets());
        quoted[16..20].copy_from_slice(&arrived.dst.ip().octets());
        set_ports(&mut quoted[inner_len..], left, arrived);
        quoted[10..12].fill(0);
        let sum = Sum::default().bytes(&quoted[..inner_len]).finish();
        quoted[10..12].copy_from_slice(&sum.to_be_bytes());
        let message = icmp::Message::parse(payload, header.src, header.dst).ok()?;
        // What the other side of a masquerade reports must not name a host that nobody knows.
        let hidden = header.src == IpAddr::V4(*left.dst.ip());
        let src = if hidden { IpAddr::V4(*arrived.dst.ip()) } else { header.src };
        let outer = ip::Repr { src, dst: IpAddr::V4(*arrived.src.ip()), ..*header };
        let mut whole = Vec::with_capacity(ip::V4_LEN + payload.len());
        outer.emit(payload.len(), &mut whole);
        message.emit(&quoted, outer.src, outer.dst, &mut whole);
        Some(Shared::from(whole))
    }
}

/// The packet with other addresses and ports, its checksums corrected.
fn rewritten(header: &ip::Repr, payload: &[u8], from: Tuple, to: Tuple) -> Shared {
    let (src, dst) = (IpAddr::V4(*to.src.ip()), IpAddr::V4(*to.dst.ip()));
    let onward = ip::Repr { src, dst, ..*header };
    let mut whole = Vec::with_capacity(ip::V4_LEN + payload.len());
    onward.emit(payload.len(), &mut whole);
    let start = whole.len();
    whole.extend_from_slice(payload);
    set_ports(&mut whole[start..], from, to);
    Shared::from(whole)
}

/// Writes ports (or an echo's identifier) and corrects the checksum, as far as they are there.
fn set_ports(transport: &mut [u8], from: Tuple, to: Tuple) {
    let at = match from.protocol {
        protocol::TCP => 16,
        protocol::UDP => 6,
        _ => 2,
    };
    let echo = from.protocol == protocol::ICMP;
    let words = |tuple: Tuple| {
        let mut bytes = Vec::new();
        if !echo {
            bytes.extend(tuple.src.ip().octets());
            bytes.extend(tuple.dst.ip().octets());
        }
        bytes.extend(tuple.src.port().to_be_bytes());
        bytes.extend(tuple.dst.port().to_be_bytes());
        bytes
    };
    if echo {
        // Of the two ports one is the identifier, the other nothing.
        let identifier = to.src.port() | to.dst.port();
        if let Some(field) = transport.get_mut(4..6) {
            field.copy_from_slice(&identifier.to_be_bytes());
        }
    } else if let Some(field) = transport.get_mut(..4) {
        field[..2].copy_from_slice(&to.src.port().to_be_bytes());
        field[2..].copy_from_slice(&to.dst.port().to_be_bytes());
    }
    let Some(field) = transport.get_mut(at..at + 2) else { return };
    let old = u16::from_be_bytes([field[0], field[1]]);
    // UDP without a checksum stays without (RFC 768).
    if from.protocol == protocol::UDP && old == 0 {
        return;
    }
    field.copy_from_slice(&corrected(old, &words(from), &words(to)).to_be_bytes());
}

/// RFC 1624, equation 3: HC' = ~(~HC + ~m + m').
fn corrected(checksum: u16, old: &[u8], new: &[u8]) -> u16 {
    let inverse: Vec<u8> = old.iter().map(|byte| !byte).collect();
    Sum::default().word(!checksum).bytes(&inverse).bytes(new).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_written_as_it_is_read() {
        for text in ["masquerade eth1", "forward tcp 8080 to 192.168.0.2:80"] {
            assert_eq!(Rule::parse(text).map(|rule| rule.to_string()).as_deref(), Some(text));
        }
        for text in ["masquerade", "forward icmp 1 to 10.0.0.1:1", "forward tcp 0 to 10.0.0.1:1"] {
            assert_eq!(Rule::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_corrected_checksum_is_the_computed_one() {
        let bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        let old = Sum::default().bytes(&bytes).finish();
        let mut changed = bytes;
        changed[2..6].copy_from_slice(&[200, 100, 50, 25]);
        let new = Sum::default().bytes(&changed).finish();
        assert_eq!(corrected(old, &bytes[2..6], &changed[2..6]), new);
    }
}
