//! Our libc: headers and C sources (in `cc/libc`), and the Rust half of its intrinsics.

mod calls;
mod float;
#[cfg(test)]
mod glibc;
mod headers;
mod inet;
mod native;
mod printf;
mod time;

#[allow(unused_imports)] // until the preprocessor asks for them
pub(crate) use headers::{header, header_names};

use crate::intrinsics::Intrinsic;
use crate::program::Target;

/// The C part, compiled as one translation unit in this order, once for each target.
pub(crate) fn prelude(_target: Target) -> &'static [(&'static str, &'static str)] {
    &[("libc/start.c", include_str!("../../libc/start.c"))]
}

/// Every table of libc's intrinsics.
pub(crate) fn tables() -> impl Iterator<Item = &'static Intrinsic> {
    calls::TABLES.iter().chain(native::TABLES).copied().flatten()
}
