//! What is kept of a run on real sockets: processes, calls, output, counters, packets.
//!
//! It outlives the connection and the run: what was measured stays until the next run begins.

use abi::message::{Rule, TcpInfo};
use abi::{Fd, Pid, Reply, Syscall};
use real::{Measured, Note};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Calls that are kept; the oldest go first.
const CALLS_MAX: usize = 4000;
/// Samples of a socket that are kept.
const SAMPLES_MAX: usize = 3000;
/// Bytes of a terminal that are kept.
const OUTPUT_MAX: usize = 256 * 1024;

/// A call of a program, or one made by hand.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Call {
    pub(crate) number: u64,
    pub(crate) pid: Pid,
    pub(crate) tid: Pid,
    /// The program, by its place in the run.
    pub(crate) program: usize,
    pub(crate) syscall: Rc<Syscall>,
    pub(crate) outcome: Outcome,
}

/// What is known of it.
#[derive(Clone, PartialEq, Debug)]
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
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Done {
    pub(crate) reply: Reply,
    /// `None`: answered by the page, or by the simulated kernel.
    pub(crate) measured: Option<Measured>,
}

/// A process.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Process {
    pub(crate) pid: Pid,
    pub(crate) parent: Option<Pid>,
    pub(crate) program: usize,
    /// `wait(2)`'s word.
    pub(crate) status: Option<i32>,
    /// pt-BR, English.
    pub(crate) fault: Option<[String; 2]>,
}

/// A socket whose counters were measured over time.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Series {
    /// Who has it: program, process, descriptor.
    pub(crate) owner: Option<(usize, Pid, Fd)>,
    /// Nanoseconds since the session began.
    pub(crate) samples: Vec<(u64, TcpInfo)>,
}

/// A part of a terminal's text.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Text {
    pub(crate) program: usize,
    /// 0: typed.
    pub(crate) fd: i32,
    pub(crate) bytes: Vec<u8>,
}

/// All of it.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Log {
    /// Names of the programs.
    pub(crate) names: Vec<String>,
    pub(crate) processes: Vec<Process>,
    calls: Vec<Rc<Call>>,
    /// Calls that are not kept any more.
    pub(crate) forgotten: usize,
    pub(crate) output: Vec<Text>,
    output_bytes: usize,
    /// By the session's handle.
    pub(crate) series: BTreeMap<Fd, Rc<Series>>,
    /// Calls that real runs do not have, by name.
    pub(crate) missing: Vec<&'static str>,
    /// Stream messages that the bridge dropped.
    pub(crate) dropped: u64,
    /// The bridge's numbers of calls, for the packets that they caused.
    pub(crate) ids: BTreeMap<u64, u64>,
}

impl Log {
    /// Of a run of these programs that has not begun.
    pub(crate) fn new(names: Vec<String>) -> Log {
        Log { names, ..Log::default() }
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

    /// Takes what happened.
    pub(crate) fn note(&mut self, note: Note) {
        match note {
            Note::Began { pid, parent, program } => {
                let process = Process { pid, parent, program, status: None, fault: None };
                self.processes.push(process);
            }
            Note::Called { number, pid, tid, syscall } => {
                let program = self.program(pid);
                let outcome = Outcome::Waiting { blocked: None };
                let call = Call { number, pid, tid, program, syscall, outcome };
                self.calls.push(Rc::new(call));
                if self.calls.len() > CALLS_MAX {
                    let gone = self.calls.len() - CALLS_MAX;
                    self.calls.drain(..gone);
                    self.forgotten += gone;
                }
            }
            Note::Returned { number, reply, measured } => self.change(number, |call| {
                // What its program is told of a refusal is no kernel's answer.
                if !matches!(call.outcome, Outcome::Denied { .. }) {
                    call.outcome = Outcome::Done(Box::new(Done { reply, measured }));
                }
            }),
            Note::Denied { number, rule, detail, .. } => {
                self.change(number, |call| call.outcome = Outcome::Denied { rule, detail });
            }
            Note::Lost { number, detail } => {
                self.change(number, |call| call.outcome = Outcome::Lost(detail));
            }
            Note::Output { program, fd, bytes, .. } => self.wrote(program, fd, bytes),
            Note::Signal { .. } | Note::HandlerReturned { .. } => {}
            Note::Fault { pid, fault } => {
                let text = abi::Lang::ALL.map(|lang| fault.text(lang));
                if let Some(process) = self.process(pid) {
                    process.fault = Some(text);
                }
            }
            Note::Missing { name, .. } => {
                if !self.missing.contains(&name) {
                    self.missing.push(name);
                }
            }
            Note::Ended { pid, status } => {
                if let Some(process) = self.process(pid) {
                    process.status = Some(status);
                }
                for call in &mut self.calls {
                    if call.pid == pid && matches!(call.outcome, Outcome::Waiting { .. }) {
                        Rc::make_mut(call).outcome = Outcome::Ended;
                    }
                }
            }
        }
    }

    /// Something was written to a program's terminal, or typed (0).
    pub(crate) fn wrote(&mut self, program: usize, fd: i32, bytes: Vec<u8>) {
        self.output_bytes += bytes.len();
        match self.output.last_mut() {
            Some(last) if last.program == program && last.fd == fd => last.bytes.extend(bytes),
            _ => self.output.push(Text { program, fd, bytes }),
        }
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
        log.note(Note::Called { number, pid: Pid(pid), tid: Pid(pid), syscall });
    }

    #[test]
    fn what_waits_when_its_process_ends_says_so() {
        let mut log = Log::default();
        log.note(Note::Began { pid: Pid(7), parent: None, program: 0 });
        called(&mut log, 1, 7);
        called(&mut log, 2, 7);
        let reply = Reply::err(Errno::EBADF);
        log.note(Note::Returned { number: 1, reply, measured: None });
        log.note(Note::Ended { pid: Pid(7), status: 9 });
        assert!(matches!(log.calls()[0].outcome, Outcome::Done(_)));
        assert_eq!(log.calls()[1].outcome, Outcome::Ended);
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
