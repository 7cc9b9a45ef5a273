//! `<<`, `>>` and the members of streams.

use super::Library;
use crate::ast::*;
use crate::diag::Kind;
use crate::lex::{Punct, Sym};
use crate::parse::{Parse, Parser};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

impl Parser {
    /// `stream << value`
    pub(super) fn output(&mut self, stream: Expr, value: Expr, span: Span) -> Expr {
        let target = self.pointer_to(stream);
        let library = self.library(value.ty);
        if library == Some(Library::String) {
            let text = self.pointer_to(value);
            let call = self.library_call("__out_string", vec![target, text], span);
            return self.pointed(call);
        }
        let value = self.rvalue(value);
        let ty = value.ty;
        let name = match self.types.kind(ty) {
            TypeKind::Error => return self.bad(span),
            _ if library == Some(Library::Manip) => "__out_manip",
            TypeKind::Char | TypeKind::SChar | TypeKind::UChar => "__out_char",
            TypeKind::Bool => "__out_bool",
            TypeKind::Ptr(to) if self.types.size(to) == Some(1) && self.types.is_integer(to) => {
                "__out_cstr"
            }
            TypeKind::Nullptr => {
                let text = self.text_literal("nullptr", span);
                return self.output_text(target, text, span);
            }
            TypeKind::Ptr(_) => "__out_pointer",
            _ if self.types.is_float(ty) => "__out_double",
            _ if self.types.is_integer(ty) && self.types.is_signed(ty) => "__out_int",
            _ if self.types.is_integer(ty) => "__out_uint",
            _ => {
                let right = self.type_name(ty);
                self.error(Kind::BadOperands { left: "std::ostream".to_owned(), right }, span);
                return self.bad(span);
            }
        };
        let call = self.library_call(name, vec![target, value], span);
        self.pointed(call)
    }

    fn output_text(&mut self, target: Expr, text: Expr, span: Span) -> Expr {
        let call = self.library_call("__out_cstr", vec![target, text], span);
        self.pointed(call)
    }

    /// `stream >> lvalue`
    pub(super) fn input(&mut self, stream: Expr, value: Expr, span: Span) -> Expr {
        let source = self.pointer_to(stream);
        if self.library(value.ty) == Some(Library::Manip) {
            return self.pointed(source);
        }
        if value.ty != Ty::ERROR && !self.is_lvalue(&value) {
            self.error(Kind::NotAssignable, value.span);
            return self.bad(span);
        }
        let ty = value.ty;
        let mut extra = Vec::new();
        let name = match self.types.kind(ty) {
            TypeKind::Error => return self.bad(span),
            _ if self.is_string(ty) => "__in_string",
            TypeKind::Array(of, len) if of.unqual() == Ty::CHAR => {
                extra.push(self.int(len as i64, Ty::INT, span));
                "__in_cstr"
            }
            TypeKind::Char | TypeKind::SChar | TypeKind::UChar => "__in_char",
            TypeKind::Float => "__in_float",
            TypeKind::Double => "__in_double",
            _ if self.types.is_integer(ty) => {
                let size = self.types.size(ty).unwrap_or(4) as i64;
                let signed = i64::from(self.types.is_signed(ty));
                extra.push(self.int(size, Ty::INT, span));
                extra.push(self.int(signed, Ty::INT, span));
                "__in_int"
            }
            _ => {
                let right = self.type_name(ty);
                self.error(Kind::BadOperands { left: "std::istream".to_owned(), right }, span);
                return self.bad(span);
            }
        };
        let target =
            if self.types.is_array(ty) { self.rvalue(value) } else { self.pointer_to(value) };
        let mut args = vec![source, target];
        args.extend(extra);
        let call = self.library_call(name, args, span);
        self.pointed(call)
    }

    /// `cin.getline(…)`, `cout.flush()`, …; `None`: no stream.
    pub(crate) fn cpp_stream_method(
        &mut self,
        left: &Expr,
        name: Sym,
        span: Span,
    ) -> Parse<Option<Expr>> {
        let library = match self.library(left.ty) {
            Some(library @ (Library::In | Library::Out)) => library,
            _ => return Ok(None),
        };
        let text = self.text(name);
        self.expect(Punct::LParen)?;
        let mut args = self.arguments_until(Punct::RParen)?;
        let span = span.to(self.previous());
        let stream = self.pointer_to(left.clone());
        args.insert(0, stream);
        let (function, pointed) = match (library, text.as_str(), args.len()) {
            (Library::Out, "flush", 1) => ("__out_flush", true),
            (Library::Out, "write", 3) => ("__out_write", true),
            (Library::Out, "put", 2) => ("__out_char", true),
            (Library::Out, "good", 1) => return Ok(Some(self.int(1, Ty::BOOL, span))),
            (Library::In, "getline", 3) => ("__in_getline_buffer", true),
            (Library::In, "get", 1) => ("__in_get", false),
            (Library::In, "eof", 1) => ("__in_eof", false),
            (Library::In, "fail" | "bad", 1) => ("__in_fail", false),
            (Library::In, "good", 1) => ("__in_ok", false),
            (Library::In, "clear", 1) => ("__in_clear", false),
            (Library::In, "ignore", 1..=3) => {
                if args.len() == 1 {
                    args.push(self.int(1, Ty::INT, span));
                }
                if args.len() == 2 {
                    args.push(self.int(-1, Ty::INT, span));
                }
                ("__in_ignore", true)
            }
            _ => {
                let what =
                    format!("{}::{text}", if library == Library::In { "cin" } else { "cout" });
                self.error(Kind::Unsupported { what }, span);
                return Ok(Some(self.bad(span)));
            }
        };
        let call = self.library_call(function, args, span);
        Ok(Some(if pointed { self.pointed(call) } else { call }))
    }
}
