//! The sequence diagram as a standalone SVG: time runs downwards, event by event.

use super::ladder::{Ladder, Lane};
use crate::HostId;
use crate::trace::Fate;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Pixels between two life-lines.
const COLUMN: usize = 190;
/// Pixels beside the outermost life-lines.
const MARGIN: usize = 110;
/// Pixels between two moments.
const ROW: usize = 22;
/// Pixels above the first moment.
const TOP: usize = 60;

/// The diagram; `hosts` are the hosts' names.
pub fn svg(ladder: &Ladder, hosts: &[String]) -> String {
    pages(ladder, hosts, usize::MAX).pop().unwrap_or_default()
}

/// The diagram cut into pictures of at most so many moments, each with the names on top: what paper
/// needs. There is always one.
pub fn pages(ladder: &Ladder, hosts: &[String], moments: usize) -> Vec<String> {
    let places = places(&ladder.lanes);
    let y = rows(ladder);
    let bottom = TOP + (y.len() + 2) * ROW;
    let width = ladder.lanes.len() * COLUMN + 2 * MARGIN - COLUMN;
    let pieces = pieces(ladder, &places, &y, bottom);
    let count = y.len().div_ceil(moments).max(1);
    let page = |number: usize| {
        let from = TOP + number.saturating_mul(moments).saturating_mul(ROW);
        let to = if number + 1 == count { bottom } else { from + moments * ROW };
        let on = |piece: &&Piece| piece.top < to && piece.bottom >= from;
        let height = to - from + TOP;
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" font-family=\"monospace\" font-size=\"11\">\n\
             <defs><marker id=\"a\" markerWidth=\"8\" markerHeight=\"8\" refX=\"7\" refY=\"3\" \
             orient=\"auto\"><path d=\"M0,0L7,3L0,6z\"/></marker></defs>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
        );
        for (lane, Place { x, .. }) in &places {
            let _ = writeln!(
                out,
                "<text x=\"{x}\" y=\"24\" text-anchor=\"middle\" font-weight=\"bold\">{}</text>\
                 <line x1=\"{x}\" y1=\"34\" x2=\"{x}\" y2=\"{height}\" stroke=\"#999\"/>",
                escaped(&title(*lane, hosts))
            );
        }
        // What reaches over the edge is cut there; the names keep their room.
        let _ = writeln!(
            out,
            "<svg y=\"34\" height=\"{h}\" viewBox=\"0 {v} {width} {h}\">",
            h = height - 34,
            v = from - TOP + 34
        );
        pieces.iter().filter(on).for_each(|piece| out.push_str(&piece.markup));
        out.push_str("</svg>\n</svg>\n");
        out
    };
    (0..count).map(page).collect()
}

/// Where a life-line stands.
#[derive(Clone, Copy)]
struct Place {
    x: usize,
    /// Calls are named on its left and marks on its right, because its wire is on its left.
    mirrored: bool,
}

/// Hosts in order, each with its processes and then its kernel; of two hosts, which face each
/// other, the second the other way round, so that only the wire lies between the kernels.
fn places(lanes: &[Lane]) -> BTreeMap<Lane, Place> {
    let host = |lane: &Lane| match lane {
        Lane::App(host, _) | Lane::Kernel(host) => *host,
    };
    let hosts: BTreeSet<HostId> = lanes.iter().map(host).collect();
    let right = (hosts.len() == 2).then(|| hosts.last().copied()).flatten();
    let (mirrored, mut order): (Vec<Lane>, Vec<Lane>) =
        lanes.iter().copied().partition(|lane| Some(host(lane)) == right);
    let far = order.len();
    order.extend(mirrored.into_iter().rev());
    let place = |(i, lane)| (lane, Place { x: MARGIN + i * COLUMN, mirrored: i >= far });
    order.into_iter().enumerate().map(place).collect()
}

/// Something drawn, and the rows that it takes.
struct Piece {
    top: usize,
    bottom: usize,
    markup: String,
}

fn title(lane: Lane, hosts: &[String]) -> String {
    let name = |host: HostId| hosts.get(host.0 as usize).map_or("", String::as_str);
    match lane {
        Lane::App(host, pid) => format!("{}[{pid}]", name(host)),
        Lane::Kernel(host) => format!("kernel {}", name(host)),
    }
}

/// All that stands on the life-lines, in the order in which it is drawn.
fn pieces(
    ladder: &Ladder,
    places: &BTreeMap<Lane, Place>,
    y: &BTreeMap<u64, usize>,
    bottom: usize,
) -> Vec<Piece> {
    let at = |t_ns: u64| y.get(&t_ns).copied().unwrap_or(TOP);
    let mut pieces = Vec::new();
    for bar in &ladder.bars {
        let Some(Place { x, mirrored }) = places.get(&bar.lane).copied() else { continue };
        let (at_x, anchor) = if mirrored { (x - 8, "end") } else { (x + 8, "start") };
        let (top, end) = (at(bar.from_ns), bar.to_ns.map_or(bottom - ROW, at));
        let end = end.max(top + 4);
        let fill = if bar.blocked_ns.is_some() { "#f4d9a8" } else { "#bcd3ee" };
        let markup = format!(
            "<rect x=\"{}\" y=\"{top}\" width=\"8\" height=\"{}\" fill=\"{fill}\" stroke=\"#345\">\
             <title>{}</title></rect><text x=\"{at_x}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>\n",
            x - 4,
            end - top,
            escaped(&bar.text),
            top + 10,
            escaped(bar.name)
        );
        pieces.push(Piece { top, bottom: end, markup });
    }
    for flight in &ladder.packets {
        let ends = (Lane::Kernel(flight.from), Lane::Kernel(flight.to));
        let x = |lane: &Lane| places.get(lane).map(|place| place.x);
        let (Some(from), Some(to)) = (x(&ends.0), x(&ends.1)) else { continue };
        if flight.link.is_none() {
            continue;
        }
        let arrives = flight.arrived_ns.or(flight.arrives_ns);
        let top = at(flight.departs_ns);
        let (x2, y2) = match arrives {
            Some(arrives) => (to, at(arrives)),
            None => (from.midpoint(to), top + ROW / 2),
        };
        let lost = arrives.is_none() || flight.fate == Fate::Corrupted;
        let colour = if lost { "#9e3525" } else { "#1c252a" };
        let label = super::packet_label(&flight.frame);
        let markup = format!(
            "<line x1=\"{from}\" y1=\"{top}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{colour}\" \
             marker-end=\"url(#a)\"/><text x=\"{}\" y=\"{}\" text-anchor=\"middle\" \
             fill=\"{colour}\">{}{}</text>\n",
            from.midpoint(to),
            top.midpoint(y2) - 4,
            escaped(&label),
            if lost { " ✕" } else { "" }
        );
        pieces.push(Piece { top, bottom: y2.max(top), markup });
    }
    let mut taken: BTreeMap<(Lane, usize), usize> = BTreeMap::new();
    for mark in &ladder.marks {
        let Some(Place { x, mirrored }) = places.get(&mark.lane).copied() else { continue };
        let (at_x, anchor) = if mirrored { (x + 8, "start") } else { (x - 8, "end") };
        let top = at(mark.t_ns);
        // Two marks of one moment stand below each other.
        let line = taken.entry((mark.lane, top)).or_default();
        let markup = format!(
            "<text x=\"{at_x}\" y=\"{}\" text-anchor=\"{anchor}\" fill=\"#1d6f5f\">{}</text>\n",
            top + 10 + *line * 12,
            escaped(&mark.text)
        );
        *line += 1;
        pieces.push(Piece { top, bottom: top, markup });
    }
    pieces
}

/// One row for each moment at which something begins or ends.
fn rows(ladder: &Ladder) -> BTreeMap<u64, usize> {
    let mut moments: Vec<u64> = Vec::new();
    for bar in &ladder.bars {
        moments.push(bar.from_ns);
        moments.extend(bar.to_ns);
    }
    moments.extend(ladder.marks.iter().map(|mark| mark.t_ns));
    for flight in &ladder.packets {
        moments.push(flight.departs_ns);
        moments.extend(flight.arrived_ns.or(flight.arrives_ns));
    }
    moments.sort_unstable();
    moments.dedup();
    moments.into_iter().enumerate().map(|(i, t_ns)| (t_ns, TOP + i * ROW)).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::ladder::Mark;
    use abi::Pid;

    #[test]
    fn pages_hold_everything_once_and_have_the_names() {
        let lane = Lane::App(HostId(0), Pid(1));
        let mark = |n: u64| Mark { lane, record: n, t_ns: n, step: n, text: format!("mark{n};") };
        let marks: Vec<Mark> = (0..25).map(mark).collect();
        let ladder = Ladder { lanes: vec![lane], marks, ..Ladder::default() };
        let pages = pages(&ladder, &["a&b".to_owned()], 10);
        assert_eq!(pages.len(), 3);
        assert!(pages.iter().all(|page| page.contains("a&amp;b[1]")));
        for n in 0..25 {
            let on = |page: &&String| page.contains(&format!("mark{n};"));
            assert_eq!(pages.iter().filter(on).count(), 1, "{n}");
        }
        assert_eq!(super::pages(&Ladder::default(), &[], 10).len(), 1);
        assert!(svg(&ladder, &["a".to_owned()]).contains("mark24;"));
    }
}
