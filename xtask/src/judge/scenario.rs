//! What is run: programs, each on one of some hosts.
//!
//! A file is a scenario of one host; a folder of numbered files is one of several hosts; a folder
//! with a `scenario.toml` is what `soquete run --scenario` takes, so every lesson is one too (and
//! another with its `solution/`). Of the TOML only what such files use is read here: tables of
//! tables with strings, numbers, booleans and lists of strings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// As `soquete run` has it.
const UNTIL_S: u64 = 30;

/// A program about to run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Program {
    pub(super) source: PathBuf,
    /// Which host, from 0.
    pub(super) host: usize,
    pub(super) args: Vec<String>,
    pub(super) start_ms: u64,
    pub(super) stdin: String,
    /// Whether its input ends after that.
    pub(super) stdin_ends: bool,
    pub(super) root: bool,
}

/// Programs that run together.
#[derive(Clone, Debug, Default)]
pub(super) struct Scenario {
    pub(super) name: String,
    pub(super) hosts: Vec<String>,
    pub(super) programs: Vec<Program>,
    /// The file to give to `soquete run --scenario`; `None`: the programs themselves.
    pub(super) file: Option<PathBuf>,
    /// Why no real kernel can run it.
    pub(super) simulated_only: Option<String>,
    /// Windows programs: the reference is Wine.
    pub(super) windows: bool,
    /// When it is over at the latest, seconds.
    pub(super) until_s: u64,
    /// Rules of the first host's nftables, so that both kernels lose the same packets.
    pub(super) nft: Vec<String>,
}

impl Scenario {
    /// A program that makes thousands of small experiments and prints a line for each: its lines
    /// are compared, each by itself, and its calls are not traced.
    pub(super) fn is_matrix(&self) -> bool {
        self.name.starts_with("matrix")
    }

    /// Whether a program's first comment says that its order depends on time.
    pub(super) fn is_racy(&self) -> bool {
        self.programs.iter().any(|program| {
            let text = std::fs::read_to_string(&program.source).unwrap_or_default();
            text.split("*/").next().is_some_and(|comment| comment.to_lowercase().contains("racy"))
        })
    }

    /// A scenario of one program on a host of its own.
    pub(super) fn of_file(name: String, source: PathBuf) -> Scenario {
        let host = stem(&source);
        let programs = vec![Program { source, ..Program::default() }];
        Scenario { name, hosts: vec![host], programs, until_s: UNTIL_S, ..Scenario::default() }
    }
}

/// The file's name without its extension.
pub(super) fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Every scenario under the paths. What must be made (a lesson with its solution) is put into
/// `made`.
pub(super) fn collect(paths: &[PathBuf], made: &Path) -> Result<Vec<Scenario>, String> {
    let mut found = Vec::new();
    for path in paths {
        look(path, made, &mut found)?;
    }
    Ok(found)
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "c" || e == "cpp")
}

fn look(path: &Path, made: &Path, found: &mut Vec<Scenario>) -> Result<(), String> {
    let name = stem(path);
    if path.is_file() {
        if is_source(path) {
            found.push(Scenario::of_file(name, path.to_owned()));
        }
        return Ok(());
    }
    let toml = path.join("scenario.toml");
    if toml.is_file() {
        found.push(from_toml(name.clone(), &toml)?);
        let solution = path.join("solution");
        if solution.is_dir() || has_solution_args(path) {
            let overlaid = overlay(path, &solution, &made.join(format!("{name}-solution")))?;
            found.push(from_toml(format!("{name}-solution"), &overlaid)?);
        }
        return Ok(());
    }
    let entries =
        std::fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut inside: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    inside.sort();
    let numbered = |path: &&PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        is_source(path) && name.starts_with(|c: char| c.is_ascii_digit()) && name.contains('-')
    };
    let sources: Vec<&PathBuf> = inside.iter().filter(numbered).collect();
    if sources.is_empty() {
        for one in &inside {
            look(one, made, found)?;
        }
        return Ok(());
    }
    /// Between the starts of two programs, as `soquete run --stagger` has it.
    const STAGGER_MS: u64 = 50;
    let programs = sources.iter().enumerate().map(|(host, source)| Program {
        source: (*source).clone(),
        host,
        start_ms: host as u64 * STAGGER_MS,
        ..Program::default()
    });
    let hosts = sources.iter().map(|source| stem(source)).collect();
    let programs = programs.collect();
    found.push(Scenario { name, hosts, programs, until_s: UNTIL_S, ..Scenario::default() });
    Ok(())
}

fn has_solution_args(lesson: &Path) -> bool {
    std::fs::read_to_string(lesson.join("lesson.toml"))
        .is_ok_and(|text| text.lines().any(|line| line.trim() == "[solution.args]"))
}

/// A copy of a lesson with the files of its solution in place of its own.
fn overlay(lesson: &Path, solution: &Path, to: &Path) -> Result<PathBuf, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", to.display());
    std::fs::create_dir_all(to).map_err(failed)?;
    for from in [lesson, solution] {
        for file in std::fs::read_dir(from).into_iter().flatten().flatten() {
            if file.path().is_file() {
                std::fs::copy(file.path(), to.join(file.file_name())).map_err(failed)?;
            }
        }
    }
    // A solution may also be other arguments: `[solution.args]` of the lesson.
    let lesson = std::fs::read_to_string(to.join("lesson.toml")).unwrap_or_default();
    let args = tables(&lesson).into_iter().find(|(name, _)| name == "solution.args");
    let file = to.join("scenario.toml");
    let mut text = std::fs::read_to_string(&file).map_err(failed)?;
    for (program, new) in args.map(|(_, table)| table).unwrap_or_default() {
        let list: Vec<String> = new.strings().iter().map(|arg| format!("{arg:?}")).collect();
        text = with_args(&text, &program, &list.join(", "));
    }
    std::fs::write(&file, text).map_err(failed)?;
    Ok(file)
}

/// The text with other arguments for the program of this name.
fn with_args(text: &str, program: &str, args: &str) -> String {
    let mut inside = false;
    let line = |line: &str| {
        if line.starts_with("[[") {
            inside = false;
        } else if let Some(file) = line.strip_prefix("file = ") {
            inside = stem(Path::new(file.trim_matches('"'))) == program;
        }
        match inside && line.starts_with("args = ") {
            true => format!("args = [{args}]\n"),
            false => format!("{line}\n"),
        }
    };
    text.lines().map(line).collect()
}

fn from_toml(name: String, file: &Path) -> Result<Scenario, String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut scenario = Scenario { name, file: Some(file.to_owned()), ..Scenario::default() };
    for line in text.lines() {
        // For the real kernel's side, what the scenario's actions do in the simulator.
        if let Some(rule) = line.strip_prefix("# nft: ") {
            scenario.nft.push(rule.to_owned());
        }
    }
    let until = text.lines().find_map(|line| line.strip_prefix("until = \""));
    let until = until.map_or(0, |text| milliseconds(text.trim_end_matches('"')) / 1000);
    scenario.until_s = if until == 0 { UNTIL_S } else { until };
    for (table, values) in tables(&text) {
        let text = |key: &str| values.get(key).map(Value::string).unwrap_or_default();
        match table.as_str() {
            "host" => {
                scenario.windows |= text("os") == "windows";
                scenario.hosts.push(text("name"));
            }
            "action" if scenario.nft.is_empty() => {
                scenario.simulated_only =
                    Some(format!("its action `{}` has no counterpart", text("do")));
            }
            "link" if values.contains_key("rate") || values.contains_key("loss") => {
                scenario.simulated_only = Some("a link of limited rate or with loss".to_owned());
            }
            "program" if text("installed") != "true" => {
                let host = scenario.hosts.iter().position(|host| *host == text("host"));
                let stdin = text("stdin");
                let ends = text("stdin_ends");
                scenario.programs.push(Program {
                    source: folder.join(text("file")),
                    host: host.unwrap_or(0),
                    args: values.get("args").map(Value::strings).unwrap_or_default(),
                    start_ms: milliseconds(&text("start")),
                    stdin_ends: ends == "true" || (ends.is_empty() && !stdin.is_empty()),
                    stdin,
                    root: text("root") == "true",
                });
            }
            _ => {}
        }
    }
    scenario.programs.sort_by_key(|program| program.start_ms);
    Ok(scenario)
}

fn milliseconds(text: &str) -> u64 {
    let number = |unit: &str| text.strip_suffix(unit).and_then(|n| n.parse::<f64>().ok());
    let (ms, s) = (number("ms"), number("s").map(|s| s * 1000.0));
    ms.or(s).map_or(0, |ms| ms as u64)
}

/// A value of a table.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    One(String),
    Many(Vec<String>),
}

impl Value {
    fn string(&self) -> String {
        match self {
            Value::One(text) => text.clone(),
            Value::Many(all) => all.join(" "),
        }
    }

    fn strings(&self) -> Vec<String> {
        match self {
            Value::One(text) => vec![text.clone()],
            Value::Many(all) => all.clone(),
        }
    }
}

/// The tables of a file, in order, each with its keys.
fn tables(text: &str) -> Vec<(String, BTreeMap<String, Value>)> {
    let mut all: Vec<(String, BTreeMap<String, Value>)> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if line.starts_with('[') {
            all.push((line.trim_matches(['[', ']']).to_owned(), BTreeMap::new()));
        } else if let (Some((key, value)), Some((_, table))) =
            (line.split_once('='), all.last_mut())
        {
            let value = value.trim();
            let strings = quoted(value);
            let value = match value.starts_with('[') {
                true => Value::Many(strings),
                false => Value::One(strings.into_iter().next().unwrap_or(value.to_owned())),
            };
            table.insert(key.trim().to_owned(), value);
        }
    }
    all
}

/// The strings in quotation marks of a line.
fn quoted(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut chars = text.chars();
    while chars.by_ref().any(|c| c == '"') {
        let mut one = String::new();
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' => one.push(match chars.next() {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    other => other.unwrap_or('\\'),
                }),
                c => one.push(c),
            }
        }
        all.push(one);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_file_is_read_as_far_as_it_matters_here() {
        let text = "seed = 1\n[[host]]\nname = \"a\"\n[[program]]\nfile = \"x.c\"\nhost = \"a\"\n\
                    args = [\"um\", \"d\\\"s\"]\nstart = \"1.5s\"\nstdin = \"oi\\n\"\n";
        let tables = tables(text);
        assert_eq!(tables[1].0, "program");
        assert_eq!(tables[1].1["args"], Value::Many(vec!["um".to_owned(), "d\"s".to_owned()]));
        assert_eq!(tables[1].1["stdin"], Value::One("oi\n".to_owned()));
        assert_eq!(milliseconds("1.5s"), 1500);
        assert_eq!(milliseconds("50ms"), 50);
    }

    #[test]
    fn a_solution_may_be_other_arguments() {
        let text = "[[program]]\nfile = \"c.c\"\nargs = [\"a\"]\n[[program]]\nfile = \"d.c\"\n\
                    args = [\"b\"]\n";
        assert!(with_args(text, "d", "\"z\"").ends_with("args = [\"z\"]\n"));
        assert!(with_args(text, "d", "\"z\"").contains("args = [\"a\"]\n"));
    }
}
