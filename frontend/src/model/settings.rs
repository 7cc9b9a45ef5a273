//! The world's settings as a person writes them: texts with units ⇄ values of the scenario.

use crate::i18n::Msg;
use sim::scenario::{
    HostSpec, LinkParams, MAX_TIME_NS, ProgramSpec, Rate, Scenario, Time, default_address,
};

/// A value of a link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Knob {
    Delay,
    Jitter,
    Rate,
    Queue,
    Loss,
    Duplicate,
    Corrupt,
    Mtu,
}

impl Knob {
    /// All, in the order of the form.
    pub(crate) const ALL: [Knob; 8] = [
        Knob::Delay,
        Knob::Loss,
        Knob::Rate,
        Knob::Jitter,
        Knob::Duplicate,
        Knob::Corrupt,
        Knob::Queue,
        Knob::Mtu,
    ];

    /// The value as text: `20ms`, `10mbit`, `5%`.
    pub(crate) fn read(self, params: &LinkParams) -> String {
        match self {
            Knob::Delay => time(params.delay_ns),
            Knob::Jitter => time(params.jitter_ns),
            Knob::Rate => rate(params.rate_bps),
            Knob::Queue => params.queue.to_string(),
            Knob::Loss => percent(params.loss),
            Knob::Duplicate => percent(params.duplicate),
            Knob::Corrupt => percent(params.corrupt),
            Knob::Mtu => params.mtu.to_string(),
        }
    }

    /// Writes a text's value; `false` if it is none.
    pub(crate) fn write(self, params: &mut LinkParams, text: &str) -> bool {
        let text = text.trim();
        match self {
            Knob::Delay => set(&mut params.delay_ns, parse_time(text)),
            Knob::Jitter => set(&mut params.jitter_ns, parse_time(text)),
            Knob::Rate => {
                let none = text.is_empty() || text == "0" || text == "∞";
                let rate =
                    if none { Some(0) } else { text.parse::<Rate>().ok().map(|rate| rate.0) };
                set(&mut params.rate_bps, rate)
            }
            Knob::Queue => set(&mut params.queue, text.parse().ok()),
            Knob::Loss => set(&mut params.loss, parse_percent(text)),
            Knob::Duplicate => set(&mut params.duplicate, parse_percent(text)),
            Knob::Corrupt => set(&mut params.corrupt, parse_percent(text)),
            Knob::Mtu => {
                set(&mut params.mtu, text.parse().ok().filter(|mtu| (68..=65_535).contains(mtu)))
            }
        }
    }
}

fn set<T>(place: &mut T, value: Option<T>) -> bool {
    let good = value.is_some();
    if let Some(value) = value {
        *place = value;
    }
    good
}

/// `20ms`, `1.5s`, `0ms`.
pub(crate) fn time(ns: u64) -> String {
    match ns {
        0 => "0ms".to_owned(),
        ns if ns % 1_000_000_000 == 0 => format!("{}s", ns / 1_000_000_000),
        ns if ns % 1_000_000 == 0 => format!("{}ms", ns / 1_000_000),
        ns if ns % 1_000 == 0 => format!("{}us", ns / 1_000),
        ns => format!("{ns}ns"),
    }
}

/// The reverse of [`time`], forgiving: a bare number is milliseconds, a comma is a point.
pub(crate) fn parse_time(text: &str) -> Option<u64> {
    let text = text.trim().replace(',', ".");
    if text.parse::<f64>().is_ok() {
        return parse_time(&format!("{text}ms"));
    }
    text.parse::<Time>().ok().map(|time| time.0)
}

/// What is wrong with a text that is no value: as a rule not understood, but a time can be too long.
pub(crate) fn wrong(text: &str) -> Msg {
    let unit = text.trim().trim_start_matches(|c: char| c.is_ascii_digit() || ".,".contains(c));
    match unit.len() < text.trim().len() && parse_time(&format!("1{unit}")).is_some() {
        true => Msg::SettingTooLong { days: MAX_TIME_NS / 86_400_000_000_000 },
        false => Msg::BadSetting,
    }
}

fn rate(bps: u64) -> String {
    match bps {
        0 => "∞".to_owned(),
        bps if bps % 1_000_000_000 == 0 => format!("{}gbit", bps / 1_000_000_000),
        bps if bps % 1_000_000 == 0 => format!("{}mbit", bps / 1_000_000),
        bps if bps % 1_000 == 0 => format!("{}kbit", bps / 1_000),
        bps => format!("{bps}bit"),
    }
}

fn percent(part: f64) -> String {
    // Not more digits than a person wrote.
    format!("{}%", (part * 1e6).round() / 1e4)
}

fn parse_percent(text: &str) -> Option<f64> {
    let number = text.trim_end_matches('%').trim().replace(',', ".");
    let percent: f64 = number.parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent / 100.0)
}

/// So many the stage has room for.
pub(crate) const MOST_HOSTS: usize = 12;
/// So many the page shows.
pub(crate) const MOST_PROGRAMS: usize = 24;

/// A host more, on the first network that has all the others, else the first one.
pub(crate) fn add_host(scenario: &mut Scenario, name: &str) -> usize {
    let number = scenario.hosts.len();
    let taken = |name: &str| scenario.hosts.iter().any(|host| host.name == name);
    let mut free = name.to_owned();
    let mut n = 2;
    while taken(&free) {
        free = format!("{name}{n}");
        n += 1;
    }
    let model = scenario.hosts.first().cloned();
    scenario.hosts.push(HostSpec {
        name: free.clone(),
        os: model.as_ref().map_or(sim::kernel::Os::Linux, |host| host.os),
        addresses: vec![default_address(number)],
        clock: sim::kernel::Clock::default(),
        router: false,
        filter: Vec::new(),
        nat: Vec::new(),
        dns: false,
    });
    match scenario.links.first_mut() {
        Some(link) => link.hosts.push(free),
        None => {
            let hosts = scenario.hosts.iter().map(|host| host.name.clone()).collect();
            let params = LinkParams::default();
            scenario.links.push(sim::scenario::LinkSpec { hosts, params });
        }
    }
    number
}

/// A program more: like the last one, a moment later.
pub(crate) fn add_program(scenario: &mut Scenario, file: &str, host: usize) {
    let last = scenario.programs.iter().filter_map(|program| program.start_ns).max().unwrap_or(0);
    let like = scenario.programs.iter().rev().find(|program| program.file == file).cloned();
    let program = ProgramSpec {
        host,
        start_ns: Some(last + 50_000_000),
        ..like.unwrap_or(ProgramSpec {
            file: file.to_owned(),
            host,
            args: Vec::new(),
            env: Vec::new(),
            stdin: String::new(),
            stdin_ends: false,
            start_ns: None,
            uid: sim::scenario::USER,
        })
    };
    scenario.programs.push(program);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knobs_read_what_they_wrote() {
        let mut params = LinkParams::default();
        for (knob, text) in [
            (Knob::Delay, "35ms"),
            (Knob::Jitter, "250us"),
            (Knob::Rate, "10mbit"),
            (Knob::Queue, "20"),
            (Knob::Loss, "12.5%"),
            (Knob::Duplicate, "0.1%"),
            (Knob::Corrupt, "0%"),
            (Knob::Mtu, "576"),
        ] {
            assert!(knob.write(&mut params, text), "{knob:?}");
            assert_eq!(knob.read(&params), text);
        }
        assert!(Knob::Loss.write(&mut params, "2,5") && (params.loss - 0.025).abs() < 1e-12);
        assert!(!Knob::Loss.write(&mut params, "200%") && !Knob::Delay.write(&mut params, "soon"));
        assert!(Knob::Rate.write(&mut params, "∞") && params.rate_bps == 0);
        assert_eq!(parse_time("20"), Some(20_000_000));
        assert_eq!(parse_time("1e30"), None);
        assert_eq!(wrong("999999999s"), Msg::SettingTooLong { days: 100 });
        assert_eq!(wrong("9 soon"), Msg::BadSetting);
    }

    #[test]
    fn a_new_host_has_a_name_an_address_and_a_cable() {
        let files = [("a.c".to_owned(), String::new())].into();
        let mut scenario = Scenario::parse("[[program]]\nfile = \"a.c\"\n", files).unwrap();
        let host = add_host(&mut scenario, "a");
        assert_eq!(scenario.hosts[host].name, "a2");
        assert_eq!(scenario.hosts[host].addresses[0].0.to_string(), "10.0.0.2");
        assert!(scenario.links[0].hosts.contains(&"a2".to_owned()));
        add_program(&mut scenario, "a.c", host);
        assert_eq!(scenario.programs[1].host, host);
    }
}
