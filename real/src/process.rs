//! A process: its machine, its threads, its table of descriptors.

use crate::signals::{Disposition, Signals};
use crate::{Measured, Note, Run, signals};
use abi::syscall::{FdSets, FutexKey, Ptr};
use abi::{Errno, Fd, Out, Pid, Reply, Syscall, consts};
use cc::Machine;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// Descriptors that a process may have (`RLIMIT_NOFILE` of most systems).
pub(crate) const DESCRIPTORS_MAX: i32 = 1024;

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
    Child(Pid),
    /// Its deadline.
    Time,
    /// A signal's handler.
    Signal,
    /// Nothing: its answer is lost.
    Never,
}

/// A thread: the program's code, and on top of it a handler for each signal that came, each with
/// the call that it waits in.
pub(crate) struct Thread {
    levels: Vec<Level>,
}

#[derive(Default)]
struct Level {
    wait: Option<Wait>,
    /// An answer that came while a handler runs on top.
    answer: Option<(Reply, Option<Measured>)>,
}

impl Thread {
    pub(crate) fn new() -> Thread {
        Thread { levels: vec![Level::default()] }
    }

    pub(crate) fn runs(&self) -> bool {
        self.levels.last().is_some_and(|level| level.wait.is_none())
    }

    /// The calls that wait, the oldest first.
    pub(crate) fn waits(&self) -> impl Iterator<Item = &Wait> {
        self.levels.iter().filter_map(|level| level.wait.as_ref())
    }

    /// The call with this number, if it waits.
    pub(crate) fn wait(&mut self, number: u64) -> Option<&mut Wait> {
        let mut waits = self.levels.iter_mut().filter_map(|level| level.wait.as_mut());
        waits.find(|wait| wait.number == number)
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
    /// Signals that have been sent and not looked at, with the thread they are for.
    posted: VecDeque<(i32, Option<Pid>)>,
    /// When the alarm goes off, and how long after that again; nanoseconds.
    pub(crate) alarm: Option<(u64, u64)>,
    /// By `SIGSTOP`.
    stopped: bool,
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
            threads: BTreeMap::from([(pid, Thread::new())]),
            values: BTreeMap::new(),
            table: (0..3).map(terminal).collect(),
            signals: Signals::default(),
            posted: VecDeque::new(),
            alarm: None,
            stopped: false,
            status: None,
        }
    }

    pub(crate) fn runs(&self) -> bool {
        self.status.is_none() && !self.stopped
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

    /// The lowest free number from `least` on.
    pub(crate) fn open(&mut self, target: Target, cloexec: bool, least: i32) -> Result<i32, Errno> {
        let free = (least.max(0)..DESCRIPTORS_MAX).find(|fd| !self.table.contains_key(fd));
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
            | Syscall::Ioctl { fd, .. }
            | Syscall::Closesocket { fd }
            | Syscall::Close { fd } => *fd = self.handle(*fd),
            _ => {}
        }
        call
    }

    // ---- signals

    /// A signal is sent to the process.
    pub(crate) fn post(&mut self, signal: i32) {
        self.posted.push_back((signal, None));
    }

    /// A signal is sent to one of its threads.
    pub(crate) fn post_to(&mut self, signal: i32, tid: Pid) {
        self.posted.push_back((signal, Some(tid)));
    }

    /// Signals that were kept and may now take effect.
    pub(crate) fn post_due(&mut self) {
        for signal in self.signals.due() {
            self.posted.push_back((signal, None));
        }
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
    );
    match (reply.ret, &reply.out) {
        (Ok(_), Out::Fds { fds }) => fds.to_vec(),
        (Ok(handle), _) if makes => i32::try_from(handle).map(Fd).into_iter().collect(),
        _ => Vec::new(),
    }
}

impl Run {
    /// Signals that were sent take effect.
    pub(crate) fn deliver(&mut self) {
        loop {
            let living = self.processes.values_mut().filter(|process| process.status.is_none());
            let next =
                living.filter_map(|process| Some((process.pid, process.posted.pop_front()?)));
            let Some((pid, (signal, tid))) = { next }.next() else { return };
            self.signal(pid, signal, tid);
        }
    }

    fn signal(&mut self, pid: Pid, signal: i32, tid: Option<Pid>) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        let disposition = process.signals.disposition(signal);
        use Disposition::{Blocked, Handled, Ignored};
        if !matches!(disposition, Ignored | Blocked | Handled(_)) {
            self.notes.push(Note::Signal { pid, signal, handled: false });
        }
        match disposition {
            Disposition::Ignored | Disposition::Blocked => {}
            Disposition::Stops => process.stopped = true,
            Disposition::Continues => process.stopped = false,
            Disposition::Ends => self.end(pid, signal),
            Disposition::Handled(action) => self.run_handler(pid, signal, action, tid),
        }
    }

    /// Runs a handler: on the thread that the signal was sent to, else on the main one, else on
    /// any.
    fn run_handler(
        &mut self,
        pid: Pid,
        signal: i32,
        action: abi::syscall::SigAction,
        tid: Option<Pid>,
    ) {
        let now = self.now.mono_ns;
        let Some(process) = self.processes.get_mut(&pid) else { return };
        let first = process.threads.keys().next().copied();
        let Some(tid) = tid.filter(|tid| process.threads.contains_key(tid)).or(first) else {
            return;
        };
        let Some(thread) = process.threads.get_mut(&tid) else { return };
        let mut interrupted = None;
        if let Some(Level { wait: Some(wait), .. }) = thread.levels.last() {
            let restarts = action.flags & consts::SA_RESTART != 0;
            match wait.on {
                // The call goes on below the handler.
                On::Futex(_) | On::Join(_) | On::Never => {}
                _ if restarts && signals::restarts(&wait.syscall) => {}
                On::Ticket(ticket) | On::Ready { ticket: Some(ticket), .. } => {
                    // The answer is `EINTR`; the handler runs when it is there.
                    process.signals.later(signal);
                    self.orders.push(crate::Order::Cancel { ticket });
                    return;
                }
                On::Ready { ticket: None, .. }
                | On::Input { .. }
                | On::Child(_)
                | On::Time
                | On::Signal => interrupted = Some((wait.number, interrupted_reply(wait, now))),
            }
        }
        if let Some((number, reply)) = interrupted {
            self.wakes(pid, tid, number, reply, None);
        }
        self.notes.push(Note::Signal { pid, signal, handled: true });
        let Some(process) = self.processes.get_mut(&pid) else { return };
        process.signals.entered(&action, signal);
        process.machine.push_handler(tid, action.handler, signal, action.flags);
        if let Some(thread) = process.threads.get_mut(&tid) {
            thread.handler_began();
        }
    }

    pub(crate) fn handler_returned(&mut self, pid: Pid, tid: Pid) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        let mask = process.signals.returned();
        process.machine.resume(tid, &Reply::ok(0), &mut self.memory);
        process.post_due();
        self.notes.push(Note::HandlerReturned { pid, tid, mask });
        let Some(process) = self.processes.get_mut(&pid) else { return };
        let Some(thread) = process.threads.get_mut(&tid) else { return };
        if let Some((number, reply, measured)) = thread.handler_ended() {
            self.wakes(pid, tid, number, reply, measured);
        }
    }
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
