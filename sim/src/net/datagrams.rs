//! UDP, ping and raw sockets (`udp(7)`, `icmp(7)`, `raw(7)`).
//!
//! Not modelled: UDP-Lite, GRO/GSO, options in a program's own IP header, multicast source filters.

use crate::net::ancillary::extended_error;
use crate::net::dns;
use crate::net::ip::{Outgoing, quoted_ports};
use crate::net::ports::scope_of;
use crate::net::route::Cast;
use crate::net::socket::{
    Arrival, Bound, Corked, Datagram, DatagramSocket, ErrorMessage, Origin, Over, Socket, SocketId,
    on_wire,
};
use crate::net::{
    Answer, Asked, Cause, DropWhy, How, IfaceId, Note, Out, Proto, Received, RecvRequest,
    SendRequest, Stack, Stop, Wait, Wake, Wakeup,
};
use crate::wire::ip::{self, protocol};
use crate::wire::{Shared, icmp, udp};
use abi::consts::{
    MSG_DONTWAIT, MSG_ERRQUEUE, MSG_MORE, MSG_OOB, MSG_PEEK, MSG_TRUNC, POLLERR, POLLHUP, POLLIN,
    POLLOUT, POLLRDHUP, POLLRDNORM, POLLWRNORM, SO_TIMESTAMP, SO_TIMESTAMPNS, SOL_SOCKET, SOL_UDP,
    UDP_CORK,
};
use abi::{Errno, SockAddr};
use std::net::{IpAddr, SocketAddr};

/// Whether a datagram was put into a socket's queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Queued {
    Yes,
    NoRoom,
}

/// What a packet costs its receiver's buffer, bytes: its data, headers and `struct skb_shared_info`
/// (320) in a block of the allocator, and `struct sk_buff` (256). Measured
/// on Linux 6.18 over loopback and Ethernet; a packet of more than a block of 16 kB has pages.
fn truesize(len: usize, v6: bool) -> u32 {
    let headers = if v6 { 72 } else { 59 };
    let data = len as u32 + headers + 320;
    match [576, 1024, 2048, 4096, 8192, 16383].into_iter().find(|block| data <= *block) {
        Some(block) => 256 + block.next_multiple_of(64),
        None => len as u32 + 832,
    }
}

impl DatagramSocket {
    /// `datagram_poll`.
    pub(crate) fn readiness(&self) -> i32 {
        let mut mask = POLLOUT | POLLWRNORM;
        if self.err.is_some() || !self.errors.is_empty() {
            mask |= POLLERR;
        }
        if self.shut.read {
            mask |= POLLRDHUP | POLLIN | POLLRDNORM;
        }
        if self.shut.read && self.shut.write {
            mask |= POLLHUP;
        }
        if !self.queue.is_empty() {
            mask |= POLLIN | POLLRDNORM;
        }
        mask
    }
}

impl Stack {
    // ---- calls

    /// `connect(2)`: chooses the local address and filters arrivals; sends nothing.
    pub(crate) fn datagram_connect(&mut self, id: SocketId, to: SocketAddr) -> Result<(), Errno> {
        let socket = self.socket_ref(id)?;
        if to.is_ipv6() != socket.kind.v6 {
            return Err(Errno::EAFNOSUPPORT);
        }
        // `inet_dgram_connect` binds first, whatever comes of the connect.
        self.autobind(id)?;
        if self.socket_ref(id)?.options.multicast_if.is_none() || !to.ip().is_multicast() {
            self.check_scope(id, to)?;
        }
        let socket = self.socket_ref(id)?;
        let peer = on_wire(to);
        let options = &socket.options;
        if options.v6only && peer.is_ipv4() {
            return Err(Errno::ENETUNREACH);
        }
        let hit = self.route(peer.ip(), self.source(socket), options.way(peer.ip()))?;
        if hit.cast == Cast::Broadcast && !socket.options.broadcast {
            return Err(Errno::EACCES);
        }
        let peer_ip = if peer.ip().is_unspecified() { hit.next_hop } else { peer.ip() };
        let socket = self.socket_mut(id)?;
        if let Some(bound) = &mut socket.bound {
            // What an earlier connect chose stays, until AF_UNSPEC lets it go.
            if bound.ip.is_unspecified() {
                bound.ip = hit.src;
            }
        } else {
            socket.bound = Some(Bound {
                ip: hit.src,
                port: 0,
                held: false,
                port_locked: false,
                ip_locked: false,
            });
        }
        if let Some(datagram) = socket.datagram_mut() {
            let peer = SocketAddr::new(peer_ip, peer.port());
            datagram.peer = Some(peer);
            // What waits for its end goes to the new peer.
            if let Some(corked) = &mut datagram.corked {
                corked.to = peer;
            }
        }
        Ok(())
    }

    /// `connect(2)` with `AF_UNSPEC`: an automatic port is given back.
    pub(crate) fn datagram_disconnect(&mut self, id: SocketId) -> Result<(), Errno> {
        if let Some(datagram) = self.socket_mut(id)?.datagram_mut() {
            datagram.peer = None;
        }
        self.release_name(id);
        Ok(())
    }

    pub(crate) fn datagram_shutdown(
        &mut self,
        id: SocketId,
        how: How,
        out: &mut Out,
    ) -> Result<(), Errno> {
        let Some(datagram) = self.socket_mut(id)?.datagram_mut() else { return Err(Errno::EBADF) };
        // The flags stick even where Linux says ENOTCONN.
        datagram.shut.read |= matches!(how, How::Read | How::Both);
        datagram.shut.write |= matches!(how, How::Write | How::Both);
        let connected = datagram.peer.is_some();
        out.wakeups.push(Wakeup { id, wake: Wake::State });
        if connected { Ok(()) } else { Err(Errno::ENOTCONN) }
    }

    /// A datagram socket's pending error: whoever sends is told of it before the buffer is looked at.
    pub(crate) fn take_datagram_error(&mut self, id: SocketId) -> Option<Errno> {
        self.socket_mut(id).ok()?.datagram_mut()?.err.take()
    }

    pub(crate) fn datagram_send(
        &mut self,
        id: SocketId,
        request: &mut SendRequest,
        now_ns: u64,
        out: &mut Out,
    ) -> Answer<usize> {
        let proto = self.socket_ref(id)?.kind.proto;
        // `inet_send_prepare` binds first, whatever comes of the send.
        self.autobind(id)?;
        if request.flags & MSG_OOB != 0 {
            return Err(Errno::EOPNOTSUPP.into());
        }
        if proto == Proto::Udp && request.data.len() > 65_535 {
            return Err(Errno::EMSGSIZE.into());
        }
        let more = proto == Proto::Udp && (request.flags & MSG_MORE != 0 || self.is_corked(id));
        if self.socket_ref(id)?.datagram().is_some_and(|datagram| datagram.corked.is_some()) {
            return self.append(id, request, more, now_ns, out);
        }
        let to = self.destination(id, request)?;
        let socket = self.socket_mut(id)?;
        let Some(datagram) = socket.datagram_mut() else { return Err(Errno::EBADF.into()) };
        if datagram.shut.write {
            return Err(Errno::EPIPE.into());
        }
        if let Some(errno) = datagram.err.take() {
            return Err(errno.into());
        }
        if proto == Proto::Udp && request.data.len() > room(to) {
            return Err(Errno::EMSGSIZE.into());
        }
        if more {
            let data = request.data.clone();
            datagram.corked = Some(Corked { to, data, asked: request.asked });
        } else {
            self.emit_datagram(id, to, &request.data, request.asked, now_ns, out)?;
        }
        request.sent = request.data.len();
        Ok(request.sent)
    }

    /// `UDP_CORK`.
    pub(crate) fn is_corked(&self, id: SocketId) -> bool {
        self.sockets.get(id).is_some_and(|socket| socket.options.is_on(SOL_UDP, UDP_CORK))
    }

    /// Adds to a datagram that waits for its end (`do_append_data`): wherever this call wanted to
    /// send, it goes where the first one did. What becomes too long is thrown away whole.
    fn append(
        &mut self,
        id: SocketId,
        request: &mut SendRequest,
        more: bool,
        now_ns: u64,
        out: &mut Out,
    ) -> Answer<usize> {
        let Some(datagram) = self.socket_mut(id)?.datagram_mut() else {
            return Err(Errno::EBADF.into());
        };
        let Some(corked) = &mut datagram.corked else { return Err(Errno::EBADF.into()) };
        if corked.data.len() + request.data.len() > room(corked.to) {
            datagram.corked = None;
            return Err(Errno::EMSGSIZE.into());
        }
        corked.data.extend_from_slice(&request.data);
        if !more {
            self.push_corked(id, now_ns, out);
        }
        request.sent = request.data.len();
        Ok(request.sent)
    }

    /// `udp_push_pending_frames`: what was gathered is sent; nobody is told if it cannot be.
    pub(crate) fn push_corked(&mut self, id: SocketId, now_ns: u64, out: &mut Out) {
        let datagram = self.sockets.get_mut(id).and_then(Socket::datagram_mut);
        let Some(corked) = datagram.and_then(|datagram| datagram.corked.take()) else { return };
        let _ = self.emit_datagram(id, corked.to, &corked.data, corked.asked, now_ns, out);
    }

    /// The address that a socket sends from, if it is bound to one that can be.
    fn source(&self, socket: &Socket) -> Option<IpAddr> {
        let sends =
            |ip: &IpAddr| !ip.is_unspecified() && !ip.is_multicast() && !self.is_broadcast(*ip);
        socket.bound.map(|bound| bound.ip).filter(sends)
    }

    /// `sendto(2)`'s address, else `connect(2)`'s.
    fn destination(&self, id: SocketId, request: &SendRequest) -> Result<SocketAddr, Errno> {
        let socket = self.socket_ref(id)?;
        let Some(datagram) = socket.datagram() else { return Err(Errno::EBADF) };
        match request.to {
            Some(to) if to.is_ipv6() != socket.kind.v6 && !(socket.kind.v6 && to.is_ipv4()) => {
                Err(Errno::EAFNOSUPPORT)
            }
            Some(to) if to.port() == 0 && socket.kind.proto == Proto::Udp => Err(Errno::EINVAL),
            Some(to) if socket.options.v6only && on_wire(to).is_ipv4() => Err(Errno::ENETUNREACH),
            Some(to) => Ok(on_wire(to)),
            None => match datagram.peer {
                Some(peer) => Ok(peer),
                None => Err(Errno::EDESTADDRREQ),
            },
        }
    }

    fn emit_datagram(
        &mut self,
        id: SocketId,
        to: SocketAddr,
        data: &[u8],
        asked: Asked,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), Errno> {
        let asked_iface = asked.iface.map(IfaceId);
        if asked_iface.is_some_and(|iface| self.interface(iface).is_none()) {
            return Err(Errno::ENODEV);
        }
        if asked.src.is_some_and(|src| !self.is_local(src)) {
            return Err(Errno::ENETUNREACH);
        }
        let socket = self.socket_ref(id)?;
        let options = &socket.options;
        let connected = socket.datagram().is_some_and(|datagram| datagram.peer.is_some());
        let proto = socket.kind.proto;
        let group = to.ip().is_multicast();
        let device = asked_iface.or(scope_of(to)).or_else(|| options.way(to.ip()));
        let bound_ip = asked.src.or_else(|| self.source(socket));
        if let Some(bound) = bound_ip
            && bound.is_ipv4() != to.is_ipv4()
        {
            return Err(Errno::ENETUNREACH);
        }
        let hit = self.route(to.ip(), bound_ip, device)?;
        if hit.cast == Cast::Broadcast && !options.broadcast {
            return Err(Errno::EACCES);
        }
        let ttl = match to {
            _ if asked.ttl.is_some() => asked.ttl.unwrap_or(64),
            _ if group => options.multicast_ttl,
            SocketAddr::V4(_) => options.ttl.unwrap_or(64),
            SocketAddr::V6(_) => options.hops.unwrap_or(64),
        };
        let overhead = match proto {
            Proto::Udp => udp::HEADER_LEN,
            _ => 0,
        };
        let ip_header = if to.is_ipv4() { ip::V4_LEN } else { ip::V6_LEN };
        let fits = data.len() + overhead + ip_header <= hit.mtu as usize;
        if !fits && options.pmtudisc >= 2 {
            let (recverr, mtu) = (options.recverr, hit.mtu);
            if let Some(datagram) = self.socket_mut(id)?.datagram_mut().filter(|_| recverr) {
                datagram.errors.push_back(ErrorMessage {
                    errno: Errno::EMSGSIZE,
                    payload: Shared::from(Vec::new()),
                    to,
                    origin: Origin::Local { mtu },
                });
                out.wakeups.push(Wakeup { id, wake: Wake::State });
            }
            return Err(Errno::EMSGSIZE);
        }
        let df = to.is_ipv4() && options.pmtudisc >= 1 && fits;
        let protocol_number = match proto {
            Proto::Udp => protocol::UDP,
            Proto::Raw(number) => number,
            _ if to.is_ipv4() => protocol::ICMP,
            _ => protocol::ICMPV6,
        };
        if matches!(proto, Proto::Raw(_)) && options.hdrincl && to.is_ipv4() {
            return self.emit_own_header(id, data, hit.mtu, now_ns, out);
        }
        let outgoing = Outgoing {
            src: bound_ip,
            ttl,
            tos: asked.tos.unwrap_or(options.tos),
            df,
            device,
            multicast_loop: options.multicast_loop,
            id: (df && !connected).then_some(0),
            ..Outgoing::new(to.ip(), protocol_number)
        };
        let src_port = socket.bound.map_or(0, |bound| bound.port);
        let ping = match proto {
            Proto::Ping => Some(ping_message(data, to.is_ipv4(), src_port)?),
            _ => None,
        };
        let raw_v6 = to.is_ipv6() && protocol_number == protocol::ICMPV6;
        self.ip_output(outgoing, Some(id), Cause::Datagram, now_ns, out, |src, dst, frame| {
            match (proto, ping) {
                (Proto::Udp, _) => {
                    let header = udp::Repr { src_port, dst_port: to.port() };
                    header.emit(data, src, dst, frame);
                }
                (_, Some(message)) => {
                    message.emit(&data[icmp::HEADER_LEN..], src, dst, frame);
                }
                // The kernel fills in the ICMPv6 checksum of raw sockets (RFC 3542 §3.1).
                _ if raw_v6 && data.len() >= icmp::HEADER_LEN => {
                    let rest = u32::from_be_bytes([data[4], data[5], data[6], data[7]]);
                    let message = icmp::Message::Other(data[0], data[1], rest);
                    message.emit(&data[icmp::HEADER_LEN..], src, dst, frame);
                }
                _ => frame.extend_from_slice(data),
            }
        })
    }

    /// `IP_HDRINCL` (`raw_send_hdrinc`): the program wrote the IP header; the kernel fills in
    /// length and checksum, and source and identification if they are zero.
    fn emit_own_header(
        &mut self,
        id: SocketId,
        data: &[u8],
        mtu: u32,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), Errno> {
        if data.len() > mtu as usize {
            return Err(Errno::EMSGSIZE);
        }
        let Some((header, payload)) = data.split_at_checked(ip::V4_LEN) else {
            return Err(Errno::EINVAL);
        };
        // Not modelled: IP options.
        if header[0] != 0x45 {
            return Err(Errno::EINVAL);
        }
        let address = |at: usize| {
            let bytes = [header[at], header[at + 1], header[at + 2], header[at + 3]];
            IpAddr::from(std::net::Ipv4Addr::from(bytes))
        };
        let ip_id = u16::from_be_bytes([header[4], header[5]]);
        let device = self.socket_ref(id)?.options.device;
        let outgoing = Outgoing {
            src: Some(address(12)).filter(|src| !src.is_unspecified()),
            ttl: header[8],
            tos: header[1],
            df: header[6] & 0x40 != 0,
            device,
            id: (ip_id != 0).then_some(ip_id),
            ..Outgoing::new(address(16), header[9])
        };
        self.ip_output(outgoing, Some(id), Cause::Datagram, now_ns, out, |_, _, frame| {
            frame.extend_from_slice(payload);
        })
    }

    pub(crate) fn datagram_recv(
        &mut self,
        id: SocketId,
        request: &mut RecvRequest,
    ) -> Answer<Received> {
        let socket = self.socket_mut(id)?;
        let timeout_ns = socket.options.rcvtimeo_ns;
        let v6 = socket.kind.v6;
        let Some(datagram) = socket.datagram_mut() else { return Err(Errno::EBADF.into()) };
        match datagram.over {
            Over::Link(_) if request.flags & MSG_OOB != 0 => return Err(Errno::EINVAL.into()),
            Over::Kernel(_) if request.flags & MSG_OOB != 0 => {
                return Err(Errno::EOPNOTSUPP.into());
            }
            _ => {}
        }
        if request.flags & MSG_ERRQUEUE != 0 {
            let error = datagram.errors.pop_front().ok_or(Errno::EAGAIN)?;
            datagram.err = datagram.errors.front().map(|next| next.errno);
            let ret = error.payload.len().min(request.len);
            let bytes = error.payload[..ret].to_vec();
            let from = Some(shown(v6, error.to));
            let cut = if ret < error.payload.len() { MSG_TRUNC } else { 0 };
            let msg_flags = MSG_ERRQUEUE | cut;
            let control = vec![extended_error(&error, v6)];
            return Ok(Received { bytes, ret, from, msg_flags, control, ..Received::default() });
        }
        if let Some(errno) = datagram.err.take() {
            return Err(errno.into());
        }
        let peek = request.flags & MSG_PEEK != 0;
        let Some(first) = datagram.queue.front() else {
            // Shut down, a reader that would wait gets the end of file; one that would not,
            // EAGAIN as ever.
            if datagram.shut.read && request.flags & MSG_DONTWAIT == 0 {
                return Ok(Received::default());
            }
            return Err(Stop::Wait { on: Wait::Recv, errno: Errno::EAGAIN, timeout_ns });
        };
        let len = first.data.len();
        let copied = len.min(request.len);
        let truncated = copied < len;
        let arrival = first.arrival;
        let mut received = Received {
            bytes: first.data[..copied].to_vec(),
            ret: if request.flags & MSG_TRUNC != 0 { len } else { copied },
            from: Some(shown(v6, arrival.from)),
            name: first.name.clone(),
            msg_flags: if truncated { MSG_TRUNC } else { 0 },
            ..Received::default()
        };
        if !peek && let Some(gone) = datagram.queue.pop_front() {
            datagram.rmem -= gone.truesize;
        }
        let options = &self.socket_ref(id)?.options;
        received.control = self.ancillary(options, v6, &arrival);
        let asks =
            |name: &&i32| options.stored.get(&(SOL_SOCKET, **name)).is_some_and(|on| *on != 0);
        received.stamp =
            [SO_TIMESTAMPNS, SO_TIMESTAMP].iter().find(asks).map(|n| (*n, arrival.at_ns));
        Ok(received)
    }

    // ---- arrivals

    pub(crate) fn udp_arrives(
        &mut self,
        iface: IfaceId,
        header: &ip::Repr,
        data: &Shared,
        packet: &Shared,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), DropWhy> {
        let (ports, len) =
            udp::Repr::parse(data, header.src, header.dst).map_err(DropWhy::Malformed)?;
        let from = SocketAddr::new(header.src, ports.src_port);
        let to = SocketAddr::new(header.dst, ports.dst_port);
        let payload = data.slice(udp::HEADER_LEN, udp::HEADER_LEN + len);
        let (ttl, tos) = (header.ttl, header.tos);
        let arrival = Arrival { from, to, ttl, tos, iface, at_ns: now_ns };
        let group = header.dst.is_multicast();
        let mut wanted: Vec<(u32, SocketId)> = self
            .ports
            .at(Proto::Udp, to.port())
            .filter_map(|id| Some((self.udp_score(id, iface, from, to)?, id)))
            .collect();
        // One receiver for unicast, of equals the newest; every member for a group or broadcast.
        wanted.sort_by_key(|one| std::cmp::Reverse(*one));
        if !group && !self.is_broadcast(header.dst) {
            let best = wanted.iter().take_while(|one| one.0 == wanted[0].0).map(|one| one.1);
            let sharers: Vec<SocketId> = best.filter(|id| self.shares_port(*id)).collect();
            match self.one_of(&sharers, to, from) {
                Some(id) if wanted[0].1 == sharers[0] => wanted = vec![(0, id)],
                _ => wanted.truncate(1),
            }
        }
        if wanted.is_empty() && self.answers_names(to) {
            self.answer_name(&payload, from, to, now_ns, out);
            return Ok(());
        }
        if wanted.is_empty() {
            if !group && !self.is_broadcast(header.dst) {
                let code = if header.dst.is_ipv4() { 3 } else { 4 };
                let message = icmp::Message::Unreachable { code, mtu: 0 };
                self.icmp_error(packet, message, now_ns, out);
            }
            return Err(DropWhy::NoSocket);
        }
        for (_, id) in wanted {
            self.enqueue(id, payload.clone(), arrival, None, out);
        }
        Ok(())
    }

    /// Whether the name server is at this address, and no program is.
    fn answers_names(&self, to: SocketAddr) -> bool {
        let here = to.ip() == dns::LOCAL || (self.config.serves_names && self.is_local(to.ip()));
        to.port() == dns::PORT && here
    }

    fn answer_name(
        &mut self,
        query: &[u8],
        from: SocketAddr,
        to: SocketAddr,
        now_ns: u64,
        out: &mut Out,
    ) {
        let Some(answer) = dns::answer(query, &self.config.names) else { return };
        let outgoing = Outgoing { src: Some(to.ip()), ..Outgoing::new(from.ip(), protocol::UDP) };
        // An answer without a way back is lost.
        let _ = self.ip_output(outgoing, None, Cause::Datagram, now_ns, out, |src, dst, frame| {
            let header = udp::Repr { src_port: to.port(), dst_port: from.port() };
            header.emit(&answer, src, dst, frame);
        });
    }

    /// How well a socket fits a datagram (`compute_score`); `None`: not at all.
    fn udp_score(
        &self,
        id: SocketId,
        iface: IfaceId,
        from: SocketAddr,
        to: SocketAddr,
    ) -> Option<u32> {
        let socket = self.sockets.get(id)?;
        let bound = socket.bound?;
        let datagram = socket.datagram()?;
        let mut score = 1;
        match (bound.ip, to.ip()) {
            (bound, to) if bound == to => score += 4,
            (IpAddr::V4(bound), IpAddr::V4(_)) if bound.is_unspecified() => score += 1,
            (IpAddr::V6(bound), IpAddr::V6(_)) if bound.is_unspecified() => score += 1,
            (IpAddr::V6(bound), IpAddr::V4(_))
                if bound.is_unspecified() && !socket.options.v6only => {}
            _ => return None,
        }
        if let Some(peer) = datagram.peer {
            // A peer's port of 0 is no port (`inet_dport`).
            let other_port = peer.port() != 0 && peer.port() != from.port();
            if peer.ip() != from.ip() || other_port {
                return None;
            }
            score += 4;
        }
        if let Some(device) = socket.options.device {
            if device != iface {
                return None;
            }
            score += 4;
        }
        if to.ip().is_multicast() && !self.is_member(iface, to.ip(), id) {
            return None;
        }
        Some(score)
    }

    /// Queues a datagram, or drops it when the buffer is full.
    pub(crate) fn enqueue(
        &mut self,
        id: SocketId,
        data: Shared,
        arrival: Arrival,
        name: Option<SockAddr>,
        out: &mut Out,
    ) -> Queued {
        let Some(datagram) = self.sockets.get_mut(id).and_then(Socket::datagram_mut) else {
            return Queued::NoRoom;
        };
        let truesize = truesize(data.len(), arrival.to.is_ipv6());
        // Into an empty queue goes one of any size.
        if datagram.rmem > 0 && datagram.rmem + truesize > datagram.rcvbuf {
            out.notes.push(Note::ReceiveBufferFull { socket: id });
            return Queued::NoRoom;
        }
        datagram.rmem += truesize;
        datagram.queue.push_back(Datagram { data, arrival, name, truesize });
        out.wakeups.push(Wakeup { id, wake: Wake::Readable });
        Queued::Yes
    }

    /// An ICMP error about a datagram: `ECONNREFUSED` and friends for a connected socket, or for
    /// anyone who asked with `IP_RECVERR` (`__udp4_lib_err`).
    pub(crate) fn udp_error_arrives(
        &mut self,
        quote: &ip::Quote,
        (errno, fatal, origin): (Errno, bool, Origin),
        out: &mut Out,
    ) {
        let Some((local_port, peer_port)) = quoted_ports(&quote.payload) else { return };
        let local = SocketAddr::new(quote.src, local_port);
        let peer = SocketAddr::new(quote.dst, peer_port);
        let best = self
            .ports
            .at(Proto::Udp, local_port)
            .filter_map(|id| Some((self.udp_score(id, IfaceId::LO, peer, local)?, id)))
            .max();
        let payload = quote.payload.get(udp::HEADER_LEN..).unwrap_or(&[]).to_vec();
        if let Some((_, id)) = best {
            self.datagram_error(id, (errno, fatal, origin), peer, payload, out);
        }
    }

    fn datagram_error(
        &mut self,
        id: SocketId,
        (errno, fatal, origin): (Errno, bool, Origin),
        peer: SocketAddr,
        payload: Vec<u8>,
        out: &mut Out,
    ) {
        let Some(socket) = self.sockets.get_mut(id) else { return };
        let recverr = socket.options.recverr;
        let Some(datagram) = socket.datagram_mut() else { return };
        if recverr {
            let payload = Shared::from(payload);
            datagram.errors.push_back(ErrorMessage { errno, payload, to: peer, origin });
        } else if !fatal || datagram.peer.is_none() {
            return;
        }
        datagram.err = Some(errno);
        out.wakeups.push(Wakeup { id, wake: Wake::Error });
    }

    // ---- ping sockets

    pub(crate) fn ping_reply_arrives(
        &mut self,
        iface: IfaceId,
        header: &ip::Repr,
        data: &Shared,
        identifier: u16,
        now_ns: u64,
        out: &mut Out,
    ) {
        let from = SocketAddr::new(header.src, 0);
        let to = SocketAddr::new(header.dst, identifier);
        let (ttl, tos) = (header.ttl, header.tos);
        let arrival = Arrival { from, to, ttl, tos, iface, at_ns: now_ns };
        for id in self.ports.at(Proto::Ping, identifier).collect::<Vec<_>>() {
            let wanted = self.sockets.get(id).is_some_and(|socket| {
                let peer = socket.datagram().and_then(|datagram| datagram.peer);
                socket.kind.v6 == header.src.is_ipv6()
                    && peer.is_none_or(|peer| peer.ip() == header.src)
            });
            if wanted {
                self.enqueue(id, data.clone(), arrival, None, out);
            }
        }
    }

    pub(crate) fn ping_error_arrives(
        &mut self,
        quote: &ip::Quote,
        error: (Errno, bool, Origin),
        out: &mut Out,
    ) {
        // The quoted echo request: type, code, checksum, identifier.
        let Some(bytes) = quote.payload.get(4..6) else { return };
        let identifier = u16::from_be_bytes([bytes[0], bytes[1]]);
        let peer = SocketAddr::new(quote.dst, 0);
        for id in self.ports.at(Proto::Ping, identifier).collect::<Vec<_>>() {
            self.datagram_error(id, error, peer, quote.payload.clone(), out);
        }
    }

    /// Raw sockets learn of errors too; the payload is what was quoted (`raw_icmp_error`).
    pub(crate) fn raw_error_arrives(
        &mut self,
        quote: &ip::Quote,
        error: (Errno, bool, Origin),
        out: &mut Out,
    ) {
        let peer = SocketAddr::new(quote.dst, 0);
        for id in self.ports.at(Proto::Raw(quote.protocol), 0).collect::<Vec<_>>() {
            let concerned = self.sockets.get(id).is_some_and(|socket| {
                let named = socket.bound.map(|bound| bound.ip).filter(|ip| !ip.is_unspecified());
                let other = socket.datagram().and_then(|datagram| datagram.peer);
                named.is_none_or(|ip| ip == quote.src) && other.is_none_or(|o| o.ip() == quote.dst)
            });
            if concerned {
                self.datagram_error(id, error, peer, quote.payload.clone(), out);
            }
        }
    }

    // ---- raw sockets

    /// IPv4 raw sockets receive the IP header, IPv6 ones do not (`raw(7)`, RFC 3542 §3).
    pub(crate) fn raw_deliver(
        &mut self,
        id: SocketId,
        (iface, now_ns): (IfaceId, u64),
        header: &ip::Repr,
        data: &Shared,
        packet: &Shared,
        out: &mut Out,
    ) -> bool {
        let Some(socket) = self.sockets.get(id) else { return false };
        let Some(datagram) = socket.datagram() else { return false };
        let bound_elsewhere =
            socket.bound.is_some_and(|bound| !bound.ip.is_unspecified() && bound.ip != header.dst);
        let other_peer = datagram.peer.is_some_and(|peer| peer.ip() != header.src);
        let filtered = header.protocol == protocol::ICMP
            && data.first().is_some_and(|ty| *ty < 32 && datagram.icmp_filter >> ty & 1 != 0);
        if socket.kind.v6 != header.dst.is_ipv6() || bound_elsewhere || other_peer || filtered {
            return false;
        }
        let data = if header.dst.is_ipv4() { packet.clone() } else { data.clone() };
        let from = SocketAddr::new(header.src, 0);
        let to = SocketAddr::new(header.dst, 0);
        let (ttl, tos) = (header.ttl, header.tos);
        let arrival = Arrival { from, to, ttl, tos, iface, at_ns: now_ns };
        self.enqueue(id, data, arrival, None, out);
        true
    }
}

/// The longest datagram to an address, bytes.
fn room(to: SocketAddr) -> usize {
    65_535 - if to.is_ipv4() { 28 } else { 8 }
}

/// The echo request of a ping socket: the kernel puts its own identifier (`ping_v4_sendmsg`).
fn ping_message(data: &[u8], v4: bool, identifier: u16) -> Result<icmp::Message, Errno> {
    let header = data.get(..icmp::HEADER_LEN).ok_or(Errno::EINVAL)?;
    let echo = if v4 { 8 } else { 128 };
    if header[0] != echo || header[1] != 0 {
        return Err(Errno::EINVAL);
    }
    Ok(icmp::Message::EchoRequest(identifier, u16::from_be_bytes([header[6], header[7]])))
}

/// An address as a socket shows it: on IPv6, an IPv4 one is mapped.
pub(crate) fn shown(v6: bool, addr: SocketAddr) -> SocketAddr {
    match addr {
        SocketAddr::V4(v4) if v6 => SocketAddr::new(v4.ip().to_ipv6_mapped().into(), v4.port()),
        other => other,
    }
}
