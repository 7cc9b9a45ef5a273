//! Reading a lesson's folder, and every complaint about it.
//!
//! Used by the build script (a wrong lesson does not build) and by `soquete lesson check`. The
//! Markdown is a small part of CommonMark: headings, paragraphs, two kinds of lists, code, strong,
//! emphasis and links, plus `[[predict ID]]` and `[[checks]]` on lines of their own.

use crate::format::*;
use abi::Lang;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What a lesson's folder may be blamed for, one a line.
pub type Problems = Vec<String>;

/// The lecture has so many sections.
const CURRICULUM_ROWS: u32 = 22;
/// A lesson should fit in a lecture's breath.
const MINUTES: std::ops::RangeInclusive<u32> = 5..=15;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    id: String,
    order: u32,
    title: Both,
    minutes: u32,
    curriculum: Vec<u32>,
    #[serde(default)]
    predict: Vec<Predict>,
    #[serde(default)]
    observe: Vec<Condition>,
    #[serde(default)]
    check: Vec<CheckEntry>,
    #[serde(default)]
    solution: Solution,
    #[serde(default)]
    variant: Vec<BTreeMap<String, String>>,
}

/// `flatten` and `deny_unknown_fields` do not go together: the fields that are not a condition's
/// are taken out by hand.
#[derive(Deserialize)]
struct CheckEntry {
    id: String,
    text: Both,
    #[serde(flatten)]
    rest: toml::Table,
}

/// Reads the lessons below `root`, in their order.
pub fn course(root: &Path) -> Result<Vec<Lesson>, Problems> {
    let mut folders: Vec<_> = match fs::read_dir(root) {
        Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
        Err(error) => return Err(vec![format!("{}: {error}", root.display())]),
    };
    folders.retain(|path| path.join("lesson.toml").exists());
    folders.sort();
    let (mut lessons, mut problems) = (Vec::new(), Problems::new());
    for (folder, expected) in folders.iter().zip(1..) {
        match lesson(folder) {
            Ok(lesson) if lesson.order != expected => {
                problems.push(format!("{}: order should be {expected}", folder.display()));
            }
            Ok(lesson) => lessons.push(lesson),
            Err(more) => problems.extend(more),
        }
    }
    if problems.is_empty() { Ok(lessons) } else { Err(problems) }
}

/// Reads one lesson.
pub fn lesson(folder: &Path) -> Result<Lesson, Problems> {
    let name =
        folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut problems = Problems::new();
    match read(folder, &name, &mut problems) {
        Some(lesson) if problems.is_empty() => Ok(lesson),
        _ => Err(problems.into_iter().map(|problem| format!("{name}: {problem}")).collect()),
    }
}

fn read(folder: &Path, name: &str, problems: &mut Problems) -> Option<Lesson> {
    let text = |file: &str, problems: &mut Problems| match fs::read_to_string(folder.join(file)) {
        Ok(text) => Some(text),
        Err(error) => {
            problems.push(format!("{file}: {error}"));
            None
        }
    };
    let manifest: Manifest = match toml::from_str(&text("lesson.toml", problems)?) {
        Ok(manifest) => manifest,
        Err(error) => {
            problems.push(format!("lesson.toml: {error}"));
            return None;
        }
    };
    let files = programs(folder, problems);
    let pt_br = Markdown {
        lang: Lang::PtBr,
        files: &files,
        predict: &manifest.predict,
        title: &manifest.title,
    }
    .read(&text("pt-BR.md", problems)?, problems);
    let en = Markdown {
        lang: Lang::En,
        files: &files,
        predict: &manifest.predict,
        title: &manifest.title,
    }
    .read(&text("en.md", problems)?, problems);
    compare(&pt_br, &en, problems);
    let checks = manifest.check.into_iter().filter_map(|entry| check(entry, problems)).collect();
    let lesson = Lesson {
        id: manifest.id,
        order: manifest.order,
        title: manifest.title,
        minutes: manifest.minutes,
        curriculum: manifest.curriculum,
        files,
        scenario: text("scenario.toml", problems)?,
        predict: manifest.predict,
        observe: manifest.observe,
        checks,
        solution: manifest.solution,
        variants: manifest.variant,
        pt_br,
        en,
    };
    facts(name, &lesson, problems);
    Some(lesson)
}

fn check(entry: CheckEntry, problems: &mut Problems) -> Option<Check> {
    match entry.rest.try_into() {
        Ok(condition) => Some(Check { id: entry.id, text: entry.text, condition }),
        Err(error) => {
            problems.push(format!("check {}: {error}", entry.id));
            None
        }
    }
}

/// What has to be right about a lesson whatever its text says.
fn facts(name: &str, lesson: &Lesson, problems: &mut Problems) {
    let mut wrong = |bad: bool, text: String| {
        if bad {
            problems.push(text);
        }
    };
    let slug = name.split_once('-').filter(|(number, _)| number.parse::<u32>().is_ok());
    wrong(
        slug.is_some_and(|(_, id)| id != lesson.id),
        format!("id {:?} is not the folder's", lesson.id),
    );
    wrong(!MINUTES.contains(&lesson.minutes), format!("{} minutes: 5 to 15 fit", lesson.minutes));
    wrong(
        lesson.curriculum.is_empty()
            || lesson.curriculum.iter().any(|row| !(1..=CURRICULUM_ROWS).contains(row)),
        format!("curriculum: sections 1 to {CURRICULUM_ROWS}"),
    );
    wrong(lesson.files.is_empty(), "no program".to_owned());
    if let Err(error) = lesson.scenario.parse::<toml::Table>() {
        wrong(true, format!("scenario.toml: {error}"));
    }
    wrong(lesson.checks.is_empty(), "no [[check]]: when is the task done?".to_owned());
    wrong(lesson.predict.is_empty(), "no [[predict]]".to_owned());
    wrong(
        lesson.solution.args.is_empty() && lesson.files.iter().all(|file| file.solution.is_none()),
        "no solution: neither solution/ nor [solution]".to_owned(),
    );
    for predict in &lesson.predict {
        wrong(
            !(1..=predict.options.len()).contains(&predict.answer),
            format!("predict {}: answer {} is not among the options", predict.id, predict.answer),
        );
    }
    let conditions = lesson.checks.iter().map(|check| (check.id.as_str(), &check.condition));
    for (id, condition) in
        conditions.chain(lesson.observe.iter().map(|condition| ("observe", condition)))
    {
        wrong(
            subjects(condition) != 1,
            format!("{id}: exactly one thing to count, not {}", subjects(condition)),
        );
        let known =
            condition.errno.as_deref().is_none_or(|name| abi::Errno::from_name(name).is_some());
        wrong(!known, format!("{id}: no such errno"));
    }
    for file in lesson.variants.iter().flat_map(|variant| variant.values()) {
        wrong(
            !lesson.files.iter().any(|known| known.name == *file),
            format!("variant: no file {file}"),
        );
    }
}

/// How many kinds of things a condition counts.
fn subjects(condition: &Condition) -> usize {
    [
        condition.call.is_some(),
        condition.blocked.is_some(),
        !condition.output.is_empty(),
        condition.line.is_some(),
        condition.packet.is_some(),
        condition.state.is_some(),
        condition.signal.is_some(),
        condition.killed.is_some(),
        condition.exit.is_some(),
    ]
    .into_iter()
    .filter(|said| *said)
    .count()
}

/// The C and C++ files of a folder, with what they become.
fn programs(folder: &Path, problems: &mut Problems) -> Vec<File> {
    let sources = |folder: &Path| -> BTreeMap<String, String> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let sources = entries.filter(|entry| {
            let path = entry.path();
            path.extension().is_some_and(|extension| extension == "c" || extension == "cpp")
        });
        sources
            .filter_map(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                Some((name, fs::read_to_string(entry.path()).ok()?))
            })
            .collect()
    };
    let mut solutions = sources(&folder.join("solution"));
    let files = sources(folder)
        .into_iter()
        .map(|(name, text)| File { solution: solutions.remove(&name), name, text })
        .collect();
    problems
        .extend(solutions.keys().map(|name| format!("solution/{name}: no such program outside")));
    files
}

/// Both texts must have the same parts with as many steps in each.
fn compare(pt_br: &[Block], en: &[Block], problems: &mut Problems) {
    let shape = |blocks: &[Block]| -> Vec<String> {
        blocks
            .iter()
            .map(|block| match block {
                Block::Section(section) => format!("{section:?}"),
                Block::Paragraph(_) => "paragraph".to_owned(),
                Block::Steps(items) => format!("{} steps", items.len()),
                Block::Bullets(items) => format!("{} bullets", items.len()),
                Block::Predict(number) => format!("predict {number}"),
                Block::Checks => "checks".to_owned(),
            })
            .collect()
    };
    let marks = |blocks: &[Block]| -> Vec<(String, u32)> {
        let mut marks: Vec<_> = inlines(blocks)
            .filter_map(|inline| match inline {
                Inline::Mark { file, number, .. } => Some((file.clone(), *number)),
                _ => None,
            })
            .collect();
        marks.sort();
        marks
    };
    if shape(pt_br) != shape(en) {
        problems.push(format!(
            "the two texts differ in their parts: {:?} / {:?}",
            shape(pt_br),
            shape(en)
        ));
    }
    if marks(pt_br) != marks(en) {
        problems.push("the two texts point at different lines of the programs".to_owned());
    }
}

fn inlines(blocks: &[Block]) -> impl Iterator<Item = &Inline> {
    blocks.iter().flat_map(|block| -> Box<dyn Iterator<Item = &Inline>> {
        match block {
            Block::Paragraph(inlines) => Box::new(inlines.iter()),
            Block::Steps(items) | Block::Bullets(items) => Box::new(items.iter().flatten()),
            Block::Section(_) | Block::Predict(_) | Block::Checks => Box::new(std::iter::empty()),
        }
    })
}

/// One text, with what it may refer to.
struct Markdown<'a> {
    lang: Lang,
    files: &'a [File],
    predict: &'a [Predict],
    title: &'a Both,
}

impl Markdown<'_> {
    fn read(&self, text: &str, problems: &mut Problems) -> Vec<Block> {
        let mut complaints = Problems::new();
        let mut blocks = Vec::new();
        for (number, chunk) in
            text.split("\n\n").map(str::trim).filter(|chunk| !chunk.is_empty()).enumerate()
        {
            if number == 0 {
                if chunk.strip_prefix("# ") != Some(self.title.text(self.lang)) {
                    complaints.push("the first line is not the title in lesson.toml".to_owned());
                }
            } else if let Some(block) = self.block(chunk, &mut complaints) {
                blocks.push(block);
            }
        }
        self.whole(&blocks, &mut complaints);
        let name = self.lang.tag();
        problems.extend(complaints.into_iter().map(|complaint| format!("{name}.md: {complaint}")));
        blocks
    }

    /// The parts are there, in order, each once, and so is every question.
    fn whole(&self, blocks: &[Block], complaints: &mut Problems) {
        let found: Vec<Section> = blocks
            .iter()
            .filter_map(|block| match block {
                Block::Section(section) => Some(*section),
                _ => None,
            })
            .collect();
        let wanted: Vec<Section> = Section::ALL
            .into_iter()
            .filter(|section| *section != Section::Real || found.contains(section))
            .collect();
        if found != wanted {
            complaints.push(format!("the parts are {found:?} and should be {wanted:?}"));
        }
        for (number, predict) in self.predict.iter().enumerate() {
            if blocks.iter().filter(|block| **block == Block::Predict(number)).count() != 1 {
                complaints.push(format!("[[predict {}]] should be there once", predict.id));
            }
        }
        if blocks.iter().filter(|block| **block == Block::Checks).count() != 1 {
            complaints.push("[[checks]] should be there once".to_owned());
        }
        if !matches!(blocks.first(), Some(Block::Paragraph(_))) {
            complaints.push("the first paragraph, the goal, is missing".to_owned());
        }
    }

    fn block(&self, chunk: &str, complaints: &mut Problems) -> Option<Block> {
        if let Some(title) = chunk.strip_prefix("## ") {
            let section =
                Section::ALL.into_iter().find(|section| section.title(self.lang) == title);
            if section.is_none() {
                complaints.push(format!("no part of a lesson is called {title:?}"));
            }
            return section.map(Block::Section);
        }
        if let Some(directive) = chunk.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")) {
            return self.directive(directive, complaints);
        }
        if chunk.starts_with("- ") {
            let items = items(chunk, |line| line.strip_prefix("- "));
            return Some(Block::Bullets(
                items.iter().map(|item| self.line(item, complaints)).collect(),
            ));
        }
        if chunk.starts_with("1. ") {
            let number = |line: &str| {
                line.find(". ").is_some_and(|at| line[..at].bytes().all(|b| b.is_ascii_digit()))
            };
            let items = items(chunk, |line| {
                number(line).then(|| line.split_once(". ").map(|(_, rest)| rest)).flatten()
            });
            return Some(Block::Steps(
                items.iter().map(|item| self.line(item, complaints)).collect(),
            ));
        }
        Some(Block::Paragraph(self.line(&chunk.replace('\n', " "), complaints)))
    }

    fn directive(&self, directive: &str, complaints: &mut Problems) -> Option<Block> {
        if directive == "checks" {
            return Some(Block::Checks);
        }
        let id = directive.strip_prefix("predict ").unwrap_or_default();
        let number = self.predict.iter().position(|predict| predict.id == id);
        if number.is_none() {
            complaints.push(format!("[[{directive}]]: no such question"));
        }
        number.map(Block::Predict)
    }

    fn line(&self, text: &str, complaints: &mut Problems) -> Vec<Inline> {
        let mut out = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let taken = match first {
                '`' => span(rest, "`").map(|(text, rest)| (Inline::Code(text.to_owned()), rest)),
                '*' if rest.starts_with("**") => {
                    span(rest, "**").map(|(text, rest)| (Inline::Strong(text.to_owned()), rest))
                }
                '*' => {
                    span(rest, "*").map(|(text, rest)| (Inline::Emphasis(text.to_owned()), rest))
                }
                '[' => self.link(rest, complaints),
                _ => None,
            };
            match taken {
                Some((inline, after)) => {
                    if !plain.is_empty() {
                        out.push(Inline::Text(std::mem::take(&mut plain)));
                    }
                    out.push(inline);
                    rest = after;
                }
                None => {
                    plain.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        if !plain.is_empty() {
            out.push(Inline::Text(plain));
        }
        out
    }

    /// `[text](https://…)` or `[(3)](servidor.c#3)`.
    fn link<'t>(&self, rest: &'t str, complaints: &mut Problems) -> Option<(Inline, &'t str)> {
        let (text, after) = rest.strip_prefix('[')?.split_once("](")?;
        let (target, after) = after.split_once(')')?;
        // A target with parentheses of its own ("socket(2)") does not occur in our addresses.
        if target.starts_with("https://") {
            return Some((Inline::Link { text: text.to_owned(), url: target.to_owned() }, after));
        }
        let mark =
            target.split_once('#').and_then(|(file, number)| self.mark(file, number.parse().ok()?));
        if mark.is_none() {
            complaints
                .push(format!("link to {target}: neither https nor a numbered line of a program"));
        }
        mark.map(|mark| (mark, after))
    }

    fn mark(&self, file: &str, number: u32) -> Option<Inline> {
        let source = self.files.iter().find(|known| known.name == file)?;
        let (block, line) = (format!("/* {number} */"), format!("// {number}"));
        let at =
            source.text.lines().position(|text| text.ends_with(&block) || text.ends_with(&line))?;
        Some(Inline::Mark { number, file: file.to_owned(), line: at as u32 + 1 })
    }
}

/// The items of a list: lines that begin one, with the lines that continue it.
fn items<'t>(chunk: &'t str, begins: impl Fn(&'t str) -> Option<&'t str>) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in chunk.lines() {
        match (begins(line), items.last_mut()) {
            (Some(text), _) => items.push(text.to_owned()),
            (None, Some(item)) => {
                item.push(' ');
                item.push_str(line.trim());
            }
            (None, None) => {}
        }
    }
    items
}

/// The text between two `mark`s at the start of `rest`, and what follows.
fn span<'t>(rest: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let inside = rest.strip_prefix(mark)?;
    let end = inside.find(mark).filter(|end| *end > 0)?;
    Some((&inside[..end], &inside[end + mark.len()..]))
}
