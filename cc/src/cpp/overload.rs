//! Which of several functions is meant: what each argument's conversion costs, the cheapest wins.

use super::state::Method;
use crate::ast::*;
use crate::diag::Kind;
use crate::lex::{Punct, Sym};
use crate::parse::{Parse, Parser};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

/// A function, or a template that may become one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Candidate {
    Func(FuncId),
    Template(usize),
}

const PROMOTION: u32 = 10;
const CONVERSION: u32 = 20;
const BY_CLASS: u32 = 200;
const VARIABLE: u32 = 1000;

impl Parser {
    /// Whether a value may be moved from: a temporary, or `std::move` of something.
    pub(crate) fn is_movable(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Deref(pointer) => matches!(self.types.kind(pointer.ty), TypeKind::RRef(_)),
            ExprKind::Member(base, ..) if !self.is_lvalue_kind(base) => true,
            ExprKind::Member(base, ..) => self.is_movable(base),
            _ => !self.is_lvalue_kind(expr),
        }
    }

    fn is_lvalue_kind(&self, expr: &Expr) -> bool {
        self.is_lvalue(expr)
    }

    /// What it costs to pass `arg` to a parameter; `None`: it cannot be.
    pub(crate) fn cost(&mut self, arg: &Expr, param: Ty) -> Option<u32> {
        if arg.ty == Ty::ERROR || param == Ty::ERROR || param == Ty::DEPENDENT {
            return Some(0);
        }
        match self.types.kind(param) {
            TypeKind::Ref(to) => {
                if self.is_lvalue(arg)
                    && !self.is_movable(arg)
                    && !matches!(arg.kind, ExprKind::Braced(_))
                {
                    if arg.ty.is_const() && !to.is_const() && !self.types.is_array(arg.ty) {
                        return None;
                    }
                    if self.same_object(arg.ty, to) {
                        return Some(u32::from(to.is_const() && !arg.ty.is_const()));
                    }
                    if let Some(distance) = self.base_distance(arg.ty, to) {
                        return Some(CONVERSION + distance);
                    }
                }
                if !to.is_const() {
                    return None;
                }
                self.value_cost(arg, to.unqual()).map(|cost| cost + 2)
            }
            TypeKind::RRef(to) => {
                let movable = self.is_movable(arg) || matches!(arg.kind, ExprKind::Braced(_));
                if self.same_object(arg.ty, to) {
                    return movable.then_some(0);
                }
                self.value_cost(arg, to.unqual()).map(|cost| cost + 1)
            }
            _ => self.value_cost(arg, param),
        }
    }

    /// The same type but for `const` on the outside.
    fn same_object(&self, a: Ty, b: Ty) -> bool {
        a.unqual() == b.unqual()
    }

    fn base_distance(&self, derived: Ty, base: Ty) -> Option<u32> {
        if derived.unqual() == base.unqual() {
            return Some(0);
        }
        let class = self.class_of(derived)?;
        class.bases.iter().find_map(|(own, _)| Some(1 + self.base_distance(*own, base)?))
    }

    fn is_scoped(&self, ty: Ty) -> bool {
        matches!(self.types.kind(ty), TypeKind::Enum(index) if self.types.enums[index as usize].scoped)
    }

    fn value_cost(&mut self, arg: &Expr, to: Ty) -> Option<u32> {
        let to = to.unqual();
        if let ExprKind::Braced(_) = arg.kind {
            return (self.is_class(to) || self.types.is_scalar(to) || self.types.is_record(to))
                .then_some(BY_CLASS / 2);
        }
        let from = self.decayed(arg);
        if from == to {
            return Some(0);
        }
        if let Some(cost) = self.plain_cost(arg, from, to) {
            return Some(cost);
        }
        if let Some(distance) = self.base_distance(from, to).filter(|_| self.is_class(from)) {
            return Some(CONVERSION + distance);
        }
        self.class_cost(arg, to)
    }

    /// The type of a value: arrays and functions are pointers.
    pub(crate) fn decayed(&mut self, arg: &Expr) -> Ty {
        match self.types.kind(arg.ty) {
            TypeKind::Array(of, _) | TypeKind::Vla(of, _) => self.types.ptr(of),
            TypeKind::Func(_) => self.types.ptr(arg.ty),
            _ => arg.ty.unqual(),
        }
    }

    /// Conversions of C's types.
    fn plain_cost(&self, arg: &Expr, from: Ty, to: Ty) -> Option<u32> {
        if self.is_scoped(from) || self.is_scoped(to) {
            return None;
        }
        if self.types.is_arith(from) && self.types.is_arith(to) {
            if matches!(self.types.kind(to), TypeKind::Enum(_)) {
                return None;
            }
            let promoted = self.types.promote(from) == to && self.types.is_integer(from)
                || from == Ty::FLOAT && to == Ty::DOUBLE;
            return Some(if promoted { PROMOTION } else { CONVERSION });
        }
        match (self.types.kind(from), self.types.kind(to)) {
            (TypeKind::Ptr(a), TypeKind::Ptr(b)) => {
                if a.is_const() && !b.is_const() && !self.types.is_func(b) {
                    return None;
                }
                if self.same_type(a, b) {
                    return Some(u32::from(a.is_const() != b.is_const()));
                }
                if let Some(distance) = self.base_distance(a, b).filter(|_| self.is_class(a)) {
                    return Some(CONVERSION + distance);
                }
                (b.unqual() == Ty::VOID || self.is_null(arg)).then_some(CONVERSION + 5)
            }
            (TypeKind::Nullptr, TypeKind::Ptr(_)) => Some(1),
            (_, TypeKind::Ptr(_)) if self.is_null(arg) => Some(CONVERSION),
            (TypeKind::Ptr(_) | TypeKind::Nullptr, TypeKind::Bool) => Some(CONVERSION + 10),
            _ => None,
        }
    }

    /// Conversions by a constructor or by `operator T`.
    fn class_cost(&mut self, arg: &Expr, to: Ty) -> Option<u32> {
        if let Some(class) = self.class_of(arg.ty) {
            if class.closure.is_some()
                && self.types.pointee(to).is_some_and(|to| self.types.is_func(to))
            {
                return Some(CONVERSION);
            }
            let konst = arg.ty.is_const();
            let found = self.conversion(arg.ty, to, false);
            if found.is_some() {
                return Some(BY_CLASS + u32::from(konst));
            }
        }
        if !self.is_class(to) || self.cxx.converting {
            return None;
        }
        self.cxx.converting = true;
        let found = self.constructor_for(to, std::slice::from_ref(arg), true);
        self.cxx.converting = false;
        found.map(|(_, cost)| BY_CLASS + cost)
    }

    /// The `operator T` that gives a type, or something that converts to it.
    pub(crate) fn conversion(&mut self, class: Ty, to: Ty, explicit: bool) -> Option<(Ty, FuncId)> {
        let mut found: Vec<(Ty, FuncId)> = Vec::new();
        let mut at = Some(class);
        while let Some(own) = at.and_then(|ty| self.class_of(ty)) {
            found.extend(own.conversions.iter().copied());
            at = own.bases.first().map(|(base, _)| *base);
        }
        let exact = found.iter().find(|(ty, _)| {
            let ty = match self.types.kind(*ty) {
                TypeKind::Ref(to) => to,
                _ => *ty,
            };
            ty.unqual() == to.unqual()
        });
        if let Some(exact) = exact {
            return Some(*exact);
        }
        let arithmetic = found.iter().find(|(ty, _)| {
            self.types.is_scalar(*ty)
                && self.types.is_arith(to)
                && (explicit || *ty != Ty::BOOL || to == Ty::BOOL)
        });
        arithmetic.copied()
    }

    /// What a candidate costs with these arguments; for a template what it becomes.
    fn candidate_cost(
        &mut self,
        candidate: Candidate,
        args: &[Expr],
        explicit: &[super::templates::Arg],
    ) -> Option<(FuncId, u32)> {
        let (id, extra) = match candidate {
            Candidate::Func(id) if explicit.is_empty() => (id, 0),
            Candidate::Func(_) => return None,
            Candidate::Template(template) => {
                let (id, looseness) = self.deduced(template, args, explicit)?;
                (id, 1 + looseness)
            }
        };
        let func = self.types.func_of(self.funcs[id as usize].ty)?.clone();
        let defaults = self.defaults.get(&id).map_or(0, |(at, _)| at.len());
        let needed = func.params.len() - defaults.min(func.params.len());
        if args.len() < needed || args.len() > func.params.len() && !func.variadic {
            return None;
        }
        let mut total = 0;
        for (index, arg) in args.iter().enumerate() {
            total += match func.params.get(index) {
                Some(param) => 8 * self.cost(arg, *param)?,
                None => 8 * VARIABLE,
            };
        }
        Some((id, total + extra))
    }

    /// The candidate that costs least.
    pub(crate) fn choose_candidate(
        &mut self,
        candidates: &[Candidate],
        args: &[Expr],
        explicit: &[super::templates::Arg],
    ) -> Option<(FuncId, u32)> {
        let mut best: Option<(FuncId, u32)> = None;
        for candidate in candidates {
            if let Some(found) = self.candidate_cost(*candidate, args, explicit)
                && best.is_none_or(|(_, cost)| found.1 < cost)
            {
                best = Some(found);
            }
        }
        best
    }

    /// Functions and templates of one name.
    pub(crate) fn candidates(&self, name: Sym) -> Vec<Candidate> {
        let funcs = (0..self.funcs.len() as FuncId)
            .filter(|id| self.funcs[*id as usize].name == name)
            .map(Candidate::Func);
        let templates = self.cxx.templates_of.get(&name).into_iter().flatten();
        let mut found: Vec<Candidate> =
            funcs.chain(templates.map(|at| Candidate::Template(*at))).collect();
        // `using namespace std` adds its functions to those of file scope.
        for used in &self.cxx.namespaces[0].used {
            if let Some(full) = self.cxx.qualified.get(&(*used, name)) {
                found.extend(self.candidates(*full));
            }
        }
        found
    }

    /// The function of an overload set that fits the arguments best.
    pub(crate) fn resolve_overload(&mut self, callee: Expr, args: &[Expr]) -> Expr {
        let (name, explicit) = match &callee.kind {
            ExprKind::Func(id) if self.cpp => (self.funcs[*id as usize].name, Vec::new()),
            ExprKind::Overloaded(name, explicit) => (*name, explicit.clone()),
            _ => return callee,
        };
        let candidates = self.candidates(name);
        if let ([_], ExprKind::Func(_)) = (candidates.as_slice(), &callee.kind) {
            return callee;
        }
        match self.choose_candidate(&candidates, args, &explicit) {
            Some((best, _)) => {
                self.use_function(best, callee.span);
                let ty = self.funcs[best as usize].ty;
                Expr { kind: ExprKind::Func(best), ty, ..callee }
            }
            None => {
                if let ExprKind::Overloaded(..) = callee.kind {
                    self.no_match(name, args, callee.span);
                    return self.bad(callee.span);
                }
                callee
            }
        }
    }

    /// No function of this name takes these arguments.
    pub(crate) fn no_match(&mut self, name: Sym, args: &[Expr], span: Span) {
        if args.iter().any(|arg| arg.ty == Ty::ERROR) {
            return;
        }
        let types: Vec<String> = args.iter().map(|arg| self.type_name(arg.ty)).collect();
        let call = format!("{}({})", self.text(name), types.join(", "));
        self.error(Kind::NoOverload { call }, span);
    }

    /// A call of a member function, from its `(`: `object` is `None` where only static ones may be.
    pub(crate) fn member_call(
        &mut self,
        object: Option<Expr>,
        class: Ty,
        name: Sym,
        qualified: bool,
        span: Span,
    ) -> Parse<Expr> {
        let explicit = match self.is(Punct::Lt) {
            true => self.template_arguments()?,
            false => Vec::new(),
        };
        self.expect(Punct::LParen)?;
        let args = self.arguments_until(Punct::RParen)?;
        let span = span.to(self.previous());
        Ok(self.call_method(object, class, name, args, explicit, !qualified, span))
    }

    #[allow(clippy::too_many_arguments)] // a call has as many parts
    fn call_method(
        &mut self,
        object: Option<Expr>,
        class: Ty,
        name: Sym,
        args: Vec<Expr>,
        explicit: Vec<super::templates::Arg>,
        dynamic: bool,
        span: Span,
    ) -> Expr {
        match self.choose_method(object.as_ref(), class, name, &args, &explicit) {
            Some(method) => self.call_chosen(method, object, args, dynamic, span),
            None => {
                let name = self.member_name(class, name);
                self.no_match(name, &args, span);
                self.bad(span)
            }
        }
    }

    /// A member function by its name and arguments, if there is one.
    pub(crate) fn try_method(
        &mut self,
        object: Expr,
        name: &str,
        args: Vec<Expr>,
        span: Span,
    ) -> Option<Expr> {
        let name = self.intern(name);
        let class = object.ty;
        let method = self.choose_method(Some(&object), class, name, &args, &[])?;
        Some(self.call_chosen(method, Some(object), args, true, span))
    }

    /// The member function that fits the object and the arguments best.
    pub(crate) fn choose_method(
        &mut self,
        object: Option<&Expr>,
        class: Ty,
        name: Sym,
        args: &[Expr],
        explicit: &[super::templates::Arg],
    ) -> Option<Method> {
        let konst = object.is_some_and(|object| object.ty.is_const());
        let mut best: Option<(Method, u32)> = None;
        for method in self.methods(class, name) {
            if konst && !method.is_const && !method.is_static || !explicit.is_empty() {
                continue;
            }
            let with_this = self.with_object(&method, object, class, args);
            let Some((_, cost)) = self.candidate_cost(Candidate::Func(method.id), &with_this, &[])
            else {
                continue;
            };
            let cost = cost + u32::from(!konst && method.is_const);
            if best.is_none_or(|(_, least)| cost < least) {
                best = Some((method, cost));
            }
        }
        for template in self.member_templates(class, name) {
            let Some((id, looseness)) = self.deduced(template, args, explicit) else { continue };
            let is_static = self.cxx.statics.contains(&id);
            let method = Method {
                name,
                id,
                is_static,
                is_const: true,
                deleted: false,
                defaulted: false,
                explicit: false,
            };
            let with_this = self.with_object(&method, object, class, args);
            let Some((_, cost)) = self.candidate_cost(Candidate::Func(id), &with_this, &[]) else {
                continue;
            };
            if best.is_none_or(|(_, least)| cost + 1 + looseness < least) {
                best = Some((method, cost + 1 + looseness));
            }
        }
        best.map(|(method, _)| method)
    }

    /// The arguments with a stand-in for the object, whose cost is nothing.
    fn with_object(
        &mut self,
        method: &Method,
        object: Option<&Expr>,
        class: Ty,
        args: &[Expr],
    ) -> Vec<Expr> {
        let mut all = Vec::with_capacity(args.len() + 1);
        if !method.is_static {
            let span = object.map_or(super::state::NOWHERE, |object| object.span);
            let _ = class;
            all.push(self.bad(span));
        }
        all.extend(args.iter().cloned());
        all
    }

    /// Calls a member function, through the table if it is virtual.
    pub(crate) fn call_chosen(
        &mut self,
        method: Method,
        object: Option<Expr>,
        args: Vec<Expr>,
        dynamic: bool,
        span: Span,
    ) -> Expr {
        if method.deleted {
            let name = self.text(self.funcs[method.id as usize].name);
            self.error(Kind::DeletedFunction { name }, span);
            return self.bad(span);
        }
        if method.is_static {
            let callee = self.function_value(method.id, span);
            return self.call_fixed(callee, args, span);
        }
        let Some(object) = object else {
            let name = self.text(self.funcs[method.id as usize].name);
            self.error(Kind::WithoutObject { name }, span);
            return self.bad(span);
        };
        self.call_member(method.id, object, args, dynamic, span)
    }

    /// A call of a member function that is known.
    pub(crate) fn call_member(
        &mut self,
        id: FuncId,
        object: Expr,
        args: Vec<Expr>,
        dynamic: bool,
        span: Span,
    ) -> Expr {
        let object = self.materialised(object);
        let class = object.ty;
        let own = self.types.ptr(class.unqual());
        let this = self.addr_of(object, own);
        let func_ty = self.funcs[id as usize].ty;
        let wanted = self.types.func_of(func_ty).and_then(|func| func.params.first().copied());
        let this = match wanted {
            Some(wanted) => self.upcast(this, wanted),
            None => this,
        };
        let slot = self.class_of(class).filter(|_| dynamic).and_then(|own| {
            own.slots.iter().position(|slot| slot.id == Some(id) || self.overrides(slot, id))
        });
        let Some(slot) = slot else {
            let callee = self.function_value(id, span);
            let args = std::iter::once(this).chain(args).collect();
            return self.call_fixed(callee, args, span);
        };
        self.call_virtual(id, slot, this, args, span)
    }

    /// A pure function has no number in its slot.
    fn overrides(&self, slot: &super::state::Slot, id: FuncId) -> bool {
        let Some(func) = self.types.func_of(self.funcs[id as usize].ty) else { return false };
        let name = self.text(self.funcs[id as usize].name);
        let plain = name.rsplit("::").next().unwrap_or(&name);
        slot.name != self.cxx.dtor
            && self.interner.get(slot.name) == plain
            && func.params.get(1..).is_some_and(|params| params == slot.params)
    }

    pub(crate) fn call_virtual(
        &mut self,
        id: FuncId,
        slot: usize,
        this: Expr,
        args: Vec<Expr>,
        span: Span,
    ) -> Expr {
        let func_ty = self.funcs[id as usize].ty;
        let this_ty = this.ty;
        let local = self.hidden_local(this_ty, span);
        let here = self.expr(ExprKind::Local(local), this_ty, span, 0);
        let store = self.assign_plain(here.clone(), this, span);
        let void = self.types.ptr(Ty::VOID);
        let table_ty = self.types.ptr(void);
        let tables = self.types.ptr(table_ty);
        let place = self.cast(here.clone(), tables);
        let table = self.deref(place, table_ty, span);
        let index = self.int(slot as i64 + 1, Ty::LLONG, span);
        let entry = self.index(table, index, span);
        let pointer = self.types.ptr(func_ty);
        let function = self.cast(entry, pointer);
        let height = store.height.max(function.height);
        let callee = ExprKind::Comma(Box::new(store), Box::new(function));
        let callee = self.expr(callee, pointer, span, height);
        // Defaults are those of the function that is named.
        let mut args: Vec<Expr> = std::iter::once(here).chain(args).collect();
        self.add_defaults(id, &mut args);
        self.call_fixed(callee, args, span)
    }

    /// The arguments that were left out.
    pub(crate) fn add_defaults(&mut self, id: FuncId, args: &mut Vec<Expr>) {
        let count =
            self.types.func_of(self.funcs[id as usize].ty).map_or(0, |func| func.params.len());
        let Some((places, context)) = self.defaults.get(&id).cloned() else { return };
        let missing = count.saturating_sub(args.len()).min(places.len());
        for at in &places[places.len() - missing..] {
            let function = self.function.take();
            let constants = std::mem::take(&mut self.const_locals);
            let saved = self.go_to(*at, &context);
            self.function = function;
            let value = self.assignment();
            let function = self.function.take();
            self.go_back(saved);
            self.function = function;
            self.const_locals = constants;
            args.push(value.unwrap_or_else(|_| self.bad(super::state::NOWHERE)));
        }
    }

    /// The constructor for these arguments.
    pub(crate) fn constructor_for(
        &mut self,
        class: Ty,
        args: &[Expr],
        implicit: bool,
    ) -> Option<(Method, u32)> {
        let ctor = self.cxx.ctor;
        let mut best: Option<(Method, u32)> = None;
        for method in self.methods(class, ctor) {
            if implicit && method.explicit {
                continue;
            }
            let with_this = self.with_object(&method, None, class, args);
            if let Some((_, cost)) =
                self.candidate_cost(Candidate::Func(method.id), &with_this, &[])
                && best.is_none_or(|(_, least)| cost < least)
            {
                best = Some((method, cost));
            }
        }
        for template in self.member_templates(class, ctor) {
            if let [only] = args
                && self.base_offset(only.ty, class).is_some()
            {
                continue; // a copy is made by the copy constructor
            }
            let Some((id, looseness)) = self.deduced(template, args, &[]) else { continue };
            let method = Method {
                name: ctor,
                id,
                is_static: false,
                is_const: false,
                deleted: false,
                defaulted: false,
                explicit: false,
            };
            let with_this = self.with_object(&method, None, class, args);
            let Some((_, cost)) = self.candidate_cost(Candidate::Func(id), &with_this, &[]) else {
                continue;
            };
            if best.is_none_or(|(_, least)| cost + 1 + looseness < least) {
                best = Some((method, cost + 1 + looseness));
            }
        }
        best
    }

    /// What a name means, as an expression; a template waits for its arguments.
    pub(crate) fn template_value(&mut self, template: usize, span: Span) -> Parse<Expr> {
        let name = self.cxx.templates[template].name;
        let explicit = match self.is(Punct::Lt) {
            true => self.template_arguments()?,
            false => Vec::new(),
        };
        let kind = ExprKind::Overloaded(name, explicit);
        Ok(self.expr(kind, Ty::DEPENDENT, span.to(self.previous()), 0))
    }

    /// An overloaded name where a pointer to a function is wanted.
    pub(crate) fn overload_of_type(&mut self, expr: &Expr, to: Ty) -> Option<Expr> {
        let func = self.types.pointee(to).filter(|to| self.types.is_func(*to))?;
        let inner = match &expr.kind {
            ExprKind::AddrOf(inner) => inner,
            _ => expr,
        };
        let ExprKind::Func(id) = inner.kind else { return None };
        if self.funcs[id as usize].ty == func {
            return None;
        }
        let name = self.funcs[id as usize].name;
        let found = (0..self.funcs.len() as FuncId).find(|id| {
            self.funcs[*id as usize].name == name && self.funcs[*id as usize].ty == func
        })?;
        let value = self.function_value(found, expr.span);
        Some(self.rvalue(value))
    }
}
