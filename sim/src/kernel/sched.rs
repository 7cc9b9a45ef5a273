//! One processor a host: who runs, for how long, and what computing costs.
//!
//! A thread computes in *bursts*: until it makes a call, or until its share of the processor is used
//! up. A burst is one event of the world; the call that ends it is the next one, later by what the
//! burst cost. So hosts interleave deterministically, and an endless loop only makes time pass.

use crate::kernel::process::{NOFILE, Process, Terminal, Thread, ThreadState};
use crate::kernel::program::{Program, Script};
use crate::kernel::{Env, Host, Me, Object, Os};
use crate::trace::What;
use crate::{DescId, kernel::fd::Descriptor, kernel::fd::FdTable};
use abi::{Fd, Pid, Syscall, consts};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One instruction of a C machine, nanoseconds: as slow as a machine of the nineties, so that
/// computing shows on the time axis beside the network.
pub const INSTRUCTION_NS: u64 = 50;
/// Entering and leaving the kernel, nanoseconds.
pub const CALL_NS: u64 = 2_000;
/// From being woken to running, nanoseconds.
pub const WAKE_NS: u64 = 5_000;
/// A thread's share of the processor, instructions: 1 ms.
pub const SLICE: u64 = 20_000;

/// The processor.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Cpu {
    /// Who has it.
    pub current: Option<Pid>,
    /// The call that the burst which is being computed ends in.
    pub call: Option<Ended>,
    /// Whether the world has an event for it in its queue.
    pub scheduled: bool,
}

/// How a burst ended.
#[derive(Clone, PartialEq, Debug)]
pub enum Ended {
    /// In a call.
    Call(Arc<Syscall>),
    /// In a fault.
    Fault(Arc<cc::Fault>),
    /// The share is used up.
    Slice,
}

/// A program that the scenario installed on this host, for `execve`.
#[derive(Clone, PartialEq, Debug)]
pub struct Installed {
    /// Which of the scenario's programs.
    pub index: usize,
    /// Its name: the file's without directory and extension.
    pub name: String,
    /// Compiled; `None` for a script.
    pub program: Option<Arc<cc::Program>>,
}

impl Installed {
    /// The number of a command of `/bin`, which is none of the scenario's programs.
    pub const COMMAND: usize = usize::MAX;
}

/// What a process is started with.
pub(crate) struct Start {
    pub index: usize,
    pub name: String,
    pub args: Vec<String>,
    pub env: Vec<(String, String)>,
    pub stdin: Vec<u8>,
    pub stdin_ends: bool,
    pub uid: u32,
    pub program: Result<Arc<cc::Program>, Vec<Syscall>>,
}

impl Host {
    /// Starts a process with a terminal as descriptors 0, 1 and 2.
    pub(crate) fn start(&mut self, env: &mut Env, start: Start) -> Pid {
        let pid = self.new_pid();
        let image = match start.program {
            Ok(program) => {
                Program::C(Box::new(cc::Machine::new(program, &start.args, &start.env, pid)))
            }
            Err(calls) => Program::Script(Script::new(pid, calls)),
        };
        let mut fds = FdTable::default();
        let id = DescId(self.new_id());
        for fd in 0..3 {
            fds.insert(Fd(fd), Descriptor { description: id, cloexec: false });
        }
        let terminal = crate::kernel::fd::Description::new(Object::Terminal(pid), consts::O_RDWR);
        let description = crate::kernel::fd::Description { refs: 3, ..terminal };
        self.descriptions.insert(id, description);
        let terminal =
            Terminal { input: start.stdin.into(), ended: start.stdin_ends, output: Arc::default() };
        let process = Process {
            pid,
            parent: super::INIT,
            lender: None,
            group: pid,
            program: start.index,
            args: start.args,
            image,
            threads: [(pid, Thread::new(pid, 0))].into(),
            fds,
            actions: BTreeMap::new(),
            pending: 0,
            infos: BTreeMap::new(),
            nofile: NOFILE,
            uid: start.uid,
            gid: start.uid,
            other_uids: (start.uid, start.uid),
            other_gids: (start.uid, start.uid),
            nice: 0,
            limits: BTreeMap::new(),
            comm: None,
            timers: BTreeMap::new(),
            signal_stack: super::process::NO_STACK,
            cpu_ns: (0, 0),
            session: super::INIT,
            umask: 0o022,
            cwd: super::fs::home(start.uid).into(),
            death_signal: 0,
            terminal,
            exited: None,
            stopped: false,
            news: None,
            alarm: None,
            cpu_alarms: [None; 2],
            mappings: BTreeMap::new(),
            wsa: 0,
            joinable: BTreeMap::new(),
        };
        self.processes.insert(pid, process);
        self.threads.insert(pid, pid);
        let what = What::ProcessStart { program: start.name, parent: None };
        env.record(self.id, pid, pid, what);
        self.enqueue(env, pid);
        pid
    }

    /// Puts a thread that wants the processor into the run queue.
    pub(crate) fn enqueue(&mut self, env: &mut Env, tid: Pid) {
        if self.cpu.current == Some(tid) || self.run_queue.contains(&tid) {
            return;
        }
        self.run_queue.push_back(tid);
        self.want_cpu(env, WAKE_NS);
    }

    /// Makes the world call [`Host::run`] after `ns`, unless it is going to already.
    pub(crate) fn want_cpu(&mut self, env: &mut Env, ns: u64) {
        if !self.cpu.scheduled {
            self.cpu.scheduled = true;
            env.wake_cpu_at = Some(env.now_ns + ns);
        }
    }

    /// The processor's event: the call that the last burst ended in, or the next burst.
    pub(crate) fn run(&mut self, env: &mut Env) {
        self.cpu.scheduled = false;
        if let Some(ended) = self.cpu.call.take() {
            self.end_burst(env, ended);
            return;
        }
        let Some(me) = self.pick(env) else { return };
        self.burst(env, me);
    }

    /// Chooses who runs: whoever has the processor until its share is used up, then the queue.
    fn pick(&mut self, env: &mut Env) -> Option<Me> {
        loop {
            let tid = match self.cpu.current {
                Some(tid) => tid,
                None => self.run_queue.pop_front()?,
            };
            self.cpu.current = None;
            let Some(pid) = self.threads.get(&tid).copied() else { continue };
            if self.process(pid).stopped || self.process(pid).is_zombie() {
                continue;
            }
            let me = Me { pid, tid };
            self.deliver_signals(env, me);
            let Some(thread) = self.thread_mut(tid) else { continue };
            if matches!(thread.state, ThreadState::Blocked(_)) || self.process(pid).stopped {
                continue;
            }
            if !self.has_work(me) {
                continue;
            }
            let thread = self.thread_mut(tid)?;
            thread.state = ThreadState::Running;
            if thread.slice == 0 {
                thread.slice = SLICE;
            }
            self.cpu.current = Some(tid);
            return Some(me);
        }
    }

    /// A script without further calls has nothing to do until more are added.
    fn has_work(&mut self, me: Me) -> bool {
        match &mut self.process_mut(me.pid).image {
            Program::C(_) => true,
            Program::Script(script) => {
                let thread = script.thread(me.tid);
                !thread.calls.is_empty() || thread.in_handler > 0
            }
            Program::Gone => false,
        }
    }

    fn burst(&mut self, env: &mut Env, me: Me) {
        let slice = self.thread(me.tid).map_or(0, |thread| thread.slice);
        let traced = env.sink.is_on();
        let process = self.processes.get_mut(&me.pid).expect("picked");
        let (ended, used, statements, lines) = match &mut process.image {
            Program::C(machine) => compute(machine, me.tid, slice, &mut self.shared, traced),
            Program::Script(script) => {
                let thread = script.thread(me.tid);
                let call = if thread.in_handler > 0 {
                    thread.in_handler -= 1;
                    Some(Arc::new(Syscall::RtSigreturn))
                } else {
                    thread.calls.pop_front()
                };
                (call.map_or(Ended::Slice, Ended::Call), 1, 0, Vec::new())
            }
            Program::Gone => (Ended::Slice, 0, 0, Vec::new()),
        };
        if let Some(thread) = self.thread_mut(me.tid) {
            thread.slice = slice.saturating_sub(used.max(1));
        }
        self.cpu.call = Some(ended);
        self.process_mut(me.pid).cpu_ns.0 += used * INSTRUCTION_NS + CALL_NS / 2;
        let line = self.line_of(me);
        let what = What::Burst { instructions: used, statements, lines: lines.into(), line };
        env.record(self.id, me.pid, me.tid, what);
        self.tell_races(env, me);
        self.want_cpu(env, used * INSTRUCTION_NS + CALL_NS / 2);
    }

    /// Races that the burst (or the answer before it) has shown.
    fn tell_races(&mut self, env: &mut Env, me: Me) {
        let Program::C(machine) = &mut self.process_mut(me.pid).image else { return };
        let sources = |machine: &cc::Machine, race: &cc::Fault| {
            race.span.map(|span| machine.program().sources.line_column(span).line)
        };
        let races: Vec<_> =
            machine.take_races().into_iter().map(|race| (sources(machine, &race), race)).collect();
        for (line, race) in races {
            env.record(self.id, me.pid, me.tid, What::Race { race: Arc::new(race), line });
        }
    }

    fn end_burst(&mut self, env: &mut Env, ended: Ended) {
        let Some(tid) = self.cpu.current else {
            self.want_cpu(env, 0);
            return;
        };
        let Some(pid) = self.threads.get(&tid).copied() else {
            self.cpu.current = None;
            self.want_cpu(env, 0);
            return;
        };
        let me = Me { pid, tid };
        self.ring_by_cpu_time(env, pid);
        match ended {
            Ended::Slice => {}
            Ended::Fault(fault) => self.faulted(env, me, fault),
            Ended::Call(call) => self.make_call(env, me, call),
        }
        self.settle(env);
        self.yield_cpu(tid);
        if self.cpu.current.is_some() || !self.run_queue.is_empty() {
            self.want_cpu(env, CALL_NS / 2);
        }
    }

    /// Lets a thread that wants the processor have it next: at once, or after the call that the
    /// present one is about to make.
    pub(crate) fn run_next(&mut self, tid: Pid) {
        let Some(at) = self.run_queue.iter().position(|queued| *queued == tid) else { return };
        self.run_queue.remove(at);
        self.run_queue.push_front(tid);
        let Some(current) = self.cpu.current else { return };
        let between_bursts = self.cpu.call.is_none();
        if let Some(thread) = self.thread_mut(current) {
            thread.slice = 0;
            if between_bursts {
                thread.state = ThreadState::Runnable;
            }
        }
        if between_bursts {
            self.cpu.current = None;
            self.run_queue.insert(1, current);
        }
    }

    /// Whether the thread keeps the processor after its burst.
    fn yield_cpu(&mut self, tid: Pid) {
        let others = !self.run_queue.is_empty();
        let keeps = match self.thread_mut(tid) {
            Some(thread) => match thread.state {
                ThreadState::Running if thread.slice > 0 || !others => Some(true),
                ThreadState::Running | ThreadState::Runnable => {
                    thread.state = ThreadState::Runnable;
                    Some(false)
                }
                ThreadState::Blocked(_) => None,
            },
            None => None,
        };
        match keeps {
            Some(true) => self.cpu.current = Some(tid),
            Some(false) => {
                self.cpu.current = None;
                if !self.run_queue.contains(&tid) {
                    self.run_queue.push_back(tid);
                }
            }
            None if self.cpu.current == Some(tid) => self.cpu.current = None,
            None => {}
        }
    }

    fn make_call(&mut self, env: &mut Env, me: Me, call: Arc<Syscall>) {
        let mut pending = self.begin(env, me, Arc::clone(&call));
        let saved = env.cause.replace(pending.record);
        if *call != Syscall::RtSigreturn {
            self.forget_jumped_over(me);
        }
        if let Some(thread) = self.thread_mut(me.tid) {
            thread.calls.push(pending.clone());
        }
        let outcome = self.try_call(env, me, &call, &mut pending, false);
        self.after_try(env, me, pending, outcome, None);
        // A signal that came while the burst was computed acts now, if the call sleeps.
        if self.thread(me.tid).is_some_and(|t| matches!(t.state, ThreadState::Blocked(_))) {
            self.deliver_signals(env, me);
        }
        self.stack.tap_outgoing(env.now_ns, &mut env.out);
        env.flush();
        env.cause = saved;
    }

    /// A `longjmp` out of a signal handler leaves, without a word to the kernel, the handler and
    /// the call that it interrupted.
    fn forget_jumped_over(&mut self, me: Me) {
        let Program::C(machine) = &self.process_mut(me.pid).image else { return };
        let (calls, handlers) = machine.nesting(me.tid);
        if let Some(thread) = self.thread_mut(me.tid) {
            thread.calls.truncate(calls.saturating_sub(1));
            thread.saved_masks.truncate(handlers);
        }
    }

    /// Runs `statements` statements of the burst that the next event would compute, for looking at.
    pub(crate) fn run_statements(&mut self, env: &mut Env, statements: u32) {
        if self.cpu.call.is_some() {
            return;
        }
        let Some(me) = self.pick(env) else { return };
        let slice = self.thread(me.tid).map_or(0, |thread| thread.slice);
        let process = self.processes.get_mut(&me.pid).expect("picked");
        let Program::C(machine) = &mut process.image else { return };
        let mut fuel = slice;
        for _ in 0..statements {
            let stop = cc::StopAt::Statement;
            if machine.step(me.tid, &mut fuel, &mut self.shared, stop) != cc::Step::Statement {
                break;
            }
        }
    }
}

/// A burst of a C machine: how it ended, instructions, statements, lines (if wanted).
fn compute(
    machine: &mut cc::Machine,
    tid: Pid,
    slice: u64,
    shared: &mut cc::SharedMemory,
    traced: bool,
) -> (Ended, u64, u32, Vec<u32>) {
    let mut fuel = slice;
    let stop_at = if traced { cc::StopAt::Statement } else { cc::StopAt::Syscall };
    let mut statements = 0;
    let mut places = BTreeSet::new();
    let ended = loop {
        match machine.step(tid, &mut fuel, shared, stop_at) {
            cc::Step::Statement => {
                statements += 1;
                if let Some(span) = machine.position(tid) {
                    places.insert((span.file, span.start));
                }
            }
            cc::Step::Ran => break Ended::Slice,
            cc::Step::Syscall(call) => break Ended::Call(Arc::new(call)),
            cc::Step::Faulted(fault) => break Ended::Fault(Arc::new(fault)),
        }
    };
    let sources = &machine.program().sources;
    let lines: BTreeSet<u32> = places
        .into_iter()
        .filter(|(file, _)| file.0 == 0)
        .map(|(file, start)| sources.line_column(cc::Span { file, start, end: start }).line)
        .collect();
    (ended, slice - fuel, statements, lines.into_iter().collect())
}

impl Os {
    /// What C is compiled for.
    pub fn target(self) -> cc::Target {
        match self {
            Os::Linux => cc::Target::Linux,
            Os::Windows => cc::Target::Windows,
        }
    }
}
