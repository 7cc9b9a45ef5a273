//! System calls of `cc/libc/linux.c`: those that only programs for Linux make.

use super::calls::{
    call, fd, fd_sets, finish_read, finish_select, finish_stat, msg_in, msg_out, plain, poll_fds,
    scatter, timespec, write_ipc, write_timespec, write_words,
};
use super::ipc;
use crate::intrinsics::{Env, Intrinsic, Trap, ret};
use abi::syscall::{FileLock, SigEvent, SigInfo, Timer, Timespec};
use abi::{Out, Pid, Ptr, Reply, Syscall, consts};

/// A signal set: its first word.
fn sigset(env: &Env<'_>, at: u64) -> Result<Ptr<u64>, Trap> {
    let value = match at != 0 && env.out_ptr(at).ok {
        true => Some(env.u64(at)?),
        false => None,
    };
    Ok(Ptr { at, value })
}

/// An offset in a file, `off_t *`.
fn offset(env: &Env<'_>, at: u64) -> Result<Ptr<i64>, Trap> {
    let value = match at != 0 && env.out_ptr(at).ok {
        true => Some(env.u64(at)? as i64),
        false => None,
    };
    Ok(Ptr { at, value })
}

/// `struct sigevent`. Of its value, a union, the program may have set only a part.
fn sigevent(env: &Env<'_>, at: u64) -> Result<Ptr<SigEvent>, Trap> {
    if at == 0 || !env.out_ptr(at).ok {
        return Ok(Ptr { at, value: None });
    }
    let bytes = env.kernel_read(at, 8)?.unwrap_or_default();
    let value = bytes.first_chunk::<8>().map_or(0, |bytes| i64::from_le_bytes(*bytes));
    let notify = env.u32(at + 12)? as i32;
    let signal = if notify == consts::SIGEV_NONE { 0 } else { env.u32(at + 8)? as i32 };
    Ok(Ptr { at, value: Some(SigEvent { notify, signal, value }) })
}

/// `struct itimerspec`.
fn itimerspec(env: &Env<'_>, at: u64) -> Result<Ptr<Timer>, Trap> {
    if at == 0 || !env.out_ptr(at).ok {
        return Ok(Ptr { at, value: None });
    }
    let time = |at: u64| -> Result<Timespec, Trap> {
        Ok(Timespec { sec: env.u64(at)? as i64, nsec: env.long(at + 8)? })
    };
    Ok(Ptr { at, value: Some(Timer { interval: time(at)?, value: time(at + 16)? }) })
}

fn finish_timer(env: &mut Env<'_>, at: u64, reply: &Reply) -> Result<u64, Trap> {
    if let (Out::Timer { timer }, true) = (&reply.out, at != 0) {
        write_timespec(env, at, timer.interval)?;
        write_timespec(env, at + 16, timer.value)?;
    }
    Ok(ret(env, reply))
}

/// `siginfo_t`.
fn write_siginfo(env: &mut Env<'_>, at: u64, info: &SigInfo) -> Result<(), Trap> {
    if at == 0 {
        return Ok(());
    }
    let mut bytes = [0; 128];
    bytes[..4].copy_from_slice(&info.signal.to_le_bytes());
    bytes[8..12].copy_from_slice(&info.code.to_le_bytes());
    bytes[16..20].copy_from_slice(&info.pid.to_le_bytes());
    bytes[20..24].copy_from_slice(&info.uid.to_le_bytes());
    bytes[24..32].copy_from_slice(&info.value.to_le_bytes());
    env.kernel_write(at, &bytes)
}

/// `struct flock`: kind, whence, start, length, process.
fn file_lock(env: &Env<'_>, at: u64) -> Result<Ptr<FileLock>, Trap> {
    if at == 0 || !env.out_ptr(at).ok {
        return Ok(Ptr { at, value: None });
    }
    let kinds = env.u32(at)?;
    let value = Some(FileLock {
        kind: kinds as u16 as i16,
        whence: (kinds >> 16) as u16 as i16,
        start: env.u64(at + 8)? as i64,
        len: env.u64(at + 16)? as i64,
        pid: 0,
    });
    Ok(Ptr { at, value })
}

/// `sizeof(struct mmsghdr)`.
const MMSGHDR: u64 = 64;

fn finish_revents(env: &mut Env<'_>, a: &[u64], reply: &Reply) -> Result<u64, Trap> {
    if let Out::Revents { revents } = &reply.out {
        for (number, revents) in revents.iter().enumerate() {
            env.kernel_write(a[0] + 8 * number as u64 + 6, &revents.to_le_bytes())?;
        }
    }
    Ok(ret(env, reply))
}

pub(crate) static TABLE: &[Intrinsic] = &[
    plain("int __syscall_eventfd2(unsigned int count, int flags)", |_, a| {
        Ok(Syscall::Eventfd2 { count: a[0] as u32, flags: a[1] as i32 })
    }),
    plain("int __syscall_timerfd_create(int clock, int flags)", |_, a| {
        Ok(Syscall::TimerfdCreate { clock: a[0] as i32, flags: a[1] as i32 })
    }),
    call(
        "int __syscall_timerfd_settime(int fd, int flags, const void *timer, void *old)",
        |env, a| {
            let timer = itimerspec(env, a[2])?;
            let old = env.out_ptr(a[3]);
            Ok(Syscall::TimerfdSettime { fd: fd(a[0]), flags: a[1] as i32, timer, old })
        },
        |env, a, reply| finish_timer(env, a[3], reply),
    ),
    call(
        "int __syscall_timerfd_gettime(int fd, void *timer)",
        |_, a| Ok(Syscall::TimerfdGettime { fd: fd(a[0]) }),
        |env, a, reply| finish_timer(env, a[1], reply),
    ),
    plain("int __syscall_signalfd4(int fd, const void *mask, int flags)", |env, a| {
        Ok(Syscall::Signalfd4 { fd: fd(a[0]), mask: sigset(env, a[1])?, flags: a[2] as i32 })
    }),
    call(
        "int __syscall_ppoll(void *fds, unsigned long long nfds, const void *timeout, \
         const void *mask)",
        |env, a| {
            let (timeout, mask) = (timespec(env, a[2])?, sigset(env, a[3])?);
            Ok(Syscall::Ppoll { fds: poll_fds(env, a[0], a[1])?, nfds: a[1], timeout, mask })
        },
        finish_revents,
    ),
    call(
        "int __syscall_pselect6(int nfds, void *readfds, void *writefds, void *exceptfds, \
         void *timeout, const void *mask)",
        |env, a| {
            let nfds = a[0] as i32;
            let sets = fd_sets(env, a)?;
            let timeout = timespec(env, a[4])?;
            Ok(match a[5] {
                0 => Syscall::Select { nfds, sets, timeout },
                at => Syscall::Pselect { nfds, sets, timeout, mask: sigset(env, at)? },
            })
        },
        finish_select,
    ),
    call(
        "int __syscall_epoll_pwait(int epfd, void *events, int maxevents, int timeout_ms, \
         const void *mask)",
        |env, a| {
            Ok(Syscall::EpollPwait {
                epfd: fd(a[0]),
                events: env.out_ptr(a[1]),
                max_events: a[2] as i32,
                timeout_ms: a[3] as i32,
                mask: sigset(env, a[4])?,
            })
        },
        |env, a, reply| {
            if let Out::Events { events } = &reply.out {
                for (number, event) in events.iter().enumerate() {
                    let at = a[1] + 12 * number as u64;
                    env.kernel_write(at, &event.events.to_le_bytes())?;
                    env.kernel_write(at + 4, &event.data.to_le_bytes())?;
                }
            }
            Ok(ret(env, reply))
        },
    ),
    call(
        "int __syscall_sendmmsg(int fd, void *msgs, unsigned int count, int flags)",
        |env, a| {
            let count = a[2] as u32;
            let mut msgs = Vec::new();
            for number in 0..u64::from(count.min(1024)) {
                match msg_in(env, a[1] + number * MMSGHDR)? {
                    Some(msg) => msgs.push(msg),
                    None => break,
                }
            }
            Ok(Syscall::Sendmmsg { fd: fd(a[0]), msgs, count, flags: a[3] as i32 })
        },
        |env, a, reply| {
            if let Out::Words { words } = &reply.out {
                for (number, len) in words.iter().enumerate() {
                    let at = a[1] + number as u64 * MMSGHDR + 56;
                    env.kernel_write(at, &(*len as u32).to_le_bytes())?;
                }
            }
            Ok(ret(env, reply))
        },
    ),
    call(
        "int __syscall_recvmmsg(int fd, void *msgs, unsigned int count, int flags, void *timeout)",
        |env, a| {
            let count = a[2] as u32;
            let mut msgs = Vec::new();
            for number in 0..u64::from(count.min(1024)) {
                match msg_out(env, a[1] + number * MMSGHDR)? {
                    Some(msg) => msgs.push(msg),
                    None => break,
                }
            }
            let (flags, timeout) = (a[3] as i32, timespec(env, a[4])?);
            Ok(Syscall::Recvmmsg { fd: fd(a[0]), msgs, count, flags, timeout })
        },
        |env, a, reply| {
            if let Out::Msgs { msgs } = &reply.out {
                for (number, msg) in msgs.iter().enumerate() {
                    let at = a[1] + number as u64 * MMSGHDR;
                    let (iov, count) = (env.u64(at + 16)?, env.u64(at + 24)?);
                    scatter(env, iov, count, &msg.bytes.0)?;
                    super::calls::write_msghdr(env, at, &msg.addr, msg.flags, &msg.control.0)?;
                    env.kernel_write(at + 56, &msg.len.to_le_bytes())?;
                }
            }
            Ok(ret(env, reply))
        },
    ),
    plain("int __syscall_flock(int fd, int operation)", |_, a| {
        Ok(Syscall::Flock { fd: fd(a[0]), operation: a[1] as i32 })
    }),
    call(
        "int __syscall_fcntl_lock(int fd, int cmd, void *lock)",
        |env, a| {
            let lock = file_lock(env, a[2])?;
            Ok(Syscall::FcntlLock { fd: fd(a[0]), cmd: a[1] as i32, lock })
        },
        |env, a, reply| {
            if let Out::Lock { lock } = &reply.out {
                let mut bytes = [0; 32];
                bytes[..2].copy_from_slice(&lock.kind.to_le_bytes());
                bytes[2..4].copy_from_slice(&lock.whence.to_le_bytes());
                bytes[8..16].copy_from_slice(&lock.start.to_le_bytes());
                bytes[16..24].copy_from_slice(&lock.len.to_le_bytes());
                bytes[24..28].copy_from_slice(&lock.pid.to_le_bytes());
                env.kernel_write(a[2], &bytes)?;
            }
            Ok(ret(env, reply))
        },
    ),
    call(
        "long long __syscall_pread64(int fd, void *buf, unsigned long long len, long long offset)",
        |env, a| {
            let buf = env.out_buf(a[1], a[2]);
            Ok(Syscall::Pread64 { fd: fd(a[0]), buf, offset: a[3] as i64 })
        },
        finish_read,
    ),
    plain(
        "long long __syscall_pwrite64(int fd, const void *buf, unsigned long long len, \
         long long offset)",
        |env, a| {
            let buf = env.in_buf(a[1], a[2])?;
            Ok(Syscall::Pwrite64 { fd: fd(a[0]), buf, offset: a[3] as i64 })
        },
    ),
    call(
        "long long __syscall_sendfile(int out, int in, void *offset, unsigned long long count)",
        |env, a| {
            let offset = offset(env, a[2])?;
            Ok(Syscall::Sendfile { out: fd(a[0]), input: fd(a[1]), offset, count: a[3] })
        },
        |env, a, reply| write_words(env, a[2], reply),
    ),
    plain("int __syscall_truncate(const char *path, long long length)", |env, a| {
        Ok(Syscall::Truncate { path: env.path(a[0])?, length: a[1] as i64 })
    }),
    plain("int __syscall_rename(const char *old, const char *new_path)", |env, a| {
        Ok(Syscall::Rename { old: env.path(a[0])?, new: env.path(a[1])? })
    }),
    call(
        "int __syscall_lstat(const char *path, void *out)",
        |env, a| Ok(Syscall::Lstat { path: env.path(a[0])?, out: env.out_ptr(a[1]) }),
        finish_stat,
    ),
    plain("int __syscall_link(const char *old, const char *new_path)", |env, a| {
        Ok(Syscall::Link { old: env.path(a[0])?, new: env.path(a[1])? })
    }),
    plain("int __syscall_symlink(const char *target, const char *path)", |env, a| {
        Ok(Syscall::Symlink { target: env.path(a[0])?, path: env.path(a[1])? })
    }),
    call(
        "long long __syscall_readlink(const char *path, char *buf, unsigned long long size)",
        |env, a| Ok(Syscall::Readlink { path: env.path(a[0])?, buf: env.out_buf(a[1], a[2]) }),
        finish_read,
    ),
    plain("int __syscall_chown(const char *path, unsigned int uid, unsigned int gid)", |env, a| {
        Ok(Syscall::Chown { path: env.path(a[0])?, uid: a[1] as i32, gid: a[2] as i32 })
    }),
    plain(
        "int __syscall_lchown(const char *path, unsigned int uid, unsigned int gid)",
        |env, a| Ok(Syscall::Lchown { path: env.path(a[0])?, uid: a[1] as i32, gid: a[2] as i32 }),
    ),
    plain("int __syscall_fchown(int fd, unsigned int uid, unsigned int gid)", |_, a| {
        Ok(Syscall::Fchown { fd: fd(a[0]), uid: a[1] as i32, gid: a[2] as i32 })
    }),
    plain("int __syscall_fchmod(int fd, unsigned int mode)", |_, a| {
        Ok(Syscall::Fchmod { fd: fd(a[0]), mode: a[1] as u32 })
    }),
    plain("int __syscall_fchdir(int fd)", |_, a| Ok(Syscall::Fchdir { fd: fd(a[0]) })),
    plain(
        "int __syscall_utimensat(int fd, const char *path, const void *times, int flags)",
        |env, a| {
            let path = if a[1] == 0 { Ptr::null() } else { env.path(a[1])? };
            let second = if a[2] == 0 { Ptr::null() } else { timespec(env, a[2] + 16)? };
            let times = timespec(env, a[2])?.value.zip(second.value);
            let times = Ptr { at: a[2], value: times.map(|(access, change)| [access, change]) };
            Ok(Syscall::Utimensat { fd: fd(a[0]), path, times, flags: a[3] as i32 })
        },
    ),
    plain(
        "long long __syscall_splice(int in, void *in_offset, int out, void *out_offset, \
         unsigned long long count, unsigned int flags)",
        |env, a| {
            Ok(Syscall::Splice {
                input: fd(a[0]),
                input_offset: offset(env, a[1])?,
                output: fd(a[2]),
                output_offset: offset(env, a[3])?,
                count: a[4],
                flags: a[5] as u32,
            })
        },
    ),
    plain(
        "long long __syscall_tee(int in, int out, unsigned long long count, unsigned int flags)",
        |_, a| {
            let (input, output) = (fd(a[0]), fd(a[1]));
            Ok(Syscall::Tee { input, output, count: a[2], flags: a[3] as u32 })
        },
    ),
    call(
        "long long __syscall_getrandom(void *buf, unsigned long long len, unsigned int flags)",
        |env, a| Ok(Syscall::Getrandom { buf: env.out_buf(a[0], a[1]), flags: a[2] as u32 }),
        |env, a, reply| {
            if let Out::Bytes { bytes } = &reply.out {
                env.kernel_write(a[0], &bytes.0)?;
            }
            Ok(ret(env, reply))
        },
    ),
    call(
        "int __syscall_timer_create(int clock, const void *event, int *id)",
        |env, a| {
            let (event, id) = (sigevent(env, a[1])?, env.out_ptr(a[2]));
            Ok(Syscall::TimerCreate { clock: a[0] as i32, event, id })
        },
        |env, a, reply| {
            if let Out::Words { words } = &reply.out {
                env.kernel_write(a[2], &(words[0] as i32).to_le_bytes())?;
            }
            Ok(ret(env, reply))
        },
    ),
    call(
        "int __syscall_timer_settime(int id, int flags, const void *timer, void *old)",
        |env, a| {
            let (timer, old) = (itimerspec(env, a[2])?, env.out_ptr(a[3]));
            Ok(Syscall::TimerSettime { id: a[0] as i32, flags: a[1] as i32, timer, old })
        },
        |env, a, reply| finish_timer(env, a[3], reply),
    ),
    call(
        "int __syscall_timer_gettime(int id, void *timer)",
        |env, a| Ok(Syscall::TimerGettime { id: a[0] as i32, out: env.out_ptr(a[1]) }),
        |env, a, reply| finish_timer(env, a[1], reply),
    ),
    plain("int __syscall_timer_getoverrun(int id)", |_, a| {
        Ok(Syscall::TimerGetoverrun { id: a[0] as i32 })
    }),
    plain("int __syscall_timer_delete(int id)", |_, a| {
        Ok(Syscall::TimerDelete { id: a[0] as i32 })
    }),
    plain("int __syscall_mq_notify(int fd, const void *event)", |env, a| {
        Ok(Syscall::MqNotify { fd: fd(a[0]), event: sigevent(env, a[1])? })
    }),
    call(
        "int __syscall_sigaltstack(const void *stack, void *old)",
        |env, a| {
            let value = match a[0] != 0 && env.out_ptr(a[0]).ok {
                true => Some((env.u64(a[0])?, env.u32(a[0] + 8)? as i32, env.u64(a[0] + 16)?)),
                false => None,
            };
            Ok(Syscall::Sigaltstack { new: Ptr { at: a[0], value }, old: env.out_ptr(a[1]) })
        },
        |env, a, reply| write_words(env, a[1], reply),
    ),
    plain("int __syscall_setreuid(int real, int effective)", |_, a| {
        Ok(Syscall::Setreuid { real: a[0] as i32, effective: a[1] as i32 })
    }),
    plain("int __syscall_setregid(int real, int effective)", |_, a| {
        Ok(Syscall::Setregid { real: a[0] as i32, effective: a[1] as i32 })
    }),
    plain("int __syscall_setresgid(int real, int effective, int saved)", |_, a| {
        let (real, effective, saved) = (a[0] as i32, a[1] as i32, a[2] as i32);
        Ok(Syscall::Setresgid { real, effective, saved })
    }),
    call(
        "int __syscall_getresuid(void *words)",
        |_, _| Ok(Syscall::Getresuid),
        |env, a, reply| write_words(env, a[0], reply),
    ),
    call(
        "int __syscall_getresgid(void *words)",
        |_, _| Ok(Syscall::Getresgid),
        |env, a, reply| write_words(env, a[0], reply),
    ),
    plain("int __syscall_getpriority(int which, int who)", |_, a| {
        Ok(Syscall::Getpriority { which: a[0] as i32, who: a[1] as i32 })
    }),
    plain("int __syscall_setpriority(int which, int who, int priority)", |_, a| {
        let (which, who, priority) = (a[0] as i32, a[1] as i32, a[2] as i32);
        Ok(Syscall::Setpriority { which, who, priority })
    }),
    plain("int __syscall_sethostname(const char *name, unsigned long long len)", |env, a| {
        Ok(Syscall::Sethostname { name: env.in_buf(a[0], a[1])? })
    }),
    plain("int __syscall_rmdir(const char *path)", |env, a| {
        Ok(Syscall::Rmdir { path: env.path(a[0])? })
    }),
    plain("int __syscall_chdir(const char *path)", |env, a| {
        Ok(Syscall::Chdir { path: env.path(a[0])? })
    }),
    call(
        "int __syscall_getcwd(char *buf, unsigned long long size)",
        |env, a| Ok(Syscall::Getcwd { buf: env.out_buf(a[0], a[1]) }),
        |env, a, reply| {
            if let Out::Bytes { bytes } = &reply.out {
                env.kernel_write(a[0], &bytes.0)?;
            }
            Ok(ret(env, reply))
        },
    ),
    plain("int __syscall_umask(unsigned int mask)", |_, a| {
        Ok(Syscall::Umask { mask: a[0] as u32 })
    }),
    plain("int __syscall_fsync(int fd)", |_, a| Ok(Syscall::Fsync { fd: fd(a[0]) })),
    plain("int __syscall_fdatasync(int fd)", |_, a| Ok(Syscall::Fdatasync { fd: fd(a[0]) })),
    call(
        "long long __syscall_getdents64(int fd, void *buf, unsigned long long len)",
        |env, a| Ok(Syscall::Getdents64 { fd: fd(a[0]), buf: env.out_buf(a[1], a[2]) }),
        finish_read,
    ),
    call(
        "int __syscall_waitid(int which, int id, void *info, int options)",
        |env, a| {
            let (which, id, info) = (a[0] as i32, a[1] as i32, env.out_ptr(a[2]));
            Ok(Syscall::Waitid { which, id, info, options: a[3] as i32 })
        },
        |env, a, reply| {
            if let Out::SigInfo { info } = &reply.out {
                write_siginfo(env, a[2], info)?;
            }
            Ok(ret(env, reply))
        },
    ),
    plain("int __syscall_setsid(void)", |_, _| Ok(Syscall::Setsid)),
    plain("int __syscall_getsid(int pid)", |_, a| Ok(Syscall::Getsid { pid: Pid(a[0] as i32) })),
    plain("int __syscall_setpgid(int pid, int group)", |_, a| {
        Ok(Syscall::Setpgid { pid: Pid(a[0] as i32), group: Pid(a[1] as i32) })
    }),
    plain("int __syscall_getpgid(int pid)", |_, a| Ok(Syscall::Getpgid { pid: Pid(a[0] as i32) })),
    plain("int __syscall_getpgrp(void)", |_, _| Ok(Syscall::Getpgrp)),
    plain("int __syscall_getegid(void)", |_, _| Ok(Syscall::Getegid)),
    plain("int __syscall_setuid(unsigned int uid)", |_, a| {
        Ok(Syscall::Setuid { uid: a[0] as u32 })
    }),
    plain("int __syscall_setgid(unsigned int gid)", |_, a| {
        Ok(Syscall::Setgid { gid: a[0] as u32 })
    }),
    plain("int __syscall_setresuid(int real, int effective, int saved)", |_, a| {
        let (real, effective, saved) = (a[0] as i32, a[1] as i32, a[2] as i32);
        Ok(Syscall::Setresuid { real, effective, saved })
    }),
    call(
        "int __syscall_prctl(int option, unsigned long long arg)",
        |env, a| {
            let (option, arg) = (a[0] as i32, a[1]);
            let name = if option == consts::PR_SET_NAME { env.path(arg)?.value } else { None };
            Ok(Syscall::Prctl { option, arg, name })
        },
        finish_read,
    ),
    call(
        "int __syscall_getrusage(int who, void *times)",
        |_, a| Ok(Syscall::Getrusage { who: a[0] as i32 }),
        |env, a, reply| write_words(env, a[1], reply),
    ),
    call(
        "long long __syscall_times(void *times)",
        |_, _| Ok(Syscall::Times),
        |env, a, reply| write_words(env, a[0], reply),
    ),
    call(
        "int __syscall_rt_sigpending(void *set)",
        |_, _| Ok(Syscall::RtSigpending),
        |env, a, reply| write_words(env, a[0], reply),
    ),
    call(
        "int __syscall_rt_sigtimedwait(const void *set, void *info, const void *timeout)",
        |env, a| {
            let (set, timeout) = (sigset(env, a[0])?, timespec(env, a[2])?);
            Ok(Syscall::RtSigtimedwait { set, info: env.out_ptr(a[1]), timeout })
        },
        |env, a, reply| {
            if let Out::SigInfo { info } = &reply.out {
                write_siginfo(env, a[1], info)?;
            }
            Ok(ret(env, reply))
        },
    ),
    plain(
        "int __syscall_rt_sigqueueinfo(int pid, int signal, const void *value, int from, \
         unsigned int uid)",
        |env, a| {
            // A union: what of it the program did not set is whatever lay there.
            let bytes = env.kernel_read(a[2], 8)?.unwrap_or_default();
            let value = bytes.first_chunk::<8>().map_or(0, |b| i64::from_le_bytes(*b));
            let (pid, signal) = (Pid(a[0] as i32), a[1] as i32);
            let from = (a[3] as i32, a[4] as u32);
            Ok(Syscall::RtSigqueueinfo { pid, signal, value, from })
        },
    ),
    call(
        "int __syscall_getitimer(int which, void *words)",
        |_, a| Ok(Syscall::Getitimer { which: a[0] as i32 }),
        |env, a, reply| write_words(env, a[1], reply),
    ),
    plain("int __syscall_semctl_setall(int id, const unsigned short *values)", |env, a| {
        // Only the kernel knows how many the set has; what can be read is passed.
        let mut values = Vec::new();
        while let Ok(Some(bytes)) = env.kernel_read(a[1] + 2 * values.len() as u64, 2)
            && values.len() < 256
        {
            values.push(u16::from_le_bytes([bytes[0], bytes[1]]));
        }
        let value = (!values.is_empty()).then_some(values);
        Ok(Syscall::SemctlSetall { id: a[0] as i32, values: Ptr { at: a[1], value } })
    }),
    plain("int __syscall_msgget(int key, int flags)", |_, a| {
        Ok(Syscall::Msgget { key: a[0] as i32, flags: a[1] as i32 })
    }),
    plain(
        "int __syscall_msgsnd(int id, const void *msg, unsigned long long len, int flags)",
        |env, a| {
            let mtype = if a[1] == 0 { 0 } else { env.u64(a[1])? as i64 };
            let buf = env.in_buf(if a[1] == 0 { 0 } else { a[1] + 8 }, a[2])?;
            Ok(Syscall::Msgsnd { id: a[0] as i32, mtype, buf, flags: a[3] as i32 })
        },
    ),
    call(
        "long long __syscall_msgrcv(int id, void *msg, unsigned long long len, long long mtype, \
         int flags)",
        |env, a| {
            let buf = env.out_buf(if a[1] == 0 { 0 } else { a[1] + 8 }, a[2]);
            let (mtype, flags) = (a[3] as i64, a[4] as i32);
            Ok(Syscall::Msgrcv { id: a[0] as i32, buf, mtype, flags })
        },
        |env, a, reply| {
            if let Out::Mtext { mtype, bytes } = &reply.out {
                env.kernel_write(a[1], &mtype.to_le_bytes())?;
                env.kernel_write(a[1] + 8, &bytes.0)?;
            }
            Ok(ret(env, reply))
        },
    ),
    call(
        "int __syscall_msgctl(int id, int cmd, void *buf)",
        |env, a| {
            let buf = ipc::buffer(env, ipc::Kind::Msg, a[1], a[2])?;
            Ok(Syscall::Msgctl { id: a[0] as i32, cmd: a[1] as i32, buf })
        },
        |env, a, reply| write_ipc(env, ipc::Kind::Msg, a[2], reply),
    ),
    call(
        "int __syscall_mq_getsetattr(int fd, int sets, long long flags, void *words)",
        |_, a| {
            let flags = (a[1] != 0).then_some(a[2] as i64);
            Ok(Syscall::MqGetsetattr { fd: fd(a[0]), flags })
        },
        |env, a, reply| write_words(env, a[3], reply),
    ),
];
