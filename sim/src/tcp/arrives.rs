//! SEGMENT ARRIVES (RFC 9293 §3.10.7), step by step, with Linux's choices.
//!
//! LISTEN (§3.10.7.2) is [`super::listener`]'s; CLOSED (§3.10.7.1) is
//! [`Segment::reset_for`]. Not modelled: the security check (§3.10.7.4 third check), which Linux
//! does not have either.

use super::recovery::AckReport;
use super::{Cx, Event, Ignored, Segment, Seq, State, StateWhy, TIME_WAIT_NS, Tcb, Timer};
use crate::net::{Cause, Wake};
use abi::Errno;

/// What to do with an unacceptable ACK.
enum BadAck {
    /// It acknowledges something never sent, or is far too old.
    Unacceptable,
}

/// What the caller has to do after a segment arrived.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrived {
    /// Nothing more to do.
    Done,
    /// A new SYN may reuse the connection: a listener should take it (§3.10.7.4 first check).
    NewSyn,
}

impl Tcb {
    /// SEGMENT ARRIVES for every state but LISTEN. In TIME-WAIT a SYN may ask for reuse.
    pub fn segment_arrives(&mut self, segment: &Segment, cx: &mut Cx<'_>) -> Arrived {
        self.count.segs_in += 1;
        if self.waits_for_call(cx) {
            self.backlog.add(segment, cx.now_ns);
            return Arrived::Done;
        }
        self.arrives(segment, cx)
    }

    pub(super) fn arrives(&mut self, segment: &Segment, cx: &mut Cx<'_>) -> Arrived {
        match self.state {
            State::Closed | State::Listen => {
                if let Some(reset) = segment.reset_for() {
                    cx.fx.segments.push((reset, Cause::Reset));
                }
            }
            State::SynSent => self.arrives_syn_sent(segment, cx),
            State::TimeWait => return self.arrives_time_wait(segment, cx),
            State::FinWait2 if self.fin_wait2_orphan => return self.arrives_time_wait(segment, cx),
            _ => self.arrives_otherwise(segment, cx),
        }
        Arrived::Done
    }

    // ---- SYN-SENT (§3.10.7.3)

    fn arrives_syn_sent(&mut self, segment: &Segment, cx: &mut Cx<'_>) {
        // First, check the ACK bit.
        if segment.flags.ack() && !self.syn_sent_ack_acceptable(segment, cx) {
            return;
        }
        // Second, check the RST bit.
        if segment.flags.rst() {
            if segment.flags.ack() {
                // The peer refuses: "connection reset", ECONNREFUSED for the program.
                self.fail(Errno::ECONNREFUSED, StateWhy::ResetArrived, cx);
            }
            return;
        }
        // Fourth, check the SYN bit.
        if !segment.flags.syn() {
            return;
        }
        self.take_syn(segment, cx);
        if segment.flags.ack() { self.syn_acked(segment, cx) } else { self.crossed_syns(cx) }
    }

    /// "If SEG.ACK =< ISS or SEG.ACK > SND.NXT, send a reset (unless the RST bit is set) and
    /// discard." Linux also sends its SYN again at once instead of waiting for the timer.
    fn syn_sent_ack_acceptable(&mut self, segment: &Segment, cx: &mut Cx<'_>) -> bool {
        let acceptable = segment.ack.after(self.snd_una) && !segment.ack.after(self.snd_nxt);
        let echo_ours = match segment.options.timestamp {
            Some((_, ecr)) if ecr != 0 => self.echo_is_ours(ecr, cx),
            _ => true,
        };
        if acceptable && echo_ours {
            return true;
        }
        if !acceptable && self.retransmits == 0 {
            self.timers.xmit = Some((Timer::Retransmit, cx.now_ns + 2 * super::TICK_NS));
        }
        if segment.flags.rst() {
            cx.fx.events.push(Event::Ignored { why: Ignored::ResetOfAnother });
        } else if let Some(reset) = segment.reset_for() {
            cx.fx.segments.push((reset, Cause::Reset));
        }
        false
    }

    /// RCV.NXT, IRS and the options of the peer's SYN.
    fn take_syn(&mut self, segment: &Segment, cx: &mut Cx<'_>) {
        let options = &segment.options;
        self.irs = segment.seq;
        self.rcv_nxt = segment.seq + 1;
        self.rcv_wup = self.rcv_nxt;
        self.copied_seq = self.rcv_nxt;
        self.snd_wl1 = segment.seq;
        self.snd_wnd = u32::from(segment.wnd);
        self.max_window = self.snd_wnd;
        self.mss_clamp = options.mss.map_or(536, u32::from).max(1);
        if let Some(user) = self.opts.maxseg {
            self.mss_clamp = self.mss_clamp.min(u32::from(user));
        }
        self.sack_ok = options.sack_ok && cx.config.sack;
        self.wscale_ok = options.wscale.is_some() && cx.config.window_scaling;
        if self.wscale_ok {
            self.snd_wscale = options.wscale.unwrap_or(0).min(14);
        } else {
            self.rcv_wscale = 0;
            self.window_clamp = self.window_clamp.min(0xffff);
        }
        if let Some((value, _)) = options.timestamp.filter(|_| cx.config.timestamps) {
            self.ts_ok = true;
            self.advmss = self.advmss.saturating_sub(12);
            self.ts_recent = value;
            self.ts_recent_ns = cx.now_ns;
        }
        self.sync_mss();
        self.init_rcv_mss();
    }

    /// Our SYN is acknowledged: ESTABLISHED, and an ACK.
    fn syn_acked(&mut self, segment: &Segment, cx: &mut Cx<'_>) {
        self.snd_una = segment.ack;
        let report = AckReport { una_advanced: true, ..AckReport::default() };
        self.retransmits = 0;
        self.process_ack(&[], tsecr(segment), report, cx);
        self.become_established(cx);
        cx.fx.wake(Wake::Connected);
        if self.opts.keepalive {
            self.timers.keepalive_ns = Some(cx.now_ns + self.keepalive_time_ns(cx));
        }
        if !self.ack_waits_for_data() {
            self.send_ack(Cause::Ack, cx);
        } else {
            self.delay_handshake_ack(cx);
        }
        self.data_snd_check(cx);
    }

    fn ack_waits_for_data(&self) -> bool {
        self.opts.defer_accept_s > 0 || !self.quickack()
    }

    /// A SYN without ACK: both opened at once. SYN-RECEIVED, and SYN+ACK with the same ISS.
    fn crossed_syns(&mut self, cx: &mut Cx<'_>) {
        self.set_state(State::SynReceived, StateWhy::SynArrived, cx);
        if let Some(skb) = self.rtx.front_mut() {
            skb.flags = skb.flags | super::Flags::ACK;
        }
        let flags = super::Flags::SYN | super::Flags::ACK;
        self.transmit(self.iss, flags, super::Shared::default(), Cause::SynAck, cx);
    }

    /// What begins with the connection (`tcp_init_transfer`).
    pub(super) fn become_established(&mut self, cx: &mut Cx<'_>) {
        self.set_state(State::Established, StateWhy::SynAcked, cx);
        self.init_buffer_space(cx);
        self.lsndtime_ns = cx.now_ns;
        self.rcv_tstamp_ns = cx.now_ns;
        self.ack.lrcvtime_ns = cx.now_ns;
        self.retrans_stamp_ns = None;
        self.snd_up = self.snd_una;
        // RFC 5681 §3.1: after a lost SYN the initial window is one segment; Linux forgives one.
        let undeserved = self.recovery.undo_marker.is_none();
        let initial = super::congestion::INITIAL_CWND;
        self.cong.cwnd = if self.total_rto > 1 && !undeserved { 1 } else { initial };
        self.cong.ssthresh = super::congestion::INFINITE_SSTHRESH;
        self.recovery.forget();
        self.timers.xmit = None;
        if self.srtt_ns == 0 {
            self.rto_ns = super::SECOND;
        }
    }

    // ---- all other states (§3.10.7.4)

    fn arrives_otherwise(&mut self, segment: &Segment, cx: &mut Cx<'_>) {
        if !segment.flags.ack() && !segment.flags.rst() && !segment.flags.syn() {
            cx.fx.events.push(Event::Ignored { why: Ignored::NoAck });
            return;
        }
        if !self.check_sequence(segment, cx)
            || !self.check_reset(segment, cx)
            || !self.check_syn(segment, cx)
        {
            return;
        }
        if !segment.flags.ack() {
            cx.fx.events.push(Event::Ignored { why: Ignored::NoAck });
            return;
        }
        if !self.check_ack(segment, cx) {
            return;
        }
        self.urgent_arrives(segment, cx);
        if !self.check_text(segment, cx) {
            return;
        }
        if self.state != State::Closed && self.state != State::TimeWait {
            self.data_snd_check(cx);
            self.ack_snd_check(cx);
        }
    }

    /// First, check the sequence number; before it PAWS (RFC 7323 §5.3 R1).
    fn check_sequence(&mut self, segment: &Segment, cx: &mut Cx<'_>) -> bool {
        if self.is_paws_reject(segment, cx) && !segment.flags.rst() {
            cx.fx.events.push(Event::Ignored { why: Ignored::Paws });
            if segment.flags.syn() {
                self.challenge_ack(cx);
            } else {
                self.duplicate_ack(segment, cx);
            }
            return false;
        }
        // Linux's test (`tcp_sequence`): some of it is in the window, counted from what was
        // last acknowledged.
        let old = segment.end().before(self.rcv_wup);
        let beyond = segment.seq.after(self.rcv_nxt + self.receive_window());
        if !old && !beyond {
            return true;
        }
        let why = if old { Ignored::OldDuplicate } else { Ignored::BeyondWindow };
        cx.fx.events.push(Event::Ignored { why });
        if segment.flags.rst() {
            if self.reset_matches_fin(segment) {
                self.reset_arrives(cx);
            }
        } else if segment.flags.syn() {
            self.challenge_ack(cx);
        } else {
            // "If an incoming segment is not acceptable, an acknowledgment should be sent."
            self.duplicate_ack(segment, cx);
        }
        false
    }

    fn is_paws_reject(&self, segment: &Segment, cx: &Cx<'_>) -> bool {
        let Some((value, _)) = segment.options.timestamp.filter(|_| self.ts_ok) else {
            return false;
        };
        let older = (value.wrapping_sub(self.ts_recent) as i32) < 0;
        // TS.Recent is worth nothing after 24 days (RFC 7323 §5.5).
        let fresh = cx.now_ns.saturating_sub(self.ts_recent_ns) < 24 * 86_400 * super::SECOND;
        older && fresh && self.ts_recent != 0 && !self.is_disordered_ack(segment, value)
    }

    /// A pure ACK that was overtaken is no attack (`tcp_disordered_ack`).
    fn is_disordered_ack(&self, segment: &Segment, value: u32) -> bool {
        segment.seq == self.rcv_nxt
            && segment.is_empty()
            && segment.ack == self.snd_una
            && self.ts_recent.wrapping_sub(value) as i32 <= (self.rto_ns / super::MS) as i32
    }

    /// Second, check the RST bit, exactly (RFC 5961 §3.2).
    fn check_reset(&mut self, segment: &Segment, cx: &mut Cx<'_>) -> bool {
        if !segment.flags.rst() {
            return true;
        }
        let rightmost = self.sacks.iter().map(|range| range.end).reduce(Seq::max);
        if segment.seq == self.rcv_nxt
            || self.reset_matches_fin(segment)
            || rightmost == Some(segment.seq)
        {
            self.reset_arrives(cx);
        } else {
            cx.fx.events.push(Event::Ignored { why: Ignored::ResetNotExact });
            self.challenge_ack(cx);
        }
        false
    }

    /// A RST right before RCV.NXT after the peer's FIN (`tcp_reset_check`).
    fn reset_matches_fin(&self, segment: &Segment) -> bool {
        segment.seq == self.rcv_nxt - 1
            && matches!(self.state, State::CloseWait | State::LastAck | State::Closing)
    }

    /// The reset is believed (`tcp_reset`): which error depends on the state.
    fn reset_arrives(&mut self, cx: &mut Cx<'_>) {
        let errno = match self.state {
            State::CloseWait => Errno::EPIPE,
            _ => Errno::ECONNRESET,
        };
        self.ooo.clear();
        self.fail(errno, StateWhy::ResetArrived, cx);
    }

    /// Fourth, check the SYN bit: a challenge ACK (RFC 5961 §4.2).
    fn check_syn(&mut self, segment: &Segment, cx: &mut Cx<'_>) -> bool {
        if !segment.flags.syn() {
            return true;
        }
        // Crossed SYNs: the peer's SYN+ACK repeats the SYN that we took.
        if self.state == State::SynReceived
            && segment.flags.ack()
            && segment.seq + 1 == self.rcv_nxt
            && segment.ack == self.snd_nxt
        {
            return true;
        }
        cx.fx.events.push(Event::Ignored { why: Ignored::SynInWindow });
        self.challenge_ack(cx);
        false
    }

    /// Fifth, check the ACK field.
    fn check_ack(&mut self, segment: &Segment, cx: &mut Cx<'_>) -> bool {
        let in_handshake = self.state == State::SynReceived;
        if in_handshake && (!segment.ack.after(self.snd_una) || segment.ack.after(self.snd_nxt)) {
            // "If the segment acknowledgment is not acceptable, form a reset segment."
            if segment.ack.after(self.snd_nxt)
                && let Some(reset) = segment.reset_for()
            {
                cx.fx.segments.push((reset, Cause::Reset));
            }
            return false;
        }
        if self.take_ack(segment, cx).is_err() {
            cx.fx.events.push(Event::Ignored { why: Ignored::BadAck });
            self.challenge_ack(cx);
            return false;
        }
        let fin_acked = self.snd_una == self.write_seq;
        match self.state {
            // ACK of our SYN: the connection is established.
            State::SynReceived => self.syn_received_acked(segment, cx),
            // ACK of our FIN in FIN-WAIT-1: continue in FIN-WAIT-2.
            State::FinWait1 if fin_acked => return self.fin_wait_1_acked(segment, cx),
            // ACK of our FIN in CLOSING: TIME-WAIT.
            State::Closing if fin_acked => {
                self.enter_time_wait(StateWhy::FinAcked, cx);
                return false;
            }
            // ACK of our FIN in LAST-ACK: the connection is gone.
            State::LastAck if fin_acked => {
                self.finish(StateWhy::FinAcked, cx);
                return false;
            }
            _ => {}
        }
        true
    }

    fn syn_received_acked(&mut self, segment: &Segment, cx: &mut Cx<'_>) {
        self.become_established(cx);
        self.snd_una = segment.ack;
        self.snd_up = self.snd_una;
        self.snd_wnd = u32::from(segment.wnd) << self.snd_wscale;
        self.max_window = self.max_window.max(self.snd_wnd);
        self.snd_wl1 = segment.seq;
        self.sync_mss();
        self.init_rcv_mss();
        if self.opts.keepalive {
            self.timers.keepalive_ns = Some(cx.now_ns + self.keepalive_time_ns(cx));
        }
        cx.fx.wake(Wake::Connected);
        if self.shut.write {
            // The program shut the connection down during the handshake.
            self.set_state(State::FinWait1, StateWhy::Close, cx);
            self.send_fin(cx);
        }
    }

    /// Returns whether the segment's text is still to be looked at.
    fn fin_wait_1_acked(&mut self, segment: &Segment, cx: &mut Cx<'_>) -> bool {
        self.set_state(State::FinWait2, StateWhy::FinAcked, cx);
        self.shut.write = true;
        if !self.orphan {
            cx.fx.wake(Wake::State);
            return true;
        }
        if self.has_new_text(segment) {
            // Data for a socket that nobody can read: reset (RFC 9293 §3.6.1, Linux too).
            self.answer_with_reset(segment, cx);
            self.finish(StateWhy::ResetSent, cx);
            return false;
        }
        if segment.flags.fin() {
            return true;
        }
        self.wait_for_fin(cx);
        false
    }

    fn answer_with_reset(&mut self, segment: &Segment, cx: &mut Cx<'_>) {
        if let Some(reset) = segment.reset_for() {
            cx.fx.segments.push((reset, Cause::Reset));
        }
    }

    fn has_new_text(&self, segment: &Segment) -> bool {
        !segment.payload.is_empty()
            && (segment.seq + segment.payload.len() as u32).after(self.rcv_nxt)
    }

    /// `tcp_ack`: acceptability, window update, the retransmission queue.
    fn take_ack(&mut self, segment: &Segment, cx: &mut Cx<'_>) -> Result<(), BadAck> {
        let prior_una = self.snd_una;
        let ack = segment.ack;
        if ack.before(prior_una) {
            // RFC 5961 §5.2: too old by more than the largest window is an attack.
            if ack.before(prior_una - self.max_window.min(self.snd_una.0.wrapping_sub(self.iss.0)))
            {
                return Err(BadAck::Unacceptable);
            }
            if !segment.options.sack.as_slice().is_empty() {
                let report = AckReport { has_data: true, ..AckReport::default() };
                self.process_ack(segment.options.sack.as_slice(), None, report, cx);
            }
            return Ok(());
        }
        if ack.after(self.snd_nxt) {
            return Err(BadAck::Unacceptable);
        }
        let una_advanced = ack.after(prior_una);
        if una_advanced {
            self.retransmits = 0;
        }
        self.update_ts_recent(segment, cx);
        self.snd_una = ack;
        self.count.bytes_acked += u64::from(prior_una.until(ack));
        let report = AckReport {
            una_advanced,
            has_data: !segment.is_empty(),
            window_update: self.update_window(segment, prior_una, cx),
            ..AckReport::default()
        };
        if segment.is_empty() {
            self.rcv_rtt_last_ecr = tsecr(segment).unwrap_or(0);
        }
        self.err_soft = None;
        self.probes_out = 0;
        self.rcv_tstamp_ns = cx.now_ns;
        self.process_ack(segment.options.sack.as_slice(), tsecr(segment), report, cx);
        if self.snd_up.before(self.snd_una) {
            self.snd_up = self.snd_una;
        }
        if self.rtx.is_empty() && self.unsent.is_empty() {
            self.limits.idle(cx.now_ns);
        }
        Ok(())
    }

    /// TS.Recent moves with segments at the left edge (RFC 7323 §4.3).
    fn update_ts_recent(&mut self, segment: &Segment, cx: &Cx<'_>) {
        if let Some((value, _)) = segment.options.timestamp.filter(|_| self.ts_ok)
            && !segment.seq.after(self.rcv_wup)
            && (value.wrapping_sub(self.ts_recent) as i32) >= 0
        {
            self.ts_recent = value;
            self.ts_recent_ns = cx.now_ns;
        }
    }

    /// "If SND.WL1 < SEG.SEQ or (SND.WL1 = SEG.SEQ and SND.WL2 =< SEG.ACK), set SND.WND"; Linux
    /// also takes a larger window of the same ACK (`tcp_may_update_window`).
    fn update_window(&mut self, segment: &Segment, prior_una: Seq, _cx: &mut Cx<'_>) -> bool {
        let window = u32::from(segment.wnd) << self.snd_wscale;
        let newer = segment.ack.after(prior_una)
            || segment.seq.after(self.snd_wl1)
            || (segment.seq == self.snd_wl1 && (window > self.snd_wnd || window == 0));
        if !newer {
            return false;
        }
        self.snd_wl1 = segment.seq;
        if self.snd_wnd == window {
            return false;
        }
        self.snd_wnd = window;
        if window > self.max_window {
            self.max_window = window;
            self.sync_mss();
        }
        true
    }

    /// Seventh and eighth: the text and FIN. Returns whether the connection goes on.
    fn check_text(&mut self, segment: &Segment, cx: &mut Cx<'_>) -> bool {
        match self.state {
            // "This should not occur": the peer sent FIN already.
            State::CloseWait | State::Closing | State::LastAck
                if segment.seq.before(self.rcv_nxt) || segment.is_empty() =>
            {
                if !segment.is_empty() {
                    self.queue_text(segment, cx);
                }
            }
            State::CloseWait | State::Closing | State::LastAck => {}
            State::FinWait1 | State::FinWait2 if self.shut.read && self.has_new_text(segment) => {
                self.answer_with_reset(segment, cx);
                self.fail(Errno::ECONNRESET, StateWhy::ResetSent, cx);
                return false;
            }
            _ => self.queue_text(segment, cx),
        }
        true
    }

    // ---- TIME-WAIT, and an orphan's FIN-WAIT-2 (`tcp_timewait_state_process`)

    fn arrives_time_wait(&mut self, segment: &Segment, cx: &mut Cx<'_>) -> Arrived {
        let paws = self.is_paws_reject(segment, cx);
        if self.fin_wait2_orphan {
            self.arrives_fin_wait_2_orphan(segment, paws, cx);
            return Arrived::Done;
        }
        if !paws && segment.seq == self.rcv_nxt && (segment.is_empty() || segment.flags.rst()) {
            if segment.flags.rst() {
                // TIME-WAIT assassination (RFC 1337): Linux allows it.
                self.finish(StateWhy::ResetArrived, cx);
            } else {
                self.timers.wait = Some((Timer::TimeWait, cx.now_ns + TIME_WAIT_NS));
                self.update_ts_recent(segment, cx);
            }
            return Arrived::Done;
        }
        // A SYN beyond what was received may open the connection anew.
        let only_syn = segment.flags.syn() && !segment.flags.rst() && !segment.flags.ack();
        let newer_clock = segment.options.timestamp.is_some_and(|(value, _)| {
            self.ts_ok && (self.ts_recent.wrapping_sub(value) as i32) < 0
        });
        if only_syn && !paws && (segment.seq.after(self.rcv_nxt) || newer_clock) {
            return Arrived::NewSyn;
        }
        if !segment.flags.rst() {
            if paws || segment.flags.ack() {
                self.timers.wait = Some((Timer::TimeWait, cx.now_ns + TIME_WAIT_NS));
            }
            // "The only thing that can arrive is a retransmission of the FIN. Acknowledge it."
            if self.may_answer_oow(cx) {
                self.send_ack(Cause::Ack, cx);
            }
        }
        Arrived::Done
    }

    fn arrives_fin_wait_2_orphan(&mut self, segment: &Segment, paws: bool, cx: &mut Cx<'_>) {
        let window_end = self.rcv_nxt + self.receive_window();
        let in_window = segment.seq == window_end && segment.is_empty()
            || segment.end().after(self.rcv_nxt) && segment.seq.before(window_end)
            || segment.seq == self.rcv_nxt;
        if paws || !in_window {
            if !segment.flags.rst() && self.may_answer_oow(cx) {
                self.send_ack(Cause::Ack, cx);
            }
            return;
        }
        if segment.flags.rst() {
            return self.finish(StateWhy::ResetArrived, cx);
        }
        let answered_by_reset = segment.flags.syn() && !segment.seq.before(self.rcv_nxt);
        if !answered_by_reset {
            if !segment.flags.ack() || !segment.end().after(self.rcv_nxt) || segment.is_empty() {
                return;
            }
            if segment.flags.fin() && segment.end() == self.rcv_nxt + 1 {
                // FIN arrived: enter true TIME-WAIT.
                self.rcv_nxt = segment.end();
                self.update_ts_recent(segment, cx);
                self.enter_time_wait(StateWhy::FinArrived, cx);
                return self.send_ack(Cause::Ack, cx);
            }
        }
        // "New data … after half-duplex close, reset."
        if let Some(reset) = segment.reset_for() {
            cx.fx.segments.push((reset, Cause::Reset));
        }
        self.finish(StateWhy::ResetSent, cx);
    }

    // ---- answers

    /// `tcp_oow_rate_limited`: not more than one answer to strange segments every 500 ms.
    fn may_answer_oow(&mut self, cx: &Cx<'_>) -> bool {
        let limit_ns = cx.config.invalid_ratelimit_ns;
        if self.last_oow_ack_ns.is_some_and(|last| cx.now_ns.saturating_sub(last) < limit_ns) {
            return false;
        }
        self.last_oow_ack_ns = Some(cx.now_ns);
        true
    }

    /// RFC 5961: an ACK that makes an honest peer tell the truth.
    pub(super) fn challenge_ack(&mut self, cx: &mut Cx<'_>) {
        if self.may_answer_oow(cx) {
            self.send_ack(Cause::ChallengeAck, cx);
        }
    }

    /// `tcp_send_dupack`. Data is always answered, bare ACKs within the rate limit.
    fn duplicate_ack(&mut self, segment: &Segment, cx: &mut Cx<'_>) {
        if segment.is_empty() && !self.may_answer_oow(cx) {
            return;
        }
        if !segment.is_empty() && segment.seq.before(self.rcv_nxt) {
            self.enter_quickack();
            let end = segment.end().min(self.rcv_nxt);
            self.report_duplicate(segment.seq, end);
        }
        self.send_ack(Cause::DuplicateAck, cx);
    }

    // ---- ICMP

    /// An ICMP error about this connection (`tcp_v4_err`): fatal during the handshake, otherwise
    /// a note that `SO_ERROR` shows (RFC 1122 §4.2.3.9).
    pub fn icmp_error(&mut self, errno: Errno, seq: Seq, cx: &mut Cx<'_>) {
        let in_flight = !seq.before(self.snd_una) && !seq.after(self.snd_nxt);
        match self.state {
            State::Closed | State::Listen | State::TimeWait => {}
            _ if !in_flight => {}
            // The call that sent it has the connection: only noted (`sock_owned_by_user`).
            _ if self.backlog.is_held(cx.now_ns) => self.err_soft = Some(errno),
            State::SynSent | State::SynReceived => self.fail(errno, StateWhy::Icmp, cx),
            _ => self.err_soft = Some(errno),
        }
    }
}

fn tsecr(segment: &Segment) -> Option<u32> {
    segment.options.timestamp.map(|(_, ecr)| ecr)
}
