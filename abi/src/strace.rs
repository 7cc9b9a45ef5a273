//! A call and its reply as `strace -f` prints them (strace 6, x86-64).
//!
//! One line for each completed call; the caller adds the process's name. Missing so far: decoded
//! `TCP_INFO`.

use crate::SockAddr;
use crate::consts::{self, table};

/// strace's `-s` default.
const STRING_MAX: usize = 32;

/// `struct sockaddr` as strace prints it.
pub fn sockaddr(addr: &SockAddr) -> String {
    let Some(family) = addr.family() else {
        return format!("{{sa_family={:?}}}", addr.bytes());
    };
    let name = consts::name(table::AF, i32::from(family));
    match i32::from(family) {
        consts::AF_INET if addr.bytes().len() >= 8 => {
            let inet = addr.as_inet().expect("8 bytes are enough");
            format!(
                "{{sa_family=AF_INET, sin_port=htons({}), sin_addr=inet_addr(\"{}\")}}",
                inet.port(),
                inet.ip()
            )
        }
        consts::AF_INET6 if addr.bytes().len() >= 24 => {
            let inet6 = addr.as_inet6().expect("24 bytes are enough");
            let scope = match inet6.scope_id() {
                0 => String::new(),
                scope => format!(", sin6_scope_id={scope}"),
            };
            format!(
                "{{sa_family=AF_INET6, sin6_port=htons({}), sin6_flowinfo=htonl({}), \
                 inet_pton(AF_INET6, \"{}\", &sin6_addr){scope}}}",
                inet6.port(),
                inet6.flowinfo(),
                inet6.ip(),
            )
        }
        consts::AF_UNIX => match addr.unix_path() {
            None | Some([]) => "{sa_family=AF_UNIX}".to_owned(),
            Some([0, rest @ ..]) => {
                format!("{{sa_family=AF_UNIX, sun_path=@{}}}", quoted(rest, usize::MAX))
            }
            Some(path) => format!("{{sa_family=AF_UNIX, sun_path={}}}", quoted(path, usize::MAX)),
        },
        _ => {
            let family = name.map_or_else(|| format!("{family:#x}"), str::to_owned);
            let data = quoted(addr.bytes().get(2..).unwrap_or_default(), STRING_MAX);
            format!("{{sa_family={family}, sa_data={data}}}")
        }
    }
}

/// Bytes in quotes with C escapes, cut after `max` bytes with `...`.
pub fn quoted(bytes: &[u8], max: usize) -> String {
    let shown = &bytes[..bytes.len().min(max)];
    let mut text = String::from("\"");
    for (i, byte) in shown.iter().enumerate() {
        match byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            0x0b => text.push_str("\\v"),
            0x0c => text.push_str("\\f"),
            b' '..=b'~' => text.push(char::from(*byte)),
            _ => {
                // The shortest octal that the next character cannot extend.
                let next_is_digit = shown.get(i + 1).is_some_and(u8::is_ascii_digit);
                text.push_str(&if next_is_digit {
                    format!("\\{byte:03o}")
                } else {
                    format!("\\{byte:o}")
                });
            }
        }
    }
    text.push('"');
    if bytes.len() > max {
        text.push_str("...");
    }
    text
}
