//! The descriptors of a program on real sockets: numbers as the kernel would give them, for the
//! bridge's handles.

use abi::syscall::{FdSets, Ptr};
use abi::{Errno, Fd, Out, Reply, Syscall};
use std::collections::BTreeMap;

/// What a descriptor stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    /// The program's terminal.
    Terminal,
    /// A handle of the session.
    Handle(Fd),
}

/// A process's descriptors.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Table(BTreeMap<i32, Target>);

impl Default for Table {
    /// Standard input, output and error.
    fn default() -> Table {
        Table((0..3).map(|fd| (fd, Target::Terminal)).collect())
    }
}

impl Table {
    /// What is open there.
    pub(crate) fn get(&self, fd: Fd) -> Option<Target> {
        self.0.get(&fd.0).copied()
    }

    /// Closes it.
    pub(crate) fn close(&mut self, fd: Fd) -> Option<Target> {
        self.0.remove(&fd.0)
    }

    /// The lowest free number, now open for `target`.
    pub(crate) fn insert(&mut self, target: Target) -> Fd {
        let free = (0..).find(|number| !self.0.contains_key(number)).unwrap_or(i32::MAX);
        self.0.insert(free, target);
        Fd(free)
    }

    fn open(&mut self, handle: Fd) -> Fd {
        self.insert(Target::Handle(handle))
    }

    /// A handle; what is no socket gets a number that the session does not have, so that the
    /// kernel's answer is the bridge's `EBADF`.
    fn handle(&self, fd: Fd) -> Fd {
        match self.get(fd) {
            Some(Target::Handle(handle)) => handle,
            Some(Target::Terminal) | None => Fd(-1),
        }
    }

    /// The descriptor of a handle.
    fn number(&self, handle: Fd) -> Fd {
        let found = self.0.iter().find(|(_, target)| **target == Target::Handle(handle));
        found.map_or(handle, |(number, _)| Fd(*number))
    }

    /// The call as the session understands it.
    pub(crate) fn to_handles(&self, mut call: Syscall) -> Syscall {
        match &mut call {
            Syscall::Poll { fds: Ptr { value: Some(fds), .. }, .. } => {
                for entry in fds.iter_mut().filter(|entry| entry.fd.0 >= 0) {
                    let handle = self.handle(entry.fd);
                    // poll ignores negative numbers; this one it must not.
                    entry.fd = if handle.0 < 0 { Fd(i32::MAX) } else { handle };
                }
            }
            Syscall::Select { nfds, sets: FdSets { read, write, except }, .. } => {
                for fd in [read, write, except].into_iter().flatten().flatten() {
                    *fd = self.handle(*fd);
                    *nfds = (*nfds).max(fd.0 + 1);
                }
            }
            Syscall::Read { fd, .. }
            | Syscall::Write { fd, .. }
            | Syscall::Readv { fd, .. }
            | Syscall::Writev { fd, .. }
            | Syscall::Bind { fd, .. }
            | Syscall::Listen { fd, .. }
            | Syscall::Accept { fd, .. }
            | Syscall::Accept4 { fd, .. }
            | Syscall::Connect { fd, .. }
            | Syscall::Sendto { fd, .. }
            | Syscall::Recvfrom { fd, .. }
            | Syscall::Sendmsg { fd, .. }
            | Syscall::Recvmsg { fd, .. }
            | Syscall::Shutdown { fd, .. }
            | Syscall::Getsockname { fd, .. }
            | Syscall::Getpeername { fd, .. }
            | Syscall::Setsockopt { fd, .. }
            | Syscall::Getsockopt { fd, .. }
            | Syscall::Dup { fd }
            | Syscall::Fcntl { fd, .. }
            | Syscall::Ioctl { fd, .. }
            | Syscall::Close { fd } => *fd = self.handle(*fd),
            _ => {}
        }
        call
    }

    /// The answer as the program understands it: a new handle gets a descriptor.
    pub(crate) fn take_descriptors(&mut self, call: &Syscall, mut reply: Reply) -> Reply {
        let makes = matches!(
            call,
            Syscall::Socket { .. }
                | Syscall::Accept { .. }
                | Syscall::Accept4 { .. }
                | Syscall::Dup { .. }
        );
        if let (true, Ok(handle)) = (makes, reply.ret) {
            reply.ret = match i32::try_from(handle) {
                Ok(handle) => Ok(i64::from(self.open(Fd(handle)).0)),
                Err(_) => Err(Errno::EMFILE),
            };
        }
        match &mut reply.out {
            Out::Fds { fds } => *fds = fds.map(|handle| self.open(handle)),
            Out::Selected { read, write, except, .. } => {
                for fd in [read, write, except].into_iter().flatten() {
                    *fd = self.number(*fd);
                }
            }
            _ => {}
        }
        reply
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_handle_gets_the_lowest_free_number() {
        let mut table = Table::default();
        let socket = Syscall::Socket { domain: 2, ty: 1, protocol: 0 };
        assert_eq!(table.take_descriptors(&socket, Reply::ok(41)).ret, Ok(3));
        assert_eq!(table.take_descriptors(&socket, Reply::ok(42)).ret, Ok(4));
        assert_eq!(table.close(Fd(3)), Some(Target::Handle(Fd(41))));
        assert_eq!(table.take_descriptors(&socket, Reply::ok(43)).ret, Ok(3));
        let close = Syscall::Close { fd: Fd(4) };
        assert_eq!(table.to_handles(close), Syscall::Close { fd: Fd(42) });
    }

    #[test]
    fn a_terminal_is_no_socket() {
        let listen = Syscall::Listen { fd: Fd(1), backlog: 5 };
        let made = Table::default().to_handles(listen);
        assert_eq!(made, Syscall::Listen { fd: Fd(-1), backlog: 5 });
    }
}
