//! Initialisers (C11 §6.7.9): nested and flat braces, designators, strings.
//!
//! An initialiser is flattened to items: byte offset, type, value. What no item names is zero.

use crate::ast::*;
use crate::diag::Kind;
use crate::expr::Context;
use crate::lex::{Punct, Sym, Tok};
use crate::parse::{Parse, Parser, Stop};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Placed, Ty, UNKNOWN_LEN};

const ELEMENTS_MAX: u64 = 1 << 24;

impl Parser {
    /// The initialiser of a local, after `=`; the type may gain its length.
    pub(crate) fn local_initializer(&mut self, ty: Ty, span: Span) -> Parse<(Init, Ty)> {
        if self.cpp
            && !self.types.is_array(ty)
            && self.is(Punct::LParen)
            && self.tokens[self.at.saturating_sub(1)].tok != Tok::Punct(Punct::Assign)
        {
            self.next();
            let value = self.assignment()?;
            self.expect(Punct::RParen)?;
            let value = self.convert(value, ty, Context::Init);
            return Ok((Init::Expr(Box::new(value)), ty));
        }
        let aggregate = self.types.is_array(ty) || self.types.is_record(ty);
        if !aggregate {
            let braced = self.eat(Punct::LBrace);
            if braced && self.eat(Punct::RBrace) {
                let zero = self.int(0, Ty::INT, span);
                return Ok((Init::Expr(Box::new(self.cast(zero, ty))), ty));
            }
            let value = self.assignment()?;
            let value = self.convert(value, ty, Context::Init);
            if braced {
                self.eat(Punct::Comma);
                self.expect(Punct::RBrace)?;
            }
            return Ok((Init::Expr(Box::new(value)), ty));
        }
        if self.types.is_record(ty) && !self.is(Punct::LBrace) {
            let value = self.assignment()?;
            let value = self.convert(value, ty, Context::Init);
            return Ok((Init::Expr(Box::new(value)), ty));
        }
        let mut items = Vec::new();
        let ty = self.aggregate(ty, span, &mut items)?;
        Ok((Init::Items(items), ty))
    }

    /// A whole array or record from `{…}` or a string.
    pub(crate) fn aggregate(&mut self, ty: Ty, span: Span, items: &mut Vec<InitItem>) -> Parse<Ty> {
        if !self.is(Punct::LBrace) && !self.string_for(ty) {
            let found = self.spelling(self.peek());
            let at = self.peek().span;
            self.error(Kind::ExpectedInitializer { found }, at);
            return Err(Stop);
        }
        let len = self.initializer(ty, 0, items, span)?;
        if let TypeKind::Array(of, UNKNOWN_LEN) = self.types.kind(ty) {
            return Ok(self.types.array(of, len).with_const_if(ty.is_const()));
        }
        Ok(ty)
    }

    /// The initialiser of a global or static, after `=`; every value must be constant.
    pub(crate) fn global_initializer(&mut self, id: GlobalId) -> Parse<()> {
        let Global { ty, span, .. } = self.globals[id as usize].clone();
        let (init, ty) = self.local_initializer(ty, span)?;
        self.globals[id as usize].ty = ty;
        let items = match init {
            Init::Expr(value) => vec![InitItem { offset: 0, ty, bits: None, value: *value }],
            Init::Items(items) => items,
        };
        let mut constants = Vec::with_capacity(items.len());
        let mut items = std::collections::VecDeque::from(items);
        while let Some(InitItem { offset, ty, bits, value }) = items.pop_front() {
            // GNU: a compound literal stands for its own initialiser.
            if let ExprKind::Compound(_, init) = &value.kind {
                let inner = match init {
                    Init::Expr(value) => {
                        vec![InitItem { offset: 0, ty, bits, value: (**value).clone() }]
                    }
                    Init::Items(inner) => inner.clone(),
                };
                for item in inner.into_iter().rev() {
                    items.push_front(InitItem { offset: offset + item.offset, ..item });
                }
                continue;
            }
            if let ExprKind::Global(literal) = value.kind
                && self.types.is_record(ty)
                && self.interner.get(self.globals[literal as usize].name) == "(compound literal)"
            {
                let inner = self.globals[literal as usize].init.clone().unwrap_or_default();
                let moved = inner.into_iter();
                constants
                    .extend(moved.map(|item| ConstItem { offset: offset + item.offset, ..item }));
                continue;
            }
            // A static initialised by a constant compound literal or another string.
            let constant = match &value.kind {
                ExprKind::Str(id) => Some(Const::Str(*id, 0)),
                ExprKind::Error => continue,
                _ => self.const_eval(&value),
            };
            match constant {
                Some(value) => constants.push(ConstItem { offset, ty, bits, value }),
                None if value.ty == Ty::ERROR => {}
                None => self.error(Kind::NotConstant, value.span),
            }
        }
        if let (true, true, [ConstItem { value: Const::Int(value), .. }]) =
            (self.cpp, ty.is_const() && self.types.is_integer(ty), constants.as_slice())
        {
            self.const_globals.insert(id, *value);
        }
        self.globals[id as usize].init = Some(constants);
        Ok(())
    }

    pub(crate) fn anonymous_global(&mut self, name: Sym, ty: Ty, span: Span) -> GlobalId {
        self.globals.push(Global {
            name,
            ty,
            span,
            is_static: true,
            external: false,
            init: None,
            used: Some(span),
            within: None,
            thread_local: false,
        });
        self.globals.len() as GlobalId - 1
    }

    /// Whether a string literal comes that initialises a character array as a whole.
    fn string_for(&self, ty: Ty) -> bool {
        let TypeKind::Array(of, _) = self.types.kind(ty) else { return false };
        let Tok::Str(sym) = self.peek().tok else { return false };
        let (encoding, _) = crate::literal::parts(self.interner.get(sym));
        let unit = crate::literal::unit_size(encoding, self.target) as u64;
        let ends = matches!(
            self.peek_past_strings(),
            Tok::Punct(Punct::Comma | Punct::RBrace | Punct::Semi)
        );
        self.types.is_integer(of) && self.types.size(of) == Some(unit) && ends
    }

    fn peek_past_strings(&self) -> Tok {
        let mut ahead = 0;
        while matches!(self.peek_at(ahead).tok, Tok::Str(_)) && self.at + ahead < self.tokens.len()
        {
            ahead += 1;
        }
        self.peek_at(ahead).tok
    }

    /// initializer: string | { list } | expression. For an array of unknown length, its length.
    fn initializer(
        &mut self,
        ty: Ty,
        offset: u64,
        items: &mut Vec<InitItem>,
        span: Span,
    ) -> Parse<u64> {
        self.enter()?;
        let result = self.initializer_inner(ty, offset, items, span);
        self.leave();
        result
    }

    fn initializer_inner(
        &mut self,
        ty: Ty,
        offset: u64,
        items: &mut Vec<InitItem>,
        span: Span,
    ) -> Parse<u64> {
        if self.string_for(ty) {
            return self.string_initializer(ty, offset, items);
        }
        match self.types.kind(ty) {
            TypeKind::Array(of, len) => {
                if self.is(Punct::LBrace) {
                    if matches!(self.peek_at(1).tok, Tok::Str(_)) {
                        // `char s[] = {"text"}`
                        self.next();
                        if self.string_for(ty) {
                            let len = self.string_initializer(ty, offset, items)?;
                            self.eat(Punct::Comma);
                            self.expect(Punct::RBrace)?;
                            return Ok(len);
                        }
                        self.at -= 1;
                    }
                    self.next();
                    return self.array_list(of, len, offset, items, true, span);
                }
                self.array_list(of, len, offset, items, false, span)
            }
            TypeKind::Record(_) => {
                if self.cpp && self.is(Punct::LBrace) && !self.is_aggregate(ty) {
                    let at = self.at;
                    self.braces_passed()?;
                    let value = self.braced_value(at, ty, span);
                    items.push(InitItem { offset, ty, bits: None, value });
                    return Ok(0);
                }
                if self.eat(Punct::LBrace) {
                    self.record_list(ty, offset, items, true)?;
                    return Ok(0);
                }
                let at = self.at;
                let errors = self.diagnostics.len();
                let value = self.assignment()?;
                // C++: a class may be made of it; only an aggregate's braces can be left out.
                let made = self.cpp && (self.is_class(value.ty) || !self.is_aggregate(ty));
                if self.same_type(value.ty, ty) || value.ty == Ty::ERROR || made {
                    let value = self.convert(value, ty, Context::Init);
                    items.push(InitItem { offset, ty, bits: None, value });
                    return Ok(0);
                }
                // A scalar: it begins the members of a record whose braces are left out.
                self.at = at;
                self.diagnostics.truncate(errors);
                self.record_list(ty, offset, items, false)?;
                Ok(0)
            }
            _ => {
                let braced = self.eat(Punct::LBrace);
                if braced && self.eat(Punct::RBrace) {
                    return Ok(0);
                }
                let value = self.assignment()?;
                let value = self.convert(value, ty, Context::Init);
                items.push(InitItem { offset, ty: ty.unqual(), bits: None, value });
                if braced {
                    self.eat(Punct::Comma);
                    self.expect(Punct::RBrace)?;
                }
                Ok(0)
            }
        }
    }

    fn string_initializer(&mut self, ty: Ty, offset: u64, items: &mut Vec<InitItem>) -> Parse<u64> {
        let value = self.assignment()?;
        let (TypeKind::Array(of, len), Some(given)) =
            (self.types.kind(ty), self.known_len(value.ty))
        else {
            return Err(Stop);
        };
        let unit = self.types.size(of).unwrap_or(1);
        // The terminating NUL may be the one that does not fit.
        if len != UNKNOWN_LEN && given > len + 1 {
            self.warning(Kind::StringTooLong { given: given - 1, len }, value.span);
        }
        let kept = given.min(len);
        let ty = self.types.array(of.unqual(), kept);
        items.push(InitItem { offset, ty, bits: None, value });
        let _ = unit;
        Ok(given)
    }

    /// Elements up to `}`, or as many as the array has.
    fn array_list(
        &mut self,
        of: Ty,
        len: u64,
        offset: u64,
        items: &mut Vec<InitItem>,
        braced: bool,
        span: Span,
    ) -> Parse<u64> {
        let size = self.types.size(of).unwrap_or(0);
        let mut index = 0u64;
        let mut count = 0u64;
        let mut excess = false;
        let mut first = true;
        loop {
            if braced && self.eat(Punct::RBrace) {
                break;
            }
            if !first {
                if !braced && (index >= len || !self.is(Punct::Comma)) {
                    break;
                }
                self.expect(Punct::Comma)?;
                if braced && self.eat(Punct::RBrace) {
                    break;
                }
                if !braced && self.is(Punct::RBrace) {
                    // The comma was the list's last; the outer list sees it again.
                    self.at -= 1;
                    break;
                }
            }
            first = false;
            let mut last = index;
            if braced && self.is(Punct::LBracket) {
                self.next();
                let at = self.peek().span;
                let value = self.constant_int()?;
                last = value.max(0) as u64;
                index = last;
                if self.eat(Punct::Ellipsis) {
                    last = self.constant_int()?.max(0) as u64;
                }
                self.expect(Punct::RBracket)?;
                if value < 0 || last >= len.min(ELEMENTS_MAX) || last < index {
                    self.error(Kind::BadDesignator, at);
                    return Err(Stop);
                }
                let before = items.len();
                self.designated(of, offset + index * size, items, span)?;
                // `[0 ... 9] = x`: the same items again for each element.
                let added: Vec<InitItem> = items[before..].to_vec();
                for step in 1..=(last - index) {
                    items.extend(
                        added
                            .iter()
                            .cloned()
                            .map(|item| InitItem { offset: item.offset + step * size, ..item }),
                    );
                }
            } else if index >= len.min(ELEMENTS_MAX) {
                if !excess {
                    let at = self.peek().span;
                    self.warning(Kind::TooManyInitializers, at);
                }
                excess = true;
                let mut ignored = Vec::new();
                self.initializer(of, 0, &mut ignored, span)?;
            } else if !braced && (self.is(Punct::LBracket) || self.is(Punct::Dot)) {
                self.at -= 1; // a designator belongs to an outer brace
                break;
            } else {
                self.initializer(of, offset + index * size, items, span)?;
            }
            index = last + 1;
            count = count.max(index);
        }
        if self.cpp && len != UNKNOWN_LEN && self.is_constructed(of) {
            for index in count..len.min(4096) {
                if let Some(value) = self.default_value(Ty::VOID, None, of, span)? {
                    let offset = offset + index * size;
                    items.push(InitItem { offset, ty: of.unqual(), bits: None, value });
                }
            }
        }
        Ok(count)
    }

    /// After a designator: more of it, then `=` and the value.
    fn designated(
        &mut self,
        ty: Ty,
        offset: u64,
        items: &mut Vec<InitItem>,
        span: Span,
    ) -> Parse<()> {
        if self.eat(Punct::LBracket) {
            let index = self.constant_int()?;
            self.expect(Punct::RBracket)?;
            let Some(of) = self.types.element(ty) else { return Err(Stop) };
            let size = self.types.size(of).unwrap_or(0);
            return self.designated(of, offset + index.max(0) as u64 * size, items, span);
        }
        if self.eat(Punct::Dot) {
            let (at, member, bits) = self.designated_member(ty)?;
            if bits.is_some() {
                self.eat(Punct::Assign);
                return self.bit_field(member, offset + at, bits, items);
            }
            return self.designated(member, offset + at, items, span);
        }
        self.eat(Punct::Assign);
        self.override_items(offset, self.types.size(ty).unwrap_or(0), items);
        self.initializer(ty, offset, items, span)?;
        Ok(())
    }

    /// A later initialiser replaces an earlier one of the same place.
    fn override_items(&self, offset: u64, size: u64, items: &mut Vec<InitItem>) {
        items.retain(|item| {
            let inside = item.offset >= offset
                && item.offset + self.types.size(item.ty).unwrap_or(0) <= offset + size;
            !inside || item.bits.is_some()
        });
    }

    fn designated_member(&mut self, ty: Ty) -> Parse<Placed> {
        let token = self.next();
        let Tok::Ident(name) = token.tok else {
            let found = self.spelling(token);
            self.error(Kind::ExpectedName { found }, token.span);
            return Err(Stop);
        };
        match self.types.member(ty, name) {
            Some(found) => Ok(found),
            None => {
                let (name, ty) = (self.text(name), self.type_name(ty));
                self.error(Kind::NoSuchMember { name, ty, suggestion: None }, token.span);
                Err(Stop)
            }
        }
    }

    fn bit_field(
        &mut self,
        ty: Ty,
        offset: u64,
        bits: Option<(u8, u8)>,
        items: &mut Vec<InitItem>,
    ) -> Parse<()> {
        let value = self.assignment()?;
        let value = self.convert(value, ty, Context::Init);
        items.push(InitItem { offset, ty: ty.unqual(), bits, value });
        Ok(())
    }

    /// Members up to `}`, or as many as the record has.
    fn record_list(
        &mut self,
        ty: Ty,
        offset: u64,
        items: &mut Vec<InitItem>,
        braced: bool,
    ) -> Parse<()> {
        let Some(record) = self.types.record_of(ty).cloned() else { return Err(Stop) };
        if !record.complete {
            let ty = self.type_name(ty);
            let span = self.peek().span;
            self.error(Kind::IncompleteType { ty }, span);
            return Err(Stop);
        }
        let mut index = 0;
        let mut first = true;
        let mut excess = false;
        let listed = items.len();
        loop {
            if braced && self.eat(Punct::RBrace) {
                break;
            }
            if !first {
                let full = index >= record.fields.len() || record.union && index > 0;
                if !braced && (full || !self.is(Punct::Comma)) {
                    break;
                }
                self.expect(Punct::Comma)?;
                if braced && self.eat(Punct::RBrace) {
                    break;
                }
                if !braced && (self.is(Punct::RBrace) || self.is(Punct::Dot)) {
                    self.at -= 1;
                    break;
                }
            }
            first = false;
            let at = self.peek().span;
            // `x: 1` is what `.x = 1` was before C99.
            let old = !self.cpp
                && matches!(self.peek().tok, Tok::Ident(_))
                && self.peek_at(1).tok == Tok::Punct(Punct::Colon);
            if braced && (old || self.eat(Punct::Dot)) {
                let (Tok::Ident(name), name_at) = (self.peek().tok, self.at) else {
                    let found = self.spelling(self.peek());
                    self.error(Kind::ExpectedName { found }, at);
                    return Err(Stop);
                };
                let _ = name_at;
                let (member_at, member, bits) = self.designated_member(ty)?;
                if old {
                    self.expect(Punct::Colon)?;
                }
                if bits.is_some() {
                    self.eat(Punct::Assign);
                    self.bit_field(member, offset + member_at, bits, items)?;
                } else {
                    self.designated(member, offset + member_at, items, at)?;
                }
                let position = record.fields.iter().position(|field| {
                    field.name == Some(name)
                        || field.name.is_none() && self.types.member(field.ty, name).is_some()
                });
                index = position.map_or(record.fields.len(), |position| position + 1);
                continue;
            }
            let Some(field) = record.fields.get(index).filter(|_| !(record.union && index > 0))
            else {
                if !excess {
                    self.warning(Kind::TooManyInitializers, at);
                }
                excess = true;
                self.assignment()?;
                continue;
            };
            if field.bits.is_some() {
                self.bit_field(field.ty, offset + field.offset, field.bits, items)?;
            } else {
                self.initializer(field.ty, offset + field.offset, items, at)?;
            }
            index += 1;
        }
        if self.cpp && !record.union {
            self.unlisted_members(ty, &record, offset, listed, items)?;
        }
        Ok(())
    }

    /// C++: members that the list does not name begin as their class says.
    fn unlisted_members(
        &mut self,
        ty: Ty,
        record: &crate::types::Record,
        offset: u64,
        listed: usize,
        items: &mut Vec<InitItem>,
    ) -> Parse<()> {
        for field in &record.fields {
            let (start, end) = (
                offset + field.offset,
                offset + field.offset + self.types.size(field.ty).unwrap_or(0),
            );
            let named = items[listed.min(items.len())..]
                .iter()
                .any(|item| item.offset >= start && item.offset < end);
            if named || field.bits.is_some() {
                continue;
            }
            if let Some(value) = self.default_value(ty, field.name, field.ty, field.span)? {
                items.push(InitItem { offset: start, ty: field.ty.unqual(), bits: None, value });
            }
        }
        Ok(())
    }

    /// Goes behind the `{…}` that comes.
    fn braces_passed(&mut self) -> Parse<()> {
        let mut depth = 0u32;
        loop {
            match self.next().tok {
                Tok::Eof => return Err(Stop),
                Tok::Punct(Punct::LBrace) => depth += 1,
                Tok::Punct(Punct::RBrace) if depth == 1 => return Ok(()),
                Tok::Punct(Punct::RBrace) => depth -= 1,
                _ => {}
            }
        }
    }
}
