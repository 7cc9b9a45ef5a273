//! Objects: initialisation, loads, stores, and where an lvalue is.

use super::Lower;
use crate::ast::*;
use crate::program::*;
use crate::types::{Kind as TypeKind, Ty};

/// Where an lvalue is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Loc {
    Local(LocalId),
    Mem { base: Reg, off: i32, bits: Option<(u8, u8)> },
}

impl<'a> Lower<'a> {
    pub(super) fn unset(&mut self, local: LocalId) {
        match self.places[local as usize] {
            Place::Register { flag: Some(flag), .. } => {
                self.emit(Code::Const { d: flag, value: 0 });
            }
            Place::Frame(off) => {
                let len = self.types.size(self.body.locals[local as usize].ty).unwrap_or(0) as u32;
                self.emit(Code::Unset { off, len });
            }
            _ => {}
        }
    }

    pub(super) fn init_local(&mut self, local: LocalId, init: &Init) {
        let ty = self.body.locals[local as usize].ty;
        match (init, self.places[local as usize]) {
            (Init::Expr(value), Place::Register { reg, .. }) => {
                self.value_to(value, reg);
                self.set_flag(local);
            }
            (Init::Expr(value), Place::Frame(off)) => {
                let v = self.value(value);
                self.store(v, ty, Loc::Mem { base: 0, off: off as i32, bits: None });
            }
            (Init::Items(items), Place::Frame(off)) => {
                let size = self.types.size(ty).unwrap_or(0);
                let whole = items.len() == 1
                    && items[0].offset == 0
                    && self.types.size(items[0].ty) == Some(size)
                    && items[0].bits.is_none();
                if !whole {
                    let base = self.temp();
                    self.emit(Code::AddImm64 { d: base, a: 0, imm: off as i32 });
                    self.emit(Code::Zero { a: base, len: size as u32 });
                    self.top -= 1;
                }
                for item in items {
                    self.init_item(item, off);
                }
            }
            _ => {}
        }
    }

    fn init_item(&mut self, item: &InitItem, off: u32) {
        let top = self.top;
        self.span = item.value.span;
        let at = off as i32 + item.offset as i32;
        if let (ExprKind::Str(id), true) = (&item.value.kind, self.types.is_array(item.ty)) {
            let from = self.constant(self.linker.linked.string_at[*id as usize] as i64);
            let to = self.temp();
            self.emit(Code::AddImm64 { d: to, a: 0, imm: at });
            let len = self.types.size(item.ty).unwrap_or(0) as u32;
            self.emit(Code::Copy { to, from, len });
        } else {
            let v = self.value(&item.value);
            self.store(v, item.ty, Loc::Mem { base: 0, off: at, bits: item.bits });
        }
        self.top = top;
    }

    pub(super) fn set_flag(&mut self, local: LocalId) {
        if let Place::Register { flag: Some(flag), .. } = self.places[local as usize] {
            self.emit(Code::Const { d: flag, value: 1 });
        }
    }

    fn load(&mut self, d: Reg, ty: Ty, base: Reg, off: i32) {
        let a = base;
        let signed = self.types.is_signed(ty);
        let code = match (self.types.kind(ty), self.types.size(ty)) {
            (TypeKind::Float, _) => Code::LoadF32 { d, a, off },
            (_, Some(1)) if signed => Code::Load8S { d, a, off },
            (_, Some(1)) => Code::Load8U { d, a, off },
            (_, Some(2)) if signed => Code::Load16S { d, a, off },
            (_, Some(2)) => Code::Load16U { d, a, off },
            (_, Some(4)) if signed => Code::Load32S { d, a, off },
            (_, Some(4)) => Code::Load32U { d, a, off },
            _ => Code::Load64 { d, a, off },
        };
        self.emit(code);
    }

    pub(super) fn read(&mut self, loc: Loc, ty: Ty, d: Reg) {
        match loc {
            Loc::Local(id) => {
                let Place::Register { reg, .. } = self.places[id as usize] else { return };
                self.check_set(id);
                if reg != d {
                    self.emit(Code::Move { d, a: reg });
                }
            }
            Loc::Mem { base, off, bits: None } => self.load(d, ty, base, off),
            Loc::Mem { base, off, bits: Some((bit, width)) } => {
                let a = self.offset(base, off);
                let bytes = self.types.size(ty).unwrap_or(4) as u8;
                let signed = self.types.is_signed(ty);
                self.emit(Code::BitLoad { d, a, bytes, bit, width, signed });
            }
        }
    }

    pub(super) fn check_set(&mut self, id: LocalId) {
        if let Place::Register { flag: Some(flag), .. } = self.places[id as usize] {
            let var = self.var_index[id as usize].unwrap_or(u32::MAX);
            self.emit(Code::CheckSet { flag, var });
        }
    }

    /// `base + off` in a register.
    pub(super) fn offset(&mut self, base: Reg, off: i32) -> Reg {
        if off == 0 {
            return base;
        }
        let d = self.temp();
        self.emit(Code::AddImm64 { d, a: base, imm: off });
        d
    }

    /// Stores a value (for a structure: from its address).
    pub(super) fn store(&mut self, v: Reg, ty: Ty, loc: Loc) {
        match loc {
            Loc::Local(id) => {
                if let Place::Register { reg, .. } = self.places[id as usize] {
                    if reg != v {
                        self.emit(Code::Move { d: reg, a: v });
                    }
                    self.set_flag(id);
                }
            }
            Loc::Mem { base: a, off, bits: None } => {
                if !self.types.is_scalar(ty) {
                    let to = self.offset(a, off);
                    let len = self.types.size(ty).unwrap_or(0) as u32;
                    self.emit(Code::Copy { to, from: v, len });
                    return;
                }
                let code = match (self.types.kind(ty), self.types.size(ty)) {
                    (TypeKind::Float, _) => Code::StoreF32 { v, a, off },
                    (_, Some(1)) => Code::Store8 { v, a, off },
                    (_, Some(2)) => Code::Store16 { v, a, off },
                    (_, Some(4)) => Code::Store32 { v, a, off },
                    _ => Code::Store64 { v, a, off },
                };
                self.emit(code);
                if ty.unqual() == Ty::LDOUBLE {
                    let zero = self.constant(0);
                    self.emit(Code::Store64 { v: zero, a, off: off + 8 });
                }
            }
            Loc::Mem { base, off, bits: Some((bit, width)) } => {
                let a = self.offset(base, off);
                let bytes = self.types.size(ty).unwrap_or(4) as u8;
                self.emit(Code::BitStore { v, a, bytes, bit, width });
            }
        }
    }

    /// Where an lvalue (or a structure that is a value) is.
    pub(super) fn loc(&mut self, expr: &Expr) -> Loc {
        match &expr.kind {
            ExprKind::Local(id) => match self.places[*id as usize] {
                Place::Register { .. } => Loc::Local(*id),
                Place::Frame(off) => Loc::Mem { base: 0, off: off as i32, bits: None },
                Place::At(base) => Loc::Mem { base, off: 0, bits: None },
            },
            ExprKind::Global(id) => {
                let base = self.constant(self.linker.linked.global_at[*id as usize] as i64);
                Loc::Mem { base, off: 0, bits: None }
            }
            ExprKind::Str(id) => {
                let base = self.constant(self.linker.linked.string_at[*id as usize] as i64);
                Loc::Mem { base, off: 0, bits: None }
            }
            ExprKind::Deref(pointer) => self.deref_loc(pointer, expr),
            ExprKind::Member(record, offset, bits) => match self.loc(record) {
                Loc::Mem { base, off, .. } => {
                    Loc::Mem { base, off: off.wrapping_add(*offset as i32), bits: *bits }
                }
                local => local,
            },
            ExprKind::Compound(local, init) => {
                let zero_first = matches!(init, Init::Items(_));
                if !zero_first || self.scoped {
                    self.unset(*local); // its block may have ended before
                }
                self.init_local(*local, init);
                self.span = expr.span;
                match self.places[*local as usize] {
                    Place::Frame(off) => Loc::Mem { base: 0, off: off as i32, bits: None },
                    _ => Loc::Local(*local),
                }
            }
            ExprKind::Construct(local, call, _) => {
                self.unset(*local);
                self.effect(call);
                self.span = expr.span;
                match self.places[*local as usize] {
                    Place::Frame(off) => Loc::Mem { base: 0, off: off as i32, bits: None },
                    _ => Loc::Local(*local),
                }
            }
            ExprKind::Comma(left, right) => {
                self.effect(left);
                self.loc(right)
            }
            ExprKind::Assign(left, _) if self.types.is_record(expr.ty) => {
                self.effect(expr);
                self.loc(left)
            }
            _ => {
                let base = self.value(expr);
                Loc::Mem { base, off: 0, bits: None }
            }
        }
    }

    /// `*pointer`; an index into an array of known length is checked against it.
    fn deref_loc(&mut self, pointer: &Expr, whole: &Expr) -> Loc {
        if let ExprKind::PtrAdd { ptr, index, scale: Scale::Bytes(size), minus: false } =
            &pointer.kind
            && let ExprKind::AddrOf(array) = &ptr.kind
            && let TypeKind::Array(_, len) = self.types.kind(array.ty)
        {
            let len_known = len > 1 && len <= u64::from(u32::MAX);
            let Loc::Mem { base, off, .. } = self.loc(array) else {
                return Loc::Mem { base: 0, off: 0, bits: None };
            };
            if let ExprKind::Int(index) = index.kind
                && let Some(at) = index.checked_mul(*size as i64)
                && let Ok(at) = i32::try_from(at + i64::from(off))
                && (0..=len as i64).contains(&index)
            {
                return Loc::Mem { base, off: at, bits: None };
            }
            let i = self.value(index);
            self.span = whole.span;
            if len_known {
                let name = self.name(array.span);
                self.emit(Code::Bounds { a: i, name, len: len as u32 });
            }
            let d = self.temp();
            self.emit(Code::Index { d, a: base, b: i, size: *size as u32 });
            return Loc::Mem { base: d, off, bits: None };
        }
        let base = self.value(pointer);
        self.span = whole.span;
        Loc::Mem { base, off: 0, bits: None }
    }

    /// The address of an lvalue.
    pub(super) fn address_to(&mut self, lvalue: &Expr, d: Reg) {
        if let ExprKind::Func(id) = lvalue.kind {
            let address = self.linker.function_address(id);
            return self.constant_into(d, address as i64);
        }
        // `&array[len]` may point one past the end, so no index check here.
        if let ExprKind::Deref(pointer) = &lvalue.kind {
            return self.value_to(pointer, d);
        }
        match self.loc(lvalue) {
            Loc::Mem { base, off, .. } => {
                self.emit(Code::AddImm64 { d, a: base, imm: off });
            }
            Loc::Local(_) => {}
        }
    }
}
