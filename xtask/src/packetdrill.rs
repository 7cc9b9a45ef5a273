//! `cargo xtask packetdrill`: scripts against the simulated host, through packetdrill's C interface.
//!
//! packetdrill itself (`$PACKETDRILL`, or on PATH) where there is one; otherwise this project's own
//! reader of its scripts, which says so.

use crate::step::{Done, Failed, Step, failed};
use crate::system;
use std::path::{Path, PathBuf};
use std::process::Command;

const OWN: &str = "tests/packetdrill";

/// Runs the scripts that are named, or the project's own.
pub(crate) fn run(arguments: &[String]) -> Done {
    let mut build = Command::new("cargo");
    build.args(["build", "--package", "soquete-packetdrill", "--locked"]);
    Step::new("soquete-packetdrill", build).run()?;
    let mut scripts: Vec<String> =
        arguments.iter().filter(|argument| argument.ends_with(".pkt")).cloned().collect();
    if scripts.is_empty() {
        scripts = own()?;
    }
    let options: Vec<&String> =
        arguments.iter().filter(|argument| !argument.ends_with(".pkt")).collect();
    let directory = system::target_dir().join("debug");
    let library = directory.join("libsoquete_packetdrill.so");
    let on_linux = options.iter().any(|option| option.ends_with("linux"));
    let tool = std::env::var_os("PACKETDRILL").map(PathBuf::from);
    match tool.or_else(|| system::which("packetdrill")) {
        Some(tool) if !on_linux => with_tool(&tool, &library, &scripts, &options),
        _ => {
            let mut reader = Command::new(directory.join("soquete-packetdrill"));
            reader.args(options).args(&scripts);
            match reader.status() {
                Ok(status) if status.success() => Ok(()),
                Ok(_) => Err(Failed),
                Err(error) => failed("packetdrill", &error.to_string(), "build it again"),
            }
        }
    }
}

/// packetdrill ends with the first error, so that each script is a process.
fn with_tool(tool: &Path, library: &Path, scripts: &[String], options: &[&String]) -> Done {
    println!("{} drives {}", tool.display(), library.display());
    let mut bad = 0;
    for script in scripts {
        let mut command = Command::new(tool);
        command.arg(format!("--so_filename={}", library.display()));
        command.arg("--ip_version=ipv4").args(options).arg(script);
        let held = command.status().is_ok_and(|status| status.success());
        println!("{} {script}", if held { "✓" } else { "✗" });
        bad += u32::from(!held);
    }
    println!("packetdrill scripts: {} hold, {bad} do not", scripts.len() as u32 - bad);
    if bad == 0 { Ok(()) } else { Err(Failed) }
}

fn own() -> Result<Vec<String>, Failed> {
    let entries = std::fs::read_dir(OWN).map_err(|error| {
        eprintln!("✗ packetdrill: {OWN}: {error}");
        Failed
    })?;
    let mut scripts: Vec<String> = entries
        .flatten()
        .map(|entry| entry.path().display().to_string())
        .filter(|path| path.ends_with(".pkt"))
        .collect();
    scripts.sort();
    Ok(scripts)
}
