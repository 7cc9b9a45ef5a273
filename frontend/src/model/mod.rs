//! View-models: plain Rust, no browser, tested natively.

pub(crate) mod arrange;
pub(crate) mod beside;
pub(crate) mod bytes;
pub(crate) mod checks;
pub(crate) mod compare;
pub(crate) mod console;
pub(crate) mod course;
pub(crate) mod deadlock;
pub(crate) mod descriptors;
pub(crate) mod dissect;
pub(crate) mod export;
pub(crate) mod filter;
pub(crate) mod flight;
pub(crate) mod graphs;
pub(crate) mod intervene;
pub(crate) mod ladder;
pub(crate) mod narrate;
pub(crate) mod packing;
pub(crate) mod predict;
pub(crate) mod scene;
pub(crate) mod settings;
pub(crate) mod squeeze;
pub(crate) mod stamps;
pub(crate) mod stepping;
pub(crate) mod story;
pub(crate) mod tcp_diagram;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod tokens;
pub(crate) mod tools;
pub(crate) mod trace;
pub(crate) mod values;
pub(crate) mod world;
