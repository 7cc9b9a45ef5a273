//! Network interfaces: `ioctl(2)` with a `struct ifreq` or `struct ifconf`, and `getifaddrs(3)`.
//! As strace 6.1 writes them.

use super::format::{flags, pointer, quoted, sockaddr, value};
use crate::consts::{self, table};
use crate::syscall::{Bytes, Ptr};
use crate::{Out, Reply, SockAddr};

/// `sizeof(struct ifreq)`.
const IFREQ: usize = 40;

/// The argument: what the kernel answered, or what was asked.
pub(super) fn argument(request: u64, arg: &Ptr<Bytes>, reply: &Reply) -> String {
    let request = i32::try_from(request).unwrap_or(0);
    let Some(asked) = &arg.value else { return pointer(arg.at) };
    if request == consts::SIOCGIFCONF {
        return match reply.ret {
            Ok(_) => configuration(&asked.0, &reply.out),
            Err(_) => pointer(arg.at),
        };
    }
    let answered = match (&reply.ret, &reply.out) {
        (Ok(_), Out::Bytes { bytes }) => Some(&bytes.0[..]),
        _ => None,
    };
    if request == consts::SIOCGIFNAME {
        let index = int(&asked.0);
        return match answered {
            Some(got) => format!("{{ifr_ifindex={index}, ifr_name={}}}", name(got)),
            None => format!("{{ifr_ifindex={index}}}"),
        };
    }
    match answered {
        Some(got) => format!("{{ifr_name={}, {}}}", name(got), field(request, got)),
        None => format!("{{ifr_name={}}}", name(&asked.0)),
    }
}

fn name(ifreq: &[u8]) -> String {
    let name = ifreq.get(..16).unwrap_or(ifreq);
    quoted(name.split(|byte| *byte == 0).next().unwrap_or(name), usize::MAX)
}

fn int(ifreq: &[u8]) -> i32 {
    ifreq.get(16..20).map_or(0, |int| i32::from_le_bytes([int[0], int[1], int[2], int[3]]))
}

fn field(request: i32, ifreq: &[u8]) -> String {
    let addr = || {
        let bytes = ifreq.get(16..32).unwrap_or_default();
        sockaddr(&SockAddr(bytes.into()))
    };
    match request {
        consts::SIOCGIFADDR => format!("ifr_addr={}", addr()),
        consts::SIOCGIFDSTADDR => format!("ifr_dstaddr={}", addr()),
        consts::SIOCGIFBRDADDR => format!("ifr_broadaddr={}", addr()),
        consts::SIOCGIFNETMASK => format!("ifr_netmask={}", addr()),
        consts::SIOCGIFFLAGS => {
            format!("ifr_flags={}", flags(table::IFF, int(ifreq) & 0xffff, "IFF_???"))
        }
        consts::SIOCGIFHWADDR => {
            let kind = value(table::ARPHRD, int(ifreq) & 0xffff, "ARPHRD_???");
            let octets = ifreq.get(18..24).unwrap_or_default();
            let octets: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
            format!("ifr_hwaddr={{sa_family={kind}, sa_data={}}}", octets.join(":"))
        }
        consts::SIOCGIFMTU => format!("ifr_mtu={}", int(ifreq)),
        consts::SIOCGIFINDEX => format!("ifr_ifindex={}", int(ifreq)),
        consts::SIOCGIFMETRIC => format!("ifr_metric={}", int(ifreq)),
        consts::SIOCGIFTXQLEN => format!("ifr_qlen={}", int(ifreq)),
        _ => "...".to_owned(),
    }
}

/// `struct ifconf`: its room, and what came.
fn configuration(asked: &[u8], out: &Out) -> String {
    let len = |bytes: i32| match (bytes / IFREQ as i32, bytes % IFREQ as i32) {
        (0, _) | (_, 1..) => bytes.to_string(),
        (count, _) => format!("{bytes} /* {count} * sizeof(struct ifreq) */"),
    };
    match out {
        Out::Bytes { bytes } => {
            let room = asked.get(..4).map_or(0, |b| i32::from_le_bytes([b[0], b[1], b[2], b[3]]));
            let got = bytes.0.len() as i32;
            let change = if room == got { String::new() } else { format!(" => {}", len(got)) };
            let show = |ifreq| format!("{{ifr_name={}, {}}}", name(ifreq), addr_of(ifreq));
            let list: Vec<String> = bytes.0.chunks_exact(IFREQ).map(show).collect();
            format!("{{ifc_len={}{change}, ifc_buf=[{}]}}", len(room), list.join(", "))
        }
        Out::Words { words } => {
            let needed = words.first().map_or(0, |word| *word as i32);
            format!("{{ifc_len={}, ifc_buf=NULL}}", len(needed))
        }
        _ => "...".to_owned(),
    }
}

fn addr_of(ifreq: &[u8]) -> String {
    field(consts::SIOCGIFADDR, ifreq)
}

/// `struct winsize` of `TIOCGWINSZ`.
pub(super) fn winsize(bytes: &Bytes) -> String {
    let word = |at: usize| u16::from_le_bytes([bytes.0[at], bytes.0[at + 1]]);
    let [rows, columns, x, y] = [0, 2, 4, 6].map(word);
    format!("{{ws_row={rows}, ws_col={columns}, ws_xpixel={x}, ws_ypixel={y}}}")
}

/// The list of `getifaddrs(3)`, which strace shows as the dialogue that it is in glibc.
pub(super) fn list(out: &Out) -> String {
    let Out::IfAddrs { list } = out else { return String::new() };
    let one = |entry: &crate::reply::IfAddr| {
        let name = quoted(entry.name.as_bytes(), usize::MAX);
        format!("{{ifa_name={name}, ifa_addr={}}}", link_or_inet(&entry.addr))
    };
    format!("[{}]", list.iter().map(one).collect::<Vec<_>>().join(", "))
}

fn link_or_inet(addr: &SockAddr) -> String {
    let bytes = addr.bytes();
    if addr.family().map(i32::from) != Some(consts::AF_PACKET) || bytes.len() < 18 {
        return sockaddr(addr);
    }
    let octets: Vec<String> = bytes[12..18].iter().map(|octet| format!("{octet:02x}")).collect();
    format!("{{sa_family=AF_PACKET, sll_ifindex={}, sll_addr={}}}", bytes[4], octets.join(":"))
}
