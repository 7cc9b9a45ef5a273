//! Which header declares a name, for suggestions.

use crate::libc;
use crate::program::Target;

/// Headers that a person would include, most usual first.
const USUAL: &[&str] = &[
    "stdio.h",
    "stdlib.h",
    "string.h",
    "unistd.h",
    "sys/types.h",
    "sys/socket.h",
    "netinet/in.h",
    "arpa/inet.h",
    "netdb.h",
    "errno.h",
    "signal.h",
    "pthread.h",
    "stdint.h",
    "stdbool.h",
    "time.h",
];

/// The header that declares a function, constant or macro.
pub(crate) fn header_of(target: Target, name: &str, cpp: bool) -> Option<String> {
    if cpp && matches!(name, "cout" | "cin" | "cerr" | "endl") {
        return Some("iostream".to_owned());
    }
    find(target, |text| declares(text, name))
}

/// The header that declares a type.
pub(crate) fn header_of_type(target: Target, name: &str) -> Option<String> {
    find(target, |text| {
        text.lines().any(|line| {
            line.starts_with("typedef")
                && line.trim_end_matches(';').split_whitespace().next_back() == Some(name)
        })
    })
}

/// The header that declares the members of `struct name`.
pub(crate) fn header_of_tag(target: Target, name: &str) -> Option<String> {
    let begins = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.trim() == "{");
    let tagged = name.starts_with("struct ") || name.starts_with("union ");
    if tagged { find(target, |text| text.lines().any(begins)) } else { None }
}

fn find(target: Target, declares: impl Fn(&str) -> bool) -> Option<String> {
    let usual = USUAL.iter().copied();
    let internal = |name: &&str| !name.starts_with("bits/") && !name.starts_with('_');
    let rest = libc::header_names(target).filter(internal);
    usual
        .chain(rest)
        .find(|header| libc::header(target, header).is_some_and(&declares))
        .map(str::to_owned)
}

/// Whether a header's text declares `name`: as a macro, or before `(`.
fn declares(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back().unwrap_or(' ');
        let after = text[at + name.len()..].chars().next().unwrap_or(' ');
        let word = |c: char| c.is_alphanumeric() || c == '_';
        if word(before) || word(after) {
            return false;
        }
        let line_start = text[..at].rfind('\n').map_or(0, |at| at + 1);
        let line = &text[line_start..at];
        let defined = line.trim_start().starts_with("#define ") && line.trim() == "#define";
        let listed =
            !line.contains('#') && line.trim().is_empty() && matches!(after, ',' | ' ' | '\n');
        let extern_variable = line.starts_with("extern ") && matches!(after, ';' | '[');
        let called = after == '('
            && !line.contains("#define")
            && !line.contains("//")
            && !line.trim().is_empty();
        defined || called || listed || extern_variable
    })
}
