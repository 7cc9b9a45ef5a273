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

mod action;
mod file;
mod problem;
mod quantity;

pub use problem::{Problem, ProblemKind, nearest};
pub use quantity::{MAX_TIME_NS, Rate, Time};

use crate::kernel::{Clock, Os};
use crate::net::{filter::Rule, nat};
use crate::timeline::Action;
use abi::consts;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

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
    /// What it translates when it forwards.
    #[serde(default)]
    pub nat: Vec<nat::Rule>,
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
    /// Whether it is a hub, which repeats every frame to every host, rather than a switch. (Only
    /// the repeating: hosts may speak at once.)
    #[serde(default)]
    pub hub: bool,
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
            hub: false,
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
        line("hub", self.hub, self.hub.to_string());
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
                    nat: Vec::new(),
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
            if !host.nat.is_empty() {
                let rules: Vec<String> =
                    host.nat.iter().map(|rule| format!("\"{rule}\"")).collect();
                out.push_str(&format!("nat = [{}]\n", rules.join(", ")));
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
                out.push_str(&format!("{} = {text}\n", action::written(name)));
            }
        }
        out
    }

    /// Reads TOML; `files` are the texts that programs may name.
    pub fn parse(text: &str, files: BTreeMap<String, String>) -> Result<Scenario, Problem> {
        let file: file::File = toml::from_str(text).map_err(|error| Problem {
            span: error.span().unwrap_or(0..0),
            kind: ProblemKind::of_toml(error.message()),
        })?;
        file.build(files)
    }
}

/// The user that programs run as unless they say otherwise.
pub const USER: u32 = 1000;

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
