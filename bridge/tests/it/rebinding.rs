//! DNS rebinding with a real name server, in a network of its own: attack 8 through libc's
//! resolver, attack 2 in Chromium. The name server is thirty lines of UDP.

use crate::alone::{alone, sh};
use crate::browser::browse;
use crate::lab::{Caller, bridge_with, connect, page};
use abi::consts::*;
use abi::message::Rule;
use abi::syscall::AddrInfoHints;
use abi::{Bytes, Out, Syscall};
use soquete_bridge::Options;
use soquete_bridge::limits::Limits;
use soquete_bridge::policy::{ClassPolicy, Policy};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};

/// Answers every question for an address with what `answers(n)` says for the n-th of them, good
/// for no time at all; other questions have no answer. RFC 1035 §4.1.
async fn name_server(
    answers: impl Fn(usize) -> Vec<Ipv4Addr> + Send + 'static,
) -> Arc<AtomicUsize> {
    let asked = Arc::new(AtomicUsize::new(0));
    let socket = UdpSocket::bind("127.0.0.1:53").await.expect("root of its own network");
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        let mut question = [0; 512];
        while let Ok((n, from)) = socket.recv_from(&mut question).await {
            // The question ends with the root's empty label, type and class.
            let name = question[12..n].iter().position(|byte| *byte == 0).unwrap_or(0);
            let end = 12 + name + 5;
            let is_a = question[end - 4..end - 2] == [0, 1];
            let found = match is_a {
                true => answers(count.fetch_add(1, Ordering::Relaxed)),
                false => Vec::new(),
            };
            let mut answer = question[..end].to_vec();
            answer[2..4].copy_from_slice(&[0x81, 0x80]);
            answer[6..12].copy_from_slice(&[0, found.len() as u8, 0, 0, 0, 0]);
            for address in found {
                answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
                answer.extend(address.octets());
            }
            let _ = socket.send_to(&answer, from).await; // who asked may be gone
        }
    });
    sh("echo 'nameserver 127.0.0.1' > /tmp/soquete-rebind-$$; \
        mount --bind /tmp/soquete-rebind-$$ /etc/resolv.conf; rm /tmp/soquete-rebind-$$; \
        echo 'hosts: dns' > /tmp/soquete-nss-$$; \
        mount --bind /tmp/soquete-nss-$$ /etc/nsswitch.conf; rm /tmp/soquete-nss-$$");
    asked
}

#[test]
fn a_name_that_is_rebound_between_two_look_ups_is_denied() {
    alone("rebinding::lookups");
}

#[ignore = "started by a_name_that_is_rebound_between_two_look_ups_is_denied"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lookups() {
    sh("ip addr add 203.0.113.9/32 dev lo");
    let asked = name_server(|n| match n {
        0 => vec![Ipv4Addr::new(203, 0, 113, 9)],
        _ => vec![Ipv4Addr::LOCALHOST],
    })
    .await;
    let policy = "lookups = true\n[[allow]]\nnet = '203.0.113.0/24'\nports = [80]";
    let policy = Policy::class(ClassPolicy::parse(policy).expect("a good policy"));
    let options = Options { policy, limits: Limits::class(), ..Options::local(page()) };
    let bridge = bridge_with(options).await;
    let mut page = bridge.client().await;
    let mut rules = Vec::new();
    for _ in 0..2 {
        let hints = AddrInfoHints { family: AF_INET, socktype: SOCK_STREAM, ..Default::default() };
        let (node, service) = (Some(Bytes(b"evil.test".to_vec())), Some(Bytes(b"80".to_vec())));
        let reply = page.reply(Syscall::Getaddrinfo { node, service, hints }).await;
        let Out::AddrInfo { list, .. } = reply.out else { panic!("{reply:?}") };
        let target = list[0].addr.to_std().expect("an address");
        let fd = page.tcp().await;
        // Nobody listens at the first: the kernel says so, so the bridge has let it through.
        rules.push(page.answer(connect(fd, target)).await.map(|reply| reply.ret));
    }
    assert_eq!(rules, [Ok(Err(abi::Errno::ECONNREFUSED)), Err(Rule::Loopback)]);
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[test]
fn in_a_browser_a_rebinding_name_server_reaches_nothing() {
    alone("rebinding::browser");
}

/// The name is the intruder's until his page is there, and this computer's from then on. His
/// server answers slowly and closes each connection, so that the browser asks for the name again
/// as soon as it forgets the answer (after a minute, whatever the answer says of its own life).
#[ignore = "started by in_a_browser_a_rebinding_name_server_reaches_nothing"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn browser() {
    let served = Arc::new(AtomicUsize::new(0));
    let rebound = Arc::clone(&served);
    let asked = name_server(move |_| match rebound.load(Ordering::Relaxed) {
        0 => vec![Ipv4Addr::new(127, 0, 0, 2)],
        _ => vec![Ipv4Addr::LOCALHOST],
    })
    .await;
    let bridge = bridge_with(Options::local(page())).await;
    let port = bridge.addr.port();
    let token = bridge.token.reveal().to_owned();
    let intruder = TcpListener::bind(("127.0.0.2", port)).await.expect("another address");
    tokio::spawn(async move {
        let html = format!(
            "<!doctype html><p id=fetch>?</p><p id=socket>?</p><script>\
             const say = (id, text) => document.getElementById(id).textContent = text;\
             (async () => {{ for (let i = 0; i < 150; i++) {{\
             const r = await fetch('/?' + i, {{ cache: 'no-store' }}).catch(() => null);\
             if (!r || r.status === 200) continue;\
             say('fetch', 'fetch ' + r.status + ' ' + await r.text());\
             const s = new WebSocket('ws://evil.test:{port}/ws', ['soquete.v1', 'tok.{token}']);\
             s.onopen = () => say('socket', 'socket opened');\
             s.onerror = () => say('socket', 'socket refused');\
             return; }} }})();</script>"
        );
        while let Ok((mut stream, _)) = intruder.accept().await {
            let (html, served) = (html.clone(), Arc::clone(&served));
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                if served.fetch_add(1, Ordering::Relaxed) > 0 {
                    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                }
                let answer = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\
                     Connection: close\r\n\r\n{html}",
                    html.len()
                );
                let _ = stream.write_all(answer.as_bytes()).await; // it may be gone
            });
        }
    });
    let (dom, console) = browse(&format!("http://evil.test:{port}/"), &[]).await;
    assert!(asked.load(Ordering::Relaxed) > 1, "the browser asked our name server again");
    assert!(dom.contains("fetch 421 not this bridge's name"), "{dom}{console}");
    assert!(dom.contains("socket refused"), "{dom}{console}");
}
