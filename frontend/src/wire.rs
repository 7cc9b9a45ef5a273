//! The places of hosts, the cables, and packets on their way, drawn outside the virtual DOM: a pool
//! of SVG groups with a transform handle each. Where a packet is follows from the time alone, so
//! playing, stepping back and scrubbing are the same function.

use crate::model::arrange::{self, Card, Map, Point, along, cards};
use crate::model::course::Course;
use crate::model::flight::{self, Spot};
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, SvgTransform, SvggElement, SvgsvgElement};

const SVG: &str = "http://www.w3.org/2000/svg";

/// A packet's picture.
struct Glyph {
    group: SvggElement,
    shape: Element,
    text: Element,
    transform: SvgTransform,
    /// Which packet it shows, and whether it goes to the right, is lost, small, selected; `None` is
    /// hidden.
    shown: Option<(usize, [bool; 4])>,
}

/// A link as the stage draws it.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Line {
    pub(crate) hosts: Vec<usize>,
    pub(crate) up: bool,
}

/// What the layout depends on besides the sizes of the cards.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) lines: Vec<Line>,
    /// Hosts that have sent something over their loopback.
    pub(crate) loops: Vec<usize>,
    /// Middles that a person chose, as parts of the stage.
    pub(crate) chosen: BTreeMap<usize, (f64, f64)>,
    pub(crate) router: Option<usize>,
}

/// A stage narrower than this has its hosts below each other and the wire above them.
const NARROW: f64 = 560.0;
/// Size of a host's mark in the narrow picture.
const MARK: f64 = 30.0;

/// The wire of the stage. Empty until the stage exists.
#[derive(Default)]
pub(crate) struct Wire {
    svg: Option<SvgsvgElement>,
    layer: Option<Element>,
    cables: Option<Element>,
    glyphs: Vec<Glyph>,
    map: Map,
    drawn: Option<(Map, Plan)>,
}

impl Wire {
    /// Takes the elements of a stage that has just been drawn.
    pub(crate) fn attach(&mut self, svg: SvgsvgElement, cables: Element) {
        if self.svg.as_ref() != Some(&svg) {
            self.glyphs.clear();
            self.drawn = None;
            self.cables = Some(cables);
            self.layer = element(&svg, "g").inspect(|g| append(&svg, g));
            self.svg = Some(svg);
        }
    }

    /// Puts the hosts' cards in their places and draws the cables between them.
    pub(crate) fn layout(&mut self, stage: &Element, canvas: &HtmlElement, plan: &Plan) {
        let Some(svg) = self.svg.clone() else { return };
        let (width, height) = (f64::from(stage.client_width()), f64::from(stage.client_height()));
        if width < 1.0 || height < 1.0 {
            return;
        }
        let hosts = hosts(canvas);
        let narrow = width < NARROW;
        set(canvas, "data-narrow", if narrow { "true" } else { "false" });
        let links: Vec<Vec<usize>> = plan.lines.iter().map(|line| line.hosts.clone()).collect();
        if narrow {
            let frame = (width - 24.0, if hosts.len() > 2 { 210.0 } else { 112.0 });
            let mut cards =
                cards(&vec![(MARK, MARK); hosts.len()], frame, &BTreeMap::new(), plan.router);
            if hosts.len() <= 2 {
                for card in &mut cards {
                    card.y = (frame.1 - MARK) / 2.0;
                }
            }
            for host in &hosts {
                style(host, &[("left", ""), ("top", ""), ("width", ""), ("max-height", "")]);
            }
            style(canvas, &[("height", ""), ("min-height", "")]);
            self.height(&svg, frame.1);
            self.map = Map::new(cards, &links, frame);
        } else {
            let wanted = format!("{:.0}px", arrange::card_width(hosts.len(), width));
            let most = arrange::card_heights(hosts.len(), height);
            for (host, most) in hosts.iter().zip(most) {
                let most = most.map_or_else(String::new, |most| format!("{most:.0}px"));
                style(host, &[("width", &wanted), ("max-height", &most)]);
            }
            let sizes: Vec<(f64, f64)> = hosts
                .iter()
                .map(|host| (f64::from(host.offset_width()), f64::from(host.offset_height())))
                .collect();
            let cards = cards(&sizes, (width, height), &plan.chosen, plan.router);
            for (host, card) in hosts.iter().zip(&cards) {
                let (left, top) = (format!("{:.1}px", card.x), format!("{:.1}px", card.y));
                style(host, &[("left", &left), ("top", &top)]);
            }
            let bottom =
                cards.iter().map(|card| card.y + card.height + 12.0).fold(height, f64::max);
            style(canvas, &[("height", &format!("{bottom:.0}px"))]);
            self.height(&svg, bottom);
            self.map = Map::new(cards, &links, (width, height));
        }
        self.chips(canvas, narrow);
        let now = (self.map.clone(), plan.clone());
        if self.drawn.as_ref() != Some(&now) {
            self.draw_cables(&svg, plan, narrow);
            self.drawn = Some(now);
        }
    }

    /// Both pictures are as high as the canvas.
    fn height(&self, svg: &SvgsvgElement, height: f64) {
        let height = format!("{height:.0}");
        set(svg, "height", &height);
        if let Some(cables) = &self.cables {
            set(cables, "height", &height);
        }
    }

    /// The links' buttons stand on their cables.
    fn chips(&self, canvas: &HtmlElement, narrow: bool) {
        let chips = elements(canvas, "[data-link]");
        for chip in chips {
            let number = chip.get_attribute("data-link").and_then(|n| n.parse::<usize>().ok());
            let network = number.and_then(|number| self.map.networks.get(number));
            let middle =
                network.and_then(|network| match (network.switch, network.hosts.as_slice()) {
                    (Some(switch), _) => Some(switch),
                    (None, [a, b]) => Some(along(&self.map.way(number, *a, *b)?, 0.5).0),
                    _ => None,
                });
            let Some(middle) = middle.filter(|_| !narrow) else {
                style(&chip, &[("left", ""), ("top", "")]);
                continue;
            };
            let below = if network.is_some_and(|n| n.switch.is_some()) { 30.0 } else { 68.0 };
            let (left, top) = (format!("{:.1}px", middle.x), format!("{:.1}px", middle.y + below));
            style(&chip, &[("left", &left), ("top", &top)]);
        }
    }

    fn draw_cables(&self, svg: &SvgsvgElement, plan: &Plan, narrow: bool) {
        let Some(layer) = &self.cables else { return };
        layer.set_inner_html("");
        for (number, line) in plan.lines.iter().enumerate() {
            let class = if line.up { "cable" } else { "cable down" };
            match line.hosts.as_slice() {
                [] | [_] => {}
                [a, b] => self.cable(svg, layer, class, self.map.way(Some(number), *a, *b)),
                hosts => {
                    for (n, host) in hosts.iter().enumerate() {
                        let other = hosts[(n + 1) % hosts.len()];
                        let way = self.map.way(Some(number), *host, other);
                        self.cable(
                            svg,
                            layer,
                            class,
                            way.map(|way| way.into_iter().take(2).collect()),
                        );
                    }
                    if let Some(at) = self.map.networks.get(number).and_then(|n| n.switch) {
                        self.switch(svg, layer, at);
                    }
                }
            }
        }
        for host in &plan.loops {
            self.cable(svg, layer, "cable loop", self.map.way(None, *host, *host));
        }
        if narrow {
            for (number, card) in self.map.cards.iter().enumerate() {
                self.mark(svg, layer, number, card);
            }
        }
    }

    fn cable(&self, svg: &SvgsvgElement, layer: &Element, class: &str, way: Option<Vec<Point>>) {
        let (Some(way), Some(path)) = (way, element(svg, "path")) else { return };
        let points = way.iter().map(|point| format!("{:.1} {:.1}", point.x, point.y));
        set(&path, "class", class);
        set(&path, "d", &format!("M{}", points.collect::<Vec<_>>().join("L")));
        append(layer, &path);
    }

    /// Where the cables of a network of many hosts meet.
    fn switch(&self, svg: &SvgsvgElement, layer: &Element, at: Point) {
        let Some(rect) = element(svg, "rect") else { return };
        let numbers =
            [("x", at.x - 11.0), ("y", at.y - 8.0), ("width", 22.0), ("height", 16.0), ("rx", 4.0)];
        for (name, value) in numbers {
            set(&rect, name, &format!("{value:.1}"));
        }
        set(&rect, "class", "mark");
        append(layer, &rect);
    }

    /// A host in the narrow picture: its letter in a box.
    fn mark(&self, svg: &SvgsvgElement, layer: &Element, number: usize, card: &Card) {
        let (Some(rect), Some(text)) = (element(svg, "rect"), element(svg, "text")) else { return };
        let numbers = [
            ("x", card.x),
            ("y", card.y),
            ("width", card.width),
            ("height", card.height),
            ("rx", 6.0),
        ];
        for (name, value) in numbers {
            set(&rect, name, &format!("{value:.1}"));
        }
        set(&rect, "class", "mark");
        set(&text, "class", "mark-letter");
        set(&text, "x", &format!("{:.1}", card.x + card.width / 2.0));
        set(&text, "y", &format!("{:.1}", card.y + card.height / 2.0));
        text.set_text_content(Some(&crate::components::icons::letter(number).to_string()));
        append(layer, &rect);
        append(layer, &text);
    }

    /// Puts every packet where it is at `t_ns`; `selected` is a packet's place in the course.
    pub(crate) fn draw(
        &mut self,
        course: &Course,
        delays_ns: &[u64],
        t_ns: f64,
        selected: Option<usize>,
    ) {
        let Some(svg) = self.svg.clone() else { return };
        let spots = flight::spots(course, delays_ns, &self.map, t_ns);
        while self.glyphs.len() < spots.len() {
            match self.glyph(&svg) {
                Some(glyph) => self.glyphs.push(glyph),
                None => return,
            }
        }
        for (glyph, spot) in self.glyphs.iter_mut().zip(&spots) {
            glyph.show(course, spot, selected == Some(spot.packet));
        }
        for glyph in &mut self.glyphs[spots.len()..] {
            glyph.hide();
        }
    }

    fn glyph(&self, svg: &SvgsvgElement) -> Option<Glyph> {
        let group = element(svg, "g")?.dyn_into::<SvggElement>().ok()?;
        let (shape, text) = (element(svg, "path")?, element(svg, "text")?);
        append(&group, &shape);
        append(&group, &text);
        append(self.layer.as_ref()?, &group);
        let transform = svg.create_svg_transform();
        group.transform().base_val().append_item(&transform).ok()?;
        Some(Glyph { group, shape, text, transform, shown: None })
    }
}

impl Glyph {
    fn show(&mut self, course: &Course, spot: &Spot, selected: bool) {
        // A zero-sized picture has no transform to set; nothing is lost then.
        let _ = self.transform.set_translate(spot.x as f32, spot.y as f32);
        let shown = Some((spot.packet, [spot.right, spot.lost, spot.small, selected]));
        if self.shown == shown {
            return;
        }
        let summary = &course.packets[spot.packet].summary;
        let mut class = format!("packet {}", summary.kind.class());
        if spot.lost {
            class.push_str(" lost");
        }
        if selected {
            class.push_str(" selected");
        }
        set(&self.group, "class", &class);
        set(&self.group, "data-packet", &spot.packet.to_string());
        set(&self.shape, "d", &spot.tag(&summary.label));
        let text = match (spot.small, spot.lost) {
            (true, lost) => (if lost { "✕" } else { "" }).to_owned(),
            (false, true) => format!("✕ {}", summary.label),
            (false, false) => summary.label.clone(),
        };
        self.text.set_text_content(Some(&text));
        if self.shown.is_none() {
            // Removing an attribute that may not be there cannot fail.
            let _ = self.group.remove_attribute("visibility");
        }
        self.shown = shown;
    }

    fn hide(&mut self) {
        if self.shown.take().is_some() {
            set(&self.group, "visibility", "hidden");
        }
    }
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn element(_of: &Element, name: &str) -> Option<Element> {
    document()?.create_element_ns(Some(SVG), name).ok()
}

fn append(parent: &Element, child: &Element) {
    // Appending a new element to an element cannot fail.
    let _ = parent.append_child(child);
}

fn set(element: &Element, name: &str, value: &str) {
    // Neither can setting an attribute with a valid name.
    let _ = element.set_attribute(name, value);
}

/// The hosts' cards, by number.
fn hosts(canvas: &Element) -> Vec<HtmlElement> {
    let mut hosts = elements(canvas, "[data-host]");
    hosts.sort_by_key(|host| {
        host.get_attribute("data-host").and_then(|n| n.parse::<usize>().ok()).unwrap_or(usize::MAX)
    });
    hosts
}

fn elements(of: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = of.query_selector_all(selector) else { return Vec::new() };
    let nodes = (0..list.length()).filter_map(|index| list.get(index));
    nodes.filter_map(|node| node.dyn_into().ok()).collect()
}

/// Sets properties of an element's own style; through the object model, which the page's policy
/// allows.
fn style(element: &HtmlElement, properties: &[(&str, &str)]) {
    let style = element.style();
    for (name, value) in properties {
        if style.get_property_value(name).is_ok_and(|now| now != *value) {
            // Setting a property that exists cannot fail.
            let _ = style.set_property(name, value);
        }
    }
}
