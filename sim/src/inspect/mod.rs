//! The world and its trace as plain rows, for pictures and tables. Pure functions; nothing here
//! changes anything.
//!
//! - From a world: [`hosts`], [`processes`], [`descriptors`], [`sockets`], [`stack`], [`links`],
//!   [`pipes`], [`segments`], [`semaphores`], [`queues`], [`standstill`].
//! - From the trace: [`packets`], [`calls`], [`ladder`], [`state_path`], [`terminal`].

mod json;
mod ladder;
mod log;
mod objects;
mod packets;
mod pcapng;
mod state;
mod strace;
mod svg;
mod waits;

pub use json::json_line;
pub use ladder::{Bar, Ladder, Lane, Mark, ladder};
pub use log::{CallRow, Line, calls, terminal};
pub use objects::{
    PipeRow, QueueRow, SegmentRow, SemaphoreRow, pipes, queues, segments, semaphores,
};
pub use packets::{Flight, in_flight, packet_label, packets, packets_at};
pub use pcapng::pcapng;
pub use state::{
    Buffer, DescriptorRow, HostRow, LinkRow, ProcessRow, SocketRow, ThreadRow, Transition,
    bytes_of, computing, descriptors, hosts, links, position, processes, sockets, source_map,
    stack, state_path,
};
pub use strace::{Strace, strace_text};
pub use svg::{pages as svg_pages, svg};
pub use waits::{WaitRow, standstill};
