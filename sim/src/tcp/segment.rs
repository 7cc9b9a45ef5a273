//! A TCP segment with meaning; its bytes are [`crate::wire::tcp`]'s business.

use super::{Seq, SeqRange};
use crate::wire::Shared;

/// Control bits (RFC 9293 §3.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flags(pub u8);

#[allow(missing_docs)]
impl Flags {
    pub const FIN: Flags = Flags(0x01);
    pub const SYN: Flags = Flags(0x02);
    pub const RST: Flags = Flags(0x04);
    pub const PSH: Flags = Flags(0x08);
    pub const ACK: Flags = Flags(0x10);
    pub const URG: Flags = Flags(0x20);

    pub fn has(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }
    pub fn fin(self) -> bool {
        self.has(Flags::FIN)
    }
    pub fn syn(self) -> bool {
        self.has(Flags::SYN)
    }
    pub fn rst(self) -> bool {
        self.has(Flags::RST)
    }
    pub fn psh(self) -> bool {
        self.has(Flags::PSH)
    }
    pub fn ack(self) -> bool {
        self.has(Flags::ACK)
    }
    pub fn urg(self) -> bool {
        self.has(Flags::URG)
    }
    pub fn without(self, other: Flags) -> Flags {
        Flags(self.0 & !other.0)
    }
}

impl std::ops::BitOr for Flags {
    type Output = Flags;

    fn bitor(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }
}

impl std::fmt::Display for Flags {
    /// As tcpdump prints them: `S.`, `P.`, `F.`, `R`, `.`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const NAMES: [(Flags, &str); 6] = [
            (Flags::FIN, "F"),
            (Flags::SYN, "S"),
            (Flags::RST, "R"),
            (Flags::PSH, "P"),
            (Flags::ACK, "."),
            (Flags::URG, "U"),
        ];
        NAMES.iter().filter(|(flag, _)| self.has(*flag)).try_for_each(|(_, name)| f.write_str(name))
    }
}

impl std::fmt::Debug for Flags {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

/// Up to four SACK blocks (RFC 2018).
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct SackBlocks {
    blocks: [SeqRange; SackBlocks::MAX],
    len: u8,
}

impl SackBlocks {
    /// What a header without timestamps has room for.
    pub const MAX: usize = 4;

    /// Appends a block; beyond four it is forgotten.
    pub fn push(&mut self, start: Seq, end: Seq) {
        if usize::from(self.len) < SackBlocks::MAX {
            self.blocks[usize::from(self.len)] = SeqRange { start, end };
            self.len += 1;
        }
    }

    /// The blocks.
    pub fn as_slice(&self) -> &[SeqRange] {
        &self.blocks[..usize::from(self.len)]
    }
}

/// The options that the stack knows.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// Maximum segment size, bytes.
    pub mss: Option<u16>,
    /// Window scale: the shift.
    pub wscale: Option<u8>,
    /// SACK permitted.
    pub sack_ok: bool,
    /// Timestamp value and echo reply.
    pub timestamp: Option<(u32, u32)>,
    /// Selective acknowledgements.
    pub sack: SackBlocks,
}

/// A segment.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Segment {
    /// SEG.SEQ.
    pub seq: Seq,
    /// SEG.ACK, meaningful with ACK.
    pub ack: Seq,
    /// Control bits.
    pub flags: Flags,
    /// SEG.WND as in the header, not scaled.
    pub wnd: u16,
    /// SEG.UP, meaningful with URG.
    pub urg: u16,
    /// Options.
    pub options: Options,
    /// Data.
    pub payload: Shared,
}

impl Segment {
    /// SEG.LEN: data, and one each for SYN and FIN.
    pub fn len(&self) -> u32 {
        self.payload.len() as u32 + u32::from(self.flags.syn()) + u32::from(self.flags.fin())
    }

    /// Whether it takes no sequence space.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first sequence number after it.
    pub fn end(&self) -> Seq {
        self.seq + self.len()
    }

    /// The reset that answers a segment for which there is no connection (RFC 9293 §3.10.7.1):
    /// none for a reset.
    pub fn reset_for(&self) -> Option<Segment> {
        if self.flags.rst() {
            return None;
        }
        Some(if self.flags.ack() {
            Segment { seq: self.ack, flags: Flags::RST, ..Segment::default() }
        } else {
            Segment { ack: self.end(), flags: Flags::RST | Flags::ACK, ..Segment::default() }
        })
    }
}
