//! `goto` (C11 §6.8.6.1), and GNU's labels as values: `&&label`, `goto *pointer`.
//!
//! A label's value is a number of its own. `goto *pointer` keeps the number and jumps to the
//! function's end, where a `switch` over the labels whose value was taken finds the place.

use super::{Parse, Parser, Stop};
use crate::ast::*;
use crate::diag::Kind;
use crate::lex::{Punct, Tok};
use crate::source::Span;
use crate::types::Ty;

/// What a function's computed jumps need.
#[derive(Default)]
pub(super) struct Computed {
    /// Labels whose value was taken.
    taken: Vec<LabelId>,
    /// Where the number is kept, and the label of the `switch`.
    dispatch: Option<(LocalId, LabelId)>,
}

/// A label's value: unlike any address that this machine gives out, and never NULL.
fn number(label: LabelId) -> i64 {
    0x40_0000 + 16 * i64::from(label)
}

impl Parser {
    /// goto name ; | goto * expression ;
    pub(super) fn goto_statement(&mut self, start: Span) -> Parse<Stmt> {
        self.next();
        if self.eat(Punct::Star) {
            return self.computed_goto(start);
        }
        let token = self.next();
        let Tok::Ident(sym) = token.tok else {
            let found = self.spelling(token);
            self.error(Kind::ExpectedName { found }, token.span);
            return Err(Stop);
        };
        let label = self.label(sym, token.span, false);
        self.expect(Punct::Semi)?;
        Ok(Stmt { kind: StmtKind::Goto(label), span: start.to(token.span) })
    }

    fn computed_goto(&mut self, start: Span) -> Parse<Stmt> {
        let target = self.expression()?;
        self.expect(Punct::Semi)?;
        let span = start.to(self.previous());
        let target = self.explicit_cast(target, Ty::LLONG, span);
        let known = self.function.as_ref().and_then(|function| function.jumps.dispatch);
        let (local, label) = known.unwrap_or_else(|| (self.jump_target(span), self.new_label()));
        if let Some(function) = &mut self.function {
            function.jumps.dispatch = Some((local, label));
        }
        let kept = self.expr(ExprKind::Local(local), Ty::LLONG, span, 0);
        let kept = self.assign(kept, target, span);
        let keep = Stmt { kind: StmtKind::Expr(kept), span };
        let jump = Stmt { kind: StmtKind::Goto(label), span };
        Ok(Stmt { kind: StmtKind::Block(vec![keep, jump], Vec::new()), span })
    }

    /// A variable without name that lives as long as the function.
    fn jump_target(&mut self, span: Span) -> LocalId {
        let local = self.new_local(None, Ty::LLONG, span);
        if let Some(function) = &mut self.function {
            function.locals[local as usize].initialised = true;
            if let Some(scope) = function.scope_locals.last_mut() {
                scope.pop();
            }
        }
        local
    }

    /// `&&label`, a `void *`.
    pub(crate) fn label_address(&mut self, start: Span) -> Parse<Expr> {
        let operator = self.next();
        let token = self.next();
        let (Tok::Ident(sym), true) = (token.tok, self.function.is_some()) else {
            let found = self.spelling(operator);
            self.error(Kind::ExpectedExpression { found }, operator.span);
            return Err(Stop);
        };
        let label = self.label(sym, token.span, false);
        if let Some(function) = &mut self.function
            && !function.jumps.taken.contains(&label)
        {
            function.jumps.taken.push(label);
        }
        let span = start.to(token.span);
        let value = self.int(number(label), Ty::LLONG, span);
        let pointer = self.types.ptr(Ty::VOID);
        Ok(self.explicit_cast(value, pointer, span))
    }

    /// Where computed jumps go: behind the function's end, which goes past it.
    pub(super) fn dispatch_jumps(&mut self, end: Span) -> Vec<Stmt> {
        let Some(function) = &mut self.function else { return Vec::new() };
        let Computed { taken, dispatch: Some((local, label)) } =
            std::mem::take(&mut function.jumps)
        else {
            return Vec::new();
        };
        let past = self.new_label();
        let stmt = |kind| Stmt { kind, span: end };
        let cond = self.expr(ExprKind::Local(local), Ty::LLONG, end, 0);
        let cases = taken.iter().map(|label| (number(*label), number(*label), *label)).collect();
        let body = Box::new(stmt(StmtKind::Empty));
        let switch = stmt(StmtKind::Switch { cond, cases, default: None, body });
        let nowhere = self.intrinsic_call("__builtin_unreachable", Vec::new(), end);
        vec![
            stmt(StmtKind::Goto(past)),
            stmt(StmtKind::Label(label, Box::new(switch))),
            stmt(StmtKind::Expr(nowhere)),
            stmt(StmtKind::Label(past, Box::new(stmt(StmtKind::Empty)))),
        ]
    }
}
