//! The leaves of libc that are Rust: bytes and strings, numbers as text, the calendar, addresses,
//! mathematics, and the few atomic operations that locks are made of.

use super::{float, inet, printf, time};
use crate::fault::FaultKind;
use crate::intrinsics::{Env, Intrinsic, Run, Trap, VA_RECORD, VaWant};
use crate::program::Target;
use abi::Errno;

type Function = fn(&mut Env<'_>, &[u64]) -> Result<u64, Trap>;

const fn pure(decl: &'static str, run: Function) -> Intrinsic {
    Intrinsic { decl, run: Run::Pure(run) }
}

// ---- bytes and strings

/// The index of the first byte that satisfies `stop`, looking no further than `max`.
fn find(env: &Env<'_>, at: u64, max: u64, stop: impl Fn(u8) -> bool) -> Result<Option<u64>, Trap> {
    for offset in 0..max {
        if stop(env.u8(at.wrapping_add(offset))?) {
            return Ok(Some(offset));
        }
    }
    Ok(None)
}

fn strlen(env: &Env<'_>, at: u64) -> Result<u64, Trap> {
    Ok(find(env, at, u64::MAX, |byte| byte == 0)?.unwrap_or(0))
}

/// Compares up to `max` bytes, stopping after a NUL if `strings`; `fold` maps each byte.
fn compare(
    env: &Env<'_>,
    a: u64,
    b: u64,
    max: u64,
    strings: bool,
    fold: fn(u8) -> u8,
) -> Result<u64, Trap> {
    for offset in 0..max {
        let (x, y) = (env.u8(a.wrapping_add(offset))?, env.u8(b.wrapping_add(offset))?);
        if fold(x) != fold(y) {
            let difference = i64::from(fold(x)) - i64::from(fold(y));
            return Ok(difference as u64);
        }
        if strings && x == 0 {
            break;
        }
    }
    Ok(0)
}

fn same(byte: u8) -> u8 {
    byte
}

fn lower(byte: u8) -> u8 {
    byte.to_ascii_lowercase()
}

/// Whether two ranges share a byte: `memcpy` and `strcpy` must not be asked for that.
fn no_overlap(name: &str, to: u64, from: u64, len: u64) -> Result<(), Trap> {
    let apart = to.abs_diff(from) >= len;
    match apart || to == from {
        true => Ok(()),
        false => Err(FaultKind::Overlap { function: name.to_owned() }.into()),
    }
}

/// Copies a string (with its NUL) of `len` bytes to `to`.
fn copy_string(env: &mut Env<'_>, name: &str, to: u64, from: u64, len: u64) -> Result<(), Trap> {
    no_overlap(name, to, from, len + 1)?;
    env.copy(to, from, len)?;
    env.write(to + len, &[0])
}

static STRINGS: &[Intrinsic] = &[
    pure("void *__libc_memcpy(void *to, const void *from, unsigned long long len)", |env, a| {
        no_overlap("memcpy", a[0], a[1], a[2])?;
        env.copy(a[0], a[1], a[2])?;
        Ok(a[0])
    }),
    pure("void *__libc_memset(void *at, int byte, unsigned long long len)", |env, a| {
        // In steps, so that a wrong length faults before it takes memory.
        let (mut at, mut left) = (a[0], a[2]);
        while left > 0 {
            let now = left.min(4096);
            env.write(at, &vec![a[1] as u8; now as usize])?;
            at = at.wrapping_add(now);
            left -= now;
        }
        Ok(a[0])
    }),
    pure("int __libc_memcmp(const void *a, const void *b, unsigned long long len)", |env, a| {
        compare(env, a[0], a[1], a[2], false, same)
    }),
    pure("void *__libc_memchr(const void *at, int byte, unsigned long long len)", |env, a| {
        let found = find(env, a[0], a[2], |byte| byte == a[1] as u8)?;
        Ok(found.map_or(0, |offset| a[0] + offset))
    }),
    pure("unsigned long long __libc_strlen(const char *at)", |env, a| strlen(env, a[0])),
    pure("unsigned long long __libc_strnlen(const char *at, unsigned long long max)", |env, a| {
        Ok(find(env, a[0], a[1], |byte| byte == 0)?.unwrap_or(a[1]))
    }),
    pure("int __libc_strcmp(const char *a, const char *b)", |env, a| {
        compare(env, a[0], a[1], u64::MAX, true, same)
    }),
    pure("int __libc_strncmp(const char *a, const char *b, unsigned long long max)", |env, a| {
        compare(env, a[0], a[1], a[2], true, same)
    }),
    pure(
        "int __libc_strncasecmp(const char *a, const char *b, unsigned long long max)",
        |env, a| compare(env, a[0], a[1], a[2], true, lower),
    ),
    pure("char *__libc_strcpy(char *to, const char *from)", |env, a| {
        let len = strlen(env, a[1])?;
        copy_string(env, "strcpy", a[0], a[1], len)?;
        Ok(a[0])
    }),
    pure("char *__libc_strncpy(char *to, const char *from, unsigned long long max)", |env, a| {
        let len = find(env, a[1], a[2], |byte| byte == 0)?.unwrap_or(a[2]);
        no_overlap("strncpy", a[0], a[1], len)?;
        env.copy(a[0], a[1], len)?;
        let (mut at, mut left) = (a[0] + len, a[2] - len);
        while left > 0 {
            let now = left.min(4096);
            env.write(at, &vec![0; now as usize])?;
            (at, left) = (at + now, left - now);
        }
        Ok(a[0])
    }),
    pure("char *__libc_strcat(char *to, const char *from)", |env, a| {
        let (end, len) = (strlen(env, a[0])?, strlen(env, a[1])?);
        copy_string(env, "strcat", a[0] + end, a[1], len)?;
        Ok(a[0])
    }),
    pure("char *__libc_strncat(char *to, const char *from, unsigned long long max)", |env, a| {
        let end = strlen(env, a[0])?;
        let len = find(env, a[1], a[2], |byte| byte == 0)?.unwrap_or(a[2]);
        copy_string(env, "strncat", a[0] + end, a[1], len)?;
        Ok(a[0])
    }),
    pure("char *__libc_strchr(const char *at, int byte)", |env, a| {
        let wanted = a[1] as u8;
        let offset = find(env, a[0], u64::MAX, |byte| byte == wanted || byte == 0)?.unwrap_or(0);
        Ok(if env.u8(a[0] + offset)? == wanted { a[0] + offset } else { 0 })
    }),
    pure("char *__libc_strrchr(const char *at, int byte)", |env, a| {
        let len = strlen(env, a[0])?;
        for offset in (0..=len).rev() {
            if env.u8(a[0] + offset)? == a[1] as u8 {
                return Ok(a[0] + offset);
            }
        }
        Ok(0)
    }),
    pure("char *__libc_strstr(const char *haystack, const char *needle, int fold)", |env, a| {
        let (mut hay, mut needle) = (env.cstr(a[0])?, env.cstr(a[1])?);
        if a[2] != 0 {
            hay.make_ascii_lowercase();
            needle.make_ascii_lowercase();
        }
        let found = hay.windows(needle.len().max(1)).position(|part| part == needle);
        let found = if needle.is_empty() { Some(0) } else { found };
        Ok(found.map_or(0, |offset| a[0] + offset as u64))
    }),
    pure(
        "unsigned long long __libc_strspn(const char *at, const char *set, int complement)",
        |env, a| {
            let set = env.cstr(a[1])?;
            let stop = |byte: u8| byte == 0 || (set.contains(&byte) == (a[2] != 0));
            Ok(find(env, a[0], u64::MAX, stop)?.unwrap_or(0))
        },
    ),
];

// ---- printf

/// `printf`'s arguments and strings in the machine.
struct Arguments<'e, 'a> {
    env: &'e mut Env<'a>,
    /// The `va_list`.
    ap: u64,
    characters: printf::Characters,
}

impl printf::Source for Arguments<'_, '_> {
    type Error = Trap;
    fn int(&mut self) -> Result<u64, Trap> {
        self.env.va_arg(self.ap, VaWant::Int)
    }
    fn double(&mut self) -> Result<f64, Trap> {
        self.env.va_arg(self.ap, VaWant::Double).map(f64::from_bits)
    }
    fn pointer(&mut self) -> Result<u64, Trap> {
        self.env.va_arg(self.ap, VaWant::Pointer)
    }
    fn cstr(&mut self, at: u64, max: u64) -> Result<Vec<u8>, Trap> {
        self.env.cstr_max(at, max)
    }
    fn wide(&mut self, at: u64, max: u64) -> Result<Vec<u32>, Trap> {
        let mut units = Vec::new();
        let step = if self.long_size() == 8 { 4 } else { 2 };
        while (units.len() as u64) < max {
            let unit = self.env.read(at + step * units.len() as u64, step)?;
            match unit.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte)) {
                0 => break,
                unit => units.push(unit),
            }
        }
        Ok(units)
    }
    fn store(&mut self, at: u64, size: u32, value: i64) -> Result<(), Trap> {
        self.env.write(at, &value.to_le_bytes()[..size as usize])
    }
    fn errno(&mut self) -> Result<Errno, Trap> {
        Ok(Errno(self.env.u32(self.env.errno_at)? as i32))
    }
    fn too_long(&mut self) -> Trap {
        let what = "printf: output of more than 64 MiB".to_owned();
        FaultKind::Unsupported { what }.into()
    }
    fn characters(&self) -> printf::Characters {
        self.characters
    }
    fn long_size(&self) -> u32 {
        match self.env.program.target {
            Target::Linux => 8,
            Target::Windows => 4,
        }
    }
}

/// Formats and stores `min(length, size)` bytes, and where the stream must look for newlines:
/// `ends[0]` pieces, ending at `ends[1]` and so on. Pieces before one with a newline are joined
/// to it, because a line-buffered stream treats them alike once it has a buffer.
fn format(env: &mut Env<'_>, a: &[u64]) -> Result<u64, Trap> {
    let fmt = env.cstr(a[4])?;
    let characters = printf::Characters { utf8: a[6] & 1 != 0, wide: a[6] & 2 != 0 };
    let out = printf::format(&fmt, &mut Arguments { env: &mut *env, ap: a[5], characters })?;
    let (room, ends_room) = (a[1], a[3].saturating_sub(2) as usize);
    env.write(a[0], &out.bytes[..out.bytes.len().min(room as usize)])?;
    if a[2] != 0 {
        let mut ends: Vec<u32> = Vec::new();
        let mut start = 0;
        for end in &out.ends {
            let apart = a[6] & 4 != 0 && ends.is_empty() && start < *end;
            if ends.len() < ends_room && (apart || out.bytes[start..*end].contains(&b'\n')) {
                ends.push(*end as u32);
                start = *end;
            }
        }
        if start < out.bytes.len() {
            ends.push(out.bytes.len() as u32);
        }
        ends.insert(0, ends.len() as u32);
        let bytes: Vec<u8> = ends.iter().flat_map(|end| end.to_le_bytes()).collect();
        env.write(a[2], &bytes)?;
    }
    if let Some(errno) = out.failed {
        env.set_errno(errno);
        return Ok(-1i64 as u64);
    }
    Ok(out.bytes.len() as u64)
}

// ---- numbers as text

/// What `strtol(3)` and its kin return at their limits.
#[derive(Clone, Copy)]
struct Range {
    min: i128,
    max: i128,
}

fn range(kind: u64) -> Range {
    match kind {
        0 => Range { min: i64::MIN.into(), max: i64::MAX.into() },
        1 => Range { min: -i128::from(u64::MAX), max: u64::MAX.into() },
        2 => Range { min: i32::MIN.into(), max: i32::MAX.into() },
        _ => Range { min: -i128::from(u32::MAX), max: u32::MAX.into() },
    }
}

/// `strtol(3)`: `(string, end, base, kind)`.
fn strtol(env: &mut Env<'_>, a: &[u64]) -> Result<u64, Trap> {
    let base = a[2] as i32;
    let end = |env: &mut Env<'_>, offset: u64| match a[1] {
        0 => Ok(()),
        at => env.write(at, &(a[0] + offset).to_le_bytes()),
    };
    if base == 1 || !(0..=36).contains(&base) {
        env.set_errno(Errno::EINVAL);
        return Ok(0);
    }
    let mut at = find(env, a[0], u64::MAX, |byte| !float::is_space(byte))?.unwrap_or(0);
    let peek = |offset: u64| env.u8(a[0] + offset);
    let sign = peek(at)?;
    if sign == b'-' || sign == b'+' {
        at += 1;
    }
    let mut base = base as u32;
    if peek(at)? == b'0' && (base == 0 || base == 16) {
        if peek(at + 1)? | 0x20 == b'x' && peek(at + 2)?.is_ascii_hexdigit() {
            base = 16;
            at += 2;
        } else if base == 0 {
            base = 8;
        }
    } else if base == 0 {
        base = 10;
    }
    let (first, mut value) = (at, 0i128);
    while let Some(digit) = (peek(at)? as char).to_digit(base) {
        value = (value * i128::from(base) + i128::from(digit)).min(1 << 70);
        at += 1;
    }
    if at == first {
        end(env, 0)?;
        return Ok(0);
    }
    end(env, at)?;
    let Range { min, max } = range(a[3]);
    let value = if sign == b'-' { -value } else { value };
    let unsigned = a[3] & 1 == 1;
    if value < min || value > max {
        env.set_errno(Errno::ERANGE);
        // The unsigned kinds have one limit, whatever the sign.
        return Ok(if value < min && !unsigned { min as u64 } else { max as u64 });
    }
    Ok(value as i64 as u64)
}

/// `strtod(3)` of the string at `a[0]`; the bits of a double (`strtof`'s value widened).
fn strtod(env: &mut Env<'_>, a: &[u64], single: bool) -> Result<u64, Trap> {
    let text = env.cstr(a[0])?;
    let (value, len, range) = match single {
        true => {
            let parsed = float::parse::<f32>(&text);
            (f64::from(parsed.value), parsed.len, parsed.range)
        }
        false => {
            let parsed = float::parse::<f64>(&text);
            (parsed.value, parsed.len, parsed.range)
        }
    };
    if range {
        env.set_errno(Errno::ERANGE);
    }
    if a[1] != 0 {
        env.write(a[1], &(a[0] + len as u64).to_le_bytes())?;
    }
    Ok(value.to_bits())
}

/// A character beyond ASCII: whether it is of a kind of `wctype.h` (its letter stands in
/// `cc/libc/locale.c`), or what it is in the other case.
fn unicode(code: u32, kind: u8) -> u32 {
    let Some(c) = char::from_u32(code) else { return if kind < b'a' { code } else { 0 } };
    let letter = c.is_alphabetic() || c.is_numeric();
    let is = match kind {
        b'L' => return only(c.to_lowercase()).unwrap_or(code),
        b'U' => return only(c.to_uppercase()).unwrap_or(code),
        b'n' | b'a' => letter,
        b'b' | b's' => c.is_whitespace() && c != '\u{a0}' && c != '\u{85}',
        b'c' => c.is_control(),
        b'l' => c.is_lowercase(),
        b'u' => c.is_uppercase(),
        b'p' => !c.is_control(),
        b'g' => !c.is_control() && !c.is_whitespace(),
        _ => !c.is_control() && !c.is_whitespace() && !letter,
    };
    u32::from(is)
}

/// The character, if there is one only.
fn only(mut case: impl Iterator<Item = char>) -> Option<u32> {
    case.next().filter(|_| case.next().is_none()).map(u32::from)
}

static NUMBERS: &[Intrinsic] = &[
    pure("unsigned int __libc_unicode(unsigned int c, int kind)", |_, a| {
        Ok(u64::from(unicode(a[0] as u32, a[1] as u8)))
    }),
    pure(
        "int __libc_format(char *buf, unsigned long long size, int *ends, int ends_size, \
         const char *fmt, __builtin_va_list ap, int how)",
        format,
    ),
    pure("int __libc_va_left(__builtin_va_list ap)", |env, a| env.u64(a[0] + 8)),
    // `semctl`'s last argument: a union, or what a program passes instead of one.
    pure("long long __libc_semun(__builtin_va_list ap)", |env, a| {
        let (next, left) = (env.u64(a[0])?, env.u64(a[0] + 8)?);
        if left == 0 {
            return Err(FaultKind::VaArgMissing { index: 1 }.into());
        }
        let (tag, value) = (env.u64(next)?, env.u64(next + 8)?);
        match tag == VA_RECORD + 8 {
            // A union of which perhaps only four bytes were set.
            true => {
                let bytes = env.read_raw(value, 8)?;
                Ok(u64::from_le_bytes(bytes.try_into().expect("eight bytes were read")))
            }
            false => Ok(value),
        }
    }),
    pure("long long __libc_strtol(const char *text, char **end, int base, int kind)", strtol),
    pure("double __libc_strtod(const char *text, char **end)", |env, a| strtod(env, a, false)),
    pure("double __libc_strtof(const char *text, char **end)", |env, a| strtod(env, a, true)),
];

// ---- the calendar

/// `struct tm`'s nine ints.
fn read_tm(env: &Env<'_>, at: u64) -> Result<time::Tm, Trap> {
    let field = |number: u64| env.u32(at + 4 * number).map(|word| word as i32);
    Ok(time::Tm {
        sec: field(0)?,
        min: field(1)?,
        hour: field(2)?,
        mday: field(3)?,
        mon: field(4)?,
        year: field(5)?,
        wday: field(6)?,
        yday: field(7)?,
        isdst: field(8)?,
        gmtoff: match env.program.target {
            // A program that fills the structure itself need not set it.
            Target::Linux => {
                let bytes = env.read_raw(at + 40, 8)?;
                bytes.try_into().map_or(0, i64::from_le_bytes)
            }
            Target::Windows => 0,
        },
    })
}

static CALENDAR: &[Intrinsic] = &[
    pure("int __libc_gmtime(long long time, void *tm)", |env, a| {
        let Some(tm) = time::gmtime(a[0] as i64) else {
            env.set_errno(Errno::EOVERFLOW);
            return Ok(-1i64 as u64);
        };
        let fields =
            [tm.sec, tm.min, tm.hour, tm.mday, tm.mon, tm.year, tm.wday, tm.yday, tm.isdst];
        let bytes: Vec<u8> = fields.iter().flat_map(|field| field.to_le_bytes()).collect();
        env.write(a[1], &bytes)?;
        Ok(0)
    }),
    pure("long long __libc_timegm(const void *tm)", |env, a| {
        // Only the fields that count: a program need not set tm_wday and tm_yday.
        let field = |number: u64| env.u32(a[0] + 4 * number).map(|word| word as i32);
        Ok(time::timegm(&time::Tm {
            sec: field(0)?,
            min: field(1)?,
            hour: field(2)?,
            mday: field(3)?,
            mon: field(4)?,
            year: field(5)?,
            ..time::Tm::default()
        }) as u64)
    }),
    pure(
        "unsigned long long __libc_strftime(char *to, unsigned long long size, const char *fmt, \
         const void *tm, const char *zone)",
        |env, a| {
            let (fmt, tm) = (env.cstr(a[2])?, read_tm(env, a[3])?);
            let zone = String::from_utf8_lossy(&env.cstr(a[4])?).into_owned();
            let mut text = time::strftime(&fmt, &tm, &zone);
            if text.len() as u64 >= a[1] {
                return Ok(0);
            }
            text.push(0);
            env.write(a[0], &text)?;
            Ok(text.len() as u64 - 1)
        },
    ),
];

// ---- addresses

static ADDRESSES: &[Intrinsic] = &[
    pure("int __libc_inet_aton(const char *text, unsigned int *addr)", |env, a| {
        let Some(addr) = inet::aton(&env.cstr(a[0])?) else { return Ok(0) };
        if a[1] != 0 {
            env.write(a[1], &addr.to_be_bytes())?;
        }
        Ok(1)
    }),
    pure("int __libc_inet_pton(int version, const char *text, void *addr)", |env, a| {
        let text = env.cstr(a[1])?;
        let octets = match a[0] {
            4 => inet::pton4(&text).map(Vec::from),
            _ => inet::pton6(&text).map(Vec::from),
        };
        match octets {
            Some(octets) => env.write(a[2], &octets).map(|()| 1),
            None => Ok(0),
        }
    }),
    pure("int __libc_inet_ntop(int version, const void *addr, char *text)", |env, a| {
        let octets = env.read(a[1], if a[0] == 4 { 4 } else { 16 })?;
        let text = match <[u8; 4]>::try_from(octets.as_slice()) {
            Ok(octets) => inet::ntop4(octets),
            Err(_) => inet::ntop6(octets.try_into().expect("sixteen bytes were read")),
        };
        env.write(a[2], &[text.as_bytes(), &[0]].concat())?;
        Ok(text.len() as u64)
    }),
];

// ---- mathematics

/// A function of one double.
macro_rules! of_one {
    ($name:literal, $function:expr) => {
        pure(concat!("double __libc_", $name, "(double x)"), |_, a| {
            let function: fn(f64) -> f64 = $function;
            Ok(function(f64::from_bits(a[0])).to_bits())
        })
    };
}

/// A function of two doubles.
macro_rules! of_two {
    ($name:literal, $function:expr) => {
        pure(concat!("double __libc_", $name, "(double x, double y)"), |_, a| {
            let function: fn(f64, f64) -> f64 = $function;
            Ok(function(f64::from_bits(a[0]), f64::from_bits(a[1])).to_bits())
        })
    };
}

// `libm` and not the platform's: the same bits natively and in wasm32.
static MATHEMATICS: &[Intrinsic] = &[
    of_one!("acos", libm::acos),
    of_one!("asin", libm::asin),
    of_one!("atan", libm::atan),
    of_one!("cos", libm::cos),
    of_one!("sin", libm::sin),
    of_one!("tan", libm::tan),
    of_one!("cosh", libm::cosh),
    of_one!("sinh", libm::sinh),
    of_one!("tanh", libm::tanh),
    of_one!("acosh", libm::acosh),
    of_one!("asinh", libm::asinh),
    of_one!("atanh", libm::atanh),
    of_one!("exp", libm::exp),
    of_one!("exp2", libm::exp2),
    of_one!("expm1", libm::expm1),
    of_one!("log", libm::log),
    of_one!("log10", libm::log10),
    of_one!("log1p", libm::log1p),
    of_one!("log2", libm::log2),
    of_one!("cbrt", libm::cbrt),
    of_one!("tgamma", libm::tgamma),
    of_one!("lgamma", libm::lgamma),
    of_one!("erf", libm::erf),
    of_one!("erfc", libm::erfc),
    of_one!("exp10", libm::exp10),
    of_one!("j0", libm::j0),
    of_one!("j1", libm::j1),
    of_one!("y0", libm::y0),
    of_one!("y1", libm::y1),
    of_one!("sqrt", libm::sqrt),
    of_one!("ceil", libm::ceil),
    of_one!("floor", libm::floor),
    of_one!("rint", libm::rint),
    of_one!("round", libm::round),
    of_one!("trunc", libm::trunc),
    of_two!("atan2", libm::atan2),
    of_two!("pow", libm::pow),
    of_two!("hypot", libm::hypot),
    of_two!("fmod", libm::fmod),
    of_two!("remainder", libm::remainder),
    of_two!("nextafter", libm::nextafter),
    of_two!("fmax", libm::fmax),
    of_two!("fmin", libm::fmin),
    pure("double __libc_fma(double x, double y, double z)", |_, a| {
        let [x, y, z] = [a[0], a[1], a[2]].map(f64::from_bits);
        Ok(libm::fma(x, y, z).to_bits())
    }),
    pure("double __libc_jn(int n, double x)", |_, a| {
        Ok(libm::jn(a[0] as i32, f64::from_bits(a[1])).to_bits())
    }),
    pure("double __libc_yn(int n, double x)", |_, a| {
        Ok(libm::yn(a[0] as i32, f64::from_bits(a[1])).to_bits())
    }),
    pure("double __libc_ldexp(double x, int exp)", |_, a| {
        Ok(libm::scalbn(f64::from_bits(a[0]), a[1] as i32).to_bits())
    }),
    pure("double __libc_frexp(double x, int *exp)", |env, a| {
        let (fraction, exponent) = libm::frexp(f64::from_bits(a[0]));
        env.write(a[1], &exponent.to_le_bytes())?;
        Ok(fraction.to_bits())
    }),
    pure("double __builtin_nan(const char *tag)", |_, _| Ok(f64::NAN.to_bits())),
    pure("double __builtin_inf(void)", |_, _| Ok(f64::INFINITY.to_bits())),
    pure("unsigned short __builtin_bswap16(unsigned short x)", |_, a| {
        Ok(u64::from((a[0] as u16).swap_bytes()))
    }),
    pure("unsigned int __builtin_bswap32(unsigned int x)", |_, a| {
        Ok(u64::from((a[0] as u32).swap_bytes()))
    }),
    pure(
        "unsigned long long __builtin_bswap64(unsigned long long x)",
        |_, a| Ok(a[0].swap_bytes()),
    ),
    pure("unsigned long long __libc_double_bits(double x)", |_, a| Ok(a[0])),
    pure("double __libc_bits_double(unsigned long long bits)", |_, a| Ok(a[0])),
];

// ---- atomic operations

static ATOMICS: &[Intrinsic] = &[
    pure("int __libc_tid(void)", |env, _| Ok(env.tid.0 as u64)),
    pure("int __libc_load(const void *word)", |env, a| Ok(u64::from(env.u32(a[0])?))),
    pure("void __libc_store(void *word, int value)", |env, a| {
        env.write(a[0], &(a[1] as u32).to_le_bytes()).map(|()| 0)
    }),
    pure("int __libc_add(void *word, int value)", |env, a| {
        let old = env.u32(a[0])?;
        env.write(a[0], &old.wrapping_add(a[1] as u32).to_le_bytes())?;
        Ok(u64::from(old))
    }),
    pure("int __libc_swap(void *word, int value)", |env, a| {
        let old = env.u32(a[0])?;
        env.write(a[0], &(a[1] as u32).to_le_bytes())?;
        Ok(u64::from(old))
    }),
    pure("int __libc_cas(void *word, int expected, int desired)", |env, a| {
        let old = env.u32(a[0])?;
        if old == a[1] as u32 {
            env.write(a[0], &(a[2] as u32).to_le_bytes())?;
        }
        Ok(u64::from(old))
    }),
    pure(
        "unsigned long long __libc_rmw(void *at, unsigned long long value, int work, int size)",
        |env, a| {
            let old = word(env, a[0], a[3])?;
            let new = match a[2] & 15 {
                0 => old,
                1 => a[1],
                2 => old.wrapping_add(a[1]),
                3 => old.wrapping_sub(a[1]),
                4 => old & a[1],
                5 => old | a[1],
                6 => old ^ a[1],
                _ => !(old & a[1]),
            };
            if a[2] & 15 != 0 {
                env.write(a[0], &new.to_le_bytes()[..a[3] as usize & 15])?;
            }
            Ok(if a[2] & 16 == 0 { old } else { new })
        },
    ),
    pure(
        "unsigned long long __libc_cas_value(void *at, unsigned long long expected, \
         unsigned long long desired, int size, int says_old)",
        |env, a| {
            let old = word(env, a[0], a[3])?;
            let mask = u64::MAX >> (64 - 8 * a[3].clamp(1, 8));
            let same = old == a[1] & mask;
            if same {
                env.write(a[0], &a[2].to_le_bytes()[..a[3] as usize & 15])?;
            }
            Ok(if a[4] == 0 { u64::from(same) } else { old })
        },
    ),
    pure(
        "int __libc_cas_place(void *at, void *expected, unsigned long long desired, int size)",
        |env, a| {
            let (old, expected) = (word(env, a[0], a[3])?, word(env, a[1], a[3])?);
            let (at, new) = if old == expected { (a[0], a[2]) } else { (a[1], old) };
            env.write(at, &new.to_le_bytes()[..a[3] as usize & 15])?;
            Ok(u64::from(old == expected))
        },
    ),
];

/// A little-endian word of 1 to 8 bytes.
fn word(env: &Env<'_>, at: u64, size: u64) -> Result<u64, Trap> {
    let mut bytes = [0; 8];
    let len = size.clamp(1, 8);
    bytes[..len as usize].copy_from_slice(&env.read(at, len)?);
    Ok(u64::from_le_bytes(bytes))
}

/// All tables of this file.
pub(crate) static TABLES: &[&[Intrinsic]] =
    &[STRINGS, NUMBERS, CALENDAR, ADDRESSES, MATHEMATICS, ATOMICS];
