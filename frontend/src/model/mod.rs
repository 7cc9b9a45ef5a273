//! View-models: plain Rust, no browser, tested natively.

pub(crate) mod course;
pub(crate) mod dissect;
pub(crate) mod filter;
pub(crate) mod story;
pub(crate) mod tcp_diagram;
pub(crate) mod tokens;
