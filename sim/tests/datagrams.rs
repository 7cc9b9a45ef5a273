//! UDP, ICMP, fragments, groups, IPv6 and routers between simulated hosts.

#![allow(missing_docs, unreachable_pub)]

mod common;

use abi::Errno;
use abi::consts::*;
use common::*;
use soquete_sim::net::{
    Cause, IfaceId, Interface, Mac, Proto, Route, SocketKind, Stack, StackConfig,
};
use soquete_sim::wire::{ethernet, icmp, ip};
use std::net::{IpAddr, Ipv4Addr};

fn udp6() -> SocketKind {
    SocketKind { v6: true, proto: Proto::Udp }
}

fn bound(lab: &mut Lab, host: usize, addr: &str) -> soquete_sim::net::SocketId {
    let id = lab.socket(host, udp4());
    lab.bind(host, id, addr).expect("bind");
    id
}

/// Protocol and ICMP type/code of what is in the log.
fn kinds(lab: &Lab) -> Vec<String> {
    lab.log
        .iter()
        .filter_map(|packet| {
            let header = packet.ip?;
            let body = &packet.frame[ethernet::HEADER_LEN + header.header_len()..];
            Some(match header.protocol {
                1 | 58 => format!("icmp {}/{}", body[0], body[1]),
                17 if header.is_fragment() => format!("udp@{}", header.offset),
                17 => "udp".to_owned(),
                other => format!("{other}"),
            })
        })
        .collect()
}

#[test]
fn datagrams_keep_their_borders_and_senders() {
    let mut lab = Lab::new(MS);
    let server = bound(&mut lab, B, "0.0.0.0:53");
    let client = lab.socket(A, udp4());
    assert_eq!(lab.send_to(A, client, b"ab", "10.0.0.2:53"), Ok(2));
    assert_eq!(lab.send_to(A, client, b"", "10.0.0.2:53"), Ok(0));
    assert_eq!(lab.send_to(A, client, b"cde", "10.0.0.2:53"), Ok(3));
    lab.run_for(100 * MS);
    let first = lab.recv_request(B, server, 100, 0).expect("a datagram");
    assert_eq!(first.bytes, b"ab");
    assert_eq!(first.from.map(|from| from.ip()), Some(A_IP.into()));
    assert_eq!(lab.recv(B, server, 100), Ok(vec![]));
    let cut = lab.recv_request(B, server, 1, MSG_TRUNC).expect("a datagram");
    assert_eq!((cut.bytes.as_slice(), cut.ret, cut.msg_flags), (&b"c"[..], 3, MSG_TRUNC));
    assert_eq!(lab.recv(B, server, 100), Err(Errno::EAGAIN));
}

#[test]
fn a_dead_port_refuses_a_connected_socket_once() {
    let mut lab = Lab::new(MS);
    let id = lab.socket(A, udp4());
    assert_eq!(lab.connect(A, id, "10.0.0.2:9"), Ok(()));
    assert_eq!(lab.send(A, id, b"x"), Ok(1));
    lab.run_for(100 * MS);
    assert_eq!(kinds(&lab), ["udp", "icmp 3/3"]);
    assert_eq!(lab.send(A, id, b"x"), Err(Errno::ECONNREFUSED));
    assert_eq!(lab.send(A, id, b"x"), Ok(1));
    lab.run_for(100 * MS);
    assert_eq!(lab.recv(A, id, 10), Err(Errno::ECONNREFUSED));
    assert_eq!(lab.recv(A, id, 10), Err(Errno::EAGAIN));
    // The quote is the IP header and all of a small datagram.
    let error = lab.log.iter().rev().find(|p| p.cause == Cause::Icmp).expect("an ICMP error");
    assert_eq!(error.frame.len(), 14 + 20 + 8 + 20 + 8 + 1);
    assert_eq!(error.ip.map(|header| header.tos), Some(0xc0));
}

#[test]
fn an_unconnected_socket_hears_of_no_error() {
    let mut lab = Lab::new(MS);
    let id = lab.socket(A, udp4());
    for _ in 0..2 {
        assert_eq!(lab.send_to(A, id, b"x", "10.0.0.2:9"), Ok(1));
        lab.run_for(100 * MS);
    }
    assert_eq!(lab.recv(A, id, 10), Err(Errno::EAGAIN));
}

#[test]
fn large_datagrams_are_fragmented_and_reassembled() {
    let mut lab = Lab::new(MS);
    let server = bound(&mut lab, B, "0.0.0.0:53");
    let client = lab.socket(A, udp4());
    let data: Vec<u8> = (0..4000u32).map(|at| at as u8).collect();
    assert_eq!(lab.send_to(A, client, &data, "10.0.0.2:53"), Ok(4000));
    lab.run_for(100 * MS);
    assert_eq!(kinds(&lab), ["udp@0", "udp@1480", "udp@2960"]);
    assert_eq!(lab.recv(B, server, 5000), Ok(data));
    assert_eq!(lab.send_to(A, client, &[0; 65_508], "10.0.0.2:53"), Err(Errno::EMSGSIZE));
}

#[test]
fn a_lost_fragment_loses_the_datagram() {
    let mut lab = Lab::new(MS);
    let server = bound(&mut lab, B, "0.0.0.0:53");
    let client = lab.socket(A, udp4());
    lab.send_to(A, client, b"first", "10.0.0.2:53").expect("send");
    lab.run_for(100 * MS);
    lab.clear();
    lab.wire =
        Box::new(|packet| (packet.ip.map(|header| header.offset) != Some(1480)).then_some(MS));
    lab.send_to(A, client, &[7; 4000], "10.0.0.2:53").expect("send");
    lab.run_for(31 * SECOND);
    assert_eq!(lab.recv(B, server, 5000), Ok(b"first".to_vec()));
    assert_eq!(lab.recv(B, server, 5000), Err(Errno::EAGAIN));
    // Time exceeded while reassembling.
    assert_eq!(kinds(&lab).last().map(String::as_str), Some("icmp 11/1"));
}

#[test]
fn broadcast_needs_permission() {
    let mut lab = Lab::new(MS);
    let server = bound(&mut lab, B, "0.0.0.0:53");
    let id = lab.socket(A, udp4());
    assert_eq!(lab.send_to(A, id, b"x", "10.0.0.255:53"), Err(Errno::EACCES));
    lab.setsockopt(A, id, SOL_SOCKET, SO_BROADCAST, 1).expect("SO_BROADCAST");
    assert_eq!(lab.send_to(A, id, b"x", "10.0.0.255:53"), Ok(1));
    lab.run_for(100 * MS);
    assert_eq!(lab.recv(B, server, 10), Ok(b"x".to_vec()));
}

#[test]
fn a_group_reaches_its_members() {
    let mut lab = Lab::new(MS);
    for host in [A, B] {
        let dst = (IpAddr::V4(Ipv4Addr::new(224, 0, 0, 0)), 4);
        lab.add_route(host, Route { dst, via: None, iface: IfaceId(2), refuse: None });
    }
    let member = bound(&mut lab, B, "0.0.0.0:5000");
    let id = lab.socket(A, udp4());
    assert_eq!(lab.send_to(A, id, b"early", "239.1.2.3:5000"), Ok(5));
    lab.run_for(100 * MS);
    assert_eq!(lab.recv(B, member, 10), Err(Errno::EAGAIN));
    let membership = [239, 1, 2, 3, 10, 0, 0, 2];
    lab.call(B, |stack, now, out| {
        stack.setsockopt(member, SOL_IP, IP_ADD_MEMBERSHIP, &membership, now, out)
    })
    .expect("IP_ADD_MEMBERSHIP");
    lab.clear();
    assert_eq!(lab.send_to(A, id, b"now", "239.1.2.3:5000"), Ok(3));
    lab.run_for(100 * MS);
    assert_eq!(lab.recv(B, member, 10), Ok(b"now".to_vec()));
    let sent = &lab.log.iter().find(|p| p.frame[0] == 1).expect("a group frame");
    assert_eq!(sent.frame[..6], [0x01, 0x00, 0x5e, 1, 2, 3]);
    assert_eq!(sent.ip.map(|header| header.ttl), Some(1));
}

#[test]
fn no_route_is_told_at_once() {
    let mut lab = Lab::new(MS);
    let id = lab.socket(A, udp4());
    assert_eq!(lab.send_to(A, id, b"x", "192.0.2.9:9"), Err(Errno::ENETUNREACH));
    assert_eq!(lab.connect(A, id, "192.0.2.9:9"), Err(Errno::ENETUNREACH));
    let dst = ("198.51.100.0".parse().expect("an address"), 24);
    for (refuse, dst) in
        [(Errno::EHOSTUNREACH, dst), (Errno::EACCES, ("203.0.113.0".parse().unwrap(), 24))]
    {
        lab.add_route(A, Route { dst, via: None, iface: IfaceId(2), refuse: Some(refuse) });
        let to = format!("{}:9", dst.0);
        assert_eq!(lab.send_to(A, id, b"x", &to), Err(refuse));
    }
}

#[test]
fn ping_over_a_raw_and_a_ping_socket() {
    let mut lab = Lab::new(MS);
    let mut request = Vec::new();
    icmp::Message::EchoRequest(7, 1).emit(b"payload", A_IP.into(), B_IP.into(), &mut request);
    let raw = lab.socket(A, SocketKind { v6: false, proto: Proto::Raw(1) });
    let ping = lab.socket(A, SocketKind { v6: false, proto: Proto::Ping });
    assert_eq!(lab.send_to(A, raw, &request, "10.0.0.2:0"), Ok(request.len()));
    lab.run_for(100 * MS);
    let reply = lab.recv(A, raw, 100).expect("a reply");
    assert_eq!((reply[0], reply[20], &reply[28..]), (0x45, 0, &b"payload"[..]));
    assert_eq!(lab.send_to(A, ping, &request, "10.0.0.2:0"), Ok(request.len()));
    lab.run_for(100 * MS);
    let reply = lab.recv(A, ping, 100).expect("a reply");
    assert_eq!((reply[0], &reply[8..]), (0, &b"payload"[..]));
}

#[test]
fn ipv6_finds_its_neighbour_and_carries_ipv4_in_one_socket() {
    let mut lab = Lab::new(MS);
    let server = lab.socket(B, udp6());
    lab.bind(B, server, "[::]:53").expect("bind");
    let six = lab.socket(A, udp6());
    assert_eq!(lab.send_to(A, six, b"six", "[fd00::2]:53"), Ok(3));
    lab.run_for(100 * MS);
    let got = lab.recv_request(B, server, 10, 0).expect("a datagram");
    assert_eq!(got.bytes, b"six");
    let four = lab.socket(A, udp4());
    lab.send_to(A, four, b"four", "10.0.0.2:53").expect("send");
    lab.run_for(100 * MS);
    let got = lab.recv_request(B, server, 10, 0).expect("a datagram");
    assert_eq!(got.from.map(|from| from.ip().to_string()), Some("::ffff:10.0.0.1".to_owned()));
    // Nobody listens there: port unreachable of ICMPv6.
    lab.connect(A, six, "[fd00::2]:9").expect("connect");
    lab.send(A, six, b"x").expect("send");
    lab.run_for(100 * MS);
    assert_eq!(lab.recv(A, six, 10), Err(Errno::ECONNREFUSED));
}

#[test]
fn a_v6only_socket_leaves_ipv4_to_others() {
    let mut lab = Lab::new(MS);
    let six = lab.socket(B, udp6());
    lab.setsockopt(B, six, SOL_IPV6, IPV6_V6ONLY, 1).expect("IPV6_V6ONLY");
    lab.bind(B, six, "[::]:53").expect("bind");
    let four = bound(&mut lab, B, "0.0.0.0:53");
    let other = lab.socket(B, udp6());
    assert_eq!(lab.bind(B, other, "[::]:53"), Err(Errno::EADDRINUSE));
    let client = lab.socket(A, udp4());
    lab.send_to(A, client, b"x", "10.0.0.2:53").expect("send");
    lab.run_for(100 * MS);
    assert_eq!(lab.recv(B, six, 10), Err(Errno::EAGAIN));
    assert_eq!(lab.recv(B, four, 10), Ok(b"x".to_vec()));
}

#[test]
fn tcp_over_ipv6() {
    let mut lab = Lab::new(MS);
    let kind = SocketKind { v6: true, proto: Proto::Tcp };
    let listener = lab.socket(B, kind);
    lab.bind(B, listener, "[::]:80").expect("bind");
    lab.call(B, |stack, now, out| stack.listen(listener, 5, now, out)).expect("listen");
    for (client, to) in
        [(lab.socket(A, kind), "[fd00::2]:80"), (lab.socket(A, tcp4()), "10.0.0.2:80")]
    {
        assert_eq!(lab.connect(A, client, to), Err(Errno::EINPROGRESS));
        lab.run_for(100 * MS);
        let server = lab.accept(B, listener).expect("a connection");
        lab.send(A, client, b"hello").expect("send");
        lab.run_for(100 * MS);
        assert_eq!(lab.recv(B, server, 10), Ok(b"hello".to_vec()));
        assert!(lab.hosts[B].peer_addr(server).expect("a peer").is_ipv6());
    }
}

/// Host a, a router with the test's two links, host b: driven by hand.
#[test]
fn a_router_forwards_counts_hops_and_reports_errors() {
    let mut hosts: Vec<Stack> = Vec::new();
    for index in 0..3u8 {
        let forwarding = index == 1;
        hosts.push(Stack::new(StackConfig { forwarding, ..StackConfig::default() }));
    }
    let mut add = |host: usize, ip: [u8; 4], mac: u8, mtu: u32| {
        hosts[host].add_interface(Interface {
            name: format!("eth{mac}"),
            mac: Mac([2, 0, 0, 0, 0, mac]),
            mtu,
            addrs: vec![(IpAddr::V4(ip.into()), 24)],
            up: true,
        });
    };
    add(0, [10, 0, 0, 1], 1, 1500);
    add(1, [10, 0, 0, 254], 2, 1500);
    add(1, [10, 0, 1, 254], 3, 1000);
    add(2, [10, 0, 1, 1], 4, 1000);
    let default = (IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
    for (host, via) in [(0, [10, 0, 0, 254]), (2, [10, 0, 1, 254])] {
        let via = Some(IpAddr::V4(via.into()));
        hosts[host].add_route(Route { dst: default, via, iface: IfaceId(2), refuse: None });
    }
    let id = hosts[0].socket(udp4());
    let server = hosts[2].socket(udp4());
    hosts[2].bind(server, "0.0.0.0:53".parse().unwrap()).unwrap();
    hosts[0]
        .setsockopt(id, SOL_IP, IP_RECVERR, &1i32.to_le_bytes(), 0, &mut Default::default())
        .unwrap();
    // Who is at the other end of a host's interface.
    let far = |host: usize, iface: u32| match (host, iface) {
        (0, 2) => (1, 2),
        (1, 2) => (0, 2),
        (1, 3) => (2, 2),
        _ => (1, 3),
    };
    let mut run = |ttl: i32, len: usize, df: i32| {
        let mut out = soquete_sim::net::Out::default();
        hosts[0].setsockopt(id, SOL_IP, IP_TTL, &ttl.to_le_bytes(), 0, &mut out).unwrap();
        hosts[0].setsockopt(id, SOL_IP, IP_MTU_DISCOVER, &df.to_le_bytes(), 0, &mut out).unwrap();
        let mut request = soquete_sim::net::SendRequest {
            data: vec![1; len],
            to: Some("10.0.1.1:53".parse().unwrap()),
            ..Default::default()
        };
        hosts[0].send(id, &mut request, 0, &mut out).unwrap();
        let mut waiting: Vec<_> = out.frames.drain(..).map(|t| (0, t)).collect();
        let mut ttls = Vec::new();
        while let Some((from, transmit)) = (!waiting.is_empty()).then(|| waiting.remove(0)) {
            let (to, iface) = far(from, transmit.iface.0);
            let mut out = soquete_sim::net::Out::default();
            hosts[to].frame_arrives(IfaceId(iface), &transmit.frame, 0, &mut out);
            if let Ok((header, _)) = ip::Repr::parse(&transmit.frame[14..])
                && header.protocol == 17
            {
                ttls.push((header.ttl, header.is_fragment()));
            }
            waiting.extend(out.frames.drain(..).map(|t| (to, t)));
        }
        let mut want = soquete_sim::net::RecvRequest { len: 2000, ..Default::default() };
        let got = hosts[2].recv(server, &mut want, 0, &mut out).map(|r| r.ret).ok();
        let mut want = soquete_sim::net::RecvRequest { len: 10, ..Default::default() };
        let error = match hosts[0].recv(id, &mut want, 0, &mut out) {
            Err(soquete_sim::net::Stop::Errno(errno)) => Some(errno),
            _ => None,
        };
        (ttls, got, error)
    };
    assert_eq!(run(64, 10, 0), (vec![(64, false), (63, false)], Some(10), None));
    assert_eq!(run(1, 10, 0), (vec![(1, false)], None, Some(Errno::EHOSTUNREACH)));
    // The second link is smaller: fragments, or an error if they are forbidden.
    let fragmented = vec![(64, false), (63, true), (63, true)];
    assert_eq!(run(64, 1200, 0), (fragmented, Some(1200), None));
    assert_eq!(run(64, 1200, 2), (vec![(64, false)], None, Some(Errno::EMSGSIZE)));
}

/// `SO_REUSEPORT`: sockets that share a port share the work, and one peer always meets the same
/// one. Linux's hash has a secret, so that a program cannot foretell who: not for the judge.
#[test]
fn sharers_of_a_port_share_the_senders() {
    let mut lab = Lab::new(MS);
    let sharers = [(); 2].map(|()| {
        let id = lab.socket(B, udp4());
        lab.setsockopt(B, id, SOL_SOCKET, SO_REUSEPORT, 1).expect("shared");
        lab.bind(B, id, "0.0.0.0:53").expect("bind");
        id
    });
    let mut got = [0, 0];
    for _ in 0..32 {
        let client = lab.socket(A, udp4());
        let mut who = Vec::new();
        for _ in 0..2 {
            lab.send_to(A, client, b"x", "10.0.0.2:53").expect("send");
            lab.run_for(100 * MS);
            who.extend((0..2).filter(|at| lab.recv(B, sharers[*at], 9).is_ok()));
        }
        assert_eq!(who.len(), 2);
        assert_eq!(who[0], who[1]);
        got[who[0]] += 1;
    }
    assert!(got[0] > 4 && got[1] > 4, "{got:?}");
}
