//! The small C++ of the lecture: streams, `std::string`, references, overloads, `new`, `delete`.
//!
//! `cout << x` and the members of `std::string` become calls of C functions that `<iostream>`
//! declares (`cc/libc/cxx/iostream.h`) and libc defines (`cc/libc/cxx.c`). Classes are in
//! `parse::classes`. Missing, and named when used: templates, exceptions, containers.

mod declarations;
mod operators;
mod streams;
mod strings;

use crate::ast::*;
use crate::diag::Kind;
use crate::parse::{Entry, Parser, Stop};
use crate::source::Span;
use crate::types::Ty;

/// The text of a C++ header.
pub(crate) fn header(name: &str) -> Option<&'static str> {
    Some(match name {
        "iostream" | "string" | "iomanip" | "ostream" | "istream" => {
            include_str!("../../libc/cxx/iostream.h")
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
                let header = crate::libc_index::header_of(self.target, "cout", true);
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
}
