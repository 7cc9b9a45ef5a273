//! For tests: the real libc, asked by a C program that gcc compiles.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// Compiles and runs a program; its standard output. `None` (with a message) if there is no gcc.
pub(crate) fn run(source: &str) -> Option<Vec<u8>> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("soquete-glibc-{}-{number}", std::process::id());
    let program = Scratch(std::env::temp_dir().join(&name));
    let text = Scratch(std::env::temp_dir().join(format!("{name}.c")));
    std::fs::write(&text.0, source).expect("the temporary directory can be written");
    let mut gcc = Command::new("gcc");
    gcc.args(["-w", "-O0", "-fno-builtin", "-o"]).arg(&program.0).arg(&text.0).arg("-lm");
    let gcc = gcc.output();
    let Ok(gcc) = gcc else {
        eprintln!("skipped: gcc is not on this machine");
        return None;
    };
    assert!(gcc.status.success(), "{}", String::from_utf8_lossy(&gcc.stderr));
    Some(Command::new(&program.0).output().expect("it runs").stdout)
}

/// A file that goes when the test does.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Bytes as a C string literal (without NULs inside).
pub(crate) fn literal(bytes: &[u8]) -> String {
    let inner: String = bytes.iter().map(|byte| format!("\\{byte:03o}")).collect();
    format!("\"{inner}\"")
}

/// Small, seeded: the same numbers in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[(self.next() % from.len() as u64) as usize]
    }
}
