//! C++ as students write it: classes, templates, lambdas, and a library of our own in C++.
//!
//! The front is one pass, like C's: a template is a place in the text that is read again for each
//! set of arguments (`templates`), a body is read when it is first called (`classes`), an object
//! without a name belongs to the expression that made it (`objects`). The library is text in
//! `cc/libc/cxx` (`library`). Missing, and named when used: specialisations and packs of templates,
//! virtual inheritance, lambdas with `auto` parameters.

mod classes;
mod lambdas;
mod library;
mod names;
mod objects;
mod operators;
pub(crate) mod overload;
mod special;
pub(crate) mod state;
mod statements;
pub(crate) mod templates;

use crate::diag::Kind;
use crate::parse::{Parser, Stop};
use crate::source::Span;
pub(crate) use library::header;

/// Names of the standard library that C++ programs use and this one does not have.
const REFUSED: &[&str] = &[
    "any",
    "async",
    "barrier",
    "bitset",
    "bind",
    "filesystem",
    "forward_list",
    "future",
    "latch",
    "multimap",
    "multiset",
    "packaged_task",
    "promise",
    "regex",
    "semaphore",
    "shared_lock",
    "shared_mutex",
    "span",
    "variant",
    "valarray",
    "tuple",
    "tie",
    "make_tuple",
];

impl Parser {
    /// Reports something of C++ that is not here, and reads no further: what follows would only
    /// be misunderstood.
    pub(crate) fn refuse(&mut self, what: String, span: Span) -> Stop {
        self.error(Kind::Unsupported { what }, span);
        self.refused = true;
        self.at = self.tokens.len() - 1;
        Stop
    }

    /// A name of `std::` that is not here: refused, or its header is missing.
    pub(crate) fn std_refused(&mut self, name: &str, span: Span) -> Option<Stop> {
        if let Some(header) = library::header_of(name) {
            let kind = Kind::Undeclared {
                name: format!("std::{name}"),
                suggestion: None,
                header: Some(crate::diag::Declares { header: header.to_owned(), gnu: false }),
            };
            self.error(kind, span);
            self.refused = true;
            self.at = self.tokens.len() - 1;
            return Some(Stop);
        }
        let is_known = REFUSED.contains(&name);
        is_known.then(|| self.refuse(format!("std::{name}"), span))
    }

    /// A name that `using namespace std` would find, if it were here.
    pub(crate) fn refuse_std_name(&mut self, name: &str, span: Span) -> Option<Stop> {
        let uses = self.cxx.namespaces[0]
            .used
            .iter()
            .any(|used| self.interner.get(self.cxx.namespaces[*used].name) == "std");
        if !uses { None } else { self.std_refused(name, span) }
    }
}
