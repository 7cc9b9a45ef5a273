//! The messages between page and bridge, version 1. JSON text frames, one message each; a message
//! with a payload may travel in a binary frame instead (see [`frame`]).
//!
//! The page speaks first ([`ToBridge::Hello`]). In these messages an [`Fd`] is the
//! session's opaque handle, never a raw descriptor of the bridge's process. A call is answered
//! by exactly one [`FromBridge::Done`] or [`FromBridge::Denied`]; `Denied` is the bridge's
//! policy speaking and is never passed off as the kernel's errno.

use crate::{Bytes, Fd, Reply, Syscall};
use serde::{Deserialize, Serialize};

pub mod frame;

/// Raised on every change that an older page or bridge would misread.
pub const VERSION: u32 = 1;
/// The WebSocket subprotocol of this version; the token travels beside it as `tok.<hex>`.
pub const SUBPROTOCOL: &str = "soquete.v1";

/// From the page.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ToBridge {
    /// Opens the conversation.
    Hello {
        /// The page's [`VERSION`].
        version: u32,
        /// Whether answers with received bytes shall come as binary frames ([`frame`]).
        #[serde(default)]
        binary: bool,
    },
    /// Makes a call.
    Call {
        /// Chosen by the page, unique in the session.
        id: u64,
        /// The call; descriptors are handles.
        call: Syscall,
        /// Whether the program expects to block; `false` for an `O_NONBLOCK` descriptor.
        blocking: bool,
        /// Whether to send `TCP_INFO` with the answer.
        #[serde(default)]
        info: bool,
    },
    /// Ends a call that has not been answered: it is answered with `EINTR`.
    Cancel {
        /// The call.
        id: u64,
    },
    /// Streams `TCP_INFO` of a socket until it is closed; `every_ms` 0 stops.
    Watch {
        /// The handle.
        fd: Fd,
        /// Period, milliseconds (at least 20).
        every_ms: u32,
    },
    /// Starts or stops sending the captured packets of the session's sockets. Only sockets that
    /// connect, bind or accept while it is on are captured.
    Capture {
        /// Start or stop.
        on: bool,
    },
    /// Allows that many more stream messages ([`FromBridge::Tcp`], [`FromBridge::Packet`]).
    Credit {
        /// How many.
        messages: u32,
    },
}

/// From the bridge.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromBridge {
    /// The bridge's answer to `Hello`.
    Hello {
        /// The bridge's [`VERSION`].
        version: u32,
        /// `uname`: system and release, e.g. `Linux 6.18.0`.
        kernel: String,
        /// Whether packets of own sockets can be captured; if not, why.
        capture: Capture,
        /// The limits in force.
        limits: Limits,
    },
    /// A call was handed to the kernel and has not returned yet (sent only if it blocks).
    Blocked {
        /// The call.
        id: u64,
        /// Since the session began, nanoseconds, monotonic clock.
        at_ns: u64,
    },
    /// A call returned.
    Done {
        /// The call.
        id: u64,
        /// As a blocking program sees it.
        reply: Reply,
        /// Start, since the session began, nanoseconds, monotonic clock.
        start_ns: u64,
        /// Duration, nanoseconds.
        duration_ns: u64,
        /// What the kernel really did, where that is more than one call (`connect` →
        /// `EINPROGRESS`, `poll`, `SO_ERROR`).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        steps: Vec<KernelStep>,
        /// `TCP_INFO` after the call, where asked for and there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tcp: Option<TcpInfo>,
    },
    /// The bridge refused the call; the kernel never saw it.
    Denied {
        /// The call.
        id: u64,
        /// The rule.
        rule: Rule,
        /// What exactly was refused, and the limit if there is one (technical, not translated).
        detail: String,
    },
    /// A watched socket.
    Tcp {
        /// The handle.
        fd: Fd,
        /// Since the session began, nanoseconds.
        at_ns: u64,
        /// The counters.
        info: TcpInfo,
    },
    /// A captured packet of one of the session's sockets.
    Packet {
        /// The handle.
        fd: Fd,
        /// Since the session began, nanoseconds.
        at_ns: u64,
        /// Whether this computer sent it.
        outgoing: bool,
        /// The call that caused it, where that is known.
        cause: Option<u64>,
        /// The bytes from the IP header on.
        bytes: Bytes,
    },
    /// Stream messages that were dropped for lack of credit.
    Dropped {
        /// How many since the session began.
        messages: u64,
    },
    /// The message could not be used; the session lives on unless it says otherwise.
    Error {
        /// The call, where the message named one.
        id: Option<u64>,
        /// What was wrong with it.
        detail: String,
        /// Whether the bridge closes the session now.
        fatal: bool,
    },
}

/// The bridge's rules, by the name that a refusal carries (`own-port`, `not-listed`, …).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The target is the bridge itself.
    OwnPort,
    /// Class mode: loopback, and the policy does not list it.
    Loopback,
    /// Class mode: RFC 1918 or RFC 4193, and the policy does not list it.
    Private,
    /// Class mode: 169.254/16, fe80::/10 and what clouds serve machine secrets on.
    LinkLocal,
    /// Class mode: 100.64/10 (RFC 6598).
    SharedAddress,
    /// Class mode: 192.0.0/24 and other reserved blocks.
    Reserved,
    /// Class mode: IPv6 addresses that carry an IPv4 address (NAT64, 6to4, Teredo, ::/96).
    EmbeddedIpv4,
    /// Class mode: fec0::/10 (RFC 3879).
    SiteLocal,
    /// Class mode: multicast and broadcast.
    Multicast,
    /// Class mode: the policy does not list the target.
    NotListed,
    /// Class mode: the policy does not list this address and port for `bind`.
    BindNotListed,
    /// Class mode: the policy allows no names.
    LookupsOff,
    /// The address family is not offered.
    Family,
    /// The socket type is not offered.
    SocketType,
    /// The protocol is not offered.
    Protocol,
    /// The option is not offered.
    Option,
    /// A flag is not offered.
    Flags,
    /// This control message is not offered.
    Control,
    /// A name of a Unix socket that is not a plain name of the session's directory.
    UnixName,
    /// Too many open sockets in the session.
    SocketsPerSession,
    /// Too many bytes for one call.
    MessageBytes,
    /// Too many calls that wait in the session.
    PendingCalls,
    /// Too many names being looked up in the session.
    PendingLookups,
    /// A connect took longer than the bridge waits.
    ConnectTime,
    /// Too many distinct targets within a minute.
    TargetsPerMinute,
    /// The bridge does not make this call at all.
    NotOffered,
}

/// Whether real packets can be shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capture {
    /// Yes.
    On,
    /// No, and why (a sentence for a log; the page words its own from `Missing`'s kind).
    Off(String),
}

/// Limits of a session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Limits {
    /// Open sockets at once.
    pub sockets: u32,
    /// Bytes of one message or one receive.
    pub message_bytes: u32,
    /// Calls that wait at once.
    pub pending_calls: u32,
    /// Milliseconds that a connect may take.
    pub connect_ms: u32,
    /// Seconds without any message after which the session ends.
    pub idle_s: u32,
}

/// One call as the kernel really saw it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KernelStep {
    /// The call's text, e.g. `connect(…) = -1 EINPROGRESS`.
    pub text: String,
    /// Since the session began, nanoseconds.
    pub at_ns: u64,
}

/// `TCP_INFO`; a field that this kernel's structure does not reach is `None`.
#[allow(missing_docs)] // named as in linux/tcp.h, units last
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct TcpInfo {
    /// `ESTABLISHED`, `SYN_SENT`, … as the kernel names it.
    pub state: String,
    pub retransmits: Option<u32>,
    pub options: Option<u32>,
    pub snd_wscale: Option<u32>,
    pub rcv_wscale: Option<u32>,
    pub rto_us: Option<u32>,
    pub snd_mss: Option<u32>,
    pub rcv_mss: Option<u32>,
    pub unacked: Option<u32>,
    pub lost: Option<u32>,
    pub retrans: Option<u32>,
    pub rtt_us: Option<u32>,
    pub rttvar_us: Option<u32>,
    pub snd_ssthresh: Option<u32>,
    pub snd_cwnd: Option<u32>,
    pub rcv_space: Option<u32>,
    pub total_retrans: Option<u32>,
    pub bytes_acked: Option<u64>,
    pub bytes_received: Option<u64>,
    pub segs_out: Option<u32>,
    pub segs_in: Option<u32>,
    pub notsent_bytes: Option<u32>,
    pub min_rtt_us: Option<u32>,
    pub bytes_sent: Option<u64>,
    pub bytes_retrans: Option<u64>,
    pub snd_wnd: Option<u32>,
    pub rcv_wnd: Option<u32>,
}
