//! The world at a moment as the stage shows it: plain rows, made from `sim::inspect`.

use crate::i18n::Msg;
use crate::model::tcp_diagram;
use cc::view::Stack;

/// Everything that stands on the stage.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Scene {
    pub(crate) hosts: Vec<HostView>,
    pub(crate) links: Vec<LinkView>,
    /// For each program of the lesson, the process that runs it.
    pub(crate) programs: Vec<ProgramView>,
}

/// A host.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct HostView {
    pub(crate) name: String,
    pub(crate) addresses: Vec<String>,
    pub(crate) os: &'static str,
    /// Whether it is on.
    pub(crate) up: bool,
    pub(crate) router: bool,
    /// What it translates, as the scenario says it.
    pub(crate) nat: Vec<String>,
    pub(crate) objects: Vec<ObjectView>,
    pub(crate) processes: Vec<ProcView>,
    pub(crate) sockets: Vec<SocketView>,
}

/// A process.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ProcView {
    pub(crate) pid: i32,
    pub(crate) program: String,
    pub(crate) doing: Msg,
    pub(crate) blocked: bool,
    pub(crate) alive: bool,
    pub(crate) stopped: bool,
    /// Which of the scenario's programs.
    pub(crate) number: usize,
    pub(crate) args: Vec<String>,
    pub(crate) parent: i32,
    pub(crate) threads: Vec<ThreadView>,
    pub(crate) fds: Vec<FdView>,
    pub(crate) stack: Stack,
}

/// A thread.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ThreadView {
    pub(crate) tid: i32,
    pub(crate) doing: Msg,
    pub(crate) blocked: bool,
    pub(crate) line: Option<u32>,
    /// Nanoseconds until its sleep is over, if it will be by itself.
    pub(crate) left_ns: Option<u64>,
}

/// Something of the kernel that processes share.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ObjectView {
    pub(crate) kind: ObjectKind,
    pub(crate) number: u32,
    pub(crate) name: String,
    /// Fill and room; both 0 where that means nothing.
    pub(crate) used: u64,
    pub(crate) room: u64,
    /// One for each end that gives and that takes.
    pub(crate) from: Vec<End>,
    pub(crate) to: Vec<End>,
    /// The first bytes or the values.
    pub(crate) content: String,
    /// The first bytes.
    pub(crate) head: Vec<u8>,
    pub(crate) changed: bool,
}

/// Who holds an end of something shared.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct End {
    pub(crate) pid: i32,
    /// `fd 4`, `0x7f…`.
    pub(crate) at: String,
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "pid {} {}", self.pid, self.at)
    }
}

/// Kinds of [`ObjectView`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ObjectKind {
    Pipe,
    Memory,
    Semaphore,
    Queue,
}

/// A descriptor.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct FdView {
    pub(crate) fd: i32,
    /// What it points to, for anything but sockets and terminals.
    pub(crate) target: String,
    pub(crate) socket: Option<u32>,
    pub(crate) changed: bool,
    /// The open file description and how many descriptors share it.
    pub(crate) description: u32,
    pub(crate) refs: u32,
    /// `O_RDWR|O_NONBLOCK`.
    pub(crate) flags: String,
    pub(crate) offset: u64,
    pub(crate) cloexec: bool,
}

/// A socket of a kernel.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct SocketView {
    pub(crate) number: u32,
    /// `TCP`, `UDP`, `UNIX`.
    pub(crate) kind: String,
    /// As RFC 9293 spells it; empty where there is none.
    pub(crate) state: String,
    pub(crate) local: String,
    pub(crate) peer: String,
    pub(crate) queues: Vec<QueueView>,
    /// The connections of a listener's queues: the peer, and the socket if the handshake is over.
    pub(crate) queued: Vec<(String, Option<u32>)>,
    /// Which processes have it open, and as what.
    pub(crate) owners: Vec<End>,
    /// Name and nanoseconds left.
    pub(crate) timers: Vec<(&'static str, u64)>,
    /// Everything else that is known, for the inspector.
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) changed: bool,
}

impl SocketView {
    /// The style's class of its state.
    pub(crate) fn class(&self) -> &'static str {
        tcp_diagram::kind_class(&self.state)
    }
}

/// A queue with room.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct QueueView {
    pub(crate) name: Msg,
    pub(crate) used: u64,
    pub(crate) room: u64,
}

/// A link between hosts.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct LinkView {
    /// Places in [`Scene::hosts`].
    pub(crate) hosts: Vec<usize>,
    pub(crate) delay_ns: u64,
    /// From 0 to 1.
    pub(crate) loss: f64,
    /// Bits a second; 0 is without limit.
    pub(crate) rate_bps: u64,
    /// A hub: every frame goes to everybody.
    pub(crate) hub: bool,
    pub(crate) up: bool,
}

/// What a program's header and text show.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct ProgramView {
    /// The host's number and name.
    pub(crate) host: usize,
    pub(crate) host_name: String,
    pub(crate) state: Option<Msg>,
    pub(crate) blocked: bool,
    pub(crate) places: Vec<Place>,
    /// Values beside lines.
    pub(crate) values: Vec<Beside>,
}

/// Where a process stands in a program's text.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Place {
    /// From 1.
    pub(crate) line: u32,
    /// `run`, `blocked` or `done`.
    pub(crate) kind: &'static str,
}

/// Values of the variables that are declared in a line.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Beside {
    /// From 1.
    pub(crate) line: u32,
    /// `fd = 3   n = 0`.
    pub(crate) text: String,
    /// One of them changed at this step.
    pub(crate) changed: bool,
}
