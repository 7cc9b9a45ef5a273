//! Calls as a page makes them, answered by this computer's kernel.

use crate::lab::{Caller, accept, bridge, recv};
use abi::message::FromBridge;
use abi::{Errno, Fd, Syscall};
use std::net::SocketAddr;

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
    assert_eq!(crate::lab::bytes(reply), Ok(b"ola".to_vec()));
    assert!(steps[0].text.contains("EAGAIN"), "what the kernel really did: {steps:?}");
    page.close(client).await;
    assert_eq!(page.recv(server, 100).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_refused_connect_is_what_a_blocking_program_sees_every_time() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let (listener, at) = page.listening("127.0.0.1:0").await;
    page.close(listener).await;
    let client = page.tcp().await;
    for _ in 0..3 {
        assert_eq!(page.connect(client, at).await, Err(Errno::ECONNREFUSED));
    }
}

#[tokio::test]
async fn a_handle_that_is_not_ours_is_a_bad_descriptor() {
    let bridge = bridge().await;
    let (mut one, mut other) = (bridge.client().await, bridge.client().await);
    let fd = one.tcp().await;
    for bad in [fd, Fd(0), Fd(9), Fd(-1), Fd(i32::MAX), Fd(i32::MIN)] {
        assert_eq!(other.send(bad, b"x").await, Err(Errno::EBADF), "{bad:?}");
        assert_eq!(other.ret(Syscall::Close { fd: bad }).await, Err(Errno::EBADF), "{bad:?}");
    }
    let nowhere: SocketAddr = "127.0.0.1:1".parse().expect("an address");
    assert_eq!(one.connect(fd, nowhere).await, Err(Errno::ECONNREFUSED));
}
