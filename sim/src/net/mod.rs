//! One host's network stack and the links between hosts.
//!
//! What to read: `ip(7)`, `tcp(7)`, `udp(7)`, `socket(7)`, RFC 1122.
//!
//! - [`Stack`]: a host's interfaces, routes, neighbours and Internet sockets. The kernel's socket
//!   layer calls it; it never blocks, reads no clock and does no I/O.
//! - [`Answer`]: what a call gives: done, an errno, or "this would wait, and for what".
//! - [`Out`]: what a call or an arrival causes outside: frames to transmit, wake-ups, [`Note`]s.
//!
//! How a kernel uses it. Every call takes `now_ns` and `&mut Out`. Afterwards the caller puts
//! `out.frames` on the interfaces' links (a frame for the loopback interface comes back to
//! [`Stack::frame_arrives`] of the same host), retries the calls blocked on `out.wakeups` and asks
//! [`Stack::poll_at`] when to call [`Stack::timers`] next.

mod ancillary;
mod answer;
mod datagrams;
mod dns;
pub mod filter;
mod ip;
mod membership;
pub mod nat;
mod neighbour;
mod netlink;
mod note;
mod options;
mod out;
mod packet;
mod ports;
mod rng;
mod route;
mod socket;
mod stack;
pub(crate) mod stored;
mod streams;

pub use crate::wire::Mac;
pub use answer::{
    Accepted, Answer, Asked, Control, Received, RecvRequest, SendRequest, Stop, Wait,
};
pub(crate) use datagrams::shown;
pub use netlink::Owner;
pub use note::{DropWhy, Note, StateWhy};
pub use out::{Cause, Frame, Out, Transmit, Wake, Wakeup};
pub use packet::Form;
pub use rng::Rng;
pub use route::Route;
pub use socket::{How, Proto, SocketId, SocketKind};
pub use stack::{IfaceId, Interface, Stack, StackConfig};
