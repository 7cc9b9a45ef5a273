//! Where packets are at a time: pure geometry, pixels.

use crate::model::arrange::{Map, along};
use crate::model::course::{Course, Packet};

/// A packet's place at a time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Spot {
    /// Its place in the course.
    pub(crate) packet: usize,
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// Whether it goes to the right.
    pub(crate) right: bool,
    /// Whether it is lost here.
    pub(crate) lost: bool,
    /// Whether there is no room for its label.
    pub(crate) small: bool,
}

/// Half the height of a packet.
const HALF: f64 = 11.0;
/// Between a cable and the packets above and below it.
const LANE: f64 = 15.0;
/// How many packets with labels are stacked; what does not fit goes without its label.
const STACK: usize = 2;
/// Width and half the height of a packet without a label, which lies on the cable itself.
const SMALL: (f64, f64) = (12.0, 4.0);
/// How many neighbours a packet avoids: hundreds in flight cover each other anyway.
const NEIGHBOURS: usize = 12;

/// Width of a packet with this label.
fn width(label: &str) -> f64 {
    label.chars().count() as f64 * 7.4 + 22.0
}

impl Spot {
    /// The shape of the packet with this label: an arrow-shaped tag around the origin.
    pub(crate) fn tag(&self, label: &str) -> String {
        let (width, half) = if self.small { SMALL } else { (width(label), HALF) };
        let s = if self.right { 1.0 } else { -1.0 };
        let (back, tip) = (-width / 2.0 * s, width / 2.0 * s);
        let neck = tip - s * half * 0.8;
        format!("M{back} {}H{neck}L{tip} 0L{neck} {half}H{back}Z", -half)
    }
}

/// Every packet that is on its way at `t_ns`. `delays_ns` are the links' delays, for packets that
/// never arrive: those end in the middle.
pub(crate) fn spots(course: &Course, delays_ns: &[u64], map: &Map, t_ns: f64) -> Vec<Spot> {
    // Packets are in the order of their sending; nothing sent after `t_ns` can fly.
    let until = course.packets.partition_point(|packet| packet.departs_ns as f64 <= t_ns);
    let mut spots: Vec<(Spot, f64)> = Vec::new();
    for (index, packet) in course.packets[..until].iter().enumerate() {
        let Some((part, lost)) = part(packet, delays_ns, t_ns) else { continue };
        let Some(way) = map.way(packet.link, packet.from, packet.to) else { continue };
        let (point, right) = along(&way, part);
        let (first, last) = (way[0], way[way.len() - 1]);
        let (low, high) = (first.x.min(last.x), first.x.max(last.x));
        // Not over the cards, where there is room between them.
        let between = |half: f64| match high - low > 2.0 * half {
            true => point.x.clamp(low + half, high - half),
            false => point.x,
        };
        let half = width(&packet.summary.label) / 2.0;
        let (x, side) = (between(half), if right { -1.0 } else { 1.0 });
        let row = |n: usize| point.y + side * (LANE + n as f64 * (2.0 * HALF + 3.0));
        let free = (0..STACK).map(row).find(|y| {
            let near = |(s, h): &(Spot, f64)| {
                s.right == right && (s.y - y).abs() < 2.0 * HALF && (s.x - x).abs() < half + h
            };
            !spots.iter().rev().filter(|(s, _)| !s.small).take(NEIGHBOURS).any(near)
        });
        let spot = Spot { packet: index, x, y: row(0), right, lost, small: false };
        spots.push(match free {
            Some(y) => (Spot { y, ..spot }, half),
            None => {
                let (x, y) = (between(SMALL.0 / 2.0), point.y);
                (Spot { x, y, small: true, ..spot }, SMALL.0 / 2.0)
            }
        });
    }
    spots.into_iter().map(|(spot, _)| spot).collect()
}

/// How far along a packet is, and whether it is lost there; `None` if it is not on its way.
fn part(packet: &Packet, delays_ns: &[u64], t_ns: f64) -> Option<(f64, bool)> {
    let departs = packet.original_ns.unwrap_or(packet.departs_ns) as f64;
    let delay =
        packet.link.and_then(|link| delays_ns.get(link)).copied().unwrap_or(0).max(1) as f64;
    if packet.lost {
        let part = (t_ns - departs) / delay;
        // It is seen for as long as it would have taken.
        return (part <= 1.0).then_some((part.min(0.5), part >= 0.5));
    }
    let ended = packet.ended.map(|(_, t)| t as f64);
    if let Some(held) = packet.held_ns.map(|t| t as f64) {
        // It stands where it was taken hold of, until it is let go.
        let gone = ended.is_some_and(|end| t_ns > end);
        return (!gone).then_some((((t_ns.min(held) - departs) / delay).clamp(0.0, 1.0), false));
    }
    let arrives = packet.arrives_ns.map(|t| t as f64).or(ended)?;
    if t_ns > arrives {
        return None;
    }
    Some((if arrives > departs { (t_ns - departs) / (arrives - departs) } else { 1.0 }, false))
}
