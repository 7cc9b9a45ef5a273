//! The same program simulated and real, call by call: what agrees, where they first differ.
//!
//! Calls are aligned by their names, process by process in the order in which they began. What may
//! differ between two runs of one kernel (process numbers, addresses, ports, times) is not
//! compared; return values, errors and received bytes are.

use crate::model::course::Course;
use crate::model::real_log::{Log, Outcome};
use abi::{Reply, Syscall};

/// Calls of one side that are compared; beyond that an alignment takes too long.
const CALLS_MAX: usize = 600;

/// A call of one side.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Line {
    pub(crate) name: &'static str,
    /// As strace prints it.
    pub(crate) text: String,
    /// What is compared; `None` while it waits.
    key: Option<Key>,
}

#[derive(Clone, PartialEq, Debug)]
struct Key {
    ret: Result<i64, abi::Errno>,
    bytes: Vec<u8>,
}

/// How the two sides of a row are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Same {
    Yes,
    /// Both made the call, the answers differ.
    No,
    OnlySimulated,
    OnlyReal,
}

/// A row of the comparison.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Row {
    pub(crate) simulated: Option<Line>,
    pub(crate) real: Option<Line>,
    pub(crate) same: Same,
}

/// A program's calls on both kernels.
pub(crate) fn compare(course: &Course, log: &Log, file: &str) -> Vec<Row> {
    let simulated = simulated(course, file);
    let real = real(log, file);
    let mut rows = Vec::new();
    for n in 0..simulated.len().max(real.len()) {
        let none = Vec::new();
        rows.extend(align(simulated.get(n).unwrap_or(&none), real.get(n).unwrap_or(&none)));
    }
    rows
}

/// The first row that differs.
pub(crate) fn first_difference(rows: &[Row]) -> Option<usize> {
    rows.iter().position(|row| row.same != Same::Yes)
}

/// The calls of each process of a program, in the order in which the processes began.
fn simulated(course: &Course, file: &str) -> Vec<Vec<Line>> {
    let stem = sim::scenario::stem(file);
    let mine = course.processes.iter().filter(|p| p.program == file || p.program == stem);
    mine.map(|process| {
        let calls = course.calls.iter();
        let mine = calls.filter(|call| call.host == process.host && call.pid == process.pid);
        let line = |call: &crate::model::course::Call| {
            line(&call.syscall, call.end.as_ref().map(|(_, _, reply)| &**reply))
        };
        mine.take(CALLS_MAX).map(line).collect()
    })
    .collect()
}

fn real(log: &Log, file: &str) -> Vec<Vec<Line>> {
    let mine = log.processes.iter().filter(|process| log.name(process.program) == file);
    mine.map(|process| {
        let calls = log.calls().iter().filter(|call| call.pid == process.pid);
        let reply = |outcome: &Outcome| match outcome {
            Outcome::Done(done) => Some(done.reply.clone()),
            _ => None,
        };
        calls
            .take(CALLS_MAX)
            .map(|call| line(&call.syscall, reply(&call.outcome).as_ref()))
            .collect()
    })
    .collect()
}

fn line(call: &Syscall, reply: Option<&Reply>) -> Line {
    let name = abi::strace::name(call);
    let ends = matches!(call, Syscall::ExitGroup { .. } | Syscall::ThreadExit { .. });
    match reply {
        Some(reply) => {
            Line { name, text: abi::strace::call(call, reply), key: Some(key(call, reply)) }
        }
        None if ends => {
            let text = abi::strace::call(call, &Reply::ok(0));
            Line { name, text, key: Some(Key { ret: Ok(0), bytes: Vec::new() }) }
        }
        None => Line { name, text: abi::strace::unfinished(call), key: None },
    }
}

/// What must be the same.
fn key(call: &Syscall, reply: &Reply) -> Key {
    let varies = matches!(
        call,
        Syscall::Fork
            | Syscall::Vfork
            | Syscall::Wait4 { .. }
            | Syscall::Getpid
            | Syscall::Getppid
            | Syscall::Gettid
            | Syscall::ThreadCreate { .. }
            | Syscall::Getuid
            | Syscall::Geteuid
            | Syscall::Getgid
            | Syscall::Mmap { .. }
            | Syscall::Setsockopt { .. }
    );
    let ret = if varies { reply.ret.map(|ret| ret.signum()) } else { reply.ret };
    let bytes = match (&reply.out, call) {
        (_, Syscall::Getsockopt { .. }) => Vec::new(),
        (abi::Out::Bytes { bytes } | abi::Out::From { bytes, .. }, _) => bytes.0.clone(),
        _ => Vec::new(),
    };
    Key { ret, bytes }
}

/// The longest common subsequence by name, with what is only on one side between.
fn align(simulated: &[Line], real: &[Line]) -> Vec<Row> {
    let width = real.len() + 1;
    let mut best = vec![0_u16; (simulated.len() + 1) * width];
    for i in (0..simulated.len()).rev() {
        for j in (0..real.len()).rev() {
            best[i * width + j] = match simulated[i].name == real[j].name {
                true => best[(i + 1) * width + j + 1] + 1,
                false => best[(i + 1) * width + j].max(best[i * width + j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut rows = Vec::new();
    while i < simulated.len() || j < real.len() {
        let (left, right) = (simulated.get(i), real.get(j));
        match (left, right) {
            (Some(a), Some(b)) if a.name == b.name => {
                let same = if a.key == b.key { Same::Yes } else { Same::No };
                rows.push(Row { simulated: Some(a.clone()), real: Some(b.clone()), same });
                (i, j) = (i + 1, j + 1);
            }
            (Some(a), _)
                if right.is_none() || best[(i + 1) * width + j] >= best[i * width + j + 1] =>
            {
                rows.push(Row {
                    simulated: Some(a.clone()),
                    real: None,
                    same: Same::OnlySimulated,
                });
                i += 1;
            }
            _ => {
                rows.push(Row { simulated: None, real: right.cloned(), same: Same::OnlyReal });
                j += 1;
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use abi::{Errno, Fd};

    fn lines(calls: &[(Syscall, Reply)]) -> Vec<Line> {
        calls.iter().map(|(call, reply)| line(call, Some(reply))).collect()
    }

    fn close(fd: i32, ret: Result<i64, Errno>) -> (Syscall, Reply) {
        (Syscall::Close { fd: Fd(fd) }, Reply { ret, out: abi::Out::None })
    }

    #[test]
    fn an_answer_that_differs_is_the_first_difference() {
        let pid = |n| (Syscall::Getpid, Reply::ok(n));
        let a = lines(&[pid(2), close(3, Ok(0)), close(3, Ok(0))]);
        let b = lines(&[pid(1001), close(3, Ok(0)), close(3, Err(Errno::EBADF))]);
        let rows = align(&a, &b);
        assert_eq!(first_difference(&rows), Some(2), "process numbers are not compared");
        assert_eq!(rows[2].same, Same::No);
    }

    #[test]
    fn a_call_of_one_side_does_not_shift_the_rest() {
        let a = lines(&[close(3, Ok(0)), (Syscall::Getpid, Reply::ok(1)), close(4, Ok(0))]);
        let b = lines(&[close(3, Ok(0)), close(4, Ok(0))]);
        let same: Vec<Same> = align(&a, &b).iter().map(|row| row.same).collect();
        assert_eq!(same, [Same::Yes, Same::OnlySimulated, Same::Yes]);
        let same: Vec<Same> = align(&b, &a).iter().map(|row| row.same).collect();
        assert_eq!(same, [Same::Yes, Same::OnlyReal, Same::Yes]);
    }

    #[test]
    fn nothing_on_one_side_is_only_the_other() {
        let a = lines(&[close(3, Ok(0))]);
        assert_eq!(align(&a, &[])[0].same, Same::OnlySimulated);
        assert_eq!(align(&[], &a)[0].same, Same::OnlyReal);
    }
}
