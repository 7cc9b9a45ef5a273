//! The typed tree between parser and lowering.
//!
//! Conversions are explicit ([`ExprKind::Cast`]); an array or function used as a pointer is an
//! [`ExprKind::AddrOf`]. Constant operands are folded as the tree is built.

use crate::lex::Sym;
use crate::source::Span;
use crate::types::Ty;

pub(crate) type LocalId = u32;
pub(crate) type GlobalId = u32;
pub(crate) type FuncId = u32;
pub(crate) type StrId = u32;
pub(crate) type LabelId = u32;

/// An expression with its type.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) ty: Ty,
    pub(crate) span: Span,
    /// Height of the tree, which is limited.
    pub(crate) height: u16,
    /// Written in parentheses (`if ((a = b))` is meant).
    pub(crate) parens: bool,
}

/// Binary operators on operands of one type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Op {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    Xor,
    Shl,
    Shr,
    Eq,
    Ne,
    Lt,
    Le,
}

/// The size of what a pointer steps over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scale {
    Bytes(u64),
    /// Bytes held by this local (variable length arrays).
    Local(LocalId),
}

/// Who is called.
#[derive(Clone, Debug)]
pub(crate) enum Callee {
    Func(FuncId),
    Pointer(Box<Expr>),
}

#[derive(Clone, Debug)]
pub(crate) enum ExprKind {
    /// Already complained about.
    Error,
    Int(i64),
    Float(f64),
    Str(StrId),
    Local(LocalId),
    Global(GlobalId),
    Func(FuncId),
    Deref(Box<Expr>),
    Member(Box<Expr>, u64, Option<(u8, u8)>),
    Neg(Box<Expr>),
    BitNot(Box<Expr>),
    Not(Box<Expr>),
    Binary(Op, Box<Expr>, Box<Expr>),
    PtrAdd {
        ptr: Box<Expr>,
        index: Box<Expr>,
        scale: Scale,
        minus: bool,
    },
    PtrDiff(Box<Expr>, Box<Expr>, Scale),
    AndAnd(Box<Expr>, Box<Expr>),
    OrOr(Box<Expr>, Box<Expr>),
    Cond(Box<Expr>, Box<Expr>, Box<Expr>),
    Comma(Box<Expr>, Box<Expr>),
    Assign(Box<Expr>, Box<Expr>),
    /// `left op= right`, computed in `calc`.
    OpAssign {
        op: Op,
        left: Box<Expr>,
        right: Box<Expr>,
        calc: Ty,
    },
    /// `pointer += index`.
    PtrAssign {
        left: Box<Expr>,
        index: Box<Expr>,
        scale: Scale,
        minus: bool,
    },
    /// `++` and `--`.
    Step {
        left: Box<Expr>,
        scale: Option<Scale>,
        minus: bool,
        post: bool,
    },
    Cast(Box<Expr>),
    AddrOf(Box<Expr>),
    Call {
        callee: Callee,
        args: Vec<Expr>,
        fixed: usize,
        variadic: bool,
    },
    /// A compound literal: initialise the local, which is the value.
    Compound(LocalId, Init),
    StmtExpr(Vec<Stmt>),
    VaStart(Box<Expr>),
    VaArg(Box<Expr>),
    VaCopy(Box<Expr>, Box<Expr>),
    /// Size in bytes of a variable length array.
    VlaSize(LocalId),
    /// `alloca`.
    Alloca(Box<Expr>),
    /// C++: a template's name, which waits for arguments; with those that are given.
    Overloaded(Sym, Vec<crate::cpp::templates::Arg>),
    /// C++: a list in braces, and where it begins.
    Braced(usize),
    /// C++: an object without a name, what constructs it, and whether the expression keeps it.
    Construct(LocalId, Box<Expr>, bool),
}

/// One scalar (or string, or structure) of an initialiser.
#[derive(Clone, Debug)]
pub(crate) struct InitItem {
    pub(crate) offset: u64,
    pub(crate) ty: Ty,
    pub(crate) bits: Option<(u8, u8)>,
    pub(crate) value: Expr,
}

/// An initialiser.
#[derive(Clone, Debug)]
pub(crate) enum Init {
    Expr(Box<Expr>),
    /// Everything not named is zero.
    Items(Vec<InitItem>),
}

#[derive(Clone, Debug)]
pub(crate) struct Stmt {
    pub(crate) kind: StmtKind,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) enum StmtKind {
    Empty,
    Expr(Expr),
    Decl(LocalId, Option<Init>),
    /// A variable length array: its size in bytes is known.
    VlaDecl {
        local: LocalId,
        bytes: Expr,
    },
    /// Computes the size in bytes of a variable length array type.
    VlaSize {
        size: LocalId,
        bytes: Expr,
    },
    Block(Vec<Stmt>, Vec<LocalId>),
    If(Expr, Box<Stmt>, Option<Box<Stmt>>),
    While(Expr, Box<Stmt>),
    DoWhile(Box<Stmt>, Expr),
    For {
        init: Vec<Stmt>,
        cond: Option<Expr>,
        step: Option<Expr>,
        body: Box<Stmt>,
        locals: Vec<LocalId>,
    },
    Switch {
        cond: Expr,
        cases: Vec<(i64, i64, LabelId)>,
        default: Option<LabelId>,
        body: Box<Stmt>,
    },
    Label(LabelId, Box<Stmt>),
    Goto(LabelId),
    Break,
    Continue,
    Return(Option<Expr>),
}

/// A local variable or parameter.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub(crate) name: Option<Sym>,
    pub(crate) ty: Ty,
    pub(crate) span: Span,
    /// Must live in memory.
    pub(crate) in_memory: bool,
    pub(crate) param: bool,
    pub(crate) initialised: bool,
    /// For lints and warnings.
    pub(crate) used: bool,
    /// What is done with it when its block ends.
    pub(crate) cleanup: Option<Box<Expr>>,
}

/// A function's body.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) locals: Vec<Local>,
    pub(crate) params: Vec<LocalId>,
    pub(crate) stmts: Vec<Stmt>,
    pub(crate) labels: u32,
    pub(crate) end: Span,
}

/// A function, declared or defined.
#[derive(Clone, Debug)]
pub(crate) struct FuncDecl {
    pub(crate) name: Sym,
    pub(crate) ty: Ty,
    pub(crate) span: Span,
    pub(crate) is_static: bool,
    pub(crate) used: Option<Span>,
    pub(crate) body: Option<Body>,
    /// Its body was skipped: it is parsed when the function is first called (libc's).
    pub(crate) deferred: bool,
}

impl FuncDecl {
    /// Whether this unit defines it.
    pub(crate) fn is_defined(&self) -> bool {
        self.body.is_some() || self.deferred
    }
}

/// A constant that the linker knows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Const {
    Int(i64),
    Float(f64),
    Str(StrId, i64),
    Global(GlobalId, i64),
    Func(FuncId),
}

/// A global's initial part.
#[derive(Clone, Debug)]
pub(crate) struct ConstItem {
    pub(crate) offset: u64,
    pub(crate) ty: Ty,
    pub(crate) bits: Option<(u8, u8)>,
    pub(crate) value: Const,
}

/// A global or static variable.
#[derive(Clone, Debug)]
pub(crate) struct Global {
    pub(crate) name: Sym,
    pub(crate) ty: Ty,
    pub(crate) span: Span,
    pub(crate) is_static: bool,
    /// `extern` and never defined here.
    pub(crate) external: bool,
    pub(crate) init: Option<Vec<ConstItem>>,
    pub(crate) used: Option<Span>,
    /// The function of a static local.
    pub(crate) within: Option<Sym>,
    /// `_Thread_local`: each thread has its own.
    pub(crate) thread_local: bool,
}

/// A string literal's bytes, with its terminating NUL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StrLit {
    pub(crate) bytes: Vec<u8>,
    pub(crate) align: u64,
}

impl TranslationUnit<'_> {
    /// Whether two functions of one name are one: C++ has several.
    pub(crate) fn same_signature(&self, a: usize, b: usize) -> bool {
        !self.cpp || self.funcs[a].ty == self.funcs[b].ty
    }
}

/// A parsed translation unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TranslationUnit<'a> {
    pub(crate) cpp: bool,
    pub(crate) types: &'a crate::types::Types,
    pub(crate) interner: &'a crate::lex::Interner,
    pub(crate) funcs: &'a [FuncDecl],
    pub(crate) globals: &'a [Global],
    pub(crate) strings: &'a [StrLit],
}
