//! What the program asks (RFC 9293 §3.10.1–§3.10.6): OPEN, SEND, RECEIVE, CLOSE, ABORT.
//!
//! What to read: `connect(2)`, `send(2)`, `recv(2)`, `shutdown(2)`, `close(2)`, `tcp(7)`; Linux
//! `net/ipv4/tcp.c`. A call that would block says so ([`Stop::Wait`]) and is made again.

use super::send::Push;
use super::{Cx, Flags, Seq, Shut, State, StateWhy, Tcb, Urgent};
use crate::net::{Answer, Cause, How, Received, RecvRequest, SendRequest, Stop, Wait};
use abi::Errno;
use abi::consts::{
    MSG_EOR, MSG_MORE, MSG_OOB, MSG_PEEK, MSG_TRUNC, MSG_WAITALL, POLLERR, POLLHUP, POLLIN,
    POLLOUT, POLLPRI, POLLRDHUP, POLLRDNORM, POLLWRNORM,
};

/// What an active open needs from the host.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Open {
    /// Our address and port.
    pub local: std::net::SocketAddr,
    /// The peer's.
    pub peer: std::net::SocketAddr,
    /// The initial sequence number.
    pub iss: Seq,
    /// The offset of the timestamp clock.
    pub ts_offset: u32,
    /// The route's MTU, bytes.
    pub mtu: u32,
    /// TS.Recent of the connection in TIME-WAIT whose place this one takes.
    pub ts_recent: Option<u32>,
}

impl Tcb {
    // ---- OPEN (§3.10.1)

    /// Active OPEN: sends a SYN, enters SYN-SENT (`tcp_v4_connect`, `tcp_connect`).
    pub fn open_active(&mut self, open: Open, cx: &mut Cx<'_>) {
        self.start(open, cx);
        let mut mss = self.advmss;
        if let Some(ts_recent) = open.ts_recent {
            (self.ts_recent, self.ts_recent_ns) = (ts_recent, cx.now_ns);
            // Timestamps are sure to come back, and take their room.
            mss -= 12;
        }
        self.select_initial_window(mss, cx.config.window_scaling, cx);
        self.set_state(State::SynSent, StateWhy::Connect, cx);
        self.retrans_stamp_ns = Some(cx.now_ns);
        self.send_syn(cx);
    }

    /// A fresh connection on this socket: only what the program set stays.
    pub(super) fn start(&mut self, open: Open, cx: &Cx<'_>) {
        let fresh = Tcb::new(cx.config);
        *self = Tcb {
            local: open.local,
            peer: open.peer,
            state: self.state,
            opts: self.opts,
            shut: self.shut,
            ack: super::AckState { pingpong: self.ack.pingpong, ..fresh.ack },
            ..fresh
        };
        self.apply_buffer_options(cx);
        self.cong =
            super::congestion::Control::new(self.opts.congestion.unwrap_or(cx.config.congestion));
        self.pmtu = open.mtu;
        self.window_clamp = self.opts.window_clamp;
        self.iss = open.iss;
        self.ts_offset = open.ts_offset;
        (self.snd_una, self.snd_nxt, self.write_seq) = (open.iss, open.iss, open.iss);
        (self.snd_up, self.snd_sml, self.pushed_seq) = (open.iss, open.iss, open.iss);
        self.mss_clamp = u32::from(self.opts.maxseg.unwrap_or(u16::MAX));
        // An IP packet is no longer than its length field can say (`IPV4_MAX_PMTU`).
        self.advmss = self.pmtu.min(0xffff).saturating_sub(self.ip_and_tcp_header());
        if let Some(user) = self.opts.maxseg {
            self.advmss = self.advmss.min(u32::from(user));
        }
        self.advmss = self.advmss.min(0xffff);
        self.sync_mss();
        self.init_rcv_mss();
        self.rcv_tstamp_ns = cx.now_ns;
        // A read that was shut down before the connection stays so.
        self.shut = Shut { read: self.shut.read, write: false };
    }

    /// `SO_RCVBUF` and `SO_SNDBUF` as set, else the defaults.
    pub fn apply_buffer_options(&mut self, cx: &Cx<'_>) {
        self.rcvbuf = self.opts.rcvbuf.unwrap_or(self.rcvbuf.max(cx.config.rmem[1]));
        self.sndbuf = self.opts.sndbuf.unwrap_or(self.sndbuf.max(cx.config.wmem[1]));
    }

    /// `SO_RCVBUF`, `SO_SNDBUF` in kernel bytes.
    pub fn buffers(&self) -> (u32, u32) {
        (self.rcvbuf, self.sndbuf)
    }

    /// Sets `SO_RCVBUF`.
    pub fn set_rcvbuf(&mut self, bytes: u32) {
        self.opts.rcvbuf = Some(bytes);
        self.rcvbuf = bytes;
    }

    /// Sets `SO_SNDBUF`.
    pub fn set_sndbuf(&mut self, bytes: u32) {
        self.opts.sndbuf = Some(bytes);
        self.sndbuf = bytes;
    }

    /// `TCP_CONGESTION`: at once, with the window as it is.
    pub fn set_congestion(&mut self, algorithm: super::Algorithm) {
        self.opts.congestion = Some(algorithm);
        self.cong.algorithm = algorithm;
    }

    /// The value that the timestamp option would carry at a time.
    pub fn timestamp_at(&self, now_ns: u64) -> u32 {
        super::info::timestamp(now_ns, self.ts_offset)
    }

    /// `connect(2)`'s wait: the handshake's result (`inet_wait_for_connect`).
    pub fn connect_result(&mut self, timeout_ns: Option<u64>) -> Answer<()> {
        match self.state {
            State::SynSent | State::SynReceived => {
                Err(Stop::Wait { on: Wait::Connect, errno: Errno::EINPROGRESS, timeout_ns })
            }
            State::Closed => Err(self.take_error().unwrap_or(Errno::ECONNABORTED).into()),
            _ => Ok(()),
        }
    }

    // ---- SEND (§3.10.2)

    /// `send(2)` (`tcp_sendmsg`): queues what there is room for. Waits with `EAGAIN` only when
    /// nothing more fits; `request.sent` tells how far it came.
    pub fn send(
        &mut self,
        request: &mut SendRequest,
        timeout_ns: Option<u64>,
        cx: &mut Cx<'_>,
    ) -> Answer<usize> {
        let wait = Stop::Wait { on: Wait::Send, errno: Errno::EAGAIN, timeout_ns };
        if !matches!(self.state, State::Established | State::CloseWait) {
            let in_handshake = matches!(self.state, State::SynSent | State::SynReceived);
            if self.err.is_none() && in_handshake && !self.shut.write {
                return Err(wait);
            }
            return self.send_fails(request);
        }
        if self.err.is_some() || self.shut.write {
            return self.send_fails(request);
        }
        self.restart_if_idle(cx);
        let more = request.flags & MSG_MORE != 0;
        let mut first = true;
        while request.sent < request.data.len() {
            if !self.has_memory() && !self.tail_has_room() {
                if !first {
                    self.push_after_send(request.flags & !MSG_MORE, Push::Now, cx);
                }
                self.nospace = true;
                if self.has_memory() {
                    continue;
                }
                return Err(wait);
            }
            request.sent += self.append(&request.data[request.sent..], first);
            first = false;
            if request.sent == request.data.len() {
                break;
            }
            let gathered = self.gathered_at_tail();
            if gathered < self.size_goal() {
                continue;
            }
            if self.forced_push() {
                self.mark_push();
                self.push_pending(Push::Now, cx);
            } else if gathered == self.unsent.front().map_or(0, |skb| skb.seq.until(self.write_seq))
            {
                self.write_xmit(Push::Now, Cause::Data, 1, cx);
            }
        }
        if request.flags & MSG_EOR != 0
            && let Some(skb) = self.unsent.back_mut().filter(|_| !request.data.is_empty())
        {
            skb.eor = true;
        }
        if !request.data.is_empty() {
            let push = if more { Push::More } else { Push::Options };
            self.push_after_send(request.flags, push, cx);
        }
        Ok(request.sent)
    }

    /// Room is looked for only when Linux would begin a new buffer.
    fn tail_has_room(&self) -> bool {
        self.unsent.back().is_some_and(|skb| !skb.flags.fin() && !skb.eor)
            && self.gathered_at_tail() < self.size_goal()
    }

    /// `tcp_push`.
    fn push_after_send(&mut self, flags: i32, push: Push, cx: &mut Cx<'_>) {
        if self.unsent.is_empty() {
            return;
        }
        if flags & MSG_MORE == 0 || self.forced_push() {
            self.mark_push();
        }
        if flags & MSG_OOB != 0 {
            self.snd_up = self.write_seq;
        }
        self.push_pending(push, cx);
    }

    /// `sk_stream_error`: the pending error, else `EPIPE`.
    fn send_fails(&mut self, request: &SendRequest) -> Answer<usize> {
        if request.sent > 0 {
            return Ok(request.sent);
        }
        Err(self.take_error().unwrap_or(Errno::EPIPE).into())
    }

    /// RFC 2861: after an idle RTO the congestion window is no longer true.
    fn restart_if_idle(&mut self, cx: &Cx<'_>) {
        let idle_ns = cx.now_ns.saturating_sub(self.lsndtime_ns);
        if cx.config.slow_start_after_idle
            && self.rtx.is_empty()
            && self.unsent.is_empty()
            && idle_ns > self.rto_ns
        {
            self.cong.restart_after_idle(idle_ns, self.rto_ns);
        }
    }

    /// `TCP_NODELAY` was set, or `TCP_CORK` taken away (`pushes`): what was held back goes, past the
    /// cork, too.
    pub fn options_changed(&mut self, pushes: bool, cx: &mut Cx<'_>) {
        if matches!(self.state, State::Closed | State::Listen | State::SynSent) {
            return;
        }
        if pushes {
            self.nagle_push |= self.opts.nodelay;
            self.push_pending(Push::Options, cx);
        }
    }

    // ---- RECEIVE (§3.10.3)

    /// `recv(2)` (`tcp_recvmsg`): takes bytes until `SO_RCVLOWAT` or `MSG_WAITALL` is satisfied.
    pub fn recv(
        &mut self,
        request: &mut RecvRequest,
        timeout_ns: Option<u64>,
        cx: &mut Cx<'_>,
    ) -> Answer<Received> {
        if self.state == State::Listen {
            return Err(Errno::ENOTCONN.into());
        }
        if request.flags & MSG_OOB != 0 {
            return self.recv_urgent(request);
        }
        let peek = request.flags & MSG_PEEK != 0;
        if peek {
            request.got.clear();
        }
        let peek_off = self.opts.peek_off;
        let before = request.got.len();
        let target = self.low_water(request);
        self.copy_to(request, peek, cx);
        let copied = request.got.len() - before;
        let stops = self.urgent_stops_reader(request);
        let done = request.got.len() >= target && (!request.got.is_empty() || request.len == 0);
        // Asking for nothing succeeds as soon as there is something.
        let done = if request.len == 0 { self.readable_bytes() > 0 } else { done };
        if !done
            && !stops
            && let Err(stop) = self.recv_ends(request, timeout_ns)
        {
            if !peek {
                self.cleanup_rbuf(copied, cx);
            }
            return Err(stop);
        }
        if !peek {
            self.cleanup_rbuf(copied, cx);
        }
        let mut bytes = std::mem::take(&mut request.got);
        let ret = bytes.len();
        // A look goes on where the last one ended; what is taken is no longer ahead of it.
        if peek_off >= 0 {
            let moved = if peek { ret as i32 } else { -(ret as i32) };
            self.opts.peek_off = peek_off.saturating_add(moved).max(0);
        }
        if request.flags & MSG_TRUNC != 0 {
            // "The received bytes of data are discarded, rather than passed back in a
            // caller-supplied buffer" (tcp(7)).
            bytes.clear();
        }
        Ok(Received { bytes, ret, ..Received::default() })
    }

    /// `sock_rcvlowat`.
    fn low_water(&self, request: &RecvRequest) -> usize {
        let lowat = (self.opts.rcvlowat as usize).min(request.len);
        let target = if request.flags & MSG_WAITALL != 0 { request.len } else { lowat };
        target.max(1)
    }

    /// Nothing more to take: the end of file, an error, or a wait.
    fn recv_ends(&mut self, request: &RecvRequest, timeout_ns: Option<u64>) -> Answer<()> {
        let ended = self.shut.read || self.state == State::Closed;
        if !request.got.is_empty() {
            if self.err.is_some() || ended {
                return Ok(());
            }
        } else {
            if self.done {
                return Ok(());
            }
            if let Some(errno) = self.take_error() {
                return Err(errno.into());
            }
            if self.shut.read {
                return Ok(());
            }
            if self.state == State::Closed {
                return Err(Errno::ENOTCONN.into());
            }
        }
        Err(Stop::Wait { on: Wait::Recv, errno: Errno::EAGAIN, timeout_ns })
    }

    /// Copies from the receive queue; stops before the urgent byte, which is not in the stream
    /// unless `SO_OOBINLINE`.
    fn copy_to(&mut self, request: &mut RecvRequest, peek: bool, cx: &mut Cx<'_>) {
        let truncate = request.flags & MSG_TRUNC != 0;
        let ahead = if peek { self.opts.peek_off.max(0) as u32 } else { 0 };
        let start = self.copied_seq + ahead;
        let mut seq = start;
        for index in 0..self.queue.len() {
            let chunk = &self.queue[index];
            if !(chunk.seq + chunk.data.len() as u32).after(seq) {
                // Read already; its buffer is not.
                continue;
            }
            let mut offset = chunk.seq.until_or_zero(seq) as usize;
            let mut available = chunk.data.len().saturating_sub(offset);
            if let Some(urgent) = self.urgent.seq()
                && chunk.seq.until(urgent) < chunk.data.len() as u32
                && !urgent.before(seq)
            {
                let ahead = seq.until(urgent) as usize;
                if ahead > 0 {
                    available = available.min(ahead);
                } else if !self.opts.oobinline {
                    // Reading passes over the urgent byte, once something lies behind it.
                    if !request.got.is_empty() && seq != start {
                        break;
                    }
                    seq += 1;
                    offset += 1;
                    available -= 1;
                } else if seq != start {
                    break;
                }
            }
            let room = request.len - request.got.len().min(request.len);
            let count = available.min(room);
            if truncate {
                request.got.resize(request.got.len() + count, 0);
            } else {
                request.got.extend_from_slice(&chunk.data[offset..offset + count]);
            }
            seq += count as u32;
            if count < available || self.urgent.seq() == Some(seq) && seq != start {
                break;
            }
        }
        if peek || seq == start {
            return;
        }
        self.copied_seq = seq;
        if self.urgent.seq().is_some_and(|at| seq.after(at)) {
            self.urgent = Urgent::None;
        }
        self.drop_read();
        self.adjust_receive_space(cx);
    }

    /// A reader that has something stops at the urgent mark.
    fn urgent_stops_reader(&self, request: &RecvRequest) -> bool {
        !request.got.is_empty() && self.urgent.seq() == Some(self.copied_seq)
    }

    /// `recv(MSG_OOB)` (`tcp_recv_urg`).
    fn recv_urgent(&mut self, request: &RecvRequest) -> Answer<Received> {
        if self.opts.oobinline || matches!(self.urgent, Urgent::None | Urgent::Read(_)) {
            return Err(Errno::EINVAL.into());
        }
        if self.state == State::Closed && !self.done {
            return Err(Errno::ENOTCONN.into());
        }
        if let Urgent::Valid(at, byte) = self.urgent {
            if request.flags & MSG_PEEK == 0 {
                self.urgent = Urgent::Read(at);
            }
            let bytes = if request.len > 0 { vec![byte] } else { Vec::new() };
            let msg_flags = MSG_OOB | if request.len == 0 { MSG_TRUNC } else { 0 };
            return Ok(Received { ret: bytes.len(), bytes, msg_flags, ..Received::default() });
        }
        if self.state == State::Closed || self.shut.read {
            return Ok(Received::default());
        }
        // Never waits: "Blocking here would be wrong" (`tcp_recv_urg`).
        Err(Errno::EAGAIN.into())
    }

    /// `SIOCATMARK`: whether the next byte is the urgent one.
    pub fn at_mark(&self) -> bool {
        self.urgent.seq() == Some(self.copied_seq)
    }

    // ---- CLOSE (§3.10.4), shutdown(2)

    /// `shutdown(2)` of a connection.
    pub fn shutdown(&mut self, how: How, cx: &mut Cx<'_>) -> Result<(), Errno> {
        let shuts_write = matches!(how, How::Write | How::Both);
        let shuts_read = matches!(how, How::Read | How::Both);
        match self.state {
            State::Closed | State::TimeWait => {
                // Linux sets the flags even though it answers ENOTCONN.
                self.shut.read |= shuts_read;
                self.shut.write |= shuts_write;
                cx.fx.wake(crate::net::Wake::State);
                return Err(Errno::ENOTCONN);
            }
            State::SynSent => {
                if shuts_write {
                    // `inet_shutdown`: the attempt is given up.
                    self.shut.read |= shuts_read;
                    self.abort(cx);
                    self.err = Some(Errno::ECONNRESET);
                    self.shut = Shut { read: shuts_read, write: true };
                } else {
                    self.shut.read = true;
                }
                return Ok(());
            }
            _ => {}
        }
        self.shut.read |= shuts_read;
        self.shut.write |= shuts_write;
        if shuts_write
            && matches!(self.state, State::SynReceived | State::Established | State::CloseWait)
            && self.close_state(cx)
        {
            self.send_fin(cx);
        }
        cx.fx.wake(crate::net::Wake::State);
        Ok(())
    }

    /// `tcp_close_state`: the transition, and whether a FIN goes with it.
    fn close_state(&mut self, cx: &mut Cx<'_>) -> bool {
        let next = match self.state {
            State::Established | State::SynReceived => State::FinWait1,
            State::CloseWait => State::LastAck,
            _ => return false,
        };
        self.set_state(next, StateWhy::Close, cx);
        true
    }

    /// `close(2)` (`__tcp_close`): the program is gone. Returns whether the connection is over.
    pub fn close(&mut self, cx: &mut Cx<'_>) {
        let fin = u32::from(self.done);
        let unread = self.copied_seq.until_or_zero(self.rcv_nxt).saturating_sub(fin) > 0;
        self.shut = Shut { read: true, write: true };
        self.queue.clear();
        self.rmem = 0;
        self.orphan = true;
        match self.state {
            State::Closed | State::TimeWait => {}
            // RFC 9293 §3.6.1, RFC 2525 §2.17: data was lost, say so.
            _ if unread && self.state != State::SynSent => {
                self.send_active_reset(cx);
                self.finish(StateWhy::Abort, cx);
            }
            _ if self.opts.linger_s == Some(0) => self.abort(cx),
            State::SynSent => self.finish(StateWhy::Close, cx),
            // The FIN left long ago (shutdown): only the peer's is missing.
            State::FinWait2 => self.wait_for_fin(cx),
            _ => {
                if self.close_state(cx) {
                    self.send_fin(cx);
                }
            }
        }
    }

    // ---- ABORT (§3.10.5)

    /// `SO_LINGER` 0, `connect(AF_UNSPEC)` (`tcp_disconnect`): RST where the peer must know.
    pub fn abort(&mut self, cx: &mut Cx<'_>) {
        let needs_reset = matches!(
            self.state,
            State::SynReceived
                | State::Established
                | State::FinWait1
                | State::FinWait2
                | State::CloseWait
        ) || (matches!(self.state, State::Closing | State::LastAck)
            && self.snd_nxt != self.write_seq);
        if needs_reset {
            self.send_active_reset(cx);
            self.err = Some(Errno::ECONNRESET);
        } else if self.state == State::SynSent {
            self.err = Some(Errno::ECONNRESET);
        }
        self.queue.clear();
        self.ooo.clear();
        self.rmem = 0;
        self.urgent = Urgent::None;
        self.finish(StateWhy::Abort, cx);
    }

    /// After [`Tcb::abort`] by `connect(AF_UNSPEC)`: an unconnected socket again.
    pub fn forget_connection(&mut self, cx: &Cx<'_>) {
        let opts = self.opts;
        // `tcp_disconnect` leaves ECONNRESET to be read where the peer was told.
        let err = self.err;
        *self = Tcb::new(cx.config);
        self.opts = opts;
        self.err = err;
        self.apply_buffer_options(cx);
    }

    // ---- readiness

    /// `tcp_stream_is_readable`: `SO_RCVLOWAT` bytes, the urgent byte not counted.
    pub(super) fn is_readable(&self) -> bool {
        let urgent = self.at_mark() && !self.opts.oobinline;
        let target = self.opts.rcvlowat.max(1) + u32::from(urgent);
        self.readable_bytes() >= target
    }

    /// `poll(2)`'s bits (`tcp_poll`); a listener's are the stack's business.
    pub fn readiness(&self) -> i32 {
        let mut mask = 0;
        let both_shut = self.shut.read && self.shut.write;
        if both_shut || self.state == State::Closed {
            mask |= POLLHUP;
        }
        if self.shut.read {
            mask |= POLLIN | POLLRDNORM | POLLRDHUP;
        }
        let in_handshake =
            self.state == State::SynSent || (self.state == State::SynReceived && !self.orphan);
        if !in_handshake {
            if self.is_readable() {
                mask |= POLLIN | POLLRDNORM;
            }
            if self.shut.write || self.is_writable() {
                mask |= POLLOUT | POLLWRNORM;
            }
            if matches!(self.urgent, Urgent::Valid(..)) {
                mask |= POLLPRI;
            }
        }
        if self.err.is_some() {
            mask |= POLLERR;
        }
        mask
    }

    /// Whether a lingering close has to wait still.
    pub fn is_closing(&self) -> bool {
        matches!(self.state, State::FinWait1 | State::Closing | State::LastAck)
    }

    /// Flags of the options negotiated in the handshake: timestamps, SACK, window scale.
    pub fn negotiated(&self) -> (bool, bool, Option<(u8, u8)>) {
        (self.ts_ok, self.sack_ok, self.wscale_ok.then_some((self.snd_wscale, self.rcv_wscale)))
    }

    /// The bytes a segment carries now (`TCP_MAXSEG` of a connection).
    pub fn mss(&self) -> u32 {
        self.mss_cache
    }

    /// A new connection takes TIME-WAIT's place, because of a SYN (RFC 9293 §3.10.7.4, first check)
    /// or of `connect`.
    pub(crate) fn assassinate(&mut self, why: StateWhy, cx: &mut Cx<'_>) {
        self.orphan = true;
        self.finish(why, cx);
    }

    /// What a connection of the same ends may begin with while this one is in TIME-WAIT: an ISS
    /// beyond all that was sent, and TS.Recent, without which old segments could not be told apart
    /// (`tcp_twsk_unique`, RFC 6191).
    pub(crate) fn successor(&self) -> Option<(Seq, u32)> {
        let waits = self.state == State::TimeWait || self.fin_wait2_orphan;
        (waits && self.ts_ok).then(|| (self.snd_nxt + 65_537, self.ts_recent))
    }

    /// A bare reset of a connection that was never accepted (a listener closes).
    pub(crate) fn reset_unaccepted(&mut self, cx: &mut Cx<'_>) {
        self.orphan = true;
        if self.state != State::Closed && self.state != State::TimeWait {
            let flags = Flags::RST | Flags::ACK;
            let seq = self.snd_nxt;
            self.transmit(seq, flags, super::Shared::default(), Cause::Reset, cx);
            self.finish(StateWhy::Abort, cx);
        }
    }
}
