//! What the capture is told about a session's sockets.

use super::file::File;
use super::wait::Making;
use crate::capture::SessionTap;
use crate::sys::{self, Room};
use abi::{AddrIn, Errno, Fd, SockAddr};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

impl Making<'_> {
    /// The session's tap, where this socket has packets that are wanted.
    fn tap(&self, file: &File) -> Option<&SessionTap> {
        self.session.tap.as_ref().filter(|tap| tap.is_on() && file.shared.is_internet())
    }

    /// Before `connect`, and before a datagram leaves: the socket gets its port now, because
    /// afterwards its first packet has passed unseen.
    pub(super) fn capture_from_here(&mut self, fd: Fd, file: &File, remote: Option<SocketAddr>) {
        let Some(tap) = self.tap(file) else { return };
        let stream = file.shared.is_stream();
        if !stream && remote.is_none() && tap.is_watched(file.shared.id) {
            return;
        }
        let Some(mut local) = local(file) else { return };
        if local.port() == 0 {
            let any = match local {
                SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
                SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
            };
            let name = sys::Name::of(&AddrIn::of(SockAddr::from_std(any)));
            let bound = sys::bind(file.raw(), &name);
            self.step_result("bind", &bound);
            let Some(now) = self::local(file) else { return };
            local = now;
        }
        let Some(tap) = self.tap(file) else { return };
        // A stream's own address is chosen by the route, only now.
        tap.watch(file.shared.id, fd, stream, local, remote);
        if stream {
            tap.connecting(file.shared.id, self.id);
        }
    }

    /// After `bind`, `listen` or `accept`.
    pub(super) fn capture_bound(&mut self, fd: Fd, file: &File, remote: Option<SocketAddr>) {
        let (Some(tap), Some(local)) = (self.tap(file), local(file)) else { return };
        if local.port() != 0 {
            tap.watch(file.shared.id, fd, file.shared.is_stream(), local, remote);
        }
    }

    pub(super) fn capture_sending(&self, file: &File) {
        if let Some(tap) = self.tap(file) {
            tap.sending(file.shared.id, self.id);
        }
    }

    pub(super) fn capture_sent(&self, file: &File, result: &Result<i64, Errno>) {
        if let Some(tap) = self.tap(file) {
            tap.sent(file.shared.id, result);
        }
    }

    pub(super) fn capture_ending(&self, file: &File) {
        if let Some(tap) = self.tap(file) {
            tap.ending(file.shared.id, self.id);
        }
    }

    pub(super) fn capture_closed(&self, file: &File) {
        if let Some(tap) = self.tap(file) {
            tap.closed(file.shared.id);
        }
    }
}

fn local(file: &File) -> Option<SocketAddr> {
    sys::name(file.raw(), Room::full(), false).ok()??.to_std()
}
