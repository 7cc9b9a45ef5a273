//! Atomic operations: `_Atomic` objects, gcc's `__atomic_…` and `__sync_…` builtins (with which
//! `<stdatomic.h>` is written). Each is one intrinsic, and an intrinsic is never interrupted.
//!
//! Memory orders are read and not needed: threads here see memory in one order.

use crate::ast::*;
use crate::diag::Kind;
use crate::expr::Context;
use crate::lex::Punct;
use crate::parse::{Parse, Parser};
use crate::source::Span;
use crate::types::Ty;

/// What is done to the word; numbered as `__libc_rmw` has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Rmw {
    Load = 0,
    Swap = 1,
    Add = 2,
    Sub = 3,
    And = 4,
    Or = 5,
    Xor = 6,
    Nand = 7,
}

impl Rmw {
    /// The update that `left op= right` is, where there is one.
    pub(crate) fn of(op: Op) -> Option<Rmw> {
        Some(match op {
            Op::Add => Rmw::Add,
            Op::Sub => Rmw::Sub,
            Op::And => Rmw::And,
            Op::Or => Rmw::Or,
            Op::Xor => Rmw::Xor,
            _ => return None,
        })
    }

    fn named(name: &str) -> Option<Rmw> {
        Some(match name {
            "add" => Rmw::Add,
            "sub" => Rmw::Sub,
            "and" => Rmw::And,
            "or" => Rmw::Or,
            "xor" => Rmw::Xor,
            "nand" => Rmw::Nand,
            _ => return None,
        })
    }
}

/// A builtin by what it does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Builtin {
    /// The old value, or the new one.
    Update(Rmw, bool),
    Store,
    /// Sets a byte; whether it was set.
    TestAndSet,
    Clear,
    /// Expected by value; says whether it was so, or the old value.
    CasValue {
        says_old: bool,
    },
    /// Expected behind a pointer, which takes the old value.
    CasPlace,
    Fence,
}

/// gcc's name of an atomic operation.
pub(crate) fn builtin(name: &str) -> Option<Builtin> {
    if let Some(name) = name.strip_prefix("__sync_") {
        if let Some(work) = name.strip_prefix("fetch_and_") {
            return Some(Builtin::Update(Rmw::named(work)?, false));
        }
        if let Some(work) = name.strip_suffix("_and_fetch") {
            return Some(Builtin::Update(Rmw::named(work)?, true));
        }
        return Some(match name {
            "bool_compare_and_swap" => Builtin::CasValue { says_old: false },
            "val_compare_and_swap" => Builtin::CasValue { says_old: true },
            "lock_test_and_set" => Builtin::Update(Rmw::Swap, false),
            "lock_release" => Builtin::Clear,
            "synchronize" => Builtin::Fence,
            _ => return None,
        });
    }
    let name = name.strip_prefix("__atomic_")?;
    if let Some(work) = name.strip_prefix("fetch_") {
        return Some(Builtin::Update(Rmw::named(work)?, false));
    }
    if let Some(work) = name.strip_suffix("_fetch") {
        return Some(Builtin::Update(Rmw::named(work)?, true));
    }
    Some(match name {
        "load_n" => Builtin::Update(Rmw::Load, false),
        "exchange_n" => Builtin::Update(Rmw::Swap, false),
        "store_n" => Builtin::Store,
        "compare_exchange_n" => Builtin::CasPlace,
        "test_and_set" => Builtin::TestAndSet,
        "clear" => Builtin::Clear,
        "thread_fence" | "signal_fence" => Builtin::Fence,
        _ => return None,
    })
}

impl Parser {
    /// `left op= right`, `++`, `--` of an `_Atomic` integer.
    pub(crate) fn atomic_update(
        &mut self,
        left: Expr,
        right: Expr,
        work: Rmw,
        new: bool,
        span: Span,
    ) -> Expr {
        let ty = left.ty.unqual();
        let pointer = self.types.ptr(ty);
        let place = self.addr_of(left, pointer);
        self.rmw(place, right, ty, work, new, span)
    }

    /// An object that one operation reads or writes.
    pub(crate) fn is_atomic_word(&self, expr: &Expr) -> bool {
        let word = self.types.is_integer(expr.ty) || self.types.is_pointer(expr.ty);
        word && self.function.is_some() && self.is_lvalue(expr)
    }

    /// The value of an `_Atomic` object.
    pub(crate) fn atomic_read(&mut self, object: Expr) -> Expr {
        let span = object.span;
        let zero = self.int(0, Ty::INT, span);
        self.atomic_update(object, zero, Rmw::Load, false, span)
    }

    fn rmw(&mut self, at: Expr, value: Expr, ty: Ty, work: Rmw, new: bool, span: Span) -> Expr {
        let value = self.atomic_word(value, ty);
        let work = self.int(work as i64 + 16 * i64::from(new), Ty::INT, span);
        let size = self.atomic_size(ty, span);
        let old = self.intrinsic_call("__libc_rmw", vec![at, value, work, size], span);
        self.explicit_cast(old, ty, span)
    }

    fn atomic_word(&mut self, value: Expr, ty: Ty) -> Expr {
        let value = match self.types.is_pointer(ty) && self.types.is_integer(value.ty) {
            true => value,
            false => self.convert(value, ty, Context::Assign),
        };
        let span = value.span;
        self.explicit_cast(value, Ty::ULLONG, span)
    }

    fn atomic_size(&mut self, ty: Ty, span: Span) -> Expr {
        let size = self.types.size(ty).unwrap_or(0);
        if !self.types.is_scalar(ty) || self.types.is_float(ty) || size > 8 {
            let what = format!("an atomic operation on {}", self.type_name(ty));
            self.error(Kind::Unsupported { what }, span);
        }
        self.int(size.clamp(1, 8) as i64, Ty::INT, span)
    }

    /// A call of a builtin; its name has been read.
    pub(crate) fn atomic_builtin(&mut self, builtin: Builtin, span: Span) -> Parse<Expr> {
        self.expect(Punct::LParen)?;
        let mut args = Vec::new();
        while !self.is(Punct::RParen) {
            let arg = self.assignment()?;
            args.push(self.rvalue(arg));
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        let span = span.to(self.expect(Punct::RParen)?);
        if builtin == Builtin::Fence {
            let zero = self.int(0, Ty::INT, span);
            return Ok(self.explicit_cast(zero, Ty::VOID, span));
        }
        let mut args = args.into_iter();
        let mut next = |parser: &mut Parser| match args.next() {
            Some(arg) => arg,
            None => parser.int(0, Ty::INT, span),
        };
        let at = next(self);
        let Some(ty) = self.types.pointee(at.ty).map(Ty::unqual) else {
            if at.ty != Ty::ERROR {
                let ty = self.type_name(at.ty);
                self.error(Kind::BadOperand { ty }, at.span);
            }
            return Ok(self.bad(span));
        };
        Ok(match builtin {
            Builtin::Update(Rmw::Load, _) => {
                let zero = self.int(0, Ty::INT, span);
                self.rmw(at, zero, ty, Rmw::Load, false, span)
            }
            Builtin::Update(work, new) => {
                let value = next(self);
                self.rmw(at, value, ty, work, new, span)
            }
            Builtin::Store => {
                let value = next(self);
                let old = self.rmw(at, value, ty, Rmw::Swap, false, span);
                self.explicit_cast(old, Ty::VOID, span)
            }
            Builtin::Clear => {
                let zero = self.int(0, Ty::INT, span);
                let ty = if ty == Ty::VOID { Ty::BOOL } else { ty };
                let old = self.rmw(at, zero, ty, Rmw::Swap, false, span);
                self.explicit_cast(old, Ty::VOID, span)
            }
            Builtin::TestAndSet => {
                let one = self.int(1, Ty::INT, span);
                let old = self.rmw(at, one, Ty::UCHAR, Rmw::Swap, false, span);
                self.explicit_cast(old, Ty::BOOL, span)
            }
            Builtin::CasValue { says_old } => {
                let (expected, desired) = (next(self), next(self));
                let expected = self.atomic_word(expected, ty);
                let desired = self.atomic_word(desired, ty);
                let size = self.atomic_size(ty, span);
                let mode = self.int(i64::from(says_old), Ty::INT, span);
                let args = vec![at, expected, desired, size, mode];
                let result = self.intrinsic_call("__libc_cas_value", args, span);
                self.explicit_cast(result, if says_old { ty } else { Ty::BOOL }, span)
            }
            Builtin::CasPlace => {
                let (expected, desired) = (next(self), next(self));
                let desired = self.atomic_word(desired, ty);
                let size = self.atomic_size(ty, span);
                let args = vec![at, expected, desired, size];
                let result = self.intrinsic_call("__libc_cas_place", args, span);
                self.explicit_cast(result, Ty::BOOL, span)
            }
            Builtin::Fence => self.bad(span),
        })
    }
}
