//! Casts, compound literals and unary operators (C11 §6.5.2.5, §6.5.3, §6.5.4).

use crate::ast::*;
use crate::atomics::Rmw;
use crate::diag::Kind;
use crate::lex::{Punct, Tok};
use crate::parse::{Kw, Parse, Parser};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

impl Parser {
    /// cast-expression: ( type-name ) cast-expression | unary-expression
    pub(crate) fn cast_expression(&mut self) -> Parse<Expr> {
        if self.is(Punct::LParen)
            && self.starts_type(self.peek_at(1))
            && !(self.cpp && self.makes_value(self.at + 1))
        {
            let start = self.next().span;
            let ty = self.type_name_rule()?;
            self.expect(Punct::RParen)?;
            if self.is(Punct::LBrace) {
                let literal = self.compound_literal(ty, start)?;
                return self.postfix_rest(literal);
            }
            self.enter()?;
            let operand = self.cast_expression()?;
            self.leave();
            let span = start.to(operand.span);
            return Ok(self.explicit_cast(operand, ty, span));
        }
        self.unary()
    }

    pub(crate) fn explicit_cast(&mut self, operand: Expr, ty: Ty, span: Span) -> Expr {
        if self.cpp
            && ty.unqual() != Ty::VOID
            && (self.is_class(ty) || self.is_class(operand.ty) && !self.types.is_reference(ty))
        {
            let context = super::Context::Init;
            if let Some(value) = self.convert_class(&operand, ty, context) {
                return Expr { span, ..value };
            }
        }
        let operand = match operand.kind {
            ExprKind::Braced(at) => self.braced_value(at, ty, span),
            _ => operand,
        };
        let operand = if ty.unqual() == Ty::VOID { self.materialised(operand) } else { operand };
        if let TypeKind::Ref(to) | TypeKind::RRef(to) = self.types.kind(ty) {
            let operand = self.materialised(operand);
            let ptr = self.types.ptr(to);
            let height = operand.height;
            let address = self.addr_of(operand, ptr);
            return self.expr(ExprKind::Deref(Box::new(address)), to, span, height);
        }
        let operand = self.rvalue(operand);
        let from = operand.ty;
        if from == Ty::ERROR || ty == Ty::ERROR {
            return Expr { ty, span, ..operand };
        }
        if ty.unqual() == Ty::VOID {
            let height = operand.height;
            return self.expr(ExprKind::Cast(Box::new(operand)), Ty::VOID, span, height);
        }
        if self.same_type(from, ty) && !self.types.is_scalar(ty) {
            return Expr { span, ..operand };
        }
        let floats = self.types.is_float(from) && self.types.is_pointer(ty)
            || self.types.is_pointer(from) && self.types.is_float(ty);
        if !self.types.is_scalar(ty) || !self.types.is_scalar(from) || floats {
            let (from, to) = (self.type_name(from), self.type_name(ty));
            self.error(Kind::BadCast { from, to }, span);
            return self.bad(span);
        }
        self.warn_pointer_size(&operand, ty, span);
        let result = self.cast(operand, ty);
        Expr { span, ..result }
    }

    /// A pointer in an integer of another size, and a number in a pointer: as gcc warns. A constant
    /// is meant (`(void *)1`).
    fn warn_pointer_size(&mut self, operand: &Expr, ty: Ty, span: Span) {
        let from = operand.ty;
        let (Some(given), Some(size)) = (self.types.size(from), self.types.size(ty)) else {
            return;
        };
        let from_pointer = self.types.is_pointer(from);
        if given == size || from_pointer == self.types.is_pointer(ty) || ty.unqual() == Ty::BOOL {
            return;
        }
        let kind = match from_pointer {
            true => Kind::PointerCut { to: self.type_name(ty), size, pointer: given },
            false if self.const_eval(operand).is_some() => return,
            false => {
                Kind::PointerFromSmall { from: self.type_name(from), size: given, pointer: size }
            }
        };
        match self.cpp && from_pointer {
            true => self.error(kind, span),
            false => self.warning(kind, span),
        }
    }

    /// `(type){ … }`
    pub(crate) fn compound_literal(&mut self, ty: Ty, start: Span) -> Parse<Expr> {
        if self.function.is_none() {
            let name = self.intern("(compound literal)");
            let id = self.anonymous_global(name, ty, start);
            self.global_initializer(id)?;
            let ty = self.globals[id as usize].ty;
            let span = start.to(self.previous());
            return Ok(self.expr(ExprKind::Global(id), ty, span, 0));
        }
        let (init, ty) = self.local_initializer(ty, start)?;
        let local = self.new_local(None, ty, start);
        if let Some(function) = &mut self.function {
            function.locals[local as usize].in_memory = true;
            function.locals[local as usize].initialised = true;
        }
        let height = match &init {
            Init::Expr(value) => value.height,
            Init::Items(items) => items.iter().map(|item| item.value.height).max().unwrap_or(0),
        };
        let span = start.to(self.previous());
        Ok(self.expr(ExprKind::Compound(local, init), ty, span, height))
    }

    pub(super) fn unary(&mut self) -> Parse<Expr> {
        let token = self.peek();
        let start = token.span;
        match token.tok {
            Tok::Punct(punct) => match punct {
                Punct::Inc | Punct::Dec => {
                    self.next();
                    self.enter()?;
                    let operand = self.unary()?;
                    self.leave();
                    let span = start.to(operand.span);
                    if self.cpp
                        && let Some(expr) = self.cpp_unary(punct.text(), &operand, false, span)
                    {
                        return Ok(expr);
                    }
                    Ok(self.step(operand, punct == Punct::Dec, false, span))
                }
                Punct::And
                | Punct::Star
                | Punct::Plus
                | Punct::Minus
                | Punct::Tilde
                | Punct::Not => {
                    self.next();
                    self.enter()?;
                    let operand = self.cast_expression()?;
                    self.leave();
                    let span = start.to(operand.span);
                    Ok(self.unary_op(punct, operand, span))
                }
                Punct::AndAnd => self.label_address(start),
                _ => self.postfix(),
            },
            Tok::Ident(_) => match self.kw() {
                Some(Kw::Sizeof) => self.sizeof(start),
                Some(Kw::Alignof) => {
                    self.next();
                    self.expect(Punct::LParen)?;
                    let ty = self.type_name_rule()?;
                    let end = self.expect(Punct::RParen)?;
                    let align = self.types.align(ty) as i64;
                    let size_t = self.types.size_t();
                    Ok(self.int(align, size_t, start.to(end)))
                }
                Some(Kw::New | Kw::Delete) => self.cpp_new_delete(start),
                _ => self.postfix(),
            },
            _ => self.postfix(),
        }
    }

    /// sizeof unary | sizeof ( type-name )
    fn sizeof(&mut self, start: Span) -> Parse<Expr> {
        self.next();
        let size_t = self.types.size_t();
        let ty = if self.is(Punct::LParen) && self.starts_type(self.peek_at(1)) {
            self.next();
            let ty = self.type_name_rule()?;
            self.expect(Punct::RParen)?;
            if self.is(Punct::LBrace) {
                let literal = self.compound_literal(ty, start)?;
                self.postfix_rest(literal)?.ty
            } else {
                ty
            }
        } else {
            self.enter()?;
            let mark = self.temps();
            let operand = self.unary()?;
            if let Some(function) = &mut self.function {
                function.temps.truncate(mark); // it is not evaluated
            }
            self.leave();
            if matches!(operand.kind, ExprKind::Member(_, _, Some(_))) {
                self.error(Kind::SizeofBitField, operand.span);
            }
            operand.ty
        };
        let span = start.to(self.previous());
        let ty = self.types.referred(ty);
        match self.types.kind(ty) {
            TypeKind::Vla(_, local) => Ok(self.expr(ExprKind::VlaSize(local), size_t, span, 0)),
            TypeKind::Void | TypeKind::Func(_) => Ok(self.int(1, size_t, span)),
            _ => match self.types.size(ty) {
                Some(size) => Ok(self.int(size as i64, size_t, span)),
                None => {
                    let ty = self.type_name(ty);
                    self.error(Kind::IncompleteType { ty }, span);
                    Ok(self.int(1, size_t, span))
                }
            },
        }
    }

    fn unary_op(&mut self, punct: Punct, operand: Expr, span: Span) -> Expr {
        let height = operand.height;
        if self.cpp
            && let Some(expr) = self.cpp_unary(punct.text(), &operand, false, span)
        {
            return expr;
        }
        match punct {
            Punct::And => self.address(operand, span),
            Punct::Star => {
                let operand = self.rvalue(operand);
                if operand.ty == Ty::ERROR {
                    return self.bad(span);
                }
                let Some(to) = self.types.pointee(operand.ty) else {
                    let ty = self.type_name(operand.ty);
                    self.error(Kind::NotAPointer { ty }, span);
                    return self.bad(span);
                };
                self.deref(operand, to, span)
            }
            Punct::Not => {
                let operand = self.condition(operand);
                let ty = if self.cpp { Ty::BOOL } else { Ty::INT };
                if let ExprKind::Int(value) = operand.kind {
                    return self.int(i64::from(value == 0), ty, span);
                }
                self.expr(ExprKind::Not(Box::new(operand)), ty, span, height)
            }
            _ => {
                let operand = self.rvalue(operand);
                if operand.ty == Ty::ERROR {
                    return operand;
                }
                let ok = match punct {
                    Punct::Tilde => self.types.is_integer(operand.ty),
                    _ => self.types.is_arith(operand.ty),
                };
                if !ok {
                    let ty = self.type_name(operand.ty);
                    self.error(Kind::BadOperand { ty }, span);
                    return self.bad(span);
                }
                let ty = self.types.promote(operand.ty);
                let operand = self.cast(operand, ty);
                match (punct, &operand.kind) {
                    (Punct::Plus, _) => Expr { span, ..operand },
                    (Punct::Minus, ExprKind::Int(value)) => {
                        let value = value.wrapping_neg();
                        self.int(value, ty, span)
                    }
                    (Punct::Minus, ExprKind::Float(value)) => {
                        let value = -value;
                        self.expr(ExprKind::Float(value), ty, span, 0)
                    }
                    (Punct::Tilde, ExprKind::Int(value)) => {
                        let value = !value;
                        self.int(value, ty, span)
                    }
                    (Punct::Minus, _) => {
                        self.expr(ExprKind::Neg(Box::new(operand)), ty, span, height)
                    }
                    _ => self.expr(ExprKind::BitNot(Box::new(operand)), ty, span, height),
                }
            }
        }
    }

    pub(crate) fn deref(&mut self, pointer: Expr, to: Ty, span: Span) -> Expr {
        let height = pointer.height;
        if self.types.is_func(to) {
            // `*f` of a function is the function again.
            if let ExprKind::AddrOf(inner) = pointer.kind {
                return *inner;
            }
        }
        if to.unqual() == Ty::VOID {
            self.error(Kind::VoidDereferenced, span);
            return self.bad(span);
        }
        self.expr(ExprKind::Deref(Box::new(pointer)), to, span, height)
    }

    pub(super) fn address(&mut self, operand: Expr, span: Span) -> Expr {
        if operand.ty == Ty::ERROR {
            return self.bad(span);
        }
        if self.types.is_func(operand.ty) {
            let ty = self.types.ptr(operand.ty);
            let address = self.addr_of(operand, ty);
            return Expr { span, ..address };
        }
        if !self.is_lvalue(&operand) {
            self.error(Kind::NotAddressable, span);
            return self.bad(span);
        }
        if let ExprKind::Member(_, _, Some(_)) = operand.kind {
            self.error(Kind::AddressOfBitField, span);
            return self.bad(span);
        }
        let ty = self.types.ptr(operand.ty);
        let address = self.addr_of(operand, ty);
        Expr { span, ..address }
    }

    pub(crate) fn step(&mut self, operand: Expr, minus: bool, post: bool, span: Span) -> Expr {
        if operand.ty == Ty::ERROR {
            return operand;
        }
        self.check_assignable(&operand);
        let scale = match self.types.pointee(operand.ty) {
            Some(to) => Some(self.scale(to, span)),
            None if self.types.is_arith(operand.ty) => None,
            None => {
                let ty = self.type_name(operand.ty);
                self.error(Kind::BadOperand { ty }, span);
                return self.bad(span);
            }
        };
        if operand.ty.is_atomic() && self.types.is_integer(operand.ty) {
            let one = self.int(1, Ty::INT, span);
            let work = if minus { Rmw::Sub } else { Rmw::Add };
            return self.atomic_update(operand, one, work, !post, span);
        }
        let (ty, height) = (operand.ty.unqual(), operand.height);
        let kind = ExprKind::Step { left: Box::new(operand), scale, minus, post };
        self.expr(kind, ty, span, height)
    }
}
