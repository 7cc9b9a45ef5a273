//! Internet sockets: their names, kinds, options, and where a host keeps them.

use crate::net::{IfaceId, netlink, packet};
use crate::tcp::{self, Tcb, listener::Listener};
use abi::Errno;
use abi::consts::{
    AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP,
    IPPROTO_UDP, SO_INCOMING_CPU, SO_PRIORITY, SOCK_DGRAM, SOCK_PACKET, SOCK_RAW, SOCK_STREAM,
    SOL_SOCKET,
};
use std::collections::{BTreeSet, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

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
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Proto {
    /// `SOCK_STREAM`.
    Tcp,
    /// `SOCK_DGRAM`.
    Udp,
    /// `SOCK_DGRAM` with `IPPROTO_ICMP` or `IPPROTO_ICMPV6`: echo only (`icmp(7)`).
    Ping,
    /// `SOCK_RAW` with its protocol number (`raw(7)`).
    Raw(u8),
    /// `AF_PACKET`: frames (`packet(7)`).
    Packet,
    /// `AF_NETLINK` with its protocol number (`netlink(7)`).
    Netlink(u8),
}

impl Proto {
    /// Whether it is one of the Internet's.
    pub(crate) fn is_inet(self) -> bool {
        !matches!(self, Proto::Packet | Proto::Netlink(_))
    }
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

/// Options of `SOL_SOCKET`, `IPPROTO_IP` and `IPPROTO_IPV6` that matter to the stack, and those
/// that are only remembered (`stored`).
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct SockOptions {
    pub(crate) reuseaddr: bool,
    pub(crate) reuseport: bool,
    pub(crate) broadcast: bool,
    pub(crate) rcvtimeo_ns: Option<u64>,
    pub(crate) sndtimeo_ns: Option<u64>,
    pub(crate) ttl: Option<u8>,
    pub(crate) hops: Option<u8>,
    pub(crate) tos: u8,
    pub(crate) v6only: bool,
    pub(crate) multicast_ttl: u8,
    pub(crate) multicast_loop: bool,
    pub(crate) multicast_if: Option<IfaceId>,
    /// `IP_UNICAST_IF`.
    pub(crate) unicast_if: Option<IfaceId>,
    pub(crate) multicast_all: bool,
    pub(crate) groups: BTreeSet<(IfaceId, IpAddr)>,
    pub(crate) recverr: bool,
    /// `IP_MTU_DISCOVER`: 0 don't, 1 want, 2 do, 3 probe.
    pub(crate) pmtudisc: i32,
    pub(crate) hdrincl: bool,
    pub(crate) device: Option<IfaceId>,
    /// `IP_OPTIONS`.
    pub(crate) ip_options: Vec<u8>,
    /// Options with no effect here.
    pub(crate) stored: crate::net::stored::Store,
}

impl Default for SockOptions {
    fn default() -> SockOptions {
        SockOptions {
            reuseaddr: false,
            reuseport: false,
            broadcast: false,
            rcvtimeo_ns: None,
            sndtimeo_ns: None,
            ttl: None,
            hops: None,
            tos: 0,
            v6only: false,
            multicast_ttl: 1,
            multicast_loop: true,
            multicast_if: None,
            unicast_if: None,
            multicast_all: true,
            groups: BTreeSet::new(),
            recverr: false,
            pmtudisc: 1,
            hdrincl: false,
            device: None,
            ip_options: Vec::new(),
            stored: std::collections::BTreeMap::new(),
        }
    }
}

impl SockOptions {
    /// Whether a switch is on that nothing but its user looks at.
    pub(crate) fn is_on(&self, level: i32, name: i32) -> bool {
        self.stored.get(&(level, name)).is_some_and(|value| *value != 0)
    }

    /// What an accepted connection has of its listener's options: all but `SO_PRIORITY`, which the
    /// SYN's packet decides, and the processor that took it (`SO_INCOMING_CPU`): the only one.
    pub(crate) fn inherited(&self) -> SockOptions {
        let mut options = self.clone();
        options.stored.remove(&(SOL_SOCKET, SO_PRIORITY));
        options.stored.insert((SOL_SOCKET, SO_INCOMING_CPU), 0);
        options
    }

    /// The interface that packets to `dst` must leave by.
    pub(crate) fn way(&self, dst: IpAddr) -> Option<IfaceId> {
        let asked = if dst.is_multicast() { self.multicast_if } else { self.unicast_if };
        if dst.is_multicast() { asked.or(self.device) } else { self.device.or(asked) }
    }
}

/// A name given by `bind(2)` or chosen by the stack. Addresses are as on the wire: an IPv4 address
/// of an `AF_INET6` socket is not mapped here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Bound {
    pub(crate) ip: IpAddr,
    /// What `getsockname(2)` shows (`inet_sport`).
    pub(crate) port: u16,
    /// Whether the port is still owned (`inet_num`): a connection that ends gives an automatic
    /// one back, but goes on showing it.
    pub(crate) held: bool,
    /// The program chose the port: it survives a disconnect.
    pub(crate) port_locked: bool,
    /// The program chose the address.
    pub(crate) ip_locked: bool,
}

/// A socket.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Socket {
    pub(crate) kind: SocketKind,
    pub(crate) options: SockOptions,
    pub(crate) bound: Option<Bound>,
    /// IPv4 identification of the next packet.
    pub(crate) ip_id: u16,
    pub(crate) body: Body,
    /// When the stack's timer queue will look at it.
    pub(crate) timer_ns: Option<u64>,
    /// A connection in an accept queue: its listener.
    pub(crate) parent: Option<SocketId>,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Body {
    Tcp(Box<TcpSocket>),
    Datagram(Box<DatagramSocket>),
}

/// A stream socket: its connection (CLOSED while there is none), and its queues while it listens.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct TcpSocket {
    pub(crate) tcb: Tcb,
    pub(crate) listener: Option<Listener>,
    /// What the socket layer knows of the connection.
    pub(crate) phase: Phase,
}

/// `socket->state`: where a stream socket is for its program, whatever the connection does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Phase {
    /// `SS_UNCONNECTED`; a listener too.
    #[default]
    Unconnected,
    /// `SS_CONNECTING`: the result of `connect(2)` has not been collected yet.
    Connecting,
    /// `SS_CONNECTED`, even when the connection has ended.
    Connected,
    /// `SS_DISCONNECTING`: shut down while its attempt had failed.
    Disconnecting,
}

/// A UDP, ping, raw, packet or netlink socket.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct DatagramSocket {
    pub(crate) peer: Option<SocketAddr>,
    pub(crate) queue: VecDeque<Datagram>,
    /// Bytes of the queue as `SO_RCVBUF` counts them.
    pub(crate) rmem: u32,
    pub(crate) rcvbuf: u32,
    pub(crate) sndbuf: u32,
    pub(crate) err: Option<Errno>,
    pub(crate) shut: tcp::Shut,
    /// `MSG_ERRQUEUE`.
    pub(crate) errors: VecDeque<ErrorMessage>,
    /// `MSG_MORE`, `UDP_CORK`: what has been gathered.
    pub(crate) corked: Option<Corked>,
    /// `ICMP_FILTER`: types not wanted, one bit each.
    pub(crate) icmp_filter: u32,
    /// What its datagrams travel over.
    pub(crate) over: Over,
}

/// What a datagram socket's messages travel over.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) enum Over {
    /// The Internet protocols.
    #[default]
    Ip,
    /// An interface.
    Link(packet::Tap),
    /// Nothing: the kernel answers.
    Kernel(netlink::Port),
}

/// A datagram that waits for its end.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Corked {
    /// The first call's destination.
    pub(crate) to: SocketAddr,
    pub(crate) data: Vec<u8>,
    pub(crate) asked: crate::net::Asked,
}

/// A received datagram.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Datagram {
    pub(crate) data: crate::wire::Shared,
    pub(crate) arrival: Arrival,
    /// The sender, where that is no Internet address.
    pub(crate) name: Option<abi::SockAddr>,
    pub(crate) truesize: u32,
}

/// How a datagram came.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Arrival {
    pub(crate) from: SocketAddr,
    pub(crate) to: SocketAddr,
    pub(crate) ttl: u8,
    pub(crate) tos: u8,
    pub(crate) iface: IfaceId,
    pub(crate) at_ns: u64,
}

/// An entry of the error queue (`IP_RECVERR`).
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ErrorMessage {
    pub(crate) errno: Errno,
    pub(crate) payload: crate::wire::Shared,
    pub(crate) to: SocketAddr,
    pub(crate) origin: Origin,
}

/// Who reports an error: an ICMP message, or this host (`struct sock_extended_err`).
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Origin {
    /// The packet did not fit: the MTU.
    Local { mtu: u32 },
    /// Type, code, an MTU if it says one, and its sender.
    Icmp { ty: u8, code: u8, info: u32, by: IpAddr },
}

impl Socket {
    pub(crate) fn tcp(&self) -> Option<&TcpSocket> {
        match &self.body {
            Body::Tcp(tcp) => Some(tcp),
            Body::Datagram(_) => None,
        }
    }

    pub(crate) fn tcp_mut(&mut self) -> Option<&mut TcpSocket> {
        match &mut self.body {
            Body::Tcp(tcp) => Some(tcp),
            Body::Datagram(_) => None,
        }
    }

    pub(crate) fn datagram(&self) -> Option<&DatagramSocket> {
        match &self.body {
            Body::Datagram(datagram) => Some(datagram),
            Body::Tcp(_) => None,
        }
    }

    pub(crate) fn datagram_mut(&mut self) -> Option<&mut DatagramSocket> {
        match &mut self.body {
            Body::Datagram(datagram) => Some(datagram),
            Body::Tcp(_) => None,
        }
    }

    /// `SO_DOMAIN`, `SO_TYPE` and `SO_PROTOCOL`.
    pub(crate) fn made_with(&self) -> [i32; 3] {
        let inet = if self.kind.v6 { AF_INET6 } else { AF_INET };
        match (self.kind.proto, self.datagram().map(|datagram| &datagram.over)) {
            (Proto::Tcp, _) => [inet, SOCK_STREAM, IPPROTO_TCP],
            (Proto::Udp, _) => [inet, SOCK_DGRAM, IPPROTO_UDP],
            (Proto::Ping, _) if self.kind.v6 => [inet, SOCK_DGRAM, IPPROTO_ICMPV6],
            (Proto::Ping, _) => [inet, SOCK_DGRAM, IPPROTO_ICMP],
            (Proto::Raw(number), _) => [inet, SOCK_RAW, i32::from(number)],
            (Proto::Packet, Some(Over::Link(tap))) => match tap.form {
                packet::Form::Whole => [AF_PACKET, SOCK_RAW, 0],
                packet::Form::Cooked => [AF_PACKET, SOCK_DGRAM, 0],
                packet::Form::Old => [AF_PACKET, SOCK_PACKET, 0],
            },
            (Proto::Packet, _) => [AF_PACKET, SOCK_RAW, 0],
            (Proto::Netlink(number), Some(Over::Kernel(port))) if !port.raw => {
                [AF_NETLINK, SOCK_DGRAM, i32::from(number)]
            }
            (Proto::Netlink(number), _) => [AF_NETLINK, SOCK_RAW, i32::from(number)],
        }
    }

    /// An address as this socket's family shows it.
    pub(crate) fn show(&self, addr: SocketAddr) -> SocketAddr {
        match addr {
            SocketAddr::V4(v4) if self.kind.v6 => {
                let ip = if v4.ip().is_unspecified() && v4.port() == 0 {
                    Ipv6Addr::UNSPECIFIED
                } else {
                    v4.ip().to_ipv6_mapped()
                };
                SocketAddr::new(ip.into(), v4.port())
            }
            other => other,
        }
    }

    /// The unspecified address of its family.
    pub(crate) fn any(&self) -> IpAddr {
        if self.kind.v6 {
            IpAddr::V6(Ipv6Addr::UNSPECIFIED)
        } else {
            IpAddr::V4(Ipv4Addr::UNSPECIFIED)
        }
    }
}

/// An address as on the wire: IPv4-mapped becomes IPv4.
pub(crate) fn on_wire(addr: SocketAddr) -> SocketAddr {
    match addr {
        SocketAddr::V6(v6) => match v6.ip().to_ipv4_mapped() {
            Some(v4) => SocketAddr::new(v4.into(), v6.port()),
            None => addr,
        },
        SocketAddr::V4(_) => addr,
    }
}

/// All sockets of a host. Each is shared until it changes, so that a checkpoint of a host with
/// many connections costs a counter each.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Sockets {
    base: u32,
    slots: VecDeque<Option<Arc<Socket>>>,
}

impl Sockets {
    pub(crate) fn insert(&mut self, socket: Socket) -> SocketId {
        self.slots.push_back(Some(Arc::new(socket)));
        SocketId(self.base + self.slots.len() as u32 - 1)
    }

    pub(crate) fn get(&self, id: SocketId) -> Option<&Socket> {
        self.slots.get(id.0.checked_sub(self.base)? as usize)?.as_deref()
    }

    pub(crate) fn get_mut(&mut self, id: SocketId) -> Option<&mut Socket> {
        let slot = self.slots.get_mut(id.0.checked_sub(self.base)? as usize)?;
        slot.as_mut().map(Arc::make_mut)
    }

    pub(crate) fn remove(&mut self, id: SocketId) {
        if let Some(slot) =
            id.0.checked_sub(self.base).and_then(|at| self.slots.get_mut(at as usize))
        {
            *slot = None;
        }
        while let Some(None) = self.slots.front() {
            self.slots.pop_front();
            self.base += 1;
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (SocketId, &Socket)> {
        self.slots
            .iter()
            .enumerate()
            .filter_map(|(at, slot)| Some((SocketId(self.base + at as u32), slot.as_deref()?)))
    }
}
