//! A process image that runs until it needs the kernel.

use crate::fault::Fault;
use crate::program::Program;
use crate::shared::SharedMemory;
use crate::source::Span;
use crate::view;
use abi::{Pid, Reply, Syscall};
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

/// Memory and threads of a process.
#[derive(Clone, PartialEq, Debug)]
pub struct Machine {
    program: Arc<Program>,
}

impl Machine {
    /// A process about to run `main(argc, argv, envp)` in thread `main`.
    pub fn new(
        program: Arc<Program>,
        _args: &[String],
        _env: &[(String, String)],
        _main: Pid,
    ) -> Machine {
        Machine { program }
    }

    /// The program that runs here.
    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// Runs thread `tid` until it needs the kernel, faults, stops by `stop_at`, or `fuel` (in
    /// instructions) is used up. A thread that waits for an answer, or that is not here, `Ran`.
    pub fn step(
        &mut self,
        _tid: Pid,
        fuel: &mut u64,
        _shared: &mut SharedMemory,
        _stop_at: StopAt,
    ) -> Step {
        *fuel = 0;
        Step::Ran
    }

    /// Answers the call that `step` stopped at (the innermost unanswered one).
    pub fn resume(&mut self, _tid: Pid, _reply: &Reply, _shared: &mut SharedMemory) {}

    /// `fork(2)`: a copy in which only `tid` lives, as `child`. The caller resumes both.
    pub fn fork(&self, _tid: Pid, _child: Pid) -> Machine {
        self.clone()
    }

    /// `pthread_create(3)`: a new thread `tid` that calls `entry(arg)`.
    pub fn start_thread(&mut self, _tid: Pid, _entry: u64, _arg: u64) {}

    /// Removes a thread, which has ended.
    pub fn end_thread(&mut self, _tid: Pid) {}

    /// Pushes a call of a signal handler (see ARCHITECTURE.md).
    pub fn push_handler(&mut self, _tid: Pid, _handler: u64, _signal: i32, _flags: i32) {}

    /// The threads, in the order of their numbers.
    pub fn threads(&self) -> Vec<Pid> {
        Vec::new()
    }

    /// The name of the function at an address (a handler's, an entry's), for the trace.
    pub fn function_at(&self, _address: u64) -> Option<&str> {
        None
    }

    /// A thread's frames, locals and values as plain data.
    pub fn view(&self, _tid: Pid, _shared: &SharedMemory) -> view::Stack {
        view::Stack::default()
    }

    /// `len` bytes of memory, for a hex view.
    pub fn bytes(&self, _at: u64, len: u64, _shared: &SharedMemory) -> Vec<view::Byte> {
        vec![view::Byte::None; len.min(1 << 16) as usize]
    }

    /// The person's code that a thread is at: what runs next, or the call in progress.
    pub fn position(&self, _tid: Pid) -> Option<Span> {
        None
    }
}
