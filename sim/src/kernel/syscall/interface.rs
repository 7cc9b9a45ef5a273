//! What a program asks about its host's interfaces: netdevice(7)'s `ioctl(2)`s and
//! `getifaddrs(3)`. As Linux 6.18's `devinet_ioctl`, `dev_ioctl` and glibc's list.
//!
//! Missing: the requests that change an interface (`SIOCSIF…`), second addresses under names such
//! as `eth0:1`.

use super::Answer;
use crate::kernel::{Host, Me, Object};
use crate::net::{IfaceId, Interface};
use abi::reply::IfAddr;
use abi::syscall::Ptr;
use abi::{Bytes, Errno, Fd, Out, Reply, SockAddr, consts};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// `sizeof(struct ifreq)`.
const IFREQ: usize = 40;
/// `IFNAMSIZ`.
const NAME: usize = 16;
/// The length of the queue that Linux gives every interface, packets.
const QUEUE: i32 = 1000;

impl Host {
    /// ioctl(2) about interfaces: any socket may ask, `AF_INET` ones also for addresses.
    pub(super) fn ioctl_interface(
        &mut self,
        me: Me,
        fd: Fd,
        request: u64,
        arg: &Ptr<Bytes>,
    ) -> Answer {
        let object = self.object(me.pid, fd)?.0;
        if !object.is_socket() {
            return Err(Errno::ENOTTY);
        }
        let request = i32::try_from(request).map_err(|_| Errno::ENOTTY)?;
        let of_addresses = matches!(
            request,
            consts::SIOCGIFADDR
                | consts::SIOCGIFDSTADDR
                | consts::SIOCGIFBRDADDR
                | consts::SIOCGIFNETMASK
        );
        let inet = matches!(&object, Object::Inet(inet) if inet.domain == consts::AF_INET);
        if of_addresses && !inet {
            return Err(Errno::ENOTTY);
        }
        let asked = arg.value.as_ref().ok_or(Errno::EFAULT)?;
        if request == consts::SIOCGIFCONF {
            return self.interface_list(&asked.0);
        }
        let mut ifreq = asked.0.clone();
        ifreq.resize(IFREQ, 0);
        if request == consts::SIOCGIFNAME {
            let index = u32::from_le_bytes([ifreq[16], ifreq[17], ifreq[18], ifreq[19]]);
            let at = index.checked_sub(1).ok_or(Errno::ENODEV)? as usize;
            let interface = self.stack.interfaces().get(at).ok_or(Errno::ENODEV)?;
            put_name(&mut ifreq, &interface.name);
            return Ok(Reply::with(0, Out::Bytes { bytes: Bytes(ifreq) }));
        }
        let whole = ifreq[..NAME - 1].split(|byte| *byte == 0).next().unwrap_or_default();
        // An alias, `eth0:1`, is the interface with one more address.
        let name = whole.split(|byte| *byte == b':').next().unwrap_or_default();
        let interfaces = self.stack.interfaces();
        let at = interfaces.iter().position(|interface| interface.name.as_bytes() == name);
        let at = at.ok_or(Errno::ENODEV)?;
        let interface = &interfaces[at];
        if of_addresses {
            if whole != name {
                return Err(Errno::EADDRNOTAVAIL);
            }
            let (ip, prefix) = first_v4(interface).ok_or(Errno::EADDRNOTAVAIL)?;
            let ip = match request {
                consts::SIOCGIFNETMASK => mask_v4(prefix),
                consts::SIOCGIFBRDADDR => {
                    broadcast(interface, (ip, prefix)).unwrap_or(Ipv4Addr::UNSPECIFIED)
                }
                _ => ip,
            };
            put(&mut ifreq, SockAddr::inet(ip, 0).bytes());
        } else {
            match request {
                consts::SIOCGIFFLAGS => {
                    put(&mut ifreq, &(interface.flags() as u16).to_le_bytes());
                }
                consts::SIOCGIFHWADDR => {
                    let mut addr = (interface.hardware() as u16).to_le_bytes().to_vec();
                    addr.extend(interface.mac.0);
                    put(&mut ifreq, &addr);
                }
                consts::SIOCGIFMTU => put(&mut ifreq, &interface.mtu.to_le_bytes()),
                consts::SIOCGIFINDEX => put(&mut ifreq, &(at as u32 + 1).to_le_bytes()),
                consts::SIOCGIFMETRIC => put(&mut ifreq, &[0; 4]),
                consts::SIOCGIFTXQLEN => put(&mut ifreq, &QUEUE.to_le_bytes()),
                _ => return Err(Errno::ENOTTY),
            }
        }
        Ok(Reply::with(0, Out::Bytes { bytes: Bytes(ifreq) }))
    }

    /// `SIOCGIFCONF`: one `ifreq` for each IPv4 address, as many as the room holds.
    fn interface_list(&self, ifconf: &[u8]) -> Answer {
        let room = ifconf.get(..4).map_or(0, |b| i32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        let mut list = Vec::new();
        for interface in self.stack.interfaces() {
            for (ip, _) in &interface.addrs {
                let IpAddr::V4(ip) = ip else { continue };
                let mut ifreq = vec![0; IFREQ];
                put_name(&mut ifreq, &interface.name);
                put(&mut ifreq, SockAddr::inet(*ip, 0).bytes());
                list.extend(ifreq);
            }
        }
        if ifconf.get(8..16).is_none_or(|at| at.iter().all(|byte| *byte == 0)) {
            return Ok(Reply::with(0, Out::Words { words: vec![list.len() as u64] }));
        }
        let room = usize::try_from(room).unwrap_or(0) / IFREQ * IFREQ;
        list.truncate(room);
        Ok(Reply::with(0, Out::Bytes { bytes: Bytes(list) }))
    }

    /// getifaddrs(3): each interface as `AF_PACKET`, then the IPv4, then the IPv6 addresses.
    pub(super) fn getifaddrs(&mut self) -> Answer {
        let numbered = || (1..).map(IfaceId).zip(self.stack.interfaces());
        let mut list = Vec::new();
        for (id, interface) in numbered() {
            let link = |mac: [u8; 6]| {
                let mut bytes = (consts::AF_PACKET as u16).to_le_bytes().to_vec();
                bytes.extend([0; 2]);
                bytes.extend(id.0.to_le_bytes());
                bytes.extend((interface.hardware() as u16).to_le_bytes());
                bytes.extend([0, 6]);
                bytes.extend(mac);
                bytes.extend([0; 2]);
                SockAddr(Bytes(bytes))
            };
            let everyone = if id == IfaceId::LO { [0; 6] } else { [0xff; 6] };
            list.push(IfAddr {
                name: interface.name.clone(),
                flags: interface.flags(),
                addr: link(interface.mac.0),
                netmask: None,
                other: Some(link(everyone)),
                counts: Some(self.stack.counts(id).map(|count| count as u32)),
            });
        }
        for v6 in [false, true] {
            for (id, interface) in numbered() {
                for (ip, prefix) in interface.addrs.iter().filter(|(ip, _)| ip.is_ipv6() == v6) {
                    let (addr, netmask, other) = match *ip {
                        IpAddr::V4(ip) => {
                            let other = broadcast(interface, (ip, *prefix)).unwrap_or(ip);
                            let inet = |ip| SockAddr::inet(ip, 0);
                            (inet(ip), inet(mask_v4(*prefix)), Some(inet(other)))
                        }
                        IpAddr::V6(ip) => {
                            // Only a link's own addresses need to say which link.
                            let scope = if ip.is_unicast_link_local() { id.0 } else { 0 };
                            let mask = SockAddr::inet6(mask_v6(*prefix), 0, 0, 0);
                            (SockAddr::inet6(ip, 0, 0, scope), mask, None)
                        }
                    };
                    list.push(IfAddr {
                        name: interface.name.clone(),
                        flags: interface.flags(),
                        addr,
                        netmask: Some(netmask),
                        other,
                        counts: None,
                    });
                }
            }
        }
        Ok(Reply::with(0, Out::IfAddrs { list }))
    }
}

fn put(ifreq: &mut [u8], value: &[u8]) {
    ifreq[NAME..NAME + value.len()].copy_from_slice(value);
}

fn put_name(ifreq: &mut [u8], name: &str) {
    let name = &name.as_bytes()[..name.len().min(NAME - 1)];
    ifreq[..NAME].fill(0);
    ifreq[..name.len()].copy_from_slice(name);
}

fn first_v4(interface: &Interface) -> Option<(Ipv4Addr, u8)> {
    interface.addrs.iter().find_map(|(ip, prefix)| match *ip {
        IpAddr::V4(ip) => Some((ip, *prefix)),
        IpAddr::V6(_) => None,
    })
}

fn mask_v4(prefix: u8) -> Ipv4Addr {
    Ipv4Addr::from(u32::MAX.checked_shl(32 - u32::from(prefix.min(32))).unwrap_or(0))
}

fn mask_v6(prefix: u8) -> Ipv6Addr {
    Ipv6Addr::from(u128::MAX.checked_shl(128 - u32::from(prefix.min(128))).unwrap_or(0))
}

fn broadcast(interface: &Interface, (ip, prefix): (Ipv4Addr, u8)) -> Option<Ipv4Addr> {
    match interface.broadcast((ip.into(), prefix))? {
        IpAddr::V4(ip) => Some(ip),
        IpAddr::V6(_) => None,
    }
}
