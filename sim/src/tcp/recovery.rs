//! Loss: what the peer has, what is taken for lost, what is sent again.
//!
//! What to read: RFC 6675 and RFC 2018 (SACK), RFC 8985 (RACK-TLP), RFC 6937 (PRR), RFC 6582
//! (NewReno, for peers without SACK). Follows Linux's state machine (`tcp_fastretrans_alert`):
//! Open, Disorder, Recovery, Loss; a reduction that turns out to be wrong is undone (RFC 3522
//! Eifel, RFC 3708 D-SACK, RFC 5682 F-RTO). Not modelled: SACK reneging, ECN's CWR.

use super::send::start_buffer;
use super::{Cx, Event, Seq, SeqRange, Skb, State, Tcb, Timer};
use crate::net::Cause;
use std::collections::VecDeque;

/// Linux's congestion states (`tcp_ca_state`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) enum Phase {
    /// All is well.
    #[default]
    Open,
    /// Something looks out of order.
    Disorder,
    /// Fast retransmit happened.
    Recovery,
    /// The RTO ran out.
    Loss,
}

/// The scoreboard and its counters, in segments.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Recovery {
    pub(super) phase: Phase,
    /// SND.NXT when the phase began: it ends when this is acknowledged.
    pub(super) high_seq: Seq,
    pub(super) sacked_out: u32,
    pub(super) lost_out: u32,
    pub(super) retrans_out: u32,
    pub(super) delivered: u32,
    /// PRR (RFC 6937).
    pub(super) prior_cwnd: u32,
    prr_delivered: u32,
    pub(super) prr_out: u32,
    /// A tail loss probe is out: SND.NXT then.
    pub(super) tlp_high_seq: Option<Seq>,
    /// The probe sent old data again.
    pub(super) tlp_retrans: bool,
    /// SND.UNA when the window was reduced: until it is undone or over.
    pub(super) undo_marker: Option<Seq>,
    /// Retransmissions that no D-SACK has called needless; `None` before the first.
    pub(super) undo_retrans: Option<u32>,
    /// The slow-start threshold before the reduction; 0: not to be restored.
    pub(super) prior_ssthresh: u32,
    /// F-RTO is finding out whether a timeout was spurious.
    pub(super) frto: bool,
    pub(super) rack: Rack,
    /// Reordering was seen: be patient.
    reordering_seen: bool,
    /// The end of the highest SACKed segment.
    highest_sacked: Option<Seq>,
}

/// RACK: the most recently sent segment that has arrived (RFC 8985 §5.2).
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Rack {
    sent_ns: u64,
    end: Seq,
    rtt_ns: u64,
    pub(super) advanced: bool,
}

impl Recovery {
    pub(super) fn forget(&mut self) {
        *self = Recovery { delivered: self.delivered, ..Recovery::default() };
    }

    pub(super) fn reduces_cwnd(&self) -> bool {
        self.phase == Phase::Recovery
    }

    pub(super) fn reduces_or_lost(&self) -> bool {
        self.phase >= Phase::Recovery
    }

    /// `tcpi_ca_state`.
    pub(super) fn linux_ca_state(&self) -> u8 {
        match self.phase {
            Phase::Open => 0,
            Phase::Disorder => 1,
            Phase::Recovery => 3,
            Phase::Loss => 4,
        }
    }

    /// Counts afresh after segments were cut.
    pub(super) fn recount(&mut self, rtx: &VecDeque<Skb>) {
        let count = |flag: fn(&Skb) -> bool| rtx.iter().filter(|skb| flag(skb)).count() as u32;
        self.sacked_out = count(|skb| skb.sacked);
        self.lost_out = count(|skb| skb.lost);
        self.retrans_out = count(|skb| skb.retrans_out);
    }
}

/// What one ACK told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct AckReport {
    pub(super) una_advanced: bool,
    pub(super) has_data: bool,
    pub(super) window_update: bool,
    pub(super) newly_acked: u32,
    pub(super) newly_sacked: u32,
    pub(super) set_xmit_timer: bool,
    pub(super) dsack: bool,
    pub(super) acked_data: bool,
    /// Something never sent again has arrived that was sent before the timeout
    /// (`FLAG_ORIG_SACK_ACKED`).
    pub(super) orig_arrived: bool,
    /// The echoed timestamp.
    pub(super) tsecr: u32,
}

/// What to send after an ACK (`REXMIT_*`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    Nothing,
    Lost,
    /// F-RTO sends new data first.
    New,
}

impl Tcb {
    /// Segments in the network (RFC 6675 "pipe").
    pub(super) fn in_flight(&self) -> u32 {
        let left = self.recovery.sacked_out + self.recovery.lost_out;
        (self.rtx.len() as u32 + self.recovery.retrans_out).saturating_sub(left)
    }

    /// Takes an acceptable ACK into account, after SND.UNA was advanced (`tcp_ack`'s second half).
    pub(super) fn process_ack(
        &mut self,
        sack: &[SeqRange],
        tsecr: Option<u32>,
        mut report: AckReport,
        cx: &mut Cx<'_>,
    ) {
        let had_packets = !self.rtx.is_empty();
        self.recovery.rack.advanced = false;
        report.tsecr = tsecr.filter(|_| self.ts_ok).unwrap_or(0);
        if !sack.is_empty() && self.sack_ok {
            self.take_sacks(sack, &mut report, cx);
        }
        if !had_packets {
            return self.window_after_probe(cx);
        }
        self.clean_rtx_queue(tsecr, &mut report, cx);
        if let Some(until) = self.recovery.tlp_high_seq.filter(|until| !self.snd_una.before(*until))
        {
            self.tail_probe_answered(until, &report, cx);
        }
        let duplicate =
            !report.una_advanced && !report.has_data && !report.window_update && !report.dsack;
        let dubious = duplicate || report.newly_sacked > 0 || self.recovery.phase != Phase::Open;
        let lost_before = self.recovery.lost_out;
        let mut again = Again::Nothing;
        if dubious {
            again = self.fast_retransmit_alert(duplicate, &mut report, cx);
        }
        if report.set_xmit_timer && !self.schedule_loss_probe(true, cx) {
            self.rearm_rto(cx);
        }
        let newly_lost = self.recovery.lost_out.saturating_sub(lost_before);
        let delivered = report.newly_acked + report.newly_sacked;
        self.recovery.delivered += delivered;
        if self.recovery.reduces_cwnd() {
            self.proportional_reduction(delivered, newly_lost, report.una_advanced);
        } else if report.acked_data {
            self.cong.acked(report.newly_acked, cx.now_ns);
        }
        match again {
            Again::Nothing => {}
            Again::Lost => self.retransmit_lost(Cause::FastRetransmit, cx),
            Again::New => {
                let high_seq = self.recovery.high_seq;
                self.push_pending(super::send::Push::Now, cx);
                if !self.snd_nxt.after(high_seq) {
                    self.recovery.frto = false;
                    self.retransmit_lost(Cause::FastRetransmit, cx);
                }
            }
        }
    }

    /// `tcp_process_tlp_ack` (RFC 8985 §7.4): a probe that repaired a loss counts as one.
    fn tail_probe_answered(&mut self, until: Seq, report: &AckReport, cx: &mut Cx<'_>) {
        if !self.recovery.tlp_retrans || report.dsack {
            self.recovery.tlp_high_seq = None;
        } else if self.snd_una.after(until) {
            self.recovery.tlp_high_seq = None;
            self.cong.ssthresh = self.cong.loss_threshold();
            self.cong.cwnd = self.cong.ssthresh;
            let (cwnd, ssthresh) = (self.cong.cwnd, self.cong.ssthresh);
            cx.fx.events.push(Event::ProbeRepaired { cwnd, ssthresh });
        } else if !report.una_advanced
            && !report.has_data
            && !report.window_update
            && report.newly_sacked == 0
        {
            self.recovery.tlp_high_seq = None;
        }
    }

    /// No data in flight: an ACK may have opened a zero window (`tcp_ack_probe`).
    fn window_after_probe(&mut self, cx: &mut Cx<'_>) {
        if self.unsent.is_empty() || !self.timers.is_xmit(Timer::Persist) {
            return;
        }
        if self.head_beyond_window() {
            self.set_persist(cx);
        } else {
            self.backoff = 0;
            self.probes_stamp_ns = None;
            self.timers.xmit = None;
            cx.fx.events.push(Event::WindowOpened { snd_wnd: self.snd_wnd });
        }
    }

    /// Marks what the peer says it has (`tcp_sacktag_write_queue`).
    fn take_sacks(&mut self, blocks: &[SeqRange], report: &mut AckReport, cx: &Cx<'_>) {
        let first = blocks[0];
        // A first block below the ACK, or inside the second, reports a duplicate (RFC 2883).
        if first.start.before(self.snd_una)
            || blocks.get(1).is_some_and(|second| second.covers(first))
        {
            report.dsack = true;
            self.count.dsack_dups += 1;
            let recovery = &mut self.recovery;
            if let (Some(marker), Some(left)) = (recovery.undo_marker, recovery.undo_retrans)
                && first.end.after(marker)
                && !first.end.after(self.snd_una)
            {
                let segments = first.len().div_ceil(self.mss_cache.max(1)).max(1);
                recovery.undo_retrans = Some(left.saturating_sub(segments));
            }
        }
        for index in 0..self.rtx.len() {
            let skb = &self.rtx[index];
            let range = SeqRange { start: skb.seq, end: skb.end() };
            let covered = blocks.iter().any(|block| {
                !block.end.after(self.snd_nxt)
                    && block.start.before(block.end)
                    && block.covers(range)
            });
            if covered && !skb.sacked {
                self.delivered_at(index, cx);
                let skb = &mut self.rtx[index];
                let untouched = skb.retransmits == 0 && !skb.end().after(self.recovery.high_seq);
                report.orig_arrived |= untouched;
                skb.sacked = true;
                if skb.lost {
                    skb.lost = false;
                    self.recovery.lost_out -= 1;
                }
                if skb.retrans_out {
                    skb.retrans_out = false;
                    self.recovery.retrans_out -= 1;
                }
                self.recovery.sacked_out += 1;
                report.newly_sacked += 1;
                // What is covered and what is not are no longer one buffer.
                if index == 0 || !self.rtx[index - 1].sacked {
                    self.wmem += start_buffer(&mut self.rtx, index);
                }
                if self.rtx.get(index + 1).is_some_and(|next| !next.sacked) {
                    self.wmem += start_buffer(&mut self.rtx, index + 1);
                }
            }
        }
    }

    /// A segment reached the peer: RACK's clock, and was it overtaken?
    fn delivered_at(&mut self, index: usize, cx: &Cx<'_>) {
        let skb = &self.rtx[index];
        let (end, sent_ns, retransmitted) = (skb.end(), skb.sent_ns, skb.retransmits > 0);
        let recovery = &mut self.recovery;
        if !retransmitted && recovery.highest_sacked.is_some_and(|high| end.before(high)) {
            recovery.reordering_seen = true;
            self.count.reord_seen = 1;
        }
        recovery.highest_sacked = Some(recovery.highest_sacked.map_or(end, |high| high.max(end)));
        let rtt_ns = cx.now_ns.saturating_sub(sent_ns);
        // An answer faster than any round trip answers the original, not the retransmission.
        if retransmitted && rtt_ns < self.min_rtt_ns {
            return;
        }
        recovery.rack.advanced = true;
        recovery.rack.rtt_ns = rtt_ns;
        if sent_after(sent_ns, end, recovery.rack.sent_ns, recovery.rack.end) {
            recovery.rack.sent_ns = sent_ns;
            recovery.rack.end = end;
        }
    }

    /// Removes what is acknowledged from the retransmission queue and measures the RTT
    /// (`tcp_clean_rtx_queue`; Karn's rule, RFC 6298 §3).
    fn clean_rtx_queue(&mut self, tsecr: Option<u32>, report: &mut AckReport, cx: &mut Cx<'_>) {
        let mut first_sent_ns = None;
        let mut last_sent_ns = None;
        let mut any_retransmitted = false;
        while let Some(skb) = self.rtx.front() {
            if skb.end().after(self.snd_una) {
                break;
            }
            if skb.retransmits > 0 {
                any_retransmitted = true;
            } else if !skb.sacked {
                first_sent_ns = first_sent_ns.or(Some(skb.sent_ns));
                last_sent_ns = Some(skb.sent_ns);
            }
            if !skb.sacked {
                let untouched = skb.retransmits == 0 && !skb.end().after(self.recovery.high_seq);
                report.orig_arrived |= untouched;
                self.delivered_at(0, cx);
                report.newly_acked += 1;
            }
            let Some(skb) = self.rtx.pop_front() else { break };
            if skb.sacked {
                self.recovery.sacked_out -= 1;
            }
            if skb.lost {
                self.recovery.lost_out -= 1;
            }
            if skb.retrans_out {
                self.recovery.retrans_out -= 1;
            }
            if !skb.flags.syn() {
                report.acked_data = true;
            }
            self.wmem = self.wmem.saturating_sub(skb.truesize());
            report.set_xmit_timer = true;
        }
        if !self.sack_ok {
            // Emulated SACKs (duplicate ACKs) cannot outnumber what is in flight.
            self.recovery.sacked_out = self.recovery.sacked_out.min(self.rtx.len() as u32);
        }
        if report.set_xmit_timer {
            let rtt_ns = match first_sent_ns {
                Some(sent_ns) if !any_retransmitted => Some(cx.now_ns - sent_ns),
                // A timestamp tells which transmission is answered (RFC 7323 §4.1).
                _ => tsecr.filter(|ecr| *ecr != 0 && self.ts_ok).map(|ecr| {
                    let ms = self.timestamp_now(cx).wrapping_sub(ecr);
                    (u64::from(ms.max(1)) * super::MS).min(cx.config.rto_max_ns)
                }),
            };
            if let Some(rtt_ns) = rtt_ns {
                self.rtt_measured(rtt_ns, cx);
            }
        }
        if let Some(sent_ns) = last_sent_ns.filter(|_| !any_retransmitted) {
            self.cong.rtt_sampled(&super::congestion::RttSample {
                rtt_ns: cx.now_ns - sent_ns,
                now_ns: cx.now_ns,
                snd_una: self.snd_una,
                snd_nxt: self.snd_nxt,
                pacing_rate: self.pacing_rate(),
            });
        }
        if self.rtx.is_empty() {
            self.recovery.sacked_out = 0;
            self.recovery.highest_sacked = None;
            self.timers.xmit = None;
        }
    }

    /// `tcp_fastretrans_alert`. Returns whether lost segments are to be sent again.
    fn fast_retransmit_alert(
        &mut self,
        duplicate: bool,
        report: &mut AckReport,
        cx: &mut Cx<'_>,
    ) -> Again {
        if self.rtx.is_empty() && self.recovery.phase == Phase::Open {
            return Again::Nothing;
        }
        let without_sack = !self.sack_ok;
        let over = !self.snd_una.before(self.recovery.high_seq);
        match self.recovery.phase {
            Phase::Open => self.retrans_stamp_ns = None,
            Phase::Recovery if over => {
                if without_sack {
                    self.recovery.sacked_out = 0;
                }
                if self.try_undo_recovery(report, cx) {
                    return Again::Nothing;
                }
                if self.recovery.undo_marker.is_some() {
                    self.cong.cwnd = self.cong.ssthresh.max(2);
                }
                cx.fx.events.push(Event::LeaveRecovery { cwnd: self.cong.cwnd });
            }
            _ => {}
        }
        if without_sack {
            if report.una_advanced {
                self.recovery.sacked_out = 0;
            } else if duplicate {
                self.add_emulated_sack();
            }
        }
        if duplicate {
            let count = self.recovery.sacked_out;
            cx.fx.events.push(Event::DuplicateAck { count });
        }
        let mut again = Again::Lost;
        match self.recovery.phase {
            Phase::Recovery => {
                if report.una_advanced && self.try_undo_partial(report, cx) {
                    return Again::Nothing;
                }
                self.try_undo_dsack(cx);
            }
            Phase::Loss => {
                again = self.process_loss(duplicate, report, cx);
                if self.recovery.phase == Phase::Loss {
                    self.identify_loss(report.una_advanced, cx);
                    return again;
                }
            }
            _ => {
                self.try_undo_dsack(cx);
            }
        }
        let timer_before = self.timers.xmit;
        self.identify_loss(report.una_advanced, cx);
        if self.timers.is_xmit(Timer::Reorder) && timer_before != self.timers.xmit {
            report.set_xmit_timer = false;
        }
        match self.recovery.phase {
            Phase::Recovery | Phase::Loss => {}
            Phase::Open | Phase::Disorder if self.recovery.lost_out > 0 => self.enter_recovery(cx),
            Phase::Open | Phase::Disorder => {
                let left_out = self.recovery.sacked_out + self.recovery.lost_out > 0;
                let retransmitted = self.rtx.iter().any(|skb| skb.retransmits > 0);
                self.recovery.phase =
                    if left_out || retransmitted { Phase::Disorder } else { Phase::Open };
                if !retransmitted {
                    self.retrans_stamp_ns = None;
                }
                return Again::Nothing;
            }
        }
        again
    }

    pub(super) fn add_emulated_sack(&mut self) {
        let holes = self.recovery.lost_out.max(1);
        let most = (self.rtx.len() as u32).saturating_sub(holes);
        self.recovery.sacked_out = (self.recovery.sacked_out + 1).min(most);
    }

    fn identify_loss(&mut self, una_advanced: bool, cx: &mut Cx<'_>) {
        if self.rtx.is_empty() {
            return;
        }
        if self.sack_ok {
            self.rack_detect_loss(cx);
            return;
        }
        // NewReno (RFC 6582): the third duplicate ACK, or a partial ACK, loses the head.
        let third = self.recovery.phase < Phase::Recovery
            && self.recovery.sacked_out >= cx.config.reordering;
        let partial = self.recovery.phase == Phase::Recovery && una_advanced;
        if third || partial {
            self.mark_lost(0);
        }
    }

    /// RFC 8985 §6.2: what was sent long enough before something that has arrived is lost.
    fn rack_detect_loss(&mut self, cx: &mut Cx<'_>) {
        if !self.recovery.rack.advanced {
            return;
        }
        let rack = self.recovery.rack.clone();
        let reordering_window_ns = self.reordering_window_ns(cx);
        let mut wait_ns: u64 = 0;
        for index in 0..self.rtx.len() {
            let skb = &self.rtx[index];
            if skb.sacked || (skb.lost && !skb.retrans_out) {
                continue;
            }
            if !sent_after(rack.sent_ns, rack.end, skb.sent_ns, skb.end()) {
                continue;
            }
            let due_ns = skb.sent_ns + rack.rtt_ns + reordering_window_ns;
            if due_ns <= cx.now_ns {
                self.mark_lost(index);
            } else {
                wait_ns = wait_ns.max(due_ns - cx.now_ns);
            }
        }
        if wait_ns > 0 {
            self.timers.xmit = Some((Timer::Reorder, cx.now_ns + wait_ns));
        }
    }

    fn reordering_window_ns(&self, cx: &Cx<'_>) -> u64 {
        let recovery = &self.recovery;
        if !recovery.reordering_seen
            && (recovery.phase >= Phase::Recovery || recovery.sacked_out >= cx.config.reordering)
        {
            return 0;
        }
        if self.min_rtt_ns == u64::MAX { 0 } else { (self.min_rtt_ns / 4).min(self.srtt_ns) }
    }

    fn mark_lost(&mut self, index: usize) {
        let skb = &mut self.rtx[index];
        if skb.sacked {
            return;
        }
        if skb.retrans_out {
            skb.retrans_out = false;
            self.recovery.retrans_out -= 1;
        }
        if !skb.lost {
            skb.lost = true;
            self.recovery.lost_out += 1;
        }
    }

    pub(super) fn mark_all_lost(&mut self) {
        for index in 0..self.rtx.len() {
            self.mark_lost(index);
        }
    }

    fn enter_recovery(&mut self, cx: &mut Cx<'_>) {
        self.init_undo();
        self.recovery.prior_ssthresh = self.current_ssthresh();
        self.recovery.tlp_high_seq = None;
        self.recovery.prior_cwnd = self.cong.cwnd;
        self.recovery.prr_delivered = 0;
        self.recovery.prr_out = 0;
        self.recovery.high_seq = self.snd_nxt;
        self.cong.ssthresh = self.cong.loss_threshold();
        self.recovery.phase = Phase::Recovery;
        let (ssthresh, until) = (self.cong.ssthresh, self.snd_nxt);
        cx.fx.events.push(Event::EnterRecovery { ssthresh, until });
    }

    /// PRR: during recovery the window follows what is delivered (RFC 6937).
    fn proportional_reduction(&mut self, delivered: u32, newly_lost: u32, una_advanced: bool) {
        let recovery = &mut self.recovery;
        if delivered == 0 || recovery.prior_cwnd == 0 {
            return;
        }
        recovery.prr_delivered += delivered;
        let (out, total) = (i64::from(recovery.prr_out), i64::from(recovery.prr_delivered));
        let in_flight = i64::from(self.in_flight());
        let ssthresh = i64::from(self.cong.ssthresh);
        let recovery = &self.recovery;
        let delta = ssthresh - in_flight;
        let mut count = if delta < 0 {
            let prior = i64::from(recovery.prior_cwnd);
            (ssthresh * total + prior - 1) / prior - out
        } else {
            let more = i64::from(una_advanced && newly_lost == 0);
            delta.min((total - out).max(i64::from(delivered)) + more)
        };
        // The first retransmission goes at once.
        count = count.max(i64::from(out == 0));
        self.cong.cwnd = (in_flight + count).max(1) as u32;
    }

    /// `tcp_enter_loss` (RFC 5681 §3.1): everything unacknowledged is taken for lost.
    pub(super) fn enter_loss(&mut self, cx: &mut Cx<'_>) {
        let recovery = &self.recovery;
        let fresh = recovery.phase <= Phase::Disorder
            || !recovery.high_seq.after(self.snd_una)
            || (recovery.phase == Phase::Loss && self.retransmits == 0);
        if !self.sack_ok {
            self.recovery.sacked_out = 0;
        }
        for index in 0..self.rtx.len() {
            // What was sent a moment ago may still arrive (`tcp_rack_skb_timeout`).
            let skb = &self.rtx[index];
            let recent = self.sack_ok
                && index > 0
                && self.recovery.rack.rtt_ns > 0
                && skb.sent_ns + self.recovery.rack.rtt_ns > cx.now_ns;
            if !recent {
                self.mark_lost(index);
            }
        }
        if fresh {
            self.recovery.prior_ssthresh = self.current_ssthresh();
            self.init_undo();
            self.recovery.prior_cwnd = self.cong.cwnd;
            self.cong.ssthresh = self.cong.loss_threshold();
            self.cong.timed_out();
            let ssthresh = self.cong.ssthresh;
            if self.state.is_synchronized() {
                cx.fx.events.push(Event::EnterLoss { ssthresh });
            }
        }
        self.cong.cwnd = self.in_flight() + 1;
        // F-RTO: unless this is a second timeout of the same recovery.
        self.recovery.frto = cx.config.frto
            && (self.recovery.phase <= Phase::Disorder
                || !self.recovery.high_seq.after(self.snd_una)
                || self.retransmits > 0);
        self.recovery.phase = Phase::Loss;
        self.recovery.high_seq = self.snd_nxt;
        self.recovery.tlp_high_seq = None;
    }

    /// Sends lost segments again, as far as the window allows (`tcp_xmit_retransmit_queue`).
    pub(super) fn retransmit_lost(&mut self, cause: Cause, cx: &mut Cx<'_>) {
        if self.state == State::SynSent {
            return;
        }
        let burst_max = self.burst_max(cx);
        let mut index = 0;
        while index < self.rtx.len() {
            let room = self.cong.cwnd.saturating_sub(self.in_flight()) as usize;
            if self.recovery.lost_out <= self.recovery.retrans_out || room == 0 {
                break;
            }
            let skb = &self.rtx[index];
            if !skb.lost || skb.retrans_out || skb.sacked {
                index += 1;
                continue;
            }
            let count = self.retransmit_at(index, room.min(burst_max), cause, cx);
            if count == 0 {
                break;
            }
            if self.recovery.reduces_cwnd() {
                self.recovery.prr_out += count as u32;
            }
            if index == 0 && !self.timers.is_xmit(Timer::Reorder) {
                self.timers.xmit = Some((Timer::Retransmit, self.rto_at(cx)));
            }
            index += count;
        }
    }

    /// Sends up to `most` segments of one of Linux's buffers again (`tcp_retransmit_skb`); returns
    /// how many. Small ones are joined with what follows them.
    pub(super) fn retransmit_at(
        &mut self,
        index: usize,
        most: usize,
        cause: Cause,
        cx: &mut Cx<'_>,
    ) -> usize {
        let wnd_end = self.snd_una + self.snd_wnd;
        self.trim_acknowledged(index);
        let Some(first) = self.rtx.get(index) else { return 0 };
        // Beyond a window taken back only the head may be tried.
        if !first.seq.before(wnd_end) && first.seq != self.snd_una && !first.flags.syn() {
            return 0;
        }
        let lost = first.lost;
        let buffer = self.rtx.iter().skip(index + 1);
        let rest = buffer
            .take(most.max(1) - 1)
            .take_while(|skb| !skb.starts_burst && !skb.sacked && skb.lost == lost)
            .take_while(|skb| !skb.end().after(wnd_end));
        let count = 1 + rest.count();
        self.wmem += start_buffer(&mut self.rtx, index);
        self.wmem += start_buffer(&mut self.rtx, index + count);
        if count == 1 {
            self.join_following(index, wnd_end);
        }
        let probe = cause == Cause::TailLossProbe;
        for at in index..index + count {
            // As for new data: a burst ends with PSH.
            let ends_burst = count > 1 && at + 1 == index + count;
            let more = if ends_burst { super::Flags::PSH } else { super::Flags::default() };
            self.retransmit_one(at, more, cause, cx);
        }
        if !probe {
            self.retrans_stamp_ns.get_or_insert(cx.now_ns);
            let out = self.recovery.undo_retrans.unwrap_or(0);
            self.recovery.undo_retrans = Some(out + count as u32);
        }
        count
    }

    /// `tcp_retrans_try_collapse`: a small segment takes small ones behind it along.
    fn join_following(&mut self, index: usize, wnd_end: Seq) {
        let mss = self.current_mss() as usize;
        loop {
            let Some(next) = self.rtx.get(index + 1) else { return };
            let alone = self.rtx.get(index + 2).is_none_or(|skb| skb.starts_burst);
            let skb = &self.rtx[index];
            if skb.flags.syn()
                || skb.data.len() >= mss
                || skb.data.len() + next.data.len() > mss
                || next.sacked
                || skb.eor
                || !alone
                || next.end().after(wnd_end)
            {
                return;
            }
            let Some(next) = self.rtx.remove(index + 1) else { return };
            let recovery = &mut self.recovery;
            recovery.lost_out -= u32::from(next.lost);
            recovery.retrans_out -= u32::from(next.retrans_out);
            self.wmem = self.wmem.saturating_sub(next.truesize() - next.data.len() as u32);
            let skb = &mut self.rtx[index];
            skb.data.push(&next.data);
            skb.flags = skb.flags | next.flags;
            skb.eor = next.eor;
        }
    }

    /// Part of a segment may be acknowledged already (`tcp_trim_head`).
    fn trim_acknowledged(&mut self, index: usize) {
        let snd_una = self.snd_una;
        let Some(skb) = self.rtx.get_mut(index) else { return };
        if skb.seq.before(snd_una) && !skb.flags.syn() {
            let gone = (skb.seq.until(snd_una) as usize).min(skb.data.len());
            skb.data.advance(gone);
            skb.seq += gone as u32;
            self.wmem = self.wmem.saturating_sub(gone as u32);
        }
    }

    fn retransmit_one(&mut self, index: usize, more: super::Flags, cause: Cause, cx: &mut Cx<'_>) {
        let Some(skb) = self.rtx.get_mut(index) else { return };
        skb.retransmits = skb.retransmits.saturating_add(1);
        skb.sent_ns = cx.now_ns;
        // A probe is not counted as being in flight twice.
        if !skb.retrans_out && cause != Cause::TailLossProbe {
            skb.retrans_out = true;
            self.recovery.retrans_out += 1;
        }
        let (seq, end, times) = (skb.seq, skb.end(), u32::from(skb.retransmits));
        let ack =
            if self.state == State::SynSent { super::Flags::default() } else { super::Flags::ACK };
        let (flags, data) = (skb.flags | more | ack, skb.data.clone());
        self.count.total_retrans += 1;
        self.count.bytes_retrans += data.len() as u64;
        let range = SeqRange { start: seq, end };
        cx.fx.events.push(Event::Retransmit { range, times, rto_ns: self.rto_ns });
        self.transmit(seq, flags, data, cause, cx);
    }

    /// RACK's reordering window is over (RFC 8985 §6.3).
    pub(super) fn reorder_timeout(&mut self, cx: &mut Cx<'_>) {
        cx.fx.events.push(Event::TimerFired { timer: Timer::Reorder });
        self.recovery.rack.advanced = true;
        let before = self.in_flight();
        self.rack_detect_loss(cx);
        if self.in_flight() != before {
            if self.recovery.phase < Phase::Recovery {
                self.enter_recovery(cx);
                self.proportional_reduction(1, 0, false);
            }
            self.retransmit_lost(Cause::FastRetransmit, cx);
        }
        if !self.timers.is_xmit(Timer::Retransmit) && !self.timers.is_xmit(Timer::Reorder) {
            self.rearm_rto(cx);
        }
    }

    /// `tcp_schedule_loss_probe` (RFC 8985 §7.2): two round trips after the last transmission.
    pub(super) fn schedule_loss_probe(&mut self, advancing_rto: bool, cx: &Cx<'_>) -> bool {
        if !cx.config.early_retrans
            || self.rtx.is_empty()
            || !self.sack_ok
            || self.recovery.phase != Phase::Open
            || self.state == State::SynSent
        {
            return false;
        }
        let mut timeout_ns = if self.srtt_ns > 0 {
            // One segment may meet a delayed ACK; Linux adds its minimal RTO instead.
            let more = if self.rtx.len() == 1 { cx.config.rto_min_ns } else { 2 * super::TICK_NS };
            self.srtt_ns * 2 + more
        } else {
            super::SECOND
        };
        let rto_left_ns = if advancing_rto {
            self.rto_ns
        } else {
            self.rto_of_head_ns().saturating_sub(cx.now_ns)
        };
        if rto_left_ns > 0 {
            timeout_ns = timeout_ns.min(rto_left_ns);
        }
        self.timers.xmit = Some((Timer::LossProbe, cx.now_ns + timeout_ns));
        true
    }

    /// `tcp_send_loss_probe` (RFC 8985 §7.3): new data if there is any, else the last segment.
    pub(super) fn loss_probe_timeout(&mut self, cx: &mut Cx<'_>) {
        cx.fx.events.push(Event::TimerFired { timer: Timer::LossProbe });
        if self.rtx.is_empty() {
            return;
        }
        if self.recovery.tlp_high_seq.is_none() {
            let fits = !self.head_beyond_window() && !self.unsent.is_empty();
            if fits {
                self.write_xmit(super::send::Push::Now, Cause::TailLossProbe, 1, cx);
            } else {
                self.retransmit_at(self.rtx.len() - 1, 1, Cause::TailLossProbe, cx);
            }
            self.recovery.tlp_retrans = !fits;
            self.recovery.tlp_high_seq = Some(self.snd_nxt);
        }
        self.timers.xmit = Some((Timer::Retransmit, cx.now_ns + self.rto_ns));
    }
}

/// "Sent after": later, or in the same instant with a higher number (RFC 8985 §6.1).
fn sent_after(a_ns: u64, a_end: Seq, b_ns: u64, b_end: Seq) -> bool {
    a_ns > b_ns || (a_ns == b_ns && a_end.after(b_end))
}
