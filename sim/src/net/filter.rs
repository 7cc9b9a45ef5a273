//! A packet filter for what arrives at a host, to be forwarded or for itself: one rule a line, the
//! first that matches decides, and what none matches passes. What nft(8) or iptables(8) would do
//! with a chain of such rules; no connections are remembered. A router that translates addresses
//! ([`super::nat`]) filters before it does.
//!
//! `VERDICT [PROTOCOL [PORT]] [from ADDRESS[/LENGTH]] [to ADDRESS[/LENGTH]]`:
//!
//! - `drop` says nothing: a connection attempt ends with `ETIMEDOUT`;
//! - `reject` answers with ICMP "port unreachable": `ECONNREFUSED`;
//! - `prohibit` answers with "administratively prohibited": `EHOSTUNREACH`;
//! - `accept` lets it pass.
//!
//! Missing: what leaves, connections.

use crate::net::ip::quoted_ports;
use crate::wire::ip::{self, protocol};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// A rule.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rule {
    /// What becomes of a packet that matches.
    pub verdict: Verdict,
    /// Its protocol number.
    pub protocol: Option<u8>,
    /// Its destination port.
    pub port: Option<u16>,
    /// Its source: an address and how many of its first bits count.
    pub from: Option<(IpAddr, u8)>,
    /// Its destination.
    pub to: Option<(IpAddr, u8)>,
}

/// What becomes of a packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It passes.
    Accept,
    /// It disappears.
    Drop,
    /// Its sender is told that the port is unreachable.
    Reject,
    /// Its sender is told that this is forbidden.
    Prohibit,
}

const VERDICTS: [(&str, Verdict); 4] = [
    ("accept", Verdict::Accept),
    ("drop", Verdict::Drop),
    ("reject", Verdict::Reject),
    ("prohibit", Verdict::Prohibit),
];
const PROTOCOLS: [(&str, u8); 4] = [
    ("tcp", protocol::TCP),
    ("udp", protocol::UDP),
    ("icmp", protocol::ICMP),
    ("icmpv6", protocol::ICMPV6),
];

impl Rule {
    /// From its text; `None`: it is no rule.
    pub fn parse(text: &str) -> Option<Rule> {
        let mut words = text.split_whitespace().peekable();
        let verdict = named(&VERDICTS, words.next()?)?;
        let protocol = words.next_if(|word| named(&PROTOCOLS, word).is_some());
        let protocol = protocol.and_then(|word| named(&PROTOCOLS, word));
        let has_ports = matches!(protocol, Some(protocol::TCP | protocol::UDP));
        let port = words.next_if(|word| has_ports && word.parse::<u16>().is_ok());
        let port = port.and_then(|word| word.parse().ok());
        let (mut from, mut to) = (None, None);
        while let Some(word) = words.next() {
            let side = match word {
                "from" => &mut from,
                "to" => &mut to,
                _ => return None,
            };
            *side = Some(network(words.next()?)?);
        }
        Some(Rule { verdict, protocol, port, from, to })
    }

    fn matches(&self, header: &ip::Repr, payload: &[u8]) -> bool {
        // Ports are in the first fragment only.
        let ports = quoted_ports(payload).filter(|_| header.offset == 0);
        self.protocol.is_none_or(|protocol| protocol == header.protocol)
            && self.port.is_none_or(|port| ports.is_some_and(|(_, to)| to == port))
            && self.from.is_none_or(|network| inside(header.src, network))
            && self.to.is_none_or(|network| inside(header.dst, network))
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = VERDICTS.iter().find(|(_, verdict)| *verdict == self.verdict);
        f.write_str(name.map_or("", |(name, _)| name))?;
        let protocol = PROTOCOLS.iter().find(|(_, number)| Some(*number) == self.protocol);
        if let Some((name, _)) = protocol {
            write!(f, " {name}")?;
        }
        if let Some(port) = self.port {
            write!(f, " {port}")?;
        }
        for (word, network) in [("from", self.from), ("to", self.to)] {
            if let Some((ip, length)) = network {
                write!(f, " {word} {ip}/{length}")?;
            }
        }
        Ok(())
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

/// What the rules say of a packet.
pub(crate) fn verdict(rules: &[Rule], header: &ip::Repr, payload: &[u8]) -> Verdict {
    let rule = rules.iter().find(|rule| rule.matches(header, payload));
    rule.map_or(Verdict::Accept, |rule| rule.verdict)
}

fn named<T: Copy>(all: &[(&str, T)], word: &str) -> Option<T> {
    all.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (ip, length) = match text.split_once('/') {
        Some((ip, length)) => (ip.parse::<IpAddr>().ok()?, Some(length.parse::<u8>().ok()?)),
        None => (text.parse().ok()?, None),
    };
    let whole = if ip.is_ipv4() { 32 } else { 128 };
    let length = length.unwrap_or(whole);
    (length <= whole).then_some((ip, length))
}

fn inside(ip: IpAddr, (network, length): (IpAddr, u8)) -> bool {
    let differ = match (ip, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => u128::from(a.to_bits() ^ b.to_bits()) << 96,
        (IpAddr::V6(a), IpAddr::V6(b)) => a.to_bits() ^ b.to_bits(),
        _ => return false,
    };
    differ.leading_zeros() >= u32::from(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_written_as_it_is_read() {
        for text in [
            "drop",
            "drop tcp 80",
            "reject udp",
            "prohibit icmp from 10.0.0.0/24 to 10.0.1.7/32",
            "accept tcp 22 from 10.0.0.1/32",
        ] {
            assert_eq!(Rule::parse(text).map(|rule| rule.to_string()).as_deref(), Some(text));
        }
        for text in ["", "deny tcp", "drop icmp 80", "drop tcp 80 from", "drop to 10.0.0.1/40"] {
            assert_eq!(Rule::parse(text), None, "{text}");
        }
    }
}
