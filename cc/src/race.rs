//! Data races: two threads use the same bytes, at least one writes, and nothing orders them
//! (C11 §5.1.2.4).
//!
//! Order is "happens before", kept as vector clocks (as in FastTrack and ThreadSanitizer): a word
//! used atomically (inside every mutex, semaphore, condition variable, barrier), creation and end
//! of a thread, and calls that bring something from outside carry one thread's clock to another.
//! Nothing is kept while a process has one thread. A race does not stop the program: its damage is
//! what a lesson wants to show.
//!
//! Missing: races between processes over shared memory; what libc only reads on behalf of a call;
//! races on libc's own variables. Kernel calls order more than they must, so some races are not
//! seen; an alarm is never false.

use crate::fault::Access;
use crate::source::Span;
use abi::{Pid, Syscall};
use std::collections::{BTreeMap, BTreeSet};

/// Words of shadow kept at most; beyond, all are forgotten.
const CELLS_MAX: usize = 1 << 14;
/// Accesses remembered of eight bytes.
const MARKS_MAX: usize = 8;
/// Races told of a process.
const TOLD_MAX: usize = 32;
/// Of a long access only so many bytes are looked at.
const LENGTH_MAX: u64 = 4096;

/// How far each thread had come.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Clock(BTreeMap<Pid, u32>);

impl Clock {
    fn of(&self, tid: Pid) -> u32 {
        self.0.get(&tid).copied().unwrap_or(0)
    }

    fn join(&mut self, other: &Clock) {
        for (tid, at) in &other.0 {
            let mine = self.0.entry(*tid).or_default();
            *mine = (*mine).max(*at);
        }
    }
}

/// An access to some of eight bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Mark {
    tid: Pid,
    at: u32,
    /// Which of the eight bytes.
    mask: u8,
    write: bool,
    span: Option<Span>,
}

/// What an intrinsic did to memory, for [`Races::log`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Touch {
    Read(u64, u64),
    Write(u64, u64),
    /// Fresh memory: what was here before is nobody's concern.
    Fresh(u64, u64),
}

/// A race as found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    pub(crate) address: u64,
    pub(crate) access: Access,
    pub(crate) span: Option<Span>,
    pub(crate) other_access: Access,
    pub(crate) other: Option<Span>,
}

/// The order of a process's threads, and who touched what.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Races {
    clocks: BTreeMap<Pid, Clock>,
    /// Of threads that ended and were not joined yet.
    ended: BTreeMap<Pid, Clock>,
    detached: BTreeSet<Pid>,
    /// Of words that are used atomically, by address.
    words: BTreeMap<u64, Clock>,
    /// What may have gone through the kernel.
    kernel: Clock,
    /// The last thread that asked for a new one.
    creator: Clock,
    cells: BTreeMap<u64, Vec<Mark>>,
    told: BTreeSet<u64>,
    found: Vec<Found>,
}

impl Races {
    /// A process about to get its second thread.
    pub(crate) fn new(threads: impl Iterator<Item = Pid>) -> Races {
        let clocks = threads.map(|tid| (tid, Clock([(tid, 1)].into()))).collect();
        let mut races = Races { clocks, ..Races::default() };
        let all: Vec<Pid> = races.clocks.keys().copied().collect();
        for tid in all {
            races.creator = races.release(tid);
        }
        races
    }

    /// The thread's clock as of now; what it does from here on is later.
    fn release(&mut self, tid: Pid) -> Clock {
        let clock = self.clocks.entry(tid).or_default();
        clock.0.entry(tid).or_insert(1);
        let now = clock.clone();
        if let Some(at) = clock.0.get_mut(&tid) {
            *at += 1;
        }
        now
    }

    fn acquire(&mut self, tid: Pid, from: &Clock) {
        self.clocks.entry(tid).or_default().join(from);
    }

    // ---- what orders

    pub(crate) fn thread_starts(&mut self, tid: Pid) {
        let mut clock = self.creator.clone();
        clock.0.insert(tid, 1);
        self.clocks.insert(tid, clock);
    }

    pub(crate) fn thread_ends(&mut self, tid: Pid) {
        if let Some(clock) = self.clocks.remove(&tid)
            && !self.detached.remove(&tid)
        {
            self.ended.insert(tid, clock);
        }
    }

    /// Whether nothing can race any more: one thread is left, and it has seen the others' ends.
    pub(crate) fn is_over(&self) -> bool {
        self.clocks.len() == 1 && self.ended.is_empty() && self.found.is_empty()
    }

    /// An atomic operation on a word. Words of shared memory are one: what another process does
    /// with them is not known here.
    pub(crate) fn atomic(&mut self, tid: Pid, word: u64, reads: bool, writes: bool, shared: bool) {
        let word = if shared { 0 } else { word };
        if reads && let Some(clock) = self.words.get(&word).cloned() {
            self.acquire(tid, &clock);
        }
        if writes {
            let clock = self.release(tid);
            self.words.entry(word).or_default().join(&clock);
        }
    }

    /// A call begins: what the thread has done may reach others through the kernel.
    pub(crate) fn call(&mut self, tid: Pid, call: &Syscall) {
        match call {
            Syscall::ThreadCreate { .. } => self.creator = self.release(tid),
            Syscall::FutexWait { .. }
            | Syscall::FutexWake { .. }
            | Syscall::SchedYield
            | Syscall::Getpid
            | Syscall::Gettid
            | Syscall::ThreadJoin { .. }
            | Syscall::ThreadExit { .. }
            | Syscall::ThreadDetach { .. }
            | Syscall::ClockGettime { .. }
            | Syscall::ClockNanosleep { .. } => {}
            _ => {
                let clock = self.release(tid);
                self.kernel.join(&clock);
            }
        }
    }

    /// A call ended: it may have brought what others have done.
    pub(crate) fn answered(&mut self, tid: Pid, intrinsic: &str, args: &[u64], done: bool) {
        match intrinsic {
            "__syscall_thread_join" if done => {
                let joined = args.first().map_or(Pid(0), |tid| Pid(*tid as i32));
                if let Some(clock) = self.ended.remove(&joined) {
                    self.acquire(tid, &clock);
                }
            }
            "__syscall_thread_detach" if done => {
                let gone = args.first().map_or(Pid(0), |tid| Pid(*tid as i32));
                if self.ended.remove(&gone).is_none() {
                    self.detached.insert(gone);
                }
            }
            "__syscall_thread_create"
            | "__syscall_thread_exit"
            | "__syscall_futex_wait"
            | "__syscall_futex_wake"
            | "__syscall_sched_yield"
            | "__syscall_clock_gettime"
            | "__syscall_clock_nanosleep"
            | "__syscall_nanosleep"
            | "__syscall_write"
            | "__syscall_writev"
            | "__syscall_sendto"
            | "__syscall_sendmsg"
            | "__syscall_close"
            | "__syscall_getpid"
            | "__syscall_gettid" => {}
            _ => self.hears_from_outside(tid),
        }
    }

    /// Something came through the kernel: data, a signal.
    pub(crate) fn hears_from_outside(&mut self, tid: Pid) {
        let kernel = self.kernel.clone();
        self.acquire(tid, &kernel);
    }

    // ---- who touched what

    /// An access; whether it races with another that is to be told.
    pub(crate) fn access(
        &mut self,
        tid: Pid,
        address: u64,
        len: u64,
        write: bool,
        span: impl Fn() -> Option<Span>,
    ) -> bool {
        let mut raced = false;
        let (mut at, end) = (address, address.saturating_add(len.min(LENGTH_MAX)));
        while at < end {
            let (first, last) = (at & 7, (end - (at & !7)).min(8));
            let mask = (((1u16 << last) - 1) as u8) & !(((1u16 << first) - 1) as u8);
            raced |= self.touch(tid, at & !7, mask, write, &span);
            at = (at & !7) + 8;
        }
        raced
    }

    fn touch(
        &mut self,
        tid: Pid,
        word: u64,
        mask: u8,
        write: bool,
        span: &impl Fn() -> Option<Span>,
    ) -> bool {
        let clock = self.clocks.entry(tid).or_insert_with(|| Clock([(tid, 1)].into()));
        let now = clock.of(tid);
        if self.cells.len() >= CELLS_MAX && !self.cells.contains_key(&word) {
            self.cells.clear();
        }
        let marks = self.cells.entry(word).or_default();
        let known = |mark: &Mark| {
            mark.tid == tid && mark.at == now && mark.write >= write && mark.mask & mask == mask
        };
        if marks.iter().any(known) {
            return false;
        }
        let before = |mark: &Mark| mark.tid == tid || mark.at <= clock.of(mark.tid);
        let other = marks
            .iter()
            .find(|mark| mark.mask & mask != 0 && (mark.write || write) && !before(mark))
            .copied();
        // What this access covers, later ones meet here as well.
        marks.retain(|mark| !(before(mark) && mark.mask & !mask == 0 && (write || !mark.write)));
        if marks.len() >= MARKS_MAX {
            marks.remove(0);
        }
        let span = span();
        marks.push(Mark { tid, at: now, mask, write, span });
        let Some(other) = other else { return false };
        if self.told.len() >= TOLD_MAX || !self.told.insert(word) {
            return false;
        }
        let access = |write| if write { Access::Write } else { Access::Read };
        self.found.push(Found {
            address: word + u64::from((mask & other.mask).trailing_zeros()),
            access: access(write),
            span,
            other_access: access(other.write),
            other: other.span,
        });
        true
    }

    /// Forgets accesses to memory that begins a new life.
    pub(crate) fn fresh(&mut self, address: u64, len: u64) {
        let range = address & !7..address.saturating_add(len);
        let gone: Vec<u64> = self.cells.range(range).map(|(word, _)| *word).collect();
        for word in gone {
            self.cells.remove(&word);
            self.told.remove(&word);
        }
    }

    pub(crate) fn has_found(&self) -> bool {
        !self.found.is_empty()
    }

    pub(crate) fn take_found(&mut self) -> Vec<Found> {
        std::mem::take(&mut self.found)
    }
}
