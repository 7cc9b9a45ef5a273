//! Names: `getaddrinfo(3)` and `getnameinfo(3)`, answered from the host's `/etc/hosts` and the DNS
//! stub, which knows every host of the scenario. No packets are sent for it.

use super::Answer;
use crate::kernel::Host;
use abi::reply::AddrInfo;
use abi::syscall::AddrInfoHints;
use abi::{Bytes, Out, Reply, SockAddr, consts};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// `/etc/services`, as far as it is taught.
const SERVICES: [(&str, u16); 20] = [
    ("echo", 7),
    ("discard", 9),
    ("daytime", 13),
    ("chargen", 19),
    ("ftp", 21),
    ("ssh", 22),
    ("telnet", 23),
    ("smtp", 25),
    ("time", 37),
    ("domain", 53),
    ("tftp", 69),
    ("http", 80),
    ("kerberos", 88),
    ("pop3", 110),
    ("ntp", 123),
    ("imap2", 143),
    ("snmp", 161),
    ("https", 443),
    ("imaps", 993),
    ("pop3s", 995),
];
/// The socket types of a list with `ai_socktype` 0, in glibc's order.
const TYPES: [(i32, i32); 3] = [
    (consts::SOCK_STREAM, consts::IPPROTO_TCP),
    (consts::SOCK_DGRAM, consts::IPPROTO_UDP),
    (consts::SOCK_RAW, consts::IPPROTO_IP),
];

impl Host {
    /// getaddrinfo(3)
    pub(super) fn getaddrinfo(
        &mut self,
        node: Option<&Bytes>,
        service: Option<&Bytes>,
        hints: AddrInfoHints,
    ) -> Answer {
        let text = |b: &Bytes| String::from_utf8_lossy(&b.0).into_owned();
        let (node, service) = (node.map(text), service.map(text));
        match self.look_up(node.as_deref(), service.as_deref(), hints) {
            Ok(out) => Ok(Reply::with(0, out)),
            Err(eai) => Ok(Reply::ok(i64::from(eai))),
        }
    }

    fn look_up(
        &self,
        node: Option<&str>,
        service: Option<&str>,
        hints: AddrInfoHints,
    ) -> Result<Out, i32> {
        const KNOWN: i32 = consts::AI_PASSIVE
            | consts::AI_CANONNAME
            | consts::AI_NUMERICHOST
            | consts::AI_V4MAPPED
            | consts::AI_ALL
            | consts::AI_ADDRCONFIG
            | consts::AI_NUMERICSERV
            | 0x3c0;
        let service = service.filter(|service| !service.is_empty());
        if node.is_none() && service.is_none() {
            return Err(consts::EAI_NONAME);
        }
        if hints.flags & !KNOWN != 0 || (hints.flags & consts::AI_CANONNAME != 0 && node.is_none())
        {
            return Err(consts::EAI_BADFLAGS);
        }
        let families = [consts::AF_UNSPEC, consts::AF_INET, consts::AF_INET6];
        if !families.contains(&hints.family) {
            return Err(consts::EAI_FAMILY);
        }
        let types: Vec<(i32, i32)> = TYPES
            .into_iter()
            .filter(|(ty, _)| hints.socktype == 0 || hints.socktype == *ty)
            .filter(|(ty, protocol)| {
                hints.protocol == 0 || hints.protocol == *protocol || *ty == consts::SOCK_RAW
            })
            .map(|(ty, p)| (ty, if ty == consts::SOCK_RAW { hints.protocol } else { p }))
            .collect();
        if types.is_empty() {
            return Err(consts::EAI_SOCKTYPE);
        }
        let port = match service {
            None => 0,
            Some(service) => port(service, hints)?,
        };
        // A named service exists for TCP and UDP only.
        let named = service.is_some_and(|service| service.parse::<u16>().is_err());
        let types: Vec<_> =
            types.into_iter().filter(|(ty, _)| !named || *ty != consts::SOCK_RAW).collect();
        let ips = self.addresses(node, hints)?;
        let list = ips
            .iter()
            .flat_map(|ip| types.iter().map(move |(ty, protocol)| (*ip, *ty, *protocol)))
            .map(|(ip, socktype, protocol)| AddrInfo {
                family: if ip.is_ipv4() { consts::AF_INET } else { consts::AF_INET6 },
                socktype,
                protocol,
                addr: SockAddr::from_std(SocketAddr::new(ip, port)),
            })
            .collect();
        let canonical =
            (hints.flags & consts::AI_CANONNAME != 0).then(|| node.unwrap_or_default().to_owned());
        Ok(Out::AddrInfo { list, canonical })
    }

    fn addresses(&self, node: Option<&str>, hints: AddrInfoHints) -> Result<Vec<IpAddr>, i32> {
        let wanted = |ip: &IpAddr| match hints.family {
            consts::AF_INET => ip.is_ipv4(),
            consts::AF_INET6 => ip.is_ipv6(),
            _ => true,
        };
        let Some(node) = node else {
            let passive = hints.flags & consts::AI_PASSIVE != 0;
            let (v4, v6) = if passive {
                (Ipv4Addr::UNSPECIFIED, Ipv6Addr::UNSPECIFIED)
            } else {
                (Ipv4Addr::LOCALHOST, Ipv6Addr::LOCALHOST)
            };
            // glibc sorts by RFC 6724: ::1 before 127.0.0.1, but 0.0.0.0 before ::.
            let mut ips =
                if passive { vec![v4.into(), v6.into()] } else { vec![v6.into(), v4.into()] };
            ips.retain(wanted);
            return Ok(ips);
        };
        if let Some(ip) = numeric(node) {
            if wanted(&ip) {
                return Ok(vec![ip]);
            }
            if let (IpAddr::V4(v4), true) = (ip, hints.flags & consts::AI_V4MAPPED != 0) {
                return Ok(vec![v4.to_ipv6_mapped().into()]);
            }
            return Err(consts::EAI_ADDRFAMILY);
        }
        if hints.flags & consts::AI_NUMERICHOST != 0 {
            return Err(consts::EAI_NONAME);
        }
        let known = node.eq_ignore_ascii_case("localhost")
            || self.names.iter().any(|(name, _)| name.eq_ignore_ascii_case(node));
        let mut ips: Vec<IpAddr> = if node.eq_ignore_ascii_case("localhost") {
            vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()]
        } else {
            let named = self.names.iter().filter(|(name, _)| name.eq_ignore_ascii_case(node));
            named.map(|(_, ip)| *ip).collect()
        };
        ips.retain(wanted);
        match (ips.is_empty(), known) {
            (false, _) => Ok(ips),
            (true, true) => Err(consts::EAI_ADDRFAMILY),
            (true, false) => Err(consts::EAI_NONAME),
        }
    }

    /// getnameinfo(3)
    pub(super) fn getnameinfo(&mut self, addr: &SockAddr, flags: i32) -> Answer {
        let Some(addr) = addr.to_std() else {
            return Ok(Reply::ok(i64::from(consts::EAI_FAMILY)));
        };
        let known = if addr.ip().is_loopback() {
            Some("localhost".to_owned())
        } else {
            let named = self.names.iter().find(|(_, ip)| *ip == addr.ip());
            named.map(|(name, _)| name.clone())
        };
        let numeric = flags & consts::NI_NUMERICHOST != 0;
        let host = match known.filter(|_| !numeric) {
            Some(name) => name,
            None if flags & consts::NI_NAMEREQD != 0 => {
                return Ok(Reply::ok(i64::from(consts::EAI_NONAME)));
            }
            None => addr.ip().to_string(),
        };
        let named = SERVICES.iter().find(|(_, port)| *port == addr.port());
        let service = match named.filter(|_| flags & consts::NI_NUMERICSERV == 0) {
            Some((name, _)) => (*name).to_owned(),
            None => addr.port().to_string(),
        };
        Ok(Reply::with(0, Out::Names { host, service }))
    }
}

fn port(service: &str, hints: AddrInfoHints) -> Result<u16, i32> {
    // glibc takes what strtoul makes of it, cut to 16 bits.
    if let Ok(number) = service.parse::<u64>() {
        return Ok(number as u16);
    }
    if hints.flags & consts::AI_NUMERICSERV != 0 {
        return Err(consts::EAI_NONAME);
    }
    let found = SERVICES.iter().find(|(name, _)| *name == service);
    found.map(|(_, port)| *port).ok_or(consts::EAI_SERVICE)
}

/// An address in digits, with the old forms that `inet_aton(3)` takes (`127.1`, `0x7f.1`).
fn numeric(node: &str) -> Option<IpAddr> {
    if let Ok(ip) = node.parse() {
        return Some(ip);
    }
    let parts: Vec<u64> = node
        .split('.')
        .map(|part| match part.strip_prefix("0x").or(part.strip_prefix("0X")) {
            Some(hex) => u64::from_str_radix(hex, 16).ok(),
            None if part.len() > 1 && part.starts_with('0') => u64::from_str_radix(part, 8).ok(),
            None => part.parse().ok(),
        })
        .collect::<Option<_>>()?;
    let (last, heads) = parts.split_last()?;
    if heads.len() > 3 || heads.iter().any(|part| *part > 255) {
        return None;
    }
    let room = 32 - 8 * heads.len() as u32;
    if *last >= 1 << room {
        return None;
    }
    let head = heads.iter().enumerate().map(|(i, part)| part << (24 - 8 * i)).sum::<u64>();
    Some(Ipv4Addr::from((head | last) as u32).into())
}
