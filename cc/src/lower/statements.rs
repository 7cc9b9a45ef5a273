//! Statements.

use super::shape::{has_label, has_vla};
use super::{Exits, Leave, Lower};
use crate::ast::*;
use crate::program::*;
use crate::source::Span;

impl<'a> Lower<'a> {
    pub(super) fn stmt(&mut self, stmt: &Stmt) {
        let top = self.top;
        self.span = stmt.span;
        let starts = !matches!(
            stmt.kind,
            StmtKind::Empty
                | StmtKind::Block(..)
                | StmtKind::Label(..)
                | StmtKind::For { .. }
                | StmtKind::DoWhile(..)
        );
        let silent_decl = matches!(stmt.kind, StmtKind::Decl(_, None));
        if starts && !silent_decl && self.out.user && self.sources.is_user(stmt.span) {
            let at = self.out.code.len();
            self.out.starts.resize(at + 1, false);
            self.out.starts[at] = true;
        }
        self.stmt_kind(stmt);
        self.top = top;
    }

    fn open_scope(&mut self, local: LocalId) {
        let at = self.pc();
        if let Some(index) = self.var_index[local as usize] {
            self.out.vars[index as usize].scope.0 = at;
        }
    }

    fn close_scope(&mut self, locals: &[LocalId]) {
        let at = self.pc();
        for local in locals {
            if let Some(index) = self.var_index[*local as usize] {
                self.out.vars[index as usize].scope.1 = at;
            }
        }
    }

    fn stmt_kind(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Empty => {}
            StmtKind::Expr(expr) => self.effect(expr),
            StmtKind::Decl(local, init) => {
                self.open_scope(*local);
                match init {
                    Some(init) => {
                        if self.scoped && matches!(self.places[*local as usize], Place::Frame(_)) {
                            self.unset(*local);
                        }
                        self.init_local(*local, init);
                    }
                    None => self.unset(*local),
                }
                if self.body.locals[*local as usize].cleanup.is_some() {
                    self.cleanups.push(*local);
                }
                let behind = self.pc();
                if let Some(index) = self.var_index[*local as usize] {
                    self.out.vars[index as usize].since = behind;
                }
            }
            StmtKind::VlaDecl { local, bytes } => {
                self.open_scope(*local);
                let size = self.value(bytes);
                if let Place::At(reg) = self.places[*local as usize] {
                    self.emit(Code::Vla { d: reg, bytes: size });
                }
            }
            StmtKind::VlaSize { size, bytes } => {
                if let Place::Register { reg, .. } = self.places[*size as usize] {
                    self.value_to(bytes, reg);
                }
            }
            StmtKind::Block(stmts, locals) => {
                let outside = self.cleanups.len();
                for stmt in stmts {
                    self.stmt(stmt);
                }
                self.clean_up(outside);
                self.close_scope(locals);
                // A jump to a label may enter the block behind its declarations.
                if self.scoped && !stmts.iter().any(has_label) {
                    for local in locals {
                        if let Place::Frame(off) = self.places[*local as usize] {
                            let ty = self.body.locals[*local as usize].ty;
                            let len = self.types.size(ty).unwrap_or(0) as u32;
                            self.emit(Code::Dead { off, len });
                        }
                    }
                }
            }
            StmtKind::If(cond, then, otherwise) => {
                let skip = self.jump_if(cond, false);
                self.stmt(then);
                match otherwise {
                    None => self.patch(skip),
                    Some(otherwise) => {
                        let end = self.emit(Code::Jump { to: 0 });
                        self.patch(skip);
                        self.stmt(otherwise);
                        self.patch(vec![end]);
                    }
                }
            }
            StmtKind::While(cond, body) => {
                let stack = self.save_stack(body);
                let start = self.pc();
                self.restore_stack(stack);
                let exit = self.jump_if(cond, false);
                self.loop_body(body);
                let again = self.continues.pop().unwrap_or_default().jumps;
                for at in again {
                    self.set_target(at, start);
                }
                self.emit(Code::Jump { to: start });
                self.patch(exit);
                let exits = self.breaks.pop().unwrap_or_default().jumps;
                self.patch(exits);
                self.restore_stack(stack);
            }
            StmtKind::DoWhile(body, cond) => {
                let stack = self.save_stack(body);
                let start = self.pc();
                self.restore_stack(stack);
                self.loop_body(body);
                let again = self.continues.pop().unwrap_or_default().jumps;
                self.patch(again);
                self.mark_start(cond.span);
                let back = self.jump_if(cond, true);
                for at in back {
                    self.set_target(at, start);
                }
                let exits = self.breaks.pop().unwrap_or_default().jumps;
                self.patch(exits);
                self.restore_stack(stack);
            }
            StmtKind::For { init, cond, step, body, locals } => {
                let outside = self.cleanups.len();
                self.for_loop(init, cond.as_ref(), step.as_ref(), body);
                self.clean_up(outside);
                self.close_scope(locals);
            }
            StmtKind::Switch { cond, cases, default, body } => {
                self.switch(cond, cases, *default, body);
            }
            StmtKind::Label(label, body) => {
                self.labels[*label as usize] = Some(self.pc());
                self.label_cleanups[*label as usize] = self.cleanups.clone();
                self.stmt(body);
            }
            StmtKind::Goto(label) => {
                let at = self.emit(Code::Jump { to: 0 });
                let cleanups = self.cleanups.clone();
                self.jumps.push(Leave { at, label: *label, cleanups });
            }
            StmtKind::Break => {
                let at = self.leave(self.breaks.last().map_or(0, |exits| exits.cleanups));
                if let Some(exits) = self.breaks.last_mut() {
                    exits.jumps.push(at);
                }
            }
            StmtKind::Continue => {
                let at = self.leave(self.continues.last().map_or(0, |exits| exits.cleanups));
                if let Some(exits) = self.continues.last_mut() {
                    exits.jumps.push(at);
                }
            }
            StmtKind::Return(value) => self.return_value(value.as_ref()),
        }
    }

    /// Cleans up the locals of the blocks that end here, the latest first, but for the first `stay`.
    pub(super) fn clean_up(&mut self, stay: usize) {
        while self.cleanups.len() > stay {
            let local = self.cleanups.pop().unwrap_or_default();
            let body = self.body;
            if let Some(call) = &body.locals[local as usize].cleanup {
                let (top, span) = (self.top, self.span);
                self.effect(call);
                (self.top, self.span) = (top, span);
            }
        }
    }

    /// Cleans up on the way out; those who stay still have it before them.
    fn clean_up_leaving(&mut self, stay: usize) {
        let waiting = self.cleanups.clone();
        self.clean_up(stay);
        self.cleanups = waiting;
    }

    /// A jump out of blocks.
    fn leave(&mut self, stay: usize) -> usize {
        self.clean_up_leaving(stay);
        self.emit(Code::Jump { to: 0 })
    }

    fn mark_start(&mut self, span: Span) {
        self.span = span;
        if self.out.user && self.sources.is_user(span) {
            let at = self.out.code.len();
            self.out.starts.resize(at + 1, false);
            self.out.starts[at] = true;
        }
    }

    fn loop_body(&mut self, body: &Stmt) {
        let cleanups = self.cleanups.len();
        self.breaks.push(Exits { jumps: Vec::new(), cleanups });
        self.continues.push(Exits { jumps: Vec::new(), cleanups });
        self.stmt(body);
    }

    /// The condition is tested at the bottom, so that an iteration has one jump.
    fn for_loop(&mut self, init: &[Stmt], cond: Option<&Expr>, step: Option<&Expr>, body: &Stmt) {
        for stmt in init {
            self.stmt(stmt);
        }
        let stack = self.save_stack(body);
        let exit = match cond {
            Some(cond) => {
                self.mark_start(cond.span);
                self.jump_if(cond, false)
            }
            None => Vec::new(),
        };
        let start = self.pc();
        self.restore_stack(stack);
        self.loop_body(body);
        let again = self.continues.pop().unwrap_or_default().jumps;
        self.patch(again);
        let top = self.top;
        if let Some(step) = step {
            self.mark_start(step.span);
            self.effect(step);
            self.top = top;
        }
        match cond {
            Some(cond) => {
                self.mark_start(cond.span);
                let back = self.jump_if(cond, true);
                for at in back {
                    self.set_target(at, start);
                }
            }
            None => {
                self.emit(Code::Jump { to: start });
            }
        }
        self.patch(exit);
        let exits = self.breaks.pop().unwrap_or_default().jumps;
        self.patch(exits);
        self.restore_stack(stack);
    }

    /// Before a loop whose body has variable length arrays: each turn begins without them.
    fn save_stack(&mut self, body: &Stmt) -> Option<Reg> {
        if !has_vla(body) {
            return None;
        }
        let reg = self.temp();
        self.emit(Code::SaveStack { d: reg });
        Some(reg)
    }

    fn restore_stack(&mut self, saved: Option<Reg>) {
        if let Some(a) = saved {
            self.emit(Code::RestoreStack { a });
        }
    }

    fn switch(
        &mut self,
        cond: &Expr,
        cases: &[(i64, i64, LabelId)],
        default: Option<LabelId>,
        body: &Stmt,
    ) {
        let value = self.value(cond);
        let mut cases: Vec<(i64, i64, Pc)> = cases.to_vec();
        cases.sort_unstable();
        let table = self.out.switches.len();
        self.out.switches.push(SwitchTable { cases, default: 0 });
        self.emit(Code::Switch { a: value, table: table as u32 });
        self.breaks.push(Exits { jumps: Vec::new(), cleanups: self.cleanups.len() });
        self.stmt(body);
        let end = self.pc();
        let exits = self.breaks.pop().unwrap_or_default().jumps;
        self.patch(exits);
        self.out.switches[table].default =
            default.and_then(|label| self.labels[label as usize]).unwrap_or(end);
    }

    fn return_value(&mut self, value: Option<&Expr>) {
        let Some(value) = value else {
            self.clean_up_leaving(0);
            self.emit(if self.may_fall { Code::RetNone } else { Code::RetVoid });
            return;
        };
        let mut a = self.value(value);
        if let Some(to) = self.ret_at {
            let len = self.types.size(self.ret).unwrap_or(0) as u32;
            self.emit(Code::Copy { to, from: a, len });
            a = to;
        } else if !self.cleanups.is_empty() {
            let kept = self.temp();
            self.emit(Code::Move { d: kept, a });
            a = kept;
        }
        let waiting = self.cleanups.clone();
        if let (ExprKind::Local(id), true) = (&value.kind, self.ret_at.is_some()) {
            self.cleanups.retain(|local| local != id); // the caller has it now
        }
        self.clean_up_leaving(0);
        self.cleanups = waiting;
        if self.may_fall {
            self.emit(Code::HasValue);
        }
        self.emit(Code::Ret { a });
    }
}
