//! Who answers which call: this crate, in a chapter for each kind, or the session.

mod descriptors;
mod family;
mod identity;
mod signals;
mod time;

use crate::process::{On, Target, map_rights};
use crate::{Caller, Note, Run};
use abi::syscall::Timespec;
use abi::{Bytes, Errno, Fd, Out, Pid, Reply, Syscall, consts};

/// What `wait4(2)` takes: `WNOHANG`, `WUNTRACED`, `WCONTINUED`, `__WNOTHREAD`, `__WALL`, `__WCLONE`.
const WAIT_OPTIONS: i32 = 0xe000_000b_u32 as i32;

/// Processes of a run, and threads of a process (`RLIMIT_NPROC`): a fork bomb ends here and not
/// with the memory of the page.
const PROCESSES_MAX: usize = 1000;

/// `st_mode` of what has neither name nor kind (fs/anon_inodes.c).
const NAMELESS: u32 = 0o600;

/// What a call came to at once.
pub(crate) enum Now {
    Reply(Reply),
    /// It waits, perhaps until a time of the monotonic clock.
    Waits(On, Option<u64>),
    /// The caller is no more.
    Over,
}

impl From<Result<Reply, Errno>> for Now {
    fn from(reply: Result<Reply, Errno>) -> Now {
        Now::Reply(reply.unwrap_or_else(Reply::err))
    }
}

impl From<Result<i64, Errno>> for Now {
    fn from(ret: Result<i64, Errno>) -> Now {
        Now::Reply(ret.map_or_else(Reply::err, Reply::ok))
    }
}

fn ok(ret: i64) -> Now {
    Now::Reply(Reply::ok(ret))
}

fn error(errno: Errno) -> Now {
    Now::Reply(Reply::err(errno))
}

impl Run {
    /// Makes a call: the chapters are asked in turn, and the session last.
    pub(crate) fn make(&mut self, caller: Caller, call: &Syscall) -> Now {
        if !self.processes.contains_key(&caller.pid) {
            return Now::Over;
        }
        let here = self
            .on_family(caller, call)
            .or_else(|| self.on_identity(caller, call))
            .or_else(|| self.on_time(caller, call))
            .or_else(|| self.on_signals(caller, call))
            .or_else(|| self.on_memory(caller, call))
            .or_else(|| self.on_ipc(caller, call))
            .or_else(|| self.on_path(caller, call));
        match (here, call) {
            (Some(now), _) => now,
            (None, Syscall::Poll { .. } | Syscall::Select { .. }) => self.ready(caller, call),
            (
                None,
                Syscall::Setitimer { .. }
                | Syscall::Getitimer { .. }
                | Syscall::WsaStartup { .. }
                | Syscall::WsaCleanup,
            ) => self.missing(caller.pid, call),
            (None, _) => self.on_descriptor(caller, call),
        }
    }

    /// Memory that processes share.
    fn on_memory(&mut self, caller: Caller, call: &Syscall) -> Option<Now> {
        let pid = caller.pid;
        Some(match call {
            Syscall::Mmap { at, len, prot, flags, fd, offset } => {
                self.mmap(pid, *at, *len, *prot, *flags, *fd, *offset).into()
            }
            Syscall::Mprotect { at, prot, mapped, .. } => {
                sim::kernel::Host::mprotect(*at, *prot, *mapped).into()
            }
            Syscall::Munmap { at, len } => self.munmap(pid, *at, *len).into(),
            Syscall::Shmget { key, size, flags } => {
                self.ipc.shmget(*key, *size, *flags, self.maker(pid), &mut self.memory).into()
            }
            Syscall::Shmat { id, at, flags } => self.shmat(pid, *id, *at, *flags).into(),
            Syscall::Shmdt { at } => self.shmdt(pid, *at).into(),
            Syscall::Shmctl { id, cmd, buf } => {
                self.ipc.shmctl(*id, *cmd, buf, self.maker(pid), &mut self.memory).into()
            }
            _ => return None,
        })
    }

    fn missing(&mut self, pid: Pid, call: &Syscall) -> Now {
        self.notes.push(Note::Missing { pid, name: abi::strace::name(call) });
        error(Errno::ENOSYS)
    }

    pub(crate) fn on_session(&mut self, caller: Caller, call: &Syscall) -> Now {
        let Some(process) = self.processes.get(&caller.pid) else { return Now::Over };
        let made = process.to_handles(call);
        let ticket = self.order(Some(caller), made);
        Now::Waits(On::Ticket(ticket), None)
    }

    /// The session's answer as the program sees it: descriptors for handles.
    pub(crate) fn as_seen(&mut self, pid: Pid, call: &Syscall, mut reply: Reply) -> Reply {
        if matches!(call, Syscall::Poll { .. } | Syscall::Select { .. }) {
            return self.completed(pid, call, reply);
        }
        self.rights_seen(pid, call, &mut reply);
        let handles = crate::process::opened(call, &reply);
        if handles.is_empty() {
            return reply;
        }
        let cloexec = opens_cloexec(call);
        let mode = mode_of_new(call);
        let mut numbers = Vec::new();
        for handle in &handles {
            self.modes.extend(mode.map(|mode| (*handle, mode)));
            let Some(process) = self.processes.get_mut(&pid) else { break };
            match process.open(Target::Handle(*handle), cloexec, 0) {
                Ok(number) => {
                    numbers.push(number);
                    self.hold(Target::Handle(*handle));
                }
                Err(errno) => {
                    reply.ret = Err(errno);
                    self.order(None, Syscall::Close { fd: *handle });
                }
            }
        }
        match (&mut reply.out, numbers.as_slice()) {
            (Out::Fds { fds }, [a, b]) => *fds = [Fd(*a), Fd(*b)],
            (_, [number]) if handles.len() == 1 => reply.ret = Ok(i64::from(*number)),
            _ => {}
        }
        reply
    }

    /// A descriptor of a process for a handle of the session.
    pub(crate) fn number_for(&mut self, pid: Pid, handle: Fd, cloexec: bool) -> Reply {
        let Some(process) = self.processes.get_mut(&pid) else { return Reply::err(Errno::ESRCH) };
        match process.open(Target::Handle(handle), cloexec, 0) {
            Ok(number) => {
                self.hold(Target::Handle(handle));
                Reply::ok(number.into())
            }
            Err(errno) => {
                self.order(None, Syscall::Close { fd: handle });
                Reply::err(errno)
            }
        }
    }

    /// The descriptors that came in messages, as the program numbers them.
    fn rights_seen(&mut self, pid: Pid, call: &Syscall, reply: &mut Reply) {
        let cloexec = |flags: i32| flags & consts::MSG_CMSG_CLOEXEC != 0;
        match (call, &mut reply.out) {
            (Syscall::Recvmsg { flags: asked, .. }, Out::Msg { control, flags, .. }) => {
                self.rights_opened(pid, &mut control.0, flags, cloexec(*asked));
            }
            (Syscall::Recvmmsg { flags: asked, .. }, Out::Msgs { msgs }) => {
                for msg in msgs {
                    self.rights_opened(pid, &mut msg.control.0, &mut msg.flags, cloexec(*asked));
                }
            }
            _ => {}
        }
    }

    fn rights_opened(&mut self, pid: Pid, control: &mut Vec<u8>, flags: &mut i32, cloexec: bool) {
        let mut seen = Vec::new();
        let mut handles = Vec::new();
        map_rights(control, |handle| {
            handles.push(Fd(handle));
            Some(handle)
        });
        for handle in handles {
            let Some(process) = self.processes.get_mut(&pid) else { return };
            match process.open(Target::Handle(handle), cloexec, 0) {
                Ok(number) => {
                    seen.push(number);
                    self.hold(Target::Handle(handle));
                }
                Err(_) => {
                    self.order(None, Syscall::Close { fd: handle });
                }
            }
        }
        let mut seen = seen.into_iter();
        if map_rights(control, |_| seen.next()) {
            *flags |= consts::MSG_CTRUNC;
        }
    }

    /// What a call says whose time is over.
    pub(crate) fn timed_out(&mut self, pid: Pid, call: &Syscall) -> Reply {
        match call {
            Syscall::FutexWait { .. } => Reply::err(Errno::ETIMEDOUT),
            Syscall::RtSigtimedwait { .. } => Reply::err(Errno::EAGAIN),
            Syscall::Poll { .. } | Syscall::Select { .. } => {
                self.as_seen(pid, call, crate::ready::nothing(call))
            }
            _ => Reply::ok(0),
        }
    }
}

/// Nanoseconds; what is negative is none.
pub(crate) fn duration_ns(time: &Timespec) -> u64 {
    let seconds = u64::try_from(time.sec).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(u64::try_from(time.nsec).unwrap_or(0))
}

pub(crate) fn timespec(ns: u64) -> Timespec {
    Timespec { sec: (ns / 1_000_000_000) as i64, nsec: (ns % 1_000_000_000) as i64 }
}

/// A path without its terminating zero.
pub(crate) fn name(path: &Bytes) -> &[u8] {
    path.0.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// `st_mode` of what the call opens, if that is no socket.
fn mode_of_new(call: &Syscall) -> Option<u32> {
    match call {
        Syscall::Pipe2 { .. } => Some(0o010_600),
        Syscall::EpollCreate { .. }
        | Syscall::EpollCreate1 { .. }
        | Syscall::Eventfd2 { .. }
        | Syscall::TimerfdCreate { .. }
        | Syscall::Signalfd4 { .. } => Some(NAMELESS),
        _ => None,
    }
}

/// Whether the call's new descriptors are closed on `execve`.
fn opens_cloexec(call: &Syscall) -> bool {
    match call {
        Syscall::Socket { ty, .. } | Syscall::Socketpair { ty, .. } => {
            ty & consts::SOCK_CLOEXEC != 0
        }
        Syscall::Accept4 { flags, .. } => flags & consts::SOCK_CLOEXEC != 0,
        Syscall::Openat { flags, .. } => flags & consts::O_CLOEXEC != 0,
        Syscall::Pipe2 { flags, .. } => flags & consts::O_CLOEXEC != 0,
        Syscall::EpollCreate1 { flags } => flags & consts::EPOLL_CLOEXEC != 0,
        Syscall::Eventfd2 { flags, .. }
        | Syscall::TimerfdCreate { flags, .. }
        | Syscall::Signalfd4 { flags, .. } => flags & consts::O_CLOEXEC != 0,
        _ => false,
    }
}

/// The descriptor that a call on a socket is about.
pub fn descriptor(call: &Syscall) -> Option<Fd> {
    match call {
        Syscall::Read { fd, .. }
        | Syscall::Write { fd, .. }
        | Syscall::Readv { fd, .. }
        | Syscall::Writev { fd, .. }
        | Syscall::Fcntl { fd, .. }
        | Syscall::Ioctl { fd, .. }
        | Syscall::Close { fd }
        | Syscall::Closesocket { fd } => Some(*fd),
        _ => call_fd(call),
    }
}

/// The descriptor that a call names which only sockets have.
fn call_fd(call: &Syscall) -> Option<Fd> {
    match call {
        Syscall::Bind { fd, .. }
        | Syscall::Listen { fd, .. }
        | Syscall::Accept { fd, .. }
        | Syscall::Accept4 { fd, .. }
        | Syscall::Connect { fd, .. }
        | Syscall::Sendto { fd, .. }
        | Syscall::Recvfrom { fd, .. }
        | Syscall::Sendmsg { fd, .. }
        | Syscall::Recvmsg { fd, .. }
        | Syscall::Sendmmsg { fd, .. }
        | Syscall::Recvmmsg { fd, .. }
        | Syscall::Shutdown { fd, .. }
        | Syscall::Getsockname { fd, .. }
        | Syscall::Getpeername { fd, .. }
        | Syscall::Setsockopt { fd, .. }
        | Syscall::Getsockopt { fd, .. } => Some(*fd),
        _ => None,
    }
}

/// Whether the session makes this call.
fn is_of_session(call: &Syscall) -> bool {
    call_fd(call).is_some()
        || matches!(
            call,
            Syscall::Socket { .. }
                | Syscall::Socketpair { .. }
                | Syscall::Pipe2 { .. }
                | Syscall::Readv { .. }
                | Syscall::EpollCreate { .. }
                | Syscall::EpollCreate1 { .. }
                | Syscall::EpollCtl { .. }
                | Syscall::EpollWait { .. }
                | Syscall::Eventfd2 { .. }
                | Syscall::TimerfdCreate { .. }
                | Syscall::TimerfdSettime { .. }
                | Syscall::TimerfdGettime { .. }
                | Syscall::Getaddrinfo { .. }
                | Syscall::Getnameinfo { .. }
        )
}

/// Whether `EPIPE` from this call raises `SIGPIPE`.
pub(crate) fn sends(call: &Syscall) -> bool {
    match call {
        Syscall::Write { .. } | Syscall::Writev { .. } => true,
        Syscall::Sendto { flags, .. } | Syscall::Sendmsg { flags, .. } => {
            flags & consts::MSG_NOSIGNAL == 0
        }
        _ => false,
    }
}
