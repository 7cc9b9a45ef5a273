//! A deterministic simulated world of kernels and networks.
