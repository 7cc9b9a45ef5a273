//! What happened inside the stack, as typed data for the trace.

use crate::net::SocketId;
use crate::tcp::State;
use std::net::SocketAddr;

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
}

/// Why a connection changed its state: the events of RFC 9293 figure 5 and Linux's own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StateWhy {
    /// The program called `listen(2)`.
    Listen,
    /// The program called `connect(2)`.
    Connect,
    /// The program called `shutdown(2)` or `close(2)`.
    Close,
    /// A SYN arrived.
    SynArrived,
    /// The ACK of our SYN arrived.
    SynAcked,
    /// The peer's FIN arrived.
    FinArrived,
    /// The ACK of our FIN arrived.
    FinAcked,
    /// A RST arrived.
    ResetArrived,
    /// We sent a RST.
    ResetSent,
    /// Retransmissions, probes or keep-alives were not answered.
    TimedOut,
    /// TIME-WAIT or an orphan's FIN-WAIT-2 is over.
    WaitOver,
    /// An ICMP error ended the attempt.
    Icmp,
}
