//! Time: a run that can be stood at any moment, and its branches.
//!
//! A run follows from its scenario (programs, hosts, links, seed) and its interventions, so any
//! moment is "the nearest checkpoint, replayed". A *position* is a number of events: position 0 is
//! before the first one. Checkpoints are kept at a spacing that doubles whenever there are too
//! many, so memory is bounded and a seek replays at most one spacing.
//!
//! Doing something in the past makes a branch: the records up to that moment are shared, the
//! rest is computed anew, and both stay.

use crate::scenario::Scenario;
use crate::trace::{Record, Sink, What};
use crate::world::World;
use crate::{HostId, PacketId};
use abi::Pid;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Events between two checkpoints at the start.
const FIRST_SPACING: u64 = 64;
/// Checkpoints of a branch before every second one is given up.
const MAX_CHECKPOINTS: usize = 256;
/// Records in one shared chunk.
const CHUNK: usize = 1024;
/// Simulated time that a run gets at least after somebody interfered, nanoseconds: whoever types
/// at the end of a run wants to see what it leads to.
const AFTER_INPUT_NS: u64 = 10_000_000_000;

/// Something that a person (or the scenario) does to the world.
#[allow(missing_docs)] // the fields are named after what they are; units last
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Loses a frame in flight.
    Drop { packet: PacketId },
    /// Makes a frame in flight later.
    Delay { packet: PacketId, by_ns: u64 },
    /// Sends a second copy of a frame in flight.
    Duplicate { packet: PacketId },
    /// Turns one bit of a frame in flight.
    Corrupt { packet: PacketId, bit: u32 },
    /// Keeps a frame in flight until it is released.
    Hold { packet: PacketId },
    /// Lets a held frame go.
    Release { packet: PacketId },
    /// Unplugs or plugs a link.
    Plug { link: usize, up: bool },
    /// Changes what a link does; `None` leaves a value as it is.
    Link {
        link: usize,
        #[serde(default)]
        delay_ns: Option<u64>,
        #[serde(default)]
        jitter_ns: Option<u64>,
        #[serde(default)]
        loss: Option<f64>,
        #[serde(default)]
        duplicate: Option<f64>,
        #[serde(default)]
        corrupt: Option<f64>,
        #[serde(default)]
        rate_bps: Option<u64>,
    },
    /// Loses the next `count` frames that enter a link, whatever they are.
    DropNext { link: usize, count: u32 },
    /// Sends a signal to a process.
    Signal { host: HostId, pid: Pid, signal: i32 },
    /// Stops a process, as SIGSTOP does.
    Pause { host: HostId, pid: Pid },
    /// Lets a stopped process go on, as SIGCONT does.
    Continue { host: HostId, pid: Pid },
    /// Starts one of the scenario's programs again.
    Restart { program: usize },
    /// Turns a host off: processes and sockets are gone, nothing is said to anybody.
    Crash { host: HostId },
    /// Turns a host on again, without processes.
    Boot { host: HostId },
    /// Types into a process's terminal.
    Type { host: HostId, pid: Pid, text: String },
    /// Ends a terminal's input (Ctrl+D on an empty line).
    EndInput { host: HostId, pid: Pid },
    /// Lets this thread run next on its host.
    RunNext { host: HostId, tid: Pid },
}

impl Action {
    /// The host that it is about, if it is about one.
    pub fn host(&self) -> Option<HostId> {
        match self {
            Action::Signal { host, .. }
            | Action::Pause { host, .. }
            | Action::Continue { host, .. }
            | Action::Crash { host }
            | Action::Boot { host }
            | Action::Type { host, .. }
            | Action::EndInput { host, .. }
            | Action::RunNext { host, .. } => Some(*host),
            Action::Drop { .. }
            | Action::Delay { .. }
            | Action::Duplicate { .. }
            | Action::Corrupt { .. }
            | Action::Hold { .. }
            | Action::Release { .. }
            | Action::Plug { .. }
            | Action::Link { .. }
            | Action::DropNext { .. }
            | Action::Restart { .. } => None,
        }
    }
}

/// An intervention: before the event at `at`, in a branch.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Input {
    /// Position: so many events happened before.
    pub at: u64,
    /// What is done.
    pub action: Action,
}

/// Names a branch of a timeline.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub struct BranchId(pub usize);

/// One course of events.
#[derive(Clone, Debug)]
struct Branch {
    name: String,
    parent: Option<(BranchId, u64)>,
    inputs: Vec<Input>,
    records: Records,
    checkpoints: Vec<World>,
    spacing: u64,
    head: World,
    /// When it ends, nanoseconds: the scenario's end, or later if somebody interfered late.
    until_ns: u64,
    ended: bool,
}

/// A branch as [`Timeline::branches`] lists it: its number, its name, and the moment (of which
/// branch) where it begins.
pub type BranchRow<'a> = (BranchId, &'a str, Option<(BranchId, u64)>);

/// How far a branch has been computed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Events so far.
    pub len: u64,
    /// Simulated time so far, nanoseconds.
    pub t_ns: u64,
    /// Nothing more will happen (or the scenario's end time is reached).
    pub ended: bool,
}

/// What to look for with [`Timeline::find`].
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Mark {
    /// Any event that shows: not a mere burst of computation.
    Any,
    /// A call begins or returns.
    Call,
    /// A packet is sent, arrives or is lost.
    Packet,
    /// A TCP connection changes state.
    State,
    /// A process runs through a line.
    Line {
        /// Where.
        host: HostId,
        /// Which process.
        pid: Pid,
        /// 1 is the first line.
        line: u32,
    },
    /// Anything that a process does or suffers.
    Process {
        /// Where.
        host: HostId,
        /// Which process.
        pid: Pid,
    },
    /// A process writes to its terminal.
    Output,
}

impl Mark {
    fn fits(self, record: &Record) -> bool {
        match self {
            Mark::Any => !matches!(record.what, What::Burst { .. }),
            Mark::Call => matches!(record.what, What::CallStart { .. } | What::CallEnd { .. }),
            Mark::Packet => matches!(
                record.what,
                What::PacketSent { .. } | What::PacketArrived { .. } | What::PacketDropped { .. }
            ),
            Mark::State => matches!(record.what, What::SocketState { .. }),
            Mark::Line { host, pid, line } => {
                record.host == host
                    && record.pid == pid
                    && matches!(&record.what, What::Burst { lines, .. } if lines.contains(&line))
            }
            Mark::Process { host, pid } => record.host == host && record.pid == pid,
            Mark::Output => matches!(record.what, What::Output { .. }),
        }
    }
}

/// A scenario, its course, and its other courses.
#[derive(Clone, Debug)]
pub struct Timeline {
    scenario: Arc<Scenario>,
    branches: Vec<Option<Arc<Branch>>>,
    active: BranchId,
}

impl Timeline {
    /// The scenario at its beginning; nothing has been computed yet.
    pub fn new(scenario: Scenario) -> Timeline {
        let world = World::new(&scenario);
        let until_ns = scenario.until_ns;
        let first = Branch::new(String::new(), None, Vec::new(), world, until_ns);
        Timeline {
            scenario: Arc::new(scenario),
            branches: vec![Some(Arc::new(first))],
            active: BranchId(0),
        }
    }

    /// What is run.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    fn branch(&self) -> &Branch {
        self.branches[self.active.0].as_ref().expect("the active branch exists")
    }

    fn branch_mut(&mut self) -> &mut Branch {
        Arc::make_mut(self.branches[self.active.0].as_mut().expect("the active branch exists"))
    }

    /// Computes at most `events` more events of the active branch.
    pub fn advance(&mut self, events: u64) -> Progress {
        self.branch_mut().advance(events)
    }

    /// Computes the active branch up to its end, or `max` events.
    pub fn run(&mut self, max: u64) -> Progress {
        self.advance(max)
    }

    /// How far the active branch has been computed.
    pub fn progress(&self) -> Progress {
        self.branch().progress()
    }

    /// Positions computed so far; the last one is `len()`.
    pub fn len(&self) -> u64 {
        self.branch().head.step
    }

    /// Whether nothing has been computed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The world after `step` events (at most [`Timeline::len`]).
    pub fn seek(&self, step: u64) -> World {
        self.branch().seek(step)
    }

    /// The world at `step` and then `statements` statements into the burst that follows, for a
    /// look at variables line by line. The answer is for looking only: it is between two events.
    pub fn seek_statement(&self, step: u64, statements: u32) -> World {
        let mut world = self.seek(step);
        world.step_statements(statements);
        world
    }

    /// Every record of the active branch, in order.
    pub fn records(&self) -> impl DoubleEndedIterator<Item = &Record> + Clone {
        self.branch().records.iter_from(0)
    }

    /// How many records there are.
    pub fn record_count(&self) -> usize {
        self.branch().records.len()
    }

    /// The record with this number.
    pub fn record(&self, index: usize) -> Option<&Record> {
        self.branch().records.get(index)
    }

    /// Index of the first record of an event at or after position `step`: `records[..that]` is
    /// what has happened at that position.
    pub fn records_until(&self, step: u64) -> usize {
        self.branch().records.partition(|record| record.step < step)
    }

    /// The records of the event that leads from position `step` to the next.
    pub fn records_of(&self, step: u64) -> impl Iterator<Item = &Record> {
        let from = self.records_until(step);
        self.branch().records.iter_from(from).take_while(move |record| record.step == step)
    }

    /// The position right after the next (or, backwards, the previous) event that has the mark,
    /// seen from `step`.
    pub fn find(&self, step: u64, mark: Mark, forward: bool) -> Option<u64> {
        let records = &self.branch().records;
        if forward {
            let from = self.records_until(step);
            records.iter_from(from).find(|r| mark.fits(r)).map(|r| r.step + 1)
        } else {
            let end = self.records_until(step.checked_sub(1)?);
            let found = (0..end).rev().find(|i| records.get(*i).is_some_and(|r| mark.fits(r)));
            found.and_then(|i| records.get(i)).map(|r| r.step + 1)
        }
    }

    /// The last position whose time is at most `t_ns`.
    pub fn at_time(&self, t_ns: u64) -> u64 {
        let records = &self.branch().records;
        let index = records.partition(|record| record.t_ns <= t_ns);
        index.checked_sub(1).and_then(|i| records.get(i)).map_or(0, |record| record.step + 1)
    }

    /// The time at position `step`, nanoseconds.
    pub fn time_of(&self, step: u64) -> u64 {
        let index = self.records_until(step);
        let before = index.checked_sub(1).and_then(|i| self.record(i));
        before.map_or(0, |record| record.t_ns)
    }

    /// Does something before the event at `step`. At the end of the active branch that is part of
    /// it; earlier it makes a new branch, which becomes the active one.
    pub fn act(&mut self, step: u64, action: Action, name: &str) -> BranchId {
        self.act_all(step, vec![action], name)
    }

    /// Does several things at once, as [`Timeline::act`] does one.
    pub fn act_all(&mut self, step: u64, actions: Vec<Action>, name: &str) -> BranchId {
        let step = step.min(self.len());
        let new = actions.into_iter().map(|action| Input { at: step, action });
        if step == self.len() && !self.branch().ended {
            self.branch_mut().inputs.extend(new);
            return self.active;
        }
        let parent = self.branch();
        let mut inputs: Vec<Input> =
            parent.inputs.iter().filter(|input| input.at <= step).cloned().collect();
        inputs.extend(new);
        let head = parent.seek(step);
        let branch = Branch {
            name: name.to_owned(),
            parent: Some((self.active, step)),
            records: parent.records.prefix(parent.records.partition(|r| r.step < step)),
            checkpoints: parent.checkpoints.iter().filter(|w| w.step <= step).cloned().collect(),
            spacing: parent.spacing,
            inputs,
            head,
            until_ns: parent.until_ns,
            ended: false,
        };
        self.branches.push(Some(Arc::new(branch)));
        self.active = BranchId(self.branches.len() - 1);
        self.active
    }

    /// The branches that exist, with name and the moment where they leave their parent.
    pub fn branches(&self) -> Vec<BranchRow<'_>> {
        let existing = self.branches.iter().enumerate();
        existing
            .filter_map(|(i, b)| b.as_ref().map(|b| (BranchId(i), b.name.as_str(), b.parent)))
            .collect()
    }

    /// The branch that every other method speaks of.
    pub fn active(&self) -> BranchId {
        self.active
    }

    /// Makes a branch the active one, if it exists.
    pub fn switch(&mut self, to: BranchId) -> bool {
        let exists = self.branches.get(to.0).is_some_and(Option::is_some);
        if exists {
            self.active = to;
        }
        exists
    }

    /// Renames a branch.
    pub fn rename(&mut self, which: BranchId, name: &str) {
        if let Some(Some(branch)) = self.branches.get_mut(which.0) {
            let branch = Arc::make_mut(branch);
            branch.name = name.to_owned();
        }
    }

    /// Deletes a branch other than the first; its parent becomes active if it was.
    pub fn delete(&mut self, which: BranchId) -> bool {
        let Some(Some(branch)) = self.branches.get(which.0) else { return false };
        let Some((parent, _)) = branch.parent else { return false };
        self.branches[which.0] = None;
        for other in self.branches.iter_mut().flatten() {
            if let Some((of, at)) = other.parent
                && of == which
            {
                Arc::make_mut(other).parent = Some((parent, at));
            }
        }
        if self.active == which {
            self.active = parent;
        }
        true
    }

    /// Looks at another branch as if it were the active one: its timeline, sharing everything.
    pub fn at_branch(&self, which: BranchId) -> Option<Timeline> {
        let mut other = self.clone();
        other.switch(which).then_some(other)
    }

    /// How many checkpoints all branches have, for measuring.
    pub fn checkpoints(&self) -> usize {
        self.branches.iter().flatten().map(|branch| branch.checkpoints.len()).sum()
    }

    /// The interventions of the active branch: with the scenario they make the run.
    pub fn inputs(&self) -> &[Input] {
        &self.branch().inputs
    }

    /// Makes a branch of interventions that are known as a whole (a link's), from the first one on.
    pub fn branch_with(&mut self, inputs: Vec<Input>, name: &str) -> BranchId {
        let Some(first) = inputs.first() else { return self.active };
        let branch = self.act(first.at, first.action.clone(), name);
        if let Some(last) = inputs.iter().map(|input| input.at).min() {
            let kept = self.branch().inputs.iter().filter(|input| input.at < last).cloned();
            let mut all: Vec<Input> = kept.collect();
            all.extend(inputs);
            all.sort_by_key(|input| input.at);
            self.branch_mut().inputs = all;
        }
        branch
    }

    /// The same run computed anew: scenario and interventions of another timeline or a link.
    pub fn replay(scenario: Scenario, inputs: Vec<Input>) -> Timeline {
        let mut timeline = Timeline::new(scenario);
        timeline.branch_mut().inputs = inputs;
        timeline
    }
}

impl Branch {
    fn new(
        name: String,
        parent: Option<(BranchId, u64)>,
        inputs: Vec<Input>,
        head: World,
        until_ns: u64,
    ) -> Branch {
        Branch {
            name,
            parent,
            inputs,
            records: Records::default(),
            checkpoints: vec![head.clone()],
            spacing: FIRST_SPACING,
            head,
            until_ns,
            ended: false,
        }
    }

    fn progress(&self) -> Progress {
        Progress { len: self.head.step, t_ns: self.head.now_ns, ended: self.ended }
    }

    fn advance(&mut self, events: u64) -> Progress {
        let mut sink = Sink::on();
        self.ended = false;
        for _ in 0..events {
            if self.interfered() {
                self.until_ns = self.until_ns.max(self.head.now_ns + AFTER_INPUT_NS);
            }
            if !step_with_inputs(&mut self.head, &self.inputs, self.until_ns, &mut sink) {
                self.ended = true;
                break;
            }
            for record in sink.take() {
                self.records.push(record);
            }
            if self.head.step.is_multiple_of(self.spacing) {
                self.checkpoint();
            }
        }
        for record in sink.take() {
            self.records.push(record);
        }
        self.progress()
    }

    /// Whether somebody interferes right before the next event.
    fn interfered(&self) -> bool {
        let from = self.inputs.partition_point(|input| input.at < self.head.step);
        self.inputs.get(from).is_some_and(|input| input.at == self.head.step)
    }

    fn checkpoint(&mut self) {
        if self.checkpoints.last().is_some_and(|last| last.step == self.head.step) {
            return;
        }
        self.checkpoints.push(self.head.clone());
        if self.checkpoints.len() > MAX_CHECKPOINTS {
            self.spacing *= 2;
            let spacing = self.spacing;
            self.checkpoints.retain(|world| world.step.is_multiple_of(spacing));
        }
    }

    fn seek(&self, step: u64) -> World {
        if step >= self.head.step {
            return self.head.clone();
        }
        let after = self.checkpoints.partition_point(|world| world.step <= step);
        let mut world = self.checkpoints[after.saturating_sub(1)].clone();
        let mut sink = Sink::off();
        while world.step < step && step_with_inputs(&mut world, &self.inputs, u64::MAX, &mut sink) {
        }
        world
    }
}

/// One event, after what is done right before it. False when nothing is left to happen.
fn step_with_inputs(world: &mut World, inputs: &[Input], until_ns: u64, sink: &mut Sink) -> bool {
    let from = inputs.partition_point(|input| input.at < world.step);
    while let Some(input) = inputs.get(from + world.acts_done as usize)
        && input.at == world.step
    {
        world.act(&input.action, sink);
    }
    world.step(until_ns, sink)
}

/// Records in chunks that branches share.
#[derive(Clone, Debug, Default)]
struct Records {
    full: Vec<Arc<Vec<Record>>>,
    last: Vec<Record>,
}

impl Records {
    fn len(&self) -> usize {
        self.full.len() * CHUNK + self.last.len()
    }

    fn push(&mut self, record: Record) {
        self.last.push(record);
        if self.last.len() == CHUNK {
            self.full.push(Arc::new(std::mem::take(&mut self.last)));
        }
    }

    fn get(&self, index: usize) -> Option<&Record> {
        match self.full.get(index / CHUNK) {
            Some(chunk) => chunk.get(index % CHUNK),
            None => self.last.get(index - self.full.len() * CHUNK),
        }
    }

    fn iter_from(&self, from: usize) -> impl DoubleEndedIterator<Item = &Record> + Clone {
        (from..self.len()).filter_map(|index| self.get(index))
    }

    /// The first index whose record does not fit any more.
    fn partition(&self, fits: impl Fn(&Record) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.get(middle).is_some_and(&fits) { low = middle + 1 } else { high = middle }
        }
        low
    }

    fn prefix(&self, len: usize) -> Records {
        let chunks = len / CHUNK;
        let rest: Vec<Record> =
            (chunks * CHUNK..len).filter_map(|i| self.get(i)).cloned().collect();
        Records { full: self.full[..chunks.min(self.full.len())].to_vec(), last: rest }
    }
}
