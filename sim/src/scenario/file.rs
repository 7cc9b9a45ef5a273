//! A scenario's TOML as written, and how it is checked and becomes a [`Scenario`].

use super::action::FileAction;
use super::problem::{Problem, ProblemKind, nearest};
use super::quantity::{Offset, Rate, Time};
use super::{HostSpec, LinkParams, LinkSpec, ProgramSpec, Scenario, USER, default_address, stem};
use crate::kernel::{Clock, Os};
use crate::net::{filter::Rule, nat};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::IpAddr;
use toml::Spanned;

/// The TOML file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
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
    nat: Vec<Spanned<String>>,
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
    #[serde(default)]
    hub: bool,
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

/// Bytes of the text.
pub(super) type Span = std::ops::Range<usize>;

/// Whether a number lies in a range.
pub(super) fn within<T: PartialOrd + Copy + std::fmt::Display>(
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

pub(super) fn probability(name: &'static str, value: &Option<Spanned<f64>>) -> Result<(), Problem> {
    within(name, value, 0.0, 1.0)
}

impl File {
    /// The scenario, with the texts that its programs name.
    pub(super) fn build(self, files: BTreeMap<String, String>) -> Result<Scenario, Problem> {
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
        let masquerades: Vec<(String, Span)> =
            self.hosts.iter().flat_map(FileHost::masquerades).collect();
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
        interfaces_exist(&scenario, &masquerades)?;
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

/// Translation on an interface that the host does not have would never happen.
fn interfaces_exist(scenario: &Scenario, masquerades: &[(String, Span)]) -> Result<(), Problem> {
    let mut spans = masquerades.iter();
    for host in &scenario.hosts {
        let count = scenario.links.iter().filter(|link| link.hosts.contains(&host.name)).count();
        for rule in &host.nat {
            let nat::Rule::Masquerade { eth } = rule else { continue };
            let Some((_, span)) = spans.find(|(name, _)| *name == host.name) else { continue };
            if *eth as usize >= count {
                let number = i64::from(*eth);
                let kind = ProblemKind::NoSuchNumber { name: "eth", number, count };
                return Err(Problem { span: span.clone(), kind });
            }
        }
    }
    Ok(())
}

impl FileHost {
    /// Where the rules stand that name an interface, with the host's name.
    fn masquerades(&self) -> impl Iterator<Item = (String, Span)> {
        let name = self.name.get_ref();
        let is = |text: &&Spanned<String>| {
            matches!(nat::Rule::parse(text.get_ref()), Some(nat::Rule::Masquerade { .. }))
        };
        self.nat.iter().filter(is).map(|text| (name.clone(), text.span()))
    }

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
        let translation = |text: &Spanned<String>| {
            nat::Rule::parse(text.get_ref()).ok_or_else(|| Problem {
                span: text.span(),
                kind: ProblemKind::BadTranslation { text: text.get_ref().clone() },
            })
        };
        let nat = self.nat.iter().map(translation).collect::<Result<Vec<nat::Rule>, Problem>>()?;
        let span = self.name.span();
        let name = self.name.into_inner();
        let (os, router, dns) = (self.os, self.router, self.dns);
        Ok((HostSpec { name, os, addresses, clock, router, filter, nat, dns }, span, spans))
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
        nat: Vec::new(),
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
        hub: link.hub,
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
