//! What of a process's memory is on the wire, and the way back: a `sockaddr_in`'s port and address
//! are the header's bytes in the same order, a buffer's bytes are a packet's data.
//!
//! Bytes are compared, not followed: equal bytes elsewhere are offered too. What is nearest to the
//! present moment comes first.

use crate::model::bytes::leaves_of;
use crate::model::course::{Course, Packet};
use crate::model::dissect::{Base, Dissected, Start, dissect};
use crate::model::scene::Scene;
use cc::view::{Byte, Value, Variable};
use std::ops::Range;

/// A variable of a process, and the field of it that is meant.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Place {
    pub(crate) host: usize,
    pub(crate) pid: i32,
    /// Of the variable that has the field.
    pub(crate) address: u64,
    /// The variable's name.
    pub(crate) name: String,
    /// `sin_port`; empty if the variable is meant whole.
    pub(crate) field: String,
}

/// A field of a packet: the packet's place in the course, the field's name and bytes.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct OnWire {
    pub(crate) packet: usize,
    pub(crate) field: &'static str,
    pub(crate) bytes: Range<usize>,
}

/// What both sides can have.
#[derive(Clone, PartialEq, Debug)]
enum Piece {
    /// As the network orders it.
    Port([u8; 2]),
    Address(Vec<u8>),
    Data(Vec<u8>),
}

/// Bytes that are worth looking for: one alone is anywhere.
const LEAST: usize = 2;
/// Places that are offered for one field.
const MOST: usize = 4;

fn of_memory(name: &str, bytes: &[Byte]) -> Option<Piece> {
    let set: Vec<u8> =
        bytes.iter().map_while(|b| if let Byte::Set(v) = b { Some(*v) } else { None }).collect();
    let field = name.rsplit('.').next().unwrap_or(name);
    let all = set.len() == bytes.len();
    match (field, set.as_slice()) {
        ("sin_port" | "sin6_port", [a, b]) if [*a, *b] != [0, 0] => Some(Piece::Port([*a, *b])),
        ("s_addr", four) if all && four.iter().any(|b| *b != 0) => {
            Some(Piece::Address(four.to_vec()))
        }
        ("s6_addr" | "__in6_u" | "u6_addr8", six) if six.len() == 16 => {
            six.iter().any(|b| *b != 0).then(|| Piece::Address(six.to_vec()))
        }
        _ if set.len() >= LEAST && set.iter().any(|b| *b != 0) => Some(Piece::Data(set)),
        _ => None,
    }
}

/// Whether data of a packet is in a buffer or the buffer's text in the data.
fn same_data(buffer: &[u8], data: &[u8]) -> bool {
    let text = buffer.split(|b| *b == 0).next().unwrap_or_default();
    let within = |all: &[u8], part: &[u8]| {
        part.len() >= LEAST && all.windows(part.len()).any(|window| window == part)
    };
    within(buffer, data) || within(data, text)
}

/// Names of the fields that can have a piece, the likelier one first.
fn fields_of(piece: &Piece) -> &'static [&'static str] {
    match piece {
        Piece::Port(_) => &["destination port", "source port"],
        Piece::Address(_) => &["destination", "source"],
        Piece::Data(_) => &["data"],
    }
}

fn field_with(packet: &Packet, piece: &Piece) -> Option<(&'static str, Range<usize>)> {
    let data = &packet.frame[packet.summary.payload.clone()];
    // What is cheap to know is asked before the frame is taken apart.
    let may = match piece {
        Piece::Port(port) => {
            let port = u16::from_be_bytes(*port);
            packet.summary.ports.0 == port || packet.summary.ports.1 == port
        }
        Piece::Address(_) => true,
        Piece::Data(buffer) => !data.is_empty() && same_data(buffer, data),
    };
    if !may {
        return None;
    }
    let parts = dissect(&packet.frame, Start::Ethernet, Base::default());
    let fields = || {
        let layers = parts.layers.iter().filter(|layer| layer.name != "Ethernet");
        layers.flat_map(|layer| &layer.fields)
    };
    fields_of(piece).iter().find_map(|name| {
        let field = fields().find(|field| {
            field.doc.name == *name
                && match piece {
                    Piece::Port(port) => packet.frame[field.bytes.clone()] == *port,
                    Piece::Address(octets) => packet.frame[field.bytes.clone()] == **octets,
                    Piece::Data(_) => true,
                }
        })?;
        Some((*name, field.bytes.clone()))
    })
}

/// The packet of a host whose bytes a field of its memory has: the selected one, else the last
/// one sent by now, else the next one.
pub(crate) fn on_wire(
    course: &Course,
    cursor: usize,
    selected: Option<usize>,
    host: usize,
    (name, bytes): (&str, &[Byte]),
) -> Option<OnWire> {
    let piece = of_memory(name, bytes)?;
    let all = || course.packets.iter().enumerate();
    let mine = |(_, packet): &(usize, &Packet)| packet.from == host || packet.to == host;
    let found = |(index, packet): (usize, &Packet)| {
        let (field, bytes) = field_with(packet, &piece)?;
        Some(OnWire { packet: index, field, bytes })
    };
    let chosen = selected.and_then(|index| Some((index, course.packets.get(index)?)));
    let past = || all().rev().filter(mine).filter(|(_, p)| p.moment <= cursor).find_map(found);
    let next = || all().filter(mine).filter(|(_, p)| p.moment > cursor).find_map(found);
    chosen.filter(mine).and_then(found).or_else(past).or_else(next)
}

/// What a field of a packet is in memory.
fn of_packet(packet: &Packet, parts: &Dissected, bytes: &Range<usize>) -> Option<Piece> {
    let layers = parts.layers.iter().filter(|layer| layer.name != "Ethernet");
    let field = layers.flat_map(|layer| &layer.fields).find(|field| field.bytes == *bytes)?;
    let value = packet.frame.get(bytes.clone())?;
    match field.doc.name {
        "source port" | "destination port" => Some(Piece::Port(value.try_into().ok()?)),
        "source" | "destination" => Some(Piece::Address(value.to_vec())),
        "data" => Some(Piece::Data(value.to_vec())),
        _ => None,
    }
}

/// A plain value's bytes in memory.
fn bytes_of(value: &Value, size: u64) -> Vec<Byte> {
    let numbers = match value {
        Value::Int(number) => number.to_le_bytes().to_vec(),
        Value::Text { bytes, .. } => bytes.clone(),
        Value::Array { elements, .. } => {
            let byte = |e: &Variable| match e.value {
                Value::Int(number) if e.size == 1 => Some(number as u8),
                Value::Char(code) => Some(code as u8),
                _ => None,
            };
            elements.iter().map_while(byte).collect()
        }
        _ => Vec::new(),
    };
    numbers.into_iter().take(size as usize).map(Byte::Set).collect()
}

/// Variables of the two hosts that have a packet's field.
pub(crate) fn in_memory(
    scene: &Scene,
    packet: &Packet,
    parts: &Dissected,
    bytes: &Range<usize>,
) -> Vec<Place> {
    let Some(wanted) = of_packet(packet, parts, bytes) else { return Vec::new() };
    let has = |name: &str, leaf: &Variable| match (
        of_memory(name, &bytes_of(&leaf.value, leaf.size)),
        &wanted,
    ) {
        (Some(Piece::Data(buffer)), Piece::Data(data)) => same_data(&buffer, data),
        (Some(piece), wanted) => piece == *wanted,
        (None, _) => false,
    };
    let hosts = scene.hosts.iter().enumerate();
    let mine = hosts.filter(|(n, _)| *n == packet.from || *n == packet.to);
    let mut places = Vec::new();
    for (host, view) in mine {
        for process in &view.processes {
            let locals = process.stack.frames.iter().rev().flat_map(|frame| &frame.locals);
            for variable in locals.chain(&process.stack.globals) {
                let mut leaves = Vec::new();
                leaves_of(variable, String::new(), &mut leaves);
                let found = leaves.iter().find(|(name, leaf)| has(name, leaf));
                places.extend(found.map(|(name, _)| Place {
                    host,
                    pid: process.pid,
                    address: variable.address,
                    name: variable.name.clone(),
                    field: if *name == variable.name { String::new() } else { name.clone() },
                }));
            }
        }
    }
    places.truncate(MOST);
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing;

    #[test]
    fn a_port_in_memory_is_the_port_in_the_header_and_back() {
        let run = testing::lesson("tcp-client");
        let cursor = run.course.last();
        // The middle of the run: the server stands in its loop and has its own address.
        let syn = run.course.packets.iter().position(|p| p.summary.label == "SYN").unwrap();
        let packet = &run.course.packets[syn];
        let port = packet.summary.ports.1.to_be_bytes().map(Byte::Set);
        let found = on_wire(&run.course, cursor, Some(syn), packet.from, ("sin_port", &port));
        let found = found.expect("the SYN has it");
        assert_eq!((found.packet, found.field), (syn, "destination port"));
        let parts = dissect(&packet.frame, Start::Ethernet, Base::default());
        let scene = run.scene(packet.moment, None);
        let places = in_memory(&scene, packet, &parts, &found.bytes);
        assert!(places.iter().any(|place| place.field.ends_with("sin_port")), "{places:?}");
    }

    #[test]
    fn a_buffer_is_the_data_of_a_packet() {
        assert!(same_data(b"ola\0\0\0", b"ola"));
        assert!(same_data(b"ola tudo bem", b"tudo"));
        assert!(same_data(b"tudo\0", b"ola tudo bem"));
        assert!(!same_data(b"\0\0\0\0", b"ola"));
        assert!(!same_data(b"a\0", b"ola"));
    }
}
