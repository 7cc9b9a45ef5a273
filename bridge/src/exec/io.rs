//! Bytes: the `send` and `recv` families.
//!
//! What a non-blocking descriptor switches off in the kernel is done here as tcp(7), socket(7)
//! and recv(2) describe it: a blocking `send` on a stream queues everything, `MSG_WAITALL` and
//! `SO_RCVLOWAT` wait for enough, `SO_RCVTIMEO` and `SO_SNDTIMEO` end the wait.

use super::file::File;
use super::offered;
use super::wait::{Answer, Making, Stop};
use crate::policy::Use;
use crate::sys::{self, Name, Room};
use abi::reply::Received;
use abi::syscall::{MsgIn, MsgOut, Timespec};
use abi::{AddrIn, AddrOut, Bytes, Errno, Fd, InBuf, Out, OutBuf, Ptr, Reply, SockAddr, consts};
use std::sync::atomic::Ordering;
use tokio::io::Interest;

/// Marks "an error is waiting in the socket": the next call shall report it.
const LATER: Errno = Errno(0);
/// `UIO_MAXIOV`: messages in one call.
const MESSAGES_MAX: u32 = 1024;

impl Making<'_> {
    /// The bytes of a call's first buffer, wherever they travelled.
    fn bytes_of(&mut self, buf: &mut InBuf) -> Result<Option<bytes::Bytes>, Stop> {
        let bytes = self.payload.take().or_else(|| buf.bytes.take().map(|b| b.0.into()));
        self.session.check_bytes(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))?;
        Ok(bytes)
    }

    /// `sendto(2)`.
    pub(super) async fn sendto(
        &mut self,
        fd: Fd,
        mut buf: InBuf,
        flags: i32,
        addr: &AddrIn,
    ) -> Answer {
        offered::check_send_flags(flags)?;
        let name = self.target(fd, addr, Use::Send)?;
        let bytes = self.bytes_of(&mut buf)?;
        let total = bytes.as_ref().map_or(0, |bytes| bytes.len());
        let raw = self.raw(fd);
        let once = |done: usize| {
            let rest = bytes.as_ref().map(|bytes| &bytes[done..]);
            sys::sendto(raw, &buf, rest, flags, &name)
        };
        self.send("sendto", fd, total, flags, once).await
    }

    /// `write(2)`.
    pub(super) async fn write(&mut self, fd: Fd, mut buf: InBuf) -> Answer {
        let bytes = self.bytes_of(&mut buf)?;
        let total = bytes.as_ref().map_or(0, |bytes| bytes.len());
        let file = self.file(fd);
        let raw = self.raw(fd);
        let is_socket = file.is_some_and(|file| file.shared.is_socket());
        let nowhere = Name::of(&AddrIn::null());
        let once = |done: usize| {
            let rest = bytes.as_ref().map(|bytes| &bytes[done..]);
            match is_socket {
                true => sys::sendto(raw, &buf, rest, 0, &nowhere),
                false => sys::write(raw, &buf, rest),
            }
        };
        self.send("write", fd, total, 0, once).await
    }

    /// `writev(2)`: on a socket what `sendmsg` does.
    pub(super) async fn writev(&mut self, fd: Fd, iov: Vec<InBuf>, count: i32) -> Answer {
        if !(0..=1024).contains(&count) {
            return Err(Errno::EINVAL.into());
        }
        let is_pipe = self.file(fd).is_some_and(|file| !file.shared.is_socket());
        if is_pipe {
            let gathered: Option<Vec<u8>> = iov
                .iter()
                .map(|buf| buf.bytes.as_ref().map(|b| b.0.as_slice()))
                .try_fold(Vec::new(), |mut all, bytes| {
                    all.extend_from_slice(bytes?);
                    Some(all)
                });
            let gathered = gathered.ok_or(Errno::EFAULT)?;
            return self.write(fd, InBuf::of(&gathered)).await;
        }
        let iov_len = iov.len() as u64;
        let msg = MsgIn { name: AddrIn::null(), iov, iov_len, control: Bytes::default() };
        self.sendmsg(fd, Some(msg), 0).await
    }

    /// `sendmsg(2)`.
    pub(super) async fn sendmsg(&mut self, fd: Fd, msg: Option<MsgIn>, flags: i32) -> Answer {
        offered::check_send_flags(flags)?;
        let Some(msg) = msg else {
            let raw = self.raw(fd);
            sys::fcntl(raw, libc::F_GETFL, 0)?; // EBADF comes before EFAULT
            return Err(Errno::EFAULT.into());
        };
        offered::check_control(&msg.control.0)?;
        let control = self.control_inward(&msg.control.0)?;
        let name = self.target(fd, &msg.name, Use::Send)?;
        let lens = msg.iov.iter().map(|buf| buf.bytes.as_ref().map_or(0, |b| b.0.len()));
        let total = lens.sum::<usize>();
        self.session.check_bytes(total as u64)?;
        let raw = self.raw(fd);
        let once = |done: usize| {
            // What follows the first part goes without control data (net/unix/af_unix.c).
            let control = if done == 0 { control.as_slice() } else { &[] };
            sys::sendmsg(raw, &name, &msg.iov, msg.iov_len, control, done, flags)
        };
        self.send("sendmsg", fd, total, flags, once).await
    }

    /// Sends `total` bytes: once, or on a blocking stream until all are queued. `once(done)`
    /// sends what follows the first `done` bytes.
    async fn send(
        &mut self,
        name: &str,
        fd: Fd,
        total: usize,
        flags: i32,
        once: impl Fn(usize) -> Result<i64, Errno>,
    ) -> Answer {
        let waits = flags & consts::MSG_DONTWAIT == 0;
        let Some(file) = self.file(fd) else { return self.sent(once(0)?) };
        if !file.shared.is_stream() {
            self.capture_from_here(fd, &file, None);
        }
        if !waits || !self.blocks(&file) {
            self.capture_sending(&file);
            let sent = once(0);
            self.capture_sent(&file, &sent);
            return self.sent(sent?);
        }
        let _turn = self.turn(&file.shared.write_turn).await?;
        let mut done = 0;
        loop {
            let attempt = || {
                // After a part has been sent, an error is left for the next call (net/ipv4/tcp.c,
                // tcp_sendmsg_locked: do_error).
                if done > 0 && sys::revents(file.raw(), 0) & libc::POLLERR != 0 {
                    return Err(LATER);
                }
                once(done)
            };
            self.capture_sending(&file);
            let sent = self.retry(name, &file, Interest::WRITABLE, attempt).await;
            let told = sent.as_ref().map(|n| *n).map_err(|_| LATER);
            self.capture_sent(&file, &told);
            match sent {
                Ok(n) => done += n as usize,
                Err(Stop::Denied(denied)) => return Err(denied.into()),
                Err(_) if done > 0 => return self.sent(done as i64),
                // A connect under way: its time is over (`EINPROGRESS` is only connect's).
                Err(stop) => return Err(stop),
            }
            if !file.shared.is_stream() || done >= total {
                return self.sent(done as i64);
            }
            self.step(format!("{name}(…) = {}", sent.unwrap_or_default()));
        }
    }

    fn sent(&self, n: i64) -> Answer {
        self.session.options.metrics.bytes_out(n as u64);
        Ok(Reply::ok(n))
    }

    /// `recvfrom(2)`.
    pub(super) async fn recvfrom(
        &mut self,
        fd: Fd,
        buf: OutBuf,
        flags: i32,
        addr: AddrOut,
    ) -> Answer {
        offered::check_recv_flags(flags)?;
        self.check_room_of(&buf)?;
        let raw = self.raw(fd);
        let once = |buf: &OutBuf, into: &mut Vec<u8>| {
            sys::recvfrom(raw, buf, into, flags, Room::of(&addr))
        };
        let (ret, bytes, from) = self.receive("recvfrom", fd, buf, flags, once).await?;
        let bytes = Bytes(bytes);
        if addr.addr.at == 0 && !addr.addr.ok {
            return Ok(Reply::with(ret, Out::Bytes { bytes }));
        }
        let addr = from.map(|addr| self.session.names().outward(addr));
        Ok(Reply::with(ret, Out::From { bytes, addr }))
    }

    /// `read(2)`.
    pub(super) async fn read(&mut self, fd: Fd, buf: OutBuf) -> Answer {
        self.check_room_of(&buf)?;
        let raw = self.raw(fd);
        let once =
            |buf: &OutBuf, into: &mut Vec<u8>| sys::read(raw, buf, into).map(|ret| (ret, None));
        let (ret, bytes, _) = self.receive("read", fd, buf, 0, once).await?;
        Ok(Reply::with(ret, Out::Bytes { bytes: Bytes(bytes) }))
    }

    /// `readv(2)`: on a socket what `recvmsg` does, on a pipe one `read`.
    pub(super) async fn readv(&mut self, fd: Fd, iov: Vec<OutBuf>, count: i32) -> Answer {
        if !(0..=1024).contains(&count) {
            return Err(Errno::EINVAL.into());
        }
        let is_pipe = self.file(fd).is_some_and(|file| !file.shared.is_socket());
        if is_pipe {
            if iov.iter().any(|buf| !buf.ok && buf.len > 0) {
                return Err(Errno::EFAULT.into());
            }
            let room = iov.iter().fold(0_u64, |n, buf| n.saturating_add(buf.len));
            return self.read(fd, OutBuf::of(room)).await;
        }
        let iov_len = iov.len() as u64;
        let name = abi::OutPtr::null();
        let msg = MsgOut { name, name_len: 0, iov, iov_len, control_len: 0 };
        let reply = self.recvmsg(fd, Some(msg), 0).await?;
        let Out::Msg { bytes, .. } = reply.out else { return Ok(reply) };
        Ok(Reply { ret: reply.ret, out: Out::Bytes { bytes } })
    }

    /// `recvmsg(2)`.
    pub(super) async fn recvmsg(&mut self, fd: Fd, msg: Option<MsgOut>, flags: i32) -> Answer {
        offered::check_recv_flags(flags)?;
        let raw = self.raw(fd);
        let Some(msg) = msg else {
            sys::fcntl(raw, libc::F_GETFL, 0)?;
            return Err(Errno::EFAULT.into());
        };
        let total = msg.iov.iter().filter(|b| b.ok).fold(0_u64, |n, b| n.saturating_add(b.len));
        self.session.check_bytes(total)?;
        let want_name = msg.name.ok;
        let control_len = msg.control_len.min(sys::OPTION_MAX as u64) as usize;
        let mut rest = (0, Vec::new(), Vec::new());
        let once = |_: &OutBuf, into: &mut Vec<u8>| {
            let (iov, count) = (&msg.iov, msg.iov_len);
            let flags = flags | consts::MSG_CMSG_CLOEXEC;
            let got = sys::recvmsg(raw, iov, count, want_name, control_len, into, flags)?;
            rest = (got.flags, got.control, got.rights);
            Ok((got.ret, got.addr))
        };
        // Room for more than one attempt would need the vectors cut: MSG_WAITALL on a message
        // header is answered like a plain one.
        let flags_here = flags & !consts::MSG_WAITALL;
        let (ret, bytes, addr) =
            self.receive("recvmsg", fd, OutBuf::of(total), flags_here, once).await?;
        let addr = addr.map(|addr| self.session.names().outward(addr));
        let (control, lost) = self.control_outward(rest.1, rest.2, flags);
        let flags =
            rest.0 | flags & consts::MSG_CMSG_CLOEXEC | if lost { consts::MSG_CTRUNC } else { 0 };
        let control = Bytes(control);
        Ok(Reply::with(ret, Out::Msg { bytes: Bytes(bytes), addr, flags, control }))
    }

    /// `sendmmsg(2)`: one message after the other; an error after the first is left unsaid.
    pub(super) async fn sendmmsg(
        &mut self,
        fd: Fd,
        msgs: Vec<MsgIn>,
        count: u32,
        flags: i32,
    ) -> Answer {
        let mut words = Vec::new();
        for msg in msgs.into_iter().take(count.min(MESSAGES_MAX) as usize) {
            match self.sendmsg(fd, Some(msg), flags).await {
                Ok(reply) => words.push(reply.ret.unwrap_or(0) as u64),
                Err(_) if !words.is_empty() => break,
                Err(stop) => return Err(stop),
            }
        }
        Ok(Reply::with(words.len() as i64, Out::Words { words }))
    }

    /// `recvmmsg(2)`. Its time is looked at only when a message has come (BUGS).
    pub(super) async fn recvmmsg(
        &mut self,
        fd: Fd,
        msgs: Vec<MsgOut>,
        count: u32,
        flags: i32,
        timeout: Ptr<Timespec>,
    ) -> Answer {
        let limit = match timeout {
            Ptr { at: 0, .. } => None,
            Ptr { value: None, .. } => return Err(Errno::EFAULT.into()),
            Ptr { value: Some(time), .. } => {
                let nsec = u32::try_from(time.nsec).ok().filter(|nsec| *nsec < 1_000_000_000);
                let sec = u64::try_from(time.sec).ok();
                let (Some(sec), Some(nsec)) = (sec, nsec) else { return Err(Errno::EINVAL.into()) };
                Some(std::time::Duration::new(sec, nsec))
            }
        };
        let began = std::time::Instant::now();
        let mut received = Vec::new();
        for msg in msgs.into_iter().take(count.min(MESSAGES_MAX) as usize) {
            let first = received.is_empty();
            if !first && limit.is_some_and(|limit| began.elapsed() >= limit) {
                break;
            }
            let waits_for_one = flags & consts::MSG_WAITFORONE != 0 && !first;
            let now = if waits_for_one { consts::MSG_DONTWAIT } else { 0 };
            let flags = flags & !consts::MSG_WAITFORONE | now;
            match self.recvmsg(fd, Some(msg), flags).await {
                Ok(Reply { ret: Ok(len), out: Out::Msg { bytes, addr, flags, control } }) => {
                    let len = u32::try_from(len).unwrap_or(u32::MAX);
                    received.push(Received { len, bytes, addr, flags, control });
                }
                Err(stop) if first => return Err(stop),
                _ => break,
            }
        }
        Ok(Reply::with(received.len() as i64, Out::Msgs { msgs: received }))
    }

    fn check_room_of(&self, buf: &OutBuf) -> Result<(), Stop> {
        if buf.ok {
            self.session.check_bytes(buf.len)?;
        }
        Ok(())
    }

    /// Receives: once, or on a blocking descriptor when there is something; on a blocking stream
    /// until `MSG_WAITALL` or `SO_RCVLOWAT` has its fill. Return value, bytes, sender.
    async fn receive(
        &mut self,
        name: &str,
        fd: Fd,
        buf: OutBuf,
        flags: i32,
        mut once: impl FnMut(&OutBuf, &mut Vec<u8>) -> Result<(i64, Option<SockAddr>), Errno>,
    ) -> Result<(i64, Vec<u8>, Option<SockAddr>), Stop> {
        const NEVER_WAIT: i32 = consts::MSG_DONTWAIT | consts::MSG_OOB | consts::MSG_ERRQUEUE;
        let file = self.file(fd);
        let mut bytes = Vec::new();
        let file = file.filter(|file| flags & NEVER_WAIT == 0 && self.blocks(file));
        let Some(file) = file else {
            let (ret, from) = once(&buf, &mut bytes)?;
            return Ok(self.received(ret, bytes, from));
        };
        let _turn = self.turn(&file.shared.read_turn).await?;
        let target = target(&file, &buf, flags);
        if flags & consts::MSG_PEEK != 0 && target > 1 {
            return self.peek(name, &file, buf, target, once).await;
        }
        let attempt = || match once(&buf, &mut bytes) {
            // A blocking call finds the end of what has none (net/core/datagram.c,
            // __skb_wait_for_more_packets); a non-blocking one does not look for it.
            Err(Errno::EAGAIN) if !file.shared.is_stream() && is_shut(&file) => Ok((0, None)),
            other => other,
        };
        let (mut ret, from) = match self.retry(name, &file, Interest::READABLE, attempt).await {
            // Who asks TCP for nothing waits for something to happen, whatever it is.
            Err(Stop::TimedOut | Stop::Cancelled) if buf.len == 0 && file.shared.is_tcp() => {
                (0, None)
            }
            other => other?,
        };
        while ret > 0 && (ret as u64) < target {
            let rest = OutBuf { len: buf.len - ret as u64, ..buf };
            let mut part = Vec::new();
            let attempt = || {
                if sys::revents(file.raw(), 0) & libc::POLLERR != 0 {
                    return Err(LATER);
                }
                once(&rest, &mut part).map(|(n, _)| n)
            };
            match self.retry(name, &file, Interest::READABLE, attempt).await {
                Ok(n) if n > 0 => ret += n,
                // The end, an error, a time-out: what there is, is the answer.
                _ => break,
            }
            bytes.extend_from_slice(&part);
        }
        Ok(self.received(ret, bytes, from))
    }

    /// `MSG_PEEK` that waits for more than one byte: looks again from the beginning.
    async fn peek(
        &mut self,
        name: &str,
        file: &File,
        buf: OutBuf,
        target: u64,
        mut once: impl FnMut(&OutBuf, &mut Vec<u8>) -> Result<(i64, Option<SockAddr>), Errno>,
    ) -> Result<(i64, Vec<u8>, Option<SockAddr>), Stop> {
        let mut seen = None;
        let mut bytes = Vec::new();
        let attempt = || {
            let got = once(&buf, &mut bytes)?;
            let no_more = libc::POLLRDHUP | libc::POLLHUP | libc::POLLERR;
            let ended = sys::revents(file.raw(), libc::POLLRDHUP) & no_more != 0;
            if (got.0 as u64) < target && !ended {
                seen = Some(got);
                return Err(Errno::EAGAIN);
            }
            Ok(got)
        };
        let result = self.retry(name, file, Interest::READABLE, attempt).await;
        match (result, seen) {
            (Ok((ret, from)), _) | (Err(Stop::TimedOut | Stop::Cancelled), Some((ret, from))) => {
                Ok(self.received(ret, bytes, from))
            }
            (Err(stop), _) => Err(stop),
        }
    }

    fn received<T>(&self, ret: i64, bytes: Vec<u8>, from: T) -> (i64, Vec<u8>, T) {
        self.session.options.metrics.bytes_in(bytes.len() as u64);
        (ret, bytes, from)
    }
}

/// Whether nothing can come any more: `shutdown` of the reading side.
fn is_shut(file: &File) -> bool {
    sys::revents(file.raw(), libc::POLLRDHUP) & libc::POLLRDHUP != 0
}

/// How many bytes a blocking `recv` waits for (`sock_rcvlowat` in include/net/sock.h).
fn target(file: &File, buf: &OutBuf, flags: i32) -> u64 {
    if !file.shared.is_stream() || !buf.ok {
        return 0;
    }
    match flags & consts::MSG_WAITALL != 0 {
        true => buf.len,
        false => (file.shared.lowat.load(Ordering::Relaxed).max(0) as u64).min(buf.len),
    }
}
