//! What Linux did, written down in `tests/judge/recorded`: so the simulator can be judged on
//! machines without that kernel, and without the rights to make network namespaces.
//!
//! One file a scenario, all runs seen there in it; one a matrix, by states, without the lines that
//! say the same for a non-blocking descriptor. `KERNEL` says which kernel it was and how it was
//! set. `cargo xtask judge --record` writes all of them anew.

use super::strace::{Event, Process};
use super::{Outcome, Scenario};
use crate::system::output_of;
use std::path::{Path, PathBuf};
use std::process::Command;

const DIRECTORY: &str = "tests/judge/recorded";

/// Settings of the kernel that an answer may depend on.
const SYSCTLS: [&str; 16] = [
    "net.core.rmem_default",
    "net.core.somaxconn",
    "net.core.wmem_default",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_abort_on_overflow",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_max_syn_backlog",
    "net.ipv4.tcp_retries2",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_sack",
    "net.ipv4.tcp_syn_retries",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_timestamps",
    "net.ipv4.tcp_tw_reuse",
    "net.ipv4.tcp_wmem",
    "net.unix.max_dgram_qlen",
];

fn write_file(path: &Path, text: &str) -> Result<(), String> {
    std::fs::create_dir_all(DIRECTORY)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn read_file(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The first line of `KERNEL`.
pub(super) fn kernel() -> Result<String, String> {
    let text = read_file(&Path::new(DIRECTORY).join("KERNEL"))
        .map_err(|error| format!("{error}; record first: cargo xtask judge --record"))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Says which kernel answers, and how it is set.
pub(super) fn write_kernel() -> Result<(), String> {
    let uname = output_of(Command::new("uname").arg("-srm")).unwrap_or_default();
    let strace = output_of(Command::new("strace").arg("--version")).unwrap_or_default();
    let strace = strace.lines().next().unwrap_or_default().replace(" -- version", "");
    let mut text = format!("{uname}, {strace}\n");
    for name in SYSCTLS {
        let value = output_of(Command::new("sysctl").args(["-n", name])).unwrap_or_default();
        text += &format!("{name} = {}\n", value.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    write_file(&Path::new(DIRECTORY).join("KERNEL"), &text)
}

fn path_of(scenario: &Scenario) -> PathBuf {
    Path::new(DIRECTORY).join(format!("{}.txt", scenario.name))
}

/// Writes all runs of a scenario.
pub(super) fn write(scenario: &Scenario, runs: &[Outcome]) -> Result<(), String> {
    let mut text = String::new();
    for run in runs {
        text += "= run\n";
        for (host, processes) in run.hosts.iter().enumerate() {
            text += &format!("= host {}\n", host + 1);
            for process in processes {
                text += "= process\n";
                for Event { name, args, result } in &process.events {
                    text += &format!("{name}\t{args}\t{result}\n");
                }
            }
            text += "= output\n";
            for line in run.outputs[host].lines() {
                text += &format!("{line}\n");
            }
        }
        for (way, packets) in &run.packets {
            text += &format!("= packets {way}\n");
            for packet in packets {
                text += &format!("{packet}\n");
            }
        }
    }
    write_file(&path_of(scenario), &text)
}

/// Reads the runs of a scenario; `None`: it was never recorded.
pub(super) fn read(scenario: &Scenario) -> Result<Option<Vec<Outcome>>, String> {
    let path = path_of(scenario);
    if !path.is_file() {
        return Ok(None);
    }
    let mut runs: Vec<Outcome> = Vec::new();
    let mut host = 0;
    let mut part = String::new();
    for line in read_file(&path)?.lines() {
        if let Some(mark) = line.strip_prefix("= ") {
            mark.clone_into(&mut part);
            match (mark.split_once(' '), runs.last_mut()) {
                (None, _) if mark == "run" => {
                    runs.push(Outcome::of_hosts(scenario.hosts.len()));
                }
                (Some(("host", number)), _) => host = number.parse::<usize>().unwrap_or(1) - 1,
                (None, Some(run)) if mark == "process" => run.hosts[host].push(Process::default()),
                _ => {}
            }
            continue;
        }
        let Some(run) = runs.last_mut() else { continue };
        match part.split_once(' ') {
            Some(("packets", way)) => {
                run.packets.entry(way.to_owned()).or_default().push(line.to_owned());
            }
            _ if part == "output" => {
                run.outputs[host].push_str(line);
                run.outputs[host].push('\n');
            }
            _ => {
                let mut fields = line.split('\t').map(str::to_owned);
                let mut field = || fields.next().unwrap_or_default();
                let event = Event { name: field(), args: field(), result: field() };
                run.hosts[host].last_mut().expect("a process began").events.push(event);
            }
        }
    }
    Ok(Some(runs))
}

/// What a case says of the same case with a non-blocking descriptor.
const NONBLOCKING: &str = " nonblocking";

/// Writes the answers of a matrix: `STATE | CALL[ nonblocking]: ANSWER`.
pub(super) fn write_matrix(scenario: &Scenario, cases: &[String]) -> Result<(), String> {
    let mut text = String::new();
    let mut state = "";
    let mut blocking = ("", "");
    for case in cases {
        let (key, answer) = case.split_once(": ").unwrap_or((case, ""));
        let (its_state, call) = key.split_once(" | ").unwrap_or(("", key));
        if its_state != state {
            state = its_state;
            text += &format!("= {state}\n");
        }
        match call.strip_suffix(NONBLOCKING) {
            Some(call) if blocking == (call, answer) => text += "+\n",
            _ => text += &format!("{call}: {answer}\n"),
        }
        blocking = (call, answer);
    }
    write_file(&path_of(scenario), &text)
}

/// Reads the answers of a matrix, as they were before they were written.
pub(super) fn read_matrix(scenario: &Scenario) -> Result<Vec<String>, String> {
    let mut cases = Vec::new();
    let mut state = String::new();
    let mut last = (String::new(), String::new());
    for line in read_file(&path_of(scenario))?.lines() {
        if let Some(new) = line.strip_prefix("= ") {
            new.clone_into(&mut state);
            continue;
        }
        let (call, answer) = match line {
            "+" => (format!("{}{NONBLOCKING}", last.0), last.1.clone()),
            line => {
                let (call, answer) = line.split_once(": ").unwrap_or((line, ""));
                (call.to_owned(), answer.to_owned())
            }
        };
        let key = if state.is_empty() { call.clone() } else { format!("{state} | {call}") };
        cases.push(if answer.is_empty() { key } else { format!("{key}: {answer}") });
        last = (call, answer);
    }
    Ok(cases)
}
