//! What one host answers to a scripted peer: resets, challenge ACKs, closing, probes, options.
//!
//! Each test is a row of facts measured on Linux 6.18: segments in, segments out.

#![allow(missing_docs, unreachable_pub)]

mod common;

use abi::Errno;
use abi::consts::*;
use common::*;
use soquete_sim::net::{How, SocketId};
use soquete_sim::tcp::{Flags, Options, SackBlocks, Segment, Seq, State};

const F: Flags = Flags::FIN;
const S: Flags = Flags::SYN;
const R: Flags = Flags::RST;
const P: Flags = Flags::PSH;
const ACK: Flags = Flags::ACK;

/// A host `a` with one socket and a peer that says only what the test says. `nxt` is the peer's
/// next sequence number.
struct Peer {
    lab: Lab,
    id: SocketId,
    script: Script,
    nxt: Seq,
}

impl Peer {
    /// The host has connected to the peer at port 80; no options were agreed on.
    fn connected() -> Peer {
        Peer::connected_with(Options { mss: Some(1460), ..Options::default() }, 65_535, |_, _| {})
    }

    fn connected_with(
        options: Options,
        wnd: u16,
        prepare: impl FnOnce(&mut Lab, SocketId),
    ) -> Peer {
        let mut peer = Peer::connecting(prepare);
        let syn = peer.last();
        let answer = Segment {
            seq: Seq(1000),
            ack: syn.seq + 1,
            flags: S | ACK,
            wnd,
            options,
            ..Segment::default()
        };
        peer.arrives(answer);
        peer.nxt = Seq(1001);
        assert_eq!(peer.state(), State::Established);
        peer.lab.run_for(100 * MS);
        peer.lab.clear();
        peer
    }

    /// The host has sent its SYN.
    fn connecting(prepare: impl FnOnce(&mut Lab, SocketId)) -> Peer {
        let mut lab = Lab::new(MS);
        // ARP is done first, with the real neighbour; then the wire is the test's.
        let ping = lab.socket(A, udp4());
        let _ = lab.send_to(A, ping, b"x", "10.0.0.2:7");
        lab.run_for(100 * MS);
        lab.wire = Box::new(|_| None);
        let id = lab.socket(A, tcp4());
        prepare(&mut lab, id);
        lab.clear();
        assert_eq!(lab.connect(A, id, "10.0.0.2:80"), Err(Errno::EINPROGRESS));
        let host = lab.hosts[A].local_addr(id);
        let script = Script { peer: "10.0.0.2:80".parse().expect("an address"), host };
        Peer { lab, id, script, nxt: Seq(1000) }
    }

    fn arrives(&mut self, segment: Segment) {
        let frame = self.script.frame(&segment);
        self.lab.inject(A, frame);
    }

    /// A segment with the expected numbers.
    fn says(&mut self, flags: Flags, data: &[u8]) {
        let ack = self.lab.hosts[A].tcb(self.id).map_or(Seq(0), |tcb| tcb.snd_nxt);
        let segment = segment(flags, self.nxt, ack, data);
        self.nxt = segment.end();
        self.arrives(segment);
    }

    fn last(&self) -> Segment {
        self.lab.last_from(A)
    }

    fn state(&self) -> State {
        self.lab.state(A, self.id)
    }

    fn recv(&mut self) -> Result<Vec<u8>, Errno> {
        self.lab.recv(A, self.id, 100)
    }

    /// What the host sent since the last time, as flags.
    fn sent(&mut self) -> String {
        let flags = self.lab.flags();
        self.lab.clear();
        flags
    }
}

#[test]
fn a_syn_carries_linuxs_options_in_linuxs_order() {
    let peer = Peer::connecting(|_, _| {});
    let syn = peer.last();
    assert_eq!((syn.wnd, syn.ack), (64_240, Seq(0)));
    let options = syn.options;
    assert_eq!((options.mss, options.wscale, options.sack_ok), (Some(1460), Some(10), true));
    let frame = &peer.lab.log.last().expect("the SYN").frame;
    // mss, sackOK, TS, nop, wscale.
    let bytes = &frame[14 + 20 + 20..];
    assert_eq!(bytes[..4], [2, 4, 5, 0xb4]);
    assert_eq!(bytes[4..8], [4, 2, 8, 10]);
    assert_eq!(bytes[16..20], [1, 3, 3, 10]);
}

#[test]
fn crossed_syns_open_the_connection() {
    let mut peer = Peer::connecting(|_, _| {});
    peer.arrives(segment(S, Seq(1000), Seq(0), b""));
    assert_eq!(peer.state(), State::SynReceived);
    assert_eq!(peer.sent(), "S S.");
    peer.nxt = Seq(1001);
    peer.says(ACK, b"");
    assert_eq!(peer.state(), State::Established);
}

#[test]
fn a_reset_of_our_syn_refuses() {
    let mut peer = Peer::connecting(|_, _| {});
    let syn = peer.last();
    peer.arrives(segment(R | ACK, Seq(0), syn.seq + 1, b""));
    assert_eq!(peer.state(), State::Closed);
    assert_eq!(peer.lab.so_error(A, peer.id), Errno::ECONNREFUSED.0);
}

#[test]
fn a_reset_that_does_not_cover_the_syn_is_ignored_and_the_syn_sent_again_at_once() {
    let mut peer = Peer::connecting(|_, _| {});
    let syn = peer.last();
    peer.arrives(segment(R | ACK, Seq(0), syn.seq, b""));
    assert_eq!(peer.state(), State::SynSent);
    peer.lab.clear();
    peer.lab.run_for(100 * MS);
    assert_eq!(peer.sent(), "S");
}

#[test]
fn syn_timeouts_are_linear_first() {
    let mut peer = Peer::connecting(|_, _| {});
    peer.lab.run_for(140 * SECOND);
    let start_ns = peer.lab.log[0].at_ns;
    let times: Vec<_> = peer.lab.log.iter().map(|p| (p.at_ns - start_ns) / SECOND).collect();
    assert_eq!(times, [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67]);
    assert_eq!(peer.state(), State::Closed);
    assert_eq!(peer.lab.so_error(A, peer.id), Errno::ETIMEDOUT.0);
}

#[test]
fn tcp_syncnt_1_gives_up_after_three_seconds() {
    let mut peer = Peer::connecting(|lab, id| {
        lab.setsockopt(A, id, SOL_TCP, TCP_SYNCNT, 1).expect("TCP_SYNCNT");
    });
    peer.lab.run_for(2999 * MS);
    assert_eq!(peer.state(), State::SynSent);
    peer.lab.run_for(2 * MS);
    assert_eq!(peer.state(), State::Closed);
    assert_eq!(peer.sent(), "S S S");
}

#[test]
fn a_syn_in_a_connection_is_challenged() {
    let mut peer = Peer::connected();
    let nxt = peer.nxt;
    peer.arrives(segment(S, nxt, Seq(0), b""));
    assert_eq!((peer.sent().as_str(), peer.state()), (".", State::Established));
}

#[test]
fn a_reset_in_the_window_is_challenged_and_below_it_ignored() {
    let mut peer = Peer::connected();
    let nxt = peer.nxt;
    peer.arrives(segment(R, nxt + 10, Seq(0), b""));
    assert_eq!((peer.sent().as_str(), peer.state()), (".", State::Established));
    peer.arrives(segment(R, nxt - 10, Seq(0), b""));
    assert_eq!((peer.sent().as_str(), peer.state()), ("", State::Established));
    peer.arrives(segment(R, nxt, Seq(0), b""));
    assert_eq!((peer.sent().as_str(), peer.state()), ("", State::Closed));
    assert_eq!(peer.recv(), Err(Errno::ECONNRESET));
    assert_eq!(peer.recv(), Ok(vec![]));
}

#[test]
fn what_arrived_before_a_reset_can_be_read() {
    let mut peer = Peer::connected();
    peer.says(P | ACK, b"data");
    peer.says(R, b"");
    assert_eq!(peer.recv(), Ok(b"data".to_vec()));
    assert_eq!(peer.recv(), Err(Errno::ECONNRESET));
}

#[test]
fn a_reset_after_fin_is_a_broken_pipe() {
    let mut peer = Peer::connected();
    peer.says(F | ACK, b"");
    assert_eq!(peer.state(), State::CloseWait);
    assert_eq!(peer.lab.send(A, peer.id, b"late"), Ok(4));
    let nxt = peer.nxt;
    peer.arrives(segment(R, nxt, Seq(0), b""));
    assert_eq!(peer.lab.poll(A, peer.id), "IN|OUT|ERR|HUP|RDHUP");
    assert_eq!(peer.lab.so_error(A, peer.id), Errno::EPIPE.0);
    assert_eq!(peer.recv(), Ok(vec![]));
    assert_eq!(peer.lab.send(A, peer.id, b"x"), Err(Errno::EPIPE));
}

#[test]
fn closing_with_unread_data_resets() {
    let mut peer = Peer::connected();
    peer.says(P | ACK, b"unread");
    let snd_nxt = peer.lab.hosts[A].tcb(peer.id).expect("a connection").snd_nxt;
    peer.lab.clear();
    peer.lab.close(A, peer.id);
    assert_eq!(peer.last().seq, snd_nxt);
    assert_eq!(peer.sent(), "R.");
}

#[test]
fn linger_zero_resets() {
    let mut peer = Peer::connected();
    let id = peer.id;
    let value = [1i32.to_le_bytes(), 0i32.to_le_bytes()].concat();
    peer.lab
        .call(A, |stack, now, out| stack.setsockopt(id, SOL_SOCKET, SO_LINGER, &value, now, out))
        .expect("SO_LINGER");
    let nxt = peer.nxt;
    peer.lab.close(A, id);
    assert_eq!(peer.last().ack, nxt);
    assert_eq!(peer.sent(), "R.");
    assert_eq!(peer.lab.hosts[A].socket_ids().filter(|other| *other == id).count(), 0);
}

#[test]
fn an_ack_for_nobody_is_answered_by_a_bare_reset() {
    let mut peer = Peer::connected();
    peer.script.host.set_port(9);
    peer.arrives(segment(ACK, Seq(1), Seq(55), b""));
    assert_eq!(peer.last().seq, Seq(55));
    assert_eq!(peer.last().options, Options::default());
    assert_eq!(peer.sent(), "R");
}

#[test]
fn a_syn_for_nobody_is_refused_exactly() {
    let mut peer = Peer::connected();
    peer.script.host.set_port(9);
    peer.arrives(segment(S, Seq(77), Seq(0), b""));
    let reset = peer.last();
    assert_eq!((reset.seq, reset.ack, reset.wnd), (Seq(0), Seq(78), 0));
    assert_eq!(peer.sent(), "R.");
    peer.arrives(segment(R, Seq(77), Seq(0), b""));
    assert_eq!(peer.sent(), "");
}

#[test]
fn a_segment_without_ack_is_dropped() {
    let mut peer = Peer::connected();
    let nxt = peer.nxt;
    peer.arrives(segment(P, nxt, Seq(0), b"abc"));
    assert_eq!(peer.recv(), Err(Errno::EAGAIN));
    assert_eq!(peer.sent(), "");
}

#[test]
fn a_gap_is_told_at_once_and_filled_later() {
    let mut peer = Peer::connected();
    let nxt = peer.nxt;
    let snd_nxt = peer.lab.hosts[A].tcb(peer.id).expect("a connection").snd_nxt;
    peer.arrives(segment(P | ACK, nxt + 10, snd_nxt, b"abc"));
    assert_eq!((peer.last().ack, peer.recv()), (nxt, Err(Errno::EAGAIN)));
    peer.says(P | ACK, b"0123456789");
    assert_eq!(peer.last().ack, nxt + 13);
    assert_eq!(peer.recv(), Ok(b"0123456789abc".to_vec()));
}

#[test]
fn gaps_are_reported_by_sack_newest_first() {
    let options = Options { mss: Some(1460), sack_ok: true, ..Options::default() };
    let mut peer = Peer::connected_with(options, 65_535, |_, _| {});
    let nxt = peer.nxt;
    let snd_nxt = peer.lab.hosts[A].tcb(peer.id).expect("a connection").snd_nxt;
    peer.arrives(segment(ACK, nxt + 10, snd_nxt, b"bb"));
    peer.arrives(segment(ACK, nxt + 20, snd_nxt, b"cc"));
    let mut expected = SackBlocks::default();
    expected.push(nxt + 20, nxt + 22);
    expected.push(nxt + 10, nxt + 12);
    assert_eq!(peer.last().options.sack, expected);
    // What comes twice is reported, too (RFC 2883).
    peer.arrives(segment(ACK, nxt + 20, snd_nxt, b"cc"));
    assert_eq!(peer.last().options.sack.as_slice()[0], expected.as_slice()[0]);
}

#[test]
fn retransmission_doubles_without_sack() {
    let mut peer = Peer::connected();
    peer.lab.send(A, peer.id, b"data").expect("send");
    peer.lab.run_for(7 * SECOND);
    let start_ns = peer.lab.log[0].at_ns;
    let times: Vec<_> = peer.lab.log.iter().map(|p| (p.at_ns - start_ns) / MS).collect();
    assert_eq!(times, [0, 200, 600, 1400, 3000, 6200]);
    assert_eq!(peer.state(), State::Established);
}

#[test]
fn retransmission_gives_up_after_a_quarter_of_an_hour() {
    let mut peer = Peer::connected();
    peer.lab.send(A, peer.id, b"data").expect("send");
    peer.lab.run_for(920 * SECOND);
    assert_eq!(peer.state(), State::Established);
    peer.lab.run_for(130 * SECOND);
    assert_eq!(peer.state(), State::Closed);
    assert_eq!(peer.recv(), Err(Errno::ETIMEDOUT));
}

#[test]
fn tcp_user_timeout_ends_it_sooner() {
    let mut peer = Peer::connected_with(Options::default(), 65_535, |lab, id| {
        lab.setsockopt(A, id, SOL_TCP, TCP_USER_TIMEOUT, 1000).expect("TCP_USER_TIMEOUT");
    });
    peer.lab.send(A, peer.id, b"data").expect("send");
    peer.lab.run_for(1500 * MS);
    assert_eq!(peer.lab.poll(A, peer.id), "IN|OUT|ERR|HUP|RDHUP");
    assert_eq!(peer.recv(), Err(Errno::ETIMEDOUT));
}

#[test]
fn three_duplicate_acks_make_a_fast_retransmit() {
    let mut peer = Peer::connected();
    peer.lab.send(A, peer.id, &[b'x'; 8000]).expect("send");
    let una = peer.lab.hosts[A].tcb(peer.id).expect("a connection").snd_una;
    peer.lab.clear();
    for _ in 0..3 {
        let nxt = peer.nxt;
        peer.arrives(segment(ACK, nxt, una, b""));
    }
    assert_eq!(peer.lab.segments()[0].1.seq, una);
    assert_eq!(peer.lab.log[0].cause, soquete_sim::net::Cause::FastRetransmit);
}

#[test]
fn a_zero_window_is_probed_with_backoff() {
    let options = Options { mss: Some(1460), ..Options::default() };
    let mut peer = Peer::connected_with(options, 0, |_, _| {});
    assert_eq!(peer.lab.send(A, peer.id, b"0123456789"), Ok(10));
    assert_eq!(peer.sent(), "");
    let una = peer.lab.hosts[A].tcb(peer.id).expect("a connection").snd_una;
    peer.lab.run_for(5 * SECOND);
    let start_ns = peer.lab.log[0].at_ns;
    let times: Vec<_> = peer.lab.log.iter().map(|p| (p.at_ns - start_ns) / MS).collect();
    assert_eq!(times, [0, 400, 1200, 2800]);
    // Linux's probe is empty and below SND.UNA.
    assert_eq!((peer.last().seq, peer.last().payload.len()), (una - 1, 0));
    peer.lab.clear();
    peer.says(ACK, b"");
    assert_eq!(peer.sent(), "P.:10");
}

#[test]
fn keepalive_probes_and_gives_up() {
    let mut peer = Peer::connected_with(Options::default(), 65_535, |lab, id| {
        lab.setsockopt(A, id, SOL_SOCKET, SO_KEEPALIVE, 1).expect("SO_KEEPALIVE");
        lab.setsockopt(A, id, SOL_TCP, TCP_KEEPIDLE, 1).expect("TCP_KEEPIDLE");
        lab.setsockopt(A, id, SOL_TCP, TCP_KEEPINTVL, 1).expect("TCP_KEEPINTVL");
        lab.setsockopt(A, id, SOL_TCP, TCP_KEEPCNT, 2).expect("TCP_KEEPCNT");
    });
    let una = peer.lab.hosts[A].tcb(peer.id).expect("a connection").snd_una;
    peer.lab.run_for(950 * MS);
    assert_eq!((peer.last().seq, peer.sent().as_str()), (una - 1, "."));
    peer.lab.run_for(3 * SECOND);
    assert_eq!(peer.sent(), ". R.");
    assert_eq!(peer.recv(), Err(Errno::ETIMEDOUT));
}

#[test]
fn the_states_of_closing_first() {
    let mut peer = Peer::connected();
    peer.lab.shutdown(A, peer.id, How::Write).expect("shutdown");
    assert_eq!((peer.sent().as_str(), peer.state()), ("F.", State::FinWait1));
    peer.says(ACK, b"");
    assert_eq!(peer.state(), State::FinWait2);
    peer.says(P | ACK, b"more");
    assert_eq!(peer.recv(), Ok(b"more".to_vec()));
    peer.lab.clear();
    peer.says(F | ACK, b"");
    assert_eq!((peer.sent().as_str(), peer.state()), (".", State::TimeWait));
    // The peer's FIN again is acknowledged again.
    let nxt = peer.nxt;
    let snd_nxt = peer.lab.hosts[A].tcb(peer.id).expect("a connection").snd_nxt;
    peer.arrives(segment(F | ACK, nxt - 1, snd_nxt, b""));
    assert_eq!(peer.sent(), ".");
    assert_eq!((peer.recv(), peer.lab.send(A, peer.id, b"x")), (Ok(vec![]), Err(Errno::EPIPE)));
    assert_eq!(peer.lab.hosts[A].peer_addr(peer.id), Err(Errno::ENOTCONN));
    assert_eq!(peer.lab.shutdown(A, peer.id, How::Write), Err(Errno::ENOTCONN));
    peer.lab.run_for(61 * SECOND);
    assert_eq!(peer.state(), State::Closed);
}

#[test]
fn both_close_at_once() {
    let mut peer = Peer::connected();
    peer.lab.shutdown(A, peer.id, How::Write).expect("shutdown");
    let snd_nxt = peer.lab.hosts[A].tcb(peer.id).expect("a connection").snd_nxt;
    let nxt = peer.nxt;
    peer.arrives(segment(F | ACK, nxt, snd_nxt - 1, b""));
    assert_eq!(peer.state(), State::Closing);
    peer.arrives(segment(ACK, nxt + 1, snd_nxt, b""));
    assert_eq!(peer.state(), State::TimeWait);
}

#[test]
fn closing_second_ends_with_the_ack() {
    let mut peer = Peer::connected();
    peer.says(F | ACK, b"");
    assert_eq!(peer.recv(), Ok(vec![]));
    assert_eq!(peer.lab.send(A, peer.id, b"hello"), Ok(5));
    peer.says(ACK, b"");
    peer.lab.clear();
    peer.lab.close(A, peer.id);
    assert_eq!((peer.sent().as_str(), peer.state()), ("F.", State::LastAck));
    peer.says(ACK, b"");
    assert!(peer.lab.hosts[A].state(peer.id).is_none());
    peer.says(ACK, b"");
    assert_eq!(peer.sent(), "R");
}

#[test]
fn data_for_a_closed_socket_is_reset() {
    let mut peer = Peer::connected();
    peer.lab.close(A, peer.id);
    peer.says(ACK, b"");
    peer.lab.clear();
    let (nxt, snd_nxt) = (peer.nxt, peer.lab.hosts[A].tcb(peer.id).expect("an orphan").snd_nxt);
    peer.arrives(segment(P | ACK, nxt, snd_nxt, b"anybody?"));
    assert_eq!(peer.last().seq, snd_nxt);
    assert_eq!(peer.sent(), "R");
    assert!(peer.lab.hosts[A].state(peer.id).is_none());
}

#[test]
fn an_orphan_waits_a_minute_for_the_fin() {
    let mut peer = Peer::connected();
    peer.lab.close(A, peer.id);
    peer.says(ACK, b"");
    assert_eq!(peer.state(), State::FinWait2);
    peer.lab.run_for(61 * SECOND);
    assert!(peer.lab.hosts[A].state(peer.id).is_none());
}

#[test]
fn data_with_fin_is_acknowledged_together() {
    let mut peer = Peer::connected();
    let nxt = peer.nxt;
    peer.says(P | F | ACK, b"end");
    peer.lab.run_for(100 * MS);
    assert_eq!(peer.last().ack, nxt + 4);
    assert_eq!((peer.recv(), peer.recv()), (Ok(b"end".to_vec()), Ok(vec![])));
}

#[test]
fn the_urgent_byte_is_read_out_of_band() {
    let mut peer = Peer::connected();
    let nxt = peer.nxt;
    let snd_nxt = peer.lab.hosts[A].tcb(peer.id).expect("a connection").snd_nxt;
    let mut urgent = segment(P | ACK | Flags::URG, nxt, snd_nxt, b"abX");
    urgent.urg = 3;
    peer.arrives(urgent);
    assert_eq!(peer.lab.poll(A, peer.id), "IN|PRI|OUT");
    assert_eq!(peer.recv(), Ok(b"ab".to_vec()));
    let oob = peer.lab.recv_request(A, peer.id, 1, MSG_OOB).map(|received| received.bytes);
    assert_eq!(oob, Ok(b"X".to_vec()));
    let again = peer.lab.recv_request(A, peer.id, 1, MSG_OOB).map(|received| received.bytes);
    assert_eq!(again, Err(Errno::EINVAL));
    assert_eq!(peer.recv(), Err(Errno::EAGAIN));
}

#[test]
fn an_unanswered_syn_ack_is_sent_again_after_a_second() {
    let mut lab = Lab::new(MS);
    let ping = lab.socket(A, udp4());
    let _ = lab.send_to(A, ping, b"x", "10.0.0.2:7");
    lab.run_for(100 * MS);
    let listener = lab.listener(A, 80, 5);
    lab.wire = Box::new(|_| None);
    lab.clear();
    let script = Script {
        peer: "10.0.0.2:999".parse().expect("an address"),
        host: "10.0.0.1:80".parse().expect("an address"),
    };
    lab.inject(A, script.frame(&segment(S, Seq(5), Seq(0), b"")));
    assert_eq!(lab.accept(A, listener), Err(Errno::EAGAIN));
    lab.run_for(70 * SECOND);
    let start_ns = lab.log[0].at_ns;
    let times: Vec<_> = lab.log.iter().map(|p| (p.at_ns - start_ns) / SECOND).collect();
    assert_eq!(times, [0, 1, 3, 7, 15, 31]);
    // Data with the third ACK is taken at once.
    lab.clear();
    lab.inject(A, script.frame(&segment(S, Seq(500), Seq(0), b"")));
    let iss = lab.last_from(A).seq;
    lab.inject(A, script.frame(&segment(P | ACK, Seq(501), iss + 1, b"early")));
    let server = lab.accept(A, listener).expect("a connection");
    assert_eq!(lab.recv(A, server, 10), Ok(b"early".to_vec()));
}

#[test]
fn a_host_that_does_not_answer_arp_is_unreachable_after_three_seconds() {
    let mut lab = Lab::new(MS);
    let id = lab.socket(A, tcp4());
    assert_eq!(lab.connect(A, id, "10.0.0.77:80"), Err(Errno::EINPROGRESS));
    lab.run_for(2900 * MS);
    assert_eq!(lab.state(A, id), State::SynSent);
    lab.run_for(200 * MS);
    assert_eq!(lab.so_error(A, id), Errno::EHOSTUNREACH.0);
}
