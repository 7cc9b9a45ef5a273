//! What Winsock asks for beside the calls: `WSAStartup` first, sockets that are no file
//! descriptors. Source: Microsoft's "Winsock Reference" and "Windows Sockets Error Codes".
//!
//! Missing: overlapped I/O, `WSAEventSelect`, `SO_EXCLUSIVEADDRUSE`'s finer rules.

use super::Answer;
use super::socket::Sock;
use crate::kernel::{Host, Me};
use abi::{Errno, Out, Reply, Syscall};

/// `WSANOTINITIALISED`; it has no POSIX name.
const WSANOTINITIALISED: Errno = Errno(10093);
/// `WSAVERNOTSUPPORTED`.
const WSAVERNOTSUPPORTED: i64 = 10092;

impl Host {
    /// `WSAStartup`: returns the error itself.
    pub(super) fn wsa_startup(&mut self, me: Me, version: u16) -> Answer {
        let (major, minor) = (version & 0xff, version >> 8);
        if major == 0 {
            return Ok(Reply::ok(WSAVERNOTSUPPORTED));
        }
        self.process_mut(me.pid).wsa += 1;
        let granted = if (major, minor) >= (2, 2) { 0x0202 } else { version };
        let out = Out::WsaData { version: granted, high_version: 0x0202 };
        Ok(Reply::with(0, out))
    }

    /// `WSACleanup`
    pub(super) fn wsa_cleanup(&mut self, me: Me) -> Result<i64, Errno> {
        let process = self.process_mut(me.pid);
        if process.wsa == 0 {
            return Err(WSANOTINITIALISED);
        }
        process.wsa -= 1;
        Ok(0)
    }

    /// The error that Winsock gives before it looks any further, if it does.
    pub(super) fn winsock_refuses(&self, me: Me, call: &Syscall) -> Option<Errno> {
        let fd = match call {
            Syscall::Socket { .. } | Syscall::Getaddrinfo { .. } | Syscall::Getnameinfo { .. } => {
                None
            }
            Syscall::Select { .. } | Syscall::Poll { .. } => None,
            Syscall::Bind { fd, .. }
            | Syscall::Listen { fd, .. }
            | Syscall::Accept { fd, .. }
            | Syscall::Accept4 { fd, .. }
            | Syscall::Connect { fd, .. }
            | Syscall::Sendto { fd, .. }
            | Syscall::Recvfrom { fd, .. }
            | Syscall::Shutdown { fd, .. }
            | Syscall::Getsockname { fd, .. }
            | Syscall::Getpeername { fd, .. }
            | Syscall::Setsockopt { fd, .. }
            | Syscall::Getsockopt { fd, .. }
            | Syscall::Closesocket { fd } => Some(*fd),
            Syscall::Fork => return Some(Errno::ENOSYS),
            _ => return None,
        };
        if self.process(me.pid).wsa == 0 {
            return Some(WSANOTINITIALISED);
        }
        match self.socket_of(me, fd?) {
            Ok((Sock::Inet(_) | Sock::Unix(_), _)) => None,
            Err(_) => Some(Errno::ENOTSOCK),
        }
    }
}
