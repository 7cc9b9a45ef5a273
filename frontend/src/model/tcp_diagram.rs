//! The TCP connection state diagram of RFC 9293 figure 5: where the states are and which
//! transitions exist. Pure data; what a socket did is laid over it by the view.

use crate::model::dissect::Kind;

/// A state and the middle of its box.
pub(crate) struct Node {
    /// As RFC 9293 spells it.
    pub(crate) name: &'static str,
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// A transition: indices into [`NODES`], and what causes and what answers it.
pub(crate) struct Edge {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) label: &'static str,
    pub(crate) route: Route,
}

/// The way of a transition's line.
pub(crate) enum Route {
    /// From border to border, bowing to its left by so many units.
    Bow(f64),
    /// Below everything else, as deep as this.
    Under(f64),
}

/// Size of the picture.
pub(crate) const SIZE: (f64, f64) = (920.0, 288.0);
/// Size of a box.
pub(crate) const BOX: (f64, f64) = (114.0, 32.0);

const fn node(name: &'static str, x: f64, y: f64) -> Node {
    Node { name, x, y }
}

/// The eleven states.
pub(crate) const NODES: [Node; 11] = [
    node("CLOSED", 62.0, 122.0),
    node("LISTEN", 168.0, 32.0),
    node("SYN-SENT", 168.0, 212.0),
    node("SYN-RECEIVED", 392.0, 32.0),
    node("ESTABLISHED", 392.0, 128.0),
    node("FIN-WAIT-1", 620.0, 32.0),
    node("FIN-WAIT-2", 856.0, 32.0),
    node("CLOSING", 694.0, 124.0),
    node("TIME-WAIT", 856.0, 170.0),
    node("CLOSE-WAIT", 532.0, 212.0),
    node("LAST-ACK", 738.0, 212.0),
];

const fn edge(from: usize, to: usize, label: &'static str, bow: f64) -> Edge {
    Edge { from, to, label, route: Route::Bow(bow) }
}

const fn under(from: usize, to: usize, label: &'static str, y: f64) -> Edge {
    Edge { from, to, label, route: Route::Under(y) }
}

/// The transitions that are drawn. Resets and time-outs lead to CLOSED from anywhere; they are
/// drawn only when they happen.
pub(crate) const EDGES: [Edge; 18] = [
    edge(0, 1, "listen()", 0.0),
    edge(0, 2, "connect() / SYN", 0.0),
    edge(1, 3, "SYN / SYN-ACK", 0.0),
    edge(1, 2, "send / SYN", 0.0),
    edge(2, 3, "SYN / SYN-ACK", 0.0),
    edge(2, 4, "SYN-ACK / ACK", 0.0),
    edge(3, 4, "ACK", 0.0),
    edge(3, 5, "close() / FIN", 0.0),
    edge(4, 5, "close() / FIN", 0.0),
    edge(4, 9, "FIN / ACK", 0.0),
    edge(5, 6, "ACK", 0.0),
    edge(5, 7, "FIN / ACK", 0.0),
    edge(5, 8, "FIN-ACK / ACK", 40.0),
    edge(6, 8, "FIN / ACK", 0.0),
    edge(7, 8, "ACK", 0.0),
    edge(9, 10, "close() / FIN", 0.0),
    under(10, 0, "ACK", 252.0),
    under(8, 0, "2 MSL", 278.0),
];

/// Where a state is in [`NODES`].
pub(crate) fn index(name: &str) -> Option<usize> {
    NODES.iter().position(|node| node.name == name)
}

/// The colour of a state.
pub(crate) fn kind_class(name: &str) -> &'static str {
    match name {
        "CLOSED" => "k-other",
        "LISTEN" | "ESTABLISHED" => "k-ok",
        "SYN-SENT" | "SYN-RECEIVED" => Kind::Syn.class(),
        _ => Kind::Fin.class(),
    }
}

impl Edge {
    /// Its line, and where its label stands.
    pub(crate) fn drawn(&self) -> (String, (f64, f64)) {
        match self.route {
            Route::Bow(bow) => {
                let ((x1, y1), (x2, y2)) = ends(self.from, self.to);
                let length = (x2 - x1).hypot(y2 - y1);
                let (nx, ny) = ((y2 - y1) / length, -(x2 - x1) / length);
                let at = |part: f64| ((x1 + x2) / 2.0 + nx * part, (y1 + y2) / 2.0 + ny * part);
                let ((cx, cy), (tx, ty)) = (at(bow), at(bow / 2.0));
                // On a level line the label stands above it, elsewhere on it.
                let up = if (y2 - y1).abs() < 1.0 { 6.0 } else { -4.0 };
                (format!("M{x1:.1} {y1:.1}Q{cx:.1} {cy:.1} {x2:.1} {y2:.1}"), (tx, ty - up))
            }
            Route::Under(y) => {
                let (a, b) = (&NODES[self.from], &NODES[self.to]);
                let (down, up) = (a.y + BOX.1 / 2.0 + 2.0, b.y + BOX.1 / 2.0 + 2.0);
                // The deeper of two lines ends further to the left, so that they do not cross.
                let end = b.x - (y - 252.0) / 2.0;
                let (x1, x2) = (a.x, end + 16.0);
                let path = format!(
                    "M{x1} {down}V{}Q{x1} {y} {} {y}H{x2}Q{end} {y} {end} {}V{up}",
                    y - 16.0,
                    x1 - 16.0,
                    y - 16.0
                );
                (path, ((a.x + b.x) / 2.0, y - 5.0))
            }
        }
    }
}

/// Ends of a line from one box to another: on the boxes' borders, not in their middles.
pub(crate) fn ends(from: usize, to: usize) -> ((f64, f64), (f64, f64)) {
    let (a, b) = (&NODES[from], &NODES[to]);
    (border(a, b.x, b.y), border(b, a.x, a.y))
}

fn border(node: &Node, x: f64, y: f64) -> (f64, f64) {
    let (dx, dy) = (x - node.x, y - node.y);
    let (w, h) = (BOX.0 / 2.0 + 2.0, BOX.1 / 2.0 + 2.0);
    let scale = (w / dx.abs()).min(h / dy.abs());
    (node.x + dx * scale, node.y + dy * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_start_and_end_on_the_borders() {
        for edge in &EDGES {
            let ((x1, y1), (x2, y2)) = ends(edge.from, edge.to);
            let apart = (x2 - x1).hypot(y2 - y1);
            assert!(apart > 20.0, "{} is too short: {apart}", edge.label);
            assert!((0.0..SIZE.0).contains(&x1) && (0.0..SIZE.1).contains(&y2));
        }
    }

    #[test]
    fn every_state_of_the_rfc_is_there_once() {
        let mut names: Vec<_> = NODES.iter().map(|node| node.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 11);
        assert_eq!(index("TIME-WAIT"), Some(8));
    }
}
