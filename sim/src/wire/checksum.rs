//! The Internet checksum (RFC 1071).

use std::net::IpAddr;

/// A one's-complement sum under way.
#[derive(Clone, Copy, Default, Debug)]
pub struct Sum(u64);

impl Sum {
    /// Adds bytes; an odd one is padded with zero, so only the last piece may be odd.
    pub fn bytes(mut self, bytes: &[u8]) -> Sum {
        // Eight bytes at a time: the sum's order of bytes does not matter (RFC 1071 §2 B, C).
        let mut wide: u128 = 0;
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            wide += u128::from(u64::from_be_bytes(word));
        }
        let rest = chunks.remainder();
        if !rest.is_empty() {
            let mut word = [0; 8];
            word[..rest.len()].copy_from_slice(rest);
            wide += u128::from(u64::from_be_bytes(word));
        }
        while wide >> 64 != 0 {
            wide = (wide & u128::from(u64::MAX)) + (wide >> 64);
        }
        let folded = wide as u64;
        self.0 += (folded >> 32) + (folded & 0xffff_ffff);
        self
    }

    /// Adds a 16-bit word.
    pub fn word(mut self, word: u16) -> Sum {
        self.0 += u64::from(word);
        self
    }

    /// Adds the pseudo-header of TCP, UDP and ICMPv6 (RFC 9293 §3.1, RFC 8200 §8.1).
    pub fn pseudo(self, src: IpAddr, dst: IpAddr, protocol: u8, len: usize) -> Sum {
        let with_addresses = match (src, dst) {
            (IpAddr::V4(src), IpAddr::V4(dst)) => self.bytes(&src.octets()).bytes(&dst.octets()),
            (IpAddr::V6(src), IpAddr::V6(dst)) => self.bytes(&src.octets()).bytes(&dst.octets()),
            _ => self,
        };
        with_addresses.word(u16::from(protocol)).word((len >> 16) as u16).word(len as u16)
    }

    /// The checksum field: the complement of the folded sum.
    pub fn finish(self) -> u16 {
        let mut sum = self.0;
        while sum >> 16 != 0 {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        !(sum as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_example_of_rfc_1071() {
        let bytes = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(Sum::default().bytes(&bytes).finish(), !0xddf2);
    }

    #[test]
    fn pieces_sum_like_the_whole() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1461).collect();
        let whole = Sum::default().bytes(&bytes).finish();
        let parts = Sum::default().bytes(&bytes[..20]).bytes(&bytes[20..]).finish();
        assert_eq!(whole, parts);
    }
}
