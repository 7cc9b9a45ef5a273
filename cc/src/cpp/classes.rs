//! Classes: their members, bases and virtual functions; bodies, which are read later.

use super::state::{Class, Later, Method, NOWHERE, Slot, Where};
use crate::ast::*;
use crate::diag::Kind;
use crate::lex::{Punct, Sym, Tok};
use crate::parse::{Declarator, Entry, Kw, Parse, Parser, Stop, Storage};
use crate::source::Span;
use crate::types::{Func, Member, Ty};

/// What stands before a member function's name, and which kind it is.
#[derive(Clone, Copy, Default)]
struct Marks {
    is_virtual: bool,
    explicit: bool,
    is_static: bool,
    special: Option<Sym>,
    conversion: Option<Ty>,
}

impl Parser {
    /// Whether a type has what a class has.
    pub(crate) fn is_class(&self, ty: Ty) -> bool {
        self.class_of(ty).is_some()
    }

    /// Begins a class: `class Name`, up to the `{`, with its bases.
    pub(crate) fn begin_class(
        &mut self,
        ty: Ty,
        name: Option<Sym>,
        span: Span,
    ) -> Parse<Vec<Member>> {
        let namespace = self.cxx.namespace;
        let outer = self.cxx.class;
        let full = match (name, outer.and_then(|outer| self.class_of(outer))) {
            (Some(name), Some(outer)) => format!("{}::{}", outer.full, self.interner.get(name)),
            (Some(name), None) => {
                let full = self.cxx.qualified.get(&(namespace, name)).filter(|_| self.scope == 0);
                self.text(full.copied().unwrap_or(name))
            }
            (None, _) => String::new(),
        };
        if let Some(class) = self.class_mut(ty)
            && class.template.is_none()
        {
            *class = Class { name, full, namespace, outer, ..Class::default() };
        }
        let mut members: Vec<Member> = Vec::new();
        if !self.eat(Punct::Colon) {
            return Ok(members);
        }
        loop {
            while matches!(self.kw(), Some(Kw::Public | Kw::Private | Kw::Virtual))
                || self.spelling(self.peek()) == "protected"
            {
                if self.kw() == Some(Kw::Virtual) {
                    return Err(self.refuse("virtual inheritance".to_owned(), self.peek().span));
                }
                self.next();
            }
            let at = self.peek().span;
            let Some(base) = self.cpp_type_name()? else {
                return Err(self.no_type(false));
            };
            if self.types.size(base).is_none() {
                let ty = self.type_name(base);
                self.error(Kind::IncompleteType { ty }, at);
                return Err(Stop);
            }
            self.class_mut(base);
            members.push((None, base, None, span));
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        let slots = members.first().and_then(|(_, base, ..)| self.class_of(*base));
        let slots = slots.map_or(Vec::new(), |base| base.slots.clone());
        let bases: Vec<(Ty, u64)> = members.iter().map(|(_, base, ..)| (*base, 0)).collect();
        if bases
            .iter()
            .skip(1)
            .any(|(base, _)| self.class_of(*base).is_some_and(|base| !base.slots.is_empty()))
        {
            return Err(self.refuse("several bases with virtual functions".to_owned(), span));
        }
        if let Some(class) = self.class_mut(ty) {
            class.slots = slots;
            class.bases = bases;
        }
        Ok(members)
    }

    /// `{ member* }` of a class.
    pub(crate) fn class_body(&mut self, ty: Ty, members: &mut Vec<Member>) -> Parse<()> {
        let open = self.expect(Punct::LBrace)?;
        self.cxx.open += 1;
        let outer = self.cxx.class;
        self.enter_class(ty);
        let scope = self.scope;
        let read = self.class_members(ty, members, open);
        while self.scope > scope {
            self.pop_scope();
        }
        self.keep_names(ty);
        self.pop_scope();
        self.cxx.class = outer;
        self.cxx.open -= 1;
        read?;
        self.place_virtuals(ty, members);
        Ok(())
    }

    /// What was bound in the class's scope belongs to it.
    fn keep_names(&mut self, ty: Ty) {
        let bound: Vec<Sym> = self.undo.last().map_or(Vec::new(), |undo| {
            undo.iter().filter(|undo| !undo.tag).map(|undo| undo.sym).collect()
        });
        let entries: Vec<(Sym, Entry)> = bound
            .into_iter()
            .filter_map(|sym| self.lookup_here(sym).map(|entry| (sym, entry)))
            .filter(|(_, entry)| !matches!(entry, Entry::Func(_)))
            .collect();
        if let Some(class) = self.class_mut(ty) {
            let bindings: Vec<Sym> = class.bindings.iter().map(|(name, _)| *name).collect();
            for (name, entry) in entries {
                if Some(name) != class.name && !bindings.contains(&name) {
                    class.names.insert(name, entry);
                }
            }
        }
    }

    fn class_members(&mut self, ty: Ty, members: &mut Vec<Member>, open: Span) -> Parse<()> {
        while !self.eat(Punct::RBrace) {
            if self.peek().tok == Tok::Eof {
                self.error(Kind::MissingBrace, open);
                return Err(Stop);
            }
            self.class_item(ty, members)?;
        }
        Ok(())
    }

    /// One declaration in a class.
    fn class_item(&mut self, ty: Ty, members: &mut Vec<Member>) -> Parse<()> {
        if self.eat(Punct::Semi) {
            return Ok(());
        }
        let text = self.spelling(self.peek());
        let access = matches!(text.as_str(), "public" | "private" | "protected");
        if access && self.peek_at(1).tok == Tok::Punct(Punct::Colon) {
            self.next();
            self.next();
            return Ok(());
        }
        self.attributes();
        match self.kw() {
            Some(Kw::StaticAssert | Kw::CppStaticAssert) => return self.static_assert(),
            Some(Kw::Using) => return self.using_directive(),
            Some(Kw::Template) => return self.template_declaration(Some(ty)),
            _ if text == "friend" => return self.friend(ty),
            _ => {}
        }
        let mut marks = Marks::default();
        let mut mutable = false;
        loop {
            match self.spelling(self.peek()).as_str() {
                "virtual" => marks.is_virtual = true,
                "explicit" => marks.explicit = true,
                "mutable" => mutable = true,
                "constexpr" | "inline"
                    if self.begins_special(ty, 1)
                        || self.spelling(self.peek_at(1)) == "explicit" => {}
                _ => break,
            }
            self.next();
        }
        if self.begins_special(ty, 0) {
            return self.special_member(ty, marks);
        }
        let (base, storage) = self.declaration_specifiers(false)?;
        if self.spelling(self.peek()) == "virtual" {
            self.next();
            marks.is_virtual = true;
        }
        if self.is(Punct::Semi) {
            // An anonymous structure or union.
            if self.types.record_of(base).is_some_and(|record| record.tag.is_none()) {
                members.push((None, base, None, self.previous()));
            }
            return Ok(());
        }
        marks.is_static = storage.is_static;
        self.class_declarators(ty, base, storage, marks, mutable, members)
    }

    fn class_declarators(
        &mut self,
        ty: Ty,
        base: Ty,
        storage: Storage,
        marks: Marks,
        mutable: bool,
        members: &mut Vec<Member>,
    ) -> Parse<()> {
        loop {
            let (mut name, mut found, mut span) = (None, base, self.peek().span);
            if !self.is(Punct::Colon) {
                let declarator = self.declarator(base, false)?;
                (name, found, span) = (declarator.name, declarator.ty, declarator.span);
                if self.types.is_func(found) && !storage.typedef {
                    return self.method(ty, declarator, marks);
                }
            }
            if let (true, Some(name)) = (storage.typedef, name) {
                self.bind(name, Entry::Typedef(found));
            } else if let (true, Some(name)) = (storage.is_static, name) {
                self.static_member(ty, name, found, span)?;
            } else {
                let width = self.bit_width(name, found, span)?;
                self.attributes();
                if self.is(Punct::Assign) || self.is(Punct::LBrace) {
                    let at = self.at;
                    self.skip_initialiser();
                    if let (Some(class), Some(name)) = (self.class_mut(ty), name) {
                        class.defaults.push((name, at));
                    }
                }
                if let (true, Some(class), Some(name)) = (mutable, self.class_mut(ty), name) {
                    class.mutables.insert(name);
                }
                let found = self.check_member(name, found, span, members);
                members.push((name, found, width, span));
            }
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.expect(Punct::Semi)?;
        Ok(())
    }

    /// `static int n;`, defined here or outside.
    fn static_member(&mut self, class: Ty, name: Sym, ty: Ty, span: Span) -> Parse<()> {
        let full = self.member_name(class, name);
        self.globals.push(Global {
            name: full,
            ty,
            span,
            is_static: true,
            external: false,
            init: None,
            used: None,
            within: None,
            thread_local: false,
        });
        let id = self.globals.len() as GlobalId - 1;
        self.bind(name, Entry::Global(id));
        if self.is(Punct::Assign) || self.is(Punct::LBrace) {
            self.eat(Punct::Assign);
            self.global_initializer(id)?;
        }
        Ok(())
    }

    /// Whether a constructor, a destructor or a conversion comes.
    fn begins_special(&self, class: Ty, ahead: usize) -> bool {
        let token = self.peek_at(ahead);
        let next = self.peek_at(ahead + 1);
        let own = self.class_of(class).and_then(|class| class.name);
        match token.tok {
            Tok::Punct(Punct::Tilde) => true,
            Tok::Ident(sym) if Some(sym) == own => next.tok == Tok::Punct(Punct::LParen),
            Tok::Ident(_) => {
                self.kw_of(token) == Some(Kw::Operator)
                    && (self.starts_type(next) || self.type_ahead(self.at + ahead + 1).is_some())
            }
            _ => false,
        }
    }

    fn special_member(&mut self, ty: Ty, mut marks: Marks) -> Parse<()> {
        if self.eat_kw(Kw::Operator) {
            let span = self.previous();
            let (base, _) = self.declaration_specifiers(false)?;
            let mut to = base;
            while self.eat(Punct::Star) {
                to = self.types.ptr(to);
            }
            if self.eat(Punct::And) {
                to = self.types.reference(to);
            }
            self.expect(Punct::LParen)?;
            self.expect(Punct::RParen)?;
            marks.conversion = Some(to);
            let func = self.types.func(Func {
                ret: to,
                params: Vec::new(),
                variadic: false,
                prototype: true,
            });
            let name = Some(self.intern("operator"));
            let declarator = Declarator::of(name, span, func);
            return self.method(ty, declarator, marks);
        }
        let destructor = self.eat(Punct::Tilde);
        marks.special = Some(if destructor { self.cxx.dtor } else { self.cxx.ctor });
        let declarator = self.declarator(Ty::VOID, false)?;
        self.method(ty, declarator, marks)
    }

    /// `Class::name`, as messages and frames have it.
    pub(crate) fn member_name(&mut self, class: Ty, name: Sym) -> Sym {
        let own = self.class_of(class);
        let full = own.map_or(String::new(), |class| class.full.clone());
        let plain = own.and_then(|class| class.name).map_or(String::new(), |name| self.text(name));
        let name = match name {
            name if name == self.cxx.ctor => plain,
            name if name == self.cxx.dtor => format!("~{plain}"),
            name => self.text(name),
        };
        self.intern(&format!("{full}::{name}"))
    }

    /// `const`, `noexcept`, `override` and a result behind parameters; whether `const`.
    pub(crate) fn method_qualifiers(&mut self, declarator: &mut Declarator) -> Parse<bool> {
        let mut is_const = false;
        loop {
            match self.spelling(self.peek()).as_str() {
                "const" => is_const = true,
                "override" | "final" | "volatile" | "&" | "&&" => {}
                "noexcept" => {
                    self.next();
                    if self.eat(Punct::LParen) {
                        self.skip_parens();
                    }
                    continue;
                }
                "throw" => {
                    self.next();
                    self.expect(Punct::LParen)?;
                    self.skip_parens();
                    continue;
                }
                "->" => {
                    self.next();
                    let ret = self.type_name_rule()?;
                    if let Some(func) = self.types.func_of(declarator.ty).cloned() {
                        declarator.ty = self.types.func(Func { ret, ..func });
                    }
                    continue;
                }
                _ => return Ok(is_const),
            }
            self.next();
        }
    }

    /// A member function, behind its parameters.
    fn method(&mut self, class: Ty, mut declarator: Declarator, marks: Marks) -> Parse<()> {
        let span = declarator.span;
        let Some(plain) = marks.special.or(declarator.name) else { return Err(Stop) };
        if self.class_of(class).is_none_or(|class| class.name.is_none()) && marks.special.is_some()
        {
            return Err(self.refuse("a constructor of a class without a name".to_owned(), span));
        }
        let defaults = std::mem::take(&mut self.last_defaults);
        let is_const = self.method_qualifiers(&mut declarator)?;
        let params =
            self.types.func_of(declarator.ty).map_or(Vec::new(), |func| func.params.clone());
        if !marks.is_static {
            declarator = self.with_this(declarator, class.with_const_if(is_const));
        }
        let name = self.member_name(class, plain);
        declarator.name = Some(name);
        let id = self.new_function(name, declarator.ty, span, false);
        if !defaults.is_empty() {
            self.defaults.insert(
                id,
                (
                    defaults,
                    Where { class: Some(class), namespace: self.cxx.namespace, ..Where::default() },
                ),
            );
        }
        let (mut deleted, mut defaulted, mut pure) = (false, false, false);
        if self.eat(Punct::Assign) {
            let token = self.next();
            match self.spelling(token).as_str() {
                "delete" => deleted = true,
                "default" => defaulted = true,
                "0" => pure = true,
                _ => return Err(Stop),
            }
        }
        if deleted {
            self.cxx.deleted.insert(id);
        }
        let method = Method {
            name: plain,
            id,
            is_static: marks.is_static,
            is_const,
            deleted,
            defaulted,
            explicit: marks.explicit,
        };
        self.note_virtual(class, &method, params, marks.is_virtual, pure);
        if let Some(class) = self.class_mut(class) {
            match marks.conversion {
                Some(to) => class.conversions.push((to, id)),
                None => class.methods.push(method),
            }
        }
        self.member_body(id, declarator, class)
    }

    /// `;`, or a body, which is read later.
    fn member_body(&mut self, id: FuncId, declarator: Declarator, class: Ty) -> Parse<()> {
        if self.eat(Punct::Semi) {
            return Ok(());
        }
        if !self.is(Punct::LBrace) && !self.is(Punct::Colon) && self.kw() != Some(Kw::Try) {
            self.expect(Punct::Semi)?;
        }
        let context = Where {
            class: Some(class),
            namespace: self.cxx.namespace,
            bindings: Vec::new(),
            in_block: self.function.is_some(),
        };
        self.body_later(id, declarator, context)
    }

    /// Notes where a body is and goes behind it.
    pub(crate) fn body_later(
        &mut self,
        id: FuncId,
        declarator: Declarator,
        context: Where,
    ) -> Parse<()> {
        let at = self.at;
        self.skip_member_body()?;
        let made = context
            .class
            .and_then(|class| self.class_of(class))
            .is_some_and(|class| class.template.is_some())
            || !context.bindings.is_empty();
        let wanted = self.sources.is_user(declarator.span) && !made;
        self.funcs[id as usize].span = declarator.span;
        self.cxx.bodies.insert(id, Later { at, declarator, context });
        if wanted || self.funcs[id as usize].used.is_some() {
            self.cxx.queue.push_back(id);
        }
        Ok(())
    }

    /// Reads the bodies that are waited for.
    pub(crate) fn read_bodies(&mut self) {
        if self.cxx.open > 0 || self.cxx.depth > 24 {
            return;
        }
        while let Some(id) = self.cxx.queue.pop_front() {
            if !self.refused {
                self.read_body(id);
            }
        }
    }

    pub(crate) fn read_body(&mut self, id: FuncId) {
        let Some(later) = self.cxx.bodies.remove(&id) else { return };
        let Later { at, mut declarator, context } = later;
        self.cxx.depth += 1;
        let outer = self.cxx.instance.take();
        let saved = self.go_to(at, &context);
        let sure = self.types.func_of(declarator.ty).cloned();
        if let (Some(name), Some(func)) = (declarator.name, sure) {
            declarator.ty = self.funcs[id as usize].ty;
            let _ = self.function_body(id, name, &declarator, func);
        }
        self.go_back(saved);
        self.cxx.instance = outer;
        self.cxx.depth -= 1;
    }

    /// Goes behind a constructor's list and a body.
    pub(crate) fn skip_member_body(&mut self) -> Parse<()> {
        self.eat_kw(Kw::Try);
        let mut depth = 0u32;
        let listed = self.is(Punct::Colon);
        let mut in_list = listed;
        loop {
            let before = self.tokens[self.at.saturating_sub(1)].tok;
            let token = self.next();
            match token.tok {
                Tok::Eof => return Err(Stop),
                Tok::Punct(Punct::LBrace) => {
                    // `: a{1}`: braces behind a name are an initialiser's.
                    if depth == 0 && !matches!(before, Tok::Ident(_) | Tok::Punct(Punct::Gt)) {
                        in_list = false;
                    }
                    depth += 1;
                }
                Tok::Punct(Punct::LParen) => depth += 1,
                Tok::Punct(Punct::RBrace | Punct::RParen) => depth = depth.saturating_sub(1),
                _ => {}
            }
            let closes = token.tok == Tok::Punct(Punct::RBrace) && depth == 0;
            if closes && !in_list && self.kw() != Some(Kw::Catch) {
                return Ok(());
            }
        }
    }

    /// `friend class X;`, `friend void f(X &);`, with a body perhaps.
    fn friend(&mut self, class: Ty) -> Parse<()> {
        self.next();
        if matches!(self.kw(), Some(Kw::Class | Kw::Struct)) {
            while !self.is(Punct::Semi) && self.peek().tok != Tok::Eof {
                self.next();
            }
            self.expect(Punct::Semi)?;
            return Ok(());
        }
        if self.kw() == Some(Kw::Template) {
            return Err(self.refuse("a friend template".to_owned(), self.peek().span));
        }
        let (base, storage) = self.declaration_specifiers(false)?;
        if self.eat(Punct::Semi) {
            return Ok(());
        }
        let mut declarator = self.declarator(base, false)?;
        let Some(name) = declarator.name else { return Err(Stop) };
        if self.tokens[self.at - 1].tok != Tok::Punct(Punct::RParen) || declarator.class.is_some() {
            self.method_qualifiers(&mut declarator)?;
            self.expect(Punct::Semi)?;
            return Ok(());
        }
        self.method_qualifiers(&mut declarator)?;
        let scope = std::mem::replace(&mut self.scope, self.base);
        let full = self.qualify(name);
        self.scope = scope;
        let id = self.declare_function(full, &declarator, storage);
        declarator.name = Some(full);
        self.member_body(id, declarator, class)
    }

    /// Notes a free operator, which is found by its arguments.
    pub(crate) fn note_operator(&mut self, name: Sym, candidate: super::overload::Candidate) {
        let text = self.text(name);
        let plain = text.rsplit("::").next().unwrap_or(&text);
        if plain.starts_with("operator") {
            let plain = self.intern(plain);
            let known = self.cxx.operators.entry(plain).or_default();
            if !known.contains(&candidate) {
                known.push(candidate);
            }
        }
    }

    /// A virtual function takes its base's place in the table, or a new one.
    fn note_virtual(
        &mut self,
        class: Ty,
        method: &Method,
        params: Vec<Ty>,
        is_virtual: bool,
        pure: bool,
    ) {
        let dtor = self.cxx.dtor;
        let Some(class) = self.class_mut(class) else { return };
        if method.is_static {
            return;
        }
        let same =
            |slot: &Slot| slot.name == method.name && (slot.name == dtor || slot.params == params);
        let found = class.slots.iter().position(same);
        let id = Some(method.id).filter(|_| !pure);
        match found {
            Some(index) => {
                class.slots[index].id = id;
                class.slots[index].pure = pure;
            }
            None if is_virtual => {
                class.slots.push(Slot { name: method.name, params, id, pure });
            }
            None => {}
        }
    }

    /// Room for the table's address, before all members of the first class that has virtual ones.
    fn place_virtuals(&mut self, ty: Ty, members: &mut Vec<Member>) {
        let base = members.first().map(|(_, base, ..)| *base);
        let inherits =
            base.filter(|_| self.class_of(ty).is_some_and(|class| !class.bases.is_empty()));
        let has = inherits
            .and_then(|base| self.class_of(base))
            .is_some_and(|base| !base.slots.is_empty());
        let dtor = self.cxx.dtor;
        let inherited_dtor = has
            && self
                .class_of(ty)
                .is_some_and(|class| class.slots.iter().any(|slot| slot.name == dtor));
        if inherited_dtor && let Some(class) = self.class_mut(ty) {
            // A class has a destructor of its own, written or not.
            let own = class.methods.iter().any(|method| method.name == dtor);
            for slot in class.slots.iter_mut().filter(|slot| slot.name == dtor && !own) {
                slot.id = None;
            }
        }
        let Some(class) = self.class_of(ty) else { return };
        if !class.slots.is_empty() && !has {
            let void = self.types.ptr(Ty::VOID);
            let pointer = self.types.ptr(void);
            members.insert(0, (Some(self.cxx.vptr), pointer, None, NOWHERE));
        }
        let is_abstract =
            self.class_of(ty).is_some_and(|class| class.slots.iter().any(|slot| slot.pure));
        if let Some(class) = self.class_mut(ty) {
            class.is_abstract = is_abstract;
        }
    }

    /// After the layout: where the bases are.
    pub(crate) fn place_bases(&mut self, ty: Ty) {
        let bases = self.class_of(ty).map_or(Vec::new(), |class| class.bases.clone());
        if bases.is_empty() {
            return;
        }
        let Some(record) = self.types.record_of(ty) else { return };
        let places: Vec<(Ty, u64)> = bases
            .iter()
            .filter_map(|(base, _)| {
                let field = record.fields.iter().find(|it| it.name.is_none() && it.ty == *base)?;
                Some((*base, field.offset))
            })
            .collect();
        if let Some(class) = self.class_mut(ty) {
            class.bases = places;
        }
    }

    /// The table of a class's virtual functions: its base's table first, then a function a slot.
    pub(crate) fn vtable(&mut self, ty: Ty) -> Option<GlobalId> {
        let class = self.class_of(ty)?;
        if let Some(table) = class.vtable {
            return Some(table);
        }
        if class.slots.is_empty() {
            return None;
        }
        let (slots, base) = (class.slots.clone(), class.bases.first().map(|(base, _)| *base));
        let name = self.intern(&format!("(virtual functions of {})", class.full.clone()));
        let void = self.types.ptr(Ty::VOID);
        let table_ty = self.types.array(void, slots.len() as u64 + 1);
        let id = self.anonymous_global(name, table_ty, NOWHERE);
        if let Some(class) = self.class_mut(ty) {
            class.vtable = Some(id);
        }
        let mut items = Vec::new();
        if let Some(base) = base.and_then(|base| self.vtable(base)) {
            items.push(ConstItem {
                offset: 0,
                ty: void,
                bits: None,
                value: Const::Global(base, 0),
            });
        }
        for (index, slot) in slots.iter().enumerate() {
            let function = match slot.name == self.cxx.dtor {
                true => self.destructor(ty),
                false => slot.id,
            };
            if let Some(function) = function {
                self.use_function(function, NOWHERE);
                let offset = 8 * (index as u64 + 1);
                items.push(ConstItem {
                    offset,
                    ty: void,
                    bits: None,
                    value: Const::Func(function),
                });
            }
        }
        self.globals[id as usize].init = Some(items);
        Some(id)
    }

    /// Marks a function as called; its body is read, if that waits.
    pub(crate) fn use_function(&mut self, id: FuncId, span: Span) {
        if !self.cpp {
            self.funcs[id as usize].used.get_or_insert(span);
            return;
        }
        let first = self.funcs[id as usize].used.is_none();
        self.funcs[id as usize].used.get_or_insert(span);
        if first && self.cxx.bodies.contains_key(&id) {
            let auto = self
                .types
                .func_of(self.funcs[id as usize].ty)
                .is_some_and(|func| self.types.has_auto(func.ret));
            if auto && self.cxx.depth < 24 {
                self.read_body(id);
            } else {
                self.cxx.queue.push_back(id);
            }
        }
        if first {
            self.outside_body(id);
        }
    }

    /// The member functions of this name, of the class or of the nearest base that has one.
    pub(crate) fn methods(&self, class: Ty, name: Sym) -> Vec<Method> {
        let Some(own) = self.class_of(class) else { return Vec::new() };
        let found: Vec<Method> =
            own.methods.iter().filter(|method| method.name == name).copied().collect();
        if !found.is_empty() || name == self.cxx.ctor || name == self.cxx.dtor {
            return found;
        }
        own.bases
            .iter()
            .map(|(base, _)| self.methods(*base, name))
            .find(|it| !it.is_empty())
            .unwrap_or_default()
    }

    pub(crate) fn member_templates(&self, class: Ty, name: Sym) -> Vec<usize> {
        let Some(own) = self.class_of(class) else { return Vec::new() };
        let found: Vec<usize> =
            own.templates.iter().filter(|(other, _)| *other == name).map(|(_, at)| *at).collect();
        if !found.is_empty() || name == self.cxx.ctor {
            return found;
        }
        own.bases
            .iter()
            .map(|(base, _)| self.member_templates(*base, name))
            .find(|it| !it.is_empty())
            .unwrap_or_default()
    }

    /// The declarator of a function with `this` before its parameters.
    pub(crate) fn with_this(&mut self, mut declarator: Declarator, class: Ty) -> Declarator {
        let pointer = self.types.ptr(class);
        if let Some(mut func) = self.types.func_of(declarator.ty).cloned() {
            func.params.insert(0, pointer);
            func.prototype = true;
            declarator.ty = self.types.func(func);
        }
        let this = self.this;
        declarator.params.insert(0, (Some(this), pointer, declarator.span));
        declarator
    }

    /// A member function's definition outside of its class: which one it is.
    pub(crate) fn define_member(&mut self, class: Ty, mut declarator: Declarator) -> Parse<()> {
        let span = declarator.span;
        let Some(name) = declarator.name else { return Err(Stop) };
        let is_const = self.method_qualifiers(&mut declarator)?;
        let params =
            self.types.func_of(declarator.ty).map_or(Vec::new(), |func| func.params.clone());
        let own: Vec<(FuncId, bool)> = match self.class_of(class) {
            Some(own) if self.interner.get(name) == "operator" => {
                own.conversions.iter().map(|(_, id)| (*id, false)).collect()
            }
            _ => self.methods(class, name).iter().map(|it| (it.id, it.is_static)).collect(),
        };
        let fits = |parser: &Parser, id: FuncId, is_static: bool| {
            let func = parser.types.func_of(parser.funcs[id as usize].ty)?;
            let this = func.params.first().and_then(|this| parser.types.pointee(*this));
            let theirs = &func.params[usize::from(!is_static).min(func.params.len())..];
            let same = theirs.len() == params.len()
                && theirs.iter().zip(&params).all(|(a, b)| a.unqual() == b.unqual());
            let konst = is_static || this.is_some_and(|this| this.is_const()) == is_const;
            (same && konst).then_some(id)
        };
        let found = own.iter().find_map(|(id, is_static)| fits(self, *id, *is_static));
        let Some(id) = found.or_else(|| {
            own.first()
                .filter(|_| own.len() == 1 && self.interner.get(name) == "operator")
                .map(|(id, _)| *id)
        }) else {
            let (name, ty) = (self.text(name), self.type_name(class));
            let name = if name.starts_with('(') {
                self.class_of(class).map_or(name, |class| class.full.clone())
            } else {
                name
            };
            self.error(Kind::NoSuchMember { name, ty, suggestion: None }, span);
            self.skip_member_body()?;
            return Ok(());
        };
        let is_static = own.iter().any(|(other, is_static)| *other == id && *is_static);
        if !is_static {
            declarator = self.with_this(declarator, class.with_const_if(is_const));
        }
        declarator.name = Some(self.member_name(class, name));
        if self.funcs[id as usize].body.is_some() || self.cxx.bodies.contains_key(&id) {
            let mut diagnostic = crate::diag::Diagnostic::error(
                Kind::Redefined { name: self.text(self.funcs[id as usize].name) },
                span,
            );
            let before = self.funcs[id as usize].span;
            diagnostic.related.push((before, crate::diag::Related::DeclaredHere));
            self.report(diagnostic);
        }
        if self.eat(Punct::Assign) {
            self.next();
            self.expect(Punct::Semi)?;
            return Ok(());
        }
        let context =
            Where { class: Some(class), namespace: self.cxx.namespace, ..Where::default() };
        self.body_later(id, declarator, context)
    }

    /// The class before `::` that a definition belongs to, and where its name begins.
    pub(crate) fn defined_class(&mut self) -> Parse<Option<Ty>> {
        let start = self.at;
        let mut class = None;
        let first = self.peek().tok;
        if !matches!(first, Tok::Ident(_)) || self.kw().is_some() {
            return Ok(None);
        }
        loop {
            let at = self.at;
            let Tok::Ident(sym) = self.peek().tok else { break };
            let entry = match class {
                None => self.lookup(sym),
                Some(ty) => self.class_entry(ty, sym),
            };
            let angled = self.peek_at(1).tok == Tok::Punct(Punct::Lt);
            let behind = match entry {
                Some(Entry::Typedef(_)) if !angled => at + 1,
                Some(Entry::Namespace(_)) => at + 1,
                Some(Entry::Typedef(_) | Entry::Template(_)) => match self.behind_angles(at + 1) {
                    Some(behind) if angled => behind,
                    _ => break,
                },
                _ => break,
            };
            if self.tokens.get(behind).map(|token| token.tok) != Some(Tok::Punct(Punct::ColonColon))
            {
                break;
            }
            match entry {
                Some(Entry::Typedef(ty)) if !angled => {
                    if !self.is_class(ty) {
                        break;
                    }
                    self.at = behind + 1;
                    class = Some(ty);
                }
                Some(Entry::Namespace(_)) => {
                    self.at = start;
                    let Some(found) = self.named_class()? else {
                        self.at = start;
                        return Ok(None);
                    };
                    return Ok(Some(found));
                }
                _ => {
                    let Some(ty) = self.named_class()? else { break };
                    class = Some(ty);
                }
            }
        }
        if class.is_none() {
            self.at = start;
        }
        Ok(class)
    }

    /// `a::Class::` or `Class<T>::`, eaten with its last `::`.
    fn named_class(&mut self) -> Parse<Option<Ty>> {
        let start = self.at;
        match self.named()? {
            Some(super::names::Named::Member(ty, _)) => {
                self.at -= 1;
                Ok(Some(ty))
            }
            Some(super::names::Named::Type(ty)) if self.eat(Punct::ColonColon) => Ok(Some(ty)),
            _ => {
                self.at = start;
                Ok(None)
            }
        }
    }

    /// `operator==`, behind `operator`: its name.
    pub(crate) fn operator_name(&mut self) -> Parse<Sym> {
        let token = self.next();
        let text = match token.tok {
            Tok::Punct(Punct::LParen) => {
                self.expect(Punct::RParen)?;
                "()".to_owned()
            }
            Tok::Punct(Punct::LBracket) => {
                self.expect(Punct::RBracket)?;
                "[]".to_owned()
            }
            Tok::Punct(Punct::Gt) if self.is(Punct::Gt) => {
                self.next();
                ">>".to_owned()
            }
            Tok::Punct(punct) => punct.text().to_owned(),
            _ => {
                let what = format!("operator {}", self.spelling(token));
                return Err(self.refuse(what, token.span));
            }
        };
        Ok(self.intern(&format!("operator{text}")))
    }

    /// `this`, in a member function.
    pub(crate) fn this_value(&mut self, span: Span) -> Option<Expr> {
        let (scope, entry) = self.lookup_scoped(self.this)?;
        let Entry::Local(id) = entry else { return None };
        let this = self.this;
        self.variable(scope, id, this, span).ok().map(|it| self.rvalue(it))
    }

    /// A member of the object that a member function is about, by its name alone.
    pub(crate) fn own_member(&mut self, name: Sym, span: Span) -> Parse<Option<Expr>> {
        let Some(class) = self.cxx.class else { return Ok(None) };
        if self.types.member(class, name).is_some() {
            let Some(this) = self.this_value(span) else { return Ok(None) };
            let class = self.types.pointee(this.ty).unwrap_or(class);
            let object = self.deref(this, class, span);
            return Ok(self.data_member(object, name, span));
        }
        let methods = self.methods(class, name);
        if methods.is_empty() && self.member_templates(class, name).is_empty() {
            return Ok(None);
        }
        if !self.is(Punct::LParen) {
            return Ok(methods.first().map(|method| self.function_value(method.id, span)));
        }
        let object = self.this_value(span).map(|this| {
            let class = self.types.pointee(this.ty).unwrap_or(class);
            self.deref(this, class, span)
        });
        self.member_call(object, class, name, false, span).map(Some)
    }

    /// `object.name`, if there is such a member.
    pub(crate) fn data_member(&mut self, object: Expr, name: Sym, span: Span) -> Option<Expr> {
        let (offset, ty, bits) = self.types.member(object.ty, name)?;
        let mutable = self.class_of(object.ty).is_some_and(|class| class.mutables.contains(&name));
        let is_ref = self.types.is_reference(ty);
        let konst = ty.is_const() || object.ty.is_const() && !mutable && !is_ref;
        let height = object.height;
        let member = ExprKind::Member(Box::new(object), offset, bits);
        let member = self.expr(member, ty.with_const_if(konst), span, height);
        Some(self.through_reference(member))
    }

    /// Whether `base` is the class or one of its bases; where it is.
    pub(crate) fn base_offset(&self, derived: Ty, base: Ty) -> Option<u64> {
        if derived.unqual() == base.unqual() {
            return Some(0);
        }
        let class = self.class_of(derived)?;
        class.bases.iter().find_map(|(own, at)| Some(at + self.base_offset(*own, base)?))
    }

    /// A pointer to a class as one to its base.
    pub(crate) fn upcast(&mut self, pointer: Expr, to: Ty) -> Expr {
        let pointees = (self.types.pointee(pointer.ty), self.types.pointee(to));
        let (Some(from), Some(base)) = pointees else { return pointer };
        match self.base_offset(from, base) {
            None | Some(0) => self.cast(pointer, to),
            Some(offset) => {
                let span = pointer.span;
                let object = self.deref(pointer, from, span);
                let height = object.height;
                let part =
                    self.expr(ExprKind::Member(Box::new(object), offset, None), base, span, height);
                self.addr_of(part, to)
            }
        }
    }
}
