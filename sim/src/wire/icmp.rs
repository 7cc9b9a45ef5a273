//! ICMP (RFC 792) and ICMPv6 (RFC 4443) messages: type, code, four bytes that depend on the type,
//! and a body; errors quote the packet that caused them.

use super::{Malformed, be16, be32, checksum::Sum, ip::protocol};
use std::net::IpAddr;

/// Header bytes.
pub const HEADER_LEN: usize = 8;

/// What an ICMP message says, for both versions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Message {
    /// Echo request: identifier, sequence number.
    EchoRequest(u16, u16),
    /// Echo reply.
    EchoReply(u16, u16),
    /// Destination unreachable with the version's own code; the MTU of "fragmentation needed".
    Unreachable {
        /// The code of RFC 792/1812 or RFC 4443.
        code: u8,
        /// Next-hop MTU (RFC 1191), else zero.
        mtu: u16,
    },
    /// ICMPv6 packet too big, with the MTU.
    PacketTooBig(u32),
    /// Time exceeded: code 0 in transit, 1 while reassembling.
    TimeExceeded(u8),
    /// Parameter problem: the code.
    ParameterProblem(u8),
    /// Neighbour solicitation; the body is the target and options (RFC 4861 §4.3).
    NeighbourSolicitation,
    /// Neighbour advertisement with its flags (RFC 4861 §4.4).
    NeighbourAdvertisement(u32),
    /// Any other type: type, code, the four bytes.
    Other(u8, u8, u32),
}

impl Message {
    /// Whether it reports an error: such a message is never answered with another (RFC 1122
    /// §3.2.2).
    pub fn is_error(self) -> bool {
        matches!(
            self,
            Message::Unreachable { .. }
                | Message::PacketTooBig(_)
                | Message::TimeExceeded(_)
                | Message::ParameterProblem(_)
        )
    }

    /// From an IP payload; the body begins at [`HEADER_LEN`].
    pub fn parse(bytes: &[u8], src: IpAddr, dst: IpAddr) -> Result<Message, Malformed> {
        if bytes.len() < HEADER_LEN {
            return Err(Malformed::TooShort);
        }
        let sum = match dst {
            IpAddr::V4(_) => Sum::default(),
            IpAddr::V6(_) => Sum::default().pseudo(src, dst, protocol::ICMPV6, bytes.len()),
        };
        if sum.bytes(bytes).finish() != 0 {
            return Err(Malformed::Checksum);
        }
        let (ty, code, rest) = (bytes[0], bytes[1], be32(bytes, 4));
        let (id, sequence) = (be16(bytes, 4), be16(bytes, 6));
        Ok(match (dst.is_ipv4(), ty) {
            (true, 8) | (false, 128) => Message::EchoRequest(id, sequence),
            (true, 0) | (false, 129) => Message::EchoReply(id, sequence),
            (true, 3) => Message::Unreachable { code, mtu: sequence },
            (false, 1) => Message::Unreachable { code, mtu: 0 },
            (false, 2) => Message::PacketTooBig(rest),
            (true, 11) | (false, 3) => Message::TimeExceeded(code),
            (true, 12) | (false, 4) => Message::ParameterProblem(code),
            (false, 135) => Message::NeighbourSolicitation,
            (false, 136) => Message::NeighbourAdvertisement(rest),
            _ => Message::Other(ty, code, rest),
        })
    }

    /// Type, code and the four bytes after the checksum.
    pub fn header(self, v4: bool) -> (u8, u8, u32) {
        let echo = |id: u16, sequence: u16| u32::from(id) << 16 | u32::from(sequence);
        match self {
            Message::EchoRequest(id, sequence) => (if v4 { 8 } else { 128 }, 0, echo(id, sequence)),
            Message::EchoReply(id, sequence) => (if v4 { 0 } else { 129 }, 0, echo(id, sequence)),
            Message::Unreachable { code, mtu } => (if v4 { 3 } else { 1 }, code, u32::from(mtu)),
            Message::PacketTooBig(mtu) => (2, 0, mtu),
            Message::TimeExceeded(code) => (if v4 { 11 } else { 3 }, code, 0),
            Message::ParameterProblem(code) => (if v4 { 12 } else { 4 }, code, 0),
            Message::NeighbourSolicitation => (135, 0, 0),
            Message::NeighbourAdvertisement(flags) => (136, 0, flags),
            Message::Other(ty, code, rest) => (ty, code, rest),
        }
    }

    /// Appends the message with its body.
    pub fn emit(self, body: &[u8], src: IpAddr, dst: IpAddr, frame: &mut Vec<u8>) {
        let (ty, code, rest) = self.header(dst.is_ipv4());
        let start = frame.len();
        frame.extend_from_slice(&[ty, code, 0, 0]);
        frame.extend_from_slice(&rest.to_be_bytes());
        frame.extend_from_slice(body);
        let len = frame.len() - start;
        let sum = match dst {
            IpAddr::V4(_) => Sum::default(),
            IpAddr::V6(_) => Sum::default().pseudo(src, dst, protocol::ICMPV6, len),
        };
        let sum = sum.bytes(&frame[start..]).finish();
        frame[start + 2..start + 4].copy_from_slice(&sum.to_be_bytes());
    }
}
