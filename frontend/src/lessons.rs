//! The lessons: programs and the scenario that they run in.

use crate::state::Source;
use abi::Lang;
use sim::scenario::Scenario;
use std::collections::BTreeMap;

/// A lesson as it is in the folder `lessons`.
struct Lesson {
    titles: [&'static str; 2],
    scenario: &'static str,
    /// Names and texts, in the order of the scenario's programs.
    files: &'static [(&'static str, &'static str)],
}

const LESSONS: &[Lesson] = &[Lesson {
    titles: ["1 · Eco TCP", "1 · TCP echo"],
    scenario: r#"
        [[host]]
        name = "cliente"
        [[host]]
        name = "servidor"
        [[program]]
        file = "cliente.c"
        host = "cliente"
        args = ["servidor"]
        start = "50ms"
        [[program]]
        file = "servidor.c"
        host = "servidor"
        start = "0ms"
    "#,
    files: &[
        ("cliente.c", include_str!("../../lessons/01-echo/cliente.c")),
        ("servidor.c", include_str!("../../lessons/01-echo/servidor.c")),
    ],
}];

/// Titles, in order.
pub(crate) fn titles(lang: Lang) -> Vec<&'static str> {
    let of = |lesson: &Lesson| match lang {
        Lang::PtBr => lesson.titles[0],
        Lang::En => lesson.titles[1],
    };
    LESSONS.iter().map(of).collect()
}

/// The programs of a lesson as they are at first.
pub(crate) fn sources(lesson: usize) -> Vec<Source> {
    let files = LESSONS.get(lesson).map_or(&[][..], |lesson| lesson.files);
    let source = |(name, text): &(&str, &str)| Source {
        name: (*name).to_owned(),
        text: (*text).to_owned(),
        original: (*text).to_owned(),
        breakpoints: Vec::new(),
    };
    files.iter().map(source).collect()
}

/// The scenario of a lesson with these texts.
pub(crate) fn scenario(lesson: usize, sources: &[Source]) -> Option<Scenario> {
    let files: BTreeMap<String, String> =
        sources.iter().map(|source| (source.name.clone(), source.text.clone())).collect();
    Scenario::parse(LESSONS.get(lesson)?.scenario, files).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_has_a_scenario() {
        for number in 0..LESSONS.len() {
            let sources = sources(number);
            let scenario = scenario(number, &sources).unwrap_or_else(|| panic!("lesson {number}"));
            assert_eq!(scenario.programs.len(), sources.len());
        }
    }
}
