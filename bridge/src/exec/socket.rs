//! Sockets come and go: `socket`, `bind`, `listen`, `accept`, `connect`, `close`, names.

use super::file::{Description, Kind};
use super::offered;
use super::wait::{Answer, Making, Stop, until};
use crate::policy::{Denied, Protocol, Use};
use crate::sys::{self, Name, Room};
use abi::message::Rule;
use abi::{AddrIn, AddrOut, Bytes, Errno, Fd, Out, OutPtr, Ptr, Reply, consts};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::io::Interest;

/// `FIONREAD`: bytes that were received and not read.
const FIONREAD: u64 = 0x541b;
/// `TCP_FIN_WAIT1`, `TCP_LAST_ACK`, `TCP_CLOSING` (net/tcp_states.h): the FIN is not acknowledged.
const UNSENT: [u8; 3] = [4, 9, 11];

impl Making<'_> {
    /// `socket(2)`.
    pub(super) fn socket(&mut self, domain: i32, ty: i32, protocol: i32) -> Answer {
        offered::check_socket(domain, ty, protocol, self.session.options.raw)?;
        if protocol == consts::IPPROTO_MPTCP && self.session.options.policy.is_class() {
            let detail = "MPTCP: which further addresses it uses is the peer's to say";
            return Err(Denied::new(Rule::Protocol, detail).into());
        }
        self.session.check_room(1)?;
        let fd = sys::socket(domain, ty, protocol)?;
        let (handle, file) = self.session.add(fd, socket_description(domain, ty, protocol));
        file.cloexec.store(ty & consts::SOCK_CLOEXEC != 0, Ordering::Relaxed);
        self.subject = Some(file);
        Ok(Reply::ok(handle.0.into()))
    }

    /// `socketpair(2)`.
    pub(super) fn socketpair(
        &mut self,
        domain: i32,
        ty: i32,
        protocol: i32,
        out: OutPtr,
    ) -> Answer {
        if !out.ok && ty & !(0xf | consts::SOCK_NONBLOCK | consts::SOCK_CLOEXEC) == 0 {
            return Err(Errno::EFAULT.into());
        }
        offered::check_socket(domain, ty, protocol, self.session.options.raw)?;
        self.session.check_room(2)?;
        let fds = sys::socketpair(domain, ty, protocol)?.map(|fd| {
            let (handle, file) = self.session.add(fd, socket_description(domain, ty, protocol));
            file.cloexec.store(ty & consts::SOCK_CLOEXEC != 0, Ordering::Relaxed);
            handle
        });
        Ok(Reply::with(0, Out::Fds { fds }))
    }

    /// `pipe2(2)`.
    pub(super) fn pipe(&mut self, out: OutPtr, flags: i32) -> Answer {
        self.session.check_room(2)?;
        let nonblock = flags & libc::O_NONBLOCK != 0;
        let made = sys::pipe2(flags)?;
        if !out.ok {
            return Err(Errno::EFAULT.into());
        }
        let fds = made.map(|fd| {
            let (handle, file) = self.session.add(fd, Description::new(Kind::Pipe, nonblock));
            file.cloexec.store(flags & libc::O_CLOEXEC != 0, Ordering::Relaxed);
            handle
        });
        Ok(Reply::with(0, Out::Fds { fds }))
    }

    /// `open(2)` of a FIFO of the session: `fifo-` and a number, made when it is opened first. It
    /// never waits for the other side; who runs the programs does.
    pub(super) fn open_fifo(&mut self, path: &Ptr<Bytes>, flags: i32) -> Answer {
        let Some(path) = &path.value else { return Err(Errno::EFAULT.into()) };
        let name = path.0.split(|byte| *byte == 0).next().unwrap_or_default();
        self.session.check_room(1)?;
        let real = self.session.names().fifo(name)?;
        let fd = sys::open_fifo(&real, flags)?;
        let nonblock = flags & libc::O_NONBLOCK != 0;
        let (handle, file) = self.session.add(fd, Description::new(Kind::Pipe, nonblock));
        file.cloexec.store(flags & libc::O_CLOEXEC != 0, Ordering::Relaxed);
        Ok(Reply::ok(handle.0.into()))
    }

    /// The transport that rules speak of; what is not a stream counts as UDP.
    fn protocol(&mut self, fd: Fd) -> Protocol {
        match self.file(fd) {
            Some(file) if !file.shared.is_stream() => Protocol::Udp,
            _ => Protocol::Tcp,
        }
    }

    /// The address of a target as the kernel is given it, if the rules allow it.
    pub(super) fn target(&mut self, fd: Fd, addr: &AddrIn, use_: Use) -> Result<Name, Stop> {
        let protocol = self.protocol(fd);
        let addr = &sys::as_read(addr);
        if let Some(value) = &addr.addr.value {
            self.session.options.policy.check_target(value, protocol, use_)?;
            self.session.check_new_target(value)?;
        }
        Ok(Name::of(&self.session.names().inward(addr)?))
    }

    /// `bind(2)`.
    pub(super) fn bind(&mut self, fd: Fd, addr: &AddrIn) -> Answer {
        let protocol = self.protocol(fd);
        let addr = &sys::as_read(addr);
        if let Some(value) = &addr.addr.value {
            self.session.options.policy.check_bind(value, protocol)?;
        }
        let inward = self.session.names().inward(addr)?;
        self.session.names().check_new()?;
        let ret = sys::bind(self.raw(fd), &Name::of(&inward))?;
        self.session.names().bound(&inward, addr);
        // A stream that is only bound has no packets yet, and may still connect.
        if let Some(file) = self.file(fd).filter(|file| !file.shared.is_stream()) {
            self.capture_bound(fd, &file, None);
        }
        Ok(Reply::ok(ret))
    }

    /// `listen(2)`.
    pub(super) fn listen(&mut self, fd: Fd, backlog: i32) -> Answer {
        if let Some(file) = self.file(fd) {
            self.check_autobind(&file)?;
            file.forget_registration();
        }
        let ret = sys::listen(self.raw(fd), backlog)?;
        if let Some(file) = self.file(fd) {
            self.capture_bound(fd, &file, None);
        }
        Ok(Reply::ok(ret))
    }

    /// The kernel would bind what is not bound to every address of the machine.
    fn check_autobind(&mut self, file: &super::File) -> Result<(), Stop> {
        if !file.shared.is_internet() || !self.session.options.policy.is_class() {
            return Ok(());
        }
        let Ok(Some(addr)) = sys::name(file.raw(), Room::full(), false) else { return Ok(()) };
        match addr.port() {
            Some(0) => Ok(self.session.options.policy.check_bind(&addr, Protocol::Tcp)?),
            _ => Ok(()),
        }
    }

    /// `shutdown(2)`.
    pub(super) fn shutdown(&mut self, fd: Fd, how: i32) -> Answer {
        if let Some(file) = self.file(fd).filter(|_| how != consts::SHUT_RD) {
            self.capture_ending(&file);
        }
        Ok(Reply::ok(sys::shutdown(self.raw(fd), how)?))
    }

    /// `accept4(2)`.
    pub(super) async fn accept(&mut self, fd: Fd, addr: AddrOut, flags: i32) -> Answer {
        self.session.check_room(1)?;
        let Some(file) = self.file(fd) else {
            sys::accept4(self.raw(fd), Room::of(&addr), flags)?;
            return Err(Errno::EBADF.into());
        };
        let accept = || sys::accept4(file.raw(), Room::of(&addr), flags);
        let (new, peer) = if self.blocks(&file) {
            let _turn = self.turn(&file.shared.read_turn).await?;
            self.retry("accept4", &file, Interest::READABLE, accept).await?
        } else {
            accept()?
        };
        // Another call may have taken the last place while this one waited.
        self.session.check_room(1)?;
        let nonblock = flags & consts::SOCK_NONBLOCK != 0;
        let description = Description::accepted(new.as_raw_fd(), &file.shared, nonblock);
        let (handle, new) = self.session.add(new, description);
        new.cloexec.store(flags & consts::SOCK_CLOEXEC != 0, Ordering::Relaxed);
        let remote = sys::name(new.raw(), Room::full(), true).ok().flatten();
        self.capture_bound(handle, &new, remote.and_then(|addr| addr.to_std()));
        self.subject = Some(new);
        let out = peer.map_or(Out::None, |addr| self.out_addr(addr));
        Ok(Reply::with(handle.0.into(), out))
    }

    fn out_addr(&self, addr: abi::SockAddr) -> Out {
        Out::Addr { addr: self.session.names().outward(addr) }
    }

    /// `connect(2)`. A blocking one is made of a non-blocking one, a wait, and a second
    /// `connect`, which reports and clears the error exactly as a blocking one would. (Reading
    /// `SO_ERROR` would leave the socket in between: the next `connect` says `ECONNABORTED`.)
    pub(super) async fn connect(&mut self, fd: Fd, addr: &AddrIn) -> Answer {
        let name = self.target(fd, addr, Use::Connect)?;
        let Some(file) = self.file(fd) else {
            return Ok(Reply::ok(sys::connect(self.raw(fd), &name)?));
        };
        file.forget_registration();
        if let Some(remote) = addr.addr.value.as_ref().and_then(abi::SockAddr::to_std) {
            self.capture_from_here(fd, &file, Some(remote));
        }
        let first = sys::connect(file.raw(), &name);
        let started = Instant::now();
        let waits = match first {
            Err(Errno::EINPROGRESS | Errno::EALREADY) => self.blocks(&file),
            // A Unix listener's backlog is full: there is nothing to poll for.
            Err(Errno::EAGAIN) if file.shared.is_stream() && self.blocks(&file) => {
                self.step_result("connect", &first);
                return self.connect_when_room(&file, &name, started).await;
            }
            _ => false,
        };
        if !waits {
            return Ok(Reply::ok(first?));
        }
        self.step_result("connect", &first);
        let limit = Duration::from_millis(self.session.options.limits.connect_ms);
        let own_time = file.shared.time(false);
        // An unreachable deadline (no limit) is no deadline.
        let deadline = started.checked_add(own_time.unwrap_or(limit).min(limit));
        let registration = file.fresh_registration()?;
        let ready = self.ready(&registration, Interest::WRITABLE, deadline).await.map(drop);
        match ready {
            Ok(()) => {}
            Err(Stop::TimedOut) if own_time.is_some_and(|own| own <= limit) => {
                return Err(Errno::EINPROGRESS.into());
            }
            Err(Stop::TimedOut) => {
                let detail = format!("the bridge waits at most {} ms", limit.as_millis());
                return Err(Denied::new(Rule::ConnectTime, detail).into());
            }
            Err(stop) => return Err(stop),
        }
        self.step(format!("poll(…) → {}", poll_events(file.raw())));
        let second = sys::connect(file.raw(), &name);
        self.step_result("connect", &second);
        Ok(Reply::ok(second?))
    }

    async fn connect_when_room(
        &mut self,
        file: &super::File,
        name: &Name,
        started: Instant,
    ) -> Answer {
        let own_time = file.shared.time(false);
        let deadline = own_time.map(|time| started + time);
        loop {
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(Stop::Cancelled),
                () = until(deadline) => return Err(Stop::TimedOut),
                // Accepting is not an event that poll(2) reports to the connecting side.
                () = tokio::time::sleep(Duration::from_millis(2)) => {}
            }
            match sys::connect(file.raw(), name) {
                Err(Errno::EAGAIN) => {}
                other => {
                    self.step_result("connect", &other);
                    return Ok(Reply::ok(other?));
                }
            }
        }
    }

    /// `close(2)`. The descriptor itself goes when no other call uses it any more.
    pub(super) async fn close(&mut self, fd: Fd) -> Answer {
        let Some(file) = self.session.table().remove(fd) else {
            return Err(Errno::EBADF.into());
        };
        self.session.options.metrics.sockets(-1);
        if Arc::strong_count(&file.shared) == 1 {
            self.capture_ending(&file);
            self.capture_closed(&file);
        }
        let lingers = file.shared.lingers.load(Ordering::Relaxed);
        if lingers && Arc::strong_count(&file.shared) == 1 && Arc::strong_count(&file) == 1 {
            self.linger(&file).await?;
        }
        Ok(Reply::ok(0))
    }

    /// Waits for the peer's acknowledgement of everything, as the program asked with `SO_LINGER`
    /// (net/ipv4/tcp.c, tcp_close). A `close` that does so would keep a thread of ours for as long.
    async fn linger(&mut self, file: &super::File) -> Result<(), Stop> {
        let fd = file.raw();
        let value =
            sys::getsockopt(fd, libc::SOL_SOCKET, libc::SO_LINGER, &OutPtr::good(), &Ptr::to(8))?;
        let word = |at: usize| value.get(at..at + 4).and_then(|bytes| bytes.first_chunk());
        let seconds = word(4).map_or(0, |bytes| i32::from_ne_bytes(*bytes));
        let limit = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
        let began = Instant::now();
        // What was not read makes it a reset, at once.
        if sys::ioctl_int(fd, FIONREAD).unwrap_or(0) > 0
            || sys::shutdown(fd, libc::SHUT_WR).is_err()
        {
            return Ok(());
        }
        let unsent = || {
            let info = sys::tcp_info(fd);
            info.and_then(|info| info.first().copied()).is_some_and(|state| UNSENT.contains(&state))
        };
        while unsent() && began.elapsed() < limit {
            // An acknowledgement of a FIN is not an event that poll(2) reports.
            let pause = began.elapsed().clamp(Duration::from_millis(1), Duration::from_millis(50));
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(Stop::Cancelled),
                () = tokio::time::sleep(pause) => {}
            }
        }
        Ok(())
    }

    /// `dup(2)`.
    pub(super) fn dup(&mut self, fd: Fd) -> Answer {
        self.session.check_room(1)?;
        let new = sys::dup(self.raw(fd))?;
        let file = self.file(fd).ok_or(Errno::EBADF)?;
        Ok(Reply::ok(self.session.add(new, file.shared.clone()).0.0.into()))
    }

    /// `getsockname(2)`, `getpeername(2)`.
    pub(super) fn name(&mut self, fd: Fd, addr: &AddrOut, peer: bool) -> Answer {
        let addr = sys::name(self.raw(fd), Room::of(addr), peer)?;
        Ok(Reply::with(0, addr.map_or(Out::None, |addr| self.out_addr(addr))))
    }

    /// `unlink(2)` of a Unix socket's name.
    pub(super) fn unlink(&mut self, path: &Ptr<Bytes>) -> Answer {
        let Some(path) = &path.value else { return Err(Errno::EFAULT.into()) };
        let path = path.0.split(|byte| *byte == 0).next().unwrap_or_default();
        let real = match self.session.options.unix {
            super::UnixNames::Private => self.session.names().path(path)?,
            super::UnixNames::Real => std::ffi::OsStr::from_bytes(path).into(),
        };
        std::fs::remove_file(real).map_err(sys::io_errno)?;
        Ok(Reply::ok(0))
    }
}

fn socket_description(domain: i32, ty: i32, protocol: i32) -> Arc<Description> {
    let nonblock = ty & consts::SOCK_NONBLOCK != 0;
    let ty = ty & !(consts::SOCK_NONBLOCK | consts::SOCK_CLOEXEC);
    Description::new(Kind::Socket { domain, ty, protocol }, nonblock)
}

fn poll_events(fd: i32) -> String {
    let revents = sys::revents(fd, libc::POLLOUT);
    consts::flags(consts::table::POLL, revents.into())
}
