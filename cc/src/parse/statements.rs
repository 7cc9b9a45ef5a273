//! Statements (C11 §6.8).

use super::keywords::Kw;
use super::{Entry, LabelState, Parse, Parser, Stop, Storage, SwitchState};
use crate::ast::*;
use crate::diag::{Diagnostic, Kind, nearest};
use crate::lex::{Punct, Sym, Tok};
use crate::source::Span;
use crate::types::Ty;

impl Parser {
    /// block-item* }
    pub(crate) fn block_items(&mut self, open: Span) -> Vec<Stmt> {
        let mut stmts = Vec::new();
        loop {
            if self.eat(Punct::RBrace) {
                return stmts;
            }
            if self.peek().tok == Tok::Eof {
                self.error(Kind::MissingBrace, open);
                return stmts;
            }
            let (start, depth, scope) = (self.at, self.depth, self.scope);
            if self.block_item(&mut stmts).is_err() {
                self.depth = depth;
                while self.scope > scope {
                    self.pop_scope();
                }
                self.skip_statement(start);
            }
        }
    }

    /// Goes to the end of a broken statement.
    fn skip_statement(&mut self, start: usize) {
        // It may have broken within an initialiser's braces.
        let mut depth =
            self.tokens[start..self.at].iter().fold(0u32, |depth, token| match token.tok {
                Tok::Punct(Punct::LBrace) => depth + 1,
                Tok::Punct(Punct::RBrace) => depth.saturating_sub(1),
                _ => depth,
            });
        loop {
            let token = self.peek();
            match token.tok {
                Tok::Eof => return,
                Tok::Punct(Punct::LBrace) => depth += 1,
                Tok::Punct(Punct::RBrace) if depth == 0 => {
                    if self.at == start {
                        self.next();
                    }
                    return;
                }
                Tok::Punct(Punct::RBrace) => {
                    depth -= 1;
                    if depth == 0 {
                        self.next();
                        return;
                    }
                }
                Tok::Punct(Punct::Semi) if depth == 0 => {
                    self.next();
                    return;
                }
                // The next line that begins like a statement or declaration.
                _ if depth == 0 && token.bol && self.at > start => {
                    let begins = self.starts_type(token)
                        || matches!(
                            self.kw_of(token),
                            Some(
                                Kw::If
                                    | Kw::For
                                    | Kw::While
                                    | Kw::Do
                                    | Kw::Return
                                    | Kw::Switch
                                    | Kw::Break
                                    | Kw::Continue
                                    | Kw::Goto
                            )
                        );
                    if begins {
                        return;
                    }
                }
                _ => {}
            }
            self.next();
        }
    }

    /// block-item: declaration | statement
    fn block_item(&mut self, stmts: &mut Vec<Stmt>) -> Parse<()> {
        if let Some(base) = self.unknown_type() {
            let start = self.previous();
            return self.declarators(base, Storage::default(), start, stmts);
        }
        if self.starts_declaration() {
            return self.declaration(stmts);
        }
        let stmt = self.statement()?;
        stmts.push(stmt);
        Ok(())
    }

    /// statement
    pub(crate) fn statement(&mut self) -> Parse<Stmt> {
        self.enter()?;
        let start = self.peek().span;
        let stmt = self.statement_kind(start)?;
        self.leave();
        let pending = self.function.as_mut().map(|f| std::mem::take(&mut f.pending));
        match pending {
            Some(mut before) if !before.is_empty() => {
                let span = stmt.span;
                before.push(stmt);
                Ok(Stmt { kind: StmtKind::Block(before, Vec::new()), span })
            }
            _ => Ok(stmt),
        }
    }

    fn statement_kind(&mut self, start: Span) -> Parse<Stmt> {
        let token = self.peek();
        if token.tok == Tok::Punct(Punct::LBrace) {
            self.next();
            self.push_scope();
            let stmts = self.block_items(start);
            let locals = self.pop_scope();
            let span = start.to(self.previous());
            return Ok(Stmt { kind: StmtKind::Block(stmts, locals), span });
        }
        if token.tok == Tok::Punct(Punct::Semi) {
            self.next();
            return Ok(Stmt { kind: StmtKind::Empty, span: start });
        }
        if let (Tok::Ident(sym), None) = (token.tok, self.kw())
            && self.peek_at(1).tok == Tok::Punct(Punct::Colon)
        {
            return self.labeled(sym, start);
        }
        let Some(kw) = self.kw() else { return self.expression_statement(start) };
        match kw {
            Kw::If => self.if_statement(start),
            Kw::While if self.declares_in_parentheses() => self.declaring_while(start),
            Kw::While => {
                self.next();
                let cond = self.parenthesized_condition()?;
                let body = self.loop_body("while")?;
                let span = start.to(cond.span);
                Ok(Stmt { kind: StmtKind::While(cond, Box::new(body)), span })
            }
            Kw::Do => {
                self.next();
                let body = self.loop_body("while")?;
                if !self.eat_kw(Kw::While) {
                    let (found, span) = (self.spelling(self.peek()), self.peek().span);
                    self.error(Kind::Expected { what: "while".to_owned(), found }, span);
                    return Err(Stop);
                }
                let cond = self.parenthesized_condition()?;
                self.expect(Punct::Semi)?;
                let span = cond.span;
                Ok(Stmt { kind: StmtKind::DoWhile(Box::new(body), cond), span })
            }
            Kw::For => self.for_statement(start),
            Kw::Switch => self.switch_statement(start),
            Kw::Case | Kw::Default => self.case_statement(start),
            Kw::Goto => self.goto_statement(start),
            Kw::Break | Kw::Continue => {
                self.next();
                let is_break = kw == Kw::Break;
                let inside = self
                    .function
                    .as_ref()
                    .is_some_and(|f| if is_break { f.breakables > 0 } else { f.loops > 0 });
                if !inside {
                    self.error(Kind::OutsideLoop { is_break }, start);
                }
                self.expect(Punct::Semi)?;
                let kind = match (inside, is_break) {
                    (false, _) => StmtKind::Empty,
                    (true, true) => StmtKind::Break,
                    (true, false) => StmtKind::Continue,
                };
                Ok(Stmt { kind, span: start })
            }
            Kw::Return => self.return_statement(start),
            Kw::Asm => {
                self.error(Kind::Unsupported { what: "asm".to_owned() }, start);
                Err(Stop)
            }
            Kw::Try | Kw::Throw | Kw::Template => {
                let what = self.spelling(token);
                Err(self.refuse(what, start))
            }
            Kw::Else => {
                self.error(Kind::ElseWithoutIf, start);
                self.next();
                Err(Stop)
            }
            _ if self.starts_type(token) && !(self.cpp && self.is_functional_cast()) => {
                // `if (x) int y;` and `label: int y;`
                let mut stmts = Vec::new();
                self.declaration(&mut stmts)?;
                let span = start.to(self.previous());
                Ok(Stmt { kind: StmtKind::Block(stmts, Vec::new()), span })
            }
            _ => self.expression_statement(start),
        }
    }

    /// `retrun x;`, `Int x;`: an unknown word before a name is a misspelt keyword or a type.
    fn misspelt_word(&mut self, start: Span) -> Option<Parse<Stmt>> {
        let (token, next) = (self.peek(), self.peek_at(1));
        let Tok::Ident(word) = token.tok else { return None };
        let named = matches!(next.tok, Tok::Ident(_)) && self.kw_of(next).is_none();
        if self.cpp
            || self.kw_of(token).is_some()
            || self.lookup(word).is_some()
            || !(named || matches!(next.tok, Tok::Number(_)))
        {
            return None;
        }
        let name = self.text(word);
        let words = ["return", "int", "char", "long", "short", "float", "double", "unsigned"];
        let suggestion = nearest(&name, words.into_iter()).or_else(|| self.similar_type(&name));
        if !named && suggestion.as_deref() != Some("return") {
            return None;
        }
        let header = crate::libc_index::header_of_type(self.target, &name);
        let fix = suggestion.clone().map(|text| crate::diag::Fix { span: token.span, text });
        let is_return = suggestion.as_deref() == Some("return");
        let kind = match is_return {
            true => Kind::Undeclared { name, suggestion, header: None },
            false => Kind::UnknownType { name, suggestion, header },
        };
        let mut diagnostic = Diagnostic::error(kind, token.span);
        diagnostic.fix = fix;
        self.report(diagnostic);
        if is_return {
            return Some(self.return_statement(start));
        }
        // The name is known from here on, of a type that nothing is said about.
        self.next();
        if let Tok::Ident(sym) = next.tok {
            let local = self.new_local(Some(sym), Ty::ERROR, next.span);
            self.bind(sym, Entry::Local(local));
        }
        while !matches!(self.peek().tok, Tok::Punct(Punct::Semi | Punct::RBrace) | Tok::Eof) {
            self.next();
        }
        self.eat(Punct::Semi);
        Some(Ok(Stmt { kind: StmtKind::Empty, span: start }))
    }

    fn expression_statement(&mut self, start: Span) -> Parse<Stmt> {
        if let Some(stmt) = self.misspelt_word(start) {
            return stmt;
        }
        let mark = self.temps();
        let expr = self.expression()?;
        self.expect(Punct::Semi)?;
        let expr = self.materialised(expr);
        // The last of a statement expression is its value.
        let is_value = self.is(Punct::RBrace) && self.peek_at(1).tok == Tok::Punct(Punct::RParen);
        let expr = if is_value {
            expr
        } else {
            self.check_unused(&expr);
            let expr = self.discarded(expr);
            self.finish(mark, expr, false)
        };
        let span = start.to(self.previous());
        Ok(Stmt { kind: StmtKind::Expr(expr), span })
    }

    fn labeled(&mut self, sym: Sym, start: Span) -> Parse<Stmt> {
        self.next();
        self.next();
        let id = self.label(sym, start, true);
        self.attributes();
        let body = if self.is(Punct::RBrace) {
            Stmt { kind: StmtKind::Empty, span: start } // C23; gcc lets it pass
        } else {
            self.statement()?
        };
        Ok(Stmt { span: body.span, kind: StmtKind::Label(id, Box::new(body)) })
    }

    pub(super) fn label(&mut self, sym: Sym, span: Span, define: bool) -> LabelId {
        let name = self.text(sym);
        let Some(function) = &mut self.function else { return 0 };
        if let Some(label) = function.labels.iter_mut().find(|label| label.sym == sym) {
            let twice = define && label.defined;
            label.defined |= define;
            let id = label.id;
            if twice {
                self.error(Kind::Redefined { name }, span);
            }
            return id;
        }
        let id = function.label_count;
        function.label_count += 1;
        function.labels.push(LabelState { sym, id, defined: define, span });
        id
    }

    pub(super) fn new_label(&mut self) -> LabelId {
        let Some(function) = &mut self.function else { return 0 };
        function.label_count += 1;
        function.label_count - 1
    }

    fn parenthesized_condition(&mut self) -> Parse<Expr> {
        self.expect(Punct::LParen)?;
        let mark = self.temps();
        let cond = self.expression()?;
        self.expect(Punct::RParen)?;
        let cond = self.condition(cond);
        Ok(self.finish(mark, cond, true))
    }

    /// C++: `if (int n = f())`, `if (init; cond)`: what is declared, and the condition.
    fn declared_condition(&mut self) -> Parse<(Vec<Stmt>, Expr)> {
        let mut init = Vec::new();
        self.expect(Punct::LParen)?;
        if self.ends_with_semicolon() {
            if self.starts_declaration() {
                self.declaration(&mut init)?;
            } else if !self.eat(Punct::Semi) {
                let start = self.peek().span;
                init.push(self.expression_statement(start)?);
            }
        }
        if self.starts_declaration() {
            let start = self.peek().span;
            let (base, storage) = self.declaration_specifiers(false)?;
            let declarator = self.declarator(base, false)?;
            let (name, span) = (declarator.name.ok_or(Stop)?, declarator.span);
            self.init_declarator(declarator, storage, start, &mut init)?;
            self.expect(Punct::RParen)?;
            let value = self.identifier(name, span)?;
            return Ok((init, self.condition(value)));
        }
        let mark = self.temps();
        let cond = self.expression()?;
        self.expect(Punct::RParen)?;
        let cond = self.condition(cond);
        Ok((init, self.finish(mark, cond, true)))
    }

    /// C++: an `if`, `while` or `switch` that declares something in its parentheses.
    fn declares_in_parentheses(&self) -> bool {
        self.cpp
            && self.peek_at(1).tok == Tok::Punct(Punct::LParen)
            && (self.starts_type(self.peek_at(2)) && !self.makes_value(self.at + 2)
                || self.semicolon_in_parentheses())
    }

    /// C++: whether the type at a place begins an expression, `T(x)`, `T{x}`, `T::f()`; a pointer to
    /// a function, `T (*)(int)`, does not.
    pub(crate) fn makes_value(&self, at: usize) -> bool {
        let token = |at: usize| self.tokens.get(at).copied();
        let end = match token(at).and_then(|token| self.kw_of(token)) {
            Some(_) => Some(at + 1),
            None => self.type_ahead(at),
        };
        let Some(end) = end else { return false };
        let pointer = Some(Tok::Punct(Punct::Star));
        match token(end).map(|token| token.tok) {
            Some(Tok::Punct(Punct::LParen)) => token(end + 1).map(|token| token.tok) != pointer,
            Some(Tok::Punct(Punct::LBrace | Punct::ColonColon)) => true,
            _ => false,
        }
    }

    fn semicolon_in_parentheses(&self) -> bool {
        let mut depth = 0u32;
        for token in &self.tokens[(self.at + 1).min(self.tokens.len())..] {
            match token.tok {
                Tok::Punct(Punct::LParen | Punct::LBrace) => depth += 1,
                Tok::Punct(Punct::RParen | Punct::RBrace) if depth <= 1 => return false,
                Tok::Punct(Punct::RParen | Punct::RBrace) => depth -= 1,
                Tok::Punct(Punct::Semi) => return depth == 1,
                Tok::Eof => return false,
                _ => {}
            }
        }
        false
    }

    /// `if (T x = …) … else …` as a block with its declaration.
    fn declaring_if(&mut self, start: Span) -> Parse<Stmt> {
        self.next();
        self.push_scope();
        let (mut stmts, cond) = self.declared_condition()?;
        let then = Box::new(self.statement()?);
        let otherwise = match self.eat_kw(Kw::Else) {
            true => Some(Box::new(self.statement()?)),
            false => None,
        };
        let span = start.to(cond.span);
        stmts.push(Stmt { kind: StmtKind::If(cond, then, otherwise), span });
        let locals = self.pop_scope();
        Ok(Stmt { kind: StmtKind::Block(stmts, locals), span: start })
    }

    /// `while (T x = …)`: the variable begins anew each time.
    fn declaring_while(&mut self, start: Span) -> Parse<Stmt> {
        self.next();
        self.push_scope();
        let (mut stmts, cond) = self.declared_condition()?;
        let span = cond.span;
        let one = self.int(1, Ty::INT, span);
        let leave = self.expr(ExprKind::Not(Box::new(cond)), Ty::BOOL, span, 20);
        let out = Box::new(Stmt { kind: StmtKind::Break, span: crate::cpp::state::NOWHERE });
        stmts.push(Stmt { kind: StmtKind::If(leave, out, None), span });
        stmts.push(self.loop_body("while")?);
        let locals = self.pop_scope();
        let body = Box::new(Stmt { kind: StmtKind::Block(stmts, locals), span: start });
        Ok(Stmt { kind: StmtKind::While(one, body), span: crate::cpp::state::NOWHERE })
    }

    /// Whether a `;` comes before the `)`.
    fn ends_with_semicolon(&self) -> bool {
        let mut depth = 0u32;
        for token in &self.tokens[self.at..] {
            match token.tok {
                Tok::Punct(Punct::LParen | Punct::LBrace | Punct::LBracket) => depth += 1,
                Tok::Punct(Punct::RParen) if depth == 0 => return false,
                Tok::Punct(Punct::RParen | Punct::RBrace | Punct::RBracket) => {
                    depth = depth.saturating_sub(1);
                }
                Tok::Punct(Punct::Semi) if depth == 0 => return true,
                Tok::Eof => return false,
                _ => {}
            }
        }
        false
    }

    /// Like nested statements, but a long `else if` chain is no nesting.
    fn if_statement(&mut self, start: Span) -> Parse<Stmt> {
        if self.kw_of(self.peek_at(1)) == Some(Kw::Constexpr) {
            return Err(self.refuse("if constexpr".to_owned(), start));
        }
        if self.declares_in_parentheses() {
            return self.declaring_if(start);
        }
        let mut arms = Vec::new();
        let mut start = start;
        let otherwise = loop {
            self.next();
            let cond = self.parenthesized_condition()?;
            if self.is(Punct::Semi) {
                let span = self.peek().span;
                let on_line =
                    self.sources.line_column(span).line == self.sources.line_column(cond.span).line;
                let next = self.peek_at(1);
                if on_line && next.tok == Tok::Punct(Punct::LBrace) {
                    self.warning(Kind::EmptyBody { keyword: "if".to_owned() }, span);
                }
            }
            let then = self.statement()?;
            arms.push((start.to(cond.span), cond, then));
            if !self.eat_kw(Kw::Else) {
                break None;
            }
            if self.kw() == Some(Kw::If) && !self.declares_in_parentheses() {
                start = self.peek().span;
                if arms.len() > 150 {
                    let span = self.peek().span;
                    self.error(Kind::TooDeep, span);
                    return Err(Stop);
                }
                continue;
            }
            break Some(Box::new(self.statement()?));
        };
        let mut result = otherwise;
        for (span, cond, then) in arms.into_iter().rev() {
            let kind = StmtKind::If(cond, Box::new(then), result);
            result = Some(Box::new(Stmt { kind, span }));
        }
        result.map(|stmt| *stmt).ok_or(Stop)
    }

    pub(crate) fn loop_body(&mut self, keyword: &str) -> Parse<Stmt> {
        if let Some(function) = &mut self.function {
            function.loops += 1;
            function.breakables += 1;
        }
        if self.is(Punct::Semi) && self.peek_at(1).tok == Tok::Punct(Punct::LBrace) {
            let span = self.peek().span;
            self.warning(Kind::EmptyBody { keyword: keyword.to_owned() }, span);
        }
        let body = self.statement();
        if let Some(function) = &mut self.function {
            function.loops -= 1;
            function.breakables -= 1;
        }
        body
    }

    fn for_statement(&mut self, start: Span) -> Parse<Stmt> {
        self.next();
        self.expect(Punct::LParen)?;
        if self.cpp && self.is_range_for() {
            return self.range_for(start);
        }
        self.push_scope();
        let mut init = Vec::new();
        if self.starts_declaration() {
            self.declaration(&mut init)?;
        } else if !self.eat(Punct::Semi) {
            let mark = self.temps();
            let expr = self.expression()?;
            let expr = self.discarded(expr);
            let expr = self.finish(mark, expr, false);
            self.expect(Punct::Semi)?;
            init.push(Stmt { span: expr.span, kind: StmtKind::Expr(expr) });
        }
        let cond = if self.is(Punct::Semi) {
            None
        } else {
            let mark = self.temps();
            let cond = self.expression()?;
            let cond = self.condition(cond);
            Some(self.finish(mark, cond, true))
        };
        self.expect(Punct::Semi)?;
        let step = if self.is(Punct::RParen) {
            None
        } else {
            let mark = self.temps();
            let step = self.expression()?;
            let step = self.materialised(step);
            let step = self.discarded(step);
            Some(self.finish(mark, step, false))
        };
        self.expect(Punct::RParen)?;
        let body = Box::new(self.loop_body("for")?);
        let locals = self.pop_scope();
        Ok(Stmt { kind: StmtKind::For { init, cond, step, body, locals }, span: start })
    }

    fn switch_statement(&mut self, start: Span) -> Parse<Stmt> {
        self.next();
        self.expect(Punct::LParen)?;
        let mark = self.temps();
        let cond = self.expression()?;
        let close = self.expect(Punct::RParen)?;
        let cond = self.rvalue(cond);
        let cond = self.finish(mark, cond, true);
        if !self.types.is_integer(cond.ty) && cond.ty != Ty::ERROR {
            let ty = self.type_name(cond.ty);
            self.error(Kind::SwitchType { ty }, cond.span);
        }
        let ty = match self.scoped_enum(cond.ty) {
            true => cond.ty.unqual(),
            false => self.types.promote(cond.ty),
        };
        let cond = self.cast(cond, ty);
        if let Some(function) = &mut self.function {
            function.breakables += 1;
            function.switches.push(SwitchState { ty, cases: Vec::new(), default: None });
        }
        let body = self.statement();
        let state = self.function.as_mut().and_then(|function| {
            function.breakables -= 1;
            function.switches.pop()
        });
        let body = Box::new(body?);
        let Some(state) = state else { return Err(Stop) };
        let kind = StmtKind::Switch { cond, cases: state.cases, default: state.default, body };
        Ok(Stmt { kind, span: start.to(close) })
    }

    fn case_statement(&mut self, start: Span) -> Parse<Stmt> {
        let is_default = self.kw() == Some(Kw::Default);
        self.next();
        let label = self.new_label();
        let Some(ty) = self.function.as_ref().and_then(|f| f.switches.last()).map(|state| state.ty)
        else {
            self.error(Kind::CaseOutsideSwitch, start);
            return Err(Stop);
        };
        if is_default {
            let twice = self
                .function
                .as_mut()
                .and_then(|f| f.switches.last_mut())
                .is_some_and(|state| state.default.replace(label).is_some());
            if twice {
                self.error(Kind::DuplicateCase { value: "default".to_owned() }, start);
            }
        } else {
            let expr = self.conditional()?;
            let span = expr.span;
            let low = self.case_value(expr, ty);
            let high = if self.eat(Punct::Ellipsis) {
                let expr = self.conditional()?;
                self.case_value(expr, ty)
            } else {
                low
            };
            let duplicate =
                self.function.as_mut().and_then(|f| f.switches.last_mut()).is_some_and(|state| {
                    let found = state.cases.iter().any(|(a, b, _)| low <= *b && high >= *a);
                    state.cases.push((low, high, label));
                    found
                });
            if duplicate {
                self.error(Kind::DuplicateCase { value: low.to_string() }, span);
            }
        }
        self.expect(Punct::Colon)?;
        let body = if self.is(Punct::RBrace) {
            Stmt { kind: StmtKind::Empty, span: start }
        } else if self.starts_declaration() {
            let mut stmts = Vec::new();
            self.declaration(&mut stmts)?;
            Stmt { span: start, kind: StmtKind::Block(stmts, Vec::new()) }
        } else {
            self.statement()?
        };
        Ok(Stmt { span: body.span, kind: StmtKind::Label(label, Box::new(body)) })
    }

    fn case_value(&mut self, expr: Expr, ty: Ty) -> i64 {
        let span = expr.span;
        let expr = self.rvalue(expr);
        let expr = self.cast(expr, ty);
        match self.const_eval(&expr) {
            Some(Const::Int(value)) => value,
            _ => {
                if expr.ty != Ty::ERROR && !matches!(expr.kind, ExprKind::Error) {
                    self.error(Kind::NotConstant, span);
                }
                0
            }
        }
    }

    fn return_statement(&mut self, start: Span) -> Parse<Stmt> {
        self.next();
        let Some((ret, name)) = self.function.as_ref().map(|f| (f.ret, f.name)) else {
            return Err(Stop);
        };
        if self.eat(Punct::Semi) {
            if ret.unqual() != Ty::VOID && !self.types.has_auto(ret) {
                let name = self.text(name);
                self.warning(Kind::ReturnWithoutValue { name }, start);
            }
            return Ok(Stmt { kind: StmtKind::Return(None), span: start });
        }
        let mark = self.temps();
        let value = self.expression()?;
        self.expect(Punct::Semi)?;
        let span = start.to(self.previous());
        let ret = self.returned_type(ret, &value);
        if ret.unqual() == Ty::VOID {
            if value.ty.unqual() != Ty::VOID {
                let name = self.text(name);
                self.warning(Kind::ReturnWithValue { name }, value.span);
            }
            // Evaluated for its effects.
            let value = self.finish(mark, value, false);
            let expr = Stmt { kind: StmtKind::Expr(value), span };
            let ret = Stmt { kind: StmtKind::Return(None), span };
            return Ok(Stmt { kind: StmtKind::Block(vec![expr, ret], Vec::new()), span });
        }
        // A local object is handed over as it is.
        let local = matches!(value.kind, ExprKind::Local(_)) && value.ty.unqual() == ret.unqual();
        let value = if self.types.is_reference(ret) {
            self.bind_reference(value, ret)
        } else if self.is_class(ret) && local {
            value
        } else {
            let value = self.convert(value, ret, crate::expr::Context::Return);
            self.check_returned(&value);
            value
        };
        let value = self.finish(mark, value, true);
        Ok(Stmt { kind: StmtKind::Return(Some(value)), span })
    }

    /// C++: what `auto` is for the value that is returned.
    fn returned_type(&mut self, ret: Ty, value: &Expr) -> Ty {
        if !self.types.has_auto(ret) {
            return ret;
        }
        let found = self.auto_as(ret, value);
        if let Some(function) = &mut self.function {
            function.ret = found;
        }
        found
    }

    /// A statement expression's block, after `({`.
    pub(crate) fn statement_expression(&mut self, open: Span) -> Parse<Vec<Stmt>> {
        self.push_scope();
        let stmts = self.block_items(open);
        self.pop_scope();
        self.expect(Punct::RParen)?;
        Ok(stmts)
    }
}
