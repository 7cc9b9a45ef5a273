//! The socket() explorer and the address workshop: small C programs that the simulated kernel and
//! our libc answer, as they answer everybody's.

use abi::{Lang, Reply, Syscall, consts};
use sim::explain::{Names, explain};
use sim::scenario::{Defaults, Scenario};
use sim::timeline::Timeline;
use sim::trace::{Record, What};
use std::collections::BTreeMap;

/// The workshop's program; people may read it.
pub(crate) const ADDRESSES: &str = include_str!("../../programs/addresses.c");

/// Events that a tool's program may take.
const MAX_EVENTS: u64 = 60_000;

/// Runs one program to its end.
fn run(name: &str, text: String, args: Vec<String>, root: bool) -> Timeline {
    let files = [(name.to_owned(), text)].into();
    let mut scenario =
        Scenario::of_programs(&[(name.to_owned(), args)], files, &Defaults::default());
    for program in &mut scenario.programs {
        program.uid = if root { 0 } else { sim::scenario::USER };
    }
    let mut timeline = Timeline::new(scenario);
    timeline.run(MAX_EVENTS);
    timeline
}

/// A family, type or protocol: its number, its name, and for families that Linux does not have,
/// whose name it is.
pub(crate) type Choice = (i32, &'static str);

/// Families of the explorer: those of the lecture, Linux's, and two that only BSD had, under the
/// numbers that BSD gave them.
pub(crate) const FAMILIES: [Choice; 13] = [
    (0, "AF_UNSPEC"),
    (1, "AF_UNIX"),
    (2, "AF_INET"),
    (3, "AF_AX25"),
    (4, "AF_IPX"),
    (5, "AF_APPLETALK"),
    (6, "AF_NS (BSD)"),
    (7, "AF_ISO (BSD)"),
    (9, "AF_X25"),
    (10, "AF_INET6"),
    (16, "AF_NETLINK"),
    (17, "AF_PACKET"),
    (99, "99"),
];

/// Types.
pub(crate) const TYPES: [Choice; 8] = [
    (1, "SOCK_STREAM"),
    (2, "SOCK_DGRAM"),
    (3, "SOCK_RAW"),
    (4, "SOCK_RDM"),
    (5, "SOCK_SEQPACKET"),
    (6, "SOCK_DCCP"),
    (10, "SOCK_PACKET"),
    (11, "11"),
];

/// Protocols.
pub(crate) const PROTOCOLS: [Choice; 9] = [
    (0, "IPPROTO_IP"),
    (1, "IPPROTO_ICMP"),
    (2, "IPPROTO_IGMP"),
    (3, "IPPROTO_GGP"),
    (6, "IPPROTO_TCP"),
    (17, "IPPROTO_UDP"),
    (58, "IPPROTO_ICMPV6"),
    (132, "IPPROTO_SCTP"),
    (255, "IPPROTO_RAW"),
];

/// A tool with what is filled in: what its address says (`#/ferramenta/…`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Tool {
    /// The socket() explorer: the question, and whether root asks.
    Explorer(Question, bool),
    /// The address workshop.
    Addresses(Address),
}

/// The explorer's first question: socket(AF_INET, SOCK_STREAM, 0).
const FIRST: Question = (2, 1, 0);

impl Tool {
    /// The explorer as it opens.
    pub(crate) fn explorer() -> Tool {
        Tool::Explorer(FIRST, false)
    }

    /// What follows `#`, with the sign.
    pub(crate) fn fragment(&self) -> String {
        match self {
            Tool::Explorer((family, ty, protocol), root) => {
                let who = if *root { "&root" } else { "" };
                format!("{TOOL}socket?familia={family}&tipo={ty}&protocolo={protocol}{who}")
            }
            Tool::Addresses(Address { address, port, prefix, path }) => format!(
                "{TOOL}enderecos?endereco={}&porta={}&prefixo={}&caminho={}",
                escaped(address),
                escaped(port),
                escaped(prefix),
                escaped(path)
            ),
        }
    }

    /// The tool that a fragment names; values that it does not have are the usual ones.
    pub(crate) fn of_fragment(fragment: &str) -> Option<Tool> {
        let rest = fragment.strip_prefix(TOOL)?;
        let (name, query) = rest.split_once('?').unwrap_or((rest, ""));
        let value = |wanted: &str| {
            let mut pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
            pairs.find(|(key, _)| *key == wanted).map(|(_, value)| value)
        };
        match name {
            "socket" => {
                let number = |key: &str, list: &[Choice], usual: i32| {
                    let asked = value(key).and_then(|text| text.parse().ok());
                    asked.filter(|n| list.iter().any(|(known, _)| known == n)).unwrap_or(usual)
                };
                let question = (
                    number("familia", &FAMILIES, FIRST.0),
                    number("tipo", &TYPES, FIRST.1),
                    number("protocolo", &PROTOCOLS, FIRST.2),
                );
                Some(Tool::Explorer(question, value("root").is_some()))
            }
            "enderecos" => {
                let usual = Address::default();
                let text = |key: &str, usual: String| value(key).map_or(usual, plain);
                Some(Tool::Addresses(Address {
                    address: text("endereco", usual.address),
                    port: text("porta", usual.port),
                    prefix: text("prefixo", usual.prefix),
                    path: text("caminho", usual.path),
                }))
            }
            _ => None,
        }
    }
}

const TOOL: &str = "#/ferramenta/";

/// A text as part of an address.
fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'/' | b':' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// The text that [`escaped`] made; what is none stays as it is.
fn plain(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        let code = more.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let code = code.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let escaped = code.filter(|_| *first == b'%');
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &more[2..] } else { more };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What was asked: family, type, protocol.
pub(crate) type Question = (i32, i32, i32);

/// The simulated kernel's answers, with the records that explain them.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Answers {
    answers: BTreeMap<Question, Record>,
    names: Names,
}

impl Answers {
    /// Asks for every combination.
    pub(crate) fn ask(root: bool) -> Answers {
        let list = |choices: &[Choice]| {
            choices.iter().map(|(number, _)| number.to_string()).collect::<Vec<_>>().join(", ")
        };
        let text = format!(
            "#include <sys/socket.h>\n#include <unistd.h>\nint families[] = {{{}}};\nint types[] = {{{}}};\n\
             int protocols[] = {{{}}};\nint main(void)\n{{\n    for (int f = 0; f < {}; f++)\n        \
             for (int t = 0; t < {}; t++)\n            for (int p = 0; p < {}; p++) {{\n                \
             int fd = socket(families[f], types[t], protocols[p]);\n                if (fd >= 0) close(fd);\n            \
             }}\n    return 0;\n}}\n",
            list(&FAMILIES),
            list(&TYPES),
            list(&PROTOCOLS),
            FAMILIES.len(),
            TYPES.len(),
            PROTOCOLS.len(),
        );
        let timeline = run("explorer.c", text, Vec::new(), root);
        let names = Names::new(vec!["explorer".to_owned()], timeline.records());
        let answered = timeline.records().filter_map(|record| match &record.what {
            What::CallEnd { syscall, .. } => match **syscall {
                Syscall::Socket { domain, ty, protocol } => {
                    Some(((domain, ty, protocol), record.clone()))
                }
                _ => None,
            },
            _ => None,
        });
        Answers { answers: answered.collect(), names }
    }

    /// The answer to a question.
    pub(crate) fn reply(&self, question: Question) -> Option<&Reply> {
        match &self.answers.get(&question)?.what {
            What::CallEnd { reply, .. } => Some(reply),
            _ => None,
        }
    }

    /// Why, in words.
    pub(crate) fn why(&self, question: Question, lang: Lang) -> Vec<String> {
        let explanation = self.answers.get(&question).and_then(|r| explain(r, &self.names, lang));
        let Some(explanation) = explanation else { return Vec::new() };
        explanation.why.iter().map(|message| message.text(lang)).collect()
    }
}

/// What the workshop is asked about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Address {
    pub(crate) address: String,
    pub(crate) port: String,
    pub(crate) prefix: String,
    pub(crate) path: String,
}

impl Default for Address {
    fn default() -> Address {
        Address {
            address: "10.0.0.1".into(),
            port: "8080".into(),
            prefix: "24".into(),
            path: "/tmp/x".into(),
        }
    }
}

/// The answers by name, in the order of the program; a name may have several.
pub(crate) type Lines = Vec<(String, String)>;

/// Runs the workshop's program.
pub(crate) fn address(question: &Address) -> Lines {
    let args = [&question.address, &question.port, &question.prefix, &question.path];
    let args = args.into_iter().cloned().collect();
    let timeline = run("addresses.c", ADDRESSES.to_owned(), args, false);
    let mut output = Vec::new();
    for record in timeline.records() {
        if let What::Output { bytes, .. } = &record.what {
            output.extend_from_slice(&bytes.0);
        }
    }
    let text = String::from_utf8_lossy(&output);
    let line =
        |line: &str| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    text.lines().filter_map(line).collect()
}

/// The first answer with this name.
pub(crate) fn answer<'a>(lines: &'a Lines, name: &str) -> Option<&'a str> {
    lines.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// A field of a structure: name, first byte, bytes.
pub(crate) type FieldOf = (&'static str, usize, usize);

/// `struct sockaddr_in`, `struct sockaddr_in6`, the beginning of `struct sockaddr_un`.
pub(crate) const SOCKADDR_IN: [FieldOf; 4] =
    [("sin_family", 0, 2), ("sin_port", 2, 2), ("sin_addr", 4, 4), ("sin_zero", 8, 8)];
pub(crate) const SOCKADDR_IN6: [FieldOf; 5] = [
    ("sin6_family", 0, 2),
    ("sin6_port", 2, 2),
    ("sin6_flowinfo", 4, 4),
    ("sin6_addr", 8, 16),
    ("sin6_scope_id", 24, 4),
];
pub(crate) const SOCKADDR_UN: [FieldOf; 2] = [("sun_family", 0, 2), ("sun_path", 2, 22)];

/// The name of a C constant's value among types, without flags.
pub(crate) fn errno_text(reply: &Reply) -> String {
    match reply.ret {
        Ok(fd) => format!("fd {fd}"),
        Err(errno) => errno.name().to_owned(),
    }
}

/// The call as it would be written.
pub(crate) fn written((family, ty, protocol): Question) -> String {
    let name = |choices: &[Choice], number: i32| {
        let known = choices
            .iter()
            .find(|(n, name)| *n == number && name.contains('_') && !name.contains(' '));
        known.map_or_else(|| number.to_string(), |(_, name)| (*name).to_owned())
    };
    let protocol = match protocol {
        0 => "0".to_owned(),
        other => consts::name(consts::table::IPPROTO, other)
            .map_or_else(|| other.to_string(), ToOwned::to_owned),
    };
    format!("socket({}, {}, {protocol})", name(&FAMILIES, family), name(&TYPES, ty))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_tool_with_its_values() {
        let asked = Tool::Explorer((10, 2, 17), true);
        assert_eq!(asked.fragment(), "#/ferramenta/socket?familia=10&tipo=2&protocolo=17&root");
        let address = Address { address: "::1 é %".into(), ..Address::default() };
        for tool in [asked, Tool::explorer(), Tool::Addresses(address)] {
            assert_eq!(Tool::of_fragment(&tool.fragment()), Some(tool));
        }
        assert_eq!(Tool::of_fragment("#/ferramenta/socket?familia=1234"), Some(Tool::explorer()));
        assert_eq!(Tool::of_fragment("#/ferramenta/martelo"), None);
        assert_eq!(Tool::of_fragment("#/licao/echo"), None);
        let odd = Tool::of_fragment("#/ferramenta/enderecos?endereco=%zz%C3");
        assert!(matches!(odd, Some(Tool::Addresses(a)) if a.address.starts_with("%zz")));
    }

    /// Seen on Linux 6.18 as an ordinary user.
    #[test]
    fn the_explorer_answers_as_linux_does() {
        let answers = Answers::ask(false);
        let name = |question| errno_text(answers.reply(question).unwrap());
        assert_eq!(name((2, 1, 0)), "fd 3");
        assert_eq!(name((2, 1, 6)), "fd 3");
        assert_eq!(name((2, 2, 17)), "fd 3");
        assert_eq!(name((2, 1, 17)), "EPROTONOSUPPORT");
        assert_eq!(name((2, 3, 1)), "EPERM");
        assert_eq!(name((2, 4, 0)), "ESOCKTNOSUPPORT");
        assert_eq!(name((2, 11, 0)), "EINVAL");
        assert_eq!(name((99, 1, 0)), "EAFNOSUPPORT");
        assert!(!answers.why((99, 1, 0), Lang::En).is_empty());
        assert_eq!(written((2, 1, 17)), "socket(AF_INET, SOCK_STREAM, IPPROTO_UDP)");
    }

    #[test]
    fn root_gets_raw_sockets() {
        let answers = Answers::ask(true);
        assert_eq!(errno_text(answers.reply((2, 3, 1)).unwrap()), "fd 3");
    }

    /// What gcc's build of the same program prints.
    #[test]
    fn the_workshop_answers_as_glibc_does() {
        let ask = |address: &str, port: &str| address_of(address, port);
        let lines = ask("10.0.0.1", "8080");
        for (name, value) in [
            ("port", "90 1f"),
            ("htons", "1f 90"),
            ("htons.value", "36895"),
            ("inet_pton4", "1"),
            ("inet_pton4.bytes", "0a 00 00 01"),
            ("s_addr", "16777226"),
            ("ntohl", "167772161"),
            ("network", "10.0.0.0"),
            ("broadcast", "10.0.0.255"),
            ("sockaddr_in", "02 00 1f 90 0a 00 00 01 00 00 00 00 00 00 00 00"),
            ("forgotten", "36895"),
            (
                "sockaddr_un",
                "01 00 2f 74 6d 70 2f 78 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
            ),
            ("sockaddr_un.size", "110"),
            ("addrinfo", "AF_INET 10.0.0.1 8080"),
        ] {
            assert_eq!(answer(&lines, name), Some(value), "{name}");
        }
        let lines = ask("1.2", "80");
        assert_eq!(answer(&lines, "inet_pton4"), Some("0"));
        assert_eq!(answer(&lines, "inet_aton.bytes"), Some("01 00 00 02"));
        let lines = ask("::1", "http");
        assert_eq!(answer(&lines, "inet_ntop6"), Some("::1"));
        assert_eq!(answer(&lines, "addrinfo"), Some("AF_INET6 ::1 80"));
        let lines = ask("010.0.0.1", "5");
        assert_eq!(answer(&lines, "inet_ntoa"), Some("8.0.0.1"));
    }

    fn address_of(address: &str, port: &str) -> Lines {
        super::address(&Address {
            address: address.into(),
            port: port.into(),
            ..Address::default()
        })
    }
}
