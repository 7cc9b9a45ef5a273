//! What Linux 6.18 put on the wire, made again by the simulated stacks.
//!
//! Each file of `tests/recorded` is a scenario and, after `---`, Linux's trace of it, written by
//! `docs/notes/tcp-traces/record.py`, which also explains the scenarios' language. Compared for
//! each host and between the same two calls: flags, relative numbers, lengths, windows, options
//! with their SACK blocks, and the time since the call (Linux's timers count 4 ms). Answers of the
//! calls are compared too. How the two hosts' packets interleave is not: on Linux the peer answers
//! inside the sender's call.
//!
//! A scenario with a line `# differs: REASON` must differ; `# windows in kind` compares only
//! whether windows are zero, where the kernel's memory accounting decides the rest; `# bursts`
//! leaves PSH out, because on Linux the ACKs that come during a call count when it ends, together.
//! `RECORDED=NAME` runs one and prints both traces.

#![allow(missing_docs, unreachable_pub)]
#![allow(clippy::print_stdout)] // traces, for whoever asks for one

mod common;

use abi::Errno;
use common::*;
use soquete_sim::net::{How, SocketId};
use soquete_sim::wire::tcp::HEADER_LEN;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};

/// Packets to be dropped on arrival.
#[derive(Default)]
struct Rules(Vec<Rule>);

struct Rule {
    to: usize,
    what: String,
    /// From and to, both dropped.
    numbers: Vec<(u32, u32)>,
    seen: u32,
}

impl Rules {
    fn drops(&mut self, packet: &Packet) -> bool {
        let Some((_, segment)) = &packet.tcp else { return false };
        let flags = segment.flags;
        let len = segment.payload.len();
        let plain = !flags.syn() && !flags.rst();
        // What the rules of record.py look at: the length of the IP packet.
        let ip_len = packet.frame.len() - 14;
        for Rule { to, what, numbers, seen } in &mut self.0 {
            let hit = *to != packet.from
                && match what.as_str() {
                    "syn" => flags.syn() && !flags.ack(),
                    "synack" => flags.syn() && flags.ack(),
                    "data" => plain && ip_len > 84,
                    "small" => plain && flags.psh(),
                    "ack" => plain && !flags.fin() && !flags.psh() && ip_len <= 84,
                    "fin" => flags.fin(),
                    "any" => true,
                    other => panic!("no such packets: {other}"),
                };
            debug_assert!(len + HEADER_LEN <= ip_len);
            if hit {
                let number = *seen;
                *seen += 1;
                if numbers.iter().any(|(from, to)| (*from..=*to).contains(&number)) {
                    return true;
                }
            }
        }
        false
    }
}

struct Run {
    lab: Lab,
    rules: Arc<Mutex<Rules>>,
    sockets: BTreeMap<String, SocketId>,
    /// Calls with their answers: when, how many packets had been sent before, what.
    calls: Vec<(u64, usize, String)>,
    marked_ns: u64,
}

fn host_of(name: &str) -> usize {
    if name.starts_with('c') { A } else { B }
}

fn option(name: &str) -> (i32, i32) {
    match name {
        "nodelay" => (6, 1),
        "maxseg" => (6, 2),
        "cork" => (6, 3),
        "keepidle" => (6, 4),
        "keepintvl" => (6, 5),
        "keepcnt" => (6, 6),
        "syncnt" => (6, 7),
        "linger2" => (6, 8),
        "defer_accept" => (6, 9),
        "window_clamp" => (6, 10),
        "quickack" => (6, 12),
        "user_timeout" => (6, 18),
        "notsent_lowat" => (6, 25),
        "reuseaddr" => (1, 2),
        "sndbuf" => (1, 7),
        "rcvbuf" => (1, 8),
        "keepalive" => (1, 9),
        "rcvlowat" => (1, 18),
        "linger" => (1, 13),
        other => panic!("no such option: {other}"),
    }
}

impl Run {
    fn new() -> Run {
        // A veth pair has no delay to speak of.
        let mut lab = Lab::new(1000);
        let rules = Arc::new(Mutex::new(Rules::default()));
        let wire = Arc::clone(&rules);
        lab.wire = Box::new(move |packet| {
            (!wire.lock().expect("one thread").drops(packet)).then_some(1000)
        });
        // Neighbours know each other, as after record.py's first packet.
        let warm = lab.socket(A, tcp4());
        let _ = lab.connect(A, warm, "10.0.0.2:1");
        lab.run_for(SECOND);
        lab.close(A, warm);
        lab.clear();
        Run { lab, rules, sockets: BTreeMap::new(), calls: Vec::new(), marked_ns: 0 }
    }

    fn id(&self, name: &str) -> SocketId {
        *self.sockets.get(name).unwrap_or_else(|| panic!("no socket {name}"))
    }

    fn op(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (at, before) = (self.lab.now_ns, self.lab.log.len());
        let answer = self.make(&words);
        if let Some(answer) = answer {
            let text =
                if answer.is_empty() { line.to_owned() } else { format!("{line} = {answer}") };
            self.calls.push((at, before, text));
        }
        if matches!(words[0], "drop" | "undrop") {
            self.lab.run_for(100 * MS);
        }
        // On veth everything that follows from a call has happened when it returns.
        if words[0] != "pair" {
            self.lab.run_for(100_000);
        }
    }

    fn make(&mut self, words: &[&str]) -> Option<String> {
        let name = words.get(1).copied().unwrap_or_default();
        let host = host_of(name);
        let number = |at: usize| words[at].parse::<i32>().expect("a number");
        let said = |result: Result<usize, Errno>| {
            Some(result.map_or_else(|errno| format!("{errno:?}"), |n| n.to_string()))
        };
        let done = |result: Result<(), Errno>| said(result.map(|()| 0));
        match words[0] {
            "pair" => {
                let steps = "socket l;bind l 80;listen l 5;socket c;\
                             connect c 80;wait 20;accept s l";
                steps.split(';').for_each(|step| self.op(step));
                None
            }
            "socket" => {
                let id = self.lab.socket(host, tcp4());
                self.lab.setsockopt(host, id, 1, 2, 1).expect("SO_REUSEADDR");
                self.sockets.insert(name.to_owned(), id);
                None
            }
            "bind" => {
                let addr = format!("10.0.0.{}:{}", host + 1, number(2));
                done(self.lab.bind(host, self.id(name), &addr))
            }
            "listen" => {
                let (id, backlog) = (self.id(name), number(2));
                done(self.lab.call(host, |stack, now, out| stack.listen(id, backlog, now, out)))
            }
            "connect" => {
                let to = format!("10.0.0.{}:{}", 2 - host, number(2));
                done(self.lab.connect(host, self.id(name), &to))
            }
            "accept" => {
                let accepted = self.lab.accept(host, self.id(words[2]));
                done(accepted.map(|id| {
                    self.sockets.insert(name.to_owned(), id);
                }))
            }
            "send" => {
                let flags = match words.get(3) {
                    Some(&"oob") => abi::consts::MSG_OOB,
                    Some(&"more") => abi::consts::MSG_MORE,
                    _ => 0,
                };
                let data = vec![b'x'; number(2) as usize];
                said(self.lab.send_flags(host, self.id(name), &data, flags))
            }
            "recv" => {
                let got = self.lab.recv(host, self.id(name), number(2) as usize);
                said(got.map(|bytes| bytes.len()))
            }
            "shut" => {
                let how = match words[2] {
                    "rd" => How::Read,
                    "wr" => How::Write,
                    _ => How::Both,
                };
                done(self.lab.shutdown(host, self.id(name), how))
            }
            "close" => {
                let id = self.sockets.remove(name).expect("a socket");
                self.lab.close(host, id);
                Some(String::new())
            }
            "set" => {
                let (level, option) = option(words[2]);
                let id = self.id(name);
                let mut value = number(3).to_le_bytes().to_vec();
                if words[2] == "linger" {
                    value = [1i32.to_le_bytes().to_vec(), value].concat();
                }
                done(self.lab.call(host, |stack, now, out| {
                    stack.setsockopt(id, level, option, &value, now, out)
                }))
            }
            "get" => {
                let (level, option) = option(words[2]);
                said(
                    self.lab
                        .getsockopt(host, self.id(name), level, option)
                        .map(|value| value as usize),
                )
            }
            "error" => said(Ok(self.lab.so_error(host, self.id(name)) as usize)),
            "drop" => {
                let numbers = words[3].split(',').map(|part| {
                    let (from, to) = part.split_once('-').unwrap_or((part, part));
                    (from.parse().expect("a number"), to.parse().expect("a number"))
                });
                let to = if name == "a" { A } else { B };
                let (what, numbers) = (words[2].to_owned(), numbers.collect());
                let rule = Rule { to, what, numbers, seen: 0 };
                self.rules.lock().expect("one thread").0.push(rule);
                None
            }
            "undrop" => {
                let to = if name == "a" { A } else { B };
                self.rules.lock().expect("one thread").0.retain(|rule| rule.to != to);
                None
            }
            "sysctl" => {
                let host = if name == "a" { A } else { B };
                let config = &mut self.lab.hosts[host].config_mut().tcp;
                let value = number(3);
                match words[2] {
                    "tcp_syn_linear_timeouts" => config.syn_linear_timeouts = value as u32,
                    "tcp_retries2" => config.retries2 = value as u32,
                    "tcp_sack" => config.sack = value != 0,
                    "tcp_timestamps" => config.timestamps = value != 0,
                    "tcp_window_scaling" => config.window_scaling = value != 0,
                    other => panic!("no such sysctl: {other}"),
                }
                None
            }
            "wait" => {
                self.lab.run_for(number(1) as u64 * MS);
                None
            }
            "mark" => {
                self.marked_ns = self.lab.now_ns;
                None
            }
            other => panic!("no such call: {other}"),
        }
    }

    /// The trace in record.py's notation.
    fn text(&self) -> String {
        let calls = self.calls.iter().filter(|call| call.0 >= self.marked_ns);
        let mut lines: Vec<(usize, u64, String)> =
            calls.map(|(at, before, text)| (*before, *at, text.clone())).collect();
        for (index, (at, text)) in describe(&self.lab.log).into_iter().enumerate() {
            if let Some(text) = text.filter(|_| at >= self.marked_ns) {
                lines.push((index, at, text));
            }
        }
        // A call stands before what it sent.
        lines.sort_by_key(|(index, _, text)| (*index, is_packet(text)));
        let first = lines.iter().map(|line| line.1).min().unwrap_or(0);
        let mut all = String::new();
        for (_, at, text) in lines {
            let _ = writeln!(all, "{:>6} {text}", (at - first) / MS);
        }
        all
    }
}

fn is_packet(text: &str) -> bool {
    text.as_bytes().get(1) == Some(&b'>')
}

/// Each packet of the log as text, `None` for what is not TCP.
fn describe(log: &[Packet]) -> Vec<(u64, Option<String>)> {
    let mut bases = BTreeMap::new();
    let mut all = Vec::new();
    for packet in log {
        let Some((ports, segment)) = &packet.tcp else {
            all.push((packet.at_ns, None));
            continue;
        };
        let own = (packet.from, ports.src, ports.dst);
        let peer = (1 - packet.from, ports.dst, ports.src);
        if segment.flags.syn() {
            bases.insert(own, segment.seq);
        }
        let base = *bases.entry(own).or_insert(segment.seq - 1);
        let from = base.until(segment.seq) as i32;
        let len = segment.payload.len() as i32;
        let mut text = format!("{}> {}", ["a", "b"][packet.from], segment.flags);
        let _ = write!(text, " {from}:{}({len})", from + len);
        if segment.flags.ack() {
            let base = *bases.entry(peer).or_insert(segment.ack - 1);
            let _ = write!(text, " ack {}", base.until(segment.ack) as i32);
        }
        let _ = write!(text, " win {}", segment.wnd);
        if segment.urg != 0 {
            let _ = write!(text, " urg {}", segment.urg);
        }
        let mut options = Vec::new();
        let o = &segment.options;
        options.extend(o.mss.map(|mss| format!("mss {mss}")));
        options.extend(o.sack_ok.then(|| "sackOK".to_owned()));
        options.extend(o.timestamp.map(|_| "TS".to_owned()));
        options.extend(o.wscale.map(|scale| format!("wscale {scale}")));
        if !o.sack.as_slice().is_empty() {
            let base = bases.get(&peer).copied().unwrap_or_default();
            let blocks = o.sack.as_slice().iter();
            let blocks: Vec<String> = blocks
                .map(|range| format!("{}:{}", base.until(range.start), base.until(range.end)))
                .collect();
            options.push(format!("sack {}", blocks.join(" ")));
        }
        if !options.is_empty() {
            let _ = write!(text, " <{}>", options.join(","));
        }
        all.push((packet.at_ns, Some(text)));
    }
    all
}

/// A direction's packets between the calls; each with its time since the last call, ms.
fn direction(trace: &str, host: &str, how: Compared) -> Vec<(i64, String)> {
    let mut anchor = 0;
    let mut all = Vec::new();
    for line in trace.lines() {
        let (time, text) = line.trim_start().split_once(' ').unwrap_or(("0", line));
        let time: i64 = time.parse().unwrap_or(0);
        if !is_packet(text) {
            anchor = time;
            all.push((0, text.to_owned()));
        } else if text.starts_with(host) {
            let mut text = text.to_owned();
            if how.windows_in_kind {
                text = windows_in_kind(&text);
            }
            if how.without_push {
                text = text.replacen("> P.", "> .", 1);
            }
            all.push((time - anchor, text));
        }
    }
    all
}

/// What is left out.
#[derive(Clone, Copy)]
struct Compared {
    windows_in_kind: bool,
    without_push: bool,
}

fn windows_in_kind(text: &str) -> String {
    let Some((before, after)) = text.split_once(" win ") else { return text.to_owned() };
    let end = after.find(' ').unwrap_or(after.len());
    let kind = if &after[..end] == "0" { "zero" } else { "open" };
    format!("{before} win {kind}{}", &after[end..])
}

/// The first difference.
fn difference(linux: &str, ours: &str, how: Compared) -> Option<String> {
    for host in ["a", "b"] {
        let (real, sim) = (direction(linux, host, how), direction(ours, host, how));
        for index in 0..real.len().max(sim.len()) {
            let same = match (real.get(index), sim.get(index)) {
                // Linux's timers count ticks, coarser ones the longer they run, and the machine that recorded was busy.
                (Some((t, a)), Some((u, b))) => a == b && (t - u).abs() <= 20 + t / 8,
                _ => false,
            };
            if !same {
                let show = |line: Option<&(i64, String)>| {
                    line.map_or("(nothing)".to_owned(), |(at, text)| format!("+{at} {text}"))
                };
                return Some(format!(
                    "  host {host}, line {index}\n    linux {}\n    ours  {}",
                    show(real.get(index)),
                    show(sim.get(index))
                ));
            }
        }
    }
    None
}

#[test]
fn as_linux_does() {
    let only = std::env::var("RECORDED").ok();
    let dir = format!("{}/tests/recorded", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .expect("the scenarios")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let (mut agree, mut listed) = (0, 0);
    let mut wrong = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("a scenario");
        let Some((script, trace)) = text.split_once("\n---") else { continue };
        let trace = trace.split_once('\n').map_or("", |(_, trace)| trace);
        let mut run = Run::new();
        for line in script.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            line.split(';').for_each(|step| run.op(step.trim()));
            run.lab.run_for(MS);
        }
        let ours = run.text();
        let differs = script.contains("# differs:");
        let how = Compared {
            windows_in_kind: script.contains("# windows in kind"),
            without_push: script.contains("# bursts"),
        };
        if only.is_some() {
            println!("--- linux\n{trace}--- ours\n{ours}");
        }
        match difference(trace, &ours, how) {
            None if differs => wrong.push(format!("{name}: agrees, but is said to differ")),
            None => agree += 1,
            Some(_) if differs => listed += 1,
            Some(text) => wrong.push(format!("{name}:\n{text}")),
        }
    }
    println!("{agree} scenarios as on Linux, {listed} differ as stated");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
