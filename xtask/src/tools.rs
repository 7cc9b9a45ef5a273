//! The tools that build the page: the wasm32 target, Trunk, wasm-bindgen, the npm packages.
//!
//! What is on `PATH` in the right version is used. What is missing goes to a directory of its own
//! (`$XDG_CACHE_HOME/soquete/tools`), so that nobody's own tools are replaced.

use crate::step::{Done, Step, failed};
use crate::system::{self, output_of, which};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Later ones ask for a newer Rust than our MSRV's neighbours have.
const TRUNK_VERSION: &str = "0.21.14";

/// Variables of a build for wasm32, where rustup's target is not to be had.
static WASM_ENVIRONMENT: OnceLock<Vec<(&str, OsString)>> = OnceLock::new();

/// Variables of a release build for wasm32 with a standard library made for it.
static SMALL_STD: OnceLock<Vec<(&str, OsString)>> = OnceLock::new();

/// Lets `command` build the page with the small standard library, where there is its source.
pub(crate) fn with_small_std(command: &mut Command) {
    command.envs(SMALL_STD.get().into_iter().flatten().cloned());
}

/// Lets `command` build for wasm32, whichever compiler that takes.
pub(crate) fn for_wasm(command: &mut Command) {
    command.envs(WASM_ENVIRONMENT.get().into_iter().flatten().cloned());
}

/// Whether wasm32 is built by another compiler than the rest, which clippy cannot follow.
pub(crate) fn wasm_is_debians() -> bool {
    WASM_ENVIRONMENT.get().is_some()
}

/// Everything that `trunk build` needs.
pub(crate) fn ensure_for_page() -> Done {
    system::prepend_path(&tools_dir().join("bin"));
    // wasm-opt of the npm package `binaryen`: Trunk would download one otherwise.
    system::prepend_path(&system::root().join("node_modules/.bin"));
    wasm_target()?;
    small_std();
    cargo_tool("trunk", "trunk", TRUNK_VERSION, true)?;
    let Some(bindgen) = locked_version("wasm-bindgen") else {
        return failed("wasm-bindgen", "Cargo.lock does not name it", "`git checkout Cargo.lock`");
    };
    // Not --locked: its lock file names a release of a root-certificate crate that was withdrawn.
    cargo_tool("wasm-bindgen", "wasm-bindgen-cli", &bindgen, false)?;
    npm_packages()?;
    editor_bundle()
}

fn tools_dir() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| {
        let home = std::env::var_os("HOME")?;
        Some(PathBuf::from(home).join(".cache"))
    });
    cache.map_or_else(|| system::target_dir().join("tools"), |dir| dir.join("soquete/tools"))
}

/// The version of a package in `Cargo.lock`.
fn locked_version(package: &str) -> Option<String> {
    let lock = std::fs::read_to_string(system::root().join("Cargo.lock")).ok()?;
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
}

/// Ensures that rustc can build for the browser: rustup's target, or else Debian's second Rust
/// with its sources.
fn wasm_target() -> Done {
    const TARGET: &str = "wasm32-unknown-unknown";
    let rustc = || Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let Some(sysroot) = output_of(rustc().args(["--print", "sysroot"])).map(PathBuf::from) else {
        return failed("wasm32 target", "rustc does not run", "install Rust: https://rustup.rs");
    };
    let has_std = |sysroot: &PathBuf| sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir();
    if has_std(&sysroot) {
        return Ok(());
    }
    if which("rustup").is_some() {
        let mut rustup = Command::new("rustup");
        rustup.args(["target", "add", TARGET]);
        let advice = "no harm yet: Debian's Rust is tried next";
        if Step::new("wasm32 target", rustup).advice(advice).run().is_ok() && has_std(&sysroot) {
            return Ok(());
        }
    }
    debian_rust(&sysroot)
}

/// Debian's `rustc-web` has the standard library's source: cargo builds it for wasm32, and the
/// linker is the `rust-lld` that came with rustup.
fn debian_rust(rustup_sysroot: &Path) -> Done {
    let lld = rustup_sysroot.join("lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld");
    let rustc = Path::new("/usr/bin/rustc");
    if !rustc.is_file() {
        system::apt_install(&["rustc-web", "rust-web-src"], "rustup cannot add the wasm32 target")?;
    }
    let mut environment: Vec<(&str, OsString)> = vec![
        ("RUSTC", rustc.into()),
        ("RUSTC_BOOTSTRAP", "1".into()), // build-std is an unstable feature of cargo
        ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort".into()),
    ];
    if lld.is_file() {
        environment.push(("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", lld.into()));
    }
    println!("✓ wasm32 target: built from source with Debian's Rust");
    WASM_ENVIRONMENT.set(environment).expect("tools are looked for once");
    Ok(())
}

/// Finds out whether the page's standard library can be built with the page: a panic is one
/// instruction then, without the text and the places of all panics (70 kB less to fetch). These
/// are unstable features of a stable compiler, so what is missing only costs those bytes.
fn small_std() {
    const PANICS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none";
    if wasm_is_debians() || std::env::var_os("SOQUETE_ORDINARY_STD").is_some() {
        return;
    }
    let mut rustc = Command::new("rustc");
    rustc.args(PANICS.split(' ')).args(["--print", "cfg", "--target", "wasm32-unknown-unknown"]);
    let understands = output_of(rustc.env("RUSTC_BOOTSTRAP", "1")).is_some();
    let source = || {
        let sysroot = output_of(Command::new("rustc").args(["--print", "sysroot"]))?;
        let library = Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock");
        library.is_file().then_some(())
    };
    if understands && source().is_none() && which("rustup").is_some() {
        let mut rustup = Command::new("rustup");
        rustup.args(["component", "add", "rust-src"]);
        let advice = "no harm: the page is built with the ordinary standard library";
        // Whether it came is looked up below.
        let _ = Step::new("rust-src", rustup).advice(advice).run();
    }
    if !understands || source().is_none() {
        println!("– the ordinary standard library: the page is some 70 kB heavier");
        return;
    }
    let environment = [
        ("RUSTC_BOOTSTRAP", "1"),
        ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
        ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
        ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", PANICS),
    ];
    let environment = environment.map(|(name, value)| (name, value.into()));
    SMALL_STD.set(environment.into()).expect("tools are looked for once");
}

/// Installs a program from the Cargo registry unless `PATH` has exactly this version.
fn cargo_tool(program: &str, package: &str, version: &str, locked: bool) -> Done {
    let found = output_of(Command::new(program).arg("--version"));
    if found.is_some_and(|text| text.split_whitespace().nth(1) == Some(version)) {
        return Ok(());
    }
    let root = tools_dir();
    let mut cargo = Command::new("cargo");
    cargo.args(["install", package, "--version", version, "--root"]).arg(&root);
    cargo.arg("--force");
    if locked {
        cargo.arg("--locked");
    }
    // Our own build directory and compiler settings are not the tool's.
    for variable in ["CARGO_TARGET_DIR", "RUSTFLAGS"] {
        cargo.env_remove(variable);
    }
    cargo.current_dir(std::env::temp_dir()); // no workspace, no .cargo/config.toml of ours
    Step::new(&format!("{package} {version} (once; some minutes)"), cargo)
        .advice(format!(
            "check that the network reaches the Cargo registry, then `cargo install {package} \
             --version {version}`"
        ))
        .run()
}

/// `npm ci`, when the lock file is newer than what is installed.
fn npm_packages() -> Done {
    let modified = |path: &str| std::fs::metadata(path).and_then(|data| data.modified()).ok();
    let installed = modified("node_modules/.package-lock.json");
    if installed.is_some() && installed >= modified("package-lock.json") {
        return Ok(());
    }
    if which("npm").is_none() || which("node").is_none() {
        system::apt_install(&["nodejs", "npm"], "the editor is bundled from npm packages")?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]);
    // The tests use the system's Chromium.
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    Step::new("npm packages", npm)
        .advice("check that the network reaches the npm registry and that node is 20 or newer")
        .run()
}

/// The editor's bundle, which the page's sources name: without it not even `cargo check` works.
/// Trunk makes it anew before each build of the page.
fn editor_bundle() -> Done {
    if Path::new("frontend/js/gen/editor.mjs").is_file() {
        return Ok(());
    }
    let mut node = Command::new("node");
    node.arg("frontend/js/build.mjs");
    Step::new("editor bundle", node).advice("node must be 20 or newer").run()
}
