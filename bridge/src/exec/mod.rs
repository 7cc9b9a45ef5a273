//! The executor: one call of a program at a time on this computer's kernel.
//!
//! A [`Session`] is a set of opaque handles and knows nothing of how a call reached it: the
//! WebSocket layer and `soquete run --on real` use it alike. [`Session::call`] answers with what
//! a blocking program sees, and in [`Done::steps`] with what the kernel really did where that
//! was more than one call. Read `man 2` of each call; BRIDGE rules are in `offered`, `unix` and
//! `policy`.
//!
//! Missing: processes, signals, files, shared memory. Whoever runs the programs answers those;
//! in particular `SIGPIPE` (every `send` here has `MSG_NOSIGNAL`) and the table of descriptors
//! of each process, whose numbers it maps to handles.

mod file;
mod io;
mod lookup;
mod offered;
mod options;
mod packets;
mod readiness;
mod rights;
mod socket;
mod timers;
mod unix;
mod wait;

pub use unix::UnixNames;

use crate::capture::{Packet, SessionTap, Tap};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::policy::{Denied, Policy};
use crate::{sys, tcp_info};
use abi::message::{KernelStep, Rule, TcpInfo};
use abi::{Errno, Fd, Reply, SockAddr, Syscall};
use file::{Description, File, Table};
use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use wait::{Answer, Making, Stop};

/// What a session is made with.
#[derive(Clone)]
pub struct Options {
    /// Whom it may reach.
    pub policy: Arc<Policy>,
    /// What it may use.
    pub limits: Limits,
    /// How names of Unix sockets are treated.
    pub unix: UnixNames,
    /// Whether raw sockets are made, where this process may: `CAP_NET_RAW`.
    pub raw: bool,
    /// Threads for `getaddrinfo`, shared by all sessions.
    pub lookups: Arc<Semaphore>,
    /// Where calls are counted.
    pub metrics: Arc<Metrics>,
    /// Where packets come from, if they can be captured.
    pub capture: Option<Arc<Tap>>,
}

impl Options {
    /// For programs that the user runs in a terminal: no limits, real Unix names.
    pub fn terminal() -> Options {
        Options {
            policy: Arc::new(Policy::local()),
            limits: Limits::none(),
            unix: UnixNames::Real,
            raw: true,
            lookups: Arc::new(Semaphore::new(64)),
            metrics: Arc::default(),
            capture: None,
        }
    }
}

/// A call to be made.
#[derive(Debug)]
pub struct Call {
    /// The caller's number for it, for captured packets to name.
    pub id: u64,
    /// The call; descriptors are handles.
    pub call: Syscall,
    /// The first buffer's bytes, where they travelled beside the call.
    pub payload: Option<bytes::Bytes>,
    /// Whether the program expects to block (its descriptor may still have `O_NONBLOCK`).
    pub blocking: bool,
    /// Whether `TCP_INFO` is wanted with the answer.
    pub info: bool,
    /// Ends the call: it is answered with `EINTR`, or with what it had done so far.
    pub cancel: CancellationToken,
}

impl Call {
    /// A blocking call.
    pub fn new(call: Syscall) -> Call {
        Call {
            id: 0,
            call,
            payload: None,
            blocking: true,
            info: false,
            cancel: CancellationToken::new(),
        }
    }
}

/// What became of a call.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// The kernel answered.
    Done(Done),
    /// The bridge refused; the kernel never saw it.
    Denied(Denied),
}

/// A kernel's answer.
#[derive(Clone, PartialEq, Debug)]
pub struct Done {
    /// As a blocking program sees it.
    pub reply: Reply,
    /// Since the session began, nanoseconds, monotonic clock.
    pub start_ns: u64,
    /// Nanoseconds.
    pub duration_ns: u64,
    /// What the kernel really did, where that was more than one call.
    pub steps: Vec<KernelStep>,
    /// `TCP_INFO` after the call, where it was wanted and there is one.
    pub tcp: Option<Box<TcpInfo>>,
}

/// A set of handles. Dropping it closes everything.
pub struct Session {
    options: Options,
    began: Instant,
    table: Mutex<Table>,
    names: Mutex<unix::Names>,
    targets: Mutex<VecDeque<(Instant, SockAddr)>>,
    passed: Mutex<rights::Passed>,
    lookups: Arc<Semaphore>,
    tap: Option<SessionTap>,
    packets: Option<mpsc::Receiver<Packet>>,
}

impl Session {
    /// A session without any handle.
    pub fn new(options: Options) -> Session {
        let names = unix::Names::new(options.unix, crate::secret::hex(8));
        let lookups = Arc::new(Semaphore::new(options.limits.lookups));
        let (tap, packets) = options.capture.clone().map(SessionTap::new).unzip();
        Session {
            options,
            began: Instant::now(),
            table: Mutex::new(Table::new()),
            names: Mutex::new(names),
            targets: Mutex::default(),
            passed: Mutex::default(),
            lookups,
            tap,
            packets,
        }
    }

    /// Starts or stops capturing the packets of sockets that connect, bind or accept from now on.
    pub fn capture(&self, on: bool) {
        if let Some(tap) = &self.tap {
            tap.set(on);
        }
    }

    /// The captured packets, for one reader; `None` if there is no capture, or the second time.
    pub fn packets(&mut self) -> Option<mpsc::Receiver<Packet>> {
        self.packets.take()
    }

    /// Captured packets that nobody read in time.
    pub fn packets_lost(&self) -> u64 {
        self.tap.as_ref().map_or(0, |tap| tap.lost.load(Ordering::Relaxed))
    }

    /// Nanoseconds since the session began, monotonic clock.
    pub fn now_ns(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// `TCP_INFO` of a handle now; `None` if it is not an open TCP socket of this session.
    pub fn tcp_info(&self, fd: Fd) -> Option<TcpInfo> {
        let file = self.table().get(fd)?;
        if !file.shared.is_tcp() {
            return None;
        }
        tcp_info::decode(&sys::tcp_info(file.raw())?)
    }

    /// Makes a call. Must be polled within a Tokio runtime. If the future is dropped the call
    /// ends where it was, unanswered.
    pub async fn call(&self, mut call: Call) -> Outcome {
        let start_ns = self.now_ns();
        let name = abi::strace::name(&call.call);
        let info = call.info;
        let mut making = Making::new(self, &mut call);
        let answer = make(&mut making, call.call).await;
        let reply = match answer {
            Ok(reply) => reply,
            Err(Stop::Errno(errno)) => Reply::err(errno),
            Err(Stop::Cancelled) => Reply::err(Errno::EINTR),
            Err(Stop::TimedOut) => Reply::err(Errno::EAGAIN),
            Err(Stop::Denied(denied)) => {
                self.options.metrics.denied(denied.rule);
                return Outcome::Denied(denied);
            }
        };
        self.options.metrics.call(name, reply.ret.err());
        let duration_ns = self.now_ns() - start_ns;
        let file = making.subject.filter(|file| info && file.shared.is_tcp());
        let tcp = file.and_then(|file| tcp_info::decode(&sys::tcp_info(file.raw())?)).map(Box::new);
        Outcome::Done(Done { reply, start_ns, duration_ns, steps: making.steps, tcp })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn names(&self) -> MutexGuard<'_, unix::Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses when `more` handles would be too many.
    fn check_room(&self, more: usize) -> Result<(), Denied> {
        let limit = self.options.limits.sockets;
        match self.table().len() + more > limit {
            true => Err(Denied::new(Rule::SocketsPerSession, format!("at most {limit}"))),
            false => Ok(()),
        }
    }

    fn check_bytes(&self, len: u64) -> Result<(), Denied> {
        let limit = self.options.limits.message_bytes;
        match len > limit as u64 {
            true => {
                Err(Denied::new(Rule::MessageBytes, format!("{len} bytes; at most {limit} a call")))
            }
            false => Ok(()),
        }
    }

    /// Counts a target; too many different ones within a minute are a scan.
    fn check_new_target(&self, addr: &SockAddr) -> Result<(), Denied> {
        let limit = self.options.limits.targets_per_minute;
        if addr.to_std().is_none() || limit == usize::MAX {
            return Ok(());
        }
        let mut targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        while targets.front().is_some_and(|(at, _)| at.elapsed() > Duration::from_secs(60)) {
            targets.pop_front();
        }
        if targets.iter().any(|(_, known)| known == addr) {
            return Ok(());
        }
        if targets.len() >= limit {
            let detail = format!("at most {limit} different targets a minute");
            return Err(Denied::new(Rule::TargetsPerMinute, detail));
        }
        targets.push_back((Instant::now(), addr.clone()));
        Ok(())
    }

    fn add(&self, fd: OwnedFd, description: Arc<Description>) -> (Fd, Arc<File>) {
        let file = Arc::new(File::new(fd, description));
        self.options.metrics.sockets(1);
        (self.table().insert(file.clone()), file)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let open = self.table().len();
        self.options.metrics.sockets(-(open as i64));
    }
}

async fn make(making: &mut Making<'_>, call: Syscall) -> Answer {
    match call {
        Syscall::Socket { domain, ty, protocol } => making.socket(domain, ty, protocol),
        Syscall::Socketpair { domain, ty, protocol, fds } => {
            making.socketpair(domain, ty, protocol, fds)
        }
        Syscall::Pipe2 { fds, flags } => making.pipe(fds, flags),
        Syscall::Bind { fd, addr } => making.bind(fd, &addr),
        Syscall::Listen { fd, backlog } => making.listen(fd, backlog),
        Syscall::Accept { fd, addr } => making.accept(fd, addr, 0).await,
        Syscall::Accept4 { fd, addr, flags } => making.accept(fd, addr, flags).await,
        Syscall::Connect { fd, addr } => making.connect(fd, &addr).await,
        Syscall::Shutdown { fd, how } => making.shutdown(fd, how),
        Syscall::Close { fd } => making.close(fd).await,
        Syscall::Dup { fd } => making.dup(fd),
        Syscall::Getsockname { fd, addr } => making.name(fd, &addr, false),
        Syscall::Getpeername { fd, addr } => making.name(fd, &addr, true),
        Syscall::Read { fd, buf } => making.read(fd, buf).await,
        Syscall::Write { fd, buf } => making.write(fd, buf).await,
        Syscall::Readv { fd, iov, count } => making.readv(fd, iov, count).await,
        Syscall::Writev { fd, iov, count } => making.writev(fd, iov, count).await,
        Syscall::Sendto { fd, buf, flags, addr } => making.sendto(fd, buf, flags, &addr).await,
        Syscall::Recvfrom { fd, buf, flags, addr } => making.recvfrom(fd, buf, flags, addr).await,
        Syscall::Sendmsg { fd, msg, flags } => making.sendmsg(fd, msg, flags).await,
        Syscall::Recvmsg { fd, msg, flags } => making.recvmsg(fd, msg, flags).await,
        Syscall::Setsockopt { fd, level, name, value, len } => {
            making.setsockopt(fd, level, name, &value, len)
        }
        Syscall::Getsockopt { fd, level, name, value, len } => {
            making.getsockopt(fd, level, name, value, len)
        }
        Syscall::Fcntl { fd, cmd, arg } => making.fcntl(fd, cmd, arg),
        Syscall::Ioctl { fd, request, arg } => making.ioctl(fd, request, arg),
        Syscall::Unlink { path } => making.unlink(&path),
        Syscall::Openat { path, flags, .. } => making.open_fifo(&path, flags),
        Syscall::Poll { fds, nfds, timeout_ms } => making.poll(fds, nfds, timeout_ms).await,
        Syscall::Select { nfds, sets, timeout } => making.select(nfds, sets, timeout).await,
        Syscall::Sendmmsg { fd, msgs, count, flags } => {
            making.sendmmsg(fd, msgs, count, flags).await
        }
        Syscall::Recvmmsg { fd, msgs, count, flags, timeout } => {
            making.recvmmsg(fd, msgs, count, flags, timeout).await
        }
        Syscall::Eventfd2 { count, flags } => making.eventfd(count, flags),
        Syscall::TimerfdCreate { clock, flags } => making.timerfd_create(clock, flags),
        Syscall::TimerfdSettime { fd, flags, timer, .. } => {
            making.timerfd_settime(fd, flags, &timer)
        }
        Syscall::TimerfdGettime { fd } => making.timerfd_gettime(fd),
        Syscall::EpollCreate { size } => making.epoll_create(Some(size), 0),
        Syscall::EpollCreate1 { flags } => making.epoll_create(None, flags),
        Syscall::EpollCtl { epfd, op, fd, event } => making.epoll_ctl(epfd, op, fd, event),
        Syscall::EpollWait { epfd, events, max_events, timeout_ms } => {
            making.epoll_wait(epfd, events, max_events, timeout_ms).await
        }
        Syscall::Getaddrinfo { node, service, hints } => {
            making.getaddrinfo(node, service, hints).await
        }
        Syscall::Getnameinfo { addr, flags } => making.getnameinfo(addr, flags).await,
        other => {
            let name = abi::strace::name(&other);
            Err(Denied::new(Rule::NotOffered, format!("{name} is not a call on sockets")).into())
        }
    }
}
