//! Calls on this computer's kernel: what a blocking program sees, although every socket of the
//! bridge is non-blocking. Expected values are those that Linux 6.18 gives a C program.

use crate::lab::{
    Caller, accept, bridge, bytes, connect, getsockopt, recv, send, setsockopt, to, wait_until,
};
use abi::consts::*;
use abi::message::{FromBridge, ToBridge};
use abi::syscall::{AddrInfoHints, FdSets, MsgIn, MsgOut, Ptr, Timespec};
use abi::{
    AddrIn, AddrOut, Bytes, Errno, Fd, InBuf, Out, OutBuf, OutPtr, PollFd, SockAddr, Syscall,
};
use soquete_bridge::exec::{Call, Options, Outcome, Session, UnixNames};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

fn session() -> Session {
    Session::new(Options::terminal())
}

/// A connected pair, client and server.
async fn pair(mut program: impl Caller) -> (Fd, Fd) {
    let (listener, at) = program.listening("127.0.0.1:0").await;
    let client = program.tcp().await;
    assert_eq!(program.connect(client, at).await, Ok(0));
    let server = Fd(program.ret(accept(listener)).await.expect("a connection") as i32);
    program.close(listener).await;
    (client, server)
}

fn time(ms: i64) -> Vec<u8> {
    [(ms / 1000).to_ne_bytes(), (ms % 1000 * 1000).to_ne_bytes()].concat()
}

fn int(value: i32) -> [u8; 4] {
    value.to_ne_bytes()
}

#[tokio::test]
async fn an_echo_between_two_sockets_of_one_session() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let (listener, at) = page.listening("127.0.0.1:0").await;
    let waiting = page.start(accept(listener)).await;
    let client = page.tcp().await;
    assert_eq!(page.connect(client, at).await, Ok(0));
    let FromBridge::Done { reply, .. } = page.finish(waiting).await else {
        panic!("accept is answered");
    };
    let server = Fd(reply.ret.expect("a connection") as i32);
    let receiving = page.start(recv(server, 100, 0)).await;
    assert_eq!(page.send(client, b"ola").await, Ok(3));
    let FromBridge::Done { reply, steps, .. } = page.finish(receiving).await else {
        panic!("recv is answered");
    };
    assert_eq!(bytes(reply), Ok(b"ola".to_vec()));
    assert!(steps[0].text.contains("EAGAIN"), "what the kernel really did: {steps:?}");
    page.close(client).await;
    assert_eq!(page.recv(server, 100).await, Ok(Vec::new()));
}

/// `SO_ERROR` instead of a second `connect` would make the second one say `ECONNABORTED`.
#[tokio::test]
async fn a_refused_connect_is_what_a_blocking_program_sees_every_time() {
    let session = session();
    let mut program = &session;
    let (listener, at) = program.listening("127.0.0.1:0").await;
    program.close(listener).await;
    let client = program.tcp().await;
    for _ in 0..3 {
        let Outcome::Done(done) = session.call(Call::new(connect(client, at))).await else {
            panic!("answered");
        };
        assert_eq!(done.reply.ret, Err(Errno::ECONNREFUSED));
        let steps: Vec<&str> = done.steps.iter().map(|step| step.text.as_str()).collect();
        assert_eq!(
            steps,
            [
                "connect(…) = -1 EINPROGRESS (Operation now in progress)",
                "poll(…) → POLLOUT|POLLERR|POLLHUP",
                "connect(…) = -1 ECONNREFUSED (Connection refused)"
            ]
        );
    }
}

#[tokio::test]
async fn a_connected_socket_says_so_when_connected_again() {
    let session = session();
    let mut program = &session;
    let (_listener, at) = program.listening("127.0.0.1:0").await;
    let client = program.tcp().await;
    assert_eq!(program.connect(client, at).await, Ok(0));
    assert_eq!(program.connect(client, at).await, Err(Errno::EISCONN));
}

#[tokio::test]
async fn a_handle_that_is_not_ours_is_a_bad_descriptor() {
    let bridge = bridge().await;
    let (mut one, mut other) = (bridge.client().await, bridge.client().await);
    let fd = one.tcp().await;
    for bad in [fd, Fd(0), Fd(9), Fd(-1), Fd(i32::MAX), Fd(i32::MIN)] {
        assert_eq!(other.send(bad, b"x").await, Err(Errno::EBADF), "{bad:?}");
        assert_eq!(other.ret(Syscall::Close { fd: bad }).await, Err(Errno::EBADF), "{bad:?}");
        assert_eq!(other.ret(Syscall::Dup { fd: bad }).await, Err(Errno::EBADF), "{bad:?}");
        assert_eq!(other.ret(accept(bad)).await, Err(Errno::EBADF), "{bad:?}");
    }
    let nowhere: SocketAddr = "127.0.0.1:1".parse().expect("an address");
    assert_eq!(one.connect(fd, nowhere).await, Err(Errno::ECONNREFUSED));
}

/// The kernel's own order of checks: what the program passed reaches it.
#[tokio::test]
async fn wrong_arguments_get_the_kernels_own_errno() {
    let session = session();
    let mut program = &session;
    let socket = |domain, ty, protocol| Syscall::Socket { domain, ty, protocol };
    assert_eq!(program.ret(socket(7, 99, 3)).await, Err(Errno::EINVAL));
    assert_eq!(program.ret(socket(99, 1, 0)).await, Err(Errno::EAFNOSUPPORT));
    assert_eq!(program.ret(socket(2, 1, 17)).await, Err(Errno::EPROTONOSUPPORT));
    assert_eq!(program.ret(socket(2, 5, 0)).await, Err(Errno::ESOCKTNOSUPPORT));

    let fd = program.tcp().await;
    let at = SockAddr::inet("127.0.0.1".parse().expect("an address"), 1);
    let short = AddrIn { addr: Ptr::to(at.clone()), len: 8 };
    assert_eq!(program.ret(Syscall::Connect { fd, addr: short.clone() }).await, Err(Errno::EINVAL));
    let negative = AddrIn { addr: Ptr::to(at.clone()), len: -1 };
    assert_eq!(program.ret(Syscall::Bind { fd, addr: negative }).await, Err(Errno::EINVAL));
    let unreadable = AddrIn { addr: Ptr { at: 16, value: None }, len: 16 };
    assert_eq!(program.ret(Syscall::Connect { fd, addr: unreadable }).await, Err(Errno::EFAULT));
    let other_family = AddrIn::of(SockAddr::inet6("::1".parse().expect("an address"), 1, 0, 0));
    let answer = program.ret(Syscall::Connect { fd, addr: other_family }).await;
    assert_eq!(answer, Err(Errno::EAFNOSUPPORT));
    assert_eq!(program.bind(fd, "192.0.2.1:0").await, Err(Errno::EADDRNOTAVAIL));
    assert_eq!(program.recv(fd, 10).await, Err(Errno::ENOTCONN));
    assert_eq!(program.send(fd, b"x").await, Err(Errno::EPIPE));
    assert_eq!(program.ret(accept(fd)).await, Err(Errno::EINVAL));
    assert_eq!(program.ret(Syscall::Shutdown { fd, how: 9 }).await, Err(Errno::EINVAL));
    assert_eq!(program.ret(Syscall::Shutdown { fd, how: 1 }).await, Err(Errno::ENOTCONN));
    let peer = Syscall::Getpeername { fd, addr: AddrOut::room(16) };
    assert_eq!(program.ret(peer).await, Err(Errno::ENOTCONN));
    assert_eq!(program.ret(setsockopt(fd, 1, SO_REUSEADDR, &[1])).await, Err(Errno::EINVAL));
    assert_eq!(program.ret(getsockopt(fd, 4711, 1)).await, Err(Errno::EOPNOTSUPP));
    let null = Syscall::Setsockopt { fd, level: 1, name: 2, value: Ptr::null(), len: 4 };
    assert_eq!(program.ret(null).await, Err(Errno::EFAULT));

    let udp = program.socket(AF_INET, SOCK_DGRAM).await;
    assert_eq!(program.ret(Syscall::Listen { fd: udp, backlog: 1 }).await, Err(Errno::EOPNOTSUPP));
    assert_eq!(program.ret(accept(udp)).await, Err(Errno::EOPNOTSUPP));
    assert_eq!(program.send(udp, b"x").await, Err(Errno::EDESTADDRREQ));

    let (client, server) = pair(program).await;
    let unreadable = InBuf { at: 16, len: 5, bytes: None };
    let call = Syscall::Sendto { fd: client, buf: unreadable, flags: 0, addr: AddrIn::null() };
    assert_eq!(program.ret(call).await, Err(Errno::EFAULT));
    program.send(client, b"x").await.expect("sends");
    let unwritable = OutBuf { at: 16, len: 5, ok: false };
    let call = Syscall::Recvfrom { fd: server, buf: unwritable, flags: 0, addr: AddrOut::null() };
    assert_eq!(program.ret(call).await, Err(Errno::EFAULT));
}

#[tokio::test]
async fn a_port_in_use_is_refused_and_a_second_listener_too() {
    let session = session();
    let mut program = &session;
    let (_listener, at) = program.listening("127.0.0.1:0").await;
    let second = program.tcp().await;
    assert_eq!(program.bind(second, &at.to_string()).await, Err(Errno::EADDRINUSE));
}

#[tokio::test]
async fn the_sockets_own_time_ends_a_wait() {
    let session = session();
    let mut program = &session;
    let (client, _server) = pair(program).await;
    program.ret(setsockopt(client, 1, SO_RCVTIMEO, &time(30))).await.expect("set");
    let began = Instant::now();
    assert_eq!(program.recv(client, 10).await, Err(Errno::EAGAIN));
    assert!(began.elapsed() >= Duration::from_millis(30));
    let (listener, _) = program.listening("127.0.0.1:0").await;
    program.ret(setsockopt(listener, 1, SO_RCVTIMEO, &time(30))).await.expect("set");
    assert_eq!(program.ret(accept(listener)).await, Err(Errno::EAGAIN));
}

/// A connection has its listener's options, also those that the bridge stands for.
#[tokio::test]
async fn an_accepted_socket_has_its_listeners_time_and_low_water() {
    let session = session();
    let mut program = &session;
    let (listener, at) = program.listening("127.0.0.1:0").await;
    program.ret(setsockopt(listener, 1, SO_RCVTIMEO, &time(30))).await.expect("set");
    program.ret(setsockopt(listener, 1, SO_RCVLOWAT, &int(3))).await.expect("set");
    let client = program.tcp().await;
    program.connect(client, at).await.expect("connects");
    let server = Fd(program.ret(accept(listener)).await.expect("a connection") as i32);
    assert_eq!(program.recv(server, 9).await, Err(Errno::EAGAIN));
    program.send(client, b"ab").await.expect("sends");
    // Less than the low water: what there is, when the time is over.
    assert_eq!(program.recv(server, 9).await, Ok(b"ab".to_vec()));
}

#[tokio::test]
async fn sending_ends_with_what_was_queued_when_its_time_is_over() {
    let session = session();
    let mut program = &session;
    let (client, _server) = pair(program).await;
    program.ret(setsockopt(client, 1, SO_SNDTIMEO, &time(30))).await.expect("set");
    let much = vec![7; 64 << 20];
    let queued = program.send(client, &much).await.expect("a part");
    assert!(queued > 0 && (queued as usize) < much.len(), "{queued}");
    // The kernel lets the buffer grow for a while.
    for _ in 0..100 {
        match program.send(client, &much).await {
            Ok(_) => {}
            Err(errno) => return assert_eq!(errno, Errno::EAGAIN),
        }
    }
    panic!("the buffers never fill");
}

#[tokio::test]
async fn a_blocking_send_queues_everything() {
    let session = session();
    let (client, server) = pair(&session).await;
    let much: Vec<u8> = (0..16 << 20).map(|i: u32| (i >> 8) as u8).collect();
    let sending = async {
        let sent = (&session).send(client, &much).await;
        (&session).close(client).await;
        sent
    };
    let mut reader = &session;
    let (sent, received) = tokio::join!(sending, reader.recv_all(server));
    assert_eq!(sent, Ok(much.len() as i64));
    assert!(received == much);
}

#[tokio::test]
async fn waitall_waits_for_all_or_the_end() {
    let session = session();
    let mut program = &session;
    let (client, server) = pair(program).await;
    for flags in [MSG_WAITALL | MSG_PEEK, MSG_WAITALL] {
        let mut reader = &session;
        let writer = async {
            let mut program = &session;
            if flags & MSG_PEEK != 0 {
                program.send(client, b"ab").await.expect("sends");
                tokio::task::yield_now().await;
                program.send(client, b"cdef").await.expect("sends");
            }
        };
        let (reply, ()) = tokio::join!(reader.reply(recv(server, 6, flags)), writer);
        assert_eq!(bytes(reply), Ok(b"abcdef".to_vec()), "{flags}");
    }
    program.send(client, b"xyz").await.expect("sends");
    program.close(client).await;
    let reply = program.reply(recv(server, 6, MSG_WAITALL)).await;
    assert_eq!((reply.ret, bytes(reply)), (Ok(3), Ok(b"xyz".to_vec())));
}

#[tokio::test]
async fn rcvlowat_waits_for_enough() {
    let session = session();
    let mut program = &session;
    let (client, server) = pair(program).await;
    program.ret(setsockopt(server, 1, SO_RCVLOWAT, &int(4))).await.expect("set");
    let writer = async {
        let mut program = &session;
        program.send(client, b"ab").await.expect("sends");
        tokio::task::yield_now().await;
        program.send(client, b"cd").await.expect("sends");
    };
    let mut reader = &session;
    let (got, ()) = tokio::join!(reader.recv(server, 100), writer);
    assert_eq!(got, Ok(b"abcd".to_vec()));
}

#[tokio::test]
async fn a_reset_is_seen_once_and_then_a_broken_pipe() {
    let session = session();
    let mut program = &session;
    let (client, server) = pair(program).await;
    program.ret(setsockopt(server, 1, SO_LINGER, &[int(1), int(0)].concat())).await.expect("set");
    program.close(server).await;
    assert_eq!(program.recv(client, 10).await, Err(Errno::ECONNRESET));
    assert_eq!(program.recv(client, 10).await, Ok(Vec::new()));
    assert_eq!(program.send(client, b"x").await, Err(Errno::EPIPE));
}

/// A blocking `send` that had queued a part returns the part; the reset waits for the next call.
#[tokio::test]
async fn a_reset_in_the_middle_of_a_send_is_left_for_the_next_call() {
    let session = session();
    let mut program = &session;
    let (client, server) = pair(program).await;
    let much = vec![7; 64 << 20];
    let resetting = async {
        let mut program = &session;
        program.recv(server, 1 << 16).await.expect("the first bytes");
        let linger = [int(1), int(0)].concat();
        program.ret(setsockopt(server, 1, SO_LINGER, &linger)).await.expect("set");
        program.close(server).await;
    };
    let mut sender = &session;
    let (sent, ()) = tokio::join!(sender.send(client, &much), resetting);
    let sent = sent.expect("a part");
    assert!(sent > 0 && (sent as usize) < much.len());
    assert_eq!(program.send(client, b"x").await, Err(Errno::ECONNRESET));
    assert_eq!(program.send(client, b"x").await, Err(Errno::EPIPE));
}

#[tokio::test]
async fn half_a_connection_still_carries_the_other_half() {
    let session = session();
    let mut program = &session;
    let (client, server) = pair(program).await;
    program.ret(Syscall::Shutdown { fd: client, how: SHUT_WR }).await.expect("shuts");
    assert_eq!(program.recv(server, 10).await, Ok(Vec::new()));
    assert_eq!(program.send(server, b"still").await, Ok(5));
    assert_eq!(program.recv(client, 10).await, Ok(b"still".to_vec()));
    assert_eq!(program.send(client, b"x").await, Err(Errno::EPIPE));
}

#[tokio::test]
async fn urgent_data_is_out_of_band() {
    let session = session();
    let mut program = &session;
    let (client, server) = pair(program).await;
    assert_eq!(program.ret(send(client, b"ab!", MSG_OOB)).await, Ok(3));
    assert_eq!(program.recv(server, 10).await, Ok(b"ab".to_vec()));
    assert_eq!(bytes(program.reply(recv(server, 10, MSG_OOB)).await), Ok(b"!".to_vec()));
    assert_eq!(bytes(program.reply(recv(server, 10, MSG_OOB)).await), Err(Errno::EINVAL));
}

#[tokio::test]
async fn datagrams_keep_their_boundaries_and_their_senders() {
    let session = session();
    let mut program = &session;
    for (domain, any) in [(AF_INET, "127.0.0.1:0"), (AF_INET6, "[::1]:0")] {
        let (a, b) =
            (program.socket(domain, SOCK_DGRAM).await, program.socket(domain, SOCK_DGRAM).await);
        program.bind(a, any).await.expect("binds");
        program.bind(b, any).await.expect("binds");
        let (at_a, at_b) = (program.sockname(a).await, program.sockname(b).await);
        let sendto = |bytes: &[u8]| Syscall::Sendto {
            fd: a,
            buf: InBuf::of(bytes),
            flags: 0,
            addr: to(&at_b.to_string()),
        };
        assert_eq!(program.ret(sendto(b"first")).await, Ok(5));
        assert_eq!(program.ret(sendto(b"")).await, Ok(0));
        assert_eq!(program.ret(sendto(b"third")).await, Ok(5));
        let recvfrom = |len, flags| Syscall::Recvfrom {
            fd: b,
            buf: OutBuf::of(len),
            flags,
            addr: AddrOut::room(16),
        };
        let from = Some(SockAddr::from_std(at_a));
        let reply = program.reply(recvfrom(3, MSG_TRUNC)).await;
        let out = Out::From { bytes: Bytes(b"fir".to_vec()), addr: from.clone() };
        assert_eq!((reply.ret, reply.out), (Ok(5), out), "MSG_TRUNC: the real length");
        let reply = program.reply(recvfrom(10, 0)).await;
        let out = Out::From { bytes: Bytes::default(), addr: from.clone() };
        assert_eq!((reply.ret, reply.out), (Ok(0), out), "an empty datagram is not an end");
        let reply = program.reply(recvfrom(10, 0)).await;
        assert_eq!(reply.out, Out::From { bytes: Bytes(b"third".to_vec()), addr: from });
        // An ICMP error comes back to a connected socket.
        program.close(b).await;
        program.connect(a, at_b).await.expect("connects");
        program.send(a, b"to nobody").await.expect("sends");
        assert_eq!(program.recv(a, 10).await, Err(Errno::ECONNREFUSED));
    }
}

#[tokio::test]
async fn message_headers_scatter_and_gather() {
    let session = session();
    let mut program = &session;
    let (client, server) = pair(program).await;
    let msg = MsgIn {
        name: AddrIn::null(),
        iov: vec![InBuf::of(b"GET "), InBuf::of(b""), InBuf::of(b"/ HTTP")],
        iov_len: 3,
        control: Bytes::default(),
    };
    assert_eq!(
        program.ret(Syscall::Sendmsg { fd: client, msg: Some(msg), flags: 0 }).await,
        Ok(10)
    );
    let msg = MsgOut {
        name: OutPtr::null(),
        name_len: 0,
        iov: vec![OutBuf::of(4), OutBuf::of(100)],
        iov_len: 2,
        control_len: 0,
    };
    let reply = program.reply(Syscall::Recvmsg { fd: server, msg: Some(msg), flags: 0 }).await;
    assert_eq!(bytes(reply), Ok(b"GET / HTTP".to_vec()));
    let many =
        MsgIn { name: AddrIn::null(), iov: vec![], iov_len: 1025, control: Bytes::default() };
    let answer = program.ret(Syscall::Sendmsg { fd: client, msg: Some(many), flags: 0 }).await;
    assert_eq!(answer, Err(Errno::EMSGSIZE));
    let none = Syscall::Recvmsg { fd: server, msg: None, flags: 0 };
    assert_eq!(program.ret(none).await, Err(Errno::EFAULT));
}

async fn unix_pair_of(mut program: impl Caller, ty: i32) -> [Fd; 2] {
    let call = Syscall::Socketpair { domain: AF_UNIX, ty, protocol: 0, fds: OutPtr::good() };
    let Out::Fds { fds } = program.reply(call).await.out else { panic!("a pair") };
    fds
}

async fn unix_pair(program: impl Caller) -> [Fd; 2] {
    unix_pair_of(program, SOCK_STREAM).await
}

fn message(bytes: &[u8], control: Vec<u8>) -> MsgIn {
    let iov = vec![InBuf::of(bytes)];
    MsgIn { name: AddrIn::null(), iov, iov_len: 1, control: Bytes(control) }
}

fn rights(fds: &[i32]) -> Vec<u8> {
    let mut control = (16 + 4 * fds.len() as u64).to_ne_bytes().to_vec();
    control.extend([SOL_SOCKET, SCM_RIGHTS].map(i32::to_ne_bytes).concat());
    control.extend(fds.iter().flat_map(|fd| fd.to_ne_bytes()));
    control
}

fn room(len: u64, control_len: u64) -> MsgOut {
    let iov = vec![OutBuf::of(len)];
    MsgOut { name: OutPtr::null(), name_len: 0, iov, iov_len: 1, control_len }
}

#[tokio::test]
async fn descriptors_travel_in_messages_and_arrive_as_handles() {
    let session = session();
    let mut program = &session;
    let [here, there] = unix_pair(&session).await;
    let pipe = Syscall::Pipe2 { fds: OutPtr::good(), flags: 0 };
    let Out::Fds { fds: [out, into] } = program.reply(pipe).await.out else { panic!("a pipe") };
    let flags = Syscall::Fcntl { fd: into, cmd: F_SETFL, arg: O_NONBLOCK.into() };
    program.ret(flags).await.expect("non-blocking");
    let msg = Some(message(b"x", rights(&[into.0])));
    program.ret(Syscall::Sendmsg { fd: here, msg, flags: 0 }).await.expect("sent");
    let msg = Some(room(4, 24));
    let reply = program.reply(Syscall::Recvmsg { fd: there, msg, flags: 0 }).await;
    let Out::Msg { control, .. } = reply.out else { panic!("a message") };
    assert_eq!(control.0.len(), 24, "CMSG_SPACE");
    let new = Fd(i32::from_ne_bytes(*control.0[16..].first_chunk().expect("a number")));
    assert_ne!(new, into);
    let getfl = Syscall::Fcntl { fd: new, cmd: F_GETFL, arg: 0 };
    let got = program.ret(getfl).await.expect("open");
    assert_ne!(got & i64::from(O_NONBLOCK), 0, "the description is the same");
    program.close(into).await;
    assert_eq!(program.ret(Syscall::Write { fd: new, buf: InBuf::of(b"oi") }).await, Ok(2));
    let reply = program.reply(Syscall::Read { fd: out, buf: OutBuf::of(9) }).await;
    assert_eq!(bytes(reply), Ok(b"oi".to_vec()));
    program.close(new).await;
    let reply = program.reply(Syscall::Read { fd: out, buf: OutBuf::of(9) }).await;
    assert_eq!(bytes(reply), Ok(Vec::new()), "nothing of it is left open");
    for bad in [0, 2, -1, 999] {
        let msg = Some(message(b"x", rights(&[bad])));
        let call = Syscall::Sendmsg { fd: here, msg, flags: 0 };
        assert_eq!(program.ret(call).await, Err(Errno::EBADF), "{bad}");
    }
}

#[tokio::test]
async fn many_messages_in_one_call() {
    let session = session();
    let mut program = &session;
    let [here, there] = unix_pair_of(&session, SOCK_DGRAM).await;
    let msgs = vec![message(b"one", Vec::new()), message(b"three", Vec::new())];
    let call = Syscall::Sendmmsg { fd: here, msgs, count: 2, flags: 0 };
    assert_eq!(program.reply(call).await.out, Out::Words { words: vec![3, 5] });
    let msgs = vec![room(4, 0), room(9, 0), room(9, 0)];
    let flags = MSG_WAITFORONE;
    let call = Syscall::Recvmmsg { fd: there, msgs, count: 3, flags, timeout: Ptr::null() };
    let Out::Msgs { msgs } = program.reply(call).await.out else { panic!("messages") };
    let texts: Vec<&[u8]> = msgs.iter().map(|msg| msg.bytes.0.as_slice()).collect();
    assert_eq!(texts, [&b"one"[..], b"three"]);
}

#[tokio::test]
async fn counters_are_waited_for_beside_sockets() {
    let session = session();
    let mut program = &session;
    let event = Syscall::Eventfd2 { count: 3, flags: 0 };
    let event = Fd(program.ret(event).await.expect("an eventfd") as i32);
    let timer = Syscall::TimerfdCreate { clock: CLOCK_MONOTONIC, flags: O_CLOEXEC };
    let timer = Fd(program.ret(timer).await.expect("a timerfd") as i32);
    let read = |fd| Syscall::Read { fd, buf: OutBuf::of(8) };
    assert_eq!(bytes(program.reply(read(event)).await), Ok(3_u64.to_ne_bytes().to_vec()));
    let soon = Timespec { sec: 0, nsec: 20_000_000 };
    let value = abi::syscall::Timer { interval: Timespec::default(), value: soon };
    let set = Syscall::TimerfdSettime {
        fd: timer,
        flags: 0,
        timer: Ptr::to(value),
        old: abi::OutPtr::null(),
    };
    let Out::Timer { timer: before } = program.reply(set).await.out else { panic!("a time") };
    assert_eq!(before, abi::syscall::Timer::default());
    let entry = |fd| PollFd { fd, events: POLLIN as i16 };
    let fds = Ptr::to(vec![entry(event), entry(timer)]);
    let reply = program.reply(Syscall::Poll { fds, nfds: 2, timeout_ms: -1 }).await;
    assert_eq!(reply.out, Out::Revents { revents: vec![0, POLLIN as i16] });
    assert_eq!(bytes(program.reply(read(timer)).await), Ok(1_u64.to_ne_bytes().to_vec()));
    let mut other = &session;
    let write = Syscall::Write { fd: event, buf: InBuf::of(&7_u64.to_ne_bytes()) };
    let (waited, wrote) =
        tokio::join!(program.reply(read(event)), async { other.ret(write).await });
    assert_eq!(wrote, Ok(8));
    assert_eq!(bytes(waited), Ok(7_u64.to_ne_bytes().to_vec()));
    let bad = Syscall::Eventfd2 { count: 0, flags: 12345 };
    assert_eq!(program.ret(bad).await, Err(Errno::EINVAL));
}

#[tokio::test]
async fn lengths_that_add_up_to_nothing_are_no_room() {
    let session = session();
    let mut program = &session;
    let pipe = Syscall::Pipe2 { fds: OutPtr::good(), flags: 0 };
    let Out::Fds { fds: [out, into] } = program.reply(pipe).await.out else { panic!("a pipe") };
    program.ret(Syscall::Write { fd: into, buf: InBuf::of(b"oi") }).await.expect("written");
    let iov = vec![OutBuf::of(u64::MAX), OutBuf::of(2)];
    let call = Syscall::Readv { fd: out, iov, count: 2 };
    assert!(matches!(session.call(Call::new(call)).await, Outcome::Denied(_)));
}

#[tokio::test]
async fn unix_names_are_private_and_read_as_written() {
    let options = Options { unix: UnixNames::Private, ..Options::terminal() };
    let (session, stranger) = (Session::new(options.clone()), Session::new(options));
    let mut program = &session;
    for written in [&b"chat.sock"[..], b"/tmp/chat2.sock", b"\0abstract"] {
        let addr = SockAddr::unix(written);
        let listener = program.socket(AF_UNIX, SOCK_STREAM).await;
        let bind = Syscall::Bind { fd: listener, addr: AddrIn::of(addr.clone()) };
        assert_eq!(program.ret(bind.clone()).await, Ok(0));
        program.ret(Syscall::Listen { fd: listener, backlog: 1 }).await.expect("listens");
        let name = Syscall::Getsockname { fd: listener, addr: AddrOut::room(110) };
        assert_eq!(program.reply(name).await.out, Out::Addr { addr: addr.clone() });
        let client = program.socket(AF_UNIX, SOCK_STREAM).await;
        let call = Syscall::Connect { fd: client, addr: AddrIn::of(addr.clone()) };
        assert_eq!(program.ret(call).await, Ok(0));
        program.send(client, b"oi").await.expect("sends");
        let server = Fd(program.ret(accept(listener)).await.expect("a connection") as i32);
        assert_eq!(program.recv(server, 9).await, Ok(b"oi".to_vec()));
        // The same name in another session is another socket.
        let other = (&stranger).socket(AF_UNIX, SOCK_STREAM).await;
        let call = Syscall::Connect { fd: other, addr: AddrIn::of(addr) };
        let expected = if written[0] == 0 { Errno::ECONNREFUSED } else { Errno::ENOENT };
        assert_eq!((&stranger).ret(call).await, Err(expected));
        if written[0] != 0 {
            let again = program.socket(AF_UNIX, SOCK_STREAM).await;
            let Syscall::Bind { addr, .. } = bind else { unreachable!("it is a bind") };
            let bind = Syscall::Bind { fd: again, addr };
            assert_eq!(program.ret(bind.clone()).await, Err(Errno::EADDRINUSE));
            let unlink = Syscall::Unlink { path: Ptr::to(Bytes(written.to_vec())) };
            assert_eq!(program.ret(unlink.clone()).await, Ok(0));
            assert_eq!(program.ret(unlink).await, Err(Errno::ENOENT));
            assert_eq!(program.ret(bind).await, Ok(0));
        }
    }
}

#[tokio::test]
async fn a_unix_connect_waits_for_a_place_in_the_backlog() {
    let options = Options { unix: UnixNames::Private, ..Options::terminal() };
    let session = Session::new(options);
    let mut program = &session;
    let addr = AddrIn::of(SockAddr::unix(b"full"));
    let listener = program.socket(AF_UNIX, SOCK_STREAM).await;
    program.ret(Syscall::Bind { fd: listener, addr: addr.clone() }).await.expect("binds");
    program.ret(Syscall::Listen { fd: listener, backlog: 0 }).await.expect("listens");
    let first = program.socket(AF_UNIX, SOCK_STREAM).await;
    program.ret(Syscall::Connect { fd: first, addr: addr.clone() }).await.expect("one place");
    let second = program.socket(AF_UNIX, SOCK_STREAM).await;
    let connecting = Syscall::Connect { fd: second, addr };
    let mut other = &session;
    let (connected, accepted) =
        tokio::join!(program.ret(connecting), async { other.ret(accept(listener)).await });
    assert_eq!(connected, Ok(0));
    accepted.expect("the first");
}

#[tokio::test]
async fn pairs_and_pipes_and_duplicates() {
    let session = session();
    let mut program = &session;
    let call = Syscall::Socketpair {
        domain: AF_UNIX,
        ty: SOCK_SEQPACKET,
        protocol: 0,
        fds: OutPtr::good(),
    };
    let Out::Fds { fds: [a, b] } = program.reply(call).await.out else { panic!("two handles") };
    program.send(a, b"one").await.expect("sends");
    program.send(a, b"two").await.expect("sends");
    assert_eq!(program.recv(b, 2).await, Ok(b"on".to_vec()));
    let twin = Fd(program.ret(Syscall::Dup { fd: b }).await.expect("a duplicate") as i32);
    program.close(b).await;
    assert_eq!(program.recv(twin, 9).await, Ok(b"two".to_vec()));
    program.close(twin).await;
    assert_eq!(program.send(a, b"x").await, Err(Errno::EPIPE));

    let call = Syscall::Pipe2 { fds: OutPtr::good(), flags: 0 };
    let Out::Fds { fds: [from, into] } = program.reply(call).await.out else { panic!("two") };
    let write = Syscall::Write { fd: into, buf: InBuf::of(b"pipe") };
    assert_eq!(program.ret(write.clone()).await, Ok(4));
    let read = Syscall::Read { fd: from, buf: OutBuf::of(9) };
    assert_eq!(bytes(program.reply(read.clone()).await), Ok(b"pipe".to_vec()));
    assert_eq!(program.send(into, b"x").await, Err(Errno::ENOTSOCK));
    program.close(into).await;
    assert_eq!(bytes(program.reply(read).await), Ok(Vec::new()));
}

#[tokio::test]
async fn what_is_non_blocking_for_the_program_does_not_wait() {
    let session = session();
    let mut program = &session;
    let (client, _server) = pair(program).await;
    assert_eq!(bytes(program.reply(recv(client, 9, MSG_DONTWAIT)).await), Err(Errno::EAGAIN));
    let getfl = Syscall::Fcntl { fd: client, cmd: F_GETFL, arg: 0 };
    assert_eq!(program.ret(getfl.clone()).await, Ok(i64::from(O_RDWR)));
    let setfl = Syscall::Fcntl { fd: client, cmd: F_SETFL, arg: i64::from(O_NONBLOCK) };
    assert_eq!(program.ret(setfl).await, Ok(0));
    assert_eq!(program.ret(getfl).await, Ok(i64::from(O_RDWR | O_NONBLOCK)));
    assert_eq!(program.recv(client, 9).await, Err(Errno::EAGAIN));
    let quick = program.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK).await;
    let (listener, at) = program.listening("127.0.0.1:0").await;
    assert_eq!(program.connect(quick, at).await, Err(Errno::EINPROGRESS));
    let accept4 = Syscall::Accept4 { fd: listener, addr: AddrOut::null(), flags: SOCK_NONBLOCK };
    let server = Fd(program.ret(accept4).await.expect("a connection") as i32);
    assert_eq!(program.recv(server, 9).await, Err(Errno::EAGAIN));
    let bad = Syscall::Accept4 { fd: listener, addr: AddrOut::null(), flags: 1 };
    assert_eq!(program.ret(bad).await, Err(Errno::EINVAL));
}

fn poll(fds: &[(Fd, i32)], timeout_ms: i32) -> Syscall {
    let entries = fds.iter().map(|(fd, events)| PollFd { fd: *fd, events: *events as i16 });
    Syscall::Poll { fds: Ptr::to(entries.collect()), nfds: fds.len() as u64, timeout_ms }
}

#[tokio::test]
async fn poll_sees_what_the_kernel_sees() {
    let session = session();
    let mut program = &session;
    let unconnected = program.tcp().await;
    let (client, server) = pair(program).await;
    let (listener, at) = program.listening("127.0.0.1:0").await;
    let many = [
        (unconnected, POLLIN | POLLOUT),
        (client, POLLIN),
        (Fd(77), POLLIN),
        (Fd(-5), POLLIN),
        (listener, POLLIN),
        (server, POLLOUT),
    ];
    let reply = program.reply(poll(&many, 1000)).await;
    let unconnected_now = (POLLOUT | POLLHUP) as i16;
    let revents = vec![unconnected_now, 0, POLLNVAL as i16, 0, 0, POLLOUT as i16];
    assert_eq!((reply.ret, reply.out), (Ok(3), Out::Revents { revents }));

    let reply = program.reply(poll(&[(client, POLLIN), (listener, POLLIN)], 20)).await;
    assert_eq!((reply.ret, reply.out), (Ok(0), Out::Revents { revents: vec![0, 0] }));

    // The trap: polled before it was connected, and still no false news afterwards.
    let connecting = async { (&session).connect(unconnected, at).await };
    let mut other = &session;
    let (reply, connected) = tokio::join!(other.reply(poll(&[(listener, POLLIN)], -1)), connecting);
    assert_eq!((reply.ret, connected), (Ok(1), Ok(0)));
    let reply = program.reply(poll(&[(unconnected, POLLIN | POLLRDHUP)], 0)).await;
    assert_eq!(reply.ret, Ok(0));

    let sending = async { (&session).send(server, b"x").await };
    let asked = [(listener, 0), (client, POLLIN), (client, POLLOUT)];
    let mut other = &session;
    let (reply, _) = tokio::join!(other.reply(poll(&asked[1..2], -1)), sending);
    assert_eq!(reply.out, Out::Revents { revents: vec![POLLIN as i16] });
    let reply = program.reply(poll(&asked, -1)).await;
    let revents = vec![POLLIN as i16, POLLIN as i16, POLLOUT as i16];
    assert_eq!(reply.ret, Ok(2), "{revents:?}");
}

#[tokio::test]
async fn select_and_epoll_wait_for_the_same() {
    let session = session();
    let mut program = &session;
    let (client, server) = pair(program).await;
    let select = |timeout| Syscall::Select {
        nfds: 2000,
        sets: FdSets { read: Some(vec![client]), write: Some(vec![client]), except: None },
        timeout,
    };
    let reply = program.reply(select(Ptr::null())).await;
    let out = Out::Selected { read: vec![], write: vec![client], except: vec![], left: None };
    assert_eq!((reply.ret, reply.out), (Ok(1), out));
    program.send(server, b"x").await.expect("sends");
    let reply = program.reply(poll(&[(client, POLLIN)], -1)).await;
    assert_eq!(reply.ret, Ok(1));
    let reply = program.reply(select(Ptr::to(Timespec { sec: 5, nsec: 0 }))).await;
    assert_eq!(reply.ret, Ok(2));
    let bad = Timespec { sec: -1, nsec: 0 };
    assert_eq!(program.ret(select(Ptr::to(bad))).await, Err(Errno::EINVAL));
    let sets = FdSets { read: Some(vec![Fd(3)]), write: None, except: None };
    let call = Syscall::Select { nfds: 4, sets, timeout: Ptr::null() };
    assert_eq!(program.ret(call).await, Err(Errno::EBADF));

    let epfd = Fd(program.ret(Syscall::EpollCreate1 { flags: 0 }).await.expect("a handle") as i32);
    let ctl = |op, fd| {
        let event = Ptr::to((EPOLLIN as u32, 42));
        Syscall::EpollCtl { epfd, op, fd, event }
    };
    assert_eq!(program.ret(ctl(EPOLL_CTL_ADD, client)).await, Ok(0));
    assert_eq!(program.ret(ctl(EPOLL_CTL_ADD, client)).await, Err(Errno::EEXIST));
    assert_eq!(program.ret(ctl(EPOLL_CTL_DEL, server)).await, Err(Errno::ENOENT));
    let wait =
        |timeout_ms| Syscall::EpollWait { epfd, events: OutPtr::good(), max_events: 8, timeout_ms };
    let event = abi::EpollEvent { events: EPOLLIN as u32, data: 42 };
    assert_eq!(program.reply(wait(-1)).await.out, Out::Events { events: vec![event] });
    program.recv(client, 9).await.expect("the byte");
    assert_eq!(program.ret(wait(20)).await, Ok(0));
    let sending = async { (&session).send(server, b"y").await };
    let mut other = &session;
    let (reply, _) = tokio::join!(other.reply(wait(-1)), sending);
    assert_eq!(reply.out, Out::Events { events: vec![event] });
}

#[tokio::test]
async fn names_are_those_of_this_computer() {
    let session = session();
    let mut program = &session;
    let look = |node: &str, service: &str| Syscall::Getaddrinfo {
        node: Some(Bytes(node.into())),
        service: Some(Bytes(service.into())),
        hints: AddrInfoHints { family: AF_INET, socktype: SOCK_STREAM, ..AddrInfoHints::default() },
    };
    let reply = program.reply(look("localhost", "80")).await;
    let Out::AddrInfo { list, .. } = reply.out else { panic!("a list: {:?}", reply.ret) };
    assert_eq!(list[0].addr.to_std(), Some("127.0.0.1:80".parse().expect("an address")));
    assert_eq!(program.ret(look("localhost", "no-such-service")).await, Ok(-8), "EAI_SERVICE");
    let addr = list[0].addr.clone();
    let call = Syscall::Getnameinfo { addr, flags: 1 | 2 }; // NI_NUMERICHOST | NI_NUMERICSERV
    let out = Out::Names { host: "127.0.0.1".to_owned(), service: "80".to_owned() };
    assert_eq!(program.reply(call).await.out, out);
}

#[tokio::test]
async fn a_cancelled_call_is_interrupted_and_the_socket_lives() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let (listener, at) = page.listening("127.0.0.1:0").await;
    let waiting = page.start(accept(listener)).await;
    // The page learns that it waits before it stops it.
    let told = page.hear().await;
    assert!(matches!(told, FromBridge::Blocked { id, .. } if id == waiting), "{told:?}");
    page.say(&ToBridge::Cancel { id: waiting }).await;
    let FromBridge::Done { reply, .. } = page.finish(waiting).await else { panic!("answered") };
    assert_eq!(reply.ret, Err(Errno::EINTR));
    let client = page.tcp().await;
    assert_eq!(page.connect(client, at).await, Ok(0));
    page.ret(accept(listener)).await.expect("a connection");
}

#[tokio::test]
async fn receives_that_wait_are_served_in_their_order() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let (client, server) = {
        let (listener, at) = page.listening("127.0.0.1:0").await;
        let client = page.tcp().await;
        page.connect(client, at).await.expect("connects");
        (client, Fd(page.ret(accept(listener)).await.expect("a connection") as i32))
    };
    let mut waiting = Vec::new();
    for _ in 0..8 {
        waiting.push(page.start(recv(server, 1, 0)).await);
    }
    page.send(client, b"abcdefgh").await.expect("sends");
    for (id, expected) in waiting.into_iter().zip(b"abcdefgh") {
        let FromBridge::Done { reply, .. } = page.finish(id).await else { panic!("answered") };
        assert_eq!(bytes(reply), Ok(vec![*expected]));
    }
}

#[tokio::test]
async fn tcp_info_comes_with_an_answer_and_as_a_stream_with_credit() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let (_listener, at) = page.listening("127.0.0.1:0").await;
    let fd = page.tcp().await;
    let call = connect(fd, at);
    page.say(&ToBridge::Call { id: 900, call, blocking: true, info: true }).await;
    let FromBridge::Done { tcp, .. } = page.finish(900).await else { panic!("answered") };
    let info = tcp.expect("TCP_INFO was asked for");
    assert_eq!(info.state, "ESTABLISHED");
    assert!(info.rtt_us.is_some() && info.snd_cwnd.is_some() && info.segs_out >= Some(2));

    page.say(&ToBridge::Credit { messages: 2 }).await;
    page.say(&ToBridge::Watch { fd, every_ms: 20 }).await;
    for _ in 0..2 {
        match page.hear().await {
            FromBridge::Tcp { fd: of, info, .. } => {
                assert_eq!((of, info.state.as_str()), (fd, "ESTABLISHED"));
            }
            other => panic!("not expected: {other:?}"),
        }
    }
    // Without credit the stream is dropped and counted, and the calls go on.
    wait_until(|| bridge.metrics.text().contains("soquete_dropped_total 2")).await;
    assert_eq!(page.sockname(fd).await.ip(), at.ip());
    page.say(&ToBridge::Credit { messages: 1 }).await;
    loop {
        if let FromBridge::Dropped { messages } = page.hear().await {
            assert!(messages >= 2);
            break;
        }
    }
}

#[tokio::test]
async fn a_payload_in_a_binary_frame_is_the_same_call() {
    use futures_util::SinkExt;
    use tokio_tungstenite::tungstenite::Message;
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    page.say(&ToBridge::Hello { version: abi::message::VERSION, binary: true }).await;
    page.hear().await;
    let call = Syscall::Socketpair { domain: AF_UNIX, ty: 1, protocol: 0, fds: OutPtr::good() };
    let Out::Fds { fds: [a, b] } = page.reply(call).await.out else { panic!("two handles") };
    let buf = InBuf { at: 1, len: 5, bytes: None };
    let call = Syscall::Sendto { fd: a, buf, flags: 0, addr: AddrIn::null() };
    let json =
        serde_json::to_string(&ToBridge::Call { id: 800, call, blocking: true, info: false });
    let frame = abi::message::frame::join(b"bytes".to_vec(), &json.expect("serialises"));
    page.socket.send(Message::binary(frame)).await.expect("the session lives");
    let FromBridge::Done { reply, .. } = page.finish(800).await else { panic!("answered") };
    assert_eq!(reply.ret, Ok(5));
    let id = page.start(recv(b, 9, 0)).await;
    let Some(Message::Binary(frame)) = page.hear_frame().await else { panic!("a binary frame") };
    let (payload, json) = abi::message::frame::split(&frame).expect("our frame");
    assert_eq!(payload, b"bytes");
    assert!(String::from_utf8_lossy(json).contains(&format!("\"id\":{id}")));
}
