//! One simulated host behind packetdrill's `--so_filename` interface.
//!
//! `packetdrill --so_filename=libsoquete_packetdrill.so script.pkt` loads this library, calls
//! [`packetdrill_interface_init`] and from then on makes every system call of the script through
//! the table that it filled ([`Interface`]); packets go in and out as raw IP. What to read:
//! packetdrill's `packetdrill.h`, `so_testing.c`, `run_system_call.c` (github.com/google/packetdrill).
//!
//! - `interface`: the table, field by field as `packetdrill.h` declares it.
//! - `host`: the simulated host, and time. No unsafe code.
//! - `calls`: the table's functions. `memory`: the caller's pointers, the only unsafe code.
//!
//! **Time** is the host's own. It moves when the tool sleeps (`usleep`), waits for a packet
//! (`netdev_receive`) and, by a microsecond, whenever it looks at the clock, because the tool spins
//! on `gettimeofday` for the last microseconds before an event.
//!
//! **Two threads.** The tool makes calls that block from a second thread. Such a call waits on a
//! condition variable until the first thread has moved time past its answer; the next
//! `gettimeofday` of the second thread is the moment of that answer, not the present one.
//!
//! **Settings** (`--so_flags`, separated by commas): `local=ADDRESS`, `mtu=BYTES`, and settings of
//! `sysctl(8)` by name. Without `local` the host takes the address that the script binds to or
//! that the first packet goes to.
//!
//! Not there: `MSG_ZEROCOPY`'s notifications, Fast Open, what `sim` does not model.

mod calls;
mod host;
mod interface;
mod memory;

pub use calls::{packetdrill_interface_init, soquete_packetdrill_set};
pub use interface::Interface;
