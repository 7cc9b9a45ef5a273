//! How far one step goes: to the next event, statement, call, packet, change of state, or
//! breakpoint, forward and back.
//!
//! Statements lie between moments: a burst is one event of the world, and the statements in it are
//! found by running it again from the position before (`Timeline::seek_statement`).

use crate::model::course::Course;
use crate::session::Run;
use sim::trace::{Record, What};

/// What a step goes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum StepBy {
    #[default]
    Event,
    Statement,
    Call,
    Packet,
    State,
    Breakpoint,
}

impl StepBy {
    /// All of them, as they are offered.
    pub(crate) const ALL: [StepBy; 6] = [
        StepBy::Event,
        StepBy::Statement,
        StepBy::Call,
        StepBy::Packet,
        StepBy::State,
        StepBy::Breakpoint,
    ];
}

/// A moment between two moments: statements of the burst that follows a position.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Fine {
    /// Position before the burst.
    pub(crate) position: u64,
    /// So many statements of it.
    pub(crate) statements: u32,
}

/// Where one stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    pub(crate) moment: usize,
    pub(crate) fine: Option<Fine>,
}

/// One step from `here`. `breakpoint` says whether a line of a file has one.
pub(crate) fn step(
    run: &Run,
    here: Place,
    by: StepBy,
    forward: bool,
    breakpoint: &dyn Fn(&str, u32) -> bool,
) -> Place {
    let course = &*run.course;
    let moment = |moment: usize| Place { moment, fine: None };
    let end = if forward { course.last() } else { 0 };
    let now = here.moment;
    match by {
        StepBy::Event if forward => moment((now + 1).min(end)),
        // From between two moments, back is the moment before.
        StepBy::Event if here.fine.is_some() => moment(now),
        StepBy::Event => moment(now.saturating_sub(1)),
        StepBy::Statement => statement(run, here, forward),
        StepBy::Call => moment(call(course, now, forward).unwrap_or(end)),
        StepBy::Packet => moment(course.packet_moment(now, forward).unwrap_or(end)),
        StepBy::State => moment(course.state_moment(now, forward).unwrap_or(end)),
        StepBy::Breakpoint => {
            breakpoint_from(run, here, forward, breakpoint).unwrap_or_else(|| moment(end))
        }
    }
}

/// The next or previous statement on a line with a breakpoint.
fn breakpoint_from(
    run: &Run,
    here: Place,
    forward: bool,
    breakpoint: &dyn Fn(&str, u32) -> bool,
) -> Option<Place> {
    let timeline = &run.timeline;
    let now = run.course.moments.get(here.moment)?.position;
    let (position, done) = here.fine.map_or((now, 0), |fine| (fine.position, fine.statements));
    let hit = |record: &Record| -> Option<Place> {
        let What::Burst { statements, lines, .. } = &record.what else { return None };
        let file = run.file_of(record.host.0 as usize, record.pid)?;
        if !lines.iter().any(|line| breakpoint(&file, *line)) {
            return None;
        }
        let here = record.step == position;
        let wanted = |n: &u32| {
            let beyond = match forward {
                true => !here || *n > done,
                false => !here || *n < done,
            };
            let world = beyond.then(|| timeline.seek_statement(record.step, *n));
            let line = world.and_then(|w| w.host(record.host).line_of((record.pid, record.tid)));
            line.is_some_and(|line| breakpoint(&file, line))
        };
        let found = match forward {
            true => (1..=*statements).find(wanted),
            false => (1..=*statements).rev().find(wanted),
        };
        let fine = Fine { position: record.step, statements: found? };
        let moment = run.course.moments.partition_point(|m| m.position <= record.step) - 1;
        Some(Place { moment, fine: Some(fine) })
    };
    if forward {
        let from = timeline.records_until(position);
        (from..timeline.record_count()).find_map(|n| hit(timeline.record(n)?))
    } else {
        let until = timeline.records_until(position + 1);
        (0..until).rev().find_map(|n| hit(timeline.record(n)?))
    }
}

/// The next or previous moment at which a call begins or returns.
fn call(course: &Course, from: usize, forward: bool) -> Option<usize> {
    let ends = course.calls.iter().filter_map(|call| call.end.as_ref().map(|(moment, ..)| *moment));
    let all = course.calls.iter().map(|call| call.moment).chain(ends);
    if forward { all.filter(|m| *m > from).min() } else { all.filter(|m| *m < from).max() }
}

/// The statements between a moment and the next, in order.
fn statements(run: &Run, moment: usize) -> Vec<Fine> {
    let moments = &run.course.moments;
    let Some(from) = moments.get(moment).map(|moment| moment.position) else { return Vec::new() };
    let until = moments.get(moment + 1).map_or(run.timeline.len(), |next| next.position);
    let mut found = Vec::new();
    for position in from..until {
        for record in run.timeline.records_of(position) {
            if let What::Burst { statements, .. } = record.what {
                found.extend((1..=statements).map(|statements| Fine { position, statements }));
            }
        }
    }
    found
}

fn statement(run: &Run, here: Place, forward: bool) -> Place {
    let plain = |moment: usize| Place { moment, fine: None };
    let stops = statements(run, here.moment);
    let at = here.fine.and_then(|fine| stops.iter().position(|stop| *stop == fine));
    let stop = |n: usize| Place { moment: here.moment, fine: stops.get(n).copied() };
    match (forward, at) {
        (true, None) if !stops.is_empty() => stop(0),
        (true, Some(n)) if n + 1 < stops.len() => stop(n + 1),
        (true, _) => plain((here.moment + 1).min(run.course.last())),
        (false, Some(0)) => plain(here.moment),
        (false, Some(n)) => stop(n - 1),
        (false, None) => {
            let Some(before) = here.moment.checked_sub(1) else { return here };
            Place { moment: before, fine: statements(run, before).last().copied() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing;

    fn go(run: &Run, by: StepBy, forward: bool, from: Place) -> Place {
        step(run, from, by, forward, &|file, line| file == "cliente.c" && line == 26)
    }

    const START: Place = Place { moment: 0, fine: None };

    /// Back after forward is where one was, for every size of step and from every place.
    #[test]
    fn a_step_back_undoes_a_step_forward() {
        let run = testing::echo();
        for by in [StepBy::Event, StepBy::Statement] {
            let mut here = START;
            let mut steps = 0;
            loop {
                let there = go(&run, by, true, here);
                if there == here {
                    break;
                }
                assert_eq!(go(&run, by, false, there), here, "{by:?}");
                here = there;
                steps += 1;
            }
            assert_eq!(here.moment, run.course.last());
            assert!(steps >= run.course.last());
        }
    }

    /// The same stops in both directions.
    #[test]
    fn stops_are_the_same_forward_and_back() {
        let run = testing::echo();
        for by in [StepBy::Call, StepBy::Packet, StepBy::State] {
            let mut forward = vec![];
            let mut here = START;
            while here.moment < run.course.last() {
                here = go(&run, by, true, here);
                forward.push(here.moment);
            }
            let mut back = vec![];
            while here.moment > 0 {
                here = go(&run, by, false, here);
                back.push(here.moment);
            }
            back.reverse();
            let inner = |list: &[usize]| -> Vec<usize> {
                list.iter().copied().filter(|m| *m > 0 && *m < run.course.last()).collect()
            };
            assert_eq!(inner(&forward), inner(&back), "{by:?}");
            assert!(forward.len() > 3);
        }
    }

    #[test]
    fn a_breakpoint_is_run_to() {
        let run = testing::echo();
        let there = go(&run, StepBy::Breakpoint, true, START);
        assert!(there.moment > 0 && there.moment < run.course.last());
        let scene = run.scene(there.moment, there.fine);
        assert!(
            scene.programs[1].places.iter().any(|place| place.line == 26),
            "{:?}",
            scene.programs
        );
        // Once more: the line is passed only once.
        assert_eq!(go(&run, StepBy::Breakpoint, true, there).moment, run.course.last());
        assert_eq!(go(&run, StepBy::Breakpoint, false, there).moment, 0);
    }

    #[test]
    fn statements_stand_on_lines() {
        let run = testing::echo();
        let mut here = START;
        while here.fine.is_none() {
            here = go(&run, StepBy::Statement, true, here);
        }
        let scene = run.scene(here.moment, here.fine);
        assert!(scene.programs.iter().any(|program| !program.places.is_empty()));
    }
}
