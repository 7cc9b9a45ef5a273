//! Clocks, sleeping and alarms. See `time(7)`.

use super::{Now, duration_ns, error, ok, timespec};
use crate::process::On;
use crate::{Caller, Run};
use abi::syscall::{Ptr, Timespec};
use abi::{Errno, Out, Pid, Reply, Syscall, consts};

impl Run {
    /// Calls that ask for the time or wait for one.
    pub(super) fn on_time(&mut self, caller: Caller, call: &Syscall) -> Option<Now> {
        let pid = caller.pid;
        Some(match call {
            Syscall::ClockGettime { clock } => match self.clock(*clock) {
                Some(ns) => Now::Reply(Reply::with(0, Out::Time { time: timespec(ns) })),
                None => error(Errno::EINVAL),
            },
            Syscall::ClockNanosleep { clock, request, flags, .. } => {
                self.sleep(*clock, *flags, request)
            }
            Syscall::Alarm { seconds } => {
                let left = self.set_alarm(pid, u64::from(*seconds) * 1_000_000_000, 0);
                // An alarm that is about to go off has a second left.
                ok(if left == 0 { 0 } else { ((left + 500_000_000) / 1_000_000_000).max(1) as i64 })
            }
            Syscall::Setitimer { which: consts::ITIMER_REAL, value, interval } => {
                let words = self.timer_words(pid);
                self.set_alarm(pid, duration_ns(value), duration_ns(interval));
                Now::Reply(Reply::with(0, Out::Words { words }))
            }
            Syscall::Getitimer { which: consts::ITIMER_REAL } => {
                Now::Reply(Reply::with(0, Out::Words { words: self.timer_words(pid) }))
            }
            _ => return None,
        })
    }

    pub(super) fn after(&self, ns: u64) -> u64 {
        self.now.mono_ns.saturating_add(ns)
    }

    fn clock(&self, clock: i32) -> Option<u64> {
        match clock {
            consts::CLOCK_REALTIME | consts::CLOCK_REALTIME_COARSE => Some(self.now.real_ns),
            0..=7 => Some(self.now.mono_ns),
            _ => None,
        }
    }

    fn sleep(&mut self, clock: i32, flags: i32, request: &Ptr<Timespec>) -> Now {
        let Some(time) = request.value.filter(|_| !request.is_null()) else {
            return error(Errno::EFAULT);
        };
        let (Some(now), true) =
            (self.clock(clock), time.sec >= 0 && (0..1_000_000_000).contains(&time.nsec))
        else {
            return error(Errno::EINVAL);
        };
        let wanted = duration_ns(&time);
        let left = match flags & consts::TIMER_ABSTIME != 0 {
            true => wanted.saturating_sub(now),
            false => wanted,
        };
        Now::Waits(On::Time, Some(self.after(left)))
    }

    /// Interval and rest of `ITIMER_REAL`, seconds and nanoseconds.
    fn timer_words(&self, pid: Pid) -> Vec<u64> {
        let alarm = self.processes.get(&pid).and_then(|process| process.alarm);
        let (left, period) =
            alarm.map_or((0, 0), |(at, period)| (at.saturating_sub(self.now.mono_ns), period));
        let words = [timespec(period), timespec(left)].map(|t| [t.sec as u64, t.nsec as u64]);
        words.concat()
    }

    /// Sets the alarm; nanoseconds that were left of the one before.
    fn set_alarm(&mut self, pid: Pid, after_ns: u64, interval_ns: u64) -> u64 {
        let now = self.now.mono_ns;
        let at = self.after(after_ns);
        let Some(process) = self.processes.get_mut(&pid) else { return 0 };
        let before = process.alarm.take();
        process.alarm = (after_ns > 0).then_some((at, interval_ns));
        before.map_or(0, |(at, _)| at.saturating_sub(now).max(1))
    }
}
