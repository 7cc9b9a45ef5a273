//! Identifiers: what they name, what one that names nothing may have meant, and what libc declares
//! without a header.

use crate::ast::*;
use crate::diag::{Diagnostic, Fix, Kind, Severity};
use crate::lex::{Punct, Sym, Tok};
use crate::libc_index;
use crate::parse::{Entry, Parse, Parser, Stop};
use crate::source::Span;
use crate::types::{Func, Kind as TypeKind, Ty};

impl Parser {
    pub(crate) fn identifier(&mut self, sym: Sym, span: Span) -> Parse<Expr> {
        let found = self.lookup_scoped(sym);
        if !self.cpp {
            return self.named_entry(found.map(|(_, entry)| entry), sym, span);
        }
        if let Some((scope, Entry::Local(id))) = found {
            return self.variable(scope, id, sym, span);
        }
        let entry = found.map(|(_, entry)| entry);
        if !matches!(entry, Some(Entry::Param(_) | Entry::Captured(_)))
            && let Some(member) = self.own_member(sym, span)?
        {
            return Ok(member);
        }
        match entry {
            Some(Entry::Typedef(_) | Entry::Namespace(_) | Entry::Template(_)) | None => {
                let at = self.at;
                self.at -= 1;
                if self.peek().tok == Tok::Ident(sym)
                    && let Some(value) = self.qualified_expression(span)?
                {
                    return Ok(value);
                }
                if self.refused {
                    return Err(Stop);
                }
                self.at = at;
            }
            _ => {}
        }
        let entry = match entry {
            None if self.is(Punct::LParen) => self.lookup_by_arguments(sym),
            entry => entry,
        };
        self.named_entry(entry, sym, span)
    }

    /// What an entry of any scope is as an expression.
    pub(crate) fn meaning(&mut self, entry: Entry, sym: Sym, span: Span) -> Parse<Expr> {
        self.named_entry(Some(entry), sym, span)
    }

    pub(super) fn named_entry(
        &mut self,
        entry: Option<Entry>,
        sym: Sym,
        span: Span,
    ) -> Parse<Expr> {
        match entry {
            Some(Entry::Func(id)) if self.cpp => self.function_or_template(id, span),
            Some(Entry::Func(id)) => Ok(self.function_value(id, span)),
            Some(Entry::Template(template))
                if self.cxx.templates[template as usize].is_function() =>
            {
                self.template_value(template as usize, span)
            }
            Some(Entry::Captured(index)) => self.captured(index, span),
            Some(Entry::Template(_) | Entry::Namespace(_)) => {
                let name = self.text(sym);
                self.error(Kind::TypeAsValue { name }, span);
                Err(Stop)
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
                let (ty, thread_local) = (global.ty, global.thread_local);
                let expr = self.expr(ExprKind::Global(id), ty, span, 0);
                let expr = if thread_local { self.of_this_thread(expr) } else { expr };
                Ok(self.through_reference(expr))
            }
            Some(Entry::EnumConst(value, ty)) => Ok(self.int(value, ty, span)),
            Some(Entry::Param(ty)) => {
                self.param_in_size = true;
                if self.types.is_scalar(ty) {
                    return Ok(self.int(0, ty, span));
                }
                Ok(self.bad(span))
            }
            Some(Entry::Typedef(ty)) => {
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

    /// C++: a function that may be called; which one of its name, its arguments say.
    fn function_or_template(&mut self, id: FuncId, span: Span) -> Parse<Expr> {
        let name = self.funcs[id as usize].name;
        if self.is(Punct::Lt) && self.cxx.templates_of.contains_key(&name) {
            let template = self.cxx.templates_of[&name][0];
            return self.template_value(template, span);
        }
        let ty = self.funcs[id as usize].ty;
        if self.is(Punct::LParen) && self.candidates(name).len() > 1 {
            return Ok(self.expr(ExprKind::Func(id), ty, span, 0));
        }
        Ok(self.function_value(id, span))
    }

    /// The calling thread's own of a `_Thread_local` variable, which names the first thread's.
    fn of_this_thread(&mut self, variable: Expr) -> Expr {
        let (ty, span) = (variable.ty, variable.span);
        let pointer = self.types.ptr(ty);
        let first = self.addr_of(variable, pointer);
        let own = self.intrinsic_call("__libc_of_this_thread", vec![first], span);
        let own = self.cast(own, pointer);
        self.deref(own, ty, span)
    }

    fn function_name(&mut self, sym: Sym, span: Span) -> Parse<Expr> {
        let Some(Entry::Func(id)) = self.lookup(sym) else { return Err(Stop) };
        Ok(self.function_value(id, span))
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
        if self.is(Punct::LParen)
            && let Some(builtin) = crate::atomics::builtin(&name)
        {
            return self.atomic_builtin(builtin, span);
        }
        if self.is(Punct::LParen)
            && let Some(operation) = crate::builtins::overflow_operation(&name)
        {
            return self.overflow_builtin(operation, span);
        }
        if let Some(expr) = self.builtin_function(&name, span) {
            return Ok(expr);
        }
        if let Some(function) = name.strip_prefix("__builtin_")
            && let Some(expr) = self.libc_function(function, span)
        {
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
        header: Option<crate::diag::Declares>,
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
        let pointer = self.types.func_of(ty).is_some_and(|func| self.types.is_pointer(func.ret));
        let cut = pointer && !crate::builtins::is_known_pointer(&name);
        let kind = if cut && self.target == crate::program::Target::Linux {
            Kind::ImplicitPointer { name, header }
        } else {
            Kind::ImplicitFunction { name, suggestion, header }
        };
        let mut diagnostic = Diagnostic::error(kind, span);
        diagnostic.fix = fix;
        diagnostic.severity = Severity::Warning;
        self.report(diagnostic);
        let id = self.new_function(sym, ty, span, false);
        self.funcs[id as usize].used = Some(span);
        self.bind_global(sym, Entry::Func(id));
        self.expr(ExprKind::Func(id), ty, span, 0)
    }

    /// Parses a prototype such as an intrinsic's: its name and type.
    pub(super) fn prototype(&mut self, decl: &str) -> Option<(Sym, Ty)> {
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
        let id = self.new_function(sym, ty, span, false);
        self.funcs[id as usize].used = Some(span);
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
            TypeKind::Ref(_) | TypeKind::RRef(_) | TypeKind::Vla(..) => return None,
            _ => ty,
        };
        Some(result.with_const_if(ty.is_const()))
    }
}
