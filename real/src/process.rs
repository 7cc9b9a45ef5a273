//! A process: its machine, its threads, its table of descriptors.

use crate::calls::Now;
use crate::signals::{Disposition, Mask, Sent, Signals, UNBLOCKABLE, bit};
use crate::{Measured, Note, Run, signals};
use abi::syscall::{FdSets, FutexKey, Ptr, SigAction, SigInfo};
use abi::{Bytes, Errno, Fd, Out, Pid, Reply, Syscall, consts};
use cc::Machine;
use sim::kernel::process::{Mapping, NOFILE};
use sim::kernel::signal::fault_info;
use std::collections::BTreeMap;
use std::rc::Rc;

/// `wait(2)`'s word of a child that goes on.
const CONTINUED: i32 = 0xffff;

/// What a descriptor stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    /// The terminal: 0, 1 or 2 as it was at the start.
    Terminal(i32),
    /// A handle of the session.
    Handle(Fd),
    /// A description of [`crate::files`].
    File(u64),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) target: Target,
    pub(crate) cloexec: bool,
}

/// A call that has not returned.
pub(crate) struct Wait {
    pub(crate) number: u64,
    pub(crate) syscall: Rc<Syscall>,
    pub(crate) on: On,
    /// On the monotonic clock.
    pub(crate) deadline: Option<u64>,
    pub(crate) since: u64,
    /// A handler waits for its answer, which has been asked for.
    pub(crate) interrupted: bool,
}

impl Wait {
    /// Whether it ends when something is typed.
    pub(crate) fn reads_terminal(&self) -> bool {
        matches!(self.on, On::Input { .. } | On::Ready { terminal: true, .. })
    }
}

/// What it waits for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum On {
    /// The answer to an order.
    Ticket(u64),
    /// `poll` and `select`: the kernel's part, if there is one; the terminal, if it is asked for.
    Ready {
        ticket: Option<u64>,
        terminal: bool,
    },
    /// A line of the terminal.
    Input {
        room: usize,
    },
    Futex(FutexKey),
    Join(Pid),
    /// A child: the call is made again when there is something to tell of one.
    Children,
    /// Its deadline.
    Time,
    /// A signal's handler.
    Signal,
    /// A signal of this set, `sigwait(3)`.
    SignalOf(u64),
    /// An object that lives here: the call is made again when it changes.
    Change(Source),
    /// Nothing: its answer is lost.
    Never,
}

/// What lives here and is slept on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Source {
    /// A System V semaphore set.
    Semaphore(i32),
    /// A System V message queue.
    Mailbox(i32),
    /// A POSIX message queue.
    Queue(u32),
    /// The locks of a file, by inode.
    Lock(u64),
    /// Who has a FIFO open, by inode.
    Fifo(u64),
    /// A signalfd, by its handle.
    SignalFd(Fd),
}

/// A thread: the program's code, and on top of it a handler for each signal that came, each with
/// the call that it waits in.
pub(crate) struct Thread {
    levels: Vec<Level>,
    pub(crate) mask: Mask,
}

#[derive(Default)]
struct Level {
    wait: Option<Wait>,
    /// An answer that came while a handler runs on top.
    answer: Option<(Reply, Option<Measured>)>,
}

impl Thread {
    pub(crate) fn new(mask: Mask) -> Thread {
        Thread { levels: vec![Level::default()], mask }
    }

    pub(crate) fn runs(&self) -> bool {
        self.levels.last().is_some_and(|level| level.wait.is_none())
    }

    /// The calls that wait and have no answer yet, the oldest first.
    pub(crate) fn waits(&self) -> impl Iterator<Item = &Wait> {
        let open = self.levels.iter().filter(|level| level.answer.is_none());
        open.filter_map(|level| level.wait.as_ref())
    }

    /// The call with this number, if it waits.
    pub(crate) fn wait(&mut self, number: u64) -> Option<&mut Wait> {
        let open = self.levels.iter_mut().filter(|level| level.answer.is_none());
        open.filter_map(|level| level.wait.as_mut()).find(|wait| wait.number == number)
    }

    /// The running code waits now.
    pub(crate) fn begin(&mut self, wait: Wait) {
        if let Some(level) = self.levels.last_mut() {
            level.wait = Some(wait);
        }
    }

    /// A call has its answer: the call, if it returns now; an answer below a handler is kept.
    pub(crate) fn end(
        &mut self,
        number: u64,
        reply: Reply,
        measured: Option<Measured>,
    ) -> Option<(Wait, Reply, Option<Measured>)> {
        let is_top = self.levels.last()?.wait.as_ref().is_some_and(|wait| wait.number == number);
        if is_top {
            return Some((self.levels.last_mut()?.wait.take()?, reply, measured));
        }
        let mut levels = self.levels.iter_mut();
        let level =
            levels.find(|level| level.wait.as_ref().is_some_and(|wait| wait.number == number))?;
        level.answer = Some((reply, measured));
        None
    }

    /// The signals that it takes now: those that nothing blocks, and those of its `sigwait`.
    fn takes(&self) -> u64 {
        let open = self.mask.open() | UNBLOCKABLE;
        match self.levels.last().and_then(|level| level.wait.as_ref()) {
            // Whoever is on the way out of a call does that first.
            Some(wait) if wait.interrupted => bit(consts::SIGKILL),
            Some(Wait { on: On::SignalOf(set), .. }) => open | set,
            _ => open,
        }
    }

    /// Forgets the handlers and calls that `longjmp` has left: so many handlers run, so many calls
    /// wait. The calls that nobody waits for any more.
    pub(crate) fn left_behind(&mut self, calls: usize, handlers: usize) -> Vec<Wait> {
        self.mask.left(handlers);
        let above = self.levels.split_off((handlers + 1).min(self.levels.len()));
        let mut left: Vec<Wait> = above.into_iter().filter_map(|level| level.wait).collect();
        let waits = self.levels.iter_mut().filter(|level| level.wait.is_some());
        for level in waits.skip(calls) {
            level.answer = None;
            left.extend(level.wait.take());
        }
        left
    }

    fn handler_began(&mut self) {
        self.levels.push(Level::default());
    }

    /// The answer that came meanwhile to the call below.
    fn handler_ended(&mut self) -> Option<(u64, Reply, Option<Measured>)> {
        if self.levels.len() > 1 {
            self.levels.pop();
        }
        let level = self.levels.last_mut()?;
        let (reply, measured) = level.answer.take()?;
        Some((level.wait.as_ref()?.number, reply, measured))
    }
}

pub(crate) struct Process {
    pub(crate) pid: Pid,
    pub(crate) parent: Pid,
    pub(crate) program: usize,
    pub(crate) machine: Machine,
    pub(crate) threads: BTreeMap<Pid, Thread>,
    /// Values of threads that ended and were not joined yet.
    pub(crate) values: BTreeMap<Pid, u64>,
    pub(crate) table: BTreeMap<i32, Entry>,
    pub(crate) signals: Signals,
    /// Its process group and session.
    pub(crate) group: Pid,
    pub(crate) session: Pid,
    /// `getuid`, `getgid`.
    pub(crate) ids: (u32, u32),
    /// Its working directory, without a slash at the end.
    pub(crate) cwd: Vec<u8>,
    pub(crate) umask: u32,
    /// `RLIMIT_NOFILE`: soft, hard.
    pub(crate) nofile: (u64, u64),
    /// Shared mappings, by address.
    pub(crate) mappings: BTreeMap<u64, Mapping>,
    /// When the alarm goes off, and how long after that again; nanoseconds.
    pub(crate) alarm: Option<(u64, u64)>,
    /// By `SIGSTOP`.
    stopped: bool,
    /// `wait(2)`'s word of that it was stopped or continued, until somebody has asked.
    pub(crate) news: Option<i32>,
    /// The parent has not been sent `SIGCHLD` for that yet.
    untold: bool,
    /// `wait(2)`'s word, once it has ended.
    pub(crate) status: Option<i32>,
}

impl Process {
    pub(crate) fn new(pid: Pid, program: usize, machine: Machine) -> Process {
        let terminal = |fd| (fd, Entry { target: Target::Terminal(fd), cloexec: false });
        Process {
            pid,
            parent: Pid(0),
            program,
            machine,
            threads: BTreeMap::from([(pid, Thread::new(Mask::default()))]),
            values: BTreeMap::new(),
            table: (0..3).map(terminal).collect(),
            signals: Signals::default(),
            group: pid,
            session: pid,
            ids: (0, 0),
            cwd: Vec::new(),
            umask: 0o022,
            nofile: NOFILE,
            mappings: BTreeMap::new(),
            alarm: None,
            stopped: false,
            news: None,
            untold: false,
            status: None,
        }
    }

    pub(crate) fn runs(&self) -> bool {
        self.status.is_none() && !self.stopped
    }

    /// The line of the program's own file that a thread is at, from 1.
    pub(crate) fn line_of(&self, tid: Pid) -> Option<u32> {
        let span = self.machine.position(tid)?;
        Some(self.machine.program().sources.line_column(span).line)
    }

    /// That it was stopped or continued, for a `wait` with these options.
    pub(crate) fn news_for(&self, options: i32) -> Option<i32> {
        self.news.filter(|news| match *news {
            CONTINUED => options & consts::WCONTINUED != 0,
            _ => options & consts::WUNTRACED != 0,
        })
    }

    /// Since when every thread has waited for something from outside.
    pub(crate) fn waits_since(&self) -> Option<u64> {
        self.threads.values().try_fold(0, |latest, thread| {
            let wait = thread.waits().last().filter(|_| !thread.runs())?;
            Some(wait.since.max(latest))
        })
    }

    pub(crate) fn deadlines(&self) -> impl Iterator<Item = u64> + '_ {
        let waits = self.threads.values().flat_map(Thread::waits);
        let waits = waits.filter_map(|wait| wait.deadline);
        waits.chain(self.alarm.map(|(at, _)| at))
    }

    // ---- descriptors

    pub(crate) fn target(&self, fd: Fd) -> Option<Target> {
        self.table.get(&fd.0).map(|entry| entry.target)
    }

    /// The first number that no descriptor may have.
    pub(crate) fn limit(&self) -> i32 {
        i32::try_from(self.nofile.0).unwrap_or(i32::MAX)
    }

    /// Whether there is a free number.
    pub(crate) fn has_room(&self) -> bool {
        (0..self.limit()).any(|fd| !self.table.contains_key(&fd))
    }

    /// The lowest free number from `least` on.
    pub(crate) fn open(&mut self, target: Target, cloexec: bool, least: i32) -> Result<i32, Errno> {
        let free = (least.max(0)..self.limit()).find(|fd| !self.table.contains_key(fd));
        let number = free.ok_or(Errno::EMFILE)?;
        self.table.insert(number, Entry { target, cloexec });
        Ok(number)
    }

    /// A descriptor as the session knows it: what is not open there gets a number that is not
    /// either, so that the kernel says `EBADF` itself.
    fn handle(&self, fd: Fd) -> Fd {
        match self.target(fd) {
            Some(Target::Handle(handle)) => handle,
            _ => Fd(-1),
        }
    }

    /// The call with handles for descriptors. What is not the session's is left out of `poll` and
    /// `select`, which are completed by [`Run::as_seen`].
    pub(crate) fn to_handles(&self, call: &Syscall) -> Syscall {
        let mut call = call.clone();
        match &mut call {
            Syscall::Poll { fds: Ptr { value: Some(fds), .. }, .. } => {
                for entry in fds.iter_mut().filter(|entry| entry.fd.0 >= 0) {
                    entry.fd = match self.target(entry.fd) {
                        Some(Target::Handle(handle)) => handle,
                        // poll ignores negative numbers.
                        Some(_) => Fd(-1),
                        // Not open: a number that the session does not have either.
                        None => Fd(i32::MAX),
                    };
                }
            }
            Syscall::Select { nfds, sets: FdSets { read, write, except }, .. } => {
                for set in [read, write, except].into_iter().flatten() {
                    let known = set.iter().filter_map(|fd| match self.target(*fd) {
                        Some(Target::Handle(handle)) => Some(handle),
                        _ => None,
                    });
                    *set = known.collect();
                    set.sort_unstable();
                    set.dedup();
                    *nfds = set.iter().fold(*nfds, |most, fd| most.max(fd.0 + 1));
                }
            }
            Syscall::EpollCtl { epfd, fd, .. } => {
                *epfd = self.handle(*epfd);
                *fd = self.handle(*fd);
            }
            Syscall::EpollWait { epfd, .. } => *epfd = self.handle(*epfd),
            Syscall::Sendmsg { fd, msg, .. } => {
                *fd = self.handle(*fd);
                if let Some(msg) = msg {
                    map_rights(&mut msg.control.0, |fd| Some(self.handle(Fd(fd)).0));
                }
            }
            Syscall::Sendmmsg { fd, msgs, .. } => {
                *fd = self.handle(*fd);
                for msg in msgs {
                    map_rights(&mut msg.control.0, |fd| Some(self.handle(Fd(fd)).0));
                }
            }
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
            | Syscall::Recvmsg { fd, .. }
            | Syscall::Recvmmsg { fd, .. }
            | Syscall::TimerfdSettime { fd, .. }
            | Syscall::TimerfdGettime { fd }
            | Syscall::Shutdown { fd, .. }
            | Syscall::Getsockname { fd, .. }
            | Syscall::Getpeername { fd, .. }
            | Syscall::Setsockopt { fd, .. }
            | Syscall::Getsockopt { fd, .. }
            | Syscall::Fcntl { fd, .. }
            | Syscall::Ioctl { fd, .. }
            | Syscall::Closesocket { fd }
            | Syscall::Close { fd } => *fd = self.handle(*fd),
            _ => {}
        }
        call
    }

    // ---- who it is

    /// `setuid(2)`, or with `user` false `setgid(2)`: root may become anybody.
    pub(crate) fn set_id(&mut self, id: u32, user: bool) -> Result<i64, Errno> {
        let own = if user { &mut self.ids.0 } else { &mut self.ids.1 };
        if id == u32::MAX {
            return Err(Errno::EINVAL);
        }
        if *own != 0 && *own != id {
            return Err(Errno::EPERM);
        }
        *own = id;
        Ok(0)
    }

    /// `getrlimit(2)`: soft, hard.
    pub(crate) fn limits(&self, resource: i32) -> Result<(u64, u64), Errno> {
        match resource {
            consts::RLIMIT_NOFILE => Ok(self.nofile),
            consts::RLIMIT_STACK => Ok((8 << 20, u64::MAX)),
            consts::RLIMIT_CORE => Ok((0, u64::MAX)),
            0..16 => Ok((u64::MAX, u64::MAX)),
            _ => Err(Errno::EINVAL),
        }
    }

    /// `setrlimit(2)`: only that of descriptors has an effect here.
    pub(crate) fn set_limits(&mut self, resource: i32, soft: u64, hard: u64) -> Result<i64, Errno> {
        if !(0..16).contains(&resource) || soft > hard {
            return Err(Errno::EINVAL);
        }
        if resource == consts::RLIMIT_NOFILE {
            if hard > NOFILE.1 || (hard > self.nofile.1 && self.ids.0 != 0) {
                return Err(Errno::EPERM);
            }
            self.nofile = (soft, hard);
        }
        Ok(0)
    }

    // ---- signals

    /// The kernel sends a signal to the process.
    pub(crate) fn post(&mut self, signal: i32) {
        self.post_info(SigInfo { signal, code: consts::SI_KERNEL, ..SigInfo::default() }, None);
    }

    /// One of its threads has written where nobody reads: the kernel sends `SIGPIPE` in the name of
    /// the process itself.
    pub(crate) fn post_broken_pipe(&mut self, tid: Pid) {
        let (signal, code) = (consts::SIGPIPE, consts::SI_USER);
        let info = SigInfo { signal, code, pid: self.pid.0, uid: self.ids.0, value: 0 };
        self.post_info(info, Some(tid));
    }

    /// A signal is sent, to the process or to one of its threads; who ignores it and does not
    /// block it will never know.
    pub(crate) fn post_info(&mut self, info: SigInfo, tid: Option<Pid>) {
        let signal = info.signal;
        if signal == consts::SIGCONT && self.stopped {
            self.stopped = false;
            (self.news, self.untold) = (Some(CONTINUED), true);
        }
        let ignored = matches!(self.signals.disposition(signal), Disposition::Ignored);
        let mut meant =
            self.threads.iter().filter(|(other, _)| tid.is_none_or(|tid| tid == **other));
        let noticed = |thread: &Thread| {
            let waits =
                |wait: &Wait| matches!(wait.on, On::SignalOf(set) if set & bit(signal) != 0);
            thread.mask.open() & bit(signal) == 0 || thread.waits().any(waits)
        };
        if !ignored || meant.any(|(_, thread)| noticed(thread)) {
            self.signals.keep(Sent { info, tid });
        }
    }

    /// The end of a call that may have had a mask of its own: it goes, unless a handler that it let
    /// through is still to run, which puts the old one back.
    pub(crate) fn call_ends(&mut self, tid: Pid) {
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        if !self.signals.handles(self.signals.waiting(tid) & thread.mask.open()) {
            thread.mask.resume();
        }
    }

    /// The next signal that takes effect, and the thread that takes it.
    fn takes_signal(&mut self) -> Option<(Pid, SigInfo)> {
        let may = if self.stopped { bit(consts::SIGKILL) } else { u64::MAX };
        let signals = &mut self.signals;
        self.threads
            .iter()
            .find_map(|(tid, thread)| Some((*tid, signals.take(*tid, thread.takes() & may)?)))
    }

    pub(crate) fn alarm_due(&mut self, now: u64) {
        if let Some((at, interval)) = self.alarm
            && at <= now
        {
            self.alarm = (interval > 0).then(|| (now + interval, interval));
            self.post(consts::SIGALRM);
        }
    }
}

/// The handles that an answer opened.
pub(crate) fn opened(call: &Syscall, reply: &Reply) -> Vec<Fd> {
    let makes = matches!(
        call,
        Syscall::Socket { .. }
            | Syscall::Accept { .. }
            | Syscall::Accept4 { .. }
            | Syscall::EpollCreate { .. }
            | Syscall::EpollCreate1 { .. }
            | Syscall::Eventfd2 { .. }
            | Syscall::TimerfdCreate { .. }
            | Syscall::Signalfd4 { .. }
            | Syscall::Openat { .. }
    );
    match (reply.ret, &reply.out) {
        (Ok(_), Out::Fds { fds }) => fds.to_vec(),
        (Ok(handle), _) if makes => i32::try_from(handle).map(Fd).into_iter().collect(),
        _ => Vec::new(),
    }
}

impl Run {
    /// `setsid(2)`.
    pub(crate) fn setsid(&mut self, pid: Pid) -> Result<i64, Errno> {
        let processes = self.processes.values().filter(|process| process.status.is_none());
        // Who was started by hand leads no group: a shell in between would.
        if processes.filter(|process| process.pid != pid).any(|process| process.group == pid) {
            return Err(Errno::EPERM);
        }
        let process = self.processes.get_mut(&pid).ok_or(Errno::ESRCH)?;
        if process.parent == Pid(0) {
            return Err(Errno::EPERM);
        }
        (process.group, process.session) = (pid, pid);
        Ok(pid.0.into())
    }

    /// `getpgid(2)`, `getsid(2)`.
    pub(crate) fn somebody(
        &self,
        me: Pid,
        of: Pid,
        what: impl Fn(&Process) -> Pid,
    ) -> Result<i64, Errno> {
        let of = if of.0 == 0 { me } else { of };
        self.processes.get(&of).map(|process| what(process).0.into()).ok_or(Errno::ESRCH)
    }

    /// `setpgid(2)`.
    pub(crate) fn setpgid(&mut self, me: Pid, of: Pid, group: Pid) -> Result<i64, Errno> {
        if group.0 < 0 {
            return Err(Errno::EINVAL);
        }
        let of = if of.0 == 0 { me } else { of };
        let group = if group.0 == 0 { of } else { group };
        let my_session = self.processes.get(&me).map(|process| process.session);
        let target = self.processes.get(&of).ok_or(Errno::ESRCH)?;
        if target.pid != me && target.parent != me {
            return Err(Errno::ESRCH);
        }
        let session = target.session;
        let exists = |process: &Process| process.group == group && process.session == session;
        if Some(session) != my_session
            || session == of
            || (group != of && !self.processes.values().any(exists))
        {
            return Err(Errno::EPERM);
        }
        if let Some(process) = self.processes.get_mut(&of) {
            process.group = group;
        }
        Ok(0)
    }

    /// `execve(2)` of another program of the run.
    pub(crate) fn execve(
        &mut self,
        caller: crate::Caller,
        path: &Ptr<Bytes>,
        argv: &[Bytes],
        envp: &[Bytes],
    ) -> Now {
        let pid = caller.pid;
        let refuse = |errno| Now::Reply(Reply::err(errno));
        let Some(given) = &path.value else { return refuse(Errno::EFAULT) };
        let given = crate::calls::name(given);
        let whole = String::from_utf8_lossy(given);
        let name = crate::stem(&whole);
        let found = self.installed.iter().find(|(known, _)| *known == name && !name.is_empty());
        let found = found.map(|(_, program)| program.clone());
        let Some(program) = found.or_else(|| cc::commands::command(&whole)) else {
            let Some(process) = self.processes.get(&pid) else { return Now::Over };
            let (whole, uid) = (crate::files::absolute(&process.cwd, given), process.ids.0);
            return refuse(self.files.not_a_program(&whole, uid));
        };
        let text = |bytes: &Bytes| String::from_utf8_lossy(crate::calls::name(bytes)).into_owned();
        let args: Vec<String> = argv.iter().map(text).collect();
        let pairs = envp.iter().filter_map(|var| {
            text(var).split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
        });
        let env: Vec<(String, String)> = pairs.collect();
        // The caller's memory is gone, so nobody reads the answer; people see it all the same.
        let (number, reply) = (caller.number, Reply::ok(0));
        self.notes.push(Note::Returned { number, reply, measured: None, restarts: true });
        self.forget_orders(pid);
        self.drop_mappings(pid);
        let Some(process) = self.processes.get_mut(&pid) else { return Now::Over };
        let table = std::mem::take(&mut process.table).into_iter();
        let (closing, kept): (BTreeMap<_, _>, _) = table.partition(|(_, entry)| entry.cloexec);
        process.table = kept;
        process.machine = Machine::new(program, &args, &env, pid);
        let mask = process.threads.get(&caller.tid).map(|thread| thread.mask.inherited());
        process.threads = BTreeMap::from([(pid, Thread::new(mask.unwrap_or_default()))]);
        process.values.clear();
        process.signals.executed();
        for entry in closing.into_values() {
            self.drop_locks(pid, entry.target);
            if let Some(handle) = self.release(entry.target) {
                self.order(None, Syscall::Close { fd: handle });
            }
        }
        Now::Over
    }

    /// `waitid(2)`: children that have ended.
    pub(crate) fn waitid(&mut self, pid: Pid, which: i32, id: i32, options: i32) -> Now {
        const WHAT: i32 = consts::WEXITED | consts::WUNTRACED | consts::WCONTINUED;
        let refuse = |errno| Now::Reply(Reply::err(errno));
        if options & !(WHAT | consts::WNOHANG | consts::WNOWAIT) != 0 || options & WHAT == 0 {
            return refuse(Errno::EINVAL);
        }
        let group = self.processes.get(&pid).map(|process| process.group);
        let meant = |child: &Process| match which {
            consts::P_ALL => true,
            consts::P_PID => child.pid.0 == id,
            _ => Some(child.group) == if id == 0 { group } else { Some(Pid(id)) },
        };
        if !(consts::P_ALL..=consts::P_PGID).contains(&which)
            || which == consts::P_PID && id <= 0
            || which == consts::P_PGID && id < 0
        {
            return refuse(Errno::EINVAL);
        }
        let children = self.processes.values().filter(|child| child.parent == pid);
        let mut children = children.filter(|child| meant(child)).peekable();
        if children.peek().is_none() {
            return refuse(Errno::ECHILD);
        }
        let exits = options & consts::WEXITED != 0;
        let news = |child: &Process| {
            let word = child.status.filter(|_| exits).or(child.news_for(options))?;
            Some((child.pid, child.ids.0, word))
        };
        match children.find_map(news) {
            Some((child, uid, word)) => {
                let kept = options & consts::WNOWAIT != 0;
                match self.processes.get_mut(&child).filter(|_| !kept) {
                    Some(living) if living.status.is_none() => living.news = None,
                    Some(_) => drop(self.processes.remove(&child)),
                    None => {}
                }
                Now::Reply(Reply::with(0, Out::SigInfo { info: child_info(child, uid, word) }))
            }
            None if options & consts::WNOHANG != 0 => {
                Now::Reply(Reply::with(0, Out::SigInfo { info: SigInfo::default() }))
            }
            None => Now::Waits(On::Children, None),
        }
    }

    /// Parents are told of children that were stopped or continued.
    fn tell_parents(&mut self) {
        while let Some(child) = self.processes.values_mut().find(|process| process.untold) {
            child.untold = false;
            let (pid, uid, parent, news) = (child.pid, child.ids.0, child.parent, child.news);
            let (Some(word), Some(parent)) = (news, self.processes.get_mut(&parent)) else {
                continue;
            };
            if !parent.signals.ignores_stops() {
                parent.post_info(child_info(pid, uid, word), None);
            }
            let parent = parent.pid;
            self.child_changed(parent);
        }
    }

    /// Signals that were sent take effect.
    pub(crate) fn deliver(&mut self) {
        loop {
            self.tell_parents();
            let mut living = self.processes.values_mut().filter(|process| process.status.is_none());
            let next = living.find_map(|process| {
                let (tid, info) = process.takes_signal()?;
                Some((process.pid, tid, info))
            });
            let Some((pid, tid, info)) = next else { return };
            self.signal(pid, tid, info);
        }
    }

    /// A signal takes effect on a thread: it ends the thread's `sigwait`, or does what its process
    /// wants.
    fn signal(&mut self, pid: Pid, tid: Pid, info: SigInfo) {
        let signal = info.signal;
        let Some(process) = self.processes.get_mut(&pid) else { return };
        let waits = process.threads.get(&tid).and_then(|thread| thread.waits().last());
        if let Some(&Wait { number, on: On::SignalOf(set), .. }) = waits
            && set & bit(signal) != 0
        {
            let reply = Reply::with(signal.into(), Out::SigInfo { info });
            return self.wakes(pid, tid, number, reply, None);
        }
        let disposition = process.signals.disposition(signal);
        if !matches!(disposition, Disposition::Ignored | Disposition::Handled(_)) {
            self.notes.push(Note::Signal { pid, tid, info, handled: false });
        }
        match disposition {
            Disposition::Ignored | Disposition::Continues => {}
            Disposition::Stops => {
                process.stopped = true;
                (process.news, process.untold) = (Some(signal << 8 | 0x7f), true);
            }
            Disposition::Ends => self.end(pid, signal),
            Disposition::Handled(action) => self.run_handler(pid, tid, info, action),
        }
    }

    /// The program did what C leaves undefined: where the processor would have noticed, a handler
    /// of its signal runs.
    pub(crate) fn faulted(&mut self, pid: Pid, tid: Pid, fault: cc::Fault) {
        let info = fault_info(&fault);
        let Some(process) = self.processes.get_mut(&pid) else { return };
        let thread = process.threads.get(&tid);
        let open = thread.is_some_and(|thread| thread.mask.open() & bit(info.signal) != 0);
        match process.signals.disposition(info.signal) {
            Disposition::Handled(action) if open && fault.is_certain() => {
                process.machine.forget_fault(tid);
                self.run_handler(pid, tid, info, action);
            }
            _ => {
                self.notes.push(Note::Fault { pid, fault: Box::new(fault) });
                self.end(pid, info.signal);
            }
        }
    }

    /// Runs a handler on top of what the thread does; a call that is not made again afterwards
    /// answers `EINTR` first.
    fn run_handler(&mut self, pid: Pid, tid: Pid, info: SigInfo, action: SigAction) {
        let now = self.now.mono_ns;
        let Some(thread) = self.thread(pid, tid) else { return };
        let call = thread.waits().last().map(|wait| std::rc::Rc::clone(&wait.syscall));
        let has_own_time = call.is_some_and(|call| self.has_own_time(pid, &call));
        let restarts = action.flags & consts::SA_RESTART != 0 && !has_own_time;
        let Some(process) = self.processes.get_mut(&pid) else { return };
        let Some(thread) = process.threads.get_mut(&tid) else { return };
        let mut interrupted = None;
        if let Some(Level { wait: Some(wait), .. }) = thread.levels.last_mut() {
            match wait.on {
                // The call goes on below the handler.
                On::Join(_) | On::Never => {}
                _ if restarts && signals::restarts(&wait.syscall) => {}
                // Made again when the object changes, after the handler (flock, mq_receive).
                On::Change(
                    Source::Queue(_) | Source::Lock(_) | Source::Fifo(_) | Source::SignalFd(_),
                ) if restarts => {}
                On::Ticket(ticket) | On::Ready { ticket: Some(ticket), .. } => {
                    // The answer is `EINTR`; the handler runs when it is there.
                    wait.interrupted = true;
                    process.signals.put_back(Sent { info, tid: Some(tid) });
                    self.orders.push(crate::Order::Cancel { ticket });
                    return;
                }
                _ => interrupted = Some((wait.number, interrupted_reply(wait, now))),
            }
        }
        if let Some((number, reply)) = interrupted {
            self.wakes(pid, tid, number, reply, None);
        }
        self.notes.push(Note::Signal { pid, tid, info, handled: true });
        let Some(process) = self.processes.get_mut(&pid) else { return };
        if action.flags & consts::SA_RESETHAND != 0 {
            process.signals.reset(info.signal);
        }
        process.machine.push_handler_with(tid, action.handler, action.flags, &info);
        if let Some(thread) = process.threads.get_mut(&tid) {
            thread.mask.entered(&action, info.signal);
            thread.handler_began();
        }
    }

    /// Whether the call is on a socket with a time of its own (`SO_RCVTIMEO`, `SO_SNDTIMEO`): no
    /// such call is made again after a handler (include/net/sock.h, sock_intr_errno).
    pub(crate) fn has_own_time(&self, pid: Pid, call: &Syscall) -> bool {
        let Some(process) = self.processes.get(&pid) else { return false };
        let target = crate::descriptor(call).and_then(|fd| process.target(fd));
        let receives = signals::receives(call);
        matches!(target, Some(Target::Handle(handle)) if self.timed.contains(&(handle, receives)))
    }

    pub(crate) fn handler_returned(&mut self, pid: Pid, tid: Pid) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        process.machine.resume(tid, &Reply::ok(0), &mut self.memory);
        let Some(thread) = process.threads.get_mut(&tid) else { return };
        let mask = thread.mask.returned();
        let answer = thread.handler_ended();
        self.notes.push(Note::HandlerReturned { pid, tid, mask });
        if let Some((number, reply, measured)) = answer {
            self.wakes(pid, tid, number, reply, measured);
        }
    }
}

/// What `SIGCHLD` and `waitid(2)` tell of a child that has ended.
pub(crate) fn child_info(child: Pid, uid: u32, word: i32) -> SigInfo {
    let (code, value) = match word {
        CONTINUED => (consts::CLD_CONTINUED, consts::SIGCONT),
        word if word & 0xff == 0x7f => (consts::CLD_STOPPED, word >> 8),
        word if word & 0x7f == 0 => (consts::CLD_EXITED, word >> 8 & 0xff),
        word if word & 0x80 != 0 => (consts::CLD_DUMPED, word & 0x7f),
        word => (consts::CLD_KILLED, word & 0x7f),
    };
    SigInfo { signal: consts::SIGCHLD, code, pid: child.0, uid, value: value.into() }
}

/// What an interrupted call says: `EINTR`, and a sleep how much of it was left.
fn interrupted_reply(wait: &Wait, now: u64) -> Reply {
    let mut reply = Reply::err(Errno::EINTR);
    if let (Syscall::ClockNanosleep { .. }, Some(deadline)) = (&*wait.syscall, wait.deadline) {
        let left = deadline.saturating_sub(now);
        reply.out = Out::Time { time: crate::calls::timespec(left) };
    }
    reply
}

/// Puts other numbers into the `SCM_RIGHTS` messages of control data, which end where there is no
/// number any more. Whether one was left out.
pub(crate) fn map_rights(
    control: &mut Vec<u8>,
    mut number: impl FnMut(i32) -> Option<i32>,
) -> bool {
    const HEADER: usize = 16; // sizeof(struct cmsghdr): size_t len, int level, int type
    let mut at = 0;
    while let Some(header) = control.get(at..).and_then(|rest| rest.first_chunk::<HEADER>()) {
        let len = u64::from_le_bytes(*header.first_chunk().expect("16 bytes hold 8"));
        let len = usize::try_from(len).unwrap_or(usize::MAX).clamp(HEADER, control.len() - at);
        let rights = [consts::SOL_SOCKET, consts::SCM_RIGHTS].map(i32::to_le_bytes).concat();
        if header[8..] == rights[..] {
            for word in (at + HEADER..at + len).step_by(4) {
                let Some(old) = control.get(word..).and_then(|rest| rest.first_chunk()) else {
                    continue;
                };
                match number(i32::from_le_bytes(*old)) {
                    Some(new) => control[word..word + 4].copy_from_slice(&new.to_le_bytes()),
                    None => {
                        control.truncate(if word > at + HEADER { word } else { at });
                        if word > at + HEADER {
                            let len = (word - at) as u64;
                            control[at..at + 8].copy_from_slice(&len.to_le_bytes());
                        }
                        return true;
                    }
                }
            }
        }
        at += len.next_multiple_of(8);
    }
    false
}
