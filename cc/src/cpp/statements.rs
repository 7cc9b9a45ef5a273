//! `for` over a range, names for the parts of an object, casts by keyword.

use crate::ast::*;
use crate::diag::Kind;
use crate::expr::Context;
use crate::lex::{Punct, Tok};
use crate::parse::{Entry, Kw, Parse, Parser, Stop, Storage};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

impl Parser {
    /// `for (char c : text)`; whether a `:` comes before the first `;`.
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

    /// A hidden variable with its value.
    fn hidden_value(&mut self, ty: Ty, value: Expr, span: Span, init: &mut Vec<Stmt>) -> Expr {
        let local = self.hidden_local(ty, span);
        let kind = StmtKind::Decl(local, Some(Init::Expr(Box::new(value))));
        init.push(Stmt { kind, span: super::state::NOWHERE });
        let value = self.local_value(local, ty, span);
        self.through_reference(value)
    }

    /// The rest of a range-based for, after its `(`.
    pub(crate) fn range_for(&mut self, start: Span) -> Parse<Stmt> {
        self.push_scope();
        let declared = self.at;
        while !self.is(Punct::Colon) || self.peek().tok == Tok::Eof {
            self.next();
        }
        self.expect(Punct::Colon)?;
        let mark = self.temps();
        let at = self.peek().span;
        let range =
            if self.is(Punct::LBrace) { self.list_of_values(at)? } else { self.expression()? };
        let close = self.at;
        self.expect(Punct::RParen)?;
        let span = range.span;
        let mut init = Vec::new();
        let range = self.range_object(range, mark, span, &mut init);
        let (mut begin, end) = self.range_ends(range, span)?;
        let (first_ty, last_ty) = (begin.ty.unqual(), end.ty.unqual());
        let first = self.range_end(begin, first_ty, span, &mut init);
        let last = self.range_end(end, last_ty, span, &mut init);
        begin = first.clone();
        let cond = self.binary_op(Punct::Ne, first.clone(), last, span, span);
        let cond = self.condition(cond);
        let step = match self.is_class(first_ty) {
            true => self
                .operator_call("++", std::slice::from_ref(&first), span)
                .unwrap_or_else(|| self.bad(span)),
            false => self.step(first, false, false, span),
        };
        let element = match self.is_class(first_ty) {
            true => self
                .operator_call("*", std::slice::from_ref(&begin), span)
                .unwrap_or_else(|| self.bad(span)),
            false => {
                let to = self.types.pointee(first_ty).unwrap_or(Ty::ERROR);
                self.deref(begin, to, span)
            }
        };
        self.push_scope();
        let mut stmts = Vec::new();
        self.at = declared;
        let (base, storage) = self.declaration_specifiers(false)?;
        self.range_variable(base, storage, element, &mut stmts)?;
        if !self.is(Punct::Colon) {
            self.expect(Punct::Colon)?;
        }
        self.at = close + 1;
        let body = self.loop_body("for")?;
        let inner = self.pop_scope();
        stmts.push(body);
        let body = Stmt { kind: StmtKind::Block(stmts, inner), span: start };
        let locals = self.pop_scope();
        let (cond, step, body) = (Some(cond), Some(step), Box::new(body));
        Ok(Stmt { kind: StmtKind::For { init, cond, step, body, locals }, span: start })
    }

    /// What is run over, kept for the whole loop.
    fn range_object(&mut self, range: Expr, mark: usize, span: Span, init: &mut Vec<Stmt>) -> Expr {
        if self.is_lvalue(&range) && self.temps() <= mark {
            if self.types.is_array(range.ty) || range.ty == Ty::ERROR {
                return range;
            }
            let reference = self.types.reference(range.ty);
            let bound = self.bind_reference(range, reference);
            return self.hidden_value(reference, bound, span, init);
        }
        let ty = range.ty.with_const();
        let reference = self.types.reference(ty);
        let bound = self.bind_reference(range, reference);
        self.keep_temps(mark, init);
        self.hidden_value(reference, bound, span, init)
    }

    /// Objects without a name that a reference keeps: they live to the end of the block.
    pub(crate) fn keep_temps(&mut self, mark: usize, stmts: &mut Vec<Stmt>) {
        let temps = self
            .function
            .as_mut()
            .map_or(Vec::new(), |f| f.temps.split_off(mark.min(f.temps.len())));
        for temp in temps {
            let ty = self.function.as_ref().map_or(Ty::ERROR, |f| f.locals[temp.local as usize].ty);
            let object = self.local_value(temp.local, ty, super::state::NOWHERE);
            let end = self.destroy(object);
            if let Some(function) = &mut self.function {
                function.locals[temp.local as usize].cleanup = end.map(Box::new);
            }
            stmts
                .push(Stmt { kind: StmtKind::Decl(temp.local, None), span: super::state::NOWHERE });
        }
    }

    fn range_ends(&mut self, range: Expr, span: Span) -> Parse<(Expr, Expr)> {
        if let TypeKind::Array(_, len) = self.types.kind(range.ty) {
            let first = self.rvalue(range);
            let size_t = self.types.size_t();
            let count = self.int(len as i64, size_t, span);
            let last = self.add(first.clone(), count, false, span);
            return Ok((first, last));
        }
        if range.ty == Ty::ERROR {
            return Err(Stop);
        }
        let first = self.try_method(range.clone(), "begin", Vec::new(), span);
        let last = self.try_method(range.clone(), "end", Vec::new(), span);
        match (first, last) {
            (Some(first), Some(last)) => Ok((first, last)),
            _ => {
                let what = format!("a range-based for over {}", self.type_name(range.ty));
                Err(self.refuse(what, span))
            }
        }
    }

    /// `begin` or `end`, kept.
    fn range_end(&mut self, value: Expr, ty: Ty, span: Span, init: &mut Vec<Stmt>) -> Expr {
        let value = self.convert(value, ty, Context::Init);
        self.hidden_value(ty, value, span, init)
    }

    /// The variable of a range-based for: one name, or names for the parts.
    fn range_variable(
        &mut self,
        base: Ty,
        storage: Storage,
        element: Expr,
        stmts: &mut Vec<Stmt>,
    ) -> Parse<()> {
        if storage.auto_type && self.names_parts() {
            return self.parts_named(base, element, stmts);
        }
        let declarator = self.declarator(base, false)?;
        let (Some(sym), span) = (declarator.name, declarator.span) else { return Err(Stop) };
        let ty = self.auto_as(declarator.ty, &element);
        let mark = self.temps();
        let value = self.convert(element, ty, Context::Init);
        let is_reference = self.types.is_reference(ty);
        if is_reference {
            self.keep_temps(mark, stmts);
        }
        let value = self.finish(mark, value, true);
        let local = self.hidden_local(ty, span);
        if let Some(function) = &mut self.function {
            function.locals[local as usize].name = Some(sym);
        }
        self.end_with_block(local, ty, span);
        self.bind(sym, Entry::Local(local));
        let kind = StmtKind::Decl(local, Some(Init::Expr(Box::new(value))));
        stmts.push(Stmt { kind, span });
        Ok(())
    }

    /// A local object's destructor runs at the end of its block.
    pub(crate) fn end_with_block(&mut self, local: LocalId, ty: Ty, span: Span) {
        let object = self.local_value(local, ty.unqual(), span);
        if let Some(end) = self.destroy(object)
            && let Some(function) = &mut self.function
        {
            function.locals[local as usize].cleanup = Some(Box::new(end));
        }
    }

    /// Whether `[a, b]` comes, perhaps behind `&`.
    pub(crate) fn names_parts(&self) -> bool {
        let ahead = usize::from(matches!(self.peek().tok, Tok::Punct(Punct::And | Punct::AndAnd)));
        self.peek_at(ahead).tok == Tok::Punct(Punct::LBracket)
            && matches!(self.peek_at(ahead + 1).tok, Tok::Ident(_))
    }

    /// `auto [a, b] = pair`: names for the members of an object.
    pub(crate) fn parts_named(
        &mut self,
        base: Ty,
        value: Expr,
        stmts: &mut Vec<Stmt>,
    ) -> Parse<()> {
        let names = self.part_names()?;
        self.name_parts(base, names, value, stmts)
    }

    /// `&[a, b]`: whether `&`, and the names.
    pub(crate) fn part_names(&mut self) -> Parse<(bool, Vec<(crate::lex::Sym, Span)>)> {
        let reference = self.eat(Punct::And) || self.eat(Punct::AndAnd);
        self.expect(Punct::LBracket)?;
        let mut names = Vec::new();
        loop {
            let token = self.next();
            let Tok::Ident(sym) = token.tok else {
                let found = self.spelling(token);
                self.error(Kind::ExpectedName { found }, token.span);
                return Err(Stop);
            };
            names.push((sym, token.span));
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.expect(Punct::RBracket)?;
        Ok((reference, names))
    }

    pub(crate) fn name_parts(
        &mut self,
        base: Ty,
        (reference, names): (bool, Vec<(crate::lex::Sym, Span)>),
        value: Expr,
        stmts: &mut Vec<Stmt>,
    ) -> Parse<()> {
        let span = value.span;
        let whole =
            value.ty.unqual().with_const_if(base.is_const() || value.ty.is_const() && reference);
        let keeps = reference && self.is_lvalue(&value);
        let mark = self.temps();
        let object = if keeps {
            let ty = self.types.reference(whole);
            let bound = self.bind_reference(value, ty);
            self.hidden_value(ty, bound, span, stmts)
        } else {
            let value = self.convert(value, whole.unqual(), Context::Init);
            let object = self.hidden_value(whole.unqual(), value, span, stmts);
            if let ExprKind::Local(local) = object.kind {
                self.end_with_block(local, whole, span);
            }
            Expr { ty: whole, ..object }
        };
        self.keep_temps(mark, stmts);
        let fields: Vec<(u64, Ty)> = match self.types.record_of(whole) {
            Some(record) => record
                .fields
                .iter()
                .filter(|it| it.bits.is_none())
                .map(|it| (it.offset, it.ty))
                .collect(),
            None => Vec::new(),
        };
        if fields.len() != names.len() {
            let what = format!("names for the parts of {}", self.type_name(whole));
            return Err(self.refuse(what, span));
        }
        for ((offset, ty), (name, at)) in fields.into_iter().zip(names) {
            let height = object.height;
            let konst = object.ty.is_const() && !self.types.is_reference(ty);
            let kind = ExprKind::Member(Box::new(object.clone()), offset, None);
            let part = self.expr(kind, ty.with_const_if(ty.is_const() || konst), span, height);
            let part = self.through_reference(part);
            let reference = self.types.reference(part.ty);
            let bound = self.bind_reference(part, reference);
            let local = self.hidden_local(reference, at);
            if let Some(function) = &mut self.function {
                function.locals[local as usize].name = Some(name);
            }
            self.bind(name, Entry::Local(local));
            let kind = StmtKind::Decl(local, Some(Init::Expr(Box::new(bound))));
            stmts.push(Stmt { kind, span: super::state::NOWHERE });
        }
        Ok(())
    }

    /// The type that `auto` (with `const`, `&`, `*` around it) is for a value.
    pub(crate) fn auto_as(&mut self, ty: Ty, value: &Expr) -> Ty {
        if !self.types.has_auto(ty) {
            return ty;
        }
        match self.types.kind(ty) {
            TypeKind::Auto => {
                let found = self.decayed(value);
                found.unqual().with_const_if(ty.is_const())
            }
            TypeKind::Ref(to) | TypeKind::RRef(to)
                if matches!(self.types.kind(to), TypeKind::Auto) =>
            {
                let of = value.ty.with_const_if(value.ty.is_const() || to.is_const());
                let lvalue = self.is_lvalue(value) && !self.is_movable(value);
                match self.types.kind(ty) {
                    TypeKind::RRef(_) if !lvalue => self.types.rvalue_reference(of),
                    _ => self.types.reference(of),
                }
            }
            TypeKind::Ref(to) => {
                let to = self.auto_as(to, value);
                self.types.reference(to)
            }
            TypeKind::Ptr(_) => {
                let konst = ty.is_const();
                self.decayed(value).with_const_if(konst)
            }
            _ => value.ty.unqual(),
        }
    }

    /// `static_cast<T>(x)`, `int(x)`, `this` …
    pub(crate) fn cpp_keyword(&mut self, kw: Kw, span: Span) -> Parse<Option<Expr>> {
        match kw {
            Kw::StaticCast | Kw::ReinterpretCast | Kw::ConstCast | Kw::DynamicCast => {
                self.expect(Punct::Lt)?;
                let ty = self.type_name_rule()?;
                self.expect(Punct::Gt)?;
                self.expect(Punct::LParen)?;
                let value = self.expression()?;
                let end = self.expect(Punct::RParen)?;
                let span = span.to(end);
                if kw == Kw::DynamicCast {
                    return self.dynamic_cast(value, ty, span).map(Some);
                }
                Ok(Some(self.keyword_cast(value, ty, span)))
            }
            Kw::Int
            | Kw::Char
            | Kw::Double
            | Kw::Float
            | Kw::Long
            | Kw::Short
            | Kw::Unsigned
            | Kw::CppBool
            | Kw::Auto
                if self.cpp && (self.is(Punct::LParen) || self.is(Punct::LBrace)) =>
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
            Kw::Typename => {
                self.at -= 1;
                self.qualified_expression(span)
            }
            Kw::Operator => {
                let name = self.operator_name()?;
                if let Some(member) = self.own_member(name, span)? {
                    return Ok(Some(member));
                }
                let what = self.text(name);
                Err(self.refuse(what, span))
            }
            Kw::This | Kw::Throw | Kw::Template | Kw::Typeid => {
                let what = self.sources.text(span).to_owned();
                Err(self.refuse(what, span))
            }
            _ => Ok(None),
        }
    }

    pub(crate) fn keyword_cast(&mut self, value: Expr, ty: Ty, span: Span) -> Expr {
        if let Some(overload) = self.overload_of_type(&value, ty) {
            return overload;
        }
        match self.types.kind(ty) {
            TypeKind::RRef(to) => {
                let value = self.materialised(value);
                let movable = self.as_movable(value);
                Expr { ty: to, ..movable }
            }
            _ if self.is_class(ty) => {
                let value = self.constructed_from(value, ty, span);
                Expr { span, ..value }
            }
            _ if self.is_class(value.ty) && !self.types.is_reference(ty) => {
                match self.conversion(value.ty, ty, true) {
                    Some((_, id)) => {
                        let call = self.call_member(id, value, Vec::new(), true, span);
                        self.explicit_cast(call, ty, span)
                    }
                    None => self.explicit_cast(value, ty, span),
                }
            }
            TypeKind::Ptr(to) => {
                let value = self.rvalue(value);
                let up = self.types.pointee(value.ty).and_then(|from| self.base_offset(from, to));
                match up {
                    Some(_) => self.upcast(value, ty),
                    None => self.explicit_cast(value, ty, span),
                }
            }
            _ => self.explicit_cast(value, ty, span),
        }
    }

    fn constructed_from(&mut self, value: Expr, ty: Ty, span: Span) -> Expr {
        if self.base_offset(value.ty, ty).is_some()
            || self.constructor_for(ty, std::slice::from_ref(&value), false).is_some()
        {
            return self.constructed(ty, vec![value], span);
        }
        self.convert(value, ty.unqual(), Context::Init)
    }

    /// `dynamic_cast<D *>(p)`: what the table of virtual functions says.
    fn dynamic_cast(&mut self, value: Expr, ty: Ty, span: Span) -> Parse<Expr> {
        let to = self.types.pointee(ty);
        let value = self.rvalue(value);
        let from = self.types.pointee(value.ty);
        let (Some(to), Some(from)) = (to, from) else {
            return Err(self.refuse("dynamic_cast of a reference".to_owned(), span));
        };
        if self.base_offset(from, to).is_some() {
            return Ok(self.upcast(value, ty));
        }
        let Some(table) = self.vtable(to.unqual()) else {
            return Err(
                self.refuse("dynamic_cast to a class without virtual functions".to_owned(), span)
            );
        };
        self.globals[table as usize].used.get_or_insert(span);
        let table_ty = self.globals[table as usize].ty;
        let table = self.expr(ExprKind::Global(table), table_ty, span, 0);
        let table = self.rvalue(table);
        let void = self.types.ptr(Ty::VOID);
        let (object, table) = (self.cast(value, void), self.cast(table, void));
        let Some(callee) = self.libc_function("__cxx_dynamic_cast", span) else {
            return Ok(self.bad(span));
        };
        let call = self.call_with(callee, vec![object, table], span);
        Ok(self.cast(call, ty))
    }

    /// `throw x`
    pub(crate) fn throw_expression(&mut self) -> Parse<Expr> {
        let span = self.peek().span;
        Err(self.refuse("throw".to_owned(), span))
    }
}
