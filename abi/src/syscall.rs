//! Every call that a program can make, as the kernel sees it.
//!
//! Level: the *kernel's* calls of Linux x86-64, as strace names them. What libc adds is libc's
//! business (`cc`): `send(3)` becomes [`Syscall::Sendto`] without an address, `sleep(3)` becomes
//! [`Syscall::ClockNanosleep`], `printf(3)` ends in [`Syscall::Write`]. Three exceptions, marked
//! "library call", are answered by the host because their many small system calls would hide what
//! is being taught: [`Syscall::Getaddrinfo`], [`Syscall::Getnameinfo`] and
//! [`Syscall::Getifaddrs`]. Winsock's own calls ([`Syscall::WsaStartup`] …) exist only on Windows
//! hosts.
//!
//! Raw values survive: `socket(7, 99, 3)` is representable and the kernel says what is wrong. A
//! pointer argument keeps its address (for printing and for NULL) beside what could be read
//! there, so that a kernel can order its checks as Linux does (`EBADF` before `EFAULT`, …).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A file descriptor of a process; in page⇄bridge messages, a session's opaque handle.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fd(pub i32);

/// A process (or thread) number.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Pid(pub i32);

impl std::fmt::Display for Fd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Display for Pid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Bytes; base64 (no padding) in JSON.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD_NO_PAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD_NO_PAD.decode(&text).map(Bytes).map_err(serde::de::Error::custom)
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Bytes {
        Bytes(bytes.to_vec())
    }
}

/// A pointer that the kernel reads a `T` through: `at == 0` is NULL; `value` is `None` where the
/// memory cannot be read (`EFAULT`, if the kernel gets as far as reading it).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ptr<T> {
    /// The address that the program passed.
    pub at: u64,
    /// What was read there.
    pub value: Option<T>,
}

impl<T> Ptr<T> {
    /// NULL.
    pub fn null() -> Ptr<T> {
        Ptr { at: 0, value: None }
    }

    /// A good pointer to `value`, with a made-up non-zero address.
    pub fn to(value: T) -> Ptr<T> {
        Ptr { at: 0x7ffc_0000_1000, value: Some(value) }
    }

    /// Whether the program passed NULL.
    pub fn is_null(&self) -> bool {
        self.at == 0
    }
}

/// A pointer that the kernel writes through.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OutPtr {
    /// The address that the program passed; 0 is NULL.
    pub at: u64,
    /// Whether the memory can be written (`EFAULT` otherwise).
    pub ok: bool,
}

impl OutPtr {
    /// NULL.
    pub fn null() -> OutPtr {
        OutPtr { at: 0, ok: false }
    }

    /// A good pointer, with a made-up address.
    pub fn good() -> OutPtr {
        OutPtr { at: 0x7ffc_0000_2000, ok: true }
    }
}

/// Data that the kernel reads: `write(2)`'s buffer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InBuf {
    /// The address that the program passed.
    pub at: u64,
    /// The length that the program passed.
    pub len: u64,
    /// The bytes, `None` where the memory cannot be read. Empty when `len` is 0.
    pub bytes: Option<Bytes>,
}

impl InBuf {
    /// A good buffer holding `bytes`.
    pub fn of(bytes: &[u8]) -> InBuf {
        InBuf { at: 0x7ffc_0000_3000, len: bytes.len() as u64, bytes: Some(bytes.into()) }
    }
}

/// Room that the kernel fills: `read(2)`'s buffer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OutBuf {
    /// The address that the program passed.
    pub at: u64,
    /// The length that the program passed.
    pub len: u64,
    /// Whether the memory can be written.
    pub ok: bool,
}

impl OutBuf {
    /// A good buffer of `len` bytes.
    pub fn of(len: u64) -> OutBuf {
        OutBuf { at: 0x7ffc_0000_4000, len, ok: true }
    }
}

/// `const struct sockaddr *addr, socklen_t addrlen`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AddrIn {
    /// The pointer and the bytes read there: `min(max(len, 0), 128)` of them.
    pub addr: Ptr<crate::SockAddr>,
    /// The length that the program passed, as a signed int.
    pub len: i32,
}

impl AddrIn {
    /// NULL, 0.
    pub fn null() -> AddrIn {
        AddrIn { addr: Ptr::null(), len: 0 }
    }

    /// A good pointer to `addr` with its own length.
    pub fn of(addr: crate::SockAddr) -> AddrIn {
        AddrIn { len: addr.bytes().len() as i32, addr: Ptr::to(addr) }
    }
}

/// `struct sockaddr *addr, socklen_t *addrlen`, value-result.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AddrOut {
    /// Where the address goes; NULL means "not wanted" where the call allows it.
    pub addr: OutPtr,
    /// Where the room's length is read and the address's full length is written.
    pub len: Ptr<i32>,
}

impl AddrOut {
    /// NULL, NULL.
    pub fn null() -> AddrOut {
        AddrOut { addr: OutPtr::null(), len: Ptr::null() }
    }

    /// Room for `len` bytes.
    pub fn room(len: i32) -> AddrOut {
        AddrOut { addr: OutPtr::good(), len: Ptr::to(len) }
    }
}

/// `struct pollfd` as passed in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PollFd {
    /// Negative: ignored.
    pub fd: Fd,
    /// Requested events.
    pub events: i16,
}

/// `struct timespec`; also carries a `struct timeval` (`nsec` = `usec` × 1000, sign kept).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Timespec {
    /// Seconds, raw.
    pub sec: i64,
    /// Nanoseconds, raw (may be out of range: `EINVAL` is the kernel's to say).
    pub nsec: i64,
}

/// One `struct msghdr`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MsgIn {
    /// `msg_name`, `msg_namelen`.
    pub name: AddrIn,
    /// `msg_iov`, already gathered; `None` inside an element is `EFAULT`.
    pub iov: Vec<InBuf>,
    /// `msg_iovlen` as passed.
    pub iov_len: u64,
    /// `msg_control`.
    pub control: Bytes,
}

/// One `struct msghdr` to be filled.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MsgOut {
    /// `msg_name` with room `msg_namelen`.
    pub name: OutPtr,
    /// `msg_namelen` as passed.
    pub name_len: i32,
    /// `msg_iov`.
    pub iov: Vec<OutBuf>,
    /// `msg_iovlen` as passed.
    pub iov_len: u64,
    /// `msg_controllen` as passed.
    pub control_len: u64,
}

/// `fd_set`s of `select(2)`: the members below `nfds`, sorted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FdSets {
    /// `readfds`; `None` is NULL.
    pub read: Option<Vec<Fd>>,
    /// `writefds`.
    pub write: Option<Vec<Fd>>,
    /// `exceptfds`.
    pub except: Option<Vec<Fd>>,
}

/// What a signal does: `struct sigaction`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SigAction {
    /// Handler address in the program; 0 is `SIG_DFL`, 1 is `SIG_IGN`.
    pub handler: u64,
    /// `SA_*`.
    pub flags: i32,
    /// Signals blocked while the handler runs, bit `signo - 1`.
    pub mask: u64,
}

/// `struct flock` of `fcntl(2)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FileLock {
    /// `F_RDLCK`, `F_WRLCK`, `F_UNLCK`.
    pub kind: i16,
    /// `SEEK_*`: what `start` counts from.
    pub whence: i16,
    /// First byte.
    pub start: i64,
    /// Bytes; 0 is up to the end, however far that will be.
    pub len: i64,
    /// Who holds it (`F_GETLK`).
    pub pid: i32,
}

/// `struct itimerspec`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Timer {
    /// Period; 0 is once.
    pub interval: Timespec,
    /// Time to the first expiration; 0 disarms.
    pub value: Timespec,
}

/// `struct sigevent`: how somebody is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SigEvent {
    /// `sigev_notify`: `SIGEV_*`.
    pub notify: i32,
    /// `sigev_signo`.
    pub signal: i32,
    /// `sigev_value`.
    pub value: i64,
}

/// `siginfo_t`, what of it the kernel here fills. Its fields share places, as in C: `SIGIO` has
/// `si_band` in `pid` and `si_fd` in `value`, a timer's signal the timer and its overruns in `pid`
/// and `uid`, a fault its address in both ([`SigInfo::address`]).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SigInfo {
    /// `si_signo`.
    pub signal: i32,
    /// `si_code`.
    pub code: i32,
    /// `si_pid`.
    pub pid: i32,
    /// `si_uid`.
    pub uid: u32,
    /// `si_status` of a child, `si_value` of `sigqueue(3)`.
    pub value: i64,
}

impl SigInfo {
    /// Of an access to `address`, or an instruction there.
    pub fn fault(signal: i32, code: i32, address: u64) -> SigInfo {
        SigInfo { signal, code, pid: address as i32, uid: (address >> 32) as u32, value: 0 }
    }

    /// `si_addr`.
    pub fn address(&self) -> u64 {
        u64::from(self.uid) << 32 | u64::from(self.pid as u32)
    }
}

/// `struct shmid_ds`, `struct semid_ds`, `struct msqid_ds`: what `IPC_STAT` tells; of it `IPC_SET`
/// changes owner, permissions and a queue's `size`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct IpcStat {
    /// `IPC_PRIVATE` (0) or the key.
    pub key: i32,
    /// The owner: user and group.
    pub owner: (u32, u32),
    /// The maker.
    pub maker: (u32, u32),
    /// Permission bits.
    pub mode: u32,
    /// Bytes of a segment, most bytes of a queue.
    pub size: u64,
    /// Attachments, messages, semaphores.
    pub count: u64,
    /// Bytes of all messages.
    pub bytes: u64,
    /// Attached, detached, changed; sent, received, changed; operated, 0, changed: seconds.
    pub times: [i64; 3],
    /// Maker and last user of a segment; last sender and receiver.
    pub pids: [i32; 2],
}

/// A memory word that threads or processes wait on. Processes that share memory name the same
/// word by segment and offset; a private word is named by its address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum FutexKey {
    /// In the caller's own address space.
    Private(u64),
    /// In a shared segment: its number and the offset.
    Shared(u32, u64),
}

/// One operation of `semop(2)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SemBuf {
    /// Which semaphore of the set.
    pub num: u16,
    /// Added; negative waits.
    pub op: i16,
    /// `IPC_NOWAIT`, `SEM_UNDO`.
    pub flags: i16,
}

/// `struct addrinfo` as hints.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct AddrInfoHints {
    /// `AI_*`.
    pub flags: i32,
    /// `AF_*`.
    pub family: i32,
    /// `SOCK_*`, 0 for any.
    pub socktype: i32,
    /// `IPPROTO_*`, 0 for any.
    pub protocol: i32,
}

/// A system call with the arguments that the program passed. Each variant is named after its
/// man page in section 2 unless it says "library call".
#[allow(missing_docs)] // the fields are the man page's arguments, named as there
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum Syscall {
    // ---- files and descriptors
    Read {
        fd: Fd,
        buf: OutBuf,
    },
    Write {
        fd: Fd,
        buf: InBuf,
    },
    Readv {
        fd: Fd,
        iov: Vec<OutBuf>,
        count: i32,
    },
    Writev {
        fd: Fd,
        iov: Vec<InBuf>,
        count: i32,
    },
    Close {
        fd: Fd,
    },
    Openat {
        path: Ptr<Bytes>,
        flags: i32,
        mode: u32,
    },
    Unlink {
        path: Ptr<Bytes>,
    },
    Mkdir {
        path: Ptr<Bytes>,
        mode: u32,
    },
    Mkfifo {
        path: Ptr<Bytes>,
        mode: u32,
    },
    Chmod {
        path: Ptr<Bytes>,
        mode: u32,
    },
    Access {
        path: Ptr<Bytes>,
        mode: i32,
    },
    /// `stat(2)`: the answer is [`crate::Out::Stat`].
    Stat {
        path: Ptr<Bytes>,
        out: OutPtr,
    },
    Fstat {
        fd: Fd,
        out: OutPtr,
    },
    /// `lstat(2)`: the answer is [`crate::Out::Stat`].
    Lstat {
        path: Ptr<Bytes>,
        out: OutPtr,
    },
    Link {
        old: Ptr<Bytes>,
        new: Ptr<Bytes>,
    },
    Symlink {
        target: Ptr<Bytes>,
        path: Ptr<Bytes>,
    },
    /// The bytes, without a NUL, are in [`crate::Out::Bytes`].
    Readlink {
        path: Ptr<Bytes>,
        buf: OutBuf,
    },
    /// `chown(2)`; -1 leaves a number as it is.
    Chown {
        path: Ptr<Bytes>,
        uid: i32,
        gid: i32,
    },
    Lchown {
        path: Ptr<Bytes>,
        uid: i32,
        gid: i32,
    },
    Fchown {
        fd: Fd,
        uid: i32,
        gid: i32,
    },
    Fchmod {
        fd: Fd,
        mode: u32,
    },
    Fchdir {
        fd: Fd,
    },
    /// `utimensat(2)`: of the file at `path`, or where that is NULL of what `fd` refers to.
    Utimensat {
        fd: Fd,
        path: Ptr<Bytes>,
        times: Ptr<[Timespec; 2]>,
        flags: i32,
    },
    Lseek {
        fd: Fd,
        offset: i64,
        whence: i32,
    },
    Ftruncate {
        fd: Fd,
        length: i64,
    },
    Truncate {
        path: Ptr<Bytes>,
        length: i64,
    },
    Rename {
        old: Ptr<Bytes>,
        new: Ptr<Bytes>,
    },
    Rmdir {
        path: Ptr<Bytes>,
    },
    Chdir {
        path: Ptr<Bytes>,
    },
    /// The bytes, NUL included, are in [`crate::Out::Bytes`].
    Getcwd {
        buf: OutBuf,
    },
    Umask {
        mask: u32,
    },
    Fsync {
        fd: Fd,
    },
    Fdatasync {
        fd: Fd,
    },
    Pread64 {
        fd: Fd,
        buf: OutBuf,
        offset: i64,
    },
    Pwrite64 {
        fd: Fd,
        buf: InBuf,
        offset: i64,
    },
    /// The entries are whole `struct linux_dirent64`s in [`crate::Out::Bytes`].
    Getdents64 {
        fd: Fd,
        buf: OutBuf,
    },
    Flock {
        fd: Fd,
        operation: i32,
    },
    /// `fcntl(2)` with `F_GETLK`, `F_SETLK`, `F_SETLKW`: the answer of the first is
    /// [`crate::Out::Lock`].
    FcntlLock {
        fd: Fd,
        cmd: i32,
        lock: Ptr<FileLock>,
    },
    /// The new offset, where one was passed, is in [`crate::Out::Words`].
    Sendfile {
        out: Fd,
        input: Fd,
        offset: Ptr<i64>,
        count: u64,
    },
    /// `splice(2)`; offsets as in [`Syscall::Sendfile`] are refused for pipes, so they are only
    /// told to be there.
    Splice {
        input: Fd,
        input_offset: Ptr<i64>,
        output: Fd,
        output_offset: Ptr<i64>,
        count: u64,
        flags: u32,
    },
    Tee {
        input: Fd,
        output: Fd,
        count: u64,
        flags: u32,
    },
    Getrandom {
        buf: OutBuf,
        flags: u32,
    },
    Dup {
        fd: Fd,
    },
    Dup2 {
        old: Fd,
        new: Fd,
    },
    Dup3 {
        old: Fd,
        new: Fd,
        flags: i32,
    },
    Fcntl {
        fd: Fd,
        cmd: i32,
        arg: i64,
    },
    /// `arg` is the int read through the pointer for requests that take one (`FIONBIO`).
    Ioctl {
        fd: Fd,
        request: u64,
        arg: Ptr<i32>,
    },
    /// `ioctl(2)` about network interfaces, netdevice(7): the argument is a `struct ifreq` (40
    /// bytes), answered by one in [`crate::Out::Bytes`], or for `SIOCGIFCONF` a `struct ifconf`
    /// (16 bytes), answered by the list of `ifreq`s or, where its buffer is NULL, by the length
    /// in [`crate::Out::Words`].
    IoctlIf {
        fd: Fd,
        request: u64,
        arg: Ptr<Bytes>,
    },
    Pipe2 {
        fds: OutPtr,
        flags: i32,
    },

    // ---- sockets
    Socket {
        domain: i32,
        ty: i32,
        protocol: i32,
    },
    Socketpair {
        domain: i32,
        ty: i32,
        protocol: i32,
        fds: OutPtr,
    },
    Bind {
        fd: Fd,
        addr: AddrIn,
    },
    Listen {
        fd: Fd,
        backlog: i32,
    },
    Accept {
        fd: Fd,
        addr: AddrOut,
    },
    Accept4 {
        fd: Fd,
        addr: AddrOut,
        flags: i32,
    },
    Connect {
        fd: Fd,
        addr: AddrIn,
    },
    /// `sendto(2)`, and `send(2)` when `addr` is NULL.
    Sendto {
        fd: Fd,
        buf: InBuf,
        flags: i32,
        addr: AddrIn,
    },
    /// `recvfrom(2)`, and `recv(2)` when `addr` is NULL.
    Recvfrom {
        fd: Fd,
        buf: OutBuf,
        flags: i32,
        addr: AddrOut,
    },
    /// `msg` is `None` where the header cannot be read.
    Sendmsg {
        fd: Fd,
        msg: Option<MsgIn>,
        flags: i32,
    },
    Recvmsg {
        fd: Fd,
        msg: Option<MsgOut>,
        flags: i32,
    },
    /// How many bytes of each message went is in [`crate::Out::Words`].
    Sendmmsg {
        fd: Fd,
        msgs: Vec<MsgIn>,
        count: u32,
        flags: i32,
    },
    /// The messages are in [`crate::Out::Msgs`].
    Recvmmsg {
        fd: Fd,
        msgs: Vec<MsgOut>,
        count: u32,
        flags: i32,
        timeout: Ptr<Timespec>,
    },
    Shutdown {
        fd: Fd,
        how: i32,
    },
    Getsockname {
        fd: Fd,
        addr: AddrOut,
    },
    Getpeername {
        fd: Fd,
        addr: AddrOut,
    },
    Setsockopt {
        fd: Fd,
        level: i32,
        name: i32,
        value: Ptr<Bytes>,
        len: i32,
    },
    Getsockopt {
        fd: Fd,
        level: i32,
        name: i32,
        value: OutPtr,
        len: Ptr<i32>,
    },

    // ---- readiness
    Poll {
        fds: Ptr<Vec<PollFd>>,
        nfds: u64,
        timeout_ms: i32,
    },
    /// `select(2)`: glibc makes `pselect6` of it.
    Select {
        nfds: i32,
        sets: FdSets,
        timeout: Ptr<Timespec>,
    },
    EpollCreate {
        size: i32,
    },
    EpollCreate1 {
        flags: i32,
    },
    /// `event` is `(events, data)`.
    EpollCtl {
        epfd: Fd,
        op: i32,
        fd: Fd,
        event: Ptr<(u32, u64)>,
    },
    EpollWait {
        epfd: Fd,
        events: OutPtr,
        max_events: i32,
        timeout_ms: i32,
    },
    /// `mask` is the signal mask while the call sleeps, NULL for the thread's own.
    Ppoll {
        fds: Ptr<Vec<PollFd>>,
        nfds: u64,
        timeout: Ptr<Timespec>,
        mask: Ptr<u64>,
    },
    /// `pselect6(2)` with a signal mask; without one it is [`Syscall::Select`].
    Pselect {
        nfds: i32,
        sets: FdSets,
        timeout: Ptr<Timespec>,
        mask: Ptr<u64>,
    },
    EpollPwait {
        epfd: Fd,
        events: OutPtr,
        max_events: i32,
        timeout_ms: i32,
        mask: Ptr<u64>,
    },
    Eventfd2 {
        count: u32,
        flags: i32,
    },
    TimerfdCreate {
        clock: i32,
        flags: i32,
    },
    /// What was left before: value and interval in [`crate::Out::Timer`].
    TimerfdSettime {
        fd: Fd,
        flags: i32,
        timer: Ptr<Timer>,
        /// Where the time before is wanted; its address 0: nowhere.
        #[serde(default = "OutPtr::null")]
        old: OutPtr,
    },
    TimerfdGettime {
        fd: Fd,
    },
    Signalfd4 {
        fd: Fd,
        mask: Ptr<u64>,
        flags: i32,
    },

    // ---- processes and threads
    Fork,
    /// The caller sleeps until the child has ended or become another program, whose memory it is.
    Vfork,
    /// A thread: `entry(arg)` runs in the caller's memory (`clone(2)` as `pthread_create` uses it).
    ThreadCreate {
        entry: u64,
        arg: u64,
    },
    /// Ends the calling thread; `value` is kept for the one who joins.
    ThreadExit {
        value: u64,
    },
    /// Waits for a thread's end (`pthread_join(3)`; a futex wait on Linux). `ret` is 0 and the
    /// thread's value is in [`crate::Out::Words`].
    ThreadJoin {
        tid: Pid,
    },
    ThreadDetach {
        tid: Pid,
    },
    Execve {
        path: Ptr<Bytes>,
        argv: Vec<Bytes>,
        envp: Vec<Bytes>,
    },
    ExitGroup {
        status: i32,
    },
    Wait4 {
        pid: Pid,
        status: OutPtr,
        options: i32,
    },
    /// The answer is [`crate::Out::SigInfo`]; nothing with `WNOHANG` and no child that has changed.
    Waitid {
        which: i32,
        id: i32,
        info: OutPtr,
        options: i32,
    },
    Setsid,
    Getsid {
        pid: Pid,
    },
    Setpgid {
        pid: Pid,
        group: Pid,
    },
    Getpgid {
        pid: Pid,
    },
    Getpgrp,
    Getpid,
    Getppid,
    Gettid,
    Getuid,
    Geteuid,
    Getgid,
    Getegid,
    Setuid {
        uid: u32,
    },
    Setgid {
        gid: u32,
    },
    /// `seteuid(3)`, `setreuid(2)` and others: -1 leaves a number as it is.
    Setresuid {
        real: i32,
        effective: i32,
        saved: i32,
    },
    Setreuid {
        real: i32,
        effective: i32,
    },
    Setregid {
        real: i32,
        effective: i32,
    },
    Setresgid {
        real: i32,
        effective: i32,
        saved: i32,
    },
    /// Real, effective and saved number in [`crate::Out::Words`].
    Getresuid,
    Getresgid,
    /// The kernel's answer is 20 less the nice value.
    Getpriority {
        which: i32,
        who: i32,
    },
    Setpriority {
        which: i32,
        who: i32,
        priority: i32,
    },
    Sethostname {
        name: InBuf,
    },
    /// With `PR_GET_NAME` and the like the answer is in [`crate::Out::Bytes`].
    Prctl {
        option: i32,
        arg: u64,
        /// `PR_SET_NAME`: the string at `arg`.
        #[serde(default)]
        name: Option<Bytes>,
    },
    /// User and system time, nanoseconds, in [`crate::Out::Words`].
    Getrusage {
        who: i32,
    },
    /// The four times in clock ticks of 10 ms, in [`crate::Out::Words`].
    Times,
    SchedYield,
    /// Waits while the word still holds `expected`; `seen` is what it holds at the call. With a
    /// relative timeout.
    FutexWait {
        key: FutexKey,
        expected: u32,
        seen: u32,
        timeout: Option<Timespec>,
    },
    FutexWake {
        key: FutexKey,
        count: i32,
    },
    Getrlimit {
        resource: i32,
    },
    Setrlimit {
        resource: i32,
        soft: u64,
        hard: u64,
    },
    Uname,

    // ---- signals and time
    RtSigaction {
        signal: i32,
        new: Ptr<SigAction>,
        /// Where the action before is wanted; its address 0: nowhere.
        #[serde(default = "OutPtr::null")]
        old: OutPtr,
    },
    RtSigprocmask {
        how: i32,
        set: Ptr<u64>,
        /// Where the mask before is wanted; its address 0: nowhere.
        #[serde(default = "OutPtr::null")]
        old: OutPtr,
    },
    /// The set is in [`crate::Out::Words`].
    RtSigpending,
    /// `sigwait(3)`, `sigwaitinfo(2)`, `sigtimedwait(2)`: the answer is [`crate::Out::SigInfo`].
    RtSigtimedwait {
        set: Ptr<u64>,
        info: OutPtr,
        timeout: Ptr<Timespec>,
    },
    /// `sigqueue(3)`.
    RtSigqueueinfo {
        pid: Pid,
        signal: i32,
        value: i64,
        /// Who the caller says it is: `si_pid` and `si_uid`.
        #[serde(default)]
        from: (i32, u32),
    },
    /// The end of a handler; nobody writes it, every handler makes it.
    RtSigreturn,
    Sigsuspend {
        mask: u64,
    },
    Kill {
        pid: Pid,
        signal: i32,
    },
    Tgkill {
        pid: Pid,
        tid: Pid,
        signal: i32,
    },
    Pause,
    Alarm {
        seconds: u32,
    },
    Setitimer {
        which: i32,
        value: Timespec,
        interval: Timespec,
    },
    /// Interval and value, seconds and nanoseconds each, in [`crate::Out::Words`].
    Getitimer {
        which: i32,
    },
    /// The timer's number is in [`crate::Out::Words`].
    TimerCreate {
        clock: i32,
        event: Ptr<SigEvent>,
        id: OutPtr,
    },
    /// What was left before: value and interval in [`crate::Out::Timer`].
    TimerSettime {
        id: i32,
        flags: i32,
        timer: Ptr<Timer>,
        old: OutPtr,
    },
    TimerGettime {
        id: i32,
        out: OutPtr,
    },
    TimerGetoverrun {
        id: i32,
    },
    TimerDelete {
        id: i32,
    },
    /// `sigaltstack(2)`: stack, flags and size before in [`crate::Out::Words`].
    Sigaltstack {
        new: Ptr<(u64, i32, u64)>,
        old: OutPtr,
    },
    ClockGettime {
        clock: i32,
    },
    /// `nanosleep(2)`, `sleep(3)`, `usleep(3)`.
    ClockNanosleep {
        clock: i32,
        flags: i32,
        request: Ptr<Timespec>,
        /// Where the time that is left goes; NULL: nowhere.
        rest: OutPtr,
    },

    // ---- memory shared between processes
    /// `shm_open(3)` is `openat` under `/dev/shm`. `at` is where the machine will put the mapping.
    Mmap {
        at: u64,
        len: u64,
        prot: i32,
        flags: i32,
        fd: Fd,
        offset: i64,
    },
    /// `mapped`: whether all of the range is memory of the program.
    Mprotect {
        at: u64,
        len: u64,
        prot: i32,
        mapped: bool,
    },
    Munmap {
        at: u64,
        len: u64,
    },
    Shmget {
        key: i32,
        size: u64,
        flags: i32,
    },
    /// `at` is where the machine will put the segment.
    Shmat {
        id: i32,
        at: u64,
        flags: i32,
    },
    Shmdt {
        at: u64,
    },
    /// The answer of `IPC_STAT` is [`crate::Out::IpcStat`], as of `semctl` and `msgctl`.
    Shmctl {
        id: i32,
        cmd: i32,
        buf: Ptr<IpcStat>,
    },
    Semget {
        key: i32,
        count: i32,
        flags: i32,
    },
    Semop {
        id: i32,
        ops: Vec<SemBuf>,
        /// `semtimedop(2)`: how long at most.
        #[serde(default = "Ptr::null")]
        timeout: Ptr<Timespec>,
    },
    Semctl {
        id: i32,
        num: i32,
        cmd: i32,
        arg: i32,
        buf: Ptr<IpcStat>,
    },
    /// `semctl(2)` with `SETALL`; `values` is `None` where they cannot be read.
    SemctlSetall {
        id: i32,
        values: Ptr<Vec<u16>>,
    },
    Msgget {
        key: i32,
        flags: i32,
    },
    Msgsnd {
        id: i32,
        mtype: i64,
        buf: InBuf,
        flags: i32,
    },
    /// The answer is [`crate::Out::Mtext`].
    Msgrcv {
        id: i32,
        buf: OutBuf,
        mtype: i64,
        flags: i32,
    },
    Msgctl {
        id: i32,
        cmd: i32,
        buf: Ptr<IpcStat>,
    },
    MqOpen {
        name: Ptr<Bytes>,
        flags: i32,
        mode: u32,
        /// 0: no attributes are given, so the kernel chooses.
        max_messages: i64,
        message_size: i64,
    },
    MqSend {
        fd: Fd,
        buf: InBuf,
        priority: u32,
        /// `mq_timedsend(3)`: until when, on the wall clock.
        #[serde(default = "Ptr::null")]
        timeout: Ptr<Timespec>,
    },
    MqReceive {
        fd: Fd,
        buf: OutBuf,
        /// Where the priority is wanted; its address 0: nowhere.
        #[serde(default = "OutPtr::null")]
        priority: OutPtr,
        /// `mq_timedreceive(3)`: until when, on the wall clock.
        #[serde(default = "Ptr::null")]
        timeout: Ptr<Timespec>,
    },
    /// `mq_notify(3)`; NULL: no more.
    MqNotify {
        fd: Fd,
        event: Ptr<SigEvent>,
    },
    /// `mq_getattr(3)`, `mq_setattr(3)`: the old flags, `mq_maxmsg`, `mq_msgsize`, `mq_curmsgs` in
    /// [`crate::Out::Words`].
    MqGetsetattr {
        fd: Fd,
        flags: Option<i64>,
    },
    MqUnlink {
        name: Ptr<Bytes>,
    },

    // ---- names
    /// Library call `getaddrinfo(3)`: `ret` is 0 or an `EAI_*`, the list is in
    /// [`crate::Out::AddrInfo`].
    Getaddrinfo {
        node: Option<Bytes>,
        service: Option<Bytes>,
        hints: AddrInfoHints,
    },
    /// Library call `getnameinfo(3)`: the names are in [`crate::Out::Names`].
    Getnameinfo {
        addr: crate::SockAddr,
        flags: i32,
    },
    /// Library call `getifaddrs(3)`, in glibc a dialogue over a netlink socket: the list is in
    /// [`crate::Out::IfAddrs`].
    Getifaddrs,

    // ---- Winsock (Windows hosts)
    /// `WSAStartup`: `version` is the WORD as passed, low byte major, high byte minor.
    WsaStartup {
        version: u16,
    },
    WsaCleanup,
    /// `closesocket`.
    Closesocket {
        fd: Fd,
    },
}
