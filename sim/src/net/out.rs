//! What happens outside the stack because of a call, an arrival or a timer.

use crate::net::{IfaceId, Note, SocketId};
use crate::wire::Shared;
use std::sync::Arc;

/// A whole Ethernet frame (no FCS). Cloning shares the bytes.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Frame(Arc<Vec<u8>>);

impl Frame {
    /// From its bytes.
    pub fn new(bytes: Vec<u8>) -> Frame {
        Frame(Arc::new(bytes))
    }

    /// Its bytes, shared.
    pub fn shared(&self) -> Shared {
        Shared::from(&self.0)
    }
}

impl std::ops::Deref for Frame {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({} bytes)", self.0.len())
    }
}

/// Collected effects. Reuse one: the vectors keep their room.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Out {
    /// Frames to put on links, in order.
    pub frames: Vec<Transmit>,
    /// Sockets whose readiness changed, in order; one entry is one edge for `EPOLLET`.
    pub wakeups: Vec<Wakeup>,
    /// What happened and why, for the trace.
    pub notes: Vec<Note>,
}

impl Out {
    /// Forgets everything, keeping the room.
    pub fn clear(&mut self) {
        self.frames.clear();
        self.wakeups.clear();
        self.notes.clear();
    }
}

/// A frame to transmit.
#[derive(Clone, PartialEq, Debug)]
pub struct Transmit {
    /// On which interface.
    pub iface: IfaceId,
    /// The frame.
    pub frame: Frame,
    /// The socket that sent it, if one did.
    pub socket: Option<SocketId>,
    /// Why it is sent.
    pub cause: Cause,
}

/// Why a frame leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// The first SYN.
    Syn,
    /// The answer to a SYN.
    SynAck,
    /// New data (with or without FIN).
    Data,
    /// The end of our data.
    Fin,
    /// An acknowledgement that could not wait.
    Ack,
    /// The delayed-ACK timer ran out.
    DelayedAck,
    /// A duplicate ACK: something is missing before what arrived.
    DuplicateAck,
    /// A challenge ACK (RFC 5961).
    ChallengeAck,
    /// The program read, so the window opened.
    WindowUpdate,
    /// The retransmission timer ran out.
    RetransmitTimeout,
    /// Duplicate ACKs or SACK say that it was lost.
    FastRetransmit,
    /// A tail loss probe (RFC 8985 §7).
    TailLossProbe,
    /// The peer's window is zero.
    WindowProbe,
    /// The connection was idle.
    KeepAlive,
    /// A reset.
    Reset,
    /// A UDP, ping or raw datagram.
    Datagram,
    /// An ICMP error or echo reply.
    Icmp,
    /// ARP or neighbour discovery.
    Neighbour,
    /// Group membership (IGMP, MLD).
    Membership,
    /// Forwarded by a router.
    Forwarded,
    /// Forwarded by a router that gave it other addresses.
    Translated,
}

/// A socket whose readiness may have changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wakeup {
    /// The socket.
    pub id: SocketId,
    /// What changed.
    pub wake: Wake,
}

/// The kind of a wake-up: Linux passes these as keys of its wait queues.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wake {
    /// `sk_data_ready`: `EPOLLIN`.
    Readable,
    /// `sk_write_space`: `EPOLLOUT`.
    Writable,
    /// `sk_state_change`: anything.
    State,
    /// The same at the end of the handshake, of which the owner is told (`sigio`).
    Connected,
    /// The same as the peer's FIN arrives.
    PeerShut,
    /// The same when neither side sends any more.
    HungUp,
    /// `sk_error_report`: anything.
    Error,
    /// Urgent data: `EPOLLPRI`, and `SIGURG` to the owner.
    Urgent,
}
