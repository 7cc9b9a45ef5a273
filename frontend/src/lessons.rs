//! The lessons: programs and the scenario that they run in, from the crate `lessons`.

use crate::state::{Program, Source};
use abi::Lang;
use lessons::{Entry, Lesson};
use sim::kernel::Os;
use sim::scenario::{Problem, Scenario};
use std::collections::BTreeMap;
use std::rc::Rc;

thread_local! {
    static CONTENTS: Rc<Vec<Entry>> = Rc::new(lessons::contents());
    /// What a new visitor sees. The others come with the second part of the program.
    static FIRST: Rc<Lesson> = Rc::new(lessons::first());
    static COURSE: Vec<Rc<Lesson>> = lessons::all().into_iter().map(Rc::new).collect();
}

/// The table of contents.
pub(crate) fn contents() -> Rc<Vec<Entry>> {
    CONTENTS.with(Rc::clone)
}

/// A lesson by its place, from 0.
pub(crate) fn lesson(number: usize) -> Option<Rc<Lesson>> {
    match number {
        0 => Some(FIRST.with(Rc::clone)),
        _ => COURSE.with(|course| course.get(number).cloned()),
    }
}

/// A lesson's place, by its name.
pub(crate) fn number(id: &str) -> Option<usize> {
    contents().iter().position(|entry| entry.id == id)
}

/// Titles with numbers, in order.
pub(crate) fn titles(lang: Lang) -> Vec<String> {
    let title = |entry: &Entry| format!("{} · {}", entry.order, entry.title.text(lang));
    contents().iter().map(title).collect()
}

/// The programs' texts of a lesson as they are at first.
pub(crate) fn sources(lesson: usize) -> Vec<Source> {
    let delivered = self::lesson(lesson);
    let files = delivered.as_ref().map_or(&[][..], |lesson| &lesson.files);
    let source = |file: &lessons::File| Source {
        name: file.name.clone(),
        text: file.text.clone(),
        original: file.text.clone(),
        breakpoints: Vec::new(),
    };
    let mut sources: Vec<Source> = files.iter().map(source).collect();
    sort(&text(lesson), &mut sources);
    sources
}

/// Puts sources in the order in which the scenario's hosts have them.
pub(crate) fn sort(text: &str, sources: &mut [Source]) {
    let scenario = parse(text, sources);
    let place = |source: &Source| {
        let programs = scenario.as_ref().map_or(&[][..], |scenario| &scenario.programs);
        programs
            .iter()
            .filter(|p| p.file == source.name)
            .map(|p| p.host)
            .min()
            .unwrap_or(usize::MAX)
    };
    sources.sort_by_key(place);
}

/// The scenario of a lesson as delivered, in TOML.
pub(crate) fn text(lesson: usize) -> String {
    self::lesson(lesson).map_or_else(String::new, |lesson| lesson.scenario.clone())
}

/// A scenario in which a program's file has another name.
pub(crate) fn renamed(mut world: Scenario, old: &str, new: &str) -> Scenario {
    for program in world.programs.iter_mut().filter(|program| program.file == old) {
        new.clone_into(&mut program.file);
    }
    if let Some(text) = world.files.remove(old) {
        world.files.insert(new.to_owned(), text);
    }
    world
}

/// A scenario in which the hosts of a program run Windows.
pub(crate) fn on_windows(mut world: Scenario, file: &str) -> Scenario {
    let hosts: Vec<usize> =
        world.programs.iter().filter(|program| program.file == file).map(|p| p.host).collect();
    for host in hosts {
        if let Some(host) = world.hosts.get_mut(host) {
            host.os = Os::Windows;
        }
    }
    world
}

/// A text with C's quotation marks in the place of those that word processors make.
pub(crate) fn plain_quotes(text: &str) -> String {
    text.replace(['“', '”', '„', '«', '»'], "\"").replace(['‘', '’'], "'")
}

/// A scenario for files that have none: every program on a host of its own.
pub(crate) fn plain_scenario<'a>(files: impl Iterator<Item = &'a str>) -> String {
    let programs =
        files.filter(|name| [".c", ".cpp", ".cc", ".cxx"].iter().any(|e| name.ends_with(e)));
    programs.map(|name| format!("[[program]]\nfile = {name:?}\n")).collect::<Vec<_>>().join("\n")
}

/// What a lesson runs, without the texts: hosts, links, programs, seed.
pub(crate) fn world(lesson: usize) -> Option<Scenario> {
    world_of(&text(lesson), &sources(lesson)).ok()
}

/// What a scenario's text runs, without the programs' texts.
pub(crate) fn world_of(text: &str, sources: &[Source]) -> Result<Scenario, Problem> {
    let mut scenario = parse(text, sources)?;
    scenario.files.clear();
    Ok(scenario)
}

/// The programs of a world, with their arguments as a person writes them.
pub(crate) fn programs(world: &Scenario) -> Vec<Program> {
    let program = |program: &sim::scenario::ProgramSpec| Program {
        file: program.file.clone(),
        host: program.host,
        host_name: world.hosts.get(program.host).map_or_else(String::new, |h| h.name.clone()),
        args: join(&program.args),
    };
    world.programs.iter().map(program).collect()
}

/// A world with these texts.
pub(crate) fn with_texts(world: &Scenario, sources: &[Source]) -> Scenario {
    let files = sources.iter().map(|source| (source.name.clone(), source.text.clone()));
    Scenario { files: files.collect(), ..world.clone() }
}

fn parse(text: &str, sources: &[Source]) -> Result<Scenario, Problem> {
    let files: BTreeMap<String, String> =
        sources.iter().map(|source| (source.name.clone(), source.text.clone())).collect();
    Scenario::parse(text, files)
}

/// Arguments as a shell would split them; quotes keep blanks together.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut args = Vec::new();
    let mut current = None::<String>;
    let mut quote = None::<char>;
    for c in text.chars() {
        match (quote, c) {
            (Some(q), c) if q == c => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                current.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => args.extend(current.take()),
            (_, c) => current.get_or_insert_default().push(c),
        }
    }
    args.extend(current);
    args
}

/// The reverse of [`split`].
fn join(args: &[String]) -> String {
    let quoted = |arg: &String| {
        let plain = !arg.is_empty() && !arg.chars().any(|c| c.is_whitespace() || "\"'".contains(c));
        if plain { arg.clone() } else { format!("\"{arg}\"") }
    };
    args.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_has_a_scenario() {
        for (number, lesson) in contents().iter().enumerate() {
            let sources = sources(number);
            let scenario = world(number).map(|world| with_texts(&world, &sources));
            assert!(scenario.is_some_and(|s| !s.programs.is_empty()), "{}", lesson.id);
        }
    }

    #[test]
    fn scenarios_are_written_as_they_are_read() {
        for (number, lesson) in contents().iter().enumerate() {
            let (sources, world) = (sources(number), world(number).unwrap());
            let text = world.to_toml();
            let again = world_of(&text, &sources)
                .unwrap_or_else(|problem| panic!("{}: {problem:?}\n{text}", lesson.id));
            assert_eq!(again, world, "{text}");
        }
    }

    #[test]
    fn arguments_are_split_as_a_shell_does() {
        assert_eq!(split("servidor  8081"), ["servidor", "8081"]);
        assert_eq!(split(r#"a "b c" """#), ["a", "b c", ""]);
        assert_eq!(split(&join(&["x y".to_owned(), "z".to_owned()])), ["x y", "z"]);
    }
}
