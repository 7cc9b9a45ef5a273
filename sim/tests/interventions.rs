//! What a person does to a run: each intervention has the effect that it would have in reality,
//! wherever in time it is made, and the run with it is a run like any other.

extern crate soquete_sim as sim;

use abi::{Pid, consts};
use proptest::prelude::*;
use sim::scenario::{Defaults, LinkParams, Scenario};
use sim::timeline::{Action, BranchId, Input, Timeline};
use sim::trace::{Fate, Record, What};
use sim::{HostId, PacketId, net::Cause};
use std::collections::BTreeMap;

const SERVER: &str = r#"
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
int main(void) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(8080);
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0)
        perror("bind");
    listen(fd, 5);
    for (;;) {
        int conn = accept(fd, NULL, NULL);
        char buf[100];
        long n;
        while ((n = recv(conn, buf, sizeof buf, 0)) > 0)
            send(conn, buf, n, 0);
        close(conn);
    }
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
    char line[100];
    while (fgets(line, sizeof line, stdin)) {
        char buf[100];
        send(fd, line, strlen(line), 0);
        long n = recv(fd, buf, sizeof buf, 0);
        if (n <= 0) {
            perror("recv");
            return 2;
        }
        printf("got %.*s", (int)n, buf);
        fflush(stdout);
    }
    close(fd);
    return 0;
}
"#;

const SERVER_HOST: HostId = HostId(0);
const CLIENT_HOST: HostId = HostId(1);

fn scenario() -> Scenario {
    let files: BTreeMap<String, String> =
        [("server.c", SERVER), ("client.c", CLIENT)].map(|(k, v)| (k.into(), v.into())).into();
    let programs = [("server.c".to_owned(), vec![]), ("client.c".to_owned(), vec![])];
    let params = LinkParams::default();
    let mut scenario =
        Scenario::of_programs(&programs, files, &Defaults { params, ..Defaults::default() });
    scenario.programs[1].stdin = "one\ntwo\n".to_owned();
    scenario
}

fn run() -> Timeline {
    let mut timeline = Timeline::new(scenario());
    to_the_end(&mut timeline);
    timeline
}

fn to_the_end(timeline: &mut Timeline) {
    while !timeline.advance(1000).ended {}
}

fn output(timeline: &Timeline) -> String {
    let written = timeline.records().filter_map(|record| match &record.what {
        What::Output { bytes, .. } => Some(String::from_utf8_lossy(&bytes.0).into_owned()),
        _ => None,
    });
    written.collect()
}

/// The position right after the first record that `fits`, and what it gives.
fn after<T>(timeline: &Timeline, fits: impl Fn(&Record) -> Option<T>) -> (u64, T) {
    let found = timeline.records().find_map(|r| fits(r).map(|value| (r.step + 1, value)));
    found.expect("it happens")
}

fn segment(timeline: &Timeline, wanted: Cause) -> (u64, PacketId) {
    after(timeline, |record| match record.what {
        What::PacketSent { packet, reason, .. } if reason == wanted => Some(packet),
        _ => None,
    })
}

/// Retransmissions into an unplugged cable leave the host and are lost at the link, one after the
/// other and ever later; plugged again, the connection goes on.
#[test]
fn what_a_host_sends_into_an_unplugged_cable_is_seen_lost() {
    let mut timeline = run();
    let (step, _) = segment(&timeline, Cause::Data);
    timeline.act(step - 1, Action::Plug { link: 0, up: false }, "unplugged");
    to_the_end(&mut timeline);
    let lost: Vec<u64> = timeline
        .records()
        .filter_map(|record| match &record.what {
            What::PacketSent {
                fate: Fate::Unplugged, reason: Cause::RetransmitTimeout, ..
            } => Some(record.t_ns),
            _ => None,
        })
        .collect();
    assert!(lost.len() >= 3, "{lost:?}");
    let gaps: Vec<u64> = lost.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(gaps.windows(2).all(|pair| pair[1] > pair[0]), "{gaps:?}");

    let later = timeline.at_time(lost[1]);
    timeline.act(later, Action::Plug { link: 0, up: true }, "plugged");
    to_the_end(&mut timeline);
    assert_eq!(output(&timeline), "got one\ngot two\n");
    assert_eq!(timeline.branches().len(), 3);
}

#[test]
fn a_held_packet_waits_until_it_is_released() {
    let mut timeline = run();
    let (step, packet) = segment(&timeline, Cause::Syn);
    timeline.act(step, Action::Hold { packet }, "held");
    timeline.advance(1);
    to_the_end(&mut timeline);
    let arrived = |timeline: &Timeline| {
        timeline.records().find_map(|r| match r.what {
            What::PacketArrived { packet: p } if p == packet => Some(r.t_ns),
            _ => None,
        })
    };
    assert_eq!(arrived(&timeline), None);
    assert_eq!(output(&timeline), "got one\ngot two\n", "the SYN is sent again");
    let t_ns = timeline.time_of(step) + 300_000_000;
    let later = timeline.at_time(t_ns);
    timeline.act(later, Action::Release { packet }, "released");
    to_the_end(&mut timeline);
    assert!(arrived(&timeline).is_some());
    assert_eq!(output(&timeline), "got one\ngot two\n");
}

#[test]
fn a_copy_is_a_packet_of_its_own() {
    let mut timeline = run();
    let (step, packet) = segment(&timeline, Cause::Data);
    timeline.act(step, Action::Duplicate { packet }, "twice");
    to_the_end(&mut timeline);
    let copy = timeline.records().find_map(|record| match &record.what {
        What::PacketSent { packet, fate: Fate::Duplicate, from, to, link, .. } => {
            Some((*packet, *from, *to, *link))
        }
        _ => None,
    });
    let (copy, from, to, link) = copy.expect("the copy is told of");
    assert_eq!((from, to, link), (CLIENT_HOST, SERVER_HOST, Some(0)));
    let came = |p: PacketId| {
        timeline
            .records()
            .filter(|r| matches!(r.what, What::PacketArrived { packet } if packet == p))
            .count()
    };
    assert_eq!((came(packet), came(copy)), (1, 1));
    assert_eq!(output(&timeline), "got one\ngot two\n", "TCP throws the copy away");
}

#[test]
fn a_corrupted_packet_is_thrown_away_and_a_delayed_one_is_late() {
    let mut timeline = run();
    let (step, packet) = segment(&timeline, Cause::Data);
    timeline.act(step, Action::Corrupt { packet, bit: 8 * 50 + 1 }, "corrupted");
    to_the_end(&mut timeline);
    assert!(timeline.records().any(|r| matches!(
        r.what,
        What::PacketDropped { packet: p, why: sim::trace::Drop::Checksum } if p == packet
    )));
    assert_eq!(output(&timeline), "got one\ngot two\n");
    let came = |timeline: &Timeline| {
        timeline.records().find_map(|r| match r.what {
            What::PacketArrived { packet: p } if p == packet => Some(r.t_ns),
            _ => None,
        })
    };
    timeline.switch(BranchId(0));
    let usual = came(&timeline).expect("it arrives");
    timeline.act(step, Action::Delay { packet, by_ns: 100_000_000 }, "late");
    to_the_end(&mut timeline);
    assert_eq!(came(&timeline), Some(usual + 100_000_000));
}

#[test]
fn signals_end_stop_and_continue_a_process() {
    let mut timeline = run();
    let (step, _) = segment(&timeline, Cause::Data);
    let status = |timeline: &Timeline, host: HostId| {
        timeline.records().find_map(|r| match r.what {
            What::ProcessExit { status } if r.host == host => Some(status),
            _ => None,
        })
    };
    for signal in [consts::SIGTERM, consts::SIGINT, consts::SIGKILL] {
        timeline.switch(BranchId(0));
        timeline.act(step, Action::Signal { host: SERVER_HOST, pid: Pid(2), signal }, "");
        to_the_end(&mut timeline);
        assert_eq!(status(&timeline, SERVER_HOST), Some(signal));
    }
    timeline.switch(BranchId(0));
    timeline.act(step, Action::Pause { host: SERVER_HOST, pid: Pid(2) }, "paused");
    to_the_end(&mut timeline);
    assert_eq!(output(&timeline), "");
    let later = timeline.at_time(timeline.time_of(step) + 500_000_000);
    timeline.act(later, Action::Continue { host: SERVER_HOST, pid: Pid(2) }, "goes on");
    to_the_end(&mut timeline);
    assert_eq!(output(&timeline), "got one\ngot two\n");
}

/// Kill and start again, at one moment: the new process can take the port.
#[test]
fn a_process_is_restarted_and_a_host_rebooted() {
    let mut timeline = run();
    let end = timeline.len();
    let signal = Action::Signal { host: SERVER_HOST, pid: Pid(2), signal: consts::SIGKILL };
    timeline.act_all(end, vec![signal, Action::Restart { program: 0 }], "restart");
    to_the_end(&mut timeline);
    let starts = |timeline: &Timeline| {
        timeline
            .records()
            .filter(|r| r.host == SERVER_HOST && matches!(r.what, What::ProcessStart { .. }))
            .count()
    };
    assert_eq!(starts(&timeline), 2);
    assert!(!output(&timeline).contains("bind"), "{}", output(&timeline));

    timeline.switch(BranchId(0));
    let (step, _) = segment(&timeline, Cause::Data);
    let crash = Action::Crash { host: SERVER_HOST };
    let boot = [Action::Boot { host: SERVER_HOST }, Action::Restart { program: 0 }];
    timeline.act(step, crash, "crash");
    to_the_end(&mut timeline);
    assert_eq!(output(&timeline), "");
    let later = timeline.at_time(timeline.time_of(step) + 100_000_000);
    timeline.act_all(later, boot.to_vec(), "reboot");
    to_the_end(&mut timeline);
    assert_eq!(starts(&timeline), 2);
    assert!(output(&timeline).contains("Connection reset"), "{}", output(&timeline));
}

/// Typing after everything has come to rest wakes the program up, and the run goes on.
#[test]
fn text_typed_at_the_end_goes_on() {
    let mut timeline = run();
    let end = timeline.len();
    let text = "three\n".to_owned();
    timeline.act(end, Action::Type { host: CLIENT_HOST, pid: Pid(2), text }, "three");
    to_the_end(&mut timeline);
    assert!(output(&timeline).ends_with("got three\n"), "{}", output(&timeline));
    let end = timeline.len();
    timeline.act(end, Action::EndInput { host: CLIENT_HOST, pid: Pid(2) }, "ctrl+d");
    to_the_end(&mut timeline);
    assert!(
        timeline
            .records()
            .any(|r| r.host == CLIENT_HOST && matches!(r.what, What::ProcessExit { status: 0 }))
    );
}

const COUNTER: &str = r#"
#include <stdio.h>
#include <pthread.h>
void *count(void *name) {
    for (int i = 0; i < 3; i++) {
        printf("%s%d ", (char *)name, i);
        fflush(stdout);
    }
    return NULL;
}
int main(void) {
    pthread_t a, b;
    pthread_create(&a, NULL, count, "a");
    pthread_create(&b, NULL, count, "b");
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
"#;

#[test]
fn whoever_is_chosen_runs_next() {
    let files = [("counter.c".to_owned(), COUNTER.to_owned())].into();
    let programs = [("counter.c".to_owned(), vec![])];
    let scenario = Scenario::of_programs(&programs, files, &Defaults::default());
    let mut timeline = Timeline::new(scenario);
    to_the_end(&mut timeline);
    let first = output(&timeline);
    // Where several threads want the processor, choose the last one.
    let choice = (0..timeline.len()).find_map(|step| {
        let world = timeline.seek(step);
        let host = world.host(HostId(0));
        let last = host.run_queue.back().copied()?;
        let rival = host.cpu.current.is_some() || host.run_queue.len() > 1;
        (rival && host.threads.len() >= 3).then_some((step, last))
    });
    let (step, tid) = choice.expect("at some moment two threads want it");
    timeline.act(step, Action::RunNext { host: HostId(0), tid }, "other order");
    to_the_end(&mut timeline);
    assert_ne!(output(&timeline), first);
    let sorted = |text: &str| {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        words.sort();
        words
    };
    assert_eq!(sorted(&output(&timeline)), sorted(&first));
}

#[test]
fn a_deleted_branch_is_gone_and_its_children_keep_their_beginning() {
    let mut timeline = run();
    let (step, packet) = segment(&timeline, Cause::Syn);
    let one = timeline.act(step, Action::Drop { packet }, "one");
    to_the_end(&mut timeline);
    let two = timeline.act(timeline.len(), Action::Crash { host: CLIENT_HOST }, "two");
    to_the_end(&mut timeline);
    let records = timeline.record_count();
    assert!(timeline.delete(one));
    assert!(!timeline.delete(BranchId(0)), "the first one stays");
    assert_eq!(timeline.active(), two);
    assert_eq!(timeline.record_count(), records);
    assert_eq!(timeline.branches().len(), 2);
}

/// Wall clocks go wrong as the scenario says: 3 s behind and 1 s ahead, gaining 1000 ppm.
#[test]
fn a_host_reads_its_own_wall_clock() {
    const CLOCK: &str = "#include <stdio.h>\n#include <time.h>\n#include <unistd.h>\n\
        int main(void) { sleep(100); struct timespec t; clock_gettime(CLOCK_REALTIME, &t); \
        printf(\"%ld %ld\\n\", (long)t.tv_sec, (long)time(NULL)); return 0; }";
    let text = "until = \"200s\"\n[[host]]\nname = \"late\"\nclock_offset = \"-3s\"\n[[host]]\n\
        name = \"fast\"\nclock_offset = 1\nclock_drift_ppm = 20000\n[[program]]\nfile = \"c.c\"\n\
        host = \"late\"\nstart = 0\n[[program]]\nfile = \"c.c\"\nhost = \"fast\"\nstart = 0\n";
    let scenario = Scenario::parse(text, [("c.c".to_owned(), CLOCK.to_owned())].into());
    let mut timeline = Timeline::new(scenario.expect("it is a scenario"));
    to_the_end(&mut timeline);
    let epoch = sim::kernel::EPOCH_S;
    let lines: Vec<String> = output(&timeline).lines().map(str::to_owned).collect();
    let expected = |offset: i64| format!("{0} {0}", epoch + 100 + offset);
    // 100 s, 3 s behind; 100 s and 2 % and 1 s.
    assert_eq!(lines, [expected(-3), expected(3)]);
}

fn action() -> impl Strategy<Value = Action> {
    let packet = || (1..40_u64).prop_map(PacketId);
    let host = || (0..3_u32).prop_map(HostId);
    let pid = || (0..4_i32).prop_map(Pid);
    prop_oneof![
        packet().prop_map(|packet| Action::Drop { packet }),
        (packet(), prop_oneof![0..2_000_000_000_u64, any::<u64>()])
            .prop_map(|(packet, by_ns)| Action::Delay { packet, by_ns }),
        // A link of the page may hold any numbers.
        (
            0..3_usize,
            any::<Option<u64>>(),
            prop_oneof![any::<Option<f64>>(), (0.0_f64..=1.0).prop_map(Some)],
            prop_oneof![Just(None), (0..100_000_u64).prop_map(Some), any::<Option<u64>>()],
        )
            .prop_map(|(link, delay_ns, loss, rate_bps)| Action::Link {
                link,
                delay_ns,
                jitter_ns: delay_ns,
                loss,
                duplicate: loss,
                corrupt: loss,
                rate_bps
            }),
        packet().prop_map(|packet| Action::Duplicate { packet }),
        (packet(), any::<u32>()).prop_map(|(packet, bit)| Action::Corrupt { packet, bit }),
        packet().prop_map(|packet| Action::Hold { packet }),
        packet().prop_map(|packet| Action::Release { packet }),
        (0..3_usize, any::<bool>()).prop_map(|(link, up)| Action::Plug { link, up }),
        (0..2_usize, 0..4_u32).prop_map(|(link, count)| Action::DropNext { link, count }),
        (host(), pid(), prop_oneof![0..65_i32, any::<i32>()])
            .prop_map(|(host, pid, signal)| Action::Signal { host, pid, signal }),
        (host(), pid()).prop_map(|(host, pid)| Action::Pause { host, pid }),
        (host(), pid()).prop_map(|(host, pid)| Action::Continue { host, pid }),
        prop_oneof![0..4_usize, any::<usize>()].prop_map(|program| Action::Restart { program }),
        host().prop_map(|host| Action::Crash { host }),
        host().prop_map(|host| Action::Boot { host }),
        (host(), pid()).prop_map(|(host, pid)| Action::Type { host, pid, text: "x\n".into() }),
        (host(), pid()).prop_map(|(host, pid)| Action::EndInput { host, pid }),
        (host(), pid()).prop_map(|(host, tid)| Action::RunNext { host, tid }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is done, whenever: no panic, every moment of the branch is the same sought as run
    /// to, and scenario and inputs alone give the same run.
    #[test]
    fn any_interventions_make_a_run_like_any_other(
        deeds in proptest::collection::vec((0.0_f64..=1.0, action()), 1..5),
        share in 0.0_f64..=1.0,
    ) {
        let mut timeline = Timeline::new(scenario());
        timeline.advance(3000);
        for (share, action) in deeds {
            let step = (timeline.len() as f64 * share) as u64;
            timeline.act(step, action, "");
            timeline.advance(3000);
        }
        let inputs: Vec<Input> = timeline.inputs().to_vec();
        let mut again = Timeline::replay(scenario(), inputs);
        while again.len() < timeline.len() && !again.advance(1).ended {}
        prop_assert_eq!(again.len(), timeline.len());
        prop_assert!(timeline.records().zip(again.records()).all(|(a, b)| a == b));
        let step = (timeline.len() as f64 * share) as u64;
        let (one, two) = (timeline.seek(step), again.seek(step));
        prop_assert_eq!(one.now_ns, two.now_ns);
        prop_assert_eq!(&one.queue, &two.queue);
        prop_assert_eq!(sim::inspect::sockets(&one), sim::inspect::sockets(&two));
        // One step forward and one back is where one was.
        let next = timeline.seek((step + 1).min(timeline.len()));
        prop_assert!(next.step == step || next.step == step + 1);
        prop_assert_eq!(timeline.seek(step), one);
    }
}
