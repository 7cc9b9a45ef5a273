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
}

/// Half the height of a packet.
const HALF: f64 = 11.0;
/// Between a cable and the packets above and below it.
const LANE: f64 = 15.0;
/// How many packets are stacked before they cover each other.
const STACK: usize = 4;
/// How many neighbours a packet avoids: hundreds in flight cover each other anyway.
const NEIGHBOURS: usize = 12;

/// Width of a packet with this label.
pub(crate) fn width(label: &str) -> f64 {
    label.chars().count() as f64 * 7.4 + 22.0
}

/// An arrow-shaped tag around the origin.
pub(crate) fn tag(width: f64, right: bool) -> String {
    let (w, tip) = (width / 2.0, 9.0);
    let s = if right { 1.0 } else { -1.0 };
    format!(
        "M{} {}H{}L{} 0L{} {HALF}H{}Z",
        -w * s,
        -HALF,
        (w - tip) * s,
        w * s,
        (w - tip) * s,
        -w * s
    )
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
        let half = width(&packet.summary.label) / 2.0;
        let (first, last) = (way[0], way[way.len() - 1]);
        let (low, high) = (first.x.min(last.x), first.x.max(last.x));
        // Not over the cards, where there is room between them.
        let x =
            if high - low > 2.0 * half { point.x.clamp(low + half, high - half) } else { point.x };
        let lane = if right { -LANE } else { LANE };
        let mut y = point.y + lane;
        for _ in 0..STACK {
            let near = |(s, h): &(Spot, f64)| {
                s.right == right && (s.y - y).abs() < 2.0 * HALF && (s.x - x).abs() < half + h
            };
            if !spots.iter().rev().take(NEIGHBOURS).any(near) {
                break;
            }
            y += if right { -2.0 * HALF - 3.0 } else { 2.0 * HALF + 3.0 };
        }
        spots.push((Spot { packet: index, x, y, right, lost }, half));
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
