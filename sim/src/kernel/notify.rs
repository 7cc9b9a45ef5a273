//! Events as descriptors: `eventfd(2)`, `timerfd_create(2)`, `signalfd(2)`.

use crate::kernel::Host;
use crate::kernel::wait::Source;
use abi::syscall::SigInfo;
use abi::{Pid, consts};

/// What the counter of an eventfd can hold at most.
pub const EVENT_MAX: u64 = u64::MAX - 1;

/// An eventfd.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Event {
    /// The counter.
    pub count: u64,
    /// `EFD_SEMAPHORE`: a read takes one.
    pub semaphore: bool,
}

/// A timerfd.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimerFd {
    /// `CLOCK_*`.
    pub clock: i32,
    /// When it expires next, nanoseconds of the world's time.
    pub at_ns: Option<u64>,
    /// Period, nanoseconds; 0 is once.
    pub period_ns: u64,
    /// Expirations that nobody has read.
    pub ticks: u64,
}

/// A signalfd.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignalFd {
    /// Which signals it gives, bit `signo - 1`.
    pub mask: u64,
    /// Whose: the process that made it. (In Linux: whoever reads.)
    pub owner: Pid,
}

/// What a host's alarm clock rings for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Ring {
    /// `ITIMER_REAL` of a process.
    Process(Pid),
    /// A timerfd.
    Timer(u32),
    /// A timer of `timer_create(2)`: whose, and its number.
    Posix(Pid, i32),
}

impl Event {
    /// `poll(2)`'s view.
    pub fn readiness(&self) -> i32 {
        let mut events = 0;
        if self.count > 0 {
            events |= consts::POLLIN;
        }
        if self.count < EVENT_MAX {
            events |= consts::POLLOUT;
        }
        events
    }
}

impl Host {
    /// Arms or disarms a process's `ITIMER_REAL`: when (nanoseconds) and period.
    pub(crate) fn set_alarm(&mut self, pid: Pid, alarm: Option<(u64, u64)>) {
        let process = self.process_mut(pid);
        let old = std::mem::replace(&mut process.alarm, alarm);
        if let Some((at, _)) = old {
            self.rings.remove(&(at, Ring::Process(pid)));
        }
        if let Some((at, _)) = alarm {
            self.rings.insert((at, Ring::Process(pid)));
        }
    }

    /// Arms or disarms a timerfd.
    pub(crate) fn set_timer(&mut self, id: u32, at_ns: Option<u64>, period_ns: u64) {
        let Some(timer) = self.timer_fds.get_mut(&id) else { return };
        let old = std::mem::replace(&mut timer.at_ns, at_ns);
        timer.period_ns = period_ns;
        if let Some(at) = old {
            self.rings.remove(&(at, Ring::Timer(id)));
        }
        if let Some(at) = at_ns {
            self.rings.insert((at, Ring::Timer(id)));
        }
    }

    /// The last descriptor of a timerfd was closed.
    pub(crate) fn close_timer(&mut self, id: u32) {
        self.set_timer(id, None, 0);
        self.timer_fds.remove(&id);
    }

    /// A timerfd expires.
    pub(crate) fn timer_expires(&mut self, id: u32, now_ns: u64) {
        let Some(timer) = self.timer_fds.get_mut(&id) else { return };
        let Some(at) = timer.at_ns else { return };
        timer.ticks += 1;
        let period = timer.period_ns;
        let next = (period > 0).then(|| {
            // Expirations that were missed count too.
            let missed = now_ns.saturating_sub(at) / period;
            timer.ticks += missed;
            at + period * (missed + 1)
        });
        self.set_timer(id, next, period);
        self.touch(Source::Timer(id));
    }

    /// Signals that a signalfd could give now, bit `signo - 1`.
    pub(crate) fn signals_for(&self, fd: SignalFd) -> u64 {
        let Some(process) = self.processes.get(&fd.owner) else { return 0 };
        let threads = process.threads.values().fold(0, |all, thread| all | thread.pending);
        (process.pending | threads) & fd.mask
    }
}

/// `sizeof(struct signalfd_siginfo)`.
pub const SIGINFO_LEN: usize = 128;

/// `struct signalfd_siginfo`.
pub fn signalfd_siginfo(info: &SigInfo) -> Vec<u8> {
    let mut bytes = vec![0; SIGINFO_LEN];
    let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
    put(0, &info.signal.to_le_bytes());
    put(8, &info.code.to_le_bytes());
    put(12, &info.pid.to_le_bytes());
    put(16, &info.uid.to_le_bytes());
    if info.signal == consts::SIGCHLD {
        put(40, &(info.value as i32).to_le_bytes());
    } else {
        put(44, &(info.value as i32).to_le_bytes());
        put(48, &info.value.to_le_bytes());
    }
    bytes
}
