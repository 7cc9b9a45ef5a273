//! The parser's view of the tokens, and what it has to say: reports, limits, places to go on.

use super::keywords::{Kw, is_cpp_word};
use super::{ERRORS_MAX, NESTING_MAX, Parse, Parser, Stop};
use crate::diag::{Diagnostic, Kind, Severity};
use crate::lex::{Punct, Sym, Tok, Token};
use crate::source::Span;
use crate::types::Ty;

impl Parser {
    pub(crate) fn peek(&self) -> Token {
        self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    pub(crate) fn peek_at(&self, ahead: usize) -> Token {
        self.tokens[(self.at + ahead).min(self.tokens.len() - 1)]
    }

    pub(crate) fn next(&mut self) -> Token {
        let token = self.peek();
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        token
    }

    /// The span of the token before the current one.
    pub(crate) fn previous(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span
    }

    pub(crate) fn is(&self, punct: Punct) -> bool {
        self.peek().tok == Tok::Punct(punct)
    }

    pub(crate) fn eat(&mut self, punct: Punct) -> bool {
        let found = self.is(punct);
        if found {
            self.next();
        }
        found
    }

    pub(crate) fn kw(&self) -> Option<Kw> {
        self.kw_of(self.peek())
    }

    pub(crate) fn kw_of(&self, token: Token) -> Option<Kw> {
        match token.tok {
            Tok::Ident(sym) => self.keywords.get(sym.0 as usize).copied().flatten(),
            _ => None,
        }
    }

    pub(crate) fn eat_kw(&mut self, kw: Kw) -> bool {
        let found = self.kw() == Some(kw);
        if found {
            self.next();
        }
        found
    }

    pub(crate) fn spelling(&self, token: Token) -> String {
        match token.tok {
            Tok::Ident(sym) | Tok::Number(sym) | Tok::Str(sym) | Tok::Char(sym) => {
                self.interner.get(sym).to_owned()
            }
            Tok::Punct(punct) => punct.text().to_owned(),
            // What cannot be seen is named.
            Tok::Other(c) if c.is_control() => format!("U+{:04X}", u32::from(c)),
            Tok::Other(c) => c.to_string(),
            Tok::Eof => String::new(),
        }
    }

    pub(crate) fn expect(&mut self, punct: Punct) -> Parse<Span> {
        if self.is(punct) {
            return Ok(self.next().span);
        }
        // A missing `;` is shown after what comes before it, where it is to be typed.
        let token = self.peek();
        let previous = self.previous();
        let span = match punct {
            Punct::Semi | Punct::RParen | Punct::RBracket if previous.file == token.span.file => {
                Span { start: previous.end, end: previous.end + 1, ..previous }
            }
            _ => token.span,
        };
        let found = self.spelling(token);
        let mut diagnostic =
            Diagnostic::error(Kind::Expected { what: punct.text().to_owned(), found }, span);
        if punct == Punct::Semi {
            let at = Span { start: previous.end, end: previous.end, ..previous };
            diagnostic.fix = Some(crate::diag::Fix { span: at, text: ";".to_owned() });
        }
        self.report(diagnostic);
        Err(Stop)
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if self.refused {
            return;
        }
        let errors = self.diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
        if diagnostic.severity == Severity::Error
            && (errors >= ERRORS_MAX || self.follows_from_another(&diagnostic))
        {
            return;
        }
        self.diagnostics.push(diagnostic);
    }

    /// Whether the parser only lost its way because of what has been told already: an error of
    /// grammar on a line with an error, an open brace where a comment swallowed the rest, C++
    /// where C++ has been noticed.
    fn follows_from_another(&self, diagnostic: &Diagnostic) -> bool {
        let errors = || self.diagnostics.iter().filter(|other| other.severity == Severity::Error);
        match &diagnostic.kind {
            Kind::Expected { .. }
            | Kind::ExpectedName { .. }
            | Kind::ExpectedExpression { .. }
            | Kind::ExpectedType { .. }
            | Kind::ExtraBrace => {
                let line = self.sources.line_column(diagnostic.span).line;
                errors().any(|other| {
                    other.span.file == diagnostic.span.file
                        && self.sources.line_column(other.span).line == line
                })
            }
            // What swallowed the rest, or ended the parse, swallowed the brace.
            Kind::MissingBrace => errors().any(|other| {
                matches!(
                    other.kind,
                    Kind::UnterminatedComment
                        | Kind::UnterminatedString
                        | Kind::TooDeep
                        | Kind::MissingBrace
                )
            }),
            Kind::Undeclared { name, .. } | Kind::CppInC { name } if is_cpp_word(name) => {
                errors().any(|other| matches!(other.kind, Kind::CppInC { .. }))
            }
            // One `#include` mends both.
            Kind::Undeclared { header: Some(missing), .. } => errors().any(|other| {
                matches!(&other.kind, Kind::UnknownType { header: Some(header), .. } if header == missing)
            }),
            _ => false,
        }
    }

    pub(crate) fn error(&mut self, kind: Kind, span: Span) {
        self.report(Diagnostic::error(kind, span));
    }

    pub(crate) fn warning(&mut self, kind: Kind, span: Span) {
        if self.sources.is_user(span) {
            let mut diagnostic = Diagnostic::error(kind, span);
            diagnostic.severity = Severity::Warning;
            self.report(diagnostic);
        }
    }

    /// Counts nesting; too deep ends the parse.
    pub(crate) fn enter(&mut self) -> Parse<()> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            let span = self.peek().span;
            self.error(Kind::TooDeep, span);
            self.at = self.tokens.len() - 1;
            return Err(Stop);
        }
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    pub(crate) fn text(&self, sym: Sym) -> String {
        self.interner.get(sym).to_owned()
    }

    pub(crate) fn type_name(&self, ty: Ty) -> String {
        self.types.name(ty, &self.interner)
    }

    pub(crate) fn intern(&mut self, text: &str) -> Sym {
        let sym = self.interner.intern(text);
        let index = sym.0 as usize;
        if index >= self.names.len() {
            self.names.resize(index + 1, Vec::new());
            self.tags.resize(index + 1, Vec::new());
        }
        sym
    }
}
