//! Everything that waits: deadlines as data.
//!
//! What to read: RFC 6298 (RTO), RFC 9293 §3.8.1, §3.8.4 (keep-alive), §3.8.6.1 (zero-window
//! probes), §3.8.6.3 (delayed ACK); `tcp(7)`; Linux `net/ipv4/tcp_timer.c`. Linux counts jiffies
//! (its deadlines are up to 4 ms late); ours are exact.

use super::{Cx, Event, State, StateWhy, TIME_WAIT_NS, Tcb};
use crate::net::Cause;
use abi::Errno;

/// The kinds of timers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// RTO.
    Retransmit,
    /// TLP.
    LossProbe,
    /// RACK's reordering wait.
    Reorder,
    /// Zero-window probe.
    Persist,
    /// Delayed ACK.
    DelayedAck,
    /// Keep-alive.
    KeepAlive,
    /// An orphan's FIN-WAIT-2.
    FinWait2,
    /// 2MSL.
    TimeWait,
}

/// Deadlines, nanoseconds. The four transmission timers exclude each other, as in Linux.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Timers {
    /// RTO, TLP, RACK or persist.
    pub xmit: Option<(Timer, u64)>,
    /// Delayed ACK.
    pub delack_ns: Option<u64>,
    /// Held-back duplicate ACKs.
    pub compressed_ns: Option<u64>,
    /// Keep-alive.
    pub keepalive_ns: Option<u64>,
    /// FIN-WAIT-2 or TIME-WAIT.
    pub wait: Option<(Timer, u64)>,
}

impl Timers {
    /// Every running timer with its deadline.
    pub fn iter(&self) -> impl Iterator<Item = (Timer, u64)> {
        let delack = self.delack_ns.map(|at| (Timer::DelayedAck, at));
        let keepalive = self.keepalive_ns.map(|at| (Timer::KeepAlive, at));
        let compressed = self.compressed_ns.map(|at| (Timer::DelayedAck, at));
        [self.xmit, delack, compressed, keepalive, self.wait].into_iter().flatten()
    }

    /// The next deadline.
    pub fn next_ns(&self) -> Option<u64> {
        self.iter().map(|(_, at)| at).min()
    }

    pub(super) fn clear(&mut self) {
        *self = Timers::default();
    }

    pub(super) fn is_xmit(&self, timer: Timer) -> bool {
        self.xmit.is_some_and(|(running, _)| running == timer)
    }
}

impl Tcb {
    /// When [`Tcb::timers_due`] has something to do.
    pub fn poll_at(&self) -> Option<u64> {
        [self.timers.next_ns(), self.backlog.due_ns()].into_iter().flatten().min()
    }

    /// Runs every timer that is due, and what waited for a call.
    pub fn timers_due(&mut self, cx: &mut Cx<'_>) {
        self.release_backlog(cx);
        let now_ns = cx.now_ns;
        let due = |at: u64| at <= now_ns;
        if self.timers.delack_ns.is_some_and(due) {
            self.timers.delack_ns = None;
            self.delayed_ack_timeout(cx);
        }
        if self.timers.compressed_ns.is_some_and(due) {
            self.timers.compressed_ns = None;
            self.compressed_ack_timeout(cx);
        }
        if let Some((timer, at)) = self.timers.xmit
            && at <= cx.now_ns
        {
            self.timers.xmit = None;
            match timer {
                Timer::LossProbe => self.loss_probe_timeout(cx),
                Timer::Reorder => self.reorder_timeout(cx),
                Timer::Persist => self.persist_timeout(cx),
                _ => self.retransmit_timeout(cx),
            }
        }
        if self.timers.keepalive_ns.is_some_and(|at| at <= cx.now_ns) {
            self.timers.keepalive_ns = None;
            self.keepalive_timeout(cx);
        }
        if let Some((timer, at)) = self.timers.wait
            && at <= cx.now_ns
        {
            self.timers.wait = None;
            cx.fx.events.push(Event::TimerFired { timer });
            self.finish(StateWhy::WaitOver, cx);
        }
    }

    // ---- retransmission (RFC 6298)

    /// A round-trip time was measured (RFC 6298 §2, with Linux's `mdev_max` and its minimum of
    /// 200 ms in the variance instead of the sum).
    pub(super) fn rtt_measured(&mut self, rtt_ns: u64, cx: &Cx<'_>) {
        let rtt_ns = rtt_ns.max(1);
        self.min_rtt_ns = self.min_rtt_ns.min(rtt_ns);
        let rto_min_ns = cx.config.rto_min_ns;
        if self.srtt_ns == 0 {
            // (2.2) the first measurement.
            self.srtt_ns = rtt_ns;
            self.mdev_ns = rtt_ns * 2;
            self.rttvar_ns = self.mdev_ns.max(rto_min_ns);
            self.mdev_max_ns = self.rttvar_ns;
            self.rtt_seq = self.snd_nxt;
        } else {
            // (2.3) mdev is four times the mean deviation.
            let delta = rtt_ns as i64 - self.srtt_ns as i64;
            self.srtt_ns = (self.srtt_ns as i64 + delta / 8).max(1) as u64;
            let deviation = delta.unsigned_abs();
            let mut step = deviation as i64 - (self.mdev_ns / 4) as i64;
            if delta < 0 && step > 0 {
                // A shrinking RTT says little about its variance.
                step /= 8;
            }
            self.mdev_ns = (self.mdev_ns as i64 + step).max(0) as u64;
            if self.mdev_ns > self.mdev_max_ns {
                self.mdev_max_ns = self.mdev_ns;
                self.rttvar_ns = self.rttvar_ns.max(self.mdev_max_ns);
            }
            if self.snd_una.after(self.rtt_seq) {
                if self.mdev_max_ns < self.rttvar_ns {
                    self.rttvar_ns -= (self.rttvar_ns - self.mdev_max_ns) / 4;
                }
                self.rtt_seq = self.snd_nxt;
                self.mdev_max_ns = rto_min_ns;
            }
        }
        self.rto_ns = (self.srtt_ns + self.rttvar_ns).min(cx.config.rto_max_ns);
        self.backoff = 0;
    }

    /// `tcp_rearm_rto` (RFC 6298 (5.1)–(5.3)).
    pub(super) fn rearm_rto(&mut self, cx: &Cx<'_>) {
        if self.rtx.is_empty() {
            self.timers.xmit = None;
            return;
        }
        let from_head =
            self.timers.is_xmit(Timer::LossProbe) || self.timers.is_xmit(Timer::Reorder);
        let at = if from_head { self.rto_of_head_ns().max(cx.now_ns + 1) } else { self.rto_at(cx) };
        self.timers.xmit = Some((Timer::Retransmit, at));
    }

    pub(super) fn rto_at(&self, cx: &Cx<'_>) -> u64 {
        cx.now_ns + self.clamp_to_user_timeout(self.rto_ns, cx)
    }

    /// When the oldest segment in flight times out.
    pub(super) fn rto_of_head_ns(&self) -> u64 {
        self.rtx.front().map_or(0, |skb| skb.sent_ns) + self.rto_ns
    }

    /// `TCP_USER_TIMEOUT` shortens the last wait.
    fn clamp_to_user_timeout(&self, rto_ns: u64, cx: &Cx<'_>) -> u64 {
        match (self.opts.user_timeout_ns, self.retrans_stamp_ns) {
            (Some(limit_ns), Some(start_ns)) => {
                let left_ns = limit_ns.saturating_sub(cx.now_ns.saturating_sub(start_ns));
                rto_ns.min(left_ns.max(super::MS))
            }
            _ => rto_ns,
        }
    }

    /// RFC 6298 (5.4)–(5.7) as `tcp_retransmit_timer`.
    fn retransmit_timeout(&mut self, cx: &mut Cx<'_>) {
        if self.rtx.is_empty() {
            return;
        }
        cx.fx.events.push(Event::TimerFired { timer: Timer::Retransmit });
        let in_handshake = matches!(self.state, State::SynSent | State::SynReceived);
        if self.snd_wnd == 0 && !self.orphan && !in_handshake {
            // The receiver took its window back: retransmissions become probes that do not end
            // the connection while the peer answers.
            let silent_ns = cx.now_ns.saturating_sub(self.rcv_tstamp_ns);
            let limit_ns = self.opts.user_timeout_ns.unwrap_or(cx.config.rto_max_ns * 2);
            if self.retransmits > 0 && silent_ns > limit_ns {
                return self.timed_out(cx);
            }
            self.retransmits += 1;
            self.enter_loss(cx);
            self.retransmit_at(0, 1, Cause::RetransmitTimeout, cx);
            return self.back_off(cx);
        }
        if self.gives_up(cx) {
            return self.timed_out(cx);
        }
        self.enter_loss(cx);
        self.retransmits += 1;
        self.total_rto += 1;
        self.retransmit_at(0, 1, Cause::RetransmitTimeout, cx);
        self.back_off(cx);
    }

    /// (5.5) "back off the timer"; but Linux 6.5 and later keep the first SYN timeouts at one
    /// second (`tcp_syn_linear_timeouts`).
    fn back_off(&mut self, cx: &Cx<'_>) {
        if self.state != State::SynSent || self.total_rto > cx.config.syn_linear_timeouts {
            self.backoff += 1;
            self.rto_ns = (self.rto_ns * 2).min(cx.config.rto_max_ns);
        }
        self.timers.xmit = Some((Timer::Retransmit, self.rto_at(cx)));
    }

    /// `tcp_write_timeout`: whether it is time to give up.
    fn gives_up(&self, cx: &Cx<'_>) -> bool {
        let in_handshake = matches!(self.state, State::SynSent | State::SynReceived);
        let retries = if in_handshake {
            let retries = self.opts.syncnt.unwrap_or(cx.config.syn_retries);
            let linear =
                if self.state == State::SynSent { cx.config.syn_linear_timeouts } else { 0 };
            if self.retransmits >= retries + linear {
                return true;
            }
            retries
        } else if self.orphan {
            self.orphan_retries(cx)
        } else {
            cx.config.retries2
        };
        self.retransmits_timed_out(retries, in_handshake, cx)
    }

    /// `tcp_orphan_retries`: nobody waits for an orphan's data.
    fn orphan_retries(&self, cx: &Cx<'_>) -> u32 {
        let alive = self.rto_ns < cx.config.rto_max_ns;
        match cx.config.orphan_retries {
            _ if self.err_soft.is_some() && !alive => 0,
            0 if alive => 8,
            retries => retries,
        }
    }

    /// `retransmits_timed_out`: whether the time that `retries` doublings take has passed since
    /// the first retransmission.
    fn retransmits_timed_out(&self, retries: u32, in_handshake: bool, cx: &Cx<'_>) -> bool {
        let Some(start_ns) = self.retrans_stamp_ns.filter(|_| self.retransmits > 0) else {
            return false;
        };
        let base_ns = if in_handshake { super::SECOND } else { cx.config.rto_min_ns };
        let limit_ns = self
            .opts
            .user_timeout_ns
            .unwrap_or_else(|| doublings_ns(retries, base_ns, cx.config.rto_max_ns));
        cx.now_ns.saturating_sub(start_ns) >= limit_ns
    }

    /// `tcp_write_err`.
    pub(super) fn timed_out(&mut self, cx: &mut Cx<'_>) {
        let errno = self.err_soft.take().unwrap_or(Errno::ETIMEDOUT);
        self.fail(errno, StateWhy::TimedOut, cx);
    }

    // ---- zero window (RFC 9293 §3.8.6.1)

    pub(super) fn probe_base_ns(&self, cx: &Cx<'_>) -> u64 {
        self.rto_ns.max(cx.config.rto_min_ns)
    }

    /// `tcp_probe0_when`.
    pub(super) fn set_persist(&mut self, cx: &Cx<'_>) {
        let doublings = self.backoff.min(32);
        let when_ns = (self.probe_base_ns(cx) << doublings).min(cx.config.rto_max_ns);
        self.timers.xmit = Some((Timer::Persist, cx.now_ns + when_ns));
    }

    fn persist_timeout(&mut self, cx: &mut Cx<'_>) {
        if !self.rtx.is_empty() || self.unsent.is_empty() {
            self.probes_out = 0;
            self.probes_stamp_ns = None;
            return;
        }
        cx.fx.events.push(Event::TimerFired { timer: Timer::Persist });
        let started_ns = *self.probes_stamp_ns.get_or_insert(cx.now_ns);
        let too_long = self
            .opts
            .user_timeout_ns
            .is_some_and(|limit_ns| cx.now_ns - started_ns >= limit_ns && self.probes_out > 0);
        let max = if self.orphan { self.orphan_retries(cx) } else { cx.config.retries2 };
        if too_long || self.probes_out >= max {
            return self.timed_out(cx);
        }
        self.write_wakeup(Cause::WindowProbe, cx);
        if !self.rtx.is_empty() || self.unsent.is_empty() {
            // The probe was the data itself (corked, or it fitted the window).
            self.probes_out = 0;
            self.backoff = 0;
            return;
        }
        self.probes_out += 1;
        self.backoff = (self.backoff + 1).min(cx.config.retries2);
        self.set_persist(cx);
    }

    // ---- keep-alive (RFC 9293 §3.8.4)

    pub(super) fn keepalive_time_ns(&self, cx: &Cx<'_>) -> u64 {
        self.opts.keepidle_ns.unwrap_or(cx.config.keepalive_time_ns)
    }

    /// Starts or stops the timer as `SO_KEEPALIVE` says.
    pub fn update_keepalive(&mut self, cx: &mut Cx<'_>) {
        if matches!(self.state, State::Closed | State::Listen | State::SynSent | State::TimeWait) {
            return;
        }
        self.timers.keepalive_ns = if self.opts.keepalive {
            let idle_ns = self.idle_ns(cx);
            Some(cx.now_ns + self.keepalive_time_ns(cx).saturating_sub(idle_ns))
        } else {
            None
        };
    }

    /// Since anything arrived.
    fn idle_ns(&self, cx: &Cx<'_>) -> u64 {
        cx.now_ns.saturating_sub(self.ack.lrcvtime_ns.max(self.rcv_tstamp_ns))
    }

    fn keepalive_timeout(&mut self, cx: &mut Cx<'_>) {
        if !self.opts.keepalive || matches!(self.state, State::Closed | State::SynSent) {
            return;
        }
        let time_ns = self.keepalive_time_ns(cx);
        if !self.rtx.is_empty() || !self.unsent.is_empty() {
            // It is alive, or another timer finds out.
            self.timers.keepalive_ns = Some(cx.now_ns + time_ns);
            return;
        }
        let idle_ns = self.idle_ns(cx);
        if idle_ns < time_ns {
            self.timers.keepalive_ns = Some(cx.now_ns + time_ns - idle_ns);
            return;
        }
        cx.fx.events.push(Event::TimerFired { timer: Timer::KeepAlive });
        let probes = self.opts.keepcnt.unwrap_or(cx.config.keepalive_probes);
        let dead = match self.opts.user_timeout_ns {
            Some(limit_ns) => idle_ns >= limit_ns && self.probes_out > 0,
            None => self.probes_out >= probes,
        };
        if dead {
            self.send_active_reset(cx);
            return self.timed_out(cx);
        }
        self.write_wakeup(Cause::KeepAlive, cx);
        self.probes_out += 1;
        let interval_ns = self.opts.keepintvl_ns.unwrap_or(cx.config.keepalive_intvl_ns);
        self.timers.keepalive_ns = Some(cx.now_ns + interval_ns);
    }

    // ---- the end

    /// `tcp_time_wait`: only the answer to stragglers remains.
    pub(super) fn enter_time_wait(&mut self, why: StateWhy, cx: &mut Cx<'_>) {
        self.set_state(State::TimeWait, why, cx);
        self.fin_wait2_orphan = false;
        self.linger_on(Timer::TimeWait, TIME_WAIT_NS, cx);
    }

    /// An orphan waits for the peer's FIN no longer than `tcp_fin_timeout`.
    pub(super) fn wait_for_fin(&mut self, cx: &mut Cx<'_>) {
        let limit_ns = self.opts.linger2_ns.unwrap_or(Some(cx.config.fin_timeout_ns));
        match limit_ns {
            // TCP_LINGER2 −1: do not wait at all.
            None => {
                self.send_active_reset(cx);
                self.finish(StateWhy::Abort, cx);
            }
            Some(limit_ns) => {
                // Not less than 3.5 RTO (`tcp_fin_time`).
                let limit_ns = limit_ns.max(self.rto_ns * 7 / 2);
                self.fin_wait2_orphan = true;
                self.linger_on(Timer::FinWait2, limit_ns, cx);
            }
        }
    }

    fn linger_on(&mut self, timer: Timer, after_ns: u64, cx: &mut Cx<'_>) {
        self.timers.clear();
        self.unsent.clear();
        self.rtx.clear();
        self.ooo.clear();
        self.wmem = 0;
        self.recovery.forget();
        self.shut = super::Shut { read: true, write: true };
        self.timers.wait = Some((timer, cx.now_ns + after_ns));
        cx.fx.wake(crate::net::Wake::State);
    }

    /// Sends RST+ACK (`tcp_send_active_reset`).
    pub(super) fn send_active_reset(&mut self, cx: &mut Cx<'_>) {
        let wnd_end = self.snd_una + self.snd_wnd;
        let seq = if wnd_end.before(self.snd_nxt) { wnd_end } else { self.snd_nxt };
        let flags = super::Flags::RST | super::Flags::ACK;
        self.transmit(seq, flags, super::Shared::default(), Cause::Reset, cx);
    }
}

/// `tcp_model_timeout`: how long `retries` retransmissions take with doubling timeouts.
fn doublings_ns(retries: u32, base_ns: u64, max_ns: u64) -> u64 {
    let doubling = (max_ns / base_ns).max(1).ilog2();
    if retries <= doubling {
        ((2 << retries) - 1) * base_ns
    } else {
        ((2 << doubling) - 1) * base_ns + u64::from(retries - doubling) * max_ns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tcp::{MS, SECOND};

    /// `tcp(7)`: "the default of 15 … corresponds to a duration of approximately between 13 to 30
    /// minutes"; the code's hypothetical timeout is 924.6 s.
    #[test]
    fn the_hypothetical_timeout_of_tcp_retries2() {
        assert_eq!(doublings_ns(15, 200 * MS, 120 * SECOND), 924_600 * MS);
        assert_eq!(doublings_ns(6, SECOND, 120 * SECOND), 127 * SECOND);
    }
}
