//! Constant expressions (C11 §6.6).

use crate::ast::*;
use crate::parse::Parser;
use crate::types::{Kind as TypeKind, Ty, UNKNOWN_LEN};

impl Parser {
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

    pub(super) fn fold(&self, op: Op, a: i64, b: i64, ty: Ty) -> Option<i64> {
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
            ExprKind::Call { callee: Callee::Func(id), args, .. } => {
                Const::Int(self.constant_call(*id, args)?)
            }
            _ => return None,
        })
    }

    /// A call that gcc knows the value of.
    fn constant_call(&self, id: FuncId, args: &[Expr]) -> Option<i64> {
        let name = self.interner.get(self.funcs[id as usize].name);
        let [arg] = args else { return None };
        match (name, self.const_eval(arg)?) {
            ("strlen", Const::Str(literal, from)) if !self.funcs[id as usize].is_defined() => {
                let bytes = self.strings[literal as usize].bytes.get(from as usize..)?;
                Some(bytes.iter().position(|byte| *byte == 0)? as i64)
            }
            (_, Const::Int(value)) => crate::builtins::constant(name, value as u64),
            _ => None,
        }
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
