//! Which header declares a name, for suggestions.

use crate::diag::Declares;
use crate::libc;
use crate::program::Target;
use std::collections::BTreeMap;
use std::sync::OnceLock;

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

/// The headers that a program may include, most usual first; some twice.
pub(crate) fn usual_first(target: Target) -> impl Iterator<Item = &'static str> {
    let internal = |name: &&str| !name.starts_with("bits/") && !name.starts_with('_');
    USUAL.iter().copied().chain(libc::header_names(target).filter(internal))
}

/// Names with the first header, most usual first, that declares each.
#[derive(Default)]
struct Index {
    /// Functions, variables, constants, macros.
    names: BTreeMap<&'static str, Place>,
    types: BTreeMap<&'static str, Place>,
    /// `struct name`, `union name`, with their members.
    tags: BTreeMap<&'static str, Place>,
}

/// A header, and whether it must be asked for with `_GNU_SOURCE`.
#[derive(Clone, Copy)]
struct Place {
    header: &'static str,
    gnu: bool,
}

impl Place {
    fn declares(self) -> Declares {
        Declares { header: self.header.to_owned(), gnu: self.gnu }
    }
}

/// The conditions that a header's line stands in: which of them ask for `_GNU_SOURCE`.
#[derive(Default)]
struct Conditions(Vec<bool>);

impl Conditions {
    fn line(&mut self, line: &str) {
        match line.strip_prefix('#').map(str::trim_start) {
            Some(rest) if rest.starts_with("if") => self.0.push(rest == "ifdef _GNU_SOURCE"),
            Some(rest) if rest.starts_with("el") => {
                self.0.pop();
                self.0.push(false);
            }
            Some(rest) if rest.starts_with("endif") => drop(self.0.pop()),
            _ => {}
        }
    }

    fn gnu(&self) -> bool {
        self.0.contains(&true)
    }
}

/// Made once: a text full of unknown names asks often.
fn index(target: Target) -> &'static Index {
    static INDEXES: [OnceLock<Index>; 2] = [OnceLock::new(), OnceLock::new()];
    let slot = match target {
        Target::Linux => &INDEXES[0],
        Target::Windows => &INDEXES[1],
    };
    slot.get_or_init(|| {
        let mut index = Index::default();
        for header in usual_first(target) {
            let mut conditions = Conditions::default();
            for line in libc::header(target, header).unwrap_or_default().lines() {
                conditions.line(line);
                index.add(Place { header, gnu: conditions.gnu() }, line);
            }
        }
        index
    })
}

impl Index {
    fn add(&mut self, place: Place, line: &'static str) {
        for (_, name) in words(line).filter(|(at, name)| declares(line, *at, name)) {
            self.names.entry(name).or_insert(place);
        }
        if let Some(name) = line.trim_end_matches(';').split_whitespace().next_back()
            && line.starts_with("typedef")
        {
            self.types.entry(name).or_insert(place);
        }
        if let Some(tag) = line.trim_end().strip_suffix('{')
            && (line.starts_with("struct ") || line.starts_with("union "))
        {
            self.tags.entry(tag.trim_end()).or_insert(place);
        }
    }
}

/// The header that declares a function, constant or macro.
pub(crate) fn header_of(target: Target, name: &str, cpp: bool) -> Option<Declares> {
    if cpp && matches!(name, "cout" | "cin" | "cerr" | "endl") {
        return Some(Declares { header: "iostream".to_owned(), gnu: false });
    }
    index(target).names.get(name).map(|place| place.declares())
}

/// The header that declares a type.
pub(crate) fn header_of_type(target: Target, name: &str) -> Option<Declares> {
    index(target).types.get(name).map(|place| place.declares())
}

/// The header that declares the members of `struct name`.
pub(crate) fn header_of_tag(target: Target, name: &str) -> Option<Declares> {
    index(target).tags.get(name).map(|place| place.declares())
}

/// The words of a line, with where they begin.
fn words(line: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    line.split(move |c| !word(c))
        .filter(|part| part.starts_with(|c: char| !c.is_ascii_digit()))
        .map(move |part| (part.as_ptr() as usize - line.as_ptr() as usize, part))
}

/// Whether a header's line declares the word at `at`: as a macro, or before `(`.
fn declares(line: &str, at: usize, name: &str) -> bool {
    let (before, rest) = (&line[..at], &line[at + name.len()..]);
    let after = rest.chars().next().unwrap_or('\n');
    let defined = before.trim() == "#define";
    let listed = before.trim().is_empty() && matches!(after, ',' | ' ' | '\n');
    let extern_variable = before.starts_with("extern ") && matches!(after, ';' | '[');
    let called = after == '('
        && !before.contains("#define")
        && !before.contains("//")
        && !before.trim().is_empty();
    defined || called || listed || extern_variable
}
