//! The system-call boundary: what a program may ask of a kernel and what the kernel may answer.
//!
//! A program (a `cc::Machine`) says [`Syscall`]; a kernel — simulated (`sim`) or real (the
//! bridge) — answers with [`Reply`]. Everything here is plain data that crosses a boundary;
//! there is no behaviour beyond naming and printing it.
//!
//! - [`syscall`]: every call, with the raw values that the program passed.
//! - [`reply`]: what comes back.
//! - [`errno`]: numbers, POSIX names, messages, Winsock codes.
//! - [`addr`]: `sockaddr` with its exact bytes.
//! - [`consts`]: the numbers of Linux's headers (x86-64), with their names.
//! - [`lang`]: the two languages of everything a person reads.
//! - [`strace`]: a call and its reply as `strace -f` prints them.
//! - [`message`]: the versioned messages between the page and the bridge.

pub mod addr;
pub mod consts;
pub mod errno;
pub mod lang;
pub mod message;
pub mod reply;
pub mod strace;
pub mod syscall;

pub use addr::SockAddr;
pub use errno::Errno;
pub use lang::Lang;
pub use reply::{EpollEvent, Out, Reply};
pub use syscall::{AddrIn, AddrOut, Bytes, Fd, InBuf, OutBuf, OutPtr, Pid, PollFd, Ptr, Syscall};
