//! A compiled program: immutable, shared by every machine that runs it.

use crate::source::SourceMap;

/// The memory model of a target.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
pub enum Target {
    /// LP64: `long` has 8 bytes, `wchar_t` 4.
    #[default]
    Linux,
    /// LLP64: `long` has 4 bytes, `wchar_t` 2.
    Windows,
}

/// A compiled program.
#[derive(PartialEq, Debug)]
pub struct Program {
    /// The texts it was compiled from; spans refer to them.
    pub sources: SourceMap,
    /// What it was compiled for.
    pub target: Target,
}

impl Program {
    /// Whether an address is in or just beside a global variable.
    pub(crate) fn near_global(&self, _address: u64) -> bool {
        false
    }
}
