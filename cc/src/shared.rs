//! Memory that several processes map: `MAP_SHARED`, `shmat`.
//!
//! It lives in the host and is lent to a machine's `step` and `resume`. A new segment is zero.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The shared segments of a host, by number. Copy-on-write, so a clone is cheap.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SharedMemory {
    segments: BTreeMap<u32, Arc<Vec<u8>>>,
}

impl SharedMemory {
    /// None.
    pub fn new() -> SharedMemory {
        SharedMemory::default()
    }

    /// Makes segment `number` of `len` zero bytes, or resizes it (`ftruncate`), keeping contents.
    pub fn resize(&mut self, number: u32, len: u64) {
        Arc::make_mut(self.segments.entry(number).or_default()).resize(len as usize, 0);
    }

    /// Drops a segment.
    pub fn remove(&mut self, number: u32) {
        self.segments.remove(&number);
    }

    /// The size in bytes.
    pub fn len(&self, number: u32) -> Option<u64> {
        self.segments.get(&number).map(|bytes| bytes.len() as u64)
    }

    /// Whether there is no segment.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// `len` bytes of a segment, if they are there.
    pub fn read(&self, number: u32, offset: u64, len: u64) -> Option<&[u8]> {
        let start = usize::try_from(offset).ok()?;
        self.segments.get(&number)?.get(start..start.checked_add(len as usize)?)
    }

    /// Overwrites bytes of a segment; `None` if they are not all there.
    pub fn write(&mut self, number: u32, offset: u64, bytes: &[u8]) -> Option<()> {
        let start = usize::try_from(offset).ok()?;
        let segment = Arc::make_mut(self.segments.get_mut(&number)?);
        segment.get_mut(start..start.checked_add(bytes.len())?)?.copy_from_slice(bytes);
        Some(())
    }
}
