//! Expressions (C11 §6.5) and their types: conversions, lvalues, calls, constants.

mod assignment;
mod binary;
mod constants;
mod conversions;
mod discarded;
mod names;
mod postfix;
mod primary;
mod unary;

use crate::ast::*;
use crate::diag::Kind;
use crate::parse::Parser;
use crate::source::Span;
use crate::types::Ty;

const HEIGHT_MAX: u16 = 400;

/// Where a value is converted as if by assignment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Context {
    Assign,
    Init,
    Return,
    /// The argument's number, from 1.
    Argument(u32),
}

impl Parser {
    pub(crate) fn expr(&mut self, kind: ExprKind, ty: Ty, span: Span, below: u16) -> Expr {
        let height = below.saturating_add(1);
        if height == HEIGHT_MAX {
            self.error(Kind::TooDeep, span);
            self.at = self.tokens.len() - 1;
        }
        if height >= HEIGHT_MAX {
            return self.bad(span);
        }
        Expr { kind, ty, span, height, parens: false }
    }

    pub(crate) fn int(&mut self, value: i64, ty: Ty, span: Span) -> Expr {
        let value = self.wrap_int(value, ty);
        Expr { kind: ExprKind::Int(value), ty, span, height: 1, parens: false }
    }

    pub(crate) fn bad(&self, span: Span) -> Expr {
        Expr { kind: ExprKind::Error, ty: Ty::ERROR, span, height: 1, parens: false }
    }

    pub(crate) fn addr_of(&mut self, lvalue: Expr, ty: Ty) -> Expr {
        let (span, height) = (lvalue.span, lvalue.height);
        if let ExprKind::Deref(inner) = lvalue.kind {
            return Expr { ty, span, ..*inner };
        }
        if let (ExprKind::Comma(first, second), true) = (&lvalue.kind, self.cpp) {
            // The address of `(a, b)` is that of `b`.
            let (first, second) = ((**first).clone(), (**second).clone());
            let second = self.addr_of(second, ty);
            return self.expr(ExprKind::Comma(Box::new(first), Box::new(second)), ty, span, height);
        }
        self.mark_memory(&lvalue);
        self.expr(ExprKind::AddrOf(Box::new(lvalue)), ty, span, height)
    }

    /// The variable under an lvalue must have an address.
    fn mark_memory(&mut self, lvalue: &Expr) {
        match &lvalue.kind {
            ExprKind::Local(id) | ExprKind::Compound(id, _) | ExprKind::Construct(id, ..) => {
                if let Some(function) = &mut self.function {
                    function.locals[*id as usize].in_memory = true;
                }
            }
            ExprKind::Member(base, ..) => self.mark_memory(base),
            ExprKind::Comma(_, right) => self.mark_memory(right),
            _ => {}
        }
    }
}
