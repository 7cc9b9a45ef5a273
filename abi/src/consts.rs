//! The numbers of Linux's headers (x86-64, glibc 2.36) with their names: one table for the C
//! headers of `cc`, the kernels, and the decoded text of a call.
//!
//! [`GROUPS`] is made from the same lines as the constants, so a name and its number cannot
//! disagree. `SOMAXCONN` is glibc's 4096.

/// Constants of one kind: `(name, value)` in the order of the header.
pub type Group = &'static [(&'static str, i32)];

macro_rules! groups {
    ($($(#[doc = $doc:literal])* $group:ident { $($name:ident = $value:literal,)* })*) => {
        $($(#[allow(missing_docs, non_upper_case_globals)] pub const $name: i32 = $value;)*)*
        /// One table for each group of constants.
        pub mod table {
            $($(#[doc = $doc])* pub const $group: super::Group =
                &[$((stringify!($name), $value),)*];)*
        }
        /// Every group, for headers and look-ups by name.
        pub const GROUPS: &[Group] = &[$(table::$group,)*];
    };
}

/// The name of `value` in a group.
pub fn name(group: Group, value: i32) -> Option<&'static str> {
    group.iter().find(|(_, v)| *v == value).map(|(name, _)| *name)
}

/// The value of a constant, whatever its group.
pub fn value(name: &str) -> Option<i32> {
    GROUPS.iter().copied().flatten().find(|(n, _)| *n == name).map(|(_, value)| *value)
}

/// Flags as strace prints them: `A|B|0x40`, or `0`.
pub fn flags(group: Group, value: i32) -> String {
    if value == 0 {
        return "0".to_owned();
    }
    let mut rest = value;
    let mut names = Vec::new();
    for (name, bit) in group {
        if *bit != 0 && rest & bit == *bit {
            names.push((*name).to_owned());
            rest &= !bit;
        }
    }
    if rest != 0 {
        names.push(format!("{rest:#x}"));
    }
    names.join("|")
}

groups! {
    /// Address families, `socket(2)`.
    AF {
        AF_UNSPEC = 0,
        AF_UNIX = 1,
        AF_INET = 2,
        AF_AX25 = 3,
        AF_IPX = 4,
        AF_APPLETALK = 5,
        AF_NETROM = 6,
        AF_BRIDGE = 7,
        AF_ATMPVC = 8,
        AF_X25 = 9,
        AF_INET6 = 10,
        AF_ROSE = 11,
        AF_DECnet = 12,
        AF_NETBEUI = 13,
        AF_SECURITY = 14,
        AF_KEY = 15,
        AF_NETLINK = 16,
        AF_PACKET = 17,
        AF_ASH = 18,
        AF_ECONET = 19,
        AF_ATMSVC = 20,
        AF_RDS = 21,
        AF_SNA = 22,
        AF_IRDA = 23,
        AF_PPPOX = 24,
        AF_WANPIPE = 25,
        AF_LLC = 26,
        AF_IB = 27,
        AF_MPLS = 28,
        AF_CAN = 29,
        AF_TIPC = 30,
        AF_BLUETOOTH = 31,
        AF_IUCV = 32,
        AF_RXRPC = 33,
        AF_ISDN = 34,
        AF_PHONET = 35,
        AF_IEEE802154 = 36,
        AF_CAIF = 37,
        AF_ALG = 38,
        AF_NFC = 39,
        AF_VSOCK = 40,
        AF_KCM = 41,
        AF_QIPCRTR = 42,
        AF_SMC = 43,
        AF_XDP = 44,
        AF_MCTP = 45,
        AF_MAX = 46,
    }
    /// Socket types.
    SOCK {
        SOCK_STREAM = 1,
        SOCK_DGRAM = 2,
        SOCK_RAW = 3,
        SOCK_RDM = 4,
        SOCK_SEQPACKET = 5,
        SOCK_DCCP = 6,
        SOCK_PACKET = 10,
    }
    /// Flags that may be or-ed into a socket's type.
    SOCK_FLAG {
        SOCK_NONBLOCK = 2048,
        SOCK_CLOEXEC = 524288,
    }
    /// Protocol numbers.
    IPPROTO {
        IPPROTO_IP = 0,
        IPPROTO_ICMP = 1,
        IPPROTO_IGMP = 2,
        IPPROTO_IPIP = 4,
        IPPROTO_TCP = 6,
        IPPROTO_EGP = 8,
        IPPROTO_PUP = 12,
        IPPROTO_UDP = 17,
        IPPROTO_IDP = 22,
        IPPROTO_TP = 29,
        IPPROTO_DCCP = 33,
        IPPROTO_IPV6 = 41,
        IPPROTO_RSVP = 46,
        IPPROTO_GRE = 47,
        IPPROTO_ESP = 50,
        IPPROTO_AH = 51,
        IPPROTO_ICMPV6 = 58,
        IPPROTO_MTP = 92,
        IPPROTO_PIM = 103,
        IPPROTO_COMP = 108,
        IPPROTO_SCTP = 132,
        IPPROTO_UDPLITE = 136,
        IPPROTO_MPLS = 137,
        IPPROTO_RAW = 255,
        IPPROTO_MPTCP = 262,
    }
    /// Option levels.
    SOL {
        SOL_SOCKET = 1,
        SOL_TCP = 6,
        SOL_UDP = 17,
        SOL_IP = 0,
        SOL_IPV6 = 41,
        SOL_PACKET = 263,
        SOL_NETLINK = 270,
    }
    /// `SOL_SOCKET` options, `socket(7)`.
    SO {
        SO_DEBUG = 1,
        SO_REUSEADDR = 2,
        SO_TYPE = 3,
        SO_ERROR = 4,
        SO_DONTROUTE = 5,
        SO_BROADCAST = 6,
        SO_SNDBUF = 7,
        SO_RCVBUF = 8,
        SO_KEEPALIVE = 9,
        SO_OOBINLINE = 10,
        SO_NO_CHECK = 11,
        SO_PRIORITY = 12,
        SO_LINGER = 13,
        SO_BSDCOMPAT = 14,
        SO_REUSEPORT = 15,
        SO_PASSCRED = 16,
        SO_PEERCRED = 17,
        SO_RCVLOWAT = 18,
        SO_SNDLOWAT = 19,
        SO_RCVTIMEO = 20,
        SO_SNDTIMEO = 21,
        SO_BINDTODEVICE = 25,
        SO_ATTACH_FILTER = 26,
        SO_DETACH_FILTER = 27,
        SO_PEERNAME = 28,
        SO_TIMESTAMP = 29,
        SO_ACCEPTCONN = 30,
        SO_PEERSEC = 31,
        SO_SNDBUFFORCE = 32,
        SO_RCVBUFFORCE = 33,
        SO_PASSSEC = 34,
        SO_TIMESTAMPNS = 35,
        SO_MARK = 36,
        SO_TIMESTAMPING = 37,
        SO_PROTOCOL = 38,
        SO_DOMAIN = 39,
        SO_RXQ_OVFL = 40,
        SO_WIFI_STATUS = 41,
        SO_PEEK_OFF = 42,
        SO_NOFCS = 43,
        SO_LOCK_FILTER = 44,
        SO_SELECT_ERR_QUEUE = 45,
        SO_BUSY_POLL = 46,
        SO_MAX_PACING_RATE = 47,
        SO_BPF_EXTENSIONS = 48,
        SO_INCOMING_CPU = 49,
        SO_MEMINFO = 55,
        SO_ATTACH_BPF = 50,
        SO_INCOMING_NAPI_ID = 56,
        SO_COOKIE = 57,
        SO_PEERGROUPS = 59,
        SO_ZEROCOPY = 60,
        SO_TXTIME = 61,
        SO_BINDTOIFINDEX = 62,
        SO_RCVTIMEO_NEW = 66,
        SO_SNDTIMEO_NEW = 67,
        SO_PREFER_BUSY_POLL = 69,
        SO_BUSY_POLL_BUDGET = 70,
    }
    /// `SOL_UDP` options, `udp(7)`.
    UDP {
        UDP_CORK = 1,
    }
    /// `IPPROTO_TCP` options, `tcp(7)`.
    TCP {
        TCP_NODELAY = 1,
        TCP_MAXSEG = 2,
        TCP_CORK = 3,
        TCP_KEEPIDLE = 4,
        TCP_KEEPINTVL = 5,
        TCP_KEEPCNT = 6,
        TCP_SYNCNT = 7,
        TCP_LINGER2 = 8,
        TCP_DEFER_ACCEPT = 9,
        TCP_WINDOW_CLAMP = 10,
        TCP_INFO = 11,
        TCP_QUICKACK = 12,
        TCP_CONGESTION = 13,
        TCP_MD5SIG = 14,
        TCP_THIN_LINEAR_TIMEOUTS = 16,
        TCP_THIN_DUPACK = 17,
        TCP_USER_TIMEOUT = 18,
        TCP_REPAIR = 19,
        TCP_FASTOPEN = 23,
        TCP_TIMESTAMP = 24,
        TCP_NOTSENT_LOWAT = 25,
        TCP_CC_INFO = 26,
        TCP_SAVE_SYN = 27,
        TCP_SAVED_SYN = 28,
        TCP_FASTOPEN_CONNECT = 30,
        TCP_ULP = 31,
        TCP_INQ = 36,
    }
    /// `IPPROTO_IP` options, `ip(7)`.
    IP {
        IP_TOS = 1,
        IP_TTL = 2,
        IP_HDRINCL = 3,
        IP_OPTIONS = 4,
        IP_RECVOPTS = 6,
        IP_RETOPTS = 7,
        IP_PKTINFO = 8,
        IP_PKTOPTIONS = 9,
        IP_MTU_DISCOVER = 10,
        IP_RECVERR = 11,
        IP_RECVTTL = 12,
        IP_RECVTOS = 13,
        IP_MTU = 14,
        IP_FREEBIND = 15,
        IP_TRANSPARENT = 19,
        IP_ORIGDSTADDR = 20,
        IP_MINTTL = 21,
        IP_BIND_ADDRESS_NO_PORT = 24,
        IP_MULTICAST_IF = 32,
        IP_MULTICAST_TTL = 33,
        IP_MULTICAST_LOOP = 34,
        IP_ADD_MEMBERSHIP = 35,
        IP_DROP_MEMBERSHIP = 36,
        IP_MULTICAST_ALL = 49,
        IP_UNICAST_IF = 50,
    }
    /// `IPPROTO_IPV6` options, `ipv6(7)`.
    IPV6 {
        IPV6_ADDRFORM = 1,
        IPV6_UNICAST_HOPS = 16,
        IPV6_MULTICAST_IF = 17,
        IPV6_MULTICAST_HOPS = 18,
        IPV6_MULTICAST_LOOP = 19,
        IPV6_JOIN_GROUP = 20,
        IPV6_LEAVE_GROUP = 21,
        IPV6_MTU_DISCOVER = 23,
        IPV6_MTU = 24,
        IPV6_RECVERR = 25,
        IPV6_V6ONLY = 26,
        IPV6_RECVPKTINFO = 49,
        IPV6_PKTINFO = 50,
        IPV6_RECVHOPLIMIT = 51,
        IPV6_HOPLIMIT = 52,
        IPV6_RECVTCLASS = 66,
        IPV6_TCLASS = 67,
        IPV6_TRANSPARENT = 75,
        IPV6_CHECKSUM = 7,
    }
    /// Flags of `send(2)` and `recv(2)`.
    MSG {
        MSG_OOB = 1,
        MSG_PEEK = 2,
        MSG_DONTROUTE = 4,
        MSG_CTRUNC = 8,
        MSG_PROXY = 16,
        MSG_TRUNC = 32,
        MSG_DONTWAIT = 64,
        MSG_EOR = 128,
        MSG_WAITALL = 256,
        MSG_FIN = 512,
        MSG_SYN = 1024,
        MSG_CONFIRM = 2048,
        MSG_RST = 4096,
        MSG_ERRQUEUE = 8192,
        MSG_NOSIGNAL = 16384,
        MSG_MORE = 32768,
        MSG_WAITFORONE = 65536,
        MSG_ZEROCOPY = 67108864,
        MSG_FASTOPEN = 536870912,
        MSG_CMSG_CLOEXEC = 1073741824,
    }
    /// `shutdown(2)`.
    SHUT {
        SHUT_RD = 0,
        SHUT_WR = 1,
        SHUT_RDWR = 2,
    }
    /// Events of `poll(2)`.
    POLL {
        POLLIN = 1,
        POLLPRI = 2,
        POLLOUT = 4,
        POLLERR = 8,
        POLLHUP = 16,
        POLLNVAL = 32,
        POLLRDNORM = 64,
        POLLRDBAND = 128,
        POLLWRNORM = 256,
        POLLWRBAND = 512,
        POLLMSG = 1024,
        POLLRDHUP = 8192,
    }
    /// Events of `epoll_ctl(2)`.
    EPOLL {
        EPOLLIN = 1,
        EPOLLPRI = 2,
        EPOLLOUT = 4,
        EPOLLERR = 8,
        EPOLLHUP = 16,
        EPOLLRDNORM = 64,
        EPOLLRDBAND = 128,
        EPOLLWRNORM = 256,
        EPOLLWRBAND = 512,
        EPOLLMSG = 1024,
        EPOLLRDHUP = 8192,
        EPOLLEXCLUSIVE = 268435456,
        EPOLLWAKEUP = 536870912,
        EPOLLONESHOT = 1073741824,
        EPOLLET = -2147483648,
    }
    /// Operations of `epoll_ctl(2)`.
    EPOLL_CTL {
        EPOLL_CTL_ADD = 1,
        EPOLL_CTL_DEL = 2,
        EPOLL_CTL_MOD = 3,
    }
    /// Flags of `epoll_create1(2)`.
    EPOLL_FLAG {
        EPOLL_CLOEXEC = 524288,
    }
    /// Commands of `fcntl(2)`.
    F {
        F_DUPFD = 0,
        F_GETFD = 1,
        F_SETFD = 2,
        F_GETFL = 3,
        F_SETFL = 4,
        F_GETLK = 5,
        F_SETLK = 6,
        F_SETLKW = 7,
        F_SETOWN = 8,
        F_SETSIG = 10,
        F_GETSIG = 11,
        F_GETOWN = 9,
        F_DUPFD_CLOEXEC = 1030,
        F_SETPIPE_SZ = 1031,
        F_GETPIPE_SZ = 1032,
    }
    /// Kinds of `struct flock`.
    LCK {
        F_RDLCK = 0,
        F_WRLCK = 1,
        F_UNLCK = 2,
    }
    /// `flock(2)`.
    LOCK {
        LOCK_SH = 1,
        LOCK_EX = 2,
        LOCK_NB = 4,
        LOCK_UN = 8,
        LOCK_MAND = 32,
        LOCK_READ = 64,
        LOCK_WRITE = 128,
    }
    /// Flags of `eventfd(2)`.
    EFD {
        EFD_SEMAPHORE = 1,
        EFD_CLOEXEC = 524288,
        EFD_NONBLOCK = 2048,
    }
    /// Flags of `timerfd_create(2)`.
    TFD {
        TFD_CLOEXEC = 524288,
        TFD_NONBLOCK = 2048,
    }
    /// Flags of `timerfd_settime(2)`.
    TFD_TIMER {
        TFD_TIMER_ABSTIME = 1,
        TFD_TIMER_CANCEL_ON_SET = 2,
    }
    /// Flags of `signalfd(2)`.
    SFD {
        SFD_CLOEXEC = 524288,
        SFD_NONBLOCK = 2048,
    }
    /// Kinds of control messages at level `SOL_SOCKET`, `unix(7)`.
    SCM {
        SCM_RIGHTS = 1,
        SCM_CREDENTIALS = 2,
    }
    /// Whom `waitid(2)` waits for.
    P {
        P_ALL = 0,
        P_PID = 1,
        P_PGID = 2,
        P_PIDFD = 3,
    }
    /// Further options of `waitid(2)`.
    WAITID {
        WEXITED = 4,
        WNOWAIT = 16777216,
    }
    /// `si_code` of SIGCHLD.
    CLD {
        CLD_EXITED = 1,
        CLD_KILLED = 2,
        CLD_DUMPED = 3,
        CLD_TRAPPED = 4,
        CLD_STOPPED = 5,
        CLD_CONTINUED = 6,
    }
    /// `si_code` of `SIGIO` and of the signal that `F_SETSIG` names.
    SI_POLL {
        POLL_IN = 1,
        POLL_OUT = 2,
        POLL_MSG = 3,
        POLL_ERR = 4,
        POLL_PRI = 5,
        POLL_HUP = 6,
    }
    /// `si_code` of `SIGSEGV`.
    SEGV {
        SEGV_MAPERR = 1,
        SEGV_ACCERR = 2,
    }
    /// `si_code` of `SIGBUS`.
    BUS {
        BUS_ADRALN = 1,
        BUS_ADRERR = 2,
    }
    /// `si_code` of `SIGFPE`.
    FPE {
        FPE_INTDIV = 1,
        FPE_INTOVF = 2,
    }
    /// `si_code` of other signals.
    SI {
        SI_USER = 0,
        SI_KERNEL = 128,
        SI_QUEUE = -1,
        SI_TIMER = -2,
        SI_MESGQ = -3,
        SI_SIGIO = -5,
        SI_TKILL = -6,
    }
    /// Flags of `msgrcv(2)`.
    MSG_RCV {
        MSG_NOERROR = 4096,
        MSG_EXCEPT = 8192,
    }
    /// Options of `prctl(2)`.
    PR {
        PR_SET_PDEATHSIG = 1,
        PR_GET_PDEATHSIG = 2,
        PR_GET_DUMPABLE = 3,
        PR_SET_DUMPABLE = 4,
        PR_SET_NAME = 15,
        PR_GET_NAME = 16,
        PR_SET_CHILD_SUBREAPER = 36,
    }
    /// `getrusage(2)`.
    RUSAGE {
        RUSAGE_SELF = 0,
        RUSAGE_CHILDREN = -1,
        RUSAGE_THREAD = 1,
    }
    /// Descriptor flags.
    FD {
        FD_CLOEXEC = 1,
    }
    /// Open and status flags, `open(2)`.
    O {
        O_RDONLY = 0,
        O_WRONLY = 1,
        O_RDWR = 2,
        O_CREAT = 64,
        O_EXCL = 128,
        O_NOCTTY = 256,
        O_TRUNC = 512,
        O_APPEND = 1024,
        O_NONBLOCK = 2048,
        O_ASYNC = 8192,
        O_DSYNC = 4096,
        O_SYNC = 1052672,
        O_NOFOLLOW = 131072,
        O_CLOEXEC = 524288,
        O_DIRECTORY = 65536,
        O_DIRECT = 16384,
        O_LARGEFILE = 32768,
        O_PATH = 2097152,
    }
    /// `lseek(2)`.
    SEEK {
        SEEK_SET = 0,
        SEEK_CUR = 1,
        SEEK_END = 2,
    }
    /// Signals, `signal(7)`.
    SIG {
        SIGHUP = 1,
        SIGINT = 2,
        SIGQUIT = 3,
        SIGILL = 4,
        SIGTRAP = 5,
        SIGABRT = 6,
        SIGBUS = 7,
        SIGFPE = 8,
        SIGKILL = 9,
        SIGUSR1 = 10,
        SIGSEGV = 11,
        SIGUSR2 = 12,
        SIGPIPE = 13,
        SIGALRM = 14,
        SIGTERM = 15,
        SIGSTKFLT = 16,
        SIGCHLD = 17,
        SIGCONT = 18,
        SIGSTOP = 19,
        SIGTSTP = 20,
        SIGTTIN = 21,
        SIGTTOU = 22,
        SIGURG = 23,
        SIGXCPU = 24,
        SIGXFSZ = 25,
        SIGVTALRM = 26,
        SIGPROF = 27,
        SIGWINCH = 28,
        SIGIO = 29,
        SIGPWR = 30,
        SIGSYS = 31,
    }
    /// `sigprocmask(2)`.
    SIG_HOW {
        SIG_BLOCK = 0,
        SIG_UNBLOCK = 1,
        SIG_SETMASK = 2,
    }
    /// `sigaction(2)` flags.
    SA {
        SA_NOCLDSTOP = 1,
        SA_NOCLDWAIT = 2,
        SA_SIGINFO = 4,
        SA_RESTORER = 67108864,
        SA_ONSTACK = 134217728,
        SA_RESTART = 268435456,
        SA_INTERRUPT = 536870912,
        SA_NODEFER = 1073741824,
        SA_RESETHAND = -2147483648,
    }
    /// `waitpid(2)` options.
    WAIT {
        WNOHANG = 1,
        WUNTRACED = 2,
        WCONTINUED = 8,
    }
    /// Clocks.
    CLOCK {
        CLOCK_REALTIME = 0,
        CLOCK_MONOTONIC = 1,
        CLOCK_PROCESS_CPUTIME_ID = 2,
        CLOCK_THREAD_CPUTIME_ID = 3,
        CLOCK_MONOTONIC_RAW = 4,
        CLOCK_REALTIME_COARSE = 5,
        CLOCK_MONOTONIC_COARSE = 6,
        CLOCK_BOOTTIME = 7,
    }
    /// What a path that leads to a file may be: `AT_*`.
    AT {
        AT_SYMLINK_NOFOLLOW = 256,
    }
    /// Special nanoseconds of `utimensat(2)`.
    UTIME {
        UTIME_NOW = 1073741823,
        UTIME_OMIT = 1073741822,
    }
    /// `sigevent(7)`.
    SIGEV {
        SIGEV_SIGNAL = 0,
        SIGEV_NONE = 1,
        SIGEV_THREAD = 2,
        SIGEV_THREAD_ID = 4,
    }
    /// `getpriority(2)`.
    PRIO {
        PRIO_PROCESS = 0,
        PRIO_PGRP = 1,
        PRIO_USER = 2,
    }
    /// `splice(2)`.
    SPLICE {
        SPLICE_F_MOVE = 1,
        SPLICE_F_NONBLOCK = 2,
        SPLICE_F_MORE = 4,
        SPLICE_F_GIFT = 8,
    }
    /// `getrandom(2)`.
    GRND {
        GRND_NONBLOCK = 1,
        GRND_RANDOM = 2,
    }
    /// `clock_nanosleep(2)` flags.
    CLOCK_FLAG {
        TIMER_ABSTIME = 1,
    }
    /// `setitimer(2)`.
    ITIMER {
        ITIMER_REAL = 0,
        ITIMER_VIRTUAL = 1,
        ITIMER_PROF = 2,
    }
    /// `mmap(2)` protection.
    PROT {
        PROT_NONE = 0,
        PROT_READ = 1,
        PROT_WRITE = 2,
        PROT_EXEC = 4,
    }
    /// `mmap(2)` flags.
    MAP {
        MAP_SHARED = 1,
        MAP_PRIVATE = 2,
        MAP_FIXED = 16,
        MAP_ANONYMOUS = 32,
    }
    /// System V IPC flags.
    IPC {
        IPC_CREAT = 512,
        IPC_EXCL = 1024,
        IPC_NOWAIT = 2048,
    }
    /// System V IPC commands.
    IPC_CMD {
        IPC_RMID = 0,
        IPC_SET = 1,
        IPC_STAT = 2,
    }
    /// `semctl(2)` commands.
    SEM_CMD {
        GETPID = 11,
        GETVAL = 12,
        GETALL = 13,
        GETNCNT = 14,
        GETZCNT = 15,
        SETVAL = 16,
        SETALL = 17,
    }
    /// `shmat(2)` flags.
    SHM {
        SHM_RDONLY = 4096,
        SHM_RND = 8192,
    }
    /// `getaddrinfo(3)` hints.
    AI {
        AI_PASSIVE = 1,
        AI_CANONNAME = 2,
        AI_NUMERICHOST = 4,
        AI_V4MAPPED = 8,
        AI_ALL = 16,
        AI_ADDRCONFIG = 32,
        AI_NUMERICSERV = 1024,
    }
    /// `getaddrinfo(3)` errors.
    EAI {
        EAI_BADFLAGS = -1,
        EAI_NONAME = -2,
        EAI_AGAIN = -3,
        EAI_FAIL = -4,
        EAI_FAMILY = -6,
        EAI_SOCKTYPE = -7,
        EAI_SERVICE = -8,
        EAI_MEMORY = -10,
        EAI_SYSTEM = -11,
        EAI_OVERFLOW = -12,
        EAI_NODATA = -5,
        EAI_ADDRFAMILY = -9,
    }
    /// `getnameinfo(3)` flags.
    NI {
        NI_NUMERICHOST = 1,
        NI_NUMERICSERV = 2,
        NI_NOFQDN = 4,
        NI_NAMEREQD = 8,
        NI_DGRAM = 16,
    }
    /// Resource limits.
    RLIMIT {
        RLIMIT_CPU = 0,
        RLIMIT_FSIZE = 1,
        RLIMIT_DATA = 2,
        RLIMIT_STACK = 3,
        RLIMIT_CORE = 4,
        RLIMIT_RSS = 5,
        RLIMIT_NPROC = 6,
        RLIMIT_NOFILE = 7,
        RLIMIT_MEMLOCK = 8,
        RLIMIT_AS = 9,
    }
    /// `ioctl(2)` requests.
    IOCTL {
        FIONREAD = 21531,
        FIONBIO = 21537,
        FIOASYNC = 21586,
        FIOCLEX = 21585,
        FIONCLEX = 21584,
        SIOCATMARK = 35077,
        SIOCOUTQ = 21521,
        SIOCGIFNAME = 35088,
        SIOCGIFCONF = 35090,
        SIOCGIFADDR = 35093,
        SIOCGIFFLAGS = 35091,
        SIOCGIFNETMASK = 35099,
        SIOCGIFBRDADDR = 35097,
        SIOCGIFHWADDR = 35111,
        SIOCGIFMTU = 35105,
        SIOCGIFINDEX = 35123,
        SIOCGIFDSTADDR = 35095,
        SIOCGIFMETRIC = 35101,
        SIOCGIFTXQLEN = 35138,
        TIOCGWINSZ = 21523,
        TCGETS = 21505,
        TCSETS = 21506,
        TCSETSW = 21507,
        TCSETSF = 21508,
    }
    /// Flags of a network interface, netdevice(7).
    IFF {
        IFF_UP = 1,
        IFF_BROADCAST = 2,
        IFF_LOOPBACK = 8,
        IFF_RUNNING = 64,
        IFF_MULTICAST = 4096,
        IFF_LOWER_UP = 65536,
    }
    /// Kinds of hardware address, as `sll_hatype` and `ifr_hwaddr` say them.
    ARPHRD {
        ARPHRD_ETHER = 1,
        ARPHRD_LOOPBACK = 772,
    }
    /// What an Ethernet frame carries, as packet(7) names it.
    ETH_P {
        ETH_P_802_3 = 0x0001,
        ETH_P_ALL = 0x0003,
        ETH_P_802_2 = 0x0004,
        ETH_P_LOOP = 0x0060,
        ETH_P_IP = 0x0800,
        ETH_P_ARP = 0x0806,
        ETH_P_8021Q = 0x8100,
        ETH_P_IPV6 = 0x86dd,
        ETH_P_802_EX1 = 0x88b5,
        ETH_P_LLDP = 0x88cc,
    }
    /// Where a frame was going, as `sll_pkttype` says it.
    PACKET_TYPE {
        PACKET_HOST = 0,
        PACKET_BROADCAST = 1,
        PACKET_MULTICAST = 2,
        PACKET_OTHERHOST = 3,
        PACKET_OUTGOING = 4,
    }
    /// `SOL_PACKET` options, packet(7).
    PACKET {
        PACKET_ADD_MEMBERSHIP = 1,
        PACKET_DROP_MEMBERSHIP = 2,
        PACKET_STATISTICS = 6,
        PACKET_COPY_THRESH = 7,
        PACKET_AUXDATA = 8,
        PACKET_ORIGDEV = 9,
        PACKET_VERSION = 10,
        PACKET_RESERVE = 12,
        PACKET_LOSS = 14,
        PACKET_VNET_HDR = 15,
        PACKET_TIMESTAMP = 17,
        PACKET_FANOUT = 18,
        PACKET_TX_HAS_OFF = 19,
        PACKET_QDISC_BYPASS = 20,
        PACKET_IGNORE_OUTGOING = 23,
    }
    /// Whom a netlink(7) socket talks with inside the kernel.
    NETLINK {
        NETLINK_ROUTE = 0,
        NETLINK_USERSOCK = 2,
        NETLINK_SOCK_DIAG = 4,
        NETLINK_XFRM = 6,
        NETLINK_SELINUX = 7,
        NETLINK_AUDIT = 9,
        NETLINK_FIB_LOOKUP = 10,
        NETLINK_CONNECTOR = 11,
        NETLINK_NETFILTER = 12,
        NETLINK_KOBJECT_UEVENT = 15,
        NETLINK_GENERIC = 16,
    }
    /// `SOL_NETLINK` options.
    NETLINK_OPTION {
        NETLINK_ADD_MEMBERSHIP = 1,
        NETLINK_DROP_MEMBERSHIP = 2,
        NETLINK_PKTINFO = 3,
        NETLINK_BROADCAST_ERROR = 4,
        NETLINK_NO_ENOBUFS = 5,
        NETLINK_LISTEN_ALL_NSID = 8,
        NETLINK_LIST_MEMBERSHIPS = 9,
        NETLINK_CAP_ACK = 10,
        NETLINK_EXT_ACK = 11,
        NETLINK_GET_STRICT_CHK = 12,
    }
    /// Flags of a netlink message.
    NLM_F {
        NLM_F_REQUEST = 1,
        NLM_F_MULTI = 2,
        NLM_F_ACK = 4,
        NLM_F_CAPPED = 0x100,
        NLM_F_DUMP = 0x300,
    }
    /// Kinds of netlink messages that every protocol has.
    NLMSG {
        NLMSG_ERROR = 2,
        NLMSG_DONE = 3,
    }
    /// rtnetlink(7)'s kinds of messages.
    RTM {
        RTM_NEWLINK = 16,
        RTM_GETLINK = 18,
        RTM_NEWADDR = 20,
        RTM_GETADDR = 22,
        RTM_NEWROUTE = 24,
        RTM_GETROUTE = 26,
        RTM_NEWNEIGH = 28,
        RTM_GETNEIGH = 30,
    }
    /// `listen(2)`.
    SOMAX {
        SOMAXCONN = 4096,
    }
}
