//! Segments that arrive while a call holds the connection (`sk_backlog`).
//!
//! What to read: Linux `lock_sock`, `release_sock` (`net/core/sock.c`), `tcp_add_to_backlog`
//! (`net/ipv4/tcp_ipv4.c`). Over loopback and veth a peer answers before the call that sent
//! returns. Linux keeps such answers until the call gives the connection back; of ACKs that differ
//! in nothing but their number the last one stands for all, so that they count together. A link
//! with a delay never brings an answer so soon.
//!
//! Missing: data is not joined, because what a peer sends shares its buffers and Linux seldom can.

use super::{Cx, Segment, State, Tcb};

/// What arrives so soon after a call sent something came during the call: there and back over
/// loopback, nanoseconds.
const WITHIN_CALL_NS: u64 = 200;

/// Who holds the connection, and what waits for that.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Backlog {
    /// When the call that holds it sent something, nanoseconds.
    held_ns: Option<u64>,
    segments: Vec<Segment>,
    /// When the first of them arrived, nanoseconds.
    since_ns: u64,
}

impl Backlog {
    /// When it is worked off: after everything that arrives at the same moment.
    pub(super) fn due_ns(&self) -> Option<u64> {
        (!self.segments.is_empty()).then_some(self.since_ns)
    }

    /// Whether a call that began a moment ago has the connection (`sock_owned_by_user`).
    pub(super) fn is_held(&self, now_ns: u64) -> bool {
        self.held_ns.is_some_and(|at| now_ns.saturating_sub(at) <= WITHIN_CALL_NS)
    }

    /// `tcp_add_to_backlog`.
    pub(super) fn add(&mut self, segment: &Segment, now_ns: u64) {
        match self.segments.last_mut() {
            None => self.since_ns = now_ns,
            Some(last) if last.stands_for(segment) => {
                if !segment.ack.before(last.ack) {
                    (last.ack, last.wnd) = (segment.ack, segment.wnd);
                }
                return;
            }
            Some(_) => {}
        }
        self.segments.push(segment.clone());
    }
}

impl Segment {
    /// Whether two bare ACKs differ at most in what they acknowledge and announce.
    fn stands_for(&self, next: &Segment) -> bool {
        self.is_empty()
            && next.is_empty()
            && self.flags == next.flags
            && !self.flags.rst()
            && self.seq == next.seq
            && self.options == next.options
    }
}

impl Tcb {
    /// A call has sent something: what answers at once waits for the call's end.
    pub fn hold(&mut self, cx: &Cx<'_>) {
        if !cx.fx.segments.is_empty() {
            self.backlog.held_ns = Some(cx.now_ns);
        }
    }

    /// Whether an arriving segment has to wait. TIME-WAIT belongs to nobody.
    pub(super) fn waits_for_call(&self, cx: &Cx<'_>) -> bool {
        let owned = !matches!(self.state, State::Closed | State::Listen | State::TimeWait);
        owned && !self.fin_wait2_orphan && self.backlog.is_held(cx.now_ns)
    }

    /// `__release_sock`: the call still holds the connection while the segments are looked at.
    pub(super) fn release_backlog(&mut self, cx: &mut Cx<'_>) {
        for segment in std::mem::take(&mut self.backlog.segments) {
            self.arrives(&segment, cx);
        }
        self.hold(cx);
    }
}
