//! A deterministic simulated world of kernels and networks.

pub mod net;
pub mod tcp;
pub mod wire;
