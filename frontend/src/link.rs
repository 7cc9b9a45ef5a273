//! The page as a document: what a link holds and what the browser keeps of a lesson.
//!
//! A link to a lesson as delivered is `#/licao/echo?passo=42`; with own programs it is
//! `#p=1.<deflated JSON>`. Nothing of it ever reaches a server.

use crate::components::Ctx;
use crate::lessons;
use crate::prefs::storage;
use crate::state::{Action, State};
use abi::Lang;
use serde::{Deserialize, Serialize};
use sim::scenario::Scenario;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/link.mjs")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn pack(text: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn unpack(packed: &str) -> Result<JsValue, JsValue>;
}

/// What a person made of a lesson.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Document {
    /// The lesson's name.
    pub(crate) lesson: String,
    /// Texts that differ from the lesson's.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) files: BTreeMap<String, String>,
    /// Arguments that differ, by the program's place.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) args: BTreeMap<usize, String>,
    /// Hosts, links, programs and seed, if they differ in more than arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) world: Option<Scenario>,
    /// Where a person put hosts: the middles, as parts of the stage.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) places: BTreeMap<usize, (f64, f64)>,
    /// The moment.
    pub(crate) step: usize,
    /// The language of who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lang: Option<Lang>,
}

impl Document {
    /// What is on the page now.
    pub(crate) fn of(state: &State) -> Document {
        let lesson = lessons::course().get(state.lesson).map_or_else(String::new, |l| l.id.clone());
        let changed = state.sources.iter().filter(|source| source.text != source.original);
        let original = lessons::world(state.lesson);
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
        Document {
            lesson,
            files: changed.map(|source| (source.name.clone(), source.text.clone())).collect(),
            args: args
                .filter(|(_, (now, before))| now.args != before.args)
                .map(|(n, (now, _))| (n, now.args.clone()))
                .collect(),
            world: world.cloned(),
            places: (*state.places).clone(),
            step: state.cursor,
            lang: Some(state.prefs.lang),
        }
    }

    /// Whether it is the lesson as delivered.
    fn is_plain(&self) -> bool {
        self.files.is_empty()
            && self.args.is_empty()
            && self.world.is_none()
            && self.places.is_empty()
    }

    /// The lesson's place in the course.
    pub(crate) fn lesson_number(&self) -> Option<usize> {
        lessons::course().iter().position(|lesson| lesson.id == self.lesson)
    }
}

/// A link to what is on the screen.
pub(crate) async fn link(document: Document) -> String {
    let href = web_sys::window().and_then(|w| w.location().href().ok()).unwrap_or_default();
    let base = href.split('#').next().unwrap_or_default();
    if document.is_plain() {
        return format!("{base}#/licao/{}?passo={}", document.lesson, document.step);
    }
    let json = serde_json::to_string(&document).unwrap_or_default();
    let packed = pack(&json).await.ok().and_then(|text| text.as_string());
    packed.map_or_else(String::new, |packed| format!("{base}#p=1.{packed}"))
}

/// Opens what the address names, now and whenever it changes.
pub(crate) fn open_address(ctx: &Ctx) {
    let hash = web_sys::window().and_then(|w| w.location().hash().ok()).unwrap_or_default();
    if let Some(packed) = hash.strip_prefix("#p=1.") {
        let (ctx, packed) = (ctx.clone(), packed.to_owned());
        wasm_bindgen_futures::spawn_local(async move {
            let text = unpack(&packed).await.ok().and_then(|text| text.as_string());
            let document = text.and_then(|text| serde_json::from_str::<Document>(&text).ok());
            match document.filter(|document| document.lesson_number().is_some()) {
                Some(document) => ctx.dispatch(Action::Document(document)),
                None => ctx.dispatch(Action::Notice(Some(crate::i18n::Msg::BadLink))),
            }
        });
    } else if let Some(document) = plain(&hash) {
        ctx.dispatch(Action::Document(document));
    }
}

/// `#/licao/echo?passo=42`.
fn plain(hash: &str) -> Option<Document> {
    let path = hash.strip_prefix("#/licao/")?;
    let (lesson, query) = path.split_once('?').unwrap_or((path, ""));
    let step = query.split('&').find_map(|pair| pair.strip_prefix("passo=")?.parse().ok());
    let document =
        Document { lesson: lesson.to_owned(), step: step.unwrap_or(0), ..Document::default() };
    document.lesson_number().is_some().then_some(document)
}

fn key(lesson: &str) -> String {
    format!("soquete.lesson.1.{lesson}")
}

/// Keeps what a person made of the lesson; forgets it when it is as delivered again.
pub(crate) fn keep(document: &Document) {
    let Some(storage) = storage() else { return };
    // A full or forbidden storage loses the draft, not the page.
    let _ = match serde_json::to_string(document) {
        Ok(text) if !document.is_plain() => storage.set_item(&key(&document.lesson), &text),
        _ => storage.remove_item(&key(&document.lesson)),
    };
}

/// What was kept of a lesson.
pub(crate) fn kept(lesson: usize) -> Option<Document> {
    let id = lessons::course().get(lesson)?.id.clone();
    let text = storage()?.get_item(&key(&id)).ok()??;
    serde_json::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_lesson_and_a_step() {
        let document = plain("#/licao/echo?passo=42").unwrap();
        assert_eq!((document.lesson.as_str(), document.step), ("echo", 42));
        assert_eq!(plain("#/licao/nothing"), None);
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
}
