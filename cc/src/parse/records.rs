//! Structures, unions (C11 §6.7.2.1) and enumerations (§6.7.2.2).

use super::keywords::Kw;
use super::{Entry, Parse, Parser, Stop};
use crate::diag::{Diagnostic, Kind, Related};
use crate::lex::{Punct, Sym, Tok};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Member, Pack, Ty, UNKNOWN_LEN};

impl Parser {
    /// struct-or-union-specifier: (struct | union) tag? { struct-declaration* }?
    pub(crate) fn record_specifier(&mut self) -> Parse<Ty> {
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
        if self.cpp
            && self.interner.get(tag.unwrap_or(self.this)) != "final"
            && self.spelling(self.peek()) == "final"
        {
            self.next();
        }
        let plain = tag;
        let instance = self.cxx.instance.take();
        let derives = self.cpp && self.is(Punct::Colon);
        let tag = if self.cpp && tag.is_some() { self.own_tag(tag, derives) } else { tag };
        if !self.is(Punct::LBrace) && !derives {
            let Some(tag) = tag else {
                let found = self.spelling(self.peek());
                let span = self.peek().span;
                self.error(Kind::ExpectedName { found }, span);
                return Err(Stop);
            };
            let declares = self.is(Punct::Semi);
            if self.cpp && !declares {
                self.at -= 1;
                if let Some(ty) = self.cpp_type_name()? {
                    return Ok(ty);
                }
                self.next();
            }
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
            _ if instance.is_some() => instance.unwrap_or(Ty::ERROR),
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
        let members = match self.cpp {
            true => {
                let mut members = self.begin_class(ty, plain, name.span)?;
                self.class_body(ty, &mut members)?;
                members
            }
            false => self.struct_declarations()?,
        };
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
        if self.cpp {
            if let Some(record) = self.types.record_mut(ty)
                && record.size == 0
            {
                record.size = 1;
            }
            self.place_bases(ty);
            self.read_bodies();
        }
        Ok(ty)
    }

    /// C++: a class's name as its namespace has it.
    fn own_tag(&mut self, tag: Option<Sym>, derives: bool) -> Option<Sym> {
        let declares = derives || self.is(Punct::LBrace) || self.is(Punct::Semi);
        if declares { tag.map(|tag| self.qualify(tag)) } else { tag }
    }

    /// Goes behind a member's own initialiser.
    pub(crate) fn skip_initialiser(&mut self) {
        let mut depth = 0u32;
        loop {
            match self.peek().tok {
                Tok::Eof => return,
                Tok::Punct(Punct::Semi | Punct::Comma) if depth == 0 => return,
                Tok::Punct(Punct::LBrace | Punct::LParen) => depth += 1,
                Tok::Punct(Punct::RBrace | Punct::RParen) => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.next();
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
                self.error(Kind::MissingBrace, open);
                return Err(Stop);
            }
            if matches!(self.kw(), Some(Kw::StaticAssert | Kw::CppStaticAssert)) {
                self.static_assert()?;
                continue;
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
                    let what = "a function as a member".to_owned();
                    self.error(Kind::Unsupported { what }, span);
                    return Err(Stop);
                }
                let width = self.bit_width(name, ty, span)?;
                self.attributes();
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

    /// `: 3` behind a member's name.
    pub(crate) fn bit_width(&mut self, name: Option<Sym>, ty: Ty, span: Span) -> Parse<Option<u8>> {
        if !self.eat(Punct::Colon) {
            return Ok(None);
        }
        let width = self.constant_int()?;
        let max = self.types.size(ty).unwrap_or(0) * 8;
        if !self.types.is_integer(ty)
            || width < 0
            || width as u64 > max
            || width == 0 && name.is_some()
        {
            self.error(Kind::BadBitField, span);
            return Ok(None);
        }
        Ok(Some(width as u8))
    }

    pub(crate) fn check_member(
        &mut self,
        name: Option<Sym>,
        ty: Ty,
        span: Span,
        members: &[Member],
    ) -> Ty {
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

    /// enum-specifier: enum tag? { (name (= constant)? ,)* }?; C++ also `enum class`, whose names
    /// are its own, and `: type`.
    pub(super) fn enum_specifier(&mut self) -> Parse<Ty> {
        self.next();
        let scoped = self.cpp && (self.eat_kw(Kw::Class) || self.eat_kw(Kw::Struct));
        self.attributes();
        let name = self.peek();
        let tag = match (name.tok, self.kw_of(name)) {
            (Tok::Ident(sym), None) => {
                self.next();
                Some(sym)
            }
            _ => None,
        };
        let base = match self.cpp && self.eat(Punct::Colon) {
            true => Some(self.declaration_specifiers(false)?.0.unqual()),
            false => scoped.then_some(Ty::INT),
        };
        if self.cpp
            && !self.is(Punct::LBrace)
            && let Some(Entry::Typedef(ty)) = tag.and_then(|tag| self.lookup(tag))
        {
            return Ok(ty);
        }
        let tag = if self.cpp { tag.map(|tag| self.qualify(tag)) } else { tag };
        let known = tag.and_then(|tag| self.tags[tag.0 as usize].last()).map(|(_, ty)| *ty);
        if let (false, Some(ty)) = (self.is(Punct::LBrace), known) {
            return Ok(ty);
        }
        if !self.is(Punct::LBrace) && tag.is_none() {
            let (found, span) = (self.spelling(self.peek()), self.peek().span);
            self.error(Kind::ExpectedName { found }, span);
            return Err(Stop);
        }
        let ty = self.types.new_enum(tag);
        if let Some(tag) = tag {
            self.bind_tag(tag, ty);
            if self.cpp {
                self.bind(tag, Entry::Typedef(ty));
            }
        }
        if let TypeKind::Enum(index) = self.types.kind(ty) {
            let own = &mut self.types.enums[index as usize];
            (own.base, own.scoped) = (base.unwrap_or(own.base), scoped);
        }
        if !self.eat(Punct::LBrace) {
            return Ok(ty);
        }
        let constants = if scoped {
            self.push_scope();
            let constants = self.enumerators(Some(ty))?;
            self.pop_scope();
            constants
        } else {
            self.enumerators(self.cpp.then_some(ty))?
        };
        self.attributes();
        if let TypeKind::Enum(index) = self.types.kind(ty) {
            let base = base.unwrap_or_else(|| self.enum_base(&constants));
            let found = &mut self.types.enums[index as usize];
            found.constants = constants;
            found.base = base;
        }
        Ok(ty)
    }

    /// (name (= constant)? ,)* }; of type `int` where it fits, if the enumeration does not say.
    fn enumerators(&mut self, ty: Option<Ty>) -> Parse<Vec<(Sym, i64)>> {
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
            let sym = if self.cpp { self.qualify(sym) } else { sym };
            let own = match i32::try_from(value) {
                Ok(_) => Ty::INT,
                Err(_) if u32::try_from(value).is_ok() => Ty::UINT,
                Err(_) => self.types.ptrdiff_t(),
            };
            if self.lookup_here(sym).is_some() {
                let name = self.text(sym);
                self.error(Kind::Redefined { name }, token.span);
            }
            self.bind(sym, Entry::EnumConst(value, ty.unwrap_or(own)));
            constants.push((sym, value));
            value = value.wrapping_add(1);
            if !self.eat(Punct::Comma) {
                self.expect(Punct::RBrace)?;
                break;
            }
        }
        Ok(constants)
    }

    /// The type in which gcc keeps an enumeration.
    fn enum_base(&self, constants: &[(Sym, i64)]) -> Ty {
        let low = constants.iter().map(|(_, value)| *value).min().unwrap_or(0);
        let high = constants.iter().map(|(_, value)| *value).max().unwrap_or(0);
        match (low < 0, i32::try_from(low).is_ok()) {
            (true, true) if i32::try_from(high).is_ok() => Ty::INT,
            (true, _) => self.types.ptrdiff_t(),
            (false, _) if u32::try_from(high).is_ok() => Ty::UINT,
            (false, _) => self.types.size_t(),
        }
    }
}
