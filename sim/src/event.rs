//! What will happen, ordered by `(time, sequence)`.
//!
//! Two events at the same nanosecond happen in the order in which they were scheduled, so the
//! order never depends on anything but the run itself.

use crate::net::{Frame, IfaceId};
use crate::timeline::Action;
use crate::{HostId, PacketId};
use std::collections::BTreeMap;

/// Something that will happen to the world.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// A process of the scenario is started.
    Start {
        /// Where.
        host: HostId,
        /// Which of the scenario's programs.
        program: usize,
    },
    /// The host's processor has something to do: the next burst, or the call that ended the last.
    Cpu {
        /// Whose.
        host: HostId,
    },
    /// The earliest timer of a host is due: a sleeping thread, an alarm, a timer of its network stack.
    Timer {
        /// Whose.
        host: HostId,
    },
    /// A frame reaches an interface.
    Arrival {
        /// Which frame.
        packet: PacketId,
        /// Whose interface.
        host: HostId,
        /// Which of its interfaces.
        iface: IfaceId,
        /// Its bytes.
        frame: Frame,
        /// The record of its sending.
        cause: u64,
    },
    /// Something that the person or the scenario does at this moment.
    Act {
        /// What.
        action: Action,
    },
}

/// The queue: a map, because the world must compare and clone.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct EventQueue {
    events: BTreeMap<(u64, u64), Event>,
    next_seq: u64,
}

impl EventQueue {
    /// Schedules `event` at `t_ns`.
    pub fn push(&mut self, t_ns: u64, event: Event) {
        self.events.insert((t_ns, self.next_seq), event);
        self.next_seq += 1;
    }

    /// The next event and its time, nanoseconds.
    pub fn pop(&mut self) -> Option<(u64, Event)> {
        self.events.pop_first().map(|((t_ns, _), event)| (t_ns, event))
    }

    /// When the next event happens, nanoseconds.
    pub fn next_at(&self) -> Option<u64> {
        self.events.first_key_value().map(|((t_ns, _), _)| *t_ns)
    }

    /// The next event without taking it.
    pub fn peek(&self) -> Option<(u64, &Event)> {
        self.events.first_key_value().map(|((t_ns, _), event)| (*t_ns, event))
    }

    /// How many events are scheduled.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether nothing will happen any more.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Every scheduled event in order, with its time.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &Event)> {
        self.events.iter().map(|((t_ns, _), event)| (*t_ns, event))
    }

    /// Takes out every event that `taken` chooses.
    pub fn take_where(&mut self, mut taken: impl FnMut(&Event) -> bool) -> Vec<(u64, Event)> {
        let keys: Vec<(u64, u64)> =
            self.events.iter().filter(|(_, event)| taken(event)).map(|(key, _)| *key).collect();
        keys.into_iter()
            .filter_map(|key| self.events.remove(&key).map(|event| (key.0, event)))
            .collect()
    }
}
