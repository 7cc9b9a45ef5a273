//! Whatever is written into a scenario is a scenario that runs, or a problem with a line and words;
//! never a panic, and never a mistake that is passed over.

extern crate soquete_sim as sim;

use abi::Lang;
use proptest::prelude::*;
use proptest::sample::Index;
use sim::scenario::{Problem, Scenario};
use sim::timeline::Timeline;
use std::collections::BTreeMap;

/// Every kind of table, every key, every action.
const FULL: &str = r#"# a comment
seed = 7
until = "3s"

[[host]]
name = "a"
address = "10.0.0.1/24"
clock_offset = "-3s"
clock_drift_ppm = 50.0

[[host]]
name = "b"
os = "windows"
addresses = ["10.0.0.2/24", "10.0.1.2/24"]
router = true

[[host]]
name = "c"
addresses = ["10.0.1.3/24"]

[[link]]
hosts = ["a", "b"]
delay = "20ms"
jitter = "1ms"
rate = "10mbit"
queue = 20
loss = 0.1
duplicate = 0.01
corrupt = 0.01
mtu = 1400

[[link]]
hosts = ["b", "c"]

[[program]]
file = "one.c"
host = "a"
args = ["b", "x y"]
stdin = "hello\n"
stdin_ends = false
env = { HOME = "/" }
root = true

[[program]]
file = "two.c"
host = "c"
start = "150ms"

[[program]]
file = "one.c"
host = "b"
installed = true

[[action]]
at = "1s"
do = "plug"
link = 0
up = false

[[action]]
at = "1200ms"
do = "link"
link = 1
delay = "5ms"
rate = "64kbit"
loss = 0.5

[[action]]
at = 1.5
do = "signal"
host = "c"
pid = 1
signal = "SIGTERM"

[[action]]
at = "2s"
do = "restart"
program = "two.c"

[[action]]
at = "2.5s"
do = "signal"
host = 0
pid = 1
signal = 10

[[action]]
at = "2.6s"
do = "link"
link = 0
delay_ns = 7000000
rate_bps = 5000
"#;

fn files() -> BTreeMap<String, String> {
    let program = r#"
        #include <stdio.h>
        #include <string.h>
        #include <unistd.h>
        #include <arpa/inet.h>
        #include <sys/socket.h>
        int main(void) {
            int fd = socket(AF_INET, SOCK_DGRAM, 0);
            struct sockaddr_in to;
            memset(&to, 0, sizeof to);
            to.sin_family = AF_INET;
            to.sin_port = htons(7);
            to.sin_addr.s_addr = inet_addr("10.0.0.2");
            for (int i = 0; i < 5; i++) {
                sendto(fd, "hello", 5, 0, (struct sockaddr *)&to, sizeof to);
                sleep(1);
            }
            return 0;
        }"#;
    ["one.c", "two.c"].map(|name| (name.to_owned(), program.to_owned())).into()
}

fn parse(text: &str) -> Result<Scenario, Problem> {
    Scenario::parse(text, files())
}

/// A scenario runs for a while and is itself after being written; a problem has its place.
fn check(text: &str) {
    match parse(text) {
        Ok(scenario) => {
            let written = scenario.to_toml();
            match Scenario::parse(&written, files()) {
                Ok(again) => assert_eq!(again, scenario, "{text}\n---\n{written}"),
                Err(problem) => panic!("{text}\n---\n{written}\n{problem:?}"),
            }
            let mut timeline = Timeline::new(scenario);
            timeline.advance(300);
        }
        Err(problem) => {
            let lines = text.lines().count().max(1) + 1;
            assert!((1..=lines).contains(&problem.line(text)), "{text}\n{problem:?}");
            assert!(Lang::ALL.iter().all(|lang| !problem.text(*lang).trim().is_empty()));
        }
    }
}

#[test]
fn the_full_scenario_is_one() {
    let scenario = parse(FULL).unwrap_or_else(|problem| panic!("{problem:?}"));
    assert_eq!((scenario.hosts.len(), scenario.links.len(), scenario.actions.len()), (3, 2, 6));
    check(FULL);
}

/// One wrong line at a time: the problem is said to be in that line.
#[test]
fn a_mistake_is_told_with_its_line() {
    let mistakes = [
        ("seed = 7", "seed = -7"),
        ("until = \"3s\"", "until = \"3 sheep\""),
        ("name = \"b\"", "name = \"a\""),
        ("address = \"10.0.0.1/24\"", "address = \"10.0.0.1/33\""),
        ("address = \"10.0.0.1/24\"", "adress = \"10.0.0.1/24\""),
        ("addresses = [\"10.0.1.3/24\"]", "addresses = [\"10.0.1.2/24\"]"),
        ("clock_offset = \"-3s\"", "clock_offset = \"--3s\""),
        ("clock_offset = \"-3s\"", "clock_offset = nan"),
        ("clock_drift_ppm = 50.0", "clock_drift_ppm = inf"),
        ("os = \"windows\"", "os = \"minix\""),
        ("hosts = [\"a\", \"b\"]", "hosts = [\"a\", \"z\"]"),
        ("delay = \"20ms\"", "delay = 20ms"),
        ("delay = \"20ms\"", "delay = -1"),
        ("jitter = \"1ms\"", "jitter = \"1\u{b5}\""),
        ("rate = \"10mbit\"", "rate = \"10 apples\""),
        ("queue = 20", "queue = \"20\""),
        ("loss = 0.1", "loss = 10"),
        ("loss = 0.1", "loss = nan"),
        ("loss = 0.1", "loss = -0.1"),
        ("mtu = 1400", "mtu = 4"),
        ("file = \"two.c\"", "file = \"tow.c\""),
        ("host = \"c\"", "host = \"d\""),
        ("start = \"150ms\"", "strat = \"150ms\""),
        ("env = { HOME = \"/\" }", "env = [\"HOME\"]"),
        ("at = \"1s\"", "at = \"soon\""),
        ("do = \"plug\"", "do = \"plgu\""),
        ("up = false", "up = 0"),
        ("up = false", "upp = false"),
        ("link = 0", "link = 2"),
        ("delay_ns = 7000000", "delay_ns = \"5ms\""),
        ("delay = \"5ms\"", "delay = \"5 mls\""),
        ("delay = \"5ms\"", "by = \"5ms\""),
        ("rate = \"64kbit\"", "rate = \"64 kb\""),
        ("loss = 0.5", "loss = 5"),
        ("host = 0", "host = 3"),
        ("host = 0", "host = \"z\""),
        ("host = 0", "host = [0]"),
        ("signal = 10", "signal = 150"),
        ("signal = 10", "signal = \"SIGTREM\""),
        ("program = \"two.c\"", "program = 3"),
        ("program = \"two.c\"", "program = \"tow.c\""),
    ];
    for (right, wrong) in mistakes {
        let at = FULL.find(&format!("\n{right}\n")).unwrap_or_else(|| panic!("{right}")) + 1;
        let line = FULL[..at].matches('\n').count() + 1;
        let text = format!("{}{wrong}{}", &FULL[..at], &FULL[at + right.len()..]);
        match parse(&text) {
            Ok(_) => panic!("`{wrong}` was taken"),
            Err(problem) => {
                assert_eq!(problem.line(&text), line, "{wrong}: {problem:?}");
                let [pt, en] = Lang::ALL.map(|lang| problem.text(lang));
                assert_ne!(pt, en, "{wrong}");
            }
        }
    }
}

/// What random edits put in.
const PIECES: [&str; 24] = [
    "",
    "\"",
    "[",
    "]]",
    "{",
    "}",
    "=",
    "\n",
    ".",
    "-",
    "99999999999999999999",
    "1e308",
    "nan",
    "-1",
    "\"\"",
    "\u{1f980}",
    "\0",
    "[[host]]\n",
    "[[link]]\n",
    "[[program]]\n",
    "[[action]]\n",
    "true",
    "\"9999999999999s\"",
    "#",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Pieces of text are taken out of a valid scenario and others put in.
    #[test]
    fn an_edited_scenario_runs_or_is_refused(
        edits in prop::collection::vec((any::<Index>(), 0_usize..12, prop::sample::select(&PIECES[..])), 1..4)
    ) {
        let mut text: Vec<char> = FULL.chars().collect();
        for (at, take, put) in edits {
            let at = at.index(text.len());
            let end = (at + take).min(text.len());
            text.splice(at..end, put.chars());
        }
        check(&text.into_iter().collect::<String>());
    }

    /// A value takes the place of another: most of these are scenarios by their form.
    #[test]
    fn any_value_anywhere_runs_or_is_refused(
        at in any::<Index>(),
        value in prop_oneof![
            any::<i64>().prop_map(|n| n.to_string()),
            any::<f64>().prop_map(|n| format!("{n:?}")),
            any::<u64>().prop_map(|n| format!("\"{n}s\"")),
            "[0-9.]{1,20}(ns|us|ms|s|min|h|mbit|gbit)".prop_map(|text| format!("{text:?}")),
            "[0-9a-f:.]{1,20}(/[0-9]{1,3})?".prop_map(|text| format!("{text:?}")),
            "\\PC{0,8}".prop_map(|text| format!("{text:?}")),
            Just("true".to_owned()),
            Just("[]".to_owned()),
        ]
    ) {
        let values: Vec<usize> = FULL.match_indices(" = ").map(|(at, _)| at + 3).collect();
        let from = values[at.index(values.len())];
        let to = from + FULL[from..].find('\n').unwrap_or(0);
        check(&format!("{}{value}{}", &FULL[..from], &FULL[to..]));
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}|[\\x00-\\x7f]{0,200}|(\\[\\[(host|link|program|action)\\]\\]\\n([a-z_]{1,8} = [0-9\"a-z\\[\\]]{1,8}\\n){0,4}){0,4}") {
        check(&text);
    }
}
