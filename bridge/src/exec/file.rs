//! Open files of a session: descriptor, description, registration for readiness.

use crate::sys;
use abi::{Errno, Fd, consts};
use std::collections::BTreeMap;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::unix::AsyncFd;
use tokio::sync::Mutex as Turn;

/// The first handle: far from any process's own numbers, so that a mix-up is seen.
const FIRST_HANDLE: i32 = 1000;

/// What a description is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Socket {
        domain: i32,
        ty: i32,
        protocol: i32,
    },
    Pipe,
    Epoll,
    /// eventfd, timerfd: a number of 8 bytes that is read whole.
    Counter,
}

/// What duplicates of a descriptor share (an open file description).
pub(crate) struct Description {
    /// Unique in the process.
    pub(crate) id: u64,
    pub(crate) kind: Kind,
    /// `O_NONBLOCK` as the program has it; the real one is always set.
    pub(crate) nonblock: AtomicBool,
    /// `SO_RCVLOWAT`: only blocking calls look at it, so the kernel's is of no use to us.
    pub(crate) lowat: AtomicI32,
    /// Whether `close` may block (`SO_LINGER` with a time).
    pub(crate) lingers: AtomicBool,
    /// `SO_RCVTIMEO` and `SO_SNDTIMEO`, as the kernel has rounded them.
    pub(crate) times: Mutex<[Option<Duration>; 2]>,
    /// Blocking readers wait in the order in which they called.
    pub(crate) read_turn: Turn<()>,
    /// The same for writers.
    pub(crate) write_turn: Turn<()>,
}

impl Description {
    pub(crate) fn new(kind: Kind, nonblock: bool) -> Arc<Description> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Arc::new(Description {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            kind,
            nonblock: nonblock.into(),
            lowat: 1.into(),
            lingers: false.into(),
            times: Mutex::default(),
            read_turn: Turn::new(()),
            write_turn: Turn::new(()),
        })
    }

    /// Of a connection, which has the options that its listener had when it came: the kernel is
    /// asked for those that are stood for here.
    pub(crate) fn accepted(fd: RawFd, listener: &Description, nonblock: bool) -> Arc<Description> {
        let description = Description::new(listener.kind, nonblock);
        let times = [libc::SO_RCVTIMEO, libc::SO_SNDTIMEO].map(|name| sys::timeout(fd, name));
        *description.times.lock().unwrap_or_else(PoisonError::into_inner) = times;
        let option = |name, at: usize| -> Option<i32> {
            let bytes = abi::OutPtr::good();
            let value = sys::getsockopt(fd, libc::SOL_SOCKET, name, &bytes, &abi::Ptr::to(8));
            Some(i32::from_ne_bytes(*value.ok()?.get(at..)?.first_chunk()?))
        };
        let lowat = option(libc::SO_RCVLOWAT, 0).unwrap_or(1);
        description.lowat.store(lowat, Ordering::Relaxed);
        let lingers = option(libc::SO_LINGER, 0).is_some_and(|on| on != 0)
            && option(libc::SO_LINGER, 4).is_some_and(|time| time > 0);
        description.lingers.store(lingers, Ordering::Relaxed);
        description
    }

    pub(crate) fn is_socket(&self) -> bool {
        matches!(self.kind, Kind::Socket { .. })
    }

    /// Whether bytes flow without boundaries.
    pub(crate) fn is_stream(&self) -> bool {
        match self.kind {
            Kind::Socket { ty, .. } => ty == consts::SOCK_STREAM,
            Kind::Pipe => true,
            Kind::Epoll | Kind::Counter => false,
        }
    }

    /// The socket's own time for one direction; `None` waits for ever.
    pub(crate) fn time(&self, reading: bool) -> Option<Duration> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)[usize::from(!reading)]
    }

    /// Whether there are packets.
    pub(crate) fn is_internet(&self) -> bool {
        matches!(self.kind, Kind::Socket { domain: consts::AF_INET | consts::AF_INET6, .. })
    }

    pub(crate) fn is_tcp(&self) -> bool {
        matches!(
            self.kind,
            Kind::Socket {
                domain: consts::AF_INET | consts::AF_INET6,
                ty: consts::SOCK_STREAM,
                ..
            }
        )
    }
}

/// An open descriptor. It is closed when the last call that uses it has ended.
pub(crate) struct File {
    fd: Arc<OwnedFd>,
    pub(crate) shared: Arc<Description>,
    pub(crate) cloexec: AtomicBool,
    registration: Mutex<Option<Arc<AsyncFd<Arc<OwnedFd>>>>>,
}

impl File {
    pub(crate) fn new(fd: OwnedFd, shared: Arc<Description>) -> File {
        File { fd: Arc::new(fd), shared, cloexec: false.into(), registration: Mutex::new(None) }
    }

    pub(crate) fn raw(&self) -> RawFd {
        self.fd.as_raw_fd()
    }

    /// Registered for readiness, the first time that a call has to wait: a TCP socket that is
    /// registered before `connect` stays "writable" for ever.
    pub(crate) fn registration(&self) -> Result<Arc<AsyncFd<Arc<OwnedFd>>>, Errno> {
        let mut slot = self.registration.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(registration) = &*slot {
            return Ok(registration.clone());
        }
        let registration = Arc::new(sys::register(self.fd.clone())?);
        *slot = Some(registration.clone());
        Ok(registration)
    }

    /// The registration, if there is one already.
    pub(crate) fn registered(&self) -> Option<Arc<AsyncFd<Arc<OwnedFd>>>> {
        self.registration.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets what was known about readiness (`connect`, `listen`).
    pub(crate) fn forget_registration(&self) {
        self.registration.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// A registration of a duplicate, for one wait that starts from the socket's present state.
    pub(crate) fn fresh_registration(&self) -> Result<AsyncFd<OwnedFd>, Errno> {
        sys::register(sys::dup(self.raw())?)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // A lingering close blocks even a non-blocking socket. Who wants to wait for it
        // (`close(2)`) has taken the descriptor out before; at the end of a session the kernel
        // does not linger either (PF_EXITING).
        if self.shared.lingers.load(Ordering::Relaxed) && Arc::strong_count(&self.shared) == 1 {
            let off = abi::Ptr::to(abi::Bytes(vec![0; 8]));
            let _ = sys::setsockopt(self.raw(), libc::SOL_SOCKET, libc::SO_LINGER, &off, 8);
        }
    }
}

/// The handles of a session. Numbers are never used twice.
pub(crate) struct Table {
    files: BTreeMap<Fd, Arc<File>>,
    next: i32,
}

impl Table {
    pub(crate) fn new() -> Table {
        Table { files: BTreeMap::new(), next: FIRST_HANDLE }
    }

    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    pub(crate) fn get(&self, fd: Fd) -> Option<Arc<File>> {
        self.files.get(&fd).cloned()
    }

    pub(crate) fn insert(&mut self, file: Arc<File>) -> Fd {
        let fd = Fd(self.next);
        self.next += 1;
        self.files.insert(fd, file);
        fd
    }

    pub(crate) fn remove(&mut self, fd: Fd) -> Option<Arc<File>> {
        self.files.remove(&fd)
    }
}
