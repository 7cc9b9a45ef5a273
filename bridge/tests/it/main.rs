//! The bridge from outside: its boundary as an attacker meets it, its calls as a page makes
//! them, against this computer's kernel and real servers.

#![allow(missing_docs)]

mod alone;
mod attacks;
mod boundary;
mod browser;
mod calls;
mod class;
mod frames;
mod intruder;
mod lab;
mod rebinding;
mod servers;
