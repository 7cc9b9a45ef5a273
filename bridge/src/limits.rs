//! What a session may use. Options of the program; the page is told, errors say which limit.

/// Limits of each session and of the bridge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Sessions at once.
    pub sessions: usize,
    /// Open sockets of a session at once (handles, so a `dup` counts).
    pub sockets: usize,
    /// Bytes of one message or one receive.
    pub message_bytes: usize,
    /// Calls of a session that wait at once.
    pub pending_calls: usize,
    /// Names of a session being looked up at once.
    pub lookups: usize,
    /// Milliseconds that a connect may take.
    pub connect_ms: u64,
    /// Seconds without a message and without a waiting call after which a session ends.
    pub idle_s: u64,
    /// Seconds that a client may take to send the head of a request, the first of a connection or
    /// a later one. Sessions are not concerned: their connection has been upgraded.
    pub head_s: u64,
    /// Seconds between pings; three unanswered ones end the session.
    pub ping_s: u64,
    /// Bytes of stream messages (`TCP_INFO`, packets) a second and session.
    pub events_bytes_per_s: u64,
    /// Distinct targets of a session within a minute.
    pub targets_per_minute: usize,
}

impl Limits {
    /// The student's own computer.
    pub fn local() -> Limits {
        Limits {
            sessions: 4,
            sockets: 64,
            message_bytes: 1 << 20,
            pending_calls: 256,
            lookups: 4,
            connect_ms: 10_000,
            idle_s: 300,
            head_s: 10,
            ping_s: 30,
            events_bytes_per_s: 1_000_000,
            targets_per_minute: 1000,
        }
    }

    /// One bridge for a class.
    pub fn class() -> Limits {
        Limits { sessions: 200, targets_per_minute: 60, ..Limits::local() }
    }

    /// None: for programs of the user's own terminal.
    pub fn none() -> Limits {
        Limits {
            sessions: usize::MAX,
            sockets: usize::MAX,
            message_bytes: 1 << 30,
            pending_calls: usize::MAX,
            lookups: 64,
            connect_ms: u64::MAX,
            targets_per_minute: usize::MAX,
            ..Limits::local()
        }
    }

    /// As the page is told.
    pub(crate) fn message(&self) -> abi::message::Limits {
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        abi::message::Limits {
            sockets: small(self.sockets),
            message_bytes: small(self.message_bytes),
            pending_calls: small(self.pending_calls),
            connect_ms: u32::try_from(self.connect_ms).unwrap_or(u32::MAX),
            idle_s: u32::try_from(self.idle_s).unwrap_or(u32::MAX),
        }
    }
}
