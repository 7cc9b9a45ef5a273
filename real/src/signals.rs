//! Signals: what each does ([`Signals`], of a process), which are blocked ([`Mask`], of a thread).
//! See `signal(7)`.

use abi::syscall::{SigAction, SigInfo};
use abi::{Errno, Out, Pid, Reply, Syscall, consts};
use std::collections::{BTreeMap, VecDeque};

const DEFAULT: SigAction = SigAction { handler: 0, flags: 0, mask: 0 };
const SIG_IGN: u64 = 1;
/// The first signal that queues.
const RT_MIN: i32 = 32;
/// Signals that nothing can block, catch or ignore.
pub(crate) const UNBLOCKABLE: u64 = 1 << (consts::SIGKILL - 1) | 1 << (consts::SIGSTOP - 1);

/// What a signal does now, if nothing blocks it.
pub(crate) enum Disposition {
    Ignored,
    Ends,
    Stops,
    Continues,
    Handled(SigAction),
}

/// A signal that was sent and has not taken effect.
#[derive(Clone, Copy)]
pub(crate) struct Sent {
    pub(crate) info: SigInfo,
    /// The thread it is for; `None`: whichever takes it.
    pub(crate) tid: Option<Pid>,
}

/// A process's signals: what each does, and which have been sent.
#[derive(Default)]
pub(crate) struct Signals {
    actions: BTreeMap<i32, SigAction>,
    /// By number, each in the order in which it came.
    pending: BTreeMap<i32, VecDeque<Sent>>,
}

impl Signals {
    /// What a child gets: actions, no pending signal.
    pub(crate) fn inherited(&self) -> Signals {
        Signals { actions: self.actions.clone(), ..Signals::default() }
    }

    /// What a signal does that nothing blocks.
    pub(crate) fn disposition(&self, signal: i32) -> Disposition {
        let action = self.actions.get(&signal).copied().unwrap_or(DEFAULT);
        match action.handler {
            SIG_IGN if bit(signal) & UNBLOCKABLE == 0 && signal != consts::SIGCONT => {
                Disposition::Ignored
            }
            0 | SIG_IGN => match signal {
                consts::SIGCHLD | consts::SIGURG | consts::SIGWINCH => Disposition::Ignored,
                consts::SIGCONT => Disposition::Continues,
                consts::SIGSTOP | consts::SIGTSTP | consts::SIGTTIN | consts::SIGTTOU => {
                    Disposition::Stops
                }
                _ => Disposition::Ends,
            },
            _ => Disposition::Handled(action),
        }
    }

    /// Keeps a signal until it is taken. Only real-time signals queue.
    pub(crate) fn keep(&mut self, sent: Sent) {
        let queue = self.pending.entry(sent.info.signal).or_default();
        if sent.info.signal >= RT_MIN || queue.iter().all(|other| other.tid != sent.tid) {
            queue.push_back(sent);
        }
    }

    /// A signal that was taken, and whose handler has to wait.
    pub(crate) fn put_back(&mut self, sent: Sent) {
        self.pending.entry(sent.info.signal).or_default().push_front(sent);
    }

    /// The signals that wait for a thread or for any.
    pub(crate) fn waiting(&self, tid: Pid) -> u64 {
        let meant = |sent: &Sent| sent.tid.is_none_or(|only| only == tid);
        let all = self.pending.iter().filter(|(_, queue)| queue.iter().any(meant));
        all.fold(0, |set, (signal, _)| set | bit(*signal))
    }

    /// Takes the first signal of a set that waits for a thread: its own ones before those of the
    /// process (kernel/signal.c, dequeue_signal).
    pub(crate) fn take(&mut self, tid: Pid, set: u64) -> Option<SigInfo> {
        self.take_of(Some(tid), set).or_else(|| self.take_of(None, set))
    }

    fn take_of(&mut self, tid: Option<Pid>, set: u64) -> Option<SigInfo> {
        let wanted = self.pending.iter_mut().filter(|(signal, _)| set & bit(**signal) != 0);
        let (signal, at) = wanted.into_iter().find_map(|(signal, queue)| {
            Some((*signal, queue.iter().position(|sent| sent.tid == tid)?))
        })?;
        let queue = self.pending.get_mut(&signal)?;
        let sent = queue.remove(at);
        if queue.is_empty() {
            self.pending.remove(&signal);
        }
        sent.map(|sent| sent.info)
    }

    /// `SA_RESETHAND`: the handler goes when it begins; the flags stay, and can be asked for.
    pub(crate) fn reset(&mut self, signal: i32) {
        if let Some(action) = self.actions.get_mut(&signal) {
            *action = SigAction { flags: action.flags, ..DEFAULT };
        }
    }

    /// What `execve` leaves: handlers go, what is ignored stays so.
    pub(crate) fn executed(&mut self) {
        self.actions.retain(|_, action| action.handler == SIG_IGN);
    }

    /// Whether children go without being waited for: `SA_NOCLDWAIT`, or `SIGCHLD` ignored.
    pub(crate) fn forgets_children(&self) -> bool {
        let action = self.actions.get(&consts::SIGCHLD).copied().unwrap_or(DEFAULT);
        action.handler == SIG_IGN || action.flags & consts::SA_NOCLDWAIT != 0
    }

    /// `SA_NOCLDSTOP`: no `SIGCHLD` for children that are stopped or continued.
    pub(crate) fn ignores_stops(&self) -> bool {
        let action = self.actions.get(&consts::SIGCHLD);
        action.is_some_and(|action| action.flags & consts::SA_NOCLDSTOP != 0)
    }

    /// Whether a handler would run for one of these signals.
    pub(crate) fn handles(&self, set: u64) -> bool {
        (1..=64).any(|signal| {
            set & bit(signal) != 0 && matches!(self.disposition(signal), Disposition::Handled(_))
        })
    }

    /// `rt_sigaction(2)`.
    pub(crate) fn action(&mut self, signal: i32, new: Option<SigAction>) -> Reply {
        let unchangeable = bit(signal) & UNBLOCKABLE != 0;
        if !(1..=64).contains(&signal) || (new.is_some() && unchangeable) {
            return Reply::err(Errno::EINVAL);
        }
        let old = self.actions.get(&signal).copied().unwrap_or(DEFAULT);
        if let Some(new) = new {
            self.actions.insert(signal, new);
            // What is pending and ignored from now on is gone (sigaction(2), NOTES).
            if matches!(self.disposition(signal), Disposition::Ignored) {
                self.pending.remove(&signal);
            }
        }
        Reply::with(0, Out::Action { action: old })
    }
}

/// A thread's mask, and those that it goes back to.
#[derive(Clone, Default)]
pub(crate) struct Mask {
    blocked: u64,
    /// Masks to go back to, one for each handler that runs.
    before: Vec<u64>,
    /// The mask before `sigsuspend` and the like, until its handler runs.
    suspended: Option<u64>,
}

impl Mask {
    /// What a new thread or process gets.
    pub(crate) fn inherited(&self) -> Mask {
        Mask { blocked: self.blocked, ..Mask::default() }
    }

    /// The signals that it lets through.
    pub(crate) fn open(&self) -> u64 {
        !self.blocked
    }

    /// `rt_sigprocmask(2)`.
    pub(crate) fn change(&mut self, how: i32, set: Option<u64>) -> Reply {
        let old = self.blocked;
        if let Some(set) = set {
            let set = changeable(set);
            self.blocked = match how {
                consts::SIG_BLOCK => old | set,
                consts::SIG_UNBLOCK => old & !set,
                consts::SIG_SETMASK => set,
                _ => return Reply::err(Errno::EINVAL),
            };
        }
        Reply::with(0, Out::Words { words: vec![old] })
    }

    /// `sigsuspend(2)`: this mask until a handler has run.
    pub(crate) fn suspend(&mut self, mask: u64) {
        self.suspended = Some(self.blocked);
        self.blocked = changeable(mask);
    }

    /// The end of `ppoll` and the like: their mask goes.
    pub(crate) fn resume(&mut self) {
        self.blocked = self.suspended.take().unwrap_or(self.blocked);
    }

    /// So many handlers run: the others were left by `longjmp`.
    pub(crate) fn left(&mut self, handlers: usize) {
        self.before.truncate(handlers);
    }

    /// A handler begins.
    pub(crate) fn entered(&mut self, action: &SigAction, signal: i32) {
        self.before.push(self.suspended.take().unwrap_or(self.blocked));
        self.blocked |= changeable(action.mask);
        if action.flags & consts::SA_NODEFER == 0 {
            self.blocked |= changeable(bit(signal));
        }
    }

    /// A handler ended: the mask that holds again.
    pub(crate) fn returned(&mut self) -> u64 {
        self.blocked = self.before.pop().unwrap_or(self.blocked);
        self.blocked
    }
}

/// A mask without the two signals that cannot be blocked.
fn changeable(mask: u64) -> u64 {
    mask & !UNBLOCKABLE
}

/// A signal's bit in a mask.
pub(crate) fn bit(signal: i32) -> u64 {
    if (1..=64).contains(&signal) { 1 << (signal - 1) } else { 0 }
}

/// Whether the kernel makes this call again after a handler with `SA_RESTART`, `signal(7)`.
pub(crate) fn restarts(call: &Syscall) -> bool {
    matches!(
        call,
        Syscall::Read { .. }
            | Syscall::Write { .. }
            | Syscall::Readv { .. }
            | Syscall::Writev { .. }
            | Syscall::Accept { .. }
            | Syscall::Accept4 { .. }
            | Syscall::Connect { .. }
            | Syscall::Sendto { .. }
            | Syscall::Recvfrom { .. }
            | Syscall::Sendmsg { .. }
            | Syscall::Recvmsg { .. }
            | Syscall::Recvmmsg { .. }
            | Syscall::Sendmmsg { .. }
            | Syscall::Sendfile { .. }
            | Syscall::FutexWait { .. }
            | Syscall::Wait4 { .. }
            | Syscall::Waitid { .. }
    )
}

/// Whether the call's own time is that of receiving, `SO_RCVTIMEO`.
pub(crate) fn receives(call: &Syscall) -> bool {
    matches!(
        call,
        Syscall::Read { .. }
            | Syscall::Readv { .. }
            | Syscall::Accept { .. }
            | Syscall::Accept4 { .. }
            | Syscall::Recvfrom { .. }
            | Syscall::Recvmsg { .. }
            | Syscall::Recvmmsg { .. }
    )
}
