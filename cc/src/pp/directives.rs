//! Directives (C11 §6.10), but for conditions' values: files, macros' definitions, groups.

use super::{CONDITIONALS_MAX, Conditional, INCLUDE_DEPTH_MAX, Macro, Preprocessor};
use crate::diag::{Diagnostic, Kind, Related, Severity, nearest};
use crate::lex::{Interner, Punct, Sym, Tok, Token};
use crate::libc;
use crate::program::Target;
use crate::source::{FileId, Origin, Span};

/// The name of a header's include guard: `#ifndef NAME` first, its `#endif` last, no `#else`.
pub(super) fn guard(tokens: &[Token], interner: &Interner) -> Option<Sym> {
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
    pub(super) fn directive(&mut self, hash: Token) {
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

    pub(super) fn condition(&mut self, name: &str, span: Span, rest: &[Token]) -> bool {
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

    pub(super) fn define(&mut self, span: Span, rest: &[Token]) {
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
                if self.target == Target::Linux && libc::header(Target::Windows, &plain).is_some() {
                    return self.error(Kind::WindowsHeader { name }, whole);
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
}
