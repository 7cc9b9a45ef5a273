//! IP packets as bytes: made for the host, and taken apart when they come from it.

use super::script::TcpOption;
use std::net::IpAddr;

/// Protocol numbers.
pub(crate) const TCP: u8 = 6;
pub(crate) const UDP: u8 = 17;
pub(crate) const ICMP: u8 = 1;
pub(crate) const ICMPV6: u8 = 58;

/// A segment's header in live numbers.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Segment {
    pub(crate) ports: (u16, u16),
    pub(crate) seq: u32,
    pub(crate) ack: u32,
    pub(crate) flags: u8,
    pub(crate) window: u16,
    pub(crate) urgent: u16,
    pub(crate) options: Vec<TcpOption>,
    pub(crate) payload: usize,
    /// Whether every byte of the payload is 0, as the scripts' data is.
    pub(crate) zeros: bool,
}

/// A packet that left the host.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Seen {
    pub(crate) at_us: i64,
    pub(crate) source: IpAddr,
    pub(crate) tos: u8,
    pub(crate) body: SeenBody,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum SeenBody {
    Tcp(Segment),
    Udp { ports: (u16, u16), length: usize },
    Icmp { kind: u8, code: u8 },
    Other,
}

fn sum(bytes: &[u8]) -> u32 {
    let mut pairs = bytes.chunks_exact(2);
    let whole: u32 = pairs.by_ref().map(|two| u32::from(two[0]) << 8 | u32::from(two[1])).sum();
    whole + pairs.remainder().first().map_or(0, |last| u32::from(*last) << 8)
}

fn folded(mut sum: u32) -> u16 {
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

fn octets(ip: IpAddr) -> Vec<u8> {
    match ip {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    }
}

/// An IP packet around `payload`, whose checksum at `checksum` is filled in.
pub(crate) fn ip(
    source: IpAddr,
    to: IpAddr,
    tos: u8,
    protocol: u8,
    mut payload: Vec<u8>,
    checksum: usize,
) -> Vec<u8> {
    if protocol != ICMP {
        let pseudo = sum(&octets(source)) + sum(&octets(to)) + u32::from(protocol);
        let all = pseudo + payload.len() as u32 + sum(&payload);
        let check = folded(all);
        payload[checksum..checksum + 2].copy_from_slice(&check.to_be_bytes());
    } else {
        let check = folded(sum(&payload));
        payload[checksum..checksum + 2].copy_from_slice(&check.to_be_bytes());
    }
    let mut packet = header(source, to, tos, protocol, payload.len());
    packet.extend(payload);
    packet
}

/// The unfolded-and-not-complemented sum of a TCP packet's pseudo header, as offloading wants it.
pub(crate) fn pseudo_sum(packet: &[u8], start: usize) -> u16 {
    let addresses = if start == 40 { &packet[8..40] } else { &packet[12..20] };
    !folded(sum(addresses) + u32::from(TCP) + (packet.len() - start) as u32)
}

/// An IP header for `length` bytes behind it.
fn header(source: IpAddr, to: IpAddr, tos: u8, protocol: u8, length: usize) -> Vec<u8> {
    let mut packet = Vec::new();
    if source.is_ipv4() {
        packet.extend([0x45, tos]);
        packet.extend(((20 + length) as u16).to_be_bytes());
        packet.extend([0, 0, 0x40, 0, 255, protocol, 0, 0]);
        packet.extend(octets(source));
        packet.extend(octets(to));
        let check = folded(sum(&packet)).to_be_bytes();
        packet[10..12].copy_from_slice(&check);
    } else {
        packet.extend([0x60 | tos >> 4, tos << 4, 0, 0]);
        packet.extend((length as u16).to_be_bytes());
        packet.extend([protocol, 255]);
        packet.extend(octets(source));
        packet.extend(octets(to));
    }
    packet
}

/// A segment's bytes; its checksum is at 16.
pub(crate) fn tcp(segment: &Segment) -> Vec<u8> {
    let options = emit_options(&segment.options);
    let mut bytes = Vec::new();
    bytes.extend(segment.ports.0.to_be_bytes());
    bytes.extend(segment.ports.1.to_be_bytes());
    bytes.extend(segment.seq.to_be_bytes());
    bytes.extend(segment.ack.to_be_bytes());
    bytes.push(((20 + options.len()) / 4 * 16) as u8);
    bytes.push(segment.flags);
    bytes.extend(segment.window.to_be_bytes());
    bytes.extend([0, 0]);
    bytes.extend(segment.urgent.to_be_bytes());
    bytes.extend(options);
    bytes.resize(bytes.len() + segment.payload, 0);
    bytes
}

fn emit_options(options: &[TcpOption]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for option in options {
        match option {
            TcpOption::End => bytes.push(0),
            TcpOption::Nop => bytes.push(1),
            TcpOption::Mss(mss) => {
                bytes.extend([2, 4]);
                bytes.extend(mss.to_be_bytes());
            }
            TcpOption::WindowScale(shift) => bytes.extend([3, 3, *shift]),
            TcpOption::SackPermitted => bytes.extend([4, 2]),
            TcpOption::Sack(blocks) => {
                bytes.extend([5, 2 + 8 * blocks.len() as u8]);
                for (left, right) in blocks {
                    bytes.extend(left.to_be_bytes());
                    bytes.extend(right.to_be_bytes());
                }
            }
            TcpOption::Timestamps(val, ecr) => {
                bytes.extend([8, 10]);
                bytes.extend(val.to_be_bytes());
                bytes.extend(ecr.to_be_bytes());
            }
            TcpOption::Md5(digest) => {
                bytes.extend([19, 2 + digest.len() as u8]);
                bytes.extend(digest);
            }
        }
    }
    while bytes.len() % 4 != 0 {
        bytes.push(0);
    }
    bytes
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16_at(bytes, at)?) << 16 | u32::from(u16_at(bytes, at + 2)?))
}

/// Takes a packet apart; `None` if its bytes are no packet.
pub(crate) fn parse(bytes: &[u8], at_us: i64) -> Option<Seen> {
    let (source, tos, protocol, payload) = match bytes.first()? >> 4 {
        4 => {
            let start = usize::from(bytes[0] & 15) * 4;
            let end = usize::from(u16_at(bytes, 2)?);
            let source: [u8; 4] = bytes.get(12..16)?.try_into().ok()?;
            (IpAddr::from(source), bytes[1], *bytes.get(9)?, bytes.get(start..end)?)
        }
        6 => {
            let end = 40 + usize::from(u16_at(bytes, 4)?);
            let source: [u8; 16] = bytes.get(8..24)?.try_into().ok()?;
            let tos = bytes[0] << 4 | bytes[1] >> 4;
            (IpAddr::from(source), tos, bytes[6], bytes.get(40..end)?)
        }
        _ => return None,
    };
    let body = match protocol {
        TCP => SeenBody::Tcp(parse_tcp(payload)?),
        UDP => SeenBody::Udp {
            ports: (u16_at(payload, 0)?, u16_at(payload, 2)?),
            length: payload.len().checked_sub(8)?,
        },
        ICMP | ICMPV6 => SeenBody::Icmp { kind: *payload.first()?, code: *payload.get(1)? },
        _ => SeenBody::Other,
    };
    Some(Seen { at_us, source, tos, body })
}

fn parse_tcp(bytes: &[u8]) -> Option<Segment> {
    let start = usize::from(*bytes.get(12)? >> 4) * 4;
    let payload = bytes.get(start..)?;
    Some(Segment {
        ports: (u16_at(bytes, 0)?, u16_at(bytes, 2)?),
        seq: u32_at(bytes, 4)?,
        ack: u32_at(bytes, 8)?,
        flags: *bytes.get(13)?,
        window: u16_at(bytes, 14)?,
        urgent: u16_at(bytes, 18)?,
        options: parse_options(bytes.get(20..start)?)?,
        payload: payload.len(),
        zeros: payload.iter().all(|byte| *byte == 0),
    })
}

fn parse_options(mut bytes: &[u8]) -> Option<Vec<TcpOption>> {
    let mut options = Vec::new();
    while let Some(kind) = bytes.first() {
        let length = match kind {
            0 | 1 => 1,
            _ => usize::from(*bytes.get(1)?).max(2),
        };
        let option = bytes.get(..length)?;
        options.push(match kind {
            0 => TcpOption::End,
            1 => TcpOption::Nop,
            2 => TcpOption::Mss(u16_at(option, 2)?),
            3 => TcpOption::WindowScale(*option.get(2)?),
            4 => TcpOption::SackPermitted,
            5 => {
                let block = |at| Some((u32_at(option, at)?, u32_at(option, at + 4)?));
                TcpOption::Sack((2..length).step_by(8).map_while(block).collect())
            }
            8 => TcpOption::Timestamps(u32_at(option, 2)?, u32_at(option, 6)?),
            _ => TcpOption::Md5(option[2..].to_vec()),
        });
        bytes = &bytes[length..];
    }
    Some(options)
}

/// A segment for people, in the script language.
pub(crate) fn show(segment: &Segment) -> String {
    let letters = [b'F', b'S', b'R', b'P', b'.', b'U', b'E', b'W'];
    let flags: String = (0..8)
        .filter(|bit| segment.flags & 1 << bit != 0)
        .map(|bit| char::from(letters[bit as usize]))
        .collect();
    let end = segment.seq.wrapping_add(segment.payload as u32);
    let mut text = format!("{flags} {}:{end}({})", segment.seq, segment.payload);
    if segment.flags & 16 != 0 {
        text += &format!(" ack {}", segment.ack);
    }
    text += &format!(" win {}", segment.window);
    if segment.options.is_empty() {
        return text;
    }
    let options: Vec<String> = segment
        .options
        .iter()
        .map(|option| match option {
            TcpOption::End => "eol".to_owned(),
            TcpOption::Nop => "nop".to_owned(),
            TcpOption::Mss(mss) => format!("mss {mss}"),
            TcpOption::WindowScale(shift) => format!("wscale {shift}"),
            TcpOption::SackPermitted => "sackOK".to_owned(),
            TcpOption::Sack(blocks) => {
                let blocks: Vec<String> =
                    blocks.iter().map(|(left, right)| format!("{left}:{right}")).collect();
                format!("sack {}", blocks.join(" "))
            }
            TcpOption::Timestamps(val, ecr) => format!("TS val {val} ecr {ecr}"),
            TcpOption::Md5(_) => "another option".to_owned(),
        })
        .collect();
    format!("{text} <{}>", options.join(","))
}
