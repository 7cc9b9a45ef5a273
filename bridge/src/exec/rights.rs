//! Descriptors in messages (`SCM_RIGHTS`): handles outside, descriptors inside.
//!
//! What arrives is a new descriptor of a description that the session knows, as long as it has
//! not closed its own. Not for a class: what is on its way counts against nobody's limit.

use super::Session;
use super::file::{Description, File, Kind};
use super::wait::Making;
use crate::policy::Denied;
use crate::sys;
use abi::message::Rule;
use abi::{Fd, OutPtr, Ptr, consts};
use std::collections::BTreeMap;
use std::fs::File as Opened;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, Weak};

/// What tells open file descriptions apart that can be: device, inode, access mode.
type Key = (u64, u64, i64);

/// The descriptions that have been sent.
#[derive(Default)]
pub(crate) struct Passed {
    known: BTreeMap<Key, Weak<Description>>,
    /// Sent and not received: nobody's handles, so they have a limit of their own.
    underway: usize,
}

impl Passed {
    fn note(&mut self, file: &File) {
        self.underway += 1;
        self.known.retain(|_, sent| sent.strong_count() > 0);
        if let Some(key) = key(file.raw()) {
            self.known.insert(key, Arc::downgrade(&file.shared));
        }
    }

    /// The description of a descriptor that has arrived.
    fn of(&mut self, fd: &OwnedFd) -> Arc<Description> {
        self.underway = self.underway.saturating_sub(1);
        let known = key(fd.as_raw_fd()).and_then(|key| self.known.get(&key)?.upgrade());
        known.unwrap_or_else(|| Description::new(kind(fd), false))
    }
}

impl Making<'_> {
    /// Control data for the kernel: what the program calls by handles.
    pub(super) fn control_inward(&mut self, control: &[u8]) -> Result<Vec<u8>, Denied> {
        let mut control = control.to_vec();
        let mut sent = Vec::new();
        sys::map_rights(&mut control, |handle| match self.session.table().get(Fd(handle)) {
            Some(file) => {
                sent.push(file.clone());
                file.raw()
            }
            None => sys::NEVER_OPEN,
        });
        if !sent.is_empty() && self.session.options.policy.is_class() {
            return Err(Denied::new(Rule::Control, "no descriptors are passed in a class"));
        }
        let mut passed = self.session.passed.lock().unwrap_or_else(PoisonError::into_inner);
        let limit = self.session.options.limits.sockets;
        if passed.underway.saturating_add(sent.len()) > limit {
            let detail = format!("at most {limit} descriptors that are sent and not received");
            return Err(Denied::new(Rule::SocketsPerSession, detail));
        }
        sent.iter().for_each(|file| passed.note(file));
        Ok(control)
    }

    /// Control data for the program, and whether descriptors were lost for want of room.
    pub(super) fn control_outward(
        &mut self,
        mut control: Vec<u8>,
        rights: Vec<OwnedFd>,
        flags: i32,
    ) -> (Vec<u8>, bool) {
        if rights.is_empty() {
            return (control, false);
        }
        if self.session.check_room(rights.len()).is_err() {
            return (Vec::new(), true);
        }
        let mut handles = Vec::new();
        for fd in rights {
            let mut passed = self.session.passed.lock().unwrap_or_else(PoisonError::into_inner);
            let description = passed.of(&fd);
            drop(passed);
            let (handle, file) = Session::add(self.session, fd, description);
            file.cloexec.store(flags & consts::MSG_CMSG_CLOEXEC != 0, Ordering::Relaxed);
            handles.push(handle.0);
        }
        let mut handles = handles.into_iter();
        sys::map_rights(&mut control, |_| handles.next().unwrap_or(-1));
        (control, false)
    }
}

fn metadata(fd: RawFd) -> Option<std::fs::Metadata> {
    Opened::from(sys::dup(fd).ok()?).metadata().ok()
}

/// `None` for what has no inode of its own (epoll, eventfd).
fn key(fd: RawFd) -> Option<Key> {
    let data = metadata(fd)?;
    let has_inode = data.file_type().is_socket() || data.file_type().is_fifo();
    let access = sys::fcntl(fd, libc::F_GETFL, 0).ok()? & i64::from(libc::O_ACCMODE);
    has_inode.then(|| (data.dev(), data.ino(), access))
}

/// What a descriptor is that nobody here has open any more, or that came from another program.
fn kind(fd: &OwnedFd) -> Kind {
    let option = |name| {
        let value =
            sys::getsockopt(fd.as_raw_fd(), libc::SOL_SOCKET, name, &OutPtr::good(), &Ptr::to(4));
        Some(i32::from_ne_bytes(*value.ok()?.first_chunk()?))
    };
    match (option(libc::SO_DOMAIN), option(libc::SO_TYPE), option(libc::SO_PROTOCOL)) {
        (Some(domain), Some(ty), protocol) => {
            Kind::Socket { domain, ty, protocol: protocol.unwrap_or(0) }
        }
        _ if metadata(fd.as_raw_fd()).is_some_and(|data| data.file_type().is_fifo()) => Kind::Pipe,
        _ => Kind::Counter,
    }
}
