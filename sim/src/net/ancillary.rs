//! Control messages that come with a datagram: `ip(7)`, `ipv6(7)`; Linux `ip_cmsg_recv_offset`,
//! `ip6_datagram_recv_ctl`, `ip_recv_error`.
//!
//! Missing: `IP_RECVOPTS`, `IP_RECVFRAGSIZE`, the messages of TCP sockets.

use crate::net::socket::{Arrival, ErrorMessage, Origin, SockOptions};
use crate::net::{Control, Stack};
use abi::consts::*;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

fn int(level: i32, kind: i32, value: i32) -> Control {
    Control { level, kind, data: value.to_le_bytes().to_vec() }
}

impl Stack {
    /// What the options of a socket ask to be told of an arrival, in Linux's order.
    pub(crate) fn ancillary(&self, options: &SockOptions, v6: bool, it: &Arrival) -> Vec<Control> {
        let asks = |level: i32, name: i32| {
            options.stored.get(&(level, name)).is_some_and(|value| *value != 0)
        };
        let mut control = Vec::new();
        if v6 {
            let to = crate::net::shown(true, it.to);
            if asks(SOL_IPV6, IPV6_RECVPKTINFO)
                && let IpAddr::V6(ip) = to.ip()
            {
                let mut data = ip.octets().to_vec();
                data.extend(it.iface.0.to_le_bytes());
                control.push(Control { level: SOL_IPV6, kind: IPV6_PKTINFO, data });
            }
            if asks(SOL_IPV6, IPV6_RECVHOPLIMIT) {
                control.push(int(SOL_IPV6, IPV6_HOPLIMIT, i32::from(it.ttl)));
            }
            if asks(SOL_IPV6, IPV6_RECVTCLASS) {
                control.push(int(SOL_IPV6, IPV6_TCLASS, i32::from(it.tos)));
            }
        }
        let IpAddr::V4(to) = it.to.ip() else { return control };
        if asks(SOL_IP, IP_PKTINFO) {
            let mut data = it.iface.0.to_le_bytes().to_vec();
            data.extend(self.own_for(it, to).octets());
            data.extend(to.octets());
            control.push(Control { level: SOL_IP, kind: IP_PKTINFO, data });
        }
        if asks(SOL_IP, IP_RECVTTL) {
            control.push(int(SOL_IP, IP_TTL, i32::from(it.ttl)));
        }
        if asks(SOL_IP, IP_RECVTOS) {
            control.push(Control { level: SOL_IP, kind: IP_TOS, data: vec![it.tos] });
        }
        if asks(SOL_IP, IP_ORIGDSTADDR) {
            let data = abi::SockAddr::from_std(it.to).bytes().to_vec();
            control.push(Control { level: SOL_IP, kind: IP_ORIGDSTADDR, data });
        }
        control
    }

    /// Which of our addresses a datagram was for: for a group or broadcast the interface's own.
    fn own_for(&self, it: &Arrival, to: Ipv4Addr) -> Ipv4Addr {
        if self.is_local(to.into()) {
            return to;
        }
        let own = self.interface(it.iface).into_iter().flat_map(|iface| &iface.addrs);
        let own = own.filter_map(|(ip, _)| match ip {
            IpAddr::V4(own) => Some(*own),
            IpAddr::V6(_) => None,
        });
        own.into_iter().next().unwrap_or(to)
    }
}

/// `struct sock_extended_err` and who found the error.
pub(crate) fn extended_error(error: &ErrorMessage, v6: bool) -> Control {
    let (origin, ty, code, info, by) = match error.origin {
        Origin::Local { mtu } => (1, 0, 0, mtu, None),
        Origin::Icmp { ty, code, info, by: by @ IpAddr::V4(_) } => (2, ty, code, info, Some(by)),
        Origin::Icmp { ty, code, info, by } => (3, ty, code, info, Some(by)),
    };
    let mut data = error.errno.0.to_le_bytes().to_vec();
    data.extend([origin, ty, code, 0]);
    data.extend(info.to_le_bytes());
    data.extend([0; 4]);
    let at = data.len();
    if let Some(by) = by {
        let by = crate::net::shown(v6, SocketAddr::new(by, 0));
        data.extend(abi::SockAddr::from_std(by).bytes());
    }
    data.resize(at + if v6 { 28 } else { 16 }, 0);
    let (level, kind) = if v6 { (SOL_IPV6, IPV6_RECVERR) } else { (SOL_IP, IP_RECVERR) };
    Control { level, kind, data }
}
