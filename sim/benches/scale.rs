//! A world of 1,000 hosts and 10,000 connections: time, memory (also of a connection, and of a packet
//! that is under way), and what a checkpoint costs.
//!
//! `cargo bench -p soquete-sim --bench scale`; one line a figure.

#![allow(clippy::disallowed_types, clippy::print_stdout)] // a bench measures and says so

extern crate soquete_sim as sim;

use sim::scenario::{Defaults, LinkParams, Scenario};
use sim::trace::Sink;
use sim::world::World;
use std::time::Instant;

/// Connects `argv[1]` times to 10.0.0.1, sends on every connection, and waits for the echo.
const CLIENT: &str = r#"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
int main(int argc, char **argv) {
    int count = atoi(argv[1]), fds[64];
    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    addr.sin_addr.s_addr = inet_addr("10.0.0.1");
    for (int i = 0; i < count; i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fds[i], (struct sockaddr *)&addr, sizeof addr) < 0)
            return 1;
    }
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < count; i++) {
            char buf[100] = "hello";
            send(fds[i], buf, sizeof buf, 0);
            recv(fds[i], buf, sizeof buf, 0);
        }
    pause();
}
"#;

const SERVER: &str = r#"
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
int main(void) {
    struct rlimit limit = { 20000, 20000 };
    setrlimit(RLIMIT_NOFILE, &limit);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    bind(fd, (struct sockaddr *)&addr, sizeof addr);
    listen(fd, 4096);
    int ep = epoll_create1(0);
    struct epoll_event event, events[64];
    memset(&event, 0, sizeof event);
    event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event);
    for (;;) {
        int n = epoll_wait(ep, events, 64, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == fd) {
                event.data.fd = accept(fd, NULL, NULL);
                epoll_ctl(ep, EPOLL_CTL_ADD, event.data.fd, &event);
            } else {
                char buf[200];
                long got = recv(events[i].data.fd, buf, sizeof buf, 0);
                if (got > 0)
                    send(events[i].data.fd, buf, got, 0);
            }
        }
    }
}
"#;

/// Resident memory of this process, bytes.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = text.split(' ').nth(1).and_then(|n| n.parse().ok()).unwrap_or(0);
    pages * 4096
}

/// Sends `argv[1]` datagrams of 100 bytes, which are under way for a long time.
const FLOOD: &str = r#"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
int main(int argc, char **argv) {
    int i, count = atoi(argv[1]), fd = socket(AF_INET, SOCK_DGRAM, 0);
    char buf[100] = "hello";
    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    addr.sin_addr.s_addr = inet_addr("10.0.0.2");
    sendto(fd, buf, sizeof buf, 0, (struct sockaddr *)&addr, sizeof addr);
    sleep(4); /* until the addresses are known */
    for (i = 0; i < count; i++)
        sendto(fd, buf, sizeof buf, 0, (struct sockaddr *)&addr, sizeof addr);
    pause();
}
"#;

/// Memory while so many packets are under way, bytes; the world lives on, so that what it frees does
/// not hide what the next one takes.
fn under_way(count: usize) -> (World, u64) {
    let files =
        [("flood.c", FLOOD), ("idle.c", "#include <unistd.h>\nint main(void) { pause(); }")];
    let files = files.map(|(k, v)| (k.into(), v.into()));
    let programs =
        [("flood.c".to_owned(), vec![count.to_string()]), ("idle.c".to_owned(), Vec::new())];
    // Longer than sending takes.
    let (delay_ns, until_ns) = (900_000_000, 4_800_000_000);
    let params = LinkParams { delay_ns, ..LinkParams::default() };
    let defaults = Defaults { params, ..Defaults::default() };
    let scenario = Scenario::of_programs(&programs, files.into(), &defaults);
    let (mut world, mut sink) = (World::new(&scenario), Sink::off());
    let before = resident();
    while world.step(until_ns, &mut sink) {}
    (world, resident() - before)
}

/// Runs it; gives the memory that it took, bytes.
fn run(hosts: usize, each: usize) -> (World, u64) {
    let files = [("server.c", SERVER), ("client.c", CLIENT)].map(|(k, v)| (k.into(), v.into()));
    let mut programs = vec![("server.c".to_owned(), Vec::new())];
    programs.resize(hosts, ("client.c".to_owned(), vec![each.to_string()]));
    let params = LinkParams { delay_ns: 1_000_000, ..LinkParams::default() };
    let defaults = Defaults { params, ..Defaults::default() };
    let before = resident();
    let begin = Instant::now();
    let scenario = Scenario::of_programs(&programs, files.into(), &defaults);
    let mut sink = Sink::off();
    let mut world = World::new(&scenario);
    println!("{hosts} hosts: made in {:.2} s", begin.elapsed().as_secs_f64());
    let begin = Instant::now();
    let mut events = 0_u64;
    let until = 600_000_000_000;
    while world.step(until, &mut sink) {
        events += 1;
    }
    let seconds = begin.elapsed().as_secs_f64();
    let server = world.host(sim::HostId(0));
    println!(
        "{hosts} hosts, {} connections: {events} events in {seconds:.2} s, {:.0} a second; {:.1} MB",
        server.descriptions.len().saturating_sub(3),
        events as f64 / seconds,
        (resident() - before) as f64 / 1e6
    );
    let begin = Instant::now();
    let copy = world.clone();
    println!("a checkpoint: {:.2} ms", begin.elapsed().as_secs_f64() * 1e3);
    drop(copy);
    (world, resident() - before)
}

fn main() {
    let (few, many) = (under_way(1_000), under_way(10_000));
    println!("a packet under way: {} bytes", many.1.saturating_sub(few.1) / 9000);
    let (few, many) = (run(1000, 1), run(1000, 10));
    println!("a connection, both ends: {} bytes", many.1.saturating_sub(few.1) / 9000);
}
