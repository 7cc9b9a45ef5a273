//! Names: `getaddrinfo(3)` and `getnameinfo(3)`, answered from the host's `/etc/hosts`, which programs
//! may read and root may change, and else from the scenario's hosts. No packets are sent for it.

use super::Answer;
use crate::kernel::Host;
use crate::kernel::fs::Kind;
use abi::reply::AddrInfo;
use abi::syscall::AddrInfoHints;
use abi::{Bytes, Out, Reply, SockAddr, consts};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

/// `/etc/services`, as far as it is taught and as Debian has it.
const SERVICES: [(&str, u16, &[&str]); 20] = [
    ("echo", 7, &["tcp", "udp"]),
    ("discard", 9, &["tcp", "udp"]),
    ("daytime", 13, &["tcp", "udp"]),
    ("chargen", 19, &["tcp", "udp"]),
    ("ftp", 21, &["tcp"]),
    ("ssh", 22, &["tcp"]),
    ("telnet", 23, &["tcp"]),
    ("smtp", 25, &["tcp"]),
    ("time", 37, &["tcp", "udp"]),
    ("domain", 53, &["tcp", "udp"]),
    ("tftp", 69, &["udp"]),
    ("http", 80, &["tcp"]),
    ("kerberos", 88, &["tcp", "udp"]),
    ("pop3", 110, &["tcp"]),
    ("ntp", 123, &["udp"]),
    ("imap2", 143, &["tcp"]),
    ("snmp", 161, &["tcp", "udp"]),
    ("https", 443, &["tcp", "udp"]),
    ("imaps", 993, &["tcp"]),
    ("pop3s", 995, &["tcp"]),
];
/// `/etc/passwd`: who may be logged in here.
const PASSWD: &str =
    "root:x:0:0:root:/root:/bin/bash\nuser:x:1000:1000:user:/home/user:/bin/bash\n";
/// `/etc/protocols`, as far as it is spoken here.
const PROTOCOLS: &str = "ip\t0\tIP\nicmp\t1\tICMP\ntcp\t6\tTCP\nudp\t17\tUDP\nipv6\t41\tIPv6\n\
                         ipv6-icmp\t58\tIPv6-ICMP\n";
/// The socket types of a list with `ai_socktype` 0, in glibc's order.
const TYPES: [(i32, i32); 3] = [
    (consts::SOCK_STREAM, consts::IPPROTO_TCP),
    (consts::SOCK_DGRAM, consts::IPPROTO_UDP),
    (consts::SOCK_RAW, consts::IPPROTO_IP),
];

impl Host {
    /// Writes the files of `/etc` that programs like to read.
    pub(crate) fn furnish(&mut self) {
        let mut hosts = String::from("127.0.0.1 localhost\n::1 localhost\n");
        for (name, ip) in self.names.iter() {
            hosts += &format!("{ip} {name}\n");
        }
        let server = self.name_server.map_or("127.0.0.53".to_owned(), |ip| ip.to_string());
        let services = SERVICES.iter().flat_map(|(name, port, protocols)| {
            protocols.iter().map(move |protocol| format!("{name}\t{port}/{protocol}\n"))
        });
        for (path, text) in [
            ("/etc/hosts", hosts),
            ("/etc/hostname", format!("{}\n", self.name)),
            ("/etc/resolv.conf", format!("nameserver {server}\n")),
            ("/etc/services", services.collect()),
            ("/etc/protocols", PROTOCOLS.to_owned()),
            ("/etc/passwd", PASSWD.to_owned()),
        ] {
            let kind = Kind::File { bytes: Arc::new(text.into_bytes()), segment: None };
            self.fs.create(path.as_bytes(), kind, 0o644, 0);
        }
    }

    /// What `/etc/hosts` says now: name and address, in its order (`hosts(5)`).
    fn hosts_file(&self) -> Vec<(String, IpAddr)> {
        let Ok(inode) = self.fs.find(b"/etc/hosts") else { return Vec::new() };
        let Kind::File { bytes, .. } = &self.fs.get(inode).kind else { return Vec::new() };
        let mut all = Vec::new();
        for line in String::from_utf8_lossy(bytes).lines() {
            let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
            let Some(ip) = words.next().and_then(|word| word.parse().ok()) else { continue };
            all.extend(words.map(|name| (name.to_owned(), ip)));
        }
        all
    }

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
        let mut types: Vec<(i32, i32)> = TYPES
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
            Some(service) => {
                let (port, protocols) = port(service, hints)?;
                if let Some(protocols) = protocols {
                    types.retain(|(_, protocol)| serves(protocols, *protocol));
                }
                port
            }
        };
        if types.is_empty() {
            return Err(consts::EAI_SERVICE);
        }
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
        let file = self.hosts_file();
        let local = node.eq_ignore_ascii_case("localhost");
        let named = |all: &[(String, IpAddr)]| -> Vec<IpAddr> {
            let named = all.iter().filter(|(name, _)| name.eq_ignore_ascii_case(node));
            named.map(|(_, ip)| *ip).collect()
        };
        let mut ips = named(&file);
        if local {
            ips = vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()];
        } else if ips.is_empty() {
            ips = named(&self.names);
        }
        let known = !ips.is_empty();
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
            let file = self.hosts_file();
            let named = file.iter().chain(self.names.iter()).find(|(_, ip)| *ip == addr.ip());
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
        let protocol = match flags & consts::NI_DGRAM {
            0 => consts::IPPROTO_TCP,
            _ => consts::IPPROTO_UDP,
        };
        let named = SERVICES
            .iter()
            .find(|(_, port, protocols)| *port == addr.port() && serves(protocols, protocol));
        let service = match named.filter(|_| flags & consts::NI_NUMERICSERV == 0) {
            Some((name, ..)) => (*name).to_owned(),
            None => addr.port().to_string(),
        };
        Ok(Reply::with(0, Out::Names { host, service }))
    }
}

/// Whether a service is of this protocol.
fn serves(protocols: &[&str], protocol: i32) -> bool {
    match protocol {
        consts::IPPROTO_TCP => protocols.contains(&"tcp"),
        consts::IPPROTO_UDP => protocols.contains(&"udp"),
        _ => false,
    }
}

/// A service's port, and its protocols if it was named.
fn port(
    service: &str,
    hints: AddrInfoHints,
) -> Result<(u16, Option<&'static [&'static str]>), i32> {
    // glibc takes what strtoul makes of it, cut to 16 bits.
    if let Ok(number) = service.parse::<u64>() {
        return Ok((number as u16, None));
    }
    if hints.flags & consts::AI_NUMERICSERV != 0 {
        return Err(consts::EAI_NONAME);
    }
    let found = SERVICES.iter().find(|(name, ..)| *name == service);
    found.map(|(_, port, protocols)| (*port, Some(*protocols))).ok_or(consts::EAI_SERVICE)
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
