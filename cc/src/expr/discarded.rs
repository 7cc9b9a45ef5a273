//! Calls whose value nobody uses, as gcc compiles them: `printf` that prints one string is `puts`,
//! one that prints one character is `putchar`, without optimisation too. The difference shows where
//! bytes reach write(2) at once: `puts` writes its newline apart.

use crate::ast::*;
use crate::parse::{Entry, Parser};
use crate::program::Target;
use crate::source::Span;
use crate::types::Ty;

impl Parser {
    /// An expression that is evaluated for its effects.
    pub(crate) fn discarded(&mut self, expr: Expr) -> Expr {
        if self.is_prelude || self.target != Target::Linux {
            return expr;
        }
        let mut inner = |boxed: Box<Expr>| Box::new(self.discarded(*boxed));
        let kind = match expr.kind {
            ExprKind::Cast(value) if expr.ty.unqual() == Ty::VOID => ExprKind::Cast(inner(value)),
            ExprKind::Comma(left, right) => ExprKind::Comma(left, inner(right)),
            ExprKind::Cond(cond, yes, no) => ExprKind::Cond(cond, inner(yes), inner(no)),
            kind @ ExprKind::Call { .. } => {
                return self.simple_printf(&kind, expr.span).unwrap_or(Expr { kind, ..expr });
            }
            kind => kind,
        };
        Expr { kind, ..expr }
    }

    /// The simpler call that does what this `printf` does.
    fn simple_printf(&mut self, call: &ExprKind, span: Span) -> Option<Expr> {
        let ExprKind::Call { callee: Callee::Func(id), args, .. } = call else { return None };
        let func = &self.funcs[*id as usize];
        if self.interner.get(func.name) != "printf" || func.is_defined() {
            return None;
        }
        let format = self.literal_text(args.first()?)?;
        match (format.as_slice(), &args[1..]) {
            (b"%s\n", [text, ..]) if self.types.is_pointer(text.ty) => {
                self.call_of_libc("puts", text.clone(), span)
            }
            (b"%c", [character, ..]) if character.ty.unqual() == Ty::INT => {
                self.call_of_libc("putchar", character.clone(), span)
            }
            (b"%s", [text, ..]) => {
                let text = self.literal_text(text)?;
                self.simple_print(&text, span)
            }
            (text, []) if !text.contains(&b'%') => self.simple_print(text, span),
            _ => None,
        }
    }

    fn simple_print(&mut self, text: &[u8], span: Span) -> Option<Expr> {
        match text {
            [only] => {
                let character = self.int(i64::from(*only as i8), Ty::INT, span);
                self.call_of_libc("putchar", character, span)
            }
            [line @ .., b'\n'] => {
                let line = self.line_literal(line, span);
                self.call_of_libc("puts", line, span)
            }
            _ => None,
        }
    }

    /// The bytes of a string literal that is passed as a pointer, up to its NUL.
    fn literal_text(&self, mut expr: &Expr) -> Option<Vec<u8>> {
        while let ExprKind::Cast(inner) = &expr.kind {
            expr = inner;
        }
        let ExprKind::AddrOf(literal) = &expr.kind else { return None };
        let ExprKind::Str(id) = literal.kind else { return None };
        let bytes = &self.strings[id as usize].bytes;
        bytes.split(|byte| *byte == 0).next().map(<[u8]>::to_vec)
    }

    fn line_literal(&mut self, text: &[u8], span: Span) -> Expr {
        let mut bytes = text.to_vec();
        bytes.push(0);
        let ty = self.types.array(Ty::CHAR, bytes.len() as u64);
        let id = self.string(bytes, 1);
        let literal = self.expr(ExprKind::Str(id), ty, span, 0);
        self.rvalue(literal)
    }

    /// A call of a function of libc's, unless the program has its own of that name.
    fn call_of_libc(&mut self, name: &str, arg: Expr, span: Span) -> Option<Expr> {
        let sym = self.intern(name);
        match self.lookup(sym) {
            None => {}
            Some(Entry::Func(id)) if !self.funcs[id as usize].is_defined() => {}
            Some(_) => return None,
        }
        let callee = self.libc_function(name, span)?;
        Some(self.call_with(callee, vec![arg], span))
    }
}
