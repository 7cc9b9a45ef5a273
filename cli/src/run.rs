//! `soquete run`: programs without a page, on the simulated kernel or on this computer's.
//!
//! Each program (a C or C++ file and its arguments, quoted together) gets a host of its own, in
//! order, named after its file, at 10.0.0.1, 10.0.0.2, … Their output goes to stdout, prefixed by
//! `name[pid]: ` when there are several; the trace goes to stderr or to `--trace-file`.
//!
//! Exit status: 0 when every program ended by itself or waits in a call at the end, 1 when one
//! faulted or does not compile, 2 for bad usage.

mod load;
mod print;
mod real;

use crate::usage::Failure;
use abi::Lang;
use sim::inspect;
use sim::scenario::{Rate, Scenario, Time};
use sim::trace::{Sink, What};
use sim::world::World;
use std::path::PathBuf;
use std::process::ExitCode;

/// Events after which a run is ended: a program that does nothing but call the kernel.
const EVENTS_MAX: u64 = 50_000_000;

/// Options of `soquete run`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Each program: a C or C++ file and its arguments, quoted together.
    #[arg(required_unless_present = "scenario", value_name = "PROGRAM")]
    programs: Vec<String>,
    /// Put all programs on one host.
    #[arg(long)]
    same_host: bool,
    /// Each later program starts so much after the one before.
    #[arg(long, default_value = "50ms", value_name = "TIME")]
    stagger: Time,
    /// Who answers the system calls.
    #[arg(long, default_value = "sim", value_enum)]
    on: On,
    /// A scenario file (TOML) instead of programs; its folder holds their sources.
    #[arg(long, value_name = "FILE", conflicts_with = "programs")]
    scenario: Option<PathBuf>,
    /// Everything random follows from it.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// When the run ends, in simulated time.
    #[arg(long, value_name = "TIME")]
    until: Option<Time>,
    /// What is typed to a program, from a file; may be repeated.
    #[arg(long, value_name = "NAME=FILE")]
    stdin: Vec<String>,
    /// The host of this program is a Windows host; may be repeated.
    #[arg(long, value_name = "NAME")]
    windows: Vec<String>,
    /// Who runs the programs: root may use ports below 1024 and raw sockets. Without it, who
    /// runs `soquete`; in a scenario, whom the file names.
    #[arg(long, value_enum)]
    user: Option<User>,
    /// Probability that the network loses a frame.
    #[arg(long, value_name = "P")]
    loss: Option<f64>,
    /// From one end of the network to the other.
    #[arg(long, value_name = "TIME")]
    delay: Option<Time>,
    /// Added to the delay at random, up to this.
    #[arg(long, value_name = "TIME")]
    jitter: Option<Time>,
    /// Bits a second, e.g. 10mbit.
    #[arg(long, value_name = "RATE")]
    rate: Option<Rate>,
    /// Probability that a frame arrives twice.
    #[arg(long, value_name = "P")]
    duplicate: Option<f64>,
    /// Probability that one bit of a frame turns.
    #[arg(long, value_name = "P")]
    corrupt: Option<f64>,
    /// The longest IP packet, bytes.
    #[arg(long, value_name = "BYTES")]
    mtu: Option<u32>,
    /// What is traced.
    #[arg(long, default_value = "none", value_enum)]
    trace: Trace,
    /// Where the trace goes instead of stderr.
    #[arg(long, value_name = "FILE")]
    trace_file: Option<PathBuf>,
    /// Writes every frame of the network, for Wireshark (pcapng).
    #[arg(long, value_name = "FILE")]
    pcap: Option<PathBuf>,
    /// Writes the sequence diagram.
    #[arg(long, value_name = "FILE.svg")]
    diagram: Option<PathBuf>,
    /// Language of diagnostics and messages [default: that of LC_ALL, LC_MESSAGES, LANG].
    #[arg(long, value_enum)]
    lang: Option<Language>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum User {
    /// The user number 0.
    Root,
    /// The user number 1000.
    Student,
}

impl User {
    /// The user number.
    fn uid(self) -> u32 {
        match self {
            User::Root => 0,
            User::Student => sim::scenario::USER,
        }
    }
}

/// Root if this process belongs to root, as the real program would; where there is no /proc, not.
fn same_user() -> User {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
            return User::Root;
        }
    }
    User::Student
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum On {
    /// The simulated kernel.
    Sim,
    /// This computer's.
    Real,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Trace {
    /// One line a call, as `strace -f` prints it.
    Strace,
    /// One JSON object a line, for programs.
    Json,
    /// Nothing.
    None,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    En,
    #[value(name = "pt-BR", alias = "pt")]
    PtBr,
}

impl Args {
    fn lang(&self) -> Lang {
        match self.lang {
            Some(Language::En) => Lang::En,
            Some(Language::PtBr) => Lang::PtBr,
            None => crate::usage::language(),
        }
    }
}

/// Runs the programs.
pub(crate) fn main(args: &Args) -> ExitCode {
    match run(args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => failure.report("run", args.lang()),
    }
}

/// Whether every program ended by itself or waits.
fn run(args: &Args) -> Result<bool, Failure> {
    let scenario = load::scenario(args)?;
    let Some(programs) = compile(&scenario, args.lang()) else { return Ok(false) };
    match args.on {
        On::Real => real::run(&scenario, &programs, args),
        On::Sim => simulate(&scenario, programs, args),
    }
}

type Programs = Vec<std::sync::Arc<cc::Program>>;

/// Every program, or `None` after saying what is wrong with which.
fn compile(scenario: &Scenario, lang: Lang) -> Option<Programs> {
    let mut programs = Vec::new();
    for compilation in scenario.compile() {
        for diagnostic in &compilation.diagnostics {
            // Hints are for those who are typing.
            if diagnostic.severity != cc::Severity::Lint {
                eprint!("{}", cc::diag::render(diagnostic, &compilation.sources, lang));
            }
        }
        programs.push(compilation.program);
    }
    programs.into_iter().collect()
}

fn simulate(scenario: &Scenario, programs: Programs, args: &Args) -> Result<bool, Failure> {
    let mut world = World::with_programs(scenario, programs.into_iter().map(Some).collect());
    let mut sink = Sink::on();
    let mut printer = print::Printer::new(scenario, args)?;
    let keeps = args.pcap.is_some() || args.diagram.is_some();
    let mut kept = Vec::new();
    let mut good = true;
    while world.step < EVENTS_MAX && world.step(scenario.until_ns, &mut sink) {
        for record in sink.take() {
            if let What::Fault { fault, line } = &record.what {
                good = false;
                let host = record.host.0 as usize;
                eprint!("{}", fault_text(scenario, host, *line, &fault.text(args.lang())));
            }
            printer.record(&record);
            if keeps {
                kept.push(record);
            }
        }
    }
    let rows = inspect::processes(&world);
    if let Some((row, line)) = inspect::computing(&rows) {
        good = false;
        let host = row.host.0 as usize;
        eprint!("{}", fault_text(scenario, host, Some(line), &endless_text(world.step, args)));
    } else if world.step >= EVENTS_MAX {
        eprintln!("soquete run: stopped after {EVENTS_MAX} events");
    }
    printer.unfinished();
    if let Some(path) = &args.pcap {
        let names: Vec<String> = scenario.hosts.iter().map(|host| host.name.clone()).collect();
        load::write(path, &inspect::pcapng(&names, kept.iter()))?;
    }
    if let Some(path) = &args.diagram {
        let names: Vec<String> = scenario.hosts.iter().map(|host| host.name.clone()).collect();
        let picture = inspect::svg(&inspect::ladder(kept.iter()), &names);
        load::write(path, picture.as_bytes())?;
    }
    Ok(good)
}

/// A program that still computes when the run is over.
fn endless_text(step: u64, args: &Args) -> String {
    let many = step >= EVENTS_MAX;
    match args.lang() {
        Lang::PtBr if many => {
            format!("ainda executa depois de {EVENTS_MAX} eventos: um laço sem fim?")
        }
        Lang::PtBr => "ainda executa no fim do tempo simulado: um laço sem fim?".to_owned(),
        Lang::En if many => format!("still runs after {EVENTS_MAX} events: an endless loop?"),
        Lang::En => "still runs at the end of the simulated time: an endless loop?".to_owned(),
    }
}

/// A program that was stopped: where, why, and the line.
fn fault_text(scenario: &Scenario, host: usize, line: Option<u32>, why: &str) -> String {
    let mut here = scenario.programs.iter().filter(|program| program.host == host);
    // Of several programs on a host it is not said which one it was.
    let file = match (here.next(), here.next()) {
        (Some(program), None) => program.file.as_str(),
        _ => scenario.hosts.get(host).map_or("?", |host| host.name.as_str()),
    };
    let Some(line) = line else { return format!("{file}: {why}\n") };
    let source = scenario.files.get(file).and_then(|text| text.lines().nth(line as usize - 1));
    let shown = source.map(|text| format!(" {line} | {text}\n")).unwrap_or_default();
    format!("{file}:{line}: {why}\n{shown}")
}
