//! IPv4 (RFC 791) and IPv6 (RFC 8200) headers behind one `Repr`: the layers above see addresses,
//! a protocol, a hop limit, and perhaps a fragment.

use super::{Malformed, be16, be32, checksum::Sum, ethernet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// IPv4 header without options, bytes.
pub const V4_LEN: usize = 20;
/// IPv6 header, bytes.
pub const V6_LEN: usize = 40;
/// IPv6 fragment header, bytes.
pub const V6_FRAGMENT_LEN: usize = 8;
/// Protocol number of the IPv6 fragment header.
const V6_FRAGMENT: u8 = 44;

/// Protocol numbers that the stack knows.
pub mod protocol {
    /// ICMP.
    pub const ICMP: u8 = 1;
    /// IGMP.
    pub const IGMP: u8 = 2;
    /// TCP.
    pub const TCP: u8 = 6;
    /// UDP.
    pub const UDP: u8 = 17;
    /// IPv6 hop-by-hop options.
    pub const HOP_BY_HOP: u8 = 0;
    /// ICMPv6.
    pub const ICMPV6: u8 = 58;
}

/// A header, either version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Repr {
    /// Source.
    pub src: IpAddr,
    /// Destination, of the same version.
    pub dst: IpAddr,
    /// What the payload is: [`protocol`].
    pub protocol: u8,
    /// TTL or hop limit.
    pub ttl: u8,
    /// TOS or traffic class.
    pub tos: u8,
    /// IPv4 identification, or the IPv6 fragment header's.
    pub id: u32,
    /// IPv4 "don't fragment".
    pub df: bool,
    /// More fragments follow.
    pub more: bool,
    /// Fragment offset, bytes.
    pub offset: u16,
}

impl Repr {
    /// An unfragmented packet.
    pub fn new(src: IpAddr, dst: IpAddr, protocol: u8, ttl: u8) -> Repr {
        Repr { src, dst, protocol, ttl, tos: 0, id: 0, df: false, more: false, offset: 0 }
    }

    /// Whether this is one of several fragments.
    pub fn is_fragment(&self) -> bool {
        self.more || self.offset != 0
    }

    /// Bytes of the header that [`Repr::emit`] writes.
    pub fn header_len(&self) -> usize {
        match self.dst {
            IpAddr::V4(_) => V4_LEN,
            IpAddr::V6(_) if self.is_fragment() => V6_LEN + V6_FRAGMENT_LEN,
            IpAddr::V6(_) => V6_LEN,
        }
    }

    /// The EtherType.
    pub fn ethertype(&self) -> u16 {
        if self.dst.is_ipv4() { ethernet::IPV4 } else { ethernet::IPV6 }
    }

    /// From the bytes after the Ethernet header: the header and where the payload is in `bytes`.
    /// Padding after the packet's end is not payload.
    pub fn parse(bytes: &[u8]) -> Result<(Repr, Range<usize>), Malformed> {
        match bytes.first().ok_or(Malformed::TooShort)? >> 4 {
            4 => Repr::parse_v4(bytes),
            6 => Repr::parse_v6(bytes),
            _ => Err(Malformed::Version),
        }
    }

    fn parse_v4(bytes: &[u8]) -> Result<(Repr, Range<usize>), Malformed> {
        if bytes.len() < V4_LEN {
            return Err(Malformed::TooShort);
        }
        let header_len = usize::from(bytes[0] & 0x0f) * 4;
        if header_len < V4_LEN || header_len > bytes.len() {
            return Err(Malformed::HeaderLength);
        }
        let total_len = usize::from(be16(bytes, 2));
        if total_len < header_len || total_len > bytes.len() {
            return Err(Malformed::TotalLength);
        }
        if Sum::default().bytes(&bytes[..header_len]).finish() != 0 {
            return Err(Malformed::Checksum);
        }
        let flags = be16(bytes, 6);
        let repr = Repr {
            src: Ipv4Addr::from(be32(bytes, 12)).into(),
            dst: Ipv4Addr::from(be32(bytes, 16)).into(),
            protocol: bytes[9],
            ttl: bytes[8],
            tos: bytes[1],
            id: u32::from(be16(bytes, 4)),
            df: flags & 0x4000 != 0,
            more: flags & 0x2000 != 0,
            offset: (flags & 0x1fff) * 8,
        };
        Ok((repr, header_len..total_len))
    }

    fn parse_v6(bytes: &[u8]) -> Result<(Repr, Range<usize>), Malformed> {
        if bytes.len() < V6_LEN {
            return Err(Malformed::TooShort);
        }
        let end = V6_LEN + usize::from(be16(bytes, 4));
        if end > bytes.len() {
            return Err(Malformed::TotalLength);
        }
        let address = |at: usize| {
            let mut octets = [0; 16];
            octets.copy_from_slice(&bytes[at..at + 16]);
            IpAddr::V6(Ipv6Addr::from(octets))
        };
        let mut repr = Repr {
            tos: (be16(bytes, 0) >> 4) as u8,
            ..Repr::new(address(8), address(24), bytes[6], bytes[7])
        };
        let mut start = V6_LEN;
        if repr.protocol == protocol::HOP_BY_HOP {
            // Its options are for routers: the next header, and how many words of 8 bytes follow.
            let options = bytes[..end].get(V6_LEN..V6_LEN + 2).ok_or(Malformed::TooShort)?;
            repr.protocol = options[0];
            start += 8 * (1 + usize::from(options[1]));
            if start > end {
                return Err(Malformed::HeaderLength);
            }
        }
        if repr.protocol == V6_FRAGMENT {
            let fragment =
                bytes[..end].get(start..start + V6_FRAGMENT_LEN).ok_or(Malformed::TooShort)?;
            repr.protocol = fragment[0];
            repr.offset = be16(fragment, 2) & 0xfff8;
            repr.more = fragment[3] & 1 != 0;
            repr.id = be32(fragment, 4);
            start += V6_FRAGMENT_LEN;
        }
        Ok((repr, start..end))
    }

    /// Appends the header for a payload of `payload_len` bytes.
    pub fn emit(&self, payload_len: usize, frame: &mut Vec<u8>) {
        match (self.src, self.dst) {
            (IpAddr::V4(src), IpAddr::V4(dst)) => self.emit_v4(src, dst, payload_len, frame),
            (IpAddr::V6(src), IpAddr::V6(dst)) => self.emit_v6(src, dst, payload_len, frame),
            _ => unreachable!("both addresses are of one version"),
        }
    }

    /// Writes length, identification and checksum into a header emitted before its payload.
    pub fn finish(&self, payload_len: usize, header: &mut [u8]) {
        match self.dst {
            IpAddr::V4(_) => {
                header[2..4].copy_from_slice(&((V4_LEN + payload_len) as u16).to_be_bytes());
                header[4..6].copy_from_slice(&(self.id as u16).to_be_bytes());
                header[10..12].fill(0);
                let sum = Sum::default().bytes(header).finish();
                header[10..12].copy_from_slice(&sum.to_be_bytes());
            }
            IpAddr::V6(_) => header[4..6].copy_from_slice(&(payload_len as u16).to_be_bytes()),
        }
    }

    fn emit_v4(&self, src: Ipv4Addr, dst: Ipv4Addr, payload_len: usize, frame: &mut Vec<u8>) {
        let mut header = [0u8; V4_LEN];
        header[0] = 0x45;
        header[1] = self.tos;
        header[2..4].copy_from_slice(&((V4_LEN + payload_len) as u16).to_be_bytes());
        header[4..6].copy_from_slice(&(self.id as u16).to_be_bytes());
        let flags = u16::from(self.df) << 14 | u16::from(self.more) << 13 | (self.offset / 8);
        header[6..8].copy_from_slice(&flags.to_be_bytes());
        header[8] = self.ttl;
        header[9] = self.protocol;
        header[12..16].copy_from_slice(&src.octets());
        header[16..20].copy_from_slice(&dst.octets());
        let sum = Sum::default().bytes(&header).finish();
        header[10..12].copy_from_slice(&sum.to_be_bytes());
        frame.extend_from_slice(&header);
    }

    fn emit_v6(&self, src: Ipv6Addr, dst: Ipv6Addr, payload_len: usize, frame: &mut Vec<u8>) {
        let extra = self.header_len() - V6_LEN;
        frame.extend_from_slice(&(0x6000_0000 | u32::from(self.tos) << 20).to_be_bytes());
        frame.extend_from_slice(&((payload_len + extra) as u16).to_be_bytes());
        frame.push(if extra > 0 { V6_FRAGMENT } else { self.protocol });
        frame.push(self.ttl);
        frame.extend_from_slice(&src.octets());
        frame.extend_from_slice(&dst.octets());
        if extra > 0 {
            frame.extend_from_slice(&[self.protocol, 0]);
            frame.extend_from_slice(&(self.offset | u16::from(self.more)).to_be_bytes());
            frame.extend_from_slice(&self.id.to_be_bytes());
        }
    }
}

/// The beginning of a packet quoted in an ICMP error: not all of it need be there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quote {
    /// Source.
    pub src: IpAddr,
    /// Destination.
    pub dst: IpAddr,
    /// What the payload is.
    pub protocol: u8,
    /// As much of the payload as is quoted.
    pub payload: Vec<u8>,
}

impl Quote {
    /// Reads a quoted header; `None` if even that is cut or the version is unknown.
    pub fn parse(bytes: &[u8]) -> Option<Quote> {
        let v4 = |at: usize| Some(IpAddr::V4(Ipv4Addr::from(be32(bytes.get(at..at + 4)?, 0))));
        let v6 = |at: usize| {
            let octets: [u8; 16] = bytes.get(at..at + 16)?.try_into().ok()?;
            Some(IpAddr::V6(Ipv6Addr::from(octets)))
        };
        let first = *bytes.first()?;
        match first >> 4 {
            4 => {
                let start = usize::from(first & 0x0f) * 4;
                let payload = bytes.get(start.max(V4_LEN)..)?.to_vec();
                Some(Quote { src: v4(12)?, dst: v4(16)?, protocol: *bytes.get(9)?, payload })
            }
            6 => {
                let payload = bytes.get(V6_LEN..)?.to_vec();
                Some(Quote { src: v6(8)?, dst: v6(24)?, protocol: *bytes.get(6)?, payload })
            }
            _ => None,
        }
    }
}
