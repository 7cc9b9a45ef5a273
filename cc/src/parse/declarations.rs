//! Declarations in blocks (C11 §6.7): their declarators, initialisers and constants.

use super::keywords::Kw;
use super::{Declarator, Entry, Parse, Parser, Stop, Storage};
use crate::ast::*;
use crate::diag::{Diagnostic, Kind, Related};
use crate::lex::{Punct, Tok, Token};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty, UNKNOWN_LEN};

impl Parser {
    pub(crate) fn static_assert(&mut self) -> Parse<()> {
        let span = self.next().span;
        self.expect(Punct::LParen)?;
        let value = self.constant_int()?;
        let mut text = String::new();
        if self.eat(Punct::Comma) {
            while let Tok::Str(sym) = self.peek().tok {
                text.push_str(self.interner.get(sym).trim_matches('"'));
                self.next();
            }
        }
        let end = self.expect(Punct::RParen)?;
        if value == 0 {
            self.error(Kind::StaticAssert { text }, span.to(end));
        }
        self.expect(Punct::Semi)?;
        Ok(())
    }

    pub(super) fn starts_declaration(&self) -> bool {
        let token = self.peek();
        if matches!(self.kw(), Some(Kw::StaticAssert | Kw::CppStaticAssert | Kw::Using)) {
            return true;
        }
        // `name:` is a label even where a typedef has that name.
        self.starts_type(token)
            && !(self.kw().is_none() && self.peek_at(1).tok == Tok::Punct(Punct::Colon))
            && !(self.cpp && self.cpp_is_functional_cast())
    }

    /// declaration: declaration-specifiers init-declarator-list? ;
    pub(super) fn declaration(&mut self, stmts: &mut Vec<Stmt>) -> Parse<()> {
        if matches!(self.kw(), Some(Kw::StaticAssert | Kw::CppStaticAssert)) {
            return self.static_assert();
        }
        if self.cpp && self.cpp_directive()? {
            return Ok(());
        }
        let start = self.peek().span;
        let (base, storage) = self.declaration_specifiers(false)?;
        if self.eat(Punct::Semi) {
            return Ok(());
        }
        self.declarators(base, storage, start, stmts)
    }

    /// init-declarator-list ;
    pub(super) fn declarators(
        &mut self,
        base: Ty,
        storage: Storage,
        start: Span,
        stmts: &mut Vec<Stmt>,
    ) -> Parse<()> {
        loop {
            let first = self.peek();
            let declarator = self.declarator(base, false)?;
            self.attributes();
            if self.is(Punct::LBrace) && self.types.is_func(declarator.ty) {
                return self.function_inside(&declarator, start, first);
            }
            self.init_declarator(declarator, storage, start, stmts)?;
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.expect(Punct::Semi)?;
        Ok(())
    }

    /// A function's body inside another's: where it begins its line, the other's `}` is missing.
    fn function_inside(&mut self, inner: &Declarator, start: Span, first: Token) -> Parse<()> {
        let at_margin = self.sources.line_column(start).column == 1;
        let name = inner.name.map(|name| self.text(name)).unwrap_or_default();
        match self.function.as_ref().map(|function| function.name) {
            Some(_) if at_margin => {
                self.error(Kind::MissingBrace, self.body_open.unwrap_or(start));
            }
            _ => {
                self.error(Kind::NestedFunction { name }, first.span);
                if let Some(name) = inner.name {
                    let id = self.new_function(name, inner.ty, first.span, false);
                    self.bind(name, Entry::Func(id));
                }
            }
        }
        let mut depth = 0u32;
        while self.peek().tok != Tok::Eof {
            match self.next().tok {
                Tok::Punct(Punct::LBrace) => depth += 1,
                Tok::Punct(Punct::RBrace) if depth <= 1 => break,
                Tok::Punct(Punct::RBrace) => depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    pub(crate) fn take_pending(&mut self, stmts: &mut Vec<Stmt>) {
        if let Some(function) = &mut self.function {
            stmts.append(&mut function.pending);
        }
    }

    fn init_declarator(
        &mut self,
        declarator: Declarator,
        storage: Storage,
        start: Span,
        stmts: &mut Vec<Stmt>,
    ) -> Parse<()> {
        let Some(name) = declarator.name else { return Err(Stop) };
        let attributes = storage.attributes.and(std::mem::take(&mut self.attributes_met));
        self.take_pending(stmts);
        let span = declarator.span;
        let mut ty = declarator.ty;
        if storage.typedef {
            self.typedef(name, ty);
            return Ok(());
        }
        if self.types.is_func(ty) {
            self.declare_function(name, &declarator, storage);
            return Ok(());
        }
        if let Some(Entry::Local(old)) = self.lookup_here(name) {
            let old = self.function.as_ref().map_or(span, |f| f.locals[old as usize].span);
            let mut diagnostic = Diagnostic::error(Kind::Redefined { name: self.text(name) }, span);
            diagnostic.related.push((old, Related::DeclaredHere));
            self.report(diagnostic);
        }
        if storage.is_static || storage.external {
            let id = if storage.external {
                self.declare_global(name, ty, span, storage)
            } else {
                self.globals.push(Global {
                    name,
                    ty,
                    span,
                    is_static: true,
                    external: false,
                    init: None,
                    used: None,
                    within: self.function.as_ref().map(|function| function.name),
                    thread_local: storage.thread_local,
                });
                self.globals.len() as GlobalId - 1
            };
            self.bind(name, Entry::Global(id));
            if self.eat(Punct::Assign) {
                self.global_initializer(id)?;
            }
            return Ok(());
        }
        if storage.auto_type {
            self.expect(Punct::Assign)?;
            let value = self.assignment()?;
            let value = self.rvalue(value);
            let local = self.new_local(Some(name), value.ty, span);
            self.bind(name, Entry::Local(local));
            self.mark_initialised(local);
            let init = Some(Init::Expr(Box::new(value)));
            stmts.push(Stmt { kind: StmtKind::Decl(local, init), span: start.to(self.previous()) });
            return Ok(());
        }
        if let TypeKind::Vla(_, size) = self.types.kind(ty) {
            let local = self.new_local(Some(name), ty, span);
            self.bind(name, Entry::Local(local));
            let size_t = self.types.size_t();
            let bytes = self.expr(ExprKind::VlaSize(size), size_t, span, 0);
            if self.is(Punct::Assign) {
                let span = self.peek().span;
                self.error(Kind::VlaInitialised, span);
                return Err(Stop);
            }
            let kind = StmtKind::VlaDecl { local, bytes };
            stmts.push(Stmt { kind, span: start.to(span) });
            return Ok(());
        }
        let incomplete_array = matches!(self.types.kind(ty), TypeKind::Array(_, UNKNOWN_LEN));
        if self.types.size(ty).is_none() && !(incomplete_array && self.is(Punct::Assign)) {
            let name = self.type_name(ty);
            let kind = match crate::libc_index::header_of_tag(self.target, &name) {
                Some(header) => Kind::UnknownType { name, suggestion: None, header: Some(header) },
                None => Kind::IncompleteType { ty: name },
            };
            self.error(kind, span);
            ty = Ty::ERROR;
        }
        let local = self.new_local(Some(name), ty, span);
        self.bind(name, Entry::Local(local));
        self.clean_up_with(local, attributes, span);
        if let Some(construct) = self.construct_local(local, ty, span)? {
            self.take_pending(stmts);
            stmts.push(Stmt { kind: StmtKind::Decl(local, None), span });
            stmts.push(construct);
            return Ok(());
        }
        let has_init = self.eat(Punct::Assign)
            || self.cpp && (self.is(Punct::LParen) || self.is(Punct::LBrace));
        let init = if has_init {
            let (init, final_ty) = self.local_initializer(ty, span)?;
            if let Some(function) = &mut self.function {
                function.locals[local as usize].ty = final_ty;
            }
            self.mark_initialised(local);
            self.note_constant(local, final_ty, &init);
            Some(init)
        } else if let Some(init) = self.cpp_default_init(ty, span) {
            self.mark_initialised(local);
            Some(init)
        } else {
            if self.cpp && matches!(self.types.kind(ty), TypeKind::Ref(_)) {
                self.error(Kind::ReferenceUnbound, span);
            }
            None
        };
        self.take_pending(stmts);
        let whole = start.to(self.previous());
        stmts.push(Stmt { kind: StmtKind::Decl(local, init), span: whole });
        Ok(())
    }

    /// C++: a `const` integer with a constant value may be an array's size.
    fn note_constant(&mut self, local: LocalId, ty: Ty, init: &Init) {
        if self.cpp
            && ty.is_const()
            && let Init::Expr(value) = init
            && let Some(Const::Int(value)) = self.const_eval(value)
        {
            self.const_locals.insert(local, value);
        }
    }

    /// The value of a C++ constant.
    pub(crate) fn constant_of(&self, kind: &ExprKind) -> Option<i64> {
        match kind {
            ExprKind::Local(id) => self.const_locals.get(id).copied(),
            ExprKind::Global(id) => self.const_globals.get(id).copied(),
            _ => None,
        }
    }

    fn mark_initialised(&mut self, local: LocalId) {
        if let Some(function) = &mut self.function {
            function.locals[local as usize].initialised = true;
        }
    }

    /// constant-expression of integer type
    pub(crate) fn constant_int(&mut self) -> Parse<i64> {
        let expr = self.conditional()?;
        let span = expr.span;
        let expr = self.rvalue(expr);
        match self.const_eval(&expr) {
            Some(Const::Int(value)) => Ok(value),
            _ => {
                if expr.ty != Ty::ERROR {
                    self.error(Kind::NotConstant, span);
                }
                Ok(1)
            }
        }
    }
}
