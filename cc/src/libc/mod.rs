//! Our libc: headers and C sources (in `cc/libc`), and the Rust half of its intrinsics.

mod calls;
mod float;
mod format;
#[cfg(test)]
mod glibc;
mod headers;
mod inet;
mod interface;
mod ipc;
mod linux;
mod native;
mod printf;
mod time;

#[allow(unused_imports)] // until the preprocessor asks for them
pub(crate) use headers::{command_source, header, header_names, late};

use crate::intrinsics::Intrinsic;
use crate::program::Target;

/// The C part, compiled as one translation unit in this order, once for each target.
pub(crate) fn prelude(target: Target) -> impl Iterator<Item = (String, &'static str)> {
    let names: &[&str] = match target {
        Target::Linux => &[
            "start.c",
            "string.c",
            "stdlib.c",
            "stdio.c",
            "scanf.c",
            "unistd.c",
            "getopt.c",
            "signal.c",
            "time.c",
            "zone.c",
            "socket.c",
            "netdb.c",
            "pthread.c",
            "ipc.c",
            "linux.c",
            "files.c",
            "timers.c",
            "interface.c",
            "misc.c",
            "math.c",
            "err.c",
            "locale.c",
            "wide.c",
            "posix.c",
            "search.c",
            "regex.c",
            "threads.c",
            "cxx.c",
        ],
        Target::Windows => &[
            "start.c",
            "string.c",
            "stdlib.c",
            "stdio.c",
            "scanf.c",
            "getopt.c",
            "time.c",
            "netdb.c",
            "windows.c",
            "math.c",
            "locale.c",
            "cxx.c",
        ],
    };
    names.iter().map(|name| (format!("libc/{name}"), headers::source(name)))
}

/// Every table of libc's intrinsics.
pub(crate) fn tables() -> impl Iterator<Item = &'static Intrinsic> {
    let tables = calls::TABLES.iter().chain(native::TABLES).chain([&crate::builtins::TABLE]);
    tables.copied().flatten()
}

#[cfg(test)]
mod tests {
    use abi::Errno;

    /// `strerror(3)` is a table in C; the texts are the abi's.
    #[test]
    fn error_texts_are_the_abis() {
        let text = include_str!("../../libc/string.c");
        let table = text.split("__error_texts[] = {\n").nth(1).and_then(|it| it.split("};").next());
        let lines: Vec<&str> = table.expect("the table is there").lines().map(str::trim).collect();
        for errno in std::iter::once(Errno(0)).chain(Errno::all()) {
            let expected = format!("\"{}\",", errno.message());
            assert_eq!(lines[errno.0 as usize], expected, "{errno:?}");
        }
    }
}
