//! The trace as text: calls as strace prints them, terminals.

use crate::trace::{Record, What};
use crate::{CallId, HostId};
use abi::{Pid, Reply, Syscall};
use std::sync::Arc;

/// A completed or a waiting call.
#[derive(Clone, PartialEq, Debug)]
pub struct CallRow {
    /// Its number.
    pub call: CallId,
    /// The event that began it.
    pub step: u64,
    /// The event that ended it.
    pub ended_step: Option<u64>,
    /// Where.
    pub host: HostId,
    /// Who.
    pub pid: Pid,
    /// Which thread.
    pub tid: Pid,
    /// When it began, nanoseconds.
    pub started_ns: u64,
    /// When it ended, nanoseconds.
    pub ended_ns: Option<u64>,
    /// Whether it slept.
    pub blocked: bool,
    /// What was asked.
    pub syscall: Arc<Syscall>,
    /// What was answered.
    pub reply: Option<Arc<Reply>>,
    /// The line of user code that made it, from 1.
    pub line: Option<u32>,
    /// Measured on a real kernel.
    pub measured: bool,
}

/// Every call of a trace, in the order in which they began.
pub fn calls<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<CallRow> {
    let mut rows: Vec<CallRow> = Vec::new();
    let mut places = std::collections::BTreeMap::new();
    for record in records {
        match &record.what {
            What::CallStart { call, syscall, line } => {
                places.insert(*call, rows.len());
                rows.push(CallRow {
                    call: *call,
                    step: record.step,
                    ended_step: None,
                    host: record.host,
                    pid: record.pid,
                    tid: record.tid,
                    started_ns: record.t_ns,
                    ended_ns: None,
                    blocked: false,
                    syscall: Arc::clone(syscall),
                    reply: None,
                    line: *line,
                    measured: record.measured,
                });
            }
            What::CallBlocked { call, .. } => {
                if let Some(row) = places.get(call).and_then(|at: &usize| rows.get_mut(*at)) {
                    row.blocked = true;
                }
            }
            What::CallEnd { call, reply, .. } => {
                if let Some(row) = places.get(call).and_then(|at: &usize| rows.get_mut(*at)) {
                    row.ended_ns = Some(record.t_ns);
                    row.ended_step = Some(record.step);
                    row.reply = Some(Arc::clone(reply));
                }
            }
            _ => {}
        }
    }
    rows
}

/// A line of text about a process.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// Where.
    pub host: HostId,
    /// Who (the thread, as `strace -f` has it).
    pub pid: Pid,
    /// When, nanoseconds.
    pub t_ns: u64,
    /// The text.
    pub text: String,
}

/// What a process's terminal shows: text with who wrote it (`None`: typed).
pub fn terminal<'a>(
    records: impl Iterator<Item = &'a Record>,
    host: HostId,
    terminal: Pid,
) -> Vec<(Option<Pid>, Vec<u8>)> {
    records
        .filter(|record| record.host == host)
        .filter_map(|record| match &record.what {
            What::Output { terminal: owner, bytes, .. } if *owner == terminal => {
                Some((Some(record.pid), bytes.0.clone()))
            }
            What::Input { bytes } if record.pid == terminal => Some((None, bytes.0.clone())),
            _ => None,
        })
        .collect()
}
