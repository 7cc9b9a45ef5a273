//! A blocked thread is data: what it waits for, in a form that can be shown, and the kernel
//! objects whose changes make the kernel try its call again.

use crate::net::SocketId;
use abi::syscall::FutexKey;
use abi::{Fd, Pid};

/// Why a thread sleeps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// `accept`: a connection.
    Connection(Fd),
    /// `connect`: the end of the handshake.
    Handshake(Fd),
    /// `read`, `recv`: data or the end of it.
    Data(Fd),
    /// `write`, `send`: room in a buffer.
    Room(Fd),
    /// `close` with `SO_LINGER`: the peer's acknowledgment of everything.
    Linger,
    /// `poll`, `select`, `epoll_wait`: one of these descriptors.
    Ready(Vec<Fd>),
    /// `wait`, `vfork`: a child.
    Child,
    /// `sleep` and the like: time.
    Time,
    /// `pause`, `sigsuspend`: a signal.
    Signal,
    /// A mutex, condition variable or semaphore in memory.
    Futex(FutexKey),
    /// `pthread_join`: the end of this thread.
    Thread(Pid),
    /// `semop`: a System V semaphore.
    Semaphore(i32),
    /// `mq_send`, `mq_receive`: a message queue.
    Queue(Fd),
    /// `msgsnd`, `msgrcv`: a System V message queue.
    Mailbox(i32),
    /// `flock`, `fcntl(F_SETLKW)`: a lock that another process holds.
    FileLock(Fd),
    /// `open` of a FIFO: the other end.
    OtherEnd,
}

/// A kernel object whose change may let a blocked call go on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Source {
    /// An Internet socket.
    Socket(SocketId),
    /// A Unix socket.
    Unix(u32),
    /// A pipe or FIFO.
    Pipe(u32),
    /// The terminal of a process.
    Terminal(Pid),
    /// An epoll instance.
    Epoll(u32),
    /// The children of a process.
    Child(Pid),
    /// A word in memory; `.0` is the process for a private word, 0 for a shared one.
    Futex(Pid, FutexKey),
    /// A thread's end; of a child of `vfork`, that it has memory of its own.
    Thread(Pid),
    /// A System V semaphore set.
    Semaphore(i32),
    /// A message queue.
    Queue(u32),
    /// A System V message queue.
    Mailbox(i32),
    /// An eventfd.
    Event(u32),
    /// A timerfd.
    Timer(u32),
    /// The pending signals of a process.
    Signals(Pid),
    /// The locks of a file.
    Lock(u64),
}

/// What a blocked thread waits for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WaitFor {
    /// For people.
    pub reason: Reason,
    /// For the kernel.
    pub sources: Vec<Source>,
    /// When the call gives up or is over, nanoseconds; `None` is never.
    pub deadline_ns: Option<u64>,
    /// Whether a signal's handler with `SA_RESTART` lets the call go on (`signal(7)`).
    pub restarts: bool,
}

impl Reason {
    /// The one descriptor that the call is about.
    pub fn descriptor(&self) -> Option<Fd> {
        match self {
            Reason::Connection(fd)
            | Reason::Handshake(fd)
            | Reason::Data(fd)
            | Reason::Room(fd)
            | Reason::Queue(fd)
            | Reason::FileLock(fd) => Some(*fd),
            _ => None,
        }
    }
}

impl WaitFor {
    /// Waits for one object without a limit; restartable.
    pub fn on(reason: Reason, source: Source) -> WaitFor {
        WaitFor { reason, sources: vec![source], deadline_ns: None, restarts: true }
    }

    /// Waits for time alone.
    pub fn until(reason: Reason, deadline_ns: Option<u64>) -> WaitFor {
        WaitFor { reason, sources: Vec::new(), deadline_ns, restarts: false }
    }
}
