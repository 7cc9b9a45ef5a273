//! What is known to differ: `tests/judge/expected.txt`, a list by name. Lines:
//!
//! ```text
//! scenario COLUMN NAME AGREE of ALL # reason
//! case MATRIX: STATE | CALL
//! ```
//!
//! A scenario that is not listed must agree; a listed one must agree in as many calls. `cargo xtask
//! judge --accept` writes the list anew; reasons stay.

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
    reason: String,
}

impl Expected {
    pub(super) fn read() -> Result<Expected, String> {
        let text = match Path::new(FILE).is_file() {
            true => std::fs::read_to_string(FILE).map_err(|error| format!("{FILE}: {error}"))?,
            false => String::new(),
        };
        let mut scenarios = BTreeMap::new();
        let mut cases: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (i, line) in text.lines().enumerate() {
            let wrong = || format!("{FILE}:{}: not a line of this list: {line}", i + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(rest) = line.strip_prefix("case ") {
                let (matrix, case) = rest.split_once(": ").ok_or_else(wrong)?;
                cases.entry(matrix.to_owned()).or_default().insert(case.to_owned());
                continue;
            }
            let (facts, reason) = line.split_once(" # ").unwrap_or((line, ""));
            let words: Vec<&str> = facts.split_whitespace().collect();
            let ["scenario", column, name, same, "of", all] = words[..] else {
                return Err(wrong());
            };
            let (Ok(same), Ok(all)) = (same.parse(), all.parse()) else { return Err(wrong()) };
            let known = Known { same, all, reason: reason.to_owned() };
            scenarios.insert((column.to_owned(), name.to_owned()), known);
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
        for ((column, name), Known { same, all, reason }) in &self.now_scenarios {
            let reason = if reason.is_empty() { "TO EXPLAIN" } else { reason };
            text += &format!("scenario {column} {name} {same} of {all} # {reason}\n");
        }
        for (matrix, cases) in &self.now_cases {
            text.push('\n');
            for case in cases {
                text += &format!("case {matrix}: {case}\n");
            }
        }
        std::fs::write(FILE, text).map_err(|error| format!("{FILE}: {error}"))
    }

    /// How many calls of a scenario agree at least, if it is known to differ.
    pub(super) fn scenario(&self, column: &str, name: &str) -> Option<usize> {
        self.scenarios.get(&(column.to_owned(), name.to_owned())).map(|known| known.same)
    }

    pub(super) fn scenario_agrees(&mut self, column: &str, name: &str) {
        let key = (column.to_owned(), name.to_owned());
        if self.now_scenarios.remove(&key).is_some() {
            println!("    (better than expected: --accept takes it from the list)");
        }
    }

    pub(super) fn scenario_differs(&mut self, column: &str, name: &str, same: usize, all: usize) {
        let key = (column.to_owned(), name.to_owned());
        let before = self.scenarios.get(&key);
        let reason = before.map(|known| known.reason.clone()).unwrap_or_default();
        self.now_scenarios.insert(key, Known { same, all, reason });
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
