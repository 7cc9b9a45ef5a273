//! The C grammar (C11 §6.7 to §6.9): declarations, statements, functions. Expressions are in
//! `expr`, initialisers in `init`.
//!
//! One pass builds the typed tree: names must be resolved while parsing anyway, because a typedef
//! changes the grammar. A function is named after its rule. `Err(Stop)` means "reported; find a
//! place to go on"; a wrong *type* is reported and replaced by [`Ty::ERROR`], which silences what
//! follows from it.

mod declarations;
mod declarators;
mod external;
mod functions;
mod jumps;
mod keywords;
mod records;
mod scopes;
mod specifiers;
mod startup;
mod statements;
mod tokens;

use crate::ast::*;
use crate::diag::Diagnostic;
use crate::lex::{Interner, Sym, Token};
use crate::pp;
use crate::program::Target;
use crate::source::{SourceMap, Span};
use crate::types::{Ty, Types};
use keywords::KEYWORDS;
pub(crate) use keywords::{Kw, is_cpp_word};
use std::collections::{BTreeMap, BTreeSet};

/// Reported; the parser looks for a place to go on.
pub(crate) struct Stop;

pub(crate) type Parse<T> = Result<T, Stop>;

const NESTING_MAX: u32 = 200;

const ERRORS_MAX: usize = 30;

/// What an identifier means.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Entry {
    Typedef(Ty),
    Local(LocalId),
    Global(GlobalId),
    Func(FuncId),
    EnumConst(i64, Ty),
    /// A parameter in its own list, where only its type is known.
    Param(Ty),
    /// C++: a template, a namespace, a capture with a name of its own.
    Template(u32),
    Namespace(u32),
    Captured(u32),
}

pub(crate) struct Undo {
    pub(crate) sym: Sym,
    pub(crate) tag: bool,
}

/// A label of the current function.
struct LabelState {
    sym: Sym,
    id: LabelId,
    defined: bool,
    span: Span,
}

/// A `switch` being parsed.
struct SwitchState {
    ty: Ty,
    cases: Vec<(i64, i64, LabelId)>,
    default: Option<LabelId>,
}

/// What belongs to the function being parsed.
pub(crate) struct Function {
    pub(crate) name: Sym,
    pub(crate) ret: Ty,
    pub(crate) variadic: bool,
    pub(crate) locals: Vec<Local>,
    labels: Vec<LabelState>,
    jumps: jumps::Computed,
    pub(crate) label_count: u32,
    switches: Vec<SwitchState>,
    loops: u32,
    breakables: u32,
    scope_locals: Vec<Vec<LocalId>>,
    func_name: Option<StrId>,
    /// Statements that compute sizes of variable length types, to go before the current one.
    pub(crate) pending: Vec<Stmt>,
    /// The scope around it.
    pub(crate) scope: u32,
    /// C++: objects without a name in the expression being read.
    pub(crate) temps: Vec<crate::cpp::state::Temp>,
}

impl Function {
    pub(crate) fn new(name: Sym, ret: Ty, variadic: bool, scope: u32) -> Function {
        Function {
            name,
            ret,
            variadic,
            locals: Vec::new(),
            labels: Vec::new(),
            jumps: jumps::Computed::default(),
            label_count: 0,
            switches: Vec::new(),
            loops: 0,
            breakables: 0,
            scope_locals: Vec::new(),
            func_name: None,
            pending: Vec::new(),
            scope,
            temps: Vec::new(),
        }
    }

    pub(crate) fn into_body(self, params: Vec<LocalId>, stmts: Vec<Stmt>, end: Span) -> Body {
        Body { locals: self.locals, params, stmts, labels: self.label_count, end }
    }
}

pub(crate) struct Parser {
    pub(crate) tokens: Vec<Token>,
    pub(crate) at: usize,
    pub(crate) interner: Interner,
    pub(crate) sources: SourceMap,
    pub(crate) target: Target,
    pub(crate) cpp: bool,
    pub(crate) types: Types,
    pub(crate) diagnostics: Vec<Diagnostic>,
    keywords: Vec<Option<Kw>>,
    names: Vec<Vec<(u32, Entry)>>,
    tags: Vec<Vec<(u32, Ty)>>,
    pub(crate) scope: u32,
    /// Scopes up to this one are not seen (C++: a body that is read from elsewhere).
    pub(crate) base: u32,
    pub(crate) undo: Vec<Vec<Undo>>,
    pub(crate) funcs: Vec<FuncDecl>,
    pub(crate) globals: Vec<Global>,
    pub(crate) strings: Vec<StrLit>,
    string_index: BTreeMap<StrLit, StrId>,
    pub(crate) function: Option<Function>,
    pub(crate) depth: u32,
    /// Names already reported as undeclared.
    pub(crate) undeclared: Vec<Sym>,
    pub(crate) is_prelude: bool,
    /// Open `extern "C" {`.
    pub(crate) extern_c: u32,
    /// C++: where default arguments of the last parameters are.
    pub(crate) defaults: BTreeMap<FuncId, (Vec<usize>, crate::cpp::state::Where)>,
    pub(crate) last_defaults: Vec<usize>,
    pub(crate) cxx: crate::cpp::state::Cxx,
    /// C++: the namespaces around those that are open.
    pub(crate) namespaces_open: Vec<usize>,
    /// C++: `const int N = 10;` is a constant. Globals, then locals of this function.
    pub(crate) const_globals: BTreeMap<GlobalId, i64>,
    pub(crate) const_locals: BTreeMap<LocalId, i64>,
    /// C++ that is not here was met: nothing after it is reported.
    pub(crate) refused: bool,
    /// A parameter was named in the size of another (`int m[rows][cols]`).
    pub(crate) param_in_size: bool,
    /// The unit that calls without a declaration are looked up in.
    pub(crate) prelude: Option<std::sync::Arc<crate::program::Prelude>>,
    /// For those that are read later.
    pub(crate) macros: crate::pp::Macros,
    /// Functions whose bodies were skipped, with the token at which the body begins.
    deferred: BTreeMap<FuncId, (usize, Declarator)>,
    /// Functions with an old-style list of parameters: nothing checks how many are passed.
    pub(crate) knr: BTreeSet<FuncId>,
    /// The `{` of the function being parsed.
    pub(crate) body_open: Option<Span>,
    /// Attributes met since the declaration or its last declarator began.
    attributes_met: Attributes,
    /// Functions that run before `main`, and after it.
    constructors: Vec<FuncId>,
    destructors: Vec<FuncId>,
    /// C++: the name `this`.
    pub(crate) this: Sym,
    /// C++: the class before `::` in the declarator being read.
    qualified: Option<Ty>,
    /// What runs before `main`, being written: global objects' constructors.
    pub(crate) startup: Option<Function>,
    pub(crate) startup_calls: Vec<Expr>,
    /// `#pragma pack`, as the preprocessor met it.
    packs: Vec<(usize, u64)>,
}

/// Storage class and function specifiers.
#[derive(Clone, Copy, Default)]
pub(crate) struct Storage {
    pub(crate) typedef: bool,
    pub(crate) external: bool,
    pub(crate) is_static: bool,
    thread_local: bool,
    pub(crate) auto_type: bool,
    pub(crate) attributes: Attributes,
}

/// What attributes can change.
#[derive(Clone, Copy, Default)]
pub(crate) struct Attributes {
    packed: bool,
    align: u64,
    cleanup: Option<Sym>,
    constructor: bool,
    destructor: bool,
}

impl Attributes {
    fn and(self, more: Attributes) -> Attributes {
        Attributes {
            packed: self.packed || more.packed,
            align: self.align.max(more.align),
            cleanup: self.cleanup.or(more.cleanup),
            constructor: self.constructor || more.constructor,
            destructor: self.destructor || more.destructor,
        }
    }
}

/// A declarator: a name with its type.
pub(crate) struct Declarator {
    pub(crate) name: Option<Sym>,
    pub(crate) span: Span,
    pub(crate) ty: Ty,
    /// Names of a function's parameters.
    pub(crate) params: Vec<(Option<Sym>, Ty, Span)>,
    /// Old-style parameter names without types.
    pub(crate) knr: Vec<(Sym, Span)>,
    /// The first token of parameters whose sizes name other parameters.
    pub(crate) sized_at: Option<usize>,
    /// C++: the class before `::`.
    pub(crate) class: Option<Ty>,
}

impl Declarator {
    /// A name with a type.
    pub(crate) fn of(name: Option<Sym>, span: Span, ty: Ty) -> Declarator {
        let (params, knr) = (Vec::new(), Vec::new());
        Declarator { name, span, ty, params, knr, sized_at: None, class: None }
    }
}

impl Parser {
    pub(crate) fn new(output: pp::Output, target: Target, cpp: bool) -> Parser {
        let mut interner = output.interner;
        let mut keywords = Vec::new();
        for (text, kw) in KEYWORDS {
            let cpp_only = *kw as usize >= Kw::CppBool as usize;
            if cpp_only && !cpp {
                continue;
            }
            let sym = interner.intern(text).0 as usize;
            if sym >= keywords.len() {
                keywords.resize(sym + 1, None);
            }
            keywords[sym] = Some(*kw);
        }
        let this = interner.intern("this");
        let cxx = crate::cpp::state::Cxx::new(&mut interner);
        let tokens = if cpp { split_shifts(output.tokens) } else { output.tokens };
        let symbols = interner.len();
        keywords.resize(symbols.max(keywords.len()), None);
        Parser {
            tokens,
            at: 0,
            sources: output.sources,
            target,
            cpp,
            types: Types::new(target),
            diagnostics: output.diagnostics,
            keywords,
            names: vec![Vec::new(); symbols],
            tags: vec![Vec::new(); symbols],
            scope: 0,
            base: 0,
            cxx,
            namespaces_open: Vec::new(),
            undo: vec![Vec::new()],
            funcs: Vec::new(),
            globals: Vec::new(),
            strings: Vec::new(),
            string_index: BTreeMap::new(),
            function: None,
            depth: 0,
            undeclared: Vec::new(),
            interner,
            is_prelude: false,
            extern_c: 0,
            defaults: BTreeMap::new(),
            last_defaults: Vec::new(),
            const_globals: BTreeMap::new(),
            const_locals: BTreeMap::new(),
            refused: false,
            param_in_size: false,
            prelude: None,
            deferred: BTreeMap::new(),
            knr: BTreeSet::new(),
            body_open: None,
            attributes_met: Attributes::default(),
            this,
            qualified: None,
            startup: None,
            startup_calls: Vec::new(),
            constructors: Vec::new(),
            destructors: Vec::new(),
            packs: output.packs,
            macros: output.macros,
        }
    }
}

/// C++: `>>` as two tokens, which close two templates; as an operator they are put together again.
fn split_shifts(tokens: Vec<Token>) -> Vec<Token> {
    use crate::lex::{Punct, Tok};
    let mut split = Vec::with_capacity(tokens.len());
    for token in tokens {
        if token.tok == Tok::Punct(Punct::Shr) {
            let tok = Tok::Punct(Punct::Gt);
            let middle = token.span.start + 1;
            split.push(Token { tok, span: Span { end: middle, ..token.span }, ..token });
            split.push(Token {
                tok,
                span: Span { start: middle, ..token.span },
                bol: false,
                space: false,
                ..token
            });
        } else {
            split.push(token);
        }
    }
    split
}
