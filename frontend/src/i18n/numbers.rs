//! Times, rates and parts as people write them, in the language's way.

use abi::Lang;

/// A time for people: `0,153 s`, `50 ms`, `12 µs`.
pub(crate) fn duration(lang: Lang, ns: u64) -> String {
    let (value, unit) = match ns {
        0..1_000 => return format!("{ns} ns"),
        1_000..1_000_000 => (ns as f64 / 1e3, "µs"),
        1_000_000..1_000_000_000 => (ns as f64 / 1e6, "ms"),
        _ => (ns as f64 / 1e9, "s"),
    };
    let digits = if value < 10.0 {
        2
    } else if value < 100.0 {
        1
    } else {
        0
    };
    number(lang, &format!("{value:.digits$} {unit}"))
}

/// Bytes of a program as text that only shows: what would move the cursor or change direction is
/// drawn as a sign.
pub(crate) fn printable(bytes: &[u8]) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => c,
        '\r' => '␍',
        '\0'..='\x1f' => char::from_u32(0x2400 + c as u32).unwrap_or('�'),
        '\x7f' => '␡',
        '\u{80}'..='\u{9f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => '�',
        other => other,
    };
    String::from_utf8_lossy(bytes).chars().map(shown).collect()
}

/// A moment on the simulated clock, in seconds with microseconds.
pub(crate) fn moment(lang: Lang, ns: u64) -> String {
    number(lang, &format!("{:.6} s", ns as f64 / 1e9))
}

/// A moment for tables and diagrams: milliseconds with microseconds.
pub(crate) fn clock(lang: Lang, ns: u64) -> String {
    number(lang, &format!("{:.3} ms", ns as f64 / 1e6))
}

/// A number's text with the language's decimal separator.
pub(crate) fn number(lang: Lang, text: &str) -> String {
    match lang {
        Lang::PtBr => text.replace('.', ","),
        Lang::En => text.to_owned(),
    }
}

/// A part as a percentage: `2,5 %`.
pub(crate) fn percent(lang: Lang, part: f64) -> String {
    number(lang, &format!("{} %", (part * 1e4).round() / 100.0))
}

/// A rate: `10 Mbit/s`.
pub(crate) fn rate(lang: Lang, bps: u64) -> String {
    let (value, unit) = match bps {
        0..1_000 => (bps as f64, "bit/s"),
        1_000..1_000_000 => (bps as f64 / 1e3, "kbit/s"),
        1_000_000..1_000_000_000 => (bps as f64 / 1e6, "Mbit/s"),
        _ => (bps as f64 / 1e9, "Gbit/s"),
    };
    number(lang, &format!("{} {unit}", (value * 100.0).round() / 100.0))
}
