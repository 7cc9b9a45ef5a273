//! The bytes of a variable, field by field, with what the fields of an address mean.

use crate::i18n::Msg;
use crate::model::values;
use abi::{Lang, consts};
use cc::view::{Byte, Value, Variable};
use std::net::{Ipv4Addr, Ipv6Addr};

/// A field (or padding) with its bytes.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct FieldRow {
    /// From the start of the variable.
    pub(crate) offset: u64,
    /// `sin_addr.s_addr`; empty for padding.
    pub(crate) name: String,
    pub(crate) ty: String,
    pub(crate) bytes: Vec<Byte>,
    pub(crate) value: String,
    /// What it means on the network.
    pub(crate) note: Option<Msg>,
}

/// Rows of a variable at most.
const ROWS: usize = 64;

/// The fields of a variable whose memory is `bytes`.
pub(crate) fn rows(variable: &Variable, bytes: &[Byte], lang: Lang) -> Vec<FieldRow> {
    let mut leaves = Vec::new();
    leaves_of(variable, String::new(), &mut leaves);
    let mut rows = Vec::new();
    let mut next = variable.address;
    for (name, leaf) in leaves.into_iter().take(ROWS) {
        if leaf.address > next {
            rows.push(padding(variable, bytes, next, leaf.address));
        }
        let part = slice(variable, bytes, leaf.address, leaf.address + leaf.size);
        rows.push(FieldRow {
            offset: leaf.address.saturating_sub(variable.address),
            note: note(&name, &leaf.ty, &part),
            name,
            ty: leaf.ty.clone(),
            bytes: part,
            value: values::text(&leaf.value, lang),
        });
        next = next.max(leaf.address + leaf.size);
    }
    let end = variable.address + variable.size;
    if next < end && rows.len() < ROWS {
        rows.push(padding(variable, bytes, next, end));
    }
    rows
}

/// The bytes that a variable has, or would have: one whose address nobody took is in a register.
pub(crate) fn of(variable: &Variable, memory: Vec<Byte>) -> Vec<Byte> {
    let number = match &variable.value {
        Value::Int(number) => *number,
        Value::Char(code) => i128::from(*code),
        Value::Bool(truth) => i128::from(*truth),
        Value::Pointer { address, .. } => i128::from(*address),
        _ => return memory,
    };
    if memory.iter().any(|byte| *byte != Byte::None) {
        return memory;
    }
    number.to_le_bytes().into_iter().take(variable.size as usize).map(Byte::Set).collect()
}

fn slice(variable: &Variable, bytes: &[Byte], from: u64, to: u64) -> Vec<Byte> {
    let at = |address: u64| address.saturating_sub(variable.address) as usize;
    bytes.get(at(from)..at(to).min(bytes.len())).unwrap_or_default().to_vec()
}

fn padding(variable: &Variable, bytes: &[Byte], from: u64, to: u64) -> FieldRow {
    FieldRow {
        offset: from - variable.address,
        name: String::new(),
        ty: String::new(),
        bytes: slice(variable, bytes, from, to),
        value: String::new(),
        note: Some(Msg::Padding),
    }
}

/// Plain fields, innermost; arrays of plain elements and texts are one field.
pub(crate) fn leaves_of<'a>(
    variable: &'a Variable,
    name: String,
    leaves: &mut Vec<(String, &'a Variable)>,
) {
    match values::members(&variable.value) {
        [] => leaves.push((if name.is_empty() { variable.name.clone() } else { name }, variable)),
        members => {
            for member in members {
                let path = match (name.is_empty(), member.name.starts_with('[')) {
                    (true, _) => member.name.clone(),
                    (false, true) => format!("{name}{}", member.name),
                    (false, false) => format!("{name}.{}", member.name),
                };
                leaves_of(member, path, leaves);
            }
        }
    }
}

/// Bytes that are all set.
fn set(bytes: &[Byte]) -> Option<Vec<u8>> {
    bytes.iter().map(|byte| if let Byte::Set(value) = byte { Some(*value) } else { None }).collect()
}

fn note(name: &str, ty: &str, bytes: &[Byte]) -> Option<Msg> {
    let bytes = set(bytes)?;
    let field = name.rsplit('.').next().unwrap_or(name);
    match (field, bytes.as_slice()) {
        ("sin_family" | "sin6_family" | "sun_family" | "sa_family" | "ss_family", [low, high]) => {
            let family = i32::from(u16::from_le_bytes([*low, *high]));
            let name = consts::name(consts::table::AF, family).unwrap_or("?").to_owned();
            Some(Msg::FamilyNote { name })
        }
        ("sin_port" | "sin6_port", [high, low]) => Some(Msg::PortNote {
            port: u16::from_be_bytes([*high, *low]),
            other: u16::from_le_bytes([*high, *low]),
        }),
        ("s_addr", [a, b, c, d]) => {
            Some(Msg::AddressNote { address: Ipv4Addr::new(*a, *b, *c, *d).to_string() })
        }
        ("s6_addr" | "__in6_u" | "u6_addr8", sixteen) if sixteen.len() == 16 => {
            let octets: [u8; 16] = sixteen.try_into().ok()?;
            Some(Msg::AddressNote { address: Ipv6Addr::from(octets).to_string() })
        }
        ("sin_zero", _) => Some(Msg::ZeroNote),
        _ if bytes.len() > 1
            && bytes.len() <= 8
            && (ty.contains("int")
                || ty.contains("long")
                || ty.contains("short")
                || ty.ends_with("_t")) =>
        {
            Some(Msg::LittleEndian)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, address: u64, size: u64, value: Value) -> Variable {
        Variable { name: name.into(), ty: "x".into(), address, size, span: None, value }
    }

    #[test]
    fn a_number_in_a_register_has_the_bytes_it_would_have() {
        let n = variable("n", 100, 4, Value::Int(-2));
        let bytes = of(&n, vec![Byte::None; 4]);
        assert_eq!(bytes, [0xfe, 0xff, 0xff, 0xff].map(Byte::Set));
    }

    #[test]
    fn a_port_is_read_in_both_orders() {
        let addr = variable(
            "addr",
            100,
            8,
            Value::Record(vec![
                variable("sin_family", 100, 2, Value::Int(2)),
                variable("sin_port", 102, 2, Value::Int(0x901f)),
            ]),
        );
        let bytes: Vec<Byte> = [2, 0, 0x1f, 0x90, 0, 0, 0, 0].map(Byte::Set).to_vec();
        let rows = rows(&addr, &bytes, Lang::En);
        assert_eq!(rows[0].note, Some(Msg::FamilyNote { name: "AF_INET".into() }));
        assert_eq!(rows[1].note, Some(Msg::PortNote { port: 8080, other: 36895 }));
        assert_eq!(
            (rows[2].offset, rows[2].bytes.len(), rows[2].note.clone()),
            (4, 4, Some(Msg::Padding))
        );
    }
}
