//! What the page's state is made of: programs and what is wrong with them, what is selected, which
//! view, panel and dialog is open.

use crate::model::scene::ObjectKind;
use abi::Lang;
use std::rc::Rc;

/// One program of the scenario as it is being edited.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Source {
    /// The file's name.
    pub(crate) name: String,
    /// The text as it is now.
    pub(crate) text: String,
    /// The text of the lesson.
    pub(crate) original: String,
    /// Lines with a breakpoint.
    pub(crate) breakpoints: Vec<u32>,
}

/// A program of the scenario: a file with arguments, on a host.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Program {
    /// Name of the [`Source`].
    pub(crate) file: String,
    pub(crate) host: usize,
    pub(crate) host_name: String,
    /// The arguments as a person writes them, separated by blanks.
    pub(crate) args: String,
}

/// Something wrong with a program's text; offsets are UTF-16 code units.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Problem {
    /// An error keeps the program from running.
    pub(crate) error: bool,
    pub(crate) line: u32,
    pub(crate) from: u32,
    pub(crate) to: u32,
    /// pt-BR, English.
    pub(crate) text: [String; 2],
    /// Start, end and replacement.
    pub(crate) fix: Option<(u32, u32, String)>,
    /// What would mend it outside its place in the text.
    pub(crate) mend: Option<Mend>,
}

/// A change of more than one place of a text, or of what a program is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mend {
    /// The file's name says C, its text is C++.
    Cpp,
    /// A program with Windows' headers, on a host with another system.
    Windows,
    /// A word processor's quotation marks.
    Quotes,
}

impl Problem {
    /// The text in a language.
    pub(crate) fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::PtBr => &self.text[0],
            Lang::En => &self.text[1],
        }
    }
}

/// The scenario's text while a person writes it.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct ScenarioDraft {
    /// As it was typed; `None`: nobody has.
    pub(crate) text: Option<Rc<str>>,
    /// What is wrong with it: line and column, pt-BR and English. The last good one is run.
    pub(crate) problem: Option<((usize, usize), [String; 2])>,
}

/// What the inspector shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Selected {
    /// A packet, by its place in the course.
    Packet(usize),
    /// A socket: host and number.
    Socket(usize, u32),
    /// A call, by its place in the course.
    Call(usize),
    /// A host.
    Host(usize),
    /// A process: host and number.
    Process(usize, i32),
    /// Something that processes share: host, kind and number.
    Object(usize, ObjectKind, u32),
}

/// What an intervention menu is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    /// A packet, by its place in the course.
    Packet(usize),
    Host(usize),
    /// A process: host and number.
    Process(usize, i32),
    Link(usize),
    /// A socket: host and number.
    Socket(usize, u32),
    /// Not of the world: the page's tools.
    Tools,
}

/// An open intervention menu.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Menu {
    pub(crate) target: Target,
    /// Where it was asked for, in the window.
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// A tab of the lower region.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum View {
    Lesson,
    Ladder,
    Packets,
    States,
    Calls,
    Terminals,
    Memory,
    Graphs,
    Intervene,
    Branches,
    Scenario,
    Real,
    Console,
}

impl View {
    /// The views' names in documents.
    const NAMES: [(View, &'static str); 11] = [
        (View::Lesson, "lesson"),
        (View::Ladder, "ladder"),
        (View::Packets, "packets"),
        (View::States, "states"),
        (View::Calls, "calls"),
        (View::Terminals, "terminals"),
        (View::Memory, "memory"),
        (View::Graphs, "graphs"),
        (View::Intervene, "intervene"),
        (View::Branches, "branches"),
        (View::Scenario, "scenario"),
    ];

    /// What a document calls it; `None` for views that only a bridge can fill.
    pub(crate) fn name(self) -> Option<&'static str> {
        View::NAMES.iter().find(|(view, _)| *view == self).map(|(_, name)| *name)
    }

    /// The view of that name.
    pub(crate) fn of_name(name: &str) -> Option<View> {
        View::NAMES.iter().find(|(_, other)| *other == name).map(|(view, _)| *view)
    }
}

/// The one region that a narrow screen shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Panel {
    Code,
    Stage,
    Views,
    Inspector,
}

/// An open dialog.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Dialog {
    Help,
    Share,
    World,
    Explorer,
    Addresses,
    Files,
    /// Not a dialog of ours: the browser's, over the page as it is printed.
    Print,
    /// The page as it is printed, while the browser prints by itself.
    Sheet,
}

/// Who answers the calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kernel {
    Simulated,
    Real,
}
