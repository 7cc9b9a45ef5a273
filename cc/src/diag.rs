//! What the compiler tells the person: errors, warnings and lints, typed, in both languages.
//!
//! A [`Diagnostic`] carries a [`Kind`] with its values; texts are made by one exhaustive `match` a
//! language. [`render`] draws lines and carets for a terminal.

use crate::source::{SourceMap, Span};
use abi::Lang;
use serde::{Deserialize, Serialize};

/// One message about the source.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How bad.
    pub severity: Severity,
    /// What.
    pub kind: Kind,
    /// Where; `Span::default()` when it is about the whole program.
    pub span: Span,
    /// Other places that explain it.
    pub related: Vec<(Span, Related)>,
    /// An edit that would mend it.
    pub fix: Option<Fix>,
}

/// How bad a diagnostic is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Severity {
    /// The program cannot be compiled.
    Error,
    /// A C compiler would warn.
    Warning,
    /// A beginner's mistake with sockets: a hint with its reason.
    Lint,
}

/// Replace the text of `span` by `text`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fix {
    /// What to replace; empty to insert.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// Why another place is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Related {
    /// The name was declared here.
    DeclaredHere,
    /// The bracket to be closed was opened here.
    OpenedHere,
    /// The macro was defined here.
    MacroHere,
    /// The file was included from here.
    IncludedHere,
}

/// What a diagnostic says.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Kind {
    /// The file that should be compiled is not among the sources.
    NoSuchFile {
        /// Its name.
        name: String,
    },
    /// Not (or not yet) part of the language that is understood here.
    Unsupported {
        /// What, in the standard's words.
        what: String,
    },
}

impl Diagnostic {
    /// An error.
    pub fn error(kind: Kind, span: Span) -> Diagnostic {
        Diagnostic { severity: Severity::Error, kind, span, related: Vec::new(), fix: None }
    }

    /// The message in a language.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::PtBr => self.kind.pt_br(),
            Lang::En => self.kind.en(),
        }
    }
}

impl Kind {
    fn pt_br(&self) -> String {
        match self {
            Kind::NoSuchFile { name } => format!("o arquivo {name} não existe"),
            Kind::Unsupported { what } => format!("{what} não é suportado"),
        }
    }

    fn en(&self) -> String {
        match self {
            Kind::NoSuchFile { name } => format!("no such file: {name}"),
            Kind::Unsupported { what } => format!("{what} is not supported"),
        }
    }
}

/// A diagnostic as text for a terminal: place, message, source line, carets.
pub fn render(diagnostic: &Diagnostic, sources: &SourceMap, lang: Lang) -> String {
    let at = sources.line_column(diagnostic.span);
    let name = sources.file(diagnostic.span.file).map_or("", |file| file.name.as_str());
    format!("{name}:{}:{}: {}\n", at.line, at.column, diagnostic.text(lang))
}
