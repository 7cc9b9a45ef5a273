//! Runs for the models' tests.

use crate::lessons;
use crate::session::Run;
use sim::timeline::{Action, Timeline};

/// The first lesson as delivered.
pub(crate) fn echo() -> Run {
    lesson("echo")
}

/// A lesson as delivered, run to its end.
pub(crate) fn lesson(id: &str) -> Run {
    let number = lessons::number(id).expect("it exists");
    let sources = lessons::sources(number);
    let world = lessons::world(number).expect("it parses");
    finished(Timeline::new(lessons::with_texts(&world, &sources)))
}

/// The same run after something was done at a moment.
pub(crate) fn with(run: &Run, moment: usize, action: Action) -> Run {
    let mut timeline = run.timeline.clone();
    timeline.act(run.course.moments[moment].position, action, "test");
    finished(timeline)
}

fn finished(mut timeline: Timeline) -> Run {
    while !timeline.advance(1000).ended {}
    Run::new(timeline, true, false)
}
