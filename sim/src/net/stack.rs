//! A host's network stack: the calls of the kernel's socket layer and the arrival of frames.

use crate::net::{
    Accepted, Answer, Frame, How, Out, Received, RecvRequest, SendRequest, SocketId, SocketKind,
};
use crate::tcp;
use abi::Errno;
use std::net::{IpAddr, SocketAddr};

/// An Ethernet address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Mac(pub [u8; 6]);

impl Mac {
    /// `ff:ff:ff:ff:ff:ff`.
    pub const BROADCAST: Mac = Mac([0xff; 6]);
}

impl std::fmt::Display for Mac {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl std::fmt::Debug for Mac {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

/// An interface of one host, numbered as `if_nametoindex(3)` does: `lo` is 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct IfaceId(pub u32);

impl IfaceId {
    /// The loopback interface, which every stack has.
    pub const LO: IfaceId = IfaceId(1);
}

/// A network interface.
#[derive(Clone, PartialEq, Debug)]
pub struct Interface {
    /// Its name, e.g. `eth0`.
    pub name: String,
    /// Its Ethernet address (zero for `lo`).
    pub mac: Mac,
    /// The largest IP packet, bytes.
    pub mtu: u32,
    /// Its addresses with their prefix lengths.
    pub addrs: Vec<(IpAddr, u8)>,
    /// Whether it is up (administratively and its cable plugged).
    pub up: bool,
}

/// A line of the routing table.
#[derive(Clone, PartialEq, Debug)]
pub struct Route {
    /// Destination prefix; `0.0.0.0/0` is the default route.
    pub dst: (IpAddr, u8),
    /// The next hop; `None` is on-link.
    pub via: Option<IpAddr>,
    /// The interface.
    pub iface: IfaceId,
    /// `ip route`'s type: an `unreachable`, `prohibit` or `blackhole` route answers this errno.
    pub refuse: Option<Errno>,
}

/// What a stack is made with.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct StackConfig {
    /// The seed of initial sequence numbers, ephemeral ports and IP identifiers.
    pub seed: u64,
    /// `net.ipv4.tcp_*`.
    pub tcp: tcp::Config,
    /// `net.ipv4.ip_forward`: a router.
    pub forwarding: bool,
}

/// One host's network stack. Plain data: cloning it is a checkpoint.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Stack {
    config: StackConfig,
    interfaces: Vec<Interface>,
    routes: Vec<Route>,
}

/// Until the sockets land: every call says that it is not built.
const NOT_BUILT: Errno = Errno::ENOSYS;

#[allow(unused_variables, clippy::unused_self)]
impl Stack {
    /// A stack with a loopback interface.
    pub fn new(config: StackConfig) -> Stack {
        Stack { config, ..Stack::default() }
    }

    /// Adds an interface; its prefixes become on-link routes.
    pub fn add_interface(&mut self, interface: Interface) -> IfaceId {
        self.interfaces.push(interface);
        IfaceId(self.interfaces.len() as u32 + 1)
    }

    /// Adds a route.
    pub fn add_route(&mut self, route: Route) {
        self.routes.push(route);
    }

    /// Plugs or unplugs an interface's cable.
    pub fn set_up(&mut self, iface: IfaceId, up: bool) {}

    /// `socket(2)`: always succeeds; the kernel has checked the arguments.
    pub fn socket(&mut self, kind: SocketKind) -> SocketId {
        SocketId(0)
    }

    /// `bind(2)`. For ping and raw sockets the port is the identifier or ignored. Privileged ports
    /// (`EACCES`) are checked by the kernel, which knows who asks.
    pub fn bind(&mut self, id: SocketId, addr: SocketAddr) -> Result<(), Errno> {
        Err(NOT_BUILT)
    }

    /// `listen(2)`.
    pub fn listen(
        &mut self,
        id: SocketId,
        backlog: i32,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), Errno> {
        Err(NOT_BUILT)
    }

    /// `accept(2)`.
    pub fn accept(&mut self, id: SocketId, now_ns: u64, out: &mut Out) -> Answer<Accepted> {
        Err(NOT_BUILT.into())
    }

    /// `connect(2)`, the first try. A TCP attempt answers [`super::Stop::Wait`] with `EINPROGRESS`
    /// or `EALREADY` for non-blocking descriptors; a blocking one goes on with
    /// [`Stack::connect_wait`].
    pub fn connect(
        &mut self,
        id: SocketId,
        to: SocketAddr,
        now_ns: u64,
        out: &mut Out,
    ) -> Answer<()> {
        Err(NOT_BUILT.into())
    }

    /// The retries of a blocking `connect(2)`.
    pub fn connect_wait(&mut self, id: SocketId, now_ns: u64, out: &mut Out) -> Answer<()> {
        Err(NOT_BUILT.into())
    }

    /// `connect(2)` with `AF_UNSPEC`: dissolves the association.
    pub fn disconnect(&mut self, id: SocketId, now_ns: u64, out: &mut Out) -> Result<(), Errno> {
        Err(NOT_BUILT)
    }

    /// `send(2)`, `sendto(2)`, first try and retries. On `EPIPE` the kernel raises `SIGPIPE`
    /// (stream sockets, unless `MSG_NOSIGNAL`). On an error with `request.sent > 0` the call
    /// returns `request.sent`; the stack has then kept the error for the next call.
    pub fn send(
        &mut self,
        id: SocketId,
        request: &mut SendRequest,
        now_ns: u64,
        out: &mut Out,
    ) -> Answer<usize> {
        Err(NOT_BUILT.into())
    }

    /// `recv(2)`, first try and retries.
    pub fn recv(
        &mut self,
        id: SocketId,
        request: &mut RecvRequest,
        now_ns: u64,
        out: &mut Out,
    ) -> Answer<Received> {
        Err(NOT_BUILT.into())
    }

    /// `shutdown(2)`.
    pub fn shutdown(
        &mut self,
        id: SocketId,
        how: How,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), Errno> {
        Err(NOT_BUILT)
    }

    /// The last `close(2)` of an open-file description. The socket no longer exists for the
    /// program; TCP goes on by itself. With `SO_LINGER` it answers [`super::Stop::Wait`], to be
    /// retried with [`Stack::close_wait`]; its result is 0 either way.
    pub fn close(&mut self, id: SocketId, now_ns: u64, out: &mut Out) -> Answer<()> {
        Err(NOT_BUILT.into())
    }

    /// The retries of a lingering `close(2)`.
    pub fn close_wait(&mut self, id: SocketId) -> Answer<()> {
        Err(NOT_BUILT.into())
    }

    /// What `poll(2)` would report, all `POLL*` bits that apply now.
    pub fn readiness(&self, id: SocketId) -> i16 {
        0
    }

    /// `setsockopt(2)`; `value` is as long as `optlen` says.
    pub fn setsockopt(
        &mut self,
        id: SocketId,
        level: i32,
        name: i32,
        value: &[u8],
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), Errno> {
        Err(NOT_BUILT)
    }

    /// `getsockopt(2)`: the whole value, to be cut to `*optlen` by the caller.
    pub fn getsockopt(
        &mut self,
        id: SocketId,
        level: i32,
        name: i32,
        now_ns: u64,
    ) -> Result<Vec<u8>, Errno> {
        Err(NOT_BUILT)
    }

    /// `getsockname(2)`.
    pub fn local_addr(&self, id: SocketId) -> SocketAddr {
        SocketAddr::from(([0, 0, 0, 0], 0))
    }

    /// `getpeername(2)`.
    pub fn peer_addr(&self, id: SocketId) -> Result<SocketAddr, Errno> {
        Err(NOT_BUILT)
    }

    /// `FIONREAD`: bytes that can be read (the next datagram's length for UDP).
    pub fn readable_bytes(&self, id: SocketId) -> usize {
        0
    }

    /// A frame arrives at an interface.
    pub fn frame_arrives(&mut self, iface: IfaceId, frame: &Frame, now_ns: u64, out: &mut Out) {}

    /// Runs every timer that is due at `now_ns`.
    pub fn timers(&mut self, now_ns: u64, out: &mut Out) {}

    /// When the next timer is due, if any: nanoseconds of the same clock.
    pub fn poll_at(&self) -> Option<u64> {
        None
    }
}
