//! What a run shows: the programs' output, and the trace as strace or as JSON lines.

use super::{Args, Trace};
use crate::usage::{Failure, Wrong};
use abi::Pid;
use sim::scenario::Scenario;
use sim::trace::{Record, What};
use sim::{HostId, inspect};
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};

/// Writes records as they come.
pub(super) struct Printer {
    names: Vec<String>,
    /// Several programs: each line says whose it is.
    prefixed: bool,
    trace: Trace,
    to: Box<dyn Write>,
    /// Output that has no newline yet, by process.
    lines: BTreeMap<(HostId, Pid), Vec<u8>>,
    strace: inspect::Strace,
    last_ns: u64,
}

impl Printer {
    /// A printer for a scenario's hosts.
    pub(super) fn new(scenario: &Scenario, args: &Args) -> Result<Printer, Failure> {
        let to: Box<dyn Write> = match &args.trace_file {
            None => Box::new(std::io::stderr()),
            Some(path) => {
                let file = std::fs::File::create(path)
                    .map_err(|error| Failure::usage(Wrong::file("--trace-file", path, error)))?;
                Box::new(BufWriter::new(file))
            }
        };
        Ok(Printer {
            names: scenario.hosts.iter().map(|host| host.name.clone()).collect(),
            prefixed: scenario.programs.len() > 1,
            trace: args.trace,
            to,
            lines: BTreeMap::new(),
            strace: inspect::Strace::default(),
            last_ns: 0,
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
        self.trace(record);
    }

    fn trace(&mut self, record: &Record) {
        self.last_ns = record.t_ns;
        match self.trace {
            Trace::None => {}
            Trace::Strace => {
                let lines = self.strace.record(record);
                self.calls(lines);
            }
            Trace::Json => {
                if let Some(json) = inspect::json_line(record, self.name(record.host)) {
                    self.line(&json);
                }
            }
        }
    }

    fn calls(&mut self, lines: Vec<inspect::Line>) {
        for line in lines {
            let name = self.name(line.host).to_owned();
            self.line(&format!("{name}[{}] {}", line.pid, line.text));
        }
    }

    /// Shows what happened in a real run, as if it were a simulated one's record.
    pub(super) fn measured(&mut self, t_ns: u64, host: HostId, pid: Pid, tid: Pid, what: What) {
        let (id, step, cause) = (0, 0, None);
        let record = Record { id, step, t_ns, host, pid, tid, what, cause, measured: true };
        self.trace(&record);
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
            let lines = self.strace.finish(self.last_ns);
            self.calls(lines);
        }
        let _ = self.to.flush();
    }
}
