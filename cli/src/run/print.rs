//! What a run shows: the programs' output, and the trace as strace or as JSON lines.

use super::{Args, Failure, Trace};
use abi::{Pid, Syscall, strace};
use sim::scenario::Scenario;
use sim::trace::{Record, What};
use sim::{CallId, HostId, inspect};
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::sync::Arc;

/// Writes records as they come.
pub(super) struct Printer {
    names: Vec<String>,
    /// Several programs: each line says whose it is.
    prefixed: bool,
    trace: Trace,
    to: Box<dyn Write>,
    /// Output that has no newline yet, by process.
    lines: BTreeMap<(HostId, Pid), Vec<u8>>,
    /// Calls without an answer yet.
    open: BTreeMap<CallId, (HostId, Pid, Arc<Syscall>)>,
}

impl Printer {
    /// A printer for a scenario's hosts.
    pub(super) fn new(scenario: &Scenario, args: &Args) -> Result<Printer, Failure> {
        let to: Box<dyn Write> = match &args.trace_file {
            None => Box::new(std::io::stderr()),
            Some(path) => {
                let file = std::fs::File::create(path)
                    .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
                Box::new(BufWriter::new(file))
            }
        };
        Ok(Printer {
            names: scenario.hosts.iter().map(|host| host.name.clone()).collect(),
            prefixed: scenario.programs.len() > 1,
            trace: args.trace,
            to,
            lines: BTreeMap::new(),
            open: BTreeMap::new(),
        })
    }

    fn name(&self, host: HostId) -> &str {
        self.names.get(host.0 as usize).map_or("?", String::as_str)
    }

    /// Shows what a record says.
    pub(super) fn record(&mut self, record: &Record) {
        if let What::Output { bytes, .. } = &record.what {
            self.output(record.host, record.pid, &bytes.0);
        }
        let thread = if record.tid.0 == 0 { record.pid } else { record.tid };
        match &record.what {
            What::CallStart { call, syscall, .. } => {
                self.open.insert(*call, (record.host, thread, Arc::clone(syscall)));
            }
            What::CallEnd { call, .. } => {
                self.open.remove(call);
            }
            _ => {}
        }
        match self.trace {
            Trace::None => {}
            Trace::Strace => {
                if matches!(record.what, What::ProcessExit { .. }) {
                    self.exit_call(record.host);
                }
                if let Some(line) = inspect::strace_lines(record) {
                    let name = self.name(line.host).to_owned();
                    self.line(&format!("{name}[{}] {}", line.pid, line.text));
                }
            }
            Trace::Json => {
                if let Some(json) = inspect::json_line(record, self.name(record.host)) {
                    self.line(&json);
                }
            }
        }
    }

    /// `exit_group` never returns, so no record ends it: it is shown with the end that it causes.
    fn exit_call(&mut self, host: HostId) {
        let mine = |open: &(HostId, Pid, Arc<Syscall>)| {
            open.0 == host && matches!(*open.2, Syscall::ExitGroup { .. })
        };
        let found = self.open.iter().find(|(_, open)| mine(open)).map(|(call, _)| *call);
        let Some((_, pid, syscall)) = found.and_then(|call| self.open.remove(&call)) else {
            return;
        };
        let name = self.name(host).to_owned();
        self.line(&format!("{name}[{pid}] {}", strace::call(&syscall, &abi::Reply::ok(0))));
    }

    /// A call that was answered by a real kernel.
    pub(super) fn call(&mut self, host: HostId, tid: Pid, call: &Syscall, reply: &abi::Reply) {
        let name = self.name(host).to_owned();
        match self.trace {
            Trace::None => {}
            Trace::Strace => self.line(&format!("{name}[{tid}] {}", strace::call(call, reply))),
            Trace::Json => {
                let mut event = call_json(call, reply);
                event["measured"] = true.into();
                event["host"] = name.into();
                event["pid"] = tid.0.into();
                self.line(&event.to_string());
            }
        }
    }

    /// A signal that took effect in a real run.
    pub(super) fn signal(&mut self, host: HostId, pid: Pid, signal: i32) {
        if self.trace == Trace::Strace {
            let (name, text) =
                (self.name(host).to_owned(), strace::signal(signal, strace::Origin::User(pid)));
            self.line(&format!("{name}[{pid}] {text}"));
        }
    }

    /// A call of a real run that has not returned at the end.
    pub(super) fn waits(&mut self, host: HostId, tid: Pid, call: &Syscall) {
        if self.trace == Trace::Strace {
            let name = self.name(host).to_owned();
            self.line(&format!("{name}[{tid}] {}", strace::unfinished(call)));
        }
    }

    /// The end of a process of a real run.
    pub(super) fn ended(&mut self, host: HostId, pid: Pid, status: i32) {
        if self.trace == Trace::Strace {
            let name = self.name(host).to_owned();
            self.line(&format!("{name}[{pid}] {}", strace::ended(status)));
        }
    }

    /// A line of the trace; a reader that has gone away (`| head`) is no reason to stop.
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.to, "{text}");
    }

    /// A program's output: as it is when there is one, by lines when there are several.
    pub(super) fn output(&mut self, host: HostId, pid: Pid, bytes: &[u8]) {
        let mut stdout = std::io::stdout().lock();
        if !self.prefixed {
            let _ = stdout.write_all(bytes).and_then(|()| stdout.flush());
            return;
        }
        let name = self.names.get(host.0 as usize).map_or("?", String::as_str);
        let line = self.lines.entry((host, pid)).or_default();
        for byte in bytes {
            line.push(*byte);
            if *byte == b'\n' {
                let _ = write!(stdout, "{name}[{pid}]: ").and_then(|()| stdout.write_all(line));
                line.clear();
            }
        }
    }

    /// At the end: lines without an end, and calls without an answer.
    pub(super) fn unfinished(&mut self) {
        for ((host, pid), mut rest) in std::mem::take(&mut self.lines) {
            if !rest.is_empty() {
                rest.push(b'\n');
                self.output(host, pid, &rest);
            }
        }
        if self.trace == Trace::Strace {
            for (host, pid, syscall) in std::mem::take(&mut self.open).into_values() {
                let name = self.name(host).to_owned();
                if !matches!(*syscall, Syscall::ExitGroup { .. } | Syscall::ThreadExit { .. }) {
                    self.line(&format!("{name}[{pid}] {}", strace::unfinished(&syscall)));
                }
            }
        }
        let _ = self.to.flush();
    }
}

/// A call of a real run, with the same fields as one of a simulated run.
fn call_json(call: &Syscall, reply: &abi::Reply) -> serde_json::Value {
    serde_json::json!({
        "event": "call",
        "name": strace::name(call),
        "args": call,
        "ret": reply.ret.unwrap_or(-1),
        "errno": reply.ret.err().map(abi::Errno::name),
        "out": reply.out,
        "text": strace::call(call, reply),
    })
}
