//! Sending: segmentation, Nagle, CORK, windows, and the header of every segment.
//!
//! What to read: RFC 9293 §3.7 (segmentation), §3.7.4 (Nagle), §3.8.6 (windows); Linux
//! `net/ipv4/tcp_output.c`. A segment here is one MSS at most. Linux gathers larger buffers and
//! hands them to the device as bursts, which are cut with the same boundaries; where a burst ends
//! shows on the wire, because its last piece carries PSH, so bursts are modelled
//! ([`Tcb::write_xmit`]). See `docs/notes/tcp-traces`.

use super::info::Limit;
use super::{Cx, Event, Flags, Options, Segment, Seq, Shared, Skb, State, Tcb, Timer, info};
use crate::net::{Cause, Wake};
use crate::wire;

/// Linux's bookkeeping beside an skb's data, bytes (`SKB_TRUESIZE` of an empty one).
const SKB_OVERHEAD: u32 = 832;

/// The largest buffer that Linux hands to a device (`sk_gso_max_size`), bytes.
const GSO_MAX: u64 = 65_536;

/// What Nagle's test lets pass (`nonagle`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Push {
    /// As the socket's options say.
    Options,
    /// Small segments may go (`TCP_NAGLE_PUSH`, `TCP_NAGLE_OFF`).
    Now,
    /// Small segments wait (`MSG_MORE`).
    More,
}

impl Tcb {
    // ---- headers

    /// Sends one segment (`tcp_transmit_skb`): chooses window and options, clears owed ACKs.
    pub(super) fn transmit(
        &mut self,
        seq: Seq,
        flags: Flags,
        payload: Shared,
        cause: Cause,
        cx: &mut Cx<'_>,
    ) {
        let mut segment = Segment { seq, flags, payload, ..Segment::default() };
        segment.options = self.options_for(flags, cx);
        segment.wnd = if flags.syn() {
            // The window of a SYN is never scaled (RFC 7323 §2.2).
            self.rcv_wnd.min(0xffff) as u16
        } else {
            self.select_window(cx)
        };
        if flags.ack() {
            segment.ack = self.rcv_nxt;
            self.ack_sent();
        }
        self.mark_urgent(&mut segment);
        self.count.segs_out += 1;
        if !segment.payload.is_empty() {
            self.count.data_segs_out += 1;
            self.count.bytes_sent += segment.payload.len() as u64;
            self.data_sent(cx);
        }
        cx.fx.segments.push((segment, cause));
    }

    fn options_for(&mut self, flags: Flags, cx: &Cx<'_>) -> Options {
        let mut options = Options::default();
        if flags.syn() {
            let answers = flags.ack();
            options.mss = Some(self.advmss_option());
            if if answers { self.ts_ok } else { cx.config.timestamps } {
                options.timestamp = Some((self.timestamp_now(cx), self.ts_recent));
            }
            options.sack_ok = if answers { self.sack_ok } else { cx.config.sack };
            let scaling = if answers { self.wscale_ok } else { cx.config.window_scaling };
            options.wscale = scaling.then_some(self.rcv_wscale);
            return options;
        }
        if self.ts_ok {
            options.timestamp = Some((self.timestamp_now(cx), self.ts_recent));
        }
        if self.sack_ok && !flags.rst() {
            let room = wire::tcp::sack_blocks_max(self.ts_ok);
            let blocks = self.dsack.take().into_iter().chain(self.sacks.iter().copied());
            blocks.take(room).for_each(|range| options.sack.push(range.start, range.end));
        }
        options
    }

    /// MSS option: what we can take without options (RFC 9293 §3.7.1).
    fn advmss_option(&self) -> u16 {
        let without_options = self.pmtu.min(0xffff).saturating_sub(self.ip_and_tcp_header());
        let user = self.opts.maxseg.map_or(u32::MAX, u32::from);
        without_options.min(user).min(0xffff) as u16
    }

    pub(super) fn ip_and_tcp_header(&self) -> u32 {
        let ip = match self.peer {
            std::net::SocketAddr::V4(_) => wire::ip::V4_LEN,
            std::net::SocketAddr::V6(peer) if peer.ip().to_ipv4_mapped().is_some() => {
                wire::ip::V4_LEN
            }
            std::net::SocketAddr::V6(_) => wire::ip::V6_LEN,
        };
        (ip + wire::tcp::HEADER_LEN) as u32
    }

    fn mark_urgent(&self, segment: &mut Segment) {
        // Urgent mode lasts while SND.UP is ahead of what this segment starts with (§3.8.5).
        if self.snd_up.after(self.snd_una) && segment.seq.before(self.snd_up) {
            let ahead = segment.seq.until(self.snd_up);
            if ahead <= 0xffff {
                segment.flags = segment.flags | Flags::URG;
                segment.urg = ahead as u16;
            }
        }
    }

    /// `tcp_event_data_sent`: an answer within the delayed-ACK time makes the session interactive.
    fn data_sent(&mut self, cx: &Cx<'_>) {
        self.lsndtime_ns = cx.now_ns;
        if cx.now_ns.saturating_sub(self.ack.lrcvtime_ns) < self.ack.ato_ns {
            self.ack.pingpong = self.ack.pingpong.saturating_add(1);
        }
    }

    /// Sends a bare ACK now.
    pub(super) fn send_ack(&mut self, cause: Cause, cx: &mut Cx<'_>) {
        if self.state == State::Closed {
            return;
        }
        self.transmit(self.acceptable_seq(), Flags::ACK, Shared::default(), cause, cx);
    }

    /// SND.NXT, unless the peer took its window back (`tcp_acceptable_seq`).
    fn acceptable_seq(&self) -> Seq {
        let wnd_end = self.snd_una + self.snd_wnd;
        let scale = 1 << self.snd_wscale;
        if wnd_end.before(self.snd_nxt) && wnd_end.until(self.snd_nxt) >= scale {
            wnd_end
        } else {
            self.snd_nxt
        }
    }

    // ---- sizes

    /// Bytes of data a segment may carry now (`tcp_current_mss`): SACK blocks take room.
    pub(super) fn current_mss(&self) -> u32 {
        let sack_blocks = if self.sack_ok { self.sacks.len().min(3) as u32 } else { 0 };
        let sack = if sack_blocks > 0 { 4 + 8 * sack_blocks } else { 0 };
        (self.mss_cache - sack).max(1)
    }

    /// `tcp_sync_mss`: from the path MTU, the peer's MSS and half its largest window.
    pub(super) fn sync_mss(&mut self) {
        let timestamps = if self.ts_ok { 12 } else { 0 };
        let by_path = self.pmtu.saturating_sub(self.ip_and_tcp_header());
        let mss = by_path.min(self.mss_clamp).max(48) - timestamps;
        let cutoff = if self.max_window > 536 { self.max_window >> 1 } else { self.max_window };
        self.mss_cache = if cutoff > 0 && mss > cutoff {
            cutoff.max(68u32.saturating_sub(20 + timestamps))
        } else {
            mss
        };
    }

    /// An ICMP message lowered the path MTU (RFC 1191, RFC 9293 §3.7.2): what is in flight is cut
    /// and sent again.
    pub fn path_mtu_changed(&mut self, mtu: u32, cx: &mut Cx<'_>) {
        if mtu >= self.pmtu || !self.state.is_synchronized() || self.state == State::TimeWait {
            return;
        }
        self.pmtu = mtu.max(68);
        self.sync_mss();
        self.resegment();
        self.mark_all_lost();
        self.retransmit_lost(Cause::FastRetransmit, cx);
    }

    /// Cuts queued segments that are larger than the MSS.
    fn resegment(&mut self) {
        let mss = self.current_mss() as usize;
        for queue in [&mut self.rtx, &mut self.unsent] {
            if queue.iter().all(|skb| skb.data.len() <= mss) {
                continue;
            }
            for skb in std::mem::take(queue) {
                let mut rest = skb;
                while rest.data.len() > mss {
                    let (head, tail) = rest.split(mss);
                    queue.push_back(head);
                    rest = Skb { starts_burst: false, ..tail };
                }
                queue.push_back(rest);
            }
        }
        self.recovery.recount(&self.rtx);
    }

    // ---- the queue

    /// Appends data to the send queue, at most one segment's worth; returns how much.
    pub(super) fn append(&mut self, data: &[u8], first: bool) -> usize {
        let mss = self.current_mss() as usize;
        let gathered = self.gathered_at_tail();
        let goal = self.size_goal();
        let count = match self.unsent.back_mut() {
            Some(skb) if skb.data.len() < mss && !skb.flags.fin() && !skb.eor => {
                let count = data.len().min(mss - skb.data.len());
                skb.data.push(&data[..count]);
                self.wmem += count as u32;
                count
            }
            _ => {
                let count = data.len().min(mss);
                let mut bytes = Vec::with_capacity(count);
                bytes.extend_from_slice(&data[..count]);
                let mut skb = Skb::new(self.write_seq, Flags::default(), Shared::from(bytes));
                let ended = self.unsent.back().is_some_and(|last| last.eor);
                skb.starts_burst = gathered == 0 || gathered >= goal || ended;
                // What goes on in the same buffer is not its end.
                if !skb.starts_burst
                    && let Some(previous) = self.unsent.back_mut()
                {
                    previous.flags = previous.flags.without(Flags::PSH);
                }
                self.push_skb(skb);
                count
            }
        };
        if first && let Some(skb) = self.unsent.back_mut() {
            skb.flags = skb.flags.without(Flags::PSH);
        }
        self.write_seq += count as u32;
        count
    }

    /// Bytes in the buffer that Linux would append to.
    pub(super) fn gathered_at_tail(&self) -> u32 {
        let Some(last) = self.unsent.back() else { return 0 };
        let start = self
            .unsent
            .iter()
            .rev()
            .find(|skb| skb.starts_burst)
            .or(self.unsent.front())
            .map_or(last.seq, |skb| skb.seq);
        start.until(last.end())
    }

    pub(super) fn push_skb(&mut self, skb: Skb) {
        self.wmem += skb.truesize();
        self.unsent.push_back(skb);
    }

    /// Marks the end of what the program gave with PSH (RFC 9293 §3.9.1.2).
    pub(super) fn mark_push(&mut self) {
        if let Some(skb) = self.unsent.back_mut() {
            skb.flags = skb.flags | Flags::PSH;
        }
        self.pushed_seq = self.write_seq;
    }

    /// Half the peer's largest window was given since the last PSH (`forced_push`).
    pub(super) fn forced_push(&self) -> bool {
        self.write_seq.after(self.pushed_seq + (self.max_window >> 1))
    }

    /// `sk_stream_memory_free`.
    pub(super) fn has_memory(&self) -> bool {
        self.wmem < self.sndbuf
            && self.opts.notsent_lowat.is_none_or(|lowat| self.unsent_bytes() < lowat)
    }

    /// `sk_stream_is_writeable`: a third of the buffer is free.
    pub(super) fn is_writable(&self) -> bool {
        self.sndbuf.saturating_sub(self.wmem) >= self.wmem / 2
            && self.wmem < self.sndbuf
            && self.opts.notsent_lowat.is_none_or(|lowat| self.unsent_bytes() < lowat)
    }

    // ---- transmission of new data

    /// Sends what windows and Nagle allow (`tcp_push_pending_frames`).
    pub(super) fn push_pending(&mut self, push: Push, cx: &mut Cx<'_>) {
        if self.unsent.is_empty() {
            return;
        }
        self.limits.start(Limit::Busy, cx.now_ns);
        let blocked = self.write_xmit(push, Cause::Data, usize::MAX, cx);
        // Nothing in flight will bring an ACK, so a timer must look again: the zero-window probe.
        if blocked && self.timers.xmit.is_none() {
            if self.window_left() == 0 || self.head_beyond_window() {
                cx.fx.events.push(Event::ZeroWindow);
            }
            self.timers.xmit = Some((Timer::Persist, cx.now_ns + self.probe_base_ns(cx)));
        }
    }

    fn window_left(&self) -> u32 {
        self.snd_nxt.until_or_zero(self.snd_una + self.snd_wnd)
    }

    pub(super) fn head_beyond_window(&self) -> bool {
        let wnd_end = self.snd_una + self.snd_wnd;
        self.unsent.front().is_some_and(|skb| skb.end().after(wnd_end))
    }

    /// `tcp_write_xmit`: burst by burst, at most `limit` of them. Returns whether data waits and
    /// nothing is in flight.
    pub(super) fn write_xmit(
        &mut self,
        push: Push,
        cause: Cause,
        limit: usize,
        cx: &mut Cx<'_>,
    ) -> bool {
        let mut sent = 0;
        let mut bursts = 0;
        let mut cwnd_limited = false;
        let mut rwnd_limited = false;
        while !self.unsent.is_empty() && bursts < limit {
            let in_flight = self.in_flight();
            // A probe may always send one.
            let probe = cause == Cause::TailLossProbe;
            if in_flight >= self.cong.cwnd && !probe {
                cwnd_limited = true;
                break;
            }
            // Not more than half the congestion window in one burst (`tcp_cwnd_test`).
            let left = self.cong.cwnd.saturating_sub(in_flight);
            let burst_max = self.burst_max(cx);
            let quota = ((self.cong.cwnd / 2).min(left).max(1) as usize).min(burst_max);
            self.grow_head(quota);
            if self.head_beyond_window() {
                rwnd_limited = true;
                break;
            }
            let gathered = self.gathered();
            let count = if gathered == 1 {
                let last = self.unsent.len() == 1;
                let Some(skb) = self.unsent.front() else { break };
                if !self.nagle_allows(skb, push, last) {
                    break;
                }
                1
            } else {
                if limit == usize::MAX && self.defers_burst(gathered, burst_max, cx) {
                    cwnd_limited = true;
                    break;
                }
                self.burst_len(gathered, quota, push)
            };
            if count == 0 {
                break;
            }
            self.wmem += start_buffer(&mut self.unsent, 0) + start_buffer(&mut self.unsent, count);
            for at in 1..=count {
                // "We set PSH on super-packets so the receiver flushes … ASAP": on what leaves, not
                // on what is kept for another time.
                let push = if count > 1 && at == count { Flags::PSH } else { Flags::default() };
                self.send_head(push, cause, cx);
            }
            sent += count;
            bursts += 1;
        }
        self.limits.peer_window(rwnd_limited, cx.now_ns);
        if sent > 0 && self.unsent.is_empty() && self.nospace && !cwnd_limited {
            self.limits.start(Limit::SendBuffer, cx.now_ns);
        }
        if sent > 0 || cwnd_limited {
            let in_flight = self.in_flight();
            self.cong.sent(in_flight, cwnd_limited || in_flight >= self.cong.cwnd);
        }
        if sent > 0 {
            self.wstamp_ns = cx.now_ns;
            self.recovery.prr_out += if self.recovery.reduces_cwnd() { sent as u32 } else { 0 };
            self.schedule_loss_probe(false, cx);
            return false;
        }
        self.rtx.is_empty() && !self.unsent.is_empty()
    }

    /// How many segments Linux would have in the buffer at the queue's head.
    fn gathered(&self) -> usize {
        self.buffer_end(0)
    }

    /// Where the buffer that the segment at `index` is in ends.
    fn buffer_end(&self, index: usize) -> usize {
        let next = self.unsent.iter().skip(index + 1).position(|skb| skb.starts_burst);
        next.map_or(self.unsent.len(), |at| index + 1 + at)
    }

    /// Cuts what is left of a buffer into segments anew: a buffer that the window has cut is bytes,
    /// and full segments are counted from where it begins now.
    fn repack(&mut self, index: usize) {
        let (end, mss) = (self.buffer_end(index), self.current_mss() as usize);
        if end <= index + 1 || self.unsent.range(index..end - 1).all(|skb| skb.data.len() == mss) {
            return;
        }
        let after = self.unsent.split_off(end);
        let mut parts = self.unsent.split_off(index).into_iter();
        let Some(mut rest) = parts.next() else { return };
        for part in parts {
            rest.data.push(&part.data);
            (rest.flags, rest.eor) = (part.flags, part.eor);
        }
        while rest.data.len() > mss {
            let (head, tail) = rest.split(mss);
            self.unsent.push_back(head);
            rest = Skb { starts_burst: false, ..tail };
        }
        self.unsent.push_back(rest);
        self.unsent.extend(after);
    }

    /// Joins what follows to the buffer at the queue's head until it has `quota` segments
    /// (`tcp_grow_skb`). Its PSH goes to the new end, and that of buffers that are used up.
    fn grow_head(&mut self, quota: usize) {
        loop {
            let end = self.gathered();
            if end >= quota.min(self.unsent.len()) || self.unsent[end - 1].eor {
                return;
            }
            let rest = self.unsent.iter().skip(end + 1).take_while(|skb| !skb.starts_burst);
            let next = 1 + rest.count();
            let taken = next.min(quota - end);
            self.unsent[end].starts_burst = false;
            if taken < next {
                self.unsent[end + taken].starts_burst = true;
            } else {
                self.wmem = self.wmem.saturating_sub(SKB_OVERHEAD);
            }
            if self.unsent[end - 1].flags.psh() {
                self.unsent[end - 1].flags = self.unsent[end - 1].flags.without(Flags::PSH);
                let last = &mut self.unsent[end + taken - 1];
                last.flags = last.flags | Flags::PSH;
            }
            self.repack(0);
        }
    }

    /// Bytes a second at which Linux would pace (`tcp_update_pacing_rate`): twice what the window
    /// gives in slow start, 1.2 times afterwards.
    pub(super) fn pacing_rate(&self) -> u64 {
        let slow = u64::from(self.cong.cwnd) < u64::from(self.cong.ssthresh) / 2;
        let ratio = if slow { 200 } else { 120 };
        let srtt_ns = if self.srtt_ns == 0 { super::MS } else { self.srtt_ns };
        let window = u64::from(self.current_mss()) * u64::from(self.cong.cwnd) * ratio / 100;
        (u128::from(window) * u128::from(super::SECOND) / u128::from(srtt_ns)) as u64
    }

    /// The most segments of a burst (`tcp_tso_segs`): about a millisecond's worth at the current
    /// rate, more on very short paths.
    pub(super) fn burst_max(&self, cx: &Cx<'_>) -> usize {
        let mss = u64::from(self.current_mss());
        let mut bytes = (self.pacing_rate() >> 10).min(GSO_MAX);
        let short_path = (self.min_rtt_ns / 1000) >> 9;
        if short_path < 32 {
            bytes += GSO_MAX >> short_path;
        }
        (bytes.min(GSO_MAX) / mss).max(u64::from(cx.config.min_tso_segs)) as usize
    }

    /// Waiting a little may make one large burst of several (`tcp_tso_should_defer`).
    fn defers_burst(&self, gathered: usize, burst_max: usize, cx: &Cx<'_>) -> bool {
        let mss = u64::from(self.mss_cache);
        let Some(head) = self.rtx.front() else { return false };
        let recent = cx.now_ns.saturating_sub(self.wstamp_ns) <= super::MS;
        if self.recovery.reduces_or_lost() || !recent {
            return false;
        }
        let Some(first) = self.unsent.front() else { return false };
        let send_window = u64::from(first.seq.until_or_zero(self.snd_una + self.snd_wnd));
        let cong_window = u64::from(self.cong.cwnd.saturating_sub(self.in_flight())) * mss;
        let limit = send_window.min(cong_window);
        let len: u64 = self.unsent.iter().take(gathered).map(|skb| skb.data.len() as u64).sum();
        let is_tail = gathered == self.unsent.len();
        let third = u64::from(self.snd_wnd).min(u64::from(self.cong.cwnd) * mss) / 3;
        if limit >= burst_max as u64 * mss || (!is_tail && limit >= len) || limit >= third {
            return false;
        }
        if cx.now_ns.saturating_sub(head.sent_ns) < self.srtt_ns / 2 {
            return false;
        }
        let short = if cong_window < send_window { cong_window } else { send_window };
        short <= len || !self.unsent.get(gathered - 1).is_some_and(|skb| skb.flags.fin())
    }

    /// How many of the gathered segments go now (`tcp_mss_split_point`): what quota and window
    /// allow, the last small one only if Nagle lets it.
    fn burst_len(&mut self, gathered: usize, quota: usize, push: Push) -> usize {
        let wnd_end = self.snd_una + self.snd_wnd;
        let fitting =
            self.unsent.iter().take(gathered).take_while(|skb| !skb.end().after(wnd_end)).count();
        if quota < fitting || fitting == 0 {
            return quota.min(fitting);
        }
        if fitting < gathered {
            // The window cuts the next one: its first part goes too, if Nagle lets it.
            let room = self.unsent[fitting].seq.until_or_zero(wnd_end) as usize;
            let cut = room > 0 && room < self.unsent[fitting].data.len() && fitting < quota;
            if cut && !self.nagle_holds(push) {
                let whole = self.unsent[fitting].clone();
                let (head, mut tail) = whole.split(room);
                tail.starts_burst = false;
                self.unsent[fitting] = tail;
                self.unsent.insert(fitting, head);
                self.wmem += start_buffer(&mut self.unsent, fitting + 1);
                self.repack(fitting + 1);
                return fitting + 1;
            }
            return fitting;
        }
        let last = &self.unsent[fitting - 1];
        let small = (last.data.len() as u32) < self.current_mss() && !last.flags.fin();
        let is_tail = fitting == self.unsent.len();
        if small && is_tail && self.nagle_holds(push) { fitting - 1 } else { fitting }
    }

    /// `tcp_nagle_check` for a small segment.
    fn nagle_holds(&self, push: Push) -> bool {
        if push == Push::Now || (push == Push::Options && self.nagle_push) {
            return false;
        }
        if push == Push::More || self.opts.cork {
            return true;
        }
        let small_in_flight = self.snd_sml.after(self.snd_una) && !self.snd_sml.after(self.snd_nxt);
        !self.opts.nodelay && !self.rtx.is_empty() && small_in_flight
    }

    /// What Linux gathers in one buffer (`tcp_xmit_size_goal`), bytes.
    pub(super) fn size_goal(&self) -> u32 {
        let mss = self.current_mss();
        let half =
            if self.max_window > 536 { self.max_window >> 1 } else { self.max_window.max(mss) };
        let bytes = (GSO_MAX as u32 - 321).min(half.max(68));
        (bytes / mss).max(1) * mss
    }

    /// Nagle's test with Minshall's variant and CORK (`tcp_nagle_test`).
    fn nagle_allows(&self, skb: &Skb, push: Push, last: bool) -> bool {
        !last
            || skb.flags.fin()
            || self.snd_up.after(self.snd_una)
            || skb.data.len() as u32 >= self.current_mss()
            || !self.nagle_holds(push)
    }

    /// Moves the head of the queue into flight.
    fn send_head(&mut self, more: Flags, cause: Cause, cx: &mut Cx<'_>) {
        let Some(mut skb) = self.unsent.pop_front() else { return };
        let cause = match cause {
            Cause::Data if skb.data.is_empty() && skb.flags.fin() => Cause::Fin,
            other => other,
        };
        skb.sent_ns = cx.now_ns;
        self.transmit(skb.seq, skb.flags | more | Flags::ACK, skb.data.clone(), cause, cx);
        if (skb.data.len() as u32) < self.current_mss() {
            self.snd_sml = skb.end();
        }
        self.snd_nxt = skb.end();
        let first_in_flight = self.rtx.is_empty();
        self.rtx.push_back(skb);
        if first_in_flight || self.timers.is_xmit(Timer::LossProbe) {
            self.rearm_rto(cx);
        }
        if self.unsent.is_empty() {
            self.nagle_push = false;
        }
    }

    /// `tcp_write_wakeup`: sends what the window allows of the head, or an empty segment below
    /// SND.UNA that must be answered (§3.8.6.1, §3.8.4).
    pub(super) fn write_wakeup(&mut self, cause: Cause, cx: &mut Cx<'_>) {
        let wnd_end = self.snd_una + self.snd_wnd;
        if let Some(skb) = self.unsent.front_mut()
            && skb.seq.before(wnd_end)
        {
            let room = skb.seq.until(wnd_end).min(self.mss_cache) as usize;
            if skb.data.len() > room {
                let (head, mut tail) = skb.clone().split(room);
                tail.starts_burst = false;
                *skb = tail;
                self.unsent.push_front(head);
                self.wmem += start_buffer(&mut self.unsent, 1);
                self.repack(1);
            }
            if let Some(skb) = self.unsent.front_mut() {
                skb.flags = skb.flags | Flags::PSH;
            }
            return self.send_head(Flags::default(), cause, cx);
        }
        let seq = self.snd_una - 1;
        self.transmit(seq, Flags::ACK, Shared::default(), cause, cx);
    }

    /// After an arrival: sends what has become possible, and wakes writers
    /// (`tcp_data_snd_check`).
    pub(super) fn data_snd_check(&mut self, cx: &mut Cx<'_>) {
        self.push_pending(Push::Options, cx);
        // A buffer that holds the sender back grows with the congestion window
        // (`tcp_should_expand_sndbuf`).
        if self.nospace && self.opts.sndbuf.is_none() && self.in_flight() < self.cong.cwnd {
            self.expand_sndbuf(cx);
        }
        if self.nospace && self.is_writable() {
            self.nospace = false;
            self.limits.stop(Limit::SendBuffer, cx.now_ns);
            cx.fx.wake(Wake::Writable);
        }
    }

    /// Queues our FIN (`tcp_send_fin`): with the last unsent data, or alone.
    pub(super) fn send_fin(&mut self, cx: &mut Cx<'_>) {
        match self.unsent.back_mut() {
            Some(skb) => skb.flags = skb.flags | Flags::FIN,
            None => {
                let skb = Skb::new(self.write_seq, Flags::FIN, Shared::default());
                self.push_skb(skb);
            }
        }
        self.write_seq += 1;
        self.push_pending(Push::Now, cx);
    }

    /// The SYN of an active open, or SYN+ACK after crossed SYNs.
    pub(super) fn send_syn(&mut self, cx: &mut Cx<'_>) {
        let mut skb = Skb::new(self.write_seq, Flags::SYN, Shared::default());
        skb.sent_ns = cx.now_ns;
        self.write_seq += 1;
        self.snd_nxt = self.write_seq;
        self.pushed_seq = self.write_seq;
        self.wmem += skb.truesize();
        self.transmit(skb.seq, skb.flags, Shared::default(), Cause::Syn, cx);
        self.rtx.push_back(skb);
        self.timers.xmit = Some((Timer::Retransmit, self.rto_at(cx)));
    }

    /// Whether a segment echoing `tsecr` answers something sent since the connection began.
    pub(super) fn echo_is_ours(&self, tsecr: u32, cx: &Cx<'_>) -> bool {
        let start = info::timestamp(self.retrans_stamp_ns.unwrap_or(0), self.ts_offset);
        let now = self.timestamp_now(cx);
        now.wrapping_sub(tsecr) <= now.wrapping_sub(start)
    }
}

/// Cuts the larger buffer that the segment at `index` is inside; returns what the new one costs.
pub(super) fn start_buffer(queue: &mut std::collections::VecDeque<Skb>, index: usize) -> u32 {
    match queue.get_mut(index) {
        Some(skb) if !skb.starts_burst => {
            skb.starts_burst = true;
            SKB_OVERHEAD
        }
        _ => 0,
    }
}

impl Skb {
    pub(super) fn new(seq: Seq, flags: Flags, data: Shared) -> Skb {
        Skb {
            seq,
            flags,
            data,
            sent_ns: 0,
            retransmits: 0,
            sacked: false,
            lost: false,
            retrans_out: false,
            starts_burst: false,
            eor: false,
        }
    }

    /// What it counts against the send buffer.
    pub(super) fn truesize(&self) -> u32 {
        let overhead = if self.starts_burst { SKB_OVERHEAD } else { 0 };
        overhead + self.data.len() as u32
    }

    /// Cuts it after `at` bytes; PSH and FIN stay with the end.
    fn split(self, at: usize) -> (Skb, Skb) {
        let head = Skb {
            eor: false,
            flags: self.flags.without(Flags::PSH | Flags::FIN),
            data: self.data.slice(0, at),
            ..self.clone()
        };
        let tail =
            Skb { seq: self.seq + at as u32, data: self.data.slice(at, self.data.len()), ..self };
        (head, tail)
    }
}
