//! Primary expressions (C11 §6.5.1): literals, `_Generic`, and the compiler's own `__builtin_…`.

use super::Context;
use crate::ast::*;
use crate::diag::{Diagnostic, Fix, Kind};
use crate::lex::{Punct, Sym, Tok};
use crate::literal::{self, Encoding, Number};
use crate::parse::{Kw, Parse, Parser, Stop};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

impl Parser {
    /// primary: identifier | constant | string | ( expression ) | generic | builtin
    pub(super) fn primary(&mut self) -> Parse<Expr> {
        let token = self.next();
        let span = token.span;
        match token.tok {
            Tok::Number(sym) => Ok(self.number(sym, span)),
            Tok::Char(sym) => {
                let spelling = self.text(sym);
                match literal::char_value(&spelling, self.target) {
                    Some(value) => {
                        let (encoding, body) = literal::parts(&spelling);
                        let single = literal::elements(body, encoding).is_ok_and(|e| e.len() == 1);
                        let ty = match encoding {
                            Encoding::Bytes if self.cpp && single => Ty::CHAR,
                            Encoding::Bytes => Ty::INT,
                            Encoding::Char16 => Ty::USHORT,
                            Encoding::Char32 => Ty::UINT,
                            Encoding::Wide if literal::unit_size(encoding, self.target) == 2 => {
                                Ty::USHORT
                            }
                            Encoding::Wide => Ty::INT,
                        };
                        if !single {
                            self.warning(Kind::MultiChar, span);
                        }
                        Ok(self.int(value, ty, span))
                    }
                    None => {
                        self.error(Kind::BadCharacter, span);
                        Ok(self.bad(span))
                    }
                }
            }
            Tok::Str(_) => {
                self.at -= 1;
                self.string_literal()
            }
            Tok::Punct(Punct::LParen) => {
                if self.is(Punct::LBrace) && self.function.is_some() {
                    let open = self.next().span;
                    self.enter()?;
                    let stmts = self.statement_expression(open)?;
                    self.leave();
                    let ty = match stmts.last().map(|stmt| &stmt.kind) {
                        Some(StmtKind::Expr(expr)) => expr.ty.unqual(),
                        _ => Ty::VOID,
                    };
                    let ty = match self.types.kind(ty) {
                        TypeKind::Array(of, _) => self.types.ptr(of),
                        _ => ty,
                    };
                    let span = span.to(self.previous());
                    return Ok(self.expr(ExprKind::StmtExpr(stmts), ty, span, 40));
                }
                self.enter()?;
                let inner = self.expression()?;
                self.leave();
                let end = self.expect(Punct::RParen)?;
                Ok(Expr { span: span.to(end), parens: true, ..inner })
            }
            Tok::Punct(Punct::ColonColon)
                if self.cpp && matches!(self.kw(), Some(Kw::New | Kw::Delete)) =>
            {
                self.cpp_new_delete(span)
            }
            Tok::Punct(Punct::ColonColon) if self.cpp => {
                self.at -= 1;
                match self.qualified_expression(span)? {
                    Some(expr) => Ok(expr),
                    None => {
                        self.next();
                        let token = self.next();
                        let Tok::Ident(sym) = token.tok else { return Err(Stop) };
                        self.named_entry(None, sym, span.to(token.span))
                    }
                }
            }
            Tok::Punct(Punct::LBracket) if self.cpp => {
                self.at -= 1;
                self.lambda(span)
            }
            Tok::Ident(sym) => match self.kw_of(token) {
                Some(kw) => self.keyword_primary(kw, span),
                None => self.identifier(sym, span),
            },
            Tok::Other(c) => {
                let kind = match c {
                    '"' => Kind::UnterminatedString,
                    '\'' => Kind::UnterminatedChar,
                    c => Kind::StrayCharacter { character: c },
                };
                let mut diagnostic = Diagnostic::error(kind, span);
                diagnostic.fix = self.straight_quotes(c, span);
                self.report(diagnostic);
                Err(Stop)
            }
            _ => {
                self.at = self.at.saturating_sub(usize::from(token.tok != Tok::Eof));
                let found = self.spelling(token);
                self.error(Kind::ExpectedExpression { found }, span);
                Err(Stop)
            }
        }
    }

    /// Quotes as word processors and web pages have them: the rest of the line with C's.
    fn straight_quotes(&self, c: char, span: Span) -> Option<Fix> {
        const CURLY: [(&[char], &str); 2] = [(&['“', '”', '„'], "\""), (&['‘', '’'], "'")];
        CURLY.iter().find(|(curly, _)| curly.contains(&c))?;
        let file = self.sources.file(span.file)?;
        let rest = file.text.get(span.start as usize..)?.lines().next()?;
        let end = span.start + rest.len() as u32;
        let text = CURLY.iter().fold(rest.to_owned(), |text, (curly, c)| text.replace(*curly, c));
        Some(Fix { span: Span { end, ..span }, text })
    }

    pub(super) fn number(&mut self, sym: Sym, span: Span) -> Expr {
        let spelling = self.text(sym);
        match literal::number(&spelling) {
            Some(Number::Float { value, suffix }) => {
                let ty = match suffix {
                    b'f' => Ty::FLOAT,
                    b'l' => Ty::LDOUBLE,
                    _ => Ty::DOUBLE,
                };
                self.expr(ExprKind::Float(value), ty, span, 0)
            }
            Some(Number::Int { value, decimal, unsigned, longs }) => {
                let ty = self.integer_type(value, decimal, unsigned, longs);
                self.int(value as i64, ty, span)
            }
            None => {
                self.error(Kind::BadNumber { text: spelling }, span);
                self.bad(span)
            }
        }
    }

    /// The first type of the list that holds the value (C11 §6.4.4.1).
    fn integer_type(&self, value: u64, decimal: bool, unsigned: bool, longs: u8) -> Ty {
        let list: &[Ty] = &[Ty::INT, Ty::UINT, Ty::LONG, Ty::ULONG, Ty::LLONG, Ty::ULLONG];
        for ty in &list[2 * usize::from(longs)..] {
            let signed = self.types.is_signed(*ty);
            if signed && unsigned || !signed && !unsigned && decimal {
                continue;
            }
            let bits = self.types.size(*ty).unwrap_or(8) * 8;
            let max = if signed { u64::MAX >> (65 - bits) } else { u64::MAX >> (64 - bits) };
            if value <= max {
                return *ty;
            }
        }
        Ty::ULLONG
    }

    /// Adjacent string literals are one.
    pub(crate) fn string_literal(&mut self) -> Parse<Expr> {
        let start = self.peek().span;
        let mut encoding = Encoding::Bytes;
        let mut ahead = 0;
        while let Tok::Str(sym) = self.peek_at(ahead).tok {
            let (found, _) = literal::parts(self.interner.get(sym));
            if found != Encoding::Bytes {
                encoding = found;
            }
            ahead += 1;
            if self.at + ahead >= self.tokens.len() {
                break;
            }
        }
        let mut units = Vec::new();
        let mut end = start;
        while let Tok::Str(sym) = self.peek().tok {
            let token = self.next();
            end = token.span;
            let spelling = self.text(sym);
            match literal::elements(literal::parts(&spelling).1, encoding) {
                Ok(found) => units.extend(found),
                Err(escape) => self.error(Kind::BadEscape { escape }, token.span),
            }
        }
        units.push(0);
        let unit = literal::unit_size(encoding, self.target);
        let bytes: Vec<u8> =
            units.iter().flat_map(|value| value.to_le_bytes()[..unit].to_vec()).collect();
        let ty = match (encoding, unit) {
            (Encoding::Bytes, _) => Ty::CHAR,
            (_, 2) => Ty::USHORT,
            (Encoding::Char32, _) => Ty::UINT,
            _ => Ty::INT,
        };
        let len = units.len() as u64;
        let ty = self.types.array(ty.with_const_if(self.cpp), len);
        let id = self.string(bytes, unit as u64);
        Ok(self.expr(ExprKind::Str(id), ty, start.to(end), 0))
    }

    fn keyword_primary(&mut self, kw: Kw, span: Span) -> Parse<Expr> {
        match kw {
            Kw::FuncName => match self.func_name() {
                Some(id) => {
                    let len = self.strings[id as usize].bytes.len() as u64;
                    let ty = self.types.array(Ty::CHAR.with_const(), len);
                    Ok(self.expr(ExprKind::Str(id), ty, span, 0))
                }
                None => {
                    self.error(
                        Kind::Undeclared {
                            name: "__func__".to_owned(),
                            suggestion: None,
                            header: None,
                        },
                        span,
                    );
                    Ok(self.bad(span))
                }
            },
            Kw::True | Kw::False => Ok(self.int(i64::from(kw == Kw::True), Ty::BOOL, span)),
            Kw::Nullptr => Ok(self.expr(ExprKind::Int(0), Ty::NULLPTR, span, 0)),
            Kw::Generic => self.generic(span),
            Kw::Offsetof => self.offsetof(span),
            Kw::VaStart => {
                self.expect(Punct::LParen)?;
                let ap = self.assignment()?;
                let ap = self.rvalue(ap);
                if self.eat(Punct::Comma) {
                    self.assignment()?;
                }
                let end = self.expect(Punct::RParen)?;
                if !self.function.as_ref().is_some_and(|function| function.variadic) {
                    self.error(Kind::VaStartOutside, span);
                }
                let ap = self.va_list(ap);
                Ok(self.expr(ExprKind::VaStart(Box::new(ap)), Ty::VOID, span.to(end), 2))
            }
            Kw::VaEnd => {
                self.expect(Punct::LParen)?;
                let ap = self.assignment()?;
                let end = self.expect(Punct::RParen)?;
                let ap = self.rvalue(ap);
                let height = ap.height;
                Ok(self.expr(ExprKind::Cast(Box::new(ap)), Ty::VOID, span.to(end), height))
            }
            Kw::VaCopy => {
                self.expect(Punct::LParen)?;
                let to = self.assignment()?;
                self.expect(Punct::Comma)?;
                let from = self.assignment()?;
                let end = self.expect(Punct::RParen)?;
                let (to, from) = (self.rvalue(to), self.rvalue(from));
                let (to, from) = (self.va_list(to), self.va_list(from));
                let kind = ExprKind::VaCopy(Box::new(to), Box::new(from));
                Ok(self.expr(kind, Ty::VOID, span.to(end), 2))
            }
            Kw::VaArg => {
                self.expect(Punct::LParen)?;
                let ap = self.assignment()?;
                let ap = self.rvalue(ap);
                self.expect(Punct::Comma)?;
                let ty = self.type_name_rule()?;
                let end = self.expect(Punct::RParen)?;
                let span = span.to(end);
                let promoted = match self.types.is_integer(ty) {
                    true => self.types.promote(ty),
                    false if ty.unqual() == Ty::FLOAT => Ty::DOUBLE,
                    false => ty.unqual(),
                };
                if promoted != ty.unqual() && !matches!(self.types.kind(ty), TypeKind::Enum(_)) {
                    let (ty, promoted) = (self.type_name(ty), self.type_name(promoted));
                    self.warning(Kind::VaArgPromoted { ty, promoted }, span);
                }
                let ap = self.va_list(ap);
                let value = self.expr(ExprKind::VaArg(Box::new(ap)), promoted, span, 2);
                Ok(self.cast(value, ty))
            }
            Kw::Alloca => {
                self.expect(Punct::LParen)?;
                let size = self.assignment()?;
                let end = self.expect(Punct::RParen)?;
                let size_t = self.types.size_t();
                let size = self.convert(size, size_t, Context::Argument(1));
                let (ty, height) = (self.types.ptr(Ty::VOID), size.height);
                Ok(self.expr(ExprKind::Alloca(Box::new(size)), ty, span.to(end), height))
            }
            Kw::Expect => {
                self.expect(Punct::LParen)?;
                let value = self.assignment()?;
                self.expect(Punct::Comma)?;
                self.assignment()?;
                self.expect(Punct::RParen)?;
                Ok(self.cast(value, Ty::LONG))
            }
            Kw::ConstantP => {
                self.expect(Punct::LParen)?;
                let value = self.assignment()?;
                let end = self.expect(Punct::RParen)?;
                let value = self.rvalue(value);
                let known = self.const_eval(&value).is_some();
                Ok(self.int(i64::from(known), Ty::INT, span.to(end)))
            }
            Kw::TypesCompatible => {
                self.expect(Punct::LParen)?;
                let a = self.type_name_rule()?;
                self.expect(Punct::Comma)?;
                let b = self.type_name_rule()?;
                let end = self.expect(Punct::RParen)?;
                let same = a.unqual() == b.unqual();
                Ok(self.int(i64::from(same), Ty::INT, span.to(end)))
            }
            _ => match self.cpp_keyword(kw, span)? {
                Some(expr) => Ok(expr),
                None => {
                    self.at -= 1;
                    let found = self.spelling(self.peek());
                    self.error(Kind::ExpectedExpression { found }, span);
                    Err(Stop)
                }
            },
        }
    }

    /// A `va_list` as the pointer to its structure.
    fn va_list(&mut self, ap: Expr) -> Expr {
        if ap.ty != Ty::ERROR && self.types.pointee(ap.ty).map(Ty::unqual) != Some(Ty::VALIST) {
            let (from, to) = (self.type_name(ap.ty), "va_list".to_owned());
            self.error(Kind::Incompatible { from, to }, ap.span);
            return self.bad(ap.span);
        }
        ap
    }

    /// `_Generic(expr, type: expr, …, default: expr)`
    fn generic(&mut self, span: Span) -> Parse<Expr> {
        self.expect(Punct::LParen)?;
        let control = self.assignment()?;
        let control = self.rvalue(control);
        let mut chosen = None;
        let mut default = None;
        while self.eat(Punct::Comma) {
            if self.eat_kw(Kw::Default) {
                self.expect(Punct::Colon)?;
                default = Some(self.assignment()?);
                continue;
            }
            let ty = self.type_name_rule()?;
            self.expect(Punct::Colon)?;
            let value = self.assignment()?;
            if chosen.is_none() && ty.unqual() == control.ty.unqual() {
                chosen = Some(value);
            }
        }
        self.expect(Punct::RParen)?;
        match chosen.or(default) {
            Some(value) => Ok(value),
            None => {
                let ty = self.type_name(control.ty);
                self.error(Kind::NoGeneric { ty }, span);
                Ok(self.bad(span))
            }
        }
    }

    /// `offsetof(type, member.designator[3])`
    fn offsetof(&mut self, start: Span) -> Parse<Expr> {
        self.expect(Punct::LParen)?;
        let mut ty = self.type_name_rule()?;
        self.expect(Punct::Comma)?;
        let mut offset = 0i64;
        let mut first = true;
        loop {
            if first || self.eat(Punct::Dot) {
                first = false;
                let token = self.next();
                let Tok::Ident(name) = token.tok else {
                    let found = self.spelling(token);
                    self.error(Kind::ExpectedName { found }, token.span);
                    return Err(Stop);
                };
                let Some((at, member, _)) = self.types.member(ty, name) else {
                    let (name, ty) = (self.text(name), self.type_name(ty));
                    self.error(Kind::NoSuchMember { name, ty, suggestion: None }, token.span);
                    return Err(Stop);
                };
                offset += at as i64;
                ty = member;
            } else if self.eat(Punct::LBracket) {
                let index = self.constant_int()?;
                self.expect(Punct::RBracket)?;
                let Some(element) = self.types.element(ty) else { return Err(Stop) };
                offset += index * self.types.size(element).unwrap_or(0) as i64;
                ty = element;
            } else {
                break;
            }
        }
        let end = self.expect(Punct::RParen)?;
        let size_t = self.types.size_t();
        Ok(self.int(offset, size_t, start.to(end)))
    }
}
