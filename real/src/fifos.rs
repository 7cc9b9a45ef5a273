//! FIFOs: the names are here, the pipes are the session's, so that `poll` and `epoll` see them.
//! Who waits in `open` for the other side is known here, where every process is. See `fifo(7)`.
//!
//! Missing: FIFOs that the computer has; a program of the run meets only the run's.

use crate::calls::Now;
use crate::process::{On, Source};
use crate::{Caller, Run};
use abi::{Bytes, Errno, Fd, Ptr, Reply, Syscall, consts};
use std::collections::{BTreeMap, BTreeSet};

/// Who has a FIFO open, or is about to.
#[derive(Default)]
pub(crate) struct Fifo {
    readers: BTreeSet<Fd>,
    writers: BTreeSet<Fd>,
    /// Handles of readers that wait for a writer, by their call. They count as readers.
    arrived: BTreeMap<u64, Fd>,
}

impl Fifo {
    fn forget(&mut self, handle: Fd) {
        self.readers.remove(&handle);
        self.writers.remove(&handle);
    }
}

impl Run {
    /// `open(2)` of a FIFO.
    pub(crate) fn open_fifo(&mut self, caller: Caller, inode: u64, flags: i32) -> Now {
        let fifo = self.fifos.entry(inode).or_default();
        if let Some(handle) = fifo.arrived.get(&caller.number).copied() {
            if fifo.writers.is_empty() {
                return Now::Waits(On::Change(Source::Fifo(inode)), None);
            }
            fifo.arrived.remove(&caller.number);
            let cloexec = flags & consts::O_CLOEXEC != 0;
            return Now::Reply(self.number_for(caller.pid, handle, cloexec));
        }
        if flags & 3 == consts::O_WRONLY && fifo.readers.is_empty() {
            return match flags & consts::O_NONBLOCK != 0 {
                true => Now::Reply(Reply::err(Errno::ENXIO)),
                false => Now::Waits(On::Change(Source::Fifo(inode)), None),
            };
        }
        let path = Ptr::to(Bytes(format!("fifo-{inode}\0").into_bytes()));
        let ticket = self.order(Some(caller), Syscall::Openat { path, flags, mode: 0o600 });
        Now::Waits(On::Ticket(ticket), None)
    }

    /// The session has opened a FIFO for a call. Whether the call still waits for a writer.
    pub(crate) fn fifo_opened(&mut self, caller: Caller, call: &Syscall, reply: &Reply) -> bool {
        let (Syscall::Openat { path, flags, mode: _ }, Ok(handle)) = (call, reply.ret) else {
            return false;
        };
        let Some(inode) = self.fifo_at(caller, path) else { return false };
        let handle = Fd(i32::try_from(handle).unwrap_or(-1));
        self.modes.insert(handle, self.files.mode_of(inode));
        let fifo = self.fifos.entry(inode).or_default();
        if flags & 3 != consts::O_WRONLY {
            fifo.readers.insert(handle);
        }
        if flags & 3 != consts::O_RDONLY {
            fifo.writers.insert(handle);
        }
        self.touch(Source::Fifo(inode));
        let fifo = self.fifos.entry(inode).or_default();
        let waits = fifo.writers.is_empty() && flags & consts::O_NONBLOCK == 0;
        if waits {
            fifo.arrived.insert(caller.number, handle);
            let wait = self.thread(caller.pid, caller.tid).and_then(|t| t.wait(caller.number));
            if let Some(wait) = wait {
                wait.on = On::Change(Source::Fifo(inode));
            }
        }
        waits
    }

    fn fifo_at(&mut self, caller: Caller, path: &Ptr<Bytes>) -> Option<u64> {
        let cwd = &self.processes.get(&caller.pid)?.cwd;
        let whole = crate::files::absolute(cwd, crate::calls::name(path.value.as_ref()?));
        self.files.fifo(&whole)
    }

    /// A call is over; what it had opened and not got is closed.
    pub(crate) fn fifo_given_up(&mut self, number: u64) {
        let arrived = |fifo: &mut Fifo| fifo.arrived.remove(&number);
        if let Some(handle) = self.fifos.values_mut().find_map(arrived) {
            self.fifo_closed(handle);
            self.order(None, Syscall::Close { fd: handle });
        }
    }

    /// A handle has been closed.
    pub(crate) fn fifo_closed(&mut self, handle: Fd) {
        self.fifos.values_mut().for_each(|fifo| fifo.forget(handle));
        self.fifos.retain(|_, fifo| !fifo.readers.is_empty() || !fifo.writers.is_empty());
    }
}
