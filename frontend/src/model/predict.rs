//! Predict, then reveal: a question about the next moment, with the true answer out of the trace
//! and plausible wrong ones, and the score.
//!
//! Wrong answers are what the same call could have returned by its manual page, other states that
//! the present one leads to, other segments, other processes. Which question is asked and how the
//! answers are ordered follows from the moment, so that a question stays the same when one returns.

use crate::i18n::Msg;
use crate::model::course::Course;
use crate::session::Run;
use abi::{Errno, Reply, Syscall, strace};
use serde::{Deserialize, Serialize};
use sim::inspect::packet_label;
use sim::tcp::State;
use sim::trace::{Record, What};

/// Most answers of a question.
const OPTIONS: usize = 4;

/// What is asked about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// What a call returns.
    Returns,
    /// Which state comes next.
    State,
    /// Which segment goes out.
    Segment,
    /// Who acts next.
    Runs,
}

/// A question with one right answer.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Question {
    pub(crate) kind: Kind,
    pub(crate) prompt: Msg,
    pub(crate) options: Vec<Msg>,
    /// The right one's place.
    pub(crate) right: usize,
}

/// How often somebody was right.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Score {
    pub(crate) asked: u32,
    pub(crate) right: u32,
    /// Right answers in a row, up to now.
    pub(crate) streak: u32,
    /// Asked and right, by kind.
    pub(crate) kinds: std::collections::BTreeMap<String, (u32, u32)>,
}

impl Score {
    /// One more answer.
    pub(crate) fn count(&mut self, kind: Kind, right: bool) {
        self.asked += 1;
        self.right += u32::from(right);
        self.streak = if right { self.streak + 1 } else { 0 };
        let (asked, good) = self.kinds.entry(format!("{kind:?}")).or_default();
        *asked += 1;
        *good += u32::from(right);
    }
}

/// A number that looks random and follows from the moment.
fn chance(moment: usize, salt: usize) -> usize {
    let x = (moment as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ (salt as u64 + 7).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((x ^ (x >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 33) as usize
}

/// The question about the moment after `cursor`, if there is something to ask.
pub(crate) fn ask(run: &Run, cursor: usize) -> Option<Question> {
    let next = run.course.moments.get(cursor + 1)?;
    let main = run.timeline.record(next.record?)?;
    let also = next.also.iter().filter_map(|index| run.timeline.record(*index));
    let mut questions = Vec::new();
    for record in std::iter::once(main).chain(also) {
        let asked = match &record.what {
            What::CallEnd { syscall, reply, .. } => returns(run, record, syscall, Some(reply)),
            What::CallBlocked { call, .. } => {
                let calls = &run.course.calls;
                let call = calls.iter().find(|c| c.id == call.0);
                call.and_then(|call| returns(run, record, &call.syscall, None))
            }
            What::SocketState { from, to, .. } => state(run, record, *from, *to),
            What::PacketSent { frame, link: Some(_), .. } => segment(run, record, frame),
            _ => None,
        };
        questions.extend(asked);
    }
    // Who acts next can be asked at any moment: seldom where there is something to learn from the
    // call, the segment or the state, and never where nobody else could act.
    if questions.is_empty() || chance(cursor, 5).is_multiple_of(6) {
        questions.extend(runs(run, cursor, main));
    }
    let (kind, prompt, right, wrong) = {
        let at = chance(cursor, 0) % questions.len().max(1);
        (at < questions.len()).then(|| questions.swap_remove(at))?
    };
    let mut options = vec![right.clone()];
    for option in wrong {
        if options.len() < OPTIONS && !options.contains(&option) {
            options.push(option);
        }
    }
    if options.len() < 2 {
        return None;
    }
    for at in (1..options.len()).rev() {
        options.swap(at, chance(cursor, at) % (at + 1));
    }
    let right = options.iter().position(|option| *option == right)?;
    Some(Question { kind, prompt, options, right })
}

/// A kind, a prompt, the right answer, wrong ones (the likeliest first).
type Raw = (Kind, Msg, Msg, Vec<Msg>);

fn plain(text: impl Into<String>) -> Msg {
    Msg::Plain { text: text.into() }
}

fn value(value: i64) -> Msg {
    plain(value.to_string())
}

fn error(errno: Errno) -> Msg {
    plain(format!("-1 {}", errno.name()))
}

fn returns(run: &Run, record: &Record, call: &Syscall, reply: Option<&Reply>) -> Option<Raw> {
    // Nobody could tell these, or nothing is learned from them.
    if matches!(
        strace::name(call),
        "exit_group"
            | "exit"
            | "rt_sigreturn"
            | "newfstatat"
            | "brk"
            | "mmap"
            | "munmap"
            | "getpid"
    ) {
        return None;
    }
    let who = run.names.process(record.host, record.pid);
    // Only what was passed in is told: what comes out is the question.
    let prompt = Msg::AskReturns { who, call: passed_in(call) };
    let right = match reply.map(|reply| reply.ret) {
        None => Msg::ItSleeps,
        Some(Ok(ret)) => value(ret),
        Some(Err(errno)) => error(errno),
    };
    Some((Kind::Returns, prompt, right, other_results(call, reply.and_then(|r| r.ret.ok()))))
}

/// The call as far as it is known when it is made.
fn passed_in(call: &Syscall) -> String {
    let text = strace::unfinished(call);
    let text = text.trim_end_matches("<unfinished ...>").trim_end();
    // Where the kernel will write something, more arguments follow.
    match text.strip_suffix(',') {
        Some(begun) => format!("{begun}, …)"),
        None => format!("{text})"),
    }
}

/// What a call could return, by its manual page; the likeliest mistakes first.
fn other_results(call: &Syscall, ret: Option<i64>) -> Vec<Msg> {
    use Errno as E;
    let ok = value;
    match call {
        Syscall::Socket { .. } => {
            let fd = ret.unwrap_or(3);
            vec![ok(fd + 1), ok(0), error(E::EAFNOSUPPORT), ok(fd - 1), error(E::EMFILE)]
        }
        Syscall::Accept { fd, .. } | Syscall::Accept4 { fd, .. } => {
            let new = ret.unwrap_or(i64::from(fd.0) + 1);
            vec![Msg::ItSleeps, ok(fd.0.into()), ok(new), ok(0), error(E::EAGAIN), ok(new + 1)]
        }
        Syscall::Connect { .. } => vec![
            error(E::ECONNREFUSED),
            ok(0),
            Msg::ItSleeps,
            error(E::ETIMEDOUT),
            error(E::EINPROGRESS),
        ],
        Syscall::Bind { .. } => {
            vec![error(E::EADDRINUSE), ok(0), error(E::EACCES), error(E::EINVAL)]
        }
        Syscall::Listen { backlog, .. } => {
            vec![ok((*backlog).into()), ok(0), error(E::EADDRINUSE), error(E::EINVAL)]
        }
        Syscall::Sendto { buf, .. } | Syscall::Write { buf, .. } => {
            let all = buf.len as i64;
            vec![ok(0), ok(all), ok(all + 1), error(E::EPIPE), error(E::EAGAIN), Msg::ItSleeps]
        }
        Syscall::Recvfrom { buf, .. } | Syscall::Read { buf, .. } => vec![
            Msg::ItSleeps,
            ok(buf.len as i64),
            ok(0),
            error(E::ECONNRESET),
            error(E::EAGAIN),
            ok(ret.map_or(1, |ret| ret / 2 + 1)),
        ],
        Syscall::Close { .. } | Syscall::Shutdown { .. } => {
            vec![ok(0), error(E::EBADF), error(E::ENOTCONN), ok(1)]
        }
        Syscall::Fork | Syscall::Vfork => {
            let pid = ret.unwrap_or(2);
            vec![if pid == 0 { ok(2) } else { ok(0) }, ok(1), ok(-1), error(E::EAGAIN)]
        }
        Syscall::Wait4 { .. } => {
            vec![Msg::ItSleeps, ok(0), ok(2), error(E::ECHILD), error(E::EINTR)]
        }
        Syscall::Poll { .. } | Syscall::Select { .. } | Syscall::EpollWait { .. } => {
            vec![Msg::ItSleeps, ok(1), ok(0), ok(2), error(E::EINTR)]
        }
        _ => vec![ok(0), error(E::EINVAL), ok(1), error(E::EINTR)],
    }
}

fn state(run: &Run, record: &Record, from: State, to: State) -> Option<Raw> {
    use State as S;
    let others: &[S] = match from {
        S::Closed => &[S::Listen, S::SynSent, S::Established],
        S::Listen => &[S::SynReceived, S::Established, S::SynSent],
        S::SynSent => &[S::Established, S::Closed, S::SynReceived],
        S::SynReceived => &[S::Established, S::Listen, S::FinWait1],
        S::Established => &[S::CloseWait, S::FinWait1, S::TimeWait, S::Closed],
        S::FinWait1 => &[S::FinWait2, S::Closing, S::TimeWait, S::CloseWait],
        S::FinWait2 => &[S::TimeWait, S::LastAck, S::Closed],
        S::CloseWait => &[S::LastAck, S::TimeWait, S::FinWait2],
        S::Closing => &[S::TimeWait, S::LastAck, S::FinWait2],
        S::LastAck => &[S::Closed, S::TimeWait, S::CloseWait],
        S::TimeWait => &[S::Closed, S::Listen, S::LastAck],
    };
    let prompt = Msg::AskState { host: run.names.host(record.host), from: from.to_string() };
    let wrong = others.iter().map(|state| plain(state.to_string())).collect();
    Some((Kind::State, prompt, plain(to.to_string()), wrong))
}

fn segment(run: &Run, record: &Record, frame: &[u8]) -> Option<Raw> {
    let right = packet_label(frame);
    let all: &[&str] = if right.starts_with("UDP") || right.starts_with("ICMP") {
        &["SYN", "ACK", "ICMP 3/3", "ARP"]
    } else if right == "ARP" {
        &["SYN", "ICMP 8/0", "ACK"]
    } else {
        &["ACK", "SYN-ACK", "FIN", "RST", "DATA 1", "SYN"]
    };
    // Right after a SYN the answers to a SYN tempt most: the list begins at another place each time.
    let start = chance(record.id as usize, 3) % all.len();
    let wrong = all.iter().cycle().skip(start).take(all.len()).map(|label| plain(*label));
    let prompt = Msg::AskSegment { host: run.names.host(record.host) };
    Some((Kind::Segment, prompt, plain(right), wrong.collect()))
}

/// Who acts next: a process, or a kernel to which a packet comes or whose timer is due.
fn runs(run: &Run, cursor: usize, main: &Record) -> Option<Raw> {
    let who = |host: sim::HostId, pid: abi::Pid| match pid.0 {
        0 => Msg::KernelOf { host: run.names.host(host) },
        _ => plain(run.names.process(host, pid)),
    };
    let course: &Course = &run.course;
    let alive = course.processes.iter().filter(|process| {
        process.start <= cursor && process.exit.is_none_or(|(moment, _)| moment > cursor)
    });
    if alive.clone().count() < 2 {
        return None;
    }
    let processes = alive.map(|process| who(sim::HostId(process.host as u32), process.pid));
    let kernels = (0..course.hosts.len()).map(|host| who(sim::HostId(host as u32), abi::Pid(0)));
    let wrong = processes.chain(kernels).collect();
    Some((Kind::Runs, Msg::AskRuns, who(main.host, main.pid), wrong))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing;
    use abi::Lang;
    use std::collections::BTreeSet;

    /// At every moment of every kind of lesson: distinct answers, one of them right, the same
    /// question each time, and all kinds are asked.
    #[test]
    fn every_question_has_one_right_answer() {
        let mut kinds = BTreeSet::new();
        for id in ["echo", "udp", "rpc"] {
            let run = testing::lesson(id);
            let mut asked = 0;
            for moment in 0..run.course.last() {
                let Some(question) = ask(&run, moment) else { continue };
                asked += 1;
                kinds.insert(question.kind);
                assert!(question.right < question.options.len());
                assert!((2..=OPTIONS).contains(&question.options.len()));
                for lang in Lang::ALL {
                    let texts: BTreeSet<String> =
                        question.options.iter().map(|option| option.text(lang)).collect();
                    assert_eq!(texts.len(), question.options.len(), "{question:?}");
                    assert!(!question.prompt.text(lang).is_empty());
                }
                assert_eq!(ask(&run, moment), Some(question));
            }
            assert!(asked * 2 > run.course.last(), "{id}: {asked} of {}", run.course.last());
        }
        assert_eq!(kinds.len(), 4, "{kinds:?}");
    }

    #[test]
    fn the_right_answer_is_what_the_trace_says() {
        let run = testing::echo();
        let mut checked = 0;
        for moment in 0..run.course.last() {
            let Some(question) = ask(&run, moment) else { continue };
            if question.kind != Kind::Returns {
                continue;
            }
            let right = question.options[question.right].text(Lang::En);
            let ended = run.course.calls.iter().find_map(|call| {
                let (at, _, reply) = call.end.as_ref()?;
                (*at == moment + 1).then(|| match reply.ret {
                    Ok(ret) => ret.to_string(),
                    Err(errno) => format!("-1 {}", errno.name()),
                })
            });
            match ended {
                Some(text) => assert_eq!(right, text),
                None => assert_eq!(right, Msg::ItSleeps.text(Lang::En)),
            }
            checked += 1;
        }
        assert!(checked > 5);
    }

    #[test]
    fn the_score_counts_and_the_streak_breaks() {
        let mut score = Score::default();
        for right in [true, true, false, true] {
            score.count(Kind::State, right);
        }
        assert_eq!((score.asked, score.right, score.streak), (4, 3, 1));
        let text = serde_json::to_string(&score).unwrap();
        assert_eq!(serde_json::from_str::<Score>(&text).unwrap(), score);
    }
}
