//! No program and no packet makes the kernel panic, and the same run gives the same bytes.

extern crate soquete_sim as sim;

use abi::addr::SockAddr;
use abi::syscall::{FdSets, FutexKey, InBuf, IpcStat, OutBuf, SemBuf, SigAction, Timespec};
use abi::{AddrIn, AddrOut, Bytes, Fd, OutPtr, Pid, PollFd, Ptr, Syscall, consts};
use proptest::prelude::*;
use proptest::sample::select;
use sim::HostId;
use sim::scenario::{Defaults, LinkParams, Scenario};
use sim::trace::{Record, Sink, What};
use sim::wire::checksum::Sum;
use sim::world::World;

fn fd() -> impl Strategy<Value = Fd> {
    prop_oneof![9 => 0..9_i32, 1 => -1..2000_i32].prop_map(Fd)
}

fn addr() -> impl Strategy<Value = AddrIn> {
    let ip = select(vec![
        "127.0.0.1",
        "10.0.0.1",
        "10.0.0.2",
        "0.0.0.0",
        "255.255.255.255",
        "239.1.2.3",
        "::1",
    ]);
    let inet = (ip, select(vec![0_u16, 80, 5000, 5001])).prop_map(|(ip, port)| {
        let ip: std::net::IpAddr = ip.parse().expect("written above");
        AddrIn::of(SockAddr::from_std((ip, port).into()))
    });
    let unix = select(vec!["\0a", "\0b", "/tmp/s", "/tmp", "", "/none/x"])
        .prop_map(|path| AddrIn::of(SockAddr::unix(path.as_bytes())));
    let link = (select(vec![0x300_u16, 0x8, 0]), 0..4_i32, any::<[u8; 8]>()).prop_map(
        |(protocol, index, mac)| {
            let mut bytes = (consts::AF_PACKET as u16).to_le_bytes().to_vec();
            bytes.extend(protocol.to_le_bytes());
            bytes.extend(index.to_le_bytes());
            bytes.extend([1, 0, 0, 6]);
            bytes.extend(mac);
            AddrIn::of(SockAddr(Bytes(bytes)))
        },
    );
    let kernel = (0..3_u32, 0..3_u32).prop_map(|(number, groups)| {
        let mut bytes = (consts::AF_NETLINK as u32).to_le_bytes().to_vec();
        bytes.extend(number.to_le_bytes());
        bytes.extend(groups.to_le_bytes());
        AddrIn::of(SockAddr(Bytes(bytes)))
    });
    let noise = (proptest::collection::vec(any::<u8>(), 0..32), -2..140_i32)
        .prop_map(|(bytes, len)| AddrIn { addr: Ptr::to(SockAddr(Bytes(bytes))), len });
    prop_oneof![
        6 => inet, 3 => unix, 1 => link, 1 => kernel, 1 => noise, 1 => Just(AddrIn::null())
    ]
}

fn path() -> impl Strategy<Value = Ptr<Bytes>> {
    select(vec!["/tmp/a", "/tmp/f", "/tmp/s", "/tmp", "/dev/null", "/dev/shm/m", "", "/x/y", ".."])
        .prop_map(|path| Ptr::to(Bytes(path.as_bytes().to_vec())))
}

fn data() -> impl Strategy<Value = InBuf> {
    prop_oneof![
        8 => (0..3000_usize).prop_map(|len| InBuf::of(&vec![b'x'; len])),
        1 => Just(InBuf::of(&vec![b'y'; 100_000])),
        1 => netlink_requests(),
        1 => Just(InBuf { at: 0, len: 5, bytes: None }),
    ]
}

/// Messages of rtnetlink(7), some of them cut or with lengths that lie.
fn netlink_requests() -> impl Strategy<Value = InBuf> {
    let one = (0..50_u32, 14..34_u16, 0..0x400_u16, proptest::collection::vec(any::<u8>(), 0..40))
        .prop_map(|(lie, kind, flags, body)| {
            let len = if lie < 40 { 16 + body.len() as u32 } else { lie };
            let mut bytes = len.to_le_bytes().to_vec();
            bytes.extend(kind.to_le_bytes());
            bytes.extend((flags | 1).to_le_bytes());
            bytes.extend([0; 8]);
            bytes.extend(body);
            bytes
        });
    proptest::collection::vec(one, 1..3).prop_map(|all| InBuf::of(&all.concat()))
}

fn room() -> impl Strategy<Value = OutBuf> {
    (0..5000_u64, prop::bool::weighted(0.95)).prop_map(|(len, ok)| OutBuf { at: 1, len, ok })
}

fn signal() -> impl Strategy<Value = i32> {
    select(vec![0, 1, 2, 10, 12, 13, 14, 17, 18, 19, 65, -1])
}

fn socket_call() -> impl Strategy<Value = Syscall> {
    let domain = select(vec![
        0,
        consts::AF_UNIX,
        consts::AF_INET,
        consts::AF_INET6,
        consts::AF_PACKET,
        consts::AF_NETLINK,
        99,
    ]);
    let ty = select(vec![1, 2, 3, 5, 10, 1 | consts::SOCK_NONBLOCK, 2 | consts::SOCK_CLOEXEC, 77]);
    let msg = select(vec![
        0,
        consts::MSG_DONTWAIT,
        consts::MSG_PEEK,
        consts::MSG_OOB,
        consts::MSG_WAITALL,
        consts::MSG_TRUNC,
        consts::MSG_NOSIGNAL,
        consts::MSG_MORE,
    ]);
    let level = select(vec![
        consts::SOL_SOCKET,
        consts::IPPROTO_TCP,
        consts::IPPROTO_UDP,
        consts::IPPROTO_IP,
        consts::SOL_IPV6,
        consts::SOL_PACKET,
        consts::SOL_NETLINK,
        500,
    ]);
    prop_oneof![
        (domain.clone(), ty.clone(), select(vec![0, 0, 0, 1, 6, 17, 58, 255, 300, 768]))
            .prop_map(|(domain, ty, protocol)| Syscall::Socket { domain, ty, protocol }),
        (domain, ty).prop_map(|(domain, ty)| Syscall::Socketpair {
            domain,
            ty,
            protocol: 0,
            fds: OutPtr::good()
        }),
        (fd(), addr()).prop_map(|(fd, addr)| Syscall::Bind { fd, addr }),
        (fd(), -1..5_i32).prop_map(|(fd, backlog)| Syscall::Listen { fd, backlog }),
        fd().prop_map(|fd| Syscall::Accept { fd, addr: AddrOut::room(16) }),
        (fd(), addr()).prop_map(|(fd, addr)| Syscall::Connect { fd, addr }),
        (fd(), data(), msg.clone(), addr()).prop_map(|(fd, buf, flags, addr)| Syscall::Sendto {
            fd,
            buf,
            flags,
            addr
        }),
        (fd(), data(), msg.clone()).prop_map(|(fd, buf, flags)| Syscall::Sendto {
            fd,
            buf,
            flags,
            addr: AddrIn::null()
        }),
        (fd(), room(), msg).prop_map(|(fd, buf, flags)| Syscall::Recvfrom {
            fd,
            buf,
            flags,
            addr: AddrOut::room(20)
        }),
        (fd(), 0..4_i32).prop_map(|(fd, how)| Syscall::Shutdown { fd, how }),
        fd().prop_map(|fd| Syscall::Getsockname { fd, addr: AddrOut::room(16) }),
        fd().prop_map(|fd| Syscall::Getpeername { fd, addr: AddrOut::room(16) }),
        (fd(), level.clone(), 0..60_i32, any::<[u8; 16]>(), 0..16_i32).prop_map(
            |(fd, level, name, value, len)| Syscall::Setsockopt {
                fd,
                level,
                name,
                value: Ptr::to(Bytes(value[..len as usize].to_vec())),
                len
            }
        ),
        (fd(), level, 0..60_i32, 0..20_i32).prop_map(|(fd, level, name, len)| {
            Syscall::Getsockopt { fd, level, name, value: OutPtr::good(), len: Ptr::to(len) }
        }),
    ]
}

fn other_call() -> impl Strategy<Value = Syscall> {
    let time = (0..3_i64, 0..1_000_000_000_i64).prop_map(|(sec, nsec)| Timespec { sec, nsec });
    prop_oneof![
        (fd(), room()).prop_map(|(fd, buf)| Syscall::Read { fd, buf }),
        (fd(), data()).prop_map(|(fd, buf)| Syscall::Write { fd, buf }),
        fd().prop_map(|fd| Syscall::Close { fd }),
        (path(), any::<u16>()).prop_map(|(path, flags)| Syscall::Openat {
            path,
            flags: i32::from(flags),
            mode: 0o644
        }),
        path().prop_map(|path| Syscall::Unlink { path }),
        path().prop_map(|path| Syscall::Mkfifo { path, mode: 0o644 }),
        (fd(), -10..10_i64, 0..4_i32).prop_map(|(fd, offset, whence)| Syscall::Lseek {
            fd,
            offset,
            whence
        }),
        (fd(), -1..9000_i64).prop_map(|(fd, length)| Syscall::Ftruncate { fd, length }),
        fd().prop_map(|fd| Syscall::Dup { fd }),
        (fd(), fd()).prop_map(|(old, new)| Syscall::Dup2 { old, new }),
        (fd(), select(vec![0, 1, 2, 3, 4, 1031, 1032, 99]), 0..5000_i64)
            .prop_map(|(fd, cmd, arg)| Syscall::Fcntl { fd, cmd, arg }),
        (0..4_i32).prop_map(|n| Syscall::Pipe2 { fds: OutPtr::good(), flags: n * 1024 }),
        (fd(), any::<i16>(), -1..50_i32).prop_map(|(fd, events, timeout_ms)| Syscall::Poll {
            fds: Ptr::to(vec![PollFd { fd, events }]),
            nfds: 1,
            timeout_ms
        }),
        (fd(), time.clone()).prop_map(|(fd, time)| Syscall::Select {
            nfds: 20,
            sets: FdSets { read: Some(vec![fd]), write: None, except: Some(vec![fd]) },
            timeout: Ptr::to(time)
        }),
        Just(Syscall::EpollCreate1 { flags: 0 }),
        (fd(), 0..5_i32, fd(), any::<u32>()).prop_map(|(epfd, op, fd, events)| {
            Syscall::EpollCtl { epfd, op, fd, event: Ptr::to((events, 1)) }
        }),
        (fd(), -1..50_i32).prop_map(|(epfd, timeout_ms)| Syscall::EpollWait {
            epfd,
            events: OutPtr::good(),
            max_events: 4,
            timeout_ms
        }),
        Just(Syscall::Fork),
        Just(Syscall::ThreadCreate { entry: 0, arg: 0 }),
        (0..6_i32).prop_map(|tid| Syscall::ThreadJoin { tid: Pid(tid) }),
        (0..20_i32).prop_map(|n| match n {
            0 => Syscall::ExitGroup { status: 1 },
            1 => Syscall::ThreadExit { value: 3 },
            _ => Syscall::SchedYield,
        }),
        (-2..6_i32, 0..3_i32).prop_map(|(pid, options)| Syscall::Wait4 {
            pid: Pid(pid),
            status: OutPtr::good(),
            options
        }),
        (-2..6_i32, signal()).prop_map(|(pid, signal)| Syscall::Kill { pid: Pid(pid), signal }),
        (signal(), 0..3_u64, any::<bool>()).prop_map(|(signal, handler, restart)| {
            let flags = if restart { consts::SA_RESTART } else { 0 };
            let action = SigAction { handler, flags, mask: 0 };
            Syscall::RtSigaction { signal, new: Ptr::to(action), old: OutPtr::null() }
        }),
        (0..4_i32, any::<u64>()).prop_map(|(how, set)| Syscall::RtSigprocmask {
            how,
            set: Ptr::to(set),
            old: OutPtr::null(),
        }),
        any::<u64>().prop_map(|mask| Syscall::Sigsuspend { mask }),
        (0..3_u32).prop_map(|seconds| Syscall::Alarm { seconds }),
        time.prop_map(|request| Syscall::ClockNanosleep {
            clock: 1,
            flags: 0,
            request: Ptr::to(request),
            rest: abi::OutPtr::null(),
        }),
        (0..3_u64, 0..9000_u64, 0..40_i32, fd()).prop_map(|(at, len, flags, fd)| Syscall::Mmap {
            at: at * 4096,
            len,
            prot: 3,
            flags,
            fd,
            offset: 0
        }),
        (0..3_u64).prop_map(|at| Syscall::Munmap { at: at * 4096, len: 4096 }),
        (0..3_i32, 0..9000_u64).prop_map(|(key, size)| Syscall::Shmget { key, size, flags: 512 }),
        (0..4_i32, 0..3_u64).prop_map(|(id, at)| Syscall::Shmat { id, at: at * 4096, flags: 0 }),
        (0..3_u64).prop_map(|at| Syscall::Shmdt { at: at * 4096 }),
        (0..4_i32, 0..3_i32).prop_map(|(id, cmd)| Syscall::Shmctl {
            id,
            cmd,
            buf: Ptr::to(IpcStat::default())
        }),
        (0..3_i32, 0..4_i32).prop_map(|(key, count)| Syscall::Semget { key, count, flags: 512 }),
        (0..4_i32, 0..3_u16, -2..3_i16, any::<bool>()).prop_map(|(id, num, op, undo)| {
            let flags = if undo { 0x1000 } else { 0 };
            Syscall::Semop { id, ops: vec![SemBuf { num, op, flags }], timeout: Ptr::null() }
        }),
        (0..4_i32, 0..3_i32, 0..20_i32).prop_map(|(id, num, cmd)| Syscall::Semctl {
            id,
            num,
            cmd,
            buf: Ptr::null(),
            arg: 1
        }),
        any::<u8>().prop_map(|n| Syscall::MqOpen {
            name: Ptr::to(Bytes(b"/q".to_vec())),
            flags: 66 | (i32::from(n & 1) * 2048),
            mode: 0,
            max_messages: 2,
            message_size: 10
        }),
        (fd(), data()).prop_map(|(fd, buf)| Syscall::MqSend {
            fd,
            buf,
            priority: 1,
            timeout: Ptr::null()
        }),
        (fd(), room()).prop_map(|(fd, buf)| {
            let priority = OutPtr::null();
            Syscall::MqReceive { fd, buf, priority, timeout: Ptr::null() }
        }),
        (0..2_u64).prop_map(|at| Syscall::FutexWait {
            key: FutexKey::Private(at),
            expected: 0,
            seen: 0,
            timeout: Some(Timespec { sec: 1, nsec: 0 })
        }),
        (0..2_u64).prop_map(|at| Syscall::FutexWake { key: FutexKey::Private(at), count: 1 }),
    ]
}

/// What happens next: a call of one of the processes, or a frame that nobody's stack made.
#[derive(Clone, Debug)]
enum Deed {
    Call(usize, Syscall),
    Frame(Forged),
}

/// A frame seen before with some bytes changed, on one of the hosts' interfaces.
#[derive(Clone, Debug)]
struct Forged {
    host: usize,
    /// 1 comes back to the host itself, 2 goes to the other one.
    iface: i32,
    /// Which of the frames so far, from the newest.
    back: usize,
    edits: Vec<(u16, u8)>,
    cut: Option<u16>,
    /// Whether the checksums are made right again, so that it gets past them.
    sums: bool,
}

fn deed() -> impl Strategy<Value = Deed> {
    let call = prop_oneof![3 => socket_call(), 2 => other_call()];
    let forged = (
        0..2_usize,
        1..3_i32,
        0..8_usize,
        proptest::collection::vec((0..120_u16, any::<u8>()), 0..4),
        proptest::option::weighted(0.1, 0..80_u16),
        prop::bool::weighted(0.8),
    )
        .prop_map(|(host, iface, back, edits, cut, sums)| {
            Deed::Frame(Forged { host, iface, back, edits, cut, sums })
        });
    prop_oneof![
        5 => (0..3_usize, call).prop_map(|(who, call)| Deed::Call(who, call)),
        1 => forged,
    ]
}

/// The frame's bytes.
fn forge(seen: &[u8], forged: &Forged) -> Vec<u8> {
    let mut bytes = seen.to_vec();
    for (at, value) in &forged.edits {
        if let Some(byte) = bytes.get_mut(usize::from(*at)) {
            *byte = *value;
        }
    }
    if let Some(len) = forged.cut {
        bytes.truncate(usize::from(len).max(14));
    }
    if forged.sums {
        mend(&mut bytes);
    }
    bytes
}

/// Writes the checksums that an IPv4 packet of TCP, UDP, ICMP or IGMP should have.
fn mend(frame: &mut [u8]) {
    let Some(packet) = frame.get_mut(14..).filter(|packet| packet.len() >= 20) else { return };
    let header = usize::from(packet[0] & 15) * 4;
    let total = usize::from(u16::from_be_bytes([packet[2], packet[3]])).min(packet.len());
    if packet[0] >> 4 != 4 || header < 20 || header > total {
        return;
    }
    packet[10..12].fill(0);
    let sum = Sum::default().bytes(&packet[..header]).finish();
    packet[10..12].copy_from_slice(&sum.to_be_bytes());
    let address = |at: usize| {
        std::net::IpAddr::from([packet[at], packet[at + 1], packet[at + 2], packet[at + 3]])
    };
    let (src, dst, protocol) = (address(12), address(16), packet[9]);
    let at = match protocol {
        1 | 2 => 2,
        6 => 16,
        17 => 6,
        _ => return,
    };
    let body = &mut packet[header..total];
    if body.len() < at + 2 {
        return;
    }
    body[at..at + 2].fill(0);
    let sum = match protocol {
        6 | 17 => Sum::default().pseudo(src, dst, protocol, body.len()),
        _ => Sum::default(),
    };
    let sum = sum.bytes(body).finish();
    body[at..at + 2].copy_from_slice(&sum.to_be_bytes());
}

/// The calls that write a frame on an interface.
fn inject(iface: i32, frame: &[u8]) -> Syscall {
    let mut bytes = (consts::AF_PACKET as u16).to_le_bytes().to_vec();
    bytes.extend([0; 2]);
    bytes.extend(iface.to_le_bytes());
    bytes.resize(20, 0);
    let addr = AddrIn::of(SockAddr(Bytes(bytes)));
    Syscall::Sendto { fd: Fd(3), buf: InBuf::of(frame), flags: 0, addr }
}

/// Does it on three processes of two hosts, a fourth and fifth of which write frames; each call is
/// given whether the last has returned or not, and whatever else is running may run.
fn run(deeds: &[Deed], seed: u64, params: LinkParams) -> (World, Vec<Record>) {
    let programs: Vec<(String, Vec<String>)> =
        ["a.c", "b.c"].map(|name| (name.to_owned(), vec![])).into();
    let files = [("a.c", ""), ("b.c", "")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    let defaults = Defaults { params, seed, ..Defaults::default() };
    let scenario = Scenario::of_programs(&programs, files, &defaults);
    let mut world = World::with_programs(&scenario, vec![None, None]);
    let mut sink = Sink::on();
    let mut start = |host: u32, calls: Vec<Syscall>, sink: &mut Sink| {
        let host = HostId(host);
        (host, world.start_script(host, "p", calls, 0, sink))
    };
    let who = [0, 0, 1].map(|host| start(host, Vec::new(), &mut sink));
    let open = Syscall::Socket { domain: consts::AF_PACKET, ty: consts::SOCK_RAW, protocol: 0 };
    let forgers = [0, 1].map(|host| start(host, vec![open.clone()], &mut sink));
    for deed in deeds {
        let ((host, pid), call) = match deed {
            Deed::Call(index, call) => (who[index % who.len()], call.clone()),
            Deed::Frame(forged) => {
                let frames = sink.records().iter().rev().filter_map(|record| match &record.what {
                    What::PacketSent { frame, .. } => Some(frame),
                    _ => None,
                });
                let Some(seen) = frames.into_iter().nth(forged.back) else { continue };
                (forgers[forged.host], inject(forged.iface, &forge(seen, forged)))
            }
        };
        world.give(host, pid, call, &mut sink);
        let until = world.now_ns + 30_000_000;
        for _ in 0..300 {
            if !world.step(until, &mut sink) {
                break;
            }
        }
    }
    let until = world.now_ns + 200_000_000_000;
    for _ in 0..5000 {
        if !world.step(until, &mut sink) {
            break;
        }
    }
    (world, sink.take())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_calls_and_no_frames_make_the_kernel_panic(
        deeds in proptest::collection::vec(deed(), 1..60),
        seed in any::<u64>(),
        loss in 0.0..0.3_f64,
        corrupt in 0.0..0.3_f64,
    ) {
        let params = LinkParams { loss, corrupt, duplicate: 0.1, ..LinkParams::default() };
        let (world, records) = run(&deeds, seed, params);
        let (again, same) = run(&deeds, seed, params);
        prop_assert_eq!(records, same);
        prop_assert!(world == again);
    }
}
