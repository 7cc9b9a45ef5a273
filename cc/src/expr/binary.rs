//! Binary operators (C11 §6.5.5 to §6.5.14): levels, usual arithmetic conversions, pointers.

use crate::ast::*;
use crate::diag::Kind;
use crate::lex::{Punct, Tok};
use crate::parse::{Parse, Parser};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

impl Parser {
    /// Binary arithmetic on operands that have type `ty` already (comparisons give `int`).
    pub(crate) fn arith(&mut self, op: Op, left: Expr, right: Expr, ty: Ty, span: Span) -> Expr {
        let result = match op {
            Op::Eq | Op::Ne | Op::Lt | Op::Le if self.cpp => Ty::BOOL,
            Op::Eq | Op::Ne | Op::Lt | Op::Le => Ty::INT,
            _ => ty,
        };
        if let (ExprKind::Int(a), ExprKind::Int(b)) = (&left.kind, &right.kind)
            && let Some(value) = self.fold(op, *a, *b, left.ty)
        {
            return self.int(value, result, span);
        }
        if let (ExprKind::Float(a), ExprKind::Float(b)) = (&left.kind, &right.kind) {
            let (a, b) = (*a, *b);
            let value = match op {
                Op::Add => Some(a + b),
                Op::Sub => Some(a - b),
                Op::Mul => Some(a * b),
                Op::Div => Some(a / b),
                _ => None,
            };
            if let Some(value) = value {
                let value = if ty == Ty::FLOAT { f64::from(value as f32) } else { value };
                return self.expr(ExprKind::Float(value), ty, span, 0);
            }
        }
        let height = left.height.max(right.height);
        self.expr(ExprKind::Binary(op, Box::new(left), Box::new(right)), result, span, height)
    }

    pub(crate) fn bad_operands(&mut self, left: &Expr, right: &Expr, span: Span) -> Expr {
        if left.ty != Ty::ERROR && right.ty != Ty::ERROR {
            let (left, right) = (self.type_name(left.ty), self.type_name(right.ty));
            self.error(Kind::BadOperands { left, right }, span);
        }
        self.bad(span)
    }

    /// An index as a 64-bit signed word.
    pub(super) fn index_value(&mut self, index: Expr) -> Expr {
        let ty = match self.types.is_signed(index.ty) {
            true => Ty::LLONG,
            false => Ty::ULLONG,
        };
        self.cast(index, ty)
    }

    /// The size of what a pointer points to; `void *` and functions step by one (GNU).
    pub(crate) fn scale(&mut self, to: Ty, span: Span) -> Scale {
        match self.types.kind(to) {
            TypeKind::Vla(_, local) => Scale::Local(local),
            TypeKind::Void | TypeKind::Func(_) => Scale::Bytes(1),
            _ => match self.types.size(to) {
                Some(size) => Scale::Bytes(size),
                None => {
                    let ty = self.type_name(to);
                    self.error(Kind::IncompleteType { ty }, span);
                    Scale::Bytes(1)
                }
            },
        }
    }

    fn binary_level(&self) -> Option<(Punct, u8)> {
        let Tok::Punct(mut punct) = self.peek().tok else { return None };
        if self.cpp && punct == Punct::Gt && self.is_shift() {
            punct = Punct::Shr;
        }
        let level = match punct {
            Punct::OrOr => 0,
            Punct::AndAnd => 1,
            Punct::Or => 2,
            Punct::Xor => 3,
            Punct::And => 4,
            Punct::EqEq | Punct::Ne => 5,
            Punct::Lt | Punct::Gt | Punct::Le | Punct::Ge => 6,
            Punct::Shl | Punct::Shr => 7,
            Punct::Plus | Punct::Minus => 8,
            Punct::Star | Punct::Slash | Punct::Percent => 9,
            _ => return None,
        };
        Some((punct, level))
    }

    /// C++: `>>`, which is two tokens.
    fn is_shift(&self) -> bool {
        let (first, second) = (self.peek(), self.peek_at(1));
        second.tok == Tok::Punct(Punct::Gt)
            && first.span.file == second.span.file
            && (first.span.end == second.span.start || first.span == second.span)
    }

    /// The ten levels of binary operators, by precedence climbing.
    pub(crate) fn binary(&mut self, min: u8) -> Parse<Expr> {
        let mut left = self.cast_expression()?;
        while let Some((punct, level)) = self.binary_level()
            && level >= min
        {
            let mut operator = self.next().span;
            if punct == Punct::Shr && self.cpp {
                operator = operator.to(self.next().span);
            }
            self.cxx.conditional += u32::from(level < 2);
            let right = self.binary(level + 1);
            self.cxx.conditional -= u32::from(level < 2);
            let right = right?;
            let span = left.span.to(right.span);
            left = self.binary_op(punct, left, right, span, operator);
        }
        Ok(left)
    }

    pub(crate) fn binary_op(
        &mut self,
        punct: Punct,
        left: Expr,
        right: Expr,
        span: Span,
        operator: Span,
    ) -> Expr {
        if self.cpp
            && let Some(expr) = self.cpp_binary(punct, &left, &right, span)
        {
            return expr;
        }
        match punct {
            Punct::AndAnd | Punct::OrOr => {
                let (left, right) = (self.condition(left), self.condition(right));
                let ty = if self.cpp { Ty::BOOL } else { Ty::INT };
                let height = left.height.max(right.height);
                if let (ExprKind::Int(a), ExprKind::Int(b)) = (&left.kind, &right.kind) {
                    let value = match punct {
                        Punct::AndAnd => *a != 0 && *b != 0,
                        _ => *a != 0 || *b != 0,
                    };
                    return self.int(i64::from(value), ty, span);
                }
                let kind = match punct {
                    Punct::AndAnd => ExprKind::AndAnd(Box::new(left), Box::new(right)),
                    _ => ExprKind::OrOr(Box::new(left), Box::new(right)),
                };
                self.expr(kind, ty, span, height)
            }
            Punct::EqEq => self.compare(Op::Eq, left, right, span),
            Punct::Ne => self.compare(Op::Ne, left, right, span),
            Punct::Lt => self.compare(Op::Lt, left, right, span),
            Punct::Le => self.compare(Op::Le, left, right, span),
            Punct::Gt => {
                let result = self.compare(Op::Lt, right, left, span);
                Expr { span, ..result }
            }
            Punct::Ge => {
                let result = self.compare(Op::Le, right, left, span);
                Expr { span, ..result }
            }
            Punct::Plus => self.add(left, right, false, span),
            Punct::Minus => self.add(left, right, true, span),
            Punct::Star | Punct::Slash => {
                let (left, right) = (self.rvalue(left), self.rvalue(right));
                if !self.types.is_arith(left.ty) || !self.types.is_arith(right.ty) {
                    return self.bad_operands(&left, &right, span);
                }
                let ty = self.types.common(left.ty, right.ty);
                let op = if punct == Punct::Star { Op::Mul } else { Op::Div };
                self.check_division(op, &right, operator);
                let (left, right) = (self.cast(left, ty), self.cast(right, ty));
                self.arith(op, left, right, ty, span)
            }
            _ => {
                let op = match punct {
                    Punct::Percent => Op::Rem,
                    Punct::And => Op::And,
                    Punct::Or => Op::Or,
                    Punct::Xor => Op::Xor,
                    Punct::Shl => Op::Shl,
                    _ => Op::Shr,
                };
                let (left, right) = (self.rvalue(left), self.rvalue(right));
                if !self.types.is_integer(left.ty) || !self.types.is_integer(right.ty) {
                    return self.bad_operands(&left, &right, span);
                }
                self.check_division(op, &right, operator);
                if matches!(op, Op::Shl | Op::Shr) {
                    let (a, b) = (self.types.promote(left.ty), self.types.promote(right.ty));
                    let (left, right) = (self.cast(left, a), self.cast(right, b));
                    return self.arith(op, left, right, a, span);
                }
                let ty = self.types.common(left.ty, right.ty);
                let (left, right) = (self.cast(left, ty), self.cast(right, ty));
                self.arith(op, left, right, ty, span)
            }
        }
    }

    fn check_division(&mut self, op: Op, right: &Expr, span: Span) {
        if matches!(op, Op::Div | Op::Rem)
            && matches!(right.kind, ExprKind::Int(0))
            && self.types.is_integer(right.ty)
        {
            self.warning(Kind::DivisionByZero, span);
        }
    }

    fn compare(&mut self, op: Op, left: Expr, right: Expr, span: Span) -> Expr {
        let (left, right) = (self.rvalue(left), self.rvalue(right));
        if left.ty == Ty::ERROR || right.ty == Ty::ERROR {
            return self.bad(span);
        }
        if self.types.is_arith(left.ty) && self.types.is_arith(right.ty) {
            let ty = self.types.common(left.ty, right.ty);
            let (left, right) = (self.cast(left, ty), self.cast(right, ty));
            return self.arith(op, left, right, ty, span);
        }
        let pointers = self.types.is_pointer(left.ty) || self.types.is_pointer(right.ty);
        let scalars = self.types.is_scalar(left.ty) && self.types.is_scalar(right.ty);
        let floats = self.types.is_float(left.ty) || self.types.is_float(right.ty);
        if !pointers || !scalars || floats {
            return self.bad_operands(&left, &right, span);
        }
        let null = self.is_null(&left) || self.is_null(&right);
        let (lp, rp) = (self.types.pointee(left.ty), self.types.pointee(right.ty));
        match (lp, rp) {
            (Some(a), Some(b)) => {
                let literal = |expr: &Expr| match &expr.kind {
                    ExprKind::AddrOf(object) => matches!(object.kind, ExprKind::Str(_)),
                    _ => false,
                };
                if matches!(op, Op::Eq | Op::Ne) && (literal(&left) || literal(&right)) {
                    self.warning(Kind::AddressesCompared, span);
                }
                let void = a.unqual() == Ty::VOID || b.unqual() == Ty::VOID;
                if !void && !null && !self.same_type(a, b) {
                    self.doubtful_comparison(left.ty, right.ty, span);
                }
            }
            _ if !null => self.doubtful_comparison(left.ty, right.ty, span),
            _ => {}
        }
        let ty = self.types.size_t();
        let (left, right) = (self.cast(left, ty), self.cast(right, ty));
        self.arith(op, left, right, ty, span)
    }

    fn doubtful_comparison(&mut self, left: Ty, right: Ty, span: Span) {
        let (left, right) = (self.type_name(left), self.type_name(right));
        let kind = Kind::DoubtfulComparison { left, right };
        if self.cpp {
            self.error(kind, span);
        } else {
            self.warning(kind, span);
        }
    }

    /// `+` and `-` on numbers and pointers.
    pub(crate) fn add(&mut self, left: Expr, right: Expr, minus: bool, span: Span) -> Expr {
        let (left, right) = (self.rvalue(left), self.rvalue(right));
        if left.ty == Ty::ERROR || right.ty == Ty::ERROR {
            return self.bad(span);
        }
        if self.types.is_arith(left.ty) && self.types.is_arith(right.ty) {
            let ty = self.types.common(left.ty, right.ty);
            let (left, right) = (self.cast(left, ty), self.cast(right, ty));
            return self.arith(if minus { Op::Sub } else { Op::Add }, left, right, ty, span);
        }
        let height = left.height.max(right.height);
        match (self.types.pointee(left.ty), self.types.pointee(right.ty)) {
            (Some(a), Some(b)) if minus => {
                if !self.same_type(a, b) {
                    return self.bad_operands(&left, &right, span);
                }
                let scale = self.scale(a, span);
                let ty = self.types.ptrdiff_t();
                let kind = ExprKind::PtrDiff(Box::new(left), Box::new(right), scale);
                self.expr(kind, ty, span, height)
            }
            (Some(_), None) if self.types.is_integer(right.ty) => {
                self.pointer_add(left, right, minus, span)
            }
            (None, Some(_)) if self.types.is_integer(left.ty) && !minus => {
                self.pointer_add(right, left, false, span)
            }
            _ => self.bad_operands(&left, &right, span),
        }
    }

    pub(super) fn pointer_add(&mut self, ptr: Expr, index: Expr, minus: bool, span: Span) -> Expr {
        let to = self.types.pointee(ptr.ty).unwrap_or(Ty::CHAR);
        let scale = self.scale(to, span);
        let index = self.index_value(index);
        let (ty, height) = (ptr.ty, ptr.height.max(index.height));
        let kind = ExprKind::PtrAdd { ptr: Box::new(ptr), index: Box::new(index), scale, minus };
        self.expr(kind, ty, span, height)
    }
}
