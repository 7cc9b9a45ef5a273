//! What happened in a run, as tables that the views show: moments, packets, calls, states,
//! processes. Made once a run from the trace; a view at moment `n` shows what has a moment <= `n`.
//!
//! A *moment* is an event of the world that a person can see; mere computation is not one.
//! Moment 0 is before the first event.

use crate::i18n::Msg;
use crate::model::dissect::{Base, Summary};
use abi::{Pid, Reply, Syscall};
use std::rc::Rc;
use std::sync::Arc;

/// A point at which one can stand.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Moment {
    /// Position in the timeline: so many events have happened.
    pub(crate) position: u64,
    /// Simulated time, nanoseconds.
    pub(crate) t_ns: u64,
    /// The record that names the moment, as its number in the trace; `None` for moment 0.
    pub(crate) record: Option<usize>,
    /// The other visible records of the event.
    pub(crate) also: Vec<usize>,
}

/// A frame on a link.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Packet {
    pub(crate) id: u64,
    /// From 1, as people count.
    pub(crate) number: u64,
    pub(crate) moment: usize,
    /// From the Ethernet header on.
    pub(crate) frame: Rc<[u8]>,
    /// The link; `None` is a host's loopback.
    pub(crate) link: Option<usize>,
    /// Hosts.
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) departs_ns: u64,
    /// When the packet left of which this is a copy, made on the way.
    pub(crate) original_ns: Option<u64>,
    /// When it arrives or would have arrived.
    pub(crate) arrives_ns: Option<u64>,
    /// When somebody began to hold it back.
    pub(crate) held_ns: Option<u64>,
    /// What the link did with it.
    pub(crate) fate: Msg,
    /// Whether it never reaches the other end.
    pub(crate) lost: bool,
    /// Whether TCP sent its bytes before.
    pub(crate) again: bool,
    /// Whether the receiver threw it away, and its reason.
    pub(crate) refused: Option<Msg>,
    /// When its way ended: it arrived or was dropped.
    pub(crate) ended: Option<(usize, u64)>,
    pub(crate) base: Base,
    pub(crate) summary: Summary,
}

/// A system call.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Call {
    pub(crate) id: u64,
    pub(crate) host: usize,
    pub(crate) pid: Pid,
    pub(crate) tid: Pid,
    pub(crate) syscall: Arc<Syscall>,
    pub(crate) moment: usize,
    pub(crate) start_ns: u64,
    /// The moment from which it slept.
    pub(crate) blocked: Option<usize>,
    /// Moment, time and answer.
    pub(crate) end: Option<(usize, u64, Arc<Reply>)>,
    /// Its host was turned off before there was an answer.
    pub(crate) gone: bool,
}

/// The number of a connection that no `accept` or handshake has completed yet.
pub(crate) const HALF_OPEN: u32 = u32::MAX;

/// A change of a TCP connection's state.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct StateChange {
    pub(crate) moment: usize,
    pub(crate) t_ns: u64,
    pub(crate) host: usize,
    pub(crate) sock: u32,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) local: String,
    pub(crate) peer: String,
}

/// A piece of a terminal's text.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Text {
    pub(crate) moment: usize,
    /// 0 is what a person typed, 1 and 2 what the program wrote.
    pub(crate) fd: i32,
    pub(crate) bytes: Vec<u8>,
}

/// A process from beginning to end.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Process {
    pub(crate) host: usize,
    pub(crate) pid: Pid,
    pub(crate) program: String,
    pub(crate) start: usize,
    /// Moment and status word.
    pub(crate) exit: Option<(usize, i32)>,
    /// Where its threads stand: moment, thread, line.
    pub(crate) lines: Vec<(usize, Pid, u32)>,
    pub(crate) terminal: Vec<Text>,
    /// What stopped the program, in both languages, and the line.
    pub(crate) fault: Option<(usize, [String; 2], Option<u32>)>,
    /// When its host was turned off.
    pub(crate) gone: Option<usize>,
}

/// A signal whose handler was called.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Handled {
    pub(crate) host: usize,
    pub(crate) pid: Pid,
    pub(crate) signal: i32,
}

/// A host of the scenario.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Host {
    pub(crate) name: String,
    /// Its addresses outside the loopback.
    pub(crate) addresses: Vec<String>,
}

/// All of it.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Course {
    pub(crate) hosts: Vec<Host>,
    pub(crate) moments: Vec<Moment>,
    pub(crate) packets: Vec<Packet>,
    pub(crate) calls: Vec<Call>,
    pub(crate) states: Vec<StateChange>,
    pub(crate) processes: Vec<Process>,
    pub(crate) signals: Vec<Handled>,
}

impl Course {
    /// The last moment.
    pub(crate) fn last(&self) -> usize {
        self.moments.len().saturating_sub(1)
    }

    /// The packets that are on their way at a time.
    pub(crate) fn flying(&self, t_ns: f64) -> impl Iterator<Item = &Packet> {
        self.packets.iter().filter(move |packet| {
            let end = packet.arrives_ns.or(packet.ended.map(|(_, t)| t));
            packet.departs_ns as f64 <= t_ns && end.is_none_or(|end| t_ns <= end as f64)
        })
    }

    /// The next (or previous) moment after which `fits` holds for something.
    fn seek(
        moments: impl DoubleEndedIterator<Item = usize>,
        from: usize,
        forward: bool,
    ) -> Option<usize> {
        if forward {
            moments.into_iter().filter(|m| *m > from).min()
        } else {
            moments.into_iter().filter(|m| *m < from).max()
        }
    }

    /// The next or previous moment at which a packet is sent.
    pub(crate) fn packet_moment(&self, from: usize, forward: bool) -> Option<usize> {
        Course::seek(self.packets.iter().map(|packet| packet.moment), from, forward)
    }

    /// The next or previous packet of a socket, by its addresses as they are written; a peer that is
    /// empty is anybody.
    pub(crate) fn packet_of(
        &self,
        local: &str,
        peer: &str,
        from: usize,
        forward: bool,
    ) -> Option<usize> {
        let its = |packet: &&(usize, &Packet)| {
            let summary = &packet.1.summary;
            let end = |ip: &str, port: u16| match ip.contains(':') {
                true => format!("[{ip}]:{port}"),
                false => format!("{ip}:{port}"),
            };
            let ends = [end(&summary.from, summary.ports.0), end(&summary.to, summary.ports.1)];
            let ours = |at: usize| {
                // `0.0.0.0:80` is any of the host's addresses.
                let any = local.starts_with("0.0.0.0:") || local.starts_with("[::]:");
                let port = |text: &str| text.rsplit(':').next().map(str::to_owned);
                ends[at] == local || any && port(&ends[at]) == port(local)
            };
            (0..2).any(|at| ours(at) && (peer.is_empty() || ends[1 - at] == peer))
        };
        let mut all = self.packets.iter().enumerate();
        match forward {
            true => all.find(|p| p.1.moment > from && its(&p)),
            false => all.rfind(|p| p.1.moment < from && its(&p)),
        }
        .map(|(index, _)| index)
    }

    /// The next or previous moment at which a connection changes state.
    pub(crate) fn state_moment(&self, from: usize, forward: bool) -> Option<usize> {
        Course::seek(self.states.iter().map(|state| state.moment), from, forward)
    }
}

impl Process {
    /// The line at which its first thread stands at a moment.
    pub(crate) fn line_at(&self, moment: usize) -> Option<u32> {
        let until = self.lines.partition_point(|(m, ..)| *m <= moment);
        self.lines[..until]
            .iter()
            .rev()
            .find(|(_, tid, _)| *tid == self.pid)
            .map(|(.., line)| *line)
    }

    /// The next or previous moment at which it stands at another line.
    pub(crate) fn line_moment(&self, from: usize, forward: bool) -> Option<usize> {
        Course::seek(self.lines.iter().map(|(m, ..)| *m), from, forward)
    }
}
