//! Ethernet II frames (no FCS, as captures show them).

use super::{Malformed, be16};

/// Bytes before the payload.
pub const HEADER_LEN: usize = 14;
/// EtherType of IPv4.
pub const IPV4: u16 = 0x0800;
/// EtherType of ARP.
pub const ARP: u16 = 0x0806;
/// EtherType of IPv6.
pub const IPV6: u16 = 0x86dd;

/// An Ethernet address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Mac(pub [u8; 6]);

impl Mac {
    /// `ff:ff:ff:ff:ff:ff`.
    pub const BROADCAST: Mac = Mac([0xff; 6]);

    /// Broadcast or multicast: the low bit of the first byte.
    pub fn is_group(self) -> bool {
        self.0[0] & 1 != 0
    }

    /// Where an IP multicast group is sent (RFC 1112 §6.4, RFC 2464 §7).
    pub fn multicast(group: std::net::IpAddr) -> Mac {
        match group {
            std::net::IpAddr::V4(v4) => {
                let [_, b, c, d] = v4.octets();
                Mac([0x01, 0x00, 0x5e, b & 0x7f, c, d])
            }
            std::net::IpAddr::V6(v6) => {
                let octets = v6.octets();
                Mac([0x33, 0x33, octets[12], octets[13], octets[14], octets[15]])
            }
        }
    }
}

impl std::fmt::Display for Mac {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl std::fmt::Debug for Mac {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

/// An Ethernet header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Repr {
    /// Destination.
    pub dst: Mac,
    /// Source.
    pub src: Mac,
    /// What the payload is.
    pub ethertype: u16,
}

impl Repr {
    /// From a frame.
    pub fn parse(frame: &[u8]) -> Result<Repr, Malformed> {
        let header = frame.get(..HEADER_LEN).ok_or(Malformed::TooShort)?;
        let mac = |at: usize| {
            let mut mac = [0; 6];
            mac.copy_from_slice(&header[at..at + 6]);
            Mac(mac)
        };
        Ok(Repr { dst: mac(0), src: mac(6), ethertype: be16(header, 12) })
    }

    /// Appends the header.
    pub fn emit(&self, frame: &mut Vec<u8>) {
        frame.extend_from_slice(&self.dst.0);
        frame.extend_from_slice(&self.src.0);
        frame.extend_from_slice(&self.ethertype.to_be_bytes());
    }
}
