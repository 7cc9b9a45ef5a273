//! The accused: the same sources in `soquete run`, on the simulated kernel.

use super::scenario::Scenario;
use super::{Outcome, packets, strace};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a scenario in the simulator.
pub(super) fn run(soquete: &Path, scenario: &Scenario, dir: &Path) -> Result<Outcome, String> {
    let trace = dir.join("simulated.trace");
    let mut command = Command::new(soquete);
    command.args(["run", "--trace", "strace", "--trace-file"]).arg(&trace);
    let capture = dir.join("simulated.pcapng");
    let alone = scenario.hosts.len() == 1;
    if !alone {
        // A veth pair delivers, and is answered, before the call that sends returns.
        command.args(["--delay", "0us", "--pcap"]).arg(&capture);
    }
    match &scenario.file {
        Some(file) => command.arg("--scenario").arg(file),
        // On Linux the programs are no root's either; a scenario says whose they are.
        None => command
            .args(["--user", "student"])
            .args(scenario.programs.iter().map(|program| &program.source)),
    };
    command.stdin(Stdio::null());
    let output = command.output().map_err(|error| format!("{}: {error}", soquete.display()))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.code() == Some(2) {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let trace = std::fs::read(&trace).unwrap_or_default();
    let trace = String::from_utf8_lossy(&trace);
    let names = &scenario.hosts;
    let mut traces: BTreeMap<&str, String> = BTreeMap::new();
    for line in trace.lines() {
        if let Some(name) = names.iter().find(|name| is_of(line, name)) {
            let all = traces.entry(name).or_default();
            all.push_str(line);
            all.push('\n');
        }
    }
    let mut outcome = Outcome::of_hosts(names.len());
    if !alone {
        outcome.packets = packets::read(&capture)?;
    }
    for (host, name) in names.iter().enumerate() {
        let trace = traces.get(name.as_str()).map_or("", String::as_str);
        let mut processes = strace::read(trace);
        if let Some(fault) = stopped(&output) {
            processes.iter_mut().take(1).for_each(|process| process.events.push(fault.clone()));
        }
        outcome.hosts[host] = processes;
        let prefixed = scenario.programs.len() > 1;
        let mut mine = String::new();
        for line in text.lines() {
            if !prefixed {
                mine.push_str(line);
                mine.push('\n');
            } else if is_of(line, name) {
                mine.push_str(line.split_once("]: ").map_or("", |(_, text)| text));
                mine.push('\n');
            }
        }
        outcome.says(host, &mine, &strace::numbers(trace));
    }
    Ok(outcome)
}

/// A program that does not compile or that the checked machine stopped (exit status 1).
fn stopped(output: &std::process::Output) -> Option<strace::Event> {
    if output.status.code() != Some(1) {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("failed").to_owned();
    Some(strace::Event { name: "end".to_owned(), args: first, result: String::new() })
}

/// Whether a line begins with `name[pid]`.
fn is_of(line: &str, name: &str) -> bool {
    line.strip_prefix(name).is_some_and(|rest| {
        let digits = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        digits.is_some_and(|(digits, _)| digits.bytes().all(|byte| byte.is_ascii_digit()))
    })
}
