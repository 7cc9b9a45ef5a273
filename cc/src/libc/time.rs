//! The calendar: `gmtime(3)`, `timegm(3)`, `strftime(3)` in the C locale. Time zones are C
//! (`cc/libc/zone.c`).
//!
//! Missing: `%E` and `%O` alternatives (the C locale has none).

/// `struct tm`, without the zone's name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Tm {
    pub(crate) sec: i32,
    pub(crate) min: i32,
    pub(crate) hour: i32,
    pub(crate) mday: i32,
    pub(crate) mon: i32,
    pub(crate) year: i32,
    pub(crate) wday: i32,
    pub(crate) yday: i32,
    pub(crate) isdst: i32,
    /// Seconds east of Greenwich.
    pub(crate) gmtoff: i64,
}

const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Days before each month of a common year.
const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days from 1970-01-01 to the first day of a year of the Gregorian calendar.
fn days_before_year(year: i64) -> i64 {
    let past = year - 1;
    365 * (year - 1970) + past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400) - 477
}

/// `gmtime(3)`; `None` where the year does not fit (`EOVERFLOW`).
pub(crate) fn gmtime(time: i64) -> Option<Tm> {
    let (days, second) = (time.div_euclid(86_400), time.rem_euclid(86_400));
    // An estimate (146097 days are 400 years), then at most a step or two.
    let mut year = 1970 + (days as i128 * 400 / 146_097) as i64;
    while days_before_year(year) > days {
        year -= 1;
    }
    while days_before_year(year + 1) <= days {
        year += 1;
    }
    let yday = days - days_before_year(year);
    let start = |month: usize| BEFORE[month] + i64::from(month > 1 && is_leap(year));
    let mon = (0..12).rev().find(|month| start(*month) <= yday).unwrap_or(0);
    Some(Tm {
        sec: (second % 60) as i32,
        min: (second / 60 % 60) as i32,
        hour: (second / 3600) as i32,
        mday: (yday - start(mon) + 1) as i32,
        mon: mon as i32,
        year: i32::try_from(year - 1900).ok()?,
        wday: (days + 4).rem_euclid(7) as i32,
        yday: yday as i32,
        isdst: 0,
        gmtoff: 0,
    })
}

/// `timegm(3)`, `mktime(3)`: fields may be out of range and are put right by the caller with
/// [`gmtime`] of the result.
pub(crate) fn timegm(tm: &Tm) -> i64 {
    let months = i64::from(tm.year) * 12 + i64::from(tm.mon);
    let (year, month) = (1900 + months.div_euclid(12), months.rem_euclid(12) as usize);
    let leap = i64::from(month > 1 && is_leap(year));
    let days = days_before_year(year) + BEFORE[month] + leap + i64::from(tm.mday) - 1;
    ((days * 24 + i64::from(tm.hour)) * 60 + i64::from(tm.min)) * 60 + i64::from(tm.sec)
}

/// How `%-d`, `%_d`, `%05d`, `%^a` change a field.
#[derive(Clone, Copy, Default)]
struct Field {
    pad: Option<u8>,
    upper: bool,
    swap: bool,
    width: Option<usize>,
}

/// `strftime(3)`, of any length; the caller looks whether it fits. `zone` is `tm_zone`.
pub(crate) fn strftime(fmt: &[u8], tm: &Tm, zone: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < fmt.len() {
        if fmt[at] != b'%' {
            out.push(fmt[at]);
            at += 1;
            continue;
        }
        let start = at;
        at += 1;
        let mut field = Field::default();
        while let Some(flag) = fmt.get(at) {
            match flag {
                b'_' | b'-' | b'0' => field.pad = Some(*flag),
                b'^' => field.upper = true,
                b'#' => field.swap = true,
                _ => break,
            }
            at += 1;
        }
        let digits = fmt[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 {
            let text = fmt[at..at + digits].iter();
            let width = text.fold(0, |sum: usize, d| (sum * 10 + usize::from(d - b'0')).min(4096));
            field.width = Some(width);
            at += digits;
        }
        while matches!(fmt.get(at), Some(b'E' | b'O')) {
            at += 1;
        }
        match fmt.get(at) {
            Some(conversion) => {
                if !convert(*conversion, field, tm, zone, &mut out) {
                    out.extend(&fmt[start..=at]);
                }
                at += 1;
            }
            // The format ends inside a conversion: glibc prints the `%` and what follows.
            None => out.extend(&fmt[start..]),
        }
    }
    out
}

fn text(word: &str, field: Field, out: &mut Vec<u8>) {
    let word = if field.upper { word.to_uppercase() } else { word.to_owned() };
    let fill = if field.pad == Some(b'0') { b'0' } else { b' ' };
    let room = if field.pad == Some(b'-') { 0 } else { field.width.unwrap_or(0) };
    out.resize(out.len() + room.saturating_sub(word.len()), fill);
    out.extend(word.bytes());
}

fn number(value: i64, digits: usize, fill: u8, field: Field, out: &mut Vec<u8>) {
    // `-` takes away the digits' own room, not a width that was asked for.
    let (fill, digits) = match field.pad {
        Some(b'_') => (b' ', digits),
        Some(b'-') => (b' ', 0),
        Some(_) => (b'0', digits),
        None => (fill, digits),
    };
    let body = value.unsigned_abs().to_string();
    let sign = usize::from(value < 0);
    let pad = field.width.unwrap_or(digits).saturating_sub(body.len() + sign);
    if fill == b' ' {
        out.resize(out.len() + pad, b' ');
    }
    if value < 0 {
        out.push(b'-');
    }
    if fill == b'0' {
        out.resize(out.len() + pad, b'0');
    }
    out.extend(body.bytes());
}

/// ISO 8601 week and its year, from `tm_year`, `tm_yday`, `tm_wday`.
fn iso_week(tm: &Tm) -> (i64, i64) {
    let year = i64::from(tm.year) + 1900;
    let length = |year: i64| if is_leap(year) { 366 } else { 365 };
    let since = |yday: i64| {
        // yday of the Monday of week 1 is the one in -3..=3.
        let wday = (i64::from(tm.wday) + 6) % 7; // Monday is 0
        let monday = yday - wday;
        let first = (monday + 3).rem_euclid(7) - 3;
        monday - first
    };
    let yday = i64::from(tm.yday);
    let week = since(yday);
    if week < 0 {
        return (since(yday + length(year - 1)) / 7 + 1, year - 1);
    }
    let next = since(yday - length(year));
    if next >= 0 { (next / 7 + 1, year + 1) } else { (week / 7 + 1, year) }
}

/// Prints one conversion; `false` if there is none of that letter.
fn convert(conversion: u8, field: Field, tm: &Tm, zone: &str, out: &mut Vec<u8>) -> bool {
    let n = |value: i32, digits: usize, fill: u8, out: &mut Vec<u8>| {
        number(i64::from(value), digits, fill, field, out);
    };
    let name = |list: &[&str], at: i32| match usize::try_from(at).ok().and_then(|at| list.get(at)) {
        Some(name) => (*name).to_owned(),
        None => "?".to_owned(),
    };
    let short = |name: String| name.chars().take(3).collect::<String>();
    let hour12 = if tm.hour % 12 == 0 { 12 } else { tm.hour % 12 };
    let year = i64::from(tm.year) + 1900;
    let compound = |fmt: &[u8], out: &mut Vec<u8>| {
        let inner = String::from_utf8_lossy(&strftime(fmt, tm, zone)).into_owned();
        text(&inner, field, out);
    };
    let names = Field { upper: field.upper || field.swap, ..field };
    match conversion {
        b'a' => text(&short(name(&DAYS, tm.wday)), names, out),
        b'A' => text(&name(&DAYS, tm.wday), names, out),
        b'b' | b'h' => text(&short(name(&MONTHS, tm.mon)), names, out),
        b'B' => text(&name(&MONTHS, tm.mon), names, out),
        b'c' => compound(b"%a %b %e %H:%M:%S %Y", out),
        b'C' => number(year.div_euclid(100), 1, b'0', field, out),
        b'd' => n(tm.mday, 2, b'0', out),
        b'D' | b'x' => compound(b"%m/%d/%y", out),
        b'e' => n(tm.mday, 2, b' ', out),
        b'F' => compound(b"%Y-%m-%d", out),
        b'g' => number(iso_week(tm).1.rem_euclid(100), 2, b'0', field, out),
        b'G' => number(iso_week(tm).1, 1, b'0', field, out),
        b'H' => n(tm.hour, 2, b'0', out),
        b'I' => n(hour12, 2, b'0', out),
        b'j' => n(tm.yday + 1, 3, b'0', out),
        b'k' => n(tm.hour, 2, b' ', out),
        b'l' => n(hour12, 2, b' ', out),
        b'm' => n(tm.mon + 1, 2, b'0', out),
        b'M' => n(tm.min, 2, b'0', out),
        b'n' => text("\n", field, out),
        b'p' | b'P' => {
            let word = if tm.hour > 11 { "PM" } else { "AM" };
            let lower = conversion == b'P' || field.swap;
            let word = if lower { word.to_lowercase() } else { word.to_owned() };
            text(&word, field, out);
        }
        b'r' => compound(b"%I:%M:%S %p", out),
        b'R' => compound(b"%H:%M", out),
        b's' => number(timegm(tm) - tm.gmtoff, 1, b'0', field, out),
        b'S' => n(tm.sec, 2, b'0', out),
        b't' => text("\t", field, out),
        b'T' | b'X' => compound(b"%H:%M:%S", out),
        b'u' => n((tm.wday + 6).rem_euclid(7) + 1, 1, b'0', out),
        b'U' => n((tm.yday - tm.wday + 7) / 7, 2, b'0', out),
        b'V' => number(iso_week(tm).0, 2, b'0', field, out),
        b'w' => n(tm.wday, 1, b'0', out),
        b'W' => n((tm.yday - (tm.wday + 6) % 7 + 7) / 7, 2, b'0', out),
        b'y' => number(year.rem_euclid(100), 2, b'0', field, out),
        b'Y' => number(year, 1, b'0', field, out),
        b'z' => {
            let (sign, minutes) = (if tm.gmtoff < 0 { '-' } else { '+' }, tm.gmtoff.abs() / 60);
            out.extend(format!("{sign}{:02}{:02}", minutes / 60, minutes % 60).bytes());
        }
        b'Z' => {
            let zone = if field.swap { zone.to_lowercase() } else { zone.to_owned() };
            text(&zone, field, out);
        }
        b'%' => text("%", field, out),
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::libc::glibc::{self, Random};

    #[test]
    fn the_calendar_is_glibcs() {
        let mut random = Random(5);
        let mut times = vec![
            0,
            1,
            -1,
            86_399,
            86_400,
            951_782_400,
            1_709_164_800,
            -2_208_988_800,
            253_402_300_799,
        ];
        for _ in 0..300 {
            times.push((random.next() >> 24) as i64 - (1 << 39));
            times.push((random.next() >> 33) as i64);
        }
        let conversions = "aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%QfE";
        let mut fmt: String = conversions.chars().map(|c| format!("%{c}|")).collect();
        fmt += "%-d|%_m|%03H|%^a|%#Z|%10Y|%-5j|%_5S|%^B|%#p|%12A|%012b|%Ey|%Od|%+4Y|%010d|%-e|";
        let list: String = times.iter().map(|time| format!("{time}LL,\n")).collect();
        let source = format!(
            "#define _GNU_SOURCE\n#include <stdio.h>\n#include <time.h>\n#include <stdlib.h>\nstatic const long t[] = {{ {list} }};\n\
             int main(void) {{ setenv(\"TZ\", \"UTC0\", 1); for (unsigned i = 0; i < sizeof t / sizeof *t; i++) {{\n\
             struct tm *m = gmtime(&t[i]); char s[2000]; strftime(s, sizeof s, {}, m);\n\
             struct tm odd = *m; odd.tm_mon += 17; odd.tm_mday -= 40; odd.tm_sec += 100000; \n\
             printf(\"%d %d %d %d %d %d %d %d %ld %s\\001\", m->tm_sec, m->tm_min, m->tm_hour, m->tm_mday,\
             m->tm_mon, m->tm_year, m->tm_wday, m->tm_yday, timegm(&odd), s); }} return 0; }}\n",
            glibc::literal(fmt.as_bytes())
        );
        let Some(real) = glibc::run(&source) else { return };
        let real = String::from_utf8(real).expect("text");
        let mut wrong = Vec::new();
        for (time, real) in times.iter().zip(real.split('\u{1}')) {
            let tm = gmtime(*time).expect("the year fits");
            assert_eq!(timegm(&tm), *time);
            let odd = Tm { mon: tm.mon + 17, mday: tm.mday - 40, sec: tm.sec + 100_000, ..tm };
            let ours = format!(
                "{} {} {} {} {} {} {} {} {} {}",
                tm.sec,
                tm.min,
                tm.hour,
                tm.mday,
                tm.mon,
                tm.year,
                tm.wday,
                tm.yday,
                timegm(&odd),
                String::from_utf8_lossy(&strftime(fmt.as_bytes(), &tm, "GMT"))
            );
            if ours != real {
                wrong.push(format!("{time}:\n ours {ours:?}\n real {real:?}"));
            }
        }
        assert!(
            wrong.is_empty(),
            "{} wrong\n{}",
            wrong.len(),
            wrong[..wrong.len().min(3)].join("\n")
        );
    }
}
