//! Who owns which port: conflicts of `bind(2)` and ephemeral ports.
//!
//! What to read: `socket(7)` (`SO_REUSEADDR`, `SO_REUSEPORT`), `ip(7)` (`ip_local_port_range`);
//! Linux `inet_csk_get_port`, `__inet_hash_connect`. All processes count as one user, so
//! `SO_REUSEPORT` needs no matching uid.

use crate::net::socket::{Bound, Socket, on_wire};
use crate::net::{IfaceId, Proto, SocketId, Stack};
use crate::tcp::State;
use abi::Errno;
use abi::consts::{IP_BIND_ADDRESS_NO_PORT, SOL_IP};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// linux/in.h; a lower port in the lower half, a higher one above.
const IP_LOCAL_PORT_RANGE: i32 = 51;

/// Sockets by protocol and port. Raw sockets are all under port 0.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Ports(BTreeMap<(Proto, u16), BTreeSet<SocketId>>);

impl Ports {
    pub(crate) fn insert(&mut self, proto: Proto, port: u16, id: SocketId) {
        self.0.entry((proto, port)).or_default().insert(id);
    }

    pub(crate) fn remove(&mut self, proto: Proto, port: u16, id: SocketId) {
        if let Some(ids) = self.0.get_mut(&(proto, port)) {
            ids.remove(&id);
            if ids.is_empty() {
                self.0.remove(&(proto, port));
            }
        }
    }

    pub(crate) fn at(&self, proto: Proto, port: u16) -> impl Iterator<Item = SocketId> {
        self.0.get(&(proto, port)).into_iter().flatten().copied()
    }

    fn is_free(&self, proto: Proto, port: u16) -> bool {
        !self.0.contains_key(&(proto, port))
    }
}

impl Stack {
    /// `bind(2)`. For ping sockets the port is the identifier, for raw sockets it is ignored.
    /// Privileged ports (`EACCES`) are checked by the kernel, which knows who asks.
    pub fn bind(&mut self, id: SocketId, addr: SocketAddr) -> Result<(), Errno> {
        let socket = self.socket_ref(id)?;
        let proto = socket.kind.proto;
        if addr.is_ipv6() && socket.kind.v6 {
            if proto == Proto::Tcp && addr.ip().is_multicast() {
                return Err(Errno::EINVAL);
            }
            self.check_scope(id, addr)?;
        }
        let socket = self.socket_ref(id)?;
        self.check_bind_address(socket, addr)?;
        let active = socket.tcp().is_some_and(|tcp| {
            let open = !matches!(tcp.tcb.state, State::Closed | State::TimeWait);
            tcp.listener.is_some() || open
        });
        // TIME-WAIT is another socket's business in Linux, and owns the automatic port.
        let waiting = socket.tcp().is_some_and(|tcp| tcp.tcb.state == State::TimeWait);
        let given_back = waiting && socket.bound.is_some_and(|bound| !bound.port_locked);
        let has_port = !given_back && socket.bound.is_some_and(|bound| bound.held);
        if active || (has_port && !matches!(proto, Proto::Raw(_))) {
            return Err(Errno::EINVAL);
        }
        let v6 = socket.kind.v6;
        let chosen_later = socket.options.is_on(SOL_IP, IP_BIND_ADDRESS_NO_PORT);
        if waiting {
            self.detach_time_wait(id);
        }
        let wildcard_mapped = v6 && addr.ip() == IpAddr::V6([0; 16].into());
        let ip = if wildcard_mapped { addr.ip() } else { on_wire(addr).ip() };
        let port = match proto {
            Proto::Raw(_) => 0,
            _ if addr.port() == 0 && chosen_later => 0,
            _ if addr.port() == 0 => self.pick_bind_port(id, ip)?,
            _ if self.conflicts(id, ip, addr.port()) => return Err(Errno::EADDRINUSE),
            _ => addr.port(),
        };
        let bound = Bound {
            ip,
            port,
            held: port != 0 || matches!(proto, Proto::Raw(_)),
            port_locked: addr.port() != 0,
            ip_locked: !ip.is_unspecified(),
        };
        self.socket_mut(id)?.bound = Some(bound);
        if bound.held {
            self.ports.insert(proto, port, id);
        }
        Ok(())
    }

    /// A link-local address of IPv6 needs an interface: the one that it names, which the socket is
    /// bound to from then on, or the socket's (`ipv6(7)`, `sin6_scope_id`).
    pub(crate) fn check_scope(&mut self, id: SocketId, addr: SocketAddr) -> Result<(), Errno> {
        let device = self.socket_ref(id)?.options.device;
        if !needs_scope(addr.ip()) {
            return Ok(());
        }
        let named = scope_of(addr);
        let device = match (named, device) {
            (Some(named), Some(device)) if named != device => return Err(Errno::EINVAL),
            (named, device) => named.or(device).ok_or(Errno::EINVAL)?,
        };
        self.interface(device).ok_or(Errno::ENODEV)?;
        self.socket_mut(id)?.options.device = Some(device);
        Ok(())
    }

    /// Own, wildcard, broadcast and multicast addresses can be bound, by streams too
    /// (`inet_addr_valid_or_nonlocal`).
    fn check_bind_address(&self, socket: &Socket, addr: SocketAddr) -> Result<(), Errno> {
        if addr.is_ipv6() != socket.kind.v6 {
            return Err(Errno::EAFNOSUPPORT);
        }
        if let SocketAddr::V6(v6) = addr
            && v6.ip().to_ipv4_mapped().is_some()
            && socket.options.v6only
        {
            return Err(Errno::EINVAL);
        }
        let ip = on_wire(addr).ip();
        let group = ip.is_multicast() || self.is_broadcast(ip);
        if ip.is_unspecified() || self.is_local(ip) || group {
            return Ok(());
        }
        Err(Errno::EADDRNOTAVAIL)
    }

    /// Whether another socket keeps `id` from having this name (`inet_csk_bind_conflict`,
    /// `udp_lib_lport_inuse`).
    fn conflicts(&self, id: SocketId, ip: IpAddr, port: u16) -> bool {
        let Some(socket) = self.sockets.get(id) else { return false };
        let proto = socket.kind.proto;
        self.ports.at(proto, port).any(|other_id| {
            let Some(other) = self.sockets.get(other_id).filter(|_| other_id != id) else {
                return false;
            };
            let Some(bound) = other.bound else { return false };
            overlap((socket, ip), (other, bound.ip)) && !may_share(socket, other)
        })
    }

    /// `listen(2)` looks again: two sockets bound with `SO_REUSEADDR` cannot both listen.
    /// Connections of an earlier listener do not matter.
    pub(crate) fn listen_conflicts(&self, id: SocketId) -> bool {
        let Some(socket) = self.sockets.get(id) else { return false };
        let Some(bound) = socket.bound else { return false };
        self.listeners.at(Proto::Tcp, bound.port).any(|other_id| {
            self.sockets.get(other_id).filter(|_| other_id != id).is_some_and(|other| {
                let other_ip = other.bound.map_or(other.any(), |bound| bound.ip);
                overlap((socket, bound.ip), (other, other_ip)) && !may_share(socket, other)
            })
        })
    }

    /// `bind(2)` with port 0: odd ports of the range first, from a random one on; even ports are
    /// left to `connect(2)`.
    fn pick_bind_port(&mut self, id: SocketId, ip: IpAddr) -> Result<u16, Errno> {
        self.pick_port(id, 1, |stack, port| !stack.conflicts(id, ip, port)).ok_or(Errno::EADDRINUSE)
    }

    /// The ports that may be chosen for a socket: the host's, narrowed by `IP_LOCAL_PORT_RANGE`
    /// (`inet_sk_get_local_port_range`).
    fn port_range(&self, id: SocketId) -> (u32, u32) {
        let (low, high) = self.config.tcp.port_range;
        let (low, high) = (u32::from(low), u32::from(high));
        let stored = self.sockets.get(id).map(|socket| &socket.options.stored);
        let own = stored.and_then(|stored| stored.get(&(SOL_IP, IP_LOCAL_PORT_RANGE)));
        let own = own.map_or(0, |own| *own as u32);
        let within =
            |port: u32, other: u32| if (low..=high).contains(&port) { port } else { other };
        (within(own & 0xffff, low), within(own >> 16, high))
    }

    /// Tries the range's ports of one parity, then of the other.
    fn pick_port(
        &mut self,
        id: SocketId,
        parity: u32,
        mut is_good: impl FnMut(&Stack, u16) -> bool,
    ) -> Option<u16> {
        let (low, high) = self.port_range(id);
        let half = (high - low).div_ceil(2).max(1);
        let start = self.rng.below(u64::from(half)) as u32;
        for parity in [parity, 1 - parity] {
            for step in 0..half {
                let port = low + ((start + step) % half) * 2 + parity;
                if port <= high && is_good(self, port as u16) {
                    return Some(port as u16);
                }
            }
        }
        None
    }

    /// A datagram socket's first send or connect, a listen without bind: any port.
    pub(crate) fn autobind(&mut self, id: SocketId) -> Result<(), Errno> {
        let socket = self.socket_ref(id)?;
        if socket.bound.is_some_and(|bound| bound.held) {
            return Ok(());
        }
        let proto = socket.kind.proto;
        let ip = socket.bound.map_or(socket.any(), |bound| bound.ip);
        let ip_locked = socket.bound.is_some_and(|bound| bound.ip_locked);
        if matches!(proto, Proto::Raw(_)) {
            return Ok(());
        }
        let port = self
            .pick_port(id, 1, |stack, port| {
                stack.ports.is_free(proto, port) || !stack.conflicts(id, ip, port)
            })
            .ok_or(Errno::EAGAIN)?;
        self.socket_mut(id)?.bound =
            Some(Bound { ip, port, held: true, port_locked: false, ip_locked });
        self.ports.insert(proto, port, id);
        Ok(())
    }

    /// `connect(2)` without a bound port: an even one that nobody bound and whose 4-tuple is free.
    pub(crate) fn pick_connect_port(
        &mut self,
        id: SocketId,
        ip: IpAddr,
        peer: SocketAddr,
    ) -> Option<u16> {
        self.pick_port(id, 0, |stack, port| {
            let taken = |id: SocketId| {
                stack.sockets.get(id).is_some_and(|other| {
                    other.tcp().is_some_and(|tcp| tcp.listener.is_some())
                        || other.bound.is_some_and(|bound| bound.port_locked)
                })
            };
            let local = SocketAddr::new(ip, port);
            !stack.connections.contains_key(&(local, peer))
                && !stack.ports.at(Proto::Tcp, port).any(taken)
        })
    }

    /// `connect(2)` with `AF_UNSPEC`, a failed `connect(2)`: an automatic address is forgotten, an
    /// automatic port given back. A stream goes on showing it, a datagram socket does not.
    pub(crate) fn release_name(&mut self, id: SocketId) {
        self.release_port(id);
        let Some(socket) = self.sockets.get_mut(id) else { return };
        let Some(mut bound) = socket.bound else { return };
        if !bound.ip_locked {
            bound.ip = socket.any();
        }
        if !bound.port_locked && socket.tcp().is_none() {
            bound.port = 0;
        }
        let empty = bound.port == 0 && !bound.ip_locked;
        socket.bound = (!empty).then_some(bound);
    }

    /// A connection has ended (`tcp_set_state`): its automatic port is free, and still shown.
    pub(crate) fn release_port(&mut self, id: SocketId) {
        let Some(socket) = self.sockets.get_mut(id) else { return };
        let proto = socket.kind.proto;
        if let Some(bound) = socket.bound.as_mut().filter(|bound| bound.held && !bound.port_locked)
        {
            bound.held = false;
            let port = bound.port;
            self.ports.remove(proto, port, id);
        }
    }
}

/// Whether an address means nothing without an interface (`__ipv6_addr_needs_scope_id`).
fn needs_scope(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V6(v6) => v6.is_unicast_link_local() || matches!(v6.octets(), [0xff, 1 | 2, ..]),
        IpAddr::V4(_) => false,
    }
}

/// The interface that an address names (`sin6_scope_id`), where it needs one.
pub(crate) fn scope_of(addr: SocketAddr) -> Option<IfaceId> {
    match addr {
        SocketAddr::V6(v6) if v6.scope_id() != 0 && needs_scope(addr.ip()) => {
            Some(IfaceId(v6.scope_id()))
        }
        _ => None,
    }
}

/// Whether two names can receive the same packet.
fn overlap((a, a_ip): (&Socket, IpAddr), (b, b_ip): (&Socket, IpAddr)) -> bool {
    if let (Some(one), Some(other)) = (a.options.device, b.options.device)
        && one != other
    {
        return false;
    }
    let only_v6 = |socket: &Socket, ip: IpAddr| {
        ip.is_ipv6() && (socket.options.v6only || !ip.is_unspecified())
    };
    match (a_ip, b_ip) {
        (IpAddr::V4(one), IpAddr::V4(other)) => {
            one == other || one.is_unspecified() || other.is_unspecified()
        }
        (IpAddr::V6(one), IpAddr::V6(other)) => {
            one == other || one.is_unspecified() || other.is_unspecified()
        }
        (IpAddr::V6(_), IpAddr::V4(_)) => !only_v6(a, a_ip),
        (IpAddr::V4(_), IpAddr::V6(_)) => !only_v6(b, b_ip),
    }
}

/// Whether both asked to share (`SO_REUSEADDR`, `SO_REUSEPORT`).
fn may_share(a: &Socket, b: &Socket) -> bool {
    if a.options.reuseport && b.options.reuseport {
        return true;
    }
    let listens = |socket: &Socket| socket.tcp().is_some_and(|tcp| tcp.listener.is_some());
    a.options.reuseaddr && b.options.reuseaddr && !listens(b) && !listens(a)
}
