//! Who has this address? ARP (RFC 826) and neighbour discovery (RFC 4861).
//!
//! A host asks once a second, three times; then what waited for the answer fails with host
//! unreachable, as in Linux (`mcast_solicit` = 3, `retrans_time` = 1 s). Simplified: a neighbour
//! that answered is believed for ever (Linux asks again after about 30 s of silence), duplicate
//! address detection and router discovery do not exist.

use crate::net::ip::Outgoing;
use crate::net::{Cause, DropWhy, Frame, IfaceId, Note, Out, SocketId, Stack, Transmit};
use crate::wire::{self, Mac, Shared, arp, ethernet, icmp, ip};
use std::net::{IpAddr, Ipv6Addr};

/// Between two questions, nanoseconds.
const RETRANSMIT_NS: u64 = 1_000_000_000;
/// How many questions.
const QUESTIONS: u32 = 3;
/// How many packets wait for one answer (Linux counts bytes: about as many full ones).
const QUEUE_MAX: usize = 101;

/// A neighbour's name.
pub(crate) type NeighbourKey = (IfaceId, IpAddr);

/// What is known of a neighbour.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Neighbour {
    /// Its Ethernet address.
    Reachable(Mac),
    /// Asked and waiting; packets wait, too.
    Incomplete { asked: u32, queue: Vec<(Vec<u8>, Option<SocketId>, Cause)> },
}

impl Stack {
    /// The known neighbours of this host: `ip neigh`.
    pub fn neighbours(&self) -> impl Iterator<Item = (IfaceId, IpAddr, Option<Mac>)> {
        self.neighbours.iter().map(|((iface, ip), neighbour)| match neighbour {
            Neighbour::Reachable(mac) => (*iface, *ip, Some(*mac)),
            Neighbour::Incomplete { .. } => (*iface, *ip, None),
        })
    }

    /// A neighbour whose Ethernet address need not be asked for (`ip neigh add`).
    pub fn add_neighbour(&mut self, iface: IfaceId, ip: IpAddr, mac: Mac) {
        self.neighbours.insert((iface, ip), Neighbour::Reachable(mac));
    }

    /// Sends an IP packet (behind an empty Ethernet header) to a neighbour, asking first if need
    /// be.
    pub(crate) fn send_to_neighbour(
        &mut self,
        key: NeighbourKey,
        mut frame: Vec<u8>,
        socket: Option<SocketId>,
        cause: Cause,
        now_ns: u64,
        out: &mut Out,
    ) {
        match self.neighbours.get_mut(&key) {
            Some(Neighbour::Reachable(mac)) => {
                frame[..6].copy_from_slice(&mac.0);
                out.frames.push(Transmit { iface: key.0, frame: Frame::new(frame), socket, cause });
            }
            Some(Neighbour::Incomplete { queue, .. }) => {
                if queue.len() == QUEUE_MAX {
                    queue.remove(0);
                }
                queue.push((frame, socket, cause));
            }
            None => {
                let queue = vec![(frame, socket, cause)];
                self.neighbours.insert(key, Neighbour::Incomplete { asked: 1, queue });
                self.neighbour_timers.insert((now_ns + RETRANSMIT_NS, key));
                self.ask_neighbour(key, out);
            }
        }
    }

    /// "Who has …? Tell …"
    fn ask_neighbour(&self, (id, target): NeighbourKey, out: &mut Out) {
        let Some(iface) = self.interface(id) else { return };
        let Ok(hit) = self.route(target, None, Some(id)) else { return };
        let mut frame = Vec::with_capacity(ethernet::HEADER_LEN + 72);
        match (hit.src, target) {
            (IpAddr::V4(own), IpAddr::V4(target)) => {
                let header = ethernet::Repr {
                    dst: Mac::BROADCAST,
                    src: iface.mac,
                    ethertype: ethernet::ARP,
                };
                header.emit(&mut frame);
                let question = arp::Repr {
                    reply: false,
                    sender: (iface.mac, own),
                    target: (Mac::default(), target),
                };
                question.emit(&mut frame);
            }
            (own, IpAddr::V6(target_v6)) => {
                let group = solicited_node(target_v6);
                let mut body = target_v6.octets().to_vec();
                body.extend_from_slice(&[1, 1]); // source link-layer address, 8 bytes
                body.extend_from_slice(&iface.mac.0);
                let message = icmp::Message::NeighbourSolicitation;
                emit_discovery(
                    iface.mac,
                    Mac::multicast(group.into()),
                    own,
                    group.into(),
                    message,
                    &body,
                    &mut frame,
                );
            }
            _ => return,
        }
        let frame = Frame::new(frame);
        out.frames.push(Transmit { iface: id, frame, socket: None, cause: Cause::Neighbour });
    }

    pub(crate) fn neighbour_timers_due(&mut self, now_ns: u64, out: &mut Out) {
        while let Some(&(at, key)) = self.neighbour_timers.first()
            && at <= now_ns
        {
            self.neighbour_timers.pop_first();
            match self.neighbours.get_mut(&key) {
                Some(Neighbour::Incomplete { asked, .. }) if *asked < QUESTIONS => {
                    *asked += 1;
                    self.neighbour_timers.insert((now_ns + RETRANSMIT_NS, key));
                    self.ask_neighbour(key, out);
                }
                Some(Neighbour::Incomplete { .. }) => self.neighbour_failed(key, now_ns, out),
                _ => {}
            }
        }
    }

    /// Nobody answered: what waited is reported unreachable to its sender.
    fn neighbour_failed(&mut self, key: NeighbourKey, now_ns: u64, out: &mut Out) {
        out.notes.push(Note::Neighbour { iface: key.0, ip: key.1, mac: None });
        let Some(Neighbour::Incomplete { queue, .. }) = self.neighbours.remove(&key) else {
            return;
        };
        for (frame, _, _) in queue {
            let packet = Shared::from(frame).slice_from(ethernet::HEADER_LEN);
            // Host unreachable (RFC 792 code 1), address unreachable (RFC 4443 code 3).
            let code = if key.1.is_ipv4() { 1 } else { 3 };
            let message = icmp::Message::Unreachable { code, mtu: 0 };
            self.icmp_error(&packet, message, now_ns, out);
        }
    }

    /// Learns an address and sends what waited for it.
    fn learn(&mut self, key: NeighbourKey, mac: Mac, out: &mut Out) {
        let old = self.neighbours.insert(key, Neighbour::Reachable(mac));
        if old != Some(Neighbour::Reachable(mac)) {
            out.notes.push(Note::Neighbour { iface: key.0, ip: key.1, mac: Some(mac) });
        }
        if let Some(Neighbour::Incomplete { queue, .. }) = old {
            self.neighbour_timers.retain(|(_, waiting)| *waiting != key);
            for (mut frame, socket, cause) in queue {
                frame[..6].copy_from_slice(&mac.0);
                out.frames.push(Transmit { iface: key.0, frame: Frame::new(frame), socket, cause });
            }
        }
    }

    /// RFC 826 "Packet Reception".
    pub(crate) fn arp_arrives(&mut self, id: IfaceId, frame: &Frame, out: &mut Out) {
        let message = match arp::Repr::parse(&frame[ethernet::HEADER_LEN..]) {
            Ok(message) => message,
            Err(malformed) => {
                let why = DropWhy::Malformed(malformed);
                out.notes.push(Note::Dropped { iface: id, frame: frame.clone(), why });
                return;
            }
        };
        let (sender_mac, sender_ip) = message.sender;
        let key = (id, IpAddr::V4(sender_ip));
        let for_us = self.interface(id).is_some_and(|iface| {
            iface.addrs.iter().any(|(own, _)| *own == IpAddr::V4(message.target.1))
        });
        if self.neighbours.contains_key(&key) || for_us {
            self.learn(key, sender_mac, out);
        }
        let Some(iface) = self.interface(id).filter(|_| for_us && !message.reply) else { return };
        let mut bytes = Vec::with_capacity(ethernet::HEADER_LEN + arp::LEN);
        let header = ethernet::Repr { dst: sender_mac, src: iface.mac, ethertype: ethernet::ARP };
        header.emit(&mut bytes);
        let reply = arp::Repr {
            reply: true,
            sender: (iface.mac, message.target.1),
            target: message.sender,
        };
        reply.emit(&mut bytes);
        let frame = Frame::new(bytes);
        out.frames.push(Transmit { iface: id, frame, socket: None, cause: Cause::Neighbour });
    }

    /// Neighbour solicitation and advertisement (RFC 4861 §7.2).
    pub(crate) fn discovery_arrives(
        &mut self,
        id: IfaceId,
        header: &ip::Repr,
        message: icmp::Message,
        body: &[u8],
        out: &mut Out,
    ) {
        let Some(target) = body.get(..16).and_then(|bytes| <[u8; 16]>::try_from(bytes).ok()) else {
            return;
        };
        let target = IpAddr::V6(Ipv6Addr::from(target));
        let link_address = body.get(16..24).filter(|option| option[1] == 1).map(|option| {
            let mut mac = [0; 6];
            mac.copy_from_slice(&option[2..8]);
            Mac(mac)
        });
        match (message, link_address) {
            (icmp::Message::NeighbourSolicitation, Some(mac)) => {
                let Some(iface) = self.interface(id) else { return };
                if !iface.addrs.iter().any(|(own, _)| *own == target) {
                    return;
                }
                let own_mac = iface.mac;
                self.learn((id, header.src), mac, out);
                let IpAddr::V6(target_v6) = target else { return };
                let mut body = target_v6.octets().to_vec();
                body.extend_from_slice(&[2, 1]); // target link-layer address, 8 bytes
                body.extend_from_slice(&own_mac.0);
                // Solicited, override.
                let answer = icmp::Message::NeighbourAdvertisement(0x6000_0000);
                let mut frame = Vec::new();
                emit_discovery(own_mac, mac, target, header.src, answer, &body, &mut frame);
                let frame = Frame::new(frame);
                let cause = Cause::Neighbour;
                out.frames.push(Transmit { iface: id, frame, socket: None, cause });
            }
            (icmp::Message::NeighbourAdvertisement(_), Some(mac))
                if self.neighbours.contains_key(&(id, target)) =>
            {
                self.learn((id, target), mac, out);
            }
            _ => {}
        }
    }

    /// Reports a packet's failure to whoever sent it: over loopback if that was us.
    pub(crate) fn icmp_error(
        &mut self,
        packet: &Shared,
        message: icmp::Message,
        now_ns: u64,
        out: &mut Out,
    ) {
        let Ok((header, payload)) = ip::Repr::parse(packet) else { return };
        if header.offset != 0
            || header.src.is_unspecified()
            || header.src.is_multicast()
            || header.dst.is_multicast()
            || self.is_broadcast(header.dst)
            || self.is_broadcast(header.src)
        {
            return;
        }
        let about_icmp = matches!(header.protocol, ip::protocol::ICMP | ip::protocol::ICMPV6);
        if about_icmp
            && icmp::Message::parse(&packet[payload], header.src, header.dst)
                .is_ok_and(|about| about.is_error())
        {
            return;
        }
        // Linux quotes as much as fits 576 bytes (RFC 1812 §4.3.2.3), or the IPv6 minimum MTU.
        let room = if header.dst.is_ipv4() { 576 - 28 } else { 1280 - 48 };
        let mut quote = packet[..packet.len().min(room)].to_vec();
        let src = if self.is_local(header.dst) { Some(header.dst) } else { None };
        let protocol = if header.src.is_ipv4() { ip::protocol::ICMP } else { ip::protocol::ICMPV6 };
        let outgoing = Outgoing {
            src,
            tos: if header.src.is_ipv4() { 0xc0 } else { 0 },
            ..Outgoing::new(header.src, protocol)
        };
        quote.truncate(room);
        let _ = self.ip_output(outgoing, None, Cause::Icmp, now_ns, out, |src, dst, frame| {
            message.emit(&quote, src, dst, frame);
        });
    }
}

/// `ff02::1:ffXX:XXXX` (RFC 4291 §2.7.1).
pub(crate) fn solicited_node(target: Ipv6Addr) -> Ipv6Addr {
    let [.., a, b, c] = target.octets();
    Ipv6Addr::from([0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, a, b, c])
}

fn emit_discovery(
    src_mac: Mac,
    dst_mac: Mac,
    src: IpAddr,
    dst: IpAddr,
    message: icmp::Message,
    body: &[u8],
    frame: &mut Vec<u8>,
) {
    let header = ethernet::Repr { dst: dst_mac, src: src_mac, ethertype: ethernet::IPV6 };
    header.emit(frame);
    // Hop limit 255 proves that no router passed it on (RFC 4861 §7.1).
    let packet = ip::Repr::new(src, dst, wire::ip::protocol::ICMPV6, 255);
    packet.emit(icmp::HEADER_LEN + body.len(), frame);
    message.emit(body, src, dst, frame);
}
