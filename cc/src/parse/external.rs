//! External definitions (C11 §6.9): the translation unit, global objects, linkage (§6.2.2).

use super::keywords::Kw;
use super::{Declarator, Entry, Parse, Parser, Stop, Storage};
use crate::ast::*;
use crate::diag::{Diagnostic, Kind, Related};
use crate::lex::{Punct, Sym, Tok, Token};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty, UNKNOWN_LEN};

impl Parser {
    /// translation-unit: external-declaration*
    pub(crate) fn translation_unit(&mut self) {
        loop {
            while self.eat(Punct::Semi) {}
            if self.peek().tok == Tok::Eof {
                break;
            }
            let start = self.at;
            self.depth = 0;
            if self.external_declaration().is_err() {
                self.function = None;
                while self.scope > 0 {
                    self.pop_scope();
                }
                (self.cxx.open, self.cxx.class, self.cxx.pattern) = (0, None, false);
                self.skip_external(start);
            }
            self.read_bodies();
        }
        self.check_tentative();
        self.read_bodies();
        self.add_startup();
    }

    /// Goes to the next likely start of a declaration.
    fn skip_external(&mut self, start: usize) {
        if self.at == start {
            self.next();
        }
        let mut depth = 0u32;
        loop {
            let token = self.peek();
            match token.tok {
                Tok::Eof => return,
                Tok::Punct(Punct::LBrace) => depth += 1,
                Tok::Punct(Punct::RBrace) => {
                    if depth <= 1 {
                        self.next();
                        return;
                    }
                    depth -= 1;
                }
                Tok::Punct(Punct::Semi) if depth == 0 => {
                    self.next();
                    return;
                }
                // A type at the start of a line outside braces begins something new.
                _ if depth == 0 && token.bol && self.at > start && self.starts_type(token) => {
                    return;
                }
                _ => {}
            }
            self.next();
        }
    }

    /// external-declaration: function-definition | declaration
    fn external_declaration(&mut self) -> Parse<()> {
        if matches!(self.kw(), Some(Kw::StaticAssert | Kw::CppStaticAssert)) {
            return self.static_assert();
        }
        if self.cpp && self.cpp_directive()? {
            return Ok(());
        }
        if self.eat_kw(Kw::Asm) {
            let span = self.previous();
            self.error(Kind::Unsupported { what: "asm".to_owned() }, span);
            return Err(Stop);
        }
        if self.at > 0 && self.statement_outside() {
            return Ok(());
        }
        let first = self.peek();
        if let (Tok::Ident(sym), None, false) = (first.tok, self.kw(), self.cpp)
            && self.peek_at(1).tok == Tok::Punct(Punct::LParen)
            && self.lookup(sym).is_none_or(|entry| matches!(entry, Entry::Func(_)))
        {
            return self.old_style_function();
        }
        let (base, storage) = match self.cpp && self.defines_special() {
            true => (Ty::VOID, Storage::default()),
            false => self.declaration_specifiers(true)?,
        };
        if self.eat(Punct::Semi) {
            return Ok(());
        }
        let mut first_declarator = true;
        loop {
            let mut declarator = self.declarator(base, false)?;
            if let Some(class) = declarator.class {
                if self.types.is_func(declarator.ty) {
                    return self.define_member(class, declarator);
                }
                self.define_static_member(class, &declarator)?;
                break;
            }
            if self.cpp && !storage.typedef {
                declarator.name = declarator.name.map(|name| self.qualify(name));
                if self.types.is_func(declarator.ty) && self.is(Punct::Arrow) {
                    self.method_qualifiers(&mut declarator)?;
                }
            }
            if self.types.is_func(declarator.ty) && self.kw() == Some(Kw::Noexcept) {
                self.method_qualifiers(&mut declarator)?;
            }
            if first_declarator && self.types.is_func(declarator.ty) && !storage.typedef {
                let is_body = self.is(Punct::LBrace)
                    || self.cpp && self.is(Punct::Colon)
                    || !declarator.knr.is_empty() && self.starts_type(self.peek());
                if is_body {
                    return self.function_definition(declarator, storage);
                }
            }
            first_declarator = false;
            self.attributes();
            self.init_declarator_external(declarator, storage, first)?;
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        if self.is(Punct::LBrace) {
            let span = self.peek().span;
            self.error(Kind::Expected { what: ";".to_owned(), found: "{".to_owned() }, span);
            return Err(Stop);
        }
        self.expect(Punct::Semi)?;
        Ok(())
    }

    /// C++: whether `T::T(`, `T::~T(` or `T::operator type(` comes.
    fn defines_special(&self) -> bool {
        let token = |at: usize| self.tokens.get(at).map(|token| token.tok);
        let mut at = self.at;
        if self.kw_of(self.peek()).is_some() && self.kw() != Some(Kw::Inline) {
            return false;
        }
        at += usize::from(self.kw() == Some(Kw::Inline));
        while let Some(Tok::Ident(name)) = token(at) {
            let mut behind = at + 1;
            if token(behind) == Some(Tok::Punct(Punct::Lt)) {
                match self.behind_angles(behind) {
                    Some(end) => behind = end,
                    None => return false,
                }
            }
            if token(behind) != Some(Tok::Punct(Punct::ColonColon)) {
                return false;
            }
            match token(behind + 1) {
                Some(Tok::Punct(Punct::Tilde)) => return true,
                Some(Tok::Ident(own)) if own == name => {
                    return token(behind + 2) == Some(Tok::Punct(Punct::LParen));
                }
                Some(Tok::Ident(own)) if self.interner.get(own) == "operator" => {
                    return matches!(token(behind + 2), Some(Tok::Ident(_)));
                }
                _ => at = behind + 1,
            }
        }
        false
    }

    /// A statement behind a function's end: its `}` came too early. Skips to what may be the next
    /// function.
    fn statement_outside(&mut self) -> bool {
        let statement = matches!(
            self.kw(),
            Some(Kw::Return | Kw::If | Kw::For | Kw::While | Kw::Do | Kw::Switch | Kw::Else)
        );
        let before = self.tokens[self.at - 1];
        if !statement || before.tok != Tok::Punct(Punct::RBrace) {
            return false;
        }
        self.error(Kind::ExtraBrace, before.span);
        loop {
            self.next();
            let token = self.peek();
            let margin = token.bol && self.sources.line_column(token.span).column == 1;
            if token.tok == Tok::Eof || margin && self.starts_type(token) {
                return true;
            }
        }
    }

    /// C++: `int Class::count = 0;`
    fn define_static_member(&mut self, class: Ty, declarator: &Declarator) -> Parse<()> {
        let name = declarator.name.ok_or(Stop)?;
        let Some(Entry::Global(id)) = self.class_entry(class, name) else {
            let (name, ty) = (self.text(name), self.type_name(class));
            self.error(Kind::NoSuchMember { name, ty, suggestion: None }, declarator.span);
            return Err(Stop);
        };
        let global = &mut self.globals[id as usize];
        global.ty = declarator.ty;
        global.span = declarator.span;
        self.initialise_global(id, false)
    }

    fn init_declarator_external(
        &mut self,
        declarator: Declarator,
        storage: Storage,
        _first: Token,
    ) -> Parse<()> {
        let Some(name) = declarator.name else {
            let found = self.spelling(self.peek());
            let span = self.peek().span;
            self.error(Kind::ExpectedName { found }, span);
            return Err(Stop);
        };
        if storage.typedef {
            self.typedef(name, declarator.ty);
            return Ok(());
        }
        if self.types.is_func(declarator.ty) {
            self.declare_function(name, &declarator, storage);
            return Ok(());
        }
        let id = self.declare_global(name, declarator.ty, declarator.span, storage);
        self.bind(name, Entry::Global(id));
        self.initialise_global(id, storage.external)
    }

    fn initialise_global(&mut self, id: GlobalId, external: bool) -> Parse<()> {
        if self.cpp && !external && self.construct_global(id)? {
            return Ok(());
        }
        if self.eat(Punct::Assign) {
            self.global_initializer(id)?;
            self.globals[id as usize].external = false;
        } else if self.cpp && (self.is(Punct::LParen) || self.is(Punct::LBrace)) && !external {
            self.global_initializer(id)?;
        }
        Ok(())
    }

    pub(crate) fn typedef(&mut self, name: Sym, ty: Ty) {
        let name = if self.cpp { self.qualify(name) } else { name };
        if let TypeKind::Record(index) = self.types.kind(ty) {
            let record = &mut self.types.records[index as usize];
            if record.tag.is_none() && record.alias.is_none() {
                record.alias = Some(name);
            }
        }
        self.bind(name, Entry::Typedef(ty));
    }

    pub(super) fn declare_global(
        &mut self,
        name: Sym,
        ty: Ty,
        span: Span,
        storage: Storage,
    ) -> GlobalId {
        let old = self.names[name.0 as usize].first().map(|(_, entry)| *entry);
        if let Some(Entry::Global(id)) = old
            && self.globals[id as usize].within.is_none()
        {
            let old_ty = self.globals[id as usize].ty;
            if old_ty != ty {
                match (self.types.kind(old_ty), self.types.kind(ty)) {
                    (TypeKind::Array(a, UNKNOWN_LEN), TypeKind::Array(b, _))
                        if self.same_type(a, b) =>
                    {
                        self.globals[id as usize].ty = ty;
                    }
                    _ if self.same_type(old_ty, ty) => {}
                    _ => self.conflict(name, span, self.globals[id as usize].span),
                }
            }
            if !storage.external {
                self.globals[id as usize].external = false;
                self.globals[id as usize].span = span;
            }
            return id;
        }
        if let Some(Entry::Func(id)) = old {
            self.conflict(name, span, self.funcs[id as usize].span);
        }
        self.globals.push(Global {
            name,
            ty,
            span,
            is_static: storage.is_static,
            external: storage.external,
            init: None,
            used: None,
            within: None,
            thread_local: storage.thread_local,
        });
        self.globals.len() as GlobalId - 1
    }

    pub(super) fn conflict(&mut self, name: Sym, span: Span, old: Span) {
        let mut diagnostic = Diagnostic::error(Kind::Redeclared { name: self.text(name) }, span);
        diagnostic.related.push((old, Related::DeclaredHere));
        self.report(diagnostic);
    }

    /// Tentative definitions with incomplete types (C11 §6.9.2).
    fn check_tentative(&mut self) {
        for id in 0..self.globals.len() {
            let global = &self.globals[id];
            if global.external {
                continue;
            }
            let (ty, span) = (global.ty, global.span);
            if let TypeKind::Array(of, UNKNOWN_LEN) = self.types.kind(ty) {
                self.globals[id].ty = self.types.array(of, 1);
            } else if self.types.size(ty).is_none() {
                let ty = self.type_name(ty);
                self.error(Kind::IncompleteType { ty }, span);
                self.globals[id].ty = Ty::INT;
            }
        }
    }

    /// `main() { … }` without `int`: parsed as C89 would.
    fn old_style_function(&mut self) -> Parse<()> {
        let span = self.peek().span;
        self.warning(Kind::ImplicitInt, span);
        let declarator = self.declarator(Ty::INT, false)?;
        if self.is(Punct::LBrace) || self.starts_type(self.peek()) {
            return self.function_definition(declarator, Storage::default());
        }
        if let Some(name) = declarator.name {
            self.declare_function(name, &declarator, Storage::default());
        }
        self.expect(Punct::Semi)?;
        Ok(())
    }
}
