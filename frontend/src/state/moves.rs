//! Where a person is: the moment, the view, what is selected, who answers; and the run that takes
//! another one's place.

use crate::state::{Kernel, Panel, Problem, Selected, State, View};
use std::rc::Rc;

impl State {
    pub(super) fn go_to(&mut self, cursor: usize) {
        self.cursor = cursor.min(self.last());
        self.time.fine = None;
        if !self.playing {
            self.time.asked = None;
        }
    }

    /// The run of the present texts is there.
    pub(crate) fn ran(&mut self, run: Rc<crate::session::Run>, problems: Vec<Vec<Problem>>) {
        self.run = Some(run);
        self.runs += 1;
        self.problems = Rc::new(problems);
        self.stale = false;
        self.working = false;
        let cursor = self.wanted.take().unwrap_or(self.cursor);
        self.go_to(cursor);
        let there = match (self.selected, self.course()) {
            (Some(Selected::Packet(index)), Some(course)) => index < course.packets.len(),
            (Some(Selected::Call(index)), Some(course)) => index < course.calls.len(),
            _ => true,
        };
        if !there {
            self.selected = None;
        }
    }

    /// The text does not compile: the last good run stays.
    pub(super) fn not_compiled(&mut self, problems: Vec<Vec<Problem>>) {
        self.problems = Rc::new(problems);
        self.stale = true;
        self.working = false;
        self.playing = false;
    }

    /// To the first or the last moment.
    pub(super) fn go_to_end(&mut self, end: bool) {
        self.playing = false;
        self.go_to(if end { usize::MAX } else { 0 });
    }

    pub(super) fn play(&mut self, playing: bool) {
        // Playing at the end starts again, as every player does.
        if playing && self.cursor >= self.last() {
            self.go_to(0);
        }
        self.playing = playing && self.last() > 0;
    }

    /// Another kernel answers: the views of real sockets are its own.
    pub(super) fn answer_by(&mut self, kernel: Kernel) {
        self.kernel = kernel;
        self.playing = false;
        let real = matches!(self.view, View::Real | View::Console);
        match kernel {
            Kernel::Real => (self.view, self.panel) = (View::Real, Panel::Views),
            Kernel::Simulated if real => self.view = View::Ladder,
            Kernel::Simulated => {}
        }
    }

    pub(super) fn select(&mut self, selected: Option<Selected>) {
        if self.selected != selected {
            self.field = None;
        }
        self.selected = selected;
        if selected.is_some() && self.panel != Panel::Code {
            self.panel = Panel::Inspector;
        }
    }

    /// Shows a program's text; from now on a person chooses which.
    pub(super) fn show_source(&mut self, source: usize) {
        self.source = source.min(self.sources.len().saturating_sub(1));
        self.follow = false;
    }

    /// A host is put somewhere, or back where it belongs.
    pub(super) fn put_host(&mut self, host: usize, place: Option<(f64, f64)>) {
        let places = Rc::make_mut(&mut self.places);
        match place {
            Some(place) => drop(places.insert(host, place)),
            None => drop(places.remove(&host)),
        }
    }
}
