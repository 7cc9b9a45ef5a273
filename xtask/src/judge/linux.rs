//! The reference: a program compiled by gcc, run under `strace -f` in a network namespace of its
//! own, joined to the others by veth. The bridge's executor runs there too, as another column.

use super::scenario::{Program, Scenario, stem};
use super::{Outcome, packets, strace};
use crate::step::Done;
use crate::system::output_of;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Ends a program that never ends by itself, seconds.
const LIMIT_S: u32 = 60;
/// Who runs the programs, as in the simulator.
const USER: u32 = 1000;

/// Who makes a program's calls on this kernel.
#[derive(Clone, Copy)]
pub(super) enum By<'a> {
    /// gcc's build of it.
    Itself,
    /// `soquete run --on real`: the bridge's executor.
    Bridge(&'a Path),
}

/// gcc's output for every program of the judge, and the launcher.
pub(super) struct Workshop {
    dir: PathBuf,
}

impl Workshop {
    /// A directory of this run; with the launcher compiled where programs will run on Linux.
    pub(super) fn new(with_launcher: bool) -> Result<Workshop, String> {
        // Not under /tmp, which every host has for itself.
        let dir = PathBuf::from(format!("/var/tmp/soquete-judge-{}", std::process::id()));
        std::fs::create_dir_all(&dir).map_err(|error| format!("{}: {error}", dir.display()))?;
        let workshop = Workshop { dir };
        if !with_launcher {
            return Ok(workshop);
        }
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
        // With gcc's builtins: printf of one string is puts, as in everybody's programs.
        let mut arguments = vec!["-x", language, &source, "-x", "none", "marks.o", "-o", name];
        arguments.extend(["-O0", "-pthread", "-lrt", "-lm", wraps]);
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
    /// Namespaces of these names, 10.0.0.1, 10.0.0.2, …, on one Ethernet.
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

    /// One namespace that has the addresses of so many hosts.
    pub(super) fn of_addresses(hosts: usize) -> Result<Network, String> {
        let network = Network::new(1)?;
        for i in 1..=hosts {
            let address = format!("10.0.0.{i}/32");
            run("ip", &["-n", network.first(), "address", "add", &address, "dev", "lo"])?;
        }
        Ok(network)
    }

    /// The first host's namespace.
    pub(super) fn first(&self) -> &str {
        &self.names[0]
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
            let address = format!("10.0.0.{}/16", i + 1);
            run("ip", &["-n", name, "address", "add", &address, "brd", "+", "dev", "eth0"])?;
            run("ip", &["-n", name, "link", "set", "eth0", "up"])?;
            // As on a machine with a default route, groups are somewhere.
            run("ip", &["-n", name, "route", "add", "224.0.0.0/4", "dev", "eth0"])?;
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

/// The only tool for judging against what was recorded.
pub(super) fn check_reader() -> Done {
    if crate::system::which("tshark").is_none() {
        return crate::system::apt_install(&["tshark"], "the judge reads captures with it");
    }
    Ok(())
}

/// What live runs need: program and Debian package.
const PROGRAMS: [(&str, &str); 9] = [
    ("gcc", "gcc"),
    ("strace", "strace"),
    ("ip", "iproute2"),
    ("ethtool", "ethtool"),
    ("sysctl", "procps"),
    ("pkill", "procps"),
    ("tcpdump", "tcpdump"),
    ("tshark", "tshark"),
    ("nft", "nftables"),
];

fn missing() -> Vec<&'static str> {
    let missing = PROGRAMS.iter().filter(|(program, _)| crate::system::which(program).is_none());
    missing.map(|(_, package)| *package).collect()
}

/// Why nothing can run here, and what would help.
pub(super) fn possible() -> Result<(), String> {
    match missing() {
        packages if packages.is_empty() => {}
        packages => return Err(format!("install {}", packages.join(" "))),
    }
    Network::new(1).map(drop).map_err(|error| {
        format!("no network namespaces: {error}; run it as root (CAP_NET_ADMIN, CAP_SYS_ADMIN)")
    })
}

/// Says what is missing, and how to get it, before anything runs.
pub(super) fn check_tools() -> Done {
    let packages = missing();
    if !packages.is_empty() {
        crate::system::apt_install(&packages, "the judge runs programs on this kernel")?;
    }
    possible().or_else(|why| {
        crate::step::failed("judge", &why, "or judge by recorded answers: --recorded")
    })
}

/// This kernel's release, part of every answer.
pub(super) fn release() -> String {
    output_of(Command::new("uname").arg("-r")).unwrap_or_default()
}

/// A program that runs.
struct Running {
    host: usize,
    child: std::process::Child,
    trace: PathBuf,
    output: PathBuf,
}

/// Runs a scenario and reads what happened.
pub(super) fn judge(
    workshop: &Workshop,
    scenario: &Scenario,
    by: By<'_>,
) -> Result<Outcome, String> {
    let network = Network::new(scenario.hosts.len())?;
    for rule in &scenario.nft {
        let words: Vec<&str> = rule.split_whitespace().collect();
        run("ip", &[&["netns", "exec", &network.names[0], "nft"], &words[..]].concat())?;
    }
    workshop.furnish(&scenario.hosts)?;
    let mut commands = Vec::new();
    for (i, program) in scenario.programs.iter().enumerate() {
        commands.push(workshop.command(&network, scenario, i, program, by)?);
    }
    let capture = match &network.names[..] {
        [first, _] => Some(packets::Capture::start(first, "eth0", &workshop.dir)?),
        // The bridge passes to its own device what a capture there wants to see.
        [first, _, _, ..] => Some(packets::Capture::start(first, "wire", &workshop.dir)?),
        _ => None,
    };
    let start = Instant::now();
    let mut running: Vec<Running> = Vec::new();
    for (program, (mut command, trace, output)) in scenario.programs.iter().zip(commands) {
        let wait = Duration::from_millis(program.start_ms).saturating_sub(start.elapsed());
        std::thread::sleep(wait);
        let child = command.spawn().map_err(|error| format!("ip netns exec: {error}"))?;
        running.push(Running { host: program.host, child, trace, output });
    }
    let children = &mut running.iter_mut().map(|one| &mut one.child).collect::<Vec<_>>();
    wait_for_all(children, scenario.until_s);
    let mut outcome = Outcome::of_hosts(scenario.hosts.len());
    if let Some(capture) = capture {
        outcome.packets = capture.stop()?;
    }
    for Running { host, trace, output, .. } in running {
        let trace = std::fs::read(trace).unwrap_or_default();
        let trace = String::from_utf8_lossy(&trace);
        outcome.hosts[host].extend(strace::read(&trace));
        let output = std::fs::read(output).unwrap_or_default();
        outcome.says(host, &String::from_utf8_lossy(&output), &strace::numbers(&trace));
    }
    Ok(outcome)
}

impl Workshop {
    /// What every host has for itself: a directory, /tmp, /etc/hosts.
    fn furnish(&self, hosts: &[String]) -> Result<(), String> {
        use std::os::unix::fs::PermissionsExt;
        let mut names = String::from("127.0.0.1 localhost\n::1 localhost\n");
        for (i, host) in hosts.iter().enumerate() {
            names += &format!("10.0.0.{} {host}\n", i + 1);
        }
        let file = self.dir.join("hosts");
        std::fs::write(&file, names).map_err(|error| format!("{}: {error}", file.display()))?;
        for i in 0..hosts.len() {
            for kind in ["home", "tmp"] {
                let dir = self.dir.join(format!("{kind}{i}"));
                let _ = std::fs::remove_dir_all(&dir);
                std::fs::create_dir_all(&dir)
                    .and_then(|()| {
                        std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o777))
                    })
                    .map_err(|error| format!("{}: {error}", dir.display()))?;
            }
        }
        Ok(())
    }

    /// A source and the headers beside it where every user may read them.
    fn copy(&self, source: &Path, number: usize) -> Result<PathBuf, String> {
        let dir = self.dir.join(format!("sources{number}"));
        let failed = |error: std::io::Error| format!("{}: {error}", dir.display());
        std::fs::create_dir_all(&dir).map_err(failed)?;
        let headers = source.parent().map(std::fs::read_dir).into_iter().flatten().flatten();
        let headers = headers.flatten().map(|entry| entry.path());
        let headers = headers.filter(|file| file.extension().is_some_and(|e| e == "h"));
        for file in headers.chain([source.to_owned()]) {
            std::fs::copy(&file, dir.join(file.file_name().unwrap_or_default())).map_err(failed)?;
        }
        Ok(dir.join(source.file_name().unwrap_or_default()))
    }

    /// `soquete` where every user may run it.
    fn reachable(&self, soquete: &Path) -> Result<PathBuf, String> {
        let copy = self.dir.join("soquete");
        if !copy.is_file() {
            std::fs::copy(soquete, &copy).map_err(|e| format!("{}: {e}", soquete.display()))?;
        }
        Ok(copy)
    }

    /// The command that runs a program, its trace and its output.
    fn command(
        &self,
        network: &Network,
        scenario: &Scenario,
        number: usize,
        program: &Program,
        by: By<'_>,
    ) -> Result<(Command, PathBuf, PathBuf), String> {
        let traces = self.dir.join("home0");
        let trace = traces.join(format!(".trace{number}"));
        let output = self.dir.join(format!("output{number}"));
        let file = std::fs::File::create(&output).map_err(|error| error.to_string())?;
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &network.names[program.host]]);
        command.arg(self.dir.join("launch")).arg(LIMIT_S.to_string());
        let source = program.source.canonicalize().map_err(|error| error.to_string())?;
        match by {
            By::Itself => {
                if !scenario.is_matrix() {
                    command.args(["strace", "-f", "-o"]).arg(&trace);
                }
                command.arg(self.compile(&source, &stem(&source))?).args(&program.args);
            }
            By::Bridge(soquete) => {
                let copy = self.copy(&source, number)?;
                let words = std::iter::once(copy.display().to_string());
                let words = words.chain(program.args.iter().cloned());
                let quoted: Vec<String> = words.map(|word| format!("'{word}'")).collect();
                command.arg(self.reachable(soquete)?).args(["run", "--on", "real"]);
                command.args(["--trace", "strace", "--trace-file"]).arg(&trace);
                command.arg(quoted.join(" "));
                // On SIGTERM it writes its last lines and ends.
                command.env("LAUNCH_END", "15");
            }
        }
        let home = self.dir.join(format!("home{}", program.host));
        command.current_dir(home).stdin(Stdio::null()).stdout(file).stderr(Stdio::null());
        // As in the simulator, and no file says so.
        command.env("TZ", "UTC0");
        command.env("LAUNCH_HOSTS", self.dir.join("hosts"));
        command.env("LAUNCH_TMP", self.dir.join(format!("tmp{}", program.host)));
        if !program.root {
            command.env("LAUNCH_UID", USER.to_string());
        }
        if !program.stdin.is_empty() {
            let typed = self.dir.join(format!("typed{number}"));
            std::fs::write(&typed, &program.stdin).map_err(|error| error.to_string())?;
            command.env("LAUNCH_TYPE", typed);
        }
        if program.stdin_ends {
            command.env("LAUNCH_EOF", "1");
        }
        Ok((command, trace, output))
    }
}

/// Servers without an end are ended once all others have ended and some time has passed.
fn wait_for_all(children: &mut [&mut std::process::Child], until_s: u64) {
    // Longer than what a receiver waits for one that has gone, in the lessons.
    const GRACE: Duration = Duration::from_millis(5500);
    let start = Instant::now();
    let mut last_end: Option<Instant> = None;
    let mut left = children.len();
    while left > 0 && start.elapsed() < Duration::from_secs(until_s) {
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
