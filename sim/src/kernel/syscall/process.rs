//! Processes and threads: `fork`, `execve`, `wait4`, `exit_group`, groups, threads, futexes.

use super::{Answer, ValueRef, nanoseconds};
use crate::kernel::process::{NO_STACK, Pending, Progress, Terminal, Thread, ThreadState};
use crate::kernel::program::{Program, Script};
use crate::kernel::sched::Installed;
use crate::kernel::wait::{Reason, Source, WaitFor};
use crate::kernel::{Env, Host, INIT, Me, Outcome};
use crate::trace::What;
use abi::syscall::{FutexKey, SigInfo, Timespec};
use abi::{Bytes, Errno, Out, OutPtr, Pid, Ptr, Reply, consts};

impl Host {
    /// fork(2)
    pub(super) fn fork(&mut self, env: &mut Env, me: Me) -> Outcome {
        if self.processes.len() >= 4096 || self.has_all_processes(me.pid) {
            return Outcome::Done(Reply::err(Errno::EAGAIN));
        }
        let child = self.new_pid();
        let parent = self.process(me.pid);
        let mut process = parent.clone();
        process.pid = child;
        process.parent = me.pid;
        process.lender = None;
        process.pending = 0;
        process.infos.clear();
        process.cpu_ns = (0, 0);
        process.news = None;
        process.death_signal = 0;
        // Not inherited; the alarm clock knows the parent's only.
        process.alarm = None;
        process.cpu_alarms = [None; 2];
        process.timers.clear();
        process.joinable.clear();
        process.terminal = Terminal { output: std::sync::Arc::default(), ..Terminal::default() };
        process.image = match &parent.image {
            Program::C(machine) => Program::C(Box::new(machine.fork(me.tid, child))),
            Program::Script(script) => {
                let mut copy = Script::default();
                if let Some(thread) = script.threads.get(&me.tid) {
                    let mut thread = thread.clone();
                    thread.calls.clear();
                    thread.replies.clear();
                    thread.handled.clear();
                    copy.threads.insert(child, thread);
                }
                Program::Script(copy)
            }
            Program::Gone => Program::Gone,
        };
        let mask = parent.threads.get(&me.tid).map_or(0, |thread| thread.mask);
        process.threads = [(child, Thread::new(child, mask))].into();
        let shared: Vec<_> = process.fds.iter().map(|(_, d)| d.description).collect();
        let mappings: Vec<_> = process.mappings.values().copied().collect();
        let program = process.name().to_owned();
        self.processes.insert(child, process);
        self.threads.insert(child, child);
        for description in shared {
            self.refer(description);
        }
        for mapping in mappings {
            self.ipc.hold_segment(mapping.segment);
            if let Some(shm) = mapping.sysv.and_then(|id| self.ipc.shm.get_mut(&id)) {
                shm.attached += 1;
            }
        }
        let what = What::ProcessStart { program, parent: Some(me.pid) };
        env.record(self.id, child, child, what);
        let reply = Reply::ok(0);
        match &mut self.process_mut(child).image {
            Program::C(machine) => machine.resume(child, &reply, &mut cc::SharedMemory::new()),
            Program::Script(script) => script.thread(child).replies.push(reply),
            Program::Gone => {}
        }
        self.enqueue(env, child);
        Outcome::Done(Reply::ok(i64::from(child.0)))
    }

    /// vfork(2): nothing happens to the caller, signals neither, before the child gives the memory
    /// back.
    pub(super) fn vfork(&mut self, env: &mut Env, me: Me, pending: &mut Pending) -> Outcome {
        let child = match pending.progress {
            Progress::Forked(child) => child,
            _ => match self.fork(env, me) {
                Outcome::Done(Reply { ret: Ok(child), .. }) => Pid(child as i32),
                refused => return refused,
            },
        };
        if pending.progress != Progress::Forked(child) {
            self.process_mut(child).lender = Some(me.into());
            pending.progress = Progress::Forked(child);
        }
        let lends = self.processes.get(&child).is_some_and(|process| process.lender.is_some());
        if lends {
            return Outcome::Wait(WaitFor::on(Reason::Child, Source::Thread(child)));
        }
        Outcome::Done(Reply::ok(i64::from(child.0)))
    }

    /// A child of `vfork` ends or becomes another program: its parent goes on with the memory.
    pub(crate) fn give_back(&mut self, child: Pid) {
        let process = self.process_mut(child);
        let Some((pid, tid)) = process.lender.take() else { return };
        let image = process.image.clone();
        self.touch(Source::Thread(child));
        let Some(parent) = self.processes.get_mut(&pid) else { return };
        if let (Program::C(machine), Program::C(its)) = (&mut parent.image, &image) {
            machine.after_vfork(tid, its, child);
        }
    }

    /// A thread of the caller: clone(2) as `pthread_create(3)` uses it.
    pub(super) fn thread_create(&mut self, env: &mut Env, me: Me, entry: u64, arg: u64) -> Outcome {
        if self.process(me.pid).threads.len() >= 4096 {
            return Outcome::Done(Reply::err(Errno::EAGAIN));
        }
        let tid = self.new_pid();
        let mask = self.thread(me.tid).map_or(0, |thread| thread.mask);
        let process = self.process_mut(me.pid);
        process.threads.insert(tid, Thread::new(tid, mask));
        match &mut process.image {
            Program::C(machine) => machine.start_thread(tid, entry, arg),
            Program::Script(script) => {
                script.thread(tid);
            }
            Program::Gone => {}
        }
        self.threads.insert(tid, me.pid);
        env.record(self.id, me.pid, tid, What::ThreadStart { by: me.tid });
        self.enqueue(env, tid);
        Outcome::Done(Reply::ok(i64::from(tid.0)))
    }

    /// The end of a thread; the last one's ends the process.
    pub(super) fn thread_exit(&mut self, env: &mut Env, me: Me, value: u64) -> Outcome {
        if self.process(me.pid).threads.len() == 1 {
            return self.exit_group(env, me, 0);
        }
        let process = self.process_mut(me.pid);
        let thread = process.threads.remove(&me.tid);
        if !thread.is_some_and(|thread| thread.detached) {
            process.joinable.insert(me.tid, value);
        }
        if let Program::C(machine) = &mut process.image {
            machine.end_thread(me.tid);
        }
        self.threads.remove(&me.tid);
        env.record(self.id, me.pid, me.tid, What::ThreadEnd);
        self.touch(Source::Thread(me.tid));
        Outcome::Gone
    }

    /// pthread_join(3)
    pub(super) fn thread_join(&mut self, me: Me, tid: Pid) -> Outcome {
        if tid == me.tid {
            return Outcome::Done(Reply::err(Errno::EDEADLK));
        }
        let process = self.process_mut(me.pid);
        if let Some(value) = process.joinable.remove(&tid) {
            return Outcome::Done(Reply::with(0, Out::Words { words: vec![value] }));
        }
        match process.threads.get(&tid) {
            None => Outcome::Done(Reply::err(Errno::ESRCH)),
            Some(thread) if thread.detached => Outcome::Done(Reply::err(Errno::EINVAL)),
            Some(_) => Outcome::Wait(WaitFor::on(Reason::Thread(tid), Source::Thread(tid))),
        }
    }

    /// pthread_detach(3)
    pub(super) fn thread_detach(&mut self, me: Me, tid: Pid) -> Result<i64, Errno> {
        let process = self.process_mut(me.pid);
        if process.joinable.remove(&tid).is_some() {
            return Ok(0);
        }
        let thread = process.threads.get_mut(&tid).ok_or(Errno::ESRCH)?;
        if std::mem::replace(&mut thread.detached, true) { Err(Errno::EINVAL) } else { Ok(0) }
    }

    /// Why a file cannot be run: it is not there, is no plain file, may not be run, or is text.
    fn not_a_program(&self, me: Me, path: &Ptr<Bytes>) -> Errno {
        let found = self.absolute(me, path).and_then(|path| self.fs.find(&path));
        match found {
            Err(errno) => errno,
            Ok(inode) => {
                let plain = self.fs.get(inode).st_mode() & 0o170_000 == 0o100_000;
                match plain && self.fs.allows(inode, self.process(me.pid).uid, 1) {
                    true => Errno::ENOEXEC,
                    false => Errno::EACCES,
                }
            }
        }
    }

    /// The program that a path names: one of the scenario's, by its name or path's last component,
    /// or else a command; with its number in the scenario, and the name that its process bears.
    fn program_at(&self, path: &str) -> Option<(usize, String, std::sync::Arc<cc::Program>)> {
        let file = path.rsplit('/').next().unwrap_or(path);
        let stem = file.split('.').next().unwrap_or(file);
        match self.programs.iter().find(|p| p.name == file || p.name == stem) {
            Some(found) => Some((found.index, stem.to_owned(), found.program.clone()?)),
            None => Some((Installed::COMMAND, stem.to_owned(), cc::commands::command(path)?)),
        }
    }

    /// execve(2)
    pub(super) fn execve(
        &mut self,
        env: &mut Env,
        me: Me,
        path: &Ptr<Bytes>,
        argv: &[Bytes],
        envp: &[Bytes],
    ) -> Outcome {
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        let at = path;
        let Some(path) = path.value_ref() else { return refuse(Errno::EFAULT) };
        let text = |bytes: &Bytes| String::from_utf8_lossy(&bytes.0).into_owned();
        let Some((index, stem, program)) = self.program_at(&text(path)) else {
            return refuse(self.not_a_program(me, at));
        };
        let args: Vec<String> = argv.iter().map(text).collect();
        let vars: Vec<(String, String)> = envp
            .iter()
            .filter_map(|var| text(var).split_once('=').map(|(k, v)| (k.into(), v.into())))
            .collect();
        self.give_back(me.pid);
        // The caller's memory is gone, so nobody reads the answer; the trace has it all the same.
        if let Some(pending) = self.thread(me.tid).and_then(|thread| thread.calls.last()) {
            let what = What::CallEnd {
                call: pending.id,
                syscall: std::sync::Arc::clone(&pending.call),
                reply: std::sync::Arc::new(Reply::ok(0)),
                started_ns: pending.started_ns,
                blocked: false,
            };
            env.record(self.id, me.pid, me.tid, what);
        }
        let calls = self.process(me.pid).threads.values().flat_map(|thread| &thread.calls);
        let held: Vec<_> = calls.filter_map(|pending| pending.held).collect();
        self.lost.extend(held.into_iter().map(|(_, description)| description));
        let tids: Vec<Pid> = self.process(me.pid).threads.keys().copied().collect();
        for tid in tids {
            self.unblock(tid);
            self.threads.remove(&tid);
            self.run_queue.retain(|queued| *queued != tid);
        }
        let closing: Vec<_> =
            self.process(me.pid).fds.iter().filter(|(_, descriptor)| descriptor.cloexec).collect();
        for (fd, descriptor) in closing {
            let _ = self.process_mut(me.pid).fds.remove(fd);
            self.release(env, descriptor.description);
        }
        self.drop_mappings(me.pid);
        self.drop_timers(me.pid);
        // Blocked and pending signals stay, `execve(2)`.
        let (mask, waiting) = self.thread(me.tid).map_or((0, 0), |t| (t.mask, t.pending));
        let process = self.process_mut(me.pid);
        process.comm = None;
        process.signal_stack = NO_STACK;
        process.pending |= waiting;
        process.image = Program::C(Box::new(cc::Machine::new(program, &args, &vars, me.pid)));
        process.threads = [(me.pid, Thread::new(me.pid, mask))].into();
        process.actions.retain(|_, action| action.handler == 1);
        process.program = index;
        process.args = args;
        process.joinable.clear();
        self.threads.insert(me.pid, me.pid);
        self.cpu.current = None;
        env.record(self.id, me.pid, me.pid, What::Exec { program: stem });
        self.enqueue(env, me.pid);
        Outcome::Gone
    }

    /// exit_group(2)
    pub(super) fn exit_group(&mut self, env: &mut Env, me: Me, status: i32) -> Outcome {
        self.end_process(env, me.pid, (status & 0xff) << 8);
        Outcome::Gone
    }

    /// wait4(2)
    pub(super) fn wait4(
        &mut self,
        env: &mut Env,
        me: Me,
        pid: Pid,
        status: OutPtr,
        options: i32,
    ) -> Outcome {
        const KNOWN: i32 = consts::WNOHANG | consts::WUNTRACED | consts::WCONTINUED;
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        if options & !KNOWN & 0x1fff_ffff != 0 {
            return refuse(Errno::EINVAL);
        }
        if pid.0 == i32::MIN {
            return refuse(Errno::ESRCH);
        }
        let options = options | consts::WEXITED;
        match self.changed_child(me, Whose::of(pid.0), options) {
            Err(errno) => refuse(errno),
            Ok(Some((child, word))) => {
                self.child_seen(env, me, child, options);
                if status.at != 0 && !status.ok {
                    return refuse(Errno::EFAULT);
                }
                Outcome::Done(Reply::with(i64::from(child.0), Out::Status { status: word }))
            }
            Ok(None) if options & consts::WNOHANG != 0 => {
                Outcome::Done(Reply::with(0, Out::Status { status: 0 }))
            }
            Ok(None) => Outcome::Wait(WaitFor::on(Reason::Child, Source::Child(me.pid))),
        }
    }

    /// The first child that has something to tell, with its status word; `ECHILD` without children.
    fn changed_child(
        &self,
        me: Me,
        whose: Whose,
        options: i32,
    ) -> Result<Option<(Pid, i32)>, Errno> {
        let group = self.process(me.pid).group;
        let mut children = self
            .processes
            .values()
            .filter(|child| child.parent == me.pid)
            // Of a zombie nothing but its end can be told any more.
            .filter(|child| options & consts::WEXITED != 0 || !child.is_zombie())
            .filter(|child| match whose {
                Whose::Any => true,
                Whose::OwnGroup => child.group == group,
                Whose::Process(pid) => child.pid.0 == pid,
                Whose::Group(group) => child.group.0 == group,
            })
            .peekable();
        children.peek().ok_or(Errno::ECHILD)?;
        Ok(children.find_map(|child| {
            let word = child.exited.filter(|_| options & consts::WEXITED != 0);
            let news = child.news.filter(|news| match news {
                0xffff => options & consts::WCONTINUED != 0,
                _ => options & consts::WUNTRACED != 0,
            });
            Some((child.pid, word.or(news)?))
        }))
    }

    /// A child's news was told; a zombie is gone with it.
    fn child_seen(&mut self, env: &mut Env, me: Me, child: Pid, options: i32) {
        if options & consts::WNOWAIT != 0 {
            return;
        }
        if self.process(child).is_zombie() {
            let (own, children) = self.process(child).cpu_ns;
            self.process_mut(me.pid).cpu_ns.1 += own + children;
            self.reap(env, child, me.pid);
        } else {
            self.process_mut(child).news = None;
        }
    }

    /// waitid(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn waitid(
        &mut self,
        env: &mut Env,
        me: Me,
        which: i32,
        id: i32,
        info: OutPtr,
        options: i32,
    ) -> Outcome {
        const WHAT: i32 = consts::WEXITED | consts::WUNTRACED | consts::WCONTINUED;
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        if options & !(WHAT | consts::WNOHANG | consts::WNOWAIT) != 0 || options & WHAT == 0 {
            return refuse(Errno::EINVAL);
        }
        let whose = match which {
            consts::P_ALL => Whose::Any,
            consts::P_PID if id > 0 => Whose::Process(id),
            consts::P_PGID if id > 0 => Whose::Group(id),
            consts::P_PGID if id == 0 => Whose::OwnGroup,
            _ => return refuse(Errno::EINVAL),
        };
        let answer = |info: SigInfo| Outcome::Done(Reply::with(0, Out::SigInfo { info }));
        match self.changed_child(me, whose, options) {
            Err(errno) => refuse(errno),
            Ok(Some((child, word))) => {
                let uid = self.process(child).uid;
                self.child_seen(env, me, child, options);
                if info.at != 0 && !info.ok {
                    return refuse(Errno::EFAULT);
                }
                let (code, value) = match word {
                    0xffff => (consts::CLD_CONTINUED, consts::SIGCONT),
                    word if word & 0xff == 0x7f => (consts::CLD_STOPPED, word >> 8),
                    word if word & 0x7f == 0 => (consts::CLD_EXITED, word >> 8 & 0xff),
                    word if word & 0x80 != 0 => (consts::CLD_DUMPED, word & 0x7f),
                    word => (consts::CLD_KILLED, word & 0x7f),
                };
                let (signal, value) = (consts::SIGCHLD, i64::from(value));
                answer(SigInfo { signal, code, pid: child.0, uid, value })
            }
            Ok(None) if options & consts::WNOHANG != 0 => answer(SigInfo::default()),
            Ok(None) => Outcome::Wait(WaitFor::on(Reason::Child, Source::Child(me.pid))),
        }
    }

    /// setsid(2)
    pub(super) fn setsid(&mut self, me: Me) -> Result<i64, Errno> {
        if self.processes.values().any(|process| process.group == me.pid) {
            return Err(Errno::EPERM);
        }
        let process = self.process_mut(me.pid);
        process.session = me.pid;
        process.group = me.pid;
        Ok(i64::from(me.pid.0))
    }

    /// getsid(2)
    pub(super) fn getsid(&self, me: Me, pid: Pid) -> Result<i64, Errno> {
        let process = self.somebody(me, pid)?;
        Ok(process.map_or(i64::from(INIT.0), |process| i64::from(process.session.0)))
    }

    /// getpgid(2)
    pub(super) fn getpgid(&self, me: Me, pid: Pid) -> Result<i64, Errno> {
        let process = self.somebody(me, pid)?;
        Ok(process.map_or(i64::from(INIT.0), |process| i64::from(process.group.0)))
    }

    /// setpgid(2)
    pub(super) fn setpgid(&mut self, me: Me, pid: Pid, group: Pid) -> Result<i64, Errno> {
        if group.0 < 0 {
            return Err(Errno::EINVAL);
        }
        let target = self.somebody(me, pid)?.ok_or(Errno::ESRCH)?;
        if target.pid != me.pid && target.parent != me.pid {
            return Err(Errno::ESRCH);
        }
        let (pid, session) = (target.pid, target.session);
        let group = if group.0 == 0 { pid } else { group };
        if session != self.process(me.pid).session || session == pid {
            return Err(Errno::EPERM);
        }
        let exists =
            self.processes.values().any(|other| other.group == group && other.session == session);
        if group != pid && !exists {
            return Err(Errno::EPERM);
        }
        self.process_mut(pid).group = group;
        Ok(0)
    }

    /// getrusage(2): all time counts as the program's own.
    pub(super) fn getrusage(&mut self, me: Me, who: i32) -> Answer {
        let (own, children) = self.process(me.pid).cpu_ns;
        let user = match who {
            consts::RUSAGE_SELF | consts::RUSAGE_THREAD => own,
            consts::RUSAGE_CHILDREN => children,
            _ => return Err(Errno::EINVAL),
        };
        Ok(Reply::with(0, Out::Words { words: vec![user, 0] }))
    }

    /// times(2)
    pub(super) fn times(&mut self, env: &Env, me: Me) -> Answer {
        const TICK_NS: u64 = 10_000_000;
        let (own, children) = self.process(me.pid).cpu_ns;
        let words = vec![own / TICK_NS, 0, children / TICK_NS, 0];
        Ok(Reply::with((env.now_ns / TICK_NS) as i64, Out::Words { words }))
    }

    /// sched_yield(2)
    pub(super) fn sched_yield(&mut self, me: Me) -> Result<i64, Errno> {
        if let Some(thread) = self.thread_mut(me.tid) {
            thread.slice = 0;
        }
        Ok(0)
    }

    fn futex_source(me: Me, key: FutexKey) -> Source {
        match key {
            FutexKey::Private(_) => Source::Futex(me.pid, key),
            FutexKey::Shared(..) => Source::Futex(Pid(0), key),
        }
    }

    /// futex(2), `FUTEX_WAIT`
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn futex_wait(
        &mut self,
        env: &mut Env,
        me: Me,
        key: FutexKey,
        expected: u32,
        seen: u32,
        timeout: Option<Timespec>,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        if pending.progress == Progress::Woken {
            return Outcome::Done(Reply::ok(0));
        }
        if timed_out {
            return Outcome::Done(Reply::err(Errno::ETIMEDOUT));
        }
        let limit = match timeout.map(nanoseconds).transpose() {
            Ok(limit) => limit,
            Err(errno) => return Outcome::Done(Reply::err(errno)),
        };
        if seen != expected && !pending.blocked {
            return Outcome::Done(Reply::err(Errno::EAGAIN));
        }
        let mut wait = WaitFor::on(Reason::Futex(key), Self::futex_source(me, key));
        wait.deadline_ns = pending.deadline_ns.or(limit.map(|ns| env.now_ns.saturating_add(ns)));
        Outcome::Wait(wait)
    }

    /// futex(2), `FUTEX_WAKE`
    pub(super) fn futex_wake(
        &mut self,
        env: &mut Env,
        me: Me,
        key: FutexKey,
        count: i32,
    ) -> Outcome {
        let source = Self::futex_source(me, key);
        let sleeping = self.waiting_on(source);
        let woken: Vec<Pid> = sleeping.into_iter().take(count.max(0) as usize).collect();
        for tid in &woken {
            if let Some(pending) = self.thread_mut(*tid).and_then(|thread| thread.calls.last_mut())
            {
                pending.progress = Progress::Woken;
            }
            self.retry(env, *tid, false);
        }
        Outcome::Done(Reply::ok(woken.len() as i64))
    }

    /// Who sleeps on a source, longest first.
    pub(crate) fn waiting_on(&self, source: Source) -> Vec<Pid> {
        let queue = self.waiters_of(source);
        queue
            .into_iter()
            .filter(|tid| {
                self.thread(*tid)
                    .is_some_and(|thread| matches!(thread.state, ThreadState::Blocked(_)))
            })
            .collect()
    }
}

/// Which children `wait(2)` asks for.
#[derive(Clone, Copy)]
enum Whose {
    Any,
    OwnGroup,
    Process(i32),
    Group(i32),
}

impl Whose {
    /// `waitpid(2)`'s number.
    fn of(pid: i32) -> Whose {
        match pid {
            -1 => Whose::Any,
            0 => Whose::OwnGroup,
            n if n > 0 => Whose::Process(n),
            n => Whose::Group(-n),
        }
    }
}

/// A status word in words, for the trace's text: `exited with 0`, `killed by SIGTERM`.
pub fn status_text(status: i32) -> String {
    let signal = status & 0x7f;
    if signal == 0 {
        return format!("exited with {}", (status >> 8) & 0xff);
    }
    let name = consts::name(consts::table::SIG, signal).unwrap_or("SIG?");
    let core = if status & 0x80 != 0 { " (core dumped)" } else { "" };
    format!("killed by {name}{core}")
}
