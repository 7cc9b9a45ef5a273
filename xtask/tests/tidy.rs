//! What must hold for every file of the repository, checked by reading them.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace")
}

/// Every file that git knows or would add.
fn files() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git runs");
    assert!(output.status.success(), "git ls-files: {output:?}");
    let names = String::from_utf8(output.stdout).expect("names are UTF-8");
    names.lines().map(PathBuf::from).filter(|name| root().join(name).is_file()).collect()
}

fn text(file: &Path) -> Option<String> {
    String::from_utf8(std::fs::read(root().join(file)).expect("a listed file can be read")).ok()
}

/// A lock file that names the registry of the machine it was made on breaks every other machine.
#[test]
fn no_file_names_the_place_where_it_was_written() {
    // Put together here so that this file does not find itself.
    let work = ["/wo", "rk/"].concat();
    let needles = [
        format!("{work}main"),
        format!("{work}wt"),
        format!("{work}shared"),
        ["/home", "/"].concat(),
        ["artifact", "ory"].concat(),
        ["nex", "us."].concat(),
    ];
    let mut found = Vec::new();
    for file in files() {
        let Some(text) = text(&file) else { continue };
        for (number, line) in text.lines().enumerate() {
            // The student of the simulated hosts lives there.
            let line = line.replace(&["/home", "/user"].concat(), "");
            if needles.iter().any(|needle| line.contains(needle.as_str())) {
                found.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "names of one machine:\n{}", found.join("\n"));
}

/// Packages come from the registry of whoever installs, so the lock file must not name another.
#[test]
fn the_npm_lock_file_names_no_host() {
    let lock = std::fs::read_to_string(root().join("package-lock.json")).expect("it is there");
    let named: Vec<&str> = lock.lines().filter(|line| line.contains("\"resolved\"")).collect();
    assert!(named.is_empty(), "run npm with --omit-lockfile-registry-resolved:\n{named:#?}");
}

/// The code map is only worth reading if it is whole.
#[test]
fn every_top_level_directory_is_in_the_code_map() {
    let map = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("it is there");
    for file in files() {
        let mut parts = file.components();
        let first = parts.next().expect("a name").as_os_str().to_string_lossy().into_owned();
        if parts.next().is_some() && !first.starts_with('.') {
            let row = format!("`{first}`");
            assert!(map.contains(&row), "ARCHITECTURE.md's code map does not name {row}");
        }
    }
}

/// A file that nobody reads to its end explains nothing. Tables and texts may be long.
#[test]
fn no_source_file_is_endless() {
    const LINES_MAX: usize = 3000; // a parser with a function for each rule of C is 2,600
    for file in files() {
        if file.extension().is_some_and(|extension| extension == "rs") {
            let lines = text(&file).map_or(0, |text| text.lines().count());
            assert!(lines <= LINES_MAX, "{}: {lines} lines; split it", file.display());
        }
    }
}

/// The first thing in a source file says what it is.
#[test]
fn every_source_file_begins_by_saying_what_it_is() {
    for file in files() {
        let source = file.components().any(|part| part.as_os_str() == "src");
        if source && file.extension().is_some_and(|extension| extension == "rs") {
            let text = text(&file).expect("Rust source is UTF-8");
            assert!(text.starts_with("//!"), "{} has no module header", file.display());
        }
    }
}

/// Left-overs of a merge compile in comments and texts.
#[test]
fn no_conflict_marker_is_left() {
    for file in files() {
        let Some(text) = text(&file) else { continue };
        for marker in ["<<<<<<< ", ">>>>>>> "] {
            assert!(
                !text.lines().any(|line| line.starts_with(marker)),
                "{} has a conflict marker",
                file.display()
            );
        }
    }
}
