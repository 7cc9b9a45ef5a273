//! Signals: `rt_sigaction`, `rt_sigprocmask`, `kill`, `pause`, `alarm`, `setitimer`.

use super::{Answer, SECOND_NS, nanoseconds, timespec};
use crate::kernel::process::{Pending, Progress, SIGNALS};
use crate::kernel::signal::bit;
use crate::kernel::wait::{Reason, WaitFor};
use crate::kernel::{Env, Host, Me, Outcome};
use crate::trace::SignalBy;
use abi::syscall::{SigAction, Timespec};
use abi::{Errno, Out, Pid, Ptr, Reply, consts};

/// Signals that cannot be blocked.
fn unblockable() -> u64 {
    bit(consts::SIGKILL) | bit(consts::SIGSTOP)
}

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
        if let Some(action) = new.value {
            let process = self.process_mut(me.pid);
            process.actions.insert(signal, action);
            if action.handler == 1 {
                process.pending &= !bit(signal);
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

    /// sigreturn(2): the handler is over; an interrupted call below it is made again.
    pub(super) fn rt_sigreturn(&mut self, env: &mut Env, me: Me) -> Outcome {
        let Some(thread) = self.thread_mut(me.tid) else { return Outcome::Gone };
        if let Some(mask) = thread.saved_masks.pop() {
            thread.mask = mask;
        }
        self.finish_call(env, me, &Reply::ok(0));
        let Some(thread) = self.thread_mut(me.tid) else { return Outcome::Gone };
        if let Some(mut pending) = thread.calls.last().cloned() {
            let call = std::sync::Arc::clone(&pending.call);
            let timed_out = pending.deadline_ns.is_some_and(|at| at <= env.now_ns);
            let outcome = self.try_call(env, me, &call, &mut pending, timed_out);
            self.after_try(env, me, pending, outcome, None);
        }
        Outcome::Gone
    }

    /// sigsuspend(2)
    pub(super) fn sigsuspend(
        &mut self,
        env: &mut Env,
        me: Me,
        mask: u64,
        pending: &mut Pending,
    ) -> Outcome {
        if !matches!(pending.progress, Progress::Mask(_)) {
            let Some(thread) = self.thread_mut(me.tid) else { return Outcome::Gone };
            pending.progress = Progress::Mask(thread.mask);
            thread.mask = mask & !unblockable();
            if let Some(last) = thread.calls.last_mut() {
                last.progress = pending.progress.clone();
            }
            let unblocked = thread.pending | self.process(me.pid).pending;
            if unblocked & !mask != 0 {
                // A signal was waiting: it acts as soon as the thread sleeps.
                let wait = WaitFor::until(Reason::Signal, Some(env.now_ns));
                return Outcome::Wait(WaitFor { restarts: false, ..wait });
            }
        }
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
                n => process.group.0 == -n,
            })
            .map(|process| process.pid)
            .collect();
        if targets.is_empty() {
            return Outcome::Done(Reply::err(Errno::ESRCH));
        }
        let uid = self.process(me.pid).uid;
        let allowed: Vec<Pid> = targets
            .into_iter()
            .filter(|target| uid == 0 || self.process(*target).uid == uid)
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

    /// pause(2)
    pub(super) fn pause(&mut self) -> Outcome {
        Outcome::Wait(WaitFor::until(Reason::Signal, None))
    }

    /// alarm(2)
    pub(super) fn alarm(&mut self, env: &Env, me: Me, seconds: u32) -> Result<i64, Errno> {
        let process = self.process_mut(me.pid);
        let left = process.alarm.map_or(0, |(at, _)| at.saturating_sub(env.now_ns));
        process.alarm = (seconds > 0).then(|| (env.now_ns + u64::from(seconds) * SECOND_NS, 0));
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
        if which != consts::ITIMER_REAL {
            if (0..3).contains(&which) {
                self.unsupported(env, me, "setitimer(ITIMER_VIRTUAL)");
                return Err(Errno::ENOSYS);
            }
            return Err(Errno::EINVAL);
        }
        let (value, interval) = (nanoseconds(value)?, nanoseconds(interval)?);
        let process = self.process_mut(me.pid);
        let old =
            process.alarm.map_or((0, 0), |(at, period)| (at.saturating_sub(env.now_ns), period));
        process.alarm = (value > 0).then_some((env.now_ns + value, interval));
        let words = [timespec(old.1), timespec(old.0)]
            .into_iter()
            .flat_map(|time| [time.sec as u64, time.nsec as u64])
            .collect();
        Ok(Reply::with(0, Out::Words { words }))
    }
}
