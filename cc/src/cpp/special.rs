//! What a class has without anybody writing it: constructors, copies, assignment, destructor.

use super::state::{NOWHERE, Saved, Where};
use crate::ast::*;
use crate::expr::Context;
use crate::lex::{Punct, Sym, Tok};
use crate::parse::{Entry, Function, Kw, Parse, Parser, Stop};
use crate::source::Span;
use crate::types::{Func, Kind as TypeKind, Ty};

/// A base or member of a class.
#[derive(Clone, Copy)]
struct Part {
    name: Option<Sym>,
    ty: Ty,
    offset: u64,
    bits: Option<(u8, u8)>,
    span: Span,
}

/// A function that is being written.
struct Begun {
    saved: Saved,
    id: FuncId,
    params: Vec<LocalId>,
}

impl Parser {
    /// Begins a function that nobody wrote.
    fn begin_function(&mut self, name: Sym, ret: Ty, params: &[Ty], class: Option<Ty>) -> Begun {
        let ty = self.types.func(Func {
            ret,
            params: params.to_vec(),
            variadic: false,
            prototype: true,
        });
        let id = self.new_function(name, ty, NOWHERE, true);
        let saved = self.go_to(self.at, &Where { class, ..Where::default() });
        self.function = Some(Function::new(name, ret, false, self.scope));
        self.push_scope();
        let mut locals = Vec::new();
        for (index, ty) in params.iter().enumerate() {
            let this = (index == 0).then_some(self.this);
            let local = self.hidden_local(*ty, NOWHERE);
            if let Some(function) = &mut self.function {
                function.locals[local as usize].param = true;
                function.locals[local as usize].name = this;
            }
            if let Some(this) = this {
                self.bind(this, Entry::Local(local));
            }
            locals.push(local);
        }
        Begun { saved, id, params: locals }
    }

    fn end_function(&mut self, begun: Begun, stmts: Vec<Stmt>) -> FuncId {
        self.pop_scope();
        if let Some(function) = self.function.take() {
            self.funcs[begun.id as usize].body =
                Some(function.into_body(begun.params, stmts, NOWHERE));
        }
        self.go_back(begun.saved);
        begun.id
    }

    /// The object that `this`, or the other parameter, points to.
    fn object_of(&mut self, begun: &Begun, index: usize, class: Ty) -> Expr {
        let pointer = self.types.ptr(class);
        let value = self.local_value(begun.params[index], pointer, NOWHERE);
        self.deref(value, class, NOWHERE)
    }

    fn part_of(&mut self, object: &Expr, part: Part) -> Expr {
        let kind = ExprKind::Member(Box::new(object.clone()), part.offset, part.bits);
        self.expr(kind, part.ty, NOWHERE, object.height)
    }

    fn parts(&self, ty: Ty) -> Vec<Part> {
        let Some(record) = self.types.record_of(ty) else { return Vec::new() };
        record
            .fields
            .iter()
            .filter(|field| field.name != Some(self.cxx.vptr))
            .map(|field| Part {
                name: field.name,
                ty: field.ty,
                offset: field.offset,
                bits: field.bits,
                span: field.span,
            })
            .collect()
    }

    fn element_class(&self, ty: Ty) -> Ty {
        let mut ty = ty;
        while let Some(of) = self.types.element(ty) {
            ty = of;
        }
        ty
    }

    /// The destructor of a class: what it says itself, then its members' and bases'.
    pub(crate) fn destructor(&mut self, ty: Ty) -> Option<FuncId> {
        let class = self.class_of(ty)?;
        if let Some(made) = class.made.get("~") {
            return *made;
        }
        if self.types.record_of(ty).is_none_or(|record| !record.complete || record.union) {
            return None;
        }
        let dtor = self.cxx.dtor;
        let own = class.methods.iter().find(|it| it.name == dtor && !it.defaulted).map(|it| it.id);
        let is_virtual = class.slots.iter().any(|slot| slot.name == dtor);
        let parts = self.parts(ty);
        let ending: Vec<Part> = parts
            .into_iter()
            .filter(|part| self.destructor(self.element_class(part.ty)).is_some())
            .collect();
        let made = match (own, ending.is_empty()) {
            (None, true) if !is_virtual => None,
            (Some(own), true) => Some(own),
            _ => {
                let name = self.member_name(ty, dtor);
                let pointer = self.types.ptr(ty.unqual());
                let begun = self.begin_function(name, Ty::VOID, &[pointer], Some(ty));
                let mut stmts = Vec::new();
                let object = self.object_of(&begun, 0, ty.unqual());
                if let Some(own) = own {
                    let call = self.call_member(own, object.clone(), Vec::new(), false, NOWHERE);
                    stmts.push(Stmt { kind: StmtKind::Expr(call), span: NOWHERE });
                }
                for part in ending.into_iter().rev() {
                    let part = self.part_of(&object, part);
                    if let Some(end) = self.destroy(part) {
                        stmts.push(Stmt { kind: StmtKind::Expr(end), span: NOWHERE });
                    }
                }
                Some(self.end_function(begun, stmts))
            }
        };
        if let Some(class) = self.class_mut(ty) {
            class.made.insert("~", made);
        }
        made
    }

    /// The constructor without arguments: `None`: there is none; `Some(None)`: it does nothing.
    pub(crate) fn default_constructor(&mut self, ty: Ty) -> Option<Option<FuncId>> {
        let class = self.class_of(ty)?;
        if let Some(made) = class.made.get("default") {
            return Some(*made);
        }
        let ctor = self.cxx.ctor;
        let written: Vec<_> =
            class.methods.iter().filter(|it| it.name == ctor && !it.defaulted).copied().collect();
        let templated = class.templates.iter().any(|(name, _)| *name == ctor);
        let defaulted = class.methods.iter().any(|it| {
            it.name == ctor
                && it.defaulted
                && self
                    .types
                    .func_of(self.funcs[it.id as usize].ty)
                    .is_some_and(|func| func.params.len() == 1)
        });
        if (!written.is_empty() || templated) && !defaulted {
            let (method, _) = self.constructor_for(ty, &[], false)?;
            if method.deleted {
                return None;
            }
            return Some(Some(method.id));
        }
        if self.types.record_of(ty).is_none_or(|record| !record.complete) {
            return Some(None);
        }
        let class = self.class_of(ty)?;
        let works = !class.slots.is_empty()
            || !class.defaults.is_empty()
            || self.types.record_of(ty).is_some_and(|record| !record.union)
                && self.parts(ty).into_iter().any(|part| self.is_constructed(part.ty));
        let made = works.then(|| {
            let name = self.member_name(ty, ctor);
            let pointer = self.types.ptr(ty.unqual());
            let begun = self.begin_function(name, Ty::VOID, &[pointer], Some(ty));
            let mut stmts = Vec::new();
            let _ = self.begin_parts(ty, Vec::new(), &mut stmts);
            self.end_function(begun, stmts)
        });
        if let Some(class) = self.class_mut(ty) {
            class.made.insert("default", made);
        }
        Some(made)
    }

    /// The constructor that copies or moves; `None`: bytes are copied.
    pub(crate) fn copier(&mut self, ty: Ty, moving: bool) -> Option<FuncId> {
        let key = if moving { "move" } else { "copy" };
        let class = self.class_of(ty)?;
        if let Some(made) = class.made.get(key) {
            return *made;
        }
        let ctor = self.cxx.ctor;
        if let Some(own) = self.written_copy(ty, ctor, moving) {
            return Some(own);
        }
        if moving && self.written_by_hand(ty) {
            return self.copier(ty, false);
        }
        let differs = self.differs_from_bytes(ty, moving);
        let made = differs.then(|| self.make_copier(ty, moving));
        if let Some(class) = self.class_mut(ty) {
            class.made.insert(key, made);
        }
        made
    }

    fn make_copier(&mut self, ty: Ty, moving: bool) -> FuncId {
        let name = self.member_name(ty, self.cxx.ctor);
        let pointer = self.types.ptr(ty.unqual());
        let begun = self.begin_function(name, Ty::VOID, &[pointer, pointer], Some(ty));
        let mut stmts = Vec::new();
        let (to, from) =
            (self.object_of(&begun, 0, ty.unqual()), self.object_of(&begun, 1, ty.unqual()));
        stmts.extend(self.set_table(ty, &to));
        for part in self.parts(ty) {
            let (to, from) = (self.part_of(&to, part), self.part_of(&from, part));
            let copy = self.copy_part(to, from, moving);
            stmts.push(Stmt { kind: StmtKind::Expr(copy), span: NOWHERE });
        }
        self.end_function(begun, stmts)
    }

    /// A member copied into a new object.
    fn copy_part(&mut self, to: Expr, from: Expr, moving: bool) -> Expr {
        let ty = to.ty;
        if let (Some(of), Some(len)) = (self.types.element(ty), self.known_len(ty)) {
            if !self.is_class(self.element_class(of)) {
                return self.copy_bytes(to, from);
            }
            let pointer = self.types.ptr(of);
            let source = Expr { ty: pointer, ..self.addr_of(from, pointer) };
            let first = Expr { ty: pointer, ..self.addr_of(to, pointer) };
            let count = self.int(len as i64, Ty::LLONG, NOWHERE);
            let walker = self.hidden_local(pointer, NOWHERE);
            let p = self.local_value(walker, pointer, NOWHERE);
            let begin = self.assign_plain(p.clone(), source, NOWHERE);
            let loops = self.each(first, count, false, NOWHERE, &mut |parser, element| {
                let kind = ExprKind::Step {
                    left: Box::new(p.clone()),
                    scale: Some(parser.scale(of, NOWHERE)),
                    minus: false,
                    post: true,
                };
                let at = parser.expr(kind, pointer, NOWHERE, 1);
                let from = parser.deref(at, of, NOWHERE);
                Some(parser.copy_part(element, from, moving))
            });
            return match loops {
                Some(loops) => self.then(begin, loops),
                None => begin,
            };
        }
        let from = if moving { self.as_movable(from) } else { from };
        if self.is_class(ty) {
            let value = self.copied(from, ty, NOWHERE);
            let to = Expr { ty: ty.unqual(), ..to };
            return self.put(to, value, NOWHERE);
        }
        let from = Expr { ty: from.ty.unqual(), ..from };
        let to = Expr { ty: to.ty.unqual(), ..to };
        self.assign_plain(to, from, NOWHERE)
    }

    fn copy_bytes(&mut self, to: Expr, from: Expr) -> Expr {
        let size = self.types.size(to.ty).unwrap_or(0) as i64;
        let (pointer, size_t) = (self.types.ptr(Ty::VOID), self.types.size_t());
        let (to, from) = (self.addr_of(to, pointer), self.addr_of(from, pointer));
        let size = self.int(size, size_t, NOWHERE);
        self.intrinsic_call("__libc_memcpy", vec![to, from, size], NOWHERE)
    }

    /// An object as `std::move` gives it.
    pub(crate) fn as_movable(&mut self, object: Expr) -> Expr {
        let (ty, span) = (object.ty, object.span);
        let reference = self.types.rvalue_reference(ty);
        let address = self.addr_of(object, reference);
        let address = Expr { ty: reference, ..address };
        self.deref(address, ty, span)
    }

    /// The constructor or `operator=` that somebody wrote for copies.
    fn written_copy(&mut self, ty: Ty, name: Sym, moving: bool) -> Option<FuncId> {
        let class = self.class_of(ty)?;
        let takes = |reference: bool| {
            class.methods.iter().find(|method| {
                let func = self.types.func_of(self.funcs[method.id as usize].ty);
                let needed = func.map_or(0, |func| func.params.len())
                    - self.defaults.get(&method.id).map_or(0, |(at, _)| at.len());
                let param = func.and_then(|func| func.params.get(1).copied());
                method.name == name
                    && !method.defaulted
                    && needed <= 2
                    && param.is_some_and(|param| match self.types.kind(param) {
                        TypeKind::Ref(to) => reference && to.unqual() == ty.unqual(),
                        TypeKind::RRef(to) => !reference && to.unqual() == ty.unqual(),
                        _ => false,
                    })
            })
        };
        let found = if moving { takes(false).or_else(|| takes(true)) } else { takes(true) };
        found.map(|method| method.id)
    }

    /// Whether somebody wrote a copy or an end, so that nothing is moved by itself.
    fn written_by_hand(&mut self, ty: Ty) -> bool {
        let assign = self.intern("operator=");
        let (ctor, dtor) = (self.cxx.ctor, self.cxx.dtor);
        let ends = self
            .class_of(ty)
            .is_some_and(|class| class.methods.iter().any(|it| it.name == dtor && !it.defaulted));
        ends || self.written_copy(ty, ctor, false).is_some()
            || self.written_copy(ty, assign, false).is_some()
    }

    fn differs_from_bytes(&mut self, ty: Ty, moving: bool) -> bool {
        if self.types.record_of(ty).is_none_or(|record| record.union || !record.complete) {
            return false;
        }
        let has_table = self.class_of(ty).is_some_and(|class| !class.slots.is_empty());
        has_table
            || self.parts(ty).into_iter().any(|part| {
                let class = self.element_class(part.ty);
                self.is_class(class)
                    && (self.copier(class, moving).is_some()
                        || self.assigner(class, moving).is_some())
            })
    }

    /// Whether a copy was forbidden, by the class or by a member of it.
    pub(crate) fn copy_is_deleted(&mut self, ty: Ty) -> bool {
        let ctor = self.cxx.ctor;
        if let Some(own) = self.written_copy(ty, ctor, false) {
            return self.cxx.deleted.contains(&own);
        }
        let moves = self.written_copy(ty, ctor, true);
        let defaulted = self
            .class_of(ty)
            .is_some_and(|class| class.methods.iter().any(|it| it.name == ctor && it.defaulted));
        moves.is_some() && !defaulted
            || self.parts(ty).into_iter().any(|part| {
                let class = self.element_class(part.ty);
                self.is_class(class) && self.copy_is_deleted(class)
            })
    }

    pub(crate) fn has_move(&mut self, ty: Ty) -> bool {
        let ctor = self.cxx.ctor;
        match self.written_copy(ty, ctor, true) {
            Some(own) => !self.cxx.deleted.contains(&own),
            None => !self.written_by_hand(ty),
        }
    }

    /// What assigns member by member; `None`: bytes are copied.
    pub(crate) fn assigner(&mut self, ty: Ty, moving: bool) -> Option<FuncId> {
        let key = if moving { "=move" } else { "=" };
        let class = self.class_of(ty)?;
        if let Some(made) = class.made.get(key) {
            return *made;
        }
        let name = self.intern("operator=");
        if let Some(own) = self.written_copy(ty, name, moving) {
            return Some(own);
        }
        let differs = self.differs_from_bytes(ty, moving);
        let made = differs.then(|| {
            let name = self.member_name(ty, name);
            let pointer = self.types.ptr(ty.unqual());
            let begun = self.begin_function(name, pointer, &[pointer, pointer], Some(ty));
            let mut stmts = Vec::new();
            let (to, from) =
                (self.object_of(&begun, 0, ty.unqual()), self.object_of(&begun, 1, ty.unqual()));
            for part in self.parts(ty) {
                let (to, from) = (self.part_of(&to, part), self.part_of(&from, part));
                let from = if moving { self.as_movable(from) } else { from };
                let copy = self.assign_part(to, from);
                stmts.push(Stmt { kind: StmtKind::Expr(copy), span: NOWHERE });
            }
            let this = self.local_value(begun.params[0], pointer, NOWHERE);
            stmts.push(Stmt { kind: StmtKind::Return(Some(this)), span: NOWHERE });
            self.end_function(begun, stmts)
        });
        if let Some(class) = self.class_mut(ty) {
            class.made.insert(key, made);
        }
        made
    }

    fn assign_part(&mut self, to: Expr, from: Expr) -> Expr {
        let ty = to.ty;
        if let (Some(of), Some(len)) = (self.types.element(ty), self.known_len(ty)) {
            if !self.is_class(self.element_class(of)) {
                return self.copy_bytes(to, from);
            }
            let mut all: Option<Expr> = None;
            for index in 0..len.min(256) {
                let at = self.int(index as i64, Ty::LLONG, NOWHERE);
                let left = self.index(to.clone(), at.clone(), NOWHERE);
                let right = self.index(from.clone(), at, NOWHERE);
                let one = self.assign_part(left, right);
                all = Some(match all {
                    None => one,
                    Some(before) => self.then(before, one),
                });
            }
            return all.unwrap_or_else(|| self.int(0, Ty::INT, NOWHERE));
        }
        if self.is_class(ty) {
            return self.assign_class(Expr { ty: ty.unqual(), ..to }, from, NOWHERE);
        }
        let to = Expr { ty: to.ty.unqual(), ..to };
        let from = Expr { ty: from.ty.unqual(), ..from };
        self.assign_plain(to, from, NOWHERE)
    }

    /// Sets the address of the table of virtual functions.
    fn set_table(&mut self, ty: Ty, object: &Expr) -> Option<Stmt> {
        let table = self.vtable(ty)?;
        let vptr = self.cxx.vptr;
        let (offset, pointer, _) = self.types.member(ty, vptr)?;
        let kind = ExprKind::Member(Box::new(object.clone()), offset, None);
        let place = self.expr(kind, pointer, NOWHERE, object.height);
        self.globals[table as usize].used.get_or_insert(NOWHERE);
        let table_ty = self.globals[table as usize].ty;
        let table = self.expr(ExprKind::Global(table), table_ty, NOWHERE, 0);
        let address = self.addr_of(table, pointer);
        let set = self.assign_plain(place, address, NOWHERE);
        Some(Stmt { kind: StmtKind::Expr(set), span: NOWHERE })
    }

    /// The class that a function constructs.
    pub(crate) fn constructs(&self, name: Sym) -> Option<Ty> {
        let class = self.cxx.class?;
        let plain = self.interner.get(self.class_of(class)?.name?);
        let text = self.interner.get(name);
        let own = text.strip_suffix(plain).is_some_and(|rest| rest.ends_with("::"));
        own.then_some(class)
    }

    /// In a constructor: `: a(1), b{2}`, then what the other members begin with.
    pub(crate) fn member_initialisers(&mut self, name: Sym, stmts: &mut Vec<Stmt>) -> Parse<()> {
        self.eat_kw(Kw::Try);
        let Some(class) = self.constructs(name) else { return Ok(()) };
        let mut listed: Vec<(Option<Sym>, Ty, usize, Span)> = Vec::new();
        if self.eat(Punct::Colon) {
            loop {
                let token = self.peek();
                let Tok::Ident(member) = token.tok else { return Err(Stop) };
                let is_member = self.types.record_of(class).is_some_and(|record| {
                    record.fields.iter().any(|field| field.name == Some(member))
                });
                let what = match is_member {
                    true => {
                        self.next();
                        (Some(member), Ty::VOID)
                    }
                    false => match self.cpp_type_name()? {
                        Some(base) => (None, base),
                        None => {
                            let (name, ty) = (self.text(member), self.type_name(class));
                            let kind =
                                crate::diag::Kind::NoSuchMember { name, ty, suggestion: None };
                            self.error(kind, token.span);
                            return Err(Stop);
                        }
                    },
                };
                listed.push((what.0, what.1, self.at, token.span));
                self.skip_arguments();
                if !self.eat(Punct::Comma) {
                    break;
                }
            }
        }
        let behind = self.at;
        let result = self.begin_parts(class, listed, stmts);
        self.at = behind;
        result
    }

    /// Goes behind `(…)` or `{…}`.
    fn skip_arguments(&mut self) {
        let mut depth = 0u32;
        loop {
            match self.peek().tok {
                Tok::Eof => return,
                Tok::Punct(Punct::LBrace | Punct::LParen) => depth += 1,
                Tok::Punct(Punct::RBrace | Punct::RParen) => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.next();
            if depth == 0 {
                return;
            }
        }
    }

    /// What bases and members begin with: from a constructor's list, else from their own
    /// initialiser, else as their types say.
    fn begin_parts(
        &mut self,
        class: Ty,
        listed: Vec<(Option<Sym>, Ty, usize, Span)>,
        stmts: &mut Vec<Stmt>,
    ) -> Parse<()> {
        let Some(this) = self.this_value(NOWHERE) else { return Ok(()) };
        let object = self.deref(this, class.unqual(), NOWHERE);
        if let Some((_, _, at, span)) =
            listed.iter().find(|(name, ty, ..)| name.is_none() && ty.unqual() == class.unqual())
        {
            // Another constructor of the class does it.
            self.at = *at;
            let mark = self.temps();
            let made = self.declared_object(object, *span)?;
            let made = made.map(|made| self.finish(mark, made, false));
            stmts.extend(made.map(|made| Stmt { kind: StmtKind::Expr(made), span: *span }));
            return Ok(());
        }
        let union = self.types.record_of(class).is_some_and(|record| record.union);
        let bases = self.class_of(class).map_or(0, |own| own.bases.len());
        let mut table_set = false;
        for (index, part) in self.parts(class).into_iter().enumerate() {
            if index >= bases && !table_set {
                table_set = true;
                stmts.extend(self.set_table(class, &object));
            }
            let found = listed.iter().find(|(name, ty, ..)| match part.name {
                Some(_) => *name == part.name,
                None => name.is_none() && ty.unqual() == part.ty.unqual(),
            });
            let own = part.name.and_then(|name| {
                let class = self.class_of(class)?;
                class.defaults.iter().find(|(other, _)| *other == name).map(|(_, at)| *at)
            });
            let place = self.part_of(&object, part);
            let (at, span) = match (found, own) {
                (Some((_, _, at, span)), _) => (Some(*at), *span),
                (None, Some(at)) => (Some(at), self.tokens[at].span),
                (None, None) => (None, part.span),
            };
            if union && at.is_none() {
                continue;
            }
            let mark = self.temps();
            let set = self.begin_part(place, at, span)?;
            let set = set.map(|set| self.finish(mark, set, false));
            self.take_pending(stmts);
            stmts.extend(set.map(|set| Stmt { kind: StmtKind::Expr(set), span }));
        }
        if !table_set {
            stmts.extend(self.set_table(class, &object));
        }
        Ok(())
    }

    /// What one member begins with; its initialiser is at `at`.
    fn begin_part(&mut self, place: Expr, at: Option<usize>, span: Span) -> Parse<Option<Expr>> {
        let ty = place.ty;
        let Some(at) = at else {
            if self.types.is_reference(ty) {
                self.error(crate::diag::Kind::ReferenceUnbound, span);
                return Ok(None);
            }
            return Ok(self.begin_object(place, span));
        };
        self.at = at;
        if self.is_class(ty) {
            return self.declared_object(place, span);
        }
        self.eat(Punct::Assign);
        let braces = self.is(Punct::LBrace);
        if !self.types.is_scalar(ty) && (braces || self.types.is_array(ty)) {
            let empty = self.is(Punct::LParen) && self.peek_at(1).tok == Tok::Punct(Punct::RParen);
            let list = match empty {
                true => {
                    let local = self.hidden_local(ty, span);
                    self.expr(ExprKind::Compound(local, Init::Items(Vec::new())), ty, span, 0)
                }
                false => self.compound_literal(ty, span)?,
            };
            return Ok(Some(self.copy_bytes(place, list)));
        }
        let close = match self.peek().tok {
            Tok::Punct(Punct::LParen)
                if self.tokens[self.at - 1].tok != Tok::Punct(Punct::Assign) =>
            {
                Some(Punct::RParen)
            }
            Tok::Punct(Punct::LBrace) => Some(Punct::RBrace),
            _ => None,
        };
        let value = match close {
            Some(close) => {
                self.next();
                if self.eat(close) { None } else { Some(self.assignment()?) }
            }
            None => Some(self.assignment()?),
        };
        let value = match value {
            Some(value) => self.convert(value, ty, Context::Init),
            None if self.types.is_record(ty) => {
                let local = self.hidden_local(ty.unqual(), span);
                self.expr(ExprKind::Compound(local, Init::Items(Vec::new())), ty.unqual(), span, 0)
            }
            None => {
                let zero = self.int(0, Ty::INT, span);
                self.cast(zero, ty)
            }
        };
        let place = Expr { ty: ty.unqual(), ..place };
        Ok(Some(self.assign_plain(place, value, span)))
    }

    /// What an object that a list in braces does not name begins with.
    pub(crate) fn default_value(
        &mut self,
        class: Ty,
        name: Option<Sym>,
        ty: Ty,
        span: Span,
    ) -> Parse<Option<Expr>> {
        let own = name.and_then(|name| {
            let class = self.class_of(class)?;
            class.defaults.iter().find(|(other, _)| *other == name).map(|(_, at)| *at)
        });
        let Some(at) = own else {
            return Ok((self.is_class(ty) && self.is_constructed(ty))
                .then(|| self.constructed(ty, Vec::new(), span)));
        };
        let end = std::mem::replace(&mut self.at, at);
        self.eat(Punct::Assign);
        let value = match (self.is(Punct::LBrace), self.types.is_array(ty)) {
            (true, false) => Ok(self.braced_value(self.at, ty.unqual(), span)),
            (_, true) => self.compound_literal(ty, span),
            (false, false) => self.assignment().map(|value| self.convert(value, ty, Context::Init)),
        };
        self.at = end;
        value.map(Some)
    }
}
