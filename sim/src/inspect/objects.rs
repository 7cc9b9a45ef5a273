//! What processes of one host share: pipes, shared memory, semaphores, message queues.

use crate::HostId;
use crate::kernel::Host;
use crate::kernel::fd::Object;
use crate::world::World;
use abi::{Fd, Pid};

/// A pipe or an open FIFO.
#[derive(Clone, PartialEq, Debug)]
pub struct PipeRow {
    /// Where.
    pub host: HostId,
    /// Its number.
    pub number: u32,
    /// Written and not yet read, bytes.
    pub used: u64,
    /// Room in all, bytes.
    pub size: u64,
    /// The first of those bytes, at most 64.
    pub head: Vec<u8>,
    /// Who can read from it.
    pub readers: Vec<(Pid, Fd)>,
    /// Who can write to it.
    pub writers: Vec<(Pid, Fd)>,
}

/// A shared memory segment.
#[derive(Clone, PartialEq, Debug)]
pub struct SegmentRow {
    /// Where.
    pub host: HostId,
    /// Its number.
    pub number: u32,
    /// Size, bytes.
    pub size: u64,
    /// The first bytes, at most 64.
    pub head: Vec<u8>,
    /// Who has it mapped, and at which address.
    pub mapped: Vec<(Pid, u64)>,
}

/// A System V semaphore set.
#[derive(Clone, PartialEq, Debug)]
pub struct SemaphoreRow {
    /// Where.
    pub host: HostId,
    /// `semget`'s number.
    pub id: i32,
    /// The values.
    pub values: Vec<i32>,
}

/// A message queue.
#[derive(Clone, PartialEq, Debug)]
pub struct QueueRow {
    /// Where.
    pub host: HostId,
    /// Its number.
    pub number: u32,
    /// Its name, if it has not been unlinked.
    pub name: String,
    /// Messages that wait.
    pub used: u64,
    /// Messages that fit.
    pub size: u64,
}

/// Bytes of a pipe or segment that a row carries.
const HEAD: usize = 64;

/// Every pipe and open FIFO.
pub fn pipes(world: &World) -> Vec<PipeRow> {
    let rows = world.hosts.iter().flat_map(|host| {
        host.pipes.iter().map(move |(number, pipe)| {
            let ends = |fits: &dyn Fn(&Object) -> bool| holders(host, fits);
            let number = *number;
            PipeRow {
                host: host.id,
                number,
                used: pipe.bytes.len() as u64,
                size: pipe.capacity as u64,
                head: pipe.bytes.iter().take(HEAD).copied().collect(),
                readers: ends(&|o| {
                    *o == Object::PipeReader(number) || *o == Object::PipeBoth(number)
                }),
                writers: ends(&|o| {
                    *o == Object::PipeWriter(number) || *o == Object::PipeBoth(number)
                }),
            }
        })
    });
    rows.collect()
}

/// Descriptors that are open for something.
fn holders(host: &Host, fits: &dyn Fn(&Object) -> bool) -> Vec<(Pid, Fd)> {
    let mut found = Vec::new();
    for process in host.processes.values() {
        for (fd, descriptor) in process.fds.iter() {
            let description = host.descriptions.get(&descriptor.description);
            if description.is_some_and(|description| fits(&description.object)) {
                found.push((process.pid, fd));
            }
        }
    }
    found
}

/// Every shared memory segment that a process has mapped.
pub fn segments(world: &World) -> Vec<SegmentRow> {
    let mut rows: Vec<SegmentRow> = Vec::new();
    for host in &world.hosts {
        for process in host.processes.values() {
            for (at, mapping) in &process.mappings {
                let known =
                    rows.iter_mut().find(|r| r.host == host.id && r.number == mapping.segment);
                if let Some(row) = known {
                    row.mapped.push((process.pid, *at));
                    continue;
                }
                let size = host.shared.len(mapping.segment).unwrap_or(mapping.len);
                let head = host.shared.read(mapping.segment, 0, size.min(HEAD as u64));
                rows.push(SegmentRow {
                    host: host.id,
                    number: mapping.segment,
                    size,
                    head: head.unwrap_or_default().to_vec(),
                    mapped: vec![(process.pid, *at)],
                });
            }
        }
    }
    rows
}

/// Every System V semaphore set.
pub fn semaphores(world: &World) -> Vec<SemaphoreRow> {
    let rows = world.hosts.iter().flat_map(|host| {
        let sets = host.ipc.sem.iter();
        sets.map(|(id, set)| SemaphoreRow { host: host.id, id: *id, values: set.values.clone() })
    });
    rows.collect()
}

/// Every message queue.
pub fn queues(world: &World) -> Vec<QueueRow> {
    let rows = world.hosts.iter().flat_map(|host| {
        host.ipc.queues.iter().map(|(number, queue)| {
            let name = host.ipc.queue_names.iter().find(|(_, n)| *n == number);
            QueueRow {
                host: host.id,
                number: *number,
                name: name.map_or_else(String::new, |(name, _)| {
                    String::from_utf8_lossy(name).into_owned()
                }),
                used: queue.messages.len() as u64,
                size: queue.max_messages as u64,
            }
        })
    });
    rows.collect()
}
