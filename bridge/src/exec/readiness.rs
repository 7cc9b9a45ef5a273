//! `poll`, `select`, `epoll`: the kernel's own answer, asked without waiting, again whenever
//! something may have changed.
//!
//! They wait as long as their own time says, whether or not a descriptor has `O_NONBLOCK`.
//!
//! The wait is an epoll instance of all the descriptors, made for this one call: level-triggered,
//! so it sees the sockets as they are now (a registration made earlier would not, see `file`).

use super::file::{Description, File, Kind};
use super::wait::{Answer, Making, Stop};
use crate::policy::Denied;
use crate::sys;
use abi::message::Rule;
use abi::syscall::{FdSets, Timespec};
use abi::{Errno, Fd, Out, OutPtr, PollFd, Ptr, Reply};
use std::collections::BTreeMap;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::Interest;

/// fs/select.c: what makes a member of each set ready.
const SELECT_READ: i16 =
    libc::POLLRDNORM | libc::POLLRDBAND | libc::POLLIN | libc::POLLHUP | libc::POLLERR;
const SELECT_WRITE: i16 = libc::POLLWRBAND | libc::POLLWRNORM | libc::POLLOUT | libc::POLLERR;
const SELECT_EXCEPT: i16 = libc::POLLPRI;
/// Entries of one `poll`: they are kept while it waits.
const ENTRIES_MAX: u64 = 4096;

impl Making<'_> {
    /// `poll(2)`.
    pub(super) async fn poll(
        &mut self,
        fds: Ptr<Vec<PollFd>>,
        nfds: u64,
        timeout_ms: i32,
    ) -> Answer {
        if nfds > ENTRIES_MAX {
            let detail = format!("{nfds} entries; at most {ENTRIES_MAX} a call");
            return Err(Denied::new(Rule::MessageBytes, detail).into());
        }
        let entries = match fds.value {
            Some(entries) if entries.len() as u64 >= nfds => entries,
            _ if nfds == 0 => Vec::new(),
            _ => return Err(Errno::EFAULT.into()),
        };
        let mut files = Vec::new();
        let mut asked: Vec<libc::pollfd> = entries
            .iter()
            .take(nfds as usize)
            .map(|entry| {
                let file = self.file(entry.fd).filter(|_| entry.fd.0 >= 0);
                let fd = match &file {
                    Some(file) => file.raw(),
                    None if entry.fd.0 < 0 => -1,
                    None => sys::NEVER_OPEN,
                };
                files.extend(file.map(|file| (file, entry.events)));
                libc::pollfd { fd, events: entry.events, revents: 0 }
            })
            .collect();
        let deadline = u64::try_from(timeout_ms).ok().map(Duration::from_millis).map(later);
        let ready = self.poll_until("poll", &mut asked, &files, deadline).await?;
        let revents = asked.iter().map(|entry| entry.revents).collect();
        Ok(Reply::with(ready, Out::Revents { revents }))
    }

    /// `select(2)`.
    pub(super) async fn select(
        &mut self,
        nfds: i32,
        sets: FdSets,
        timeout: Ptr<Timespec>,
    ) -> Answer {
        let time = match timeout {
            Ptr { value: Some(time), .. } if time.sec < 0 || time.nsec < 0 => {
                return Err(Errno::EINVAL.into());
            }
            Ptr { value: Some(time), .. } => {
                Some(Duration::from_secs(time.sec as u64) + Duration::from_nanos(time.nsec as u64))
            }
            Ptr { at: 0, .. } => None,
            _ => return Err(Errno::EFAULT.into()),
        };
        if nfds < 0 {
            return Err(Errno::EINVAL.into());
        }
        let mut wanted: BTreeMap<Fd, i16> = BTreeMap::new();
        for (set, events) in
            [(&sets.read, SELECT_READ), (&sets.write, SELECT_WRITE), (&sets.except, SELECT_EXCEPT)]
        {
            for fd in set.iter().flatten() {
                *wanted.entry(*fd).or_default() |= events;
            }
        }
        let mut files = Vec::new();
        let mut asked = Vec::new();
        for (fd, events) in &wanted {
            let file = self.file(*fd).ok_or(Errno::EBADF)?;
            asked.push(libc::pollfd { fd: file.raw(), events: *events, revents: 0 });
            files.push((file, *events));
        }
        let deadline = time.map(later);
        self.poll_until("select", &mut asked, &files, deadline).await?;
        let members = |set: &Option<Vec<Fd>>, events: i16| -> Vec<Fd> {
            let is_ready = |fd: &&Fd| {
                let at = wanted.keys().position(|known| known == *fd);
                at.is_some_and(|at| asked[at].revents & events != 0)
            };
            set.iter().flatten().filter(is_ready).copied().collect()
        };
        let read = members(&sets.read, SELECT_READ);
        let write = members(&sets.write, SELECT_WRITE);
        let except = members(&sets.except, SELECT_EXCEPT);
        let left = deadline.map(|deadline| {
            let left = deadline.saturating_duration_since(Instant::now());
            Timespec { sec: left.as_secs() as i64, nsec: left.subsec_nanos().into() }
        });
        let ready = (read.len() + write.len() + except.len()) as i64;
        Ok(Reply::with(ready, Out::Selected { read, write, except, left }))
    }

    /// Asks until something is ready or the time is over (0).
    async fn poll_until(
        &mut self,
        name: &str,
        asked: &mut [libc::pollfd],
        files: &[(Arc<File>, i16)],
        deadline: Option<Instant>,
    ) -> Result<i64, Stop> {
        let ready = sys::poll_now(asked)?;
        let over = deadline.is_some_and(|deadline| deadline <= Instant::now());
        if ready > 0 || over {
            return Ok(ready);
        }
        self.step(format!("{name}(…, 0) = 0"));
        let all = sys::register(watching(files)?)?;
        loop {
            let mut guard = match self.ready(&all, Interest::READABLE, deadline).await {
                Ok(guard) => guard,
                Err(Stop::TimedOut) => return Ok(sys::poll_now(asked)?),
                Err(stop) => return Err(stop),
            };
            let ready = sys::poll_now(asked)?;
            if ready > 0 {
                return Ok(ready);
            }
            guard.clear_ready();
        }
    }

    /// `epoll_create(2)`, `epoll_create1(2)`.
    pub(super) fn epoll_create(&mut self, size: Option<i32>, flags: i32) -> Answer {
        self.session.check_room(1)?;
        let fd = sys::epoll_create(size, flags)?;
        let (handle, _) = self.session.add(fd, Description::new(Kind::Epoll, false));
        Ok(Reply::ok(handle.0.into()))
    }

    /// `epoll_ctl(2)`.
    pub(super) fn epoll_ctl(
        &mut self,
        epfd: Fd,
        op: i32,
        fd: Fd,
        event: Ptr<(u32, u64)>,
    ) -> Answer {
        let (epfd, fd) = (self.raw(epfd), self.raw(fd));
        Ok(Reply::ok(sys::epoll_ctl(epfd, op, fd, &event)?))
    }

    /// `epoll_wait(2)`.
    pub(super) async fn epoll_wait(
        &mut self,
        epfd: Fd,
        out: OutPtr,
        max_events: i32,
        timeout_ms: i32,
    ) -> Answer {
        let raw = self.raw(epfd);
        let attempt = || match sys::epoll_now(raw, &out, max_events) {
            Ok(events) if events.is_empty() => Err(Errno::EAGAIN),
            other => other,
        };
        let reply = |events: Vec<_>| Reply::with(events.len() as i64, Out::Events { events });
        let file = match attempt() {
            Err(Errno::EAGAIN) => self.file(epfd).filter(|_| timeout_ms != 0),
            other => return Ok(reply(other?)),
        };
        let Some(file) = file else { return Ok(reply(Vec::new())) };
        let deadline = u64::try_from(timeout_ms).ok().map(Duration::from_millis).map(later);
        self.step("epoll_wait(…, 0) = 0".to_owned());
        let all = sys::register(watching(&[(file, libc::POLLIN)])?)?;
        loop {
            let mut guard = match self.ready(&all, Interest::READABLE, deadline).await {
                Ok(guard) => guard,
                Err(Stop::TimedOut) => return Ok(reply(Vec::new())),
                Err(stop) => return Err(stop),
            };
            match attempt() {
                Err(Errno::EAGAIN) => guard.clear_ready(),
                other => return Ok(reply(other?)),
            }
        }
    }
}

/// An epoll instance that is readable when one of the files has one of its events.
fn watching(files: &[(Arc<File>, i16)]) -> Result<OwnedFd, Errno> {
    let mut events: BTreeMap<i32, u32> = BTreeMap::new();
    for (file, wanted) in files {
        *events.entry(file.raw()).or_default() |= u32::from(*wanted as u16);
    }
    let epoll = sys::epoll_create(None, 0)?;
    for (fd, wanted) in events {
        sys::epoll_ctl(epoll.as_raw_fd(), libc::EPOLL_CTL_ADD, fd, &Ptr::to((wanted, 0)))?;
    }
    Ok(epoll)
}

fn later(time: Duration) -> Instant {
    let now = Instant::now();
    // A time that the clock cannot hold is as good as for ever.
    now.checked_add(time).unwrap_or(now + Duration::from_secs(1 << 30))
}
