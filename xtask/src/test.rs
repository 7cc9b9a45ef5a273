//! `cargo xtask test`: everything that CI runs, each step with its time and closing lines.

use crate::step::{Done, Failed, Step, failed, up_to_date};
use crate::{page, system, tools};
use std::process::Command;
use std::time::Instant;

/// Programs that tests start, the Debian package each is in, and why it is needed.
const PROGRAMS: [(&str, &str, &str); 14] = [
    ("gcc", "gcc", "compiles the same C programs for the comparison with this kernel"),
    ("chromium", "chromium", "the browser that the page is tested in"),
    ("nginx", "nginx", "a server that nobody here wrote"),
    ("redis-server", "redis-server", "another one"),
    ("strace", "strace", "what the kernel was really asked"),
    ("ip", "iproute2", "network namespaces"),
    ("nft", "nftables", "dropping packets"),
    ("tcpdump", "tcpdump", "capturing packets"),
    ("tshark", "tshark", "reading captures as others do"),
    ("ncat", "ncat", "a second client and server"),
    ("python3", "python3", "small scripted peers"),
    ("dnsmasq", "dnsmasq-base", "a name server with prepared answers"),
    ("sshd", "openssh-server", "a server that speaks first"),
    ("x86_64-w64-mingw32-g++", "g++-mingw-w64-x86-64", "compiles the Windows programs"),
];

const WASM: &str = "wasm32-unknown-unknown";

type StepFn = fn() -> Done;

const STEPS: &[(&str, StepFn)] = &[
    ("packages", packages),
    ("fmt", fmt),
    ("clippy", clippy),
    ("clippy-wasm", clippy_wasm),
    ("tests", tests),
    ("determinism", determinism),
    ("doc", doc),
    ("page", build_page),
    ("soquete", soquete),
    ("judge", judge),
    ("packetdrill", packetdrill),
    ("e2e", e2e),
];

/// Runs the named steps, or all. Stops at the first that fails only where later ones need it.
pub(crate) fn run(names: &[String]) -> Done {
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|(step, _)| step != name)) {
        let known: Vec<&str> = STEPS.iter().map(|(step, _)| *step).collect();
        return failed("test", &format!("no step `{unknown}`"), &known.join(" "));
    }
    let start = Instant::now();
    tools::ensure_for_page()?;
    let mut bad = Vec::new();
    for &(name, step) in STEPS {
        let wanted = names.is_empty() || names.iter().any(|wanted| wanted == name);
        if wanted && step().is_err() {
            bad.push(name);
        }
    }
    let seconds = start.elapsed().as_secs();
    if bad.is_empty() {
        println!("✓ everything passed ({} min {} s)", seconds / 60, seconds % 60);
        return Ok(());
    }
    eprintln!("✗ failed: {} (after {} min {} s)", bad.join(", "), seconds / 60, seconds % 60);
    Err(Failed)
}

fn packages() -> Done {
    let missing: Vec<_> = PROGRAMS.iter().filter(|(p, ..)| system::which(p).is_none()).collect();
    if missing.is_empty() {
        return up_to_date("packages");
    }
    let reasons: Vec<String> =
        missing.iter().map(|(program, _, why)| format!("{program}: {why}")).collect();
    let names: Vec<&str> = missing.iter().map(|(_, package, _)| *package).collect();
    system::apt_install(&names, &reasons.join("; "))
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments);
    command
}

fn fmt() -> Done {
    Step::new("fmt", cargo(&["fmt", "--all", "--check"])).advice("run `cargo fmt --all`").run()
}

fn clippy() -> Done {
    let lint = cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--keep-going",
        "--",
        "-Dwarnings",
    ]);
    Step::new("clippy", lint).run()
}

/// The same runs natively and in wasm32: same bytes.
fn determinism() -> Done {
    const EXAMPLE: &str = "wasm32-unknown-unknown/debug/examples/digest.wasm";
    const HARNESS: &str = "WebAssembly.instantiate(require('fs').readFileSync(process.argv[1])).\
                           then(it => console.log(BigInt.asUintN(64, it.instance.exports.digest()).\
                           toString()))";
    let mut build = cargo(&["build", "--package", "soquete-sim", "--example", "digest"]);
    build.args(["--locked", "--target", WASM]);
    tools::for_wasm(&mut build);
    Step::new("simulator for wasm32", build).run()?;
    let wasm = system::target_dir().join(EXAMPLE);
    let mut node = Command::new("node");
    node.args(["-e", HARNESS]).arg(wasm);
    let Some(digest) = system::output_of(&mut node) else {
        return failed("determinism", "node did not run it", "install nodejs");
    };
    let mut test = cargo(&["test", "--package", "soquete-sim", "--test", "determinism"]);
    test.env("SOQUETE_WASM_DIGEST", digest);
    Step::new("determinism: here and in wasm32", test).run()
}

fn clippy_wasm() -> Done {
    let package = ["--package", "soquete-frontend", "--locked", "--target", WASM];
    if tools::wasm_is_debians() {
        println!("  (no clippy for this compiler: cargo check instead)");
        let mut check = cargo(&["check"]);
        check.args(package);
        tools::for_wasm(&mut check);
        return Step::new("check for wasm32", check).run();
    }
    let mut lint = cargo(&["clippy"]);
    lint.args(package).args(["--", "-Dwarnings"]);
    Step::new("clippy for wasm32", lint).run()
}

/// With nextest where it is installed (a process and a time limit for each test), else cargo's.
fn tests() -> Done {
    let nextest = system::output_of(&mut cargo(&["nextest", "--version"])).is_some();
    let command = if nextest {
        cargo(&["nextest", "run", "--workspace", "--locked", "--no-fail-fast"])
    } else {
        println!("  (cargo-nextest is not installed: cargo's own runner)");
        cargo(&["test", "--workspace", "--locked", "--no-fail-fast", "--all-targets"])
    };
    let closing: fn(&str) -> bool = |line| {
        let line = line.trim_start();
        line.starts_with("Summary [") || line.starts_with("test result:")
    };
    Step::new("tests", command).closing(closing).advice("the failing tests are named above").run()
}

fn doc() -> Done {
    let mut command = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
    command.args(["--exclude", "xtask"]).env("RUSTDOCFLAGS", "-Dwarnings");
    Step::new("documentation", command).run()
}

fn build_page() -> Done {
    page::build()
}

fn soquete() -> Done {
    Step::new("soquete", cargo(&["build", "--package", "soquete-cli", "--locked"])).run()
}

/// The simulator against what Linux answered when it was asked (`cargo xtask judge --record`); and
/// a few scenarios against this computer's kernel, where that is allowed.
fn judge() -> Done {
    const LIVE: [&str; 4] = ["echo", "fork-server", "signals.c", "unix-stream.c"];
    let xtask = || Command::new(std::env::current_exe().expect("this program has a file"));
    let soquete = system::target_dir().join("debug/soquete");
    let closing: fn(&str) -> bool = |line| line.starts_with("judge:");
    let mut recorded = xtask();
    recorded.args(["judge", "--recorded", "--soquete"]).arg(&soquete);
    let recorded = Step::new("judge (recorded answers of Linux)", recorded)
        .closing(closing)
        .advice("each ✗ above says which call differs; known ones are in tests/judge/expected.txt")
        .run();
    if let Err(why) = crate::judge::live_is_possible() {
        println!("– judge (this kernel): NOT RUN: {why}");
        return recorded;
    }
    let mut live = xtask();
    live.args(["judge", "--soquete"]).arg(&soquete);
    live.args(LIVE.map(|name| format!("tests/judge/{name}")));
    let live = Step::new("judge (this kernel)", live).closing(closing).run();
    let mut random = xtask();
    random.args(["judge", "--random", "100", "--seed", "4000", "--soquete"]).arg(&soquete);
    let counted: fn(&str) -> bool = |line| line.starts_with("random sequences:");
    let random = Step::new("judge (random sequences of calls)", random).closing(counted).run();
    recorded.and(live).and(random)
}

/// What Linux does on the wire, script by script, against the simulated host.
fn packetdrill() -> Done {
    let closing: fn(&str) -> bool = |line| line.starts_with("packetdrill scripts:");
    let mut scripts = Command::new(std::env::current_exe().expect("this program has a file"));
    scripts.arg("packetdrill");
    Step::new("packetdrill scripts", scripts)
        .closing(closing)
        .advice("the scripts that do not hold are named above, with the line")
        .run()
}

/// The page in a real browser, against the `soquete` and the page just built.
fn e2e() -> Done {
    let mut command = Command::new("playwright"); // node_modules/.bin is on PATH
    command.args(["test", "--config", "e2e/playwright.config.mjs"]);
    command.env("SOQUETE", system::target_dir().join("debug/soquete"));
    let closing: fn(&str) -> bool = |line| {
        ["passed", "failed", "flaky", "skipped"].iter().any(|word| {
            let mut words = line.split_whitespace();
            words.next().is_some_and(|n| n.parse::<u32>().is_ok()) && words.next() == Some(*word)
        })
    };
    Step::new("e2e (Chromium)", command)
        .closing(closing)
        .advice("screenshots and traces of the failures are in e2e/test-results")
        .run()
}
