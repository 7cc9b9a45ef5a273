//! Declaration specifiers (C11 §6.7.1 to §6.7.5): storage classes, basic types, qualifiers,
//! attributes, `typeof`; what a name that is no type may have meant.

use super::keywords::{KEYWORDS, Kw, is_cpp_word};
use super::{Attributes, Entry, Parse, Parser, Stop, Storage};
use crate::diag::{Diagnostic, Kind, nearest};
use crate::lex::{Punct, Sym, Tok, Token};
use crate::types::Ty;

impl Parser {
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
                        | Kw::CppThreadLocal
                        | Kw::Attribute
                        | Kw::Typeof
                        | Kw::Int128
                        | Kw::VaListTy
                        | Kw::AutoType
                        | Kw::CppBool
                        | Kw::Class
                        | Kw::Constexpr
                        | Kw::Typename
                        | Kw::Decltype
                ),
                None if self.cpp => self.cpp_starts_type(self.place_of(token)),
                None => matches!(self.lookup(sym), Some(Entry::Typedef(_))),
            },
            Tok::Punct(Punct::ColonColon) => self.cpp_starts_type(self.place_of(token)),
            _ => false,
        }
    }

    /// Where a token that was looked at is: the current one, or the next.
    fn place_of(&self, token: Token) -> usize {
        let is = |other: Token| other.tok == token.tok && other.span == token.span;
        (self.at..self.at + 4)
            .find(|at| self.tokens.get(*at).is_some_and(|it| is(*it)))
            .unwrap_or(self.at)
    }

    /// declaration-specifiers: (storage-class | type-specifier | qualifier | function-specifier)+
    pub(crate) fn declaration_specifiers(&mut self, external: bool) -> Parse<(Ty, Storage)> {
        let start = self.peek().span;
        self.attributes_met = Attributes::default();
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
            let kw = match self.kw_of(token) {
                Some(Kw::Typename) => None,
                kw => kw,
            };
            let Some(kw) = kw else {
                let plain = word.is_none() && signed + unsigned + short + long == 0;
                let found = match token.tok {
                    _ if ty.is_some() || !plain => None,
                    Tok::Ident(_) | Tok::Punct(Punct::ColonColon) if self.cpp => {
                        self.cpp_type_name()?
                    }
                    Tok::Ident(sym) => match self.lookup(sym) {
                        Some(Entry::Typedef(found)) => {
                            self.next();
                            Some(found)
                        }
                        _ => None,
                    },
                    _ => None,
                };
                if found.is_none() && self.cpp && self.skip_double_brackets() {
                    continue;
                }
                if found.is_none() {
                    break;
                }
                ty = found;
                any = true;
                continue;
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
                    ty = Some(Ty::AUTO);
                }
                Kw::AutoType => {
                    storage.auto_type = true;
                    ty = Some(Ty::INT);
                }
                Kw::ThreadLocal | Kw::CppThreadLocal => storage.thread_local = true,
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
                Kw::Typeof | Kw::Decltype => {
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
        storage.attributes = std::mem::take(&mut self.attributes_met);
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

    /// C++: goes behind `[[attributes]]`.
    pub(crate) fn skip_double_brackets(&mut self) -> bool {
        let twice = self.is(Punct::LBracket) && self.peek_at(1).tok == Tok::Punct(Punct::LBracket);
        if !twice {
            return false;
        }
        while self.peek().tok != Tok::Eof && !self.eat(Punct::RBracket) {
            self.next();
        }
        self.eat(Punct::RBracket);
        true
    }

    /// No type where one must stand: finds out what was meant.
    pub(crate) fn no_type(&mut self, external: bool) -> Stop {
        let token = self.peek();
        if let Tok::Ident(sym) = token.tok {
            let next = self.peek_at(1);
            let name = self.text(sym);
            if self.cpp
                && let Some(stop) = self.refuse_std_name(&name, token.span)
            {
                return stop;
            }
            if !self.cpp && (is_cpp_word(&name) || name == "string") {
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

    pub(super) fn similar_type(&self, name: &str) -> Option<String> {
        let typedefs = self
            .names
            .iter()
            .enumerate()
            .filter(|(_, entries)| matches!(entries.last(), Some((_, Entry::Typedef(_)))))
            .map(|(index, _)| self.interner.get(Sym(index as u32)));
        let words = KEYWORDS.iter().map(|(text, _)| *text).filter(|text| !text.starts_with('_'));
        nearest(name, typedefs.chain(words))
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
    pub(crate) fn skip_parens(&mut self) {
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
    pub(crate) fn attributes(&mut self) -> super::Attributes {
        let mut found = Attributes::default();
        if self.cpp {
            while self.skip_double_brackets() {}
        }
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
                    "cleanup" => {
                        if let Some(Tok::Ident(name)) = self.tokens.get(i + 2).map(|t| t.tok) {
                            found.cleanup = Some(name);
                        }
                    }
                    "constructor" => found.constructor = true,
                    "destructor" => found.destructor = true,
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
        self.attributes_met = self.attributes_met.and(found);
        found
    }

    fn typeof_specifier(&mut self) -> Parse<Ty> {
        self.expect(Punct::LParen)?;
        if self.cxx.pattern {
            self.skip_parens();
            return Ok(Ty::DEPENDENT);
        }
        let mark = self.temps();
        let ty = if self.starts_type(self.peek()) {
            self.type_name_rule()?
        } else {
            self.expression()?.ty
        };
        if let Some(function) = &mut self.function {
            function.temps.truncate(mark); // it is not evaluated
        }
        self.expect(Punct::RParen)?;
        Ok(ty)
    }

    /// `itn x = 1;`, `pthread_t t;` without its header: two names in a row. Told once; the
    /// variable is known all the same.
    pub(super) fn unknown_type(&mut self) -> Option<Ty> {
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
            let kind = match !self.cpp && name == "string" {
                true => Kind::CppInC { name },
                false => Kind::UnknownType { name, suggestion, header },
            };
            let mut diagnostic = Diagnostic::error(kind, token.span);
            diagnostic.fix = fix;
            self.report(diagnostic);
        }
        Some(tag.unwrap_or(Ty::ERROR))
    }
}
