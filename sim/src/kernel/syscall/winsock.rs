//! What Winsock asks for beside the calls: `WSAStartup` first, sockets that are no file
//! descriptors. Source: Microsoft's "Winsock Reference" and "Windows Sockets Error Codes".
//!
//! Missing: overlapped I/O, `WSAEventSelect`, `SO_EXCLUSIVEADDRUSE`'s finer rules.

use super::Answer;
use super::socket::Sock;
use crate::kernel::fd::Inet;
use crate::kernel::{Host, Me};
use crate::tcp::State;
use abi::{Errno, Out, Reply, Syscall, consts};

/// `WSANOTINITIALISED`; it has no POSIX name.
const WSANOTINITIALISED: Errno = Errno(10093);
/// Levels of options that there are.
const LEVELS: [i32; 6] = [
    consts::SOL_SOCKET,
    0xffff, // SOL_SOCKET as winsock2.h has it
    consts::IPPROTO_IP,
    consts::IPPROTO_TCP,
    consts::IPPROTO_UDP,
    consts::IPPROTO_IPV6,
];
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
            Syscall::Fork | Syscall::Vfork => return Some(Errno::ENOSYS),
            _ => return None,
        };
        if self.process(me.pid).wsa == 0 {
            return Some(WSANOTINITIALISED);
        }
        if let Syscall::Socket { domain: consts::AF_INET | consts::AF_INET6, ty, .. } = call
            && !(consts::SOCK_STREAM..=consts::SOCK_RAW).contains(ty)
        {
            return Some(Errno::ESOCKTNOSUPPORT);
        }
        if let Syscall::Select { sets, .. } = call
            && [&sets.read, &sets.write, &sets.except].iter().all(|set| set.is_none())
        {
            return Some(Errno::EINVAL);
        }
        match self.socket_of(me, fd?) {
            Ok((Sock::Inet(inet), _)) => self.winsock_rule(inet, call),
            Ok((Sock::Unix(_), _)) => None,
            Err(_) => Some(Errno::ENOTSOCK),
        }
    }

    /// Where Winsock's own rules differ from Linux's; seen under Wine.
    fn winsock_rule(&self, inet: Inet, call: &Syscall) -> Option<Errno> {
        let state = self.stack.state(inet.id);
        match (call, state) {
            // Nothing is bound by itself.
            (Syscall::Listen { .. }, Some(State::Closed))
                if self.stack.local_addr(inet.id).port() == 0 =>
            {
                Some(Errno::EINVAL)
            }
            (Syscall::Connect { .. }, Some(State::Listen)) => Some(Errno::EINVAL),
            // Only a connection that was shut down is shut down.
            (Syscall::Sendto { .. }, Some(State::Closed | State::Listen))
                if self.stack.peer_addr(inet.id).is_err()
                    && self.stack.local_addr(inet.id).port() == 0 =>
            {
                Some(Errno::ENOTCONN)
            }
            (Syscall::Setsockopt { level, .. } | Syscall::Getsockopt { level, .. }, _)
                if !LEVELS.contains(level) =>
            {
                Some(Errno::EINVAL)
            }
            _ => None,
        }
    }
}
