//! What happens inside a connection, in words: timers, losses, windows.
//!
//! What to read: [`crate::tcp::Event`], where every event has its RFC.

use super::{Explanation, Message, Reference, plain};
use crate::tcp::{Event, Ignored, Sample, Timer};

/// An event of one of a host's connections; `None` for what only graphs show.
pub(super) fn explain(event: &Event, host: String) -> Option<Explanation> {
    let (what, why, written) = match *event {
        // State changes are records of their own.
        Event::State { .. } | Event::Sample(Sample { .. }) => return None,
        Event::TimerFired { timer } => return Some(timer_fired(timer, host)),
        Event::Retransmit { range, times, rto_ns } => {
            let (bytes, rto_ms) = (range.len(), rto_ns / 1_000_000);
            let what = Message::SentAgain { host, bytes, times, rto_ms };
            (what, None, Reference::Rfc(6298, "5"))
        }
        Event::DuplicateAck { count } => (
            Message::DuplicateAck { host, count },
            Some(Message::DuplicateAckWhy {}),
            Reference::Rfc(5681, "3.2"),
        ),
        Event::EnterRecovery { ssthresh, .. } => (
            Message::RecoveryBegins { host, ssthresh },
            Some(Message::RecoveryBeginsWhy {}),
            Reference::Rfc(6675, "5"),
        ),
        Event::LeaveRecovery { cwnd } => (
            Message::RecoveryEnds { host, cwnd },
            Some(Message::RecoveryEndsWhy {}),
            Reference::Rfc(6675, "5"),
        ),
        Event::EnterLoss { ssthresh } => (
            Message::LossBegins { host, ssthresh },
            Some(Message::LossBeginsWhy {}),
            Reference::Rfc(5681, "3.1"),
        ),
        Event::Undone { cwnd, ssthresh } => (
            Message::Undone { host, cwnd, ssthresh },
            Some(Message::UndoneWhy {}),
            Reference::Rfc(4015, "3.2"),
        ),
        Event::ProbeRepaired { cwnd, .. } => (
            Message::ProbeRepaired { host, cwnd },
            Some(Message::ProbeRepairedWhy {}),
            Reference::Rfc(8985, "7.4"),
        ),
        Event::ZeroWindow => (
            Message::ZeroWindow { host },
            Some(Message::ZeroWindowWhy {}),
            Reference::Rfc(9293, "3.8.6.1"),
        ),
        Event::WindowOpened { snd_wnd } => {
            (Message::WindowOpened { host, snd_wnd }, None, Reference::Rfc(9293, "3.8.6"))
        }
        Event::Ignored { why } => {
            let (why, written) = ignored(why);
            (Message::SegmentIgnored { host }, Some(why), written)
        }
        Event::OutOfOrder { range, expected } => {
            let (bytes, missing) = (range.len(), expected.until_or_zero(range.start));
            let what = Message::KeptOutOfOrder { host, bytes, missing };
            (what, Some(Message::KeptOutOfOrderWhy {}), Reference::Rfc(2018, "4"))
        }
        Event::ListenOverflow { queued, backlog } => (
            Message::ListenOverflow { host, queued, backlog },
            Some(Message::ListenOverflowWhy {}),
            Reference::Man("listen", 2),
        ),
    };
    Some(Explanation { why, written: vec![written], ..plain(what) })
}

fn timer_fired(timer: Timer, host: String) -> Explanation {
    let (what, written) = match timer {
        Timer::Retransmit => (Message::RtoFired { host }, Reference::Rfc(6298, "5")),
        Timer::LossProbe => (Message::ProbeFired { host }, Reference::Rfc(8985, "7.3")),
        Timer::Reorder => (Message::ReorderFired { host }, Reference::Rfc(8985, "6.3")),
        Timer::Persist => (Message::PersistFired { host }, Reference::Rfc(9293, "3.8.6.1")),
        Timer::DelayedAck => (Message::DelayedAckFired { host }, Reference::Rfc(9293, "3.8.6.3")),
        Timer::KeepAlive => (Message::KeepAliveFired { host }, Reference::Rfc(9293, "3.8.4")),
        Timer::FinWait2 => (Message::FinWait2Fired { host }, Reference::Man("tcp", 7)),
        Timer::TimeWait => (Message::TimeWaitFired { host }, Reference::Rfc(9293, "3.6.1")),
    };
    Explanation { written: vec![written], ..plain(what) }
}

fn ignored(why: Ignored) -> (Message, Reference) {
    match why {
        Ignored::OldDuplicate => (Message::IgnoredOld {}, Reference::Rfc(9293, "3.10.7.4")),
        Ignored::BeyondWindow => (Message::IgnoredBeyond {}, Reference::Rfc(9293, "3.10.7.4")),
        Ignored::Paws => (Message::IgnoredPaws {}, Reference::Rfc(7323, "5")),
        Ignored::NoAck => (Message::IgnoredNoAck {}, Reference::Rfc(9293, "3.10.7.4")),
        Ignored::BadAck => (Message::IgnoredBadAck {}, Reference::Rfc(5961, "5")),
        Ignored::ResetNotExact => (Message::IgnoredReset {}, Reference::Rfc(5961, "3.2")),
        Ignored::ResetOfAnother => {
            (Message::IgnoredOtherReset {}, Reference::Rfc(9293, "3.10.7.3"))
        }
        Ignored::SynInWindow => (Message::IgnoredSyn {}, Reference::Rfc(5961, "4.2")),
        Ignored::NoMemory => (Message::IgnoredFull {}, Reference::Man("socket", 7)),
        Ignored::ZeroWindow => (Message::IgnoredZero {}, Reference::Rfc(9293, "3.8.6")),
    }
}
