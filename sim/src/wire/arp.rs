//! ARP for IPv4 over Ethernet (RFC 826).

use super::{Mac, Malformed, be16};
use std::net::Ipv4Addr;

/// Bytes of the message.
pub const LEN: usize = 28;

/// An ARP message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Repr {
    /// A reply (2) rather than a request (1).
    pub reply: bool,
    /// The sender.
    pub sender: (Mac, Ipv4Addr),
    /// Who is asked for; the address is zero in a request.
    pub target: (Mac, Ipv4Addr),
}

impl Repr {
    /// From the bytes after the Ethernet header.
    pub fn parse(bytes: &[u8]) -> Result<Repr, Malformed> {
        let bytes = bytes.get(..LEN).ok_or(Malformed::TooShort)?;
        let ethernet_ipv4 = [0x00, 0x01, 0x08, 0x00, 6, 4];
        if bytes[..6] != ethernet_ipv4 {
            return Err(Malformed::Kind);
        }
        let pair = |at: usize| {
            let mut mac = [0; 6];
            mac.copy_from_slice(&bytes[at..at + 6]);
            let ip = Ipv4Addr::new(bytes[at + 6], bytes[at + 7], bytes[at + 8], bytes[at + 9]);
            (Mac(mac), ip)
        };
        let reply = match be16(bytes, 6) {
            1 => false,
            2 => true,
            _ => return Err(Malformed::Kind),
        };
        Ok(Repr { reply, sender: pair(8), target: pair(18) })
    }

    /// Appends the message.
    pub fn emit(&self, frame: &mut Vec<u8>) {
        frame.extend_from_slice(&[0x00, 0x01, 0x08, 0x00, 6, 4, 0, if self.reply { 2 } else { 1 }]);
        for (mac, ip) in [self.sender, self.target] {
            frame.extend_from_slice(&mac.0);
            frame.extend_from_slice(&ip.octets());
        }
    }
}
