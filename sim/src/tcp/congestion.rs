//! How fast to send: slow start and congestion avoidance.
//!
//! What to read: RFC 5681 (Reno), RFC 9438 (CUBIC). Windows count segments, as in Linux. The
//! arithmetic is Linux's integer arithmetic (`tcp_cubic.c`). Not modelled: BBR.

use super::{MS, SECOND, Seq};

/// Congestion control algorithms (`TCP_CONGESTION`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Algorithm {
    /// RFC 5681.
    Reno,
    /// RFC 9438, Linux's default.
    #[default]
    Cubic,
}

impl Algorithm {
    /// The name that `setsockopt(2)` takes.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Reno => "reno",
            Algorithm::Cubic => "cubic",
        }
    }

    /// From that name.
    pub fn from_name(name: &str) -> Option<Algorithm> {
        [Algorithm::Reno, Algorithm::Cubic].into_iter().find(|a| a.name() == name)
    }
}

/// Slow start has no threshold yet (`TCP_INFINITE_SSTHRESH`).
pub(super) const INFINITE_SSTHRESH: u32 = 0x7fff_ffff;
/// The initial window (RFC 6928), segments.
pub(super) const INITIAL_CWND: u32 = 10;

/// CUBIC's constants in Linux's scales: β = 717/1024, C = 0.4.
const BETA: u32 = 717;
const BETA_SCALE: u32 = 1024;
const CUBE_RTT_SCALE: u64 = 410;
const CUBE_FACTOR: u64 = (1 << 40) / CUBE_RTT_SCALE;
/// 8·(1+β)/(3·(1−β)): the slope of the Reno-friendly region.
const FRIENDLY_SCALE: u32 = 15;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Cubic {
    cnt: u32,
    last_max_cwnd: u32,
    last_cwnd: u32,
    last_ms: u64,
    origin_point: u32,
    k: u64,
    epoch_start_ms: Option<u64>,
    ack_cnt: u32,
    reno_cwnd: u32,
    delay_min_ns: u64,
    hystart: HyStart,
}

/// CUBIC leaves slow start when the path shows that it is full (HyStart, RFC 9438 §4.10): when ACKs
/// have come closely for half a round trip, or when the round-trip time has grown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct HyStart {
    /// What was to be acknowledged in this round; `None` before the first.
    round_end: Option<Seq>,
    round_start_ns: u64,
    last_ack_ns: u64,
    /// The shortest round-trip time of this round.
    rtt_ns: u64,
    samples: u32,
    found: bool,
}

/// An acknowledgment, as HyStart looks at it.
#[derive(Clone, Copy, Debug)]
pub(super) struct RttSample {
    /// Of the last segment that was acknowledged.
    pub(super) rtt_ns: u64,
    pub(super) now_ns: u64,
    pub(super) snd_una: Seq,
    pub(super) snd_nxt: Seq,
    /// Bytes a second that Linux would pace at.
    pub(super) pacing_rate: u64,
}

/// HyStart looks on from this window (`hystart_low_window`), segments.
const HYSTART_LOW_WINDOW: u32 = 16;
/// Samples of a round before its shortest counts.
const HYSTART_SAMPLES: u32 = 8;
/// ACKs of one train are no further apart, nanoseconds.
const HYSTART_TRAIN_NS: u64 = 2 * MS;

impl HyStart {
    /// `hystart_update`; whether slow start is to end.
    fn ends(&mut self, sample: &RttSample, delay_min_ns: u64) -> bool {
        let now_ns = sample.now_ns;
        if self.round_end.is_none_or(|end| sample.snd_una.after(end)) {
            let round_end = Some(sample.snd_nxt);
            let (round_start_ns, last_ack_ns) = (now_ns, now_ns);
            *self = HyStart { round_end, round_start_ns, last_ack_ns, rtt_ns: u64::MAX, ..*self };
            self.samples = 0;
        }
        if now_ns - self.last_ack_ns <= HYSTART_TRAIN_NS {
            self.last_ack_ns = now_ns;
            // `hystart_ack_delay`: what four of the largest buffers take, at most.
            let delay_ns = (65_536 * 4 * SECOND / sample.pacing_rate.max(1)).min(MS);
            self.found |= now_ns - self.round_start_ns > (delay_min_ns + delay_ns) / 2;
        }
        self.rtt_ns = self.rtt_ns.min(sample.rtt_ns);
        if self.samples < HYSTART_SAMPLES {
            self.samples += 1;
        } else {
            let more_ns = (delay_min_ns / 8).clamp(4 * MS, 16 * MS);
            self.found |= self.rtt_ns > delay_min_ns + more_ns;
        }
        self.found
    }
}

/// The congestion window and what moves it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Control {
    pub(super) algorithm: Algorithm,
    /// Segments that may be in flight.
    pub(super) cwnd: u32,
    /// Where slow start ends, segments.
    pub(super) ssthresh: u32,
    cwnd_cnt: u32,
    /// The most segments in flight since the window was last full.
    max_packets_out: u32,
    limited: bool,
    cubic: Cubic,
}

impl Control {
    pub(super) fn new(algorithm: Algorithm) -> Control {
        Control {
            algorithm,
            cwnd: INITIAL_CWND,
            ssthresh: INFINITE_SSTHRESH,
            cwnd_cnt: 0,
            max_packets_out: 0,
            limited: false,
            cubic: Cubic::default(),
        }
    }

    pub(super) fn in_slow_start(&self) -> bool {
        self.cwnd < self.ssthresh
    }

    /// After sending (`tcp_cwnd_validate`): was the window what stopped us?
    pub(super) fn sent(&mut self, in_flight: u32, limited: bool) {
        if limited || in_flight > self.max_packets_out {
            self.max_packets_out = in_flight;
            self.limited = limited;
        }
    }

    /// A window that was not used does not grow (RFC 7661's idea, `tcp_is_cwnd_limited`).
    fn is_limited(&self) -> bool {
        self.limited || (self.in_slow_start() && self.cwnd < 2 * self.max_packets_out)
    }

    /// A round-trip time was measured (`cubictcp_acked`).
    pub(super) fn rtt_sampled(&mut self, sample: &RttSample) {
        let (cubic, now_ms) = (&mut self.cubic, sample.now_ns / MS);
        // Not right after a recovery.
        if self.algorithm != Algorithm::Cubic
            || cubic.epoch_start_ms.is_some_and(|start_ms| now_ms - start_ms < 1000)
        {
            return;
        }
        if cubic.delay_min_ns == 0 || sample.rtt_ns < cubic.delay_min_ns {
            cubic.delay_min_ns = sample.rtt_ns.max(1000);
        }
        if !cubic.hystart.found
            && self.cwnd < self.ssthresh
            && self.cwnd >= HYSTART_LOW_WINDOW
            && cubic.hystart.ends(sample, cubic.delay_min_ns)
        {
            self.ssthresh = self.cwnd;
        }
    }

    /// New data was acknowledged.
    pub(super) fn acked(&mut self, mut segments: u32, now_ns: u64) {
        if !self.is_limited() {
            return;
        }
        if self.in_slow_start() {
            // RFC 5681 (2), by the number of segments acknowledged.
            let grown = (self.cwnd + segments).min(self.ssthresh);
            segments -= grown - self.cwnd;
            self.cwnd = grown;
            self.max_packets_out = self.max_packets_out.min(self.cwnd);
            if segments == 0 {
                return;
            }
        }
        let per_increase = match self.algorithm {
            Algorithm::Reno => self.cwnd,
            Algorithm::Cubic => {
                self.cubic.update(self.cwnd, segments, now_ns / MS);
                self.cubic.cnt
            }
        };
        self.avoid(per_increase.max(1), segments);
    }

    /// One segment more for every `per_increase` acknowledged (RFC 5681 (3)).
    fn avoid(&mut self, per_increase: u32, segments: u32) {
        if self.cwnd_cnt >= per_increase {
            self.cwnd_cnt = 0;
            self.cwnd += 1;
        }
        self.cwnd_cnt += segments;
        if self.cwnd_cnt >= per_increase {
            let delta = self.cwnd_cnt / per_increase;
            self.cwnd_cnt -= delta * per_increase;
            self.cwnd += delta;
        }
    }

    /// The threshold after a loss: half for Reno (RFC 5681 (4)), β for CUBIC (RFC 9438 §4.6).
    pub(super) fn loss_threshold(&mut self) -> u32 {
        match self.algorithm {
            Algorithm::Reno => (self.cwnd / 2).max(2),
            Algorithm::Cubic => {
                let cubic = &mut self.cubic;
                cubic.epoch_start_ms = None;
                // Fast convergence (RFC 9438 §4.7).
                cubic.last_max_cwnd = if self.cwnd < cubic.last_max_cwnd {
                    self.cwnd * (BETA_SCALE + BETA) / (2 * BETA_SCALE)
                } else {
                    self.cwnd
                };
                (self.cwnd * BETA / BETA_SCALE).max(2)
            }
        }
    }

    /// A timeout: CUBIC starts afresh (`bictcp_state`, TCP_CA_Loss).
    pub(super) fn timed_out(&mut self) {
        self.cwnd_cnt = 0;
        self.cubic = Cubic::default();
    }

    /// After an idle time of several RTOs the window decays (RFC 2861, `tcp_cwnd_restart`).
    pub(super) fn restart_after_idle(&mut self, idle_ns: u64, rto_ns: u64) {
        let restart = self.cwnd.min(INITIAL_CWND);
        self.ssthresh = self.ssthresh.max(((self.cwnd >> 1) + (self.cwnd >> 2)).max(2));
        if self.ssthresh >= INFINITE_SSTHRESH {
            self.ssthresh = INFINITE_SSTHRESH;
        }
        let mut left_ns = idle_ns;
        while left_ns > rto_ns && self.cwnd > restart {
            left_ns -= rto_ns;
            self.cwnd >>= 1;
        }
        self.cwnd = self.cwnd.max(restart);
        self.limited = false;
        self.cubic.epoch_start_ms = None;
    }
}

impl Cubic {
    /// `bictcp_update`: how many ACKs make one segment more.
    fn update(&mut self, cwnd: u32, acked: u32, now_ms: u64) {
        self.ack_cnt += acked;
        if self.last_cwnd == cwnd && now_ms - self.last_ms <= 31 {
            return;
        }
        if self.epoch_start_ms.is_none() || now_ms != self.last_ms {
            self.last_cwnd = cwnd;
            self.last_ms = now_ms;
            self.cnt = self.by_cube(cwnd, acked, now_ms);
        }
        // The Reno-friendly region (RFC 9438 §4.3).
        let delta = ((cwnd * FRIENDLY_SCALE) >> 3).max(1);
        while self.ack_cnt > delta {
            self.ack_cnt -= delta;
            self.reno_cwnd += 1;
        }
        if self.reno_cwnd > cwnd {
            self.cnt = self.cnt.min(cwnd / (self.reno_cwnd - cwnd));
        }
        self.cnt = self.cnt.max(2);
    }

    /// W_cubic(t) = C·(t − K)³ + W_max (RFC 9438 (1)), as ACKs per segment.
    fn by_cube(&mut self, cwnd: u32, acked: u32, now_ms: u64) -> u32 {
        let start_ms = *self.epoch_start_ms.get_or_insert_with(|| {
            self.ack_cnt = acked;
            self.reno_cwnd = cwnd;
            if self.last_max_cwnd <= cwnd {
                self.k = 0;
                self.origin_point = cwnd;
            } else {
                self.k = (CUBE_FACTOR * u64::from(self.last_max_cwnd - cwnd)).icbrt();
                self.origin_point = self.last_max_cwnd;
            }
            now_ms
        });
        let t = ((now_ms - start_ms + self.delay_min_ns / MS) << 10) / 1000;
        let offset = t.abs_diff(self.k).min(1 << 17);
        let delta = ((CUBE_RTT_SCALE * offset * offset * offset) >> 40) as u32;
        let target = if t < self.k {
            self.origin_point.saturating_sub(delta)
        } else {
            self.origin_point + delta
        };
        let cnt = if target > cwnd { cwnd / (target - cwnd) } else { 100 * cwnd };
        // Before the first loss grow at least 5% an RTT.
        if self.last_max_cwnd == 0 { cnt.min(20) } else { cnt }
    }
}

/// Integer cube root.
trait Icbrt {
    fn icbrt(self) -> u64;
}

impl Icbrt for u64 {
    fn icbrt(self) -> u64 {
        let (mut low, mut high) = (0u64, 1 << 21);
        while low < high {
            let middle = (low + high).div_ceil(2);
            if u128::from(middle).pow(3) <= u128::from(self) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_start_doubles_when_the_window_is_used() {
        let mut control = Control::new(Algorithm::Reno);
        control.sent(10, true);
        control.acked(10, 0);
        assert_eq!(control.cwnd, 20);
    }

    #[test]
    fn an_unused_window_does_not_grow() {
        let mut control = Control::new(Algorithm::Cubic);
        control.sent(1, false);
        control.acked(1, 0);
        assert_eq!(control.cwnd, 10);
    }

    /// ACKs every 3 ms, whose round-trip time is nearly twice the shortest: the ninth ends slow start.
    #[test]
    fn hystart_ends_slow_start_when_the_path_fills() {
        let mut control = Control::new(Algorithm::Cubic);
        control.sent(10, true);
        let sample = |rtt_ms: u64, now_ms: u64, una: u32| RttSample {
            rtt_ns: rtt_ms * MS,
            now_ns: now_ms * MS,
            snd_una: Seq(una),
            snd_nxt: Seq(30_001),
            pacing_rate: 200_000,
        };
        control.rtt_sampled(&sample(100, 200, 10_001));
        control.acked(10, 200);
        control.sent(20, true);
        for ack in 1..=8 {
            control.rtt_sampled(&sample(180, 380 + 3 * u64::from(ack), 10_001 + 2000 * ack));
            control.acked(2, 380);
        }
        assert_eq!((control.cwnd, control.ssthresh), (36, INFINITE_SSTHRESH));
        control.rtt_sampled(&sample(180, 410, 28_001));
        assert_eq!((control.cwnd, control.ssthresh), (36, 36));
    }

    #[test]
    fn thresholds_after_a_loss() {
        let mut reno = Control::new(Algorithm::Reno);
        let mut cubic = Control::new(Algorithm::Cubic);
        (reno.cwnd, cubic.cwnd) = (100, 100);
        assert_eq!((reno.loss_threshold(), cubic.loss_threshold()), (50, 70));
    }
}
