//! The sequence diagram's geometry: life-lines across, moments down, calls as bars, packets as
//! slanted arrows. Pixels; pure data.
//!
//! Each host has two lines, its programs and its kernel; neighbours are mirrored, so that the
//! kernels of two hosts face each other: app | kernel — kernel | app.

use crate::model::course::{Call, Course, Packet, StateChange};
use crate::model::dissect::Kind;
use std::ops::Range;

/// Pixels from one moment to the next.
pub(crate) const ROW: f64 = 24.0;
/// Labels that are looked at for one's place.
const AROUND: usize = 24;
/// Room above moment 0, below the heads.
pub(crate) const TOP: f64 = 16.0;
/// Height of the heads, which stay in sight.
pub(crate) const HEAD: f64 = 38.0;
/// Room beside the outer lines, for the calls' names.
const MARGIN: f64 = 118.0;
/// Room for the times at the left.
const TIMES: f64 = 62.0;
/// From a program's line to its kernel's.
const NEAR: f64 = 44.0;
/// The least from kernel to kernel of a pair: an arrow with its label.
const WIRE: f64 = 110.0;
/// The least from program to program of two pairs: the names of both sides' calls.
const BETWEEN: f64 = 2.0 * MARGIN - 16.0;
/// From an arrow's start to its label.
const LABEL: f64 = 52.0;
/// Places on an arrow that are tried for its label.
const PLACES: usize = 5;
/// Height of a label's line, and half its width.
const LABEL_HEIGHT: f64 = 13.0;
fn half_width(label: &str) -> f64 {
    label.chars().count() as f64 * 3.4 + 3.0
}

/// The two lines of a host.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Lines {
    pub(crate) app: f64,
    pub(crate) kernel: f64,
    /// Whether names stand to the right of the program's line.
    pub(crate) right: bool,
}

/// A system call.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Bar {
    /// Its place in the course.
    pub(crate) call: usize,
    pub(crate) host: usize,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    /// Where its sleep begins.
    pub(crate) sleep: Option<f64>,
    pub(crate) name: String,
    /// `= 3`, `= -1 EINTR`; `None` while it is not answered.
    pub(crate) result: Option<String>,
    pub(crate) failed: bool,
    pub(crate) future: bool,
}

/// A packet.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Arrow {
    /// Its place in the course.
    pub(crate) packet: usize,
    pub(crate) from: (f64, f64),
    pub(crate) to: (f64, f64),
    pub(crate) kind: Kind,
    pub(crate) label: String,
    /// The label's middle; `None`: there is no room for it among the others.
    pub(crate) label_at: Option<(f64, f64)>,
    pub(crate) lost: bool,
    pub(crate) future: bool,
}

impl Arrow {
    /// Whether it stays within its host.
    pub(crate) fn is_inside(&self) -> bool {
        (self.from.0 - self.to.0).abs() < 1.0
    }

    /// Where its label may be, the best place first: near its start, so that labels of opposite
    /// arrows, and of arrows over many hosts, are apart; beside the loop within a host.
    fn label_places(&self) -> Vec<(f64, f64)> {
        let ((x1, y1), (x2, y2)) = (self.from, self.to);
        let half = half_width(&self.label);
        if self.is_inside() {
            return vec![(x1 + 26.0 + half, (y1 + y2) / 2.0 + 4.0)];
        }
        let length = (x2 - x1).abs().max(1.0);
        let at = |n: usize| LABEL + n as f64 * 2.0 * half;
        let parts = (0..PLACES).map(at).take_while(|at| *at == LABEL || at + half < length);
        let parts = parts.map(|at| (at / length).min(0.5f64.max((length - half) / length)));
        parts.map(|part| (x1 + (x2 - x1) * part, y1 + (y2 - y1) * part - 4.0)).collect()
    }

    /// Its line: straight between hosts, a loop within one.
    pub(crate) fn path(&self) -> String {
        let ((x1, y1), (x2, y2)) = (self.from, self.to);
        if !self.is_inside() {
            return format!("M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}");
        }
        let (out, y2) = (x1 + 30.0, y2.max(y1 + 12.0));
        format!("M{x1:.1} {y1:.1}C{out:.1} {y1:.1} {out:.1} {y2:.1} {x2:.1} {y2:.1}")
    }
}

/// A new state on a kernel's line, below the moment.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct StateLabel {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) name: String,
    pub(crate) future: bool,
}

impl StateLabel {
    /// Half its width.
    pub(crate) fn half(&self) -> f64 {
        self.name.len() as f64 * 3.4 + 4.0
    }
}

/// The picture.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Ladder {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) hosts: Vec<Lines>,
    pub(crate) bars: Vec<Bar>,
    pub(crate) arrows: Vec<Arrow>,
    pub(crate) states: Vec<StateLabel>,
}

/// Where a moment is.
pub(crate) fn y(moment: usize) -> f64 {
    TOP + moment as f64 * ROW
}

/// The part of the diagram around `cursor` that reaches into the moments of `window`.
pub(crate) fn ladder(course: &Course, cursor: usize, window: Range<usize>, width: f64) -> Ladder {
    let hosts = lines(course.hosts.len(), width);
    let last = course.last();
    let in_window = |from: usize, to: usize| from < window.end && to >= window.start;
    let bars = course.calls.iter().enumerate().filter(|(_, call)| {
        call.host < hosts.len() && in_window(call.moment, call.end.as_ref().map_or(last, |e| e.0))
    });
    let bars = bars.map(|(index, call)| bar(index, call, cursor, last)).collect();
    let arrows = course.packets.iter().enumerate().filter(|(_, packet)| {
        let both = packet.from < hosts.len() && packet.to < hosts.len();
        both && in_window(packet.moment, packet.ended.map_or(packet.moment + 1, |e| e.0))
    });
    let mut arrows: Vec<Arrow> =
        arrows.map(|(index, packet)| arrow(index, packet, &hosts, cursor)).collect();
    place_labels(&mut arrows);
    // Of several states at one moment the last one stays.
    let stays = |(n, s): &(usize, &StateChange)| {
        let mut later = course.states[n + 1..].iter().take_while(|other| other.moment == s.moment);
        !later.any(|other| other.host == s.host)
    };
    let states = course.states.iter().enumerate().filter(stays).map(|(_, s)| s);
    let states = states.filter(|s| in_window(s.moment, s.moment));
    let states = states.filter_map(|state| {
        let lines = hosts.get(state.host)?;
        Some(StateLabel {
            x: lines.kernel,
            y: y(state.moment) + ROW / 2.0,
            name: state.to.clone(),
            future: state.moment > cursor,
        })
    });
    let states = states.collect();
    let height = y(last) + 2.0 * ROW;
    let width = hosts.last().map_or(width, |l| l.app.max(l.kernel) + MARGIN).max(width);
    Ladder { width, height, hosts, bars, arrows, states }
}

fn lines(count: usize, width: f64) -> Vec<Lines> {
    let wires = (count / 2).max(1) as f64;
    let betweens = (count.div_ceil(2).max(1) - 1) as f64;
    let room = width - TIMES - 2.0 * MARGIN - count as f64 * NEAR - betweens * BETWEEN;
    // What is left over is the wires'.
    let wire = (room / wires).max(WIRE);
    let mut x = TIMES + MARGIN;
    let mut lines = Vec::new();
    for host in 0..count {
        let right = host % 2 == 1;
        let (app, kernel) = if right { (x + NEAR, x) } else { (x, x + NEAR) };
        lines.push(Lines { app, kernel, right });
        x += NEAR + if right { BETWEEN } else { wire };
    }
    lines
}

fn bar(index: usize, call: &Call, cursor: usize, last: usize) -> Bar {
    let end = call.end.as_ref();
    let bottom = end.map_or(y(last) + ROW, |(moment, ..)| y(*moment));
    let answered = end.filter(|(moment, ..)| *moment <= cursor);
    Bar {
        call: index,
        host: call.host,
        top: y(call.moment),
        bottom: bottom.max(y(call.moment) + 6.0),
        sleep: call.blocked.map(y),
        name: format!("{}()", sim::explain::spoken(&call.syscall)),
        result: answered.map(|(.., reply)| match reply.ret {
            Ok(value) => format!("= {value}"),
            Err(errno) => format!("= -1 {}", errno.name()),
        }),
        failed: answered.is_some_and(|(.., reply)| reply.ret.is_err()),
        future: call.moment > cursor,
    }
}

/// Gives every label a place where it covers no other, as long as there is one: a burst of packets
/// has arrows close to each other.
fn place_labels(arrows: &mut [Arrow]) {
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    for arrow in arrows {
        let half = half_width(&arrow.label);
        let free = arrow.label_places().into_iter().find(|(x, y)| {
            // Only the newest ones can be near.
            let mut near = taken.iter().rev().take(AROUND);
            !near.any(|(tx, ty, th)| (ty - y).abs() < LABEL_HEIGHT && (tx - x).abs() < th + half)
        });
        arrow.label_at = free;
        taken.extend(free.map(|(x, y)| (x, y, half)));
    }
}

fn arrow(index: usize, packet: &Packet, hosts: &[Lines], cursor: usize) -> Arrow {
    let (x1, x2) = (hosts[packet.from].kernel, hosts[packet.to].kernel);
    let (y1, end) = (y(packet.moment), packet.ended.map(|(moment, _)| y(moment)));
    let y2 = end.unwrap_or(y1 + ROW).max(y1 + 4.0);
    let to = if packet.lost { ((x1 + x2) / 2.0, (y1 + y2) / 2.0) } else { (x2, y2) };
    let label = match packet.summary.kind {
        Kind::Ack => format!("ACK {}", packet.summary.ack.wrapping_sub(packet.base.ack)),
        _ => packet.summary.label.clone(),
    };
    Arrow {
        packet: index,
        from: (x1, y1),
        to,
        kind: packet.summary.kind,
        label,
        label_at: None,
        lost: packet.lost,
        future: packet.moment > cursor,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_of_neighbours_face_each_other() {
        let two = lines(2, 700.0);
        assert!(two[0].app < two[0].kernel && two[0].kernel < two[1].kernel);
        assert!(two[1].kernel < two[1].app && two[1].app <= 700.0 - MARGIN + 1.0);
    }

    #[test]
    fn names_of_neighbours_have_room_side_by_side() {
        let four = lines(4, 700.0);
        assert!(four[2].app - four[1].app >= BETWEEN);
    }

    #[test]
    fn labels_of_opposite_arrows_are_apart() {
        let arrow = |from: (f64, f64), to: (f64, f64)| Arrow {
            packet: 0,
            from,
            to,
            kind: Kind::Ack,
            label: "ACK 1449".to_owned(),
            label_at: None,
            lost: false,
            future: false,
        };
        let mut two = [arrow((100.0, 0.0), (300.0, 24.0)), arrow((300.0, 0.0), (100.0, 24.0))];
        place_labels(&mut two);
        let (there, back) = (two[0].label_at.unwrap(), two[1].label_at.unwrap());
        assert!(back.0 - there.0 > 90.0, "{there:?} {back:?}");
        // A burst: the same place and moment. What has no room goes without.
        let mut burst: Vec<Arrow> = (0..9).map(|_| arrow((0.0, 0.0), (300.0, 24.0))).collect();
        place_labels(&mut burst);
        let places: Vec<f64> = burst.iter().filter_map(|a| a.label_at).map(|at| at.0).collect();
        assert!(places.len() >= 3 && places.len() < 9, "{places:?}");
        let half = half_width("ACK 1449");
        assert!(places.windows(2).all(|p| p[1] - p[0] >= 2.0 * half - 0.01), "{places:?}");
    }

    #[test]
    fn many_hosts_make_the_picture_wider() {
        let many = lines(12, 700.0);
        assert!(many.windows(2).all(|pair| pair[1].kernel - pair[0].kernel >= WIRE));
    }
}
