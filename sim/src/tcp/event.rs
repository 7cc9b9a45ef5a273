//! What happens in a connection, as typed data for the trace.

use super::{Seq, SeqRange, State, Timer};

/// Something that happened to one connection.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Event {
    /// The state changed.
    State {
        /// Before.
        from: State,
        /// After.
        to: State,
        /// The reason.
        why: StateWhy,
    },
    /// A timer ran out.
    TimerFired {
        /// Which.
        timer: Timer,
    },
    /// Data is sent again.
    Retransmit {
        /// What.
        range: SeqRange,
        /// How often this was sent before.
        times: u32,
        /// The retransmission timeout now in force, nanoseconds.
        rto_ns: u64,
    },
    /// A duplicate ACK arrived; the count decides about fast retransmit.
    DuplicateAck {
        /// How many in a row.
        count: u32,
    },
    /// Fast recovery begins (RFC 6675 §5).
    EnterRecovery {
        /// New slow-start threshold, segments.
        ssthresh: u32,
        /// It ends when this is acknowledged.
        until: Seq,
    },
    /// Fast recovery or loss recovery is over.
    LeaveRecovery {
        /// The congestion window, segments.
        cwnd: u32,
    },
    /// A timeout shrank the congestion window (RFC 5681 §3.1).
    EnterLoss {
        /// New slow-start threshold, segments.
        ssthresh: u32,
    },
    /// A reduction of the window turned out to be wrong and was taken back.
    Undone {
        /// The congestion window, segments.
        cwnd: u32,
        /// The slow-start threshold, segments.
        ssthresh: u32,
    },
    /// A tail loss probe repaired a loss, which counts as congestion (RFC 8985 §7.4).
    ProbeRepaired {
        /// The congestion window, segments.
        cwnd: u32,
        /// The slow-start threshold, segments.
        ssthresh: u32,
    },
    /// The peer's window is too small for what is waiting.
    ZeroWindow,
    /// The peer's window opened again.
    WindowOpened {
        /// SND.WND, bytes.
        snd_wnd: u32,
    },
    /// An arrival was dropped, or answered only by an ACK.
    Ignored {
        /// Why.
        why: Ignored,
    },
    /// A segment arrived ahead of a gap and was kept.
    OutOfOrder {
        /// What it holds.
        range: SeqRange,
        /// What is missing before it.
        expected: Seq,
    },
    /// The congestion window or the round-trip time changed: a point of a graph.
    Sample(Sample),
    /// The accept queue or the SYN queue was full.
    ListenOverflow {
        /// How many wait in the accept queue.
        queued: u32,
        /// The `listen(2)` backlog.
        backlog: u32,
    },
}

/// What a connection's sender thinks of the network.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sample {
    /// The congestion window, segments.
    pub cwnd: u32,
    /// The slow-start threshold, segments; `None` before the first loss.
    pub ssthresh: Option<u32>,
    /// Segments in flight.
    pub in_flight: u32,
    /// The smoothed round-trip time, microseconds; 0 before the first measurement.
    pub srtt_us: u32,
    /// The retransmission timeout, microseconds.
    pub rto_us: u32,
    /// The window that the peer announced, bytes.
    pub snd_wnd: u32,
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
    /// The program closed with unread data or `SO_LINGER` 0, or disconnected.
    Abort,
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
    /// Data arrived that nobody can read any more; it was answered by a RST.
    ResetSent,
    /// Retransmissions, probes or keep-alives were not answered.
    TimedOut,
    /// TIME-WAIT or an orphan's FIN-WAIT-2 is over.
    WaitOver,
    /// An ICMP error ended the attempt.
    Icmp,
}

/// Why an arrival had no effect beyond perhaps an ACK.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ignored {
    /// Below the window: an old duplicate (RFC 9293 §3.10.7.4, first check).
    OldDuplicate,
    /// Beyond the window.
    BeyondWindow,
    /// An old timestamp (PAWS, RFC 7323 §5).
    Paws,
    /// No ACK bit.
    NoAck,
    /// It acknowledges what was never sent, or is far too old (RFC 5961 §5).
    BadAck,
    /// A RST in the window but not at RCV.NXT (RFC 5961 §3).
    ResetNotExact,
    /// A RST that does not acknowledge our SYN.
    ResetOfAnother,
    /// A SYN in a synchronized state (RFC 5961 §4).
    SynInWindow,
    /// The receive buffer is full.
    NoMemory,
    /// The window is zero.
    ZeroWindow,
}
