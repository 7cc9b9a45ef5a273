//! Lambdas: a class whose members are what the body names of the function around it.

use super::state::{Capture, Class, Lambda, Method};
use crate::ast::*;
use crate::expr::Context;
use crate::lex::{Punct, Sym, Tok};
use crate::parse::{Declarator, Entry, Function, Kw, Parse, Parser, Stop};
use crate::source::Span;
use crate::types::{Func, Ty};

impl Parser {
    /// A local variable: of this function, or of one around a lambda.
    pub(crate) fn variable(
        &mut self,
        scope: u32,
        id: LocalId,
        name: Sym,
        span: Span,
    ) -> Parse<Expr> {
        let own = self.function.as_ref().is_none_or(|function| scope > function.scope);
        if own || !self.cpp {
            let ty = match &mut self.function {
                Some(function) => {
                    function.locals[id as usize].used = true;
                    function.locals[id as usize].ty
                }
                None => Ty::ERROR,
            };
            let expr = self.expr(ExprKind::Local(id), ty, span, 0);
            return Ok(self.through_reference(expr));
        }
        let Some(level) = self.cxx.lambdas.len().checked_sub(1) else {
            let what = format!("{} of the function around", self.text(name));
            return Err(self.refuse(what, span));
        };
        if let Some(value) = self.outer_constant(level, scope, id) {
            let ty = self.outer_type(level, scope, id);
            return Ok(self.int(value, ty.unqual(), span));
        }
        let Some(capture) = self.capture(level, scope, id, name) else {
            let name = self.text(name);
            self.error(crate::diag::Kind::NotCaptured { name }, span);
            return Ok(self.bad(span));
        };
        let lambda = &self.cxx.lambdas[level];
        let (ty, mutable, closure) = (lambda.ty, lambda.mutable, lambda.closure);
        let Some(closure) = closure else { return Ok(self.bad(span)) };
        let pointer = self.types.ptr(ty);
        let this = self.local_value(closure, pointer, span);
        let object = self.deref(this, ty, span);
        let height = object.height;
        let konst = !mutable && !self.types.is_reference(capture.ty);
        let kind = ExprKind::Member(Box::new(object), capture.offset, None);
        let member =
            self.expr(kind, capture.ty.with_const_if(konst || capture.ty.is_const()), span, height);
        Ok(self.through_reference(member))
    }

    /// The function around the lambda of this level in which a variable is: its level.
    fn owner(&self, level: usize, scope: u32) -> usize {
        (0..=level)
            .rev()
            .find(|at| {
                self.cxx.lambdas[*at].outer.as_ref().is_some_and(|outer| scope > outer.scope)
            })
            .unwrap_or(0)
    }

    fn outer_type(&self, level: usize, scope: u32, id: LocalId) -> Ty {
        let outer = self.cxx.lambdas[self.owner(level, scope)].outer.as_ref();
        outer.and_then(|outer| outer.locals.get(id as usize)).map_or(Ty::ERROR, |local| local.ty)
    }

    fn outer_constant(&self, level: usize, scope: u32, id: LocalId) -> Option<i64> {
        self.cxx.lambdas[self.owner(level, scope)].constants.get(&id).copied()
    }

    /// The member of the lambda that stands for a variable; made at its first use.
    fn capture(&mut self, level: usize, scope: u32, id: LocalId, name: Sym) -> Option<Capture> {
        let known = self.cxx.lambdas[level].captures.iter().find(|it| it.variable == (scope, id));
        if let Some(known) = known {
            return Some(known.clone());
        }
        let by_reference = self.cxx.lambdas[level].default?;
        let owner = self.owner(level, scope);
        if owner < level {
            self.capture(level - 1, scope, id, name)?;
        }
        let ty = self.outer_type(level, scope, id);
        let by_reference = by_reference && name != self.this;
        Some(self.add_capture(level, (scope, id), name, ty, by_reference, None))
    }

    fn add_capture(
        &mut self,
        level: usize,
        variable: (u32, LocalId),
        name: Sym,
        ty: Ty,
        by_reference: bool,
        init: Option<Expr>,
    ) -> Capture {
        let of = self.types.referred(ty);
        let ty = if by_reference { self.types.reference(of) } else { of.unqual() };
        let (size, align) = (self.types.size(ty).unwrap_or(8), self.types.align(ty).max(1));
        let lambda = &mut self.cxx.lambdas[level];
        let offset = lambda.size.next_multiple_of(align);
        lambda.size = offset + size;
        let capture = Capture { name, variable, ty, offset, init };
        lambda.captures.push(capture.clone());
        capture
    }

    /// `[captures](parameters) -> type { body }`, from the `[`.
    pub(crate) fn lambda(&mut self, start: Span) -> Parse<Expr> {
        if self.function.is_none() {
            return Err(self.refuse("a lambda outside of functions".to_owned(), start));
        }
        let ty = self.types.new_record(None, false, start);
        let full = format!("(lambda {})", self.types.records.len());
        if let Some(class) = self.class_mut(ty) {
            *class = Class { full, ..Class::default() };
        }
        let listed = self.capture_list()?;
        let alone = listed.is_empty();
        self.enter()?;
        let outer = self.function.take();
        let constants = std::mem::take(&mut self.const_locals);
        let default = listed.iter().find(|it| it.0.is_none()).map(|it| it.1);
        let lambda = Lambda {
            outer,
            constants,
            ty,
            closure: None,
            default,
            mutable: false,
            captures: Vec::new(),
            size: 0,
        };
        self.cxx.lambdas.push(lambda);
        let conditional = std::mem::take(&mut self.cxx.conditional);
        let depth = self.scope;
        let read = self.lambda_body(ty, listed, alone, start);
        while self.scope > depth {
            self.pop_scope();
        }
        self.cxx.conditional = conditional;
        let lambda = self.cxx.lambdas.pop();
        let Some(lambda) = lambda else { return Err(Stop) };
        self.function = lambda.outer;
        self.const_locals = lambda.constants;
        self.leave();
        read?;
        self.closure_object(ty, lambda.captures, start)
    }

    /// `[=, &x, this, n = f()]`: name (`None`: the default), by reference, initialiser.
    #[allow(clippy::type_complexity)] // one row of the list
    fn capture_list(&mut self) -> Parse<Vec<(Option<Sym>, bool, Option<Expr>)>> {
        self.expect(Punct::LBracket)?;
        let mut listed = Vec::new();
        while !self.is(Punct::RBracket) {
            let reference = self.eat(Punct::And);
            if self.eat(Punct::Assign) {
                listed.push((None, false, None));
            } else if let Tok::Ident(name) = self.peek().tok {
                self.next();
                let init = match self.eat(Punct::Assign) {
                    true => {
                        let value = self.assignment()?;
                        Some(match reference {
                            true => value,
                            false => {
                                let ty = self.decayed(&value);
                                self.convert(value, ty, Context::Init)
                            }
                        })
                    }
                    false => None,
                };
                listed.push((Some(name), reference, init));
            } else if reference {
                listed.push((None, true, None));
            } else {
                self.eat(Punct::Star);
                if self.kw() != Some(Kw::This) {
                    let what = "this capture".to_owned();
                    return Err(self.refuse(what, self.peek().span));
                }
            }
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.expect(Punct::RBracket)?;
        Ok(listed)
    }

    fn lambda_body(
        &mut self,
        ty: Ty,
        listed: Vec<(Option<Sym>, bool, Option<Expr>)>,
        alone: bool,
        start: Span,
    ) -> Parse<()> {
        let params = match self.eat(Punct::LParen) {
            true => self.lambda_parameters()?,
            false => Vec::new(),
        };
        let mut declarator = Declarator::of(None, start, Ty::VOID);
        let types: Vec<Ty> = params.iter().map(|(_, ty, _)| *ty).collect();
        if types.iter().any(|ty| self.types.has_auto(*ty)) {
            return Err(self.refuse("a lambda with auto parameters".to_owned(), start));
        }
        let func = Func { ret: Ty::AUTO, params: types, variadic: false, prototype: true };
        declarator.ty = self.types.func(func);
        let level = self.cxx.lambdas.len() - 1;
        if self.spelling(self.peek()) == "mutable" {
            self.next();
            self.cxx.lambdas[level].mutable = true;
        }
        self.method_qualifiers(&mut declarator)?;
        declarator.params = params;
        if !alone {
            declarator = self.with_this(declarator, ty);
            let closure = self.cxx.closure;
            declarator.params[0].0 = Some(closure);
        }
        let Some(func) = self.types.func_of(declarator.ty).cloned() else { return Err(Stop) };
        let name = self.intern("(lambda)");
        let id = self.new_function(name, declarator.ty, start, false);
        self.function = Some(Function::new(name, func.ret, false, self.scope));
        self.push_scope();
        if !alone {
            self.cxx.lambdas[level].closure = Some(0);
        }
        for (name, by_reference, init) in listed {
            let Some(name) = name else { continue };
            self.listed_capture(level, name, by_reference, init, start)?;
        }
        let locals = self.parameters_as_locals(&declarator, &func);
        let open = self.expect(Punct::LBrace)?;
        let stmts = self.block_items(open);
        self.end_body(id, locals, stmts);
        let operator = self.intern("operator()");
        let method = Method {
            name: operator,
            id,
            is_static: false,
            is_const: true,
            deleted: false,
            defaulted: false,
            explicit: false,
        };
        if let Some(class) = self.class_mut(ty) {
            match alone {
                true => class.closure = Some(id),
                false => class.methods.push(method),
            }
        }
        Ok(())
    }

    /// A capture that the list names.
    fn listed_capture(
        &mut self,
        level: usize,
        name: Sym,
        by_reference: bool,
        init: Option<Expr>,
        span: Span,
    ) -> Parse<()> {
        if let Some(init) = init {
            // A name of its own, which no variable has.
            let variable = (u32::MAX, self.cxx.lambdas[level].captures.len() as LocalId);
            self.add_capture(level, variable, name, init.ty, by_reference, Some(init));
            self.bind(name, Entry::Captured(variable.1));
            return Ok(());
        }
        match self.lookup_scoped(name) {
            Some((scope, Entry::Local(id))) => {
                let owner = self.owner(level, scope);
                if owner < level {
                    self.capture(level - 1, scope, id, name);
                }
                let ty = self.outer_type(level, scope, id);
                let by_reference = by_reference && name != self.this;
                self.add_capture(level, (scope, id), name, ty, by_reference, None);
            }
            Some((_, Entry::Captured(index))) if level > 0 => {
                let inner = self.cxx.lambdas[level - 1].captures.get(index as usize).cloned();
                let Some(inner) = inner else { return Ok(()) };
                self.add_capture(level, inner.variable, name, inner.ty, by_reference, None);
                let index = self.cxx.lambdas[level].captures.len() as u32 - 1;
                self.bind(name, Entry::Captured(index));
            }
            Some(_) => {}
            None => {
                let name = self.text(name);
                self.error(
                    crate::diag::Kind::Undeclared { name, suggestion: None, header: None },
                    span,
                );
            }
        }
        Ok(())
    }

    /// A capture with a name of its own.
    pub(crate) fn captured(&mut self, index: u32, span: Span) -> Parse<Expr> {
        let Some(level) = self.cxx.lambdas.len().checked_sub(1) else { return Ok(self.bad(span)) };
        let lambda = &self.cxx.lambdas[level];
        let (ty, mutable) = (lambda.ty, lambda.mutable);
        let (Some(closure), Some(capture)) =
            (lambda.closure, lambda.captures.get(index as usize).cloned())
        else {
            return Ok(self.bad(span));
        };
        let pointer = self.types.ptr(ty);
        let this = self.local_value(closure, pointer, span);
        let object = self.deref(this, ty, span);
        let height = object.height;
        let konst = !mutable && !self.types.is_reference(capture.ty);
        let kind = ExprKind::Member(Box::new(object), capture.offset, None);
        let member = self.expr(kind, capture.ty.with_const_if(konst), span, height);
        Ok(self.through_reference(member))
    }

    /// The object: what it captures is put into it.
    fn closure_object(&mut self, ty: Ty, captures: Vec<Capture>, start: Span) -> Parse<Expr> {
        let span = start.to(self.previous());
        let members = captures.iter().map(|it| (Some(it.name), it.ty, None, start)).collect();
        self.types.lay_out(ty, members, crate::types::Pack::No, 1);
        if let Some(record) = self.types.record_mut(ty)
            && record.size == 0
        {
            record.size = 1;
        }
        let local = self.hidden_local(ty, span);
        let mut items = Vec::new();
        let mut height = 0;
        for capture in captures {
            let value = match capture.init {
                Some(init) => init,
                None if capture.variable.0 == u32::MAX => {
                    self.captured(capture.variable.1, span)?
                }
                None => {
                    self.variable(capture.variable.0, capture.variable.1, capture.name, span)?
                }
            };
            let value = self.convert(value, capture.ty, Context::Init);
            height = height.max(value.height);
            items.push(InitItem { offset: capture.offset, ty: capture.ty, bits: None, value });
        }
        let object = self.expr(ExprKind::Compound(local, Init::Items(items)), ty, span, height);
        let height = object.height;
        Ok(self.expr(ExprKind::Construct(local, Box::new(object), false), ty, span, height))
    }
}
