//! What a kernel answers: a return value or an [`Errno`], and what it wrote through pointers.

use crate::{Bytes, Errno, Fd, SockAddr, syscall::Timespec};
use serde::{Deserialize, Serialize};

/// The answer to one system call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reply {
    /// The return value, or the error.
    pub ret: Result<i64, Errno>,
    /// What went back through pointers.
    #[serde(default, skip_serializing_if = "Out::is_none")]
    pub out: Out,
}

impl Reply {
    /// Success without out-parameters.
    pub fn ok(ret: i64) -> Reply {
        Reply { ret: Ok(ret), out: Out::None }
    }

    /// Success with out-parameters.
    pub fn with(ret: i64, out: Out) -> Reply {
        Reply { ret: Ok(ret), out }
    }

    /// Failure.
    pub fn err(errno: Errno) -> Reply {
        Reply { ret: Err(errno), out: Out::None }
    }
}

/// Out-parameters. An address is always the full one: whoever writes it into the program's
/// memory cuts it to the caller's room and stores the full length (`accept(2)`).
#[allow(missing_docs)] // the fields are the man page's
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(tag = "out", rename_all = "snake_case")]
pub enum Out {
    #[default]
    None,
    /// `read`, `recv`, `getsockopt`: the bytes to store. `truncated` datagrams hold only what fits.
    Bytes { bytes: Bytes },
    /// `recvfrom`, with the sender where there is one.
    From { bytes: Bytes, addr: Option<SockAddr> },
    /// `recvmsg`.
    Msg { bytes: Bytes, addr: Option<SockAddr>, flags: i32, control: Bytes },
    /// `accept`, `getsockname`, `getpeername`.
    Addr { addr: SockAddr },
    /// `pipe`, `socketpair`.
    Fds { fds: [Fd; 2] },
    /// `poll`: one `revents` for each entry.
    Revents { revents: Vec<i16> },
    /// `select`: members that are ready; the time left.
    Selected { read: Vec<Fd>, write: Vec<Fd>, except: Vec<Fd>, left: Option<Timespec> },
    /// `epoll_wait`.
    Events { events: Vec<EpollEvent> },
    /// `wait4`: the status word.
    Status { status: i32 },
    /// `clock_gettime`; `nanosleep` interrupted: the time left.
    Time { time: Timespec },
    /// `ioctl`, `getrlimit` (soft, hard), `sigprocmask` (old set), `pthread_join`: words.
    Words { words: Vec<u64> },
    /// The previous `sigaction`.
    Action { action: crate::syscall::SigAction },
    /// `mmap`, `shmat`: the shared segment now mapped (`None`: fresh private memory).
    Mapped { segment: Option<u32>, offset: u64, len: u64, writable: bool },
    /// `mmap` with `MAP_PRIVATE` of a file: a copy of its bytes, followed by zeros up to `len`.
    MappedCopy { bytes: Bytes, len: u64, writable: bool },
    /// `mq_receive`.
    Message { bytes: Bytes, priority: u32 },
    /// `recvmmsg`: one of each message, as [`Out::Msg`].
    Msgs { msgs: Vec<Received> },
    /// `msgrcv`.
    Mtext { mtype: i64, bytes: Bytes },
    /// `fcntl(F_GETLK)`.
    Lock { lock: crate::syscall::FileLock },
    /// `timerfd_settime` (the old one), `timerfd_gettime`.
    Timer { timer: crate::syscall::Timer },
    /// `waitid`, `sigwaitinfo`.
    SigInfo { info: crate::syscall::SigInfo },
    /// `shmctl`, `semctl`, `msgctl` with `IPC_STAT`.
    IpcStat { stat: crate::syscall::IpcStat },
    /// `stat`.
    Stat { stat: Stat },
    /// `uname`: sysname, nodename, release, version, machine.
    Uname { fields: [String; 5] },
    /// `getaddrinfo`.
    AddrInfo { list: Vec<AddrInfo>, canonical: Option<String> },
    /// `getnameinfo`.
    Names { host: String, service: String },
    /// `getifaddrs`.
    IfAddrs { list: Vec<IfAddr> },
    /// `WSAStartup`: `wVersion`, `wHighVersion`.
    WsaData { version: u16, high_version: u16 },
}

impl Out {
    /// Whether there is nothing to write back.
    pub fn is_none(&self) -> bool {
        matches!(self, Out::None)
    }
}

/// `struct stat`, what of it a kernel here knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Stat {
    /// `st_mode`: kind and permissions.
    pub mode: u32,
    /// `st_size`, bytes.
    pub size: i64,
    /// `st_ino`.
    pub inode: u64,
    /// `st_nlink`.
    pub links: u32,
    /// `st_uid`.
    pub uid: u32,
    /// `st_gid`.
    pub gid: u32,
    /// `st_rdev`.
    pub device: u64,
    /// `st_atim`, `st_mtim`, `st_ctim`.
    pub times: [Timespec; 3],
}

/// A message of `recvmmsg`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Received {
    /// `msg_len`.
    pub len: u32,
    /// What goes into its buffers.
    pub bytes: Bytes,
    /// Who sent it.
    pub addr: Option<SockAddr>,
    /// `msg_flags`.
    pub flags: i32,
    /// `msg_control`.
    pub control: Bytes,
}

/// `struct epoll_event` as returned.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EpollEvent {
    /// `EPOLL*`.
    pub events: u32,
    /// What the program registered.
    pub data: u64,
}

/// One `struct ifaddrs` of `getifaddrs(3)`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct IfAddr {
    /// The interface.
    pub name: String,
    /// `IFF_*`, 32 bits as netlink gives them.
    pub flags: u32,
    /// The address: `AF_PACKET` (a `struct sockaddr_ll`), `AF_INET` or `AF_INET6`.
    pub addr: SockAddr,
    /// The netmask; none for `AF_PACKET`.
    pub netmask: Option<SockAddr>,
    /// The broadcast address; of an interface without one, what `ifa_dstaddr` holds.
    pub other: Option<SockAddr>,
    /// `ifa_data` of `AF_PACKET`: `rx_packets`, `tx_packets`, `rx_bytes`, `tx_bytes`.
    pub counts: Option<[u32; 4]>,
}

/// One `struct addrinfo` of the result list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AddrInfo {
    /// `AF_*`.
    pub family: i32,
    /// `SOCK_*`.
    pub socktype: i32,
    /// `IPPROTO_*`.
    pub protocol: i32,
    /// The address.
    pub addr: SockAddr,
}
