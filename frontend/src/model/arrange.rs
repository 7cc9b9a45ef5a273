//! Where hosts stand on the stage and which way packets take between them: pure geometry, pixels.
//!
//! One host stands at the left, two face each other; more stand around the middle, where a network
//! of many hosts has its switch. A place that a person chose wins.

use std::collections::BTreeMap;

/// A point of the stage.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// A host's card.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Card {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// How much a card shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Density {
    Full,
    Medium,
    Compact,
}

impl Density {
    /// For so many hosts.
    pub(crate) fn of(hosts: usize) -> Density {
        match hosts {
            0..=2 => Density::Full,
            3..=5 => Density::Medium,
            _ => Density::Compact,
        }
    }

    /// For one of these hosts: where one faces all the others, those share the height.
    pub(crate) fn beside(self, host: usize) -> Density {
        if self == Density::Medium && host > 0 { Density::Compact } else { self }
    }

    /// The style's name of it.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Density::Full => "full",
            Density::Medium => "medium",
            Density::Compact => "compact",
        }
    }
}

/// Space around and between cards.
const GAP: f64 = 12.0;
/// The least height of a card: its head, a process, its sockets, each whole.
const ROWS: f64 = 74.0;
/// From a card's top to its cable, at most.
const PORT: f64 = 66.0;

/// Width of a card on a stage of this width.
pub(crate) fn card_width(hosts: usize, stage: f64) -> f64 {
    match Density::of(hosts) {
        Density::Full if hosts < 2 => (stage * 0.62).clamp(260.0, 560.0),
        Density::Full => (stage * 0.34).clamp(220.0, 400.0),
        Density::Medium => (stage * 0.31).clamp(200.0, 320.0),
        Density::Compact => (stage * 0.225).clamp(150.0, 230.0),
    }
}

/// How many hosts stand at the left, at the right, in the middle above and below. Up to five, the
/// first one, mostly a server, faces all the others.
fn shares(hosts: usize) -> [usize; 4] {
    match hosts {
        0 | 1 => [hosts, 0, 0, 0],
        2..=5 => [1, hosts - 1, 0, 0],
        6..=8 => [hosts - 4, 4, 0, 0],
        _ => {
            let side = if hosts > 12 { (hosts - 4).div_ceil(2) } else { 4 };
            let rest = hosts - 2 * side;
            [side, side, rest.div_ceil(2), rest / 2]
        }
    }
}

/// The most that each card may be high so that all fit into `height`; nothing for two.
pub(crate) fn card_heights(hosts: usize, height: f64) -> Vec<Option<f64>> {
    let [left, right, above, below] = shares(hosts);
    let of =
        |rows: usize| (hosts > 2).then(|| ((height - GAP) / rows.max(1) as f64 - GAP).max(ROWS));
    let middle = if above + below > 0 { of(left.max(right)) } else { None };
    let share = |count: usize, most: Option<f64>| std::iter::repeat_n(most, count);
    share(left, of(left))
        .chain(share(right, of(right)))
        .chain(share(above + below, middle))
        .collect()
}

/// Cards on a stage; `sizes` are theirs, `chosen` the middles that a person chose, as parts of the
/// stage. A `router` of three hosts stands in the middle.
pub(crate) fn cards(
    sizes: &[(f64, f64)],
    stage: (f64, f64),
    chosen: &BTreeMap<usize, (f64, f64)>,
    router: Option<usize>,
) -> Vec<Card> {
    let (width, height) = stage;
    let mut cards: Vec<Card> = sizes
        .iter()
        .map(|(width, height)| Card { x: GAP, y: GAP, width: *width, height: *height })
        .collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    let middle = router.filter(|_| sizes.len() == 3);
    order.retain(|host| Some(*host) != middle);
    let [left, right, above, below] = shares(order.len());
    let mut hosts = order.into_iter();
    let mut take = |count: usize| -> Vec<usize> { hosts.by_ref().take(count).collect() };
    let (left, right, above, below) = (take(left), take(right), take(above), take(below));
    column(&mut cards, &left, |_| GAP, height);
    column(&mut cards, &right, |card| width - GAP - card.width, height);
    row(&mut cards, &above, width, |_| GAP);
    row(&mut cards, &below, width, |card| (height - GAP - card.height).max(GAP));
    if let Some(card) = middle.and_then(|host| cards.get_mut(host)) {
        (card.x, card.y) = ((width - card.width) / 2.0, GAP);
    }
    for (host, (x, y)) in chosen {
        if let Some(card) = cards.get_mut(*host) {
            card.x = (x * width - card.width / 2.0).clamp(0.0, (width - card.width).max(0.0));
            card.y = (y * height - card.height / 2.0).max(0.0);
        }
    }
    cards
}

/// Puts hosts below each other: two hosts begin at the top, more are spread.
fn column(cards: &mut [Card], hosts: &[usize], x: impl Fn(&Card) -> f64, height: f64) {
    let total: f64 = hosts.iter().map(|host| cards[*host].height).sum();
    let spare = height - 2.0 * GAP - total;
    let many = cards.len() > 2;
    let gap = if many && hosts.len() > 1 {
        (spare / (hosts.len() - 1) as f64).clamp(GAP, 60.0)
    } else {
        GAP
    };
    let used = total + gap * hosts.len().saturating_sub(1) as f64;
    let mut y = if many { ((height - used) / 2.0).max(GAP) } else { GAP };
    for host in hosts {
        let card = &mut cards[*host];
        (card.x, card.y) = (x(card), y);
        y += card.height + gap;
    }
}

fn row(cards: &mut [Card], hosts: &[usize], width: f64, y: impl Fn(&Card) -> f64) {
    let total: f64 = hosts.iter().map(|host| cards[*host].width).sum::<f64>()
        + GAP * hosts.len().saturating_sub(1) as f64;
    let mut x = (width - total) / 2.0;
    for host in hosts {
        let card = &mut cards[*host];
        (card.x, card.y) = (x, y(card));
        x += card.width + GAP;
    }
}

/// A network: the hosts on it and the middle of its switch, if it has more than two hosts.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Network {
    pub(crate) hosts: Vec<usize>,
    pub(crate) switch: Option<Point>,
}

/// Where everything is.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Map {
    /// Each host's card; on a narrow screen, its mark.
    pub(crate) cards: Vec<Card>,
    /// The links.
    pub(crate) networks: Vec<Network>,
    /// Height of all cables between two hosts that face each other.
    level: Option<f64>,
}

impl Map {
    /// Cables between cards.
    pub(crate) fn new(cards: Vec<Card>, links: &[Vec<usize>], stage: (f64, f64)) -> Map {
        let level = match cards.as_slice() {
            [a, b] if (a.y - b.y).abs() < 1.0 => {
                Some(a.y + (a.height.min(b.height) / 2.0).min(PORT))
            }
            _ => None,
        };
        let many = links.iter().filter(|hosts| hosts.len() != 2).count() as f64;
        let mut switches = 0.0;
        let networks = links.iter().map(|hosts| {
            let switch = (hosts.len() > 2).then(|| {
                switches += 1.0;
                Point { x: stage.0 / 2.0, y: stage.1 * switches / (many + 1.0) }
            });
            Network { hosts: hosts.clone(), switch }
        });
        Map { networks: networks.collect(), cards, level }
    }

    /// Where a cable towards `goal` leaves a card.
    fn port(&self, host: usize, goal: Point) -> Option<Point> {
        let card = self.cards.get(host)?;
        let (cx, cy) = (card.x + card.width / 2.0, card.y + card.height / 2.0);
        let level = self.level.unwrap_or(card.y + (card.height / 2.0).min(PORT));
        Some(if goal.x > card.x + card.width {
            Point { x: card.x + card.width, y: level }
        } else if goal.x < card.x {
            Point { x: card.x, y: level }
        } else if goal.y > cy {
            Point { x: cx, y: card.y + card.height }
        } else {
            Point { x: cx, y: card.y }
        })
    }

    fn middle(&self, host: usize) -> Option<Point> {
        let card = self.cards.get(host)?;
        Some(Point { x: card.x + card.width / 2.0, y: card.y + card.height / 2.0 })
    }

    /// The way from a host to another over a link, or within a host.
    pub(crate) fn way(&self, link: Option<usize>, from: usize, to: usize) -> Option<Vec<Point>> {
        if from == to || link.is_none() {
            return self.inside(from);
        }
        let network = self.networks.get(link?)?;
        match network.switch {
            Some(switch) => Some(vec![self.port(from, switch)?, switch, self.port(to, switch)?]),
            None => {
                Some(vec![self.port(from, self.middle(to)?)?, self.port(to, self.middle(from)?)?])
            }
        }
    }

    /// The loopback: out of the card and back.
    fn inside(&self, host: usize) -> Option<Vec<Point>> {
        let card = self.cards.get(host)?;
        let out = 64.0;
        let y = card.y + (card.height * 0.5).min(130.0);
        let last = self.cards.iter().map(|card| card.x).fold(0.0, f64::max);
        // Into the middle of the stage.
        let (x, out) = if self.cards.len() > 1 && card.x >= last {
            (card.x, -out)
        } else {
            (card.x + card.width, out)
        };
        let at = |dx: f64, dy: f64| Point { x: x + dx * out, y: y + dy };
        Some(vec![at(0.0, -14.0), at(0.75, -12.0), at(1.0, 0.0), at(0.75, 12.0), at(0.0, 14.0)])
    }
}

/// The point at `part` (0 to 1) of the way, and whether it goes to the right there.
pub(crate) fn along(way: &[Point], part: f64) -> (Point, bool) {
    let lengths: Vec<f64> =
        way.windows(2).map(|pair| (pair[1].x - pair[0].x).hypot(pair[1].y - pair[0].y)).collect();
    let mut left = lengths.iter().sum::<f64>() * part.clamp(0.0, 1.0);
    for (pair, length) in way.windows(2).zip(&lengths) {
        if left <= *length && *length > 0.0 {
            let part = left / length;
            let (a, b) = (pair[0], pair[1]);
            let point = Point { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
            return (point, b.x > a.x || (b.x == a.x && b.y > a.y));
        }
        left -= length;
    }
    (way.last().copied().unwrap_or_default(), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(a: &Card, b: &Card) -> bool {
        a.x + a.width <= b.x
            || b.x + b.width <= a.x
            || a.y + a.height <= b.y
            || b.y + b.height <= a.y
    }

    #[test]
    fn no_card_covers_another_from_one_host_to_twelve() {
        for hosts in 1..=12 {
            let stage = (860.0, 400.0);
            let most = card_heights(hosts, stage.1);
            let sizes: Vec<(f64, f64)> = most
                .iter()
                .map(|most| (card_width(hosts, stage.0), most.unwrap_or(300.0).min(300.0)))
                .collect();
            let cards = cards(&sizes, stage, &BTreeMap::new(), None);
            for (n, a) in cards.iter().enumerate() {
                assert!(a.x >= 0.0 && a.x + a.width <= stage.0, "{hosts} hosts, card {n}: {a:?}");
                assert!(cards[n + 1..].iter().all(|b| apart(a, b)), "{hosts} hosts, card {n}");
            }
        }
    }

    #[test]
    fn two_hosts_are_joined_by_a_level_cable() {
        let cards = cards(&[(280.0, 330.0), (280.0, 90.0)], (860.0, 400.0), &BTreeMap::new(), None);
        let map = Map::new(cards, &[vec![0, 1]], (860.0, 400.0));
        let way = map.way(Some(0), 0, 1).unwrap();
        assert_eq!(way[0].y, way[1].y);
        assert_eq!(map.way(Some(0), 1, 0).unwrap().first(), way.last());
    }

    #[test]
    fn many_hosts_meet_in_a_switch() {
        let cards = cards(&[(200.0, 80.0); 4], (860.0, 400.0), &BTreeMap::new(), None);
        let map = Map::new(cards, &[vec![0, 1, 2, 3]], (860.0, 400.0));
        let way = map.way(Some(0), 0, 3).unwrap();
        assert_eq!(way[1], Point { x: 430.0, y: 200.0 });
        assert_eq!(along(&way, 0.0).0, way[0]);
        assert_eq!(along(&way, 1.0).0, way[2]);
    }

    #[test]
    fn a_chosen_place_wins() {
        let chosen = BTreeMap::from([(1, (0.5, 0.5))]);
        let cards = cards(&[(200.0, 100.0); 2], (800.0, 400.0), &chosen, None);
        assert_eq!((cards[1].x, cards[1].y), (300.0, 150.0));
    }
}
