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
    /// How far the line bows to its left, in picture units.
    pub(crate) bow: f64,
}

/// Size of the picture.
pub(crate) const SIZE: (f64, f64) = (680.0, 430.0);
/// Size of a box.
pub(crate) const BOX: (f64, f64) = (104.0, 28.0);

const fn node(name: &'static str, x: f64, y: f64) -> Node {
    Node { name, x, y }
}

/// The eleven states.
pub(crate) const NODES: [Node; 11] = [
    node("CLOSED", 340.0, 24.0),
    node("LISTEN", 150.0, 84.0),
    node("SYN-SENT", 530.0, 84.0),
    node("SYN-RECEIVED", 150.0, 164.0),
    node("ESTABLISHED", 340.0, 200.0),
    node("FIN-WAIT-1", 150.0, 262.0),
    node("FIN-WAIT-2", 150.0, 340.0),
    node("CLOSING", 340.0, 320.0),
    node("TIME-WAIT", 340.0, 404.0),
    node("CLOSE-WAIT", 560.0, 262.0),
    node("LAST-ACK", 560.0, 340.0),
];

const fn edge(from: usize, to: usize, label: &'static str, bow: f64) -> Edge {
    Edge { from, to, label, bow }
}

/// The transitions that are drawn. Resets and time-outs lead to CLOSED from anywhere; they are
/// drawn only when they happen.
pub(crate) const EDGES: [Edge; 17] = [
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
    edge(5, 8, "FIN-ACK / ACK", 26.0),
    edge(6, 8, "FIN / ACK", 0.0),
    edge(7, 8, "ACK", 0.0),
    edge(9, 10, "close() / FIN", 0.0),
    edge(10, 0, "ACK", 70.0),
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
            assert!(apart > 8.0, "{} is too short: {apart}", edge.label);
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
