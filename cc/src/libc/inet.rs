//! Addresses as text, `inet(3)`, `inet_pton(3)`, `inet_ntop(3)`: what glibc accepts and prints.

/// `inet_aton(3)`: `a.b.c.d`, `a.b.c`, `a.b`, `a`, each part decimal, octal or hexadecimal; what
/// follows a blank is ignored. The address in host order.
pub(crate) fn aton(text: &[u8]) -> Option<u32> {
    let (value, rest) = dotted(text)?;
    match rest.first() {
        None => Some(value),
        Some(byte) if super::float::is_space(*byte) => Some(value),
        Some(_) => None,
    }
}

/// The parts, and what follows them.
fn dotted(text: &[u8]) -> Option<(u32, &[u8])> {
    let mut high = 0u32;
    let mut rest = text;
    for place in 0..4 {
        let (value, len) = part(rest)?;
        rest = &rest[len..];
        if place < 3 && rest.first() == Some(&b'.') {
            if value > 255 {
                return None;
            }
            high |= value << (24 - 8 * place);
            rest = &rest[1..];
        } else {
            // The last part fills all bytes that are left.
            let room = u32::MAX >> (8 * place);
            return (value <= room).then_some((high | value, rest));
        }
    }
    None
}

/// A number in C's notation, `strtoul(3)` with base 0, but beginning with a digit.
fn part(text: &[u8]) -> Option<(u32, usize)> {
    let (base, start) = match text {
        [b'0', b'x' | b'X', digit, ..] if digit.is_ascii_hexdigit() => (16, 2),
        [b'0', ..] => (8, 0),
        [b'1'..=b'9', ..] => (10, 0),
        _ => return None,
    };
    let digits = text[start..].iter();
    let len = digits.take_while(|byte| (**byte as char).is_digit(base)).count();
    let mut value = 0u64;
    for byte in &text[start..start + len] {
        value = value * u64::from(base) + u64::from((*byte as char).to_digit(base)?);
        if value > u64::from(u32::MAX) {
            return None;
        }
    }
    Some((value as u32, start + len))
}

/// `inet_pton(AF_INET)`: exactly four decimal parts without leading zeros, and nothing else.
pub(crate) fn pton4(text: &[u8]) -> Option<[u8; 4]> {
    let mut parts = text.split(|byte| *byte == b'.');
    let mut octets = [0; 4];
    for octet in &mut octets {
        let digits = parts.next()?;
        let leading_zero = digits.len() > 1 && digits[0] == b'0';
        if digits.is_empty() || digits.len() > 3 || leading_zero {
            return None;
        }
        let digits = std::str::from_utf8(digits).ok()?;
        if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        *octet = digits.parse().ok()?;
    }
    parts.next().is_none().then_some(octets)
}

/// `inet_pton(AF_INET6)`, RFC 4291 §2.2.
pub(crate) fn pton6(text: &[u8]) -> Option<[u8; 16]> {
    let text = std::str::from_utf8(text).ok()?;
    // An IPv4 tail follows inet_pton's rules, which are Rust's too.
    text.parse::<std::net::Ipv6Addr>().ok().map(|addr| addr.octets())
}

/// `inet_ntop(AF_INET)`.
pub(crate) fn ntop4(octets: [u8; 4]) -> String {
    std::net::Ipv4Addr::from(octets).to_string()
}

/// `inet_ntop(AF_INET6)`: the longest run of zero groups becomes `::`, and `::a.b.c.d` where the
/// first 96 bits are zero, or `::ffff:a.b.c.d`.
pub(crate) fn ntop6(octets: [u8; 16]) -> String {
    let groups: Vec<u16> =
        octets.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    let (mut best, mut best_len) = (0, 0);
    let mut at = 0;
    while at < 8 {
        let len = groups[at..].iter().take_while(|group| **group == 0).count();
        if len > best_len {
            (best, best_len) = (at, len);
        }
        at += len.max(1);
    }
    if best_len < 2 {
        best = usize::MAX;
    }
    let mut text = String::new();
    let mut at = 0;
    while at < 8 {
        if at == best {
            text.push_str(if at == 0 { "::" } else { ":" });
            at += best_len;
            continue;
        }
        let v4_tail = best == 0 && (best_len == 6 || best_len == 5 && groups[5] == 0xffff);
        if at == 6 && v4_tail {
            text += &ntop4([octets[12], octets[13], octets[14], octets[15]]);
            return text;
        }
        text += &format!("{:x}", groups[at]);
        at += 1;
        if at < 8 {
            text.push(':');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::libc::glibc::{self, Random};

    fn list(texts: &[String]) -> String {
        texts.iter().map(|text| glibc::literal(text.as_bytes()) + ",\n").collect()
    }

    #[test]
    fn texts_are_read_as_glibc() {
        let mut texts: Vec<String> = [
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "1",
            "0",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "256.1.1.1",
            "1.256",
            "1.65536",
            "1.16777215",
            "1.16777216",
            "1.2.65535",
            "1.2.65536",
            "1.2.3.256",
            "4294967295",
            "4294967296",
            "",
            " 127.0.0.1",
            "127.0.0.1 ",
            "127.0.0.1 x",
            "127.0.0.1x",
            "127.0.0.",
            "127..1",
            ".1",
            "1.2.3.4.5",
            "1.2.3.4.",
            "08",
            "09.1.1.1",
            "0x",
            "0xg",
            "-1",
            "+1",
            "255.255.255.255",
            "1.2.3.04",
            "01.2.3.4",
            "1.2.3.4\n",
            "0x1.0x2.0x3.0x4",
            "::",
            "::1",
            "1::",
            "1::8",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7:8:9",
            "::ffff:1.2.3.4",
            "::1.2.3.4",
            "1:2:3:4:5:6:1.2.3.4",
            "1:2:3:4:5:6:7:1.2.3.4",
            "::ffff:1.2.3",
            "::ffff:1.2.3.04",
            "fe80::1%eth0",
            "FE80::ABCD",
            "12345::",
            ":::",
            "::1::",
            ":1",
            "1:",
            "g::",
            "0:0:0:0:0:0:0:0",
            "00001::",
            "0001::",
            "::1 ",
            "1::2::3",
        ]
        .map(str::to_owned)
        .to_vec();
        let mut random = Random(3);
        for _ in 0..300 {
            let mut text = String::new();
            for _ in 0..random.next() % 9 {
                text += random.pick::<&str>(&[
                    "1", "0", "7", "9", "f", ".", ":", "::", "0x", "255", "10", " ",
                ]);
            }
            texts.push(text);
        }
        let source = format!(
            "#include <stdio.h>\n#include <arpa/inet.h>\nstatic const char *texts[] = {{ {} }};\n\
             int main(void) {{ for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {{\n\
             struct in_addr a = {{ 0 }}; struct in6_addr b = {{ 0 }}; char s[64];\n\
             int r = inet_aton(texts[i], &a); printf(\"%d %08x \", r, r ? ntohl(a.s_addr) : 0);\n\
             a.s_addr = 0; r = inet_pton(AF_INET, texts[i], &a); printf(\"%d %08x \", r, r ? ntohl(a.s_addr) : 0);\n\
             r = inet_pton(AF_INET6, texts[i], &b); printf(\"%d %s\\n\", r, r ? inet_ntop(AF_INET6, &b, s, 64) : \"-\");\n\
             }} return 0; }}\n",
            list(&texts)
        );
        let Some(real) = glibc::run(&source) else { return };
        let real = String::from_utf8(real).expect("text");
        let mut wrong = Vec::new();
        for (text, real) in texts.iter().zip(real.lines()) {
            let aton = aton(text.as_bytes());
            let four = pton4(text.as_bytes()).map(u32::from_be_bytes);
            let six = pton6(text.as_bytes());
            let ours = format!(
                "{} {:08x} {} {:08x} {} {}",
                i32::from(aton.is_some()),
                aton.unwrap_or(0),
                i32::from(four.is_some()),
                four.unwrap_or(0),
                i32::from(six.is_some()),
                six.map_or("-".to_owned(), ntop6)
            );
            if ours != real {
                wrong.push(format!("{text:?}: ours {ours}, real {real}"));
            }
        }
        assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn ipv6_addresses_are_printed_as_glibc() {
        let mut random = Random(4);
        let mut groups = Vec::new();
        for _ in 0..400 {
            groups.push([0; 8].map(|_: u16| *random.pick(&[0u16, 0, 0, 1, 0xffff, 0x102])));
        }
        let list: String = groups
            .iter()
            .map(|g| format!("{{ {} }},\n", g.map(|group| group.to_string()).join(",")))
            .collect();
        let source = format!(
            "#include <stdio.h>\n#include <arpa/inet.h>\nstatic const unsigned short g[][8] = {{ {list} }};\n\
             int main(void) {{ for (unsigned i = 0; i < sizeof g / sizeof *g; i++) {{ struct in6_addr b; char s[64];\n\
             for (int k = 0; k < 8; k++) b.s6_addr16[k] = htons(g[i][k]);\n\
             puts(inet_ntop(AF_INET6, &b, s, 64)); }} return 0; }}\n"
        );
        let Some(real) = glibc::run(&source) else { return };
        let real = String::from_utf8(real).expect("text");
        for (group, real) in groups.iter().zip(real.lines()) {
            let mut octets = [0; 16];
            for (place, group) in group.iter().enumerate() {
                octets[2 * place..2 * place + 2].copy_from_slice(&group.to_be_bytes());
            }
            assert_eq!(ntop6(octets), real, "{group:x?}");
        }
    }
}
