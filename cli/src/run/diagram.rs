//! `--diagram`: the sequence diagram as a picture that stands by itself (SVG, no script).

use sim::inspect::{Ladder, Lane, ladder};
use sim::scenario::Scenario;
use sim::trace::Record;
use std::fmt::Write;

/// Between two life-lines, pixels.
const COLUMN: f64 = 260.0;
/// Between two events, pixels: the picture is by event, so that a fast exchange can be read.
const ROW: f64 = 26.0;
const TOP: f64 = 60.0;

/// The diagram of a run.
pub(super) fn svg(scenario: &Scenario, records: &[Record]) -> String {
    let ladder = ladder(records.iter());
    let rows = Rows::of(&ladder);
    let width = COLUMN * ladder.lanes.len().max(1) as f64 + 80.0;
    let height = TOP + ROW * (rows.times.len() as f64 + 2.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    let x = |lane: &Lane| {
        let at = ladder.lanes.iter().position(|other| other == lane).unwrap_or(0);
        COLUMN * (at as f64 + 0.5)
    };
    for lane in &ladder.lanes {
        let name = |host: &sim::HostId| {
            scenario.hosts.get(host.0 as usize).map_or("?", |host| host.name.as_str())
        };
        let title = match lane {
            Lane::App(host, pid) => format!("{}[{pid}]", name(host)),
            Lane::Kernel(host) => format!("{}: kernel", name(host)),
        };
        let (x, end) = (x(lane), height - ROW / 2.0);
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"24\" text-anchor=\"middle\" font-weight=\"bold\">{}</text>\n\
             <path d=\"M{x} 34V{end}\" stroke=\"#74808b\"/>",
            escaped(&title)
        );
    }
    for bar in &ladder.bars {
        let x = x(&bar.lane);
        let from = rows.y(bar.from_ns);
        let to = bar.to_ns.map_or(height - ROW / 2.0, |to| rows.y(to));
        let fill = if bar.blocked_ns.is_some() { "#b3bec9" } else { "#1d5399" };
        let text: String = bar.text.chars().take(60).collect();
        let _ = writeln!(
            out,
            "<rect x=\"{}\" y=\"{from}\" width=\"8\" height=\"{}\" fill=\"{fill}\"/>\n\
             <text x=\"{}\" y=\"{}\" font-size=\"9\">{}</text>",
            x - 4.0,
            (to - from).max(4.0),
            x + 8.0,
            from + 9.0,
            escaped(text.split(" = ").next().unwrap_or(&text).trim())
        );
    }
    for mark in &ladder.marks {
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#1d6f5f\">{}</text>",
            x(&mark.lane) - 8.0,
            rows.y(mark.t_ns) + 4.0,
            escaped(&mark.text)
        );
    }
    for packet in &ladder.packets {
        let (from, to) = (x(&Lane::Kernel(packet.from)), x(&Lane::Kernel(packet.to)));
        let y1 = rows.y(packet.departs_ns);
        let (to, y2, colour) = match packet.arrives_ns {
            Some(at) => (to, rows.y(at), "#771bd2"),
            // Half the way, and no arrow head: it never arrives.
            None => (f64::midpoint(from, to), y1 + ROW / 2.0, "#9e3525"),
        };
        let _ = writeln!(
            out,
            "<path d=\"M{from} {y1}L{to} {y2}\" stroke=\"{colour}\" stroke-width=\"1.5\"/>\n\
             <circle cx=\"{to}\" cy=\"{y2}\" r=\"3\" fill=\"{colour}\"/>"
        );
    }
    out.push_str("</svg>\n");
    out
}

/// Moments at which something happens, each a row.
struct Rows {
    times: Vec<u64>,
}

impl Rows {
    fn of(ladder: &Ladder) -> Rows {
        let mut times: Vec<u64> = Vec::new();
        for bar in &ladder.bars {
            times.push(bar.from_ns);
            times.extend(bar.to_ns);
        }
        times.extend(ladder.marks.iter().map(|mark| mark.t_ns));
        for packet in &ladder.packets {
            times.push(packet.departs_ns);
            times.extend(packet.arrives_ns);
        }
        times.sort_unstable();
        times.dedup();
        Rows { times }
    }

    fn y(&self, t_ns: u64) -> f64 {
        TOP + ROW * self.times.partition_point(|time| *time < t_ns) as f64
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
