//! What is kept of a run on real sockets: processes, calls, output, counters, packets.
//!
//! It outlives the connection and the run: what was measured stays until the next run begins. What
//! happened is numbered in steps, and [`Log::at`] is the log as it was after one of them: a
//! recording that one goes through in both directions.

use crate::model::shared;
use abi::message::{Rule, TcpInfo};
use abi::{Fd, Pid, Reply, Syscall};
use real::{Measured, Note};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Calls that are kept; the oldest go first.
const CALLS_MAX: usize = 4000;
/// Steps that are kept: a call takes one, or two if it waits.
const STEPS_MAX: usize = 2 * CALLS_MAX;
/// Samples of a socket that are kept.
const SAMPLES_MAX: usize = 3000;
/// Bytes of a terminal that are kept.
const OUTPUT_MAX: usize = 256 * 1024;

/// A call of a program, or one made by hand.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) number: u64,
    pub(crate) pid: Pid,
    pub(crate) tid: Pid,
    /// The program, by its place in the run.
    pub(crate) program: usize,
    #[serde(with = "shared")]
    pub(crate) syscall: Rc<Syscall>,
    /// The line of the program's file that makes it, from 1.
    pub(crate) line: Option<u32>,
    pub(crate) outcome: Outcome,
    /// The steps at which it was made and came to its outcome.
    pub(crate) made: usize,
    pub(crate) settled: Option<usize>,
}

impl Call {
    /// A call that was made just now.
    pub(crate) fn new(number: u64, pid: Pid, tid: Pid, syscall: Rc<Syscall>) -> Call {
        let outcome = Outcome::Waiting { blocked: None };
        Call { number, pid, tid, program: 0, syscall, line: None, outcome, made: 0, settled: None }
    }

    /// What the kernel measured of it, nanoseconds since the session began: start and end.
    fn measured_ns(&self) -> Option<(u64, u64)> {
        let Outcome::Done(done) = &self.outcome else { return None };
        let measured = done.measured.as_ref()?;
        Some((measured.start_ns, measured.start_ns + measured.duration_ns))
    }
}

/// What is known of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) enum Outcome {
    /// No answer yet; since when the kernel has been known to block it, nanoseconds.
    Waiting { blocked: Option<u64> },
    /// Answered; boxed because it is much larger than the others.
    Done(Box<Done>),
    /// The bridge refused; no kernel saw it.
    Denied { rule: Rule, detail: String },
    /// The connection went away first.
    Lost(String),
    /// Its process ended first.
    Ended,
}

/// An answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Done {
    pub(crate) reply: Reply,
    /// `None`: answered by the page, or by the simulated kernel.
    pub(crate) measured: Option<Measured>,
}

/// A process.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Process {
    pub(crate) pid: Pid,
    pub(crate) parent: Option<Pid>,
    pub(crate) program: usize,
    /// `wait(2)`'s word.
    pub(crate) status: Option<i32>,
    /// pt-BR, English.
    pub(crate) fault: Option<[String; 2]>,
    /// The steps at which it began and ended.
    began: usize,
    ended: Option<usize>,
}

/// Something that happened: where one can stand in the recording.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Step {
    /// A process begins.
    Began(Pid),
    /// A call is made, and answered unless it waits.
    Call(u64),
    /// A call that waited comes to its end.
    Settled(u64),
    /// A signal takes effect.
    Signal(Pid, i32),
    /// A process is over.
    Ended(Pid),
    /// Somebody typed to a program.
    Typed(usize),
}

/// A socket whose counters were measured over time.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Series {
    /// Who has it: program, process, descriptor.
    pub(crate) owner: Option<(usize, Pid, Fd)>,
    /// Nanoseconds since the session began.
    pub(crate) samples: Vec<(u64, TcpInfo)>,
}

/// A part of a terminal's text.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Text {
    pub(crate) program: usize,
    /// 0: typed.
    pub(crate) fd: i32,
    pub(crate) bytes: Vec<u8>,
    step: usize,
}

/// All of it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Log {
    /// Names of the programs.
    pub(crate) names: Vec<String>,
    /// The texts that run, as they were when the run began.
    #[serde(with = "shared")]
    pub(crate) texts: Rc<Vec<String>>,
    pub(crate) processes: Vec<Process>,
    #[serde(with = "shared::list")]
    calls: Vec<Rc<Call>>,
    /// Calls that are not kept any more.
    pub(crate) forgotten: usize,
    /// What happened, in the order in which the page learned of it.
    steps: Vec<Step>,
    /// Steps that are not kept any more.
    steps_gone: usize,
    pub(crate) output: Vec<Text>,
    output_bytes: usize,
    /// By the session's handle.
    #[serde(with = "shared::map")]
    pub(crate) series: BTreeMap<Fd, Rc<Series>>,
    /// Calls that real runs do not have, by name.
    pub(crate) missing: Vec<Cow<'static, str>>,
    /// Stream messages that the bridge dropped.
    pub(crate) dropped: u64,
    /// The bridge's numbers of calls, for the packets that they caused.
    pub(crate) ids: BTreeMap<u64, u64>,
}

impl Log {
    /// Of a run of these programs, names and texts, that has not begun.
    pub(crate) fn new(programs: Vec<(String, String)>) -> Log {
        let (names, texts): (Vec<_>, Vec<_>) = programs.into_iter().unzip();
        Log { names, texts: texts.into(), ..Log::default() }
    }

    /// The calls, the oldest first.
    pub(crate) fn calls(&self) -> &[Rc<Call>] {
        &self.calls
    }

    /// A call by its number.
    pub(crate) fn call(&self, number: u64) -> Option<&Rc<Call>> {
        let at = self.calls.binary_search_by_key(&number, |call| call.number).ok()?;
        self.calls.get(at)
    }

    fn change(&mut self, number: u64, change: impl FnOnce(&mut Call)) {
        if let Ok(at) = self.calls.binary_search_by_key(&number, |call| call.number) {
            change(Rc::make_mut(&mut self.calls[at]));
        }
    }

    /// The number of the first step that is kept, and of the newest; steps count from 1, and 0 is
    /// before the run.
    pub(crate) fn span(&self) -> (usize, usize) {
        (self.steps_gone, self.newest())
    }

    fn newest(&self) -> usize {
        self.steps_gone + self.steps.len()
    }

    /// What happened at a step.
    pub(crate) fn step(&self, step: usize) -> Option<Step> {
        self.steps.get(step.checked_sub(self.steps_gone + 1)?).copied()
    }

    fn stepped(&mut self, step: Step) -> usize {
        self.steps.push(step);
        let extra = self.steps.len().saturating_sub(STEPS_MAX);
        self.steps.drain(..extra);
        self.steps_gone += extra;
        self.newest()
    }

    /// The time of a step on the session's clock: the latest that was measured until then.
    pub(crate) fn time_ns(&self, step: usize) -> Option<u64> {
        let of = |call: &Rc<Call>| {
            let (start, end) = call.measured_ns()?;
            let settled = call.settled.is_some_and(|settled| settled <= step);
            (call.made <= step).then_some(if settled { end } else { start })
        };
        self.calls.iter().filter_map(of).max()
    }

    /// When the first call was made that has been measured.
    pub(crate) fn began_ns(&self) -> Option<u64> {
        self.calls.iter().filter_map(|call| call.measured_ns()).map(|(start, _)| start).min()
    }

    /// The log as it was after a step.
    pub(crate) fn at(&self, step: usize) -> Log {
        let mut then = self.clone();
        then.calls.retain(|call| call.made <= step);
        for call in &mut then.calls {
            if call.settled.is_some_and(|settled| settled > step) {
                let since = call.measured_ns().map(|(start, _)| start);
                Rc::make_mut(call).outcome = Outcome::Waiting { blocked: since };
            }
        }
        then.processes.retain(|process| process.began <= step);
        for process in &mut then.processes {
            if process.ended.is_some_and(|ended| ended > step) {
                (process.status, process.fault) = (None, None);
            }
        }
        then.output.retain(|text| text.step <= step);
        let until = self.time_ns(step).unwrap_or(0);
        for series in then.series.values_mut() {
            let kept = series.samples.partition_point(|(at, _)| *at <= until);
            Rc::make_mut(series).samples.truncate(kept);
        }
        then.steps.truncate(step.saturating_sub(self.steps_gone));
        then
    }

    /// The line that each living process of a program is at, and whether it waits there.
    pub(crate) fn places(&self, program: usize) -> Vec<(u32, bool)> {
        let living = self.processes.iter().filter(|p| p.program == program && p.status.is_none());
        let last = |pid: Pid| self.calls.iter().rev().find(|call| call.pid == pid);
        let places = living.filter_map(|process| {
            let call = last(process.pid)?;
            Some((call.line?, matches!(call.outcome, Outcome::Waiting { .. })))
        });
        places.collect()
    }

    /// Takes what happened.
    pub(crate) fn note(&mut self, note: Note) {
        match note {
            Note::Began { pid, parent, program } => {
                let began = self.stepped(Step::Began(pid));
                let (status, fault, ended) = (None, None, None);
                self.processes.push(Process { pid, parent, program, status, fault, began, ended });
            }
            Note::Called { number, pid, tid, syscall, line } => {
                let (program, made) = (self.program(pid), self.stepped(Step::Call(number)));
                let call = Call::new(number, pid, tid, syscall);
                self.calls.push(Rc::new(Call { program, line, made, ..call }));
                if self.calls.len() > CALLS_MAX {
                    let gone = self.calls.len() - CALLS_MAX;
                    self.calls.drain(..gone);
                    self.forgotten += gone;
                }
            }
            Note::Returned { number, reply, measured, .. } => {
                self.settles(number, Outcome::Done(Box::new(Done { reply, measured })));
            }
            Note::Denied { number, rule, detail, .. } => {
                self.settles(number, Outcome::Denied { rule, detail });
            }
            Note::Lost { number, detail } => self.settles(number, Outcome::Lost(detail)),
            Note::Output { program, fd, bytes, .. } => self.wrote(program, fd, bytes),
            Note::Signal { pid, info, .. } => {
                self.stepped(Step::Signal(pid, info.signal));
            }
            Note::HandlerReturned { .. } => {}
            Note::Fault { pid, fault } => {
                let text = abi::Lang::ALL.map(|lang| fault.text(lang));
                if let Some(process) = self.process(pid) {
                    process.fault = Some(text);
                }
            }
            Note::Missing { name, .. } => {
                if !self.missing.iter().any(|known| known == name) {
                    self.missing.push(name.into());
                }
            }
            Note::Ended { pid, status } => self.ends(pid, status),
        }
    }

    /// A call comes to its outcome: at the step at which it was made, if nothing else happened
    /// since then.
    fn settles(&mut self, number: u64, outcome: Outcome) {
        let at_once = self.steps.last() == Some(&Step::Call(number));
        let step = if at_once { self.newest() } else { self.stepped(Step::Settled(number)) };
        self.change(number, |call| {
            // What its program is told of a refusal is no kernel's answer.
            if !matches!(call.outcome, Outcome::Denied { .. }) {
                (call.outcome, call.settled) = (outcome, Some(step));
            }
        });
    }

    fn ends(&mut self, pid: Pid, status: i32) {
        let step = self.stepped(Step::Ended(pid));
        if let Some(process) = self.process(pid) {
            (process.status, process.ended) = (Some(status), Some(step));
        }
        for call in &mut self.calls {
            if call.pid == pid && matches!(call.outcome, Outcome::Waiting { .. }) {
                let call = Rc::make_mut(call);
                (call.outcome, call.settled) = (Outcome::Ended, Some(step));
            }
        }
    }

    /// Something was written to a program's terminal, or typed (0).
    pub(crate) fn wrote(&mut self, program: usize, fd: i32, bytes: Vec<u8>) {
        self.output_bytes += bytes.len();
        let step = if fd == 0 { self.stepped(Step::Typed(program)) } else { self.newest() };
        self.output.push(Text { program, fd, bytes, step });
        while self.output_bytes > OUTPUT_MAX && self.output.len() > 1 {
            self.output_bytes -= self.output.remove(0).bytes.len();
        }
    }

    /// The kernel blocks a call, by the bridge's number for it.
    pub(crate) fn blocked(&mut self, id: u64, at_ns: u64) {
        let Some(number) = self.ids.get(&id).copied() else { return };
        self.change(number, |call| {
            if let Outcome::Waiting { blocked } = &mut call.outcome {
                *blocked = Some(at_ns);
            }
        });
    }

    /// A socket's counters at a time.
    pub(crate) fn sample(&mut self, handle: Fd, at_ns: u64, info: TcpInfo) {
        let series = Rc::make_mut(self.series.entry(handle).or_default());
        // Answers and watched counters come by different ways: the order is the clock's.
        let at = series.samples.partition_point(|(t, _)| *t <= at_ns);
        series.samples.insert(at, (at_ns, info));
        if series.samples.len() > SAMPLES_MAX {
            // Every second one goes, so that the whole time stays in sight.
            let mut keep = false;
            series.samples.retain(|_| {
                keep = !keep;
                keep
            });
        }
    }

    /// Who has a handle, the first time that it is seen.
    pub(crate) fn owner(&mut self, handle: Fd, number: u64, fd: Fd) {
        let Some(call) = self.call(number) else { return };
        let owner = (call.program, call.pid, fd);
        let series = self.series.entry(handle).or_default();
        if series.owner.is_none() {
            Rc::make_mut(series).owner = Some(owner);
        }
    }

    fn program(&self, pid: Pid) -> usize {
        self.processes.iter().rev().find(|p| p.pid == pid).map_or(0, |p| p.program)
    }

    fn process(&mut self, pid: Pid) -> Option<&mut Process> {
        self.processes.iter_mut().rev().find(|process| process.pid == pid)
    }

    /// A program's name.
    pub(crate) fn name(&self, program: usize) -> &str {
        self.names.get(program).map_or("?", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use abi::Errno;

    fn called(log: &mut Log, number: u64, pid: i32) {
        let syscall = Rc::new(Syscall::Getpid);
        let (pid, tid) = (Pid(pid), Pid(pid));
        log.note(Note::Called { number, pid, tid, syscall, line: Some(number as u32) });
    }

    #[test]
    fn what_waits_when_its_process_ends_says_so() {
        let mut log = Log::default();
        log.note(Note::Began { pid: Pid(7), parent: None, program: 0 });
        called(&mut log, 1, 7);
        called(&mut log, 2, 7);
        let reply = Reply::err(Errno::EBADF);
        log.note(Note::Returned { number: 1, reply, measured: None, restarts: true });
        log.note(Note::Ended { pid: Pid(7), status: 9 });
        assert!(matches!(log.calls()[0].outcome, Outcome::Done(_)));
        assert_eq!(log.calls()[1].outcome, Outcome::Ended);
    }

    /// A server waits, a client writes, the server is answered: the log at each step.
    #[test]
    fn the_log_can_be_had_as_it_was_at_any_step() {
        let mut log = Log::new(["s.c", "c.c"].map(|name| (name.into(), String::new())).into());
        let measured =
            |start_ns, duration_ns| Some(Measured { start_ns, duration_ns, ..Measured::default() });
        log.note(Note::Began { pid: Pid(1), parent: None, program: 0 });
        called(&mut log, 1, 1);
        log.note(Note::Began { pid: Pid(2), parent: None, program: 1 });
        called(&mut log, 2, 2);
        log.note(Note::Output { pid: Pid(2), program: 1, fd: 1, bytes: b"ola".to_vec() });
        let reply = Reply::ok(3);
        log.note(Note::Returned {
            number: 2,
            reply: reply.clone(),
            measured: measured(50, 5),
            restarts: true,
        });
        log.note(Note::Returned { number: 1, reply, measured: measured(10, 60), restarts: true });
        log.note(Note::Ended { pid: Pid(1), status: 0 });
        assert_eq!(log.span(), (0, 6));
        assert_eq!(log.step(5), Some(Step::Settled(1)));
        let seen = |step: usize| {
            let then = log.at(step);
            let waits = |call: &Rc<Call>| matches!(call.outcome, Outcome::Waiting { .. });
            let waiting = then.calls().iter().filter(|call| waits(call)).count();
            (then.processes.len(), then.calls().len(), waiting, then.output.len())
        };
        assert_eq!(seen(0), (0, 0, 0, 0));
        assert_eq!(seen(2), (1, 1, 1, 0));
        assert_eq!(seen(4), (2, 2, 1, 1), "answered at once, with what it wrote");
        assert_eq!(seen(5), (2, 2, 0, 1));
        assert_eq!([2, 4, 5].map(|step| log.time_ns(step)), [Some(10), Some(55), Some(70)]);
        assert_eq!(log.at(5).processes[0].status, None);
        assert_eq!(log.at(6), log, "the newest step is the whole log");
        assert_eq!((log.at(4).places(0), log.at(4).places(1)), (vec![(1, true)], vec![(2, false)]));
    }

    #[test]
    fn old_calls_are_forgotten_and_counted() {
        let mut log = Log::default();
        (1..=CALLS_MAX as u64 + 5).for_each(|number| called(&mut log, number, 1));
        assert_eq!((log.calls().len(), log.forgotten), (CALLS_MAX, 5));
        assert_eq!(log.call(6).map(|call| call.number), Some(6));
        assert!(log.call(5).is_none());
    }

    #[test]
    fn samples_are_in_the_order_of_their_times() {
        let mut log = Log::default();
        for at in [30, 10, 20] {
            log.sample(Fd(1000), at, TcpInfo::default());
        }
        let times: Vec<u64> = log.series[&Fd(1000)].samples.iter().map(|(t, _)| *t).collect();
        assert_eq!(times, [10, 20, 30]);
    }
}
