//! A deterministic simulated world of kernels and networks.
//!
//! - [`world`]: hosts, links, the event queue; the only place where time moves.
//! - [`kernel`]: one host's processes, descriptors and system calls.
//! - [`net`], [`tcp`], [`wire`]: one host's network stack.
//! - [`scenario`]: what is run. [`timeline`]: any moment of a run, and its branches.
//! - [`trace`]: what happened; [`explain`] (with [`causes`] of errors) says it in words, [`inspect`] in rows for pictures,
//!   [`clocks`] orders it.
//!
//! Everything is plain data: no I/O, no clock, no unordered map. The same scenario and inputs give
//! the same bytes on every platform.

pub mod causes;
pub mod clocks;
pub mod event;
pub mod explain;
mod ids;
pub mod inspect;
pub mod kernel;
pub mod net;
pub mod rng;
pub mod scenario;
pub mod tcp;
pub mod timeline;
pub mod trace;
pub mod wire;
pub mod world;

pub use ids::{CallId, DescId, HostId, PacketId};
