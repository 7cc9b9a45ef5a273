//! What a person prefers, kept in the browser's storage; a browser without storage just forgets.

use crate::i18n::Msg;
use abi::Lang;
use serde::{Deserialize, Serialize};

const KEY: &str = "soquete.preferences.1";

/// Light, dark, or as the system says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

/// What playing means.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) enum Clock {
    /// Every step takes as long as any other.
    #[default]
    Events,
    /// Steps take time in proportion to simulated time.
    Time,
}

/// All preferences.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Prefs {
    pub(crate) lang: Lang,
    pub(crate) theme: Theme,
    pub(crate) clock: Clock,
    /// Index into [`SPEEDS`].
    pub(crate) speed: usize,
    /// Index into [`TIME_SPEEDS`].
    pub(crate) time_speed: usize,
    pub(crate) less_motion: bool,
    pub(crate) more_contrast: bool,
    /// Whether keys without Ctrl or Alt do something (WCAG 2.1.4).
    pub(crate) single_keys: bool,
    /// Whether calls that libc makes for itself are steps too.
    pub(crate) libc_calls: bool,
    /// Whether the first steps have been shown.
    pub(crate) toured: bool,
    /// Whether sequence numbers are shown as they are on the wire.
    pub(crate) absolute: bool,
}

/// Multiples of the normal speed, by event.
pub(crate) const SPEEDS: [f64; 5] = [0.25, 0.5, 1.0, 2.0, 4.0];
/// Simulated seconds in a second of ours. A packet's way lasts milliseconds: below 1 they are seen.
pub(crate) const TIME_SPEEDS: [f64; 8] = [0.001, 0.01, 0.1, 0.5, 1.0, 10.0, 100.0, 1000.0];

impl Default for Prefs {
    fn default() -> Prefs {
        Prefs {
            lang: Lang::default(),
            theme: Theme::default(),
            clock: Clock::default(),
            speed: 2,
            time_speed: 1,
            less_motion: false,
            more_contrast: false,
            single_keys: true,
            libc_calls: false,
            toured: false,
            absolute: false,
        }
    }
}

impl Prefs {
    /// What was stored, else what the browser says.
    pub(crate) fn load() -> Prefs {
        let stored = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let mut prefs = match stored.and_then(|text| serde_json::from_str(&text).ok()) {
            Some(prefs) => prefs,
            None => Prefs { lang: browser_language(), ..Prefs::default() },
        };
        if let Some(lang) = language_of_address() {
            prefs.lang = lang;
        }
        prefs.speed = prefs.speed.min(SPEEDS.len() - 1);
        prefs.time_speed = prefs.time_speed.min(TIME_SPEEDS.len() - 1);
        prefs
    }

    /// The speeds of the present clock.
    pub(crate) fn speeds(&self) -> &'static [f64] {
        match self.clock {
            Clock::Events => &SPEEDS,
            Clock::Time => &TIME_SPEEDS,
        }
    }

    /// The chosen one's place among them.
    pub(crate) fn speed_now(&self) -> usize {
        match self.clock {
            Clock::Events => self.speed,
            Clock::Time => self.time_speed,
        }
    }

    /// Chooses one of them.
    pub(crate) fn set_speed(&mut self, speed: usize) {
        let speed = speed.min(self.speeds().len() - 1);
        match self.clock {
            Clock::Events => self.speed = speed,
            Clock::Time => self.time_speed = speed,
        }
    }

    /// The other language.
    pub(crate) fn change_language(&mut self) {
        self.lang = match self.lang {
            Lang::PtBr => Lang::En,
            Lang::En => Lang::PtBr,
        }
    }

    /// The next theme, round and round.
    pub(crate) fn change_theme(&mut self) {
        self.theme = match self.theme {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        }
    }

    /// One speed up or down.
    pub(crate) fn faster(&mut self, faster: bool) {
        let speed = self.speed_now();
        self.set_speed(if faster { speed + 1 } else { speed.saturating_sub(1) });
    }

    /// Stores them.
    pub(crate) fn store(&self) {
        if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(self)) {
            // A full or forbidden storage is not worth a message.
            let _ = storage.set_item(KEY, &text);
        }
    }

    /// Puts language, theme, contrast and motion on the document's root, where styles see them.
    pub(crate) fn apply(&self) {
        let Some(root) = document().and_then(|document| document.document_element()) else {
            return;
        };
        let theme = match self.theme {
            Theme::Auto => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        };
        let attributes = [
            ("lang", Some(self.lang.tag())),
            ("data-theme", theme),
            ("data-contrast", self.more_contrast.then_some("more")),
            ("data-motion", self.less_motion.then_some("less")),
        ];
        let attributes = attributes.into_iter().chain([("data-embed", embedded().then_some(""))]);
        if let Some(document) = document() {
            document.set_title(&Msg::PageTitle.text(self.lang));
        }
        for (name, value) in attributes {
            // Setting an attribute with a valid name cannot fail.
            let _ = match value {
                Some(value) => root.set_attribute(name, value),
                None => root.remove_attribute(name),
            };
        }
    }
}

/// `?embed` in the address: only the world and the time, for slides and course pages.
pub(crate) fn embedded() -> bool {
    let search = web_sys::window().and_then(|window| window.location().search().ok());
    let search = search.unwrap_or_default();
    search.trim_start_matches('?').split('&').any(|part| part == "embed" || part == "embed=1")
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// The browser's storage, if it may be used. A view embedded in somebody's page has none: what is
/// clicked there changes nothing of what a person keeps.
pub(crate) fn storage() -> Option<web_sys::Storage> {
    if embedded() {
        return None;
    }
    web_sys::window()?.local_storage().ok().flatten()
}

/// The same, only for this tab.
pub(crate) fn tab_storage() -> Option<web_sys::Storage> {
    if embedded() {
        return None;
    }
    web_sys::window()?.session_storage().ok().flatten()
}

/// `?lang=en` in the address.
fn language_of_address() -> Option<Lang> {
    let search = web_sys::window()?.location().search().ok()?;
    let tag =
        search.trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("lang="))?;
    Lang::ALL
        .into_iter()
        .find(|lang| lang.tag().eq_ignore_ascii_case(tag) || lang.tag()[..2] == *tag)
}

fn browser_language() -> Lang {
    let languages = web_sys::window().map(|window| window.navigator().languages());
    let first = languages.and_then(|list| {
        list.iter().find_map(|tag| {
            let tag = tag.as_string()?.to_lowercase();
            if tag.starts_with("pt") {
                Some(Lang::PtBr)
            } else if tag.starts_with("en") {
                Some(Lang::En)
            } else {
                None
            }
        })
    });
    first.unwrap_or_default()
}
