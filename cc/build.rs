//! Makes tables of libc's texts: the headers by name, the C part by file; and of the commands of
//! `/bin`. Comments and blanks at the beginnings of lines are left out; lines keep their numbers.
//!
//! What Linux programs' compilation always reads (the C part and the headers that it includes) is
//! in the tables. The rest lies in one text of its own, which the page fetches later
//! (`frontend/js/split.mjs` knows it by its first line).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// Kinds of headers, which are folders.
const FOLDERS: [&str; 3] = ["common", "linux", "windows"];

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
    let mut put = |folder: &str, name: &str, text: &str| match first.contains(&(folder, name)) {
        true => format!("    ({name:?}, Text::Here({text:?})),\n"),
        false => {
            let from = late.len();
            late.push_str(text);
            format!("    ({name:?}, Text::Late({from}, {})),\n", late.len())
        }
    };
    for (folder, texts) in FOLDERS.iter().zip(&headers) {
        let rows: String = texts.iter().map(|(name, text)| put(folder, name, text)).collect();
        // Writing to a string does not fail.
        let _ = writeln!(tables, "const {}: Table = &[\n{rows}];", folder.to_uppercase());
    }
    let rows: String = sources.iter().map(|(name, text)| put("", name, text)).collect();
    let _ = writeln!(tables, "const SOURCES: Table = &[\n{rows}];");
    let rows: String = commands.iter().map(|(name, text)| put("commands", name, text)).collect();
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
