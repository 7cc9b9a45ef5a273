//! The preprocessor (C11 §6.10), translation phase 4.
//!
//! Macros are expanded with a stack of token streams; a macro is disabled while its own stream is
//! on the stack, and its name met there is painted so that it never expands again. Everything has a
//! limit (nesting, includes, tokens), because the text may be anything.

mod condition;
mod directives;
mod expand;
mod predefined;

use crate::diag::{Diagnostic, Kind};
use crate::lex::{Interner, Punct, Sym, Tok, Token, lex};
use crate::libc;
use crate::program::Target;
use crate::source::{FileId, Origin, SourceFile, SourceMap, Sources, Span};
use directives::guard;
use expand::eof;
use std::sync::Arc;

const INCLUDE_DEPTH_MAX: usize = 60;

const ARGUMENT_DEPTH_MAX: u32 = 40;

const TOKENS_MAX: usize = 2_000_000;

const DIAGNOSTICS_MAX: usize = 100;

/// Nested `#if`s.
const CONDITIONALS_MAX: usize = 1000;

#[derive(Clone, PartialEq, Debug)]
struct Macro {
    span: Span,
    /// `None`: object-like.
    params: Option<Vec<Sym>>,
    /// The last parameter takes the rest.
    variadic: bool,
    body: Vec<Token>,
    builtin: Option<Builtin>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Builtin {
    Line,
    File,
    Counter,
}

struct Stream {
    tokens: Arc<[Token]>,
    at: usize,
    /// The macro whose expansion this is.
    disables: Option<Sym>,
    /// The file this is.
    file: Option<FileId>,
}

/// A file's tokens, for when it is included again.
#[derive(Clone)]
struct Read {
    tokens: Arc<[Token]>,
    /// `#ifndef NAME … #endif` around everything.
    guard: Option<Sym>,
}

struct Conditional {
    span: Span,
    /// Whether this group's tokens count.
    active: bool,
    /// Whether a group has been taken already.
    taken: bool,
    /// Whether `#else` has been seen.
    had_else: bool,
    /// How many files were open: a conditional ends in the file where it began.
    depth: usize,
}

/// What the parser gets.
pub(crate) struct Output {
    pub(crate) tokens: Vec<Token>,
    pub(crate) interner: Interner,
    pub(crate) sources: SourceMap,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// `#pragma pack`: from which token on, to how many bytes at most members are aligned (0: as
    /// the target does).
    pub(crate) packs: Vec<(usize, u64)>,
    /// As they were at the end.
    pub(crate) macros: Macros,
}

/// What is defined, by symbol.
#[derive(Default)]
pub(crate) struct Macros(Vec<Option<Arc<Macro>>>);

/// Names that directives are compared with.
struct Names {
    defined: Sym,
    va_args: Sym,
    va_opt: Sym,
}

struct Preprocessor<'a> {
    sources: &'a Sources,
    target: Target,
    cpp: bool,
    map: SourceMap,
    interner: Interner,
    macros: Vec<Option<Arc<Macro>>>,
    stack: Vec<Stream>,
    conditionals: Vec<Conditional>,
    once: Vec<FileId>,
    /// Files that were read already, by number.
    read: Vec<Option<Read>>,
    out: Vec<Token>,
    diagnostics: Vec<Diagnostic>,
    counter: u32,
    argument_depth: u32,
    budget: usize,
    names: Names,
    /// As in [`Output`], with what `push` saved.
    packs: Vec<(usize, u64)>,
    packs_saved: Vec<u64>,
    stopped: bool,
}

/// Preprocesses a program.
pub(crate) fn preprocess(sources: &Sources, target: Target) -> Output {
    let cpp = sources.is_cpp();
    let mut pp = Preprocessor::new(sources, target, cpp);
    let text = sources.files.get(&sources.main).cloned().unwrap_or_default();
    // A command of ours is as hidden as libc.
    let ours = sources.main.starts_with("/bin/");
    let origin = if ours { Origin::System } else { Origin::User };
    let main = pp.add_file(sources.main.clone(), text, origin);
    pp.predefine();
    pp.push_file(main);
    pp.run();
    pp.finish()
}

/// Preprocesses libc's own C files as one unit.
pub(crate) fn preprocess_prelude(target: Target) -> Output {
    let none = Sources::default();
    let mut pp = Preprocessor::new(&none, target, false);
    pp.add_file("libc".to_owned(), String::new(), Origin::System);
    pp.predefine();
    pp.define_text("#define __SOQUETE_LIBC__ 1\n");
    for (name, text) in libc::prelude(target) {
        let file = pp.add_file(name, text.to_owned(), Origin::System);
        pp.push_file(file);
        pp.run();
        pp.out.pop(); // the end-of-file token; `finish` leaves the last
    }
    pp.finish()
}

/// The tokens of a part of libc's text that was left out when the rest was read.
pub(crate) fn preprocess_later(
    text: &str,
    (macros, interner, map): (&mut Macros, &mut Interner, &mut SourceMap),
    target: Target,
) -> Vec<Token> {
    let none = Sources::default();
    let mut pp = Preprocessor::new(&none, target, false);
    pp.macros = std::mem::take(&mut macros.0);
    pp.interner = std::mem::take(interner);
    pp.map = std::mem::take(map);
    let file = pp.add_file("libc".to_owned(), text.to_owned(), Origin::System);
    pp.push_file(file);
    pp.run();
    (macros.0, *interner, *map) = (pp.macros, pp.interner, pp.map);
    pp.out
}

impl<'a> Preprocessor<'a> {
    fn new(sources: &'a Sources, target: Target, cpp: bool) -> Preprocessor<'a> {
        let mut interner = Interner::default();
        let names = Names {
            defined: interner.intern("defined"),
            va_args: interner.intern("__VA_ARGS__"),
            va_opt: interner.intern("__VA_OPT__"),
        };
        Preprocessor {
            sources,
            target,
            cpp,
            map: SourceMap::default(),
            interner,
            macros: Vec::new(),
            stack: Vec::new(),
            conditionals: Vec::new(),
            once: Vec::new(),
            read: Vec::new(),
            out: Vec::new(),
            diagnostics: Vec::new(),
            counter: 0,
            argument_depth: 0,
            budget: TOKENS_MAX,
            names,
            packs: Vec::new(),
            packs_saved: Vec::new(),
            stopped: false,
        }
    }

    fn finish(mut self) -> Output {
        let end = self.out.last().map_or(Span::default(), |token| token.span);
        if !matches!(self.out.last(), Some(Token { tok: Tok::Eof, .. })) {
            self.out.push(eof(end));
        }
        Output {
            tokens: self.out,
            packs: self.packs,
            interner: self.interner,
            sources: self.map,
            diagnostics: self.diagnostics,
            macros: Macros(self.macros),
        }
    }

    fn add_file(&mut self, name: String, text: String, origin: Origin) -> FileId {
        self.map.files.push(SourceFile { name, text, origin });
        FileId(self.map.files.len() as u16 - 1)
    }

    fn push_file(&mut self, file: FileId) {
        let index = usize::from(file.0);
        if index >= self.read.len() {
            self.read.resize(index + 1, None);
        }
        let read = match &self.read[index] {
            Some(read) => read.clone(),
            None => {
                let text = std::mem::take(&mut self.map.files[index].text);
                let tokens = lex(&text, file, self.cpp, &mut self.interner, &mut self.diagnostics);
                self.map.files[index].text = text;
                let guard = guard(&tokens, &self.interner);
                let read = Read { tokens: tokens.into(), guard };
                self.read[index] = Some(read.clone());
                read
            }
        };
        if read.guard.is_some_and(|guard| self.get_macro(guard).is_some()) {
            return;
        }
        self.stack.push(Stream { tokens: read.tokens, at: 0, disables: None, file: Some(file) });
    }

    fn error(&mut self, kind: Kind, span: Span) {
        if self.diagnostics.len() < DIAGNOSTICS_MAX {
            self.diagnostics.push(Diagnostic::error(kind, span));
        }
    }

    fn get_macro(&self, name: Sym) -> Option<&Arc<Macro>> {
        self.macros.get(name.0 as usize)?.as_ref()
    }

    fn set_macro(&mut self, name: Sym, value: Option<Macro>) {
        let index = name.0 as usize;
        if index >= self.macros.len() {
            self.macros.resize(self.interner.len().max(index + 1), None);
        }
        self.macros[index] = value.map(Arc::new);
    }

    /// Runs until the files pushed now are used up; ends the output with [`Tok::Eof`].
    fn run(&mut self) {
        while !self.stopped {
            let Some(stream) = self.stack.last_mut() else { break };
            let Some(token) = stream.tokens.get(stream.at).copied() else {
                self.stack.pop();
                continue;
            };
            if stream.file.is_some() {
                if token.tok == Tok::Eof {
                    self.end_of_file(token);
                    if self.stack.is_empty() {
                        self.out.push(token);
                    }
                    continue;
                }
                if token.bol && token.tok == Tok::Punct(Punct::Hash) {
                    stream.at += 1;
                    self.directive(token);
                    continue;
                }
                if self.skipping() {
                    self.skip_group();
                    continue;
                }
            }
            if let Some(stream) = self.stack.last_mut() {
                stream.at += 1;
            }
            if !self.expand(token) {
                self.emit(token);
            }
        }
        if self.stopped {
            self.stack.clear();
            self.conditionals.clear();
            let end = self.out.last().map_or(Span::default(), |token| token.span);
            self.out.push(eof(end));
        }
    }

    fn emit(&mut self, token: Token) {
        self.out.push(token);
        self.spend(token.span, 1);
    }

    fn spend(&mut self, span: Span, tokens: usize) {
        if self.budget < tokens {
            if !self.stopped {
                self.error(Kind::TooLong, span);
            }
            self.stopped = true;
        } else {
            self.budget -= tokens;
        }
    }

    fn end_of_file(&mut self, token: Token) {
        let depth = self.files_open();
        while let Some(conditional) = self.conditionals.pop_if(|it| it.depth >= depth) {
            self.error(Kind::UnterminatedConditional, conditional.span);
        }
        let _ = token;
        self.stack.pop();
    }

    fn files_open(&self) -> usize {
        self.stack.iter().filter(|stream| stream.file.is_some()).count()
    }

    fn skipping(&self) -> bool {
        self.conditionals.last().is_some_and(|conditional| !conditional.active)
    }

    /// Skips to the next line that begins with `#`.
    fn skip_group(&mut self) {
        if let Some(stream) = self.stack.last_mut() {
            while let Some(token) = stream.tokens.get(stream.at) {
                let hash = token.bol && token.tok == Tok::Punct(Punct::Hash);
                if hash || token.tok == Tok::Eof {
                    break;
                }
                stream.at += 1;
            }
        }
    }

    /// The rest of the directive's line.
    fn line(&mut self) -> Vec<Token> {
        let mut line = Vec::new();
        if let Some(stream) = self.stack.last_mut() {
            while let Some(token) = stream.tokens.get(stream.at) {
                if token.bol || token.tok == Tok::Eof {
                    break;
                }
                line.push(*token);
                stream.at += 1;
            }
        }
        line
    }
}
