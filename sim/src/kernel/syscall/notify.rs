//! `eventfd2`, `timerfd_create`, `timerfd_settime`, `timerfd_gettime`, `signalfd4`, and reading and
//! writing what they make.

use super::file::bytes_reply;
use super::timers::from_wall;
use super::{Answer, may_sleep, nanoseconds, timespec};
use crate::kernel::fd::Object;
use crate::kernel::notify::{EVENT_MAX, Event, SignalFd, TimerFd};
use crate::kernel::notify::{SIGINFO_LEN, signalfd_siginfo};
use crate::kernel::signal::bit;
use crate::kernel::wait::{Reason, Source, WaitFor};
use crate::kernel::{Env, Host, Me, Outcome};
use abi::syscall::Timer;
use abi::{Errno, Fd, Out, Ptr, Reply, consts};

impl Host {
    /// eventfd(2)
    pub(super) fn eventfd2(&mut self, me: Me, count: u32, flags: i32) -> Result<i64, Errno> {
        let known = consts::EFD_CLOEXEC | consts::EFD_NONBLOCK | consts::EFD_SEMAPHORE;
        if flags & !known != 0 {
            return Err(Errno::EINVAL);
        }
        let id = self.new_id();
        let semaphore = flags & consts::EFD_SEMAPHORE != 0;
        let fd = self.open_event(me, Object::Event(id), flags)?;
        self.events.insert(id, Event { count: u64::from(count), semaphore });
        Ok(fd)
    }

    fn open_event(&mut self, me: Me, object: Object, flags: i32) -> Result<i64, Errno> {
        let status = consts::O_RDWR | flags & consts::O_NONBLOCK;
        let cloexec = flags & consts::O_CLOEXEC != 0;
        self.open(me.pid, object, status, cloexec).map(|fd| i64::from(fd.0))
    }

    pub(super) fn read_event(&mut self, fd: Fd, id: u32, len: usize, flags: i32) -> Outcome {
        if len < 8 {
            return Outcome::Done(Reply::err(Errno::EINVAL));
        }
        let Some(event) = self.events.get_mut(&id) else {
            return Outcome::Done(Reply::err(Errno::EBADF));
        };
        if event.count == 0 {
            return wait_or_refuse(Reason::Data(fd), Source::Event(id), flags);
        }
        let taken = if event.semaphore { 1 } else { event.count };
        event.count -= taken;
        self.touch(Source::Event(id));
        Outcome::Done(bytes_reply(taken.to_le_bytes().to_vec()))
    }

    pub(super) fn write_event(&mut self, fd: Fd, id: u32, bytes: &[u8], flags: i32) -> Outcome {
        let Ok(value) = <[u8; 8]>::try_from(bytes).map(u64::from_le_bytes) else {
            return Outcome::Done(Reply::err(Errno::EINVAL));
        };
        if value == u64::MAX {
            return Outcome::Done(Reply::err(Errno::EINVAL));
        }
        let Some(event) = self.events.get_mut(&id) else {
            return Outcome::Done(Reply::err(Errno::EBADF));
        };
        if EVENT_MAX - event.count < value {
            return wait_or_refuse(Reason::Room(fd), Source::Event(id), flags);
        }
        event.count += value;
        self.touch(Source::Event(id));
        Outcome::Done(Reply::ok(8))
    }

    /// timerfd_create(2)
    pub(super) fn timerfd_create(&mut self, me: Me, clock: i32, flags: i32) -> Result<i64, Errno> {
        let known = [consts::CLOCK_REALTIME, consts::CLOCK_MONOTONIC, consts::CLOCK_BOOTTIME];
        if flags & !(consts::TFD_CLOEXEC | consts::TFD_NONBLOCK) != 0 || !known.contains(&clock) {
            return Err(Errno::EINVAL);
        }
        let id = self.new_id();
        let fd = self.open_event(me, Object::Timer(id), flags)?;
        self.timer_fds.insert(id, TimerFd { clock, at_ns: None, period_ns: 0, ticks: 0 });
        Ok(fd)
    }

    fn timer_of(&self, me: Me, fd: Fd) -> Result<(u32, TimerFd), Errno> {
        match self.object(me.pid, fd)?.0 {
            Object::Timer(id) => Ok((id, *self.timer_fds.get(&id).ok_or(Errno::EBADF)?)),
            _ => Err(Errno::EINVAL),
        }
    }

    /// timerfd_settime(2)
    pub(super) fn timerfd_settime(
        &mut self,
        env: &Env,
        me: Me,
        fd: Fd,
        flags: i32,
        timer: Ptr<Timer>,
    ) -> Answer {
        let new = timer.value.ok_or(Errno::EFAULT)?;
        let known = consts::TFD_TIMER_ABSTIME | consts::TFD_TIMER_CANCEL_ON_SET;
        let (value, period) = match (nanoseconds(new.value), nanoseconds(new.interval)) {
            (Ok(value), Ok(period)) if flags & !known == 0 => (value, period),
            _ => return Err(Errno::EINVAL),
        };
        let (id, old) = self.timer_of(me, fd)?;
        let at = if value == 0 {
            None
        } else if flags & consts::TFD_TIMER_ABSTIME == 0 {
            Some(env.now_ns.saturating_add(value))
        } else if old.clock == consts::CLOCK_REALTIME {
            Some(from_wall(self, env.now_ns, value))
        } else {
            Some(value.max(env.now_ns))
        };
        self.set_timer(id, at, period);
        if let Some(timer) = self.timer_fds.get_mut(&id) {
            timer.ticks = 0;
        }
        // An absolute time that has passed expires at once.
        if at.is_some_and(|at| at <= env.now_ns) {
            self.timer_expires(id, env.now_ns);
        }
        Ok(Reply::with(0, Out::Timer { timer: left(old, env.now_ns) }))
    }

    /// timerfd_gettime(2)
    pub(super) fn timerfd_gettime(&mut self, env: &Env, me: Me, fd: Fd) -> Answer {
        let (_, timer) = self.timer_of(me, fd)?;
        Ok(Reply::with(0, Out::Timer { timer: left(timer, env.now_ns) }))
    }

    pub(super) fn read_timer(&mut self, id: u32, len: usize, flags: i32) -> Outcome {
        if len < 8 {
            return Outcome::Done(Reply::err(Errno::EINVAL));
        }
        let Some(timer) = self.timer_fds.get_mut(&id) else {
            return Outcome::Done(Reply::err(Errno::EBADF));
        };
        if timer.ticks == 0 {
            return wait_or_refuse(Reason::Time, Source::Timer(id), flags);
        }
        let ticks = std::mem::take(&mut timer.ticks);
        Outcome::Done(bytes_reply(ticks.to_le_bytes().to_vec()))
    }

    /// signalfd(2)
    pub(super) fn signalfd4(
        &mut self,
        me: Me,
        fd: Fd,
        mask: Ptr<u64>,
        flags: i32,
    ) -> Result<i64, Errno> {
        let mask = mask.value.ok_or(Errno::EFAULT)?;
        if flags & !(consts::SFD_CLOEXEC | consts::SFD_NONBLOCK) != 0 {
            return Err(Errno::EINVAL);
        }
        let mask = mask & !(bit(consts::SIGKILL) | bit(consts::SIGSTOP));
        if fd.0 != -1 {
            let Object::Signals(id) = self.object(me.pid, fd)?.0 else { return Err(Errno::EINVAL) };
            self.signal_fds.insert(id, SignalFd { mask, owner: me.pid });
            self.touch(Source::Signals(me.pid));
            return Ok(i64::from(fd.0));
        }
        let id = self.new_id();
        let new = self.open_event(me, Object::Signals(id), flags)?;
        self.signal_fds.insert(id, SignalFd { mask, owner: me.pid });
        Ok(new)
    }

    pub(super) fn read_signals(&mut self, me: Me, id: u32, len: usize, flags: i32) -> Outcome {
        if len < SIGINFO_LEN {
            return Outcome::Done(Reply::err(Errno::EINVAL));
        }
        let Some(mask) = self.signal_fds.get(&id).map(|fd| fd.mask) else {
            return Outcome::Done(Reply::err(Errno::EBADF));
        };
        let mut bytes = Vec::new();
        while bytes.len() + SIGINFO_LEN <= len {
            let Some(info) = self.take_signal(me, mask) else { break };
            bytes.extend(signalfd_siginfo(&info));
        }
        if bytes.is_empty() {
            return wait_or_refuse(Reason::Signal, Source::Signals(me.pid), flags);
        }
        Outcome::Done(bytes_reply(bytes))
    }
}

fn wait_or_refuse(reason: Reason, source: Source, flags: i32) -> Outcome {
    if may_sleep(flags, 0) {
        Outcome::Wait(WaitFor::on(reason, source))
    } else {
        Outcome::Done(Reply::err(Errno::EAGAIN))
    }
}

/// What is left of a timer.
fn left(timer: TimerFd, now_ns: u64) -> Timer {
    let value = timer.at_ns.map_or(0, |at| at.saturating_sub(now_ns).max(1));
    Timer { interval: timespec(timer.period_ns), value: timespec(value) }
}
