//! What runs in a process: a C machine, or a list of calls.

use abi::{Pid, Reply, Syscall};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A process's program.
#[derive(Clone, PartialEq, Debug)]
pub enum Program {
    /// Compiled C.
    C(Box<cc::Machine>),
    /// Calls made one after the other, whatever they answer; for tests and facts.
    Script(Script),
    /// The process has ended.
    Gone,
}

/// A list of calls for each thread; a thread that has made all of its calls sleeps until more are
/// added. Answers are kept.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Script {
    /// By thread.
    pub threads: BTreeMap<Pid, ScriptThread>,
}

/// The calls of one thread of a [`Script`].
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ScriptThread {
    /// To be made.
    pub calls: std::collections::VecDeque<Arc<Syscall>>,
    /// Made and answered.
    pub replies: Vec<Reply>,
    /// Signals whose handlers were called, in order.
    pub handled: Vec<i32>,
    /// Handlers that have not returned yet.
    pub in_handler: u32,
}

impl Script {
    /// A script whose first thread makes `calls`.
    pub fn new(main: Pid, calls: Vec<Syscall>) -> Script {
        let thread = ScriptThread {
            calls: calls.into_iter().map(Arc::new).collect(),
            ..ScriptThread::default()
        };
        Script { threads: [(main, thread)].into() }
    }

    /// The calls of one thread.
    pub fn thread(&mut self, tid: Pid) -> &mut ScriptThread {
        self.threads.entry(tid).or_default()
    }
}
