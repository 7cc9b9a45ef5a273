//! TCP as Linux 6.18 speaks it, without I/O and without a clock.
//!
//! What to read: RFC 9293 (TCP), RFC 5681/6582/9438 (congestion), RFC 6298 (RTO), RFC 2018/6675
//! (SACK), RFC 8985 (RACK-TLP), RFC 7323 (timestamps, window scale), RFC 5961 (challenge ACKs).
//! Where Linux differs from an RFC we follow Linux and the code says so.
//!
//! - [`Tcb`]: one connection, with the RFC's variables by their names.
//! - `calls`: what the program asks (§3.10.1–§3.10.6).
//! - `arrives`: SEGMENT ARRIVES (§3.10.7), one function a step; `backlog`: during a call.
//! - `send`, `receive`: segmentation, Nagle, windows; reassembly, announcements, delayed ACKs.
//! - `recovery`, `undo`, `congestion`: loss detection and repair; Reno and CUBIC with HyStart.
//! - `timers`: everything that waits.
//! - [`listener`]: SYN queue and accept queue.
//!
//! - `sysctl`: the host's settings by name.
//!
//! Not modelled: ECN and AccECN, pacing and TSQ (and with it auto-corking, and `fq`), Fast
//! Open, `MSG_ZEROCOPY`, transmit time stamps, MPTCP, MD5/AO, MTU probing, SYN cookies, `tcp_mem`
//! pressure, `tcp_shrink_window`, receive buffers that grow with out-of-order data, the measured
//! degree of reordering.

mod arrives;
mod backlog;
mod calls;
mod congestion;
mod event;
mod info;
pub mod listener;
mod receive;
mod recovery;
mod segment;
mod send;
mod seq;
mod sysctl;
mod timers;
mod undo;

pub use arrives::Arrived;
pub use calls::Open;
pub use congestion::Algorithm;
pub use event::{Event, Ignored, Sample, StateWhy};
pub use info::Info;
pub use segment::{Flags, Options, SackBlocks, Segment};
pub use seq::{Seq, SeqRange};
pub use sysctl::{SYSCTLS, Setting};
pub use timers::{Timer, Timers};

use crate::net::{Cause, Wake};
use crate::wire::Shared;
use abi::Errno;
use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// One millisecond in nanoseconds.
pub const MS: u64 = 1_000_000;
/// One second in nanoseconds.
pub const SECOND: u64 = 1000 * MS;

/// One tick of a kernel at 250 Hz: the least that a timer set to zero or one waits.
const TICK_NS: u64 = 4 * MS;

/// The states of RFC 9293 §3.3.2, displayed with the RFC's spelling.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[allow(missing_docs)]
pub enum State {
    #[default]
    Closed,
    Listen,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            State::Closed => "CLOSED",
            State::Listen => "LISTEN",
            State::SynSent => "SYN-SENT",
            State::SynReceived => "SYN-RECEIVED",
            State::Established => "ESTABLISHED",
            State::FinWait1 => "FIN-WAIT-1",
            State::FinWait2 => "FIN-WAIT-2",
            State::CloseWait => "CLOSE-WAIT",
            State::Closing => "CLOSING",
            State::LastAck => "LAST-ACK",
            State::TimeWait => "TIME-WAIT",
        })
    }
}

impl State {
    /// The number in `tcpi_state` and `/proc/net/tcp` (`include/net/tcp_states.h`).
    pub fn linux(self) -> u8 {
        match self {
            State::Established => 1,
            State::SynSent => 2,
            State::SynReceived => 3,
            State::FinWait1 => 4,
            State::FinWait2 => 5,
            State::TimeWait => 6,
            State::Closed => 7,
            State::CloseWait => 8,
            State::LastAck => 9,
            State::Listen => 10,
            State::Closing => 11,
        }
    }

    /// Whether the handshake is complete and no reset or last ACK has ended the connection.
    pub fn is_synchronized(self) -> bool {
        !matches!(self, State::Closed | State::Listen | State::SynSent | State::SynReceived)
    }
}

/// `net.ipv4.tcp_*` and `net.core.*` of Linux 6.18, with its defaults on a machine of 23 GB.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    /// `tcp_syn_retries`.
    pub syn_retries: u32,
    /// `tcp_syn_linear_timeouts`: how many SYN timeouts pass before they double (since 6.5).
    pub syn_linear_timeouts: u32,
    /// `tcp_synack_retries`.
    pub synack_retries: u32,
    /// `tcp_retries2`: how long data is retransmitted before the connection is given up.
    pub retries2: u32,
    /// `tcp_orphan_retries`; 0 means 8.
    pub orphan_retries: u32,
    /// `tcp_fin_timeout`: an orphan's FIN-WAIT-2, nanoseconds.
    pub fin_timeout_ns: u64,
    /// `tcp_keepalive_time`, nanoseconds.
    pub keepalive_time_ns: u64,
    /// `tcp_keepalive_intvl`, nanoseconds.
    pub keepalive_intvl_ns: u64,
    /// `tcp_keepalive_probes`.
    pub keepalive_probes: u32,
    /// `tcp_rmem`: minimum, default, maximum receive buffer, bytes.
    pub rmem: [u32; 3],
    /// `tcp_wmem`: minimum, default, maximum send buffer, bytes.
    pub wmem: [u32; 3],
    /// `net.core.rmem_max`, bytes.
    pub rmem_max: u32,
    /// `net.core.wmem_max`, bytes.
    pub wmem_max: u32,
    /// `net.core.somaxconn`.
    pub somaxconn: u32,
    /// `tcp_abort_on_overflow`.
    pub abort_on_overflow: bool,
    /// `tcp_sack`.
    pub sack: bool,
    /// `tcp_timestamps`.
    pub timestamps: bool,
    /// `tcp_window_scaling`.
    pub window_scaling: bool,
    /// `tcp_congestion_control`.
    pub congestion: Algorithm,
    /// `tcp_rto_min_us`, nanoseconds.
    pub rto_min_ns: u64,
    /// `tcp_rto_max_ms`, nanoseconds.
    pub rto_max_ns: u64,
    /// `tcp_slow_start_after_idle`.
    pub slow_start_after_idle: bool,
    /// `tcp_frto`: find out whether a timeout was spurious.
    pub frto: bool,
    /// `tcp_early_retrans` = 3: tail loss probes.
    pub early_retrans: bool,
    /// `tcp_invalid_ratelimit`: between two answers to unacceptable segments, nanoseconds.
    pub invalid_ratelimit_ns: u64,
    /// `tcp_moderate_rcvbuf`: receive-buffer tuning.
    pub moderate_rcvbuf: bool,
    /// `tcp_min_tso_segs`: segments that may leave together even on a slow path.
    pub min_tso_segs: u32,
    /// `tcp_reordering`: duplicate ACKs before a fast retransmit.
    pub reordering: u32,
    /// `ip_local_port_range`, both inclusive.
    pub port_range: (u16, u16),
}

impl Default for Config {
    fn default() -> Config {
        Config {
            syn_retries: 6,
            syn_linear_timeouts: 4,
            synack_retries: 5,
            retries2: 15,
            orphan_retries: 0,
            fin_timeout_ns: 60 * SECOND,
            keepalive_time_ns: 7200 * SECOND,
            keepalive_intvl_ns: 75 * SECOND,
            keepalive_probes: 9,
            rmem: [4096, 131_072, 33_554_432],
            wmem: [4096, 16_384, 4_194_304],
            rmem_max: 4_194_304,
            wmem_max: 4_194_304,
            somaxconn: 4096,
            abort_on_overflow: false,
            sack: true,
            timestamps: true,
            window_scaling: true,
            congestion: Algorithm::Cubic,
            rto_min_ns: 200 * MS,
            rto_max_ns: 120 * SECOND,
            slow_start_after_idle: true,
            frto: true,
            early_retrans: true,
            invalid_ratelimit_ns: 500 * MS,
            moderate_rcvbuf: true,
            min_tso_segs: 2,
            reordering: 3,
            port_range: (32_768, 60_999),
        }
    }
}

/// How long TIME-WAIT lasts on Linux (`TCP_TIMEWAIT_LEN`), nanoseconds.
pub const TIME_WAIT_NS: u64 = 60 * SECOND;

/// What the program set on the socket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SockOpts {
    /// `SO_KEEPALIVE`.
    pub keepalive: bool,
    /// `TCP_KEEPIDLE`, nanoseconds.
    pub keepidle_ns: Option<u64>,
    /// `TCP_KEEPINTVL`, nanoseconds.
    pub keepintvl_ns: Option<u64>,
    /// `TCP_KEEPCNT`.
    pub keepcnt: Option<u32>,
    /// `TCP_SYNCNT`.
    pub syncnt: Option<u32>,
    /// `TCP_LINGER2`, nanoseconds; `Some(None)` is −1: no FIN-WAIT-2 for orphans.
    pub linger2_ns: Option<Option<u64>>,
    /// `TCP_USER_TIMEOUT`, nanoseconds.
    pub user_timeout_ns: Option<u64>,
    /// `TCP_NODELAY`.
    pub nodelay: bool,
    /// `TCP_CORK`.
    pub cork: bool,
    /// `TCP_MAXSEG`.
    pub maxseg: Option<u16>,
    /// `TCP_DEFER_ACCEPT`, seconds.
    pub defer_accept_s: u32,
    /// `TCP_WINDOW_CLAMP`, bytes; 0: none.
    pub window_clamp: u32,
    /// `SO_RCVBUF`: kernel bytes (twice what was asked), if set.
    pub rcvbuf: Option<u32>,
    /// `SO_SNDBUF`: kernel bytes (twice what was asked), if set.
    pub sndbuf: Option<u32>,
    /// `SO_RCVLOWAT`.
    pub rcvlowat: u32,
    /// `SO_OOBINLINE`.
    pub oobinline: bool,
    /// `SO_PEEK_OFF`: where the next `MSG_PEEK` begins, bytes beyond what is read; negative: off.
    pub peek_off: i32,
    /// `SO_LINGER`: seconds.
    pub linger_s: Option<u32>,
    /// `TCP_CONGESTION`.
    pub congestion: Option<Algorithm>,
    /// `TCP_NOTSENT_LOWAT`, bytes.
    pub notsent_lowat: Option<u32>,
}

impl Default for SockOpts {
    fn default() -> SockOpts {
        SockOpts {
            keepalive: false,
            keepidle_ns: None,
            keepintvl_ns: None,
            keepcnt: None,
            syncnt: None,
            linger2_ns: None,
            user_timeout_ns: None,
            nodelay: false,
            cork: false,
            maxseg: None,
            defer_accept_s: 0,
            window_clamp: 0,
            rcvbuf: None,
            sndbuf: None,
            rcvlowat: 1,
            oobinline: false,
            peek_off: -1,
            linger_s: None,
            congestion: None,
            notsent_lowat: None,
        }
    }
}

/// What a call, an arrival or a timer causes.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Effects {
    /// Segments to transmit, in order.
    pub segments: Vec<(Segment, Cause)>,
    /// What happened and why.
    pub events: Vec<Event>,
    /// Who is to be woken.
    pub wakes: Vec<Wake>,
}

impl Effects {
    fn wake(&mut self, wake: Wake) {
        // Each `sk_data_ready` is a signal to an owner that has asked for them.
        if wake == Wake::Readable || self.wakes.last() != Some(&wake) {
            self.wakes.push(wake);
        }
    }
}

/// What every step needs besides the connection.
#[derive(Debug)]
pub struct Cx<'a> {
    /// The host's time, nanoseconds.
    pub now_ns: u64,
    /// The host's settings.
    pub config: &'a Config,
    /// Where effects go.
    pub fx: &'a mut Effects,
}

/// A segment's worth of the send queue: Linux's `sk_buff`.
#[derive(Clone, PartialEq, Debug)]
struct Skb {
    seq: Seq,
    /// SYN, FIN, PSH (and ACK on a SYN+ACK).
    flags: Flags,
    data: Shared,
    /// When it was last transmitted.
    sent_ns: u64,
    /// How often it was retransmitted.
    retransmits: u8,
    /// The peer has it (SACK).
    sacked: bool,
    /// It is taken for lost and not retransmitted since.
    lost: bool,
    /// A retransmission of it is in flight.
    retrans_out: bool,
    /// It begins one of Linux's larger buffers, which leave, and are sent again, as one burst.
    starts_burst: bool,
    /// The program ended a record here (`MSG_EOR`): nothing later is put into the same segment.
    eor: bool,
}

impl Skb {
    fn end(&self) -> Seq {
        self.seq
            + self.data.len() as u32
            + u32::from(self.flags.syn())
            + u32::from(self.flags.fin())
    }
}

/// Data that has arrived.
#[derive(Clone, PartialEq, Debug)]
struct Chunk {
    seq: Seq,
    data: Shared,
    fin: bool,
    truesize: u32,
    /// Else it was joined to the buffer before it (`tcp_try_coalesce`).
    starts_buffer: bool,
    /// It had PSH.
    pushed: bool,
}

impl Chunk {
    fn end(&self) -> Seq {
        self.seq + self.data.len() as u32 + u32::from(self.fin)
    }
}

/// The urgent byte (`tcp_urg`): at most one at a time, as on BSD.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Urgent {
    #[default]
    None,
    /// Announced, its byte has not arrived.
    NotYet(Seq),
    /// Here, unread.
    Valid(Seq, u8),
    /// Read out of band, not yet passed in the stream.
    Read(Seq),
}

impl Urgent {
    fn seq(self) -> Option<Seq> {
        match self {
            Urgent::None => None,
            Urgent::NotYet(seq) | Urgent::Valid(seq, _) | Urgent::Read(seq) => Some(seq),
        }
    }
}

/// Which directions the program, the peer or an error has shut (`sk_shutdown`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Shut {
    /// `RCV_SHUTDOWN`.
    pub read: bool,
    /// `SEND_SHUTDOWN`.
    pub write: bool,
}

/// The delayed-ACK machinery of Linux (`icsk_ack`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct AckState {
    /// An ACK is owed.
    scheduled: bool,
    /// It is owed at once.
    now: bool,
    /// A small or pushed segment arrived; a second one.
    pushed: bool,
    pushed2: bool,
    /// ACKs to be sent without delay.
    quick: u32,
    /// Interactive session: answers carry ACKs.
    pingpong: u8,
    /// The delayed ACK's timeout, nanoseconds; zero before any data.
    ato_ns: u64,
    /// When data last arrived.
    lrcvtime_ns: u64,
    /// The peer's segment size as seen.
    rcv_mss: u32,
    last_seg_size: u32,
}

/// Duplicate ACKs that are held back (`compressed_ack`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Compressed {
    /// RCV.NXT of the duplicates.
    rcv_nxt: Seq,
    /// How many were sent at once.
    duplicates: u32,
    /// How many are held back.
    count: u32,
}

/// One connection. The variables of RFC 9293 §3.3.1 bear their names.
#[derive(Clone, PartialEq, Debug)]
pub struct Tcb {
    /// Our address.
    pub local: SocketAddr,
    /// The peer's.
    pub peer: SocketAddr,
    /// Where in the diagram.
    pub state: State,
    /// What the program set.
    pub opts: SockOpts,

    /// SND.UNA: oldest unacknowledged.
    pub snd_una: Seq,
    /// SND.NXT: next to be sent.
    pub snd_nxt: Seq,
    /// SND.WND, bytes (scaled).
    pub snd_wnd: u32,
    /// SND.WL1: SEG.SEQ of the last window update. Linux keeps no SND.WL2: it compares SEG.ACK
    /// with SND.UNA.
    pub snd_wl1: Seq,
    /// SND.UP: after the urgent byte.
    pub snd_up: Seq,
    /// ISS.
    pub iss: Seq,
    /// The end of what the program has given (`write_seq`).
    pub write_seq: Seq,
    /// The largest window the peer has announced, bytes.
    pub max_window: u32,

    /// RCV.NXT: next expected.
    pub rcv_nxt: Seq,
    /// RCV.WND as last announced, bytes.
    pub rcv_wnd: u32,
    /// RCV.NXT when the window was last announced.
    pub rcv_wup: Seq,
    /// The right edge of the window that was announced before that, and when it was replaced,
    /// nanoseconds.
    rcv_edge: (Seq, u64),
    /// IRS.
    pub irs: Seq,
    /// The next byte that the program will read.
    pub copied_seq: Seq,

    /// The peer's MSS option, bounded by `TCP_MAXSEG`.
    mss_clamp: u32,
    /// What we announce.
    advmss: u32,
    /// Path MTU, bytes.
    pmtu: u32,
    /// Bytes a segment carries (without timestamps' room), `mss_cache`.
    mss_cache: u32,
    /// Both sides sent the option.
    wscale_ok: bool,
    sack_ok: bool,
    ts_ok: bool,
    snd_wscale: u8,
    rcv_wscale: u8,
    /// TS.Recent and when it was set.
    ts_recent: u32,
    ts_recent_ns: u64,
    /// Added to the clock, so that hosts' clocks do not leak (RFC 7323 §7.1).
    ts_offset: u32,

    window_clamp: u32,
    rcv_ssthresh: u32,
    scaling_ratio: u8,
    rcvbuf: u32,
    sndbuf: u32,
    rmem: u32,
    /// Bytes of skbs in the send queues, with their overhead.
    wmem: u32,
    rcvq_seq: Seq,
    rcvq_time_ns: u64,
    rcvq_space: u32,
    rcv_rtt_ns: u64,
    rcv_rtt_seq: Seq,
    rcv_rtt_time_ns: u64,
    rcv_rtt_last_ecr: u32,

    backlog: backlog::Backlog,
    unsent: VecDeque<Skb>,
    /// Sent and not acknowledged: the retransmission queue.
    rtx: VecDeque<Skb>,
    /// End of the last small segment (Minshall's Nagle).
    snd_sml: Seq,
    pushed_seq: Seq,
    nagle_push: bool,
    nospace: bool,
    limits: info::Limits,

    queue: VecDeque<Chunk>,
    /// Segments in the last buffer of the queue.
    tail_frags: u8,
    /// The first of them had PSH and ends there.
    tail_lone_end: Option<Seq>,
    ooo: Vec<Chunk>,
    sacks: Vec<SeqRange>,
    dsack: Option<SeqRange>,
    urgent: Urgent,

    ack: AckState,
    compressed: Compressed,
    last_oow_ack_ns: Option<u64>,

    srtt_ns: u64,
    mdev_ns: u64,
    rttvar_ns: u64,
    mdev_max_ns: u64,
    rtt_seq: Seq,
    min_rtt_ns: u64,
    rto_ns: u64,
    backoff: u32,
    retransmits: u32,
    total_rto: u32,
    retrans_stamp_ns: Option<u64>,
    probes_out: u32,
    probes_stamp_ns: Option<u64>,
    rcv_tstamp_ns: u64,
    lsndtime_ns: u64,
    /// When the last burst left.
    wstamp_ns: u64,

    recovery: recovery::Recovery,
    cong: congestion::Control,

    /// The timers' deadlines.
    pub timers: Timers,

    /// `sk_err`: the pending error.
    err: Option<Errno>,
    /// `sk_err_soft`: what an ICMP message said.
    err_soft: Option<Errno>,
    /// `sk_shutdown`.
    pub shut: Shut,
    /// `SOCK_DONE`: the peer's FIN was taken.
    done: bool,
    /// `SOCK_DEAD`: the program has closed it.
    orphan: bool,
    /// In [`State::TimeWait`]: the substate is FIN-WAIT-2, for an orphan (`tw_substate`).
    fin_wait2_orphan: bool,

    count: info::Counters,
}

impl Default for Tcb {
    fn default() -> Tcb {
        Tcb::new(&Config::default())
    }
}

impl Tcb {
    /// An unconnected one, CLOSED.
    pub fn new(config: &Config) -> Tcb {
        let nowhere = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
        Tcb {
            local: nowhere,
            peer: nowhere,
            state: State::Closed,
            opts: SockOpts::default(),
            snd_una: Seq(0),
            snd_nxt: Seq(0),
            snd_wnd: 0,
            snd_wl1: Seq(0),
            snd_up: Seq(0),
            iss: Seq(0),
            write_seq: Seq(0),
            max_window: 0,
            rcv_nxt: Seq(0),
            rcv_wnd: 0,
            rcv_wup: Seq(0),
            rcv_edge: (Seq(0), 0),
            irs: Seq(0),
            copied_seq: Seq(0),
            mss_clamp: 536,
            advmss: 536,
            pmtu: 1500,
            mss_cache: 536,
            wscale_ok: false,
            sack_ok: false,
            ts_ok: false,
            snd_wscale: 0,
            rcv_wscale: 0,
            ts_recent: 0,
            ts_recent_ns: 0,
            ts_offset: 0,
            window_clamp: 0,
            rcv_ssthresh: 0,
            scaling_ratio: 128,
            rcvbuf: config.rmem[1],
            sndbuf: config.wmem[1],
            rmem: 0,
            wmem: 0,
            rcvq_seq: Seq(0),
            rcvq_time_ns: 0,
            rcvq_space: 0,
            rcv_rtt_ns: 0,
            rcv_rtt_seq: Seq(0),
            rcv_rtt_time_ns: 0,
            rcv_rtt_last_ecr: 0,
            backlog: backlog::Backlog::default(),
            unsent: VecDeque::new(),
            rtx: VecDeque::new(),
            snd_sml: Seq(0),
            pushed_seq: Seq(0),
            nagle_push: false,
            nospace: false,
            limits: info::Limits::default(),
            queue: VecDeque::new(),
            tail_frags: 0,
            tail_lone_end: None,
            ooo: Vec::new(),
            sacks: Vec::new(),
            dsack: None,
            urgent: Urgent::None,
            ack: AckState::default(),
            compressed: Compressed::default(),
            last_oow_ack_ns: None,
            srtt_ns: 0,
            mdev_ns: SECOND,
            rttvar_ns: 0,
            mdev_max_ns: 0,
            rtt_seq: Seq(0),
            min_rtt_ns: u64::MAX,
            rto_ns: SECOND,
            backoff: 0,
            retransmits: 0,
            total_rto: 0,
            retrans_stamp_ns: None,
            probes_out: 0,
            probes_stamp_ns: None,
            rcv_tstamp_ns: 0,
            lsndtime_ns: 0,
            wstamp_ns: 0,
            recovery: recovery::Recovery::default(),
            cong: congestion::Control::new(config.congestion),
            timers: Timers::default(),
            err: None,
            err_soft: None,
            shut: Shut::default(),
            done: false,
            orphan: false,
            fin_wait2_orphan: false,
            count: info::Counters::default(),
        }
    }

    /// Whether the program has closed it: it lives on until the protocol is done.
    pub fn is_orphan(&self) -> bool {
        self.orphan
    }

    /// The pending error, which stays pending.
    pub fn peek_error(&self) -> Option<Errno> {
        self.err
    }

    /// `sock_error`: takes the pending error.
    pub fn take_error(&mut self) -> Option<Errno> {
        self.err.take()
    }

    /// `SO_ERROR`: the pending error, else the soft one; either is cleared.
    pub fn take_so_error(&mut self) -> Option<Errno> {
        self.err.take().or_else(|| self.err_soft.take())
    }

    /// Bytes that the program can read.
    pub fn readable_bytes(&self) -> u32 {
        let fin = u32::from(self.done);
        self.copied_seq.until_or_zero(self.rcv_nxt).saturating_sub(fin)
    }

    /// `FIONREAD` (`tcp_inq`): the same, but only up to the urgent byte.
    pub fn readable_to_mark(&self) -> u32 {
        let ahead = self.urgent.seq().filter(|_| !self.opts.oobinline);
        let ahead = ahead.filter(|at| !at.before(self.copied_seq) && at.before(self.rcv_nxt));
        ahead.map_or_else(|| self.readable_bytes(), |at| self.copied_seq.until(at))
    }

    /// Bytes given by the program and not yet acknowledged (`SIOCOUTQ`).
    pub fn unacked_bytes(&self) -> u32 {
        self.snd_una.until_or_zero(self.write_seq)
    }

    /// Bytes given by the program and not yet sent (`SIOCOUTQNSD`).
    pub fn unsent_bytes(&self) -> u32 {
        self.snd_nxt.until_or_zero(self.write_seq)
    }

    /// Changes the state, saying why.
    fn set_state(&mut self, to: State, why: StateWhy, cx: &mut Cx<'_>) {
        if self.state != to {
            cx.fx.events.push(Event::State { from: self.state, to, why });
            self.state = to;
        }
    }

    /// `tcp_done`: the connection is over; what was received can still be read.
    fn finish(&mut self, why: StateWhy, cx: &mut Cx<'_>) {
        self.set_state(State::Closed, why, cx);
        self.timers.clear();
        self.unsent.clear();
        self.rtx.clear();
        self.wmem = 0;
        self.recovery.forget();
        self.shut = Shut { read: true, write: true };
        cx.fx.wake(Wake::State);
    }

    /// Ends the connection with an error for the program.
    fn fail(&mut self, errno: Errno, why: StateWhy, cx: &mut Cx<'_>) {
        self.err = Some(errno);
        cx.fx.wake(Wake::Error);
        self.finish(why, cx);
    }
}
