//! Where a packet goes: own addresses, prefixes, source addresses (`ip(7)`, `ip-route(8)`).
//!
//! Longest prefix first. Not modelled: several tables and rules, metrics, route caches, IPv6
//! source-address selection beyond "of the outgoing interface, of the same scope".

use crate::net::{IfaceId, Interface, Stack};
use abi::Errno;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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

/// What kind of destination an address is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Cast {
    /// One of our own addresses.
    Local,
    /// Another host.
    Unicast,
    /// Every host of a network.
    Broadcast,
    /// A group.
    Multicast,
}

/// The way to a destination.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Hit {
    pub(crate) iface: IfaceId,
    pub(crate) next_hop: IpAddr,
    /// The source address if the program has not chosen one.
    pub(crate) src: IpAddr,
    pub(crate) mtu: u32,
    pub(crate) cast: Cast,
}

/// Whether `ip` is in a prefix.
pub(crate) fn in_prefix(ip: IpAddr, (network, len): (IpAddr, u8)) -> bool {
    match (ip, network) {
        (IpAddr::V4(ip), IpAddr::V4(network)) => {
            let shift = 32 - u32::from(len.min(32));
            shift == 32 || u32::from(ip) >> shift == u32::from(network) >> shift
        }
        (IpAddr::V6(ip), IpAddr::V6(network)) => {
            let shift = 128 - u32::from(len.min(128));
            shift == 128 || u128::from(ip) >> shift == u128::from(network) >> shift
        }
        _ => false,
    }
}

/// The directed broadcast address of an IPv4 prefix, where it has one.
pub(crate) fn broadcast_of((network, len): (IpAddr, u8)) -> Option<IpAddr> {
    match network {
        IpAddr::V4(v4) if len < 31 => {
            let host = u32::MAX.checked_shr(u32::from(len)).unwrap_or(0);
            Some(Ipv4Addr::from(u32::from(v4) | host).into())
        }
        _ => None,
    }
}

fn is_loopback_net(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => v4.is_loopback(),
        IpAddr::V6(v6) => v6.is_loopback(),
    }
}

impl Stack {
    /// Whether `ip` is one of this host's own; all of 127/8 is.
    pub(crate) fn is_local(&self, ip: IpAddr) -> bool {
        if is_loopback_net(ip) {
            return ip != IpAddr::V4(Ipv4Addr::new(127, 255, 255, 255));
        }
        self.interfaces.iter().any(|iface| iface.addrs.iter().any(|(own, _)| *own == ip))
    }

    /// Whether `ip` is a broadcast address here.
    pub(crate) fn is_broadcast(&self, ip: IpAddr) -> bool {
        ip == IpAddr::V4(Ipv4Addr::BROADCAST)
            || self
                .interfaces
                .iter()
                .any(|iface| iface.addrs.iter().any(|addr| broadcast_of(*addr) == Some(ip)))
    }

    pub(crate) fn interface(&self, id: IfaceId) -> Option<&Interface> {
        self.interfaces.get(id.0.checked_sub(1)? as usize)
    }

    fn address_of(&self, iface: &Interface, dst: IpAddr) -> Option<IpAddr> {
        let same = |ip: &IpAddr| ip.is_ipv4() == dst.is_ipv4();
        let in_net = |(ip, len): &&(IpAddr, u8)| same(ip) && in_prefix(dst, (*ip, *len));
        let link_local = |ip: IpAddr| matches!(ip, IpAddr::V6(v6) if v6.segments()[0] == 0xfe80);
        iface
            .addrs
            .iter()
            .find(in_net)
            .or_else(|| {
                iface.addrs.iter().find(|(ip, _)| same(ip) && link_local(*ip) == link_local(dst))
            })
            .or_else(|| iface.addrs.iter().find(|(ip, _)| same(ip)))
            .map(|(ip, _)| *ip)
    }

    /// The interface that has an address of this host.
    fn holder(&self, ip: IpAddr) -> Option<IfaceId> {
        let has = |iface: &Interface| iface.addrs.iter().any(|(own, _)| *own == ip);
        let at = self.interfaces.iter().position(has);
        let lo = || Some(IfaceId::LO).filter(|_| self.is_local(ip));
        at.map(|at| IfaceId(at as u32 + 1)).or_else(lo)
    }

    /// The way from `src`, if that is chosen already, to `dst`; `device` is `SO_BINDTODEVICE`,
    /// `IP_MULTICAST_IF` or a scope (`ip_route_output_key_hash_rcu`). `EINVAL` for a source that
    /// is not this host's, or that must not leave it.
    pub(crate) fn route(
        &self,
        dst: IpAddr,
        src: Option<IpAddr>,
        device: Option<IfaceId>,
    ) -> Result<Hit, Errno> {
        let src = src.filter(|src| src.is_ipv4() && dst.is_ipv4() && !src.is_unspecified());
        let Some(src) = src else { return self.route_to(dst, device) };
        let holder = self.holder(src).ok_or(Errno::EINVAL)?;
        let everybody = dst.is_multicast() || dst == IpAddr::V4(Ipv4Addr::BROADCAST);
        let hit = self.route_to(dst, device.or(Some(holder).filter(|_| everybody)))?;
        if src.is_loopback() && hit.iface != IfaceId::LO {
            return Err(Errno::EINVAL);
        }
        Ok(Hit { src, ..hit })
    }

    fn route_to(&self, dst: IpAddr, device: Option<IfaceId>) -> Result<Hit, Errno> {
        // "This host": 0.0.0.0 and :: are connected to as loopback.
        let dst = match dst {
            IpAddr::V4(v4) if v4.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(v6) if v6.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            other => other,
        };
        let lo = self.interface(IfaceId::LO).ok_or(Errno::ENETUNREACH)?;
        if self.is_local(dst) && !dst.is_multicast() {
            // The whole of 127/8 is ours, and speaks from 127.0.0.1.
            let loopback = dst.is_ipv4() && dst.is_loopback();
            let src = if loopback { Ipv4Addr::LOCALHOST.into() } else { dst };
            let (iface, mtu) = (IfaceId::LO, lo.mtu);
            return Ok(Hit { iface, next_hop: dst, src, mtu, cast: Cast::Local });
        }
        for (index, iface) in self.interfaces.iter().enumerate() {
            let id = IfaceId(index as u32 + 1);
            for addr in &iface.addrs {
                if broadcast_of(*addr) == Some(dst) && device.is_none_or(|device| device == id) {
                    return self.hit(id, dst, addr.0, Cast::Broadcast);
                }
            }
        }
        let limited = dst == IpAddr::V4(Ipv4Addr::BROADCAST);
        let cast = match dst {
            _ if limited => Cast::Broadcast,
            _ if dst.is_multicast() => Cast::Multicast,
            _ => Cast::Unicast,
        };
        if let Some(device) = device.filter(|_| cast != Cast::Unicast) {
            let iface = self.interface(device).ok_or(Errno::ENODEV)?;
            let src = self.address_of(iface, dst).ok_or(Errno::EADDRNOTAVAIL)?;
            return self.hit(device, dst, src, cast);
        }
        let route = self
            .routes
            .iter()
            .filter(|route| in_prefix(dst, route.dst))
            .filter(|route| device.is_none_or(|device| route.iface == device))
            .filter(|route| self.interface(route.iface).is_some_and(|iface| iface.admin_up()))
            .max_by_key(|route| route.dst.1);
        let route = match (route, device) {
            (Some(route), _) => route,
            // "Apparently, routing tables are wrong. Assume, that the destination is on link."
            (None, Some(device)) if dst.is_ipv4() => {
                let iface = self.interface(device).ok_or(Errno::ENODEV)?;
                let src = self.address_of(iface, dst).ok_or(Errno::ENETUNREACH)?;
                return self.hit(device, dst, src, cast);
            }
            (None, _) => return Err(Errno::ENETUNREACH),
        };
        if let Some(errno) = route.refuse {
            return Err(errno);
        }
        let iface = self.interface(route.iface).ok_or(Errno::ENETUNREACH)?;
        let next_hop = route.via.filter(|_| cast == Cast::Unicast).unwrap_or(dst);
        let src = self.address_of(iface, next_hop).ok_or(Errno::EADDRNOTAVAIL)?;
        let mut hit = self.hit(route.iface, dst, src, cast)?;
        hit.next_hop = next_hop;
        Ok(hit)
    }

    fn hit(&self, id: IfaceId, dst: IpAddr, src: IpAddr, cast: Cast) -> Result<Hit, Errno> {
        let iface = self.interface(id).ok_or(Errno::ENETUNREACH)?;
        let learnt = self.path_mtus.get(&dst).copied().unwrap_or(u32::MAX);
        Ok(Hit { iface: id, next_hop: dst, src, mtu: iface.mtu.min(learnt), cast })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert!(in_prefix(ip("10.0.0.7"), (ip("10.0.0.1"), 24)));
        assert!(!in_prefix(ip("10.0.1.7"), (ip("10.0.0.1"), 24)));
        assert!(in_prefix(ip("8.8.8.8"), (ip("0.0.0.0"), 0)));
        assert_eq!(broadcast_of((ip("10.0.0.1"), 24)), Some(ip("10.0.0.255")));
        assert_eq!(broadcast_of((ip("10.0.0.1"), 31)), None);
    }
}
