//! What a call on an Internet socket answers, and the calls that may take several tries.
//!
//! The stack never blocks. A call that would have to says [`Stop::Wait`]; the kernel then gives
//! the errno to a non-blocking descriptor, or parks the process and calls again with the *same*
//! request when the socket is in [`super::Out::wakeups`].

use crate::net::SocketId;
use abi::{Errno, SockAddr};
use std::net::{IpAddr, SocketAddr};

/// Done, or why not.
pub type Answer<T> = Result<T, Stop>;

/// Why a call did not complete.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// It failed.
    Errno(Errno),
    /// It would have to wait.
    Wait {
        /// For what.
        on: Wait,
        /// What a non-blocking descriptor gets, and a blocking one when `timeout_ns` is over.
        errno: Errno,
        /// `SO_RCVTIMEO`, `SO_SNDTIMEO` or the linger time, counted from the call's first try.
        /// With one, a signal gives `EINTR` even under `SA_RESTART` (`signal(7)`).
        timeout_ns: Option<u64>,
    },
}

impl From<Errno> for Stop {
    fn from(errno: Errno) -> Stop {
        Stop::Errno(errno)
    }
}

/// What a blocked call waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
    /// A completed connection in the accept queue.
    Accept,
    /// The end of the handshake: call `connect_wait`.
    Connect,
    /// Data, end of file or an error.
    Recv,
    /// Room in the send buffer, or an error.
    Send,
    /// The peer's ACK of everything (`SO_LINGER`): call `close_wait`.
    Close,
}

/// One `send(2)` under way. The kernel keeps it while the call is blocked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SendRequest {
    /// What the program gave.
    pub data: Vec<u8>,
    /// How much of it is queued already: after a timeout, a signal or an error, a value above
    /// zero is the call's return value.
    pub sent: usize,
    /// `MSG_*` (`MSG_DONTWAIT` is the kernel's business).
    pub flags: i32,
    /// `sendto(2)`'s address.
    pub to: Option<SocketAddr>,
    /// The same of sockets that do not speak the Internet's protocols.
    pub name: Option<SockAddr>,
    /// What control messages ask for in place of the socket's options.
    pub asked: Asked,
}

/// Control messages of a datagram that is sent: `ip(7)`, `ipv6(7)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    /// The source address of `IP_PKTINFO`.
    pub src: Option<IpAddr>,
    /// The interface of `IP_PKTINFO`, by number.
    pub iface: Option<u32>,
    /// `IP_TTL`, `IPV6_HOPLIMIT`.
    pub ttl: Option<u8>,
    /// `IP_TOS`, `IPV6_TCLASS`.
    pub tos: Option<u8>,
}

/// A control message that is received, `cmsg(3)`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Control {
    /// `cmsg_level`.
    pub level: i32,
    /// `cmsg_type`.
    pub kind: i32,
    /// What follows the header.
    pub data: Vec<u8>,
}

/// One `recv(2)` under way.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RecvRequest {
    /// The room in the program's buffer, bytes.
    pub len: usize,
    /// `MSG_*` (`MSG_DONTWAIT` is the kernel's business).
    pub flags: i32,
    /// What was taken already (`MSG_WAITALL`, `SO_RCVLOWAT`): if not empty when the call is given
    /// up, it is the call's result.
    pub got: Vec<u8>,
}

/// What `recv(2)` brings.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Received {
    /// The bytes that fit.
    pub bytes: Vec<u8>,
    /// The return value: the datagram's whole length with `MSG_TRUNC`, else `bytes.len()`.
    pub ret: usize,
    /// The sender, for datagrams.
    pub from: Option<SocketAddr>,
    /// The sender, where that is no Internet address.
    pub name: Option<SockAddr>,
    /// `msg_flags` for `recvmsg(2)`: `MSG_TRUNC`, `MSG_OOB`.
    pub msg_flags: i32,
    /// The control messages of `recvmsg(2)` that the socket's options ask for.
    pub control: Vec<Control>,
    /// When it came, nanoseconds, for `SO_TIMESTAMP` and `SO_TIMESTAMPNS`, which of them is asked.
    pub stamp: Option<(i32, u64)>,
}

/// What `accept(2)` brings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Accepted {
    /// The new socket.
    pub id: SocketId,
    /// The peer's address.
    pub peer: SocketAddr,
}
