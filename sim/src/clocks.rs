//! Logical time over a trace: Lamport's clocks and vector clocks.
//!
//! What to read: L. Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System" (1978);
//! F. Mattern, "Virtual Time and Global States of Distributed Systems" (1989).
//!
//! Whoever acts has a clock: a host's kernel and each of its processes. An event of the trace ticks
//! the clock of whoever it happened to, after taking over what its cause knew; so a message carries
//! its sender's time, as do a call and its answer.

use crate::HostId;
use crate::trace::Record;
use abi::Pid;
use std::collections::BTreeMap;

/// Whoever has a clock; process 0 is the kernel.
pub type Actor = (HostId, Pid);

/// The time of one record.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Stamp {
    /// Lamport's time.
    pub lamport: u64,
    /// What is known of each actor's time.
    pub vector: BTreeMap<Actor, u64>,
}

impl Stamp {
    /// Whether this happened before the other: it may have been a cause of it.
    pub fn before(&self, other: &Stamp) -> bool {
        self != other
            && self
                .vector
                .iter()
                .all(|(actor, time)| other.vector.get(actor).is_some_and(|theirs| time <= theirs))
    }

    fn learn(&mut self, other: &Stamp) {
        self.lamport = self.lamport.max(other.lamport);
        for (actor, time) in &other.vector {
            let mine = self.vector.entry(*actor).or_default();
            *mine = (*mine).max(*time);
        }
    }
}

/// The stamps of a trace's records, in their order.
pub fn stamps<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<Stamp> {
    let mut clocks: BTreeMap<Actor, Stamp> = BTreeMap::new();
    let mut places: BTreeMap<u64, usize> = BTreeMap::new();
    let mut stamps: Vec<Stamp> = Vec::new();
    for record in records {
        let actor = (record.host, record.pid);
        let mut stamp = clocks.remove(&actor).unwrap_or_default();
        let cause = record.cause.and_then(|id| places.get(&id)).and_then(|at| stamps.get(*at));
        if let Some(cause) = cause {
            stamp.learn(cause);
        }
        stamp.lamport += 1;
        *stamp.vector.entry(actor).or_default() += 1;
        places.insert(record.id, stamps.len());
        stamps.push(stamp.clone());
        clocks.insert(actor, stamp);
    }
    stamps
}
