//! A process's memory: byte-addressed, checked, copy-on-write.
//!
//! Beside every byte stands its state (not addressable, never set, set, read-only), as in
//! AddressSanitizer and MemorySanitizer. Between objects lie bytes that are not addressable, so
//! that a step over an object's end is seen. Freed blocks stay unaddressable for long (quarantine).
//! Accesses that fail come back as [`Bad`]; `machine` finds out which variable was meant.
//!
//! The upper half of an address says the region, so translation is one comparison and one index.

use crate::shared::SharedMemory;
use crate::source::Span;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Bytes of a page.
pub(crate) const PAGE: usize = 4096;

/// Upper halves of addresses, made to look like Linux's.
pub(crate) const TEXT_HI: u32 = 0x5554;
pub(crate) const DATA_HI: u32 = 0x5555;
pub(crate) const MMAP_HI: u32 = 0x7f00;
pub(crate) const STACK_HI: u32 = 0x7ffc;

/// Functions are 16 bytes apart from here.
pub(crate) const TEXT_BASE: u64 = ((TEXT_HI as u64) << 32) + 0x1000;
/// Globals start here; the heap follows.
pub(crate) const DATA_BASE: u64 = ((DATA_HI as u64) << 32) + 0x4000;
const MMAP_BASE: u64 = ((MMAP_HI as u64) << 32) + 0x1000_0000;
/// Each thread's stack has 16 MiB of addresses, of which it may use [`STACK_LIMIT`].
const STACK_SLOT_BITS: u32 = 24;
/// `ulimit -s` of most Linux systems.
pub(crate) const STACK_LIMIT: u64 = 8 << 20;
/// Data region (globals and heap): more is `ENOMEM`.
const DATA_LIMIT: u64 = 256 << 20;
/// Freed bytes kept unaddressable before they are used again.
const QUARANTINE_BYTES: u64 = 4 << 20;
/// Unaddressable bytes after each heap block.
const HEAP_RED_ZONE: u64 = 32;

/// A byte's state: bit 0 "set and readable", bit 1 "writable".
pub(crate) const NONE: u8 = 0;
pub(crate) const READ_ONLY: u8 = 1;
pub(crate) const UNSET: u8 = 2;
pub(crate) const SET: u8 = 3;

/// Data and states of [`PAGE`] bytes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) data: [u8; PAGE],
    pub(crate) state: [u8; PAGE],
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Page")
    }
}

impl Page {
    fn empty() -> Arc<Page> {
        Arc::new(Page { data: [0; PAGE], state: [NONE; PAGE] })
    }
}

type Pages = Vec<Option<Arc<Page>>>;

/// An access that memory refuses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Bad {
    pub(crate) write: bool,
    pub(crate) address: u64,
    pub(crate) len: u64,
    pub(crate) why: Why,
}

/// Why memory refuses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Why {
    /// The byte at this address is not addressable.
    Unaddressable(u64),
    /// The byte at this address was never set.
    Unset(u64),
    /// The byte at this address is read-only.
    ReadOnly(u64),
}

/// A block of the heap, live or freed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct HeapBlock {
    pub(crate) size: u64,
    /// Bytes from this block to the next, red zone included.
    pub(crate) room: u64,
    /// The call that allocated it.
    pub(crate) allocated: Option<Span>,
    /// `Some` once freed, with the call that did.
    pub(crate) freed: Option<Option<Span>>,
}

#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Heap {
    pub(crate) blocks: BTreeMap<u64, HeapBlock>,
    top: u64,
    quarantine: VecDeque<u64>,
    quarantined_bytes: u64,
    free: BTreeMap<u64, Vec<u64>>,
}

/// A range made by `mmap` or `shmat`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Map {
    pub(crate) at: u64,
    pub(crate) len: u64,
    /// `None`: private memory.
    pub(crate) segment: Option<u32>,
    pub(crate) offset: u64,
    pub(crate) writable: bool,
}

/// Why `free` refuses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum BadFree {
    Twice(u64),
    Unknown(u64),
}

/// A process's memory.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Memory {
    data: Pages,
    stacks: Vec<Pages>,
    mmap: Pages,
    maps: Arc<Vec<Map>>,
    mmap_top: u64,
    heap: Arc<Heap>,
}

fn hi(address: u64) -> u32 {
    (address >> 32) as u32
}

/// One past the highest usable address of stack `slot`.
pub(crate) fn stack_top(slot: usize) -> u64 {
    (u64::from(STACK_HI) << 32) + (1 << 32) - ((slot as u64) << STACK_SLOT_BITS)
}

/// Which stack an address belongs to.
pub(crate) fn stack_slot(address: u64) -> Option<usize> {
    (hi(address) == STACK_HI).then_some((!(address as u32) >> STACK_SLOT_BITS) as usize)
}

impl Memory {
    /// Memory holding a program's initial data pages; the heap begins at `heap_at`.
    pub(crate) fn new(data: Pages, heap_at: u64) -> Memory {
        Memory {
            data,
            stacks: Vec::new(),
            mmap: Vec::new(),
            maps: Arc::default(),
            mmap_top: MMAP_BASE,
            heap: Arc::new(Heap { top: heap_at, ..Heap::default() }),
        }
    }

    pub(crate) fn into_data_pages(self) -> Pages {
        self.data
    }

    #[inline(always)]
    fn page(&self, address: u64) -> Option<&Page> {
        let low = address as u32;
        match hi(address) {
            STACK_HI => {
                let back = !low;
                self.stacks
                    .get((back >> STACK_SLOT_BITS) as usize)?
                    .get(((back & ((1 << STACK_SLOT_BITS) - 1)) >> 12) as usize)?
                    .as_deref()
            }
            DATA_HI => self.data.get((low >> 12) as usize)?.as_deref(),
            MMAP_HI => self.mmap.get((low >> 12) as usize)?.as_deref(),
            _ => None,
        }
    }

    #[inline(always)]
    fn page_mut(&mut self, address: u64) -> Option<&mut Page> {
        let low = address as u32;
        let slot = match hi(address) {
            STACK_HI => {
                let back = !low;
                self.stacks
                    .get_mut((back >> STACK_SLOT_BITS) as usize)?
                    .get_mut(((back & ((1 << STACK_SLOT_BITS) - 1)) >> 12) as usize)?
            }
            DATA_HI => self.data.get_mut((low >> 12) as usize)?,
            MMAP_HI => self.mmap.get_mut((low >> 12) as usize)?,
            _ => return None,
        };
        slot.as_mut().map(Arc::make_mut)
    }

    /// The page of an address, made if it is not there; only for addresses inside a region.
    fn page_or_new(&mut self, address: u64) -> Option<&mut Page> {
        let low = address as u32;
        let (pages, index) = match hi(address) {
            STACK_HI => {
                let back = !low;
                let slot = (back >> STACK_SLOT_BITS) as usize;
                if slot >= self.stacks.len() {
                    self.stacks.resize(slot + 1, Vec::new());
                }
                (&mut self.stacks[slot], (back & ((1 << STACK_SLOT_BITS) - 1)) >> 12)
            }
            DATA_HI => (&mut self.data, low >> 12),
            MMAP_HI => (&mut self.mmap, low >> 12),
            _ => return None,
        };
        let index = index as usize;
        if index >= pages.len() {
            pages.resize(index + 1, None);
        }
        Some(Arc::make_mut(pages[index].get_or_insert_with(Page::empty)))
    }

    /// Gives `len` bytes a state, whatever they were.
    pub(crate) fn mark(&mut self, mut address: u64, mut len: u64, state: u8) {
        while len > 0 {
            let start = (address as usize) % PAGE;
            let here = (PAGE - start).min(len as usize);
            if state == NONE {
                if let Some(page) = self.page_mut(address) {
                    page.state[start..start + here].fill(NONE);
                }
            } else if let Some(page) = self.page_or_new(address) {
                page.state[start..start + here].fill(state);
            }
            address = address.wrapping_add(here as u64);
            len -= here as u64;
        }
    }

    /// Writes without any check and sets the state: for loading a program, and for arguments.
    pub(crate) fn place(&mut self, address: u64, bytes: &[u8], state: u8) {
        for (at, byte) in (address..).zip(bytes) {
            if let Some(page) = self.page_or_new(at) {
                page.data[at as usize % PAGE] = *byte;
                page.state[at as usize % PAGE] = state;
            }
        }
    }

    // ---- scalars: the interpreter's fast path

    /// Loads `N` bytes that must be set.
    #[inline(always)]
    pub(crate) fn load<const N: usize>(
        &self,
        address: u64,
        shared: &SharedMemory,
    ) -> Result<[u8; N], Bad> {
        let start = address as usize % PAGE;
        if start <= PAGE - N
            && let Some(page) = self.page(address)
        {
            let state: &[u8; N] = page.state[start..start + N].try_into().expect("N bytes");
            if state.iter().fold(1, |all, state| all & state) & 1 == 1 {
                return Ok(page.data[start..start + N].try_into().expect("N bytes"));
            }
        }
        self.load_slow(address, shared)
    }

    #[cold]
    #[inline(never)]
    fn load_slow<const N: usize>(
        &self,
        address: u64,
        shared: &SharedMemory,
    ) -> Result<[u8; N], Bad> {
        let mut bytes = [0; N];
        self.read_into(address, &mut bytes, true, shared)?;
        Ok(bytes)
    }

    /// Stores `N` bytes.
    #[inline(always)]
    pub(crate) fn store<const N: usize>(
        &mut self,
        address: u64,
        bytes: [u8; N],
        shared: &mut SharedMemory,
    ) -> Result<(), Bad> {
        let start = address as usize % PAGE;
        if start <= PAGE - N
            && let Some(page) = self.page_mut(address)
        {
            let state: &mut [u8; N] =
                (&mut page.state[start..start + N]).try_into().expect("N bytes");
            if state.iter().fold(UNSET, |all, state| all & state) & UNSET == UNSET {
                *state = [SET; N];
                page.data[start..start + N].copy_from_slice(&bytes);
                return Ok(());
            }
        }
        self.write(address, &bytes, shared)
    }

    // ---- ranges

    /// The state of one byte.
    pub(crate) fn state(&self, address: u64, shared: &SharedMemory) -> u8 {
        if let Some(page) = self.page(address) {
            let state = page.state[address as usize % PAGE];
            if state != NONE {
                return state;
            }
        }
        match self.map_at(address) {
            Some(Map { segment: Some(number), at, offset, writable, .. }) => {
                match shared.read(*number, offset + (address - at), 1) {
                    Some(_) if *writable => SET,
                    Some(_) => READ_ONLY,
                    None => NONE,
                }
            }
            _ => NONE,
        }
    }

    /// One byte, whatever its state; 0 where nothing is.
    pub(crate) fn peek(&self, address: u64, shared: &SharedMemory) -> u8 {
        if let Some(Map { segment: Some(number), at, offset, .. }) = self.map_at(address) {
            return shared.read(*number, offset + (address - at), 1).map_or(0, |bytes| bytes[0]);
        }
        self.page(address).map_or(0, |page| page.data[address as usize % PAGE])
    }

    /// Reads bytes; `set`: all must have been set, otherwise only addressable.
    pub(crate) fn read_into(
        &self,
        address: u64,
        into: &mut [u8],
        set: bool,
        shared: &SharedMemory,
    ) -> Result<(), Bad> {
        let len = into.len() as u64;
        let bad = |why| Bad { write: false, address, len, why };
        let mut done = 0;
        while done < into.len() {
            let at = address.wrapping_add(done as u64);
            let start = at as usize % PAGE;
            let here = (PAGE - start).min(into.len() - done);
            let page = self.page(at).filter(|_| hi(at) != MMAP_HI || !self.is_shared(at));
            match page {
                Some(page) => {
                    let states = &page.state[start..start + here];
                    if let Some(bad_at) =
                        states.iter().position(|state| *state == NONE || set && state & 1 == 0)
                    {
                        let place = at + bad_at as u64;
                        return Err(bad(match states[bad_at] {
                            NONE => Why::Unaddressable(place),
                            _ => Why::Unset(place),
                        }));
                    }
                    into[done..done + here].copy_from_slice(&page.data[start..start + here]);
                }
                None => {
                    for i in 0..here {
                        let place = at.wrapping_add(i as u64);
                        if self.state(place, shared) == NONE {
                            return Err(bad(Why::Unaddressable(place)));
                        }
                        into[done + i] = self.peek(place, shared);
                    }
                }
            }
            done += here;
        }
        Ok(())
    }

    /// Writes bytes: all or nothing.
    pub(crate) fn write(
        &mut self,
        address: u64,
        bytes: &[u8],
        shared: &mut SharedMemory,
    ) -> Result<(), Bad> {
        self.writable(address, bytes.len() as u64, shared)?;
        self.write_checked(address, bytes, None, shared);
        Ok(())
    }

    /// Whether `len` bytes may be written.
    pub(crate) fn writable(
        &self,
        address: u64,
        len: u64,
        shared: &SharedMemory,
    ) -> Result<(), Bad> {
        let bad = |why| Err(Bad { write: true, address, len, why });
        let mut done = 0;
        while done < len {
            let at = address.wrapping_add(done);
            let start = at as usize % PAGE;
            let here = ((PAGE - start) as u64).min(len - done);
            if let Some(page) = self.page(at)
                && page.state[start..start + here as usize].iter().all(|state| state & UNSET != 0)
            {
                done += here;
                continue;
            }
            for place in at..at.wrapping_add(here) {
                match self.state(place, shared) {
                    NONE => return bad(Why::Unaddressable(place)),
                    READ_ONLY => return bad(Why::ReadOnly(place)),
                    _ => {}
                }
            }
            done += here;
        }
        Ok(())
    }

    /// Writes bytes that [`Memory::writable`] has allowed; `states` keeps "never set" when copying.
    fn write_checked(
        &mut self,
        address: u64,
        bytes: &[u8],
        states: Option<&[u8]>,
        shared: &mut SharedMemory,
    ) {
        let mut done = 0;
        while done < bytes.len() {
            let at = address.wrapping_add(done as u64);
            let start = at as usize % PAGE;
            let here = (PAGE - start).min(bytes.len() - done);
            if hi(at) == MMAP_HI && self.is_shared(at) {
                for i in 0..here {
                    let place = at.wrapping_add(i as u64);
                    if let Some(Map { segment: Some(number), at, offset, .. }) = self.map_at(place)
                    {
                        let offset = offset + (place - at);
                        let _ = shared.write(*number, offset, &bytes[done + i..done + i + 1]);
                    }
                }
            } else if let Some(page) = self.page_mut(at) {
                page.data[start..start + here].copy_from_slice(&bytes[done..done + here]);
                match states {
                    None => page.state[start..start + here].fill(SET),
                    Some(states) => {
                        for (to, from) in
                            page.state[start..start + here].iter_mut().zip(&states[done..])
                        {
                            *to = from | UNSET;
                        }
                    }
                }
            }
            done += here;
        }
    }

    /// `memmove`: copies bytes with their states; unset bytes may be copied.
    pub(crate) fn copy(
        &mut self,
        to: u64,
        from: u64,
        len: u64,
        shared: &mut SharedMemory,
    ) -> Result<(), Bad> {
        if len == 0 {
            return Ok(());
        }
        if len > DATA_LIMIT {
            // No object is so long; both ends cannot be good.
            self.read_into(from, &mut [0], false, shared)?;
            let why = Why::Unaddressable(from.wrapping_add(DATA_LIMIT));
            return Err(Bad { write: false, address: from, len, why });
        }
        self.writable(to, len, shared)?;
        let mut bytes = vec![0; len as usize];
        self.read_into(from, &mut bytes, false, shared)?;
        let states: Vec<u8> = (from..from + len).map(|at| self.state(at, shared) & 1).collect();
        self.write_checked(to, &bytes, Some(&states), shared);
        Ok(())
    }

    // ---- mappings

    fn map_at(&self, address: u64) -> Option<&Map> {
        if hi(address) != MMAP_HI {
            return None;
        }
        self.maps.iter().find(|map| address.wrapping_sub(map.at) < map.len)
    }

    /// Whether other processes may map the same bytes.
    pub(crate) fn is_shared(&self, address: u64) -> bool {
        self.map_at(address).is_some_and(|map| map.segment.is_some())
    }

    /// The shared word behind an address: segment and offset.
    pub(crate) fn shared_place(&self, address: u64) -> Option<(u32, u64)> {
        let map = self.map_at(address)?;
        Some((map.segment?, map.offset + (address - map.at)))
    }

    /// Where the next mapping will be put.
    pub(crate) fn next_map(&self) -> u64 {
        self.mmap_top
    }

    /// Maps a shared segment or fresh private memory (zeros) at [`Memory::next_map`].
    pub(crate) fn map(&mut self, map: Map) {
        let room = (map.len + 2 * PAGE as u64 - 1) / PAGE as u64 * PAGE as u64;
        self.mmap_top = self.mmap_top.max(map.at + room);
        if map.segment.is_none() {
            self.place(
                map.at,
                &vec![0; map.len as usize],
                if map.writable { SET } else { READ_ONLY },
            );
        }
        Arc::make_mut(&mut self.maps).push(map);
    }

    /// Puts bytes into a private mapping, whether the program may write there or not.
    pub(crate) fn fill(&mut self, at: u64, bytes: &[u8], writable: bool) {
        self.place(at, bytes, if writable { SET } else { READ_ONLY });
    }

    /// `munmap`, `shmdt`: forgets the mapping that begins at `at`; its length.
    pub(crate) fn unmap(&mut self, at: u64) -> Option<u64> {
        let index = self.maps.iter().position(|map| map.at == at)?;
        let map = Arc::make_mut(&mut self.maps).remove(index);
        if map.segment.is_none() {
            self.mark(map.at, map.len, NONE);
        }
        Some(map.len)
    }

    /// Whether every byte of a range is mapped, and whether some of it is shared.
    pub(crate) fn mapped(&self, at: u64, len: u64) -> (bool, bool) {
        let pages = (at..at.saturating_add(len)).step_by(PAGE);
        pages.fold((true, false), |(all, shared), page| match self.map_at(page) {
            Some(map) => (all, shared || map.segment.is_some()),
            None => (all && self.page(page).is_some(), shared),
        })
    }

    /// `mprotect` of pages that are mapped.
    pub(crate) fn protect(&mut self, at: u64, len: u64, reads: bool, writes: bool) {
        let end = at + len.next_multiple_of(PAGE as u64);
        for page in (at..end).step_by(PAGE) {
            let private = self.map_at(page).is_some_and(|map| map.segment.is_none());
            let Some(page) = self.page_mut(page) else { continue };
            for state in page.state.iter_mut().filter(|state| private || **state != NONE) {
                *state = match (reads || writes, writes) {
                    (false, _) => NONE,
                    (_, false) => READ_ONLY,
                    (_, true) if *state == UNSET => UNSET,
                    (_, true) => SET,
                };
            }
        }
        self.protect_shared(at, end, writes);
    }

    /// A shared mapping whose protection changes in part becomes several.
    fn protect_shared(&mut self, start: u64, end: u64, writable: bool) {
        let (maps, mut changed) = (Arc::make_mut(&mut self.maps), Vec::new());
        for map in std::mem::take(maps) {
            let (from, to) = (start.max(map.at), end.min(map.at + map.len));
            if map.segment.is_none() || from >= to {
                changed.push(map);
                continue;
            }
            let part = |from: u64, to: u64, writable: bool| Map {
                at: from,
                len: to - from,
                offset: map.offset + (from - map.at),
                writable,
                ..map
            };
            let parts = [
                part(map.at, from, map.writable),
                part(from, to, writable),
                part(to, map.at + map.len, map.writable),
            ];
            changed.extend(parts.into_iter().filter(|part| part.len > 0));
        }
        *maps = changed;
    }

    pub(crate) fn maps(&self) -> &[Map] {
        &self.maps
    }

    // ---- heap

    pub(crate) fn heap(&self) -> &Heap {
        &self.heap
    }

    /// `malloc`: unset bytes, 16-aligned; `None` when there is no more.
    pub(crate) fn malloc(&mut self, size: u64, span: Option<Span>) -> Option<u64> {
        self.malloc_at(size, 16, span)
    }

    /// `aligned_alloc`: a block at a multiple of `align`, a power of two.
    pub(crate) fn malloc_at(&mut self, size: u64, align: u64, span: Option<Span>) -> Option<u64> {
        let align = align.max(16);
        if size > DATA_LIMIT || align > DATA_LIMIT {
            return None;
        }
        let room = (size.max(1) + HEAP_RED_ZONE).next_multiple_of(16);
        let heap = Arc::make_mut(&mut self.heap);
        let freed = heap.free.get_mut(&room).filter(|_| align == 16).and_then(Vec::pop);
        let at = match freed {
            Some(at) => at,
            None => {
                let at = (heap.top.next_multiple_of(16) + 16).next_multiple_of(align);
                if at + room > (u64::from(DATA_HI) << 32) + DATA_LIMIT {
                    return None;
                }
                heap.top = at + room;
                at
            }
        };
        let block = HeapBlock { size, room, allocated: span, freed: None };
        heap.blocks.insert(at, block);
        self.mark(at, size, UNSET);
        Some(at)
    }

    /// `free`.
    pub(crate) fn free(&mut self, at: u64, span: Option<Span>) -> Result<(), BadFree> {
        let heap = Arc::make_mut(&mut self.heap);
        let block = heap.blocks.get_mut(&at).ok_or(BadFree::Unknown(at))?;
        if block.freed.is_some() {
            return Err(BadFree::Twice(at));
        }
        block.freed = Some(span);
        let size = block.size;
        heap.quarantined_bytes += block.room;
        heap.quarantine.push_back(at);
        while heap.quarantined_bytes > QUARANTINE_BYTES
            && let Some(old) = heap.quarantine.pop_front()
        {
            if let Some(block) = heap.blocks.remove(&old) {
                heap.quarantined_bytes -= block.room;
                heap.free.entry(block.room).or_default().push(old);
            }
        }
        self.mark(at, size, NONE);
        Ok(())
    }

    /// The block that holds an address, or whose red zones do; live or freed.
    pub(crate) fn block_near(&self, address: u64) -> Option<(u64, &HeapBlock)> {
        let (at, block) = self.heap.blocks.range(..=address.saturating_add(16)).next_back()?;
        if *at > address {
            // Just before a block: prefer the one before it, if the address is in its room.
            let before = self.heap.blocks.range(..*at).next_back();
            if let Some((at, block)) = before
                && address < at + block.size.max(1) + 16
            {
                return Some((*at, block));
            }
            return Some((*at, block));
        }
        (address < at + block.room + 64).then_some((*at, block))
    }

    /// The live block that begins at an address.
    pub(crate) fn block(&self, at: u64) -> Option<&HeapBlock> {
        self.heap.blocks.get(&at).filter(|block| block.freed.is_none())
    }
}
