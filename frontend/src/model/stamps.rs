//! Lamport and vector stamps of a run's records, as they are written beside calls and packets.

use crate::time::Stamps;
use sim::clocks::{Actor, Stamp};
use sim::explain::Names;
use sim::trace::Record;
use std::collections::BTreeSet;

/// The stamps of every record.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Table {
    stamps: Vec<Stamp>,
    /// Everybody who has a clock, by host, the kernel before its processes.
    actors: Vec<Actor>,
}

impl Table {
    /// The stamps of a trace.
    pub(crate) fn new<'a>(records: impl Iterator<Item = &'a Record> + Clone) -> Table {
        let actors: BTreeSet<Actor> = records.clone().map(|r| (r.host, r.pid)).collect();
        Table { stamps: sim::clocks::stamps(records), actors: actors.into_iter().collect() }
    }

    /// `7`, or `[3 1|5 2]`: the kernel's and the processes' times of each host.
    pub(crate) fn text(&self, record: usize, which: Stamps) -> Option<String> {
        let stamp = self.stamps.get(record)?;
        match which {
            Stamps::None => None,
            Stamps::Lamport => Some(stamp.lamport.to_string()),
            Stamps::Vector => {
                let time =
                    |actor: &Actor| stamp.vector.get(actor).copied().unwrap_or(0).to_string();
                Some(format!("[{}]", self.by_host(time)))
            }
        }
    }

    /// What the places of a vector mean.
    pub(crate) fn places(&self, names: &Names) -> String {
        format!("[{}]", self.by_host(|(host, pid)| names.process(*host, *pid)))
    }

    fn by_host(&self, text: impl Fn(&Actor) -> String) -> String {
        let groups = self.actors.chunk_by(|a, b| a.0 == b.0);
        let groups: Vec<String> =
            groups.map(|group| group.iter().map(&text).collect::<Vec<_>>().join(" ")).collect();
        groups.join(" | ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing;
    use sim::trace::What;

    #[test]
    fn a_packet_carries_its_senders_time() {
        let run = testing::echo();
        let table = Table::new(run.timeline.records());
        let lamport = |index: usize| -> u64 {
            table.text(index, Stamps::Lamport).and_then(|text| text.parse().ok()).unwrap()
        };
        let records: Vec<_> = run.timeline.records().collect();
        let sent = |id| {
            records
                .iter()
                .position(|r| matches!(r.what, What::PacketSent { packet, .. } if packet == id))
        };
        let mut checked = 0;
        for (came, record) in records.iter().enumerate() {
            if let What::PacketArrived { packet } = record.what {
                assert!(sent(packet).is_some_and(|sent| lamport(sent) < lamport(came)));
                checked += 1;
            }
        }
        assert!(checked > 5);
        assert_eq!(table.text(0, Stamps::None), None);
        assert!(table.places(&run.names).contains("servidor"), "{}", table.places(&run.names));
        assert!(table.text(3, Stamps::Vector).unwrap().starts_with('['));
    }
}
