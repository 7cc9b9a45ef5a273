//! System V shared memory and semaphores, POSIX message queues. See `sysvipc(7)`, `mq_overview(7)`.

use crate::kernel::Host;
use crate::kernel::wait::Source;
use abi::{Bytes, Pid};
use std::collections::{BTreeMap, VecDeque};

/// All of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ipc {
    /// Shared memory by `shmid`.
    pub shm: BTreeMap<i32, Shm>,
    /// Semaphore sets by `semid`.
    pub sem: BTreeMap<i32, SemSet>,
    /// System V message queues by `msqid`.
    pub mailboxes: BTreeMap<i32, Mailbox>,
    /// Message queues by name.
    pub queue_names: BTreeMap<Vec<u8>, u32>,
    /// Message queues by number.
    pub queues: BTreeMap<u32, Queue>,
    /// Shared segments: how many mappings and files refer to each.
    pub segment_refs: BTreeMap<u32, u32>,
    next_sysv: i32,
    next_segment: u32,
}

/// A System V shared memory segment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shm {
    /// `IPC_PRIVATE` (0) or what `ftok` gave.
    pub key: i32,
    /// Bytes.
    pub size: u64,
    /// The host's shared segment.
    pub segment: u32,
    /// `shm_nattch`.
    pub attached: u32,
    /// `IPC_RMID` was called: gone with the last `shmdt`.
    pub removed: bool,
}

/// A System V semaphore set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SemSet {
    /// `IPC_PRIVATE` (0) or what `ftok` gave.
    pub key: i32,
    /// Values.
    pub values: Vec<i32>,
    /// Who did the last operation on each.
    pub last: Vec<Pid>,
    /// `SEM_UNDO`: what to add when a process ends.
    pub undo: BTreeMap<(Pid, u16), i32>,
}

/// A System V message queue.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mailbox {
    /// `IPC_PRIVATE` (0) or what `ftok` gave.
    pub key: i32,
    /// Types and texts, oldest first.
    pub messages: VecDeque<(i64, Bytes)>,
    /// `msg_lspid`.
    pub last_sender: Pid,
    /// `msg_lrpid`.
    pub last_receiver: Pid,
}

impl Mailbox {
    /// Bytes of all messages.
    pub fn bytes(&self) -> usize {
        self.messages.iter().map(|(_, bytes)| bytes.0.len()).sum()
    }
}

/// A POSIX message queue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Queue {
    /// `mq_maxmsg`.
    pub max_messages: usize,
    /// `mq_msgsize`, bytes.
    pub message_size: usize,
    /// Messages: highest priority first, oldest first within one.
    pub messages: Vec<(u32, Bytes)>,
}

impl Ipc {
    pub(crate) fn new_sysv(&mut self) -> i32 {
        let id = self.next_sysv;
        self.next_sysv += 1;
        id
    }

    pub(crate) fn new_segment(&mut self) -> u32 {
        self.next_segment += 1;
        self.segment_refs.insert(self.next_segment, 0);
        self.next_segment
    }
}

impl Host {
    /// One more mapping or file refers to a segment.
    pub(crate) fn hold_segment(&mut self, segment: u32) {
        *self.ipc.segment_refs.entry(segment).or_default() += 1;
    }

    /// One fewer; the memory goes with the last.
    pub(crate) fn drop_segment(&mut self, segment: u32) {
        if let Some(refs) = self.ipc.segment_refs.get_mut(&segment) {
            *refs = refs.saturating_sub(1);
            if *refs == 0 {
                self.ipc.segment_refs.remove(&segment);
                self.shared.remove(segment);
            }
        }
    }

    /// A process's shared mappings go.
    pub(crate) fn drop_mappings(&mut self, pid: Pid) {
        let mappings = std::mem::take(&mut self.process_mut(pid).mappings);
        for mapping in mappings.into_values() {
            if let Some(id) = mapping.sysv {
                self.detach(id);
            }
            self.drop_segment(mapping.segment);
        }
    }

    /// `shmdt(2)`: one attachment fewer.
    pub(crate) fn detach(&mut self, id: i32) {
        let Some(shm) = self.ipc.shm.get_mut(&id) else { return };
        shm.attached = shm.attached.saturating_sub(1);
        if shm.removed && shm.attached == 0 {
            let segment = shm.segment;
            self.ipc.shm.remove(&id);
            self.drop_segment(segment);
        }
    }

    /// `SEM_UNDO` at a process's end.
    pub(crate) fn undo_semaphores(&mut self, pid: Pid) {
        let mut touched = Vec::new();
        for (id, set) in &mut self.ipc.sem {
            let mine: Vec<(Pid, u16)> =
                set.undo.keys().filter(|(who, _)| *who == pid).copied().collect();
            for key in mine {
                let add = set.undo.remove(&key).unwrap_or(0);
                if let Some(value) = set.values.get_mut(usize::from(key.1)) {
                    *value = (*value + add).max(0);
                    touched.push(*id);
                }
            }
        }
        for id in touched {
            self.touch(Source::Semaphore(id));
        }
    }
}
