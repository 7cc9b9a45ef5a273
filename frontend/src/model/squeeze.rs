//! A compressor for short C programs, so that a link with two of them is short.
//!
//! What to read: M. Mahoney, "Adaptive Weighing of Context Models for Lossless Data Compression"
//! (2005), whose lpaq this follows in small. Each bit is predicted from the bytes before it by
//! several models, their predictions are mixed, and an arithmetic coder takes the result. Before
//! the first bit the models have read [`PRIME`], so they know what C programs with sockets look
//! like; it is part of the format and never changes. Integers only: the same on every machine.

/// What the models read first.
const PRIME: &str = include_str!("prime.txt");
/// Slots of each model's table, as a power of two.
const BITS: u32 = 16;
/// Models of the last 1 to 6 bytes, of the word, of the bytes before the line's beginning.
const MODELS: usize = 8;
/// Predictions that are mixed: the models' and the longest match's.
const INPUTS: usize = MODELS + 1;
/// A text is not longer, bytes.
const MOST: usize = 1 << 20;

/// ln(p / (1 - p)) in 8.8, of a probability of 12 bits.
fn stretch_table() -> Vec<i32> {
    let mut table = vec![0; 4096];
    let mut at = 0;
    for x in -2047..=2047 {
        let p = squash(x) as usize;
        for slot in &mut table[at..=p] {
            *slot = x;
        }
        at = at.max(p + 1);
    }
    for slot in &mut table[at..] {
        *slot = 2047;
    }
    table
}

/// 4096 / (1 + e^(-x / 256)), interpolated.
fn squash(x: i32) -> i32 {
    const TABLE: [i32; 33] = [
        1, 2, 3, 6, 10, 16, 27, 45, 73, 120, 194, 310, 488, 747, 1101, 1546, 2047, 2549, 2994,
        3348, 3607, 3785, 3901, 3975, 4024, 4050, 4068, 4079, 4085, 4089, 4092, 4093, 4094,
    ];
    if x > 2047 {
        return 4095;
    }
    if x < -2047 {
        return 0;
    }
    let weight = x & 127;
    let at = ((x >> 7) + 16) as usize;
    (TABLE[at] * (128 - weight) + TABLE[at + 1] * weight + 64) >> 7
}

/// A probability that learns: fast at first, slower later.
#[derive(Clone, Copy)]
struct Slot {
    /// Of a 1, 16 bits.
    p: u16,
    seen: u8,
}

struct Model {
    tables: Vec<Vec<Slot>>,
    weights: Vec<[i32; INPUTS]>,
    stretch: Vec<i32>,
    history: Vec<u8>,
    /// Where a context of four bytes was seen last.
    places: Vec<u32>,
    /// Where the longest match goes on, and how long it is.
    matching: (usize, u32),
    hashes: [u32; MODELS],
    /// The bits of the present byte, after a 1.
    partial: u32,
    word: u32,
    inputs: [i32; INPUTS],
    slots: [usize; MODELS],
    set: usize,
    p: i32,
}

impl Model {
    fn primed() -> Model {
        let slot = Slot { p: 1 << 15, seen: 0 };
        let mut model = Model {
            tables: vec![vec![slot; 1 << BITS]; MODELS],
            weights: vec![[(1 << 16) * 2 / 5; INPUTS]; 4 * 256],
            stretch: stretch_table(),
            history: Vec::new(),
            places: vec![0; 1 << BITS],
            matching: (0, 0),
            hashes: [0; MODELS],
            partial: 1,
            word: 0,
            inputs: [0; INPUTS],
            slots: [0; MODELS],
            set: 0,
            p: 2048,
        };
        model.begin_byte();
        model.predict();
        for byte in PRIME.bytes() {
            for bit in (0..8).rev() {
                model.learn(u32::from(byte >> bit & 1));
            }
        }
        model
    }

    /// The contexts of the byte that comes next.
    fn begin_byte(&mut self) {
        let back = |n: usize| {
            u32::from(self.history.len().checked_sub(n).map_or(0, |at| self.history[at]))
        };
        let mut hash = 0_u32;
        for order in 1..=6 {
            hash = hash.wrapping_mul(0x2c1b_3c6d).wrapping_add(back(order) + 1);
            self.hashes[order - 1] =
                mixed(hash.wrapping_add((order as u32).wrapping_mul(0x9e37_79b9)));
        }
        self.hashes[6] = mixed(self.word.wrapping_mul(0x297a_2d39).wrapping_add(back(1)));
        let line = self.history.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let first = self.history[line..].iter().copied().find(|byte| *byte != b' ').unwrap_or(0);
        let column = (self.history.len() - line).min(20) as u32;
        self.hashes[7] = mixed(u32::from(first) << 16 | back(1) << 8 | column.wrapping_add(77));
        self.partial = 1;
    }

    fn predict(&mut self) {
        let mut sum = 0_i64;
        let (at, length) = self.matching;
        let expected = match self.history.get(at) {
            Some(byte) if length > 0 => u32::from(*byte) | 256,
            _ => 0,
        };
        let bits = 32 - self.partial.leading_zeros();
        let agrees = expected != 0 && expected >> (9 - bits) == self.partial;
        let strength = if agrees { length.min(32) } else { 0 };
        self.set = match strength {
            0 => 0,
            1..=7 => 256,
            8..=15 => 512,
            _ => 768,
        } + self.partial as usize;
        for n in 0..MODELS {
            let slot = mixed(self.hashes[n].wrapping_add(self.partial.wrapping_mul(0x3d4d_51cb)));
            self.slots[n] = (slot >> (32 - BITS)) as usize;
            let found = self.tables[n][self.slots[n]];
            // What was never seen says nothing.
            self.inputs[n] = match found.seen {
                0 => 0,
                _ => self.stretch[usize::from(found.p >> 4)],
            };
        }
        self.inputs[MODELS] = match strength {
            0 => 0,
            _ => {
                let sure = 200 + 44 * strength as i32;
                if expected >> (8 - bits) & 1 == 1 { sure } else { -sure }
            }
        };
        for (input, weight) in self.inputs.iter().zip(&self.weights[self.set]) {
            sum += i64::from(*input) * i64::from(*weight);
        }
        self.p = squash(((sum >> 16) as i32).clamp(-2047, 2047)).clamp(1, 4095);
    }

    /// The bit is known: every model learns.
    fn learn(&mut self, bit: u32) {
        let error = ((bit as i32) << 12) - self.p;
        for (weight, input) in self.weights[self.set].iter_mut().zip(&self.inputs) {
            *weight += (input * error * 6 + (1 << 9)) >> 10;
        }
        for n in 0..MODELS {
            let slot = &mut self.tables[n][self.slots[n]];
            let goal = if bit == 1 { 65535 } else { 0 };
            let p = i32::from(slot.p);
            let step = (goal - p) * 2 / (2 * i32::from(slot.seen) + 3);
            slot.p = (p + step).clamp(32, 65503) as u16;
            slot.seen = (slot.seen + 1).min(30);
        }
        self.partial = self.partial << 1 | bit;
        if self.partial >= 256 {
            self.end_byte((self.partial & 255) as u8);
        }
        self.predict();
    }

    fn end_byte(&mut self, byte: u8) {
        let (at, length) = self.matching;
        self.matching = match self.history.get(at) {
            Some(expected) if length > 0 && *expected == byte => (at + 1, length + 1),
            _ => (0, 0),
        };
        self.history.push(byte);
        self.word = match byte.is_ascii_alphanumeric() || byte == b'_' {
            true => self.word.wrapping_mul(0x2c1b_3c6d).wrapping_add(u32::from(byte) + 1),
            false => 0,
        };
        if let [.., a, b, c, d] = self.history[..] {
            let place = mixed(u32::from_le_bytes([a, b, c, d])) >> (32 - BITS);
            let before =
                std::mem::replace(&mut self.places[place as usize], self.history.len() as u32);
            if self.matching.1 == 0 && before > 0 {
                let same = self.history[..before as usize]
                    .iter()
                    .rev()
                    .zip(self.history.iter().rev())
                    .take(32)
                    .take_while(|(a, b)| a == b)
                    .count();
                if same >= 4 {
                    self.matching = (before as usize, same as u32);
                }
            }
        }
        self.begin_byte();
    }
}

fn mixed(x: u32) -> u32 {
    let x = (x ^ x >> 15).wrapping_mul(0x85eb_ca6b);
    let x = (x ^ x >> 13).wrapping_mul(0xc2b2_ae35);
    x ^ x >> 16
}

/// A checksum of the text, 16 bits (Fletcher).
fn checksum(text: &[u8]) -> u16 {
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in text {
        a = (a + u32::from(*byte)) % 251;
        b = (b + a) % 251;
    }
    (b << 8 | a) as u16
}

/// The text, compressed: length, checksum, code.
pub(crate) fn squeeze(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut length = text.len();
    while length >= 128 {
        out.push((length & 127) as u8 | 128);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend(checksum(text.as_bytes()).to_be_bytes());
    let mut model = Model::primed();
    let (mut low, mut high) = (0_u32, u32::MAX);
    for byte in text.bytes() {
        for bit in (0..8).rev() {
            let bit = u32::from(byte >> bit & 1);
            let middle = split(low, high, model.p);
            if bit == 1 {
                high = middle
            } else {
                low = middle + 1
            }
            model.learn(bit);
            while (low ^ high) >> 24 == 0 {
                out.push((high >> 24) as u8);
                (low, high) = (low << 8, high << 8 | 255);
            }
        }
    }
    // As few bytes as tell the last interval; what is missing is read as zeros.
    if low > 0 {
        let short = (low >> 24) + 1;
        match short << 24 <= high && short < 256 {
            true => out.push(short as u8),
            false => out.extend(((low >> 16) + 1).to_be_bytes()[2..].iter()),
        }
    }
    out
}

fn split(low: u32, high: u32, p: i32) -> u32 {
    low + ((u64::from(high - low) * p as u64) >> 12) as u32
}

/// The text of such bytes and whether it is whole and unchanged. Of a cut one, the lines before the
/// cut.
pub(crate) fn release(bytes: &[u8]) -> (String, bool) {
    let mut at = 0;
    let mut next = || {
        at += 1;
        (bytes.get(at - 1).copied(), at)
    };
    let mut length = 0_usize;
    for shift in (0..28).step_by(7) {
        let (Some(byte), _) = next() else { return (String::new(), false) };
        length |= usize::from(byte & 127) << shift;
        if byte < 128 {
            break;
        }
    }
    let (Some(a), Some(b)) = (next().0, next().0) else { return (String::new(), false) };
    let sum = u16::from_be_bytes([a, b]);
    let mut model = Model::primed();
    let start = model.history.len();
    let (mut low, mut high) = (0_u32, u32::MAX);
    let mut code = 0_u32;
    for _ in 0..4 {
        code = code << 8 | u32::from(next().0.unwrap_or(0));
    }
    let length = length.min(MOST);
    let mut read = 0;
    // Four bytes are read ahead; more beyond the end than that, and there is nothing left to tell.
    while model.history.len() - start < length && read <= bytes.len() + 4 {
        for _ in 0..8 {
            let middle = split(low, high, model.p);
            let bit = u32::from(code <= middle);
            if bit == 1 {
                high = middle
            } else {
                low = middle + 1
            }
            model.learn(bit);
            while (low ^ high) >> 24 == 0 {
                (low, high) = (low << 8, high << 8 | 255);
                let (byte, count) = next();
                code = code << 8 | u32::from(byte.unwrap_or(0));
                read = count;
            }
        }
    }
    let mut text = &model.history[start..];
    let whole = text.len() == length && checksum(text) == sum;
    if text.len() < length {
        // The last line was guessed.
        let line = text.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
        text = &text[..line];
    }
    (String::from_utf8_lossy(text).into_owned(), whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cut_text_keeps_its_beginning() {
        let text = include_str!("testdata/server.c");
        let bytes = squeeze(text);
        assert_eq!(release(&bytes), (text.to_owned(), true));
        let (part, whole) = release(&bytes[..bytes.len() / 2]);
        assert!(!whole);
        let same = part.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
        assert!(same > 200, "{same}: {part}");
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let mut bytes = squeeze(include_str!("testdata/client.c"));
        let middle = bytes.len() / 2;
        bytes[middle] ^= 64;
        assert!(!release(&bytes).1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn any_text_comes_back(text in "\\PC{0,300}") {
            prop_assert_eq!(release(&squeeze(&text)), (text, true));
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            release(&bytes);
        }
    }
}
