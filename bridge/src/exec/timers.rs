//! `eventfd`, `timerfd`: the kernel's own, so `poll` and `epoll` see them beside sockets.

use super::file::{Description, Kind};
use super::wait::Answer;
use super::wait::Making;
use crate::sys;
use abi::syscall::Timer;
use abi::{Fd, Out, Ptr, Reply, consts};
use std::os::fd::OwnedFd;
use std::sync::atomic::Ordering;

impl Making<'_> {
    fn counter(&mut self, fd: OwnedFd, flags: i32) -> Answer {
        let nonblock = flags & consts::O_NONBLOCK != 0;
        let (handle, file) = self.session.add(fd, Description::new(Kind::Counter, nonblock));
        file.cloexec.store(flags & consts::O_CLOEXEC != 0, Ordering::Relaxed);
        Ok(Reply::ok(handle.0.into()))
    }

    /// `eventfd2(2)`.
    pub(super) fn eventfd(&mut self, count: u32, flags: i32) -> Answer {
        self.session.check_room(1)?;
        let fd = sys::eventfd(count, flags)?;
        self.counter(fd, flags)
    }

    /// `timerfd_create(2)`.
    pub(super) fn timerfd_create(&mut self, clock: i32, flags: i32) -> Answer {
        self.session.check_room(1)?;
        let fd = sys::timerfd_create(clock, flags)?;
        self.counter(fd, flags)
    }

    /// `timerfd_settime(2)`.
    pub(super) fn timerfd_settime(&mut self, fd: Fd, flags: i32, timer: &Ptr<Timer>) -> Answer {
        let timer = sys::timerfd_settime(self.raw(fd), flags, timer)?;
        Ok(Reply::with(0, Out::Timer { timer }))
    }

    /// `timerfd_gettime(2)`.
    pub(super) fn timerfd_gettime(&mut self, fd: Fd) -> Answer {
        let timer = sys::timerfd_gettime(self.raw(fd))?;
        Ok(Reply::with(0, Out::Timer { timer }))
    }
}
