//! Packet and netlink sockets, groups, hubs: programs that print the same on Linux 6.18 in a network
//! namespace with such an `eth0` (and `ip route add 224.0.0.0/4 dev eth0`).

use soquete_sim as sim;

use sim::net::Cause;
use sim::scenario::{Defaults, Scenario};
use sim::timeline::Timeline;
use sim::trace::{Record, What};
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
