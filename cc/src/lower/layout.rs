//! Where strings and globals lie, and what their bytes are at the beginning.

use super::{Link, Linker};
use crate::ast::*;
use crate::diag::{Diagnostic, Kind};
use crate::memory::{Memory, READ_ONLY, SET};
use crate::program::*;
use crate::source::{SourceMap, Span};
use crate::types::{Kind as TypeKind, Ty, Types};
use std::ops::Range;

/// The data region being filled.
pub(super) struct Layout {
    pub(super) at: u64,
    pub(super) memory: Memory,
    pub(super) infos: Vec<GlobalInfo>,
    /// Where the thread-local variables lie.
    pub(super) thread_local: Range<u64>,
}

impl Layout {
    /// Room for an object with unaddressable bytes after it.
    fn room(&mut self, size: u64, align: u64) -> u64 {
        let at = self.at.next_multiple_of(align.max(16));
        let red_zone = if size >= 64 { 48 } else { 16 };
        self.at = at + size.max(1) + red_zone;
        at
    }

    pub(super) fn strings(&mut self, tu: TranslationUnit<'_>, user: bool) -> Vec<u64> {
        let mut places = Vec::with_capacity(tu.strings.len());
        for literal in tu.strings {
            let size = literal.bytes.len() as u64;
            let at = self.room(size, literal.align);
            self.memory.place(at, &literal.bytes, READ_ONLY);
            let text = String::from_utf8_lossy(&literal.bytes[..literal.bytes.len() - 1]);
            let shown: String = text.chars().take(40).collect();
            self.infos.push(GlobalInfo {
                name: format!("{shown:?}"),
                ty: Ty::CHAR,
                address: at,
                size,
                span: Span::default(),
                user,
                literal: true,
                exported: false,
            });
            places.push(at);
        }
        places
    }

    pub(super) fn globals(
        &mut self,
        tu: TranslationUnit<'_>,
        prelude: Option<&Prelude>,
        sources: &SourceMap,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<u64> {
        let mut places = vec![0; tu.globals.len()];
        // The thread-local ones lie together: each further thread has a copy of the stretch.
        let mut order: Vec<usize> = (0..tu.globals.len()).collect();
        order.sort_by_key(|id| !tu.globals[*id].thread_local);
        self.thread_local = self.at..self.at;
        for id in order {
            let global = &tu.globals[id];
            let name = tu.interner.get(global.name);
            if global.external {
                let found = prelude.and_then(|prelude| {
                    prelude.unit.globals.iter().find(|it| it.exported && it.name == name)
                });
                let elsewhere =
                    tu.globals.iter().any(|other| other.name == global.name && !other.external);
                if found.is_none()
                    && !elsewhere
                    && let Some(span) = global.used
                {
                    let name = name.to_owned();
                    diagnostics.push(Diagnostic::error(Kind::UndefinedVariable { name }, span));
                }
                places[id] = found.map_or(0, |it| it.address);
                continue;
            }
            let size = tu.types.size(global.ty).unwrap_or(0);
            let at = self.room(size, tu.types.align(global.ty));
            self.memory.place(at, &vec![0; size as usize], SET);
            let name = match global.within {
                Some(function) => format!("{}::{name}", tu.interner.get(function)),
                None => name.to_owned(),
            };
            self.infos.push(GlobalInfo {
                name,
                ty: global.ty,
                address: at,
                size,
                span: global.span,
                user: sources.is_user(global.span),
                literal: false,
                exported: !global.is_static,
            });
            places[id] = at;
            if global.thread_local {
                self.thread_local.end = self.at;
            }
        }
        // An extern declaration in a block names the file's variable.
        for (id, global) in tu.globals.iter().enumerate() {
            if global.external && places[id] == 0 {
                let other = tu
                    .globals
                    .iter()
                    .position(|other| other.name == global.name && !other.external);
                if let Some(other) = other {
                    places[id] = places[other];
                }
            }
        }
        places
    }

    /// A constant with its value is in a page that cannot be written, as gcc's `.rodata`.
    pub(super) fn freeze(&mut self, at: u64, ty: Ty, types: &Types) {
        let mut of = ty;
        while let TypeKind::Array(element, _) = types.kind(of) {
            of = element;
        }
        if of.is_const() || ty.is_const() {
            let shared = crate::shared::SharedMemory::new();
            let size = types.size(ty).unwrap_or(0);
            let bytes: Vec<u8> = (at..at + size).map(|at| self.memory.peek(at, &shared)).collect();
            self.memory.place(at, &bytes, READ_ONLY);
        }
    }

    /// A global's initial part.
    pub(super) fn put(&mut self, at: u64, bytes: &[u8], item: &ConstItem, types: &Types) {
        let shared = crate::shared::SharedMemory::new();
        let Some((bit, width)) = item.bits else {
            return self.memory.place(at, bytes, SET);
        };
        let size = types.size(item.ty).unwrap_or(4);
        let mut unit = 0u64;
        for i in 0..size {
            unit |= u64::from(self.memory.peek(at + i, &shared)) << (8 * i);
        }
        let value = bytes.iter().rev().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
        let mask = mask(width) << bit;
        let unit = unit & !mask | value << bit & mask;
        self.memory.place(at, &unit.to_le_bytes()[..size as usize], SET);
    }
}

fn mask(width: u8) -> u64 {
    if width >= 64 { u64::MAX } else { (1 << width) - 1 }
}

impl Linker<'_> {
    pub(super) fn const_bytes(&self, item: &ConstItem) -> Vec<u8> {
        let types = self.tu.types;
        let size = types.size(item.ty).unwrap_or(0) as usize;
        if let (Const::Str(id, 0), true) = (&item.value, types.is_array(item.ty)) {
            let mut bytes = self.tu.strings[*id as usize].bytes.clone();
            bytes.resize(size, 0);
            return bytes;
        }
        let word = match &item.value {
            Const::Int(value) => *value as u64,
            Const::Float(value) if types.kind(item.ty) == TypeKind::Float => {
                u64::from((*value as f32).to_bits())
            }
            Const::Float(value) => value.to_bits(),
            address => self.address(address),
        };
        let mut bytes = word.to_le_bytes().to_vec();
        bytes.resize(size, 0);
        bytes
    }

    pub(super) fn address(&self, value: &Const) -> u64 {
        match value {
            Const::Int(value) => *value as u64,
            Const::Float(value) => value.to_bits(),
            Const::Str(id, offset) => {
                self.linked.string_at[*id as usize].wrapping_add(*offset as u64)
            }
            Const::Global(id, offset) => {
                self.linked.global_at[*id as usize].wrapping_add(*offset as u64)
            }
            Const::Func(id) => self.function_address(*id),
        }
    }

    pub(super) fn function_address(&self, id: FuncId) -> u64 {
        match self.linked.links[id as usize] {
            Link::Function(index) => function_address(index),
            _ => 0,
        }
    }
}
