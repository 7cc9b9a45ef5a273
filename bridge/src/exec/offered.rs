//! What of the kernel's interface is offered: families, types, protocols, options, flags.
//!
//! The kernel answers every argument that it refuses by itself (`socket(7, 99, 3)`), so that the
//! student sees its errno; what it might *accept* is an allow-list. The list is also what keeps
//! us sound: an option whose value holds a pointer (`SO_ATTACH_FILTER`) would let a page name
//! our memory.

use crate::policy::Denied;
use abi::consts::{self, table};
use abi::message::Rule;

/// Families that `socket(2)` is asked for.
const FAMILIES: &[i32] = &[consts::AF_UNIX, consts::AF_INET, consts::AF_INET6];
/// `AF_MAX`: from here on the kernel says `EAFNOSUPPORT` whatever is loaded.
const AF_MAX: i32 = 46;
/// `SOCK_MAX`: from here on the kernel says `EINVAL`.
const SOCK_MAX: i32 = 11;
/// `SOCK_TYPE_MASK`.
const TYPE_MASK: i32 = 0xf;
/// `IPPROTO_MAX`: from here on the kernel says `EINVAL`.
const IPPROTO_MAX: i32 = 263;
/// Transport protocols; any other might load a module or need a capability.
const PROTOCOLS: &[i32] = &[
    consts::IPPROTO_IP,
    consts::IPPROTO_ICMP, // ping sockets, where net.ipv4.ping_group_range has the user
    consts::IPPROTO_TCP,
    consts::IPPROTO_UDP,
    consts::IPPROTO_ICMPV6,
    consts::IPPROTO_UDPLITE,
    consts::IPPROTO_MPTCP,
];

/// Flags of the `send` family that have an effect the bridge can stand for. Not `MSG_ZEROCOPY`:
/// the kernel would read the buffer after we have freed it.
const SEND_FLAGS: i32 = consts::MSG_OOB
    | consts::MSG_DONTROUTE
    | consts::MSG_DONTWAIT
    | consts::MSG_EOR
    | consts::MSG_CONFIRM
    | consts::MSG_NOSIGNAL
    | consts::MSG_MORE
    | consts::MSG_FASTOPEN;
/// Flags of the `recv` family.
const RECV_FLAGS: i32 = consts::MSG_OOB
    | consts::MSG_PEEK
    | consts::MSG_TRUNC
    | consts::MSG_DONTWAIT
    | consts::MSG_WAITALL
    | consts::MSG_ERRQUEUE
    | consts::MSG_NOSIGNAL
    | consts::MSG_CMSG_CLOEXEC;

/// linux/udp.h.
const UDP_CORK: i32 = 1;

/// Options that may be set, by level; what may be set may be read.
const SETTABLE: &[(i32, &[i32])] = &[
    (
        consts::SOL_SOCKET,
        &[
            consts::SO_DEBUG,
            consts::SO_REUSEADDR,
            consts::SO_TYPE, // refused by the kernel itself, like the next two
            consts::SO_ERROR,
            consts::SO_ACCEPTCONN,
            consts::SO_DONTROUTE,
            consts::SO_BROADCAST,
            consts::SO_SNDBUF,
            consts::SO_RCVBUF,
            consts::SO_KEEPALIVE,
            consts::SO_OOBINLINE,
            consts::SO_PRIORITY,
            consts::SO_LINGER,
            consts::SO_BSDCOMPAT,
            consts::SO_REUSEPORT,
            consts::SO_RCVLOWAT,
            consts::SO_SNDLOWAT,
            consts::SO_RCVTIMEO,
            consts::SO_SNDTIMEO,
            consts::SO_TIMESTAMP,
            consts::SO_TIMESTAMPNS,
            consts::SO_MAX_PACING_RATE,
            consts::SO_NO_CHECK,
            consts::SO_PEEK_OFF,
            consts::SO_RXQ_OVFL,
            consts::SO_SELECT_ERR_QUEUE,
        ],
    ),
    (
        consts::IPPROTO_TCP,
        &[
            consts::TCP_NODELAY,
            consts::TCP_MAXSEG,
            consts::TCP_CORK,
            consts::TCP_KEEPIDLE,
            consts::TCP_KEEPINTVL,
            consts::TCP_KEEPCNT,
            consts::TCP_SYNCNT,
            consts::TCP_LINGER2,
            consts::TCP_DEFER_ACCEPT,
            consts::TCP_WINDOW_CLAMP,
            consts::TCP_QUICKACK,
            consts::TCP_CONGESTION,
            consts::TCP_THIN_LINEAR_TIMEOUTS,
            consts::TCP_USER_TIMEOUT,
            consts::TCP_FASTOPEN,
            consts::TCP_FASTOPEN_CONNECT,
            consts::TCP_NOTSENT_LOWAT,
            consts::TCP_INQ,
            consts::TCP_SAVE_SYN,
            consts::TCP_THIN_DUPACK,
        ],
    ),
    (
        consts::IPPROTO_IP,
        &[
            consts::IP_TOS,
            consts::IP_TTL,
            consts::IP_RECVOPTS,
            consts::IP_PKTINFO,
            consts::IP_MTU_DISCOVER,
            consts::IP_RECVERR,
            consts::IP_RECVTTL,
            consts::IP_RECVTOS,
            consts::IP_RETOPTS,
            consts::IP_ORIGDSTADDR,
            consts::IP_MINTTL,
            consts::IP_BIND_ADDRESS_NO_PORT,
            consts::IP_MULTICAST_IF,
            consts::IP_MULTICAST_TTL,
            consts::IP_MULTICAST_LOOP,
            consts::IP_ADD_MEMBERSHIP,
            consts::IP_DROP_MEMBERSHIP,
            consts::IP_MULTICAST_ALL,
        ],
    ),
    (
        consts::IPPROTO_IPV6,
        &[
            consts::IPV6_UNICAST_HOPS,
            consts::IPV6_MULTICAST_IF,
            consts::IPV6_MULTICAST_HOPS,
            consts::IPV6_MULTICAST_LOOP,
            consts::IPV6_JOIN_GROUP,
            consts::IPV6_LEAVE_GROUP,
            consts::IPV6_MTU_DISCOVER,
            consts::IPV6_RECVERR,
            consts::IPV6_V6ONLY,
            consts::IPV6_RECVPKTINFO,
            consts::IPV6_RECVHOPLIMIT,
            consts::IPV6_RECVTCLASS,
            consts::IPV6_TCLASS,
        ],
    ),
    (consts::IPPROTO_UDP, &[UDP_CORK]),
];
/// Options that may only be read.
const READABLE: &[(i32, &[i32])] = &[
    (
        consts::SOL_SOCKET,
        &[
            consts::SO_PROTOCOL,
            consts::SO_DOMAIN,
            consts::SO_PEERCRED,
            consts::SO_COOKIE,
            consts::SO_INCOMING_CPU,
            consts::SO_BPF_EXTENSIONS,
            consts::SO_INCOMING_NAPI_ID,
            consts::SO_MEMINFO,
        ],
    ),
    (
        consts::IPPROTO_TCP,
        &[consts::TCP_INFO, consts::TCP_CC_INFO, consts::TCP_TIMESTAMP, consts::TCP_SAVED_SYN],
    ),
    (consts::IPPROTO_IP, &[consts::IP_MTU, consts::IP_OPTIONS]),
    (consts::IPPROTO_IPV6, &[consts::IPV6_MTU]),
];
/// Levels that some protocol of Linux has (`SOL_*` in linux/socket.h ends below): beyond them the
/// kernel refuses by itself.
const LEVELS: std::ops::Range<i32> = 0..300;
/// Numbers that an option of some level has (the highest are those of multicast routing, 200 and
/// a few): beyond them the kernel refuses by itself.
const NAMES: std::ops::Range<i32> = 0..512;

/// `socket(2)` and `socketpair(2)`.
///
/// `raw`: raw sockets are offered, to whom the kernel gives them.
pub(crate) fn check_socket(domain: i32, ty: i32, protocol: i32, raw: bool) -> Result<(), Denied> {
    let kind = ty & TYPE_MASK;
    let flags = ty & !TYPE_MASK;
    let refused_by_kernel = flags & !(consts::SOCK_NONBLOCK | consts::SOCK_CLOEXEC) != 0
        || !(1..AF_MAX).contains(&domain)
        || kind >= SOCK_MAX;
    if refused_by_kernel || domain == consts::AF_UNIX {
        return Ok(());
    }
    if !FAMILIES.contains(&domain) {
        let name = consts::name(table::AF, domain).unwrap_or("?");
        return Err(Denied::new(Rule::Family, format!("{name} ({domain})")));
    }
    if raw && kind == consts::SOCK_RAW {
        return Ok(());
    }
    // `socket(AF_INET, SOCK_PACKET, …)` is an AF_PACKET socket (net/socket.c, __sock_create).
    if kind == consts::SOCK_RAW || kind == consts::SOCK_PACKET {
        let name = consts::name(table::SOCK, kind).unwrap_or("?");
        return Err(Denied::new(Rule::SocketType, name));
    }
    if (0..IPPROTO_MAX).contains(&protocol) && !PROTOCOLS.contains(&protocol) {
        let name = consts::name(table::IPPROTO, protocol).unwrap_or("?");
        return Err(Denied::new(Rule::Protocol, format!("{name} ({protocol})")));
    }
    Ok(())
}

/// `setsockopt(2)`, or with `read` `getsockopt(2)`.
pub(crate) fn check_option(level: i32, name: i32, read: bool) -> Result<(), Denied> {
    let listed = |lists: &[(i32, &[i32])]| {
        lists.iter().any(|(l, names)| *l == level && names.contains(&name))
    };
    if !LEVELS.contains(&level)
        || !NAMES.contains(&name)
        || listed(SETTABLE)
        || read && listed(READABLE)
    {
        return Ok(());
    }
    Err(Denied::new(Rule::Option, format!("level {level}, option {name}")))
}

/// Flags of the `send` family.
pub(crate) fn check_send_flags(flags: i32) -> Result<(), Denied> {
    check_flags(flags, SEND_FLAGS)
}

/// Flags of the `recv` family.
pub(crate) fn check_recv_flags(flags: i32) -> Result<(), Denied> {
    check_flags(flags, RECV_FLAGS)
}

fn check_flags(flags: i32, offered: i32) -> Result<(), Denied> {
    match flags & !offered {
        0 => Ok(()),
        rest => Err(Denied::new(Rule::Flags, consts::flags(table::MSG, rest))),
    }
}

/// Control messages that may be sent: no routing headers, which would lead elsewhere than the
/// address says. The numbers in `SCM_RIGHTS` are handles (see `rights`).
const SENDABLE: [(i32, i32); 7] = [
    (consts::SOL_SOCKET, consts::SCM_RIGHTS),
    (consts::IPPROTO_IP, consts::IP_TTL),
    (consts::IPPROTO_IP, consts::IP_TOS),
    (consts::IPPROTO_IP, consts::IP_PKTINFO),
    (consts::IPPROTO_IPV6, consts::IPV6_HOPLIMIT),
    (consts::IPPROTO_IPV6, consts::IPV6_TCLASS),
    (consts::IPPROTO_IPV6, consts::IPV6_PKTINFO),
];

/// From here on no control message of IPv4 has its number: the kernel refuses by itself. (TCP has
/// none at all.)
const IP_KINDS: i32 = 64;

/// Control messages of `sendmsg(2)`.
pub(crate) fn check_control(mut control: &[u8]) -> Result<(), Denied> {
    const HEADER: usize = 16; // sizeof(struct cmsghdr): size_t len, int level, int type
    while let Some(header) = control.first_chunk::<HEADER>() {
        let word = |at: usize| {
            i32::from_ne_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
        };
        let (level, kind) = (word(8), word(12));
        let unknown =
            level == consts::IPPROTO_TCP || level == consts::IPPROTO_IP && kind >= IP_KINDS;
        if !SENDABLE.contains(&(level, kind)) && !unknown {
            return Err(Denied::new(Rule::Control, format!("level {level}, type {kind}")));
        }
        let len = u64::from_ne_bytes(*header.first_chunk().expect("16 bytes hold 8"));
        let next = usize::try_from(len).unwrap_or(usize::MAX).max(HEADER).div_ceil(8);
        control = control.get(next.saturating_mul(8)..).unwrap_or_default();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_refuses_reaches_it_and_what_it_might_grant_is_listed() {
        let socket =
            |domain, ty, protocol| check_socket(domain, ty, protocol, false).map_err(|d| d.rule);
        assert_eq!(socket(7, 99, 3), Ok(()));
        assert_eq!(socket(2, 1, 0), Ok(()));
        assert_eq!(socket(2, 1 | 0o4000 | 0o2000000, 6), Ok(()));
        assert_eq!(socket(99, 1, 0), Ok(()));
        assert_eq!(socket(2, 1, 300), Ok(()));
        assert_eq!(socket(17, 3, 768), Err(Rule::Family), "ETH_P_ALL would capture everything");
        assert_eq!(socket(2, 10, 768), Err(Rule::SocketType), "AF_PACKET by its old name");
        assert_eq!(socket(16, 3, 0), Err(Rule::Family));
        assert_eq!(socket(2, 3, 1), Err(Rule::SocketType));
        assert_eq!(socket(2, 5, 132), Err(Rule::Protocol), "would load the SCTP module");
        assert_eq!(check_socket(2, 3, 1, true), Ok(()), "the kernel asks for CAP_NET_RAW");
        assert!(check_socket(17, 3, 768, true).is_err());
    }

    #[test]
    fn no_option_that_holds_a_pointer_or_a_privilege() {
        for (level, name) in
            [(1, 26), (1, 50), (1, 25), (1, 36), (0, 19), (6, 19), (6, 31), (6, 35)]
        {
            for read in [false, true] {
                assert_eq!(check_option(level, name, read).map_err(|d| d.rule), Err(Rule::Option));
            }
        }
        assert!(check_option(1, 2, false).is_ok());
        assert!(check_option(6, 11, false).is_err());
        assert!(check_option(6, 11, true).is_ok());
        assert!(check_option(4711, 1, false).is_ok(), "ENOPROTOOPT is the kernel's to say");
        assert!(check_option(1, 999, false).is_ok());
    }

    #[test]
    fn control_messages_that_lead_elsewhere_are_refused_wherever_they_stand() {
        let mut route = 20_u64.to_ne_bytes().to_vec();
        route.extend(consts::IPPROTO_IPV6.to_ne_bytes());
        route.extend(57_i32.to_ne_bytes()); // IPV6_RTHDR
        route.extend([0; 4]);
        assert_eq!(check_control(&route).map_err(|d| d.rule), Err(Rule::Control));
        let mut after_ttl = 20_u64.to_ne_bytes().to_vec();
        after_ttl.extend([0; 4]);
        after_ttl.extend(2_i32.to_ne_bytes());
        after_ttl.extend([0; 8]);
        assert!(check_control(&after_ttl).is_ok());
        after_ttl.extend(route);
        assert!(check_control(&after_ttl).is_err());
    }
}
