//! The small C++ of the lecture: streams, `std::string`, references, overloads, `new`, `delete`.
//!
//! `cout << x` and the members of `std::string` become calls of C functions that `<iostream>`
//! declares (`cc/libc/cxx/iostream.h`) and libc defines (`cc/libc/cxx.c`). Missing, and named when
//! used: classes with members of one's own, templates, exceptions, containers.

use crate::ast::*;
use crate::diag::Kind;
use crate::lex::{Punct, Sym, Tok, Token};
use crate::parse::{Entry, Kw, Parse, Parser, Stop};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

/// The text of a C++ header.
pub(crate) fn header(name: &str) -> Option<&'static str> {
    Some(match name {
        "iostream" | "string" | "iomanip" | "ostream" | "istream" => {
            include_str!("../libc/cxx/iostream.h")
        }
        "cstdio" => "#include <stdio.h>\n",
        "cstdlib" => "#include <stdlib.h>\n",
        "cstring" => "#include <string.h>\n",
        "cerrno" => "#include <errno.h>\n",
        "cctype" => "#include <ctype.h>\n",
        "cmath" => "#include <math.h>\n",
        "ctime" => "#include <time.h>\n",
        "cstdint" => "#include <stdint.h>\n",
        "cstddef" => "#include <stddef.h>\n",
        "cassert" => "#include <assert.h>\n",
        "climits" => "#include <limits.h>\n",
        "csignal" => "#include <signal.h>\n",
        "cstdarg" => "#include <stdarg.h>\n",
        "cinttypes" => "#include <inttypes.h>\n",
        "csetjmp" => "#include <setjmp.h>\n",
        "cwchar" => "#include <wchar.h>\n",
        "climits.h" | "limits" | "utility" | "new" | "iosfwd" | "typeinfo" | "cstdbool" => "",
        // What they declare is refused by name where it is used.
        "algorithm" | "array" | "atomic" | "bitset" | "chrono" | "condition_variable" | "deque"
        | "exception" | "fstream" | "functional" | "future" | "initializer_list" | "iterator"
        | "list" | "map" | "memory" | "mutex" | "numeric" | "optional" | "queue" | "random"
        | "regex" | "set" | "sstream" | "stack" | "stdexcept" | "system_error" | "thread"
        | "tuple" | "type_traits" | "unordered_map" | "unordered_set" | "variant" | "vector" => "",
        _ => return None,
    })
}

/// Names of the standard library that C++ programs use and the small C++ does not have.
const REFUSED: &[&str] = &[
    "array",
    "async",
    "atomic",
    "cerrno",
    "chrono",
    "condition_variable",
    "deque",
    "exception",
    "find",
    "for_each",
    "function",
    "future",
    "ifstream",
    "istringstream",
    "list",
    "lock_guard",
    "make_pair",
    "make_shared",
    "make_unique",
    "map",
    "max",
    "min",
    "move",
    "mutex",
    "ofstream",
    "ostringstream",
    "pair",
    "priority_queue",
    "queue",
    "recursive_mutex",
    "ref",
    "remove",
    "runtime_error",
    "set",
    "shared_ptr",
    "sort",
    "stack",
    "stoi",
    "stol",
    "stringstream",
    "swap",
    "this_thread",
    "thread",
    "tuple",
    "unique_lock",
    "unique_ptr",
    "unordered_map",
    "unordered_set",
    "vector",
];

/// Which of the library's structures a type is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Library {
    String,
    Out,
    In,
    Manip,
}

impl Parser {
    fn library(&self, ty: Ty) -> Option<Library> {
        let tag = self.types.record_of(ty)?.tag?;
        match self.interner.get(tag) {
            "__cxx_string" => Some(Library::String),
            "__ostream" => Some(Library::Out),
            "__istream" => Some(Library::In),
            "__manip" => Some(Library::Manip),
            _ => None,
        }
    }

    fn is_string(&self, ty: Ty) -> bool {
        self.library(ty) == Some(Library::String)
    }

    fn string_ty(&mut self) -> Option<Ty> {
        let name = self.intern("string");
        match self.lookup(name) {
            Some(Entry::Typedef(ty)) if self.is_string(ty) => Some(ty),
            _ => None,
        }
    }

    /// A call of one of the library's functions.
    fn library_call(&mut self, name: &str, args: Vec<Expr>, span: Span) -> Expr {
        let sym = self.intern(name);
        match self.lookup(sym) {
            Some(Entry::Func(id)) => {
                self.funcs[id as usize].used.get_or_insert(span);
                let ty = self.funcs[id as usize].ty;
                let callee = self.expr(ExprKind::Func(id), ty, span, 0);
                self.call_with(callee, args, span)
            }
            _ => {
                let header = Some("iostream".to_owned());
                let kind = Kind::Undeclared { name: name.to_owned(), suggestion: None, header };
                self.error(kind, span);
                self.bad(span)
            }
        }
    }

    /// A pointer to a structure, be it an lvalue or the result of a call.
    fn pointer_to(&mut self, expr: Expr) -> Expr {
        let ty = self.types.ptr(expr.ty.unqual());
        self.addr_of(expr, ty)
    }

    /// What a call returned a pointer to.
    fn pointed(&mut self, call: Expr) -> Expr {
        let span = call.span;
        match self.types.pointee(call.ty) {
            Some(to) => self.deref(call, to, span),
            None => call,
        }
    }

    /// Reports something of C++ that is not here, and reads no further: what follows would only
    /// be misunderstood.
    pub(crate) fn refuse(&mut self, what: String, span: Span) -> Stop {
        self.error(Kind::Unsupported { what }, span);
        self.refused = true;
        self.at = self.tokens.len() - 1;
        Stop
    }

    /// A name that `using namespace std` would find, if the small C++ had it.
    pub(crate) fn refuse_std_name(&mut self, name: &str, span: Span) -> Option<Stop> {
        let is_used = self.uses_std && REFUSED.contains(&name);
        is_used.then(|| self.refuse(format!("std::{name}"), span))
    }

    // ---- declarations

    /// `for (char c : text)`, `for (int &x : array)`; whether a `:` comes before the first `;`.
    pub(crate) fn is_range_for(&self) -> bool {
        let mut depth = 0u32;
        for token in &self.tokens[self.at.min(self.tokens.len())..] {
            match token.tok {
                Tok::Punct(Punct::LParen | Punct::LBrace | Punct::LBracket) => depth += 1,
                Tok::Punct(Punct::RParen | Punct::RBrace | Punct::RBracket) if depth > 0 => {
                    depth -= 1;
                }
                Tok::Punct(Punct::Colon) if depth == 0 => return true,
                Tok::Punct(Punct::Semi | Punct::Question | Punct::RParen) | Tok::Eof => {
                    return false;
                }
                _ => {}
            }
        }
        false
    }

    /// The rest of a range-based for, after its `(`: over a string or an array.
    pub(crate) fn range_for(&mut self, start: Span) -> Parse<Stmt> {
        self.push_scope();
        let (base, storage) = self.declaration_specifiers(false)?;
        let reference = self.eat(Punct::And) || self.eat(Punct::AndAnd);
        let name = self.next();
        let Tok::Ident(sym) = name.tok else {
            let found = self.spelling(name);
            self.error(Kind::ExpectedName { found }, name.span);
            return Err(Stop);
        };
        self.expect(Punct::Colon)?;
        let range = self.expression()?;
        let span = range.span;
        self.expect(Punct::RParen)?;
        let size_t = self.types.size_t();
        let (first, count) = if self.is_string(range.ty) {
            let mut field = |name: &str| {
                let sym = self.intern(name);
                let (offset, ty, _) =
                    self.types.member(range.ty, sym).unwrap_or((0, Ty::ERROR, None));
                let kind = ExprKind::Member(Box::new(range.clone()), offset, None);
                self.expr(kind, ty, span, range.height)
            };
            let (first, count) = (field("__p"), field("__len"));
            (first, self.cast(count, size_t))
        } else if let TypeKind::Array(_, len) = self.types.kind(range.ty) {
            let first = self.rvalue(range);
            (first, self.int(len as i64, size_t, span))
        } else {
            let what = format!("a range-based for over {}", self.type_name(range.ty));
            return Err(self.refuse(what, span));
        };
        let pointer = first.ty;
        let Some(of) = self.types.pointee(pointer) else { return Err(Stop) };
        let zero = self.int(0, size_t, span);
        let mut init = Vec::new();
        let mut hidden = |parser: &mut Parser, ty: Ty, value: Expr| {
            let local = parser.new_local(None, ty, span);
            if let Some(function) = &mut parser.function {
                function.locals[local as usize].initialised = true;
            }
            let kind = StmtKind::Decl(local, Some(Init::Expr(Box::new(value))));
            init.push(Stmt { kind, span });
            local
        };
        let at = hidden(self, pointer, first);
        let end = hidden(self, size_t, count);
        let index = hidden(self, size_t, zero);
        let local = |parser: &mut Parser, id, ty| parser.expr(ExprKind::Local(id), ty, span, 0);
        let (i, n) = (local(self, index, size_t), local(self, end, size_t));
        let cond = self.arith(Op::Lt, i, n, Ty::INT, span);
        let i = local(self, index, size_t);
        let kind = ExprKind::Step { left: Box::new(i), scale: None, minus: false, post: false };
        let step = self.expr(kind, size_t, span, 1);
        let (p, i) = (local(self, at, pointer), local(self, index, size_t));
        let element = self.add(p, i, false, span);
        let element = self.deref(element, of, span);
        let ty = if storage.auto_type { of.unqual().with_const_if(base.is_const()) } else { base };
        let (ty, value) = if reference {
            let ty = self.types.reference(ty);
            (ty, self.bind_reference(element, ty))
        } else {
            (ty, self.convert(element, ty, crate::expr::Context::Init))
        };
        self.push_scope();
        let variable = self.new_local(Some(sym), ty, name.span);
        if let Some(function) = &mut self.function {
            function.locals[variable as usize].initialised = true;
        }
        self.bind(sym, Entry::Local(variable));
        let declared = StmtKind::Decl(variable, Some(Init::Expr(Box::new(value))));
        let declared = Stmt { kind: declared, span: name.span };
        let body = self.loop_body("for")?;
        let inner = self.pop_scope();
        let body = Stmt { kind: StmtKind::Block(vec![declared, body], inner), span: start };
        let locals = self.pop_scope();
        let (cond, step, body) = (Some(cond), Some(step), Box::new(body));
        Ok(Stmt { kind: StmtKind::For { init, cond, step, body, locals }, span: start })
    }

    /// `using namespace std;` and the like; whether there was one.
    pub(crate) fn cpp_directive(&mut self) -> Parse<bool> {
        match self.kw() {
            Some(Kw::Using) => {
                while !self.is(Punct::Semi) && self.peek().tok != Tok::Eof {
                    self.next();
                }
                self.expect(Punct::Semi)?;
                self.uses_std = true;
                Ok(true)
            }
            Some(Kw::Extern)
                if matches!(self.peek_at(1).tok, Tok::Str(_))
                    && self.peek_at(2).tok == Tok::Punct(Punct::LBrace) =>
            {
                // extern "C" { … }: the braces mean nothing here.
                self.next();
                self.next();
                self.next();
                self.extern_c += 1;
                Ok(true)
            }
            None if self.is(Punct::RBrace) && self.extern_c > 0 => {
                self.next();
                self.extern_c -= 1;
                Ok(true)
            }
            Some(Kw::Template | Kw::Namespace) => {
                let token = self.peek();
                let what = self.spelling(token);
                Err(self.refuse(what, token.span))
            }
            _ => Ok(false),
        }
    }

    /// `std` of `std::`, where the name after it stands.
    fn std_name(&self, token: Token, ahead: usize) -> Option<Sym> {
        let Tok::Ident(sym) = token.tok else { return None };
        if self.interner.get(sym) != "std"
            || self.peek_at(ahead + 1).tok != Tok::Punct(Punct::ColonColon)
        {
            return None;
        }
        match self.peek_at(ahead + 2).tok {
            Tok::Ident(name) => Some(name),
            _ => None,
        }
    }

    /// Whether `std::string` (or another type of std) comes.
    pub(crate) fn cpp_starts_type(&self, token: Token) -> bool {
        let ahead = usize::from(token.span != self.peek().span || token.tok != self.peek().tok);
        self.std_name(token, ahead)
            .is_some_and(|name| matches!(self.lookup(name), Some(Entry::Typedef(_))))
    }

    /// `std::string` as a type; eaten.
    pub(crate) fn cpp_type_name(&mut self) -> Option<Ty> {
        let name = self.std_name(self.peek(), 0)?;
        match self.lookup(name) {
            Some(Entry::Typedef(ty)) => {
                self.next();
                self.next();
                self.next();
                Some(ty)
            }
            _ => {
                let text = self.text(name);
                if REFUSED.contains(&text.as_str()) {
                    let span = self.peek().span.to(self.peek_at(2).span);
                    self.refuse(format!("std::{text}"), span);
                }
                None
            }
        }
    }

    /// Whether the `(` after a declared name opens parameters rather than an initialiser.
    pub(crate) fn cpp_parens_are_params(&self) -> bool {
        let next = self.peek_at(1);
        matches!(next.tok, Tok::Punct(Punct::RParen | Punct::Ellipsis)) || self.starts_type(next)
    }

    /// `int(x) …` as an expression statement rather than a declaration of `x`.
    pub(crate) fn cpp_is_functional_cast(&self) -> bool {
        false
    }

    /// A `std::string` without initialiser is empty.
    pub(crate) fn cpp_default_init(&mut self, ty: Ty, span: Span) -> Option<Init> {
        if !self.cpp || !self.is_string(ty) {
            return None;
        }
        let value = self.empty_string(span);
        Some(Init::Expr(Box::new(value)))
    }

    fn empty_string(&mut self, span: Span) -> Expr {
        let text = self.text_literal("", span);
        let zero = self.int(0, Ty::INT, span);
        self.library_call("__string_make", vec![text, zero], span)
    }

    fn text_literal(&mut self, text: &str, span: Span) -> Expr {
        let mut bytes = text.as_bytes().to_vec();
        bytes.push(0);
        let ty = self.types.array(Ty::CHAR.with_const(), bytes.len() as u64);
        let id = self.string(bytes, 1);
        self.expr(ExprKind::Str(id), ty, span, 0)
    }

    /// `T x(…)`, `T x{…}` and strings; `None`: as in C. The `=` has been eaten if there was one.
    pub(crate) fn cpp_initializer(&mut self, ty: Ty, span: Span) -> Parse<Option<Init>> {
        let parens = self.is(Punct::LParen)
            && self.tokens[self.at.saturating_sub(1)].tok != Tok::Punct(Punct::Assign);
        if self.is_string(ty) {
            let braces = self.is(Punct::LBrace);
            if parens || braces {
                self.next();
                let close = if parens { Punct::RParen } else { Punct::RBrace };
                let mut args = self.arguments_until(close)?;
                let value = match args.len() {
                    0 => self.empty_string(span),
                    1 => {
                        let arg = args.remove(0);
                        self.new_string(arg, span)
                    }
                    2 if self.types.is_integer(args[0].ty) => {
                        self.library_call("__string_fill", args, span)
                    }
                    _ => self.library_call("__string_make", args, span),
                };
                return Ok(Some(Init::Expr(Box::new(value))));
            }
            let value = self.assignment()?;
            let value = self.new_string(value, span);
            return Ok(Some(Init::Expr(Box::new(value))));
        }
        if parens {
            self.next();
            let value = self.assignment()?;
            self.expect(Punct::RParen)?;
            let value = self.convert(value, ty, crate::expr::Context::Init);
            return Ok(Some(Init::Expr(Box::new(value))));
        }
        Ok(None)
    }

    fn arguments_until(&mut self, close: Punct) -> Parse<Vec<Expr>> {
        let mut args = Vec::new();
        if self.eat(close) {
            return Ok(args);
        }
        loop {
            args.push(self.assignment()?);
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.expect(close)?;
        Ok(args)
    }

    // ---- strings

    fn is_text(&self, ty: Ty) -> bool {
        let of = self.types.pointee(ty).or_else(|| self.types.element(ty));
        of.is_some_and(|of| of.unqual() == Ty::CHAR)
    }

    /// A new string with the value's contents.
    fn new_string(&mut self, value: Expr, span: Span) -> Expr {
        if self.is_string(value.ty) {
            // The result of a call is new already.
            if matches!(value.kind, ExprKind::Call { .. }) {
                return value;
            }
            let pointer = self.pointer_to(value);
            return self.library_call("__string_copy", vec![pointer], span);
        }
        if self.is_text(value.ty) {
            return self.library_call("__string_from", vec![value], span);
        }
        if value.ty == Ty::ERROR {
            return value;
        }
        let from = self.type_name(value.ty);
        self.error(Kind::Incompatible { from, to: "std::string".to_owned() }, span);
        self.bad(span)
    }

    /// A pointer to a string with the value's contents, which is not changed.
    fn string_pointer(&mut self, value: Expr, span: Span) -> Expr {
        if self.is_string(value.ty) {
            return self.pointer_to(value);
        }
        if value.ty == Ty::CHAR {
            let one = self.int(1, Ty::INT, span);
            let made = self.library_call("__string_fill", vec![one, value], span);
            return self.pointer_to(made);
        }
        let made = self.new_string(value, span);
        self.pointer_to(made)
    }

    /// Conversions to `std::string`, also the copy that passing by value makes.
    pub(crate) fn cpp_convert(&mut self, expr: &Expr, to: Ty) -> Option<Expr> {
        if !self.is_string(to) || expr.ty == Ty::ERROR {
            return None;
        }
        Some(self.new_string(expr.clone(), expr.span))
    }

    /// `while (cin >> x)`, `if (!cin)`.
    pub(crate) fn cpp_truth(&mut self, expr: &Expr) -> Option<Expr> {
        match self.library(expr.ty)? {
            Library::In => {
                let pointer = self.pointer_to(expr.clone());
                Some(self.library_call("__in_ok", vec![pointer], expr.span))
            }
            Library::Out => Some(self.int(1, Ty::BOOL, expr.span)),
            _ => None,
        }
    }

    /// `=` and `+=` on strings.
    pub(crate) fn cpp_assign(
        &mut self,
        op: Option<Op>,
        left: &Expr,
        right: &Expr,
        span: Span,
    ) -> Option<Expr> {
        if !self.is_string(left.ty) {
            return None;
        }
        match op {
            None => {
                let value = if right.ty == Ty::CHAR {
                    let one = self.int(1, Ty::INT, span);
                    self.library_call("__string_fill", vec![one, right.clone()], span)
                } else {
                    self.new_string(right.clone(), span)
                };
                let (ty, height) = (left.ty.unqual(), left.height.max(value.height));
                let kind = ExprKind::Assign(Box::new(left.clone()), Box::new(value));
                Some(self.expr(kind, ty, span, height))
            }
            Some(Op::Add) => {
                let target = self.pointer_to(left.clone());
                let call = if self.types.is_integer(right.ty) {
                    let args = vec![target, right.clone()];
                    self.library_call("__string_append_char", args, span)
                } else {
                    let text = self.string_pointer(right.clone(), span);
                    self.library_call("__string_append", vec![target, text], span)
                };
                Some(self.pointed(call))
            }
            _ => None,
        }
    }

    /// Operators on streams and strings; `None`: as in C.
    pub(crate) fn cpp_binary(
        &mut self,
        punct: Punct,
        left: &Expr,
        right: &Expr,
        span: Span,
    ) -> Option<Expr> {
        match (punct, self.library(left.ty)) {
            (Punct::Shl, Some(Library::Out)) => {
                return Some(self.output(left.clone(), right.clone(), span));
            }
            (Punct::Shr, Some(Library::In)) => {
                return Some(self.input(left.clone(), right.clone(), span));
            }
            _ => {}
        }
        if !self.is_string(left.ty) && !self.is_string(right.ty) {
            return None;
        }
        let (left, right) = (left.clone(), right.clone());
        if punct == Punct::Plus {
            let (a, b) = (self.string_pointer(left, span), self.string_pointer(right, span));
            return Some(self.library_call("__string_concat", vec![a, b], span));
        }
        let (op, swap) = match punct {
            Punct::EqEq => (Op::Eq, false),
            Punct::Ne => (Op::Ne, false),
            Punct::Lt => (Op::Lt, false),
            Punct::Le => (Op::Le, false),
            Punct::Gt => (Op::Lt, true),
            Punct::Ge => (Op::Le, true),
            _ => return None,
        };
        let (a, b) = (self.string_pointer(left, span), self.string_pointer(right, span));
        let order = self.library_call("__string_compare", vec![a, b], span);
        let zero = self.int(0, Ty::INT, span);
        let (a, b) = if swap { (zero, order) } else { (order, zero) };
        Some(self.arith(op, a, b, Ty::INT, span))
    }

    /// `stream << value`
    fn output(&mut self, stream: Expr, value: Expr, span: Span) -> Expr {
        let target = self.pointer_to(stream);
        let library = self.library(value.ty);
        if library == Some(Library::String) {
            let text = self.pointer_to(value);
            let call = self.library_call("__out_string", vec![target, text], span);
            return self.pointed(call);
        }
        let value = self.rvalue(value);
        let ty = value.ty;
        let name = match self.types.kind(ty) {
            TypeKind::Error => return self.bad(span),
            _ if library == Some(Library::Manip) => "__out_manip",
            TypeKind::Char | TypeKind::SChar | TypeKind::UChar => "__out_char",
            TypeKind::Bool => "__out_bool",
            TypeKind::Ptr(to) if self.types.size(to) == Some(1) && self.types.is_integer(to) => {
                "__out_cstr"
            }
            TypeKind::Nullptr => {
                let text = self.text_literal("nullptr", span);
                return self.output_text(target, text, span);
            }
            TypeKind::Ptr(_) => "__out_pointer",
            _ if self.types.is_float(ty) => "__out_double",
            _ if self.types.is_integer(ty) && self.types.is_signed(ty) => "__out_int",
            _ if self.types.is_integer(ty) => "__out_uint",
            _ => {
                let right = self.type_name(ty);
                self.error(Kind::BadOperands { left: "std::ostream".to_owned(), right }, span);
                return self.bad(span);
            }
        };
        let call = self.library_call(name, vec![target, value], span);
        self.pointed(call)
    }

    fn output_text(&mut self, target: Expr, text: Expr, span: Span) -> Expr {
        let call = self.library_call("__out_cstr", vec![target, text], span);
        self.pointed(call)
    }

    /// `stream >> lvalue`
    fn input(&mut self, stream: Expr, value: Expr, span: Span) -> Expr {
        let source = self.pointer_to(stream);
        if self.library(value.ty) == Some(Library::Manip) {
            return self.pointed(source);
        }
        if value.ty != Ty::ERROR && !self.is_lvalue(&value) {
            self.error(Kind::NotAssignable, value.span);
            return self.bad(span);
        }
        let ty = value.ty;
        let mut extra = Vec::new();
        let name = match self.types.kind(ty) {
            TypeKind::Error => return self.bad(span),
            _ if self.is_string(ty) => "__in_string",
            TypeKind::Array(of, len) if of.unqual() == Ty::CHAR => {
                extra.push(self.int(len as i64, Ty::INT, span));
                "__in_cstr"
            }
            TypeKind::Char | TypeKind::SChar | TypeKind::UChar => "__in_char",
            TypeKind::Float => "__in_float",
            TypeKind::Double => "__in_double",
            _ if self.types.is_integer(ty) => {
                let size = self.types.size(ty).unwrap_or(4) as i64;
                let signed = i64::from(self.types.is_signed(ty));
                extra.push(self.int(size, Ty::INT, span));
                extra.push(self.int(signed, Ty::INT, span));
                "__in_int"
            }
            _ => {
                let right = self.type_name(ty);
                self.error(Kind::BadOperands { left: "std::istream".to_owned(), right }, span);
                return self.bad(span);
            }
        };
        let target =
            if self.types.is_array(ty) { self.rvalue(value) } else { self.pointer_to(value) };
        let mut args = vec![source, target];
        args.extend(extra);
        let call = self.library_call(name, args, span);
        self.pointed(call)
    }

    /// `s[i]`
    pub(crate) fn cpp_index(&mut self, left: &Expr, index: &Expr, span: Span) -> Option<Expr> {
        if !self.is_string(left.ty) {
            return None;
        }
        let pointer = self.pointer_to(left.clone());
        let call = self.library_call("__string_at", vec![pointer, index.clone()], span);
        Some(self.pointed(call))
    }

    pub(crate) fn is_cpp_string(&self, ty: Ty, arrow: bool) -> bool {
        if arrow {
            return self.types.pointee(ty).is_some_and(|to| self.is_string(to));
        }
        self.is_string(ty)
    }

    /// `s.length()` and the like, after the member's name.
    pub(crate) fn cpp_string_method(
        &mut self,
        left: Expr,
        arrow: bool,
        name: Sym,
        span: Span,
    ) -> Parse<Expr> {
        let object = if arrow {
            let pointer = self.rvalue(left);
            self.pointed(pointer)
        } else {
            left
        };
        let text = self.text(name);
        self.expect(Punct::LParen)?;
        let mut args = self.arguments_until(Punct::RParen)?;
        let span = span.to(self.previous());
        let size_t = self.types.size_t();
        let pointer = self.pointer_to(object.clone());
        let field = |parser: &mut Parser, name: &str| {
            let sym = parser.intern(name);
            let (offset, ty, _) =
                parser.types.member(object.ty, sym).unwrap_or((0, Ty::ERROR, None));
            let height = object.height;
            parser.expr(ExprKind::Member(Box::new(object.clone()), offset, None), ty, span, height)
        };
        let npos = |parser: &mut Parser| parser.int(-1, size_t, span);
        Ok(match (text.as_str(), args.len()) {
            ("length" | "size", 0) => {
                let len = field(self, "__len");
                self.cast(len, size_t)
            }
            ("c_str" | "data", 0) => {
                let p = field(self, "__p");
                let ty = self.types.ptr(Ty::CHAR.with_const());
                self.cast(p, ty)
            }
            ("empty", 0) => {
                let len = field(self, "__len");
                let len = self.cast(len, size_t);
                let zero = self.int(0, size_t, span);
                self.arith(Op::Eq, len, zero, size_t, span)
            }
            ("substr", 1 | 2) => {
                if args.len() == 1 {
                    args.push(npos(self));
                }
                args.insert(0, pointer);
                self.library_call("__string_substr", args, span)
            }
            ("find", 1 | 2) => {
                if args.len() == 1 {
                    args.push(self.int(0, size_t, span));
                }
                let is_char = self.types.is_integer(args[0].ty);
                let name = if is_char { "__string_find_char" } else { "__string_find" };
                if !is_char {
                    let text = args.remove(0);
                    let text = self.string_pointer(text, span);
                    args.insert(0, text);
                }
                args.insert(0, pointer);
                self.library_call(name, args, span)
            }
            ("append", 1) => {
                let text = self.string_pointer(args.remove(0), span);
                let call = self.library_call("__string_append", vec![pointer, text], span);
                self.pointed(call)
            }
            ("append", 2) => {
                let made = self.library_call("__string_make", args, span);
                let text = self.pointer_to(made);
                let call = self.library_call("__string_append", vec![pointer, text], span);
                self.pointed(call)
            }
            ("assign", 1) => {
                let value = args.remove(0);
                self.cpp_assign(None, &object, &value, span).unwrap_or_else(|| self.bad(span))
            }
            ("assign", 2) => {
                let made = self.library_call("__string_make", args, span);
                self.cpp_assign(None, &object, &made, span).unwrap_or_else(|| self.bad(span))
            }
            ("push_back", 1) => {
                args.insert(0, pointer);
                let call = self.library_call("__string_append_char", args, span);
                self.cast(call, Ty::VOID)
            }
            ("pop_back", 0) => self.library_call("__string_pop", vec![pointer], span),
            ("clear", 0) => self.library_call("__string_clear", vec![pointer], span),
            ("erase", 1 | 2) => {
                if args.len() == 1 {
                    args.push(npos(self));
                }
                args.insert(0, pointer);
                self.library_call("__string_erase", args, span)
            }
            ("resize", 1) => {
                args.insert(0, pointer);
                self.library_call("__string_resize", args, span)
            }
            ("compare", 1) => {
                let text = self.string_pointer(args.remove(0), span);
                self.library_call("__string_compare", vec![pointer, text], span)
            }
            ("at", 1) => {
                args.insert(0, pointer);
                let call = self.library_call("__string_at", args, span);
                self.pointed(call)
            }
            ("front" | "back", 0) => {
                let index = if text == "front" {
                    self.int(0, size_t, span)
                } else {
                    let len = field(self, "__len");
                    let one = self.int(1, size_t, span);
                    let len = self.cast(len, size_t);
                    self.arith(Op::Sub, len, one, size_t, span)
                };
                let call = self.library_call("__string_at", vec![pointer, index], span);
                self.pointed(call)
            }
            _ => {
                self.error(Kind::Unsupported { what: format!("std::string::{text}") }, span);
                self.bad(span)
            }
        })
    }

    /// `cin.getline(…)`, `cout.flush()`, …; `None`: no stream.
    pub(crate) fn cpp_stream_method(
        &mut self,
        left: &Expr,
        name: Sym,
        span: Span,
    ) -> Parse<Option<Expr>> {
        let library = match self.library(left.ty) {
            Some(library @ (Library::In | Library::Out)) => library,
            _ => return Ok(None),
        };
        let text = self.text(name);
        self.expect(Punct::LParen)?;
        let mut args = self.arguments_until(Punct::RParen)?;
        let span = span.to(self.previous());
        let stream = self.pointer_to(left.clone());
        args.insert(0, stream);
        let (function, pointed) = match (library, text.as_str(), args.len()) {
            (Library::Out, "flush", 1) => ("__out_flush", true),
            (Library::Out, "write", 3) => ("__out_write", true),
            (Library::Out, "put", 2) => ("__out_char", true),
            (Library::Out, "good", 1) => return Ok(Some(self.int(1, Ty::BOOL, span))),
            (Library::In, "getline", 3) => ("__in_getline_buffer", true),
            (Library::In, "get", 1) => ("__in_get", false),
            (Library::In, "eof", 1) => ("__in_eof", false),
            (Library::In, "fail" | "bad", 1) => ("__in_fail", false),
            (Library::In, "good", 1) => ("__in_ok", false),
            (Library::In, "clear", 1) => ("__in_clear", false),
            (Library::In, "ignore", 1..=3) => {
                if args.len() == 1 {
                    args.push(self.int(1, Ty::INT, span));
                }
                if args.len() == 2 {
                    args.push(self.int(-1, Ty::INT, span));
                }
                ("__in_ignore", true)
            }
            _ => {
                let what =
                    format!("{}::{text}", if library == Library::In { "cin" } else { "cout" });
                self.error(Kind::Unsupported { what }, span);
                return Ok(Some(self.bad(span)));
            }
        };
        let call = self.library_call(function, args, span);
        Ok(Some(if pointed { self.pointed(call) } else { call }))
    }

    // ---- new, delete, casts

    /// `new T`, `new T(x)`, `new T[n]`, `delete p`, `delete[] p`.
    pub(crate) fn cpp_new_delete(&mut self, span: Span) -> Parse<Expr> {
        if self.eat_kw(Kw::Delete) {
            if self.eat(Punct::LBracket) {
                self.expect(Punct::RBracket)?;
            }
            let operand = self.conditional()?;
            let operand = self.rvalue(operand);
            let void = self.types.ptr(Ty::VOID);
            if self.types.pointee(operand.ty).is_none() && operand.ty != Ty::ERROR {
                let ty = self.type_name(operand.ty);
                self.error(Kind::NotAPointer { ty }, operand.span);
                return Ok(self.bad(span));
            }
            let span = span.to(operand.span);
            let operand = self.cast(operand, void);
            return Ok(self.intrinsic_call("__builtin_free", vec![operand], span));
        }
        self.next();
        let (base, _) = self.declaration_specifiers(false)?;
        let mut ty = base;
        while self.eat(Punct::Star) {
            ty = self.types.ptr(ty);
        }
        let size_t = self.types.size_t();
        let size = self.types.size(ty).unwrap_or(1) as i64;
        let mut bytes = self.int(size, size_t, span);
        let mut init = None;
        if self.eat(Punct::LBracket) {
            let count = self.expression()?;
            self.expect(Punct::RBracket)?;
            let count = self.convert(count, size_t, crate::expr::Context::Init);
            bytes = self.arith(Op::Mul, count, bytes, size_t, span);
            if self.eat(Punct::LParen) {
                self.expect(Punct::RParen)?;
            }
        } else if self.eat(Punct::LParen) {
            if self.eat(Punct::RParen) {
                let zero = self.int(0, Ty::INT, span);
                init = self.types.is_scalar(ty).then_some(zero);
            } else {
                init = Some(self.assignment()?);
                self.expect(Punct::RParen)?;
            }
        } else if self.is_string(ty) {
            init = Some(self.empty_string(span));
        }
        let span = span.to(self.previous());
        let pointer = self.types.ptr(ty);
        let block = self.intrinsic_call("__builtin_malloc", vec![bytes], span);
        let block = self.cast(block, pointer);
        let Some(init) = init else { return Ok(block) };
        // (p = malloc(…), *p = value, p)
        let temp = self.new_local(None, pointer, span);
        if let Some(function) = &mut self.function {
            function.locals[temp as usize].initialised = true;
        }
        let local = |parser: &mut Parser| parser.expr(ExprKind::Local(temp), pointer, span, 0);
        let first = local(self);
        let store = self.assign(first, block, span);
        let p = local(self);
        let object = self.deref(p, ty, span);
        let set = match self.cpp_assign(None, &object, &init, span) {
            Some(set) => set,
            None => self.assign(object, init, span),
        };
        let result = local(self);
        let height = set.height.max(store.height);
        let kind = ExprKind::Comma(Box::new(set), Box::new(result));
        let rest = self.expr(kind, pointer, span, height);
        let kind = ExprKind::Comma(Box::new(store), Box::new(rest));
        Ok(self.expr(kind, pointer, span, height + 1))
    }

    /// `static_cast<T>(x)`, `int(x)`, `bool` …
    pub(crate) fn cpp_keyword(&mut self, kw: Kw, span: Span) -> Parse<Option<Expr>> {
        match kw {
            Kw::StaticCast | Kw::ReinterpretCast | Kw::ConstCast => {
                self.expect(Punct::Lt)?;
                let ty = self.type_name_rule()?;
                self.expect(Punct::Gt)?;
                self.expect(Punct::LParen)?;
                let value = self.expression()?;
                let end = self.expect(Punct::RParen)?;
                Ok(Some(self.explicit_cast(value, ty, span.to(end))))
            }
            Kw::Int
            | Kw::Char
            | Kw::Double
            | Kw::Float
            | Kw::Long
            | Kw::Short
            | Kw::Unsigned
            | Kw::CppBool
                if self.cpp && self.is(Punct::LParen) =>
            {
                let ty = match kw {
                    Kw::Int => Ty::INT,
                    Kw::Char => Ty::CHAR,
                    Kw::Double => Ty::DOUBLE,
                    Kw::Float => Ty::FLOAT,
                    Kw::Long => Ty::LONG,
                    Kw::Short => Ty::SHORT,
                    Kw::Unsigned => Ty::UINT,
                    _ => Ty::BOOL,
                };
                self.functional_cast(ty, span).map(Some)
            }
            Kw::This | Kw::Throw | Kw::Operator | Kw::Template => {
                let what = self.sources.text(span).to_owned();
                Err(self.refuse(what, span))
            }
            _ => Ok(None),
        }
    }

    /// `std::name`, and names that need arguments to be resolved.
    pub(crate) fn cpp_identifier(&mut self, name: &str, span: Span) -> Parse<Option<Expr>> {
        if name == "std" && self.eat(Punct::ColonColon) {
            let token = self.next();
            let Tok::Ident(sym) = token.tok else {
                let found = self.spelling(token);
                self.error(Kind::ExpectedName { found }, token.span);
                return Err(Stop);
            };
            let text = self.text(sym);
            if text == "string" && self.eat(Punct::ColonColon) {
                self.next(); // npos
                let size_t = self.types.size_t();
                return Ok(Some(self.int(-1, size_t, span.to(self.previous()))));
            }
            if let Some(expr) = self.library_function(&text, span)? {
                return Ok(Some(expr));
            }
            if self.lookup(sym).is_none() && REFUSED.contains(&text.as_str()) {
                return Err(self.refuse(format!("std::{text}"), span.to(token.span)));
            }
            return self.identifier(sym, span.to(token.span)).map(Some);
        }
        self.library_function(name, span)
    }

    /// `getline(cin, s)` and `to_string(n)`, whose function depends on the arguments.
    pub(crate) fn library_function(&mut self, name: &str, span: Span) -> Parse<Option<Expr>> {
        if !self.is(Punct::LParen) || self.string_ty().is_none() {
            return Ok(None);
        }
        match name {
            "getline" => {
                self.next();
                let mut args = self.arguments_until(Punct::RParen)?;
                let span = span.to(self.previous());
                if args.len() != 2 || !self.is_string(args[1].ty) {
                    self.error(Kind::Unsupported { what: "getline".to_owned() }, span);
                    return Ok(Some(self.bad(span)));
                }
                let text = args.remove(1);
                let (stream, text) = (args.remove(0), self.pointer_to(text));
                let stream = self.pointer_to(stream);
                let call = self.library_call("__in_getline", vec![stream, text], span);
                Ok(Some(self.pointed(call)))
            }
            "to_string" => {
                self.next();
                let args = self.arguments_until(Punct::RParen)?;
                let span = span.to(self.previous());
                let name = match args.first().map(|arg| arg.ty) {
                    Some(ty) if self.types.is_integer(ty) && self.types.is_signed(ty) => {
                        "__to_string_int"
                    }
                    Some(ty) if self.types.is_integer(ty) => "__to_string_uint",
                    _ => "to_string",
                };
                Ok(Some(self.library_call(name, args, span)))
            }
            _ => Ok(None),
        }
    }

    pub(crate) fn functional_cast(&mut self, ty: Ty, span: Span) -> Parse<Expr> {
        let close = if self.is(Punct::LBrace) { Punct::RBrace } else { Punct::RParen };
        self.next();
        if self.eat(close) {
            if self.is_string(ty) {
                return Ok(self.empty_string(span));
            }
            let zero = self.int(0, Ty::INT, span);
            return Ok(self.cast(zero, ty));
        }
        let value = self.expression()?;
        let end = self.expect(close)?;
        let span = span.to(end);
        if self.is_string(ty) {
            return Ok(self.new_string(value, span));
        }
        Ok(self.explicit_cast(value, ty, span))
    }

    /// The function of an overload set that fits the arguments best.
    pub(crate) fn resolve_overload(&mut self, callee: Expr, args: &[Expr]) -> Expr {
        let ExprKind::Func(id) = callee.kind else { return callee };
        if !self.cpp {
            return callee;
        }
        let name = self.funcs[id as usize].name;
        let candidates: Vec<FuncId> = (0..self.funcs.len() as FuncId)
            .filter(|other| self.funcs[*other as usize].name == name)
            .collect();
        if candidates.len() < 2 {
            return callee;
        }
        let best = candidates.into_iter().max_by_key(|other| self.fitness(*other, args));
        match best {
            Some(best) => {
                self.funcs[best as usize].used.get_or_insert(callee.span);
                let ty = self.funcs[best as usize].ty;
                Expr { kind: ExprKind::Func(best), ty, ..callee }
            }
            None => callee,
        }
    }

    /// How well a function fits arguments: exact types count most.
    fn fitness(&self, id: FuncId, args: &[Expr]) -> i32 {
        let Some(func) = self.types.func_of(self.funcs[id as usize].ty) else { return -1 };
        let needed =
            func.params.len() - self.defaults.get(&id).map_or(0, Vec::len).min(func.params.len());
        if args.len() < needed || args.len() > func.params.len() && !func.variadic {
            return -1;
        }
        let mut score = 0;
        for (param, arg) in func.params.iter().zip(args) {
            let target = match self.types.kind(*param) {
                TypeKind::Ref(to) => to,
                _ => *param,
            };
            let decayed = match (self.types.element(arg.ty), self.types.pointee(target)) {
                (Some(of), Some(to)) => of.unqual() == to.unqual(),
                _ => false,
            };
            score += if target.unqual() == arg.ty.unqual() || decayed {
                10
            } else if self.types.promote(arg.ty) == target.unqual() {
                6
            } else if self.types.is_arith(target) && self.types.is_arith(arg.ty) {
                3
            } else if self.is_string(target) && self.is_text(arg.ty) {
                2
            } else {
                0
            };
        }
        score
    }
}
