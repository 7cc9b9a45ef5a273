//! The small C++ of the lecture: streams, `std::string`, references, `new` and `delete`.
//!
//! No classes of one's own with methods, no templates, no exceptions: those are named as not
//! supported.

use crate::ast::*;
use crate::diag::Kind;
use crate::lex::{Punct, Sym, Token};
use crate::parse::{Kw, Parse, Parser, Stop};
use crate::source::Span;
use crate::types::Ty;

impl Parser {
    /// `using namespace std;` and the like; whether there was one.
    pub(crate) fn cpp_directive(&mut self) -> Parse<bool> {
        if self.kw() != Some(Kw::Using) {
            return Ok(false);
        }
        while !self.is(Punct::Semi) && self.peek().tok != crate::lex::Tok::Eof {
            self.next();
        }
        self.expect(Punct::Semi)?;
        self.uses_std = true;
        Ok(true)
    }

    pub(crate) fn cpp_starts_type(&self, _token: Token) -> bool {
        false
    }

    pub(crate) fn cpp_type_name(&mut self) -> Option<Ty> {
        None
    }

    pub(crate) fn cpp_parens_are_params(&self) -> bool {
        let next = self.peek_at(1);
        next.tok == crate::lex::Tok::Punct(Punct::RParen) || self.starts_type(next)
    }

    /// `int(x)` as an expression statement.
    pub(crate) fn cpp_is_functional_cast(&self) -> bool {
        false
    }

    pub(crate) fn cpp_default_init(&mut self, _ty: Ty, _span: Span) -> Option<Init> {
        None
    }

    pub(crate) fn cpp_initializer(&mut self, _ty: Ty, _span: Span) -> Parse<Option<Init>> {
        Ok(None)
    }

    pub(crate) fn cpp_convert(&mut self, _expr: &Expr, _to: Ty) -> Option<Expr> {
        None
    }

    pub(crate) fn cpp_truth(&mut self, _expr: &Expr) -> Option<Expr> {
        None
    }

    pub(crate) fn cpp_assign(
        &mut self,
        _op: Option<Op>,
        _left: &Expr,
        _right: &Expr,
        _span: Span,
    ) -> Option<Expr> {
        None
    }

    pub(crate) fn cpp_binary(
        &mut self,
        _punct: Punct,
        _left: &Expr,
        _right: &Expr,
        _span: Span,
    ) -> Option<Expr> {
        None
    }

    pub(crate) fn cpp_index(&mut self, _left: &Expr, _index: &Expr, _span: Span) -> Option<Expr> {
        None
    }

    pub(crate) fn is_cpp_string(&self, _ty: Ty, _arrow: bool) -> bool {
        false
    }

    pub(crate) fn cpp_string_method(
        &mut self,
        _left: Expr,
        _arrow: bool,
        _name: Sym,
        span: Span,
    ) -> Parse<Expr> {
        Ok(self.bad(span))
    }

    pub(crate) fn cpp_stream_method(
        &mut self,
        _left: &Expr,
        _name: Sym,
        _span: Span,
    ) -> Parse<Option<Expr>> {
        Ok(None)
    }

    pub(crate) fn cpp_new_delete(&mut self, span: Span) -> Parse<Expr> {
        self.error(Kind::Unsupported { what: "new".to_owned() }, span);
        Err(Stop)
    }

    pub(crate) fn cpp_keyword(&mut self, _kw: Kw, _span: Span) -> Parse<Option<Expr>> {
        Ok(None)
    }

    pub(crate) fn cpp_identifier(&mut self, _name: &str, _span: Span) -> Parse<Option<Expr>> {
        Ok(None)
    }

    pub(crate) fn functional_cast(&mut self, ty: Ty, span: Span) -> Parse<Expr> {
        self.expect(Punct::LParen)?;
        let value = self.expression()?;
        let end = self.expect(Punct::RParen)?;
        Ok(self.explicit_cast(value, ty, span.to(end)))
    }

    /// C++: the function of an overload set that fits the arguments best.
    pub(crate) fn resolve_overload(&mut self, callee: Expr, _args: &[Expr]) -> Expr {
        callee
    }
}
