//! The published JSON schema of scenarios (`docs/scenario.schema.json`) and the parser know the
//! same keys, values and requirements.

extern crate soquete_sim as sim;

use serde_json::Value;
use sim::scenario::{ProblemKind, Scenario};
use std::collections::{BTreeMap, BTreeSet};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../docs/scenario.schema.json")).expect("it is JSON")
}

fn files() -> BTreeMap<String, String> {
    [("a.c".to_owned(), "int main(void) { return 0; }".to_owned())].into()
}

fn parse(text: &str) -> Result<Scenario, sim::scenario::Problem> {
    Scenario::parse(text, files())
}

/// The keys that the parser would have accepted instead of `nonsense`.
fn known(text: &str) -> BTreeSet<String> {
    match parse(text).expect_err("nonsense is no key").kind {
        ProblemKind::UnknownKey { known, .. } => known.into_iter().collect(),
        other => panic!("{text}: {other:?}"),
    }
}

fn properties(of: &Value) -> BTreeSet<String> {
    of["properties"].as_object().expect("an object").keys().cloned().collect()
}

#[test]
fn schema_and_parser_know_the_same_keys() {
    let schema = schema();
    let items = |name: &str| schema["properties"][name]["items"].clone();
    assert_eq!(known("nonsense = 1\n"), properties(&schema));
    let program = "[[program]]\nfile = \"a.c\"\n";
    assert_eq!(known(&format!("{program}[[host]]\nnonsense = 1\n")), properties(&items("host")));
    assert_eq!(known(&format!("{program}[[link]]\nnonsense = 1\n")), properties(&items("link")));
    assert_eq!(known(&format!("{program}nonsense = 1\n")), properties(&items("program")));
}

/// A value that a schema takes, as TOML.
fn sample(of: &Value) -> String {
    if let Some(path) = of["$ref"].as_str() {
        let name = path.rsplit('/').next().unwrap_or_default();
        return match name {
            "time" => "\"5ms\"".to_owned(),
            "rule" => "\"drop tcp 80\"".to_owned(),
            "rate" => "\"10mbit\"".to_owned(),
            "translation" => "\"masquerade eth0\"".to_owned(),
            _ => "\"10.0.0.9/24\"".to_owned(),
        };
    }
    if let Some(value) = of.get("const").or_else(|| of["enum"].get(0)) {
        return value.to_string();
    }
    match of["type"].as_str() {
        Some("integer") => of["minimum"].as_i64().unwrap_or(1).to_string(),
        Some("number") => "0.5".to_owned(),
        Some("boolean") => "true".to_owned(),
        Some("array") => format!("[{}]", sample(&of["items"])),
        Some("object") => "{ A = \"b\" }".to_owned(),
        _ => "\"a.c\"".to_owned(),
    }
}

/// Every table with all of its keys is a scenario, and without a required one it is none.
#[test]
fn whatever_the_schema_allows_is_parsed() {
    let schema = schema();
    let table = |name: &str, of: &Value, without: Option<&str>| {
        let keys = of["properties"].as_object().expect("an object").iter();
        let lines = keys.filter(|(key, _)| Some(key.as_str()) != without).map(|(key, of)| {
            // Hosts are named in several places.
            let value = match (name, key.as_str()) {
                ("host", "name") | ("program", "host") => "\"h\"".to_owned(),
                ("link", "hosts") => "[\"h\", \"other\"]".to_owned(),
                // The host that the only program has by default.
                ("action", "host") => "\"a\"".to_owned(),
                ("action", "signal") => "\"SIGTERM\"".to_owned(),
                _ => sample(of),
            };
            format!("{key} = {value}\n")
        });
        format!("[[{name}]]\n{}", lines.collect::<String>())
    };
    let items = |name: &str| schema["properties"][name]["items"].clone();
    let world = |change: Option<(&str, &str)>| {
        let without = |name: &str| change.filter(|(table, _)| *table == name).map(|(_, key)| key);
        ["host", "link", "program"].map(|name| table(name, &items(name), without(name))).join("")
            + "[[host]]\nname = \"other\"\n"
    };
    parse(&world(None)).expect("every key at once");
    for (name, key) in [("host", "name"), ("program", "file")] {
        assert!(items(name)["required"].as_array().is_some_and(|r| r.contains(&key.into())));
        assert!(parse(&world(Some((name, key)))).is_err(), "{name} without {key}");
    }
    let actions = schema["properties"]["action"]["items"]["oneOf"].as_array().expect("a list");
    for action in actions {
        let text = format!("[[program]]\nfile = \"a.c\"\n{}", table("action", action, None));
        parse(&text).unwrap_or_else(|problem| panic!("{text}\n{problem:?}"));
        for required in action["required"].as_array().expect("a list") {
            let part = table("action", action, required.as_str());
            let text = format!("[[program]]\nfile = \"a.c\"\n{part}");
            assert!(parse(&text).is_err(), "{text}");
        }
    }
    // Every action that the timeline knows is in the schema.
    let named: BTreeSet<String> = actions
        .iter()
        .filter_map(|a| a["properties"]["do"]["const"].as_str())
        .map(str::to_owned)
        .collect();
    let unknown = "[[program]]\nfile = \"a.c\"\n[[action]]\nat = 1\ndo = \"nonsense\"\n";
    match parse(unknown).expect_err("no action").kind {
        ProblemKind::UnknownKey { known, .. } => {
            assert_eq!(known.into_iter().collect::<BTreeSet<_>>(), named);
        }
        other => panic!("{other:?}"),
    }
}

/// Every lesson's scenario has only what the schema has.
#[test]
fn a_misspelt_key_is_told_with_its_line_and_the_nearest_one() {
    let text = "seed = 1\n[[program]]\nfile = \"a.c\"\n[[link]]\ndeley = \"20ms\"\n";
    let problem = parse(text).expect_err("deley");
    assert_eq!(problem.line(text), 5);
    assert!(problem.text(abi::Lang::En).contains("did you mean `delay`?"), "{problem:?}");
    assert!(problem.text(abi::Lang::PtBr).contains("você quis dizer `delay`?"), "{problem:?}");
}
