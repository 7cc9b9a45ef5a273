//! The value of `#if` (C11 §6.10.1).

use super::Preprocessor;
use crate::diag::Kind;
use crate::lex::{Punct, Tok, Token};
use crate::libc;
use crate::source::Span;

impl<'a> Preprocessor<'a> {
    pub(super) fn evaluate(&mut self, span: Span, line: &[Token]) -> bool {
        let mut tokens = Vec::with_capacity(line.len());
        let mut i = 0;
        while i < line.len() {
            let token = line[i];
            if token.tok == Tok::Ident(self.names.defined) {
                let paren = line.get(i + 1).is_some_and(|t| t.tok == Tok::Punct(Punct::LParen));
                let name = line.get(i + 1 + usize::from(paren));
                let Some(Token { tok: Tok::Ident(name), .. }) = name else {
                    self.error(Kind::MacroName, token.span);
                    return false;
                };
                let value = if self.get_macro(*name).is_some() { "1" } else { "0" };
                tokens.push(Token { tok: Tok::Number(self.interner.intern(value)), ..token });
                i += 2 + 2 * usize::from(paren);
                continue;
            }
            let spelling = self.spell_one(token);
            if matches!(spelling.as_str(), "__has_include" | "__has_include_next") {
                let end = line[i..].iter().position(|t| t.tok == Tok::Punct(Punct::RParen));
                let end = i + end.unwrap_or(line.len() - 1 - i);
                let name = self.spell(&line[(i + 2).min(end)..end]).replace(' ', "");
                let name = name.trim_matches(['<', '>', '"']);
                let there = libc::header(self.target, name).is_some()
                    || self.sources.files.contains_key(name);
                let value = if there { "1" } else { "0" };
                tokens.push(Token { tok: Tok::Number(self.interner.intern(value)), ..token });
                i = end + 1;
                continue;
            }
            if spelling.starts_with("__has_")
                && line.get(i + 1).is_some_and(|t| t.tok == Tok::Punct(Punct::LParen))
            {
                i = matching_paren(line, i + 1) + 1;
                tokens.push(Token { tok: Tok::Number(self.interner.intern("0")), ..token });
                continue;
            }
            tokens.push(token);
            i += 1;
        }
        let tokens = self.expand_all(tokens);
        let mut parser = Condition { pp: self, tokens: &tokens, at: 0, depth: 0, dead: 0 };
        let value = parser.ternary();
        let complete = parser.at == tokens.len();
        match value {
            Ok((value, _)) if complete && !tokens.is_empty() => value != 0,
            Err(kind) => {
                let whole = line.last().map_or(span, |last| span.to(last.span));
                self.error(kind, whole);
                false
            }
            _ => {
                let whole = line.last().map_or(span, |last| span.to(last.span));
                self.error(Kind::BadCondition, whole);
                false
            }
        }
    }
}

/// The expression of an `#if`: values are 64 bits wide, signed or not (C11 §6.10.1).
struct Condition<'a, 'b> {
    pp: &'a Preprocessor<'b>,
    tokens: &'a [Token],
    at: usize,
    depth: u32,
    /// Above zero inside operands that are not evaluated.
    dead: u32,
}

type CondValue = Result<(i64, bool), Kind>;

impl Condition<'_, '_> {
    fn peek(&self) -> Option<Punct> {
        match self.tokens.get(self.at)?.tok {
            Tok::Punct(punct) => Some(punct),
            _ => None,
        }
    }

    fn eat(&mut self, punct: Punct) -> bool {
        let found = self.peek() == Some(punct);
        self.at += usize::from(found);
        found
    }

    fn ternary(&mut self) -> CondValue {
        self.depth += 1;
        if self.depth > 100 {
            return Err(Kind::BadCondition);
        }
        let condition = self.binary(0)?;
        let result = if self.eat(Punct::Question) {
            self.dead += u32::from(condition.0 == 0);
            let yes = self.ternary()?;
            self.dead -= u32::from(condition.0 == 0);
            if !self.eat(Punct::Colon) {
                return Err(Kind::BadCondition);
            }
            self.dead += u32::from(condition.0 != 0);
            let no = self.ternary()?;
            self.dead -= u32::from(condition.0 != 0);
            let unsigned = yes.1 || no.1;
            (if condition.0 != 0 { yes.0 } else { no.0 }, unsigned)
        } else {
            condition
        };
        self.depth -= 1;
        Ok(result)
    }

    fn binary(&mut self, min: u8) -> CondValue {
        let mut left = self.unary()?;
        while let Some(op) = self.peek()
            && let Some(level) = cond_level(op)
            && level >= min
        {
            self.at += 1;
            let dead = match op {
                Punct::AndAnd => left.0 == 0,
                Punct::OrOr => left.0 != 0,
                _ => false,
            };
            self.dead += u32::from(dead);
            let right = self.binary(level + 1)?;
            self.dead -= u32::from(dead);
            left = self.apply(op, left, right)?;
        }
        Ok(left)
    }

    fn apply(&self, op: Punct, (a, au): (i64, bool), (b, bu): (i64, bool)) -> CondValue {
        let unsigned = au || bu;
        let (ua, ub) = (a as u64, b as u64);
        let truth = |value: bool| Ok((i64::from(value), false));
        let value = match op {
            Punct::Star => a.wrapping_mul(b),
            Punct::Slash | Punct::Percent if b == 0 => {
                return if self.dead > 0 { Ok((0, unsigned)) } else { Err(Kind::DivisionByZero) };
            }
            Punct::Slash if unsigned => (ua / ub) as i64,
            Punct::Slash => a.wrapping_div(b),
            Punct::Percent if unsigned => (ua % ub) as i64,
            Punct::Percent => a.wrapping_rem(b),
            Punct::Plus => a.wrapping_add(b),
            Punct::Minus => a.wrapping_sub(b),
            Punct::Shl => return Ok((a.wrapping_shl(b as u32), au)),
            Punct::Shr if au => return Ok((ua.wrapping_shr(b as u32) as i64, au)),
            Punct::Shr => return Ok((a.wrapping_shr(b as u32), au)),
            Punct::Lt => return truth(if unsigned { ua < ub } else { a < b }),
            Punct::Gt => return truth(if unsigned { ua > ub } else { a > b }),
            Punct::Le => return truth(if unsigned { ua <= ub } else { a <= b }),
            Punct::Ge => return truth(if unsigned { ua >= ub } else { a >= b }),
            Punct::EqEq => return truth(a == b),
            Punct::Ne => return truth(a != b),
            Punct::And => a & b,
            Punct::Xor => a ^ b,
            Punct::Or => a | b,
            Punct::AndAnd => return truth(a != 0 && b != 0),
            Punct::OrOr => return truth(a != 0 || b != 0),
            _ => return Err(Kind::BadCondition),
        };
        Ok((value, unsigned))
    }

    fn unary(&mut self) -> CondValue {
        self.depth += 1;
        if self.depth > 200 {
            return Err(Kind::BadCondition);
        }
        let Some(token) = self.tokens.get(self.at) else { return Err(Kind::BadCondition) };
        self.at += 1;
        let value = match token.tok {
            Tok::Punct(Punct::Not) => {
                let (value, _) = self.unary()?;
                (i64::from(value == 0), false)
            }
            Tok::Punct(Punct::Minus) => {
                let (value, unsigned) = self.unary()?;
                (value.wrapping_neg(), unsigned)
            }
            Tok::Punct(Punct::Plus) => self.unary()?,
            Tok::Punct(Punct::Tilde) => {
                let (value, unsigned) = self.unary()?;
                (!value, unsigned)
            }
            Tok::Punct(Punct::LParen) => {
                let value = self.ternary()?;
                if !self.eat(Punct::RParen) {
                    return Err(Kind::BadCondition);
                }
                value
            }
            Tok::Number(sym) => cond_number(self.pp.interner.get(sym)).ok_or(Kind::BadCondition)?,
            Tok::Char(sym) => {
                let spelling = self.pp.interner.get(sym);
                (crate::literal::char_value(spelling, self.pp.target).unwrap_or(0), false)
            }
            Tok::Ident(sym) => {
                (i64::from(self.pp.cpp && self.pp.interner.get(sym) == "true"), false)
            }
            _ => return Err(Kind::BadCondition),
        };
        self.depth -= 1;
        Ok(value)
    }
}

fn cond_level(op: Punct) -> Option<u8> {
    Some(match op {
        Punct::OrOr => 0,
        Punct::AndAnd => 1,
        Punct::Or => 2,
        Punct::Xor => 3,
        Punct::And => 4,
        Punct::EqEq | Punct::Ne => 5,
        Punct::Lt | Punct::Gt | Punct::Le | Punct::Ge => 6,
        Punct::Shl | Punct::Shr => 7,
        Punct::Plus | Punct::Minus => 8,
        Punct::Star | Punct::Slash | Punct::Percent => 9,
        _ => return None,
    })
}

fn cond_number(text: &str) -> Option<(i64, bool)> {
    let body = text.trim_end_matches(['u', 'U', 'l', 'L']);
    let unsigned = text[body.len()..].contains(['u', 'U']);
    let value = crate::literal::parse_digits(body)?;
    Some((value as i64, unsigned || value > i64::MAX as u64))
}

pub(super) fn matching_paren(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0usize;
    for (i, token) in tokens.iter().enumerate().skip(open) {
        match token.tok {
            Tok::Punct(Punct::LParen) => depth += 1,
            Tok::Punct(Punct::RParen) => {
                depth -= 1;
                if depth == 0 {
                    return i;
                }
            }
            _ => {}
        }
    }
    tokens.len() - 1
}
