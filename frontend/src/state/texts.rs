//! What a person writes and opens: programs, arguments, the scenario, files, documents.

use crate::lessons;
use crate::link::{Document, Kept};
use crate::state::{Mend, ScenarioDraft, Source, State, View};
use crate::time::TimeState;
use abi::Lang;
use sim::scenario::Scenario;
use std::rc::Rc;

/// The text of a program that a person adds.
const NEW_PROGRAM: &str = "#include <stdio.h>\n\nint main(int argc, char *argv[])\n{\n    printf(\"%s\\n\", argc > 1 ? argv[1] : \"\");\n    return 0;\n}\n";

impl State {
    /// Another text is in the place of a program's.
    pub(super) fn edited(&mut self, program: usize, text: String) {
        self.edit(program, |source| source.text = text);
        self.stale = true;
        // Positions in another run mean other moments.
        self.branches = Rc::default();
    }

    /// The lesson's text again.
    pub(super) fn restore(&mut self, program: usize) {
        self.edit(program, |source| source.text.clone_from(&source.original));
        self.revision += 1;
        self.stale = true;
    }

    /// A program's text that nobody runs yet.
    pub(super) fn new_source(&mut self, name: String) {
        if self.sources.iter().all(|source| source.name != name) {
            let (text, original) = (NEW_PROGRAM.to_owned(), String::new());
            let source = Source { name, text, original, breakpoints: Vec::new() };
            Rc::make_mut(&mut self.sources).push(source);
        }
    }

    /// Other hosts, links or programs, by the settings.
    pub(super) fn change_world(&mut self, world: Scenario) {
        self.set_world(world);
        self.stale = true;
    }

    pub(super) fn edit(&mut self, program: usize, change: impl FnOnce(&mut Source)) {
        if let Some(source) = Rc::make_mut(&mut self.sources).get_mut(program) {
            change(source);
        }
    }

    pub(super) fn mend(&mut self, source: usize, mend: Mend) {
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

    pub(super) fn arguments(&mut self, program: usize, text: String) {
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

    pub(super) fn set_world(&mut self, world: Scenario) {
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
    pub(super) fn reset(&mut self, lesson: usize) {
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
    pub(super) fn rewrite(&mut self, text: &str) {
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
    pub(super) fn take_file(&mut self, name: String, text: String) {
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
    pub(super) fn leave_out_renamed(&mut self) {
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
}
