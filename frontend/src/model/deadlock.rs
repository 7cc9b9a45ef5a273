//! What it means when nothing more happens: every process waits, and for whom.

use crate::i18n::Msg;
use crate::model::course::Course;
use sim::inspect::WaitRow;
use sim::kernel::wait::Reason;

/// A world in which nothing happens by itself any more.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Standstill {
    /// Processes wait for each other in a circle: no one of them can ever go on.
    pub(crate) circle: bool,
    pub(crate) waits: Vec<Waiting>,
}

/// A process that waits.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Waiting {
    pub(crate) host: usize,
    pub(crate) pid: i32,
    pub(crate) program: String,
    pub(crate) why: Msg,
    /// For whom: host, pid, program.
    pub(crate) on: Vec<(usize, i32, String)>,
}

/// What the rows of `sim::inspect::standstill` say.
pub(crate) fn standstill(course: &Course, rows: &[WaitRow]) -> Standstill {
    let program = |host: usize, pid: i32| {
        let found = course.processes.iter().rev().find(|p| p.host == host && p.pid.0 == pid);
        found.map_or_else(|| "?".to_owned(), |process| process.program.clone())
    };
    let waits = rows.iter().map(|row| {
        let host = row.host.0 as usize;
        let on = row.on.iter().map(|(host, pid)| (host.0 as usize, pid.0));
        Waiting {
            host,
            pid: row.pid.0,
            program: program(host, row.pid.0),
            why: why(row),
            on: on.map(|(host, pid)| (host, pid, program(host, pid))).collect(),
        }
    });
    Standstill { circle: circle(rows), waits: waits.collect() }
}

fn why(row: &WaitRow) -> Msg {
    match &row.reason {
        Reason::Connection(fd) => Msg::WaitsConnection { fd: fd.0 },
        Reason::Handshake(_) => Msg::WaitsHandshake,
        Reason::Data(_) if row.terminal => Msg::WaitsPerson,
        Reason::Data(fd) => Msg::WaitsData { fd: fd.0 },
        Reason::Room(fd) => Msg::WaitsRoom { fd: fd.0 },
        Reason::Ready(fds) => Msg::WaitsReady { n: fds.len() },
        Reason::Child => Msg::WaitsChild,
        Reason::Futex(_) => Msg::WaitsLock,
        Reason::Thread(tid) => Msg::WaitsThread { tid: tid.0 },
        Reason::Semaphore(id) => Msg::WaitsSemaphore { id: *id },
        Reason::Queue(fd) => Msg::WaitsQueue { fd: fd.0 },
        Reason::Mailbox(id) => Msg::WaitsMailbox { id: *id },
        Reason::FileLock(fd) => Msg::WaitsFileLock { fd: fd.0 },
        Reason::OtherEnd => Msg::WaitsOtherEnd,
        Reason::Signal => Msg::WaitsSignal,
        Reason::Linger | Reason::Time => Msg::WaitsTime,
    }
}

/// Whether somebody waits, through others, for itself.
fn circle(rows: &[WaitRow]) -> bool {
    let next =
        |who| rows.iter().filter(move |row| (row.host, row.pid) == who).flat_map(|row| &row.on);
    rows.iter().any(|row| {
        let start = (row.host, row.pid);
        let mut seen = Vec::new();
        let mut open: Vec<_> = next(start).copied().collect();
        while let Some(who) = open.pop() {
            if who == start {
                return true;
            }
            if !seen.contains(&who) {
                seen.push(who);
                open.extend(next(who).copied());
            }
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use abi::{Fd, Pid};
    use sim::HostId;

    fn row(host: u32, on: &[(u32, i32)]) -> WaitRow {
        WaitRow {
            host: HostId(host),
            pid: Pid(1),
            tid: Pid(1),
            reason: Reason::Data(Fd(3)),
            terminal: false,
            on: on.iter().map(|(host, pid)| (HostId(*host), Pid(*pid))).collect(),
        }
    }

    #[test]
    fn two_that_wait_for_each_other_are_a_circle() {
        assert!(circle(&[row(0, &[(1, 1)]), row(1, &[(0, 1)])]));
        assert!(!circle(&[row(0, &[]), row(1, &[(0, 1)])]));
    }
}
