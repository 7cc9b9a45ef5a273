//! Windows programs: the reference is Wine, which is not Windows but answers with its codes.
//!
//! MinGW-w64 compiles, Wine runs; what is compared is what the programs write and how they end.
//! Wine's server makes the sockets of all programs, so all hosts of a scenario are one network
//! namespace with an address for each.

use super::linux::Network;
use super::scenario::{Scenario, stem};
use super::strace::{Event, Process};
use super::{From, Judge, Outcome, record, simulated};
use crate::system::which;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Between the starts of two programs: the first must be ready.
const STAGGER: Duration = Duration::from_millis(1500);

/// Judges a scenario of Windows hosts.
pub(super) fn judge(judge: &mut Judge, scenario: &Scenario) -> Result<(), String> {
    let real = if judge.options.from == From::Recorded {
        match record::read(scenario)? {
            Some(runs) => runs,
            None => return skip(judge, scenario, "not recorded: cargo xtask judge --record"),
        }
    } else if let Some(missing) = missing() {
        return skip(judge, scenario, &missing);
    } else {
        vec![run(judge.workshop.dir(), scenario)?]
    };
    if judge.options.from == From::Record {
        record::write(scenario, &real)?;
    }
    let mut simulated = simulated::run(&judge.soquete, scenario, judge.workshop.dir())?;
    simulated.packets.clear();
    for process in simulated.hosts.iter_mut().flatten() {
        process.events.retain(|event| event.name == "end");
    }
    judge.judge("sim", scenario, &real, &simulated);
    Ok(())
}

fn skip(judge: &mut Judge, scenario: &Scenario, why: &str) -> Result<(), String> {
    println!("– {}: NOT JUDGED: {why}", scenario.name);
    judge.tally.skipped.push(format!("{} ({why})", scenario.name));
    Ok(())
}

/// What has to be installed, in words.
fn missing() -> Option<String> {
    let programs = [("wine", "wine"), ("x86_64-w64-mingw32-g++", "g++-mingw-w64-x86-64")];
    let packages: Vec<&str> =
        programs.iter().filter(|(p, _)| which(p).is_none()).map(|(_, package)| *package).collect();
    (!packages.is_empty())
        .then(|| format!("Windows programs need Wine: apt-get install {}", packages.join(" ")))
}

fn wine(prefix: &Path, network: &Network) -> Command {
    let mut command = Command::new("ip");
    command.args(["netns", "exec", network.first()]);
    command.env("WINEPREFIX", prefix).env("WINEDEBUG", "-all");
    // No .NET and no HTML engine: it would ask whether to fetch them.
    command.env("WINEDLLOVERRIDES", "mscoree=;mshtml=").env_remove("DISPLAY");
    command.stdin(Stdio::null()).stderr(Stdio::null()).stdout(Stdio::null());
    command
}

fn run(dir: &Path, scenario: &Scenario) -> Result<Outcome, String> {
    let prefix = crate::system::target_dir().join("wine");
    std::fs::create_dir_all(&prefix).map_err(|error| format!("{}: {error}", prefix.display()))?;
    let network = Network::of_addresses(scenario.hosts.len())?;
    let failed = |error: std::io::Error| format!("wine: {error}");
    // The first call of a prefix makes it, of a namespace starts Wine's server.
    wine(&prefix, &network).args(["wine", "cmd", "/c", "exit"]).status().map_err(failed)?;
    let mut running: Vec<(usize, Child, PathBuf)> = Vec::new();
    for (i, program) in scenario.programs.iter().enumerate() {
        let exe = compile(dir, &program.source, i)?;
        let output = dir.join(format!("wine{i}"));
        let file = std::fs::File::create(&output).map_err(failed)?;
        let mut command = wine(&prefix, &network);
        command.arg("wine").arg(exe).args(&program.args);
        command.stderr(file.try_clone().map_err(failed)?).stdout(file);
        let child = command.current_dir(dir).spawn().map_err(failed)?;
        running.push((program.host, child, output));
        std::thread::sleep(STAGGER);
    }
    let mut outcome = Outcome::of_hosts(scenario.hosts.len());
    let start = Instant::now();
    for (host, child, output) in &mut running {
        let status = loop {
            match child.try_wait() {
                Ok(None) if start.elapsed() < Duration::from_secs(scenario.until_s) => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Ok(Some(status)) => break status.code(),
                _ => break None,
            }
        };
        let text = std::fs::read(output).unwrap_or_default();
        outcome.says(*host, &String::from_utf8_lossy(&text).replace('\r', ""), &[]);
        let end = status.map(|code| format!("+++ exited with {code} +++"));
        let event = |args| Event { name: "end".to_owned(), args, result: String::new() };
        outcome.hosts[*host].push(Process { events: end.map(event).into_iter().collect() });
    }
    let _ = wine(&prefix, &network).args(["wineserver", "-k"]).status();
    for (_, mut child, _) in running {
        // What did not end by itself has ended with its server.
        let _ = child.kill();
        let _ = child.wait();
    }
    Ok(outcome)
}

fn compile(dir: &Path, source: &Path, number: usize) -> Result<PathBuf, String> {
    let exe = dir.join(format!("{}{number}.exe", stem(source)));
    let cpp = source.extension().is_some_and(|e| e == "cpp");
    let compiler = if cpp { "x86_64-w64-mingw32-g++" } else { "x86_64-w64-mingw32-gcc" };
    let mut command = Command::new(compiler);
    command.args(["-w", "-static", "-o"]).arg(&exe).arg(source).arg("-lws2_32");
    match command.output() {
        Ok(output) if output.status.success() => Ok(exe),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        Err(error) => Err(format!("{compiler}: {error}")),
    }
}
