//! The sequence diagram: what the application, the kernel and the wire did, as rows that a picture
//! only has to place.

use super::packets::{Flight, packets};
use crate::HostId;
use crate::trace::{Record, What};
use abi::Pid;

/// A life-line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Lane {
    /// A process.
    App(HostId, Pid),
    /// A host's kernel.
    Kernel(HostId),
}

/// Something on one life-line that takes time: a call.
#[derive(Clone, PartialEq, Debug)]
pub struct Bar {
    /// Whose.
    pub lane: Lane,
    /// The record that began it.
    pub record: u64,
    /// Start, nanoseconds.
    pub from_ns: u64,
    /// End, nanoseconds; `None`: it still waits.
    pub to_ns: Option<u64>,
    /// The first event.
    pub from_step: u64,
    /// The last one.
    pub to_step: Option<u64>,
    /// When it fell asleep, nanoseconds.
    pub blocked_ns: Option<u64>,
    /// The call's name, as a C program has it.
    pub name: &'static str,
    /// How strace prints call and answer.
    pub text: String,
}

/// Something on one life-line at a moment.
#[derive(Clone, PartialEq, Debug)]
pub struct Mark {
    /// Whose.
    pub lane: Lane,
    /// The record.
    pub record: u64,
    /// When, nanoseconds.
    pub t_ns: u64,
    /// The event.
    pub step: u64,
    /// A word or two: a state, a signal, an exit.
    pub text: String,
}

/// The whole diagram.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ladder {
    /// Life-lines, hosts in order; each host's processes and then its kernel.
    pub lanes: Vec<Lane>,
    /// Calls.
    pub bars: Vec<Bar>,
    /// States, signals, exits.
    pub marks: Vec<Mark>,
    /// Packets between kernels.
    pub packets: Vec<Flight>,
}

/// The diagram of a trace.
pub fn ladder<'a>(records: impl Iterator<Item = &'a Record> + Clone) -> Ladder {
    let mut ladder = Ladder { packets: packets(records.clone()), ..Ladder::default() };
    for row in super::log::calls(records.clone()) {
        let text = row.reply.as_ref().map_or_else(
            || abi::strace::name(&row.syscall).to_owned(),
            |reply| abi::strace::call(&row.syscall, reply),
        );
        ladder.bars.push(Bar {
            lane: Lane::App(row.host, row.pid),
            record: 0,
            from_ns: row.started_ns,
            to_ns: row.ended_ns,
            from_step: row.step,
            to_step: row.ended_step,
            blocked_ns: row.blocked.then_some(row.started_ns),
            name: crate::explain::spoken(&row.syscall),
            text,
        });
    }
    let mut starts = ladder.bars.iter_mut();
    for record in records {
        let app = Lane::App(record.host, record.pid);
        let kernel = Lane::Kernel(record.host);
        let (lane, text) = match &record.what {
            What::CallStart { .. } => {
                if let Some(bar) = starts.next() {
                    bar.record = record.id;
                }
                continue;
            }
            What::ProcessStart { program, .. } => {
                ladder.lanes.extend([app, kernel]);
                (app, program.clone())
            }
            What::SocketState { to, .. } => (kernel, to.to_string()),
            What::Signal { signal, .. } => {
                let name = abi::consts::name(abi::consts::table::SIG, *signal);
                (app, name.unwrap_or("signal").to_owned())
            }
            What::ProcessExit { status } => (app, crate::kernel::syscall::status_text(*status)),
            _ => continue,
        };
        let (record, t_ns, step) = (record.id, record.t_ns, record.step);
        ladder.marks.push(Mark { lane, record, t_ns, step, text });
    }
    ladder.lanes.sort_unstable_by_key(|lane| match lane {
        Lane::App(host, pid) => (*host, 0, *pid),
        Lane::Kernel(host) => (*host, 1, Pid(0)),
    });
    ladder.lanes.dedup();
    ladder
}
