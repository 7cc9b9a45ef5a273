//! A call and its reply as `strace -f` prints them (strace 6, x86-64), and the lines between calls.
//!
//! One line for each completed call; the caller adds the process's name. The text is strace's to
//! the letter (`tests/strace.rs` compares with recorded lines) but for what a machine without an
//! address space of its own cannot know or a reader cannot use:
//!
//! * pointers that libc makes for itself (`clone`'s, `sa_restorer`) are the same in every run;
//! * library calls that the host answers ([`crate::Syscall`] says which) look as `ltrace` would
//!   show them.
//!
//! Missing: control messages and `TCP_INFO` are not decoded.

mod format;
mod interface;
mod ipc;
mod more;
mod options;
mod siginfo;

pub use format::{quoted, sockaddr};
pub use siginfo::signal;

use crate::consts::{self, table};
use crate::{Errno, Fd, Out, OutPtr, Reply, Syscall};
use format::*;
use options::option;

/// Where glibc keeps a process's number: no address of the machine's memory, but what
/// `clone(2)` is told.
const TID_AT: u64 = 0x7fff_f7d8_5a10;

/// strace's `-a` default: results are lined up there.
const COLUMN: usize = 40;

/// One completed call: `socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3`.
pub fn call(call: &Syscall, reply: &Reply) -> String {
    line(&format!("{}({})", name(call), arguments(call, reply)), &result(call, reply))
}

/// How a call ends that a signal interrupts, if the kernel leaves open whether it will be made
/// again: `? ERESTARTSYS (To be restarted if SA_RESTART is set)`. `None`: it answers `EINTR`.
pub fn restart(call: &Syscall) -> Option<&'static str> {
    const SYS: &str = "? ERESTARTSYS (To be restarted if SA_RESTART is set)";
    const NO_HANDLER: &str = "? ERESTARTNOHAND (To be restarted if no handler)";
    const BLOCK: &str = "? ERESTART_RESTARTBLOCK (Interrupted by signal)";
    Some(match call {
        Syscall::Pause | Syscall::Sigsuspend { .. } => NO_HANDLER,
        Syscall::Select { .. } | Syscall::Pselect { .. } | Syscall::Ppoll { .. } => NO_HANDLER,
        Syscall::Msgsnd { .. } | Syscall::Msgrcv { .. } => NO_HANDLER,
        Syscall::Poll { .. } | Syscall::ClockNanosleep { .. } => BLOCK,
        Syscall::FutexWait { timeout: Some(_), .. } => BLOCK,
        Syscall::EpollWait { .. } | Syscall::EpollPwait { .. } => return None,
        Syscall::Semop { .. } | Syscall::RtSigtimedwait { .. } => return None,
        _ => SYS,
    })
}

/// A call that a signal interrupts, before any handler runs; see [`restart`].
pub fn interrupted(call: &Syscall, reply: &Reply) -> String {
    let result = match restart(call) {
        Some(kind) => kind.to_owned(),
        None => result(call, &Reply::err(Errno::EINTR)),
    };
    line(&format!("{}({})", name(call), arguments(call, reply)), &result)
}

/// The same, of a call that is never made again, because it had a timeout of its own
/// (`SO_RCVTIMEO`): it answers `EINTR`.
pub fn interrupted_for_good(call: &Syscall, reply: &Reply) -> String {
    match restart(call) {
        Some(kind) if !kind.starts_with("? ERESTARTSYS") => interrupted(call, reply),
        _ => self::call(call, &Reply::err(Errno::EINTR)),
    }
}

/// The end of a call that went on after a signal without a handler, if the kernel made it go on
/// by `restart_syscall(2)`.
pub fn resumed(call: &Syscall, reply: &Reply) -> String {
    if restart(call).is_some_and(|kind| kind.contains("RESTARTBLOCK")) {
        let text = format!("restart_syscall(<... resuming interrupted {} ...>)", name(call));
        return line(&text, &result(call, reply));
    }
    self::call(call, reply)
}

/// A call of a thread whose process ends meanwhile.
pub fn abandoned(call: &Syscall) -> String {
    line(&format!("{})", unfinished(call)), "?")
}

/// The number of a call that can be restarted: what stands in the register that returns values
/// while its handler runs.
pub fn number(call: &Syscall) -> i64 {
    match call {
        Syscall::Write { .. } => 1,
        Syscall::Readv { .. } => 19,
        Syscall::Writev { .. } => 20,
        Syscall::Ioctl { .. } | Syscall::IoctlIf { .. } => 16,
        Syscall::Connect { .. } => 42,
        Syscall::Accept { .. } => 43,
        Syscall::Sendto { .. } => 44,
        Syscall::Recvfrom { .. } => 45,
        Syscall::Sendmsg { .. } => 46,
        Syscall::Recvmsg { .. } => 47,
        Syscall::Wait4 { .. } => 61,
        Syscall::Fcntl { .. } => 72,
        Syscall::FutexWait { .. } => 202,
        Syscall::MqSend { .. } => 242,
        Syscall::MqReceive { .. } => 243,
        Syscall::Openat { .. } => 257,
        Syscall::Accept4 { .. } => 288,
        _ => 0,
    }
}

/// A call that has not returned when the run ends: its arguments before the answer.
pub fn unfinished(call: &Syscall) -> String {
    // As for a failure: nothing came back through the pointers.
    let text = arguments(call, &Reply::err(Errno::EINTR));
    format!("{}({text} <unfinished ...>", name(call))
}

/// The arguments of a call as text, for an event of a trace.
pub fn arguments_of(call: &Syscall, reply: &Reply) -> String {
    arguments(call, reply)
}

/// The end of a process or thread: `+++ exited with 0 +++`, `+++ killed by SIGPIPE +++`; `status`
/// is `wait(2)`'s word.
pub fn ended(status: i32) -> String {
    match status & 0x7f {
        0 => format!("+++ exited with {} +++", status >> 8 & 0xff),
        killer => {
            let core = if status & 0x80 != 0 { " (core dumped)" } else { "" };
            format!("+++ killed by {}{core} +++", signal_name(killer))
        }
    }
}

fn line(call: &str, result: &str) -> String {
    format!("{call:<width$} = {result}", width = COLUMN - 1)
}

/// The call's name as strace has it: the kernel's, where libc makes another call of it.
pub fn name(call: &Syscall) -> &'static str {
    match call {
        Syscall::Read { .. } => "read",
        Syscall::Write { .. } => "write",
        Syscall::Readv { .. } => "readv",
        Syscall::Writev { .. } => "writev",
        Syscall::Close { .. } => "close",
        Syscall::Openat { .. } => "openat",
        Syscall::Unlink { .. } => "unlink",
        Syscall::Mkdir { .. } => "mkdir",
        Syscall::Mkfifo { .. } => "mknodat",
        Syscall::Chmod { .. } => "chmod",
        Syscall::Access { .. } => "access",
        Syscall::Stat { .. } | Syscall::Fstat { .. } | Syscall::Lstat { .. } => "newfstatat",
        Syscall::Lseek { .. } => "lseek",
        Syscall::Ftruncate { .. } => "ftruncate",
        Syscall::Dup { .. } => "dup",
        Syscall::Dup2 { .. } => "dup2",
        Syscall::Dup3 { .. } => "dup3",
        Syscall::Fcntl { .. } => "fcntl",
        Syscall::Ioctl { .. } | Syscall::IoctlIf { .. } => "ioctl",
        Syscall::Pipe2 { .. } => "pipe2",
        Syscall::Socket { .. } => "socket",
        Syscall::Socketpair { .. } => "socketpair",
        Syscall::Bind { .. } => "bind",
        Syscall::Listen { .. } => "listen",
        Syscall::Accept { .. } => "accept",
        Syscall::Accept4 { .. } => "accept4",
        Syscall::Connect { .. } => "connect",
        Syscall::Sendto { .. } => "sendto",
        Syscall::Recvfrom { .. } => "recvfrom",
        Syscall::Sendmsg { .. } => "sendmsg",
        Syscall::Recvmsg { .. } => "recvmsg",
        Syscall::Shutdown { .. } => "shutdown",
        Syscall::Getsockname { .. } => "getsockname",
        Syscall::Getpeername { .. } => "getpeername",
        Syscall::Setsockopt { .. } => "setsockopt",
        Syscall::Getsockopt { .. } => "getsockopt",
        Syscall::Poll { .. } => "poll",
        Syscall::Select { .. } => "pselect6",
        Syscall::EpollCreate { .. } => "epoll_create",
        Syscall::EpollCreate1 { .. } => "epoll_create1",
        Syscall::EpollCtl { .. } => "epoll_ctl",
        Syscall::EpollWait { .. } => "epoll_wait",
        Syscall::Fork => "clone",
        Syscall::Vfork => "vfork",
        Syscall::ThreadCreate { .. } => "clone3",
        Syscall::ThreadExit { .. } => "exit",
        Syscall::ThreadJoin { .. } => "pthread_join",
        Syscall::ThreadDetach { .. } => "pthread_detach",
        Syscall::Execve { .. } => "execve",
        Syscall::ExitGroup { .. } => "exit_group",
        Syscall::Wait4 { .. } => "wait4",
        Syscall::Getpid => "getpid",
        Syscall::Getppid => "getppid",
        Syscall::Gettid => "gettid",
        Syscall::Getuid => "getuid",
        Syscall::Geteuid => "geteuid",
        Syscall::Getgid => "getgid",
        Syscall::SchedYield => "sched_yield",
        Syscall::FutexWait { .. } | Syscall::FutexWake { .. } => "futex",
        Syscall::Getrlimit { .. } | Syscall::Setrlimit { .. } => "prlimit64",
        Syscall::Uname => "uname",
        Syscall::RtSigaction { .. } => "rt_sigaction",
        Syscall::RtSigprocmask { .. } => "rt_sigprocmask",
        Syscall::RtSigreturn => "rt_sigreturn",
        Syscall::Sigsuspend { .. } => "rt_sigsuspend",
        Syscall::Kill { .. } => "kill",
        Syscall::Tgkill { .. } => "tgkill",
        Syscall::Pause => "pause",
        Syscall::Alarm { .. } => "alarm",
        Syscall::Setitimer { .. } => "setitimer",
        Syscall::ClockGettime { .. } => "clock_gettime",
        Syscall::ClockNanosleep { .. } => "clock_nanosleep",
        Syscall::Mmap { .. } => "mmap",
        Syscall::Mprotect { .. } => "mprotect",
        Syscall::Munmap { .. } => "munmap",
        Syscall::Shmget { .. } => "shmget",
        Syscall::Shmat { .. } => "shmat",
        Syscall::Shmdt { .. } => "shmdt",
        Syscall::Shmctl { .. } => "shmctl",
        Syscall::Semget { .. } => "semget",
        Syscall::Semop { .. } => "semtimedop",
        Syscall::Semctl { .. } => "semctl",
        Syscall::MqOpen { .. } => "mq_open",
        Syscall::MqSend { .. } => "mq_timedsend",
        Syscall::MqReceive { .. } => "mq_timedreceive",
        Syscall::MqUnlink { .. } => "mq_unlink",
        Syscall::Truncate { .. } => "truncate",
        Syscall::Rename { .. } => "rename",
        Syscall::Link { .. } => "link",
        Syscall::Symlink { .. } => "symlink",
        Syscall::Readlink { .. } => "readlink",
        Syscall::Chown { .. } => "chown",
        Syscall::Lchown { .. } => "lchown",
        Syscall::Fchown { .. } => "fchown",
        Syscall::Fchmod { .. } => "fchmod",
        Syscall::Fchdir { .. } => "fchdir",
        Syscall::Utimensat { .. } => "utimensat",
        Syscall::Splice { .. } => "splice",
        Syscall::Tee { .. } => "tee",
        Syscall::Getrandom { .. } => "getrandom",
        Syscall::Setreuid { .. } => "setreuid",
        Syscall::Setregid { .. } => "setregid",
        Syscall::Setresgid { .. } => "setresgid",
        Syscall::Getresuid => "getresuid",
        Syscall::Getresgid => "getresgid",
        Syscall::Getpriority { .. } => "getpriority",
        Syscall::Setpriority { .. } => "setpriority",
        Syscall::Sethostname { .. } => "sethostname",
        Syscall::TimerCreate { .. } => "timer_create",
        Syscall::TimerSettime { .. } => "timer_settime",
        Syscall::TimerGettime { .. } => "timer_gettime",
        Syscall::TimerGetoverrun { .. } => "timer_getoverrun",
        Syscall::TimerDelete { .. } => "timer_delete",
        Syscall::Sigaltstack { .. } => "sigaltstack",
        Syscall::MqNotify { .. } => "mq_notify",
        Syscall::Rmdir { .. } => "rmdir",
        Syscall::Chdir { .. } => "chdir",
        Syscall::Getcwd { .. } => "getcwd",
        Syscall::Umask { .. } => "umask",
        Syscall::Fsync { .. } => "fsync",
        Syscall::Fdatasync { .. } => "fdatasync",
        Syscall::Pread64 { .. } => "pread64",
        Syscall::Pwrite64 { .. } => "pwrite64",
        Syscall::Getdents64 { .. } => "getdents64",
        Syscall::Flock { .. } => "flock",
        Syscall::FcntlLock { .. } => "fcntl",
        Syscall::Sendfile { .. } => "sendfile",
        Syscall::Sendmmsg { .. } => "sendmmsg",
        Syscall::Recvmmsg { .. } => "recvmmsg",
        Syscall::Ppoll { .. } => "ppoll",
        Syscall::Pselect { .. } => "pselect6",
        Syscall::EpollPwait { .. } => "epoll_pwait",
        Syscall::Eventfd2 { .. } => "eventfd2",
        Syscall::TimerfdCreate { .. } => "timerfd_create",
        Syscall::TimerfdSettime { .. } => "timerfd_settime",
        Syscall::TimerfdGettime { .. } => "timerfd_gettime",
        Syscall::Signalfd4 { .. } => "signalfd4",
        Syscall::Waitid { .. } => "waitid",
        Syscall::Getsid { .. } => "getsid",
        Syscall::Setpgid { .. } => "setpgid",
        Syscall::Getpgid { .. } => "getpgid",
        Syscall::Setuid { .. } => "setuid",
        Syscall::Setgid { .. } => "setgid",
        Syscall::Setresuid { .. } => "setresuid",
        Syscall::Prctl { .. } => "prctl",
        Syscall::Getrusage { .. } => "getrusage",
        Syscall::RtSigtimedwait { .. } => "rt_sigtimedwait",
        Syscall::RtSigqueueinfo { .. } => "rt_sigqueueinfo",
        Syscall::Getitimer { .. } => "getitimer",
        Syscall::SemctlSetall { .. } => "semctl",
        Syscall::Msgget { .. } => "msgget",
        Syscall::Msgsnd { .. } => "msgsnd",
        Syscall::Msgrcv { .. } => "msgrcv",
        Syscall::Msgctl { .. } => "msgctl",
        Syscall::MqGetsetattr { .. } => "mq_getsetattr",
        Syscall::Setsid => "setsid",
        Syscall::Getpgrp => "getpgrp",
        Syscall::Getegid => "getegid",
        Syscall::Times => "times",
        Syscall::RtSigpending => "rt_sigpending",
        Syscall::Getaddrinfo { .. } => "getaddrinfo",
        Syscall::Getnameinfo { .. } => "getnameinfo",
        Syscall::Getifaddrs => "getifaddrs",
        Syscall::WsaStartup { .. } => "WSAStartup",
        Syscall::WsaCleanup => "WSACleanup",
        Syscall::Closesocket { .. } => "closesocket",
    }
}

/// What stands after `=`.
fn result(call: &Syscall, reply: &Reply) -> String {
    let ret = match reply.ret {
        Err(errno) => return format!("-1 {} ({})", errno.name(), errno.message()),
        Ok(ret) => ret,
    };
    match call {
        Syscall::ExitGroup { .. } | Syscall::ThreadExit { .. } => "?".to_owned(),
        Syscall::Poll { fds, .. } => match (&reply.out, &fds.value) {
            _ if ret == 0 => "0 (Timeout)".to_owned(),
            (Out::Revents { revents }, Some(fds)) => {
                format!("{ret} ({})", poll_ready(fds, revents))
            }
            _ => ret.to_string(),
        },
        Syscall::Ppoll { fds, timeout, .. } => match (&reply.out, &fds.value) {
            _ if ret == 0 => "0 (Timeout)".to_owned(),
            (Out::Revents { revents }, Some(fds)) => {
                let left = if timeout.is_null() { "" } else { ", left {...}" };
                format!("{ret} ({}{left})", poll_ready(fds, revents))
            }
            _ => ret.to_string(),
        },
        Syscall::RtSigtimedwait { .. } => {
            format!("{ret} ({})", signal_name(i32::try_from(ret).unwrap_or(0)))
        }
        Syscall::Umask { .. } => octal(u32::try_from(ret).unwrap_or(0)),
        Syscall::Select { .. } | Syscall::Pselect { .. } if ret == 0 => "0 (Timeout)".to_owned(),
        Syscall::Select { .. } | Syscall::Pselect { .. } => match &reply.out {
            Out::Selected { read, write, except, left } => {
                let mut parts = Vec::new();
                for (word, fds) in [("in", read), ("out", write), ("except", except)] {
                    if !fds.is_empty() {
                        parts.push(format!("{word} {}", fd_set(Some(fds))));
                    }
                }
                parts.extend(left.iter().map(|left| format!("left {}", timespec(left))));
                format!("{ret} ({})", parts.join(", "))
            }
            _ => ret.to_string(),
        },
        Syscall::Fcntl { cmd: consts::F_GETFL, .. } => {
            format!("{} (flags {})", hex(ret), open_flags(ret as i32))
        }
        Syscall::Fcntl { cmd: consts::F_GETFD, .. } if ret != 0 => {
            format!("{} (flags {})", hex(ret), flags(table::FD, ret as i32, "FD_???"))
        }
        Syscall::Fcntl { cmd: consts::F_GETSIG, .. } if ret != 0 => {
            format!("{ret} ({})", signal_name(ret as i32))
        }
        Syscall::Fcntl { cmd: consts::F_GETOWN, .. } => "0".to_owned(),
        Syscall::Mmap { .. } | Syscall::Shmat { .. } => hex(ret),
        Syscall::Getaddrinfo { .. } | Syscall::Getnameinfo { .. } if ret != 0 => {
            let name = i32::try_from(ret).ok().and_then(|ret| consts::name(table::EAI, ret));
            name.map_or_else(|| ret.to_string(), |name| format!("{ret} {name}"))
        }
        _ => ret.to_string(),
    }
}

fn hex(ret: i64) -> String {
    if ret == 0 { "0".to_owned() } else { format!("{ret:#x}") }
}

fn pair(fds: u64, reply: &Reply) -> String {
    match (&reply.ret, &reply.out) {
        (Ok(_), Out::Fds { fds: [a, b] }) => format!("[{a}, {b}]"),
        _ => pointer(fds),
    }
}

fn arguments(call: &Syscall, reply: &Reply) -> String {
    match call {
        Syscall::Read { fd, buf } => format!("{fd}, {}, {}", out_buf(buf, reply), buf.len),
        Syscall::Write { fd, buf } => format!("{fd}, {}, {}", in_buf(buf), buf.len),
        Syscall::Readv { fd, iov, count } => {
            let got = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Bytes { bytes }) => Some(&bytes.0[..]),
                (Ok(0), _) => Some(&[][..]),
                _ => None,
            };
            format!("{fd}, {}, {count}", out_iov(iov, got))
        }
        Syscall::Writev { fd, iov, count } => format!("{fd}, {}, {count}", in_iov(iov)),
        Syscall::Close { fd } | Syscall::Dup { fd } | Syscall::Closesocket { fd } => fd.to_string(),
        Syscall::Openat { path: file, flags: how, mode } => {
            let mode = if how & consts::O_CREAT != 0 {
                format!(", {}", octal(*mode))
            } else {
                String::new()
            };
            format!("AT_FDCWD, {}, {}{mode}", path(file), open_flags(*how))
        }
        Syscall::Unlink { path: file } => path(file),
        Syscall::Mkdir { path: file, mode } | Syscall::Chmod { path: file, mode } => {
            format!("{}, {}", path(file), octal(*mode))
        }
        Syscall::Mkfifo { path: file, mode } => {
            format!("AT_FDCWD, {}, S_IFIFO|{}", path(file), octal(*mode))
        }
        Syscall::Access { path: file, mode } => {
            let names: consts::Group = &[("R_OK", 4), ("W_OK", 2), ("X_OK", 1)];
            let mode = match mode {
                0 => "F_OK".to_owned(),
                mode => flags(names, *mode, "?_OK"),
            };
            format!("{}, {mode}", path(file))
        }
        Syscall::Stat { path: file, out } => {
            format!("AT_FDCWD, {}, {}, 0", path(file), stat(out.at, reply))
        }
        Syscall::Lstat { path: file, out } => {
            let stat = stat(out.at, reply);
            format!("AT_FDCWD, {}, {stat}, AT_SYMLINK_NOFOLLOW", path(file))
        }
        Syscall::Fstat { fd, out } => format!("{fd}, \"\", {}, AT_EMPTY_PATH", stat(out.at, reply)),
        Syscall::Lseek { fd, offset, whence } => {
            format!("{fd}, {offset}, {}", value(table::SEEK, *whence, "SEEK_???"))
        }
        Syscall::Ftruncate { fd, length } => format!("{fd}, {length}"),
        Syscall::Dup2 { old, new } => format!("{old}, {new}"),
        Syscall::Dup3 { old, new, flags: how } => {
            format!("{old}, {new}, {}", flags(table::O, *how, "O_???"))
        }
        Syscall::Fcntl { fd, cmd, arg } => fcntl(*fd, *cmd, *arg, reply),
        Syscall::IoctlIf { fd, request, arg } => {
            let arg = interface::argument(*request, arg, reply);
            format!("{fd}, {}, {arg}", ioctl_request(*request))
        }
        Syscall::Ioctl { fd, request, arg } => {
            let arg = match (&reply.ret, &reply.out, arg.value) {
                (Ok(_), Out::Words { words }, _) if !words.is_empty() => {
                    format!("[{}]", words[0] as i32)
                }
                (Ok(_), Out::Bytes { bytes }, _) if bytes.0.len() == 8 => interface::winsize(bytes),
                (_, _, Some(int))
                    if [consts::FIONBIO, consts::FIOASYNC].contains(&(*request as i32)) =>
                {
                    format!("[{int}]")
                }
                _ => pointer(arg.at),
            };
            format!("{fd}, {}, {arg}", ioctl_request(*request))
        }
        Syscall::Pipe2 { fds, flags: how } => {
            format!("{}, {}", pair(fds.at, reply), flags(table::O, *how, "O_???"))
        }

        Syscall::Socket { domain, ty, protocol: number } => format!(
            "{}, {}, {}",
            value(table::AF, *domain, "AF_???"),
            socket_type(*ty),
            protocol(*domain, *number)
        ),
        Syscall::Socketpair { domain, ty, protocol: number, fds } => format!(
            "{}, {}, {}, {}",
            value(table::AF, *domain, "AF_???"),
            socket_type(*ty),
            // strace does not look at the family here.
            number,
            pair(fds.at, reply)
        ),
        Syscall::Bind { fd, addr } | Syscall::Connect { fd, addr } => {
            format!("{fd}, {}", addr_in(addr))
        }
        Syscall::Listen { fd, backlog } => format!("{fd}, {backlog}"),
        Syscall::Accept { fd, addr }
        | Syscall::Getsockname { fd, addr }
        | Syscall::Getpeername { fd, addr } => format!("{fd}, {}", addr_out(addr, reply)),
        Syscall::Accept4 { fd, addr, flags: how } => {
            let how = if *how == 0 { "0".to_owned() } else { socket_flags(*how) };
            format!("{fd}, {}, {how}", addr_out(addr, reply))
        }
        Syscall::Sendto { fd, buf, flags: how, addr } => format!(
            "{fd}, {}, {}, {}, {}",
            in_buf(buf),
            buf.len,
            flags(table::MSG, *how, "MSG_???"),
            addr_in(addr)
        ),
        Syscall::Recvfrom { fd, buf, flags: how, addr } => format!(
            "{fd}, {}, {}, {}, {}",
            out_buf(buf, reply),
            buf.len,
            flags(table::MSG, *how, "MSG_???"),
            addr_out(addr, reply)
        ),
        Syscall::Sendmsg { fd, msg, flags: how } => {
            let msg = msg.as_ref().map_or("NULL".to_owned(), msg_in);
            format!("{fd}, {msg}, {}", flags(table::MSG, *how, "MSG_???"))
        }
        Syscall::Recvmsg { fd, msg, flags: how } => {
            let msg = msg.as_ref().map_or("NULL".to_owned(), |msg| msg_out(msg, reply));
            format!("{fd}, {msg}, {}", flags(table::MSG, *how, "MSG_???"))
        }
        Syscall::Shutdown { fd, how } => {
            format!("{fd}, {}", value(table::SHUT, *how, "SHUT_???"))
        }
        Syscall::Setsockopt { fd, level, name, value, len } => {
            format!("{fd}, {}, {}", option(*level, *name), option_in(*level, *name, value, *len))
        }
        Syscall::Getsockopt { fd, level, name, value, len } => format!(
            "{fd}, {}, {}",
            option(*level, *name),
            option_out(*level, *name, *value, len, reply)
        ),

        Syscall::Poll { fds, nfds, timeout_ms } => {
            format!("{}, {nfds}, {timeout_ms}", poll_fds(fds))
        }
        Syscall::Select { nfds, sets, timeout } => {
            format!("{nfds}, {}, {}, NULL", fd_sets(sets), deref(timeout, timespec))
        }
        Syscall::EpollCreate { size } => size.to_string(),
        Syscall::EpollCreate1 { flags: how } => flags(table::EPOLL_FLAG, *how, "EPOLL_???"),
        // Nothing is read for a removal.
        Syscall::EpollCtl { epfd, op: consts::EPOLL_CTL_DEL, fd, event } => {
            format!("{epfd}, EPOLL_CTL_DEL, {fd}, {}", pointer(event.at))
        }
        Syscall::EpollCtl { epfd, op, fd, event } => format!(
            "{epfd}, {}, {fd}, {}",
            value(table::EPOLL_CTL, *op, "EPOLL_CTL_???"),
            deref(event, |(events, data)| epoll_event(*events, *data))
        ),
        Syscall::EpollWait { epfd, events, max_events, timeout_ms } => {
            let events = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Events { events }) => {
                    let all: Vec<String> =
                        events.iter().map(|event| epoll_event(event.events, event.data)).collect();
                    format!("[{}]", all.join(", "))
                }
                (Ok(0), _) => "[]".to_owned(),
                _ => pointer(events.at),
            };
            format!("{epfd}, {events}, {max_events}, {timeout_ms}")
        }

        Syscall::Fork => format!(
            "child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, \
             child_tidptr={TID_AT:#x}"
        ),
        Syscall::ThreadCreate { .. } => clone3(reply),
        // The kernel gets 0; the value stays in the thread's memory for pthread_join.
        Syscall::ThreadExit { .. } => "0".to_owned(),
        Syscall::ThreadJoin { tid } | Syscall::ThreadDetach { tid } => tid.to_string(),
        Syscall::Execve { path: file, argv, envp } => {
            let argv: Vec<String> = argv.iter().map(|arg| quoted(&arg.0, STRING_MAX)).collect();
            let vars = if envp.len() == 1 { "var" } else { "vars" };
            format!("{}, [{}], [/* {} {vars} */]", path(file), argv.join(", "), envp.len())
        }
        Syscall::ExitGroup { status } => status.to_string(),
        Syscall::Wait4 { pid, status, options } => {
            let status = match (&reply.ret, &reply.out) {
                (Ok(1..), Out::Status { status: word }) if status.at != 0 => wait_status(*word),
                _ => pointer(status.at),
            };
            // The names of waitid(2), which strace uses for both calls.
            let names: consts::Group =
                &[("WNOHANG", 1), ("WEXITED", 4), ("WSTOPPED", 2), ("WCONTINUED", 8)];
            format!("{pid}, {status}, {}, NULL", flags(names, *options, "W???"))
        }
        Syscall::Getpid
        | Syscall::Getppid
        | Syscall::Gettid
        | Syscall::Getuid
        | Syscall::Geteuid
        | Syscall::Getgid
        | Syscall::SchedYield
        | Syscall::Vfork
        | Syscall::Pause
        | Syscall::WsaCleanup => String::new(),
        Syscall::FutexWait { key, expected, timeout, .. } => {
            let (at, private) = futex(key);
            let timeout = timeout.as_ref().map_or("NULL".to_owned(), timespec);
            format!("{at}, FUTEX_WAIT{private}, {expected}, {timeout}")
        }
        Syscall::FutexWake { key, count } => {
            let (at, private) = futex(key);
            format!("{at}, FUTEX_WAKE{private}, {count}")
        }
        Syscall::Getrlimit { resource } => {
            let got = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Words { words }) if words.len() >= 2 => limits(words[0], words[1]),
                _ => "NULL".to_owned(),
            };
            format!("0, {}, NULL, {got}", value(table::RLIMIT, *resource, "RLIMIT_???"))
        }
        Syscall::Setrlimit { resource, soft, hard } => format!(
            "0, {}, {}, NULL",
            value(table::RLIMIT, *resource, "RLIMIT_???"),
            limits(*soft, *hard)
        ),
        Syscall::Uname => match &reply.out {
            Out::Uname { fields: [system, node, ..] } => format!(
                "{{sysname={}, nodename={}, ...}}",
                quoted(system.as_bytes(), usize::MAX),
                quoted(node.as_bytes(), usize::MAX)
            ),
            _ => "NULL".to_owned(),
        },

        Syscall::RtSigaction { signal, new, old } => {
            let old = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Action { action }) if old.at != 0 => sigaction(action),
                _ => pointer(old.at),
            };
            format!("{}, {}, {old}, 8", signal_name(*signal), deref(new, sigaction))
        }
        Syscall::RtSigprocmask { how, set, old } => {
            let old = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Words { words }) if !words.is_empty() && old.at != 0 => {
                    signal_set(words[0])
                }
                _ => pointer(old.at),
            };
            let how = value(table::SIG_HOW, *how, "SIG_???");
            format!("{how}, {}, {old}, 8", deref(set, |set| signal_set(*set)))
        }
        Syscall::RtSigreturn => {
            let mask = match &reply.out {
                Out::Words { words } => words.first().copied().unwrap_or(0),
                _ => 0,
            };
            format!("{{mask={}}}", signal_set(mask))
        }
        Syscall::Sigsuspend { mask } => format!("{}, 8", signal_set(*mask)),
        Syscall::Kill { pid, signal } => format!("{pid}, {}", signal_name(*signal)),
        Syscall::Tgkill { pid, tid, signal } => format!("{pid}, {tid}, {}", signal_name(*signal)),
        Syscall::Alarm { seconds } => seconds.to_string(),
        Syscall::Setitimer { which, value: first, interval } => format!(
            "{}, {{it_interval={}, it_value={}}}, NULL",
            value(table::ITIMER, *which, "ITIMER_???"),
            timeval(interval),
            timeval(first)
        ),
        Syscall::ClockGettime { clock } => {
            let time = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Time { time }) => timespec(time),
                _ => "NULL".to_owned(),
            };
            format!("{}, {time}", value(table::CLOCK, *clock, "CLOCK_???"))
        }
        Syscall::ClockNanosleep { clock, flags: how, request, rest } => {
            let left = match &reply.out {
                Out::Time { time } if reply.ret == Err(Errno::EINTR) && rest.at != 0 => {
                    timespec(time)
                }
                _ => pointer(rest.at),
            };
            format!(
                "{}, {}, {}, {left}",
                value(table::CLOCK, *clock, "CLOCK_???"),
                flags(table::CLOCK_FLAG, *how, "TIMER_???"),
                deref(request, timespec)
            )
        }

        Syscall::Mmap { len, prot, flags: how, fd, offset, .. } => {
            let offset = hex(*offset);
            let prot = protection(*prot);
            format!("NULL, {len}, {prot}, {}, {fd}, {offset}", flags(table::MAP, *how, "MAP_???"))
        }
        Syscall::Mprotect { at, len, prot, .. } => {
            format!("{}, {len}, {}", pointer(*at), protection(*prot))
        }
        Syscall::Munmap { at, len } => format!("{}, {len}", pointer(*at)),
        Syscall::Shmget { key, size, flags: how } => {
            format!("{}, {size}, {}", ipc_key(*key), ipc_flags(*how))
        }
        Syscall::Shmat { id, flags: how, .. } => {
            format!("{id}, NULL, {}", flags(table::SHM, *how, "SHM_???"))
        }
        Syscall::Shmdt { at } => pointer(*at),
        Syscall::Shmctl { id, cmd, buf } => format!("{id}, {}", ipc::shm(*cmd, buf, reply)),
        Syscall::Semget { key, count, flags: how } => {
            format!("{}, {count}, {}", ipc_key(*key), ipc_flags(*how))
        }
        Syscall::Semop { id, ops, timeout } => {
            const SEM_UNDO: i32 = 0x1000;
            let names: consts::Group =
                &[("SEM_UNDO", SEM_UNDO), ("IPC_NOWAIT", consts::IPC_NOWAIT)];
            let all: Vec<String> = ops
                .iter()
                .map(|op| {
                    let how = flags(names, i32::from(op.flags), "SEM_???");
                    format!("{{sem_num={}, sem_op={}, sem_flg={how}}}", op.num, op.op)
                })
                .collect();
            format!("{id}, [{}], {}, {}", all.join(", "), ops.len(), deref(timeout, timespec))
        }
        Syscall::Semctl { id, num, cmd, arg, buf } => {
            format!("{id}, {num}, {}", ipc::sem(*cmd, *arg, buf, reply))
        }
        Syscall::MqOpen { name, flags: how, mode, max_messages, message_size } => {
            let created = if how & consts::O_CREAT != 0 {
                let attributes = match max_messages {
                    0 => "NULL".to_owned(),
                    most => format!(
                        "{{mq_flags=0, mq_maxmsg={most}, mq_msgsize={message_size}, mq_curmsgs=0}}"
                    ),
                };
                format!(", {}, {attributes}", octal(*mode))
            } else {
                String::new()
            };
            format!("{}, {}{created}", queue_name(name), open_flags(*how))
        }
        Syscall::MqSend { fd, buf, priority, timeout } => {
            let until = deref(timeout, timespec);
            format!("{fd}, {}, {}, {priority}, {until}", in_buf(buf), buf.len)
        }
        Syscall::MqReceive { fd, buf, priority: wanted, timeout } => {
            let priority = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Message { priority, .. }) if wanted.at != 0 => {
                    format!("[{priority}]")
                }
                _ => pointer(wanted.at),
            };
            let until = deref(timeout, timespec);
            format!("{fd}, {}, {}, {priority}, {until}", out_buf(buf, reply), buf.len)
        }
        Syscall::MqUnlink { name } => queue_name(name),

        Syscall::Getaddrinfo { node, service, hints } => {
            let text = |bytes: &Option<crate::Bytes>| {
                bytes.as_ref().map_or("NULL".to_owned(), |bytes| quoted(&bytes.0, usize::MAX))
            };
            format!(
                "{}, {}, {{ai_flags={}, ai_family={}, ai_socktype={}, ai_protocol={}}}",
                text(node),
                text(service),
                flags(table::AI, hints.flags, "AI_???"),
                value(table::AF, hints.family, "AF_???"),
                socket_type(hints.socktype),
                value(table::IPPROTO, hints.protocol, "IPPROTO_???"),
            )
        }
        Syscall::Getnameinfo { addr, flags: how } => {
            let names = match (&reply.ret, &reply.out) {
                (Ok(0), Out::Names { host, service }) => format!(
                    "{}, {}, ",
                    quoted(host.as_bytes(), usize::MAX),
                    quoted(service.as_bytes(), usize::MAX)
                ),
                _ => String::new(),
            };
            let len = addr.bytes().len();
            format!("{}, {len}, {names}{}", sockaddr(addr), flags(table::NI, *how, "NI_???"))
        }
        Syscall::Getifaddrs => interface::list(&reply.out),
        Syscall::WsaStartup { version } => {
            format!("MAKEWORD({}, {})", version & 0xff, version >> 8)
        }
        call => more::arguments(call, reply),
    }
}

/// `pthread_create(3)`: glibc 2.36 gives a thread 8 MiB of stack and its number a place above it.
fn clone3(reply: &Reply) -> String {
    const STACK: u64 = 0x7fff_f6c0_0000;
    const STACK_SIZE: u64 = 0x7f_ff80;
    const THREAD: u64 = STACK + 0x80_06c0;
    let parent_tid = match reply.ret {
        Ok(tid) => format!(" => {{parent_tid=[{tid}]}}"),
        Err(_) => String::new(),
    };
    format!(
        "{{flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM|\
         CLONE_SETTLS|CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID, child_tid={tid:#x}, \
         parent_tid={tid:#x}, exit_signal=0, stack={STACK:#x}, stack_size={STACK_SIZE:#x}, \
         tls={THREAD:#x}}}{parent_tid}, 88",
        tid = THREAD + 0x2d0,
    )
}

fn socket_flags(how: i32) -> String {
    // SOCK_CLOEXEC before SOCK_NONBLOCK, and no socket type among them.
    const ORDER: consts::Group =
        &[("SOCK_CLOEXEC", consts::SOCK_CLOEXEC), ("SOCK_NONBLOCK", consts::SOCK_NONBLOCK)];
    flags(ORDER, how, "SOCK_???")
}

fn stat(at: u64, reply: &Reply) -> String {
    const KINDS: consts::Group = &[
        ("S_IFSOCK", 0o140_000),
        ("S_IFREG", 0o100_000),
        ("S_IFDIR", 0o040_000),
        ("S_IFCHR", 0o020_000),
        ("S_IFIFO", 0o010_000),
        ("S_IFLNK", 0o120_000),
    ];
    match (&reply.ret, &reply.out) {
        (Ok(_), Out::Stat { stat }) => {
            let kind = value(KINDS, (stat.mode & 0o170_000) as i32, "S_IF???");
            let sticky = if stat.mode & 0o1000 != 0 { "S_ISVTX|" } else { "" };
            let mode = octal(stat.mode & 0o777);
            // Of a device strace shows the number, not a size.
            let size = match stat.device {
                0 => format!("st_size={}", stat.size),
                device => {
                    format!("st_rdev=makedev({:#x}, {:#x})", device >> 8, device & 0xff)
                }
            };
            format!("{{st_mode={kind}|{sticky}{mode}, {size}, ...}}")
        }
        _ => pointer(at),
    }
}

fn fcntl(fd: Fd, cmd: i32, arg: i64, reply: &Reply) -> String {
    let Some(name) = consts::name(table::F, cmd) else {
        return format!("{fd}, {cmd:#x} /* F_??? */, {}", hex(arg));
    };
    let arg = match cmd {
        consts::F_GETFL | consts::F_GETFD | consts::F_GETSIG | consts::F_GETPIPE_SZ => {
            return format!("{fd}, {name}");
        }
        consts::F_SETFL => open_flags(arg as i32),
        consts::F_SETFD => flags(table::FD, arg as i32, "FD_???"),
        consts::F_SETSIG if arg != 0 => signal_name(arg as i32),
        // glibc asks so, because a group's number may look like an error.
        consts::F_GETOWN => {
            let owner = match reply.ret {
                Ok(owner @ 0..) => format!("{{type=F_OWNER_PID, pid={owner}}}"),
                Ok(owner) => format!("{{type=F_OWNER_PGRP, pid={}}}", -owner),
                Err(_) => pointer(OutPtr::good().at),
            };
            return format!("{fd}, F_GETOWN_EX, {owner}");
        }
        _ => arg.to_string(),
    };
    format!("{fd}, {name}, {arg}")
}

fn futex(key: &crate::syscall::FutexKey) -> (String, &'static str) {
    match key {
        crate::syscall::FutexKey::Private(at) => (pointer(*at), "_PRIVATE"),
        // A shared word has another address in each process.
        crate::syscall::FutexKey::Shared(segment, offset) => {
            (format!("shm{segment}+{offset:#x}"), "")
        }
    }
}

fn limits(soft: u64, hard: u64) -> String {
    format!("{{rlim_cur={}, rlim_max={}}}", limit(soft), limit(hard))
}

fn protection(prot: i32) -> String {
    match prot {
        0 => "PROT_NONE".to_owned(),
        prot => flags(table::PROT, prot, "PROT_???"),
    }
}

fn ipc_key(key: i32) -> String {
    if key == 0 { "IPC_PRIVATE".to_owned() } else { format!("{key:#x}") }
}

fn ipc_flags(how: i32) -> String {
    let mode = octal((how & 0o777) as u32);
    match how & !0o777 {
        0 => mode,
        rest => format!("{}|{mode}", flags(table::IPC, rest, "IPC_???")),
    }
}

/// The kernel gets the name without its slash.
fn queue_name(name: &crate::syscall::Ptr<crate::Bytes>) -> String {
    deref(name, |bytes| {
        let bytes = bytes.0.strip_prefix(b"/").unwrap_or(&bytes.0);
        quoted(bytes, usize::MAX)
    })
}
