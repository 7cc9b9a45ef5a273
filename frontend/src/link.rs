//! The page as a document: what a link holds, what the browser keeps, what is saved as a file.
//!
//! A link to a lesson as delivered is `#/licao/echo?passo=42`; with own programs it is `#p=2.` and
//! what [`crate::model::packing`] makes of the document. Nothing of it ever reaches a server.

use crate::address;
use crate::components::Ctx;
use crate::i18n::Msg;
use crate::lessons;
use crate::model::packing;
use crate::prefs::{storage, tab_storage};
use crate::session::Run;
use crate::state::{Action, State, View};
use abi::Lang;
use serde::{Deserialize, Serialize};
use sim::timeline::Input;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/link.mjs")]
extern "C" {
    /// Inflates what links of version 1 hold.
    #[wasm_bindgen(catch)]
    async fn unpack(packed: &str) -> Result<JsValue, JsValue>;
}

/// A branch, as it is kept.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    /// Empty: of a link, which has no names.
    pub(crate) name: String,
    pub(crate) inputs: Vec<Input>,
    /// It is the one that is shown.
    pub(crate) active: bool,
}

impl Kept {
    /// The branches of a run, without the original.
    fn of(run: &Run) -> Vec<Kept> {
        let active = run.timeline.active();
        let branches = run.timeline.branches().into_iter().filter(|(.., from)| from.is_some());
        let kept = branches.filter_map(|(id, name, _)| {
            let inputs = run.timeline.at_branch(id)?.inputs().to_vec();
            Some(Kept { name: name.to_owned(), inputs, active: id == active })
        });
        kept.collect()
    }
}

/// What a person made: of a lesson, or from nothing.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Document {
    /// The lesson's name; empty for programs of one's own.
    pub(crate) lesson: String,
    /// Texts that differ from the lesson's.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) files: BTreeMap<String, String>,
    /// Arguments that differ from the scenario's, by the program's place.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) args: BTreeMap<usize, String>,
    /// Where a person put hosts: the middles, as parts of the stage.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) places: BTreeMap<usize, (f64, f64)>,
    /// The scenario (TOML), if it differs in more than arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scenario: Option<String>,
    /// Interventions of the branch that is shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) inputs: Vec<Input>,
    /// All branches but the original; the browser keeps them, links have only the one above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) branches: Vec<Kept>,
    /// Lines with breakpoints, by file.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) breakpoints: BTreeMap<String, Vec<u32>>,
    /// The moment.
    pub(crate) step: usize,
    /// The view that was open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) view: Option<String>,
    /// The language of who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lang: Option<Lang>,
}

impl Document {
    /// What is on the page now.
    pub(crate) fn of(state: &State) -> Document {
        let delivered = match state.own {
            true => Vec::new(),
            false => lessons::sources(state.lesson),
        };
        let same =
            |name: &str, text: &str| delivered.iter().any(|s| s.name == name && s.text == text);
        let changed = state.sources.iter().filter(|source| !same(&source.name, &source.text));
        let original = state.original_world();
        let programs = original.as_ref().map(lessons::programs).unwrap_or_default();
        let world = state.world.as_deref().filter(|now| {
            // Arguments are kept apart: short links for what people change most.
            let mut now = (*now).clone();
            if let Some(original) = &original {
                for (program, was) in now.programs.iter_mut().zip(&original.programs) {
                    program.args.clone_from(&was.args);
                }
            }
            Some(now) != original
        });
        let args = state.programs.iter().zip(programs).enumerate();
        let stopped = state.sources.iter().filter(|source| !source.breakpoints.is_empty());
        let run = state.run.as_ref().filter(|_| !state.stale);
        let inputs = run.map(|run| run.timeline.inputs());
        Document {
            lesson: state.lesson_id(),
            files: changed.map(|source| (source.name.clone(), source.text.clone())).collect(),
            args: args
                .filter(|(_, (now, before))| now.args != before.args)
                .map(|(n, (now, _))| (n, now.args.clone()))
                .collect(),
            scenario: world.map(|_| state.scenario_text()),
            places: (*state.places).clone(),
            inputs: inputs.map_or_else(Vec::new, <[Input]>::to_vec),
            branches: run.map_or_else(Vec::new, |run| Kept::of(run)),
            breakpoints: stopped.map(|s| (s.name.clone(), s.breakpoints.clone())).collect(),
            step: state.cursor,
            view: state.view.name().map(str::to_owned),
            lang: Some(state.prefs.lang),
        }
    }

    /// Whether it is a lesson as delivered.
    fn is_plain(&self) -> bool {
        !self.lesson.is_empty()
            && self.files.is_empty()
            && self.args.is_empty()
            && self.scenario.is_none()
            && self.inputs.is_empty()
            && self.branches.is_empty()
            && self.breakpoints.is_empty()
            && self.places.is_empty()
    }

    /// The lesson's place in the course.
    pub(crate) fn lesson_number(&self) -> Option<usize> {
        lessons::number(&self.lesson)
    }

    /// The view that was open.
    pub(crate) fn view(&self) -> Option<View> {
        View::of_name(self.view.as_deref()?)
    }

    /// What of it cannot be shown here: an unknown lesson, nothing at all.
    fn problems(&self) -> Vec<Msg> {
        let unknown = !self.lesson.is_empty() && self.lesson_number().is_none();
        if !unknown {
            return Vec::new();
        }
        let ids: Vec<String> = lessons::contents().iter().map(|lesson| lesson.id.clone()).collect();
        let nearest = sim::scenario::nearest(&self.lesson, ids.iter());
        vec![match nearest {
            Some(nearest) => Msg::LinkLessonNear { name: self.lesson.clone(), nearest },
            None => Msg::LinkLesson { name: self.lesson.clone() },
        }]
    }

    /// Whether programs, arguments or scenario differ.
    fn is_written_otherwise(&self, other: &Document) -> bool {
        let written = |of: &Document| (of.files.clone(), of.args.clone(), of.scenario.clone());
        written(self) != written(other)
    }

    fn is_empty(&self) -> bool {
        self.lesson_number().is_none() && self.files.is_empty()
    }
}

/// What follows `#` in a link to a document.
pub(crate) fn fragment(document: &Document) -> String {
    // What a link does not carry does not make it longer.
    let document = &Document { branches: Vec::new(), ..document.clone() };
    match document.is_plain() {
        true => plain_fragment(&document.lesson, document.step),
        false => format!("#p=2.{}", packing::pack(document)),
    }
}

/// The same for a lesson as delivered.
pub(crate) fn plain_fragment(lesson: &str, step: usize) -> String {
    format!("#/licao/{lesson}?passo={step}")
}

/// The lesson that a fragment names, if there is one of that name.
pub(crate) fn lesson_of(hash: &str) -> Option<String> {
    plain(hash).map(|document| document.lesson).filter(|id| lessons::number(id).is_some())
}

/// A link to what is on the screen.
pub(crate) fn link(document: &Document) -> String {
    let href = web_sys::window().and_then(|w| w.location().href().ok()).unwrap_or_default();
    let base = href.split('#').next().unwrap_or_default();
    format!("{base}{}", fragment(document))
}

/// The same for slides and course pages: what an `iframe` shows.
pub(crate) fn embedded(document: &Document) -> String {
    let link = link(document);
    let (base, fragment) = link.split_once('#').unwrap_or((&link, ""));
    let (base, query) = base.split_once('?').unwrap_or((base, ""));
    let rest: String = query
        .split('&')
        .filter(|p| !p.is_empty() && !p.starts_with("embed"))
        .map(|p| format!("&{p}"))
        .collect();
    format!(
        "<iframe src=\"{base}?embed{rest}#{fragment}\" width=\"960\" height=\"560\" title=\"Soquete\"></iframe>"
    )
}

/// The page's address without `?embed`, for whoever wants more than a slide shows.
pub(crate) fn whole(document: &Document) -> String {
    link(document).replacen("?embed&", "?", 1).replacen("?embed", "", 1)
}

/// A document out of a fragment of version 2, or a lesson's; `None`: it is neither.
fn read(hash: &str) -> Option<(Document, Vec<Msg>)> {
    if let Some(packed) = hash.strip_prefix("#p=2.") {
        return Some(packing::unpack(packed));
    }
    if let Some(rest) = hash.strip_prefix("#p=") {
        let version = rest.split('.').next().unwrap_or_default().to_owned();
        if version.is_empty() {
            return Some((Document::default(), vec![Msg::LinkEmpty]));
        }
        return (version != "1").then(|| (Document::default(), vec![Msg::LinkVersion { version }]));
    }
    if let Some(document) = plain(hash) {
        return Some((document, Vec::new()));
    }
    hash.starts_with("#/").then(|| (Document::default(), vec![Msg::LinkUnknown]))
}

/// Opens what the address names. False if it names nothing.
pub(crate) fn open_address(ctx: &Ctx) -> bool {
    let hash = address::fragment();
    // A tool opens over what the page shows anyway.
    if address::tool().is_some() {
        return false;
    }
    if address::is_ours() {
        let left = left_at(&hash);
        let there = left.is_some();
        left.into_iter().for_each(|document| ctx.dispatch(Action::Document(document)));
        return there;
    }
    if let Some(packed) = hash.strip_prefix("#p=1.") {
        let (ctx, packed) = (ctx.clone(), packed.to_owned());
        wasm_bindgen_futures::spawn_local(async move {
            let text = unpack(&packed).await.ok().and_then(|text| text.as_string());
            let (document, wrong) = match text {
                Some(text) => packing::decode_json(&text),
                None => (Document::default(), vec![Msg::LinkDamaged]),
            };
            open(&ctx, document, wrong);
        });
        return true;
    }
    match read(&hash) {
        Some((document, wrong)) => {
            open(ctx, document, wrong);
            true
        }
        None => false,
    }
}

/// Opens a document as far as possible, and says what is wrong with it.
pub(crate) fn open(ctx: &Ctx, document: Document, mut wrong: Vec<Msg>) {
    wrong.extend(document.problems());
    set_aside(&document);
    let empty = document.is_empty();
    if empty {
        // Reloading or copying it would only say the same again.
        address::clear();
    } else {
        ctx.dispatch(Action::Document(document));
    }
    if !wrong.is_empty() {
        let lang = ctx.lang();
        let said: Vec<String> = wrong.iter().map(|msg| msg.text(lang)).collect();
        let rest = if empty { Msg::LinkNothing } else { Msg::LinkRest };
        let text = format!("{} {}", said.join(" "), rest.text(lang));
        ctx.dispatch(Action::Notice(Some(Msg::Plain { text })));
    }
}

/// What a person left at an address that the page wrote.
fn left_at(hash: &str) -> Option<Document> {
    let Some(plain) = plain(hash) else { return draft("") };
    let step = step_of(&plain.lesson).unwrap_or(plain.step);
    Some(Document { step, ..draft(&plain.lesson).unwrap_or(plain) })
}

/// `#/licao/echo?passo=42`.
fn plain(hash: &str) -> Option<Document> {
    let path = hash.strip_prefix("#/licao/")?;
    let (lesson, query) = path.split_once('?').unwrap_or((path, ""));
    let step = query.split('&').find_map(|pair| pair.strip_prefix("passo=")?.parse().ok());
    Some(Document { lesson: lesson.to_owned(), step: step.unwrap_or(0), ..Document::default() })
}

/// The drafts' names in the browser's storage.
fn key(lesson: &str) -> String {
    format!("soquete.lesson.1.{lesson}")
}

/// The draft that a link took the place of.
const ASIDE: &str = "soquete.aside.1";
/// The lesson that was open last; empty: one's own programs.
const LAST: &str = "soquete.last.1";

/// Keeps what a person made of the lesson; forgets it when it is as delivered again.
pub(crate) fn keep(document: &Document) {
    let Some(storage) = storage() else { return };
    let document = Document { step: 0, view: None, ..document.clone() };
    // What the branches hold is not kept twice.
    let inputs = if document.branches.is_empty() { document.inputs.clone() } else { Vec::new() };
    let document = Document { inputs, ..document };
    // A full or forbidden storage loses the draft, not the page.
    let _ = match serde_json::to_string(&document) {
        Ok(text) if !document.is_plain() => storage.set_item(&key(&document.lesson), &text),
        _ => storage.remove_item(&key(&document.lesson)),
    };
    let _ = storage.set_item(LAST, &document.lesson);
}

/// A draft that is about to be replaced by a link's document is kept beside it.
fn set_aside(document: &Document) {
    let lesson = document.lesson_number().map_or("", |_| document.lesson.as_str());
    let Some(storage) = storage() else { return };
    let draft = storage.get_item(&key(lesson)).ok().flatten();
    let Some(draft) = draft else { return };
    let kept = serde_json::from_str::<Document>(&draft);
    if !kept.is_ok_and(|kept| !kept.is_written_otherwise(document)) {
        // As above: a full storage loses a draft.
        let _ = storage.set_item(ASIDE, &draft);
    }
}

/// The draft that was set aside, if there is one.
pub(crate) fn aside() -> Option<Document> {
    let text = storage()?.get_item(ASIDE).ok()??;
    serde_json::from_str(&text).ok()
}

/// What was kept of a lesson.
pub(crate) fn kept(lesson: usize) -> Option<Document> {
    let id = lessons::contents().get(lesson)?.id.clone();
    draft(&id)
}

fn draft(lesson: &str) -> Option<Document> {
    let text = storage()?.get_item(&key(lesson)).ok()??;
    serde_json::from_str(&text).ok()
}

/// What another tab has kept of what is shown here, if what a person writes is different there.
pub(crate) fn elsewhere(state: &State) -> Option<Document> {
    let ours = Document::of(state);
    let delivered = || Document { lesson: ours.lesson.clone(), ..Document::default() };
    let theirs = draft(&ours.lesson).or_else(|| (!state.own).then(delivered))?;
    theirs.is_written_otherwise(&ours).then_some(Document { step: state.cursor, ..theirs })
}

/// What was open when the page was left; in the same tab, at the same step.
pub(crate) fn last() -> Option<Document> {
    let lesson = storage()?.get_item(LAST).ok()??;
    let plain = Document { lesson: lesson.clone(), ..Document::default() };
    let document = draft(&lesson).or_else(|| plain.lesson_number().map(|_| plain))?;
    Some(Document { step: step_of(&lesson).unwrap_or(0), ..document })
}

/// The step at which this tab stands, with the lesson's name before it.
const STEP: &str = "soquete.step.1";

/// Keeps the step for a reload of this tab.
pub(crate) fn keep_step(state: &State) {
    let lesson = state.lesson_id();
    if let Some(storage) = tab_storage() {
        // A full or forbidden storage loses the step, not the page.
        let _ = storage.set_item(STEP, &format!("{lesson}:{}", state.cursor));
    }
}

fn step_of(lesson: &str) -> Option<usize> {
    let text = tab_storage()?.get_item(STEP).ok()??;
    let (of, step) = text.split_once(':')?;
    step.parse().ok().filter(|_| of == lesson)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_lesson_and_a_step() {
        let document = plain("#/licao/echo?passo=42").unwrap();
        assert_eq!((document.lesson.as_str(), document.step), ("echo", 42));
        let unknown = plain("#/licao/ecoh").unwrap();
        assert!(unknown.is_empty());
        let nearest = Msg::LinkLessonNear { name: "ecoh".into(), nearest: "echo".into() };
        assert_eq!(unknown.problems(), [nearest]);
        assert_eq!(plain("#tok=00"), None);
    }

    #[test]
    fn a_document_holds_only_what_differs() {
        let mut state = State::new(Default::default(), 0);
        assert!(Document::of(&state).is_plain());
        let mut sources = (*state.sources).clone();
        sources[0].text.push(' ');
        state.sources = std::rc::Rc::new(sources);
        let document = Document::of(&state);
        assert_eq!(document.files.len(), 1);
        let json = serde_json::to_string(&document).unwrap();
        assert_eq!(serde_json::from_str::<Document>(&json).unwrap(), document);
    }

    /// What a link's document makes of the page is what was linked to, and its run has the same
    /// records, interventions included.
    #[test]
    fn a_link_replays_the_same_run() {
        use crate::model::testing;
        use std::rc::Rc;
        let run = testing::echo();
        let packet = run.course.packets.iter().find(|p| p.summary.label == "SYN").unwrap();
        let action = sim::timeline::Action::Drop { packet: sim::PacketId(packet.id) };
        let branch = testing::with(&run, packet.moment, action);
        let mut state = State::new(Default::default(), 0);
        let mut sources = (*state.sources).clone();
        sources[0].text.push_str("/* mine */\n");
        sources[1].breakpoints = vec![3, 5];
        state.sources = Rc::new(sources);
        state.run = Some(Rc::new(branch));
        let hash = fragment(&Document::of(&state));
        let (document, wrong) = read(&hash).unwrap();
        assert_eq!((document.inputs.len(), wrong.len()), (1, 0));
        let mut opened = State::new(Default::default(), 3);
        opened.open_document(document);
        assert_eq!(opened.sources, state.sources);
        assert_eq!(opened.programs, state.programs);
        let scenario = lessons::with_texts(opened.world.as_ref().unwrap(), &opened.sources);
        let mut again = sim::timeline::Timeline::replay(scenario, shown_inputs(&opened));
        while !again.advance(1000).ended {}
        let run = state.run.unwrap();
        assert_eq!(again.record_count(), run.timeline.record_count());
        // The comment at the end changes no line and no instruction.
        let bytes = |timeline: &sim::timeline::Timeline| -> Vec<String> {
            timeline.records().filter_map(|r| sim::inspect::json_line(r, "")).collect()
        };
        assert_eq!(bytes(&again), bytes(&run.timeline));
    }

    /// Everything that a link can hold.
    fn full() -> Document {
        use sim::PacketId;
        use sim::timeline::Action as Act;
        let inputs = vec![
            Input { at: 20, action: Act::Drop { packet: PacketId(3) } },
            Input { at: 60, action: Act::Plug { link: 0, up: false } },
        ];
        Document {
            lesson: "echo".into(),
            files: [("cliente.c".to_owned(), "int main(void) { return 0; }\n".to_owned())].into(),
            args: [(1, "servidor 8080".to_owned())].into(),
            places: [(0, (0.25, 0.5))].into(),
            scenario: Some(lessons::text(0)),
            inputs,
            branches: Vec::new(),
            breakpoints: [("servidor.c".to_owned(), vec![3, 9])].into(),
            step: 17,
            view: Some("packets".to_owned()),
            lang: Some(Lang::En),
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

        /// A link with a few characters changed, added or cut opens as something that can be shown
        /// and run, and says what is wrong; never a panic.
        #[test]
        fn an_edited_link_opens_or_says_why(
            edits in proptest::collection::vec(
                (proptest::prelude::any::<proptest::sample::Index>(), 0_usize..4, "[A-Za-z0-9_=.?&#%é-]{0,4}"),
                1..4,
            )
        ) {
            let whole = fragment(&full());
            let mut text: Vec<char> = whole.chars().collect();
            for (at, take, put) in edits {
                let at = at.index(text.len());
                text.splice(at..(at + take).min(text.len()), put.chars());
            }
            let text: String = text.into_iter().collect();
            if let Some((document, mut wrong)) = read(&text) {
                wrong.extend(document.problems());
                proptest::prop_assert!(document == full() || !wrong.is_empty() || document.is_empty());
                shown(document);
            }
        }

        /// The same inside the records, where every edit reaches a reader.
        #[test]
        fn edited_records_open_or_say_why(
            edits in proptest::collection::vec(
                (proptest::prelude::any::<proptest::sample::Index>(), 0_usize..6, "[A-Z0-9{}\\[\\]\",:.\n\u{1e}-]{0,6}"),
                1..4,
            )
        ) {
            let mut text: Vec<char> = packing::encode(&full()).chars().collect();
            for (at, take, put) in edits {
                let at = at.index(text.len());
                text.splice(at..(at + take).min(text.len()), put.chars());
            }
            let (document, _) = packing::decode(&text.into_iter().collect::<String>());
            shown(document);
        }
    }

    /// The interventions of the branch that will be shown.
    fn shown_inputs(state: &State) -> Vec<Input> {
        let shown = state.branches.iter().find(|kept| kept.active);
        shown.map(|kept| kept.inputs.clone()).unwrap_or_default()
    }

    /// Every branch is kept, with its name and which one is shown, and none makes a link longer
    /// than its own interventions.
    #[test]
    fn all_branches_are_kept() {
        use crate::model::testing;
        let run = testing::echo();
        let packet = run.course.packets.iter().find(|p| p.summary.label == "SYN").unwrap();
        let drop = sim::timeline::Action::Drop { packet: sim::PacketId(packet.id) };
        let branch = testing::with(&run, packet.moment, drop);
        let mut state = State::new(Default::default(), 0);
        let mut timeline = branch.timeline.clone();
        timeline.rename(timeline.active(), "sem SYN");
        timeline.switch(sim::timeline::BranchId(0));
        state.run = Some(std::rc::Rc::new(Run::new(timeline, true, false)));
        let document = Document::of(&state);
        let json = serde_json::to_string(&document).unwrap();
        let again: Document = serde_json::from_str(&json).unwrap();
        assert_eq!(again.branches.len(), 1);
        assert_eq!((again.branches[0].name.as_str(), again.branches[0].active), ("sem SYN", false));
        assert_eq!(fragment(&document), "#/licao/echo?passo=0");
        let mut opened = State::new(Default::default(), 3);
        opened.open_document(again);
        assert_eq!(*opened.branches, document.branches);
        assert_eq!(shown_inputs(&opened), []);
    }

    /// Opens a document as the page does, and runs it for a while.
    fn shown(document: Document) {
        let _ = (document.view(), document.problems());
        let mut state = State::new(Default::default(), 0);
        state.open_document(document);
        if let Some(world) = &state.world {
            let scenario = lessons::with_texts(world, &state.sources);
            let mut timeline = sim::timeline::Timeline::replay(scenario, shown_inputs(&state));
            timeline.advance(300);
        }
    }
}
