//! This computer: where things are, which programs it has, Debian packages.

use crate::step::{Done, Step, failed};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace").to_owned()
}

/// Where cargo puts what it builds.
pub(crate) fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// The first file called `program` on `PATH`.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    // Debian keeps servers in sbin, which is not on every user's PATH.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let sbin = ["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from);
    std::env::split_paths(&path)
        .chain(sbin)
        .map(|dir| dir.join(program))
        .find(|file| file.is_file())
}

/// The standard output of a program, trimmed; `None` if it cannot run or fails.
pub(crate) fn output_of(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Puts `dir` in front of this process's `PATH`, for every later child.
pub(crate) fn prepend_path(dir: &Path) {
    let old = std::env::var_os("PATH").unwrap_or_default();
    let dirs = std::iter::once(dir.to_owned()).chain(std::env::split_paths(&old));
    let new = std::env::join_paths(dirs).expect("a directory name without a colon");
    set_env("PATH", &new);
}

/// Sets a variable for every later child.
#[allow(unsafe_code)]
pub(crate) fn set_env(name: &str, value: impl AsRef<std::ffi::OsStr>) {
    // SAFETY: called between steps, when this process has only its main thread.
    unsafe { std::env::set_var(name, value) }
}

fn is_root() -> bool {
    output_of(Command::new("id").arg("-u")).as_deref() == Some("0")
}

/// Installs Debian packages, with sudo if need be. Services that come with them are not started
/// (`RUNLEVEL=1`): the tests start their own on free ports.
pub(crate) fn apt_install(packages: &[&str], why: &str) -> Done {
    let by_hand = format!(
        "{why}; install {} with your system's package manager (Debian: `sudo apt-get install {}`)",
        packages.join(", "),
        packages.join(" ")
    );
    if which("apt-get").is_none() {
        return failed("packages", &format!("missing: {}", packages.join(", ")), &by_hand);
    }
    let apt = |arguments: &[&str]| {
        let mut command = if is_root() {
            Command::new("env")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "env"]); // no password prompt: the step has no stdin
            sudo
        };
        command.args(["DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "-q", "-y"]);
        command.args(arguments);
        command
    };
    Step::new("packages: lists", apt(&["update"])).advice(by_hand.clone()).run()?;
    let mut arguments = vec!["install", "--no-install-recommends"];
    arguments.extend(packages);
    Step::new(&format!("packages: {}", packages.join(" ")), apt(&arguments)).advice(by_hand).run()
}
