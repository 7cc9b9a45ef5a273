//! `--tun`: the simulated stack on a tap device in a network namespace, against this computer's
//! kernel and what runs on it. The test is `sim/tests/tun.rs`; here is what it needs.

use crate::step::{Done, Step};
use std::process::Command;

const NEEDS: [(&str, &str); 7] = [
    ("gcc", "gcc"),
    ("ip", "iproute2"),
    ("ping", "iputils-ping"),
    ("curl", "curl"),
    ("ncat", "ncat"),
    ("nginx", "nginx-light"),
    ("redis-server", "redis-server"),
];

/// Runs the test; it says what it tried.
pub(super) fn run() -> Done {
    let missing = NEEDS.iter().filter(|(program, _)| crate::system::which(program).is_none());
    let packages: Vec<&str> = missing.map(|(_, package)| *package).collect();
    if !packages.is_empty() {
        crate::system::apt_install(&packages, "the simulated stack talks with them")?;
    }
    let mut cargo = Command::new("cargo");
    cargo.args(["test", "--package", "soquete-sim", "--test", "tun"]);
    cargo.args(["--", "--ignored", "--nocapture"]);
    Step::new("tun", cargo)
        .advice("run it as root (or with CAP_NET_ADMIN) where /dev/net/tun exists")
        .closing(|line| line.contains("all understood"))
        .run()
}
