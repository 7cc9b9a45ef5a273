//! What C++ adds to the parser's state: classes, templates, namespaces, bodies read later.

use super::templates::Template;
use crate::ast::*;
use crate::lex::{Interner, Sym};
use crate::parse::{Declarator, Entry, Function, Parser};
use crate::source::{FileId, Span};
use crate::types::Ty;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The place of what nobody wrote: a destructor that a class has by itself.
pub(crate) const NOWHERE: Span = Span { file: FileId(u16::MAX), start: 0, end: 0 };

/// A class: what its record does not say.
#[derive(Default)]
pub(crate) struct Class {
    pub(crate) name: Option<Sym>,
    /// As messages have it: `std::vector<int>`.
    pub(crate) full: String,
    /// Bases with their places.
    pub(crate) bases: Vec<(Ty, u64)>,
    /// Types, constants and static members.
    pub(crate) names: BTreeMap<Sym, Entry>,
    pub(crate) methods: Vec<Method>,
    /// Member functions that are templates.
    pub(crate) templates: Vec<(Sym, usize)>,
    /// `operator T()`.
    pub(crate) conversions: Vec<(Ty, FuncId)>,
    /// The virtual functions in the order of the table.
    pub(crate) slots: Vec<Slot>,
    pub(crate) is_abstract: bool,
    pub(crate) vtable: Option<GlobalId>,
    /// What its template's parameters stand for.
    pub(crate) bindings: Vec<(Sym, Entry)>,
    pub(crate) template: Option<(usize, Vec<super::templates::Arg>)>,
    pub(crate) namespace: usize,
    pub(crate) outer: Option<Ty>,
    /// Members with an initialiser of their own: where it begins.
    pub(crate) defaults: Vec<(Sym, usize)>,
    pub(crate) mutables: BTreeSet<Sym>,
    /// Functions that nobody wrote, once they were asked for: by what they do.
    pub(crate) made: BTreeMap<&'static str, Option<FuncId>>,
    /// A lambda without captures: the function that it is.
    pub(crate) closure: Option<FuncId>,
}

/// A member function.
#[derive(Clone, Copy)]
pub(crate) struct Method {
    pub(crate) name: Sym,
    pub(crate) id: FuncId,
    pub(crate) is_static: bool,
    pub(crate) is_const: bool,
    pub(crate) deleted: bool,
    pub(crate) defaulted: bool,
    pub(crate) explicit: bool,
}

/// A place in the table of virtual functions.
#[derive(Clone)]
pub(crate) struct Slot {
    pub(crate) name: Sym,
    pub(crate) params: Vec<Ty>,
    pub(crate) id: Option<FuncId>,
    pub(crate) pure: bool,
}

/// A body that is read when all that it may name is known.
pub(crate) struct Later {
    pub(crate) at: usize,
    pub(crate) declarator: Declarator,
    pub(crate) context: Where,
}

/// Where a body's names are looked up.
#[derive(Clone, Default)]
pub(crate) struct Where {
    pub(crate) class: Option<Ty>,
    pub(crate) namespace: usize,
    pub(crate) bindings: Vec<(Sym, Entry)>,
    /// A class of a block: what is around it is seen.
    pub(crate) in_block: bool,
}

pub(crate) struct Namespace {
    pub(crate) name: Sym,
    pub(crate) parent: usize,
    pub(crate) used: Vec<usize>,
}

/// A lambda whose body is being read.
pub(crate) struct Lambda {
    pub(crate) outer: Option<Function>,
    pub(crate) constants: BTreeMap<LocalId, i64>,
    pub(crate) ty: Ty,
    /// The parameter that is the lambda itself; `None`: it captures nothing.
    pub(crate) closure: Option<LocalId>,
    /// `[=]`: false, `[&]`: true.
    pub(crate) default: Option<bool>,
    pub(crate) mutable: bool,
    pub(crate) captures: Vec<Capture>,
    pub(crate) size: u64,
}

#[derive(Clone)]
pub(crate) struct Capture {
    pub(crate) name: Sym,
    pub(crate) variable: (u32, LocalId),
    pub(crate) ty: Ty,
    pub(crate) offset: u64,
    pub(crate) init: Option<Expr>,
}

/// An object without a name that lives to the end of the expression.
#[derive(Clone, Copy)]
pub(crate) struct Temp {
    pub(crate) local: LocalId,
    /// Set when it was made, where that is not certain.
    pub(crate) flag: Option<LocalId>,
}

/// The state of C++.
pub(crate) struct Cxx {
    pub(crate) classes: BTreeMap<u32, Class>,
    pub(crate) templates: Vec<Template>,
    pub(crate) templates_of: BTreeMap<Sym, Vec<usize>>,
    pub(crate) namespaces: Vec<Namespace>,
    pub(crate) namespace: usize,
    pub(crate) qualified: BTreeMap<(usize, Sym), Sym>,
    pub(crate) bodies: BTreeMap<FuncId, Later>,
    pub(crate) queue: VecDeque<FuncId>,
    /// Free operators by their names.
    pub(crate) operators: BTreeMap<Sym, Vec<super::overload::Candidate>>,
    pub(crate) class: Option<Ty>,
    /// Classes that are being read.
    pub(crate) open: u32,
    /// A template's parameters stand for themselves.
    pub(crate) pattern: bool,
    pub(crate) lambdas: Vec<Lambda>,
    /// Within what may not be evaluated: `a && …`, `c ? … : …`.
    pub(crate) conditional: u32,
    /// The record that the class being read is to be.
    pub(crate) instance: Option<Ty>,
    pub(crate) deleted: BTreeSet<FuncId>,
    pub(crate) ctor: Sym,
    pub(crate) dtor: Sym,
    pub(crate) closure: Sym,
    pub(crate) vptr: Sym,
    pub(crate) depth: u32,
    /// Global objects that end after `main`.
    pub(crate) destructors: Vec<Expr>,
    /// Conversions by constructors are not made within one another.
    pub(crate) converting: bool,
    /// Member functions made of templates that are static; whether the one being read is.
    pub(crate) statics: BTreeSet<FuncId>,
    pub(crate) is_static: bool,
    /// How many arguments of the template being matched were given.
    pub(crate) explicit: usize,
}

impl Cxx {
    pub(crate) fn new(interner: &mut Interner) -> Cxx {
        let name = interner.intern("");
        Cxx {
            classes: BTreeMap::new(),
            templates: Vec::new(),
            templates_of: BTreeMap::new(),
            namespaces: vec![Namespace { name, parent: 0, used: Vec::new() }],
            namespace: 0,
            qualified: BTreeMap::new(),
            bodies: BTreeMap::new(),
            queue: VecDeque::new(),
            operators: BTreeMap::new(),
            class: None,
            open: 0,
            pattern: false,
            lambdas: Vec::new(),
            conditional: 0,
            instance: None,
            deleted: BTreeSet::new(),
            ctor: interner.intern("(constructor)"),
            dtor: interner.intern("(destructor)"),
            closure: interner.intern("(lambda)"),
            vptr: interner.intern("(virtual)"),
            depth: 0,
            destructors: Vec::new(),
            converting: false,
            statics: BTreeSet::new(),
            is_static: false,
            explicit: 0,
        }
    }
}

/// The parser's state while it reads elsewhere.
pub(crate) struct Saved {
    at: usize,
    base: u32,
    scope: u32,
    depth: u32,
    function: Option<Function>,
    constants: BTreeMap<LocalId, i64>,
    namespace: usize,
    class: Option<Ty>,
    lambdas: Vec<Lambda>,
    conditional: u32,
    pattern: bool,
    body_open: Option<Span>,
    defaults: Vec<usize>,
}

impl Parser {
    /// Goes to another place of the text, whose names are looked up there.
    pub(crate) fn go_to(&mut self, at: usize, place: &Where) -> Saved {
        let saved = Saved {
            at: std::mem::replace(&mut self.at, at),
            base: self.base,
            scope: self.scope,
            depth: std::mem::take(&mut self.depth),
            function: self.function.take(),
            constants: std::mem::take(&mut self.const_locals),
            namespace: std::mem::replace(&mut self.cxx.namespace, place.namespace),
            class: self.cxx.class.take(),
            lambdas: std::mem::take(&mut self.cxx.lambdas),
            conditional: std::mem::take(&mut self.cxx.conditional),
            pattern: std::mem::take(&mut self.cxx.pattern),
            body_open: self.body_open,
            defaults: std::mem::take(&mut self.last_defaults),
        };
        if !place.in_block {
            self.base = self.scope;
        }
        if let Some(class) = place.class {
            self.enter_class(class);
        }
        self.push_scope();
        for (name, entry) in &place.bindings {
            self.bind(*name, *entry);
        }
        saved
    }

    /// Back from there.
    pub(crate) fn go_back(&mut self, saved: Saved) {
        while self.scope > saved.scope {
            self.pop_scope();
        }
        self.at = if self.refused { self.tokens.len() - 1 } else { saved.at };
        self.base = saved.base;
        self.depth = saved.depth;
        self.function = saved.function;
        self.const_locals = saved.constants;
        self.cxx.namespace = saved.namespace;
        self.cxx.class = saved.class;
        self.cxx.lambdas = saved.lambdas;
        self.cxx.conditional = saved.conditional;
        self.cxx.pattern = saved.pattern;
        self.body_open = saved.body_open;
        self.last_defaults = saved.defaults;
    }

    /// Makes a class's names known: its template's parameters, its own types and constants.
    pub(crate) fn enter_class(&mut self, class: Ty) {
        self.push_scope();
        self.bind_class_names(class, 0);
        self.cxx.class = Some(class);
    }

    fn bind_class_names(&mut self, ty: Ty, depth: u32) {
        let Some(class) = self.class_of(ty).filter(|_| depth < 16) else { return };
        let (outer, bases) = (class.outer, class.bases.clone());
        for around in outer.into_iter().chain(bases.into_iter().map(|(base, _)| base)) {
            self.bind_class_names(around, depth + 1);
        }
        let Some(class) = self.class_of(ty) else { return };
        let own = class.name.map(|name| (name, Entry::Typedef(ty.unqual())));
        let bound: Vec<(Sym, Entry)> = (class.bindings.iter().copied())
            .chain(class.names.iter().map(|(name, entry)| (*name, *entry)))
            .chain(own)
            .collect();
        for (name, entry) in bound {
            self.bind(name, entry);
        }
    }

    pub(crate) fn class_of(&self, ty: Ty) -> Option<&Class> {
        match self.types.kind(ty) {
            crate::types::Kind::Record(index) => self.cxx.classes.get(&index),
            _ => None,
        }
    }

    pub(crate) fn class_mut(&mut self, ty: Ty) -> Option<&mut Class> {
        match self.types.kind(ty) {
            crate::types::Kind::Record(index) => Some(self.cxx.classes.entry(index).or_default()),
            _ => None,
        }
    }
}
