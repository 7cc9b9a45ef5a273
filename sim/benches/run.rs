//! How fast a run is computed, and how long a seek takes.
//!
//! `cargo bench -p soquete-sim --bench run`; one line a figure.

#![allow(clippy::disallowed_types, clippy::print_stdout)] // a bench measures and says so

extern crate soquete_sim as sim;

use sim::scenario::{Defaults, LinkParams, Scenario};
use sim::timeline::Timeline;
use std::collections::BTreeMap;
use std::time::Instant;

const SERVER: &str = r#"
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
    bind(fd, (struct sockaddr *)&addr, sizeof addr);
    listen(fd, 5);
    int conn = accept(fd, NULL, NULL);
    char buf[1000];
    long n;
    while ((n = recv(conn, buf, sizeof buf, 0)) > 0)
        send(conn, buf, n, 0);
    return 0;
}
"#;

const CLIENT: &str = r#"
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
    connect(fd, (struct sockaddr *)&addr, sizeof addr);
    char buf[1000] = "hello";
    for (;;) {
        send(fd, buf, 100, 0);
        recv(fd, buf, sizeof buf, 0);
    }
}
"#;

fn main() {
    let files: BTreeMap<String, String> =
        [("server.c", SERVER), ("client.c", CLIENT)].map(|(k, v)| (k.into(), v.into())).into();
    let programs = [("server.c".to_owned(), vec![]), ("client.c".to_owned(), vec![])];
    let params = LinkParams { delay_ns: 100_000, ..LinkParams::default() };
    let until_ns = u64::MAX;
    let defaults = Defaults { params, until_ns, ..Defaults::default() };
    let scenario = Scenario::of_programs(&programs, files, &defaults);
    let mut timeline = Timeline::new(scenario);
    let before = resident_kib();
    let mut took = 0.0;
    for events in [1_000, 10_000, 100_000] {
        let began = Instant::now();
        timeline.advance(events - timeline.len());
        took += began.elapsed().as_secs_f64();
        println!(
            "memory after {events} events: {} KiB more for {} records and {} checkpoints",
            resident_kib().saturating_sub(before),
            timeline.record_count(),
            timeline.checkpoints()
        );
    }
    println!(
        "100,000 events ({} records): {took:.3} s, {:.0} events/s",
        timeline.record_count(),
        timeline.len() as f64 / took
    );
    let mut worst = 0.0_f64;
    let mut sum = 0.0;
    let seeks = 200;
    for i in 0..seeks {
        let step = (i * 7919_u64 + 511) % timeline.len();
        let began = Instant::now();
        let world = timeline.seek(step);
        let ms = began.elapsed().as_secs_f64() * 1e3;
        assert_eq!(world.step, step);
        worst = worst.max(ms);
        sum += ms;
    }
    println!("seek in 100,000 events: mean {:.3} ms, worst {worst:.3} ms", sum / seeks as f64);
}

/// Memory that the process has (`VmRSS` of proc(5)), KiB; 0 where it is not told.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
