//! Floating point to text and back, exactly: what `%f %e %g %a` print and what `strtod(3)` reads.

/// The digits and the decimal point of `%e`, from Rust's formatting, which is exact.
fn split_exponential(value: f64, precision: usize) -> (String, i32) {
    let text = format!("{value:.precision$e}");
    let (digits, exponent) = text.split_once('e').expect("`{:e}` prints an exponent");
    (digits.to_owned(), exponent.parse().expect("a decimal exponent"))
}

/// `%f` of a finite, non-negative number.
pub(crate) fn fixed(value: f64, precision: usize, alt: bool) -> String {
    let mut text = format!("{value:.precision$}");
    if alt && precision == 0 {
        text.push('.');
    }
    text
}

/// `%e`.
pub(crate) fn exponential(value: f64, precision: usize, alt: bool) -> String {
    let (mut digits, exponent) = split_exponential(value, precision);
    if alt && precision == 0 {
        digits.push('.');
    }
    with_exponent(digits, exponent)
}

fn with_exponent(mut digits: String, exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    digits += &format!("e{sign}{:02}", exponent.unsigned_abs());
    digits
}

/// `%g`: `%e` or `%f` by the exponent, without trailing zeros unless `#`.
pub(crate) fn general(value: f64, precision: usize, alt: bool) -> String {
    let precision = precision.max(1);
    let (digits, exponent) = split_exponential(value, precision - 1);
    let scientific = exponent < -4 || exponent >= precision as i32;
    let mut text = match scientific {
        true => digits,
        false => format!("{value:.*}", (precision as i32 - 1 - exponent) as usize),
    };
    if alt {
        if !text.contains('.') {
            text.push('.');
        }
    } else if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if scientific { with_exponent(text, exponent) } else { text }
}

/// `%a` without `0x`: one bit before the point (none for subnormals and zero).
pub(crate) fn hexadecimal(value: f64, precision: Option<usize>, alt: bool) -> String {
    let bits = value.to_bits();
    let mut mantissa = bits & ((1 << 52) - 1);
    let raw_exponent = (bits >> 52 & 0x7ff) as i32;
    let (mut lead, exponent) = match (raw_exponent, mantissa) {
        (0, 0) => (0, 0),
        (0, _) => (0, -1022),
        _ => (1, raw_exponent - 1023),
    };
    let mut digits = 13;
    if let Some(precision) = precision.filter(|precision| *precision < 13) {
        let drop = 4 * (13 - precision) as u32;
        let whole = u128::from(mantissa) | u128::from(lead as u64) << 52;
        let (keep, rest) = (whole >> drop, whole & ((1 << drop) - 1));
        let half = 1u128 << (drop - 1);
        let up = rest > half || rest == half && keep & 1 == 1;
        let rounded = (keep + u128::from(up)) << drop;
        lead = (rounded >> 52) as i32;
        mantissa = rounded as u64 & ((1 << 52) - 1);
        digits = precision;
    }
    let mut fraction = format!("{mantissa:013x}");
    fraction.truncate(digits);
    match precision {
        None => fraction.truncate(fraction.trim_end_matches('0').len()),
        Some(precision) => fraction += &"0".repeat(precision.saturating_sub(fraction.len())),
    }
    let point = if fraction.is_empty() && !alt { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{lead}{point}{fraction}p{sign}{}", exponent.unsigned_abs())
}

/// What `strtod(3)` made of a text.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Parsed<T> {
    /// The number; 0 if there is none.
    pub(crate) value: T,
    /// How many bytes belong to it, blanks before it included; 0 if there is no number.
    pub(crate) len: usize,
    /// Overflow, or underflow to an inexact subnormal or zero: `ERANGE`.
    pub(crate) range: bool,
}

/// A binary floating type that `strtod(3)` and friends read.
pub(crate) trait Binary: Copy + PartialEq + std::str::FromStr {
    /// Bits of the significand, the hidden one included.
    const MANTISSA_BITS: i32;
    /// The exponent of the smallest normal number.
    const EXPONENT_MIN: i32;
    const INFINITY: Self;
    const ZERO: Self;
    const NAN: Self;
    fn negated(self) -> Self;
    fn magnitude(self) -> f64;
    fn from_f64(value: f64) -> Self;
}

impl Binary for f64 {
    const MANTISSA_BITS: i32 = 53;
    const EXPONENT_MIN: i32 = -1022;
    const INFINITY: f64 = f64::INFINITY;
    const ZERO: f64 = 0.0;
    const NAN: f64 = f64::NAN;
    fn negated(self) -> f64 {
        -self
    }
    fn magnitude(self) -> f64 {
        self
    }
    fn from_f64(value: f64) -> f64 {
        value
    }
}

impl Binary for f32 {
    const MANTISSA_BITS: i32 = 24;
    const EXPONENT_MIN: i32 = -126;
    const INFINITY: f32 = f32::INFINITY;
    const ZERO: f32 = 0.0;
    const NAN: f32 = f32::NAN;
    fn negated(self) -> f32 {
        -self
    }
    fn magnitude(self) -> f64 {
        f64::from(self)
    }
    fn from_f64(value: f64) -> f32 {
        value as f32
    }
}

/// C's blanks, `isspace(3)`.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// `strtod(3)`, `strtof(3)`.
pub(crate) fn parse<T: Binary>(text: &[u8]) -> Parsed<T> {
    let blanks = text.iter().take_while(|byte| is_space(**byte)).count();
    let rest = &text[blanks..];
    let negative = rest.first() == Some(&b'-');
    let sign = usize::from(negative || rest.first() == Some(&b'+'));
    let body = &rest[sign..];
    let found = word::<T>(body).or_else(|| hex::<T>(body)).or_else(|| decimal::<T>(body));
    match found {
        None => Parsed { value: T::ZERO, len: 0, range: false },
        Some(Parsed { value, len, range }) => Parsed {
            value: if negative { value.negated() } else { value },
            len: blanks + sign + len,
            range,
        },
    }
}

/// `inf`, `infinity`, `nan`, `nan(…)`.
fn word<T: Binary>(body: &[u8]) -> Option<Parsed<T>> {
    let starts = |word: &str| {
        body.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    if starts("inf") {
        let len = if starts("infinity") { 8 } else { 3 };
        return Some(Parsed { value: T::INFINITY, len, range: false });
    }
    if !starts("nan") {
        return None;
    }
    let mut len = 3;
    if body.get(3) == Some(&b'(') {
        let inner = &body[4..];
        let chars = inner.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        if inner.get(chars) == Some(&b')') {
            len = 5 + chars;
        }
    }
    Some(Parsed { value: T::NAN, len, range: false })
}

/// Digits with at most one point among them: their length, and whether there is a digit.
fn digits_len(text: &[u8], is_digit: fn(&u8) -> bool) -> (usize, bool) {
    let (mut len, mut point, mut any) = (0, false, false);
    for byte in text {
        match byte {
            b'.' if !point => point = true,
            digit if is_digit(digit) => any = true,
            _ => break,
        }
        len += 1;
    }
    (len, any)
}

/// `e±NN` or `p±NN`: its length, 0 if there are no digits; and its value, kept small.
fn exponent(text: &[u8], letter: u8) -> (usize, i64) {
    if text.first().map(u8::to_ascii_lowercase) != Some(letter) {
        return (0, 0);
    }
    let sign = usize::from(matches!(text.get(1), Some(b'+' | b'-')));
    let digits = &text[1 + sign..];
    let len = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if len == 0 {
        return (0, 0);
    }
    let value = digits[..len].iter();
    let value = value.fold(0i64, |sum, d| (sum * 10 + i64::from(d - b'0')).min(1 << 40));
    (1 + sign + len, if text[1] == b'-' { -value } else { value })
}

fn decimal<T: Binary>(body: &[u8]) -> Option<Parsed<T>> {
    let (len, any) = digits_len(body, u8::is_ascii_digit);
    if !any {
        return None;
    }
    let (exponent_len, _) = exponent(&body[len..], b'e');
    let text = std::str::from_utf8(&body[..len + exponent_len]).expect("digits are ASCII");
    let Ok(value) = text.parse::<T>() else { return None };
    let nonzero = body[..len].iter().any(|digit| (b'1'..=b'9').contains(digit));
    let size = value.magnitude();
    let tiny = size < 2f64.powi(T::EXPONENT_MIN);
    let range = value == T::INFINITY || nonzero && tiny && !is_exact(text, size);
    Some(Parsed { value, len: len + exponent_len, range })
}

/// Whether a decimal text denotes exactly this number: underflow counts only when it is inexact.
fn is_exact(text: &str, value: f64) -> bool {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let strip = |digits: &str, exponent: i64| {
        let digits = digits.trim_start_matches('0');
        let kept = digits.trim_end_matches('0');
        (kept.to_owned(), exponent + (digits.len() - kept.len()) as i64)
    };
    // 1074 places after the point and no rounding: every double is exact in as many.
    let exact = format!("{value:.1074}");
    let (exact_whole, exact_fraction) = exact.split_once('.').unwrap_or((&exact, ""));
    strip(&digits, exponent - fraction.len() as i64)
        == strip(&format!("{exact_whole}{exact_fraction}"), -(exact_fraction.len() as i64))
}

fn hex<T: Binary>(body: &[u8]) -> Option<Parsed<T>> {
    if !matches!(body, [b'0', b'x' | b'X', ..]) {
        return None;
    }
    let text = &body[2..];
    let (len, any) = digits_len(text, u8::is_ascii_hexdigit);
    if !any {
        return None; // "0x" alone: the decimal 0 before the x
    }
    let (exponent_len, power) = exponent(&text[len..], b'p');
    let (mut mantissa, mut sticky, mut scale, mut point) = (0u64, false, power, false);
    for byte in &text[..len] {
        let Some(digit) = (*byte as char).to_digit(16) else {
            point = true;
            continue;
        };
        if mantissa >> 59 == 0 {
            mantissa = mantissa << 4 | u64::from(digit);
            scale -= if point { 4 } else { 0 };
        } else {
            sticky |= digit != 0;
            scale += if point { 0 } else { 4 };
        }
    }
    let (value, range) = assemble::<T>(mantissa, sticky, scale);
    Some(Parsed { value, len: 2 + len + exponent_len, range })
}

/// `mantissa × 2^scale` (plus a little if `sticky`), rounded to nearest, ties to even.
fn assemble<T: Binary>(mantissa: u64, sticky: bool, scale: i64) -> (T, bool) {
    if mantissa == 0 {
        return (T::ZERO, false);
    }
    let top = 63 - i64::from(mantissa.leading_zeros()) + scale;
    if top > 2000 {
        return (T::INFINITY, true);
    }
    if top < -2000 {
        return (T::ZERO, true);
    }
    let exponent = top.max(i64::from(T::EXPONENT_MIN));
    // The weight of the last bit kept, and how many bits below it there are.
    let last = exponent - i64::from(T::MANTISSA_BITS) + 1;
    let drop = last - scale;
    let wide = u128::from(mantissa) << 1 | u128::from(sticky);
    let (kept, inexact) = if drop <= -1 {
        // Bits are left over; only a sticky bit could be lost, and then there are 60 bits already.
        (u128::from(mantissa) << (-drop).min(64), sticky)
    } else {
        let drop = (drop + 1).min(127) as u32;
        let (kept, rest) = (wide >> drop, wide & ((1 << drop) - 1));
        let half = 1u128 << (drop - 1);
        let up = rest > half || rest == half && kept & 1 == 1;
        (kept + u128::from(up), rest != 0)
    };
    let value = T::from_f64(scale_by(kept as f64, last));
    let tiny = top < i64::from(T::EXPONENT_MIN);
    (value, value == T::INFINITY || tiny && inexact)
}

/// `value × 2^power` in two exact steps (one step could leave the range of the factor).
fn scale_by(value: f64, power: i64) -> f64 {
    let half = power / 2;
    value * 2f64.powi(half as i32) * 2f64.powi((power - half) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::libc::glibc::{self, Random};

    #[test]
    fn strtod_reads_as_glibc() {
        let mut texts: Vec<String> = [
            "",
            " ",
            "x",
            "1",
            "-1",
            "+1",
            " \t\n12.5abc",
            "1e",
            "1e+",
            "1e5",
            "1E-5x",
            ".5",
            "5.",
            ".",
            "-.",
            "0x",
            "0x1",
            "0x1p",
            "0x1p3",
            "0x.8p1",
            "0x1.8p-1",
            "0xg",
            "-0x1.fffffffffffff8p0",
            "inf",
            "INF",
            "infinity",
            "-Infinity!",
            "infinit",
            "nan",
            "NaN(123)x",
            "nan(",
            "nan(a-b)",
            "-nan",
            "1e308",
            "1e309",
            "-1e400",
            "1e-308",
            "1e-320",
            "5e-324",
            "2e-324",
            "4.9406564584124654e-324",
            "1e-400",
            "0e-999999",
            "0.0000000000000000000000000000000001",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "179769313486231570000000000000000000000e270",
            "9007199254740993",
            "0x1.0p1024",
            "0x1p-1074",
            "0x1p-1075",
            "0x1.8p-1074",
            "0x0.00000000000008p-1022",
            "0x123456789abcdef01234.5p3",
            "1_000",
            "1,5",
            "--1",
            "+-1",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "0x1p99999999999999",
            "00012",
            "1..2",
            "1.7976931348623159e308",
            "0X1P+4",
            "1p4",
            "2.4703282292062327208e-324",
            "1.5e-323",
        ]
        .map(str::to_owned)
        .to_vec();
        let mut random = Random(2);
        for _ in 0..400 {
            let value = f64::from_bits(random.next());
            texts.push(format!("{value:e}"));
            texts.push(format!("{:.*e}z", (random.next() % 25) as usize, value));
            texts.push(format!(
                "0x{:x}.{:x}p{}",
                random.next() % 50,
                random.next(),
                random.next() as i8
            ));
        }
        let list: String =
            texts.iter().map(|text| glibc::literal(text.as_bytes()) + ",\n").collect();
        let source = format!(
            "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <errno.h>\n\
             static const char *texts[] = {{ {list} }};\n\
             int main(void) {{ for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {{\n\
             char *end; unsigned long long bits; unsigned int bits32;\n\
             errno = 0; double d = strtod(texts[i], &end); memcpy(&bits, &d, 8);\n\
             printf(\"%llx %d %d \", d != d ? 1 : bits, (int)(end - texts[i]), errno == ERANGE);\n\
             errno = 0; float f = strtof(texts[i], &end); memcpy(&bits32, &f, 4);\n\
             printf(\"%x %d %d\\n\", f != f ? 1 : bits32, (int)(end - texts[i]), errno == ERANGE);\n\
             }} return 0; }}\n"
        );
        let Some(real) = glibc::run(&source) else { return };
        let real = String::from_utf8(real).expect("numbers");
        let mut wrong = Vec::new();
        for (text, real) in texts.iter().zip(real.lines()) {
            let (d, f) = (parse::<f64>(text.as_bytes()), parse::<f32>(text.as_bytes()));
            let bits = if d.value.is_nan() { 1 } else { d.value.to_bits() };
            let bits32 = if f.value.is_nan() { 1 } else { f.value.to_bits() };
            let (range, range32) = (i32::from(d.range), i32::from(f.range));
            let ours = format!("{bits:x} {} {range} {bits32:x} {} {range32}", d.len, f.len);
            if ours != real {
                wrong.push(format!("{text:?}: ours {ours}, real {real}"));
            }
        }
        assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    }
}
