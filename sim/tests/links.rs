//! Packet and netlink sockets, groups, hubs: programs that print the same on Linux 6.18 in a network
//! namespace with such an `eth0` (and `ip route add 224.0.0.0/4 dev eth0`).

use soquete_sim as sim;

use sim::net::Cause;
use sim::scenario::{Defaults, Scenario};
use sim::timeline::Timeline;
use sim::trace::{Drop, Record, What};
use std::collections::BTreeMap;

fn ended(scenario: Scenario) -> Timeline {
    let mut timeline = Timeline::new(scenario);
    while !timeline.advance(1000).ended {}
    timeline
}

/// What was written, by all processes in their order.
fn output(timeline: &Timeline) -> String {
    let written = timeline.records().filter_map(|record| match &record.what {
        What::Output { bytes, .. } => Some(String::from_utf8_lossy(&bytes.0).into_owned()),
        _ => None,
    });
    written.collect()
}

/// Runs programs, each with one argument, on hosts of their own.
fn programs(source: &str, args: &[&str]) -> Timeline {
    let files: BTreeMap<String, String> = [("p.c".to_owned(), source.to_owned())].into();
    let programs: Vec<(String, Vec<String>)> = args
        .iter()
        .map(|arg| ("p.c".to_owned(), Some((*arg).to_owned()).filter(|a| !a.is_empty())))
        .map(|(file, arg)| (file, arg.into_iter().collect()))
        .collect();
    ended(Scenario::of_programs(&programs, files, &Defaults::default()))
}

#[test]
fn the_kernel_tells_of_its_network_over_netlink() {
    let timeline = programs(include_str!("programs/netlink.c"), &[""]);
    assert_eq!(output(&timeline), include_str!("programs/netlink.txt"));
}

/// What a program does as root.
fn as_root(source: &str) -> String {
    let files = BTreeMap::from([("p.c".to_owned(), source.to_owned())]);
    let defaults = Defaults { uid: 0, ..Defaults::default() };
    let programs = [("p.c".to_owned(), Vec::new())];
    output(&ended(Scenario::of_programs(&programs, files, &defaults)))
}

#[test]
fn calls_on_packet_and_netlink_sockets_answer_as_linux_does() {
    let written = as_root(include_str!("programs/packet-calls.c"));
    assert_eq!(written, include_str!("programs/packet-calls.txt"));
}

#[test]
fn a_sniffer_sees_both_ways_and_writes_frames() {
    let files = BTreeMap::from([
        ("sniffer.c".to_owned(), include_str!("programs/sniffer.c").to_owned()),
        ("answer.c".to_owned(), include_str!("programs/answer.c").to_owned()),
    ]);
    let toml = "[[host]]\nname = \"here\"\n[[host]]\nname = \"there\"\n\
        [[program]]\nfile = \"sniffer.c\"\nhost = \"here\"\nargs = [\"10.0.0.2\"]\nroot = true\n\
        start = \"100ms\"\n[[program]]\nfile = \"answer.c\"\nhost = \"there\"\nroot = true\n";
    let timeline = ended(Scenario::parse(toml, files).expect("a scenario"));
    assert_eq!(output(&timeline), include_str!("programs/sniffer.txt"));
}

#[test]
fn corked_datagrams_leave_as_one() {
    let timeline = programs(include_str!("programs/cork.c"), &[""]);
    assert_eq!(output(&timeline), include_str!("programs/cork.txt"));
}

/// When a host's reports of its groups left, milliseconds, and their lengths.
fn reports(records: &[&Record]) -> Vec<(u64, usize)> {
    let sent = records.iter().filter_map(|record| match &record.what {
        What::PacketSent { frame, reason: Cause::Membership, .. } => {
            Some((record.t_ns / 1_000_000, frame.len()))
        }
        _ => None,
    });
    sent.collect()
}

#[test]
fn a_group_is_joined_without_naming_an_interface() {
    let timeline = programs(include_str!("programs/multicast.c"), &["", "hello"]);
    let written = output(&timeline);
    assert_eq!(written, "hello from 10.0.0.2\n".repeat(2));
    let records: Vec<&Record> = timeline.records().filter(|record| record.host.0 == 0).collect();
    let all = reports(&records);
    // Joined: after two ticks and once more within a second; left the same way.
    assert_eq!(all.len(), 4, "{all:?}");
    assert!(all.iter().all(|(_, len)| *len == 54), "{all:?}");
    assert_eq!(all[0].0, 8);
    assert!((16..1016).contains(&all[1].0), "{all:?}");
    assert!(all[3].0 - all[2].0 <= 1008, "{all:?}");
}

/// A house with one address outside: 192.168.0.0/24 behind 10.0.0.1, a server at 10.0.0.2.
const HOUSE: &str = r#"
[[host]]
name = "inside"
address = "192.168.0.2/24"
[[host]]
name = "router"
addresses = ["192.168.0.1/24", "10.0.0.1/24"]
router = true
nat = ["masquerade eth1", "forward tcp 8080 to 192.168.0.2:8000", "forward udp 8080 to 192.168.0.2:8000"]
[[host]]
name = "outside"
address = "10.0.0.2/24"
[[link]]
hosts = ["inside", "router"]
[[link]]
hosts = ["router", "outside"]
"#;

/// Lets one host ask another who it is; what both wrote.
fn asked(server: &str, port: &str, client: &str, to: [&str; 2]) -> (Timeline, String) {
    let files: BTreeMap<String, String> = [
        ("who.c".to_owned(), include_str!("programs/who.c").to_owned()),
        ("asks.c".to_owned(), include_str!("programs/asks.c").to_owned()),
    ]
    .into();
    let programs = format!(
        "[[program]]\nfile = \"who.c\"\nhost = {server:?}\nargs = [{port:?}]\n\
         [[program]]\nfile = \"asks.c\"\nhost = {client:?}\nargs = {to:?}\n"
    );
    let scenario = Scenario::parse(&format!("{HOUSE}{programs}"), files).expect("a scenario");
    assert_eq!(Scenario::parse(&scenario.to_toml(), scenario.files.clone()), Ok(scenario.clone()));
    let timeline = ended(scenario);
    let written = output(&timeline);
    (timeline, written)
}

#[test]
fn a_masqueraded_host_bears_the_routers_address() {
    let (timeline, written) = asked("outside", "8000", "inside", ["10.0.0.2", "8000"]);
    let one = "tcp from 10.0.0.1\n".repeat(2);
    let two = "udp from 10.0.0.1\n".repeat(2);
    assert_eq!(written, format!("{one}{two}recv: Connection refused\n"));
    // Nothing from inside is seen outside, and nothing is damaged.
    for record in timeline.records() {
        match &record.what {
            What::PacketSent { frame, link: Some(1), .. } if frame[12..14] == [8, 0] => {
                assert_eq!(frame[26], 10, "{record:?}");
                assert_eq!(frame[30], 10, "{record:?}");
            }
            // Only the datagram to nobody ends without a socket.
            What::PacketDropped { why, .. } if *why != Drop::NoSocket => panic!("{record:?}"),
            _ => {}
        }
    }
}

#[test]
fn a_forwarded_port_is_a_host_behind_the_router() {
    let (_, written) = asked("inside", "8000", "outside", ["10.0.0.1", "8080"]);
    let one = "tcp from 10.0.0.2\n".repeat(2);
    let two = "udp from 10.0.0.2\n".repeat(2);
    assert_eq!(written, format!("{one}{two}recv: Connection refused\n"));
}

#[test]
fn a_translation_that_cannot_be_is_told_with_its_line() {
    let program = "[[program]]\nfile = \"a.c\"\n";
    let files = || BTreeMap::from([("a.c".to_owned(), String::new())]);
    for (text, words) in [
        ("masquerade eth7", "no eth 7"),
        ("masquerade wlan0", "no translation"),
        ("forward tcp 80 to 10.0.0.1", "no translation"),
    ] {
        let toml = format!("[[host]]\nname = \"r\"\nrouter = true\nnat = [{text:?}]\n{program}");
        let problem = Scenario::parse(&toml, files()).expect_err(text);
        assert_eq!(problem.line(&toml), 4);
        assert!(problem.text(abi::Lang::En).contains(words), "{problem:?}");
    }
}

#[test]
fn a_hub_repeats_to_everybody_and_a_switch_does_not() {
    let run = |hub: bool| {
        let files = BTreeMap::from([(
            "p.c".to_owned(),
            "#include <arpa/inet.h>\n#include <sys/socket.h>\n\
             int main(void) { int s = socket(AF_INET, SOCK_DGRAM, 0); struct sockaddr_in to = \
             {.sin_family = AF_INET, .sin_port = htons(9)}; inet_pton(AF_INET, \"10.0.0.2\", \
             &to.sin_addr); sendto(s, \"x\", 1, 0, (struct sockaddr *)&to, sizeof to); return 0; }"
                .to_owned(),
        )]);
        let toml = format!(
            "[[host]]\nname = \"a\"\n[[host]]\nname = \"b\"\n[[host]]\nname = \"c\"\n\
             [[link]]\nhub = {hub}\n[[program]]\nfile = \"p.c\"\n"
        );
        let timeline = ended(Scenario::parse(&toml, files).expect("a scenario"));
        let seen = timeline.records().filter(|record| match &record.what {
            What::PacketSent { frame, to, reason: Cause::Datagram, .. } => {
                to.0 == 2 && frame[12..14] == [8, 0]
            }
            _ => false,
        });
        seen.count()
    };
    assert_eq!((run(true), run(false)), (1, 0));
}
