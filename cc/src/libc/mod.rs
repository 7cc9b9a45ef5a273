//! Our libc: headers and C sources (in `cc/libc`), and the Rust half of its intrinsics.

use crate::intrinsics::Intrinsic;
use crate::program::Target;

/// The text of a system header, as in `#include <name>`.
pub(crate) fn header(_target: Target, _name: &str) -> Option<&'static str> {
    None
}

/// The names of all system headers, for suggestions.
pub(crate) fn header_names(_target: Target) -> impl Iterator<Item = &'static str> {
    std::iter::empty()
}

/// The C part, compiled as one translation unit in this order, once for each target.
pub(crate) fn prelude(_target: Target) -> &'static [(&'static str, &'static str)] {
    &[("libc/start.c", include_str!("../../libc/start.c"))]
}

/// Every table of libc's intrinsics.
pub(crate) fn tables() -> impl Iterator<Item = &'static Intrinsic> {
    std::iter::empty()
}
