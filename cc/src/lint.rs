//! Hints for the beginner's mistakes with sockets. Never a false alarm: a lint speaks only where
//! the mistake is certain.

use crate::ast::{Callee, Expr};
use crate::parse::Parser;
use crate::source::Span;

/// Looks at the whole program.
pub(crate) fn lint(_parser: &mut Parser) {}

impl Parser {
    /// Looks at one call as it is parsed.
    pub(crate) fn check_call(&mut self, _callee: &Callee, _args: &[Expr], _span: Span) {}
}
