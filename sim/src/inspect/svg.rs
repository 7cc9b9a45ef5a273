//! The sequence diagram as a standalone SVG: time runs downwards, event by event.

use super::ladder::{Ladder, Lane};
use crate::trace::Fate;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Pixels between two life-lines.
const COLUMN: usize = 190;
/// Pixels between two moments.
const ROW: usize = 22;
/// Pixels above the first moment.
const TOP: usize = 60;

/// The diagram; `hosts` are the hosts' names.
pub fn svg(ladder: &Ladder, hosts: &[String]) -> String {
    let x: BTreeMap<Lane, usize> =
        ladder.lanes.iter().enumerate().map(|(i, lane)| (*lane, 90 + i * COLUMN)).collect();
    let y = rows(ladder);
    let at = |t_ns: u64| y.get(&t_ns).copied().unwrap_or(TOP);
    let (width, height) = (ladder.lanes.len() * COLUMN + 40, TOP + (y.len() + 2) * ROW);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" font-family=\"monospace\" font-size=\"11\">\n\
         <defs><marker id=\"a\" markerWidth=\"8\" markerHeight=\"8\" refX=\"7\" refY=\"3\" \
         orient=\"auto\"><path d=\"M0,0L7,3L0,6z\"/></marker></defs>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for (lane, x) in &x {
        let name = |host: &crate::HostId| hosts.get(host.0 as usize).map_or("", String::as_str);
        let title = match lane {
            Lane::App(host, pid) => format!("{}[{pid}]", name(host)),
            Lane::Kernel(host) => format!("kernel {}", name(host)),
        };
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"24\" text-anchor=\"middle\" font-weight=\"bold\">{}</text>\
             <line x1=\"{x}\" y1=\"34\" x2=\"{x}\" y2=\"{height}\" stroke=\"#999\"/>",
            escaped(&title)
        );
    }
    for bar in &ladder.bars {
        let Some(x) = x.get(&bar.lane) else { continue };
        let (top, end) = (at(bar.from_ns), bar.to_ns.map_or(height - ROW, at));
        let fill = if bar.blocked_ns.is_some() { "#f4d9a8" } else { "#bcd3ee" };
        let _ = writeln!(
            out,
            "<rect x=\"{}\" y=\"{top}\" width=\"8\" height=\"{}\" fill=\"{fill}\" stroke=\"#345\">\
             <title>{}</title></rect><text x=\"{}\" y=\"{}\">{}</text>",
            x - 4,
            (end.max(top + 4)) - top,
            escaped(&bar.text),
            x + 8,
            top + 10,
            escaped(bar.name)
        );
    }
    for flight in &ladder.packets {
        let ends = (Lane::Kernel(flight.from), Lane::Kernel(flight.to));
        let (Some(from), Some(to)) = (x.get(&ends.0), x.get(&ends.1)) else { continue };
        if flight.link.is_none() {
            continue;
        }
        let arrives = flight.arrived_ns.or(flight.arrives_ns);
        let top = at(flight.departs_ns);
        let (x2, y2) = match arrives {
            Some(arrives) => (*to, at(arrives)),
            None => (from.midpoint(*to), top + ROW / 2),
        };
        let lost = arrives.is_none() || flight.fate == Fate::Corrupted;
        let colour = if lost { "#9e3525" } else { "#1c252a" };
        let label = super::packet_label(&flight.frame);
        let _ = writeln!(
            out,
            "<line x1=\"{from}\" y1=\"{top}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{colour}\" \
             marker-end=\"url(#a)\"/><text x=\"{}\" y=\"{}\" text-anchor=\"middle\" \
             fill=\"{colour}\">{}{}</text>",
            from.midpoint(*to),
            top.midpoint(y2) - 4,
            escaped(&label),
            if lost { " ✕" } else { "" }
        );
    }
    for mark in &ladder.marks {
        let Some(x) = x.get(&mark.lane) else { continue };
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#1d6f5f\">{}</text>",
            x - 8,
            at(mark.t_ns) + 10,
            escaped(&mark.text)
        );
    }
    out.push_str("</svg>\n");
    out
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
