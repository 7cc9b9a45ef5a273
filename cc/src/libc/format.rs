//! `printf(3)`'s formats: cut into literal runs and conversions, each with its flags, width,
//! precision, length and position. What they print is `printf`'s.

#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(super) struct Flags {
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) space: bool,
    pub(super) alt: bool,
    pub(super) zero: bool,
    pub(super) group: bool,
    pub(super) i18n: bool,
}

/// A number in the format, `*`, or `*n$`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Count {
    None,
    Is(i64),
    Next,
    Position(usize),
}

/// Length modifiers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Length {
    Char,
    Short,
    Int,
    Long,
    LongLong,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Spec {
    pub(super) flags: Flags,
    pub(super) width: Count,
    pub(super) precision: Count,
    pub(super) length: Length,
    pub(super) conversion: u8,
    /// `%n$`.
    pub(super) position: Option<usize>,
}

/// A literal run or a conversion.
pub(super) enum Part<'a> {
    Literal(&'a [u8]),
    Spec(Spec),
}

/// The parts of a format, and whether it ends in the middle of a conversion.
pub(super) fn parse(fmt: &[u8], long_size: u32) -> (Vec<Part<'_>>, bool) {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < fmt.len() {
        let run = fmt[at..].iter().position(|byte| *byte == b'%').unwrap_or(fmt.len() - at);
        if run > 0 {
            parts.push(Part::Literal(&fmt[at..at + run]));
            at += run;
            continue;
        }
        match parse_spec(&fmt[at + 1..], long_size) {
            Some((spec, len)) => {
                parts.push(Part::Spec(spec));
                at += 1 + len;
            }
            None => return (parts, true),
        }
    }
    (parts, false)
}

/// Parses what follows `%`; `None` if the format ends before the conversion.
fn parse_spec(text: &[u8], long_size: u32) -> Option<(Spec, usize)> {
    let mut at = 0;
    let mut position = None;
    if let Some((number, len)) = number(text)
        && text.get(len) == Some(&b'$')
        && number > 0
    {
        position = Some(number as usize - 1);
        at = len + 1;
    }
    let mut flags = Flags::default();
    loop {
        match text.get(at)? {
            b'-' => flags.minus = true,
            b'+' => flags.plus = true,
            b' ' => flags.space = true,
            b'#' => flags.alt = true,
            b'0' => flags.zero = true,
            b'\'' => flags.group = true,
            b'I' if long_size == 8 => flags.i18n = true,
            _ => break,
        }
        at += 1;
    }
    let (width, len) = count(&text[at..]);
    at += len;
    let mut precision = Count::None;
    if *text.get(at)? == b'.' {
        let (given, len) = count(&text[at + 1..]);
        precision = if given == Count::None { Count::Is(0) } else { given };
        at += 1 + len;
        // A negative number after the point is no number: glibc reads the `-` as a conversion.
    }
    let (length, len) = length(&text[at..], long_size);
    at += len;
    let conversion = *text.get(at)?;
    Some((Spec { flags, width, precision, length, conversion, position }, at + 1))
}

fn number(text: &[u8]) -> Option<(i64, usize)> {
    let len = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = text[..len].iter();
    let value = digits.fold(0i64, |sum, d| (sum * 10 + i64::from(d - b'0')).min(1 << 32));
    (len > 0).then_some((value, len))
}

fn count(text: &[u8]) -> (Count, usize) {
    if text.first() == Some(&b'*') {
        return match number(&text[1..]) {
            Some((number, len)) if text.get(1 + len) == Some(&b'$') && number > 0 => {
                (Count::Position(number as usize - 1), len + 2)
            }
            _ => (Count::Next, 1),
        };
    }
    number(text).map_or((Count::None, 0), |(value, len)| (Count::Is(value), len))
}

fn length(text: &[u8], long_size: u32) -> (Length, usize) {
    match text {
        [b'h', b'h', ..] => (Length::Char, 2),
        [b'h', ..] => (Length::Short, 1),
        [b'l', b'l', ..] => (Length::LongLong, 2),
        [b'l', ..] => (Length::Long, 1),
        [b'I', b'6', b'4', ..] if long_size == 4 => (Length::LongLong, 3),
        [b'I', b'3', b'2', ..] if long_size == 4 => (Length::Int, 3),
        [b'q' | b'L' | b'j' | b'z' | b'Z' | b't', ..] => (Length::LongLong, 1),
        _ => (Length::Int, 0),
    }
}
