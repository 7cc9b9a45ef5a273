//! Macro expansion (C11 §6.10.3): arguments, `#`, `##`, rescanning.

use super::condition::matching_paren;
use super::{ARGUMENT_DEPTH_MAX, Builtin, Macro, Preprocessor, Stream, TOKENS_MAX};
use crate::diag::{Diagnostic, Kind, Related};
use crate::lex::{Punct, Sym, Tok, Token, lex};
use crate::source::Span;
use std::sync::Arc;

impl<'a> Preprocessor<'a> {
    fn disabled(&self, name: Sym) -> bool {
        self.stack.iter().any(|stream| stream.disables == Some(name))
    }

    /// Starts the expansion of a token that is a macro's name; whether it was one.
    pub(super) fn expand(&mut self, token: Token) -> bool {
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

    pub(super) fn builtin(&mut self, builtin: Builtin, token: Token) -> Token {
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

    pub(super) fn expanded(
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
    pub(super) fn expand_all(&mut self, tokens: Vec<Token>) -> Vec<Token> {
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

    pub(super) fn spell_one(&self, token: Token) -> String {
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
    pub(super) fn spell(&self, tokens: &[Token]) -> String {
        let mut text = String::new();
        for (i, token) in tokens.iter().enumerate() {
            if i > 0 && (token.space || token.bol) {
                text.push(' ');
            }
            text.push_str(&self.spell_one(*token));
        }
        text
    }
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

pub(super) fn eof(span: Span) -> Token {
    Token {
        tok: Tok::Eof,
        span: Span { start: span.end, ..span },
        bol: true,
        space: false,
        painted: false,
        from_macro: false,
    }
}
