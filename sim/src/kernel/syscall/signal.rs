//! Signals: `rt_sigaction`, `rt_sigprocmask`, `kill`, `pause`, `alarm`, `setitimer`.

use super::{Answer, SECOND_NS, nanoseconds, timespec};
use crate::kernel::process::{NO_STACK, Pending, Progress, SIGNALS};
use crate::kernel::signal::bit;
use crate::kernel::wait::{Reason, Source, WaitFor};
use crate::kernel::{Env, Host, INIT, Me, Outcome};
use crate::trace::SignalBy;
use abi::syscall::{SigAction, SigInfo, Timespec};
use abi::{Errno, Out, Pid, Ptr, Reply, consts};

/// Signals that cannot be blocked.
fn unblockable() -> u64 {
    bit(consts::SIGKILL) | bit(consts::SIGSTOP)
}

/// What `sigaction(2)` keeps of `sa_flags`.
const KNOWN_FLAGS: i32 = consts::SA_NOCLDSTOP
    | consts::SA_NOCLDWAIT
    | consts::SA_SIGINFO
    | consts::SA_RESTORER
    | consts::SA_ONSTACK
    | consts::SA_RESTART
    | consts::SA_NODEFER
    | consts::SA_RESETHAND;

impl Host {
    /// rt_sigaction(2)
    pub(super) fn rt_sigaction(&mut self, me: Me, signal: i32, new: Ptr<SigAction>) -> Answer {
        let fixed = signal == consts::SIGKILL || signal == consts::SIGSTOP;
        if !(1..=SIGNALS).contains(&signal) || (fixed && !new.is_null()) {
            return Err(Errno::EINVAL);
        }
        if !new.is_null() && new.value.is_none() {
            return Err(Errno::EFAULT);
        }
        let old = self.process(me.pid).action(signal);
        if let Some(mut action) = new.value {
            // Flags that the kernel does not know are dropped (since Linux 5.11).
            action.flags &= KNOWN_FLAGS;
            self.process_mut(me.pid).actions.insert(signal, action);
            if self.ignores(me.pid, signal) {
                self.forget_signal(me.pid, signal);
            }
        }
        Ok(Reply::with(0, Out::Action { action: old }))
    }

    /// rt_sigprocmask(2)
    pub(super) fn rt_sigprocmask(&mut self, me: Me, how: i32, set: Ptr<u64>) -> Answer {
        if !set.is_null() && set.value.is_none() {
            return Err(Errno::EFAULT);
        }
        let Some(thread) = self.thread_mut(me.tid) else { return Err(Errno::ESRCH) };
        let old = thread.mask;
        if let Some(set) = set.value {
            let new = match how {
                consts::SIG_BLOCK => old | set,
                consts::SIG_UNBLOCK => old & !set,
                consts::SIG_SETMASK => set,
                _ => return Err(Errno::EINVAL),
            };
            thread.mask = new & !unblockable();
        }
        Ok(Reply::with(0, Out::Words { words: vec![old] }))
    }

    /// sigreturn(2): the handler is over; the call that it interrupted is made again.
    pub(super) fn rt_sigreturn(&mut self, env: &mut Env, me: Me) -> Outcome {
        let Some(thread) = self.thread_mut(me.tid) else { return Outcome::Gone };
        if let Some(mask) = thread.saved_masks.pop() {
            thread.mask = mask;
        }
        let words = vec![thread.mask];
        self.finish_call(env, me, &Reply::with(0, Out::Words { words }));
        let Some(thread) = self.thread_mut(me.tid) else { return Outcome::Gone };
        let depth = thread.saved_masks.len();
        let Some(mut pending) = thread.calls.last().cloned() else { return Outcome::Gone };
        // Other handlers still run above it, or a jump has left it.
        if pending.interrupted.is_some_and(|at| at != depth) {
            return Outcome::Gone;
        }
        pending.interrupted = None;
        if let Some(last) = thread.calls.last_mut() {
            last.interrupted = None;
            let call = std::sync::Arc::clone(&pending.call);
            let timed_out = pending.deadline_ns.is_some_and(|at| at <= env.now_ns);
            self.held = pending.held;
            let outcome = self.try_call(env, me, &call, &mut pending, timed_out);
            self.held = None;
            self.after_try(env, me, pending, outcome, None);
        }
        Outcome::Gone
    }

    /// sigsuspend(2)
    pub(super) fn sigsuspend(&mut self, me: Me, mask: u64, pending: &mut Pending) -> Outcome {
        if !matches!(pending.progress, Progress::Mask(_)) {
            let Some(thread) = self.thread_mut(me.tid) else { return Outcome::Gone };
            pending.progress = Progress::Mask(thread.mask);
            thread.mask = mask & !unblockable();
            if let Some(last) = thread.calls.last_mut() {
                last.progress = pending.progress.clone();
            }
        }
        // A signal that was waiting acts as soon as the thread sleeps.
        Outcome::Wait(WaitFor::until(Reason::Signal, None))
    }

    /// kill(2)
    pub(super) fn kill(&mut self, env: &mut Env, me: Me, pid: Pid, signal: i32) -> Outcome {
        if !(0..=SIGNALS).contains(&signal) {
            return Outcome::Done(Reply::err(Errno::EINVAL));
        }
        let group = self.process(me.pid).group;
        let targets: Vec<Pid> = self
            .processes
            .values()
            .filter(|process| match pid.0 {
                n if n > 0 => process.pid == pid,
                0 => process.group == group,
                -1 => process.pid != me.pid,
                n => process.group.0 == n.wrapping_neg(),
            })
            .map(|process| process.pid)
            .collect();
        if targets.is_empty() && pid == INIT {
            // It takes no signals that it has no handlers for.
            let may = self.process(me.pid).uid == 0;
            let ret = if may { Ok(0) } else { Err(Errno::EPERM) };
            return Outcome::Done(Reply { ret, out: Out::None });
        }
        if targets.is_empty() {
            return Outcome::Done(Reply::err(Errno::ESRCH));
        }
        let own = self.process(me.pid);
        let allowed: Vec<Pid> = targets
            .into_iter()
            .filter(|target| {
                let target = self.process(*target);
                let continues = signal == consts::SIGCONT && own.session == target.session;
                continues || own.may_signal(target)
            })
            .collect();
        if allowed.is_empty() {
            return Outcome::Done(Reply::err(Errno::EPERM));
        }
        // The caller has its answer before a signal to itself acts.
        self.finish_call(env, me, &Reply::ok(0));
        if signal != 0 {
            for target in allowed {
                self.send_signal(env, target, signal, SignalBy::Process(me.pid));
            }
        }
        Outcome::Gone
    }

    /// tgkill(2)
    pub(super) fn tgkill(
        &mut self,
        env: &mut Env,
        me: Me,
        pid: Pid,
        tid: Pid,
        signal: i32,
    ) -> Outcome {
        if !(0..=SIGNALS).contains(&signal) || pid.0 <= 0 || tid.0 <= 0 {
            return Outcome::Done(Reply::err(Errno::EINVAL));
        }
        if self.threads.get(&tid) != Some(&pid) {
            return Outcome::Done(Reply::err(Errno::ESRCH));
        }
        self.finish_call(env, me, &Reply::ok(0));
        if signal != 0 {
            let by = SignalBy::Process(me.pid);
            self.send_thread_signal(env, Me { pid, tid }, signal, by);
        }
        Outcome::Gone
    }

    /// sigaltstack(2): kept and told; handlers run on a stack that never overflows.
    pub(super) fn sigaltstack(&mut self, me: Me, new: Ptr<(u64, i32, u64)>) -> Answer {
        const DISABLE: i32 = 2;
        /// `MINSIGSTKSZ` of the kernel, bytes.
        const LEAST: u64 = 2048;
        if !new.is_null() && new.value.is_none() {
            return Err(Errno::EFAULT);
        }
        let old = self.process(me.pid).signal_stack;
        match new.value {
            Some((_, flags, _)) if flags & !(DISABLE | 1) != 0 => return Err(Errno::EINVAL),
            Some((_, DISABLE, _)) => self.process_mut(me.pid).signal_stack = NO_STACK,
            Some((_, _, size)) if size < LEAST => return Err(Errno::ENOMEM),
            Some((at, _, size)) => self.process_mut(me.pid).signal_stack = (at, 0, size),
            None => {}
        }
        Ok(Reply::with(0, Out::Words { words: vec![old.0, old.1 as u64, old.2] }))
    }

    /// pause(2)
    pub(super) fn pause(&mut self) -> Outcome {
        Outcome::Wait(WaitFor::until(Reason::Signal, None))
    }

    /// alarm(2)
    pub(super) fn alarm(&mut self, env: &Env, me: Me, seconds: u32) -> Result<i64, Errno> {
        let alarm = self.process(me.pid).alarm;
        let left = alarm.map_or(0, |(at, _)| at.saturating_sub(env.now_ns));
        let new = (seconds > 0).then(|| (env.now_ns + u64::from(seconds) * SECOND_NS, 0));
        self.set_alarm(me.pid, new);
        // Rounded to the nearest second, but a running alarm never shows 0.
        let rounded = (left + SECOND_NS / 2) / SECOND_NS;
        Ok(if left > 0 { rounded.max(1) as i64 } else { 0 })
    }

    /// setitimer(2)
    pub(super) fn setitimer(
        &mut self,
        env: &mut Env,
        me: Me,
        which: i32,
        value: Timespec,
        interval: Timespec,
    ) -> Answer {
        let words = self.timer_words(env, me, which)?;
        let (value, interval) = (nanoseconds(value)?, nanoseconds(interval)?);
        let alarm = |now: u64| (value > 0).then_some((now.saturating_add(value), interval));
        match which {
            consts::ITIMER_REAL => self.set_alarm(me.pid, alarm(env.now_ns)),
            which => {
                let process = self.process_mut(me.pid);
                process.cpu_alarms[usize::from(which == consts::ITIMER_PROF)] =
                    alarm(process.cpu_ns.0);
            }
        }
        Ok(Reply::with(0, Out::Words { words }))
    }

    /// Interval and rest of an interval timer, seconds and nanoseconds.
    fn timer_words(&self, env: &Env, me: Me, which: i32) -> Result<Vec<u64>, Errno> {
        let process = self.process(me.pid);
        let (alarm, now) = match which {
            consts::ITIMER_REAL => (process.alarm, env.now_ns),
            consts::ITIMER_VIRTUAL => (process.cpu_alarms[0], process.cpu_ns.0),
            consts::ITIMER_PROF => (process.cpu_alarms[1], process.cpu_ns.0),
            _ => return Err(Errno::EINVAL),
        };
        let (left, period) = alarm.map_or((0, 0), |(at, period)| (at.saturating_sub(now), period));
        let times = [timespec(period), timespec(left)].into_iter();
        Ok(times.flat_map(|time| [time.sec as u64, time.nsec as u64]).collect())
    }

    /// getitimer(2)
    pub(super) fn getitimer(&mut self, env: &Env, me: Me, which: i32) -> Answer {
        let words = self.timer_words(env, me, which)?;
        Ok(Reply::with(0, Out::Words { words }))
    }

    /// rt_sigpending(2)
    pub(super) fn rt_sigpending(&mut self, me: Me) -> Answer {
        let process = self.process(me.pid);
        let thread = self.thread(me.tid).ok_or(Errno::ESRCH)?;
        let words = vec![(process.pending | thread.pending) & thread.mask];
        Ok(Reply::with(0, Out::Words { words }))
    }

    /// rt_sigtimedwait(2)
    pub(super) fn rt_sigtimedwait(
        &mut self,
        env: &Env,
        me: Me,
        set: Ptr<u64>,
        timeout: Ptr<Timespec>,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        let Some(set) = set.value else { return refuse(Errno::EFAULT) };
        let limit = match (timeout.at, timeout.value) {
            (0, _) => None,
            (_, None) => return refuse(Errno::EFAULT),
            (_, Some(time)) => match nanoseconds(time) {
                Ok(ns) => Some(ns),
                Err(errno) => return refuse(errno),
            },
        };
        if let Some(info) = self.take_signal(me, set & !unblockable()) {
            return Outcome::Done(Reply::with(i64::from(info.signal), Out::SigInfo { info }));
        }
        if timed_out || limit == Some(0) {
            return refuse(Errno::EAGAIN);
        }
        let mut wait = WaitFor::on(Reason::Signal, Source::Signals(me.pid));
        wait.restarts = false;
        wait.deadline_ns = pending.deadline_ns.or(limit.map(|ns| env.now_ns.saturating_add(ns)));
        pending.deadline_ns = wait.deadline_ns;
        Outcome::Wait(wait)
    }

    /// rt_sigqueueinfo(2), as `sigqueue(3)` makes it.
    pub(super) fn rt_sigqueueinfo(
        &mut self,
        env: &mut Env,
        me: Me,
        pid: Pid,
        signal: i32,
        value: i64,
    ) -> Outcome {
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        if !(0..=SIGNALS).contains(&signal) {
            return refuse(Errno::EINVAL);
        }
        let own = self.process(me.pid);
        let uid = own.uid;
        match self.processes.get(&pid) {
            None => return refuse(Errno::ESRCH),
            Some(target) if !own.may_signal(target) => return refuse(Errno::EPERM),
            Some(_) => {}
        }
        self.finish_call(env, me, &Reply::ok(0));
        if signal != 0 {
            let code = consts::SI_QUEUE;
            let info = SigInfo { signal, code, pid: me.pid.0, uid, value };
            self.send_signal_with(env, pid, signal, SignalBy::Process(me.pid), Some(info));
        }
        Outcome::Gone
    }
}
