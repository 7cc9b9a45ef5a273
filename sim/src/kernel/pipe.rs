//! Pipes and FIFOs, `pipe(7)`: 16 slots of a page each, filled one after the other.

use crate::kernel::Host;
use crate::kernel::sigio::{Band, Side};
use crate::kernel::wait::Source;
use abi::consts;
use std::collections::VecDeque;

/// A page of a pipe's buffer, bytes; writes of at most so many bytes are not torn (`PIPE_BUF`).
pub const PAGE: usize = 4096;
/// `F_GETPIPE_SZ` of a new pipe, bytes.
pub const CAPACITY: usize = 16 * PAGE;

/// A pipe.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pipe {
    /// Written and not yet read.
    pub bytes: VecDeque<u8>,
    /// Bytes of the first page that were read already: the page is in use until its last one is.
    head: usize,
    /// Capacity, bytes.
    pub capacity: usize,
    /// Open read ends.
    pub readers: u32,
    /// Open write ends.
    pub writers: u32,
    /// How often a read end and a write end were opened: a FIFO's `open` waits for the other.
    pub opened: (u64, u64),
}

impl Pipe {
    /// A pipe with so many open ends.
    pub fn new(readers: u32, writers: u32) -> Pipe {
        Pipe {
            bytes: VecDeque::new(),
            head: 0,
            capacity: CAPACITY,
            readers,
            writers,
            opened: (u64::from(readers), u64::from(writers)),
        }
    }

    /// How many bytes can be written now.
    pub fn room(&self) -> usize {
        self.capacity.saturating_sub(self.head + self.bytes.len())
    }

    /// Takes at most `len` bytes.
    pub fn take(&mut self, len: usize) -> Vec<u8> {
        let len = len.min(self.bytes.len());
        let taken: Vec<u8> = self.bytes.drain(..len).collect();
        self.head = if self.bytes.is_empty() { 0 } else { (self.head + len) % PAGE };
        taken
    }

    /// Adds bytes; the caller has seen that there is room.
    pub fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
    }

    /// `poll(2)`'s view of an end.
    pub fn readiness(&self, reads: bool, writes: bool) -> i16 {
        let mut events = 0;
        if reads {
            if !self.bytes.is_empty() {
                events |= consts::POLLIN | consts::POLLRDNORM;
            }
            if self.writers == 0 && self.opened.1 > 0 {
                events |= consts::POLLHUP;
            }
        }
        if writes {
            // Linux asks for a free slot, a partly filled last page is not one.
            let slots = (self.head + self.bytes.len()).div_ceil(PAGE);
            if slots < self.capacity / PAGE {
                events |= consts::POLLOUT | consts::POLLWRNORM;
            }
            if self.readers == 0 {
                events |= consts::POLLERR;
            }
        }
        events as i16
    }
}

impl Host {
    /// Gives up ends of a pipe; with the last one it is gone.
    pub(crate) fn close_pipe(&mut self, id: u32, reader: bool, writer: bool) {
        let Some(pipe) = self.pipes.get_mut(&id) else { return };
        pipe.readers -= u32::from(reader);
        pipe.writers -= u32::from(writer);
        match (pipe.readers, pipe.writers) {
            (0, 0) => {
                self.pipes.remove(&id);
                self.fs.forget_pipe(id);
            }
            (0, _) => self.tell(Side::Writer(id), Band::Out),
            (_, 0) => self.tell(Side::Reader(id), Band::In),
            _ => {}
        }
        self.touch(Source::Pipe(id));
    }
}
