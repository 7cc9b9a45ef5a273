//! A packet filter as people know it from Wireshark, in small: `tcp.flags.syn == 1 && ip.src ==
//! 10.0.0.1`, `tcp.len > 0`, `!ack`, `udp or icmp`; any other single word is looked for in the
//! packet's line.
//!
//! Grammar: `or = and (("||" | "or") and)*`, `and = not (("&&" | "and")? not)*`,
//! `not = ("!" | "not") not | "(" or ")" | field (op value)? | word`.

use crate::model::dissect::{Flags, Summary};

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
    Length,
    SourcePort,
    DestinationPort,
    Port,
    Source,
    Destination,
    Address,
    Seq,
    Ack,
    Window,
    Number,
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
    const SIGNS: [&str; 11] = ["&&", "||", "==", "!=", "<=", ">=", "!", "(", ")", "<", ">"];
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let len = if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            sign.len()
        } else if let Some(quoted) = rest.strip_prefix('"') {
            quoted.find('"').map_or(rest.len(), |end| end + 2)
        } else {
            let ends = |c: char| c.is_whitespace() || "&|=!<>()".contains(c);
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
        match (field(&name), op) {
            (Some(field), Some(op)) => {
                self.at += 1;
                let value = self.peek().ok_or_else(|| name.clone())?.trim_matches('"').to_owned();
                self.at += 1;
                Ok(Filter::Compare(field, op, value))
            }
            (Some(field), None) => Ok(Filter::Is(field)),
            (None, Some(_)) => Err(name),
            (None, None) if name.chars().all(|c| "&|=!<>()".contains(c)) => Err(name),
            (None, None) => Ok(Filter::Word(name.trim_matches('"').to_lowercase())),
        }
    }
}

fn field(name: &str) -> Option<Field> {
    Some(match name.to_ascii_lowercase().as_str() {
        "tcp" => Field::Protocol("TCP"),
        "udp" => Field::Protocol("UDP"),
        "icmp" => Field::Protocol("ICMP"),
        "arp" => Field::Protocol("ARP"),
        "syn" | "tcp.flags.syn" => Field::Flag(Flags::SYN),
        "fin" | "tcp.flags.fin" => Field::Flag(Flags::FIN),
        "rst" | "reset" | "tcp.flags.reset" | "tcp.flags.rst" => Field::Flag(Flags::RST),
        "ack" | "tcp.flags.ack" => Field::Flag(Flags::ACK),
        "len" | "tcp.len" | "udp.len" | "data.len" => Field::Length,
        "tcp.srcport" | "udp.srcport" => Field::SourcePort,
        "tcp.dstport" | "udp.dstport" => Field::DestinationPort,
        "port" | "tcp.port" | "udp.port" => Field::Port,
        "ip.src" => Field::Source,
        "ip.dst" => Field::Destination,
        "ip.addr" | "host" => Field::Address,
        "tcp.seq_raw" => Field::Seq,
        "tcp.ack_raw" => Field::Ack,
        "tcp.window_size_value" | "win" => Field::Window,
        "frame.number" => Field::Number,
        _ => return None,
    })
}

impl Filter {
    /// Whether a packet passes.
    pub(crate) fn passes(&self, number: u64, packet: &Summary) -> bool {
        match self {
            Filter::All => true,
            Filter::Not(inner) => !inner.passes(number, packet),
            Filter::And(a, b) => a.passes(number, packet) && b.passes(number, packet),
            Filter::Or(a, b) => a.passes(number, packet) || b.passes(number, packet),
            Filter::Word(word) => line(packet).to_lowercase().contains(word),
            Filter::Is(field) => {
                values(*field, number, packet).iter().any(|v| !v.is_empty() && v != "0")
            }
            Filter::Compare(field, Op::Ne, value) => {
                !values(*field, number, packet).iter().any(|v| compare(v, Op::Eq, value))
            }
            Filter::Compare(field, op, value) => {
                values(*field, number, packet).iter().any(|v| compare(v, *op, value))
            }
        }
    }
}

fn line(packet: &Summary) -> String {
    format!("{} {} {} {} {}", packet.protocol, packet.label, packet.info, packet.from, packet.to)
}

fn values(field: Field, number: u64, packet: &Summary) -> Vec<String> {
    let one = |value: u64| vec![value.to_string()];
    match field {
        Field::Protocol(name) => one(u64::from(packet.protocol == name)),
        Field::Flag(bit) => one(u64::from(packet.flags.has(bit))),
        Field::Length => one(packet.payload.len() as u64),
        Field::SourcePort => one(packet.ports.0.into()),
        Field::DestinationPort => one(packet.ports.1.into()),
        Field::Port => vec![packet.ports.0.to_string(), packet.ports.1.to_string()],
        Field::Source => vec![packet.from.clone()],
        Field::Destination => vec![packet.to.clone()],
        Field::Address => vec![packet.from.clone(), packet.to.clone()],
        Field::Seq => one(packet.seq.into()),
        Field::Ack => one(packet.ack.into()),
        Field::Window => one(packet.window.into()),
        Field::Number => one(number),
    }
}

fn compare(value: &str, op: Op, wanted: &str) -> bool {
    let wanted = match wanted {
        "true" => "1",
        "false" => "0",
        other => other,
    };
    let order = match (value.parse::<i64>(), wanted.parse::<i64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
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
            flags: Flags(Flags::SYN),
            payload: 0..0,
        }
    }

    #[track_caller]
    fn check(text: &str, passes: bool) {
        let filter = parse(text).unwrap_or_else(|bad| panic!("{text}: {bad}"));
        assert_eq!(filter.passes(1, &syn()), passes, "{text}");
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
    }

    #[test]
    fn what_is_not_understood_is_named() {
        assert_eq!(parse("tcp.flagz == 1"), Err("tcp.flagz".into()));
        assert_eq!(parse("(tcp"), Err("(".into()));
        assert_eq!(parse("tcp &&"), Err("…".into()));
        assert!(parse("= = =").is_err());
    }
}
