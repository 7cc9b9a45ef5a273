//! Calls, and the tags beside variable arguments.

use super::shape::may_fall;
use super::{Link, Lower};
use crate::ast::*;
use crate::intrinsics::{VA_DOUBLE, VA_INT, VA_LONG, VA_POINTER, VA_RECORD};
use crate::program::*;
use crate::types::Ty;

impl<'a> Lower<'a> {
    pub(super) fn va_tag(&self, ty: Ty) -> u64 {
        if self.types.is_float(ty) {
            VA_DOUBLE
        } else if self.types.is_pointer(ty) {
            VA_POINTER
        } else if self.types.is_scalar(ty) {
            if self.types.size(ty) == Some(8) { VA_LONG } else { VA_INT }
        } else {
            VA_RECORD + self.types.size(ty).unwrap_or(0)
        }
    }

    /// Whether this is C++'s `<<` or `>>`, whose operands come in the order of the text.
    fn is_shift(&self, callee: &Callee) -> bool {
        let Callee::Func(id) = callee else { return false };
        let name = self.tu.interner.get(self.tu.funcs[*id as usize].name);
        let operator = name.rsplit("::").next().unwrap_or(name);
        operator.starts_with("operator<<") || operator.starts_with("operator>>")
    }

    fn is_member(&self, callee: &Callee) -> bool {
        let Callee::Func(id) = callee else { return false };
        self.tu.funcs[*id as usize].body.as_ref().is_some_and(|body| {
            let this = body.params.first().and_then(|local| body.locals[*local as usize].name);
            this.is_some_and(|this| self.tu.interner.get(this) == "this")
        })
    }

    pub(super) fn call(
        &mut self,
        expr: &Expr,
        callee: &Callee,
        args: &[Expr],
        fixed: usize,
        variadic: bool,
        d: Reg,
    ) {
        let span = expr.span;
        let unused = std::mem::take(&mut self.unused);
        let pointer = match callee {
            Callee::Func(_) => None,
            Callee::Pointer(pointer) => Some(self.value(pointer)),
        };
        let link = match callee {
            Callee::Func(id) => self.linker.linked.links[*id as usize],
            Callee::Pointer(_) => Link::Missing,
        };
        let intrinsic = matches!(link, Link::Intrinsic(_));
        let base = self.temp(); // the callee's register 0: its frame, then its result
        if self.types.is_record(expr.ty) {
            let slot = self.slot_for(expr.ty);
            let at = self.temp();
            self.emit(Code::Unset { off: slot, len: self.types.size(expr.ty).unwrap_or(0) as u32 });
            self.emit(Code::AddImm64 { d: at, a: 0, imm: slot as i32 });
        }
        let (named, variable) = args.split_at(fixed.min(args.len()));
        let regs: Vec<Reg> = named.iter().map(|_| self.temp()).collect();
        if variadic {
            self.variable_arguments(variable);
        }
        // From the last to the first, as gcc does it on x86-64: `printf` of two `inet_ntoa` tells.
        let mut values: Vec<(&Expr, Reg)> = named.iter().zip(regs).rev().collect();
        if self.is_shift(callee) {
            values.reverse();
        } else if self.tu.cpp && self.is_member(callee) && !values.is_empty() {
            // The object comes before the arguments.
            values.rotate_right(1);
        }
        for (arg, reg) in values {
            self.value_to(arg, reg);
        }
        self.span = span;
        let count = (self.top - u32::from(base) - 1) as u16;
        match (link, pointer) {
            (_, Some(a)) => {
                self.emit(Code::CallPtr { a, base, args: count });
            }
            (Link::Function(func), _) => {
                self.emit(Code::Call { base, func });
            }
            (Link::Intrinsic(id), _) => {
                self.emit(Code::Intrinsic { base, id, args: count });
            }
            (Link::Missing, None) => {}
        }
        if let (Callee::Func(id), false) = (callee, unused) {
            let func = &self.tu.funcs[*id as usize];
            if func.body.as_ref().is_some_and(|body| may_fall(&self.tu, func, body)) {
                let name = self.tu.interner.get(func.name).to_owned();
                let name = self.name_index(name);
                self.emit(Code::CheckValue { name });
            }
        }
        if expr.ty != Ty::VOID {
            if intrinsic && self.types.is_scalar(expr.ty) {
                self.extend(d, base, expr.ty);
            } else if d != base {
                self.emit(Code::Move { d, a: base });
            }
        }
    }

    /// Puts variable arguments with their tags into the frame; two registers say where and how many.
    fn variable_arguments(&mut self, args: &[Expr]) {
        let area = self.temp();
        let count = self.temp();
        let slot = self.slot(16 * args.len() as u64, 16);
        for (index, arg) in args.iter().enumerate().rev() {
            let top = self.top;
            let off = slot as i32 + 16 * index as i32;
            let tag = self.constant(self.va_tag(arg.ty) as i64);
            self.emit(Code::Store64 { v: tag, a: 0, off });
            let mut v = self.value(arg);
            if self.types.is_record(arg.ty) {
                let size = self.types.size(arg.ty).unwrap_or(0);
                let copy = self.slot(size, 16);
                let to = self.temp();
                self.emit(Code::AddImm64 { d: to, a: 0, imm: copy as i32 });
                self.emit(Code::Copy { to, from: v, len: size as u32 });
                v = to;
            }
            self.emit(Code::Store64 { v, a: 0, off: off + 8 });
            self.top = top;
        }
        self.emit(Code::AddImm64 { d: area, a: 0, imm: slot as i32 });
        self.emit(Code::Const { d: count, value: args.len() as i32 });
    }
}
