//! Source texts and places in them.
//!
//! A [`Span`] is a range of bytes of one file; [`SourceMap`] turns it into line and column, and
//! into UTF-16 offsets for editors that count as JavaScript does.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is to be compiled: texts by name, and which one is the program.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Sources {
    /// The name of the program's file, a key of `files`. `.cpp`, `.cc` and `.cxx` mean C++.
    pub main: String,
    /// Every file of the scenario that `#include "x.h"` may find, by name.
    pub files: BTreeMap<String, String>,
}

impl Sources {
    /// One file.
    pub fn single(name: &str, text: &str) -> Sources {
        Sources { main: name.to_owned(), files: [(name.to_owned(), text.to_owned())].into() }
    }

    /// Whether the program is C++ by its name.
    pub fn is_cpp(&self) -> bool {
        let name = self.main.to_ascii_lowercase();
        [".cpp", ".cc", ".cxx", ".c++", ".hpp"].iter().any(|suffix| name.ends_with(suffix))
    }
}

/// A file of a [`SourceMap`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileId(pub u16);

/// A range of bytes of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub struct Span {
    /// Which file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// From here to the end of `other`, if both are in one file.
    pub fn to(self, other: Span) -> Span {
        if self.file == other.file && other.end >= self.start {
            Span { end: other.end.max(self.end), ..self }
        } else {
            self
        }
    }
}

/// Whose text a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Origin {
    /// The person's own: shown, stepped through, diagnosed.
    User,
    /// A header or the C part of our libc: hidden.
    System,
}

/// One file as it was compiled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceFile {
    /// The name as in [`Sources::files`] or, for ours, as in `#include <name>`.
    pub name: String,
    /// The text.
    pub text: String,
    /// Whose it is.
    pub origin: Origin,
}

/// Line and column, both from 1; the column counts characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct LineColumn {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

/// The files of a compilation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SourceMap {
    /// In the order of first inclusion; [`FileId`] is the index. File 0 is the program's.
    pub files: Vec<SourceFile>,
}

impl SourceMap {
    /// The file of an id that this map gave out.
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(usize::from(id.0))
    }

    /// The text that a span covers; empty if the span is not of this map.
    pub fn text(&self, span: Span) -> &str {
        let range = span.start as usize..span.end as usize;
        self.file(span.file).and_then(|file| file.text.get(range)).unwrap_or("")
    }

    /// Whether the span is in the person's own files.
    pub fn is_user(&self, span: Span) -> bool {
        self.file(span.file).is_some_and(|file| file.origin == Origin::User)
    }

    /// Where the span starts.
    pub fn line_column(&self, span: Span) -> LineColumn {
        let before = self
            .file(span.file)
            .and_then(|file| file.text.get(..span.start as usize))
            .unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        LineColumn {
            line: before.bytes().filter(|byte| *byte == b'\n').count() as u32 + 1,
            column: before[line_start..].chars().count() as u32 + 1,
        }
    }

    /// The span in UTF-16 code units, `start..end`, as a browser's editor counts.
    pub fn utf16(&self, span: Span) -> (u32, u32) {
        let units = |end: u32| {
            self.file(span.file)
                .and_then(|file| file.text.get(..end as usize))
                .map_or(0, |text| text.encode_utf16().count() as u32)
        };
        (units(span.start), units(span.end))
    }
}

/// Where bytes that are no UTF-8 lie among the characters: in a private area.
const RAW_BYTES: u32 = 0xf700;

/// The text of a file: UTF-8, or Latin-1 and the like, whose bytes string literals keep, as gcc's
/// do. NULs behind the end are left out, and lines may end as they did on the old Macintosh.
pub fn decode(bytes: &[u8]) -> String {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let mut text = String::with_capacity(end);
    for chunk in bytes[..end].utf8_chunks() {
        text.push_str(chunk.valid());
        let raw = chunk.invalid().iter().map(|byte| RAW_BYTES + u32::from(*byte));
        text.extend(raw.filter_map(char::from_u32));
    }
    match text.contains('\r') && !text.contains('\n') {
        true => text.replace('\r', "\n"),
        false => text,
    }
}

/// The byte that such a character stands for.
pub(crate) fn raw_byte(c: char) -> Option<u8> {
    let byte = u32::from(c).checked_sub(RAW_BYTES)?;
    u8::try_from(byte).ok().filter(|byte| *byte >= 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_utf8_are_kept() {
        let text = decode(b"ol\xe1 \xc3\xa1\0\0");
        assert_eq!(text.chars().map(raw_byte).filter(Option::is_some).count(), 1);
        assert_eq!(raw_byte(text.chars().nth(2).expect("three")), Some(0xe1));
        assert!(text.ends_with("\u{e1}"));
        assert_eq!(decode(b"a\rb"), "a\nb");
    }

    #[test]
    fn an_editor_counts_utf16_and_a_person_counts_characters() {
        let text = "int a; // 😀é\nint b;\n".to_owned();
        let start = text.find("b;").unwrap() as u32;
        let map = SourceMap {
            files: vec![SourceFile { name: "a.c".into(), text, origin: Origin::User }],
        };
        let span = Span { file: FileId(0), start, end: start + 1 };
        assert_eq!(map.line_column(span), LineColumn { line: 2, column: 5 });
        assert_eq!(map.utf16(span), (18, 19));
    }
}
