//! Two courses of events on one axis of simulated time: each its own sequence diagram, rows at the
//! same height happen at the same time, and the first difference is marked.

use crate::model::course::Course;
use crate::model::dissect::Kind;
use crate::session::Run;
use abi::strace;
use std::collections::BTreeSet;

/// Pixels from one moment of either course to the next.
pub(crate) const ROW: f64 = 20.0;
/// Room above the first row.
pub(crate) const TOP: f64 = 40.0;
/// Rows before the first difference.
const BEFORE: usize = 12;
/// Rows that are drawn.
const ROWS: usize = 160;

/// A packet in one of the diagrams.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Arrow {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) y: (f64, f64),
    pub(crate) label: String,
    pub(crate) kind: Kind,
    pub(crate) lost: bool,
    /// Not in the other course.
    pub(crate) only_here: bool,
}

/// A word beside a host's line: a call, a state, an end.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Note {
    pub(crate) host: usize,
    pub(crate) y: f64,
    pub(crate) text: String,
    pub(crate) failed: bool,
    pub(crate) only_here: bool,
}

/// One of the two diagrams.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Side {
    pub(crate) arrows: Vec<Arrow>,
    pub(crate) notes: Vec<Note>,
    /// Simulated time at the end, nanoseconds.
    pub(crate) end_ns: u64,
    /// Segments sent, and how many of them were lost.
    pub(crate) packets: (usize, usize),
}

/// Where the courses part.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Difference {
    pub(crate) t_ns: u64,
    pub(crate) y: f64,
    /// What happens in each; `None`: nothing more.
    pub(crate) texts: [Option<String>; 2],
}

/// Both.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Comparison {
    /// Times with their heights.
    pub(crate) rows: Vec<(u64, f64)>,
    pub(crate) sides: [Side; 2],
    pub(crate) first: Option<Difference>,
    /// Rows that are not drawn, after the last one.
    pub(crate) left_out: usize,
    pub(crate) height: f64,
}

/// Something that can be seen from outside, comparable between courses.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Seen {
    t_ns: u64,
    host: usize,
    text: String,
}

/// Puts two courses beside each other.
pub(crate) fn compare(a: &Run, b: &Run) -> Comparison {
    let seen = [seen(&a.course), seen(&b.course)];
    let at = (0..).find(|n| seen[0].get(*n) != seen[1].get(*n) || seen[0].get(*n).is_none());
    let parting = at.and_then(|n| {
        let both = [seen[0].get(n), seen[1].get(n)];
        let t_ns = both.iter().flatten().map(|seen| seen.t_ns).min()?;
        Some((t_ns, both.map(|seen| seen.map(|seen| seen.text.clone()))))
    });
    let mut times: BTreeSet<u64> = BTreeSet::new();
    for course in [&a.course, &b.course] {
        times.extend(
            course
                .packets
                .iter()
                .filter(|p| p.link.is_some())
                .flat_map(|p| [Some(p.departs_ns), p.ended.map(|(_, t)| t)].into_iter().flatten()),
        );
    }
    times.extend(seen.iter().flatten().map(|seen| seen.t_ns));
    let all: Vec<u64> = times.into_iter().collect();
    let start = parting.as_ref().map_or(0, |(t, _)| all.partition_point(|time| time < t));
    let start = start.saturating_sub(BEFORE);
    let end = (start + ROWS).min(all.len());
    let rows: Vec<(u64, f64)> =
        all[start..end].iter().enumerate().map(|(n, t)| (*t, TOP + n as f64 * ROW)).collect();
    let sides = [side(a, &seen[0], &seen[1], &rows), side(b, &seen[1], &seen[0], &rows)];
    let first =
        parting.and_then(|(t_ns, texts)| Some(Difference { t_ns, y: height(&rows, t_ns)?, texts }));
    let height = TOP + rows.len() as f64 * ROW + ROW;
    Comparison { left_out: all.len() - end, rows, sides, first, height }
}

fn height(rows: &[(u64, f64)], t_ns: u64) -> Option<f64> {
    rows.binary_search_by_key(&t_ns, |(t, _)| *t).ok().map(|at| rows[at].1)
}

/// What happens in a course, in order: packets, ends of calls, states, ends of processes.
fn seen(course: &Course) -> Vec<Seen> {
    let mut all: Vec<Seen> = Vec::new();
    for packet in course.packets.iter().filter(|packet| packet.link.is_some()) {
        let mut text = packet.summary.label.clone();
        if packet.lost {
            text.push_str(" ✕");
        }
        all.push(Seen { t_ns: packet.departs_ns, host: packet.from, text });
    }
    for call in &course.calls {
        if let Some((_, t_ns, reply)) = &call.end {
            let result = match reply.ret {
                Ok(ret) => ret.to_string(),
                Err(errno) => format!("-1 {}", errno.name()),
            };
            let text = format!("{}() = {result}", strace::name(&call.syscall));
            all.push(Seen { t_ns: *t_ns, host: call.host, text });
        }
    }
    for state in &course.states {
        all.push(Seen { t_ns: state.t_ns, host: state.host, text: state.to.clone() });
    }
    all.sort();
    all
}

fn side(run: &Run, mine: &[Seen], theirs: &[Seen], rows: &[(u64, f64)]) -> Side {
    let course = &*run.course;
    let others: BTreeSet<&Seen> = theirs.iter().collect();
    let packets = course.packets.iter().filter(|packet| packet.link.is_some());
    let arrows = packets.clone().filter_map(|packet| {
        let top = height(rows, packet.departs_ns)?;
        let came = packet.ended.filter(|_| !packet.lost).and_then(|(_, t)| height(rows, t));
        let mut text = packet.summary.label.clone();
        if packet.lost {
            text.push_str(" ✕");
        }
        let seen = Seen { t_ns: packet.departs_ns, host: packet.from, text };
        Some(Arrow {
            from: packet.from,
            to: packet.to,
            y: (top, came.unwrap_or(top + ROW * 0.8)),
            label: packet.summary.label.clone(),
            kind: packet.summary.kind,
            lost: packet.lost,
            only_here: !others.contains(&seen),
        })
    });
    let labels: BTreeSet<&str> =
        course.packets.iter().map(|packet| packet.summary.label.as_str()).collect();
    let notes = mine.iter().filter(|seen| !labels.contains(seen.text.trim_end_matches(" ✕")));
    let notes = notes.filter_map(|seen| {
        Some(Note {
            host: seen.host,
            y: height(rows, seen.t_ns)?,
            text: seen.text.clone(),
            failed: seen.text.contains("= -1"),
            only_here: !others.contains(seen),
        })
    });
    Side {
        arrows: arrows.collect(),
        notes: notes.collect(),
        end_ns: course.moments.last().map_or(0, |moment| moment.t_ns),
        packets: (packets.clone().count(), packets.filter(|packet| packet.lost).count()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing;
    use sim::PacketId;
    use sim::timeline::Action;

    #[test]
    fn a_run_does_not_differ_from_itself() {
        let run = testing::echo();
        let same = compare(&run, &run);
        assert_eq!(same.first, None);
        assert_eq!(same.sides[0], same.sides[1]);
        assert!(same.sides[0].arrows.iter().all(|arrow| !arrow.only_here));
    }

    /// With and without a loss: the same up to it, a retransmission on one side after it, and what
    /// happens at the same time stands at the same height.
    #[test]
    fn a_loss_is_where_two_courses_part() {
        let run = testing::echo();
        let lost = run.course.packets.iter().find(|p| p.summary.label.starts_with("DATA"));
        let lost = lost.or_else(|| run.course.packets.iter().find(|p| p.frame.len() > 66));
        let packet = lost.expect("data are sent");
        let action = Action::Drop { packet: PacketId(packet.id) };
        let branch = testing::with(&run, packet.moment, action);
        let both = compare(&run, &branch);
        let first = both.first.clone().expect("they differ");
        assert_eq!(first.t_ns, packet.departs_ns);
        assert_ne!(first.texts[0], first.texts[1]);
        assert!(both.sides[1].packets.1 == 1 && both.sides[0].packets.1 == 0);
        assert!(both.sides[1].end_ns > both.sides[0].end_ns);
        for side in &both.sides {
            for arrow in side.arrows.iter().filter(|arrow| arrow.y.0 < first.y) {
                assert!(!arrow.only_here, "{arrow:?}");
            }
        }
        assert!(both.rows.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
