//! A host's network stack: the calls of the kernel's socket layer and the arrival of frames.

use crate::net::filter;
use crate::net::ip::Fragments;
use crate::net::membership::Memberships;
use crate::net::nat::{self, Translations};
use crate::net::neighbour::{Neighbour, NeighbourKey};
use crate::net::ports::Ports;
use crate::net::rng::Rng;
use crate::net::route::broadcast_of;
use crate::net::socket::{Body, DatagramSocket, Over, SockOptions, Socket, Sockets, TcpSocket};
use crate::net::{
    Accepted, Answer, Frame, How, Out, Proto, Received, RecvRequest, Route, SendRequest, SocketId,
    SocketKind,
};
use crate::tcp::{self, Effects, State, Tcb};
use crate::wire::Mac;
use abi::consts::{
    ARPHRD_ETHER, ARPHRD_LOOPBACK, IFF_BROADCAST, IFF_LOOPBACK, IFF_LOWER_UP, IFF_MULTICAST,
    IFF_RUNNING, IFF_UP,
};
use abi::{Errno, SockAddr};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

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
    /// Whether its cable is plugged. Unplugged, it keeps addresses and routes and sends into
    /// nothing, as an administrator's `ip link set up` interface without carrier.
    pub up: bool,
}

impl Interface {
    pub(crate) fn is_loopback(&self) -> bool {
        self.name == "lo"
    }

    /// `IFF_*`: an interface whose cable is out is up and does not run.
    pub(crate) fn flags(&self) -> u32 {
        let kind = if self.is_loopback() { IFF_LOOPBACK } else { IFF_BROADCAST | IFF_MULTICAST };
        let running = if self.up { IFF_RUNNING | IFF_LOWER_UP } else { 0 };
        (IFF_UP | kind | running) as u32
    }

    /// `ARPHRD_*`.
    pub(crate) fn hardware(&self) -> i32 {
        if self.is_loopback() { ARPHRD_LOOPBACK } else { ARPHRD_ETHER }
    }

    /// An address's broadcast address, if it has one here.
    pub(crate) fn broadcast(&self, addr: (IpAddr, u8)) -> Option<IpAddr> {
        broadcast_of(addr).filter(|_| !self.is_loopback())
    }

    /// Routes through it are used even without a carrier.
    pub(crate) fn admin_up(&self) -> bool {
        true
    }
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
    /// `net.ipv6.bindv6only`.
    pub bindv6only: bool,
    /// What may arrive.
    pub filter: Vec<filter::Rule>,
    /// What a router translates.
    pub nat: Vec<nat::Rule>,
    /// Names that the name server knows.
    pub names: Arc<Vec<(String, IpAddr)>>,
    /// Whether others may ask it too.
    pub serves_names: bool,
}

/// One host's network stack. Plain data: cloning it is a checkpoint.
#[derive(Clone, PartialEq, Debug)]
pub struct Stack {
    pub(crate) config: StackConfig,
    pub(crate) interfaces: Vec<Interface>,
    pub(crate) routes: Vec<Route>,
    pub(crate) sockets: Sockets,
    /// Connections by `(local, peer)`, as on the wire.
    pub(crate) connections: BTreeMap<(SocketAddr, SocketAddr), SocketId>,
    /// Sockets by protocol and port.
    pub(crate) ports: Ports,
    /// Packet sockets, which see every frame.
    pub(crate) taps: BTreeSet<SocketId>,
    /// The listening ones among them.
    pub(crate) listeners: Ports,
    pub(crate) neighbours: BTreeMap<NeighbourKey, Neighbour>,
    pub(crate) memberships: Memberships,
    pub(crate) translations: Translations,
    pub(crate) neighbour_timers: BTreeSet<(u64, NeighbourKey)>,
    pub(crate) fragments: BTreeMap<(IpAddr, IpAddr, u8, u32), Fragments>,
    pub(crate) path_mtus: BTreeMap<IpAddr, u32>,
    pub(crate) timers: BTreeSet<(u64, SocketId)>,
    pub(crate) rng: Rng,
    pub(crate) ip_id: u16,
    /// Of each interface: packets received and sent, bytes received and sent.
    pub(crate) counts: BTreeMap<IfaceId, [u64; 4]>,
    /// Room for effects, always empty between calls.
    pub(crate) scratch: Effects,
}

impl Default for Stack {
    fn default() -> Stack {
        Stack::new(StackConfig::default())
    }
}

impl Stack {
    /// A stack with a loopback interface.
    pub fn new(config: StackConfig) -> Stack {
        let lo = Interface {
            name: "lo".to_owned(),
            mac: Mac::default(),
            mtu: 65_536,
            addrs: vec![(Ipv4Addr::LOCALHOST.into(), 8), (Ipv6Addr::LOCALHOST.into(), 128)],
            up: true,
        };
        Stack {
            rng: Rng::new(config.seed),
            config,
            interfaces: vec![lo],
            routes: Vec::new(),
            sockets: Sockets::default(),
            connections: BTreeMap::new(),
            ports: Ports::default(),
            listeners: Ports::default(),
            taps: BTreeSet::new(),
            neighbours: BTreeMap::new(),
            memberships: Memberships::default(),
            translations: Translations::default(),
            neighbour_timers: BTreeSet::new(),
            fragments: BTreeMap::new(),
            path_mtus: BTreeMap::new(),
            timers: BTreeSet::new(),
            ip_id: 0,
            counts: BTreeMap::new(),
            scratch: Effects::default(),
        }
    }

    /// Adds an interface; its prefixes become on-link routes.
    pub fn add_interface(&mut self, interface: Interface) -> IfaceId {
        let id = IfaceId(self.interfaces.len() as u32 + 1);
        for dst in &interface.addrs {
            self.routes.push(Route { dst: *dst, via: None, iface: id, refuse: None });
        }
        self.interfaces.push(interface);
        id
    }

    /// Adds a route.
    pub fn add_route(&mut self, route: Route) {
        self.routes.push(route);
    }

    /// Adds an address to an interface (`ip address add`); its prefix becomes an on-link route.
    pub fn add_address(&mut self, iface: IfaceId, address: (IpAddr, u8)) {
        if let Some(interface) = self.interfaces.get_mut(iface.0.wrapping_sub(1) as usize) {
            interface.addrs.push(address);
            self.routes.push(Route { dst: address, via: None, iface, refuse: None });
        }
    }

    /// Takes an interface's addresses of one family away, with their routes.
    pub fn remove_addresses(&mut self, iface: IfaceId, v6: bool) {
        if let Some(interface) = self.interfaces.get_mut(iface.0.wrapping_sub(1) as usize) {
            let gone = |ip: &IpAddr| ip.is_ipv6() == v6;
            self.routes
                .retain(|route| route.iface != iface || route.via.is_some() || !gone(&route.dst.0));
            interface.addrs.retain(|(ip, _)| !gone(ip));
        }
    }

    /// Sets the largest IP packet of an interface, bytes (`ip link set mtu`).
    pub fn set_mtu(&mut self, iface: IfaceId, mtu: u32) {
        if let Some(interface) = self.interfaces.get_mut(iface.0.wrapping_sub(1) as usize) {
            interface.mtu = mtu;
        }
    }

    /// Whether `ip` is one of this host's own addresses.
    pub fn has_address(&self, ip: IpAddr) -> bool {
        self.is_local(ip)
    }

    /// Plugs or unplugs an interface's cable.
    pub fn set_up(&mut self, iface: IfaceId, up: bool) {
        if let Some(interface) = self.interfaces.get_mut(iface.0.wrapping_sub(1) as usize) {
            interface.up = up;
        }
    }

    /// The settings.
    pub fn config(&self) -> &StackConfig {
        &self.config
    }

    /// The settings, to be changed (`sysctl(8)`).
    pub fn config_mut(&mut self) -> &mut StackConfig {
        &mut self.config
    }

    /// The interfaces, `lo` first.
    pub fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    /// The routing table.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    // ---- sockets

    /// `socket(2)`: always succeeds; the kernel has checked the arguments.
    pub fn socket(&mut self, kind: SocketKind) -> SocketId {
        let body = match kind.proto {
            Proto::Tcp => Body::Tcp(Box::new(TcpSocket {
                tcb: Tcb::new(&self.config.tcp),
                listener: None,
                phase: crate::net::socket::Phase::Unconnected,
            })),
            _ => Body::Datagram(Box::new(DatagramSocket {
                rcvbuf: 212_992,
                sndbuf: 212_992,
                ..DatagramSocket::default()
            })),
        };
        // Who asks for the protocol "raw" writes whole packets (`raw(7)`).
        let hdrincl = kind.proto == Proto::Raw(255);
        let v6only = self.config.bindv6only;
        let multicast_all = !kind.v6;
        let options = SockOptions { v6only, hdrincl, multicast_all, ..SockOptions::default() };
        let id = self.sockets.insert(Socket {
            kind,
            options,
            bound: None,
            ip_id: 0,
            body,
            timer_ns: None,
            parent: None,
        });
        if matches!(kind.proto, Proto::Raw(_)) {
            self.ports.insert(kind.proto, 0, id);
        }
        id
    }

    /// What a socket is.
    pub fn kind(&self, id: SocketId) -> Option<SocketKind> {
        self.sockets.get(id).map(|socket| socket.kind)
    }

    pub(crate) fn socket_ref(&self, id: SocketId) -> Result<&Socket, Errno> {
        self.sockets.get(id).ok_or(Errno::EBADF)
    }

    pub(crate) fn socket_mut(&mut self, id: SocketId) -> Result<&mut Socket, Errno> {
        self.sockets.get_mut(id).ok_or(Errno::EBADF)
    }

    /// Every socket, connections in accept queues and without a process included.
    pub fn socket_ids(&self) -> impl Iterator<Item = SocketId> {
        self.sockets.iter().map(|(id, _)| id)
    }

    /// A stream socket's connection (CLOSED while there is none).
    pub fn tcb(&self, id: SocketId) -> Option<&Tcb> {
        self.sockets.get(id)?.tcp().map(|tcp| &tcp.tcb)
    }

    /// A listening socket's queues.
    pub fn listener(&self, id: SocketId) -> Option<&tcp::listener::Listener> {
        self.sockets.get(id)?.tcp()?.listener.as_ref()
    }

    /// The state that `ss(8)` shows.
    pub fn state(&self, id: SocketId) -> Option<State> {
        let tcp = self.sockets.get(id)?.tcp()?;
        Some(if tcp.listener.is_some() { State::Listen } else { tcp.tcb.state })
    }

    /// `listen(2)`.
    pub fn listen(
        &mut self,
        id: SocketId,
        backlog: i32,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), Errno> {
        self.stream_listen(id, backlog, now_ns, out)
    }

    /// `accept(2)`.
    pub fn accept(&mut self, id: SocketId, now_ns: u64, out: &mut Out) -> Answer<Accepted> {
        self.stream_accept(id, now_ns, out)
    }

    /// `bind(2)` of a packet or netlink socket.
    pub fn bind_name(&mut self, id: SocketId, addr: &SockAddr) -> Result<(), Errno> {
        match self.socket_ref(id)?.kind.proto {
            Proto::Packet => self.packet_bind(id, addr),
            _ => self.netlink_bind(id, addr),
        }
    }

    /// `connect(2)` of a packet or netlink socket.
    pub fn connect_name(&mut self, id: SocketId, addr: &SockAddr) -> Result<(), Errno> {
        match self.socket_ref(id)?.kind.proto {
            Proto::Packet => Err(Errno::EOPNOTSUPP),
            _ => self.netlink_connect(id, addr),
        }
    }

    /// `getsockname(2)`'s bytes.
    pub fn local_name(&self, id: SocketId) -> SockAddr {
        let over = self.sockets.get(id).and_then(Socket::datagram).map(|datagram| &datagram.over);
        match over {
            Some(Over::Link(tap)) => self.packet_name(tap),
            Some(Over::Kernel(port)) => Stack::netlink_name(port),
            Some(Over::Ip) | None => SockAddr::from_std(self.local_addr(id)),
        }
    }

    /// `getpeername(2)`'s bytes: a netlink socket's peer is the kernel.
    pub fn peer_name(&self, id: SocketId) -> Result<SockAddr, Errno> {
        match self.socket_ref(id)?.kind.proto {
            Proto::Packet => Err(Errno::EOPNOTSUPP),
            Proto::Netlink(_) => Ok(Stack::netlink_kernel()),
            _ => self.peer_addr(id).map(SockAddr::from_std),
        }
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
        match self.socket_ref(id)?.kind.proto {
            Proto::Tcp => self.stream_connect(id, to, now_ns, out),
            _ => Ok(self.datagram_connect(id, to)?),
        }
    }

    /// The retries of a blocking `connect(2)`.
    pub fn connect_wait(&mut self, id: SocketId, now_ns: u64, out: &mut Out) -> Answer<()> {
        self.stream_connect_wait(id, now_ns, out)
    }

    /// `connect(2)` with `AF_UNSPEC`: dissolves the association.
    pub fn disconnect(&mut self, id: SocketId, now_ns: u64, out: &mut Out) -> Result<(), Errno> {
        match self.socket_ref(id)?.kind.proto {
            Proto::Tcp => self.stream_disconnect(id, now_ns, out),
            _ => self.datagram_disconnect(id),
        }
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
        match self.socket_ref(id)?.kind.proto {
            Proto::Tcp => self.stream_send(id, request, now_ns, out),
            Proto::Packet => Ok(self.packet_send(id, request, out)?),
            Proto::Netlink(_) => Ok(self.netlink_send(id, request, now_ns, out)?),
            _ => self.datagram_send(id, request, now_ns, out),
        }
    }

    /// `recv(2)`, first try and retries.
    pub fn recv(
        &mut self,
        id: SocketId,
        request: &mut RecvRequest,
        now_ns: u64,
        out: &mut Out,
    ) -> Answer<Received> {
        match self.socket_ref(id)?.kind.proto {
            Proto::Tcp => self.stream_recv(id, request, now_ns, out),
            _ => self.datagram_recv(id, request),
        }
    }

    /// `shutdown(2)`.
    pub fn shutdown(
        &mut self,
        id: SocketId,
        how: How,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<(), Errno> {
        match self.socket_ref(id)?.kind.proto {
            Proto::Tcp => self.stream_shutdown(id, how, now_ns, out),
            _ => self.datagram_shutdown(id, how, out),
        }
    }

    /// The last `close(2)` of an open-file description. The socket no longer exists for the
    /// program; TCP goes on by itself. With `SO_LINGER` it answers [`super::Stop::Wait`], to be
    /// retried with [`Stack::close_wait`]; its result is 0 either way.
    pub fn close(&mut self, id: SocketId, now_ns: u64, out: &mut Out) -> Answer<()> {
        match self.socket_ref(id)?.kind.proto {
            Proto::Tcp => self.stream_close(id, now_ns, out),
            _ => {
                self.leave_all(id, now_ns);
                self.forget(id);
                Ok(())
            }
        }
    }

    /// The retries of a lingering `close(2)`.
    pub fn close_wait(&mut self, id: SocketId) -> Answer<()> {
        self.stream_close_wait(id)
    }

    /// What `poll(2)` would report, all `POLL*` bits that apply now.
    pub fn readiness(&self, id: SocketId) -> i16 {
        let Some(socket) = self.sockets.get(id) else { return abi::consts::POLLNVAL as i16 };
        let mask = match &socket.body {
            Body::Tcp(tcp) => match &tcp.listener {
                Some(listener) if listener.accepted.is_empty() => 0,
                Some(_) => abi::consts::POLLIN | abi::consts::POLLRDNORM,
                None => tcp.tcb.readiness(),
            },
            Body::Datagram(datagram) => datagram.readiness(),
        };
        mask as i16
    }

    /// `getsockname(2)`.
    pub fn local_addr(&self, id: SocketId) -> SocketAddr {
        let Some(socket) = self.sockets.get(id) else {
            return SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), 0);
        };
        let addr = match socket.bound {
            Some(bound) => SocketAddr::new(bound.ip, bound.port),
            None => SocketAddr::new(socket.any(), 0),
        };
        socket.show(addr)
    }

    /// `getpeername(2)`.
    pub fn peer_addr(&self, id: SocketId) -> Result<SocketAddr, Errno> {
        let socket = self.socket_ref(id)?;
        let peer = match &socket.body {
            Body::Tcp(tcp) => match tcp.tcb.state {
                _ if tcp.listener.is_some() => None,
                State::Closed | State::SynSent | State::TimeWait => None,
                _ => Some(tcp.tcb.peer),
            },
            Body::Datagram(datagram) => datagram.peer.filter(|peer| peer.port() != 0),
        };
        peer.map(|peer| socket.show(peer)).ok_or(Errno::ENOTCONN)
    }

    /// `FIONREAD`: bytes that can be read (the next datagram's length for UDP).
    pub fn readable_bytes(&self, id: SocketId) -> usize {
        match self.sockets.get(id).map(|socket| &socket.body) {
            Some(Body::Tcp(tcp)) => tcp.tcb.readable_to_mark() as usize,
            Some(Body::Datagram(datagram)) => {
                datagram.queue.front().map_or(0, |datagram| datagram.data.len())
            }
            None => 0,
        }
    }

    /// What `TCP_INQ` adds to a message of `recvmsg(2)`, if the program asked for it.
    pub fn inq(&self, id: SocketId) -> Option<u32> {
        let asked = (abi::consts::SOL_TCP, abi::consts::TCP_INQ);
        let socket = self.sockets.get(id)?;
        let wanted = socket.options.stored.get(&asked).is_some_and(|on| *on != 0);
        wanted.then(|| socket.tcp().map(|tcp| tcp.tcb.inq()))?
    }

    /// `SIOCOUTQ`: bytes sent or queued and not acknowledged.
    pub fn unsent_bytes(&self, id: SocketId) -> usize {
        self.tcb(id).map_or(0, |tcb| tcb.unacked_bytes() as usize)
    }

    /// `SIOCATMARK`.
    pub fn at_mark(&self, id: SocketId) -> bool {
        self.tcb(id).is_some_and(Tcb::at_mark)
    }

    // ---- outside events

    /// A frame arrives at an interface.
    pub fn frame_arrives(&mut self, iface: IfaceId, frame: &Frame, now_ns: u64, out: &mut Out) {
        self.ethernet_arrives(iface, frame, now_ns, out);
    }

    /// What an interface has carried: packets received and sent, bytes received and sent. As Linux,
    /// with the Ethernet header except on `lo`.
    pub fn counts(&self, iface: IfaceId) -> [u64; 4] {
        self.counts.get(&iface).copied().unwrap_or_default()
    }

    /// A frame of `len` bytes went out or (`received`) came in.
    pub(crate) fn count(&mut self, iface: IfaceId, len: usize, received: bool) {
        let header = if iface == IfaceId::LO { crate::wire::ethernet::HEADER_LEN } else { 0 };
        let counts = self.counts.entry(iface).or_default();
        let at = usize::from(!received);
        counts[at] += 1;
        counts[at + 2] += len.saturating_sub(header) as u64;
    }

    /// Runs every timer that is due at `now_ns`.
    pub fn timers(&mut self, now_ns: u64, out: &mut Out) {
        while let Some(&(at, id)) = self.timers.first()
            && at <= now_ns
        {
            self.timers.pop_first();
            if let Some(socket) = self.sockets.get_mut(id) {
                socket.timer_ns = None;
            }
            self.stream_timers(id, now_ns, out);
        }
        self.neighbour_timers_due(now_ns, out);
        self.fragment_timers_due(now_ns, out);
        self.membership_timers_due(now_ns, out);
    }

    /// When the next timer is due, if any: nanoseconds of the same clock. It may be earlier than
    /// anything that happens: a timer that was put off is looked at when it was first due.
    pub fn poll_at(&self) -> Option<u64> {
        let sockets = self.timers.first().map(|(at, _)| *at);
        let neighbours = self.neighbour_timers.first().map(|(at, _)| *at);
        let fragments = self.fragments.values().map(|fragments| fragments.deadline_ns).min();
        let groups = self.memberships.poll_at();
        [sockets, neighbours, fragments, groups].into_iter().flatten().min()
    }

    /// Makes sure that the timer queue looks at a socket in time.
    pub(crate) fn schedule(&mut self, id: SocketId, at: Option<u64>) {
        let Some(at) = at else { return };
        let Some(socket) = self.sockets.get(id) else { return };
        if socket.timer_ns.is_some_and(|scheduled| scheduled <= at) {
            return;
        }
        if let Some(socket) = self.sockets.get_mut(id) {
            if let Some(scheduled) = socket.timer_ns.replace(at) {
                self.timers.remove(&(scheduled, id));
            }
            self.timers.insert((at, id));
        }
    }

    /// Removes a socket and its names.
    pub(crate) fn forget(&mut self, id: SocketId) {
        if let Some(socket) = self.sockets.get(id) {
            if let Some(at) = socket.timer_ns {
                self.timers.remove(&(at, id));
            }
            let proto = socket.kind.proto;
            let port = socket.bound.map_or(0, |bound| bound.port);
            self.ports.remove(proto, port, id);
            if let Some(tcp) = socket.tcp() {
                let key = (tcp.tcb.local, tcp.tcb.peer);
                if self.connections.get(&key) == Some(&id) {
                    self.connections.remove(&key);
                }
            }
        }
        self.taps.remove(&id);
        self.sockets.remove(id);
    }
}
