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
    assert_eq!(
        lab.timed_trace(),
        "\
     0 a> P. 1:5(4) ack 1
   204 a> P. 1:5(4) ack 1
   408 a> P. 1:5(4) ack 1
   816 a> P. 1:5(4) ack 1
  1632 a> P. 1:5(4) ack 1
  3264 a> P. 1:5(4) ack 1
  6528 a> P. 1:5(4) ack 1
"
    );
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
