//! `--on real`: the same programs, their system calls answered by this computer's kernel through
//! the bridge's executor.
//!
//! Each program is a process of ours with a session of its own: descriptors are mapped to the
//! session's handles, and what is no call on sockets (processes, threads, signals, time, the
//! terminal) is answered here. Network and host names are this computer's, so `--delay`, hosts and
//! links of a scenario mean nothing.
//!
//! Missing, and said by name when a program asks: files, shared memory between processes,
//! semaphores and message queues, `execve`, other signals than those that programs send each
//! other, `SIGPIPE`, `SIGALRM` and `SIGCHLD`.

mod process;
mod signals;

use super::{Args, Failure, Programs, print::Printer};
use abi::Pid;
use bridge::exec;
use process::Process;
use sim::HostId;
use sim::scenario::Scenario;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, mpsc};

/// What every process of the run shares.
pub(super) struct Run {
    printer: RefCell<Printer>,
    family: RefCell<BTreeMap<Pid, Member>>,
    /// A process ended or got a child: whoever waits looks again.
    changed: Notify,
    next_pid: Cell<i32>,
    options: exec::Options,
    began: Instant,
    faulted: Cell<bool>,
}

/// A process as its parent sees it.
struct Member {
    parent: Pid,
    /// `wait(2)`'s word, once it has ended.
    status: Option<i32>,
    signals: mpsc::UnboundedSender<process::Happening>,
}

impl Run {
    fn new_pid(&self) -> Pid {
        let pid = self.next_pid.get();
        self.next_pid.set(pid + 1);
        Pid(pid)
    }

    fn ended(&self, pid: Pid, status: i32) {
        let mut family = self.family.borrow_mut();
        let Some(member) = family.get_mut(&pid) else { return };
        member.status = Some(status);
        let parent = member.parent;
        if let Some(parent) = family.get(&parent) {
            let _ = parent.signals.send(process::Happening::Signal(abi::consts::SIGCHLD));
        }
        drop(family);
        self.changed.notify_waiters();
    }
}

/// Runs each program on this computer; whether none of them faulted.
pub(super) fn run(scenario: &Scenario, programs: &Programs, args: &Args) -> Result<bool, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure(1, error.to_string()))?;
    let run = Rc::new(Run {
        printer: RefCell::new(Printer::new(scenario, args)?),
        family: RefCell::default(),
        changed: Notify::new(),
        next_pid: Cell::new(i32::try_from(std::process::id()).unwrap_or(1)),
        options: exec::Options::terminal(),
        began: Instant::now(),
        faulted: Cell::new(false),
    });
    let local = tokio::task::LocalSet::new();
    for (spec, program) in scenario.programs.iter().zip(programs) {
        let Some(start_ns) = spec.start_ns else { continue };
        let process = Process::new(&run, HostId(spec.host as u32), spec, program);
        local.spawn_local(async move {
            tokio::time::sleep(Duration::from_nanos(start_ns)).await;
            process.live().await;
        });
    }
    // A server without an end is ended by Ctrl+C, as in any terminal; `--until` ends it too.
    let limit = async {
        match args.until {
            Some(until) => tokio::time::sleep(Duration::from_nanos(until.0)).await,
            None => std::future::pending().await,
        }
    };
    runtime.block_on(async {
        tokio::select! {
            () = local => {}
            () = limit => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    });
    run.printer.borrow_mut().unfinished();
    // A read of the terminal that nobody waits for any more must not keep the program alive.
    runtime.shutdown_background();
    Ok(!run.faulted.get())
}
