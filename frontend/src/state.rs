//! The page's state: one structure, one list of actions, one reducer.
//!
//! Texts and preferences live here; a run is made from the texts by [`crate::session`] and put in
//! whole. The cursor is a moment of the run's course. Nothing here touches the browser.

use crate::i18n::Msg;
use crate::lessons;
use crate::link::{Document, Kept};
use crate::model::course::Course;
use crate::model::linked::Place;
use crate::model::scene::ObjectKind;
use crate::prefs::{Clock, Prefs, Theme};
use crate::time::{TimeAction, TimeState};
use abi::Lang;
use sim::scenario::Scenario;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use yew::Reducible;

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

/// The text of a program that a person adds.
const NEW_PROGRAM: &str = "#include <stdio.h>\n\nint main(int argc, char *argv[])\n{\n    printf(\"%s\\n\", argc > 1 ? argv[1] : \"\");\n    return 0;\n}\n";

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

    fn go_to(&mut self, cursor: usize) {
        self.cursor = cursor.min(self.last());
        self.time.fine = None;
        if !self.playing {
            self.time.asked = None;
        }
    }

    fn edit(&mut self, program: usize, change: impl FnOnce(&mut Source)) {
        if let Some(source) = Rc::make_mut(&mut self.sources).get_mut(program) {
            change(source);
        }
    }

    fn apply(&mut self, action: Action) {
        match action {
            Action::Lesson(lesson) => self.reset(lesson),
            Action::Document(document) => self.open_document(document),
            Action::Notice(notice) => self.notice = notice,
            Action::Elsewhere(document) => self.elsewhere = document.map(Rc::new),
            Action::Source(source) => {
                self.source = source.min(self.sources.len().saturating_sub(1));
                self.follow = false;
            }
            Action::Args(program, args) => {
                self.arguments(program, args);
            }
            Action::World(world) => {
                self.set_world(world);
                self.stale = true;
            }
            Action::NewSource(name) => {
                if self.sources.iter().all(|source| source.name != name) {
                    let text = NEW_PROGRAM.to_owned();
                    let breakpoints = Vec::new();
                    let source = Source { name, text, original: String::new(), breakpoints };
                    Rc::make_mut(&mut self.sources).push(source);
                }
            }
            Action::Place(host, place) => {
                let places = Rc::make_mut(&mut self.places);
                match place {
                    Some(place) => drop(places.insert(host, place)),
                    None => drop(places.remove(&host)),
                }
            }
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
            Action::Edit(program, text) => {
                self.edit(program, |source| source.text = text);
                self.stale = true;
                // Positions in another run mean other moments.
                self.branches = Rc::default();
            }
            Action::Restore(program) => {
                self.edit(program, |source| source.text.clone_from(&source.original));
                self.revision += 1;
                self.stale = true;
            }
            Action::Mend(source, mend) => self.mend(source, mend),
            Action::Breakpoints(program, lines) => {
                self.edit(program, |source| source.breakpoints = lines);
            }
            Action::Working => self.working = true,
            Action::Ran(run, problems) => {
                self.forget_branches();
                self.ran(run, problems);
            }
            Action::NotCompiled(problems) => {
                self.problems = Rc::new(problems);
                self.stale = true;
                self.working = false;
                self.playing = false;
            }
            Action::Cursor(cursor) => self.go_to(cursor),
            Action::Step(forward) => self.step(forward),
            Action::Ends(end) => {
                self.playing = false;
                self.go_to(if end { usize::MAX } else { 0 });
            }
            Action::Play(playing) => {
                // Playing at the end starts again, as every player does.
                if playing && self.cursor >= self.last() {
                    self.go_to(0);
                }
                self.playing = playing && self.last() > 0;
            }
            Action::Kernel(kernel) => {
                self.kernel = kernel;
                self.playing = false;
                let real = matches!(self.view, View::Real | View::Console);
                match kernel {
                    Kernel::Real => (self.view, self.panel) = (View::Real, Panel::Views),
                    Kernel::Simulated if real => self.view = View::Ladder,
                    Kernel::Simulated => {}
                }
            }
            Action::Field(field) => self.field = field,
            Action::Variable(variable) => self.variable = variable,
            Action::Select(selected) => {
                if self.selected != selected {
                    self.field = None;
                }
                self.selected = selected;
                if selected.is_some() {
                    self.panel =
                        if self.panel == Panel::Code { self.panel } else { Panel::Inspector };
                }
            }
            Action::View(view) => self.view = view,
            Action::Panel(panel) => self.panel = panel,
            Action::Dialog(dialog) => {
                self.dialog = dialog;
                self.playing = false;
            }
            Action::Filter(filter) => self.filter = filter,
            Action::Lang => {
                self.prefs.lang = match self.prefs.lang {
                    Lang::PtBr => Lang::En,
                    Lang::En => Lang::PtBr,
                }
            }
            Action::Theme => {
                self.prefs.theme = match self.prefs.theme {
                    Theme::Auto => Theme::Light,
                    Theme::Light => Theme::Dark,
                    Theme::Dark => Theme::Auto,
                }
            }
            Action::Clock(clock) => self.prefs.clock = clock,
            Action::Speed(speed) => self.prefs.set_speed(speed),
            Action::Faster(faster) => {
                let speed = self.prefs.speed_now();
                self.prefs.set_speed(if faster { speed + 1 } else { speed.saturating_sub(1) });
            }
            Action::SingleKeys(on) => self.prefs.single_keys = on,
            Action::LessMotion(on) => self.prefs.less_motion = on,
            Action::MoreContrast(on) => self.prefs.more_contrast = on,
            Action::Absolute(on) => self.prefs.absolute = on,
            Action::Scenario(text) => self.rewrite(&text),
            Action::File(name, text) => self.take_file(name, text),
            Action::Time(action) => self.time(action),
        }
    }

    fn mend(&mut self, source: usize, mend: Mend) {
        let Some(name) = self.sources.get(source).map(|source| source.name.clone()) else { return };
        let world = self.world.as_deref().cloned();
        match mend {
            Mend::Quotes => {
                self.edit(source, |source| source.text = lessons::plain_quotes(&source.text))
            }
            Mend::Cpp => {
                let new = format!("{}.cpp", sim::scenario::stem(&name));
                let free = self.sources.iter().all(|source| source.name != new);
                let Some(world) = world.filter(|_| free) else { return };
                self.edit(source, |source| source.name.clone_from(&new));
                self.set_world(lessons::renamed(world, &name, &new));
            }
            Mend::Windows => {
                if let Some(world) = world {
                    self.set_world(lessons::on_windows(world, &name));
                }
            }
        }
        self.revision += 1;
        self.stale = true;
    }

    fn arguments(&mut self, program: usize, text: String) {
        if let Some(world) = &mut self.world
            && let Some(spec) = Rc::make_mut(world).programs.get_mut(program)
        {
            spec.args = lessons::split(&text);
        }
        if let Some(program) = Rc::make_mut(&mut self.programs).get_mut(program) {
            program.args = text;
        }
        self.scenario = ScenarioDraft::default();
    }

    fn set_world(&mut self, world: Scenario) {
        let mut programs = lessons::programs(&world);
        // What a person is typing keeps its blanks.
        for (new, old) in programs.iter_mut().zip(self.programs.iter()) {
            if lessons::split(&new.args) == lessons::split(&old.args) {
                new.args.clone_from(&old.args);
            }
        }
        self.programs = Rc::new(programs);
        self.world = Some(Rc::new(world));
        self.scenario = ScenarioDraft::default();
        // Positions in another run mean other moments.
        self.branches = Rc::default();
    }

    /// A lesson as delivered; what belongs to the person, not to the lesson, stays.
    fn reset(&mut self, lesson: usize) {
        let (revision, view, kernel) = (self.revision + 1, self.view, self.kernel);
        let (step_by, quiz) = (self.time.step_by, self.time.quiz);
        let (score, stamps) = (self.time.score.clone(), self.time.stamps);
        let time = TimeState { step_by, quiz, score, stamps, ..TimeState::default() };
        *self = State { revision, view, kernel, time, ..State::new(self.prefs, lesson) };
    }

    /// What the scenario is as delivered, or by default for programs of one's own.
    pub(crate) fn original_world(&self) -> Option<Scenario> {
        if !self.own {
            return lessons::world(self.lesson);
        }
        let text = lessons::plain_scenario(self.sources.iter().map(|s| s.name.as_str()));
        lessons::world_of(&text, &self.sources).ok()
    }

    /// The scenario as TOML: as it was typed, else as the lesson has it, else written anew.
    pub(crate) fn scenario_text(&self) -> String {
        if let (Some(text), None) = (&self.scenario.text, &self.scenario.problem) {
            return text.to_string();
        }
        if !self.own && self.world.as_deref() == lessons::world(self.lesson).as_ref() {
            return lessons::text(self.lesson);
        }
        self.world.as_deref().map_or_else(String::new, Scenario::to_toml)
    }

    /// Another scenario: run if it is one, else said what is wrong.
    fn rewrite(&mut self, text: &str) {
        match lessons::world_of(text, &self.sources) {
            Ok(world) => {
                self.set_world(world);
                self.stale = true;
            }
            Err(problem) => {
                let said = Lang::ALL.map(|lang| problem.text(lang));
                let place = (problem.line(text), problem.column(text));
                self.scenario.problem = Some((place, said));
            }
        }
        self.scenario.text = Some(text.into());
    }

    /// A program, header or scenario from a file: takes the place of the one of its name, or is
    /// one more.
    fn take_file(&mut self, name: String, text: String) {
        if name.ends_with(".toml") {
            self.rewrite(&text);
            self.view = View::Scenario;
            return;
        }
        self.revision += 1;
        self.stale = true;
        self.branches = Rc::default();
        if let Some(at) = self.sources.iter().position(|source| source.name == name) {
            self.edit(at, |source| source.text = text);
            return;
        }
        // The first file of one's own leaves the lesson behind.
        let plain = !self.own || self.world.as_deref() == self.original_world().as_ref();
        let mut sources = if self.own { (*self.sources).clone() } else { Vec::new() };
        sources.push(Source { name, original: text.clone(), text, breakpoints: Vec::new() });
        self.own = true;
        self.sources = Rc::new(sources);
        if plain && let Some(world) = self.original_world() {
            self.programs = Rc::default();
            self.set_world(world);
        }
    }

    /// Shows a document.
    pub(crate) fn open_document(&mut self, document: Document) {
        let lesson = document.lesson_number();
        self.reset(lesson.unwrap_or(self.lesson));
        if lesson.is_none() {
            self.own = true;
            self.sources = Rc::default();
        }
        let sources = Rc::make_mut(&mut self.sources);
        for (name, text) in &document.files {
            match sources.iter_mut().find(|source| source.name == *name) {
                Some(source) => source.text.clone_from(text),
                None => sources.push(Source {
                    name: name.clone(),
                    text: text.clone(),
                    original: String::new(),
                    breakpoints: Vec::new(),
                }),
            }
        }
        for (name, lines) in &document.breakpoints {
            if let Some(source) = sources.iter_mut().find(|source| source.name == *name) {
                source.breakpoints.clone_from(lines);
            }
        }
        if lesson.is_none()
            && let Some(world) = self.original_world()
        {
            self.programs = Rc::default();
            self.set_world(world);
        }
        if let Some(text) = &document.scenario {
            self.rewrite(text);
            self.leave_out_renamed();
        }
        let mut sources = (*self.sources).clone();
        lessons::sort(&self.scenario_text(), &mut sources);
        self.sources = Rc::new(sources);
        for (program, args) in document.args.clone() {
            self.arguments(program, args);
        }
        self.view = document.view().unwrap_or(self.view);
        self.places = Rc::new(document.places);
        let of_link = || Kept { inputs: document.inputs, active: true, ..Kept::default() };
        let branches = match document.branches.is_empty() {
            false => document.branches,
            true => Some(of_link()).filter(|kept| !kept.inputs.is_empty()).into_iter().collect(),
        };
        self.branches = Rc::new(branches);
        self.wanted = Some(document.step);
    }

    /// A lesson's program that a file of another name has taken the place of is no source any more.
    fn leave_out_renamed(&mut self) {
        let runs = |world: Option<&Scenario>, name: &str| {
            world.is_some_and(|world| world.programs.iter().any(|program| program.file == name))
        };
        let (now, before) = (self.world.clone(), self.original_world());
        Rc::make_mut(&mut self.sources).retain(|source| {
            let name = source.name.as_str();
            let left = runs(before.as_ref(), name) && !runs(now.as_deref(), name);
            source.text != source.original || !left
        });
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
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        next.apply(action);
        Rc::new(next)
    }
}
