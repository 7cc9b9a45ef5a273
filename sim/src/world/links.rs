//! How frames travel: who is reached, when, and what happens to them on the way.

use super::{End, Link, World};
use crate::event::Event;
use crate::net::{self, IfaceId, Transmit};
use crate::scenario::MAX_TIME_NS;
use crate::timeline::Action;
use crate::trace::{Fate, Sink, What};
use crate::{HostId, PacketId};
use std::sync::Arc;

/// From one socket to another on the same host, nanoseconds. Linux delivers within the sending
/// call, so a whole handshake must fit between a call and the next.
const LOOPBACK_NS: u64 = 100;
/// Bytes of an Ethernet header; a link's MTU does not count it.
const ETHERNET: usize = 14;
/// Preamble, checksum and gap, which take time on a slow link but are in no capture: bytes.
const ETHERNET_EXTRA: u64 = 24;

/// A frame's way over a link.
struct Passage {
    link: Option<usize>,
    to: HostId,
    arrives: Option<u64>,
    fate: Fate,
}

impl Link {
    /// Whom a frame from one end is carried to. A switch knows who is where: a frame for one goes
    /// to one, for a group or for nobody that it knows to all. A hub repeats everything.
    fn reaches(&self, from: usize, to: [u8; 6]) -> Vec<End> {
        let known = self.ends.iter().any(|end| end.mac.0 == to);
        let everybody = self.params.hub || to[0] & 1 == 1 || !known;
        let ends = self.ends.iter().enumerate();
        let others = ends.filter(|(i, other)| *i != from && (everybody || other.mac.0 == to));
        others.map(|(_, other)| other.clone()).collect()
    }

    /// What an action says stays as it is where it says nothing, or nothing possible: a link of the
    /// page may hold any numbers; a scenario's were checked.
    pub(super) fn change(&mut self, action: &Action) {
        let Action::Link { delay_ns, jitter_ns, loss, duplicate, corrupt, rate_bps, .. } = action
        else {
            return;
        };
        let time = |ns: &u64| *ns <= MAX_TIME_NS;
        let chance = |chance: &f64| (0.0..=1.0).contains(chance);
        let params = &mut self.params;
        params.delay_ns = delay_ns.filter(time).unwrap_or(params.delay_ns);
        params.jitter_ns = jitter_ns.filter(time).unwrap_or(params.jitter_ns);
        params.loss = loss.filter(chance).unwrap_or(params.loss);
        params.duplicate = duplicate.filter(chance).unwrap_or(params.duplicate);
        params.corrupt = corrupt.filter(chance).unwrap_or(params.corrupt);
        params.rate_bps = rate_bps.unwrap_or(params.rate_bps);
    }
}

impl World {
    pub(super) fn transmit(
        &mut self,
        from: HostId,
        sent: Transmit,
        cause: Option<u64>,
        sink: &mut Sink,
    ) {
        let host = Arc::make_mut(&mut self.hosts[from.0 as usize]);
        host.stack.count(sent.iface, sent.frame.len(), false);
        if sent.iface == IfaceId::LO {
            let arrives = self.now_ns + LOOPBACK_NS;
            let packet = self.new_packet();
            let id = self.sent_record(
                from,
                &sent,
                packet,
                Passage { link: None, to: from, arrives: Some(arrives), fate: Fate::Pass },
                cause,
                sink,
            );
            let event = Event::Arrival {
                packet,
                host: from,
                iface: IfaceId::LO,
                frame: sent.frame,
                cause: id,
            };
            self.queue.push(arrives, event);
            return;
        }
        let found = self.links.iter().enumerate().find_map(|(i, link)| {
            let end = link.ends.iter().position(|e| e.host == from && e.iface == sent.iface)?;
            Some((i, end))
        });
        let Some((link, end)) = found else { return };
        let to_mac: [u8; 6] = sent.frame.first_chunk().copied().unwrap_or_default();
        let targets = self.links[link].reaches(end, to_mac);
        let departs = self.serialise(link, end, sent.frame.len());
        for target in targets {
            self.carry(from, link, &target, &sent, departs, cause, sink);
        }
    }

    /// When the frame's last bit has left a slow link's end; `None` if the queue is full.
    fn serialise(&mut self, link: usize, end: usize, len: usize) -> Option<u64> {
        let link = &mut self.links[link];
        if link.params.rate_bps == 0 {
            return Some(self.now_ns);
        }
        let bits = (len as u64 + ETHERNET_EXTRA) * 8;
        let takes = bits.saturating_mul(1_000_000_000) / link.params.rate_bps;
        let busy = &mut link.ends[end].busy_ns;
        let waits = busy.saturating_sub(self.now_ns);
        if takes > 0 && waits / takes.max(1) > u64::from(link.params.queue) {
            return None;
        }
        *busy = (*busy).max(self.now_ns) + takes;
        Some(*busy)
    }

    #[allow(clippy::too_many_arguments)] // a frame's whole way
    fn carry(
        &mut self,
        from: HostId,
        link: usize,
        target: &End,
        sent: &Transmit,
        departs: Option<u64>,
        cause: Option<u64>,
        sink: &mut Sink,
    ) {
        let params = self.links[link].params;
        let mut sent = sent.clone();
        let fate = self.fate(link, &mut sent, departs);
        let arrives = match fate {
            Fate::Pass | Fate::Delayed | Fate::Corrupted => {
                let jitter = match params.jitter_ns {
                    0 => 0,
                    most => self.rng.next_u64() % (most + 1),
                };
                departs.map(|departs| departs + params.delay_ns + jitter)
            }
            _ => None,
        };
        let packet = self.new_packet();
        let to = target.host;
        let passage = Passage { link: Some(link), to, arrives, fate };
        let id = self.sent_record(from, &sent, packet, passage, cause, sink);
        let Some(arrives) = arrives else { return };
        let event = |packet, frame, cause| Event::Arrival {
            packet,
            host: target.host,
            iface: target.iface,
            frame,
            cause,
        };
        self.queue.push(arrives, event(packet, sent.frame.clone(), id));
        if self.rng.chance(params.duplicate) {
            let copy = self.new_packet();
            let passage =
                Passage { link: Some(link), to, arrives: Some(arrives), fate: Fate::Duplicate };
            let id = self.sent_record(from, &sent, copy, passage, Some(id), sink);
            self.queue.push(arrives, event(copy, sent.frame, id));
        }
    }

    fn fate(&mut self, link: usize, sent: &mut Transmit, departs: Option<u64>) -> Fate {
        let params = self.links[link].params;
        // The generator is asked in any case, so that one setting does not shift another's chance.
        let lost = self.rng.chance(params.loss);
        let corrupted = self.rng.chance(params.corrupt);
        if !self.links[link].up {
            return Fate::Unplugged;
        }
        if self.links[link].drop_next > 0 {
            self.links[link].drop_next -= 1;
            return Fate::Dropped;
        }
        if departs.is_none() {
            return Fate::QueueFull;
        }
        if sent.frame.len() > params.mtu as usize + ETHERNET {
            return Fate::TooBig;
        }
        if lost {
            return Fate::Lost;
        }
        if corrupted {
            let bits = (sent.frame.len() * 8) as u32;
            let bit = self.rng.below(bits);
            sent.frame = flipped(&sent.frame, bit);
            return Fate::Corrupted;
        }
        Fate::Pass
    }

    pub(super) fn new_packet(&mut self) -> PacketId {
        self.next_packet += 1;
        PacketId(self.next_packet)
    }

    fn sent_record(
        &mut self,
        from: HostId,
        sent: &Transmit,
        packet: PacketId,
        passage: Passage,
        cause: Option<u64>,
        sink: &mut Sink,
    ) -> u64 {
        let what = What::PacketSent {
            packet,
            frame: sent.frame.clone(),
            link: passage.link,
            from,
            to: passage.to,
            departs_ns: self.now_ns,
            arrives_ns: passage.arrives,
            fate: passage.fate,
            socket: sent.socket,
            reason: sent.cause,
        };
        self.note(from, what, cause, sink)
    }
}

/// The frame with one bit turned.
pub(super) fn flipped(frame: &net::Frame, bit: u32) -> net::Frame {
    let mut bytes = frame.to_vec();
    if !bytes.is_empty() {
        let at = (bit / 8) as usize % bytes.len();
        bytes[at] ^= 1 << (bit % 8);
    }
    net::Frame::new(bytes)
}
