//! Scopes of identifiers (C11 §6.2.1), the name spaces of names and of tags (§6.2.3), and what is
//! numbered in them: locals, strings.

use super::{Entry, Parser, Undo};
use crate::ast::*;
use crate::diag::nearest;
use crate::lex::Sym;
use crate::source::Span;
use crate::types::Ty;

impl Parser {
    pub(crate) fn push_scope(&mut self) {
        self.scope += 1;
        self.undo.push(Vec::new());
        if let Some(function) = &mut self.function {
            function.scope_locals.push(Vec::new());
        }
    }

    pub(crate) fn pop_scope(&mut self) -> Vec<LocalId> {
        for undo in self.undo.pop().unwrap_or_default() {
            if undo.tag {
                self.tags[undo.sym.0 as usize].pop();
            } else {
                self.names[undo.sym.0 as usize].pop();
            }
        }
        self.scope -= 1;
        self.function.as_mut().and_then(|function| function.scope_locals.pop()).unwrap_or_default()
    }

    pub(crate) fn lookup(&self, sym: Sym) -> Option<Entry> {
        self.lookup_scoped(sym).map(|(_, entry)| entry)
    }

    /// What a name means, and the scope of its declaration.
    pub(crate) fn lookup_scoped(&self, sym: Sym) -> Option<(u32, Entry)> {
        let last = self.names.get(sym.0 as usize)?.last();
        if let Some(found) = last.filter(|(scope, _)| *scope > self.base) {
            return Some(*found);
        }
        let found = if self.cpp { self.lookup_file(sym) } else { self.lookup_global(sym) };
        found.map(|entry| (0, entry))
    }

    /// What a name means at file scope.
    pub(crate) fn lookup_global(&self, sym: Sym) -> Option<Entry> {
        let (scope, entry) = self.names.get(sym.0 as usize)?.first()?;
        (*scope == 0).then_some(*entry)
    }

    pub(crate) fn lookup_here(&self, sym: Sym) -> Option<Entry> {
        let (scope, entry) = self.names.get(sym.0 as usize)?.last()?;
        (*scope == self.scope).then_some(*entry)
    }

    /// Makes a name known in the current scope (at file scope: replaces it).
    pub(crate) fn bind(&mut self, sym: Sym, entry: Entry) {
        let stack = &mut self.names[sym.0 as usize];
        if let Some((scope, old)) = stack.last_mut()
            && *scope == self.scope
        {
            *old = entry;
            return;
        }
        stack.push((self.scope, entry));
        if let Some(undo) = self.undo.last_mut() {
            undo.push(Undo { sym, tag: false });
        }
    }

    pub(crate) fn bind_tag(&mut self, sym: Sym, ty: Ty) {
        self.tags[sym.0 as usize].push((self.scope, ty));
        if let Some(undo) = self.undo.last_mut() {
            undo.push(Undo { sym, tag: true });
        }
    }

    /// Names in scope that look like `name`.
    pub(crate) fn similar_name(&self, name: &str) -> Option<String> {
        let known = self
            .names
            .iter()
            .enumerate()
            .filter(|(_, entries)| !entries.is_empty())
            .map(|(index, _)| self.interner.get(Sym(index as u32)))
            .filter(|known| !known.starts_with("__"));
        nearest(name, known)
    }

    pub(crate) fn new_local(&mut self, name: Option<Sym>, ty: Ty, span: Span) -> LocalId {
        let scalar = self.types.is_scalar(ty);
        let Some(function) = &mut self.function else { return 0 };
        let id = function.locals.len() as LocalId;
        function.locals.push(Local {
            name,
            ty,
            span,
            in_memory: !scalar,
            param: false,
            initialised: false,
            used: false,
            cleanup: None,
        });
        if let Some(locals) = function.scope_locals.last_mut() {
            locals.push(id);
        }
        id
    }

    pub(crate) fn string(&mut self, bytes: Vec<u8>, align: u64) -> StrId {
        let literal = StrLit { bytes, align };
        let next = self.strings.len() as StrId;
        let id = *self.string_index.entry(literal.clone()).or_insert(next);
        if id == next {
            self.strings.push(literal);
        }
        id
    }

    /// Makes a name known at file scope, from wherever the parser is.
    pub(crate) fn bind_global(&mut self, sym: Sym, entry: Entry) {
        let entries = &mut self.names[sym.0 as usize];
        match entries.first_mut() {
            Some((0, old)) => *old = entry,
            _ => entries.insert(0, (0, entry)),
        }
    }
}
