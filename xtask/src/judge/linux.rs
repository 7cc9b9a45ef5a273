//! The reference: a program compiled by gcc, run under `strace -f` in a network namespace of its
//! own, joined to the others by veth.

use super::{Outcome, Scenario, packets, strace};
use crate::step::Failed;
use crate::system::output_of;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Ends a program that never ends by itself, seconds.
const LIMIT_S: u32 = 60;
/// Between the starts of two programs, as `soquete run --stagger` has it.
const STAGGER: Duration = Duration::from_millis(50);

/// gcc's output for every program of the judge, and the launcher.
pub(super) struct Workshop {
    dir: PathBuf,
}

impl Workshop {
    /// A directory of this run, with the launcher compiled.
    pub(super) fn new() -> Result<Workshop, String> {
        let dir = std::env::temp_dir().join(format!("soquete-judge-{}", std::process::id()));
        std::fs::create_dir_all(&dir).map_err(|error| format!("{}: {error}", dir.display()))?;
        let workshop = Workshop { dir };
        for (name, text) in
            [("launch.c", include_str!("launch.c")), ("marks.c", include_str!("marks.c"))]
        {
            let file = workshop.dir.join(name);
            std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
        }
        workshop.gcc(&["launch.c", "-o", "launch", "-lutil"])?;
        workshop.gcc(&["-c", "marks.c", "-o", "marks.o"])?;
        Ok(workshop)
    }

    /// Where files of the run may go.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    fn gcc(&self, arguments: &[&str]) -> Result<(), String> {
        let output = Command::new("gcc").arg("-w").args(arguments).current_dir(&self.dir).output();
        match output {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
            Err(error) => Err(format!("gcc: {error}; install it")),
        }
    }

    fn compile(&self, source: &Path, name: &str) -> Result<PathBuf, String> {
        let language = if source.extension().is_some_and(|e| e == "cpp") { "c++" } else { "c" };
        let source = source.canonicalize().map_err(|error| error.to_string())?;
        let source = source.to_string_lossy().into_owned();
        let wraps = "-Wl,--wrap=getaddrinfo,--wrap=getnameinfo,--wrap=gethostbyname,\
                     --wrap=getservbyname";
        // `-fno-builtin`: printf stays printf, and no call disappears.
        let mut arguments = vec!["-x", language, &source, "-x", "none", "marks.o", "-o", name];
        arguments.extend(["-O0", "-fno-builtin", "-pthread", "-lrt", "-lm", wraps]);
        if language == "c++" {
            arguments.push("-lstdc++");
        }
        self.gcc(&arguments)?;
        Ok(self.dir.join(name))
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // A directory that stays behind in the temporary one harms nobody.
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Network namespaces that end with this value.
pub(super) struct Network {
    names: Vec<String>,
}

impl Network {
    /// `hosts` namespaces, 10.0.0.1, 10.0.0.2, …, on one Ethernet.
    pub(super) fn new(hosts: usize) -> Result<Network, String> {
        let mut network = Network { names: Vec::new() };
        let prefix = format!("sq{}", std::process::id());
        for i in 1..=hosts {
            let name = format!("{prefix}h{i}");
            run("ip", &["netns", "add", &name])?;
            network.names.push(name.clone());
            run("ip", &["-n", &name, "link", "set", "lo", "up"])?;
            let sysctl =
                |setting: &str| run("ip", &["netns", "exec", &name, "sysctl", "-qw", setting]);
            // Some machines have bbr as their default, which no textbook describes. A namespace
            // may only choose what the machine allows to everyone.
            sysctl("net.ipv4.tcp_congestion_control=cubic")
                .or_else(|_| sysctl("net.ipv4.tcp_congestion_control=reno"))?;
            // Addresses of the simulated hosts are usable at once; here IPv6 would first ask
            // whether somebody else has them.
            sysctl("net.ipv6.conf.all.accept_dad=0")?;
            sysctl("net.ipv6.conf.default.accept_dad=0")?;
        }
        if hosts == 2 {
            network.join_two()?;
        } else if hosts > 2 {
            network.join_many()?;
        }
        Ok(network)
    }

    fn join_two(&self) -> Result<(), String> {
        let [a, b] = [&self.names[0], &self.names[1]];
        let pair = ["-n", a, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0"];
        run("ip", &[&pair[..], &["netns", b]].concat())?;
        self.addresses()
    }

    fn join_many(&self) -> Result<(), String> {
        // The bridge is in the first host's namespace, under a name that no program looks for.
        let first = &self.names[0];
        run("ip", &["-n", first, "link", "add", "wire", "type", "bridge"])?;
        run("ip", &["-n", first, "link", "set", "wire", "up"])?;
        for (i, name) in self.names.iter().enumerate() {
            let port = format!("port{i}");
            let pair = ["-n", first, "link", "add", &port, "type", "veth", "peer", "name", "eth0"];
            run("ip", &[&pair[..], &["netns", name]].concat())?;
            run("ip", &["-n", first, "link", "set", &port, "master", "wire", "up"])?;
        }
        self.addresses()
    }

    fn addresses(&self) -> Result<(), String> {
        for (i, name) in self.names.iter().enumerate() {
            let address = format!("10.0.0.{}/24", i + 1);
            run("ip", &["-n", name, "address", "add", &address, "brd", "+", "dev", "eth0"])?;
            run("ip", &["-n", name, "link", "set", "eth0", "up"])?;
            // Whole segments reach the wire as TCP made them.
            let off = ["tso", "off", "gso", "off", "gro", "off", "tx", "off"];
            let ethtool = ["netns", "exec", name, "ethtool", "-K", "eth0"];
            run("ip", &[&ethtool[..], &off].concat())?;
        }
        Ok(())
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for name in &self.names {
            let _ = run("ip", &["netns", "delete", name]);
        }
    }
}

fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    match Command::new(program).args(arguments).stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!(
            "{program} {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        )),
        Err(error) => Err(format!("{program}: {error}")),
    }
}

/// Says what is missing, and how to get it, before anything runs.
pub(super) fn check_tools() -> Result<(), Failed> {
    let programs = [
        ("gcc", "gcc"),
        ("strace", "strace"),
        ("ip", "iproute2"),
        ("ethtool", "ethtool"),
        ("sysctl", "procps"),
        ("pkill", "procps"),
        ("tcpdump", "tcpdump"),
        ("tshark", "tshark"),
    ];
    let missing: Vec<_> =
        programs.iter().filter(|(program, _)| crate::system::which(program).is_none()).collect();
    if !missing.is_empty() {
        let packages: Vec<&str> = missing.iter().map(|(_, package)| *package).collect();
        crate::system::apt_install(&packages, "the judge runs programs on this kernel")?;
    }
    if let Err(error) = Network::new(1) {
        return crate::step::failed(
            "judge",
            &format!("no network namespaces: {error}"),
            "run it as root (or with CAP_NET_ADMIN and CAP_SYS_ADMIN)",
        );
    }
    Ok(())
}

/// This kernel's release, part of every answer.
pub(super) fn release() -> String {
    output_of(Command::new("uname").arg("-r")).unwrap_or_default()
}

/// Runs a scenario and reads what happened.
pub(super) fn judge(workshop: &Workshop, scenario: &Scenario) -> Result<Outcome, String> {
    let network = Network::new(scenario.programs.len())?;
    let capture = match &network.names[..] {
        [first, _, ..] => Some(packets::Capture::start(first, &workshop.dir)?),
        _ => None,
    };
    let mut running = Vec::new();
    for (i, source) in scenario.programs.iter().enumerate() {
        let program = workshop.compile(source, &format!("program{i}"))?;
        let trace = workshop.dir.join(format!("trace{i}"));
        let output = workshop.dir.join(format!("output{i}"));
        let file = std::fs::File::create(&output).map_err(|error| error.to_string())?;
        let home = workshop.dir.join(format!("home{i}"));
        std::fs::create_dir_all(&home).map_err(|error| error.to_string())?;
        let mut strace: Vec<OsString> = Vec::new();
        if !scenario.is_matrix() {
            strace.extend(["strace", "-f", "-o"].map(OsString::from));
            strace.push(trace.clone().into());
        }
        let child = Command::new("ip")
            .args(["netns", "exec", &network.names[i]])
            .arg(workshop.dir.join("launch"))
            .arg(LIMIT_S.to_string())
            .args(strace)
            .arg(program)
            .current_dir(home)
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("ip netns exec: {error}"))?;
        running.push((child, trace, output));
        std::thread::sleep(STAGGER);
    }
    wait_for_all(&mut running.iter_mut().map(|(child, ..)| child).collect::<Vec<_>>());
    let mut outcome = Outcome::default();
    if let Some(capture) = capture {
        outcome.packets = capture.stop()?;
    }
    for (_, trace, output) in running {
        let trace = std::fs::read(trace).unwrap_or_default();
        outcome.hosts.push(strace::read(&String::from_utf8_lossy(&trace)));
        let output = std::fs::read(output).unwrap_or_default();
        outcome.outputs.push(String::from_utf8_lossy(&output).into_owned());
    }
    Ok(outcome)
}

/// Servers without an end are ended once all others have ended and some time has passed.
fn wait_for_all(children: &mut [&mut std::process::Child]) {
    const GRACE: Duration = Duration::from_millis(1500);
    let start = Instant::now();
    let mut last_end: Option<Instant> = None;
    let mut left = children.len();
    while left > 0 && start.elapsed() < Duration::from_secs(u64::from(LIMIT_S) + 5) {
        let alive = children.iter_mut().map(|child| matches!(child.try_wait(), Ok(None)));
        let now = alive.filter(|alive| *alive).count();
        if now < left {
            left = now;
            last_end = Some(Instant::now());
        }
        if left > 0 && last_end.is_some_and(|end| end.elapsed() > GRACE) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    for child in children {
        if matches!(child.try_wait(), Ok(None)) {
            // The launcher ends its programs and lets strace finish its file.
            let _ = run("kill", &["-TERM", &child.id().to_string()]);
        }
        let _ = child.wait();
    }
}
