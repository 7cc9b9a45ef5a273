//! Postfix operators (C11 §6.5.2): subscripts, members, calls.

use super::Context;
use crate::ast::*;
use crate::diag::{Diagnostic, Fix, Kind, Related, nearest};
use crate::lex::{Punct, Tok};
use crate::parse::{Kw, Parse, Parser, Stop};
use crate::source::Span;
use crate::types::{Func, Kind as TypeKind, Ty};

impl Parser {
    /// postfix: primary ([ ] | ( ) | . | -> | ++ | --)*
    pub(super) fn postfix(&mut self) -> Parse<Expr> {
        let primary = self.primary()?;
        self.postfix_rest(primary)
    }

    pub(crate) fn postfix_rest(&mut self, mut left: Expr) -> Parse<Expr> {
        loop {
            let Tok::Punct(punct) = self.peek().tok else { return Ok(left) };
            match punct {
                Punct::LBracket => {
                    self.next();
                    self.enter()?;
                    let index = self.expression()?;
                    self.leave();
                    let end = self.expect(Punct::RBracket)?;
                    let span = left.span.to(end);
                    if self.cpp
                        && let Some(expr) = self.cpp_index(&left, &index, span)
                    {
                        left = expr;
                        continue;
                    }
                    left = self.index(left, index, span);
                }
                Punct::LParen => {
                    self.next();
                    left = self.call(left)?;
                }
                Punct::Dot | Punct::Arrow => {
                    self.next();
                    left = self.member(left, punct == Punct::Arrow)?;
                }
                Punct::Inc | Punct::Dec => {
                    let end = self.next().span;
                    let span = left.span.to(end);
                    if self.cpp
                        && let Some(expr) = self.cpp_unary(punct.text(), &left, true, span)
                    {
                        left = expr;
                        continue;
                    }
                    left = self.step(left, punct == Punct::Dec, true, span);
                }
                _ => return Ok(left),
            }
        }
    }

    pub(crate) fn index(&mut self, left: Expr, index: Expr, span: Span) -> Expr {
        let (a, b) = (self.rvalue(left), self.rvalue(index));
        if a.ty == Ty::ERROR || b.ty == Ty::ERROR {
            return self.bad(span);
        }
        let (ptr, index) = if self.types.pointee(a.ty).is_some() { (a, b) } else { (b, a) };
        let Some(to) = self.types.pointee(ptr.ty) else {
            let ty = self.type_name(index.ty);
            self.error(Kind::NotIndexable { ty }, span);
            return self.bad(span);
        };
        if !self.types.is_integer(index.ty) {
            let ty = self.type_name(index.ty);
            self.error(Kind::BadIndex { ty }, index.span);
            return self.bad(span);
        }
        let address = self.pointer_add(ptr, index, false, span);
        self.deref(address, to, span)
    }

    pub(super) fn member(&mut self, left: Expr, arrow: bool) -> Parse<Expr> {
        if self.cpp && (self.is(Punct::Tilde) || self.kw() == Some(Kw::Operator)) {
            return self.special_call(left, arrow);
        }
        let token = self.next();
        let Tok::Ident(name) = token.tok else {
            let found = self.spelling(token);
            self.error(Kind::ExpectedName { found }, token.span);
            return Err(Stop);
        };
        let span = left.span.to(token.span);
        let left = if arrow && self.cpp { self.cpp_arrow(left, span) } else { left };
        if left.ty == Ty::ERROR {
            return Ok(self.bad(span));
        }
        let record = if arrow {
            let left = self.rvalue(left);
            let Some(to) = self.types.pointee(left.ty) else {
                return Ok(self.wrong_arrow(&left, arrow, span));
            };
            self.deref(left, to, span)
        } else {
            left
        };
        if !self.types.is_record(record.ty) {
            return Ok(self.wrong_arrow(&record, arrow, span));
        }
        if self.types.size(record.ty).is_none() {
            let ty = self.type_name(record.ty);
            self.error(Kind::IncompleteType { ty }, record.span);
            return Ok(self.bad(span));
        }
        let record = self.materialised(record);
        if self.cpp && self.is_class(record.ty) {
            if let Some(member) = self.data_member(record.clone(), name, span) {
                return Ok(member);
            }
            let class = record.ty;
            let known = !self.methods(class, name).is_empty()
                || !self.member_templates(class, name).is_empty();
            if known && (self.is(Punct::LParen) || self.is(Punct::Lt)) {
                return self.member_call(Some(record.clone()), class, name, false, span);
            }
            if let Some(entry) = self.class_entry(class, name) {
                return self.meaning(entry, name, span);
            }
        }
        let Some((offset, ty, bits)) = self.types.member(record.ty, name) else {
            let (text, ty) = (self.text(name), self.type_name(record.ty));
            let suggestion = self.similar_member(record.ty, &text);
            let fix = suggestion.clone().map(|text| Fix { span: token.span, text });
            let mut diagnostic =
                Diagnostic::error(Kind::NoSuchMember { name: text, ty, suggestion }, token.span);
            diagnostic.fix = fix;
            self.report(diagnostic);
            return Ok(self.bad(span));
        };
        let ty = ty.with_const_if(ty.is_const() || record.ty.is_const());
        let height = record.height;
        Ok(self.expr(ExprKind::Member(Box::new(record), offset, bits), ty, span, height))
    }

    /// C++: `p->~T()` and `a.operator=(b)`.
    fn special_call(&mut self, left: Expr, arrow: bool) -> Parse<Expr> {
        let start = left.span;
        let object = if arrow {
            let left = self.cpp_arrow(left, start);
            let left = self.rvalue(left);
            let Some(to) = self.types.pointee(left.ty) else { return Ok(self.bad(start)) };
            self.deref(left, to, start)
        } else {
            left
        };
        if self.eat(Punct::Tilde) {
            self.cpp_type_name()?;
            self.expect(Punct::LParen)?;
            let end = self.expect(Punct::RParen)?;
            let span = start.to(end);
            return Ok(match self.destroy(object.clone()) {
                Some(call) => call,
                None => {
                    // Nothing ends, but what names the object is evaluated.
                    let pointer = self.types.ptr(object.ty);
                    let address = self.addr_of(object, pointer);
                    self.explicit_cast(address, Ty::VOID, span)
                }
            });
        }
        self.next();
        let name = self.operator_name()?;
        let class = object.ty;
        self.member_call(Some(object), class, name, false, start)
    }

    fn similar_member(&self, record: Ty, name: &str) -> Option<String> {
        let record = self.types.record_of(record)?;
        nearest(
            name,
            record.fields.iter().filter_map(|field| field.name).map(|sym| self.interner.get(sym)),
        )
    }

    /// `.` on a pointer or `->` on a structure, or either on something else.
    fn wrong_arrow(&mut self, left: &Expr, arrow: bool, span: Span) -> Expr {
        let ty = self.type_name(left.ty);
        let pointer_to_record =
            self.types.pointee(left.ty).is_some_and(|to| self.types.is_record(to));
        let kind = match arrow {
            false if pointer_to_record => Kind::DotOnPointer { ty },
            true if self.types.is_record(left.ty) => Kind::ArrowOnRecord { ty },
            _ => Kind::NotARecord { ty },
        };
        let mut diagnostic = Diagnostic::error(kind, left.span);
        let operator = self.tokens[self.at.saturating_sub(2)].span;
        if pointer_to_record || self.types.is_record(left.ty) {
            let text = if arrow { "." } else { "->" };
            diagnostic.fix = Some(Fix { span: operator, text: text.to_owned() });
        }
        self.report(diagnostic);
        self.bad(span)
    }

    /// A call, after `(`.
    pub(super) fn call(&mut self, callee: Expr) -> Parse<Expr> {
        let mut args = Vec::new();
        self.enter()?;
        if !self.is(Punct::RParen) {
            loop {
                args.push(self.assignment()?);
                if !self.eat(Punct::Comma) {
                    break;
                }
            }
        }
        self.leave();
        let end = self.expect(Punct::RParen)?;
        let span = callee.span.to(end);
        Ok(self.call_with(callee, args, span))
    }

    pub(crate) fn call_with(&mut self, callee: Expr, args: Vec<Expr>, span: Span) -> Expr {
        if callee.ty == Ty::ERROR {
            return self.bad(span);
        }
        if self.cpp && self.is_class(callee.ty) {
            return self.call_object(callee, args, span);
        }
        let callee = self.resolve_overload(callee, &args);
        self.call_fixed(callee, args, span)
    }

    /// A call of a function that is known.
    pub(crate) fn call_fixed(&mut self, callee: Expr, args: Vec<Expr>, span: Span) -> Expr {
        if callee.ty == Ty::ERROR {
            return self.bad(span);
        }
        let func_ty = match self.types.kind(callee.ty) {
            TypeKind::Func(_) => callee.ty,
            TypeKind::Ptr(to) if self.types.is_func(to) => to,
            _ => {
                let ty = self.type_name(callee.ty);
                self.error(Kind::NotCallable { ty }, callee.span);
                return self.bad(span);
            }
        };
        let Some(func) = self.types.func_of(func_ty).cloned() else { return self.bad(span) };
        let mut args = args;
        if let ExprKind::Func(id) = callee.kind {
            if self.cpp && self.cxx.deleted.contains(&id) {
                let name = self.text(self.funcs[id as usize].name);
                self.error(Kind::DeletedFunction { name }, span);
                return self.bad(span);
            }
            self.add_defaults(id, &mut args);
        }
        if let ExprKind::Func(id) = callee.kind
            && self.knr.contains(&id)
        {
            args.truncate(func.params.len());
            while args.len() < func.params.len() {
                let zero = self.int(0, Ty::INT, span);
                args.push(self.explicit_cast(zero, func.params[args.len()], span));
            }
        }
        let name = self.sources.text(callee.span).to_owned();
        if !self.check_argument_count(&callee, &func, args.len(), &name, span) {
            return self.bad(span);
        }
        let fixed = if func.prototype { func.params.len() } else { args.len() };
        let mut height = callee.height;
        let mut converted = Vec::with_capacity(args.len());
        for (index, arg) in args.into_iter().enumerate() {
            let arg = match func.params.get(index).filter(|_| func.prototype) {
                Some(param) => self.convert(arg, *param, Context::Argument(index as u32 + 1)),
                None => self.default_promote(arg),
            };
            height = height.max(arg.height);
            converted.push(arg);
        }
        let callee = match callee.kind {
            ExprKind::Func(id) => Callee::Func(id),
            _ => {
                let pointer = self.rvalue(callee);
                Callee::Pointer(Box::new(pointer))
            }
        };
        self.check_call(&callee, &converted, span);
        let kind = ExprKind::Call { callee, args: converted, fixed, variadic: func.variadic };
        let call = self.expr(kind, func.ret.unqual(), span, height);
        self.referred_value(call)
    }

    fn check_argument_count(
        &mut self,
        callee: &Expr,
        func: &Func,
        given: usize,
        name: &str,
        span: Span,
    ) -> bool {
        let expected = func.params.len();
        if !func.prototype || given == expected || given > expected && func.variadic {
            return true;
        }
        let kind = Kind::ArgumentCount {
            name: name.to_owned(),
            expected: expected as u32,
            given: given as u32,
        };
        let mut diagnostic = Diagnostic::error(kind, span);
        if let ExprKind::Func(id) = callee.kind {
            let declared = self.funcs[id as usize].span;
            if self.sources.is_user(declared) {
                diagnostic.related.push((declared, Related::DeclaredHere));
            }
        }
        self.report(diagnostic);
        false
    }
}
