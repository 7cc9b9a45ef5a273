//! Any moment of a run is the same however one gets there.

extern crate soquete_sim as sim;

use proptest::prelude::*;
use sim::scenario::{Defaults, LinkParams, Scenario};
use sim::timeline::{Action, Mark, Timeline};
use sim::trace::{Sink, What};
use sim::world::World;
use std::collections::BTreeMap;

const SERVER: &str = r#"
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
int main(void) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    bind(fd, (struct sockaddr *)&addr, sizeof addr);
    listen(fd, 5);
    int conn = accept(fd, NULL, NULL);
    char buf[100];
    long n;
    while ((n = recv(conn, buf, sizeof buf, 0)) > 0)
        send(conn, buf, n, 0);
    close(conn);
    return 0;
}
"#;

const CLIENT: &str = r#"
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
int main(void) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    addr.sin_addr.s_addr = inet_addr("10.0.0.1");
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {
        perror("connect");
        return 1;
    }
    for (int i = 0; i < 5; i++) {
        char buf[100];
        send(fd, "hello", 5, 0);
        long n = recv(fd, buf, sizeof buf, 0);
        printf("%d: %.*s\n", i, (int)n, buf);
    }
    close(fd);
    return 0;
}
"#;

fn scenario(seed: u64, loss: f64) -> Scenario {
    let files: BTreeMap<String, String> =
        [("server.c", SERVER), ("client.c", CLIENT)].map(|(k, v)| (k.into(), v.into())).into();
    let programs = [("server.c".to_owned(), vec![]), ("client.c".to_owned(), vec![])];
    let params = LinkParams { loss, ..LinkParams::default() };
    Scenario::of_programs(&programs, files, &Defaults { params, seed, ..Defaults::default() })
}

fn run(seed: u64, loss: f64) -> Timeline {
    let mut timeline = Timeline::new(scenario(seed, loss));
    while !timeline.advance(1000).ended {}
    timeline
}

fn output(timeline: &Timeline) -> String {
    let written = timeline.records().filter_map(|record| match &record.what {
        What::Output { bytes, .. } => Some(String::from_utf8_lossy(&bytes.0).into_owned()),
        _ => None,
    });
    written.collect()
}

#[test]
fn an_echo_server_and_its_client_talk() {
    let timeline = run(1, 0.0);
    assert_eq!(output(&timeline), "0: hello\n1: hello\n2: hello\n3: hello\n4: hello\n");
    let exits = timeline.records().filter(|r| matches!(r.what, What::ProcessExit { status: 0 }));
    assert_eq!(exits.count(), 2);
}

#[test]
fn lost_packets_are_sent_again() {
    let timeline = run(7, 0.2);
    assert_eq!(output(&timeline), "0: hello\n1: hello\n2: hello\n3: hello\n4: hello\n");
}

/// Lamport's condition: an arrival is later than its sending, by both kinds of clock.
#[test]
fn logical_clocks_follow_causes() {
    let timeline = run(2, 0.1);
    let records: Vec<_> = timeline.records().cloned().collect();
    let stamps = sim::clocks::stamps(records.iter());
    let mut checked = 0;
    for (record, stamp) in records.iter().zip(&stamps) {
        let cause = record.cause.and_then(|id| records.iter().position(|r| r.id == id));
        if let Some(cause) = cause {
            assert!(stamps[cause].lamport < stamp.lamport);
            assert!(stamps[cause].before(stamp));
            checked += 1;
        }
    }
    assert!(checked > 50);
}

/// Inside a burst there are statements: each is a line further, and none changes the run.
#[test]
fn a_burst_is_stepped_statement_by_statement() {
    let timeline = run(1, 0.0);
    let (step, count, host, pid) = timeline
        .records()
        .find_map(|record| match record.what {
            What::Burst { statements, .. } if statements >= 4 => {
                Some((record.step, statements, record.host, record.pid))
            }
            _ => None,
        })
        .expect("some burst has several statements");
    let lines: Vec<Option<u32>> = (1..=count)
        .map(|n| timeline.seek_statement(step, n).host(host).line_of((pid, pid)))
        .collect();
    assert!(lines.iter().all(Option::is_some));
    assert!(lines.windows(2).any(|pair| pair[0] != pair[1]), "{lines:?}");
}

#[test]
fn stepping_forward_and_back_finds_the_same_events() {
    let timeline = run(1, 0.0);
    let mut step = 0;
    let mut forward = vec![];
    while let Some(next) = timeline.find(step, Mark::Call, true) {
        step = next;
        forward.push(step);
    }
    let mut backward = vec![step];
    while let Some(previous) = timeline.find(step, Mark::Call, false) {
        step = previous;
        backward.push(step);
    }
    backward.reverse();
    assert_eq!(forward, backward);
}

#[test]
fn dropping_a_packet_in_the_past_makes_a_branch_and_keeps_the_first() {
    let mut timeline = run(1, 0.0);
    let before = timeline.record_count();
    let (step, packet) = timeline
        .records()
        .find_map(|record| match record.what {
            What::PacketSent { packet, reason: sim::net::Cause::Syn, .. } => {
                Some((record.step + 1, packet))
            }
            _ => None,
        })
        .expect("a SYN is sent");
    let branch = timeline.act(step, Action::Drop { packet }, "without the SYN");
    while !timeline.advance(1000).ended {}
    assert_eq!(output(&timeline), "0: hello\n1: hello\n2: hello\n3: hello\n4: hello\n");
    let again = timeline.records().filter(|record| {
        matches!(record.what, What::PacketSent { reason: sim::net::Cause::RetransmitTimeout, .. })
    });
    assert!(again.count() >= 1);
    let inputs = timeline.inputs().to_vec();
    assert!(timeline.switch(sim::timeline::BranchId(0)));
    assert_eq!(timeline.record_count(), before);

    // The branch is its inputs: computed anew it is the same run.
    let mut replayed = Timeline::replay(scenario(1, 0.0), inputs);
    while !replayed.advance(1000).ended {}
    assert!(timeline.switch(branch));
    assert!(timeline.records().eq(replayed.records()));
}

#[test]
fn a_killed_server_shows_in_the_client() {
    let mut timeline = Timeline::new(scenario(1, 0.0));
    timeline.advance(10);
    let host = sim::HostId(0);
    timeline.act(timeline.len(), Action::Signal { host, pid: abi::Pid(2), signal: 9 }, "");
    while !timeline.advance(1000).ended {}
    assert!(output(&timeline).contains("Connection refused"), "{}", output(&timeline));
}

#[test]
fn every_record_has_words_in_both_languages() {
    let timeline = run(3, 0.1);
    let hosts = timeline.scenario().hosts.iter().map(|host| host.name.clone()).collect();
    let names = sim::explain::Names::new(hosts, timeline.records());
    for record in timeline.records() {
        for lang in abi::Lang::ALL {
            if let Some(explanation) = sim::explain::explain(record, &names, lang) {
                assert!(!explanation.what.text(lang).is_empty());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// `seek` equals running there, at any moment of any run.
    #[test]
    fn seek_equals_run_to(seed in 0_u64..1000, loss in 0.0_f64..0.4, share in 0.0_f64..=1.0) {
        let timeline = run(seed, loss);
        let step = (timeline.len() as f64 * share) as u64;
        let scenario = scenario(seed, loss);
        let mut world = World::new(&scenario);
        let mut sink = Sink::on();
        while world.step < step && world.step(scenario.until_ns, &mut sink) {}
        // The machines' programs were compiled twice, so worlds are compared by what they go on to
        // do and by their plain parts.
        let sought = timeline.seek(step);
        prop_assert_eq!(sought.now_ns, world.now_ns);
        prop_assert_eq!(&sought.queue, &world.queue);
        prop_assert_eq!(&sought.rng, &world.rng);
        prop_assert_eq!(
            sim::inspect::sockets(&sought),
            sim::inspect::sockets(&world)
        );
        let records = sink.take();
        prop_assert!(timeline.records().zip(&records).all(|(a, b)| a == b));
    }
}

#[test]
fn a_listener_stays_in_listen() {
    // A SYN opens a connection, not the listener; drawing it there would teach that a server must
    // listen again. Half open the connection has no socket of its own yet, but its peer's address.
    let timeline = run(1, 0.0);
    let mut by_ends: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in timeline.records() {
        if let What::SocketState { local, peer, from, to, .. } = &record.what {
            let key = format!("{:?} {local} {peer}", record.host);
            by_ends.entry(key).or_default().push(format!("{from} → {to}"));
        }
    }
    let listener = by_ends.values().find(|path| path[0].ends_with("LISTEN")).expect("one listens");
    assert!(listener.iter().all(|step| !step.contains("SYN-RECEIVED")), "{listener:?}");
    let opened = |path: &Vec<String>| {
        path.starts_with(
            &["LISTEN → SYN-RECEIVED", "SYN-RECEIVED → ESTABLISHED"].map(str::to_owned),
        )
    };
    assert!(by_ends.values().any(opened), "{by_ends:?}");
}
