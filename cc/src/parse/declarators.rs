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
    Movable,
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
                Layer::Movable => self.types.rvalue_reference(ty),
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
        let mut declarator = Declarator { name, span, ty, params, knr, sized_at, class };
        if self.cpp && self.is(Punct::Arrow) && self.types.is_func(declarator.ty) {
            self.method_qualifiers(&mut declarator)?;
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
            } else if self.cpp && self.eat(Punct::AndAnd) {
                pointers.push(Layer::Movable);
            } else {
                break;
            }
        }
        self.attributes();
        let class = if self.cpp { self.defined_class()? } else { None };
        let (outer, outer_scope) = (self.cxx.class, self.scope);
        if let Some(class) = class {
            self.enter_class(class);
        }
        let token = self.peek();
        let mut name = None;
        match token.tok {
            Tok::Ident(sym) if self.kw_of(token).is_none() => {
                self.next();
                let own = class.and_then(|class| self.class_of(class)).and_then(|class| class.name);
                let is_constructor = own == Some(sym);
                name = Some((if is_constructor { self.cxx.ctor } else { sym }, token.span));
            }
            Tok::Punct(Punct::Tilde) if class.is_some() => {
                self.next();
                let span = self.next().span;
                name = Some((self.cxx.dtor, span));
            }
            Tok::Ident(_) if self.kw_of(token) == Some(Kw::Operator) => {
                self.next();
                let converts = self.starts_type(self.peek());
                let operator = match converts {
                    true => {
                        self.declaration_specifiers(false)?;
                        self.eat(Punct::Star);
                        self.intern("operator")
                    }
                    false => self.operator_name()?,
                };
                name = Some((operator, token.span.to(self.previous())));
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
        let suffixes = self.declarator_suffixes(layers, name.is_some());
        if class.is_some() {
            while self.scope > outer_scope {
                self.pop_scope();
            }
            self.cxx.class = outer;
        }
        suffixes?;
        self.qualified = class.or(self.qualified.take());
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
            Tok::Punct(
                Punct::Star | Punct::LParen | Punct::LBracket | Punct::And | Punct::AndAnd,
            ) => true,
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
            if self.cpp && self.is(Punct::Ellipsis) {
                let span = self.peek().span;
                return Err(self.refuse("a pack of parameters".to_owned(), span));
            }
            let outer = self.qualified.take();
            let declarator = self.declarator(base, true)?;
            self.qualified = outer;
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
            if self.cpp && self.eat(Punct::Assign) {
                self.last_defaults.push(self.at);
                self.skip_default();
            }
            params.push((declarator.name, ty, declarator.span));
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.expect(Punct::RParen)?;
        Ok(Layer::Function { params, variadic, prototype: true, knr: Vec::new(), sized_at: None })
    }

    /// C++: goes behind a default argument.
    fn skip_default(&mut self) {
        let mut depth = 0u32;
        loop {
            match self.peek().tok {
                Tok::Eof | Tok::Punct(Punct::Semi) => return,
                Tok::Punct(Punct::Comma | Punct::RParen) if depth == 0 => return,
                Tok::Punct(Punct::LParen | Punct::LBrace | Punct::LBracket) => depth += 1,
                Tok::Punct(Punct::RParen | Punct::RBrace | Punct::RBracket) => {
                    depth = depth.saturating_sub(1);
                }
                Tok::Ident(_) if self.type_ahead(self.at).is_some_and(|end| end > self.at + 1) => {
                    self.at = self.type_ahead(self.at).unwrap_or(self.at + 1);
                    continue;
                }
                _ => {}
            }
            self.next();
        }
    }

    /// C++: a lambda's parameters, behind their `(`.
    #[allow(clippy::type_complexity)] // as a declarator has them
    pub(crate) fn lambda_parameters(&mut self) -> Parse<Vec<(Option<Sym>, Ty, Span)>> {
        match self.parameters()? {
            Layer::Function { params, .. } => Ok(params),
            _ => Err(Stop),
        }
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

    /// C++: whether the `(` after a declared name opens parameters rather than an initialiser.
    fn cpp_parens_are_params(&self) -> bool {
        let next = self.peek_at(1);
        if matches!(next.tok, Tok::Punct(Punct::RParen | Punct::Ellipsis)) {
            return true;
        }
        // A type and then `(`, `{` or `::` is the beginning of an object.
        let behind = match self.kw_of(next) {
            None | Some(Kw::Typename) => match self.type_ahead(self.at + 1) {
                Some(behind) => behind,
                None => return false,
            },
            Some(Kw::Decltype) => return true,
            Some(_) if self.starts_type(next) => self.at + 2,
            Some(_) => return false,
        };
        let token = |at: usize| self.tokens.get(at).map(|token| token.tok);
        match token(behind) {
            Some(Tok::Punct(Punct::LParen)) => {
                matches!(token(behind + 1), Some(Tok::Punct(Punct::Star | Punct::And)))
            }
            Some(Tok::Punct(Punct::LBrace | Punct::ColonColon)) => false,
            _ => true,
        }
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
        let outer = self.qualified.take();
        let declarator = self.declarator(base, true)?;
        self.qualified = outer;
        Ok(declarator.ty)
    }
}
