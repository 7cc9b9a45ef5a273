//! libc's texts: the system headers, as `#include <name>` finds them (`cc/libc/include/common` on
//! every target, beside it `linux` or `windows`), and the C files. `cc/build.rs` makes the tables.
//! Headers are declarations only; checked against glibc's and MinGW-w64's by `cc/tests/headers.rs`.

use crate::program::Target;

/// Where a text is.
enum Text {
    Here(&'static str),
    /// From here to there of [`late_data`].
    Late(usize, usize),
}

impl Text {
    fn get(&self) -> &'static str {
        match *self {
            Text::Here(text) => text,
            Text::Late(from, to) => &late_data()[from..to],
        }
    }
}

/// `(name, text)`, sorted by name.
type Table = &'static [(&'static str, Text)];

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// What few programs need. The page fetches it, and this function with it, after its first run
/// (`frontend/js/split.mjs`): so it is not inlined, and where the text is stays hidden.
#[inline(never)]
fn late_data() -> &'static str {
    const HEAD: usize = "soquete: late data 00000000".len();
    let text = include_str!(concat!(env!("OUT_DIR"), "/late.txt"));
    &std::hint::black_box(text)[HEAD..]
}

/// A function's body that is not in its file's text.
pub(crate) fn late(from: usize, to: usize) -> &'static str {
    &late_data()[from..to]
}

/// The text of one of libc's C files.
pub(crate) fn source(name: &str) -> &'static str {
    find(SOURCES, name).expect("the file is in the folder")
}

/// The text of a command of `/bin`, by its file's name without `.c`.
pub(crate) fn command_source(name: &str) -> &'static str {
    find(COMMANDS, &format!("{name}.c")).expect("the file is in the folder")
}

fn find(table: Table, name: &str) -> Option<&'static str> {
    table.binary_search_by_key(&name, |(known, _)| known).ok().map(|at| table[at].1.get())
}

/// The text of a system header, as in `#include <name>`.
pub(crate) fn header(target: Target, name: &str) -> Option<&'static str> {
    // Windows' file names do not tell capitals apart: `#include <WinSock2.h>`.
    let lower = name.to_ascii_lowercase();
    let name = if target == Target::Windows { lower.as_str() } else { name };
    [own(target), COMMON].into_iter().find_map(|table| find(table, name))
}

/// The names of all headers that a program may include, for suggestions.
pub(crate) fn header_names(target: Target) -> impl Iterator<Item = &'static str> {
    let names = own(target).iter().chain(COMMON).map(|(name, _)| *name);
    names.filter(|name| !name.starts_with("bits/"))
}

fn own(target: Target) -> Table {
    match target {
        Target::Linux => LINUX,
        Target::Windows => WINDOWS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only comments and indentation are left out.
    #[test]
    fn texts_keep_their_lines() {
        let whole = include_str!("../../libc/stdio.c");
        assert_eq!(source("stdio.c").lines().count(), whole.lines().count());
        assert!(source("stdio.c").len() < whole.len());
        for table in [COMMON, LINUX, WINDOWS, SOURCES] {
            assert!(table.is_sorted_by_key(|(name, _)| *name), "look-up is by binary search");
            for (name, text) in table {
                assert!(!text.get().contains("/*") && text.get().ends_with('\n'), "{name}");
            }
        }
    }

    #[test]
    fn what_few_programs_need_comes_later() {
        let late = |table: Table, name| {
            let (_, text) = table.iter().find(|(known, _)| *known == name).expect("it is there");
            matches!(text, Text::Late(..))
        };
        assert!(late(WINDOWS, "winsock2.h") && late(SOURCES, "windows.c"));
        assert!(!late(LINUX, "sys/socket.h") && !late(COMMON, "stdio.h"));
    }

    #[test]
    fn a_target_has_its_own_headers() {
        assert!(header(Target::Linux, "sys/socket.h").is_some());
        assert!(header(Target::Windows, "sys/socket.h").is_none());
        assert!(header(Target::Linux, "winsock2.h").is_none());
        assert!(header(Target::Windows, "winsock2.h").is_some());
    }
}
