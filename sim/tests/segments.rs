//! Random segments never panic; bulk data survives bad links to the byte.

#![allow(missing_docs, unreachable_pub)]

mod common;

use common::*;
use proptest::prelude::*;
use soquete_sim::net::{Frame, Rng, Stop};
use soquete_sim::tcp::{Flags, Options, Segment, Seq, State};
use soquete_sim::wire::Shared;

/// Transfers `len` bytes over a link that loses, reorders, duplicates and delays by chance.
fn transfer(seed: u64, len: usize, loss_ppm: u32, jitter_ns: u64, window: Option<i32>) {
    let mut lab = Lab::new(MS);
    let listener = lab.listener_with(B, 80, 5, |lab, id| {
        if let Some(bytes) = window {
            lab.setsockopt(B, id, abi::consts::SOL_SOCKET, abi::consts::SO_RCVBUF, bytes)
                .expect("SO_RCVBUF");
        }
    });
    let client = lab.socket(A, tcp4());
    let mut rng = Rng::new(seed);
    lab.wire =
        Box::new(
            move |_| {
                if rng.chance(loss_ppm) { None } else { Some(MS + rng.below(jitter_ns + 1)) }
            },
        );
    let _ = lab.connect(A, client, "10.0.0.2:80");
    let mut server = None;
    let data: Vec<u8> = (0..len).map(|at| (at * 7 + at / 251) as u8).collect();
    let (mut sent, mut got) = (0, Vec::new());
    for _ in 0..200_000 {
        if server.is_none() {
            server = lab.accept(B, listener).ok();
        }
        if sent < len
            && let Ok(count) = lab.send(A, client, &data[sent..(sent + 20_000).min(len)])
        {
            sent += count;
        }
        if sent == len && lab.state(A, client) == State::Established {
            lab.shutdown(A, client, soquete_sim::net::How::Write).expect("shutdown");
        }
        if let Some(server) = server {
            match lab.recv(B, server, 50_000) {
                Ok(bytes) if bytes.is_empty() && got.len() == len => break,
                Ok(bytes) => got.extend(bytes),
                Err(_) => {}
            }
        }
        lab.run_for(20 * MS);
        assert!(lab.now_ns < 50_000 * SECOND, "seed {seed}: the transfer stands still");
    }
    assert_eq!(got.len(), len, "seed {seed}");
    assert!(got == data, "seed {seed}: other bytes");
}

#[test]
fn bulk_over_bad_links_arrives_to_the_byte() {
    for seed in 0..6 {
        transfer(seed, 300_000, 0, 0, None);
        transfer(seed, 200_000, 20_000, 0, None);
        transfer(seed, 200_000, 0, 5 * MS, None);
        transfer(seed, 100_000, 100_000, 3 * MS, None);
        transfer(seed, 30_000, 50_000, 3 * MS, Some(4000));
    }
}

fn any_segment() -> impl Strategy<Value = (i64, i64, u8, u16, u16, u8, Vec<u8>)> {
    (
        -70_000i64..70_000,
        -70_000i64..70_000,
        any::<u8>(),
        any::<u16>(),
        prop_oneof![Just(0u16), any::<u16>()],
        any::<u8>(),
        prop::collection::vec(any::<u8>(), 0..40),
    )
}

#[derive(Clone, Debug)]
enum Step {
    Segment((i64, i64, u8, u16, u16, u8, Vec<u8>)),
    Send(usize),
    Recv(usize, bool),
    Shutdown(u8),
    Close,
    Connect,
    Option(i32, i32, i32),
    Wait(u64),
    Bytes(Vec<u8>),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => any_segment().prop_map(Step::Segment),
        2 => (0usize..30_000).prop_map(Step::Send),
        2 => (0usize..30_000, any::<bool>()).prop_map(|(len, oob)| Step::Recv(len, oob)),
        1 => (0u8..3).prop_map(Step::Shutdown),
        1 => Just(Step::Close),
        1 => Just(Step::Connect),
        1 => (prop_oneof![Just(1), Just(6), Just(0)], 0i32..50, any::<i32>())
            .prop_map(|(level, name, value)| Step::Option(level, name, value)),
        3 => (0u64..2_000_000_000).prop_map(Step::Wait),
        1 => prop::collection::vec(any::<u8>(), 0..120).prop_map(Step::Bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// A scripted peer sends anything at all around a real connection.
    #[test]
    fn random_segments_never_panic(steps in prop::collection::vec(any_step(), 1..60)) {
        let mut lab = Lab::new(MS);
        let (client, _, _) = lab.connected(80);
        let (mut seq, mut ack) = {
            let tcb = lab.host(A).tcb(client).expect("a connection");
            (tcb.rcv_nxt, tcb.snd_nxt)
        };
        let port = lab.host(A).local_addr(client).port();
        let script = Script {
            peer: "10.0.0.2:80".parse().expect("an address"),
            host: std::net::SocketAddr::new(A_IP.into(), port),
        };
        // The real peer is silent from now on.
        lab.wire = Box::new(|_| None);
        for step in steps {
            if let Some(tcb) = lab.host(A).tcb(client) {
                (seq, ack) = (tcb.rcv_nxt, tcb.snd_nxt);
            }
            match step {
                Step::Segment((seq_by, ack_by, flags, wnd, urg, kinds, data)) => {
                    // Mostly near what is expected, as an attacker who guesses would send.
                    let near = |by: i64, scale: u8| if scale & 3 == 0 { by } else { by % 40 };
                    let options = Options {
                        mss: (kinds & 1 != 0).then_some(urg),
                        wscale: (kinds & 2 != 0).then_some(kinds),
                        sack_ok: kinds & 4 != 0,
                        timestamp: (kinds & 8 != 0).then_some((u32::from(wnd), u32::from(urg))),
                        ..Options::default()
                    };
                    let mut segment = Segment {
                        seq: Seq(seq.0.wrapping_add(near(seq_by, kinds >> 4) as u32)),
                        ack: Seq(ack.0.wrapping_add(near(ack_by, kinds >> 6) as u32)),
                        flags: Flags(flags & 0x3f),
                        wnd,
                        urg,
                        options,
                        payload: Shared::from(data),
                    };
                    if kinds & 16 != 0 {
                        let start = Seq(ack.0.wrapping_sub(u32::from(urg)));
                        segment.options.sack.push(start, start + u32::from(wnd));
                    }
                    lab.inject(A, script.frame(&segment));
                }
                Step::Send(len) => { let _ = lab.send(A, client, &vec![1; len]); }
                Step::Recv(len, oob) => { let _ = lab.recv_request(A, client, len, i32::from(oob)); }
                Step::Shutdown(how) => {
                    let how = [
                        soquete_sim::net::How::Read,
                        soquete_sim::net::How::Write,
                        soquete_sim::net::How::Both,
                    ][how as usize];
                    let _ = lab.shutdown(A, client, how);
                }
                Step::Close => lab.close(A, client),
                Step::Connect => { let _ = lab.connect(A, client, "10.0.0.2:80"); }
                Step::Option(level, name, value) => {
                    let _ = lab.setsockopt(A, client, level, name, value);
                    let _ = lab.getsockopt(A, client, level, name);
                }
                Step::Wait(ns) => lab.run_for(ns),
                Step::Bytes(bytes) => {
                    let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0];
                    frame.extend(bytes);
                    lab.inject(A, Frame::new(frame));
                }
            }
            let _ = lab.host(A).readiness(client);
        }
        lab.run_for(3000 * SECOND);
    }

    /// Any bytes may arrive as a frame.
    #[test]
    fn random_frames_never_panic(
        ethertype in prop_oneof![Just(0x0800u16), Just(0x0806), Just(0x86dd), any::<u16>()],
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut lab = Lab::new(MS);
        let mut frame = vec![0xff; 6];
        frame.extend([2, 0, 0, 0, 0, 9]);
        frame.extend(ethertype.to_be_bytes());
        frame.extend(bytes);
        lab.inject(A, Frame::new(frame));
        lab.run_for(40 * SECOND);
    }
}

/// The answer of a call is never a wait where an errno is meant.
#[test]
fn a_wait_names_its_errno() {
    let mut lab = Lab::new(MS);
    let (client, ..) = lab.connected(80);
    let mut request =
        soquete_sim::net::RecvRequest { len: 10, ..soquete_sim::net::RecvRequest::default() };
    let answer = lab.call(A, |stack, now, out| stack.recv(client, &mut request, now, out));
    assert!(matches!(answer, Err(Stop::Wait { errno: abi::Errno::EAGAIN, .. })));
}
