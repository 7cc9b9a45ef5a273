//! signalfd: the signals are here; its descriptor is an eventfd of the session, which holds
//! something as long as there is a signal to be read, so that `poll` and `epoll` see it. See
//! `signalfd(2)`.
//!
//! Missing: a descriptor that another process reads gives its own signals, as on Linux, but is
//! ready for those of its maker.

use crate::calls::Now;
use crate::process::{On, Source, Target};
use crate::{Caller, Run};
use abi::syscall::{Bytes, InBuf, OutBuf, Ptr};
use abi::{Errno, Fd, Out, Pid, Reply, Syscall, consts};
use sim::kernel::notify::{SIGINFO_LEN, signalfd_siginfo};

/// As much as an eventfd holds: it is readable then, and not writable.
const FULL: u64 = u64::MAX - 1;

/// A signalfd, by the handle of its eventfd.
pub(crate) struct SignalFd {
    maker: Pid,
    mask: u64,
    nonblock: bool,
    /// Whether the eventfd holds something.
    lit: bool,
}

impl Run {
    /// `signalfd4(2)`.
    pub(crate) fn signalfd(&mut self, caller: Caller, fd: Fd, mask: &Ptr<u64>, flags: i32) -> Now {
        let error = |errno| Now::Reply(Reply::err(errno));
        let Some(mask) = mask.value else { return error(Errno::EFAULT) };
        if flags & !(consts::SFD_CLOEXEC | consts::SFD_NONBLOCK) != 0 {
            return error(Errno::EINVAL);
        }
        let target = self.processes.get(&caller.pid).and_then(|process| process.target(fd));
        match target {
            _ if fd.0 == -1 => {
                let ticket = self.order(Some(caller), Syscall::Eventfd2 { count: 0, flags });
                Now::Waits(On::Ticket(ticket), None)
            }
            None => error(Errno::EBADF),
            Some(Target::Handle(handle)) if self.signal_fds.contains_key(&handle) => {
                self.signal_fds.entry(handle).and_modify(|signals| signals.mask = mask);
                Now::Reply(Reply::ok(fd.0.into()))
            }
            Some(_) => error(Errno::EINVAL),
        }
    }

    /// What of a signalfd is here, when the session has made its eventfd or set `O_NONBLOCK`.
    pub(crate) fn note_signalfd(&mut self, pid: Pid, call: &Syscall, reply: &Reply) {
        let Ok(ret) = reply.ret else { return };
        match call {
            Syscall::Signalfd4 { mask: Ptr { value: Some(mask), .. }, flags, .. } => {
                let nonblock = flags & consts::SFD_NONBLOCK != 0;
                let signals = SignalFd { maker: pid, mask: *mask, nonblock, lit: false };
                self.signal_fds.insert(Fd(i32::try_from(ret).unwrap_or(-1)), signals);
            }
            Syscall::Fcntl { fd, cmd: consts::F_SETFL, arg } => {
                let target = self.processes.get(&pid).and_then(|process| process.target(*fd));
                let Some(Target::Handle(handle)) = target else { return };
                let nonblock = arg & i64::from(consts::O_NONBLOCK) != 0;
                self.signal_fds.entry(handle).and_modify(|signals| signals.nonblock = nonblock);
            }
            _ => {}
        }
    }

    /// `read(2)`, if the descriptor is a signalfd: whole `struct signalfd_siginfo`s.
    pub(crate) fn read_signals(&mut self, caller: Caller, fd: Fd, buf: OutBuf) -> Option<Now> {
        let process = self.processes.get_mut(&caller.pid)?;
        let Some(Target::Handle(handle)) = process.target(fd) else { return None };
        let signals = self.signal_fds.get(&handle)?;
        let room = buf.len / SIGINFO_LEN as u64;
        if room == 0 {
            return Some(Now::Reply(Reply::err(Errno::EINVAL)));
        }
        let next = || process.signals.take(caller.tid, signals.mask);
        let taken = std::iter::from_fn(next).take(room as usize);
        let bytes: Vec<u8> = taken.flat_map(|info| signalfd_siginfo(&info)).collect();
        Some(match bytes.is_empty() {
            false if !buf.ok => Now::Reply(Reply::err(Errno::EFAULT)),
            false => {
                let (ret, bytes) = (bytes.len() as i64, Bytes(bytes));
                Now::Reply(Reply::with(ret, Out::Bytes { bytes }))
            }
            true if signals.nonblock => Now::Reply(Reply::err(Errno::EAGAIN)),
            true => Now::Waits(On::Change(Source::SignalFd(handle)), None),
        })
    }

    /// The eventfds say what there is now, before anybody asks.
    pub(crate) fn light_signalfds(&mut self) {
        let mut changed = Vec::new();
        for (handle, signals) in &mut self.signal_fds {
            let maker = self.processes.get(&signals.maker);
            let waiting = maker.map_or(0, |maker| maker.signals.waiting(maker.pid));
            let ready = waiting & signals.mask != 0;
            if ready != signals.lit {
                signals.lit = ready;
                changed.push((*handle, ready));
            }
        }
        for (fd, ready) in changed {
            let call = match ready {
                true => Syscall::Write { fd, buf: InBuf::of(&FULL.to_ne_bytes()) },
                false => Syscall::Read { fd, buf: OutBuf::of(8) },
            };
            self.order(None, call);
            self.touch(Source::SignalFd(fd));
        }
    }
}
