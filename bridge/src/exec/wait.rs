//! Waiting: a blocking call is a non-blocking one, tried again when the socket is ready.

use super::Session;
use super::file::File;
use crate::policy::Denied;
use crate::sys::{self, io_errno};
use abi::message::KernelStep;
use abi::{Errno, Fd, Reply};
use futures_util::FutureExt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::{Mutex as Turn, MutexGuard};
use tokio_util::sync::CancellationToken;

/// Between two attempts on a descriptor that is closed in the direction that is waited for.
const CLOSED_PAUSE: Duration = Duration::from_millis(5);

/// Why a call ends without success.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The kernel said so.
    Errno(Errno),
    /// The socket's own time (`SO_RCVTIMEO`, `SO_SNDTIMEO`) or the call's (`poll`) is over.
    TimedOut,
    /// The page said so: `EINTR`.
    Cancelled,
    /// The bridge said so.
    Denied(Denied),
}

impl From<Errno> for Stop {
    fn from(errno: Errno) -> Stop {
        Stop::Errno(errno)
    }
}

impl From<Denied> for Stop {
    fn from(denied: Denied) -> Stop {
        Stop::Denied(denied)
    }
}

/// The answer of one call on its way.
pub(crate) type Answer = Result<Reply, Stop>;

/// One call being made.
pub(crate) struct Making<'a> {
    pub(crate) session: &'a Session,
    /// The call's id.
    pub(crate) id: u64,
    pub(crate) cancel: CancellationToken,
    pub(crate) blocking: bool,
    pub(crate) payload: Option<bytes::Bytes>,
    pub(crate) steps: Vec<KernelStep>,
    /// The description and the socket that `TCP_INFO` is asked of.
    pub(crate) subject: Option<Arc<File>>,
    /// When the socket's own time is over; found out at the first wait.
    deadline: Option<Option<Instant>>,
}

impl<'a> Making<'a> {
    pub(crate) fn new(session: &'a Session, call: &mut super::Call) -> Making<'a> {
        Making {
            session,
            id: call.id,
            cancel: std::mem::take(&mut call.cancel),
            blocking: call.blocking,
            payload: call.payload.take(),
            steps: Vec::new(),
            subject: None,
            deadline: None,
        }
    }

    /// Notes what the kernel really did.
    pub(crate) fn step(&mut self, text: String) {
        let at_ns = self.session.now_ns();
        self.steps.push(KernelStep { text, at_ns });
    }

    pub(crate) fn step_result(&mut self, name: &str, result: &Result<i64, Errno>) {
        self.step(match result {
            Ok(ret) => format!("{name}(…) = {ret}"),
            Err(errno) => format!("{name}(…) = -1 {errno}"),
        });
    }

    /// The file behind a handle. A handle that is not this session's is the kernel's to refuse.
    pub(crate) fn file(&mut self, fd: Fd) -> Option<Arc<File>> {
        let file = self.session.table().get(fd);
        if self.subject.is_none() {
            self.subject = file.clone();
        }
        file
    }

    /// The real descriptor, or one that is never open.
    pub(crate) fn raw(&mut self, fd: Fd) -> i32 {
        match self.file(fd) {
            Some(file) => file.raw(),
            None if fd.0 < 0 => -1,
            None => sys::NEVER_OPEN,
        }
    }

    /// Whether a call on this file waits.
    pub(crate) fn blocks(&self, file: &File) -> bool {
        self.blocking && !file.shared.nonblock.load(Ordering::Relaxed)
    }

    /// Waits for one's turn among the blocking calls of one direction.
    pub(crate) async fn turn<'t>(&self, turn: &'t Turn<()>) -> Result<MutexGuard<'t, ()>, Stop> {
        if let Ok(mine) = turn.try_lock() {
            return Ok(mine);
        }
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Stop::Cancelled),
            mine = turn.lock() => Ok(mine),
        }
    }

    fn deadline(&mut self, file: &File, interest: Interest) -> Option<Instant> {
        *self.deadline.get_or_insert_with(|| {
            file.shared.time(interest.is_readable()).map(|time| Instant::now() + time)
        })
    }

    /// Tries `op` until it says something else than `EAGAIN`, in the socket's own time.
    pub(crate) async fn retry<T>(
        &mut self,
        name: &str,
        file: &File,
        interest: Interest,
        mut op: impl FnMut() -> Result<T, Errno>,
    ) -> Result<T, Stop> {
        // Readiness that was noticed before this attempt is used up by it; asking for it first
        // saves a second attempt below.
        let known = file.registered();
        let ready = known.as_ref().and_then(|known| known.ready(interest).now_or_never());
        match (op(), ready) {
            (Err(Errno::EAGAIN), Some(Ok(mut ready))) => ready.clear_ready(),
            (Err(Errno::EAGAIN), _) => {}
            (other, _) => return Ok(other?),
        }
        self.step_result(name, &Err(Errno::EAGAIN));
        let deadline = self.deadline(file, interest);
        let registration = file.registration()?;
        loop {
            let mut ready = self.ready(&registration, interest, deadline).await?;
            match op() {
                Err(Errno::EAGAIN) => {
                    let closed = ready.ready().is_read_closed() || ready.ready().is_write_closed();
                    ready.clear_ready();
                    if closed {
                        self.pause(deadline).await?;
                    }
                }
                other => {
                    let events = if interest.is_readable() { "POLLIN" } else { "POLLOUT" };
                    self.step(format!("poll(…) → {events}"));
                    return Ok(other?);
                }
            }
        }
    }

    /// A closed direction stays "ready" for Tokio: what still says `EAGAIN` there is asked again
    /// after a while.
    async fn pause(&self, deadline: Option<Instant>) -> Result<(), Stop> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Stop::Cancelled),
            () = tokio::time::sleep(CLOSED_PAUSE) => Ok(()),
            () = until(deadline) => Err(Stop::TimedOut),
        }
    }

    /// Waits until a registration is ready, the deadline, or the page's cancel.
    pub(crate) async fn ready<'r, T: std::os::fd::AsRawFd>(
        &self,
        registration: &'r AsyncFd<T>,
        interest: Interest,
        deadline: Option<Instant>,
    ) -> Result<tokio::io::unix::AsyncFdReadyGuard<'r, T>, Stop> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Stop::Cancelled),
            ready = registration.ready(interest) => Ok(ready.map_err(io_errno)?),
            () = until(deadline) => Err(Stop::TimedOut),
        }
    }
}

/// Sleeps until a deadline; without one for ever.
pub(crate) async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}
