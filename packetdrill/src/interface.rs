//! `struct packetdrill_interface` of packetdrill's `packetdrill.h`: order, types and number of the
//! fields are that header's.

use libc::{
    c_int, c_long, c_longlong, c_uint, c_ulong, c_void, epoll_event, iovec, loff_t, msghdr, nfds_t,
    pollfd, size_t, sockaddr, socklen_t, ssize_t, timeval,
};

/// The functions that the tool calls instead of the kernel's. Each takes `userdata` first, answers
/// as the system call of its name, and sets `errno`.
///
/// `fcntl` and `ioctl` are variadic in the header. Their third argument is declared here, which on
/// the calling conventions of Linux on x86-64 and AArch64 is passed in the same register.
#[allow(missing_docs)] // the fields are named after the calls
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Interface {
    pub userdata: *mut c_void,
    pub free: Option<extern "C" fn(*mut c_void)>,
    pub socket: extern "C" fn(*mut c_void, c_int, c_int, c_int) -> c_int,
    pub bind: extern "C" fn(*mut c_void, c_int, *const sockaddr, socklen_t) -> c_int,
    pub listen: extern "C" fn(*mut c_void, c_int, c_int) -> c_int,
    pub accept: extern "C" fn(*mut c_void, c_int, *mut sockaddr, *mut socklen_t) -> c_int,
    pub connect: extern "C" fn(*mut c_void, c_int, *const sockaddr, socklen_t) -> c_int,
    pub read: extern "C" fn(*mut c_void, c_int, *mut c_void, size_t) -> ssize_t,
    pub readv: extern "C" fn(*mut c_void, c_int, *const iovec, c_int) -> ssize_t,
    pub recv: extern "C" fn(*mut c_void, c_int, *mut c_void, size_t, c_int) -> ssize_t,
    pub recvfrom: extern "C" fn(
        *mut c_void,
        c_int,
        *mut c_void,
        size_t,
        c_int,
        *mut sockaddr,
        *mut socklen_t,
    ) -> ssize_t,
    pub recvmsg: extern "C" fn(*mut c_void, c_int, *mut msghdr, c_int) -> ssize_t,
    pub write: extern "C" fn(*mut c_void, c_int, *const c_void, size_t) -> ssize_t,
    pub writev: extern "C" fn(*mut c_void, c_int, *const iovec, c_int) -> ssize_t,
    pub send: extern "C" fn(*mut c_void, c_int, *const c_void, size_t, c_int) -> ssize_t,
    pub sendto: extern "C" fn(
        *mut c_void,
        c_int,
        *const c_void,
        size_t,
        c_int,
        *const sockaddr,
        socklen_t,
    ) -> ssize_t,
    pub sendmsg: extern "C" fn(*mut c_void, c_int, *const msghdr, c_int) -> ssize_t,
    pub fcntl: extern "C" fn(*mut c_void, c_int, c_int, c_long) -> c_int,
    pub ioctl: extern "C" fn(*mut c_void, c_int, c_ulong, *mut c_void) -> c_int,
    pub close: extern "C" fn(*mut c_void, c_int) -> c_int,
    pub shutdown: extern "C" fn(*mut c_void, c_int, c_int) -> c_int,
    pub getsockopt:
        extern "C" fn(*mut c_void, c_int, c_int, c_int, *mut c_void, *mut socklen_t) -> c_int,
    pub setsockopt:
        extern "C" fn(*mut c_void, c_int, c_int, c_int, *const c_void, socklen_t) -> c_int,
    pub poll: extern "C" fn(*mut c_void, *mut pollfd, nfds_t, c_int) -> c_int,
    /// An IP packet for the host. 0, or -1.
    pub netdev_send: extern "C" fn(*mut c_void, *const c_void, size_t) -> c_int,
    /// The next IP packet that leaves the host: its bytes, their number (0: there will be none),
    /// and when it left, microseconds of `gettimeofday`. 0, or -1.
    pub netdev_receive:
        extern "C" fn(*mut c_void, *mut c_void, *mut size_t, *mut c_longlong) -> c_int,
    pub usleep: extern "C" fn(*mut c_void, c_uint) -> c_int,
    pub gettimeofday: extern "C" fn(*mut c_void, *mut timeval, *mut c_void) -> c_int,
    pub epoll_create: extern "C" fn(*mut c_void, c_int) -> c_int,
    pub epoll_ctl: extern "C" fn(*mut c_void, c_int, c_int, c_int, *mut epoll_event) -> c_int,
    pub epoll_wait: extern "C" fn(*mut c_void, c_int, *mut epoll_event, c_int, c_int) -> c_int,
    pub pipe: extern "C" fn(*mut c_void, *mut c_int) -> c_int,
    pub splice: extern "C" fn(
        *mut c_void,
        c_int,
        *mut loff_t,
        c_int,
        *mut loff_t,
        size_t,
        c_uint,
    ) -> ssize_t,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::{offset_of, size_of};

    /// 33 pointers, in the header's order.
    #[test]
    fn the_table_has_the_headers_layout() {
        let word = size_of::<usize>();
        assert_eq!(size_of::<Interface>(), 33 * word);
        assert_eq!(offset_of!(Interface, socket), 2 * word);
        assert_eq!(offset_of!(Interface, recvmsg), 11 * word);
        assert_eq!(offset_of!(Interface, fcntl), 17 * word);
        assert_eq!(offset_of!(Interface, netdev_send), 24 * word);
        assert_eq!(offset_of!(Interface, gettimeofday), 27 * word);
        assert_eq!(offset_of!(Interface, splice), 32 * word);
    }
}
