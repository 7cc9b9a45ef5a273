//! Control messages, `cmsg(3)`: descriptors and credentials that travel in a Unix socket's message
//! (`SCM_RIGHTS`, `SCM_CREDENTIALS`); and several messages in one call.
//!
//! Missing: control messages of the Internet families (`IP_PKTINFO`, …).

use super::socket::Sock;
use crate::DescId;
use crate::kernel::fd::Descriptor;
use crate::kernel::process::{Pending, Progress};
use crate::kernel::unix::Credentials;
use crate::kernel::{Env, Host, Me, Outcome};
use abi::reply::Received;
use abi::syscall::{MsgIn, MsgOut, Timespec};
use abi::{Errno, Fd, Out, Ptr, Reply, consts};

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
}

impl Host {
    /// `scm_send`: what a message's control data asks for.
    pub(super) fn read_control(
        &mut self,
        env: &mut Env,
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
                (Sock::Inet(_), ..) => {
                    self.unsupported(env, me, "sendmsg(msg_control)");
                    return Err(Errno::EINVAL);
                }
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
        let mut control = Vec::new();
        let mut msg_flags = flags & consts::MSG_CMSG_CLOEXEC;
        if passes_credentials {
            let (pid, uid, gid) = extra.credentials.unwrap_or((0, NOBODY, NOBODY));
            let data: Vec<u8> =
                [pid as u32, uid, gid].into_iter().flat_map(u32::to_le_bytes).collect();
            if room < HEADER {
                msg_flags |= consts::MSG_CTRUNC;
            } else {
                let whole = HEADER + data.len();
                let len = whole.min(room);
                if whole > room {
                    msg_flags |= consts::MSG_CTRUNC;
                }
                control = header(len, consts::SCM_CREDENTIALS);
                control.extend(&data[..len - HEADER]);
                control.resize(whole.next_multiple_of(8).min(room), 0);
            }
        }
        let fits = (room - control.len()).checked_sub(HEADER).map_or(0, |rest| rest / 4);
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
            msg_flags |= consts::MSG_CTRUNC;
        }
        if !fds.is_empty() {
            let len = HEADER + 4 * fds.len();
            control.extend(header(len, consts::SCM_RIGHTS));
            control.extend(fds.iter().flat_map(|fd| fd.to_le_bytes()));
            control.resize(control.len().next_multiple_of(8).min(room), 0);
        }
        (control, msg_flags)
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

/// A `struct cmsghdr` at level `SOL_SOCKET`.
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

fn header(len: usize, kind: i32) -> Vec<u8> {
    let mut bytes = (len as u64).to_le_bytes().to_vec();
    bytes.extend(consts::SOL_SOCKET.to_le_bytes());
    bytes.extend(kind.to_le_bytes());
    bytes
}
