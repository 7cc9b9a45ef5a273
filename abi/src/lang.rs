//! The two languages of every text that a person reads.
//!
//! A crate that speaks has a typed message enum and one exhaustive `match` a language, so that a
//! missing translation does not compile. Events and faults carry such messages, never text.

use serde::{Deserialize, Serialize};

/// A language of the lab.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub enum Lang {
    /// Brazilian Portuguese, the lecture's language and the default.
    #[default]
    #[serde(rename = "pt-BR")]
    PtBr,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// Both, for tests and menus.
    pub const ALL: [Lang; 2] = [Lang::PtBr, Lang::En];

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::PtBr => "pt-BR",
            Lang::En => "en",
        }
    }
}
