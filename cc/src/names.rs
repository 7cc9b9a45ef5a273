//! What libc's headers declare, for an editor that completes names: functions with their
//! prototypes, types, structures with their members, constants with their values.
//!
//! The headers are read line by line, not parsed: they are ours, and written one declaration a
//! line. [`crate::compile`] reads the same texts, so what is offered is what a program can use.

use crate::libc;
use crate::libc_index;
use crate::program::Target;
use std::collections::BTreeSet;

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A function, or a macro with arguments.
    Function,
    /// A name of a type.
    Type,
    /// `struct name` or `union name`.
    Structure,
    /// A member of one.
    Member,
    /// A macro without arguments, or an enumeration's constant.
    Constant,
    /// A variable.
    Variable,
}

/// A name that a header declares.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Declared {
    /// The name alone.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The declaration in one line: `int socket(int domain, int type, int protocol)`.
    pub text: String,
    /// The header that a program includes for it.
    pub header: &'static str,
    /// Of a member: the structure, `struct sockaddr_in`.
    pub of: String,
}

/// The headers that a program may include, most usual first.
pub fn headers(target: Target) -> Vec<&'static str> {
    let mut seen = BTreeSet::new();
    let there = |name: &&str| libc::header(target, name).is_some();
    libc_index::usual_first(target).filter(there).filter(|name| seen.insert(*name)).collect()
}

/// Everything that the headers declare, without names that begin with `_`.
pub fn declared(target: Target) -> Vec<Declared> {
    let mut reader = Reader { target, ..Reader::default() };
    for header in headers(target) {
        reader.header = header;
        reader.read(header);
    }
    reader.found
}

#[derive(Default)]
struct Reader {
    target: Target,
    /// The one that a program includes; what it includes itself belongs to it.
    header: &'static str,
    read: BTreeSet<String>,
    /// For each open `#if` whether its lines count; `None`: both sides do.
    conditions: Vec<Option<bool>>,
    /// The declaration that has begun.
    open: String,
    /// What braces are open: a structure's tag, or something whose lines are not looked at.
    within: Vec<Braces>,
    names: BTreeSet<(String, String)>,
    found: Vec<Declared>,
}

/// What stands before an opening brace.
#[derive(Clone, PartialEq)]
enum Braces {
    Structure(String),
    Enumeration,
    /// A function's body, `extern "C"`.
    Other,
}

impl Reader {
    fn read(&mut self, header: &str) {
        if !self.read.insert(header.to_owned()) {
            return;
        }
        let Some(text) = libc::header(self.target, header) else { return };
        for line in text.lines() {
            match line.strip_prefix('#') {
                Some(directive) => self.directive(directive.trim_start()),
                None if self.counts() => self.line(line),
                None => {}
            }
        }
    }

    fn counts(&self) -> bool {
        !self.conditions.contains(&Some(false))
    }

    fn directive(&mut self, line: &str) {
        let (word, rest) = line.split_once([' ', '(']).unwrap_or((line, ""));
        match word {
            "if" | "ifdef" | "ifndef" => {
                let negated = word == "ifndef" || rest.contains('!');
                let holds = match rest {
                    _ if rest.contains("_WIN32") => Some(self.target == Target::Windows),
                    _ if rest.contains("__cplusplus") => Some(false),
                    _ => None,
                };
                self.conditions.push(holds.map(|holds| holds != negated));
            }
            "else" | "elif" => {
                if let Some(counts) = self.conditions.last_mut() {
                    *counts = counts.map(|counts| !counts);
                }
            }
            "endif" => _ = self.conditions.pop(),
            "include" if self.counts() => {
                let name = rest.trim().trim_matches(['<', '>', '"']);
                // Others are headers of their own.
                if name.starts_with("bits/") {
                    self.read(name);
                }
            }
            "define" if self.counts() => self.define(rest),
            _ => {}
        }
    }

    fn define(&mut self, text: &str) {
        let end = text.find(|c: char| !is_word(c)).unwrap_or(text.len());
        let (name, value) = text.split_at(end);
        // `#define SOCK_STREAM SOCK_STREAM`: the enumeration has said it.
        if value.trim() == name || value.trim().is_empty() {
            return;
        }
        match value.starts_with('(') {
            true => {
                let arguments = value.split_inclusive(')').next().unwrap_or_default();
                self.put(name, Kind::Function, format!("{name}{arguments}"), String::new());
            }
            false => {
                self.put(name, Kind::Constant, format!("{name} = {}", value.trim()), String::new());
            }
        }
    }

    /// A line of declarations: what ends in it is looked at.
    fn line(&mut self, line: &str) {
        for c in line.chars() {
            match c {
                '{' => self.begin(),
                '}' => self.end(),
                ';' => self.finish(),
                ',' if self.within.last() == Some(&Braces::Enumeration) => self.constant(),
                _ => self.open.push(c),
            }
        }
        self.open.push(' ');
    }

    fn begin(&mut self) {
        let before = std::mem::take(&mut self.open);
        let before = before.trim().trim_start_matches("typedef ").trim_start_matches("static ");
        let braces = match before.split_whitespace().next() {
            Some("struct" | "union") => {
                if self.within.is_empty() && before.contains(' ') {
                    let name = before.split_whitespace().next_back().unwrap_or_default();
                    self.put(name, Kind::Structure, before.to_owned(), String::new());
                }
                Braces::Structure(before.to_owned())
            }
            Some("enum") => Braces::Enumeration,
            _ => {
                self.function(before);
                Braces::Other
            }
        };
        self.within.push(braces);
    }

    fn end(&mut self) {
        match self.within.pop() {
            Some(Braces::Enumeration) => self.constant(),
            // What follows a structure's brace is a name of its type, or of a member.
            Some(Braces::Structure(before)) => self.open = before,
            _ => self.open.clear(),
        }
    }

    fn constant(&mut self) {
        let text = std::mem::take(&mut self.open).trim().to_owned();
        let name = text.split([' ', '=']).next().unwrap_or_default().to_owned();
        self.put(&name, Kind::Constant, text, String::new());
    }

    /// A declaration has ended with `;`.
    fn finish(&mut self) {
        let text = std::mem::take(&mut self.open);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match self.within.last().cloned() {
            Some(Braces::Structure(of)) => self.member(&text, of),
            Some(_) => {}
            None => match text.split_once(' ') {
                Some(("typedef", rest)) => {
                    self.put(&declarator(rest), Kind::Type, text.clone(), String::new());
                }
                Some(("extern", rest)) if !rest.contains('(') => {
                    self.put(&declarator(rest), Kind::Variable, rest.to_owned(), String::new());
                }
                _ => self.function(&text),
            },
        }
    }

    fn member(&mut self, text: &str, of: String) {
        // A structure without a tag has no members that could be looked up by it.
        if of.contains(' ') {
            self.put(&declarator(text), Kind::Member, text.to_owned(), of);
        }
    }

    fn function(&mut self, text: &str) {
        let text = text.trim_start_matches("extern ").trim_start_matches("static inline ");
        let text = text.split("__attribute__").next().unwrap_or_default().trim();
        let Some((before, rest)) = text.split_once('(') else { return };
        // `void (*signal(int sig, void (*handler)(int)))(int)`: what returns a function.
        if let Some((name, _)) = rest.strip_prefix('*').and_then(|rest| rest.split_once('(')) {
            self.put(name.trim(), Kind::Function, text.to_owned(), String::new());
            return;
        }
        // A prototype has a type before its name.
        if before.trim().contains([' ', '*']) {
            let name = before.rsplit(|c| !is_word(c)).find(|word| !word.is_empty());
            self.put(name.unwrap_or_default(), Kind::Function, text.to_owned(), String::new());
        }
    }

    fn put(&mut self, name: &str, kind: Kind, text: String, of: String) {
        let word = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_word);
        if word && self.names.insert((name.to_owned(), of.clone())) {
            let name = name.to_owned();
            self.found.push(Declared { name, kind, text, header: self.header, of });
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The name that a declaration declares: of `char sun_path[108]` and `void (*handler)(int)` too.
fn declarator(text: &str) -> String {
    let text = match text.split_once("(*") {
        Some((_, rest)) => rest.split(')').next().unwrap_or_default(),
        None => text.split(['[', ':', '(']).next().unwrap_or_default(),
    };
    text.rsplit(|c| !is_word(c)).find(|word| !word.is_empty()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(all: &'a [Declared], name: &str) -> &'a Declared {
        all.iter().find(|d| d.name == name).unwrap_or_else(|| panic!("{name} is declared"))
    }

    #[test]
    fn headers_are_read_as_a_person_would() {
        let all = declared(Target::Linux);
        let socket = of(&all, "socket");
        assert_eq!(socket.text, "int socket(int domain, int type, int protocol)");
        assert_eq!((socket.kind, socket.header), (Kind::Function, "sys/socket.h"));
        assert_eq!(of(&all, "SOCK_STREAM").text, "SOCK_STREAM = 1");
        assert_eq!(of(&all, "AF_INET").text, "AF_INET = 2");
        let port = of(&all, "sin_port");
        assert_eq!((port.kind, port.of.as_str()), (Kind::Member, "struct sockaddr_in"));
        assert_eq!(port.text, "in_port_t sin_port");
        assert_eq!(of(&all, "sun_path").of, "struct sockaddr_un");
        assert_eq!(of(&all, "sockaddr_in").kind, Kind::Structure);
        assert_eq!(of(&all, "socklen_t").kind, Kind::Type);
        assert_eq!(of(&all, "errno").header, "errno.h");
        assert_eq!(of(&all, "stderr").kind, Kind::Variable);
        for name in ["htons", "printf", "fork", "pthread_create", "getaddrinfo", "epoll_wait"] {
            assert_eq!(of(&all, name).kind, Kind::Function, "{name}");
        }
        assert!(all.iter().all(|d| !d.text.contains('\n') && !d.name.starts_with('_')));
    }

    #[test]
    fn windows_has_its_own() {
        let windows = declared(Target::Windows);
        assert_eq!(of(&windows, "WSAStartup").header, "winsock2.h");
        assert!(windows.iter().all(|d| d.name != "epoll_wait"));
        assert!(declared(Target::Linux).iter().all(|d| d.name != "WSAStartup"));
    }
}
