//! The Internet layer: sending, receiving, fragments, forwarding, ICMP (RFC 1122 §3, RFC 1812,
//! RFC 8200, RFC 792, RFC 4443).
//!
//! Not modelled: IP options and IPv6 extension headers (fragments excepted), redirects, ICMP rate
//! limits, reverse-path filtering, multicast routing.

use crate::net::filter::{self, Verdict};
use crate::net::route::Cast;
use crate::net::socket::Origin;
use crate::net::{Cause, DropWhy, Frame, IfaceId, Note, Out, Proto, SocketId, Stack, Transmit};
use crate::wire::ip::protocol;
use crate::wire::{Mac, Malformed, Shared, ethernet, icmp, ip};
use abi::Errno;
use std::net::IpAddr;

/// How long fragments wait for the rest (`ipfrag_time`), nanoseconds.
const REASSEMBLY_NS: u64 = 30_000_000_000;

/// What is known about a packet before its header is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Outgoing {
    /// `None`: the route's.
    pub(crate) src: Option<IpAddr>,
    pub(crate) dst: IpAddr,
    pub(crate) protocol: u8,
    pub(crate) ttl: u8,
    pub(crate) tos: u8,
    /// IPv4 identification; `None` takes the host's next.
    pub(crate) id: Option<u16>,
    pub(crate) df: bool,
    pub(crate) device: Option<IfaceId>,
    pub(crate) multicast_loop: bool,
}

impl Outgoing {
    pub(crate) fn new(dst: IpAddr, protocol: u8) -> Outgoing {
        Outgoing {
            src: None,
            dst,
            protocol,
            ttl: 64,
            tos: 0,
            id: None,
            df: false,
            device: None,
            multicast_loop: true,
        }
    }
}

/// Fragments of one packet (RFC 791 §3.2, RFC 815).
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Fragments {
    /// Given up then.
    pub(crate) deadline_ns: u64,
    /// The first fragment, whole, for the ICMP error.
    first: Option<Shared>,
    /// Payloads by offset, in order, without overlaps.
    parts: Vec<(usize, Shared)>,
    /// The whole payload's length, once the last fragment is here.
    total: Option<usize>,
}

impl Stack {
    // ---- sending

    /// Sends a packet whose payload `emit` appends, given the addresses for its checksum. Fails
    /// with what the route says, or `EMSGSIZE` when it may not be fragmented.
    pub(crate) fn ip_output(
        &mut self,
        outgoing: Outgoing,
        socket: Option<SocketId>,
        cause: Cause,
        now_ns: u64,
        out: &mut Out,
        emit: impl FnOnce(IpAddr, IpAddr, &mut Vec<u8>),
    ) -> Result<(), Errno> {
        // An address that is not ours is a program's own choice (`IP_HDRINCL`).
        let own = outgoing.src.filter(|src| self.is_local(*src));
        let hit = self.route(outgoing.dst, own, outgoing.device)?;
        let dst = if outgoing.dst.is_unspecified() { hit.next_hop } else { outgoing.dst };
        let src = outgoing.src.unwrap_or(hit.src);
        let Some(iface) = self.interface(hit.iface) else { return Err(Errno::ENODEV) };
        let mut header = ip::Repr {
            tos: outgoing.tos,
            df: outgoing.df,
            ..ip::Repr::new(src, dst, outgoing.protocol, outgoing.ttl)
        };
        let start = ethernet::HEADER_LEN + header.header_len();
        let mut frame = Vec::with_capacity(start + 1480);
        let dst_mac = match hit.cast {
            Cast::Broadcast => Mac::BROADCAST,
            Cast::Multicast => Mac::multicast(dst),
            Cast::Local | Cast::Unicast => Mac::default(),
        };
        let link = ethernet::Repr { dst: dst_mac, src: iface.mac, ethertype: header.ethertype() };
        link.emit(&mut frame);
        header.emit(0, &mut frame);
        emit(src, dst, &mut frame);
        let payload_len = frame.len() - start;
        let fits = payload_len + header.header_len() <= hit.mtu as usize;
        if !fits && outgoing.df {
            return Err(Errno::EMSGSIZE);
        }
        header.id = u32::from(match outgoing.id {
            Some(id) if fits => id,
            _ => {
                self.ip_id = self.ip_id.wrapping_add(1);
                self.ip_id
            }
        });
        if fits {
            header.finish(payload_len, &mut frame[ethernet::HEADER_LEN..start]);
            self.link_output(hit, outgoing, frame, socket, cause, now_ns, out);
            return Ok(());
        }
        for piece in fragments(&frame[start..], &header, hit.mtu as usize) {
            let mut bytes = frame[..ethernet::HEADER_LEN].to_vec();
            bytes.extend_from_slice(&piece);
            self.link_output(hit, outgoing, bytes, socket, cause, now_ns, out);
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments)] // a packet, its way, and where effects go
    fn link_output(
        &mut self,
        hit: super::route::Hit,
        outgoing: Outgoing,
        bytes: Vec<u8>,
        socket: Option<SocketId>,
        cause: Cause,
        now_ns: u64,
        out: &mut Out,
    ) {
        if !self.interface(hit.iface).is_some_and(|iface| iface.up) {
            let (iface, frame) = (hit.iface, Frame::new(bytes));
            out.notes.push(Note::Dropped { iface, frame, why: DropWhy::Down });
            return;
        }
        match hit.cast {
            Cast::Unicast if hit.iface != IfaceId::LO => {
                let key = (hit.iface, hit.next_hop);
                self.send_to_neighbour(key, bytes, socket, cause, now_ns, out);
            }
            cast => {
                let frame = Frame::new(bytes);
                // A group or broadcast packet comes back to our own members, too.
                let back = match cast {
                    Cast::Multicast => outgoing.multicast_loop,
                    Cast::Broadcast => true,
                    _ => false,
                };
                if back && hit.iface != IfaceId::LO {
                    let frame = frame.clone();
                    out.frames.push(Transmit { iface: IfaceId::LO, frame, socket, cause });
                }
                out.frames.push(Transmit { iface: hit.iface, frame, socket, cause });
            }
        }
    }

    // ---- receiving

    pub(crate) fn ethernet_arrives(
        &mut self,
        id: IfaceId,
        frame: &Frame,
        now_ns: u64,
        out: &mut Out,
    ) {
        if let Err(why) = self.try_ethernet_arrives(id, frame, now_ns, out) {
            out.notes.push(Note::Dropped { iface: id, frame: frame.clone(), why });
        }
    }

    fn try_ethernet_arrives(
        &mut self,
        id: IfaceId,
        frame: &Frame,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), DropWhy> {
        let iface = self.interface(id).ok_or(DropWhy::Down)?;
        if !iface.up {
            return Err(DropWhy::Down);
        }
        let link = ethernet::Repr::parse(frame).map_err(DropWhy::Malformed)?;
        let mac = iface.mac;
        self.tap_incoming(id, frame, now_ns, out);
        let for_us = link.dst == mac || link.dst.is_group() || id == IfaceId::LO;
        if !for_us {
            return Err(DropWhy::OtherMac);
        }
        match link.ethertype {
            ethernet::ARP => {
                self.arp_arrives(id, frame, out);
                Ok(())
            }
            ethernet::IPV4 | ethernet::IPV6 => {
                let packet = frame.shared().slice_from(ethernet::HEADER_LEN);
                self.ip_arrives(id, packet, now_ns, out)
            }
            _ => Err(DropWhy::Malformed(Malformed::Kind)),
        }
    }

    fn ip_arrives(
        &mut self,
        id: IfaceId,
        packet: Shared,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), DropWhy> {
        let (header, payload) = ip::Repr::parse(&packet).map_err(DropWhy::Malformed)?;
        if header.src.is_multicast() || header.src == IpAddr::V4([255; 4].into()) {
            return Err(DropWhy::Malformed(Malformed::Source));
        }
        if id != IfaceId::LO && !self.config.filter.is_empty() {
            self.filter(
                &header,
                &packet.slice(0, payload.end),
                &packet[payload.clone()],
                now_ns,
                out,
            )?;
        }
        if id != IfaceId::LO && !self.config.nat.is_empty() && header.dst.is_ipv4() {
            return self.translated_arrives(id, header, packet, payload, now_ns, out);
        }
        self.ip_goes_on(id, header, packet, payload, Cause::Forwarded, now_ns, out)
    }

    /// A translating router looks at whole packets before it decides where they go.
    fn translated_arrives(
        &mut self,
        id: IfaceId,
        header: ip::Repr,
        packet: Shared,
        payload: std::ops::Range<usize>,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), DropWhy> {
        let (header, data) = if header.is_fragment() {
            match self.reassemble(header, &packet, payload, now_ns) {
                Some(whole) => whole,
                None => return Ok(()),
            }
        } else {
            (header, packet.slice(payload.start, payload.end))
        };
        let (packet, cause) = match self.translate(&header, &data, now_ns) {
            Some(packet) => (packet, Cause::Translated),
            None => {
                let mut whole = Vec::with_capacity(header.header_len() + data.len());
                header.emit(data.len(), &mut whole);
                whole.extend_from_slice(&data);
                (Shared::from(whole), Cause::Forwarded)
            }
        };
        let (header, payload) = ip::Repr::parse(&packet).map_err(DropWhy::Malformed)?;
        self.ip_goes_on(id, header, packet, payload, cause, now_ns, out)
    }

    /// To whom a packet is: to this host, or onwards.
    #[allow(clippy::too_many_arguments)] // a packet, its way, and where effects go
    fn ip_goes_on(
        &mut self,
        id: IfaceId,
        header: ip::Repr,
        packet: Shared,
        payload: std::ops::Range<usize>,
        cause: Cause,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), DropWhy> {
        let ours =
            self.is_local(header.dst) || self.is_broadcast(header.dst) || header.dst.is_multicast();
        if !ours {
            if self.config.forwarding && id != IfaceId::LO {
                return self.forward(&header, &packet, payload, cause, now_ns, out);
            }
            return Err(DropWhy::NotForUs);
        }
        if header.is_fragment() {
            let Some((header, data)) = self.reassemble(header, &packet, payload, now_ns) else {
                return Ok(());
            };
            let mut whole = Vec::with_capacity(header.header_len() + data.len());
            header.emit(data.len(), &mut whole);
            whole.extend_from_slice(&data);
            return self.deliver(id, &header, &data, &Shared::from(whole), now_ns, out);
        }
        let data = packet.slice(payload.start, payload.end);
        let packet = packet.slice(0, payload.end);
        self.deliver(id, &header, &data, &packet, now_ns, out)
    }

    /// Asks the host's rules about a packet.
    fn filter(
        &mut self,
        header: &ip::Repr,
        packet: &Shared,
        payload: &[u8],
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), DropWhy> {
        // "Port unreachable", "communication administratively prohibited" (RFC 1812 §5.2.7.1).
        let code = match (filter::verdict(&self.config.filter, header, payload), header.dst) {
            (Verdict::Accept, _) => return Ok(()),
            (Verdict::Drop, _) => return Err(DropWhy::Filtered),
            (Verdict::Reject, IpAddr::V4(_)) => 3,
            (Verdict::Reject, IpAddr::V6(_)) => 4,
            (Verdict::Prohibit, IpAddr::V4(_)) => 13,
            (Verdict::Prohibit, IpAddr::V6(_)) => 1,
        };
        let message = icmp::Message::Unreachable { code, mtu: 0 };
        self.icmp_error(packet, message, now_ns, out);
        Err(DropWhy::Filtered)
    }

    /// Hands a whole packet to its protocol. `packet` begins with the IP header (for ICMP quotes
    /// and raw sockets).
    fn deliver(
        &mut self,
        id: IfaceId,
        header: &ip::Repr,
        data: &Shared,
        packet: &Shared,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), DropWhy> {
        let raw = self.raw_arrives((id, now_ns), header, data, packet, out);
        match header.protocol {
            protocol::TCP => self.tcp_arrives(id, header, data, now_ns, out),
            protocol::UDP => self.udp_arrives(id, header, data, packet, now_ns, out),
            protocol::ICMP if header.dst.is_ipv4() => {
                self.icmp_arrives(id, header, data, now_ns, out)
            }
            protocol::ICMPV6 if header.dst.is_ipv6() => {
                self.icmp_arrives(id, header, data, now_ns, out)
            }
            // Reports of other hosts concern routers, which do not route groups here.
            protocol::IGMP if header.dst.is_ipv4() => Ok(()),
            _ if raw => Ok(()),
            _ => {
                // Protocol unreachable (RFC 1122 §3.2.2.1).
                let message = match header.dst {
                    IpAddr::V4(_) => icmp::Message::Unreachable { code: 2, mtu: 0 },
                    IpAddr::V6(_) => icmp::Message::ParameterProblem(1),
                };
                self.icmp_error(packet, message, now_ns, out);
                Err(DropWhy::NoSocket)
            }
        }
    }

    // ---- fragments

    /// Keeps a fragment; gives the whole payload when nothing is missing.
    fn reassemble(
        &mut self,
        header: ip::Repr,
        packet: &Shared,
        payload: std::ops::Range<usize>,
        now_ns: u64,
    ) -> Option<(ip::Repr, Shared)> {
        let key = (header.src, header.dst, header.protocol, header.id);
        let offset = usize::from(header.offset);
        let data = packet.slice(payload.start, payload.end);
        let end = offset + data.len();
        if end > 65_535 || (header.more && !data.len().is_multiple_of(8)) {
            return None;
        }
        let fragments = self.fragments.entry(key).or_insert_with(|| Fragments {
            deadline_ns: now_ns + REASSEMBLY_NS,
            first: None,
            parts: Vec::new(),
            total: None,
        });
        if offset == 0 {
            fragments.first = Some(packet.clone());
        }
        if !header.more {
            fragments.total = Some(end);
        }
        let at = fragments.parts.partition_point(|(start, _)| *start < offset);
        let overlaps =
            |(start, part): &(usize, Shared)| *start < end && offset < *start + part.len();
        if fragments.parts.iter().any(overlaps) {
            // Linux drops the queue on overlap unless it is an exact copy.
            let copy =
                fragments.parts.iter().any(|(start, part)| *start == offset && *part == data);
            if !copy {
                self.fragments.remove(&key);
            }
            return None;
        }
        fragments.parts.insert(at, (offset, data));
        let total = fragments.total?;
        let have: usize = fragments.parts.iter().map(|(_, part)| part.len()).sum();
        if have != total {
            return None;
        }
        let fragments = self.fragments.remove(&key)?;
        let mut whole = Vec::with_capacity(total);
        for (_, part) in &fragments.parts {
            whole.extend_from_slice(part);
        }
        Some((ip::Repr { more: false, offset: 0, ..header }, Shared::from(whole)))
    }

    pub(crate) fn fragment_timers_due(&mut self, now_ns: u64, out: &mut Out) {
        let due: Vec<_> = self
            .fragments
            .iter()
            .filter(|(_, fragments)| fragments.deadline_ns <= now_ns)
            .map(|(key, _)| *key)
            .collect();
        for key in due {
            // Time exceeded while reassembling, if the first fragment came (RFC 792).
            if let Some(first) = self.fragments.remove(&key).and_then(|gone| gone.first) {
                self.icmp_error(&first, icmp::Message::TimeExceeded(1), now_ns, out);
            }
        }
    }

    // ---- forwarding (RFC 1812 §5)

    fn forward(
        &mut self,
        header: &ip::Repr,
        packet: &Shared,
        payload: std::ops::Range<usize>,
        cause: Cause,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), DropWhy> {
        let whole = packet.slice(0, payload.end);
        if header.ttl <= 1 {
            self.icmp_error(&whole, icmp::Message::TimeExceeded(0), now_ns, out);
            return Err(DropWhy::TtlExceeded);
        }
        let hit = match self.route(header.dst, None, None) {
            Ok(hit) if hit.cast == Cast::Unicast => hit,
            Ok(_) => return Err(DropWhy::NotForUs),
            Err(errno) => {
                let code = match errno {
                    Errno::EHOSTUNREACH => 1,
                    Errno::EACCES => 13,
                    _ => 0,
                };
                let message = icmp::Message::Unreachable { code, mtu: 0 };
                self.icmp_error(&whole, message, now_ns, out);
                return Err(DropWhy::NoRoute);
            }
        };
        let mtu = hit.mtu as usize;
        let onward = ip::Repr { ttl: header.ttl - 1, ..*header };
        if whole.len() > mtu && (header.df || header.dst.is_ipv6()) {
            let message = match header.dst {
                IpAddr::V4(_) => icmp::Message::Unreachable { code: 4, mtu: hit.mtu as u16 },
                IpAddr::V6(_) => icmp::Message::PacketTooBig(hit.mtu),
            };
            self.icmp_error(&whole, message, now_ns, out);
            return Err(DropWhy::TooBig);
        }
        let Some(iface) = self.interface(hit.iface) else { return Err(DropWhy::NoRoute) };
        let link =
            ethernet::Repr { dst: Mac::default(), src: iface.mac, ethertype: onward.ethertype() };
        let outgoing = Outgoing::new(header.dst, header.protocol);
        let pieces = if whole.len() > mtu {
            fragments(&whole[payload], &onward, mtu)
        } else {
            let mut piece = Vec::with_capacity(whole.len());
            onward.emit(payload.len(), &mut piece);
            piece.extend_from_slice(&whole[payload]);
            vec![piece]
        };
        for piece in pieces {
            let mut bytes = Vec::with_capacity(ethernet::HEADER_LEN + piece.len());
            link.emit(&mut bytes);
            bytes.extend_from_slice(&piece);
            self.link_output(hit, outgoing, bytes, None, cause, now_ns, out);
        }
        Ok(())
    }

    // ---- ICMP

    fn icmp_arrives(
        &mut self,
        id: IfaceId,
        header: &ip::Repr,
        data: &Shared,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), DropWhy> {
        let message =
            icmp::Message::parse(data, header.src, header.dst).map_err(DropWhy::Malformed)?;
        let body = &data[icmp::HEADER_LEN..];
        match message {
            icmp::Message::EchoRequest(..) if !self.is_broadcast(header.dst) => {
                self.echo(header, message, body, now_ns, out);
            }
            icmp::Message::EchoReply(identifier, _) => {
                self.ping_reply_arrives(id, header, data, identifier, now_ns, out);
            }
            // A router between us would have lowered the hop limit (RFC 4861 §7.1).
            icmp::Message::NeighbourSolicitation | icmp::Message::NeighbourAdvertisement(_)
                if header.ttl == 255 =>
            {
                self.discovery_arrives(id, header, message, body, out);
            }
            message if message.is_error() => {
                self.icmp_error_arrives(header, message, body, now_ns, out);
            }
            _ => {}
        }
        Ok(())
    }

    /// Echo reply (RFC 1122 §3.2.2.6), from the address that was asked.
    fn echo(
        &mut self,
        header: &ip::Repr,
        request: icmp::Message,
        body: &[u8],
        now_ns: u64,
        out: &mut Out,
    ) {
        let icmp::Message::EchoRequest(identifier, sequence) = request else { return };
        let reply = icmp::Message::EchoReply(identifier, sequence);
        let outgoing = Outgoing {
            src: self.is_local(header.dst).then_some(header.dst),
            tos: header.tos,
            ..Outgoing::new(header.src, header.protocol)
        };
        let _ = self.ip_output(outgoing, None, Cause::Icmp, now_ns, out, |src, dst, frame| {
            reply.emit(body, src, dst, frame);
        });
    }

    /// An ICMP error: finds the socket that sent the quoted packet.
    fn icmp_error_arrives(
        &mut self,
        header: &ip::Repr,
        message: icmp::Message,
        body: &[u8],
        now_ns: u64,
        out: &mut Out,
    ) {
        let Some(quote) = ip::Quote::parse(body) else { return };
        let (errno, fatal) = error_of(message, header.dst.is_ipv4());
        let mtu = match message {
            icmp::Message::Unreachable { code: 4, mtu } if header.dst.is_ipv4() => {
                Some(if mtu == 0 { 576 } else { u32::from(mtu) })
            }
            icmp::Message::PacketTooBig(mtu) => Some(mtu.max(1280)),
            _ => None,
        };
        if let Some(mtu) = mtu {
            // Path MTU discovery (RFC 1191, RFC 8201), never below what everyone must take.
            let floor = if header.dst.is_ipv4() { 552 } else { 1280 };
            self.path_mtus.insert(quote.dst, mtu.max(floor));
        }
        let (ty, code, _) = message.header(header.dst.is_ipv4());
        let origin = Origin::Icmp { ty, code, info: mtu.unwrap_or(0), by: header.src };
        match quote.protocol {
            protocol::TCP => self.tcp_error_arrives(&quote, errno, mtu, now_ns, out),
            protocol::UDP => {
                self.udp_error_arrives(&quote, (errno, fatal && mtu.is_none(), origin), out);
            }
            protocol::ICMP | protocol::ICMPV6 => {
                self.ping_error_arrives(&quote, (errno, fatal, origin), out);
            }
            _ => {}
        }
        self.raw_error_arrives(&quote, (errno, fatal, origin), out);
    }

    /// `raw(7)`: every matching raw socket gets a copy. Returns whether one did.
    fn raw_arrives(
        &mut self,
        at: (IfaceId, u64),
        header: &ip::Repr,
        data: &Shared,
        packet: &Shared,
        out: &mut Out,
    ) -> bool {
        let ids: Vec<_> = self.ports.at(Proto::Raw(header.protocol), 0).collect();
        let mut delivered = false;
        for id in ids {
            delivered |= self.raw_deliver(id, at, header, data, packet, out);
        }
        delivered
    }
}

/// The Linux errno of an ICMP error and whether it ends a connected datagram's patience
/// (`icmp_err_convert`, `icmpv6_err_convert`).
fn error_of(message: icmp::Message, v4: bool) -> (Errno, bool) {
    match message {
        icmp::Message::Unreachable { code, .. } if v4 => match code {
            0 | 11 => (Errno::ENETUNREACH, false),
            1 | 12 => (Errno::EHOSTUNREACH, false),
            2 => (Errno::ENOPROTOOPT, true),
            3 => (Errno::ECONNREFUSED, true),
            4 => (Errno::EMSGSIZE, false),
            5 => (Errno::EOPNOTSUPP, false),
            6 | 9 => (Errno::ENETUNREACH, true),
            7 => (Errno::EHOSTDOWN, true),
            // ENONET, which has no name elsewhere.
            8 => (Errno(64), true),
            _ => (Errno::EHOSTUNREACH, true),
        },
        icmp::Message::Unreachable { code, .. } => match code {
            0 => (Errno::ENETUNREACH, false),
            2 | 3 => (Errno::EHOSTUNREACH, false),
            4 => (Errno::ECONNREFUSED, true),
            _ => (Errno::EACCES, true),
        },
        icmp::Message::PacketTooBig(_) => (Errno::EMSGSIZE, false),
        icmp::Message::TimeExceeded(_) => (Errno::EHOSTUNREACH, false),
        _ => (Errno::EPROTO, true),
    }
}

/// Cuts a payload for a smaller MTU: packets with headers.
fn fragments(payload: &[u8], header: &ip::Repr, mtu: usize) -> Vec<Vec<u8>> {
    let cut = ip::Repr { more: true, ..*header };
    let room = (mtu - cut.header_len()) & !7;
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < payload.len() {
        let end = (at + room).min(payload.len());
        let last = end == payload.len();
        let header = ip::Repr {
            df: false,
            more: !last || header.more,
            offset: header.offset + at as u16,
            ..*header
        };
        let mut piece = Vec::with_capacity(mtu);
        header.emit(end - at, &mut piece);
        piece.extend_from_slice(&payload[at..end]);
        pieces.push(piece);
        at = end;
    }
    pieces
}

/// The ports of a quoted transport header, as sent: ours first.
pub(crate) fn quoted_ports(bytes: &[u8]) -> Option<(u16, u16)> {
    let ports = bytes.get(..4)?;
    Some((u16::from_be_bytes([ports[0], ports[1]]), u16::from_be_bytes([ports[2], ports[3]])))
}
