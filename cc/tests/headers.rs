//! Our system headers against the real ones: every integer constant, every function's type, every
//! structure's layout, for glibc (gcc) and for MinGW-w64 (x86_64-w64-mingw32-gcc).
//!
//! The compilers are asked, not run: what is compared is assembly with the values in it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One system's headers and the compiler that has the real ones.
struct System {
    gcc: &'static str,
    /// Its folder beside `common` in `cc/libc/include`.
    folder: &'static str,
    modes: &'static [&'static str],
    /// Headers of the real system whose names ours may declare beside the header's own.
    also: &'static [&'static str],
}

const GLIBC: System = System {
    gcc: "gcc",
    folder: "linux",
    modes: &["-D_DEFAULT_SOURCE", "-D_GNU_SOURCE"],
    also: &[
        "stddef.h",
        "stdint.h",
        "sys/types.h",
        "sys/wait.h",
        "sys/stat.h",
        "sys/time.h",
        "sys/uio.h",
        "sys/un.h",
        "pthread.h",
        "getopt.h",
        "limits.h",
        "net/if_arp.h",
        "netinet/ether.h",
        "netinet/in_systm.h",
        "unistd.h",
        "stdarg.h",
        "sys/ioctl.h",
        "netinet/ip.h",
    ],
};
const MINGW: System = System {
    gcc: "x86_64-w64-mingw32-gcc",
    folder: "windows",
    modes: &["-D_WIN32_WINNT=0x0601"],
    also: &[
        "winsock2.h",
        "ws2tcpip.h",
        "windows.h",
        "stddef.h",
        "stdint.h",
        "time.h",
        "sys/time.h",
        "unistd.h",
        "io.h",
    ],
};

fn include_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("libc/include")
}

/// The headers that a program may include, as it names them.
fn public_headers(system: &System) -> BTreeSet<String> {
    fn walk(dir: &Path, prefix: &str, into: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(dir).expect("the headers are in the repository") {
            let entry = entry.expect("readable");
            let name = entry.file_name().into_string().expect("ASCII names");
            if entry.path().is_dir() {
                walk(&entry.path(), &format!("{prefix}{name}/"), into);
            } else {
                into.insert(format!("{prefix}{name}"));
            }
        }
    }
    let mut names = BTreeSet::new();
    walk(&include_dir().join("common"), "", &mut names);
    walk(&include_dir().join(system.folder), "", &mut names);
    names.retain(|name| !name.starts_with("bits/"));
    names
}

impl System {
    fn is_there(&self) -> bool {
        Command::new(self.gcc).arg("--version").output().is_ok()
    }

    /// Runs the compiler on `source`; its output, or its messages.
    fn run(&self, ours: bool, args: &[&str], source: &str) -> Result<String, String> {
        use std::io::Write as _;
        let mut command = Command::new(self.gcc);
        command.args(["-std=gnu17", "-w", "-x", "c"]).args(args);
        if ours {
            command.arg("-nostdinc");
            command.arg("-I").arg(include_dir().join("common"));
            command.arg("-I").arg(include_dir().join(self.folder));
        }
        let mut child = command
            .args(["-o", "-", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the compiler starts");
        child.stdin.take().expect("piped").write_all(source.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    }
}

/// Object-like macros of our header whose text is an integer expression of literals.
fn constants(text: &str) -> Vec<(String, String)> {
    text.lines()
        .filter_map(|line| line.strip_prefix("#define ")?.split_once(' '))
        .filter(|(name, value)| {
            !name.starts_with('_')
                && !name.contains('(')
                && value.contains(|c: char| c.is_ascii_digit())
                && value
                    .chars()
                    .all(|c| c.is_ascii_digit() || "()-+~<xXabcdefABCDEFuUlL ".contains(c))
        })
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// What a preprocessed header of ours declares.
#[derive(Default)]
struct Declared {
    prototypes: Vec<String>,
    /// `(type, member)`; an empty member asks for the size.
    layouts: Vec<(String, String)>,
}

fn declared(text: &str) -> Declared {
    let mut found = Declared::default();
    let mut open: Option<String> = None;
    let mut members = Vec::new();
    let mut depth = 0;
    for line in text.lines() {
        let depth_before = depth;
        depth += line.matches('{').count() as i32 - line.matches('}').count() as i32;
        if depth_before == 0 && depth > 0 {
            let name = line.trim_end_matches('{').trim().trim_start_matches("typedef ").to_owned();
            open = Some(name);
            members.clear();
        } else if depth_before == 1 && depth == 1 {
            members.extend(member_names(line));
        } else if depth_before == 1 && depth == 0 {
            let tag = open.take().unwrap_or_default();
            let after = line.trim_start_matches('}').trim().trim_end_matches(';');
            let alias = after.split([',', ' ']).next().unwrap_or("");
            let name = match tag.split_once(' ') {
                Some(("struct" | "union", _)) => tag,
                _ if alias.is_empty() || alias.starts_with("__attribute__") => continue,
                _ => alias.to_owned(),
            };
            if name.contains("__") || tag_is_enum(text, &name) {
                continue;
            }
            found.layouts.push((name.clone(), String::new()));
            found.layouts.extend(members.iter().map(|member| (name.clone(), member.clone())));
        } else if depth == 0 && line.ends_with(';') && line.contains('(') {
            if !line.starts_with("typedef") && !line.starts_with("extern") {
                found.prototypes.push(line.to_owned());
            }
        } else if depth == 0 && line.starts_with("typedef") && !line.contains(['{', '(', '[']) {
            let name = line.trim_end_matches(';').rsplit([' ', '*']).next().unwrap_or("");
            if !name.is_empty() && !name.starts_with('_') && name != "va_list" && name != "FILE" {
                found.layouts.push((name.to_owned(), String::new()));
            }
        }
    }
    found.layouts.retain(|(name, _)| name != "DIR");
    found
}

fn tag_is_enum(text: &str, name: &str) -> bool {
    text.contains(&format!("enum {name} {{"))
}

/// The names that a member declaration declares, private ones and bit-fields left out.
fn member_names(line: &str) -> Vec<String> {
    let line = line.trim();
    let Some(body) = line.strip_suffix(';') else { return Vec::new() };
    if body.contains(':') || body.contains("[]") {
        return Vec::new();
    }
    if let Some((_, pointer)) = body.split_once("(*") {
        return pointer.split(')').next().map(str::to_owned).into_iter().collect();
    }
    body.split(',')
        .filter_map(|one| one.split('[').next()?.trim().rsplit([' ', '*']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('_'))
        .map(str::to_owned)
        .collect()
}

/// A translation unit whose assembly holds every size and place asked for.
fn layout_source(layouts: &[(String, String)]) -> String {
    let mut source = String::new();
    for (number, (name, member)) in layouts.iter().enumerate() {
        let value = match member.is_empty() {
            true => format!("sizeof({name}) * 100 + _Alignof({name})"),
            false => format!(
                "__builtin_offsetof({name}, {member}) * 1000 + sizeof((({name} *)0)->{member})"
            ),
        };
        source += &format!("unsigned long long layout_{number} = {value};\n");
    }
    source
}

/// The values of `layout_N` in assembly, in order of N.
fn layout_values(assembly: &str, count: usize) -> Vec<String> {
    let mut values = vec![String::new(); count];
    let mut current = None;
    for line in assembly.lines() {
        if let Some(label) = line.strip_prefix("layout_").and_then(|l| l.strip_suffix(':')) {
            current = label.parse::<usize>().ok();
        } else if let (Some(number), Some(value)) = (current, line.trim().strip_prefix(".quad")) {
            values[number] = value.trim().to_owned();
            current = None;
        }
    }
    values
}

/// The real header, and after it what ours may declare too.
fn real_includes(system: &System, include: &str) -> String {
    let also = system.also.iter().map(|name| format!("#include <{name}>\n"));
    include.to_owned() + &also.collect::<String>()
}

/// Everything in one mode that differs from the real headers. All headers go into one translation
/// unit: a compiler's start costs more than a thousand declarations.
fn differences(system: &System, headers: &[String], mode: &str) -> Vec<String> {
    let place = |what: &str| format!("{} {mode}: {what}", system.folder);
    let include: String = headers.iter().map(|name| format!("#include <{name}>\n")).collect();
    let ours = match system.run(true, &["-E", "-P", mode], &include) {
        Ok(text) => text,
        Err(message) => return vec![place(&format!("our header does not compile: {message}"))],
    };
    let macros = system.run(true, &["-E", "-dM", mode], &include).expect("compiled above");
    let before = system.run(true, &["-E", "-dM", mode], "").expect("nothing to compile");
    let mut source = real_includes(system, &include);
    for (name, value) in constants(&macros) {
        if !before.contains(&format!("#define {name} ")) && !OURS.contains(&name.as_str()) {
            source += &format!(
                "_Static_assert((long long)({name}) == (long long)({value}), \"{name}\");\n"
            );
        }
    }
    let declared = declared(&ours);
    for prototype in &declared.prototypes {
        if !OURS.iter().any(|name| prototype.contains(&format!("{name}("))) {
            let name = prototype.split('(').next().unwrap_or("").rsplit([' ', '*']).next();
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                source += &format!("#undef {name}\n");
            }
            source += prototype;
            source += "\n";
        }
    }
    let mut found = Vec::new();
    if let Err(message) = system.run(false, &["-fsyntax-only", mode], &source) {
        let lines = message.lines().filter(|line| line.contains("error"));
        found.extend(lines.map(place));
    }
    let source = layout_source(&declared.layouts);
    let real = system.run(false, &["-S", mode], &(real_includes(system, &include) + &source));
    let mine = system.run(true, &["-S", mode], &(include + &source));
    match (real, mine) {
        (Ok(real), Ok(mine)) => {
            let count = declared.layouts.len();
            let (real, mine) = (layout_values(&real, count), layout_values(&mine, count));
            for (number, (name, member)) in declared.layouts.iter().enumerate() {
                if real[number] != mine[number] {
                    let (mine, real) = (&mine[number], &real[number]);
                    found.push(place(&format!("{name} {member}: ours {mine}, real {real}")));
                }
            }
        }
        (Err(message), _) | (_, Err(message)) => {
            found.extend(message.lines().filter(|line| line.contains("error")).map(place))
        }
    }
    found
}

/// Names that are ours alone or differ on purpose: the real header hides them behind another
/// spelling (a macro, a redirected symbol).
const OURS: &[&str] = &["PTHREAD_STACK_MIN", "SIGRTMIN", "SIGRTMAX", "MINSIGSTKSZ", "SIGSTKSZ"];

fn check(system: &System, skip: &[&str]) {
    if !system.is_there() {
        eprintln!("skipped: {} is not on this machine", system.gcc);
        return;
    }
    let headers: Vec<String> = public_headers(system)
        .into_iter()
        .filter(|header| !skip.contains(&header.as_str()))
        .collect();
    let found: Vec<String> =
        system.modes.iter().flat_map(|mode| differences(system, &headers, mode)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What cannot stand beside libc's headers in one translation unit.
const KERNELS: [&str; 58] = [
    "asm-generic/errno.h",
    "asm-generic/ioctl.h",
    "asm-generic/socket.h",
    "asm/errno.h",
    "asm/fcntl.h",
    "asm/ioctl.h",
    "asm/ioctls.h",
    "asm/param.h",
    "asm/poll.h",
    "asm/signal.h",
    "asm/socket.h",
    "asm/sockios.h",
    "asm/unistd.h",
    "linux/errno.h",
    "linux/errqueue.h",
    "linux/eventpoll.h",
    "linux/fcntl.h",
    "linux/icmp.h",
    "linux/if.h",
    "linux/if_arp.h",
    "linux/igmp.h",
    "linux/in.h",
    "linux/in6.h",
    "linux/ioctl.h",
    "linux/ip.h",
    "linux/ipc.h",
    "linux/ipv6.h",
    "linux/ipv6_route.h",
    "linux/kernel.h",
    "linux/limits.h",
    "linux/mman.h",
    "linux/msg.h",
    "linux/netdevice.h",
    "linux/param.h",
    "linux/poll.h",
    "linux/posix_types.h",
    "linux/prctl.h",
    "linux/resource.h",
    "linux/route.h",
    "linux/sem.h",
    "linux/shm.h",
    "linux/signal.h",
    "linux/stat.h",
    "linux/stddef.h",
    "linux/string.h",
    "linux/tcp.h",
    "linux/termios.h",
    "linux/time.h",
    "linux/udp.h",
    "linux/uio.h",
    "linux/un.h",
    "linux/unistd.h",
    "linux/utime.h",
    "linux/utsname.h",
    "linux/wait.h",
    "net/if_packet.h",
    "netpacket/packet.h",
    "tgmath.h",
];

#[test]
fn linux_headers_agree_with_glibc() {
    // The kernel's own headers declare again what libc's do, for a real compiler.
    check(&GLIBC, &KERNELS);
}

#[test]
fn windows_headers_agree_with_mingw() {
    check(&MINGW, &["features.h", "setjmp.h", "fenv.h", "stdatomic.h"]);
}
