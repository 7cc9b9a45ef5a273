//! Packets as bytes: Ethernet, ARP, IPv4, IPv6, TCP, UDP, ICMP, ICMPv6.
//!
//! What to read: IEEE 802.3, RFC 826 (ARP), RFC 791 (IPv4), RFC 8200 (IPv6), RFC 9293 §3.1 (TCP),
//! RFC 768 (UDP), RFC 792 (ICMP), RFC 4443 (ICMPv6), RFC 4861 (neighbour discovery).
//!
//! Each protocol has a `Repr` with meaningful values, `parse` that says which field is wrong, and
//! an `emit` that appends bytes.
//!
//! Not here: VLAN tags, IPv6 extension headers other than fragments and hop-by-hop options, IP options
//! (skipped when parsing; only group membership writes one).

pub mod arp;
pub mod checksum;
pub mod ethernet;
pub mod icmp;
pub mod ip;
pub mod shared;
pub mod tcp;
pub mod udp;

pub use ethernet::Mac;
pub use shared::Shared;

/// Why bytes are not the packet they should be: the field that is wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Malformed {
    /// Fewer bytes than the header needs.
    TooShort,
    /// The version field is not the one that the EtherType announced.
    Version,
    /// The header-length field is below the minimum or beyond the end.
    HeaderLength,
    /// The total-length field is below the header's length or beyond the end.
    TotalLength,
    /// The checksum is wrong.
    Checksum,
    /// An option's length leads out of the header.
    Options,
    /// An address that cannot be a source (multicast, broadcast).
    Source,
    /// A kind or operation that this stack does not know.
    Kind,
}

/// Reads a big-endian number; the caller has checked the length.
fn be16(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

/// Reads a big-endian number; the caller has checked the length.
fn be32(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
