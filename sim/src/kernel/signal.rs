//! Signals: who gets them, when they act, and how processes end. See `signal(7)`, `wait(2)`.

use crate::kernel::process::{Process, ThreadState};
use crate::kernel::program::Program;
use crate::kernel::wait::Source;
use crate::kernel::{Env, Host, Me};
use crate::trace::{SignalBy, SignalEffect, What};
use abi::consts;
use abi::{Errno, Pid, Reply};
use std::sync::Arc;

/// A signal's bit in a mask.
pub(crate) fn bit(signal: i32) -> u64 {
    if (1..=64).contains(&signal) { 1 << (signal - 1) } else { 0 }
}

/// Signals that nothing can block, catch or ignore.
const UNBLOCKABLE: u64 = 1 << (consts::SIGKILL - 1) | 1 << (consts::SIGSTOP - 1);

/// What a signal does by default, `signal(7)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Default {
    Ignore,
    Terminate,
    Stop,
    Continue,
}

fn default_action(signal: i32) -> Default {
    match signal {
        consts::SIGCHLD | consts::SIGURG | consts::SIGWINCH => Default::Ignore,
        consts::SIGSTOP | consts::SIGTSTP | consts::SIGTTIN | consts::SIGTTOU => Default::Stop,
        consts::SIGCONT => Default::Continue,
        _ => Default::Terminate,
    }
}

/// Whether a signal that ends a process also dumps core (bit 7 of the status word).
fn dumps_core(signal: i32) -> bool {
    matches!(
        signal,
        consts::SIGQUIT
            | consts::SIGILL
            | consts::SIGTRAP
            | consts::SIGABRT
            | consts::SIGBUS
            | consts::SIGFPE
            | consts::SIGSEGV
            | consts::SIGXCPU
            | consts::SIGXFSZ
            | consts::SIGSYS
    )
}

impl Host {
    /// Sends a signal to a process; whichever thread does not block it takes it.
    pub(crate) fn send_signal(&mut self, env: &mut Env, pid: Pid, signal: i32, by: SignalBy) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        if process.is_zombie() {
            return;
        }
        if signal == consts::SIGCONT && process.stopped {
            process.stopped = false;
            let what = What::Signal { signal, effect: SignalEffect::Continued };
            env.record(self.id, pid, Pid(0), what);
            let runnable: Vec<Pid> = self.runnable_threads(pid);
            for tid in runnable {
                self.enqueue(env, tid);
            }
        }
        let process = self.process_mut(pid);
        let blocked_by_all = process.threads.values().all(|t| t.mask & bit(signal) != 0);
        if !blocked_by_all && self.ignores(pid, signal) {
            if default_action(signal) != Default::Continue {
                let what = What::Signal { signal, effect: SignalEffect::Ignored };
                env.record(self.id, pid, Pid(0), what);
            }
            return;
        }
        self.process_mut(pid).pending |= bit(signal);
        env.record(self.id, pid, Pid(0), What::SignalSent { signal, by });
        self.interrupt(env, pid, None, signal);
    }

    /// Sends a signal to one thread.
    pub(crate) fn send_thread_signal(&mut self, env: &mut Env, me: Me, signal: i32, by: SignalBy) {
        let Some(thread) = self.thread_mut(me.tid) else { return };
        let blocked = thread.mask & bit(signal) != 0;
        if !blocked && self.ignores(me.pid, signal) {
            let what = What::Signal { signal, effect: SignalEffect::Ignored };
            env.record(self.id, me.pid, me.tid, what);
            return;
        }
        if let Some(thread) = self.thread_mut(me.tid) {
            thread.pending |= bit(signal);
        }
        env.record(self.id, me.pid, me.tid, What::SignalSent { signal, by });
        self.interrupt(env, me.pid, Some(me.tid), signal);
    }

    fn runnable_threads(&self, pid: Pid) -> Vec<Pid> {
        let threads = self.processes.get(&pid).into_iter().flat_map(|p| p.threads.values());
        threads
            .filter(|thread| !matches!(thread.state, ThreadState::Blocked(_)))
            .map(|thread| thread.tid)
            .collect()
    }

    fn ignores(&self, pid: Pid, signal: i32) -> bool {
        let Some(process) = self.processes.get(&pid) else { return true };
        match process.action(signal).handler {
            0 => matches!(default_action(signal), Default::Ignore | Default::Continue),
            1 => bit(signal) & UNBLOCKABLE == 0,
            _ => false,
        }
    }

    /// A sleeping thread that takes the signal is woken for it.
    fn interrupt(&mut self, env: &mut Env, pid: Pid, only: Option<Pid>, signal: i32) {
        let mask = bit(signal);
        let fatal = mask & UNBLOCKABLE != 0;
        let Some(process) = self.processes.get(&pid) else { return };
        let taker = process.threads.values().find(|thread| {
            only.is_none_or(|tid| tid == thread.tid) && (fatal || thread.mask & mask == 0)
        });
        let Some(taker) = taker else { return };
        let me = Me { pid, tid: taker.tid };
        if matches!(taker.state, ThreadState::Blocked(_)) || process.stopped {
            self.deliver_signals(env, me);
        }
    }

    /// Lets pending signals act on a thread that is about to run or sleeps.
    pub(crate) fn deliver_signals(&mut self, env: &mut Env, me: Me) {
        loop {
            let Some(process) = self.processes.get_mut(&me.pid) else { return };
            let Some(thread) = process.threads.get_mut(&me.tid) else { return };
            let takeable = (thread.pending | process.pending) & (!thread.mask | UNBLOCKABLE);
            let takeable = if process.stopped { takeable & bit(consts::SIGKILL) } else { takeable };
            if takeable == 0 {
                return;
            }
            // Linux takes the lowest number first, the synchronous ones before others.
            let signal = takeable.trailing_zeros() as i32 + 1;
            thread.pending &= !bit(signal);
            process.pending &= !bit(signal);
            if !self.act_on(env, me, signal) {
                return;
            }
        }
    }

    /// One signal acts. False when the thread will not look for another one now.
    fn act_on(&mut self, env: &mut Env, me: Me, signal: i32) -> bool {
        let action = self.process(me.pid).action(signal);
        let handler = if bit(signal) & UNBLOCKABLE != 0 { 0 } else { action.handler };
        match handler {
            0 => match default_action(signal) {
                Default::Ignore | Default::Continue => true,
                Default::Stop => {
                    self.stop(env, me.pid, signal);
                    false
                }
                Default::Terminate => {
                    self.record_interrupted(env, me);
                    let what = What::Signal { signal, effect: SignalEffect::Killed };
                    env.record(self.id, me.pid, me.tid, what);
                    let core = if dumps_core(signal) { 0x80 } else { 0 };
                    self.end_process(env, me.pid, signal | core);
                    false
                }
            },
            1 => true,
            _ => {
                self.call_handler(env, me, signal);
                true
            }
        }
    }

    /// The call in which a thread dies of a signal ends with `EINTR` in the trace, as in strace's
    /// `? ERESTARTNOHAND`; nobody is left to see it.
    fn record_interrupted(&self, env: &mut Env, me: Me) {
        let Some(thread) = self.thread(me.tid) else { return };
        let Some(pending) = thread.calls.last() else { return };
        if !matches!(thread.state, ThreadState::Blocked(_)) {
            return;
        }
        let what = What::CallEnd {
            call: pending.id,
            syscall: Arc::clone(&pending.call),
            reply: Arc::new(Reply::err(Errno::EINTR)),
            started_ns: pending.started_ns,
            blocked: true,
        };
        env.record(self.id, me.pid, me.tid, what);
    }

    fn stop(&mut self, env: &mut Env, pid: Pid, signal: i32) {
        self.process_mut(pid).stopped = true;
        env.record(self.id, pid, Pid(0), What::Signal { signal, effect: SignalEffect::Stopped });
        let parent = self.process(pid).parent;
        self.touch(Source::Child(parent));
    }

    /// A handler is called: on top of the interrupted call if that is to be restarted, else the call
    /// answers `EINTR` first.
    fn call_handler(&mut self, env: &mut Env, me: Me, signal: i32) {
        let action = self.process(me.pid).action(signal);
        let old_mask = self.thread(me.tid).map_or(0, |thread| thread.mask);
        let mut restore = old_mask;
        if let Some(ThreadState::Blocked(wait)) = self.thread(me.tid).map(|t| t.state.clone()) {
            let restarts = wait.restarts && action.flags & consts::SA_RESTART != 0;
            self.unblock(me.tid);
            if let Some(thread) = self.thread_mut(me.tid) {
                thread.state = ThreadState::Runnable;
            }
            if !restarts {
                if let Some(mask) = self.sigsuspend_mask(me) {
                    restore = mask;
                }
                let reply = self.interrupted_reply(env, me);
                self.finish_call(env, me, &reply);
            }
            self.enqueue(env, me.tid);
        }
        let what = What::Signal { signal, effect: SignalEffect::Handled };
        env.record(self.id, me.pid, me.tid, what);
        let process = self.process_mut(me.pid);
        if action.flags & consts::SA_RESETHAND != 0 {
            process.actions.remove(&signal);
        }
        match &mut process.image {
            Program::C(machine) => {
                machine.push_handler(me.tid, action.handler, signal, action.flags);
            }
            Program::Script(script) => {
                let thread = script.thread(me.tid);
                thread.handled.push(signal);
                thread.in_handler += 1;
            }
            Program::Gone => {}
        }
        if let Some(thread) = self.thread_mut(me.tid) {
            thread.saved_masks.push(restore);
            thread.mask |= action.mask & !UNBLOCKABLE;
            if action.flags & consts::SA_NODEFER == 0 {
                thread.mask |= bit(signal) & !UNBLOCKABLE;
            }
        }
    }

    /// What an interrupted call answers: what it has done so far, or `EINTR`.
    fn interrupted_reply(&mut self, env: &Env, me: Me) -> Reply {
        use crate::kernel::process::Progress;
        let Some(thread) = self.thread(me.tid) else { return Reply::err(Errno::EINTR) };
        let Some(pending) = thread.calls.last() else { return Reply::err(Errno::EINTR) };
        match &pending.progress {
            Progress::Send(request) if request.sent > 0 => Reply::ok(request.sent as i64),
            Progress::Written(sent) if *sent > 0 => Reply::ok(*sent as i64),
            Progress::Recv(request) if !request.got.is_empty() => {
                let bytes = abi::Bytes(request.got.clone());
                Reply::with(request.got.len() as i64, abi::Out::Bytes { bytes })
            }
            Progress::Taken(got) if !got.is_empty() => {
                let bytes = abi::Bytes(got.clone());
                Reply::with(got.len() as i64, abi::Out::Bytes { bytes })
            }
            _ => {
                let left = pending.deadline_ns.map(|at| at.saturating_sub(env.now_ns));
                match (&*pending.call, left) {
                    (abi::Syscall::ClockNanosleep { .. }, Some(left)) => Reply {
                        ret: Err(Errno::EINTR),
                        out: abi::Out::Time { time: crate::kernel::syscall::timespec(left) },
                    },
                    _ => Reply::err(Errno::EINTR),
                }
            }
        }
    }

    /// `sigsuspend` restores its mask only after the handler has run.
    fn sigsuspend_mask(&self, me: Me) -> Option<u64> {
        match self.thread(me.tid)?.calls.last()?.progress {
            crate::kernel::process::Progress::Mask(mask) => Some(mask),
            _ => None,
        }
    }

    /// The program did what C leaves undefined: it ends with the signal that Linux would send.
    pub(crate) fn faulted(&mut self, env: &mut Env, me: Me, fault: Arc<cc::Fault>) {
        let signal = fault.signal();
        let line = match (&self.process(me.pid).image, fault.span) {
            (Program::C(machine), Some(span)) => {
                Some(machine.program().sources.line_column(span).line)
            }
            _ => None,
        };
        env.record(self.id, me.pid, me.tid, What::Fault { fault, line });
        let core = if dumps_core(signal) { 0x80 } else { 0 };
        self.end_process(env, me.pid, signal | core);
    }

    /// A process ends: descriptors are closed, children adopted, the parent is told.
    pub(crate) fn end_process(&mut self, env: &mut Env, pid: Pid, status: i32) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        if process.is_zombie() {
            return;
        }
        process.exited = Some(status);
        process.alarm = None;
        process.stopped = false;
        let parent = process.parent;
        let tids: Vec<Pid> = process.threads.keys().copied().collect();
        for tid in &tids {
            self.unblock(*tid);
            self.threads.remove(tid);
            self.run_queue.retain(|queued| queued != tid);
            if self.cpu.current == Some(*tid) {
                self.cpu.current = None;
                self.cpu.call = None;
            }
        }
        env.record(self.id, pid, Pid(0), What::ProcessExit { status });
        let process = self.process_mut(pid);
        process.threads.clear();
        let open: Vec<_> = process.fds.iter().map(|(fd, d)| (fd, d.description)).collect();
        for (fd, description) in open {
            let _ = self.process_mut(pid).fds.remove(fd);
            self.release(env, description);
        }
        self.drop_mappings(pid);
        self.undo_semaphores(pid);
        self.adopt_children(env, pid);
        // The memory stays for looking at until somebody waits for the process.
        let ignored = self.processes.get(&parent).is_none_or(|p: &Process| {
            let action = p.action(consts::SIGCHLD);
            action.handler == 1 || action.flags & consts::SA_NOCLDWAIT != 0 || p.is_zombie()
        });
        if !self.processes.contains_key(&parent) {
            // Started by the scenario: nobody waits, the process stays as a tombstone.
            return;
        }
        self.send_signal(env, parent, consts::SIGCHLD, SignalBy::Kernel);
        if ignored {
            self.reap(env, pid, Pid(1));
        }
        self.touch(Source::Child(parent));
    }

    fn adopt_children(&mut self, env: &mut Env, pid: Pid) {
        let children: Vec<Pid> =
            self.processes.values().filter(|p| p.parent == pid).map(|p| p.pid).collect();
        for child in children {
            let process = self.process_mut(child);
            process.parent = Pid(0);
            if process.is_zombie() {
                self.reap(env, child, Pid(1));
            }
        }
    }

    /// A zombie has been waited for.
    pub(crate) fn reap(&mut self, env: &mut Env, pid: Pid, by: Pid) {
        if self.processes.remove(&pid).is_some() {
            env.record(self.id, pid, Pid(0), What::Reaped { by });
        }
    }

    pub(crate) fn ring_alarms(&mut self, env: &mut Env) {
        let due: Vec<Pid> = self
            .processes
            .values()
            .filter(|process| process.alarm.is_some_and(|(at, _)| at <= env.now_ns))
            .map(|process| process.pid)
            .collect();
        for pid in due {
            let process = self.process_mut(pid);
            process.alarm = match process.alarm {
                Some((at, period)) if period > 0 => Some((at + period, period)),
                _ => None,
            };
            self.send_signal(env, pid, consts::SIGALRM, SignalBy::Kernel);
            self.settle(env);
        }
    }
}
