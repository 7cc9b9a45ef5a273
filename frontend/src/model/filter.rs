//! A packet filter as people know it from Wireshark, in small: `tcp.flags.syn == 1 && ip.src ==
//! 10.0.0.1`, `tcp.port in {80 443}`, `ip.addr == 10.0.0.0/24`, `tcp.len > 0`, `!ack`, `udp or
//! icmp`; any other single word is looked for in the packet's line.
//!
//! Grammar: `or = and (("||" | "or") and)*`, `and = not (("&&" | "and")? not)*`,
//! `not = ("!" | "not") not | "(" or ")" | field (op value | "in" "{" value* "}")? | word`.
//! `a != b` is `!(a == b)`, as in Wireshark 4. Missing: `tcp.stream`, arithmetic, `matches`, slices.

use crate::model::course::Packet;
use crate::model::dissect::{Base, Flags, Start, Summary, dissect};
use std::net::Ipv4Addr;

/// A parsed filter.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Filter {
    /// Everything.
    All,
    /// A field compared with a value.
    Compare(Field, Op, String),
    /// A field that is there and not zero.
    Is(Field),
    /// A text somewhere in the packet's line.
    Word(String),
    Not(Box<Filter>),
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
}

/// What can be compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Field {
    Protocol(&'static str),
    Flag(u8),
    Flags,
    Length,
    FrameLength,
    /// Of this protocol, or of any.
    SourcePort(Option<&'static str>),
    DestinationPort(Option<&'static str>),
    Port(Option<&'static str>),
    Source,
    Destination,
    Address,
    /// Relative to the connection's first.
    Seq,
    Ack,
    RawSeq,
    RawAck,
    /// With the connection's scale, and as it stands in the segment.
    Window,
    RawWindow,
    Number,
    /// TCP sent these bytes before.
    Again,
    /// Any field of a header: the layer's name and the field's.
    Header(&'static str, &'static str),
}

/// How.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Contains,
}

/// Parses a filter; the error is the part that was not understood.
pub(crate) fn parse(text: &str) -> Result<Filter, String> {
    let tokens = tokens(text);
    if tokens.is_empty() {
        return Ok(Filter::All);
    }
    let mut parser = Parser { tokens: &tokens, at: 0 };
    let filter = parser.or()?;
    match parser.peek() {
        None => Ok(filter),
        Some(rest) => Err(rest.to_owned()),
    }
}

fn tokens(text: &str) -> Vec<String> {
    const SIGNS: [&str; 14] =
        ["&&", "||", "==", "!=", "<=", ">=", "!", "(", ")", "{", "}", "<", ">", ","];
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let len = if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            sign.len()
        } else if let Some(quoted) = rest.strip_prefix('"') {
            quoted.find('"').map_or(rest.len(), |end| end + 2)
        } else {
            let ends = |c: char| c.is_whitespace() || "&|=!<>(){},".contains(c);
            // A lone `=` or `&` is a token too, and later an error with a name.
            rest.find(ends).map_or(rest.len(), |len| len.max(1))
        };
        found.push(rest[..len].to_owned());
        rest = rest[len..].trim_start();
    }
    found
}

struct Parser<'a> {
    tokens: &'a [String],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn take(&mut self, any_of: &[&str]) -> bool {
        let found = self.peek().is_some_and(|token| any_of.contains(&token));
        self.at += usize::from(found);
        found
    }

    // or = and (("||" | "or") and)*
    fn or(&mut self) -> Result<Filter, String> {
        let mut left = self.and()?;
        while self.take(&["||", "or"]) {
            left = Filter::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    // and = not (("&&" | "and")? not)*
    fn and(&mut self) -> Result<Filter, String> {
        let mut left = self.not()?;
        loop {
            let said = self.take(&["&&", "and"]);
            if !said && self.peek().is_none_or(|token| ["||", "or", ")"].contains(&token)) {
                return Ok(left);
            }
            left = Filter::And(Box::new(left), Box::new(self.not()?));
        }
    }

    // not = ("!" | "not") not | "(" or ")" | field (op value)? | word
    fn not(&mut self) -> Result<Filter, String> {
        if self.take(&["!", "not"]) {
            return Ok(Filter::Not(Box::new(self.not()?)));
        }
        if self.take(&["("]) {
            let inner = self.or()?;
            return if self.take(&[")"]) { Ok(inner) } else { Err("(".into()) };
        }
        let name = self.peek().ok_or("…")?.to_owned();
        self.at += 1;
        let op = match self.peek() {
            Some("==" | "eq") => Some(Op::Eq),
            Some("!=" | "ne") => Some(Op::Ne),
            Some("<") => Some(Op::Lt),
            Some("<=") => Some(Op::Le),
            Some(">") => Some(Op::Gt),
            Some(">=") => Some(Op::Ge),
            Some("contains") => Some(Op::Contains),
            _ => None,
        };
        if let (Some(field), Some("in")) = (field(&name), self.peek()) {
            self.at += 1;
            return self.set(field);
        }
        match (field(&name), op) {
            (Some(field), Some(op)) => {
                self.at += 1;
                let value = self.peek().ok_or_else(|| name.clone())?.trim_matches('"').to_owned();
                self.at += 1;
                Ok(Filter::Compare(field, op, value))
            }
            (Some(field), None) => Ok(Filter::Is(field)),
            (None, Some(_)) => Err(name),
            (None, None) if name.chars().all(|c| "&|=!<>(){},".contains(c)) => Err(name),
            // `tcp.flagz`: a field that there is not. `index.html` is a word.
            (None, None) if is_field_like(&name) => Err(name),
            (None, None) => Ok(Filter::Word(name.trim_matches('"').to_lowercase())),
        }
    }
}

impl Parser<'_> {
    // set = "{" value ("," ? value)* "}"
    fn set(&mut self, field: Field) -> Result<Filter, String> {
        if !self.take(&["{"]) {
            return Err("in".into());
        }
        let mut any: Option<Filter> = None;
        while !self.take(&["}"]) {
            let value = self.peek().ok_or("{")?.trim_matches('"').to_owned();
            self.at += 1;
            if value != "," {
                let one = Filter::Compare(field, Op::Eq, value);
                any = Some(match any {
                    None => one,
                    Some(before) => Filter::Or(Box::new(before), Box::new(one)),
                });
            }
        }
        any.ok_or_else(|| "{}".into())
    }
}

/// Begins with a protocol's name and a dot.
fn is_field_like(name: &str) -> bool {
    let protocols = ["tcp", "udp", "ip", "ipv6", "icmp", "icmpv6", "arp", "eth", "frame"];
    name.split_once('.').is_some_and(|(first, _)| protocols.contains(&first))
}

fn field(name: &str) -> Option<Field> {
    Some(match name.to_ascii_lowercase().as_str() {
        "tcp" => Field::Protocol("TCP"),
        "udp" => Field::Protocol("UDP"),
        "icmp" => Field::Protocol("ICMP"),
        "icmpv6" => Field::Protocol("ICMPv6"),
        "arp" => Field::Protocol("ARP"),
        "ip" => Field::Header("IPv4", "version, IHL"),
        "ipv6" => Field::Header("IPv6", "version, class, flow"),
        "syn" | "tcp.flags.syn" => Field::Flag(Flags::SYN),
        "fin" | "tcp.flags.fin" => Field::Flag(Flags::FIN),
        "rst" | "reset" | "tcp.flags.reset" | "tcp.flags.rst" => Field::Flag(Flags::RST),
        "ack" | "tcp.flags.ack" => Field::Flag(Flags::ACK),
        "psh" | "tcp.flags.push" | "tcp.flags.psh" => Field::Flag(Flags::PSH),
        "urg" | "tcp.flags.urg" => Field::Flag(Flags::URG),
        "tcp.flags" => Field::Flags,
        "len" | "tcp.len" | "udp.len" | "data.len" => Field::Length,
        "frame.len" => Field::FrameLength,
        "tcp.srcport" => Field::SourcePort(Some("TCP")),
        "udp.srcport" => Field::SourcePort(Some("UDP")),
        "tcp.dstport" => Field::DestinationPort(Some("TCP")),
        "udp.dstport" => Field::DestinationPort(Some("UDP")),
        "port" => Field::Port(None),
        "tcp.port" => Field::Port(Some("TCP")),
        "udp.port" => Field::Port(Some("UDP")),
        "ip.src" | "ipv6.src" => Field::Source,
        "ip.dst" | "ipv6.dst" => Field::Destination,
        "ip.addr" | "ipv6.addr" | "host" => Field::Address,
        "tcp.seq" => Field::Seq,
        "tcp.ack" => Field::Ack,
        "tcp.seq_raw" => Field::RawSeq,
        "tcp.ack_raw" => Field::RawAck,
        "tcp.window_size_value" => Field::RawWindow,
        "tcp.window_size" | "tcp.window" | "win" => Field::Window,
        "tcp.analysis.retransmission" => Field::Again,
        "frame.number" => Field::Number,
        "ip.ttl" => Field::Header("IPv4", "time to live"),
        "ip.id" => Field::Header("IPv4", "identification"),
        "ip.len" => Field::Header("IPv4", "total length"),
        "ip.proto" => Field::Header("IPv4", "protocol"),
        "ipv6.hlim" => Field::Header("IPv6", "hop limit"),
        "ipv6.nxt" => Field::Header("IPv6", "next header"),
        "icmp.type" => Field::Header("ICMP", "type"),
        "icmp.code" => Field::Header("ICMP", "code"),
        "icmpv6.type" => Field::Header("ICMPv6", "type"),
        "icmpv6.code" => Field::Header("ICMPv6", "code"),
        "arp.opcode" => Field::Header("ARP", "operation"),
        "eth.src" => Field::Header("Ethernet", "source"),
        "eth.dst" => Field::Header("Ethernet", "destination"),
        _ => return None,
    })
}

/// What is asked of a packet.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    number: u64,
    summary: &'a Summary,
    base: Base,
    frame: &'a [u8],
    again: bool,
}

impl<'a> From<&'a Packet> for Seen<'a> {
    fn from(packet: &'a Packet) -> Seen<'a> {
        let Packet { number, summary, base, frame, again, .. } = packet;
        Seen { number: *number, summary, base: *base, frame, again: *again }
    }
}

impl Filter {
    /// Whether a packet passes.
    pub(crate) fn passes(&self, packet: Seen<'_>) -> bool {
        let any = |field: Field, op: Op, value: &str| {
            values(field, packet).iter().any(|v| compare(v, op, value))
        };
        match self {
            Filter::All => true,
            Filter::Not(inner) => !inner.passes(packet),
            Filter::And(a, b) => a.passes(packet) && b.passes(packet),
            Filter::Or(a, b) => a.passes(packet) || b.passes(packet),
            Filter::Word(word) => line(packet.summary).to_lowercase().contains(word),
            Filter::Is(field) => values(*field, packet).iter().any(|v| !v.is_empty() && v != "0"),
            Filter::Compare(field, Op::Ne, value) => !any(*field, Op::Eq, value),
            Filter::Compare(field, op, value) => any(*field, *op, value),
        }
    }
}

fn line(packet: &Summary) -> String {
    format!("{} {} {} {} {}", packet.protocol, packet.label, packet.info, packet.from, packet.to)
}

/// A field's values; none where the packet has no such field.
fn values(field: Field, packet: Seen<'_>) -> Vec<String> {
    let summary = packet.summary;
    let one = |value: u64| vec![value.to_string()];
    let tcp = |value: u32| if summary.protocol == "TCP" { one(value.into()) } else { Vec::new() };
    let ports = |of: Option<&str>, ports: &[u16]| -> Vec<String> {
        let fits = of.is_none_or(|name| summary.protocol == name);
        ports.iter().filter(|_| fits).map(ToString::to_string).collect()
    };
    let (source, destination) = summary.ports;
    match field {
        Field::Protocol(name) => one(u64::from(summary.protocol == name)),
        Field::Flag(bit) => one(u64::from(summary.flags.has(bit))),
        Field::Flags => tcp(summary.flags.0.into()),
        Field::Length => one(summary.payload.len() as u64),
        Field::FrameLength => one(packet.frame.len() as u64),
        Field::SourcePort(of) => ports(of, &[source]),
        Field::DestinationPort(of) => ports(of, &[destination]),
        Field::Port(of) => ports(of, &[source, destination]),
        Field::Source => vec![summary.from.clone()],
        Field::Destination => vec![summary.to.clone()],
        Field::Address => vec![summary.from.clone(), summary.to.clone()],
        Field::Seq => tcp(summary.seq.wrapping_sub(packet.base.seq)),
        Field::Ack => tcp(summary.ack.wrapping_sub(packet.base.ack)),
        Field::RawSeq => tcp(summary.seq),
        Field::RawAck => tcp(summary.ack),
        Field::Window => tcp(u32::from(summary.window) << packet.base.shift.min(14)),
        Field::RawWindow => tcp(summary.window.into()),
        Field::Number => one(packet.number),
        Field::Again => one(u64::from(packet.again)),
        Field::Header(layer, name) => {
            let parts = dissect(packet.frame, Start::Ethernet, packet.base);
            let layers = parts.layers.iter().filter(|l| l.name == layer);
            let fields = layers.flat_map(|l| &l.fields).filter(|f| f.doc.name == name);
            // Behind the number stands what it means: `6 TCP`.
            fields.map(|f| f.value.split(' ').next().unwrap_or_default().to_owned()).collect()
        }
    }
}

fn number(text: &str) -> Option<i64> {
    match text.strip_prefix("0x") {
        Some(hex) => i64::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

/// Whether an address is in `10.0.0.0/24`.
fn in_network(value: &str, network: &str) -> Option<bool> {
    let (base, bits) = network.split_once('/')?;
    let (base, value): (Ipv4Addr, Ipv4Addr) = (base.parse().ok()?, value.parse().ok()?);
    let bits: u32 = bits.parse().ok().filter(|bits| *bits <= 32)?;
    let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
    Some(u32::from(base) & mask == u32::from(value) & mask)
}

fn compare(value: &str, op: Op, wanted: &str) -> bool {
    let wanted = match wanted {
        "true" | "True" => "1",
        "false" | "False" => "0",
        other => other,
    };
    if let (Op::Eq, Some(inside)) = (op, in_network(value, wanted)) {
        return inside;
    }
    let order = match (number(value), number(wanted)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => value.cmp(wanted),
    };
    match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
        Op::Contains => value.contains(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dissect::Kind;

    fn syn() -> Summary {
        Summary {
            protocol: "TCP",
            kind: Kind::Syn,
            label: "SYN".into(),
            info: "40000 → 8080 [SYN] Seq=0".into(),
            from: "10.0.0.2".into(),
            to: "10.0.0.1".into(),
            ports: (40000, 8080),
            seq: 7,
            ack: 0,
            window: 64240,
            scale: None,
            flags: Flags(Flags::SYN),
            payload: 0..0,
        }
    }

    #[track_caller]
    fn check(text: &str, passes: bool) {
        let filter = parse(text).unwrap_or_else(|bad| panic!("{text}: {bad}"));
        let (summary, base) = (syn(), Base { seq: 7, ..Base::default() });
        let packet = Seen { number: 1, summary: &summary, base, frame: &[0; 74], again: false };
        assert_eq!(filter.passes(packet), passes, "{text}");
    }

    #[test]
    fn filters_say_what_passes() {
        check("", true);
        check("tcp", true);
        check("udp", false);
        check("tcp.flags.syn == 1 && ip.src == 10.0.0.2", true);
        check("tcp.flags.syn==1&&!ack", true);
        check("tcp.len > 0", false);
        check("tcp.port == 8080", true);
        check("tcp.port != 8080", false);
        check("udp or (tcp and tcp.dstport >= 1024)", true);
        check("frame.number == 2 || syn", true);
        check("8080", true);
        check("tcp rst", false);
        check("tcp.port in {80, 8080}", true);
        check("tcp.port in {80 443}", false);
        check("udp.port == 8080", false);
        check("ip.addr == 10.0.0.0/24 && !(ip.src == 10.0.1.0/24)", true);
        check("tcp.flags == 0x002 && tcp.seq == 0 && tcp.seq_raw == 7", true);
        check("frame.len == 74 and not tcp.analysis.retransmission", true);
        check("!arp && !(udp || icmp)", true);
    }

    #[test]
    fn headers_are_asked_too() {
        let run = crate::model::testing::echo();
        let count = |text: &str| {
            let filter = parse(text).unwrap_or_else(|bad| panic!("{text}: {bad}"));
            run.course.packets.iter().filter(|packet| filter.passes((*packet).into())).count()
        };
        let all = run.course.packets.len();
        assert_eq!((count("arp"), count("!arp")), (2, all - 2));
        assert_eq!(count("ip.proto == 6"), all - 2);
        assert_eq!((count("ip.ttl == 64"), count("ip.ttl < 64")), (all - 2, 0));
        assert_eq!((count("arp.opcode == 1"), count("arp.opcode == 2")), (1, 1));
        assert_eq!(count("tcp.seq == 0 && tcp.flags.syn"), 2);
        assert_eq!((count("ip"), count("ipv6")), (all - 2, 0));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        assert_eq!(parse("tcp.flagz == 1"), Err("tcp.flagz".into()));
        assert_eq!(parse("(tcp"), Err("(".into()));
        assert_eq!(parse("tcp &&"), Err("…".into()));
        assert!(parse("= = =").is_err());
        assert_eq!(parse("tcp.port = 80"), Err("=".into()));
        assert_eq!(parse("tcp.flagz"), Err("tcp.flagz".into()));
        assert_eq!(parse("tcp.port in {80"), Err("{".into()));
        assert!(parse("index.html").is_ok());
    }
}
