//! The preprocessor (C11 §6.10), translation phase 4.
//!
//! Macros are expanded with a stack of token streams; a macro is disabled while its own stream is
//! on the stack, and its name met there is painted so that it never expands again. Everything has a
//! limit (nesting, includes, tokens), because the text may be anything.

use crate::diag::{Diagnostic, Kind, Related, Severity, nearest};
use crate::lex::{Interner, Punct, Sym, Tok, Token, lex};
use crate::libc;
use crate::program::Target;
use crate::source::{FileId, Origin, SourceFile, SourceMap, Sources, Span};
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
}

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
    let main = pp.add_file(
        sources.main.clone(),
        sources.files.get(&sources.main).cloned().unwrap_or_default(),
        Origin::User,
    );
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

/// The name of a header's include guard: `#ifndef NAME` first, its `#endif` last, no `#else`.
fn guard(tokens: &[Token], interner: &Interner) -> Option<Sym> {
    let is = |token: &Token, text: &str| matches!(token.tok, Tok::Ident(sym) if interner.get(sym) == text);
    let [hash, ifndef, Token { tok: Tok::Ident(name), .. }, ..] = tokens else { return None };
    if hash.tok != Tok::Punct(Punct::Hash) || !is(ifndef, "ifndef") || !tokens.get(3)?.bol {
        return None;
    }
    let mut depth = 0u32;
    for (at, token) in tokens.iter().enumerate() {
        if !token.bol || token.tok != Tok::Punct(Punct::Hash) {
            continue;
        }
        let Some(Token { tok: Tok::Ident(directive), bol: false, .. }) = tokens.get(at + 1) else {
            continue;
        };
        match interner.get(*directive) {
            "if" | "ifdef" | "ifndef" => depth += 1,
            "else" | "elif" | "elifdef" | "elifndef" if depth == 1 => return None,
            "endif" => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            let end = tokens[at + 1..].iter().position(|token| token.bol)? + at + 1;
            return (tokens.get(end)?.tok == Tok::Eof).then_some(*name);
        }
    }
    None
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

    fn predefine(&mut self) {
        for (name, builtin) in [
            ("__LINE__", Builtin::Line),
            ("__FILE__", Builtin::File),
            ("__COUNTER__", Builtin::Counter),
        ] {
            let name = self.interner.intern(name);
            let builtin = Some(builtin);
            let (span, params, body) = (Span::default(), None, Vec::new());
            self.set_macro(name, Some(Macro { span, params, variadic: false, body, builtin }));
        }
        let mut text = COMMON.to_owned();
        text.push_str(match self.target {
            Target::Linux => LINUX,
            Target::Windows => WINDOWS,
        });
        text.push_str(if self.cpp { CPP } else { C });
        self.define_text(&text);
    }

    fn define_text(&mut self, text: &str) {
        let file = self.add_file("<built-in>".to_owned(), text.to_owned(), Origin::System);
        self.push_file(file);
        self.run();
        self.out.pop();
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

    // ---- the main loop

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

    // ---- directives

    fn directive(&mut self, hash: Token) {
        let line = self.line();
        let Some(first) = line.first().copied() else { return }; // the null directive
        let rest = &line[1..];
        let name = match first.tok {
            Tok::Ident(sym) => self.interner.get(sym).to_owned(),
            Tok::Number(_) if !self.skipping() => return, // `# 12 "file"`: a line marker
            _ => String::new(),
        };
        let span = hash.span.to(first.span);
        match name.as_str() {
            "if" | "ifdef" | "ifndef" => self.begin_if(&name, span, rest),
            "elif" | "elifdef" | "elifndef" => self.elif(&name, span, rest),
            "else" => self.begin_else(span),
            "endif" => {
                if self.conditionals.pop().is_none() {
                    self.error(Kind::DirectiveWithoutIf { name }, span);
                }
            }
            _ if self.skipping() => {}
            "define" => self.define(span, rest),
            "undef" => match rest.first().map(|token| token.tok) {
                Some(Tok::Ident(name)) => self.set_macro(name, None),
                _ => self.error(Kind::MacroName, span),
            },
            "include" | "include_next" | "import" => self.include(span, rest),
            "error" | "warning" => {
                let text = self.spell(rest);
                let kind = Kind::UserError { text };
                let whole = rest.last().map_or(span, |last| span.to(last.span));
                let mut diagnostic = Diagnostic::error(kind, whole);
                if name == "warning" {
                    diagnostic.severity = Severity::Warning;
                }
                self.diagnostics.push(diagnostic);
            }
            "pragma" => {
                let once = matches!(rest.first(), Some(Token { tok: Tok::Ident(sym), .. }) if self.interner.get(*sym) == "once");
                if once && let Some(file) = self.stack.last().and_then(|stream| stream.file) {
                    self.once.push(file);
                }
                self.pragma_pack(rest);
            }
            "line" | "ident" | "sccs" => {}
            _ => {
                const NAMES: &[&str] = &[
                    "if", "ifdef", "ifndef", "elif", "else", "endif", "define", "undef", "include",
                    "error", "warning", "pragma", "line",
                ];
                let name = self.spell(&line[..1]);
                let suggestion = nearest(&name, NAMES.iter().copied());
                self.error(Kind::UnknownDirective { name, suggestion }, span.to(first.span));
            }
        }
    }

    /// `#pragma pack(n)`, `pack()`, `pack(push, n)`, `pack(push)`, `pack(pop)`.
    fn pragma_pack(&mut self, rest: &[Token]) {
        let word = |token: &Token| match token.tok {
            Tok::Ident(sym) | Tok::Number(sym) => self.interner.get(sym).to_owned(),
            _ => String::new(),
        };
        if rest.first().map(word).as_deref() != Some("pack") {
            return;
        }
        let words: Vec<String> =
            rest[1..].iter().map(word).filter(|word| !word.is_empty()).collect();
        let size = words.iter().find_map(|word| word.parse().ok()).filter(|n| *n <= 16u64);
        let now = self.packs.last().map_or(0, |(_, size)| *size);
        let next = match words.first().map(String::as_str) {
            Some("push") => {
                self.packs_saved.push(now);
                size.unwrap_or(now)
            }
            Some("pop") => size.or(self.packs_saved.pop()).unwrap_or(0),
            _ => size.unwrap_or(0),
        };
        self.packs.push((self.out.len(), next));
    }

    fn begin_if(&mut self, name: &str, span: Span, rest: &[Token]) {
        if self.conditionals.len() >= CONDITIONALS_MAX {
            self.stopped = true;
            return self.error(Kind::TooDeep, span);
        }
        let depth = self.files_open();
        let outer = !self.skipping();
        let value = outer && self.condition(name, span, rest);
        self.conditionals.push(Conditional {
            span,
            active: value,
            taken: value || !outer,
            had_else: false,
            depth,
        });
    }

    fn condition(&mut self, name: &str, span: Span, rest: &[Token]) -> bool {
        if name.ends_with("def") {
            return match rest.first().map(|token| token.tok) {
                Some(Tok::Ident(sym)) => self.get_macro(sym).is_some() != name.ends_with("ndef"),
                _ => {
                    self.error(Kind::MacroName, span);
                    false
                }
            };
        }
        self.evaluate(span, rest)
    }

    fn elif(&mut self, name: &str, span: Span, rest: &[Token]) {
        let Some(last) = self.conditionals.last() else {
            let name = name.to_owned();
            return self.error(Kind::DirectiveWithoutIf { name }, span);
        };
        if last.had_else {
            let name = name.to_owned();
            return self.error(Kind::DirectiveWithoutIf { name }, span);
        }
        let value = !last.taken && self.condition(name, span, rest);
        if let Some(last) = self.conditionals.last_mut() {
            last.active = value;
            last.taken |= value;
        }
    }

    fn begin_else(&mut self, span: Span) {
        match self.conditionals.last_mut() {
            Some(last) if !last.had_else => {
                last.active = !last.taken;
                last.taken = true;
                last.had_else = true;
            }
            _ => self.error(Kind::DirectiveWithoutIf { name: "else".to_owned() }, span),
        }
    }

    fn define(&mut self, span: Span, rest: &[Token]) {
        let Some(Token { tok: Tok::Ident(name), span: name_span, .. }) = rest.first().copied()
        else {
            return self.error(Kind::MacroName, span);
        };
        if name == self.names.defined {
            return self.error(Kind::MacroName, name_span);
        }
        let mut at = 1;
        let mut params = None;
        let mut variadic = false;
        if rest.get(1).is_some_and(|t| t.tok == Tok::Punct(Punct::LParen) && !t.space) {
            let Some((found, is_variadic, after)) = self.macro_params(&rest[2..]) else {
                return self.error(Kind::MacroParameters, name_span);
            };
            (params, variadic, at) = (Some(found), is_variadic, 2 + after);
        }
        let body = rest[at..].to_vec();
        let ends_with_paste = |token: Option<&Token>| {
            token.is_some_and(|token| token.tok == Tok::Punct(Punct::HashHash))
        };
        if ends_with_paste(body.first()) || ends_with_paste(body.last()) {
            return self.error(Kind::PasteAtEnd, name_span);
        }
        let value = Macro { span: name_span, params, variadic, body, builtin: None };
        if let Some(old) = self.get_macro(name).cloned()
            && self.map.is_user(name_span)
            && !self.same_macro(&old, &value)
        {
            let text = self.interner.get(name).to_owned();
            let mut diagnostic = Diagnostic::error(Kind::MacroRedefined { name: text }, name_span);
            diagnostic.severity = Severity::Warning;
            if self.map.is_user(old.span) {
                diagnostic.related.push((old.span, Related::MacroHere));
            }
            self.diagnostics.push(diagnostic);
        }
        self.set_macro(name, Some(value));
    }

    fn same_macro(&self, a: &Macro, b: &Macro) -> bool {
        a.params == b.params
            && a.variadic == b.variadic
            && a.body.len() == b.body.len()
            && a.body.iter().zip(&b.body).all(|(a, b)| a.tok == b.tok)
    }

    /// Parameters after `(`: names, whether the last is variadic, tokens used.
    fn macro_params(&self, tokens: &[Token]) -> Option<(Vec<Sym>, bool, usize)> {
        let mut params = Vec::new();
        let mut at = 0;
        if tokens.first()?.tok == Tok::Punct(Punct::RParen) {
            return Some((params, false, 1));
        }
        loop {
            let mut variadic = false;
            match tokens.get(at)?.tok {
                Tok::Ident(name) if !params.contains(&name) => {
                    params.push(name);
                    at += 1;
                    if tokens.get(at)?.tok == Tok::Punct(Punct::Ellipsis) {
                        variadic = true;
                        at += 1;
                    }
                }
                Tok::Punct(Punct::Ellipsis) => {
                    params.push(self.names.va_args);
                    variadic = true;
                    at += 1;
                }
                _ => return None,
            }
            match tokens.get(at)?.tok {
                Tok::Punct(Punct::RParen) => return Some((params, variadic, at + 1)),
                Tok::Punct(Punct::Comma) if !variadic => at += 1,
                _ => return None,
            }
        }
    }

    fn include(&mut self, span: Span, rest: &[Token]) {
        let expanded;
        let line = match rest.first().map(|token| token.tok) {
            Some(Tok::Ident(_)) => {
                expanded = self.expand_all(rest.to_vec());
                &expanded[..]
            }
            _ => rest,
        };
        let whole = rest.last().map_or(span, |last| span.to(last.span));
        let (name, angled) = match line.first().map(|token| token.tok) {
            Some(Tok::Str(sym)) => (self.interner.get(sym).trim_matches('"').to_owned(), false),
            Some(Tok::Punct(Punct::Lt)) => match self.angled_name(rest, line) {
                Some(name) => (name, true),
                None => return self.error(Kind::BadInclude, whole),
            },
            _ => return self.error(Kind::BadInclude, whole),
        };
        if self.files_open() > INCLUDE_DEPTH_MAX {
            self.stopped = true;
            return self.error(Kind::IncludeDepth { name }, whole);
        }
        let directory = self
            .stack
            .iter()
            .rev()
            .find_map(|stream| stream.file)
            .and_then(|file| self.map.file(file))
            .and_then(|file| file.name.rsplit_once('/'))
            .map_or(String::new(), |(directory, _)| format!("{directory}/"));
        let plain = name.trim_start_matches("./").to_owned();
        let candidates = [format!("{directory}{plain}"), plain.clone()];
        let user = candidates.iter().find(|name| self.sources.files.contains_key(*name)).cloned();
        let cpp_header = if self.cpp { crate::cpp::header(&plain) } else { None };
        let system = cpp_header.or_else(|| libc::header(self.target, &plain));
        let (file_name, text, origin) = match (user, system) {
            (Some(user), None) => {
                let text = self.sources.files[&user].clone();
                (user, text, Origin::User)
            }
            (Some(user), Some(_)) if !angled => {
                let text = self.sources.files[&user].clone();
                (user, text, Origin::User)
            }
            (_, Some(text)) => (plain, text.to_owned(), Origin::System),
            (None, None) => {
                if !self.cpp && crate::cpp::header(&name).is_some() {
                    return self.error(Kind::CppInC { name: format!("<{name}>") }, whole);
                }
                let known = libc::header_names(self.target).map(str::to_owned);
                let known: Vec<String> = known.chain(self.sources.files.keys().cloned()).collect();
                let suggestion = nearest(&name, known.iter().map(String::as_str));
                return self.error(Kind::NoSuchHeader { name, suggestion }, whole);
            }
        };
        let known =
            self.map.files.iter().position(|file| file.name == file_name && file.origin == origin);
        let file = match known {
            Some(index) => FileId(index as u16),
            None if self.map.files.len() >= usize::from(u16::MAX) => return,
            None => self.add_file(file_name, text, origin),
        };
        if !self.once.contains(&file) {
            self.spend(whole, 1);
            self.push_file(file);
        }
    }

    /// The name between `<` and `>`, from the text where that is possible.
    fn angled_name(&self, raw: &[Token], line: &[Token]) -> Option<String> {
        let is_gt = |token: &Token| token.tok == Tok::Punct(Punct::Gt);
        if let (Some(first), Some(last)) = (raw.first(), raw.iter().find(|token| is_gt(token)))
            && first.tok == Tok::Punct(Punct::Lt)
        {
            let span = Span { start: first.span.end, end: last.span.start, ..first.span };
            return Some(self.map.text(span).trim().to_owned());
        }
        let end = line.iter().position(is_gt)?;
        Some(self.spell(&line[1..end]).replace(' ', ""))
    }

    // ---- macro expansion

    fn disabled(&self, name: Sym) -> bool {
        self.stack.iter().any(|stream| stream.disables == Some(name))
    }

    /// Starts the expansion of a token that is a macro's name; whether it was one.
    fn expand(&mut self, token: Token) -> bool {
        let Tok::Ident(name) = token.tok else { return false };
        let Some(value) = self.get_macro(name).cloned() else { return false };
        if token.painted {
            return false;
        }
        if self.disabled(name) {
            self.emit(Token { painted: true, ..token });
            return true;
        }
        if let Some(builtin) = value.builtin {
            let token = self.builtin(builtin, token);
            self.emit(token);
            return true;
        }
        let body = match &value.params {
            None => self.substitute(&value, &[], token),
            Some(params) => {
                if !self.next_is_paren() {
                    return false;
                }
                let Some(args) = self.arguments(token, params.len(), value.variadic) else {
                    return true; // reported
                };
                self.substitute(&value, &args, token)
            }
        };
        self.spend(token.span, body.len() + 1);
        if self.stack.len() > 2000 {
            self.error(Kind::TooLong, token.span);
            self.stopped = true;
        }
        let tokens: Arc<[Token]> = body.into();
        self.stack.push(Stream { tokens, at: 0, disables: Some(name), file: None });
        true
    }

    fn builtin(&mut self, builtin: Builtin, token: Token) -> Token {
        let tok = match builtin {
            Builtin::Line => {
                let line = self.map.line_column(token.span).line;
                Tok::Number(self.interner.intern(&line.to_string()))
            }
            Builtin::File => {
                let name = self.map.file(token.span.file).map_or("", |file| file.name.as_str());
                let quoted = quote(name);
                Tok::Str(self.interner.intern(&quoted))
            }
            Builtin::Counter => {
                self.counter += 1;
                Tok::Number(self.interner.intern(&(self.counter - 1).to_string()))
            }
        };
        Token { tok, from_macro: true, ..token }
    }

    /// Whether `(` is next, looking through the ends of macro streams.
    fn next_is_paren(&self) -> bool {
        for stream in self.stack.iter().rev() {
            if let Some(token) = stream.tokens.get(stream.at) {
                return token.tok == Tok::Punct(Punct::LParen);
            }
            if stream.file.is_some() {
                return false;
            }
        }
        false
    }

    /// The next token for an argument; `None` at the end of a file.
    fn next_raw(&mut self) -> Option<Token> {
        loop {
            let stream = self.stack.last_mut()?;
            match stream.tokens.get(stream.at).copied() {
                Some(token) if token.tok == Tok::Eof => return None,
                Some(token)
                    if token.bol
                        && stream.file.is_some()
                        && token.tok == Tok::Punct(Punct::Hash) =>
                {
                    stream.at += 1;
                    self.directive(token);
                    if self.skipping() {
                        self.skip_group();
                    }
                }
                Some(token) => {
                    stream.at += 1;
                    return Some(token);
                }
                None if stream.file.is_some() => return None,
                None => {
                    self.stack.pop();
                }
            }
        }
    }

    /// The arguments after a function-like macro's name, `(` included.
    fn arguments(&mut self, name: Token, params: usize, variadic: bool) -> Option<Vec<Vec<Token>>> {
        let open = self.next_raw();
        let mut args: Vec<Vec<Token>> = vec![Vec::new()];
        let mut depth = 0u32;
        loop {
            let Some(mut token) = self.next_raw() else {
                let mut diagnostic = Diagnostic::error(
                    Kind::UnterminatedMacro { name: self.spell(&[name]) },
                    name.span,
                );
                if let Some(open) = open {
                    diagnostic.related.push((open.span, Related::OpenedHere));
                }
                self.diagnostics.push(diagnostic);
                return None;
            };
            self.spend(token.span, 1);
            if self.stopped {
                return None;
            }
            if token.bol {
                token.bol = false;
                token.space = true;
            }
            if let Tok::Ident(sym) = token.tok
                && self.get_macro(sym).is_some()
                && self.disabled(sym)
            {
                token.painted = true;
            }
            match token.tok {
                Tok::Punct(Punct::RParen) if depth == 0 => break,
                Tok::Punct(Punct::Comma) if depth == 0 && !(variadic && args.len() == params) => {
                    args.push(Vec::new());
                    continue;
                }
                Tok::Punct(Punct::LParen) => depth += 1,
                Tok::Punct(Punct::RParen) => depth -= 1,
                _ => {}
            }
            args.last_mut()?.push(token);
        }
        if params == 0 && args.len() == 1 && args[0].is_empty() {
            args.clear();
        }
        if variadic && args.len() + 1 == params {
            args.push(Vec::new());
        }
        if args.len() != params {
            let kind = Kind::MacroArguments {
                name: self.spell(&[name]),
                expected: params as u32,
                given: args.len() as u32,
            };
            self.error(kind, name.span);
            return None;
        }
        Some(args)
    }

    /// The replacement list with arguments put in; every token shows the macro's use.
    fn substitute(&mut self, value: &Macro, args: &[Vec<Token>], at: Token) -> Vec<Token> {
        let mut expanded: Vec<Option<Vec<Token>>> = vec![None; args.len()];
        let mut out: Vec<Token> = Vec::with_capacity(value.body.len());
        let params = value.params.as_deref().unwrap_or(&[]);
        let param = |token: &Token| match token.tok {
            Tok::Ident(sym) => params.iter().position(|param| *param == sym),
            _ => None,
        };
        let is = |token: Option<&Token>, punct| token.is_some_and(|t| t.tok == Tok::Punct(punct));
        let body = &value.body;
        let mut i = 0;
        while i < body.len() {
            let token = body[i];
            let here =
                |token: Token| Token { span: at.span, from_macro: true, bol: false, ..token };
            if token.tok == Tok::Punct(Punct::Hash)
                && value.params.is_some()
                && let Some(index) = body.get(i + 1).and_then(param)
            {
                let text = quote(&self.spell(&args[index]));
                let tok = Tok::Str(self.interner.intern(&text));
                out.push(here(Token { tok, ..token }));
                i += 2;
                continue;
            }
            if token.tok == Tok::Punct(Punct::HashHash) && i + 1 < body.len() && !out.is_empty() {
                let next = body[i + 1];
                i += 2;
                match param(&next) {
                    Some(index) => {
                        let comma = is(out.last(), Punct::Comma)
                            && value.variadic
                            && index + 1 == params.len();
                        if comma {
                            // GNU: `, ## __VA_ARGS__` drops the comma when nothing follows.
                            if args[index].is_empty() {
                                out.pop();
                            } else {
                                let arg = self.expanded(&mut expanded, args, index);
                                out.extend(arg.into_iter().map(at_use(at)));
                            }
                            continue;
                        }
                        let mut arg = args[index].iter().copied();
                        if let Some(first) = arg.next() {
                            self.paste(&mut out, first, at);
                            out.extend(arg.map(at_use(at)));
                        }
                    }
                    None => self.paste(&mut out, next, at),
                }
                continue;
            }
            if let Tok::Ident(sym) = token.tok
                && sym == self.names.va_opt
                && value.variadic
                && is(body.get(i + 1), Punct::LParen)
            {
                let end = matching_paren(body, i + 1);
                if args.last().is_some_and(|arg| !arg.is_empty()) {
                    let part = Macro { body: body[i + 2..end].to_vec(), ..value.clone() };
                    let part = self.substitute(&part, args, at);
                    out.extend(part);
                }
                i = end + 1;
                continue;
            }
            match param(&token) {
                Some(index) if is(body.get(i + 1), Punct::HashHash) => {
                    // An operand of `##` is not expanded; an empty one vanishes.
                    if args[index].is_empty() {
                        i += self.paste_after_empty(body, i, args, &mut out, at, params);
                        continue;
                    }
                    out.extend(args[index].iter().copied().map(at_use(at)));
                }
                Some(index) => {
                    let mut arg = self.expanded(&mut expanded, args, index);
                    if let Some(first) = arg.first_mut() {
                        first.space = token.space;
                    }
                    out.extend(arg.into_iter().map(at_use(at)));
                }
                None => out.push(here(token)),
            }
            i += 1;
            if out.len() > TOKENS_MAX {
                self.stopped = true;
                return Vec::new();
            }
        }
        if let Some(first) = out.first_mut() {
            first.space = at.space;
            first.bol = false;
        }
        out
    }

    /// `EMPTY ## next`: the result is `next`; how many body tokens were used.
    fn paste_after_empty(
        &mut self,
        body: &[Token],
        i: usize,
        args: &[Vec<Token>],
        out: &mut Vec<Token>,
        at: Token,
        params: &[Sym],
    ) -> usize {
        let Some(next) = body.get(i + 2) else { return 2 };
        let index = match next.tok {
            Tok::Ident(sym) => params.iter().position(|param| *param == sym),
            _ => None,
        };
        match index {
            Some(index) => out.extend(args[index].iter().copied().map(at_use(at))),
            None => out.push(at_use(at)(*next)),
        }
        3
    }

    fn expanded(
        &mut self,
        cache: &mut [Option<Vec<Token>>],
        args: &[Vec<Token>],
        index: usize,
    ) -> Vec<Token> {
        if cache[index].is_none() {
            cache[index] = Some(self.expand_all(args[index].clone()));
        }
        cache[index].clone().unwrap_or_default()
    }

    /// Expands a list on its own, as an argument or a directive's line.
    fn expand_all(&mut self, tokens: Vec<Token>) -> Vec<Token> {
        if !tokens.iter().any(|t| matches!(t.tok, Tok::Ident(sym) if self.get_macro(sym).is_some()))
        {
            return tokens;
        }
        if self.argument_depth >= ARGUMENT_DEPTH_MAX {
            let span = tokens.first().map_or(Span::default(), |token| token.span);
            if !self.stopped {
                self.error(Kind::TooLong, span);
            }
            self.stopped = true;
            return Vec::new();
        }
        self.argument_depth += 1;
        // Macros disabled outside stay so: their names in the list are painted already.
        let outer_stack = std::mem::take(&mut self.stack);
        let outer_out = std::mem::take(&mut self.out);
        self.stack.push(Stream { tokens: tokens.into(), at: 0, disables: None, file: None });
        while !self.stopped
            && let Some(stream) = self.stack.last_mut()
        {
            match stream.tokens.get(stream.at).copied() {
                None => {
                    self.stack.pop();
                }
                Some(token) => {
                    stream.at += 1;
                    if !self.expand(token) {
                        self.emit(token);
                    }
                }
            }
        }
        self.argument_depth -= 1;
        self.stack = outer_stack;
        std::mem::replace(&mut self.out, outer_out)
    }

    /// `##`: joins the last token of `out` with `right`.
    fn paste(&mut self, out: &mut Vec<Token>, right: Token, at: Token) {
        let Some(left) = out.pop() else { return out.push(at_use(at)(right)) };
        let text = format!("{}{}", self.spell_one(left), self.spell_one(right));
        let mut ignored = Vec::new();
        let tokens = lex(&text, at.span.file, self.cpp, &mut self.interner, &mut ignored);
        if tokens.len() == 2 {
            out.push(Token { space: left.space, ..at_use(at)(tokens[0]) });
        } else {
            self.error(Kind::BadPaste { text }, at.span);
            out.push(left);
            out.push(at_use(at)(right));
        }
    }

    fn spell_one(&self, token: Token) -> String {
        match token.tok {
            Tok::Ident(sym) | Tok::Number(sym) | Tok::Str(sym) | Tok::Char(sym) => {
                self.interner.get(sym).to_owned()
            }
            Tok::Punct(punct) => punct.text().to_owned(),
            Tok::Other(c) => c.to_string(),
            Tok::Eof => String::new(),
        }
    }

    /// Tokens as `#` spells them.
    fn spell(&self, tokens: &[Token]) -> String {
        let mut text = String::new();
        for (i, token) in tokens.iter().enumerate() {
            if i > 0 && (token.space || token.bol) {
                text.push(' ');
            }
            text.push_str(&self.spell_one(*token));
        }
        text
    }

    // ---- #if

    fn evaluate(&mut self, span: Span, line: &[Token]) -> bool {
        let mut tokens = Vec::with_capacity(line.len());
        let mut i = 0;
        while i < line.len() {
            let token = line[i];
            if token.tok == Tok::Ident(self.names.defined) {
                let paren = line.get(i + 1).is_some_and(|t| t.tok == Tok::Punct(Punct::LParen));
                let name = line.get(i + 1 + usize::from(paren));
                let Some(Token { tok: Tok::Ident(name), .. }) = name else {
                    self.error(Kind::MacroName, token.span);
                    return false;
                };
                let value = if self.get_macro(*name).is_some() { "1" } else { "0" };
                tokens.push(Token { tok: Tok::Number(self.interner.intern(value)), ..token });
                i += 2 + 2 * usize::from(paren);
                continue;
            }
            let spelling = self.spell_one(token);
            if matches!(spelling.as_str(), "__has_include" | "__has_include_next") {
                let end = line[i..].iter().position(|t| t.tok == Tok::Punct(Punct::RParen));
                let end = i + end.unwrap_or(line.len() - 1 - i);
                let name = self.spell(&line[(i + 2).min(end)..end]).replace(' ', "");
                let name = name.trim_matches(['<', '>', '"']);
                let there = libc::header(self.target, name).is_some()
                    || self.sources.files.contains_key(name);
                let value = if there { "1" } else { "0" };
                tokens.push(Token { tok: Tok::Number(self.interner.intern(value)), ..token });
                i = end + 1;
                continue;
            }
            if spelling.starts_with("__has_")
                && line.get(i + 1).is_some_and(|t| t.tok == Tok::Punct(Punct::LParen))
            {
                i = matching_paren(line, i + 1) + 1;
                tokens.push(Token { tok: Tok::Number(self.interner.intern("0")), ..token });
                continue;
            }
            tokens.push(token);
            i += 1;
        }
        let tokens = self.expand_all(tokens);
        let mut parser = Condition { pp: self, tokens: &tokens, at: 0, depth: 0, dead: 0 };
        let value = parser.ternary();
        let complete = parser.at == tokens.len();
        match value {
            Ok((value, _)) if complete && !tokens.is_empty() => value != 0,
            Err(kind) => {
                let whole = line.last().map_or(span, |last| span.to(last.span));
                self.error(kind, whole);
                false
            }
            _ => {
                let whole = line.last().map_or(span, |last| span.to(last.span));
                self.error(Kind::BadCondition, whole);
                false
            }
        }
    }
}

/// The expression of an `#if`: values are 64 bits wide, signed or not (C11 §6.10.1).
struct Condition<'a, 'b> {
    pp: &'a Preprocessor<'b>,
    tokens: &'a [Token],
    at: usize,
    depth: u32,
    /// Above zero inside operands that are not evaluated.
    dead: u32,
}

type CondValue = Result<(i64, bool), Kind>;

impl Condition<'_, '_> {
    fn peek(&self) -> Option<Punct> {
        match self.tokens.get(self.at)?.tok {
            Tok::Punct(punct) => Some(punct),
            _ => None,
        }
    }

    fn eat(&mut self, punct: Punct) -> bool {
        let found = self.peek() == Some(punct);
        self.at += usize::from(found);
        found
    }

    fn ternary(&mut self) -> CondValue {
        self.depth += 1;
        if self.depth > 100 {
            return Err(Kind::BadCondition);
        }
        let condition = self.binary(0)?;
        let result = if self.eat(Punct::Question) {
            self.dead += u32::from(condition.0 == 0);
            let yes = self.ternary()?;
            self.dead -= u32::from(condition.0 == 0);
            if !self.eat(Punct::Colon) {
                return Err(Kind::BadCondition);
            }
            self.dead += u32::from(condition.0 != 0);
            let no = self.ternary()?;
            self.dead -= u32::from(condition.0 != 0);
            let unsigned = yes.1 || no.1;
            (if condition.0 != 0 { yes.0 } else { no.0 }, unsigned)
        } else {
            condition
        };
        self.depth -= 1;
        Ok(result)
    }

    fn binary(&mut self, min: u8) -> CondValue {
        let mut left = self.unary()?;
        while let Some(op) = self.peek()
            && let Some(level) = cond_level(op)
            && level >= min
        {
            self.at += 1;
            let dead = match op {
                Punct::AndAnd => left.0 == 0,
                Punct::OrOr => left.0 != 0,
                _ => false,
            };
            self.dead += u32::from(dead);
            let right = self.binary(level + 1)?;
            self.dead -= u32::from(dead);
            left = self.apply(op, left, right)?;
        }
        Ok(left)
    }

    fn apply(&self, op: Punct, (a, au): (i64, bool), (b, bu): (i64, bool)) -> CondValue {
        let unsigned = au || bu;
        let (ua, ub) = (a as u64, b as u64);
        let truth = |value: bool| Ok((i64::from(value), false));
        let value = match op {
            Punct::Star => a.wrapping_mul(b),
            Punct::Slash | Punct::Percent if b == 0 => {
                return if self.dead > 0 { Ok((0, unsigned)) } else { Err(Kind::DivisionByZero) };
            }
            Punct::Slash if unsigned => (ua / ub) as i64,
            Punct::Slash => a.wrapping_div(b),
            Punct::Percent if unsigned => (ua % ub) as i64,
            Punct::Percent => a.wrapping_rem(b),
            Punct::Plus => a.wrapping_add(b),
            Punct::Minus => a.wrapping_sub(b),
            Punct::Shl => return Ok((a.wrapping_shl(b as u32), au)),
            Punct::Shr if au => return Ok((ua.wrapping_shr(b as u32) as i64, au)),
            Punct::Shr => return Ok((a.wrapping_shr(b as u32), au)),
            Punct::Lt => return truth(if unsigned { ua < ub } else { a < b }),
            Punct::Gt => return truth(if unsigned { ua > ub } else { a > b }),
            Punct::Le => return truth(if unsigned { ua <= ub } else { a <= b }),
            Punct::Ge => return truth(if unsigned { ua >= ub } else { a >= b }),
            Punct::EqEq => return truth(a == b),
            Punct::Ne => return truth(a != b),
            Punct::And => a & b,
            Punct::Xor => a ^ b,
            Punct::Or => a | b,
            Punct::AndAnd => return truth(a != 0 && b != 0),
            Punct::OrOr => return truth(a != 0 || b != 0),
            _ => return Err(Kind::BadCondition),
        };
        Ok((value, unsigned))
    }

    fn unary(&mut self) -> CondValue {
        self.depth += 1;
        if self.depth > 200 {
            return Err(Kind::BadCondition);
        }
        let Some(token) = self.tokens.get(self.at) else { return Err(Kind::BadCondition) };
        self.at += 1;
        let value = match token.tok {
            Tok::Punct(Punct::Not) => {
                let (value, _) = self.unary()?;
                (i64::from(value == 0), false)
            }
            Tok::Punct(Punct::Minus) => {
                let (value, unsigned) = self.unary()?;
                (value.wrapping_neg(), unsigned)
            }
            Tok::Punct(Punct::Plus) => self.unary()?,
            Tok::Punct(Punct::Tilde) => {
                let (value, unsigned) = self.unary()?;
                (!value, unsigned)
            }
            Tok::Punct(Punct::LParen) => {
                let value = self.ternary()?;
                if !self.eat(Punct::RParen) {
                    return Err(Kind::BadCondition);
                }
                value
            }
            Tok::Number(sym) => cond_number(self.pp.interner.get(sym)).ok_or(Kind::BadCondition)?,
            Tok::Char(sym) => {
                let spelling = self.pp.interner.get(sym);
                (crate::literal::char_value(spelling, self.pp.target).unwrap_or(0), false)
            }
            Tok::Ident(sym) => {
                (i64::from(self.pp.cpp && self.pp.interner.get(sym) == "true"), false)
            }
            _ => return Err(Kind::BadCondition),
        };
        self.depth -= 1;
        Ok(value)
    }
}

fn cond_level(op: Punct) -> Option<u8> {
    Some(match op {
        Punct::OrOr => 0,
        Punct::AndAnd => 1,
        Punct::Or => 2,
        Punct::Xor => 3,
        Punct::And => 4,
        Punct::EqEq | Punct::Ne => 5,
        Punct::Lt | Punct::Gt | Punct::Le | Punct::Ge => 6,
        Punct::Shl | Punct::Shr => 7,
        Punct::Plus | Punct::Minus => 8,
        Punct::Star | Punct::Slash | Punct::Percent => 9,
        _ => return None,
    })
}

fn cond_number(text: &str) -> Option<(i64, bool)> {
    let body = text.trim_end_matches(['u', 'U', 'l', 'L']);
    let unsigned = text[body.len()..].contains(['u', 'U']);
    let value = crate::literal::parse_digits(body)?;
    Some((value as i64, unsigned || value > i64::MAX as u64))
}

fn matching_paren(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0usize;
    for (i, token) in tokens.iter().enumerate().skip(open) {
        match token.tok {
            Tok::Punct(Punct::LParen) => depth += 1,
            Tok::Punct(Punct::RParen) => {
                depth -= 1;
                if depth == 0 {
                    return i;
                }
            }
            _ => {}
        }
    }
    tokens.len() - 1
}

fn at_use(at: Token) -> impl Fn(Token) -> Token {
    move |token| Token { span: at.span, from_macro: true, bol: false, ..token }
}

fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut in_literal = None;
    let mut escaped = false;
    for c in text.chars() {
        // Inside literals `"` and `\` are escaped (C11 §6.10.3.2); elsewhere they cannot be.
        match c {
            '"' | '\'' if !escaped && in_literal.is_none_or(|open| open == c) => {
                in_literal = if in_literal.is_some() { None } else { Some(c) };
                if c == '"' {
                    quoted.push('\\');
                }
                quoted.push(c);
            }
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            _ => quoted.push(c),
        }
        escaped = c == '\\' && !escaped && in_literal.is_some();
    }
    quoted.push('"');
    quoted
}

fn eof(span: Span) -> Token {
    Token {
        tok: Tok::Eof,
        span: Span { start: span.end, ..span },
        bol: true,
        space: false,
        painted: false,
        from_macro: false,
    }
}

const COMMON: &str = "\
#define __STDC__ 1
#define __STDC_HOSTED__ 1
#define __x86_64__ 1
#define __x86_64 1
#define __amd64__ 1
#define __CHAR_BIT__ 8
#define __SCHAR_MAX__ 127
#define __SHRT_MAX__ 32767
#define __INT_MAX__ 2147483647
#define __LONG_LONG_MAX__ 9223372036854775807LL
#define __SIZEOF_INT__ 4
#define __SIZEOF_SHORT__ 2
#define __SIZEOF_LONG_LONG__ 8
#define __SIZEOF_POINTER__ 8
#define __SIZEOF_SIZE_T__ 8
#define __SIZEOF_FLOAT__ 4
#define __SIZEOF_DOUBLE__ 8
#define __ORDER_LITTLE_ENDIAN__ 1234
#define __ORDER_BIG_ENDIAN__ 4321
#define __BYTE_ORDER__ 1234
#define __GNUC__ 12
#define __GNUC_MINOR__ 2
#define __GNUC_PATCHLEVEL__ 0
#define __VERSION__ \"12.2.0\"
#define __SOQUETE__ 1
#define __DATE__ \"Jan  1 2026\"
#define __TIME__ \"00:00:00\"
#define __extension__
#define __FLT_MAX__ 3.40282346638528859811704183484516925e+38F
#define __DBL_MAX__ 1.79769313486231570814527423731704357e+308
";

const LINUX: &str = "\
#define __linux__ 1
#define __linux 1
#define linux 1
#define __gnu_linux__ 1
#define __unix__ 1
#define __unix 1
#define unix 1
#define __ELF__ 1
#define __LP64__ 1
#define _LP64 1
#define __LONG_MAX__ 9223372036854775807L
#define __SIZEOF_LONG__ 8
#define __SIZE_TYPE__ unsigned long
#define __PTRDIFF_TYPE__ long
#define __WCHAR_TYPE__ int
#define __INTMAX_TYPE__ long
#define __UINTMAX_TYPE__ unsigned long
#define __INT64_TYPE__ long
#define __UINT64_TYPE__ unsigned long
";

const WINDOWS: &str = "\
#define _WIN32 1
#define _WIN64 1
#define WIN32 1
#define WIN64 1
#define __WIN32__ 1
#define __MINGW32__ 1
#define __MINGW64__ 1
#define __LONG_MAX__ 2147483647L
#define __SIZEOF_LONG__ 4
#define __SIZE_TYPE__ unsigned long long
#define __PTRDIFF_TYPE__ long long
#define __WCHAR_TYPE__ unsigned short
#define __INTMAX_TYPE__ long long
#define __UINTMAX_TYPE__ unsigned long long
#define __INT64_TYPE__ long long
#define __UINT64_TYPE__ unsigned long long
#define __cdecl
#define __stdcall
#define __fastcall
#define __declspec(x)
#define _cdecl
#define _stdcall
";

const C: &str = "\
#define __STDC_VERSION__ 201710L
#define __STDC_IEC_559__ 1
#define __STDC_UTF_16__ 1
#define __STDC_UTF_32__ 1
";

const CPP: &str = "\
#define __cplusplus 201703L
#define _GNU_SOURCE 1
";
