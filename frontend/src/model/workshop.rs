//! The address workshop's table: what C makes of an address, answered by the simulated libc and
//! kernel, and beside it by this computer's.
//!
//! `htons` and `inet_pton` are no system calls, and the bridge makes none but those. What this
//! computer's libc makes of them is seen in the addresses that its `getaddrinfo(3)` returns, which
//! is asked for numbers only (`AI_NUMERICHOST`); what its kernel keeps, in `getsockname(2)`.

use crate::i18n::Msg;
use crate::model::tools::{Address, Lines, answer};
use abi::reply::AddrInfo;
use abi::syscall::AddrInfoHints;
use abi::{Bytes, Out, Reply, SockAddr, Syscall, consts};

/// A row: the call, what it returns, the bytes that it makes.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Row {
    pub(crate) call: String,
    /// What the workshop's program calls the answer.
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) bytes: Option<String>,
}

/// What a C program does with a port that is none: it takes it in silence.
pub(crate) fn port_note(q: &Address, lines: &Lines) -> Option<Msg> {
    let (text, port) = (q.port.clone(), answer(lines, "ntohs").unwrap_or("0").to_owned());
    match q.port.trim().parse::<i64>() {
        Ok(0..=65_535) => None,
        Ok(_) => Some(Msg::PortCut { text, port }),
        Err(_) => Some(Msg::PortNoNumber { text, port }),
    }
}

/// Whether `inet_addr(3)` gave the value that stands for a mistake too.
pub(crate) fn is_inaddr_none(lines: &Lines) -> bool {
    answer(lines, "inet_addr") == Some("4294967295")
}

/// The calls in C with what they give; `mask`, `network` and `broadcast` are words for people.
pub(crate) fn rows(
    lines: &Lines,
    q: &Address,
    [mask, network, broadcast]: [String; 3],
) -> Vec<Row> {
    let text = &q.address;
    let row = |call: String, name: &'static str, bytes: &str| {
        let value = answer(lines, name).unwrap_or("–").to_owned();
        Row { call, name, value, bytes: answer(lines, bytes).map(ToOwned::to_owned) }
    };
    let pton = |family: &str| format!("inet_pton({family}, \"{text}\", &a)");
    let mut rows = vec![
        row("port".into(), "ntohs", "port"),
        row("htons(port)".into(), "htons.value", "htons"),
        row(pton("AF_INET"), "inet_pton4", "inet_pton4.bytes"),
        row("ntohl(a.s_addr)".into(), "ntohl", ""),
        row("inet_ntop(AF_INET, &a, …)".into(), "inet_ntop4", ""),
        row(pton("AF_INET6"), "inet_pton6", "inet_pton6.bytes"),
        row("inet_ntop(AF_INET6, &a, …)".into(), "inet_ntop6", ""),
        row(format!("inet_aton(\"{text}\", &a)"), "inet_aton", "inet_aton.bytes"),
        row(format!("inet_addr(\"{text}\")"), "inet_addr", "inet_addr.bytes"),
        row("inet_ntoa(a)".into(), "inet_ntoa", ""),
        row(mask, "mask", ""),
        row(network, "network", ""),
        row(broadcast, "broadcast", ""),
        row(format!("getaddrinfo(\"{text}\", \"{}\", …)", q.port), "getaddrinfo", "gai_strerror"),
    ];
    let found = lines.iter().filter(|(name, _)| name == "addrinfo").map(|(_, value)| value.clone());
    rows.extend(found.map(|value| Row { call: "→".into(), name: "addrinfo", value, bytes: None }));
    rows.push(row("bind(fd, &addr, 16)".into(), "bind", "bind.errno"));
    rows
}

/// What this computer answers in a row, with the name of an error; whether it differs.
pub(crate) fn beside(row: &Row, measured: &Lines) -> Option<(String, bool)> {
    let value = match row.name {
        // One of several: whichever is the same.
        "addrinfo" => {
            let mut found = measured.iter().filter(|(name, _)| name == "addrinfo");
            found.find(|(_, value)| *value == row.value).map(|(_, value)| value.as_str())
        }
        name => answer(measured, name),
    }?;
    let error = match row.name {
        "bind" => answer(measured, "bind.errno"),
        "getaddrinfo" => answer(measured, "gai_strerror"),
        _ => None,
    };
    let text = error.map_or_else(|| value.to_owned(), |error| format!("{value} ({error})"));
    Some((text, value != row.value))
}

/// What this computer's `getaddrinfo` is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ask {
    /// The port in network order.
    Port,
    /// The address as IPv4, as IPv6.
    Four,
    Six,
    /// Name and service, as the program asks.
    Name,
}

impl Ask {
    pub(crate) const ALL: [Ask; 4] = [Ask::Port, Ask::Four, Ask::Six, Ask::Name];

    /// The call.
    pub(crate) fn call(self, q: &Address) -> Syscall {
        let text = |text: &str| Some(Bytes(text.as_bytes().to_vec()));
        let (flags, family, node, service) = match self {
            Ask::Port => (consts::AI_PASSIVE, consts::AF_INET, None, text(&q.port)),
            Ask::Four => (consts::AI_NUMERICHOST, consts::AF_INET, text(&q.address), None),
            Ask::Six => (consts::AI_NUMERICHOST, consts::AF_INET6, text(&q.address), None),
            Ask::Name => (0, consts::AF_UNSPEC, text(&q.address), text(&q.port)),
        };
        let socktype = consts::SOCK_STREAM;
        let hints = AddrInfoHints { flags, family, socktype, protocol: 0 };
        Syscall::Getaddrinfo { node, service, hints }
    }

    /// The answer under the names that the workshop's program uses.
    pub(crate) fn lines(self, reply: &Reply) -> Lines {
        let found: &[AddrInfo] = match (&reply.ret, &reply.out) {
            (Ok(0), Out::AddrInfo { list, .. }) => list,
            _ => &[],
        };
        let bytes = found.first().map(|one| one.addr.0.0.as_slice());
        let part = |from: usize, len: usize| bytes.and_then(|bytes| bytes.get(from..from + len));
        let mut lines = Lines::new();
        let mut line = |name: &str, value: String| lines.push((name.to_owned(), value));
        match self {
            Ask::Port => {
                if let Some([a, b]) = part(2, 2) {
                    line("htons", hex(&[*a, *b]));
                    line("htons.value", u16::from_le_bytes([*a, *b]).to_string());
                    line("ntohs", u16::from_be_bytes([*a, *b]).to_string());
                }
            }
            Ask::Four => {
                line("inet_aton", u8::from(bytes.is_some()).to_string());
                if let Some(address) = part(4, 4) {
                    line("inet_aton.bytes", hex(address));
                    line(
                        "inet_ntoa",
                        address.iter().map(u8::to_string).collect::<Vec<_>>().join("."),
                    );
                }
            }
            Ask::Six => {
                line("inet_pton6", u8::from(bytes.is_some()).to_string());
                if let Some(address) = part(8, 16) {
                    line("inet_pton6.bytes", hex(address));
                }
            }
            Ask::Name => {
                let code = reply.ret.unwrap_or(consts::EAI_SYSTEM.into());
                line("getaddrinfo", code.to_string());
                let name =
                    i32::try_from(code).ok().and_then(|n| consts::name(consts::table::EAI, n));
                if let (Some(name), true) = (name, code != 0) {
                    line("gai_strerror", name.to_owned());
                }
                for one in found {
                    let family =
                        if one.family == consts::AF_INET6 { "AF_INET6" } else { "AF_INET" };
                    if let Some(address) = one.addr.to_std() {
                        line("addrinfo", format!("{family} {} {}", address.ip(), address.port()));
                    }
                }
            }
        }
        lines
    }
}

/// The address that is bound: what the answers say, as the program does.
pub(crate) fn bound(lines: &Lines) -> SockAddr {
    let byte = |text: &str| u8::from_str_radix(text, 16).unwrap_or(0);
    let bytes = |name: &str| -> Vec<u8> {
        answer(lines, name).unwrap_or("").split_whitespace().map(byte).collect()
    };
    let ip = <[u8; 4]>::try_from(bytes("inet_aton.bytes")).unwrap_or([0; 4]);
    let port = <[u8; 2]>::try_from(bytes("htons")).map_or(0, u16::from_be_bytes);
    SockAddr::inet(ip.into(), port)
}

/// What `bind` came to, and the address that the kernel then has.
pub(crate) fn bind_lines(bind: &Reply, name: Option<&Reply>) -> Lines {
    let mut lines = Lines::new();
    match bind.ret {
        Ok(value) => lines.push(("bind".into(), value.to_string())),
        Err(errno) => {
            lines.push(("bind".into(), "-1".into()));
            lines.push(("bind.errno".into(), format!("{} {}", errno.0, errno.message())));
        }
    }
    if let Some(Out::Addr { addr }) = name.filter(|_| bind.ret.is_ok()).map(|reply| &reply.out) {
        lines.push(("sockaddr_in".into(), hex(&addr.0.0)));
    }
    lines
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(addr: SockAddr) -> Reply {
        let (family, socktype, protocol) = (consts::AF_INET, consts::SOCK_STREAM, 6);
        let list = vec![AddrInfo { family, socktype, protocol, addr }];
        Reply { out: Out::AddrInfo { list, canonical: None }, ..Reply::ok(0) }
    }

    #[test]
    fn a_port_that_is_none_is_taken_in_silence() {
        let note = |port: &str, made: &str| {
            let q = Address { port: port.into(), ..Address::default() };
            port_note(&q, &vec![("ntohs".to_owned(), made.to_owned())])
        };
        assert_eq!(note("8080", "8080"), None);
        let cut = Msg::PortCut { text: "70000".into(), port: "4464".into() };
        assert_eq!(note("70000", "4464"), Some(cut));
        let word = Msg::PortNoNumber { text: "http".into(), port: "0".into() };
        assert_eq!(note("http", "0"), Some(word));
    }

    #[test]
    fn answers_have_the_names_of_the_programs_lines() {
        let reply = found(SockAddr::inet([10, 0, 0, 1].into(), 8080));
        let mut lines = Ask::Port.lines(&reply);
        assert_eq!(answer(&lines, "htons"), Some("1f 90"));
        assert_eq!(answer(&lines, "htons.value"), Some("36895"));
        lines.extend(Ask::Four.lines(&reply));
        assert_eq!(answer(&lines, "inet_aton.bytes"), Some("0a 00 00 01"));
        assert_eq!(bound(&lines), SockAddr::inet([10, 0, 0, 1].into(), 8080));
        lines.extend(Ask::Name.lines(&reply));
        assert_eq!(answer(&lines, "addrinfo"), Some("AF_INET 10.0.0.1 8080"));
        let none = Ask::Name.lines(&Reply::ok(consts::EAI_NONAME.into()));
        assert_eq!(answer(&none, "gai_strerror"), Some("EAI_NONAME"));
        assert_eq!(answer(&Ask::Six.lines(&Reply::ok(-2)), "inet_pton6"), Some("0"));
        let bind = bind_lines(&Reply::err(abi::Errno::EADDRNOTAVAIL), None);
        assert_eq!(answer(&bind, "bind"), Some("-1"));
    }
}
