//! What a statement's form says: whether it comes to its end, what stands within it.

use crate::ast::*;
use crate::types::Ty;

/// Whether a function that returns a value may come to its end without one: only what its last
/// statement says; what runs decides.
pub(super) fn may_fall(tu: &TranslationUnit, func: &FuncDecl, body: &Body) -> bool {
    let ret = tu.types.func_of(func.ty).map_or(Ty::VOID, |f| f.ret);
    tu.types.is_scalar(ret)
        && tu.interner.get(func.name) != "main"
        && !body.stmts.last().is_some_and(ends)
}

/// Whether nothing comes after a statement, as far as its form says.
fn ends(stmt: &Stmt) -> bool {
    let endless = |cond: &Expr| matches!(cond.kind, ExprKind::Int(value) if value != 0);
    match &stmt.kind {
        StmtKind::Return(_) | StmtKind::Goto(_) => true,
        StmtKind::Block(stmts, _) => stmts.last().is_some_and(ends),
        StmtKind::If(_, then, Some(otherwise)) => ends(then) && ends(otherwise),
        StmtKind::While(cond, body) => endless(cond) && !any(body, &is_break),
        StmtKind::For { cond, body, .. } => {
            cond.as_ref().is_none_or(endless) && !any(body, &is_break)
        }
        StmtKind::Label(_, body) => ends(body),
        _ => false,
    }
}

fn is_break(stmt: &Stmt) -> bool {
    matches!(stmt.kind, StmtKind::Break)
}

pub(super) fn has_label(stmt: &Stmt) -> bool {
    any(stmt, &|stmt| matches!(stmt.kind, StmtKind::Label(..)))
}

pub(super) fn has_vla(stmt: &Stmt) -> bool {
    any(stmt, &|stmt| matches!(stmt.kind, StmtKind::VlaDecl { .. }))
}

/// Whether a statement, or one within it, is so.
pub(super) fn any(stmt: &Stmt, is: &dyn Fn(&Stmt) -> bool) -> bool {
    is(stmt)
        || match &stmt.kind {
            StmtKind::Block(stmts, _) => stmts.iter().any(|stmt| any(stmt, is)),
            StmtKind::If(_, then, otherwise) => {
                any(then, is) || otherwise.as_ref().is_some_and(|stmt| any(stmt, is))
            }
            StmtKind::While(_, body)
            | StmtKind::DoWhile(body, _)
            | StmtKind::For { body, .. }
            | StmtKind::Switch { body, .. }
            | StmtKind::Label(_, body) => any(body, is),
            _ => false,
        }
}

/// Whether the program makes threads.
pub(crate) fn makes_threads(funcs: &[FuncDecl], interner: &crate::lex::Interner) -> bool {
    let makes = ["pthread_create", "thrd_create", "CreateThread", "_beginthread", "_beginthreadex"];
    funcs.iter().any(|func| func.used.is_some() && makes.contains(&interner.get(func.name)))
}
