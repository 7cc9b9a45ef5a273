//! Names of C++: namespaces, `A::b`, what a name means within a class.

use super::state::Namespace;
use crate::ast::*;
use crate::diag::Kind;
use crate::lex::{Punct, Sym, Tok};
use crate::parse::{Entry, Kw, Parse, Parser, Stop};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

/// What a qualified name names.
pub(crate) enum Named {
    Type(Ty),
    Entry(Entry, Sym),
    /// A member of a class that is no type.
    Member(Ty, Sym),
}

impl Parser {
    /// A name of file scope as this namespace has it.
    pub(crate) fn qualify(&mut self, name: Sym) -> Sym {
        let namespace = self.cxx.namespace;
        if namespace == 0 || self.scope > self.base {
            return name;
        }
        self.qualify_in(namespace, name)
    }

    fn qualify_in(&mut self, namespace: usize, name: Sym) -> Sym {
        if namespace == 0 {
            return name;
        }
        if let Some(known) = self.cxx.qualified.get(&(namespace, name)) {
            return *known;
        }
        let full =
            format!("{}::{}", self.text(self.cxx.namespaces[namespace].name), self.text(name));
        let full = self.intern(&full);
        self.cxx.qualified.insert((namespace, name), full);
        full
    }

    /// What a name of a namespace means.
    fn lookup_in(&self, namespace: usize, name: Sym) -> Option<Entry> {
        let found = match namespace {
            0 => self.lookup_global(name),
            _ => self.lookup_global(*self.cxx.qualified.get(&(namespace, name))?),
        };
        found.or_else(|| self.lookup_used(namespace, name))
    }

    fn lookup_used(&self, namespace: usize, name: Sym) -> Option<Entry> {
        self.cxx.namespaces[namespace]
            .used
            .iter()
            .filter(|used| **used > namespace || **used != namespace)
            .find_map(|used| {
                let full = self.cxx.qualified.get(&(*used, name))?;
                self.lookup_global(*full)
            })
    }

    /// What a name means outside of blocks and classes.
    pub(crate) fn lookup_file(&self, name: Sym) -> Option<Entry> {
        let mut namespace = self.cxx.namespace;
        while namespace != 0 {
            if let Some(found) = self.lookup_in(namespace, name) {
                return Some(found);
            }
            namespace = self.cxx.namespaces[namespace].parent;
        }
        self.lookup_in(0, name)
    }

    /// A namespace's name; in `std` all of C's are too.
    fn lookup_or_c(&self, namespace: usize, name: Sym) -> Option<Entry> {
        let found = self.lookup_in(namespace, name);
        found.or_else(|| self.lookup_global(name).filter(|_| namespace_is_std(self, namespace)))
    }

    fn std_namespace(&self) -> Option<usize> {
        self.cxx.namespaces.iter().position(|it| self.interner.get(it.name) == "std")
    }

    /// A function that its arguments' namespace has, which here is always `std`.
    pub(crate) fn lookup_by_arguments(&self, name: Sym) -> Option<Entry> {
        let found = self.lookup_in(self.std_namespace()?, name)?;
        matches!(found, Entry::Func(_) | Entry::Template(_)).then_some(found)
    }

    /// The namespace that comes, with its `::`; eaten.
    fn namespace_prefix(&mut self) -> Option<usize> {
        let mut found = None;
        loop {
            let Tok::Ident(sym) = self.peek().tok else { return found };
            if self.peek_at(1).tok != Tok::Punct(Punct::ColonColon) {
                return found;
            }
            let entry = match found {
                None => self.lookup(sym),
                Some(namespace) => self.lookup_in(namespace, sym),
            };
            let Some(Entry::Namespace(index)) = entry else {
                if found.is_none() && entry.is_none() && self.interner.get(sym) == "std" {
                    // No header of C++: C's functions are there all the same.
                    self.next();
                    self.next();
                    return Some(0);
                }
                return found;
            };
            self.next();
            self.next();
            found = Some(index as usize);
        }
    }

    /// `namespace a::b { … }`, `using …`, `extern "C" {`, `template`; whether there was one.
    pub(crate) fn cpp_directive(&mut self) -> Parse<bool> {
        match self.kw() {
            Some(Kw::Using) => self.using_directive().map(|()| true),
            Some(Kw::Inline) if self.kw_of(self.peek_at(1)) == Some(Kw::Namespace) => {
                self.next();
                self.open_namespace().map(|()| true)
            }
            Some(Kw::Namespace) => self.open_namespace().map(|()| true),
            Some(Kw::Template) => self.template_declaration(None).map(|()| true),
            Some(Kw::Extern)
                if matches!(self.peek_at(1).tok, Tok::Str(_))
                    && self.peek_at(2).tok == Tok::Punct(Punct::LBrace) =>
            {
                // The braces mean nothing here.
                self.next();
                self.next();
                self.next();
                self.extern_c += 1;
                Ok(true)
            }
            None if self.is(Punct::RBrace) && self.scope == 0 => {
                if let Some(outer) = self.namespaces_open.pop() {
                    self.next();
                    self.cxx.namespace = outer;
                    return Ok(true);
                }
                if self.extern_c > 0 {
                    self.next();
                    self.extern_c -= 1;
                    return Ok(true);
                }
                Ok(false)
            }
            _ => Ok(false),
        }
    }

    fn open_namespace(&mut self) -> Parse<()> {
        self.next();
        let outer = self.cxx.namespace;
        let mut inside = outer;
        loop {
            let token = self.peek();
            let name = match token.tok {
                Tok::Ident(name) => {
                    self.next();
                    name
                }
                _ => self.intern("(anonymous)"),
            };
            if self.eat(Punct::Assign) {
                // namespace a = b::c;
                let to = self.namespace_name()?;
                self.bind(name, Entry::Namespace(to as u32));
                self.expect(Punct::Semi)?;
                return Ok(());
            }
            inside = self.namespace_in(inside, name);
            if !self.eat(Punct::ColonColon) {
                break;
            }
        }
        self.expect(Punct::LBrace)?;
        self.namespaces_open.push(outer);
        self.cxx.namespace = inside;
        Ok(())
    }

    fn namespace_in(&mut self, parent: usize, name: Sym) -> usize {
        let full = self.qualify_in(parent, name);
        if let Some(Entry::Namespace(index)) = self.lookup_global(full) {
            return index as usize;
        }
        self.cxx.namespaces.push(Namespace { name: full, parent, used: Vec::new() });
        let index = self.cxx.namespaces.len() - 1;
        self.bind_global(full, Entry::Namespace(index as u32));
        if self.interner.get(name) == "(anonymous)" {
            self.cxx.namespaces[parent].used.push(index);
        }
        index
    }

    /// The name of a namespace, as a whole.
    fn namespace_name(&mut self) -> Parse<usize> {
        let prefix = self.namespace_prefix();
        let token = self.next();
        let entry = match (token.tok, prefix) {
            (Tok::Ident(sym), None) => self.lookup(sym),
            (Tok::Ident(sym), Some(namespace)) => self.lookup_in(namespace, sym),
            _ => None,
        };
        match entry {
            Some(Entry::Namespace(index)) => Ok(index as usize),
            _ if self.spelling(token) == "std" => {
                let std = self.intern("std");
                Ok(self.namespace_in(0, std))
            }
            _ => {
                let name = self.spelling(token);
                self.error(Kind::Undeclared { name, suggestion: None, header: None }, token.span);
                Err(Stop)
            }
        }
    }

    /// `using namespace n;`, `using n::f;`, `using T = type;`
    pub(crate) fn using_directive(&mut self) -> Parse<()> {
        self.next();
        if self.eat_kw(Kw::Namespace) {
            let namespace = self.namespace_name()?;
            let here = self.cxx.namespace;
            if namespace != here && !self.cxx.namespaces[here].used.contains(&namespace) {
                self.cxx.namespaces[here].used.push(namespace);
            }
            self.expect(Punct::Semi)?;
            return Ok(());
        }
        let token = self.peek();
        if let (Tok::Ident(name), Tok::Punct(Punct::Assign)) = (token.tok, self.peek_at(1).tok) {
            self.next();
            self.next();
            let ty = self.type_name_rule()?;
            let name = self.qualify(name);
            self.typedef(name, ty);
            self.expect(Punct::Semi)?;
            return Ok(());
        }
        self.eat_kw(Kw::Typename);
        if self.eat(Punct::ColonColon) && self.peek_at(1).tok == Tok::Punct(Punct::Semi) {
            self.next();
            self.expect(Punct::Semi)?;
            return Ok(());
        }
        let start = self.peek().span;
        match self.named()? {
            Some(Named::Type(ty)) => {
                let last = self.tokens[self.at.saturating_sub(1)];
                if let Tok::Ident(name) = last.tok {
                    self.bind(name, Entry::Typedef(ty));
                }
            }
            Some(Named::Entry(entry, name)) => {
                let plain = self.text(name);
                let plain = self.intern(plain.rsplit("::").next().unwrap_or(&plain));
                self.bind(plain, entry);
            }
            // `using Base::f;` changes nothing here: bases are looked into anyway.
            Some(Named::Member(..)) => {}
            None => {
                let name = self.spelling(self.peek());
                if name != "std" && self.std_refused(&name, start).is_some() {
                    return Err(Stop);
                }
                self.next();
            }
        }
        self.expect(Punct::Semi)?;
        Ok(())
    }

    /// Whether the tokens from `at` name a type, and where its name ends. Nothing is read.
    pub(crate) fn type_ahead(&self, mut at: usize) -> Option<usize> {
        let token = |at: usize| self.tokens[at.min(self.tokens.len() - 1)];
        let mut namespace = None;
        let mut class: Option<Ty> = None;
        if token(at).tok == Tok::Punct(Punct::ColonColon) {
            namespace = Some(0);
            at += 1;
        }
        if self.kw_of(token(at)) == Some(Kw::Typename) {
            return Some(at + 1);
        }
        loop {
            let Tok::Ident(sym) = token(at).tok else { return None };
            let entry = match (class, namespace) {
                (Some(class), _) => self.class_entry(class, sym),
                (None, Some(namespace)) => self.lookup_or_c(namespace, sym),
                (None, None) => self.lookup(sym),
            };
            let continues = token(at + 1).tok == Tok::Punct(Punct::ColonColon);
            if entry.is_none() && continues && self.interner.get(sym) == "std" {
                (namespace, at) = (Some(0), at + 2);
                continue;
            }
            match entry? {
                Entry::Namespace(index) if continues => {
                    namespace = Some(index as usize);
                    at += 2;
                }
                Entry::Typedef(ty) => {
                    at += 1;
                    if token(at).tok == Tok::Punct(Punct::Lt) && self.class_template(ty).is_some() {
                        return self.after_template(at);
                    }
                    let is_type = |at: usize| matches!(token(at).tok, Tok::Ident(_));
                    if token(at).tok != Tok::Punct(Punct::ColonColon) || !is_type(at + 1) {
                        return Some(at);
                    }
                    if self.types.is_param(ty) {
                        return Some(at + 2);
                    }
                    class = Some(ty);
                    at += 1;
                }
                Entry::Template(template) => {
                    let is_function = self.cxx.templates[template as usize].is_function();
                    return if is_function { None } else { self.after_template(at + 1) };
                }
                _ => return None,
            }
        }
    }

    /// Behind `<…>`, and `::name` where that is a type.
    fn after_template(&self, at: usize) -> Option<usize> {
        let token = |at: usize| self.tokens[at.min(self.tokens.len() - 1)];
        if token(at).tok != Tok::Punct(Punct::Lt) {
            return Some(at);
        }
        let mut at = self.behind_angles(at)?;
        while token(at).tok == Tok::Punct(Punct::ColonColon) {
            if !matches!(token(at + 1).tok, Tok::Ident(_))
                || matches!(token(at + 2).tok, Tok::Punct(Punct::LParen))
            {
                return None;
            }
            let name = self.spelling(token(at + 1));
            if matches!(name.as_str(), "npos" | "value") {
                return None;
            }
            at += 2;
        }
        Some(at)
    }

    /// The token behind the `>` that closes the `<` here.
    pub(crate) fn behind_angles(&self, mut at: usize) -> Option<usize> {
        let mut angles = 0u32;
        let mut others = 0u32;
        while at < self.tokens.len() {
            match self.tokens[at].tok {
                Tok::Punct(Punct::Lt) if others == 0 => angles += 1,
                Tok::Punct(Punct::Gt) if others == 0 => {
                    angles -= 1;
                    if angles == 0 {
                        return Some(at + 1);
                    }
                }
                Tok::Punct(Punct::LParen | Punct::LBracket) => others += 1,
                Tok::Punct(Punct::RParen | Punct::RBracket) if others > 0 => others -= 1,
                Tok::Punct(Punct::Semi | Punct::LBrace | Punct::RBrace) | Tok::Eof => return None,
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// Whether a type's name comes.
    pub(crate) fn cpp_starts_type(&self, at: usize) -> bool {
        self.type_ahead(at).is_some()
    }

    /// A type's name; eaten.
    pub(crate) fn cpp_type_name(&mut self) -> Parse<Option<Ty>> {
        if self.type_ahead(self.at).is_none() {
            self.refuse_std_type()?;
            return Ok(None);
        }
        self.eat_kw(Kw::Typename);
        match self.named()? {
            Some(Named::Type(ty)) => Ok(Some(ty)),
            _ => Ok(None),
        }
    }

    /// `std::name` that is not here.
    fn refuse_std_type(&mut self) -> Parse<()> {
        let (first, name) = (self.peek(), self.peek_at(2));
        if self.spelling(first) == "std" && self.peek_at(1).tok == Tok::Punct(Punct::ColonColon) {
            let text = self.spelling(name);
            if let (Tok::Ident(sym), Some(std)) = (name.tok, self.std_namespace())
                && self.lookup_in(std, sym).is_some()
            {
                return Ok(());
            }
            if let Some(stop) = self.std_refused(&text, first.span.to(name.span)) {
                return Err(stop);
            }
        }
        Ok(())
    }

    /// A name with what stands before its `::`; `None`: nothing that is known. Eaten.
    pub(crate) fn named(&mut self) -> Parse<Option<Named>> {
        let start = self.at;
        self.eat_kw(Kw::Typename);
        let global = self.eat(Punct::ColonColon);
        let namespace = if global {
            Some(self.namespace_prefix().unwrap_or(0))
        } else {
            self.namespace_prefix()
        };
        let token = self.peek();
        let Tok::Ident(sym) = token.tok else {
            self.at = start;
            return Ok(None);
        };
        let entry = match namespace {
            None => self.lookup(sym),
            Some(namespace) => self.lookup_or_c(namespace, sym),
        };
        let Some(entry) = entry else {
            self.at = start;
            return Ok(None);
        };
        self.next();
        let mut ty = match entry {
            Entry::Typedef(ty) => match self.class_template(ty) {
                Some(template) if self.is(Punct::Lt) => self.template_id(template)?,
                _ => ty,
            },
            Entry::Template(template) if !self.cxx.templates[template as usize].is_function() => {
                self.template_id(template as usize)?
            }
            entry => {
                let name = match namespace {
                    Some(namespace) => self.qualify_in(namespace, sym),
                    None => sym,
                };
                return Ok(Some(Named::Entry(entry, name)));
            }
        };
        while self.is(Punct::ColonColon) {
            let next = self.peek_at(1);
            let after = self.peek_at(2).tok;
            if self.types.is_param(ty) && matches!(next.tok, Tok::Ident(_)) {
                self.next();
                self.next();
                ty = Ty::DEPENDENT;
                continue;
            }
            let Tok::Ident(member) = next.tok else { break };
            let entry = match self.types.kind(ty) {
                TypeKind::Record(_) => self.class_entry(ty, member),
                _ => None,
            };
            let own = self.class_of(ty).and_then(|class| class.name) == Some(member);
            match entry {
                Some(Entry::Typedef(inner)) => {
                    self.next();
                    self.next();
                    ty = inner;
                }
                _ if own && after == Tok::Punct(Punct::LParen) => break,
                _ => {
                    self.next();
                    self.next();
                    return Ok(Some(Named::Member(ty, member)));
                }
            }
        }
        Ok(Some(Named::Type(ty)))
    }

    /// The template of which a class was made.
    pub(crate) fn class_template(&self, ty: Ty) -> Option<usize> {
        self.class_of(ty)?.template.as_ref().map(|(template, _)| *template)
    }

    /// A type, constant or static member of a class or of its bases.
    pub(crate) fn class_entry(&self, ty: Ty, name: Sym) -> Option<Entry> {
        let class = self.class_of(ty)?;
        if let Some(entry) = class.names.get(&name) {
            return Some(*entry);
        }
        class.bases.iter().find_map(|(base, _)| self.class_entry(*base, name))
    }

    /// An expression that begins with a qualified name, `::f`, `std::move`, `Class::N`.
    pub(crate) fn qualified_expression(&mut self, span: Span) -> Parse<Option<Expr>> {
        let start = self.at;
        match self.named()? {
            None => {
                self.at = start;
                self.refuse_std_type()?;
                Ok(None)
            }
            Some(Named::Type(ty)) => {
                if self.is(Punct::LParen) || self.is(Punct::LBrace) {
                    return self.functional_cast(ty, span).map(Some);
                }
                let name = self.type_name(ty);
                self.error(Kind::TypeAsValue { name }, span);
                Err(Stop)
            }
            Some(Named::Entry(entry, name)) => {
                let span = span.to(self.previous());
                self.meaning(entry, name, span).map(Some)
            }
            Some(Named::Member(class, name)) => {
                let span = span.to(self.previous());
                self.class_member_value(class, name, span).map(Some)
            }
        }
    }

    /// `Class::name`: a constant, a static member, a member function.
    fn class_member_value(&mut self, class: Ty, name: Sym, span: Span) -> Parse<Expr> {
        if let TypeKind::Enum(index) = self.types.kind(class) {
            let constants = &self.types.enums[index as usize].constants;
            if let Some((_, value)) = constants.iter().find(|(constant, _)| *constant == name) {
                let value = *value;
                return Ok(self.int(value, class, span));
            }
        }
        if let Some(entry) = self.class_entry(class, name) {
            return self.meaning(entry, name, span);
        }
        let methods = self.methods(class, name);
        if self.is(Punct::LParen)
            && (!methods.is_empty() || !self.member_templates(class, name).is_empty())
        {
            let object = self.this_value(span).map(|this| {
                let to = self.types.pointee(this.ty).unwrap_or(Ty::ERROR);
                self.deref(this, to, span)
            });
            return self.member_call(object, class, name, true, span);
        }
        if let Some(method) = methods.first() {
            return Ok(self.function_value(method.id, span));
        }
        if let Some(this) = self.this_value(span)
            && let Some((offset, ty, bits)) = self.types.member(class, name)
        {
            let pointer = self.types.ptr(class);
            let this = self.upcast(this, pointer);
            let object = self.deref(this, class, span);
            let height = object.height;
            let member = ExprKind::Member(Box::new(object), offset, bits);
            let member = self.expr(member, ty, span, height);
            return Ok(self.through_reference(member));
        }
        if class != Ty::ERROR {
            let (name, ty) = (self.text(name), self.type_name(class));
            self.error(Kind::NoSuchMember { name, ty, suggestion: None }, span);
        }
        Ok(self.bad(span))
    }
}

fn namespace_is_std(parser: &Parser, namespace: usize) -> bool {
    parser.interner.get(parser.cxx.namespaces[namespace].name) == "std"
}
