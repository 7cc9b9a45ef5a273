//! Functions: declarations of one name against each other (C11 §6.2.7), definitions (§6.9.1), labels,
//! bodies that are read when they are first called.

use super::keywords::Kw;
use super::{Declarator, Entry, Function, Parse, Parser, Stop, Storage};
use crate::ast::*;
use crate::cpp::state::{NOWHERE, Where};
use crate::diag::{Diagnostic, Kind, Related};
use crate::lex::{Punct, Sym, Tok};
use crate::source::Span;
use crate::types::{Func, Kind as TypeKind, Ty, UNKNOWN_LEN};
use std::collections::BTreeMap;

impl Parser {
    pub(crate) fn declare_function(
        &mut self,
        name: Sym,
        declarator: &Declarator,
        storage: Storage,
    ) -> FuncId {
        let mut old = self.names[name.0 as usize].first().map(|(_, entry)| *entry);
        if self.cpp && matches!(old, Some(Entry::Template(_) | Entry::Typedef(_))) {
            old = None;
        }
        if let (true, Some(Entry::Func(_))) = (self.cpp, old) {
            // Of the functions of this name, the one with these parameters.
            let same = (0..self.funcs.len() as FuncId).find(|id| {
                self.funcs[*id as usize].name == name && !self.is_overload(*id, declarator.ty)
            });
            old = same.map(Entry::Func).or(old);
        }
        let id = match old {
            Some(Entry::Func(id)) if !self.is_overload(id, declarator.ty) => {
                let old = &self.funcs[id as usize];
                let (old_ty, old_span) = (old.ty, old.span);
                let implicit = self.types.func_of(old_ty).is_some_and(|f| !f.prototype)
                    && self.sources.text(old_span) == self.interner.get(name)
                    && self.funcs[id as usize].used == Some(old_span);
                let void = self.types.func_of(declarator.ty).map(|f| f.ret) == Some(Ty::VOID);
                if implicit && void {
                    // gcc lets a procedure pass that was called before.
                    self.warning(Kind::Redeclared { name: self.text(name) }, declarator.span);
                } else if !self.compatible_functions(old_ty, declarator.ty) {
                    self.conflict(name, declarator.span, old_span);
                }
                let new_has = self.types.func_of(declarator.ty).is_some_and(|f| f.prototype);
                if new_has {
                    self.funcs[id as usize].ty = declarator.ty;
                }
                id
            }
            other => {
                if let Some(Entry::Global(global)) = other {
                    self.conflict(name, declarator.span, self.globals[global as usize].span);
                }
                self.new_function(name, declarator.ty, declarator.span, storage.is_static)
            }
        };
        if !self.last_defaults.is_empty() {
            let places = std::mem::take(&mut self.last_defaults);
            let context = Where { namespace: self.cxx.namespace, ..Where::default() };
            self.defaults.insert(id, (places, context));
        }
        if self.cpp {
            self.note_operator(name, crate::cpp::overload::Candidate::Func(id));
        }
        let attributes = storage.attributes.and(std::mem::take(&mut self.attributes_met));
        self.note_startup(id, attributes);
        self.bind(name, Entry::Func(id));
        if self.scope > 0 && old.is_none() {
            // A declaration in a block names the same function everywhere.
            self.names[name.0 as usize].insert(0, (0, Entry::Func(id)));
        }
        id
    }

    /// Another function, declared and not yet used.
    pub(crate) fn new_function(
        &mut self,
        name: Sym,
        ty: Ty,
        span: Span,
        is_static: bool,
    ) -> FuncId {
        let (used, body, deferred) = (None, None, false);
        self.funcs.push(FuncDecl { name, ty, span, is_static, used, body, deferred });
        self.funcs.len() as FuncId - 1
    }

    /// C++: another function of the same name with other parameters.
    fn is_overload(&self, id: FuncId, ty: Ty) -> bool {
        if !self.cpp {
            return false;
        }
        let (old, new) = (self.types.func_of(self.funcs[id as usize].ty), self.types.func_of(ty));
        match (old, new) {
            (Some(old), Some(new)) => {
                old.params.len() != new.params.len()
                    || old.params.iter().zip(&new.params).any(|(a, b)| a.unqual() != b.unqual())
            }
            _ => false,
        }
    }

    fn compatible_functions(&self, a: Ty, b: Ty) -> bool {
        let (Some(a), Some(b)) = (self.types.func_of(a), self.types.func_of(b)) else {
            return false;
        };
        if a.ret.unqual() != b.ret.unqual() && !self.same_type(a.ret, b.ret) {
            return false;
        }
        if !a.prototype || !b.prototype {
            return true;
        }
        a.variadic == b.variadic
            && a.params.len() == b.params.len()
            && a.params.iter().zip(&b.params).all(|(a, b)| self.same_type(*a, *b))
    }

    /// Compatible types (C11 §6.2.7), qualifiers aside.
    pub(crate) fn same_type(&self, a: Ty, b: Ty) -> bool {
        if a.unqual() == b.unqual() || a == Ty::ERROR || b == Ty::ERROR {
            return true;
        }
        match (self.types.kind(a), self.types.kind(b)) {
            (TypeKind::Ptr(a), TypeKind::Ptr(b)) => self.same_type(a, b),
            (TypeKind::Array(a, n), TypeKind::Array(b, m)) => {
                self.same_type(a, b) && (n == m || n == UNKNOWN_LEN || m == UNKNOWN_LEN)
            }
            (TypeKind::Vla(a, _), TypeKind::Array(b, _) | TypeKind::Vla(b, _))
            | (TypeKind::Array(a, _), TypeKind::Vla(b, _)) => self.same_type(a, b),
            (TypeKind::Func(_), TypeKind::Func(_)) => self.compatible_functions(a, b),
            (TypeKind::Enum(e), other) | (other, TypeKind::Enum(e)) => {
                self.types.kind(self.types.enums[e as usize].base) == other
            }
            _ => false,
        }
    }

    /// function-definition: declaration-specifiers declarator declaration-list? compound-statement
    pub(super) fn function_definition(
        &mut self,
        mut declarator: Declarator,
        storage: Storage,
    ) -> Parse<()> {
        let Some(name) = declarator.name else {
            let (found, span) = (self.spelling(self.peek()), self.peek().span);
            self.error(Kind::ExpectedName { found }, span);
            return Err(Stop);
        };
        if !declarator.knr.is_empty() {
            self.knr_declarations(&mut declarator)?;
        }
        let id = self.declare_function(name, &declarator, storage);
        if !declarator.knr.is_empty() {
            self.knr.insert(id);
        }
        if self.funcs[id as usize].is_defined() {
            let mut diagnostic =
                Diagnostic::error(Kind::Redefined { name: self.text(name) }, declarator.span);
            diagnostic.related.push((self.funcs[id as usize].span, Related::DeclaredHere));
            self.report(diagnostic);
        }
        let func = self.types.func_of(declarator.ty).cloned().ok_or(Stop)?;
        self.funcs[id as usize].span = declarator.span;
        self.funcs[id as usize].is_static |= storage.is_static;
        if func.ret.unqual() != Ty::VOID && self.types.size(func.ret).is_none() {
            let ty = self.type_name(func.ret);
            self.error(Kind::IncompleteType { ty }, declarator.span);
        }
        if self.is_prelude && declarator.sized_at.is_none() {
            let at = self.at;
            if self.skip_body() {
                self.funcs[id as usize].deferred = true;
                self.deferred.insert(id, (at, declarator));
                return Ok(());
            }
            self.at = at;
        }
        if self.cpp && self.function.is_none() && !self.sources.is_user(declarator.span) {
            declarator.name = Some(name);
            let context = Where { namespace: self.cxx.namespace, ..Where::default() };
            return self.body_later(id, declarator, context);
        }
        self.function_body(id, name, &declarator, func)
    }

    /// Goes behind a body of libc's, to be parsed when the function is first called. What takes
    /// room in the data region is found now, so that addresses do not depend on what is called:
    /// string literals are made; a body with static variables is not skipped.
    fn skip_body(&mut self) -> bool {
        let mut depth = 0u32;
        loop {
            match self.peek().tok {
                Tok::Eof => return false,
                Tok::Str(_) => {
                    if self.string_literal().is_err() {
                        return false;
                    }
                    continue;
                }
                Tok::Punct(Punct::LBrace) => depth += 1,
                Tok::Punct(Punct::RBrace) => depth -= 1,
                Tok::Ident(_) if matches!(self.kw(), Some(Kw::Static | Kw::FuncName)) => {
                    return false;
                }
                _ => {}
            }
            self.next();
            if depth == 0 {
                return true;
            }
        }
    }

    /// Parses a skipped body; whether there was one.
    pub(crate) fn parse_deferred(&mut self, id: FuncId) -> bool {
        let Some((at, declarator)) = self.deferred.remove(&id) else { return false };
        let (end, known) = (std::mem::replace(&mut self.at, at), self.tokens.len());
        self.read_later_body();
        self.depth = 0;
        let func = self.types.func_of(declarator.ty).cloned();
        let parsed = match (declarator.name, func) {
            (Some(name), Some(func)) => self.function_body(id, name, &declarator, func).is_ok(),
            _ => false,
        };
        self.at = end;
        self.tokens.truncate(known);
        self.funcs[id as usize].deferred = false;
        parsed
    }

    /// `{ __later FROM TO }` stands for a body in libc's late text: its tokens go behind all others.
    fn read_later_body(&mut self) {
        let number = |token: crate::lex::Token| match token.tok {
            Tok::Number(digits) => self.interner.get(digits).parse::<usize>().ok(),
            _ => None,
        };
        let is_later =
            matches!(self.peek_at(1).tok, Tok::Ident(name) if self.interner.get(name) == "__later");
        let (true, Some(from), Some(to)) =
            (is_later, number(self.peek_at(2)), number(self.peek_at(3)))
        else {
            return;
        };
        let state = (&mut self.macros, &mut self.interner, &mut self.sources);
        let tokens = crate::pp::preprocess_later(crate::libc::late(from, to), state, self.target);
        self.at = self.tokens.len();
        self.tokens.extend(tokens);
        let symbols = self.interner.len();
        self.names.resize(symbols.max(self.names.len()), Vec::new());
        self.tags.resize(symbols.max(self.tags.len()), Vec::new());
    }

    /// parameters, then compound-statement
    pub(crate) fn function_body(
        &mut self,
        id: FuncId,
        name: Sym,
        declarator: &Declarator,
        func: Func,
    ) -> Parse<()> {
        self.const_locals.clear();
        self.function = Some(Function::new(name, func.ret, func.variadic, self.scope));
        self.push_scope();
        let params = self.parameters_as_locals(declarator, &func);
        let mut stmts = Vec::new();
        if let Some(at) = declarator.sized_at {
            self.sized_params(at, &params, &mut stmts)?;
        }
        if self.cpp {
            self.member_initialisers(name, &mut stmts)?;
        }
        let open = self.expect(Punct::LBrace)?;
        self.body_open = Some(open);
        stmts.extend(self.block_items(open));
        self.end_body(id, params, stmts);
        Ok(())
    }

    /// A function's parameters in its scope.
    pub(crate) fn parameters_as_locals(
        &mut self,
        declarator: &Declarator,
        func: &Func,
    ) -> Vec<LocalId> {
        let mut params = Vec::new();
        for (index, ty) in func.params.iter().enumerate() {
            let (param_name, span) = declarator
                .params
                .get(index)
                .map_or((None, declarator.span), |(name, _, span)| (*name, *span));
            if self.types.size(*ty).is_none() {
                let ty = self.type_name(*ty);
                self.error(Kind::IncompleteType { ty }, span);
            }
            let local = self.new_local(param_name, *ty, span);
            if let Some(function) = &mut self.function {
                let local = &mut function.locals[local as usize];
                local.param = true;
                local.initialised = true;
            }
            if let Some(name) = param_name {
                if self.lookup_here(name).is_some() {
                    let name = self.text(name);
                    self.error(Kind::Redefined { name }, span);
                }
                self.bind(name, Entry::Local(local));
            }
            if self.cpp {
                self.end_with_block(local, *ty, NOWHERE);
            }
            params.push(local);
        }
        params
    }

    /// The end of a function's body.
    pub(crate) fn end_body(&mut self, id: FuncId, params: Vec<LocalId>, mut stmts: Vec<Stmt>) {
        let end = self.previous();
        stmts.extend(self.dispatch_jumps(end));
        self.pop_scope();
        self.check_labels();
        let Some(function) = self.function.take() else { return };
        let known = self.funcs[id as usize].ty;
        if let Some(func) =
            self.types.func_of(known).filter(|func| self.types.has_auto(func.ret)).cloned()
        {
            let ret = if self.types.has_auto(function.ret) { Ty::VOID } else { function.ret };
            self.funcs[id as usize].ty = self.types.func(Func { ret, ..func });
        }
        self.funcs[id as usize].body = Some(function.into_body(params, stmts, end));
    }

    /// Reads parameters again whose sizes name other parameters, now that those exist.
    fn sized_params(&mut self, at: usize, params: &[LocalId], stmts: &mut Vec<Stmt>) -> Parse<()> {
        let after = std::mem::replace(&mut self.at, at);
        for local in params {
            let (base, _) = self.declaration_specifiers(false)?;
            let declarator = self.declarator(base, true)?;
            self.attributes();
            // The outermost size does not matter: the parameter is a pointer.
            let ty = self.adjust_param(declarator.ty);
            if let Some(function) = &mut self.function {
                function.locals[*local as usize].ty = ty;
            }
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.at = after;
        self.take_pending(stmts);
        Ok(())
    }

    /// `int f(a, b) int a; char *b; { … }`
    fn knr_declarations(&mut self, declarator: &mut Declarator) -> Parse<()> {
        let mut types: BTreeMap<Sym, Ty> = BTreeMap::new();
        while !self.is(Punct::LBrace) {
            let (base, _) = self.declaration_specifiers(false)?;
            loop {
                let param = self.declarator(base, false)?;
                if let Some(name) = param.name {
                    let ty = self.adjust_param(param.ty);
                    types.insert(name, ty);
                }
                if !self.eat(Punct::Comma) {
                    break;
                }
            }
            self.expect(Punct::Semi)?;
        }
        let params: Vec<_> = declarator
            .knr
            .iter()
            .map(|(name, span)| (Some(*name), types.get(name).copied().unwrap_or(Ty::INT), *span))
            .collect();
        let func = self.types.func_of(declarator.ty).cloned().ok_or(Stop)?;
        declarator.ty = self.types.func(Func {
            params: params.iter().map(|(_, ty, _)| *ty).collect(),
            prototype: true,
            ..func
        });
        declarator.params = params;
        Ok(())
    }

    fn check_labels(&mut self) {
        let Some(function) = &self.function else { return };
        let missing: Vec<(Sym, Span)> = function
            .labels
            .iter()
            .filter(|label| !label.defined)
            .map(|label| (label.sym, label.span))
            .collect();
        for (sym, span) in missing {
            let name = self.text(sym);
            self.error(Kind::NoSuchLabel { name }, span);
        }
    }

    /// `__func__` as a string literal.
    pub(crate) fn func_name(&mut self) -> Option<StrId> {
        let function = self.function.as_ref()?;
        if let Some(id) = function.func_name {
            return Some(id);
        }
        let mut bytes = self.interner.get(function.name).as_bytes().to_vec();
        bytes.push(0);
        let id = self.string(bytes, 1);
        if let Some(function) = &mut self.function {
            function.func_name = Some(id);
        }
        Some(id)
    }
}
