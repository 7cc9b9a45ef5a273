//! What stands behind a descriptor, a packet's number and a call's, learned from the trace: a
//! sentence about `read()` differs for a pipe and for a terminal.
//!
//! Missing: descriptors that came by `SCM_RIGHTS` or were opened before the trace begins are
//! unknown ([`Objects::behind`] is `None`), and the texts about them are general.

use crate::net::{Cause, Frame};
use crate::trace::{Fate, Record, What};
use crate::{CallId, HostId, PacketId};
use abi::{Bytes, Fd, Out, Pid, Reply, Syscall, consts};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a descriptor leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Object {
    Terminal,
    File,
    Pipe,
    Tcp,
    TcpListener,
    Udp,
    Raw,
    UnixStream,
    UnixListener,
    UnixDatagram,
    Epoll,
    Eventfd,
    Timerfd,
    Signalfd,
    Queue,
}

/// A frame as it was sent.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Sent {
    pub(super) frame: Frame,
    pub(super) departs_ns: u64,
    pub(super) from: HostId,
    pub(super) reason: Cause,
    pub(super) fate: Fate,
}

/// A process's descriptor and what it led to, by the record that changed it.
type History = BTreeMap<Fd, Vec<(u64, Option<Object>)>>;

/// All that was learned.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Objects {
    descriptors: BTreeMap<(HostId, Pid), History>,
    /// Names that `mkfifo(3)` made.
    fifos: BTreeSet<(HostId, Bytes)>,
    packets: BTreeMap<PacketId, Sent>,
    calls: BTreeMap<CallId, (Arc<Syscall>, Option<u32>)>,
}

impl Objects {
    /// One more record.
    pub(super) fn learn(&mut self, record: &Record) {
        match &record.what {
            What::ProcessStart { parent, .. } => self.start(record, *parent),
            What::CallStart { call, syscall, line } => {
                self.calls.insert(*call, (syscall.clone(), *line));
            }
            What::CallEnd { syscall, reply, .. } => self.ended(record, syscall, reply),
            What::PacketSent { packet, frame, departs_ns, from, reason, fate, .. } => {
                let (frame, fate) = (frame.clone(), fate.clone());
                let sent =
                    Sent { frame, departs_ns: *departs_ns, from: *from, reason: *reason, fate };
                self.packets.insert(*packet, sent);
            }
            _ => {}
        }
    }

    /// What a descriptor led to right before a record.
    pub(super) fn behind(&self, record: &Record, fd: Fd) -> Option<Object> {
        let changes = self.descriptors.get(&(record.host, record.pid))?.get(&fd)?;
        let until = changes.partition_point(|(id, _)| *id < record.id);
        changes[..until].last()?.1
    }

    pub(super) fn packet(&self, packet: PacketId) -> Option<&Sent> {
        self.packets.get(&packet)
    }

    /// The line of the program's text from which a call was made.
    pub(super) fn line(&self, call: CallId) -> Option<u32> {
        self.calls.get(&call)?.1
    }

    /// What was called.
    pub(super) fn call(&self, call: CallId) -> Option<&Syscall> {
        self.calls.get(&call).map(|(syscall, _)| &**syscall)
    }

    fn start(&mut self, record: &Record, parent: Option<Pid>) {
        let inherited = parent.and_then(|parent| self.descriptors.get(&(record.host, parent)));
        let fresh: History = match inherited {
            Some(history) => {
                let last = |changes: &Vec<(u64, Option<Object>)>| changes.last().and_then(|c| c.1);
                let now = history.iter().map(|(fd, changes)| (*fd, last(changes)));
                now.map(|(fd, object)| (fd, vec![(record.id, object)])).collect()
            }
            None => (0..3).map(|fd| (Fd(fd), vec![(record.id, Some(Object::Terminal))])).collect(),
        };
        self.descriptors.insert((record.host, record.pid), fresh);
    }

    fn set(&mut self, record: &Record, fd: Fd, object: Option<Object>) {
        let history = self.descriptors.entry((record.host, record.pid)).or_default();
        history.entry(fd).or_default().push((record.id, object));
    }

    fn ended(&mut self, record: &Record, syscall: &Syscall, reply: &Reply) {
        let Ok(ret) = reply.ret else { return };
        let new = Fd(ret as i32);
        let behind = |objects: &Objects, fd: Fd| objects.behind(record, fd);
        match syscall {
            Syscall::Socket { domain, ty, .. } => self.set(record, new, socket(*domain, *ty)),
            Syscall::Socketpair { domain, ty, .. } => {
                if let Out::Fds { fds } = &reply.out {
                    fds.iter().for_each(|fd| self.set(record, *fd, socket(*domain, *ty)));
                }
            }
            Syscall::Pipe2 { .. } => {
                if let Out::Fds { fds } = &reply.out {
                    fds.iter().for_each(|fd| self.set(record, *fd, Some(Object::Pipe)));
                }
            }
            Syscall::Listen { fd, .. } => {
                let listener = match behind(self, *fd) {
                    Some(Object::Tcp) => Some(Object::TcpListener),
                    Some(Object::UnixStream) => Some(Object::UnixListener),
                    other => other,
                };
                self.set(record, *fd, listener);
            }
            Syscall::Accept { fd, .. } | Syscall::Accept4 { fd, .. } => {
                let connection = match behind(self, *fd) {
                    Some(Object::TcpListener) => Some(Object::Tcp),
                    Some(Object::UnixListener) => Some(Object::UnixStream),
                    _ => None,
                };
                self.set(record, new, connection);
            }
            Syscall::Mkfifo { path, .. } => {
                self.fifos.extend(path.value.clone().map(|path| (record.host, path)));
            }
            Syscall::Openat { path, .. } => {
                let path = path.value.clone().unwrap_or_default();
                let terminal = path.0 == b"/dev/tty";
                let fifo = self.fifos.contains(&(record.host, path));
                let object = match (terminal, fifo) {
                    (true, _) => Object::Terminal,
                    (_, true) => Object::Pipe,
                    _ => Object::File,
                };
                self.set(record, new, Some(object));
            }
            Syscall::MqOpen { .. } => self.set(record, new, Some(Object::Queue)),
            Syscall::Dup { fd } => self.set(record, new, behind(self, *fd)),
            Syscall::Fcntl { fd, cmd: consts::F_DUPFD | consts::F_DUPFD_CLOEXEC, .. } => {
                self.set(record, new, behind(self, *fd));
            }
            Syscall::Dup2 { old, new } | Syscall::Dup3 { old, new, .. } => {
                self.set(record, *new, behind(self, *old));
            }
            Syscall::EpollCreate { .. } | Syscall::EpollCreate1 { .. } => {
                self.set(record, new, Some(Object::Epoll));
            }
            Syscall::Eventfd2 { .. } => self.set(record, new, Some(Object::Eventfd)),
            Syscall::TimerfdCreate { .. } => self.set(record, new, Some(Object::Timerfd)),
            Syscall::Signalfd4 { .. } => self.set(record, new, Some(Object::Signalfd)),
            Syscall::Close { fd } | Syscall::Closesocket { fd } => self.set(record, *fd, None),
            _ => {}
        }
    }
}

/// What `socket(2)` makes.
fn socket(domain: i32, ty: i32) -> Option<Object> {
    let ty = ty & !(consts::SOCK_NONBLOCK | consts::SOCK_CLOEXEC);
    Some(match (domain, ty) {
        (consts::AF_UNIX, consts::SOCK_DGRAM) => Object::UnixDatagram,
        (consts::AF_UNIX, _) => Object::UnixStream,
        (consts::AF_INET | consts::AF_INET6, consts::SOCK_STREAM) => Object::Tcp,
        (consts::AF_INET | consts::AF_INET6, consts::SOCK_DGRAM) => Object::Udp,
        (consts::AF_INET | consts::AF_INET6, consts::SOCK_RAW) => Object::Raw,
        _ => return None,
    })
}

/// The descriptor that a call is about.
pub(super) fn descriptor(call: &Syscall) -> Option<Fd> {
    Some(match call {
        Syscall::Read { fd, .. }
        | Syscall::Write { fd, .. }
        | Syscall::Readv { fd, .. }
        | Syscall::Writev { fd, .. }
        | Syscall::Pread64 { fd, .. }
        | Syscall::Pwrite64 { fd, .. }
        | Syscall::Close { fd }
        | Syscall::Closesocket { fd }
        | Syscall::Bind { fd, .. }
        | Syscall::Listen { fd, .. }
        | Syscall::Accept { fd, .. }
        | Syscall::Accept4 { fd, .. }
        | Syscall::Connect { fd, .. }
        | Syscall::Sendto { fd, .. }
        | Syscall::Recvfrom { fd, .. }
        | Syscall::Sendmsg { fd, .. }
        | Syscall::Recvmsg { fd, .. }
        | Syscall::Sendmmsg { fd, .. }
        | Syscall::Recvmmsg { fd, .. }
        | Syscall::Shutdown { fd, .. } => *fd,
        _ => return None,
    })
}
