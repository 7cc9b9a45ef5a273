//! Comma, assignment and the conditional operator (C11 §6.5.15 to §6.5.17).

use super::Context;
use crate::ast::*;
use crate::atomics::Rmw;
use crate::diag::Kind;
use crate::lex::{Punct, Tok};
use crate::parse::{Kw, Parse, Parser};
use crate::source::Span;
use crate::types::Ty;

impl Parser {
    /// expression: assignment (, assignment)*
    pub(crate) fn expression(&mut self) -> Parse<Expr> {
        let mut left = self.assignment()?;
        while self.eat(Punct::Comma) {
            let right = self.assignment()?;
            let right = self.rvalue(right);
            let (ty, span) = (right.ty, left.span.to(right.span));
            left = self.discarded(left);
            let height = left.height.max(right.height);
            let kind = ExprKind::Comma(Box::new(left), Box::new(right));
            left = self.expr(kind, ty, span, height);
        }
        Ok(left)
    }

    /// assignment: conditional | unary assignment-operator assignment
    pub(crate) fn assignment(&mut self) -> Parse<Expr> {
        if self.cpp && self.is(Punct::LBrace) {
            return self.braces_later();
        }
        if self.cpp && self.kw() == Some(Kw::Throw) {
            return self.throw_expression();
        }
        let left = self.conditional()?;
        let Tok::Punct(punct) = self.peek().tok else { return Ok(left) };
        let op = match punct {
            Punct::Assign => None,
            Punct::AddAssign => Some(Op::Add),
            Punct::SubAssign => Some(Op::Sub),
            Punct::MulAssign => Some(Op::Mul),
            Punct::DivAssign => Some(Op::Div),
            Punct::ModAssign => Some(Op::Rem),
            Punct::AndAssign => Some(Op::And),
            Punct::OrAssign => Some(Op::Or),
            Punct::XorAssign => Some(Op::Xor),
            Punct::ShlAssign => Some(Op::Shl),
            Punct::ShrAssign => Some(Op::Shr),
            _ => return Ok(left),
        };
        self.next();
        self.enter()?;
        let right = self.assignment()?;
        self.leave();
        let span = left.span.to(right.span);
        if self.cpp
            && let Some(expr) = self.cpp_assign(punct, &left, &right, span)
        {
            return Ok(expr);
        }
        self.check_assignable(&left);
        Ok(match op {
            None => self.assign(left, right, span),
            Some(op) => self.op_assign(op, left, right, span),
        })
    }

    /// C++: a list in braces as a value: what it makes is known later.
    fn braces_later(&mut self) -> Parse<Expr> {
        let (at, start) = (self.at, self.peek().span);
        let mut depth = 0u32;
        loop {
            match self.next().tok {
                Tok::Eof => return Err(crate::parse::Stop),
                Tok::Punct(Punct::LBrace) => depth += 1,
                Tok::Punct(Punct::RBrace) if depth == 1 => break,
                Tok::Punct(Punct::RBrace) => depth -= 1,
                _ => {}
            }
        }
        let span = start.to(self.previous());
        Ok(self.expr(ExprKind::Braced(at), Ty::BRACED, span, 0))
    }

    pub(crate) fn check_assignable(&mut self, left: &Expr) {
        if left.ty == Ty::ERROR {
            return;
        }
        let kind = if !self.is_lvalue(left) || matches!(left.kind, ExprKind::Str(_)) {
            Kind::NotAssignable
        } else if self.types.is_array(left.ty) {
            Kind::ArrayAssigned
        } else if self.types.is_func(left.ty) {
            Kind::NotAssignable
        } else if left.ty.is_const() && self.sources.is_user(left.span) {
            let name = self.sources.text(left.span).to_owned();
            Kind::ConstAssigned { name }
        } else {
            return;
        };
        self.error(kind, left.span);
    }

    pub(crate) fn assign(&mut self, left: Expr, right: Expr, span: Span) -> Expr {
        if self.types.is_array(left.ty) {
            return self.bad(span);
        }
        if self.cpp && self.is_class(left.ty) {
            return self.assign_class(left, right, span);
        }
        let right = self.convert(right, left.ty, Context::Assign);
        self.check_port(&left, &right);
        if left.ty.is_atomic() && self.is_atomic_word(&left) {
            return self.atomic_update(left, right, Rmw::Swap, true, span);
        }
        let (ty, height) = (left.ty.unqual(), left.height.max(right.height));
        self.expr(ExprKind::Assign(Box::new(left), Box::new(right)), ty, span, height)
    }

    fn op_assign(&mut self, op: Op, left: Expr, right: Expr, span: Span) -> Expr {
        let right = self.rvalue(right);
        if left.ty == Ty::ERROR || right.ty == Ty::ERROR {
            return self.bad(span);
        }
        let height = left.height.max(right.height);
        let ty = left.ty.unqual();
        if let Some(to) = self.types.pointee(left.ty)
            && matches!(op, Op::Add | Op::Sub)
            && self.types.is_integer(right.ty)
        {
            let scale = self.scale(to, span);
            let index = self.index_value(right);
            let kind = ExprKind::PtrAssign {
                left: Box::new(left),
                index: Box::new(index),
                scale,
                minus: op == Op::Sub,
            };
            return self.expr(kind, ty, span, height);
        }
        let integers = self.types.is_integer(left.ty) && self.types.is_integer(right.ty);
        let float_ok = matches!(op, Op::Add | Op::Sub | Op::Mul | Op::Div);
        if !(integers || float_ok && self.types.is_arith(left.ty) && self.types.is_arith(right.ty))
        {
            return self.bad_operands(&left, &right, span);
        }
        if left.ty.is_atomic()
            && integers
            && let Some(work) = Rmw::of(op)
        {
            return self.atomic_update(left, right, work, true, span);
        }
        let calc = match op {
            Op::Shl | Op::Shr => self.types.promote(left.ty),
            _ => self.types.common(left.ty, right.ty),
        };
        let right = match op {
            Op::Shl | Op::Shr => {
                let ty = self.types.promote(right.ty);
                self.cast(right, ty)
            }
            _ => self.cast(right, calc),
        };
        let kind = ExprKind::OpAssign { op, left: Box::new(left), right: Box::new(right), calc };
        self.expr(kind, ty, span, height)
    }

    /// conditional: logical-or (? expression : conditional)?
    pub(crate) fn conditional(&mut self) -> Parse<Expr> {
        self.enter()?;
        let cond = self.binary(0)?;
        let result = if self.eat(Punct::Question) {
            let cond = self.condition(cond);
            self.cxx.conditional += 1;
            let yes = if self.is(Punct::Colon) { cond.clone() } else { self.expression()? };
            self.expect(Punct::Colon)?;
            let no = if self.cpp { self.assignment()? } else { self.conditional()? };
            let chosen = match self.choose_class(&cond, &yes, &no) {
                Some(chosen) => chosen,
                None => self.choose(cond, yes, no),
            };
            self.cxx.conditional -= 1;
            chosen
        } else {
            cond
        };
        self.leave();
        Ok(result)
    }

    /// C++: `c ? a : b` of objects: one of two that there are, or a new one.
    fn choose_class(&mut self, cond: &Expr, yes: &Expr, no: &Expr) -> Option<Expr> {
        let referred =
            |it: &Expr| matches!(it.kind, ExprKind::Deref(_)) && !self.types.is_array(it.ty);
        let both = referred(yes) && referred(no) && yes.ty.unqual() == no.ty.unqual();
        if !self.cpp || !both && !self.is_class(yes.ty) && !self.is_class(no.ty) {
            return None;
        }
        let span = cond.span.to(no.span);
        let height = cond.height.max(yes.height).max(no.height);
        if self.is_lvalue(yes) && self.is_lvalue(no) && yes.ty.unqual() == no.ty.unqual() {
            let ty = yes.ty.with_const_if(yes.ty.is_const() || no.ty.is_const());
            let pointer = self.types.ptr(ty);
            let (yes, no) = (self.addr_of(yes.clone(), pointer), self.addr_of(no.clone(), pointer));
            let kind = ExprKind::Cond(Box::new(cond.clone()), Box::new(yes), Box::new(no));
            let address = self.expr(kind, pointer, span, height);
            return Some(self.deref(address, ty, span));
        }
        let ty = match self.cost(no, yes.ty.unqual()).filter(|_| self.is_class(yes.ty)) {
            Some(_) => yes.ty.unqual(),
            None => no.ty.unqual(),
        };
        let context = super::Context::Init;
        let (yes, no) =
            (self.convert(yes.clone(), ty, context), self.convert(no.clone(), ty, context));
        let height = cond.height.max(yes.height).max(no.height);
        let kind = ExprKind::Cond(Box::new(cond.clone()), Box::new(yes), Box::new(no));
        Some(self.expr(kind, ty, span, height))
    }

    fn choose(&mut self, cond: Expr, yes: Expr, no: Expr) -> Expr {
        let span = cond.span.to(no.span);
        let (yes, no) = (self.rvalue(yes), self.rvalue(no));
        if yes.ty == Ty::ERROR || no.ty == Ty::ERROR {
            return self.bad(span);
        }
        let ty = if self.types.is_arith(yes.ty) && self.types.is_arith(no.ty) {
            self.types.common(yes.ty, no.ty)
        } else if yes.ty.unqual() == Ty::VOID || no.ty.unqual() == Ty::VOID {
            Ty::VOID
        } else if self.is_null(&no) && self.types.is_pointer(yes.ty) {
            yes.ty
        } else if self.is_null(&yes) && self.types.is_pointer(no.ty) {
            no.ty
        } else if self.types.is_pointer(yes.ty) && self.types.is_pointer(no.ty) {
            let void = |ty| self.types.pointee(ty).is_some_and(|to: Ty| to.unqual() == Ty::VOID);
            if void(yes.ty) {
                yes.ty
            } else if void(no.ty) {
                no.ty
            } else {
                if !self.same_type(yes.ty, no.ty) {
                    self.doubtful(no.ty, yes.ty, no.span, Context::Assign);
                }
                let is_const = [yes.ty, no.ty]
                    .iter()
                    .any(|ty| self.types.pointee(*ty).is_some_and(Ty::is_const));
                let to = self.types.pointee(yes.ty).unwrap_or(Ty::VOID);
                self.types.ptr(to.with_const_if(is_const))
            }
        } else if self.same_type(yes.ty, no.ty) {
            yes.ty
        } else if self.types.is_pointer(yes.ty) && self.types.is_integer(no.ty) {
            self.doubtful(no.ty, yes.ty, no.span, Context::Assign);
            yes.ty
        } else if self.types.is_pointer(no.ty) && self.types.is_integer(yes.ty) {
            self.doubtful(yes.ty, no.ty, yes.span, Context::Assign);
            no.ty
        } else {
            return self.bad_operands(&yes, &no, span);
        };
        let (yes, no) = if self.types.is_scalar(ty) {
            (self.cast(yes, ty), self.cast(no, ty))
        } else {
            (yes, no)
        };
        if let ExprKind::Int(value) = cond.kind
            && self.types.is_arith(ty)
        {
            let chosen = if value != 0 { yes } else { no };
            return Expr { span, ..chosen };
        }
        let height = cond.height.max(yes.height).max(no.height);
        let kind = ExprKind::Cond(Box::new(cond), Box::new(yes), Box::new(no));
        self.expr(kind, ty, span, height)
    }
}
