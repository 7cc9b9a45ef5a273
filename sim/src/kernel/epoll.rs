//! epoll, `epoll(7)`: what is watched, and edges.

use crate::DescId;
use crate::kernel::Host;
use crate::kernel::wait::Source;
use abi::{Fd, consts};
use std::collections::{BTreeMap, BTreeSet};

/// What `sk_data_ready` wakes for.
pub(crate) const DATA: u32 = (consts::EPOLLIN
    | consts::EPOLLPRI
    | consts::EPOLLRDNORM
    | consts::EPOLLRDBAND
    | consts::EPOLLRDHUP) as u32;
/// What `sk_write_space` wakes for.
pub(crate) const SPACE: u32 = (consts::EPOLLOUT | consts::EPOLLWRNORM | consts::EPOLLWRBAND) as u32;

/// What is reported whether asked for or not.
const ALWAYS: u32 = (consts::EPOLLERR | consts::EPOLLHUP) as u32;

/// What a registration belongs to: descriptor and description together, so it outlives a `close`
/// of one of several descriptors (`epoll(7)`, question 6).
pub type Key = (DescId, Fd);

/// An epoll instance.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Epoll {
    /// What is watched.
    pub items: BTreeMap<Key, Item>,
    /// The ready list: registrations whose object changed since they were last found not ready (or
    /// reported, with `EPOLLET`), oldest change first.
    ready: BTreeMap<u64, Key>,
    by_source: BTreeMap<Source, BTreeSet<Key>>,
    next_edge: u64,
}

/// A registration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Item {
    /// `EPOLL*` asked for.
    pub events: u32,
    /// The program's word.
    pub data: u64,
    /// What changes make it ready.
    pub source: Option<Source>,
    /// Its place among all registrations of the host.
    order: u64,
    /// Its place in the ready list.
    edge: Option<u64>,
    /// `EPOLLONESHOT` and reported.
    pub disabled: bool,
}

impl Item {
    /// Whether it shares its wake-ups with other instances, and so can never be changed.
    pub fn is_exclusive(&self) -> bool {
        self.events & consts::EPOLLEXCLUSIVE as u32 != 0
    }

    /// Whether a wake-up for input or for output, not both, is one for it.
    fn wants_only(&self, events: u32) -> bool {
        const BOTH: u32 = (consts::EPOLLIN | consts::EPOLLOUT) as u32;
        match events & BOTH {
            0 => true,
            BOTH => false,
            one => self.events & one != 0,
        }
    }

    /// Whether it is reported once for a change.
    pub fn is_edge_triggered(&self) -> bool {
        self.events & consts::EPOLLET as u32 != 0
    }
}

impl Epoll {
    /// Adds or changes a registration, which is looked at next time.
    pub fn set(
        &mut self,
        key: Key,
        (events, data): (u32, u64),
        source: Option<Source>,
        order: u64,
    ) {
        self.remove(key);
        let item = Item { events, data, source, order, edge: None, disabled: false };
        self.items.insert(key, item);
        if let Some(source) = source {
            self.by_source.entry(source).or_default().insert(key);
        }
        self.make_ready(key);
    }

    /// Takes a registration away; false if there was none.
    pub fn remove(&mut self, key: Key) -> bool {
        let Some(item) = self.items.remove(&key) else { return false };
        if let Some(edge) = item.edge {
            self.ready.remove(&edge);
        }
        if let Some(source) = item.source
            && let Some(keys) = self.by_source.get_mut(&source)
        {
            keys.remove(&key);
            if keys.is_empty() {
                self.by_source.remove(&source);
            }
        }
        true
    }

    /// A description is gone, and so are its registrations.
    pub fn forget(&mut self, description: DescId) {
        let range = (description, Fd(i32::MIN))..=(description, Fd(i32::MAX));
        let keys: Vec<Key> = self.items.range(range).map(|(key, _)| *key).collect();
        for key in keys {
            self.remove(key);
        }
    }

    /// Puts a registration at the end of the ready list, unless it is there.
    pub fn make_ready(&mut self, key: Key) {
        let Some(item) = self.items.get_mut(&key).filter(|item| item.edge.is_none()) else {
            return;
        };
        self.next_edge += 1;
        item.edge = Some(self.next_edge);
        self.ready.insert(self.next_edge, key);
    }

    /// Takes a registration out of the ready list.
    pub fn not_ready(&mut self, key: Key) {
        if let Some(edge) = self.items.get_mut(&key).and_then(|item| item.edge.take()) {
            self.ready.remove(&edge);
        }
    }

    /// The ready list.
    pub fn ready(&self) -> impl Iterator<Item = (Key, &Item)> {
        self.ready.values().filter_map(|key| Some((*key, self.items.get(key)?)))
    }

    /// What watches `source` here for one of these events.
    fn watching(&self, source: Source, events: u32) -> impl Iterator<Item = (Key, Item)> {
        let keys = self.by_source.get(&source).into_iter().flatten();
        keys.filter_map(|key| Some((*key, *self.items.get(key)?)))
            .filter(move |(_, item)| (item.events | ALWAYS) & events != 0)
    }
}

impl Host {
    /// How deep instances watch each other below this one; `None` if `sought` is among them.
    pub(crate) fn epoll_depth(&self, id: u32, sought: u32) -> Option<usize> {
        let epoll = self.epolls.get(&id).filter(|_| id != sought)?;
        let mut depth = 0;
        for item in epoll.items.values() {
            if let Some(Source::Epoll(below)) = item.source {
                depth = depth.max(1 + self.epoll_depth(below, sought)?);
            }
        }
        Some(depth)
    }

    /// Whatever watches `source` gets an edge; of those with `EPOLLEXCLUSIVE`, in the order in which
    /// they came, all up to the first that somebody waits for (`ep_poll_callback`).
    pub(crate) fn ready_edge(&mut self, source: Source, events: u32) {
        let mut watching: Vec<(u32, Key, Item)> = Vec::new();
        for (id, epoll) in &self.epolls {
            watching.extend(epoll.watching(source, events).map(|(key, item)| (*id, key, item)));
        }
        watching.sort_by_key(|(_, _, item)| (item.is_exclusive(), item.order));
        for (id, key, item) in watching {
            if let Some(epoll) = self.epolls.get_mut(&id) {
                epoll.make_ready(key);
            }
            let last = item.is_exclusive()
                && item.wants_only(events)
                && !self.waiters_of(Source::Epoll(id)).is_empty();
            self.touch(Source::Epoll(id));
            if last {
                break;
            }
        }
    }
}
