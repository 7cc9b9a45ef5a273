//! Unix sockets: `unix(7)`. The network is not involved.
//!
//! Missing: collecting sockets that are reachable only through messages on their way to each other.

use crate::DescId;
use crate::kernel::Host;
use crate::kernel::sigio::{Band, Side};
use crate::kernel::wait::Source;
use abi::{Errno, Pid, SockAddr, consts};
use std::collections::{BTreeMap, VecDeque};

/// `net.core.wmem_default`, bytes: what a sender may have under way.
pub const BUFFER: usize = 212_992;
/// `net.unix.max_dgram_qlen`: messages that may wait from senders to whom nobody is connected.
const QUEUE_MAX: usize = 10;
/// The largest piece of a stream's write that is one message.
const CHUNK: usize = 3776 + 32768;

/// What Linux counts for a message of so many bytes (`skb->truesize`): `struct sk_buff`, the block
/// that holds the first bytes and their shared info, and whole pages for the others.
fn charge(len: usize, connection: bool) -> usize {
    let in_head = if connection { 3776 } else { 16064 };
    let head = (len.min(in_head).next_multiple_of(64) + 320).next_power_of_two().max(512);
    256 + head + len.saturating_sub(in_head).next_multiple_of(4096)
}

/// Every Unix socket of a host.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UnixSockets {
    /// By number.
    pub sockets: BTreeMap<u32, UnixSocket>,
    /// Names: abstract ones (without the leading NUL) and, for paths, the inode.
    pub names: BTreeMap<Name, u32>,
}

/// What a bound socket is found by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Name {
    /// An abstract name, without the NUL: each type of socket has its own.
    Abstract(i32, Vec<u8>),
    /// A file.
    Inode(u64),
}

/// A Unix socket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnixSocket {
    /// `SOCK_STREAM`, `SOCK_DGRAM` or `SOCK_SEQPACKET`.
    pub ty: i32,
    /// Its address as `getsockname` gives it; unnamed is the family alone.
    pub addr: Option<SockAddr>,
    name: Option<Name>,
    /// What it is connected to.
    pub state: State,
    /// Received and not yet read.
    pub inbox: VecDeque<Message>,
    /// Bytes in `inbox`.
    pub queued: usize,
    /// `SHUT_RD`, or the peer's `SHUT_WR`.
    pub no_more_in: bool,
    /// `SHUT_WR`, or the peer's `SHUT_RD`.
    pub no_more_out: bool,
    /// It was refused for want of room, and is told by `O_ASYNC` when there is some.
    pub wants_room: bool,
    /// A pending error.
    pub error: Option<Errno>,
    /// The owner at the time of `socket`, `SO_PEERCRED`.
    pub owner: (Pid, u32),
    /// Options that are kept: `(level, name)` → value.
    pub(crate) options: crate::net::stored::Store,
    /// `SO_RCVTIMEO`, nanoseconds; 0 is none.
    pub receive_timeout_ns: u64,
    /// `SO_SNDTIMEO`, nanoseconds; 0 is none.
    pub send_timeout_ns: u64,
}

/// Where a Unix socket is in its life.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// Neither connected nor listening.
    Fresh,
    /// Accepts connections.
    Listening {
        /// Connected peers that nobody has accepted: the new sockets.
        queue: VecDeque<u32>,
        /// So many may wait, plus one.
        backlog: u32,
    },
    /// Connected to that socket.
    Connected(u32),
    /// The peer, whose address this was, has gone.
    Orphan(SockAddr),
}

/// A message (for a stream: what one call sent).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// What it counts in the sender's buffer until its last byte is read.
    pub charge: usize,
    /// What is left of it.
    pub bytes: VecDeque<u8>,
    /// Who sent it.
    pub from: Option<SockAddr>,
    /// Which socket sent it: it may send more when this is read.
    pub sender: u32,
    /// The one byte of a `MSG_OOB`, outside the stream.
    pub urgent: bool,
    /// Open file descriptions on their way, `SCM_RIGHTS`.
    pub rights: Vec<DescId>,
    /// Who sent it, `SCM_CREDENTIALS`.
    pub credentials: Option<Credentials>,
}

/// Process, user and group number of a sender.
pub type Credentials = (i32, u32, u32);

impl UnixSocket {
    /// A fresh one.
    pub fn new(ty: i32, owner: (Pid, u32)) -> UnixSocket {
        UnixSocket {
            ty,
            addr: None,
            name: None,
            state: State::Fresh,
            inbox: VecDeque::new(),
            queued: 0,
            no_more_in: false,
            no_more_out: false,
            wants_room: false,
            error: None,
            owner,
            options: BTreeMap::new(),
            receive_timeout_ns: 0,
            send_timeout_ns: 0,
        }
    }

    /// Whether messages keep their boundaries.
    pub fn keeps_messages(&self) -> bool {
        self.ty != consts::SOCK_STREAM
    }

    /// What `getsockname` says.
    pub fn own_addr(&self) -> SockAddr {
        self.addr.clone().unwrap_or_else(|| SockAddr::unix(&[]))
    }

    /// `SO_PASSCRED`.
    pub fn passes_credentials(&self) -> bool {
        self.options.get(&(consts::SOL_SOCKET, consts::SO_PASSCRED)).is_some_and(|on| *on != 0)
    }

    fn is_listening(&self) -> bool {
        matches!(self.state, State::Listening { .. })
    }
}

impl UnixSockets {
    /// The socket.
    pub fn get(&self, id: u32) -> &UnixSocket {
        self.sockets.get(&id).expect("an open description has its socket")
    }

    /// The socket, to be changed.
    pub fn get_mut(&mut self, id: u32) -> &mut UnixSocket {
        self.sockets.get_mut(&id).expect("an open description has its socket")
    }

    /// What the messages that wait for `to` count.
    pub fn used(&self, to: u32) -> usize {
        let waiting = self.sockets.get(&to).into_iter().flat_map(|socket| &socket.inbox);
        waiting.map(|message| message.charge).sum()
    }

    /// How many of `len` bytes `from` may send to `to` now, and what they count. A message goes
    /// whole, as long as anything is free.
    pub fn room(&self, from: u32, to: u32, len: usize) -> Option<(usize, usize)> {
        let socket = self.sockets.get(&to)?;
        let mut used = self.used(to);
        let (before, connection) = (used, socket.ty != consts::SOCK_DGRAM);
        if used >= BUFFER || (!connection && self.is_full_for(from, to)) {
            return None;
        }
        if socket.keeps_messages() {
            return Some((len, charge(len, connection)));
        }
        let mut put = 0;
        while put < len && used < BUFFER {
            let piece = (len - put).min(CHUNK);
            (put, used) = (put + piece, used + charge(piece, true));
        }
        Some((put, used - before))
    }

    /// Whether a datagram socket's queue is full for one that it is not connected to.
    fn is_full_for(&self, from: u32, to: u32) -> bool {
        let Some(socket) = self.sockets.get(&to) else { return false };
        socket.state != State::Connected(from) && socket.inbox.len() > QUEUE_MAX
    }

    /// Gives a socket its name.
    pub fn bind(&mut self, id: u32, name: Name, addr: SockAddr) {
        self.names.insert(name.clone(), id);
        let socket = self.get_mut(id);
        socket.name = Some(name);
        socket.addr = Some(addr);
    }

    /// `poll(2)`'s view.
    pub fn readiness(&self, id: u32) -> i16 {
        let socket = self.get(id);
        let mut events = 0;
        if let State::Listening { queue, .. } = &socket.state {
            if !queue.is_empty() || socket.no_more_in {
                events |= consts::POLLIN | consts::POLLRDNORM;
            }
            if socket.no_more_in {
                events |= consts::POLLRDHUP;
            }
            if socket.no_more_in && socket.no_more_out {
                events |= consts::POLLHUP;
            }
            return events as i16;
        }
        let connection = socket.ty != consts::SOCK_DGRAM;
        if !socket.inbox.is_empty() || socket.no_more_in {
            events |= consts::POLLIN | consts::POLLRDNORM;
        }
        if socket.inbox.iter().any(|message| message.urgent) {
            events |= consts::POLLPRI;
        }
        if socket.no_more_in {
            events |= consts::POLLRDHUP;
        }
        if socket.error.is_some() {
            events |= consts::POLLERR;
        }
        if (socket.no_more_in && socket.no_more_out) || (connection && socket.state == State::Fresh)
        {
            events |= consts::POLLHUP;
        }
        let writable = match socket.state {
            State::Connected(peer) if connection => self.used(peer) * 4 <= BUFFER,
            State::Connected(peer) => self.used(peer) * 4 <= BUFFER && !self.is_full_for(id, peer),
            _ => true,
        };
        if writable {
            events |= consts::POLLOUT | consts::POLLWRNORM | consts::POLLWRBAND;
        }
        events as i16
    }
}

impl Host {
    /// The last descriptor of a Unix socket was closed.
    pub(crate) fn close_unix(&mut self, id: u32) {
        let Some(mut socket) = self.unix.sockets.remove(&id) else { return };
        for message in &mut socket.inbox {
            self.lost.append(&mut message.rights);
        }
        if let Some(name) = &socket.name
            && self.unix.names.get(name) == Some(&id)
        {
            self.unix.names.remove(name);
        }
        match &socket.state {
            State::Connected(peer) => {
                let unread = !socket.inbox.is_empty();
                self.peer_closed(*peer, id, socket.own_addr(), unread);
            }
            State::Listening { queue, .. } => {
                for waiting in queue.clone() {
                    if let Some(mut accepted) = self.unix.sockets.remove(&waiting)
                        && let State::Connected(peer) = accepted.state
                    {
                        for message in &mut accepted.inbox {
                            self.lost.append(&mut message.rights);
                        }
                        self.peer_closed(peer, waiting, accepted.own_addr(), true);
                    }
                }
            }
            State::Fresh | State::Orphan(_) => {}
        }
        // Datagram sockets that were connected to this one learn it when they send.
        self.touch(Source::Unix(id));
    }

    fn peer_closed(&mut self, peer: u32, closed: u32, addr: SockAddr, unread: bool) {
        let Some(socket) = self.unix.sockets.get_mut(&peer) else { return };
        if socket.state != State::Connected(closed) || socket.ty == consts::SOCK_DGRAM {
            return;
        }
        socket.state = State::Orphan(addr);
        socket.no_more_in = true;
        socket.no_more_out = true;
        if unread {
            socket.error = Some(Errno::ECONNRESET);
        }
        self.touch(Source::Unix(peer));
        self.tell_reader(Side::Unix(peer), Band::Hup);
    }

    /// Whether a socket of this name listens.
    pub(crate) fn unix_listener(&self, name: &Name) -> Option<u32> {
        let id = *self.unix.names.get(name)?;
        self.unix.sockets.get(&id).filter(|socket| socket.is_listening()).map(|_| id)
    }
}
