//! Programs on real sockets: the processes live here, a real kernel answers their calls on sockets.
//!
//! A [`Run`] does no I/O and has no clock. Whoever drives it (the page through the bridge,
//! `soquete run --on real` with the executor in its own process) lets it [`Run::advance`], makes
//! the [`Order`]s, brings back the [`Answer`]s and what was typed, and shows the [`Note`]s.
//!
//! Answered here: processes (`execve` of the run's programs), threads, signals, time, the terminal,
//! small files and their locks, shared memory, semaphores and message queues, limits. Ordered:
//! everything on sockets, pipes, `epoll`, eventfd, timerfd and names. Duplicates of a descriptor, in
//! one process or in a child, are one handle with a count, so that the kernel's socket is closed by
//! the last `close`, as on Linux. What the bridge's policy refuses is an errno for the program and
//! a [`Note::Denied`] for people.
//!
//! Missing, and said by name ([`Note::Missing`], `ENOSYS`): timers that count processor time. A
//! message queue is not waited for in `poll`.

mod calls;
mod fifos;
mod files;
mod objects;
mod process;
mod ready;
mod signalfd;
mod signals;

pub use calls::descriptor;
pub use files::{Disk, Found, FoundKind};

use abi::message::{KernelStep, Rule, TcpInfo};
use abi::syscall::SigInfo;
use abi::{Errno, Fd, Out, Pid, Reply, Syscall, consts};
use cc::{Machine, SharedMemory, Step, StopAt};
use files::{Files, Opened};
use process::{On, Process, Source, Target, Thread, Wait};
use sim::kernel::ipc::Ipc;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

/// Instructions until another thread has its turn.
const TURN: u64 = 200_000;
/// What a call costs of that, however little it computes.
const CALL_COST: u64 = 1000;
/// How long the programs before must have waited before the next one starts, nanoseconds.
const QUIET_NS: u64 = 30_000_000;

/// The clocks at a moment, nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Now {
    /// `CLOCK_MONOTONIC`, from any origin.
    pub mono_ns: u64,
    /// `CLOCK_REALTIME`, since 1970.
    pub real_ns: u64,
}

/// When a program starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// Nanoseconds after the run began.
    At(u64),
    /// As soon as all processes of the programs before it wait or have ended: a client after its
    /// server.
    AfterOthers,
}

/// A program to be run.
#[derive(Clone, Debug)]
pub struct Start {
    /// What it does.
    pub program: Arc<cc::Program>,
    /// `argv`, its name first.
    pub args: Vec<String>,
    /// Its environment.
    pub env: Vec<(String, String)>,
    /// What has been typed to it, and whether that is all.
    pub stdin: (Vec<u8>, bool),
    /// When.
    pub when: When,
}

/// What the programs are told about their surroundings.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The number of the first process.
    pub first_pid: i32,
    /// `getuid`, `getgid`.
    pub ids: (u32, u32),
    /// `uname`: system, node, release, version, machine.
    pub uname: [String; 5],
    /// Where they begin, an absolute path.
    pub cwd: Vec<u8>,
}

/// Something for the driver to do.
#[derive(Clone, PartialEq, Debug)]
pub enum Order {
    /// Make this call on the session; descriptors are its handles. It may block.
    Call {
        /// Names the call in [`Order::Cancel`] and [`Run::answer`].
        ticket: u64,
        /// The call of a program that it is for ([`Note::Called`]); `None` for what is closed
        /// after a process.
        number: Option<u64>,
        /// What.
        call: Syscall,
    },
    /// End that call: its answer is `EINTR`, if there is none yet.
    Cancel {
        /// Which.
        ticket: u64,
    },
}

/// What came of an order.
#[derive(Clone, PartialEq, Debug)]
pub enum Answer {
    /// The kernel's answer.
    Done(Reply, Measured),
    /// The bridge's policy refused; no kernel saw it. The program is given an errno ([`refusal`]),
    /// as by a filter of seccomp(2); whoever shows the call says who refused.
    Denied {
        /// The rule.
        rule: Rule,
        /// What was refused.
        detail: String,
    },
    /// The bridge is gone, and every socket with it. The process stays as it is.
    Lost(String),
}

/// How a real kernel answered: as in `FromBridge::Done`.
#[derive(Clone, PartialEq, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Measured {
    /// Since the session began, nanoseconds.
    pub start_ns: u64,
    /// Nanoseconds.
    pub duration_ns: u64,
    /// What the kernel really did, where that was more than one call.
    pub steps: Vec<KernelStep>,
    /// `TCP_INFO` after the call.
    pub tcp: Option<Box<TcpInfo>>,
}

/// Something that happened, for whoever shows it.
#[derive(Clone, PartialEq, Debug)]
pub enum Note {
    /// A process begins.
    Began {
        /// The process.
        pid: Pid,
        /// Who forked it.
        parent: Option<Pid>,
        /// Which [`Start`].
        program: usize,
    },
    /// A program makes a call.
    Called {
        /// Unique in the run, rising.
        number: u64,
        /// The process.
        pid: Pid,
        /// The thread.
        tid: Pid,
        /// The call.
        syscall: Rc<Syscall>,
        /// The line of the program's own file that makes it, from 1.
        line: Option<u32>,
    },
    /// It returned.
    Returned {
        /// Which.
        number: u64,
        /// As the program sees it.
        reply: Reply,
        /// `None`: answered here, by no real kernel.
        measured: Option<Measured>,
        /// False where a handler ended it whatever its `SA_RESTART` said: on a socket with a time
        /// of its own.
        restarts: bool,
    },
    /// The bridge refused a call; what its program is told is no kernel's answer.
    Denied {
        /// Which.
        number: u64,
        /// What its program is told.
        errno: Errno,
        /// The rule.
        rule: Rule,
        /// What was refused.
        detail: String,
    },
    /// A call's answer will never come.
    Lost {
        /// Which.
        number: u64,
        /// Why.
        detail: String,
    },
    /// A program wrote to its terminal.
    Output {
        /// The process.
        pid: Pid,
        /// Which [`Start`]: programs have a terminal each, children share it.
        program: usize,
        /// 1 or 2.
        fd: i32,
        /// What.
        bytes: Vec<u8>,
    },
    /// A signal takes effect.
    Signal {
        /// On which process.
        pid: Pid,
        /// On which of its threads.
        tid: Pid,
        /// Which, and where it came from.
        info: SigInfo,
        /// Its handler begins; otherwise the process ends, stops or goes on.
        handled: bool,
    },
    /// A handler returned.
    HandlerReturned {
        /// The process.
        pid: Pid,
        /// The thread.
        tid: Pid,
        /// The mask that holds again.
        mask: u64,
    },
    /// A program did what no C program may.
    Fault {
        /// The process, which ends.
        pid: Pid,
        /// What.
        fault: Box<cc::Fault>,
    },
    /// A program asked for something that real runs do not have; it was answered `ENOSYS`.
    Missing {
        /// The process.
        pid: Pid,
        /// The call's name.
        name: &'static str,
    },
    /// A process ended.
    Ended {
        /// The process.
        pid: Pid,
        /// `wait(2)`'s word.
        status: i32,
    },
}

/// A terminal: what was typed and not read yet.
#[derive(Clone, Debug, Default)]
struct Terminal {
    typed: VecDeque<u8>,
    ended: bool,
    nonblock: bool,
}

impl Terminal {
    fn readable(&self) -> bool {
        self.ended || !self.typed.is_empty()
    }

    /// At most `room` bytes of one line, as a terminal gives them.
    fn line(&mut self, room: usize) -> Vec<u8> {
        let end = self.typed.iter().position(|byte| *byte == b'\n');
        let line = end.map_or(self.typed.len(), |at| at + 1);
        self.typed.drain(..line.min(room)).collect()
    }
}

/// Programs that run.
pub struct Run {
    starts: Vec<Option<Start>>,
    processes: BTreeMap<Pid, Process>,
    terminals: Vec<Terminal>,
    files: Files,
    memory: SharedMemory,
    ipc: Ipc,
    /// What has changed and may wake somebody.
    changes: VecDeque<Source>,
    /// What `execve` finds, by name.
    installed: Vec<(String, Arc<cc::Program>)>,
    /// Descriptors that refer to a handle, over all processes.
    handles: BTreeMap<Fd, u32>,
    signal_fds: BTreeMap<Fd, signalfd::SignalFd>,
    /// By inode.
    fifos: BTreeMap<u64, fifos::Fifo>,
    /// `st_mode` of the handles that are no sockets.
    modes: BTreeMap<Fd, u32>,
    /// Sockets with a time of their own, for receiving (true) or sending.
    timed: BTreeSet<(Fd, bool)>,
    /// Calls that were ordered and not answered, with the thread that waits, if it still does.
    tickets: BTreeMap<u64, (Syscall, Option<Caller>)>,
    next: u64,
    next_pid: i32,
    /// Who ran last.
    turn: (Pid, Pid),
    /// How many instructions more before another has its turn.
    share: u64,
    began: Option<u64>,
    now: Now,
    surroundings: Surroundings,
    orders: Vec<Order>,
    notes: Vec<Note>,
}

impl Run {
    /// Programs that have not started.
    pub fn new(starts: Vec<Start>, surroundings: Surroundings, disk: Box<dyn Disk>) -> Run {
        let terminal = |start: &Start| Terminal {
            typed: start.stdin.0.iter().copied().collect(),
            ended: start.stdin.1,
            nonblock: false,
        };
        let installed = starts
            .iter()
            .map(|start| (stem(start.args.first().map_or("", |name| name)), start.program.clone()))
            .collect();
        Run {
            terminals: starts.iter().map(terminal).collect(),
            starts: starts.into_iter().map(Some).collect(),
            processes: BTreeMap::new(),
            files: Files::new(disk),
            memory: SharedMemory::new(),
            ipc: Ipc::default(),
            changes: VecDeque::new(),
            installed,
            handles: BTreeMap::new(),
            signal_fds: BTreeMap::new(),
            fifos: BTreeMap::new(),
            modes: BTreeMap::new(),
            timed: BTreeSet::new(),
            tickets: BTreeMap::new(),
            next: 1,
            next_pid: surroundings.first_pid,
            turn: (Pid(0), Pid(0)),
            share: 0,
            began: None,
            now: Now::default(),
            surroundings,
            orders: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Another program that `execve` finds, by its file's name.
    pub fn install(&mut self, name: &str, program: Arc<cc::Program>) {
        self.installed.push((stem(name), program));
    }

    /// Lets everything that can run do so, until `fuel` (instructions) is used up; whether
    /// something could still run. Orders and notes are to be taken afterwards.
    pub fn advance(&mut self, now: Now, mut fuel: u64) -> bool {
        self.now = now;
        if self.began.is_none() {
            self.began = Some(now.mono_ns);
            self.files.seed(now.real_ns ^ now.mono_ns);
        }
        self.wake_by_time();
        loop {
            self.start_due();
            self.deliver();
            self.light_signalfds();
            self.settle();
            let Some((pid, tid)) = self.runnable() else { return false };
            if fuel == 0 {
                return true;
            }
            if self.turn != (pid, tid) || self.share == 0 {
                (self.turn, self.share) = ((pid, tid), TURN);
            }
            let mut turn = self.share.min(fuel);
            let given = turn;
            self.step(pid, tid, &mut turn);
            let used = (given - turn).max(CALL_COST);
            self.share = self.share.saturating_sub(used);
            fuel = fuel.saturating_sub(used);
        }
    }

    /// What has to be done, in this order.
    pub fn take_orders(&mut self) -> Vec<Order> {
        std::mem::take(&mut self.orders)
    }

    /// What happened, in this order.
    pub fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    /// When [`Run::advance`] has to be called even if nothing comes, on the monotonic clock.
    pub fn next_deadline(&self) -> Option<u64> {
        let threads = self.processes.values().flat_map(Process::deadlines);
        threads.chain(self.next_start()).min()
    }

    /// Whether every program has started and ended, and nothing is on order.
    pub fn is_over(&self) -> bool {
        self.starts.iter().all(Option::is_none)
            && self.processes.values().all(|process| process.status.is_some())
            && self.tickets.is_empty()
    }

    /// Whether a process waits for this program's terminal.
    pub fn reads_terminal(&self, program: usize) -> bool {
        let mine = self.processes.values().filter(|process| process.program == program);
        let threads = mine.flat_map(|process| process.threads.values());
        threads.flat_map(Thread::waits).any(Wait::reads_terminal)
    }

    /// The descriptor that a waiting call is about, as its program numbers it.
    pub fn caller_descriptor(&self, number: u64) -> Option<Fd> {
        let threads = self.processes.values().flat_map(|process| process.threads.values());
        let mut waits = threads.flat_map(Thread::waits);
        waits.find(|wait| wait.number == number).and_then(|wait| descriptor(&wait.syscall))
    }

    /// Somebody typed to a program.
    pub fn type_in(&mut self, program: usize, bytes: &[u8]) {
        if let Some(terminal) = self.terminals.get_mut(program) {
            terminal.typed.extend(bytes);
        }
        self.input_came(program);
    }

    /// Nothing more will be typed to a program (Ctrl+D).
    pub fn end_input(&mut self, program: usize) {
        if let Some(terminal) = self.terminals.get_mut(program) {
            terminal.ended = true;
        }
        self.input_came(program);
    }

    /// Sends a signal to all processes of a program, as a terminal's Ctrl+C does.
    pub fn interrupt(&mut self, program: usize, signal: i32) {
        for process in self.processes.values_mut().filter(|process| process.program == program) {
            process.post(signal);
        }
    }

    /// Ends everything at once, as when a computer is switched off: what is open is closed.
    pub fn stop(&mut self) {
        self.starts.iter_mut().for_each(|start| *start = None);
        let living = self.processes.values().filter(|process| process.status.is_none());
        let living: Vec<Pid> = living.map(|process| process.pid).collect();
        for pid in living {
            self.end(pid, consts::SIGKILL);
        }
    }

    /// An order's answer.
    pub fn answer(&mut self, ticket: u64, answer: Answer) {
        match self.tickets.remove(&ticket) {
            Some((_, Some(caller))) => self.answered(caller, answer),
            // Its process has ended; what the call opened is closed.
            Some((call, None)) => {
                if let Answer::Done(reply, _) = answer {
                    for handle in process::opened(&call, &reply) {
                        self.order(None, Syscall::Close { fd: handle });
                    }
                }
            }
            None => {}
        }
    }

    fn order(&mut self, caller: Option<Caller>, call: Syscall) -> u64 {
        let ticket = self.number();
        let number = caller.map(|caller| caller.number);
        self.tickets.insert(ticket, (call.clone(), caller));
        self.orders.push(Order::Call { ticket, number, call });
        ticket
    }

    fn number(&mut self) -> u64 {
        let number = self.next;
        self.next += 1;
        number
    }

    fn new_pid(&mut self) -> Pid {
        self.next_pid += 1;
        Pid(self.next_pid - 1)
    }

    // ---- starting

    fn next_start(&self) -> Option<u64> {
        let began = self.began?;
        let at = self.starts.iter().position(Option::is_some)?;
        match self.starts[at].as_ref()?.when {
            When::At(after) => Some(began + after),
            When::AfterOthers => {
                let living = self.processes.values().filter(|process| process.status.is_none());
                let mut quiet = 0;
                for process in living {
                    quiet = quiet.max(process.waits_since()? + QUIET_NS);
                }
                Some(quiet)
            }
        }
    }

    fn start_due(&mut self) {
        while self.next_start().is_some_and(|at| at <= self.now.mono_ns) {
            let Some(program) = self.starts.iter().position(Option::is_some) else { return };
            let Some(start) = self.starts[program].take() else { return };
            let pid = self.new_pid();
            let machine = Machine::new(start.program, &start.args, &start.env, pid);
            let mut process = Process::new(pid, program, machine);
            process.ids = self.surroundings.ids;
            process.cwd.clone_from(&self.surroundings.cwd);
            self.processes.insert(pid, process);
            self.notes.push(Note::Began { pid, parent: None, program });
        }
    }

    // ---- running

    /// The thread that runs, as long as it can and has a share left; else the next one that can.
    fn runnable(&self) -> Option<(Pid, Pid)> {
        let (pid, tid) = self.turn;
        let mine = self.processes.get(&pid).filter(|process| process.runs() && self.share > 0);
        if mine.and_then(|process| process.threads.get(&tid)).is_some_and(Thread::runs) {
            return Some(self.turn);
        }
        let all = || {
            self.processes.values().filter(|process| process.runs()).flat_map(|process| {
                let runs = process.threads.iter().filter(|(_, thread)| thread.runs());
                runs.map(|(tid, _)| (process.pid, *tid))
            })
        };
        all().find(|who| *who > self.turn).or_else(|| all().next())
    }

    fn step(&mut self, pid: Pid, tid: Pid, fuel: &mut u64) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        match process.machine.step(tid, fuel, &mut self.memory, StopAt::Syscall) {
            Step::Ran | Step::Statement => {}
            Step::Syscall(Syscall::RtSigreturn) => self.handler_returned(pid, tid),
            Step::Syscall(call) => self.called(pid, tid, call),
            Step::Faulted(fault) => self.faulted(pid, tid, fault),
        }
    }

    fn called(&mut self, pid: Pid, tid: Pid, call: Syscall) {
        self.forget_jumped_over(pid, tid);
        let number = self.number();
        let syscall = Rc::new(call);
        let line = self.processes.get(&pid).and_then(|process| process.line_of(tid));
        self.notes.push(Note::Called { number, pid, tid, syscall: Rc::clone(&syscall), line });
        let caller = Caller { pid, tid, number };
        let syscall = match self.without_mask(pid, tid, &syscall) {
            Ok(None) => syscall,
            Ok(Some(plain)) => Rc::new(plain),
            Err(errno) => return self.returns(caller, &syscall, Reply::err(errno), None),
        };
        match self.make(caller, &syscall) {
            calls::Now::Reply(reply) => self.returns(caller, &syscall, reply, None),
            calls::Now::Waits(on, deadline) => {
                let since = self.now.mono_ns;
                let wait = Wait { number, syscall, on, deadline, since, interrupted: false };
                if let Some(thread) = self.thread(pid, tid) {
                    thread.begin(wait);
                }
            }
            calls::Now::Over => {}
        }
    }

    /// `longjmp` out of a handler leaves the handler, and the call that it interrupted.
    fn forget_jumped_over(&mut self, pid: Pid, tid: Pid) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        let (calls, handlers) = process.machine.nesting(tid);
        let Some(thread) = process.threads.get_mut(&tid) else { return };
        for wait in thread.left_behind(calls.saturating_sub(1), handlers) {
            let (On::Ticket(ticket) | On::Ready { ticket: Some(ticket), .. }) = wait.on else {
                continue;
            };
            if let Some((_, caller)) = self.tickets.get_mut(&ticket) {
                *caller = None;
                self.orders.push(Order::Cancel { ticket });
            }
        }
    }

    /// `ppoll` and the like: the same call without a mask, which holds from now on until
    /// [`signals::Mask::resume`].
    fn without_mask(
        &mut self,
        pid: Pid,
        tid: Pid,
        call: &Syscall,
    ) -> Result<Option<Syscall>, Errno> {
        let (plain, mask) = match call {
            Syscall::Ppoll { fds, nfds, timeout, mask } => {
                let timeout_ms = match (timeout.at, timeout.value) {
                    (0, _) => -1,
                    (_, None) => return Err(Errno::EFAULT),
                    (_, Some(time)) if time.sec < 0 || !(0..1_000_000_000).contains(&time.nsec) => {
                        return Err(Errno::EINVAL);
                    }
                    (_, Some(time)) => {
                        let ms = calls::duration_ns(&time).div_ceil(1_000_000);
                        i32::try_from(ms).unwrap_or(i32::MAX)
                    }
                };
                (Syscall::Poll { fds: fds.clone(), nfds: *nfds, timeout_ms }, mask)
            }
            Syscall::Pselect { nfds, sets, timeout, mask } => {
                (Syscall::Select { nfds: *nfds, sets: sets.clone(), timeout: *timeout }, mask)
            }
            Syscall::EpollPwait { epfd, events, max_events, timeout_ms, mask } => {
                let (epfd, events) = (*epfd, *events);
                let (max_events, timeout_ms) = (*max_events, *timeout_ms);
                (Syscall::EpollWait { epfd, events, max_events, timeout_ms }, mask)
            }
            _ => return Ok(None),
        };
        if !mask.is_null() {
            let set = mask.value.ok_or(Errno::EFAULT)?;
            if let Some(thread) = self.thread(pid, tid) {
                thread.mask.suspend(set);
            }
        }
        Ok(Some(plain))
    }

    fn thread(&mut self, pid: Pid, tid: Pid) -> Option<&mut Thread> {
        self.processes.get_mut(&pid)?.threads.get_mut(&tid)
    }

    /// A call returns to the program.
    fn returns(
        &mut self,
        caller: Caller,
        call: &Syscall,
        reply: Reply,
        measured: Option<Measured>,
    ) {
        let Caller { pid, tid, number } = caller;
        self.fifo_given_up(number);
        let restarts = reply.ret != Err(Errno::EINTR) || !self.has_own_time(pid, call);
        self.notes.push(Note::Returned { number, reply: reply.clone(), measured, restarts });
        let Some(process) = self.processes.get_mut(&pid) else { return };
        if matches!(call, Syscall::Poll { .. } | Syscall::Select { .. } | Syscall::EpollWait { .. })
        {
            process.call_ends(tid);
        }
        process.machine.resume(tid, &reply, &mut self.memory);
        if reply.ret == Err(Errno::EPIPE) && calls::sends(call) {
            process.post_broken_pipe(tid);
        }
    }

    /// A call that waits has its answer; the answer may have to wait for a handler above it.
    fn wakes(&mut self, pid: Pid, tid: Pid, number: u64, reply: Reply, measured: Option<Measured>) {
        let Some(thread) = self.thread(pid, tid) else { return };
        let Some((wait, reply, measured)) = thread.end(number, reply, measured) else { return };
        self.returns(Caller { pid, tid, number }, &wait.syscall, reply, measured);
    }

    fn answered(&mut self, caller: Caller, answer: Answer) {
        let Caller { pid, tid, number } = caller;
        let Some(wait) = self.thread(pid, tid).and_then(|thread| thread.wait(number)) else {
            return;
        };
        let call = Rc::clone(&wait.syscall);
        match answer {
            Answer::Done(reply, measured) => {
                self.note_times(pid, &call, &reply);
                self.note_names(pid, &call, &reply);
                self.note_signalfd(pid, &call, &reply);
                if self.fifo_opened(caller, &call, &reply) {
                    return;
                }
                let reply = self.as_seen(pid, &call, reply);
                let reply = self.sendfile_seen(pid, &call, reply);
                self.wakes(pid, tid, number, reply, Some(measured));
            }
            Answer::Denied { rule, detail } => {
                let errno = refusal(rule);
                self.notes.push(Note::Denied { number, errno, rule, detail });
                let reply = match &*call {
                    // Their errors are not errno's.
                    Syscall::Getaddrinfo { .. } | Syscall::Getnameinfo { .. } => {
                        Reply::ok(consts::EAI_FAIL.into())
                    }
                    _ => Reply::err(errno),
                };
                self.wakes(pid, tid, number, reply, None);
            }
            Answer::Lost(detail) => {
                (wait.on, wait.deadline) = (On::Never, None);
                self.notes.push(Note::Lost { number, detail });
            }
        }
    }

    /// `SO_RCVTIMEO` and `SO_SNDTIMEO` as they are set, and as a connection gets them from its
    /// listener: they decide whether a handler lets a call go on.
    fn note_times(&mut self, pid: Pid, call: &Syscall, reply: &Reply) {
        let target = |fd: Fd| self.processes.get(&pid).and_then(|process| process.target(fd));
        match (call, reply.ret) {
            (Syscall::Setsockopt { fd, level: consts::SOL_SOCKET, name, value, .. }, Ok(_)) => {
                let receives = *name == consts::SO_RCVTIMEO;
                let Some(Target::Handle(handle)) = target(*fd) else { return };
                if !receives && *name != consts::SO_SNDTIMEO {
                    return;
                }
                self.timed.remove(&(handle, receives));
                if value.value.as_ref().is_some_and(|time| time.0.iter().any(|byte| *byte != 0)) {
                    self.timed.insert((handle, receives));
                }
            }
            (Syscall::Accept { fd, .. } | Syscall::Accept4 { fd, .. }, Ok(new)) => {
                let Some(Target::Handle(listener)) = target(*fd) else { return };
                let new = Fd(i32::try_from(new).unwrap_or(-1));
                for receives in [false, true] {
                    if self.timed.contains(&(listener, receives)) {
                        self.timed.insert((new, receives));
                    }
                }
            }
            _ => {}
        }
    }

    /// Names of Unix sockets are the session's; what `stat` says of them is said here.
    fn note_names(&mut self, pid: Pid, call: &Syscall, reply: &Reply) {
        let Some(process) = self.processes.get(&pid).filter(|_| reply.ret.is_ok()) else { return };
        match call {
            Syscall::Bind { addr, .. } => {
                let path = addr.addr.value.as_ref().and_then(abi::SockAddr::unix_path);
                let Some(path) = path.filter(|path| !matches!(path, [] | [0, ..])) else { return };
                let whole = files::absolute(&process.cwd, path);
                self.files.socket_bound(&whole, 0o777 & !process.umask, process.ids.0);
            }
            Syscall::Unlink { path: abi::Ptr { value: Some(path), .. } } => {
                self.files.socket_gone(&files::absolute(&process.cwd, calls::name(path)));
            }
            _ => {}
        }
    }

    /// The calls that wait and for which `wanted` holds.
    fn waiting(&self, wanted: impl Fn(&Process, &Wait) -> bool) -> Vec<Caller> {
        let mut found = Vec::new();
        for process in self.processes.values() {
            for (tid, thread) in &process.threads {
                let waits = thread.waits().filter(|wait| wanted(process, wait));
                found.extend(waits.map(|wait| Caller {
                    pid: process.pid,
                    tid: *tid,
                    number: wait.number,
                }));
            }
        }
        found
    }

    fn wake_by_time(&mut self) {
        let now = self.now.mono_ns;
        self.processes.values_mut().for_each(|process| process.alarm_due(now));
        for caller in self.waiting(|_, wait| wait.deadline.is_some_and(|at| at <= now)) {
            let Caller { pid, tid, number } = caller;
            let wait = self.thread(pid, tid).and_then(|thread| thread.wait(number));
            let Some(wait) = wait else { continue };
            wait.deadline = None;
            let call = Rc::clone(&wait.syscall);
            let reply = self.timed_out(pid, &call);
            self.wakes(pid, tid, number, reply, None);
        }
    }

    fn input_came(&mut self, program: usize) {
        let reads =
            |process: &Process, wait: &Wait| process.program == program && wait.reads_terminal();
        for Caller { pid, tid, number } in self.waiting(reads) {
            if !self.terminals.get(program).is_some_and(Terminal::readable) {
                return;
            }
            let wait = self.thread(pid, tid).and_then(|thread| thread.wait(number));
            let Some((on, call)) = wait.map(|wait| (wait.on, Rc::clone(&wait.syscall))) else {
                continue;
            };
            match on {
                On::Input { room } => {
                    let reply = self.read_line(program, room);
                    self.wakes(pid, tid, number, reply, None);
                }
                // The kernel's part of the wait ends first; its answer is completed here.
                On::Ready { ticket: Some(ticket), .. } => {
                    self.orders.push(Order::Cancel { ticket });
                }
                _ => {
                    let reply = self.as_seen(pid, &call, ready::nothing(&call));
                    self.wakes(pid, tid, number, reply, None);
                }
            }
        }
    }

    fn read_line(&mut self, program: usize, room: usize) -> Reply {
        let bytes = self.terminals.get_mut(program).map_or_else(Vec::new, |t| t.line(room));
        Reply::with(bytes.len() as i64, Out::Bytes { bytes: abi::Bytes(bytes) })
    }

    // ---- ending

    /// A process ends: what it had open is given back, its parent is told.
    fn end(&mut self, pid: Pid, status: i32) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        process.status = Some(status);
        let (parent, uid) = (process.parent, process.ids.0);
        let table = std::mem::take(&mut process.table);
        let waits: Vec<u64> =
            process.threads.values().flat_map(Thread::waits).map(|wait| wait.number).collect();
        process.threads.clear();
        process.alarm = None;
        waits.into_iter().for_each(|number| self.fifo_given_up(number));
        self.forget_orders(pid);
        self.drop_mappings(pid);
        for id in self.ipc.undo(pid) {
            self.touch(Source::Semaphore(id));
        }
        for entry in table.into_values() {
            self.drop_locks(pid, entry.target);
            if let Some(handle) = self.release(entry.target) {
                self.order(None, Syscall::Close { fd: handle });
            }
        }
        self.notes.push(Note::Ended { pid, status });
        self.processes.retain(|_, process| process.parent != pid || process.status.is_none());
        for child in self.processes.values_mut().filter(|process| process.parent == pid) {
            child.parent = Pid(0);
        }
        match self.processes.get_mut(&parent) {
            Some(waiting) => {
                // Who does not want to know of its children has no zombies (wait(2), NOTES).
                let forgets = waiting.signals.forgets_children();
                waiting.post_info(process::child_info(pid, uid, status), None);
                if forgets {
                    self.processes.remove(&pid);
                }
                self.child_changed(parent);
            }
            None => {
                self.processes.remove(&pid);
            }
        }
    }

    /// Nobody waits any more for what a process has ordered.
    fn forget_orders(&mut self, pid: Pid) {
        for (ticket, (_, caller)) in &mut self.tickets {
            if caller.is_some_and(|caller| caller.pid == pid) {
                *caller = None;
                self.orders.push(Order::Cancel { ticket: *ticket });
            }
        }
    }

    /// One reference fewer; the handle whose last one it was.
    fn release(&mut self, target: Target) -> Option<Fd> {
        match target {
            Target::Terminal(_) => None,
            Target::File(description) => {
                let closed = self.files.close(description, &self.memory);
                if let Some(Opened::Queue(id)) = closed {
                    self.queue_closed(id);
                }
                None
            }
            Target::Handle(handle) => {
                let count = self.handles.get_mut(&handle)?;
                *count -= 1;
                if *count > 0 {
                    return None;
                }
                self.handles.remove(&handle);
                self.modes.remove(&handle);
                self.fifo_closed(handle);
                self.signal_fds.remove(&handle);
                self.timed.retain(|(timed, _)| *timed != handle);
                Some(handle)
            }
        }
    }

    /// One reference more.
    fn hold(&mut self, target: Target) {
        match target {
            Target::Terminal(_) => {}
            Target::File(description) => self.files.hold(description),
            Target::Handle(handle) => *self.handles.entry(handle).or_default() += 1,
        }
    }
}

/// A file's name without directory and extension.
fn stem(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.split('.').next().unwrap_or(file).to_owned()
}

/// What a program is told of a refusal: what it would see if the kernel had such a rule.
pub fn refusal(rule: Rule) -> Errno {
    match rule {
        Rule::SocketsPerSession => Errno::EMFILE,
        Rule::MessageBytes => Errno::ENOBUFS,
        Rule::PendingCalls | Rule::PendingLookups | Rule::TargetsPerMinute => Errno::EAGAIN,
        Rule::ConnectTime => Errno::ETIMEDOUT,
        Rule::OwnPort
        | Rule::Loopback
        | Rule::Private
        | Rule::LinkLocal
        | Rule::SharedAddress
        | Rule::Reserved
        | Rule::EmbeddedIpv4
        | Rule::SiteLocal
        | Rule::Multicast
        | Rule::NotListed
        | Rule::BindNotListed
        | Rule::LookupsOff
        | Rule::UnixName => Errno::EACCES,
        Rule::Family
        | Rule::SocketType
        | Rule::Protocol
        | Rule::Option
        | Rule::Flags
        | Rule::Control
        | Rule::NotOffered => Errno::EPERM,
    }
}

/// A call of a thread.
#[derive(Clone, Copy)]
struct Caller {
    pid: Pid,
    tid: Pid,
    number: u64,
}
