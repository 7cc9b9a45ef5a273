//! `[[action]]` of a scenario's text: what is done to the world, when, and to whom.

use super::Scenario;
use super::file::{Span, probability, within};
use super::problem::{Problem, ProblemKind, nearest};
use super::quantity::{MAX_RATE_BPS, MAX_TIME_NS, Rate, Time};
use crate::timeline::Action;
use abi::consts;
use serde::Deserialize;
use toml::Spanned;

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
pub(super) struct FileAction {
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

/// A member as [`Action`] calls it, where it stands, and its value.
type Member = (&'static str, Span, serde_json::Value);

/// What a file calls a member of [`Action`].
pub(super) fn written(member: &str) -> &str {
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
    pub(super) fn build(self, scenario: &Scenario) -> Result<(u64, Action), Problem> {
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
                        *nearest = super::problem::nearest(name, known.iter());
                    }
                    ProblemKind::MissingKey { name } => *name = written(name).to_owned(),
                    _ => {}
                }
                Problem { span: span.unwrap_or_else(|| self.kind.span()), kind }
            })?;
        Ok((self.at.0, action))
    }
}
