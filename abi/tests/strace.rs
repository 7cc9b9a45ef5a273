//! Our text of a call against lines that strace 6.1 printed on Linux 6.18 (x86-64, glibc 2.36)
//! for small programs that made these calls. Pointers that strace shows as addresses are ours.

use soquete_abi::syscall::{
    AddrIn, AddrInfoHints, AddrOut, FdSets, InBuf, MsgIn, MsgOut, OutBuf, OutPtr, PollFd, Ptr,
    SemBuf, SigAction, Timespec,
};
use soquete_abi::{
    Bytes, Errno, Fd, Out, Pid, Reply, SockAddr, Syscall, consts, reply::EpollEvent, strace,
};
use std::net::{Ipv4Addr, Ipv6Addr};

#[track_caller]
fn check(call: Syscall, reply: Reply, line: &str) {
    assert_eq!(strace::call(&call, &reply), line);
}

fn at(port: u16) -> SockAddr {
    SockAddr::inet(Ipv4Addr::LOCALHOST, port)
}

fn bytes(text: &[u8]) -> Bytes {
    Bytes::from(text)
}

fn refused() -> Reply {
    Reply::err(Errno::ECONNREFUSED)
}

fn invalid() -> Reply {
    Reply::err(Errno::EINVAL)
}

#[test]
fn socket() {
    let socket = |domain, ty, protocol| Syscall::Socket { domain, ty, protocol };
    check(
        socket(7, 99, 3),
        invalid(),
        "socket(AF_BRIDGE, SOCK_RAW|0x60 /* SOCK_??? */, 3) = -1 EINVAL (Invalid argument)",
    );
    check(
        socket(2, 1 | consts::SOCK_NONBLOCK | consts::SOCK_CLOEXEC, 0),
        Reply::ok(3),
        "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_IP) = 3",
    );
    check(
        socket(1, 1, 2),
        Reply::err(Errno::EPROTONOSUPPORT),
        "socket(AF_UNIX, SOCK_STREAM, 2)         = -1 EPROTONOSUPPORT (Protocol not supported)",
    );
    check(
        socket(2, 300, -1),
        invalid(),
        "socket(AF_INET, 0x12c /* SOCK_??? */, 0xffffffff /* IPPROTO_??? */) = -1 EINVAL (Invalid argument)",
    );
    check(
        socket(99, 0, 0),
        Reply::err(Errno::EAFNOSUPPORT),
        "socket(0x63 /* AF_??? */, 0, 0)         = -1 EAFNOSUPPORT (Address family not supported by protocol)",
    );
    check(
        Syscall::Socketpair { domain: 1, ty: 1, protocol: 0, fds: OutPtr::good() },
        Reply::with(0, Out::Fds { fds: [Fd(3), Fd(4)] }),
        "socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0",
    );
    check(
        Syscall::Close { fd: Fd(8) },
        Reply::err(Errno::EBADF),
        "close(8)                                = -1 EBADF (Bad file descriptor)",
    );
}

#[test]
fn addresses_keep_their_wrongness() {
    let bind = |bytes: &[u8], len| Syscall::Bind {
        fd: Fd(5),
        addr: AddrIn { addr: Ptr { at: 0x1000, value: Some(SockAddr(bytes.into())) }, len },
    };
    let good = at(4321);
    check(
        bind(&good.bytes()[..15], 15),
        invalid(),
        r#"bind(5, {sa_family=AF_INET, sa_data="\20\341\177\0\0\1\0\0\0\0\0\0\0"}, 15) = -1 EINVAL (Invalid argument)"#,
    );
    check(
        bind(&good.bytes()[..2], 2),
        invalid(),
        "bind(5, {sa_family=AF_INET}, 2)         = -1 EINVAL (Invalid argument)",
    );
    check(
        bind(&good.bytes()[..1], 1),
        invalid(),
        "bind(5, 0x1000, 1)                      = -1 EINVAL (Invalid argument)",
    );
    check(
        bind(good.bytes(), -1),
        invalid(),
        "bind(5, 0x1000, -1)                     = -1 EINVAL (Invalid argument)",
    );
    check(
        Syscall::Bind { fd: Fd(5), addr: AddrIn { addr: Ptr::null(), len: 16 } },
        Reply::err(Errno::EFAULT),
        "bind(5, NULL, 16)                       = -1 EFAULT (Bad address)",
    );
    check(
        bind(good.bytes(), 16),
        Reply::ok(0),
        r#"bind(5, {sa_family=AF_INET, sin_port=htons(4321), sin_addr=inet_addr("127.0.0.1")}, 16) = 0"#,
    );
    let mut odd = good.bytes().to_vec();
    odd[0] = 47;
    check(
        Syscall::Connect { fd: Fd(5), addr: AddrIn::of(SockAddr(odd[..].into())) },
        Reply::err(Errno::EISCONN),
        r#"connect(5, {sa_family=0x2f /* AF_??? */, sa_data="\20\341\177\0\0\1\0\0\0\0\0\0\0\0"}, 16) = -1 EISCONN (Transport endpoint is already connected)"#,
    );
    odd[0] = 1;
    check(
        Syscall::Connect { fd: Fd(5), addr: AddrIn::of(SockAddr(odd[..].into())) },
        Reply::err(Errno::EAFNOSUPPORT),
        r#"connect(5, {sa_family=AF_UNIX, sun_path="\20\341\177"}, 16) = -1 EAFNOSUPPORT (Address family not supported by protocol)"#,
    );
    let v6 = SockAddr::inet6(Ipv6Addr::LOCALHOST, 1, 5, 0);
    check(
        Syscall::Connect { fd: Fd(5), addr: AddrIn::of(v6.clone()) },
        Reply::err(Errno::EAFNOSUPPORT),
        r#"connect(5, {sa_family=AF_INET6, sin6_port=htons(1), sin6_flowinfo=htonl(5), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = -1 EAFNOSUPPORT (Address family not supported by protocol)"#,
    );
    check(
        Syscall::Connect { fd: Fd(5), addr: AddrIn::of(SockAddr(v6.bytes()[..24].into())) },
        Reply::err(Errno::EAFNOSUPPORT),
        r#"connect(5, {sa_family=AF_INET6, sin6_port=htons(1), sin6_flowinfo=htonl(5), inet_pton(AF_INET6, "::1", &sin6_addr)}, 24) = -1 EAFNOSUPPORT (Address family not supported by protocol)"#,
    );
    check(
        Syscall::Bind { fd: Fd(6), addr: AddrIn::of(SockAddr::unix(b"\0abc")) },
        Reply::ok(0),
        r#"bind(6, {sa_family=AF_UNIX, sun_path=@"abc"}, 6) = 0"#,
    );
}

#[test]
fn addresses_that_come_back_show_the_room() {
    let accept = |room| Syscall::Accept { fd: Fd(5), addr: AddrOut::room(room) };
    let from = |port| Out::Addr { addr: at(port) };
    check(
        accept(128),
        Reply::with(8, from(59464)),
        r#"accept(5, {sa_family=AF_INET, sin_port=htons(59464), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]) = 8"#,
    );
    check(
        accept(16),
        Reply::with(10, from(59474)),
        r#"accept(5, {sa_family=AF_INET, sin_port=htons(59474), sin_addr=inet_addr("127.0.0.1")}, [16]) = 10"#,
    );
    check(
        Syscall::Accept4 {
            fd: Fd(5),
            addr: AddrOut::room(4),
            flags: consts::SOCK_CLOEXEC | consts::SOCK_NONBLOCK,
        },
        Reply::with(12, from(0xe85c)),
        r#"accept4(5, {sa_family=AF_INET, sa_data="\350\\"}, [4 => 16], SOCK_CLOEXEC|SOCK_NONBLOCK) = 12"#,
    );
    check(
        Syscall::Accept { fd: Fd(99), addr: AddrOut::null() },
        Reply::err(Errno::EBADF),
        "accept(99, NULL, NULL)                  = -1 EBADF (Bad file descriptor)",
    );
    let addr = AddrOut { addr: OutPtr { at: 0x1000, ok: true }, len: Ptr::to(-1) };
    check(
        Syscall::Getpeername { fd: Fd(7), addr },
        invalid(),
        "getpeername(7, 0x1000, [-1])            = -1 EINVAL (Invalid argument)",
    );
}

#[test]
fn data_is_quoted_and_cut() {
    let send = |data: &[u8], flags| Syscall::Sendto {
        fd: Fd(7),
        buf: InBuf::of(data),
        flags,
        addr: AddrIn::null(),
    };
    check(
        send(b"abc\n\0\x01\r\x7f\xff\"\\x", 0),
        Reply::ok(12),
        r#"sendto(7, "abc\n\0\1\r\177\377\"\\x", 12, 0, NULL, 0) = 12"#,
    );
    check(
        send(b"0123456789012345678901234567890123456789", consts::MSG_MORE),
        Reply::ok(40),
        r#"sendto(7, "01234567890123456789012345678901"..., 40, MSG_MORE, NULL, 0) = 40"#,
    );
    check(
        Syscall::Sendto {
            fd: Fd(7),
            buf: InBuf { at: 0, len: 3, bytes: None },
            flags: 0,
            addr: AddrIn::null(),
        },
        Reply::err(Errno::EFAULT),
        "sendto(7, NULL, 3, 0, NULL, 0)          = -1 EFAULT (Bad address)",
    );
    check(
        Syscall::Write { fd: Fd(7), buf: InBuf::of(b"\x001\0") },
        Reply::ok(3),
        r#"write(7, "\0001\0", 3)                  = 3"#,
    );
    let recv = |len, flags, addr| Syscall::Recvfrom {
        fd: Fd(8),
        buf: OutBuf { at: 0x2000, len, ok: true },
        flags,
        addr,
    };
    check(
        recv(4, consts::MSG_PEEK, AddrOut::null()),
        Reply::with(4, Out::From { bytes: bytes(b"abc\n"), addr: None }),
        r#"recvfrom(8, "abc\n", 4, MSG_PEEK, NULL, NULL) = 4"#,
    );
    let room = AddrOut { addr: OutPtr { at: 0x1000, ok: true }, len: Ptr::to(16) };
    check(
        recv(2, 0, room),
        Reply::with(2, Out::From { bytes: bytes(b"ab"), addr: None }),
        r#"recvfrom(8, "ab", 2, 0, 0x1000, [16 => 0]) = 2"#,
    );
    check(
        recv(100, consts::MSG_DONTWAIT, AddrOut::null()),
        Reply::err(Errno::EAGAIN),
        "recvfrom(8, 0x2000, 100, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)",
    );
    check(
        recv(3, consts::MSG_TRUNC, room),
        Reply::with(5, Out::From { bytes: bytes(b"hel"), addr: Some(at(38723)) }),
        r#"recvfrom(8, "hel", 3, MSG_TRUNC, {sa_family=AF_INET, sin_port=htons(38723), sin_addr=inet_addr("127.0.0.1")}, [16]) = 5"#,
    );
    check(
        recv(30, 0, AddrOut::null()),
        Reply::ok(0),
        r#"recvfrom(8, "", 30, 0, NULL, NULL)      = 0"#,
    );
}

#[test]
fn messages() {
    let msg = MsgIn {
        name: AddrIn::of(at(4321)),
        iov: vec![InBuf::of(b"abc"), InBuf::of(b"defg")],
        iov_len: 2,
        control: Bytes::default(),
    };
    check(
        Syscall::Sendmsg { fd: Fd(16), msg: Some(msg.clone()), flags: consts::MSG_NOSIGNAL },
        Reply::ok(7),
        r#"sendmsg(16, {msg_name={sa_family=AF_INET, sin_port=htons(4321), sin_addr=inet_addr("127.0.0.1")}, msg_namelen=16, msg_iov=[{iov_base="abc", iov_len=3}, {iov_base="defg", iov_len=4}], msg_iovlen=2, msg_controllen=0, msg_flags=0}, MSG_NOSIGNAL) = 7"#,
    );
    check(
        Syscall::Sendmsg { fd: Fd(7), msg: Some(MsgIn { name: AddrIn::null(), ..msg }), flags: 0 },
        Reply::ok(7),
        r#"sendmsg(7, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=3}, {iov_base="defg", iov_len=4}], msg_iovlen=2, msg_controllen=0, msg_flags=0}, 0) = 7"#,
    );
    let room = MsgOut {
        name: OutPtr::good(),
        name_len: 128,
        iov: vec![OutBuf::of(3), OutBuf::of(40)],
        iov_len: 2,
        control_len: 0,
    };
    let got = Out::Msg {
        bytes: bytes(b"abcdefg"),
        addr: Some(at(38723)),
        flags: 0,
        control: Bytes::default(),
    };
    check(
        Syscall::Recvmsg { fd: Fd(15), msg: Some(room.clone()), flags: 0 },
        Reply::with(7, got),
        r#"recvmsg(15, {msg_name={sa_family=AF_INET, sin_port=htons(38723), sin_addr=inet_addr("127.0.0.1")}, msg_namelen=128 => 16, msg_iov=[{iov_base="abc", iov_len=3}, {iov_base="defg", iov_len=40}], msg_iovlen=2, msg_controllen=0, msg_flags=0}, 0) = 7"#,
    );
    check(
        Syscall::Recvmsg {
            fd: Fd(15),
            msg: Some(MsgOut { name_len: 16, ..room }),
            flags: consts::MSG_DONTWAIT,
        },
        Reply::err(Errno::EAGAIN),
        "recvmsg(15, {msg_namelen=16}, MSG_DONTWAIT) = -1 EAGAIN (Resource temporarily unavailable)",
    );
    check(
        Syscall::Readv { fd: Fd(8), iov: vec![OutBuf::of(3), OutBuf::of(1)], count: 2 },
        Reply::with(4, Out::Bytes { bytes: bytes(b"abcd") }),
        r#"readv(8, [{iov_base="abc", iov_len=3}, {iov_base="d", iov_len=1}], 2) = 4"#,
    );
}

#[test]
fn options() {
    let set = |level, name, value: &[u8], len| Syscall::Setsockopt {
        fd: Fd(3),
        level,
        name,
        value: Ptr { at: 0x1000, value: Some(value.into()) },
        len,
    };
    let one = 1i32.to_le_bytes();
    let sol = consts::SOL_SOCKET;
    check(
        set(sol, consts::SO_REUSEADDR, &one, 4),
        Reply::ok(0),
        "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0",
    );
    check(
        set(sol, consts::SO_REUSEADDR, &one[..3], 3),
        invalid(),
        "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, 0x1000, 3) = -1 EINVAL (Invalid argument)",
    );
    check(
        set(sol, 999, &one, 4),
        Reply::err(Errno::ENOPROTOOPT),
        "setsockopt(3, SOL_SOCKET, 0x3e7 /* SO_??? */, [1], 4) = -1 ENOPROTOOPT (Protocol not available)",
    );
    check(
        set(sol, consts::SO_LINGER, &[1, 0, 0, 0, 5, 0, 0, 0], 8),
        Reply::ok(0),
        "setsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=5}, 8) = 0",
    );
    check(
        set(sol, consts::SO_RCVTIMEO, b"\x01\0\0\0\0\0\0\0 \xa1\x07\0\0\0\0\0", 16),
        Reply::ok(0),
        r#"setsockopt(3, SOL_SOCKET, SO_RCVTIMEO_OLD, "\1\0\0\0\0\0\0\0 \241\7\0\0\0\0\0", 16) = 0"#,
    );
    check(
        set(consts::SOL_TCP, consts::TCP_CONGESTION, b"reno", 4),
        Reply::ok(0),
        "setsockopt(3, SOL_TCP, TCP_CONGESTION, [1869505906], 4) = 0",
    );
    check(
        set(consts::SOL_IP, consts::IP_ADD_MEMBERSHIP, &[224, 0, 0, 5, 127, 0, 0, 1], 8),
        Reply::ok(0),
        r#"setsockopt(3, SOL_IP, IP_ADD_MEMBERSHIP, {imr_multiaddr=inet_addr("224.0.0.5"), imr_interface=inet_addr("127.0.0.1")}, 8) = 0"#,
    );
    check(
        set(consts::SOL_IP, consts::IP_MULTICAST_LOOP, &[1], 1),
        Reply::ok(0),
        r#"setsockopt(3, SOL_IP, IP_MULTICAST_LOOP, "\1", 1) = 0"#,
    );
    check(
        set(500, 1, &one, 4),
        Reply::err(Errno::ENOPROTOOPT),
        "setsockopt(3, 0x1f4 /* SOL_?? */, 1, [1], 4) = -1 ENOPROTOOPT (Protocol not available)",
    );
    let get = |level, name, len| Syscall::Getsockopt {
        fd: Fd(3),
        level,
        name,
        value: OutPtr { at: 0x1000, ok: true },
        len: Ptr::to(len),
    };
    let got = |value: &[u8]| Reply::with(0, Out::Bytes { bytes: bytes(value) });
    check(
        get(sol, consts::SO_SNDBUF, 4),
        got(&4608i32.to_le_bytes()),
        "getsockopt(3, SOL_SOCKET, SO_SNDBUF, [4608], [4]) = 0",
    );
    check(
        get(sol, consts::SO_ERROR, 4),
        got(&111i32.to_le_bytes()),
        "getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0",
    );
    check(
        get(sol, consts::SO_REUSEADDR, 8),
        got(&one),
        "getsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], [8 => 4]) = 0",
    );
    check(
        get(sol, consts::SO_REUSEADDR, 1),
        got(&[1]),
        r#"getsockopt(3, SOL_SOCKET, SO_REUSEADDR, "\x01", [1]) = 0"#,
    );
    check(
        get(500, 1, 4),
        Reply::err(Errno::EOPNOTSUPP),
        "getsockopt(3, 0x1f4 /* SOL_?? */, 1, 0x1000, [4]) = -1 EOPNOTSUPP (Operation not supported)",
    );
    check(
        get(consts::SOL_TCP, consts::TCP_CONGESTION, 16),
        got(b"reno\0\0\0\0\0\0\0\0\0\0\0\0"),
        r#"getsockopt(3, SOL_TCP, TCP_CONGESTION, "reno\0\0\0\0\0\0\0\0\0\0\0\0", [16]) = 0"#,
    );
}

#[test]
fn readiness() {
    let fds =
        [(7, 0x2001), (-1, 1), (99, 0)].map(|(fd, events)| PollFd { fd: Fd(fd), events }).to_vec();
    check(
        Syscall::Poll { fds: Ptr::to(fds), nfds: 3, timeout_ms: 0 },
        Reply::with(2, Out::Revents { revents: vec![1, 0, 32] }),
        "poll([{fd=7, events=POLLIN|POLLRDHUP}, {fd=-1}, {fd=99, events=0}], 3, 0) = 2 ([{fd=7, revents=POLLIN}, {fd=99, revents=POLLNVAL}])",
    );
    check(
        Syscall::Poll { fds: Ptr::null(), nfds: 0, timeout_ms: 10 },
        Reply::ok(0),
        "poll(NULL, 0, 10)                       = 0 (Timeout)",
    );
    let sets =
        FdSets { read: Some(vec![Fd(6), Fd(7)]), write: Some(vec![Fd(6)]), except: Some(vec![]) };
    check(
        Syscall::Select { nfds: 8, sets, timeout: Ptr::to(Timespec { sec: 1, nsec: 0 }) },
        Reply::with(
            2,
            Out::Selected {
                read: vec![Fd(7)],
                write: vec![Fd(6)],
                except: vec![],
                left: Some(Timespec { sec: 0, nsec: 999_997_847 }),
            },
        ),
        "pselect6(8, [6 7], [6], [], {tv_sec=1, tv_nsec=0}, NULL) = 2 (in [7], out [6], left {tv_sec=0, tv_nsec=999997847})",
    );
    check(
        Syscall::EpollCreate1 { flags: 5 },
        invalid(),
        "epoll_create1(0x5 /* EPOLL_??? */)      = -1 EINVAL (Invalid argument)",
    );
    check(
        Syscall::EpollCtl {
            epfd: Fd(8),
            op: consts::EPOLL_CTL_ADD,
            fd: Fd(7),
            event: Ptr::to((0x8000_0001, 7)),
        },
        Reply::ok(0),
        "epoll_ctl(8, EPOLL_CTL_ADD, 7, {events=EPOLLIN|EPOLLET, data={u32=7, u64=7}}) = 0",
    );
    let event = EpollEvent { events: 1, data: 81_985_529_216_486_895 };
    check(
        Syscall::EpollWait { epfd: Fd(8), events: OutPtr::good(), max_events: 4, timeout_ms: -1 },
        Reply::with(1, Out::Events { events: vec![event] }),
        "epoll_wait(8, [{events=EPOLLIN, data={u32=2309737967, u64=81985529216486895}}], 4, -1) = 1",
    );
}

#[test]
fn descriptors_and_files() {
    let fcntl = |cmd, arg| Syscall::Fcntl { fd: Fd(3), cmd, arg };
    check(
        fcntl(consts::F_GETFL, 0),
        Reply::ok(0x802),
        "fcntl(3, F_GETFL)                       = 0x802 (flags O_RDWR|O_NONBLOCK)",
    );
    check(
        fcntl(consts::F_SETFL, 0xc00),
        Reply::ok(0),
        "fcntl(3, F_SETFL, O_RDONLY|O_APPEND|O_NONBLOCK) = 0",
    );
    check(fcntl(consts::F_GETFD, 0), Reply::ok(0), "fcntl(3, F_GETFD)                       = 0");
    check(
        fcntl(999, 5),
        invalid(),
        "fcntl(3, 0x3e7 /* F_??? */, 0x5)        = -1 EINVAL (Invalid argument)",
    );
    check(
        Syscall::Ioctl { fd: Fd(7), request: consts::FIONREAD as u64, arg: Ptr::to(0) },
        Reply::with(0, Out::Words { words: vec![5] }),
        "ioctl(7, FIONREAD, [5])                 = 0",
    );
    check(
        Syscall::Ioctl { fd: Fd(3), request: 0x1234, arg: Ptr { at: 5, value: None } },
        Reply::err(Errno::ENOTTY),
        "ioctl(3, _IOC(_IOC_NONE, 0x12, 0x34, 0), 0x5) = -1 ENOTTY (Inappropriate ioctl for device)",
    );
    check(
        Syscall::Pipe2 { fds: OutPtr::good(), flags: consts::O_NONBLOCK | consts::O_CLOEXEC },
        Reply::with(0, Out::Fds { fds: [Fd(14), Fd(15)] }),
        "pipe2([14, 15], O_NONBLOCK|O_CLOEXEC)   = 0",
    );
    let path = |text: &str| Ptr::to(bytes(text.as_bytes()));
    check(
        Syscall::Openat {
            path: path("/tmp/f.txt"),
            flags: consts::O_RDWR | consts::O_CREAT | consts::O_TRUNC,
            mode: 0o644,
        },
        Reply::ok(16),
        r#"openat(AT_FDCWD, "/tmp/f.txt", O_RDWR|O_CREAT|O_TRUNC, 0644) = 16"#,
    );
    check(
        Syscall::Fstat { fd: Fd(3), out: OutPtr::good() },
        Reply::with(
            0,
            Out::Stat { stat: soquete_abi::reply::Stat { mode: 0o140_777, ..Default::default() } },
        ),
        r#"newfstatat(3, "", {st_mode=S_IFSOCK|0777, st_size=0, ...}, AT_EMPTY_PATH) = 0"#,
    );
    check(
        Syscall::Lseek { fd: Fd(16), offset: -1, whence: 99 },
        invalid(),
        "lseek(16, -1, 0x63 /* SEEK_??? */)      = -1 EINVAL (Invalid argument)",
    );
    check(
        Syscall::Access { path: path("/tmp"), mode: 6 },
        Reply::ok(0),
        r#"access("/tmp", R_OK|W_OK)               = 0"#,
    );
    check(
        Syscall::Shutdown { fd: Fd(3), how: 3 },
        invalid(),
        "shutdown(3, 0x3 /* SHUT_??? */)         = -1 EINVAL (Invalid argument)",
    );
}

#[test]
fn processes_signals_and_time() {
    let wait = |pid, options| Syscall::Wait4 { pid: Pid(pid), status: OutPtr::good(), options };
    check(
        wait(-1, 0),
        Reply::with(27477, Out::Status { status: 3 << 8 }),
        "wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 27477",
    );
    check(
        wait(27478, 0),
        Reply::with(27478, Out::Status { status: 15 }),
        "wait4(27478, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGTERM}], 0, NULL) = 27478",
    );
    check(
        Syscall::ExitGroup { status: 0 },
        Reply::ok(0),
        "exit_group(0)                           = ?",
    );
    check(
        Syscall::RtSigprocmask { how: 0, set: Ptr::to(1 << 9 | 1 << 14), old: OutPtr::good() },
        Reply::with(0, Out::Words { words: vec![0] }),
        "rt_sigprocmask(SIG_BLOCK, [USR1 TERM], [], 8) = 0",
    );
    check(
        Syscall::RtSigprocmask { how: 0, set: Ptr::to(!(1 << 31 | 1 << 32)), old: OutPtr::null() },
        Reply::with(0, Out::Words { words: vec![0] }),
        "rt_sigprocmask(SIG_BLOCK, ~[RTMIN RT_1], NULL, 8) = 0",
    );
    let flags = consts::SA_RESTORER | consts::SA_RESTART;
    let action = SigAction { handler: 1, flags, mask: 1 << 12 };
    let old = SigAction { handler: 0, flags: 0, mask: 0 };
    check(
        Syscall::RtSigaction { signal: 13, new: Ptr::to(action), old: OutPtr::good() },
        Reply::with(0, Out::Action { action: old }),
        "rt_sigaction(SIGPIPE, {sa_handler=SIG_IGN, sa_mask=[PIPE], sa_flags=SA_RESTORER|SA_RESTART, sa_restorer=0x7ffff7dc4050}, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, 8) = 0",
    );
    check(
        Syscall::ClockNanosleep {
            clock: 0,
            flags: 0,
            request: Ptr::to(Timespec { sec: 0, nsec: 1_000_000 }),
            rest: OutPtr::null(),
        },
        Reply::ok(0),
        "clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=1000000}, NULL) = 0",
    );
    check(
        Syscall::Setitimer {
            which: 0,
            value: Timespec { sec: 0, nsec: 50_000_000 },
            interval: Timespec::default(),
        },
        Reply::ok(0),
        "setitimer(ITIMER_REAL, {it_interval={tv_sec=0, tv_usec=0}, it_value={tv_sec=0, tv_usec=50000}}, NULL) = 0",
    );
    assert_eq!(strace::ended(7 << 8), "+++ exited with 7 +++");
    assert_eq!(strace::ended(13), "+++ killed by SIGPIPE +++");
}

#[test]
fn shared_memory_semaphores_and_queues() {
    check(
        Syscall::Shmget { key: 0, size: 4096, flags: consts::IPC_CREAT | 0o600 },
        Reply::ok(0),
        "shmget(IPC_PRIVATE, 4096, IPC_CREAT|0600) = 0",
    );
    check(
        Syscall::Shmget { key: 1234, size: 0, flags: 0 },
        Reply::ok(1),
        "shmget(0x4d2, 0, 000)                   = 1",
    );
    check(
        Syscall::Mmap { at: 0, len: 4096, prot: 3, flags: 0x21, fd: Fd(-1), offset: 0 },
        Reply::ok(0x7fcd_1998_f000),
        "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0) = 0x7fcd1998f000",
    );
    let ops = vec![
        SemBuf { num: 0, op: 1, flags: 0 },
        SemBuf { num: 1, op: -1, flags: consts::IPC_NOWAIT as i16 | 0x1000 },
    ];
    check(
        Syscall::Semop { id: 0, ops, timeout: Ptr::null() },
        Reply::err(Errno::EAGAIN),
        "semtimedop(0, [{sem_num=0, sem_op=1, sem_flg=0}, {sem_num=1, sem_op=-1, sem_flg=SEM_UNDO|IPC_NOWAIT}], 2, NULL) = -1 EAGAIN (Resource temporarily unavailable)",
    );
    check(
        Syscall::Semctl { id: 0, num: 0, cmd: consts::SETVAL, arg: 1, buf: Ptr::null() },
        Reply::ok(0),
        "semctl(0, 0, SETVAL, 0x1)               = 0",
    );
    check(
        Syscall::Semctl { id: 0, num: 0, cmd: consts::GETVAL, arg: 0, buf: Ptr::null() },
        Reply::ok(1),
        "semctl(0, 0, GETVAL, NULL)              = 1",
    );
    let name = Ptr::to(bytes(b"/q"));
    check(
        Syscall::MqOpen {
            name,
            flags: consts::O_RDWR | consts::O_CREAT,
            mode: 0o600,
            max_messages: 4,
            message_size: 32,
        },
        Reply::ok(18),
        r#"mq_open("q", O_RDWR|O_CREAT, 0600, {mq_flags=0, mq_maxmsg=4, mq_msgsize=32, mq_curmsgs=0}) = 18"#,
    );
    check(
        Syscall::MqReceive {
            fd: Fd(18),
            buf: OutBuf::of(32),
            priority: OutPtr::good(),
            timeout: Ptr::null(),
        },
        Reply::with(3, Out::Message { bytes: bytes(b"abc"), priority: 2 }),
        r#"mq_timedreceive(18, "abc", 32, [2], NULL) = 3"#,
    );
    check(
        Syscall::Getrlimit { resource: consts::RLIMIT_NOFILE },
        Reply::with(0, Out::Words { words: vec![20000, 20000] }),
        "prlimit64(0, RLIMIT_NOFILE, NULL, {rlim_cur=20000, rlim_max=20000}) = 0",
    );
}

/// Not strace's: these are library calls that the host answers.
#[test]
fn names() {
    check(
        Syscall::Getaddrinfo {
            node: Some(bytes(b"nobody")),
            service: Some(bytes(b"8080")),
            hints: AddrInfoHints { flags: 0, family: 2, socktype: 1, protocol: 0 },
        },
        Reply::ok(-2),
        r#"getaddrinfo("nobody", "8080", {ai_flags=0, ai_family=AF_INET, ai_socktype=SOCK_STREAM, ai_protocol=IPPROTO_IP}) = -2 EAI_NONAME"#,
    );
}

#[test]
fn a_call_that_never_returned() {
    let addr = AddrOut { addr: OutPtr { at: 0x1000, ok: true }, len: Ptr::to(16) };
    assert_eq!(
        strace::unfinished(&Syscall::Accept { fd: Fd(3), addr }),
        "accept(3, 0x1000, [16] <unfinished ...>"
    );
    assert_eq!(strace::unfinished(&refused_connect()), refused_connect_text());
    check(refused_connect(), refused(), &refused_connect_line());
}

fn refused_connect() -> Syscall {
    Syscall::Connect { fd: Fd(7), addr: AddrIn::of(at(4321)) }
}

fn refused_connect_text() -> &'static str {
    r#"connect(7, {sa_family=AF_INET, sin_port=htons(4321), sin_addr=inet_addr("127.0.0.1")}, 16 <unfinished ...>"#
}

fn refused_connect_line() -> String {
    refused_connect_text().replace(" <unfinished ...>", ") = -1 ECONNREFUSED (Connection refused)")
}

fn ifreq(name: &str, value: &[u8]) -> Bytes {
    let mut bytes = name.as_bytes().to_vec();
    bytes.resize(16, 0);
    bytes.extend(value);
    bytes.resize(40, 0);
    Bytes(bytes)
}

#[test]
fn interfaces() {
    let ask = |request: i32, arg: Bytes, reply: Reply, line: &str| {
        let arg = Ptr::to(arg);
        check(Syscall::IoctlIf { fd: Fd(3), request: request as u64, arg }, reply, line);
    };
    let with = |bytes: Bytes| Reply::with(0, Out::Bytes { bytes });
    let ether = [&[1, 0, 2][..], &[0, 0, 0, 0, 1]].concat();
    for (request, value, line) in [
        (
            consts::SIOCGIFADDR,
            SockAddr::inet(Ipv4Addr::new(10, 0, 0, 1), 0).bytes().to_vec(),
            "ioctl(3, SIOCGIFADDR, {ifr_name=\"eth0\", ifr_addr={sa_family=AF_INET, \
             sin_port=htons(0), sin_addr=inet_addr(\"10.0.0.1\")}}) = 0",
        ),
        (
            consts::SIOCGIFFLAGS,
            vec![0x43, 0x10],
            "ioctl(3, SIOCGIFFLAGS, {ifr_name=\"eth0\", \
             ifr_flags=IFF_UP|IFF_BROADCAST|IFF_RUNNING|IFF_MULTICAST}) = 0",
        ),
        (
            consts::SIOCGIFHWADDR,
            ether,
            "ioctl(3, SIOCGIFHWADDR, {ifr_name=\"eth0\", ifr_hwaddr={sa_family=ARPHRD_ETHER, \
             sa_data=02:00:00:00:00:01}}) = 0",
        ),
        (
            consts::SIOCGIFMTU,
            vec![0xdc, 5],
            "ioctl(3, SIOCGIFMTU, {ifr_name=\"eth0\", ifr_mtu=1500}) = 0",
        ),
    ] {
        ask(request, ifreq("eth0", &[]), with(ifreq("eth0", &value)), line);
    }
    ask(
        consts::SIOCGIFNAME,
        ifreq("", &[1]),
        with(ifreq("lo", &[1])),
        "ioctl(3, SIOCGIFNAME, {ifr_ifindex=1, ifr_name=\"lo\"}) = 0",
    );
    let line = "ioctl(3, SIOCGIFNAME, {ifr_ifindex=4})  = -1 ENODEV (No such device)";
    ask(consts::SIOCGIFNAME, ifreq("", &[4]), Reply::err(Errno::ENODEV), line);
    let room = |len: i32| [&len.to_le_bytes()[..], &[0; 4], &[1; 8]].concat();
    let lo = ifreq("lo", SockAddr::inet(Ipv4Addr::LOCALHOST, 0).bytes());
    ask(
        consts::SIOCGIFCONF,
        Bytes(room(50)),
        with(lo),
        "ioctl(3, SIOCGIFCONF, {ifc_len=50 => 40 /* 1 * sizeof(struct ifreq) \
         */, ifc_buf=[{ifr_name=\"lo\", ifr_addr={sa_family=AF_INET, \
         sin_port=htons(0), sin_addr=inet_addr(\"127.0.0.1\")}}]}) = 0",
    );
}
