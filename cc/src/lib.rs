//! C, from text to a machine that can stop anywhere.
//!
//! [`compile`] turns [`Sources`] into a [`Program`] or says why not; a [`Machine`] runs it until
//! it needs the kernel. See ARCHITECTURE.md for the boundary and for the compiler's stages.

mod ast;
mod atomics;
mod builtins;
pub mod commands;
mod compile;
mod cpp;
pub mod diag;
mod explain;
mod expr;
pub mod fault;
mod init;
#[allow(dead_code)] // used by libc's tables as they grow
mod intrinsics;
mod lex;
#[allow(dead_code)]
mod libc;
mod libc_index;
mod lint;
mod literal;
mod look;
mod lower;
mod machine;
#[allow(dead_code)]
mod memory;
pub mod names;
mod parse;
mod pp;
mod program;
mod race;
mod run;
pub mod shared;
pub mod source;
mod types;
pub mod view;

pub use compile::{Compilation, compile, libc_from_scratch};
pub use diag::{Diagnostic, Severity};
pub use fault::{Fault, FaultKind};
pub use machine::{Machine, Step, StopAt};
pub use program::{Program, Target};
pub use shared::SharedMemory;
pub use source::{FileId, SourceMap, Sources, Span};
