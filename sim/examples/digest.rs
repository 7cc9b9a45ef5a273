//! A few runs as one number: what was called, written and sent, byte for byte. Built for wasm32 it is
//! run by node, natively by `tests/determinism.rs`, and both must say the same
//! (`cargo xtask test determinism`).

extern crate soquete_sim as sim;

use sim::inspect::{pcapng, strace_text};
use sim::scenario::{Defaults, LinkParams, Scenario};
use sim::trace::Sink;
use sim::world::World;

/// Answers over TCP and UDP; what it says depends on time, floating point and chance.
const SERVER: &str = r#"
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
int main(void) {
    int l = socket(AF_INET, SOCK_STREAM, 0), u = socket(AF_INET, SOCK_DGRAM, 0), i;
    struct sockaddr_in addr;
    socklen_t len = sizeof addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    bind(l, (struct sockaddr *)&addr, sizeof addr);
    bind(u, (struct sockaddr *)&addr, sizeof addr);
    listen(l, 5);
    for (i = 0; i < 4; i++) {
        struct pollfd p[2] = { { l, POLLIN, 0 }, { u, POLLIN, 0 } };
        char buf[2000];
        struct timespec now;
        if (poll(p, 2, 8000) <= 0)
            break;
        clock_gettime(CLOCK_REALTIME, &now);
        printf("%d %d %ld %.17g %d\n", p[0].revents, p[1].revents, now.tv_nsec,
               sin(now.tv_nsec) * exp(i) / 3, rand());
        if (p[1].revents) {
            long n = recvfrom(u, buf, sizeof buf, 0, (struct sockaddr *)&addr, &len);
            sendto(u, buf, n, 0, (struct sockaddr *)&addr, len);
        }
        if (p[0].revents && fork() == 0) {
            int c = accept(l, NULL, NULL);
            long n, total = 0;
            while ((n = recv(c, buf, sizeof buf, 0)) > 0)
                total += n;
            printf("%ld bytes\n", total);
            exit(0);
        }
    }
    while (wait(NULL) > 0)
        ;
    return 0;
}
"#;

/// Sends much, and asks a little; two threads.
const CLIENT: &str = r#"
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
static struct sockaddr_in to;
static void *ask(void *none) {
    int u = socket(AF_INET, SOCK_DGRAM, 0), i;
    struct timeval second = { 1, 0 };
    char buf[1800];
    memset(buf, 'u', sizeof buf);
    setsockopt(u, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
    for (i = 0; i < 3; i++) {
        sendto(u, buf, 600 * (i + 1), 0, (struct sockaddr *)&to, sizeof to);
        printf("%ld\n", (long)recv(u, buf, sizeof buf, 0));
    }
    return none;
}
int main(void) {
    static char much[60000];
    pthread_t thread;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    to.sin_family = AF_INET;
    to.sin_port = htons(8080);
    to.sin_addr.s_addr = inet_addr("10.0.0.1");
    pthread_create(&thread, NULL, ask, NULL);
    if (connect(s, (struct sockaddr *)&to, sizeof to) == 0)
        printf("%ld\n", (long)send(s, much, sizeof much, 0));
    pthread_join(thread, NULL);
    close(s);
    return 0;
}
"#;

/// FNV-1a (Fowler, Noll, Vo), 64 bits.
fn add(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

/// The number.
#[allow(unsafe_code, unreachable_pub)] // an exported name is all that is unsafe
// SAFETY: no other symbol of this name is linked.
#[unsafe(no_mangle)]
pub extern "C" fn digest() -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for seed in 1..=4 {
        let files = [("server.c", SERVER), ("client.c", CLIENT)].map(|(k, v)| (k.into(), v.into()));
        let programs: Vec<(String, Vec<String>)> =
            ["server.c", "client.c", "client.c"].map(|name| (name.to_owned(), Vec::new())).into();
        let params = LinkParams {
            jitter_ns: 3_000_000,
            loss: 0.05,
            duplicate: 0.03,
            corrupt: 0.02,
            rate_bps: 2_000_000,
            queue: 20,
            ..LinkParams::default()
        };
        let defaults = Defaults { seed, params, ..Defaults::default() };
        let scenario = Scenario::of_programs(&programs, files.into(), &defaults);
        let hosts: Vec<String> = scenario.hosts.iter().map(|host| host.name.clone()).collect();
        let mut world = World::new(&scenario);
        let mut sink = Sink::on();
        while world.step(scenario.until_ns, &mut sink) {}
        let records = sink.records();
        hash = add(hash, strace_text(&hosts, records.iter()).as_bytes());
        hash = add(hash, &pcapng(&hosts, records.iter()));
        for record in records {
            hash = add(hash, &record.t_ns.to_le_bytes());
        }
    }
    hash
}
