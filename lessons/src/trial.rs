//! Trying a lesson: its programs in its scenario, and what its conditions say about the run.

use crate::format::{Condition, Lesson};
use sim::net::Cause;
use sim::scenario::{Problem, Scenario, stem};
use sim::timeline::Timeline;
use sim::trace::{Record, SignalEffect, What};
use std::collections::BTreeMap;

/// Which programs a lesson is tried with.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum With<'a> {
    /// As the student gets them.
    Start,
    /// With `solution/`.
    Solution,
    /// With one of the lesson's variants, from 0.
    Variant(usize),
    /// With these texts (by file name) in place of the lesson's.
    Files(&'a BTreeMap<String, String>),
}

/// A lesson's scenario, ready to run.
#[derive(Clone, PartialEq, Debug)]
pub struct Trial {
    /// What is run.
    pub scenario: Scenario,
    /// What conditions call its programs: the lesson's names, whatever files a variant runs.
    pub names: Vec<String>,
}

impl Trial {
    /// Runs it to its end, or so many events.
    pub fn run(self, max_events: u64) -> Course {
        let mut timeline = Timeline::new(self.scenario);
        timeline.run(max_events);
        Course::of(timeline.scenario(), &self.names, timeline.records())
    }
}

/// The lesson's scenario with these programs.
pub fn trial(lesson: &Lesson, with: With<'_>) -> Result<Trial, Problem> {
    let text = |file: &crate::File| match with {
        With::Start | With::Variant(_) => file.text.clone(),
        With::Solution => file.solution.clone().unwrap_or_else(|| file.text.clone()),
        With::Files(files) => files.get(&file.name).unwrap_or(&file.text).clone(),
    };
    let files = lesson.files.iter().map(|file| (file.name.clone(), text(file))).collect();
    let mut scenario = Scenario::parse(&lesson.scenario, files)?;
    let names = names(&scenario);
    for (program, name) in scenario.programs.iter_mut().zip(&names) {
        match with {
            With::Solution => {
                if let Some(args) = lesson.solution.args.get(name) {
                    program.args.clone_from(args);
                }
            }
            With::Variant(number) => {
                let variant = lesson.variants.get(number);
                if let Some(file) = variant.and_then(|variant| variant.get(name)) {
                    program.file.clone_from(file);
                }
            }
            With::Start | With::Files(_) => {}
        }
    }
    Ok(Trial { scenario, names })
}

/// What conditions call the programs: after their files, the second `cliente.c` is `cliente2`.
pub fn names(scenario: &Scenario) -> Vec<String> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let programs = scenario.programs.iter();
    programs
        .map(|program| {
            let stem = stem(&program.file);
            let count = seen.entry(stem).or_default();
            *count += 1;
            if *count == 1 { stem.to_owned() } else { format!("{stem}{count}") }
        })
        .collect()
}

/// A run, arranged for counting.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Course {
    processes: Vec<Process>,
    packets: Vec<Packet>,
    /// Host and the state that a connection entered.
    states: Vec<(String, String)>,
    /// Faults of programs and what the simulator does not have, in its own words.
    pub troubles: Vec<String>,
}

#[derive(Clone, PartialEq, Debug, Default)]
struct Process {
    program: String,
    host: String,
    calls: Vec<Call>,
    /// By thread: the call that has not returned.
    waits: BTreeMap<i32, &'static str>,
    lines: Vec<String>,
    /// Text after the last newline.
    rest: String,
    handled: Vec<i32>,
    status: Option<i32>,
}

#[derive(Clone, PartialEq, Debug)]
struct Call {
    name: &'static str,
    ret: Result<i64, &'static str>,
}

#[derive(Clone, PartialEq, Debug)]
struct Packet {
    sender: String,
    proto: &'static str,
    kinds: Vec<&'static str>,
}

impl Course {
    /// Arranges the records of a run; `names` are its programs', see [`names`].
    pub fn of<'a>(
        scenario: &Scenario,
        names: &[String],
        records: impl Iterator<Item = &'a Record>,
    ) -> Course {
        let mut course = Course::default();
        let mut known: BTreeMap<(u32, i32), usize> = BTreeMap::new();
        let mut starts: Vec<usize> = (0..scenario.programs.len()).collect();
        starts.sort_by_key(|program| scenario.programs[*program].start_ns);
        for record in records {
            let index = record.host.0 as usize;
            let host = scenario.hosts.get(index).map_or("", |host| &host.name);
            let key = |pid: abi::Pid| (record.host.0, pid.0);
            match &record.what {
                What::ProcessStart { parent: Some(parent), .. } => {
                    let parent = known.get(&key(*parent)).map(|at| &course.processes[*at]);
                    let program = parent.map_or_else(String::new, |p| p.program.clone());
                    known.insert(key(record.pid), course.processes.len());
                    course.processes.push(Process::new(program, host));
                }
                What::ProcessStart { parent: None, .. } => {
                    let next = starts.iter().position(|at| scenario.programs[*at].host == index);
                    let program = next.map(|at| names[starts.remove(at)].clone());
                    known.insert(key(record.pid), course.processes.len());
                    course.processes.push(Process::new(program.unwrap_or_default(), host));
                }
                What::PacketSent { frame, reason, arrives_ns, .. } => {
                    let mut packet = packet(host, frame);
                    let again = matches!(
                        reason,
                        Cause::RetransmitTimeout | Cause::FastRetransmit | Cause::TailLossProbe
                    );
                    packet.kinds.extend(again.then_some("RETRANSMISSION"));
                    packet.kinds.extend(arrives_ns.is_none().then_some("LOST"));
                    course.packets.push(packet);
                }
                What::SocketState { to, .. } => {
                    course.states.push((host.to_owned(), to.to_string()));
                }
                What::Fault { fault, line } => course.troubles.push(format!(
                    "{host}: line {}: {}",
                    line.unwrap_or_default(),
                    fault.text(abi::Lang::En)
                )),
                What::Unsupported { name } => {
                    course.troubles.push(format!("{host}: not simulated: {name}"));
                }
                what => {
                    if let Some(process) = known.get(&key(record.pid)) {
                        course.processes[*process].note(record.tid.0, what);
                    }
                }
            }
        }
        course
    }

    /// What the programs printed, a line each, with host and program in front.
    pub fn output(&self) -> Vec<String> {
        let lines = self.processes.iter().flat_map(|process| {
            let said = process.said().map(|line| (process, line.as_str()));
            said.collect::<Vec<_>>()
        });
        lines
            .map(|(process, line)| format!("{} ({}): {line}", process.program, process.host))
            .collect()
    }

    /// How often a condition's thing happened.
    pub fn count(&self, condition: &Condition) -> usize {
        if let Some(kind) = &condition.packet {
            let fits = |packet: &&Packet| {
                (kind == "any" || packet.kinds.contains(&kind.as_str()))
                    && condition.proto.as_ref().is_none_or(|proto| packet.proto == proto)
                    && condition.sender.as_ref().is_none_or(|sender| packet.sender == *sender)
            };
            return self.packets.iter().filter(fits).count();
        }
        if let Some(state) = &condition.state {
            let fits = |(host, to): &&(String, String)| {
                to == state && condition.host.as_ref().is_none_or(|wanted| wanted == host)
            };
            return self.states.iter().filter(fits).count();
        }
        let processes = self.processes.iter().filter(|process| {
            condition.program.as_ref().is_none_or(|program| process.program == *program)
                && condition.host.as_ref().is_none_or(|host| process.host == *host)
        });
        processes.map(|process| process.count(condition)).sum()
    }

    /// Whether a condition is true.
    pub fn holds(&self, condition: &Condition) -> bool {
        let count = self.count(condition);
        let min = condition.min.unwrap_or(usize::from(condition.max != Some(0)));
        count >= min && condition.max.is_none_or(|max| count <= max)
    }
}

impl Process {
    fn new(program: String, host: &str) -> Process {
        Process { program, host: host.to_owned(), ..Process::default() }
    }

    fn note(&mut self, tid: i32, what: &What) {
        match what {
            What::CallStart { syscall, .. } => {
                self.waits.insert(tid, abi::strace::name(syscall));
            }
            What::CallEnd { syscall, reply, .. } => {
                self.waits.remove(&tid);
                let ret = reply.ret.map_err(abi::Errno::name);
                self.calls.push(Call { name: abi::strace::name(syscall), ret });
            }
            What::Output { bytes, .. } => {
                self.rest.push_str(&String::from_utf8_lossy(&bytes.0));
                while let Some((line, rest)) = self.rest.split_once('\n') {
                    self.lines.push(line.trim_end_matches('\r').to_owned());
                    self.rest = rest.to_owned();
                }
            }
            What::Signal { signal, effect: SignalEffect::Handled, .. } => {
                self.handled.push(*signal)
            }
            What::ProcessExit { status } => {
                self.waits.clear();
                self.status = Some(*status);
            }
            _ => {}
        }
    }

    fn said(&self) -> impl Iterator<Item = &String> {
        self.lines.iter().chain((!self.rest.is_empty()).then_some(&self.rest))
    }

    fn count(&self, condition: &Condition) -> usize {
        if let Some(name) = &condition.call {
            return self.calls.iter().filter(|call| call.fits(called(name), condition)).count();
        }
        if let Some(name) = &condition.blocked {
            return self.waits.values().filter(|wait| **wait == called(name)).count();
        }
        if !condition.output.is_empty() {
            let fits = |line: &&String| condition.output.iter().all(|text| line.contains(text));
            return self.said().filter(fits).count();
        }
        if let Some(text) = &condition.line {
            return self.said().filter(|line| *line == text).count();
        }
        if let Some(name) = &condition.signal {
            return self
                .handled
                .iter()
                .filter(|signal| signal_name(**signal) == Some(name))
                .count();
        }
        // The status word of wait(2): the signal in the low seven bits, or the exit status above.
        let Some(status) = self.status else { return 0 };
        let signal = status & 0x7f;
        match (&condition.killed, condition.exit) {
            (Some(name), _) => usize::from(signal != 0 && signal_name(signal) == Some(name)),
            (None, Some(exit)) => usize::from(signal == 0 && (status >> 8) & 0xff == exit),
            (None, None) => 0,
        }
    }
}

impl Call {
    fn fits(&self, name: &str, condition: &Condition) -> bool {
        (name == "any" || self.name == name)
            && condition.ret.is_none_or(|wanted| self.ret == Ok(wanted))
            && condition.min_ret.is_none_or(|least| self.ret.is_ok_and(|ret| ret >= least))
            && condition.errno.as_ref().is_none_or(|errno| self.ret == Err(errno.as_str()))
    }
}

/// The kernel's name of what a program calls.
fn called(name: &str) -> &str {
    match name {
        "send" => "sendto",
        "recv" => "recvfrom",
        "fork" => "clone",
        "sigaction" => "rt_sigaction",
        "waitpid" | "wait" => "wait4",
        "select" => "pselect6",
        "pipe" => "pipe2",
        "sleep" | "usleep" | "nanosleep" => "clock_nanosleep",
        other => other,
    }
}

fn signal_name(signal: i32) -> Option<&'static str> {
    abi::consts::name(abi::consts::table::SIG, signal)
}

/// What an Ethernet frame carries: RFC 791, RFC 8200 and RFC 9293 §3.1 say where the bytes are.
fn packet(sender: &str, frame: &[u8]) -> Packet {
    let byte = |at: usize| frame.get(at).copied().unwrap_or(0);
    let (protocol, transport) = match (byte(12), byte(13)) {
        (0x08, 0x00) => (byte(23), 14 + usize::from(byte(14) & 15) * 4),
        (0x86, 0xdd) => (byte(20), 14 + 40),
        _ => (255, 0),
    };
    let proto = match protocol {
        1 | 58 => "icmp",
        6 => "tcp",
        17 => "udp",
        _ => "",
    };
    let mut kinds = Vec::new();
    if proto == "tcp" {
        let flags = byte(transport + 13);
        let window = u16::from_be_bytes([byte(transport + 14), byte(transport + 15)]);
        let on = |bit: u8| flags & bit != 0;
        kinds.extend(on(0x01).then_some("FIN"));
        kinds.extend((on(0x02) && !on(0x10)).then_some("SYN"));
        kinds.extend((on(0x02) && on(0x10)).then_some("SYN-ACK"));
        kinds.extend(on(0x04).then_some("RST"));
        kinds.extend(on(0x08).then_some("PSH"));
        kinds.extend((window == 0 && !on(0x04)).then_some("ZEROWINDOW"));
    }
    Packet { sender: sender.to_owned(), proto, kinds }
}
