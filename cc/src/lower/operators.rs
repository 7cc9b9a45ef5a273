//! Operators: arithmetic, conversions, steps, and the assignments that compute.

use super::Lower;
use super::objects::Loc;
use crate::ast::*;
use crate::program::*;
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

impl<'a> Lower<'a> {
    pub(super) fn vla_size(&mut self, local: LocalId) -> Reg {
        match self.places[local as usize] {
            Place::Register { reg, .. } => reg,
            _ => self.constant(1),
        }
    }

    pub(super) fn pointer_add(
        &mut self,
        a: Reg,
        index: &Expr,
        scale: Scale,
        minus: bool,
        d: Reg,
        span: Span,
    ) {
        if let (ExprKind::Int(value), Scale::Bytes(size)) = (&index.kind, scale)
            && let Some(bytes) = value.checked_mul(size as i64)
            && let Ok(imm) = i32::try_from(if minus { -bytes } else { bytes })
        {
            self.emit(Code::AddImm64 { d, a, imm });
            return;
        }
        let mut b = self.value(index);
        self.span = span;
        if minus {
            let negated = self.temp();
            self.emit(Code::Neg64 { d: negated, a: b });
            b = negated;
        }
        match scale {
            Scale::Bytes(size) => {
                self.emit(Code::Index { d, a, b, size: size as u32 });
            }
            Scale::Local(local) => {
                let size = self.vla_size(local);
                let bytes = self.temp();
                self.emit(Code::Mul64 { d: bytes, a: b, b: size });
                self.emit(Code::Add64 { d, a, b: bytes });
            }
        }
    }

    /// Cuts a 64-bit result to its type.
    pub(super) fn extend(&mut self, d: Reg, a: Reg, ty: Ty) {
        let signed = self.types.is_signed(ty);
        let code = match (self.types.kind(ty), self.types.size(ty)) {
            (TypeKind::Bool, _) => Code::ToBool { d, a },
            (TypeKind::Float, _) | (TypeKind::Double, _) => {
                if d == a {
                    return;
                }
                Code::Move { d, a }
            }
            (_, Some(1)) if signed => Code::SExt8 { d, a },
            (_, Some(1)) => Code::ZExt8 { d, a },
            (_, Some(2)) if signed => Code::SExt16 { d, a },
            (_, Some(2)) => Code::ZExt16 { d, a },
            (_, Some(4)) if signed => Code::SExt32 { d, a },
            (_, Some(4)) => Code::ZExt32 { d, a },
            _ if d == a => return,
            _ => Code::Move { d, a },
        };
        self.emit(code);
    }

    pub(super) fn binary_imm(&mut self, op: Op, ty: Ty, d: Reg, a: Reg, imm: i32) -> bool {
        if !self.types.is_integer(ty) {
            return false;
        }
        let imm = match op {
            Op::Add => imm,
            Op::Sub if imm != i32::MIN => -imm,
            Op::And if imm >= 0 => {
                self.emit(Code::AndImm { d, a, imm });
                return true;
            }
            _ => return false,
        };
        let code = match (self.types.size(ty), self.types.is_signed(ty)) {
            (Some(4), true) => Code::AddImmI32 { d, a, imm },
            (Some(4), false) => Code::AddImmU32 { d, a, imm },
            _ => Code::AddImm64 { d, a, imm },
        };
        self.emit(code);
        true
    }

    pub(super) fn binary(&mut self, op: Op, ty: Ty, d: Reg, a: Reg, b: Reg) {
        if self.types.is_float(ty) {
            let code = match op {
                Op::Add => Code::FAdd { d, a, b },
                Op::Sub => Code::FSub { d, a, b },
                Op::Mul => Code::FMul { d, a, b },
                Op::Div => Code::FDiv { d, a, b },
                Op::Eq => Code::FEq { d, a, b },
                Op::Ne => Code::FNe { d, a, b },
                Op::Lt => Code::FLt { d, a, b },
                _ => Code::FLe { d, a, b },
            };
            self.emit(code);
            let arithmetic = matches!(op, Op::Add | Op::Sub | Op::Mul | Op::Div);
            if arithmetic && self.types.kind(ty) == TypeKind::Float {
                self.emit(Code::RoundF32 { d, a: d });
            }
            return;
        }
        let signed = self.types.is_signed(ty);
        let wide = self.types.size(ty) == Some(8);
        let code = match (op, wide, signed) {
            (Op::Add, true, _) => Code::Add64 { d, a, b },
            (Op::Add, _, true) => Code::AddI32 { d, a, b },
            (Op::Add, ..) => Code::AddU32 { d, a, b },
            (Op::Sub, true, _) => Code::Sub64 { d, a, b },
            (Op::Sub, _, true) => Code::SubI32 { d, a, b },
            (Op::Sub, ..) => Code::SubU32 { d, a, b },
            (Op::Mul, true, _) => Code::Mul64 { d, a, b },
            (Op::Mul, _, true) => Code::MulI32 { d, a, b },
            (Op::Mul, ..) => Code::MulU32 { d, a, b },
            (Op::Div, _, false) => Code::DivU { d, a, b },
            (Op::Div, true, _) => Code::DivI64 { d, a, b },
            (Op::Div, ..) => Code::DivI32 { d, a, b },
            (Op::Rem, _, false) => Code::RemU { d, a, b },
            (Op::Rem, true, _) => Code::RemI64 { d, a, b },
            (Op::Rem, ..) => Code::RemI32 { d, a, b },
            (Op::And, ..) => Code::And { d, a, b },
            (Op::Or, ..) => Code::Or { d, a, b },
            (Op::Xor, ..) => Code::Xor { d, a, b },
            (Op::Shl, true, _) => Code::Shl64 { d, a, b },
            (Op::Shl, _, true) => Code::ShlI32 { d, a, b },
            (Op::Shl, ..) => Code::ShlU32 { d, a, b },
            (Op::Shr, true, true) => Code::ShrS64 { d, a, b },
            (Op::Shr, true, false) => Code::ShrU64 { d, a, b },
            (Op::Shr, _, true) => Code::ShrS32 { d, a, b },
            (Op::Shr, ..) => Code::ShrU32 { d, a, b },
            (Op::Eq, ..) => Code::Eq { d, a, b },
            (Op::Ne, ..) => Code::Ne { d, a, b },
            (Op::Lt, _, true) => Code::LtS { d, a, b },
            (Op::Lt, ..) => Code::LtU { d, a, b },
            (Op::Le, _, true) => Code::LeS { d, a, b },
            (Op::Le, ..) => Code::LeU { d, a, b },
        };
        self.emit(code);
    }

    pub(super) fn cast(&mut self, inner: &Expr, to: Ty, d: Reg, span: Span) {
        let from = inner.ty;
        if to.unqual() == Ty::VOID {
            return self.effect(inner);
        }
        let a = self.value(inner);
        self.span = span;
        self.convert(a, from, to, d);
    }

    /// A register's value converted between arithmetic types.
    pub(super) fn converted(&mut self, a: Reg, from: Ty, to: Ty) -> Reg {
        if from.unqual() == to.unqual() {
            return a;
        }
        let d = self.temp();
        self.convert(a, from, to, d);
        d
    }

    fn convert(&mut self, a: Reg, from: Ty, to: Ty, d: Reg) {
        match (self.types.is_float(from), self.types.is_float(to)) {
            (true, true) => {
                let narrows = self.types.kind(to) == TypeKind::Float
                    && self.types.kind(from) != TypeKind::Float;
                if narrows {
                    self.emit(Code::RoundF32 { d, a });
                } else if d != a {
                    self.emit(Code::Move { d, a });
                }
            }
            (false, true) => {
                if self.types.is_signed(from) {
                    self.emit(Code::IntToF { d, a });
                } else {
                    self.emit(Code::UIntToF { d, a });
                }
                if self.types.kind(to) == TypeKind::Float {
                    self.emit(Code::RoundF32 { d, a: d });
                }
            }
            (true, false) => {
                if self.types.kind(to) == TypeKind::Bool {
                    self.emit(Code::FToBool { d, a });
                } else if self.types.size(to) == Some(8) && !self.types.is_signed(to) {
                    self.emit(Code::FToUInt { d, a });
                } else {
                    self.emit(Code::FToInt { d, a });
                    self.extend(d, d, to);
                }
            }
            (false, false) => {
                let (from_size, to_size) = (self.types.size(from), self.types.size(to));
                let (from_signed, to_signed) =
                    (self.types.is_signed(from), self.types.is_signed(to));
                let keeps = to_size == Some(8)
                    || from_size < to_size && (!from_signed || to_signed)
                    || from_size == to_size && from_signed == to_signed;
                if keeps && self.types.kind(to) != TypeKind::Bool {
                    if d != a {
                        self.emit(Code::Move { d, a });
                    }
                } else {
                    self.extend(d, a, to);
                }
            }
        }
    }

    pub(super) fn op_assign(
        &mut self,
        op: Op,
        left: &Expr,
        right: &Expr,
        calc: Ty,
        d: Reg,
        span: Span,
    ) {
        let loc = self.loc(left);
        let b = self.value(right);
        self.span = span;
        let a = match loc {
            Loc::Local(id) => {
                self.check_set(id);
                match self.places[id as usize] {
                    Place::Register { reg, .. } => reg,
                    _ => 0,
                }
            }
            Loc::Mem { .. } => {
                let a = self.temp();
                self.read(loc, left.ty, a);
                a
            }
        };
        let a = self.converted(a, left.ty, calc);
        let direct = match (loc, left.ty.unqual() == calc) {
            (Loc::Local(id), true) => match self.places[id as usize] {
                Place::Register { reg, .. } => Some(reg),
                _ => None,
            },
            _ => None,
        };
        if let Some(reg) = direct {
            self.binary(op, calc, reg, a, b);
            if d != reg {
                self.emit(Code::Move { d, a: reg });
            }
            return;
        }
        let result = self.temp();
        self.binary(op, calc, result, a, b);
        let result = self.converted(result, calc, left.ty);
        self.store(result, left.ty, loc);
        match loc {
            Loc::Mem { bits: Some(_), .. } => self.read(loc, left.ty, d),
            _ => {
                self.emit(Code::Move { d, a: result });
            }
        }
    }

    /// `++`, `--`; the value before or after into `d`.
    pub(super) fn step(
        &mut self,
        left: &Expr,
        scale: Option<Scale>,
        minus: bool,
        span: Span,
        d: Option<Reg>,
        post: bool,
    ) {
        let loc = self.loc(left);
        self.span = span;
        let old = match loc {
            Loc::Local(id) => {
                self.check_set(id);
                match self.places[id as usize] {
                    Place::Register { reg, .. } => reg,
                    _ => 0,
                }
            }
            Loc::Mem { .. } => {
                let old = self.temp();
                self.read(loc, left.ty, old);
                old
            }
        };
        if let (Some(d), true) = (d, post) {
            self.emit(Code::Move { d, a: old });
        }
        let new = match loc {
            Loc::Local(_) => old,
            Loc::Mem { .. } => self.temp(),
        };
        let sign = if minus { -1 } else { 1 };
        match scale {
            Some(Scale::Bytes(size)) => {
                self.emit(Code::AddImm64 { d: new, a: old, imm: sign * size as i32 });
            }
            Some(Scale::Local(local)) => {
                let size = self.vla_size(local);
                let code = match minus {
                    true => Code::Sub64 { d: new, a: old, b: size },
                    false => Code::Add64 { d: new, a: old, b: size },
                };
                self.emit(code);
            }
            None if self.types.is_float(left.ty) => {
                let one = self.constant(1f64.to_bits() as i64);
                let code = match minus {
                    true => Code::FSub { d: new, a: old, b: one },
                    false => Code::FAdd { d: new, a: old, b: one },
                };
                self.emit(code);
                if self.types.kind(left.ty) == TypeKind::Float {
                    self.emit(Code::RoundF32 { d: new, a: new });
                }
            }
            None if left.ty.unqual() == Ty::INT => {
                self.emit(Code::AddImmI32 { d: new, a: old, imm: sign });
            }
            None => {
                self.emit(Code::AddImm64 { d: new, a: old, imm: sign });
                self.extend(new, new, left.ty);
            }
        }
        if let Loc::Mem { .. } = loc {
            self.store(new, left.ty, loc);
        }
        if let (Some(d), false) = (d, post) {
            match loc {
                Loc::Mem { bits: Some(_), .. } => self.read(loc, left.ty, d),
                _ => {
                    self.emit(Code::Move { d, a: new });
                }
            }
        }
    }
}
