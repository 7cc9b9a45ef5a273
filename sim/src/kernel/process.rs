//! Processes and threads: what the kernel knows of them. See `credentials(7)`, `signal(7)`.

use crate::kernel::fd::FdTable;
use crate::kernel::fs::Who;
use crate::kernel::program::Program;
use crate::kernel::wait::WaitFor;
use crate::net::{RecvRequest, SendRequest, SocketId};
use crate::{CallId, DescId};
use abi::syscall::{SigAction, SigEvent, SigInfo};
use abi::{Fd, Pid, Reply, Syscall};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Signals are numbered 1 to 64.
pub const SIGNALS: i32 = 64;
/// `RLIMIT_NOFILE` that a process starts with: a login shell's on Debian (soft, hard).
pub const NOFILE: (u64, u64) = (1024, 1_048_576);

/// No stack of `sigaltstack(2)`: `SS_DISABLE`.
pub const NO_STACK: (u64, i32, u64) = (0, 2, 0);

/// A process.
#[derive(Clone, PartialEq, Debug)]
pub struct Process {
    /// Its number.
    pub pid: Pid,
    /// Its parent; 1 once that has ended.
    pub parent: Pid,
    /// Who lent it its memory by `vfork(2)`, and waits to have it back.
    pub lender: Option<(Pid, Pid)>,
    /// Its process group: `kill(0, …)` and Ctrl+C reach the group.
    pub group: Pid,
    /// Which of the scenario's programs it runs.
    pub program: usize,
    /// `argv`.
    pub args: Vec<String>,
    /// Memory and frames; gone once it is a zombie.
    pub image: Program,
    /// Its threads; the first one has the process's number.
    pub threads: BTreeMap<Pid, Thread>,
    /// Its descriptors.
    pub fds: FdTable,
    /// What signals do.
    pub actions: BTreeMap<i32, SigAction>,
    /// Signals sent to the process as a whole and not yet taken, bit `signo - 1`.
    pub pending: u64,
    /// What is known of pending signals; real-time signals queue.
    pub infos: BTreeMap<i32, VecDeque<SigInfo>>,
    /// `RLIMIT_NOFILE`: soft, hard.
    pub nofile: (u64, u64),
    /// Effective user number; 0 is root.
    pub uid: u32,
    /// Effective group number.
    pub gid: u32,
    /// Real and saved user numbers, which `seteuid` may go back to.
    pub other_uids: (u32, u32),
    /// Real and saved group numbers.
    pub other_gids: (u32, u32),
    /// The nice value, `nice(2)`.
    pub nice: i32,
    /// Limits that were set, but for [`Process::nofile`]: soft, hard.
    pub limits: BTreeMap<i32, (u64, u64)>,
    /// What `PR_SET_NAME` named it.
    pub comm: Option<Vec<u8>>,
    /// Timers of `timer_create(2)`, by number.
    pub timers: BTreeMap<i32, PosixTimer>,
    /// The stack of `sigaltstack(2)`: where, flags, bytes.
    pub signal_stack: (u64, i32, u64),
    /// Processor time that it and the children it has waited for have used, nanoseconds.
    pub cpu_ns: (u64, u64),
    /// Its session, `setsid(2)`.
    pub session: Pid,
    /// Permission bits that new files do not get.
    pub umask: u32,
    /// Its working directory.
    pub cwd: Vec<u8>,
    /// Signal when the parent ends, `prctl(PR_SET_PDEATHSIG)`; 0 is none.
    pub death_signal: i32,
    /// Its terminal.
    pub terminal: Terminal,
    /// Set once it has ended: `wait(2)`'s status word.
    pub exited: Option<i32>,
    /// SIGSTOP and not yet SIGCONT.
    pub stopped: bool,
    /// Stopped or continued since its parent last asked: `wait(2)`'s status word.
    pub news: Option<i32>,
    /// `ITIMER_REAL`: when SIGALRM comes, and the period (0: once), nanoseconds.
    pub alarm: Option<(u64, u64)>,
    /// `ITIMER_VIRTUAL` and `ITIMER_PROF`: at how much processor time of its own the signal comes,
    /// and the period, nanoseconds.
    pub cpu_alarms: [Option<(u64, u64)>; 2],
    /// Shared mappings: address → (segment, length, System V id).
    pub mappings: BTreeMap<u64, Mapping>,
    /// Winsock: how often `WSAStartup` succeeded without `WSACleanup`.
    pub wsa: u32,
    /// Values of threads that ended and were not joined.
    pub joinable: BTreeMap<Pid, u64>,
}

/// A timer of `timer_create(2)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PosixTimer {
    /// `CLOCK_*`.
    pub clock: i32,
    /// How its process is told.
    pub event: SigEvent,
    /// When it expires next, nanoseconds of the world's time.
    pub at_ns: Option<u64>,
    /// Period, nanoseconds; 0 is once.
    pub period_ns: u64,
    /// Expirations while its signal was pending.
    pub missed: u32,
    /// Those of the signal that was delivered last, `timer_getoverrun(2)`.
    pub overrun: u32,
}

/// A shared mapping.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mapping {
    /// The host's shared segment.
    pub segment: u32,
    /// Bytes.
    pub len: u64,
    /// `shmat`'s segment number, if it came from there.
    pub sysv: Option<i32>,
}

/// A thread.
#[derive(Clone, PartialEq, Debug)]
pub struct Thread {
    /// Its number, unique on the host.
    pub tid: Pid,
    /// What it is doing.
    pub state: ThreadState,
    /// Calls it has made and that are not answered; more than one while a signal handler runs
    /// on top of an interrupted call that will be restarted.
    pub calls: Vec<Pending>,
    /// Blocked signals, bit `signo - 1`.
    pub mask: u64,
    /// Signals sent to this thread and not yet taken.
    pub pending: u64,
    /// Masks to restore when handlers return, innermost last.
    pub saved_masks: Vec<u64>,
    /// Whether nobody will join it.
    pub detached: bool,
    /// Instructions left before others get the processor.
    pub slice: u64,
}

/// What a thread is doing.
#[derive(Clone, PartialEq, Debug)]
pub enum ThreadState {
    /// Wants the processor.
    Runnable,
    /// Has the processor.
    Running,
    /// Sleeps in its innermost call.
    Blocked(WaitFor),
}

/// A system call under way.
#[derive(Clone, PartialEq, Debug)]
pub struct Pending {
    /// Its number.
    pub id: CallId,
    /// What was asked.
    pub call: Arc<Syscall>,
    /// When, nanoseconds.
    pub started_ns: u64,
    /// How far it has come.
    pub progress: Progress,
    /// When it gives up, nanoseconds.
    pub deadline_ns: Option<u64>,
    /// Whether it has slept.
    pub blocked: bool,
    /// The record of its start.
    pub record: u64,
    /// The open file description that it sleeps on: a `close` by another thread does not take it
    /// away (`fdget`).
    pub held: Option<(Fd, DescId)>,
    /// A handler runs above it, after which it is made again: how many handlers ran before.
    pub interrupted: Option<usize>,
}

/// What a call remembers between tries.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Progress {
    /// Nothing.
    #[default]
    None,
    /// A send under way.
    Send(SendRequest),
    /// A receive under way.
    Recv(RecvRequest),
    /// The SYN is out.
    Connecting,
    /// The descriptor is gone, the socket lingers.
    Closing(SocketId),
    /// So many bytes written to a pipe or Unix socket.
    Written(usize),
    /// Bytes taken from a pipe or Unix socket (`MSG_WAITALL`).
    Taken(Vec<u8>),
    /// It was woken by whom it waited for: a futex.
    Woken,
    /// The child of a `vfork` that has not given the memory back.
    Forked(Pid),
    /// It has entered a queue with this number.
    Queued(u64),
    /// `sigsuspend`, `ppoll` and the like: the mask to restore.
    Mask(u64),
    /// `sendmmsg`, `recvmmsg`: the messages that are done, and how far the next one has come.
    Many(Vec<Reply>, Box<Progress>),
    /// A FIFO's end that was opened and waits for the other.
    Opened(DescId),
}

/// The terminal of a process: what it will read, what it has written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Terminal {
    /// Typed and not yet read.
    pub input: VecDeque<u8>,
    /// Whether no more will come (Ctrl+D).
    pub ended: bool,
    /// Written so far, standard output and error as on one screen.
    pub output: Arc<Vec<u8>>,
}

impl Process {
    /// What a signal does.
    pub fn action(&self, signal: i32) -> SigAction {
        let default = SigAction { handler: 0, flags: 0, mask: 0 };
        self.actions.get(&signal).copied().unwrap_or(default)
    }

    /// With whose rights it uses files.
    pub fn who(&self) -> Who {
        Who { uid: self.uid, gid: self.gid }
    }

    /// Whether the process has ended and waits for its parent.
    pub fn is_zombie(&self) -> bool {
        self.exited.is_some()
    }

    /// The last path component of the program's name, as `ps` shows it.
    pub fn name(&self) -> &str {
        let path = self.args.first().map_or("", String::as_str);
        let name = path.rsplit('/').next().unwrap_or(path);
        name.split('.').next().filter(|stem| !stem.is_empty()).unwrap_or(name)
    }
}

impl Thread {
    /// Whether it sleeps in `vfork(2)`.
    pub fn lends_memory(&self) -> bool {
        self.calls.last().is_some_and(|pending| matches!(pending.progress, Progress::Forked(_)))
    }

    /// A new thread, ready to run.
    pub fn new(tid: Pid, mask: u64) -> Thread {
        Thread {
            tid,
            state: ThreadState::Runnable,
            calls: Vec::new(),
            mask,
            pending: 0,
            saved_masks: Vec::new(),
            detached: false,
            slice: 0,
        }
    }
}
