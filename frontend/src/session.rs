//! From texts to a run: compiles the programs, lets the simulated world happen, makes the tables.

use crate::components::Ctx;
use crate::model::course::Course;
use crate::state::Source;
use abi::Lang;
use std::rc::Rc;

/// A finished (or stopped) run.
pub(crate) struct Run {
    /// What happened.
    pub(crate) course: Rc<Course>,
    /// So many events, after which it was stopped.
    pub(crate) limit: Option<u64>,
}

impl PartialEq for Run {
    /// Runs are never changed: the same one or another one.
    fn eq(&self, other: &Run) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Titles of the lessons.
pub(crate) fn lessons(lang: Lang) -> Vec<String> {
    vec![match lang {
        Lang::PtBr => "1 · Eco TCP".into(),
        Lang::En => "1 · TCP echo".into(),
    }]
}

/// The programs of a lesson.
pub(crate) fn sources(_lesson: usize) -> Vec<Source> {
    let source = |name: &str, text: &str| Source {
        name: name.into(),
        text: text.into(),
        original: text.into(),
        breakpoints: Vec::new(),
    };
    vec![
        source("cliente.c", include_str!("../../lessons/01-echo/cliente.c")),
        source("servidor.c", include_str!("../../lessons/01-echo/servidor.c")),
    ]
}

pub(crate) fn next_breakpoint(_ctx: &Ctx) -> Option<usize> {
    None
}

pub(crate) fn run_now(_ctx: &Ctx) {}

pub(crate) fn intervene(_ctx: &Ctx, _what: char) -> bool {
    false
}
