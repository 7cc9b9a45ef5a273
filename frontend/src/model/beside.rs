//! Values of variables beside the lines that declare them, as a debugger shows them.

use crate::model::scene::Beside;
use crate::model::values;
use abi::{Lang, SockAddr};
use cc::view::{Stack, Value, Variable};
use cc::{SourceMap, Span};
use sim::inspect::{self, ProcessRow};
use sim::world::World;
use std::collections::BTreeMap;

/// Characters of a value.
const VALUE: usize = 44;

/// What stands beside the lines of the process's program; the value of `before` tells what changed.
pub(crate) fn values(world: &World, before: Option<&World>, row: &ProcessRow) -> Vec<Beside> {
    if row.exited.is_some() {
        return Vec::new();
    }
    let Some(map) = inspect::source_map(world, row.host, row.pid) else { return Vec::new() };
    let tid = row.threads.first().map_or(row.pid, |thread| thread.tid);
    let stack = |world| inspect::stack(world, row.host, row.pid, tid);
    let now = stack(world).map(|stack| lines(map, &stack)).unwrap_or_default();
    let old = before.and_then(stack).map(|stack| lines(map, &stack));
    let beside = now.into_iter().map(|(line, text)| {
        let changed = old.as_ref().is_some_and(|old| old.get(&line) != Some(&text));
        Beside { line, text, changed }
    });
    beside.collect()
}

/// For each line of the program's own file the values of what is declared there.
fn lines(map: &SourceMap, stack: &Stack) -> BTreeMap<u32, String> {
    let mut lines: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let locals = stack.frames.iter().flat_map(|frame| &frame.locals);
    for variable in stack.globals.iter().chain(locals) {
        let Some(line) = variable.span.and_then(|span| line(map, span)) else { continue };
        if let Some(text) = short(variable) {
            lines.entry(line).or_default().push(format!("{} = {text}", own_name(&variable.name)));
        }
    }
    lines.into_iter().map(|(line, texts)| (line, texts.join("   "))).collect()
}

/// A static variable's name without its function's.
fn own_name(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

fn line(map: &SourceMap, span: Span) -> Option<u32> {
    (span.file.0 == 0 && map.is_user(span)).then(|| map.line_column(span).line)
}

/// A value short enough to stand beside code; nothing for what was never set.
pub(crate) fn short(variable: &Variable) -> Option<String> {
    let text = match &variable.value {
        Value::Uninitialised | Value::Unreadable | Value::Opaque => return None,
        Value::Record(members) => match address(variable) {
            Some(address) => address,
            None => {
                let members =
                    members.iter().filter_map(|m| Some(format!("{}: {}", m.name, short(m)?)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }
        },
        Value::Array { elements, .. } => elements_of(elements)?,
        value => values::text(value, Lang::En),
    };
    if text.is_empty() || text == "{}" {
        return None;
    }
    let cut: String = text.chars().take(VALUE).collect();
    Some(if cut.len() < text.len() { format!("{cut}…") } else { text })
}

/// An array up to its first element that was never set; characters as text.
fn elements_of(elements: &[Variable]) -> Option<String> {
    let set = elements.iter().take_while(|e| e.value != Value::Uninitialised).count();
    let (known, rest) = elements.split_at(set);
    let first = known.first()?;
    let more = if rest.is_empty() { "" } else { "…" };
    if let Value::Char(_) = first.value {
        let byte = |e: &Variable| if let Value::Char(code) = e.value { code as u8 } else { b'?' };
        let bytes: Vec<u8> = known.iter().map(byte).collect();
        return Some(format!("{}{more}", abi::strace::quoted(&bytes, 64)));
    }
    let plain =
        Variable { value: Value::Array { elements: known.to_vec(), more: 0 }, ..first.clone() };
    Some(format!("{}{more}", values::text(&plain.value, Lang::En)))
}

/// A `sockaddr_in` in one line: `10.0.0.1:8080`.
fn address(variable: &Variable) -> Option<String> {
    if !variable.ty.contains("sockaddr_in") {
        return None;
    }
    let Value::Record(members) = &variable.value else { return None };
    let int = |name: &str| -> Option<i128> {
        members.iter().find(|m| m.name == name).and_then(|m| match &m.value {
            Value::Int(n) => Some(*n),
            Value::Record(inner) => inner.iter().find_map(|m| match m.value {
                Value::Int(n) => Some(n),
                _ => None,
            }),
            _ => None,
        })
    };
    let family = u16::try_from(int("sin_family")?).ok()?;
    let port = u16::try_from(int("sin_port")?).ok()?;
    let ip = u32::try_from(int("sin_addr")?).ok()?;
    let mut bytes = family.to_le_bytes().to_vec();
    // What the memory holds, little endian.
    bytes.extend(port.to_le_bytes());
    bytes.extend(ip.to_le_bytes());
    bytes.extend([0; 8]);
    SockAddr(abi::Bytes(bytes)).to_std().map(|address| address.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, ty: &str, value: Value) -> Variable {
        Variable { name: name.into(), ty: ty.into(), address: 0, size: 4, span: None, value }
    }

    #[test]
    fn an_address_is_read_as_the_network_reads_it() {
        let members = vec![
            variable("sin_family", "sa_family_t", Value::Int(2)),
            variable("sin_port", "in_port_t", Value::Int(0x901f)),
            variable(
                "sin_addr",
                "struct in_addr",
                Value::Record(vec![variable("s_addr", "in_addr_t", Value::Int(0x0100_000a))]),
            ),
        ];
        let address = variable("addr", "struct sockaddr_in", Value::Record(members));
        assert_eq!(short(&address).as_deref(), Some("10.0.0.1:8080"));
    }

    #[test]
    fn a_buffer_is_shown_as_far_as_it_was_set() {
        let byte = |value| variable("", "char", value);
        let mut elements: Vec<Variable> =
            b"ola".iter().map(|b| byte(Value::Char(i32::from(*b)))).collect();
        elements.push(byte(Value::Uninitialised));
        let buffer = variable("buf", "char [256]", Value::Array { elements, more: 252 });
        assert_eq!(short(&buffer).as_deref(), Some("\"ola\"…"));
        let fresh = Value::Array { elements: vec![byte(Value::Uninitialised)], more: 255 };
        assert_eq!(short(&variable("buf", "char [256]", fresh)), None);
    }

    #[test]
    fn what_was_never_set_is_not_shown() {
        assert_eq!(short(&variable("n", "int", Value::Uninitialised)), None);
        assert_eq!(short(&variable("n", "int", Value::Int(7))).as_deref(), Some("7"));
    }
}
