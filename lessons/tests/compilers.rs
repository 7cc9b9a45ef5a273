//! Students compile the lessons' programs on their own machines: gcc and MinGW-w64 must take them
//! as they are, without a word. Needs the compilers; a missing one is said and skipped.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Every program below `lessons/`, solutions included.
fn programs() -> Vec<PathBuf> {
    let sources = |folder: PathBuf| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect::<Vec<_>>()
    };
    let lessons = sources(Path::new(env!("CARGO_MANIFEST_DIR")).to_owned());
    let folders = lessons.iter().flat_map(|lesson| [lesson.clone(), lesson.join("solution")]);
    let is_program = |path: &PathBuf| path.extension().is_some_and(|e| e == "c" || e == "cpp");
    let mut programs: Vec<_> = folders.flat_map(sources).filter(is_program).collect();
    programs.sort();
    programs
}

/// Compiles without keeping the result; the compiler's complaints come back.
fn complaints(compiler: &str, options: &[&str], program: &Path) -> String {
    let out = Command::new(compiler)
        .args(["-Wall", "-Wextra", "-Werror", "-fsyntax-only"])
        .args(options)
        .arg(program)
        .output()
        .expect("the compiler runs");
    match out.status.success() {
        true => String::new(),
        false => format!("{}\n{}", program.display(), String::from_utf8_lossy(&out.stderr)),
    }
}

fn check(compiler: &str, options: &[&str], of_windows: bool) {
    if Command::new(compiler).arg("--version").output().is_err() {
        eprintln!("{compiler} is not installed: nothing checked");
        return;
    }
    let programs = programs();
    let ours = programs.iter().filter(|path| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.contains("winsock2.h") == of_windows
    });
    let found: String = ours.map(|program| complaints(compiler, options, program)).collect();
    assert!(found.is_empty(), "{found}");
}

#[test]
fn gcc_takes_the_linux_programs_without_a_warning() {
    check("gcc", &[], false);
}

#[test]
fn clang_does_so_too() {
    check("clang", &[], false);
}

#[test]
fn mingw_takes_the_windows_programs_without_a_warning() {
    check("x86_64-w64-mingw32-g++", &[], true);
}
