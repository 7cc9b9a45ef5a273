//! The page's state: one structure, one list of actions, one reducer.
//!
//! Texts and preferences live here; a run is made from the texts by [`crate::session`] and put in
//! whole. The cursor is a moment of the run's course. Nothing here touches the browser. What actions do
//! to the texts is in `texts`, where a person is in `moves`; [`crate::time`] has what is about time.

mod moves;
mod parts;
mod texts;

pub(crate) use parts::*;

use crate::i18n::Msg;
use crate::lessons;
use crate::link::{Document, Kept};
use crate::model::course::Course;
use crate::model::linked::Place;
use crate::prefs::{Clock, Prefs};
use crate::time::{TimeAction, TimeState};
use abi::Lang;
use sim::scenario::Scenario;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use yew::Reducible;

/// All of it.
#[derive(Clone, PartialEq)]
pub(crate) struct State {
    pub(crate) prefs: Prefs,
    pub(crate) lesson: usize,
    /// Somebody's own programs, not a lesson's.
    pub(crate) own: bool,
    pub(crate) scenario: ScenarioDraft,
    /// Branches that came with a document: the run begins with them.
    pub(crate) branches: Rc<Vec<Kept>>,
    pub(crate) sources: Rc<Vec<Source>>,
    pub(crate) programs: Rc<Vec<Program>>,
    /// What is run, without the texts.
    pub(crate) world: Option<Rc<Scenario>>,
    /// Where a person put hosts: the middles, as parts of the stage.
    pub(crate) places: Rc<BTreeMap<usize, (f64, f64)>>,
    pub(crate) menu: Option<Menu>,
    /// Whether the views have the stage's room too.
    pub(crate) large: bool,
    /// How many runs there have been, for whoever waits for the next one.
    pub(crate) runs: u32,
    /// Whether the editor goes where the process of each step is.
    pub(crate) follow: bool,
    /// The source that is shown where there is no room for all.
    pub(crate) source: usize,
    /// Raised when a text is replaced from outside an editor, so that editors take it over.
    pub(crate) revision: u32,
    pub(crate) problems: Rc<Vec<Vec<Problem>>>,
    pub(crate) run: Option<Rc<crate::session::Run>>,
    /// The run is not of the present text.
    pub(crate) stale: bool,
    pub(crate) working: bool,
    pub(crate) cursor: usize,
    pub(crate) playing: bool,
    pub(crate) kernel: Kernel,
    pub(crate) selected: Option<Selected>,
    /// The field of the selected packet that is lit.
    pub(crate) field: Option<Range<usize>>,
    /// The variable whose bytes the memory view shows.
    pub(crate) variable: Option<Place>,
    pub(crate) view: View,
    pub(crate) panel: Panel,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) filter: String,
    /// The moment to stand at when the next run is there.
    pub(crate) wanted: Option<usize>,
    /// Something to say about the page itself.
    pub(crate) notice: Option<Msg>,
    /// What another tab made of what is shown here, until somebody chooses.
    pub(crate) elsewhere: Option<Rc<Document>>,
    /// Steps, branches, questions.
    pub(crate) time: TimeState,
}

/// What can happen to it.
pub(crate) enum Action {
    Lesson(usize),
    Document(Document),
    Notice(Option<Msg>),
    /// Another tab made something else of what is shown here, or the same again.
    Elsewhere(Option<Document>),
    Source(usize),
    Args(usize, String),
    /// Other hosts, links, programs or another seed.
    World(Scenario),
    /// A new program's text, from the name of its file.
    NewSource(String),
    /// A host is put somewhere, or back.
    Place(usize, Option<(f64, f64)>),
    Menu(Option<Menu>),
    LibcCalls(bool),
    Toured,
    /// Where to stand when the next run is there.
    Wanted(usize),
    Large(bool),
    /// Whether the text of the process of each step is shown.
    Follow(bool),
    /// The source of the process of this step.
    Acting(usize),
    Edit(usize, String),
    Restore(usize),
    /// Mends a source as the compiler proposes.
    Mend(usize, Mend),
    Breakpoints(usize, Vec<u32>),
    Working,
    Ran(Rc<crate::session::Run>, Vec<Vec<Problem>>),
    NotCompiled(Vec<Vec<Problem>>),
    Cursor(usize),
    Step(bool),
    Ends(bool),
    Play(bool),
    Kernel(Kernel),
    Select(Option<Selected>),
    /// A field of the selected packet, by its bytes.
    Field(Option<Range<usize>>),
    /// A variable whose bytes are shown.
    Variable(Option<Place>),
    View(View),
    Panel(Panel),
    Dialog(Option<Dialog>),
    Filter(String),
    Lang,
    Theme,
    Clock(Clock),
    Speed(usize),
    Faster(bool),
    SingleKeys(bool),
    LessMotion(bool),
    MoreContrast(bool),
    Absolute(bool),
    /// The scenario's text was changed.
    Scenario(String),
    /// A file was opened: its name and text.
    File(String, String),
    Time(TimeAction),
}

impl State {
    /// Before anything ran.
    pub(crate) fn new(prefs: Prefs, lesson: usize) -> State {
        let world = lessons::world(lesson);
        State {
            prefs,
            lesson,
            own: false,
            scenario: ScenarioDraft::default(),
            branches: Rc::default(),
            sources: Rc::new(lessons::sources(lesson)),
            programs: Rc::new(world.as_ref().map(lessons::programs).unwrap_or_default()),
            world: world.map(Rc::new),
            places: Rc::default(),
            menu: None,
            large: false,
            runs: 0,
            follow: true,
            source: 0,
            revision: 0,
            problems: Rc::default(),
            run: None,
            stale: false,
            working: true,
            cursor: 0,
            playing: false,
            kernel: Kernel::Simulated,
            selected: None,
            field: None,
            variable: None,
            view: View::Ladder,
            panel: Panel::Code,
            dialog: None,
            filter: String::new(),
            wanted: None,
            notice: None,
            elsewhere: None,
            time: TimeState::default(),
        }
    }

    /// The language.
    pub(crate) fn lang(&self) -> Lang {
        self.prefs.lang
    }

    /// Whether the view is about real sockets: the simulated stage and its inspector say nothing
    /// then.
    pub(crate) fn measures(&self) -> bool {
        self.records() || self.kernel == Kernel::Real && self.view == View::Console
    }

    /// Whether time is that of the recording of a real run.
    pub(crate) fn records(&self) -> bool {
        self.kernel == Kernel::Real && self.view == View::Real
    }

    /// The run's tables, if there is a run.
    pub(crate) fn course(&self) -> Option<&Course> {
        self.run.as_ref().map(|run| &*run.course)
    }

    /// The name of the lesson that is shown; empty: one's own programs.
    pub(crate) fn lesson_id(&self) -> String {
        let contents = lessons::contents();
        let lesson = contents.get(self.lesson).filter(|_| !self.own);
        lesson.map_or_else(String::new, |lesson| lesson.id.clone())
    }

    /// What a file is compiled for: its first program's host says.
    pub(crate) fn target_of(&self, file: &str) -> cc::Target {
        let host = self.programs.iter().find(|program| program.file == file).map(|p| p.host);
        let hosts = self.world.as_ref().map_or(&[][..], |world| &world.hosts[..]);
        host.and_then(|host| hosts.get(host)).map_or(cc::Target::Linux, |host| host.os.target())
    }

    /// The last moment.
    pub(crate) fn last(&self) -> usize {
        self.course().map_or(0, Course::last)
    }

    fn apply(&mut self, action: Action) {
        match action {
            Action::Lesson(lesson) => self.reset(lesson),
            Action::Document(document) => self.open_document(document),
            Action::Notice(notice) => self.notice = notice,
            Action::Elsewhere(document) => self.elsewhere = document.map(Rc::new),
            Action::Source(source) => self.show_source(source),
            Action::Args(program, args) => self.arguments(program, args),
            Action::World(world) => self.change_world(world),
            Action::NewSource(name) => self.new_source(name),
            Action::Place(host, place) => self.put_host(host, place),
            Action::Menu(menu) => {
                self.menu = menu;
                self.playing &= menu.is_none();
            }
            Action::LibcCalls(on) => self.prefs.libc_calls = on,
            Action::Follow(follow) => self.follow = follow,
            Action::Acting(source) => self.source = source,
            Action::Large(large) => self.large = large,
            Action::Wanted(cursor) => self.wanted = Some(cursor),
            Action::Toured => self.prefs.toured = true,
            Action::Edit(program, text) => self.edited(program, text),
            Action::Restore(program) => self.restore(program),
            Action::Mend(source, mend) => self.mend(source, mend),
            Action::Breakpoints(program, lines) => {
                self.edit(program, |source| source.breakpoints = lines);
            }
            Action::Working => self.working = true,
            Action::Ran(run, problems) => {
                self.forget_branches();
                self.ran(run, problems);
            }
            Action::NotCompiled(problems) => self.not_compiled(problems),
            Action::Cursor(cursor) => self.go_to(cursor),
            Action::Step(forward) => self.step(forward),
            Action::Ends(end) => self.go_to_end(end),
            Action::Play(playing) => self.play(playing),
            Action::Kernel(kernel) => self.answer_by(kernel),
            Action::Field(field) => self.field = field,
            Action::Variable(variable) => self.variable = variable,
            Action::Select(selected) => self.select(selected),
            Action::View(view) => self.view = view,
            Action::Panel(panel) => self.panel = panel,
            Action::Dialog(dialog) => {
                self.dialog = dialog;
                self.playing = false;
            }
            Action::Filter(filter) => self.filter = filter,
            Action::Lang => self.prefs.change_language(),
            Action::Theme => self.prefs.change_theme(),
            Action::Clock(clock) => self.prefs.clock = clock,
            Action::Speed(speed) => self.prefs.set_speed(speed),
            Action::Faster(faster) => self.prefs.faster(faster),
            Action::SingleKeys(on) => self.prefs.single_keys = on,
            Action::LessMotion(on) => self.prefs.less_motion = on,
            Action::MoreContrast(on) => self.prefs.more_contrast = on,
            Action::Absolute(on) => self.prefs.absolute = on,
            Action::Scenario(text) => self.rewrite(&text),
            Action::File(name, text) => self.take_file(name, text),
            Action::Time(action) => self.time(action),
        }
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        next.apply(action);
        Rc::new(next)
    }
}
