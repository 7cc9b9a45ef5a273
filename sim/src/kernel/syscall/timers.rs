//! `timer_create`, `timer_settime`, `timer_gettime`, `timer_getoverrun`, `timer_delete`.
//!
//! Missing: `SIGEV_THREAD` (libc refuses it) and the clocks of processor time.

use super::{Answer, SECOND_NS, nanoseconds, timespec};
use crate::kernel::notify::Ring;
use crate::kernel::process::{PosixTimer, SIGNALS};
use crate::kernel::{Env, Host, Me};
use crate::trace::SignalBy;
use abi::syscall::{SigEvent, SigInfo, Timer};
use abi::{Errno, Out, OutPtr, Pid, Ptr, Reply, consts};

/// A time on the wall clock as one of the world's, nanoseconds; the past is now.
pub(super) fn from_wall(host: &Host, now_ns: u64, wall_ns: u64) -> u64 {
    let (sec, nsec) = host.wall_clock(now_ns);
    let shown = sec.max(0) as u64 * SECOND_NS + nsec as u64;
    now_ns.saturating_add(wall_ns.saturating_sub(shown))
}

/// Whether a `sigevent` says what can be done: `good_sigevent` of Linux.
fn is_good(event: &SigEvent) -> bool {
    match event.notify {
        consts::SIGEV_NONE => true,
        consts::SIGEV_SIGNAL | consts::SIGEV_THREAD_ID => (1..=SIGNALS).contains(&event.signal),
        _ => false,
    }
}

impl Host {
    /// timer_create(2)
    pub(super) fn timer_create(
        &mut self,
        me: Me,
        clock: i32,
        event: Ptr<SigEvent>,
        id: OutPtr,
    ) -> Answer {
        if !event.is_null() && event.value.is_none() {
            return Err(Errno::EFAULT);
        }
        let known = [consts::CLOCK_REALTIME, consts::CLOCK_MONOTONIC, consts::CLOCK_BOOTTIME];
        if !known.contains(&clock) {
            return Err(Errno::EINVAL);
        }
        let timers = &self.process(me.pid).timers;
        let number = timers.last_key_value().map_or(0, |(last, _)| last + 1);
        let default = SigEvent {
            notify: consts::SIGEV_SIGNAL,
            signal: consts::SIGALRM,
            value: i64::from(number),
        };
        let event = event.value.unwrap_or(default);
        if !is_good(&event) {
            return Err(Errno::EINVAL);
        }
        if !id.ok {
            return Err(Errno::EFAULT);
        }
        let timer = PosixTimer { clock, event, at_ns: None, period_ns: 0, missed: 0, overrun: 0 };
        self.process_mut(me.pid).timers.insert(number, timer);
        Ok(Reply::with(0, Out::Words { words: vec![number as u64] }))
    }

    fn posix_timer(&mut self, pid: Pid, id: i32) -> Result<&mut PosixTimer, Errno> {
        self.process_mut(pid).timers.get_mut(&id).ok_or(Errno::EINVAL)
    }

    /// timer_settime(2)
    pub(super) fn timer_settime(
        &mut self,
        env: &mut Env,
        me: Me,
        id: i32,
        flags: i32,
        new: Ptr<Timer>,
    ) -> Answer {
        let new = match (new.is_null(), new.value) {
            (true, _) => return Err(Errno::EINVAL),
            (false, None) => return Err(Errno::EFAULT),
            (false, Some(new)) => new,
        };
        let (value, period) = (nanoseconds(new.value)?, nanoseconds(new.interval)?);
        let old = *self.posix_timer(me.pid, id)?;
        let at = if value == 0 {
            None
        } else if flags & consts::TIMER_ABSTIME == 0 {
            Some(env.now_ns.saturating_add(value))
        } else if old.clock == consts::CLOCK_REALTIME {
            Some(from_wall(self, env.now_ns, value))
        } else {
            Some(value.max(env.now_ns))
        };
        self.arm(me.pid, id, at, period);
        let timer = self.posix_timer(me.pid, id)?;
        (timer.missed, timer.overrun) = (0, 0);
        // A time that has passed rings at once.
        if at.is_some_and(|at| at <= env.now_ns) {
            self.posix_timer_expires(env, me.pid, id);
        }
        Ok(Reply::with(0, Out::Timer { timer: left(old, env.now_ns) }))
    }

    /// timer_gettime(2)
    pub(super) fn timer_gettime(&mut self, env: &Env, me: Me, id: i32, out: OutPtr) -> Answer {
        let timer = *self.posix_timer(me.pid, id)?;
        if !out.ok {
            return Err(Errno::EFAULT);
        }
        Ok(Reply::with(0, Out::Timer { timer: left(timer, env.now_ns) }))
    }

    /// timer_getoverrun(2)
    pub(super) fn timer_getoverrun(&mut self, me: Me, id: i32) -> Result<i64, Errno> {
        Ok(i64::from(self.posix_timer(me.pid, id)?.overrun))
    }

    /// timer_delete(2)
    pub(super) fn timer_delete(&mut self, me: Me, id: i32) -> Result<i64, Errno> {
        self.posix_timer(me.pid, id)?;
        self.arm(me.pid, id, None, 0);
        self.process_mut(me.pid).timers.remove(&id);
        Ok(0)
    }

    fn arm(&mut self, pid: Pid, id: i32, at_ns: Option<u64>, period_ns: u64) {
        let Some(timer) = self.process_mut(pid).timers.get_mut(&id) else { return };
        let old = std::mem::replace(&mut timer.at_ns, at_ns);
        timer.period_ns = period_ns;
        if let Some(at) = old {
            self.rings.remove(&(at, Ring::Posix(pid, id)));
        }
        if let Some(at) = at_ns {
            self.rings.insert((at, Ring::Posix(pid, id)));
        }
    }

    /// All timers of a process are gone: it ended, or became another program.
    pub(crate) fn drop_timers(&mut self, pid: Pid) {
        let ids: Vec<i32> = self.process(pid).timers.keys().copied().collect();
        for id in ids {
            self.arm(pid, id, None, 0);
        }
        self.process_mut(pid).timers.clear();
    }

    /// A timer expires: its signal is sent, or if that is pending still, counted as missed.
    pub(crate) fn posix_timer_expires(&mut self, env: &mut Env, pid: Pid, id: i32) {
        let Some(timer) = self.process(pid).timers.get(&id).copied() else { return };
        let period = timer.period_ns;
        let next = timer.at_ns.filter(|_| period > 0).map(|at| at.max(env.now_ns) + period);
        self.arm(pid, id, next, period);
        if timer.event.notify == consts::SIGEV_NONE {
            return;
        }
        let (signal, code) = (timer.event.signal, consts::SI_TIMER);
        let waiting = self.process(pid).infos.get(&signal);
        let is_mine = |info: &SigInfo| info.code == code && info.pid == id;
        if waiting.is_some_and(|queue| queue.iter().any(is_mine)) {
            if let Ok(timer) = self.posix_timer(pid, id) {
                timer.missed += 1;
            }
            return;
        }
        let info = SigInfo { signal, code, pid: id, uid: 0, value: timer.event.value };
        self.send_signal_with(env, pid, signal, SignalBy::Kernel, Some(info));
    }

    /// A timer's signal is taken: how often it expired meanwhile is told with it.
    pub(crate) fn timer_signal_taken(&mut self, pid: Pid, info: &mut SigInfo) {
        if info.code != consts::SI_TIMER {
            return;
        }
        if let Ok(timer) = self.posix_timer(pid, info.pid) {
            timer.overrun = std::mem::take(&mut timer.missed);
            info.uid = timer.overrun;
        }
    }
}

/// What is left of a timer.
fn left(timer: PosixTimer, now_ns: u64) -> Timer {
    let value = timer.at_ns.map_or(0, |at| at.saturating_sub(now_ns).max(1));
    Timer { interval: timespec(timer.period_ns), value: timespec(value) }
}
