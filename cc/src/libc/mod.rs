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

macro_rules! sources {
    ($($name:literal)*) => {
        &[$((concat!("libc/", $name), include_str!(concat!("../../libc/", $name)))),*]
    };
}

/// The C part, compiled as one translation unit in this order, once for each target.
pub(crate) fn prelude(target: Target) -> &'static [(&'static str, &'static str)] {
    match target {
        Target::Linux => sources!(
            "start.c" "string.c" "stdlib.c" "stdio.c" "scanf.c" "unistd.c" "getopt.c" "signal.c"
            "time.c" "socket.c" "netdb.c" "pthread.c" "ipc.c" "math.c" "err.c" "locale.c" "cxx.c"
        ),
        Target::Windows => sources!(
            "start.c" "string.c" "stdlib.c" "stdio.c" "scanf.c" "getopt.c" "time.c" "netdb.c"
            "windows.c" "math.c" "locale.c" "cxx.c"
        ),
    }
}

/// Every table of libc's intrinsics.
pub(crate) fn tables() -> impl Iterator<Item = &'static Intrinsic> {
    calls::TABLES.iter().chain(native::TABLES).copied().flatten()
}
