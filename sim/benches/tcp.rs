//! How fast two stacks exchange segments, and what a connection weighs.
//!
//! `cargo bench -p soquete-sim --bench tcp`. Items are TCP segments delivered, ACKs included, each
//! one a whole frame built, checked and read.

#![allow(missing_docs)]

use divan::counter::ItemsCount;
use soquete_sim::net::{
    IfaceId, Interface, Mac, Out, Proto, RecvRequest, SendRequest, SocketId, SocketKind, Stack,
    StackConfig,
};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

fn main() {
    divan::main();
}

/// Two hosts whose frames arrive at once.
struct Pair {
    hosts: [Stack; 2],
    out: [Out; 2],
    now_ns: u64,
    segments: usize,
}

impl Pair {
    fn new() -> Pair {
        let host = |index: u8| {
            let mut stack =
                Stack::new(StackConfig { seed: u64::from(index), ..StackConfig::default() });
            stack.add_interface(Interface {
                name: "eth0".to_owned(),
                mac: Mac([2, 0, 0, 0, 0, index]),
                mtu: 1500,
                addrs: vec![(IpAddr::V4(Ipv4Addr::new(10, 0, 0, index)), 8)],
                up: true,
            });
            stack
        };
        Pair {
            hosts: [host(1), host(2)],
            out: [Out::default(), Out::default()],
            now_ns: 1_000_000_000,
            segments: 0,
        }
    }

    fn settle(&mut self) {
        loop {
            let mut quiet = true;
            for from in 0..2 {
                let frames = std::mem::take(&mut self.out[from].frames);
                self.out[from].clear();
                for transmit in &frames {
                    quiet = false;
                    self.segments += 1;
                    self.now_ns += 1000;
                    let to = 1 - from;
                    let (now_ns, out) = (self.now_ns, &mut self.out[to]);
                    self.hosts[to].frame_arrives(IfaceId(2), &transmit.frame, now_ns, out);
                }
            }
            if quiet {
                return;
            }
        }
    }

    fn listener(&mut self, port: u16) -> SocketId {
        let id = self.hosts[1].socket(SocketKind { v6: false, proto: Proto::Tcp });
        let any = SocketAddr::from(([0, 0, 0, 0], port));
        self.hosts[1].bind(id, any).expect("bind");
        self.hosts[1].listen(id, 4096, self.now_ns, &mut self.out[1]).expect("listen");
        id
    }

    fn connect(&mut self, listener: SocketId, port: u16) -> (SocketId, SocketId) {
        let client = self.hosts[0].socket(SocketKind { v6: false, proto: Proto::Tcp });
        let to = SocketAddr::from(([10, 0, 0, 2], port));
        let _ = self.hosts[0].connect(client, to, self.now_ns, &mut self.out[0]);
        self.settle();
        let accepted = self.hosts[1].accept(listener, self.now_ns, &mut self.out[1]);
        (client, accepted.expect("accept").id)
    }

    fn timers(&mut self) {
        for host in 0..2 {
            self.hosts[host].timers(self.now_ns, &mut self.out[host]);
        }
    }
}

/// One bulk transfer of full-sized segments.
#[divan::bench]
fn bulk_segments(bencher: divan::Bencher) {
    const BYTES: usize = 16 << 20;
    let run = || {
        let mut pair = Pair::new();
        let listener = pair.listener(80);
        let (client, server) = pair.connect(listener, 80);
        let data = vec![b'x'; 64 << 10];
        let mut received = 0;
        let mut sent = 0;
        let mut request = SendRequest { data, ..SendRequest::default() };
        while received < BYTES {
            if sent < BYTES {
                request.sent = 0;
                let (now_ns, out) = (pair.now_ns, &mut pair.out[0]);
                let _ = pair.hosts[0].send(client, &mut request, now_ns, out);
                sent += request.sent;
            }
            pair.settle();
            let mut want = RecvRequest { len: 1 << 20, ..RecvRequest::default() };
            let (now_ns, out) = (pair.now_ns, &mut pair.out[1]);
            if let Ok(got) = pair.hosts[1].recv(server, &mut want, now_ns, out) {
                received += got.ret;
            }
            pair.settle();
            pair.now_ns += 100_000;
            pair.timers();
        }
        pair.segments
    };
    let segments = run();
    bencher.counter(ItemsCount::new(segments)).bench_local(run);
}

/// Small requests and answers.
#[divan::bench]
fn ping_pong_segments(bencher: divan::Bencher) {
    let run = || {
        let mut pair = Pair::new();
        let listener = pair.listener(80);
        let (client, server) = pair.connect(listener, 80);
        for _ in 0..20_000 {
            for (host, from, to) in [(0, client, server), (1, server, client)] {
                let mut request = SendRequest { data: b"hello".to_vec(), ..SendRequest::default() };
                let (now_ns, out) = (pair.now_ns, &mut pair.out[host]);
                let _ = pair.hosts[host].send(from, &mut request, now_ns, out);
                pair.settle();
                let mut want = RecvRequest { len: 100, ..RecvRequest::default() };
                let (now_ns, out) = (pair.now_ns, &mut pair.out[1 - host]);
                let _ = pair.hosts[1 - host].recv(to, &mut want, now_ns, out);
                pair.settle();
            }
            pair.timers();
        }
        pair.segments
    };
    let segments = run();
    bencher.counter(ItemsCount::new(segments)).bench_local(run);
}

/// 10,000 connections opened, and the checkpoint of such a host.
#[divan::bench]
fn open_10_000_connections(bencher: divan::Bencher) {
    bencher.counter(ItemsCount::new(10_000usize)).bench_local(many);
}

#[divan::bench]
fn checkpoint_with_10_000_connections(bencher: divan::Bencher) {
    let pair = many();
    bencher.bench_local(|| pair.hosts[1].clone());
}

fn many() -> Pair {
    let mut pair = Pair::new();
    let listener = pair.listener(80);
    for _ in 0..10_000 {
        pair.connect(listener, 80);
    }
    pair
}
