//! Reads every lesson and writes one table of them. A lesson that is not complete in both
//! languages, or whose text points at nothing, fails the build here.

#[path = "src/format.rs"]
#[allow(dead_code, unreachable_pub)]
mod format;
#[path = "src/load.rs"]
#[allow(dead_code, unreachable_pub)]
mod load;

use std::path::Path;
use std::process::exit;

fn main() {
    let root = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    println!("cargo:rerun-if-changed={root}");
    match load::course(Path::new(&root)) {
        Ok(mut lessons) => {
            if std::env::var_os("CARGO_FEATURE_SOLUTIONS").is_none() {
                let files = lessons.iter_mut().flat_map(|lesson| &mut lesson.files);
                files.for_each(|file| file.solution = None);
            }
            let write = |name: &str, data: &[u8]| {
                std::fs::write(Path::new(&out).join(name), data).expect("OUT_DIR can be written");
            };
            let entries: Vec<format::Entry> = lessons.iter().map(format::Lesson::entry).collect();
            write("contents.json", &serde_json::to_vec(&entries).expect("plain data"));
            write("first.json", &serde_json::to_vec(&lessons[0]).expect("plain data"));
            write("lessons.json", &serde_json::to_vec(&lessons).expect("plain data"));
        }
        Err(problems) => {
            problems.iter().for_each(|problem| eprintln!("{problem}"));
            exit(1);
        }
    }
}
