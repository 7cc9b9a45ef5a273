//! Stream sockets: between `socket(2)`'s calls, the connection table and [`crate::tcp`].

use crate::net::ip::{Outgoing, quoted_ports};
use crate::net::route::Cast;
use crate::net::socket::{Body, Bound, Phase, Socket, TcpSocket, on_wire};
use crate::net::{
    Accepted, Answer, Cause, DropWhy, How, IfaceId, Note, Out, Proto, Received, RecvRequest,
    SendRequest, SocketId, SocketKind, Stack, Stop, Wait, Wake, Wakeup,
};
use crate::tcp::listener::{Listener, Progress};
use crate::tcp::{self, Arrived, Cx, Effects, Open, Segment, Seq, State, Tcb};
use crate::wire::ip::{self, protocol};
use crate::wire::tcp::Ports;
use crate::wire::{self, Shared};
use abi::Errno;
use std::net::{IpAddr, SocketAddr};

/// What came of looking a segment's socket up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    Yes,
    Nobody,
}

impl Stack {
    // ---- calls

    pub(crate) fn stream_listen(
        &mut self,
        id: SocketId,
        backlog: i32,
        _now_ns: u64,
        out: &mut Out,
    ) -> Result<(), Errno> {
        let socket = self.socket_ref(id)?;
        let Some(tcp) = socket.tcp() else { return Err(Errno::EOPNOTSUPP) };
        // `inet_listen`: whoever was connected stays so, even when the connection has ended.
        if tcp.phase != Phase::Unconnected {
            return Err(Errno::EINVAL);
        }
        let fresh = Listener::new(backlog, &self.config.tcp);
        if tcp.listener.is_some() {
            // Again: only the backlog changes.
            let backlog = fresh.backlog;
            if let Some(listener) = self.listener_mut(id) {
                listener.backlog = backlog;
            }
            return Ok(());
        }
        if tcp.tcb.state != State::Closed {
            return Err(Errno::EINVAL);
        }
        self.autobind(id)?;
        if self.listen_conflicts(id) {
            self.release_port(id);
            return Err(Errno::EADDRINUSE);
        }
        let local = self.local_addr(id);
        self.listeners.insert(Proto::Tcp, local.port(), id);
        let socket = self.socket_mut(id)?;
        if let Some(tcp) = socket.tcp_mut() {
            tcp.listener = Some(fresh);
            tcp.tcb.shut = tcp::Shut::default();
        }
        let peer = SocketAddr::new(self.socket_ref(id)?.any(), 0);
        out.notes.push(Note::State {
            socket: id,
            local,
            peer,
            from: State::Closed,
            to: State::Listen,
            why: tcp::StateWhy::Listen,
        });
        Ok(())
    }

    fn listener_mut(&mut self, id: SocketId) -> Option<&mut Listener> {
        self.sockets.get_mut(id)?.tcp_mut()?.listener.as_mut()
    }

    pub(crate) fn stream_accept(
        &mut self,
        id: SocketId,
        _now_ns: u64,
        _out: &mut Out,
    ) -> Answer<Accepted> {
        let socket = self.socket_ref(id)?;
        let Some(tcp) = socket.tcp() else { return Err(Errno::EOPNOTSUPP.into()) };
        let timeout_ns = socket.options.rcvtimeo_ns;
        if tcp.listener.is_none() {
            return Err(Errno::EINVAL.into());
        }
        let next = self.listener_mut(id).and_then(|listener| listener.accepted.pop_front());
        let Some(child) = next else {
            return Err(Stop::Wait { on: Wait::Accept, errno: Errno::EAGAIN, timeout_ns });
        };
        let socket = self.socket_mut(child)?;
        socket.parent = None;
        let peer = socket.tcp().map(|tcp| tcp.tcb.peer);
        let peer = socket.show(peer.unwrap_or(SocketAddr::new(socket.any(), 0)));
        Ok(Accepted { id: child, peer })
    }

    pub(crate) fn stream_connect(
        &mut self,
        id: SocketId,
        to: SocketAddr,
        now_ns: u64,
        out: &mut Out,
    ) -> Answer<()> {
        let socket = self.socket_ref(id)?;
        let timeout_ns = socket.options.sndtimeo_ns;
        let Some(tcp) = socket.tcp() else { return Err(Errno::EOPNOTSUPP.into()) };
        match tcp.phase {
            Phase::Connected => return Err(Errno::EISCONN.into()),
            Phase::Disconnecting => return Err(Errno::EINVAL.into()),
            Phase::Connecting => return self.connect_again(id, timeout_ns),
            Phase::Unconnected if tcp.listener.is_some() || tcp.tcb.state != State::Closed => {
                return Err(Errno::EISCONN.into());
            }
            Phase::Unconnected => {}
        }
        if to.is_ipv6() != socket.kind.v6 {
            return Err(Errno::EAFNOSUPPORT.into());
        }
        self.check_scope(id, to)?;
        self.start_connect(id, on_wire(to), now_ns, out)?;
        Err(Stop::Wait { on: Wait::Connect, errno: Errno::EINPROGRESS, timeout_ns })
    }

    /// `connect(2)` while one is under way, or to collect its result (`SS_CONNECTING`).
    fn connect_again(&mut self, id: SocketId, timeout_ns: Option<u64>) -> Answer<()> {
        match self.collect_connect(id, timeout_ns) {
            Err(Stop::Wait { on, timeout_ns, .. }) => {
                Err(Stop::Wait { on, errno: Errno::EALREADY, timeout_ns })
            }
            result => result,
        }
    }

    /// The end of `__inet_stream_connect`: connected, or disconnected with the error.
    fn collect_connect(&mut self, id: SocketId, timeout_ns: Option<u64>) -> Answer<()> {
        let Some(tcp) = self.socket_mut(id)?.tcp_mut() else { return Ok(()) };
        let result = tcp.tcb.connect_result(timeout_ns);
        match result {
            Ok(()) => tcp.phase = Phase::Connected,
            Err(Stop::Errno(_)) => {
                tcp.phase = Phase::Unconnected;
                tcp.tcb.shut = tcp::Shut::default();
                self.unlink_connection(id);
                self.release_name(id);
            }
            Err(Stop::Wait { .. }) => {}
        }
        result
    }

    /// Whether `connect(2)` looks at the address that it is given.
    pub fn connect_needs_address(&self, id: SocketId) -> bool {
        self.sockets.get(id).and_then(Socket::tcp).is_none_or(|tcp| {
            tcp.phase == Phase::Unconnected
                && tcp.listener.is_none()
                && tcp.tcb.state == State::Closed
        })
    }

    pub(crate) fn stream_connect_wait(
        &mut self,
        id: SocketId,
        _now_ns: u64,
        _out: &mut Out,
    ) -> Answer<()> {
        let timeout_ns = self.socket_ref(id)?.options.sndtimeo_ns;
        self.collect_connect(id, timeout_ns)
    }

    /// `tcp_v4_connect`: route, source address, port, SYN.
    fn start_connect(
        &mut self,
        id: SocketId,
        to: SocketAddr,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), Errno> {
        let socket = self.socket_ref(id)?;
        let bound = socket.bound;
        if socket.kind.v6 && socket.options.v6only && to.is_ipv4() {
            return Err(Errno::ENETUNREACH);
        }
        let named = bound.map(|bound| bound.ip).filter(|ip| !ip.is_unspecified());
        let hit = self.route(to.ip(), named, socket.options.device)?;
        if matches!(hit.cast, Cast::Broadcast | Cast::Multicast) {
            return Err(Errno::ENETUNREACH);
        }
        let peer_ip = if to.ip().is_unspecified() { hit.next_hop } else { to.ip() };
        let peer = SocketAddr::new(peer_ip, to.port());
        let ip = match bound {
            Some(bound) if !bound.ip.is_unspecified() => {
                if bound.ip.is_ipv4() != peer.is_ipv4() {
                    return Err(if peer.is_ipv4() { Errno::ENETUNREACH } else { Errno::EINVAL });
                }
                bound.ip
            }
            _ => hit.src,
        };
        // An automatic port of an earlier attempt is chosen anew.
        let old_port = bound.filter(|bound| bound.held).map(|bound| bound.port);
        let locked = bound.is_some_and(|bound| bound.port_locked);
        let mut successor = None;
        let port = match old_port {
            Some(port) => {
                let local = SocketAddr::new(ip, port);
                if let Some(other) = self.connections.get(&(local, peer)).copied()
                    && other != id
                {
                    successor = self.tcb(other).and_then(Tcb::successor);
                    if successor.is_none() {
                        return Err(Errno::EADDRNOTAVAIL);
                    }
                    self.retire(other, tcp::StateWhy::Connect, now_ns, out);
                }
                port
            }
            None => {
                let port = self.pick_connect_port(id, ip, peer).ok_or(Errno::EADDRNOTAVAIL)?;
                self.ports.insert(Proto::Tcp, port, id);
                port
            }
        };
        let local = SocketAddr::new(ip, port);
        let ip_locked = bound.is_some_and(|bound| bound.ip_locked);
        let open = Open {
            local,
            peer,
            iss: successor.map_or_else(|| self.initial_number(local, peer, now_ns), |(iss, _)| iss),
            ts_offset: self.timestamp_offset(local, peer),
            mtu: hit.mtu,
            ts_recent: successor.map(|(_, ts_recent)| ts_recent),
        };
        let ip_id = self.rng.next_u32() as u16;
        let socket = self.socket_mut(id)?;
        socket.bound = Some(Bound { ip, port, held: true, port_locked: locked, ip_locked });
        socket.ip_id = ip_id;
        self.connections.insert((local, peer), id);
        self.with_call(id, now_ns, out, |tcb, cx| tcb.open_active(open, cx));
        if let Some(tcp) = self.socket_mut(id)?.tcp_mut() {
            tcp.phase = Phase::Connecting;
        }
        Ok(())
    }

    /// ISS: a secret function of the 4-tuple, and a clock of 64 ns (RFC 6528, `secure_tcp_seq`),
    /// so that a connection's next incarnation begins beyond the last one.
    fn initial_number(&self, local: SocketAddr, peer: SocketAddr, now_ns: u64) -> Seq {
        let secret = self.secret((local, peer));
        Seq(secret.wrapping_add((now_ns >> 6) as u32))
    }

    /// The same for all connections of two addresses (`secure_tcp_ts_off`).
    fn timestamp_offset(&self, local: SocketAddr, peer: SocketAddr) -> u32 {
        let host = |addr: SocketAddr| SocketAddr::new(addr.ip(), 0);
        self.secret((host(local), host(peer)))
    }

    fn secret(&self, (local, peer): (SocketAddr, SocketAddr)) -> u32 {
        let mut key = self.config.seed;
        for addr in [local, peer] {
            let bits = match addr.ip() {
                IpAddr::V4(ip) => u128::from(ip.to_bits()),
                IpAddr::V6(ip) => ip.to_bits(),
            };
            for word in [bits as u64, (bits >> 64) as u64, u64::from(addr.port())] {
                key = crate::net::rng::Rng::new(key ^ word).next_u64();
            }
        }
        (key >> 32) as u32
    }

    /// A connection in TIME-WAIT goes its own way when its socket is used again, as Linux's
    /// time-wait sockets do.
    pub(crate) fn detach_time_wait(&mut self, id: SocketId) {
        let Some(socket) = self.sockets.get(id) else { return };
        let Some(tcp) = socket.tcp().filter(|tcp| tcp.tcb.state == State::TimeWait) else { return };
        let key = (tcp.tcb.local, tcp.tcb.peer);
        let mut remains = socket.clone();
        remains.timer_ns = None;
        let deadline = tcp.tcb.poll_at();
        let shut = tcp.tcb.shut;
        let config = self.config.tcp.clone();
        if let Some(tcp) = remains.tcp_mut() {
            let mut effects = Effects::default();
            tcp.tcb.close(&mut Cx { now_ns: 0, config: &config, fx: &mut effects });
        }
        let port = remains.bound.map_or(0, |bound| bound.port);
        let heir = self.sockets.insert(remains);
        self.ports.insert(Proto::Tcp, port, heir);
        self.connections.insert(key, heir);
        self.release_port(id);
        self.schedule(heir, deadline);
        let mut fresh = Tcb::new(&config);
        fresh.opts = tcp_opts(self.sockets.get(id));
        // The socket stays as shut as it was.
        fresh.shut = shut;
        if let Some(tcp) = self.sockets.get_mut(id).and_then(Socket::tcp_mut) {
            tcp.tcb = fresh;
        }
    }

    pub(crate) fn stream_disconnect(
        &mut self,
        id: SocketId,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), Errno> {
        let Some(tcp) = self.socket_ref(id)?.tcp() else { return Err(Errno::EBADF) };
        if tcp.listener.is_some() {
            self.stop_listening(id, now_ns, out);
        } else {
            self.detach_time_wait(id);
            self.with_tcb(id, now_ns, out, |tcb, cx| tcb.abort(cx));
        }
        self.unlink_connection(id);
        self.release_name(id);
        let config = self.config.tcp.clone();
        if let Some(tcp) = self.socket_mut(id)?.tcp_mut() {
            tcp.phase = Phase::Unconnected;
            let mut effects = Effects::default();
            tcp.tcb.forget_connection(&Cx { now_ns, config: &config, fx: &mut effects });
        }
        out.wakeups.push(Wakeup { id, wake: Wake::State });
        Ok(())
    }

    fn unlink_connection(&mut self, id: SocketId) {
        if let Some(tcb) = self.tcb(id) {
            let key = (tcb.local, tcb.peer);
            if self.connections.get(&key) == Some(&id) {
                self.connections.remove(&key);
            }
        }
    }

    pub(crate) fn stream_send(
        &mut self,
        id: SocketId,
        request: &mut SendRequest,
        now_ns: u64,
        out: &mut Out,
    ) -> Answer<usize> {
        let timeout_ns = self.socket_ref(id)?.options.sndtimeo_ns;
        self.with_call(id, now_ns, out, |tcb, cx| tcb.send(request, timeout_ns, cx))
            .unwrap_or(Err(Errno::EBADF.into()))
    }

    pub(crate) fn stream_recv(
        &mut self,
        id: SocketId,
        request: &mut RecvRequest,
        now_ns: u64,
        out: &mut Out,
    ) -> Answer<Received> {
        if request.flags & abi::consts::MSG_ERRQUEUE != 0 {
            return Err(Errno::EAGAIN.into());
        }
        let socket = self.socket_ref(id)?;
        if socket.tcp().is_some_and(|tcp| tcp.listener.is_some()) {
            return Err(Errno::ENOTCONN.into());
        }
        let timeout_ns = socket.options.rcvtimeo_ns;
        self.with_call(id, now_ns, out, |tcb, cx| tcb.recv(request, timeout_ns, cx))
            .unwrap_or(Err(Errno::EBADF.into()))
    }

    pub(crate) fn stream_shutdown(
        &mut self,
        id: SocketId,
        how: How,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), Errno> {
        let listening = self.socket_ref(id)?.tcp().is_some_and(|tcp| tcp.listener.is_some());
        if listening {
            // SHUT_RD ends listening, but the port stays; SHUT_WR means nothing.
            if matches!(how, How::Read | How::Both) {
                self.stop_listening(id, now_ns, out);
            }
            return Ok(());
        }
        let Some(tcp) = self.socket_mut(id)?.tcp_mut() else { return Err(Errno::EBADF) };
        let state = tcp.tcb.state;
        // `inet_shutdown`: an attempt that nobody has collected is decided now.
        if tcp.phase == Phase::Connecting {
            tcp.phase = match state {
                State::SynSent | State::SynReceived | State::Closed => Phase::Disconnecting,
                _ => Phase::Connected,
            };
        }
        if state == State::SynSent {
            return self.stream_disconnect(id, now_ns, out);
        }
        self.with_call(id, now_ns, out, |tcb, cx| tcb.shutdown(how, cx))
            .unwrap_or(Err(Errno::EBADF))
    }

    /// `inet_csk_listen_stop`: half-open connections are forgotten, completed ones reset.
    fn stop_listening(&mut self, id: SocketId, now_ns: u64, out: &mut Out) {
        let listener =
            self.sockets.get_mut(id).and_then(Socket::tcp_mut).and_then(|tcp| tcp.listener.take());
        let Some(listener) = listener else { return };
        let local = self.local_addr(id);
        self.listeners.remove(Proto::Tcp, local.port(), id);
        out.notes.push(Note::State {
            socket: id,
            local,
            peer: SocketAddr::new(local.ip(), 0),
            from: State::Listen,
            to: State::Closed,
            why: tcp::StateWhy::Close,
        });
        for child in listener.accepted {
            self.with_tcb(child, now_ns, out, |tcb, cx| tcb.reset_unaccepted(cx));
            self.forget(child);
        }
        self.release_port(id);
        out.wakeups.push(Wakeup { id, wake: Wake::State });
    }

    pub(crate) fn stream_close(&mut self, id: SocketId, now_ns: u64, out: &mut Out) -> Answer<()> {
        let Some(tcp) = self.socket_ref(id)?.tcp() else { return Ok(()) };
        if tcp.listener.is_some() {
            self.stop_listening(id, now_ns, out);
            self.forget(id);
            return Ok(());
        }
        let linger_s = tcp.tcb.opts.linger_s;
        self.with_call(id, now_ns, out, |tcb, cx| tcb.close(cx));
        self.reap(id);
        match linger_s {
            Some(seconds) if seconds > 0 => self.linger(id, seconds),
            _ => Ok(()),
        }
    }

    fn linger(&self, id: SocketId, seconds: u32) -> Answer<()> {
        if self.tcb(id).is_some_and(Tcb::is_closing) {
            let timeout_ns = Some(u64::from(seconds) * tcp::SECOND);
            return Err(Stop::Wait { on: Wait::Close, errno: Errno::EAGAIN, timeout_ns });
        }
        Ok(())
    }

    pub(crate) fn stream_close_wait(&mut self, id: SocketId) -> Answer<()> {
        let linger_s = self.tcb(id).and_then(|tcb| tcb.opts.linger_s);
        self.linger(id, linger_s.unwrap_or(0))
    }

    // ---- the connection at work

    /// Runs a step of a connection and carries its effects out.
    pub(crate) fn with_tcb<T>(
        &mut self,
        id: SocketId,
        now_ns: u64,
        out: &mut Out,
        step: impl FnOnce(&mut Tcb, &mut Cx<'_>) -> T,
    ) -> Option<T> {
        let mut effects = std::mem::take(&mut self.scratch);
        let tcb = &mut self.sockets.get_mut(id)?.tcp_mut()?.tcb;
        let mut cx = Cx { now_ns, config: &self.config.tcp, fx: &mut effects };
        let before = tcb.sampled();
        let result = step(tcb, &mut cx);
        if tcb.sampled() != before && tcb.state.is_synchronized() {
            cx.fx.events.push(tcp::Event::Sample(tcb.sample()));
        }
        let (local, peer, at) = (tcb.local, tcb.peer, tcb.poll_at());
        self.carry_out(id, local, peer, &mut effects, now_ns, out);
        self.scratch = effects;
        self.schedule(id, at);
        Some(result)
    }

    /// The same for a step of a call, which has the connection until it returns.
    pub(crate) fn with_call<T>(
        &mut self,
        id: SocketId,
        now_ns: u64,
        out: &mut Out,
        step: impl FnOnce(&mut Tcb, &mut Cx<'_>) -> T,
    ) -> Option<T> {
        self.with_tcb(id, now_ns, out, |tcb, cx| {
            let result = step(tcb, cx);
            tcb.hold(cx);
            result
        })
    }

    fn carry_out(
        &mut self,
        id: SocketId,
        local: SocketAddr,
        peer: SocketAddr,
        effects: &mut Effects,
        now_ns: u64,
        out: &mut Out,
    ) {
        for event in effects.events.drain(..) {
            out.notes.push(match event {
                tcp::Event::State { from, to, why } => {
                    Note::State { socket: id, local, peer, from, to, why }
                }
                event => Note::Tcp { socket: id, event },
            });
        }
        for (segment, cause) in effects.segments.drain(..) {
            self.send_segment(Some(id), local, peer, &segment, cause, now_ns, out);
        }
        for wake in effects.wakes.drain(..) {
            out.wakeups.push(Wakeup { id, wake });
        }
    }

    #[allow(clippy::too_many_arguments)] // a segment, its way, and where effects go
    fn send_segment(
        &mut self,
        socket: Option<SocketId>,
        local: SocketAddr,
        peer: SocketAddr,
        segment: &Segment,
        cause: Cause,
        now_ns: u64,
        out: &mut Out,
    ) {
        let mut outgoing = Outgoing {
            src: Some(local.ip()),
            df: true,
            id: Some(0),
            ..Outgoing::new(peer.ip(), protocol::TCP)
        };
        if let Some(socket) = socket.and_then(|id| self.sockets.get_mut(id)) {
            // Connections number their packets; SYN+ACKs of a listener and resets carry 0.
            if !matches!(cause, Cause::SynAck | Cause::Reset) || !segment.payload.is_empty() {
                outgoing.id = Some(socket.ip_id);
                socket.ip_id = socket.ip_id.wrapping_add(1);
            }
            outgoing.tos = socket.options.tos;
            let ttl = if peer.is_ipv4() { socket.options.ttl } else { socket.options.hops };
            outgoing.ttl = ttl.unwrap_or(64);
            outgoing.device = socket.options.device;
        }
        let ports = Ports { src: local.port(), dst: peer.port() };
        // A lost route is like a lost packet: timers will see to it.
        let _ = self.ip_output(outgoing, socket, cause, now_ns, out, |src, dst, frame| {
            wire::tcp::emit(segment, ports, src, dst, frame);
        });
    }

    /// Forgets a connection that is over and that no program holds.
    fn reap(&mut self, id: SocketId) {
        let Some(tcb) = self.tcb(id) else { return };
        if tcb.state == State::Closed {
            if tcb.is_orphan() {
                self.forget(id);
            } else {
                self.unlink_connection(id);
                self.release_port(id);
            }
        }
    }

    pub(crate) fn stream_timers(&mut self, id: SocketId, now_ns: u64, out: &mut Out) {
        let Some(tcp) = self.sockets.get(id).and_then(Socket::tcp) else { return };
        if tcp.listener.is_some() {
            return self.listener_timers(id, now_ns, out);
        }
        if tcp.tcb.poll_at().is_none_or(|at| at > now_ns) {
            let at = tcp.tcb.poll_at();
            return self.schedule(id, at);
        }
        self.with_tcb(id, now_ns, out, |tcb, cx| tcb.timers_due(cx));
        self.reap(id);
    }

    fn listener_timers(&mut self, id: SocketId, now_ns: u64, out: &mut Out) {
        let mut effects = std::mem::take(&mut self.scratch);
        let mut cx = Cx { now_ns, config: &self.config.tcp, fx: &mut effects };
        let Some(tcp) = self.sockets.get_mut(id).and_then(Socket::tcp_mut) else { return };
        let Some(listener) = tcp.listener.as_mut() else { return };
        let again = listener.timers_due(&tcp.tcb, &mut cx);
        let at = listener.poll_at();
        self.scratch = effects;
        for syn_ack in again {
            let (local, peer) = (syn_ack.local, syn_ack.peer);
            self.send_segment(None, local, peer, &syn_ack.segment, Cause::SynAck, now_ns, out);
        }
        self.schedule(id, at);
    }

    // ---- arrivals

    pub(crate) fn tcp_arrives(
        &mut self,
        _iface: IfaceId,
        header: &ip::Repr,
        data: &Shared,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), DropWhy> {
        let (ports, segment) =
            wire::tcp::parse(data, header.src, header.dst).map_err(DropWhy::Malformed)?;
        if header.dst.is_multicast() || self.is_broadcast(header.dst) {
            return Err(DropWhy::NotWanted);
        }
        let local = SocketAddr::new(header.dst, ports.dst);
        let peer = SocketAddr::new(header.src, ports.src);
        if let Some(id) = self.connections.get(&(local, peer)).copied() {
            let arrived = self
                .with_tcb(id, now_ns, out, |tcb, cx| tcb.segment_arrives(&segment, cx))
                .unwrap_or(Arrived::Done);
            if arrived == Arrived::NewSyn
                && let Some(listener) = self.find_listener(local, peer)
            {
                // TIME-WAIT makes room for a new incarnation.
                self.retire(id, tcp::StateWhy::SynArrived, now_ns, out);
                self.listener_arrives(listener, local, peer, &segment, now_ns, out);
                return Ok(());
            }
            self.reap(id);
            return Ok(());
        }
        let taken = match self.find_listener(local, peer) {
            Some(id) => self.listener_arrives(id, local, peer, &segment, now_ns, out),
            None => Taken::Nobody,
        };
        if taken == Taken::Yes {
            return Ok(());
        }
        // CLOSED (RFC 9293 §3.10.7.1): everything but a reset is answered with a reset.
        if let Some(reset) = segment.reset_for() {
            self.send_segment(None, local, peer, &reset, Cause::Reset, now_ns, out);
        }
        Err(DropWhy::NoSocket)
    }

    /// Ends a TIME-WAIT connection early.
    fn retire(&mut self, id: SocketId, why: tcp::StateWhy, now_ns: u64, out: &mut Out) {
        self.with_tcb(id, now_ns, out, |tcb, cx| tcb.assassinate(why, cx));
        self.reap(id);
    }

    /// Whether a socket shares its port, so that a hash of the addresses picks the receiver.
    pub(crate) fn shares_port(&self, id: SocketId) -> bool {
        self.sockets.get(id).is_some_and(|socket| {
            let connected = socket.datagram().is_some_and(|datagram| datagram.peer.is_some());
            socket.options.reuseport && !connected
        })
    }

    /// Who of the sockets that share a port gets what comes from this peer: one peer always the
    /// same (`reuseport_select_sock`).
    pub(crate) fn one_of(
        &self,
        sharers: &[SocketId],
        local: SocketAddr,
        peer: SocketAddr,
    ) -> Option<SocketId> {
        let at = (u64::from(self.secret((local, peer))) * sharers.len() as u64) >> 32;
        sharers.get(at as usize).copied()
    }

    /// The listening socket for a peer: the most specific one, one of several with
    /// `SO_REUSEPORT`, or else the oldest.
    fn find_listener(&self, local: SocketAddr, peer: SocketAddr) -> Option<SocketId> {
        let score = |id: SocketId| {
            let socket = self.sockets.get(id)?;
            let bound = socket.bound?;
            socket.tcp()?.listener.as_ref()?;
            match (bound.ip, local.ip()) {
                (bound, local) if bound == local => Some(3),
                (IpAddr::V4(bound), IpAddr::V4(_)) if bound.is_unspecified() => Some(2),
                (IpAddr::V6(bound), IpAddr::V6(_)) if bound.is_unspecified() => Some(2),
                (IpAddr::V6(bound), IpAddr::V4(_))
                    if bound.is_unspecified() && !socket.options.v6only =>
                {
                    Some(1)
                }
                _ => None,
            }
        };
        let fitting: Vec<(i32, SocketId)> = self
            .listeners
            .at(Proto::Tcp, local.port())
            .filter_map(|id| score(id).map(|score| (score, id)))
            .collect();
        let most = fitting.iter().map(|one| one.0).max()?;
        let best: Vec<SocketId> =
            fitting.into_iter().filter(|one| one.0 == most).map(|one| one.1).collect();
        let opens = |id: &&SocketId| {
            self.listener(**id).is_some_and(|listener| listener.request(local, peer).is_some())
        };
        match best.iter().find(opens) {
            Some(id) => Some(*id),
            None if best.iter().all(|id| self.shares_port(*id)) => self.one_of(&best, local, peer),
            None => best.first().copied(),
        }
    }

    /// LISTEN (RFC 9293 §3.10.7.2), and the half-open connections below it.
    fn listener_arrives(
        &mut self,
        id: SocketId,
        local: SocketAddr,
        peer: SocketAddr,
        segment: &Segment,
        now_ns: u64,
        out: &mut Out,
    ) -> Taken {
        let iss = self.initial_number(local, peer, now_ns);
        let ts_offset = self.timestamp_offset(local, peer);
        let mtu = self.route(peer.ip(), None, None).map_or(1500, |hit| hit.mtu);
        let open = Open { local, peer, iss, ts_offset, mtu, ts_recent: None };
        let mut effects = std::mem::take(&mut self.scratch);
        let mut cx = Cx { now_ns, config: &self.config.tcp, fx: &mut effects };
        let mut child = None;
        let mut taken = Taken::Yes;
        let mut at = None;
        if let Some(tcp) = self.sockets.get_mut(id).and_then(Socket::tcp_mut)
            && let Some(listener) = tcp.listener.as_mut()
        {
            match listener.request(local, peer) {
                Some(index) => match listener.request_arrives(index, segment, &tcp.tcb, &mut cx) {
                    Progress::Established(tcb) => child = Some(*tcb),
                    Progress::Reset => taken = Taken::Nobody,
                    Progress::Done | Progress::Dropped => {}
                },
                // First, check for RST: return. Second, an ACK: reset.
                None if segment.flags.rst() => {}
                None if segment.flags.ack() => taken = Taken::Nobody,
                // Third, check for SYN.
                None if segment.flags.syn() => {
                    listener.syn_arrives(segment, open, &tcp.tcb, &mut cx);
                }
                None => {}
            }
            at = listener.poll_at();
        }
        let mut wakes = std::mem::take(&mut effects.wakes);
        wakes.clear();
        self.carry_out(id, local, peer, &mut effects, now_ns, out);
        effects.wakes = wakes;
        self.scratch = effects;
        self.schedule(id, at);
        if let Some(tcb) = child {
            self.adopt(id, tcb, segment, now_ns, out);
        }
        taken
    }

    /// A completed handshake: the connection enters the accept queue and takes the segment.
    fn adopt(
        &mut self,
        listener_id: SocketId,
        tcb: Tcb,
        segment: &Segment,
        now_ns: u64,
        out: &mut Out,
    ) {
        let Some(parent) = self.sockets.get(listener_id) else { return };
        let (local, peer) = (tcb.local, tcb.peer);
        let child = Socket {
            kind: SocketKind { proto: Proto::Tcp, ..parent.kind },
            options: parent.options.inherited(),
            // The port is the listener's to keep, not the connection's.
            bound: parent.bound.map(|bound| Bound {
                ip: local.ip(),
                held: true,
                port_locked: false,
                ..bound
            }),
            ip_id: self.rng.next_u32() as u16,
            body: Body::Tcp(Box::new(TcpSocket { tcb, listener: None, phase: Phase::Connected })),
            timer_ns: None,
            parent: Some(listener_id),
        };
        let child_id = self.sockets.insert(child);
        self.ports.insert(Proto::Tcp, local.port(), child_id);
        self.connections.insert((local, peer), child_id);
        if let Some(listener) = self.listener_mut(listener_id) {
            listener.accepted.push_back(child_id);
        }
        self.with_tcb(child_id, now_ns, out, |tcb, cx| tcb.segment_arrives(segment, cx));
        out.wakeups.push(Wakeup { id: listener_id, wake: Wake::Readable });
    }

    /// An ICMP error about a connection.
    pub(crate) fn tcp_error_arrives(
        &mut self,
        quote: &ip::Quote,
        errno: Errno,
        mtu: Option<u32>,
        now_ns: u64,
        out: &mut Out,
    ) {
        let Some((local_port, peer_port)) = quoted_ports(&quote.payload) else { return };
        let Some(seq) = quote.payload.get(4..8) else { return };
        let seq = Seq(u32::from_be_bytes([seq[0], seq[1], seq[2], seq[3]]));
        let local = SocketAddr::new(quote.src, local_port);
        let peer = SocketAddr::new(quote.dst, peer_port);
        let Some(id) = self.connections.get(&(local, peer)).copied() else { return };
        self.with_tcb(id, now_ns, out, |tcb, cx| match mtu {
            Some(mtu) => tcb.path_mtu_changed(mtu, cx),
            None => tcb.icmp_error(errno, seq, cx),
        });
        self.reap(id);
    }
}

fn tcp_opts(socket: Option<&Socket>) -> tcp::SockOpts {
    socket.and_then(Socket::tcp).map_or(tcp::SockOpts::default(), |tcp| tcp.tcb.opts)
}
