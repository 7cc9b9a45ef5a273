//! Colours for C while it is typed: what a word is, without understanding the program.
//!
//! The compiler's own tokens stop at the first wrong character; an editor has to colour text that
//! is wrong most of the time, so this looks at characters only. Offsets are UTF-16 code units.

/// A token's class; the number is the editor's (`TOKEN_CLASSES`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Class {
    Keyword = 0,
    Type = 1,
    Text = 2,
    Number = 3,
    Comment = 4,
    Directive = 5,
    Call = 6,
    Constant = 7,
}

const KEYWORDS: &[&str] = &[
    "auto",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "default",
    "delete",
    "do",
    "else",
    "extern",
    "false",
    "for",
    "goto",
    "if",
    "inline",
    "namespace",
    "new",
    "nullptr",
    "register",
    "return",
    "sizeof",
    "static",
    "struct",
    "switch",
    "true",
    "try",
    "typedef",
    "union",
    "using",
    "volatile",
    "while",
    "enum",
];

const TYPES: &[&str] = &[
    "bool",
    "char",
    "double",
    "float",
    "int",
    "long",
    "short",
    "signed",
    "unsigned",
    "void",
    "string",
    "FILE",
    "SOCKET",
    "WSADATA",
    "WORD",
    "DWORD",
    "SOCKADDR",
    "SOCKADDR_IN",
];

/// Triples of start, end and class.
pub(crate) fn tokens(text: &str) -> Vec<u32> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let (mut at, mut unit) = (0, 0u32);
    while at < chars.len() {
        let (len, class) = token(&chars[at..], at == 0 || line_is_blank_before(&chars, at));
        let units: u32 = chars[at..at + len].iter().map(|c| c.len_utf16() as u32).sum();
        if let Some(class) = class {
            out.extend([unit, unit + units, class as u32]);
        }
        at += len;
        unit += units;
    }
    out
}

/// Whether the place before a character is inside a comment or between quotes.
pub(crate) fn is_quoted(text: &str, at: u32) -> bool {
    let quoted = [Class::Comment as u32, Class::Text as u32];
    tokens(text).chunks(3).any(|t| t[0] < at && at < t[1] && quoted.contains(&t[2]))
}

fn line_is_blank_before(chars: &[char], at: usize) -> bool {
    chars[..at].iter().rev().take_while(|c| **c != '\n').all(|c| c.is_whitespace())
}

/// Length and class of the token that the text begins with.
fn token(rest: &[char], line_start: bool) -> (usize, Option<Class>) {
    let first = rest[0];
    match (first, rest.get(1)) {
        ('/', Some('/')) => (until(rest, |i| rest[i] == '\n'), Some(Class::Comment)),
        ('/', Some('*')) => {
            let end = (3..rest.len()).find(|i| rest[*i] == '/' && rest[i - 1] == '*');
            (end.map_or(rest.len(), |i| i + 1), Some(Class::Comment))
        }
        ('"' | '\'', _) => (quoted(rest, first), Some(Class::Text)),
        ('#', _) if line_start => (directive(rest), Some(Class::Directive)),
        (c, _) if c.is_ascii_digit() => {
            let number = |i: usize| !(rest[i].is_ascii_alphanumeric() || rest[i] == '.');
            (until(rest, number), Some(Class::Number))
        }
        (c, _) if c.is_alphabetic() || c == '_' => word(rest),
        _ => (1, None),
    }
}

fn until(rest: &[char], stop: impl Fn(usize) -> bool) -> usize {
    (1..rest.len()).find(|i| stop(*i)).unwrap_or(rest.len())
}

fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != '\n' {
        match rest[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    at.min(rest.len())
}

/// `#include <x.h>` to the end of the line, other directives to the end of their name.
fn directive(rest: &[char]) -> usize {
    let line = until(rest, |i| rest[i] == '\n');
    let text: String = rest[..line].iter().collect();
    if text[1..].trim_start().starts_with("include") {
        let comment = text.find("//").or(text.find("/*"));
        return comment.map_or(line, |at| text[..at].chars().count());
    }
    let blanks = rest[1..line].iter().take_while(|c| c.is_whitespace()).count();
    let name = rest[1 + blanks..line].iter().take_while(|c| c.is_alphanumeric()).count();
    1 + blanks + name
}

fn word(rest: &[char]) -> (usize, Option<Class>) {
    let len = until(rest, |i| !(rest[i].is_alphanumeric() || rest[i] == '_'));
    let text: String = rest[..len].iter().collect();
    let next = rest[len..].iter().find(|c| !c.is_whitespace());
    let class = if KEYWORDS.contains(&text.as_str()) {
        Some(Class::Keyword)
    } else if TYPES.contains(&text.as_str()) || text.ends_with("_t") {
        Some(Class::Type)
    } else if next == Some(&'(') {
        Some(Class::Call)
    } else if text.len() > 2
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    {
        Some(Class::Constant)
    } else {
        None
    };
    (len, class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, Class)]) {
        let units: Vec<u16> = text.encode_utf16().collect();
        let found: Vec<(String, u32)> = tokens(text)
            .chunks(3)
            .map(|t| (String::from_utf16_lossy(&units[t[0] as usize..t[1] as usize]), t[2]))
            .collect();
        let expected: Vec<(String, u32)> =
            expected.iter().map(|(text, class)| ((*text).to_owned(), *class as u32)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_line_of_c() {
        check(
            "ssize_t n = recv(fd, buf, 64, MSG_PEEK); // é \"no\"",
            &[
                ("ssize_t", Class::Type),
                ("recv", Class::Call),
                ("64", Class::Number),
                ("MSG_PEEK", Class::Constant),
                ("// é \"no\"", Class::Comment),
            ],
        );
    }

    #[test]
    fn offsets_count_utf16() {
        check("/* 😀 */ int x;", &[("/* 😀 */", Class::Comment), ("int", Class::Type)]);
    }

    #[test]
    fn unfinished_text_ends_where_it_must() {
        check("\"abc\nint", &[("\"abc", Class::Text), ("int", Class::Type)]);
        check("/* abc", &[("/* abc", Class::Comment)]);
        check("'\\", &[("'\\", Class::Text)]);
    }

    #[test]
    fn directives() {
        check(
            "#include <stdio.h> // c",
            &[("#include <stdio.h> ", Class::Directive), ("// c", Class::Comment)],
        );
        check("  # define N 3", &[("# define", Class::Directive), ("3", Class::Number)]);
    }
}
