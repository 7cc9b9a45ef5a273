//! `TCP_INFO`: the numbers that a program can ask a connection for (`tcp_get_info`).

use super::{Cx, State, Tcb};

/// Counters that nothing else needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Counters {
    pub(super) segs_out: u32,
    pub(super) segs_in: u32,
    pub(super) data_segs_out: u32,
    pub(super) data_segs_in: u32,
    pub(super) bytes_acked: u64,
    pub(super) bytes_received: u64,
    pub(super) bytes_sent: u64,
    pub(super) bytes_retrans: u64,
    pub(super) total_retrans: u32,
    pub(super) dsack_dups: u32,
    pub(super) reord_seen: u32,
    pub(super) rcv_ooopack: u32,
}

/// What a sender with data waits for (`tcp_chrono`), the stronger reason last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Limit {
    /// Nothing in particular: data is on its way.
    Busy,
    /// The peer's window.
    PeerWindow,
    /// The program, which would write more if the send buffer were larger.
    SendBuffer,
}

/// For how long each of them has lasted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Limits {
    now: Option<(Limit, u64)>,
    /// By [`Limit`], nanoseconds.
    spent_ns: [u64; 3],
}

impl Limits {
    fn set(&mut self, limit: Option<Limit>, now_ns: u64) {
        if let Some((old, since_ns)) = self.now {
            self.spent_ns[old as usize] += now_ns.saturating_sub(since_ns);
        }
        self.now = limit.map(|limit| (limit, now_ns));
    }

    /// `tcp_chrono_start`: a weaker reason does not end a stronger one.
    pub(super) fn start(&mut self, limit: Limit, now_ns: u64) {
        if self.now.is_none_or(|(now, _)| limit > now) {
            self.set(Some(limit), now_ns);
        }
    }

    /// `tcp_chrono_stop`.
    pub(super) fn stop(&mut self, limit: Limit, now_ns: u64) {
        if self.now.is_some_and(|(now, _)| now == limit) {
            self.set(Some(Limit::Busy), now_ns);
        }
    }

    pub(super) fn peer_window(&mut self, limits: bool, now_ns: u64) {
        if limits {
            self.start(Limit::PeerWindow, now_ns);
        } else {
            self.stop(Limit::PeerWindow, now_ns);
        }
    }

    /// Nothing is queued any more.
    pub(super) fn idle(&mut self, now_ns: u64) {
        self.set(None, now_ns);
    }

    /// Busy, window and buffer as `TCP_INFO` has them: being busy is all of it, microseconds.
    fn microseconds(mut self, now_ns: u64) -> [u64; 3] {
        self.set(None, now_ns);
        let [busy, window, buffer] = self.spent_ns;
        [busy + window + buffer, window, buffer].map(|ns| ns / 1000)
    }
}

/// `struct tcp_info`, in the order and the units of `linux/tcp.h`.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Info {
    pub state: State,
    pub ca_state: u8,
    pub retransmits: u8,
    pub probes: u8,
    pub backoff: u8,
    pub options: u8,
    pub snd_wscale: u8,
    pub rcv_wscale: u8,
    pub rto_us: u32,
    pub ato_us: u32,
    pub snd_mss: u32,
    pub rcv_mss: u32,
    pub unacked: u32,
    pub sacked: u32,
    pub lost: u32,
    pub retrans: u32,
    pub last_data_sent_ms: u32,
    pub last_data_recv_ms: u32,
    pub last_ack_recv_ms: u32,
    pub pmtu: u32,
    pub rcv_ssthresh: u32,
    pub rtt_us: u32,
    pub rttvar_us: u32,
    pub snd_ssthresh: u32,
    pub snd_cwnd: u32,
    pub advmss: u32,
    pub reordering: u32,
    pub rcv_rtt_us: u32,
    pub rcv_space: u32,
    pub total_retrans: u32,
    pub bytes_acked: u64,
    pub bytes_received: u64,
    pub segs_out: u32,
    pub segs_in: u32,
    pub notsent_bytes: u32,
    pub min_rtt_us: u32,
    pub data_segs_in: u32,
    pub data_segs_out: u32,
    pub delivered: u32,
    pub bytes_sent: u64,
    pub bytes_retrans: u64,
    pub dsack_dups: u32,
    pub reord_seen: u32,
    pub rcv_ooopack: u32,
    pub snd_wnd: u32,
    pub rcv_wnd: u32,
    pub total_rto: u32,
    pub busy_time_us: u64,
    pub rwnd_limited_us: u64,
    pub sndbuf_limited_us: u64,
}

impl Info {
    /// The bytes that `getsockopt(2)` writes: Linux 6.18's structure, 248 bytes; counters that are
    /// not modelled are zero.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![
            self.state.linux(),
            self.ca_state,
            self.retransmits,
            self.probes,
            self.backoff,
            self.options,
            self.snd_wscale | self.rcv_wscale << 4,
            0,
        ];
        let words = [
            self.rto_us,
            self.ato_us,
            self.snd_mss,
            self.rcv_mss,
            self.unacked,
            self.sacked,
            self.lost,
            self.retrans,
            0, // fackets
            self.last_data_sent_ms,
            0, // last_ack_sent
            self.last_data_recv_ms,
            self.last_ack_recv_ms,
            self.pmtu,
            self.rcv_ssthresh,
            self.rtt_us,
            self.rttvar_us,
            self.snd_ssthresh,
            self.snd_cwnd,
            self.advmss,
            self.reordering,
            self.rcv_rtt_us,
            self.rcv_space,
            self.total_retrans,
        ];
        words.iter().for_each(|word| bytes.extend(word.to_le_bytes()));
        // Pacing rate and its maximum: unlimited, as without pacing.
        bytes.extend(u64::MAX.to_le_bytes());
        bytes.extend(u64::MAX.to_le_bytes());
        bytes.extend(self.bytes_acked.to_le_bytes());
        bytes.extend(self.bytes_received.to_le_bytes());
        let words = [
            self.segs_out,
            self.segs_in,
            self.notsent_bytes,
            self.min_rtt_us,
            self.data_segs_in,
            self.data_segs_out,
        ];
        words.iter().for_each(|word| bytes.extend(word.to_le_bytes()));
        bytes.extend(0u64.to_le_bytes()); // delivery_rate
        bytes.extend(self.busy_time_us.to_le_bytes());
        bytes.extend(self.rwnd_limited_us.to_le_bytes());
        bytes.extend(self.sndbuf_limited_us.to_le_bytes());
        bytes.extend(self.delivered.to_le_bytes());
        bytes.extend(0u32.to_le_bytes()); // delivered_ce
        bytes.extend(self.bytes_sent.to_le_bytes());
        bytes.extend(self.bytes_retrans.to_le_bytes());
        let words = [
            self.dsack_dups,
            self.reord_seen,
            self.rcv_ooopack,
            self.snd_wnd,
            self.rcv_wnd,
            0, // rehash
            self.total_rto,
            0, // total_rto_recoveries, total_rto_time
        ];
        words.iter().for_each(|word| bytes.extend(word.to_le_bytes()));
        bytes.resize(248, 0);
        bytes
    }
}

impl Tcb {
    /// `TCP_INFO` of a connection. A listener's own numbers are
    /// [`crate::tcp::listener::Listener::info`].
    pub fn info(&self, now_ns: u64, reordering: u32) -> Info {
        let us = |ns: u64| (ns / 1000).min(u64::from(u32::MAX)) as u32;
        let ago = |then_ns: u64| (now_ns.saturating_sub(then_ns) / super::MS) as u32;
        let count = &self.count;
        let options =
            u8::from(self.ts_ok) | u8::from(self.sack_ok) << 1 | u8::from(self.wscale_ok) << 2;
        let [busy_time_us, rwnd_limited_us, sndbuf_limited_us] = self.limits.microseconds(now_ns);
        Info {
            busy_time_us,
            rwnd_limited_us,
            sndbuf_limited_us,
            state: self.state,
            ca_state: self.recovery.linux_ca_state(),
            retransmits: self.retransmits.min(255) as u8,
            probes: self.probes_out.min(255) as u8,
            backoff: self.backoff.min(255) as u8,
            options,
            snd_wscale: self.snd_wscale,
            rcv_wscale: self.rcv_wscale,
            rto_us: us(self.rto_ns),
            ato_us: us(self.ack.ato_ns),
            snd_mss: self.mss_cache,
            rcv_mss: self.ack.rcv_mss,
            unacked: self.rtx.len() as u32,
            sacked: self.recovery.sacked_out,
            lost: self.recovery.lost_out,
            retrans: self.recovery.retrans_out,
            last_data_sent_ms: ago(self.lsndtime_ns),
            last_data_recv_ms: ago(self.ack.lrcvtime_ns),
            last_ack_recv_ms: ago(self.rcv_tstamp_ns),
            pmtu: self.pmtu,
            rcv_ssthresh: self.rcv_ssthresh,
            rtt_us: us(self.srtt_ns),
            rttvar_us: us(self.mdev_ns / 4),
            snd_ssthresh: self.cong.ssthresh,
            snd_cwnd: self.cong.cwnd,
            advmss: self.advmss,
            reordering,
            rcv_rtt_us: us(self.rcv_rtt_ns),
            rcv_space: self.rcvq_space,
            total_retrans: count.total_retrans,
            bytes_acked: count.bytes_acked,
            bytes_received: count.bytes_received,
            segs_out: count.segs_out,
            segs_in: count.segs_in,
            notsent_bytes: self.unsent_bytes(),
            min_rtt_us: if self.min_rtt_ns == u64::MAX { u32::MAX } else { us(self.min_rtt_ns) },
            data_segs_in: count.data_segs_in,
            data_segs_out: count.data_segs_out,
            delivered: self.recovery.delivered,
            bytes_sent: count.bytes_sent,
            bytes_retrans: count.bytes_retrans,
            dsack_dups: count.dsack_dups,
            reord_seen: count.reord_seen,
            rcv_ooopack: count.rcv_ooopack,
            snd_wnd: self.snd_wnd,
            rcv_wnd: self.rcv_wnd,
            total_rto: self.total_rto,
        }
    }

    /// Receive memory, receive buffer, send memory and send buffer, bytes (`SO_MEMINFO`).
    pub fn memory(&self) -> [u32; 4] {
        [self.rmem, self.rcvbuf, self.wmem, self.sndbuf]
    }

    /// What comes with a message of `recvmsg(2)` after `TCP_INQ`: bytes that can still be read, or
    /// 1 where only the end can (`tcp_inq_hint`).
    pub fn inq(&self) -> u32 {
        match self.copied_seq.until_or_zero(self.rcv_nxt) {
            0 => u32::from(self.done),
            bytes => bytes,
        }
    }

    /// A point of the connection's graphs.
    pub fn sample(&self) -> super::Sample {
        let us = |ns: u64| (ns / 1000).min(u64::from(u32::MAX)) as u32;
        let infinite = super::congestion::INFINITE_SSTHRESH;
        super::Sample {
            cwnd: self.cong.cwnd,
            ssthresh: (self.cong.ssthresh < infinite).then_some(self.cong.ssthresh),
            in_flight: self.in_flight(),
            srtt_us: us(self.srtt_ns),
            rto_us: us(self.rto_ns),
            snd_wnd: self.snd_wnd,
        }
    }

    /// What changes of a [`Tcb::sample`] make a new one.
    pub(crate) fn sampled(&self) -> (u32, u32, u64, u64) {
        (self.cong.cwnd, self.cong.ssthresh, self.srtt_ns, self.rto_ns)
    }

    /// TS.val of a segment sent now: milliseconds.
    pub(super) fn timestamp_now(&self, cx: &Cx<'_>) -> u32 {
        timestamp(cx.now_ns, self.ts_offset)
    }
}

/// The timestamp clock: milliseconds plus the connection's offset.
pub(super) fn timestamp(now_ns: u64, offset: u32) -> u32 {
    ((now_ns / super::MS) as u32).wrapping_add(offset)
}
