//! Calls about signals; what they mean stands in `crate::signals`.

use super::{Now, duration_ns, error, ok};
use crate::process::{On, Process};
use crate::signals::UNBLOCKABLE;
use crate::{Caller, Run};
use abi::syscall::{Ptr, SigInfo, Timespec};
use abi::{Errno, Out, Pid, Reply, Syscall, consts};

impl Run {
    /// Calls that send, wait for, block or handle signals.
    pub(super) fn on_signals(&mut self, caller: Caller, call: &Syscall) -> Option<Now> {
        let Caller { pid, tid, .. } = caller;
        let process = self.processes.get_mut(&pid)?;
        Some(match call {
            Syscall::RtSigaction { signal, new, .. } => {
                Now::Reply(process.signals.action(*signal, new.value.filter(|_| !new.is_null())))
            }
            Syscall::RtSigprocmask { how, set, .. } => {
                let Some(thread) = process.threads.get_mut(&tid) else { return Some(Now::Over) };
                Now::Reply(thread.mask.change(*how, set.value.filter(|_| !set.is_null())))
            }
            Syscall::RtSigpending => {
                let open = process.threads.get(&tid).map_or(0, |thread| thread.mask.open());
                let words = vec![process.signals.waiting(tid) & !open];
                Now::Reply(Reply::with(0, Out::Words { words }))
            }
            Syscall::Signalfd4 { fd, mask, flags } => self.signalfd(caller, *fd, mask, *flags),
            Syscall::RtSigtimedwait { set, timeout, .. } => self.sigtimedwait(caller, set, timeout),
            Syscall::RtSigqueueinfo { pid: whom, signal, value, .. } => {
                let info = sent_by(process, *signal, consts::SI_QUEUE, *value);
                self.send(pid, *whom, None, info)
            }
            Syscall::Pause => Now::Waits(On::Signal, None),
            Syscall::Sigsuspend { mask } => {
                let Some(thread) = process.threads.get_mut(&tid) else { return Some(Now::Over) };
                thread.mask.suspend(*mask);
                Now::Waits(On::Signal, None)
            }
            Syscall::Kill { pid: whom, signal } => {
                let info = sent_by(process, *signal, consts::SI_USER, 0);
                self.send(pid, *whom, None, info)
            }
            Syscall::Tgkill { pid: whom, tid, signal } => {
                let info = sent_by(process, *signal, consts::SI_TKILL, 0);
                self.send(pid, *whom, Some(*tid), info)
            }
            _ => return None,
        })
    }

    /// `kill(2)`, `sigqueue(3)`: only processes of this run, nothing here can signal another of the
    /// computer's.
    fn send(&mut self, me: Pid, whom: Pid, tid: Option<Pid>, info: SigInfo) -> Now {
        if !(0..=64).contains(&info.signal) {
            return error(Errno::EINVAL);
        }
        let group = self.processes.get(&me).map(|process| process.group);
        let meant = |process: &&mut Process| match whom.0 {
            0 => Some(process.group) == group,
            -1 => process.pid != me,
            pid if pid < 0 => process.group.0 == pid.wrapping_neg(),
            pid => process.pid.0 == pid,
        };
        let mut found = false;
        for process in self.processes.values_mut().filter(meant) {
            found = true;
            match tid {
                _ if info.signal == 0 || process.status.is_some() => {}
                Some(tid) if !process.threads.contains_key(&tid) => return error(Errno::ESRCH),
                tid => process.post_info(info, tid),
            }
        }
        if found { ok(0) } else { error(Errno::ESRCH) }
    }

    fn sigtimedwait(&mut self, caller: Caller, set: &Ptr<u64>, timeout: &Ptr<Timespec>) -> Now {
        let Some(set) = set.value else { return error(Errno::EFAULT) };
        let limit = match (timeout.at, timeout.value) {
            (0, _) => None,
            (_, None) => return error(Errno::EFAULT),
            (_, Some(time)) if time.sec < 0 || !(0..1_000_000_000).contains(&time.nsec) => {
                return error(Errno::EINVAL);
            }
            (_, Some(time)) => Some(duration_ns(&time)),
        };
        let Some(process) = self.processes.get_mut(&caller.pid) else { return Now::Over };
        let set = set & !UNBLOCKABLE;
        if let Some(info) = process.signals.take(caller.tid, set) {
            return Now::Reply(Reply::with(info.signal.into(), Out::SigInfo { info }));
        }
        match limit {
            Some(0) => error(Errno::EAGAIN),
            limit => Now::Waits(On::SignalOf(set), limit.map(|ns| self.after(ns))),
        }
    }
}

/// What a receiver learns of a signal that a process sends.
fn sent_by(process: &Process, signal: i32, code: i32, value: i64) -> SigInfo {
    SigInfo { signal, code, pid: process.pid.0, uid: process.ids.0, value }
}
