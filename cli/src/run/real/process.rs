//! One process: a machine, its threads, its table of descriptors.

use super::Run;
use super::signals::{self, Disposition, Signals};
use abi::syscall::{FdSets, FutexKey, Ptr, Timespec};
use abi::{Bytes, Errno, Fd, Out, Pid, Reply, Syscall, consts};
use bridge::exec::{Call, Outcome, Session};
use cc::{Machine, SharedMemory, Step, StopAt};
use sim::HostId;
use sim::scenario::ProgramSpec;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Instructions between two looks at what else happened.
const FUEL: u64 = 1_000_000;

/// What comes to a process from outside its threads.
pub(super) enum Happening {
    /// A call of a thread was answered.
    Answer(Pid, Reply),
    /// A signal.
    Signal(i32),
}

/// What a descriptor stands for.
#[derive(Clone, Copy)]
enum Target {
    /// The terminal: 0, 1 or 2 as it was at the start.
    Terminal(i32),
    /// A handle of the session.
    Handle(Fd),
}

#[derive(Clone, Copy)]
struct Entry {
    target: Target,
    cloexec: bool,
}

/// What a thread is doing.
enum State {
    Runs,
    /// A call is under way; cancelling it answers `EINTR`.
    Calls {
        call: Rc<Syscall>,
        cancel: CancellationToken,
    },
    /// Sleeps until a word of memory is woken.
    Futex {
        call: Rc<Syscall>,
        key: FutexKey,
    },
    /// Waits for a thread's end.
    Joins {
        call: Rc<Syscall>,
        tid: Pid,
    },
}

struct Thread {
    state: State,
    /// Handlers that run on top of the call that is under way.
    handlers: u32,
    /// An answer that came meanwhile.
    answer: Option<Reply>,
}

impl Thread {
    fn new() -> Thread {
        Thread { state: State::Runs, handlers: 0, answer: None }
    }
}

/// A process.
pub(super) struct Process {
    run: Rc<Run>,
    host: HostId,
    pid: Pid,
    machine: Machine,
    memory: SharedMemory,
    threads: BTreeMap<Pid, Thread>,
    /// Values of threads that ended and were not joined yet.
    values: BTreeMap<Pid, u64>,
    table: BTreeMap<i32, Entry>,
    session: Rc<Session>,
    signals: Signals,
    /// What is left of `--stdin`; `None` reads the real one.
    typed: Option<VecDeque<u8>>,
    happenings: mpsc::UnboundedReceiver<Happening>,
    sender: mpsc::UnboundedSender<Happening>,
}

/// What a call came to at once.
enum Now {
    Reply(Reply),
    /// The answer comes later, or never.
    Later,
    /// The process is over, with this status word.
    Ends(i32),
}

impl Process {
    /// A process about to run a program of the scenario.
    pub(super) fn new(
        run: &Rc<Run>,
        host: HostId,
        spec: &ProgramSpec,
        program: &Arc<cc::Program>,
    ) -> Process {
        let pid = run.new_pid();
        let mut args = vec![spec.file.clone()];
        args.extend(spec.args.iter().cloned());
        let machine = Machine::new(Arc::clone(program), &args, &spec.env, pid);
        let typed = (spec.stdin_ends || !spec.stdin.is_empty())
            .then(|| spec.stdin.bytes().collect::<VecDeque<u8>>());
        let mut process = Process::with(run, host, pid, Pid(0), machine);
        process.typed = typed;
        for fd in 0..3 {
            process.table.insert(fd, Entry { target: Target::Terminal(fd), cloexec: false });
        }
        process
    }

    fn with(run: &Rc<Run>, host: HostId, pid: Pid, parent: Pid, machine: Machine) -> Process {
        let (sender, happenings) = mpsc::unbounded_channel();
        let member = super::Member { parent, status: None, signals: sender.clone() };
        run.family.borrow_mut().insert(pid, member);
        Process {
            run: Rc::clone(run),
            host,
            pid,
            machine,
            memory: SharedMemory::default(),
            threads: BTreeMap::from([(pid, Thread::new())]),
            values: BTreeMap::new(),
            table: BTreeMap::new(),
            session: Rc::new(Session::new(run.options.clone())),
            signals: Signals::default(),
            typed: None,
            happenings,
            sender,
        }
    }

    /// Runs to its end.
    pub(super) async fn live(mut self) {
        let status = loop {
            while let Ok(happening) = self.happenings.try_recv() {
                if let Some(status) = self.happened(happening) {
                    return self.end(status);
                }
            }
            let runs = |thread: &Thread| matches!(thread.state, State::Runs) || thread.handlers > 0;
            let next = self.threads.iter().find(|(_, thread)| runs(thread)).map(|(tid, _)| *tid);
            let Some(tid) = next else {
                match self.happenings.recv().await {
                    Some(happening) => match self.happened(happening) {
                        Some(status) => break status,
                        None => continue,
                    },
                    None => break 0,
                }
            };
            let mut fuel = FUEL;
            let step = self.machine.step(tid, &mut fuel, &mut self.memory, StopAt::Syscall);
            match step {
                Step::Ran | Step::Statement => tokio::task::yield_now().await,
                Step::Syscall(call) => match self.answer(tid, call).await {
                    Now::Ends(status) => break status,
                    Now::Later | Now::Reply(_) => {}
                },
                Step::Faulted(fault) => {
                    eprintln!("{}", fault.text(abi::Lang::En));
                    self.run.faulted.set(true);
                    break consts::SIGSEGV;
                }
            }
        };
        self.end(status);
    }

    fn end(&mut self, status: i32) {
        self.run.printer.borrow_mut().ended(self.host, self.pid, status);
        self.run.ended(self.pid, status);
    }

    /// Answers a call, at once or by a task that does.
    async fn answer(&mut self, tid: Pid, call: Syscall) -> Now {
        let call = Rc::new(call);
        let now = self.make(tid, &call).await;
        match &now {
            Now::Reply(reply) => self.resume(tid, &call, reply),
            Now::Ends(_) => {
                let reply = Reply::ok(0);
                self.run.printer.borrow_mut().call(self.host, tid, &call, &reply);
            }
            Now::Later => {}
        }
        now
    }

    fn resume(&mut self, tid: Pid, call: &Syscall, reply: &Reply) {
        if !matches!(call, Syscall::RtSigreturn) {
            self.run.printer.borrow_mut().call(self.host, tid, call, reply);
        }
        self.machine.resume(tid, reply, &mut self.memory);
        if reply.ret == Err(Errno::EPIPE) && sends(call) {
            let _ = self.sender.send(Happening::Signal(consts::SIGPIPE));
        }
    }

    /// Takes what came; `Some` ends the process.
    fn happened(&mut self, happening: Happening) -> Option<i32> {
        match happening {
            Happening::Answer(tid, reply) => {
                let thread = self.threads.get_mut(&tid)?;
                if thread.handlers > 0 {
                    thread.answer = Some(reply);
                    return None;
                }
                self.returns(tid, &reply);
                // Handlers that had to wait for the call to return.
                let due = self.signals.due();
                due.into_iter().find_map(|signal| self.signal(signal))
            }
            Happening::Signal(signal) => self.signal(signal),
        }
    }

    /// The call that a thread waits in returns.
    fn returns(&mut self, tid: Pid, reply: &Reply) {
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        let state = std::mem::replace(&mut thread.state, State::Runs);
        let call = match state {
            State::Runs => return,
            State::Calls { call, .. } | State::Futex { call, .. } | State::Joins { call, .. } => {
                call
            }
        };
        let reply = self.with_descriptors(&call, reply.clone());
        self.resume(tid, &call, &reply);
    }

    /// Handles in an answer become descriptors.
    fn with_descriptors(&mut self, call: &Syscall, mut reply: Reply) -> Reply {
        if let (Syscall::Accept { .. } | Syscall::Accept4 { .. }, Ok(handle)) = (call, reply.ret) {
            let cloexec = matches!(call, Syscall::Accept4 { flags, .. }
                if flags & consts::SOCK_CLOEXEC != 0);
            reply.ret = Ok(i64::from(self.open(Fd(handle as i32), cloexec, 0)));
        }
        if let Out::Selected { read, write, except, .. } = &mut reply.out {
            for set in [read, write, except] {
                for fd in set.iter_mut() {
                    *fd = self.descriptor_of(*fd);
                }
                set.sort_unstable();
            }
        }
        reply
    }

    fn descriptor_of(&self, handle: Fd) -> Fd {
        let found = self
            .table
            .iter()
            .find(|(_, entry)| matches!(entry.target, Target::Handle(known) if known == handle));
        found.map_or(handle, |(number, _)| Fd(*number))
    }

    fn open(&mut self, handle: Fd, cloexec: bool, least: i32) -> i32 {
        let number = (least..).find(|fd| !self.table.contains_key(fd)).expect("numbers are many");
        self.table.insert(number, Entry { target: Target::Handle(handle), cloexec });
        number
    }

    /// A signal takes effect; `Some` ends the process.
    fn signal(&mut self, signal: i32) -> Option<i32> {
        match self.signals.disposition(signal) {
            Disposition::Ignored => None,
            Disposition::Blocked => None,
            Disposition::Ends => {
                self.run.printer.borrow_mut().signal(self.host, self.pid, signal);
                Some(signal)
            }
            Disposition::Handled(action) => {
                self.run.printer.borrow_mut().signal(self.host, self.pid, signal);
                self.run_handler(signal, action);
                None
            }
        }
    }

    fn run_handler(&mut self, signal: i32, action: abi::syscall::SigAction) {
        let restarts = action.flags & consts::SA_RESTART != 0;
        let Some(thread) = self.threads.get_mut(&self.pid) else { return };
        let waits = match &thread.state {
            State::Calls { call, .. } if restarts && signals::restarts(call) => true,
            State::Calls { cancel, .. } => {
                // The answer is `EINTR`; the handler runs when it is there.
                cancel.cancel();
                self.signals.later(signal);
                return;
            }
            State::Futex { .. } | State::Joins { .. } => true,
            State::Runs => false,
        };
        if waits {
            thread.handlers += 1;
        }
        self.signals.entered(&action, signal);
        self.machine.push_handler(self.pid, action.handler, signal, action.flags);
    }

    /// A handler returned.
    fn returned(&mut self, tid: Pid) {
        self.signals.returned();
        self.resume(tid, &Syscall::RtSigreturn, &Reply::ok(0));
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        thread.handlers = thread.handlers.saturating_sub(1);
        if thread.handlers == 0
            && let Some(reply) = thread.answer.take()
        {
            self.returns(tid, &reply);
        }
    }

    /// Makes a call on the session in a task of its own; its answer is a happening.
    fn make_later(&mut self, tid: Pid, call: &Rc<Syscall>, real: Syscall) -> Now {
        let cancel = CancellationToken::new();
        let session = Rc::clone(&self.session);
        let sender = self.sender.clone();
        let mut made = Call::new(real);
        made.blocking = true;
        made.cancel = cancel.clone();
        tokio::task::spawn_local(async move {
            let reply = match session.call(made).await {
                Outcome::Done(done) => done.reply,
                Outcome::Denied(denied) => {
                    eprintln!("soquete run: denied: {}", denied.detail);
                    Reply::err(Errno::EPERM)
                }
            };
            // The process may have ended.
            let _ = sender.send(Happening::Answer(tid, reply));
        });
        self.waits(tid, State::Calls { call: Rc::clone(call), cancel });
        Now::Later
    }

    /// Waits for something else; its answer is a happening unless it is cancelled before.
    fn wait_for(
        &mut self,
        tid: Pid,
        call: &Rc<Syscall>,
        what: impl Future<Output = Reply> + 'static,
    ) -> Now {
        let cancel = CancellationToken::new();
        let sender = self.sender.clone();
        let token = cancel.clone();
        tokio::task::spawn_local(async move {
            let reply = tokio::select! {
                reply = what => reply,
                () = token.cancelled() => Reply::err(Errno::EINTR),
            };
            let _ = sender.send(Happening::Answer(tid, reply));
        });
        self.waits(tid, State::Calls { call: Rc::clone(call), cancel });
        Now::Later
    }

    fn waits(&mut self, tid: Pid, state: State) {
        if let Some(thread) = self.threads.get_mut(&tid) {
            thread.state = state;
        }
    }

    /// A call on the session that does not block.
    async fn make_now(&self, real: Syscall) -> Reply {
        match self.session.call(Call::new(real)).await {
            Outcome::Done(done) => done.reply,
            Outcome::Denied(denied) => {
                eprintln!("soquete run: denied: {}", denied.detail);
                Reply::err(Errno::EPERM)
            }
        }
    }

    #[allow(clippy::too_many_lines)] // a table
    async fn make(&mut self, tid: Pid, call: &Rc<Syscall>) -> Now {
        let ok = |ret| Now::Reply(Reply::ok(ret));
        match &**call {
            Syscall::ExitGroup { status } => Now::Ends((status & 0xff) << 8),
            Syscall::ThreadExit { value } => self.thread_exit(tid, *value),
            Syscall::ThreadCreate { entry, arg } => {
                let new = self.run.new_pid();
                self.threads.insert(new, Thread::new());
                self.machine.start_thread(new, *entry, *arg);
                ok(i64::from(new.0))
            }
            Syscall::ThreadJoin { tid: other } => self.join(tid, call, *other),
            Syscall::ThreadDetach { .. } | Syscall::SchedYield => ok(0),
            Syscall::FutexWait { expected, seen, .. } if expected != seen => {
                Now::Reply(Reply::err(Errno::EAGAIN))
            }
            Syscall::FutexWait { key, timeout, .. } => self.futex_wait(tid, call, *key, *timeout),
            Syscall::FutexWake { key, count } => ok(self.futex_wake(*key, *count)),
            Syscall::Fork => self.fork(tid).await,
            Syscall::Wait4 { pid, options, .. } => self.wait4(tid, call, *pid, *options),
            Syscall::Getpid => ok(i64::from(self.pid.0)),
            Syscall::Gettid => ok(i64::from(tid.0)),
            Syscall::Getppid => {
                let family = self.run.family.borrow();
                ok(family.get(&self.pid).map_or(0, |member| i64::from(member.parent.0)))
            }
            Syscall::Getuid | Syscall::Geteuid => ok(id_of("Uid:")),
            Syscall::Getgid => ok(id_of("Gid:")),
            Syscall::ClockGettime { clock } => Now::Reply(self.clock(*clock)),
            Syscall::ClockNanosleep { request, flags, .. } => {
                self.sleep(tid, call, *flags, request)
            }
            Syscall::RtSigaction { signal, new } => {
                Now::Reply(self.signals.action(*signal, new.value.filter(|_| !new.is_null())))
            }
            Syscall::RtSigprocmask { how, set } => {
                let (reply, freed) = self.signals.mask(*how, set.value.filter(|_| !set.is_null()));
                for signal in freed {
                    let _ = self.sender.send(Happening::Signal(signal));
                }
                Now::Reply(reply)
            }
            Syscall::RtSigreturn => {
                self.returned(tid);
                Now::Later
            }
            Syscall::Pause | Syscall::Sigsuspend { .. } => {
                self.wait_for(tid, call, std::future::pending())
            }
            Syscall::Kill { pid, signal } | Syscall::Tgkill { pid, signal, .. } => {
                Now::Reply(self.kill(*pid, *signal))
            }
            Syscall::Alarm { seconds } => {
                let after = Duration::from_secs(u64::from(*seconds));
                ok(self.signals.alarm(after, &self.sender))
            }
            Syscall::Setitimer { which: consts::ITIMER_REAL, value, interval }
                if *interval == Timespec::default() =>
            {
                let _ = self.signals.alarm(duration(value), &self.sender);
                ok(0)
            }
            Syscall::Fstat { fd, .. } if self.terminal(*fd).is_some() => {
                let out = Out::Stat { mode: 0o020_620, size: 0, inode: 1 };
                Now::Reply(Reply::with(0, out))
            }
            Syscall::Uname => {
                let read = |name: &str| {
                    let path = format!("/proc/sys/kernel/{name}");
                    std::fs::read_to_string(path).unwrap_or_default().trim().to_owned()
                };
                let machine = std::env::consts::ARCH.to_owned();
                let [system, node, release, version] =
                    ["ostype", "hostname", "osrelease", "version"].map(read);
                let fields = [system, node, release, version, machine];
                Now::Reply(Reply::with(0, Out::Uname { fields }))
            }
            _ => self.on_descriptors(tid, call).await,
        }
    }

    async fn on_descriptors(&mut self, tid: Pid, call: &Rc<Syscall>) -> Now {
        let bad = Now::Reply(Reply::err(Errno::EBADF));
        match &**call {
            Syscall::Read { fd, buf } if self.terminal(*fd).is_some() => {
                self.read_terminal(tid, call, buf.len as usize)
            }
            Syscall::Write { fd, buf } if self.terminal(*fd).is_some() => {
                let Some(bytes) = &buf.bytes else {
                    return Now::Reply(Reply::err(Errno::EFAULT));
                };
                self.run.printer.borrow_mut().output(self.host, self.pid, &bytes.0);
                Now::Reply(Reply::ok(bytes.0.len() as i64))
            }
            Syscall::Close { fd } => {
                let Some(entry) = self.table.remove(&fd.0) else { return bad };
                if let Target::Handle(handle) = entry.target {
                    return Now::Reply(self.make_now(Syscall::Close { fd: handle }).await);
                }
                Now::Reply(Reply::ok(0))
            }
            Syscall::Dup { fd } => self.dup(*fd, None, 0, false).await,
            Syscall::Dup2 { old, new } if old == new && self.table.contains_key(&old.0) => {
                Now::Reply(Reply::ok(i64::from(new.0)))
            }
            Syscall::Dup2 { old, new } => self.dup(*old, Some(*new), 0, false).await,
            Syscall::Dup3 { old, new, flags } => {
                self.dup(*old, Some(*new), 0, flags & consts::O_CLOEXEC != 0).await
            }
            Syscall::Fcntl { fd, cmd, arg } => match *cmd {
                consts::F_DUPFD | consts::F_DUPFD_CLOEXEC => {
                    let cloexec = *cmd == consts::F_DUPFD_CLOEXEC;
                    self.dup(*fd, None, *arg as i32, cloexec).await
                }
                consts::F_GETFD => match self.table.get(&fd.0) {
                    Some(entry) => Now::Reply(Reply::ok(i64::from(entry.cloexec))),
                    None => bad,
                },
                consts::F_SETFD => match self.table.get_mut(&fd.0) {
                    Some(entry) => {
                        entry.cloexec = arg & 1 != 0;
                        Now::Reply(Reply::ok(0))
                    }
                    None => bad,
                },
                _ if self.terminal(*fd).is_some() => Now::Reply(Reply::ok(match *cmd {
                    consts::F_GETFL => i64::from(consts::O_RDWR),
                    _ => 0,
                })),
                _ => self.on_session(tid, call).await,
            },
            Syscall::Ioctl { fd, .. } if self.terminal(*fd).is_some() => {
                Now::Reply(Reply::err(Errno::ENOTTY))
            }
            _ => self.on_session(tid, call).await,
        }
    }

    async fn on_session(&mut self, tid: Pid, call: &Rc<Syscall>) -> Now {
        let mut real = (**call).clone();
        if let Err(errno) = self.to_handles(&mut real) {
            return Now::Reply(Reply::err(errno));
        }
        match &real {
            Syscall::Socket { ty, .. } => {
                let cloexec = ty & consts::SOCK_CLOEXEC != 0;
                let mut reply = self.make_now(real).await;
                reply.ret = reply.ret.map(|h| i64::from(self.open(Fd(h as i32), cloexec, 0)));
                Now::Reply(reply)
            }
            Syscall::EpollCreate { .. } | Syscall::EpollCreate1 { .. } => {
                let mut reply = self.make_now(real).await;
                reply.ret = reply.ret.map(|h| i64::from(self.open(Fd(h as i32), false, 0)));
                Now::Reply(reply)
            }
            Syscall::Socketpair { .. } | Syscall::Pipe2 { .. } => {
                let mut reply = self.make_now(real).await;
                if let Out::Fds { fds: [a, b] } = reply.out {
                    let fds = [a, b].map(|handle| Fd(self.open(handle, false, 0)));
                    reply.out = Out::Fds { fds };
                }
                Now::Reply(reply)
            }
            Syscall::Openat { .. }
            | Syscall::Mkdir { .. }
            | Syscall::Mkfifo { .. }
            | Syscall::Execve { .. }
            | Syscall::Mmap { .. }
            | Syscall::Shmget { .. }
            | Syscall::Semget { .. }
            | Syscall::MqOpen { .. } => {
                let name = abi::strace::name(call);
                eprintln!("soquete run: {name} is not offered with --on real");
                Now::Reply(Reply::err(Errno::ENOSYS))
            }
            _ => self.make_later(tid, call, real),
        }
    }

    fn terminal(&self, fd: Fd) -> Option<i32> {
        match self.table.get(&fd.0)?.target {
            Target::Terminal(number) => Some(number),
            Target::Handle(_) => None,
        }
    }

    /// A descriptor as the session knows it: what is not open there gets a number that is not
    /// either, so that the kernel says `EBADF` itself.
    fn handle(&self, fd: Fd) -> Fd {
        match self.table.get(&fd.0).map(|entry| entry.target) {
            Some(Target::Handle(handle)) => handle,
            Some(Target::Terminal(_)) | None => Fd(-1),
        }
    }

    fn to_handles(&self, call: &mut Syscall) -> Result<(), Errno> {
        match call {
            Syscall::Poll { fds: Ptr { value: Some(fds), .. }, .. } => {
                for entry in fds.iter_mut().filter(|entry| entry.fd.0 >= 0) {
                    let handle = self.handle(entry.fd);
                    // Not open: a number that the session does not have either, and not one that
                    // poll ignores.
                    entry.fd = if handle.0 < 0 { Fd(i32::MAX) } else { handle };
                }
            }
            Syscall::Select { nfds, sets: FdSets { read, write, except }, .. } => {
                for set in [read, write, except].into_iter().flatten() {
                    for fd in set.iter_mut() {
                        let handle = self.handle(*fd);
                        if handle.0 < 0 {
                            return Err(Errno::EBADF);
                        }
                        *fd = handle;
                        *nfds = (*nfds).max(handle.0 + 1);
                    }
                    set.sort_unstable();
                }
            }
            Syscall::EpollCtl { epfd, fd, .. } => {
                *epfd = self.handle(*epfd);
                *fd = self.handle(*fd);
            }
            Syscall::EpollWait { epfd, .. } => *epfd = self.handle(*epfd),
            Syscall::Read { fd, .. }
            | Syscall::Write { fd, .. }
            | Syscall::Readv { fd, .. }
            | Syscall::Writev { fd, .. }
            | Syscall::Bind { fd, .. }
            | Syscall::Listen { fd, .. }
            | Syscall::Accept { fd, .. }
            | Syscall::Accept4 { fd, .. }
            | Syscall::Connect { fd, .. }
            | Syscall::Sendto { fd, .. }
            | Syscall::Recvfrom { fd, .. }
            | Syscall::Sendmsg { fd, .. }
            | Syscall::Recvmsg { fd, .. }
            | Syscall::Shutdown { fd, .. }
            | Syscall::Getsockname { fd, .. }
            | Syscall::Getpeername { fd, .. }
            | Syscall::Setsockopt { fd, .. }
            | Syscall::Getsockopt { fd, .. }
            | Syscall::Fcntl { fd, .. }
            | Syscall::Ioctl { fd, .. } => *fd = self.handle(*fd),
            _ => {}
        }
        Ok(())
    }

    async fn dup(&mut self, old: Fd, new: Option<Fd>, least: i32, cloexec: bool) -> Now {
        let Some(entry) = self.table.get(&old.0).copied() else {
            return Now::Reply(Reply::err(Errno::EBADF));
        };
        let target = match entry.target {
            Target::Terminal(_) => entry.target,
            Target::Handle(handle) => {
                let reply = self.make_now(Syscall::Dup { fd: handle }).await;
                match reply.ret {
                    Ok(copy) => Target::Handle(Fd(copy as i32)),
                    Err(errno) => return Now::Reply(Reply::err(errno)),
                }
            }
        };
        let number = match new {
            Some(new) => new.0,
            None => (least..).find(|fd| !self.table.contains_key(fd)).expect("numbers are many"),
        };
        let before = self.table.insert(number, Entry { target, cloexec });
        if let Some(Entry { target: Target::Handle(handle), .. }) = before {
            self.make_now(Syscall::Close { fd: handle }).await;
        }
        Now::Reply(Reply::ok(i64::from(number)))
    }

    fn read_terminal(&mut self, tid: Pid, call: &Rc<Syscall>, room: usize) -> Now {
        if let Some(typed) = &mut self.typed {
            // A terminal gives a line at a time.
            let line =
                typed.iter().position(|byte| *byte == b'\n').map_or(typed.len(), |at| at + 1);
            let bytes: Vec<u8> = typed.drain(..line.min(room)).collect();
            let len = bytes.len() as i64;
            return Now::Reply(Reply::with(len, Out::Bytes { bytes: Bytes(bytes) }));
        }
        self.wait_for(tid, call, async move {
            let read = tokio::task::spawn_blocking(move || {
                let mut bytes = vec![0; room.min(1 << 16)];
                let n = std::io::Read::read(&mut std::io::stdin(), &mut bytes)?;
                bytes.truncate(n);
                std::io::Result::Ok(bytes)
            });
            match read.await {
                Ok(Ok(bytes)) => {
                    Reply::with(bytes.len() as i64, Out::Bytes { bytes: Bytes(bytes) })
                }
                _ => Reply::err(Errno::EIO),
            }
        })
    }

    fn thread_exit(&mut self, tid: Pid, value: u64) -> Now {
        self.run.printer.borrow_mut().call(
            self.host,
            tid,
            &Syscall::ThreadExit { value },
            &Reply::ok(0),
        );
        self.machine.end_thread(tid);
        self.threads.remove(&tid);
        if self.threads.is_empty() {
            return Now::Ends(0);
        }
        let joins =
            |thread: &Thread| matches!(thread.state, State::Joins { tid: t, .. } if t == tid);
        let waiter = self.threads.iter().find(|(_, thread)| joins(thread)).map(|(tid, _)| *tid);
        match waiter {
            Some(waiter) => {
                self.returns(waiter, &Reply::with(0, Out::Words { words: vec![value] }))
            }
            None => {
                self.values.insert(tid, value);
            }
        }
        Now::Later
    }

    fn join(&mut self, tid: Pid, call: &Rc<Syscall>, other: Pid) -> Now {
        if let Some(value) = self.values.remove(&other) {
            return Now::Reply(Reply::with(0, Out::Words { words: vec![value] }));
        }
        if !self.threads.contains_key(&other) {
            return Now::Reply(Reply::err(Errno::ESRCH));
        }
        self.waits(tid, State::Joins { call: Rc::clone(call), tid: other });
        Now::Later
    }

    fn futex_wait(
        &mut self,
        tid: Pid,
        call: &Rc<Syscall>,
        key: FutexKey,
        timeout: Option<Timespec>,
    ) -> Now {
        if let Some(timeout) = timeout {
            let sender = self.sender.clone();
            let after = duration(&timeout);
            tokio::task::spawn_local(async move {
                tokio::time::sleep(after).await;
                let _ = sender.send(Happening::Answer(tid, Reply::err(Errno::ETIMEDOUT)));
            });
        }
        self.waits(tid, State::Futex { call: Rc::clone(call), key });
        Now::Later
    }

    fn futex_wake(&mut self, key: FutexKey, count: i32) -> i64 {
        let waits =
            |thread: &Thread| matches!(thread.state, State::Futex { key: k, .. } if k == key);
        let woken: Vec<Pid> = self
            .threads
            .iter()
            .filter(|(_, thread)| waits(thread))
            .map(|(tid, _)| *tid)
            .take(usize::try_from(count).unwrap_or(0))
            .collect();
        for tid in &woken {
            self.returns(*tid, &Reply::ok(0));
        }
        woken.len() as i64
    }

    /// The child has copies of every handle: closing one there does not close it here.
    async fn fork(&mut self, tid: Pid) -> Now {
        let pid = self.run.new_pid();
        let machine = self.machine.fork(tid, pid);
        let mut child = Process::with(&self.run, self.host, pid, self.pid, machine);
        // One session for the family: handles name open files, which parent and child share.
        child.session = Rc::clone(&self.session);
        child.memory = self.memory.clone();
        child.signals = self.signals.inherited();
        child.typed.clone_from(&self.typed);
        for (number, entry) in self.table.clone() {
            let target = match entry.target {
                Target::Terminal(_) => entry.target,
                Target::Handle(handle) => {
                    match self.make_now(Syscall::Dup { fd: handle }).await.ret {
                        Ok(copy) => Target::Handle(Fd(copy as i32)),
                        Err(errno) => return Now::Reply(Reply::err(errno)),
                    }
                }
            };
            child.table.insert(number, Entry { target, ..entry });
        }
        child.machine.resume(pid, &Reply::ok(0), &mut child.memory);
        tokio::task::spawn_local(child.live_boxed());
        Now::Reply(Reply::ok(i64::from(pid.0)))
    }

    /// [`Process::live`] with a size of its own: a process that forks would contain itself.
    fn live_boxed(self) -> std::pin::Pin<Box<dyn Future<Output = ()>>> {
        Box::pin(async move {
            let session = Rc::clone(&self.session);
            let handles: Vec<Fd> = self
                .table
                .values()
                .filter_map(|entry| match entry.target {
                    Target::Handle(handle) => Some(handle),
                    Target::Terminal(_) => None,
                })
                .collect();
            self.live().await;
            // The session outlives the child, so its handles are closed one by one.
            for handle in handles {
                session.call(Call::new(Syscall::Close { fd: handle })).await;
            }
        })
    }

    fn wait4(&mut self, tid: Pid, call: &Rc<Syscall>, which: Pid, options: i32) -> Now {
        let run = Rc::clone(&self.run);
        let me = self.pid;
        if let Some(reply) = reap(&run, me, which) {
            return Now::Reply(reply);
        }
        if options & consts::WNOHANG != 0 {
            return Now::Reply(Reply::ok(0));
        }
        self.wait_for(tid, call, async move {
            loop {
                let changed = run.changed.notified();
                if let Some(reply) = reap(&run, me, which) {
                    return reply;
                }
                changed.await;
            }
        })
    }

    fn kill(&mut self, pid: Pid, signal: i32) -> Reply {
        if !(0..=64).contains(&signal) {
            return Reply::err(Errno::EINVAL);
        }
        let family = self.run.family.borrow();
        // Only processes of this run: nothing here can signal another of the computer's.
        match family.get(&pid).filter(|member| member.status.is_none()) {
            Some(member) => {
                if signal != 0 {
                    let _ = member.signals.send(Happening::Signal(signal));
                }
                Reply::ok(0)
            }
            None => Reply::err(Errno::ESRCH),
        }
    }

    fn clock(&self, clock: i32) -> Reply {
        let since = match clock {
            consts::CLOCK_REALTIME | consts::CLOCK_REALTIME_COARSE => {
                SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
            }
            0..=7 => self.run.began.elapsed(),
            _ => return Reply::err(Errno::EINVAL),
        };
        let time = Timespec { sec: since.as_secs() as i64, nsec: i64::from(since.subsec_nanos()) };
        Reply::with(0, Out::Time { time })
    }

    fn sleep(&mut self, tid: Pid, call: &Rc<Syscall>, flags: i32, request: &Ptr<Timespec>) -> Now {
        let Some(time) = request.value.filter(|_| !request.is_null()) else {
            return Now::Reply(Reply::err(Errno::EFAULT));
        };
        if time.sec < 0 || !(0..1_000_000_000).contains(&time.nsec) {
            return Now::Reply(Reply::err(Errno::EINVAL));
        }
        let mut after = duration(&time);
        if flags & consts::TIMER_ABSTIME != 0 {
            after = after.saturating_sub(self.run.began.elapsed());
        }
        self.wait_for(tid, call, async move {
            tokio::time::sleep(after).await;
            Reply::ok(0)
        })
    }
}

/// A child that has ended; `None` if there are only living ones.
fn reap(run: &Run, me: Pid, which: Pid) -> Option<Reply> {
    let mut family = run.family.borrow_mut();
    let mine = |(pid, member): &(&Pid, &super::Member)| {
        member.parent == me && (which.0 <= 0 || **pid == which)
    };
    let children: Vec<(Pid, Option<i32>)> =
        family.iter().filter(mine).map(|(pid, member)| (*pid, member.status)).collect();
    if children.is_empty() {
        return Some(Reply::err(Errno::ECHILD));
    }
    let (pid, status) = children.iter().find_map(|(pid, status)| Some((*pid, (*status)?)))?;
    family.remove(&pid);
    Some(Reply::with(i64::from(pid.0), Out::Status { status }))
}

/// Whether `EPIPE` from this call raises `SIGPIPE`.
fn sends(call: &Syscall) -> bool {
    match call {
        Syscall::Write { .. } | Syscall::Writev { .. } => true,
        Syscall::Sendto { flags, .. } | Syscall::Sendmsg { flags, .. } => {
            flags & consts::MSG_NOSIGNAL == 0
        }
        _ => false,
    }
}

fn duration(time: &Timespec) -> Duration {
    let seconds = u64::try_from(time.sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(time.nsec).unwrap_or(0))
}

/// The first number of a line of `/proc/self/status`.
fn id_of(field: &str) -> i64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(field));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(-1)
}
