//! Makes tables of libc's texts: the headers by name, the C part by file; and of the commands of
//! `/bin`. Comments and blanks at the beginnings of lines are left out; lines keep their numbers.
//!
//! What Linux programs' compilation always reads (the C part and the headers that it includes) is
//! in the tables. The rest lies in one text of its own, which the page fetches later, and so do the
//! bodies of functions that few programs call: in their place stands where they are in it
//! (`Parser::parse_deferred` reads them from there).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// Kinds of headers, which are folders.
const FOLDERS: [&str; 3] = ["common", "linux", "windows"];

/// Functions that the first lesson's programs call, and what these call. One that is missing here
/// costs the page's first visit a request; the C part is the same.
const CALLED_AT_ONCE: &[&str] = &[
    "__allocate_buffer",
    "__begin_writing",
    "__do_write",
    "__flush_writes",
    "__format",
    "__libc_start",
    "__lock",
    "__overflow",
    "__point",
    "__put_all",
    "__set_buffer",
    "__set_read",
    "__stdio_exit",
    "__sync",
    "__unlock",
    "__write_all",
    "accept",
    "bind",
    "close",
    "connect",
    "exit",
    "fflush",
    "freeaddrinfo",
    "getaddrinfo",
    "htonl",
    "htons",
    "inet_ntoa",
    "listen",
    "memset",
    "ntohs",
    "printf",
    "recv",
    "send",
    "socket",
    "strlen",
    "vfprintf",
];

/// Shorter bodies are not worth the words in their place.
const LATE_BODY_MIN: usize = 50;

/// What may make data of its own, whose address must not depend on when the body is read.
const MAKES_DATA: [&str; 4] = ["static", "__func__", "PRI", "SCN"];

fn main() {
    println!("cargo:rerun-if-changed=libc");
    println!("cargo:rerun-if-changed=commands");
    let commands = read("commands");
    let mut sources = read("libc");
    sources.retain(|name, _| !name.contains('/'));
    let headers: Vec<BTreeMap<String, String>> =
        FOLDERS.iter().map(|folder| read(&format!("libc/include/{folder}"))).collect();
    let first = reached(&sources, &headers);
    let mut late = String::new();
    let mut tables = String::new();
    let put = |late: &mut String, folder: &str, name: &str, text: &str| match first
        .contains(&(folder, name))
    {
        true => format!("    ({name:?}, Text::Here({text:?})),\n"),
        false => {
            let from = late.len();
            late.push_str(text);
            format!("    ({name:?}, Text::Late({from}, {})),\n", late.len())
        }
    };
    for (folder, texts) in FOLDERS.iter().zip(&headers) {
        let rows: String =
            texts.iter().map(|(name, text)| put(&mut late, folder, name, text)).collect();
        // Writing to a string does not fail.
        let _ = writeln!(tables, "const {}: Table = &[\n{rows}];", folder.to_uppercase());
    }
    let rows: String = sources
        .iter()
        .map(|(name, text)| {
            let here = first.contains(&("", name));
            let text = if here { without_bodies(text, &mut late) } else { text.clone() };
            put(&mut late, "", name, &text)
        })
        .collect();
    let _ = writeln!(tables, "const SOURCES: Table = &[\n{rows}];");
    let rows: String =
        commands.iter().map(|(name, text)| put(&mut late, "commands", name, text)).collect();
    let _ = writeln!(tables, "const COMMANDS: Table = &[\n{rows}];");
    // `late_data` in `src/libc/headers.rs` skips this.
    let late = format!("soquete: late data {:08}{late}", late.len());
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    for (name, text) in [("texts.rs", tables), ("late.txt", late)] {
        std::fs::write(Path::new(&out).join(name), text).expect("OUT_DIR can be written");
    }
}

/// Every file below a folder by its path in it, stripped.
fn read(root: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![Path::new(root).to_owned()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).expect("libc's folders can be read") {
            let path = entry.expect("libc's folders can be read").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("libc's files are texts");
            let name = path.strip_prefix(root).expect("it lies below").to_string_lossy();
            found.insert(name.replace('\\', "/"), strip(&text));
        }
    }
    found
}

/// What Linux' C part includes, and itself: folder and name.
fn reached<'a>(
    sources: &'a BTreeMap<String, String>,
    headers: &'a [BTreeMap<String, String>],
) -> BTreeSet<(&'a str, &'a str)> {
    let mut first = BTreeSet::new();
    let mut open: Vec<(&str, &str, &str)> = sources
        .iter()
        .filter(|(name, _)| *name != "windows.c")
        .map(|(name, text)| ("", name.as_str(), text.as_str()))
        .collect();
    while let Some((folder, name, text)) = open.pop() {
        if !first.insert((folder, name)) {
            continue;
        }
        for line in text.lines() {
            let Some(rest) = line.strip_prefix('#') else { continue };
            let Some(file) = rest.trim_start().strip_prefix("include") else { continue };
            let file = file.trim().trim_matches(['<', '>', '"']);
            for (kind, texts) in FOLDERS.iter().zip(headers).take(2) {
                open.extend(
                    texts.get_key_value(file).map(|(n, t)| (*kind, n.as_str(), t.as_str())),
                );
            }
        }
    }
    first
}

/// A C file (stripped) in which bodies of functions are replaced by their place in `late`.
fn without_bodies(text: &str, late: &mut String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((open, len)) = next_body(rest) {
        let (before, body) = (&rest[..open], &rest[open..open + len]);
        out.push_str(before);
        if may_come_later(before, body) {
            let (from, lines) = (late.len(), body.matches('\n').count());
            late.push_str(body);
            let _ = write!(out, "{{ __later {from} {} {}}}", late.len(), "\n".repeat(lines));
        } else {
            out.push_str(body);
        }
        rest = &rest[open + len..];
    }
    out + rest
}

/// Where the next function's body begins, a brace at file scope behind a parenthesis, and its
/// length.
fn next_body(text: &str) -> Option<(usize, usize)> {
    let mut at = 0;
    while at < text.len() {
        let line = text[at..].split_inclusive('\n').next()?;
        let braces =
            line.find('{').and_then(|open| Some((at + open, body_len(&text[at + open..])?)));
        match braces {
            _ if line.starts_with('#') => at += directive_len(&text[at..]),
            Some((open, len)) if text[..open].trim_end().ends_with(')') => {
                return Some((open, len));
            }
            Some((open, len)) => at = open + len,
            None => at += line.len(),
        }
    }
    None
}

/// The length of a directive with the lines that continue it.
fn directive_len(text: &str) -> usize {
    let mut len = 0;
    for line in text.split_inclusive('\n') {
        len += line.len();
        if !line.trim_end().ends_with('\\') {
            break;
        }
    }
    len
}

/// From a brace to the one that closes it. None where `#if` has two beginnings for one end.
fn body_len(text: &str) -> Option<usize> {
    let (mut depth, mut quote, mut escaped) = (0, None, false);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(q), _) if q == c || c == '\n' => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            (None, _) => {}
        }
    }
    None
}

fn may_come_later(before: &str, body: &str) -> bool {
    let head = before.rsplit(['}', ';', '\n']).next().unwrap_or(before);
    let name = head.split('(').next().unwrap_or(head);
    let name = name.rsplit(|c: char| !c.is_alphanumeric() && c != '_').find(|it| !it.is_empty());
    body.len() >= LATE_BODY_MIN
        && !body.contains('"')
        && !body.contains("\n#")
        && !MAKES_DATA.iter().any(|word| body.contains(word))
        && !name.is_some_and(|name| CALLED_AT_ONCE.contains(&name))
}

/// A C text without comments and indentation.
fn strip(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut quote = None;
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(_), '\\') => {
                out.push(c);
                out.extend(chars.next());
                continue;
            }
            (Some(q), _) if c == q || c == '\n' => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '/') if chars.peek() == Some(&'/') => {
                while chars.next_if(|c| *c != '\n').is_some() {}
                continue;
            }
            (None, '/') if chars.peek() == Some(&'*') => {
                chars.next();
                let mut before = ' ';
                out.push(' ');
                for c in chars.by_ref() {
                    if c == '\n' {
                        out.push(c);
                    }
                    if before == '*' && c == '/' {
                        break;
                    }
                    before = c;
                }
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    let lines: Vec<&str> = out.lines().map(str::trim).collect();
    lines.join("\n") + "\n"
}
