//! Where packets are at a time: pure geometry, pixels.

use crate::model::course::{Course, Packet};

/// Where a host's cable is plugged in.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Place {
    /// At the right edge of the wire's picture, else at the left.
    pub(crate) right: bool,
    pub(crate) y: f64,
}

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
const LANE: f64 = 16.0;

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

/// The line from one host to another; hosts on one side are joined by an arc.
pub(crate) fn cable(a: Place, b: Place, across: f64) -> String {
    let (x1, x2) = (edge(a, across), edge(b, across));
    if a.right == b.right {
        let bow = if a.right { across * 0.35 } else { across * 0.65 };
        return format!(
            "M{x1:.1} {:.1}C{bow:.1} {:.1} {bow:.1} {:.1} {x2:.1} {:.1}",
            a.y, a.y, b.y, b.y
        );
    }
    format!("M{x1:.1} {:.1}L{x2:.1} {:.1}", a.y, b.y)
}

fn edge(place: Place, across: f64) -> f64 {
    if place.right { across } else { 0.0 }
}

/// The point on the cable at `part` (0 to 1) of the way.
pub(crate) fn position(a: Place, b: Place, across: f64, part: f64) -> (f64, f64) {
    let (x1, x2) = (edge(a, across), edge(b, across));
    if a.right == b.right {
        let bow = if a.right { across * 0.35 } else { across * 0.65 };
        let (u, p) = (1.0 - part, part);
        let x = (u * u * u + p * p * p) * x1 + (3.0 * u * u * p + 3.0 * u * p * p) * bow;
        let y = (u * u * u + 3.0 * u * u * p) * a.y + (3.0 * u * p * p + p * p * p) * b.y;
        return (x, y);
    }
    (x1 + (x2 - x1) * part, a.y + (b.y - a.y) * part)
}

/// Every packet that is on its way at `t_ns`. `delays_ns` are the links' delays, for packets that
/// never arrive: those end in the middle.
pub(crate) fn spots(
    course: &Course,
    delays_ns: &[u64],
    places: &[Place],
    across: f64,
    t_ns: f64,
) -> Vec<Spot> {
    // Packets are in the order of their sending; nothing sent after `t_ns` can fly.
    let until = course.packets.partition_point(|packet| packet.departs_ns as f64 <= t_ns);
    let mut spots: Vec<Spot> = Vec::new();
    for (index, packet) in course.packets[..until].iter().enumerate() {
        let (Some(a), Some(b)) = (places.get(packet.from), places.get(packet.to)) else { continue };
        let Some((part, lost)) = part(packet, delays_ns, t_ns) else { continue };
        let (mut x, y) = position(*a, *b, across, part);
        let right = edge(*b, across) > edge(*a, across) || (a.right == b.right && b.y > a.y);
        let half = width(&packet.summary.label) / 2.0;
        x = x.clamp(half.min(across / 2.0), (across - half).max(across / 2.0));
        let mut y = y + if right { -LANE } else { LANE };
        // Those that would cover each other are stacked, away from the cable.
        let covered = |y: f64| {
            let near = |s: &Spot| (s.y - y).abs() < 2.0 * HALF && (s.x - x).abs() < 2.0 * half;
            spots.iter().any(|spot| spot.right == right && near(spot))
        };
        while covered(y) {
            y += if right { -2.0 * HALF - 3.0 } else { 2.0 * HALF + 3.0 };
        }
        spots.push(Spot { packet: index, x, y, right, lost });
    }
    spots
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

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: Place = Place { right: false, y: 10.0 };
    const RIGHT: Place = Place { right: true, y: 30.0 };

    #[test]
    fn a_packet_goes_from_edge_to_edge() {
        assert_eq!(position(LEFT, RIGHT, 200.0, 0.0), (0.0, 10.0));
        assert_eq!(position(LEFT, RIGHT, 200.0, 0.5), (100.0, 20.0));
        assert_eq!(position(RIGHT, LEFT, 200.0, 1.0), (0.0, 10.0));
    }

    #[test]
    fn hosts_on_one_side_are_joined_by_an_arc() {
        let other = Place { right: false, y: 90.0 };
        let (x, y) = position(LEFT, other, 200.0, 0.5);
        assert!(x > 50.0 && (y - 50.0).abs() < 1e-9);
        assert_eq!(position(LEFT, other, 200.0, 1.0), (0.0, 90.0));
    }
}
