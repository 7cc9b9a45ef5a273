//! `cargo xtask judge`: the same program on the simulated kernel and on this computer's, compared
//! call by call. A difference is an error, shown with the first line that diverges.
//!
//! An ordered program gives the same trace on Linux every time and the simulator's must be equal
//! to it. A racy one gives several: the real run is repeated, and the simulator's must be one of
//! them. What may differ at all stands in `strace.rs`, each kind with its reason.
//!
//! Three columns: Linux (gcc, strace), the simulator, and the bridge's executor on Linux
//! (`soquete run --on real`). `--record` keeps what Linux did in `tests/judge/recorded`, so that
//! `--recorded` can judge the simulator anywhere. What is known to differ stands in
//! `tests/judge/expected.txt`; anything else that differs is an error.

mod compare;
mod expected;
mod linux;
mod packets;
mod random;
mod record;
mod scenario;
mod simulated;
mod strace;
mod tun;
mod wine;

use crate::step::{Done, Failed, failed};
use compare::{Verdict, verdict};
use expected::Expected;
use linux::By;
use scenario::Scenario;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use strace::Process;

/// What a run of a scenario gave: for each host its processes and its output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Outcome {
    hosts: Vec<Vec<Process>>,
    outputs: Vec<String>,
    /// Between hosts; empty for one alone.
    packets: packets::Packets,
}

impl Outcome {
    fn of_hosts(hosts: usize) -> Outcome {
        let outputs = vec![String::new(); hosts];
        Outcome { hosts: vec![Vec::new(); hosts], outputs, packets: packets::Packets::new() }
    }

    /// Adds what a program wrote, with what varies named by its kind.
    fn says(&mut self, host: usize, text: &str, numbers: &[String]) {
        for line in text.lines() {
            self.outputs[host] += &strace::words(line, numbers);
            self.outputs[host].push('\n');
        }
    }
}

/// Where Linux's answers come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    /// This computer's kernel, now.
    Live,
    /// As before, and they are written down.
    Record,
    /// What was written down.
    Recorded,
}

/// Options and programs of the command line.
struct Options {
    from: From,
    repeat: usize,
    full: bool,
    real_only: bool,
    bridge: bool,
    accept: bool,
    random: usize,
    seed: u64,
    soquete: Option<PathBuf>,
    paths: Vec<PathBuf>,
}

/// Judges the named programs, or the whole corpus.
pub(crate) fn run(arguments: &[String]) -> Done {
    if arguments == ["--tun"] {
        return tun::run();
    }
    let options = parse(arguments)?;
    if options.from == From::Recorded {
        linux::check_reader()?;
    } else {
        linux::check_tools()?;
    }
    let soquete = match &options.soquete {
        Some(path) => path.clone(),
        None => build_soquete()?,
    };
    let workshop = linux::Workshop::new(options.from != From::Recorded).map_err(say)?;
    let scenarios = scenario::collect(&options.paths, workshop.dir()).map_err(say)?;
    if scenarios.is_empty() && !options.paths.is_empty() {
        failed("judge", "no programs there", "name C files, or folders of them")?;
    }
    let mut judge = Judge {
        expected: Expected::read().map_err(say)?,
        workshop,
        soquete,
        options,
        tally: Tally::default(),
    };
    let kernel = match judge.options.from {
        From::Recorded => record::kernel().map_err(say)?,
        From::Live | From::Record => format!("Linux {}", linux::release()),
    };
    println!("{} scenarios: the simulator against {kernel}", scenarios.len());
    if judge.options.from == From::Record {
        record::write_kernel().map_err(say)?;
    }
    for scenario in &scenarios {
        judge.scenario(scenario).map_err(say)?;
    }
    if judge.options.random > 0 {
        let Judge { workshop, soquete, options, tally, .. } = &mut judge;
        let judges = random::Judges { workshop, soquete, real_only: options.real_only };
        judges.random(options.seed, options.random, tally).map_err(say)?;
    }
    judge.tally.report();
    if judge.options.accept {
        judge.expected.write().map_err(say)?;
        return Ok(());
    }
    if judge.tally.worse.is_empty() { Ok(()) } else { Err(Failed) }
}

/// Why no program can be judged on this computer's kernel, and what would help.
pub(crate) fn live_is_possible() -> Result<(), String> {
    linux::possible()
}

fn say(error: String) -> Failed {
    eprintln!("✗ judge: {error}");
    Failed
}

fn parse(arguments: &[String]) -> Result<Options, Failed> {
    let mut options = Options {
        from: From::Live,
        repeat: 3,
        full: false,
        real_only: false,
        bridge: true,
        accept: false,
        random: 0,
        seed: 1,
        soquete: None,
        paths: Vec::new(),
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--record" => options.from = From::Record,
            "--recorded" => options.from = From::Recorded,
            "--full" => options.full = true,
            "--real-only" => options.real_only = true,
            "--no-bridge" => options.bridge = false,
            "--accept" => options.accept = true,
            "--lessons" => options.paths.push(PathBuf::from("lessons")),
            "--repeat" => options.repeat = number(argument, rest.next())?,
            "--random" => options.random = number(argument, rest.next())?,
            "--seed" => options.seed = number(argument, rest.next())?,
            "--soquete" => options.soquete = rest.next().map(PathBuf::from),
            path => options.paths.push(PathBuf::from(path)),
        }
    }
    if options.paths.is_empty() && options.random == 0 {
        options.paths.push(PathBuf::from("tests/judge"));
        options.paths.push(PathBuf::from("lessons"));
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

/// What came out of one column.
#[derive(Default)]
struct Score {
    agree: usize,
    racy: usize,
    all: usize,
    calls: usize,
    calls_agree: usize,
}

#[derive(Default)]
struct Tally {
    columns: BTreeMap<&'static str, Score>,
    cases: usize,
    cases_agree: usize,
    skipped: Vec<String>,
    differ: Vec<String>,
    worse: Vec<String>,
}

impl Tally {
    fn report(&self) {
        for (column, score) in &self.columns {
            println!(
                "judge: {column}: {} of {} scenarios agree ({} racy), {} of {} calls",
                score.agree, score.all, score.racy, score.calls_agree, score.calls
            );
        }
        if self.cases > 0 {
            println!("judge: sim: {} of {} matrix cases", self.cases_agree, self.cases);
        }
        for (what, names) in [
            ("differ as expected", &self.differ),
            ("not judged", &self.skipped),
            ("WORSE THAN EXPECTED", &self.worse),
        ] {
            if !names.is_empty() {
                println!("judge: {what}: {}", names.join(", "));
            }
        }
    }
}

/// Everything that judging a scenario needs.
struct Judge {
    workshop: linux::Workshop,
    soquete: PathBuf,
    options: Options,
    expected: Expected,
    tally: Tally,
}

impl Judge {
    fn scenario(&mut self, scenario: &Scenario) -> Result<(), String> {
        if scenario.windows {
            return wine::judge(self, scenario);
        }
        if let Some(why) = &scenario.simulated_only {
            println!("– {}: no real kernel can run it: {why}", scenario.name);
            self.tally.skipped.push(scenario.name.clone());
            return Ok(());
        }
        if scenario.is_matrix() {
            return self.matrix(scenario);
        }
        let mut real = match self.options.from {
            From::Recorded => match record::read(scenario)? {
                Some(runs) => runs,
                None => {
                    println!("✗ {}: not recorded: cargo xtask judge --record", scenario.name);
                    self.tally.worse.push(format!("{} (not recorded)", scenario.name));
                    return Ok(());
                }
            },
            From::Live | From::Record => vec![self.on_linux(scenario, By::Itself)?],
        };
        if self.options.real_only {
            return self.vary(scenario, real);
        }
        if self.options.from == From::Record {
            self.repeat(scenario, &mut real, self.options.repeat)?;
            record::write(scenario, &real)?;
        }
        let simulated = match simulated::run(&self.soquete, scenario, self.workshop.dir()) {
            Ok(outcome) => outcome,
            Err(error) => {
                println!("✗ {}: {}", scenario.name, error.lines().next().unwrap_or_default());
                self.tally.worse.push(format!("{} (does not run)", scenario.name));
                return Ok(());
            }
        };
        if self.options.from == From::Live
            && matches!(verdict(&real, &simulated, false), Verdict::Differs { .. })
        {
            // Either Linux varies, or we are wrong.
            self.repeat(scenario, &mut real, self.options.repeat)?;
        }
        self.judge("sim", scenario, &real, &simulated);
        if self.options.bridge && self.options.from != From::Recorded {
            self.bridge(scenario, &real)?;
        }
        Ok(())
    }

    fn on_linux(&self, scenario: &Scenario, by: By<'_>) -> Result<Outcome, String> {
        linux::judge(&self.workshop, scenario, by)
    }

    /// The bridge's executor is on a real kernel and may be racy as Linux is: it has as many
    /// attempts.
    fn bridge(&mut self, scenario: &Scenario, real: &[Outcome]) -> Result<(), String> {
        let racy = scenario.is_racy();
        for attempt in 1.. {
            let outcome = self.on_linux(scenario, By::Bridge(&self.soquete))?;
            let differs = matches!(verdict(real, &outcome, racy), Verdict::Differs { .. });
            if !differs || attempt >= 2 || self.expected.lists("bridge", &scenario.name) {
                self.judge("bridge", scenario, real, &outcome);
                return Ok(());
            }
        }
        Ok(())
    }

    /// Runs it again on Linux, so often in all, and keeps what is new.
    fn repeat(
        &self,
        scenario: &Scenario,
        real: &mut Vec<Outcome>,
        times: usize,
    ) -> Result<(), String> {
        for _ in 1..times {
            let again = self.on_linux(scenario, By::Itself)?;
            if !real.iter().any(|one| compare::difference(one, &again).is_none()) {
                real.push(again);
            }
        }
        Ok(())
    }

    fn vary(&self, scenario: &Scenario, mut real: Vec<Outcome>) -> Result<(), String> {
        self.repeat(scenario, &mut real, self.options.repeat)?;
        println!("{}: {} different real runs", scenario.name, real.len());
        if self.options.full {
            print_whole(&real[0]);
        }
        if let [first, second, ..] = &real[..] {
            print!("{}", compare::difference(first, second).unwrap_or_default());
        }
        Ok(())
    }

    fn judge(&mut self, column: &'static str, scenario: &Scenario, real: &[Outcome], it: &Outcome) {
        let name = &scenario.name;
        let score = self.tally.columns.entry(column).or_default();
        score.all += 1;
        match verdict(real, it, scenario.is_racy()) {
            Verdict::Agrees { calls } => {
                score.agree += 1;
                score.racy += usize::from(real.len() > 1);
                score.calls += calls;
                score.calls_agree += calls;
                println!("✓ {name}: {column} ({calls} calls)");
                self.expected.scenario_agrees(column, name);
            }
            Verdict::AgreesAsFarAsLinux => {
                score.agree += 1;
                score.racy += 1;
                println!("✓ {name}: {column} (racy: agrees in what does not depend on the moment)");
                self.expected.scenario_agrees(column, name);
            }
            Verdict::Differs { same, all, text } => {
                score.calls += all;
                score.calls_agree += same;
                let ways = match real.len() {
                    1 => String::new(),
                    ways => format!("; Linux itself varied: {ways} ways"),
                };
                println!("✗ {name}: {column}: {same} of {all} calls agree{ways}");
                print!("{text}");
                if self.options.full {
                    println!("  {column}, whole:");
                    print_whole(it);
                    println!("  linux, whole:");
                    print_whole(&real[0]);
                }
                let first = compare::first_lines(&text);
                let list = match self.expected.knows(column, name, same, &first) {
                    true => &mut self.tally.differ,
                    false => &mut self.tally.worse,
                };
                list.push(format!("{name} ({column})"));
                self.expected.scenario_differs(column, name, (same, all), &first);
            }
        }
    }

    /// Compares the lines of a matrix; those on which Linux itself varies are left out and counted.
    fn matrix(&mut self, scenario: &Scenario) -> Result<(), String> {
        /// Enough to see what kind of difference it is; `--full` prints all.
        const SHOWN: usize = 12;
        let lines = |outcome: &Outcome| -> Vec<String> {
            outcome.outputs[0].lines().map(|line| strace::words(line, &[])).collect()
        };
        let cases: Vec<String> = if self.options.from == From::Recorded {
            record::read_matrix(scenario)?
        } else {
            let first = lines(&self.on_linux(scenario, By::Itself)?);
            let second = lines(&self.on_linux(scenario, By::Itself)?);
            let stable = first.iter().enumerate().filter(|(i, line)| second.get(*i) == Some(line));
            let stable: Vec<String> = stable.map(|(_, line)| line.clone()).collect();
            println!("  {}: {} cases vary on Linux", scenario.name, first.len() - stable.len());
            stable
        };
        if self.options.from == From::Record {
            record::write_matrix(scenario, &cases)?;
        }
        if self.options.real_only {
            return Ok(());
        }
        let simulated = lines(&simulated::run(&self.soquete, scenario, self.workshop.dir())?);
        // By what stands before the colon: a line that is missing must not shift all others.
        let key = |line: &str| line.split_once(": ").map_or(line, |(key, _)| key).to_owned();
        let theirs: BTreeMap<String, &String> =
            simulated.iter().map(|line| (key(line), line)).collect();
        let other = |line: &str| theirs.get(&key(line)).map_or("(no such line)", |it| it.as_str());
        let differ: Vec<&String> = cases.iter().filter(|line| other(line) != **line).collect();
        let same = cases.len() - differ.len();
        self.tally.cases += cases.len();
        self.tally.cases_agree += same;
        let mark = if differ.is_empty() { '✓' } else { '✗' };
        println!("{mark} {}: sim: {same} of {} cases agree", scenario.name, cases.len());
        let fresh: Vec<&&String> =
            differ.iter().filter(|line| !self.expected.case(&scenario.name, &key(line))).collect();
        let shown = if self.options.full { usize::MAX } else { SHOWN };
        for line in fresh.iter().take(shown) {
            println!("    ≠ linux  {line}\n    ≠ other  {}", other(line));
        }
        if !fresh.is_empty() {
            self.tally.worse.push(format!("{} ({} cases)", scenario.name, fresh.len()));
        } else if !differ.is_empty() {
            self.tally.differ.push(format!("{} ({} cases)", scenario.name, differ.len()));
        }
        self.expected.cases(&scenario.name, differ.iter().map(|line| key(line)));
        Ok(())
    }
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
