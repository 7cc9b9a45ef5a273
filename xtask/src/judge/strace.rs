//! Reading what strace wrote, and what may differ between two kernels that agree.
//!
//! Two producers: the real `strace -f -o FILE` (lines begin with the process's number, calls that
//! block are cut in two), and `soquete run --trace strace` (lines begin with `name[pid] `, one
//! line a call). Both become the same list of events for each process.

use std::collections::BTreeMap;

/// The result of a call that never returned.
pub(super) const UNFINISHED: &str = "<unfinished>";

/// One process's life.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Process {
    /// Its events, in order.
    pub(super) events: Vec<Event>,
}

/// One thing that happened, already normalised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// The call's name, `signal`, or `end`.
    pub(super) name: String,
    /// Arguments.
    pub(super) args: String,
    /// What stands after `=`.
    pub(super) result: String,
}

impl Event {
    /// As one line.
    pub(super) fn line(&self) -> String {
        match self.name.as_str() {
            "signal" | "end" => self.args.clone(),
            name => format!("{name}({}) = {}", self.args, self.result),
        }
    }
}

/// The numbers of the processes of a trace.
pub(super) fn numbers(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for who in text.lines().filter_map(|line| line.split_once(' ')).map(|(who, _)| number_of(who)) {
        if all.iter().all(|known| known != who) {
            all.push(who.to_owned());
        }
    }
    all
}

/// The number in `name[number]`, or the whole.
fn number_of(who: &str) -> &str {
    who.rsplit_once('[').map_or(who, |(_, n)| n.trim_end_matches(']'))
}

/// Reads a trace: every process that nobody in it made, each with its children after it.
pub(super) fn read(text: &str) -> Vec<Process> {
    let mut order: Vec<String> = Vec::new();
    let mut lines: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut cut: BTreeMap<String, String> = BTreeMap::new();
    for line in text.lines() {
        let Some((who, rest)) = line.split_once(' ') else { continue };
        let who = who.to_owned();
        let rest = rest.trim_start().to_owned();
        if !order.contains(&who) {
            order.push(who.clone());
        }
        let whole = if let Some(resumed) = rest.strip_prefix("<... ") {
            let after = resumed.split_once(" resumed>").map_or("", |(_, after)| after);
            cut.remove(&who).unwrap_or_default() + after
        } else if let Some(begun) = rest.strip_suffix(" <unfinished ...>") {
            cut.insert(who.clone(), begun.to_owned());
            continue;
        } else {
            rest
        };
        lines.entry(who).or_default().push(whole);
    }
    // What never came back is an event too: the last one of a process that was blocked.
    for (who, begun) in cut {
        lines.entry(who).or_default().push(format!("{begun} <unfinished ...>"));
    }
    let numbers: Vec<String> = order.iter().map(|who| number_of(who).to_owned()).collect();
    let order = family(&order, &numbers, &lines);
    let mut processes: Vec<Process> = order
        .iter()
        .map(|who| {
            let all = lines.remove(who).unwrap_or_default();
            Process { events: clean(all.iter().filter_map(|line| event(line)).collect(), &numbers) }
        })
        .collect();
    drop_ignored_signals(&mut processes);
    for (number, process) in processes.iter_mut().enumerate() {
        let exits = process.events.iter().any(|event| event.name == "exit_group");
        // A thread's end is not a process's; only strace shows it as one.
        if number > 0 && !exits {
            process.events.retain(|event| !event.args.starts_with("+++ exited"));
        }
    }
    processes
}

/// The processes as their parents made them: which of two appears first in a trace is chance.
fn family(
    order: &[String],
    numbers: &[String],
    lines: &BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    let children = |who: &String| -> Vec<usize> {
        let made = lines.get(who).into_iter().flatten().filter(|line| {
            line.starts_with("clone(") || line.starts_with("clone3(") || line.starts_with("vfork(")
        });
        let number = |line: &String| line.rsplit_once(" = ").map(|(_, n)| n.trim().to_owned());
        made.filter_map(number)
            .filter_map(|child| numbers.iter().position(|number| *number == child))
            .collect()
    };
    let mut found: Vec<usize> = Vec::new();
    let is_child: Vec<usize> = order.iter().flat_map(children).collect();
    let mut next: Vec<usize> = (0..order.len()).filter(|i| !is_child.contains(i)).rev().collect();
    while let Some(i) = next.pop() {
        if !found.contains(&i) {
            found.push(i);
            next.extend(children(&order[i]).into_iter().rev());
        }
    }
    found.into_iter().map(|i| order[i].clone()).collect()
}

/// Removes signals that the process ignores: only a traced process is shown them. A child begins
/// with what the first process of the program ignored.
fn drop_ignored_signals(processes: &mut [Process]) {
    // What nobody handles does nothing, `signal(7)`.
    const HARMLESS: [&str; 4] = ["SIGCHLD", "SIGURG", "SIGWINCH", "SIGCONT"];
    let mut inherited: Vec<String> = HARMLESS.map(str::to_owned).to_vec();
    for (number, process) in processes.iter_mut().enumerate() {
        let mut ignored = inherited.clone();
        process.events.retain(|event| {
            if event.name == "rt_sigaction" && event.result == "0" {
                let signal = event.args.split(',').next().unwrap_or_default();
                ignored.retain(|other| other != signal);
                let new = &event.args[signal.len()..];
                let default =
                    new.starts_with(", {sa_handler=SIG_DFL") && HARMLESS.contains(&signal);
                let asked = new.starts_with(", NULL") && inherited.iter().any(|i| i == signal);
                if new.starts_with(", {sa_handler=SIG_IGN") || default || asked {
                    ignored.push(signal.to_owned());
                }
            }
            let signal = event.args.strip_prefix("--- ").unwrap_or_default();
            let signal = signal.split(' ').next().unwrap_or_default();
            event.name != "signal" || !ignored.iter().any(|other| other == signal)
        });
        if number == 0 {
            inherited = ignored;
        }
    }
}

/// One line as an event.
fn event(line: &str) -> Option<Event> {
    let simple = |name: &str, args: &str| {
        Some(Event { name: name.to_owned(), args: args.to_owned(), result: String::new() })
    };
    if line.starts_with("---") {
        // Numbers of processes and users differ, and the time that a child has used.
        let end = line.find(", si_pid=").unwrap_or(line.len());
        let status = line.find(", si_status=").map_or("", |at| &line[at..]);
        let status = status.split(", si_utime").next().unwrap_or_default();
        return simple("signal", &format!("{}{status}", &line[..end]));
    }
    if line.starts_with("+++") {
        return simple("end", line);
    }
    let (name, rest) = line.split_once('(')?;
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    // Ended while it was blocked: only what it was and on which descriptor can be compared.
    let cut = rest
        .find("<unfinished ...>")
        .filter(|at| matches!(rest[*at..].trim(), "<unfinished ...>" | "<unfinished ...>) = ?"));
    if let Some(at) = cut {
        let first = rest[..at].split(',').next().unwrap_or_default().trim().to_owned();
        let result = UNFINISHED.to_owned();
        return Some(Event { name: name.to_owned(), args: first, result });
    }
    // The last ` = ` after a bracket: arguments may hold anything, and so may strings.
    let equals = rest
        .match_indices(" = ")
        .map(|(at, _)| at)
        .filter(|at| rest[..*at].trim_end().ends_with(')'))
        .last()?;
    let args = rest[..equals].trim_end().strip_suffix(')')?;
    Some(Event {
        name: name.to_owned(),
        args: args.to_owned(),
        result: rest[equals + 3..].trim().to_owned(),
    })
}

/// Calls that the loader and libc make for themselves.
const LIBC_OWN: [&str; 26] = [
    "brk",
    "mprotect",
    "madvise",
    "arch_prctl",
    "set_tid_address",
    "set_robust_list",
    "rseq",
    "getrandom",
    "futex",
    "execve",
    "pread64",
    "prlimit64_init",
    "restart_syscall",
    "exit",
    "pthread_join",
    "pthread_detach",
    "sched_yield",
    "clock_gettime",
    "gettimeofday",
    "time",
    "unfinished",
    "readlink",
    "readlinkat",
    "sysinfo",
    "newfstatat",
    "getpid_cached",
];

/// Leaves what the program did: no loader, no libc, no numbers that vary from run to run.
fn clean(mut events: Vec<Event>, numbers: &[String]) -> Vec<Event> {
    let mut kept: Vec<Event> = Vec::new();
    let mut looking_up: Option<&str> = None;
    hide_commands(&mut events);
    events.drain(..after_loader(&events));
    undo_restarts(&mut events);
    for mut event in events {
        if event.name == "close" {
            match event.args.parse::<i32>() {
                Ok(-77001) => looking_up = Some("getaddrinfo"),
                Ok(-77002) => looking_up = Some("getnameinfo"),
                Ok(-77003) => looking_up = Some("gethostbyname"),
                Ok(-77004) => looking_up = Some("getservbyname"),
                Ok(end) if (-78100..=-77900).contains(&end) => {
                    if let Some(name) = looking_up.take() {
                        let name = name.to_owned();
                        // Whether names fit into the program's room is libc's to say.
                        let result = match name.as_str() {
                            "getnameinfo" => "…".to_owned(),
                            _ => (end + 78000).to_string(),
                        };
                        // One line in a trace of the simulator, whichever function asked.
                        let name = name.replace("gethostbyname", "getaddrinfo");
                        kept.push(Event { name, args: "…".to_owned(), result });
                    }
                    continue;
                }
                _ => {}
            }
        }
        if looking_up.is_some() {
            continue;
        }
        if is_noise(&event) {
            continue;
        }
        normalise(&mut event, numbers);
        kept.push(event);
    }
    kept
}

/// The number of events before `main`: the loader's last act is to unmap its cache.
fn after_loader(events: &[Event]) -> usize {
    if events.first().is_none_or(|event| event.name != "execve" || is_command(event)) {
        return 0;
    }
    events.iter().position(|event| event.name == "munmap").map_or(1, |at| at + 1)
}

fn is_command(event: &Event) -> bool {
    let folders = ["\"/bin/", "\"/usr/bin/"];
    event.name == "execve"
        && event.result == "0"
        && folders.iter().any(|folder| event.args.starts_with(folder))
}

/// A command of the system (`ls`, `sh`) is another program there than here: of its process only the
/// `execve` and the end stay. Before it `posix_spawn(3)`, by which system(3) and popen(3) start it
/// there, puts every signal back.
fn hide_commands(events: &mut Vec<Event>) {
    let Some(at) = events.iter().position(is_command) else { return };
    let end = events.iter().skip(at).position(|event| event.args.starts_with("+++"));
    let end = end.map(|end| events[at + end].clone());
    events.truncate(at + 1);
    events.extend(end);
    if events[..at].iter().all(|event| event.name.starts_with("rt_sig") || event.name == "dup2") {
        events.drain(..at);
    }
}

/// A signal that the process ignores interrupts a call only because it is traced, and whether it
/// comes before or after the call's end is chance: such a call is one call. (What a handler
/// interrupts stays as strace shows it.)
fn undo_restarts(events: &mut Vec<Event>) {
    let mut i = 0;
    while i < events.len() {
        if !events[i].result.starts_with("? ERESTART") {
            i += 1;
            continue;
        }
        let between = events[i + 1..].iter().take_while(|event| event.name == "signal").count();
        let at = i + 1 + between;
        // Whether a process had begun its last call when it was killed is chance too.
        if between > 0 && events.get(at).is_some_and(|e| e.args.starts_with("+++ killed")) {
            events.remove(i);
            continue;
        }
        let goes_on = between > 0
            && events.get(at).is_some_and(|next| {
                next.name == "restart_syscall"
                    || (next.name == events[i].name && same_start(&next.args, &events[i].args))
            });
        if goes_on {
            if events[at].name == "restart_syscall" {
                events[at].name = events[i].name.clone();
                events[at].args = events[i].args.clone();
            }
            events.remove(i);
        } else {
            i += 1;
        }
    }
}

/// Whether two calls have the same first argument.
fn same_start(a: &str, b: &str) -> bool {
    a.split(',').next() == b.split(',').next()
}

fn is_noise(event: &Event) -> bool {
    match event.name.as_str() {
        "mmap" => event.args.contains("MAP_ANONYMOUS") && event.args.contains("MAP_PRIVATE"),
        "munmap" => true,
        "ioctl" => event.args.contains("TCGETS"),
        // Whether stdout is a terminal; libc asks once.
        "newfstatat" => true,
        // Thread start and abort(3) mask everything for a moment.
        "rt_sigprocmask" => {
            event.args.contains("~[") || event.args.contains("[RTMIN RT_1]") || {
                // …and put the old mask back, with no place for another old one.
                event.args.starts_with("SIG_SETMASK, [], NULL")
            }
        }
        "rt_sigaction" => event.args.starts_with("SIGRT_1"),
        // The last is the time zone, looked for by the first function that needs it.
        "openat" => ["ld.so", "/lib/", "/zoneinfo/"].iter().any(|own| event.args.contains(own)),
        name => LIBC_OWN.contains(&name),
    }
}

/// Replaces what differs from run to run by what kind of thing it is.
fn normalise(event: &mut Event, numbers: &[String]) {
    match event.name.as_str() {
        "clone" | "clone3" | "vfork" => {
            // How glibc's posix_spawn(3) forks.
            if event.args.contains("CLONE_VFORK") {
                "clone".clone_into(&mut event.name);
            }
            event.args = String::new();
            event.result = pid_word(&event.result);
        }
        // Numbers that the machine counts up.
        "shmget" | "semget" if !event.result.starts_with('-') => event.result = "<id>".to_owned(),
        "shmat" | "shmctl" | "semop" | "semtimedop" | "semctl" | "msgctl" => {
            const CLOCKS_AND_PIDS: [&str; 8] = [
                "_atime=", "_dtime=", "_ctime=", "_otime=", "_stime=", "_rtime=", "pid=", "_lspid=",
            ];
            for field in CLOCKS_AND_PIDS {
                event.args = without(&event.args, field, &[',', '}']);
            }
            if let Some((id, rest)) = event.args.split_once(", ") {
                let id = if id.starts_with('-') { id } else { "<id>" };
                event.args = format!("{id}, {rest}");
            }
        }
        "getpid" | "getppid" | "gettid" | "getpgrp" | "getpgid" | "getsid" | "setsid" => {
            event.result = pid_word(&event.result)
        }
        "wait4" => {
            event.args = first_is_pid(&event.args, 1);
            event.result = pid_word(&event.result);
        }
        "kill" => event.args = first_is_pid(&event.args, 1),
        "rt_sigqueueinfo" => {
            // Only a part of the union was set.
            event.args = without(&first_is_pid(&event.args, 1), ", si_ptr=", &['}']);
        }
        // strace shows the whole of the program's room, of which only a part was written.
        "msgrcv" => {
            if let (Ok(len), Some((before, text))) =
                (event.result.parse(), event.args.split_once("mtext=\""))
            {
                let end = text.rfind('"').unwrap_or(text.len());
                let (text, after) = text.split_at(end);
                let after = after.replace("\"...", "\"");
                event.args = format!("{before}mtext=\"{}{after}", first_bytes(text, len));
            }
        }
        "fcntl" if event.args.contains("F_SETOWN, ") => {
            let before = event.args.split(", ").next().unwrap_or_default();
            event.args = format!("{before}, F_SETOWN, <pid>");
        }
        "waitid" if event.args.starts_with("P_PID, ") => {
            let rest = event.args.split_once(", ").map_or("", |(_, rest)| rest);
            event.args = format!("P_PID, {}", first_is_pid(rest, 1));
        }
        "tgkill" => event.args = first_is_pid(&event.args, 2),
        "getsockopt" if event.args.contains("TCP_INFO") => {
            // Counters and times of the connection; the state is the first byte.
            if let Some((before, value)) = event.args.split_once('"') {
                let state = value.split('\\').nth(1).unwrap_or_default().to_owned();
                event.args = format!("{before}state {state}");
            }
        }
        // Whether names fit into the program's room is libc's to say.
        "getnameinfo" => (event.args, event.result) = ("…".to_owned(), "…".to_owned()),
        "getaddrinfo" => {
            event.args = "…".to_owned();
            event.result = event.result.split(' ').next().unwrap_or_default().to_owned();
        }
        // strace shows a flag of 32 bits as one of 64.
        "rt_sigaction" => event.args = event.args.replace("|0xffffffff00000000", ""),
        // What a handler that nothing interrupted goes back to is whatever was in the register.
        "rt_sigreturn" if !event.result.starts_with('-') => event.result = "<any>".to_owned(),
        // Text with a number in it that varies: what comes before it.
        "write" | "sendto" => {
            let text = words(&event.args, numbers);
            let vary = ["<pid>", "<pointer>"].iter().filter_map(|kind| text.find(kind));
            if let Some(at) = vary.min() {
                event.args = format!("{}…", &text[..at]);
                event.result = "<n>".to_owned();
            }
        }
        "clock_nanosleep" => {
            // What is left of a sleep that was interrupted.
            let left = event.args.match_indices(", {").nth(1).map(|(at, _)| at);
            if let Some(at) = left.or(event.args.rfind(", ")) {
                event.args.truncate(at);
            }
        }
        "pselect6" | "poll" | "ppoll" => {
            // A timeout may be what an earlier call left of one.
            event.args = without(&event.args, ", {tv_sec=", &['}']).replace("}, NULL", ", NULL");
            event.result = without(&event.result, ", left {", &['}']).replace("})", ")");
            event.result = event.result.replace("(left {", "({");
        }
        // Room for a part of the address only: the port's bytes without its name.
        "accept" | "accept4" | "getsockname" | "getpeername" => {
            event.args = without(&event.args, ", sa_data=", &['}']);
        }
        _ => {}
    }
    event.args = odd_nanoseconds(&autobound(&event.args));
    event.args = words(&event.args, numbers);
    // A result is never a port; it may be as many bytes.
    event.result = pointers_and_pids(&event.result, numbers);
}

/// The name that the kernel gives to a Unix socket that asked for none: five digits by chance.
fn autobound(text: &str) -> String {
    const FIELD: &str = "sun_path=@\"";
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(FIELD) {
        let (before, after) = rest.split_at(at + FIELD.len());
        out.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_hexdigit).count();
        let chance = digits == 5 && after[digits..].starts_with('"');
        out.push_str(if chance { "<chance>" } else { &after[..digits] });
        rest = &after[digits..];
    }
    out + rest
}

/// So many bytes of a text in which strace wrote some as `\\n` or `\\0`.
fn first_bytes(text: &str, len: usize) -> &str {
    let mut at = 0;
    for _ in 0..len {
        let rest = &text.as_bytes()[at..];
        at += match rest {
            [] => break,
            [b'\\', b'0'..=b'7', ..] => {
                let digits = rest[1..].iter().take(3);
                1 + digits.take_while(|byte| (b'0'..=b'7').contains(*byte)).count()
            }
            [b'\\', _, ..] => 2,
            _ => 1,
        };
    }
    text.get(..at).unwrap_or(text)
}

/// A process's number, where there is one: 0 and errors stay.
fn pid_word(text: &str) -> String {
    match text.parse::<u32>() {
        Ok(1..) => "<pid>".to_owned(),
        _ => text.to_owned(),
    }
}

/// The first `count` arguments as process numbers.
fn first_is_pid(args: &str, count: usize) -> String {
    let parts = args.split(", ").enumerate();
    let parts = parts.map(|(i, part)| if i < count { pid_word(part) } else { part.to_owned() });
    parts.collect::<Vec<_>>().join(", ")
}

/// Removes from `from` up to (not with) the first of `until`.
fn without(text: &str, from: &str, until: &[char]) -> String {
    let mut text = text.to_owned();
    while let Some(at) = text.find(from) {
        let rest = &text[at + from.len()..];
        let end = rest.find(until).unwrap_or(rest.len());
        text.replace_range(at..at + from.len() + end, "");
    }
    text
}

/// A program asks for whole milliseconds; anything finer is what a clock left over.
fn odd_nanoseconds(text: &str) -> String {
    const FIELD: &str = "tv_nsec=";
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(FIELD) {
        let (before, after) = rest.split_at(at + FIELD.len());
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let odd = after[..end].parse::<u64>().is_ok_and(|ns| ns % 1_000_000 != 0 && ns < 1 << 40);
        out.push_str(before);
        out.push_str(if odd { "<rest>" } else { &after[..end] });
        rest = &after[end..];
    }
    out + rest
}

/// The kernel's own choice of port.
const EPHEMERAL: std::ops::RangeInclusive<u32> = 32768..=60999;

/// Pointers, process numbers and ephemeral ports by kind.
pub(super) fn words(text: &str, numbers: &[String]) -> String {
    by_kind(text, numbers, true)
}

fn pointers_and_pids(text: &str, numbers: &[String]) -> String {
    by_kind(text, numbers, false)
}

fn by_kind(text: &str, numbers: &[String], ports: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if !c.is_ascii_digit() || out.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '\\') {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let word = &rest[..end];
        rest = &rest[end..];
        let cut = rest.starts_with("\"...");
        let pointer =
            word.strip_prefix("0x").is_some_and(|hex| hex.len() >= if cut { 4 } else { 9 });
        // A simulated process's number is so short that only the word before it tells.
        let words =
            ["pid ", "kill(", "si_pid=", "PID ", "pid: ", "PID: ", "pid=", "pid is ", "PID is "];
        let name = rest.starts_with(':') && ["parent ", "child "].iter().any(|w| out.ends_with(w));
        let told = name || words.iter().any(|word| out.ends_with(word));
        let port = ports && word.parse().is_ok_and(|port| EPHEMERAL.contains(&port));
        if pointer {
            out.push_str("<pointer>");
        } else if port {
            out.push_str("<port>");
        } else if ((word.len() > 3 || told) && numbers.iter().any(|number| number == word))
            || (word != "0" && (out.ends_with("_pid=") || out.ends_with("{pid=")))
        {
            out.push_str("<pid>");
        } else {
            out.push_str(word);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Vec<String>> {
        let line = |process: &Process| process.events.iter().map(Event::line).collect();
        read(text).iter().map(line).collect()
    }

    #[test]
    fn a_call_that_was_cut_is_one_call() {
        let text = "\
100 accept(3,  <unfinished ...>
101 close(3)                                = 0
100 <... accept resumed>{sa_family=AF_INET}, [16]) = 4
100 recvfrom(4,  <unfinished ...>
100 <... recvfrom resumed>\"a) = 1\", 10, 0, NULL, NULL) = 6
100 +++ exited with 0 +++";
        assert_eq!(
            lines(text),
            [
                vec![
                    "accept(3, {sa_family=AF_INET}, [16]) = 4".to_owned(),
                    "recvfrom(4, \"a) = 1\", 10, 0, NULL, NULL) = 6".to_owned(),
                    "+++ exited with 0 +++".to_owned(),
                ],
                vec!["close(3) = 0".to_owned()],
            ]
        );
    }

    #[test]
    fn a_call_that_a_tracer_alone_interrupts_is_one_call() {
        let text = "\
100 read(6, 0x7ffce2527190, 10)             = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
100 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=3, si_uid=0, si_status=3, si_utime=0, si_stime=0} ---
100 read(6, \"abc\", 10)                      = 3
100 read(6, 0x7ffce2527190, 10)             = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
100 --- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---
100 rt_sigreturn({mask=[]})                 = -1 EINTR (Interrupted system call)
100 close(6)                                = 0";
        assert_eq!(
            lines(text)[0],
            [
                "read(6, \"abc\", 10) = 3",
                "read(6, <pointer>, 10) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)",
                "--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---",
                "rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)",
                "close(6) = 0"
            ]
        );
    }

    #[test]
    fn children_come_after_their_parents() {
        let text = "\
100 clone(child_stack=NULL, flags=SIGCHLD)  = 102
100 clone(child_stack=NULL, flags=SIGCHLD)  = 101
101 close(1)                                = 0
102 close(2)                                = 0";
        let all = lines(text);
        assert_eq!([&all[1][0], &all[2][0]], ["close(2) = 0", "close(1) = 0"]);
    }

    #[test]
    fn results_may_have_brackets() {
        let text = "a[1] poll([{fd=7, events=POLLIN}], 1, -1) = 1 ([{fd=7, revents=POLLIN}])";
        assert_eq!(
            lines(text)[0],
            ["poll([{fd=7, events=POLLIN}], 1, -1) = 1 ([{fd=7, revents=POLLIN}])"]
        );
    }

    #[test]
    fn what_varies_is_named_by_its_kind() {
        let numbers = ["4711".to_owned()];
        assert_eq!(
            words(
                "kill(4711, 15) from 10.0.0.1:40000 at 0x7ffc6cf54970 htons(8080) \"\\0401\"",
                &numbers
            ),
            "kill(<pid>, 15) from 10.0.0.1:<port> at <pointer> htons(8080) \"\\0401\""
        );
    }
}
