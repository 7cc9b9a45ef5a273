//! Descriptor → open file description → object: three types, so that `dup`, `fork` and the offset
//! that they share come out by themselves. See `open(2)`, `dup(2)`.

use crate::net::SocketId;
use crate::{DescId, kernel::wait::Source};
use abi::{Errno, Fd, Pid, consts};
use std::collections::BTreeMap;

/// What a process's descriptor number means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Descriptor {
    /// The open file description, which `dup` and `fork` share.
    pub description: DescId,
    /// `FD_CLOEXEC`: not shared by `dup`.
    pub cloexec: bool,
}

/// The descriptors of one process.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FdTable {
    entries: BTreeMap<i32, Descriptor>,
    size: i32,
}

impl Default for FdTable {
    fn default() -> FdTable {
        FdTable { entries: BTreeMap::new(), size: FIRST_SIZE }
    }
}

/// Places of a table that a shell handed on: bash keeps its terminal open as 255.
const FIRST_SIZE: i32 = 256;
/// A larger table has a power of two times so many (`alloc_fdtable`).
const SIZE_STEP: i32 = 128;

impl FdTable {
    /// What `fd` means, or `EBADF`.
    pub fn get(&self, fd: Fd) -> Result<Descriptor, Errno> {
        self.entries.get(&fd.0).copied().ok_or(Errno::EBADF)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, fd: Fd) -> Result<&mut Descriptor, Errno> {
        self.entries.get_mut(&fd.0).ok_or(Errno::EBADF)
    }

    /// The lowest free number from `from` on, below `limit`; `EMFILE` if there is none.
    pub fn lowest_free(&self, from: i32, limit: u64) -> Result<Fd, Errno> {
        let mut free = from;
        for used in self.entries.range(from..) {
            if *used.0 != free {
                break;
            }
            free += 1;
        }
        if (free as u64) < limit { Ok(Fd(free)) } else { Err(Errno::EMFILE) }
    }

    /// Sets what `fd` means.
    pub fn insert(&mut self, fd: Fd, descriptor: Descriptor) -> Option<Descriptor> {
        if fd.0 >= self.size {
            let steps = (fd.0 / SIZE_STEP + 1).unsigned_abs().next_power_of_two();
            self.size = steps as i32 * SIZE_STEP;
        }
        self.entries.insert(fd.0, descriptor)
    }

    /// Frees `fd`.
    pub fn remove(&mut self, fd: Fd) -> Result<Descriptor, Errno> {
        self.entries.remove(&fd.0).ok_or(Errno::EBADF)
    }

    /// How many places the table has: `select(2)` looks no further.
    pub fn size(&self) -> i32 {
        self.size
    }

    /// All, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = (Fd, Descriptor)> + '_ {
        self.entries.iter().map(|(fd, descriptor)| (Fd(*fd), *descriptor))
    }
}

/// An open file description: what `dup`ed descriptors share.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Description {
    /// What is open.
    pub object: Object,
    /// `O_*` access mode and status flags, as `F_GETFL` gives them.
    pub flags: i32,
    /// File offset, bytes.
    pub offset: u64,
    /// Descriptors (of all processes) that refer to it.
    pub refs: u32,
    /// Who is told of urgent data and with `O_ASYNC` of all, `F_SETOWN`: a process, or a group if
    /// negative; 0: nobody.
    pub owner: i32,
    /// By which signal, `F_SETSIG`; 0 is `SIGIO`.
    pub signal: i32,
    /// The descriptor by which `O_ASYNC` was set: `si_fd`.
    pub async_fd: Fd,
}

impl Description {
    /// Of what was just opened.
    pub fn new(object: Object, flags: i32) -> Description {
        Description { object, flags, offset: 0, refs: 1, owner: 0, signal: 0, async_fd: Fd(-1) }
    }
}

/// What can be open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Object {
    /// An Internet socket: the network stack's.
    Inet(Inet),
    /// A Unix socket.
    Unix(u32),
    /// The read end of a pipe or FIFO.
    PipeReader(u32),
    /// The write end.
    PipeWriter(u32),
    /// Both ends of a FIFO (`O_RDWR`).
    PipeBoth(u32),
    /// A file, directory or device of the file system, by inode.
    File(u64),
    /// A process's terminal.
    Terminal(Pid),
    /// An epoll instance.
    Epoll(u32),
    /// A POSIX message queue.
    Queue(u32),
    /// An eventfd.
    Event(u32),
    /// A timerfd.
    Timer(u32),
    /// A signalfd; the number and whose signals it gives.
    Signals(u32),
}

/// What the socket layer knows of a socket of the network stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Inet {
    /// The stack's socket.
    pub id: SocketId,
    /// `AF_INET`, `AF_INET6`, `AF_PACKET` or `AF_NETLINK`.
    pub domain: i32,
    /// `SOCK_*`.
    pub ty: i32,
    /// The Internet protocol's number; 0 for the other families.
    pub protocol: i32,
}

impl Inet {
    /// Whether it is an Internet socket, not a packet or netlink one.
    pub fn speaks_ip(&self) -> bool {
        matches!(self.domain, consts::AF_INET | consts::AF_INET6)
    }
}

impl Object {
    /// Whether it is an end of a pipe.
    pub fn is_pipe(&self) -> bool {
        matches!(self, Object::PipeReader(_) | Object::PipeWriter(_) | Object::PipeBoth(_))
    }

    /// What a thread that waits for this object is woken by.
    pub fn source(&self) -> Option<Source> {
        match self {
            Object::Inet(inet) => Some(Source::Socket(inet.id)),
            Object::Unix(id) => Some(Source::Unix(*id)),
            Object::PipeReader(id) | Object::PipeWriter(id) | Object::PipeBoth(id) => {
                Some(Source::Pipe(*id))
            }
            Object::Terminal(pid) => Some(Source::Terminal(*pid)),
            Object::Epoll(id) => Some(Source::Epoll(*id)),
            Object::Queue(id) => Some(Source::Queue(*id)),
            Object::Event(id) => Some(Source::Event(*id)),
            Object::Timer(id) => Some(Source::Timer(*id)),
            // Its owner is the host's to know.
            Object::File(_) | Object::Signals(_) => None,
        }
    }

    /// Whether it is a socket.
    pub fn is_socket(&self) -> bool {
        matches!(self, Object::Inet(_) | Object::Unix(_))
    }
}
