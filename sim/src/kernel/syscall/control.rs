//! Control messages, `cmsg(3)`: descriptors and credentials that travel in a Unix socket's message
//! (`SCM_RIGHTS`, `SCM_CREDENTIALS`), what a datagram of the Internet asks for and tells (`ip(7)`);
//! and several messages in one call.

use super::socket::Sock;
use crate::DescId;
use crate::kernel::fd::Descriptor;
use crate::kernel::process::{Pending, Progress};
use crate::kernel::unix::Credentials;
use crate::kernel::{Env, Host, Me, Outcome};
use crate::net::{Asked, Control};
use abi::reply::Received;
use abi::syscall::{MsgIn, MsgOut, Timespec};
use abi::{Errno, Fd, Out, Ptr, Reply, consts};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// `sizeof(struct cmsghdr)`.
const HEADER: usize = 16;
/// `SCM_MAX_FD`.
const RIGHTS_MAX: usize = 253;
/// `UIO_MAXIOV`: messages in one call.
const MESSAGES_MAX: u32 = 1024;

/// What goes with a message beside its bytes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Extra {
    /// Open file descriptions.
    pub rights: Vec<DescId>,
    /// What the sender says it is.
    pub credentials: Option<Credentials>,
    /// What a datagram that is sent asks for.
    pub asked: Asked,
    /// What is told of one that was received.
    pub told: Vec<Control>,
}

impl Host {
    /// `scm_send`: what a message's control data asks for.
    pub(super) fn read_control(
        &mut self,
        me: Me,
        socket: &Sock,
        control: &[u8],
    ) -> Result<Extra, Errno> {
        let mut extra = Extra::default();
        let mut rest = control;
        while rest.len() >= HEADER {
            let word = |at: usize| {
                i32::from_le_bytes([rest[at], rest[at + 1], rest[at + 2], rest[at + 3]])
            };
            let len = rest.first_chunk::<8>().map_or(0, |b| u64::from_le_bytes(*b));
            let len = usize::try_from(len).unwrap_or(usize::MAX);
            if len < HEADER || len > rest.len() {
                return Err(Errno::EINVAL);
            }
            let (level, kind, data) = (word(8), word(12), &rest[HEADER..len]);
            let words: Vec<i32> = data
                .chunks_exact(4)
                .map(|b| i32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                .collect();
            match (socket, level, kind) {
                (Sock::Unix(_), consts::SOL_SOCKET, consts::SCM_RIGHTS) => {
                    if extra.rights.len() + words.len() > RIGHTS_MAX {
                        return Err(Errno::EINVAL);
                    }
                    for fd in words {
                        extra.rights.push(self.process(me.pid).fds.get(Fd(fd))?.description);
                    }
                }
                (Sock::Unix(_), consts::SOL_SOCKET, consts::SCM_CREDENTIALS) => {
                    let [pid, uid, gid] = words[..] else { return Err(Errno::EINVAL) };
                    let own = self.process(me.pid);
                    let (uid, gid) = (uid as u32, gid as u32);
                    if own.uid != 0 && (pid != me.pid.0 || uid != own.uid || gid != own.gid) {
                        return Err(Errno::EPERM);
                    }
                    extra.credentials = Some((pid, uid, gid));
                }
                (Sock::Unix(_), consts::SOL_SOCKET, _) => return Err(Errno::EINVAL),
                // Other levels are not a Unix socket's business; TCP takes no notice of rights.
                (Sock::Unix(_), ..) | (Sock::Inet(_), consts::SOL_SOCKET, 1 | 2) => {}
                (Sock::Inet(_), consts::SOL_SOCKET, _) => return Err(Errno::EINVAL),
                (Sock::Inet(inet), ..) if inet.ty == consts::SOCK_STREAM => {}
                (Sock::Inet(_), consts::SOL_IP, kind) => ask_v4(&mut extra.asked, kind, data)?,
                (Sock::Inet(inet), consts::SOL_IPV6, kind) if inet.domain == consts::AF_INET6 => {
                    ask_v6(&mut extra.asked, kind, data)?;
                }
                (Sock::Inet(_), ..) => {}
            }
            rest = rest.get(len.next_multiple_of(8)..).unwrap_or_default();
        }
        Ok(extra)
    }

    /// `scm_recv`: the control data that fits into `room`, and the flags that say what did not.
    pub(super) fn write_control(
        &mut self,
        me: Me,
        extra: Extra,
        passes_credentials: bool,
        room: usize,
        flags: i32,
    ) -> (Vec<u8>, i32) {
        let mut out = Written { bytes: Vec::new(), room, flags: flags & consts::MSG_CMSG_CLOEXEC };
        if passes_credentials {
            let (pid, uid, gid) = extra.credentials.unwrap_or((0, NOBODY, NOBODY));
            let data: Vec<u8> =
                [pid as u32, uid, gid].into_iter().flat_map(u32::to_le_bytes).collect();
            out.put(consts::SOL_SOCKET, consts::SCM_CREDENTIALS, &data);
        }
        for Control { level, kind, data } in &extra.told {
            out.put(*level, *kind, data);
        }
        let fits = (room - out.bytes.len()).checked_sub(HEADER).map_or(0, |rest| rest / 4);
        let count = extra.rights.len();
        let mut fds = Vec::new();
        for description in extra.rights {
            let process = self.process(me.pid);
            match process.fds.lowest_free(0, process.nofile.0) {
                Ok(fd) if fds.len() < fits => {
                    let cloexec = flags & consts::MSG_CMSG_CLOEXEC != 0;
                    let descriptor = Descriptor { description, cloexec };
                    self.process_mut(me.pid).fds.insert(fd, descriptor);
                    fds.push(fd.0);
                }
                _ => self.lost.push(description),
            }
        }
        if fds.len() < count {
            out.flags |= consts::MSG_CTRUNC;
        }
        if !fds.is_empty() {
            let data: Vec<u8> = fds.iter().flat_map(|fd| fd.to_le_bytes()).collect();
            out.put(consts::SOL_SOCKET, consts::SCM_RIGHTS, &data);
        }
        (out.bytes, out.flags)
    }

    /// `SO_TIMESTAMP`, `SO_TIMESTAMPNS`: what the wall clock showed when a datagram came.
    pub(super) fn stamp(&self, kind: i32, at_ns: u64) -> Control {
        let (sec, nsec) = self.wall_clock(at_ns);
        let part = if kind == consts::SO_TIMESTAMP { nsec / 1000 } else { nsec };
        let data = [sec, part].into_iter().flat_map(i64::to_le_bytes).collect();
        Control { level: consts::SOL_SOCKET, kind, data }
    }

    /// sendmmsg(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn sendmmsg(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        msgs: &[MsgIn],
        count: u32,
        flags: i32,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        let one =
            |host: &mut Host, env: &mut Env, at: usize, pending: &mut Pending| match msgs.get(at) {
                Some(msg) => host.sendmsg(env, me, fd, Some(msg), flags, pending, timed_out),
                None => Outcome::Done(Reply::err(Errno::EFAULT)),
            };
        match self.many(env, me, fd, count, pending, one) {
            Err(outcome) => outcome,
            Ok(done) => {
                let words = done.iter().map(|reply| reply.ret.unwrap_or(0) as u64).collect();
                Outcome::Done(Reply::with(done.len() as i64, Out::Words { words }))
            }
        }
    }

    /// recvmmsg(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn recvmmsg(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        msgs: &[MsgOut],
        count: u32,
        flags: i32,
        timeout: Ptr<Timespec>,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        // Looked at only when a message has come (`recvmmsg(2)`, BUGS).
        let limit = match (timeout.at, timeout.value) {
            (0, _) => None,
            (_, None) => return Outcome::Done(Reply::err(Errno::EFAULT)),
            (_, Some(time)) => match super::nanoseconds(time) {
                Ok(ns) => Some(pending.started_ns.saturating_add(ns)),
                Err(errno) => return Outcome::Done(Reply::err(errno)),
            },
        };
        let one = |host: &mut Host, env: &mut Env, at: usize, pending: &mut Pending| {
            let late = limit.is_some_and(|limit| env.now_ns >= limit);
            let Some(msg) = msgs.get(at).filter(|_| at == 0 || !late) else {
                return Outcome::Done(Reply::err(if late { Errno::EAGAIN } else { Errno::EFAULT }));
            };
            let after_first = flags & consts::MSG_WAITFORONE != 0 && at > 0;
            let dont_wait = if after_first { consts::MSG_DONTWAIT } else { 0 };
            let flags = flags & !consts::MSG_WAITFORONE | dont_wait;
            host.recvmsg(env, me, fd, Some(msg), flags, pending, timed_out)
        };
        match self.many(env, me, fd, count, pending, one) {
            Err(outcome) => outcome,
            Ok(done) => {
                let msgs: Vec<Received> = done
                    .into_iter()
                    .filter_map(|reply| {
                        let len = u32::try_from(reply.ret.ok()?).ok()?;
                        let Out::Msg { bytes, addr, flags, control } = reply.out else {
                            return None;
                        };
                        Some(Received { len, bytes, addr, flags, control })
                    })
                    .collect();
                Outcome::Done(Reply::with(msgs.len() as i64, Out::Msgs { msgs }))
            }
        }
    }

    /// One message after the other; an error after the first is kept quiet, and told by the next
    /// call if it is still there.
    #[allow(clippy::result_large_err)] // an outcome is what every call gives
    fn many(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        count: u32,
        pending: &mut Pending,
        mut one: impl FnMut(&mut Host, &mut Env, usize, &mut Pending) -> Outcome,
    ) -> Result<Vec<Reply>, Outcome> {
        if let Err(errno) = self.socket_of(me, fd) {
            return Err(Outcome::Done(Reply::err(errno)));
        }
        let (mut done, inner) = match std::mem::take(&mut pending.progress) {
            Progress::Many(done, inner) => (done, *inner),
            other => (Vec::new(), other),
        };
        pending.progress = inner;
        while (done.len() as u32) < count.min(MESSAGES_MAX) {
            match one(self, env, done.len(), pending) {
                Outcome::Done(reply) if reply.ret.is_ok() => {
                    pending.progress = Progress::None;
                    done.push(reply);
                }
                Outcome::Done(_) if !done.is_empty() => break,
                Outcome::Wait(wait) => {
                    let inner = Box::new(std::mem::take(&mut pending.progress));
                    pending.progress = Progress::Many(done, inner);
                    return Err(Outcome::Wait(wait));
                }
                other => return Err(other),
            }
        }
        Ok(done)
    }
}

/// `overflowuid`: who sent a message without saying so.
const NOBODY: u32 = 65534;

/// `put_cmsg` of `TCP_INQ`'s number behind what is there already; `MSG_CTRUNC` if it does not fit.
pub(super) fn append_inq(control: &mut Vec<u8>, inq: u32, room: usize) -> i32 {
    if room.saturating_sub(control.len()) < HEADER + 4 {
        return consts::MSG_CTRUNC;
    }
    control.extend((HEADER as u64 + 4).to_le_bytes());
    control.extend(consts::SOL_TCP.to_le_bytes());
    control.extend(consts::TCP_INQ.to_le_bytes()); // TCP_CM_INQ has the same number
    control.extend(inq.to_le_bytes());
    control.resize(control.len().next_multiple_of(8).min(room), 0);
    0
}

/// Control data as far as there is room.
struct Written {
    bytes: Vec<u8>,
    room: usize,
    flags: i32,
}

impl Written {
    /// `put_cmsg`: a message that does not fit is cut, and said to be.
    fn put(&mut self, level: i32, kind: i32, data: &[u8]) {
        let left = self.room - self.bytes.len();
        if left < HEADER {
            self.flags |= consts::MSG_CTRUNC;
            return;
        }
        let whole = HEADER + data.len();
        let len = whole.min(left);
        if whole > left {
            self.flags |= consts::MSG_CTRUNC;
        }
        self.bytes.extend((len as u64).to_le_bytes());
        self.bytes.extend(level.to_le_bytes());
        self.bytes.extend(kind.to_le_bytes());
        self.bytes.extend(&data[..len - HEADER]);
        self.bytes.resize(self.bytes.len().next_multiple_of(8).min(self.room), 0);
    }
}

/// `ip_cmsg_send`: what a datagram of IPv4 asks for.
fn ask_v4(asked: &mut Asked, kind: i32, data: &[u8]) -> Result<(), Errno> {
    let word = |at: usize| data.get(at..at + 4).and_then(|b| b.first_chunk::<4>());
    let number = word(0).map(|b| i32::from_le_bytes(*b));
    match (kind, data.len(), number) {
        (consts::IP_PKTINFO, 12, Some(index)) => {
            asked.iface = u32::try_from(index).ok().filter(|index| *index > 0);
            let src = word(4).map(|b| Ipv4Addr::from(*b));
            asked.src = src.filter(|src| !src.is_unspecified()).map(IpAddr::V4);
        }
        (consts::IP_TTL, 4, Some(ttl @ 1..=255)) => asked.ttl = Some(ttl as u8),
        (consts::IP_TOS, 4, Some(tos @ 0..=255)) => asked.tos = Some(tos as u8),
        (consts::IP_TOS, 1, _) => asked.tos = Some(data[0]),
        (consts::IP_RETOPTS, 0, _) => {}
        _ => return Err(Errno::EINVAL),
    }
    Ok(())
}

/// `ip6_datagram_send_ctl`: the same of IPv6.
fn ask_v6(asked: &mut Asked, kind: i32, data: &[u8]) -> Result<(), Errno> {
    let number = data.first_chunk::<4>().map(|b| i32::from_le_bytes(*b));
    match (kind, data.len(), number) {
        (consts::IPV6_PKTINFO, 20.., _) => {
            let src = data.first_chunk::<16>().map(|b| Ipv6Addr::from(*b));
            asked.src = src.filter(|src| !src.is_unspecified()).map(IpAddr::V6);
            let index = data[16..].first_chunk::<4>().map_or(0, |b| u32::from_le_bytes(*b));
            asked.iface = Some(index).filter(|index| *index > 0);
        }
        (consts::IPV6_HOPLIMIT, 4, Some(-1)) => asked.ttl = None,
        (consts::IPV6_TCLASS, 4, Some(-1)) => asked.tos = None,
        (consts::IPV6_HOPLIMIT, 4, Some(hops @ 0..=255)) => asked.ttl = Some(hops as u8),
        (consts::IPV6_TCLASS, 4, Some(class @ 0..=255)) => asked.tos = Some(class as u8),
        _ => return Err(Errno::EINVAL),
    }
    Ok(())
}
