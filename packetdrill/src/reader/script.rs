//! packetdrill's script language: text to events.
//!
//! What to read: packetdrill's `parser.y` and `lexer.l`. Left out, and refused by name when a script
//! uses it: MPTCP, GRE, MPLS and PSP headers, Fast Open cookies and AccECN options.

/// A script that could not be read, or did not hold.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Failure {
    /// The line, 1 is the first.
    pub(crate) line: usize,
    pub(crate) message: String,
    /// What the reader lacks, not what the kernel did wrong.
    pub(crate) unsupported: bool,
}

pub(crate) type Outcome<T> = Result<T, Failure>;

/// When something happens, microseconds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum When {
    /// After the script's beginning.
    At(i64),
    /// After the event before.
    After(i64),
    /// Whenever.
    Any,
    /// Between two moments after the beginning.
    Between(i64, i64),
    /// Between two moments after the event before.
    AfterBetween(i64, i64),
}

/// An argument or a result.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    /// `...`
    Any,
    Number(i64),
    Name(String),
    Text(String),
    Or(Vec<Value>),
    List(Vec<Value>),
    /// `{name = value, …}`; a field without a name has an empty one.
    Struct(Vec<(String, Value)>),
    /// `htons(8080)`.
    Function(String, Vec<Value>),
}

/// A system call and what it must answer.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) arguments: Vec<Value>,
    /// When it ends, if it may block, microseconds; on the same scale as its beginning.
    pub(crate) ends: Option<i64>,
    pub(crate) result: Value,
    pub(crate) errno: Option<String>,
}

/// What a packet carries.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Body {
    Tcp(Tcp),
    Udp { length: usize },
    Icmp { kind: String, code: String, mtu: Option<u32>, seq: Option<(u32, usize)> },
}

/// A TCP segment as written.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Tcp {
    /// FIN, SYN, RST, PSH, ACK, URG, ECE, CWR as on the wire.
    pub(crate) flags: u8,
    pub(crate) seq: u32,
    pub(crate) length: usize,
    pub(crate) ack: u32,
    pub(crate) window: Option<u16>,
    pub(crate) urgent: u16,
    /// `None` is `<...>`: whatever it has.
    pub(crate) options: Option<Vec<TcpOption>>,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum TcpOption {
    End,
    Nop,
    Mss(u16),
    WindowScale(u8),
    SackPermitted,
    Sack(Vec<(u32, u32)>),
    Timestamps(u32, u32),
    Md5(Vec<u8>),
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Packet {
    /// Towards the host.
    pub(crate) inbound: bool,
    /// The type-of-service byte, or its two ECN bits (mask, value), where the script says.
    pub(crate) tos: Option<(u8, u8)>,
    pub(crate) body: Body,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum What {
    Call(Call),
    Packet(Packet),
    Shell(String),
    /// Python.
    Code(String),
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Event {
    pub(crate) line: usize,
    pub(crate) when: When,
    pub(crate) what: What,
}

#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Script {
    /// `--name=value` lines.
    pub(crate) options: Vec<(String, String)>,
    /// The shell commands before the first event.
    pub(crate) init: Vec<String>,
    pub(crate) events: Vec<Event>,
}

/// Reads a script.
pub(crate) fn parse(text: &str) -> Outcome<Script> {
    let mut reader = Reader { text: text.as_bytes(), at: 0 };
    let mut script = Script::default();
    loop {
        reader.space();
        if reader.text[reader.at..].starts_with(b"--") {
            reader.at += 2;
            let option = reader.until(|byte| byte.is_ascii_whitespace());
            let (name, value) = option.split_once('=').unwrap_or((option.as_str(), ""));
            script.options.push((name.to_owned(), value.to_owned()));
        } else if reader.peek() == Some(b'`') {
            let shell = reader.quoted(b"`", b"`")?;
            script.init.push(shell);
        } else {
            break;
        }
    }
    loop {
        reader.space();
        if reader.peek().is_none() {
            return Ok(script);
        }
        // A command at the script's end has no time: it cleans up.
        if reader.peek() == Some(b'`') {
            let line = reader.line();
            let what = What::Shell(reader.quoted(b"`", b"`")?);
            script.events.push(Event { line, when: When::After(0), what });
            continue;
        }
        let event = reader.event()?;
        script.events.push(event);
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

const FLAGS: [(u8, u8); 8] =
    [(b'F', 1), (b'S', 2), (b'R', 4), (b'P', 8), (b'.', 16), (b'U', 32), (b'E', 64), (b'W', 128)];

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn line(&self) -> usize {
        1 + self.text[..self.at].iter().filter(|byte| **byte == b'\n').count()
    }

    fn fail<T>(&self, message: &str) -> Outcome<T> {
        let rest = &self.text[self.at..];
        let near = String::from_utf8_lossy(&rest[..rest.len().min(30)]).replace('\n', " ");
        Err(Failure {
            line: self.line(),
            message: format!("{message} at «{near}»"),
            unsupported: false,
        })
    }

    fn lack<T>(&self, what: &str) -> Outcome<T> {
        let message = format!("this reader has no {what}");
        Err(Failure { line: self.line(), message, unsupported: true })
    }

    /// Blanks and comments.
    fn space(&mut self) {
        loop {
            while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
                self.at += 1;
            }
            let rest = &self.text[self.at..];
            if rest.starts_with(b"//") {
                self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            } else if rest.starts_with(b"/*") {
                let end = rest.windows(2).position(|two| two == b"*/");
                self.at += end.map_or(rest.len(), |end| end + 2);
            } else {
                return;
            }
        }
    }

    /// Takes `token` if it comes next.
    fn takes(&mut self, token: &str) -> bool {
        self.space();
        let there = self.text[self.at..].starts_with(token.as_bytes());
        if there {
            self.at += token.len();
        }
        there
    }

    fn want(&mut self, token: &str) -> Outcome<()> {
        if self.takes(token) { Ok(()) } else { self.fail(&format!("`{token}` expected")) }
    }

    fn until(&mut self, ends: impl Fn(u8) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(|byte| !ends(byte)) {
            self.at += 1;
        }
        String::from_utf8_lossy(&self.text[start..self.at]).into_owned()
    }

    fn word(&mut self) -> String {
        self.space();
        self.until(|byte| !byte.is_ascii_alphanumeric() && byte != b'_')
    }

    fn quoted(&mut self, open: &[u8], close: &[u8]) -> Outcome<String> {
        self.at += open.len();
        let rest = &self.text[self.at..];
        let Some(end) = rest.windows(close.len()).position(|part| part == close) else {
            return self.fail("it does not end");
        };
        self.at += end + close.len();
        Ok(String::from_utf8_lossy(&rest[..end]).into_owned())
    }

    /// Seconds, as microseconds.
    fn seconds(&mut self) -> Outcome<i64> {
        self.space();
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        let after = self.text.get(self.at + 1);
        if self.peek() == Some(b'.') && after.is_some_and(u8::is_ascii_digit) {
            self.at += 1;
            while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                self.at += 1;
            }
        } else if self.peek() == Some(b'.') && after != Some(&b'.') && self.at > start {
            self.at += 1; // "1." is one second
        }
        let text = String::from_utf8_lossy(&self.text[start..self.at]).into_owned();
        match text.parse::<f64>() {
            Ok(seconds) => Ok((seconds * 1e6).round() as i64),
            Err(_) => self.fail("a time expected"),
        }
    }

    fn event(&mut self) -> Outcome<Event> {
        self.space();
        let line = self.line();
        let (mut when, mut ends) = (When::Any, None);
        if !self.takes("*") {
            let relative = self.takes("+");
            let start = self.seconds()?;
            when = if relative { When::After(start) } else { When::At(start) };
            if self.takes("...") {
                ends = Some(self.seconds()?);
            } else if self.takes("~") {
                let _ = self.takes("+");
                let end = self.seconds()?;
                when = match relative {
                    true => When::AfterBetween(start, end),
                    false => When::Between(start, end),
                };
            }
        }
        self.space();
        let what = match self.peek() {
            Some(b'<' | b'>') => What::Packet(self.packet()?),
            Some(b'`') => What::Shell(self.quoted(b"`", b"`")?),
            Some(b'%') if self.text[self.at..].starts_with(b"%{") => {
                What::Code(self.quoted(b"%{", b"}%")?)
            }
            _ => What::Call(self.call(ends)?),
        };
        Ok(Event { line, when, what })
    }

    // ---- calls

    fn call(&mut self, ends: Option<i64>) -> Outcome<Call> {
        let name = self.word();
        if name.is_empty() {
            return self.fail("a packet, a call or a command expected");
        }
        self.want("(")?;
        let arguments = self.values(")")?;
        let (mut result, mut errno) = (Value::Any, None);
        if self.takes("=") {
            result = self.value()?;
            self.space();
            if self.peek().is_some_and(|byte| byte.is_ascii_uppercase()) {
                errno = Some(self.word());
            }
            if self.takes("(") {
                self.until(|byte| byte == b')');
                self.want(")")?;
            }
        }
        Ok(Call { name, arguments, ends, result, errno })
    }

    fn values(&mut self, close: &str) -> Outcome<Vec<Value>> {
        let mut values = Vec::new();
        while !self.takes(close) {
            values.push(self.value()?);
            if !self.takes(",") {
                self.want(close)?;
                break;
            }
        }
        Ok(values)
    }

    fn value(&mut self) -> Outcome<Value> {
        let first = self.single()?;
        if !self.takes("|") {
            return Ok(first);
        }
        let mut all = vec![first, self.single()?];
        while self.takes("|") {
            all.push(self.single()?);
        }
        Ok(Value::Or(all))
    }

    fn single(&mut self) -> Outcome<Value> {
        if self.takes("...") {
            return Ok(Value::Any);
        }
        match self.peek() {
            Some(b'"') => Ok(Value::Text(self.quoted(b"\"", b"\"")?)),
            Some(b'[') => {
                self.at += 1;
                Ok(Value::List(self.values("]")?))
            }
            Some(b'{') => {
                self.at += 1;
                self.fields()
            }
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                let name = self.word();
                if self.takes("(") {
                    return Ok(Value::Function(name, self.values(")")?));
                }
                Ok(Value::Name(name))
            }
            _ => self.fail("a value expected"),
        }
    }

    fn fields(&mut self) -> Outcome<Value> {
        let mut fields = Vec::new();
        while !self.takes("}") {
            let value = self.value()?;
            let name = match &value {
                Value::Name(name) | Value::Function(name, _) => name.clone(),
                _ => String::new(),
            };
            if !name.is_empty() && self.takes("=") {
                fields.push((name, self.value()?));
            } else {
                fields.push((String::new(), value));
            }
            if !self.takes(",") {
                self.want("}")?;
                break;
            }
        }
        Ok(Value::Struct(fields))
    }

    fn number(&mut self) -> Outcome<i64> {
        self.space();
        let negative = self.takes("-");
        let text = self.until(|byte| !byte.is_ascii_alphanumeric());
        let parsed = match text.strip_prefix("0x") {
            Some(hex) => u64::from_str_radix(hex, 16).ok().map(|number| number as i64),
            None => text.parse::<i64>().ok(),
        };
        match parsed {
            Some(number) => Ok(if negative { -number } else { number }),
            None => self.fail("a number expected"),
        }
    }

    fn u32(&mut self) -> Outcome<u32> {
        Ok(self.number()? as u32)
    }

    // ---- packets

    fn packet(&mut self) -> Outcome<Packet> {
        let inbound = self.peek() == Some(b'<');
        self.at += 1;
        let tos = self.tos()?;
        self.space();
        let rest = &self.text[self.at..];
        if ["gre", "mpls", "ipv4 ", "ipv6 ", "psp"].iter().any(|w| rest.starts_with(w.as_bytes())) {
            return self.lack("tunnels (GRE, MPLS, PSP, IP in IP)");
        }
        let body = if rest.starts_with(b"icmp") {
            self.word();
            self.icmp()?
        } else if rest.starts_with(b"udp") {
            self.word();
            self.want("(")?;
            let length = self.number()? as usize;
            self.want(")")?;
            Body::Udp { length }
        } else {
            Body::Tcp(self.tcp(inbound)?)
        };
        Ok(Packet { inbound, tos, body })
    }

    /// `[ect0]`, `[tos 0x10]`, `[noecn,ttl 64]`.
    fn tos(&mut self) -> Outcome<Option<(u8, u8)>> {
        let close = match () {
            () if self.takes("[") => "]",
            () if self.takes("(") => ")",
            () => return Ok(None),
        };
        let mut tos = None;
        while !self.takes(close) {
            match self.word().as_str() {
                "noecn" => tos = Some((3, 0)),
                "ect1" => tos = Some((3, 1)),
                "ect0" => tos = Some((3, 2)),
                "ce" => tos = Some((3, 3)),
                "ect01" => tos = None,
                "tos" => tos = Some((0xff, self.number()? as u8)),
                "flowlabel" | "ttl" => {
                    self.number()?;
                }
                _ => return self.fail("`ect0`, `ce`, `tos 0x…` expected"),
            }
            let _ = self.takes(",");
        }
        Ok(tos)
    }

    fn icmp(&mut self) -> Outcome<Body> {
        let kind = self.word();
        let code = self.word();
        let (mut mtu, mut seq) = (None, None);
        if self.takes("mtu") {
            mtu = Some(self.u32()?);
        }
        if self.takes("[") {
            let start = self.u32()?;
            self.want(":")?;
            self.u32()?;
            self.want("(")?;
            let length = self.number()? as usize;
            self.want(")")?;
            self.want("]")?;
            seq = Some((start, length));
        }
        Ok(Body::Icmp { kind, code, mtu, seq })
    }

    fn tcp(&mut self, inbound: bool) -> Outcome<Tcp> {
        self.space();
        if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.lack("segments with ports of their own");
        }
        let flags_text = self.until(|byte| byte.is_ascii_whitespace());
        let mut tcp = Tcp { options: Some(Vec::new()), ..Tcp::default() };
        for byte in flags_text.bytes() {
            match FLAGS.iter().find(|(name, _)| *name == byte) {
                Some((_, bit)) => tcp.flags |= bit,
                None if byte == b'-' => {}
                None if byte == b'A' || byte.is_ascii_digit() => return self.lack("AccECN"),
                None => return self.fail(&format!("`{flags_text}` is no list of flags")),
            }
        }
        tcp.seq = self.u32()?;
        self.want(":")?;
        self.u32()?;
        self.want("(")?;
        tcp.length = self.number()? as usize;
        self.want(")")?;
        if self.takes("ack") {
            tcp.ack = self.u32()?;
        }
        if self.takes("win") {
            tcp.window = Some(self.u32()? as u16);
        }
        if self.takes("urg") {
            tcp.urgent = self.u32()? as u16;
        }
        self.space();
        // A further packet would begin with its time.
        if self.peek() == Some(b'<') {
            self.at += 1;
            if self.takes("...") {
                self.want(">")?;
                tcp.options = None;
                if inbound {
                    return self.fail("`<...>` is for packets that leave");
                }
            } else {
                tcp.options = Some(self.tcp_options()?);
            }
        }
        Ok(tcp)
    }

    fn tcp_options(&mut self) -> Outcome<Vec<TcpOption>> {
        let mut options = Vec::new();
        while !self.takes(">") {
            let name = self.word();
            options.push(match name.as_str() {
                "eol" => TcpOption::End,
                "nop" => TcpOption::Nop,
                "mss" => TcpOption::Mss(self.u32()? as u16),
                "wscale" => TcpOption::WindowScale(self.u32()? as u8),
                "sackOK" => TcpOption::SackPermitted,
                "sack" => {
                    let mut blocks = Vec::new();
                    self.space();
                    while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                        let left = self.u32()?;
                        self.want(":")?;
                        blocks.push((left, self.u32()?));
                        self.space();
                    }
                    TcpOption::Sack(blocks)
                }
                "TS" => {
                    self.want("val")?;
                    let val = self.u32()?;
                    self.want("ecr")?;
                    TcpOption::Timestamps(val, self.u32()?)
                }
                "md5" => {
                    let hex = self.word();
                    let byte = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
                    TcpOption::Md5((0..hex.len() / 2).filter_map(|i| byte(2 * i)).collect())
                }
                "FO" | "FOEXP" => return self.lack("Fast Open"),
                "ECN" | "ACC" | "e0b" | "e1b" | "ceb" => return self.lack("AccECN options"),
                "mp_capable" | "dss" | "add_address" => return self.lack("MPTCP"),
                _ => return self.fail(&format!("`{name}` is no option")),
            });
            let _ = self.takes(",");
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> Vec<Event> {
        parse(text).expect("a script").events
    }

    #[test]
    fn times() {
        let all = events("0 close(3)\n+.1 close(3)\n* close(3)\n+1~+1.5 > . 1:1(0) ack 1\n");
        let times: Vec<When> = all.iter().map(|event| event.when).collect();
        assert_eq!(
            times,
            [
                When::At(0),
                When::After(100_000),
                When::Any,
                When::AfterBetween(1_000_000, 1_500_000)
            ]
        );
        let all = events("+0...0.100 read(4, ..., 2000) = 2000");
        let What::Call(call) = &all[0].what else { panic!() };
        assert_eq!((call.ends, &call.result), (Some(100_000), &Value::Number(2000)));
    }

    #[test]
    fn a_segment_with_options() {
        let all = events("+0 < S. 0:0(0) ack 1 win 5792 <mss 1460,sackOK,TS val 7 ecr 1,nop>\n");
        let What::Packet(Packet { inbound: true, body: Body::Tcp(tcp), .. }) = &all[0].what else {
            panic!()
        };
        assert_eq!((tcp.flags, tcp.ack, tcp.window), (18, 1, Some(5792)));
        let expected = [
            TcpOption::Mss(1460),
            TcpOption::SackPermitted,
            TcpOption::Timestamps(7, 1),
            TcpOption::Nop,
        ];
        assert_eq!(tcp.options.as_deref(), Some(&expected[..]));
    }

    #[test]
    fn errors_name_their_line() {
        let failure = parse("0 close(3)\n+0 > Q 1:1(0)\n").expect_err("no such flag");
        assert_eq!((failure.line, failure.unsupported), (2, false));
        let failure = parse("+0 < S 0:0(0) win 1 <FO abcd>").expect_err("not read");
        assert!(failure.unsupported);
    }
}
