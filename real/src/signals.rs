//! Signals of a process: what each does, which are blocked. See `signal(7)`.

use abi::syscall::{SigAction, SigInfo};
use abi::{Errno, Out, Reply, Syscall, consts};
use std::collections::BTreeMap;

const DEFAULT: SigAction = SigAction { handler: 0, flags: 0, mask: 0 };
const SIG_IGN: u64 = 1;

/// What a signal does now.
pub(crate) enum Disposition {
    Ignored,
    /// Kept until it is let through.
    Blocked,
    Ends,
    Stops,
    Continues,
    Handled(SigAction),
}

/// A process's signals.
#[derive(Default)]
pub(crate) struct Signals {
    actions: BTreeMap<i32, SigAction>,
    blocked: u64,
    pending: u64,
    /// What is known of the pending ones.
    infos: BTreeMap<i32, SigInfo>,
    /// Masks to go back to, one for each handler that runs.
    before: Vec<u64>,
    /// The mask before `sigsuspend`, until its handler runs.
    suspended: Option<u64>,
}

impl Signals {
    /// What a child gets: actions and mask, no pending signal.
    pub(crate) fn inherited(&self) -> Signals {
        Signals { actions: self.actions.clone(), blocked: self.blocked, ..Signals::default() }
    }

    /// What becomes of a signal that has come; a blocked one is kept.
    pub(crate) fn disposition(&mut self, signal: i32) -> Disposition {
        let forced = matches!(signal, consts::SIGKILL | consts::SIGSTOP);
        if !forced && self.blocked & bit(signal) != 0 {
            self.pending |= bit(signal);
            return Disposition::Blocked;
        }
        let action = self.actions.get(&signal).copied().unwrap_or(DEFAULT);
        match action.handler {
            SIG_IGN if !forced && signal != consts::SIGCONT => Disposition::Ignored,
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

    /// What is known of a signal that was blocked.
    pub(crate) fn keep(&mut self, info: SigInfo) {
        self.infos.insert(info.signal, info);
    }

    /// `rt_sigpending(2)`.
    pub(crate) fn waiting(&self) -> u64 {
        self.pending & self.blocked
    }

    /// Takes the first pending signal of a set, `rt_sigtimedwait(2)`.
    pub(crate) fn take(&mut self, set: u64) -> Option<SigInfo> {
        let found = self.pending & changeable(set);
        let signal = (1..=64).find(|signal| found & bit(*signal) != 0)?;
        self.pending &= !bit(signal);
        let unknown = SigInfo { signal, ..SigInfo::default() };
        Some(self.infos.remove(&signal).unwrap_or(unknown))
    }

    /// What `execve` leaves: handlers go, what is ignored stays so.
    pub(crate) fn executed(&mut self) {
        self.actions.retain(|_, action| action.handler == SIG_IGN);
        self.before.clear();
        self.suspended = None;
    }

    /// The end of `ppoll` and the like: their mask goes, unless a handler that it let through
    /// is still to run, which will put the old one back.
    pub(crate) fn resume(&mut self) {
        if self.pending & !self.blocked == 0
            && let Some(mask) = self.suspended.take()
        {
            self.blocked = mask;
        }
    }

    /// A signal whose handler must wait for the call that it interrupts to return.
    pub(crate) fn later(&mut self, signal: i32) {
        self.pending |= bit(signal);
    }

    /// The kept signals that may now take effect.
    pub(crate) fn due(&mut self) -> Vec<i32> {
        let due = self.pending & !self.blocked;
        self.pending &= !due;
        (1..=64).filter(|signal| due & bit(*signal) != 0).collect()
    }

    /// `sigsuspend(2)`: this mask until a handler has run.
    pub(crate) fn suspend(&mut self, mask: u64) {
        self.suspended = Some(self.blocked);
        self.blocked = changeable(mask);
    }

    /// A handler begins.
    pub(crate) fn entered(&mut self, action: &SigAction, signal: i32) {
        self.before.push(self.suspended.take().unwrap_or(self.blocked));
        self.blocked |= changeable(action.mask);
        if action.flags & consts::SA_NODEFER == 0 {
            self.blocked |= bit(signal);
        }
        if action.flags & consts::SA_RESETHAND != 0 {
            self.actions.remove(&signal);
        }
    }

    /// A handler ended.
    /// The mask that holds again.
    pub(crate) fn returned(&mut self) -> u64 {
        self.blocked = self.before.pop().unwrap_or(self.blocked);
        self.blocked
    }

    /// `rt_sigaction(2)`.
    pub(crate) fn action(&mut self, signal: i32, new: Option<SigAction>) -> Reply {
        let unchangeable = matches!(signal, consts::SIGKILL | consts::SIGSTOP);
        if !(1..=64).contains(&signal) || (new.is_some() && unchangeable) {
            return Reply::err(Errno::EINVAL);
        }
        let old = self.actions.get(&signal).copied().unwrap_or(DEFAULT);
        if let Some(new) = new {
            self.actions.insert(signal, new);
        }
        Reply::with(0, Out::Action { action: old })
    }

    /// `rt_sigprocmask(2)`.
    pub(crate) fn mask(&mut self, how: i32, set: Option<u64>) -> Reply {
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
}

/// A mask without the two signals that cannot be blocked.
fn changeable(mask: u64) -> u64 {
    mask & !(bit(consts::SIGKILL) | bit(consts::SIGSTOP))
}

fn bit(signal: i32) -> u64 {
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
            | Syscall::Wait4 { .. }
    )
}
