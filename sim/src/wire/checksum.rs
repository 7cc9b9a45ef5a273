//! The Internet checksum (RFC 1071).

use std::net::IpAddr;

/// A one's-complement sum under way.
#[derive(Clone, Copy, Default, Debug)]
pub struct Sum(u64);

impl Sum {
    /// Adds bytes; an odd one is padded with zero, so only the last piece may be odd.
    pub fn bytes(mut self, bytes: &[u8]) -> Sum {
        // Four bytes at a time into wider words: the sum folds to the same (RFC 1071 §2). Eight
        // independent sums let the compiler use wide registers.
        let mut lanes = [0u64; 8];
        let mut chunks = bytes.chunks_exact(32);
        for chunk in &mut chunks {
            for (lane, word) in lanes.iter_mut().zip(chunk.chunks_exact(4)) {
                *lane += u64::from(u32::from_be_bytes([word[0], word[1], word[2], word[3]]));
            }
        }
        for word in chunks.remainder().chunks(4) {
            let mut padded = [0; 4];
            padded[..word.len()].copy_from_slice(word);
            lanes[0] += u64::from(u32::from_be_bytes(padded));
        }
        let sum: u64 = lanes.iter().sum();
        self.0 += (sum >> 32) + (sum & 0xffff_ffff);
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
