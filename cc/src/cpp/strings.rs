//! `std::string`: values, operators, members.

use super::Library;
use crate::ast::*;
use crate::diag::Kind;
use crate::lex::{Punct, Sym};
use crate::parse::{Parse, Parser};
use crate::source::Span;
use crate::types::Ty;

impl Parser {
    pub(crate) fn empty_string(&mut self, span: Span) -> Expr {
        let text = self.text_literal("", span);
        let zero = self.int(0, Ty::INT, span);
        self.library_call("__string_make", vec![text, zero], span)
    }

    pub(super) fn text_literal(&mut self, text: &str, span: Span) -> Expr {
        let mut bytes = text.as_bytes().to_vec();
        bytes.push(0);
        let ty = self.types.array(Ty::CHAR.with_const(), bytes.len() as u64);
        let id = self.string(bytes, 1);
        self.expr(ExprKind::Str(id), ty, span, 0)
    }

    pub(super) fn is_text(&self, ty: Ty) -> bool {
        let of = self.types.pointee(ty).or_else(|| self.types.element(ty));
        of.is_some_and(|of| of.unqual() == Ty::CHAR)
    }

    /// A new string with the value's contents.
    pub(crate) fn new_string(&mut self, value: Expr, span: Span) -> Expr {
        if self.is_string(value.ty) {
            // The result of a call is new already.
            if matches!(value.kind, ExprKind::Call { .. }) {
                return value;
            }
            let pointer = self.pointer_to(value);
            return self.library_call("__string_copy", vec![pointer], span);
        }
        if self.is_text(value.ty) {
            return self.library_call("__string_from", vec![value], span);
        }
        if value.ty == Ty::ERROR {
            return value;
        }
        let from = self.type_name(value.ty);
        self.error(Kind::Incompatible { from, to: "std::string".to_owned() }, span);
        self.bad(span)
    }

    /// A pointer to a string with the value's contents, which is not changed.
    fn string_pointer(&mut self, value: Expr, span: Span) -> Expr {
        if self.is_string(value.ty) {
            return self.pointer_to(value);
        }
        if value.ty == Ty::CHAR {
            let one = self.int(1, Ty::INT, span);
            let made = self.library_call("__string_fill", vec![one, value], span);
            return self.pointer_to(made);
        }
        let made = self.new_string(value, span);
        self.pointer_to(made)
    }

    /// Conversions to `std::string`, also the copy that passing by value makes.
    pub(crate) fn cpp_convert(&mut self, expr: &Expr, to: Ty) -> Option<Expr> {
        if !self.is_string(to) || expr.ty == Ty::ERROR {
            return None;
        }
        Some(self.new_string(expr.clone(), expr.span))
    }

    /// `while (cin >> x)`, `if (!cin)`.
    pub(crate) fn cpp_truth(&mut self, expr: &Expr) -> Option<Expr> {
        match self.library(expr.ty)? {
            Library::In => {
                let pointer = self.pointer_to(expr.clone());
                Some(self.library_call("__in_ok", vec![pointer], expr.span))
            }
            Library::Out => Some(self.int(1, Ty::BOOL, expr.span)),
            _ => None,
        }
    }

    /// `=` and `+=` on strings.
    pub(crate) fn cpp_assign(
        &mut self,
        op: Option<Op>,
        left: &Expr,
        right: &Expr,
        span: Span,
    ) -> Option<Expr> {
        if !self.is_string(left.ty) {
            return None;
        }
        match op {
            None => {
                let value = if right.ty == Ty::CHAR {
                    let one = self.int(1, Ty::INT, span);
                    self.library_call("__string_fill", vec![one, right.clone()], span)
                } else {
                    self.new_string(right.clone(), span)
                };
                let (ty, height) = (left.ty.unqual(), left.height.max(value.height));
                let kind = ExprKind::Assign(Box::new(left.clone()), Box::new(value));
                Some(self.expr(kind, ty, span, height))
            }
            Some(Op::Add) => {
                let target = self.pointer_to(left.clone());
                let call = if self.types.is_integer(right.ty) {
                    let args = vec![target, right.clone()];
                    self.library_call("__string_append_char", args, span)
                } else {
                    let text = self.string_pointer(right.clone(), span);
                    self.library_call("__string_append", vec![target, text], span)
                };
                Some(self.pointed(call))
            }
            _ => None,
        }
    }

    /// Operators on streams and strings; `None`: as in C.
    pub(crate) fn cpp_binary(
        &mut self,
        punct: Punct,
        left: &Expr,
        right: &Expr,
        span: Span,
    ) -> Option<Expr> {
        match (punct, self.library(left.ty)) {
            (Punct::Shl, Some(Library::Out)) => {
                return Some(self.output(left.clone(), right.clone(), span));
            }
            (Punct::Shr, Some(Library::In)) => {
                return Some(self.input(left.clone(), right.clone(), span));
            }
            _ => {}
        }
        if !self.is_string(left.ty) && !self.is_string(right.ty) {
            return None;
        }
        let (left, right) = (left.clone(), right.clone());
        if punct == Punct::Plus {
            let (a, b) = (self.string_pointer(left, span), self.string_pointer(right, span));
            return Some(self.library_call("__string_concat", vec![a, b], span));
        }
        let (op, swap) = match punct {
            Punct::EqEq => (Op::Eq, false),
            Punct::Ne => (Op::Ne, false),
            Punct::Lt => (Op::Lt, false),
            Punct::Le => (Op::Le, false),
            Punct::Gt => (Op::Lt, true),
            Punct::Ge => (Op::Le, true),
            _ => return None,
        };
        let (a, b) = (self.string_pointer(left, span), self.string_pointer(right, span));
        let order = self.library_call("__string_compare", vec![a, b], span);
        let zero = self.int(0, Ty::INT, span);
        let (a, b) = if swap { (zero, order) } else { (order, zero) };
        Some(self.arith(op, a, b, Ty::INT, span))
    }

    /// `s[i]`
    pub(crate) fn cpp_index(&mut self, left: &Expr, index: &Expr, span: Span) -> Option<Expr> {
        if !self.is_string(left.ty) {
            return None;
        }
        let pointer = self.pointer_to(left.clone());
        let call = self.library_call("__string_at", vec![pointer, index.clone()], span);
        Some(self.pointed(call))
    }

    pub(crate) fn is_cpp_string(&self, ty: Ty, arrow: bool) -> bool {
        if arrow {
            return self.types.pointee(ty).is_some_and(|to| self.is_string(to));
        }
        self.is_string(ty)
    }

    /// `s.length()` and the like, after the member's name.
    pub(crate) fn cpp_string_method(
        &mut self,
        left: Expr,
        arrow: bool,
        name: Sym,
        span: Span,
    ) -> Parse<Expr> {
        let object = if arrow {
            let pointer = self.rvalue(left);
            self.pointed(pointer)
        } else {
            left
        };
        let text = self.text(name);
        self.expect(Punct::LParen)?;
        let mut args = self.arguments_until(Punct::RParen)?;
        let span = span.to(self.previous());
        let size_t = self.types.size_t();
        let pointer = self.pointer_to(object.clone());
        let field = |parser: &mut Parser, name: &str| {
            let sym = parser.intern(name);
            let (offset, ty, _) =
                parser.types.member(object.ty, sym).unwrap_or((0, Ty::ERROR, None));
            let height = object.height;
            parser.expr(ExprKind::Member(Box::new(object.clone()), offset, None), ty, span, height)
        };
        let npos = |parser: &mut Parser| parser.int(-1, size_t, span);
        Ok(match (text.as_str(), args.len()) {
            ("length" | "size", 0) => {
                let len = field(self, "__len");
                self.cast(len, size_t)
            }
            ("c_str" | "data", 0) => {
                let p = field(self, "__p");
                let ty = self.types.ptr(Ty::CHAR.with_const());
                self.cast(p, ty)
            }
            ("empty", 0) => {
                let len = field(self, "__len");
                let len = self.cast(len, size_t);
                let zero = self.int(0, size_t, span);
                self.arith(Op::Eq, len, zero, size_t, span)
            }
            ("substr", 1 | 2) => {
                if args.len() == 1 {
                    args.push(npos(self));
                }
                args.insert(0, pointer);
                self.library_call("__string_substr", args, span)
            }
            ("find", 1 | 2) => {
                if args.len() == 1 {
                    args.push(self.int(0, size_t, span));
                }
                let is_char = self.types.is_integer(args[0].ty);
                let name = if is_char { "__string_find_char" } else { "__string_find" };
                if !is_char {
                    let text = args.remove(0);
                    let text = self.string_pointer(text, span);
                    args.insert(0, text);
                }
                args.insert(0, pointer);
                self.library_call(name, args, span)
            }
            ("append", 1) => {
                let text = self.string_pointer(args.remove(0), span);
                let call = self.library_call("__string_append", vec![pointer, text], span);
                self.pointed(call)
            }
            ("append", 2) => {
                let made = self.library_call("__string_make", args, span);
                let text = self.pointer_to(made);
                let call = self.library_call("__string_append", vec![pointer, text], span);
                self.pointed(call)
            }
            ("assign", 1) => {
                let value = args.remove(0);
                self.cpp_assign(None, &object, &value, span).unwrap_or_else(|| self.bad(span))
            }
            ("assign", 2) => {
                let made = self.library_call("__string_make", args, span);
                self.cpp_assign(None, &object, &made, span).unwrap_or_else(|| self.bad(span))
            }
            ("push_back", 1) => {
                args.insert(0, pointer);
                let call = self.library_call("__string_append_char", args, span);
                self.cast(call, Ty::VOID)
            }
            ("pop_back", 0) => self.library_call("__string_pop", vec![pointer], span),
            ("clear", 0) => self.library_call("__string_clear", vec![pointer], span),
            ("erase", 1 | 2) => {
                if args.len() == 1 {
                    args.push(npos(self));
                }
                args.insert(0, pointer);
                self.library_call("__string_erase", args, span)
            }
            ("resize", 1) => {
                args.insert(0, pointer);
                self.library_call("__string_resize", args, span)
            }
            ("compare", 1) => {
                let text = self.string_pointer(args.remove(0), span);
                self.library_call("__string_compare", vec![pointer, text], span)
            }
            ("at", 1) => {
                args.insert(0, pointer);
                let call = self.library_call("__string_at", args, span);
                self.pointed(call)
            }
            ("front" | "back", 0) => {
                let index = if text == "front" {
                    self.int(0, size_t, span)
                } else {
                    let len = field(self, "__len");
                    let one = self.int(1, size_t, span);
                    let len = self.cast(len, size_t);
                    self.arith(Op::Sub, len, one, size_t, span)
                };
                let call = self.library_call("__string_at", vec![pointer, index], span);
                self.pointed(call)
            }
            _ => {
                self.error(Kind::Unsupported { what: format!("std::string::{text}") }, span);
                self.bad(span)
            }
        })
    }
}
