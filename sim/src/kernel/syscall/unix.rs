//! The socket calls of Unix sockets, `unix(7)`.

use super::control::Extra;
use super::socket::Datagram;
use crate::kernel::epoll;
use crate::kernel::fs::Kind;
use crate::kernel::process::{Pending, Progress};
use crate::kernel::sigio::{Band, Side};
use crate::kernel::unix::{BUFFER, Credentials, Message, Name, State, UnixSocket};
use crate::kernel::wait::Source;
use crate::kernel::{Host, Me};
use crate::net::{How, Stop, Wait};
use abi::syscall::InBuf;
use abi::{Bytes, Errno, Ptr, SockAddr, consts};
use std::collections::VecDeque;

/// `sizeof(struct sockaddr_un)`.
const SOCKADDR_UN_LEN: usize = 110;
/// `net.core.somaxconn`.
const SOMAXCONN: u32 = 4096;

impl Host {
    /// Two sockets connected to each other.
    pub(super) fn unix_pair(&mut self, me: Me, ty: i32) -> [u32; 2] {
        let owner = (me.pid, self.process(me.pid).uid);
        let ids = [self.new_id(), self.new_id()];
        for (own, peer) in [(ids[0], ids[1]), (ids[1], ids[0])] {
            let mut socket = UnixSocket::new(ty, owner);
            socket.state = State::Connected(peer);
            self.unix.sockets.insert(own, socket);
        }
        ids
    }

    pub(super) fn bind_unix(&mut self, me: Me, id: u32, addr: &SockAddr) -> Result<i64, Errno> {
        is_unix_name(addr)?;
        let path = addr.unix_path().unwrap_or_default().to_vec();
        let shown = SockAddr::unix(&path);
        if path.is_empty() {
            return self.autobind(id);
        }
        if path[0] == 0 {
            if self.unix.get(id).addr.is_some() {
                return Err(Errno::EINVAL);
            }
            let name = Name::Abstract(self.unix.get(id).ty, path[1..].to_vec());
            if self.unix.names.contains_key(&name) {
                return Err(Errno::EADDRINUSE);
            }
            self.unix.bind(id, name, addr.clone());
            return Ok(0);
        }
        let (who, umask) = (self.process(me.pid).who(), self.process(me.pid).umask);
        let place = self.at(me, &Ptr::to(Bytes(path)), false)?;
        if place.inode.is_some() {
            return Err(Errno::EADDRINUSE);
        }
        if place.slash {
            return Err(Errno::ENOENT);
        }
        if !self.fs.allows(place.dir, who, 3) {
            return Err(Errno::EACCES);
        }
        if self.unix.get(id).addr.is_some() {
            return Err(Errno::EINVAL);
        }
        let mode = 0o777 & !umask;
        let inode = self.fs.add(place.dir, &place.name, Kind::Socket, mode, who);
        self.unix.bind(id, Name::Inode(inode), shown);
        Ok(0)
    }

    /// An address that is the family alone: the kernel chooses an abstract name of five digits.
    fn autobind(&mut self, id: u32) -> Result<i64, Errno> {
        if self.unix.get(id).addr.is_some() {
            return Ok(0);
        }
        let ty = self.unix.get(id).ty;
        let name = |text: &str| Name::Abstract(ty, text.as_bytes().to_vec());
        let digits = (1..=0xf_ffff_u32)
            .map(|n| format!("{n:05x}"))
            .find(|text| !self.unix.names.contains_key(&name(text)))
            .ok_or(Errno::ENOSPC)?;
        let mut path = vec![0];
        path.extend(digits.bytes());
        self.unix.bind(id, name(&digits), SockAddr::unix(&path));
        Ok(0)
    }

    pub(super) fn listen_unix(&mut self, id: u32, backlog: i32) -> Result<i64, Errno> {
        let socket = self.unix.get_mut(id);
        if socket.ty == consts::SOCK_DGRAM {
            return Err(Errno::EOPNOTSUPP);
        }
        if socket.addr.is_none() {
            return Err(Errno::EINVAL);
        }
        let limit = if backlog < 0 { SOMAXCONN } else { (backlog as u32).min(SOMAXCONN) };
        match &mut socket.state {
            State::Listening { backlog, .. } => *backlog = limit,
            State::Fresh => {
                socket.state = State::Listening { queue: VecDeque::new(), backlog: limit };
            }
            State::Connected(_) | State::Orphan(_) => return Err(Errno::EINVAL),
        }
        self.touch(Source::Unix(id));
        Ok(0)
    }

    pub(super) fn accept_unix(&mut self, id: u32) -> Result<u32, Stop> {
        let socket = self.unix.get_mut(id);
        if socket.ty == consts::SOCK_DGRAM {
            return Err(Errno::EOPNOTSUPP.into());
        }
        let timeout = socket.receive_timeout_ns;
        let State::Listening { queue, .. } = &mut socket.state else {
            return Err(Errno::EINVAL.into());
        };
        match queue.pop_front() {
            Some(new) => {
                self.touch(Source::Unix(id));
                Ok(new)
            }
            None => Err(wait(Wait::Accept, Errno::EAGAIN, timeout)),
        }
    }

    /// What a socket of type `ty` finds by an address.
    fn unix_target(&self, me: Me, ty: i32, addr: &SockAddr) -> Result<Name, Errno> {
        is_unix_name(addr)?;
        let path = addr.unix_path().unwrap_or_default();
        match path.first() {
            None => Err(Errno::EINVAL),
            Some(0) => Ok(Name::Abstract(ty, path[1..].to_vec())),
            Some(_) => {
                let place = self.at(me, &Ptr::to(Bytes(path.to_vec())), true)?;
                let inode = place.inode.ok_or(Errno::ENOENT)?;
                if !self.fs.allows(inode, self.process(me.pid).who(), 2) {
                    return Err(Errno::EACCES);
                }
                match self.fs.get(inode).kind {
                    Kind::Socket => Ok(Name::Inode(inode)),
                    _ => Err(Errno::ECONNREFUSED),
                }
            }
        }
    }

    /// What a `connect` that has to wait waits for: room in the listener's queue.
    pub(super) fn unix_connect_source(&self, me: Me, id: u32, addr: &SockAddr) -> Option<Source> {
        let name = self.unix_target(me, self.unix.get(id).ty, addr).ok()?;
        self.unix_listener(&name).map(Source::Unix)
    }

    pub(super) fn connect_unix(&mut self, me: Me, id: u32, addr: &SockAddr) -> Result<(), Stop> {
        let ty = self.unix.get(id).ty;
        if ty == consts::SOCK_DGRAM {
            return self.connect_unix_datagram(me, id, addr).map_err(Stop::Errno);
        }
        let name = self.unix_target(me, ty, addr)?;
        let listener = *self.unix.names.get(&name).ok_or(Errno::ECONNREFUSED)?;
        if self.unix.get(listener).ty != ty {
            return Err(Errno::EPROTOTYPE.into());
        }
        let State::Listening { queue, backlog } = &self.unix.get(listener).state else {
            return Err(Errno::ECONNREFUSED.into());
        };
        let full = queue.len() as u32 > *backlog;
        if full {
            let timeout = self.unix.get(id).send_timeout_ns;
            return Err(wait(Wait::Connect, Errno::EAGAIN, timeout));
        }
        match self.unix.get(id).state {
            State::Fresh => {}
            State::Connected(_) | State::Orphan(_) => return Err(Errno::EISCONN.into()),
            State::Listening { .. } => return Err(Errno::EINVAL.into()),
        }
        let new = self.new_id();
        let listening = self.unix.get(listener);
        let mut accepted = UnixSocket::new(ty, listening.owner);
        accepted.addr = listening.addr.clone();
        accepted.state = State::Connected(id);
        self.unix.sockets.insert(new, accepted);
        let socket = self.unix.get_mut(id);
        socket.state = State::Connected(new);
        socket.no_more_in = false;
        socket.no_more_out = false;
        if let State::Listening { queue, .. } = &mut self.unix.get_mut(listener).state {
            queue.push_back(new);
        }
        self.touch(Source::Unix(listener));
        self.tell(Side::Unix(listener), Band::In);
        self.touch(Source::Unix(id));
        Ok(())
    }

    fn connect_unix_datagram(&mut self, me: Me, id: u32, addr: &SockAddr) -> Result<(), Errno> {
        if addr.family().map(i32::from) == Some(consts::AF_UNSPEC) {
            self.forget_peer(id, State::Fresh);
            return Ok(());
        }
        let name = self.unix_target(me, consts::SOCK_DGRAM, addr)?;
        let peer = *self.unix.names.get(&name).ok_or(Errno::ECONNREFUSED)?;
        if self.unix.get(peer).ty != consts::SOCK_DGRAM {
            return Err(Errno::EPROTOTYPE);
        }
        if matches!(self.unix.get(peer).state, State::Connected(other) if other != id) {
            return Err(Errno::EPERM);
        }
        self.forget_peer(id, State::Connected(peer));
        Ok(())
    }

    /// A datagram socket that changes its peer loses what the old one has sent.
    fn forget_peer(&mut self, id: u32, state: State) {
        let socket = self.unix.get_mut(id);
        if matches!(socket.state, State::Connected(_)) && socket.state != state {
            let forgotten = std::mem::take(&mut socket.inbox);
            socket.queued = 0;
            self.lost.extend(forgotten.into_iter().flat_map(|message| message.rights));
        }
        self.unix.get_mut(id).state = state;
        self.touch(Source::Unix(id));
    }

    pub(super) fn unix_peer_addr(&self, id: u32) -> Result<SockAddr, Errno> {
        match &self.unix.get(id).state {
            State::Connected(peer) => Ok(self
                .unix
                .sockets
                .get(peer)
                .map_or_else(|| SockAddr::unix(&[]), UnixSocket::own_addr)),
            State::Orphan(addr) => Ok(addr.clone()),
            State::Fresh | State::Listening { .. } => Err(Errno::ENOTCONN),
        }
    }

    pub(super) fn unix_send_source(
        &self,
        me: Me,
        id: u32,
        to: Option<&SockAddr>,
    ) -> Option<Source> {
        if let Some(to) = to {
            let name = self.unix_target(me, self.unix.get(id).ty, to).ok()?;
            return self.unix.names.get(&name).map(|peer| Source::Unix(*peer));
        }
        match self.unix.sockets.get(&id)?.state {
            State::Connected(peer) => Some(Source::Unix(peer)),
            _ => None,
        }
    }

    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn send_unix(
        &mut self,
        me: Me,
        id: u32,
        buf: &InBuf,
        flags: i32,
        to: Option<&SockAddr>,
        extra: &Extra,
        pending: &mut Pending,
    ) -> Result<usize, Stop> {
        let ty = self.unix.get(id).ty;
        let urgent = flags & consts::MSG_OOB != 0;
        if urgent && (ty != consts::SOCK_STREAM || buf.len == 0) {
            return Err(Errno::EOPNOTSUPP.into());
        }
        let done = match pending.progress {
            Progress::Written(done) => done,
            _ => 0,
        };
        let peer = if ty == consts::SOCK_DGRAM {
            self.datagram_peer(me, id, to)?
        } else {
            // A sequenced-packet socket takes no notice of an address.
            if to.is_some() && ty == consts::SOCK_STREAM {
                let connected =
                    matches!(self.unix.get(id).state, State::Connected(_) | State::Orphan(_));
                let errno = if connected { Errno::EISCONN } else { Errno::EOPNOTSUPP };
                return Err(errno.into());
            }
            // `unix_seqpacket_sendmsg` looks for an error first.
            if ty == consts::SOCK_SEQPACKET
                && let Some(errno) = self.unix.get_mut(id).error.take()
            {
                return Err(errno.into());
            }
            self.stream_peer(id)?
        };
        let data = match buf.bytes.as_ref() {
            Some(bytes) => &bytes.0,
            None if buf.len == 0 => &Vec::new(),
            None => return Err(Errno::EFAULT.into()),
        };
        let timeout = self.unix.get(id).send_timeout_ns;
        let rest = &data[done..];
        let room = self.unix.room(id, peer, rest.len());
        let keeps = self.unix.get(id).keeps_messages();
        if keeps && data.len() > BUFFER - 32 {
            return Err(Errno::EMSGSIZE.into());
        }
        let (put, mut charge) = room.unwrap_or_default();
        if put > 0 || (rest.is_empty() && keeps && room.is_some()) {
            let from = self.unix.get(id).addr.clone();
            let process = self.process(me.pid);
            let own = (me.pid.0, process.uid, process.gid);
            let credentials = extra.credentials.or_else(|| self.passes_credentials(id, peer, own));
            // Descriptors travel with the first bytes.
            let mut rights = if done == 0 { extra.rights.clone() } else { Vec::new() };
            for description in &rights {
                self.refer(*description);
            }
            let target = self.unix.get_mut(peer);
            target.queued += put;
            // The last byte of urgent data stays outside the stream.
            let in_stream = if urgent && put == rest.len() { put - 1 } else { put };
            let parts = [(&rest[..in_stream], false), (&rest[in_stream..put], true)];
            for (bytes, urgent) in parts {
                if !bytes.is_empty() || (!urgent && keeps) {
                    let (bytes, from) = (bytes.iter().copied().collect(), from.clone());
                    let rights = std::mem::take(&mut rights);
                    target.inbox.push_back(Message {
                        charge: std::mem::take(&mut charge),
                        bytes,
                        from,
                        sender: id,
                        urgent,
                        rights,
                        credentials,
                    });
                }
            }
            self.touch_for(Source::Unix(peer), epoll::DATA);
            self.tell_reader(Side::Unix(peer), Band::In);
        }
        let done = done + put;
        if done == data.len() && (room.is_some() || !keeps) {
            return Ok(done);
        }
        pending.progress = Progress::Written(done);
        self.unix.get_mut(id).wants_room = true;
        Err(wait(Wait::Send, Errno::EAGAIN, timeout))
    }

    /// The sender's own credentials, if either side asks for them (`unix_maybe_add_creds`).
    fn passes_credentials(&self, id: u32, peer: u32, own: Credentials) -> Option<Credentials> {
        let asks =
            |id: u32| self.unix.sockets.get(&id).is_some_and(|socket| socket.passes_credentials());
        (asks(id) || asks(peer)).then_some(own)
    }

    /// `SIOCOUTQ`: what was sent and not read yet, with what Linux counts beside it.
    pub(super) fn unix_unread(&self, id: u32) -> Result<usize, Errno> {
        match self.unix.get(id).state {
            State::Listening { .. } => Err(Errno::EINVAL),
            State::Connected(peer) => Ok(self.unix.used(peer)),
            State::Fresh | State::Orphan(_) => Ok(0),
        }
    }

    fn datagram_peer(&mut self, me: Me, id: u32, to: Option<&SockAddr>) -> Result<u32, Errno> {
        if let Some(to) = to {
            is_unix_name(to)?;
        }
        if self.unix.get(id).no_more_out {
            return Err(Errno::EPIPE);
        }
        let peer = match (to, &self.unix.get(id).state) {
            (Some(to), _) => {
                let name = self.unix_target(me, consts::SOCK_DGRAM, to)?;
                *self.unix.names.get(&name).ok_or(Errno::ECONNREFUSED)?
            }
            (None, State::Connected(peer)) => *peer,
            (None, _) => return Err(Errno::ENOTCONN),
        };
        if !self.unix.sockets.contains_key(&peer) {
            // The peer has gone: the socket is unconnected from now on.
            if to.is_none() {
                self.forget_peer(id, State::Fresh);
            }
            return Err(Errno::ECONNREFUSED);
        }
        let target = self.unix.get(peer);
        if target.ty != consts::SOCK_DGRAM {
            return Err(Errno::EPROTOTYPE);
        }
        if matches!(target.state, State::Connected(other) if other != id) {
            return Err(Errno::EPERM);
        }
        if target.no_more_in {
            return Err(Errno::EPIPE);
        }
        Ok(peer)
    }

    fn stream_peer(&self, id: u32) -> Result<u32, Errno> {
        let socket = self.unix.get(id);
        if socket.no_more_out && socket.state != State::Fresh {
            return Err(Errno::EPIPE);
        }
        match socket.state {
            State::Connected(peer) => Ok(peer),
            State::Orphan(_) => Err(Errno::EPIPE),
            State::Fresh | State::Listening { .. } => Err(Errno::ENOTCONN),
        }
    }

    pub(super) fn recv_unix(
        &mut self,
        id: u32,
        len: usize,
        flags: i32,
        waits: bool,
        pending: &mut Pending,
    ) -> Result<Datagram, Stop> {
        if flags & consts::MSG_OOB != 0 {
            return self.recv_urgent(id, len, flags).map_err(Stop::Errno);
        }
        let socket = self.unix.get_mut(id);
        let connection = socket.ty != consts::SOCK_DGRAM;
        if connection && matches!(socket.state, State::Fresh | State::Listening { .. }) {
            let errno =
                if socket.ty == consts::SOCK_STREAM { Errno::EINVAL } else { Errno::ENOTCONN };
            return Err(errno.into());
        }
        let timeout = socket.receive_timeout_ns;
        if socket.inbox.is_empty() {
            if let Progress::Taken(got) = &pending.progress
                && socket.no_more_in
                && !got.is_empty()
            {
                return Ok(Datagram { ret: got.len(), bytes: got.clone(), ..Datagram::default() });
            }
            if let Some(errno) = socket.error.take() {
                return Err(errno.into());
            }
            // A datagram socket that may not sleep looks no further than its empty queue.
            if socket.no_more_in && (connection || waits) {
                return Ok(Datagram::default());
            }
            return Err(wait(Wait::Recv, Errno::EAGAIN, timeout));
        }
        if socket.keeps_messages() {
            return Ok(self.take_message(id, len, flags));
        }
        let peek = flags & consts::MSG_PEEK != 0;
        let mut extra = Extra::default();
        let mut got = match &mut pending.progress {
            Progress::Taken(got) => std::mem::take(got),
            _ => Vec::new(),
        };
        let before = got.len();
        let from = socket.inbox.front().and_then(|message| message.from.clone());
        let senders = take_stream(socket, len, peek, &mut got, &mut extra);
        if peek {
            for description in extra.rights.clone() {
                self.refer(description);
            }
        }
        if got.len() > before && !peek {
            self.made_room(id, senders);
        }
        let socket = self.unix.get(id);
        // Nothing but urgent data was there: as if the queue had been empty.
        if got.is_empty() && len > 0 && extra.rights.is_empty() && !socket.no_more_in {
            return Err(wait(Wait::Recv, Errno::EAGAIN, timeout));
        }
        let all = flags & consts::MSG_WAITALL != 0 && !peek;
        if all && got.len() < len && !socket.no_more_in && extra.rights.is_empty() {
            pending.progress = Progress::Taken(got);
            return Err(wait(Wait::Recv, Errno::EAGAIN, timeout));
        }
        Ok(Datagram { ret: got.len(), bytes: got, from, extra, msg_flags: 0 })
    }

    /// The byte outside the stream, `MSG_OOB`.
    fn recv_urgent(&mut self, id: u32, len: usize, flags: i32) -> Result<Datagram, Errno> {
        let socket = self.unix.get_mut(id);
        if socket.ty != consts::SOCK_STREAM {
            return Err(Errno::EOPNOTSUPP);
        }
        let at = socket.inbox.iter().position(|message| message.urgent).ok_or(Errno::EINVAL)?;
        let bytes: Vec<u8> = socket.inbox[at].bytes.iter().take(len).copied().collect();
        if flags & consts::MSG_PEEK == 0 {
            socket.inbox.remove(at);
            socket.queued -= 1;
        }
        Ok(Datagram { ret: bytes.len(), bytes, msg_flags: consts::MSG_OOB, ..Datagram::default() })
    }

    fn take_message(&mut self, id: u32, len: usize, flags: i32) -> Datagram {
        let socket = self.unix.get_mut(id);
        let Some(message) = socket.inbox.front() else { return Datagram::default() };
        let bytes: Vec<u8> = message.bytes.iter().take(len).copied().collect();
        let (whole, from) = (message.bytes.len(), message.from.clone());
        let extra = Extra {
            rights: message.rights.clone(),
            credentials: message.credentials,
            ..Extra::default()
        };
        if flags & consts::MSG_PEEK == 0
            && let Some(message) = socket.inbox.pop_front()
        {
            socket.queued -= whole;
            let sender = message.sender;
            self.made_room(id, vec![sender]);
        } else {
            for description in &extra.rights {
                self.refer(*description);
            }
        }
        let cut = whole > bytes.len();
        let ret = if flags & consts::MSG_TRUNC != 0 { whole } else { bytes.len() };
        let msg_flags = if cut { consts::MSG_TRUNC } else { 0 };
        Datagram { bytes, ret, from, extra, msg_flags }
    }

    /// Whoever sleeps until there is room in `id`'s queue, and those who sent what was read.
    fn made_room(&mut self, id: u32, senders: Vec<u32>) {
        self.touch_for(Source::Unix(id), 0);
        for sender in senders {
            self.touch_for(Source::Unix(sender), epoll::SPACE);
            let Some(socket) = self.unix.sockets.get(&sender) else { continue };
            if socket.wants_room && self.unix.readiness(sender) & consts::POLLOUT as i16 != 0 {
                self.unix.get_mut(sender).wants_room = false;
                self.tell(Side::Unix(sender), Band::Out);
            }
        }
    }

    /// `SIOCATMARK`: whether the next byte is the urgent one. A connection that waits for `accept`
    /// is an empty message in the listener's queue, and counts as one.
    pub(super) fn unix_at_mark(&self, id: u32) -> Result<bool, Errno> {
        let socket = self.unix.get(id);
        if socket.ty != consts::SOCK_STREAM {
            return Err(Errno::EOPNOTSUPP);
        }
        if let State::Listening { queue, .. } = &socket.state {
            return Ok(!queue.is_empty());
        }
        Ok(socket.inbox.front().is_some_and(|message| message.urgent))
    }

    pub(super) fn shutdown_unix(&mut self, id: u32, how: How) {
        let socket = self.unix.get_mut(id);
        let (input, output) = match how {
            How::Read => (true, false),
            How::Write => (false, true),
            How::Both => (true, true),
        };
        socket.no_more_in |= input;
        socket.no_more_out |= output;
        let connection = socket.ty != consts::SOCK_DGRAM;
        if let State::Connected(peer) = socket.state
            && connection
            && let Some(other) = self.unix.sockets.get_mut(&peer)
        {
            other.no_more_out |= input;
            other.no_more_in |= output;
            self.touch(Source::Unix(peer));
            match how {
                How::Both => self.tell_reader(Side::Unix(peer), Band::Hup),
                How::Write => self.tell_reader(Side::Unix(peer), Band::In),
                How::Read => {}
            }
        }
        self.touch(Source::Unix(id));
    }
}

/// `unix_validate_addr`: family and length.
fn is_unix_name(addr: &SockAddr) -> Result<(), Errno> {
    let family = addr.family().map(i32::from);
    if family != Some(consts::AF_UNIX) || addr.bytes().len() > SOCKADDR_UN_LEN {
        return Err(Errno::EINVAL);
    }
    Ok(())
}

fn wait(on: Wait, errno: Errno, timeout_ns: u64) -> Stop {
    Stop::Wait { on, errno, timeout_ns: (timeout_ns > 0).then_some(timeout_ns) }
}

/// Takes bytes of a stream until `got` has `len` of them.
///
/// A message with descriptors ends the read; where credentials are passed, another sender's
/// message does (`unix_stream_read_generic`). Gives the senders of messages that were read to
/// their end.
fn take_stream(
    socket: &mut UnixSocket,
    len: usize,
    peek: bool,
    got: &mut Vec<u8>,
    extra: &mut Extra,
) -> Vec<u32> {
    let mut senders = Vec::new();
    let passes = socket.passes_credentials();
    let mut first = true;
    if peek {
        for message in socket.inbox.iter().filter(|message| !message.urgent) {
            if got.len() >= len || (passes && !first && message.credentials != extra.credentials) {
                break;
            }
            first = false;
            extra.credentials = message.credentials;
            got.extend(message.bytes.iter().take(len - got.len()));
            if !message.rights.is_empty() {
                extra.rights.clone_from(&message.rights);
                break;
            }
        }
        return senders;
    }
    while got.len() < len {
        let Some(message) = socket.inbox.front_mut() else { break };
        if passes && !first && !message.urgent && message.credentials != extra.credentials {
            break;
        }
        if message.urgent {
            // A read stops at the mark; the next one goes past it.
            if !got.is_empty() {
                break;
            }
            socket.queued -= message.bytes.len();
            socket.inbox.pop_front();
            continue;
        }
        let take = (len - got.len()).min(message.bytes.len());
        got.extend(message.bytes.drain(..take));
        first = false;
        extra.credentials = message.credentials;
        extra.rights = std::mem::take(&mut message.rights);
        socket.queued -= take;
        if message.bytes.is_empty() {
            senders.extend(socket.inbox.pop_front().map(|message| message.sender));
        }
        if !extra.rights.is_empty() {
            break;
        }
    }
    senders
}
