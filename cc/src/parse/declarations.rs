//! Declarations in blocks (C11 §6.7): their declarators, initialisers and constants.

use super::keywords::Kw;
use super::{Declarator, Entry, Function, Parse, Parser, Stop, Storage};
use crate::ast::*;
use crate::cpp::state::NOWHERE;
use crate::diag::{Diagnostic, Kind, Related};
use crate::lex::{Punct, Sym, Tok, Token};
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
            && !(self.cpp && self.is_functional_cast())
    }

    /// C++: `T(x);` and `T{x}.f();` are expressions, `T (*f)();` is a declaration.
    pub(super) fn is_functional_cast(&self) -> bool {
        let plain = matches!(self.kw(), None | Some(Kw::Typename));
        let Some(behind) = self.type_ahead(self.at).filter(|_| plain) else { return false };
        let token = |at: usize| self.tokens.get(at).map(|token| token.tok);
        match token(behind) {
            Some(Tok::Punct(Punct::LParen)) => {
                !matches!(token(behind + 1), Some(Tok::Punct(Punct::Star | Punct::And)))
            }
            Some(Tok::Punct(Punct::LBrace)) => true,
            _ => false,
        }
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
        if self.cpp && storage.auto_type && self.names_parts() {
            let names = self.part_names()?;
            self.eat(Punct::Assign);
            let value = self.assignment()?;
            self.name_parts(base, names, value, stmts)?;
            self.expect(Punct::Semi)?;
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

    pub(super) fn init_declarator(
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
            if self.cpp && storage.is_static && self.static_object(id, stmts)? {
                return Ok(());
            }
            if self.eat(Punct::Assign) {
                self.global_initializer(id)?;
            }
            return Ok(());
        }
        if self.cpp && self.types.has_auto(ty) {
            return self.auto_variable(name, ty, start, span, stmts);
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
        if self.cpp && self.local_object(local, ty, start, stmts)? {
            return Ok(());
        }
        let mark = self.temps();
        let has_init = self.eat(Punct::Assign)
            || self.cpp && (self.is(Punct::LParen) || self.is(Punct::LBrace));
        let init = if has_init {
            let (init, final_ty) = self.local_initializer(ty, span)?;
            if let Some(function) = &mut self.function {
                function.locals[local as usize].ty = final_ty;
            }
            self.mark_initialised(local);
            self.note_constant(local, final_ty, &init);
            self.take_pending(stmts);
            Some(self.finished_init(mark, final_ty, init, stmts))
        } else {
            if self.types.is_reference(ty) {
                self.error(Kind::ReferenceUnbound, span);
            }
            None
        };
        self.take_pending(stmts);
        let whole = start.to(self.previous());
        stmts.push(Stmt { kind: StmtKind::Decl(local, init), span: whole });
        Ok(())
    }

    /// C++: objects without a name in an initialiser end with it, unless a reference keeps them.
    fn finished_init(&mut self, mark: usize, ty: Ty, init: Init, stmts: &mut Vec<Stmt>) -> Init {
        match init {
            Init::Expr(value) if self.types.is_reference(ty) => {
                self.keep_temps(mark, stmts);
                Init::Expr(value)
            }
            Init::Expr(value) => Init::Expr(Box::new(self.finish(mark, *value, true))),
            items => {
                self.keep_temps(mark, stmts);
                items
            }
        }
    }

    /// C++: the value of `auto x = value`, from the `=`.
    fn auto_value(&mut self, span: Span) -> Parse<Expr> {
        let value = if self.eat(Punct::Assign) {
            match self.is(Punct::LBrace) {
                true => self.list_of_values(span)?,
                false => self.assignment()?,
            }
        } else if self.is(Punct::LParen) || self.is(Punct::LBrace) {
            let braces = self.next().tok == Tok::Punct(Punct::LBrace);
            let value = self.assignment()?;
            self.expect(if braces { Punct::RBrace } else { Punct::RParen })?;
            value
        } else {
            self.expect(Punct::Assign)?;
            return Err(Stop);
        };
        if value.ty.unqual() == Ty::VOID {
            self.error(Kind::VoidValue, value.span);
            return Ok(self.bad(value.span));
        }
        Ok(value)
    }

    /// C++: `auto x = value;`
    fn auto_variable(
        &mut self,
        name: Sym,
        ty: Ty,
        start: Span,
        span: Span,
        stmts: &mut Vec<Stmt>,
    ) -> Parse<()> {
        let mark = self.temps();
        let value = self.auto_value(span)?;
        let ty = self.auto_as(ty, &value);
        let local = self.new_local(Some(name), ty, span);
        self.bind(name, Entry::Local(local));
        self.mark_initialised(local);
        let whole = start.to(self.previous());
        self.take_pending(stmts);
        if !self.is_class(ty) {
            let init = Init::Expr(Box::new(self.convert(value, ty, crate::expr::Context::Init)));
            self.note_constant(local, ty, &init);
            let init = self.finished_init(mark, ty, init, stmts);
            stmts.push(Stmt { kind: StmtKind::Decl(local, Some(init)), span: whole });
            return Ok(());
        }
        let object = self.local_value(local, ty, span);
        let made = self.put_value(object, value, span);
        let made = self.finish(mark, made, false);
        self.end_with_block(local, ty, span);
        stmts.push(Stmt { kind: StmtKind::Decl(local, None), span: NOWHERE });
        stmts.push(Stmt { kind: StmtKind::Expr(made), span: whole });
        Ok(())
    }

    /// A value into a new object.
    fn put_value(&mut self, object: Expr, value: Expr, span: Span) -> Expr {
        let ty = object.ty.unqual();
        let value = self.convert(value, ty, crate::expr::Context::Init);
        match self.is_class(ty) {
            true => self.put(Expr { ty, ..object }, value, span),
            false => self.assign_plain(Expr { ty, ..object }, value, span),
        }
    }

    /// C++: a local object of a class, or an array of them; whether it is one.
    fn local_object(
        &mut self,
        local: LocalId,
        ty: Ty,
        start: Span,
        stmts: &mut Vec<Stmt>,
    ) -> Parse<bool> {
        let mut inner = ty;
        while let Some(of) = self.types.element(inner) {
            inner = of;
        }
        if !self.is_class(inner) {
            return Ok(false);
        }
        let span = start;
        self.check_abstract(inner, span);
        let listed = self.types.is_array(ty) && (self.is(Punct::Assign) || self.is(Punct::LBrace));
        let plain = !self.is(Punct::Assign) && !self.is(Punct::LBrace) && !self.is(Punct::LParen);
        self.mark_initialised(local);
        if listed {
            self.eat(Punct::Assign);
            let mark = self.temps();
            let (init, ty) = self.local_initializer(ty, span)?;
            if let Some(function) = &mut self.function {
                function.locals[local as usize].ty = ty;
            }
            self.end_with_block(local, ty, span);
            let init = self.finished_init(mark, ty, init, stmts);
            let kind = StmtKind::Decl(local, Some(init));
            stmts.push(Stmt { kind, span: start.to(self.previous()) });
            return Ok(true);
        }
        if plain && !self.is_constructed(inner) {
            if let Some(function) = &mut self.function {
                function.locals[local as usize].initialised = false;
            }
            self.end_with_block(local, ty, span);
            stmts.push(Stmt { kind: StmtKind::Decl(local, None), span });
            return Ok(true);
        }
        let mark = self.temps();
        let object = self.local_value(local, ty, span);
        let construct = self.declared_object(object, span)?;
        self.take_pending(stmts);
        self.end_with_block(local, ty, span);
        let whole = start.to(self.previous());
        stmts.push(Stmt { kind: StmtKind::Decl(local, None), span: NOWHERE });
        if let Some(construct) = construct {
            let construct = self.finish(mark, construct, false);
            stmts.push(Stmt { kind: StmtKind::Expr(construct), span: whole });
        }
        Ok(true)
    }

    /// C++: `static T x(…);` in a function: constructed when it is first met.
    fn static_object(&mut self, id: GlobalId, stmts: &mut Vec<Stmt>) -> Parse<bool> {
        let (ty, span) = (self.globals[id as usize].ty, self.globals[id as usize].span);
        let at = self.at;
        if !self.is_class(ty) {
            return Ok(false);
        }
        let mark = self.temps();
        let object = self.expr(ExprKind::Global(id), ty, span, 0);
        let end = self.destroy(object.clone()).map(|_| object.clone());
        let made = self.declared_object(object, span)?;
        let _ = at;
        let Some(made) = made else { return Ok(true) };
        let made = self.finish(mark, made, false);
        self.cxx.destructors.extend(end);
        let name = self.intern("(made)");
        let flag = self.anonymous_global(name, Ty::BOOL, NOWHERE);
        let whether = self.expr(ExprKind::Global(flag), Ty::BOOL, span, 0);
        let one = self.int(1, Ty::BOOL, span);
        let set = self.assign_plain(whether.clone(), one, span);
        let made = self.then(set, made);
        let not = self.expr(ExprKind::Not(Box::new(whether)), Ty::BOOL, span, 1);
        let made = Box::new(Stmt { kind: StmtKind::Expr(made), span });
        stmts.push(Stmt { kind: StmtKind::If(not, made, None), span });
        Ok(true)
    }

    /// C++: a global object's constructor runs before `main`, its destructor after it.
    pub(super) fn construct_global(&mut self, id: GlobalId) -> Parse<bool> {
        let (ty, span) = (self.globals[id as usize].ty, self.globals[id as usize].span);
        let auto = self.types.has_auto(ty);
        let mut inner = ty;
        while let Some(of) = self.types.element(inner) {
            inner = of;
        }
        let starts = self.is(Punct::Assign) || self.is(Punct::LBrace) || self.is(Punct::LParen);
        if !self.is_class(inner) && !(starts && (self.types.is_scalar(ty) || auto)) {
            return Ok(false);
        }
        let name = self.intern(super::startup::STARTUP);
        let startup =
            self.startup.take().unwrap_or_else(|| Function::new(name, Ty::VOID, false, 0));
        let outside = self.function.replace(startup);
        let made = self.global_object(id, auto, inner, span);
        self.startup = std::mem::replace(&mut self.function, outside);
        if let Some(made) = made? {
            self.startup_calls.push(made);
        }
        Ok(true)
    }

    fn global_object(
        &mut self,
        id: GlobalId,
        auto: bool,
        inner: Ty,
        span: Span,
    ) -> Parse<Option<Expr>> {
        let mark = self.temps();
        if auto {
            let value = self.auto_value(span)?;
            let ty = self.auto_as(self.globals[id as usize].ty, &value);
            self.globals[id as usize].ty = ty;
            if let Some(Const::Int(value)) = self.const_eval(&value).filter(|_| ty.is_const()) {
                self.const_globals.insert(id, value);
            }
            let object = self.expr(ExprKind::Global(id), ty, span, 0);
            let made = self.put_value(object, value, span);
            return Ok(Some(self.finish(mark, made, false)));
        }
        let ty = self.globals[id as usize].ty;
        let listed = self.types.is_array(ty) && (self.is(Punct::Assign) || self.is(Punct::LBrace));
        if self.is_class(inner) && !listed {
            let object = self.expr(ExprKind::Global(id), ty, span, 0);
            if self.destroy(object.clone()).is_some() {
                self.cxx.destructors.push(object.clone());
            }
            let at = self.at;
            if self.is_aggregate(inner)
                && !self.is_constructed(inner)
                && (self.is(Punct::LBrace) || self.peek_at(1).tok == Tok::Punct(Punct::LBrace))
            {
                self.eat(Punct::Assign);
                if self.constant_global(id)? {
                    return Ok(None);
                }
                self.at = at;
            }
            let made = self.declared_object(object, span)?;
            return Ok(made.map(|made| self.finish(mark, made, false)));
        }
        if !self.eat(Punct::Assign) && !listed && !self.is(Punct::LBrace) && !self.is(Punct::LParen)
        {
            return Ok(None);
        }
        let at = self.at;
        if self.constant_global(id)? {
            return Ok(None);
        }
        self.at = at;
        let (init, ty) = self.local_initializer(ty, span)?;
        self.globals[id as usize].ty = ty;
        let object = self.expr(ExprKind::Global(id), ty.unqual(), span, 0);
        let value = match init {
            Init::Expr(value) => *value,
            items => {
                if self.destroy(object.clone()).is_some() {
                    self.cxx.destructors.push(object.clone());
                }
                let local = self.hidden_local(ty, span);
                let height = 20;
                let list = self.expr(ExprKind::Compound(local, items), ty, span, height);
                let (void, size_t) = (self.types.ptr(Ty::VOID), self.types.size_t());
                let size = self.types.size(ty).unwrap_or(0) as i64;
                let size = self.int(size, size_t, span);
                let (to, from) = (self.addr_of(object, void), self.addr_of(list, void));
                let copy = self.intrinsic_call("__libc_memcpy", vec![to, from, size], span);
                return Ok(Some(copy));
            }
        };
        let value = self.finish(mark, value, true);
        Ok(Some(self.assign_plain(object, value, span)))
    }

    /// Tries an initialiser as a constant one.
    fn constant_global(&mut self, id: GlobalId) -> Parse<bool> {
        let (said, temps) = (self.diagnostics.len(), self.temps());
        let result = self.global_initializer(id);
        let not_constant = self.diagnostics[said..].iter().any(|it| it.kind == Kind::NotConstant);
        if not_constant {
            self.diagnostics.truncate(said);
            self.globals[id as usize].init = None;
            if let Some(function) = &mut self.function {
                function.temps.truncate(temps);
            }
            return Ok(false);
        }
        result.map(|()| true)
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
