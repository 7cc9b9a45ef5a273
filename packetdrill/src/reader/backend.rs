//! The two kernels behind packetdrill's table: a library, and this computer's own.
//!
//! The second is a namespace with a TUN device: what leaves the kernel is read from the device, what
//! is written to it arrives. It is how a script of ours becomes a fact about Linux.
#![allow(unsafe_code)] // C functions by address

use libc::{
    c_char, c_int, c_long, c_longlong, c_uint, c_ulong, c_void, epoll_event, iovec, loff_t, msghdr,
    nfds_t, pollfd, size_t, sockaddr, socklen_t, ssize_t, timeval,
};
use soquete_packetdrill::Interface;
use std::ffi::CString;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicI32, Ordering};

type Init = unsafe extern "C" fn(*const c_char, *mut Interface);
type Set = unsafe extern "C" fn(*mut c_void, *const c_char, *const c_char) -> c_int;

/// A kernel.
#[derive(Clone, Copy)]
pub(crate) struct Backend {
    pub(crate) calls: Interface,
    set: Option<Set>,
    /// Settings are made by the script's own shell commands.
    pub(crate) is_linux: bool,
}

// SAFETY: the table's functions may be called from any thread, which packetdrill does, too;
// `userdata` is only handed on.
unsafe impl Send for Backend {}

fn c_string(text: &str) -> CString {
    CString::new(text.replace('\0', "")).expect("it has no NUL")
}

impl Backend {
    /// A library with packetdrill's interface.
    pub(crate) fn library(file: &Path, flags: &str) -> Result<Backend, String> {
        let name = c_string(&file.to_string_lossy());
        // SAFETY: the names are C strings; what the library's constructors do is its business, as
        // for packetdrill. The handle is never closed.
        let handle = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        if handle.is_null() {
            return Err(format!("{} cannot be loaded", file.display()));
        }
        let look = |name: &str| {
            let name = c_string(name);
            // SAFETY: a valid handle and a C string.
            unsafe { libc::dlsym(handle, name.as_ptr()) }
        };
        let init = look("packetdrill_interface_init");
        if init.is_null() {
            return Err(format!("{} has no packetdrill_interface_init", file.display()));
        }
        // SAFETY: packetdrill.h declares the function so.
        let init: Init = unsafe { std::mem::transmute(init) };
        let set = look("soquete_packetdrill_set");
        // SAFETY: this project's own function of that type.
        let set = (!set.is_null()).then(|| unsafe { std::mem::transmute::<*mut c_void, Set>(set) });
        let flags = c_string(flags);
        let mut calls = linux_calls();
        // SAFETY: the table is ours to fill, the flags outlive the call.
        unsafe { init(flags.as_ptr(), &raw mut calls) };
        Ok(Backend { calls, set, is_linux: false })
    }

    /// This computer's kernel, in a fresh network namespace of the calling thread. As packetdrill
    /// does, segments go in and out in bulk: what leaves is read before it is cut, and what arrives
    /// counts as so many segments of `mss` bytes (0: as one).
    pub(crate) fn linux(mtu: u32, mss: i32) -> Result<Backend, String> {
        // SAFETY: no memory is touched.
        if unsafe { libc::unshare(libc::CLONE_NEWNET) } != 0 {
            return Err("no network namespace: run as root".to_owned());
        }
        let device = c_string("/dev/net/tun");
        // SAFETY: a C string; the descriptor is checked.
        let fd = unsafe { libc::open(device.as_ptr(), libc::O_RDWR | libc::O_NONBLOCK) };
        if fd < 0 {
            return Err("no /dev/net/tun here".to_owned());
        }
        let mut request = [0_u8; 40];
        request[..4].copy_from_slice(b"tun0");
        let flags = libc::IFF_TUN | libc::IFF_NO_PI | libc::IFF_VNET_HDR;
        request[16..18].copy_from_slice(&(flags as u16).to_ne_bytes());
        // SAFETY: `struct ifreq` is 40 bytes, and TUNSETIFF reads and writes no more.
        if unsafe { libc::ioctl(fd, libc::TUNSETIFF as _, request.as_mut_ptr()) } != 0 {
            return Err("no TUN device may be made here".to_owned());
        }
        // SAFETY: the argument is a number.
        if unsafe { libc::ioctl(fd, libc::TUNSETOFFLOAD as _, OFFLOADS) } != 0 {
            return Err("the TUN device takes no large segments".to_owned());
        }
        GSO_SIZE.store(mss, Ordering::Relaxed);
        let old = TUN.swap(fd, Ordering::Relaxed);
        if old >= 0 {
            // SAFETY: the last script's device, which nobody else knows.
            unsafe { libc::close(old) };
        }
        let setup = format!(
            "ip link set lo up; ip link set tun0 mtu {mtu} up; \
             ip address add 192.168.0.1/16 dev tun0; ip route add 192.0.2.0/24 dev tun0; \
             ip -6 address add fd3d:a0b:17d6::1/48 dev tun0 nodad; \
             ip -6 route add fd3d:fa7b:d17d::/48 dev tun0"
        );
        let status = Command::new("sh").args(["-ec", &setup]).status();
        if !status.is_ok_and(|status| status.success()) {
            return Err("`ip` could not set the device up".to_owned());
        }
        Ok(Backend { calls: linux_calls(), set: None, is_linux: true })
    }

    /// Changes a setting; what became of it, as `soquete_packetdrill_set` says.
    pub(crate) fn set(&self, name: &str, value: &str) -> c_int {
        let Some(set) = self.set else { return 2 };
        let (name, value) = (c_string(name), c_string(value));
        // SAFETY: C strings that outlive the call, and the library's own `userdata`.
        unsafe { set(self.calls.userdata, name.as_ptr(), value.as_ptr()) }
    }

    /// The time of day, microseconds.
    pub(crate) fn now_us(&self) -> i64 {
        let mut now = timeval { tv_sec: 0, tv_usec: 0 };
        (self.calls.gettimeofday)(self.calls.userdata, &raw mut now, std::ptr::null_mut());
        now.tv_sec * 1_000_000 + now.tv_usec
    }

    /// Ends the host, if it has an end.
    pub(crate) fn free(&self) {
        if let Some(free) = self.calls.free {
            free(self.calls.userdata);
        }
    }
}

/// The `errno` of the calling thread.
pub(crate) fn errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

/// The device of the script that runs.
static TUN: AtomicI32 = AtomicI32::new(-1);
/// What large segments that arrive are made of, bytes; 0: they are no bulk.
static GSO_SIZE: AtomicI32 = AtomicI32::new(0);
/// `TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN` of `linux/if_tun.h`.
const OFFLOADS: c_uint = 1 | 2 | 4 | 8;
/// `struct virtio_net_hdr`, before each packet.
const VNET: usize = 10;
/// How long a packet of a real kernel is waited for, milliseconds.
const PATIENCE_MS: c_int = 20_000;

type Data = *mut c_void;

/// Functions that hand on to libc, which then asks the kernel. Their arguments are as good as the
/// caller's, who is this program.
macro_rules! hand_on {
    ($($name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
        $(extern "C" fn $name(_: Data, $($argument: $type),*) -> $result {
            // SAFETY: the caller's arguments, as its own call of libc would pass them.
            unsafe { libc::$name($($argument),*) as $result }
        })*
    };
}

hand_on! {
    socket(domain: c_int, ty: c_int, protocol: c_int) -> c_int;
    bind(fd: c_int, at: *const sockaddr, len: socklen_t) -> c_int;
    listen(fd: c_int, backlog: c_int) -> c_int;
    accept(fd: c_int, at: *mut sockaddr, len: *mut socklen_t) -> c_int;
    connect(fd: c_int, at: *const sockaddr, len: socklen_t) -> c_int;
    read(fd: c_int, at: *mut c_void, len: size_t) -> ssize_t;
    readv(fd: c_int, at: *const iovec, count: c_int) -> ssize_t;
    recv(fd: c_int, at: *mut c_void, len: size_t, flags: c_int) -> ssize_t;
    recvfrom(fd: c_int, at: *mut c_void, len: size_t, flags: c_int, address: *mut sockaddr,
        address_len: *mut socklen_t) -> ssize_t;
    recvmsg(fd: c_int, at: *mut msghdr, flags: c_int) -> ssize_t;
    write(fd: c_int, at: *const c_void, len: size_t) -> ssize_t;
    writev(fd: c_int, at: *const iovec, count: c_int) -> ssize_t;
    send(fd: c_int, at: *const c_void, len: size_t, flags: c_int) -> ssize_t;
    sendto(fd: c_int, at: *const c_void, len: size_t, flags: c_int, address: *const sockaddr,
        address_len: socklen_t) -> ssize_t;
    sendmsg(fd: c_int, at: *const msghdr, flags: c_int) -> ssize_t;
    fcntl(fd: c_int, cmd: c_int, arg: c_long) -> c_int;
    ioctl(fd: c_int, request: c_ulong, at: *mut c_void) -> c_int;
    close(fd: c_int) -> c_int;
    shutdown(fd: c_int, how: c_int) -> c_int;
    getsockopt(fd: c_int, level: c_int, name: c_int, at: *mut c_void, len: *mut socklen_t) -> c_int;
    setsockopt(fd: c_int, level: c_int, name: c_int, at: *const c_void, len: socklen_t) -> c_int;
    poll(at: *mut pollfd, count: nfds_t, timeout: c_int) -> c_int;
    usleep(us: c_uint) -> c_int;
    epoll_create(size: c_int) -> c_int;
    epoll_ctl(epfd: c_int, op: c_int, fd: c_int, at: *mut epoll_event) -> c_int;
    epoll_wait(epfd: c_int, at: *mut epoll_event, max: c_int, timeout: c_int) -> c_int;
    pipe(at: *mut c_int) -> c_int;
    splice(fd_in: c_int, off_in: *mut loff_t, fd_out: c_int, off_out: *mut loff_t, len: size_t,
        flags: c_uint) -> ssize_t;
}

extern "C" fn gettimeofday(_: Data, at: *mut timeval, zone: *mut c_void) -> c_int {
    // SAFETY: the caller's places, as its own call of libc would pass them.
    unsafe { libc::gettimeofday(at, zone.cast()) }
}

extern "C" fn netdev_send(_: Data, at: *const c_void, len: size_t) -> c_int {
    // SAFETY: the caller's buffer.
    let packet = unsafe { std::slice::from_raw_parts(at.cast::<u8>(), len) };
    let mut bytes = vec![0_u8; VNET];
    bytes.extend_from_slice(packet);
    let v6 = packet.first().is_some_and(|byte| byte >> 4 == 6);
    let (start, protocol) = if v6 { (40, packet[6]) } else { (20, packet[9]) };
    let mss = GSO_SIZE.load(Ordering::Relaxed);
    let header = start + packet.get(start + 12).map_or(0, |byte| usize::from(byte >> 4) * 4);
    if mss > 0 && protocol == 6 && len > header + mss as usize {
        // VIRTIO_NET_HDR_F_NEEDS_CSUM: the sum so far is the pseudo header's, which is what the
        // checksum field of a segment in bulk holds.
        bytes[0] = 1;
        bytes[1] = if v6 { 4 } else { 1 };
        bytes[2..4].copy_from_slice(&(header as u16).to_ne_bytes());
        bytes[4..6].copy_from_slice(&(mss as u16).to_ne_bytes());
        bytes[6..8].copy_from_slice(&(start as u16).to_ne_bytes());
        bytes[8..10].copy_from_slice(&16_u16.to_ne_bytes());
        let sum = super::packet::pseudo_sum(packet, start).to_be_bytes();
        bytes[VNET + start + 16..VNET + start + 18].copy_from_slice(&sum);
    }
    // SAFETY: a buffer of ours; the device takes a packet for each write.
    let sent =
        unsafe { libc::write(TUN.load(Ordering::Relaxed), bytes.as_ptr().cast(), bytes.len()) };
    if sent == bytes.len() as ssize_t { 0 } else { -1 }
}

extern "C" fn netdev_receive(
    _: Data,
    at: *mut c_void,
    len: *mut size_t,
    time_us: *mut c_longlong,
) -> c_int {
    let fd = TUN.load(Ordering::Relaxed);
    let mut wanted = pollfd { fd, events: libc::POLLIN, revents: 0 };
    let mut room = vec![0_u8; VNET + 66_000];
    // SAFETY: one entry; a buffer of ours; the caller's buffer and places.
    unsafe {
        let ready = libc::poll(&raw mut wanted, 1, PATIENCE_MS);
        let got = match ready {
            1 => libc::read(fd, room.as_mut_ptr().cast(), room.len()).max(0) as usize,
            _ => 0,
        };
        let packet = room.get(VNET..got).unwrap_or_default();
        let fits = packet.len().min(*len);
        std::ptr::copy_nonoverlapping(packet.as_ptr(), at.cast::<u8>(), fits);
        *len = fits;
        let mut now = timeval { tv_sec: 0, tv_usec: 0 };
        libc::gettimeofday(&raw mut now, std::ptr::null_mut());
        *time_us = now.tv_sec * 1_000_000 + now.tv_usec;
    }
    0
}

fn linux_calls() -> Interface {
    Interface {
        userdata: std::ptr::null_mut(),
        free: None,
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
    }
}
