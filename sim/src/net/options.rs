//! `setsockopt(2)` and `getsockopt(2)` of Internet sockets.
//!
//! What to read: `socket(7)`, `tcp(7)`, `ip(7)`, `ipv6(7)`. Options that change nothing here
//! (priorities, marks, timestamps) are [`super::stored`]'s. The kernel has checked descriptor,
//! pointers and privileges.

use crate::net::socket::{Body, Socket};
use crate::net::{IfaceId, Out, Proto, SocketId, SocketKind, Stack, stored};
use crate::tcp::{self, Algorithm, MS, SECOND, State};
use abi::Errno;
use abi::consts::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// `IPPROTO_RAW` level of ICMP filters.
const SOL_RAW: i32 = 255;

impl Stack {
    /// `setsockopt(2)`; `value` is as long as `optlen` says.
    pub fn setsockopt(
        &mut self,
        id: SocketId,
        level: i32,
        name: i32,
        value: &[u8],
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), Errno> {
        let kind = self.socket_ref(id)?.kind;
        match (level, kind.proto) {
            (SOL_SOCKET, _) => self.set_socket_option(id, name, value, now_ns, out),
            (SOL_TCP, Proto::Tcp) => self.set_tcp_option(id, name, value, now_ns, out),
            (SOL_UDP, Proto::Udp) => {
                self.set_stored(id, level, name, value)?;
                if name == UDP_CORK && !self.is_corked(id) {
                    self.push_corked(id, now_ns, out);
                }
                Ok(())
            }
            (SOL_IP, proto) if proto.is_inet() => self.set_ip_option(id, name, value, now_ns),
            (SOL_IPV6, _) if kind.v6 => self.set_ipv6_option(id, name, value, now_ns),
            (SOL_RAW, Proto::Raw(1)) if name == 1 => {
                let filter = int(value)?;
                if let Some(datagram) = self.socket_mut(id)?.datagram_mut() {
                    datagram.icmp_filter = filter as u32;
                }
                Ok(())
            }
            (SOL_PACKET, Proto::Packet) => self.set_packet_option(id, name, value),
            (SOL_NETLINK, Proto::Netlink(_)) => self.set_netlink_option(id, name, value),
            _ => Err(Errno::ENOPROTOOPT),
        }
    }

    /// `getsockopt(2)`: the whole value, to be cut to `*optlen` by the caller.
    pub fn getsockopt(
        &mut self,
        id: SocketId,
        level: i32,
        name: i32,
        now_ns: u64,
    ) -> Result<Vec<u8>, Errno> {
        let kind = self.socket_ref(id)?.kind;
        match (level, kind.proto) {
            (SOL_SOCKET, _) => self.get_socket_option(id, name),
            (SOL_TCP, Proto::Tcp) => self.get_tcp_option(id, name, now_ns),
            (SOL_UDP, Proto::Udp) => self.get_stored(id, level, name),
            (SOL_IP, proto) if proto.is_inet() => self.get_ip_option(id, name),
            (SOL_IPV6, _) if kind.v6 => self.get_ipv6_option(id, name),
            (SOL_RAW, Proto::Raw(1)) if name == 1 => {
                let filter = self.socket_ref(id)?.datagram().map_or(0, |d| d.icmp_filter);
                Ok(filter.to_le_bytes().to_vec())
            }
            (SOL_RAW, Proto::Raw(_)) => Err(Errno::ENOPROTOOPT),
            (SOL_PACKET, Proto::Packet) => self.get_packet_option(id, name),
            (SOL_NETLINK, Proto::Netlink(_)) => self.get_netlink_option(id, name),
            (_, proto) if !proto.is_inet() => Err(Errno::ENOPROTOOPT),
            _ => Err(Errno::EOPNOTSUPP),
        }
    }

    // ---- options without an effect

    fn set_stored(
        &mut self,
        id: SocketId,
        level: i32,
        name: i32,
        value: &[u8],
    ) -> Result<(), Errno> {
        let socket = self.socket_mut(id)?;
        let who = who(socket.kind);
        stored::set(who, level, name, value, &mut socket.options.stored)
            .unwrap_or(Err(Errno::ENOPROTOOPT))
    }

    fn get_stored(&self, id: SocketId, level: i32, name: i32) -> Result<Vec<u8>, Errno> {
        let socket = self.socket_ref(id)?;
        stored::get(who(socket.kind), level, name, &socket.options.stored)
            .unwrap_or(Err(Errno::ENOPROTOOPT))
    }

    // ---- SOL_SOCKET

    fn set_socket_option(
        &mut self,
        id: SocketId,
        name: i32,
        value: &[u8],
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), Errno> {
        if name == SO_BINDTODEVICE {
            return self.bind_to_device(id, value);
        }
        let number = int(value)?;
        let on = number != 0;
        let (rmem, wmem) = (self.config.tcp.rmem_max, self.config.tcp.wmem_max);
        let rcvlowat_max = self.config.tcp.rmem[2] / 2;
        let socket = self.socket_mut(id)?;
        let is_raw = matches!(socket.kind.proto, Proto::Raw(_)) || !socket.kind.proto.is_inet();
        match name {
            SO_REUSEADDR => socket.options.reuseaddr = on,
            SO_REUSEPORT if is_raw => return Err(Errno::EOPNOTSUPP),
            SO_REUSEPORT => socket.options.reuseport = on,
            SO_BROADCAST => socket.options.broadcast = on,
            SO_RCVBUF => set_rcvbuf(socket, doubled(number, rmem, 2304)),
            SO_SNDBUF => set_sndbuf(socket, doubled(number, wmem, 4608)),
            SO_RCVBUFFORCE => set_rcvbuf(socket, doubled(number, u32::MAX / 2, 2304)),
            SO_SNDBUFFORCE => set_sndbuf(socket, doubled(number, u32::MAX / 2, 4608)),
            SO_KEEPALIVE => {
                if let Some(tcp) = socket.tcp_mut() {
                    tcp.tcb.opts.keepalive = on;
                    self.with_tcb(id, now_ns, out, tcp::Tcb::update_keepalive);
                } else {
                    socket.options.stored.insert((SOL_SOCKET, name), i64::from(on));
                }
            }
            SO_PEEK_OFF => match socket.tcp_mut() {
                Some(tcp) => tcp.tcb.opts.peek_off = number,
                None => {
                    socket.options.stored.insert((SOL_SOCKET, name), i64::from(number));
                }
            },
            SO_OOBINLINE => match socket.tcp_mut() {
                Some(tcp) => tcp.tcb.opts.oobinline = on,
                None => {
                    socket.options.stored.insert((SOL_SOCKET, name), i64::from(on));
                }
            },
            SO_LINGER => {
                let seconds = value.get(4..8).ok_or(Errno::EINVAL)?;
                let seconds = i32::from_le_bytes([seconds[0], seconds[1], seconds[2], seconds[3]]);
                if let Some(tcp) = socket.tcp_mut() {
                    tcp.tcb.opts.linger_s = on.then_some(seconds as u32);
                } else {
                    socket.options.stored.insert((SOL_SOCKET, name), i64::from(on));
                    socket.options.stored.insert((SOL_SOCKET, -name), i64::from(seconds));
                }
            }
            SO_RCVLOWAT => {
                let lowat = if number < 0 { i32::MAX } else { number.max(1) };
                match socket.tcp_mut() {
                    // `tcp_set_rcvlowat`: never more than half of what a buffer may grow to.
                    Some(tcp) => tcp.tcb.opts.rcvlowat = (lowat as u32).min(rcvlowat_max),
                    None => {
                        socket.options.stored.insert((SOL_SOCKET, name), i64::from(lowat));
                    }
                }
            }
            SO_RCVTIMEO | SO_RCVTIMEO_NEW => socket.options.rcvtimeo_ns = timeval(value)?,
            SO_SNDTIMEO | SO_SNDTIMEO_NEW => socket.options.sndtimeo_ns = timeval(value)?,
            SO_BINDTOIFINDEX if number >= 0 => {
                socket.options.device = (number > 0).then_some(IfaceId(number as u32));
            }
            // SO_TYPE, SO_ERROR and the like can only be read.
            _ => return self.set_stored(id, SOL_SOCKET, name, value),
        }
        Ok(())
    }

    fn bind_to_device(&mut self, id: SocketId, value: &[u8]) -> Result<(), Errno> {
        let name = value.split(|byte| *byte == 0).next().unwrap_or(value);
        let device = match name {
            [] => None,
            name => Some(self.interface_named(name).ok_or(Errno::ENODEV)?),
        };
        self.socket_mut(id)?.options.device = device;
        Ok(())
    }

    fn get_socket_option(&mut self, id: SocketId, name: i32) -> Result<Vec<u8>, Errno> {
        let device = self.socket_ref(id)?.options.device;
        let device = device.and_then(|device| self.interface(device)).map(|i| i.name.clone());
        let socket = self.socket_mut(id)?;
        let stored = |name: i32| {
            socket.options.stored.get(&(SOL_SOCKET, name)).map_or(0, |value| *value as i32)
        };
        let number = match name {
            SO_REUSEADDR => i32::from(socket.options.reuseaddr),
            SO_REUSEPORT => i32::from(socket.options.reuseport),
            SO_BROADCAST => i32::from(socket.options.broadcast),
            SO_DOMAIN => socket.made_with()[0],
            SO_TYPE => socket.made_with()[1],
            SO_PROTOCOL => socket.made_with()[2],
            SO_ERROR => {
                let errno = match &mut socket.body {
                    Body::Tcp(tcp) => tcp.tcb.take_so_error(),
                    Body::Datagram(datagram) => datagram.err.take(),
                };
                errno.map_or(0, |errno| errno.0)
            }
            SO_ACCEPTCONN => i32::from(socket.tcp().is_some_and(|tcp| tcp.listener.is_some())),
            SO_RCVBUF => match &socket.body {
                Body::Tcp(tcp) => tcp.tcb.buffers().0 as i32,
                Body::Datagram(datagram) => datagram.rcvbuf as i32,
            },
            SO_SNDBUF => match &socket.body {
                Body::Tcp(tcp) => tcp.tcb.buffers().1 as i32,
                Body::Datagram(datagram) => datagram.sndbuf as i32,
            },
            SO_KEEPALIVE => match &socket.body {
                Body::Tcp(tcp) => i32::from(tcp.tcb.opts.keepalive),
                Body::Datagram(_) => stored(name),
            },
            SO_PEEK_OFF => match &socket.body {
                Body::Tcp(tcp) => tcp.tcb.opts.peek_off,
                Body::Datagram(_) => return self.get_stored(id, SOL_SOCKET, name),
            },
            SO_OOBINLINE => match &socket.body {
                Body::Tcp(tcp) => i32::from(tcp.tcb.opts.oobinline),
                Body::Datagram(_) => stored(name),
            },
            SO_RCVLOWAT => match &socket.body {
                Body::Tcp(tcp) => tcp.tcb.opts.rcvlowat as i32,
                Body::Datagram(_) => stored(name).max(1),
            },
            SO_SNDLOWAT => 1,
            SO_LINGER => {
                let linger_s = match &socket.body {
                    Body::Tcp(tcp) => tcp.tcb.opts.linger_s.map(|s| s as i32),
                    Body::Datagram(_) => (stored(name) != 0).then(|| stored(-name)),
                };
                let mut value = bytes(i32::from(linger_s.is_some()));
                value.extend(bytes(linger_s.unwrap_or(0)));
                return Ok(value);
            }
            SO_RCVTIMEO | SO_RCVTIMEO_NEW => return Ok(timeval_bytes(socket.options.rcvtimeo_ns)),
            SO_SNDTIMEO | SO_SNDTIMEO_NEW => return Ok(timeval_bytes(socket.options.sndtimeo_ns)),
            SO_BINDTOIFINDEX => socket.options.device.map_or(0, |device| device.0 as i32),
            // Nobody is known at the other end: `struct ucred { 0, -1, -1 }`.
            SO_PEERCRED => {
                return Ok([0_i32, -1, -1].into_iter().flat_map(i32::to_le_bytes).collect());
            }
            SO_BINDTODEVICE => {
                let mut name = device.unwrap_or_default().into_bytes();
                if !name.is_empty() {
                    name.push(0);
                }
                return Ok(name);
            }
            SO_MEMINFO => return Ok(memory_words(&socket.body)),
            SO_COOKIE => return Ok((u64::from(id.0) + 1).to_le_bytes().to_vec()),
            SO_PEERNAME => return Err(Errno::ENOTCONN),
            _ => return self.get_stored(id, SOL_SOCKET, name),
        };
        Ok(bytes(number))
    }

    // ---- IPPROTO_TCP

    fn set_tcp_option(
        &mut self,
        id: SocketId,
        name: i32,
        value: &[u8],
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), Errno> {
        if name == TCP_CONGESTION {
            let text = value.split(|byte| *byte == 0).next().unwrap_or(value);
            if text.is_empty() {
                return Err(Errno::EINVAL);
            }
            let algorithm = std::str::from_utf8(text).ok().and_then(Algorithm::from_name);
            let algorithm = algorithm.ok_or(Errno::ENOENT)?;
            self.with_tcb(id, now_ns, out, |tcb, _| tcb.set_congestion(algorithm));
            return Ok(());
        }
        let number = int(value)?;
        let within = |range: std::ops::RangeInclusive<i32>| {
            if range.contains(&number) { Ok(number as u32) } else { Err(Errno::EINVAL) }
        };
        let seconds = |count: u32| u64::from(count) * SECOND;
        let Some(tcp) = self.socket_mut(id)?.tcp_mut() else { return Err(Errno::ENOPROTOOPT) };
        let opts = &mut tcp.tcb.opts;
        match name {
            TCP_NODELAY | TCP_CORK => {
                let on = number != 0;
                // `tcp_sock_set_nodelay`, `tcp_sock_set_cork`.
                let pushes = on == (name == TCP_NODELAY);
                if name == TCP_NODELAY {
                    opts.nodelay = on
                } else {
                    opts.cork = on
                }
                self.with_call(id, now_ns, out, |tcb, cx| tcb.options_changed(pushes, cx));
            }
            TCP_MAXSEG => {
                opts.maxseg = match number {
                    0 => None,
                    _ => Some(within(88..=32_767)? as u16),
                }
            }
            TCP_KEEPIDLE => {
                opts.keepidle_ns = Some(seconds(within(1..=32_767)?));
                self.with_tcb(id, now_ns, out, tcp::Tcb::update_keepalive);
            }
            TCP_KEEPINTVL => opts.keepintvl_ns = Some(seconds(within(1..=32_767)?)),
            TCP_KEEPCNT => opts.keepcnt = Some(within(1..=127)?),
            TCP_SYNCNT => opts.syncnt = Some(within(1..=127)?),
            TCP_LINGER2 => {
                opts.linger2_ns = match number {
                    ..0 => Some(None),
                    0 => None,
                    _ => Some(Some(seconds((number as u32).min(120)))),
                }
            }
            TCP_DEFER_ACCEPT => opts.defer_accept_s = number.max(0) as u32,
            TCP_WINDOW_CLAMP => {
                if number == 0 && tcp.tcb.state != State::Closed {
                    return Err(Errno::EINVAL);
                }
                tcp.tcb.set_window_clamp_option(number);
            }
            TCP_QUICKACK => {
                self.with_call(id, now_ns, out, |tcb, cx| tcb.set_quickack(number, cx));
            }
            TCP_USER_TIMEOUT => {
                let ms = u64::try_from(number).map_err(|_| Errno::EINVAL)?;
                opts.user_timeout_ns = (ms > 0).then_some(ms * MS);
            }
            TCP_NOTSENT_LOWAT => opts.notsent_lowat = (number != 0).then_some(number as u32),
            TCP_FASTOPEN => {
                let listens = tcp.listener.is_some() || tcp.tcb.state == State::Closed;
                if number < 0 || !listens {
                    return Err(Errno::EINVAL);
                }
                // Fast Open is not built: connections open as without it, which RFC 7413 §4.2
                // allows any host.
                let length = number.min(self.config.tcp.somaxconn as i32);
                self.socket_mut(id)?.options.stored.insert((SOL_TCP, name), i64::from(length));
            }
            TCP_TIMESTAMP | TCP_REPAIR => return Err(Errno::EPERM),
            _ => return self.set_stored(id, SOL_TCP, name, value),
        }
        Ok(())
    }

    fn get_tcp_option(&mut self, id: SocketId, name: i32, now_ns: u64) -> Result<Vec<u8>, Errno> {
        let config = self.config.tcp.clone();
        let socket = self.socket_ref(id)?;
        let Some(tcp) = socket.tcp() else { return Err(Errno::EOPNOTSUPP) };
        let opts = &tcp.tcb.opts;
        let whole_seconds = |ns: u64| (ns / SECOND) as i32;
        let number = match name {
            TCP_NODELAY => i32::from(opts.nodelay),
            TCP_CORK => i32::from(opts.cork),
            TCP_MAXSEG => match tcp.tcb.state {
                State::Closed | State::Listen => i32::from(opts.maxseg.unwrap_or(536)),
                _ => tcp.tcb.mss() as i32,
            },
            TCP_KEEPIDLE => whole_seconds(opts.keepidle_ns.unwrap_or(config.keepalive_time_ns)),
            TCP_KEEPINTVL => whole_seconds(opts.keepintvl_ns.unwrap_or(config.keepalive_intvl_ns)),
            TCP_KEEPCNT => opts.keepcnt.unwrap_or(config.keepalive_probes) as i32,
            TCP_SYNCNT => opts.syncnt.unwrap_or(config.syn_retries) as i32,
            TCP_LINGER2 => match opts.linger2_ns {
                Some(None) => -1,
                Some(Some(ns)) => whole_seconds(ns),
                None => whole_seconds(config.fin_timeout_ns),
            },
            TCP_DEFER_ACCEPT => tcp::listener::defer_accept_read_back(opts.defer_accept_s) as i32,
            TCP_WINDOW_CLAMP => tcp.tcb.window_clamp() as i32,
            TCP_QUICKACK => i32::from(tcp.tcb.quickack()),
            TCP_USER_TIMEOUT => (opts.user_timeout_ns.unwrap_or(0) / MS) as i32,
            TCP_NOTSENT_LOWAT => opts.notsent_lowat.unwrap_or(0) as i32,
            TCP_CONGESTION => {
                let mut name =
                    opts.congestion.unwrap_or(config.congestion).name().as_bytes().to_vec();
                name.resize(16, 0);
                return Ok(name);
            }
            TCP_INFO => {
                let mut info = match &tcp.listener {
                    Some(listener) => listener.info(),
                    None => tcp.tcb.info(now_ns, config.reordering),
                };
                // For the program a connection in TIME-WAIT is over.
                if info.state == State::TimeWait {
                    info.state = State::Closed;
                }
                return Ok(info.to_bytes());
            }
            TCP_FASTOPEN => {
                socket.options.stored.get(&(SOL_TCP, name)).map_or(0, |length| *length as i32)
            }
            TCP_REPAIR => 0,
            TCP_TIMESTAMP => tcp.tcb.timestamp_at(now_ns) as i32,
            _ => return self.get_stored(id, SOL_TCP, name),
        };
        Ok(bytes(number))
    }

    // ---- IPPROTO_IP

    fn set_ip_option(
        &mut self,
        id: SocketId,
        name: i32,
        value: &[u8],
        now_ns: u64,
    ) -> Result<(), Errno> {
        let stream = self.socket_ref(id)?.kind.proto == Proto::Tcp;
        match name {
            IP_ADD_MEMBERSHIP | IP_DROP_MEMBERSHIP if stream => return Err(Errno::EPROTO),
            IP_MULTICAST_IF if stream => return Err(Errno::EINVAL),
            IP_ADD_MEMBERSHIP | IP_DROP_MEMBERSHIP => {
                let group = v4(value, 0).ok_or(Errno::EINVAL)?;
                let by_address = v4(value, 4).ok_or(Errno::EINVAL)?;
                let index = value.get(8..12).map(|b| i32::from_le_bytes([b[0], b[1], b[2], b[3]]));
                // Whether it is a group matters to who joins; a leaver is only not in it.
                if name == IP_ADD_MEMBERSHIP && !group.is_multicast() {
                    return Err(Errno::EINVAL);
                }
                let iface = self.group_interface(group.into(), by_address, index)?;
                let join = name == IP_ADD_MEMBERSHIP;
                return self.membership(id, (iface, group.into()), join, now_ns);
            }
            IP_UNICAST_IF => {
                let value: [u8; 4] = value.try_into().map_err(|_| Errno::EINVAL)?;
                // In network byte order, unlike every other index.
                let iface = IfaceId(u32::from_be_bytes(value));
                if iface.0 != 0 && self.interface(iface).is_none() {
                    return Err(Errno::EADDRNOTAVAIL);
                }
                self.socket_mut(id)?.options.unicast_if = Some(iface).filter(|one| one.0 != 0);
                return Ok(());
            }
            IP_MULTICAST_IF => {
                let address = v4(value, if value.len() >= 8 { 4 } else { 0 });
                let address = address.ok_or(Errno::EINVAL)?;
                let index = value.get(8..12).map(|b| i32::from_le_bytes([b[0], b[1], b[2], b[3]]));
                let iface = if address.is_unspecified() && index.unwrap_or(0) == 0 {
                    None
                } else {
                    Some(self.interface_with(address, index).ok_or(Errno::EADDRNOTAVAIL)?)
                };
                self.socket_mut(id)?.options.multicast_if = iface;
                return Ok(());
            }
            _ => {}
        }
        // One byte or four, as `ip(7)` allows; none at all is 0, where that makes sense.
        let needs_one = matches!(
            name,
            IP_TTL
                | IP_MINTTL
                | IP_FREEBIND
                | IP_TRANSPARENT
                | IP_MULTICAST_IF
                | IP_MULTICAST_TTL
                | IP_MULTICAST_LOOP
                | IP_MULTICAST_ALL
        );
        let number = match value {
            [] if needs_one => return Err(Errno::EINVAL),
            [] => 0,
            [byte, ..] if value.len() < 4 => i32::from(*byte),
            _ => int(value)?,
        };
        let on = number != 0;
        let socket = self.socket_mut(id)?;
        let raw = matches!(socket.kind.proto, Proto::Raw(_));
        let options = &mut socket.options;
        match name {
            IP_TOS => options.tos = (number & 0xff) as u8 & if stream { !3 } else { 0xff },
            IP_TTL => {
                options.ttl = match number {
                    -1 => None,
                    1..=255 => Some(number as u8),
                    _ => return Err(Errno::EINVAL),
                }
            }
            IP_MULTICAST_TTL if stream => return Err(Errno::EINVAL),
            IP_MULTICAST_TTL => {
                options.multicast_ttl = match number {
                    -1 => 1,
                    0..=255 => number as u8,
                    _ => return Err(Errno::EINVAL),
                }
            }
            IP_MULTICAST_LOOP => options.multicast_loop = on,
            IP_MULTICAST_ALL if !(0..=1).contains(&number) => return Err(Errno::EINVAL),
            IP_MULTICAST_ALL => options.multicast_all = on,
            // Only the options that do nothing: end of list and no operation.
            IP_OPTIONS if value.first().is_none_or(|kind| *kind <= 1) => {
                options.ip_options = ip_options(value);
            }
            IP_OPTIONS => return Err(Errno::EINVAL),
            IP_RECVERR => options.recverr = on,
            IP_MTU_DISCOVER => {
                if !(0..=5).contains(&number) {
                    return Err(Errno::EINVAL);
                }
                options.pmtudisc = number;
            }
            IP_HDRINCL => {
                if !raw {
                    return Err(Errno::ENOPROTOOPT);
                }
                options.hdrincl = on;
            }
            _ => return self.set_stored(id, SOL_IP, name, value),
        }
        Ok(())
    }

    fn get_ip_option(&mut self, id: SocketId, name: i32) -> Result<Vec<u8>, Errno> {
        let socket = self.socket_ref(id)?;
        let options = &socket.options;
        let number = match name {
            IP_TOS => i32::from(options.tos),
            IP_TTL => i32::from(options.ttl.unwrap_or(64)),
            IP_MULTICAST_TTL => i32::from(options.multicast_ttl),
            IP_MULTICAST_LOOP => i32::from(options.multicast_loop),
            IP_MULTICAST_ALL => i32::from(options.multicast_all),
            IP_RECVERR => i32::from(options.recverr),
            IP_MTU_DISCOVER => options.pmtudisc,
            IP_HDRINCL => i32::from(options.hdrincl),
            IP_UNICAST_IF => options.unicast_if.map_or(0, |iface| iface.0.swap_bytes() as i32),
            IP_MTU => {
                let peer = match &socket.body {
                    Body::Tcp(tcp) if tcp.tcb.state.is_synchronized() => Some(tcp.tcb.peer),
                    Body::Datagram(datagram) => datagram.peer,
                    Body::Tcp(_) => None,
                };
                let peer = peer.ok_or(Errno::ENOTCONN)?;
                self.route(peer.ip(), None, options.device).map(|hit| hit.mtu as i32)?
            }
            IP_MULTICAST_IF => {
                let address =
                    options.multicast_if.and_then(|id| self.interface(id)).and_then(|i| {
                        i.addrs.iter().find_map(|(ip, _)| match ip {
                            IpAddr::V4(v4) => Some(*v4),
                            IpAddr::V6(_) => None,
                        })
                    });
                return Ok(address.unwrap_or(Ipv4Addr::UNSPECIFIED).octets().to_vec());
            }
            IP_OPTIONS => return Ok(options.ip_options.clone()),
            _ => return self.get_stored(id, SOL_IP, name),
        };
        Ok(bytes(number))
    }

    fn interface_with(&self, address: Ipv4Addr, index: Option<i32>) -> Option<IfaceId> {
        let by_index = index.filter(|index| *index > 0).map(|index| IfaceId(index as u32));
        by_index.filter(|id| self.interface(*id).is_some()).or_else(|| {
            let at = self
                .interfaces
                .iter()
                .position(|iface| iface.addrs.iter().any(|(own, _)| *own == IpAddr::V4(address)))?;
            Some(IfaceId(at as u32 + 1))
        })
    }

    /// Where a group is joined: the interface named, else the one that its route takes.
    fn group_interface(
        &self,
        group: IpAddr,
        address: Ipv4Addr,
        index: Option<i32>,
    ) -> Result<IfaceId, Errno> {
        if address.is_unspecified() && index.unwrap_or(0) == 0 {
            return Ok(self.route(group, None, None).map_err(|_| Errno::ENODEV)?.iface);
        }
        self.interface_with(address, index).ok_or(Errno::ENODEV)
    }

    // ---- IPPROTO_IPV6

    fn set_ipv6_option(
        &mut self,
        id: SocketId,
        name: i32,
        value: &[u8],
        now_ns: u64,
    ) -> Result<(), Errno> {
        let stream = self.socket_ref(id)?.kind.proto == Proto::Tcp;
        if stream && matches!(name, IPV6_MULTICAST_IF | IPV6_MULTICAST_HOPS) {
            return Err(Errno::ENOPROTOOPT);
        }
        if matches!(name, IPV6_JOIN_GROUP | IPV6_LEAVE_GROUP) {
            if stream && value.len() >= 20 {
                return Err(Errno::EPROTO);
            }
            let group: [u8; 16] =
                value.get(..16).and_then(|b| b.try_into().ok()).ok_or(Errno::EINVAL)?;
            let group = IpAddr::V6(Ipv6Addr::from(group));
            let index = int(value.get(16..).unwrap_or(&[]))?;
            if !group.is_multicast() {
                return Err(Errno::EINVAL);
            }
            let iface = match index {
                0 => self.route(group, None, None).map_err(|_| Errno::ENODEV)?.iface,
                index => IfaceId(index as u32),
            };
            self.interface(iface).ok_or(Errno::ENODEV)?;
            return self.membership(id, (iface, group), name == IPV6_JOIN_GROUP, now_ns);
        }
        let Ok(number) = int(value) else {
            let here = matches!(name, IPV6_ADDRFORM | IPV6_UNICAST_HOPS..=IPV6_V6ONLY)
                || matches!(name, IPV6_PKTINFO | IPV6_TCLASS);
            return match self.set_stored(id, SOL_IPV6, name, value) {
                Err(Errno::ENOPROTOOPT) if here => Err(Errno::EINVAL),
                result => result,
            };
        };
        let on = number != 0;
        let no_interface = self.interface(IfaceId(number as u32)).is_none();
        let socket = self.socket_mut(id)?;
        let bound = socket.bound.is_some();
        let raw = matches!(socket.kind.proto, Proto::Raw(_));
        let options = &mut socket.options;
        let hops = |number: i32, default: Option<u8>| match number {
            -1 => Ok(default),
            0..=255 => Ok(Some(number as u8)),
            _ => Err(Errno::EINVAL),
        };
        match name {
            IPV6_V6ONLY if bound => return Err(Errno::EINVAL),
            IPV6_V6ONLY => options.v6only = on,
            IPV6_UNICAST_HOPS => options.hops = hops(number, None)?,
            IPV6_MULTICAST_HOPS => options.multicast_ttl = hops(number, Some(1))?.unwrap_or(1),
            IPV6_MULTICAST_LOOP if !(0..=1).contains(&number) => return Err(Errno::EINVAL),
            IPV6_MULTICAST_LOOP => options.multicast_loop = on,
            IPV6_MULTICAST_IF if on && no_interface => return Err(Errno::ENODEV),
            IPV6_MULTICAST_IF => {
                options.multicast_if = (number != 0).then_some(IfaceId(number as u32));
            }
            IPV6_RECVERR => options.recverr = on,
            IPV6_MTU_DISCOVER if !(0..=5).contains(&number) => return Err(Errno::EINVAL),
            IPV6_MTU_DISCOVER => options.pmtudisc = number,
            // TCP keeps the two bits of ECN to itself.
            IPV6_TCLASS => match number {
                -1 => options.tos = 0,
                0..=255 => options.tos = number as u8 & if stream { !3 } else { 0xff },
                _ => return Err(Errno::EINVAL),
            },
            IPV6_CHECKSUM if raw => {
                options.stored.insert((SOL_IPV6, name), i64::from(number));
            }
            IPV6_PKTINFO if value.len() >= 20 => {}
            IPV6_PKTINFO => return Err(Errno::EINVAL),
            // An address family to become: only IPv4, and only of a connection to it.
            IPV6_ADDRFORM if number == AF_INET => return Err(Errno::ENOTCONN),
            _ => return self.set_stored(id, SOL_IPV6, name, value),
        }
        Ok(())
    }

    fn get_ipv6_option(&mut self, id: SocketId, name: i32) -> Result<Vec<u8>, Errno> {
        let socket = self.socket_ref(id)?;
        let (proto, options) = (socket.kind.proto, &socket.options);
        let number = match name {
            IPV6_V6ONLY => i32::from(options.v6only),
            IPV6_UNICAST_HOPS => i32::from(options.hops.unwrap_or(64)),
            IPV6_MULTICAST_HOPS => i32::from(options.multicast_ttl),
            IPV6_MULTICAST_LOOP => i32::from(options.multicast_loop),
            IPV6_MULTICAST_IF => options.multicast_if.map_or(0, |id| id.0 as i32),
            IPV6_RECVERR => i32::from(options.recverr),
            IPV6_MTU_DISCOVER => options.pmtudisc,
            IPV6_TCLASS => i32::from(options.tos),
            IPV6_CHECKSUM if matches!(proto, Proto::Raw(_)) => {
                options.stored.get(&(SOL_IPV6, name)).map_or(0, |at| *at as i32)
            }
            _ => return self.get_stored(id, SOL_IPV6, name),
        };
        Ok(bytes(number))
    }
}

/// Whose options a socket has.
fn who(kind: SocketKind) -> stored::Who {
    let proto = if kind.proto == Proto::Tcp { stored::TCP } else { stored::UDP };
    proto | if kind.v6 { stored::V6 } else { 0 }
}

/// `IP_OPTIONS` in whole words, all after an end of list being zero.
fn ip_options(value: &[u8]) -> Vec<u8> {
    let end = value.iter().position(|kind| *kind != 1).unwrap_or(value.len());
    let mut options = value[..end].to_vec();
    options.resize(value.len().next_multiple_of(4), 0);
    options
}

/// An int option: at least four bytes.
fn int(value: &[u8]) -> Result<i32, Errno> {
    match value {
        [a, b, c, d, ..] => Ok(i32::from_le_bytes([*a, *b, *c, *d])),
        _ => Err(Errno::EINVAL),
    }
}

fn bytes(value: i32) -> Vec<u8> {
    value.to_le_bytes().to_vec()
}

fn v4(value: &[u8], at: usize) -> Option<Ipv4Addr> {
    let octets: [u8; 4] = value.get(at..at + 4)?.try_into().ok()?;
    Some(Ipv4Addr::from(octets))
}

/// The kernel doubles what is asked, within its limits (`socket(7)`).
fn doubled(asked: i32, max: u32, min: u32) -> u32 {
    // A negative size is taken as huge, as the unsigned comparison in Linux does.
    ((asked as u32).min(max) * 2).max(min)
}

fn set_rcvbuf(socket: &mut Socket, size: u32) {
    match &mut socket.body {
        Body::Tcp(tcp) => tcp.tcb.set_rcvbuf(size),
        Body::Datagram(datagram) => datagram.rcvbuf = size,
    }
}

fn set_sndbuf(socket: &mut Socket, size: u32) {
    match &mut socket.body {
        Body::Tcp(tcp) => tcp.tcb.set_sndbuf(size),
        Body::Datagram(datagram) => datagram.sndbuf = size,
    }
}

/// `struct timeval`: zero is "for ever", a negative time "at once" (`sock_set_timeout`).
fn timeval(value: &[u8]) -> Result<Option<u64>, Errno> {
    let word = |at: usize| {
        let bytes: [u8; 8] = value.get(at..at + 8).and_then(|b| b.try_into().ok())?;
        Some(i64::from_le_bytes(bytes))
    };
    let (Some(seconds), Some(micros)) = (word(0), word(8)) else { return Err(Errno::EINVAL) };
    if !(0..1_000_000).contains(&micros) {
        return Err(Errno::EDOM);
    }
    if seconds < 0 {
        return Ok(Some(0));
    }
    if seconds == 0 && micros == 0 {
        return Ok(None);
    }
    let ns = (seconds as u64).saturating_mul(SECOND).saturating_add(micros as u64 * 1000);
    // The kernel counts in ticks of 4 ms (CONFIG_HZ=250) and rounds up.
    Ok(Some(ns.div_ceil(4 * MS).saturating_mul(4 * MS)))
}

fn timeval_bytes(timeout_ns: Option<u64>) -> Vec<u8> {
    let ns = timeout_ns.unwrap_or(0);
    let mut value = ((ns / SECOND) as i64).to_le_bytes().to_vec();
    value.extend((((ns % SECOND) / 1000) as i64).to_le_bytes());
    value
}

/// `SO_MEMINFO`: the words of `sk_get_meminfo` (`linux/sock_diag.h`); what is not counted is 0.
fn memory_words(body: &Body) -> Vec<u8> {
    let mut words = [0_u32; 9];
    match body {
        Body::Tcp(tcp) => {
            let [rmem, rcvbuf, wmem, sndbuf] = tcp.tcb.memory();
            (words[0], words[1], words[3], words[5]) = (rmem, rcvbuf, sndbuf, wmem);
        }
        Body::Datagram(datagram) => {
            (words[0], words[1]) = (datagram.rmem, datagram.rcvbuf);
            words[3] = datagram.sndbuf;
        }
    }
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}
