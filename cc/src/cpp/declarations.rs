//! What C++ adds to declarations: directives, names of types, initialisers with parentheses, `for`
//! over a range.

use super::REFUSED;
use crate::ast::*;
use crate::diag::Kind;
use crate::lex::{Punct, Sym, Tok, Token};
use crate::parse::{Entry, Kw, Parse, Parser, Stop};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

impl Parser {
    /// `for (char c : text)`, `for (int &x : array)`; whether a `:` comes before the first `;`.
    pub(crate) fn is_range_for(&self) -> bool {
        let mut depth = 0u32;
        for token in &self.tokens[self.at.min(self.tokens.len())..] {
            match token.tok {
                Tok::Punct(Punct::LParen | Punct::LBrace | Punct::LBracket) => depth += 1,
                Tok::Punct(Punct::RParen | Punct::RBrace | Punct::RBracket) if depth > 0 => {
                    depth -= 1;
                }
                Tok::Punct(Punct::Colon) if depth == 0 => return true,
                Tok::Punct(Punct::Semi | Punct::Question | Punct::RParen) | Tok::Eof => {
                    return false;
                }
                _ => {}
            }
        }
        false
    }

    /// The rest of a range-based for, after its `(`: over a string or an array.
    pub(crate) fn range_for(&mut self, start: Span) -> Parse<Stmt> {
        self.push_scope();
        let (base, storage) = self.declaration_specifiers(false)?;
        let reference = self.eat(Punct::And) || self.eat(Punct::AndAnd);
        let name = self.next();
        let Tok::Ident(sym) = name.tok else {
            let found = self.spelling(name);
            self.error(Kind::ExpectedName { found }, name.span);
            return Err(Stop);
        };
        self.expect(Punct::Colon)?;
        let range = self.expression()?;
        let span = range.span;
        self.expect(Punct::RParen)?;
        let size_t = self.types.size_t();
        let (first, count) = if self.is_string(range.ty) {
            let mut field = |name: &str| {
                let sym = self.intern(name);
                let (offset, ty, _) =
                    self.types.member(range.ty, sym).unwrap_or((0, Ty::ERROR, None));
                let kind = ExprKind::Member(Box::new(range.clone()), offset, None);
                self.expr(kind, ty, span, range.height)
            };
            let (first, count) = (field("__p"), field("__len"));
            (first, self.cast(count, size_t))
        } else if let TypeKind::Array(_, len) = self.types.kind(range.ty) {
            let first = self.rvalue(range);
            (first, self.int(len as i64, size_t, span))
        } else {
            let what = format!("a range-based for over {}", self.type_name(range.ty));
            return Err(self.refuse(what, span));
        };
        let pointer = first.ty;
        let Some(of) = self.types.pointee(pointer) else { return Err(Stop) };
        let zero = self.int(0, size_t, span);
        let mut init = Vec::new();
        let mut hidden = |parser: &mut Parser, ty: Ty, value: Expr| {
            let local = parser.new_local(None, ty, span);
            if let Some(function) = &mut parser.function {
                function.locals[local as usize].initialised = true;
            }
            let kind = StmtKind::Decl(local, Some(Init::Expr(Box::new(value))));
            init.push(Stmt { kind, span });
            local
        };
        let at = hidden(self, pointer, first);
        let end = hidden(self, size_t, count);
        let index = hidden(self, size_t, zero);
        let local = |parser: &mut Parser, id, ty| parser.expr(ExprKind::Local(id), ty, span, 0);
        let (i, n) = (local(self, index, size_t), local(self, end, size_t));
        let cond = self.arith(Op::Lt, i, n, Ty::INT, span);
        let i = local(self, index, size_t);
        let kind = ExprKind::Step { left: Box::new(i), scale: None, minus: false, post: false };
        let step = self.expr(kind, size_t, span, 1);
        let (p, i) = (local(self, at, pointer), local(self, index, size_t));
        let element = self.add(p, i, false, span);
        let element = self.deref(element, of, span);
        let ty = if storage.auto_type { of.unqual().with_const_if(base.is_const()) } else { base };
        let (ty, value) = if reference {
            let ty = self.types.reference(ty);
            (ty, self.bind_reference(element, ty))
        } else {
            (ty, self.convert(element, ty, crate::expr::Context::Init))
        };
        self.push_scope();
        let variable = self.new_local(Some(sym), ty, name.span);
        if let Some(function) = &mut self.function {
            function.locals[variable as usize].initialised = true;
        }
        self.bind(sym, Entry::Local(variable));
        let declared = StmtKind::Decl(variable, Some(Init::Expr(Box::new(value))));
        let declared = Stmt { kind: declared, span: name.span };
        let body = self.loop_body("for")?;
        let inner = self.pop_scope();
        let body = Stmt { kind: StmtKind::Block(vec![declared, body], inner), span: start };
        let locals = self.pop_scope();
        let (cond, step, body) = (Some(cond), Some(step), Box::new(body));
        Ok(Stmt { kind: StmtKind::For { init, cond, step, body, locals }, span: start })
    }

    /// `using namespace std;` and the like; whether there was one.
    pub(crate) fn cpp_directive(&mut self) -> Parse<bool> {
        match self.kw() {
            Some(Kw::Using) => {
                while !self.is(Punct::Semi) && self.peek().tok != Tok::Eof {
                    self.next();
                }
                self.expect(Punct::Semi)?;
                self.uses_std = true;
                Ok(true)
            }
            Some(Kw::Extern)
                if matches!(self.peek_at(1).tok, Tok::Str(_))
                    && self.peek_at(2).tok == Tok::Punct(Punct::LBrace) =>
            {
                // extern "C" { … }: the braces mean nothing here.
                self.next();
                self.next();
                self.next();
                self.extern_c += 1;
                Ok(true)
            }
            None if self.is(Punct::RBrace) && self.extern_c > 0 => {
                self.next();
                self.extern_c -= 1;
                Ok(true)
            }
            Some(Kw::Template | Kw::Namespace) => {
                let token = self.peek();
                let what = self.spelling(token);
                Err(self.refuse(what, token.span))
            }
            _ => Ok(false),
        }
    }

    /// `std` of `std::`, where the name after it stands.
    fn std_name(&self, token: Token, ahead: usize) -> Option<Sym> {
        let Tok::Ident(sym) = token.tok else { return None };
        if self.interner.get(sym) != "std"
            || self.peek_at(ahead + 1).tok != Tok::Punct(Punct::ColonColon)
        {
            return None;
        }
        match self.peek_at(ahead + 2).tok {
            Tok::Ident(name) => Some(name),
            _ => None,
        }
    }

    /// Whether `std::string` (or another type of std) comes.
    pub(crate) fn cpp_starts_type(&self, token: Token) -> bool {
        let ahead = usize::from(token.span != self.peek().span || token.tok != self.peek().tok);
        self.std_name(token, ahead)
            .is_some_and(|name| matches!(self.lookup(name), Some(Entry::Typedef(_))))
    }

    /// `std::string` as a type; eaten.
    pub(crate) fn cpp_type_name(&mut self) -> Option<Ty> {
        let name = self.std_name(self.peek(), 0)?;
        match self.lookup(name) {
            Some(Entry::Typedef(ty)) => {
                self.next();
                self.next();
                self.next();
                Some(ty)
            }
            _ => {
                let text = self.text(name);
                if REFUSED.contains(&text.as_str()) {
                    let span = self.peek().span.to(self.peek_at(2).span);
                    self.refuse(format!("std::{text}"), span);
                }
                None
            }
        }
    }

    /// Whether the `(` after a declared name opens parameters rather than an initialiser.
    pub(crate) fn cpp_parens_are_params(&self) -> bool {
        let next = self.peek_at(1);
        matches!(next.tok, Tok::Punct(Punct::RParen | Punct::Ellipsis)) || self.starts_type(next)
    }

    /// `int(x) …` as an expression statement rather than a declaration of `x`.
    pub(crate) fn cpp_is_functional_cast(&self) -> bool {
        false
    }

    /// A `std::string` without initialiser is empty.
    pub(crate) fn cpp_default_init(&mut self, ty: Ty, span: Span) -> Option<Init> {
        if !self.cpp || !self.is_string(ty) {
            return None;
        }
        let value = self.empty_string(span);
        Some(Init::Expr(Box::new(value)))
    }

    /// `T x(…)`, `T x{…}` and strings; `None`: as in C. The `=` has been eaten if there was one.
    pub(crate) fn cpp_initializer(&mut self, ty: Ty, span: Span) -> Parse<Option<Init>> {
        let parens = self.is(Punct::LParen)
            && self.tokens[self.at.saturating_sub(1)].tok != Tok::Punct(Punct::Assign);
        if self.is_string(ty) {
            let braces = self.is(Punct::LBrace);
            if parens || braces {
                self.next();
                let close = if parens { Punct::RParen } else { Punct::RBrace };
                let mut args = self.arguments_until(close)?;
                let value = match args.len() {
                    0 => self.empty_string(span),
                    1 => {
                        let arg = args.remove(0);
                        self.new_string(arg, span)
                    }
                    2 if self.types.is_integer(args[0].ty) => {
                        self.library_call("__string_fill", args, span)
                    }
                    _ => self.library_call("__string_make", args, span),
                };
                return Ok(Some(Init::Expr(Box::new(value))));
            }
            let value = self.assignment()?;
            let value = self.new_string(value, span);
            return Ok(Some(Init::Expr(Box::new(value))));
        }
        if parens {
            self.next();
            let value = self.assignment()?;
            self.expect(Punct::RParen)?;
            let value = self.convert(value, ty, crate::expr::Context::Init);
            return Ok(Some(Init::Expr(Box::new(value))));
        }
        Ok(None)
    }

    pub(crate) fn arguments_until(&mut self, close: Punct) -> Parse<Vec<Expr>> {
        let mut args = Vec::new();
        if self.eat(close) {
            return Ok(args);
        }
        loop {
            args.push(self.assignment()?);
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.expect(close)?;
        Ok(args)
    }

    pub(crate) fn functional_cast(&mut self, ty: Ty, span: Span) -> Parse<Expr> {
        let close = if self.is(Punct::LBrace) { Punct::RBrace } else { Punct::RParen };
        self.next();
        if self.is_constructed(ty) {
            let args = self.arguments_until(close)?;
            let span = span.to(self.previous());
            return self.constructed(ty, args, span);
        }
        if self.eat(close) {
            if self.is_string(ty) {
                return Ok(self.empty_string(span));
            }
            let zero = self.int(0, Ty::INT, span);
            return Ok(self.cast(zero, ty));
        }
        let value = self.expression()?;
        let end = self.expect(close)?;
        let span = span.to(end);
        if self.is_string(ty) {
            return Ok(self.new_string(value, span));
        }
        Ok(self.explicit_cast(value, ty, span))
    }
}
