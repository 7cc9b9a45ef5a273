//! Expressions: values into registers, effects alone, truth as jumps.

use super::Lower;
use super::objects::Loc;
use crate::ast::*;
use crate::program::*;
use crate::source::Span;
use crate::types::Ty;

impl<'a> Lower<'a> {
    /// Evaluates for the effects only.
    pub(super) fn effect(&mut self, expr: &Expr) {
        let top = self.top;
        match &expr.kind {
            ExprKind::Step { left, scale, minus, .. } => {
                self.step(left, *scale, *minus, expr.span, None, false);
            }
            ExprKind::Comma(left, right) => {
                self.effect(left);
                self.effect(right);
            }
            ExprKind::Cast(inner) if expr.ty == Ty::VOID => self.effect(inner),
            ExprKind::StmtExpr(stmts) => {
                for stmt in stmts {
                    self.stmt(stmt);
                }
            }
            ExprKind::Cond(cond, yes, no) => {
                let skip = self.jump_if(cond, false);
                self.effect(yes);
                let end = self.emit(Code::Jump { to: 0 });
                self.patch(skip);
                self.effect(no);
                self.patch(vec![end]);
            }
            ExprKind::AndAnd(left, right) => {
                let skip = self.jump_if(left, false);
                self.effect(right);
                self.patch(skip);
            }
            ExprKind::OrOr(left, right) => {
                let skip = self.jump_if(left, true);
                self.effect(right);
                self.patch(skip);
            }
            ExprKind::Assign(left, right) => self.assign(left, right, expr.span, None),
            ExprKind::Call { .. } => {
                self.unused = true;
                self.value(expr);
                self.unused = false;
            }
            // A volatile read or a plain name: nothing happens, nothing is checked.
            ExprKind::Local(_) | ExprKind::Global(_) => {}
            _ => {
                self.value(expr);
            }
        }
        self.top = top;
    }

    /// The value in some register: a variable's own, or a temporary.
    pub(super) fn value(&mut self, expr: &Expr) -> Reg {
        if let ExprKind::Local(id) = expr.kind
            && let Place::Register { reg, .. } = self.places[id as usize]
        {
            self.span = expr.span;
            self.check_set(id);
            return reg;
        }
        let d = self.temp();
        self.value_to(expr, d);
        self.top = u32::from(d) + 1;
        d
    }

    /// The value (for a structure or array: its address) into `d`.
    pub(super) fn value_to(&mut self, expr: &Expr, d: Reg) {
        let top = self.top;
        self.value_into(expr, d);
        self.top = top;
    }

    pub(super) fn value_into(&mut self, expr: &Expr, d: Reg) {
        let span = expr.span;
        self.span = span;
        match &expr.kind {
            ExprKind::Error | ExprKind::Overloaded(..) | ExprKind::Braced(_) => {
                self.constant_into(d, 0);
            }
            ExprKind::Int(value) => self.constant_into(d, *value),
            ExprKind::Float(value) => self.constant_into(d, value.to_bits() as i64),
            ExprKind::Func(_) => self.address_to(expr, d),
            ExprKind::Local(_)
            | ExprKind::Global(_)
            | ExprKind::Str(_)
            | ExprKind::Deref(_)
            | ExprKind::Member(..)
            | ExprKind::Compound(..)
            | ExprKind::Construct(..) => {
                let loc = self.loc(expr);
                self.span = span;
                if self.types.is_scalar(expr.ty) || expr.ty == Ty::ERROR {
                    self.read(loc, expr.ty, d);
                } else if let Loc::Mem { base, off, .. } = loc {
                    self.emit(Code::AddImm64 { d, a: base, imm: off });
                }
            }
            ExprKind::AddrOf(lvalue) => self.address_to(lvalue, d),
            ExprKind::Neg(inner) => {
                let a = self.value(inner);
                self.span = span;
                if self.types.is_float(expr.ty) {
                    self.emit(Code::FNeg { d, a });
                } else {
                    self.emit(Code::Neg64 { d, a });
                    self.extend(d, d, expr.ty);
                }
            }
            ExprKind::BitNot(inner) => {
                let a = self.value(inner);
                self.span = span;
                self.emit(Code::Not64 { d, a });
                self.extend(d, d, expr.ty);
            }
            ExprKind::Not(inner) => {
                let a = self.truth(inner);
                self.span = span;
                self.emit(Code::IsZero { d, a });
            }
            ExprKind::Binary(op, left, right) => {
                let imm = match right.kind {
                    ExprKind::Int(value) => i32::try_from(value).ok(),
                    _ => None,
                };
                let a = self.value(left);
                if let Some(imm) = imm
                    && self.binary_imm(*op, left.ty, d, a, imm)
                {
                    return;
                }
                let b = self.value(right);
                self.span = span;
                self.binary(*op, left.ty, d, a, b);
            }
            ExprKind::PtrAdd { ptr, index, scale, minus } => {
                let a = self.value(ptr);
                self.pointer_add(a, index, *scale, *minus, d, span);
            }
            ExprKind::PtrDiff(left, right, scale) => {
                let a = self.value(left);
                let b = self.value(right);
                self.span = span;
                self.emit(Code::Sub64 { d, a, b });
                let size = match scale {
                    Scale::Bytes(size) => self.constant((*size).max(1) as i64),
                    Scale::Local(local) => self.vla_size(*local),
                };
                self.emit(Code::DivI64 { d, a: d, b: size });
            }
            ExprKind::AndAnd(..) | ExprKind::OrOr(..) => {
                let skip = self.jump_if(expr, false);
                self.constant_into(d, 1);
                let end = self.emit(Code::Jump { to: 0 });
                self.patch(skip);
                self.constant_into(d, 0);
                self.patch(vec![end]);
            }
            ExprKind::Cond(cond, yes, no) => {
                let skip = self.jump_if(cond, false);
                self.value_to(yes, d);
                let end = self.emit(Code::Jump { to: 0 });
                self.patch(skip);
                self.value_to(no, d);
                self.patch(vec![end]);
            }
            ExprKind::Comma(left, right) => {
                self.effect(left);
                self.value_to(right, d);
            }
            ExprKind::Assign(left, right) => self.assign(left, right, span, Some(d)),
            ExprKind::OpAssign { op, left, right, calc } => {
                self.op_assign(*op, left, right, *calc, d, span);
            }
            ExprKind::PtrAssign { left, index, scale, minus } => {
                let loc = self.loc(left);
                let old = self.temp();
                self.read(loc, left.ty, old);
                self.pointer_add(old, index, *scale, *minus, d, span);
                self.span = span;
                self.store(d, left.ty, loc);
            }
            ExprKind::Step { left, scale, minus, post } => {
                self.step(left, *scale, *minus, span, Some(d), *post);
            }
            ExprKind::Cast(inner) => self.cast(inner, expr.ty, d, span),
            ExprKind::Call { callee, args, fixed, variadic } => {
                self.call(expr, callee, args, *fixed, *variadic, d);
            }
            ExprKind::StmtExpr(stmts) => {
                let Some((last, rest)) = stmts.split_last() else { return };
                for stmt in rest {
                    self.stmt(stmt);
                }
                match &last.kind {
                    StmtKind::Expr(value) if expr.ty != Ty::VOID => self.value_to(value, d),
                    _ => self.stmt(last),
                }
            }
            ExprKind::VaStart(ap) => {
                let ap = self.value(ap);
                let area = self.va_area;
                self.span = span;
                self.emit(Code::VaStart { ap, area });
            }
            ExprKind::VaArg(ap) => {
                let ap = self.value(ap);
                let want = self.va_tag(expr.ty) as u32;
                self.span = span;
                self.emit(Code::VaArg { d, ap, want });
                if self.types.is_scalar(expr.ty) {
                    self.extend(d, d, expr.ty);
                }
            }
            ExprKind::VaCopy(to, from) => {
                let to = self.value(to);
                let from = self.value(from);
                self.span = span;
                self.emit(Code::Copy { to, from, len: 24 });
            }
            ExprKind::VlaSize(local) => {
                let a = self.vla_size(*local);
                self.emit(Code::Move { d, a });
            }
            ExprKind::Alloca(size) => {
                let bytes = self.value(size);
                self.span = span;
                self.emit(Code::Alloca { d, bytes });
            }
        }
    }

    pub(super) fn assign(&mut self, left: &Expr, right: &Expr, span: Span, d: Option<Reg>) {
        if let ExprKind::Local(id) = left.kind
            && let Place::Register { reg, .. } = self.places[id as usize]
        {
            // The right side may use the variable while it is being computed into a temporary.
            if simple(right) {
                self.value_to(right, reg);
            } else {
                let v = self.value(right);
                self.emit(Code::Move { d: reg, a: v });
            }
            self.set_flag(id);
            if let Some(d) = d
                && d != reg
            {
                self.emit(Code::Move { d, a: reg });
            }
            return;
        }
        let v = self.value(right);
        let loc = self.loc(left);
        self.span = span;
        self.store(v, left.ty, loc);
        if let Some(d) = d
            && d != v
        {
            match loc {
                // The value of an assignment to a bit-field is what fits into it.
                Loc::Mem { bits: Some(_), .. } => self.read(loc, left.ty, d),
                _ => {
                    self.emit(Code::Move { d, a: v });
                }
            }
        }
    }

    /// A register that is zero exactly when the value is false.
    pub(super) fn truth(&mut self, expr: &Expr) -> Reg {
        let a = self.value(expr);
        if self.types.is_float(expr.ty) {
            let d = self.temp();
            self.emit(Code::FToBool { d, a });
            return d;
        }
        a
    }

    /// Jumps (to be patched) taken when the value is `when`; falls through otherwise.
    pub(super) fn jump_if(&mut self, expr: &Expr, when: bool) -> Vec<usize> {
        let top = self.top;
        let span = expr.span;
        let jumps = match &expr.kind {
            ExprKind::Int(value) => {
                if (*value != 0) == when {
                    vec![self.emit(Code::Jump { to: 0 })]
                } else {
                    Vec::new()
                }
            }
            ExprKind::Not(inner) => self.jump_if(inner, !when),
            ExprKind::AndAnd(left, right) if !when => {
                let mut jumps = self.jump_if(left, false);
                jumps.extend(self.jump_if(right, false));
                jumps
            }
            ExprKind::OrOr(left, right) if when => {
                let mut jumps = self.jump_if(left, true);
                jumps.extend(self.jump_if(right, true));
                jumps
            }
            ExprKind::AndAnd(left, right) => {
                let skip = self.jump_if(left, false);
                let jumps = self.jump_if(right, true);
                self.patch(skip);
                jumps
            }
            ExprKind::OrOr(left, right) => {
                let skip = self.jump_if(left, true);
                let jumps = self.jump_if(right, false);
                self.patch(skip);
                jumps
            }
            ExprKind::Binary(op @ (Op::Eq | Op::Ne | Op::Lt | Op::Le), left, right)
                if !self.types.is_float(left.ty) =>
            {
                let a = self.value(left);
                let b = self.value(right);
                self.span = span;
                let signed = self.types.is_signed(left.ty);
                let to = 0;
                let code = match (op, when, signed) {
                    (Op::Eq, true, _) | (Op::Ne, false, _) => Code::JumpEq { a, b, to },
                    (Op::Eq, false, _) | (Op::Ne, true, _) => Code::JumpNe { a, b, to },
                    (Op::Lt, true, true) => Code::JumpLtS { a, b, to },
                    (Op::Lt, true, false) => Code::JumpLtU { a, b, to },
                    (Op::Lt, false, true) => Code::JumpLeS { a: b, b: a, to },
                    (Op::Lt, false, false) => Code::JumpLeU { a: b, b: a, to },
                    (_, true, true) => Code::JumpLeS { a, b, to },
                    (_, true, false) => Code::JumpLeU { a, b, to },
                    (_, false, true) => Code::JumpLtS { a: b, b: a, to },
                    (_, false, false) => Code::JumpLtU { a: b, b: a, to },
                };
                vec![self.emit(code)]
            }
            _ => {
                let a = self.truth(expr);
                self.span = span;
                let to = 0;
                let code = if when { Code::JumpIf { a, to } } else { Code::JumpIfNot { a, to } };
                vec![self.emit(code)]
            }
        };
        self.top = top;
        jumps
    }
}

/// Whether computing the value straight into the variable it is assigned to is safe: the variable
/// is read before it is written.
fn simple(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Local(_)
        | ExprKind::Global(_)
        | ExprKind::Call { .. }
        | ExprKind::AddrOf(_) => true,
        ExprKind::Binary(_, left, right) => leaf(left) && leaf(right),
        ExprKind::Deref(pointer) => leaf(pointer),
        _ => false,
    }
}

fn leaf(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Local(_) | ExprKind::Global(_)
    )
}
