//! What happened, as typed records.
//!
//! Every event of the world leaves records behind; everything that is shown or explained is
//! computed from them ([`crate::explain`], [`crate::inspect`]). A record says what, when, who, and
//! which earlier record caused it. Records of a real run carry `measured: true`.
//!
//! Records are produced only when somebody wants them ([`Sink::on`]); their numbers are counted in
//! any case, so a replayed world gives the same ones.

use crate::kernel::wait::WaitFor;
use crate::net::{Cause, Frame, SocketId, StateWhy};
use crate::tcp::State;
use crate::timeline::Action;
use crate::{CallId, HostId, PacketId};
use abi::syscall::SigInfo;
use abi::{Fd, Pid, Reply, Syscall};
use std::net::SocketAddr;
use std::sync::Arc;

/// One thing that happened.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// Number of the record in the run.
    pub id: u64,
    /// The world's event that it belongs to.
    pub step: u64,
    /// When, nanoseconds since the world began.
    pub t_ns: u64,
    /// Where.
    pub host: HostId,
    /// Which process; 0 where the kernel or the wire acts by itself.
    pub pid: Pid,
    /// Which thread; 0 as above.
    pub tid: Pid,
    /// What.
    pub what: What,
    /// The record that caused this one.
    pub cause: Option<u64>,
    /// Measured on a real kernel, not simulated.
    pub measured: bool,
}

/// What happened.
#[allow(missing_docs)] // the fields are named after what they are; units last
#[derive(Clone, PartialEq, Debug)]
pub enum What {
    /// A process began.
    ProcessStart { program: String, parent: Option<Pid> },
    /// A process image was replaced, `execve(2)`.
    Exec { program: String },
    /// A thread began.
    ThreadStart { by: Pid },
    /// A thread ended.
    ThreadEnd,
    /// A process or thread computed for a while; `lines` are the lines of user code it went
    /// through, sorted, each once; `line` is where it stands now (1 is the first).
    Burst { instructions: u64, statements: u32, lines: Arc<[u32]>, line: Option<u32> },
    /// A system call was made.
    CallStart { call: CallId, syscall: Arc<Syscall>, line: Option<u32> },
    /// It cannot be answered yet: the thread sleeps.
    CallBlocked { call: CallId, on: WaitFor },
    /// It was answered.
    CallEnd {
        call: CallId,
        syscall: Arc<Syscall>,
        reply: Arc<Reply>,
        started_ns: u64,
        blocked: bool,
    },
    /// A frame was put on a link (`None`: loopback); `arrives_ns` is `None` if it never will.
    PacketSent {
        packet: PacketId,
        frame: Frame,
        link: Option<usize>,
        from: HostId,
        to: HostId,
        departs_ns: u64,
        arrives_ns: Option<u64>,
        fate: Fate,
        socket: Option<SocketId>,
        reason: Cause,
    },
    /// A frame reached a node.
    PacketArrived { packet: PacketId },
    /// A node threw a frame away.
    PacketDropped { packet: PacketId, why: Drop },
    /// A TCP connection changed state. While it is half open the socket is its listener.
    SocketState {
        socket: SocketId,
        local: SocketAddr,
        peer: SocketAddr,
        from: State,
        to: State,
        why: StateWhy,
    },
    /// Something happened inside a TCP connection: a timer, a loss, a window.
    Tcp { socket: SocketId, event: crate::tcp::Event },
    /// A process wrote to its terminal.
    Output { fd: Fd, terminal: Pid, bytes: abi::Bytes },
    /// A process's terminal received text.
    Input { bytes: abi::Bytes },
    /// A signal was made pending.
    SignalSent { signal: i32, by: SignalBy, info: SigInfo },
    /// A signal took effect.
    Signal { signal: i32, effect: SignalEffect, info: SigInfo },
    /// A process ended; the status word is `wait(2)`'s.
    ProcessExit { status: i32 },
    /// A zombie was waited for and is gone.
    Reaped { by: Pid },
    /// The program did something that C leaves undefined.
    Fault { fault: Arc<cc::Fault>, line: Option<u32> },
    /// Two threads raced for a variable; the program goes on.
    Race { race: Arc<cc::Fault>, line: Option<u32> },
    /// A person or the scenario interfered.
    Acted { action: Action },
    /// The kernel was asked for something the simulator does not have, by name.
    Unsupported { name: String },
}

/// What the link did with a frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Delivered in order.
    Pass,
    /// Lost by chance.
    Lost,
    /// The link's queue was full.
    QueueFull,
    /// The cable is unplugged.
    Unplugged,
    /// Longer than the link's MTU.
    TooBig,
    /// Thrown away on purpose.
    Dropped,
    /// Late on purpose or by chance, so that others overtake it.
    Delayed,
    /// One bit is wrong.
    Corrupted,
    /// A copy of a frame that was sent once.
    Duplicate,
    /// Kept until somebody lets it go.
    Held,
}

/// Why a node threw a frame away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Drop {
    /// A checksum was wrong.
    Checksum,
    /// The bytes are no packet.
    Malformed,
    /// Not for this host.
    NotForUs,
    /// No socket wanted it.
    NoSocket,
    /// The socket's receive buffer was full.
    BufferFull,
    /// The listener's accept queue was full.
    AcceptQueueFull,
    /// The time to live ran out.
    TtlExpired,
    /// No route leads there.
    NoRoute,
    /// The host is off.
    HostDown,
    /// A connected socket hears its peer only.
    NotThePeer,
    /// A rule of a host's packet filter.
    Filtered,
    /// The node has no use for it.
    Unsupported,
}

/// Who sent a signal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignalBy {
    /// The kernel, because of what the process did or of a timer.
    Kernel,
    /// A process's `kill(2)`.
    Process(Pid),
    /// The terminal (Ctrl+C).
    Terminal,
    /// A person at the lab's controls.
    Person,
}

/// What a signal did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignalEffect {
    /// Nothing: ignored.
    Ignored,
    /// Its handler was called.
    Handled,
    /// The process ended.
    Killed,
    /// The process stopped.
    Stopped,
    /// The process goes on.
    Continued,
}

/// Where records go.
#[derive(Debug, Default)]
pub struct Sink {
    records: Option<Vec<Record>>,
}

impl Sink {
    /// Keeps records.
    pub fn on() -> Sink {
        Sink { records: Some(Vec::new()) }
    }

    /// Throws records away, at no cost.
    pub fn off() -> Sink {
        Sink { records: None }
    }

    /// Whether records are kept: what is costly to describe is not described otherwise.
    pub fn is_on(&self) -> bool {
        self.records.is_some()
    }

    /// Adds a record.
    pub fn push(&mut self, record: Record) {
        if let Some(records) = &mut self.records {
            records.push(record);
        }
    }

    /// The records so far; the sink is empty afterwards.
    pub fn take(&mut self) -> Vec<Record> {
        self.records.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Records kept so far.
    pub fn records(&self) -> &[Record] {
        self.records.as_deref().unwrap_or_default()
    }
}
