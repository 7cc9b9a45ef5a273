//! What is run: hosts, links, programs, what is done to them, a seed.
//!
//! Written in TOML (`[[host]]`, `[[link]]`, `[[program]]`, `[[action]]`); sources are given beside it
//! by name, as the files of a folder. Without hosts, every program has one of its own, named after
//! its file, at 10.0.0.1, 10.0.0.2, …; without links, all hosts share one network.
//!
//! ```toml
//! seed = 1
//! until = "30s"
//! [[host]]
//! name = "server"
//! [[host]]
//! name = "client"
//! address = "10.0.0.9/24"
//! [[link]]
//! hosts = ["server", "client"]
//! delay = "20ms"
//! loss = 0.1
//! [[program]]
//! file = "server.c"
//! host = "server"
//! [[program]]
//! file = "client.c"
//! args = ["server", "8080"]
//! host = "client"
//! start = "50ms"
//! stdin = "hello\n"
//! [[action]]
//! at = "1s"
//! do = "plug"
//! link = 0
//! up = false
//! ```

use crate::kernel::{Clock, Os};
use crate::net::filter::Rule;
use crate::timeline::Action;
use abi::{Lang, consts};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use toml::Spanned;

/// What is run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Scenario {
    /// Everything random follows from it.
    pub seed: u64,
    /// When the run ends, nanoseconds of simulated time.
    pub until_ns: u64,
    /// Hosts.
    pub hosts: Vec<HostSpec>,
    /// Networks that join them.
    pub links: Vec<LinkSpec>,
    /// Programs.
    pub programs: Vec<ProgramSpec>,
    /// Source texts by name; `ProgramSpec::file` names one, `#include "x.h"` finds the others.
    pub files: BTreeMap<String, String>,
    /// What is done to the world, and when (nanoseconds).
    pub actions: Vec<(u64, Action)>,
}

/// A host.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct HostSpec {
    /// Its name.
    pub name: String,
    /// Its personality.
    pub os: Os,
    /// Its addresses with prefix lengths; one interface for each link that it is on.
    pub addresses: Vec<(IpAddr, u8)>,
    /// Its wall clock.
    pub clock: Clock,
    /// Whether it forwards packets between its interfaces.
    pub router: bool,
    /// What may arrive at it.
    #[serde(default)]
    pub filter: Vec<Rule>,
    /// Whether it answers questions about names, UDP port 53.
    #[serde(default)]
    pub dns: bool,
}

/// A network: a cable between two hosts, or a switch among more.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LinkSpec {
    /// Names of the hosts on it.
    pub hosts: Vec<String>,
    /// What it does to frames.
    pub params: LinkParams,
}

/// What a link does to frames.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct LinkParams {
    /// From end to end, nanoseconds.
    pub delay_ns: u64,
    /// Added at random up to so many nanoseconds; frames may overtake each other.
    pub jitter_ns: u64,
    /// Bits a second; 0 is without limit.
    pub rate_bps: u64,
    /// Frames that wait for a slow link before others are lost.
    pub queue: u32,
    /// Probability that a frame is lost.
    pub loss: f64,
    /// Probability that a frame is sent twice.
    pub duplicate: f64,
    /// Probability that one bit of a frame turns.
    pub corrupt: f64,
    /// The longest IP packet, bytes.
    pub mtu: u32,
}

impl Default for LinkParams {
    fn default() -> LinkParams {
        LinkParams {
            delay_ns: 10_000_000,
            jitter_ns: 0,
            rate_bps: 0,
            queue: 1000,
            loss: 0.0,
            duplicate: 0.0,
            corrupt: 0.0,
            mtu: 1500,
        }
    }
}

/// A program.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ProgramSpec {
    /// Name of its text in [`Scenario::files`].
    pub file: String,
    /// Which of the hosts.
    pub host: usize,
    /// `argv[1]` and so on.
    pub args: Vec<String>,
    /// Environment.
    pub env: Vec<(String, String)>,
    /// What is typed.
    pub stdin: String,
    /// Whether its input ends after that (Ctrl+D); a person may type more otherwise.
    pub stdin_ends: bool,
    /// When it starts, nanoseconds; `None`: only when somebody (or `execve`) starts it.
    pub start_ns: Option<u64>,
    /// User number; 0 is root.
    pub uid: u32,
}

impl LinkParams {
    /// What differs from the default, as TOML.
    fn write(&self, out: &mut String) {
        let default = LinkParams::default();
        let mut line = |name: &str, differs: bool, value: String| {
            if differs {
                out.push_str(&format!("{name} = {value}\n"));
            }
        };
        let time = |ns: u64| format!("\"{}\"", Time(ns));
        line("delay", self.delay_ns != default.delay_ns, time(self.delay_ns));
        line("jitter", self.jitter_ns != 0, time(self.jitter_ns));
        line("rate", self.rate_bps != 0, self.rate_bps.to_string());
        line("queue", self.queue != default.queue, self.queue.to_string());
        line("loss", self.loss != 0.0, format!("{:?}", self.loss));
        line("duplicate", self.duplicate != 0.0, format!("{:?}", self.duplicate));
        line("corrupt", self.corrupt != 0.0, format!("{:?}", self.corrupt));
        line("mtu", self.mtu != default.mtu, self.mtu.to_string());
    }
}

impl ProgramSpec {
    /// All but file, host and start, as TOML.
    fn write(&self, out: &mut String) {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        if !self.args.is_empty() {
            let args: Vec<String> = self.args.iter().map(|arg| text(arg)).collect();
            out.push_str(&format!("args = [{}]\n", args.join(", ")));
        }
        if !self.stdin.is_empty() {
            out.push_str(&format!("stdin = {}\n", text(&self.stdin)));
        }
        if self.stdin_ends == self.stdin.is_empty() {
            out.push_str(&format!("stdin_ends = {}\n", self.stdin_ends));
        }
        if !self.env.is_empty() {
            let pairs: Vec<String> = self
                .env
                .iter()
                .map(|(name, value)| format!("{} = {}", text(name), text(value)))
                .collect();
            out.push_str(&format!("env = {{ {} }}\n", pairs.join(", ")));
        }
        if self.uid == 0 {
            out.push_str("root = true\n");
        }
    }

    /// The file's name without directory and extension.
    pub fn name(&self) -> &str {
        stem(&self.file)
    }
}

/// The file's name without directory and extension.
pub fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.split('.').next().filter(|stem| !stem.is_empty()).unwrap_or(name)
}

/// How the defaults of `soquete run` may be changed.
#[derive(Clone, PartialEq, Debug)]
pub struct Defaults {
    /// All programs on one host.
    pub same_host: bool,
    /// Each later program starts so much after the one before, nanoseconds.
    pub stagger_ns: u64,
    /// The network.
    pub params: LinkParams,
    /// Names of programs that run on Windows hosts.
    pub windows: BTreeSet<String>,
    /// User number of every program; 0 is root.
    pub uid: u32,
    /// See [`Scenario::seed`].
    pub seed: u64,
    /// See [`Scenario::until_ns`].
    pub until_ns: u64,
}

impl Default for Defaults {
    fn default() -> Defaults {
        Defaults {
            same_host: false,
            stagger_ns: 50_000_000,
            params: LinkParams::default(),
            windows: BTreeSet::new(),
            uid: USER,
            seed: 1,
            until_ns: 30_000_000_000,
        }
    }
}

/// The address that the host with this place in the scenario gets by default.
pub fn default_address(index: usize) -> (IpAddr, u8) {
    let n = index as u32 + 1;
    (Ipv4Addr::from(0x0a00_0000 + n).into(), 16)
}

impl Scenario {
    /// The scenario that `soquete run` makes of programs: file, arguments.
    pub fn of_programs(
        programs: &[(String, Vec<String>)],
        files: BTreeMap<String, String>,
        defaults: &Defaults,
    ) -> Scenario {
        let mut scenario = Scenario {
            seed: defaults.seed,
            until_ns: defaults.until_ns,
            hosts: Vec::new(),
            links: Vec::new(),
            programs: Vec::new(),
            files,
            actions: Vec::new(),
        };
        for (i, (file, args)) in programs.iter().enumerate() {
            if scenario.hosts.is_empty() || !defaults.same_host {
                let os = match defaults.windows.contains(stem(file)) {
                    true => Os::Windows,
                    false => Os::Linux,
                };
                let name = scenario.free_name(stem(file));
                let address = default_address(scenario.hosts.len());
                scenario.hosts.push(HostSpec {
                    name,
                    os,
                    addresses: vec![address],
                    clock: Clock::default(),
                    router: false,
                    filter: Vec::new(),
                    dns: false,
                });
            }
            scenario.programs.push(ProgramSpec {
                file: file.clone(),
                host: scenario.hosts.len() - 1,
                args: args.clone(),
                env: Vec::new(),
                stdin: String::new(),
                stdin_ends: false,
                start_ns: Some(i as u64 * defaults.stagger_ns),
                uid: defaults.uid,
            });
        }
        let hosts = scenario.hosts.iter().map(|host| host.name.clone()).collect();
        scenario.links.push(LinkSpec { hosts, params: defaults.params });
        scenario
    }

    /// A name that no host has: `name`, `name2`, …
    fn free_name(&self, name: &str) -> String {
        let taken = |name: &str| self.hosts.iter().any(|host| host.name == name);
        let mut candidate = name.to_owned();
        let mut n = 2;
        while taken(&candidate) {
            candidate = format!("{name}{n}");
            n += 1;
        }
        candidate
    }

    /// What is compiled for a program.
    pub fn sources(&self, program: usize) -> cc::Sources {
        let main = self.programs.get(program).map_or_else(String::new, |p| p.file.clone());
        cc::Sources { main, files: self.files.clone() }
    }

    /// Compiles every program for its host.
    pub fn compile(&self) -> Vec<cc::Compilation> {
        let targets = self.programs.iter().map(|program| {
            self.hosts.get(program.host).map_or(cc::Target::Linux, |host| host.os.target())
        });
        targets.enumerate().map(|(i, target)| cc::compile(&self.sources(i), target)).collect()
    }

    /// As TOML: [`Scenario::parse`] with the same files gives the same scenario.
    pub fn to_toml(&self) -> String {
        let mut out = format!("seed = {}\nuntil = \"{}\"\n", self.seed, Time(self.until_ns));
        let host_name = |host: usize| self.hosts.get(host).map_or("", |host| host.name.as_str());
        for host in &self.hosts {
            out.push_str(&format!("\n[[host]]\nname = {:?}\n", host.name));
            if host.os == Os::Windows {
                out.push_str("os = \"windows\"\n");
            }
            let addresses: Vec<String> =
                host.addresses.iter().map(|(ip, prefix)| format!("\"{ip}/{prefix}\"")).collect();
            out.push_str(&format!("addresses = [{}]\n", addresses.join(", ")));
            if host.clock.offset_ns != 0 {
                let sign = if host.clock.offset_ns < 0 { "-" } else { "" };
                let time = Time(host.clock.offset_ns.unsigned_abs());
                out.push_str(&format!("clock_offset = \"{sign}{time}\"\n"));
            }
            if host.clock.drift_ppm != 0.0 {
                out.push_str(&format!("clock_drift_ppm = {:?}\n", host.clock.drift_ppm));
            }
            if host.router {
                out.push_str("router = true\n");
            }
            if !host.filter.is_empty() {
                let rules: Vec<String> =
                    host.filter.iter().map(|rule| format!("\"{rule}\"")).collect();
                out.push_str(&format!("filter = [{}]\n", rules.join(", ")));
            }
            if host.dns {
                out.push_str("dns = true\n");
            }
        }
        for link in &self.links {
            out.push_str(&format!("\n[[link]]\nhosts = {:?}\n", link.hosts));
            link.params.write(&mut out);
        }
        for program in &self.programs {
            out.push_str(&format!("\n[[program]]\nfile = {:?}\n", program.file));
            out.push_str(&format!("host = {:?}\n", host_name(program.host)));
            match program.start_ns {
                Some(start) => out.push_str(&format!("start = \"{}\"\n", Time(start))),
                None => out.push_str("installed = true\n"),
            }
            program.write(&mut out);
        }
        for (at, action) in &self.actions {
            out.push_str(&format!("\n[[action]]\nat = \"{}\"\n", Time(*at)));
            let members = serde_json::to_value(action);
            for (name, value) in members.iter().filter_map(|value| value.as_object()).flatten() {
                let number = value.as_u64();
                let text = match (name.as_str(), number) {
                    // What is not said stays as it is.
                    _ if value.is_null() => continue,
                    ("by_ns" | "delay_ns" | "jitter_ns", Some(ns)) => format!("\"{}\"", Time(ns)),
                    ("host", Some(host)) => format!("{:?}", host_name(host as usize)),
                    ("signal", Some(signal)) => {
                        let name = consts::name(consts::table::SIG, signal as i32);
                        name.map_or_else(|| signal.to_string(), |name| format!("{name:?}"))
                    }
                    // Other values are written alike in both formats.
                    _ => value.to_string(),
                };
                out.push_str(&format!("{} = {text}\n", written(name)));
            }
        }
        out
    }

    /// Reads TOML; `files` are the texts that programs may name.
    pub fn parse(text: &str, files: BTreeMap<String, String>) -> Result<Scenario, Problem> {
        let file: File = toml::from_str(text).map_err(|error| Problem {
            span: error.span().unwrap_or(0..0),
            kind: ProblemKind::of_toml(error.message()),
        })?;
        file.build(files)
    }
}

/// The user that programs run as unless they say otherwise.
pub const USER: u32 = 1000;

/// What is wrong with a scenario, and where in its text.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// Bytes of the TOML text.
    pub span: std::ops::Range<usize>,
    /// What.
    pub kind: ProblemKind,
}

/// Kinds of problems.
#[allow(missing_docs)] // the fields are what the texts name
#[derive(Clone, PartialEq, Debug)]
pub enum ProblemKind {
    /// Not TOML (the parser's own words, English).
    Toml { message: String },
    /// A key, or a value of a few, that the format does not have; and those that it has.
    UnknownKey { name: String, nearest: Option<String>, known: Vec<String> },
    /// A key without which the table means nothing.
    MissingKey { name: String },
    /// A program, link or action names a host that is not there.
    UnknownHost { name: String, nearest: Option<String> },
    /// A program names a text that is not there.
    UnknownFile { name: String, nearest: Option<String> },
    /// Two hosts have one name.
    SameName { name: String },
    /// A link with fewer than two hosts.
    LonelyLink,
    /// An address that is none.
    BadAddress { text: String },
    /// Two hosts on one network have one address.
    SameAddress { address: IpAddr, other: String },
    /// A value of another type: what it is and what is wanted, in the parser's words.
    WrongType { found: String, wanted: String },
    /// A length of time or a rate that is none.
    BadQuantity { text: String, known: &'static str },
    /// A number that is too small or too large.
    OutOfRange { name: &'static str, least: String, most: String },
    /// An action names a host, link or program by a number that none has.
    NoSuchNumber { name: &'static str, number: i64, count: usize },
    /// A rule that is none.
    BadRule { text: String },
    /// Nothing to run.
    NoPrograms,
}

impl Problem {
    /// The line, from 1.
    pub fn line(&self, text: &str) -> usize {
        let before = text.get(..self.span.start).unwrap_or(text);
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    /// The column in characters, from 1.
    pub fn column(&self, text: &str) -> usize {
        let before = text.get(..self.span.start).unwrap_or(text);
        before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1
    }

    /// In words.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::PtBr => self.kind.pt_br(),
            Lang::En => self.kind.en(),
        }
    }
}

impl ProblemKind {
    /// From the words of the TOML parser: names stand between backticks in them.
    fn of_toml(message: &str) -> ProblemKind {
        let mut names = message.split('`').skip(1).step_by(2).map(str::to_owned);
        let unknown = ["unknown field", "unknown variant"].iter().any(|w| message.starts_with(w));
        match names.next() {
            Some(name) if unknown => {
                let known: Vec<String> = names.collect();
                let nearest = nearest(&name, known.iter());
                ProblemKind::UnknownKey { name, nearest, known }
            }
            Some(name) if message.starts_with("missing field") => ProblemKind::MissingKey { name },
            Some(text) if message.starts_with(BAD_TIME) => {
                ProblemKind::BadQuantity { text, known: TIME_UNITS }
            }
            Some(text) if message.starts_with(BAD_RATE) => {
                ProblemKind::BadQuantity { text, known: RATE_UNITS }
            }
            _ => ProblemKind::of_type(message)
                .unwrap_or_else(|| ProblemKind::Toml { message: message.to_owned() }),
        }
    }

    /// `invalid type: string "20", expected u32`.
    fn of_type(message: &str) -> Option<ProblemKind> {
        let rest = message.strip_prefix("invalid type: ");
        let (found, wanted) =
            rest.or_else(|| message.strip_prefix("invalid value: "))?.split_once(", expected ")?;
        Some(ProblemKind::WrongType { found: found.to_owned(), wanted: wanted.to_owned() })
    }

    /// A problem with a value's type in words of one's language; serde's otherwise.
    fn type_name(name: &str, lang: Lang) -> String {
        let known = [
            (
                &["u64", "u32", "usize"][..],
                ["um número inteiro, sem sinal", "a whole number, not negative"],
            ),
            (&["i32", "i64"], ["um número inteiro", "a whole number"]),
            (&["f64"], ["um número", "a number"]),
            (&["a string"], ["um texto entre aspas", "a text in quotes"]),
            (&["a boolean"], ["true ou false", "true or false"]),
            (&["a sequence"], ["uma lista entre colchetes", "a list in brackets"]),
            (&["a map"], ["uma tabela entre chaves", "a table in braces"]),
            (&["a length of time"], ["um tempo como \"20ms\"", "a time such as \"20ms\""]),
            (&["a name or a number"], ["um nome ou um número", "a name or a number"]),
            (&["a rate"], ["uma taxa como \"10mbit\"", "a rate such as \"10mbit\""]),
        ];
        let found = known.iter().find(|(names, _)| names.contains(&name));
        let words = found.map(|(_, [pt, en])| if lang == Lang::PtBr { *pt } else { *en });
        words.unwrap_or(name).to_owned()
    }

    /// What stands there instead: serde names the type and quotes the value.
    fn value_name(found: &str, lang: Lang) -> String {
        // The names of Rust's types say nothing to whoever writes a scenario.
        let found = found.trim_end_matches(" as i128").trim_end_matches(" as u128");
        let kinds = [
            ("string ", "texto"),
            ("integer ", "número"),
            ("floating point ", "número"),
            ("boolean ", "valor"),
            ("another value", "outro valor"),
            ("sequence", "lista"),
            ("map", "tabela"),
        ];
        let translated = kinds.iter().find_map(|(en, pt)| {
            let rest = found.strip_prefix(en)?;
            Some(format!("{pt} {rest}").trim_end().to_owned())
        });
        match lang {
            Lang::PtBr => translated.unwrap_or_else(|| found.to_owned()),
            Lang::En => found.to_owned(),
        }
    }

    /// What is wrong with the text as TOML; the parser has some fifty sentences for a dozen mistakes.
    fn syntax(message: &str, lang: Lang) -> &'static str {
        type Known = (&'static [&'static str], [&'static str; 2]);
        const KNOWN: [Known; 9] = [
            (
                &[
                    "key with no value",
                    "missing value",
                    "missing assignment",
                    "string values must be",
                ],
                [
                    "depois de um nome vem `= valor`, e um texto fica entre aspas",
                    "a name is followed by `= value`, and a text stands in quotes",
                ],
            ),
            (
                &["duplicate key", "cannot extend"],
                ["este nome já foi usado nesta tabela", "this name is used in this table already"],
            ),
            (
                &["inline table"],
                [
                    "uma tabela entre chaves se escreve { a = 1, b = 2 }",
                    "a table in braces is written { a = 1, b = 2 }",
                ],
            ),
            (
                &["unclosed table", "unclosed array table", "missing table"],
                [
                    "falta fechar o título da tabela: [nome] ou [[nome]]",
                    "the table's title is not closed: [name] or [[name]]",
                ],
            ),
            (
                &["array", "recur"],
                ["uma lista se escreve [a, b, c]", "a list is written [a, b, c]"],
            ),
            (
                &["quote", "string", "escape", "unicode", "carriage return"],
                [
                    "as aspas deste texto não fecham, ou ele tem um caractere que não pode ter",
                    "this text's quotes do not close, or it has a character that it must not have",
                ],
            ),
            (
                &["zero", "sign", "radix", "prefix", "digits", "number", "float", "date", "time"],
                ["este número está mal escrito", "this number is not written as one"],
            ),
            (
                &["unquoted key", "keys cannot", "unexpected key"],
                [
                    "um nome tem letras, números, _ e -, e cada linha tem um só",
                    "a name has letters, digits, _ and -, and each line has one",
                ],
            ),
            (
                &["invalid value"],
                [
                    "aqui falta um valor: um número, um texto entre aspas, true, false ou uma lista",
                    "a value is missing here: a number, a text in quotes, true, false or a list",
                ],
            ),
        ];
        let known = KNOWN.iter().find(|(words, _)| words.iter().any(|word| message.contains(word)));
        let texts = known.map_or(
            [
                "isto não é TOML: a linha não se lê como `nome = valor`",
                "this is not TOML: the line does not read as `name = value`",
            ],
            |(_, texts)| *texts,
        );
        if lang == Lang::PtBr { texts[0] } else { texts[1] }
    }

    fn en(&self) -> String {
        let hint = |nearest: &Option<String>| {
            nearest.as_ref().map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
        };
        match self {
            ProblemKind::Toml { message } => Self::syntax(message, Lang::En).to_owned(),
            ProblemKind::UnknownKey { name, nearest, known } => match nearest {
                Some(_) => format!("`{name}` is not known here{}", hint(nearest)),
                None => format!("`{name}` is not known here; there are {}", known.join(", ")),
            },
            ProblemKind::MissingKey { name } => format!("`{name}` is missing"),
            ProblemKind::UnknownHost { name, nearest } => {
                format!("there is no host `{name}`{}", hint(nearest))
            }
            ProblemKind::UnknownFile { name, nearest } => {
                format!("there is no file `{name}`{}", hint(nearest))
            }
            ProblemKind::SameName { name } => format!("two hosts are named `{name}`"),
            ProblemKind::LonelyLink => "a link joins at least two hosts".to_owned(),
            ProblemKind::BadAddress { text } => {
                format!("`{text}` is no address; write one like 10.0.0.1/24")
            }
            ProblemKind::SameAddress { address, other } => {
                format!("`{other}` has the address {address} on the same network")
            }
            ProblemKind::WrongType { found, wanted } => {
                let (found, wanted) =
                    (Self::value_name(found, Lang::En), Self::type_name(wanted, Lang::En));
                format!("{wanted} is wanted here, not {found}")
            }
            ProblemKind::BadQuantity { text, known } => {
                format!("`{text}` is no quantity; write a number and one of {known}")
            }
            ProblemKind::OutOfRange { name, least, most } => {
                format!("`{name}` is from {least} to {most}")
            }
            ProblemKind::NoSuchNumber { name, number, count } => match count {
                0 => format!("there is no {name} {number}: there is none"),
                _ => format!("there is no {name} {number}: they count from 0 to {}", count - 1),
            },
            ProblemKind::BadRule { text } => {
                format!("`{text}` is no rule; write one like drop tcp 80 from 10.0.0.0/24")
            }
            ProblemKind::NoPrograms => "there is no [[program]] to run".to_owned(),
        }
    }

    fn pt_br(&self) -> String {
        let hint = |nearest: &Option<String>| {
            nearest.as_ref().map_or_else(String::new, |name| format!("; você quis dizer `{name}`?"))
        };
        match self {
            ProblemKind::Toml { message } => Self::syntax(message, Lang::PtBr).to_owned(),
            ProblemKind::UnknownKey { name, nearest, known } => match nearest {
                Some(_) => format!("`{name}` não existe aqui{}", hint(nearest)),
                None => format!("`{name}` não existe aqui; há {}", known.join(", ")),
            },
            ProblemKind::MissingKey { name } => format!("falta `{name}`"),
            ProblemKind::UnknownHost { name, nearest } => {
                format!("não há host `{name}`{}", hint(nearest))
            }
            ProblemKind::UnknownFile { name, nearest } => {
                format!("não há arquivo `{name}`{}", hint(nearest))
            }
            ProblemKind::SameName { name } => format!("dois hosts se chamam `{name}`"),
            ProblemKind::LonelyLink => "um enlace liga pelo menos dois hosts".to_owned(),
            ProblemKind::BadAddress { text } => {
                format!("`{text}` não é um endereço; escreva algo como 10.0.0.1/24")
            }
            ProblemKind::SameAddress { address, other } => {
                format!("`{other}` já tem o endereço {address} na mesma rede")
            }
            ProblemKind::WrongType { found, wanted } => {
                let (found, wanted) =
                    (Self::value_name(found, Lang::PtBr), Self::type_name(wanted, Lang::PtBr));
                format!("aqui vai {wanted}, não {found}")
            }
            ProblemKind::BadQuantity { text, known } => {
                format!("`{text}` não é uma quantidade; escreva um número e um de {known}")
            }
            ProblemKind::OutOfRange { name, least, most } => {
                format!("`{name}` vai de {least} a {most}")
            }
            ProblemKind::NoSuchNumber { name, number, count } => match count {
                0 => format!("não há {name} {number}: não há nenhum"),
                _ => format!("não há {name} {number}: são contados de 0 a {}", count - 1),
            },
            ProblemKind::BadRule { text } => {
                format!("`{text}` não é uma regra; escreva algo como drop tcp 80 from 10.0.0.0/24")
            }
            ProblemKind::NoPrograms => "não há nenhum [[program]] para executar".to_owned(),
        }
    }
}

/// A length of time in TOML: `"50ms"`, `"1.5s"`, `"20us"`, `"2min"`; a bare number is seconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Time(pub u64);

impl std::fmt::Display for Time {
    /// In the largest unit that leaves no fraction.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let units = [("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000)];
        match units.into_iter().find(|(_, ns)| self.0.is_multiple_of(*ns)) {
            Some((unit, ns)) => write!(f, "{}{unit}", self.0 / ns),
            None => write!(f, "{}ns", self.0),
        }
    }
}

/// The longest time that a scenario may name, nanoseconds: 100 days, which a double holds exactly.
pub const MAX_TIME_NS: u64 = 100 * 86_400 * 1_000_000_000;
const TIME_UNITS: &str = "ns, us, ms, s, min, h";
const RATE_UNITS: &str = "bit, kbit, mbit, gbit";
/// How the messages about a bad quantity begin; serde carries no more than text.
const BAD_TIME: &str = "no length of time";
const BAD_RATE: &str = "no rate";

impl std::str::FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Time, String> {
        let unit = |unit: &str| {
            Some(match unit {
                "ns" => 1.0,
                "us" | "µs" => 1e3,
                "ms" => 1e6,
                "s" | "" => 1e9,
                "m" | "min" => 60e9,
                "h" => 3600e9,
                _ => return None,
            })
        };
        let wrong = || format!("{BAD_TIME}: `{text}`; there are {TIME_UNITS}");
        let ns = quantity(text, unit).filter(|ns| *ns <= MAX_TIME_NS as f64);
        ns.map(|ns| Time(ns as u64)).ok_or_else(wrong)
    }
}

/// A number and its unit's factor, multiplied.
fn quantity(text: &str, unit: impl Fn(&str) -> Option<f64>) -> Option<f64> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, name) = text.split_at(split);
    let number: f64 = number.parse().ok()?;
    Some((number * unit(name.trim())?).round())
}

/// A quantity with its unit, or a bare number.
#[derive(Deserialize)]
#[serde(untagged, expecting = "no length of time: `?`")]
enum TextOrNumber {
    Text(String),
    Number(f64),
}

impl TextOrNumber {
    fn text(self) -> String {
        match self {
            TextOrNumber::Text(text) => text,
            TextOrNumber::Number(number) => number.to_string(),
        }
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        let text = TextOrNumber::deserialize(deserializer)?.text();
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A length of time that may be negative: `"-3s"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Offset(i64);

impl<'de> Deserialize<'de> for Offset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Offset, D::Error> {
        let text = TextOrNumber::deserialize(deserializer)?.text();
        let (sign, rest) = match text.trim().strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.trim().trim_start_matches('+')),
        };
        let time: Time = rest.parse().map_err(serde::de::Error::custom)?;
        // No length of time that is read is longer than an `i64` holds.
        Ok(Offset(sign * time.0 as i64))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{}ns", self.0))
    }
}

/// A rate in TOML: `"10mbit"`, `"56kbit"`, `"1gbit"`; a bare number is bits a second.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Rate(pub u64);

impl std::str::FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Rate, String> {
        let unit = |unit: &str| {
            Some(match unit.to_ascii_lowercase().as_str() {
                "" | "bit" => 1.0,
                "kbit" => 1e3,
                "mbit" => 1e6,
                "gbit" => 1e9,
                _ => return None,
            })
        };
        let wrong = || format!("{BAD_RATE}: `{text}`; there are {RATE_UNITS}");
        let rate = quantity(text, unit).filter(|bps| *bps <= MAX_RATE_BPS);
        rate.map(|bps| Rate(bps as u64)).ok_or_else(wrong)
    }
}

/// The highest rate that a scenario may name, bits a second.
const MAX_RATE_BPS: f64 = 1e12;

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Rate, D::Error> {
        let text = TextOrNumber::deserialize(deserializer)?.text();
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The TOML file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    seed: Option<u64>,
    until: Option<Time>,
    #[serde(default, rename = "host")]
    hosts: Vec<FileHost>,
    #[serde(default, rename = "link")]
    links: Vec<Spanned<FileLink>>,
    #[serde(default, rename = "program")]
    programs: Vec<FileProgram>,
    #[serde(default, rename = "action")]
    actions: Vec<FileAction>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileHost {
    name: Spanned<String>,
    #[serde(default)]
    os: Os,
    #[serde(default)]
    address: Option<Spanned<String>>,
    #[serde(default)]
    addresses: Vec<Spanned<String>>,
    #[serde(default)]
    clock_offset: Option<Offset>,
    #[serde(default)]
    clock_drift_ppm: Option<Spanned<f64>>,
    #[serde(default)]
    router: bool,
    #[serde(default)]
    filter: Vec<Spanned<String>>,
    #[serde(default)]
    dns: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileLink {
    #[serde(default)]
    hosts: Vec<Spanned<String>>,
    delay: Option<Time>,
    jitter: Option<Time>,
    rate: Option<Rate>,
    queue: Option<u32>,
    loss: Option<Spanned<f64>>,
    duplicate: Option<Spanned<f64>>,
    corrupt: Option<Spanned<f64>>,
    mtu: Option<Spanned<u32>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileProgram {
    file: Spanned<String>,
    #[serde(default)]
    args: Vec<String>,
    host: Option<Spanned<String>>,
    start: Option<Time>,
    #[serde(default)]
    installed: bool,
    #[serde(default)]
    stdin: String,
    #[serde(default)]
    stdin_ends: Option<bool>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    root: bool,
}

/// A name or, as older files have it, a number.
#[derive(Clone, Deserialize)]
#[serde(untagged, expecting = "invalid type: another value, expected a name or a number")]
enum NameOrNumber {
    Number(i64),
    Name(String),
}

/// An action with all members that any has, so that each keeps its place in the text. Times and
/// rates are written as in links; the members with units in their names are those of older files.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileAction {
    at: Time,
    #[serde(rename = "do")]
    kind: Spanned<String>,
    packet: Option<Spanned<u64>>,
    by: Option<Spanned<Time>>,
    by_ns: Option<Spanned<u64>>,
    bit: Option<Spanned<u32>>,
    link: Option<Spanned<usize>>,
    up: Option<Spanned<bool>>,
    delay: Option<Spanned<Time>>,
    delay_ns: Option<Spanned<u64>>,
    jitter: Option<Spanned<Time>>,
    jitter_ns: Option<Spanned<u64>>,
    loss: Option<Spanned<f64>>,
    duplicate: Option<Spanned<f64>>,
    corrupt: Option<Spanned<f64>>,
    rate: Option<Spanned<Rate>>,
    rate_bps: Option<Spanned<u64>>,
    count: Option<Spanned<u32>>,
    host: Option<Spanned<NameOrNumber>>,
    pid: Option<Spanned<i32>>,
    tid: Option<Spanned<i32>>,
    signal: Option<Spanned<NameOrNumber>>,
    program: Option<Spanned<NameOrNumber>>,
    text: Option<Spanned<String>>,
}

type Span = std::ops::Range<usize>;

/// A member as [`Action`] calls it, where it stands, and its value.
type Member = (&'static str, Span, serde_json::Value);

/// What a file calls a member of [`Action`].
fn written(member: &str) -> &str {
    match member {
        "by_ns" => "by",
        "delay_ns" => "delay",
        "jitter_ns" => "jitter",
        "rate_bps" => "rate",
        other => other,
    }
}

fn member<T: Clone + Into<serde_json::Value>>(
    name: &'static str,
    value: &Option<Spanned<T>>,
) -> Option<Member> {
    value.as_ref().map(|value| (name, value.span(), value.get_ref().clone().into()))
}

/// The number of a thing that is named or counted.
fn numbered(
    name: &'static str,
    value: &Option<Spanned<NameOrNumber>>,
    count: usize,
    find: impl Fn(&str) -> Result<usize, ProblemKind>,
) -> Result<Option<Member>, Problem> {
    let Some(value) = value else { return Ok(None) };
    let found = match value.get_ref() {
        NameOrNumber::Name(name) => find(name),
        NameOrNumber::Number(number) => match usize::try_from(*number) {
            Ok(number) if number < count => Ok(number),
            _ => Err(ProblemKind::NoSuchNumber { name, number: *number, count }),
        },
    };
    let number = found.map_err(|kind| Problem { span: value.span(), kind })?;
    Ok(Some((name, value.span(), number.into())))
}

impl FileAction {
    /// What it has, checked.
    fn members(&self, scenario: &Scenario) -> Result<Vec<Member>, Problem> {
        let chances =
            [("loss", &self.loss), ("duplicate", &self.duplicate), ("corrupt", &self.corrupt)];
        for (name, chance) in chances {
            probability(name, chance)?;
        }
        for (name, time) in
            [("by", &self.by_ns), ("delay", &self.delay_ns), ("jitter", &self.jitter_ns)]
        {
            within(name, time, 0, MAX_TIME_NS)?;
        }
        within("rate", &self.rate_bps, 0, MAX_RATE_BPS as u64)?;
        let link = self.link.as_ref().filter(|link| *link.get_ref() >= scenario.links.len());
        if let Some(link) = link {
            let (number, count) = (*link.get_ref() as i64, scenario.links.len());
            let kind = ProblemKind::NoSuchNumber { name: "link", number, count };
            return Err(Problem { span: link.span(), kind });
        }
        let host = numbered("host", &self.host, scenario.hosts.len(), |name| {
            let nearest = || nearest(name, scenario.hosts.iter().map(|host| &host.name));
            scenario.hosts.iter().position(|host| host.name == name).ok_or_else(|| {
                ProblemKind::UnknownHost { name: name.to_owned(), nearest: nearest() }
            })
        })?;
        let program = numbered("program", &self.program, scenario.programs.len(), |name| {
            let nearest = || nearest(name, scenario.programs.iter().map(|program| &program.file));
            scenario.programs.iter().position(|p| p.file == name || p.name() == name).ok_or_else(
                || ProblemKind::UnknownFile { name: name.to_owned(), nearest: nearest() },
            )
        })?;
        let time = |name, value: &Option<Spanned<Time>>| {
            value.as_ref().map(|value| (name, value.span(), value.get_ref().0.into()))
        };
        let rate =
            self.rate.as_ref().map(|rate| ("rate_bps", rate.span(), rate.get_ref().0.into()));
        let all: [Option<Member>; 22] = [
            member("packet", &self.packet),
            time("by_ns", &self.by),
            member("by_ns", &self.by_ns),
            member("bit", &self.bit),
            member("link", &self.link),
            member("up", &self.up),
            time("delay_ns", &self.delay),
            member("delay_ns", &self.delay_ns),
            time("jitter_ns", &self.jitter),
            member("jitter_ns", &self.jitter_ns),
            member("loss", &self.loss),
            member("duplicate", &self.duplicate),
            member("corrupt", &self.corrupt),
            rate,
            member("rate_bps", &self.rate_bps),
            member("count", &self.count),
            host,
            member("pid", &self.pid),
            member("tid", &self.tid),
            self.signal()?,
            program,
            member("text", &self.text),
        ];
        Ok(all.into_iter().flatten().collect())
    }

    /// `"SIGTERM"`, `"TERM"` or 15.
    fn signal(&self) -> Result<Option<Member>, Problem> {
        let Some(signal) = &self.signal else { return Ok(None) };
        let number = match signal.get_ref() {
            NameOrNumber::Number(number) => i32::try_from(*number).ok(),
            NameOrNumber::Name(name) => (1..=64).find(|number| {
                let known = consts::name(consts::table::SIG, *number);
                known.is_some_and(|known| known == name || known.strip_prefix("SIG") == Some(name))
            }),
        };
        match number.filter(|number| (1..=64).contains(number)) {
            Some(number) => Ok(Some(("signal", signal.span(), number.into()))),
            None => {
                let (least, most) = ("1 (SIGHUP)".to_owned(), "64 (SIGRTMAX)".to_owned());
                let kind = ProblemKind::OutOfRange { name: "signal", least, most };
                Err(Problem { span: signal.span(), kind })
            }
        }
    }

    /// The action, which knows which members it needs.
    fn build(self, scenario: &Scenario) -> Result<(u64, Action), Problem> {
        let members = self.members(scenario)?;
        let pairs = members.iter().map(|(name, _, value)| ((*name).to_owned(), value.clone()));
        let kind = ("do".to_owned(), self.kind.get_ref().clone().into());
        let object: serde_json::Map<String, serde_json::Value> =
            std::iter::once(kind).chain(pairs).collect();
        let action =
            serde_json::from_value(object.into()).map_err(|error: serde_json::Error| {
                let mut kind = ProblemKind::of_toml(&error.to_string());
                let mut span = None;
                match &mut kind {
                    ProblemKind::UnknownKey { name, nearest, known } => {
                        let at = members.iter().find(|(member, ..)| member == name);
                        span = at.map(|(_, span, _)| span.clone());
                        *name = written(name).to_owned();
                        known.iter_mut().for_each(|name| *name = written(name).to_owned());
                        *nearest = self::nearest(name, known.iter());
                    }
                    ProblemKind::MissingKey { name } => *name = written(name).to_owned(),
                    _ => {}
                }
                Problem { span: span.unwrap_or_else(|| self.kind.span()), kind }
            })?;
        Ok((self.at.0, action))
    }
}

/// Whether a number lies in a range.
fn within<T: PartialOrd + Copy + std::fmt::Display>(
    name: &'static str,
    value: &Option<Spanned<T>>,
    least: T,
    most: T,
) -> Result<(), Problem> {
    match value {
        Some(value) if !(least..=most).contains(value.get_ref()) => {
            let kind =
                ProblemKind::OutOfRange { name, least: least.to_string(), most: most.to_string() };
            Err(Problem { span: value.span(), kind })
        }
        _ => Ok(()),
    }
}

fn probability(name: &'static str, value: &Option<Spanned<f64>>) -> Result<(), Problem> {
    within(name, value, 0.0, 1.0)
}

impl File {
    fn build(self, files: BTreeMap<String, String>) -> Result<Scenario, Problem> {
        if self.programs.is_empty() {
            return Err(Problem { span: 0..0, kind: ProblemKind::NoPrograms });
        }
        let mut scenario = Scenario {
            seed: self.seed.unwrap_or(1),
            until_ns: self.until.map_or(30_000_000_000, |time| time.0),
            hosts: Vec::new(),
            links: Vec::new(),
            programs: Vec::new(),
            files,
            actions: Vec::new(),
        };
        let mut spans = Vec::new();
        for host in self.hosts {
            let (host, name, addresses) = host.build()?;
            if scenario.hosts.iter().any(|other| other.name == host.name) {
                return Err(Problem {
                    span: name,
                    kind: ProblemKind::SameName { name: host.name },
                });
            }
            scenario.hosts.push(host);
            spans.push(addresses);
        }
        give_addresses(&mut scenario.hosts);
        let declared = !scenario.hosts.is_empty();
        for (i, program) in self.programs.into_iter().enumerate() {
            let program = program.build(i, declared, &mut scenario)?;
            scenario.programs.push(program);
        }
        let names: Vec<String> = scenario.hosts.iter().map(|host| host.name.clone()).collect();
        if self.links.is_empty() {
            scenario.links.push(LinkSpec { hosts: names, params: LinkParams::default() });
        } else {
            for link in self.links {
                let link = link_spec(link, &names)?;
                scenario.links.push(link);
            }
        }
        different_addresses(&scenario, &spans)?;
        for action in self.actions {
            let action = action.build(&scenario)?;
            scenario.actions.push(action);
        }
        Ok(scenario)
    }
}

/// Hosts that name no address get the first free one from their place on.
fn give_addresses(hosts: &mut [HostSpec]) {
    for index in 0..hosts.len() {
        if hosts[index].addresses.is_empty() {
            let taken = |ip: IpAddr| hosts.iter().any(|h| h.addresses.iter().any(|a| a.0 == ip));
            let free = (index..).map(default_address).find(|(ip, _)| !taken(*ip));
            hosts[index].addresses.extend(free);
        }
    }
}

/// Two hosts on one network with one address: neither would be reached for certain.
fn different_addresses(scenario: &Scenario, spans: &[Vec<Span>]) -> Result<(), Problem> {
    let neighbours = |a: &str, b: &str| {
        let on = |link: &LinkSpec, name: &str| link.hosts.iter().any(|host| host == name);
        scenario.links.iter().any(|link| on(link, a) && on(link, b))
    };
    for (index, (host, spans)) in scenario.hosts.iter().zip(spans).enumerate() {
        for ((address, _), span) in host.addresses.iter().zip(spans) {
            let has = |other: &&HostSpec| other.addresses.iter().any(|a| a.0 == *address);
            let other = scenario.hosts[..index].iter().filter(has);
            if let Some(other) = other.into_iter().find(|other| neighbours(&other.name, &host.name))
            {
                let kind =
                    ProblemKind::SameAddress { address: *address, other: other.name.clone() };
                return Err(Problem { span: span.clone(), kind });
            }
        }
    }
    Ok(())
}

impl FileHost {
    /// The host, and where its name and its addresses stand.
    fn build(self) -> Result<(HostSpec, Span, Vec<Span>), Problem> {
        let (mut addresses, mut spans) = (Vec::new(), Vec::new());
        for text in self.address.iter().chain(&self.addresses) {
            spans.push(text.span());
            addresses.push(parse_address(text.get_ref()).ok_or_else(|| Problem {
                span: text.span(),
                kind: ProblemKind::BadAddress { text: text.get_ref().clone() },
            })?);
        }
        within("clock_drift_ppm", &self.clock_drift_ppm, -MAX_DRIFT_PPM, MAX_DRIFT_PPM)?;
        let clock = Clock {
            offset_ns: self.clock_offset.map_or(0, |offset| offset.0),
            drift_ppm: self.clock_drift_ppm.map_or(0.0, Spanned::into_inner),
        };
        let rule = |text: &Spanned<String>| {
            Rule::parse(text.get_ref()).ok_or_else(|| Problem {
                span: text.span(),
                kind: ProblemKind::BadRule { text: text.get_ref().clone() },
            })
        };
        let filter = self.filter.iter().map(rule).collect::<Result<Vec<Rule>, Problem>>()?;
        let span = self.name.span();
        let name = self.name.into_inner();
        let (os, router, dns) = (self.os, self.router, self.dns);
        Ok((HostSpec { name, os, addresses, clock, router, filter, dns }, span, spans))
    }
}

/// A clock that runs at half or one and a half of the true pace.
const MAX_DRIFT_PPM: f64 = 500_000.0;

impl FileProgram {
    fn build(
        self,
        index: usize,
        declared: bool,
        scenario: &mut Scenario,
    ) -> Result<ProgramSpec, Problem> {
        let span = self.file.span();
        let file = self.file.into_inner();
        if !scenario.files.contains_key(&file) {
            let nearest = nearest(&file, scenario.files.keys());
            let kind = ProblemKind::UnknownFile { name: file, nearest };
            return Err(Problem { span, kind });
        }
        let host = match self.host {
            Some(name) => {
                let found = scenario.hosts.iter().position(|host| host.name == *name.get_ref());
                match found {
                    Some(index) => index,
                    None if !declared => {
                        add_host(scenario, name.get_ref());
                        scenario.hosts.len() - 1
                    }
                    None => {
                        return Err(unknown_host(&name, scenario.hosts.iter().map(|h| &h.name)));
                    }
                }
            }
            None if declared => index.min(scenario.hosts.len() - 1),
            None => {
                let name = scenario.free_name(stem(&file));
                add_host(scenario, &name);
                scenario.hosts.len() - 1
            }
        };
        let start = self.start.map_or(index as u64 * 50_000_000, |time| time.0);
        Ok(ProgramSpec {
            file,
            host,
            args: self.args,
            env: self.env.into_iter().collect(),
            stdin_ends: self.stdin_ends.unwrap_or(!self.stdin.is_empty()),
            stdin: self.stdin,
            start_ns: (!self.installed).then_some(start),
            uid: if self.root { 0 } else { USER },
        })
    }
}

fn add_host(scenario: &mut Scenario, name: &str) {
    let address = default_address(scenario.hosts.len());
    scenario.hosts.push(HostSpec {
        name: name.to_owned(),
        os: Os::Linux,
        addresses: vec![address],
        clock: Clock::default(),
        router: false,
        filter: Vec::new(),
        dns: false,
    });
}

fn link_spec(link: Spanned<FileLink>, names: &[String]) -> Result<LinkSpec, Problem> {
    let span = link.span();
    let link = link.into_inner();
    let mut hosts = Vec::new();
    for name in &link.hosts {
        if !names.contains(name.get_ref()) {
            return Err(unknown_host(name, names.iter()));
        }
        hosts.push(name.get_ref().clone());
    }
    if hosts.is_empty() {
        hosts = names.to_vec();
    }
    if hosts.len() < 2 && names.len() > 1 {
        return Err(Problem { span, kind: ProblemKind::LonelyLink });
    }
    for chance in [("loss", &link.loss), ("duplicate", &link.duplicate), ("corrupt", &link.corrupt)]
    {
        probability(chance.0, chance.1)?;
    }
    within("mtu", &link.mtu, 68, 65_535)?;
    let chance = |value: Option<Spanned<f64>>| value.map_or(0.0, Spanned::into_inner);
    let default = LinkParams::default();
    let params = LinkParams {
        delay_ns: link.delay.map_or(default.delay_ns, |time| time.0),
        jitter_ns: link.jitter.map_or(0, |time| time.0),
        rate_bps: link.rate.map_or(0, |rate| rate.0),
        queue: link.queue.unwrap_or(default.queue),
        loss: chance(link.loss),
        duplicate: chance(link.duplicate),
        corrupt: chance(link.corrupt),
        mtu: link.mtu.map_or(default.mtu, Spanned::into_inner),
    };
    Ok(LinkSpec { hosts, params })
}

fn unknown_host<'a>(name: &Spanned<String>, known: impl Iterator<Item = &'a String>) -> Problem {
    let nearest = nearest(name.get_ref(), known);
    let kind = ProblemKind::UnknownHost { name: name.get_ref().clone(), nearest };
    Problem { span: name.span(), kind }
}

fn parse_address(text: &str) -> Option<(IpAddr, u8)> {
    let (ip, prefix) = match text.split_once('/') {
        Some((ip, prefix)) => (ip, Some(prefix.parse::<u8>().ok()?)),
        None => (text, None),
    };
    let ip: IpAddr = ip.parse().ok()?;
    let (default, most) = if ip.is_ipv4() { (24, 32) } else { (64, 128) };
    let prefix = prefix.unwrap_or(default);
    (prefix <= most).then_some((ip, prefix))
}

/// The known name that is most like `name`, if any is like it at all.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Option<String> {
    let scored = known.map(|other| (distance(name, other), other));
    let (best, other) = scored.min()?;
    (best <= name.chars().count().div_ceil(2)).then(|| other.clone())
}

/// Edits (insert, delete, replace) from one name to the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replace = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replace.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> BTreeMap<String, String> {
        [("server.c", ""), ("client.c", "")].map(|(k, v)| (k.to_owned(), v.to_owned())).into()
    }

    #[test]
    fn the_example_of_the_module_is_a_scenario() {
        let text = include_str!("scenario.rs");
        let example: String = text
            .lines()
            .skip_while(|line| *line != "//! ```toml")
            .skip(1)
            .take_while(|line| *line != "//! ```")
            .map(|line| format!("{}\n", line.trim_start_matches("//! ")))
            .collect();
        let scenario = Scenario::parse(&example, files()).unwrap();
        assert_eq!(scenario.hosts.len(), 2);
        assert_eq!(scenario.links[0].params.delay_ns, 20_000_000);
        assert_eq!(scenario.programs[1].start_ns, Some(50_000_000));
        assert_eq!(scenario.actions, vec![(1_000_000_000, Action::Plug { link: 0, up: false })]);
    }

    #[test]
    fn a_wrong_name_is_told_with_its_line_and_the_nearest_one() {
        let text =
            "[[host]]\nname = \"server\"\n[[program]]\nfile = \"server.c\"\nhost = \"sever\"\n";
        let problem = Scenario::parse(text, files()).unwrap_err();
        assert_eq!(problem.line(text), 5);
        let nearest = Some("server".to_owned());
        assert_eq!(problem.kind, ProblemKind::UnknownHost { name: "sever".into(), nearest });
    }

    #[test]
    fn default_addresses_count_from_1() {
        assert_eq!(default_address(0).0, IpAddr::from([10, 0, 0, 1]));
        assert_eq!(default_address(299).0, IpAddr::from([10, 0, 1, 44]));
    }
}
