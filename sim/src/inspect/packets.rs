//! Packets: which there were, which are under way at a moment, where exactly.

use crate::net::{Cause, Frame, SocketId};
use crate::trace::{Drop, Fate, Record, What};
use crate::{HostId, PacketId};
use std::collections::BTreeMap;

/// A frame's journey.
#[derive(Clone, PartialEq, Debug)]
pub struct Flight {
    /// Its number.
    pub packet: PacketId,
    /// The record of its sending.
    pub record: u64,
    /// The event that sent it.
    pub step: u64,
    /// Its bytes, from the Ethernet header on.
    pub frame: Frame,
    /// The link; `None` is the loopback of a host.
    pub link: Option<usize>,
    /// Sender.
    pub from: HostId,
    /// Receiver.
    pub to: HostId,
    /// When it left, nanoseconds.
    pub departs_ns: u64,
    /// When it arrives (or would have), nanoseconds; `None` if it never does.
    pub arrives_ns: Option<u64>,
    /// When it did arrive, nanoseconds; differs from the plan if somebody interfered.
    pub arrived_ns: Option<u64>,
    /// What the link did with it.
    pub fate: Fate,
    /// Why the receiver threw it away, if it did.
    pub dropped: Option<Drop>,
    /// The socket that sent it.
    pub socket: Option<SocketId>,
    /// Why it was sent.
    pub reason: Cause,
    /// The record that caused it: a call, an arrival, a timer.
    pub cause: Option<u64>,
}

impl Flight {
    /// Where it is at `t_ns`: 0 at the sender, 1 at the receiver; `None` if it is not under way. A
    /// lost frame gets half-way.
    pub fn at(&self, t_ns: u64, link_delay_ns: u64) -> Option<f64> {
        let (end, share) = match self.arrived_ns.or(self.arrives_ns) {
            Some(end) => (end, 1.0),
            None => (self.departs_ns + link_delay_ns.max(2) / 2, 0.5),
        };
        if t_ns < self.departs_ns || t_ns > end {
            return None;
        }
        let whole = (end - self.departs_ns).max(1) as f64;
        Some((t_ns - self.departs_ns) as f64 / whole * share)
    }
}

/// Every packet of a trace, in the order of sending.
pub fn packets<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<Flight> {
    let mut flights: Vec<Flight> = Vec::new();
    let mut places: BTreeMap<PacketId, usize> = BTreeMap::new();
    for record in records {
        match &record.what {
            What::PacketSent {
                packet,
                frame,
                link,
                from,
                to,
                departs_ns,
                arrives_ns,
                fate,
                socket,
                reason,
            } => {
                places.insert(*packet, flights.len());
                flights.push(Flight {
                    packet: *packet,
                    record: record.id,
                    step: record.step,
                    frame: frame.clone(),
                    link: *link,
                    from: *from,
                    to: *to,
                    departs_ns: *departs_ns,
                    arrives_ns: *arrives_ns,
                    arrived_ns: None,
                    fate: fate.clone(),
                    dropped: None,
                    socket: *socket,
                    reason: *reason,
                    cause: record.cause,
                });
            }
            What::PacketArrived { packet } => {
                if let Some(flight) = places.get(packet).and_then(|at| flights.get_mut(*at)) {
                    flight.arrived_ns = Some(record.t_ns);
                }
            }
            What::PacketDropped { packet, why } => {
                if let Some(flight) = places.get(packet).and_then(|at| flights.get_mut(*at)) {
                    flight.dropped = Some(why.clone());
                }
            }
            _ => {}
        }
    }
    flights
}

/// The packets that are under way at `t_ns`. `flights` is in the order of sending; the search goes
/// back no further than the longest journey.
pub fn in_flight<'a>(
    flights: &'a [Flight],
    t_ns: u64,
    longest_ns: u64,
) -> impl Iterator<Item = &'a Flight> + 'a {
    let end = flights.partition_point(|flight| flight.departs_ns <= t_ns);
    let start =
        flights.partition_point(|flight| flight.departs_ns < t_ns.saturating_sub(longest_ns));
    flights[start..end].iter().filter(move |flight| {
        let until = flight.arrived_ns.or(flight.arrives_ns);
        until.unwrap_or(flight.departs_ns + longest_ns / 2) >= t_ns
    })
}

/// How many of `flights` had been sent at position `step`.
pub fn packets_at(flights: &[Flight], step: u64) -> usize {
    flights.partition_point(|flight| flight.step < step)
}

/// A few words about a frame, the same in every language: `SYN`, `SYN-ACK`, `DATA 5`,
/// `UDP 20`, `ICMP 3/3`, `ARP`.
pub fn packet_label(frame: &[u8]) -> String {
    let text = match (frame.get(12), frame.get(13)) {
        (Some(8), Some(0)) => label_v4(frame.get(14..).unwrap_or_default()),
        (Some(8), Some(6)) => Some("ARP".to_owned()),
        (Some(0x86), Some(0xdd)) => label_v6(frame.get(14..).unwrap_or_default()),
        _ => None,
    };
    text.unwrap_or_else(|| format!("{} bytes", frame.len()))
}

fn label_v4(ip: &[u8]) -> Option<String> {
    let header = usize::from(ip.first()? & 15) * 4;
    let total = usize::from(u16::from_be_bytes([*ip.get(2)?, *ip.get(3)?]));
    let offset = u16::from_be_bytes([*ip.get(6)?, *ip.get(7)?]) & 0x1fff;
    if offset != 0 {
        return Some(format!("IP, {} bytes", total.checked_sub(header)?));
    }
    label_transport(*ip.get(9)?, ip.get(header..total)?)
}

fn label_v6(ip: &[u8]) -> Option<String> {
    let payload = usize::from(u16::from_be_bytes([*ip.get(4)?, *ip.get(5)?]));
    label_transport(*ip.get(6)?, ip.get(40..40 + payload)?)
}

/// What a segment is for, the first that holds: `SYN-ACK`, `FIN`, `DATA 3`; with data besides, `FIN +3`.
fn tcp_label(flags: u8, payload: usize) -> String {
    let has = |bit: u8| flags & bit != 0;
    let main = match () {
        () if has(4) => "RST",
        () if has(2) && has(16) => "SYN-ACK",
        () if has(2) => "SYN",
        () if has(1) => "FIN",
        () if payload > 0 => return format!("DATA {payload}"),
        () => "ACK",
    };
    if payload > 0 { format!("{main} +{payload}") } else { main.to_owned() }
}

fn label_transport(protocol: u8, bytes: &[u8]) -> Option<String> {
    Some(match protocol {
        6 => {
            let flags = *bytes.get(13)?;
            let payload = bytes.len().checked_sub(usize::from(bytes.get(12)? >> 4) * 4)?;
            tcp_label(flags, payload)
        }
        17 => {
            format!("UDP {}", u16::from_be_bytes([*bytes.get(4)?, *bytes.get(5)?]).checked_sub(8)?)
        }
        1 | 58 => format!("ICMP {}/{}", bytes.first()?, bytes.get(1)?),
        2 => "IGMP".to_owned(),
        other => format!("IP {other}"),
    })
}

#[cfg(test)]
mod tests {
    use super::label_transport;

    #[test]
    fn a_segment_is_named_by_what_it_is_for() {
        let mut tcp = [0; 25];
        (tcp[12], tcp[13]) = (5 << 4, 0x18);
        assert_eq!(label_transport(6, &tcp).as_deref(), Some("DATA 5"));
        (tcp[12], tcp[13]) = (6 << 4, 0x12);
        assert_eq!(label_transport(6, &tcp[..24]).as_deref(), Some("SYN-ACK"));
    }
}
