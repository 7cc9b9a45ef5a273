//! Signals: who gets them, when they act, and how processes end. See `signal(7)`, `wait(2)`.

use crate::kernel::fd::Object;
use crate::kernel::notify::Ring;
use crate::kernel::process::{Process, ThreadState};
use crate::kernel::program::Program;
use crate::kernel::wait::Source;
use crate::kernel::{Env, Host, INIT, Me};
use crate::trace::{SignalBy, SignalEffect, What};
use abi::consts;
use abi::syscall::{SigAction, SigInfo};
use abi::{Errno, Pid, Reply};
use std::sync::Arc;

/// A signal's bit in a mask.
pub(crate) fn bit(signal: i32) -> u64 {
    if (1..=64).contains(&signal) { 1 << (signal - 1) } else { 0 }
}

/// `SIG_IGN`
const SIG_IGN: u64 = 1;

/// The first signal that queues.
const RT_MIN: i32 = 32;

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

/// What a handler is told of a fault.
pub fn fault_info(fault: &cc::Fault) -> SigInfo {
    use cc::FaultKind;
    /// Where the code is that divides.
    const TEXT: u64 = 0x5555_5555_5169;
    let signal = fault.signal();
    let (code, address) = match fault.kind {
        FaultKind::DivisionByZero | FaultKind::DivisionOverflow => (consts::FPE_INTDIV, TEXT),
        FaultKind::ReadOnly { address, .. } => (consts::SEGV_ACCERR, address),
        // Not canonical: there is no page to speak of.
        FaultKind::Wild { address, .. } if address >> 47 != 0 => (consts::SI_KERNEL, 0),
        FaultKind::Null { address, .. }
        | FaultKind::Wild { address, .. }
        | FaultKind::NotAFunction { address } => (consts::SEGV_MAPERR, address),
        // The real machine might have gone on; there is no address to show.
        _ => (consts::SI_KERNEL, 0),
    };
    SigInfo::fault(signal, code, address)
}

impl Host {
    /// Sends a signal to a process; whichever thread does not block it takes it.
    pub(crate) fn send_signal(&mut self, env: &mut Env, pid: Pid, signal: i32, by: SignalBy) {
        self.send_signal_with(env, pid, signal, by, None);
    }

    /// The same, with what the receiver is told of it.
    pub(crate) fn send_signal_with(
        &mut self,
        env: &mut Env,
        pid: Pid,
        signal: i32,
        by: SignalBy,
        info: Option<SigInfo>,
    ) {
        if self.processes.get(&pid).is_none_or(Process::is_zombie) {
            return;
        }
        let info = info.unwrap_or_else(|| self.info(pid, signal, by));
        let process = self.process_mut(pid);
        if signal == consts::SIGCONT && process.stopped {
            process.stopped = false;
            let effect = SignalEffect::Continued;
            env.record(self.id, pid, Pid(0), What::Signal { signal, effect, info });
            let runnable: Vec<Pid> = self.runnable_threads(pid);
            for tid in runnable {
                self.enqueue(env, tid);
            }
            self.tell_parent(env, pid, consts::CLD_CONTINUED, consts::SIGCONT, 0xffff);
        }
        let process = self.process_mut(pid);
        let blocked_by_all = process.threads.values().all(|t| t.mask & bit(signal) != 0);
        if !blocked_by_all && self.ignores(pid, signal) && !self.awaited(pid, signal) {
            if default_action(signal) != Default::Continue {
                let effect = SignalEffect::Ignored;
                env.record(self.id, pid, Pid(0), What::Signal { signal, effect, info });
            }
            return;
        }
        self.note_signal(pid, info);
        self.process_mut(pid).pending |= bit(signal);
        env.record(self.id, pid, Pid(0), What::SignalSent { signal, by, info });
        self.touch(Source::Signals(pid));
        if !self.awaited(pid, signal) {
            self.interrupt(env, pid, None, signal);
        }
    }

    /// Sends a signal to one thread.
    pub(crate) fn send_thread_signal(&mut self, env: &mut Env, me: Me, signal: i32, by: SignalBy) {
        let Some(thread) = self.thread(me.tid) else { return };
        let blocked = thread.mask & bit(signal) != 0;
        let mut info = self.info(me.pid, signal, by);
        if matches!(by, SignalBy::Process(_)) {
            info.code = consts::SI_TKILL;
        }
        if !blocked && self.ignores(me.pid, signal) {
            let effect = SignalEffect::Ignored;
            env.record(self.id, me.pid, me.tid, What::Signal { signal, effect, info });
            return;
        }
        self.note_signal(me.pid, info);
        if let Some(thread) = self.thread_mut(me.tid) {
            thread.pending |= bit(signal);
        }
        env.record(self.id, me.pid, me.tid, What::SignalSent { signal, by, info });
        self.touch(Source::Signals(me.pid));
        if !self.awaited(me.pid, signal) {
            self.interrupt(env, me.pid, Some(me.tid), signal);
        }
    }

    /// What the receiver of a signal is told of it, where nobody has said more.
    fn info(&self, to: Pid, signal: i32, by: SignalBy) -> SigInfo {
        let from = match by {
            SignalBy::Process(from) => Some(from),
            // The kernel sends these in the name of the process that wrote.
            _ if [consts::SIGPIPE, consts::SIGXFSZ].contains(&signal) => Some(to),
            _ => None,
        };
        let nobody = SigInfo { signal, code: consts::SI_KERNEL, ..SigInfo::default() };
        from.map_or(nobody, |from| {
            let uid = self.processes.get(&from).map_or(0, |process| process.uid);
            SigInfo { signal, code: consts::SI_USER, pid: from.0, uid, value: 0 }
        })
    }

    /// Keeps what is known of a signal until it is taken. Only real-time signals queue.
    fn note_signal(&mut self, pid: Pid, info: SigInfo) {
        if let Some(process) = self.processes.get_mut(&pid) {
            let queue = process.infos.entry(info.signal).or_default();
            if info.signal >= RT_MIN || queue.is_empty() {
                queue.push_back(info);
            }
        }
    }

    /// Whether a thread of the process waits for this signal in `sigwait(3)`: it takes the signal,
    /// whatever else would be done with it.
    fn awaited(&self, pid: Pid, signal: i32) -> bool {
        self.processes.get(&pid).is_some_and(|process| {
            process.threads.values().any(|thread| {
                matches!(thread.state, ThreadState::Blocked(_))
                    && thread.calls.last().is_some_and(|pending| match &*pending.call {
                        abi::Syscall::RtSigtimedwait { set, .. } => {
                            set.value.unwrap_or(0) & bit(signal) != 0
                        }
                        _ => false,
                    })
            })
        })
    }

    /// Takes the first pending signal of a set from the caller: `sigwait(3)`, `signalfd(2)`.
    pub(crate) fn take_signal(&mut self, me: Me, set: u64) -> Option<SigInfo> {
        let process = self.processes.get_mut(&me.pid)?;
        let thread = process.threads.get_mut(&me.tid)?;
        let takeable = (thread.pending | process.pending) & set;
        if takeable == 0 {
            return None;
        }
        let signal = takeable.trailing_zeros() as i32 + 1;
        Some(self.dequeue(me, signal))
    }

    /// A signal is pending no more, unless another one of its number has queued behind it.
    fn dequeue(&mut self, me: Me, signal: i32) -> SigInfo {
        let process = self.process_mut(me.pid);
        let queue = process.infos.entry(signal).or_default();
        let info = queue.pop_front();
        let more = !queue.is_empty();
        if !more {
            process.infos.remove(&signal);
            process.pending &= !bit(signal);
            if let Some(thread) = process.threads.get_mut(&me.tid) {
                thread.pending &= !bit(signal);
            }
        }
        let mut info = info.unwrap_or(SigInfo { signal, ..SigInfo::default() });
        self.timer_signal_taken(me.pid, &mut info);
        info
    }

    fn runnable_threads(&self, pid: Pid) -> Vec<Pid> {
        let threads = self.processes.get(&pid).into_iter().flat_map(|p| p.threads.values());
        threads
            .filter(|thread| !matches!(thread.state, ThreadState::Blocked(_)))
            .map(|thread| thread.tid)
            .collect()
    }

    /// A pending signal is pending no more because it is ignored now.
    pub(crate) fn forget_signal(&mut self, pid: Pid, signal: i32) {
        let process = self.process_mut(pid);
        process.pending &= !bit(signal);
        process.infos.remove(&signal);
        for thread in process.threads.values_mut() {
            thread.pending &= !bit(signal);
        }
    }

    pub(crate) fn ignores(&self, pid: Pid, signal: i32) -> bool {
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
            let only_killed = process.stopped || thread.lends_memory();
            let takeable = if only_killed { takeable & bit(consts::SIGKILL) } else { takeable };
            if takeable == 0 {
                return;
            }
            // Linux takes the lowest number first, the synchronous ones before others.
            let signal = takeable.trailing_zeros() as i32 + 1;
            let info = self.dequeue(me, signal);
            if !self.act_on(env, me, signal, &info) {
                return;
            }
        }
    }

    /// One signal acts. False when the thread will not look for another one now.
    fn act_on(&mut self, env: &mut Env, me: Me, signal: i32, info: &SigInfo) -> bool {
        let action = self.process(me.pid).action(signal);
        let handler = if bit(signal) & UNBLOCKABLE != 0 { 0 } else { action.handler };
        match handler {
            0 => match default_action(signal) {
                Default::Ignore | Default::Continue => true,
                Default::Stop => {
                    self.stop(env, me.pid, *info);
                    false
                }
                Default::Terminate => {
                    if signal != consts::SIGKILL {
                        self.record_interrupted(env, me);
                    }
                    let (effect, info) = (SignalEffect::Killed, *info);
                    env.record(self.id, me.pid, me.tid, What::Signal { signal, effect, info });
                    // Without a core: RLIMIT_CORE is 0.
                    self.end_process(env, me.pid, signal);
                    false
                }
            },
            1 => true,
            _ => {
                self.call_handler(env, me, signal, info);
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

    fn stop(&mut self, env: &mut Env, pid: Pid, info: SigInfo) {
        let (signal, effect) = (info.signal, SignalEffect::Stopped);
        self.process_mut(pid).stopped = true;
        env.record(self.id, pid, Pid(0), What::Signal { signal, effect, info });
        self.tell_parent(env, pid, consts::CLD_STOPPED, signal, signal << 8 | 0x7f);
    }

    /// A child was stopped or continued: `wait(2)` has something to tell, and SIGCHLD is sent.
    fn tell_parent(&mut self, env: &mut Env, pid: Pid, code: i32, value: i32, news: i32) {
        let process = self.process_mut(pid);
        process.news = Some(news);
        let (parent, uid) = (process.parent, process.uid);
        // A parent that waits has its child before the handler can interrupt it.
        self.retry_waiters(env, Source::Child(parent));
        if let Some(above) = self.processes.get(&parent).map(|it| it.action(consts::SIGCHLD))
            && above.flags & consts::SA_NOCLDSTOP == 0
            && above.handler != SIG_IGN
        {
            let signal = consts::SIGCHLD;
            let info = SigInfo { signal, code, pid: pid.0, uid, value: i64::from(value) };
            self.send_signal_with(env, parent, signal, SignalBy::Kernel, Some(info));
        }
        self.touch(Source::Child(parent));
    }

    /// A handler is called: on top of the interrupted call if that is to be made again, else the
    /// call answers `EINTR` first; the machine sets `errno` when the handler has returned.
    fn call_handler(&mut self, env: &mut Env, me: Me, signal: i32, info: &SigInfo) {
        let action = self.process(me.pid).action(signal);
        let old_mask = self.thread(me.tid).map_or(0, |thread| thread.mask);
        let mut restore = old_mask;
        if let Some(ThreadState::Blocked(wait)) = self.thread(me.tid).map(|t| t.state.clone()) {
            let restarts =
                wait.restarts && action.flags & consts::SA_RESTART != 0 && !self.wants_nothing(me);
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
            } else if let Some(thread) = self.thread_mut(me.tid)
                && let Some(pending) = thread.calls.last_mut()
            {
                pending.interrupted = Some(thread.saved_masks.len());
            }
            self.enqueue(env, me.tid);
        }
        let (effect, info) = (SignalEffect::Handled, *info);
        env.record(self.id, me.pid, me.tid, What::Signal { signal, effect, info });
        let process = self.process_mut(me.pid);
        if action.flags & consts::SA_RESETHAND != 0 {
            // The flags stay, and can be asked for.
            let reset = SigAction { handler: 0, mask: 0, ..action };
            process.actions.insert(signal, reset);
        }
        match &mut process.image {
            Program::C(machine) => {
                machine.push_handler_with(me.tid, action.handler, action.flags, &info);
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

    /// Whether the call is a TCP `recv` of 0 bytes: it waits, and any waking ends it
    /// (`tcp_recvmsg_locked` looks at what is left only after its wait).
    fn wants_nothing(&self, me: Me) -> bool {
        let Some(pending) = self.thread(me.tid).and_then(|thread| thread.calls.last()) else {
            return false;
        };
        match &*pending.call {
            abi::Syscall::Recvfrom { fd, buf, .. } if buf.len == 0 => {
                match self.object(me.pid, *fd) {
                    Ok((Object::Inet(inet), _)) => inet.ty == consts::SOCK_STREAM,
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// What an interrupted call answers: what it has done so far, or `EINTR`.
    fn interrupted_reply(&mut self, env: &Env, me: Me) -> Reply {
        use crate::kernel::process::Progress;
        if self.wants_nothing(me) {
            return Reply::with(0, abi::Out::Bytes { bytes: abi::Bytes::default() });
        }
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

    /// The program did what C leaves undefined. Where Linux would certainly have noticed, a handler
    /// of the signal runs, and finds the same instruction again when it returns; else the process
    /// ends.
    pub(crate) fn faulted(&mut self, env: &mut Env, me: Me, fault: Arc<cc::Fault>) {
        let info = fault_info(&fault);
        let signal = info.signal;
        let blocked = self.thread(me.tid).is_some_and(|thread| thread.mask & bit(signal) != 0);
        let handler = self.process(me.pid).action(signal).handler;
        let line = match &mut self.process_mut(me.pid).image {
            Program::C(machine) if handler > SIG_IGN && !blocked && fault.is_certain() => {
                machine.forget_fault(me.tid);
                return self.call_handler(env, me, signal, &info);
            }
            Program::C(machine) => {
                fault.span.map(|span| machine.program().sources.line_column(span).line)
            }
            _ => None,
        };
        env.record(self.id, me.pid, me.tid, What::Fault { fault, line });
        self.end_process(env, me.pid, signal);
    }

    /// A process ends: descriptors are closed, children adopted, the parent is told.
    pub(crate) fn end_process(&mut self, env: &mut Env, pid: Pid, status: i32) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        if process.is_zombie() {
            return;
        }
        process.exited = Some(status);
        self.give_back(pid);
        let process = self.process_mut(pid);
        process.stopped = false;
        process.news = None;
        self.set_alarm(pid, None);
        self.drop_timers(pid);
        self.forget_notices(pid);
        let process = self.process_mut(pid);
        let parent = process.parent;
        let tids: Vec<Pid> = process.threads.keys().copied().collect();
        let held: Vec<_> = process
            .threads
            .values()
            .flat_map(|thread| &thread.calls)
            .filter_map(|pending| pending.held)
            .collect();
        self.lost.extend(held.into_iter().map(|(_, description)| description));
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
            self.drop_records_of(pid, description);
            let _ = self.process_mut(pid).fds.remove(fd);
            self.release(env, description);
        }
        self.drop_mappings(pid);
        self.undo_semaphores(pid);
        self.adopt_children(env, pid);
        // Started by the scenario: nobody waits, the process stays as a tombstone.
        let Some(above) = self.processes.get(&parent) else { return };
        let action = above.action(consts::SIGCHLD);
        let no_signal = action.handler == SIG_IGN;
        // The memory stays for looking at until somebody waits for the process.
        let ignored = no_signal || action.flags & consts::SA_NOCLDWAIT != 0 || above.is_zombie();
        let (code, value) = match status & 0x7f {
            0 => (consts::CLD_EXITED, status >> 8 & 0xff),
            killer if status & 0x80 != 0 => (consts::CLD_DUMPED, killer),
            killer => (consts::CLD_KILLED, killer),
        };
        let uid = self.process(pid).uid;
        let signal = consts::SIGCHLD;
        let info = SigInfo { signal, code, pid: pid.0, uid, value: i64::from(value) };
        if ignored {
            self.reap(env, pid, INIT);
        }
        // A parent that waits finds its child, or none, before the signal's handler can interrupt it.
        self.retry_waiters(env, Source::Child(parent));
        if !no_signal {
            self.send_signal_with(env, parent, signal, SignalBy::Kernel, Some(info));
        }
        self.touch(Source::Child(parent));
    }

    fn adopt_children(&mut self, env: &mut Env, pid: Pid) {
        let children: Vec<Pid> =
            self.processes.values().filter(|p| p.parent == pid).map(|p| p.pid).collect();
        for child in children {
            let process = self.process_mut(child);
            process.parent = INIT;
            let death_signal = process.death_signal;
            if process.is_zombie() {
                self.reap(env, child, INIT);
            } else if death_signal != 0 {
                self.send_signal(env, child, death_signal, SignalBy::Kernel);
            }
        }
    }

    /// A zombie has been waited for.
    pub(crate) fn reap(&mut self, env: &mut Env, pid: Pid, by: Pid) {
        if self.processes.remove(&pid).is_some() {
            env.record(self.id, pid, Pid(0), What::Reaped { by });
        }
    }

    /// Interval timers by processor time that are due; all of it counts as the program's own.
    pub(crate) fn ring_by_cpu_time(&mut self, env: &mut Env, pid: Pid) {
        for (which, signal) in [consts::SIGVTALRM, consts::SIGPROF].into_iter().enumerate() {
            let process = self.process_mut(pid);
            let used = process.cpu_ns.0;
            let Some((at, period)) = process.cpu_alarms[which].filter(|(at, _)| *at <= used) else {
                continue;
            };
            // What was missed is not made up for.
            process.cpu_alarms[which] =
                (period > 0).then(|| (at + period * ((used - at) / period + 1), period));
            self.send_signal(env, pid, signal, SignalBy::Kernel);
        }
    }

    /// Alarms and timerfds that are due.
    pub(crate) fn ring(&mut self, env: &mut Env) {
        while let Some((at, ring)) = self.rings.first().copied().filter(|(at, _)| *at <= env.now_ns)
        {
            match ring {
                Ring::Timer(id) => self.timer_expires(id, env.now_ns),
                Ring::Posix(pid, id) => self.posix_timer_expires(env, pid, id),
                Ring::Process(pid) => {
                    let period = self.process(pid).alarm.map_or(0, |(_, period)| period);
                    self.set_alarm(pid, (period > 0).then_some((at + period, period)));
                    self.send_signal(env, pid, consts::SIGALRM, SignalBy::Kernel);
                }
            }
            self.settle(env);
        }
    }
}
