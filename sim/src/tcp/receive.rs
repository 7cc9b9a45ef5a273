//! Receiving: reassembly, what window to announce, when to acknowledge.
//!
//! What to read: RFC 9293 §3.8.6.2 (window announcements, silly windows), §3.8.6.3 (delayed ACKs),
//! RFC 2018 (SACK), RFC 2883 (D-SACK); Linux `net/ipv4/tcp_input.c`. Linux counts what buffers
//! really occupy (`truesize`): [`OVERHEAD`] beside the data of a buffer, into which up to
//! [`FRAGS_MAX`] segments are joined. Windows come out as recorded over a veth pair; a driver
//! that allocates otherwise shows other ones.

use super::{
    AckState, Chunk, Compressed, Cx, Event, Ignored, Segment, Seq, SeqRange, State, Tcb, Urgent,
};
use super::{MS, StateWhy, TICK_NS};
use crate::net::{Cause, Wake};

/// Linux's bookkeeping beside a received segment's data, bytes (`SKB_TRUESIZE` of a head).
const OVERHEAD: u32 = 832;
/// Segments that one buffer takes (`MAX_SKB_FRAGS`).
const FRAGS_MAX: u8 = 17;
/// Half of `SOCK_MIN_RCVBUF`, bytes.
const WINDOW_CLAMP_MIN: u32 = 1152;
/// `TCP_MAX_QUICKACKS`.
const MAX_QUICKACKS: u32 = 16;
/// `tcp_comp_sack_nr`: duplicate ACKs that one may stand for.
const COMPRESSED_MAX: u32 = 44;
/// `tcp_comp_sack_delay_ns`, and `tcp_comp_sack_slack_ns`, which a timer uses up.
const COMPRESSED_DELAY_NS: u64 = MS;
const COMPRESSED_SLACK_NS: u64 = MS / 10;
/// `TCP_ATO_MIN`, `TCP_DELACK_MIN`: 40 ms.
const ATO_MIN_NS: u64 = 40 * MS;
/// `TCP_DELACK_MAX`: 200 ms.
const DELACK_MAX_NS: u64 = 200 * MS;

impl Tcb {
    // ---- windows

    /// The bytes of window that a buffer of `space` bytes gives (`tcp_win_from_space`).
    fn window_from_space(&self, space: u32) -> u32 {
        ((u64::from(space) * u64::from(self.scaling_ratio)) >> 8) as u32
    }

    fn full_space(&self) -> u32 {
        self.window_from_space(self.rcvbuf)
    }

    fn free_space(&self) -> u32 {
        self.window_from_space(self.rcvbuf.saturating_sub(self.rmem))
    }

    /// What is left of the announced window (`tcp_receive_window`).
    pub(super) fn receive_window(&self) -> u32 {
        self.rcv_nxt.until_or_zero(self.rcv_wup + self.rcv_wnd)
    }

    /// The window of a SYN or SYN+ACK and the scale that goes with it
    /// (`tcp_select_initial_window`).
    pub(super) fn select_initial_window(&mut self, mss: u32, scaling: bool, cx: &Cx<'_>) {
        let mut space = self.full_space();
        // A receive buffer that the program chose bounds the window for good, and its scale.
        if self.opts.rcvbuf.is_some() && (self.window_clamp == 0 || self.window_clamp > space) {
            self.window_clamp = space;
        }
        if self.window_clamp == 0 {
            self.window_clamp = 0xffff << 14;
        }
        space = space.min(self.window_clamp);
        if space > mss {
            space -= space % mss;
        }
        self.rcv_wnd = space.min(0xffff);
        self.rcv_wscale = 0;
        if scaling {
            let most = space.max(cx.config.rmem[2]).max(cx.config.rmem_max).min(self.window_clamp);
            self.rcv_wscale = most.max(1).ilog2().saturating_sub(15).min(14) as u8;
        }
        self.window_clamp = self.window_clamp.min(0xffff << self.rcv_wscale);
        self.rcv_ssthresh = self.rcv_wnd;
    }

    /// The handshake is over (`tcp_init_buffer_space`).
    pub(super) fn init_buffer_space(&mut self, cx: &Cx<'_>) {
        if self.opts.sndbuf.is_none() {
            self.expand_sndbuf(cx);
        }
        self.rcvq_seq = self.copied_seq;
        self.rcvq_time_ns = cx.now_ns;
        let max_window = self.full_space();
        if self.window_clamp >= max_window {
            self.window_clamp = max_window;
            if max_window > 4 * self.advmss {
                self.window_clamp = (max_window - (max_window >> 31)).max(4 * self.advmss);
            }
        }
        if self.window_clamp > 2 * self.advmss && self.window_clamp + self.advmss > max_window {
            self.window_clamp = (2 * self.advmss).max(max_window.saturating_sub(self.advmss));
        }
        self.rcv_ssthresh = self.rcv_ssthresh.min(self.window_clamp);
        self.rcvq_space =
            self.rcv_ssthresh.min(self.rcv_wnd).min(super::congestion::INITIAL_CWND * self.advmss);
    }

    /// Room for twice the congestion window (`tcp_sndbuf_expand`).
    pub(super) fn expand_sndbuf(&mut self, cx: &Cx<'_>) {
        // `MAX_TCP_HEADER` and `skb_shared_info`, then the `sk_buff`.
        let segment = (self.mss_clamp.max(self.mss_cache) + 576).next_power_of_two() + 256;
        let segments = self.cong.cwnd.max(super::congestion::INITIAL_CWND);
        let wanted = 2 * segments.saturating_mul(segment);
        self.sndbuf = self.sndbuf.max(wanted.min(cx.config.wmem[2]));
    }

    /// What to announce if nothing stood against it (`__tcp_select_window`): RFC 9293 §3.8.6.2.2's
    /// silly-window avoidance with Linux's numbers.
    fn wanted_window(&mut self) -> u32 {
        let free = self.free_space();
        let allowed = self.full_space();
        let full = self.window_clamp.min(allowed);
        let mss = self.ack.rcv_mss.min(full);
        if mss == 0 {
            return 0;
        }
        let mut free = free;
        if free < full / 2 {
            self.ack.quick = 0;
            free -= free % (1 << self.rcv_wscale);
            // Better no window than a sliver.
            if free < allowed >> 4 || free < mss {
                return 0;
            }
        }
        free = free.min(self.rcv_ssthresh);
        if self.rcv_wscale > 0 {
            return free.next_multiple_of(1 << self.rcv_wscale);
        }
        let window = self.rcv_wnd;
        if window + mss <= free || window > free {
            free - free % mss
        } else if mss == full && free > window + full / 2 {
            free
        } else {
            window
        }
    }

    /// The window field of the segment being sent; the right edge never moves back
    /// (`tcp_select_window`).
    pub(super) fn select_window(&mut self, cx: &Cx<'_>) -> u16 {
        if !self.state.is_synchronized() && self.state != State::SynReceived {
            return (self.rcv_wnd >> self.rcv_wscale).min(0xffff) as u16;
        }
        let current = self.receive_window();
        let mut window = self.wanted_window();
        if window < current {
            window = current.next_multiple_of(1 << self.rcv_wscale);
        }
        self.rcv_wnd = window;
        if self.rcv_wup != self.rcv_nxt {
            self.rcv_edge = (self.rcv_nxt + current, cx.now_ns);
            self.rcv_wup = self.rcv_nxt;
        }
        (window.min(0xffff << self.rcv_wscale) >> self.rcv_wscale) as u16
    }

    // ---- acknowledging

    pub(super) fn init_rcv_mss(&mut self) {
        let hint = self.advmss.min(self.mss_cache).min(self.rcv_wnd / 2).clamp(88, 536);
        self.ack.rcv_mss = hint.min(536);
    }

    fn in_pingpong(&self) -> bool {
        self.ack.pingpong >= 1
    }

    pub(super) fn in_quickack(&self) -> bool {
        self.ack.quick > 0 && !self.in_pingpong()
    }

    fn add_quickacks(&mut self, max: u32) {
        let segments = self.rcv_wnd / (2 * self.ack.rcv_mss.max(1));
        let segments = if segments == 0 { 2 } else { segments };
        self.ack.quick = self.ack.quick.max(segments.min(max));
    }

    /// `tcp_enter_quickack_mode`.
    pub(super) fn enter_quickack(&mut self) {
        self.add_quickacks(MAX_QUICKACKS);
        self.ack.pingpong = 0;
        self.ack.ato_ns = ATO_MIN_NS;
    }

    /// `TCP_QUICKACK` (`__tcp_sock_set_quickack`).
    pub fn set_quickack(&mut self, value: i32, cx: &mut Cx<'_>) {
        if value == 0 {
            self.ack.pingpong = 1;
            return;
        }
        self.ack.pingpong = 0;
        if matches!(self.state, State::Established | State::CloseWait) && self.ack.scheduled {
            self.ack.pushed = true;
            self.cleanup_rbuf(1, cx);
            if value & 1 == 0 {
                self.ack.pingpong = 1;
            }
        }
    }

    /// `getsockopt(TCP_QUICKACK)`.
    pub fn quickack(&self) -> bool {
        !self.in_pingpong()
    }

    /// An ACK left, alone or with data (`tcp_event_ack_sent`).
    pub(super) fn ack_sent(&mut self) {
        if self.ack.quick > 0 {
            let owed = u32::from(self.ack.scheduled);
            if owed >= self.ack.quick {
                self.ack.quick = 0;
                self.ack.ato_ns = ATO_MIN_NS;
            } else {
                self.ack.quick -= owed;
            }
        }
        self.ack =
            AckState { scheduled: false, now: false, pushed: false, pushed2: false, ..self.ack };
        self.timers.delack_ns = None;
        self.timers.compressed_ns = None;
        self.compressed.count = 0;
    }

    /// `tcp_ack_snd_check`: acknowledge now, or later.
    pub(super) fn ack_snd_check(&mut self, cx: &mut Cx<'_>) {
        if !self.ack.scheduled {
            return;
        }
        let unannounced = self.rcv_wup.until_or_zero(self.rcv_nxt);
        // RFC 9293 §3.8.6.3: an ACK at least for every second full-sized segment …
        let two_segments = unannounced > self.ack.rcv_mss && {
            // … if the window can move with it, else reading will send the ACK.
            let unread = self.copied_seq.until_or_zero(self.rcv_nxt);
            unread < self.opts.rcvlowat || self.wanted_window() >= self.rcv_wnd
        };
        if two_segments || self.in_quickack() || self.ack.now {
            let cause = if self.ooo.is_empty() { Cause::Ack } else { Cause::DuplicateAck };
            return self.send_ack(cause, cx);
        }
        if self.ooo.is_empty() {
            return self.delay_ack(cx);
        }
        // Something is missing: duplicate ACKs at once, so that the sender learns it; but with
        // SACK from the fourth on together (`compressed_ack`).
        let compressed = &mut self.compressed;
        if !self.sack_ok || compressed.count >= COMPRESSED_MAX {
            return self.send_ack(Cause::DuplicateAck, cx);
        }
        if compressed.rcv_nxt != self.rcv_nxt {
            *compressed = Compressed { rcv_nxt: self.rcv_nxt, duplicates: 0, ..*compressed };
        }
        if compressed.duplicates < cx.config.reordering {
            compressed.duplicates += 1;
            return self.send_ack(Cause::DuplicateAck, cx);
        }
        compressed.count += 1;
        if self.timers.compressed_ns.is_none() {
            let shorter = |rtt_ns: u64| self.srtt_ns > 0 && self.srtt_ns < rtt_ns;
            let rtt_ns = if shorter(self.rcv_rtt_ns) { self.srtt_ns } else { self.rcv_rtt_ns };
            let wait_ns = (rtt_ns / 20).min(COMPRESSED_DELAY_NS) + COMPRESSED_SLACK_NS;
            self.timers.compressed_ns = Some(cx.now_ns + wait_ns);
        }
    }

    /// `tcp_compressed_ack_kick`.
    pub(super) fn compressed_ack_timeout(&mut self, cx: &mut Cx<'_>) {
        if self.compressed.count > 0 && self.state != State::Closed {
            self.send_ack(Cause::DuplicateAck, cx);
        }
    }

    /// `tcp_send_delayed_ack`.
    fn delay_ack(&mut self, cx: &mut Cx<'_>) {
        let mut ato_ns = self.ack.ato_ns;
        if ato_ns > ATO_MIN_NS {
            let mut max_ns =
                if self.in_pingpong() || self.ack.pushed { DELACK_MAX_NS } else { 500 * MS };
            if self.srtt_ns > 0 {
                max_ns = max_ns.min(self.srtt_ns.max(ATO_MIN_NS));
            }
            ato_ns = ato_ns.min(max_ns);
        }
        // Before any data the timeout is zero, and a timer of zero runs at the next tick.
        ato_ns = ato_ns.clamp(TICK_NS, DELACK_MAX_NS);
        let mut at = cx.now_ns + ato_ns;
        if let Some(running_ns) = self.timers.delack_ns {
            if running_ns <= cx.now_ns + ato_ns / 4 {
                return self.send_ack(Cause::Ack, cx);
            }
            at = at.min(running_ns);
        }
        self.timers.delack_ns = Some(at);
    }

    /// The first ACK of the handshake is left to the data that will come.
    pub(super) fn delay_handshake_ack(&mut self, cx: &Cx<'_>) {
        self.ack.scheduled = true;
        self.enter_quickack();
        self.timers.delack_ns = Some(cx.now_ns + DELACK_MAX_NS);
    }

    /// `tcp_delack_timer_handler`.
    pub(super) fn delayed_ack_timeout(&mut self, cx: &mut Cx<'_>) {
        if !self.ack.scheduled || self.state == State::Closed {
            return;
        }
        cx.fx.events.push(Event::TimerFired { timer: super::Timer::DelayedAck });
        if self.in_pingpong() {
            self.ack.pingpong = 0;
            self.ack.ato_ns = ATO_MIN_NS;
        } else {
            self.ack.ato_ns = (self.ack.ato_ns * 2).min(self.rto_ns);
        }
        self.send_ack(Cause::DelayedAck, cx);
    }

    /// After the program read (`tcp_cleanup_rbuf`): an ACK that is owed, or a window that opened.
    pub(super) fn cleanup_rbuf(&mut self, copied: usize, cx: &mut Cx<'_>) {
        if self.ack.scheduled {
            let small = self.ack.pushed2 || (self.ack.pushed && !self.in_pingpong());
            if self.rcv_wup.until_or_zero(self.rcv_nxt) > self.ack.rcv_mss
                || (copied > 0 && small && self.rmem == 0)
            {
                return self.send_ack(Cause::Ack, cx);
            }
        }
        if copied > 0 && !self.shut.read && self.state.is_synchronized() {
            let now = self.receive_window();
            if 2 * now <= self.window_clamp {
                let window = self.wanted_window();
                if window > 0 && window >= 2 * now {
                    self.send_ack(Cause::WindowUpdate, cx);
                }
            }
        }
    }

    // ---- arrivals

    /// Seventh check: the segment's text (`tcp_data_queue`).
    pub(super) fn queue_text(&mut self, segment: &Segment, cx: &mut Cx<'_>) {
        if segment.is_empty() {
            return;
        }
        self.measure_rcv_rtt_by_timestamp(segment, cx);
        let (start, end) = (segment.seq, segment.end());
        let window = self.receive_window();
        if !end.after(self.rcv_nxt) {
            // All of it was here already: the sender lost our ACK.
            self.report_duplicate(start, end);
            cx.fx.events.push(Event::Ignored { why: Ignored::OldDuplicate });
            return self.ack_out_of_window();
        }
        if !start.before(self.rcv_nxt + window.max(1)) && start != self.rcv_nxt {
            cx.fx.events.push(Event::Ignored { why: Ignored::BeyondWindow });
            return self.ack_out_of_window();
        }
        let bare_fin = segment.payload.is_empty() && segment.flags.fin();
        if window == 0 && !start.after(self.rcv_nxt) && !bare_fin {
            cx.fx.events.push(Event::Ignored { why: Ignored::ZeroWindow });
            return self.ack_out_of_window();
        }
        if start.after(self.rcv_nxt) {
            return self.queue_out_of_order(segment, cx);
        }
        if start.before(self.rcv_nxt) {
            self.report_duplicate(start, self.rcv_nxt);
        }
        // "Some stacks are known to send bare FIN packets … we break a FIN/ACK loop": taken without
        // memory, and answered at once.
        if bare_fin && self.rmem > self.rcvbuf {
            self.ack.now = true;
        }
        if self.rmem >= self.rcvbuf.saturating_mul(2) && !bare_fin {
            self.ack.scheduled = true;
            self.ack.now = true;
            cx.fx.events.push(Event::Ignored { why: Ignored::NoMemory });
            return;
        }
        self.queue_in_order(segment, cx);
    }

    fn ack_out_of_window(&mut self) {
        self.enter_quickack();
        self.ack.scheduled = true;
    }

    fn queue_in_order(&mut self, segment: &Segment, cx: &mut Cx<'_>) {
        let known = segment.seq.until_or_zero(self.rcv_nxt) as usize;
        let known = known.min(segment.payload.len());
        let chunk = Chunk {
            seq: segment.seq + known as u32,
            data: segment.payload.slice(known, segment.payload.len()),
            fin: segment.flags.fin(),
            truesize: OVERHEAD + segment.payload.len() as u32,
            starts_buffer: true,
            pushed: segment.flags.psh(),
        };
        let len = segment.payload.len() as u32;
        self.take_in_order(chunk, cx);
        if len > 0 {
            self.data_received(segment, len, cx);
        }
        if self.rcv_nxt_is_past_fin(segment) {
            self.fin_arrives(cx);
        }
        if !self.ooo.is_empty() {
            self.fill_gap(cx);
        }
        if !self.orphan {
            self.wake_reader(cx);
        }
    }

    fn rcv_nxt_is_past_fin(&self, segment: &Segment) -> bool {
        segment.flags.fin() && self.rcv_nxt == segment.end()
    }

    /// Appends what continues RCV.NXT to the receive queue; small pieces are joined
    /// (`tcp_try_coalesce`).
    fn take_in_order(&mut self, mut chunk: Chunk, cx: &mut Cx<'_>) {
        self.rcv_nxt = chunk.end();
        self.count.bytes_received += chunk.data.len() as u64;
        if !chunk.data.is_empty() {
            // The sender's copy of a lone segment (it has PSH, or our window has no room for larger
            // buffers) is freed by our ACK; until then the buffer is shared, and nothing can be
            // joined to it (`skb_cloned`).
            let small_window = self.full_space() / 2 < 2 * self.advmss;
            let (edge, acked_ns) = self.rcv_edge;
            // Sent before our last ACK was there: it did not need the room that the ACK gave.
            let sent_before = acked_ns == cx.now_ns && !chunk.end().after(edge);
            let shared = self
                .tail_lone_end
                .is_some_and(|end| self.rcv_wup.before(end) || (small_window && sent_before));
            chunk.starts_buffer = self.queue.is_empty() || self.tail_frags >= FRAGS_MAX || shared;
            if chunk.starts_buffer {
                self.tail_lone_end = (chunk.pushed || small_window).then_some(chunk.end());
            }
            self.tail_frags = if chunk.starts_buffer { 1 } else { self.tail_frags + 1 };
            let overhead = if chunk.starts_buffer { OVERHEAD } else { 0 };
            chunk.truesize = overhead + chunk.data.len() as u32;
            self.rmem += chunk.truesize;
            self.queue.push_back(chunk);
        }
    }

    /// `tcp_data_ready`: wakes a reader once `SO_RCVLOWAT` is reached.
    fn wake_reader(&mut self, cx: &mut Cx<'_>) {
        // Urgent data count here (`tcp_epollin_ready`).
        if self.readable_bytes() >= self.opts.rcvlowat.max(1) || self.done {
            cx.fx.wake(Wake::Readable);
        }
    }

    /// `tcp_event_data_recv`: the delayed-ACK estimator.
    fn data_received(&mut self, segment: &Segment, len: u32, cx: &mut Cx<'_>) {
        self.ack.scheduled = true;
        self.count.data_segs_in += 1;
        self.measure_rcv_mss(segment, len);
        self.measure_rcv_rtt_by_window(cx);
        let since_ns = cx.now_ns.saturating_sub(self.ack.lrcvtime_ns);
        if self.ack.ato_ns == 0 {
            // The first data: the sender is in slow start and needs every ACK.
            self.add_quickacks(MAX_QUICKACKS);
            self.ack.ato_ns = ATO_MIN_NS;
        } else if since_ns <= ATO_MIN_NS / 2 {
            self.ack.ato_ns = self.ack.ato_ns / 2 + ATO_MIN_NS / 2;
        } else if since_ns < self.ack.ato_ns {
            self.ack.ato_ns = (self.ack.ato_ns / 2 + since_ns).min(self.rto_ns);
        } else if since_ns > self.rto_ns {
            // Too long a gap: the sender may have restarted slow start.
            self.add_quickacks(MAX_QUICKACKS);
        }
        self.ack.lrcvtime_ns = cx.now_ns;
        if len >= 128 {
            self.grow_window(len);
        }
    }

    /// `tcp_measure_rcv_mss`: how large the peer's segments are, and was this one pushed?
    fn measure_rcv_mss(&mut self, segment: &Segment, len: u32) {
        self.ack.last_seg_size = 0;
        if len >= self.ack.rcv_mss {
            if len != self.ack.rcv_mss {
                let ratio = (u64::from(len) << 8) / u64::from(len + OVERHEAD);
                let ratio = ratio.clamp(1, 255) as u8;
                if ratio != self.scaling_ratio {
                    self.scaling_ratio = ratio;
                    self.set_window_clamp(self.full_space());
                    self.rcvq_space = self.rcvq_space.min(self.window_clamp);
                }
            }
            self.ack.rcv_mss = len.min(self.advmss);
            if segment.flags.psh() {
                self.ack.pushed = true;
            }
            return;
        }
        let with_header = len + 20 + if self.ts_ok { 12 } else { 0 };
        if with_header >= 556 || (with_header >= 108 && !segment.flags.psh()) {
            let previous = self.ack.last_seg_size;
            self.ack.last_seg_size = len;
            if len == previous {
                self.ack.rcv_mss = len;
                return;
            }
        }
        self.ack.pushed2 |= self.ack.pushed;
        self.ack.pushed = true;
    }

    /// The receiver's RTT by timestamps (`tcp_rcv_rtt_measure_ts`): of full segments, once for
    /// each echoed value; within the same millisecond it says nothing.
    fn measure_rcv_rtt_by_timestamp(&mut self, segment: &Segment, cx: &Cx<'_>) {
        let Some((_, ecr)) = segment.options.timestamp.filter(|_| self.ts_ok) else { return };
        if ecr == self.rcv_rtt_last_ecr {
            return;
        }
        self.rcv_rtt_last_ecr = ecr;
        let ms = self.timestamp_now(cx).wrapping_sub(ecr);
        let full = segment.payload.len() as u32 >= self.ack.rcv_mss;
        if full && ecr != 0 && (1..0x8000_0000).contains(&ms) {
            self.rcv_rtt_sampled(u64::from(ms) * MS, false);
        }
    }

    /// The same by the time that a window takes to arrive (`tcp_rcv_rtt_measure`).
    fn measure_rcv_rtt_by_window(&mut self, cx: &Cx<'_>) {
        if self.rcv_rtt_time_ns != 0 {
            if self.rcv_nxt.before(self.rcv_rtt_seq) {
                return;
            }
            self.rcv_rtt_sampled((cx.now_ns - self.rcv_rtt_time_ns).max(1000), true);
        }
        self.rcv_rtt_seq = self.rcv_nxt + self.rcv_wnd;
        self.rcv_rtt_time_ns = cx.now_ns;
    }

    fn rcv_rtt_sampled(&mut self, sample_ns: u64, by_window: bool) {
        let old_ns = self.rcv_rtt_ns;
        if old_ns == 0 || sample_ns < old_ns {
            self.rcv_rtt_ns = sample_ns;
        } else if !by_window && self.rcv_nxt == self.copied_seq {
            self.rcv_rtt_ns = old_ns - old_ns / 8 + sample_ns / 8;
        }
    }

    /// `tcp_grow_window`: announce more as the sender proves that it fills it.
    fn grow_window(&mut self, len: u32) {
        let room = self.window_clamp.min(self.free_space()).saturating_sub(self.rcv_ssthresh);
        if room == 0 {
            return;
        }
        let step = (2 * self.advmss).max(2 * len);
        self.rcv_ssthresh += step.min(room);
        self.ack.quick |= 1;
    }

    /// Sets `TCP_WINDOW_CLAMP`: now, and for the connections to come.
    pub fn set_window_clamp_option(&mut self, bytes: i32) {
        self.opts.window_clamp = bytes.max(0) as u32;
        if bytes == 0 {
            self.window_clamp = 0;
        } else {
            self.opts.window_clamp = self.opts.window_clamp.max(WINDOW_CLAMP_MIN);
            self.set_window_clamp(self.opts.window_clamp);
        }
    }

    /// `TCP_WINDOW_CLAMP` as it is now.
    pub fn window_clamp(&self) -> u32 {
        self.window_clamp
    }

    /// `tcp_set_window_clamp`: the least is half of `SOCK_MIN_RCVBUF`.
    pub(super) fn set_window_clamp(&mut self, bytes: u32) {
        let (old, new) = (self.window_clamp, bytes.max(WINDOW_CLAMP_MIN));
        self.window_clamp = new;
        if new < old {
            self.rcv_ssthresh = self.rcv_ssthresh.min(new);
        } else if new > old {
            self.rcv_ssthresh = self.rcv_ssthresh.max(self.rcv_wnd.min(new));
        }
    }

    /// `tcp_rcv_space_adjust`: a buffer of twice what the program reads in a round trip.
    pub(super) fn adjust_receive_space(&mut self, cx: &Cx<'_>) {
        if self.rcv_rtt_ns == 0 || cx.now_ns - self.rcvq_time_ns < self.rcv_rtt_ns {
            return;
        }
        let copied = self.rcvq_seq.until_or_zero(self.copied_seq);
        let waiting = self.copied_seq.until_or_zero(self.rcv_nxt);
        let copied = copied.saturating_sub(waiting);
        if copied > self.rcvq_space {
            self.grow_rcvbuf(copied, cx);
        }
        self.rcvq_seq = self.copied_seq;
        self.rcvq_time_ns = cx.now_ns;
    }

    /// `tcp_rcvbuf_grow`: room for twice what was read in a round trip, and for the sender's
    /// slow start.
    fn grow_rcvbuf(&mut self, copied: u32, cx: &Cx<'_>) {
        let before = u64::from(std::mem::replace(&mut self.rcvq_space, copied).max(1));
        if !cx.config.moderate_rcvbuf || self.opts.rcvbuf.is_some() {
            return;
        }
        let mut window = 2 * u64::from(copied);
        window += 2 * window * (u64::from(copied) - before.min(u64::from(copied))) / before;
        if let Some(last) = self.ooo.last() {
            window += u64::from(self.rcv_nxt.until_or_zero(last.end()));
        }
        let space = (window << 8) / u64::from(self.scaling_ratio);
        let space = space.min(u64::from(cx.config.rmem[2])) as u32;
        if space > self.rcvbuf {
            self.rcvbuf = space;
            self.window_clamp = self.full_space();
        }
    }

    /// A segment ahead of a gap is kept (`tcp_data_queue_ofo`), sorted, without overlaps.
    fn queue_out_of_order(&mut self, segment: &Segment, cx: &mut Cx<'_>) {
        self.ack.scheduled = true;
        self.count.rcv_ooopack += 1;
        if !segment.payload.is_empty() {
            self.measure_rcv_mss(segment, segment.payload.len() as u32);
        }
        let range = SeqRange { start: segment.seq, end: segment.end() };
        cx.fx.events.push(Event::OutOfOrder { range, expected: self.rcv_nxt });
        if self
            .ooo
            .iter()
            .any(|chunk| SeqRange { start: chunk.seq, end: chunk.end() }.covers(range))
        {
            self.report_duplicate(range.start, range.end);
            self.remember_sack(range);
            return;
        }
        if self.rmem + OVERHEAD + range.len() > self.rcvbuf.saturating_mul(2) {
            cx.fx.events.push(Event::Ignored { why: Ignored::NoMemory });
            return;
        }
        // What the newcomer covers goes; partial overlaps are cut when the gap is filled.
        let mut freed = 0;
        self.ooo.retain(|chunk| {
            let covered = range.covers(SeqRange { start: chunk.seq, end: chunk.end() });
            freed += if covered { chunk.truesize } else { 0 };
            !covered
        });
        self.rmem -= freed;
        // What follows a kept segment at once is joined to it.
        let at = self.ooo.partition_point(|other| other.seq.before(range.start));
        let joins = at > 0 && self.ooo[at - 1].end() == range.start;
        let chunk = Chunk {
            seq: range.start,
            data: segment.payload.clone(),
            fin: segment.flags.fin(),
            truesize: if joins { 0 } else { OVERHEAD } + segment.payload.len() as u32,
            starts_buffer: !joins,
            pushed: segment.flags.psh(),
        };
        self.rmem += chunk.truesize;
        // Without SACK only ACKs with the same window count as duplicates.
        if self.sack_ok {
            self.grow_window(range.len());
        }
        self.ooo.insert(at, chunk);
        self.remember_sack(range);
    }

    /// The gap before kept segments is filled (`tcp_ofo_queue`).
    fn fill_gap(&mut self, cx: &mut Cx<'_>) {
        let mut taken = 0;
        let high = self.rcv_nxt;
        let mut told_to = high;
        while let Some(chunk) = self.ooo.get(taken)
            && !chunk.seq.after(self.rcv_nxt)
        {
            let mut chunk = chunk.clone();
            // What was kept came again with what filled the gap: D-SACK of the first buffer.
            let joined = !chunk.starts_buffer && chunk.seq == told_to && told_to.before(high);
            if chunk.seq.before(told_to) || joined {
                told_to = chunk.end().min(if joined { high } else { told_to });
                self.extend_duplicate(chunk.seq, told_to);
            }
            taken += 1;
            self.rmem -= chunk.truesize;
            if !chunk.end().after(self.rcv_nxt) {
                continue;
            }
            let known = chunk.seq.until_or_zero(self.rcv_nxt) as usize;
            chunk.data.advance(known.min(chunk.data.len()));
            chunk.seq = self.rcv_nxt;
            let fin = chunk.fin;
            self.take_in_order(chunk, cx);
            if fin {
                self.fin_arrives(cx);
                taken = self.ooo.len();
                break;
            }
        }
        let taken = taken.min(self.ooo.len());
        self.ooo.drain(..taken);
        if self.ooo.is_empty() {
            // RFC 5681 §4.2: acknowledge at once when a gap is filled.
            self.ack.now = true;
        }
        let rcv_nxt = self.rcv_nxt;
        self.sacks.retain(|range| range.end.after(rcv_nxt));
    }

    /// The newest block goes first, joined with what touches it (RFC 2018 §4).
    fn remember_sack(&mut self, range: SeqRange) {
        if !self.sack_ok {
            return;
        }
        let mut joined = range;
        self.sacks.retain(|other| {
            let touches = !other.start.after(joined.end) && !other.end.before(joined.start);
            if touches {
                joined.start = joined.start.min(other.start);
                joined.end = joined.end.max(other.end);
            }
            !touches
        });
        self.sacks.insert(0, joined);
        self.sacks.truncate(4);
    }

    /// `tcp_dsack_extend`.
    fn extend_duplicate(&mut self, start: Seq, end: Seq) {
        match &mut self.dsack {
            Some(range) if !start.after(range.end) && !range.start.after(end) => {
                range.start = range.start.min(start);
                range.end = range.end.max(end);
            }
            _ => self.report_duplicate(start, end),
        }
    }

    /// D-SACK (RFC 2883): tells the sender what came twice.
    pub(super) fn report_duplicate(&mut self, start: Seq, end: Seq) {
        if self.sack_ok {
            self.dsack = Some(SeqRange { start, end });
        }
    }

    /// Eighth check: FIN (RFC 9293 §3.10.7.4; `tcp_fin`).
    fn fin_arrives(&mut self, cx: &mut Cx<'_>) {
        self.ack.scheduled = true;
        self.shut.read = true;
        self.done = true;
        self.ooo.clear();
        self.sacks.clear();
        self.dsack = None; // `tcp_sack_reset` forgets that, too
        match self.state {
            // "Enter the CLOSE-WAIT state." Linux expects an answer soon and delays the ACK.
            State::SynReceived | State::Established => {
                self.set_state(State::CloseWait, StateWhy::FinArrived, cx);
                self.ack.pingpong = self.ack.pingpong.max(1);
            }
            // Our FIN is not acknowledged: both close at once.
            State::FinWait1 => {
                self.send_ack(Cause::Ack, cx);
                self.set_state(State::Closing, StateWhy::FinArrived, cx);
            }
            // Our FIN is acknowledged: enter TIME-WAIT.
            State::FinWait2 => {
                self.send_ack(Cause::Ack, cx);
                self.enter_time_wait(StateWhy::FinArrived, cx);
            }
            _ => {}
        }
        if !self.orphan {
            cx.fx.wake(if self.shut.write { Wake::HungUp } else { Wake::PeerShut });
        }
    }

    // ---- urgent data (RFC 9293 §3.8.5, RFC 6093: as implemented)

    /// Sixth check: URG (`tcp_urg`). The pointer names the byte *after* the urgent one.
    pub(super) fn urgent_arrives(&mut self, segment: &Segment, cx: &mut Cx<'_>) {
        if segment.flags.urg() && segment.urg > 0 {
            self.note_urgent(segment.seq + u32::from(segment.urg) - 1, cx);
        }
        if let Urgent::NotYet(at) = self.urgent {
            let offset = segment.seq.until(at) as usize;
            if let Some(byte) = segment.payload.get(offset) {
                self.urgent = Urgent::Valid(at, *byte);
                cx.fx.wake(Wake::Readable);
            }
        }
    }

    fn note_urgent(&mut self, at: Seq, cx: &mut Cx<'_>) {
        let newer = self.urgent.seq().is_none_or(|known| at.after(known));
        if self.copied_seq.after(at) || at.before(self.rcv_nxt) || !newer {
            return;
        }
        // An older urgent byte at the reading edge, never read out of band, is passed over.
        if self.urgent.seq() == Some(self.copied_seq)
            && !self.opts.oobinline
            && self.copied_seq != self.rcv_nxt
        {
            self.copied_seq += 1;
            self.drop_read();
        }
        self.urgent = Urgent::NotYet(at);
        cx.fx.wake(Wake::Urgent);
    }

    /// Frees buffers that were read whole.
    pub(super) fn drop_read(&mut self) {
        while !self.queue.is_empty() {
            let next = self.queue.iter().skip(1).position(|chunk| chunk.starts_buffer);
            let count = next.map_or(self.queue.len(), |at| at + 1);
            if self.queue[count - 1].end().after(self.copied_seq) {
                break;
            }
            let freed: u32 = self.queue.drain(..count).map(|chunk| chunk.truesize).sum();
            self.rmem = self.rmem.saturating_sub(freed);
        }
    }
}
