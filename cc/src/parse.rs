//! The C grammar (C11 §6.7 to §6.9): declarations, statements, functions. Expressions are in
//! `expr`, initialisers in `init`.
//!
//! One pass builds the typed tree: names must be resolved while parsing anyway, because a typedef
//! changes the grammar. A function is named after its rule. `Err(Stop)` means "reported; find a
//! place to go on"; a wrong *type* is reported and replaced by [`Ty::ERROR`], which silences what
//! follows from it.

use crate::ast::*;
use crate::diag::{Diagnostic, Kind, Related, Severity, nearest};
use crate::lex::{Interner, Punct, Sym, Tok, Token};
use crate::pp;
use crate::program::Target;
use crate::source::{SourceMap, Span};
use crate::types::{Func, Kind as TypeKind, Member, Pack, Ty, Types, UNKNOWN_LEN};
use std::collections::{BTreeMap, BTreeSet};

/// Reported; the parser looks for a place to go on.
pub(crate) struct Stop;
pub(crate) type Parse<T> = Result<T, Stop>;

const NESTING_MAX: u32 = 200;
const ERRORS_MAX: usize = 30;

macro_rules! keywords {
    ($($name:ident: $($text:literal)|+),* $(,)?) => {
        /// A keyword, with its GNU spellings.
        #[allow(clippy::enum_variant_names)] // `Catch` is a keyword's name
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Kw { $($name),* }
        const KEYWORDS: &[(&str, Kw)] = &[$($(($text, Kw::$name)),+),*];
    };
}

keywords! {
    Auto: "auto", Break: "break", Case: "case", Char: "char",
    Const: "const" | "__const" | "__const__", Continue: "continue", Default: "default", Do: "do",
    Double: "double", Else: "else", Enum: "enum", Extern: "extern", Float: "float", For: "for",
    Goto: "goto", If: "if", Inline: "inline" | "__inline" | "__inline__", Int: "int", Long: "long",
    Register: "register", Restrict: "restrict" | "__restrict" | "__restrict__", Return: "return",
    Short: "short", Signed: "signed" | "__signed" | "__signed__", Sizeof: "sizeof",
    Static: "static", Struct: "struct", Switch: "switch", Typedef: "typedef", Union: "union",
    Unsigned: "unsigned", Void: "void", Volatile: "volatile" | "__volatile" | "__volatile__",
    While: "while", Alignas: "_Alignas", Alignof: "_Alignof" | "__alignof__" | "__alignof",
    Atomic: "_Atomic", Bool: "_Bool", Complex: "_Complex" | "__complex__", Generic: "_Generic",
    Noreturn: "_Noreturn", StaticAssert: "_Static_assert",
    ThreadLocal: "_Thread_local" | "__thread",
    Attribute: "__attribute__" | "__attribute", Asm: "__asm__" | "__asm" | "asm",
    Typeof: "__typeof__" | "__typeof" | "typeof", Int128: "__int128" | "__int128_t",
    VaListTy: "__builtin_va_list", VaStart: "__builtin_va_start", VaArg: "__builtin_va_arg",
    VaEnd: "__builtin_va_end", VaCopy: "__builtin_va_copy", Offsetof: "__builtin_offsetof",
    Alloca: "__builtin_alloca", Expect: "__builtin_expect",
    TypesCompatible: "__builtin_types_compatible_p", ConstantP: "__builtin_constant_p",
    FuncName: "__func__" | "__FUNCTION__" | "__PRETTY_FUNCTION__",
    AutoType: "__auto_type",
    // C++ only; removed from the table in C.
    CppBool: "bool", True: "true", False: "false", Nullptr: "nullptr", New: "new",
    Delete: "delete", Using: "using", Namespace: "namespace", Class: "class",
    StaticCast: "static_cast", ReinterpretCast: "reinterpret_cast", ConstCast: "const_cast",
    Public: "public", Private: "private", Template: "template", Try: "try", Catch: "catch",
    Throw: "throw", Constexpr: "constexpr", CppStaticAssert: "static_assert",
    Virtual: "virtual", Operator: "operator", This: "this", Noexcept: "noexcept",
}

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
}

struct Undo {
    sym: Sym,
    tag: bool,
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
    pub(crate) label_count: u32,
    switches: Vec<SwitchState>,
    loops: u32,
    breakables: u32,
    scope_locals: Vec<Vec<LocalId>>,
    func_name: Option<StrId>,
    /// Statements that compute sizes of variable length types, to go before the current one.
    pub(crate) pending: Vec<Stmt>,
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
    scope: u32,
    undo: Vec<Vec<Undo>>,
    pub(crate) funcs: Vec<FuncDecl>,
    pub(crate) globals: Vec<Global>,
    pub(crate) strings: Vec<StrLit>,
    string_index: BTreeMap<StrLit, StrId>,
    pub(crate) function: Option<Function>,
    pub(crate) depth: u32,
    /// Names already reported as undeclared.
    pub(crate) undeclared: Vec<Sym>,
    pub(crate) is_prelude: bool,
    pub(crate) uses_std: bool,
    /// Open `extern "C" {`.
    pub(crate) extern_c: u32,
    /// C++: default arguments of the last parameters.
    pub(crate) defaults: BTreeMap<FuncId, Vec<Expr>>,
    last_defaults: Vec<Expr>,
    /// C++: `const int N = 10;` is a constant. Globals, then locals of this function.
    pub(crate) const_globals: BTreeMap<GlobalId, i64>,
    const_locals: BTreeMap<LocalId, i64>,
    /// The first `_Thread_local`, which is only right where there is one thread.
    pub(crate) thread_local: Option<Span>,
    /// C++ that is not here was met: nothing after it is reported.
    pub(crate) refused: bool,
    /// A parameter was named in the size of another (`int m[rows][cols]`).
    pub(crate) param_in_size: bool,
    /// The unit that calls without a declaration are looked up in.
    pub(crate) prelude: Option<std::sync::Arc<crate::program::Prelude>>,
    /// Functions whose bodies were skipped, with the token at which the body begins.
    deferred: BTreeMap<FuncId, (usize, Declarator)>,
    /// Functions with an old-style list of parameters: nothing checks how many are passed.
    pub(crate) knr: BTreeSet<FuncId>,
    /// The `{` of the function being parsed.
    body_open: Option<Span>,
    /// `#pragma pack`, as the preprocessor met it.
    packs: Vec<(usize, u64)>,
}

/// Storage class and function specifiers.
#[derive(Clone, Copy, Default)]
pub(crate) struct Storage {
    typedef: bool,
    external: bool,
    is_static: bool,
    pub(crate) auto_type: bool,
}

/// What attributes can change.
#[derive(Clone, Copy, Default)]
struct Attributes {
    packed: bool,
    align: u64,
}

/// A declarator: a name with its type.
pub(crate) struct Declarator {
    pub(crate) name: Option<Sym>,
    pub(crate) span: Span,
    pub(crate) ty: Ty,
    /// Names of a function's parameters.
    params: Vec<(Option<Sym>, Ty, Span)>,
    /// Old-style parameter names without types.
    knr: Vec<(Sym, Span)>,
    /// The first token of parameters whose sizes name other parameters.
    sized_at: Option<usize>,
}

/// Types written outside in; applied to the base type from the inside out.
enum Layer {
    Pointer(bool),
    Reference,
    Array(u64),
    Vla(Expr),
    Function {
        params: Vec<(Option<Sym>, Ty, Span)>,
        variadic: bool,
        prototype: bool,
        knr: Vec<(Sym, Span)>,
        sized_at: Option<usize>,
    },
}

/// Words that mean C++ where C does not know them.
pub(crate) fn is_cpp_word(name: &str) -> bool {
    matches!(
        name,
        "cout"
            | "cin"
            | "cerr"
            | "endl"
            | "std"
            | "using"
            | "namespace"
            | "class"
            | "template"
            | "new"
            | "delete"
            | "nullptr"
            | "<iostream>"
            | "<string>"
            | "<vector>"
    )
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
        let symbols = interner.len();
        keywords.resize(symbols.max(keywords.len()), None);
        Parser {
            tokens: output.tokens,
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
            uses_std: false,
            extern_c: 0,
            defaults: BTreeMap::new(),
            last_defaults: Vec::new(),
            const_globals: BTreeMap::new(),
            const_locals: BTreeMap::new(),
            thread_local: None,
            refused: false,
            param_in_size: false,
            prelude: None,
            deferred: BTreeMap::new(),
            knr: BTreeSet::new(),
            body_open: None,
            packs: output.packs,
        }
    }

    // ---- tokens

    pub(crate) fn peek(&self) -> Token {
        self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    pub(crate) fn peek_at(&self, ahead: usize) -> Token {
        self.tokens[(self.at + ahead).min(self.tokens.len() - 1)]
    }

    pub(crate) fn next(&mut self) -> Token {
        let token = self.peek();
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        token
    }

    /// The span of the token before the current one.
    pub(crate) fn previous(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span
    }

    pub(crate) fn is(&self, punct: Punct) -> bool {
        self.peek().tok == Tok::Punct(punct)
    }

    pub(crate) fn eat(&mut self, punct: Punct) -> bool {
        let found = self.is(punct);
        if found {
            self.next();
        }
        found
    }

    pub(crate) fn kw(&self) -> Option<Kw> {
        self.kw_of(self.peek())
    }

    pub(crate) fn kw_of(&self, token: Token) -> Option<Kw> {
        match token.tok {
            Tok::Ident(sym) => self.keywords.get(sym.0 as usize).copied().flatten(),
            _ => None,
        }
    }

    pub(crate) fn eat_kw(&mut self, kw: Kw) -> bool {
        let found = self.kw() == Some(kw);
        if found {
            self.next();
        }
        found
    }

    pub(crate) fn spelling(&self, token: Token) -> String {
        match token.tok {
            Tok::Ident(sym) | Tok::Number(sym) | Tok::Str(sym) | Tok::Char(sym) => {
                self.interner.get(sym).to_owned()
            }
            Tok::Punct(punct) => punct.text().to_owned(),
            Tok::Other(c) => c.to_string(),
            Tok::Eof => String::new(),
        }
    }

    pub(crate) fn expect(&mut self, punct: Punct) -> Parse<Span> {
        if self.is(punct) {
            return Ok(self.next().span);
        }
        // A missing `;` is shown after what comes before it, where it is to be typed.
        let token = self.peek();
        let previous = self.previous();
        let span = match punct {
            Punct::Semi | Punct::RParen | Punct::RBracket if previous.file == token.span.file => {
                Span { start: previous.end, end: previous.end + 1, ..previous }
            }
            _ => token.span,
        };
        let found = self.spelling(token);
        let mut diagnostic =
            Diagnostic::error(Kind::Expected { what: punct.text().to_owned(), found }, span);
        if punct == Punct::Semi {
            let at = Span { start: previous.end, end: previous.end, ..previous };
            diagnostic.fix = Some(crate::diag::Fix { span: at, text: ";".to_owned() });
        }
        self.report(diagnostic);
        Err(Stop)
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if self.refused {
            return;
        }
        let errors = self.diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
        if diagnostic.severity == Severity::Error
            && (errors >= ERRORS_MAX || self.follows_from_another(&diagnostic))
        {
            return;
        }
        self.diagnostics.push(diagnostic);
    }

    /// Whether the parser only lost its way because of what has been told already: an error of
    /// grammar on a line with an error, an open brace where a comment swallowed the rest, C++
    /// where C++ has been noticed.
    fn follows_from_another(&self, diagnostic: &Diagnostic) -> bool {
        let errors = || self.diagnostics.iter().filter(|other| other.severity == Severity::Error);
        match &diagnostic.kind {
            Kind::Expected { .. }
            | Kind::ExpectedName { .. }
            | Kind::ExpectedExpression { .. }
            | Kind::ExpectedType { .. }
            | Kind::ExtraBrace => {
                let line = self.sources.line_column(diagnostic.span).line;
                errors().any(|other| {
                    other.span.file == diagnostic.span.file
                        && self.sources.line_column(other.span).line == line
                })
            }
            Kind::MissingBrace => errors()
                .any(|other| matches!(other.kind, Kind::UnterminatedComment | Kind::MissingBrace)),
            Kind::Undeclared { name, .. } | Kind::CppInC { name } if is_cpp_word(name) => {
                errors().any(|other| matches!(other.kind, Kind::CppInC { .. }))
            }
            // One `#include` mends both.
            Kind::Undeclared { header: Some(missing), .. } => errors().any(|other| {
                matches!(&other.kind, Kind::UnknownType { header: Some(header), .. } if header == missing)
            }),
            _ => false,
        }
    }

    pub(crate) fn error(&mut self, kind: Kind, span: Span) {
        self.report(Diagnostic::error(kind, span));
    }

    pub(crate) fn warning(&mut self, kind: Kind, span: Span) {
        if self.sources.is_user(span) {
            let mut diagnostic = Diagnostic::error(kind, span);
            diagnostic.severity = Severity::Warning;
            self.report(diagnostic);
        }
    }

    /// Counts nesting; too deep ends the parse.
    pub(crate) fn enter(&mut self) -> Parse<()> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            let span = self.peek().span;
            self.error(Kind::TooDeep, span);
            self.at = self.tokens.len() - 1;
            return Err(Stop);
        }
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    pub(crate) fn text(&self, sym: Sym) -> String {
        self.interner.get(sym).to_owned()
    }

    pub(crate) fn type_name(&self, ty: Ty) -> String {
        self.types.name(ty, &self.interner)
    }

    // ---- scopes

    pub(crate) fn intern(&mut self, text: &str) -> Sym {
        let sym = self.interner.intern(text);
        let index = sym.0 as usize;
        if index >= self.names.len() {
            self.names.resize(index + 1, Vec::new());
            self.tags.resize(index + 1, Vec::new());
        }
        sym
    }

    pub(crate) fn push_scope(&mut self) {
        self.scope += 1;
        self.undo.push(Vec::new());
        if let Some(function) = &mut self.function {
            function.scope_locals.push(Vec::new());
        }
    }

    pub(crate) fn pop_scope(&mut self) -> Vec<LocalId> {
        for undo in self.undo.pop().unwrap_or_default() {
            if undo.tag {
                self.tags[undo.sym.0 as usize].pop();
            } else {
                self.names[undo.sym.0 as usize].pop();
            }
        }
        self.scope -= 1;
        self.function.as_mut().and_then(|function| function.scope_locals.pop()).unwrap_or_default()
    }

    pub(crate) fn lookup(&self, sym: Sym) -> Option<Entry> {
        self.names.get(sym.0 as usize)?.last().map(|(_, entry)| *entry)
    }

    fn lookup_here(&self, sym: Sym) -> Option<Entry> {
        let (scope, entry) = self.names.get(sym.0 as usize)?.last()?;
        (*scope == self.scope).then_some(*entry)
    }

    /// Makes a name known in the current scope (at file scope: replaces it).
    pub(crate) fn bind(&mut self, sym: Sym, entry: Entry) {
        let stack = &mut self.names[sym.0 as usize];
        if let Some((scope, old)) = stack.last_mut()
            && *scope == self.scope
        {
            *old = entry;
            return;
        }
        stack.push((self.scope, entry));
        if let Some(undo) = self.undo.last_mut() {
            undo.push(Undo { sym, tag: false });
        }
    }

    fn bind_tag(&mut self, sym: Sym, ty: Ty) {
        self.tags[sym.0 as usize].push((self.scope, ty));
        if let Some(undo) = self.undo.last_mut() {
            undo.push(Undo { sym, tag: true });
        }
    }

    /// Names in scope that look like `name`.
    pub(crate) fn similar_name(&self, name: &str) -> Option<String> {
        let known = self
            .names
            .iter()
            .enumerate()
            .filter(|(_, entries)| !entries.is_empty())
            .map(|(index, _)| self.interner.get(Sym(index as u32)))
            .filter(|known| !known.starts_with("__"));
        nearest(name, known)
    }

    pub(crate) fn new_local(&mut self, name: Option<Sym>, ty: Ty, span: Span) -> LocalId {
        let scalar = self.types.is_scalar(ty);
        let Some(function) = &mut self.function else { return 0 };
        let id = function.locals.len() as LocalId;
        function.locals.push(Local {
            name,
            ty,
            span,
            in_memory: !scalar,
            param: false,
            initialised: false,
            used: false,
        });
        if let Some(locals) = function.scope_locals.last_mut() {
            locals.push(id);
        }
        id
    }

    pub(crate) fn string(&mut self, bytes: Vec<u8>, align: u64) -> StrId {
        let literal = StrLit { bytes, align };
        let next = self.strings.len() as StrId;
        let id = *self.string_index.entry(literal.clone()).or_insert(next);
        if id == next {
            self.strings.push(literal);
        }
        id
    }

    // ---- translation unit (C11 §6.9)

    /// translation-unit: external-declaration*
    pub(crate) fn translation_unit(&mut self) {
        loop {
            while self.eat(Punct::Semi) {}
            if self.peek().tok == Tok::Eof {
                break;
            }
            let start = self.at;
            self.depth = 0;
            if self.external_declaration().is_err() {
                self.function = None;
                while self.scope > 0 {
                    self.pop_scope();
                }
                self.skip_external(start);
            }
        }
        self.check_tentative();
    }

    /// Goes to the next likely start of a declaration.
    fn skip_external(&mut self, start: usize) {
        if self.at == start {
            self.next();
        }
        let mut depth = 0u32;
        loop {
            let token = self.peek();
            match token.tok {
                Tok::Eof => return,
                Tok::Punct(Punct::LBrace) => depth += 1,
                Tok::Punct(Punct::RBrace) => {
                    if depth <= 1 {
                        self.next();
                        return;
                    }
                    depth -= 1;
                }
                Tok::Punct(Punct::Semi) if depth == 0 => {
                    self.next();
                    return;
                }
                // A type at the start of a line outside braces begins something new.
                _ if depth == 0 && token.bol && self.at > start && self.starts_type(token) => {
                    return;
                }
                _ => {}
            }
            self.next();
        }
    }

    /// external-declaration: function-definition | declaration
    fn external_declaration(&mut self) -> Parse<()> {
        if matches!(self.kw(), Some(Kw::StaticAssert | Kw::CppStaticAssert)) {
            return self.static_assert();
        }
        if self.cpp && self.cpp_directive()? {
            return Ok(());
        }
        if self.eat_kw(Kw::Asm) {
            let span = self.previous();
            self.error(Kind::Unsupported { what: "asm".to_owned() }, span);
            return Err(Stop);
        }
        if self.at > 0 && self.statement_outside() {
            return Ok(());
        }
        let first = self.peek();
        if let (Tok::Ident(sym), None, false) = (first.tok, self.kw(), self.cpp)
            && self.peek_at(1).tok == Tok::Punct(Punct::LParen)
            && self.lookup(sym).is_none_or(|entry| matches!(entry, Entry::Func(_)))
        {
            return self.old_style_function();
        }
        let (base, storage) = self.declaration_specifiers(true)?;
        if self.eat(Punct::Semi) {
            return Ok(());
        }
        let mut first_declarator = true;
        loop {
            let declarator = self.declarator(base, false)?;
            if first_declarator && self.types.is_func(declarator.ty) && !storage.typedef {
                let is_body = self.is(Punct::LBrace)
                    || !declarator.knr.is_empty() && self.starts_type(self.peek());
                if is_body {
                    return self.function_definition(declarator, storage);
                }
            }
            first_declarator = false;
            self.attributes();
            self.init_declarator_external(declarator, storage, first)?;
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        if self.is(Punct::LBrace) {
            let span = self.peek().span;
            self.error(Kind::Expected { what: ";".to_owned(), found: "{".to_owned() }, span);
            return Err(Stop);
        }
        self.expect(Punct::Semi)?;
        Ok(())
    }

    /// A statement behind a function's end: its `}` came too early. Skips to what may be the next
    /// function.
    fn statement_outside(&mut self) -> bool {
        let statement = matches!(
            self.kw(),
            Some(Kw::Return | Kw::If | Kw::For | Kw::While | Kw::Do | Kw::Switch | Kw::Else)
        );
        let before = self.tokens[self.at - 1];
        if !statement || before.tok != Tok::Punct(Punct::RBrace) {
            return false;
        }
        self.error(Kind::ExtraBrace, before.span);
        loop {
            self.next();
            let token = self.peek();
            let margin = token.bol && self.sources.line_column(token.span).column == 1;
            if token.tok == Tok::Eof || margin && self.starts_type(token) {
                return true;
            }
        }
    }

    fn init_declarator_external(
        &mut self,
        declarator: Declarator,
        storage: Storage,
        _first: Token,
    ) -> Parse<()> {
        let Some(name) = declarator.name else {
            let found = self.spelling(self.peek());
            let span = self.peek().span;
            self.error(Kind::ExpectedName { found }, span);
            return Err(Stop);
        };
        if storage.typedef {
            self.typedef(name, declarator.ty);
            return Ok(());
        }
        if self.types.is_func(declarator.ty) {
            self.declare_function(name, &declarator, storage);
            return Ok(());
        }
        let id = self.declare_global(name, declarator.ty, declarator.span, storage);
        self.bind(name, Entry::Global(id));
        if self.eat(Punct::Assign) {
            self.global_initializer(id)?;
            self.globals[id as usize].external = false;
        } else if self.cpp
            && (self.is(Punct::LParen) || self.is(Punct::LBrace))
            && !storage.external
        {
            self.global_initializer(id)?;
        }
        Ok(())
    }

    pub(crate) fn typedef(&mut self, name: Sym, ty: Ty) {
        if let TypeKind::Record(index) = self.types.kind(ty) {
            let record = &mut self.types.records[index as usize];
            if record.tag.is_none() && record.alias.is_none() {
                record.alias = Some(name);
            }
        }
        self.bind(name, Entry::Typedef(ty));
    }

    fn declare_global(&mut self, name: Sym, ty: Ty, span: Span, storage: Storage) -> GlobalId {
        let old = self.names[name.0 as usize].first().map(|(_, entry)| *entry);
        if let Some(Entry::Global(id)) = old
            && self.globals[id as usize].within.is_none()
        {
            let old_ty = self.globals[id as usize].ty;
            if old_ty != ty {
                match (self.types.kind(old_ty), self.types.kind(ty)) {
                    (TypeKind::Array(a, UNKNOWN_LEN), TypeKind::Array(b, _))
                        if self.same_type(a, b) =>
                    {
                        self.globals[id as usize].ty = ty;
                    }
                    _ if self.same_type(old_ty, ty) => {}
                    _ => self.conflict(name, span, self.globals[id as usize].span),
                }
            }
            if !storage.external {
                self.globals[id as usize].external = false;
                self.globals[id as usize].span = span;
            }
            return id;
        }
        if let Some(Entry::Func(id)) = old {
            self.conflict(name, span, self.funcs[id as usize].span);
        }
        self.globals.push(Global {
            name,
            ty,
            span,
            is_static: storage.is_static,
            external: storage.external,
            init: None,
            used: None,
            within: None,
        });
        self.globals.len() as GlobalId - 1
    }

    fn conflict(&mut self, name: Sym, span: Span, old: Span) {
        let mut diagnostic = Diagnostic::error(Kind::Redeclared { name: self.text(name) }, span);
        diagnostic.related.push((old, Related::DeclaredHere));
        self.report(diagnostic);
    }

    /// Tentative definitions with incomplete types (C11 §6.9.2).
    fn check_tentative(&mut self) {
        for id in 0..self.globals.len() {
            let global = &self.globals[id];
            if global.external {
                continue;
            }
            let (ty, span) = (global.ty, global.span);
            if let TypeKind::Array(of, UNKNOWN_LEN) = self.types.kind(ty) {
                self.globals[id].ty = self.types.array(of, 1);
            } else if self.types.size(ty).is_none() {
                let ty = self.type_name(ty);
                self.error(Kind::IncompleteType { ty }, span);
                self.globals[id].ty = Ty::INT;
            }
        }
    }

    fn declare_function(&mut self, name: Sym, declarator: &Declarator, storage: Storage) -> FuncId {
        let mut old = self.names[name.0 as usize].first().map(|(_, entry)| *entry);
        if let (true, Some(Entry::Func(_))) = (self.cpp, old) {
            // Of the functions of this name, the one with these parameters.
            let same = (0..self.funcs.len() as FuncId).find(|id| {
                self.funcs[*id as usize].name == name && !self.is_overload(*id, declarator.ty)
            });
            old = same.map(Entry::Func).or(old);
        }
        let id = match old {
            Some(Entry::Func(id)) if !self.is_overload(id, declarator.ty) => {
                let old = &self.funcs[id as usize];
                let (old_ty, old_span) = (old.ty, old.span);
                let implicit = self.types.func_of(old_ty).is_some_and(|f| !f.prototype)
                    && self.sources.text(old_span) == self.interner.get(name)
                    && self.funcs[id as usize].used == Some(old_span);
                let void = self.types.func_of(declarator.ty).map(|f| f.ret) == Some(Ty::VOID);
                if implicit && void {
                    // gcc lets a procedure pass that was called before.
                    self.warning(Kind::Redeclared { name: self.text(name) }, declarator.span);
                } else if !self.compatible_functions(old_ty, declarator.ty) {
                    self.conflict(name, declarator.span, old_span);
                }
                let new_has = self.types.func_of(declarator.ty).is_some_and(|f| f.prototype);
                if new_has {
                    self.funcs[id as usize].ty = declarator.ty;
                }
                id
            }
            other => {
                if let Some(Entry::Global(global)) = other {
                    self.conflict(name, declarator.span, self.globals[global as usize].span);
                }
                self.funcs.push(FuncDecl {
                    name,
                    ty: declarator.ty,
                    span: declarator.span,
                    is_static: storage.is_static,
                    used: None,
                    body: None,
                    deferred: false,
                });
                self.funcs.len() as FuncId - 1
            }
        };
        if !self.last_defaults.is_empty() {
            let defaults = std::mem::take(&mut self.last_defaults);
            self.defaults.insert(id, defaults);
        }
        self.bind(name, Entry::Func(id));
        if self.scope > 0 && old.is_none() {
            // A declaration in a block names the same function everywhere.
            self.names[name.0 as usize].insert(0, (0, Entry::Func(id)));
        }
        id
    }

    /// C++: another function of the same name with other parameters.
    fn is_overload(&self, id: FuncId, ty: Ty) -> bool {
        if !self.cpp {
            return false;
        }
        let (old, new) = (self.types.func_of(self.funcs[id as usize].ty), self.types.func_of(ty));
        match (old, new) {
            (Some(old), Some(new)) => {
                old.params.len() != new.params.len()
                    || old.params.iter().zip(&new.params).any(|(a, b)| a.unqual() != b.unqual())
            }
            _ => false,
        }
    }

    fn compatible_functions(&self, a: Ty, b: Ty) -> bool {
        let (Some(a), Some(b)) = (self.types.func_of(a), self.types.func_of(b)) else {
            return false;
        };
        if a.ret.unqual() != b.ret.unqual() && !self.same_type(a.ret, b.ret) {
            return false;
        }
        if !a.prototype || !b.prototype {
            return true;
        }
        a.variadic == b.variadic
            && a.params.len() == b.params.len()
            && a.params.iter().zip(&b.params).all(|(a, b)| self.same_type(*a, *b))
    }

    /// Compatible types (C11 §6.2.7), qualifiers aside.
    pub(crate) fn same_type(&self, a: Ty, b: Ty) -> bool {
        if a.unqual() == b.unqual() || a == Ty::ERROR || b == Ty::ERROR {
            return true;
        }
        match (self.types.kind(a), self.types.kind(b)) {
            (TypeKind::Ptr(a), TypeKind::Ptr(b)) => self.same_type(a, b),
            (TypeKind::Array(a, n), TypeKind::Array(b, m)) => {
                self.same_type(a, b) && (n == m || n == UNKNOWN_LEN || m == UNKNOWN_LEN)
            }
            (TypeKind::Vla(a, _), TypeKind::Array(b, _) | TypeKind::Vla(b, _))
            | (TypeKind::Array(a, _), TypeKind::Vla(b, _)) => self.same_type(a, b),
            (TypeKind::Func(_), TypeKind::Func(_)) => self.compatible_functions(a, b),
            (TypeKind::Enum(e), other) | (other, TypeKind::Enum(e)) => {
                self.types.kind(self.types.enums[e as usize].base) == other
            }
            _ => false,
        }
    }

    /// function-definition: declaration-specifiers declarator declaration-list? compound-statement
    fn function_definition(&mut self, mut declarator: Declarator, storage: Storage) -> Parse<()> {
        let Some(name) = declarator.name else {
            let (found, span) = (self.spelling(self.peek()), self.peek().span);
            self.error(Kind::ExpectedName { found }, span);
            return Err(Stop);
        };
        if !declarator.knr.is_empty() {
            self.knr_declarations(&mut declarator)?;
        }
        let id = self.declare_function(name, &declarator, storage);
        if !declarator.knr.is_empty() {
            self.knr.insert(id);
        }
        if self.funcs[id as usize].is_defined() {
            let mut diagnostic =
                Diagnostic::error(Kind::Redefined { name: self.text(name) }, declarator.span);
            diagnostic.related.push((self.funcs[id as usize].span, Related::DeclaredHere));
            self.report(diagnostic);
        }
        let func = self.types.func_of(declarator.ty).cloned().ok_or(Stop)?;
        self.funcs[id as usize].span = declarator.span;
        self.funcs[id as usize].is_static |= storage.is_static;
        if func.ret.unqual() != Ty::VOID && self.types.size(func.ret).is_none() {
            let ty = self.type_name(func.ret);
            self.error(Kind::IncompleteType { ty }, declarator.span);
        }
        if self.is_prelude && declarator.sized_at.is_none() {
            let at = self.at;
            if self.skip_body() {
                self.funcs[id as usize].deferred = true;
                self.deferred.insert(id, (at, declarator));
                return Ok(());
            }
            self.at = at;
        }
        self.function_body(id, name, &declarator, func)
    }

    /// Goes behind a body of libc's, to be parsed when the function is first called. What takes
    /// room in the data region is found now, so that addresses do not depend on what is called:
    /// string literals are made; a body with static variables is not skipped.
    fn skip_body(&mut self) -> bool {
        let mut depth = 0u32;
        loop {
            match self.peek().tok {
                Tok::Eof => return false,
                Tok::Str(_) => {
                    if self.string_literal().is_err() {
                        return false;
                    }
                    continue;
                }
                Tok::Punct(Punct::LBrace) => depth += 1,
                Tok::Punct(Punct::RBrace) => depth -= 1,
                Tok::Ident(_) if matches!(self.kw(), Some(Kw::Static | Kw::FuncName)) => {
                    return false;
                }
                _ => {}
            }
            self.next();
            if depth == 0 {
                return true;
            }
        }
    }

    /// Parses a skipped body; whether there was one.
    pub(crate) fn parse_deferred(&mut self, id: FuncId) -> bool {
        let Some((at, declarator)) = self.deferred.remove(&id) else { return false };
        let end = std::mem::replace(&mut self.at, at);
        self.depth = 0;
        let func = self.types.func_of(declarator.ty).cloned();
        let parsed = match (declarator.name, func) {
            (Some(name), Some(func)) => self.function_body(id, name, &declarator, func).is_ok(),
            _ => false,
        };
        self.at = end;
        self.funcs[id as usize].deferred = false;
        parsed
    }

    /// parameters, then compound-statement
    fn function_body(
        &mut self,
        id: FuncId,
        name: Sym,
        declarator: &Declarator,
        func: Func,
    ) -> Parse<()> {
        self.const_locals.clear();
        self.function = Some(Function {
            name,
            ret: func.ret,
            variadic: func.variadic,
            locals: Vec::new(),
            labels: Vec::new(),
            label_count: 0,
            switches: Vec::new(),
            loops: 0,
            breakables: 0,
            scope_locals: Vec::new(),
            func_name: None,
            pending: Vec::new(),
        });
        self.push_scope();
        let mut params = Vec::new();
        for (index, ty) in func.params.iter().enumerate() {
            let (param_name, span) = declarator
                .params
                .get(index)
                .map_or((None, declarator.span), |(name, _, span)| (*name, *span));
            if self.types.size(*ty).is_none() {
                let ty = self.type_name(*ty);
                self.error(Kind::IncompleteType { ty }, span);
            }
            let local = self.new_local(param_name, *ty, span);
            if let Some(function) = &mut self.function {
                let local = &mut function.locals[local as usize];
                local.param = true;
                local.initialised = true;
            }
            if let Some(name) = param_name {
                if self.lookup_here(name).is_some() {
                    let name = self.text(name);
                    self.error(Kind::Redefined { name }, span);
                }
                self.bind(name, Entry::Local(local));
            }
            params.push(local);
        }
        let mut stmts = Vec::new();
        if let Some(at) = declarator.sized_at {
            self.sized_params(at, &params, &mut stmts)?;
        }
        let open = self.expect(Punct::LBrace)?;
        self.body_open = Some(open);
        stmts.extend(self.block_items(open));
        let end = self.previous();
        self.pop_scope();
        self.check_labels();
        let Some(function) = self.function.take() else { return Ok(()) };
        self.funcs[id as usize].body = Some(Body {
            locals: function.locals,
            params,
            stmts,
            labels: function.label_count,
            end,
        });
        Ok(())
    }

    /// Reads parameters again whose sizes name other parameters, now that those exist.
    fn sized_params(&mut self, at: usize, params: &[LocalId], stmts: &mut Vec<Stmt>) -> Parse<()> {
        let after = std::mem::replace(&mut self.at, at);
        for local in params {
            let (base, _) = self.declaration_specifiers(false)?;
            let declarator = self.declarator(base, true)?;
            self.attributes();
            // The outermost size does not matter: the parameter is a pointer.
            let ty = self.adjust_param(declarator.ty);
            if let Some(function) = &mut self.function {
                function.locals[*local as usize].ty = ty;
            }
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.at = after;
        self.take_pending(stmts);
        Ok(())
    }

    /// `int f(a, b) int a; char *b; { … }`
    fn knr_declarations(&mut self, declarator: &mut Declarator) -> Parse<()> {
        let mut types: BTreeMap<Sym, Ty> = BTreeMap::new();
        while !self.is(Punct::LBrace) {
            let (base, _) = self.declaration_specifiers(false)?;
            loop {
                let param = self.declarator(base, false)?;
                if let Some(name) = param.name {
                    let ty = self.adjust_param(param.ty);
                    types.insert(name, ty);
                }
                if !self.eat(Punct::Comma) {
                    break;
                }
            }
            self.expect(Punct::Semi)?;
        }
        let params: Vec<_> = declarator
            .knr
            .iter()
            .map(|(name, span)| (Some(*name), types.get(name).copied().unwrap_or(Ty::INT), *span))
            .collect();
        let func = self.types.func_of(declarator.ty).cloned().ok_or(Stop)?;
        declarator.ty = self.types.func(Func {
            params: params.iter().map(|(_, ty, _)| *ty).collect(),
            prototype: true,
            ..func
        });
        declarator.params = params;
        Ok(())
    }

    fn check_labels(&mut self) {
        let Some(function) = &self.function else { return };
        let missing: Vec<(Sym, Span)> = function
            .labels
            .iter()
            .filter(|label| !label.defined)
            .map(|label| (label.sym, label.span))
            .collect();
        for (sym, span) in missing {
            let name = self.text(sym);
            self.error(Kind::NoSuchLabel { name }, span);
        }
    }

    // ---- declarations (C11 §6.7)

    /// Whether a token begins a type or a declaration's specifiers.
    pub(crate) fn starts_type(&self, token: Token) -> bool {
        match token.tok {
            Tok::Ident(sym) => match self.kw_of(token) {
                Some(kw) => matches!(
                    kw,
                    Kw::Auto
                        | Kw::Char
                        | Kw::Const
                        | Kw::Double
                        | Kw::Enum
                        | Kw::Extern
                        | Kw::Float
                        | Kw::Inline
                        | Kw::Int
                        | Kw::Long
                        | Kw::Register
                        | Kw::Restrict
                        | Kw::Short
                        | Kw::Signed
                        | Kw::Static
                        | Kw::Struct
                        | Kw::Typedef
                        | Kw::Union
                        | Kw::Unsigned
                        | Kw::Void
                        | Kw::Volatile
                        | Kw::Alignas
                        | Kw::Atomic
                        | Kw::Bool
                        | Kw::Complex
                        | Kw::Noreturn
                        | Kw::ThreadLocal
                        | Kw::Attribute
                        | Kw::Typeof
                        | Kw::Int128
                        | Kw::VaListTy
                        | Kw::AutoType
                        | Kw::CppBool
                        | Kw::Class
                        | Kw::Constexpr
                ),
                None => {
                    matches!(self.lookup(sym), Some(Entry::Typedef(_)))
                        || self.cpp && self.lookup(sym).is_none() && self.cpp_starts_type(token)
                }
            },
            _ => false,
        }
    }

    /// declaration-specifiers: (storage-class | type-specifier | qualifier | function-specifier)+
    pub(crate) fn declaration_specifiers(&mut self, external: bool) -> Parse<(Ty, Storage)> {
        let start = self.peek().span;
        let mut storage = Storage::default();
        let mut is_const = false;
        let mut is_atomic = false;
        let mut ty: Option<Ty> = None;
        // Counts of the basic words; any order is allowed.
        let (mut signed, mut unsigned, mut short, mut long) = (0, 0, 0, 0);
        let mut word: Option<Kw> = None;
        let mut any = false;
        loop {
            let token = self.peek();
            let Some(kw) = self.kw_of(token) else {
                let plain = word.is_none() && signed + unsigned + short + long == 0;
                if let Tok::Ident(sym) = token.tok
                    && ty.is_none()
                    && plain
                {
                    if let Some(Entry::Typedef(found)) = self.lookup(sym) {
                        ty = Some(found);
                        any = true;
                        self.next();
                        continue;
                    }
                    if self.cpp
                        && let Some(found) = self.cpp_type_name()
                    {
                        ty = Some(found);
                        any = true;
                        continue;
                    }
                }
                break;
            };
            match kw {
                Kw::Typedef => storage.typedef = true,
                Kw::Extern => {
                    storage.external = true;
                    if self.cpp && matches!(self.peek_at(1).tok, Tok::Str(_)) {
                        self.next();
                    }
                }
                Kw::Static => storage.is_static = true,
                Kw::Auto if self.cpp => {
                    storage.auto_type = true;
                    ty = Some(Ty::INT);
                }
                Kw::AutoType => {
                    storage.auto_type = true;
                    ty = Some(Ty::INT);
                }
                Kw::ThreadLocal => {
                    self.thread_local.get_or_insert(token.span);
                }
                Kw::Auto | Kw::Register | Kw::Inline | Kw::Noreturn => {}
                Kw::Volatile | Kw::Restrict => {}
                Kw::Const | Kw::Constexpr => is_const = true,
                Kw::Atomic => {
                    is_atomic = true;
                    if self.peek_at(1).tok == Tok::Punct(Punct::LParen) {
                        self.next();
                        self.next();
                        ty = Some(self.type_name_rule()?);
                        any = true;
                        self.expect(Punct::RParen)?;
                        continue;
                    }
                }
                Kw::Attribute => {
                    self.attributes();
                    continue;
                }
                Kw::Alignas => {
                    self.next();
                    self.expect(Punct::LParen)?;
                    self.skip_parens();
                    continue;
                }
                Kw::Signed => signed += 1,
                Kw::Unsigned => unsigned += 1,
                Kw::Short => short += 1,
                Kw::Long => long += 1,
                Kw::Void | Kw::Char | Kw::Int | Kw::Float | Kw::Double | Kw::Bool | Kw::CppBool => {
                    if ty.is_some() || word.is_some_and(|word| word != Kw::Int || kw == Kw::Int) {
                        break;
                    }
                    word = Some(if kw == Kw::CppBool { Kw::Bool } else { kw });
                }
                Kw::VaListTy => ty = Some(self.types.array(Ty::VALIST, 1)),
                Kw::Struct | Kw::Union | Kw::Class => {
                    ty = Some(self.record_specifier()?);
                    any = true;
                    let next = self.peek();
                    let ends = self.tokens[self.at - 1].tok == Tok::Punct(Punct::RBrace);
                    let begins = !matches!(self.kw(), Some(Kw::Const | Kw::Volatile));
                    if ends && next.bol && begins && self.starts_type(next) {
                        self.expect(Punct::Semi)?;
                    }
                    continue;
                }
                Kw::Enum => {
                    ty = Some(self.enum_specifier()?);
                    any = true;
                    continue;
                }
                Kw::Typeof => {
                    self.next();
                    ty = Some(self.typeof_specifier()?);
                    any = true;
                    continue;
                }
                Kw::Int128 | Kw::Complex => {
                    let what = self.spelling(token);
                    self.error(Kind::Unsupported { what }, token.span);
                    return Err(Stop);
                }
                _ => break,
            }
            any = true;
            self.next();
        }
        let spec = start.to(self.previous());
        let basic = word.is_some() || signed + unsigned + short + long > 0;
        let ty = match (ty, basic) {
            (Some(ty), false) => ty,
            (Some(ty), true) => {
                self.error(Kind::BadTypeWords, spec);
                ty
            }
            (None, true) => match self.basic_type(word, signed, unsigned, short, long) {
                Some(ty) => ty,
                None => {
                    self.error(Kind::BadTypeWords, spec);
                    Ty::INT
                }
            },
            (None, false) if !any => {
                return Err(self.no_type(external));
            }
            // `static x;`, `main() {…}` after a specifier: int, as C89 and gcc have it.
            (None, false) => {
                self.warning(Kind::ImplicitInt, spec);
                Ty::INT
            }
        };
        let ty = ty.with_const_if(ty.is_const() || is_const);
        Ok((ty.with_atomic_if(ty.is_atomic() || is_atomic), storage))
    }

    /// No type where one must stand: finds out what was meant.
    fn no_type(&mut self, external: bool) -> Stop {
        let token = self.peek();
        if let Tok::Ident(sym) = token.tok {
            let next = self.peek_at(1);
            let name = self.text(sym);
            if self.cpp
                && let Some(stop) = self.refuse_std_name(&name, token.span)
            {
                return stop;
            }
            if !self.cpp && is_cpp_word(&name) {
                self.error(Kind::CppInC { name }, token.span);
                return Stop;
            }
            let looks_like_type =
                matches!(next.tok, Tok::Ident(_)) || next.tok == Tok::Punct(Punct::Star);
            if looks_like_type || external {
                let suggestion = self.similar_type(&name);
                let header = crate::libc_index::header_of_type(self.target, &name);
                if !self.undeclared.contains(&sym) {
                    self.undeclared.push(sym);
                    self.error(Kind::UnknownType { name, suggestion, header }, token.span);
                }
                return Stop;
            }
        }
        let found = self.spelling(token);
        match token.tok {
            Tok::Punct(Punct::RBrace) if external => self.error(Kind::ExtraBrace, token.span),
            _ => self.error(Kind::ExpectedType { found }, token.span),
        }
        Stop
    }

    fn similar_type(&self, name: &str) -> Option<String> {
        let typedefs = self
            .names
            .iter()
            .enumerate()
            .filter(|(_, entries)| matches!(entries.last(), Some((_, Entry::Typedef(_)))))
            .map(|(index, _)| self.interner.get(Sym(index as u32)));
        let words = KEYWORDS.iter().map(|(text, _)| *text).filter(|text| !text.starts_with('_'));
        nearest(name, typedefs.chain(words))
    }

    /// `main() { … }` without `int`: parsed as C89 would.
    fn old_style_function(&mut self) -> Parse<()> {
        let span = self.peek().span;
        self.warning(Kind::ImplicitInt, span);
        let declarator = self.declarator(Ty::INT, false)?;
        if self.is(Punct::LBrace) || self.starts_type(self.peek()) {
            return self.function_definition(declarator, Storage::default());
        }
        if let Some(name) = declarator.name {
            self.declare_function(name, &declarator, Storage::default());
        }
        self.expect(Punct::Semi)?;
        Ok(())
    }

    fn basic_type(
        &self,
        word: Option<Kw>,
        signed: u32,
        unsigned: u32,
        short: u32,
        long: u32,
    ) -> Option<Ty> {
        if signed > 1 || unsigned > 1 || signed + unsigned > 1 || short > 1 || long > 2 {
            return None;
        }
        let plain = signed + unsigned == 0;
        let is_unsigned = unsigned == 1;
        let pick = |s, u| Some(if is_unsigned { u } else { s });
        match (word, short, long) {
            (Some(Kw::Void), 0, 0) if plain => Some(Ty::VOID),
            (Some(Kw::Bool), 0, 0) if plain => Some(Ty::BOOL),
            (Some(Kw::Float), 0, 0) if plain => Some(Ty::FLOAT),
            (Some(Kw::Double), 0, 0) if plain => Some(Ty::DOUBLE),
            (Some(Kw::Double), 0, 1) if plain => Some(Ty::LDOUBLE),
            (Some(Kw::Char), 0, 0) if plain => Some(Ty::CHAR),
            (Some(Kw::Char), 0, 0) => pick(Ty::SCHAR, Ty::UCHAR),
            (None | Some(Kw::Int), 1, 0) => pick(Ty::SHORT, Ty::USHORT),
            (None | Some(Kw::Int), 0, 0) => pick(Ty::INT, Ty::UINT),
            (None | Some(Kw::Int), 0, 1) => pick(Ty::LONG, Ty::ULONG),
            (None | Some(Kw::Int), 0, 2) => pick(Ty::LLONG, Ty::ULLONG),
            _ => None,
        }
    }

    /// Skips to the `)` of a `(` already eaten.
    fn skip_parens(&mut self) {
        let mut depth = 1u32;
        while depth > 0 && self.peek().tok != Tok::Eof {
            match self.next().tok {
                Tok::Punct(Punct::LParen) => depth += 1,
                Tok::Punct(Punct::RParen) => depth -= 1,
                _ => {}
            }
        }
    }

    /// `__attribute__((…))` and `__asm__("name")` after a declarator: skipped, but for `packed`.
    fn attributes(&mut self) -> Attributes {
        let mut found = Attributes::default();
        while matches!(self.kw(), Some(Kw::Attribute | Kw::Asm | Kw::Noexcept))
            && (self.peek_at(1).tok == Tok::Punct(Punct::LParen) || self.kw() == Some(Kw::Noexcept))
        {
            self.next();
            if !self.eat(Punct::LParen) {
                continue;
            }
            let start = self.at;
            self.skip_parens();
            for i in start..self.at {
                match self.spelling(self.tokens[i]).trim_matches('_') {
                    "packed" => found.packed = true,
                    name @ ("cleanup" | "constructor" | "destructor") => {
                        let what = format!("__attribute__(({name}))");
                        let span = self.tokens[i].span;
                        self.error(Kind::Unsupported { what }, span);
                    }
                    "aligned" => {
                        let number = self.tokens.get(i + 2).map(|token| self.spelling(*token));
                        found.align = number
                            .and_then(|text| crate::literal::parse_digits(&text))
                            .filter(|align| align.is_power_of_two() && *align <= 4096)
                            .unwrap_or(16);
                    }
                    _ => {}
                }
            }
        }
        found
    }

    fn typeof_specifier(&mut self) -> Parse<Ty> {
        self.expect(Punct::LParen)?;
        let ty = if self.starts_type(self.peek()) {
            self.type_name_rule()?
        } else {
            self.expression()?.ty
        };
        self.expect(Punct::RParen)?;
        Ok(ty)
    }

    /// struct-or-union-specifier: (struct | union) tag? { struct-declaration* }?
    fn record_specifier(&mut self) -> Parse<Ty> {
        let keyword = self.next();
        let union = self.kw_of(keyword) == Some(Kw::Union);
        let mut attributes = self.attributes();
        let name = self.peek();
        let tag = match (name.tok, self.kw_of(name)) {
            (Tok::Ident(sym), None) => {
                self.next();
                Some(sym)
            }
            _ => None,
        };
        if !self.is(Punct::LBrace) {
            let Some(tag) = tag else {
                let found = self.spelling(self.peek());
                let span = self.peek().span;
                self.error(Kind::ExpectedName { found }, span);
                return Err(Stop);
            };
            let declares = self.is(Punct::Semi);
            let found = self.tags[tag.0 as usize].last().copied();
            return match found {
                Some((scope, ty)) if !declares || scope == self.scope => {
                    if self.types.record_of(ty).is_none_or(|record| record.union != union) {
                        let name = self.text(tag);
                        self.error(Kind::WrongTag { name }, keyword.span);
                    }
                    Ok(ty)
                }
                _ => {
                    let ty = self.types.new_record(Some(tag), union, name.span);
                    self.bind_tag(tag, ty);
                    if self.cpp {
                        self.bind(tag, Entry::Typedef(ty));
                    }
                    Ok(ty)
                }
            };
        }
        let ty = match tag.and_then(|tag| self.tags[tag.0 as usize].last().copied()) {
            Some((scope, ty)) if scope == self.scope => {
                let record = self.types.record_of(ty).cloned();
                match record {
                    Some(record) if !record.complete && record.union == union => ty,
                    Some(record) => {
                        let text = tag.map(|tag| self.text(tag)).unwrap_or_default();
                        let mut diagnostic =
                            Diagnostic::error(Kind::Redefined { name: text }, name.span);
                        diagnostic.related.push((record.span, Related::DeclaredHere));
                        self.report(diagnostic);
                        self.types.new_record(tag, union, name.span)
                    }
                    None => {
                        let name_text = tag.map(|tag| self.text(tag)).unwrap_or_default();
                        self.error(Kind::WrongTag { name: name_text }, name.span);
                        self.types.new_record(tag, union, name.span)
                    }
                }
            }
            _ => {
                let ty = self.types.new_record(tag, union, name.span);
                if let Some(tag) = tag {
                    self.bind_tag(tag, ty);
                    if self.cpp {
                        self.bind(tag, Entry::Typedef(ty));
                    }
                }
                ty
            }
        };
        self.enter()?;
        let members = self.struct_declarations()?;
        self.leave();
        let after = self.attributes();
        attributes.packed |= after.packed;
        attributes.align = attributes.align.max(after.align);
        let after = self.packs.partition_point(|(token, _)| *token < self.at);
        let pack = match after.checked_sub(1).map(|at| self.packs[at].1) {
            _ if attributes.packed => Pack::Bytes(1),
            None | Some(0) => Pack::No,
            Some(bytes) => Pack::Bytes(bytes),
        };
        self.types.lay_out(ty, members, pack, attributes.align);
        Ok(ty)
    }

    /// C++: a constructor, a destructor and the like come.
    fn special_member(&self) -> Option<&'static str> {
        let token = self.peek();
        match (token.tok, self.kw_of(token)) {
            (Tok::Punct(Punct::Tilde), _) => Some("a destructor"),
            (_, Some(Kw::Virtual)) => Some("virtual"),
            (_, Some(Kw::Template)) => Some("template"),
            (Tok::Ident(_), None)
                if self.starts_type(token) && self.peek_at(1).tok == Tok::Punct(Punct::LParen) =>
            {
                Some("a constructor")
            }
            _ => None,
        }
    }

    /// { struct-declaration* }
    fn struct_declarations(&mut self) -> Parse<Vec<Member>> {
        let open = self.expect(Punct::LBrace)?;
        let mut members: Vec<Member> = Vec::new();
        while !self.eat(Punct::RBrace) {
            if self.eat(Punct::Semi) {
                continue;
            }
            if self.peek().tok == Tok::Eof {
                let mut diagnostic = Diagnostic::error(Kind::MissingBrace, self.peek().span);
                diagnostic.related.push((open, Related::OpenedHere));
                self.report(diagnostic);
                return Err(Stop);
            }
            if matches!(self.kw(), Some(Kw::StaticAssert | Kw::CppStaticAssert)) {
                self.static_assert()?;
                continue;
            }
            if self.cpp && matches!(self.kw(), Some(Kw::Public | Kw::Private)) {
                self.next();
                self.expect(Punct::Colon)?;
                continue;
            }
            if self.cpp
                && let Some(what) = self.special_member()
            {
                let span = self.peek().span;
                return Err(self.refuse(what.to_owned(), span));
            }
            let (base, _) = self.declaration_specifiers(false)?;
            if self.is(Punct::Semi) {
                // An anonymous structure or union.
                if self.types.record_of(base).is_some_and(|record| record.tag.is_none()) {
                    members.push((None, base, None, self.previous()));
                }
                continue;
            }
            loop {
                let (name, ty, span) = if self.is(Punct::Colon) {
                    (None, base, self.peek().span)
                } else {
                    let declarator = self.declarator(base, false)?;
                    (declarator.name, declarator.ty, declarator.span)
                };
                if self.types.is_func(ty) {
                    if self.cpp {
                        return Err(self.refuse("a member function".to_owned(), span));
                    }
                    let what = "a function as a member".to_owned();
                    self.error(Kind::Unsupported { what }, span);
                    return Err(Stop);
                }
                let width = if self.eat(Punct::Colon) {
                    let width = self.constant_int()?;
                    let max = self.types.size(ty).unwrap_or(0) * 8;
                    if !self.types.is_integer(ty)
                        || width < 0
                        || width as u64 > max
                        || width == 0 && name.is_some()
                    {
                        self.error(Kind::BadBitField, span);
                        None
                    } else {
                        Some(width as u8)
                    }
                } else {
                    None
                };
                self.attributes();
                if self.cpp && self.is(Punct::Assign) {
                    let span = self.peek().span;
                    return Err(self.refuse("a default member initializer".to_owned(), span));
                }
                let ty = self.check_member(name, ty, span, &members);
                members.push((name, ty, width, span));
                if !self.eat(Punct::Comma) {
                    break;
                }
            }
            self.expect(Punct::Semi)?;
        }
        Ok(members)
    }

    fn check_member(&mut self, name: Option<Sym>, ty: Ty, span: Span, members: &[Member]) -> Ty {
        if let Some(name) = name
            && let Some((_, _, _, old)) = members.iter().find(|(other, ..)| *other == Some(name))
        {
            self.conflict(name, span, *old);
        }
        if let TypeKind::Array(of, UNKNOWN_LEN) = self.types.kind(ty) {
            return self.types.array(of, 0); // a flexible array member
        }
        if self.types.size(ty).is_none() {
            let ty = self.type_name(ty);
            self.error(Kind::IncompleteType { ty }, span);
            return Ty::ERROR;
        }
        ty
    }

    /// enum-specifier: enum tag? { (name (= constant)? ,)* }?
    fn enum_specifier(&mut self) -> Parse<Ty> {
        self.next();
        if self.cpp {
            self.eat_kw(Kw::Class);
        }
        self.attributes();
        let name = self.peek();
        let tag = match (name.tok, self.kw_of(name)) {
            (Tok::Ident(sym), None) => {
                self.next();
                Some(sym)
            }
            _ => None,
        };
        if !self.is(Punct::LBrace) {
            let Some(tag) = tag else {
                let (found, span) = (self.spelling(self.peek()), self.peek().span);
                self.error(Kind::ExpectedName { found }, span);
                return Err(Stop);
            };
            if let Some((_, ty)) = self.tags[tag.0 as usize].last() {
                return Ok(*ty);
            }
            let ty = self.types.new_enum(Some(tag));
            self.bind_tag(tag, ty);
            return Ok(ty);
        }
        self.next();
        let ty = self.types.new_enum(tag);
        if let Some(tag) = tag {
            self.bind_tag(tag, ty);
            if self.cpp {
                self.bind(tag, Entry::Typedef(ty));
            }
        }
        let mut value = 0i64;
        let mut constants = Vec::new();
        while !self.eat(Punct::RBrace) {
            let token = self.next();
            let Tok::Ident(sym) = token.tok else {
                let found = self.spelling(token);
                self.error(Kind::ExpectedName { found }, token.span);
                return Err(Stop);
            };
            self.attributes();
            if self.eat(Punct::Assign) {
                value = self.constant_int()?;
            }
            let constant_ty = match i32::try_from(value) {
                Ok(_) => Ty::INT,
                Err(_) if u32::try_from(value).is_ok() => Ty::UINT,
                Err(_) => self.types.ptrdiff_t(),
            };
            if self.lookup_here(sym).is_some() {
                let name = self.text(sym);
                self.error(Kind::Redefined { name }, token.span);
            }
            self.bind(sym, Entry::EnumConst(value, constant_ty));
            constants.push((sym, value));
            value = value.wrapping_add(1);
            if !self.eat(Punct::Comma) {
                self.expect(Punct::RBrace)?;
                break;
            }
        }
        self.attributes();
        if let TypeKind::Enum(index) = self.types.kind(ty) {
            let low = constants.iter().map(|(_, value)| *value).min().unwrap_or(0);
            let high = constants.iter().map(|(_, value)| *value).max().unwrap_or(0);
            let base = match (low < 0, i32::try_from(low).is_ok()) {
                (true, true) if i32::try_from(high).is_ok() => Ty::INT,
                (true, _) => self.types.ptrdiff_t(),
                (false, _) if u32::try_from(high).is_ok() => Ty::UINT,
                (false, _) => self.types.size_t(),
            };
            let found = &mut self.types.enums[index as usize];
            found.constants = constants;
            found.base = base;
        }
        Ok(ty)
    }

    pub(crate) fn static_assert(&mut self) -> Parse<()> {
        let span = self.next().span;
        self.expect(Punct::LParen)?;
        let value = self.constant_int()?;
        let mut text = String::new();
        if self.eat(Punct::Comma) {
            while let Tok::Str(sym) = self.peek().tok {
                text.push_str(self.interner.get(sym).trim_matches('"'));
                self.next();
            }
        }
        let end = self.expect(Punct::RParen)?;
        if value == 0 {
            self.error(Kind::StaticAssert { text }, span.to(end));
        }
        self.expect(Punct::Semi)?;
        Ok(())
    }

    // ---- declarators (C11 §6.7.6)

    /// declarator: pointer? direct-declarator; abstract ones too if `abstract_ok`.
    pub(crate) fn declarator(&mut self, base: Ty, abstract_ok: bool) -> Parse<Declarator> {
        let mut layers = Vec::new();
        let name = self.declarator_layers(&mut layers, abstract_ok)?;
        let mut ty = base;
        let mut params = Vec::new();
        let mut knr = Vec::new();
        let mut sized_at = None;
        let span = name.map_or(self.previous(), |(_, span)| span);
        let count = layers.len();
        for (index, layer) in layers.into_iter().rev().enumerate() {
            let outermost = index + 1 == count;
            ty = match layer {
                Layer::Pointer(is_const) => self.types.ptr(ty).with_const_if(is_const),
                Layer::Reference => self.types.reference(ty),
                Layer::Array(len) => self.array_of(ty, len, span),
                Layer::Vla(len) => self.vla_of(ty, len, span),
                Layer::Function {
                    params: found,
                    variadic,
                    prototype,
                    knr: names,
                    sized_at: sized,
                } => {
                    if self.types.is_func(ty) || self.types.is_array(ty) {
                        self.error(Kind::BadReturnType, span);
                        ty = Ty::ERROR;
                    }
                    let types = found.iter().map(|(_, ty, _)| *ty).collect();
                    if outermost {
                        (params, knr, sized_at) = (found, names, sized);
                    }
                    self.types.func(Func { ret: ty.unqual(), params: types, variadic, prototype })
                }
            };
        }
        Ok(Declarator { name: name.map(|(sym, _)| sym), span, ty, params, knr, sized_at })
    }

    fn array_of(&mut self, of: Ty, len: u64, span: Span) -> Ty {
        if self.types.is_func(of) || of.unqual() == Ty::VOID {
            let ty = self.type_name(of);
            self.error(Kind::IncompleteType { ty }, span);
            return Ty::ERROR;
        }
        let size = self.types.size(of);
        if size.is_none() && !self.types.is_array(of) {
            let ty = self.type_name(of);
            self.error(Kind::IncompleteType { ty }, span);
            return Ty::ERROR;
        }
        if len != UNKNOWN_LEN
            && let Some(size) = size
            && size.checked_mul(len).is_none_or(|bytes| bytes > 1 << 30)
        {
            self.error(Kind::ArrayTooLarge, span);
            return Ty::ERROR;
        }
        if let TypeKind::Vla(..) = self.types.kind(of) {
            let len = self.int(len as i64, Ty::INT, span);
            return self.vla_of(of, len, span);
        }
        self.types.array(of, len)
    }

    /// A variable length array: a local holds its size in bytes.
    fn vla_of(&mut self, of: Ty, len: Expr, span: Span) -> Ty {
        if self.function.is_none() {
            self.error(Kind::VlaOutsideFunction, span);
            return Ty::ERROR;
        }
        let size_t = self.types.size_t();
        let local = self.new_local(None, size_t, span);
        let element = match self.types.kind(of) {
            TypeKind::Vla(_, inner) => {
                let kind = ExprKind::VlaSize(inner);
                self.expr(kind, size_t, span, 0)
            }
            _ => {
                let size = self.types.size(of).unwrap_or(1);
                self.int(size as i64, size_t, span)
            }
        };
        let len = self.cast(len, size_t);
        let bytes = self.arith(Op::Mul, len, element, size_t, span);
        if let Some(function) = &mut self.function {
            function.locals[local as usize].initialised = true;
            let kind = StmtKind::VlaSize { size: local, bytes };
            function.pending.push(Stmt { kind, span });
        }
        self.types.vla(of, local)
    }

    /// Collects layers from the name outwards: the first layer applies last to the base... the
    /// order is that of reading the declarator from its name.
    fn declarator_layers(
        &mut self,
        layers: &mut Vec<Layer>,
        abstract_ok: bool,
    ) -> Parse<Option<(Sym, Span)>> {
        self.enter()?;
        let mut pointers = Vec::new();
        loop {
            self.attributes();
            if self.eat(Punct::Star) {
                let mut is_const = false;
                loop {
                    match self.kw() {
                        Some(Kw::Const) => is_const = true,
                        Some(Kw::Volatile | Kw::Restrict | Kw::Atomic) => {}
                        Some(Kw::Attribute) => {
                            self.attributes();
                            continue;
                        }
                        _ => break,
                    }
                    self.next();
                }
                pointers.push(Layer::Pointer(is_const));
            } else if self.cpp && self.eat(Punct::And) {
                pointers.push(Layer::Reference);
            } else {
                break;
            }
        }
        self.attributes();
        let token = self.peek();
        let mut name = None;
        match token.tok {
            Tok::Ident(sym) if self.kw_of(token).is_none() => {
                self.next();
                name = Some((sym, token.span));
            }
            Tok::Punct(Punct::LParen) if self.paren_is_declarator(abstract_ok) => {
                self.next();
                name = self.declarator_layers(layers, abstract_ok)?;
                self.expect(Punct::RParen)?;
            }
            _ if abstract_ok => {}
            _ => {
                let found = self.spelling(token);
                self.error(Kind::ExpectedName { found }, token.span);
                return Err(Stop);
            }
        }
        self.declarator_suffixes(layers, name.is_some())?;
        layers.extend(pointers.into_iter().rev());
        self.leave();
        Ok(name)
    }

    /// Whether `(` groups a declarator or begins the parameters of an abstract function.
    fn paren_is_declarator(&self, abstract_ok: bool) -> bool {
        let next = self.peek_at(1);
        if !abstract_ok {
            return true;
        }
        match next.tok {
            Tok::Punct(Punct::Star | Punct::LParen | Punct::LBracket | Punct::And) => true,
            Tok::Ident(_) if self.kw_of(next) == Some(Kw::Attribute) => true,
            Tok::Ident(_) => !self.starts_type(next),
            _ => false,
        }
    }

    fn declarator_suffixes(&mut self, layers: &mut Vec<Layer>, named: bool) -> Parse<()> {
        loop {
            if self.is(Punct::LBracket) {
                self.next();
                while matches!(
                    self.kw(),
                    Some(Kw::Static | Kw::Const | Kw::Restrict | Kw::Volatile)
                ) {
                    self.next();
                }
                if self.eat(Punct::RBracket) {
                    layers.push(Layer::Array(UNKNOWN_LEN));
                    continue;
                }
                if self.is(Punct::Star) && self.peek_at(1).tok == Tok::Punct(Punct::RBracket) {
                    self.next();
                    self.next();
                    layers.push(Layer::Array(UNKNOWN_LEN));
                    continue;
                }
                let named = std::mem::take(&mut self.param_in_size);
                let len = self.assignment()?;
                if self.param_in_size {
                    // The function's definition reads it again, when the parameters exist.
                    self.expect(Punct::RBracket)?;
                    layers.push(Layer::Array(UNKNOWN_LEN));
                    continue;
                }
                self.param_in_size = named;
                let span = len.span;
                let len = self.rvalue(len);
                self.expect(Punct::RBracket)?;
                if !self.types.is_integer(len.ty) && len.ty != Ty::ERROR {
                    self.error(Kind::ArraySizeType, span);
                    layers.push(Layer::Array(1));
                    continue;
                }
                match self.const_eval(&len) {
                    Some(Const::Int(len)) if len >= 0 => layers.push(Layer::Array(len as u64)),
                    Some(_) => {
                        self.error(Kind::ArraySizeNegative, span);
                        layers.push(Layer::Array(1));
                    }
                    None if len.ty == Ty::ERROR => layers.push(Layer::Array(1)),
                    None => layers.push(Layer::Vla(len)),
                }
            } else if self.is(Punct::LParen)
                && !(self.cpp && named && !self.cpp_parens_are_params())
            {
                self.next();
                let layer = self.parameters()?;
                layers.push(layer);
                self.attributes();
            } else {
                return Ok(());
            }
        }
    }

    /// parameter-type-list, after `(`.
    fn parameters(&mut self) -> Parse<Layer> {
        if self.eat(Punct::RParen) {
            return Ok(Layer::Function {
                params: Vec::new(),
                variadic: false,
                prototype: self.cpp,
                knr: Vec::new(),
                sized_at: None,
            });
        }
        if self.kw() == Some(Kw::Void) && self.peek_at(1).tok == Tok::Punct(Punct::RParen) {
            self.next();
            self.next();
            return Ok(Layer::Function {
                params: Vec::new(),
                variadic: false,
                prototype: true,
                knr: Vec::new(),
                sized_at: None,
            });
        }
        let token = self.peek();
        if let Tok::Ident(_) = token.tok
            && self.kw_of(token).is_none()
            && !self.starts_type(token)
            && matches!(self.peek_at(1).tok, Tok::Punct(Punct::Comma | Punct::RParen))
            && !self.cpp
        {
            return self.knr_names();
        }
        self.push_scope();
        let (start, outer) = (self.at, std::mem::take(&mut self.param_in_size));
        let mut result = self.parameter_list();
        self.pop_scope();
        if std::mem::replace(&mut self.param_in_size, outer)
            && let Ok(Layer::Function { sized_at, .. }) = &mut result
        {
            *sized_at = Some(start);
        }
        result
    }

    fn parameter_list(&mut self) -> Parse<Layer> {
        let mut params = Vec::new();
        let mut variadic = false;
        loop {
            if self.eat(Punct::Ellipsis) {
                variadic = true;
                break;
            }
            let (base, _) = self.declaration_specifiers(false)?;
            let declarator = self.declarator(base, true)?;
            self.attributes();
            let ty = self.adjust_param(declarator.ty);
            if ty.unqual() == Ty::VOID {
                let ty = self.type_name(ty);
                self.error(Kind::IncompleteType { ty }, declarator.span);
                return Err(Stop);
            }
            if let Some(name) = declarator.name {
                // Later parameters may use it in an array's size; the local is made later.
                self.bind(name, Entry::Param(ty));
            }
            if self.cpp && self.is(Punct::Assign) {
                self.next();
                let value = self.assignment()?;
                self.last_defaults.push(value);
            }
            params.push((declarator.name, ty, declarator.span));
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.expect(Punct::RParen)?;
        Ok(Layer::Function { params, variadic, prototype: true, knr: Vec::new(), sized_at: None })
    }

    fn knr_names(&mut self) -> Parse<Layer> {
        let mut knr = Vec::new();
        loop {
            let token = self.next();
            let Tok::Ident(sym) = token.tok else {
                let found = self.spelling(token);
                self.error(Kind::ExpectedName { found }, token.span);
                return Err(Stop);
            };
            // `int f(strcut sockaddr *a)` is a misspelt type rather than an old-style list.
            knr.push((sym, token.span));
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.expect(Punct::RParen)?;
        Ok(Layer::Function {
            params: Vec::new(),
            variadic: false,
            prototype: false,
            knr,
            sized_at: None,
        })
    }

    /// Arrays and functions as parameters are pointers (C11 §6.7.6.3).
    fn adjust_param(&mut self, ty: Ty) -> Ty {
        match self.types.kind(ty) {
            TypeKind::Array(of, _) | TypeKind::Vla(of, _) => self.types.ptr(of),
            TypeKind::Func(_) => self.types.ptr(ty),
            _ => ty,
        }
    }

    /// type-name: specifier-qualifier-list abstract-declarator?
    pub(crate) fn type_name_rule(&mut self) -> Parse<Ty> {
        let (base, _) = self.declaration_specifiers(false)?;
        let declarator = self.declarator(base, true)?;
        Ok(declarator.ty)
    }

    // ---- statements (C11 §6.8)

    /// block-item* }
    fn block_items(&mut self, open: Span) -> Vec<Stmt> {
        let mut stmts = Vec::new();
        loop {
            if self.eat(Punct::RBrace) {
                return stmts;
            }
            if self.peek().tok == Tok::Eof {
                let span = self.peek().span;
                let mut diagnostic = Diagnostic::error(Kind::MissingBrace, span);
                diagnostic.related.push((open, Related::OpenedHere));
                if self.depth <= NESTING_MAX {
                    self.report(diagnostic);
                }
                return stmts;
            }
            let (start, depth, scope) = (self.at, self.depth, self.scope);
            if self.block_item(&mut stmts).is_err() {
                self.depth = depth;
                while self.scope > scope {
                    self.pop_scope();
                }
                self.skip_statement(start);
            }
        }
    }

    /// Goes to the end of a broken statement.
    fn skip_statement(&mut self, start: usize) {
        let mut depth = 0u32;
        loop {
            let token = self.peek();
            match token.tok {
                Tok::Eof => return,
                Tok::Punct(Punct::LBrace) => depth += 1,
                Tok::Punct(Punct::RBrace) if depth == 0 => {
                    if self.at == start {
                        self.next();
                    }
                    return;
                }
                Tok::Punct(Punct::RBrace) => {
                    depth -= 1;
                    if depth == 0 {
                        self.next();
                        return;
                    }
                }
                Tok::Punct(Punct::Semi) if depth == 0 => {
                    self.next();
                    return;
                }
                // The next line that begins like a statement or declaration.
                _ if depth == 0 && token.bol && self.at > start => {
                    let begins = self.starts_type(token)
                        || matches!(
                            self.kw_of(token),
                            Some(
                                Kw::If
                                    | Kw::For
                                    | Kw::While
                                    | Kw::Do
                                    | Kw::Return
                                    | Kw::Switch
                                    | Kw::Break
                                    | Kw::Continue
                                    | Kw::Goto
                            )
                        );
                    if begins {
                        return;
                    }
                }
                _ => {}
            }
            self.next();
        }
    }

    /// block-item: declaration | statement
    fn block_item(&mut self, stmts: &mut Vec<Stmt>) -> Parse<()> {
        if let Some(base) = self.unknown_type() {
            let start = self.previous();
            return self.declarators(base, Storage::default(), start, stmts);
        }
        if self.starts_declaration() {
            return self.declaration(stmts);
        }
        let stmt = self.statement()?;
        stmts.push(stmt);
        Ok(())
    }

    fn starts_declaration(&self) -> bool {
        let token = self.peek();
        if matches!(self.kw(), Some(Kw::StaticAssert | Kw::CppStaticAssert | Kw::Using)) {
            return true;
        }
        // `name:` is a label even where a typedef has that name.
        self.starts_type(token)
            && !(self.kw().is_none() && self.peek_at(1).tok == Tok::Punct(Punct::Colon))
            && !(self.cpp && self.cpp_is_functional_cast())
    }

    /// declaration: declaration-specifiers init-declarator-list? ;
    fn declaration(&mut self, stmts: &mut Vec<Stmt>) -> Parse<()> {
        if matches!(self.kw(), Some(Kw::StaticAssert | Kw::CppStaticAssert)) {
            return self.static_assert();
        }
        if self.cpp && self.cpp_directive()? {
            return Ok(());
        }
        let start = self.peek().span;
        let (base, storage) = self.declaration_specifiers(false)?;
        if self.eat(Punct::Semi) {
            return Ok(());
        }
        self.declarators(base, storage, start, stmts)
    }

    /// `itn x = 1;`, `pthread_t t;` without its header: two names in a row. Told once; the
    /// variable is known all the same.
    fn unknown_type(&mut self) -> Option<Ty> {
        let (token, next) = (self.peek(), self.peek_at(1));
        let (Tok::Ident(sym), Tok::Ident(_)) = (token.tok, next.tok) else { return None };
        let plain = self.kw_of(token).is_none() && self.kw_of(next).is_none();
        let name = self.text(sym);
        if self.cpp || !plain || self.lookup(sym).is_some() || next.bol || name == "using" {
            return None;
        }
        let statement = ["return", "goto", "case", "else", "break", "continue"];
        if self.similar_type(&name).is_some_and(|word| statement.contains(&word.as_str())) {
            return None;
        }
        self.next();
        let tag = self.tags.get(sym.0 as usize).and_then(|tags| tags.last()).map(|(_, ty)| *ty);
        let word = match tag.map(|ty| self.types.record_of(ty).is_some_and(|record| record.union)) {
            Some(true) => Some("union"),
            Some(false) => Some("struct"),
            None => None,
        };
        let header = crate::libc_index::header_of_type(self.target, &name)
            .or_else(|| crate::libc_index::header_of(self.target, &name, false));
        let suggestion = match word {
            Some(word) => Some(format!("{word} {name}")),
            None if header.is_some() => None,
            None => self.similar_type(&name),
        };
        if !self.undeclared.contains(&sym) {
            self.undeclared.push(sym);
            let fix = suggestion.clone().map(|text| crate::diag::Fix { span: token.span, text });
            let kind = Kind::UnknownType { name, suggestion, header };
            let mut diagnostic = Diagnostic::error(kind, token.span);
            diagnostic.fix = fix;
            self.report(diagnostic);
        }
        Some(tag.unwrap_or(Ty::ERROR))
    }

    /// init-declarator-list ;
    fn declarators(
        &mut self,
        base: Ty,
        storage: Storage,
        start: Span,
        stmts: &mut Vec<Stmt>,
    ) -> Parse<()> {
        loop {
            let first = self.peek();
            let declarator = self.declarator(base, false)?;
            self.attributes();
            if self.is(Punct::LBrace) && self.types.is_func(declarator.ty) {
                return self.function_inside(&declarator, start, first);
            }
            self.init_declarator(declarator, storage, start, stmts)?;
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.expect(Punct::Semi)?;
        Ok(())
    }

    /// A function's body inside another's: where it begins its line, the other's `}` is missing.
    fn function_inside(&mut self, inner: &Declarator, start: Span, first: Token) -> Parse<()> {
        let at_margin = self.sources.line_column(start).column == 1;
        let name = inner.name.map(|name| self.text(name)).unwrap_or_default();
        match self.function.as_ref().map(|function| function.name) {
            Some(_) if at_margin => {
                let mut diagnostic = Diagnostic::error(Kind::MissingBrace, start);
                if let Some(open) = self.body_open {
                    diagnostic.related.push((open, Related::OpenedHere));
                }
                self.report(diagnostic);
            }
            _ => self.error(Kind::NestedFunction { name }, first.span),
        }
        let mut depth = 0u32;
        while self.peek().tok != Tok::Eof {
            match self.next().tok {
                Tok::Punct(Punct::LBrace) => depth += 1,
                Tok::Punct(Punct::RBrace) if depth <= 1 => break,
                Tok::Punct(Punct::RBrace) => depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    pub(crate) fn take_pending(&mut self, stmts: &mut Vec<Stmt>) {
        if let Some(function) = &mut self.function {
            stmts.append(&mut function.pending);
        }
    }

    fn init_declarator(
        &mut self,
        declarator: Declarator,
        storage: Storage,
        start: Span,
        stmts: &mut Vec<Stmt>,
    ) -> Parse<()> {
        let Some(name) = declarator.name else { return Err(Stop) };
        self.take_pending(stmts);
        let span = declarator.span;
        let mut ty = declarator.ty;
        if storage.typedef {
            self.typedef(name, ty);
            return Ok(());
        }
        if self.types.is_func(ty) {
            self.declare_function(name, &declarator, storage);
            return Ok(());
        }
        if let Some(Entry::Local(old)) = self.lookup_here(name) {
            let old = self.function.as_ref().map_or(span, |f| f.locals[old as usize].span);
            let mut diagnostic = Diagnostic::error(Kind::Redefined { name: self.text(name) }, span);
            diagnostic.related.push((old, Related::DeclaredHere));
            self.report(diagnostic);
        }
        if storage.is_static || storage.external {
            let id = if storage.external {
                self.declare_global(name, ty, span, storage)
            } else {
                self.globals.push(Global {
                    name,
                    ty,
                    span,
                    is_static: true,
                    external: false,
                    init: None,
                    used: None,
                    within: self.function.as_ref().map(|function| function.name),
                });
                self.globals.len() as GlobalId - 1
            };
            self.bind(name, Entry::Global(id));
            if self.eat(Punct::Assign) {
                self.global_initializer(id)?;
            }
            return Ok(());
        }
        if storage.auto_type {
            self.expect(Punct::Assign)?;
            let value = self.assignment()?;
            let value = self.rvalue(value);
            let local = self.new_local(Some(name), value.ty, span);
            self.bind(name, Entry::Local(local));
            self.mark_initialised(local);
            let init = Some(Init::Expr(Box::new(value)));
            stmts.push(Stmt { kind: StmtKind::Decl(local, init), span: start.to(self.previous()) });
            return Ok(());
        }
        if let TypeKind::Vla(_, size) = self.types.kind(ty) {
            let local = self.new_local(Some(name), ty, span);
            self.bind(name, Entry::Local(local));
            let size_t = self.types.size_t();
            let bytes = self.expr(ExprKind::VlaSize(size), size_t, span, 0);
            if self.is(Punct::Assign) {
                let span = self.peek().span;
                self.error(Kind::VlaInitialised, span);
                return Err(Stop);
            }
            let kind = StmtKind::VlaDecl { local, bytes };
            stmts.push(Stmt { kind, span: start.to(span) });
            return Ok(());
        }
        let incomplete_array = matches!(self.types.kind(ty), TypeKind::Array(_, UNKNOWN_LEN));
        if self.types.size(ty).is_none() && !(incomplete_array && self.is(Punct::Assign)) {
            let name = self.type_name(ty);
            let kind = match crate::libc_index::header_of_tag(self.target, &name) {
                Some(header) => Kind::UnknownType { name, suggestion: None, header: Some(header) },
                None => Kind::IncompleteType { ty: name },
            };
            self.error(kind, span);
            ty = Ty::ERROR;
        }
        let local = self.new_local(Some(name), ty, span);
        self.bind(name, Entry::Local(local));
        let has_init = self.eat(Punct::Assign)
            || self.cpp && (self.is(Punct::LParen) || self.is(Punct::LBrace));
        let init = if has_init {
            let (init, final_ty) = self.local_initializer(ty, span)?;
            if let Some(function) = &mut self.function {
                function.locals[local as usize].ty = final_ty;
            }
            self.mark_initialised(local);
            self.note_constant(local, final_ty, &init);
            Some(init)
        } else if let Some(init) = self.cpp_default_init(ty, span) {
            self.mark_initialised(local);
            Some(init)
        } else {
            if self.cpp && matches!(self.types.kind(ty), TypeKind::Ref(_)) {
                self.error(Kind::ReferenceUnbound, span);
            }
            None
        };
        self.take_pending(stmts);
        let whole = start.to(self.previous());
        stmts.push(Stmt { kind: StmtKind::Decl(local, init), span: whole });
        Ok(())
    }

    /// C++: a `const` integer with a constant value may be an array's size.
    fn note_constant(&mut self, local: LocalId, ty: Ty, init: &Init) {
        if self.cpp
            && ty.is_const()
            && let Init::Expr(value) = init
            && let Some(Const::Int(value)) = self.const_eval(value)
        {
            self.const_locals.insert(local, value);
        }
    }

    /// The value of a C++ constant.
    pub(crate) fn constant_of(&self, kind: &ExprKind) -> Option<i64> {
        match kind {
            ExprKind::Local(id) => self.const_locals.get(id).copied(),
            ExprKind::Global(id) => self.const_globals.get(id).copied(),
            _ => None,
        }
    }

    fn mark_initialised(&mut self, local: LocalId) {
        if let Some(function) = &mut self.function {
            function.locals[local as usize].initialised = true;
        }
    }

    /// statement
    pub(crate) fn statement(&mut self) -> Parse<Stmt> {
        self.enter()?;
        let start = self.peek().span;
        let stmt = self.statement_kind(start)?;
        self.leave();
        let pending = self.function.as_mut().map(|f| std::mem::take(&mut f.pending));
        match pending {
            Some(mut before) if !before.is_empty() => {
                let span = stmt.span;
                before.push(stmt);
                Ok(Stmt { kind: StmtKind::Block(before, Vec::new()), span })
            }
            _ => Ok(stmt),
        }
    }

    fn statement_kind(&mut self, start: Span) -> Parse<Stmt> {
        let token = self.peek();
        if token.tok == Tok::Punct(Punct::LBrace) {
            self.next();
            self.push_scope();
            let stmts = self.block_items(start);
            let locals = self.pop_scope();
            let span = start.to(self.previous());
            return Ok(Stmt { kind: StmtKind::Block(stmts, locals), span });
        }
        if token.tok == Tok::Punct(Punct::Semi) {
            self.next();
            return Ok(Stmt { kind: StmtKind::Empty, span: start });
        }
        if let (Tok::Ident(sym), None) = (token.tok, self.kw())
            && self.peek_at(1).tok == Tok::Punct(Punct::Colon)
        {
            return self.labeled(sym, start);
        }
        let Some(kw) = self.kw() else { return self.expression_statement(start) };
        match kw {
            Kw::If => self.if_statement(start),
            Kw::While => {
                self.next();
                let cond = self.parenthesized_condition()?;
                let body = self.loop_body("while")?;
                let span = start.to(cond.span);
                Ok(Stmt { kind: StmtKind::While(cond, Box::new(body)), span })
            }
            Kw::Do => {
                self.next();
                let body = self.loop_body("while")?;
                if !self.eat_kw(Kw::While) {
                    let (found, span) = (self.spelling(self.peek()), self.peek().span);
                    self.error(Kind::Expected { what: "while".to_owned(), found }, span);
                    return Err(Stop);
                }
                let cond = self.parenthesized_condition()?;
                self.expect(Punct::Semi)?;
                let span = cond.span;
                Ok(Stmt { kind: StmtKind::DoWhile(Box::new(body), cond), span })
            }
            Kw::For => self.for_statement(start),
            Kw::Switch => self.switch_statement(start),
            Kw::Case | Kw::Default => self.case_statement(start),
            Kw::Goto => {
                self.next();
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
            Kw::Break | Kw::Continue => {
                self.next();
                let is_break = kw == Kw::Break;
                let inside = self
                    .function
                    .as_ref()
                    .is_some_and(|f| if is_break { f.breakables > 0 } else { f.loops > 0 });
                if !inside {
                    self.error(Kind::OutsideLoop { is_break }, start);
                }
                self.expect(Punct::Semi)?;
                let kind = match (inside, is_break) {
                    (false, _) => StmtKind::Empty,
                    (true, true) => StmtKind::Break,
                    (true, false) => StmtKind::Continue,
                };
                Ok(Stmt { kind, span: start })
            }
            Kw::Return => self.return_statement(start),
            Kw::Asm => {
                self.error(Kind::Unsupported { what: "asm".to_owned() }, start);
                Err(Stop)
            }
            Kw::Try | Kw::Throw | Kw::Template => {
                let what = self.spelling(token);
                Err(self.refuse(what, start))
            }
            Kw::Else => {
                self.error(Kind::ElseWithoutIf, start);
                self.next();
                Err(Stop)
            }
            _ if self.starts_type(token) && !(self.cpp && self.cpp_is_functional_cast()) => {
                // `if (x) int y;` and `label: int y;`
                let mut stmts = Vec::new();
                self.declaration(&mut stmts)?;
                let span = start.to(self.previous());
                Ok(Stmt { kind: StmtKind::Block(stmts, Vec::new()), span })
            }
            _ => self.expression_statement(start),
        }
    }

    /// `retrun x;`, `Int x;`: an unknown word before a name is a misspelt keyword or a type.
    fn misspelt_word(&mut self, start: Span) -> Option<Parse<Stmt>> {
        let (token, next) = (self.peek(), self.peek_at(1));
        let Tok::Ident(word) = token.tok else { return None };
        let named = matches!(next.tok, Tok::Ident(_)) && self.kw_of(next).is_none();
        if self.cpp
            || self.kw_of(token).is_some()
            || self.lookup(word).is_some()
            || !(named || matches!(next.tok, Tok::Number(_)))
        {
            return None;
        }
        let name = self.text(word);
        let words = ["return", "int", "char", "long", "short", "float", "double", "unsigned"];
        let suggestion = nearest(&name, words.into_iter()).or_else(|| self.similar_type(&name));
        if !named && suggestion.as_deref() != Some("return") {
            return None;
        }
        let header = crate::libc_index::header_of_type(self.target, &name);
        let fix = suggestion.clone().map(|text| crate::diag::Fix { span: token.span, text });
        let is_return = suggestion.as_deref() == Some("return");
        let kind = match is_return {
            true => Kind::Undeclared { name, suggestion, header: None },
            false => Kind::UnknownType { name, suggestion, header },
        };
        let mut diagnostic = Diagnostic::error(kind, token.span);
        diagnostic.fix = fix;
        self.report(diagnostic);
        if is_return {
            return Some(self.return_statement(start));
        }
        // The name is known from here on, of a type that nothing is said about.
        self.next();
        if let Tok::Ident(sym) = next.tok {
            let local = self.new_local(Some(sym), Ty::ERROR, next.span);
            self.bind(sym, Entry::Local(local));
        }
        while !matches!(self.peek().tok, Tok::Punct(Punct::Semi | Punct::RBrace) | Tok::Eof) {
            self.next();
        }
        self.eat(Punct::Semi);
        Some(Ok(Stmt { kind: StmtKind::Empty, span: start }))
    }

    fn expression_statement(&mut self, start: Span) -> Parse<Stmt> {
        if let Some(stmt) = self.misspelt_word(start) {
            return stmt;
        }
        let expr = self.expression()?;
        self.expect(Punct::Semi)?;
        // The last of a statement expression is its value.
        let is_value = self.is(Punct::RBrace) && self.peek_at(1).tok == Tok::Punct(Punct::RParen);
        if !is_value {
            self.check_unused(&expr);
        }
        let span = start.to(self.previous());
        Ok(Stmt { kind: StmtKind::Expr(expr), span })
    }

    fn labeled(&mut self, sym: Sym, start: Span) -> Parse<Stmt> {
        self.next();
        self.next();
        let id = self.label(sym, start, true);
        self.attributes();
        let body = if self.is(Punct::RBrace) {
            Stmt { kind: StmtKind::Empty, span: start } // C23; gcc lets it pass
        } else {
            self.statement()?
        };
        Ok(Stmt { span: body.span, kind: StmtKind::Label(id, Box::new(body)) })
    }

    fn label(&mut self, sym: Sym, span: Span, define: bool) -> LabelId {
        let name = self.text(sym);
        let Some(function) = &mut self.function else { return 0 };
        if let Some(label) = function.labels.iter_mut().find(|label| label.sym == sym) {
            let twice = define && label.defined;
            label.defined |= define;
            let id = label.id;
            if twice {
                self.error(Kind::Redefined { name }, span);
            }
            return id;
        }
        let id = function.label_count;
        function.label_count += 1;
        function.labels.push(LabelState { sym, id, defined: define, span });
        id
    }

    fn new_label(&mut self) -> LabelId {
        let Some(function) = &mut self.function else { return 0 };
        function.label_count += 1;
        function.label_count - 1
    }

    fn parenthesized_condition(&mut self) -> Parse<Expr> {
        self.expect(Punct::LParen)?;
        let cond = self.expression()?;
        self.expect(Punct::RParen)?;
        Ok(self.condition(cond))
    }

    /// Like nested statements, but a long `else if` chain is no nesting.
    fn if_statement(&mut self, start: Span) -> Parse<Stmt> {
        let mut arms = Vec::new();
        let mut start = start;
        let otherwise = loop {
            self.next();
            let cond = self.parenthesized_condition()?;
            if self.is(Punct::Semi) {
                let span = self.peek().span;
                let on_line =
                    self.sources.line_column(span).line == self.sources.line_column(cond.span).line;
                let next = self.peek_at(1);
                if on_line && next.tok == Tok::Punct(Punct::LBrace) {
                    self.warning(Kind::EmptyBody { keyword: "if".to_owned() }, span);
                }
            }
            let then = self.statement()?;
            arms.push((start.to(cond.span), cond, then));
            if !self.eat_kw(Kw::Else) {
                break None;
            }
            if self.kw() == Some(Kw::If) {
                start = self.peek().span;
                if arms.len() > 150 {
                    let span = self.peek().span;
                    self.error(Kind::TooDeep, span);
                    return Err(Stop);
                }
                continue;
            }
            break Some(Box::new(self.statement()?));
        };
        let mut result = otherwise;
        for (span, cond, then) in arms.into_iter().rev() {
            let kind = StmtKind::If(cond, Box::new(then), result);
            result = Some(Box::new(Stmt { kind, span }));
        }
        result.map(|stmt| *stmt).ok_or(Stop)
    }

    pub(crate) fn loop_body(&mut self, keyword: &str) -> Parse<Stmt> {
        if let Some(function) = &mut self.function {
            function.loops += 1;
            function.breakables += 1;
        }
        if self.is(Punct::Semi) && self.peek_at(1).tok == Tok::Punct(Punct::LBrace) {
            let span = self.peek().span;
            self.warning(Kind::EmptyBody { keyword: keyword.to_owned() }, span);
        }
        let body = self.statement();
        if let Some(function) = &mut self.function {
            function.loops -= 1;
            function.breakables -= 1;
        }
        body
    }

    fn for_statement(&mut self, start: Span) -> Parse<Stmt> {
        self.next();
        self.expect(Punct::LParen)?;
        if self.cpp && self.is_range_for() {
            return self.range_for(start);
        }
        self.push_scope();
        let mut init = Vec::new();
        if self.starts_declaration() {
            self.declaration(&mut init)?;
        } else if !self.eat(Punct::Semi) {
            let expr = self.expression()?;
            self.expect(Punct::Semi)?;
            init.push(Stmt { span: expr.span, kind: StmtKind::Expr(expr) });
        }
        let cond = if self.is(Punct::Semi) {
            None
        } else {
            let cond = self.expression()?;
            Some(self.condition(cond))
        };
        self.expect(Punct::Semi)?;
        let step = if self.is(Punct::RParen) { None } else { Some(self.expression()?) };
        self.expect(Punct::RParen)?;
        let body = Box::new(self.loop_body("for")?);
        let locals = self.pop_scope();
        Ok(Stmt { kind: StmtKind::For { init, cond, step, body, locals }, span: start })
    }

    fn switch_statement(&mut self, start: Span) -> Parse<Stmt> {
        self.next();
        self.expect(Punct::LParen)?;
        let cond = self.expression()?;
        let close = self.expect(Punct::RParen)?;
        let cond = self.rvalue(cond);
        if !self.types.is_integer(cond.ty) && cond.ty != Ty::ERROR {
            let ty = self.type_name(cond.ty);
            self.error(Kind::SwitchType { ty }, cond.span);
        }
        let ty = self.types.promote(cond.ty);
        let cond = self.cast(cond, ty);
        if let Some(function) = &mut self.function {
            function.breakables += 1;
            function.switches.push(SwitchState { ty, cases: Vec::new(), default: None });
        }
        let body = self.statement();
        let state = self.function.as_mut().and_then(|function| {
            function.breakables -= 1;
            function.switches.pop()
        });
        let body = Box::new(body?);
        let Some(state) = state else { return Err(Stop) };
        let kind = StmtKind::Switch { cond, cases: state.cases, default: state.default, body };
        Ok(Stmt { kind, span: start.to(close) })
    }

    fn case_statement(&mut self, start: Span) -> Parse<Stmt> {
        let is_default = self.kw() == Some(Kw::Default);
        self.next();
        let label = self.new_label();
        let Some(ty) = self.function.as_ref().and_then(|f| f.switches.last()).map(|state| state.ty)
        else {
            self.error(Kind::CaseOutsideSwitch, start);
            return Err(Stop);
        };
        if is_default {
            let twice = self
                .function
                .as_mut()
                .and_then(|f| f.switches.last_mut())
                .is_some_and(|state| state.default.replace(label).is_some());
            if twice {
                self.error(Kind::DuplicateCase { value: "default".to_owned() }, start);
            }
        } else {
            let expr = self.conditional()?;
            let span = expr.span;
            let low = self.case_value(expr, ty);
            let high = if self.eat(Punct::Ellipsis) {
                let expr = self.conditional()?;
                self.case_value(expr, ty)
            } else {
                low
            };
            let duplicate =
                self.function.as_mut().and_then(|f| f.switches.last_mut()).is_some_and(|state| {
                    let found = state.cases.iter().any(|(a, b, _)| low <= *b && high >= *a);
                    state.cases.push((low, high, label));
                    found
                });
            if duplicate {
                self.error(Kind::DuplicateCase { value: low.to_string() }, span);
            }
        }
        self.expect(Punct::Colon)?;
        let body = if self.is(Punct::RBrace) {
            Stmt { kind: StmtKind::Empty, span: start }
        } else if self.starts_declaration() {
            let mut stmts = Vec::new();
            self.declaration(&mut stmts)?;
            Stmt { span: start, kind: StmtKind::Block(stmts, Vec::new()) }
        } else {
            self.statement()?
        };
        Ok(Stmt { span: body.span, kind: StmtKind::Label(label, Box::new(body)) })
    }

    fn case_value(&mut self, expr: Expr, ty: Ty) -> i64 {
        let span = expr.span;
        let expr = self.rvalue(expr);
        let expr = self.cast(expr, ty);
        match self.const_eval(&expr) {
            Some(Const::Int(value)) => value,
            _ => {
                if expr.ty != Ty::ERROR && !matches!(expr.kind, ExprKind::Error) {
                    self.error(Kind::NotConstant, span);
                }
                0
            }
        }
    }

    fn return_statement(&mut self, start: Span) -> Parse<Stmt> {
        self.next();
        let Some((ret, name)) = self.function.as_ref().map(|f| (f.ret, f.name)) else {
            return Err(Stop);
        };
        if self.eat(Punct::Semi) {
            if ret.unqual() != Ty::VOID {
                let name = self.text(name);
                self.warning(Kind::ReturnWithoutValue { name }, start);
            }
            return Ok(Stmt { kind: StmtKind::Return(None), span: start });
        }
        let value = self.initializer_expr(ret)?;
        self.expect(Punct::Semi)?;
        let span = start.to(self.previous());
        if ret.unqual() == Ty::VOID {
            if value.ty.unqual() != Ty::VOID {
                let name = self.text(name);
                self.warning(Kind::ReturnWithValue { name }, value.span);
            }
            // Evaluated for its effects.
            let expr = Stmt { kind: StmtKind::Expr(value), span };
            let ret = Stmt { kind: StmtKind::Return(None), span };
            return Ok(Stmt { kind: StmtKind::Block(vec![expr, ret], Vec::new()), span });
        }
        let value = if matches!(self.types.kind(ret), TypeKind::Ref(_)) {
            self.bind_reference(value, ret)
        } else {
            let value = self.convert(value, ret, crate::expr::Context::Return);
            self.check_returned(&value);
            value
        };
        Ok(Stmt { kind: StmtKind::Return(Some(value)), span })
    }

    /// A statement expression's block, after `({`.
    pub(crate) fn statement_expression(&mut self, open: Span) -> Parse<Vec<Stmt>> {
        self.push_scope();
        let stmts = self.block_items(open);
        self.pop_scope();
        self.expect(Punct::RParen)?;
        Ok(stmts)
    }

    /// constant-expression of integer type
    pub(crate) fn constant_int(&mut self) -> Parse<i64> {
        let expr = self.conditional()?;
        let span = expr.span;
        let expr = self.rvalue(expr);
        match self.const_eval(&expr) {
            Some(Const::Int(value)) => Ok(value),
            _ => {
                if expr.ty != Ty::ERROR {
                    self.error(Kind::NotConstant, span);
                }
                Ok(1)
            }
        }
    }

    /// `__func__` as a string literal.
    pub(crate) fn func_name(&mut self) -> Option<StrId> {
        let function = self.function.as_ref()?;
        if let Some(id) = function.func_name {
            return Some(id);
        }
        let mut bytes = self.interner.get(function.name).as_bytes().to_vec();
        bytes.push(0);
        let id = self.string(bytes, 1);
        if let Some(function) = &mut self.function {
            function.func_name = Some(id);
        }
        Some(id)
    }
}

impl Parser {
    /// Makes a name known at file scope, from wherever the parser is.
    pub(crate) fn bind_global(&mut self, sym: Sym, entry: Entry) {
        self.names[sym.0 as usize].insert(0, (0, entry));
    }
}
