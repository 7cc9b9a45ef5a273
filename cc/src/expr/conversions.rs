//! Conversions (C11 §6.3), as casts and as if by assignment, and conditions; what is doubtful about
//! them.

use super::Context;
use crate::ast::*;
use crate::diag::{Diagnostic, Fix, Kind, Severity};
use crate::parse::Parser;
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

impl Parser {
    /// An expression used as a value: arrays and functions become pointers, qualifiers go.
    pub(crate) fn rvalue(&mut self, expr: Expr) -> Expr {
        if expr.ty.is_atomic() && self.is_atomic_word(&expr) {
            return self.atomic_read(expr);
        }
        match self.types.kind(expr.ty) {
            TypeKind::Array(of, _) | TypeKind::Vla(of, _) => {
                let ty = self.types.ptr(of);
                let parens = expr.parens;
                Expr { parens, ..self.addr_of(expr, ty) }
            }
            TypeKind::Func(_) => {
                let ty = self.types.ptr(expr.ty);
                self.addr_of(expr, ty)
            }
            // A bit-field narrower than int is an int (C11 §6.3.1.1), its sign aside.
            TypeKind::UInt if matches!(expr.kind, ExprKind::Member(_, _, Some((_, 0..=31)))) => {
                let (span, height) = (expr.span, expr.height);
                let field = Expr { ty: Ty::UINT, ..expr };
                self.expr(ExprKind::Cast(Box::new(field)), Ty::INT, span, height)
            }
            _ => Expr { ty: expr.ty.unqual(), ..expr },
        }
    }

    /// A C++ reference used by name: the object it refers to.
    pub(crate) fn through_reference(&mut self, expr: Expr) -> Expr {
        match self.types.kind(expr.ty) {
            TypeKind::Ref(to) | TypeKind::RRef(to) => {
                let ptr = self.types.ptr(to);
                let (span, height) = (expr.span, expr.height);
                let pointer = Expr { ty: ptr, ..expr };
                self.expr(ExprKind::Deref(Box::new(pointer)), to, span, height)
            }
            _ => expr,
        }
    }

    /// What a call returned; a `T &&` stays one, that may be moved from.
    pub(crate) fn referred_value(&mut self, call: Expr) -> Expr {
        match self.types.kind(call.ty) {
            TypeKind::RRef(to) => {
                let (span, height) = (call.span, call.height);
                self.expr(ExprKind::Deref(Box::new(call)), to, span, height)
            }
            _ => self.through_reference(call),
        }
    }

    pub(crate) fn is_lvalue(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Local(_)
            | ExprKind::Global(_)
            | ExprKind::Deref(_)
            | ExprKind::Str(_)
            | ExprKind::Compound(..)
            | ExprKind::Construct(_, _, true) => true,
            ExprKind::Member(base, ..) => self.is_lvalue(base),
            ExprKind::Error => true,
            _ => false,
        }
    }

    /// Whether a value is a null pointer constant (C11 §6.3.2.3).
    pub(crate) fn is_null(&self, expr: &Expr) -> bool {
        match expr.kind {
            ExprKind::Int(0) => {
                self.types.is_integer(expr.ty)
                    || self.types.pointee(expr.ty).is_some_and(|to| to.unqual() == Ty::VOID)
                    || expr.ty == Ty::NULLPTR
            }
            _ => false,
        }
    }

    /// A conversion without questions.
    pub(crate) fn cast(&mut self, expr: Expr, ty: Ty) -> Expr {
        let expr = self.rvalue(expr);
        let ty = ty.unqual();
        if expr.ty == ty || expr.ty == Ty::ERROR || ty == Ty::ERROR {
            return Expr { ty: if ty == Ty::ERROR { expr.ty } else { ty }, ..expr };
        }
        let (span, height, parens) = (expr.span, expr.height, expr.parens);
        let to_float = self.types.is_float(ty);
        let kind = match expr.kind {
            ExprKind::Int(value) if self.types.is_float(ty) => {
                let unsigned = !self.types.is_signed(expr.ty);
                let value = if unsigned { value as u64 as f64 } else { value as f64 };
                ExprKind::Float(if ty == Ty::FLOAT { f64::from(value as f32) } else { value })
            }
            ExprKind::Int(value) if self.types.is_scalar(ty) => {
                ExprKind::Int(self.wrap_int(value, ty))
            }
            ExprKind::Float(value) if to_float => {
                ExprKind::Float(if ty == Ty::FLOAT { f64::from(value as f32) } else { value })
            }
            ExprKind::Float(value) if self.types.is_integer(ty) => {
                if ty == Ty::BOOL {
                    ExprKind::Int(i64::from(value != 0.0))
                } else if value.abs() < 9.2e18 {
                    ExprKind::Int(self.wrap_int(value as i64, ty))
                } else {
                    ExprKind::Cast(Box::new(expr))
                }
            }
            _ => ExprKind::Cast(Box::new(expr)),
        };
        Expr { parens, ..self.expr(kind, ty, span, height) }
    }

    pub(crate) fn mismatch(&mut self, from: Ty, to: Ty, span: Span, context: Context) {
        let (from, to) = (self.type_name(from), self.type_name(to));
        let kind = match context {
            Context::Argument(index) => Kind::BadArgument { index, from, to },
            _ => Kind::Incompatible { from, to },
        };
        self.error(kind, span);
    }

    pub(super) fn doubtful(&mut self, from: Ty, to: Ty, span: Span, context: Context) {
        let (from, to) = (self.type_name(from), self.type_name(to));
        let kind = match context {
            Context::Argument(index) => Kind::DoubtfulArgument { index, from, to },
            _ => Kind::DoubtfulConversion { from, to },
        };
        self.warning(kind, span);
    }

    /// A conversion as if by assignment (C11 §6.5.16.1), with complaints.
    pub(crate) fn convert(&mut self, expr: Expr, to: Ty, context: Context) -> Expr {
        if self.types.is_reference(to) {
            return self.bind_reference(expr, to);
        }
        if self.cpp
            && let Some(converted) = self.convert_class(&expr, to, context)
        {
            return converted;
        }
        let expr = self.rvalue(expr);
        let (from, span) = (expr.ty, expr.span);
        let to = to.unqual();
        if from == Ty::ERROR || to == Ty::ERROR {
            return expr;
        }
        if (self.scoped_enum(from) || self.scoped_enum(to)) && from != to {
            self.mismatch(from, to, span, context);
            return self.bad(span);
        }
        if self.types.is_arith(from) && self.types.is_arith(to) {
            return self.cast(expr, to);
        }
        match (self.types.kind(from), self.types.kind(to)) {
            (TypeKind::Record(a), TypeKind::Record(b)) if a == b => return expr,
            (TypeKind::VaList, TypeKind::VaList) => return expr,
            (TypeKind::Ptr(a), TypeKind::Ptr(b)) => {
                if self.cpp
                    && self.is_class(a)
                    && a.unqual() != b.unqual()
                    && self.base_offset(a, b).is_some()
                {
                    return self.upcast(expr, to);
                }
                let void = a.unqual() == Ty::VOID || b.unqual() == Ty::VOID;
                let strict = self.cpp && b.unqual() != Ty::VOID && !self.is_null(&expr);
                if !self.same_type(a, b) && (!void || strict) {
                    let chars = self.types.is_integer(a)
                        && self.types.is_integer(b)
                        && self.types.size(a) == self.types.size(b);
                    if self.cpp && !self.sources.is_user(span) {
                    } else if self.cpp {
                        self.mismatch(from, to, span, context);
                    } else if !chars {
                        self.doubtful(from, to, span, context);
                    }
                } else if a.is_const() && !b.is_const() && !self.cpp {
                    let to_name = self.type_name(to);
                    self.warning(Kind::DiscardsConst { to: to_name }, span);
                } else if a.is_const()
                    && !b.is_const()
                    && self.sources.is_user(span)
                    && !matches!(expr.kind, ExprKind::AddrOf(ref it) if matches!(it.kind, ExprKind::Str(_)))
                {
                    self.mismatch(from, to, span, context);
                }
            }
            (_, TypeKind::Ptr(_)) if self.is_null(&expr) => {}
            (TypeKind::Nullptr, TypeKind::Ptr(_) | TypeKind::Bool | TypeKind::Nullptr) => {}
            (TypeKind::Ptr(_), TypeKind::Bool) => {}
            (TypeKind::Ptr(_), _) if self.types.is_integer(to) => {
                if self.cpp {
                    self.mismatch(from, to, span, context);
                } else {
                    self.doubtful(from, to, span, context);
                }
            }
            (_, TypeKind::Ptr(_)) if self.types.is_integer(from) => {
                if self.cpp {
                    self.mismatch(from, to, span, context);
                } else {
                    self.doubtful(from, to, span, context);
                }
            }
            _ => {
                self.mismatch(from, to, span, context);
                return self.bad(span);
            }
        }
        self.cast(expr, to)
    }

    /// A value as a truth value; `if (a = b)` is doubted.
    pub(crate) fn condition(&mut self, expr: Expr) -> Expr {
        let expr = if self.is_class(expr.ty) { expr } else { self.rvalue(expr) };
        self.check_condition(&expr);
        if self.scoped_enum(expr.ty) || !self.types.is_scalar(expr.ty) && expr.ty != Ty::ERROR {
            if self.cpp
                && let Some(value) = self.cpp_truth(&expr)
            {
                return value;
            }
            let ty = self.type_name(expr.ty);
            self.error(Kind::NotScalar { ty }, expr.span);
            return self.bad(expr.span);
        }
        expr
    }

    fn check_condition(&mut self, expr: &Expr) {
        if let ExprKind::Assign(left, _) = &expr.kind
            && !expr.parens
            && self.sources.is_user(expr.span)
        {
            let text = self.sources.text(expr.span);
            let at = left.span.end - expr.span.start;
            let equals = text.get(at as usize..).and_then(|rest| rest.find('='));
            let mut diagnostic = Diagnostic::error(Kind::AssignInCondition, expr.span);
            diagnostic.severity = Severity::Warning;
            if let Some(equals) = equals {
                let start = left.span.end + equals as u32;
                let span = Span { start, end: start + 1, ..expr.span };
                diagnostic.fix = Some(Fix { span, text: "==".to_owned() });
            }
            self.report(diagnostic);
        }
    }

    /// `x == 1;` and `x;` do nothing.
    pub(crate) fn check_unused(&mut self, expr: &Expr) {
        self.check_dropped(expr);
        let useless = match &expr.kind {
            ExprKind::Binary(op, ..) => {
                if *op == Op::Eq {
                    self.warning(Kind::ComparisonUnused, expr.span);
                    return;
                }
                true
            }
            ExprKind::Local(_) | ExprKind::Global(_) | ExprKind::Func(_) => true,
            _ => false,
        };
        if useless && !self.tokens[self.at.saturating_sub(2)].from_macro {
            self.warning(Kind::ValueUnused, expr.span);
        }
    }

    /// The default argument promotions (C11 §6.5.2.2).
    pub(crate) fn default_promote(&mut self, arg: Expr) -> Expr {
        let arg = self.rvalue(arg);
        if arg.ty == Ty::FLOAT {
            return self.cast(arg, Ty::DOUBLE);
        }
        if self.types.is_integer(arg.ty) {
            let ty = self.types.promote(arg.ty);
            return self.cast(arg, ty);
        }
        if arg.ty == Ty::VOID {
            self.error(Kind::VoidValue, arg.span);
            return self.bad(arg.span);
        }
        if self.is_class(arg.ty) && self.destructor(arg.ty).is_some() {
            self.error(Kind::StringAsVariadic, arg.span);
            return self.bad(arg.span);
        }
        arg
    }
}
