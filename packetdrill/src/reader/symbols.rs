//! Names of the system's headers.

macro_rules! names {
    ($($name:ident)*) => {
        /// The headers' constants by name, those that libc's crate has.
        const NAMES: &[(&str, i64)] = &[$((stringify!($name), libc::$name as i64)),*];
    };
}

names! {
    AF_UNSPEC AF_INET AF_INET6 PF_INET PF_INET6 SOCK_STREAM SOCK_DGRAM SOCK_RAW SOCK_NONBLOCK
    SOCK_CLOEXEC IPPROTO_IP IPPROTO_IPV6 IPPROTO_TCP IPPROTO_UDP IPPROTO_ICMP IPPROTO_ICMPV6
    SOL_SOCKET SOL_IP SOL_IPV6 SOL_TCP SO_REUSEADDR SO_REUSEPORT SO_KEEPALIVE SO_LINGER SO_RCVBUF
    SO_SNDBUF SO_RCVLOWAT SO_SNDLOWAT SO_RCVTIMEO SO_SNDTIMEO SO_ERROR SO_TYPE SO_BROADCAST
    SO_OOBINLINE SO_PRIORITY SO_MARK SO_ZEROCOPY SO_MAX_PACING_RATE SO_MEMINFO SO_INCOMING_CPU
    IP_TOS IP_TTL IP_MTU IP_MTU_DISCOVER IP_PMTUDISC_DONT IP_PMTUDISC_WANT IP_PMTUDISC_DO
    IP_PMTUDISC_PROBE IP_FREEBIND IP_RECVERR IPV6_TCLASS IPV6_V6ONLY IPV6_UNICAST_HOPS
    TCP_NODELAY TCP_MAXSEG TCP_CORK TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_SYNCNT TCP_LINGER2
    TCP_DEFER_ACCEPT TCP_WINDOW_CLAMP TCP_INFO TCP_QUICKACK TCP_CONGESTION TCP_USER_TIMEOUT
    TCP_FASTOPEN TCP_NOTSENT_LOWAT TCP_INQ TCP_CM_INQ TCP_TIMESTAMP MSG_OOB MSG_PEEK MSG_DONTROUTE
    MSG_CTRUNC MSG_TRUNC MSG_DONTWAIT MSG_EOR MSG_WAITALL MSG_NOSIGNAL MSG_MORE MSG_ERRQUEUE
    MSG_CMSG_CLOEXEC MSG_FASTOPEN MSG_ZEROCOPY SHUT_RD SHUT_WR SHUT_RDWR F_GETFL F_SETFL F_GETFD
    F_SETFD FD_CLOEXEC O_RDONLY O_WRONLY O_RDWR O_NONBLOCK FIONREAD FIONBIO POLLIN POLLOUT POLLPRI
    POLLERR POLLHUP POLLNVAL POLLRDHUP POLLRDNORM POLLWRNORM EPOLLIN EPOLLOUT EPOLLERR EPOLLHUP
    EPOLLPRI EPOLLRDHUP EPOLLET EPOLLONESHOT EPOLLEXCLUSIVE EPOLL_CTL_ADD EPOLL_CTL_MOD
    EPOLL_CTL_DEL EPERM ENOENT EINTR EIO EBADF EAGAIN ENOMEM EACCES EFAULT EBUSY EEXIST EINVAL
    EMFILE ENOTTY ESPIPE EPIPE EWOULDBLOCK ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT
    EPROTONOSUPPORT EOPNOTSUPP EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH
    ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETIMEDOUT ECONNREFUSED EHOSTDOWN
    EHOSTUNREACH EALREADY EINPROGRESS EDEADLK ENOSYS EPROTO
}

/// Those that libc's crate has not; from `linux/sockios.h` and `linux/tcp.h`.
const MORE: [(&str, i64); 6] = [
    ("NULL", 0),
    ("SIOCINQ", 0x541b),
    ("SIOCOUTQ", 0x5411),
    ("SIOCATMARK", 0x8905),
    ("SIOCOUTQNSD", 0x894b),
    ("SO_BUSY_POLL", 46),
];

/// A constant's value.
pub(crate) fn value(name: &str) -> Option<i64> {
    let found = |(other, _): &&(&str, i64)| *other == name;
    NAMES.iter().chain(&MORE).find(found).map(|(_, value)| *value)
}

/// An error's name.
pub(crate) fn errno_name(errno: i32) -> String {
    let found = |(name, value): &&(&str, i64)| {
        name.starts_with('E') && !name.starts_with("EPOLL") && *value == i64::from(errno)
    };
    NAMES.iter().find(found).map_or_else(|| errno.to_string(), |(name, _)| (*name).to_owned())
}

/// The fields of `struct tcp_info` in order, each with its width in bytes (`linux/tcp.h`).
pub(crate) const TCP_INFO: [(&str, usize); 55] = [
    ("tcpi_state", 1),
    ("tcpi_ca_state", 1),
    ("tcpi_retransmits", 1),
    ("tcpi_probes", 1),
    ("tcpi_backoff", 1),
    ("tcpi_options", 1),
    ("tcpi_wscales", 1),
    ("tcpi_delivery_flags", 1),
    ("tcpi_rto", 4),
    ("tcpi_ato", 4),
    ("tcpi_snd_mss", 4),
    ("tcpi_rcv_mss", 4),
    ("tcpi_unacked", 4),
    ("tcpi_sacked", 4),
    ("tcpi_lost", 4),
    ("tcpi_retrans", 4),
    ("tcpi_fackets", 4),
    ("tcpi_last_data_sent", 4),
    ("tcpi_last_ack_sent", 4),
    ("tcpi_last_data_recv", 4),
    ("tcpi_last_ack_recv", 4),
    ("tcpi_pmtu", 4),
    ("tcpi_rcv_ssthresh", 4),
    ("tcpi_rtt", 4),
    ("tcpi_rttvar", 4),
    ("tcpi_snd_ssthresh", 4),
    ("tcpi_snd_cwnd", 4),
    ("tcpi_advmss", 4),
    ("tcpi_reordering", 4),
    ("tcpi_rcv_rtt", 4),
    ("tcpi_rcv_space", 4),
    ("tcpi_total_retrans", 4),
    ("tcpi_pacing_rate", 8),
    ("tcpi_max_pacing_rate", 8),
    ("tcpi_bytes_acked", 8),
    ("tcpi_bytes_received", 8),
    ("tcpi_segs_out", 4),
    ("tcpi_segs_in", 4),
    ("tcpi_notsent_bytes", 4),
    ("tcpi_min_rtt", 4),
    ("tcpi_data_segs_in", 4),
    ("tcpi_data_segs_out", 4),
    ("tcpi_delivery_rate", 8),
    ("tcpi_busy_time", 8),
    ("tcpi_rwnd_limited", 8),
    ("tcpi_sndbuf_limited", 8),
    ("tcpi_delivered", 4),
    ("tcpi_delivered_ce", 4),
    ("tcpi_bytes_sent", 8),
    ("tcpi_bytes_retrans", 8),
    ("tcpi_dsack_dups", 4),
    ("tcpi_reord_seen", 4),
    ("tcpi_rcv_ooopack", 4),
    ("tcpi_snd_wnd", 4),
    ("tcpi_rcv_wnd", 4),
];

/// The words of `SO_MEMINFO`, in order.
pub(crate) const MEMINFO: [&str; 9] = [
    "SK_MEMINFO_RMEM_ALLOC",
    "SK_MEMINFO_RCVBUF",
    "SK_MEMINFO_WMEM_ALLOC",
    "SK_MEMINFO_SNDBUF",
    "SK_MEMINFO_FWD_ALLOC",
    "SK_MEMINFO_WMEM_QUEUED",
    "SK_MEMINFO_OPTMEM",
    "SK_MEMINFO_BACKLOG",
    "SK_MEMINFO_DROPS",
];

/// What the scripts' Python knows besides.
pub(crate) const PYTHON: &str = "\
TCP_CA_Open, TCP_CA_Disorder, TCP_CA_CWR, TCP_CA_Recovery, TCP_CA_Loss = range(5)
TCP_ESTABLISHED, TCP_SYN_SENT, TCP_SYN_RECV, TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_TIME_WAIT = range(1, 7)
TCP_CLOSE, TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_LISTEN, TCP_CLOSING = range(7, 12)
TCPI_OPT_TIMESTAMPS, TCPI_OPT_SACK, TCPI_OPT_WSCALE, TCPI_OPT_ECN = 1, 2, 4, 8
TCPI_OPT_ECN_SEEN, TCPI_OPT_SYN_DATA = 16, 32
";
