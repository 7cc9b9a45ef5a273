//! What needs a network of its own: packets, peers that vanish, ports that run out, a resolver
//! that is dead. Each test starts this program again in namespaces of its own (`unshare`), where
//! it is root of a network with nothing but `lo`.

use crate::lab::{
    Bridge, Caller, Client, accept, bridge_with, bytes, connect, page, recv, send, setsockopt,
};
use abi::consts::*;
use abi::message::{Capture, FromBridge, Rule, ToBridge, VERSION};
use abi::syscall::AddrInfoHints;
use abi::{Bytes, Errno, Fd, Syscall};
use soquete_bridge::Options;
use soquete_bridge::capture::{Packet, Tap};
use std::net::SocketAddr;
use std::process::Command;

/// Runs an ignored test of this program alone, by its path.
pub(crate) fn alone(name: &str) {
    let this = std::env::current_exe().expect("our own path");
    let up = "ip link set lo up && exec \"$0\" --ignored --exact --nocapture \"$1\"";
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net", "--mount", "sh", "-c", up])
        .arg(this)
        .arg(name)
        .output()
        .expect("unshare and ip are installed (packages util-linux, iproute2)");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{name} did not run: {text}");
}

pub(crate) fn sh(script: &str) {
    let status = Command::new("sh").args(["-ec", script]).status().expect("sh runs");
    assert!(status.success(), "{script}");
}

async fn one() -> (Bridge, Client) {
    let bridge = bridge_with(Options::local(page())).await;
    let page = bridge.client().await;
    (bridge, page)
}

fn at(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// One line a packet: whose, direction, flags and payload length, cause.
fn picture(packet: &Packet) -> String {
    let bytes = &packet.bytes;
    let header = if bytes[0] >> 4 == 4 { usize::from(bytes[0] & 0xf) * 4 } else { 40 };
    let protocol = if bytes[0] >> 4 == 4 { bytes[9] } else { bytes[6] };
    let rest = &bytes[header..];
    let what = if protocol == 17 {
        format!("UDP {}", rest.len() - 8)
    } else {
        let names = [(2, "SYN "), (1, "FIN "), (4, "RST "), (16, "ACK ")];
        let flags: String =
            names.iter().filter(|(bit, _)| rest[13] & bit != 0).map(|(_, name)| *name).collect();
        format!("{flags}{}", rest.len() - usize::from(rest[12] >> 4) * 4)
    };
    let arrow = if packet.outgoing { ">" } else { "<" };
    let cause = packet.cause.map_or("-".to_owned(), |id| id.to_string());
    format!("{} {arrow} {what} {cause}", packet.fd)
}

#[test]
fn the_packets_of_own_sockets_are_seen_and_joined_to_their_calls() {
    alone("alone::packets");
}

#[ignore = "started by the_packets_of_own_sockets_are_seen_and_joined_to_their_calls"]
#[tokio::test]
async fn packets() {
    let tap = Tap::open().expect("root of its own network has CAP_NET_RAW");
    Tap::open().err().expect("the capability has been given up");
    let bridge = bridge_with(Options { capture: Ok(tap), ..Options::local(page()) }).await;
    let mut page = bridge.client().await;
    page.say(&ToBridge::Hello { version: VERSION, binary: false }).await;
    let FromBridge::Hello { capture: Capture::On, .. } = page.hear().await else {
        panic!("capture is on");
    };
    page.say(&ToBridge::Capture { on: true }).await;
    page.say(&ToBridge::Credit { messages: 1000 }).await;
    // A stranger's connection on the same network is none of our business.
    let stranger = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = stranger.local_addr().expect("bound");
    let (connected, _) = tokio::join!(tokio::net::TcpStream::connect(address), stranger.accept());
    drop(connected);

    for (domain, any) in [(AF_INET, "127.0.0.1:0"), (AF_INET6, "[::1]:0")] {
        let listener = page.socket(domain, SOCK_STREAM).await;
        page.bind(listener, any).await.expect("binds");
        page.ret(Syscall::Listen { fd: listener, backlog: 1 }).await.expect("listens");
        let there = page.sockname(listener).await;
        let client = page.socket(domain, SOCK_STREAM).await;
        let connecting = page.start(connect(client, there)).await;
        page.finish(connecting).await;
        let server = Fd(page.ret(accept(listener)).await.expect("a connection") as i32);
        let sending = page.start(send(client, b"abc", 0)).await;
        page.finish(sending).await;
        page.recv(server, 9).await.expect("the bytes");
        let answering = page.start(send(server, b"12345", 0)).await;
        page.finish(answering).await;
        page.recv(client, 9).await.expect("the bytes");
        let closing = page.start(Syscall::Close { fd: client }).await;
        page.finish(closing).await;
        assert_eq!(page.recv(server, 9).await, Ok(Vec::new()));
        let ending = page.start(Syscall::Close { fd: server }).await;
        page.finish(ending).await;
        let mut seen = Vec::new();
        let last = format!("{server} > FIN ACK 0 {ending}");
        while seen.last().map(picture).as_ref() != Some(&last) {
            let message = page.next_stream().await;
            let FromBridge::Packet { fd, at_ns, outgoing, cause, bytes } = message else {
                panic!("a packet: {message:?}");
            };
            seen.push(Packet { fd, at_ns, outgoing, cause, bytes: bytes.0 });
        }
        assert!(seen.windows(2).all(|pair| pair[0].at_ns <= pair[1].at_ns));
        // When an acknowledgement travels alone is the kernel's decision of the moment.
        let alone = |picture: &String| picture.ends_with("> ACK 0 -");
        let pictures: Vec<String> = seen.iter().map(picture).filter(|it| !alone(it)).collect();
        assert_eq!(
            pictures,
            [
                format!("{client} > SYN 0 {connecting}"),
                format!("{listener} > SYN ACK 0 -"),
                format!("{client} > ACK 3 {sending}"),
                format!("{server} > ACK 5 {answering}"),
                format!("{client} > FIN ACK 0 {closing}"),
                last,
            ]
        );
    }

    let udp = page.socket(AF_INET, SOCK_DGRAM).await;
    let peer = tokio::net::UdpSocket::bind("127.0.0.1:0").await.expect("a port");
    let there = peer.local_addr().expect("bound");
    page.connect(udp, there).await.expect("connects");
    let sending = page.start(send(udp, b"ola", 0)).await;
    page.finish(sending).await;
    let mut room = [0; 9];
    let (_, from) = peer.recv_from(&mut room).await.expect("a datagram");
    peer.send_to(b"oi", from).await.expect("sends");
    page.recv(udp, 9).await.expect("a datagram");
    let expected = [format!("{udp} > UDP 3 {sending}"), format!("{udp} < UDP 2 -")];
    let mut seen = Vec::new();
    while seen.len() < expected.len() {
        let message = page.next_stream().await;
        let FromBridge::Packet { fd, at_ns, outgoing, cause, bytes } = message else {
            panic!("a packet: {message:?}");
        };
        if fd == udp {
            seen.push(picture(&Packet { fd, at_ns, outgoing, cause, bytes: bytes.0 }));
        }
    }
    assert_eq!(seen, expected);
}

#[test]
fn errors_and_fragments_are_captured_too() {
    alone("alone::errors_and_fragments");
}

#[ignore = "started by errors_and_fragments_are_captured_too"]
#[tokio::test]
async fn errors_and_fragments() {
    let tap = Tap::open().expect("root of its own network has CAP_NET_RAW");
    sh("ip link set lo mtu 1500");
    let bridge = bridge_with(Options { capture: Ok(tap), ..Options::local(page()) }).await;
    let mut page = bridge.client().await;
    page.say(&ToBridge::Capture { on: true }).await;
    page.say(&ToBridge::Credit { messages: 1000 }).await;
    let there = at("127.0.0.1:4999"); // nobody is there
    let udp = page.socket(AF_INET, SOCK_DGRAM).await;
    page.connect(udp, there).await.expect("a datagram socket connects to anything");
    page.send(udp, &[7; 3000]).await.expect("sent");
    let mut seen = Vec::new();
    while seen.len() < 4 {
        let FromBridge::Packet { outgoing, bytes, .. } = page.next_stream().await else { continue };
        let (protocol, place) = (bytes.0[9], u16::from_be_bytes([bytes.0[6], bytes.0[7]]) & 0x1fff);
        seen.push((protocol, place * 8, outgoing));
    }
    // Three fragments, and the answer that no port is there.
    assert_eq!(seen, [(17, 0, true), (17, 1480, true), (17, 2960, true), (1, 0, false)]);
}

#[test]
fn without_the_capability_the_page_is_told_why() {
    // Whoever runs the tests as root has it; then there is nothing to see here.
    if let Err(why) = Tap::open() {
        assert!(why.contains("CAP_NET_RAW") && why.contains("setcap"), "{why}");
    }
}

#[test]
fn a_peer_that_vanishes_is_a_time_out() {
    alone("alone::vanishing");
}

#[ignore = "started by a_peer_that_vanishes_is_a_time_out"]
#[tokio::test]
async fn vanishing() {
    sh("ip link add void type veth peer name gone; ip link set gone up; \
        ip link set void arp off up; \
        ip addr add 10.9.9.1/24 dev void; \
        ip addr add 10.9.9.2/32 dev void");
    let (_bridge, mut page) = one().await;
    let (listener, there) = page.listening("10.9.9.2:0").await;
    let client = page.tcp().await;
    page.bind(client, "10.9.9.1:0").await.expect("binds");
    page.connect(client, there).await.expect("connects");
    page.ret(accept(listener)).await.expect("a connection");
    let half_a_second = 500_i32.to_ne_bytes();
    page.ret(setsockopt(client, IPPROTO_TCP, TCP_USER_TIMEOUT, &half_a_second)).await.expect("set");
    // Packets to 10.9.9.2 now leave by a cable that ends nowhere.
    sh("ip addr del 10.9.9.2/32 dev void");
    page.send(client, b"hello?").await.expect("queued");
    assert_eq!(bytes(page.reply(recv(client, 9, 0)).await), Err(Errno::ETIMEDOUT));
    page.tcp().await;
}

#[test]
fn what_cannot_be_reached_says_why() {
    alone("alone::unreachable");
}

#[ignore = "started by what_cannot_be_reached_says_why"]
#[tokio::test]
async fn unreachable() {
    sh("ip route add unreachable 10.7.0.0/24; ip route add prohibit 10.8.0.0/24");
    let (_bridge, mut page) = one().await;
    for (target, errno) in [
        ("10.6.0.1:80", Errno::ENETUNREACH),
        ("10.7.0.1:80", Errno::EHOSTUNREACH),
        ("10.8.0.1:80", Errno::EACCES),
    ] {
        let fd = page.tcp().await;
        assert_eq!(page.connect(fd, at(target)).await, Err(errno), "{target}");
    }
}

#[test]
fn when_the_ports_run_out_the_session_lives() {
    alone("alone::exhaustion");
}

#[ignore = "started by when_the_ports_run_out_the_session_lives"]
#[tokio::test]
async fn exhaustion() {
    sh("echo 40000 40001 > /proc/sys/net/ipv4/ip_local_port_range");
    let (_bridge, mut page) = one().await;
    let (listener, there) = page.listening("127.0.0.1:50000").await;
    let mut answers = Vec::new();
    for _ in 0..3 {
        let fd = page.tcp().await;
        answers.push(page.connect(fd, there).await);
    }
    // The bridge of this test may itself listen on one of the two.
    assert_eq!((answers[0], answers[2]), (Ok(0), Err(Errno::EADDRNOTAVAIL)));
    page.ret(accept(listener)).await.expect("a connection");
}

#[test]
fn a_dead_resolver_holds_up_only_who_asked_it() {
    alone("alone::resolver");
}

#[ignore = "started by a_dead_resolver_holds_up_only_who_asked_it"]
#[tokio::test(flavor = "multi_thread")]
async fn resolver() {
    // Questions leave by a cable that ends nowhere, so every look-up waits for its time-outs.
    sh("ip link add void type veth peer name gone; ip link set gone up; \
        ip link set void arp off up; \
        ip addr add 10.9.9.1/24 dev void; \
        echo 'nameserver 10.9.9.53' > /tmp/soquete-resolv-$$; \
        mount --bind /tmp/soquete-resolv-$$ /etc/resolv.conf; rm /tmp/soquete-resolv-$$");
    let (bridge, mut page) = one().await;
    let look = |name: &str| Syscall::Getaddrinfo {
        node: Some(Bytes(name.into())),
        service: None,
        hints: AddrInfoHints::default(),
    };
    let mut asked = Vec::new();
    for i in 0..1000 {
        asked.push(page.start(look(&format!("host{i}.example"))).await);
    }
    let mut refused = 0;
    for id in &asked[4..] {
        if matches!(page.finish(*id).await, FromBridge::Denied { rule: Rule::PendingLookups, .. }) {
            refused += 1;
        }
    }
    assert_eq!(refused, 996, "four wait for the resolver");
    // Another session is answered while they wait: a socket, and a name that needs no resolver.
    let mut other = bridge.client().await;
    other.tcp().await;
    assert_eq!(other.ret(look("127.0.0.1")).await, Ok(0));
    for id in &asked[..4] {
        page.say(&ToBridge::Cancel { id: *id }).await;
        let FromBridge::Done { reply, .. } = page.finish(*id).await else { panic!("answered") };
        assert_eq!(reply.ret, Err(Errno::EINTR));
    }
    // Threads in the resolver cannot be interrupted; the end of the test must not wait for them.
    std::process::exit(report());
}

/// What the harness would have printed, for a test that leaves early.
#[allow(clippy::print_stdout)]
fn report() -> i32 {
    println!("1 passed");
    0
}
