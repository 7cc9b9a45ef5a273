//! `new`, `delete`, named casts, names of the library, and which of several functions is meant.

use super::REFUSED;
use crate::ast::*;
use crate::diag::Kind;
use crate::lex::{Punct, Tok};
use crate::parse::{Kw, Parse, Parser, Stop};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

impl Parser {
    /// `new T`, `new T(x)`, `new T[n]`, `delete p`, `delete[] p`.
    pub(crate) fn cpp_new_delete(&mut self, span: Span) -> Parse<Expr> {
        if self.eat_kw(Kw::Delete) {
            if self.eat(Punct::LBracket) {
                self.expect(Punct::RBracket)?;
            }
            let operand = self.conditional()?;
            let operand = self.rvalue(operand);
            let void = self.types.ptr(Ty::VOID);
            if self.types.pointee(operand.ty).is_none() && operand.ty != Ty::ERROR {
                let ty = self.type_name(operand.ty);
                self.error(Kind::NotAPointer { ty }, operand.span);
                return Ok(self.bad(span));
            }
            let span = span.to(operand.span);
            let operand = self.destroyed(operand);
            let operand = self.cast(operand, void);
            return Ok(self.intrinsic_call("__builtin_free", vec![operand], span));
        }
        self.next();
        let (base, _) = self.declaration_specifiers(false)?;
        let mut ty = base;
        while self.eat(Punct::Star) {
            ty = self.types.ptr(ty);
        }
        let size_t = self.types.size_t();
        let size = self.types.size(ty).unwrap_or(1) as i64;
        let mut bytes = self.int(size, size_t, span);
        let mut init = None;
        let mut construct = None;
        if self.eat(Punct::LBracket) {
            if self.is_constructed(ty) {
                let what = "new of an array of objects with a constructor";
                return Err(self.refuse(what.to_owned(), span));
            }
            let count = self.expression()?;
            self.expect(Punct::RBracket)?;
            let count = self.convert(count, size_t, crate::expr::Context::Init);
            bytes = self.arith(Op::Mul, count, bytes, size_t, span);
            if self.eat(Punct::LParen) {
                self.expect(Punct::RParen)?;
            }
        } else if self.is_constructed(ty) {
            let args = match self.is(Punct::LParen) || self.is(Punct::LBrace) {
                true => {
                    let braces = self.next().tok == Tok::Punct(Punct::LBrace);
                    self.arguments_until(if braces { Punct::RBrace } else { Punct::RParen })?
                }
                false => Vec::new(),
            };
            construct = Some(args);
        } else if self.eat(Punct::LParen) {
            if self.eat(Punct::RParen) {
                let zero = self.int(0, Ty::INT, span);
                init = self.types.is_scalar(ty).then_some(zero);
            } else {
                init = Some(self.assignment()?);
                self.expect(Punct::RParen)?;
            }
        } else if self.is_string(ty) {
            init = Some(self.empty_string(span));
        }
        let span = span.to(self.previous());
        let pointer = self.types.ptr(ty);
        let block = self.intrinsic_call("__builtin_malloc", vec![bytes], span);
        let block = self.cast(block, pointer);
        if init.is_none() && construct.is_none() {
            return Ok(block);
        }
        // (p = malloc(…), *p = value, p)
        let temp = self.new_local(None, pointer, span);
        if let Some(function) = &mut self.function {
            function.locals[temp as usize].initialised = true;
        }
        let local = |parser: &mut Parser| parser.expr(ExprKind::Local(temp), pointer, span, 0);
        let first = local(self);
        let store = self.assign(first, block, span);
        let p = local(self);
        let object = self.deref(p, ty, span);
        let set = match (construct, init) {
            (Some(args), _) => self.construct(object, args, span),
            (None, Some(init)) => match self.cpp_assign(None, &object, &init, span) {
                Some(set) => Some(set),
                None => Some(self.assign(object, init, span)),
            },
            (None, None) => None,
        };
        let set = set.unwrap_or_else(|| self.bad(span));
        let result = local(self);
        let height = set.height.max(store.height);
        let kind = ExprKind::Comma(Box::new(set), Box::new(result));
        let rest = self.expr(kind, pointer, span, height);
        let kind = ExprKind::Comma(Box::new(store), Box::new(rest));
        Ok(self.expr(kind, pointer, span, height + 1))
    }

    /// `static_cast<T>(x)`, `int(x)`, `bool` …
    pub(crate) fn cpp_keyword(&mut self, kw: Kw, span: Span) -> Parse<Option<Expr>> {
        match kw {
            Kw::StaticCast | Kw::ReinterpretCast | Kw::ConstCast => {
                self.expect(Punct::Lt)?;
                let ty = self.type_name_rule()?;
                self.expect(Punct::Gt)?;
                self.expect(Punct::LParen)?;
                let value = self.expression()?;
                let end = self.expect(Punct::RParen)?;
                Ok(Some(self.explicit_cast(value, ty, span.to(end))))
            }
            Kw::Int
            | Kw::Char
            | Kw::Double
            | Kw::Float
            | Kw::Long
            | Kw::Short
            | Kw::Unsigned
            | Kw::CppBool
                if self.cpp && self.is(Punct::LParen) =>
            {
                let ty = match kw {
                    Kw::Int => Ty::INT,
                    Kw::Char => Ty::CHAR,
                    Kw::Double => Ty::DOUBLE,
                    Kw::Float => Ty::FLOAT,
                    Kw::Long => Ty::LONG,
                    Kw::Short => Ty::SHORT,
                    Kw::Unsigned => Ty::UINT,
                    _ => Ty::BOOL,
                };
                self.functional_cast(ty, span).map(Some)
            }
            Kw::This if self.this_value(span).is_some() => Ok(self.this_value(span)),
            Kw::This | Kw::Throw | Kw::Operator | Kw::Template => {
                let what = self.sources.text(span).to_owned();
                Err(self.refuse(what, span))
            }
            _ => Ok(None),
        }
    }

    /// `std::name`, and names that need arguments to be resolved.
    pub(crate) fn cpp_identifier(&mut self, name: &str, span: Span) -> Parse<Option<Expr>> {
        if name == "std" && self.eat(Punct::ColonColon) {
            let token = self.next();
            let Tok::Ident(sym) = token.tok else {
                let found = self.spelling(token);
                self.error(Kind::ExpectedName { found }, token.span);
                return Err(Stop);
            };
            let text = self.text(sym);
            if text == "string" && self.eat(Punct::ColonColon) {
                let ty = self.string_ty().unwrap_or(Ty::ERROR);
                return self.cpp_member_of_type(ty, span).map(Some);
            }
            if let Some(expr) = self.library_function(&text, span)? {
                return Ok(Some(expr));
            }
            if self.lookup(sym).is_none() && REFUSED.contains(&text.as_str()) {
                return Err(self.refuse(format!("std::{text}"), span.to(token.span)));
            }
            return self.identifier(sym, span.to(token.span)).map(Some);
        }
        self.library_function(name, span)
    }

    /// `Color::Red`, `string::npos`: after the `::` behind a type's name.
    pub(crate) fn cpp_member_of_type(&mut self, ty: Ty, span: Span) -> Parse<Expr> {
        let token = self.next();
        let Tok::Ident(sym) = token.tok else {
            let found = self.spelling(token);
            self.error(Kind::ExpectedName { found }, token.span);
            return Err(Stop);
        };
        let span = span.to(token.span);
        let name = self.text(sym);
        if self.is_string(ty) && name == "npos" {
            let size_t = self.types.size_t();
            return Ok(self.int(-1, size_t, span));
        }
        if let TypeKind::Enum(index) = self.types.kind(ty) {
            let constants = &self.types.enums[index as usize].constants;
            if let Some((_, value)) = constants.iter().find(|(constant, _)| *constant == sym) {
                let value = *value;
                return Ok(self.int(value, ty, span));
            }
        }
        if ty != Ty::ERROR {
            let ty = self.type_name(ty);
            self.error(Kind::NoSuchMember { name, ty, suggestion: None }, token.span);
        }
        Ok(self.bad(span))
    }

    /// `getline(cin, s)` and `to_string(n)`, whose function depends on the arguments.
    pub(crate) fn library_function(&mut self, name: &str, span: Span) -> Parse<Option<Expr>> {
        if !self.is(Punct::LParen) || self.string_ty().is_none() {
            return Ok(None);
        }
        match name {
            "getline" => {
                self.next();
                let mut args = self.arguments_until(Punct::RParen)?;
                let span = span.to(self.previous());
                if args.len() != 2 || !self.is_string(args[1].ty) {
                    self.error(Kind::Unsupported { what: "getline".to_owned() }, span);
                    return Ok(Some(self.bad(span)));
                }
                let text = args.remove(1);
                let (stream, text) = (args.remove(0), self.pointer_to(text));
                let stream = self.pointer_to(stream);
                let call = self.library_call("__in_getline", vec![stream, text], span);
                Ok(Some(self.pointed(call)))
            }
            "to_string" => {
                self.next();
                let args = self.arguments_until(Punct::RParen)?;
                let span = span.to(self.previous());
                let name = match args.first().map(|arg| arg.ty) {
                    Some(ty) if self.types.is_integer(ty) && self.types.is_signed(ty) => {
                        "__to_string_int"
                    }
                    Some(ty) if self.types.is_integer(ty) => "__to_string_uint",
                    _ => "to_string",
                };
                Ok(Some(self.library_call(name, args, span)))
            }
            _ => Ok(None),
        }
    }

    /// The function of an overload set that fits the arguments best.
    pub(crate) fn resolve_overload(&mut self, callee: Expr, args: &[Expr]) -> Expr {
        let ExprKind::Func(id) = callee.kind else { return callee };
        if !self.cpp {
            return callee;
        }
        let name = self.funcs[id as usize].name;
        let candidates: Vec<FuncId> = (0..self.funcs.len() as FuncId)
            .filter(|other| self.funcs[*other as usize].name == name)
            .collect();
        if candidates.len() < 2 {
            return callee;
        }
        let best = candidates.into_iter().max_by_key(|other| self.fitness(*other, args));
        match best {
            Some(best) => {
                self.funcs[best as usize].used.get_or_insert(callee.span);
                let ty = self.funcs[best as usize].ty;
                Expr { kind: ExprKind::Func(best), ty, ..callee }
            }
            None => callee,
        }
    }

    /// How well a function fits arguments: exact types count most.
    fn fitness(&self, id: FuncId, args: &[Expr]) -> i32 {
        let Some(func) = self.types.func_of(self.funcs[id as usize].ty) else { return -1 };
        let needed =
            func.params.len() - self.defaults.get(&id).map_or(0, Vec::len).min(func.params.len());
        if args.len() < needed || args.len() > func.params.len() && !func.variadic {
            return -1;
        }
        let mut score = 0;
        for (param, arg) in func.params.iter().zip(args) {
            let target = match self.types.kind(*param) {
                TypeKind::Ref(to) => to,
                _ => *param,
            };
            let decayed = match (self.types.element(arg.ty), self.types.pointee(target)) {
                (Some(of), Some(to)) => of.unqual() == to.unqual(),
                _ => false,
            };
            score += if target.unqual() == arg.ty.unqual() || decayed {
                10
            } else if self.types.promote(arg.ty) == target.unqual() {
                6
            } else if self.types.is_arith(target) && self.types.is_arith(arg.ty) {
                3
            } else if self.is_string(target) && self.is_text(arg.ty) {
                2
            } else {
                0
            };
        }
        score
    }
}
