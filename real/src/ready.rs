//! `poll` and `select` over the session's handles and what lives here: the terminal, files.
//!
//! The kernel is asked about its part, without waiting if something here is ready already; its
//! answer is completed with ours. Input that comes meanwhile ends the kernel's part.

use crate::calls::Now;
use crate::process::{On, Target};
use crate::{Caller, Run};
use abi::syscall::{FdSets, Timespec};
use abi::{Errno, Fd, Out, Pid, Reply, Syscall, consts};

const IN: i16 = (consts::POLLIN | consts::POLLRDNORM) as i16;
const OUT: i16 = (consts::POLLOUT | consts::POLLWRNORM) as i16;

/// `poll` or `select` with nothing ready.
pub(crate) fn nothing(call: &Syscall) -> Reply {
    match call {
        Syscall::Poll { fds, .. } => {
            let revents = vec![0; fds.value.as_ref().map_or(0, Vec::len)];
            Reply::with(0, Out::Revents { revents })
        }
        _ => Reply::with(
            0,
            Out::Selected { read: vec![], write: vec![], except: vec![], left: None },
        ),
    }
}

impl Run {
    /// `poll(2)`, `select(2)`.
    pub(crate) fn ready(&mut self, caller: Caller, call: &Syscall) -> Now {
        let mut asks_terminal = false;
        let mut asks_kernel = false;
        let mut here = false;
        for (fd, events) in asked(call) {
            match self.processes.get(&caller.pid).and_then(|process| process.target(fd)) {
                Some(Target::Terminal(_)) => {
                    asks_terminal |= events & IN != 0;
                    here |= self.is_ready(caller.pid, fd, events) != 0;
                }
                Some(Target::File(_)) => here |= self.is_ready(caller.pid, fd, events) != 0,
                Some(Target::Handle(_)) | None => asks_kernel = true,
            }
        }
        if let Syscall::Select { .. } = call
            && asked(call).any(|(fd, _)| {
                self.processes.get(&caller.pid).is_none_or(|p| p.target(fd).is_none())
            })
        {
            return Now::Reply(Reply::err(Errno::EBADF));
        }
        let timeout = timeout_ns(call);
        let is_local = asks_terminal || here;
        if !asks_kernel && is_local {
            if here || timeout == Some(0) {
                return Now::Reply(self.as_seen(caller.pid, call, nothing(call)));
            }
            let deadline = timeout.map(|ns| self.now.mono_ns.saturating_add(ns));
            return Now::Waits(On::Ready { ticket: None, terminal: true }, deadline);
        }
        let Some(process) = self.processes.get(&caller.pid) else { return Now::Over };
        let mut made = process.to_handles(call);
        if here {
            at_once(&mut made);
        }
        let ticket = self.order(Some(caller), made);
        Now::Waits(On::Ready { ticket: Some(ticket), terminal: asks_terminal }, None)
    }

    /// What is ready now of what was asked, of something that lives here.
    fn is_ready(&self, pid: Pid, fd: Fd, events: i16) -> i16 {
        let Some(process) = self.processes.get(&pid) else { return 0 };
        let can = match process.target(fd) {
            Some(Target::Terminal(_)) => {
                let typed = self.terminals.get(process.program).is_some_and(|t| t.readable());
                if typed { IN | OUT } else { OUT }
            }
            Some(Target::File(_)) => IN | OUT,
            Some(Target::Handle(_)) | None => 0,
        };
        can & events
    }

    /// The kernel's answer to `poll` or `select` with descriptors for handles, completed by what
    /// is ready here.
    pub(crate) fn completed(&self, pid: Pid, call: &Syscall, reply: Reply) -> Reply {
        // Input that came ends the kernel's wait as a signal would.
        let here = asked(call).any(|(fd, events)| self.is_ready(pid, fd, events) != 0);
        let reply = if reply.ret == Err(Errno::EINTR) && here { nothing(call) } else { reply };
        match (call, &reply.out, reply.ret) {
            (Syscall::Poll { .. }, Out::Revents { revents }, Ok(_)) => {
                let entries = entries(call).iter().zip(revents);
                let revents: Vec<i16> = entries
                    .map(|(entry, kernel)| kernel | self.is_ready(pid, entry.fd, entry.events))
                    .collect();
                let count = revents.iter().filter(|revents| **revents != 0).count();
                Reply::with(count as i64, Out::Revents { revents })
            }
            (Syscall::Select { sets, .. }, Out::Selected { read, write, except, left }, Ok(_)) => {
                let Some(process) = self.processes.get(&pid) else { return reply };
                let seen = |asked: &Option<Vec<Fd>>, kernel: &[Fd], events: i16| -> Vec<Fd> {
                    let ready = |fd: &&Fd| match process.target(**fd) {
                        Some(Target::Handle(handle)) => kernel.contains(&handle),
                        _ => self.is_ready(pid, **fd, events) != 0,
                    };
                    asked.iter().flatten().filter(ready).copied().collect()
                };
                let read = seen(&sets.read, read, IN);
                let write = seen(&sets.write, write, OUT);
                let except = seen(&sets.except, except, 0);
                let count = read.len() + write.len() + except.len();
                Reply::with(count as i64, Out::Selected { read, write, except, left: *left })
            }
            _ => reply,
        }
    }
}

fn entries(call: &Syscall) -> &[abi::PollFd] {
    match call {
        Syscall::Poll { fds, .. } => fds.value.as_deref().unwrap_or_default(),
        _ => &[],
    }
}

/// Every descriptor that the call asks about, with what is asked.
fn asked(call: &Syscall) -> impl Iterator<Item = (Fd, i16)> {
    let none = FdSets::default();
    let FdSets { read, write, except } = match call {
        Syscall::Select { sets, .. } => sets.clone(),
        _ => none,
    };
    let polled: Vec<(Fd, i16)> = entries(call)
        .iter()
        .filter(|entry| entry.fd.0 >= 0)
        .map(|entry| (entry.fd, entry.events))
        .collect();
    let set = |fds: Option<Vec<Fd>>, events: i16| {
        fds.unwrap_or_default().into_iter().map(move |fd| (fd, events))
    };
    polled.into_iter().chain(set(read, IN)).chain(set(write, OUT)).chain(set(except, 0))
}

/// How long the call may wait, nanoseconds; `None` is for ever.
fn timeout_ns(call: &Syscall) -> Option<u64> {
    match call {
        Syscall::Poll { timeout_ms, .. } => {
            u64::try_from(*timeout_ms).ok().map(|ms| ms * 1_000_000)
        }
        Syscall::Select { timeout, .. } => timeout.value.as_ref().map(crate::calls::duration_ns),
        _ => None,
    }
}

/// Makes the call ask without waiting.
fn at_once(call: &mut Syscall) {
    match call {
        Syscall::Poll { timeout_ms, .. } => *timeout_ms = 0,
        Syscall::Select { timeout, .. } => *timeout = abi::Ptr::to(Timespec::default()),
        _ => {}
    }
}
