//! Declarators and type names (C11 §6.7.6, §6.7.7): pointers, arrays, parameters, in the order of C's
//! inside-out grammar.

use super::keywords::Kw;
use super::{Declarator, Entry, Parse, Parser, Stop};
use crate::ast::*;
use crate::diag::Kind;
use crate::lex::{Punct, Sym, Tok};
use crate::source::Span;
use crate::types::{Func, Kind as TypeKind, Ty, UNKNOWN_LEN};

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

impl Parser {
    /// declarator: pointer? direct-declarator; abstract ones too if `abstract_ok`.
    pub(crate) fn declarator(&mut self, base: Ty, abstract_ok: bool) -> Parse<Declarator> {
        let mut layers = Vec::new();
        let name = self.declarator_layers(&mut layers, abstract_ok)?;
        let class = self.qualified.take();
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
        let name = name.map(|(sym, _)| sym);
        let mut declarator = Declarator { name, span, ty, params, knr, sized_at };
        if let Some(class) = class {
            declarator = self.with_this(declarator, class);
            self.function_qualifiers();
        }
        Ok(declarator)
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
                if self.cpp && self.is(Punct::ColonColon) {
                    name = Some(self.qualified_name(sym, token.span)?);
                }
            }
            Tok::Ident(_) if self.kw_of(token) == Some(Kw::Operator) => {
                return Err(self.refuse("operator".to_owned(), token.span));
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
        // Parameters are declarators too.
        let class = self.qualified.take();
        self.declarator_suffixes(layers, name.is_some())?;
        self.qualified = class;
        layers.extend(pointers.into_iter().rev());
        self.leave();
        Ok(name)
    }

    /// C++: `Class::name`, from the `::`.
    fn qualified_name(&mut self, class: Sym, start: Span) -> Parse<(Sym, Span)> {
        let Some(Entry::Typedef(ty)) = self.lookup(class) else { return Err(Stop) };
        self.next();
        let tilde = if self.eat(Punct::Tilde) { "~" } else { "" };
        let token = self.next();
        let text = format!("{}::{tilde}{}", self.text(class), self.spelling(token));
        self.qualified = Some(ty);
        Ok((self.intern(&text), start.to(token.span)))
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
    pub(super) fn adjust_param(&mut self, ty: Ty) -> Ty {
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
}
