//! Real sockets, one call at a time, over WebSocket.
//!
//! - [`exec`]: makes the calls of a program on this computer's kernel; knows no transport.
//! - [`capture`]: the real packets of those calls.
//! - [`policy`], [`limits`]: what a session may reach and use.

mod boundary;
pub mod capture;
pub mod exec;
pub mod limits;
pub mod metrics;
pub mod page;
pub mod policy;
mod secret;
pub mod server;
mod sys;
mod tcp_info;
mod ws;

pub use boundary::{PublicOrigin, Token};
pub use server::{Options, Server};
