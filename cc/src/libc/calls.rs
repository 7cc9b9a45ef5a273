//! System calls: from the words of an intrinsic's arguments to a [`Syscall`], and from the
//! [`Reply`] back into the program's memory. Every wrapper in `cc/libc/*.c` ends in one of these.
//!
//! Structures are read and written with Linux's layout (`struct timespec` and `struct addrinfo`
//! also with MinGW's); what Winsock calls differently is translated in `cc/libc/winsock.c`.

use super::ipc;
use crate::fault::FaultKind;
use crate::intrinsics::{Env, Intrinsic, Run, Trap, just_ret, ret};
use crate::program::Target;
use abi::syscall::{AddrInfoHints, FdSets, MsgIn, MsgOut, SemBuf, SigAction, Timespec};
use abi::{
    AddrIn, Bytes, Errno, Fd, InBuf, Out, OutBuf, OutPtr, Pid, PollFd, Ptr, Reply, SockAddr,
    Syscall,
};

type Build = fn(&mut Env<'_>, &[u64]) -> Result<Syscall, Trap>;
type Finish = fn(&mut Env<'_>, &[u64], &Reply) -> Result<u64, Trap>;

pub(super) const fn call(decl: &'static str, build: Build, finish: Finish) -> Intrinsic {
    Intrinsic { decl, run: Run::Call { build, finish } }
}

/// A call without out-parameters.
pub(super) const fn plain(decl: &'static str, build: Build) -> Intrinsic {
    call(decl, build, just_ret)
}

/// Longest list (`iovec`s, `pollfd`s, arguments) that is read for a call; the kernel refuses more.
const LIST_MAX: u64 = 1 << 16;

pub(super) fn fd(word: u64) -> Fd {
    Fd(word as i32)
}

// ---- reading

/// `struct timespec`.
pub(super) fn timespec(env: &Env<'_>, at: u64) -> Result<Ptr<Timespec>, Trap> {
    if at == 0 || !env.out_ptr(at).ok {
        return Ok(Ptr { at, value: None });
    }
    let value = Timespec { sec: env.u64(at)? as i64, nsec: env.long(at + 8)? };
    Ok(Ptr { at, value: Some(value) })
}

/// A NULL-terminated list of strings.
fn strings(env: &Env<'_>, mut at: u64) -> Result<Vec<Bytes>, Trap> {
    let mut list = Vec::new();
    while at != 0 && (list.len() as u64) < LIST_MAX {
        match env.u64(at)? {
            0 => break,
            string => list.push(Bytes(env.cstr(string)?)),
        }
        at += 8;
    }
    Ok(list)
}

/// `struct iovec` elements: address and length.
fn iovecs(env: &Env<'_>, at: u64, count: u64) -> Result<Vec<(u64, u64)>, Trap> {
    let Some(bytes) = env.kernel_read(at, 16 * count.min(1024))? else { return Ok(vec![(at, 1)]) };
    let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
    Ok(bytes.chunks_exact(16).map(|iov| (word(&iov[..8]), word(&iov[8..]))).collect())
}

fn in_bufs(env: &Env<'_>, at: u64, count: u64) -> Result<Vec<InBuf>, Trap> {
    iovecs(env, at, count)?.into_iter().map(|(at, len)| env.in_buf(at, len)).collect()
}

fn out_bufs(env: &Env<'_>, at: u64, count: u64) -> Result<Vec<OutBuf>, Trap> {
    Ok(iovecs(env, at, count)?.into_iter().map(|(at, len)| env.out_buf(at, len)).collect())
}

/// The members of an `fd_set` below `nfds`.
pub(super) fn fd_set(env: &Env<'_>, at: u64, nfds: i32) -> Result<Option<Vec<Fd>>, Trap> {
    let nfds = nfds.clamp(0, 1024);
    let words = (nfds as u64).div_ceil(64);
    let Some(bytes) = env.kernel_read(at, 8 * words)?.filter(|_| at != 0) else { return Ok(None) };
    let is_set = |fd: &i32| bytes[*fd as usize / 8] >> (*fd % 8) & 1 == 1;
    Ok(Some((0..nfds).filter(is_set).map(Fd).collect()))
}

fn sem_ops(env: &Env<'_>, at: u64, count: u64) -> Result<Vec<SemBuf>, Trap> {
    let bytes = env.kernel_read(at, 6 * count.min(LIST_MAX))?.unwrap_or_default();
    let half = |bytes: &[u8]| u16::from_le_bytes([bytes[0], bytes[1]]);
    let op = |op: &[u8]| SemBuf {
        num: half(op),
        op: half(&op[2..]) as i16,
        flags: half(&op[4..]) as i16,
    };
    Ok(bytes.chunks_exact(6).map(op).collect())
}

// ---- writing

pub(super) fn write_timespec(env: &mut Env<'_>, at: u64, time: Timespec) -> Result<(), Trap> {
    if at == 0 {
        return Ok(());
    }
    env.write(at, &time.sec.to_le_bytes())?;
    env.write_long(at + 8, time.nsec)
}

/// `select(2)`'s sets and what is left of its timeout.
pub(super) fn finish_select(env: &mut Env<'_>, a: &[u64], reply: &Reply) -> Result<u64, Trap> {
    if let Out::Selected { read, write, except, left } = &reply.out {
        let nfds = a[0] as i32;
        write_fd_set(env, a[1], nfds, read)?;
        write_fd_set(env, a[2], nfds, write)?;
        write_fd_set(env, a[3], nfds, except)?;
        if let Some(left) = left {
            write_timespec(env, a[4], *left)?;
        }
    }
    Ok(ret(env, reply))
}

/// The sets of `select(2)`.
pub(super) fn fd_sets(env: &Env<'_>, a: &[u64]) -> Result<FdSets, Trap> {
    let set = |at: u64| fd_set(env, at, a[0] as i32);
    Ok(FdSets { read: set(a[1])?, write: set(a[2])?, except: set(a[3])? })
}

pub(super) fn write_fd_set(
    env: &mut Env<'_>,
    at: u64,
    nfds: i32,
    members: &[Fd],
) -> Result<(), Trap> {
    let words = (nfds.clamp(0, 1024) as usize).div_ceil(64);
    if at == 0 || words == 0 {
        return Ok(());
    }
    let mut bytes = vec![0; 8 * words];
    for Fd(fd) in members {
        if let Some(byte) = bytes.get_mut(*fd as usize / 8) {
            *byte |= 1 << (fd % 8);
        }
    }
    env.kernel_write(at, &bytes)
}

/// `read(2)`: the bytes go to the buffer.
pub(super) fn finish_read(env: &mut Env<'_>, args: &[u64], reply: &Reply) -> Result<u64, Trap> {
    if let Out::Bytes { bytes } | Out::From { bytes, .. } = &reply.out {
        env.kernel_write(args[1], &bytes.0)?;
    }
    Ok(ret(env, reply))
}

/// Distributes bytes over an `iovec` list.
pub(super) fn scatter(env: &mut Env<'_>, at: u64, count: u64, bytes: &[u8]) -> Result<(), Trap> {
    let mut rest = bytes;
    for (at, len) in iovecs(env, at, count)? {
        let (now, later) = rest.split_at(rest.len().min(len as usize));
        env.kernel_write(at, now)?;
        rest = later;
    }
    Ok(())
}

/// `accept(2)`, `getsockname(2)`, `getpeername(2)`: `args[1]` and `args[2]` take the address.
fn finish_addr(env: &mut Env<'_>, args: &[u64], reply: &Reply) -> Result<u64, Trap> {
    if let Out::Addr { addr } = &reply.out {
        env.write_addr(args[1], args[2], addr)?;
    }
    Ok(ret(env, reply))
}

/// `pipe(2)`, `socketpair(2)`: the two descriptors go to the last argument but `after`.
fn write_fds(env: &mut Env<'_>, at: u64, reply: &Reply) -> Result<u64, Trap> {
    if let Out::Fds { fds: [a, b] } = reply.out {
        env.kernel_write(at, &a.0.to_le_bytes())?;
        env.kernel_write(at + 4, &b.0.to_le_bytes())?;
    }
    Ok(ret(env, reply))
}

/// `struct stat`, what the kernel of this lab knows of it.
pub(super) fn finish_stat(env: &mut Env<'_>, args: &[u64], reply: &Reply) -> Result<u64, Trap> {
    if let Out::Stat { stat } = &reply.out {
        let mut bytes = [0; 144];
        let is_file = stat.mode & 0o170_000 == 0o100_000;
        let is_tty = stat.mode & 0o170_000 == 0o020_000 && stat.device == 0;
        let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
        put(8, &stat.inode.to_le_bytes());
        put(16, &u64::from(stat.links).to_le_bytes());
        put(24, &stat.mode.to_le_bytes());
        put(28, &stat.uid.to_le_bytes());
        put(32, &stat.gid.to_le_bytes());
        put(40, &stat.device.to_le_bytes());
        put(48, &stat.size.to_le_bytes());
        let block: i64 = if is_tty { 1024 } else { 4096 };
        put(56, &block.to_le_bytes());
        let blocks = if is_file { (stat.size + 4095) / 4096 * 8 } else { 0 };
        put(64, &blocks.to_le_bytes());
        for (time, at) in stat.times.iter().zip([72, 88, 104]) {
            put(at, &time.sec.to_le_bytes());
            put(at + 8, &time.nsec.to_le_bytes());
        }
        env.kernel_write(args[1], &bytes)?;
    }
    Ok(ret(env, reply))
}

/// The structure of a `…ctl` with `IPC_STAT`.
pub(super) fn write_ipc(
    env: &mut Env<'_>,
    kind: ipc::Kind,
    at: u64,
    reply: &Reply,
) -> Result<u64, Trap> {
    if let Out::IpcStat { stat } = &reply.out {
        env.kernel_write(at, &ipc::bytes(kind, stat))?;
    }
    Ok(ret(env, reply))
}

/// Words as 64-bit values at the last argument.
pub(super) fn write_words(env: &mut Env<'_>, at: u64, reply: &Reply) -> Result<u64, Trap> {
    if let (Out::Words { words }, true) = (&reply.out, at != 0) {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        env.kernel_write(at, &bytes)?;
    }
    Ok(ret(env, reply))
}

/// `mmap(2)`, `shmat(2)`: the address, or -1.
fn finish_map(env: &mut Env<'_>, _args: &[u64], reply: &Reply) -> Result<u64, Trap> {
    if let (Ok(at), Out::Mapped { segment, offset, len, writable }) = (reply.ret, &reply.out) {
        env.map(at as u64, *segment, *offset, *len, *writable);
    }
    if let (Ok(at), Out::MappedCopy { bytes, len, writable }) = (reply.ret, &reply.out) {
        env.map_copy(at as u64, &bytes.0, *len, *writable);
    }
    Ok(ret(env, reply))
}

fn finish_unmap(env: &mut Env<'_>, args: &[u64], reply: &Reply) -> Result<u64, Trap> {
    if reply.ret.is_ok() {
        env.unmap(args[0]);
    }
    Ok(ret(env, reply))
}

static FILES: &[Intrinsic] = &[
    call(
        "long long __syscall_read(int fd, void *buf, unsigned long long len)",
        |env, a| {
            // Only read(2) and pread(2) look before they cut the count to 2 GiB.
            let buf = env.out_buf(a[1], a[2]);
            let ok = buf.ok && !crate::intrinsics::beyond_user(a[1], a[2]);
            Ok(Syscall::Read { fd: fd(a[0]), buf: OutBuf { ok, ..buf } })
        },
        finish_read,
    ),
    plain(
        "long long __syscall_write(int fd, const void *buf, unsigned long long len)",
        |env, a| Ok(Syscall::Write { fd: fd(a[0]), buf: env.in_buf(a[1], a[2])? }),
    ),
    call(
        "long long __syscall_readv(int fd, const void *iov, int count)",
        |env, a| {
            let count = a[2] as i32;
            let iov = out_bufs(env, a[1], count.max(0) as u64)?;
            Ok(Syscall::Readv { fd: fd(a[0]), iov, count })
        },
        |env, a, reply| {
            if let Out::Bytes { bytes } = &reply.out {
                scatter(env, a[1], a[2], &bytes.0)?;
            }
            Ok(ret(env, reply))
        },
    ),
    plain("long long __syscall_writev(int fd, const void *iov, int count)", |env, a| {
        let count = a[2] as i32;
        Ok(Syscall::Writev { fd: fd(a[0]), iov: in_bufs(env, a[1], count.max(0) as u64)?, count })
    }),
    plain("int __syscall_close(int fd)", |_, a| Ok(Syscall::Close { fd: fd(a[0]) })),
    plain("int __syscall_openat(const char *path, int flags, unsigned int mode)", |env, a| {
        Ok(Syscall::Openat { path: env.path(a[0])?, flags: a[1] as i32, mode: a[2] as u32 })
    }),
    plain("int __syscall_unlink(const char *path)", |env, a| {
        Ok(Syscall::Unlink { path: env.path(a[0])? })
    }),
    plain("int __syscall_mkdir(const char *path, unsigned int mode)", |env, a| {
        Ok(Syscall::Mkdir { path: env.path(a[0])?, mode: a[1] as u32 })
    }),
    plain("int __syscall_mkfifo(const char *path, unsigned int mode)", |env, a| {
        Ok(Syscall::Mkfifo { path: env.path(a[0])?, mode: a[1] as u32 })
    }),
    plain("int __syscall_chmod(const char *path, unsigned int mode)", |env, a| {
        Ok(Syscall::Chmod { path: env.path(a[0])?, mode: a[1] as u32 })
    }),
    plain("int __syscall_access(const char *path, int mode)", |env, a| {
        Ok(Syscall::Access { path: env.path(a[0])?, mode: a[1] as i32 })
    }),
    call(
        "int __syscall_stat(const char *path, void *out)",
        |env, a| Ok(Syscall::Stat { path: env.path(a[0])?, out: env.out_ptr(a[1]) }),
        finish_stat,
    ),
    call(
        "int __syscall_fstat(int fd, void *out)",
        |env, a| Ok(Syscall::Fstat { fd: fd(a[0]), out: env.out_ptr(a[1]) }),
        finish_stat,
    ),
    plain("long long __syscall_lseek(int fd, long long offset, int whence)", |_, a| {
        Ok(Syscall::Lseek { fd: fd(a[0]), offset: a[1] as i64, whence: a[2] as i32 })
    }),
    plain("int __syscall_ftruncate(int fd, long long length)", |_, a| {
        Ok(Syscall::Ftruncate { fd: fd(a[0]), length: a[1] as i64 })
    }),
    plain("int __syscall_dup(int fd)", |_, a| Ok(Syscall::Dup { fd: fd(a[0]) })),
    plain("int __syscall_dup2(int old, int new_fd)", |_, a| {
        Ok(Syscall::Dup2 { old: fd(a[0]), new: fd(a[1]) })
    }),
    plain("int __syscall_dup3(int old, int new_fd, int flags)", |_, a| {
        Ok(Syscall::Dup3 { old: fd(a[0]), new: fd(a[1]), flags: a[2] as i32 })
    }),
    plain("int __syscall_fcntl(int fd, int cmd, long long arg)", |_, a| {
        Ok(Syscall::Fcntl { fd: fd(a[0]), cmd: a[1] as i32, arg: a[2] as i64 })
    }),
    call(
        "int __syscall_ioctl(int fd, unsigned long long request, void *arg)",
        |env, a| {
            if let Some(call) = super::interface::request(env, a)? {
                return Ok(call);
            }
            // Only FIONBIO and FIOASYNC read their argument.
            let reads = [abi::consts::FIONBIO, abi::consts::FIOASYNC].contains(&(a[1] as i32));
            let value = match reads {
                true => env.int_ptr(a[2])?,
                false => Ptr { at: a[2], value: env.out_ptr(a[2]).ok.then_some(0) },
            };
            Ok(Syscall::Ioctl { fd: fd(a[0]), request: a[1], arg: value })
        },
        |env, a, reply| {
            if super::interface::answered(env, a, reply)? {
                return Ok(ret(env, reply));
            }
            if let Out::Words { words } = &reply.out {
                let words = words.iter().take(1).map(|word| *word as i32);
                for word in words.collect::<Vec<_>>() {
                    env.kernel_write(a[2], &word.to_le_bytes())?;
                }
            }
            Ok(ret(env, reply))
        },
    ),
    call(
        "int __syscall_pipe2(int *fds, int flags)",
        |env, a| Ok(Syscall::Pipe2 { fds: env.out_ptr(a[0]), flags: a[1] as i32 }),
        |env, a, reply| write_fds(env, a[0], reply),
    ),
];

static SOCKETS: &[Intrinsic] = &[
    plain("int __syscall_socket(int domain, int type, int protocol)", |_, a| {
        Ok(Syscall::Socket { domain: a[0] as i32, ty: a[1] as i32, protocol: a[2] as i32 })
    }),
    call(
        "int __syscall_socketpair(int domain, int type, int protocol, int *fds)",
        |env, a| {
            let fds = env.out_ptr(a[3]);
            let (domain, ty, protocol) = (a[0] as i32, a[1] as i32, a[2] as i32);
            Ok(Syscall::Socketpair { domain, ty, protocol, fds })
        },
        |env, a, reply| write_fds(env, a[3], reply),
    ),
    plain("int __syscall_bind(int fd, const void *addr, int len)", |env, a| {
        Ok(Syscall::Bind { fd: fd(a[0]), addr: env.addr_in(a[1], a[2])? })
    }),
    plain("int __syscall_listen(int fd, int backlog)", |_, a| {
        Ok(Syscall::Listen { fd: fd(a[0]), backlog: a[1] as i32 })
    }),
    call(
        "int __syscall_accept(int fd, void *addr, void *len)",
        |env, a| Ok(Syscall::Accept { fd: fd(a[0]), addr: env.addr_out(a[1], a[2])? }),
        finish_addr,
    ),
    call(
        "int __syscall_accept4(int fd, void *addr, void *len, int flags)",
        |env, a| {
            let addr = env.addr_out(a[1], a[2])?;
            Ok(Syscall::Accept4 { fd: fd(a[0]), addr, flags: a[3] as i32 })
        },
        finish_addr,
    ),
    plain("int __syscall_connect(int fd, const void *addr, int len)", |env, a| {
        Ok(Syscall::Connect { fd: fd(a[0]), addr: env.addr_in(a[1], a[2])? })
    }),
    plain(
        "long long __syscall_sendto(int fd, const void *buf, unsigned long long len, int flags, \
         const void *addr, int addrlen)",
        |env, a| {
            let addr = if a[4] == 0 { AddrIn::null() } else { env.addr_in(a[4], a[5])? };
            let buf = env.in_buf(a[1], a[2])?;
            Ok(Syscall::Sendto { fd: fd(a[0]), buf, flags: a[3] as i32, addr })
        },
    ),
    call(
        "long long __syscall_recvfrom(int fd, void *buf, unsigned long long len, int flags, \
         void *addr, void *addrlen)",
        |env, a| {
            let addr = env.addr_out(a[4], a[5])?;
            let buf = env.out_buf(a[1], a[2]);
            Ok(Syscall::Recvfrom { fd: fd(a[0]), buf, flags: a[3] as i32, addr })
        },
        |env, a, reply| {
            if let Out::From { addr, .. } = &reply.out {
                match addr {
                    Some(addr) => env.write_addr(a[4], a[5], addr)?,
                    // A connected stream names nobody: the length becomes 0.
                    None if a[4] != 0 && a[5] != 0 => env.kernel_write(a[5], &[0; 4])?,
                    None => {}
                }
            }
            finish_read(env, a, reply)
        },
    ),
    plain("long long __syscall_sendmsg(int fd, const void *msg, int flags)", |env, a| {
        Ok(Syscall::Sendmsg { fd: fd(a[0]), msg: msg_in(env, a[1])?, flags: a[2] as i32 })
    }),
    call(
        "long long __syscall_recvmsg(int fd, void *msg, int flags)",
        |env, a| {
            Ok(Syscall::Recvmsg { fd: fd(a[0]), msg: msg_out(env, a[1])?, flags: a[2] as i32 })
        },
        finish_recvmsg,
    ),
    plain("int __syscall_shutdown(int fd, int how)", |_, a| {
        Ok(Syscall::Shutdown { fd: fd(a[0]), how: a[1] as i32 })
    }),
    call(
        "int __syscall_getsockname(int fd, void *addr, void *len)",
        |env, a| Ok(Syscall::Getsockname { fd: fd(a[0]), addr: env.addr_out(a[1], a[2])? }),
        finish_addr,
    ),
    call(
        "int __syscall_getpeername(int fd, void *addr, void *len)",
        |env, a| Ok(Syscall::Getpeername { fd: fd(a[0]), addr: env.addr_out(a[1], a[2])? }),
        finish_addr,
    ),
    plain(
        "int __syscall_setsockopt(int fd, int level, int name, const void *value, int len)",
        |env, a| {
            let len = a[4] as i32;
            // No option is longer than a few hundred bytes; the kernel reads no more.
            let bytes = match a[3] {
                0 => None,
                at => env.kernel_read(at, len.clamp(0, 512) as u64)?.map(Bytes),
            };
            let value = Ptr { at: a[3], value: bytes };
            let (level, name) = (a[1] as i32, a[2] as i32);
            Ok(Syscall::Setsockopt { fd: fd(a[0]), level, name, value, len })
        },
    ),
    call(
        "int __syscall_getsockopt(int fd, int level, int name, void *value, void *len)",
        |env, a| {
            let (value, len) = (env.out_ptr(a[3]), env.int_ptr(a[4])?);
            let (level, name) = (a[1] as i32, a[2] as i32);
            Ok(Syscall::Getsockopt { fd: fd(a[0]), level, name, value, len })
        },
        |env, a, reply| {
            if let Out::Bytes { bytes } = &reply.out {
                let room = (env.u32(a[4])? as i32).max(0) as usize;
                let bytes = &bytes.0[..bytes.0.len().min(room)];
                env.kernel_write(a[3], bytes)?;
                env.kernel_write(a[4], &(bytes.len() as u32).to_le_bytes())?;
            }
            Ok(ret(env, reply))
        },
    ),
];

/// `struct msghdr` of `sendmsg(2)`.
pub(super) fn msg_in(env: &Env<'_>, at: u64) -> Result<Option<MsgIn>, Trap> {
    if env.kernel_read(at, 56)?.is_none() {
        return Ok(None);
    }
    let (control, control_len) = (env.u64(at + 32)?, env.u64(at + 40)?);
    let control = match control {
        0 => Vec::new(),
        _ => env.kernel_read(control, control_len)?.unwrap_or_default(),
    };
    let (name, iov_len) = (env.u64(at)?, env.u64(at + 24)?);
    let name = match name {
        0 => AddrIn::null(),
        _ => env.addr_in(name, u64::from(env.u32(at + 8)?))?,
    };
    let iov = in_bufs(env, env.u64(at + 16)?, iov_len)?;
    Ok(Some(MsgIn { name, iov, iov_len, control: Bytes(control) }))
}

/// `struct msghdr` of `recvmsg(2)`.
pub(super) fn msg_out(env: &Env<'_>, at: u64) -> Result<Option<MsgOut>, Trap> {
    if env.kernel_read(at, 56)?.is_none() {
        return Ok(None);
    }
    let (name, iov_len) = (env.u64(at)?, env.u64(at + 24)?);
    let (name, name_len) = match name {
        0 => (OutPtr::null(), 0),
        _ => (env.out_ptr(name), env.u32(at + 8)? as i32),
    };
    let control_len = if env.u64(at + 32)? == 0 { 0 } else { env.u64(at + 40)? };
    let iov = out_bufs(env, env.u64(at + 16)?, iov_len)?;
    Ok(Some(MsgOut { name, name_len, iov, iov_len, control_len }))
}

fn finish_recvmsg(env: &mut Env<'_>, a: &[u64], reply: &Reply) -> Result<u64, Trap> {
    if let Out::Msg { bytes, addr, flags, control } = &reply.out {
        let at = a[1];
        let (iov, count) = (env.u64(at + 16)?, env.u64(at + 24)?);
        scatter(env, iov, count, &bytes.0)?;
        write_msghdr(env, at, addr, *flags, &control.0)?;
    }
    Ok(ret(env, reply))
}

/// `struct pollfd`s.
pub(super) fn poll_fds(env: &Env<'_>, at: u64, nfds: u64) -> Result<Ptr<Vec<PollFd>>, Trap> {
    let bytes = env.kernel_read(at, 8 * nfds.min(LIST_MAX))?;
    let entry = |entry: &[u8]| PollFd {
        fd: Fd(i32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]])),
        events: i16::from_le_bytes([entry[4], entry[5]]),
    };
    Ok(Ptr { at, value: bytes.map(|bytes| bytes.chunks_exact(8).map(entry).collect()) })
}

/// What `recvmsg(2)` writes into a `struct msghdr`.
pub(super) fn write_msghdr(
    env: &mut Env<'_>,
    at: u64,
    addr: &Option<SockAddr>,
    flags: i32,
    control: &[u8],
) -> Result<(), Trap> {
    let name = env.u64(at)?;
    match addr {
        Some(addr) => env.write_addr(name, if name == 0 { 0 } else { at + 8 }, addr)?,
        None if name != 0 => env.kernel_write(at + 8, &[0; 4])?,
        None => {}
    }
    let control_at = env.u64(at + 32)?;
    if control_at != 0 {
        env.kernel_write(control_at, control)?;
    }
    env.kernel_write(at + 40, &(control.len() as u64).to_le_bytes())?;
    env.kernel_write(at + 48, &flags.to_le_bytes())
}

static READINESS: &[Intrinsic] = &[
    call(
        "int __syscall_poll(void *fds, unsigned long long nfds, int timeout_ms)",
        |env, a| {
            let fds = poll_fds(env, a[0], a[1])?;
            Ok(Syscall::Poll { fds, nfds: a[1], timeout_ms: a[2] as i32 })
        },
        |env, a, reply| {
            if let Out::Revents { revents } = &reply.out {
                for (number, revents) in revents.iter().enumerate() {
                    let at = a[0] + 8 * number as u64 + 6;
                    env.kernel_write(at, &revents.to_le_bytes())?;
                }
            }
            Ok(ret(env, reply))
        },
    ),
    call(
        "int __syscall_select(int nfds, void *readfds, void *writefds, void *exceptfds, \
         void *timeout)",
        |env, a| {
            let nfds = a[0] as i32;
            let sets = fd_sets(env, a)?;
            Ok(Syscall::Select { nfds, sets, timeout: timespec(env, a[4])? })
        },
        finish_select,
    ),
    plain("int __syscall_epoll_create(int size)", |_, a| {
        Ok(Syscall::EpollCreate { size: a[0] as i32 })
    }),
    plain("int __syscall_epoll_create1(int flags)", |_, a| {
        Ok(Syscall::EpollCreate1 { flags: a[0] as i32 })
    }),
    plain("int __syscall_epoll_ctl(int epfd, int op, int fd, void *event)", |env, a| {
        let value = match a[3] != 0 && env.out_ptr(a[3]).ok {
            // A union: what of `data` the program did not set is whatever lay there.
            true => env.kernel_read(a[3], 12)?.map(|b| {
                let events = u32::from_le_bytes([b[0], b[1], b[2], b[3]]);
                (events, u64::from_le_bytes(b[4..].try_into().expect("eight bytes")))
            }),
            false => None,
        };
        let event = Ptr { at: a[3], value };
        Ok(Syscall::EpollCtl { epfd: fd(a[0]), op: a[1] as i32, fd: fd(a[2]), event })
    }),
    call(
        "int __syscall_epoll_wait(int epfd, void *events, int maxevents, int timeout_ms)",
        |env, a| {
            Ok(Syscall::EpollWait {
                epfd: fd(a[0]),
                events: env.out_ptr(a[1]),
                max_events: a[2] as i32,
                timeout_ms: a[3] as i32,
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
];

static PROCESSES: &[Intrinsic] = &[
    plain("int __syscall_fork(void)", |_, _| Ok(Syscall::Fork)),
    plain("int __syscall_vfork(void)", |_, _| Ok(Syscall::Vfork)),
    plain("int __syscall_thread_create(void *entry, void *arg)", |_, a| {
        Ok(Syscall::ThreadCreate { entry: a[0], arg: a[1] })
    }),
    call(
        "int __syscall_thread_join(int tid, void *value)",
        |_, a| Ok(Syscall::ThreadJoin { tid: Pid(a[0] as i32) }),
        |env, a, reply| write_words(env, a[1], reply),
    ),
    plain("int __syscall_thread_detach(int tid)", |_, a| {
        Ok(Syscall::ThreadDetach { tid: Pid(a[0] as i32) })
    }),
    plain("int __syscall_execve(const char *path, void *argv, void *envp)", |env, a| {
        let (argv, envp) = (strings(env, a[1])?, strings(env, a[2])?);
        Ok(Syscall::Execve { path: env.path(a[0])?, argv, envp })
    }),
    call(
        "int __syscall_wait4(int pid, int *status, int options)",
        |env, a| {
            let status = env.out_ptr(a[1]);
            Ok(Syscall::Wait4 { pid: Pid(a[0] as i32), status, options: a[2] as i32 })
        },
        |env, a, reply| {
            if let (Out::Status { status }, true) = (&reply.out, a[1] != 0) {
                env.kernel_write(a[1], &status.to_le_bytes())?;
            }
            Ok(ret(env, reply))
        },
    ),
    plain("int __syscall_getpid(void)", |_, _| Ok(Syscall::Getpid)),
    plain("int __syscall_getppid(void)", |_, _| Ok(Syscall::Getppid)),
    plain("int __syscall_gettid(void)", |_, _| Ok(Syscall::Gettid)),
    plain("int __syscall_getuid(void)", |_, _| Ok(Syscall::Getuid)),
    plain("int __syscall_geteuid(void)", |_, _| Ok(Syscall::Geteuid)),
    plain("int __syscall_getgid(void)", |_, _| Ok(Syscall::Getgid)),
    plain("int __syscall_sched_yield(void)", |_, _| Ok(Syscall::SchedYield)),
    plain("int __syscall_futex_wait(void *word, int expected, void *timeout)", |env, a| {
        Ok(Syscall::FutexWait {
            key: env.futex_key(a[0]),
            expected: a[1] as u32,
            seen: env.u32(a[0])?,
            timeout: timespec(env, a[2])?.value,
        })
    }),
    plain("int __syscall_futex_wake(void *word, int count)", |env, a| {
        Ok(Syscall::FutexWake { key: env.futex_key(a[0]), count: a[1] as i32 })
    }),
    call(
        "int __syscall_getrlimit(int resource, void *limits)",
        |_, a| Ok(Syscall::Getrlimit { resource: a[0] as i32 }),
        |env, a, reply| write_words(env, a[1], reply),
    ),
    plain(
        "int __syscall_setrlimit(int resource, unsigned long long soft, unsigned long long hard)",
        |_, a| Ok(Syscall::Setrlimit { resource: a[0] as i32, soft: a[1], hard: a[2] }),
    ),
    call(
        "int __syscall_uname(void *buf)",
        |_, _| Ok(Syscall::Uname),
        |env, a, reply| {
            if let Out::Uname { fields } = &reply.out {
                let mut bytes = [0; 6 * 65];
                bytes[5 * 65..5 * 65 + 6].copy_from_slice(b"(none)");
                for (number, field) in fields.iter().enumerate() {
                    let field = &field.as_bytes()[..field.len().min(64)];
                    bytes[65 * number..65 * number + field.len()].copy_from_slice(field);
                }
                env.kernel_write(a[0], &bytes)?;
            }
            Ok(ret(env, reply))
        },
    ),
];

/// `struct sigaction`: handler, mask, flags, restorer.
fn sigaction(env: &Env<'_>, at: u64) -> Result<Ptr<SigAction>, Trap> {
    if at == 0 || !env.out_ptr(at).ok {
        return Ok(Ptr { at, value: None });
    }
    let action = SigAction {
        handler: env.u64(at)?,
        mask: env.u64(at + 8)?,
        // glibc tells the kernel how a handler returns.
        flags: env.u32(at + 136)? as i32 | abi::consts::SA_RESTORER,
    };
    Ok(Ptr { at, value: Some(action) })
}

static SIGNALS_AND_TIME: &[Intrinsic] = &[
    call(
        "int __syscall_rt_sigaction(int signal, const void *act, void *oldact)",
        |env, a| {
            let new = sigaction(env, a[1])?;
            Ok(Syscall::RtSigaction { signal: a[0] as i32, new, old: env.out_ptr(a[2]) })
        },
        |env, a, reply| {
            if let (Out::Action { action }, true) = (&reply.out, a[2] != 0) {
                let mut bytes = [0; 152];
                bytes[..8].copy_from_slice(&action.handler.to_le_bytes());
                bytes[8..16].copy_from_slice(&action.mask.to_le_bytes());
                bytes[136..140].copy_from_slice(&action.flags.to_le_bytes());
                env.kernel_write(a[2], &bytes)?;
            }
            Ok(ret(env, reply))
        },
    ),
    call(
        "int __syscall_rt_sigprocmask(int how, const void *set, void *oldset)",
        |env, a| {
            let value = match a[1] != 0 && env.out_ptr(a[1]).ok {
                true => Some(env.u64(a[1])?),
                false => None,
            };
            let set = Ptr { at: a[1], value };
            Ok(Syscall::RtSigprocmask { how: a[0] as i32, set, old: env.out_ptr(a[2]) })
        },
        |env, a, reply| write_words(env, a[2], reply),
    ),
    plain("int __syscall_sigsuspend(unsigned long long mask)", |_, a| {
        Ok(Syscall::Sigsuspend { mask: a[0] })
    }),
    plain("int __syscall_kill(int pid, int signal)", |_, a| {
        Ok(Syscall::Kill { pid: Pid(a[0] as i32), signal: a[1] as i32 })
    }),
    plain("int __syscall_tgkill(int pid, int tid, int signal)", |_, a| {
        let (pid, tid) = (Pid(a[0] as i32), Pid(a[1] as i32));
        Ok(Syscall::Tgkill { pid, tid, signal: a[2] as i32 })
    }),
    plain("int __syscall_pause(void)", |_, _| Ok(Syscall::Pause)),
    plain("int __syscall_alarm(unsigned int seconds)", |_, a| {
        Ok(Syscall::Alarm { seconds: a[0] as u32 })
    }),
    call(
        "int __syscall_setitimer(int which, long long sec, long long nsec, long long interval_sec, \
         long long interval_nsec, void *old)",
        |_, a| {
            Ok(Syscall::Setitimer {
                which: a[0] as i32,
                value: Timespec { sec: a[1] as i64, nsec: a[2] as i64 },
                interval: Timespec { sec: a[3] as i64, nsec: a[4] as i64 },
            })
        },
        |env, a, reply| write_words(env, a[5], reply),
    ),
    call(
        "int __syscall_clock_gettime(int clock, void *out)",
        |_, a| Ok(Syscall::ClockGettime { clock: a[0] as i32 }),
        |env, a, reply| {
            if let Out::Time { time } = reply.out {
                write_timespec(env, a[1], time)?;
            }
            Ok(ret(env, reply))
        },
    ),
    call(
        "int __syscall_clock_nanosleep(int clock, int flags, const void *request, void *left)",
        |env, a| {
            let request = timespec(env, a[2])?;
            let (clock, flags, rest) = (a[0] as i32, a[1] as i32, env.out_ptr(a[3]));
            Ok(Syscall::ClockNanosleep { clock, flags, request, rest })
        },
        |env, a, reply| {
            if let Out::Time { time } = reply.out {
                write_timespec(env, a[3], time)?;
            }
            Ok(ret(env, reply))
        },
    ),
];

static SHARED: &[Intrinsic] = &[
    call(
        "void *__syscall_mmap(unsigned long long len, int prot, int flags, int fd, \
         long long offset)",
        |env, a| {
            Ok(Syscall::Mmap {
                at: env.next_map(),
                len: a[0],
                prot: a[1] as i32,
                flags: a[2] as i32,
                fd: fd(a[3]),
                offset: a[4] as i64,
            })
        },
        finish_map,
    ),
    call(
        "int __syscall_munmap(void *at, unsigned long long len)",
        |_, a| Ok(Syscall::Munmap { at: a[0], len: a[1] }),
        finish_unmap,
    ),
    call(
        "int __syscall_mprotect(void *at, unsigned long long len, int prot)",
        |env, a| {
            let (mapped, shared) = env.mapped(a[0], a[1]);
            if shared && a[2] == 0 {
                let what = "mprotect(PROT_NONE) of shared memory".to_owned();
                return Err(FaultKind::Unsupported { what }.into());
            }
            Ok(Syscall::Mprotect { at: a[0], len: a[1], prot: a[2] as i32, mapped })
        },
        |env, a, reply| {
            if reply.ret.is_ok() {
                let has = |bit: i32| a[2] as i32 & bit != 0;
                env.protect(a[0], a[1], has(abi::consts::PROT_READ), has(abi::consts::PROT_WRITE));
            }
            Ok(ret(env, reply))
        },
    ),
    plain("int __syscall_shmget(int key, unsigned long long size, int flags)", |_, a| {
        Ok(Syscall::Shmget { key: a[0] as i32, size: a[1], flags: a[2] as i32 })
    }),
    call(
        "void *__syscall_shmat(int id, int flags)",
        |env, a| Ok(Syscall::Shmat { id: a[0] as i32, at: env.next_map(), flags: a[1] as i32 }),
        finish_map,
    ),
    call(
        "int __syscall_shmdt(const void *at)",
        |_, a| Ok(Syscall::Shmdt { at: a[0] }),
        finish_unmap,
    ),
    call(
        "int __syscall_shmctl(int id, int cmd, void *buf)",
        |env, a| {
            let buf = ipc::buffer(env, ipc::Kind::Shm, a[1], a[2])?;
            Ok(Syscall::Shmctl { id: a[0] as i32, cmd: a[1] as i32, buf })
        },
        |env, a, reply| write_ipc(env, ipc::Kind::Shm, a[2], reply),
    ),
    plain("int __syscall_semget(int key, int count, int flags)", |_, a| {
        Ok(Syscall::Semget { key: a[0] as i32, count: a[1] as i32, flags: a[2] as i32 })
    }),
    plain(
        "int __syscall_semop(int id, const void *ops, unsigned long long count, \
         const void *timeout)",
        |env, a| {
            let (ops, timeout) = (sem_ops(env, a[1], a[2])?, timespec(env, a[3])?);
            Ok(Syscall::Semop { id: a[0] as i32, ops, timeout })
        },
    ),
    call(
        "int __syscall_semctl(int id, int num, int cmd, int arg, void *array)",
        |env, a| {
            let (id, num, cmd, arg) = (a[0] as i32, a[1] as i32, a[2] as i32, a[3] as i32);
            let buf = ipc::buffer(env, ipc::Kind::Sem, a[2], a[4])?;
            Ok(Syscall::Semctl { id, num, cmd, arg, buf })
        },
        |env, a, reply| {
            if let (Out::Words { words }, true) = (&reply.out, a[4] != 0) {
                let halves = words.iter().flat_map(|word| (*word as u16).to_le_bytes());
                env.kernel_write(a[4], &halves.collect::<Vec<_>>())?;
            }
            write_ipc(env, ipc::Kind::Sem, a[4], reply)
        },
    ),
    plain(
        "int __syscall_mq_open(const char *name, int flags, unsigned int mode, long long messages, \
         long long size)",
        |env, a| {
            Ok(Syscall::MqOpen {
                name: env.path(a[0])?,
                flags: a[1] as i32,
                mode: a[2] as u32,
                max_messages: a[3] as i64,
                message_size: a[4] as i64,
            })
        },
    ),
    plain(
        "int __syscall_mq_send(int fd, const char *buf, unsigned long long len, unsigned int prio, \
         const void *until)",
        |env, a| {
            let (buf, timeout) = (env.in_buf(a[1], a[2])?, timespec(env, a[4])?);
            Ok(Syscall::MqSend { fd: fd(a[0]), buf, priority: a[3] as u32, timeout })
        },
    ),
    call(
        "long long __syscall_mq_receive(int fd, char *buf, unsigned long long len, \
         unsigned int *prio, const void *until)",
        |env, a| {
            let (buf, priority) = (env.out_buf(a[1], a[2]), env.out_ptr(a[3]));
            let timeout = timespec(env, a[4])?;
            Ok(Syscall::MqReceive { fd: fd(a[0]), buf, priority, timeout })
        },
        |env, a, reply| {
            if let Out::Message { bytes, priority } = &reply.out {
                env.kernel_write(a[1], &bytes.0)?;
                if a[3] != 0 {
                    env.kernel_write(a[3], &priority.to_le_bytes())?;
                }
            }
            Ok(ret(env, reply))
        },
    ),
    plain("int __syscall_mq_unlink(const char *name)", |env, a| {
        Ok(Syscall::MqUnlink { name: env.path(a[0])? })
    }),
];

/// A string argument that may be NULL.
fn optional(env: &Env<'_>, at: u64) -> Result<Option<Bytes>, Trap> {
    Ok(if at == 0 { None } else { Some(Bytes(env.cstr(at)?)) })
}

/// `AF_INET6` has another number on Windows.
fn family(env: &Env<'_>, family: i32, to_program: bool) -> i32 {
    const WINDOWS_INET6: i32 = 23;
    match (env.program.target, to_program) {
        (Target::Windows, true) if family == abi::consts::AF_INET6 => WINDOWS_INET6,
        (Target::Windows, false) if family == WINDOWS_INET6 => abi::consts::AF_INET6,
        _ => family,
    }
}

/// Builds the list of `struct addrinfo` at `*res`, each with its address behind it, as glibc does.
fn finish_getaddrinfo(env: &mut Env<'_>, a: &[u64], reply: &Reply) -> Result<u64, Trap> {
    let code = match reply.ret {
        Ok(code) => code as i32,
        Err(errno) => {
            env.set_errno(errno);
            abi::consts::EAI_SYSTEM
        }
    };
    let Out::AddrInfo { list, canonical } = &reply.out else { return Ok(code as u64) };
    let flags = if a[2] == 0 { 0 } else { env.u32(a[2])? as i32 };
    let (canonname_at, addr_at) = match env.program.target {
        Target::Linux => (32, 24),
        Target::Windows => (24, 32),
    };
    let mut link = a[3];
    for (number, info) in list.iter().enumerate() {
        let mut addr = info.addr.bytes().to_vec();
        if addr.len() >= 2 {
            let family = family(env, i32::from(u16::from_le_bytes([addr[0], addr[1]])), true);
            addr[..2].copy_from_slice(&(family as u16).to_le_bytes());
        }
        let at = env.malloc(48 + addr.len() as u64);
        if at == 0 {
            return Ok(abi::consts::EAI_MEMORY as u64);
        }
        let name = match canonical {
            Some(name) if number == 0 => {
                let text = env.malloc(name.len() as u64 + 1);
                env.write(text, &[name.as_bytes(), &[0]].concat())?;
                text
            }
            _ => 0,
        };
        let mut bytes = [0; 48];
        let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
        put(0, &flags.to_le_bytes());
        put(4, &family(env, info.family, true).to_le_bytes());
        put(8, &info.socktype.to_le_bytes());
        put(12, &info.protocol.to_le_bytes());
        put(16, &(addr.len() as u64).to_le_bytes());
        put(canonname_at, &name.to_le_bytes());
        put(addr_at, &(at + 48).to_le_bytes());
        env.write(at, &bytes)?;
        env.write(at + 48, &addr)?;
        env.write(link, &at.to_le_bytes())?;
        link = at + 40;
    }
    Ok(code as u64)
}

/// Writes a name where there is room for it.
fn write_name(env: &mut Env<'_>, at: u64, room: u64, name: &str) -> Result<bool, Trap> {
    if at == 0 || room == 0 {
        return Ok(true);
    }
    if name.len() as u64 >= room {
        return Ok(false);
    }
    env.write(at, &[name.as_bytes(), &[0]].concat())?;
    Ok(true)
}

static NAMES: &[Intrinsic] = &[
    call(
        "int __syscall_getaddrinfo(const char *node, const char *service, const void *hints, \
         void *res)",
        |env, a| {
            let hints = match a[2] {
                0 => AddrInfoHints {
                    flags: abi::consts::AI_V4MAPPED | abi::consts::AI_ADDRCONFIG,
                    ..AddrInfoHints::default()
                },
                at => AddrInfoHints {
                    flags: env.u32(at)? as i32,
                    family: family(env, env.u32(at + 4)? as i32, false),
                    socktype: env.u32(at + 8)? as i32,
                    protocol: env.u32(at + 12)? as i32,
                },
            };
            let (node, service) = (optional(env, a[0])?, optional(env, a[1])?);
            Ok(Syscall::Getaddrinfo { node, service, hints })
        },
        finish_getaddrinfo,
    ),
    call(
        "int __syscall_getnameinfo(const void *addr, int len, char *host, unsigned int hostlen, \
         char *serv, unsigned int servlen, int flags)",
        |env, a| {
            let mut bytes = env.read_raw(a[0], u64::from((a[1] as u32).min(128)))?;
            if bytes.len() >= 2 {
                let family =
                    family(env, i32::from(u16::from_le_bytes([bytes[0], bytes[1]])), false);
                bytes[..2].copy_from_slice(&(family as u16).to_le_bytes());
            }
            Ok(Syscall::Getnameinfo { addr: SockAddr(Bytes(bytes)), flags: a[6] as i32 })
        },
        |env, a, reply| {
            if let Out::Names { host, service } = &reply.out {
                let fits = write_name(env, a[2], u64::from(a[3] as u32), host)?
                    && write_name(env, a[4], u64::from(a[5] as u32), service)?;
                if !fits {
                    return Ok(abi::consts::EAI_OVERFLOW as u64);
                }
            }
            match reply.ret {
                Ok(code) => Ok(code as u64),
                Err(errno) => {
                    env.set_errno(errno);
                    Ok(abi::consts::EAI_SYSTEM as u64)
                }
            }
        },
    ),
    call(
        "int __syscall_wsa_startup(int version, unsigned short *versions)",
        |_, a| Ok(Syscall::WsaStartup { version: a[0] as u16 }),
        |env, a, reply| {
            if let Out::WsaData { version, high_version } = reply.out {
                env.write(a[1], &version.to_le_bytes())?;
                env.write(a[1] + 2, &high_version.to_le_bytes())?;
            }
            Ok(ret(env, reply))
        },
    ),
    plain("int __syscall_wsa_cleanup(void)", |_, _| Ok(Syscall::WsaCleanup)),
    plain("int __syscall_closesocket(int fd)", |_, a| Ok(Syscall::Closesocket { fd: fd(a[0]) })),
    call(
        "int __syscall_getifaddrs(void *list)",
        |_, _| Ok(Syscall::Getifaddrs),
        super::interface::finish_getifaddrs,
    ),
    Intrinsic {
        decl: "int __libc_wsa_error(int errnum)",
        run: Run::Pure(|_, a| Ok(wsa_error(a[0] as i32) as u64)),
    },
    Intrinsic {
        decl: "int __libc_unsupported(const char *what)",
        run: Run::Pure(|env, a| {
            let what = String::from_utf8_lossy(&env.cstr(a[0])?).into_owned();
            Err(FaultKind::Unsupported { what }.into())
        }),
    },
];

/// The Winsock code of an errno. Codes that Linux does not have (10091 and above) come through the
/// reply's errno as they are.
fn wsa_error(errno: i32) -> i32 {
    Errno(errno).wsa().map_or(errno, |(code, _)| code)
}

/// All tables of this file.
pub(crate) static TABLES: &[&[Intrinsic]] =
    &[FILES, SOCKETS, READINESS, PROCESSES, SIGNALS_AND_TIME, SHARED, NAMES, super::linux::TABLE];
