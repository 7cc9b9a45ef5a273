//! `cargo xtask judge`: the same program on the simulated kernel and on this computer's, compared
//! call by call. A difference is an error, shown with the first line that diverges.
//!
//! An ordered program gives the same trace on Linux every time and the simulator's must be equal
//! to it. A racy one gives several: the real run is repeated, and the simulator's must be one of
//! them. What may differ at all stands in `strace.rs`, each kind with its reason.
//!
//! Missing so far: the bridge's executor as the third kernel.

mod linux;
mod packets;
mod random;
mod simulated;
mod strace;

use crate::step::{Done, Failed, failed};
use std::path::{Path, PathBuf};
use std::process::Command;
use strace::{Event, Process, UNFINISHED};

/// Programs that run together, one host each.
struct Scenario {
    name: String,
    programs: Vec<PathBuf>,
}

impl Scenario {
    /// A program that makes thousands of small experiments and prints a line for each: its lines
    /// are compared, each by itself, and its calls are not traced.
    fn is_matrix(&self) -> bool {
        self.name.starts_with("matrix")
    }

    /// Whether a program's first comment says that its order depends on time.
    fn is_racy(&self) -> bool {
        self.programs.iter().any(|program| {
            let text = std::fs::read_to_string(program).unwrap_or_default();
            text.split("*/").next().is_some_and(|comment| comment.to_lowercase().contains("racy"))
        })
    }
}

/// What a run of a scenario gave: for each host its processes and its output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Outcome {
    hosts: Vec<Vec<Process>>,
    outputs: Vec<String>,
    /// Between hosts; empty for one alone.
    packets: packets::Packets,
}

/// Options and programs of the command line.
struct Options {
    repeat: usize,
    full: bool,
    real_only: bool,
    random: usize,
    seed: u64,
    soquete: Option<PathBuf>,
    paths: Vec<PathBuf>,
}

/// Judges the named programs, or the whole corpus.
pub(crate) fn run(arguments: &[String]) -> Done {
    let options = parse(arguments)?;
    linux::check_tools()?;
    let soquete = match &options.soquete {
        Some(path) => path.clone(),
        None => build_soquete()?,
    };
    let scenarios = scenarios(&options.paths)?;
    let workshop = linux::Workshop::new().map_err(say)?;
    println!("{} scenarios on Linux {} and on the simulator", scenarios.len(), linux::release());
    let mut tally = Tally::default();
    for scenario in &scenarios {
        judge(scenario, &workshop, &soquete, &options, &mut tally).map_err(say)?;
    }
    if options.random > 0 {
        let judges =
            random::Judges { workshop: &workshop, soquete: &soquete, real_only: options.real_only };
        judges.random(options.seed, options.random, &mut tally).map_err(say)?;
    }
    tally.report();
    if tally.differ.is_empty() && tally.unstable.is_empty() { Ok(()) } else { Err(Failed) }
}

fn say(error: String) -> Failed {
    eprintln!("✗ judge: {error}");
    Failed
}

fn parse(arguments: &[String]) -> Result<Options, Failed> {
    let mut options = Options {
        repeat: 3,
        full: false,
        real_only: false,
        random: 0,
        seed: 1,
        soquete: None,
        paths: Vec::new(),
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--full" => options.full = true,
            "--real-only" => options.real_only = true,
            "--repeat" => options.repeat = number(argument, rest.next())?,
            "--random" => options.random = number(argument, rest.next())?,
            "--seed" => options.seed = number(argument, rest.next())?,
            "--soquete" => options.soquete = rest.next().map(PathBuf::from),
            path => options.paths.push(PathBuf::from(path)),
        }
    }
    if options.paths.is_empty() && options.random == 0 {
        options.paths.push(PathBuf::from("tests/judge"));
    }
    Ok(options)
}

fn number<T: std::str::FromStr>(option: &str, text: Option<&String>) -> Result<T, Failed> {
    text.and_then(|text| text.parse().ok()).ok_or_else(|| {
        eprintln!("✗ judge: {option} needs a number");
        Failed
    })
}

fn build_soquete() -> Result<PathBuf, Failed> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--package", "soquete-cli"]);
    crate::step::Step::new("soquete", cargo).run()?;
    Ok(crate::system::target_dir().join("debug/soquete"))
}

/// A file is a scenario of one host; a folder of numbered files is one of several; any other folder
/// is a list of both.
fn scenarios(paths: &[PathBuf]) -> Result<Vec<Scenario>, Failed> {
    let mut found = Vec::new();
    for path in paths {
        collect(path, &mut found);
    }
    if found.is_empty() && !paths.is_empty() {
        failed("judge", "no programs there", "name C files, or folders of them")?;
    }
    Ok(found)
}

fn collect(path: &Path, found: &mut Vec<Scenario>) {
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let is_source = |path: &Path| path.extension().is_some_and(|e| e == "c" || e == "cpp");
    if path.is_file() {
        if is_source(path) {
            found.push(Scenario { name, programs: vec![path.to_owned()] });
        }
        return;
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut inside: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    inside.sort();
    let numbered = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        is_source(path) && name.starts_with(|c: char| c.is_ascii_digit()) && name.contains('-')
    };
    let programs: Vec<PathBuf> = inside.iter().filter(|path| numbered(path)).cloned().collect();
    if programs.is_empty() {
        for one in &inside {
            collect(one, found);
        }
    } else {
        found.push(Scenario { name, programs });
    }
}

#[derive(Default)]
struct Tally {
    agree: usize,
    racy: usize,
    calls: usize,
    calls_agree: usize,
    cases: usize,
    cases_agree: usize,
    differ: Vec<String>,
    unstable: Vec<String>,
}

impl Tally {
    fn report(&self) {
        let all = self.agree + self.differ.len() + self.unstable.len();
        println!(
            "judge: {} of {all} scenarios agree ({} racy), {} of {} calls, {} of {} matrix cases",
            self.agree, self.racy, self.calls_agree, self.calls, self.cases_agree, self.cases
        );
        if !self.differ.is_empty() {
            println!("differ: {}", self.differ.join(" "));
        }
        if !self.unstable.is_empty() {
            println!("never ran: {}", self.unstable.join(" "));
        }
    }
}

fn judge(
    scenario: &Scenario,
    workshop: &linux::Workshop,
    soquete: &Path,
    options: &Options,
    tally: &mut Tally,
) -> Result<(), String> {
    if scenario.is_matrix() {
        return judge_matrix(scenario, workshop, soquete, options, tally);
    }
    let mut real = vec![linux::judge(workshop, scenario)?];
    if options.real_only {
        for _ in 1..options.repeat {
            let again = linux::judge(workshop, scenario)?;
            if !real.iter().any(|one| difference(one, &again).is_none()) {
                real.push(again);
            }
        }
        println!("{}: {} different real runs", scenario.name, real.len());
        if options.full {
            print_whole(&real[0]);
        }
        if let [first, second, ..] = &real[..] {
            print!("{}", difference(first, second).unwrap_or_default());
        }
        return Ok(());
    }
    let simulated = match simulated::run(soquete, scenario, workshop.dir()) {
        Ok(outcome) => outcome,
        Err(error) => {
            println!("✗ {}: {}", scenario.name, error.lines().next().unwrap_or_default());
            tally.unstable.push(scenario.name.clone());
            return Ok(());
        }
    };
    // Repeated only if the first does not agree: then either Linux varies, or we are wrong.
    for _ in 1..options.repeat {
        if real.iter().any(|one| difference(one, &simulated).is_none()) {
            break;
        }
        let again = linux::judge(workshop, scenario)?;
        if !real.iter().any(|one| difference(one, &again).is_none()) {
            real.push(again);
        }
    }
    if real.iter().all(|one| difference(one, &simulated).is_some())
        && (scenario.is_racy() || real.len() > 1)
        && real.iter().any(|one| difference(&relaxed(one), &relaxed(&simulated)).is_none())
    {
        tally.agree += 1;
        tally.racy += 1;
        println!("✓ {} (racy: agrees in what does not depend on the moment)", scenario.name);
        return Ok(());
    }
    let (same, all) = real.iter().map(|one| score(one, &simulated)).max().unwrap_or((0, 0));
    tally.calls += all;
    tally.calls_agree += same;
    if real.iter().any(|one| difference(one, &simulated).is_none()) {
        tally.agree += 1;
        tally.racy += usize::from(real.len() > 1);
        println!("✓ {} ({all} calls)", scenario.name);
        return Ok(());
    }
    let racy = if real.len() > 1 {
        format!("; Linux itself varied: {} ways", real.len())
    } else {
        String::new()
    };
    println!("✗ {}: {same} of {all} calls agree{racy}", scenario.name);
    print!("{}", difference(&real[0], &simulated).unwrap_or_default());
    if options.full {
        println!("  simulated, whole:");
        print_whole(&simulated);
        println!("  linux, whole:");
        print_whole(&real[0]);
    }
    tally.differ.push(scenario.name.clone());
    Ok(())
}

/// Compares the lines of a matrix; those on which Linux itself varies are left out and counted.
fn judge_matrix(
    scenario: &Scenario,
    workshop: &linux::Workshop,
    soquete: &Path,
    options: &Options,
    tally: &mut Tally,
) -> Result<(), String> {
    /// Enough to see what kind of difference it is; `--full` prints all.
    const SHOWN: usize = 12;
    let lines = |outcome: &Outcome| -> Vec<String> {
        outcome.outputs[0].lines().map(|line| strace::words(line, &[])).collect()
    };
    let first = lines(&linux::judge(workshop, scenario)?);
    let second = lines(&linux::judge(workshop, scenario)?);
    let stable = |i: usize| second.get(i) == Some(&first[i]);
    let varied = (0..first.len()).filter(|i| !stable(*i)).count();
    if options.real_only {
        println!("{}: {} lines, {varied} of them vary", scenario.name, first.len());
        return Ok(());
    }
    let simulated = match simulated::run(soquete, scenario, workshop.dir()) {
        Ok(outcome) => lines(&outcome),
        Err(error) => {
            println!("✗ {}: {}", scenario.name, error.lines().next().unwrap_or_default());
            tally.unstable.push(scenario.name.clone());
            return Ok(());
        }
    };
    // By what stands before the colon: a line that is missing must not shift all others.
    let key = |line: &str| line.split_once(": ").map_or(line, |(key, _)| key).to_owned();
    let theirs: std::collections::BTreeMap<String, &String> =
        simulated.iter().map(|line| (key(line), line)).collect();
    let mut differ = Vec::new();
    let mut same = 0;
    for (i, line) in first.iter().enumerate().filter(|(i, _)| stable(*i)) {
        match theirs.get(&key(line)) {
            Some(other) if *other == line => same += 1,
            other => differ.push((i, other.map_or("(no such line)", |line| line.as_str()))),
        }
    }
    let all = first.len() - varied;
    tally.cases += all;
    tally.cases_agree += same;
    let mark = if differ.is_empty() { '✓' } else { '✗' };
    println!("{mark} {}: {same} of {all} cases agree ({varied} vary on Linux)", scenario.name);
    let shown = if options.full { differ.len() } else { differ.len().min(SHOWN) };
    for (i, other) in &differ[..shown] {
        println!("    ≠ linux  {}\n    ≠ other  {other}", first[*i]);
    }
    if differ.is_empty() {
        tally.agree += 1;
    } else {
        tally.differ.push(scenario.name.clone());
    }
    Ok(())
}

fn print_whole(outcome: &Outcome) {
    for (host, processes) in outcome.hosts.iter().enumerate() {
        for (number, process) in processes.iter().enumerate() {
            for event in &process.events {
                println!("    {host}.{number} {}", event.line());
            }
        }
        for line in outcome.outputs[host].lines() {
            println!("    {host}   > {line}");
        }
    }
}

/// What does not depend on how a stream was cut: receives in a row on one descriptor become one
/// with their total; packets are not compared.
fn relaxed(outcome: &Outcome) -> Outcome {
    let mut all = outcome.clone();
    all.packets.clear();
    for process in all.hosts.iter_mut().flatten() {
        let mut merged: Vec<Event> = Vec::new();
        for mut event in std::mem::take(&mut process.events) {
            let bytes = event.result.parse::<u64>().ok().filter(|n| *n > 0);
            if let (Some(bytes), true) = (bytes, matches!(event.name.as_str(), "recvfrom" | "read"))
            {
                event.args = event.args.split(',').next().unwrap_or_default().to_owned();
                if let Some(last) = merged.last_mut()
                    && (&last.name, &last.args) == (&event.name, &event.args)
                {
                    let before: u64 = last.result.parse().unwrap_or(0);
                    last.result = (before + bytes).to_string();
                    continue;
                }
            }
            merged.push(event);
        }
        process.events = merged;
    }
    all
}

/// Events at the end that mean "it was still there": a run on Linux is ended by us.
fn trimmed(events: &[Event]) -> &[Event] {
    let mut end = events.len();
    if end > 0 && events[end - 1].args.contains("killed by SIGKILL") {
        end -= 1;
        if end > 0 && events[end - 1].result == UNFINISHED {
            end -= 1;
        }
    } else if end > 0 && events[end - 1].result == UNFINISHED {
        end -= 1;
    }
    &events[..end]
}

/// Calls of Linux's run that the other made too, in place; and how many there were.
fn score(linux: &Outcome, other: &Outcome) -> (usize, usize) {
    let mut same = 0;
    let mut all = 0;
    for (host, processes) in linux.hosts.iter().enumerate() {
        for (number, process) in processes.iter().enumerate() {
            let mine = trimmed(&process.events);
            all += mine.len();
            let theirs = other.hosts.get(host).and_then(|hosts| hosts.get(number));
            let theirs = theirs.map_or(&[][..], |process| trimmed(&process.events));
            same += mine.iter().zip(theirs).filter(|(a, b)| a == b).count();
        }
    }
    (same, all)
}

/// The first difference between two runs, with what came before it; `None` if they agree.
fn difference(linux: &Outcome, other: &Outcome) -> Option<String> {
    for (host, processes) in linux.hosts.iter().enumerate() {
        let empty = Vec::new();
        let theirs = other.hosts.get(host).unwrap_or(&empty);
        for number in 0..processes.len().max(theirs.len()) {
            let side = |all: &[Process]| {
                all.get(number).map(|process| trimmed(&process.events).to_vec()).unwrap_or_default()
            };
            let (a, b) = (side(processes), side(theirs));
            let common = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
            if common == a.len() && common == b.len() {
                continue;
            }
            let mut text = format!("  host {}, process {}:\n", host + 1, number + 1);
            for event in &a[common.saturating_sub(3)..common] {
                text += &format!("      both   {}\n", event.line());
            }
            let line = |events: &[Event]| {
                events.get(common).map_or("(nothing more)".to_owned(), Event::line)
            };
            text += &format!("    ≠ linux  {}\n", line(&a));
            text += &format!("    ≠ other  {}\n", line(&b));
            return Some(text);
        }
    }
    for (host, output) in linux.outputs.iter().enumerate() {
        let clean =
            |text: &str| text.lines().map(|line| strace::words(line, &[])).collect::<Vec<String>>();
        let a = clean(output);
        let b = clean(other.outputs.get(host).map_or("", String::as_str));
        let common = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
        if common < a.len() || common < b.len() {
            let line =
                |lines: &[String]| lines.get(common).cloned().unwrap_or("(nothing)".to_owned());
            return Some(format!(
                "  host {}, output, line {}:\n    ≠ linux  {}\n    ≠ other  {}\n",
                host + 1,
                common + 1,
                line(&a),
                line(&b)
            ));
        }
    }
    packets::difference(&linux.packets, &other.packets)
}
