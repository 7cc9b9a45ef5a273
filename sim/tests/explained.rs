//! Everything that happens in every lesson and in every program of the judge is explained: what,
//! why, what otherwise, where written; in both languages; and for what a call was made with.

extern crate soquete_sim as sim;

use abi::Lang;
use sim::explain::{Names, explain};
use sim::scenario::{Defaults, Scenario};
use sim::timeline::Timeline;
use sim::trace::What;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The texts in a folder, by name.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    let read = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        Some((name, std::fs::read_to_string(entry.path()).ok()?))
    });
    read.collect()
}

/// The lessons, and the scenarios and single programs of the judge.
fn scenarios() -> Vec<(String, Scenario)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (lessons, judge) = (root.join("../lessons"), root.join("../tests/judge"));
    let mut found = Vec::new();
    for folder in [&lessons, &judge] {
        let folders = std::fs::read_dir(folder).expect("a folder").flatten();
        for folder in folders.map(|entry| entry.path()).filter(|f| f.join("scenario.toml").exists())
        {
            let files = texts(&folder);
            let scenario = Scenario::parse(&files["scenario.toml"].clone(), files);
            found.push((folder.display().to_string(), scenario.expect("a scenario")));
        }
    }
    let files = texts(&judge);
    for name in files.keys().filter(|name| name.ends_with(".c")) {
        let program = [(name.clone(), Vec::new())];
        let scenario = Scenario::of_programs(&program, files.clone(), &Defaults::default());
        found.push((name.clone(), scenario));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

#[test]
fn every_record_of_every_program_says_why_and_what_otherwise() {
    let mut poor: BTreeSet<String> = BTreeSet::new();
    let mut kinds: BTreeSet<String> = BTreeSet::new();
    let scenarios = scenarios();
    assert!(scenarios.len() >= 80, "{}", scenarios.len());
    for (lesson, scenario) in scenarios {
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
                let told =
                    said.why.is_some() && said.otherwise.is_some() && !said.written.is_empty();
                if !told {
                    poor.insert(format!("{kind} {call}"));
                }
            }
        }
    }
    assert!(poor.is_empty(), "{poor:#?}");
    assert!(kinds.len() >= 14, "{kinds:?}");
}

const PROGRAM: &str = r#"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
int main(void) {
    int udp = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in in;
    memset(&in, 0, sizeof in);
    in.sin_family = AF_INET;
    in.sin_port = htons(9);
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(udp, (struct sockaddr *)&in, sizeof in);
    int local = socket(AF_UNIX, SOCK_STREAM, 0), again = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un name;
    memset(&name, 0, sizeof name);
    name.sun_family = AF_UNIX;
    strcpy(name.sun_path, "/tmp/name");
    bind(local, (struct sockaddr *)&name, sizeof name);
    bind(again, (struct sockaddr *)&name, sizeof name);
    int fds[2];
    pipe(fds);
    if (fork() == 0) {
        close(fds[0]);
        sleep(1);
        write(fds[1], "x", 1);
        return 0;
    }
    close(fds[1]);
    char c;
    while (read(fds[0], &c, 1) > 0)
        ;
    wait(NULL);
    read(0, &c, 1);
    return 0;
}
"#;

/// The same call is told differently for what is behind its descriptor, and an error by its line.
#[test]
fn a_sentence_is_about_what_the_descriptor_leads_to() {
    let files = [("a.c".to_owned(), PROGRAM.to_owned())].into();
    let mut scenario =
        Scenario::of_programs(&[("a.c".to_owned(), vec![])], files, &Defaults::default());
    scenario.programs[0].stdin = "y\n".to_owned();
    let mut timeline = Timeline::new(scenario);
    timeline.advance(2000);
    let names = Names::new(vec!["a".to_owned()], timeline.records());
    let said = timeline.records().filter_map(|record| {
        let said = explain(record, &names, Lang::En)?;
        let text = |part: &Option<sim::explain::Message>| {
            part.as_ref().map_or_else(String::new, |part| part.text(Lang::En))
        };
        Some([said.what.text(Lang::En), text(&said.why), text(&said.otherwise)].join(" | "))
    });
    let said: Vec<String> = said.collect();
    for [what, why] in [
        ["connect() returned 0", "On UDP nothing is sent"],
        ["bind() returned 0", "There is a name now"],
        ["bind() in line 24 of a[2] failed: EADDRINUSE", "call unlink() before bind()"],
        ["close() returned 0 to a[2]", "One end less"],
        ["read() and sleeps", "The pipe is empty"],
        ["write() returned 1", "The pipe keeps 1 byte more"],
        ["read() returned 1 to a[2], which slept", "From the pipe"],
        ["read() returned 0 to a[2]", "nobody has the writing end open"],
        ["read() returned 1 to a[2]", "handed over the typed line: 1 byte"],
        ["fork() returned 3", "3 in the parent, 0 in the child"],
    ] {
        let told = said.iter().any(|line| line.contains(what) && line.contains(why));
        assert!(told, "{what}: {why}\n{}", said.join("\n"));
    }
}
