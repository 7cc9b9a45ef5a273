//! TCP headers and options (RFC 9293 §3.1, RFC 7323, RFC 2018).

use super::{Malformed, Shared, be16, be32, checksum::Sum, ip::protocol};
use crate::tcp::{Flags, Options, SackBlocks, Segment, Seq};
use std::net::IpAddr;

/// Header bytes without options.
pub const HEADER_LEN: usize = 20;

mod kind {
    pub(super) const END: u8 = 0;
    pub(super) const NOP: u8 = 1;
    pub(super) const MSS: u8 = 2;
    pub(super) const WSCALE: u8 = 3;
    pub(super) const SACK_OK: u8 = 4;
    pub(super) const SACK: u8 = 5;
    pub(super) const TIMESTAMP: u8 = 8;
}

/// The ports of a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ports {
    /// Source.
    pub src: u16,
    /// Destination.
    pub dst: u16,
}

/// Reads the segment that is `packet[range]`; its payload shares the packet's bytes.
pub fn parse(packet: &Shared, src: IpAddr, dst: IpAddr) -> Result<(Ports, Segment), Malformed> {
    let bytes: &[u8] = packet;
    if bytes.len() < HEADER_LEN {
        return Err(Malformed::TooShort);
    }
    let header_len = usize::from(bytes[12] >> 4) * 4;
    if header_len < HEADER_LEN || header_len > bytes.len() {
        return Err(Malformed::HeaderLength);
    }
    if Sum::default().pseudo(src, dst, protocol::TCP, bytes.len()).bytes(bytes).finish() != 0 {
        return Err(Malformed::Checksum);
    }
    let segment = Segment {
        seq: Seq(be32(bytes, 4)),
        ack: Seq(be32(bytes, 8)),
        flags: Flags(bytes[13]),
        wnd: be16(bytes, 14),
        urg: be16(bytes, 18),
        options: parse_options(&bytes[HEADER_LEN..header_len]),
        payload: packet.slice(header_len, bytes.len()),
    };
    Ok((Ports { src: be16(bytes, 0), dst: be16(bytes, 2) }, segment))
}

/// Options as Linux reads them: an option whose length leads out of the header ends the list, what
/// came before it counts (`tcp_parse_options`).
fn parse_options(mut bytes: &[u8]) -> Options {
    let mut options = Options::default();
    while let Some(&kind) = bytes.first() {
        match kind {
            kind::END => break,
            kind::NOP => {
                bytes = &bytes[1..];
                continue;
            }
            _ => {}
        }
        let Some(len) = bytes.get(1).map(|len| usize::from(*len)) else { break };
        if len < 2 || len > bytes.len() {
            break;
        }
        let (option, rest) = bytes.split_at(len);
        match (kind, len) {
            (kind::MSS, 4) => options.mss = Some(be16(option, 2)),
            (kind::WSCALE, 3) => options.wscale = Some(option[2]),
            (kind::SACK_OK, 2) => options.sack_ok = true,
            (kind::TIMESTAMP, 10) => options.timestamp = Some((be32(option, 2), be32(option, 6))),
            (kind::SACK, 10..) if (len - 2).is_multiple_of(8) => {
                for block in option[2..].chunks_exact(8) {
                    options.sack.push(Seq(be32(block, 0)), Seq(be32(block, 4)));
                }
            }
            _ => {}
        }
        bytes = rest;
    }
    options
}

/// Bytes that the options take, padding included.
pub fn options_len(options: &Options, syn: bool) -> usize {
    let mut buffer = [0; 40];
    emit_options(options, syn, &mut buffer)
}

/// Writes the options in Linux's order (`tcp_options_write`): MSS; SACK-permitted takes the place
/// of the two NOPs before the timestamp; window scale after one NOP; SACK blocks after two.
fn emit_options(options: &Options, syn: bool, buffer: &mut [u8; 40]) -> usize {
    let mut at = 0;
    let mut put = |bytes: &[u8]| {
        buffer[at..at + bytes.len()].copy_from_slice(bytes);
        at += bytes.len();
    };
    if let Some(mss) = options.mss {
        let [high, low] = mss.to_be_bytes();
        put(&[kind::MSS, 4, high, low]);
    }
    if let Some((value, echo)) = options.timestamp {
        let before: [u8; 2] =
            if syn && options.sack_ok { [kind::SACK_OK, 2] } else { [kind::NOP, kind::NOP] };
        put(&before);
        put(&[kind::TIMESTAMP, 10]);
        put(&value.to_be_bytes());
        put(&echo.to_be_bytes());
    } else if options.sack_ok {
        put(&[kind::NOP, kind::NOP, kind::SACK_OK, 2]);
    }
    if let Some(shift) = options.wscale {
        put(&[kind::NOP, kind::WSCALE, 3, shift]);
    }
    let blocks = options.sack.as_slice();
    if !blocks.is_empty() {
        put(&[kind::NOP, kind::NOP, kind::SACK, 2 + 8 * blocks.len() as u8]);
        for range in blocks {
            put(&range.start.0.to_be_bytes());
            put(&range.end.0.to_be_bytes());
        }
    }
    at
}

/// Appends the segment.
pub fn emit(segment: &Segment, ports: Ports, src: IpAddr, dst: IpAddr, frame: &mut Vec<u8>) {
    let mut options = [0; 40];
    let options_len = emit_options(&segment.options, segment.flags.syn(), &mut options);
    let header_len = HEADER_LEN + options_len;
    let start = frame.len();
    frame.extend_from_slice(&ports.src.to_be_bytes());
    frame.extend_from_slice(&ports.dst.to_be_bytes());
    frame.extend_from_slice(&segment.seq.0.to_be_bytes());
    frame.extend_from_slice(&segment.ack.0.to_be_bytes());
    frame.extend_from_slice(&[(header_len as u8 / 4) << 4, segment.flags.0]);
    frame.extend_from_slice(&segment.wnd.to_be_bytes());
    frame.extend_from_slice(&[0, 0]);
    frame.extend_from_slice(&segment.urg.to_be_bytes());
    frame.extend_from_slice(&options[..options_len]);
    frame.extend_from_slice(&segment.payload);
    let len = frame.len() - start;
    let sum = Sum::default().pseudo(src, dst, protocol::TCP, len).bytes(&frame[start..]).finish();
    frame[start + 16..start + 18].copy_from_slice(&sum.to_be_bytes());
}

/// How many SACK blocks fit beside a timestamp (RFC 2018 §3).
pub fn sack_blocks_max(timestamps: bool) -> usize {
    if timestamps { 3 } else { SackBlocks::MAX }
}
