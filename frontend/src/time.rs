//! The part of the page's state that is about time: how far a step goes, which moment between two
//! moments is shown, what was undone, what is being asked before a step.
//!
//! [`crate::state`] has the rest; its reducer hands [`TimeAction`]s to [`State::time`].

use crate::model::predict::{self, Question, Score};
use crate::model::stepping::{self, Fine, StepBy};
use crate::session::Run;
use crate::state::{Problem, State};
use std::rc::Rc;

/// How many interventions can be undone.
const UNDO: usize = 30;

/// Which logical clock is written beside calls and packets.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Stamps {
    #[default]
    None,
    Lamport,
    Vector,
}

/// A question that is on the page.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Asked {
    pub(crate) question: Question,
    /// What was answered: the option's place.
    pub(crate) answer: Option<usize>,
}

/// All of it.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct TimeState {
    /// What the step buttons step by.
    pub(crate) step_by: StepBy,
    /// A statement after the cursor's moment and before the next.
    pub(crate) fine: Option<Fine>,
    /// Whether steps are asked about first.
    pub(crate) quiz: bool,
    pub(crate) asked: Option<Asked>,
    pub(crate) score: Score,
    pub(crate) stamps: Stamps,
    /// The branch that is compared with the active one.
    pub(crate) compared: Option<usize>,
    /// Runs before each intervention, the newest last.
    pub(crate) done: Vec<Rc<Run>>,
    /// Runs that were undone, the newest last.
    pub(crate) undone: Vec<Rc<Run>>,
}

/// What can happen to it.
pub(crate) enum TimeAction {
    StepBy(StepBy),
    Quiz(bool),
    Answer(usize),
    /// Goes on without an answer, or after it.
    Reveal,
    Score(Score),
    Stamps(Stamps),
    Compare(Option<usize>),
    /// Somebody interfered, or changed the branches: the run with it.
    Branched(Rc<Run>, Vec<Vec<Problem>>),
    Undo,
    Redo,
}

impl State {
    /// The reducer's part.
    pub(crate) fn time(&mut self, action: TimeAction) {
        match action {
            TimeAction::StepBy(step_by) => self.time.step_by = step_by,
            TimeAction::Quiz(on) => {
                self.time.quiz = on;
                self.time.asked = None;
                self.playing &= !on;
            }
            TimeAction::Answer(option) => self.answer(option),
            TimeAction::Reveal => {
                self.time.asked = None;
                self.move_on(true);
            }
            TimeAction::Score(score) => self.time.score = score,
            TimeAction::Stamps(stamps) => self.time.stamps = stamps,
            TimeAction::Compare(branch) => self.time.compared = branch,
            TimeAction::Branched(run, problems) => {
                let before = self.run.clone();
                self.ran(run, problems);
                if let Some(before) = before {
                    self.time.done.push(before);
                    let extra = self.time.done.len().saturating_sub(UNDO);
                    self.time.done.drain(..extra);
                    self.time.undone.clear();
                }
            }
            TimeAction::Undo => {
                if let Some(run) = self.time.done.pop() {
                    self.time.undone.extend(self.run.replace(run));
                    self.settle();
                }
            }
            TimeAction::Redo => {
                if let Some(run) = self.time.undone.pop() {
                    self.time.done.extend(self.run.replace(run));
                    self.settle();
                }
            }
        }
    }

    /// After another run took the place of the one before.
    fn settle(&mut self) {
        self.playing = false;
        self.selected = None;
        self.time.asked = None;
        self.time.fine = None;
        self.cursor = self.cursor.min(self.last());
        let gone = |branch: &usize| {
            let run = self.run.as_ref();
            !run.is_some_and(|run| run.timeline.branches().iter().any(|(id, ..)| id.0 == *branch))
        };
        if self.time.compared.as_ref().is_some_and(gone) {
            self.time.compared = None;
        }
    }

    /// A run of changed texts: nothing of the old one can be undone in it.
    pub(crate) fn forget_branches(&mut self) {
        self.time.done.clear();
        self.time.undone.clear();
        self.time.compared = None;
        self.time.asked = None;
        self.time.fine = None;
    }

    /// One step, forward or back, of the size that was chosen; asks first if that is wanted.
    pub(crate) fn step(&mut self, forward: bool) {
        self.playing = false;
        if forward && self.time.quiz && self.time.fine.is_none() {
            match &self.time.asked {
                Some(asked) if asked.answer.is_none() => return,
                Some(_) => self.time.asked = None,
                None => {
                    let question = self.run.as_ref().and_then(|run| predict::ask(run, self.cursor));
                    if let Some(question) = question {
                        self.time.asked = Some(Asked { question, answer: None });
                        return;
                    }
                }
            }
        }
        self.time.asked = None;
        self.move_on(forward);
    }

    fn move_on(&mut self, forward: bool) {
        let Some(run) = self.run.clone() else { return };
        let breakpoints = |file: &str, line: u32| {
            let source = self.sources.iter().find(|source| source.name == file);
            source.is_some_and(|source| source.breakpoints.contains(&line))
        };
        let here = stepping::Place { moment: self.cursor, fine: self.time.fine };
        let there = stepping::step(&run, here, self.time.step_by, forward, &breakpoints);
        self.cursor = there.moment.min(self.last());
        self.time.fine = there.fine;
    }

    fn answer(&mut self, option: usize) {
        if let Some(asked) = &mut self.time.asked
            && asked.answer.is_none()
        {
            asked.answer = Some(option);
            self.time.score.count(asked.question.kind, option == asked.question.right);
        }
    }
}
