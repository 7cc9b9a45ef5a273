//! What a beginner gets told: each file of `mistakes` has one typical mistake; beside it stands
//! what we say in both languages, and whether gcc accepts the program (we must agree). `BLESS=1`
//! writes the answers and asks gcc.

use abi::Lang;
use soquete_cc::diag::render;
use soquete_cc::{Severity, Sources, Target, compile};
use std::path::{Path, PathBuf};
use std::process::Command;

/// GNU C has these; we say by name that we do not.
const NOT_SUPPORTED: &[&str] = &["function_in_function"];

fn files() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes");
    let entries = std::fs::read_dir(dir).expect("the folder is in the repository");
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "c"))
        .collect();
    found.sort();
    found
}

fn gcc_accepts(path: &Path) -> bool {
    let out = std::env::temp_dir().join(format!("soquete-mistake-{}", std::process::id()));
    let status = Command::new("gcc").args(["-w", "-pthread", "-o"]).arg(&out).arg(path).output();
    let _ = std::fs::remove_file(&out);
    status.expect("gcc, to bless").status.success()
}

#[test]
fn each_mistake_is_told_once_in_both_languages() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    let files = files();
    assert!(files.len() > 60);
    for path in files {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("readable");
        let compilation = compile(&Sources::single(&format!("{name}.c"), &text), Target::Linux);
        let errors = compilation.diagnostics.iter().filter(|it| it.severity == Severity::Error);
        let errors = errors.count();
        let mut said = String::new();
        for lang in [Lang::En, Lang::PtBr] {
            for diagnostic in &compilation.diagnostics {
                said.push_str(&render(diagnostic, &compilation.sources, lang));
            }
            said.push('\n');
        }
        let answer = path.with_extension("txt");
        let known = std::fs::read_to_string(&answer).unwrap_or_default();
        let accepts = if bless { gcc_accepts(&path) } else { known.starts_with("gcc accepts it") };
        let gcc = if accepts { "gcc accepts it" } else { "gcc refuses it" };
        let said = format!("{gcc}\n\n{said}");
        if bless {
            std::fs::write(&answer, &said).expect("writable");
        } else if said != known {
            wrong.push(format!("{name}:\n{said}"));
        }
        let ours = compilation.program.is_some();
        if ours != accepts && !NOT_SUPPORTED.contains(&name.as_str()) {
            wrong.push(format!("{name}: {gcc}; we do otherwise"));
        }
        if errors > 1 {
            wrong.push(format!("{name}: {errors} errors for one mistake"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An editor counts as JavaScript does.
#[test]
fn offsets_are_utf16_behind_accents() {
    let text = include_str!("mistakes/accents_before.c");
    let compilation = compile(&Sources::single("a.c", text), Target::Linux);
    let (start, end) = compilation.sources.utf16(compilation.diagnostics[0].span);
    let units: Vec<u16> = text.encode_utf16().collect();
    let at = String::from_utf16(&units[start as usize..end as usize]);
    assert_eq!(at.expect("whole characters"), "nome");
}
