//! The one module that calls libc, function by function, errno captured in the return expression.
//!
//! Read `man 2` of each function's name. Arguments are made so that a program's wrong pointer can
//! be handed to the kernel, which then says `EFAULT` (or something that it checks earlier)
//! itself: NULL stays NULL, and unreadable memory is an address in the first page.
//! The bytes of a program never become an address of ours.
//!
//! Every descriptor made here is non-blocking and close-on-exec.

use abi::syscall::{AddrInfoHints, Bytes};
use abi::{AddrIn, AddrOut, Errno, InBuf, OutBuf, Ptr, SockAddr};
use libc::{c_int, c_void, socklen_t};
use std::ffi::{CStr, CString};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;
use std::sync::Arc;
use tokio::io::unix::AsyncFd;

/// A descriptor number that is never open: the kernel itself says `EBADF` (or `POLLNVAL`).
pub(crate) const NEVER_OPEN: RawFd = i32::MAX;

/// Longest option value and control data that is exchanged, bytes.
pub(crate) const OPTION_MAX: usize = 4096;

/// Room behind received bytes for the rest of a binary frame, bytes.
const FRAME_END: usize = 512;

/// What every socket gets or-ed into its type.
const OURS: c_int = libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;

/// An address in the first page, which no process has: `EFAULT` wherever it is used, as late as
/// for a wrong pointer of the program's own.
fn unreadable() -> *mut c_void {
    ptr::without_provenance_mut(8)
}

fn errno() -> Errno {
    Errno(std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO))
}

fn check(ret: i64) -> Result<i64, Errno> {
    if ret < 0 { Err(errno()) } else { Ok(ret) }
}

#[allow(unsafe_code)]
fn own(ret: c_int) -> Result<OwnedFd, Errno> {
    let fd = check(ret.into())? as RawFd;
    // SAFETY: the kernel has just returned this descriptor to us; nobody else knows its number.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Something that owns one open descriptor and never changes which.
pub(crate) trait Owner: AsRawFd {}
impl Owner for OwnedFd {}
impl Owner for Arc<OwnedFd> {}

/// Registers a descriptor for readiness with Tokio.
#[allow(unsafe_code)]
pub(crate) fn register<T: Owner>(fd: T) -> Result<AsyncFd<T>, Errno> {
    // SAFETY: an `Owner` keeps its descriptor open, and the same, as long as it lives; the
    // registration owns it and goes first.
    unsafe { AsyncFd::register(fd) }.map_err(|error| io_errno(error.into()))
}

/// The errno of an I/O error.
pub(crate) fn io_errno(error: std::io::Error) -> Errno {
    Errno(error.raw_os_error().unwrap_or(libc::EIO))
}

/// `const struct sockaddr *, socklen_t` for the kernel to read.
pub(crate) struct Name {
    bytes: [u8; abi::addr::SOCKADDR_STORAGE_LEN],
    kind: Pointer,
    len: socklen_t,
}

#[derive(Clone, Copy, PartialEq)]
enum Pointer {
    Null,
    Unreadable,
    Good,
}

fn pointer<T>(at: &Ptr<T>) -> Pointer {
    match at {
        Ptr { value: Some(_), .. } => Pointer::Good,
        Ptr { at: 0, .. } => Pointer::Null,
        _ => Pointer::Unreadable,
    }
}

/// What the kernel will read of an address: `len` bytes, whatever came over the wire. Every check
/// is made on this, never on what the page says beside it.
pub(crate) fn as_read(addr: &AddrIn) -> AddrIn {
    let mut addr = addr.clone();
    if let Some(value) = &mut addr.addr.value {
        let len = usize::try_from(addr.len).unwrap_or(0);
        value.0.0.resize(len.min(abi::addr::SOCKADDR_STORAGE_LEN), 0);
    }
    addr
}

impl Name {
    /// As the program passed it.
    pub(crate) fn of(addr: &AddrIn) -> Name {
        let mut bytes = [0; abi::addr::SOCKADDR_STORAGE_LEN];
        if let Some(value) = &addr.addr.value {
            let n = value.bytes().len().min(bytes.len());
            bytes[..n].copy_from_slice(&value.bytes()[..n]);
        }
        Name { bytes, kind: pointer(&addr.addr), len: addr.len as socklen_t }
    }

    fn as_ptr(&self) -> *const libc::sockaddr {
        match self.kind {
            Pointer::Null => ptr::null(),
            Pointer::Unreadable => unreadable().cast(),
            // Whatever `len` says, the kernel reads at most a sockaddr_storage (128 bytes).
            Pointer::Good => self.bytes.as_ptr().cast(),
        }
    }
}

/// `struct sockaddr *, socklen_t *` for the kernel to fill: the whole address unless the
/// program's own pointers or length are wrong.
pub(crate) struct Room {
    bytes: [u8; abi::addr::SOCKADDR_STORAGE_LEN],
    addr: Pointer,
    len_kind: Pointer,
    len: socklen_t,
}

impl Room {
    /// As the program passed it.
    pub(crate) fn of(out: &AddrOut) -> Room {
        let addr = match (out.addr.at, out.addr.ok) {
            (_, true) => Pointer::Good,
            (0, false) => Pointer::Null,
            _ => Pointer::Unreadable,
        };
        let len = match out.len.value {
            Some(len) if len < 0 => len as socklen_t,
            _ => abi::addr::SOCKADDR_STORAGE_LEN as socklen_t,
        };
        Room { bytes: [0; _], addr, len_kind: pointer(&out.len), len }
    }

    /// Room for the whole address.
    pub(crate) fn full() -> Room {
        Room::of(&AddrOut::room(abi::addr::SOCKADDR_STORAGE_LEN as i32))
    }

    fn addr_ptr(&mut self) -> *mut libc::sockaddr {
        match self.addr {
            Pointer::Null => ptr::null_mut(),
            Pointer::Unreadable => unreadable().cast(),
            Pointer::Good => self.bytes.as_mut_ptr().cast(),
        }
    }

    fn len_ptr(&mut self) -> *mut socklen_t {
        match self.len_kind {
            Pointer::Null => ptr::null_mut(),
            Pointer::Unreadable => unreadable().cast(),
            Pointer::Good => &mut self.len,
        }
    }

    /// What the kernel wrote.
    fn filled(&self) -> Option<SockAddr> {
        if self.addr != Pointer::Good || self.len_kind != Pointer::Good {
            return None;
        }
        let n = (self.len as usize).min(self.bytes.len());
        Some(SockAddr(Bytes(self.bytes[..n].to_vec())))
    }
}

fn in_ptr(buf: &InBuf, bytes: Option<&[u8]>) -> (*const c_void, usize) {
    match bytes {
        Some(bytes) => (bytes.as_ptr().cast(), bytes.len()),
        None if buf.at == 0 => (ptr::null(), buf.len as usize),
        None => (unreadable(), buf.len as usize),
    }
}

/// Makes room for what the kernel will write; the pointer is wrong where the program's was.
fn out_ptr(buf: &OutBuf, into: &mut Vec<u8>) -> (*mut c_void, usize) {
    into.clear();
    if buf.ok {
        // What follows the payload in a frame is appended without moving it.
        into.reserve_exact(buf.len as usize + FRAME_END);
        return (into.as_mut_ptr().cast(), buf.len as usize);
    }
    (if buf.at == 0 { ptr::null_mut() } else { unreadable() }, buf.len as usize)
}

/// Takes over the `n` bytes that the kernel wrote (a truncated datagram's `n` may be larger).
#[allow(unsafe_code)]
fn take(into: &mut Vec<u8>, room: usize, n: i64) {
    let n = (n as usize).min(room).min(into.capacity());
    // SAFETY: the kernel has initialised the first min(n, room) bytes of the vector's buffer.
    unsafe { into.set_len(n) };
}

/// `socket(2)`.
#[allow(unsafe_code)]
pub(crate) fn socket(domain: i32, ty: i32, protocol: i32) -> Result<OwnedFd, Errno> {
    // SAFETY: no pointers.
    own(unsafe { libc::socket(domain, ty | OURS, protocol) })
}

/// `socketpair(2)`.
#[allow(unsafe_code)]
pub(crate) fn socketpair(domain: i32, ty: i32, protocol: i32) -> Result<[OwnedFd; 2], Errno> {
    let mut fds = [-1; 2];
    // SAFETY: `fds` has room for two ints.
    check(unsafe { libc::socketpair(domain, ty | OURS, protocol, fds.as_mut_ptr()) }.into())?;
    Ok([own(fds[0])?, own(fds[1])?])
}

/// `pipe2(2)`.
#[allow(unsafe_code)]
pub(crate) fn pipe2(flags: i32) -> Result<[OwnedFd; 2], Errno> {
    let mut fds = [-1; 2];
    let flags = flags | libc::O_NONBLOCK | libc::O_CLOEXEC;
    // SAFETY: `fds` has room for two ints.
    check(unsafe { libc::pipe2(fds.as_mut_ptr(), flags) }.into())?;
    Ok([own(fds[0])?, own(fds[1])?])
}

/// `open(2)` of a FIFO, which is made if nothing has its name, without waiting for the other side.
#[allow(unsafe_code)]
pub(crate) fn open_fifo(path: &std::path::Path, flags: i32) -> Result<OwnedFd, Errno> {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::FileTypeExt;
    let name = CString::new(path.as_os_str().as_bytes()).map_err(|_| Errno::EINVAL)?;
    // SAFETY: a string that ends in NUL.
    match check(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }.into()) {
        Ok(_) | Err(Errno::EEXIST) => {}
        Err(errno) => return Err(errno),
    }
    let ours = libc::O_NONBLOCK | libc::O_CLOEXEC | libc::O_NOFOLLOW;
    // SAFETY: as above; without O_CREAT there is no third argument.
    let fd = own(unsafe { libc::open(name.as_ptr(), flags & libc::O_ACCMODE | ours) })?;
    let file = std::fs::File::from(fd);
    match file.metadata().is_ok_and(|found| found.file_type().is_fifo()) {
        true => Ok(file.into()),
        false => Err(Errno::ENXIO),
    }
}

/// `eventfd2(2)`.
#[allow(unsafe_code)]
pub(crate) fn eventfd(count: u32, flags: i32) -> Result<OwnedFd, Errno> {
    // SAFETY: no pointers.
    own(unsafe { libc::eventfd(count, flags | libc::EFD_NONBLOCK | libc::EFD_CLOEXEC) })
}

/// `timerfd_create(2)`.
#[allow(unsafe_code)]
pub(crate) fn timerfd_create(clock: i32, flags: i32) -> Result<OwnedFd, Errno> {
    // SAFETY: no pointers.
    own(unsafe { libc::timerfd_create(clock, flags | libc::TFD_NONBLOCK | libc::TFD_CLOEXEC) })
}

/// `timerfd_settime(2)`: what was left of the time before.
#[allow(unsafe_code)]
pub(crate) fn timerfd_settime(
    fd: RawFd,
    flags: i32,
    timer: &Ptr<abi::syscall::Timer>,
) -> Result<abi::syscall::Timer, Errno> {
    let raw =
        |time: abi::syscall::Timespec| libc::timespec { tv_sec: time.sec, tv_nsec: time.nsec };
    let value = timer.value.unwrap_or_default();
    let new = libc::itimerspec { it_interval: raw(value.interval), it_value: raw(value.value) };
    let at: *const libc::itimerspec = match pointer(timer) {
        Pointer::Null => ptr::null(),
        Pointer::Unreadable => unreadable().cast(),
        Pointer::Good => &new,
    };
    // SAFETY: all-zero is a valid itimerspec.
    let mut old: libc::itimerspec = unsafe { std::mem::zeroed() };
    // SAFETY: `at` is readable or an address that the kernel refuses; `old` is writable.
    check(unsafe { libc::timerfd_settime(fd, flags, at, &mut old) }.into())?;
    Ok(timer_of(&old))
}

/// `timerfd_gettime(2)`.
#[allow(unsafe_code)]
pub(crate) fn timerfd_gettime(fd: RawFd) -> Result<abi::syscall::Timer, Errno> {
    // SAFETY: all-zero is a valid itimerspec.
    let mut now: libc::itimerspec = unsafe { std::mem::zeroed() };
    // SAFETY: `now` is writable.
    check(unsafe { libc::timerfd_gettime(fd, &mut now) }.into())?;
    Ok(timer_of(&now))
}

fn timer_of(timer: &libc::itimerspec) -> abi::syscall::Timer {
    let time = |raw: libc::timespec| abi::syscall::Timespec { sec: raw.tv_sec, nsec: raw.tv_nsec };
    abi::syscall::Timer { interval: time(timer.it_interval), value: time(timer.it_value) }
}

/// `dup(2)`, close-on-exec.
#[allow(unsafe_code)]
pub(crate) fn dup(fd: RawFd) -> Result<OwnedFd, Errno> {
    // SAFETY: no pointers.
    own(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) })
}

/// `bind(2)`.
#[allow(unsafe_code)]
pub(crate) fn bind(fd: RawFd, name: &Name) -> Result<i64, Errno> {
    // SAFETY: see `Name::as_ptr`.
    check(unsafe { libc::bind(fd, name.as_ptr(), name.len) }.into())
}

/// `connect(2)`.
#[allow(unsafe_code)]
pub(crate) fn connect(fd: RawFd, name: &Name) -> Result<i64, Errno> {
    // SAFETY: see `Name::as_ptr`.
    check(unsafe { libc::connect(fd, name.as_ptr(), name.len) }.into())
}

/// `listen(2)`.
#[allow(unsafe_code)]
pub(crate) fn listen(fd: RawFd, backlog: i32) -> Result<i64, Errno> {
    // SAFETY: no pointers.
    check(unsafe { libc::listen(fd, backlog) }.into())
}

/// `shutdown(2)`.
#[allow(unsafe_code)]
pub(crate) fn shutdown(fd: RawFd, how: i32) -> Result<i64, Errno> {
    // SAFETY: no pointers.
    check(unsafe { libc::shutdown(fd, how) }.into())
}

/// `accept4(2)`.
#[allow(unsafe_code)]
pub(crate) fn accept4(
    fd: RawFd,
    mut room: Room,
    flags: i32,
) -> Result<(OwnedFd, Option<SockAddr>), Errno> {
    let flags = flags | OURS;
    // SAFETY: the room's length is at most that of its buffer, or one that the kernel refuses.
    let fd = own(unsafe { libc::accept4(fd, room.addr_ptr(), room.len_ptr(), flags) })?;
    Ok((fd, room.filled()))
}

/// `getsockname(2)`, or with `peer` `getpeername(2)`.
#[allow(unsafe_code)]
pub(crate) fn name(fd: RawFd, mut room: Room, peer: bool) -> Result<Option<SockAddr>, Errno> {
    let call = if peer { libc::getpeername } else { libc::getsockname };
    // SAFETY: as in `accept4`.
    check(unsafe { call(fd, room.addr_ptr(), room.len_ptr()) }.into())?;
    Ok(room.filled())
}

/// `sendto(2)`, always with `MSG_NOSIGNAL`.
#[allow(unsafe_code)]
pub(crate) fn sendto(
    fd: RawFd,
    buf: &InBuf,
    bytes: Option<&[u8]>,
    flags: i32,
    name: &Name,
) -> Result<i64, Errno> {
    let (at, len) = in_ptr(buf, bytes);
    let flags = flags | libc::MSG_NOSIGNAL;
    // SAFETY: `at` is readable for `len` bytes or an address that the kernel refuses.
    check(unsafe { libc::sendto(fd, at, len, flags, name.as_ptr(), name.len) } as i64)
}

/// `recvfrom(2)`; `into` holds what fitted, the return value is the kernel's.
#[allow(unsafe_code)]
pub(crate) fn recvfrom(
    fd: RawFd,
    buf: &OutBuf,
    into: &mut Vec<u8>,
    flags: i32,
    mut room: Room,
) -> Result<(i64, Option<SockAddr>), Errno> {
    let (at, len) = out_ptr(buf, into);
    // SAFETY: `at` is writable for `len` bytes or an address that the kernel refuses.
    let n = check(
        unsafe { libc::recvfrom(fd, at, len, flags, room.addr_ptr(), room.len_ptr()) } as i64
    )?;
    take(into, len, n);
    // The kernel leaves the length 0 where there is no sender (a connected stream).
    Ok((n, room.filled().filter(|addr| !addr.bytes().is_empty())))
}

/// `read(2)`.
#[allow(unsafe_code)]
pub(crate) fn read(fd: RawFd, buf: &OutBuf, into: &mut Vec<u8>) -> Result<i64, Errno> {
    let (at, len) = out_ptr(buf, into);
    // SAFETY: `at` is writable for `len` bytes or an address that the kernel refuses.
    let n = check(unsafe { libc::read(fd, at, len) } as i64)?;
    take(into, len, n);
    Ok(n)
}

/// `write(2)`, for what is not a socket (those get `MSG_NOSIGNAL`); Rust ignores `SIGPIPE`.
#[allow(unsafe_code)]
pub(crate) fn write(fd: RawFd, buf: &InBuf, bytes: Option<&[u8]>) -> Result<i64, Errno> {
    let (at, len) = in_ptr(buf, bytes);
    // SAFETY: `at` is readable for `len` bytes or an address that the kernel refuses.
    check(unsafe { libc::write(fd, at, len) } as i64)
}

/// `sendmsg(2)` with the buffers as passed, always with `MSG_NOSIGNAL`. `skip` bytes at the
/// beginning have been sent already. `iov_len` is what the program said, for `EMSGSIZE`.
#[allow(unsafe_code)]
pub(crate) fn sendmsg(
    fd: RawFd,
    name: &Name,
    iov: &[InBuf],
    iov_len: u64,
    control: &[u8],
    skip: usize,
    flags: i32,
) -> Result<i64, Errno> {
    let mut skip = skip;
    let mut vectors: Vec<libc::iovec> = Vec::with_capacity(iov.len());
    for buf in iov {
        let bytes = buf.bytes.as_ref().map(|bytes| {
            let n = skip.min(bytes.0.len());
            skip -= n;
            &bytes.0[n..]
        });
        let (at, len) = in_ptr(buf, bytes);
        vectors.push(libc::iovec { iov_base: at.cast_mut(), iov_len: len });
    }
    // SAFETY: all-zero is a valid msghdr.
    let mut msg: libc::msghdr = unsafe { std::mem::zeroed() };
    msg.msg_name = name.as_ptr().cast_mut().cast();
    msg.msg_namelen = name.len;
    msg.msg_iov = vectors.as_mut_ptr();
    // More than UIO_MAXIOV is refused before anything is read; otherwise only what is there.
    msg.msg_iovlen = if iov_len > 1024 { iov_len as usize } else { vectors.len() };
    if !control.is_empty() {
        msg.msg_control = control.as_ptr().cast_mut().cast();
        msg.msg_controllen = control.len();
    }
    let flags = flags | libc::MSG_NOSIGNAL;
    // SAFETY: every pointer is readable for its length or an address that the kernel refuses.
    check(unsafe { libc::sendmsg(fd, &msg, flags) } as i64)
}

/// What `recvmsg(2)` filled.
pub(crate) struct Received {
    /// The return value.
    pub(crate) ret: i64,
    /// `msg_name`.
    pub(crate) addr: Option<SockAddr>,
    /// `msg_flags`.
    pub(crate) flags: i32,
    /// `msg_control`; where descriptors came in it, their numbers here.
    pub(crate) control: Vec<u8>,
    /// Those descriptors.
    pub(crate) rights: Vec<OwnedFd>,
}

/// The descriptors that have just come in control data.
#[allow(unsafe_code)]
fn received_rights(control: &[u8]) -> Vec<OwnedFd> {
    let mut rights = Vec::new();
    each_right(control, |raw| {
        // SAFETY: the kernel has just opened this descriptor for us; nobody else knows its number.
        rights.push(unsafe { OwnedFd::from_raw_fd(raw) });
    });
    rights
}

/// Every number in the `SCM_RIGHTS` messages of control data.
pub(crate) fn each_right(control: &[u8], mut found: impl FnMut(i32)) {
    let mut changed = control.to_vec();
    map_rights(&mut changed, |number| {
        found(number);
        number
    });
}

/// Puts other numbers into the `SCM_RIGHTS` messages of control data.
pub(crate) fn map_rights(control: &mut [u8], mut number: impl FnMut(i32) -> i32) {
    const HEADER: usize = 16; // sizeof(struct cmsghdr): size_t len, int level, int type
    let mut at = 0;
    while let Some(header) = control.get(at..).and_then(|rest| rest.first_chunk::<HEADER>()) {
        let len = usize::from_ne_bytes(*header.first_chunk().expect("16 bytes hold 8"));
        let end = at.saturating_add(len).min(control.len());
        let rights = [libc::SOL_SOCKET, libc::SCM_RIGHTS].map(i32::to_ne_bytes).concat();
        if header[8..] == rights[..] {
            for word in control.get_mut(at + HEADER..end).unwrap_or_default().chunks_exact_mut(4) {
                let old = i32::from_ne_bytes([word[0], word[1], word[2], word[3]]);
                word.copy_from_slice(&number(old).to_ne_bytes());
            }
        }
        at = at.saturating_add(len.clamp(HEADER, control.len()).next_multiple_of(8));
    }
}

/// `recvmsg(2)`: the buffers' room is one run of `into`.
#[allow(unsafe_code)]
pub(crate) fn recvmsg(
    fd: RawFd,
    iov: &[OutBuf],
    iov_len: u64,
    want_name: bool,
    control_len: usize,
    into: &mut Vec<u8>,
    flags: i32,
) -> Result<Received, Errno> {
    let total: usize = iov.iter().filter(|buf| buf.ok).map(|buf| buf.len as usize).sum();
    into.clear();
    into.reserve_exact(total + FRAME_END);
    let mut offset = 0;
    let mut vectors: Vec<libc::iovec> = Vec::with_capacity(iov.len());
    for buf in iov {
        let len = buf.len as usize;
        let base = match buf.ok {
            true => {
                offset += len;
                into.as_mut_ptr().wrapping_add(offset - len).cast()
            }
            false if buf.at == 0 => ptr::null_mut(),
            false => unreadable(),
        };
        vectors.push(libc::iovec { iov_base: base, iov_len: len });
    }
    let mut room = [0_u8; abi::addr::SOCKADDR_STORAGE_LEN];
    // u64s, because cmsghdr is aligned to 8.
    let mut control = vec![0_u64; control_len.min(OPTION_MAX).div_ceil(8)];
    // SAFETY: all-zero is a valid msghdr.
    let mut msg: libc::msghdr = unsafe { std::mem::zeroed() };
    if want_name {
        msg.msg_name = room.as_mut_ptr().cast();
        msg.msg_namelen = room.len() as socklen_t;
    }
    msg.msg_iov = vectors.as_mut_ptr();
    msg.msg_iovlen = if iov_len > 1024 { iov_len as usize } else { vectors.len() };
    if control_len > 0 {
        msg.msg_control = control.as_mut_ptr().cast();
        msg.msg_controllen = control_len.min(OPTION_MAX);
    }
    // SAFETY: every pointer is writable for its length or an address that the kernel refuses.
    let ret = check(unsafe { libc::recvmsg(fd, &mut msg, flags) } as i64)?;
    take(into, offset, ret);
    let name_len = (msg.msg_namelen as usize).min(room.len());
    let control: Vec<u8> =
        control.iter().flat_map(|word| word.to_ne_bytes()).take(msg.msg_controllen).collect();
    let rights = received_rights(&control);
    Ok(Received {
        ret,
        rights,
        addr: (want_name && name_len > 0).then(|| SockAddr(Bytes(room[..name_len].to_vec()))),
        flags: msg.msg_flags & !libc::MSG_CMSG_CLOEXEC,
        control: if control_len > 0 { control } else { Vec::new() },
    })
}

/// `setsockopt(2)`. Options whose value holds a pointer must not come here (see `policy`).
#[allow(unsafe_code)]
pub(crate) fn setsockopt(
    fd: RawFd,
    level: i32,
    name: i32,
    value: &Ptr<Bytes>,
    len: i32,
) -> Result<i64, Errno> {
    let len = len.min(OPTION_MAX as i32);
    let mut bytes = value.value.as_ref().map_or(Vec::new(), |bytes| bytes.0.clone());
    bytes.resize(OPTION_MAX, 0);
    let at: *const c_void = match pointer(value) {
        Pointer::Null => ptr::null(),
        Pointer::Unreadable => unreadable(),
        Pointer::Good => bytes.as_ptr().cast(),
    };
    // SAFETY: `at` is readable for OPTION_MAX >= len bytes or an address that the kernel refuses.
    check(unsafe { libc::setsockopt(fd, level, name, at, len as socklen_t) }.into())
}

/// `getsockopt(2)`: the bytes that the kernel wrote. `ok` false: the program's pointer is wrong.
#[allow(unsafe_code)]
pub(crate) fn getsockopt(
    fd: RawFd,
    level: i32,
    name: i32,
    value: &abi::OutPtr,
    len: &Ptr<i32>,
) -> Result<Vec<u8>, Errno> {
    let mut bytes = vec![0_u8; OPTION_MAX];
    let at: *mut c_void = match (value.ok, value.at) {
        (true, _) => bytes.as_mut_ptr().cast(),
        (false, 0) => ptr::null_mut(),
        (false, _) => unreadable(),
    };
    let mut room = len.value.unwrap_or(0).min(OPTION_MAX as i32) as socklen_t;
    let room_ptr: *mut socklen_t = match pointer(len) {
        Pointer::Null => ptr::null_mut(),
        Pointer::Unreadable => unreadable().cast(),
        Pointer::Good => &mut room,
    };
    // SAFETY: `at` is writable for OPTION_MAX >= room bytes or an address that the kernel refuses.
    check(unsafe { libc::getsockopt(fd, level, name, at, room_ptr) }.into())?;
    bytes.truncate(room as usize);
    Ok(bytes)
}

/// `SO_RCVTIMEO` or `SO_SNDTIMEO` of a socket; `None` waits for ever.
pub(crate) fn timeout(fd: RawFd, name: i32) -> Option<std::time::Duration> {
    let value = getsockopt(fd, libc::SOL_SOCKET, name, &abi::OutPtr::good(), &Ptr::to(16)).ok()?;
    let sec = i64::from_ne_bytes(*value.first_chunk()?);
    let usec = i64::from_ne_bytes(*value.get(8..)?.first_chunk()?);
    let timeout = std::time::Duration::new(sec.try_into().ok()?, (usec * 1000).try_into().ok()?);
    (!timeout.is_zero()).then_some(timeout)
}

/// `TCP_INFO`: the bytes that this kernel has.
pub(crate) fn tcp_info(fd: RawFd) -> Option<Vec<u8>> {
    getsockopt(fd, libc::IPPROTO_TCP, libc::TCP_INFO, &abi::OutPtr::good(), &Ptr::to(512)).ok()
}

/// `poll(2)` without waiting.
#[allow(unsafe_code)]
pub(crate) fn poll_now(fds: &mut [libc::pollfd]) -> Result<i64, Errno> {
    // SAFETY: the slice is as long as `nfds` says.
    check(unsafe { libc::poll(fds.as_mut_ptr(), fds.len() as libc::nfds_t, 0) }.into())
}

/// The events of one descriptor now.
pub(crate) fn revents(fd: RawFd, events: i16) -> i16 {
    let mut fds = [libc::pollfd { fd, events, revents: 0 }];
    poll_now(&mut fds).map_or(0, |_| fds[0].revents)
}

/// `epoll_create1(2)`, or with `size` `epoll_create(2)` whose size the kernel checks.
#[allow(unsafe_code)]
pub(crate) fn epoll_create(size: Option<i32>, flags: i32) -> Result<OwnedFd, Errno> {
    if size.is_some_and(|size| size <= 0) {
        return Err(Errno::EINVAL);
    }
    // SAFETY: no pointers.
    own(unsafe { libc::epoll_create1(flags | libc::EPOLL_CLOEXEC) })
}

/// `epoll_ctl(2)`; `event` is `(events, data)`, `Err(())` an unreadable pointer.
#[allow(unsafe_code)]
pub(crate) fn epoll_ctl(
    epfd: RawFd,
    op: i32,
    fd: RawFd,
    event: &Ptr<(u32, u64)>,
) -> Result<i64, Errno> {
    let (events, data) = event.value.unwrap_or_default();
    let mut value = libc::epoll_event { events, u64: data };
    let at: *mut libc::epoll_event = match pointer(event) {
        Pointer::Null => ptr::null_mut(),
        Pointer::Unreadable => unreadable().cast(),
        Pointer::Good => &mut value,
    };
    // SAFETY: `at` is readable or an address that the kernel refuses.
    check(unsafe { libc::epoll_ctl(epfd, op, fd, at) }.into())
}

/// `epoll_wait(2)` without waiting, for at most 1024 events.
#[allow(unsafe_code)]
pub(crate) fn epoll_now(
    epfd: RawFd,
    out: &abi::OutPtr,
    max_events: i32,
) -> Result<Vec<abi::EpollEvent>, Errno> {
    let max = max_events.min(1024);
    let mut events = vec![libc::epoll_event { events: 0, u64: 0 }; max.max(0) as usize];
    let at: *mut libc::epoll_event = match (out.ok, out.at) {
        (true, _) => events.as_mut_ptr(),
        (false, 0) => ptr::null_mut(),
        (false, _) => unreadable().cast(),
    };
    // SAFETY: `at` has room for `max` events or is an address that the kernel refuses.
    let n = check(unsafe { libc::epoll_wait(epfd, at, max, 0) }.into())?;
    events.truncate(n as usize);
    Ok(events.iter().map(|e| abi::EpollEvent { events: e.events, data: e.u64 }).collect())
}

/// `fcntl(2)` for commands whose argument is an int.
#[allow(unsafe_code)]
pub(crate) fn fcntl(fd: RawFd, cmd: i32, arg: i64) -> Result<i64, Errno> {
    // SAFETY: the caller lets only commands through that take no pointer.
    check(unsafe { libc::fcntl(fd, cmd, arg as c_int) }.into())
}

/// `ioctl(2)` without an argument, for requests that no driver of a socket or pipe knows.
#[allow(unsafe_code)]
pub(crate) fn ioctl_unknown(fd: RawFd, request: u64) -> Result<i64, Errno> {
    // SAFETY: whoever might use the argument as a pointer finds NULL.
    check(unsafe { libc::ioctl(fd, request as libc::c_ulong, 0) }.into())
}

/// `ioctl(2)` for requests that write one int (`FIONREAD`, `SIOCOUTQ`, `SIOCATMARK`).
#[allow(unsafe_code)]
pub(crate) fn ioctl_int(fd: RawFd, request: u64) -> Result<i32, Errno> {
    let mut value: c_int = 0;
    // SAFETY: the caller lets only requests through that write one int.
    check(unsafe { libc::ioctl(fd, request as libc::c_ulong, &mut value) }.into())?;
    Ok(value)
}

/// `SO_ATTACH_FILTER` with a program of ours.
#[allow(unsafe_code)]
pub(crate) fn attach_filter(fd: RawFd, program: &[libc::sock_filter]) -> Result<(), Errno> {
    let filter = libc::sock_fprog {
        len: program.len() as libc::c_ushort,
        filter: program.as_ptr().cast_mut(),
    };
    // SAFETY: `filter` and the program it points to live through the call.
    check(
        unsafe {
            libc::setsockopt(
                fd,
                libc::SOL_SOCKET,
                libc::SO_ATTACH_FILTER,
                (&raw const filter).cast(),
                size_of::<libc::sock_fprog>() as socklen_t,
            )
        }
        .into(),
    )
    .map(|_| ())
}

/// System and release of the running kernel, e.g. `Linux 6.18.0`.
#[allow(unsafe_code)]
pub(crate) fn kernel() -> String {
    // SAFETY: all-zero is a valid utsname, and uname only writes into it.
    let name = unsafe {
        let mut name: libc::utsname = std::mem::zeroed();
        libc::uname(&mut name);
        name
    };
    let text = |field: &[libc::c_char]| -> String {
        field.iter().take_while(|c| **c != 0).map(|c| char::from(*c as u8)).collect()
    };
    format!("{} {}", text(&name.sysname), text(&name.release))
}

/// Raises the soft limit of open descriptors to the hard one; what it is now.
#[allow(unsafe_code)]
pub(crate) fn raise_descriptor_limit() -> u64 {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: both calls read or write the one structure given.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) != 0 {
            return 0;
        }
        let raised = libc::rlimit { rlim_cur: limit.rlim_max, ..limit };
        if libc::setrlimit(libc::RLIMIT_NOFILE, &raised) == 0 {
            limit = raised;
        }
    }
    limit.rlim_cur
}

/// What `getaddrinfo(3)` gave.
pub(crate) struct Looked {
    /// 0 or `EAI_*`.
    pub(crate) code: i32,
    /// `errno`, where the code is `EAI_SYSTEM`.
    pub(crate) errno: Option<Errno>,
    /// The list.
    pub(crate) list: Vec<abi::reply::AddrInfo>,
    /// `ai_canonname` of the first entry.
    pub(crate) canonical: Option<String>,
}

/// `getaddrinfo(3)`: blocks, so only for a pool of threads.
#[allow(unsafe_code)]
pub(crate) fn getaddrinfo(
    node: Option<&[u8]>,
    service: Option<&[u8]>,
    hints: &AddrInfoHints,
) -> Looked {
    let text = |bytes: Option<&[u8]>| {
        bytes.map(|bytes| {
            let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
            CString::new(&bytes[..end]).unwrap_or_default()
        })
    };
    let (node, service) = (text(node), text(service));
    let at = |text: &Option<CString>| text.as_ref().map_or(ptr::null(), |text| text.as_ptr());
    // SAFETY: all-zero is a valid addrinfo.
    let mut asked: libc::addrinfo = unsafe { std::mem::zeroed() };
    asked.ai_flags = hints.flags;
    asked.ai_family = hints.family;
    asked.ai_socktype = hints.socktype;
    asked.ai_protocol = hints.protocol;
    let mut head: *mut libc::addrinfo = ptr::null_mut();
    // SAFETY: the strings and the hints outlive the call.
    let code = unsafe { libc::getaddrinfo(at(&node), at(&service), &asked, &mut head) };
    let errno = (code == libc::EAI_SYSTEM).then(errno);
    let mut looked = Looked { code, errno, list: Vec::new(), canonical: None };
    if code != 0 {
        return looked;
    }
    let mut next = head;
    // SAFETY: getaddrinfo returned 0, so `head` is a list that ends in NULL, whose addresses are
    // `ai_addrlen` bytes long, and that is ours to free once.
    unsafe {
        while let Some(entry) = next.as_ref() {
            let bytes =
                std::slice::from_raw_parts(entry.ai_addr.cast::<u8>(), entry.ai_addrlen as usize);
            looked.list.push(abi::reply::AddrInfo {
                family: entry.ai_family,
                socktype: entry.ai_socktype,
                protocol: entry.ai_protocol,
                addr: SockAddr(bytes.into()),
            });
            if looked.canonical.is_none() && !entry.ai_canonname.is_null() {
                let name = CStr::from_ptr(entry.ai_canonname);
                looked.canonical = Some(name.to_string_lossy().into_owned());
            }
            next = entry.ai_next;
        }
        libc::freeaddrinfo(head);
    }
    looked
}

/// `getnameinfo(3)`: 0 or `EAI_*`, host and service. Blocks, so only for a pool of threads.
#[allow(unsafe_code)]
pub(crate) fn getnameinfo(addr: &SockAddr, flags: i32) -> (i32, String, String) {
    let name = Name::of(&AddrIn::of(addr.clone()));
    let (mut host, mut service) = ([0 as libc::c_char; 1025], [0 as libc::c_char; 64]);
    // SAFETY: the address is a full sockaddr_storage, the buffers are as long as said.
    let code = unsafe {
        libc::getnameinfo(
            name.as_ptr(),
            name.len,
            host.as_mut_ptr(),
            host.len() as socklen_t,
            service.as_mut_ptr(),
            service.len() as socklen_t,
            flags,
        )
    };
    let text = |buf: &[libc::c_char]| -> String {
        buf.iter().take_while(|c| **c != 0).map(|c| char::from(*c as u8)).collect()
    };
    (code, text(&host), text(&service))
}
