//! `soquete lesson`: what a teacher asks about a lesson.
//!
//! `check` tries a lesson with the programs as delivered (its goals must fail, its facts hold),
//! with its solution and with each variant (its goals must be reached). `grade` tries it with what
//! a student handed in. Exit status: 0 all is well, 1 something is not, 2 bad usage.

#![allow(clippy::print_stdout)] // the reports are this subcommand's output

use abi::Lang;
use lessons::trial::{Course, With, trial};
use lessons::{Condition, Lesson};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A lesson's run is some thousand events; one that reaches this is running away.
const MAX_EVENTS: u64 = 2_000_000;

/// Options of `soquete lesson`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
    /// Language of the report: pt-BR or en
    #[arg(long, global = true, value_parser = lang, default_value = "en")]
    lang: Lang,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Check lessons: texts, links, programs, facts and goals
    Check {
        /// Lessons' folders
        #[arg(required = true)]
        folders: Vec<PathBuf>,
        /// Also show what the programs print
        #[arg(long)]
        verbose: bool,
    },
    /// Try a lesson with a student's files
    Grade {
        /// The lesson's folder
        lesson: PathBuf,
        /// The folder with the student's files, named as in the lesson
        work: PathBuf,
        /// Other arguments of a program: 'cliente=servidor 8081'
        #[arg(long = "args", value_name = "PROGRAM=ARGS")]
        arguments: Vec<String>,
    },
}

fn lang(text: &str) -> Result<Lang, String> {
    let known = Lang::ALL.into_iter().find(|lang| lang.tag().eq_ignore_ascii_case(text));
    known.ok_or_else(|| "pt-BR or en".to_owned())
}

/// What the reports say.
enum Msg<'a> {
    /// A line of a lesson's list of complaints.
    Problem(&'a str),
    /// The lesson is as it should be.
    Good { lesson: &'a str, goals: usize },
    /// A fact that the text relies on is not one.
    FactFails { condition: &'a str, count: usize },
    /// All goals are reached before the student has done anything.
    TooEasy,
    /// A goal is not reached although it should be.
    GoalFails { with: &'a str, goal: &'a str, count: usize },
    /// A goal of a student's.
    Goal { reached: bool, text: &'a str },
    /// The sum.
    Reached { goals: usize, of: usize },
    /// The program failed or did not compile.
    Trouble { with: &'a str, text: &'a str },
}

impl Msg<'_> {
    fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::PtBr => self.pt_br(),
            Lang::En => self.en(),
        }
    }

    fn en(&self) -> String {
        match self {
            Msg::Problem(text) => (*text).to_owned(),
            Msg::Good { lesson, goals } => format!("{lesson}: ok, {goals} goals"),
            Msg::FactFails { condition, count } => {
                format!("as delivered: not so (counted {count}): {condition}")
            }
            Msg::TooEasy => "as delivered: every goal is reached already".to_owned(),
            Msg::GoalFails { with, goal, count } => {
                format!("{with}: not reached (counted {count}): {goal}")
            }
            Msg::Goal { reached: true, text } => format!("[x] {text}"),
            Msg::Goal { reached: false, text } => format!("[ ] {text}"),
            Msg::Reached { goals, of } => format!("{goals} of {of} goals"),
            Msg::Trouble { with, text } => format!("{with}: {text}"),
        }
    }

    fn pt_br(&self) -> String {
        match self {
            Msg::Problem(text) => (*text).to_owned(),
            Msg::Good { lesson, goals } => format!("{lesson}: certo, {goals} metas"),
            Msg::FactFails { condition, count } => {
                format!("original: não é assim (contagem: {count}): {condition}")
            }
            Msg::TooEasy => "original: todas as metas já estão cumpridas".to_owned(),
            Msg::GoalFails { with, goal, count } => {
                format!("{with}: não cumprida (contagem: {count}): {goal}")
            }
            Msg::Goal { reached: true, text } => format!("[x] {text}"),
            Msg::Goal { reached: false, text } => format!("[ ] {text}"),
            Msg::Reached { goals, of } => format!("{goals} de {of} metas"),
            Msg::Trouble { with, text } => format!("{with}: {text}"),
        }
    }
}

/// Runs the subcommand.
pub(crate) fn main(args: &Args) -> ExitCode {
    let good = match &args.command {
        Command::Check { folders, verbose } => {
            // Every folder is reported, also after a bad one.
            let bad = folders.iter().filter(|folder| !check(folder, *verbose, args.lang)).count();
            bad == 0
        }
        Command::Grade { lesson, work, arguments } => grade(lesson, work, arguments, args.lang),
    };
    if good { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn check(folder: &Path, verbose: bool, lang: Lang) -> bool {
    let lesson = match lessons::lesson(folder) {
        Ok(lesson) => lesson,
        Err(problems) => {
            problems.iter().for_each(|problem| println!("{}", Msg::Problem(problem).text(lang)));
            return false;
        }
    };
    let complaints = complaints(&lesson, verbose, lang);
    if complaints.is_empty() {
        let good = Msg::Good { lesson: &lesson.id, goals: lesson.checks.len() };
        println!("{}", good.text(lang));
    }
    for complaint in &complaints {
        println!("{}: {complaint}", lesson.id);
    }
    complaints.is_empty()
}

/// What is wrong with a lesson that could be read.
pub(crate) fn complaints(lesson: &Lesson, verbose: bool, lang: Lang) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(course) = course(lesson, With::Start, "start", verbose, lang, &mut out) {
        for fact in lesson.observe.iter().filter(|fact| !course.holds(fact)) {
            let condition = condition_text(fact);
            let fact = Msg::FactFails { condition: &condition, count: course.count(fact) };
            out.push(fact.text(lang));
        }
        if lesson.checks.iter().all(|check| course.holds(&check.condition)) {
            out.push(Msg::TooEasy.text(lang));
        }
    }
    let variants = lesson.variants.iter().enumerate().map(|(number, variant)| {
        let files: Vec<&str> = variant.values().map(String::as_str).collect();
        (With::Variant(number), files.join(" "))
    });
    for (with, name) in std::iter::once((With::Solution, "solution".to_owned())).chain(variants) {
        let Some(course) = course(lesson, with, &name, verbose, lang, &mut out) else { continue };
        for check in lesson.checks.iter().filter(|check| !course.holds(&check.condition)) {
            let goal = check.text.text(lang);
            let count = course.count(&check.condition);
            out.push(Msg::GoalFails { with: &name, goal, count }.text(lang));
        }
    }
    out
}

/// Compiles and runs; complaints about that go to `out`.
fn course(
    lesson: &Lesson,
    with: With<'_>,
    name: &str,
    verbose: bool,
    lang: Lang,
    out: &mut Vec<String>,
) -> Option<Course> {
    let trial = match trial(lesson, with) {
        Ok(trial) => trial,
        Err(problem) => {
            let text =
                format!("scenario.toml:{}: {}", problem.line(&lesson.scenario), problem.text(lang));
            out.push(Msg::Trouble { with: name, text: &text }.text(lang));
            return None;
        }
    };
    for compilation in trial.scenario.compile() {
        let errors = compilation.diagnostics.iter().filter(|_| compilation.program.is_none());
        for error in errors {
            let text = cc::diag::render(error, &compilation.sources, lang);
            out.push(Msg::Trouble { with: name, text: text.trim_end() }.text(lang));
        }
    }
    let course = trial.run(MAX_EVENTS);
    if verbose {
        course.output().iter().for_each(|line| println!("{} {name} | {line}", lesson.id));
    }
    for trouble in &course.troubles {
        out.push(Msg::Trouble { with: name, text: trouble }.text(lang));
    }
    Some(course)
}

/// A condition as it stands in the file.
fn condition_text(condition: &Condition) -> String {
    toml::to_string(condition).unwrap_or_default().trim().replace('\n', ", ")
}

fn grade(folder: &Path, work: &Path, arguments: &[String], lang: Lang) -> bool {
    // A mistyped folder must not look like a student who handed nothing in.
    if let Err(error) = std::fs::read_dir(work) {
        eprintln!("{}: {error}", work.display());
        return false;
    }
    let mut lesson = match lessons::lesson(folder) {
        Ok(lesson) => lesson,
        Err(problems) => {
            problems.iter().for_each(|problem| eprintln!("{}", Msg::Problem(problem).text(lang)));
            return false;
        }
    };
    let files: BTreeMap<String, String> = lesson
        .files
        .iter()
        .filter_map(|file| {
            Some((file.name.clone(), std::fs::read_to_string(work.join(&file.name)).ok()?))
        })
        .collect();
    for file in &mut lesson.files {
        file.solution = files.get(&file.name).cloned();
    }
    // The student's files stand where the solution's would, and so do the arguments.
    lesson.solution.args = arguments
        .iter()
        .filter_map(|argument| argument.split_once('='))
        .map(|(program, args)| {
            (program.to_owned(), args.split_whitespace().map(str::to_owned).collect())
        })
        .collect();
    let mut troubles = Vec::new();
    let course = course(&lesson, With::Solution, "work", false, lang, &mut troubles);
    troubles.iter().for_each(|trouble| println!("{trouble}"));
    let Some(course) = course else { return false };
    let mut reached = 0;
    for check in &lesson.checks {
        let good = course.holds(&check.condition);
        reached += usize::from(good);
        println!("{}", Msg::Goal { reached: good, text: check.text.text(lang) }.text(lang));
    }
    println!("{}", Msg::Reached { goals: reached, of: lesson.checks.len() }.text(lang));
    reached == lesson.checks.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lessons that the compiler does not take yet, by id; one that passes has to leave the list.
    const NOT_YET: &[&str] = &[];

    /// What the texts say about a run is so, the task is open at the start, and its solution and
    /// variants do it.
    #[test]
    fn every_lesson_is_as_it_says() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lessons");
        let lessons = lessons::course(&root).expect("the build script has read the same files");
        let mut wrong = Vec::new();
        for lesson in &lessons {
            let complaints = complaints(lesson, false, Lang::En);
            match (NOT_YET.contains(&lesson.id.as_str()), complaints.is_empty()) {
                (false, false) => wrong.push(format!("{}: {}", lesson.id, complaints.join("\n"))),
                (true, true) => wrong.push(format!("{}: passes; no longer NOT_YET", lesson.id)),
                (false, true) | (true, false) => {}
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
