//! Bytes that many places hold and nobody copies.

use std::sync::Arc;

/// A slice of a shared buffer. Cloning costs a counter; appending copies only if someone else
/// still holds the buffer (a checkpoint, a packet in flight).
#[derive(Clone, Default)]
pub struct Shared {
    buffer: Arc<Vec<u8>>,
    start: u32,
    end: u32,
}

impl Shared {
    /// A part of it, positions relative to this slice.
    pub fn slice(&self, from: usize, to: usize) -> Shared {
        assert!(from <= to && to <= self.len(), "a slice lies within its bytes");
        Shared {
            buffer: Arc::clone(&self.buffer),
            start: self.start + from as u32,
            end: self.start + to as u32,
        }
    }

    /// Everything from a position on.
    pub fn slice_from(&self, from: usize) -> Shared {
        self.slice(from, self.len())
    }

    /// Appends bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.start != 0 || self.end as usize != self.buffer.len() {
            *self = Shared::from(self.to_vec());
        }
        Arc::make_mut(&mut self.buffer).extend_from_slice(bytes);
        self.end += bytes.len() as u32;
    }

    /// Forgets the first `count` bytes.
    pub fn advance(&mut self, count: usize) {
        assert!(count <= self.len(), "no more than there is");
        self.start += count as u32;
    }

    /// Keeps the first `count` bytes.
    pub fn truncate(&mut self, count: usize) {
        self.end = self.end.min(self.start + count as u32);
    }
}

impl From<Vec<u8>> for Shared {
    fn from(bytes: Vec<u8>) -> Shared {
        let end = bytes.len() as u32;
        Shared { buffer: Arc::new(bytes), start: 0, end }
    }
}

impl From<&Arc<Vec<u8>>> for Shared {
    fn from(buffer: &Arc<Vec<u8>>) -> Shared {
        Shared { start: 0, end: buffer.len() as u32, buffer: Arc::clone(buffer) }
    }
}

impl std::ops::Deref for Shared {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.buffer[self.start as usize..self.end as usize]
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Shared) -> bool {
        **self == **other
    }
}

impl Eq for Shared {}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(self))
    }
}
