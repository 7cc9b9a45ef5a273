//! Lengths of time and rates as a scenario's text writes them: a number and its unit.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
pub(super) const TIME_UNITS: &str = "ns, us, ms, s, min, h";
pub(super) const RATE_UNITS: &str = "bit, kbit, mbit, gbit";
/// How the messages about a bad quantity begin; serde carries no more than text.
pub(super) const BAD_TIME: &str = "no length of time";
pub(super) const BAD_RATE: &str = "no rate";

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
    // Most are whole, and then the page does without the tables of `f64`'s reader at first.
    let number = number.parse::<u32>().map(f64::from).or_else(|_| number.parse()).ok()?;
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
pub(super) struct Offset(pub(super) i64);

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
pub(super) const MAX_RATE_BPS: f64 = 1e12;

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Rate, D::Error> {
        let text = TextOrNumber::deserialize(deserializer)?.text();
        text.parse().map_err(serde::de::Error::custom)
    }
}
