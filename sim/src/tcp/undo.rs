//! Reductions that turn out to be wrong are taken back.
//!
//! What to read: RFC 3522 (Eifel detection by timestamps), RFC 3708 (D-SACK), RFC 5682 (F-RTO);
//! Linux `net/ipv4/tcp_input.c`, `tcp_try_undo_*` and `tcp_process_loss`.

use super::recovery::{AckReport, Again, Phase};
use super::{Cx, Event, Tcb};

impl Tcb {
    /// Every retransmission was needless, or the ACK answers what was sent before the first of
    /// them (`tcp_may_undo`, `tcp_packet_delayed`).
    fn may_undo(&self, report: &AckReport) -> bool {
        let recovery = &self.recovery;
        if recovery.undo_marker.is_none() {
            return false;
        }
        let Some(stamp_ns) = self.retrans_stamp_ns else { return recovery.undo_retrans == Some(0) };
        let stamp = super::info::timestamp(stamp_ns, self.ts_offset);
        let answers_original = report.tsecr != 0 && (report.tsecr.wrapping_sub(stamp) as i32) < 0;
        recovery.undo_retrans == Some(0) || answers_original
    }

    /// `tcp_undo_cwnd_reduction`.
    fn undo_reduction(&mut self, unmark_lost: bool, cx: &mut Cx<'_>) {
        if unmark_lost {
            self.rtx.iter_mut().for_each(|skb| skb.lost = false);
            self.recovery.lost_out = 0;
        }
        if self.recovery.prior_ssthresh > 0 {
            self.cong.cwnd = self.cong.cwnd.max(self.recovery.prior_cwnd);
            self.cong.ssthresh = self.cong.ssthresh.max(self.recovery.prior_ssthresh);
        }
        self.recovery.undo_marker = None;
        self.recovery.rack.advanced = true;
        let (cwnd, ssthresh) = (self.cong.cwnd, self.cong.ssthresh);
        cx.fx.events.push(Event::Undone { cwnd, ssthresh });
    }

    /// Without SACK, a state is kept until something above it is acknowledged.
    fn prevents_reopen(&mut self) -> bool {
        if self.sack_ok || self.snd_una != self.recovery.high_seq {
            return false;
        }
        if self.rtx.iter().all(|skb| skb.retransmits == 0) {
            self.retrans_stamp_ns = None;
        }
        true
    }

    /// Returns whether the state stays as it is.
    pub(super) fn try_undo_recovery(&mut self, report: &AckReport, cx: &mut Cx<'_>) -> bool {
        if self.may_undo(report) {
            self.undo_reduction(false, cx);
        }
        if self.prevents_reopen() {
            return true;
        }
        self.recovery.phase = Phase::Open;
        false
    }

    /// In recovery, an ACK of what was never sent again.
    pub(super) fn try_undo_partial(&mut self, report: &AckReport, cx: &mut Cx<'_>) -> bool {
        let Some(stamp_ns) = self.retrans_stamp_ns else { return false };
        let stamp = super::info::timestamp(stamp_ns, self.ts_offset);
        let delayed = report.tsecr != 0 && (report.tsecr.wrapping_sub(stamp) as i32) < 0;
        if self.recovery.undo_marker.is_none() || !delayed {
            return false;
        }
        if self.recovery.retrans_out > 0 {
            return true;
        }
        if self.rtx.iter().all(|skb| skb.retransmits == 0) {
            self.retrans_stamp_ns = None;
        }
        self.undo_reduction(true, cx);
        self.recovery.phase = Phase::Disorder;
        false
    }

    pub(super) fn try_undo_dsack(&mut self, cx: &mut Cx<'_>) {
        if self.recovery.undo_marker.is_some() && self.recovery.undo_retrans == Some(0) {
            self.undo_reduction(false, cx);
            if self.recovery.phase == Phase::Recovery {
                self.recovery.phase = Phase::Disorder;
            }
        }
    }

    fn try_undo_loss(&mut self, frto: bool, report: &AckReport, cx: &mut Cx<'_>) -> bool {
        if !frto && !self.may_undo(report) {
            return false;
        }
        self.undo_reduction(true, cx);
        self.retransmits = 0;
        if !self.prevents_reopen() && (frto || self.sack_ok) {
            self.recovery.phase = Phase::Open;
        }
        true
    }

    /// `tcp_process_loss`: after a timeout, with F-RTO (RFC 5682 §3.1).
    pub(super) fn process_loss(
        &mut self,
        duplicate: bool,
        report: &AckReport,
        cx: &mut Cx<'_>,
    ) -> Again {
        let recovered = !self.snd_una.before(self.recovery.high_seq);
        if report.una_advanced && self.try_undo_loss(false, report, cx) {
            return Again::Nothing;
        }
        if self.recovery.frto {
            // "Step 3.b": never-retransmitted data has arrived, so not everything was lost.
            if report.orig_arrived && self.try_undo_loss(true, report, cx) {
                return Again::Nothing;
            }
            if self.snd_nxt.after(self.recovery.high_seq) {
                if report.newly_sacked > 0 || duplicate {
                    // "Step 3.a": the loss was real.
                    self.recovery.frto = false;
                }
            } else if report.una_advanced && !recovered {
                // "Step 2.b": try to send new data.
                self.recovery.high_seq = self.snd_nxt;
                let wnd_end = self.snd_una + self.snd_wnd;
                if !self.unsent.is_empty() && wnd_end.after(self.snd_nxt) {
                    return Again::New;
                }
                self.recovery.frto = false;
            }
        }
        if recovered {
            self.try_undo_recovery(report, cx);
            if self.recovery.phase == Phase::Open {
                self.retrans_stamp_ns = None;
                cx.fx.events.push(Event::LeaveRecovery { cwnd: self.cong.cwnd });
            }
            return Again::Nothing;
        }
        if !self.sack_ok && self.snd_nxt.after(self.recovery.high_seq) && duplicate {
            self.add_emulated_sack();
        }
        Again::Lost
    }

    /// `tcp_init_undo`.
    pub(super) fn init_undo(&mut self) {
        let recovery = &mut self.recovery;
        recovery.undo_marker = Some(self.snd_una);
        let probe = u32::from(recovery.tlp_high_seq.is_some() && recovery.tlp_retrans);
        let out = recovery.retrans_out + probe;
        recovery.undo_retrans = (out > 0).then_some(out);
    }

    /// `tcp_current_ssthresh`.
    pub(super) fn current_ssthresh(&self) -> u32 {
        let cwnd = self.cong.cwnd;
        if self.recovery.reduces_cwnd() {
            self.cong.ssthresh
        } else {
            self.cong.ssthresh.max((cwnd >> 1) + (cwnd >> 2))
        }
    }
}
