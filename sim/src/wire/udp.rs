//! UDP (RFC 768).

use super::{Malformed, be16, checksum::Sum};
use std::net::IpAddr;

/// Header bytes.
pub const HEADER_LEN: usize = 8;

/// A UDP header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Repr {
    /// Source port.
    pub src_port: u16,
    /// Destination port.
    pub dst_port: u16,
}

impl Repr {
    /// From an IP payload: the header and the data's length (after the header). A zero checksum
    /// means "none" (IPv4 only).
    pub fn parse(bytes: &[u8], src: IpAddr, dst: IpAddr) -> Result<(Repr, usize), Malformed> {
        if bytes.len() < HEADER_LEN {
            return Err(Malformed::TooShort);
        }
        let len = usize::from(be16(bytes, 4));
        if len < HEADER_LEN || len > bytes.len() {
            return Err(Malformed::TotalLength);
        }
        let none = be16(bytes, 6) == 0 && src.is_ipv4();
        if !none && Sum::default().pseudo(src, dst, 17, len).bytes(&bytes[..len]).finish() != 0 {
            return Err(Malformed::Checksum);
        }
        let repr = Repr { src_port: be16(bytes, 0), dst_port: be16(bytes, 2) };
        Ok((repr, len - HEADER_LEN))
    }

    /// Appends header and data.
    pub fn emit(&self, data: &[u8], src: IpAddr, dst: IpAddr, frame: &mut Vec<u8>) {
        let len = HEADER_LEN + data.len();
        let start = frame.len();
        frame.extend_from_slice(&self.src_port.to_be_bytes());
        frame.extend_from_slice(&self.dst_port.to_be_bytes());
        frame.extend_from_slice(&(len as u16).to_be_bytes());
        frame.extend_from_slice(&[0, 0]);
        frame.extend_from_slice(data);
        let sum = Sum::default().pseudo(src, dst, 17, len).bytes(&frame[start..]).finish();
        // A computed zero is sent as all ones: zero means "no checksum".
        let sum = if sum == 0 { 0xffff } else { sum };
        frame[start + 6..start + 8].copy_from_slice(&sum.to_be_bytes());
    }
}
