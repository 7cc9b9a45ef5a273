//! What `strace -f` prints of a run: a reader of records that remembers what a line depends on.
//!
//! A signal interrupts a call before its handler runs, whatever becomes of the call afterwards
//! (`? ERESTARTSYS`); `rt_sigreturn` shows the value that the interrupted code finds; a process
//! that is traced is shown even the signals that it ignores, and its call goes on after them.
//! Seen with strace 6.1 on Linux 6.18. Left out: what the loader and libc do for themselves
//! before `main` and around threads, and lines that are cut (`<... resumed>`): one line a call.

use super::Line;
use crate::kernel::signal::fault_info;
use crate::trace::{Record, SignalEffect, What};
use crate::{CallId, HostId};
use abi::strace;
use abi::syscall::SigInfo;
use abi::{Errno, Pid, Reply, Syscall, consts};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads records in order, gives lines.
#[derive(Default)]
pub struct Strace {
    threads: BTreeMap<(HostId, Pid), Thread>,
}

struct Thread {
    process: Pid,
    /// Calls without an answer, the innermost last.
    open: Vec<Open>,
    /// What the last call left in the register that returns values.
    register: Result<i64, Errno>,
    /// What the handlers' returns put back there.
    saved: Vec<Result<i64, Errno>>,
    /// Lines that come after the call that is being made.
    late: Vec<String>,
}

struct Open {
    call: CallId,
    syscall: Arc<Syscall>,
    blocked: bool,
    /// Whether `SA_RESTART` would make it again.
    restarts: bool,
    /// It was interrupted and goes on.
    resumed: bool,
    /// A handler runs above it: how many did before.
    interrupted_at: Option<usize>,
}

impl Thread {
    fn new(process: Pid) -> Thread {
        let (open, saved, late) = (Vec::new(), Vec::new(), Vec::new());
        Thread { process, open, register: Ok(0), saved, late }
    }
}

impl Strace {
    /// The lines that a record adds, if any.
    pub fn record(&mut self, record: &Record) -> Vec<Line> {
        let at = (record.host, if record.tid.0 == 0 { record.pid } else { record.tid });
        let texts = match &record.what {
            What::CallStart { call, syscall, .. } => self.begins(at, record.pid, *call, syscall),
            What::CallBlocked { call, on } => {
                let opens = self.threads.get_mut(&at).map(|thread| &mut thread.open);
                for open in opens.into_iter().flatten().filter(|open| open.call == *call) {
                    open.blocked = true;
                    open.restarts = on.restarts;
                }
                Vec::new()
            }
            What::CallEnd { call, syscall, reply, .. } => {
                self.returns(at, record.pid, *call, syscall, reply)
            }
            What::Signal { effect, info, .. } => self.signal(at, record.pid, info, *effect),
            What::ProcessExit { status } => return self.exits(record, *status),
            What::ThreadEnd => self.thread_ends(at),
            What::Fault { fault, .. } => vec![
                format!("*** {} ***", fault.text(abi::Lang::En)),
                strace::signal(&fault_info(fault)),
            ],
            What::Race { race, .. } => vec![format!("*** {} ***", race.text(abi::Lang::En))],
            What::Unsupported { name } => vec![format!("*** {name}: not simulated ***")],
            _ => Vec::new(),
        };
        let (host, pid) = at;
        texts.into_iter().map(|text| Line { host, pid, t_ns: record.t_ns, text }).collect()
    }

    /// Calls without an answer when the run is over.
    pub fn finish(&mut self, t_ns: u64) -> Vec<Line> {
        let threads = std::mem::take(&mut self.threads);
        let mut lines = Vec::new();
        for ((host, pid), thread) in threads {
            let last = thread.open.last().map(|open| strace::unfinished(&open.syscall));
            lines.extend(last.map(|text| Line { host, pid, t_ns, text }));
        }
        lines
    }

    fn thread(&mut self, at: (HostId, Pid), process: Pid) -> &mut Thread {
        self.threads.entry(at).or_insert_with(|| Thread::new(process))
    }

    fn begins(
        &mut self,
        at: (HostId, Pid),
        process: Pid,
        call: CallId,
        syscall: &Arc<Syscall>,
    ) -> Vec<String> {
        let syscall = Arc::clone(syscall);
        let open = Open {
            call,
            syscall,
            blocked: false,
            restarts: true,
            resumed: false,
            interrupted_at: None,
        };
        self.thread(at, process).open.push(open);
        Vec::new()
    }

    fn returns(
        &mut self,
        at: (HostId, Pid),
        process: Pid,
        call: CallId,
        syscall: &Syscall,
        reply: &Reply,
    ) -> Vec<String> {
        let thread = self.thread(at, process);
        let place = thread.open.iter().position(|open| open.call == call);
        let open = place.map(|place| thread.open.remove(place));
        let resumed = open.as_ref().is_some_and(|open| open.resumed);
        let restarts = open.is_none_or(|open| open.restarts);
        let text = if matches!(syscall, Syscall::RtSigreturn) {
            thread.register = thread.saved.pop().unwrap_or(Ok(0));
            let depth = Some(thread.saved.len());
            if let Some(open) = thread.open.iter_mut().find(|open| open.interrupted_at == depth) {
                open.interrupted_at = None;
            }
            strace::call(syscall, &Reply { ret: thread.register, out: reply.out.clone() })
        } else {
            thread.register = reply.ret;
            match reply.ret {
                Err(Errno::EINTR) if restarts => strace::interrupted(syscall, reply),
                Err(Errno::EINTR) => strace::interrupted_for_good(syscall, reply),
                _ if resumed => strace::resumed(syscall, reply),
                _ => strace::call(syscall, reply),
            }
        };
        let mut texts = vec![text];
        texts.append(&mut thread.late);
        texts
    }

    fn signal(
        &mut self,
        at: (HostId, Pid),
        process: Pid,
        info: &SigInfo,
        effect: SignalEffect,
    ) -> Vec<String> {
        // No tracer is asked before it: the call it ends is all that shows.
        if info.signal == consts::SIGKILL {
            return Vec::new();
        }
        let text = strace::signal(info);
        let thread = self.thread(at, process);
        let mut texts = Vec::new();
        let open = thread.open.last_mut();
        let depth = thread.saved.len();
        let register = match open {
            // The call that the signal comes from, or `wait4` for the child that ends.
            Some(open) if effect == SignalEffect::Ignored && !interrupts(open, info) => {
                thread.late.push(text);
                return texts;
            }
            Some(open) if open.interrupted_at.is_none() => {
                texts.push(strace::interrupted(&open.syscall, &Reply::err(Errno::EINTR)));
                open.interrupted_at = (effect == SignalEffect::Handled).then_some(depth);
                open.resumed = effect != SignalEffect::Handled;
                Ok(strace::number(&open.syscall))
            }
            // A handler runs already, or was left by a jump.
            _ => thread.register,
        };
        if effect == SignalEffect::Handled {
            thread.saved.push(register);
            thread.register = Ok(0);
        }
        texts.push(text);
        if effect == SignalEffect::Stopped {
            let name = consts::name(consts::table::SIG, info.signal).unwrap_or("SIG???");
            texts.push(format!("--- stopped by {name} ---"));
        }
        texts
    }

    fn thread_ends(&mut self, at: (HostId, Pid)) -> Vec<String> {
        let open = self.threads.remove(&at).and_then(|mut thread| thread.open.pop());
        let exit = open.map(|open| strace::call(&open.syscall, &Reply::ok(0)));
        exit.into_iter().chain([strace::ended(0)]).collect()
    }

    /// The caller's `exit_group`, what the other threads were in, and everybody's end.
    fn exits(&mut self, record: &Record, status: i32) -> Vec<Line> {
        let (host, pid) = (record.host, record.pid);
        let mine: Vec<(HostId, Pid)> = self
            .threads
            .iter()
            .filter(|(at, thread)| at.0 == host && thread.process == pid)
            .map(|(at, _)| *at)
            .collect();
        let mut calls = Vec::new();
        let mut ends = Vec::new();
        for at in mine {
            let thread = self.threads.remove(&at).expect("listed");
            let line = |text| Line { host, pid: at.1, t_ns: record.t_ns, text };
            match thread.open.last().map(|open| &*open.syscall) {
                Some(exit @ Syscall::ExitGroup { .. }) => {
                    calls.insert(0, line(strace::call(exit, &Reply::ok(0))));
                }
                Some(call) if at.1 != pid || [0, consts::SIGKILL].contains(&(status & 0x7f)) => {
                    calls.push(line(strace::abandoned(call)));
                }
                _ => {}
            }
            if at.1 != pid {
                ends.push(line(strace::ended(status)));
            }
        }
        let last = Line { host, pid, t_ns: record.t_ns, text: strace::ended(status) };
        calls.into_iter().chain(ends).chain([last]).collect()
    }
}

/// A whole trace as `strace -f` prints it, each line with its host's name.
pub fn strace_text<'a>(hosts: &[String], records: impl Iterator<Item = &'a Record>) -> String {
    let mut strace = Strace::default();
    let mut lines: Vec<Line> = Vec::new();
    for record in records {
        lines.extend(strace.record(record));
    }
    lines.extend(strace.finish(0));
    let text = |Line { host, pid, text, .. }: Line| {
        let name = hosts.get(host.0 as usize).map_or("?", String::as_str);
        format!("{name}[{pid}] {text}\n")
    };
    lines.into_iter().map(text).collect()
}

/// Whether a signal that is ignored shows in the middle of a call: one that sleeps, and not for
/// the very child that ended.
fn interrupts(open: &Open, info: &SigInfo) -> bool {
    let told_of = |pid: &Pid| pid.0 <= 0 || (info.signal == consts::SIGCHLD && pid.0 == info.pid);
    let waits = matches!(&*open.syscall, Syscall::Wait4 { pid, .. } if told_of(pid));
    // Whoever made a `vfork` hears nothing before the child has let go.
    open.blocked && !waits && *open.syscall != Syscall::Vfork
}

#[cfg(test)]
mod tests {
    use super::*;
    use abi::Out;

    /// Records of one process on one host, as lines.
    fn lines(all: &[What]) -> Vec<String> {
        let mut strace = Strace::default();
        let mut texts = Vec::new();
        for what in all {
            let record = Record {
                id: 0,
                step: 0,
                t_ns: 0,
                host: HostId(0),
                pid: Pid(1),
                tid: Pid(1),
                what: what.clone(),
                cause: None,
                measured: false,
            };
            texts.extend(strace.record(&record).into_iter().map(|line| line.text));
        }
        texts
    }

    fn starts(call: u64, syscall: Syscall) -> What {
        What::CallStart { call: CallId(call), syscall: Arc::new(syscall), line: None }
    }

    fn ends(call: u64, syscall: Syscall, reply: Reply) -> What {
        let (syscall, reply) = (Arc::new(syscall), Arc::new(reply));
        What::CallEnd { call: CallId(call), syscall, reply, started_ns: 0, blocked: true }
    }

    #[test]
    fn a_call_that_a_handler_interrupts_is_shown_before_the_handler() {
        let alarm = consts::SIGALRM;
        let info = SigInfo { signal: alarm, code: consts::SI_KERNEL, ..SigInfo::default() };
        let back = Reply::with(0, Out::Words { words: vec![0] });
        let texts = lines(&[
            starts(1, Syscall::Pause),
            ends(1, Syscall::Pause, Reply::err(Errno::EINTR)),
            What::Signal { signal: alarm, effect: SignalEffect::Handled, info },
            starts(2, Syscall::Getpid),
            ends(2, Syscall::Getpid, Reply::ok(1)),
            starts(3, Syscall::RtSigreturn),
            ends(3, Syscall::RtSigreturn, back),
        ]);
        let expected = [
            "pause()                                 = ? ERESTARTNOHAND (To be restarted if no handler)",
            "--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---",
            "getpid()                                = 1",
            "rt_sigreturn({mask=[]})                 = -1 EINTR (Interrupted system call)",
        ];
        assert_eq!(texts, expected);
    }
}
