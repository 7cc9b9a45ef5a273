//! Everything that happens in every lesson is explained: what, why, what otherwise, where written;
//! in both languages.

extern crate soquete_sim as sim;

use abi::Lang;
use sim::explain::{Names, explain};
use sim::scenario::Scenario;
use sim::timeline::Timeline;
use sim::trace::What;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The folders of the lessons, with their C files and scenarios.
fn lessons() -> Vec<(String, Scenario)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lessons");
    let folders = std::fs::read_dir(root).expect("lessons").flatten().map(|entry| entry.path());
    let mut found = Vec::new();
    for folder in folders.filter(|folder| folder.join("scenario.toml").exists()) {
        let entries = std::fs::read_dir(&folder).expect("a folder").flatten();
        let files: BTreeMap<String, String> = entries
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                Some((name, std::fs::read_to_string(entry.path()).ok()?))
            })
            .collect();
        let text = files["scenario.toml"].clone();
        let scenario = Scenario::parse(&text, files).expect("a scenario");
        found.push((folder.display().to_string(), scenario));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

#[test]
fn every_record_of_every_lesson_says_why_and_what_otherwise() {
    let mut poor: BTreeSet<String> = BTreeSet::new();
    let mut kinds: BTreeSet<String> = BTreeSet::new();
    let lessons = lessons();
    assert!(lessons.len() >= 30, "{}", lessons.len());
    for (lesson, scenario) in lessons {
        let hosts = scenario.hosts.iter().map(|host| host.name.clone()).collect();
        let mut timeline = Timeline::new(scenario);
        timeline.advance(3000);
        let names = Names::new(hosts, timeline.records());
        for record in timeline.records() {
            let name = format!("{:?}", record.what);
            let kind = name.split([' ', '(']).next().unwrap_or_default().to_owned();
            let call = match &record.what {
                What::CallEnd { syscall, .. } => abi::strace::name(syscall),
                _ => "",
            };
            kinds.insert(kind.clone());
            for lang in Lang::ALL {
                let Some(said) = explain(record, &names, lang) else { continue };
                let texts = [Some(&said.what), said.why.as_ref(), said.otherwise.as_ref()];
                let empty = |text: &sim::explain::Message| text.text(lang).trim().is_empty();
                assert!(!texts.into_iter().flatten().any(empty), "{lesson}: {name}");
                // What leaves a host and what TCP thinks has its why; the rest is in the packet.
                let told = match record.what {
                    What::CallStart { .. } => !said.written.is_empty(),
                    What::PacketSent { .. } | What::CallBlocked { .. } => said.why.is_some(),
                    // Some of these are their own reason.
                    What::Tcp { .. } => true,
                    What::SocketState { .. } => said.why.is_some() && !said.written.is_empty(),
                    _ => said.why.is_some() && said.otherwise.is_some() && !said.written.is_empty(),
                };
                if !told {
                    poor.insert(format!("{kind} {call}"));
                }
            }
        }
    }
    assert!(poor.is_empty(), "{poor:#?}");
    assert!(kinds.len() >= 14, "{kinds:?}");
}
