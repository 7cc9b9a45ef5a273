//! A process image that runs until it needs the kernel.
//!
//! Nothing lives on the Rust stack: a thread is its frames and registers, so a machine can be
//! stopped after any instruction, cloned, compared and forked. The loop over instructions is in
//! `run`; what a bad access was about is found out in `explain`.

use crate::fault::{Fault, FaultKind};
use crate::intrinsics::{self, Run, Trap};
use crate::memory::{Memory, SET, stack_top};
use crate::program::{Program, function_address};
use crate::race::Races;
use crate::run::run;
use crate::shared::SharedMemory;
use crate::source::Span;
use crate::view;
use abi::{Errno, Pid, Reply, Syscall};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why [`Machine::step`] came back.
#[derive(Clone, PartialEq, Debug)]
pub enum Step {
    /// The fuel is used up.
    Ran,
    /// A statement of the person's code is about to begin (only with [`StopAt::Statement`]).
    Statement,
    /// The thread asks the kernel; [`Machine::resume`] answers.
    Syscall(Syscall),
    /// The thread did what no C program may do. The machine stays as it is for looking at.
    Faulted(Fault),
}

/// Where [`Machine::step`] stops by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum StopAt {
    /// Only for the kernel, a fault or empty fuel.
    #[default]
    Syscall,
    /// Also before each statement of the person's code.
    Statement,
}

/// A call of a function.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Frame {
    pub(crate) func: u32,
    pub(crate) pc: u32,
    /// The first register.
    pub(crate) base: u32,
    /// The memory frame.
    pub(crate) fp: u64,
    /// The lowest address in use: below `fp` once `alloca` has taken some.
    pub(crate) sp: u64,
    /// A signal handler's call: its return is `rt_sigreturn`.
    pub(crate) handler: bool,
    /// And the call below has just answered `EINTR`: its `errno` is set when the handler has
    /// returned, as libc's wrapper does.
    pub(crate) interrupts: bool,
}

/// A call that the kernel has not answered.
#[derive(Clone, PartialEq, Debug)]
struct Pending {
    /// `None`: the end of a signal handler.
    intrinsic: Option<u16>,
    /// Where the result goes, among all registers.
    result: u32,
    args: Vec<u64>,
    /// How many frames there were.
    depth: u32,
}

/// A thread: frames, registers, and what it waits for.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Thread {
    pub(crate) frames: Vec<Frame>,
    pub(crate) regs: Vec<u64>,
    pub(crate) slot: u32,
    pub(crate) errno_at: u64,
    /// Where its thread-local variables begin.
    pub(crate) locals_at: u64,
    pending: Vec<Pending>,
    fault: Option<Fault>,
    /// The last function that might have returned without a value did.
    pub(crate) no_value: bool,
    /// The statement here has been announced.
    pub(crate) announced: bool,
    /// A call has just answered `EINTR`, and nothing has run since.
    pub(crate) interrupted: bool,
}

impl Thread {
    /// Whether the innermost call waits for the kernel.
    pub(crate) fn waits(&self) -> bool {
        self.pending.last().is_some_and(|call| call.depth as usize == self.frames.len())
    }

    /// After a `longjmp`: calls that were made from frames that are gone.
    pub(crate) fn forget_calls(&mut self) {
        let depth = self.frames.len();
        self.pending.retain(|call| (call.depth as usize) < depth);
    }
}

/// What the instruction loop ends with.
pub(crate) enum Flow {
    Ran,
    Statement,
    /// A data race was found; the thread can go on.
    Raced,
    /// An intrinsic that asks the kernel: its index, where the result goes, arguments.
    Call(Syscall, u16, u32, Vec<u64>),
    /// A signal handler has returned.
    HandlerEnd {
        interrupts: bool,
    },
    Trap(Trap),
}

/// Memory and threads of a process.
#[derive(Clone, PartialEq, Debug)]
pub struct Machine {
    pub(crate) program: Arc<Program>,
    pub(crate) memory: Memory,
    pub(crate) threads: BTreeMap<Pid, Thread>,
    /// Kept while there is more than one thread.
    races: Option<Arc<Races>>,
    /// Races found and not yet taken.
    raced: Vec<Fault>,
}

impl Machine {
    /// A process about to run `main(argc, argv, envp)` in thread `main`; `args` are all of
    /// `argv`, the program's name first.
    pub fn new(
        program: Arc<Program>,
        args: &[String],
        env: &[(String, String)],
        main: Pid,
    ) -> Machine {
        let memory = Memory::new(program.unit.image.clone(), program.heap_at());
        let (start, entry) = (program.start, function_address(program.main));
        let mut machine =
            Machine { program, memory, threads: BTreeMap::new(), races: None, raced: Vec::new() };
        let env: Vec<String> = env.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut at = stack_top(0) - 64;
        let argv = machine.place_strings(&mut at, args);
        let envp = machine.place_strings(&mut at, &env);
        let locals_at = machine.program.unit.thread_local.start;
        let given = [entry, args.len() as u64, argv, envp];
        machine.add_thread(main, 0, at, locals_at, start, &given);
        machine
    }

    /// Puts strings and the NULL-terminated array of their addresses below `at`.
    fn place_strings(&mut self, at: &mut u64, strings: &[String]) -> u64 {
        let mut pointers = Vec::with_capacity(strings.len() + 1);
        for text in strings {
            *at -= text.len() as u64 + 1 + 8;
            let mut bytes: Vec<u8> = text.bytes().filter(|byte| *byte != 0).collect();
            bytes.push(0);
            self.memory.place(*at, &bytes, SET);
            pointers.push(*at);
        }
        pointers.push(0);
        *at = (*at - 8 * pointers.len() as u64 - 16) & !15;
        let bytes: Vec<u8> = pointers.iter().flat_map(|pointer| pointer.to_le_bytes()).collect();
        self.memory.place(*at, &bytes, SET);
        *at
    }

    /// A thread whose stack begins below `at`, about to call a function.
    fn add_thread(
        &mut self,
        tid: Pid,
        slot: u32,
        at: u64,
        locals_at: u64,
        func: u32,
        args: &[u64],
    ) {
        let errno_at = (at - 32) & !15;
        self.memory.place(errno_at, &[0; 4], SET);
        let mut regs = vec![0; 64];
        let sp = errno_at - 16;
        let mut thread = Thread {
            frames: Vec::new(),
            slot,
            errno_at,
            locals_at,
            pending: Vec::new(),
            fault: None,
            no_value: false,
            announced: false,
            interrupted: false,
            regs: Vec::new(),
        };
        regs[1..=args.len()].copy_from_slice(args);
        thread.regs = regs;
        let program = Arc::clone(&self.program);
        // An empty stack has room for the first frame.
        let _ = crate::run::push_frame(&program, &mut self.memory, &mut thread, func, 0, sp, None);
        self.threads.insert(tid, thread);
    }

    /// Puts a thread's own copies of the thread-local variables, as they were at the beginning,
    /// below `at`; where they begin.
    fn place_thread_locals(&mut self, at: u64) -> u64 {
        let unit = &self.program.unit;
        let all = &unit.thread_local;
        let to = (at - (all.end - all.start)) & !15;
        let begin = Memory::new(unit.image.clone(), 0);
        for variable in unit.globals.iter().filter(|variable| all.contains(&variable.address)) {
            let mut bytes = vec![0; variable.size as usize];
            // What the compiler laid out is there.
            let _ = begin.read_into(variable.address, &mut bytes, false, &SharedMemory::new());
            self.memory.place(to + (variable.address - all.start), &bytes, SET);
        }
        to
    }

    /// The program that runs here.
    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// Runs thread `tid` until it needs the kernel, faults, stops by `stop_at`, or `fuel` (in
    /// instructions) is used up. A thread that waits for an answer, or that is not here, `Ran`.
    pub fn step(
        &mut self,
        tid: Pid,
        fuel: &mut u64,
        shared: &mut SharedMemory,
        stop_at: StopAt,
    ) -> Step {
        let program = Arc::clone(&self.program);
        let Some(thread) = self.threads.get_mut(&tid) else { return Step::Ran };
        if let Some(fault) = &thread.fault {
            return Step::Faulted(fault.clone());
        }
        if thread.waits() || thread.frames.is_empty() {
            return Step::Ran;
        }
        thread.interrupted = false;
        let memory = &mut self.memory;
        let flow = match (&mut self.races, stop_at) {
            (None, StopAt::Syscall) => {
                run::<false, false>(&program, memory, thread, tid, fuel, shared, false, None)
            }
            (None, StopAt::Statement) => {
                run::<true, false>(&program, memory, thread, tid, fuel, shared, true, None)
            }
            (Some(races), _) => {
                let races = Some(Arc::make_mut(races));
                let stop = stop_at == StopAt::Statement;
                run::<true, true>(&program, memory, thread, tid, fuel, shared, stop, races)
            }
        };
        match flow {
            Flow::Ran => Step::Ran,
            Flow::Raced => {
                self.explain_races();
                self.step(tid, fuel, shared, stop_at)
            }
            Flow::Statement => Step::Statement,
            Flow::Call(call, intrinsic, result, args) => {
                if let Some(races) = &mut self.races {
                    Arc::make_mut(races).call(tid, &call);
                }
                let depth = thread.frames.len() as u32;
                thread.pending.push(Pending { intrinsic: Some(intrinsic), result, args, depth });
                Step::Syscall(call)
            }
            Flow::HandlerEnd { interrupts } => {
                if interrupts {
                    memory.place(thread.errno_at, &Errno::EINTR.0.to_le_bytes(), SET);
                }
                let depth = thread.frames.len() as u32;
                let args = Vec::new();
                thread.pending.push(Pending { intrinsic: None, result: 0, args, depth });
                Step::Syscall(Syscall::RtSigreturn)
            }
            Flow::Trap(trap) => {
                let fault = self.explain(tid, trap);
                if let Some(thread) = self.threads.get_mut(&tid) {
                    thread.fault = Some(fault.clone());
                }
                Step::Faulted(fault)
            }
        }
    }

    /// Answers the call that `step` stopped at (the innermost unanswered one). Where the answer
    /// overruns the program's buffer, the next `step` faults.
    pub fn resume(&mut self, tid: Pid, reply: &Reply, shared: &mut SharedMemory) {
        let program = Arc::clone(&self.program);
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        let Some(pending) = thread.pending.pop() else { return };
        let Some(intrinsic) = pending.intrinsic else { return };
        let Some(Run::Call { finish, .. }) =
            intrinsics::all().get(usize::from(intrinsic)).map(|intrinsic| intrinsic.run)
        else {
            return;
        };
        let mut log = Vec::new();
        let mut env = intrinsics::Env {
            mem: &mut self.memory,
            shared,
            program: &program,
            tid,
            errno_at: thread.errno_at,
            locals_at: thread.locals_at,
            frames: &thread.frames,
            log: self.races.is_some().then_some(&mut log),
        };
        let finished = finish(&mut env, &pending.args, reply);
        if let Some(races) = &mut self.races {
            let races = Arc::make_mut(races);
            let decl = intrinsics::all()[usize::from(intrinsic)].decl;
            let name = intrinsics::name_of(decl);
            races.answered(tid, name, &pending.args, reply.ret.is_ok());
            let who = (thread.slot, thread.frames.as_slice());
            crate::run::look_at(&program, &self.memory, who, tid, races, &log);
            if races.is_over() {
                self.races = None;
            }
        }
        self.explain_races();
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        thread.interrupted = reply.ret == Err(Errno::EINTR);
        match finished {
            Ok(value) => {
                if let Some(result) = thread.regs.get_mut(pending.result as usize) {
                    *result = value;
                }
            }
            Err(trap) => {
                let fault = self.explain(tid, trap);
                if let Some(thread) = self.threads.get_mut(&tid) {
                    thread.fault = Some(fault);
                }
            }
        }
    }

    /// `fork(2)`: a copy in which only `tid` lives, as `child`. The caller resumes both.
    pub fn fork(&self, tid: Pid, child: Pid) -> Machine {
        let mut copy = self.clone();
        (copy.races, copy.raced) = (None, Vec::new());
        copy.threads =
            self.threads.get(&tid).map(|thread| (child, thread.clone())).into_iter().collect();
        copy
    }

    /// The end of `vfork(2)`: the `child`, whose thread is `its`, has used this memory, and the
    /// frames below the one in which `tid` waits.
    pub fn after_vfork(&mut self, tid: Pid, child: &Machine, its: Pid) {
        self.memory = child.memory.clone();
        let (Some(thread), Some(other)) = (self.threads.get_mut(&tid), child.threads.get(&its))
        else {
            return;
        };
        let frames = thread.frames.last().map_or(0, |frame| frame.base as usize);
        let common = frames.min(thread.regs.len()).min(other.regs.len());
        thread.regs[..common].copy_from_slice(&other.regs[..common]);
    }

    /// `pthread_create(3)`: a new thread `tid` that calls `entry(arg)`.
    pub fn start_thread(&mut self, tid: Pid, entry: u64, arg: u64) {
        let used: Vec<u32> = self.threads.values().map(|thread| thread.slot).collect();
        let slot = (0..200).find(|slot| !used.contains(slot)).unwrap_or(200);
        let at = self.place_thread_locals(stack_top(slot as usize) - 64);
        let start = self.program.thread_start;
        let threads = self.threads.keys().copied();
        let races = self.races.get_or_insert_with(|| Arc::new(Races::new(threads)));
        Arc::make_mut(races).thread_starts(tid);
        self.add_thread(tid, slot, at, at, start, &[entry, arg]);
    }

    /// The data races found since the last time. They do not stop the program.
    pub fn take_races(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.raced)
    }

    /// Gives the races just found their words, while the variables are still there.
    fn explain_races(&mut self) {
        let found = match &mut self.races {
            Some(races) if races.has_found() => Arc::make_mut(races).take_found(),
            _ => return,
        };
        for race in found {
            let object = self.object_at(race.address).map(|(_, object)| object);
            let line = |span: Span| self.program.sources.line_column(span).line;
            let kind = FaultKind::DataRace {
                access: race.access,
                object,
                other_access: race.other_access,
                other: race.other,
                other_line: race.other.map_or(0, line),
            };
            self.raced.push(Fault { kind, span: race.span, within: None });
        }
    }

    /// A handler takes care of what `tid` did wrong: it is at the same instruction still.
    pub fn forget_fault(&mut self, tid: Pid) {
        if let Some(thread) = self.threads.get_mut(&tid) {
            thread.fault = None;
        }
    }

    /// Removes a thread, which has ended.
    pub fn end_thread(&mut self, tid: Pid) {
        if let Some(races) = &mut self.races {
            Arc::make_mut(races).thread_ends(tid);
        }
        if let Some(thread) = self.threads.remove(&tid)
            && let Some(frame) = thread.frames.last()
        {
            let top = stack_top(thread.slot as usize);
            self.memory.mark(frame.sp, top - frame.sp, crate::memory::NONE);
            if let Some(races) = &mut self.races {
                Arc::make_mut(races).fresh(frame.sp, top - frame.sp);
            }
        }
    }

    /// How many calls of the kernel `tid` has not been answered, and how many of its frames are
    /// signal handlers. A `longjmp` out of a handler makes both smaller without a call, so a
    /// kernel looks here when a thread makes the next one.
    pub fn nesting(&self, tid: Pid) -> (usize, usize) {
        let Some(thread) = self.threads.get(&tid) else { return (0, 0) };
        (thread.pending.len(), thread.frames.iter().filter(|frame| frame.handler).count())
    }

    /// Pushes a call of a signal handler (see ARCHITECTURE.md).
    pub fn push_handler(&mut self, tid: Pid, handler: u64, signal: i32, flags: i32) {
        let info = abi::syscall::SigInfo { signal, ..abi::syscall::SigInfo::default() };
        self.push_handler_with(tid, handler, flags, &info);
    }

    /// The same, with what a handler with `SA_SIGINFO` is told.
    pub fn push_handler_with(
        &mut self,
        tid: Pid,
        handler: u64,
        flags: i32,
        told: &abi::syscall::SigInfo,
    ) {
        let signal = told.signal;
        let program = Arc::clone(&self.program);
        if let Some(races) = &mut self.races {
            Arc::make_mut(races).hears_from_outside(tid);
        }
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        let Some(top) = thread.frames.last() else { return };
        let regs = program.function(top.func).map_or(0, |function| function.regs);
        let base = top.base + regs;
        // Below the red zone that x86-64 leaves to a function's leaf data, and the siginfo_t.
        let mut sp = (top.sp - 128) & !15;
        let mut info = 0;
        if flags & abi::consts::SA_SIGINFO != 0 {
            sp -= 256;
            info = sp + 64;
            let mut bytes = vec![0; 128];
            // `siginfo_t`: the union begins at 16, `si_status` and `si_value` are at 24.
            bytes[..4].copy_from_slice(&signal.to_le_bytes());
            bytes[8..12].copy_from_slice(&told.code.to_le_bytes());
            bytes[16..20].copy_from_slice(&told.pid.to_le_bytes());
            bytes[20..24].copy_from_slice(&told.uid.to_le_bytes());
            bytes[24..32].copy_from_slice(&told.value.to_le_bytes());
            self.memory.place(info, &bytes, SET);
        }
        let needed = base as usize + 8;
        if thread.regs.len() < needed {
            thread.regs.resize(needed, 0);
        }
        let at = base as usize;
        thread.regs[at + 1..at + 4].copy_from_slice(&[signal as u64, info, 0]);
        thread.announced = false;
        let memory = &mut self.memory;
        let trap = match program.function_at(handler) {
            None => Some(Trap::Fault(FaultKind::NotAFunction { address: handler })),
            Some(func) => {
                crate::run::push_frame(&program, memory, thread, func, base, sp, Some(3)).err()
            }
        };
        match trap {
            None => {
                if let Some(frame) = thread.frames.last_mut() {
                    frame.handler = true;
                    frame.interrupts = std::mem::take(&mut thread.interrupted);
                }
            }
            Some(trap) => {
                let fault = self.explain(tid, trap);
                if let Some(thread) = self.threads.get_mut(&tid) {
                    thread.fault = Some(fault);
                }
            }
        }
    }

    /// The threads, in the order of their numbers.
    pub fn threads(&self) -> Vec<Pid> {
        self.threads.keys().copied().collect()
    }

    /// The name of the function at an address (a handler's, an entry's), for the trace.
    pub fn function_at(&self, address: u64) -> Option<&str> {
        let index = self.program.function_at(address)?;
        self.program.function(index).map(|function| function.name.as_str())
    }

    /// A thread's frames, locals and values as plain data.
    pub fn view(&self, tid: Pid, shared: &SharedMemory) -> view::Stack {
        crate::look::stack(self, tid, shared)
    }

    /// `len` bytes of memory (at most 64 KiB), for a hex view.
    pub fn bytes(&self, at: u64, len: u64, shared: &SharedMemory) -> Vec<view::Byte> {
        crate::look::bytes(self, at, len.min(1 << 16), shared)
    }

    /// The person's code that a thread is at: what runs next, or the call in progress.
    pub fn position(&self, tid: Pid) -> Option<Span> {
        let thread = self.threads.get(&tid)?;
        crate::run::user_span(&self.program, &thread.frames)
    }
}
