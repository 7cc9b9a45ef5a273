//! What happened inside the stack, as typed data for the trace.

use crate::net::{Frame, IfaceId, SocketId};
use crate::tcp::{self, State};
use crate::wire::{Mac, Malformed};
use std::net::{IpAddr, SocketAddr};

pub use crate::tcp::StateWhy;

/// Something that happened, and why.
#[derive(Clone, PartialEq, Debug)]
pub enum Note {
    /// A connection changed state.
    State {
        /// The socket.
        socket: SocketId,
        /// Our address.
        local: SocketAddr,
        /// The peer's address.
        peer: SocketAddr,
        /// Before.
        from: State,
        /// After.
        to: State,
        /// The reason.
        why: StateWhy,
    },
    /// Anything else that happened to a connection.
    Tcp {
        /// The socket.
        socket: SocketId,
        /// What.
        event: tcp::Event,
    },
    /// A frame that arrived went no further.
    Dropped {
        /// Where it arrived.
        iface: IfaceId,
        /// The frame.
        frame: Frame,
        /// Why.
        why: DropWhy,
    },
    /// A neighbour's Ethernet address was learnt.
    Neighbour {
        /// On which interface.
        iface: IfaceId,
        /// Who.
        ip: IpAddr,
        /// `None`: it does not answer.
        mac: Option<Mac>,
    },
    /// A datagram could not be queued: the receive buffer is full.
    ReceiveBufferFull {
        /// The socket.
        socket: SocketId,
    },
}

/// Why a frame that arrived went no further.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DropWhy {
    /// The interface is down.
    Down,
    /// Addressed to another host's Ethernet address.
    OtherMac,
    /// A field is wrong.
    Malformed(Malformed),
    /// Addressed to another host, and this one is no router.
    NotForUs,
    /// The hop limit reached zero.
    TtlExceeded,
    /// No route onwards.
    NoRoute,
    /// Larger than the next link's MTU, with "don't fragment".
    TooBig,
    /// No socket for it; an ICMP error or a RST went back where the rules allow.
    NoSocket,
    /// A connected or filtered socket does not take it.
    NotWanted,
    /// A rule of the host's packet filter.
    Filtered,
}
