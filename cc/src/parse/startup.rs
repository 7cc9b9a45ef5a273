//! What runs before `main` and at the end of a block: `__attribute__((constructor, destructor))`,
//! `__attribute__((cleanup))`. A program that has any of the first two begins with a call of a
//! function that is written here; it stands in front of `main`'s statements.

use super::{Attributes, Function, Parser};
use crate::ast::*;
use crate::source::Span;
use crate::types::{Func, Ty};

pub(super) const STARTUP: &str = "(before main)";

impl Parser {
    /// Notes a function that runs before `main` or after it.
    pub(super) fn note_startup(&mut self, id: FuncId, asked: Attributes) {
        if asked.constructor && !self.constructors.contains(&id) {
            self.constructors.push(id);
        }
        if asked.destructor && !self.destructors.contains(&id) {
            self.destructors.push(id);
        }
    }

    /// The local is handed to `function` when its block ends.
    pub(super) fn clean_up_with(&mut self, local: LocalId, asked: Attributes, span: Span) {
        let Some(function) = asked.cleanup else { return };
        let Ok(callee) = self.identifier(function, span) else { return };
        let ty = self.function.as_ref().map_or(Ty::ERROR, |f| f.locals[local as usize].ty);
        let pointer = self.types.ptr(ty);
        let variable = self.expr(ExprKind::Local(local), ty, span, 0);
        let argument = self.addr_of(variable, pointer);
        let call = self.call_with(callee, vec![argument], span);
        if let Some(function) = &mut self.function {
            function.locals[local as usize].cleanup = Some(Box::new(call));
        }
    }

    /// Writes the function that runs first, if there is something for it, and its call.
    pub(super) fn add_startup(&mut self) {
        if self.constructors.is_empty()
            && self.destructors.is_empty()
            && self.startup_calls.is_empty()
            && self.cxx.destructors.is_empty()
        {
            return;
        }
        let Some(main) = self
            .funcs
            .iter()
            .position(|func| func.body.is_some() && self.interner.get(func.name) == "main")
        else {
            return;
        };
        let span = Span::default();
        let name = self.intern(STARTUP);
        let begun = self.startup.take();
        self.function = begun.or_else(|| Some(Function::new(name, Ty::VOID, false, 0)));
        let mut calls = std::mem::take(&mut self.startup_calls);
        let ends = self.at_exit();
        if let Some(end) = ends
            && let Some(atexit) = self.libc_function("atexit", span)
        {
            let function = self.function_value(end, span);
            let register = self.call_with(atexit, vec![function], span);
            calls.insert(0, register);
        }
        // Whoever registers first is called last: after what `main` registers.
        for id in self.destructors.clone() {
            let function = self.function_value(id, span);
            if let Some(atexit) = self.libc_function("atexit", span) {
                calls.push(self.call_with(atexit, vec![function], span));
            }
        }
        for id in self.constructors.clone() {
            let function = self.function_value(id, span);
            calls.push(self.call_with(function, Vec::new(), span));
        }
        let stmts = calls.into_iter().map(|call| Stmt { kind: StmtKind::Expr(call), span });
        let stmts = stmts.collect();
        let Some(function) = self.function.take() else { return };
        let body = function.into_body(Vec::new(), stmts, span);
        let ty = self.types.func(Func {
            ret: Ty::VOID,
            params: Vec::new(),
            variadic: false,
            prototype: true,
        });
        let id = self.new_function(name, ty, span, true);
        self.funcs[id as usize].body = Some(body);
        let callee = self.function_value(id, span);
        let call = self.call_with(callee, Vec::new(), span);
        if let Some(body) = &mut self.funcs[main].body {
            body.stmts.insert(0, Stmt { kind: StmtKind::Expr(call), span });
        }
    }

    /// The function that ends global objects, the latest first.
    fn at_exit(&mut self) -> Option<FuncId> {
        let mut ends = std::mem::take(&mut self.cxx.destructors);
        if ends.is_empty() {
            return None;
        }
        ends.reverse();
        let span = crate::cpp::state::NOWHERE;
        let name = self.intern("(after main)");
        let outer = self.function.replace(Function::new(name, Ty::VOID, false, 0));
        let ends: Vec<Expr> = ends.into_iter().filter_map(|object| self.destroy(object)).collect();
        let stmts = ends.into_iter().map(|end| Stmt { kind: StmtKind::Expr(end), span }).collect();
        let function = std::mem::replace(&mut self.function, outer)?;
        let ty = Func { ret: Ty::VOID, params: Vec::new(), variadic: false, prototype: true };
        let ty = self.types.func(ty);
        let id = self.new_function(name, ty, span, true);
        self.funcs[id as usize].body = Some(function.into_body(Vec::new(), stmts, span));
        Some(id)
    }

    /// A function, used.
    pub(crate) fn function_value(&mut self, id: FuncId, span: Span) -> Expr {
        self.use_function(id, span);
        let ty = self.funcs[id as usize].ty;
        self.expr(ExprKind::Func(id), ty, span, 0)
    }

    /// A function of libc's, whether or not a header has declared it.
    pub(crate) fn libc_function(&mut self, name: &str, span: Span) -> Option<Expr> {
        let sym = self.intern(name);
        if let Some(super::Entry::Func(id)) = self.lookup(sym) {
            return Some(self.function_value(id, span));
        }
        let ty = self.prelude_type(name)?;
        let id = self.new_function(sym, ty, span, false);
        self.bind_global(sym, super::Entry::Func(id));
        Some(self.function_value(id, span))
    }
}
