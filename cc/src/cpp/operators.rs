//! Operators that classes define: members, and free functions found by their arguments.

use super::overload::Candidate;
use crate::ast::*;
use crate::diag::Kind;
use crate::lex::Punct;
use crate::parse::{Parse, Parser};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

impl Parser {
    /// Whether operators of this type may be functions.
    fn is_overloadable(&self, ty: Ty) -> bool {
        self.is_class(ty)
            || self.types.is_record(ty)
            || matches!(self.types.kind(ty), TypeKind::Enum(_))
    }

    /// A call of `operator@` for these operands, a member's or a free one; `None`: as in C.
    pub(crate) fn operator_call(
        &mut self,
        operator: &str,
        operands: &[Expr],
        span: Span,
    ) -> Option<Expr> {
        if !self.cpp || !operands.iter().any(|it| self.is_overloadable(it.ty)) {
            return None;
        }
        let name = self.intern(&format!("operator{operator}"));
        let (object, rest) = operands.split_first()?;
        let class = object.ty;
        if self.is_class(class)
            && let Some(method) = self.choose_method(Some(object), class, name, rest, &[])
        {
            let member_cost = self.free_is_better(name, operands, &method);
            if member_cost {
                return self.free_operator(name, operands, span);
            }
            return Some(self.call_chosen(method, Some(object.clone()), rest.to_vec(), true, span));
        }
        self.free_operator(name, operands, span)
    }

    /// `cout << "x"`: the stream's member takes any pointer, the free function this one.
    fn free_is_better(
        &mut self,
        name: crate::lex::Sym,
        operands: &[Expr],
        method: &super::state::Method,
    ) -> bool {
        let Some(candidates) = self.cxx.operators.get(&name).cloned() else { return false };
        let func = self.types.func_of(self.funcs[method.id as usize].ty).cloned();
        let (Some(func), [_, right]) = (func, operands) else { return false };
        let Some(member) = func.params.get(1).and_then(|param| self.cost(right, *param)) else {
            return false;
        };
        let free = self.choose_candidate(&candidates, operands, &[]);
        free.is_some_and(|(_, cost)| cost < 8 * member)
    }

    fn free_operator(
        &mut self,
        name: crate::lex::Sym,
        operands: &[Expr],
        span: Span,
    ) -> Option<Expr> {
        let candidates: Vec<Candidate> = self.cxx.operators.get(&name)?.clone();
        let (id, _) = self.choose_candidate(&candidates, operands, &[])?;
        let callee = self.function_value(id, span);
        Some(self.call_fixed(callee, operands.to_vec(), span))
    }

    /// A binary operator on classes; `None`: as in C.
    pub(crate) fn cpp_binary(
        &mut self,
        punct: Punct,
        left: &Expr,
        right: &Expr,
        span: Span,
    ) -> Option<Expr> {
        if !self.is_overloadable(left.ty) && !self.is_overloadable(right.ty) {
            return None;
        }
        let operands = [left.clone(), right.clone()];
        if let Some(call) = self.operator_call(punct.text(), &operands, span) {
            return Some(call);
        }
        if matches!(punct, Punct::AndAnd | Punct::OrOr) {
            return None;
        }
        let (scoped, other) = (self.scoped_enum(left.ty), self.scoped_enum(right.ty));
        if (scoped || other)
            && left.ty.unqual() != right.ty.unqual()
            && !self.is_class(left.ty)
            && !self.is_class(right.ty)
        {
            return Some(self.bad_operands(left, right, span));
        }
        if !self.is_class(left.ty) && !self.is_class(right.ty) {
            return None;
        }
        // `operator T` may give what the operator takes.
        let (left, right) = (self.as_plain(left)?, self.as_plain(right)?);
        Some(self.binary_op(punct, left, right, span, span))
    }

    /// A class's value by its `operator T`; `None` where that is of no use.
    fn as_plain(&mut self, expr: &Expr) -> Option<Expr> {
        if !self.is_class(expr.ty) {
            return Some(expr.clone());
        }
        let (_, id) = self
            .class_of(expr.ty)?
            .conversions
            .iter()
            .find(|(ty, _)| self.types.is_scalar(*ty))
            .copied()?;
        Some(self.call_member(id, expr.clone(), Vec::new(), true, expr.span))
    }

    pub(crate) fn scoped_enum(&self, ty: Ty) -> bool {
        matches!(self.types.kind(ty), TypeKind::Enum(index) if self.types.enums[index as usize].scoped)
    }

    /// `=`, `+=`, … on classes; `None`: as in C.
    pub(crate) fn cpp_assign(
        &mut self,
        punct: Punct,
        left: &Expr,
        right: &Expr,
        span: Span,
    ) -> Option<Expr> {
        if !self.is_class(left.ty) {
            if let ExprKind::Braced(_) = right.kind {
                let value =
                    self.convert(right.clone(), left.ty.unqual(), crate::expr::Context::Assign);
                return Some(self.assign_plain(left.clone(), value, span));
            }
            return None;
        }
        if left.ty.is_const() && self.is_lvalue(left) {
            let name = self.sources.text(left.span).to_owned();
            self.error(Kind::ConstAssigned { name }, left.span);
            return Some(self.bad(span));
        }
        if punct != Punct::Assign {
            return self.operator_call(punct.text(), &[left.clone(), right.clone()], span);
        }
        Some(self.assign_class(left.clone(), right.clone(), span))
    }

    /// Assignment of a class: its `operator=`, else member by member.
    pub(crate) fn assign_class(&mut self, left: Expr, right: Expr, span: Span) -> Expr {
        let name = self.intern("operator=");
        let right = match right.kind {
            ExprKind::Braced(_) => {
                let ty = left.ty.unqual();
                self.convert(right, ty, crate::expr::Context::Assign)
            }
            _ => right,
        };
        let same = self.base_offset(right.ty, left.ty).is_some();
        let own = self
            .class_of(left.ty)
            .is_some_and(|class| class.methods.iter().any(|it| it.name == name && !it.defaulted));
        if own
            && let Some(method) =
                self.choose_method(Some(&left), left.ty, name, std::slice::from_ref(&right), &[])
        {
            return self.call_chosen(method, Some(left), vec![right], false, span);
        }
        let right = match same {
            true => right,
            false => {
                let ty = left.ty.unqual();
                self.convert(right, ty, crate::expr::Context::Assign)
            }
        };
        if right.ty == Ty::ERROR {
            return right;
        }
        let moving = self.is_movable(&right);
        match self.assigner(left.ty, moving) {
            None => self.assign_plain(left, right, span),
            Some(id) => {
                let right = self.materialised(right);
                let right = self.as_base(right, left.ty);
                let pointer = self.types.ptr(left.ty.unqual());
                let object = self.materialised(left);
                let to = self.addr_of(object, pointer);
                let callee = self.function_value(id, span);
                let param =
                    self.types.func_of(callee.ty).and_then(|func| func.params.get(1).copied());
                let from = match param.map(|param| self.types.kind(param)) {
                    Some(TypeKind::RRef(_)) => self.as_movable(right),
                    Some(TypeKind::Ref(_)) => right,
                    _ => self.addr_of(right, pointer),
                };
                let call = self.call_fixed(callee, vec![to, from], span);
                match self.types.pointee(call.ty) {
                    Some(ty) => self.deref(call, ty, span),
                    None => call,
                }
            }
        }
    }

    /// The part of an object that is its base.
    pub(crate) fn as_base(&mut self, object: Expr, base: Ty) -> Expr {
        match self.base_offset(object.ty, base) {
            Some(offset) if object.ty.unqual() != base.unqual() => {
                let (span, height) = (object.span, object.height);
                let ty = base.unqual().with_const_if(object.ty.is_const());
                self.expr(ExprKind::Member(Box::new(object), offset, None), ty, span, height)
            }
            _ => object,
        }
    }

    /// `-x`, `!x`, `*x`, `++x`, `x++`; `None`: as in C.
    pub(crate) fn cpp_unary(
        &mut self,
        operator: &str,
        operand: &Expr,
        post: bool,
        span: Span,
    ) -> Option<Expr> {
        if !self.is_class(operand.ty) {
            return None;
        }
        let mut operands = vec![operand.clone()];
        if post {
            operands.push(self.int(0, Ty::INT, span));
        }
        self.operator_call(operator, &operands, span)
    }

    /// `x[i]`; `None`: as in C.
    pub(crate) fn cpp_index(&mut self, left: &Expr, index: &Expr, span: Span) -> Option<Expr> {
        if !self.is_class(left.ty) {
            return None;
        }
        self.operator_call("[]", &[left.clone(), index.clone()], span)
    }

    /// `x->`: what the arrow points to in the end.
    pub(crate) fn cpp_arrow(&mut self, left: Expr, span: Span) -> Expr {
        let mut left = left;
        for _ in 0..8 {
            if !self.is_class(left.ty) {
                break;
            }
            match self.try_method(left.clone(), "operator->", Vec::new(), span) {
                Some(next) => left = next,
                None => break,
            }
        }
        left
    }

    /// `object(…)`, behind the arguments.
    pub(crate) fn call_object(&mut self, object: Expr, args: Vec<Expr>, span: Span) -> Expr {
        if let Some(function) = self.class_of(object.ty).and_then(|class| class.closure) {
            let callee = self.function_value(function, span);
            return self.call_fixed(callee, args, span);
        }
        let types: Vec<Expr> = args.clone();
        match self.try_method(object.clone(), "operator()", args, span) {
            Some(call) => call,
            None => {
                let name = self.intern("operator()");
                let name = self.member_name(object.ty, name);
                self.no_match(name, &types, span);
                self.bad(span)
            }
        }
    }

    /// A class as a truth value: `operator bool`, or what is a number or pointer.
    pub(crate) fn cpp_truth(&mut self, expr: &Expr) -> Option<Expr> {
        if !self.is_class(expr.ty) {
            return None;
        }
        if self.class_of(expr.ty)?.closure.is_some() {
            return Some(self.int(1, Ty::BOOL, expr.span));
        }
        let class = expr.ty;
        let (_, id) = self.conversion(class, Ty::BOOL, true)?;
        Some(self.call_member(id, expr.clone(), Vec::new(), true, expr.span))
    }

    pub(crate) fn arguments_until(&mut self, close: Punct) -> Parse<Vec<Expr>> {
        let mut args = Vec::new();
        if self.eat(close) {
            return Ok(args);
        }
        loop {
            if close == Punct::RBrace && self.is(close) {
                break;
            }
            args.push(self.assignment()?);
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.expect(close)?;
        Ok(args)
    }
}
