//! What is known to differ: `tests/judge/expected.txt`, a list by name. Lines:
//!
//! ```text
//! scenario COLUMN NAME AGREE of ALL # reason
//!     linux LINE
//!     other LINE
//! case MATRIX: STATE | CALL
//! ```
//!
//! A scenario that is not listed must agree; a listed one must agree in as many calls, and its first
//! difference must be the one that is listed. A scenario that differs each time in another way (a
//! race) has `racy` behind the numbers and no lines. `cargo xtask judge --accept` writes the list
//! anew; reasons and `racy` stay.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const FILE: &str = "tests/judge/expected.txt";

/// The list, as read and as the run will leave it.
pub(super) struct Expected {
    scenarios: BTreeMap<(String, String), Known>,
    cases: BTreeMap<String, BTreeSet<String>>,
    now_scenarios: BTreeMap<(String, String), Known>,
    now_cases: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Clone)]
struct Known {
    same: usize,
    all: usize,
    /// It is a race on Linux too: another difference each time.
    racy: bool,
    reason: String,
    /// What Linux did first that the other did not, and what that did; empty if it is not known.
    first: String,
}

impl Expected {
    pub(super) fn read() -> Result<Expected, String> {
        let text = match Path::new(FILE).is_file() {
            true => std::fs::read_to_string(FILE).map_err(|error| format!("{FILE}: {error}"))?,
            false => String::new(),
        };
        let mut scenarios = BTreeMap::new();
        let mut cases: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut last: Option<(String, String)> = None;
        for (i, line) in text.lines().enumerate() {
            let wrong = || format!("{FILE}:{}: not a line of this list: {line}", i + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.starts_with("    ") {
                let known = last.as_ref().and_then(|key| scenarios.get_mut(key));
                let known: &mut Known = known.ok_or_else(wrong)?;
                known.first += line.trim_start();
                known.first.push('\n');
                continue;
            }
            if let Some(rest) = line.strip_prefix("case ") {
                let (matrix, case) = rest.split_once(": ").ok_or_else(wrong)?;
                cases.entry(matrix.to_owned()).or_default().insert(case.to_owned());
                continue;
            }
            let (facts, reason) = line.split_once(" # ").unwrap_or((line, ""));
            let words: Vec<&str> = facts.split_whitespace().collect();
            let ["scenario", column, name, same, "of", all, ref racy @ ..] = words[..] else {
                return Err(wrong());
            };
            let racy = match racy {
                [] => false,
                ["racy"] => true,
                _ => return Err(wrong()),
            };
            let (Ok(same), Ok(all)) = (same.parse(), all.parse()) else { return Err(wrong()) };
            let (reason, first) = (reason.to_owned(), String::new());
            let key = (column.to_owned(), name.to_owned());
            last = Some(key.clone());
            scenarios.insert(key, Known { same, all, racy, reason, first });
        }
        let (now_scenarios, now_cases) = (scenarios.clone(), cases.clone());
        Ok(Expected { scenarios, cases, now_scenarios, now_cases })
    }

    /// Writes the list as this run found it; what was not run stays.
    pub(super) fn write(&self) -> Result<(), String> {
        let mut text = String::from(
            "# What the judge knows to differ from Linux. `cargo xtask judge --accept` writes this\n\
             # list; the reasons are written by hand and stay.\n\n",
        );
        for ((column, name), Known { same, all, racy, reason, first }) in &self.now_scenarios {
            let reason = if reason.is_empty() { "TO EXPLAIN" } else { reason };
            let racy = if *racy { " racy" } else { "" };
            text += &format!("scenario {column} {name} {same} of {all}{racy} # {reason}\n");
            text += &first.lines().map(|line| format!("    {line}\n")).collect::<String>();
        }
        for (matrix, cases) in &self.now_cases {
            text.push('\n');
            for case in cases {
                text += &format!("case {matrix}: {case}\n");
            }
        }
        std::fs::write(FILE, text).map_err(|error| format!("{FILE}: {error}"))
    }

    /// Whether a scenario is on the list.
    pub(super) fn lists(&self, column: &str, name: &str) -> bool {
        self.scenarios.contains_key(&(column.to_owned(), name.to_owned()))
    }

    /// Whether it is known to agree in so few calls, and to begin to differ like this.
    pub(super) fn knows(&self, column: &str, name: &str, same: usize, first: &str) -> bool {
        self.scenarios.get(&(column.to_owned(), name.to_owned())).is_some_and(|known| {
            let told = known.racy || known.first.is_empty() || known.first == first;
            same >= known.same && told
        })
    }

    pub(super) fn scenario_agrees(&mut self, column: &str, name: &str) {
        let key = (column.to_owned(), name.to_owned());
        if self.now_scenarios.remove(&key).is_some() {
            println!("    (better than expected: --accept takes it from the list)");
        }
    }

    pub(super) fn scenario_differs(
        &mut self,
        column: &str,
        name: &str,
        (same, all): (usize, usize),
        first: &str,
    ) {
        let key = (column.to_owned(), name.to_owned());
        let before = self.scenarios.get(&key);
        let racy = before.is_some_and(|known| known.racy);
        let reason = before.map(|known| known.reason.clone()).unwrap_or_default();
        let first = if racy { String::new() } else { first.to_owned() };
        self.now_scenarios.insert(key, Known { same, all, racy, reason, first });
    }

    /// Whether a case of a matrix is known to differ.
    pub(super) fn case(&self, matrix: &str, case: &str) -> bool {
        self.cases.get(matrix).is_some_and(|cases| cases.contains(case))
    }

    /// All cases of a matrix that differ now.
    pub(super) fn cases(&mut self, matrix: &str, cases: impl Iterator<Item = String>) {
        let now: BTreeSet<String> = cases.collect();
        let better = self.cases.get(matrix).map_or(0, |before| before.difference(&now).count());
        if better > 0 {
            println!(
                "    ({better} cases better than expected: --accept takes them from the list)"
            );
        }
        self.now_cases.insert(matrix.to_owned(), now);
    }
}
