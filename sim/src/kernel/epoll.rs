//! epoll, `epoll(7)`: what is watched, and edges.

use crate::DescId;
use crate::kernel::Host;
use crate::kernel::wait::Source;
use abi::Fd;
use std::collections::BTreeMap;

/// An epoll instance.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Epoll {
    /// What is watched. A registration belongs to descriptor and description together, so it
    /// outlives a `close` of one of several descriptors (`epoll(7)`, question 6).
    pub items: BTreeMap<(DescId, Fd), Item>,
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
    /// When it last became ready (a place in the ready list); `None` when it was reported since.
    pub edge: Option<u64>,
    /// `EPOLLONESHOT` and reported.
    pub disabled: bool,
}

impl Epoll {
    /// A description is gone, and so are its registrations.
    pub fn forget(&mut self, description: DescId) {
        self.items.retain(|(id, _), _| *id != description);
    }

    /// A new place at the end of the ready list.
    pub fn edge(&mut self) -> u64 {
        self.next_edge += 1;
        self.next_edge
    }
}

impl Host {
    /// Whatever watches `source` gets an edge.
    pub(crate) fn ready_edge(&mut self, source: Source) {
        let mut touched = Vec::new();
        for (id, epoll) in &mut self.epolls {
            let Epoll { items, next_edge } = epoll;
            for item in items.values_mut().filter(|item| item.source == Some(source)) {
                if item.edge.is_none() {
                    *next_edge += 1;
                    item.edge = Some(*next_edge);
                }
                touched.push(*id);
            }
        }
        for id in touched {
            self.touch(Source::Epoll(id));
        }
    }
}
