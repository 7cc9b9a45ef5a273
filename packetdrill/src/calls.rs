//! The functions of the table, one for each call.

use crate::host::{self, Host};
use crate::interface::Interface;
use crate::memory::{self, host, in_buf, in_ptr, out_buf, out_ptr};
use abi::syscall::{MsgIn, MsgOut, PollFd};
use abi::{AddrIn, AddrOut, Bytes, Errno, Fd, Out, Ptr, Reply, SockAddr, Syscall};
use libc::{
    c_char, c_int, c_long, c_longlong, c_uint, c_ulong, c_void, epoll_event, iovec, loff_t, msghdr,
    nfds_t, pollfd, size_t, sockaddr, socklen_t, ssize_t, timeval,
};

/// The longest address that the kernel reads, bytes.
const ADDRESS_MAX: usize = 128;
/// The most parts of one message (`UIO_MAXIOV`).
const PARTS_MAX: usize = 1024;

/// Fills the table with one new host's functions; packetdrill looks it up by this name.
#[allow(unsafe_code)]
// SAFETY: the name is packetdrill's own; nothing else of it is in a program that loads this.
#[unsafe(no_mangle)]
pub extern "C" fn packetdrill_interface_init(flags: *const c_char, interface: *mut Interface) {
    let (made, unknown) = Host::new(&memory::text(flags));
    for setting in unknown {
        complain(&format!("soquete: --so_flags: {setting}: not understood"));
    }
    memory::put(
        interface,
        Interface {
            userdata: memory::keep(made),
            free: Some(free),
            socket,
            bind,
            listen,
            accept,
            connect,
            read,
            readv,
            recv,
            recvfrom,
            recvmsg,
            write,
            writev,
            send,
            sendto,
            sendmsg,
            fcntl,
            ioctl,
            close,
            shutdown,
            getsockopt,
            setsockopt,
            poll,
            netdev_send,
            netdev_receive,
            usleep,
            gettimeofday,
            epoll_create,
            epoll_ctl,
            epoll_wait,
            pipe,
            splice,
        },
    );
}

/// Changes a setting of the host while it runs: `mtu`, or one of `sysctl(8)`. 0: done; 1: it is
/// always so; 2: not modelled; 3: no such value. Not part of packetdrill's interface.
#[allow(unsafe_code)]
// SAFETY: the name is this project's own.
#[unsafe(no_mangle)]
pub extern "C" fn soquete_packetdrill_set(
    userdata: *mut c_void,
    name: *const c_char,
    value: *const c_char,
) -> c_int {
    match host(userdata).set(&memory::text(name), &memory::text(value)) {
        sim::tcp::Setting::Done => 0,
        sim::tcp::Setting::Fixed => 1,
        sim::tcp::Setting::NotModelled => 2,
        sim::tcp::Setting::BadValue => 3,
    }
}

#[allow(clippy::print_stderr)] // a library behind a C interface has no other way to say it
fn complain(text: &str) {
    eprintln!("{text}");
}

extern "C" fn free(userdata: *mut c_void) {
    memory::end(userdata);
}

/// The return value, with `errno` set.
fn ret(reply: &Reply) -> ssize_t {
    match reply.ret {
        Ok(value) => value as ssize_t,
        Err(Errno(number)) => {
            memory::set_errno(number);
            -1
        }
    }
}

fn call(userdata: *mut c_void, call: Syscall) -> Reply {
    host(userdata).call(call)
}

fn simple(userdata: *mut c_void, what: Syscall) -> c_int {
    ret(&call(userdata, what)) as c_int
}

fn address_in(at: *const sockaddr, len: socklen_t) -> AddrIn {
    let room = (len as usize).min(ADDRESS_MAX);
    let value = memory::read(at.cast(), room).map(|bytes| SockAddr(Bytes(bytes)));
    AddrIn { addr: Ptr { at: at.addr() as u64, value }, len: len as i32 }
}

fn address_out(at: *mut sockaddr, len: *mut socklen_t) -> AddrOut {
    let room = in_ptr(len.cast_const());
    AddrOut { addr: out_ptr(at), len: Ptr { at: room.at, value: room.value.map(|len| len as i32) } }
}

/// Stores an address, cut to its room, and its whole length.
fn store_address(address: &SockAddr, at: *mut c_void, len: *mut socklen_t) {
    let bytes = address.bytes();
    let room = memory::get(len).unwrap_or(0) as usize;
    if !at.is_null() && !len.is_null() {
        memory::write(at, &bytes[..room.min(bytes.len())]);
        memory::put(len, bytes.len() as socklen_t);
    }
}

extern "C" fn socket(data: *mut c_void, domain: c_int, ty: c_int, protocol: c_int) -> c_int {
    simple(data, Syscall::Socket { domain, ty, protocol })
}

extern "C" fn bind(data: *mut c_void, fd: c_int, at: *const sockaddr, len: socklen_t) -> c_int {
    simple(data, Syscall::Bind { fd: Fd(fd), addr: address_in(at, len) })
}

extern "C" fn listen(data: *mut c_void, fd: c_int, backlog: c_int) -> c_int {
    simple(data, Syscall::Listen { fd: Fd(fd), backlog })
}

extern "C" fn accept(
    data: *mut c_void,
    fd: c_int,
    at: *mut sockaddr,
    len: *mut socklen_t,
) -> c_int {
    let reply = call(data, Syscall::Accept { fd: Fd(fd), addr: address_out(at, len) });
    if let Out::Addr { addr } = &reply.out {
        store_address(addr, at.cast(), len);
    }
    ret(&reply) as c_int
}

extern "C" fn connect(data: *mut c_void, fd: c_int, at: *const sockaddr, len: socklen_t) -> c_int {
    simple(data, Syscall::Connect { fd: Fd(fd), addr: address_in(at, len) })
}

/// Stores what a reading call received.
fn store(reply: &Reply, at: *mut c_void, address: *mut sockaddr, len: *mut socklen_t) -> ssize_t {
    match &reply.out {
        Out::Bytes { bytes } => memory::write(at, &bytes.0),
        Out::From { bytes, addr } => {
            memory::write(at, &bytes.0);
            match addr {
                Some(addr) => store_address(addr, address.cast(), len),
                // A stream has no sender: recvfrom says that the address is empty.
                None if !address.is_null() => memory::put(len, 0),
                None => {}
            }
        }
        _ => {}
    }
    ret(reply)
}

const NOWHERE: (*mut sockaddr, *mut socklen_t) = (std::ptr::null_mut(), std::ptr::null_mut());

extern "C" fn read(data: *mut c_void, fd: c_int, at: *mut c_void, len: size_t) -> ssize_t {
    let reply = call(data, Syscall::Read { fd: Fd(fd), buf: out_buf(at, len) });
    store(&reply, at, NOWHERE.0, NOWHERE.1)
}

extern "C" fn readv(data: *mut c_void, fd: c_int, at: *const iovec, count: c_int) -> ssize_t {
    let parts = parts(at, count as usize);
    let iov = parts.iter().map(|part| out_buf(part.iov_base, part.iov_len)).collect();
    let reply = call(data, Syscall::Readv { fd: Fd(fd), iov, count });
    if let Out::Bytes { bytes } = &reply.out {
        memory::scatter(&parts, &bytes.0);
    }
    ret(&reply)
}

extern "C" fn recv(
    data: *mut c_void,
    fd: c_int,
    at: *mut c_void,
    len: size_t,
    flags: c_int,
) -> ssize_t {
    recvfrom(data, fd, at, len, flags, NOWHERE.0, NOWHERE.1)
}

extern "C" fn recvfrom(
    data: *mut c_void,
    fd: c_int,
    at: *mut c_void,
    len: size_t,
    flags: c_int,
    address: *mut sockaddr,
    address_len: *mut socklen_t,
) -> ssize_t {
    let addr = address_out(address, address_len);
    let reply = call(data, Syscall::Recvfrom { fd: Fd(fd), buf: out_buf(at, len), flags, addr });
    store(&reply, at, address, address_len)
}

fn parts(at: *const iovec, count: usize) -> Vec<iovec> {
    memory::list(at, count.min(PARTS_MAX)).unwrap_or_default()
}

extern "C" fn recvmsg(data: *mut c_void, fd: c_int, at: *mut msghdr, flags: c_int) -> ssize_t {
    let header = memory::get(at);
    let parts = header.map(|header| parts(header.msg_iov, header.msg_iovlen)).unwrap_or_default();
    let msg = header.map(|header| MsgOut {
        name: out_ptr(header.msg_name),
        name_len: header.msg_namelen as i32,
        iov: parts.iter().map(|part| out_buf(part.iov_base, part.iov_len)).collect(),
        iov_len: header.msg_iovlen as u64,
        control_len: header.msg_controllen as u64,
    });
    let reply = call(data, Syscall::Recvmsg { fd: Fd(fd), msg, flags });
    if let (Out::Msg { bytes, addr, flags, control }, Some(mut header)) = (&reply.out, header) {
        memory::scatter(&parts, &bytes.0);
        match addr {
            Some(addr) => store_address(addr, header.msg_name, &raw mut header.msg_namelen),
            None => header.msg_namelen = 0,
        }
        let room = control.0.len().min(header.msg_controllen);
        memory::write(header.msg_control, &control.0[..room]);
        header.msg_controllen = room;
        header.msg_flags = *flags;
        memory::put(at, header);
    }
    ret(&reply)
}

extern "C" fn write(data: *mut c_void, fd: c_int, at: *const c_void, len: size_t) -> ssize_t {
    ret(&call(data, Syscall::Write { fd: Fd(fd), buf: in_buf(at, len) }))
}

extern "C" fn writev(data: *mut c_void, fd: c_int, at: *const iovec, count: c_int) -> ssize_t {
    let iov = parts(at, count as usize);
    let iov = iov.iter().map(|part| in_buf(part.iov_base, part.iov_len)).collect();
    ret(&call(data, Syscall::Writev { fd: Fd(fd), iov, count }))
}

extern "C" fn send(
    data: *mut c_void,
    fd: c_int,
    at: *const c_void,
    len: size_t,
    flags: c_int,
) -> ssize_t {
    sendto(data, fd, at, len, flags, std::ptr::null(), 0)
}

extern "C" fn sendto(
    data: *mut c_void,
    fd: c_int,
    at: *const c_void,
    len: size_t,
    flags: c_int,
    address: *const sockaddr,
    address_len: socklen_t,
) -> ssize_t {
    let addr = address_in(address, address_len);
    ret(&call(data, Syscall::Sendto { fd: Fd(fd), buf: in_buf(at, len), flags, addr }))
}

extern "C" fn sendmsg(data: *mut c_void, fd: c_int, at: *const msghdr, flags: c_int) -> ssize_t {
    let msg = memory::get(at).map(|header| MsgIn {
        name: address_in(header.msg_name.cast(), header.msg_namelen),
        iov: parts(header.msg_iov, header.msg_iovlen)
            .iter()
            .map(|part| in_buf(part.iov_base, part.iov_len))
            .collect(),
        iov_len: header.msg_iovlen as u64,
        control: Bytes(memory::read(header.msg_control, header.msg_controllen).unwrap_or_default()),
    });
    ret(&call(data, Syscall::Sendmsg { fd: Fd(fd), msg, flags }))
}

extern "C" fn fcntl(data: *mut c_void, fd: c_int, cmd: c_int, arg: c_long) -> c_int {
    simple(data, Syscall::Fcntl { fd: Fd(fd), cmd, arg: i64::from(arg as c_int) })
}

extern "C" fn ioctl(data: *mut c_void, fd: c_int, request: c_ulong, at: *mut c_void) -> c_int {
    let arg = in_ptr(at.cast::<c_int>().cast_const());
    let reply = call(data, Syscall::Ioctl { fd: Fd(fd), request, arg });
    if let Out::Words { words } = &reply.out
        && let Some(word) = words.first()
    {
        memory::put(at.cast::<c_int>(), *word as c_int);
    }
    ret(&reply) as c_int
}

extern "C" fn close(data: *mut c_void, fd: c_int) -> c_int {
    simple(data, Syscall::Close { fd: Fd(fd) })
}

extern "C" fn shutdown(data: *mut c_void, fd: c_int, how: c_int) -> c_int {
    simple(data, Syscall::Shutdown { fd: Fd(fd), how })
}

extern "C" fn getsockopt(
    data: *mut c_void,
    fd: c_int,
    level: c_int,
    name: c_int,
    at: *mut c_void,
    len: *mut socklen_t,
) -> c_int {
    let room = in_ptr(len.cast_const());
    let what = Syscall::Getsockopt {
        fd: Fd(fd),
        level,
        name,
        value: out_ptr(at),
        len: Ptr { at: room.at, value: room.value.map(|len| len as i32) },
    };
    let reply = call(data, what);
    if let Out::Bytes { bytes } = &reply.out {
        let stored = bytes.0.len().min(room.value.unwrap_or(0) as usize);
        memory::write(at, &bytes.0[..stored]);
        memory::put(len, stored as socklen_t);
    }
    ret(&reply) as c_int
}

extern "C" fn setsockopt(
    data: *mut c_void,
    fd: c_int,
    level: c_int,
    name: c_int,
    at: *const c_void,
    len: socklen_t,
) -> c_int {
    // Longer values than any option's are not read by the kernel either.
    let value = memory::read(at, (len as usize).min(4096)).map(Bytes);
    let value = Ptr { at: at.addr() as u64, value };
    simple(data, Syscall::Setsockopt { fd: Fd(fd), level, name, value, len: len as i32 })
}

extern "C" fn poll(data: *mut c_void, at: *mut pollfd, count: nfds_t, timeout: c_int) -> c_int {
    let entries = memory::list(at.cast_const(), (count as usize).min(PARTS_MAX));
    let fds = entries.as_ref().map(|entries| {
        entries.iter().map(|entry| PollFd { fd: Fd(entry.fd), events: entry.events }).collect()
    });
    let fds = Ptr { at: at.addr() as u64, value: fds };
    let reply = call(data, Syscall::Poll { fds, nfds: count, timeout_ms: timeout });
    if let (Out::Revents { revents }, Some(entries)) = (&reply.out, entries) {
        for (i, (mut entry, revents)) in entries.into_iter().zip(revents).enumerate() {
            entry.revents = *revents;
            memory::put(at.wrapping_add(i), entry);
        }
    }
    ret(&reply) as c_int
}

extern "C" fn netdev_send(data: *mut c_void, at: *const c_void, len: size_t) -> c_int {
    match memory::read(at, len) {
        Some(packet) => {
            host(data).packet(&packet);
            0
        }
        None => ret(&Reply::err(Errno::EFAULT)) as c_int,
    }
}

extern "C" fn netdev_receive(
    data: *mut c_void,
    at: *mut c_void,
    len: *mut size_t,
    time_us: *mut c_longlong,
) -> c_int {
    let room = memory::get(len).unwrap_or(0);
    match host(data).next_packet() {
        Some((at_us, packet)) if packet.len() <= room => {
            memory::write(at, &packet);
            memory::put(len, packet.len());
            memory::put(time_us, at_us as c_longlong);
            0
        }
        Some(_) => ret(&Reply::err(Errno::EMSGSIZE)) as c_int,
        None => {
            memory::put(len, 0);
            0
        }
    }
}

extern "C" fn usleep(data: *mut c_void, us: c_uint) -> c_int {
    host(data).sleep(u64::from(us));
    0
}

extern "C" fn gettimeofday(data: *mut c_void, at: *mut timeval, _zone: *mut c_void) -> c_int {
    let us = host(data).now_us();
    memory::put(at, timeval { tv_sec: (us / 1_000_000) as _, tv_usec: (us % 1_000_000) as _ });
    0
}

extern "C" fn epoll_create(data: *mut c_void, size: c_int) -> c_int {
    simple(data, Syscall::EpollCreate { size })
}

extern "C" fn epoll_ctl(
    data: *mut c_void,
    epfd: c_int,
    op: c_int,
    fd: c_int,
    at: *mut epoll_event,
) -> c_int {
    let value = memory::get(at).map(|event| (event.events, event.u64));
    let event = Ptr { at: at.addr() as u64, value };
    simple(data, Syscall::EpollCtl { epfd: Fd(epfd), op, fd: Fd(fd), event })
}

extern "C" fn epoll_wait(
    data: *mut c_void,
    epfd: c_int,
    at: *mut epoll_event,
    max_events: c_int,
    timeout_ms: c_int,
) -> c_int {
    let events = out_ptr(at);
    let reply = call(data, Syscall::EpollWait { epfd: Fd(epfd), events, max_events, timeout_ms });
    if let Out::Events { events } = &reply.out {
        for (i, event) in events.iter().enumerate() {
            let event = epoll_event { events: event.events, u64: event.data };
            memory::put(at.wrapping_add(i), event);
        }
    }
    ret(&reply) as c_int
}

extern "C" fn pipe(data: *mut c_void, at: *mut c_int) -> c_int {
    let reply = call(data, Syscall::Pipe2 { fds: out_ptr(at), flags: 0 });
    if let Some([Fd(input), Fd(output)]) = host::pair(&reply) {
        memory::put(at, input);
        memory::put(at.wrapping_add(1), output);
    }
    ret(&reply) as c_int
}

/// `splice(2)` as a read and a write, which is what it comes to where nothing is short of room:
/// there is no such call in the simulated kernel.
extern "C" fn splice(
    data: *mut c_void,
    fd_in: c_int,
    off_in: *mut loff_t,
    fd_out: c_int,
    off_out: *mut loff_t,
    len: size_t,
    _flags: c_uint,
) -> ssize_t {
    if !off_in.is_null() || !off_out.is_null() {
        // Offsets are for files.
        return ret(&Reply::err(Errno::ESPIPE));
    }
    let mut bytes = vec![0; len.min(65_536)];
    let got = read(data, fd_in, bytes.as_mut_ptr().cast(), bytes.len());
    if got <= 0 {
        return got;
    }
    write(data, fd_out, bytes.as_ptr().cast(), got as usize)
}
