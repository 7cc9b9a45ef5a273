//! The world and its trace as plain rows, for pictures and tables. Pure functions; nothing here
//! changes anything.
//!
//! - From a world: [`hosts`], [`processes`], [`descriptors`], [`sockets`], [`stack`], [`links`].
//! - From the trace: [`packets`], [`calls`], [`ladder`], [`state_path`], [`terminal`].

mod json;
mod ladder;
mod log;
mod packets;
mod pcapng;
mod state;
mod svg;

pub use json::json_line;
pub use ladder::{Bar, Ladder, Lane, Mark, ladder};
pub use log::{CallRow, Line, calls, strace_lines, strace_text, terminal};
pub use packets::{Flight, in_flight, packet_label, packets, packets_at};
pub use pcapng::pcapng;
pub use state::{
    Buffer, DescriptorRow, HostRow, LinkRow, ProcessRow, SocketRow, ThreadRow, Transition,
    bytes_of, descriptors, hosts, links, position, processes, sockets, stack, state_path,
};
pub use svg::svg;
