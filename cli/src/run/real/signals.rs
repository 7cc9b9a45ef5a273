//! Signals of a process: what each does, which are blocked, the alarm.

use super::process::Happening;
use abi::syscall::SigAction;
use abi::{Errno, Out, Reply, Syscall, consts};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

const DEFAULT: SigAction = SigAction { handler: 0, flags: 0, mask: 0 };
const SIG_IGN: u64 = 1;

/// What a signal does now.
pub(super) enum Disposition {
    Ignored,
    /// Kept until it is let through.
    Blocked,
    Ends,
    Handled(SigAction),
}

/// A process's signals.
#[derive(Default)]
pub(super) struct Signals {
    actions: BTreeMap<i32, SigAction>,
    blocked: u64,
    pending: u64,
    /// Masks to go back to, one for each handler that runs.
    before: Vec<u64>,
    alarm: Option<(Instant, tokio::task::AbortHandle)>,
}

impl Signals {
    /// What a child gets: actions and mask, no pending signal, no alarm.
    pub(super) fn inherited(&self) -> Signals {
        Signals { actions: self.actions.clone(), blocked: self.blocked, ..Signals::default() }
    }

    /// What becomes of a signal that has come; a blocked one is kept.
    pub(super) fn disposition(&mut self, signal: i32) -> Disposition {
        let forced = matches!(signal, consts::SIGKILL | consts::SIGSTOP);
        if !forced && self.blocked & bit(signal) != 0 {
            self.pending |= bit(signal);
            return Disposition::Blocked;
        }
        let action = self.actions.get(&signal).copied().unwrap_or(DEFAULT);
        let harmless =
            [consts::SIGCHLD, consts::SIGURG, consts::SIGWINCH, consts::SIGCONT].contains(&signal);
        match action.handler {
            _ if forced => Disposition::Ends,
            SIG_IGN => Disposition::Ignored,
            0 if harmless => Disposition::Ignored,
            0 => Disposition::Ends,
            _ => Disposition::Handled(action),
        }
    }

    /// A signal whose handler must wait for the call that it interrupts to return.
    pub(super) fn later(&mut self, signal: i32) {
        self.pending |= bit(signal);
    }

    /// The signals that waited for a call to return.
    pub(super) fn due(&mut self) -> Vec<i32> {
        let due = self.pending & !self.blocked;
        self.pending &= !due;
        (1..=64).filter(|signal| due & bit(*signal) != 0).collect()
    }

    /// A handler begins.
    pub(super) fn entered(&mut self, action: &SigAction, signal: i32) {
        self.before.push(self.blocked);
        self.blocked |= action.mask;
        if action.flags & consts::SA_NODEFER == 0 {
            self.blocked |= bit(signal);
        }
        if action.flags & consts::SA_RESETHAND != 0 {
            self.actions.remove(&signal);
        }
    }

    /// A handler ended.
    pub(super) fn returned(&mut self) {
        self.blocked = self.before.pop().unwrap_or(self.blocked);
    }

    /// `rt_sigaction(2)`.
    pub(super) fn action(&mut self, signal: i32, new: Option<SigAction>) -> Reply {
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

    /// `rt_sigprocmask(2)`, and the signals that it lets through.
    pub(super) fn mask(&mut self, how: i32, set: Option<u64>) -> (Reply, Vec<i32>) {
        let old = self.blocked;
        if let Some(set) = set {
            let set = set & !(bit(consts::SIGKILL) | bit(consts::SIGSTOP));
            self.blocked = match how {
                consts::SIG_BLOCK => old | set,
                consts::SIG_UNBLOCK => old & !set,
                consts::SIG_SETMASK => set,
                _ => return (Reply::err(Errno::EINVAL), Vec::new()),
            };
        }
        (Reply::with(0, Out::Words { words: vec![old] }), self.due())
    }

    /// `alarm(2)`: seconds that were left of the one before.
    pub(super) fn alarm(
        &mut self,
        after: Duration,
        sender: &mpsc::UnboundedSender<Happening>,
    ) -> i64 {
        let left = self.alarm.take().map_or(0, |(at, task)| {
            let running = !task.is_finished();
            task.abort();
            let left = at.saturating_duration_since(Instant::now());
            // Rounded as the kernel does: an alarm that is about to go off has a second left.
            if running { left.as_secs_f64().round().max(1.0) as i64 } else { 0 }
        });
        if after > Duration::ZERO {
            let sender = sender.clone();
            let task = tokio::task::spawn_local(async move {
                tokio::time::sleep(after).await;
                let _ = sender.send(Happening::Signal(consts::SIGALRM));
            });
            self.alarm = Some((Instant::now() + after, task.abort_handle()));
        }
        left
    }
}

fn bit(signal: i32) -> u64 {
    if (1..=64).contains(&signal) { 1 << (signal - 1) } else { 0 }
}

/// Whether the kernel makes this call again after a handler with `SA_RESTART`, `signal(7)`.
pub(super) fn restarts(call: &Syscall) -> bool {
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
