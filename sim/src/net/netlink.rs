//! Netlink sockets (`netlink(7)`), and of the kernel's side what `ip(8)` and glibc ask:
//! `rtnetlink(7)`'s lists of interfaces, addresses, routes and neighbours.
//!
//! A program without the right to change is told `EPERM`, as on Linux; one with it `EOPNOTSUPP`,
//! because the network is the scenario's. Missing: protocols other than `NETLINK_ROUTE` (nobody
//! listens there: `ECONNREFUSED`), messages between programs, groups that report changes, and of
//! the attributes those that nothing here has (queues, offloads, statistics of a protocol).

use crate::net::neighbour::Neighbour;
use crate::net::route::{Cast, Hit, in_prefix};
use crate::net::socket::{Arrival, Over, Socket};
use crate::net::{IfaceId, Interface, Out, Proto, Route, SendRequest, SocketId, SocketKind, Stack};
use crate::wire::{Mac, Shared};
use abi::consts::*;
use abi::{Bytes, Errno, SockAddr};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// `sizeof(struct nlmsghdr)`.
const HEADER: usize = 16;
/// `sizeof(struct sockaddr_nl)`.
const SOCKADDR_NL: usize = 12;
/// Messages of a list that travel in one datagram, bytes (`NLMSG_GOODSIZE` of 4 kB pages).
const GOOD_SIZE: usize = 3776;
/// Where automatic numbers begin when the process's own is taken (`netlink_autobind`).
const ROVER: u32 = 0xffff_f000;
/// What may be asked about is of the kind `…GET…`: 18, 22, 26, ….
const GET: u16 = 2;
/// `RTM_MAX` of Linux 6.18.
const RTM_MAX: u16 = 123;
/// `RTM_F_CLONED`: a route that was looked up.
const CLONED: u32 = 0x200;

/// Options that are on or off, and change nothing here.
const SWITCHES: [i32; 7] = [
    NETLINK_PKTINFO,
    NETLINK_BROADCAST_ERROR,
    NETLINK_NO_ENOBUFS,
    NETLINK_LISTEN_ALL_NSID,
    NETLINK_CAP_ACK,
    NETLINK_EXT_ACK,
    NETLINK_GET_STRICT_CHK,
];

/// A netlink socket's name and whose it is.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Port {
    protocol: u8,
    /// `SOCK_RAW` rather than `SOCK_DGRAM`, which is the same here.
    pub(crate) raw: bool,
    owner: Owner,
    /// `nl_pid` once it is bound.
    number: Option<u32>,
    groups: u32,
}

/// Who made a socket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Owner {
    /// Its process.
    pub pid: i32,
    /// Whether it may change the network.
    pub root: bool,
}

/// A request: its header, and what follows.
struct Request<'a> {
    whole: &'a [u8],
    kind: u16,
    flags: i32,
    sequence: u32,
}

impl Request<'_> {
    fn body(&self) -> &[u8] {
        &self.whole[HEADER..]
    }

    fn family(&self) -> i32 {
        self.body().first().copied().map_or(AF_UNSPEC, i32::from)
    }

    /// The value of an attribute behind a header of `len` bytes.
    fn attribute(&self, len: usize, wanted: u16) -> Option<&[u8]> {
        let mut rest = self.body().get(len..)?;
        loop {
            let [a, b, c, d, ..] = *rest else { return None };
            let (size, kind) =
                (usize::from(u16::from_le_bytes([a, b])), u16::from_le_bytes([c, d]));
            let value = rest.get(4..size)?;
            if kind == wanted {
                return Some(value);
            }
            rest = rest.get(size.next_multiple_of(4)..)?;
        }
    }
}

impl Stack {
    /// `socket(AF_NETLINK, …)`.
    pub fn netlink_socket(&mut self, protocol: u8, raw: bool, owner: Owner) -> SocketId {
        let id = self.socket(SocketKind { v6: false, proto: Proto::Netlink(protocol) });
        let port = Port { protocol, raw, owner, number: None, groups: 0 };
        if let Some(datagram) = self.sockets.get_mut(id).and_then(Socket::datagram_mut) {
            datagram.over = Over::Kernel(port);
        }
        self.ports.insert(Proto::Netlink(protocol), 0, id);
        id
    }

    fn port(&self, id: SocketId) -> Result<&Port, Errno> {
        match self.socket_ref(id)?.datagram().map(|datagram| &datagram.over) {
            Some(Over::Kernel(port)) => Ok(port),
            _ => Err(Errno::EOPNOTSUPP),
        }
    }

    fn port_mut(&mut self, id: SocketId) -> Result<&mut Port, Errno> {
        match self.socket_mut(id)?.datagram_mut().map(|datagram| &mut datagram.over) {
            Some(Over::Kernel(port)) => Ok(port),
            _ => Err(Errno::EOPNOTSUPP),
        }
    }

    fn is_port_taken(&self, protocol: u8, number: u32) -> bool {
        let mut all = self.ports.at(Proto::Netlink(protocol), 0);
        all.any(|id| self.port(id).is_ok_and(|port| port.number == Some(number)))
    }

    /// `netlink_autobind`: the process's number, or one that no process has.
    fn netlink_autobind(&mut self, id: SocketId) -> Result<u32, Errno> {
        let port = self.port(id)?;
        if let Some(number) = port.number {
            return Ok(number);
        }
        let (protocol, own) = (port.protocol, port.owner.pid as u32);
        let mut candidates = std::iter::once(own).chain((0..ROVER).rev());
        let number = candidates
            .find(|number| !self.is_port_taken(protocol, *number))
            .ok_or(Errno::EADDRINUSE)?;
        self.port_mut(id)?.number = Some(number);
        Ok(number)
    }

    /// `netlink_bind`.
    pub(crate) fn netlink_bind(&mut self, id: SocketId, addr: &SockAddr) -> Result<(), Errno> {
        let (asked, groups) = sockaddr(addr)?;
        let port = self.port(id)?;
        match port.number {
            Some(number) if asked != 0 && asked != number => return Err(Errno::EINVAL),
            None if asked == 0 => {
                self.netlink_autobind(id)?;
            }
            None if self.is_port_taken(port.protocol, asked) => return Err(Errno::EADDRINUSE),
            None => self.port_mut(id)?.number = Some(asked),
            Some(_) => {}
        }
        self.port_mut(id)?.groups = groups;
        Ok(())
    }

    /// `netlink_connect`: only the kernel is at the other end.
    pub(crate) fn netlink_connect(&mut self, id: SocketId, addr: &SockAddr) -> Result<(), Errno> {
        if addr.family().map(i32::from) == Some(AF_UNSPEC) {
            return Ok(());
        }
        let (peer, groups) = sockaddr(addr)?;
        if (peer != 0 || groups != 0) && !self.port(id)?.owner.root {
            return Err(Errno::EPERM);
        }
        self.netlink_autobind(id).map(|_| ())
    }

    /// `netlink_getname`.
    pub(crate) fn netlink_name(port: &Port) -> SockAddr {
        sockaddr_nl(port.number.unwrap_or(0), port.groups)
    }

    /// The name of whoever answers.
    pub(crate) fn netlink_kernel() -> SockAddr {
        sockaddr_nl(0, 0)
    }

    /// `netlink_sendmsg`: the answers are there when the call returns.
    pub(crate) fn netlink_send(
        &mut self,
        id: SocketId,
        request: &mut SendRequest,
        now_ns: u64,
        out: &mut Out,
    ) -> Result<usize, Errno> {
        if request.flags & MSG_OOB != 0 {
            return Err(Errno::EOPNOTSUPP);
        }
        if request.data.is_empty() {
            return Err(Errno::ENODATA);
        }
        let (to, groups) = request.name.as_ref().map_or(Ok((0, 0)), sockaddr)?;
        let port = self.port(id)?;
        let (protocol, root) = (port.protocol, port.owner.root);
        if (to != 0 || groups != 0) && !root {
            return Err(Errno::EPERM);
        }
        let number = self.netlink_autobind(id)?;
        if to != 0 || i32::from(protocol) != NETLINK_ROUTE {
            return Err(Errno::ECONNREFUSED);
        }
        let data = std::mem::take(&mut request.data);
        for request in requests(&data) {
            for datagram in self.answer(&request, number, root) {
                self.netlink_reply(id, datagram, now_ns, out);
            }
        }
        request.sent = data.len();
        Ok(data.len())
    }

    fn netlink_reply(&mut self, id: SocketId, data: Vec<u8>, now_ns: u64, out: &mut Out) {
        let nobody = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
        let iface = IfaceId::LO;
        let arrival = Arrival { from: nobody, to: nobody, ttl: 0, tos: 0, iface, at_ns: now_ns };
        self.enqueue(id, Shared::from(data), arrival, Some(Stack::netlink_kernel()), out);
    }

    /// `netlink_setsockopt`: kept; groups are joined and never report anything.
    pub(crate) fn set_netlink_option(
        &mut self,
        id: SocketId,
        name: i32,
        value: &[u8],
    ) -> Result<(), Errno> {
        let root = self.port(id)?.owner.root;
        let number = value.first_chunk().map(|b| i32::from_le_bytes(*b)).ok_or(Errno::EINVAL)?;
        match name {
            NETLINK_ADD_MEMBERSHIP | NETLINK_DROP_MEMBERSHIP => match number {
                // One bit each of what RTNLGRP_MAX is on Linux 6.18.
                1..=37 => Ok(()),
                _ => Err(Errno::EINVAL),
            },
            NETLINK_LISTEN_ALL_NSID if !root => Err(Errno::EPERM),
            _ if !SWITCHES.contains(&name) => Err(Errno::ENOPROTOOPT),
            _ => {
                let on = i64::from(number != 0);
                self.socket_mut(id)?.options.stored.insert((SOL_NETLINK, name), on);
                Ok(())
            }
        }
    }

    /// `netlink_getsockopt`.
    pub(crate) fn get_netlink_option(&self, id: SocketId, name: i32) -> Result<Vec<u8>, Errno> {
        match name {
            // A bit for each group; none is ever joined.
            NETLINK_LIST_MEMBERSHIPS => return Ok(vec![0; 8]),
            _ if !SWITCHES.contains(&name) => return Err(Errno::ENOPROTOOPT),
            _ => {}
        }
        let kept = self.socket_ref(id)?.options.stored.get(&(SOL_NETLINK, name)).copied();
        Ok((kept.unwrap_or(0) as i32).to_le_bytes().to_vec())
    }

    /// `rtnetlink_rcv_msg`: the datagrams that answer one request.
    fn answer(&self, request: &Request<'_>, to: u32, root: bool) -> Vec<Vec<u8>> {
        let answer = Answer { sequence: request.sequence, to };
        if request.flags & NLM_F_REQUEST == 0 {
            return Vec::new();
        }
        let acknowledged = |result: Result<(), Errno>| match result {
            Ok(()) if request.flags & NLM_F_ACK == 0 => Vec::new(),
            result => vec![answer.error(request, result)],
        };
        // Control messages mean nothing to the kernel.
        if request.kind < RTM_NEWLINK as u16 {
            return acknowledged(Ok(()));
        }
        if request.kind > RTM_MAX {
            return acknowledged(Err(Errno::EOPNOTSUPP));
        }
        if request.kind & 3 != GET {
            let errno = if root { Errno::EOPNOTSUPP } else { Errno::EPERM };
            return acknowledged(Err(errno));
        }
        if request.flags & NLM_F_DUMP != 0 {
            return match self.list(i32::from(request.kind), request.family()) {
                Some((kind, bodies)) => answer.list(kind, bodies),
                None => acknowledged(Err(Errno::EOPNOTSUPP)),
            };
        }
        match self.one(request) {
            Ok((kind, body)) => {
                let mut all = vec![answer.message(kind, 0, &body)];
                all.extend(acknowledged(Ok(())));
                all
            }
            Err(errno) => acknowledged(Err(errno)),
        }
    }

    /// Everything of a kind; `AF_UNSPEC` asks for both families.
    fn list(&self, kind: i32, family: i32) -> Option<(i32, Vec<Vec<u8>>)> {
        let families: &[i32] = match family {
            AF_INET => &[AF_INET],
            AF_INET6 => &[AF_INET6],
            _ => &[AF_INET, AF_INET6],
        };
        let numbered = || (1..).map(IfaceId).zip(&self.interfaces);
        match kind {
            RTM_GETLINK => {
                let links = numbered().map(|(id, iface)| self.link_message(id, iface));
                Some((RTM_NEWLINK, links.collect()))
            }
            RTM_GETADDR => {
                let of = |family: &i32| {
                    let v6 = *family == AF_INET6;
                    numbered().flat_map(move |(id, iface)| {
                        let addrs = iface.addrs.iter().filter(move |(ip, _)| ip.is_ipv6() == v6);
                        addrs.map(move |addr| address_message(id, iface, *addr))
                    })
                };
                Some((RTM_NEWADDR, families.iter().flat_map(of).collect()))
            }
            RTM_GETROUTE => {
                let of = |family: &i32| self.route_messages(*family == AF_INET6);
                Some((RTM_NEWROUTE, families.iter().flat_map(of).collect()))
            }
            RTM_GETNEIGH => {
                let of = |family: &i32| {
                    let v6 = *family == AF_INET6;
                    let mine =
                        move |((_, ip), _): &(&(IfaceId, IpAddr), &Neighbour)| ip.is_ipv6() == v6;
                    self.neighbours.iter().filter(mine).map(|(key, at)| neighbour_message(*key, at))
                };
                Some((RTM_NEWNEIGH, families.iter().flat_map(of).collect()))
            }
            _ => None,
        }
    }

    /// One interface by number or name, or the way to one address (`ip route get`).
    fn one(&self, request: &Request<'_>) -> Result<(i32, Vec<u8>), Errno> {
        match i32::from(request.kind) {
            RTM_GETLINK => {
                let index = request.body().get(4..8).and_then(|b| b.first_chunk());
                let index = index.map_or(0, |b| u32::from_le_bytes(*b));
                let name = request.attribute(16, attribute::IFLA_IFNAME);
                let id = match (index, name) {
                    (0, None) => return Err(Errno::EINVAL),
                    (0, Some(name)) => self.interface_named(name),
                    (index, _) => Some(IfaceId(index)),
                };
                let found = id.and_then(|id| Some((id, self.interface(id)?)));
                let (id, iface) = found.ok_or(Errno::ENODEV)?;
                Ok((RTM_NEWLINK, self.link_message(id, iface)))
            }
            RTM_GETROUTE => {
                let dst = request.attribute(12, attribute::RTA_DST).ok_or(Errno::EINVAL)?;
                let dst = ip(request.family(), dst).ok_or(Errno::EINVAL)?;
                let device = request.attribute(12, attribute::RTA_OIF);
                let device = device.and_then(|b| b.first_chunk());
                let device = device.map(|b| IfaceId(u32::from_le_bytes(*b)));
                let hit = self.route(dst, None, device)?;
                Ok((RTM_NEWROUTE, found_route(dst, hit)))
            }
            _ => Err(Errno::EOPNOTSUPP),
        }
    }

    /// `struct ifinfomsg` and its attributes.
    fn link_message(&self, id: IfaceId, iface: &Interface) -> Vec<u8> {
        use attribute::*;
        let mut body = vec![0; 2];
        body.extend((iface.hardware() as u16).to_le_bytes());
        body.extend(id.0.to_le_bytes());
        body.extend(iface.flags().to_le_bytes());
        body.extend([0; 4]);
        let [rx_packets, tx_packets, rx_bytes, tx_bytes] = self.counts(id);
        // Those four come first in `struct rtnl_link_stats64`.
        let mut stats: Vec<u8> = [rx_packets, tx_packets, rx_bytes, tx_bytes]
            .into_iter()
            .flat_map(u64::to_le_bytes)
            .collect();
        stats.resize(25 * 8, 0);
        let mut short: Vec<u8> = [rx_packets, tx_packets, rx_bytes, tx_bytes]
            .into_iter()
            .flat_map(|count| (count as u32).to_le_bytes())
            .collect();
        short.resize(24 * 4, 0);
        let everyone = if iface.is_loopback() { Mac::default() } else { Mac::BROADCAST };
        // Unknown, down by the lower layer, up (RFC 2863's states).
        let state = if iface.is_loopback() {
            0
        } else if iface.up {
            6
        } else {
            2
        };
        put(&mut body, IFLA_IFNAME, &text(&iface.name));
        put(&mut body, IFLA_TXQLEN, &1000_u32.to_le_bytes());
        put(&mut body, IFLA_OPERSTATE, &[state]);
        put(&mut body, IFLA_LINKMODE, &[0]);
        put(&mut body, IFLA_MTU, &iface.mtu.to_le_bytes());
        put(&mut body, IFLA_GROUP, &[0; 4]);
        put(&mut body, IFLA_PROMISCUITY, &[0; 4]);
        put(&mut body, IFLA_NUM_TX_QUEUES, &1_u32.to_le_bytes());
        put(&mut body, IFLA_NUM_RX_QUEUES, &1_u32.to_le_bytes());
        put(&mut body, IFLA_CARRIER, &[u8::from(iface.up)]);
        put(&mut body, IFLA_ADDRESS, &iface.mac.0);
        put(&mut body, IFLA_BROADCAST, &everyone.0);
        put(&mut body, IFLA_STATS64, &stats);
        put(&mut body, IFLA_STATS, &short);
        put(&mut body, IFLA_QDISC, b"noqueue\0");
        body
    }

    /// The main table, then what is this host's own (the table "local").
    fn route_messages(&self, v6: bool) -> Vec<Vec<u8>> {
        let mut main: Vec<&Route> =
            self.routes.iter().filter(|route| route.dst.0.is_ipv6() == v6).collect();
        main.sort_by_key(|route| (network(route.dst), route.dst.1));
        let mut all: Vec<Vec<u8>> = main.into_iter().map(|route| self.main_route(route)).collect();
        for (at, iface) in self.interfaces.iter().enumerate().rev() {
            let id = IfaceId(at as u32 + 1);
            for (own, len) in iface.addrs.iter().filter(|(ip, _)| ip.is_ipv6() == v6) {
                all.extend(local_routes(id, iface, *own, *len));
            }
        }
        all
    }

    fn main_route(&self, route: &Route) -> Vec<u8> {
        let v6 = route.dst.0.is_ipv6();
        let on_link = route.via.is_none();
        let src = self.interface(route.iface).and_then(|iface| {
            iface.addrs.iter().find(|(own, _)| in_prefix(*own, route.dst)).map(|(own, _)| *own)
        });
        let src = src.filter(|_| on_link && route.dst.1 > 0);
        Line {
            dst: route.dst,
            table: Table::Main,
            // Who wrote it: the kernel, or an administrator.
            protocol: if src.is_some() { 2 } else { 3 },
            scope: if on_link && !v6 { Scope::Link } else { Scope::Universe },
            kind: match route.refuse {
                None => Kind::Unicast,
                Some(Errno::EINVAL) => Kind::Blackhole,
                Some(Errno::EACCES) => Kind::Prohibit,
                Some(_) => Kind::Unreachable,
            },
            src: src.filter(|_| !v6),
            via: route.via,
            iface: route.iface,
            flags: 0,
        }
        .message()
    }
}

/// Kinds of attributes: `linux/if_link.h`, `linux/if_addr.h`, `linux/rtnetlink.h`,
/// `linux/neighbour.h`.
mod attribute {
    pub(super) const IFLA_ADDRESS: u16 = 1;
    pub(super) const IFLA_BROADCAST: u16 = 2;
    pub(super) const IFLA_IFNAME: u16 = 3;
    pub(super) const IFLA_MTU: u16 = 4;
    pub(super) const IFLA_QDISC: u16 = 6;
    pub(super) const IFLA_STATS: u16 = 7;
    pub(super) const IFLA_TXQLEN: u16 = 13;
    pub(super) const IFLA_OPERSTATE: u16 = 16;
    pub(super) const IFLA_LINKMODE: u16 = 17;
    pub(super) const IFLA_STATS64: u16 = 23;
    pub(super) const IFLA_GROUP: u16 = 27;
    pub(super) const IFLA_PROMISCUITY: u16 = 30;
    pub(super) const IFLA_NUM_TX_QUEUES: u16 = 31;
    pub(super) const IFLA_NUM_RX_QUEUES: u16 = 32;
    pub(super) const IFLA_CARRIER: u16 = 33;
    pub(super) const IFA_ADDRESS: u16 = 1;
    pub(super) const IFA_LOCAL: u16 = 2;
    pub(super) const IFA_LABEL: u16 = 3;
    pub(super) const IFA_BROADCAST: u16 = 4;
    pub(super) const IFA_CACHEINFO: u16 = 6;
    pub(super) const IFA_FLAGS: u16 = 8;
    pub(super) const RTA_DST: u16 = 1;
    pub(super) const RTA_OIF: u16 = 4;
    pub(super) const RTA_GATEWAY: u16 = 5;
    pub(super) const RTA_PREFSRC: u16 = 7;
    pub(super) const RTA_TABLE: u16 = 15;
    pub(super) const NDA_DST: u16 = 1;
    pub(super) const NDA_LLADDR: u16 = 2;
    pub(super) const NDA_CACHEINFO: u16 = 3;
    pub(super) const NDA_PROBES: u16 = 4;
}

/// To whom, and to which request.
struct Answer {
    sequence: u32,
    to: u32,
}

impl Answer {
    fn message(&self, kind: i32, flags: i32, body: &[u8]) -> Vec<u8> {
        let mut bytes = ((HEADER + body.len()) as u32).to_le_bytes().to_vec();
        bytes.extend((kind as u16).to_le_bytes());
        bytes.extend((flags as u16).to_le_bytes());
        bytes.extend(self.sequence.to_le_bytes());
        bytes.extend(self.to.to_le_bytes());
        bytes.extend(body);
        bytes
    }

    /// An error quotes the whole request, an acknowledgement its header.
    fn error(&self, request: &Request<'_>, result: Result<(), Errno>) -> Vec<u8> {
        let (errno, quote, flags) = match result {
            Ok(()) => (0, &request.whole[..HEADER], NLM_F_CAPPED),
            Err(errno) => (errno.0, request.whole, 0),
        };
        let mut body = (-errno).to_le_bytes().to_vec();
        body.extend(quote);
        self.message(NLMSG_ERROR, flags, &body)
    }

    /// A list in datagrams of a good size; its end is a message of its own.
    fn list(&self, kind: i32, bodies: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        let mut all: Vec<Vec<u8>> = Vec::new();
        for body in bodies {
            let message = self.message(kind, NLM_F_MULTI, &body);
            match all.last_mut() {
                Some(last) if last.len() + message.len() <= GOOD_SIZE => last.extend(message),
                _ => all.push(message),
            }
        }
        let end = self.message(NLMSG_DONE, NLM_F_MULTI, &0_i32.to_le_bytes());
        match all.last_mut() {
            // Neighbours are told of by one function that also ends the list.
            Some(last) if kind == RTM_NEWNEIGH => last.extend(end),
            _ => all.push(end),
        }
        all
    }
}

/// The messages of a datagram; one that is cut ends them.
fn requests(data: &[u8]) -> impl Iterator<Item = Request<'_>> {
    let mut rest = data;
    std::iter::from_fn(move || {
        let header: &[u8; HEADER] = rest.first_chunk()?;
        let word = |at: usize| {
            u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
        };
        let len = word(0) as usize;
        let whole = rest.get(..len).filter(|whole| whole.len() >= HEADER)?;
        rest = rest.get(len.next_multiple_of(4)..).unwrap_or_default();
        Some(Request {
            whole,
            kind: u16::from_le_bytes([header[4], header[5]]),
            flags: i32::from(u16::from_le_bytes([header[6], header[7]])),
            sequence: word(8),
        })
    })
}

/// `nl_pid` and `nl_groups`.
fn sockaddr(addr: &SockAddr) -> Result<(u32, u32), Errno> {
    let bytes: &[u8; SOCKADDR_NL] = addr.bytes().first_chunk().ok_or(Errno::EINVAL)?;
    if addr.family().map(i32::from) != Some(AF_NETLINK) {
        return Err(Errno::EINVAL);
    }
    let word =
        |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    Ok((word(4), word(8)))
}

fn sockaddr_nl(number: u32, groups: u32) -> SockAddr {
    let mut bytes = (AF_NETLINK as u32).to_le_bytes().to_vec();
    bytes.extend(number.to_le_bytes());
    bytes.extend(groups.to_le_bytes());
    SockAddr(Bytes(bytes))
}

/// Appends an attribute, padded to whole words.
fn put(body: &mut Vec<u8>, kind: u16, value: &[u8]) {
    body.extend((4 + value.len() as u16).to_le_bytes());
    body.extend(kind.to_le_bytes());
    body.extend(value);
    body.resize(body.len().next_multiple_of(4), 0);
}

fn text(name: &str) -> Vec<u8> {
    name.bytes().chain([0]).collect()
}

fn octets(ip: IpAddr) -> Vec<u8> {
    match ip {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    }
}

fn ip(family: i32, bytes: &[u8]) -> Option<IpAddr> {
    match family {
        AF_INET => bytes.first_chunk::<4>().map(|b| IpAddr::from(*b)),
        AF_INET6 => bytes.first_chunk::<16>().map(|b| IpAddr::from(*b)),
        _ => None,
    }
}

fn family(ip: IpAddr) -> i32 {
    if ip.is_ipv4() { AF_INET } else { AF_INET6 }
}

/// `struct ifaddrmsg` and its attributes.
fn address_message(id: IfaceId, iface: &Interface, (own, len): (IpAddr, u8)) -> Vec<u8> {
    use attribute::*;
    /// `IFA_F_PERMANENT`.
    const PERMANENT: u32 = 0x80;
    let scope = match own {
        own if own.is_loopback() => Scope::Host,
        IpAddr::V6(own) if own.is_unicast_link_local() => Scope::Link,
        _ => Scope::Universe,
    };
    let mut body = vec![family(own) as u8, len, PERMANENT as u8, scope as u8];
    body.extend(id.0.to_le_bytes());
    put(&mut body, IFA_ADDRESS, &octets(own));
    // Valid and preferred for ever.
    let lifetime = [[0xff; 8], [0; 8]].concat();
    if own.is_ipv4() {
        put(&mut body, IFA_LOCAL, &octets(own));
        if let Some(broadcast) = iface.broadcast((own, len)) {
            put(&mut body, IFA_BROADCAST, &octets(broadcast));
        }
        put(&mut body, IFA_LABEL, &text(&iface.name));
        put(&mut body, IFA_FLAGS, &PERMANENT.to_le_bytes());
        put(&mut body, IFA_CACHEINFO, &lifetime);
    } else {
        put(&mut body, IFA_CACHEINFO, &lifetime);
        put(&mut body, IFA_FLAGS, &PERMANENT.to_le_bytes());
    }
    body
}

/// `struct ndmsg` and its attributes.
fn neighbour_message((id, ip): (IfaceId, IpAddr), neighbour: &Neighbour) -> Vec<u8> {
    use attribute::*;
    // `NUD_INCOMPLETE`, `NUD_REACHABLE`.
    let (state, mac, probes) = match neighbour {
        Neighbour::Reachable(mac) => (2_u16, Some(*mac), 0),
        Neighbour::Incomplete { asked, .. } => (1, None, *asked),
    };
    let mut body = vec![family(ip) as u8, 0, 0, 0];
    body.extend(id.0.to_le_bytes());
    body.extend(state.to_le_bytes());
    body.extend([0, Kind::Unicast as u8]);
    put(&mut body, NDA_DST, &octets(ip));
    if let Some(mac) = mac {
        put(&mut body, NDA_LLADDR, &mac.0);
    }
    put(&mut body, NDA_PROBES, &probes.to_le_bytes());
    put(&mut body, NDA_CACHEINFO, &[0; 16]);
    body
}

/// `rtm_table`.
#[derive(Clone, Copy)]
enum Table {
    Main = 254,
    Local = 255,
}

/// `rtm_scope`.
#[derive(Clone, Copy)]
enum Scope {
    Universe = 0,
    Link = 253,
    Host = 254,
}

/// `rtm_type`.
#[derive(Clone, Copy)]
enum Kind {
    Unicast = 1,
    Local = 2,
    Broadcast = 3,
    Multicast = 5,
    Blackhole = 6,
    Unreachable = 7,
    Prohibit = 8,
}

/// A line of a routing table, to be told.
struct Line {
    dst: (IpAddr, u8),
    table: Table,
    protocol: u8,
    scope: Scope,
    kind: Kind,
    src: Option<IpAddr>,
    via: Option<IpAddr>,
    iface: IfaceId,
    flags: u32,
}

impl Line {
    /// `struct rtmsg` and its attributes.
    fn message(&self) -> Vec<u8> {
        use attribute::*;
        let (dst, len) = self.dst;
        let mut body = vec![family(dst) as u8, len, 0, 0];
        body.extend([self.table as u8, self.protocol, self.scope as u8, self.kind as u8]);
        body.extend(self.flags.to_le_bytes());
        put(&mut body, RTA_TABLE, &(self.table as u32).to_le_bytes());
        if len > 0 {
            put(&mut body, RTA_DST, &octets(network(self.dst)));
        }
        if let Some(src) = self.src {
            put(&mut body, RTA_PREFSRC, &octets(src));
        }
        if let Some(via) = self.via {
            put(&mut body, RTA_GATEWAY, &octets(via));
        }
        put(&mut body, RTA_OIF, &self.iface.0.to_le_bytes());
        body
    }
}

/// What `ip route get` shows.
fn found_route(dst: IpAddr, hit: Hit) -> Vec<u8> {
    let kind = match hit.cast {
        Cast::Local => Kind::Local,
        Cast::Unicast => Kind::Unicast,
        Cast::Broadcast => Kind::Broadcast,
        Cast::Multicast => Kind::Multicast,
    };
    let table =
        if matches!(kind, Kind::Local | Kind::Broadcast) { Table::Local } else { Table::Main };
    Line {
        dst: (dst, if dst.is_ipv4() { 32 } else { 128 }),
        table,
        protocol: 0,
        scope: Scope::Universe,
        kind,
        src: Some(hit.src),
        via: Some(hit.next_hop).filter(|via| *via != dst),
        iface: hit.iface,
        flags: CLONED,
    }
    .message()
}

/// What an address of ours adds to the table "local".
fn local_routes(id: IfaceId, iface: &Interface, own: IpAddr, len: u8) -> Vec<Vec<u8>> {
    let line = |ip: IpAddr, len: u8, kind: Kind, scope: Scope| {
        let src = Some(own).filter(|own| own.is_ipv4());
        let (dst, table, via) = ((ip, len), Table::Local, None);
        Line { dst, table, protocol: 2, scope, kind, src, via, iface: id, flags: 0 }.message()
    };
    let IpAddr::V4(v4) = own else {
        return vec![line(own, 128, Kind::Local, Scope::Universe)];
    };
    let mut all = Vec::new();
    if iface.is_loopback() {
        all.push(line(own, len, Kind::Local, Scope::Host));
    }
    all.push(line(own, 32, Kind::Local, Scope::Host));
    if len < 31 {
        let host = u32::MAX.checked_shr(u32::from(len)).unwrap_or(0);
        let broadcast = Ipv4Addr::from(u32::from(v4) | host);
        all.push(line(broadcast.into(), 32, Kind::Broadcast, Scope::Link));
    }
    all
}

/// A prefix's address with the host's bits cleared.
fn network((ip, len): (IpAddr, u8)) -> IpAddr {
    match ip {
        IpAddr::V4(ip) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(len.min(32))).unwrap_or(0);
            Ipv4Addr::from(u32::from(ip) & mask).into()
        }
        IpAddr::V6(ip) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(len.min(128))).unwrap_or(0);
            std::net::Ipv6Addr::from(u128::from(ip) & mask).into()
        }
    }
}
