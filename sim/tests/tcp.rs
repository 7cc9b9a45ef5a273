//! TCP between two hosts, as packet traces.

#![allow(missing_docs, unreachable_pub)]

mod common;

use abi::Errno;
use common::*;
use soquete_sim::net::How;
use soquete_sim::tcp::State;

#[test]
fn handshake_data_and_close() {
    let mut lab = Lab::new(MS);
    let (client, server, _) = lab.connected(80);
    lab.run_for(SECOND);
    assert_eq!(lab.trace(), "a> S 0:0(0)\nb> S. 0:0(0) ack 1\na> . 1:1(0) ack 1\n");
    lab.clear();
    assert_eq!(lab.send(A, client, b"hello"), Ok(5));
    lab.run_for(SECOND);
    assert_eq!(lab.recv(B, server, 100), Ok(b"hello".to_vec()));
    assert_eq!(lab.trace(), "a> P. 1:6(5) ack 1\nb> . 1:1(0) ack 6\n");
    lab.clear();
    lab.close(A, client);
    lab.run_for(SECOND);
    assert_eq!(lab.recv(B, server, 100), Ok(vec![]));
    lab.close(B, server);
    lab.run_for(SECOND);
    assert_eq!(lab.flags(), "F. . F. .");
    assert_eq!(
        lab.hosts[A].socket_ids().map(|id| lab.state(A, id)).collect::<Vec<_>>(),
        [State::TimeWait]
    );
    lab.run_for(61 * SECOND);
    assert_eq!(lab.hosts[A].socket_ids().count(), 0);
}

#[test]
fn a_port_without_listener_refuses() {
    let mut lab = Lab::new(MS);
    let client = lab.socket(A, tcp4());
    assert_eq!(lab.connect(A, client, "10.0.0.2:81"), Err(Errno::EINPROGRESS));
    lab.run_for(SECOND);
    assert_eq!(lab.flags(), "S R.");
    assert_eq!(lab.poll(A, client), "IN|OUT|ERR|HUP|RDHUP");
    assert_eq!(lab.so_error(A, client), Errno::ECONNREFUSED.0);
    assert_eq!(lab.so_error(A, client), 0);
}

#[test]
fn unanswered_data_is_sent_again() {
    let mut lab = Lab::new(MS);
    let (client, ..) = lab.connected(80);
    lab.clear();
    lab.wire = Box::new(|_| None);
    assert_eq!(lab.send(A, client, b"data"), Ok(4));
    lab.run_for(10 * SECOND);
    let times: Vec<_> =
        lab.log.iter().map(|packet| (packet.at_ns - lab.log[0].at_ns) / MS).collect();
    // The tail loss probe, then the timer with doubling.
    assert_eq!(times, [0, 204, 408, 816, 1632, 3264, 6528]);
}

#[test]
fn shut_down_both_ways() {
    let mut lab = Lab::new(MS);
    let (client, server, _) = lab.connected(80);
    assert_eq!(lab.shutdown(A, client, How::Write), Ok(()));
    lab.run_for(SECOND);
    assert_eq!(lab.state(A, client), State::FinWait2);
    assert_eq!(lab.state(B, server), State::CloseWait);
}

/// The scenarios of `docs/notes/tcp-traces/trace.py`. The expected traces in `tests/traces` were
/// compared with Linux's by hand; `UPDATE_TRACES=1` writes them anew.
mod as_recorded {
    use super::*;

    fn lab() -> Lab {
        Lab::new(20_000)
    }

    fn check(name: &str, trace: &str) {
        let path = format!("{}/tests/traces/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_TRACES").is_some() {
            std::fs::write(&path, trace).expect("a writable trace");
        }
        let expected = std::fs::read_to_string(&path).expect("a recorded trace");
        assert_eq!(trace, expected, "{name}");
    }

    #[test]
    fn echo() {
        let mut lab = lab();
        let (c, s, _) = lab.connected(80);
        lab.run_for(300 * MS);
        for _ in 0..4 {
            lab.send(A, c, b"hello").unwrap();
            lab.run_for(MS);
            lab.recv(B, s, 100).unwrap();
            lab.send(B, s, b"world").unwrap();
            lab.run_for(MS);
            lab.recv(A, c, 100).unwrap();
        }
        lab.run_for(300 * MS);
        lab.close(A, c);
        lab.run_for(300 * MS);
        lab.recv(B, s, 1).unwrap();
        lab.close(B, s);
        lab.run_for(300 * MS);
        check("echo", &lab.timed_trace());
    }

    #[test]
    fn oneway() {
        let mut lab = lab();
        let (c, s, _) = lab.connected(80);
        lab.run_for(1000 * MS);
        for _ in 0..24 {
            lab.send(A, c, &[b'x'; 100]).unwrap();
            lab.run_for(5 * MS);
            lab.recv(B, s, 1000).unwrap();
            lab.run_for(5 * MS);
        }
        check("oneway", &lab.timed_trace());
    }

    #[test]
    fn no_read() {
        let mut lab = lab();
        let (c, _s, _) = lab.connected(80);
        lab.run_for(1000 * MS);
        for _ in 0..20 {
            lab.send(A, c, &[b'x'; 100]).unwrap();
            lab.run_for(60 * MS);
        }
        check("no_read", &lab.timed_trace());
    }

    #[test]
    fn bulk() {
        let mut lab = lab();
        let (c, _s, _) = lab.connected(80);
        lab.run_for(100 * MS);
        lab.send(A, c, &[b'x'; 20000]).unwrap();
        lab.run_for(100 * MS);
        check("bulk", &lab.windowed_trace());
    }

    #[test]
    fn rest() {
        let mut lab = lab();
        let (c, s, _) = lab.connected(80);
        lab.run_for(300 * MS);
        lab.send(A, c, b"data").unwrap();
        lab.close(A, c);
        lab.run_for(300 * MS);
        lab.recv(B, s, 10).unwrap();
        lab.recv(B, s, 10).unwrap();
        lab.close(B, s);
        lab.run_for(300 * MS);
        check("data_close", &lab.timed_trace());

        let mut lab = self::lab();
        let (c, s, _) = lab.connected(80);
        lab.run_for(300 * MS);
        lab.shutdown(A, c, How::Write).unwrap();
        lab.run_for(300 * MS);
        lab.send(B, s, b"more").unwrap();
        lab.run_for(300 * MS);
        lab.recv(A, c, 10).unwrap();
        lab.send(B, s, b"more").unwrap();
        lab.run_for(300 * MS);
        lab.close(B, s);
        lab.run_for(300 * MS);
        check("half_close", &lab.timed_trace());

        let mut lab = self::lab();
        let (c, _s, _) = lab.connected(80);
        lab.run_for(1000 * MS);
        for _ in 0..3 {
            lab.send(A, c, b"x").unwrap();
            lab.run_for(MS);
        }
        check("nagle", &lab.timed_trace());

        let mut lab = self::lab();
        let (c, s, _) = lab.connected(80);
        lab.run_for(1000 * MS);
        lab.send(A, c, b"q").unwrap();
        lab.run_for(MS);
        lab.recv(B, s, 1).unwrap();
        lab.send(B, s, b"r").unwrap();
        lab.run_for(MS);
        lab.recv(A, c, 1).unwrap();
        for _ in 0..3 {
            lab.send(A, c, b"x").unwrap();
            lab.run_for(MS);
        }
        lab.run_for(300 * MS);
        check("nagle_pingpong", &lab.timed_trace());

        let mut lab = self::lab();
        let (c, _s, _) = lab.connected(80);
        lab.run_for(300 * MS);
        lab.setsockopt(A, c, 6, 3, 1).unwrap();
        lab.send(A, c, b"abc").unwrap();
        lab.run_for(500 * MS);
        lab.send(A, c, b"def").unwrap();
        lab.setsockopt(A, c, 6, 3, 0).unwrap();
        lab.run_for(300 * MS);
        lab.send_flags(A, c, b"xy", abi::consts::MSG_MORE).unwrap();
        lab.send(A, c, b"zw").unwrap();
        lab.run_for(300 * MS);
        check("cork", &lab.timed_trace());

        let mut lab = self::lab();
        let (c, _s, _) = lab.connected(80);
        lab.run_for(300 * MS);
        lab.send_flags(A, c, b"abX", abi::consts::MSG_OOB).unwrap();
        lab.send(A, c, b"de").unwrap();
        lab.run_for(300 * MS);
        check("urgent", &lab.timed_trace());
    }

    #[test]
    fn losses() {
        let mut lab = lab();
        let (c, _s, _) = lab.connected(80);
        lab.run_for(200 * MS);
        let mut n = 0;
        lab.wire = Box::new(move |p| {
            if p.frame.len() > 1000 {
                n += 1;
                if n == 3 {
                    return None;
                }
            }
            Some(20_000)
        });
        lab.send(A, c, &[b'x'; 1448 * 8]).unwrap();
        lab.run_for(1000 * MS);
        check("lost_segment", &lab.timed_trace());

        let mut lab = self::lab();
        let (c, _s, _) = lab.connected(80);
        lab.run_for(200 * MS);
        let mut n = 0;
        lab.wire = Box::new(move |p| {
            if p.frame.len() > 1000 {
                n += 1;
                if n == 4 {
                    return None;
                }
            }
            Some(20_000)
        });
        lab.send(A, c, &[b'x'; 1448 * 4]).unwrap();
        lab.run_for(1000 * MS);
        check("tail_loss", &lab.timed_trace());

        let mut lab = self::lab();
        let l = lab.listener(B, 80, 1);
        for _ in 0..4 {
            let c = lab.socket(A, tcp4());
            let _ = lab.connect(A, c, "10.0.0.2:80");
            lab.run_for(20 * MS);
        }
        lab.run_for(500 * MS);
        lab.accept(B, l).unwrap();
        lab.run_for(4000 * MS);
        check("backlog", &lab.timed_trace());
    }
}

#[test]
fn a_full_send_buffer_waits_for_room() {
    let mut lab = Lab::new(MS);
    let (client, server, _) = lab.connected(80);
    let mut sent = 0;
    for _ in 0..400 {
        match lab.send(A, client, &[b'x'; 20_000]) {
            Ok(count) => sent += count,
            Err(errno) => assert_eq!(errno, Errno::EAGAIN),
        }
        lab.run_for(2 * MS);
    }
    // The peer's window and our buffer are full: hundreds of kilobytes, not megabytes.
    assert!((100_000..1_000_000).contains(&sent), "{sent}");
    assert_eq!(lab.poll(A, client), "0");
    let mut got = 0;
    while got < sent {
        got += lab.recv(B, server, 100_000).map_or(0, |bytes| bytes.len());
        lab.run_for(10 * MS);
    }
    assert_eq!(lab.poll(A, client), "OUT");
}

/// A full SYN queue is answered by cookies: every client believes that it is connected, whatever
/// the accept queue has room for.
#[test]
fn many_syns_at_once_are_all_answered() {
    let mut lab = Lab::new(MS);
    let listener = lab.listener(B, 80, 1);
    let clients: Vec<_> = (0..6)
        .map(|_| {
            let client = lab.socket(A, tcp4());
            let _ = lab.connect(A, client, "10.0.0.2:80");
            client
        })
        .collect();
    lab.run_for(500 * MS);
    assert!(clients.iter().all(|client| lab.state(A, *client) == State::Established));
    assert!(lab.accept(B, listener).is_ok() && lab.accept(B, listener).is_ok());
    assert_eq!(lab.accept(B, listener), Err(Errno::EAGAIN));
    // Data of the others brings their ACK again, now that there is room.
    lab.send(A, clients[5], b"late").expect("send");
    lab.run_for(SECOND);
    let late = lab.accept(B, listener).expect("a connection");
    assert_eq!(lab.recv(B, late, 10), Ok(b"late".to_vec()));
}
