//! gcc's built-in functions that are no functions of libc: bits of a word, and arithmetic that
//! says whether it overflowed. `__builtin_puts` and the like are libc's own.

use crate::ast::*;
use crate::diag::Kind;
use crate::intrinsics::{Env, Intrinsic, Run, Trap};
use crate::lex::Punct;
use crate::parse::{Parse, Parser};
use crate::program::Target;
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

const fn pure(decl: &'static str, run: fn(&mut Env<'_>, &[u64]) -> Result<u64, Trap>) -> Intrinsic {
    Intrinsic { decl, run: Run::Pure(run) }
}

/// What each does to its argument, which arrives as a 64-bit word. The bits of 0 that `clz` and
/// `ctz` do not define are those of x86-64 with lzcnt.
pub(crate) const TABLE: &[Intrinsic] = &[
    pure("int __builtin_popcount(unsigned int x)", |_, a| Ok(u64::from(a[0].count_ones()))),
    pure("int __builtin_popcountl(unsigned long x)", |_, a| Ok(u64::from(a[0].count_ones()))),
    pure("int __builtin_popcountll(unsigned long long x)", |_, a| Ok(u64::from(a[0].count_ones()))),
    pure("int __builtin_parity(unsigned int x)", |_, a| Ok(u64::from(a[0].count_ones() % 2))),
    pure("int __builtin_parityl(unsigned long x)", |_, a| Ok(u64::from(a[0].count_ones() % 2))),
    pure("int __builtin_parityll(unsigned long long x)", |_, a| {
        Ok(u64::from(a[0].count_ones() % 2))
    }),
    pure("int __builtin_clz(unsigned int x)", |_, a| Ok(u64::from((a[0] as u32).leading_zeros()))),
    pure("int __builtin_clzl(unsigned long x)", |env, a| {
        let unused = if env.program.target == Target::Windows { 32 } else { 0 };
        Ok(u64::from(a[0].leading_zeros()) - unused)
    }),
    pure("int __builtin_clzll(unsigned long long x)", |_, a| Ok(u64::from(a[0].leading_zeros()))),
    pure("int __builtin_ctz(unsigned int x)", |_, a| Ok(u64::from((a[0] as u32).trailing_zeros()))),
    pure("int __builtin_ctzl(unsigned long x)", |_, a| Ok(u64::from(a[0].trailing_zeros()))),
    pure("int __builtin_ctzll(unsigned long long x)", |_, a| Ok(u64::from(a[0].trailing_zeros()))),
    pure("int __builtin_ffs(int x)", |_, a| Ok(first_set(u64::from(a[0] as u32)))),
    pure("int __builtin_ffsl(long x)", |_, a| Ok(first_set(a[0]))),
    pure("int __builtin_ffsll(long long x)", |_, a| Ok(first_set(a[0]))),
    pure(
        "_Bool __libc_overflow(int op, unsigned long long a, int a_signed, unsigned long long b, \
         int b_signed, void *result, int size, int is_signed)",
        overflow,
    ),
];

fn first_set(word: u64) -> u64 {
    if word == 0 { 0 } else { u64::from(word.trailing_zeros()) + 1 }
}

/// `__builtin_add_overflow` and its like: the exact result, cut to the object's type.
fn overflow(env: &mut Env<'_>, args: &[u64]) -> Result<u64, Trap> {
    let exact = |word: u64, signed: u64| match signed {
        0 => i128::from(word),
        _ => i128::from(word as i64),
    };
    let (a, b) = (exact(args[1], args[2]), exact(args[3], args[4]));
    // A product of two unsigned words may leave even these 128 bits.
    let result = match args[0] {
        0 => Some(a + b),
        1 => Some(a - b),
        _ => a.checked_mul(b),
    };
    let cut = match args[0] {
        0 => a.wrapping_add(b),
        1 => a.wrapping_sub(b),
        _ => a.wrapping_mul(b),
    };
    let (size, signed) = (args[6] as u32, args[7] != 0);
    let low = if signed { -(1i128 << (8 * size - 1)) } else { 0 };
    let high = if signed { (1i128 << (8 * size - 1)) - 1 } else { (1i128 << (8 * size)) - 1 };
    env.write(args[5], &cut.to_le_bytes()[..size as usize])?;
    Ok(u64::from(!result.is_some_and(|exact| (low..=high).contains(&exact))))
}

/// Functions that return a pointer and whose type gcc knows without a declaration.
pub(crate) fn is_known_pointer(name: &str) -> bool {
    matches!(
        name,
        "aligned_alloc"
            | "alloca"
            | "calloc"
            | "index"
            | "malloc"
            | "memchr"
            | "memcpy"
            | "memmove"
            | "mempcpy"
            | "memset"
            | "realloc"
            | "rindex"
            | "stpcpy"
            | "stpncpy"
            | "strcat"
            | "strchr"
            | "strcpy"
            | "strdup"
            | "strncat"
            | "strncpy"
            | "strndup"
            | "strpbrk"
            | "strrchr"
            | "strstr"
    )
}

/// The value of a call with a constant argument, for constant expressions.
pub(crate) fn constant(name: &str, word: u64) -> Option<i64> {
    let name = name.strip_prefix("__builtin_")?;
    Some(match name {
        "popcount" | "popcountl" | "popcountll" => i64::from(word.count_ones()),
        "parity" | "parityl" | "parityll" => i64::from(word.count_ones() % 2),
        "clz" => i64::from((word as u32).leading_zeros()),
        "clzl" | "clzll" => i64::from(word.leading_zeros()),
        "ctz" | "ctzl" | "ctzll" if word != 0 => i64::from(word.trailing_zeros()),
        "bswap16" => i64::from((word as u16).swap_bytes()),
        "bswap32" => i64::from((word as u32).swap_bytes()),
        "bswap64" => word.swap_bytes() as i64,
        _ => return None,
    })
}

/// Which operation `__builtin_…_overflow` is; `__builtin_sadd_overflow` and the like too, whose
/// result's type says the rest.
pub(crate) fn overflow_operation(name: &str) -> Option<i64> {
    let name = name.strip_prefix("__builtin_")?.strip_suffix("_overflow")?;
    let operation = name.trim_end_matches('l');
    let name = if name.starts_with("mul") { "mul" } else { operation };
    Some(match name {
        "add" | "sadd" | "uadd" => 0,
        "sub" | "ssub" | "usub" => 1,
        "mul" | "smu" | "umu" => 2,
        _ => return None,
    })
}

impl Parser {
    /// `__builtin_add_overflow(a, b, &result)`, after the name.
    pub(crate) fn overflow_builtin(&mut self, operation: i64, span: Span) -> Parse<Expr> {
        self.expect(Punct::LParen)?;
        let mut operands = Vec::new();
        for _ in 0..2 {
            let operand = self.assignment()?;
            operands.push(self.rvalue(operand));
            self.expect(Punct::Comma)?;
        }
        let result = self.assignment()?;
        let result = self.rvalue(result);
        let span = span.to(self.expect(Punct::RParen)?);
        let to = self.types.pointee(result.ty).unwrap_or(Ty::ERROR);
        let wrong = operands.iter().map(|operand| operand.ty).chain([to]);
        let wrong = wrong.into_iter().find(|ty| !self.types.is_integer(*ty));
        if let Some(ty) = wrong {
            if ty != Ty::ERROR || self.types.kind(result.ty) != TypeKind::Ptr(Ty::ERROR) {
                let ty = self.type_name(ty);
                self.error(Kind::BadOperand { ty }, span);
            }
            return Ok(self.bad(span));
        }
        let mut args = vec![self.int(operation, Ty::INT, span)];
        for operand in operands {
            let signed = i64::from(self.types.is_signed(operand.ty));
            let word = if signed != 0 { Ty::LLONG } else { Ty::ULLONG };
            args.push(self.cast(operand, word));
            args.push(self.int(signed, Ty::INT, span));
        }
        let size = self.types.size(to).unwrap_or(4) as i64;
        let signed = i64::from(self.types.is_signed(to));
        args.push(result);
        args.push(self.int(size, Ty::INT, span));
        args.push(self.int(signed, Ty::INT, span));
        Ok(self.intrinsic_call("__libc_overflow", args, span))
    }
}
