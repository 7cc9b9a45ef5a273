//! Packets on their way, drawn outside the virtual DOM: a pool of SVG groups with a transform
//! handle each. Where a packet is follows from the time alone, so playing, stepping back and
//! scrubbing are the same function.

use crate::model::course::Course;
use crate::model::flight::{self, Place, Spot};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, SvgTransform, SvggElement, SvgsvgElement};

const SVG: &str = "http://www.w3.org/2000/svg";

/// A packet's picture.
struct Glyph {
    group: SvggElement,
    shape: Element,
    text: Element,
    transform: SvgTransform,
    /// Which packet it shows, and whether it goes to the right and is lost; `None` is hidden.
    shown: Option<(usize, bool, bool, bool)>,
}

/// The wire of the stage. Empty until the stage exists.
#[derive(Default)]
pub(crate) struct Wire {
    svg: Option<SvgsvgElement>,
    layer: Option<Element>,
    cables: Option<Element>,
    glyphs: Vec<Glyph>,
    places: Vec<Place>,
    size: (f64, f64),
    /// Ends (host numbers), label and whether it is plugged.
    links: Vec<((usize, usize), String, bool)>,
}

impl Wire {
    /// Takes the elements of a stage that has just been drawn.
    pub(crate) fn attach(&mut self, svg: SvgsvgElement) {
        if self.svg.as_ref() != Some(&svg) {
            self.glyphs.clear();
            self.cables = element(&svg, "g").inspect(|g| append(&svg, g));
            self.layer = element(&svg, "g").inspect(|g| append(&svg, g));
            self.svg = Some(svg);
        }
    }

    /// Measures where the hosts are and draws the cables.
    pub(crate) fn layout(&mut self, stage: &Element, links: Vec<((usize, usize), String, bool)>) {
        let Some(svg) = self.svg.clone() else { return };
        let frame = svg.get_bounding_client_rect();
        let size = (frame.width(), frame.height());
        let hosts = stage.query_selector_all("[data-host]").ok();
        let hosts =
            hosts.into_iter().flat_map(|list| (0..list.length()).filter_map(move |i| list.get(i)));
        // On a narrow screen the wire lies across, above the hosts, which stand in one column.
        let narrow = frame.width() > 0.8 * stage.get_bounding_client_rect().width();
        let mut places = Vec::new();
        for (number, host) in
            hosts.filter_map(|node| node.dyn_into::<HtmlElement>().ok()).enumerate()
        {
            let rect = host.get_bounding_client_rect();
            // In the document the hosts of the left side come first.
            let number =
                host.get_attribute("data-host").and_then(|n| n.parse().ok()).unwrap_or(number);
            let (right, y) = if narrow {
                (number % 2 == 1, size.1 * 0.4)
            } else {
                let middle = rect.top() - frame.top() + rect.height().min(120.0) / 2.0;
                (rect.left() > frame.left(), middle.clamp(30.0, (size.1 - 30.0).max(30.0)))
            };
            places.push((number, Place { right, y }));
        }
        places.sort_unstable_by_key(|(number, _)| *number);
        let places: Vec<Place> = places.into_iter().map(|(_, place)| place).collect();
        if (&places, size, &links) == (&self.places, self.size, &self.links) {
            return;
        }
        (self.places, self.size, self.links) = (places, size, links);
        self.draw_cables(&svg);
    }

    fn draw_cables(&self, svg: &SvgsvgElement) {
        let Some(layer) = &self.cables else { return };
        layer.set_inner_html("");
        for ((from, to), label, up) in &self.links {
            let (Some(a), Some(b)) = (self.places.get(*from), self.places.get(*to)) else {
                continue;
            };
            let Some(path) = element(svg, "path") else { continue };
            set(&path, "class", if *up { "cable" } else { "cable down" });
            set(&path, "d", &flight::cable(*a, *b, self.size.0));
            append(layer, &path);
            let Some(text) = element(svg, "text") else { continue };
            let middle = flight::position(*a, *b, self.size.0, 0.5);
            set(&text, "class", "cable-label");
            set(&text, "x", &format!("{:.1}", middle.0));
            set(&text, "y", &format!("{:.1}", middle.1 + 44.0));
            text.set_text_content(Some(label));
            append(layer, &text);
        }
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
        let spots = flight::spots(course, delays_ns, &self.places, self.size.0, t_ns);
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
        let shown = Some((spot.packet, spot.right, spot.lost, selected));
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
        set(&self.shape, "d", &flight::tag(flight::width(&summary.label), spot.right));
        let text = if spot.lost { format!("✕ {}", summary.label) } else { summary.label.clone() };
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
