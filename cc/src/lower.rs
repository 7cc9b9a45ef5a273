//! From the typed tree to code.
//!
//! A scalar variable whose address is never taken lives in a register, everything else in the
//! memory frame, with unaddressable bytes between. Temporaries are a stack of registers above the
//! variables; a call's arguments are put on top of it, where the callee finds them.

use crate::ast::*;
use crate::diag::{Diagnostic, Kind};
use crate::intrinsics::{self, VA_DOUBLE, VA_INT, VA_LONG, VA_POINTER, VA_RECORD};
use crate::lex::Interner;
use crate::libc_index;
use crate::memory::{DATA_BASE, Memory, Page, READ_ONLY, SET};
use crate::program::*;
use crate::source::{SourceMap, Span};
use crate::types::{Kind as TypeKind, Ty, Types};
use std::sync::Arc;

/// What a declared function turned out to be.
#[derive(Clone, Copy, Debug)]
enum Link {
    Function(u32),
    Intrinsic(u16),
    Missing,
}

/// Where everything of a unit has been put.
#[derive(Debug, Default)]
pub(crate) struct Linked {
    links: Vec<Link>,
    global_at: Vec<u64>,
    string_at: Vec<u64>,
}

/// What every function's lowering shares.
#[derive(Clone, Copy)]
struct Linker<'a> {
    tu: TranslationUnit<'a>,
    linked: &'a Linked,
}

/// A lowered unit, still without its types and names.
pub(crate) struct Lowered {
    functions: Vec<Function>,
    exports: Vec<(String, u32, Ty)>,
    globals: Vec<GlobalInfo>,
    image: Vec<Option<Arc<Page>>>,
    end: u64,
    pub(crate) linked: Linked,
    /// For each number of a function, its place among the declarations.
    pub(crate) numbered: Vec<FuncId>,
}

impl Lowered {
    /// With the types and names of the parser.
    pub(crate) fn into_unit(mut self, types: Types, interner: Interner) -> Unit {
        self.exports.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        let Lowered { functions, exports, globals, image, end, .. } = self;
        Unit { functions, exports, globals, types, interner, image, end }
    }
}

impl Linked {
    /// Names of functions that are called and defined nowhere.
    #[cfg(test)]
    pub(crate) fn missing(&self, tu: TranslationUnit<'_>) -> Vec<String> {
        let missing = |(func, link): &(&FuncDecl, &Link)| {
            func.used.is_some() && matches!(link, Link::Missing)
        };
        let all = tu.funcs.iter().zip(&self.links).filter(missing);
        all.map(|(func, _)| tu.interner.get(func.name).to_owned()).collect()
    }
}

/// Lowers one function of a unit that has been lowered but for its skipped bodies.
pub(crate) fn lower_function(
    tu: TranslationUnit<'_>,
    linked: &Linked,
    id: FuncId,
    sources: &SourceMap,
) -> Function {
    let func = &tu.funcs[id as usize];
    match &func.body {
        Some(body) => Lower::function(Linker { tu, linked }, func, body, sources),
        None => Function::default(),
    }
}

/// Lowers a translation unit on top of libc's (`None` for libc itself, whose functions are lowered
/// one by one, when they are first called).
pub(crate) fn lower(
    tu: TranslationUnit<'_>,
    prelude: Option<&Prelude>,
    sources: &SourceMap,
    target: Target,
    diagnostics: &mut Vec<Diagnostic>,
) -> Lowered {
    let first = prelude.map_or(0, Prelude::len);
    let wanted = wanted_functions(tu, sources, prelude.is_none());
    let mut links = Vec::with_capacity(tu.funcs.len());
    let mut count = first;
    for (id, func) in tu.funcs.iter().enumerate() {
        let name = tu.interner.get(func.name);
        let link = if wanted[id] {
            count += 1;
            Link::Function(count - 1)
        } else if let Some(index) = intrinsics::index_of(name) {
            Link::Intrinsic(index)
        } else {
            match prelude.and_then(|prelude| prelude.unit.export(name)) {
                Some((index, _)) => Link::Function(index),
                // The definition of a function declared in a block before it.
                None => Link::Missing,
            }
        };
        links.push(link);
    }
    resolve_duplicates(tu, &mut links);
    report_missing(tu, &links, target, sources, diagnostics);
    let base = prelude.map_or(DATA_BASE, |prelude| prelude.unit.end);
    let image = prelude.map_or(Vec::new(), |prelude| prelude.unit.image.clone());
    let mut layout = Layout { at: base, memory: Memory::new(image, 0), infos: Vec::new() };
    let string_at = layout.strings(tu, prelude.is_some());
    let global_at = layout.globals(tu, prelude, sources, diagnostics);
    let linked = Linked { links, global_at, string_at };
    let linker = Linker { tu, linked: &linked };
    for (id, global) in tu.globals.iter().enumerate() {
        if let Some(items) = &global.init {
            for item in items {
                let bytes = linker.const_bytes(item);
                layout.put(linked.global_at[id] + item.offset, &bytes, item, tu.types);
            }
        }
    }
    let mut functions = Vec::new();
    let mut exports = Vec::new();
    let mut numbered = Vec::new();
    for (id, func) in tu.funcs.iter().enumerate().filter(|(id, _)| wanted[*id]) {
        if !func.is_static {
            let name = tu.interner.get(func.name).to_owned();
            exports.push((name, first + numbered.len() as u32, func.ty));
        }
        numbered.push(id as FuncId);
        if prelude.is_some() {
            functions.push(lower_function(tu, &linked, id as FuncId, sources));
        }
    }
    let end = (layout.at + 0xff) & !0xff;
    layout.infos.sort_by_key(|info| info.address);
    let image = layout.memory.into_data_pages();
    Lowered { functions, exports, globals: layout.infos, image, end, linked, numbered }
}

/// Every function that is defined; of a header's `static` ones only those that are used.
fn wanted_functions(tu: TranslationUnit<'_>, sources: &SourceMap, all: bool) -> Vec<bool> {
    tu.funcs
        .iter()
        .map(|func| {
            func.is_defined()
                && (all || !func.is_static || func.used.is_some() || sources.is_user(func.span))
        })
        .collect()
}

/// A name declared twice (in a block, then at file scope) is one function.
fn resolve_duplicates(tu: TranslationUnit<'_>, links: &mut [Link]) {
    for id in 0..links.len() {
        if matches!(links[id], Link::Missing) {
            let same = (0..links.len()).find(|other| {
                tu.funcs[*other].name == tu.funcs[id].name
                    && matches!(links[*other], Link::Function(_))
            });
            if let Some(other) = same {
                links[id] = links[other];
            }
        }
    }
}

fn report_missing(
    tu: TranslationUnit<'_>,
    links: &[Link],
    target: Target,
    sources: &SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (func, link) in tu.funcs.iter().zip(links) {
        let (Link::Missing, Some(span)) = (link, func.used) else { continue };
        let name = tu.interner.get(func.name).to_owned();
        // The implicit declaration was a warning; here is the error, with what would mend it.
        let warned = diagnostics.iter_mut().find(|diagnostic| {
            matches!(&diagnostic.kind, Kind::ImplicitFunction { name: other, .. } if *other == name)
        });
        let mut suggestion = None;
        if let Some(diagnostic) = warned {
            if let Kind::ImplicitFunction { suggestion: found, .. } = &diagnostic.kind {
                suggestion = found.clone();
            }
            diagnostics.retain(|diagnostic| {
                !matches!(&diagnostic.kind, Kind::ImplicitFunction { name: other, .. } if *other == name)
            });
        }
        let declared =
            libc_index::header_of(target, &name, false).is_some() || !sources.is_user(func.span);
        let kind = if declared {
            Kind::Unsupported { what: format!("{name}()") }
        } else {
            Kind::UndefinedFunction { name, suggestion, header: None }
        };
        diagnostics.push(Diagnostic::error(kind, span));
    }
}

/// The data region being filled.
struct Layout {
    at: u64,
    memory: Memory,
    infos: Vec<GlobalInfo>,
}

impl Layout {
    /// Room for an object with unaddressable bytes after it.
    fn room(&mut self, size: u64, align: u64) -> u64 {
        let at = self.at.next_multiple_of(align.max(16));
        let red_zone = if size >= 64 { 48 } else { 16 };
        self.at = at + size.max(1) + red_zone;
        at
    }

    fn strings(&mut self, tu: TranslationUnit<'_>, user: bool) -> Vec<u64> {
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

    fn globals(
        &mut self,
        tu: TranslationUnit<'_>,
        prelude: Option<&Prelude>,
        sources: &SourceMap,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<u64> {
        let mut places = Vec::with_capacity(tu.globals.len());
        for global in tu.globals {
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
                places.push(found.map_or(0, |it| it.address));
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
            places.push(at);
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

    /// A global's initial part.
    fn put(&mut self, at: u64, bytes: &[u8], item: &ConstItem, types: &Types) {
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
    fn const_bytes(&self, item: &ConstItem) -> Vec<u8> {
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

    fn address(&self, value: &Const) -> u64 {
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

    fn function_address(&self, id: FuncId) -> u64 {
        match self.linked.links[id as usize] {
            Link::Function(index) => function_address(index),
            _ => 0,
        }
    }
}

/// Where an lvalue is.
#[derive(Clone, Copy, Debug)]
enum Loc {
    Local(LocalId),
    Mem { base: Reg, off: i32, bits: Option<(u8, u8)> },
}

/// One function's lowering.
struct Lower<'a> {
    linker: Linker<'a>,
    tu: TranslationUnit<'a>,
    types: &'a Types,
    body: &'a Body,
    out: Function,
    places: Vec<Place>,
    top: u32,
    span: Span,
    labels: Vec<Option<Pc>>,
    jumps: Vec<(usize, LabelId)>,
    breaks: Vec<Vec<usize>>,
    continues: Vec<Vec<usize>>,
    ret: Ty,
    /// The register with the address for a returned structure.
    ret_at: Option<Reg>,
    va_area: Reg,
    sources: &'a SourceMap,
    var_index: Vec<Option<u32>>,
    /// The value of the call that comes is not used.
    unused: bool,
    /// A block's variables end with it. Not where threads are made: a thread that is handed the
    /// address of a loop's variable is wrong, and works.
    scoped: bool,
    /// The function may end without the value that it should return.
    may_fall: bool,
}

impl<'a> Lower<'a> {
    fn function(
        linker: Linker<'a>,
        func: &'a FuncDecl,
        body: &'a Body,
        sources: &'a SourceMap,
    ) -> Function {
        let tu = linker.tu;
        let signature = tu.types.func_of(func.ty);
        let ret = signature.map_or(Ty::VOID, |f| f.ret);
        let variadic = signature.is_some_and(|f| f.variadic);
        let out = Function {
            name: tu.interner.get(func.name).to_owned(),
            variadic,
            user: sources.is_user(func.span),
            ..Function::default()
        };
        let mut lower = Lower {
            linker,
            tu,
            types: tu.types,
            body,
            out,
            places: Vec::new(),
            top: 1,
            span: func.span,
            labels: vec![None; body.labels as usize],
            jumps: Vec::new(),
            breaks: Vec::new(),
            continues: Vec::new(),
            ret,
            ret_at: None,
            va_area: 0,
            sources,
            var_index: vec![None; body.locals.len()],
            unused: false,
            scoped: sources.is_user(func.span) && !makes_threads(tu.funcs, tu.interner),
            may_fall: may_fall(&tu, func, body),
        };
        lower.run(variadic);
        lower.out
    }

    fn run(&mut self, variadic: bool) {
        if self.types.is_record(self.ret) {
            self.ret_at = Some(self.temp());
        }
        let first_param = self.top;
        self.top += self.body.params.len() as u32;
        self.out.regs = self.top + 1;
        if variadic {
            self.va_area = self.temp();
            self.temp();
        }
        self.out.params = self.top - 1;
        self.places = vec![Place::At(0); self.body.locals.len()];
        for (index, local) in self.body.params.iter().enumerate() {
            let arg = (first_param + index as u32) as Reg;
            let info = &self.body.locals[*local as usize];
            if info.in_memory {
                let place = self.slot_for(info.ty);
                self.places[*local as usize] = Place::Frame(place);
                let size = self.types.size(info.ty).unwrap_or(0);
                if self.types.is_scalar(info.ty) {
                    self.store(arg, info.ty, Loc::Mem { base: 0, off: place as i32, bits: None });
                } else {
                    let to = self.temp();
                    self.emit(Code::AddImm64 { d: to, a: 0, imm: place as i32 });
                    self.emit(Code::Copy { to, from: arg, len: size as u32 });
                    self.top -= 1;
                }
            } else {
                self.places[*local as usize] = Place::Register { reg: arg, flag: None };
            }
            self.add_var(*local, true);
        }
        for local in 0..self.body.locals.len() as LocalId {
            let info = &self.body.locals[local as usize];
            if info.param {
                continue;
            }
            let place = if matches!(self.types.kind(info.ty), TypeKind::Vla(..)) {
                Place::At(self.temp())
            } else if info.in_memory {
                Place::Frame(self.slot_for(info.ty))
            } else {
                let reg = self.temp();
                let flag = (!info.initialised).then(|| self.temp());
                Place::Register { reg, flag }
            };
            self.places[local as usize] = place;
            if info.name.is_some() {
                self.add_var(local, false);
            }
        }
        for place in self.places.clone() {
            if let Place::Register { flag: Some(flag), .. } = place {
                self.emit(Code::Const { d: flag, value: 0 });
            }
        }
        let stmts = &self.body.stmts;
        for stmt in stmts {
            self.stmt(stmt);
        }
        self.span = self.body.end;
        if self.out.name == "main" && self.types.is_integer(self.ret) {
            let zero = self.constant(0);
            self.emit(Code::Ret { a: zero });
        } else {
            self.emit(if self.may_fall { Code::RetNone } else { Code::RetVoid });
        }
        self.patch_labels();
        let end = self.out.code.len() as Pc;
        for var in &mut self.out.vars {
            if var.scope.1 == 0 {
                var.scope.1 = end;
            }
        }
        self.out.starts.resize(self.out.code.len(), false);
        // Homes lie after the frame proper, whose size is known only now.
        let frame = self.out.frame;
        for var in &mut self.out.vars {
            var.home += frame;
        }
    }

    fn patch_labels(&mut self) {
        let end = self.out.code.len() as Pc - 1;
        for (at, label) in std::mem::take(&mut self.jumps) {
            let target = self.labels[label as usize].unwrap_or(end);
            self.set_target(at, target);
        }
        for table in &mut self.out.switches {
            for (_, _, target) in &mut table.cases {
                *target = self.labels[*target as usize].unwrap_or(end);
            }
        }
    }

    fn add_var(&mut self, local: LocalId, param: bool) {
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

    // ---- registers, slots, code

    fn temp(&mut self) -> Reg {
        let reg = self.top.min(u32::from(Reg::MAX)) as Reg;
        self.top += 1;
        self.out.regs = self.out.regs.max(self.top + 1);
        reg
    }

    /// Room in the memory frame, with unaddressable bytes around it.
    fn slot(&mut self, size: u64, align: u64) -> u32 {
        let start = self.out.frame.max(16).next_multiple_of(align.clamp(8, 16) as u32);
        let red_zone = if size > 8 { 32 } else { 8 };
        self.out.frame = (start + size.max(1) as u32 + red_zone).next_multiple_of(16);
        self.out.slots.push((start, size as u32));
        start
    }

    fn slot_for(&mut self, ty: Ty) -> u32 {
        let size = self.types.size(ty).unwrap_or(8);
        self.slot(size, self.types.align(ty))
    }

    fn emit(&mut self, code: Code) -> usize {
        self.out.code.push(code);
        self.out.spans.push(self.span);
        self.out.code.len() - 1
    }

    fn pc(&self) -> Pc {
        self.out.code.len() as Pc
    }

    fn set_target(&mut self, at: usize, target: Pc) {
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

    fn patch(&mut self, jumps: Vec<usize>) {
        let here = self.pc();
        for at in jumps {
            self.set_target(at, here);
        }
    }

    fn constant_into(&mut self, d: Reg, value: i64) {
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

    fn constant(&mut self, value: i64) -> Reg {
        let d = self.temp();
        self.constant_into(d, value);
        d
    }

    // ---- statements

    fn stmt(&mut self, stmt: &Stmt) {
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
                for stmt in stmts {
                    self.stmt(stmt);
                }
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
                let again = self.continues.pop().unwrap_or_default();
                for at in again {
                    self.set_target(at, start);
                }
                self.emit(Code::Jump { to: start });
                self.patch(exit);
                let exits = self.breaks.pop().unwrap_or_default();
                self.patch(exits);
                self.restore_stack(stack);
            }
            StmtKind::DoWhile(body, cond) => {
                let stack = self.save_stack(body);
                let start = self.pc();
                self.restore_stack(stack);
                self.loop_body(body);
                let again = self.continues.pop().unwrap_or_default();
                self.patch(again);
                self.mark_start(cond.span);
                let back = self.jump_if(cond, true);
                for at in back {
                    self.set_target(at, start);
                }
                let exits = self.breaks.pop().unwrap_or_default();
                self.patch(exits);
                self.restore_stack(stack);
            }
            StmtKind::For { init, cond, step, body, locals } => {
                self.for_loop(init, cond.as_ref(), step.as_ref(), body);
                self.close_scope(locals);
            }
            StmtKind::Switch { cond, cases, default, body } => {
                self.switch(cond, cases, *default, body);
            }
            StmtKind::Label(label, body) => {
                self.labels[*label as usize] = Some(self.pc());
                self.stmt(body);
            }
            StmtKind::Goto(label) => {
                let at = self.emit(Code::Jump { to: 0 });
                self.jumps.push((at, *label));
            }
            StmtKind::Break => {
                let at = self.emit(Code::Jump { to: 0 });
                if let Some(breaks) = self.breaks.last_mut() {
                    breaks.push(at);
                }
            }
            StmtKind::Continue => {
                let at = self.emit(Code::Jump { to: 0 });
                if let Some(continues) = self.continues.last_mut() {
                    continues.push(at);
                }
            }
            StmtKind::Return(value) => self.return_value(value.as_ref()),
        }
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
        self.breaks.push(Vec::new());
        self.continues.push(Vec::new());
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
        let again = self.continues.pop().unwrap_or_default();
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
        let exits = self.breaks.pop().unwrap_or_default();
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
        self.breaks.push(Vec::new());
        self.stmt(body);
        let end = self.pc();
        let exits = self.breaks.pop().unwrap_or_default();
        self.patch(exits);
        self.out.switches[table].default =
            default.and_then(|label| self.labels[label as usize]).unwrap_or(end);
    }

    fn return_value(&mut self, value: Option<&Expr>) {
        let Some(value) = value else {
            self.emit(if self.may_fall { Code::RetNone } else { Code::RetVoid });
            return;
        };
        if self.may_fall {
            let value = self.value(value);
            self.emit(Code::HasValue);
            self.emit(Code::Ret { a: value });
            return;
        }
        if let Some(to) = self.ret_at {
            let from = self.value(value);
            let len = self.types.size(self.ret).unwrap_or(0) as u32;
            self.emit(Code::Copy { to, from, len });
            self.emit(Code::Ret { a: to });
            return;
        }
        let a = self.value(value);
        self.emit(Code::Ret { a });
    }

    // ---- initialisation

    fn unset(&mut self, local: LocalId) {
        match self.places[local as usize] {
            Place::Register { flag: Some(flag), .. } => {
                self.emit(Code::Const { d: flag, value: 0 });
            }
            Place::Frame(off) => {
                let len = self.types.size(self.body.locals[local as usize].ty).unwrap_or(0) as u32;
                self.emit(Code::Unset { off, len });
            }
            _ => {}
        }
    }

    fn init_local(&mut self, local: LocalId, init: &Init) {
        let ty = self.body.locals[local as usize].ty;
        match (init, self.places[local as usize]) {
            (Init::Expr(value), Place::Register { reg, .. }) => {
                self.value_to(value, reg);
                self.set_flag(local);
            }
            (Init::Expr(value), Place::Frame(off)) => {
                let v = self.value(value);
                self.store(v, ty, Loc::Mem { base: 0, off: off as i32, bits: None });
            }
            (Init::Items(items), Place::Frame(off)) => {
                let size = self.types.size(ty).unwrap_or(0);
                let whole = items.len() == 1
                    && items[0].offset == 0
                    && self.types.size(items[0].ty) == Some(size)
                    && items[0].bits.is_none();
                if !whole {
                    let base = self.temp();
                    self.emit(Code::AddImm64 { d: base, a: 0, imm: off as i32 });
                    self.emit(Code::Zero { a: base, len: size as u32 });
                    self.top -= 1;
                }
                for item in items {
                    self.init_item(item, off);
                }
            }
            _ => {}
        }
    }

    fn init_item(&mut self, item: &InitItem, off: u32) {
        let top = self.top;
        self.span = item.value.span;
        let at = off as i32 + item.offset as i32;
        if let (ExprKind::Str(id), true) = (&item.value.kind, self.types.is_array(item.ty)) {
            let from = self.constant(self.linker.linked.string_at[*id as usize] as i64);
            let to = self.temp();
            self.emit(Code::AddImm64 { d: to, a: 0, imm: at });
            let len = self.types.size(item.ty).unwrap_or(0) as u32;
            self.emit(Code::Copy { to, from, len });
        } else {
            let v = self.value(&item.value);
            self.store(v, item.ty, Loc::Mem { base: 0, off: at, bits: item.bits });
        }
        self.top = top;
    }

    fn set_flag(&mut self, local: LocalId) {
        if let Place::Register { flag: Some(flag), .. } = self.places[local as usize] {
            self.emit(Code::Const { d: flag, value: 1 });
        }
    }

    // ---- memory

    fn load(&mut self, d: Reg, ty: Ty, base: Reg, off: i32) {
        let a = base;
        let signed = self.types.is_signed(ty);
        let code = match (self.types.kind(ty), self.types.size(ty)) {
            (TypeKind::Float, _) => Code::LoadF32 { d, a, off },
            (_, Some(1)) if signed => Code::Load8S { d, a, off },
            (_, Some(1)) => Code::Load8U { d, a, off },
            (_, Some(2)) if signed => Code::Load16S { d, a, off },
            (_, Some(2)) => Code::Load16U { d, a, off },
            (_, Some(4)) if signed => Code::Load32S { d, a, off },
            (_, Some(4)) => Code::Load32U { d, a, off },
            _ => Code::Load64 { d, a, off },
        };
        self.emit(code);
    }

    fn read(&mut self, loc: Loc, ty: Ty, d: Reg) {
        match loc {
            Loc::Local(id) => {
                let Place::Register { reg, .. } = self.places[id as usize] else { return };
                self.check_set(id);
                if reg != d {
                    self.emit(Code::Move { d, a: reg });
                }
            }
            Loc::Mem { base, off, bits: None } => self.load(d, ty, base, off),
            Loc::Mem { base, off, bits: Some((bit, width)) } => {
                let a = self.offset(base, off);
                let bytes = self.types.size(ty).unwrap_or(4) as u8;
                let signed = self.types.is_signed(ty);
                self.emit(Code::BitLoad { d, a, bytes, bit, width, signed });
            }
        }
    }

    fn check_set(&mut self, id: LocalId) {
        if let Place::Register { flag: Some(flag), .. } = self.places[id as usize] {
            let var = self.var_index[id as usize].unwrap_or(u32::MAX);
            self.emit(Code::CheckSet { flag, var });
        }
    }

    /// `base + off` in a register.
    fn offset(&mut self, base: Reg, off: i32) -> Reg {
        if off == 0 {
            return base;
        }
        let d = self.temp();
        self.emit(Code::AddImm64 { d, a: base, imm: off });
        d
    }

    /// Stores a value (for a structure: from its address).
    fn store(&mut self, v: Reg, ty: Ty, loc: Loc) {
        match loc {
            Loc::Local(id) => {
                if let Place::Register { reg, .. } = self.places[id as usize] {
                    if reg != v {
                        self.emit(Code::Move { d: reg, a: v });
                    }
                    self.set_flag(id);
                }
            }
            Loc::Mem { base: a, off, bits: None } => {
                if !self.types.is_scalar(ty) {
                    let to = self.offset(a, off);
                    let len = self.types.size(ty).unwrap_or(0) as u32;
                    self.emit(Code::Copy { to, from: v, len });
                    return;
                }
                let code = match (self.types.kind(ty), self.types.size(ty)) {
                    (TypeKind::Float, _) => Code::StoreF32 { v, a, off },
                    (_, Some(1)) => Code::Store8 { v, a, off },
                    (_, Some(2)) => Code::Store16 { v, a, off },
                    (_, Some(4)) => Code::Store32 { v, a, off },
                    _ => Code::Store64 { v, a, off },
                };
                self.emit(code);
                if ty.unqual() == Ty::LDOUBLE {
                    let zero = self.constant(0);
                    self.emit(Code::Store64 { v: zero, a, off: off + 8 });
                }
            }
            Loc::Mem { base, off, bits: Some((bit, width)) } => {
                let a = self.offset(base, off);
                let bytes = self.types.size(ty).unwrap_or(4) as u8;
                self.emit(Code::BitStore { v, a, bytes, bit, width });
            }
        }
    }

    /// Where an lvalue (or a structure that is a value) is.
    fn loc(&mut self, expr: &Expr) -> Loc {
        match &expr.kind {
            ExprKind::Local(id) => match self.places[*id as usize] {
                Place::Register { .. } => Loc::Local(*id),
                Place::Frame(off) => Loc::Mem { base: 0, off: off as i32, bits: None },
                Place::At(base) => Loc::Mem { base, off: 0, bits: None },
            },
            ExprKind::Global(id) => {
                let base = self.constant(self.linker.linked.global_at[*id as usize] as i64);
                Loc::Mem { base, off: 0, bits: None }
            }
            ExprKind::Str(id) => {
                let base = self.constant(self.linker.linked.string_at[*id as usize] as i64);
                Loc::Mem { base, off: 0, bits: None }
            }
            ExprKind::Deref(pointer) => self.deref_loc(pointer, expr),
            ExprKind::Member(record, offset, bits) => match self.loc(record) {
                Loc::Mem { base, off, .. } => {
                    Loc::Mem { base, off: off.wrapping_add(*offset as i32), bits: *bits }
                }
                local => local,
            },
            ExprKind::Compound(local, init) => {
                let zero_first = matches!(init, Init::Items(_));
                if !zero_first || self.scoped {
                    self.unset(*local); // its block may have ended before
                }
                self.init_local(*local, init);
                self.span = expr.span;
                match self.places[*local as usize] {
                    Place::Frame(off) => Loc::Mem { base: 0, off: off as i32, bits: None },
                    _ => Loc::Local(*local),
                }
            }
            ExprKind::Comma(left, right) => {
                self.effect(left);
                self.loc(right)
            }
            ExprKind::Assign(left, _) if self.types.is_record(expr.ty) => {
                self.effect(expr);
                self.loc(left)
            }
            _ => {
                let base = self.value(expr);
                Loc::Mem { base, off: 0, bits: None }
            }
        }
    }

    /// `*pointer`; an index into an array of known length is checked against it.
    fn deref_loc(&mut self, pointer: &Expr, whole: &Expr) -> Loc {
        if let ExprKind::PtrAdd { ptr, index, scale: Scale::Bytes(size), minus: false } =
            &pointer.kind
            && let ExprKind::AddrOf(array) = &ptr.kind
            && let TypeKind::Array(_, len) = self.types.kind(array.ty)
        {
            let len_known = len > 1 && len <= u64::from(u32::MAX);
            let Loc::Mem { base, off, .. } = self.loc(array) else {
                return Loc::Mem { base: 0, off: 0, bits: None };
            };
            if let ExprKind::Int(index) = index.kind
                && let Some(at) = index.checked_mul(*size as i64)
                && let Ok(at) = i32::try_from(at + i64::from(off))
                && (0..=len as i64).contains(&index)
            {
                return Loc::Mem { base, off: at, bits: None };
            }
            let i = self.value(index);
            self.span = whole.span;
            if len_known {
                let name = self.name(array.span);
                self.emit(Code::Bounds { a: i, name, len: len as u32 });
            }
            let d = self.temp();
            self.emit(Code::Index { d, a: base, b: i, size: *size as u32 });
            return Loc::Mem { base: d, off, bits: None };
        }
        let base = self.value(pointer);
        self.span = whole.span;
        Loc::Mem { base, off: 0, bits: None }
    }

    fn name(&mut self, span: Span) -> u16 {
        self.name_index(self.sources.text(span).chars().take(60).collect())
    }

    fn name_index(&mut self, text: String) -> u16 {
        let found = self.out.names.iter().position(|name| *name == text);
        let index = found.unwrap_or_else(|| {
            self.out.names.push(text);
            self.out.names.len() - 1
        });
        index.min(usize::from(u16::MAX)) as u16
    }

    /// The address of an lvalue.
    fn address_to(&mut self, lvalue: &Expr, d: Reg) {
        if let ExprKind::Func(id) = lvalue.kind {
            let address = self.linker.function_address(id);
            return self.constant_into(d, address as i64);
        }
        // `&array[len]` may point one past the end, so no index check here.
        if let ExprKind::Deref(pointer) = &lvalue.kind {
            return self.value_to(pointer, d);
        }
        match self.loc(lvalue) {
            Loc::Mem { base, off, .. } => {
                self.emit(Code::AddImm64 { d, a: base, imm: off });
            }
            Loc::Local(_) => {}
        }
    }

    // ---- expressions

    /// Evaluates for the effects only.
    fn effect(&mut self, expr: &Expr) {
        let top = self.top;
        match &expr.kind {
            ExprKind::Step { left, scale, minus, .. } => {
                self.step(left, *scale, *minus, expr.span, None, false);
            }
            ExprKind::Comma(left, right) => {
                self.effect(left);
                self.effect(right);
            }
            ExprKind::Cast(inner) if expr.ty == Ty::VOID => self.effect(inner),
            ExprKind::StmtExpr(stmts) => {
                for stmt in stmts {
                    self.stmt(stmt);
                }
            }
            ExprKind::Cond(cond, yes, no) => {
                let skip = self.jump_if(cond, false);
                self.effect(yes);
                let end = self.emit(Code::Jump { to: 0 });
                self.patch(skip);
                self.effect(no);
                self.patch(vec![end]);
            }
            ExprKind::AndAnd(left, right) => {
                let skip = self.jump_if(left, false);
                self.effect(right);
                self.patch(skip);
            }
            ExprKind::OrOr(left, right) => {
                let skip = self.jump_if(left, true);
                self.effect(right);
                self.patch(skip);
            }
            ExprKind::Assign(left, right) => self.assign(left, right, expr.span, None),
            ExprKind::Call { .. } => {
                self.unused = true;
                self.value(expr);
                self.unused = false;
            }
            // A volatile read or a plain name: nothing happens, nothing is checked.
            ExprKind::Local(_) | ExprKind::Global(_) => {}
            _ => {
                self.value(expr);
            }
        }
        self.top = top;
    }

    /// The value in some register: a variable's own, or a temporary.
    fn value(&mut self, expr: &Expr) -> Reg {
        if let ExprKind::Local(id) = expr.kind
            && let Place::Register { reg, .. } = self.places[id as usize]
        {
            self.span = expr.span;
            self.check_set(id);
            return reg;
        }
        let d = self.temp();
        self.value_to(expr, d);
        self.top = u32::from(d) + 1;
        d
    }

    /// The value (for a structure or array: its address) into `d`.
    fn value_to(&mut self, expr: &Expr, d: Reg) {
        let top = self.top;
        self.value_into(expr, d);
        self.top = top;
    }

    fn value_into(&mut self, expr: &Expr, d: Reg) {
        let span = expr.span;
        self.span = span;
        match &expr.kind {
            ExprKind::Error => self.constant_into(d, 0),
            ExprKind::Int(value) => self.constant_into(d, *value),
            ExprKind::Float(value) => self.constant_into(d, value.to_bits() as i64),
            ExprKind::Func(_) => self.address_to(expr, d),
            ExprKind::Local(_)
            | ExprKind::Global(_)
            | ExprKind::Str(_)
            | ExprKind::Deref(_)
            | ExprKind::Member(..)
            | ExprKind::Compound(..) => {
                let loc = self.loc(expr);
                self.span = span;
                if self.types.is_scalar(expr.ty) || expr.ty == Ty::ERROR {
                    self.read(loc, expr.ty, d);
                } else if let Loc::Mem { base, off, .. } = loc {
                    self.emit(Code::AddImm64 { d, a: base, imm: off });
                }
            }
            ExprKind::AddrOf(lvalue) => self.address_to(lvalue, d),
            ExprKind::Neg(inner) => {
                let a = self.value(inner);
                self.span = span;
                if self.types.is_float(expr.ty) {
                    self.emit(Code::FNeg { d, a });
                } else {
                    self.emit(Code::Neg64 { d, a });
                    self.extend(d, d, expr.ty);
                }
            }
            ExprKind::BitNot(inner) => {
                let a = self.value(inner);
                self.span = span;
                self.emit(Code::Not64 { d, a });
                self.extend(d, d, expr.ty);
            }
            ExprKind::Not(inner) => {
                let a = self.truth(inner);
                self.span = span;
                self.emit(Code::IsZero { d, a });
            }
            ExprKind::Binary(op, left, right) => {
                let imm = match right.kind {
                    ExprKind::Int(value) => i32::try_from(value).ok(),
                    _ => None,
                };
                let a = self.value(left);
                if let Some(imm) = imm
                    && self.binary_imm(*op, left.ty, d, a, imm)
                {
                    return;
                }
                let b = self.value(right);
                self.span = span;
                self.binary(*op, left.ty, d, a, b);
            }
            ExprKind::PtrAdd { ptr, index, scale, minus } => {
                let a = self.value(ptr);
                self.pointer_add(a, index, *scale, *minus, d, span);
            }
            ExprKind::PtrDiff(left, right, scale) => {
                let a = self.value(left);
                let b = self.value(right);
                self.span = span;
                self.emit(Code::Sub64 { d, a, b });
                let size = match scale {
                    Scale::Bytes(size) => self.constant((*size).max(1) as i64),
                    Scale::Local(local) => self.vla_size(*local),
                };
                self.emit(Code::DivI64 { d, a: d, b: size });
            }
            ExprKind::AndAnd(..) | ExprKind::OrOr(..) => {
                let skip = self.jump_if(expr, false);
                self.constant_into(d, 1);
                let end = self.emit(Code::Jump { to: 0 });
                self.patch(skip);
                self.constant_into(d, 0);
                self.patch(vec![end]);
            }
            ExprKind::Cond(cond, yes, no) => {
                let skip = self.jump_if(cond, false);
                self.value_to(yes, d);
                let end = self.emit(Code::Jump { to: 0 });
                self.patch(skip);
                self.value_to(no, d);
                self.patch(vec![end]);
            }
            ExprKind::Comma(left, right) => {
                self.effect(left);
                self.value_to(right, d);
            }
            ExprKind::Assign(left, right) => self.assign(left, right, span, Some(d)),
            ExprKind::OpAssign { op, left, right, calc } => {
                self.op_assign(*op, left, right, *calc, d, span);
            }
            ExprKind::PtrAssign { left, index, scale, minus } => {
                let loc = self.loc(left);
                let old = self.temp();
                self.read(loc, left.ty, old);
                self.pointer_add(old, index, *scale, *minus, d, span);
                self.span = span;
                self.store(d, left.ty, loc);
            }
            ExprKind::Step { left, scale, minus, post } => {
                self.step(left, *scale, *minus, span, Some(d), *post);
            }
            ExprKind::Cast(inner) => self.cast(inner, expr.ty, d, span),
            ExprKind::Call { callee, args, fixed, variadic } => {
                self.call(expr, callee, args, *fixed, *variadic, d);
            }
            ExprKind::StmtExpr(stmts) => {
                let Some((last, rest)) = stmts.split_last() else { return };
                for stmt in rest {
                    self.stmt(stmt);
                }
                match &last.kind {
                    StmtKind::Expr(value) if expr.ty != Ty::VOID => self.value_to(value, d),
                    _ => self.stmt(last),
                }
            }
            ExprKind::VaStart(ap) => {
                let ap = self.value(ap);
                let area = self.va_area;
                self.span = span;
                self.emit(Code::VaStart { ap, area });
            }
            ExprKind::VaArg(ap) => {
                let ap = self.value(ap);
                let want = self.va_tag(expr.ty) as u32;
                self.span = span;
                self.emit(Code::VaArg { d, ap, want });
                if self.types.is_scalar(expr.ty) {
                    self.extend(d, d, expr.ty);
                }
            }
            ExprKind::VaCopy(to, from) => {
                let to = self.value(to);
                let from = self.value(from);
                self.span = span;
                self.emit(Code::Copy { to, from, len: 24 });
            }
            ExprKind::VlaSize(local) => {
                let a = self.vla_size(*local);
                self.emit(Code::Move { d, a });
            }
            ExprKind::Alloca(size) => {
                let bytes = self.value(size);
                self.span = span;
                self.emit(Code::Alloca { d, bytes });
            }
        }
    }

    fn vla_size(&mut self, local: LocalId) -> Reg {
        match self.places[local as usize] {
            Place::Register { reg, .. } => reg,
            _ => self.constant(1),
        }
    }

    fn pointer_add(&mut self, a: Reg, index: &Expr, scale: Scale, minus: bool, d: Reg, span: Span) {
        if let (ExprKind::Int(value), Scale::Bytes(size)) = (&index.kind, scale)
            && let Some(bytes) = value.checked_mul(size as i64)
            && let Ok(imm) = i32::try_from(if minus { -bytes } else { bytes })
        {
            self.emit(Code::AddImm64 { d, a, imm });
            return;
        }
        let mut b = self.value(index);
        self.span = span;
        if minus {
            let negated = self.temp();
            self.emit(Code::Neg64 { d: negated, a: b });
            b = negated;
        }
        match scale {
            Scale::Bytes(size) => {
                self.emit(Code::Index { d, a, b, size: size as u32 });
            }
            Scale::Local(local) => {
                let size = self.vla_size(local);
                let bytes = self.temp();
                self.emit(Code::Mul64 { d: bytes, a: b, b: size });
                self.emit(Code::Add64 { d, a, b: bytes });
            }
        }
    }

    /// Cuts a 64-bit result to its type.
    fn extend(&mut self, d: Reg, a: Reg, ty: Ty) {
        let signed = self.types.is_signed(ty);
        let code = match (self.types.kind(ty), self.types.size(ty)) {
            (TypeKind::Bool, _) => Code::ToBool { d, a },
            (TypeKind::Float, _) | (TypeKind::Double, _) => {
                if d == a {
                    return;
                }
                Code::Move { d, a }
            }
            (_, Some(1)) if signed => Code::SExt8 { d, a },
            (_, Some(1)) => Code::ZExt8 { d, a },
            (_, Some(2)) if signed => Code::SExt16 { d, a },
            (_, Some(2)) => Code::ZExt16 { d, a },
            (_, Some(4)) if signed => Code::SExt32 { d, a },
            (_, Some(4)) => Code::ZExt32 { d, a },
            _ if d == a => return,
            _ => Code::Move { d, a },
        };
        self.emit(code);
    }

    fn binary_imm(&mut self, op: Op, ty: Ty, d: Reg, a: Reg, imm: i32) -> bool {
        if !self.types.is_integer(ty) {
            return false;
        }
        let imm = match op {
            Op::Add => imm,
            Op::Sub if imm != i32::MIN => -imm,
            Op::And if imm >= 0 => {
                self.emit(Code::AndImm { d, a, imm });
                return true;
            }
            _ => return false,
        };
        let code = match (self.types.size(ty), self.types.is_signed(ty)) {
            (Some(4), true) => Code::AddImmI32 { d, a, imm },
            (Some(4), false) => Code::AddImmU32 { d, a, imm },
            _ => Code::AddImm64 { d, a, imm },
        };
        self.emit(code);
        true
    }

    fn binary(&mut self, op: Op, ty: Ty, d: Reg, a: Reg, b: Reg) {
        if self.types.is_float(ty) {
            let code = match op {
                Op::Add => Code::FAdd { d, a, b },
                Op::Sub => Code::FSub { d, a, b },
                Op::Mul => Code::FMul { d, a, b },
                Op::Div => Code::FDiv { d, a, b },
                Op::Eq => Code::FEq { d, a, b },
                Op::Ne => Code::FNe { d, a, b },
                Op::Lt => Code::FLt { d, a, b },
                _ => Code::FLe { d, a, b },
            };
            self.emit(code);
            let arithmetic = matches!(op, Op::Add | Op::Sub | Op::Mul | Op::Div);
            if arithmetic && self.types.kind(ty) == TypeKind::Float {
                self.emit(Code::RoundF32 { d, a: d });
            }
            return;
        }
        let signed = self.types.is_signed(ty);
        let wide = self.types.size(ty) == Some(8);
        let code = match (op, wide, signed) {
            (Op::Add, true, _) => Code::Add64 { d, a, b },
            (Op::Add, _, true) => Code::AddI32 { d, a, b },
            (Op::Add, ..) => Code::AddU32 { d, a, b },
            (Op::Sub, true, _) => Code::Sub64 { d, a, b },
            (Op::Sub, _, true) => Code::SubI32 { d, a, b },
            (Op::Sub, ..) => Code::SubU32 { d, a, b },
            (Op::Mul, true, _) => Code::Mul64 { d, a, b },
            (Op::Mul, _, true) => Code::MulI32 { d, a, b },
            (Op::Mul, ..) => Code::MulU32 { d, a, b },
            (Op::Div, _, false) => Code::DivU { d, a, b },
            (Op::Div, true, _) => Code::DivI64 { d, a, b },
            (Op::Div, ..) => Code::DivI32 { d, a, b },
            (Op::Rem, _, false) => Code::RemU { d, a, b },
            (Op::Rem, true, _) => Code::RemI64 { d, a, b },
            (Op::Rem, ..) => Code::RemI32 { d, a, b },
            (Op::And, ..) => Code::And { d, a, b },
            (Op::Or, ..) => Code::Or { d, a, b },
            (Op::Xor, ..) => Code::Xor { d, a, b },
            (Op::Shl, true, _) => Code::Shl64 { d, a, b },
            (Op::Shl, _, true) => Code::ShlI32 { d, a, b },
            (Op::Shl, ..) => Code::ShlU32 { d, a, b },
            (Op::Shr, true, true) => Code::ShrS64 { d, a, b },
            (Op::Shr, true, false) => Code::ShrU64 { d, a, b },
            (Op::Shr, _, true) => Code::ShrS32 { d, a, b },
            (Op::Shr, ..) => Code::ShrU32 { d, a, b },
            (Op::Eq, ..) => Code::Eq { d, a, b },
            (Op::Ne, ..) => Code::Ne { d, a, b },
            (Op::Lt, _, true) => Code::LtS { d, a, b },
            (Op::Lt, ..) => Code::LtU { d, a, b },
            (Op::Le, _, true) => Code::LeS { d, a, b },
            (Op::Le, ..) => Code::LeU { d, a, b },
        };
        self.emit(code);
    }

    fn cast(&mut self, inner: &Expr, to: Ty, d: Reg, span: Span) {
        let from = inner.ty;
        if to.unqual() == Ty::VOID {
            return self.effect(inner);
        }
        let a = self.value(inner);
        self.span = span;
        match (self.types.is_float(from), self.types.is_float(to)) {
            (true, true) => {
                let narrows = self.types.kind(to) == TypeKind::Float
                    && self.types.kind(from) != TypeKind::Float;
                if narrows {
                    self.emit(Code::RoundF32 { d, a });
                } else if d != a {
                    self.emit(Code::Move { d, a });
                }
            }
            (false, true) => {
                if self.types.is_signed(from) {
                    self.emit(Code::IntToF { d, a });
                } else {
                    self.emit(Code::UIntToF { d, a });
                }
                if self.types.kind(to) == TypeKind::Float {
                    self.emit(Code::RoundF32 { d, a: d });
                }
            }
            (true, false) => {
                if self.types.kind(to) == TypeKind::Bool {
                    self.emit(Code::FToBool { d, a });
                } else if self.types.size(to) == Some(8) && !self.types.is_signed(to) {
                    self.emit(Code::FToUInt { d, a });
                } else {
                    self.emit(Code::FToInt { d, a });
                    self.extend(d, d, to);
                }
            }
            (false, false) => {
                let (from_size, to_size) = (self.types.size(from), self.types.size(to));
                let (from_signed, to_signed) =
                    (self.types.is_signed(from), self.types.is_signed(to));
                let keeps = to_size == Some(8)
                    || from_size < to_size && (!from_signed || to_signed)
                    || from_size == to_size && from_signed == to_signed;
                if keeps && self.types.kind(to) != TypeKind::Bool {
                    if d != a {
                        self.emit(Code::Move { d, a });
                    }
                } else {
                    self.extend(d, a, to);
                }
            }
        }
    }

    fn assign(&mut self, left: &Expr, right: &Expr, span: Span, d: Option<Reg>) {
        if let ExprKind::Local(id) = left.kind
            && let Place::Register { reg, .. } = self.places[id as usize]
        {
            // The right side may use the variable while it is being computed into a temporary.
            if simple(right) {
                self.value_to(right, reg);
            } else {
                let v = self.value(right);
                self.emit(Code::Move { d: reg, a: v });
            }
            self.set_flag(id);
            if let Some(d) = d
                && d != reg
            {
                self.emit(Code::Move { d, a: reg });
            }
            return;
        }
        let v = self.value(right);
        let loc = self.loc(left);
        self.span = span;
        self.store(v, left.ty, loc);
        if let Some(d) = d
            && d != v
        {
            match loc {
                // The value of an assignment to a bit-field is what fits into it.
                Loc::Mem { bits: Some(_), .. } => self.read(loc, left.ty, d),
                _ => {
                    self.emit(Code::Move { d, a: v });
                }
            }
        }
    }

    fn op_assign(&mut self, op: Op, left: &Expr, right: &Expr, calc: Ty, d: Reg, span: Span) {
        let loc = self.loc(left);
        let b = self.value(right);
        self.span = span;
        let a = match loc {
            Loc::Local(id) => {
                self.check_set(id);
                match self.places[id as usize] {
                    Place::Register { reg, .. } => reg,
                    _ => 0,
                }
            }
            Loc::Mem { .. } => {
                let a = self.temp();
                self.read(loc, left.ty, a);
                a
            }
        };
        let a = self.converted(a, left.ty, calc);
        let direct = match (loc, left.ty.unqual() == calc) {
            (Loc::Local(id), true) => match self.places[id as usize] {
                Place::Register { reg, .. } => Some(reg),
                _ => None,
            },
            _ => None,
        };
        if let Some(reg) = direct {
            self.binary(op, calc, reg, a, b);
            if d != reg {
                self.emit(Code::Move { d, a: reg });
            }
            return;
        }
        let result = self.temp();
        self.binary(op, calc, result, a, b);
        let result = self.converted(result, calc, left.ty);
        self.store(result, left.ty, loc);
        match loc {
            Loc::Mem { bits: Some(_), .. } => self.read(loc, left.ty, d),
            _ => {
                self.emit(Code::Move { d, a: result });
            }
        }
    }

    /// A register's value converted between arithmetic types.
    fn converted(&mut self, a: Reg, from: Ty, to: Ty) -> Reg {
        let (from, to) = (from.unqual(), to.unqual());
        if from == to {
            return a;
        }
        let d = self.temp();
        match (self.types.is_float(from), self.types.is_float(to)) {
            (true, true) => {
                if self.types.kind(to) == TypeKind::Float {
                    self.emit(Code::RoundF32 { d, a });
                } else {
                    self.emit(Code::Move { d, a });
                }
            }
            (false, true) => {
                if self.types.is_signed(from) {
                    self.emit(Code::IntToF { d, a });
                } else {
                    self.emit(Code::UIntToF { d, a });
                }
                if self.types.kind(to) == TypeKind::Float {
                    self.emit(Code::RoundF32 { d, a: d });
                }
            }
            (true, false) => {
                if self.types.kind(to) == TypeKind::Bool {
                    self.emit(Code::FToBool { d, a });
                } else if self.types.size(to) == Some(8) && !self.types.is_signed(to) {
                    self.emit(Code::FToUInt { d, a });
                } else {
                    self.emit(Code::FToInt { d, a });
                    self.extend(d, d, to);
                }
            }
            (false, false) => self.extend(d, a, to),
        }
        d
    }

    /// `++`, `--`; the value before or after into `d`.
    fn step(
        &mut self,
        left: &Expr,
        scale: Option<Scale>,
        minus: bool,
        span: Span,
        d: Option<Reg>,
        post: bool,
    ) {
        let loc = self.loc(left);
        self.span = span;
        let old = match loc {
            Loc::Local(id) => {
                self.check_set(id);
                match self.places[id as usize] {
                    Place::Register { reg, .. } => reg,
                    _ => 0,
                }
            }
            Loc::Mem { .. } => {
                let old = self.temp();
                self.read(loc, left.ty, old);
                old
            }
        };
        if let (Some(d), true) = (d, post) {
            self.emit(Code::Move { d, a: old });
        }
        let new = match loc {
            Loc::Local(_) => old,
            Loc::Mem { .. } => self.temp(),
        };
        let sign = if minus { -1 } else { 1 };
        match scale {
            Some(Scale::Bytes(size)) => {
                self.emit(Code::AddImm64 { d: new, a: old, imm: sign * size as i32 });
            }
            Some(Scale::Local(local)) => {
                let size = self.vla_size(local);
                let code = match minus {
                    true => Code::Sub64 { d: new, a: old, b: size },
                    false => Code::Add64 { d: new, a: old, b: size },
                };
                self.emit(code);
            }
            None if self.types.is_float(left.ty) => {
                let one = self.constant(1f64.to_bits() as i64);
                let code = match minus {
                    true => Code::FSub { d: new, a: old, b: one },
                    false => Code::FAdd { d: new, a: old, b: one },
                };
                self.emit(code);
                if self.types.kind(left.ty) == TypeKind::Float {
                    self.emit(Code::RoundF32 { d: new, a: new });
                }
            }
            None if left.ty.unqual() == Ty::INT => {
                self.emit(Code::AddImmI32 { d: new, a: old, imm: sign });
            }
            None => {
                self.emit(Code::AddImm64 { d: new, a: old, imm: sign });
                self.extend(new, new, left.ty);
            }
        }
        if let Loc::Mem { .. } = loc {
            self.store(new, left.ty, loc);
        }
        if let (Some(d), false) = (d, post) {
            match loc {
                Loc::Mem { bits: Some(_), .. } => self.read(loc, left.ty, d),
                _ => {
                    self.emit(Code::Move { d, a: new });
                }
            }
        }
    }

    /// A register that is zero exactly when the value is false.
    fn truth(&mut self, expr: &Expr) -> Reg {
        let a = self.value(expr);
        if self.types.is_float(expr.ty) {
            let d = self.temp();
            self.emit(Code::FToBool { d, a });
            return d;
        }
        a
    }

    /// Jumps (to be patched) taken when the value is `when`; falls through otherwise.
    fn jump_if(&mut self, expr: &Expr, when: bool) -> Vec<usize> {
        let top = self.top;
        let span = expr.span;
        let jumps = match &expr.kind {
            ExprKind::Int(value) => {
                if (*value != 0) == when {
                    vec![self.emit(Code::Jump { to: 0 })]
                } else {
                    Vec::new()
                }
            }
            ExprKind::Not(inner) => self.jump_if(inner, !when),
            ExprKind::AndAnd(left, right) if !when => {
                let mut jumps = self.jump_if(left, false);
                jumps.extend(self.jump_if(right, false));
                jumps
            }
            ExprKind::OrOr(left, right) if when => {
                let mut jumps = self.jump_if(left, true);
                jumps.extend(self.jump_if(right, true));
                jumps
            }
            ExprKind::AndAnd(left, right) => {
                let skip = self.jump_if(left, false);
                let jumps = self.jump_if(right, true);
                self.patch(skip);
                jumps
            }
            ExprKind::OrOr(left, right) => {
                let skip = self.jump_if(left, true);
                let jumps = self.jump_if(right, false);
                self.patch(skip);
                jumps
            }
            ExprKind::Binary(op @ (Op::Eq | Op::Ne | Op::Lt | Op::Le), left, right)
                if !self.types.is_float(left.ty) =>
            {
                let a = self.value(left);
                let b = self.value(right);
                self.span = span;
                let signed = self.types.is_signed(left.ty);
                let to = 0;
                let code = match (op, when, signed) {
                    (Op::Eq, true, _) | (Op::Ne, false, _) => Code::JumpEq { a, b, to },
                    (Op::Eq, false, _) | (Op::Ne, true, _) => Code::JumpNe { a, b, to },
                    (Op::Lt, true, true) => Code::JumpLtS { a, b, to },
                    (Op::Lt, true, false) => Code::JumpLtU { a, b, to },
                    (Op::Lt, false, true) => Code::JumpLeS { a: b, b: a, to },
                    (Op::Lt, false, false) => Code::JumpLeU { a: b, b: a, to },
                    (_, true, true) => Code::JumpLeS { a, b, to },
                    (_, true, false) => Code::JumpLeU { a, b, to },
                    (_, false, true) => Code::JumpLtS { a: b, b: a, to },
                    (_, false, false) => Code::JumpLtU { a: b, b: a, to },
                };
                vec![self.emit(code)]
            }
            _ => {
                let a = self.truth(expr);
                self.span = span;
                let to = 0;
                let code = if when { Code::JumpIf { a, to } } else { Code::JumpIfNot { a, to } };
                vec![self.emit(code)]
            }
        };
        self.top = top;
        jumps
    }

    // ---- calls

    fn va_tag(&self, ty: Ty) -> u64 {
        if self.types.is_float(ty) {
            VA_DOUBLE
        } else if self.types.is_pointer(ty) {
            VA_POINTER
        } else if self.types.is_scalar(ty) {
            if self.types.size(ty) == Some(8) { VA_LONG } else { VA_INT }
        } else {
            VA_RECORD + self.types.size(ty).unwrap_or(0)
        }
    }

    fn call(
        &mut self,
        expr: &Expr,
        callee: &Callee,
        args: &[Expr],
        fixed: usize,
        variadic: bool,
        d: Reg,
    ) {
        let span = expr.span;
        let unused = std::mem::take(&mut self.unused);
        let pointer = match callee {
            Callee::Func(_) => None,
            Callee::Pointer(pointer) => Some(self.value(pointer)),
        };
        let link = match callee {
            Callee::Func(id) => self.linker.linked.links[*id as usize],
            Callee::Pointer(_) => Link::Missing,
        };
        let intrinsic = matches!(link, Link::Intrinsic(_));
        let base = self.temp(); // the callee's register 0: its frame, then its result
        if self.types.is_record(expr.ty) {
            let slot = self.slot_for(expr.ty);
            let at = self.temp();
            self.emit(Code::Unset { off: slot, len: self.types.size(expr.ty).unwrap_or(0) as u32 });
            self.emit(Code::AddImm64 { d: at, a: 0, imm: slot as i32 });
        }
        let (named, variable) = args.split_at(fixed.min(args.len()));
        let regs: Vec<Reg> = named.iter().map(|_| self.temp()).collect();
        if variadic {
            self.variable_arguments(variable);
        }
        // From the last to the first, as gcc does it on x86-64: `printf` of two `inet_ntoa` tells.
        for (arg, reg) in named.iter().zip(regs).rev() {
            self.value_to(arg, reg);
        }
        self.span = span;
        let count = (self.top - u32::from(base) - 1) as u16;
        match (link, pointer) {
            (_, Some(a)) => {
                self.emit(Code::CallPtr { a, base, args: count });
            }
            (Link::Function(func), _) => {
                self.emit(Code::Call { base, func });
            }
            (Link::Intrinsic(id), _) => {
                self.emit(Code::Intrinsic { base, id, args: count });
            }
            (Link::Missing, None) => {}
        }
        if let (Callee::Func(id), false) = (callee, unused) {
            let func = &self.tu.funcs[*id as usize];
            if func.body.as_ref().is_some_and(|body| may_fall(&self.tu, func, body)) {
                let name = self.tu.interner.get(func.name).to_owned();
                let name = self.name_index(name);
                self.emit(Code::CheckValue { name });
            }
        }
        if expr.ty != Ty::VOID {
            if intrinsic && self.types.is_scalar(expr.ty) {
                self.extend(d, base, expr.ty);
            } else if d != base {
                self.emit(Code::Move { d, a: base });
            }
        }
    }

    /// Puts variable arguments with their tags into the frame; two registers say where and how many.
    fn variable_arguments(&mut self, args: &[Expr]) {
        let area = self.temp();
        let count = self.temp();
        let slot = self.slot(16 * args.len() as u64, 16);
        for (index, arg) in args.iter().enumerate().rev() {
            let top = self.top;
            let off = slot as i32 + 16 * index as i32;
            let tag = self.constant(self.va_tag(arg.ty) as i64);
            self.emit(Code::Store64 { v: tag, a: 0, off });
            let mut v = self.value(arg);
            if self.types.is_record(arg.ty) {
                let size = self.types.size(arg.ty).unwrap_or(0);
                let copy = self.slot(size, 16);
                let to = self.temp();
                self.emit(Code::AddImm64 { d: to, a: 0, imm: copy as i32 });
                self.emit(Code::Copy { to, from: v, len: size as u32 });
                v = to;
            }
            self.emit(Code::Store64 { v, a: 0, off: off + 8 });
            self.top = top;
        }
        self.emit(Code::AddImm64 { d: area, a: 0, imm: slot as i32 });
        self.emit(Code::Const { d: count, value: args.len() as i32 });
    }
}

/// Whether computing the value straight into the variable it is assigned to is safe: the variable
/// is read before it is written.
fn simple(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Local(_)
        | ExprKind::Global(_)
        | ExprKind::Call { .. }
        | ExprKind::AddrOf(_) => true,
        ExprKind::Binary(_, left, right) => leaf(left) && leaf(right),
        ExprKind::Deref(pointer) => leaf(pointer),
        _ => false,
    }
}

fn leaf(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Local(_) | ExprKind::Global(_)
    )
}

/// Whether a function that returns a value may come to its end without one: only what its last
/// statement says; what runs decides.
fn may_fall(tu: &TranslationUnit, func: &FuncDecl, body: &Body) -> bool {
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

fn has_label(stmt: &Stmt) -> bool {
    any(stmt, &|stmt| matches!(stmt.kind, StmtKind::Label(..)))
}

fn has_vla(stmt: &Stmt) -> bool {
    any(stmt, &|stmt| matches!(stmt.kind, StmtKind::VlaDecl { .. }))
}

/// Whether a statement, or one within it, is so.
fn any(stmt: &Stmt, is: &dyn Fn(&Stmt) -> bool) -> bool {
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
