//! The course: every lesson, as data.
//!
//! A lesson is a folder `NN-name` beside this crate's `src`: `lesson.toml`, C programs,
//! `solution/`, `pt-BR.md` and `en.md`. The build script reads them all and fails on what is
//! missing; [`all`] hands them out. The format is described in `docs/teaching`.

mod format;
#[cfg(feature = "load")]
mod load;
#[cfg(feature = "trial")]
pub mod trial;

pub use format::{
    Block, Both, Check, Condition, Entry, File, Inline, Lesson, Predict, Section, Solution,
};
#[cfg(feature = "load")]
pub use load::{Problems, course, lesson};

/// Every lesson, in the course's order. The page's first run does not call it, so its table comes
/// with the second part of the program.
pub fn all() -> Vec<Lesson> {
    let table = include_bytes!(concat!(env!("OUT_DIR"), "/lessons.json"));
    serde_json::from_slice(table).expect(WRITTEN)
}

/// The lesson that a new visitor sees.
pub fn first() -> Lesson {
    let lesson = include_bytes!(concat!(env!("OUT_DIR"), "/first.json"));
    serde_json::from_slice(lesson).expect(WRITTEN)
}

/// The table of contents.
pub fn contents() -> Vec<Entry> {
    let table = include_bytes!(concat!(env!("OUT_DIR"), "/contents.json"));
    serde_json::from_slice(table).expect(WRITTEN)
}

const WRITTEN: &str = "the build script wrote it from the same types";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_the_whole() {
        let lessons = all();
        assert_eq!(lessons[0], first());
        assert_eq!(lessons.iter().map(Lesson::entry).collect::<Vec<_>>(), contents());
    }

    /// The lecture's sections, each in at least one lesson.
    #[test]
    fn every_section_of_the_lecture_has_a_lesson() {
        let lessons = all();
        for row in 1..=22 {
            assert!(lessons.iter().any(|lesson| lesson.curriculum.contains(&row)), "section {row}");
        }
    }

    /// The lecturer's guide maps the lecture to lessons, in both languages.
    #[test]
    fn the_guides_name_every_lesson() {
        for (lang, guide) in [
            (abi::Lang::PtBr, include_str!("../../docs/teaching/pt-BR.md")),
            (abi::Lang::En, include_str!("../../docs/teaching/en.md")),
        ] {
            for lesson in all() {
                let link = format!(
                    "[{} {}](../../lessons/{:02}-{}/{}.md)",
                    lesson.order,
                    lesson.title.text(lang),
                    lesson.order,
                    lesson.id,
                    lang.tag()
                );
                assert!(guide.contains(&link), "{link}");
            }
        }
    }

    /// A text left in the other language is the usual slip.
    #[test]
    fn the_languages_differ() {
        for lesson in all() {
            assert_ne!(lesson.title.pt_br, lesson.title.en, "{}", lesson.id);
            assert_ne!(lesson.pt_br, lesson.en, "{}", lesson.id);
            for check in &lesson.checks {
                assert_ne!(check.text.pt_br, check.text.en, "{} {}", lesson.id, check.id);
            }
        }
    }
}
