//! Templates: a place in the text that is read again for each set of arguments.
//!
//! A template's declaration is read once with its parameters standing for themselves, which gives
//! the pattern that arguments are matched against; bodies are read when they are called. Missing,
//! and refused by name: specialisations, packs of parameters, templates as arguments.

use super::state::Where;
use crate::ast::*;
use crate::lex::{Punct, Sym, Tok};
use crate::parse::{Declarator, Entry, Kw, Parse, Parser, Stop};
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};
use std::collections::BTreeMap;

/// A template's argument.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Arg {
    Type(Ty),
    Value(i64),
}

#[derive(Clone, Copy)]
struct Param {
    name: Option<Sym>,
    is_type: bool,
    default: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Class,
    Function,
    Alias,
}

/// A template: where it is, and what was made of it.
pub(crate) struct Template {
    pub(crate) name: Sym,
    params: Vec<Param>,
    /// Behind `template <…>`.
    at: usize,
    what: What,
    context: Where,
    /// A function's parameters, with the template's standing for themselves.
    pattern: Vec<Ty>,
    needed: usize,
    types: BTreeMap<Vec<Arg>, Ty>,
    functions: BTreeMap<Vec<Arg>, Option<FuncId>>,
    /// Members defined outside: name, parameters' names, place of the declaration.
    outside: Vec<(Sym, Vec<Option<Sym>>, usize)>,
}

impl Template {
    pub(crate) fn is_function(&self) -> bool {
        self.what == What::Function
    }
}

impl Parser {
    /// `template <…> …`, at file scope or in a class.
    pub(crate) fn template_declaration(&mut self, class: Option<Ty>) -> Parse<()> {
        let start = self.next().span;
        if self.function.is_some() && class.is_none() {
            return Err(self.refuse("template".to_owned(), start));
        }
        if !self.is(Punct::Lt) {
            return Err(self.refuse("an instantiation of a template".to_owned(), start));
        }
        let params = self.template_parameters(start)?;
        self.attributes();
        let at = self.at;
        let context = Where { class, namespace: self.cxx.namespace, ..Where::default() };
        let mut template = Template {
            name: self.cxx.ctor,
            params,
            at,
            what: What::Function,
            context,
            pattern: Vec::new(),
            needed: 0,
            types: BTreeMap::new(),
            functions: BTreeMap::new(),
            outside: Vec::new(),
        };
        match self.kw() {
            Some(Kw::Class | Kw::Struct | Kw::Union)
                if matches!(self.peek_at(1).tok, Tok::Ident(_))
                    && matches!(
                        self.peek_at(2).tok,
                        Tok::Punct(Punct::LBrace | Punct::Colon | Punct::Semi)
                    ) =>
            {
                self.next();
                let Tok::Ident(name) = self.next().tok else { return Err(Stop) };
                template.what = What::Class;
                self.class_template_of(name, template, class)
            }
            Some(Kw::Using) => {
                self.next();
                let Tok::Ident(name) = self.next().tok else { return Err(Stop) };
                self.expect(Punct::Assign)?;
                template.at = self.at;
                template.what = What::Alias;
                self.skip_to_semicolon();
                self.expect(Punct::Semi)?;
                self.keep_template(name, template, class);
                Ok(())
            }
            Some(Kw::Template) => {
                Err(self.refuse("a template within a template".to_owned(), start))
            }
            _ if self.spelling(self.peek()) == "friend" => {
                Err(self.refuse("a friend template".to_owned(), start))
            }
            _ => self.function_template(template, class, start),
        }
    }

    fn skip_to_semicolon(&mut self) {
        let mut depth = 0u32;
        loop {
            match self.peek().tok {
                Tok::Eof => return,
                Tok::Punct(Punct::Semi) if depth == 0 => return,
                Tok::Punct(Punct::LBrace) => depth += 1,
                Tok::Punct(Punct::RBrace) => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.next();
        }
    }

    /// `<class T, int N = 3>`
    fn template_parameters(&mut self, start: Span) -> Parse<Vec<Param>> {
        self.expect(Punct::Lt)?;
        let mut params = Vec::new();
        if self.is(Punct::Gt) {
            return Err(self.refuse("a specialisation of a template".to_owned(), start));
        }
        loop {
            let is_type = matches!(self.kw(), Some(Kw::Class | Kw::Typename));
            if is_type {
                self.next();
            } else {
                if self.kw() == Some(Kw::Template) {
                    return Err(
                        self.refuse("a template as a template's argument".to_owned(), start)
                    );
                }
                self.declaration_specifiers(false)?;
            }
            if self.is(Punct::Ellipsis) {
                return Err(self.refuse("a pack of template parameters".to_owned(), start));
            }
            let name = match self.peek().tok {
                Tok::Ident(name) => {
                    self.next();
                    Some(name)
                }
                _ => None,
            };
            let default = self.eat(Punct::Assign).then_some(self.at);
            if default.is_some() {
                self.skip_template_default();
            }
            params.push(Param { name, is_type, default });
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.expect(Punct::Gt)?;
        Ok(params)
    }

    fn skip_template_default(&mut self) {
        let mut depth = 0u32;
        loop {
            match self.peek().tok {
                Tok::Eof | Tok::Punct(Punct::Semi) => return,
                Tok::Punct(Punct::Comma | Punct::Gt) if depth == 0 => return,
                Tok::Punct(Punct::Lt | Punct::LParen) => depth += 1,
                Tok::Punct(Punct::Gt | Punct::RParen) => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.next();
        }
    }

    fn keep_template(&mut self, name: Sym, mut template: Template, class: Option<Ty>) -> usize {
        let index = self.cxx.templates.len();
        let full = match class {
            Some(_) => name,
            None => self.qualify(name),
        };
        template.name = full;
        let is_function = template.is_function();
        self.cxx.templates.push(template);
        match class {
            Some(class) if is_function => {
                if let Some(class) = self.class_mut(class) {
                    class.templates.push((name, index));
                }
            }
            _ if is_function => {
                self.cxx.templates_of.entry(full).or_default().push(index);
                self.note_operator(full, super::overload::Candidate::Template(index));
                if !matches!(self.lookup_global(full), Some(Entry::Func(_))) {
                    self.bind(full, Entry::Template(index as u32));
                }
            }
            _ => self.bind(full, Entry::Template(index as u32)),
        }
        index
    }

    /// `class Name …`, behind its name: where it is and what it is called.
    fn class_template_of(&mut self, name: Sym, template: Template, class: Option<Ty>) -> Parse<()> {
        let declared = self.is(Punct::Semi);
        self.skip_to_semicolon();
        self.expect(Punct::Semi)?;
        let full = self.qualify(name);
        let known = match self.lookup_here(full) {
            Some(Entry::Template(index)) => Some(index as usize),
            _ => None,
        };
        match known {
            Some(_) if declared => {}
            Some(index) => {
                // Declared before: default arguments may stand there.
                let before = &self.cxx.templates[index];
                let defaults: Vec<Option<usize>> =
                    before.params.iter().map(|param| param.default).collect();
                let mut params = template.params;
                for (param, default) in params.iter_mut().zip(defaults) {
                    param.default = param.default.or(default);
                }
                let known = &mut self.cxx.templates[index];
                (known.params, known.at) = (params, template.at);
            }
            None => {
                self.keep_template(name, template, class);
            }
        }
        Ok(())
    }

    fn bind_params(&mut self, params: &[Param], args: &[Arg]) -> Vec<(Sym, Entry)> {
        let entry = |arg: &Arg| match arg {
            Arg::Type(ty) => Entry::Typedef(*ty),
            Arg::Value(value) => Entry::EnumConst(
                *value,
                if i32::try_from(*value).is_ok() { Ty::INT } else { Ty::LONG },
            ),
        };
        params.iter().zip(args).filter_map(|(param, arg)| Some((param.name?, entry(arg)))).collect()
    }

    /// A function template: its declaration is read as a pattern.
    fn function_template(
        &mut self,
        mut template: Template,
        class: Option<Ty>,
        start: Span,
    ) -> Parse<()> {
        let own: Vec<Arg> = (0..template.params.len())
            .map(|index| Arg::Type(self.types.param(index as u32)))
            .collect();
        let bindings = self.bind_params(&template.params, &own);
        if let Some((owner, name)) = self.outside_member() {
            let names = template.params.iter().map(|param| param.name).collect();
            self.cxx.templates[owner].outside.push((name, names, template.at));
            self.skip_declaration();
            return Ok(());
        }
        self.push_scope();
        for (name, entry) in bindings {
            self.bind(name, entry);
        }
        let pattern = std::mem::replace(&mut self.cxx.pattern, true);
        let outer = std::mem::take(&mut self.last_defaults);
        let read = self.template_head(class);
        let defaults = std::mem::replace(&mut self.last_defaults, outer);
        self.cxx.pattern = pattern;
        self.pop_scope();
        let (name, declarator) = read?;
        let func = self.types.func_of(declarator.ty).cloned();
        let Some(func) = func else {
            return Err(self.refuse("a template of a variable".to_owned(), start));
        };
        template.needed = func.params.len() - defaults.len().min(func.params.len());
        template.pattern = func.params;
        self.skip_declaration();
        self.keep_template(name, template, class);
        Ok(())
    }

    /// From specifiers to parameters: the name and what it is declared as.
    fn template_head(&mut self, class: Option<Ty>) -> Parse<(Sym, Declarator)> {
        let mut special = false;
        while matches!(self.spelling(self.peek()).as_str(), "explicit" | "virtual") {
            self.next();
        }
        if let (Some(class), Tok::Ident(name)) = (class, self.peek().tok)
            && self.class_of(class).and_then(|class| class.name) == Some(name)
            && self.peek_at(1).tok == Tok::Punct(Punct::LParen)
        {
            special = true;
        }
        let (base, storage) = match special {
            true => (Ty::VOID, Default::default()),
            false => self.declaration_specifiers(false)?,
        };
        self.cxx.is_static = storage.is_static;
        let declarator = self.declarator(base, false)?;
        let name = if special { Some(self.cxx.ctor) } else { declarator.name };
        Ok((name.ok_or(Stop)?, declarator))
    }

    /// Goes behind a function's body or a declaration's `;`.
    fn skip_declaration(&mut self) {
        while !matches!(
            self.peek().tok,
            Tok::Punct(Punct::LBrace | Punct::Semi | Punct::Colon) | Tok::Eof
        ) {
            if self.is(Punct::ColonColon) {
                self.next();
            }
            self.next();
        }
        if !self.eat(Punct::Semi) && self.skip_member_body().is_err() {
            self.at = self.tokens.len() - 1;
        }
    }

    /// `… Class<T>::name(`: the class's template, and the member's name.
    fn outside_member(&self) -> Option<(usize, Sym)> {
        let mut at = self.at;
        while let Some(token) = self.tokens.get(at) {
            match token.tok {
                Tok::Punct(Punct::LParen | Punct::LBrace | Punct::Semi) | Tok::Eof => return None,
                Tok::Ident(sym) => {
                    let template = match self.lookup(sym) {
                        Some(Entry::Template(index)) => Some(index as usize),
                        _ => None,
                    };
                    let angled =
                        self.tokens.get(at + 1).map(|it| it.tok) == Some(Tok::Punct(Punct::Lt));
                    if let (Some(template), true) = (template, angled)
                        && let Some(behind) = self.behind_angles(at + 1)
                    {
                        let is_member = self.tokens.get(behind).map(|it| it.tok)
                            == Some(Tok::Punct(Punct::ColonColon));
                        let name = self.tokens.get(behind + 1).map(|it| it.tok);
                        let opens = self.tokens.get(behind + 2).map(|it| it.tok);
                        match name {
                            Some(Tok::Ident(member))
                                if is_member && self.interner.get(member) == "operator" =>
                            {
                                let operator =
                                    self.tokens.get(behind + 2).map(|it| self.spelling(*it))?;
                                let close = match operator.as_str() {
                                    "(" => ")",
                                    "[" => "]",
                                    _ => "",
                                };
                                let text = format!("operator{operator}{close}");
                                return Some((template, self.interner.find(&text)?));
                            }
                            Some(Tok::Ident(member))
                                if is_member && opens == Some(Tok::Punct(Punct::LParen)) =>
                            {
                                let own = self.tokens[at].tok == Tok::Ident(member);
                                return Some((template, if own { self.cxx.ctor } else { member }));
                            }
                            Some(Tok::Punct(Punct::Tilde)) if is_member => {
                                return Some((template, self.cxx.dtor));
                            }
                            _ => {}
                        }
                        at = behind;
                        continue;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// A member of a class made of a template whose body stands outside.
    pub(crate) fn outside_body(&mut self, id: FuncId) {
        if self.funcs[id as usize].body.is_some() || self.cxx.bodies.contains_key(&id) {
            return;
        }
        let owner = self.cxx.classes.iter().find_map(|(index, class)| {
            let (template, args) = class.template.as_ref()?;
            let method = class.methods.iter().find(|method| method.id == id)?;
            Some((*index, *template, args.clone(), method.name, method.is_static))
        });
        let Some((record, template, args, name, is_static)) = owner else { return };
        let class = self.types.record_ty(record);
        let places: Vec<(Vec<Option<Sym>>, usize)> = self.cxx.templates[template]
            .outside
            .iter()
            .filter(|(other, ..)| *other == name)
            .map(|(_, names, at)| (names.clone(), *at))
            .collect();
        for (names, at) in places {
            let params: Vec<Param> = names
                .iter()
                .map(|name| Param { name: *name, is_type: true, default: None })
                .collect();
            let bindings = self.bind_params(&params, &args);
            let namespace = self.cxx.templates[template].context.namespace;
            let context = Where { class: Some(class), namespace, bindings, in_block: false };
            let saved = self.go_to(at, &context);
            let found = self.outside_head(class, name, is_static);
            let declared = self.funcs[id as usize].ty;
            if let Ok(declarator) = found
                && declarator.ty == declared
            {
                let full = self.funcs[id as usize].name;
                let declarator = Declarator { name: Some(full), ..declarator };
                let _ = self.body_later(id, declarator, context);
                self.go_back(saved);
                return;
            }
            self.go_back(saved);
        }
    }

    fn outside_head(&mut self, class: Ty, name: Sym, is_static: bool) -> Parse<Declarator> {
        let special = name == self.cxx.ctor || name == self.cxx.dtor;
        let base = if special { Ty::VOID } else { self.declaration_specifiers(false)?.0 };
        let mut declarator = self.declarator(base, false)?;
        let is_const = self.method_qualifiers(&mut declarator)?;
        if is_static {
            return Ok(declarator);
        }
        Ok(self.with_this(declarator, class.with_const_if(is_const)))
    }

    /// `<int, 3>`, which comes.
    pub(crate) fn template_arguments(&mut self) -> Parse<Vec<Arg>> {
        let start = self.expect(Punct::Lt)?;
        let mut args = Vec::new();
        self.enter()?;
        while !self.is(Punct::Gt) {
            if self.starts_type(self.peek()) || self.type_ahead(self.at).is_some() {
                let (base, _) = self.declaration_specifiers(false)?;
                let ty = self.declarator(base, true)?.ty;
                match self.types.func_of(ty).cloned() {
                    // `function<int(char)>`: the result, then the parameters.
                    Some(func) => {
                        args.push(Arg::Type(func.ret));
                        args.extend(func.params.iter().map(|param| Arg::Type(*param)));
                    }
                    None => args.push(Arg::Type(ty)),
                }
            } else {
                let value = self.binary(7)?;
                let value = self.rvalue(value);
                match self.const_eval(&value) {
                    Some(Const::Int(value)) => args.push(Arg::Value(value)),
                    _ => {
                        let what = self.spelling(self.tokens[self.at - 1]);
                        return Err(self.refuse(format!("{what} as a template's argument"), start));
                    }
                }
            }
            if !self.eat(Punct::Comma) {
                break;
            }
        }
        self.leave();
        self.expect(Punct::Gt)?;
        Ok(args)
    }

    /// `Name<…>` as a type, from the `<`.
    pub(crate) fn template_id(&mut self, template: usize) -> Parse<Ty> {
        let span = self.previous();
        if !self.is(Punct::Lt) {
            let name = self.text(self.cxx.templates[template].name);
            let defaults =
                self.cxx.templates[template].params.iter().all(|param| param.default.is_some());
            if !defaults {
                return Err(self.refuse(format!("{name} without <…>"), span));
            }
            return self.made_type(template, Vec::new(), span);
        }
        let args = self.template_arguments()?;
        self.made_type(template, args, span.to(self.previous()))
    }

    /// A class of the library for types.
    pub(crate) fn library_class(&mut self, name: &str, args: &[Ty]) -> Option<Ty> {
        let full = self.interner.find(&format!("std::{name}"))?;
        let Some(Entry::Template(template)) = self.lookup_global(full) else { return None };
        let args = args.iter().map(|ty| Arg::Type(*ty)).collect();
        self.made_type(template as usize, args, super::state::NOWHERE).ok()
    }

    fn is_dependent(&self, args: &[Arg]) -> bool {
        args.iter().any(|arg| matches!(arg, Arg::Type(ty) if self.types.is_dependent(*ty)))
    }

    /// The type that a template is for these arguments.
    fn made_type(&mut self, template: usize, mut args: Vec<Arg>, span: Span) -> Parse<Ty> {
        if self.is_dependent(&args) {
            return Ok(self.types.spec(template as u32, args));
        }
        let (params, context, what, at) = {
            let it = &self.cxx.templates[template];
            (it.params.clone(), it.context.clone(), it.what, it.at)
        };
        self.fill_defaults(&params, &context, &mut args)?;
        if args.len() != params.len() {
            let name = self.text(self.cxx.templates[template].name);
            let kind = crate::diag::Kind::ArgumentCount {
                name,
                expected: params.len() as u32,
                given: args.len() as u32,
            };
            self.error(kind, span);
            return Err(Stop);
        }
        if let Some(made) = self.cxx.templates[template].types.get(&args) {
            return Ok(*made);
        }
        if self.cxx.depth > 24 {
            return Err(self.refuse("templates that need one another without end".to_owned(), span));
        }
        let mut bindings = context.bindings.clone();
        bindings.extend(self.bind_params(&params, &args));
        if what == What::Alias {
            let saved = self.go_to(at, &Where { bindings, ..context });
            let ty = self.type_name_rule();
            self.go_back(saved);
            return ty;
        }
        self.made_class(template, args, bindings, span)
    }

    fn made_class(
        &mut self,
        template: usize,
        args: Vec<Arg>,
        bindings: Vec<(Sym, Entry)>,
        span: Span,
    ) -> Parse<Ty> {
        let full = self.text(self.cxx.templates[template].name);
        let names: Vec<String> = args
            .iter()
            .map(|arg| match arg {
                Arg::Type(ty) => self.type_name(*ty).replace("struct ", ""),
                Arg::Value(value) => value.to_string(),
            })
            .collect();
        let full = format!("{full}<{}>", names.join(", "));
        let tag = self.intern(&full);
        let (at, context) =
            (self.cxx.templates[template].at, self.cxx.templates[template].context.clone());
        let ty = self.types.new_record(Some(tag), false, self.tokens[at].span);
        self.cxx.templates[template].types.insert(args.clone(), ty);
        let Tok::Ident(plain) = self.tokens[at + 1].tok else { return Err(Stop) };
        if let Some(class) = self.class_mut(ty) {
            class.name = Some(plain);
            class.full = full;
            class.bindings = bindings;
            class.template = Some((template, args));
            class.namespace = context.namespace;
            class.outer = context.class;
        }
        if self.tokens[at + 2].tok == Tok::Punct(Punct::Semi) {
            return Ok(ty); // declared only
        }
        self.cxx.depth += 1;
        let open = std::mem::take(&mut self.cxx.open);
        let saved = self.go_to(at, &context);
        let outer = self.cxx.instance.replace(ty);
        // What the class's bases name is known before the class is entered.
        self.push_scope();
        let bound = self.class_of(ty).map_or(Vec::new(), |class| class.bindings.clone());
        for (name, entry) in bound {
            self.bind(name, entry);
        }
        let read = self.record_specifier();
        self.cxx.instance = outer;
        self.go_back(saved);
        self.cxx.open = open;
        self.cxx.depth -= 1;
        if read.is_err() && !self.refused && !self.has_errors() {
            return Err(self.refuse(self.type_name(ty), span));
        }
        read
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|it| it.severity == crate::diag::Severity::Error)
    }

    fn fill_defaults(
        &mut self,
        params: &[Param],
        context: &Where,
        args: &mut Vec<Arg>,
    ) -> Parse<()> {
        while args.len() < params.len() {
            let param = params[args.len()];
            let Some(at) = param.default else { return Ok(()) };
            let mut bindings = context.bindings.clone();
            bindings.extend(self.bind_params(params, args));
            let saved = self.go_to(at, &Where { bindings, ..context.clone() });
            let arg = match param.is_type {
                true => self.type_name_rule().map(Arg::Type),
                false => self.binary(7).map(|value| match self.const_eval(&value) {
                    Some(Const::Int(value)) => Arg::Value(value),
                    _ => Arg::Value(0),
                }),
            };
            self.go_back(saved);
            args.push(arg?);
        }
        Ok(())
    }

    /// The function that a template becomes for these arguments, and how loosely it fits.
    pub(crate) fn deduced(
        &mut self,
        template: usize,
        args: &[Expr],
        explicit: &[Arg],
    ) -> Option<(FuncId, u32)> {
        let it = &self.cxx.templates[template];
        let (count, pattern, needed) = (it.params.len(), it.pattern.clone(), it.needed);
        if args.len() < needed || args.len() > pattern.len() || explicit.len() > count {
            return None;
        }
        let mut found: Vec<Option<Arg>> = explicit.iter().map(|arg| Some(*arg)).collect();
        found.resize(count, None);
        let mut looseness = 0;
        let outer = std::mem::replace(&mut self.cxx.explicit, explicit.len());
        let mut fits = true;
        for (param, arg) in pattern.iter().zip(args) {
            fits = fits && self.deduce_argument(*param, arg, &mut found);
            looseness += self.looseness(*param);
        }
        self.cxx.explicit = outer;
        if !fits {
            return None;
        }
        let (params, context) = (
            self.cxx.templates[template].params.clone(),
            self.cxx.templates[template].context.clone(),
        );
        let known: Vec<Arg> = found.iter().map_while(|arg| *arg).collect();
        let mut all = known;
        if all.len() < count && found[all.len()..].iter().any(Option::is_some) {
            return None;
        }
        self.fill_defaults(&params, &context, &mut all).ok()?;
        if all.len() != count || self.is_dependent(&all) {
            return None;
        }
        Some((self.made_function(template, all)?, looseness))
    }

    /// `T` fits everything, `T *` less, `vector<T>` least.
    fn looseness(&self, pattern: Ty) -> u32 {
        match self.types.kind(pattern) {
            TypeKind::Param(_) => 4,
            TypeKind::RRef(to) => self.looseness(to) + 1,
            TypeKind::Ref(to) | TypeKind::Ptr(to) => self.looseness(to).saturating_sub(1),
            TypeKind::Spec(_) => 1,
            _ => 0,
        }
    }

    fn deduce_argument(&mut self, param: Ty, arg: &Expr, found: &mut [Option<Arg>]) -> bool {
        if !self.types.is_dependent(param)
            || arg.ty == Ty::ERROR
            || matches!(arg.kind, ExprKind::Braced(_))
        {
            return true;
        }
        match self.types.kind(param) {
            TypeKind::RRef(to) if matches!(self.types.kind(to), TypeKind::Param(_)) => {
                let lvalue = self.is_lvalue(arg) && !self.is_movable(arg);
                let actual = match (lvalue, self.types.is_func(arg.ty)) {
                    (true, false) => self.types.reference(arg.ty),
                    (_, true) => self.decayed(arg),
                    (false, false) => arg.ty.unqual(),
                };
                self.deduce(to, actual, found)
            }
            TypeKind::Ref(to) | TypeKind::RRef(to) => {
                let actual = if self.types.is_func(arg.ty) { self.decayed(arg) } else { arg.ty };
                let actual = match self.types.is_array(actual)
                    && !self.types.is_array(to)
                    && to.is_const()
                {
                    true => self.decayed(arg),
                    false => actual,
                };
                let actual = if to.is_const() { actual.unqual() } else { actual };
                self.deduce(to.unqual(), actual, found)
            }
            _ => {
                let actual = self.decayed(arg);
                self.deduce(param.unqual(), actual, found)
            }
        }
    }

    /// Matches a pattern with a type.
    fn deduce(&mut self, pattern: Ty, actual: Ty, found: &mut [Option<Arg>]) -> bool {
        match (self.types.kind(pattern), self.types.kind(actual)) {
            (TypeKind::Param(index), _) if (index as usize) < self.cxx.explicit => true,
            (TypeKind::Param(index), _) => {
                let actual = if pattern.is_const() { actual.unqual() } else { actual };
                Self::agree(&mut found[index as usize], Arg::Type(actual))
            }
            (TypeKind::Ptr(a), TypeKind::Ptr(b)) => self.deduce(a, b, found),
            (TypeKind::Ref(a), TypeKind::Ref(b)) => self.deduce(a, b, found),
            (TypeKind::Array(a, n), TypeKind::Array(b, m)) => {
                (n == m || n == crate::types::UNKNOWN_LEN) && self.deduce(a, b, found)
            }
            (TypeKind::Func(_), TypeKind::Func(_)) => {
                let (Some(a), Some(b)) =
                    (self.types.func_of(pattern).cloned(), self.types.func_of(actual).cloned())
                else {
                    return false;
                };
                a.params.len() == b.params.len()
                    && self.deduce(a.ret, b.ret, found)
                    && a.params.iter().zip(&b.params).all(|(a, b)| self.deduce(*a, *b, found))
            }
            (TypeKind::Spec(spec), TypeKind::Record(_)) => self.deduce_spec(spec, actual, found),
            (TypeKind::Dependent, _) => true,
            _ if !self.types.is_dependent(pattern) => true,
            _ => false,
        }
    }

    fn agree(place: &mut Option<Arg>, arg: Arg) -> bool {
        match place {
            Some(known) => {
                *known == arg
                    || matches!((*known, arg), (Arg::Type(a), Arg::Type(b)) if a.unqual() == b.unqual())
            }
            None => {
                *place = Some(arg);
                true
            }
        }
    }

    /// `vector<T>` and a class made of that template, or one that derives from it.
    fn deduce_spec(&mut self, spec: u32, actual: Ty, found: &mut [Option<Arg>]) -> bool {
        let (template, pattern) = self.types.specs[spec as usize].clone();
        let Some(class) = self.class_of(actual) else { return false };
        let bases: Vec<Ty> = class.bases.iter().map(|(base, _)| *base).collect();
        match class.template.clone() {
            Some((own, args)) if own == template as usize => {
                pattern.iter().zip(args).all(|(pattern, arg)| match (pattern, arg) {
                    (Arg::Type(pattern), Arg::Type(actual)) => {
                        let same = self.types.is_dependent(*pattern) || *pattern == actual;
                        same && self.deduce(*pattern, actual, found)
                    }
                    (Arg::Type(pattern), value) => match self.types.kind(*pattern) {
                        TypeKind::Param(index) => Self::agree(&mut found[index as usize], value),
                        _ => false,
                    },
                    (Arg::Value(a), Arg::Value(b)) => *a == b,
                    _ => false,
                })
            }
            _ => bases.into_iter().any(|base| self.deduce_spec(spec, base, found)),
        }
    }

    /// A function made of a template: declared; its body is read when it is used.
    fn made_function(&mut self, template: usize, args: Vec<Arg>) -> Option<FuncId> {
        if let Some(made) = self.cxx.templates[template].functions.get(&args) {
            return *made;
        }
        if self.cxx.depth > 24 {
            return None;
        }
        self.cxx.templates[template].functions.insert(args.clone(), None);
        let it = &self.cxx.templates[template];
        let (at, params, context, plain) = (it.at, it.params.clone(), it.context.clone(), it.name);
        let class = context.class;
        let mut bindings = context.bindings.clone();
        bindings.extend(self.bind_params(&params, &args));
        let context = Where { bindings, ..context };
        self.cxx.depth += 1;
        let converting = std::mem::take(&mut self.cxx.converting);
        let saved = self.go_to(at, &context);
        let made = self.template_head(class).and_then(|(_, mut declarator)| {
            let defaults = std::mem::take(&mut self.last_defaults);
            let is_static = std::mem::take(&mut self.cxx.is_static);
            let is_const = self.method_qualifiers(&mut declarator)?;
            if let Some(class) = class.filter(|_| !is_static) {
                declarator = self.with_this(declarator, class.with_const_if(is_const));
            }
            let name = match class {
                Some(class) => self.member_name(class, plain),
                None => {
                    let text = format!("{}<…>", self.text(plain));
                    self.intern(&text)
                }
            };
            declarator.name = Some(name);
            let id = self.new_function(name, declarator.ty, declarator.span, false);
            if is_static {
                self.cxx.statics.insert(id);
            }
            if !defaults.is_empty() {
                self.defaults.insert(id, (defaults, context.clone()));
            }
            if !self.is(Punct::Semi) {
                self.body_later(id, declarator, context)?;
            }
            Ok(id)
        });
        self.go_back(saved);
        self.cxx.converting = converting;
        self.cxx.depth -= 1;
        let made = made.ok();
        self.cxx.templates[template].functions.insert(args, made);
        made
    }
}
