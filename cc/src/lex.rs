//! Text to preprocessing tokens (C11 §6.4), translation phases 1 to 3.
//!
//! Backslash-newline is spliced, comments become spaces, trigraphs are not replaced (as gcc's
//! default). Bytes that start no token become [`Tok::Other`], which only the parser refuses, so
//! that skipped `#if` groups may hold anything.

use crate::diag::{Diagnostic, Kind};
use crate::source::{FileId, Span};

/// An interned spelling.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Sym(pub(crate) u32);

/// Spellings by number. The hash is fixed, so numbering is the same everywhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interner {
    text: String,
    ranges: Vec<(u32, u32)>,
    slots: Vec<u32>,
}

impl Interner {
    pub(crate) fn get(&self, sym: Sym) -> &str {
        let (start, end) = self.ranges[sym.0 as usize];
        &self.text[start as usize..end as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.ranges.len()
    }

    fn hash(text: &str) -> usize {
        let mut hash = 0xcbf2_9ce4_8422_2325u64;
        for byte in text.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        (hash ^ (hash >> 29)) as usize
    }

    /// The number of a spelling that is there already.
    pub(crate) fn find(&self, text: &str) -> Option<Sym> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut slot = Self::hash(text) & mask;
        loop {
            match self.slots[slot] {
                0 => return None,
                found if self.get(Sym(found - 1)) == text => return Some(Sym(found - 1)),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    pub(crate) fn intern(&mut self, text: &str) -> Sym {
        if let Some(sym) = self.find(text) {
            return sym;
        }
        if (self.ranges.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let start = self.text.len() as u32;
        self.text.push_str(text);
        self.ranges.push((start, self.text.len() as u32));
        let sym = Sym(self.ranges.len() as u32 - 1);
        self.place(sym);
        sym
    }

    fn place(&mut self, sym: Sym) {
        let mask = self.slots.len() - 1;
        let mut slot = Self::hash(self.get(sym)) & mask;
        while self.slots[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = sym.0 + 1;
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(1024)];
        for index in 0..self.ranges.len() {
            self.place(Sym(index as u32));
        }
    }
}

macro_rules! puncts {
    ($($name:ident $text:literal),* $(,)?) => {
        /// A punctuator (C11 §6.4.6, and C++'s `::`, `->*` aside).
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Punct { $($name),* }

        impl Punct {
            pub(crate) fn text(self) -> &'static str {
                match self { $(Punct::$name => $text),* }
            }
        }

        /// Longest first among those with the same beginning.
        const PUNCTS: &[(&str, Punct)] = &[$(($text, Punct::$name)),*];
    };
}

puncts! {
    Ellipsis "...", ShlAssign "<<=", ShrAssign ">>=",
    HashHash "##", ColonColon "::", Arrow "->", Inc "++", Dec "--", Shl "<<", Shr ">>", Le "<=", Ge ">=",
    EqEq "==", Ne "!=", AndAnd "&&", OrOr "||", MulAssign "*=", DivAssign "/=", ModAssign "%=",
    AddAssign "+=", SubAssign "-=", AndAssign "&=", XorAssign "^=", OrAssign "|=",
    LBracket "[", RBracket "]", LParen "(", RParen ")", LBrace "{", RBrace "}", Dot ".", And "&",
    Star "*", Plus "+", Minus "-", Tilde "~", Not "!", Slash "/", Percent "%", Lt "<", Gt ">",
    Xor "^", Or "|", Question "?", Colon ":", Semi ";", Assign "=", Comma ",", Hash "#",
}

/// Punctuators of one character, by that character.
const SINGLE: [Option<Punct>; 128] = {
    let mut table = [None; 128];
    let mut index = 0;
    while index < PUNCTS.len() {
        let (text, punct) = PUNCTS[index];
        if text.len() == 1 {
            table[text.as_bytes()[0] as usize] = Some(punct);
        }
        index += 1;
    }
    table
};

/// What a token is. Literals keep their spelling, prefix and quotes included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tok {
    Ident(Sym),
    Number(Sym),
    Str(Sym),
    Char(Sym),
    Punct(Punct),
    /// A character that starts no token.
    Other(char),
    Eof,
}

/// A preprocessing token.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Token {
    pub(crate) tok: Tok,
    /// Where it is to be shown: in a macro's expansion, the macro's use.
    pub(crate) span: Span,
    /// First on its line.
    pub(crate) bol: bool,
    /// After white space.
    pub(crate) space: bool,
    /// A macro's own name inside its expansion: not to be expanded again.
    pub(crate) painted: bool,
    /// Came out of a macro (an `=` from a macro is not a typing mistake).
    pub(crate) from_macro: bool,
}

/// Splits a file. The last token is [`Tok::Eof`].
pub(crate) fn lex(
    text: &str,
    file: FileId,
    cpp: bool,
    interner: &mut Interner,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        file,
        cpp,
        interner,
        diagnostics,
        tokens: Vec::with_capacity(text.len() / 4),
        bol: true,
        space: false,
    };
    lexer.run();
    lexer.tokens
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    file: FileId,
    cpp: bool,
    interner: &'a mut Interner,
    diagnostics: &'a mut Vec<Diagnostic>,
    tokens: Vec<Token>,
    bol: bool,
    space: bool,
}

impl Lexer<'_> {
    fn run(&mut self) {
        if self.text.starts_with('\u{feff}') {
            self.at = 3;
        }
        while self.skip_space() {
            let start = self.at;
            let tok = self.token();
            self.push(tok, start);
        }
        let end = self.bytes.len();
        self.bol = true;
        self.at = end;
        self.push(Tok::Eof, end);
    }

    fn push(&mut self, tok: Tok, start: usize) {
        let span = Span { file: self.file, start: start as u32, end: self.at as u32 };
        let token = Token {
            tok,
            span,
            bol: self.bol,
            space: self.space,
            painted: false,
            from_macro: false,
        };
        self.tokens.push(token);
        self.bol = false;
        self.space = false;
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// The length of a backslash-newline here, 0 if there is none.
    fn splice(&self, at: usize) -> usize {
        match self.bytes.get(at..) {
            Some([b'\\', b'\n', ..]) => 2,
            Some([b'\\', b'\r', b'\n', ..]) => 3,
            _ => 0,
        }
    }

    /// Skips white space and comments; whether a token follows.
    fn skip_space(&mut self) -> bool {
        loop {
            match self.peek(0) {
                b'\n' => {
                    self.bol = true;
                    self.space = false;
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' | 0x0b | 0x0c => {
                    self.space = true;
                    self.at += 1;
                }
                b'\\' if self.splice(self.at) > 0 => {
                    self.space = true;
                    self.at += self.splice(self.at);
                }
                b'/' if self.peek(1) == b'/' => {
                    while self.at < self.bytes.len() && self.peek(0) != b'\n' {
                        self.at += self.splice(self.at).max(1);
                    }
                }
                b'/' if self.peek(1) == b'*' => self.block_comment(),
                0 if self.at >= self.bytes.len() => return false,
                _ => return true,
            }
        }
    }

    fn block_comment(&mut self) {
        let start = self.at;
        self.space = true;
        match self.text[start + 2..].find("*/") {
            Some(len) => self.at = start + 2 + len + 2,
            None => {
                self.at = self.bytes.len();
                let (start, end) = (start as u32, start as u32 + 2);
                let span = Span { file: self.file, start, end };
                self.diagnostics.push(Diagnostic::error(Kind::UnterminatedComment, span));
            }
        }
    }

    fn token(&mut self) -> Tok {
        let byte = self.peek(0);
        match byte {
            b'"' => self.quoted(0, b'"'),
            b'\'' => self.quoted(0, b'\''),
            b'L' | b'u' | b'U' if self.prefix() > 0 => {
                let prefix = self.prefix();
                let quote = self.peek(prefix);
                self.quoted(prefix, quote)
            }
            b'R' if self.cpp && self.peek(1) == b'"' => self.raw_string(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' => {
                let text = self.ident();
                match self.cpp.then(|| alternative(self.interner.get(text))).flatten() {
                    Some(punct) => Tok::Punct(punct),
                    None => Tok::Ident(text),
                }
            }
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() => self.number(),
            0x80.. => self.wide_ident(),
            _ => self.punct(),
        }
    }

    /// The length of a literal's prefix (`L`, `u8`, `u`, `U`) here, 0 if none.
    fn prefix(&self) -> usize {
        let quote = |ahead| matches!(self.peek(ahead), b'"' | b'\'');
        match self.peek(0) {
            b'u' if self.peek(1) == b'8' && quote(2) => 2,
            b'L' | b'u' | b'U' if quote(1) => 1,
            _ => 0,
        }
    }

    /// Interns what `accept` takes, splices removed.
    fn while_bytes(&mut self, accept: fn(u8) -> bool) -> Sym {
        let start = self.at;
        while accept(self.peek(0)) {
            self.at += 1;
        }
        if self.splice(self.at) == 0 {
            return self.interner.intern(&self.text[start..self.at]);
        }
        let mut spelling = self.text[start..self.at].to_owned();
        loop {
            match self.splice(self.at) {
                0 if accept(self.peek(0)) => {
                    spelling.push(self.peek(0) as char);
                    self.at += 1;
                }
                0 => return self.interner.intern(&spelling),
                len => self.at += len,
            }
        }
    }

    /// An identifier that begins with an ASCII letter; letters of other alphabets may follow.
    fn ident(&mut self) -> Sym {
        let start = self.at;
        let sym = self.while_bytes(is_ident);
        let wide = self.peek(0) >= 0x80
            && self.text[self.at..].chars().next().is_some_and(char::is_alphanumeric);
        match (wide, self.at - start) {
            (true, len) if len == self.interner.get(sym).len() => {
                self.wide_ident();
                self.interner.intern(&self.text[start..self.at])
            }
            _ => sym,
        }
    }

    fn wide_ident(&mut self) -> Tok {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else {
            self.at += 1;
            return Tok::Other('?');
        };
        if !first.is_alphanumeric() {
            self.at += first.len_utf8();
            return Tok::Other(first);
        }
        let len = rest
            .char_indices()
            .find(|(_, c)| !(c.is_alphanumeric() || *c == '_'))
            .map_or(rest.len(), |(at, _)| at);
        self.at += len;
        Tok::Ident(self.interner.intern(&rest[..len]))
    }

    /// A preprocessing number (C11 §6.4.8).
    fn number(&mut self) -> Tok {
        let start = self.at;
        loop {
            let byte = self.peek(0);
            if matches!(byte, b'e' | b'E' | b'p' | b'P') && matches!(self.peek(1), b'+' | b'-') {
                self.at += 2;
            } else if is_ident(byte) || byte == b'.' {
                self.at += 1;
            } else if self.cpp && byte == b'\'' && is_ident(self.peek(1)) {
                self.at += 2;
            } else {
                break;
            }
        }
        Tok::Number(self.interner.intern(&self.text[start..self.at]))
    }

    /// A string or character literal, its spelling without splices.
    fn quoted(&mut self, prefix: usize, quote: u8) -> Tok {
        let start = self.at;
        let mut spelling = self.text[start..start + prefix + 1].to_owned();
        self.at += prefix + 1;
        loop {
            let splice = self.splice(self.at);
            if splice > 0 {
                self.at += splice;
                continue;
            }
            match self.peek(0) {
                0 if self.at >= self.bytes.len() => break,
                b'\n' => break,
                byte if byte == quote => {
                    self.at += 1;
                    spelling.push(quote as char);
                    let sym = self.interner.intern(&spelling);
                    return if quote == b'"' { Tok::Str(sym) } else { Tok::Char(sym) };
                }
                b'\\' => {
                    spelling.push('\\');
                    self.at += 1;
                    self.push_char(&mut spelling);
                }
                _ => self.push_char(&mut spelling),
            }
        }
        // Not an error yet: an apostrophe in a skipped group or an #error is legal.
        self.at = self.at.min(self.bytes.len());
        let other = if quote == b'"' { '"' } else { '\'' };
        Tok::Other(other)
    }

    /// `R"x(…)x"` (C++11 §2.14.5), as the ordinary literal of the same text.
    fn raw_string(&mut self) -> Tok {
        let rest = &self.text[self.at + 2..];
        let parts = rest.split_once('(').and_then(|(delimiter, text)| {
            let end = text.find(&format!("){delimiter}\""))?;
            Some((delimiter.len(), &text[..end]))
        });
        let Some((delimiter, text)) = parts.filter(|(len, _)| *len <= 16) else {
            self.at += 2;
            return Tok::Other('"');
        };
        let mut spelling = "\"".to_owned();
        for c in text.chars() {
            match c {
                '\n' => spelling.push_str("\\n"),
                '"' | '\\' => spelling.extend(['\\', c]),
                _ => spelling.push(c),
            }
        }
        spelling.push('"');
        self.at += 2 + 2 * delimiter + 1 + text.len() + 2;
        Tok::Str(self.interner.intern(&spelling))
    }

    fn push_char(&mut self, spelling: &mut String) {
        if let Some(c) = self.text.get(self.at..).and_then(|rest| rest.chars().next())
            && c != '\n'
        {
            spelling.push(c);
            self.at += c.len_utf8();
        }
    }

    fn punct(&mut self) -> Tok {
        let rest = &self.bytes[self.at..];
        // Most stand alone; the search below is for those that may be longer.
        let longer = matches!(
            self.peek(1),
            b'.' | b'<' | b'=' | b'>' | b'-' | b'+' | b'&' | b'|' | b'#' | b':'
        );
        if !longer && let Some(punct) = SINGLE.get(usize::from(rest[0])).copied().flatten() {
            self.at += 1;
            return Tok::Punct(punct);
        }
        for (text, punct) in PUNCTS {
            let begins = text.as_bytes()[0] == rest[0] && rest.starts_with(text.as_bytes());
            if begins && (self.cpp || *punct != Punct::ColonColon) {
                self.at += text.len();
                return Tok::Punct(*punct);
            }
        }
        self.at += 1;
        Tok::Other(rest[0] as char)
    }
}

/// C++'s words for operators (§2.6).
fn alternative(word: &str) -> Option<Punct> {
    Some(match word {
        "and" => Punct::AndAnd,
        "or" => Punct::OrOr,
        "not" => Punct::Not,
        "not_eq" => Punct::Ne,
        "bitand" => Punct::And,
        "bitor" => Punct::Or,
        "xor" => Punct::Xor,
        "compl" => Punct::Tilde,
        _ => return None,
    })
}

fn is_ident(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$'
}
