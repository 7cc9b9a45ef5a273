//! Registers, slots of the memory frame, and code as it is written down.

use super::{Leave, Lower};
use crate::ast::*;
use crate::program::*;
use crate::source::Span;
use crate::types::Ty;

impl<'a> Lower<'a> {
    pub(super) fn patch_labels(&mut self) {
        let end = self.out.code.len() as Pc - 1;
        for Leave { at, label, cleanups } in std::mem::take(&mut self.jumps) {
            let target = self.labels[label as usize].unwrap_or(end);
            let stay = self.label_cleanups[label as usize].len();
            if cleanups.len() <= stay {
                self.set_target(at, target);
                continue;
            }
            // On the way it leaves blocks.
            let way = self.pc();
            self.set_target(at, way);
            self.cleanups = cleanups;
            self.clean_up(stay);
            let jump = self.emit(Code::Jump { to: 0 });
            self.set_target(jump, target);
        }
        for table in &mut self.out.switches {
            for (_, _, target) in &mut table.cases {
                *target = self.labels[*target as usize].unwrap_or(end);
            }
        }
    }

    pub(super) fn add_var(&mut self, local: LocalId, param: bool) {
        let info = &self.body.locals[local as usize];
        let Some(name) = info.name else { return };
        self.var_index[local as usize] = Some(self.out.vars.len() as u32);
        let size = self.types.size(info.ty).unwrap_or(8).max(1) as u32;
        let home = match self.places[local as usize] {
            Place::Register { .. } => {
                let home = self.out.homes.next_multiple_of(size.min(16));
                self.out.homes = home + size;
                home
            }
            _ => 0,
        };
        self.out.vars.push(Var {
            name: self.tu.interner.get(name).to_owned(),
            ty: info.ty,
            size: self.types.size(info.ty).unwrap_or(0),
            span: info.span,
            place: self.places[local as usize],
            home,
            param,
            scope: (if param { 0 } else { Pc::MAX }, 0),
            since: 0,
        });
    }

    pub(super) fn temp(&mut self) -> Reg {
        let reg = self.top.min(u32::from(Reg::MAX)) as Reg;
        self.top += 1;
        self.out.regs = self.out.regs.max(self.top + 1);
        reg
    }

    /// Room in the memory frame, with unaddressable bytes around it.
    pub(super) fn slot(&mut self, size: u64, align: u64) -> u32 {
        let start = self.out.frame.max(16).next_multiple_of(align.clamp(8, 16) as u32);
        let red_zone = if size > 8 { 32 } else { 8 };
        self.out.frame = (start + size.max(1) as u32 + red_zone).next_multiple_of(16);
        self.out.slots.push((start, size as u32));
        start
    }

    pub(super) fn slot_for(&mut self, ty: Ty) -> u32 {
        let size = self.types.size(ty).unwrap_or(8);
        self.slot(size, self.types.align(ty))
    }

    pub(super) fn emit(&mut self, code: Code) -> usize {
        self.out.code.push(code);
        self.out.spans.push(self.span);
        self.out.code.len() - 1
    }

    pub(super) fn pc(&self) -> Pc {
        self.out.code.len() as Pc
    }

    pub(super) fn set_target(&mut self, at: usize, target: Pc) {
        match &mut self.out.code[at] {
            Code::Jump { to }
            | Code::JumpIf { to, .. }
            | Code::JumpIfNot { to, .. }
            | Code::JumpEq { to, .. }
            | Code::JumpNe { to, .. }
            | Code::JumpLtS { to, .. }
            | Code::JumpLeS { to, .. }
            | Code::JumpLtU { to, .. }
            | Code::JumpLeU { to, .. } => *to = target,
            _ => {}
        }
    }

    pub(super) fn patch(&mut self, jumps: Vec<usize>) {
        let here = self.pc();
        for at in jumps {
            self.set_target(at, here);
        }
    }

    pub(super) fn constant_into(&mut self, d: Reg, value: i64) {
        match i32::try_from(value) {
            Ok(value) => self.emit(Code::Const { d, value }),
            Err(_) => {
                let value = value as u64;
                let index = match self.out.pool.iter().position(|known| *known == value) {
                    Some(index) => index,
                    None => {
                        self.out.pool.push(value);
                        self.out.pool.len() - 1
                    }
                };
                self.emit(Code::Pool { d, index: index as u32 })
            }
        };
    }

    pub(super) fn constant(&mut self, value: i64) -> Reg {
        let d = self.temp();
        self.constant_into(d, value);
        d
    }

    pub(super) fn name(&mut self, span: Span) -> u16 {
        self.name_index(self.sources.text(span).chars().take(60).collect())
    }

    pub(super) fn name_index(&mut self, text: String) -> u16 {
        let found = self.out.names.iter().position(|name| *name == text);
        let index = found.unwrap_or_else(|| {
            self.out.names.push(text);
            self.out.names.len() - 1
        });
        index.min(usize::from(u16::MAX)) as u16
    }
}
