//! Internet sockets: their kinds and names.

/// A socket of one host. Numbers are never reused within a run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SocketId(pub u32);

/// What a socket is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SocketKind {
    /// `AF_INET6` (else `AF_INET`).
    pub v6: bool,
    /// The protocol.
    pub proto: Proto,
}

/// What a socket speaks. Which `socket(2)` arguments lead here is the kernel's business.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Proto {
    /// `SOCK_STREAM`.
    Tcp,
    /// `SOCK_DGRAM`.
    Udp,
    /// `SOCK_DGRAM` with `IPPROTO_ICMP` or `IPPROTO_ICMPV6`: echo only (`icmp(7)`).
    Ping,
    /// `SOCK_RAW` with its protocol number (`raw(7)`).
    Raw(u8),
}

/// The argument of `shutdown(2)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// `SHUT_RD`.
    Read,
    /// `SHUT_WR`.
    Write,
    /// `SHUT_RDWR`.
    Both,
}
