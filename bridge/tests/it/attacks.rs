//! What a session must not do: attacks 7 to 13 and 15.

use crate::lab::{
    Bridge, Caller, Client, bridge, bridge_with, connect, page, recv, setsockopt, to, wait_until,
};
use abi::consts::*;
use abi::message::{FromBridge, Rule, ToBridge};
use abi::syscall::{AddrInfoHints, MsgIn, Ptr};
use abi::{AddrIn, AddrOut, Bytes, Errno, Fd, InBuf, Out, OutBuf, OutPtr, SockAddr, Syscall};
use futures_util::SinkExt;
use soquete_bridge::Options;
use soquete_bridge::limits::Limits;
use soquete_bridge::policy::{ClassPolicy, Policy};
use std::net::SocketAddr;
use tokio_tungstenite::tungstenite::Message;

async fn class(policy: &str) -> Bridge {
    let policy = Policy::class(ClassPolicy::parse(policy).expect("a good policy"));
    let limits = Limits { targets_per_minute: 1000, ..Limits::class() };
    bridge_with(Options { policy, limits, ..Options::local(page()) }).await
}

fn addr(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// Attack 7, addresses.
#[tokio::test]
async fn a_class_reaches_nothing_that_is_not_listed() {
    let bridge = class("[[allow]]\nnet = '0.0.0.0/0'\nports = ['1-65535']\nprotocol = 'tcp'").await;
    let mut page = bridge.client().await;
    for (target, rule) in [
        ("169.254.169.254:80", Rule::LinkLocal),
        ("[::ffff:169.254.169.254]:80", Rule::LinkLocal),
        ("[64:ff9b::169.254.169.254]:80", Rule::EmbeddedIpv4),
        ("[fd00:ec2::254]:80", Rule::LinkLocal),
        ("127.0.0.1:80", Rule::Loopback),
        ("[::1]:80", Rule::Loopback),
        ("0.0.0.0:80", Rule::Loopback),
        ("10.0.0.1:80", Rule::Private),
        ("[2600::1]:80", Rule::NotListed),
    ] {
        let domain = if addr(target).is_ipv4() { AF_INET } else { AF_INET6 };
        let fd = page.socket(domain, SOCK_STREAM).await;
        assert_eq!(page.denied(connect(fd, addr(target))).await, rule, "{target}");
        // What a datagram would do, a TCP socket could do with MSG_FASTOPEN.
        let buf = InBuf::of(b"x");
        let fast = Syscall::Sendto { fd, buf, flags: MSG_FASTOPEN, addr: to(target) };
        assert_eq!(page.denied(fast).await, rule, "{target}");
        page.close(fd).await;
    }
    let udp = page.socket(AF_INET, SOCK_DGRAM).await;
    assert_eq!(page.denied(connect(udp, addr("203.0.113.5:53"))).await, Rule::NotListed);
    let fd = page.tcp().await;
    let bind = Syscall::Bind { fd, addr: to("127.0.0.1:0") };
    assert_eq!(page.denied(bind).await, Rule::BindNotListed);
    // The kernel would choose every address of the machine, and a port.
    let listen = Syscall::Listen { fd, backlog: 5 };
    assert_eq!(page.denied(listen).await, Rule::BindNotListed);
}

/// Attack 7, names: whatever a name resolves to, the address is checked.
#[tokio::test]
async fn no_spelling_of_loopback_passes_as_a_name() {
    let bridge = class("lookups = true\n[[allow]]\nnet = '0.0.0.0/0'\nports = ['1-65535']").await;
    let mut page = bridge.client().await;
    for name in ["0x7f.1", "2130706433", "127.1", "0177.0.0.1", "①②⑦.⓪.⓪.①", "0", "localhost"]
    {
        let hints = AddrInfoHints { socktype: SOCK_STREAM, ..AddrInfoHints::default() };
        let (node, service) = (Some(Bytes(name.into())), Some(Bytes(b"80".to_vec())));
        let reply = page.reply(Syscall::Getaddrinfo { node, service, hints }).await;
        let Out::AddrInfo { list, .. } = reply.out else { continue }; // no such name: good
        for found in list {
            let fd = page.socket(found.family, SOCK_STREAM).await;
            let call = Syscall::Connect { fd, addr: AddrIn::of(found.addr) };
            assert_eq!(page.denied(call).await, Rule::Loopback, "{name}");
            page.close(fd).await;
        }
    }
    let closed = class("").await;
    let look = Syscall::Getaddrinfo {
        node: Some(Bytes(b"localhost".to_vec())),
        service: None,
        hints: AddrInfoHints::default(),
    };
    assert_eq!(closed.client().await.denied(look).await, Rule::LookupsOff);
}

/// Attack 8: there is no moment between the check and the use, because what is checked is the
/// address in the call. A name that answers differently the second time changes nothing.
#[tokio::test]
async fn each_connect_is_checked_by_its_own_address() {
    let bridge = class("[[allow]]\nnet = '127.9.9.9'\nports = [80]").await;
    let mut page = bridge.client().await;
    let fd = page.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK).await;
    let first = page.answer(connect(fd, addr("127.9.9.9:80"))).await;
    assert!(first.is_ok(), "the listed address of the first look-up: {first:?}");
    assert_eq!(page.denied(connect(fd, addr("127.0.0.1:80"))).await, Rule::Loopback);
}

/// Attack 9.
#[tokio::test]
async fn every_datagram_is_checked() {
    let bridge = class(
        "[[allow]]\nnet = '127.0.0.1'\nports = ['1024-65535']\nprotocol = 'udp'\n\
         [[bind]]\nnet = '127.0.0.1'\nports = ['0-65535']",
    )
    .await;
    let mut page = bridge.client().await;
    let (a, b) = (page.socket(AF_INET, SOCK_DGRAM).await, page.socket(AF_INET, SOCK_DGRAM).await);
    page.bind(b, "127.0.0.1:0").await.expect("listed");
    let allowed = page.sockname(b).await.to_string();
    let sendto =
        |target: &str| Syscall::Sendto { fd: a, buf: InBuf::of(b"x"), flags: 0, addr: to(target) };
    let sendmsg = |target: &str| {
        let iov = vec![InBuf::of(b"x")];
        let msg = MsgIn { name: to(target), iov, iov_len: 1, control: Bytes::default() };
        Syscall::Sendmsg { fd: a, msg: Some(msg), flags: 0 }
    };
    assert_eq!(page.ret(sendto(&allowed)).await, Ok(1));
    assert_eq!(page.denied(sendto("127.0.0.2:5000")).await, Rule::Loopback);
    assert_eq!(page.denied(sendto("203.0.113.5:53")).await, Rule::NotListed);
    assert_eq!(page.ret(sendmsg(&allowed)).await, Ok(1));
    assert_eq!(page.denied(sendmsg("127.0.0.2:5000")).await, Rule::Loopback);
}

/// Attack 10.
#[tokio::test]
async fn the_bridge_does_not_connect_to_itself_by_any_address() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let own = std::process::Command::new("hostname").arg("-I").output().expect("hostname runs");
    let own = String::from_utf8_lossy(&own.stdout).into_owned();
    let usual =
        ["127.0.0.1", "127.9.9.9", "0.0.0.0", "::", "::1", "::ffff:127.0.0.1", "::ffff:0.0.0.0"];
    for ip in own.split_whitespace().chain(usual) {
        let target = SocketAddr::new(ip.parse().expect("an address"), bridge.addr.port());
        let domain = if target.is_ipv4() { AF_INET } else { AF_INET6 };
        let fd = page.socket(domain, SOCK_STREAM).await;
        assert_eq!(page.denied(connect(fd, target)).await, Rule::OwnPort, "{target}");
        page.close(fd).await;
    }
}

/// Attack 11.
#[tokio::test]
async fn unix_sockets_of_others_are_out_of_reach() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let fd = page.socket(AF_UNIX, SOCK_STREAM).await;
    let call = |path: &[u8]| Syscall::Connect { fd, addr: AddrIn::of(SockAddr::unix(path)) };
    for path in [
        &b"/var/run/docker.sock"[..],
        b"../x",
        b"..",
        b".",
        b"a/../../x",
        b"/tmp/../var/run/docker.sock",
        b"/tmp/",
        b"/",
        b"//tmp/x",
    ] {
        let rule = page.denied(call(path)).await;
        assert_eq!(rule, Rule::UnixName, "{}", path.escape_ascii());
    }
    // Abstract names are the session's own, so X's is simply not there.
    use std::os::linux::net::SocketAddrExt;
    let name = std::os::unix::net::SocketAddr::from_abstract_name(b"/tmp/.X11-unix/X-soquete")
        .expect("a name");
    let x = std::os::unix::net::UnixListener::bind_addr(&name);
    let _x = x.expect("the real socket is there");
    let answer = page.ret(call(b"\0/tmp/.X11-unix/X-soquete")).await;
    assert_eq!(answer, Err(Errno::ECONNREFUSED));
}

/// An address is what the kernel reads: the length beside it, zeros where bytes are missing, and
/// `AF_UNSPEC` for `AF_INET` where Linux takes it so. What the page says differently is no way in.
#[tokio::test]
async fn an_address_that_lies_about_itself_is_checked_as_the_kernel_reads_it() {
    let bridge = class("[[bind]]\nnet = '127.0.0.1'\nports = ['0-65535']").await;
    let mut page = bridge.client().await;
    let raw = |bytes: &[u8], len| AddrIn { addr: Ptr::to(SockAddr(Bytes(bytes.to_vec()))), len };
    let tcp = page.tcp().await;
    // Family and port only; the kernel would read 0.0.0.0, which is this host.
    let short = raw(&[2, 0, 0, 80], 16);
    assert_eq!(page.denied(Syscall::Connect { fd: tcp, addr: short }).await, Rule::Loopback);
    let udp = page.socket(AF_INET, SOCK_DGRAM).await;
    let unspec = raw(&[0, 0, 0, 80, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], 16);
    let buf = InBuf::of(b"x");
    let call = Syscall::Sendto { fd: udp, buf, flags: 0, addr: unspec.clone() };
    assert_eq!(page.denied(call).await, Rule::Private);
    let everywhere = raw(&[0, 0, 0x1f, 0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);
    let call = Syscall::Bind { fd: tcp, addr: everywhere };
    assert_eq!(page.denied(call).await, Rule::BindNotListed);
    // Disconnecting is not a target.
    assert_eq!(page.ret(Syscall::Connect { fd: udp, addr: unspec }).await, Ok(0));

    let unix = page.socket(AF_UNIX, SOCK_STREAM).await;
    let mut long = b"\x01\0/run/docker.sock".to_vec();
    long.resize(126, 0);
    let call = Syscall::Connect { fd: unix, addr: raw(&long, 110) };
    assert_eq!(page.denied(call).await, Rule::UnixName);
    let call = Syscall::Connect { fd: unix, addr: raw(&long, 126) };
    assert_eq!(page.ret(call).await, Err(Errno::EINVAL));
    let call = Syscall::Connect { fd: unix, addr: raw(&[1], 20) };
    assert_eq!(page.ret(call).await, Err(Errno::ECONNREFUSED), "an abstract name of the session");
}

#[tokio::test]
async fn a_class_joins_no_multicast_group() {
    let bridge = class("").await;
    let mut page = bridge.client().await;
    let fd = page.socket(AF_INET, SOCK_DGRAM).await;
    let call = setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &[224, 0, 0, 251, 0, 0, 0, 0]);
    assert_eq!(page.denied(call).await, Rule::Multicast);
}

/// Attack 11, the symlink: even somebody who can write there gains nothing.
#[tokio::test]
async fn a_link_in_the_private_directory_is_not_followed() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let name = format!("probe-{}", bridge.addr.port());
    let fd = page.socket(AF_UNIX, SOCK_STREAM).await;
    let addr = AddrIn::of(SockAddr::unix(name.as_bytes()));
    assert_eq!(page.ret(Syscall::Bind { fd, addr }).await, Ok(0));
    let dir = std::fs::read_dir(std::env::temp_dir())
        .expect("a temporary directory")
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.join(&name).exists())
        .expect("the session's directory");
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &dir.metadata().expect("it is there").permissions(),
    );
    assert_eq!(mode & 0o777, 0o700);
    let elsewhere = tempfile::tempdir().expect("a directory");
    let target = elsewhere.path().join("docker.sock");
    let _docker = std::os::unix::net::UnixListener::bind(&target).expect("binds");
    std::os::unix::fs::symlink(&target, dir.join("link")).expect("our own directory");
    let fd = page.socket(AF_UNIX, SOCK_STREAM).await;
    let call = Syscall::Connect { fd, addr: AddrIn::of(SockAddr::unix(b"link")) };
    assert_eq!(page.denied(call).await, Rule::UnixName);
    drop(page);
    wait_until(|| !dir.exists()).await;
}

/// Rule 8.
#[tokio::test]
async fn privileged_sockets_options_and_descriptors_are_not_offered() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let socket = |domain, ty, protocol| Syscall::Socket { domain, ty, protocol };
    assert_eq!(page.denied(socket(AF_PACKET, SOCK_RAW, 768)).await, Rule::Family);
    assert_eq!(page.denied(socket(AF_NETLINK, SOCK_RAW, 0)).await, Rule::Family);
    assert_eq!(page.denied(socket(AF_VSOCK, SOCK_STREAM, 0)).await, Rule::Family);
    assert_eq!(page.denied(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)).await, Rule::SocketType);
    assert_eq!(page.denied(socket(AF_INET, SOCK_PACKET, 768)).await, Rule::SocketType);
    let fd = page.tcp().await;
    for (level, name) in [(1, SO_MARK), (1, SO_BINDTODEVICE), (1, SO_ATTACH_FILTER), (0, 19)] {
        assert_eq!(page.denied(setsockopt(fd, level, name, &[0; 16])).await, Rule::Option);
    }
    let mut rights = 20_u64.to_ne_bytes().to_vec();
    rights.extend([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    let msg = MsgIn {
        name: AddrIn::null(),
        iov: vec![InBuf::of(b"x")],
        iov_len: 1,
        control: Bytes(rights),
    };
    let unix =
        Syscall::Socketpair { domain: AF_UNIX, ty: SOCK_STREAM, protocol: 0, fds: OutPtr::good() };
    let Out::Fds { fds: [one, _] } = page.reply(unix).await.out else { panic!("a pair") };
    let passing = Syscall::Sendmsg { fd: one, msg: Some(msg), flags: 0 };
    assert_eq!(page.ret(passing).await, Err(Errno::EBADF), "our own stdout is no handle");
    let zerocopy =
        Syscall::Sendto { fd, buf: InBuf::of(b"x"), flags: MSG_ZEROCOPY, addr: AddrIn::null() };
    assert_eq!(page.denied(zerocopy).await, Rule::Flags);
    assert_eq!(page.denied(Syscall::Fork).await, Rule::NotOffered);
}

async fn is_alive(page: &mut Client) {
    let fd = page.tcp().await;
    page.close(fd).await;
}

/// Attack 13.
#[tokio::test]
async fn nonsense_gets_an_error_and_harms_nobody() {
    let bridge = bridge().await;
    let mut bystander = bridge.client().await;
    let mut page = bridge.client().await;
    let fd = page.tcp().await;
    for len in [u64::from(u32::MAX), u64::MAX, (1 << 20) + 1] {
        assert_eq!(page.denied(recv(fd, len, 0)).await, Rule::MessageBytes);
    }
    let call = Syscall::Recvfrom {
        fd,
        buf: OutBuf { at: 8, len: u64::MAX, ok: false },
        flags: 0,
        addr: AddrOut::null(),
    };
    assert!(page.ret(call).await.is_err());
    let deep = "[".repeat(100_000);
    let half = "{\"type\":\"call\",\"id\":7,\"call\":{\"call\":\"socket\"";
    let wrong = "{\"type\":\"call\",\"id\":7,\"call\":{\"call\":\"socket\",\"domain\":\"x\"}}";
    for text in [half, "", "null", "{}", "{\"type\":\"nonsense\"}", &deep, wrong] {
        page.socket.send(Message::text(text.to_owned())).await.expect("alive");
        let answer = page.hear().await;
        let FromBridge::Error { id, fatal: false, .. } = answer else { panic!("{answer:?}") };
        assert_eq!(id, (text == wrong).then_some(7), "{text}");
    }
    for noise in [&b""[..], b"\xff\xff\xff\xff", b"\x80\x81noise\x05\0\0\0", &[0; 1000]] {
        page.socket.send(Message::binary(noise.to_vec())).await.expect("alive");
        let answer = page.hear().await;
        assert!(matches!(answer, FromBridge::Error { fatal: false, .. }), "{answer:?}");
    }
    is_alive(&mut page).await;

    // 65 MiB: refused by its length, before it is there.
    let huge = Message::binary(vec![0; 65 << 20]);
    let _ = page.socket.send(huge).await; // the bridge may be gone before all is written
    while page.hear_frame().await.is_some() {}
    is_alive(&mut bystander).await;

    // Whoever goes on sending nonsense is closed.
    let mut rude = bridge.client().await;
    for _ in 0..200 {
        if rude.socket.send(Message::text("nonsense")).await.is_err() {
            break;
        }
    }
    while rude.hear_frame().await.is_some() {}
    is_alive(&mut bystander).await;
    wait_until(|| bridge.metrics.sessions() == 1).await;
}

/// Attack 15, the sockets.
#[tokio::test]
async fn ten_thousand_sockets_end_at_the_limit() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let mut bystander = bridge.client().await;
    let (mut made, mut refused) = (Vec::new(), 0);
    for _ in 0..10_000 {
        let call = Syscall::Socket { domain: AF_INET, ty: SOCK_STREAM, protocol: 0 };
        match page.answer(call).await {
            Ok(reply) => made.push(Fd(reply.ret.expect("a socket") as i32)),
            Err(Rule::SocketsPerSession) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((made.len(), refused), (64, 10_000 - 64));
    is_alive(&mut bystander).await;
    page.close(made[0]).await;
    is_alive(&mut page).await;
}

/// Attack 15, the waiting calls: more than the limit are refused, and cancelled ones are over.
#[tokio::test]
async fn waiting_calls_end_at_the_limit() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let (listener, _) = page.listening("127.0.0.1:0").await;
    let mut ids = Vec::new();
    for _ in 0..300 {
        ids.push(page.start(crate::lab::accept(listener)).await);
    }
    let mut refused = 0;
    for id in &ids[256..] {
        if matches!(page.finish(*id).await, FromBridge::Denied { rule: Rule::PendingCalls, .. }) {
            refused += 1;
        }
    }
    assert_eq!(refused, 44);
    for id in &ids[..256] {
        page.say(&ToBridge::Cancel { id: *id }).await;
    }
    for id in &ids[..256] {
        let FromBridge::Done { reply, .. } = page.finish(*id).await else { panic!("answered") };
        assert_eq!(reply.ret, Err(Errno::EINTR));
    }
    is_alive(&mut page).await;
}

/// Sends that wait for a peer which does not read hold their bytes here.
#[tokio::test]
async fn the_bytes_of_waiting_calls_end_at_the_limit() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let pair =
        Syscall::Socketpair { domain: AF_UNIX, ty: SOCK_STREAM, protocol: 0, fds: OutPtr::good() };
    let Out::Fds { fds: [one, _] } = page.reply(pair).await.out else { panic!("a pair") };
    let buf = InBuf::of(&vec![7; 1 << 20]);
    let mut ids = Vec::new();
    for _ in 0..20 {
        let (buf, addr) = (buf.clone(), AddrIn::null());
        ids.push(page.start(Syscall::Sendto { fd: one, buf, flags: 0, addr }).await);
    }
    let last = page.finish(ids[19]).await;
    assert!(matches!(last, FromBridge::Denied { rule: Rule::PendingCalls, .. }), "{last:?}");
    is_alive(&mut page).await;
    let many = vec![abi::PollFd { fd: one, events: 0 }; 5000];
    let poll = Syscall::Poll { fds: Ptr::to(many), nfds: 5000, timeout_ms: -1 };
    assert_eq!(page.denied(poll).await, Rule::MessageBytes);
}

/// A `close` that lingers would keep a thread, of which look-ups of all sessions need some.
#[tokio::test]
async fn closes_that_linger_hold_up_nobody() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let (listener, at) = page.listening("127.0.0.1:0").await;
    let full = vec![7; 1 << 20];
    let mut closing = Vec::new();
    for _ in 0..5 {
        let client = page.tcp().await;
        assert_eq!(page.connect(client, at).await, Ok(0));
        let buf = InBuf::of(&full);
        let flags = MSG_DONTWAIT;
        while page
            .ret(Syscall::Sendto { fd: client, buf: buf.clone(), flags, addr: AddrIn::null() })
            .await
            .is_ok()
        {}
        let linger = [1_i32, 60_000].map(i32::to_ne_bytes).concat();
        page.ret(setsockopt(client, SOL_SOCKET, SO_LINGER, &linger)).await.expect("set");
        closing.push(page.start(Syscall::Close { fd: client }).await);
    }
    let threads = || std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
    let before = threads();
    is_alive(&mut page).await;
    assert!(threads() <= before, "none of them has a thread");
    page.say(&ToBridge::Cancel { id: closing[0] }).await;
    let FromBridge::Done { reply, .. } = page.finish(closing[0]).await else { panic!("answered") };
    assert_eq!(reply.ret, Err(Errno::EINTR));
    // The peer's end makes the rest return.
    page.close(listener).await;
    for id in &closing[1..] {
        let FromBridge::Done { reply, .. } = page.finish(*id).await else { panic!("answered") };
        assert_eq!(reply.ret, Ok(0));
    }
}

#[tokio::test]
async fn a_scan_ends_at_the_limit() {
    let limits = Limits { targets_per_minute: 5, ..Limits::local() };
    let bridge = bridge_with(Options { limits, ..Options::local(page()) }).await;
    let mut page = bridge.client().await;
    for port in 1..=5 {
        let fd = page.tcp().await;
        let target = SocketAddr::new([127, 0, 0, 1].into(), port);
        assert!(page.connect(fd, target).await.is_err());
        assert!(page.connect(fd, target).await.is_err(), "the same target again is no other");
        page.close(fd).await;
    }
    let fd = page.tcp().await;
    let sixth = connect(fd, addr("127.0.0.1:6"));
    assert_eq!(page.denied(sixth).await, Rule::TargetsPerMinute);
}

#[tokio::test]
async fn a_connect_that_nobody_answers_ends_by_the_bridges_name() {
    let limits = Limits { connect_ms: 100, ..Limits::local() };
    let bridge = bridge_with(Options { limits, ..Options::local(page()) }).await;
    let mut page = bridge.client().await;
    // A listener whose queues are full answers no SYN: the simplest peer that is silent.
    let (listener, at) = page.listening("127.0.0.1:0").await;
    page.ret(Syscall::Listen { fd: listener, backlog: 0 }).await.expect("listens");
    for _ in 0..10 {
        let fd = page.tcp().await;
        match page.answer(connect(fd, at)).await {
            Ok(reply) => assert_eq!(reply.ret, Ok(0)),
            Err(rule) => return assert_eq!(rule, Rule::ConnectTime),
        }
    }
    panic!("the queue never filled");
}

#[tokio::test]
async fn more_sessions_than_allowed_are_refused_and_a_place_comes_free() {
    let limits = Limits { sessions: 2, ..Limits::local() };
    let bridge = bridge_with(Options { limits, ..Options::local(page()) }).await;
    let (first, _second) = (bridge.client().await, bridge.client().await);
    let own = bridge.addr.to_string();
    let token = format!("tok.{}", bridge.token.reveal());
    let protocols = [abi::message::SUBPROTOCOL, &token];
    let origin = format!("http://{own}");
    let third = bridge.try_client(&own, Some(&origin), &protocols).await;
    assert_eq!(third.err(), Some(503));
    drop(first);
    wait_until(|| bridge.metrics.sessions() == 1).await;
    bridge.client().await.tcp().await;
}

#[tokio::test]
async fn an_idle_session_ends_and_one_that_waits_does_not() {
    let limits = Limits { idle_s: 1, ..Limits::local() };
    let bridge = bridge_with(Options { limits, ..Options::local(page()) }).await;
    let (mut waits, mut idles) = (bridge.client().await, bridge.client().await);
    let (listener, at) = waits.listening("127.0.0.1:0").await;
    let waiting = waits.start(crate::lab::accept(listener)).await;
    let FromBridge::Error { fatal: true, detail, .. } = idles.hear().await else {
        panic!("told why");
    };
    assert!(detail.contains("idle for 1 s"), "{detail}");
    let _peer = tokio::net::TcpStream::connect(at).await.expect("it listens");
    assert!(matches!(waits.finish(waiting).await, FromBridge::Done { .. }));
}

#[tokio::test]
async fn stopping_tells_every_session_and_closes_everything() {
    let mut bridge = bridge().await;
    let mut page = bridge.client().await;
    let (listener, at) = page.listening("127.0.0.1:0").await;
    page.start(crate::lab::accept(listener)).await;
    bridge.stop.cancel();
    loop {
        if let FromBridge::Error { fatal: true, .. } = page.hear().await {
            break;
        }
    }
    assert!(page.hear_frame().await.is_none());
    (&mut bridge.ended).await.expect("no panic").expect("an orderly end");
    assert_eq!((bridge.metrics.sessions(), bridge.metrics.open_sockets()), (0, 0));
    tokio::net::TcpStream::connect(at).await.expect_err("the student's listener is gone");
}

#[tokio::test]
async fn setting_an_unreadable_value_is_a_fault_of_the_program() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let fd = page.tcp().await;
    let value = Ptr { at: 1, value: None };
    let call = Syscall::Setsockopt { fd, level: 1, name: SO_REUSEADDR, value, len: 4 };
    assert_eq!(page.ret(call).await, Err(Errno::EFAULT));
}
