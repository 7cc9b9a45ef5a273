//! Sockets: arguments are checked here, in Linux's order; what they mean is the network stack's
//! (`net::Stack`) or, for Unix sockets, [`super::unix`]'s.

use super::control::Extra;
use super::file::gather;
use super::{Answer, may_sleep};
use crate::kernel::fd::{Inet, Object};
use crate::kernel::process::{Pending, Progress};
use crate::kernel::unix::UnixSocket;
use crate::kernel::wait::{Reason, Source, WaitFor};
use crate::kernel::{Env, Host, Me, Outcome};
use crate::net::{Form, How, Owner, Proto, RecvRequest, SendRequest, SocketKind, Stop, Wait};
use crate::trace::SignalBy;
use abi::addr::{SOCKADDR_IN_LEN, SOCKADDR_STORAGE_LEN};
use abi::syscall::{InBuf, MsgIn, MsgOut, OutBuf};
use abi::{AddrIn, AddrOut, Bytes, Errno, Fd, Out, OutPtr, Reply, SockAddr, consts};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

/// The type proper, without `SOCK_NONBLOCK` and `SOCK_CLOEXEC`.
const TYPE_MASK: i32 = 0xf;
/// `SOCK_MAX` of `linux/net.h`.
const TYPE_MAX: i32 = 11;
/// `IPPROTO_MAX` of `linux/in.h`.
const PROTOCOL_MAX: i32 = 263;
/// `SIN6_LEN_RFC2133`: without `sin6_scope_id`.
const SOCKADDR_IN6_MIN: usize = 24;
/// `net.ipv4.ip_unprivileged_port_start`.
const UNPRIVILEGED_PORT: u16 = 1024;
/// Families that `net/socket.c` knows but that no module of the reference kernel serves.
const FAMILIES: i32 = consts::AF_MAX;

impl Host {
    /// socket(2)
    pub(super) fn socket(
        &mut self,
        me: Me,
        domain: i32,
        ty: i32,
        protocol: i32,
    ) -> Result<i64, Errno> {
        let (ty, status, cloexec) = split_type(ty)?;
        let kind = self.socket_kind(me, domain, ty, protocol)?;
        let process = self.process(me.pid);
        process.fds.lowest_free(0, process.nofile.0)?;
        let object = match kind {
            Kind::Unix(ty) => {
                let id = self.new_id();
                let owner = (me.pid, self.process(me.pid).uid);
                self.unix.sockets.insert(id, UnixSocket::new(ty, owner));
                Object::Unix(id)
            }
            Kind::Inet(proto, protocol) => {
                let v6 = domain == consts::AF_INET6;
                let id = self.stack.socket(SocketKind { v6, proto });
                Object::Inet(Inet { id, domain, ty, protocol })
            }
            Kind::Packet(form) => {
                // Sixteen bits in network order, whatever else was given.
                let id = self.stack.packet_socket(form, u16::from_be(protocol as u16));
                Object::Inet(Inet { id, domain: consts::AF_PACKET, ty, protocol: 0 })
            }
            Kind::Netlink => {
                let root = self.process(me.pid).uid == 0;
                let owner = Owner { pid: me.pid.0, root };
                let raw = ty == consts::SOCK_RAW;
                let id = self.stack.netlink_socket(protocol as u8, raw, owner);
                Object::Inet(Inet { id, domain, ty, protocol: 0 })
            }
        };
        self.open(me.pid, object, consts::O_RDWR | status, cloexec).map(|fd| i64::from(fd.0))
    }

    /// Which socket `domain`, `ty` and `protocol` mean: `__sock_create`, `inet_create`.
    fn socket_kind(&self, me: Me, domain: i32, ty: i32, protocol: i32) -> Result<Kind, Errno> {
        if !(0..FAMILIES).contains(&domain) {
            return Err(Errno::EAFNOSUPPORT);
        }
        if !(0..TYPE_MAX).contains(&ty) {
            return Err(Errno::EINVAL);
        }
        let root = self.process(me.pid).uid == 0;
        // Its old name, which `__sock_create` still understands.
        let packet = domain == consts::AF_INET && ty == consts::SOCK_PACKET;
        match if packet { consts::AF_PACKET } else { domain } {
            consts::AF_UNIX => {
                if protocol != 0 && protocol != consts::AF_UNIX {
                    return Err(Errno::EPROTONOSUPPORT);
                }
                match ty {
                    consts::SOCK_STREAM | consts::SOCK_DGRAM | consts::SOCK_SEQPACKET => {
                        Ok(Kind::Unix(ty))
                    }
                    // "Believe it or not BSD has AF_UNIX, SOCK_RAW though nothing uses it."
                    consts::SOCK_RAW => Ok(Kind::Unix(consts::SOCK_DGRAM)),
                    _ => Err(Errno::ESOCKTNOSUPPORT),
                }
            }
            consts::AF_INET | consts::AF_INET6 => inet_kind(domain, ty, protocol, root),
            consts::AF_PACKET if !root => Err(Errno::EPERM),
            consts::AF_PACKET => match ty {
                consts::SOCK_RAW => Ok(Kind::Packet(Form::Whole)),
                consts::SOCK_DGRAM => Ok(Kind::Packet(Form::Cooked)),
                consts::SOCK_PACKET => Ok(Kind::Packet(Form::Old)),
                _ => Err(Errno::ESOCKTNOSUPPORT),
            },
            consts::AF_NETLINK if ty != consts::SOCK_RAW && ty != consts::SOCK_DGRAM => {
                Err(Errno::ESOCKTNOSUPPORT)
            }
            consts::AF_NETLINK => match consts::name(consts::table::NETLINK, protocol) {
                Some(_) => Ok(Kind::Netlink),
                None => Err(Errno::EPROTONOSUPPORT),
            },
            _ => Err(Errno::EAFNOSUPPORT),
        }
    }

    /// socketpair(2)
    pub(super) fn socketpair(
        &mut self,
        me: Me,
        domain: i32,
        ty: i32,
        protocol: i32,
        fds: OutPtr,
    ) -> Answer {
        let (ty, status, cloexec) = split_type(ty)?;
        self.may_open(me.pid, 2)?;
        if !fds.ok {
            return Err(Errno::EFAULT);
        }
        let kind = self.socket_kind(me, domain, ty, protocol)?;
        let Kind::Unix(ty) = kind else { return Err(Errno::EOPNOTSUPP) };
        let [first, second] = self.unix_pair(me, ty);
        let flags = consts::O_RDWR | status;
        let a = self.open(me.pid, Object::Unix(first), flags, cloexec)?;
        let b = self.open(me.pid, Object::Unix(second), flags, cloexec)?;
        Ok(Reply::with(0, Out::Fds { fds: [a, b] }))
    }

    /// A descriptor's socket: `EBADF`, `ENOTSOCK`.
    pub(super) fn socket_of(&self, me: Me, fd: Fd) -> Result<(Sock, i32), Errno> {
        match self.object(me.pid, fd)? {
            (Object::Inet(inet), flags) => Ok((Sock::Inet(inet), flags)),
            (Object::Unix(id), flags) => Ok((Sock::Unix(id), flags)),
            _ => Err(Errno::ENOTSOCK),
        }
    }

    /// bind(2)
    pub(super) fn bind(&mut self, me: Me, fd: Fd, addr: &AddrIn) -> Result<i64, Errno> {
        let (socket, _) = self.socket_of(me, fd)?;
        let addr = addr_bytes(addr)?;
        let inet = match socket {
            Sock::Unix(id) => return self.bind_unix(me, id, &addr),
            Sock::Inet(inet) => inet,
        };
        if !inet.speaks_ip() {
            return self.stack.bind_name(inet.id, &addr).map(|()| 0);
        }
        let to = bind_addr(inet.domain, &addr)?;
        let privileged = to.port() != 0 && to.port() < UNPRIVILEGED_PORT;
        if privileged && inet.ty != consts::SOCK_RAW && self.process(me.pid).uid != 0 {
            return Err(Errno::EACCES);
        }
        self.stack.bind(inet.id, to).map(|()| 0)
    }

    /// listen(2)
    pub(super) fn listen(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        backlog: i32,
    ) -> Result<i64, Errno> {
        match self.socket_of(me, fd)?.0 {
            Sock::Unix(id) => self.listen_unix(id, backlog),
            Sock::Inet(inet) if inet.ty != consts::SOCK_STREAM => Err(Errno::EOPNOTSUPP),
            Sock::Inet(inet) => {
                self.stack.listen(inet.id, backlog, env.now_ns, &mut env.out).map(|()| 0)
            }
        }
    }

    /// accept(2), accept4(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn accept4(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        addr: AddrOut,
        flags: i32,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        match self.try_accept(env, me, fd, addr, flags) {
            Ok(reply) => Outcome::Done(reply),
            Err((stop, source, status)) => {
                let wait = Waiting { fd, source, status, msg_flags: 0 };
                settle_stop(env, stop, &wait, pending, timed_out)
            }
        }
    }

    fn try_accept(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        addr: AddrOut,
        flags: i32,
    ) -> Result<Reply, (Stop, Option<Source>, i32)> {
        let no = |errno: Errno| (Stop::Errno(errno), None, 0);
        self.object(me.pid, fd).map_err(no)?;
        if flags & !(consts::SOCK_CLOEXEC | consts::SOCK_NONBLOCK) != 0 {
            return Err(no(Errno::EINVAL));
        }
        let process = self.process(me.pid);
        process.fds.lowest_free(0, process.nofile.0).map_err(no)?;
        let (socket, status) = self.socket_of(me, fd).map_err(no)?;
        let new_flags = consts::O_RDWR | flags & consts::SOCK_NONBLOCK;
        let (object, peer) = match socket {
            Sock::Unix(id) => {
                let source = Some(Source::Unix(id));
                let new = self.accept_unix(id).map_err(|stop| (stop, source, status))?;
                let peer = self.unix_peer_addr(new).unwrap_or_else(|_| SockAddr::unix(&[]));
                (Object::Unix(new), Ok(peer))
            }
            Sock::Inet(inet) if inet.ty != consts::SOCK_STREAM => {
                return Err(no(Errno::EOPNOTSUPP));
            }
            Sock::Inet(inet) => {
                let source = Some(Source::Socket(inet.id));
                let accepted = self
                    .stack
                    .accept(inet.id, env.now_ns, &mut env.out)
                    .map_err(|stop| (stop, source, status))?;
                let peer = SockAddr::from_std(accepted.peer);
                (Object::Inet(Inet { id: accepted.id, ..inet }), Ok::<_, Errno>(peer))
            }
        };
        let cloexec = flags & consts::SOCK_CLOEXEC != 0;
        let new = self.open(me.pid, object, new_flags, cloexec).map_err(no)?;
        if addr.addr.at == 0 {
            return Ok(Reply::ok(i64::from(new.0)));
        }
        // The connection has been taken from the queue; a bad pointer loses it.
        match peer.and_then(|peer| addr_room(addr).map(|()| peer)) {
            Ok(addr) => Ok(Reply::with(i64::from(new.0), Out::Addr { addr })),
            Err(errno) => {
                if let Ok(gone) = self.process_mut(me.pid).fds.remove(new) {
                    self.release(env, gone.description);
                }
                Err(no(errno))
            }
        }
    }

    /// connect(2)
    pub(super) fn connect(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        addr: &AddrIn,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        // Unlike the other calls, connect reads the address before it asks for a socket.
        let found = self
            .object(me.pid, fd)
            .and_then(|_| addr_bytes(addr))
            .and_then(|addr| Ok((self.socket_of(me, fd)?, addr)));
        let ((socket, status), addr) = match found {
            Ok(found) => found,
            Err(errno) => return Outcome::Done(Reply::err(errno)),
        };
        let (tried, source) = match socket {
            Sock::Unix(id) => {
                (self.connect_unix(me, id, &addr), self.unix_connect_source(me, id, &addr))
            }
            Sock::Inet(inet) => {
                (self.connect_inet(env, inet, &addr, pending), Some(Source::Socket(inet.id)))
            }
        };
        match tried {
            Ok(()) => Outcome::Done(Reply::ok(0)),
            Err(stop) => {
                let wait = Waiting { fd, source, status, msg_flags: 0 };
                settle_stop(env, stop, &wait, pending, timed_out)
            }
        }
    }

    fn connect_inet(
        &mut self,
        env: &mut Env,
        inet: Inet,
        addr: &SockAddr,
        pending: &mut Pending,
    ) -> Result<(), Stop> {
        if !inet.speaks_ip() {
            return Ok(self.stack.connect_name(inet.id, addr)?);
        }
        if pending.progress == Progress::Connecting {
            return self.stack.connect_wait(inet.id, env.now_ns, &mut env.out);
        }
        let family = addr.family().ok_or(Errno::EINVAL)?;
        if i32::from(family) == consts::AF_UNSPEC {
            return Ok(self.stack.disconnect(inet.id, env.now_ns, &mut env.out)?);
        }
        let to = match self.connect_addr(inet, addr) {
            Ok(to) => to,
            // The socket's state is looked at before the address is.
            Err(_) if !self.stack.connect_needs_address(inet.id) => {
                SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0))
            }
            Err(errno) => return Err(errno.into()),
        };
        let tried = self.stack.connect(inet.id, to, env.now_ns, &mut env.out);
        if matches!(tried, Err(Stop::Wait { .. })) {
            pending.progress = Progress::Connecting;
        }
        tried
    }

    /// `connect`'s: a datagram socket of IPv6 takes IPv4 addresses too (`ip6_datagram_connect`).
    fn connect_addr(&mut self, inet: Inet, addr: &SockAddr) -> Result<SocketAddr, Errno> {
        let v4 = addr.family().map(i32::from) == Some(consts::AF_INET);
        if inet.domain != consts::AF_INET6 || inet.ty == consts::SOCK_STREAM || !v4 {
            return inet_addr(inet.domain, addr);
        }
        let only = self.stack.getsockopt(inet.id, consts::IPPROTO_IPV6, consts::IPV6_V6ONLY, 0);
        if only.is_ok_and(|value| value.first() == Some(&1)) {
            return Err(Errno::EAFNOSUPPORT);
        }
        Ok(crate::net::shown(true, datagram_addr(inet.domain, addr)?))
    }

    /// Whether a socket accepts connections, `SO_ACCEPTCONN`.
    pub(super) fn is_listening(&mut self, inet: Inet) -> bool {
        self.stack
            .getsockopt(inet.id, consts::SOL_SOCKET, consts::SO_ACCEPTCONN, 0)
            .is_ok_and(|value| value.first() == Some(&1))
    }

    /// send(2), sendto(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn sendto(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        buf: &InBuf,
        flags: i32,
        addr: &AddrIn,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        let extra = Extra::default();
        self.send_with(env, me, fd, buf, flags, addr, &extra, pending, timed_out)
    }

    /// `sendto(2)` with what control messages ask for.
    #[allow(clippy::too_many_arguments)] // a call's whole context
    fn send_with(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        buf: &InBuf,
        flags: i32,
        addr: &AddrIn,
        extra: &Extra,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        match self.try_send(env, me, fd, buf, flags, addr, extra, pending) {
            Ok(sent) => Outcome::Done(Reply::ok(sent as i64)),
            Err((stop, source, status)) => {
                let stream = self.is_stream(me, fd);
                let wait = Waiting { fd, source, status, msg_flags: flags };
                let outcome = settle_stop(env, stop, &wait, pending, timed_out);
                let partial = match &pending.progress {
                    Progress::Send(request) => request.sent,
                    Progress::Written(sent) => *sent,
                    _ => 0,
                };
                match outcome {
                    Outcome::Done(_) if partial > 0 => Outcome::Done(Reply::ok(partial as i64)),
                    Outcome::Done(reply) => {
                        let broken = reply.ret == Err(Errno::EPIPE);
                        if broken && stream && flags & consts::MSG_NOSIGNAL == 0 {
                            let signal = consts::SIGPIPE;
                            self.send_thread_signal(env, me, signal, SignalBy::Kernel);
                        }
                        Outcome::Done(reply)
                    }
                    other => other,
                }
            }
        }
    }

    fn is_stream(&self, me: Me, fd: Fd) -> bool {
        match self.socket_of(me, fd) {
            Ok((Sock::Inet(inet), _)) => inet.ty == consts::SOCK_STREAM,
            Ok((Sock::Unix(id), _)) => self.unix.get(id).ty != consts::SOCK_DGRAM,
            Err(_) => false,
        }
    }

    #[allow(clippy::too_many_arguments)] // a call's whole context
    fn try_send(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        buf: &InBuf,
        flags: i32,
        addr: &AddrIn,
        extra: &Extra,
        pending: &mut Pending,
    ) -> Result<usize, (Stop, Option<Source>, i32)> {
        let no = |errno: Errno| (Stop::Errno(errno), None, 0);
        let (socket, status) = self.socket_of(me, fd).map_err(no)?;
        let to = if addr.addr.is_null() { None } else { Some(addr_bytes(addr).map_err(no)?) };
        let inet = match socket {
            Sock::Unix(id) => {
                let source = self.unix_send_source(me, id, to.as_ref());
                return self
                    .send_unix(me, id, buf, flags, to.as_ref(), extra, pending)
                    .map_err(|stop| (stop, source, status));
            }
            Sock::Inet(inet) => inet,
        };
        let stream = inet.ty == consts::SOCK_STREAM;
        let target = match &to {
            Some(to) if !stream && inet.speaks_ip() => {
                Some(datagram_addr(inet.domain, to).map_err(no)?)
            }
            _ => None,
        };
        let name = to.filter(|_| !inet.speaks_ip());
        if !matches!(pending.progress, Progress::Send(_)) {
            let data = match buf.bytes.as_ref() {
                Some(bytes) => bytes.0.clone(),
                None if buf.len == 0 => Vec::new(),
                // Who has nowhere to send to is told so before the buffer is looked at.
                None if inet.speaks_ip()
                    && target.is_none()
                    && self.stack.peer_addr(inet.id).is_err() =>
                {
                    vec![0]
                }
                None => {
                    let waiting = self.stack.take_datagram_error(inet.id);
                    return Err(no(waiting.unwrap_or(Errno::EFAULT)));
                }
            };
            let asked = extra.asked;
            pending.progress =
                Progress::Send(SendRequest { data, sent: 0, flags, to: target, name, asked });
        }
        let Progress::Send(request) = &mut pending.progress else { return Err(no(Errno::EIO)) };
        self.stack
            .send(inet.id, request, env.now_ns, &mut env.out)
            .map_err(|stop| (stop, Some(Source::Socket(inet.id)), status))
    }

    /// recv(2), recvfrom(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn recvfrom(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        buf: OutBuf,
        flags: i32,
        addr: AddrOut,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        match self.receive(env, me, fd, buf, flags, pending, timed_out) {
            Err(outcome) => outcome,
            Ok(received) => {
                // Nobody asked for descriptors, so they are closed.
                self.lost.extend(received.extra.rights);
                let bytes = Bytes(received.bytes);
                let out = if addr.addr.at == 0 {
                    Out::Bytes { bytes }
                } else {
                    if let Err(errno) = addr_room(addr) {
                        return Outcome::Done(Reply::err(errno));
                    }
                    Out::From { bytes, addr: received.from }
                };
                Outcome::Done(Reply::with(received.ret as i64, out))
            }
        }
    }

    #[allow(clippy::too_many_arguments, clippy::result_large_err)] // a call's whole context
    fn receive(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        buf: OutBuf,
        flags: i32,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Result<Datagram, Outcome> {
        let refuse = |errno: Errno| Outcome::Done(Reply::err(errno));
        let (socket, status) = self.socket_of(me, fd).map_err(refuse)?;
        let len = usize::try_from(buf.len).unwrap_or(usize::MAX);
        let is_stream = matches!(socket, Sock::Inet(inet) if inet.protocol == consts::IPPROTO_TCP);
        // What TCP throws away needs no buffer.
        let thrown_away = is_stream && flags & consts::MSG_TRUNC != 0;
        let bad_buffer = !buf.ok && len > 0 && !thrown_away;
        // A bad buffer is noticed when data is to be copied, and the data stays.
        let flags_used = if bad_buffer { flags | consts::MSG_PEEK } else { flags };
        let (tried, source) = match socket {
            Sock::Unix(id) => {
                let waits = may_sleep(status, flags);
                let tried = self.recv_unix(id, len, flags_used, waits, pending);
                (tried, Source::Unix(id))
            }
            Sock::Inet(inet) => {
                let udp = inet.protocol == consts::IPPROTO_UDP;
                if !matches!(pending.progress, Progress::Recv(_)) {
                    let got = Vec::new();
                    // UDP has no urgent data and takes no notice of the flag.
                    let flags = if udp { flags_used & !consts::MSG_OOB } else { flags_used };
                    pending.progress = Progress::Recv(RecvRequest { len, flags, got });
                }
                let Progress::Recv(request) = &mut pending.progress else {
                    return Err(refuse(Errno::EIO));
                };
                let tried = self.stack.recv(inet.id, request, env.now_ns, &mut env.out);
                let tried = match tried {
                    // Who may not sleep is told so before UDP looks whether anything can come.
                    Ok(none) if udp && none.from.is_none() && !may_sleep(status, flags) => {
                        Err(Stop::Errno(Errno::EAGAIN))
                    }
                    tried => tried,
                };
                let tried = tried.map(|received| {
                    let stamp = received.stamp.map(|(kind, at_ns)| self.stamp(kind, at_ns));
                    let told = stamp.into_iter().chain(received.control).collect();
                    Datagram {
                        bytes: received.bytes,
                        ret: received.ret,
                        from: received.name.or(received.from.map(SockAddr::from_std)),
                        msg_flags: received.msg_flags,
                        extra: Extra { told, ..Extra::default() },
                    }
                });
                (tried, Source::Socket(inet.id))
            }
        };
        match tried {
            Ok(received) if bad_buffer && !received.bytes.is_empty() => Err(refuse(Errno::EFAULT)),
            Ok(received) => Ok(received),
            Err(stop) => {
                let source = Some(source);
                let wait = Waiting { fd, source, status, msg_flags: flags };
                let outcome = settle_stop(env, stop, &wait, pending, timed_out);
                let got = match &mut pending.progress {
                    Progress::Recv(request) => std::mem::take(&mut request.got),
                    Progress::Taken(got) => std::mem::take(got),
                    _ => Vec::new(),
                };
                match outcome {
                    // A stream that was asked for nothing has waited, and has it.
                    Outcome::Done(_) if len == 0 && timed_out && is_stream => {
                        Ok(Datagram::default())
                    }
                    Outcome::Done(_) if !got.is_empty() => {
                        Ok(Datagram { ret: got.len(), bytes: got, ..Datagram::default() })
                    }
                    Outcome::Wait(wait) => {
                        match &mut pending.progress {
                            Progress::Recv(request) => request.got = got,
                            Progress::Taken(taken) => *taken = got,
                            _ => {}
                        }
                        Err(Outcome::Wait(wait))
                    }
                    outcome => Err(outcome),
                }
            }
        }
    }

    /// sendmsg(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn sendmsg(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        msg: Option<&MsgIn>,
        flags: i32,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        let socket = match self.socket_of(me, fd) {
            Ok((socket, _)) => socket,
            Err(errno) => return Outcome::Done(Reply::err(errno)),
        };
        let Some(msg) = msg else { return Outcome::Done(Reply::err(Errno::EFAULT)) };
        if msg.iov_len > 1024 {
            return Outcome::Done(Reply::err(Errno::EMSGSIZE));
        }
        let extra = match self.read_control(me, &socket, &msg.control.0) {
            Ok(extra) => extra,
            Err(errno) => return Outcome::Done(Reply::err(errno)),
        };
        let buf = gather(&msg.iov);
        self.send_with(env, me, fd, &buf, flags, &msg.name, &extra, pending, timed_out)
    }

    /// recvmsg(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn recvmsg(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        msg: Option<&MsgOut>,
        flags: i32,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        let socket = match self.socket_of(me, fd) {
            Ok((socket, _)) => socket,
            Err(errno) => return Outcome::Done(Reply::err(errno)),
        };
        let Some(msg) = msg else { return Outcome::Done(Reply::err(Errno::EFAULT)) };
        if msg.iov_len > 1024 {
            return Outcome::Done(Reply::err(Errno::EMSGSIZE));
        }
        if msg.name.at != 0 && msg.name_len < 0 {
            return Outcome::Done(Reply::err(Errno::EINVAL));
        }
        let len = msg.iov.iter().map(|buf| buf.len).sum();
        let ok = msg.iov.iter().all(|buf| buf.ok || buf.len == 0);
        let buf = OutBuf { at: msg.iov.first().map_or(0, |buf| buf.at), len, ok };
        match self.receive(env, me, fd, buf, flags, pending, timed_out) {
            Err(outcome) => outcome,
            Ok(received) => {
                let passes = match socket {
                    Sock::Unix(id) => self.unix.get(id).passes_credentials(),
                    Sock::Inet(_) => false,
                };
                let room = usize::try_from(msg.control_len).unwrap_or(usize::MAX);
                let (mut control, mut more) =
                    self.write_control(me, received.extra, passes, room, flags);
                if let Sock::Inet(inet) = &socket
                    && let Some(bytes) = self.stack.inq(inet.id)
                {
                    more |= super::control::append_inq(&mut control, bytes, room);
                }
                Outcome::Done(Reply::with(
                    received.ret as i64,
                    Out::Msg {
                        bytes: Bytes(received.bytes),
                        addr: received.from,
                        flags: received.msg_flags | more,
                        control: Bytes(control),
                    },
                ))
            }
        }
    }

    /// shutdown(2)
    pub(super) fn shutdown(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        how: i32,
    ) -> Result<i64, Errno> {
        let (socket, _) = self.socket_of(me, fd)?;
        if matches!(socket, Sock::Inet(inet) if !inet.speaks_ip()) {
            return Err(Errno::EOPNOTSUPP);
        }
        let how = match how {
            consts::SHUT_RD => How::Read,
            consts::SHUT_WR => How::Write,
            consts::SHUT_RDWR => How::Both,
            _ => return Err(Errno::EINVAL),
        };
        match socket {
            Sock::Unix(id) => self.shutdown_unix(id, how),
            Sock::Inet(inet) => {
                self.stack.shutdown(inet.id, how, env.now_ns, &mut env.out)?;
            }
        }
        Ok(0)
    }

    /// getsockname(2)
    pub(super) fn getsockname(&mut self, me: Me, fd: Fd, out: AddrOut) -> Answer {
        let addr = match self.socket_of(me, fd)?.0 {
            Sock::Unix(id) => self.unix.get(id).own_addr(),
            Sock::Inet(inet) => self.stack.local_name(inet.id),
        };
        addr_room(out)?;
        Ok(Reply::with(0, Out::Addr { addr }))
    }

    /// getpeername(2)
    pub(super) fn getpeername(&mut self, me: Me, fd: Fd, out: AddrOut) -> Answer {
        let addr = match self.socket_of(me, fd)?.0 {
            Sock::Unix(id) => self.unix_peer_addr(id)?,
            Sock::Inet(inet) => self.stack.peer_name(inet.id)?,
        };
        addr_room(out)?;
        Ok(Reply::with(0, Out::Addr { addr }))
    }
}

/// A socket of either kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sock {
    Inet(Inet),
    Unix(u32),
}

/// What was received.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Datagram {
    pub bytes: Vec<u8>,
    pub ret: usize,
    pub from: Option<SockAddr>,
    pub extra: Extra,
    pub msg_flags: i32,
}

enum Kind {
    Unix(i32),
    Inet(Proto, i32),
    Packet(Form),
    Netlink,
}

/// Where a call that has to wait would wait.
struct Waiting {
    fd: Fd,
    source: Option<Source>,
    status: i32,
    msg_flags: i32,
}

/// A stop of the network as an outcome: an error, or sleep if the descriptor allows it.
fn settle_stop(
    env: &Env,
    stop: Stop,
    wait: &Waiting,
    pending: &mut Pending,
    timed_out: bool,
) -> Outcome {
    match stop {
        Stop::Errno(errno) => Outcome::Done(Reply::err(errno)),
        Stop::Wait { errno, timeout_ns, on } => {
            let over = timeout_ns.is_some_and(|ns| env.now_ns >= pending.started_ns + ns);
            if timed_out || over || !may_sleep(wait.status, wait.msg_flags) {
                return Outcome::Done(Reply::err(errno));
            }
            let reason = match on {
                Wait::Accept => Reason::Connection(wait.fd),
                Wait::Connect => Reason::Handshake(wait.fd),
                Wait::Recv => Reason::Data(wait.fd),
                Wait::Send => Reason::Room(wait.fd),
                Wait::Close => Reason::Linger,
            };
            let deadline_ns = timeout_ns.map(|ns| pending.started_ns + ns);
            pending.deadline_ns = deadline_ns;
            Outcome::Wait(WaitFor {
                reason,
                sources: wait.source.into_iter().collect(),
                deadline_ns,
                restarts: timeout_ns.is_none(),
            })
        }
    }
}

/// `SOCK_NONBLOCK` and `SOCK_CLOEXEC` apart; any other high bit is `EINVAL`.
fn split_type(ty: i32) -> Result<(i32, i32, bool), Errno> {
    let flags = ty & !TYPE_MASK;
    if flags & !(consts::SOCK_NONBLOCK | consts::SOCK_CLOEXEC) != 0 {
        return Err(Errno::EINVAL);
    }
    let cloexec = flags & consts::SOCK_CLOEXEC != 0;
    Ok((ty & TYPE_MASK, flags & consts::SOCK_NONBLOCK, cloexec))
}

/// `inet_create`: the protocol switch of IPv4 and IPv6.
fn inet_kind(domain: i32, ty: i32, protocol: i32, root: bool) -> Result<Kind, Errno> {
    if !(0..PROTOCOL_MAX).contains(&protocol) {
        return Err(Errno::EINVAL);
    }
    let ping =
        if domain == consts::AF_INET6 { consts::IPPROTO_ICMPV6 } else { consts::IPPROTO_ICMP };
    match ty {
        consts::SOCK_STREAM => match protocol {
            0 | consts::IPPROTO_TCP => Ok(Kind::Inet(Proto::Tcp, consts::IPPROTO_TCP)),
            _ => Err(Errno::EPROTONOSUPPORT),
        },
        consts::SOCK_DGRAM => match protocol {
            0 | consts::IPPROTO_UDP => Ok(Kind::Inet(Proto::Udp, consts::IPPROTO_UDP)),
            // Nobody's group is in `net.ipv4.ping_group_range`, as Linux starts ("1 0").
            _ if protocol == ping => Err(Errno::EACCES),
            _ => Err(Errno::EPROTONOSUPPORT),
        },
        consts::SOCK_RAW => match protocol {
            0 => Err(Errno::EPROTONOSUPPORT),
            _ if !root => Err(Errno::EPERM),
            _ => Ok(Kind::Inet(Proto::Raw(protocol as u8), protocol)),
        },
        _ => Err(Errno::ESOCKTNOSUPPORT),
    }
}

/// The address that a call was given: `EINVAL` for an impossible length, `EFAULT`.
fn addr_bytes(addr: &AddrIn) -> Result<SockAddr, Errno> {
    if addr.len < 0 || addr.len as usize > SOCKADDR_STORAGE_LEN {
        return Err(Errno::EINVAL);
    }
    if addr.len == 0 {
        return Ok(SockAddr::default());
    }
    addr.addr.value.clone().ok_or(Errno::EFAULT)
}

/// Whether an address can be stored: `EFAULT`, or `EINVAL` for a negative room.
fn addr_room(out: AddrOut) -> Result<(), Errno> {
    let room = out.len.value.ok_or(Errno::EFAULT)?;
    if room < 0 {
        return Err(Errno::EINVAL);
    }
    if room > 0 && !out.addr.ok {
        return Err(Errno::EFAULT);
    }
    Ok(())
}

/// An address of the socket's family.
fn inet_addr(domain: i32, addr: &SockAddr) -> Result<SocketAddr, Errno> {
    let family = addr.family().map(i32::from);
    if domain == consts::AF_INET6 {
        return match family {
            Some(consts::AF_INET6) if addr.bytes().len() >= SOCKADDR_IN6_MIN => {
                addr.as_inet6().map(SocketAddr::V6).ok_or(Errno::EINVAL)
            }
            _ if addr.bytes().len() < SOCKADDR_IN6_MIN => Err(Errno::EINVAL),
            _ => Err(Errno::EAFNOSUPPORT),
        };
    }
    if addr.bytes().len() < SOCKADDR_IN_LEN {
        return Err(Errno::EINVAL);
    }
    match family {
        Some(consts::AF_INET) => addr.as_inet().map(SocketAddr::V4).ok_or(Errno::EINVAL),
        _ => Err(Errno::EAFNOSUPPORT),
    }
}

/// `bind`'s: `AF_UNSPEC` with 0.0.0.0 passes for `AF_INET` ("compat mode" of `inet_bind`).
fn bind_addr(domain: i32, addr: &SockAddr) -> Result<SocketAddr, Errno> {
    let unspec = addr.family().map(i32::from) == Some(consts::AF_UNSPEC);
    if domain == consts::AF_INET && unspec && addr.bytes().len() >= SOCKADDR_IN_LEN {
        let any = addr.as_inet().filter(|addr| *addr.ip() == Ipv4Addr::UNSPECIFIED);
        return any.map(SocketAddr::V4).ok_or(Errno::EAFNOSUPPORT);
    }
    inet_addr(domain, addr)
}

/// `sendto`'s for datagrams: `AF_UNSPEC` passes for `AF_INET`, port 0 is `EINVAL`.
fn datagram_addr(domain: i32, addr: &SockAddr) -> Result<SocketAddr, Errno> {
    let family = addr.family().map(i32::from);
    let to = if domain == consts::AF_INET6 && family == Some(consts::AF_INET) {
        let v4 = if addr.bytes().len() < SOCKADDR_IN_LEN { None } else { addr.as_inet() };
        v4.map(SocketAddr::V4).ok_or(Errno::EINVAL)?
    } else if domain == consts::AF_INET && family == Some(consts::AF_UNSPEC) {
        let whole = addr.bytes().len() >= SOCKADDR_IN_LEN;
        let v4: Option<SocketAddrV4> = if whole { addr.as_inet() } else { None };
        v4.map(SocketAddr::V4).ok_or(Errno::EINVAL)?
    } else {
        inet_addr(domain, addr)?
    };
    Ok(to)
}
