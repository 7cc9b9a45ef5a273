//! The values of numbers, characters and strings (C11 §6.4.4, §6.4.5).

use crate::program::Target;

/// What a number literal says.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Number {
    Int {
        value: u64,
        decimal: bool,
        unsigned: bool,
        /// `l`s in the suffix: 0, 1, 2.
        longs: u8,
    },
    /// `suffix`: `f`, `l` or 0.
    Float { value: f64, suffix: u8 },
}

/// The value of digits with their base prefix, without suffix; `None` if malformed or too large.
pub(crate) fn parse_digits(text: &str) -> Option<u64> {
    let clean;
    let text = if text.contains('\'') {
        clean = text.replace('\'', "");
        &clean
    } else {
        text
    };
    let lower = text.as_bytes();
    let (digits, base) = match lower {
        [b'0', b'x' | b'X', ..] => (&text[2..], 16),
        [b'0', b'b' | b'B', ..] => (&text[2..], 2),
        [b'0', ..] => (text, 8),
        _ => (text, 10),
    };
    u64::from_str_radix(digits, base).ok().filter(|_| !digits.starts_with('+'))
}

/// A preprocessing number's value; `None` if it is no number.
pub(crate) fn number(text: &str) -> Option<Number> {
    let hex = text.starts_with("0x") || text.starts_with("0X");
    let float = if hex { text.contains(['p', 'P', '.']) } else { text.contains(['.', 'e', 'E']) };
    if float && !(text.starts_with("0b") || text.starts_with("0B")) {
        let body = text.trim_end_matches(['f', 'F', 'l', 'L']);
        let body = if hex && !body.contains(['p', 'P']) { text } else { body };
        let suffix = match &text[body.len()..] {
            "" => 0,
            "f" | "F" => b'f',
            "l" | "L" => b'l',
            _ => return None,
        };
        let value = if hex { hex_float(body)? } else { decimal_float(body)? };
        let value = if suffix == b'f' { f64::from(value as f32) } else { value };
        return Some(Number::Float { value, suffix });
    }
    let body = text.trim_end_matches(['u', 'U', 'l', 'L']);
    let suffix = text[body.len()..].to_ascii_lowercase();
    let (unsigned, longs) = match suffix.as_str() {
        "" => (false, 0),
        "u" => (true, 0),
        "l" => (false, 1),
        "ul" | "lu" => (true, 1),
        "ll" => (false, 2),
        "ull" | "llu" => (true, 2),
        _ => return None,
    };
    let decimal = !body.starts_with('0');
    Some(Number::Int { value: parse_digits(body)?, decimal, unsigned, longs })
}

fn decimal_float(text: &str) -> Option<f64> {
    let ok =
        text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
    if ok { text.parse().ok() } else { None }
}

/// `0x1.8p3`.
fn hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text[2..].split_once(['p', 'P'])?;
    let mut exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut value = 0f64;
    for digit in whole.chars().chain(fraction.chars()) {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
    }
    exponent = exponent.saturating_sub(4 * fraction.len() as i32);
    Some(value * 2f64.powi(exponent))
}

/// How a literal's elements are stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Encoding {
    /// `""`, `u8""`: bytes.
    Bytes,
    /// `u""`.
    Char16,
    /// `U""`.
    Char32,
    /// `L""`.
    Wide,
}

/// Splits a spelling into its encoding and what stands between the quotes.
pub(crate) fn parts(spelling: &str) -> (Encoding, &str) {
    let (encoding, rest) = match spelling.as_bytes() {
        [b'u', b'8', ..] => (Encoding::Bytes, &spelling[2..]),
        [b'u', ..] => (Encoding::Char16, &spelling[1..]),
        [b'U', ..] => (Encoding::Char32, &spelling[1..]),
        [b'L', ..] => (Encoding::Wide, &spelling[1..]),
        _ => (Encoding::Bytes, spelling),
    };
    (encoding, rest.get(1..rest.len().max(2) - 1).unwrap_or(""))
}

/// Bytes of one element.
pub(crate) fn unit_size(encoding: Encoding, target: Target) -> usize {
    match (encoding, target) {
        (Encoding::Bytes, _) => 1,
        (Encoding::Char16, _) | (Encoding::Wide, Target::Windows) => 2,
        (Encoding::Char32, _) | (Encoding::Wide, Target::Linux) => 4,
    }
}

/// The elements between the quotes, without a terminating NUL; `Err` holds a bad escape.
pub(crate) fn elements(body: &str, encoding: Encoding) -> Result<Vec<u32>, String> {
    let mut out = Vec::with_capacity(body.len());
    let mut chars = body.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            push_char(&mut out, c, encoding);
            continue;
        }
        let Some(escape) = chars.next() else { return Err("\\".to_owned()) };
        let value = match escape {
            'n' => 10,
            't' => 9,
            'r' => 13,
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'v' => 11,
            'e' => 27,
            '\\' | '\'' | '"' | '?' => escape as u32,
            '0'..='7' => {
                let mut value = escape as u32 - '0' as u32;
                for _ in 0..2 {
                    match chars.peek().and_then(|c| c.to_digit(8)) {
                        Some(digit) => value = value * 8 + digit,
                        None => break,
                    }
                    chars.next();
                }
                value
            }
            'x' => {
                let mut value = None;
                while let Some(digit) = chars.peek().and_then(|c| c.to_digit(16)) {
                    value = Some(value.unwrap_or(0u32).wrapping_mul(16) + digit);
                    chars.next();
                }
                value.ok_or("\\x".to_owned())?
            }
            'u' | 'U' => {
                let digits = if escape == 'u' { 4 } else { 8 };
                let mut value = 0;
                for _ in 0..digits {
                    let digit = chars.next().and_then(|c| c.to_digit(16));
                    value = value * 16 + digit.ok_or(format!("\\{escape}"))?;
                }
                let c = char::from_u32(value).ok_or(format!("\\{escape}{value:x}"))?;
                push_char(&mut out, c, encoding);
                continue;
            }
            other => return Err(format!("\\{other}")),
        };
        out.push(if encoding == Encoding::Bytes { value & 0xff } else { value });
    }
    Ok(out)
}

fn push_char(out: &mut Vec<u32>, c: char, encoding: Encoding) {
    match encoding {
        Encoding::Bytes if crate::source::raw_byte(c).is_some() => {
            out.extend(crate::source::raw_byte(c).map(u32::from));
        }
        Encoding::Bytes => {
            let mut buffer = [0; 4];
            out.extend(c.encode_utf8(&mut buffer).bytes().map(u32::from));
        }
        Encoding::Char16 => {
            let mut buffer = [0; 2];
            out.extend(c.encode_utf16(&mut buffer).iter().map(|unit| u32::from(*unit)));
        }
        Encoding::Char32 | Encoding::Wide => out.push(c as u32),
    }
}

/// A character literal's value; several characters as gcc has them (`'ab'` is 0x6162).
pub(crate) fn char_value(spelling: &str, _target: Target) -> Option<i64> {
    let (encoding, body) = parts(spelling);
    let elements = elements(body, encoding).ok()?;
    match (elements.as_slice(), encoding) {
        ([], _) => None,
        ([one], Encoding::Bytes) => Some(i64::from(*one as u8 as i8)),
        (many, Encoding::Bytes) => {
            let value = many.iter().fold(0u32, |value, unit| (value << 8) | (unit & 0xff));
            Some(i64::from(value as i32))
        }
        ([.., last], _) => Some(i64::from(*last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let int =
            |value, decimal, unsigned, longs| Some(Number::Int { value, decimal, unsigned, longs });
        assert_eq!(number("0x1F"), int(31, false, false, 0));
        assert_eq!(number("0xe"), int(14, false, false, 0));
        assert_eq!(number("10uLL"), int(10, true, true, 2));
        assert_eq!(number("017"), int(15, false, false, 0));
        assert_eq!(number("09"), None);
        assert_eq!(number("0"), int(0, false, false, 0));
        assert_eq!(number("1.5f"), Some(Number::Float { value: 1.5, suffix: b'f' }));
        assert_eq!(number("1e3"), Some(Number::Float { value: 1000.0, suffix: 0 }));
        assert_eq!(number("0x1.8p1"), Some(Number::Float { value: 3.0, suffix: 0 }));
        assert_eq!(number("12abc"), None);
    }
}
