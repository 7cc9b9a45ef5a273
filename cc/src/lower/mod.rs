//! From the typed tree to code.
//!
//! A scalar variable whose address is never taken lives in a register, everything else in the
//! memory frame, with unaddressable bytes between. Temporaries are a stack of registers above the
//! variables; a call's arguments are put on top of it, where the callee finds them.

mod calls;
mod expressions;
mod layout;
mod objects;
mod operators;
mod shape;
mod slots;
mod statements;

use crate::ast::*;
use crate::diag::{Diagnostic, Kind};
use crate::intrinsics;
use crate::lex::Interner;
use crate::libc_index;
use crate::memory::{DATA_BASE, Memory, Page};
use crate::program::*;
use crate::source::{SourceMap, Span};
use crate::types::{Kind as TypeKind, Ty, Types};
use layout::Layout;
use objects::Loc;
pub(crate) use shape::makes_threads;
use shape::may_fall;
use std::ops::Range;
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
    thread_local: Range<u64>,
    pub(crate) linked: Linked,
    /// For each number of a function, its place among the declarations.
    pub(crate) numbered: Vec<FuncId>,
}

impl Lowered {
    /// With the types and names of the parser.
    pub(crate) fn into_unit(mut self, types: Types, interner: Interner) -> Unit {
        self.exports.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        let Lowered { functions, exports, globals, image, end, thread_local, .. } = self;
        Unit { functions, exports, globals, types, interner, image, end, thread_local }
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
    let mut layout =
        Layout { at: base, memory: Memory::new(image, 0), infos: Vec::new(), thread_local: 0..0 };
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
            layout.freeze(linked.global_at[id], global.ty, tu.types);
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
    let Layout { memory, infos: globals, thread_local, .. } = layout;
    let image = memory.into_data_pages();
    Lowered { functions, exports, globals, image, end, thread_local, linked, numbered }
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
                    && tu.same_signature(*other, id)
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

/// Jumps out of a loop or `switch`, or to its next turn.
#[derive(Default)]
struct Exits {
    jumps: Vec<usize>,
    /// How many locals waited for being cleaned up where it began.
    cleanups: usize,
}

/// A `goto`: its jump, where it goes, and what waited for being cleaned up.
struct Leave {
    at: usize,
    label: LabelId,
    cleanups: Vec<LocalId>,
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
    /// What is cleaned up at each label.
    label_cleanups: Vec<Vec<LocalId>>,
    jumps: Vec<Leave>,
    breaks: Vec<Exits>,
    continues: Vec<Exits>,
    /// Locals that are cleaned up at the end of their blocks, the latest last.
    cleanups: Vec<LocalId>,
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
            label_cleanups: vec![Vec::new(); body.labels as usize],
            jumps: Vec::new(),
            cleanups: Vec::new(),
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
        // C++: objects that were handed over end here.
        let cleaned = |local: &&LocalId| self.body.locals[**local as usize].cleanup.is_some();
        self.cleanups = self.body.params.iter().filter(cleaned).copied().collect();
        let stmts = &self.body.stmts;
        for stmt in stmts {
            self.stmt(stmt);
        }
        self.span = self.body.end;
        self.clean_up(0);
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
}
