//! Expressions (C11 §6.5) and their types: conversions, lvalues, calls, constants.

use crate::ast::*;
use crate::atomics::Rmw;
use crate::diag::{Diagnostic, Fix, Kind, Related, Severity, nearest};
use crate::lex::{Punct, Sym, Tok};
use crate::libc_index;
use crate::literal::{self, Encoding, Number};
use crate::parse::{Entry, Kw, Parse, Parser, Stop};
use crate::source::Span;
use crate::types::{Func, Kind as TypeKind, Ty, UNKNOWN_LEN};

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
    // ---- building

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

    /// A value cut to a type, as a canonical 64-bit word.
    pub(crate) fn wrap_int(&self, value: i64, ty: Ty) -> i64 {
        let signed = self.types.is_signed(ty);
        match (self.types.kind(ty), self.types.size(ty)) {
            (TypeKind::Bool, _) => i64::from(value != 0),
            (_, Some(1)) if signed => i64::from(value as i8),
            (_, Some(1)) => i64::from(value as u8),
            (_, Some(2)) if signed => i64::from(value as i16),
            (_, Some(2)) => i64::from(value as u16),
            (_, Some(4)) if signed => i64::from(value as i32),
            (_, Some(4)) => i64::from(value as u32),
            _ => value,
        }
    }

    pub(crate) fn addr_of(&mut self, lvalue: Expr, ty: Ty) -> Expr {
        let (span, height) = (lvalue.span, lvalue.height);
        if let ExprKind::Deref(inner) = lvalue.kind {
            return Expr { ty, span, ..*inner };
        }
        self.mark_memory(&lvalue);
        self.expr(ExprKind::AddrOf(Box::new(lvalue)), ty, span, height)
    }

    /// The variable under an lvalue must have an address.
    fn mark_memory(&mut self, lvalue: &Expr) {
        match &lvalue.kind {
            ExprKind::Local(id) | ExprKind::Compound(id, _) => {
                if let Some(function) = &mut self.function {
                    function.locals[*id as usize].in_memory = true;
                }
            }
            ExprKind::Member(base, ..) => self.mark_memory(base),
            ExprKind::Comma(_, right) => self.mark_memory(right),
            _ => {}
        }
    }

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
    fn through_reference(&mut self, expr: Expr) -> Expr {
        match self.types.kind(expr.ty) {
            TypeKind::Ref(to) => {
                let ptr = self.types.ptr(to);
                let (span, height) = (expr.span, expr.height);
                let pointer = Expr { ty: ptr, ..expr };
                self.expr(ExprKind::Deref(Box::new(pointer)), to, span, height)
            }
            _ => expr,
        }
    }

    /// C++: the address that a reference of type `ty` is bound to.
    pub(crate) fn bind_reference(&mut self, value: Expr, ty: Ty) -> Expr {
        let TypeKind::Ref(to) = self.types.kind(ty) else { return value };
        let span = value.span;
        if self.is_lvalue(&value) && self.same_type(value.ty, to) {
            let ptr = self.types.ptr(to);
            let address = self.addr_of(value, ptr);
            return Expr { ty, ..address };
        }
        if value.ty == Ty::ERROR {
            return value;
        }
        if !to.is_const() {
            let (from, to) = (self.type_name(value.ty), self.type_name(ty));
            self.error(Kind::Incompatible { from, to }, span);
            return self.bad(span);
        }
        // A temporary that lives as long as the block.
        let value = self.convert(value, to.unqual(), Context::Init);
        let temp = self.new_local(None, to.unqual(), span);
        if let Some(function) = &mut self.function {
            function.locals[temp as usize].initialised = true;
            function.locals[temp as usize].in_memory = true;
        }
        let height = value.height;
        let init = Init::Expr(Box::new(value));
        let object = self.expr(ExprKind::Compound(temp, init), to.unqual(), span, height);
        let address = self.addr_of(object, ty);
        Expr { ty, ..address }
    }

    pub(crate) fn is_lvalue(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Local(_)
            | ExprKind::Global(_)
            | ExprKind::Deref(_)
            | ExprKind::Str(_)
            | ExprKind::Compound(..) => true,
            ExprKind::Member(base, ..) => self.is_lvalue(base),
            ExprKind::Error => true,
            _ => false,
        }
    }

    /// Whether a value is a null pointer constant (C11 §6.3.2.3).
    fn is_null(&self, expr: &Expr) -> bool {
        match expr.kind {
            ExprKind::Int(0) => {
                self.types.is_integer(expr.ty)
                    || self.types.pointee(expr.ty).is_some_and(|to| to.unqual() == Ty::VOID)
                    || expr.ty == Ty::NULLPTR
            }
            _ => false,
        }
    }

    // ---- conversions

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

    fn mismatch(&mut self, from: Ty, to: Ty, span: Span, context: Context) {
        let (from, to) = (self.type_name(from), self.type_name(to));
        let kind = match context {
            Context::Argument(index) => Kind::BadArgument { index, from, to },
            _ => Kind::Incompatible { from, to },
        };
        self.error(kind, span);
    }

    fn doubtful(&mut self, from: Ty, to: Ty, span: Span, context: Context) {
        let (from, to) = (self.type_name(from), self.type_name(to));
        let kind = match context {
            Context::Argument(index) => Kind::DoubtfulArgument { index, from, to },
            _ => Kind::DoubtfulConversion { from, to },
        };
        self.warning(kind, span);
    }

    /// A conversion as if by assignment (C11 §6.5.16.1), with complaints.
    pub(crate) fn convert(&mut self, expr: Expr, to: Ty, context: Context) -> Expr {
        if let TypeKind::Ref(_) = self.types.kind(to) {
            return self.bind_reference(expr, to);
        }
        if self.cpp
            && let Some(converted) = self.cpp_convert(&expr, to)
        {
            return converted;
        }
        let expr = self.rvalue(expr);
        let (from, span) = (expr.ty, expr.span);
        let to = to.unqual();
        if from == Ty::ERROR || to == Ty::ERROR {
            return expr;
        }
        if self.types.is_arith(from) && self.types.is_arith(to) {
            return self.cast(expr, to);
        }
        match (self.types.kind(from), self.types.kind(to)) {
            (TypeKind::Record(a), TypeKind::Record(b)) if a == b => return expr,
            (TypeKind::VaList, TypeKind::VaList) => return expr,
            (TypeKind::Ptr(a), TypeKind::Ptr(b)) => {
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
            (TypeKind::Nullptr, TypeKind::Ptr(_) | TypeKind::Bool) => {}
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
        let expr = self.rvalue(expr);
        self.check_condition(&expr);
        if !self.types.is_scalar(expr.ty) && expr.ty != Ty::ERROR {
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

    fn fold(&self, op: Op, a: i64, b: i64, ty: Ty) -> Option<i64> {
        let signed = self.types.is_signed(ty);
        let bits = self.types.size(ty)? * 8;
        let (ua, ub) = (a as u64, b as u64);
        let value = match op {
            Op::Add => a.wrapping_add(b),
            Op::Sub => a.wrapping_sub(b),
            Op::Mul => a.wrapping_mul(b),
            Op::Div | Op::Rem if b == 0 => return None,
            Op::Div if signed => a.checked_div(b)?,
            Op::Div => (ua / ub) as i64,
            Op::Rem if signed => a.checked_rem(b)?,
            Op::Rem => (ua % ub) as i64,
            Op::And => a & b,
            Op::Or => a | b,
            Op::Xor => a ^ b,
            Op::Shl => a.wrapping_shl((ub % bits) as u32),
            Op::Shr if signed => a >> (ub % bits),
            Op::Shr => (ua >> (ub % bits)) as i64,
            Op::Eq => i64::from(a == b),
            Op::Ne => i64::from(a != b),
            Op::Lt if signed => i64::from(a < b),
            Op::Lt => i64::from(ua < ub),
            Op::Le if signed => i64::from(a <= b),
            Op::Le => i64::from(ua <= ub),
        };
        Some(self.wrap_int(value, if op as u8 >= Op::Eq as u8 { Ty::INT } else { ty }))
    }

    // ---- the grammar

    /// expression: assignment (, assignment)*
    pub(crate) fn expression(&mut self) -> Parse<Expr> {
        let mut left = self.assignment()?;
        while self.eat(Punct::Comma) {
            let right = self.assignment()?;
            let right = self.rvalue(right);
            let (ty, span) = (right.ty, left.span.to(right.span));
            let height = left.height.max(right.height);
            let kind = ExprKind::Comma(Box::new(left), Box::new(right));
            left = self.expr(kind, ty, span, height);
        }
        Ok(left)
    }

    /// assignment: conditional | unary assignment-operator assignment
    pub(crate) fn assignment(&mut self) -> Parse<Expr> {
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
        let right = if op.is_none() { self.initializer_expr(left.ty)? } else { self.assignment()? };
        self.leave();
        let span = left.span.to(right.span);
        if self.cpp
            && let Some(expr) = self.cpp_assign(op, &left, &right, span)
        {
            return Ok(expr);
        }
        self.check_assignable(&left);
        Ok(match op {
            None => self.assign(left, right, span),
            Some(op) => self.op_assign(op, left, right, span),
        })
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

    fn bad_operands(&mut self, left: &Expr, right: &Expr, span: Span) -> Expr {
        if left.ty != Ty::ERROR && right.ty != Ty::ERROR {
            let (left, right) = (self.type_name(left.ty), self.type_name(right.ty));
            self.error(Kind::BadOperands { left, right }, span);
        }
        self.bad(span)
    }

    /// An index as a 64-bit signed word.
    fn index_value(&mut self, index: Expr) -> Expr {
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

    /// conditional: logical-or (? expression : conditional)?
    pub(crate) fn conditional(&mut self) -> Parse<Expr> {
        self.enter()?;
        let cond = self.binary(0)?;
        let result = if self.eat(Punct::Question) {
            let cond = self.condition(cond);
            let yes = if self.is(Punct::Colon) { cond.clone() } else { self.expression()? };
            self.expect(Punct::Colon)?;
            let no = if self.cpp { self.assignment()? } else { self.conditional()? };
            self.choose(cond, yes, no)
        } else {
            cond
        };
        self.leave();
        Ok(result)
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

    fn binary_level(&self) -> Option<(Punct, u8)> {
        let Tok::Punct(punct) = self.peek().tok else { return None };
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

    /// The ten levels of binary operators, by precedence climbing.
    fn binary(&mut self, min: u8) -> Parse<Expr> {
        let mut left = self.cast_expression()?;
        while let Some((punct, level)) = self.binary_level()
            && level >= min
        {
            let operator = self.next().span;
            let right = self.binary(level + 1)?;
            let span = left.span.to(right.span);
            left = self.binary_op(punct, left, right, span, operator);
        }
        Ok(left)
    }

    fn binary_op(
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

    fn pointer_add(&mut self, ptr: Expr, index: Expr, minus: bool, span: Span) -> Expr {
        let to = self.types.pointee(ptr.ty).unwrap_or(Ty::CHAR);
        let scale = self.scale(to, span);
        let index = self.index_value(index);
        let (ty, height) = (ptr.ty, ptr.height.max(index.height));
        let kind = ExprKind::PtrAdd { ptr: Box::new(ptr), index: Box::new(index), scale, minus };
        self.expr(kind, ty, span, height)
    }

    /// cast-expression: ( type-name ) cast-expression | unary-expression
    fn cast_expression(&mut self) -> Parse<Expr> {
        if self.is(Punct::LParen) && self.starts_type(self.peek_at(1)) {
            let start = self.next().span;
            let ty = self.type_name_rule()?;
            self.expect(Punct::RParen)?;
            if self.is(Punct::LBrace) {
                let literal = self.compound_literal(ty, start)?;
                return self.postfix_rest(literal);
            }
            self.enter()?;
            let operand = self.cast_expression()?;
            self.leave();
            let span = start.to(operand.span);
            return Ok(self.explicit_cast(operand, ty, span));
        }
        self.unary()
    }

    pub(crate) fn explicit_cast(&mut self, operand: Expr, ty: Ty, span: Span) -> Expr {
        if let TypeKind::Ref(to) = self.types.kind(ty) {
            let ptr = self.types.ptr(to);
            let height = operand.height;
            let address = self.addr_of(operand, ptr);
            return self.expr(ExprKind::Deref(Box::new(address)), to, span, height);
        }
        let operand = self.rvalue(operand);
        let from = operand.ty;
        if from == Ty::ERROR || ty == Ty::ERROR {
            return Expr { ty, span, ..operand };
        }
        if ty.unqual() == Ty::VOID {
            let height = operand.height;
            return self.expr(ExprKind::Cast(Box::new(operand)), Ty::VOID, span, height);
        }
        if self.same_type(from, ty) && !self.types.is_scalar(ty) {
            return Expr { span, ..operand };
        }
        let floats = self.types.is_float(from) && self.types.is_pointer(ty)
            || self.types.is_pointer(from) && self.types.is_float(ty);
        if !self.types.is_scalar(ty) || !self.types.is_scalar(from) || floats {
            let (from, to) = (self.type_name(from), self.type_name(ty));
            self.error(Kind::BadCast { from, to }, span);
            return self.bad(span);
        }
        let result = self.cast(operand, ty);
        Expr { span, ..result }
    }

    /// `(type){ … }`
    fn compound_literal(&mut self, ty: Ty, start: Span) -> Parse<Expr> {
        if self.function.is_none() {
            let name = self.intern("(compound literal)");
            let id = self.anonymous_global(name, ty, start);
            self.global_initializer(id)?;
            let ty = self.globals[id as usize].ty;
            let span = start.to(self.previous());
            return Ok(self.expr(ExprKind::Global(id), ty, span, 0));
        }
        let (init, ty) = self.local_initializer(ty, start)?;
        let local = self.new_local(None, ty, start);
        if let Some(function) = &mut self.function {
            function.locals[local as usize].in_memory = true;
            function.locals[local as usize].initialised = true;
        }
        let height = match &init {
            Init::Expr(value) => value.height,
            Init::Items(items) => items.iter().map(|item| item.value.height).max().unwrap_or(0),
        };
        let span = start.to(self.previous());
        Ok(self.expr(ExprKind::Compound(local, init), ty, span, height))
    }

    fn unary(&mut self) -> Parse<Expr> {
        let token = self.peek();
        let start = token.span;
        match token.tok {
            Tok::Punct(punct) => match punct {
                Punct::Inc | Punct::Dec => {
                    self.next();
                    self.enter()?;
                    let operand = self.unary()?;
                    self.leave();
                    let span = start.to(operand.span);
                    Ok(self.step(operand, punct == Punct::Dec, false, span))
                }
                Punct::And
                | Punct::Star
                | Punct::Plus
                | Punct::Minus
                | Punct::Tilde
                | Punct::Not => {
                    self.next();
                    self.enter()?;
                    let operand = self.cast_expression()?;
                    self.leave();
                    let span = start.to(operand.span);
                    Ok(self.unary_op(punct, operand, span))
                }
                Punct::AndAnd => {
                    self.error(Kind::Unsupported { what: "&&label".to_owned() }, start);
                    Err(Stop)
                }
                _ => self.postfix(),
            },
            Tok::Ident(_) => match self.kw() {
                Some(Kw::Sizeof) => self.sizeof(start),
                Some(Kw::Alignof) => {
                    self.next();
                    self.expect(Punct::LParen)?;
                    let ty = self.type_name_rule()?;
                    let end = self.expect(Punct::RParen)?;
                    let align = self.types.align(ty) as i64;
                    let size_t = self.types.size_t();
                    Ok(self.int(align, size_t, start.to(end)))
                }
                Some(Kw::New | Kw::Delete) => self.cpp_new_delete(start),
                _ => self.postfix(),
            },
            _ => self.postfix(),
        }
    }

    /// sizeof unary | sizeof ( type-name )
    fn sizeof(&mut self, start: Span) -> Parse<Expr> {
        self.next();
        let size_t = self.types.size_t();
        let ty = if self.is(Punct::LParen) && self.starts_type(self.peek_at(1)) {
            self.next();
            let ty = self.type_name_rule()?;
            self.expect(Punct::RParen)?;
            if self.is(Punct::LBrace) {
                let literal = self.compound_literal(ty, start)?;
                self.postfix_rest(literal)?.ty
            } else {
                ty
            }
        } else {
            self.enter()?;
            let operand = self.unary()?;
            self.leave();
            if matches!(operand.kind, ExprKind::Member(_, _, Some(_))) {
                self.error(Kind::SizeofBitField, operand.span);
            }
            operand.ty
        };
        let span = start.to(self.previous());
        let ty = match self.types.kind(ty) {
            TypeKind::Ref(to) => to,
            _ => ty,
        };
        match self.types.kind(ty) {
            TypeKind::Vla(_, local) => Ok(self.expr(ExprKind::VlaSize(local), size_t, span, 0)),
            TypeKind::Void | TypeKind::Func(_) => Ok(self.int(1, size_t, span)),
            _ => match self.types.size(ty) {
                Some(size) => Ok(self.int(size as i64, size_t, span)),
                None => {
                    let ty = self.type_name(ty);
                    self.error(Kind::IncompleteType { ty }, span);
                    Ok(self.int(1, size_t, span))
                }
            },
        }
    }

    fn unary_op(&mut self, punct: Punct, operand: Expr, span: Span) -> Expr {
        let height = operand.height;
        match punct {
            Punct::And => self.address(operand, span),
            Punct::Star => {
                let operand = self.rvalue(operand);
                if operand.ty == Ty::ERROR {
                    return self.bad(span);
                }
                let Some(to) = self.types.pointee(operand.ty) else {
                    let ty = self.type_name(operand.ty);
                    self.error(Kind::NotAPointer { ty }, span);
                    return self.bad(span);
                };
                self.deref(operand, to, span)
            }
            Punct::Not => {
                let operand = self.condition(operand);
                let ty = if self.cpp { Ty::BOOL } else { Ty::INT };
                if let ExprKind::Int(value) = operand.kind {
                    return self.int(i64::from(value == 0), ty, span);
                }
                self.expr(ExprKind::Not(Box::new(operand)), ty, span, height)
            }
            _ => {
                let operand = self.rvalue(operand);
                if operand.ty == Ty::ERROR {
                    return operand;
                }
                let ok = match punct {
                    Punct::Tilde => self.types.is_integer(operand.ty),
                    _ => self.types.is_arith(operand.ty),
                };
                if !ok {
                    let ty = self.type_name(operand.ty);
                    self.error(Kind::BadOperand { ty }, span);
                    return self.bad(span);
                }
                let ty = self.types.promote(operand.ty);
                let operand = self.cast(operand, ty);
                match (punct, &operand.kind) {
                    (Punct::Plus, _) => Expr { span, ..operand },
                    (Punct::Minus, ExprKind::Int(value)) => {
                        let value = value.wrapping_neg();
                        self.int(value, ty, span)
                    }
                    (Punct::Minus, ExprKind::Float(value)) => {
                        let value = -value;
                        self.expr(ExprKind::Float(value), ty, span, 0)
                    }
                    (Punct::Tilde, ExprKind::Int(value)) => {
                        let value = !value;
                        self.int(value, ty, span)
                    }
                    (Punct::Minus, _) => {
                        self.expr(ExprKind::Neg(Box::new(operand)), ty, span, height)
                    }
                    _ => self.expr(ExprKind::BitNot(Box::new(operand)), ty, span, height),
                }
            }
        }
    }

    pub(crate) fn deref(&mut self, pointer: Expr, to: Ty, span: Span) -> Expr {
        let height = pointer.height;
        if self.types.is_func(to) {
            // `*f` of a function is the function again.
            if let ExprKind::AddrOf(inner) = pointer.kind {
                return *inner;
            }
        }
        if to.unqual() == Ty::VOID {
            self.error(Kind::VoidDereferenced, span);
            return self.bad(span);
        }
        self.expr(ExprKind::Deref(Box::new(pointer)), to, span, height)
    }

    fn address(&mut self, operand: Expr, span: Span) -> Expr {
        if operand.ty == Ty::ERROR {
            return self.bad(span);
        }
        if self.types.is_func(operand.ty) {
            let ty = self.types.ptr(operand.ty);
            let address = self.addr_of(operand, ty);
            return Expr { span, ..address };
        }
        if !self.is_lvalue(&operand) {
            self.error(Kind::NotAddressable, span);
            return self.bad(span);
        }
        if let ExprKind::Member(_, _, Some(_)) = operand.kind {
            self.error(Kind::AddressOfBitField, span);
            return self.bad(span);
        }
        let ty = self.types.ptr(operand.ty);
        let address = self.addr_of(operand, ty);
        Expr { span, ..address }
    }

    fn step(&mut self, operand: Expr, minus: bool, post: bool, span: Span) -> Expr {
        if operand.ty == Ty::ERROR {
            return operand;
        }
        self.check_assignable(&operand);
        let scale = match self.types.pointee(operand.ty) {
            Some(to) => Some(self.scale(to, span)),
            None if self.types.is_arith(operand.ty) => None,
            None => {
                let ty = self.type_name(operand.ty);
                self.error(Kind::BadOperand { ty }, span);
                return self.bad(span);
            }
        };
        if operand.ty.is_atomic() && self.types.is_integer(operand.ty) {
            let one = self.int(1, Ty::INT, span);
            let work = if minus { Rmw::Sub } else { Rmw::Add };
            return self.atomic_update(operand, one, work, !post, span);
        }
        let (ty, height) = (operand.ty.unqual(), operand.height);
        let kind = ExprKind::Step { left: Box::new(operand), scale, minus, post };
        self.expr(kind, ty, span, height)
    }

    /// postfix: primary ([ ] | ( ) | . | -> | ++ | --)*
    fn postfix(&mut self) -> Parse<Expr> {
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
                    left = self.step(left, punct == Punct::Dec, true, span);
                }
                _ => return Ok(left),
            }
        }
    }

    fn index(&mut self, left: Expr, index: Expr, span: Span) -> Expr {
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

    fn member(&mut self, left: Expr, arrow: bool) -> Parse<Expr> {
        let token = self.next();
        let Tok::Ident(name) = token.tok else {
            let found = self.spelling(token);
            self.error(Kind::ExpectedName { found }, token.span);
            return Err(Stop);
        };
        let span = left.span.to(token.span);
        if self.cpp && self.is_cpp_string(left.ty, arrow) {
            return self.cpp_string_method(left, arrow, name, span);
        }
        if self.cpp
            && let Some(expr) = self.cpp_stream_method(&left, name, span)?
        {
            return Ok(expr);
        }
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
    fn call(&mut self, callee: Expr) -> Parse<Expr> {
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
        let callee = self.resolve_overload(callee, &args);
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
        if let ExprKind::Func(id) = callee.kind
            && let Some(defaults) = self.defaults.get(&id)
        {
            let missing = func.params.len().saturating_sub(args.len()).min(defaults.len());
            args.extend(defaults[defaults.len() - missing..].iter().cloned());
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
        self.through_reference(call)
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
        if self.cpp && self.is_cpp_string(arg.ty, false) {
            self.error(Kind::StringAsVariadic, arg.span);
            return self.bad(arg.span);
        }
        arg
    }

    /// primary: identifier | constant | string | ( expression ) | generic | builtin
    fn primary(&mut self) -> Parse<Expr> {
        let token = self.next();
        let span = token.span;
        match token.tok {
            Tok::Number(sym) => Ok(self.number(sym, span)),
            Tok::Char(sym) => {
                let spelling = self.text(sym);
                match literal::char_value(&spelling, self.target) {
                    Some(value) => {
                        let (encoding, body) = literal::parts(&spelling);
                        let single = literal::elements(body, encoding).is_ok_and(|e| e.len() == 1);
                        let ty = match encoding {
                            Encoding::Bytes if self.cpp && single => Ty::CHAR,
                            Encoding::Bytes => Ty::INT,
                            Encoding::Char16 => Ty::USHORT,
                            Encoding::Char32 => Ty::UINT,
                            Encoding::Wide if literal::unit_size(encoding, self.target) == 2 => {
                                Ty::USHORT
                            }
                            Encoding::Wide => Ty::INT,
                        };
                        if !single {
                            self.warning(Kind::MultiChar, span);
                        }
                        Ok(self.int(value, ty, span))
                    }
                    None => {
                        self.error(Kind::BadCharacter, span);
                        Ok(self.bad(span))
                    }
                }
            }
            Tok::Str(_) => {
                self.at -= 1;
                self.string_literal()
            }
            Tok::Punct(Punct::LParen) => {
                if self.is(Punct::LBrace) && self.function.is_some() {
                    let open = self.next().span;
                    self.enter()?;
                    let stmts = self.statement_expression(open)?;
                    self.leave();
                    let ty = match stmts.last().map(|stmt| &stmt.kind) {
                        Some(StmtKind::Expr(expr)) => expr.ty.unqual(),
                        _ => Ty::VOID,
                    };
                    let ty = match self.types.kind(ty) {
                        TypeKind::Array(of, _) => self.types.ptr(of),
                        _ => ty,
                    };
                    let span = span.to(self.previous());
                    return Ok(self.expr(ExprKind::StmtExpr(stmts), ty, span, 40));
                }
                self.enter()?;
                let inner = self.expression()?;
                self.leave();
                let end = self.expect(Punct::RParen)?;
                Ok(Expr { span: span.to(end), parens: true, ..inner })
            }
            Tok::Ident(sym) => match self.kw_of(token) {
                Some(kw) => self.keyword_primary(kw, span),
                None => self.identifier(sym, span),
            },
            Tok::Other(c) => {
                let kind = match c {
                    '"' => Kind::UnterminatedString,
                    '\'' => Kind::UnterminatedChar,
                    c => Kind::StrayCharacter { character: c },
                };
                self.error(kind, span);
                Err(Stop)
            }
            _ => {
                self.at = self.at.saturating_sub(usize::from(token.tok != Tok::Eof));
                let found = self.spelling(token);
                self.error(Kind::ExpectedExpression { found }, span);
                Err(Stop)
            }
        }
    }

    fn number(&mut self, sym: Sym, span: Span) -> Expr {
        let spelling = self.text(sym);
        match literal::number(&spelling) {
            Some(Number::Float { value, suffix }) => {
                let ty = match suffix {
                    b'f' => Ty::FLOAT,
                    b'l' => Ty::LDOUBLE,
                    _ => Ty::DOUBLE,
                };
                self.expr(ExprKind::Float(value), ty, span, 0)
            }
            Some(Number::Int { value, decimal, unsigned, longs }) => {
                let ty = self.integer_type(value, decimal, unsigned, longs);
                self.int(value as i64, ty, span)
            }
            None => {
                self.error(Kind::BadNumber { text: spelling }, span);
                self.bad(span)
            }
        }
    }

    /// The first type of the list that holds the value (C11 §6.4.4.1).
    fn integer_type(&self, value: u64, decimal: bool, unsigned: bool, longs: u8) -> Ty {
        let list: &[Ty] = &[Ty::INT, Ty::UINT, Ty::LONG, Ty::ULONG, Ty::LLONG, Ty::ULLONG];
        for ty in &list[2 * usize::from(longs)..] {
            let signed = self.types.is_signed(*ty);
            if signed && unsigned || !signed && !unsigned && decimal {
                continue;
            }
            let bits = self.types.size(*ty).unwrap_or(8) * 8;
            let max = if signed { u64::MAX >> (65 - bits) } else { u64::MAX >> (64 - bits) };
            if value <= max {
                return *ty;
            }
        }
        Ty::ULLONG
    }

    /// Adjacent string literals are one.
    pub(crate) fn string_literal(&mut self) -> Parse<Expr> {
        let start = self.peek().span;
        let mut encoding = Encoding::Bytes;
        let mut ahead = 0;
        while let Tok::Str(sym) = self.peek_at(ahead).tok {
            let (found, _) = literal::parts(self.interner.get(sym));
            if found != Encoding::Bytes {
                encoding = found;
            }
            ahead += 1;
            if self.at + ahead >= self.tokens.len() {
                break;
            }
        }
        let mut units = Vec::new();
        let mut end = start;
        while let Tok::Str(sym) = self.peek().tok {
            let token = self.next();
            end = token.span;
            let spelling = self.text(sym);
            match literal::elements(literal::parts(&spelling).1, encoding) {
                Ok(found) => units.extend(found),
                Err(escape) => self.error(Kind::BadEscape { escape }, token.span),
            }
        }
        units.push(0);
        let unit = literal::unit_size(encoding, self.target);
        let bytes: Vec<u8> =
            units.iter().flat_map(|value| value.to_le_bytes()[..unit].to_vec()).collect();
        let ty = match (encoding, unit) {
            (Encoding::Bytes, _) => Ty::CHAR,
            (_, 2) => Ty::USHORT,
            (Encoding::Char32, _) => Ty::UINT,
            _ => Ty::INT,
        };
        let len = units.len() as u64;
        let ty = self.types.array(ty.with_const_if(self.cpp), len);
        let id = self.string(bytes, unit as u64);
        Ok(self.expr(ExprKind::Str(id), ty, start.to(end), 0))
    }

    fn keyword_primary(&mut self, kw: Kw, span: Span) -> Parse<Expr> {
        match kw {
            Kw::FuncName => match self.func_name() {
                Some(id) => {
                    let len = self.strings[id as usize].bytes.len() as u64;
                    let ty = self.types.array(Ty::CHAR.with_const(), len);
                    Ok(self.expr(ExprKind::Str(id), ty, span, 0))
                }
                None => {
                    self.error(
                        Kind::Undeclared {
                            name: "__func__".to_owned(),
                            suggestion: None,
                            header: None,
                        },
                        span,
                    );
                    Ok(self.bad(span))
                }
            },
            Kw::True | Kw::False => Ok(self.int(i64::from(kw == Kw::True), Ty::BOOL, span)),
            Kw::Nullptr => Ok(self.expr(ExprKind::Int(0), Ty::NULLPTR, span, 0)),
            Kw::Generic => self.generic(span),
            Kw::Offsetof => self.offsetof(span),
            Kw::VaStart => {
                self.expect(Punct::LParen)?;
                let ap = self.assignment()?;
                let ap = self.rvalue(ap);
                if self.eat(Punct::Comma) {
                    self.assignment()?;
                }
                let end = self.expect(Punct::RParen)?;
                if !self.function.as_ref().is_some_and(|function| function.variadic) {
                    self.error(Kind::VaStartOutside, span);
                }
                let ap = self.va_list(ap);
                Ok(self.expr(ExprKind::VaStart(Box::new(ap)), Ty::VOID, span.to(end), 2))
            }
            Kw::VaEnd => {
                self.expect(Punct::LParen)?;
                let ap = self.assignment()?;
                let end = self.expect(Punct::RParen)?;
                let ap = self.rvalue(ap);
                let height = ap.height;
                Ok(self.expr(ExprKind::Cast(Box::new(ap)), Ty::VOID, span.to(end), height))
            }
            Kw::VaCopy => {
                self.expect(Punct::LParen)?;
                let to = self.assignment()?;
                self.expect(Punct::Comma)?;
                let from = self.assignment()?;
                let end = self.expect(Punct::RParen)?;
                let (to, from) = (self.rvalue(to), self.rvalue(from));
                let (to, from) = (self.va_list(to), self.va_list(from));
                let kind = ExprKind::VaCopy(Box::new(to), Box::new(from));
                Ok(self.expr(kind, Ty::VOID, span.to(end), 2))
            }
            Kw::VaArg => {
                self.expect(Punct::LParen)?;
                let ap = self.assignment()?;
                let ap = self.rvalue(ap);
                self.expect(Punct::Comma)?;
                let ty = self.type_name_rule()?;
                let end = self.expect(Punct::RParen)?;
                let span = span.to(end);
                let promoted = match self.types.is_integer(ty) {
                    true => self.types.promote(ty),
                    false if ty.unqual() == Ty::FLOAT => Ty::DOUBLE,
                    false => ty.unqual(),
                };
                if promoted != ty.unqual() && !matches!(self.types.kind(ty), TypeKind::Enum(_)) {
                    let (ty, promoted) = (self.type_name(ty), self.type_name(promoted));
                    self.warning(Kind::VaArgPromoted { ty, promoted }, span);
                }
                let ap = self.va_list(ap);
                let value = self.expr(ExprKind::VaArg(Box::new(ap)), promoted, span, 2);
                Ok(self.cast(value, ty))
            }
            Kw::Alloca => {
                self.expect(Punct::LParen)?;
                let size = self.assignment()?;
                let end = self.expect(Punct::RParen)?;
                let size_t = self.types.size_t();
                let size = self.convert(size, size_t, Context::Argument(1));
                let (ty, height) = (self.types.ptr(Ty::VOID), size.height);
                Ok(self.expr(ExprKind::Alloca(Box::new(size)), ty, span.to(end), height))
            }
            Kw::Expect => {
                self.expect(Punct::LParen)?;
                let value = self.assignment()?;
                self.expect(Punct::Comma)?;
                self.assignment()?;
                self.expect(Punct::RParen)?;
                Ok(self.cast(value, Ty::LONG))
            }
            Kw::ConstantP => {
                self.expect(Punct::LParen)?;
                let value = self.assignment()?;
                let end = self.expect(Punct::RParen)?;
                let value = self.rvalue(value);
                let known = self.const_eval(&value).is_some();
                Ok(self.int(i64::from(known), Ty::INT, span.to(end)))
            }
            Kw::TypesCompatible => {
                self.expect(Punct::LParen)?;
                let a = self.type_name_rule()?;
                self.expect(Punct::Comma)?;
                let b = self.type_name_rule()?;
                let end = self.expect(Punct::RParen)?;
                let same = a.unqual() == b.unqual();
                Ok(self.int(i64::from(same), Ty::INT, span.to(end)))
            }
            _ => match self.cpp_keyword(kw, span)? {
                Some(expr) => Ok(expr),
                None => {
                    self.at -= 1;
                    let found = self.spelling(self.peek());
                    self.error(Kind::ExpectedExpression { found }, span);
                    Err(Stop)
                }
            },
        }
    }

    /// A `va_list` as the pointer to its structure.
    fn va_list(&mut self, ap: Expr) -> Expr {
        if ap.ty != Ty::ERROR && self.types.pointee(ap.ty).map(Ty::unqual) != Some(Ty::VALIST) {
            let (from, to) = (self.type_name(ap.ty), "va_list".to_owned());
            self.error(Kind::Incompatible { from, to }, ap.span);
            return self.bad(ap.span);
        }
        ap
    }

    /// `_Generic(expr, type: expr, …, default: expr)`
    fn generic(&mut self, span: Span) -> Parse<Expr> {
        self.expect(Punct::LParen)?;
        let control = self.assignment()?;
        let control = self.rvalue(control);
        let mut chosen = None;
        let mut default = None;
        while self.eat(Punct::Comma) {
            if self.eat_kw(Kw::Default) {
                self.expect(Punct::Colon)?;
                default = Some(self.assignment()?);
                continue;
            }
            let ty = self.type_name_rule()?;
            self.expect(Punct::Colon)?;
            let value = self.assignment()?;
            if chosen.is_none() && ty.unqual() == control.ty.unqual() {
                chosen = Some(value);
            }
        }
        self.expect(Punct::RParen)?;
        match chosen.or(default) {
            Some(value) => Ok(value),
            None => {
                let ty = self.type_name(control.ty);
                self.error(Kind::NoGeneric { ty }, span);
                Ok(self.bad(span))
            }
        }
    }

    /// `offsetof(type, member.designator[3])`
    fn offsetof(&mut self, start: Span) -> Parse<Expr> {
        self.expect(Punct::LParen)?;
        let mut ty = self.type_name_rule()?;
        self.expect(Punct::Comma)?;
        let mut offset = 0i64;
        let mut first = true;
        loop {
            if first || self.eat(Punct::Dot) {
                first = false;
                let token = self.next();
                let Tok::Ident(name) = token.tok else {
                    let found = self.spelling(token);
                    self.error(Kind::ExpectedName { found }, token.span);
                    return Err(Stop);
                };
                let Some((at, member, _)) = self.types.member(ty, name) else {
                    let (name, ty) = (self.text(name), self.type_name(ty));
                    self.error(Kind::NoSuchMember { name, ty, suggestion: None }, token.span);
                    return Err(Stop);
                };
                offset += at as i64;
                ty = member;
            } else if self.eat(Punct::LBracket) {
                let index = self.constant_int()?;
                self.expect(Punct::RBracket)?;
                let Some(element) = self.types.element(ty) else { return Err(Stop) };
                offset += index * self.types.size(element).unwrap_or(0) as i64;
                ty = element;
            } else {
                break;
            }
        }
        let end = self.expect(Punct::RParen)?;
        let size_t = self.types.size_t();
        Ok(self.int(offset, size_t, start.to(end)))
    }

    pub(crate) fn identifier(&mut self, sym: Sym, span: Span) -> Parse<Expr> {
        match self.lookup(sym) {
            Some(Entry::Func(_))
                if self.cpp && matches!(self.interner.get(sym), "getline" | "to_string") =>
            {
                let name = self.text(sym);
                if let Some(expr) = self.library_function(&name, span)? {
                    return Ok(expr);
                }
                self.function_name(sym, span)
            }
            Some(Entry::Local(id)) => {
                let ty = match &mut self.function {
                    Some(function) => {
                        function.locals[id as usize].used = true;
                        function.locals[id as usize].ty
                    }
                    None => Ty::ERROR,
                };
                let expr = self.expr(ExprKind::Local(id), ty, span, 0);
                Ok(self.through_reference(expr))
            }
            Some(Entry::Global(id)) => {
                let global = &mut self.globals[id as usize];
                global.used.get_or_insert(span);
                let ty = global.ty;
                let expr = self.expr(ExprKind::Global(id), ty, span, 0);
                Ok(self.through_reference(expr))
            }
            Some(Entry::Func(_)) => self.function_name(sym, span),
            Some(Entry::EnumConst(value, ty)) => Ok(self.int(value, ty, span)),
            Some(Entry::Param(ty)) => {
                self.param_in_size = true;
                if self.types.is_scalar(ty) {
                    return Ok(self.int(0, ty, span));
                }
                Ok(self.bad(span))
            }
            Some(Entry::Typedef(ty)) => {
                if self.cpp && self.eat(Punct::ColonColon) {
                    self.next(); // string::npos
                    let size_t = self.types.size_t();
                    return Ok(self.int(-1, size_t, span.to(self.previous())));
                }
                if self.cpp && (self.is(Punct::LParen) || self.is(Punct::LBrace)) {
                    return self.functional_cast(ty, span);
                }
                let name = self.text(sym);
                self.error(Kind::TypeAsValue { name }, span);
                Err(Stop)
            }
            None => self.unknown_identifier(sym, span),
        }
    }

    fn function_name(&mut self, sym: Sym, span: Span) -> Parse<Expr> {
        let Some(Entry::Func(id)) = self.lookup(sym) else { return Err(Stop) };
        self.funcs[id as usize].used.get_or_insert(span);
        let ty = self.funcs[id as usize].ty;
        Ok(self.expr(ExprKind::Func(id), ty, span, 0))
    }

    /// A call of an intrinsic by its name.
    pub(crate) fn intrinsic_call(&mut self, name: &str, args: Vec<Expr>, span: Span) -> Expr {
        let sym = self.intern(name);
        let callee = match self.lookup(sym) {
            Some(Entry::Func(_)) => self.function_name(sym, span).ok(),
            _ => self.builtin_function(name, span),
        };
        match callee {
            Some(callee) => self.call_with(callee, args, span),
            None => self.bad(span),
        }
    }

    fn unknown_identifier(&mut self, sym: Sym, span: Span) -> Parse<Expr> {
        let name = self.text(sym);
        if self.cpp
            && let Some(expr) = self.cpp_identifier(&name, span)?
        {
            return Ok(expr);
        }
        if self.is(Punct::LParen)
            && let Some(builtin) = crate::atomics::builtin(&name)
        {
            return self.atomic_builtin(builtin, span);
        }
        if let Some(expr) = self.builtin_function(&name, span) {
            return Ok(expr);
        }
        let calls = self.is(Punct::LParen);
        let known = libc_index::header_of(self.target, &name, self.cpp);
        if calls && !self.cpp {
            return Ok(self.implicit_function(sym, name, known, span));
        }
        if self.cpp
            && let Some(stop) = self.refuse_std_name(&name, span)
        {
            return Err(stop);
        }
        if self.undeclared.contains(&sym) {
            return Ok(self.bad(span));
        }
        self.undeclared.push(sym);
        if !self.cpp && crate::parse::is_cpp_word(&name) {
            self.error(Kind::CppInC { name }, span);
            return match self.peek().tok {
                Tok::Ident(_) => Err(crate::parse::Stop),
                _ => Ok(self.bad(span)),
            };
        }
        let suggestion = if known.is_some() { None } else { self.similar_name(&name) };
        let fix = suggestion.clone().map(|text| Fix { span, text });
        let kind = Kind::Undeclared { name, suggestion, header: known };
        let mut diagnostic = Diagnostic::error(kind, span);
        diagnostic.fix = fix;
        self.report(diagnostic);
        Ok(self.bad(span))
    }

    /// A call of a function that nothing declares: C89 and gcc 12 assume `int name()`.
    fn implicit_function(
        &mut self,
        sym: Sym,
        name: String,
        header: Option<String>,
        span: Span,
    ) -> Expr {
        let imported = self.prelude_type(&name);
        let suggestion =
            if header.is_some() || imported.is_some() { None } else { self.similar_name(&name) };
        let fix = suggestion.clone().map(|text| Fix { span, text });
        let ty = match imported {
            Some(ty) => ty,
            None => self.types.func(Func {
                ret: Ty::INT,
                params: Vec::new(),
                variadic: false,
                prototype: false,
            }),
        };
        let mut diagnostic =
            Diagnostic::error(Kind::ImplicitFunction { name, suggestion, header }, span);
        diagnostic.fix = fix;
        diagnostic.severity = Severity::Warning;
        self.report(diagnostic);
        self.funcs.push(FuncDecl {
            name: sym,
            ty,
            span,
            is_static: false,
            used: Some(span),
            body: None,
            deferred: false,
        });
        let id = self.funcs.len() as FuncId - 1;
        self.bind_global(sym, Entry::Func(id));
        self.expr(ExprKind::Func(id), ty, span, 0)
    }

    // ---- constants

    /// The value of a constant expression (C11 §6.6), addresses included.
    pub(crate) fn const_eval(&self, expr: &Expr) -> Option<Const> {
        Some(match &expr.kind {
            ExprKind::Int(value) => Const::Int(*value),
            ExprKind::Float(value) => Const::Float(*value),
            ExprKind::Cast(inner) => {
                let value = self.const_eval(inner)?;
                match value {
                    Const::Int(value) if self.types.is_float(expr.ty) => {
                        let unsigned = !self.types.is_signed(inner.ty);
                        Const::Float(if unsigned { value as u64 as f64 } else { value as f64 })
                    }
                    Const::Int(value) => Const::Int(self.wrap_int(value, expr.ty)),
                    Const::Float(value) if self.types.is_float(expr.ty) => Const::Float(value),
                    Const::Float(value) => Const::Int(self.wrap_int(value as i64, expr.ty)),
                    address if self.types.size(expr.ty) == Some(8) => address,
                    _ => return None,
                }
            }
            ExprKind::AddrOf(lvalue) => self.const_address(lvalue)?,
            ExprKind::Func(id) => Const::Func(*id),
            ExprKind::Local(_) | ExprKind::Global(_) => Const::Int(self.constant_of(&expr.kind)?),
            ExprKind::PtrAdd { ptr, index, scale: Scale::Bytes(size), minus } => {
                let Const::Int(index) = self.const_eval(index)? else { return None };
                let bytes = index.wrapping_mul(*size as i64);
                let bytes = if *minus { bytes.wrapping_neg() } else { bytes };
                offset_const(self.const_eval(ptr)?, bytes)?
            }
            ExprKind::Binary(op, left, right) => {
                match (self.const_eval(left)?, self.const_eval(right)?) {
                    (Const::Int(a), Const::Int(b)) => Const::Int(self.fold(*op, a, b, left.ty)?),
                    (Const::Float(a), Const::Float(b)) => match op {
                        Op::Add => Const::Float(a + b),
                        Op::Sub => Const::Float(a - b),
                        Op::Mul => Const::Float(a * b),
                        Op::Div => Const::Float(a / b),
                        Op::Eq => Const::Int(i64::from(a == b)),
                        Op::Ne => Const::Int(i64::from(a != b)),
                        Op::Lt => Const::Int(i64::from(a < b)),
                        Op::Le => Const::Int(i64::from(a <= b)),
                        _ => return None,
                    },
                    _ => return None,
                }
            }
            ExprKind::PtrDiff(a, b, Scale::Bytes(size)) => {
                match (self.const_eval(a)?, self.const_eval(b)?) {
                    (Const::Int(a), Const::Int(b)) if *size > 0 => {
                        Const::Int((a - b) / *size as i64)
                    }
                    (Const::Global(x, a), Const::Global(y, b)) if x == y && *size > 0 => {
                        Const::Int((a - b) / *size as i64)
                    }
                    _ => return None,
                }
            }
            ExprKind::Neg(inner) => match self.const_eval(inner)? {
                Const::Int(value) => Const::Int(self.wrap_int(value.wrapping_neg(), expr.ty)),
                Const::Float(value) => Const::Float(-value),
                _ => return None,
            },
            ExprKind::Not(inner) => match self.const_eval(inner)? {
                Const::Int(value) => Const::Int(i64::from(value == 0)),
                Const::Float(value) => Const::Int(i64::from(value == 0.0)),
                _ => Const::Int(0),
            },
            ExprKind::Cond(cond, yes, no) => match self.const_eval(cond)? {
                Const::Int(0) => self.const_eval(no)?,
                _ => self.const_eval(yes)?,
            },
            ExprKind::AndAnd(a, b) => match self.const_eval(a)? {
                Const::Int(0) => Const::Int(0),
                _ => Const::Int(i64::from(self.const_eval(b)? != Const::Int(0))),
            },
            ExprKind::OrOr(a, b) => match self.const_eval(a)? {
                Const::Int(0) => Const::Int(i64::from(self.const_eval(b)? != Const::Int(0))),
                _ => Const::Int(1),
            },
            _ => return None,
        })
    }

    /// The address of a static object.
    fn const_address(&self, lvalue: &Expr) -> Option<Const> {
        Some(match &lvalue.kind {
            ExprKind::Str(id) => Const::Str(*id, 0),
            ExprKind::Global(id) => Const::Global(*id, 0),
            ExprKind::Func(id) => Const::Func(*id),
            ExprKind::Deref(pointer) => self.const_eval(pointer)?,
            ExprKind::Member(base, offset, None) => {
                offset_const(self.const_address(base)?, *offset as i64)?
            }
            _ => return None,
        })
    }

    /// Whether an array's element count is known.
    pub(crate) fn known_len(&self, ty: Ty) -> Option<u64> {
        match self.types.kind(ty) {
            TypeKind::Array(_, len) if len != UNKNOWN_LEN => Some(len),
            _ => None,
        }
    }
}

fn offset_const(value: Const, bytes: i64) -> Option<Const> {
    Some(match value {
        Const::Int(value) => Const::Int(value.wrapping_add(bytes)),
        Const::Str(id, at) => Const::Str(id, at.wrapping_add(bytes)),
        Const::Global(id, at) => Const::Global(id, at.wrapping_add(bytes)),
        _ => return None,
    })
}

impl Parser {
    /// Parses a prototype such as an intrinsic's: its name and type.
    fn prototype(&mut self, decl: &str) -> Option<(Sym, Ty)> {
        let file = crate::source::FileId(0);
        let mut diagnostics = Vec::new();
        let tokens = crate::lex::lex(decl, file, false, &mut self.interner, &mut diagnostics);
        let last = self.interner.len() as u32 - 1;
        let text = self.text(Sym(last));
        self.intern(&text); // makes room in the tables of names
        let span = Span::default();
        let tokens = tokens.into_iter().map(|token| crate::lex::Token { span, ..token }).collect();
        let outer = (std::mem::replace(&mut self.tokens, tokens), std::mem::take(&mut self.at));
        let parsed =
            self.declaration_specifiers(false).and_then(|(base, _)| self.declarator(base, false));
        (self.tokens, self.at) = outer;
        let declarator = parsed.ok()?;
        Some((declarator.name?, declarator.ty))
    }

    /// Makes an intrinsic known at file scope.
    pub(crate) fn declare_intrinsic(&mut self, decl: &str) {
        if let Some((name, ty)) = self.prototype(decl) {
            let span = Span::default();
            self.funcs.push(FuncDecl {
                name,
                ty,
                span,
                is_static: false,
                used: None,
                body: None,
                deferred: false,
            });
            let id = self.funcs.len() as FuncId - 1;
            self.bind_global(name, Entry::Func(id));
        }
    }

    /// An intrinsic by name, declared when it is first used.
    fn builtin_function(&mut self, name: &str, span: Span) -> Option<Expr> {
        if !name.starts_with("__") {
            return None;
        }
        let index = crate::intrinsics::index_of(name)?;
        let (sym, ty) = self.prototype(crate::intrinsics::all()[usize::from(index)].decl)?;
        let used = Some(span);
        self.funcs.push(FuncDecl {
            name: sym,
            ty,
            span,
            is_static: false,
            used,
            body: None,
            deferred: false,
        });
        let id = self.funcs.len() as FuncId - 1;
        self.bind_global(sym, Entry::Func(id));
        Some(self.expr(ExprKind::Func(id), ty, span, 0))
    }

    /// The type of a function of libc that no header has declared, as far as it can be had here.
    pub(crate) fn prelude_type(&mut self, name: &str) -> Option<Ty> {
        let prelude = self.prelude.clone()?;
        let (_, ty) = prelude.unit.export(name)?;
        self.import(&prelude.unit.types, ty, 0)
    }

    /// A type of another unit; records come over without contents.
    fn import(&mut self, from: &crate::types::Types, ty: Ty, depth: u32) -> Option<Ty> {
        if depth > 8 {
            return None;
        }
        let result = match from.kind(ty) {
            TypeKind::Ptr(to) => {
                let to = self.import(from, to, depth + 1)?;
                self.types.ptr(to)
            }
            TypeKind::Array(of, len) => {
                let of = self.import(from, of, depth + 1)?;
                self.types.array(of, len)
            }
            TypeKind::Func(_) => {
                let func = from.func_of(ty)?.clone();
                let ret = self.import(from, func.ret, depth + 1)?;
                let params: Option<Vec<Ty>> =
                    func.params.iter().map(|param| self.import(from, *param, depth + 1)).collect();
                self.types.func(Func { ret, params: params?, ..func })
            }
            TypeKind::Record(_) => Ty::VOID,
            TypeKind::Enum(_) => Ty::INT,
            TypeKind::Ref(_) | TypeKind::Vla(..) => return None,
            _ => ty,
        };
        Some(result.with_const_if(ty.is_const()))
    }
}
