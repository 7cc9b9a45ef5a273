//! Runs a script: what packetdrill's `run.c`, `run_packet.c` and `run_system_call.c` do.

use super::backend::Backend;
use super::calls::{self, Answer, Names, Ready};
use super::packet::{self, Seen, SeenBody, Segment};
use super::script::{
    Body, Call, Event, Failure, Outcome, Packet, Script, Tcp, TcpOption, Value, What, When,
};
use super::shell::{self, Order};
use super::symbols;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};

/// Addresses and tolerances, with packetdrill's defaults.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) local: IpAddr,
    pub(crate) remote: IpAddr,
    /// `AF_INET` or `AF_INET6`.
    pub(crate) family: i32,
    pub(crate) mtu: u32,
    pub(crate) tolerance_us: i64,
    /// Microseconds of a tick of timestamps; 0: not checked.
    pub(crate) tick_us: i64,
}

/// The port that the script's host listens on, and the port that it connects to.
const PORT: u16 = 8080;
/// Of the time since the event before, what may be missing: Linux's timer wheel.
const TOLERANCE: f64 = 0.125;

/// The connection that the script is about.
#[derive(Default)]
struct Flow {
    local_port: u16,
    remote_port: u16,
    /// The host's initial sequence number in the script and on the wire.
    local_isn: Option<(u32, u32)>,
    /// The script's first sequence number of the peer.
    remote_isn: u32,
    acked: bool,
    /// The host's timestamps, in the script and on the wire.
    stamps: Vec<(u32, u32)>,
}

impl Flow {
    fn to_script(&self, seq: u32) -> u32 {
        let (script, live) = self.local_isn.unwrap_or((0, 0));
        seq.wrapping_sub(live).wrapping_add(script)
    }

    fn to_live(&self, seq: u32) -> u32 {
        let (script, live) = self.local_isn.unwrap_or((0, 0));
        seq.wrapping_sub(script).wrapping_add(live)
    }
}

/// The thread that makes calls that block.
struct Second {
    jobs: Sender<Ready>,
    answers: Receiver<Answer>,
    tid: i32,
    /// The call that is under way: its line, what it must answer, when it must end.
    busy: Option<(usize, Call, i64)>,
}

struct Run<'a> {
    backend: Backend,
    config: Config,
    dir: &'a Path,
    start_us: i64,
    /// When the last event was to happen, since the start; whether it was a packet that arrives.
    last: (i64, bool),
    fds: Vec<(i64, i32)>,
    listens: bool,
    connecting: bool,
    /// The descriptor that was connected last.
    connects: Option<Value>,
    flow: Flow,
    next_port: u16,
    /// The connection's descriptor, for `tcp_info`.
    under_test: i32,
    second: Second,
    python: String,
    notes: Vec<String>,
    verbose: bool,
}

/// Runs it; notes about what could not be done here come back in any case.
pub(crate) fn run(
    script: &Script,
    backend: Backend,
    config: Config,
    dir: &Path,
    verbose: bool,
) -> (Outcome<()>, Vec<String>) {
    let second = second(backend);
    let mut run = Run {
        backend,
        config,
        dir,
        start_us: 0,
        last: (0, false),
        fds: Vec::new(),
        listens: false,
        connecting: false,
        connects: None,
        flow: Flow::default(),
        next_port: 40_000,
        under_test: -1,
        second,
        python: String::new(),
        notes: Vec::new(),
        verbose,
    };
    let outcome = run.all(script);
    // A call that still waits holds the host.
    if run.second.busy.is_none() {
        let fds = std::mem::take(&mut run.fds);
        if backend.is_linux {
            for (_, fd) in fds {
                (backend.calls.close)(backend.calls.userdata, fd);
            }
        }
        backend.free();
    }
    (outcome, run.notes)
}

fn second(backend: Backend) -> Second {
    let (jobs, todo) = channel::<Ready>();
    let (done, answers) = channel();
    let (say_tid, tid) = channel();
    std::thread::spawn(move || {
        let _ = say_tid.send(super::thread_id());
        while let Ok(job) = todo.recv() {
            if done.send(job(&backend)).is_err() {
                return;
            }
        }
    });
    let tid = tid.recv().unwrap_or_default();
    Second { jobs, answers, tid, busy: None }
}

fn at(line: usize, message: impl Into<String>) -> Failure {
    Failure { line, message: message.into(), unsupported: false }
}

impl Run<'_> {
    fn now(&self) -> i64 {
        self.backend.now_us() - self.start_us
    }

    fn all(&mut self, script: &Script) -> Outcome<()> {
        for shell in &script.init {
            self.shell(shell, 1)?;
        }
        self.start_us = self.backend.now_us();
        for event in &script.events {
            self.collect(false)?;
            self.event(event)?;
        }
        self.collect(true)?;
        self.run_python()
    }

    /// The span in which an event is to happen, since the start.
    fn span(&self, event: &Event) -> Option<(i64, i64)> {
        let arrives = matches!(&event.what, What::Packet(packet) if packet.inbound);
        let base = if arrives && self.last.1 { self.last.0 } else { self.now() };
        match event.when {
            When::Any => None,
            When::At(us) => Some((us, us)),
            When::After(us) => Some((base + us, base + us)),
            When::Between(from, to) => Some((from, to)),
            When::AfterBetween(from, to) => Some((base + from, base + to)),
        }
    }

    fn check_time(&self, line: usize, span: (i64, i64), happened: i64) -> Outcome<()> {
        let since = (span.0 - self.last.0).max(0) as f64;
        let tolerance = self.config.tolerance_us.max((since * TOLERANCE) as i64);
        if happened < span.0 - tolerance || happened > span.1 + tolerance {
            let seconds = |us: i64| us as f64 / 1e6;
            return Err(at(
                line,
                format!(
                    "timing: expected at {:.6} s, happened at {:.6} s; tolerance {:.6} s",
                    seconds(span.0),
                    seconds(happened),
                    seconds(tolerance)
                ),
            ));
        }
        Ok(())
    }

    fn wait(&self, line: usize, span: Option<(i64, i64)>) -> Outcome<()> {
        let Some(span) = span else { return Ok(()) };
        let rest = span.0 - self.now();
        if rest > 0 {
            (self.backend.calls.usleep)(self.backend.calls.userdata, rest as u32);
        }
        self.check_time(line, span, self.now())
    }

    fn event(&mut self, event: &Event) -> Outcome<()> {
        let span = self.span(event);
        let mut arrives = false;
        match &event.what {
            What::Packet(packet) if packet.inbound => {
                self.wait(event.line, span)?;
                self.arrive(event.line, packet)?;
                arrives = true;
            }
            What::Packet(packet) => self.leave(event.line, packet, span)?,
            What::Shell(text) => {
                self.wait(event.line, span)?;
                self.shell(text, event.line)?;
            }
            What::Code(text) => {
                self.wait(event.line, span)?;
                self.code(text, event.line);
            }
            What::Call(call) => {
                self.wait(event.line, span)?;
                self.call(event, call, span)?;
            }
        }
        self.last = (span.map_or_else(|| self.now(), |span| span.0), arrives);
        Ok(())
    }

    // ---- shell and Python

    fn shell(&mut self, text: &str, line: usize) -> Outcome<()> {
        if self.backend.is_linux {
            let pid = std::process::id().to_string();
            let mut sh = Command::new("bash");
            sh.args(["-ec", text]).current_dir(self.dir).env("PACKETDRILL_PID", pid);
            let ran = sh.stdout(Stdio::null()).stderr(Stdio::null()).status();
            return match ran {
                Ok(status) if status.success() => Ok(()),
                _ => Err(at(line, format!("the command failed: {text}"))),
            };
        }
        for order in shell::orders(text, self.dir) {
            match order {
                Order::Set(name, value) => {
                    let note = match self.backend.set(&name, &value) {
                        0 | 1 => continue,
                        3 => "is no value here",
                        _ => "is not modelled",
                    };
                    self.notes.push(format!("{name}={value} {note}"));
                }
                Order::Nothing => {}
                Order::Unknown(command) => {
                    self.notes.push(format!("line {line}: not run: {command}"));
                }
            }
        }
        Ok(())
    }

    /// Notes `tcp_info` as it is now, for the script's Python, which runs at the end.
    fn code(&mut self, text: &str, line: usize) {
        let mut values = String::new();
        let info = self.option(libc::IPPROTO_TCP, libc::TCP_INFO);
        let mut at = 0;
        for (name, width) in symbols::TCP_INFO {
            if let Some(bytes) = info.get(at..at + width) {
                let value = bytes.iter().rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
                values += &format!("'{name}': {value}, ");
            }
            at += width;
        }
        if let (Some(scales), Some(flags)) = (info.get(6), info.get(7)) {
            let (send, receive) = (scales & 15, scales >> 4);
            values += &format!("'tcpi_snd_wscale': {send}, 'tcpi_rcv_wscale': {receive}, ");
            values += &format!("'tcpi_delivery_rate_app_limited': {}, ", flags & 1);
        }
        let memory = self.option(libc::SOL_SOCKET, libc::SO_MEMINFO);
        for (name, word) in symbols::MEMINFO.iter().zip(memory.chunks_exact(4)) {
            let word = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
            values += &format!("'{name}': {word}, ");
        }
        let text = text.trim().trim_end_matches('\\').replace('\\', "\\\\");
        let text = text.replace("'''", "\"\"\"");
        self.python += &format!("check({line}, '''{text}''', {{{values}}})\n");
    }

    fn option(&self, level: i32, name: i32) -> Vec<u8> {
        let (mut room, mut len) = (vec![0_u8; 512], 512);
        let (data, at) = (self.backend.calls.userdata, room.as_mut_ptr().cast());
        let get = self.backend.calls.getsockopt;
        let ret = get(data, self.under_test, level, name, at, &raw mut len);
        room.truncate(if ret == 0 { len as usize } else { 0 });
        room
    }

    fn run_python(&self) -> Outcome<()> {
        if self.python.is_empty() {
            return Ok(());
        }
        let program = format!(
            "import sys, textwrap\n{}\
             def check(line, code, info):\n \
             names = dict(globals(), **info)\n \
             try:\n  exec(textwrap.dedent(code), names)\n \
             except Exception as error:\n  \
             print(line, type(error).__name__, error, code.replace(chr(10), ' '))\n  sys.exit(1)\n{}",
            symbols::PYTHON,
            self.python
        );
        let ran = Command::new("python3").args(["-c", &program]).output();
        let Ok(output) = ran else {
            let message = "python3 is not here, and the script has assertions in Python".to_owned();
            return Err(Failure { line: 0, message, unsupported: true });
        };
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let line = said.split(' ').next().and_then(|line| line.parse().ok()).unwrap_or(0);
        let more = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(at(line, format!("{said}{more}")))
    }

    // ---- calls

    fn names(&self) -> Names<'_> {
        Names {
            fds: &self.fds,
            local: SocketAddr::new(self.config.local, PORT),
            remote: SocketAddr::new(self.config.remote, PORT),
            family: self.config.family,
        }
    }

    fn call(&mut self, event: &Event, call: &Call, span: Option<(i64, i64)>) -> Outcome<()> {
        let ready = calls::ready(call, &self.names()).map_err(|message| {
            let unsupported = message.contains("reader") || message.contains("interface");
            Failure { line: event.line, message, unsupported }
        })?;
        match call.name.as_str() {
            "listen" => self.listens = true,
            "close" if self.connects == call.arguments.first().cloned() => self.connects = None,
            // Asking again how it stands is no new attempt.
            "connect" if self.connects != call.arguments.first().cloned() => {
                self.connects = call.arguments.first().cloned();
                self.connecting = true;
                self.flow = Flow { remote_port: PORT, ..Flow::default() };
            }
            _ => {}
        }
        let Some(ends) = call.ends else {
            let answer = ready(&self.backend);
            return self.verify(event.line, call, answer, None);
        };
        // The end is given on the scale of the beginning.
        let ends = match event.when {
            When::After(starts) => span.map_or(0, |span| span.0) - starts + ends,
            _ => ends,
        };
        self.collect(true)?;
        let _ = self.second.jobs.send(ready);
        self.second.busy = Some((event.line, call.clone(), ends));
        self.until_asleep()
    }

    /// Lets the second thread get as far as it can, as packetdrill does: until it sleeps.
    fn until_asleep(&mut self) -> Outcome<()> {
        let stat = format!("/proc/self/task/{}/stat", self.second.tid);
        let mut sleeps = 0;
        for _ in 0..20_000 {
            std::thread::sleep(std::time::Duration::from_micros(100));
            self.collect(false)?;
            let text = std::fs::read_to_string(&stat).unwrap_or_default();
            let state = text.rsplit(')').next().and_then(|rest| rest.trim().chars().next());
            sleeps = if state == Some('S') { sleeps + 1 } else { 0 };
            if self.second.busy.is_none() || sleeps == 3 {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Looks at the answer of a call that blocked, if it has come; `wait`: for it to come.
    fn collect(&mut self, wait: bool) -> Outcome<()> {
        let Some((line, _, ends)) = self.second.busy else { return Ok(()) };
        if wait {
            let rest = ends - self.now();
            if rest > 0 {
                (self.backend.calls.usleep)(self.backend.calls.userdata, rest as u32);
            }
        }
        let answer = match self.second.answers.try_recv() {
            Ok(answer) => answer,
            Err(TryRecvError::Empty) if !wait => return Ok(()),
            Err(_) => {
                let patience = std::time::Duration::from_secs(2);
                self.second
                    .answers
                    .recv_timeout(patience)
                    .map_err(|_| at(line, "the call still blocks"))?
            }
        };
        let Some((line, call, ends)) = self.second.busy.take() else { return Ok(()) };
        let ended = answer.ended_us - self.start_us;
        self.verify(line, &call, answer, Some((ends, ended)))
    }

    fn verify(
        &mut self,
        line: usize,
        call: &Call,
        answer: Answer,
        ends: Option<(i64, i64)>,
    ) -> Outcome<()> {
        if self.verbose {
            eprintln!("{line}: {}() = {} {}", call.name, answer.ret, answer.errno);
        }
        if matches!(call.name.as_str(), "accept" | "connect") {
            self.under_test = match call.name.as_str() {
                "accept" => answer.ret as i32,
                _ => match call.arguments.first() {
                    Some(Value::Number(script)) => {
                        let live = self.fds.iter().rev().find(|(number, _)| number == script);
                        live.map_or(-1, |(_, live)| *live)
                    }
                    _ => -1,
                },
            };
        }
        self.fds.extend(answer.made);
        let name = &call.name;
        let wanted = match &call.result {
            Value::Any => None,
            Value::Number(number) => Some(*number),
            _ => None,
        };
        let makes = matches!(name.as_str(), "socket" | "accept" | "epoll_create");
        if let Some(wanted) = wanted {
            let same = if makes { (wanted < 0) == (answer.ret < 0) } else { wanted == answer.ret };
            if !same {
                let errno = match answer.ret {
                    -1 => format!(" {}", symbols::errno_name(answer.errno)),
                    _ => String::new(),
                };
                let wanted_errno = call.errno.as_deref().unwrap_or_default();
                return Err(at(
                    line,
                    format!("{name}: {wanted} {wanted_errno} expected, {}{errno} came", answer.ret),
                ));
            }
        }
        if let (Some(errno), -1) = (&call.errno, answer.ret) {
            let came = symbols::errno_name(answer.errno);
            let same = symbols::value(errno) == Some(i64::from(answer.errno));
            if !same {
                return Err(at(line, format!("{name}: {errno} expected, {came} came")));
            }
        }
        if let Some(differs) = answer.differs {
            return Err(at(line, format!("{name}: {differs}")));
        }
        match ends {
            Some((ends, ended)) => self
                .check_time(line, (ends, ends), ended)
                .map_err(|failure| at(line, format!("{name} ends: {}", failure.message))),
            None => Ok(()),
        }
    }

    // ---- packets that arrive

    fn arrive(&mut self, line: usize, packet: &Packet) -> Outcome<()> {
        let (source, to) = (self.config.remote, self.config.local);
        let tos = packet.tos.map_or(0, |(_, value)| value);
        let bytes = match &packet.body {
            Body::Tcp(tcp) => {
                let segment = self.inbound(line, tcp)?;
                packet::ip(source, to, tos, packet::TCP, packet::tcp(&segment), 16)
            }
            Body::Udp { length } => {
                let (remote, local) = self.ports();
                let mut bytes = Vec::new();
                bytes.extend(remote.to_be_bytes());
                bytes.extend(local.to_be_bytes());
                bytes.extend(((8 + length) as u16).to_be_bytes());
                bytes.resize(8 + length, 0);
                packet::ip(source, to, tos, packet::UDP, bytes, 6)
            }
            Body::Icmp { kind, code, mtu, seq } => self.icmp(line, kind, code, *mtu, *seq)?,
        };
        let (data, at_bytes) = (self.backend.calls.userdata, bytes.as_ptr().cast());
        if (self.backend.calls.netdev_send)(data, at_bytes, bytes.len()) != 0 {
            return Err(at(line, "the packet cannot be sent"));
        }
        Ok(())
    }

    /// Ports of the peer and of the host.
    fn ports(&self) -> (u16, u16) {
        let or = |port: u16| if port == 0 { PORT } else { port };
        (or(self.flow.remote_port), or(self.flow.local_port))
    }

    fn inbound(&mut self, line: usize, tcp: &Tcp) -> Outcome<Segment> {
        const SYN: u8 = 2;
        const ACK: u8 = 16;
        if tcp.flags & (SYN | ACK) == SYN && self.listens && !self.connecting {
            let again =
                !self.flow.acked && self.flow.remote_port != 0 && self.flow.remote_isn == tcp.seq;
            if !again {
                self.next_port += 1;
                self.flow = Flow {
                    local_port: PORT,
                    remote_port: self.next_port,
                    remote_isn: tcp.seq,
                    ..Flow::default()
                };
            }
        }
        let (remote, local) = self.ports();
        if tcp.flags & ACK != 0 && self.flow.local_isn.is_some() {
            self.flow.acked = true;
        }
        let mut options = tcp.options.clone().unwrap_or_default();
        for option in &mut options {
            match option {
                TcpOption::Sack(blocks) => {
                    for (left, right) in blocks {
                        (*left, *right) = (self.flow.to_live(*left), self.flow.to_live(*right));
                    }
                }
                TcpOption::Timestamps(_, ecr) => *ecr = self.live_stamp(*ecr),
                _ => {}
            }
        }
        let length = packet::tcp(&Segment { options: options.clone(), ..Segment::default() }).len();
        if length > 60 {
            return Err(at(line, "the options do not fit"));
        }
        Ok(Segment {
            ports: (remote, local),
            seq: tcp.seq,
            ack: if tcp.flags & ACK != 0 { self.flow.to_live(tcp.ack) } else { tcp.ack },
            flags: tcp.flags,
            window: tcp.window.unwrap_or(0),
            urgent: tcp.urgent,
            options,
            payload: tcp.length,
            zeros: true,
        })
    }

    /// A timestamp of the host's as the script calls it, on the wire.
    fn live_stamp(&self, script: u32) -> u32 {
        let stamps = &self.flow.stamps;
        let exact = stamps.iter().rev().find(|(other, _)| *other == script);
        match (exact, stamps.first()) {
            (Some((_, live)), _) => *live,
            (None, Some((first, live))) => live.wrapping_add(script.wrapping_sub(*first)),
            (None, None) => script,
        }
    }

    fn icmp(
        &self,
        line: usize,
        kind: &str,
        code: &str,
        mtu: Option<u32>,
        seq: Option<(u32, usize)>,
    ) -> Outcome<Vec<u8>> {
        let v6 = self.config.remote.is_ipv6();
        let found = match (kind, code, v6) {
            ("unreachable", "net_unreachable", false) => (3, 0),
            ("unreachable", "host_unreachable", false) => (3, 1),
            ("unreachable", "protocol_unreachable", false) => (3, 2),
            ("unreachable", "port_unreachable", false) => (3, 3),
            ("unreachable", "frag_needed", false) => (3, 4),
            ("unreachable", "source_route_failed", false) => (3, 5),
            ("time_exceeded", "exc_ttl", false) => (11, 0),
            ("unreachable", "no_route", true) => (1, 0),
            ("unreachable", "admin_prohibited", true) => (1, 1),
            ("unreachable", "address_unreachable", true) => (1, 3),
            ("unreachable", "port_unreachable", true) => (1, 4),
            ("packet_too_big", _, true) => (2, 0),
            _ => return Err(at(line, format!("icmp {kind} {code} is not known to this reader"))),
        };
        let (source, to) = (self.config.remote, self.config.local);
        let (start, length) = seq.unwrap_or((0, 0));
        let (remote, local) = self.ports();
        let segment = Segment {
            ports: (local, remote),
            seq: self.flow.to_live(start),
            payload: length,
            ..Segment::default()
        };
        // The header and the first eight bytes of what was sent.
        let mut quoted = packet::ip(to, source, 0, packet::TCP, packet::tcp(&segment), 16);
        quoted.truncate(if v6 { 40 } else { 20 } + 8);
        let mut bytes = vec![found.0, found.1, 0, 0];
        bytes.extend(mtu.unwrap_or(0).to_be_bytes());
        bytes.extend(quoted);
        let protocol = if v6 { packet::ICMPV6 } else { packet::ICMP };
        Ok(packet::ip(source, to, 0, protocol, bytes, 2))
    }

    // ---- packets that leave

    fn receive(&mut self, line: usize) -> Outcome<Seen> {
        loop {
            let mut room = vec![0_u8; 70_000];
            let (mut len, mut time_us) = (room.len(), 0);
            let (data, at_bytes) = (self.backend.calls.userdata, room.as_mut_ptr().cast());
            let get = self.backend.calls.netdev_receive;
            if get(data, at_bytes, &raw mut len, &raw mut time_us) != 0 || len == 0 {
                return Err(at(line, "no packet leaves"));
            }
            let Some(seen) = packet::parse(&room[..len], time_us) else {
                return Err(at(line, "bytes leave that are no packet"));
            };
            if self.is_ours(&seen) {
                return Ok(seen);
            }
        }
    }

    fn is_ours(&self, seen: &Seen) -> bool {
        match &seen.body {
            SeenBody::Tcp(segment) => {
                let (remote, local) = self.ports();
                let fresh = self.connecting && segment.flags & 2 != 0;
                segment.ports == (local, remote) || fresh && segment.ports.1 == PORT
            }
            SeenBody::Udp { ports, .. } => ports.1 == self.ports().0 || ports.1 == PORT,
            // Router solicitations are the kernel's own.
            SeenBody::Icmp { kind, .. } => !(133..=136).contains(kind) && *kind != 143,
            SeenBody::Other => false,
        }
    }

    fn leave(&mut self, line: usize, packet: &Packet, span: Option<(i64, i64)>) -> Outcome<()> {
        let first = self.receive(line)?;
        self.config.local = first.source;
        let wrong = |what: &str, seen: &Seen| {
            Err(at(line, format!("{what} expected, {} came", describe(seen, &Flow::default()))))
        };
        if let Some((mask, value)) = packet.tos
            && first.tos & mask != value
        {
            return Err(at(line, format!("tos {value:#x} expected, {:#x} came", first.tos)));
        }
        match (&packet.body, &first.body) {
            (Body::Tcp(tcp), SeenBody::Tcp(_)) => self.leave_tcp(line, tcp, first.clone())?,
            (Body::Udp { length }, SeenBody::Udp { ports, length: came }) => {
                self.flow.local_port = ports.0;
                self.flow.remote_port = ports.1;
                if length != came {
                    return Err(at(line, format!("{length} bytes expected, {came} came")));
                }
            }
            (Body::Icmp { .. }, SeenBody::Icmp { .. }) => {}
            (Body::Tcp(_), _) => return wrong("a segment", &first),
            (Body::Udp { .. }, _) => return wrong("a datagram", &first),
            (Body::Icmp { .. }, _) => return wrong("an ICMP message", &first),
        }
        match span {
            Some(span) => self.check_time(line, span, first.at_us - self.start_us),
            None => Ok(()),
        }
    }

    /// Compares a segment, gathering as many as the script shows as one.
    fn leave_tcp(&mut self, line: usize, tcp: &Tcp, first: Seen) -> Outcome<()> {
        const SYN: u8 = 2;
        const PSH: u8 = 8;
        let SeenBody::Tcp(mut segment) = first.body.clone() else { return Ok(()) };
        if segment.flags & SYN != 0 && tcp.flags & SYN != 0 {
            self.flow.local_isn = Some((tcp.seq, segment.seq));
            self.flow.local_port = segment.ports.0;
            self.connecting = false;
        }
        while segment.payload < tcp.length {
            let next = self.receive(line)?;
            let SeenBody::Tcp(more) = &next.body else {
                return Err(at(line, format!("{} came between", describe(&next, &self.flow))));
            };
            let follows = more.seq == segment.seq.wrapping_add(segment.payload as u32);
            if !follows || more.payload == 0 || (segment.flags ^ more.flags) & !PSH & !1 != 0 {
                let (so_far, came) = (segment.payload, describe(&next, &self.flow));
                return Err(at(
                    line,
                    format!("{} bytes expected, after {so_far} came {came}", tcp.length),
                ));
            }
            segment.payload += more.payload;
            segment.zeros &= more.zeros;
            segment.flags = more.flags | segment.flags & !PSH;
        }
        for option in &segment.options {
            if let TcpOption::Timestamps(live, _) = option {
                let script = tcp.options.iter().flatten().find_map(|option| match option {
                    TcpOption::Timestamps(val, _) => Some(*val),
                    _ => None,
                });
                self.stamp(line, script, *live)?;
            }
        }
        let came = Seen { body: SeenBody::Tcp(segment.clone()), ..first };
        if self.verbose {
            eprintln!("{line}: > {}", describe(&came, &self.flow));
        }
        let wrong = |what: &str, wanted: String| {
            let came = describe(&came, &self.flow);
            Err(at(line, format!("{what} {wanted} expected, came: {came}")))
        };
        if segment.flags != tcp.flags {
            let flags = packet::show(&Segment { flags: tcp.flags, ..Segment::default() });
            let flags = flags.split(' ').next().unwrap_or_default().to_owned();
            return wrong("flags", flags);
        }
        if self.flow.to_script(segment.seq) != tcp.seq {
            return wrong("seq", tcp.seq.to_string());
        }
        if segment.payload != tcp.length {
            return wrong("length", tcp.length.to_string());
        }
        if segment.ack != tcp.ack {
            return wrong("ack", tcp.ack.to_string());
        }
        if let Some(window) = tcp.window.filter(|window| *window != segment.window) {
            return wrong("win", window.to_string());
        }
        if segment.urgent != tcp.urgent {
            return wrong("urg", tcp.urgent.to_string());
        }
        if !segment.zeros {
            return wrong("the data that was written", String::new());
        }
        match &tcp.options {
            Some(options) if !same_options(options, &segment.options) => {
                let wanted = Segment { options: options.clone(), ..Segment::default() };
                let wanted = packet::show(&wanted);
                let wanted =
                    wanted.split('<').nth(1).map_or("none".to_owned(), |o| format!("<{o}"));
                wrong("options", wanted)
            }
            _ => Ok(()),
        }
    }

    /// Remembers a timestamp, and checks how far the host's clock has gone where the script asks.
    fn stamp(&mut self, line: usize, script: Option<u32>, live: u32) -> Outcome<()> {
        let Some(script) = script else { return Ok(()) };
        if let (Some((first, live_first)), true) =
            (self.flow.stamps.first(), self.config.tick_us > 0)
        {
            let wanted = i64::from(script.wrapping_sub(*first) as i32);
            let came = i64::from(live.wrapping_sub(*live_first) as i32);
            if (wanted - came).abs() * self.config.tick_us > self.config.tolerance_us {
                return Err(at(line, format!("TS val {wanted} after the first, came {came}")));
            }
        }
        self.flow.stamps.push((script, live));
        Ok(())
    }
}

/// Timestamps are compared by `stamp`; everything else to the bit, in order.
fn same_options(wanted: &[TcpOption], came: &[TcpOption]) -> bool {
    wanted.len() == came.len()
        && wanted.iter().zip(came).all(|(wanted, came)| match (wanted, came) {
            (TcpOption::Timestamps(..), TcpOption::Timestamps(..)) => true,
            (wanted, came) => wanted == came,
        })
}

fn describe(seen: &Seen, flow: &Flow) -> String {
    match &seen.body {
        SeenBody::Tcp(segment) => {
            let seq = flow.to_script(segment.seq);
            packet::show(&Segment { seq, ..segment.clone() })
        }
        SeenBody::Udp { length, .. } => format!("udp ({length})"),
        SeenBody::Icmp { kind, code } => format!("icmp type {kind} code {code}"),
        SeenBody::Other => "another protocol".to_owned(),
    }
}
