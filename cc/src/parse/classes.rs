//! C++: members that are functions, constructors and destructors, of classes at file scope.
//!
//! A member function is an ordinary one named `Class::name` whose first parameter is `this`; a
//! constructor is `Class::Class`, a destructor `Class::~Class`. Bodies within the class are read
//! when the class is complete. Missing, and refused by name: inheritance, `virtual`, `operator`,
//! templates, static members, destructors of what is copied, and of members and globals.

use super::keywords::Kw;
use super::{Declarator, Entry, Function, Parse, Parser, Stop, Storage};
use crate::ast::*;
use crate::expr::Context;
use crate::lex::{Punct, Sym, Tok};
use crate::source::Span;
use crate::types::{Func, Kind as TypeKind, Ty};

/// What a class being read has besides its members' places.
#[derive(Default)]
pub(super) struct Class {
    /// Bodies: the function, where it goes on behind its parameters, its declarator.
    bodies: Vec<(FuncId, usize, Declarator)>,
    /// Members with an initialiser of their own: where it begins.
    pub(super) defaults: Vec<(Sym, usize)>,
}

impl Parser {
    fn class_name(&self, ty: Ty) -> Option<&str> {
        self.types.record_of(ty)?.tag.map(|tag| self.interner.get(tag))
    }

    /// A function that belongs to a class: `name` may be the class's own, or that behind `~`.
    fn member_function(&mut self, class: Ty, name: &str) -> Option<FuncId> {
        let full = format!("{}::{name}", self.class_name(class)?);
        let sym = self.intern(&full);
        match self.lookup(sym) {
            Some(Entry::Func(id)) => Some(id),
            _ => None,
        }
    }

    fn constructor(&mut self, class: Ty) -> Option<FuncId> {
        let name = self.class_name(class)?.to_owned();
        self.member_function(class, &name)
    }

    fn destructor(&mut self, class: Ty) -> Option<FuncId> {
        let name = format!("~{}", self.class_name(class)?);
        self.member_function(class, &name)
    }

    /// Whether objects of this type have to be constructed.
    pub(crate) fn is_constructed(&mut self, ty: Ty) -> bool {
        self.cpp && self.constructor(ty).is_some()
    }

    /// Reads a member that C does not know; whether there was one.
    pub(super) fn class_member(&mut self, class: Ty, into: &mut Class) -> Parse<bool> {
        let token = self.peek();
        let text = self.spelling(token);
        if matches!(text.as_str(), "public" | "private" | "protected")
            && self.peek_at(1).tok == Tok::Punct(Punct::Colon)
        {
            self.next();
            self.next();
            return Ok(true);
        }
        if matches!(text.as_str(), "virtual" | "template" | "friend" | "operator") {
            return Err(self.refuse(text, token.span));
        }
        if text == "explicit" {
            self.next();
        }
        let destructor = self.is(Punct::Tilde);
        let own = self.class_name(class).is_some_and(|name| name == self.spelling(self.peek()));
        let constructor = own && self.peek_at(1).tok == Tok::Punct(Punct::LParen);
        if !destructor && !constructor {
            return Ok(false);
        }
        self.eat(Punct::Tilde);
        let declarator = self.declarator(Ty::VOID, false)?;
        if let [(_, ty, _)] = declarator.params.as_slice()
            && matches!(self.types.kind(*ty), TypeKind::Ref(to) if to.unqual() == class.unqual())
        {
            return Err(self.refuse("a copy constructor".to_owned(), declarator.span));
        }
        self.member_declared(class, declarator, destructor, into)?;
        Ok(true)
    }

    /// A member function, behind its parameters: `;` or its body.
    pub(super) fn member_declared(
        &mut self,
        class: Ty,
        declarator: Declarator,
        destructor: bool,
        into: &mut Class,
    ) -> Parse<()> {
        let span = declarator.span;
        let (Some(name), Some(class_name)) = (declarator.name, self.class_name(class)) else {
            return Err(self.refuse("a member function of a class without a name".to_owned(), span));
        };
        if self.scope > 0 {
            return Err(self.refuse("a member function of a class in a block".to_owned(), span));
        }
        let tilde = if destructor { "~" } else { "" };
        let full = format!("{class_name}::{tilde}{}", self.interner.get(name));
        let name = self.intern(&full);
        let mut declarator = self.with_this(declarator, class);
        declarator.name = Some(name);
        self.function_qualifiers();
        if self.is(Punct::Assign) {
            return Err(self.refuse(
                "a member function with = ".to_owned() + &self.spelling(self.peek_at(1)),
                span,
            ));
        }
        let id = self.declare_function(name, &declarator, Storage::default());
        if self.eat(Punct::Semi) {
            return Ok(());
        }
        into.bodies.push((id, self.at, declarator));
        self.skip_member_body()
    }

    /// `const`, `noexcept`, `override` behind a member function's parameters.
    pub(super) fn function_qualifiers(&mut self) {
        while self.eat_kw(Kw::Const) || self.eat_kw(Kw::Noexcept) {}
    }

    /// The declarator of a function with `this` before its parameters.
    pub(super) fn with_this(&mut self, mut declarator: Declarator, class: Ty) -> Declarator {
        let pointer = self.types.ptr(class.unqual());
        if let Some(mut func) = self.types.func_of(declarator.ty).cloned() {
            func.params.insert(0, pointer);
            func.prototype = true;
            declarator.ty = self.types.func(func);
        }
        let this = self.this;
        declarator.params.insert(0, (Some(this), pointer, declarator.span));
        declarator
    }

    /// Goes behind a constructor's list and a body.
    fn skip_member_body(&mut self) -> Parse<()> {
        let mut depth = 0u32;
        let mut before = Tok::Eof;
        loop {
            let token = self.next();
            match token.tok {
                Tok::Eof => return Err(Stop),
                // `: a{1}`: braces behind a name are an initialiser's.
                Tok::Punct(Punct::LBrace | Punct::LParen) => depth += 1,
                Tok::Punct(Punct::RBrace | Punct::RParen) => depth = depth.saturating_sub(1),
                _ => {}
            }
            let closes = token.tok == Tok::Punct(Punct::RBrace) && depth == 0;
            let more = matches!(self.peek().tok, Tok::Punct(Punct::Comma | Punct::LBrace));
            if closes && !(more && matches!(before, Tok::Ident(_))) {
                return Ok(());
            }
            if depth == 0 || matches!(token.tok, Tok::Punct(Punct::LBrace)) && depth == 1 {
                before = self.tokens[self.at.saturating_sub(2)].tok;
            }
        }
    }

    /// Reads the bodies of a complete class, and writes the constructor that it has by itself.
    pub(super) fn finish_class(&mut self, class: Ty, found: Class) -> Parse<()> {
        if self.class_name(class).is_none() || self.scope > 0 {
            return Ok(());
        }
        let fields: Vec<Ty> = self
            .types
            .record_of(class)
            .map_or(Vec::new(), |record| record.fields.iter().map(|field| field.ty).collect());
        let span = self.previous();
        let mut built = !found.defaults.is_empty();
        for ty in fields {
            if self.destructor(ty).is_some() {
                return Err(self.refuse("a member with a destructor".to_owned(), span));
            }
            let of = self.types.element(ty).unwrap_or(ty);
            built |= self.is_cpp_string(of, false) || self.is_constructed(of);
        }
        self.member_defaults.extend(found.defaults.iter().map(|(name, at)| ((class, *name), *at)));
        if built && self.constructor(class).is_none() {
            self.add_default_constructor(class, span)?;
        }
        let end = self.at;
        for (id, at, declarator) in found.bodies {
            self.at = at;
            let func = self.types.func_of(declarator.ty).cloned().ok_or(Stop)?;
            let name = declarator.name.ok_or(Stop)?;
            self.funcs[id as usize].span = declarator.span;
            self.function_body(id, name, &declarator, func)?;
        }
        self.at = end;
        Ok(())
    }

    fn add_default_constructor(&mut self, class: Ty, span: Span) -> Parse<()> {
        let Some(name) = self.class_name(class) else { return Ok(()) };
        let name = format!("{name}::{name}");
        let name = self.intern(&name);
        let pointer = self.types.ptr(class);
        let (ret, params) = (Ty::VOID, vec![pointer]);
        let ty = self.types.func(Func { ret, params, variadic: false, prototype: true });
        let id = self.new_function(name, ty, span, false);
        self.bind_global(name, Entry::Func(id));
        self.implicit_constructors.push(id);
        self.function = Some(Function::new(name, Ty::VOID, false));
        self.push_scope();
        let this = self.new_local(Some(self.this), pointer, span);
        if let Some(function) = &mut self.function {
            let local = &mut function.locals[this as usize];
            (local.param, local.initialised) = (true, true);
        }
        self.bind(self.this, Entry::Local(this));
        let mut stmts = Vec::new();
        self.member_initialisers(name, &mut stmts)?;
        self.pop_scope();
        if let Some(function) = self.function.take() {
            self.funcs[id as usize].body = Some(function.into_body(vec![this], stmts, span));
        }
        Ok(())
    }

    /// `this`, in a member function.
    pub(crate) fn this_value(&mut self, span: Span) -> Option<Expr> {
        let Some(Entry::Local(id)) = self.lookup(self.this) else { return None };
        let ty = self.function.as_ref()?.locals[id as usize].ty;
        Some(self.expr(ExprKind::Local(id), ty, span, 0))
    }

    /// A member of the object that a member function is about, by its name alone.
    pub(crate) fn own_member(&mut self, name: Sym, span: Span) -> Parse<Option<Expr>> {
        let Some(this) = self.this_value(span) else { return Ok(None) };
        let Some(class) = self.types.pointee(this.ty) else { return Ok(None) };
        if let Some((offset, ty, bits)) = self.types.member(class, name) {
            let object = self.deref(this, class, span);
            let height = object.height;
            let member = ExprKind::Member(Box::new(object), offset, bits);
            let member = self.expr(member, ty, span, height);
            return Ok(Some(self.through_reference(member)));
        }
        let object = self.deref(this, class, span);
        self.method_call(&object, name, span)
    }

    /// `object.name(…)`, from the `(`: a call of a member function, if there is one.
    pub(crate) fn method_call(
        &mut self,
        object: &Expr,
        name: Sym,
        span: Span,
    ) -> Parse<Option<Expr>> {
        if !self.cpp || !self.is(Punct::LParen) {
            return Ok(None);
        }
        let text = self.text(name);
        let Some(id) = self.member_function(object.ty, &text) else { return Ok(None) };
        self.next();
        let args = self.arguments_until(Punct::RParen)?;
        let span = span.to(self.previous());
        Ok(Some(self.call_member(id, object.clone(), args, span)))
    }

    fn call_member(&mut self, id: FuncId, object: Expr, args: Vec<Expr>, span: Span) -> Expr {
        let pointer = self.types.ptr(object.ty.unqual());
        let this = self.addr_of(object, pointer);
        let callee = self.function_value(id, span);
        let args = std::iter::once(this).chain(args).collect();
        self.call_with(callee, args, span)
    }

    /// What constructs an object in place from arguments; `None` for a type without constructor.
    pub(crate) fn construct(&mut self, object: Expr, args: Vec<Expr>, span: Span) -> Option<Expr> {
        let id = self.constructor(object.ty)?;
        if let [value] = args.as_slice()
            && value.ty.unqual() == object.ty.unqual()
        {
            let value = value.clone();
            return Some(self.assign(object, value, span));
        }
        Some(self.call_member(id, object, args, span))
    }

    /// `T(…)` as a value: an object without a name.
    pub(crate) fn constructed(&mut self, ty: Ty, args: Vec<Expr>, span: Span) -> Parse<Expr> {
        if self.destructor(ty).is_some() {
            return Err(self.refuse("an object without a name, with a destructor".to_owned(), span));
        }
        let local = self.new_local(None, ty, span);
        let object = self.expr(ExprKind::Local(local), ty, span, 0);
        let value = object.clone();
        let Some(call) = self.construct(object, args, span) else { return Ok(self.bad(span)) };
        let height = call.height;
        let kind = ExprKind::Comma(Box::new(call), Box::new(value));
        Ok(self.expr(kind, ty, span, height))
    }

    /// The arguments behind a declared name, if it is constructed with them here.
    fn constructor_arguments(&mut self, ty: Ty) -> Parse<Option<Vec<Expr>>> {
        let Some(id) = self.constructor(ty) else { return Ok(None) };
        let implicit = self.implicit_constructors.contains(&id);
        let braces = self.is(Punct::Assign) && self.peek_at(1).tok == Tok::Punct(Punct::LBrace);
        let close = match self.peek().tok {
            Tok::Punct(Punct::LParen) => Punct::RParen,
            Tok::Punct(Punct::LBrace) if !implicit => Punct::RBrace,
            Tok::Punct(Punct::Assign) if braces && !implicit => {
                self.next();
                Punct::RBrace
            }
            Tok::Punct(Punct::Assign | Punct::LBrace) => return Ok(None),
            _ => return Ok(Some(Vec::new())),
        };
        self.next();
        self.arguments_until(close).map(Some)
    }

    /// A local object's constructor, and its destructor at the end of the block.
    pub(super) fn construct_local(
        &mut self,
        local: LocalId,
        ty: Ty,
        span: Span,
    ) -> Parse<Option<Stmt>> {
        if !self.cpp {
            return Ok(None);
        }
        let object = self.expr(ExprKind::Local(local), ty, span, 0);
        if let Some(id) = self.destructor(ty) {
            let call = self.call_member(id, object.clone(), Vec::new(), span);
            if let Some(function) = &mut self.function {
                function.locals[local as usize].cleanup = Some(Box::new(call));
            }
        }
        let call = self.construct_declared(object, span)?;
        Ok(call.map(|call| Stmt { kind: StmtKind::Expr(call), span }))
    }

    /// A global object's constructor runs before `main`.
    pub(super) fn construct_global(&mut self, id: GlobalId) -> Parse<bool> {
        let (ty, span) = (self.globals[id as usize].ty, self.globals[id as usize].span);
        if !self.cpp {
            return Ok(false);
        }
        if self.destructor(ty).is_some() {
            return Err(self.refuse("a global object with a destructor".to_owned(), span));
        }
        let of = self.types.element(ty).unwrap_or(ty);
        if !self.is_constructed(of) {
            return Ok(false);
        }
        let name = self.intern(super::startup::STARTUP);
        let startup = self.startup.take().unwrap_or_else(|| Function::new(name, Ty::VOID, false));
        let outside = self.function.replace(startup);
        let object = self.expr(ExprKind::Global(id), ty, span, 0);
        let call = self.construct_declared(object, span);
        self.startup = std::mem::replace(&mut self.function, outside);
        let call = call?;
        let constructed = call.is_some();
        self.startup_calls.extend(call);
        Ok(constructed)
    }

    /// What constructs a declared object, or each of an array, from what stands behind its name.
    fn construct_declared(&mut self, object: Expr, span: Span) -> Parse<Option<Expr>> {
        if let Some(each) = self.construct_each(&object, span)? {
            return Ok(Some(each));
        }
        let Some(args) = self.constructor_arguments(object.ty)? else { return Ok(None) };
        let span = span.to(self.previous());
        Ok(self.construct(object, args, span))
    }

    /// What constructs each object of an array.
    fn construct_each(&mut self, array: &Expr, span: Span) -> Parse<Option<Expr>> {
        let (Some(of), Some(len)) = (self.types.element(array.ty), self.known_len(array.ty)) else {
            return Ok(None);
        };
        if self.destructor(of).is_some() {
            return Err(self.refuse("an array of objects with a destructor".to_owned(), span));
        }
        let text = self.is_cpp_string(of, false);
        if !text && !self.is_constructed(of) {
            return Ok(None);
        }
        if self.is(Punct::Assign) || self.is(Punct::LBrace) {
            if text {
                return Ok(None);
            }
            let what = "the initialiser of an array of objects with a constructor";
            return Err(self.refuse(what.to_owned(), span));
        }
        let counter = self.new_local(None, Ty::LONG, span);
        let count = |parser: &mut Parser| parser.expr(ExprKind::Local(counter), Ty::LONG, span, 0);
        let number = |parser: &mut Parser, value| parser.int(value, Ty::LONG, span);
        let (index, zero) = (count(self), number(self, 0));
        let start = self.assign(index, zero, span);
        let (left, right) = (count(self), number(self, len as i64));
        let more = self.arith(Op::Lt, left, right, Ty::LONG, span);
        let index = count(self);
        let object = self.index(array.clone(), index, span);
        let begin = match text {
            true => {
                let empty = self.empty_string(span);
                Some(self.assign(object, empty, span))
            }
            false => self.construct(object, Vec::new(), span),
        };
        let Some(call) = begin else { return Ok(None) };
        let (left, one) = (count(self), number(self, 1));
        let next = self.arith(Op::Add, left, one, Ty::LONG, span);
        let index = count(self);
        let step = self.assign(index, next, span);
        let stmt = |kind| Stmt { kind, span };
        let body = vec![stmt(StmtKind::Expr(call)), stmt(StmtKind::Expr(step))];
        let body = Box::new(stmt(StmtKind::Block(body, Vec::new())));
        let stmts = vec![stmt(StmtKind::Expr(start)), stmt(StmtKind::While(more, body))];
        Ok(Some(self.expr(ExprKind::StmtExpr(stmts), Ty::VOID, span, 0)))
    }

    /// What is copied may have no destructor: nobody here would call it as often as C++ does.
    pub(super) fn check_copied(&mut self, func: &Func, span: Span) -> Parse<()> {
        if !self.cpp {
            return Ok(());
        }
        for ty in func.params.iter().chain([&func.ret]) {
            if self.types.is_record(*ty) && self.destructor(*ty).is_some() {
                let what = "a class with a destructor that is passed or returned by value";
                return Err(self.refuse(what.to_owned(), span));
            }
        }
        Ok(())
    }

    /// In a constructor: `: a(1), b{2}`, then what the other members begin with.
    pub(super) fn member_initialisers(&mut self, name: Sym, stmts: &mut Vec<Stmt>) -> Parse<()> {
        let text = self.text(name);
        let constructs = text.split_once("::").is_some_and(|(class, name)| class == name);
        let this = if constructs { self.this_value(self.peek().span) } else { None };
        let Some(class) = this.and_then(|this| self.types.pointee(this.ty)) else { return Ok(()) };
        let mut listed = Vec::new();
        if self.is(Punct::Colon)
            && !self.implicit_constructors.iter().any(|id| self.funcs[*id as usize].name == name)
        {
            self.next();
            loop {
                let token = self.next();
                let Tok::Ident(member) = token.tok else { return Err(Stop) };
                let close = if self.is(Punct::LBrace) { Punct::RBrace } else { Punct::RParen };
                self.next();
                let args = self.arguments_until(close)?;
                let set = self.initialise_member(class, member, Some(args), token.span)?;
                listed.push((member, set));
                if !self.eat(Punct::Comma) {
                    break;
                }
            }
        }
        let fields: Vec<(Sym, Span)> = self.types.record_of(class).map_or(Vec::new(), |record| {
            record.fields.iter().filter_map(|field| Some((field.name?, record.span))).collect()
        });
        for (member, span) in fields {
            let set = match listed.iter().position(|(name, _)| *name == member) {
                Some(at) => listed.swap_remove(at).1,
                None => self.initialise_member(class, member, None, span)?,
            };
            let span = set.as_ref().map_or(span, |set| set.span);
            stmts.extend(set.map(|set| Stmt { kind: StmtKind::Expr(set), span }));
        }
        match listed.first() {
            None => Ok(()),
            Some(_) => {
                Err(self.refuse("a constructor of a base class".to_owned(), self.previous()))
            }
        }
    }

    /// What sets a member: from arguments, else its own initialiser, else as its type begins.
    fn initialise_member(
        &mut self,
        class: Ty,
        member: Sym,
        args: Option<Vec<Expr>>,
        span: Span,
    ) -> Parse<Option<Expr>> {
        let Some(place) = self.own_member(member, span)? else { return Ok(None) };
        let ty = place.ty;
        let args = match (args, self.member_defaults.get(&(class, member)).copied()) {
            (Some(args), _) => args,
            (None, Some(at))
                if !self.types.is_scalar(ty)
                    && !self.is_cpp_string(ty, false)
                    && !self.is_constructed(ty) =>
            {
                return self.copy_into_member(place, at).map(Some);
            }
            (None, Some(at)) => {
                let end = std::mem::replace(&mut self.at, at);
                let value = match self.eat(Punct::Assign) && !self.is(Punct::LBrace) {
                    true => self.assignment().map(|value| vec![value]),
                    false => {
                        self.next();
                        self.arguments_until(Punct::RBrace)
                    }
                };
                self.at = end;
                value?
            }
            (None, None) if self.is_cpp_string(ty, false) || self.is_constructed(ty) => Vec::new(),
            (None, None) => return self.construct_each(&place, span),
        };
        if args.len() == 1 && args[0].ty.unqual() == ty.unqual() && self.types.is_record(ty) {
            let value = args.into_iter().next().unwrap_or_else(|| self.bad(span));
            return Ok(Some(self.assign(place, value, span)));
        }
        if let Some(call) = self.construct(place.clone(), args.clone(), span) {
            return Ok(Some(call));
        }
        let mut args = args.into_iter();
        let value = match args.next() {
            _ if args.len() > 0 || !self.types.is_scalar(ty) && !self.is_cpp_string(ty, false) => {
                return Err(self.refuse("this initialiser of a member".to_owned(), span));
            }
            Some(value) if self.is_cpp_string(ty, false) => self.new_string(value, span),
            None if self.is_cpp_string(ty, false) => self.empty_string(span),
            Some(value) => self.convert(value, ty, Context::Init),
            None => {
                let zero = self.int(0, Ty::INT, span);
                self.cast(zero, ty)
            }
        };
        Ok(Some(self.assign(place, value, span)))
    }

    /// `int parts[2] = {1, 2};` within a class: the list, made and copied.
    fn copy_into_member(&mut self, place: Expr, at: usize) -> Parse<Expr> {
        let end = std::mem::replace(&mut self.at, at);
        self.eat(Punct::Assign);
        let span = self.peek().span;
        if !self.is(Punct::LBrace) {
            return Err(self.refuse("this initialiser of a member".to_owned(), span));
        }
        let list = self.compound_literal(place.ty, span);
        self.at = end;
        let pointer = self.types.ptr(Ty::VOID);
        let size_t = self.types.size_t();
        let size = self.types.size(place.ty).unwrap_or(0) as i64;
        let args = vec![
            self.addr_of(place, pointer),
            self.addr_of(list?, pointer),
            self.int(size, size_t, span),
        ];
        Ok(self.intrinsic_call("__libc_memcpy", args, span))
    }

    /// `delete` of an object: what its destructor does, before the memory goes.
    pub(crate) fn destroyed(&mut self, pointer: Expr) -> Expr {
        let span = pointer.span;
        let Some(class) = self.types.pointee(pointer.ty) else { return pointer };
        let Some(id) = self.destructor(class) else { return pointer };
        let (ty, height) = (pointer.ty, pointer.height);
        let temp = self.new_local(None, ty, span);
        if let Some(function) = &mut self.function {
            function.locals[temp as usize].initialised = true;
        }
        let value = self.expr(ExprKind::Local(temp), ty, span, 0);
        let store = self.assign(value.clone(), pointer, span);
        let object = self.deref(value.clone(), class, span);
        let call = self.call_member(id, object, Vec::new(), span);
        let kind = ExprKind::Comma(Box::new(call), Box::new(value));
        let rest = self.expr(kind, ty, span, height + 2);
        let kind = ExprKind::Comma(Box::new(store), Box::new(rest));
        self.expr(kind, ty, span, height + 3)
    }
}
