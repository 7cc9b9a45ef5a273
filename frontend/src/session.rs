//! From texts to a run: compiles the programs, lets the simulated world happen, makes the tables.
//!
//! A run is computed in slices, so that a long one does not stop the page; it is stopped after
//! [`MAX_EVENTS`]. A change of a text starts a new run; what is on the screen stays until it is
//! there.

use crate::components::Ctx;
use crate::i18n::Msg;
use crate::lessons;
use crate::link::Kept;
use crate::model::course::{Course, Host};
use crate::model::deadlock::{self, Standstill};
use crate::model::intervene::{self, Deed};
use crate::model::scene::Scene;
use crate::model::stepping::Fine;
use crate::model::trace::Texts;
use crate::model::{stamps, trace, world};
use crate::state::{Action, Mend, Problem, Selected, Source};
use crate::time::TimeAction;
use abi::{Lang, Pid};
use cc::diag::Kind;
use cc::{Compilation, Severity};
use sim::HostId;
use sim::explain::Names;
use sim::inspect;
use sim::scenario::Scenario;
use sim::timeline::{Action as Act, BranchId, Timeline};
use sim::trace::What;
use sim::world::World;
use std::cell::{OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// Events after which a run is stopped: an endless loop of sends must not fill the memory.
const MAX_EVENTS: u64 = 20_000;
/// Living processes with which a run is stopped: a fork without end must not fill the memory either.
const MAX_PROCESSES: usize = 256;
/// Events computed at a time before the clock is looked at.
const SLICE_EVENTS: u64 = 64;
/// Milliseconds after which the page gets its turn.
const SLICE_MS: f64 = 8.0;
/// Milliseconds of silence after a key press before the text is compiled.
const TYPING_MS: i32 = 150;

/// A finished (or stopped) run.
pub(crate) struct Run {
    pub(crate) timeline: Timeline,
    /// What happened.
    pub(crate) course: Rc<Course>,
    /// Names of hosts and processes, for the explanations.
    pub(crate) names: Names,
    /// The links' delays, nanoseconds.
    pub(crate) delays_ns: Vec<u64>,
    /// Why it stopped though something could still happen.
    pub(crate) limit: Option<Limit>,
    /// Logical clocks, once somebody wants to see them.
    stamps: OnceCell<stamps::Table>,
    /// Whether libc's own calls are among the moments.
    libc_calls: bool,
    /// The worlds that were looked at last, by position: the next step needs one of them again.
    seen: RefCell<Vec<(u64, Rc<World>)>>,
}

/// What stopped a run.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Limit {
    /// So many events.
    Events(u64),
    /// So many processes that live at once.
    Processes(usize),
    /// A program computes without making a call: who, in which line, until when in nanoseconds.
    Endless { who: String, line: u32, t_ns: u64 },
}

/// A program that says nothing for so long, and still computes, is in an endless loop.
const SILENT_NS: u64 = 100_000_000;

/// Worlds that are kept.
const SEEN: usize = 3;

impl PartialEq for Run {
    /// Runs are never changed: the same one or another one.
    fn eq(&self, other: &Run) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Run {
    /// The tables of a timeline's active branch.
    pub(crate) fn new(timeline: Timeline, ended: bool, libc_calls: bool) -> Run {
        let scenario = timeline.scenario();
        let texts = if libc_calls { Texts::new() } else { texts(scenario) };
        let mut course = trace::course(timeline.records(), texts);
        course.hosts = scenario
            .hosts
            .iter()
            .map(|host| Host {
                name: host.name.clone(),
                addresses: host.addresses.iter().map(|(ip, _)| ip.to_string()).collect(),
            })
            .collect();
        let hosts = course.hosts.iter().map(|host| host.name.clone()).collect();
        let names = Names::new(hosts, timeline.records());
        let limit = endless(&timeline, &course, &names)
            .or_else(|| (!ended).then_some(Limit::Events(MAX_EVENTS)));
        if let (Some(Limit::Endless { .. }), Some(last)) = (&limit, course.moments.last_mut()) {
            // Where it computes, and with which values, shows at the last moment.
            last.position = timeline.len();
        }
        Run {
            names,
            course: Rc::new(course),
            delays_ns: scenario.links.iter().map(|link| link.params.delay_ns).collect(),
            limit,
            stamps: OnceCell::new(),
            libc_calls,
            timeline,
            seen: RefCell::default(),
        }
    }

    /// The world after so many events.
    fn world_at(&self, position: u64) -> Rc<World> {
        let mut seen = self.seen.borrow_mut();
        if let Some((_, world)) = seen.iter().find(|(known, _)| *known == position) {
            return world.clone();
        }
        let world = Rc::new(self.timeline.seek(position));
        seen.insert(0, (position, world.clone()));
        seen.truncate(SEEN);
        world
    }

    /// What stands on the stage at a moment, or a few statements after it.
    pub(crate) fn scene(&self, cursor: usize, fine: Option<Fine>) -> Scene {
        let at = |cursor: usize| self.course.moments.get(cursor).map(|m| self.world_at(m.position));
        let (now, before) = match fine {
            Some(fine) => {
                let now = self.timeline.seek_statement(fine.position, fine.statements);
                (Some(Rc::new(now)), at(cursor))
            }
            None => (at(cursor), cursor.checked_sub(1).and_then(at)),
        };
        let Some(now) = now else { return Scene::default() };
        world::scene(&now, before.as_deref(), &self.course, cursor, self.timeline.scenario())
    }

    /// What it means that the run is over at this moment while processes still wait.
    pub(crate) fn standstill(&self, cursor: usize) -> Option<Standstill> {
        if self.limit.is_some() || cursor < self.course.last() {
            return None;
        }
        let world = self.timeline.seek(self.timeline.len());
        let waits = inspect::standstill(&world)?;
        Some(deadlock::standstill(&self.course, &waits))
    }

    /// Memory of a process at a moment.
    pub(crate) fn bytes(
        &self,
        cursor: usize,
        host: usize,
        pid: i32,
        at: u64,
        len: u64,
    ) -> Vec<cc::view::Byte> {
        let Some(moment) = self.course.moments.get(cursor) else { return Vec::new() };
        let world = self.world_at(moment.position);
        sim::inspect::bytes_of(&world, HostId(host as u32), Pid(pid), at, len)
    }

    /// The logical clocks' times of every record.
    pub(crate) fn stamps(&self) -> &stamps::Table {
        self.stamps.get_or_init(|| stamps::Table::new(self.timeline.records()))
    }

    /// The world at a moment.
    pub(crate) fn world(&self, cursor: usize) -> Option<World> {
        self.course.moments.get(cursor).map(|moment| (*self.world_at(moment.position)).clone())
    }

    /// The file of the program that a process runs.
    pub(crate) fn file_of(&self, host: usize, pid: Pid) -> Option<String> {
        let process = self.course.processes.iter().find(|p| p.host == host && p.pid == pid)?;
        let program = self.program_of(process)?;
        Some(self.timeline.scenario().programs.get(program)?.file.clone())
    }

    /// The same with another branch as the active one.
    pub(crate) fn branch(&self, branch: usize) -> Option<Run> {
        let timeline = self.timeline.at_branch(BranchId(branch))?;
        let ended = timeline.progress().ended;
        Some(Run::new(timeline, ended, self.libc_calls))
    }
}

/// How many processes have begun and not ended, as far as the records were read.
#[derive(Clone, Copy, Default)]
struct Crowd {
    alive: usize,
    read: usize,
}

impl Crowd {
    /// Reads on.
    fn count(&mut self, timeline: &Timeline) -> usize {
        for n in self.read..timeline.record_count() {
            match timeline.record(n).map(|record| &record.what) {
                Some(What::ProcessStart { .. }) => self.alive += 1,
                Some(What::ProcessExit { .. }) => self.alive = self.alive.saturating_sub(1),
                _ => {}
            }
        }
        self.read = timeline.record_count();
        self.alive
    }
}

/// Why a run stopped before its end: too many processes, or the program that still computes at the end of a run, long after anything happened.
fn endless(timeline: &Timeline, course: &Course, names: &Names) -> Option<Limit> {
    let crowd = Crowd::default().count(timeline);
    if crowd >= MAX_PROCESSES {
        return Some(Limit::Processes(crowd));
    }
    let t_ns = timeline.progress().t_ns;
    let last = course.moments.last().map_or(0, |moment| moment.t_ns);
    if t_ns < last + SILENT_NS {
        return None;
    }
    let world = timeline.seek(timeline.len());
    let rows = inspect::processes(&world);
    let (row, line) = inspect::computing(&rows)?;
    Some(Limit::Endless { who: names.process(row.host, row.pid), line, t_ns })
}

/// The lines of each program's text, by the program's name.
fn texts(scenario: &Scenario) -> Texts {
    let text = |file: &str| {
        let text = scenario.files.get(file).map_or("", String::as_str);
        text.lines().map(ToOwned::to_owned).collect()
    };
    scenario.programs.iter().map(|p| (p.name().to_owned(), text(&p.file))).collect()
}

/// Compiles every program: the scenario with the present texts, what is wrong, whether it can run.
fn compile(world: Option<&Scenario>, sources: &[Source]) -> (Option<Scenario>, Vec<Vec<Problem>>) {
    let Some(world) = world else {
        return (None, vec![Vec::new(); sources.len()]);
    };
    let scenario = lessons::with_texts(world, sources);
    let compilations = scenario.compile();
    let mut problems: Vec<Vec<Problem>> = vec![Vec::new(); sources.len()];
    for (program, compilation) in scenario.programs.iter().zip(&compilations) {
        let place = sources.iter().position(|source| source.name == program.file);
        // A file that two programs share has its problems once.
        if let Some(list) = place.map(|at| &mut problems[at]).filter(|list| list.is_empty()) {
            *list = problems_of(compilation);
        }
    }
    let runs = compilations.iter().all(|compilation| compilation.program.is_some());
    (runs.then_some(scenario), problems)
}

fn problems_of(compilation: &Compilation) -> Vec<Problem> {
    let map = &compilation.sources;
    let problems = compilation.diagnostics.iter().map(|diagnostic| {
        let user = map.is_user(diagnostic.span);
        let (from, to) = if user { map.utf16(diagnostic.span) } else { (0, 0) };
        let fix = diagnostic.fix.as_ref().filter(|fix| map.is_user(fix.span)).map(|fix| {
            let (from, to) = map.utf16(fix.span);
            (from, to, fix.text.clone())
        });
        Problem {
            error: diagnostic.severity == Severity::Error,
            line: if user { map.line_column(diagnostic.span).line } else { 1 },
            from,
            to: to.max(from + 1),
            text: Lang::ALL.map(|lang| diagnostic.text(lang)),
            fix,
            mend: mend(&diagnostic.kind),
        }
    });
    problems.collect()
}

/// What would mend a problem outside its place.
fn mend(kind: &Kind) -> Option<Mend> {
    match kind {
        Kind::CppInC { .. } => Some(Mend::Cpp),
        Kind::WindowsHeader { .. } => Some(Mend::Windows),
        Kind::StrayCharacter { character } if "“”„«»‘’".contains(*character) => {
            Some(Mend::Quotes)
        }
        _ => None,
    }
}

/// A run under way. Dropping it (or its number being overtaken) ends it.
struct Job {
    timeline: Timeline,
    problems: Vec<Vec<Problem>>,
    number: u32,
    /// What a document did to its run: branches, once the run without them is there.
    kept: VecDeque<Kept>,
    /// The branch that will be shown; `None`: the one that was computed last.
    shown: Option<BranchId>,
    /// Somebody interfered: what was before can be had back.
    branch: bool,
    crowd: Crowd,
}

thread_local! {
    /// Number of the newest job; older ones stop at their next slice.
    static NEWEST: RefCell<u32> = const { RefCell::new(0) };
}

impl Job {
    /// Computes the next of the branches that a document brought.
    fn begin(&mut self, kept: Kept, lang: Lang) {
        let name = if kept.name.is_empty() { Msg::OfTheLink.text(lang) } else { kept.name };
        self.timeline.switch(BranchId(0));
        let branch = self.timeline.branch_with(kept.inputs, &name);
        self.crowd = Crowd::default();
        if kept.active {
            self.shown = Some(branch);
        }
    }
}

fn begin() -> u32 {
    NEWEST.with_borrow_mut(|newest| {
        *newest += 1;
        *newest
    })
}

fn newest(number: u32) -> bool {
    NEWEST.with_borrow(|newest| *newest == number)
}

/// Compiles and runs now, whatever is being typed.
pub(crate) fn run_now(ctx: &Ctx) {
    start(ctx);
}

fn start(ctx: &Ctx) {
    let number = begin();
    let (scenario, problems) = compile(ctx.world.as_deref(), &ctx.sources);
    match scenario {
        None => ctx.dispatch(Action::NotCompiled(problems)),
        Some(scenario) => {
            ctx.dispatch(Action::Working);
            let (timeline, kept) = (Timeline::new(scenario), (*ctx.branches).clone().into());
            let shown = Some(BranchId(0));
            slice(
                ctx.clone(),
                Job {
                    timeline,
                    problems,
                    number,
                    kept,
                    shown,
                    branch: false,
                    crowd: Crowd::default(),
                },
            );
        }
    }
}

/// Computes for a while, then goes on later or is done.
fn slice(ctx: Ctx, mut job: Job) {
    if !newest(job.number) {
        return;
    }
    let begun = now_ms();
    loop {
        let progress = job.timeline.advance(SLICE_EVENTS);
        let crowded = job.crowd.count(&job.timeline) >= MAX_PROCESSES;
        let done = progress.ended || progress.len >= MAX_EVENTS || crowded;
        if done && let Some(kept) = job.kept.pop_front() {
            job.begin(kept, ctx.lang());
        } else if done {
            if let Some(shown) = job.shown {
                job.timeline.switch(shown);
            }
            let run = Rc::new(Run::new(job.timeline, progress.ended, ctx.prefs.libc_calls));
            ctx.dispatch(match job.branch {
                true => Action::Time(TimeAction::Branched(run, job.problems)),
                false => Action::Ran(run, job.problems),
            });
            return;
        }
        if now_ms() - begun > SLICE_MS {
            break;
        }
    }
    later(0, move || slice(ctx, job));
}

/// Does something again and again until it says that there is no more, and lets the page breathe.
pub(crate) fn in_slices(mut more: impl FnMut() -> bool + 'static) {
    later(0, move || {
        let begun = now_ms();
        while more() {
            if now_ms() - begun > SLICE_MS {
                in_slices(more);
                return;
            }
        }
    });
}

fn now_ms() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Calls `then` after so many milliseconds.
pub(crate) fn later(ms: i32, then: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(then);
    if let Some(window) = web_sys::window() {
        let function = callback.unchecked_ref();
        // A timer with a function is always accepted.
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(function, ms);
    }
}

/// Runs again whenever a text or the lesson changes.
#[hook]
pub(crate) fn use_runner(ctx: &Ctx) {
    let texts: Vec<String> = ctx.sources.iter().map(|source| source.text.clone()).collect();
    let latest = use_mut_ref(|| ctx.clone());
    *latest.borrow_mut() = ctx.clone();
    let first = use_mut_ref(|| true);
    use_effect_with((texts, ctx.world.clone(), ctx.lesson), move |_| {
        let wait = if first.replace(false) { 0 } else { TYPING_MS };
        let number = begin();
        later(wait, move || {
            if newest(number) {
                let ctx = latest.borrow().clone();
                start(&ctx);
            }
        });
    });
}

/// Does something to the world at a moment: a new branch of the run.
fn act(ctx: &Ctx, at: usize, actions: Vec<Act>, name: &str) {
    let Some(run) = ctx.run.as_ref() else { return };
    let Some(moment) = run.course.moments.get(at) else { return };
    let mut timeline = run.timeline.clone();
    timeline.act_all(moment.position, actions, name);
    let number = begin();
    let problems = (*ctx.problems).clone();
    ctx.dispatch(Action::Cursor(at));
    // What was done shows at the next moment.
    ctx.dispatch(Action::Wanted(at + 1));
    let (kept, shown) = (VecDeque::new(), None);
    slice(
        ctx.clone(),
        Job { timeline, problems, number, kept, shown, branch: true, crowd: Crowd::default() },
    );
}

/// Does what a person chose, at the present moment.
pub(crate) fn do_deed(ctx: &Ctx, deed: &Deed) {
    act(ctx, deed.moment, deed.actions.clone(), &deed.name(ctx.lang()));
}

/// D and X: on the selected packet.
pub(crate) fn intervene(ctx: &Ctx, key: char) -> bool {
    let (Some(Selected::Packet(index)), Some(run)) = (ctx.selected, ctx.run.as_ref()) else {
        return false;
    };
    let what = if key == 'x' { "duplicate" } else { "drop" };
    let deeds = intervene::of_packet(&run.course, ctx.cursor, index);
    if let Some(deed) = deeds.iter().find(|deed| deed.id == what) {
        do_deed(ctx, deed);
    }
    true
}

/// Types a line into a process's terminal.
pub(crate) fn type_text(ctx: &Ctx, host: usize, pid: Pid, text: String) {
    let name = text.trim_end().to_owned();
    act(ctx, ctx.cursor, vec![Act::Type { host: HostId(host as u32), pid, text }], &name);
}

/// Shows libc's own calls, or leaves them out, without running anything again.
pub(crate) fn show_libc_calls(ctx: &Ctx, on: bool) {
    ctx.dispatch(Action::LibcCalls(on));
    let Some(run) = ctx.run.as_ref() else { return };
    let position = run.course.moments.get(ctx.cursor).map_or(0, |moment| moment.position);
    let ended = run.limit.is_none();
    let new = Run::new(run.timeline.clone(), ended, on);
    let cursor = new.course.moments.partition_point(|moment| moment.position <= position);
    let problems = (*ctx.problems).clone();
    ctx.dispatch(Action::Ran(Rc::new(new), problems));
    ctx.dispatch(Action::Cursor(cursor.saturating_sub(1)));
}

/// Shows another course of events.
pub(crate) fn switch_branch(ctx: &Ctx, branch: usize) {
    change_branches(ctx, |timeline| timeline.switch(BranchId(branch)));
}

/// Gives a course of events another name.
pub(crate) fn rename_branch(ctx: &Ctx, branch: usize, name: &str) {
    change_branches(ctx, |timeline| {
        timeline.rename(BranchId(branch), name);
        true
    });
}

/// Forgets a course of events (which can be undone).
pub(crate) fn delete_branch(ctx: &Ctx, branch: usize) {
    change_branches(ctx, |timeline| timeline.delete(BranchId(branch)));
}

fn change_branches(ctx: &Ctx, change: impl FnOnce(&mut Timeline) -> bool) {
    let Some(run) = ctx.run.as_ref() else { return };
    let mut timeline = run.timeline.clone();
    if change(&mut timeline) {
        let ended = timeline.progress().ended;
        let problems = (*ctx.problems).clone();
        let run = Rc::new(Run::new(timeline, ended, ctx.prefs.libc_calls));
        ctx.dispatch(Action::Time(TimeAction::Branched(run, problems)));
    }
}

/// The first moment from `from` to `to` at which a process runs through a line with a breakpoint.
pub(crate) fn breakpoint_between(ctx: &Ctx, from: usize, to: usize) -> Option<usize> {
    let course = ctx.course()?;
    let run = ctx.run.as_ref()?;
    let hit = |process: &crate::model::course::Process| {
        let program = run.program_of(process)?;
        let wanted = &ctx.sources.get(program)?.breakpoints;
        let lines = process.lines.iter().filter(|(moment, ..)| (from..=to).contains(moment));
        lines.filter(|(.., line)| wanted.contains(line)).map(|(moment, ..)| *moment).min()
    };
    course.processes.iter().filter_map(hit).min()
}

/// The next moment with a breakpoint.
pub(crate) fn next_breakpoint(ctx: &Ctx) -> Option<usize> {
    breakpoint_between(ctx, ctx.cursor + 1, ctx.last())
}

impl Run {
    /// Which of the page's programs a process runs, by its name and host.
    fn program_of(&self, process: &crate::model::course::Process) -> Option<usize> {
        let programs = self.timeline.scenario().programs.iter();
        let mut fits = programs.enumerate().filter(|(_, p)| p.name() == process.program);
        fits.clone().find(|(_, p)| p.host == process.host).or_else(|| fits.next()).map(|(n, _)| n)
    }
}
