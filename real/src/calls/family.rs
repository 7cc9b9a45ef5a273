//! Processes and threads: who begins, who ends, who waits for whom. See `fork(2)`, `wait(2)`,
//! `pthreads(7)`, `futex(2)`.

use super::{Now, PROCESSES_MAX, WAIT_OPTIONS, duration_ns, error, ok};
use crate::process::{On, Process, Target, Thread, Wait};
use crate::{Caller, Note, Run};
use abi::{Errno, Out, Pid, Reply, Syscall, consts};
use std::collections::BTreeMap;

impl Run {
    /// Calls that begin, end or wait for processes and threads.
    pub(super) fn on_family(&mut self, caller: Caller, call: &Syscall) -> Option<Now> {
        let Caller { pid, tid, .. } = caller;
        let process = self.processes.get_mut(&pid)?;
        Some(match call {
            Syscall::ExitGroup { status } => {
                self.end(pid, (status & 0xff) << 8);
                Now::Over
            }
            Syscall::ThreadExit { value } => self.thread_exit(pid, tid, *value),
            Syscall::ThreadCreate { .. } if process.threads.len() >= PROCESSES_MAX => {
                error(Errno::EAGAIN)
            }
            Syscall::ThreadCreate { entry, arg } => {
                let new = self.new_pid();
                let Some(process) = self.processes.get_mut(&pid) else { return Some(Now::Over) };
                let mask = process.threads.get(&tid).map(|thread| thread.mask.inherited());
                process.threads.insert(new, Thread::new(mask.unwrap_or_default()));
                process.machine.start_thread(new, *entry, *arg);
                ok(i64::from(new.0))
            }
            Syscall::ThreadJoin { tid: other } => match process.values.remove(other) {
                Some(value) => Now::Reply(Reply::with(0, Out::Words { words: vec![value] })),
                None if process.threads.contains_key(other) => Now::Waits(On::Join(*other), None),
                None => error(Errno::ESRCH),
            },
            Syscall::ThreadDetach { .. } | Syscall::SchedYield => ok(0),
            Syscall::FutexWait { expected, seen, .. } if expected != seen => error(Errno::EAGAIN),
            Syscall::FutexWait { key, timeout, .. } => {
                Now::Waits(On::Futex(*key), timeout.map(|time| self.after(duration_ns(&time))))
            }
            Syscall::FutexWake { key, count } => ok(self.futex_wake(pid, *key, *count)),
            // The parent does not wait, and keeps its memory to itself.
            Syscall::Fork | Syscall::Vfork => self.fork(pid, tid),
            Syscall::Wait4 { options, .. } if options & !WAIT_OPTIONS != 0 => error(Errno::EINVAL),
            Syscall::Wait4 { pid: which, options, .. } => match self.reap(pid, *which, *options) {
                Some(reply) => Now::Reply(reply),
                None if options & consts::WNOHANG != 0 => ok(0),
                None => Now::Waits(On::Children, None),
            },
            Syscall::Execve { path, argv, envp } => self.execve(caller, path, argv, envp),
            Syscall::Waitid { which, id, options, .. } => self.waitid(pid, *which, *id, *options),
            _ => return None,
        })
    }

    fn fork(&mut self, pid: Pid, tid: Pid) -> Now {
        if self.processes.len() >= PROCESSES_MAX {
            return error(Errno::EAGAIN);
        }
        let new = self.new_pid();
        let Some(parent) = self.processes.get(&pid) else { return Now::Over };
        let machine = parent.machine.fork(tid, new);
        let mut child = Process::new(new, parent.program, machine);
        child.parent = pid;
        child.table.clone_from(&parent.table);
        child.signals = parent.signals.inherited();
        let mask = parent.threads.get(&tid).map(|thread| thread.mask.inherited());
        child.threads = BTreeMap::from([(new, Thread::new(mask.unwrap_or_default()))]);
        (child.group, child.session) = (parent.group, parent.session);
        (child.ids, child.umask, child.nofile) = (parent.ids, parent.umask, parent.nofile);
        child.cwd.clone_from(&parent.cwd);
        child.mappings.clone_from(&parent.mappings);
        child.machine.resume(new, &Reply::ok(0), &mut self.memory);
        let targets: Vec<Target> = child.table.values().map(|entry| entry.target).collect();
        targets.into_iter().for_each(|target| self.hold(target));
        let program = child.program;
        for mapping in child.mappings.values() {
            self.ipc.hold_segment(mapping.segment);
            if let Some(shm) = mapping.sysv.and_then(|id| self.ipc.shm.get_mut(&id)) {
                shm.attached += 1;
            }
        }
        self.processes.insert(new, child);
        self.notes.push(Note::Began { pid: new, parent: Some(pid), program });
        ok(i64::from(new.0))
    }

    /// A child that has ended, or that was stopped or continued where that is wanted, or `ECHILD`;
    /// `None` if there is nothing to tell of any.
    fn reap(&mut self, parent: Pid, which: Pid, options: i32) -> Option<Reply> {
        let group = self.processes.get(&parent).map_or(Pid(0), |process| process.group);
        let meant = |child: &&Process| match which.0 {
            -1 => true,
            0 => child.group == group,
            pid if pid < -1 => child.group.0 == pid.wrapping_neg(),
            _ => child.pid == which,
        };
        let children = self.processes.values().filter(|process| process.parent == parent);
        let mut children = children.filter(meant).peekable();
        if children.peek().is_none() {
            return Some(Reply::err(Errno::ECHILD));
        }
        let news = |child: &Process| Some((child.pid, child.status.or(child.news_for(options))?));
        let (pid, status) = children.find_map(news)?;
        match self.processes.get_mut(&pid) {
            Some(child) if child.status.is_none() => child.news = None,
            _ => drop(self.processes.remove(&pid)),
        }
        Some(Reply::with(i64::from(pid.0), Out::Status { status }))
    }

    /// There is something to tell of a child: whoever waits for that asks again.
    pub(crate) fn child_changed(&mut self, parent: Pid) {
        let waits = |process: &Process, wait: &Wait| {
            process.pid == parent && matches!(wait.on, On::Children)
        };
        for caller in self.waiting(waits) {
            let Caller { pid, tid, number } = caller;
            let wait = self.thread(pid, tid).and_then(|thread| thread.wait(number));
            let Some(call) = wait.map(|wait| std::rc::Rc::clone(&wait.syscall)) else { continue };
            if let Now::Reply(reply) = self.make(caller, &call) {
                self.wakes(pid, tid, number, reply, None);
            }
        }
    }

    fn thread_exit(&mut self, pid: Pid, tid: Pid, value: u64) -> Now {
        let Some(process) = self.processes.get_mut(&pid) else { return Now::Over };
        process.machine.end_thread(tid);
        process.threads.remove(&tid);
        if process.threads.is_empty() {
            self.end(pid, 0);
            return Now::Over;
        }
        process.values.insert(tid, value);
        let joins = self.waiting(|process, wait| {
            process.pid == pid && matches!(wait.on, On::Join(other) if other == tid)
        });
        if let Some(waiter) = joins.first() {
            let value = self.processes.get_mut(&pid).and_then(|p| p.values.remove(&tid));
            let words = value.into_iter().collect();
            let reply = Reply::with(0, Out::Words { words });
            self.wakes(pid, waiter.tid, waiter.number, reply, None);
        }
        Now::Over
    }

    fn futex_wake(&mut self, pid: Pid, key: abi::syscall::FutexKey, count: i32) -> i64 {
        let is_shared = matches!(key, abi::syscall::FutexKey::Shared(..));
        let waits = self.waiting(|process, wait| {
            matches!(wait.on, On::Futex(k) if k == key) && (is_shared || process.pid == pid)
        });
        let woken = waits.into_iter().take(usize::try_from(count).unwrap_or(0));
        let mut number_of = 0;
        for Caller { pid, tid, number } in woken {
            self.wakes(pid, tid, number, Reply::ok(0), None);
            number_of += 1;
        }
        number_of
    }
}
