//! LISTEN: the SYN queue and the accept queue (RFC 9293 §3.10.7.2, `listen(2)`).
//!
//! As in Linux a connection being opened by a peer is only a small [`Request`] until the third
//! segment of the handshake; then it is a whole [`Tcb`] in the accept queue.
//!
//! Simplified: SYN cookies. When more than `backlog` handshakes are open, Linux keeps no state for
//! further ones and rebuilds it from the ACK; here such a request is kept but, as there, its
//! SYN+ACK is never sent again. Not modelled: Fast Open.

use super::{
    Config, Cx, Event, Flags, Info, Open, Options, SECOND, Segment, Seq, State, StateWhy, TICK_NS,
    Tcb, info,
};
use crate::net::Cause;
use std::net::SocketAddr;

/// How long a SYN cookie is good for, nanoseconds.
const COOKIE_NS: u64 = 120 * SECOND;
/// `tcp_max_syn_backlog`, and a bound for what a flood may cost.
const REQUESTS_MAX: usize = 2048;

/// A half-open connection (SYN-RECEIVED; `struct tcp_request_sock`).
#[derive(Clone, PartialEq, Debug)]
pub struct Request {
    /// Our address, as the SYN named it.
    pub local: SocketAddr,
    /// The peer's.
    pub peer: SocketAddr,
    /// The peer's ISN.
    pub irs: Seq,
    /// Ours.
    pub iss: Seq,
    /// What SYN and SYN+ACK agreed on.
    options: Options,
    wnd: u32,
    rcv_wnd: u32,
    rcv_wscale: u8,
    window_clamp: u32,
    mtu: u32,
    ts_offset: u32,
    /// How often the SYN+ACK's timer ran out.
    pub timeouts: u32,
    /// How often the SYN+ACK was sent again by it.
    pub retransmits: u32,
    /// The third segment of the handshake came, but `TCP_DEFER_ACCEPT` waits for data.
    acked: bool,
    last_oow_ack_ns: Option<u64>,
    /// When it will be next, nanoseconds.
    pub timeout_at_ns: u64,
    sent_ns: u64,
    /// Answered by a SYN cookie.
    cookie: bool,
}

/// What a listening socket keeps besides its options.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Listener {
    /// `listen(2)`'s backlog after clamping to `somaxconn`.
    pub backlog: u32,
    /// Half-open connections, oldest first.
    pub requests: Vec<Request>,
    /// Completed connections that wait for `accept(2)`, oldest first.
    pub accepted: std::collections::VecDeque<crate::net::SocketId>,
}

/// What a request made of a segment.
#[derive(Clone, PartialEq, Debug)]
pub enum Progress {
    /// The handshake is complete: a connection that must still take the segment.
    Established(Box<Tcb>),
    /// Answered or ignored.
    Done,
    /// The request is gone.
    Dropped,
    /// Not for this request: as if there were none.
    Reset,
}

impl Listener {
    /// A listener with a backlog as passed to `listen(2)`; negative ones count as huge.
    pub fn new(backlog: i32, config: &Config) -> Listener {
        Listener { backlog: (backlog as u32).min(config.somaxconn), ..Listener::default() }
    }

    /// `sk_acceptq_is_full`: one more than the backlog fits.
    pub fn is_full(&self) -> bool {
        self.accepted.len() as u32 > self.backlog
    }

    fn overflow(&self) -> Event {
        Event::ListenOverflow { queued: self.accepted.len() as u32, backlog: self.backlog }
    }

    /// The next SYN+ACK timeout.
    pub fn poll_at(&self) -> Option<u64> {
        self.requests.iter().map(|request| request.timeout_at_ns).min()
    }

    /// The request of a peer.
    pub fn request(&self, local: SocketAddr, peer: SocketAddr) -> Option<usize> {
        self.requests.iter().position(|r| r.peer == peer && r.local == local)
    }

    /// `TCP_INFO` of a listener: `tcpi_unacked` is the accept queue's length, `tcpi_sacked` the
    /// backlog.
    pub fn info(&self) -> Info {
        Info {
            state: State::Listen,
            unacked: self.accepted.len() as u32,
            sacked: self.backlog,
            ..Info::default()
        }
    }

    /// A SYN for this listener (`tcp_conn_request`); `template` has the options that children
    /// inherit. A full accept queue or SYN queue drops it silently.
    pub fn syn_arrives(&mut self, segment: &Segment, open: Open, template: &Tcb, cx: &mut Cx<'_>) {
        if self.is_full() || self.requests.len() >= REQUESTS_MAX {
            cx.fx.events.push(self.overflow());
            return;
        }
        let cookie = self.requests.len() as u32 > self.backlog;
        let timestamps = segment.options.timestamp.filter(|_| cx.config.timestamps);
        let scaling = segment.options.wscale.filter(|_| cx.config.window_scaling);
        let mut child = template.clone();
        child.state = State::SynReceived;
        child.start(open, cx);
        let mss = child.advmss.saturating_sub(if timestamps.is_some() { 12 } else { 0 });
        child.select_initial_window(mss, scaling.is_some(), cx);
        let request = Request {
            local: open.local,
            peer: open.peer,
            irs: segment.seq,
            iss: open.iss,
            options: Options {
                mss: segment.options.mss,
                wscale: scaling,
                sack_ok: segment.options.sack_ok && cx.config.sack,
                timestamp: timestamps,
                ..Options::default()
            },
            wnd: u32::from(segment.wnd),
            rcv_wnd: child.rcv_wnd,
            rcv_wscale: child.rcv_wscale,
            window_clamp: child.window_clamp,
            mtu: open.mtu,
            ts_offset: open.ts_offset,
            timeouts: 0,
            retransmits: 0,
            acked: false,
            last_oow_ack_ns: None,
            timeout_at_ns: cx.now_ns + if cookie { COOKIE_NS } else { SECOND },
            sent_ns: cx.now_ns,
            cookie,
        };
        // The listener stays in LISTEN: this is the state of the connection that may come of it.
        let (from, to) = (State::Listen, State::SynReceived);
        cx.fx.events.push(Event::State { from, to, why: StateWhy::SynArrived });
        request.send_syn_ack(child.advmss, cx);
        self.requests.push(request);
    }

    /// A segment for the request at `index` (`tcp_check_req`).
    pub fn request_arrives(
        &mut self,
        index: usize,
        segment: &Segment,
        template: &Tcb,
        cx: &mut Cx<'_>,
    ) -> Progress {
        let request = &mut self.requests[index];
        let flags = segment.flags;
        // The SYN again: the SYN+ACK again, and its timer starts anew.
        if segment.seq == request.irs && flags.syn() && !flags.ack() && !flags.rst() {
            if request.may_answer(cx) {
                let advmss = request.advmss(template);
                request.send_syn_ack(advmss, cx);
                // A timer of this tick runs all the same.
                if request.timeout_at_ns > cx.now_ns + TICK_NS {
                    request.timeout_at_ns = cx.now_ns + (SECOND << request.timeouts);
                }
            }
            return Progress::Done;
        }
        let expected = request.irs + 1;
        let window_end = expected + request.rcv_wnd;
        // RFC 5961 §3.2: a RST in the window that is not exact is asked about, whatever it acknowledges.
        if flags.rst() && segment.seq.after(expected) && segment.seq.before(window_end) {
            if request.may_answer(cx) {
                request.send_ack(cx);
            }
            return Progress::Done;
        }
        if flags.ack() && segment.ack != request.iss + 1 {
            return Progress::Reset;
        }
        let in_window = segment.seq == expected
            || (segment.end().after(expected) && segment.seq.before(window_end));
        if !in_window {
            if !flags.rst() && request.may_answer(cx) {
                request.send_ack(cx);
            }
            return Progress::Done;
        }
        if flags.rst() || flags.syn() {
            if let Some(reset) = segment.reset_for() {
                cx.fx.segments.push((reset, Cause::Reset));
            }
            self.requests.remove(index);
            return Progress::Dropped;
        }
        if !flags.ack() {
            return Progress::Done;
        }
        if request.timeouts < defer_accept_timeouts(template.opts.defer_accept_s)
            && segment.end() == expected
        {
            // "While TCP_DEFER_ACCEPT is active, drop bare ACK."
            request.acked = true;
            return Progress::Done;
        }
        if self.is_full() {
            cx.fx.events.push(self.overflow());
            if !cx.config.abort_on_overflow {
                // The peer believes that it is connected; its data will be answered by another
                // SYN+ACK.
                return Progress::Done;
            }
            if let Some(reset) = segment.reset_for() {
                cx.fx.segments.push((reset, Cause::Reset));
            }
            self.requests.remove(index);
            return Progress::Dropped;
        }
        let request = self.requests.remove(index);
        Progress::Established(Box::new(request.into_tcb(template, cx)))
    }

    /// SYN+ACK timeouts (`reqsk_timer_handler`): at 1, 3, 7, 15 and 31 seconds, given up at 63.
    pub fn timers_due(&mut self, template: &Tcb, cx: &mut Cx<'_>) -> Vec<SynAckAgain> {
        let mut sent = Vec::new();
        let (now_ns, retries) = (cx.now_ns, cx.config.synack_retries);
        let defer = defer_accept_timeouts(template.opts.defer_accept_s);
        self.requests.retain(|r| {
            let expired = r.timeouts >= retries && (!r.acked || r.timeouts >= defer);
            r.timeout_at_ns > now_ns || (!r.cookie && !expired)
        });
        for request in self.requests.iter_mut().filter(|r| r.timeout_at_ns <= now_ns) {
            // Not while waiting for data; but once more before the wait ends (`syn_ack_recalc`).
            let resend = defer == 0 || !request.acked || request.timeouts + 1 >= defer;
            request.timeouts += 1;
            let wait_ns = (SECOND << request.timeouts).min(cx.config.rto_max_ns);
            request.timeout_at_ns = now_ns + wait_ns;
            if !resend {
                continue;
            }
            request.retransmits += 1;
            let advmss = request.advmss(template);
            let from = cx.fx.segments.len();
            request.send_syn_ack(advmss, cx);
            for (segment, _) in cx.fx.segments.drain(from..) {
                sent.push(SynAckAgain { local: request.local, peer: request.peer, segment });
            }
        }
        sent
    }
}

/// A segment of one of several requests.
#[derive(Clone, PartialEq, Debug)]
pub struct SynAckAgain {
    /// From.
    pub local: SocketAddr,
    /// To.
    pub peer: SocketAddr,
    /// What.
    pub segment: Segment,
}

/// `TCP_DEFER_ACCEPT` in timeouts of the SYN+ACK (`secs_to_retrans`).
fn defer_accept_timeouts(seconds: u32) -> u32 {
    let (mut timeouts, mut timeout_s, mut period_s) = (0, 1, 0);
    while period_s < seconds && timeouts < 255 {
        timeouts += 1;
        period_s += timeout_s;
        timeout_s = (timeout_s * 2).min(120);
    }
    timeouts
}

/// What `getsockopt(TCP_DEFER_ACCEPT)` reads back: the same, in seconds (`retrans_to_secs`).
pub fn defer_accept_read_back(seconds: u32) -> u32 {
    (0..defer_accept_timeouts(seconds)).map(|n| (1u32 << n.min(7)).min(120)).sum()
}

impl Request {
    /// `tcp_oow_rate_limited`.
    fn may_answer(&mut self, cx: &Cx<'_>) -> bool {
        let limit_ns = cx.config.invalid_ratelimit_ns;
        let recent = |last: u64| cx.now_ns.saturating_sub(last) < limit_ns;
        if self.last_oow_ack_ns.is_some_and(recent) {
            return false;
        }
        self.last_oow_ack_ns = Some(cx.now_ns);
        true
    }

    fn advmss(&self, template: &Tcb) -> u32 {
        let ip_and_tcp = match self.peer {
            SocketAddr::V6(v6) if v6.ip().to_ipv4_mapped().is_none() => 60,
            _ => 40,
        };
        let user = template.opts.maxseg.map_or(u32::MAX, u32::from);
        (self.mtu.min(0xffff) - ip_and_tcp).min(user).min(0xffff)
    }

    /// SYN+ACK (RFC 9293 §3.10.7.2 third check).
    fn send_syn_ack(&self, advmss: u32, cx: &mut Cx<'_>) {
        let options = Options {
            mss: Some(advmss as u16),
            wscale: self.options.wscale.map(|_| self.rcv_wscale),
            sack_ok: self.options.sack_ok,
            timestamp: self.timestamp(cx),
            ..Options::default()
        };
        let segment = Segment {
            seq: self.iss,
            ack: self.irs + 1,
            flags: Flags::SYN | Flags::ACK,
            wnd: self.rcv_wnd.min(0xffff) as u16,
            options,
            ..Segment::default()
        };
        cx.fx.segments.push((segment, Cause::SynAck));
    }

    fn timestamp(&self, cx: &Cx<'_>) -> Option<(u32, u32)> {
        let (value, _) = self.options.timestamp?;
        Some((info::timestamp(cx.now_ns, self.ts_offset), value))
    }

    /// The answer to a segment out of the window (`tcp_v4_reqsk_send_ack`).
    fn send_ack(&self, cx: &mut Cx<'_>) {
        let options = Options { timestamp: self.timestamp(cx), ..Options::default() };
        let segment = Segment {
            seq: self.iss + 1,
            ack: self.irs + 1,
            flags: Flags::ACK,
            wnd: (self.rcv_wnd >> self.rcv_wscale) as u16,
            options,
            ..Segment::default()
        };
        cx.fx.segments.push((segment, Cause::ChallengeAck));
    }

    /// The whole connection, in SYN-RECEIVED; it takes the ACK itself
    /// (`tcp_create_openreq_child`).
    fn into_tcb(self, template: &Tcb, cx: &mut Cx<'_>) -> Tcb {
        let mut child = template.clone();
        let open = Open {
            local: self.local,
            peer: self.peer,
            iss: self.iss,
            ts_offset: self.ts_offset,
            mtu: self.mtu,
            ts_recent: None,
        };
        child.state = State::SynReceived;
        child.start(open, cx);
        (child.snd_nxt, child.write_seq) = (self.iss + 1, self.iss + 1);
        (child.snd_sml, child.pushed_seq) = (self.iss + 1, self.iss + 1);
        child.irs = self.irs;
        (child.rcv_nxt, child.rcv_wup, child.copied_seq) =
            (self.irs + 1, self.irs + 1, self.irs + 1);
        (child.rcv_wnd, child.rcv_ssthresh) = (self.rcv_wnd, self.rcv_wnd);
        (child.rcv_wscale, child.window_clamp) = (self.rcv_wscale, self.window_clamp);
        child.wscale_ok = self.options.wscale.is_some();
        child.snd_wscale = self.options.wscale.unwrap_or(0).min(14);
        child.sack_ok = self.options.sack_ok;
        child.snd_wnd = self.wnd;
        child.max_window = self.wnd;
        child.snd_wl1 = self.irs;
        child.mss_clamp = child.mss_clamp.min(self.options.mss.map_or(536, u32::from)).max(1);
        if let Some((value, _)) = self.options.timestamp {
            child.ts_ok = true;
            child.ts_recent = value;
            child.ts_recent_ns = cx.now_ns;
            child.advmss = child.advmss.saturating_sub(12);
        }
        child.sync_mss();
        child.init_rcv_mss();
        child.total_rto = self.retransmits;
        if self.retransmits == 0 {
            child.rtt_measured(cx.now_ns - self.sent_ns, cx);
        }
        child
    }
}
