//! Objects of classes: how they begin, are copied and end; values without a name.

use super::state::{NOWHERE, Temp};
use crate::ast::*;
use crate::diag::Kind;
use crate::expr::Context;
use crate::lex::{Punct, Tok};
use crate::parse::{Kw, Parse, Parser};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

impl Parser {
    /// A variable of the compiler's own.
    pub(crate) fn hidden_local(&mut self, ty: Ty, span: Span) -> LocalId {
        let local = self.new_local(None, ty, span);
        if let Some(function) = &mut self.function {
            function.locals[local as usize].initialised = true;
        }
        local
    }

    pub(crate) fn local_value(&mut self, local: LocalId, ty: Ty, span: Span) -> Expr {
        self.expr(ExprKind::Local(local), ty, span, 0)
    }

    /// An assignment that asks nothing.
    pub(crate) fn assign_plain(&mut self, left: Expr, right: Expr, span: Span) -> Expr {
        let (ty, height) = (left.ty.unqual(), left.height.max(right.height));
        self.expr(ExprKind::Assign(Box::new(left), Box::new(right)), ty, span, height)
    }

    /// First this, then that.
    pub(crate) fn then(&mut self, first: Expr, second: Expr) -> Expr {
        let (ty, span, height) = (second.ty, second.span, first.height.max(second.height));
        self.expr(ExprKind::Comma(Box::new(first), Box::new(second)), ty, span, height)
    }

    /// A class's value as an object that lives to the end of the whole expression.
    pub(crate) fn materialised(&mut self, expr: Expr) -> Expr {
        if !self.is_class(expr.ty) || self.is_lvalue(&expr) {
            return expr;
        }
        let (ty, span, height) = (expr.ty, expr.span, expr.height);
        let (local, kind) = match expr.kind {
            ExprKind::Construct(local, call, _) => (local, ExprKind::Construct(local, call, true)),
            kind => {
                let local = self.hidden_local(ty.unqual(), span);
                let value = Expr { kind, ..expr };
                (local, ExprKind::Compound(local, Init::Expr(Box::new(value))))
            }
        };
        let object = self.expr(kind, ty, span, height);
        if self.destructor(ty).is_none() {
            return object;
        }
        if self.cxx.conditional == 0 {
            self.add_temp(Temp { local, flag: None });
            return object;
        }
        let flag = self.hidden_local(Ty::BOOL, span);
        self.add_temp(Temp { local, flag: Some(flag) });
        let pointer = self.types.ptr(ty);
        let whether = self.local_value(flag, Ty::BOOL, span);
        let one = self.int(1, Ty::BOOL, span);
        let set = self.assign_plain(whether, one, span);
        let here = self.local_value(local, ty, span);
        let address = self.addr_of(here, pointer);
        let rest = self.then(set, address);
        let address = self.then(object, rest);
        self.deref(address, ty, span)
    }

    fn add_temp(&mut self, temp: Temp) {
        if let Some(function) = &mut self.function {
            function.temps.push(temp);
        }
    }

    /// How many objects without a name there are: for [`Parser::finish`].
    pub(crate) fn temps(&self) -> usize {
        self.function.as_ref().map_or(0, |function| function.temps.len())
    }

    /// A whole expression: behind it the objects that it made end.
    pub(crate) fn finish(&mut self, mark: usize, expr: Expr, keep: bool) -> Expr {
        if !self.cpp || self.temps() <= mark {
            return expr;
        }
        let temps = self.function.as_mut().map_or(Vec::new(), |f| f.temps.split_off(mark));
        let span = expr.span;
        let mut clean = None;
        for temp in &temps {
            let ty = self.function.as_ref().map_or(Ty::ERROR, |f| f.locals[temp.local as usize].ty);
            let object = self.local_value(temp.local, ty, span);
            let Some(mut end) = self.destroy(object) else { continue };
            if let Some(flag) = temp.flag {
                let whether = self.local_value(flag, Ty::BOOL, span);
                let one = self.int(1, Ty::BOOL, span);
                let done = self.then(end, one);
                let height = done.height;
                let kind = ExprKind::AndAnd(Box::new(whether), Box::new(done));
                end = self.expr(kind, Ty::BOOL, span, height);
            }
            clean = Some(match clean {
                None => end,
                Some(later) => self.then(end, later),
            });
        }
        let Some(clean) = clean else { return expr };
        let mut whole = self.with_cleaning(expr, clean, keep, span);
        for flag in temps.iter().filter_map(|temp| temp.flag) {
            let whether = self.local_value(flag, Ty::BOOL, span);
            let zero = self.int(0, Ty::BOOL, span);
            let unset = self.assign_plain(whether, zero, span);
            whole = self.then_keeping(unset, whole);
        }
        whole
    }

    /// First this, then that, which stays the object that it is.
    fn then_keeping(&mut self, first: Expr, second: Expr) -> Expr {
        match second.kind {
            ExprKind::Deref(pointer) => {
                let (ty, span) = (second.ty, second.span);
                let pointer = self.then(first, *pointer);
                self.deref(pointer, ty, span)
            }
            _ => self.then(first, second),
        }
    }

    fn with_cleaning(&mut self, expr: Expr, clean: Expr, keep: bool, span: Span) -> Expr {
        if !keep || expr.ty.unqual() == Ty::VOID {
            let clean = Expr { ty: Ty::VOID, ..self.explicit_cast(clean, Ty::VOID, span) };
            return self.then(expr, clean);
        }
        if self.is_lvalue(&expr) && !self.types.is_scalar(expr.ty) {
            let ty = expr.ty;
            let pointer = self.types.ptr(ty);
            let kept = self.hidden_local(pointer, span);
            let address = self.addr_of(expr, pointer);
            let place = self.local_value(kept, pointer, span);
            let store = self.assign_plain(place.clone(), address, span);
            let rest = self.then(clean, place);
            let address = self.then(store, rest);
            return self.deref(address, ty, span);
        }
        let ty = expr.ty.unqual();
        let kept = self.hidden_local(ty, span);
        let place = self.local_value(kept, ty, span);
        let store = match self.types.is_scalar(ty) {
            true => self.assign_plain(place.clone(), expr, span),
            false => {
                let height = expr.height;
                self.expr(ExprKind::Compound(kept, Init::Expr(Box::new(expr))), ty, span, height)
            }
        };
        let rest = self.then(clean, place);
        self.then(store, rest)
    }

    /// What constructs an object in place from arguments; `None`: nothing has to be done.
    pub(crate) fn construct(&mut self, object: Expr, args: Vec<Expr>, span: Span) -> Option<Expr> {
        let ty = object.ty.unqual();
        let object = Expr { ty, ..object };
        self.class_of(ty)?;
        if let [only] = args.as_slice()
            && self.base_offset(only.ty, ty).is_some()
        {
            let value = args.into_iter().next().unwrap_or_else(|| self.bad(span));
            let value = self.copied(value, ty, span);
            return Some(self.put(object, value, span));
        }
        if args.is_empty()
            && let Some(default) = self.default_constructor(ty)
        {
            return default.map(|id| self.call_member(id, object, args, false, span));
        }
        match self.constructor_for(ty, &args, false) {
            Some((method, _)) => Some(self.call_chosen(method, Some(object), args, false, span)),
            None => {
                let name = self.member_name(ty, self.cxx.ctor);
                self.no_match(name, &args, span);
                Some(self.bad(span))
            }
        }
    }

    /// Puts a value into a new object: if it is about to be constructed, it is constructed there.
    pub(crate) fn put(&mut self, object: Expr, value: Expr, span: Span) -> Expr {
        let height = value.height;
        if let ExprKind::Construct(local, call, false) = &value.kind
            && let ExprKind::Call { callee, args, fixed, variadic } = &call.kind
            && let Some(ExprKind::AddrOf(first)) = args.first().map(|arg| &arg.kind)
            && matches!(first.kind, ExprKind::Local(id) if id == *local)
        {
            let mut args = args.clone();
            let ty = args[0].ty;
            args[0] = self.addr_of(object, ty);
            let kind =
                ExprKind::Call { callee: callee.clone(), args, fixed: *fixed, variadic: *variadic };
            return self.expr(kind, call.ty, span, height);
        }
        self.assign_plain(object, value, span)
    }

    /// There are no objects of an abstract class, but as the base of others.
    pub(crate) fn check_abstract(&mut self, ty: Ty, span: Span) {
        let inner = self.innermost(ty);
        if self.class_of(inner).is_some_and(|class| class.is_abstract) {
            let ty = self.type_name(inner);
            self.error(Kind::AbstractClass { ty }, span);
        }
    }

    /// `T(…)` as a value: an object without a name, and without an owner yet.
    pub(crate) fn constructed(&mut self, ty: Ty, args: Vec<Expr>, span: Span) -> Expr {
        let ty = ty.unqual();
        if let [only] = args.as_slice()
            && self.base_offset(only.ty, ty).is_some()
        {
            let value = args.into_iter().next().unwrap_or_else(|| self.bad(span));
            return self.copied(value, ty, span);
        }
        self.check_abstract(ty, span);
        let local = self.hidden_local(ty, span);
        let object = self.local_value(local, ty, span);
        match self.construct(object, args, span) {
            Some(call) => {
                let height = call.height;
                self.expr(ExprKind::Construct(local, Box::new(call), false), ty, span, height)
            }
            None => self.expr(ExprKind::Compound(local, Init::Items(Vec::new())), ty, span, 0),
        }
    }

    /// A value of a class that is nobody's: a copy, unless it has no name anyway.
    pub(crate) fn copied(&mut self, value: Expr, to: Ty, span: Span) -> Expr {
        let to = to.unqual();
        if !self.is_lvalue(&value) && value.ty.unqual() == to {
            return value;
        }
        let moving = self.is_movable(&value);
        let value = self.materialised(value);
        if !moving && self.copy_is_deleted(to)
            || moving && self.copy_is_deleted(to) && !self.has_move(to)
        {
            let name = self.member_name(to, self.cxx.ctor);
            let name = self.text(name);
            self.error(Kind::DeletedFunction { name }, span);
            return self.bad(span);
        }
        let Some(copier) = self.copier(to, moving) else {
            let value = self.as_base(value, to);
            return Expr { ty: to, ..value };
        };
        let value = self.as_base(value, to);
        let pointer = self.types.ptr(to);
        let local = self.hidden_local(to, span);
        let object = self.local_value(local, to, span);
        let this = self.addr_of(object, pointer);
        let callee = self.function_value(copier, span);
        let param = self.types.func_of(callee.ty).and_then(|func| func.params.get(1).copied());
        let from = match param.map(|param| self.types.kind(param)) {
            Some(TypeKind::RRef(_)) => self.as_movable(value),
            Some(TypeKind::Ref(_)) => value,
            _ => self.addr_of(value, pointer),
        };
        let mut args = vec![this, from];
        self.add_defaults(copier, &mut args);
        let call = self.call_fixed(callee, args, span);
        let height = call.height;
        self.expr(ExprKind::Construct(local, Box::new(call), false), to, span, height)
    }

    /// Conversions to a class; `None`: it is none.
    pub(crate) fn convert_class(&mut self, expr: &Expr, to: Ty, context: Context) -> Option<Expr> {
        let span = expr.span;
        if expr.ty == Ty::ERROR {
            return Some(expr.clone());
        }
        let to = to.unqual();
        if let ExprKind::Braced(at) = expr.kind {
            return Some(self.braced_value(at, to, span));
        }
        if !self.is_class(to) {
            return self.convert_from_class(expr, to);
        }
        if self.base_offset(expr.ty, to).is_some() {
            return Some(self.copied(expr.clone(), to, span));
        }
        if self.is_class(expr.ty)
            && let Some((_, id)) = self.conversion(expr.ty, to, false)
        {
            let call = self.call_member(id, expr.clone(), Vec::new(), true, span);
            return Some(self.copied(call, to, span));
        }
        let Some((method, _)) = self.constructor_for(to, std::slice::from_ref(expr), true) else {
            self.mismatch(expr.ty, to, span, context);
            return Some(self.bad(span));
        };
        let local = self.hidden_local(to, span);
        let object = self.local_value(local, to, span);
        let call = self.call_chosen(method, Some(object), vec![expr.clone()], false, span);
        let height = call.height;
        Some(self.expr(ExprKind::Construct(local, Box::new(call), false), to, span, height))
    }

    /// A class where something else is wanted.
    fn convert_from_class(&mut self, expr: &Expr, to: Ty) -> Option<Expr> {
        if let Some(overload) = self.overload_of_type(expr, to) {
            return Some(overload);
        }
        let class = self.class_of(expr.ty)?;
        if let Some(function) = class.closure {
            let value = self.function_value(function, expr.span);
            return Some(self.rvalue(value));
        }
        let (_, id) = self.conversion(expr.ty, to, false)?;
        let call = self.call_member(id, expr.clone(), Vec::new(), true, expr.span);
        Some(self.cast(call, to))
    }

    /// C++: the address that a reference of type `ty` is bound to.
    pub(crate) fn bind_reference(&mut self, value: Expr, ty: Ty) -> Expr {
        let (to, to_movable) = match self.types.kind(ty) {
            TypeKind::Ref(to) => (to, false),
            TypeKind::RRef(to) => (to, true),
            _ => return value,
        };
        let span = value.span;
        if value.ty == Ty::ERROR {
            return Expr { ty, ..value };
        }
        let value = match value.kind {
            ExprKind::Braced(at) => self.braced_value(at, to.unqual(), span),
            _ => value,
        };
        let is_base = self.is_class(value.ty) && self.base_offset(value.ty, to).is_some();
        let value = if is_base { self.materialised(value) } else { value };
        let movable = to_movable
            || !self.is_movable(&value)
            || to.is_const()
            || is_base && !self.is_lvalue(&value);
        if self.is_lvalue(&value)
            && (is_base || self.same_type(value.ty, to))
            && movable
            && !matches!(value.kind, ExprKind::Member(_, _, Some(_)))
        {
            if value.ty.is_const()
                && !to.is_const()
                && !self.types.is_array(to)
                && self.sources.is_user(span)
            {
                let (from, to) = (self.type_name(value.ty), self.type_name(ty));
                self.error(Kind::Incompatible { from, to }, span);
                return self.bad(span);
            }
            let ptr = self.types.ptr(to);
            let value = self.as_base(value, to);
            let address = self.addr_of(value, ptr);
            return Expr { ty, ..address };
        }
        if !to.is_const() && !to_movable {
            let (from, to) = (self.type_name(value.ty), self.type_name(ty));
            self.error(Kind::Incompatible { from, to }, span);
            return self.bad(span);
        }
        // A temporary.
        let value = self.convert(value, to.unqual(), Context::Init);
        if self.is_class(to) {
            let object = self.materialised(value);
            let ptr = self.types.ptr(to);
            let object = match self.is_lvalue(&object) {
                true => object,
                false => return self.bad(span),
            };
            let address = self.addr_of(object, ptr);
            return Expr { ty, ..address };
        }
        let temp = self.hidden_local(to.unqual(), span);
        if let Some(function) = &mut self.function {
            function.locals[temp as usize].in_memory = true;
        }
        let height = value.height;
        let init = Init::Expr(Box::new(value));
        let object = self.expr(ExprKind::Compound(temp, init), to.unqual(), span, height);
        let address = self.addr_of(object, ty);
        Expr { ty, ..address }
    }

    /// Ends an object, or each of an array; `None`: nothing has to be done.
    pub(crate) fn destroy(&mut self, object: Expr) -> Option<Expr> {
        let span = object.span;
        if let (Some(of), Some(len)) = (self.types.element(object.ty), self.known_len(object.ty)) {
            self.destructor(self.innermost(of))?;
            let pointer = self.types.ptr(of);
            let first = Expr { ty: pointer, ..self.addr_of(object, pointer) };
            let count = self.int(len as i64, Ty::LLONG, span);
            return self
                .each(first, count, true, span, &mut |parser, element| parser.destroy(element));
        }
        let id = self.destructor(object.ty)?;
        Some(self.call_member(
            id,
            Expr { ty: object.ty.unqual(), ..object },
            Vec::new(),
            false,
            span,
        ))
    }

    fn innermost(&self, ty: Ty) -> Ty {
        let mut ty = ty;
        while let Some(of) = self.types.element(ty) {
            ty = of;
        }
        ty
    }

    /// Something for each of `count` objects behind a pointer.
    pub(crate) fn each(
        &mut self,
        first: Expr,
        count: Expr,
        backwards: bool,
        span: Span,
        work: &mut dyn FnMut(&mut Parser, Expr) -> Option<Expr>,
    ) -> Option<Expr> {
        let (pointer, number) = (first.ty, Ty::LLONG);
        let to = self.types.pointee(pointer)?;
        let (start, index, end) = (
            self.hidden_local(pointer, span),
            self.hidden_local(number, span),
            self.hidden_local(number, span),
        );
        let stmt = |kind| Stmt { kind, span: NOWHERE };
        let place = self.local_value(start, pointer, span);
        let begin = self.assign_plain(place.clone(), first, span);
        let last = self.local_value(end, number, span);
        let size = self.cast(count, number);
        let limit = self.assign_plain(last.clone(), size, span);
        let i = self.local_value(index, number, span);
        let zero = self.int(0, number, span);
        let reset = self.assign_plain(i.clone(), zero, span);
        let more = self.arith(Op::Lt, i.clone(), last.clone(), number, span);
        let which = match backwards {
            false => i.clone(),
            true => {
                let one = self.int(1, number, span);
                let left = self.arith(Op::Sub, last, i.clone(), number, span);
                self.arith(Op::Sub, left, one, number, span)
            }
        };
        let element = self.add(place, which, false, span);
        let element = self.deref(element, to, span);
        let call = work(self, element)?;
        let kind = ExprKind::Step { left: Box::new(i), scale: None, minus: false, post: false };
        let step = self.expr(kind, number, span, 1);
        let body = vec![stmt(StmtKind::Expr(call)), stmt(StmtKind::Expr(step))];
        let body = Box::new(stmt(StmtKind::Block(body, Vec::new())));
        let stmts = vec![
            stmt(StmtKind::Expr(begin)),
            stmt(StmtKind::Expr(limit)),
            stmt(StmtKind::Expr(reset)),
            stmt(StmtKind::While(more, body)),
        ];
        Some(self.expr(ExprKind::StmtExpr(stmts), Ty::VOID, span, 40))
    }

    /// What constructs each object of an array by itself.
    pub(crate) fn construct_each(&mut self, array: Expr, span: Span) -> Option<Expr> {
        let (of, len) = (self.types.element(array.ty)?, self.known_len(array.ty)?);
        let inner = self.innermost(of);
        self.class_of(inner)?;
        if let Some(None) = self.default_constructor(inner) {
            return None;
        }
        let pointer = self.types.ptr(of);
        let first = Expr { ty: pointer, ..self.addr_of(array, pointer) };
        let count = self.int(len as i64, Ty::LLONG, span);
        self.each(first, count, false, span, &mut |parser, element| {
            parser.begin_object(element, span)
        })
    }

    /// What an object of any type begins with if nothing is said.
    pub(crate) fn begin_object(&mut self, object: Expr, span: Span) -> Option<Expr> {
        if self.types.is_array(object.ty) {
            return self.construct_each(object, span);
        }
        self.construct(object, Vec::new(), span)
    }

    /// Whether objects of this type have to be constructed.
    pub(crate) fn is_constructed(&mut self, ty: Ty) -> bool {
        let inner = self.innermost(ty);
        self.is_class(inner) && !matches!(self.default_constructor(inner), Some(None))
    }

    /// What stands behind a declared name makes the object.
    pub(crate) fn declared_object(&mut self, object: Expr, span: Span) -> Parse<Option<Expr>> {
        let ty = object.ty;
        match self.peek().tok {
            Tok::Punct(Punct::LParen) => {
                self.next();
                let args = self.arguments_until(Punct::RParen)?;
                let span = span.to(self.previous());
                Ok(self.construct(object, args, span))
            }
            Tok::Punct(Punct::LBrace) => self.braced_into(object, span).map(Some),
            Tok::Punct(Punct::Assign) => {
                self.next();
                if self.is(Punct::LBrace) {
                    return self.braced_into(object, span).map(Some);
                }
                let value = self.assignment()?;
                let value = self.convert(value, ty.unqual(), Context::Init);
                let span = span.to(self.previous());
                let object = Expr { ty: ty.unqual(), ..object };
                Ok(Some(self.put(object, value, span)))
            }
            _ => Ok(self.begin_object(object, span)),
        }
    }

    /// `{…}`, which comes, makes an object of a class.
    fn braced_into(&mut self, object: Expr, span: Span) -> Parse<Expr> {
        let ty = object.ty.unqual();
        let value = self.braced_class(ty, span)?;
        let object = Expr { ty, ..object };
        let span = span.to(self.previous());
        Ok(self.put(object, value, span))
    }

    /// The value of a list in braces that was passed over.
    pub(crate) fn braced_value(&mut self, at: usize, ty: Ty, span: Span) -> Expr {
        let end = std::mem::replace(&mut self.at, at);
        let value = if self.is_class(ty) {
            self.braced_class(ty, span)
        } else if self.types.is_scalar(ty) {
            self.local_initializer(ty, span).map(|(init, _)| match init {
                Init::Expr(value) => *value,
                Init::Items(_) => self.bad(span),
            })
        } else {
            self.compound_literal(ty, span)
        };
        self.at = end;
        value.unwrap_or_else(|_| self.bad(span))
    }

    /// Whether `{…}` sets the members of a class one by one.
    pub(crate) fn is_aggregate(&self, ty: Ty) -> bool {
        self.class_of(ty).is_none_or(|class| {
            class.slots.is_empty()
                && class.bases.is_empty()
                && !class
                    .methods
                    .iter()
                    .any(|it| it.name == self.cxx.ctor && !it.defaulted && !it.deleted)
                && !class.templates.iter().any(|(name, _)| *name == self.cxx.ctor)
        })
    }

    /// A class's value from `{…}`, which comes.
    fn braced_class(&mut self, ty: Ty, span: Span) -> Parse<Expr> {
        let start = self.at;
        let empty = self.peek_at(1).tok == Tok::Punct(Punct::RBrace);
        if self.is_aggregate(ty) && !(empty && self.is_constructed(ty)) && !self.copies_itself(ty) {
            self.at = start;
            let mut items = Vec::new();
            self.aggregate(ty, span, &mut items)?;
            let local = self.hidden_local(ty, span);
            if let Some(function) = &mut self.function {
                function.locals[local as usize].in_memory = true;
            }
            let height = items.iter().map(|item| item.value.height).max().unwrap_or(0);
            let kind = ExprKind::Compound(local, Init::Items(items));
            let object = self.expr(kind, ty, span.to(self.previous()), height);
            // Nobody's: what it is put into owns it.
            let height = object.height;
            return Ok(self.expr(
                ExprKind::Construct(local, Box::new(object), false),
                ty,
                span,
                height,
            ));
        }
        self.next();
        let args = self.arguments_until(Punct::RBrace)?;
        let span = span.to(self.previous());
        if let [only] = args.as_slice()
            && self.base_offset(only.ty, ty).is_some()
        {
            return Ok(self.constructed(ty, args, span));
        }
        if !args.is_empty()
            && let Some((method, element, list)) = self.list_constructor(ty, &args)
        {
            let value = self.initializer_list(list, element, args, span);
            if self.types.record_of(ty).is_some() && list.unqual() == ty {
                return Ok(value);
            }
            let local = self.hidden_local(ty, span);
            let object = self.local_value(local, ty, span);
            let call = self.call_chosen(method, Some(object), vec![value], false, span);
            let height = call.height;
            return Ok(self.expr(
                ExprKind::Construct(local, Box::new(call), false),
                ty,
                span,
                height,
            ));
        }
        Ok(self.constructed(ty, args, span))
    }

    /// `{other}` of the same class, behind which the list ends.
    fn copies_itself(&mut self, ty: Ty) -> bool {
        let Tok::Ident(name) = self.peek_at(1).tok else { return false };
        if self.peek_at(2).tok != Tok::Punct(Punct::RBrace) {
            return false;
        }
        let Some((scope, crate::parse::Entry::Local(id))) = self.lookup_scoped(name) else {
            return false;
        };
        let own = self.function.as_ref().filter(|function| scope > function.scope);
        let found = own.map(|function| function.locals[id as usize].ty);
        let found = found.map(|found| self.types.referred(found));
        found.is_some_and(|found| found.unqual() == ty.unqual())
    }

    /// The constructor that takes an `initializer_list`, if all values fit.
    fn list_constructor(
        &mut self,
        ty: Ty,
        args: &[Expr],
    ) -> Option<(super::state::Method, Ty, Ty)> {
        let ctor = self.cxx.ctor;
        for method in self.methods(ty, ctor) {
            let func = self.types.func_of(self.funcs[method.id as usize].ty)?.clone();
            let Some(param) = func.params.get(1) else { continue };
            let list = self.types.referred(*param).unqual();
            let Some(element) = self.list_element(list) else { continue };
            if args.iter().all(|arg| self.cost(arg, element).is_some()) {
                return Some((method, element, list));
            }
        }
        None
    }

    fn list_element(&self, list: Ty) -> Option<Ty> {
        let class = self.class_of(list)?;
        let (_, args) = class.template.as_ref()?;
        match (class.full.starts_with("std::initializer_list<"), args.first()) {
            (true, Some(super::templates::Arg::Type(element))) => Some(*element),
            _ => None,
        }
    }

    /// `{a, b}` as an `initializer_list`: an array, a pointer to it and its length.
    pub(crate) fn initializer_list(
        &mut self,
        list: Ty,
        element: Ty,
        args: Vec<Expr>,
        span: Span,
    ) -> Expr {
        let count = args.len() as u64;
        let array = self.types.array(element.unqual(), count);
        let local = self.hidden_local(array, span);
        let size = self.types.size(element).unwrap_or(1);
        let mut items = Vec::new();
        let mut height = 0;
        for (index, arg) in args.into_iter().enumerate() {
            let value = self.convert(arg, element.unqual(), Context::Init);
            height = height.max(value.height);
            items.push(InitItem {
                offset: index as u64 * size,
                ty: element.unqual(),
                bits: None,
                value,
            });
        }
        let values = self.expr(ExprKind::Compound(local, Init::Items(items)), array, span, height);
        if self.destructor(element).is_some() {
            self.add_temp(Temp { local, flag: None });
        }
        let pointer = self.types.ptr(element.unqual());
        let first = Expr { ty: pointer, ..self.addr_of(values, pointer) };
        let size_t = self.types.size_t();
        let length = self.int(count as i64, size_t, span);
        let items = vec![
            InitItem { offset: 0, ty: pointer, bits: None, value: first },
            InitItem { offset: 8, ty: size_t, bits: None, value: length },
        ];
        let object = self.hidden_local(list.unqual(), span);
        let kind = ExprKind::Compound(object, Init::Items(items));
        let value = self.expr(kind, list.unqual(), span, height + 2);
        let height = value.height;
        self.expr(ExprKind::Construct(object, Box::new(value), false), list.unqual(), span, height)
    }

    /// `auto x = {1, 2}` and `for (x : {1, 2})`: a list of the first value's type.
    pub(crate) fn list_of_values(&mut self, span: Span) -> Parse<Expr> {
        self.expect(Punct::LBrace)?;
        let args = self.arguments_until(Punct::RBrace)?;
        let Some(first) = args.first() else {
            return Err(self.refuse("an empty list".to_owned(), span));
        };
        let first = first.clone();
        let element = self.decayed(&first);
        let Some(list) = self.library_class("initializer_list", &[element]) else {
            return Err(self.refuse("std::initializer_list (#include <vector>)".to_owned(), span));
        };
        Ok(self.initializer_list(list, element, args, span))
    }

    pub(crate) fn functional_cast(&mut self, ty: Ty, span: Span) -> Parse<Expr> {
        if self.is_class(ty) {
            if self.is(Punct::LBrace) {
                let value = self.braced_class(ty.unqual(), span)?;
                return Ok(value);
            }
            self.next();
            let args = self.arguments_until(Punct::RParen)?;
            let span = span.to(self.previous());
            if let [only] = args.as_slice()
                && self.base_offset(only.ty, ty).is_none()
                && self.constructor_for(ty, &args, false).is_none()
            {
                let only = only.clone();
                return Ok(self.convert(only, ty.unqual(), Context::Init));
            }
            return Ok(self.constructed(ty, args, span));
        }
        if self.is(Punct::LBrace) && (self.types.is_record(ty) || self.types.is_array(ty)) {
            return self.compound_literal(ty, span);
        }
        let close = if self.is(Punct::LBrace) { Punct::RBrace } else { Punct::RParen };
        self.next();
        if self.eat(close) {
            if self.types.is_record(ty) {
                let local = self.hidden_local(ty, span);
                return Ok(self.expr(
                    ExprKind::Compound(local, Init::Items(Vec::new())),
                    ty,
                    span,
                    0,
                ));
            }
            let zero = self.int(0, Ty::INT, span);
            return Ok(self.cast(zero, ty));
        }
        let value = self.expression()?;
        let end = self.expect(close)?;
        let span = span.to(end);
        Ok(self.explicit_cast(value, ty, span))
    }

    /// `new T`, `new T(x)`, `new T[n]`, `new (place) T`, `delete p`, `delete[] p`.
    pub(crate) fn cpp_new_delete(&mut self, span: Span) -> Parse<Expr> {
        self.eat(Punct::ColonColon);
        if self.eat_kw(Kw::Delete) {
            return self.delete(span);
        }
        self.next();
        let mut place = None;
        if self.is(Punct::LParen) {
            self.next();
            if self.type_ahead(self.at).is_some() || self.starts_type(self.peek()) {
                return Err(self.refuse("new (type)".to_owned(), span));
            }
            let at = self.expression()?;
            self.expect(Punct::RParen)?;
            // `new (std::nothrow) T`: here memory does not end.
            place = self.types.is_pointer(at.ty).then_some(at).filter(|it| it.ty != Ty::ERROR);
        }
        let (base, _) = self.declaration_specifiers(false)?;
        let mut ty = base;
        while self.eat(Punct::Star) {
            ty = self.types.ptr(ty);
        }
        if self.eat(Punct::LBracket) {
            return self.new_array(ty, span);
        }
        let pointer = self.types.ptr(ty);
        let block = match place {
            Some(place) => self.cast(place, pointer),
            None => {
                let size = self.types.size(ty).unwrap_or(1) as i64;
                let size_t = self.types.size_t();
                let bytes = self.int(size, size_t, span);
                let block = self.intrinsic_call("__builtin_malloc", vec![bytes], span);
                self.cast(block, pointer)
            }
        };
        let temp = self.hidden_local(pointer, span);
        let p = self.local_value(temp, pointer, span);
        let store = self.assign_plain(p.clone(), block, span);
        let object = self.deref(p.clone(), ty.unqual(), span);
        let set = self.new_object(object, ty, span)?;
        match set {
            None => Ok(self.then(store, p)),
            Some(set) => {
                let rest = self.then(set, p);
                Ok(self.then(store, rest))
            }
        }
    }

    /// What stands behind the type of a `new` makes the object.
    fn new_object(&mut self, object: Expr, ty: Ty, span: Span) -> Parse<Option<Expr>> {
        if self.is_class(ty) {
            self.check_abstract(ty, span);
            return match self.peek().tok {
                Tok::Punct(Punct::LParen | Punct::LBrace) => self.declared_object(object, span),
                _ => Ok(self.begin_object(object, span)),
            };
        }
        let braces = self.is(Punct::LBrace);
        if !braces && !self.is(Punct::LParen) {
            return Ok(None);
        }
        if braces && self.types.is_record(ty) {
            let value = self.compound_literal(ty.unqual(), span)?;
            return Ok(Some(self.assign_plain(object, value, span)));
        }
        self.next();
        let close = if braces { Punct::RBrace } else { Punct::RParen };
        let value = match self.is(close) {
            true if self.types.is_record(ty) => {
                let local = self.hidden_local(ty.unqual(), span);
                self.expr(ExprKind::Compound(local, Init::Items(Vec::new())), ty.unqual(), span, 0)
            }
            true => self.int(0, Ty::INT, span),
            false => self.assignment()?,
        };
        self.expect(close)?;
        let value = self.convert(value, ty.unqual(), Context::Init);
        Ok(Some(self.assign_plain(object, value, span)))
    }

    /// `new T[n]`, behind the `[`. Before objects that have a destructor stands how many they are.
    fn new_array(&mut self, ty: Ty, span: Span) -> Parse<Expr> {
        let size_t = self.types.size_t();
        let count = self.expression()?;
        self.expect(Punct::RBracket)?;
        let count = self.convert(count, size_t, Context::Init);
        let mut zeroed = false;
        if self.eat(Punct::LParen) {
            self.expect(Punct::RParen)?;
            zeroed = true;
        } else if self.is(Punct::LBrace) && self.peek_at(1).tok == Tok::Punct(Punct::RBrace) {
            self.next();
            self.next();
            zeroed = true;
        } else if self.is(Punct::LBrace) {
            return Err(self.refuse("new of an array with values".to_owned(), span));
        }
        let span = span.to(self.previous());
        let pointer = self.types.ptr(ty.unqual());
        let size = self.types.size(ty).unwrap_or(1) as i64;
        let number = self.hidden_local(size_t, span);
        let n = self.local_value(number, size_t, span);
        let keep = self.assign_plain(n.clone(), count, span);
        let each = self.int(size, size_t, span);
        let cookie = self.destructor(ty).is_some();
        let mut bytes = self.arith(Op::Mul, n.clone(), each, size_t, span);
        if cookie {
            let eight = self.int(8, size_t, span);
            bytes = self.arith(Op::Add, bytes, eight, size_t, span);
        }
        let block = match zeroed {
            true => {
                let one = self.int(1, size_t, span);
                self.intrinsic_call("__builtin_calloc", vec![one, bytes], span)
            }
            false => self.intrinsic_call("__builtin_malloc", vec![bytes], span),
        };
        let temp = self.hidden_local(pointer, span);
        let p = self.local_value(temp, pointer, span);
        let block = self.cast(block, pointer);
        let mut whole = self.assign_plain(p.clone(), block, span);
        whole = self.then(keep, whole);
        if cookie {
            let counts = self.types.ptr(size_t);
            let at = self.cast(p.clone(), counts);
            let at = self.deref(at, size_t, span);
            let note = self.assign_plain(at, n.clone(), span);
            let bytes = self.types.ptr(Ty::CHAR);
            let raw = self.cast(p.clone(), bytes);
            let eight = self.int(8, Ty::LLONG, span);
            let behind = self.add(raw, eight, false, span);
            let behind = self.cast(behind, pointer);
            let skip = self.assign_plain(p.clone(), behind, span);
            let both = self.then(note, skip);
            whole = self.then(whole, both);
        }
        if self.is_constructed(ty) {
            let begin = self.each(p.clone(), n, false, span, &mut |parser, element| {
                parser.begin_object(element, span)
            });
            if let Some(begin) = begin {
                whole = self.then(whole, begin);
            }
        }
        Ok(self.then(whole, p))
    }

    fn delete(&mut self, span: Span) -> Parse<Expr> {
        let array = self.eat(Punct::LBracket);
        if array {
            self.expect(Punct::RBracket)?;
        }
        let operand = self.cast_expression()?;
        let operand = self.rvalue(operand);
        let void = self.types.ptr(Ty::VOID);
        let Some(to) = self.types.pointee(operand.ty) else {
            if operand.ty != Ty::ERROR && operand.ty != Ty::NULLPTR {
                let ty = self.type_name(operand.ty);
                self.error(Kind::NotAPointer { ty }, operand.span);
            }
            return Ok(self.bad(span));
        };
        let span = span.to(operand.span);
        let Some(dtor) = self.destructor(to) else {
            let operand = self.cast(operand, void);
            return Ok(self.intrinsic_call("__builtin_free", vec![operand], span));
        };
        let pointer = self.types.ptr(to.unqual());
        let temp = self.hidden_local(pointer, span);
        let p = self.local_value(temp, pointer, span);
        let operand = self.cast(operand, pointer);
        let store = self.assign_plain(p.clone(), operand, span);
        let mut block = self.cast(p.clone(), void);
        let end = if array {
            let size_t = self.types.size_t();
            let bytes = self.types.ptr(Ty::CHAR);
            let raw = self.cast(p.clone(), bytes);
            let eight = self.int(8, Ty::LLONG, span);
            let before = self.add(raw, eight, true, span);
            block = self.cast(before.clone(), void);
            let counts = self.types.ptr(size_t);
            let count = self.cast(before, counts);
            let count = self.deref(count, size_t, span);
            self.each(p.clone(), count, true, span, &mut |parser, element| parser.destroy(element))
        } else {
            let slot_name = self.cxx.dtor;
            let slot = self
                .class_of(to)
                .and_then(|class| class.slots.iter().position(|it| it.name == slot_name));
            Some(match slot {
                Some(slot) => self.call_virtual(dtor, slot, p.clone(), Vec::new(), span),
                None => {
                    let object = self.deref(p.clone(), to.unqual(), span);
                    self.call_member(dtor, object, Vec::new(), false, span)
                }
            })
        };
        let free = self.intrinsic_call("__builtin_free", vec![block], span);
        let free = match end {
            Some(end) => self.then(end, free),
            None => free,
        };
        let one = self.int(1, Ty::INT, span);
        let free = self.then(free, one);
        let is = self.condition(p);
        let height = free.height;
        let kind = ExprKind::AndAnd(Box::new(is), Box::new(free));
        let guarded = self.expr(kind, Ty::BOOL, span, height);
        let whole = self.then(store, guarded);
        let height = whole.height;
        Ok(self.expr(ExprKind::Cast(Box::new(whole)), Ty::VOID, span, height))
    }
}
