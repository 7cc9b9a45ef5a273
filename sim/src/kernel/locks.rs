//! Advisory locks: `flock(2)` belongs to the open file description, `fcntl(F_SETLK)` to the process.

use crate::DescId;
use crate::kernel::Host;
use crate::kernel::fd::Object;
use crate::kernel::wait::Source;
use abi::syscall::FileLock;
use abi::{Errno, Pid, consts};
use std::collections::BTreeMap;

/// The locks of one file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Locks {
    /// `flock(2)`: who, and whether it is exclusive.
    pub whole: BTreeMap<DescId, bool>,
    /// `fcntl(2)`: pieces, in order of their first byte for each process.
    pub records: Vec<Record>,
}

/// A piece of a file that a process has locked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Record {
    /// Who.
    pub pid: Pid,
    /// `F_WRLCK`.
    pub exclusive: bool,
    /// First byte.
    pub start: i64,
    /// Last byte; `i64::MAX` is the end of the file.
    pub end: i64,
}

impl Locks {
    /// A lock of another process that is in the way of this one.
    pub fn conflict(&self, wanted: &Record) -> Option<&Record> {
        self.records.iter().find(|other| {
            other.pid != wanted.pid
                && (other.exclusive || wanted.exclusive)
                && other.start <= wanted.end
                && wanted.start <= other.end
        })
    }

    /// Takes a range from what the process holds; `kept` is what holds it from now on.
    pub fn replace(&mut self, pid: Pid, start: i64, end: i64, kept: Option<bool>) {
        let mut pieces = Vec::new();
        for record in std::mem::take(&mut self.records) {
            if record.pid != pid || record.end < start || end < record.start {
                pieces.push(record);
                continue;
            }
            if record.start < start {
                pieces.push(Record { end: start - 1, ..record });
            }
            if record.end > end {
                pieces.push(Record { start: end + 1, ..record });
            }
        }
        if let Some(exclusive) = kept {
            pieces.push(Record { pid, exclusive, start, end });
        }
        pieces.sort_by_key(|record| (record.start, record.pid));
        self.records = pieces;
    }
}

impl Host {
    /// A process has closed a descriptor of a file: all its record locks of the file are gone.
    pub(crate) fn drop_records(&mut self, inode: u64, pid: Pid) {
        let Some(locks) = self.locks.get_mut(&inode) else { return };
        locks.records.retain(|record| record.pid != pid);
        self.locks_changed(inode);
    }

    /// The same, for a descriptor's description.
    pub(crate) fn drop_records_of(&mut self, pid: Pid, description: DescId) {
        if let Some(Object::File(inode)) = self.descriptions.get(&description).map(|d| &d.object) {
            let inode = *inode;
            self.drop_records(inode, pid);
        }
    }

    /// An open file description is gone, and its `flock(2)` with it.
    pub(crate) fn drop_flock(&mut self, inode: u64, description: DescId) {
        let Some(locks) = self.locks.get_mut(&inode) else { return };
        if locks.whole.remove(&description).is_some() {
            self.locks_changed(inode);
        }
    }

    /// Somebody may go on.
    pub(crate) fn locks_changed(&mut self, inode: u64) {
        if self.locks.get(&inode).is_some_and(|l| l.whole.is_empty() && l.records.is_empty()) {
            self.locks.remove(&inode);
        }
        self.touch(Source::Lock(inode));
    }
}

/// First and last byte of what a `struct flock` means, for an offset and a size of the file, bytes.
///
/// # Errors
/// `EINVAL`: unknown `l_whence`, or it begins before the file. `EOVERFLOW`.
pub fn range(lock: &FileLock, at: i64, size: i64) -> Result<(i64, i64), Errno> {
    let base = match i32::from(lock.whence) {
        consts::SEEK_SET => 0,
        consts::SEEK_CUR => at,
        consts::SEEK_END => size,
        _ => return Err(Errno::EINVAL),
    };
    let start = base.checked_add(lock.start).ok_or(Errno::EOVERFLOW)?;
    let (start, end) = match lock.len {
        0 => (start, i64::MAX),
        len if len > 0 => (start, start.checked_add(len - 1).ok_or(Errno::EOVERFLOW)?),
        len => (start.saturating_add(len), start - 1),
    };
    if start < 0 { Err(Errno::EINVAL) } else { Ok((start, end)) }
}
