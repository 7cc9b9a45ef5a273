//! `--on real`: the same programs, their calls on sockets answered by this computer's kernel
//! through the bridge's executor. Processes, threads, signals and files are the crate `real`'s.
//!
//! All programs share one session of the executor. Network and host names are this computer's, so
//! `--delay`, hosts and links of a scenario mean nothing. The first Ctrl+C is `SIGINT` for every
//! program, the second ends the run, as `SIGTERM` does.

use super::{Args, Programs, print::Printer};
use crate::usage::Failure;
use abi::{Errno, Out, Pid, Reply, Syscall, consts};
use bridge::exec::{Call, Options, Outcome, Session};
use real::{
    Answer, Disk, Found, FoundKind, Measured, Note, Now, Order, Run, Start, Surroundings, When,
};
use sim::kernel::wait::{Reason, WaitFor};
use sim::scenario::Scenario;
use sim::trace::{SignalBy, SignalEffect, What};
use sim::{CallId, HostId};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Instructions between two looks at what else happened.
const FUEL: u64 = 1_000_000;
/// The largest file that a program may open, bytes.
const FILE_MAX: u64 = 64 << 20;

/// What comes from outside.
enum Event {
    Answer(u64, Answer),
    /// A program's terminal: what was typed, nothing at the end.
    Typed(usize, Vec<u8>),
    Interrupt,
}

/// Runs each program on this computer; whether none of them faulted.
pub(super) fn run(scenario: &Scenario, programs: &Programs, args: &Args) -> Result<bool, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::failed)?;
    let mut hosts = Vec::new();
    let mut starts = Vec::new();
    for (spec, program) in scenario.programs.iter().zip(programs) {
        let Some(start_ns) = spec.start_ns else { continue };
        hosts.push(HostId(spec.host as u32));
        let mut args = vec![spec.file.clone()];
        args.extend(spec.args.iter().cloned());
        starts.push(Start {
            program: program.clone(),
            args,
            env: environment(&spec.env),
            stdin: (spec.stdin.clone().into_bytes(), spec.stdin_ends || !spec.stdin.is_empty()),
            when: When::At(start_ns),
        });
    }
    let started = starts.len();
    let mut run = Run::new(starts, surroundings(), Box::new(RealDisk));
    for (spec, program) in scenario.programs.iter().zip(programs) {
        run.install(&spec.file, program.clone());
    }
    let (sender, events) = mpsc::unbounded_channel();
    let mut driver = Driver {
        programs: started,
        run,
        session: Rc::new(Session::new(Options::terminal())),
        cancels: BTreeMap::new(),
        reading: false,
        began: Instant::now(),
        sender,
        shown: Shown {
            printer: Printer::new(scenario, args)?,
            hosts,
            processes: BTreeMap::new(),
            calls: BTreeMap::new(),
            began: Instant::now(),
            lang: args.lang(),
            good: true,
        },
    };
    let until = args.until.map(|until| Duration::from_nanos(until.0));
    tokio::task::LocalSet::new().block_on(&runtime, driver.drive(events, until));
    driver.shown.finish();
    // A read of the terminal that nobody waits for any more must not keep the program alive.
    runtime.shutdown_background();
    Ok(driver.shown.good)
}

struct Driver {
    run: Run,
    programs: usize,
    session: Rc<Session>,
    cancels: BTreeMap<u64, CancellationToken>,
    /// A read of the real terminal is under way.
    reading: bool,
    began: Instant,
    sender: mpsc::UnboundedSender<Event>,
    shown: Shown,
}

impl Driver {
    async fn drive(&mut self, mut events: mpsc::UnboundedReceiver<Event>, until: Option<Duration>) {
        let sender = self.sender.clone();
        tokio::task::spawn_local(async move {
            while tokio::signal::ctrl_c().await.is_ok() && sender.send(Event::Interrupt).is_ok() {}
        });
        // Without it the run would end before its trace is written.
        let mut terminate = signal(SignalKind::terminate()).ok();
        let mut interrupted = false;
        loop {
            let more = self.run.advance(self.now(), FUEL);
            for note in self.run.take_notes() {
                self.shown.note(note);
            }
            for order in self.run.take_orders() {
                self.make(order);
            }
            if self.run.is_over() {
                return;
            }
            self.read_terminal();
            let deadline = match more {
                true => Some(Duration::ZERO),
                false => self.run.next_deadline().map(Duration::from_nanos),
            };
            let event = tokio::select! {
                biased;
                event = events.recv() => event,
                () = terminated(&mut terminate) => return,
                () = until_then(self.began, until) => return,
                () = until_then(self.began, deadline) => None,
            };
            match event {
                None => {}
                Some(Event::Answer(ticket, answer)) => {
                    self.cancels.remove(&ticket);
                    self.run.answer(ticket, answer);
                }
                Some(Event::Typed(program, bytes)) => {
                    self.reading = false;
                    match bytes.is_empty() {
                        true => self.run.end_input(program),
                        false => self.run.type_in(program, &bytes),
                    }
                }
                Some(Event::Interrupt) if interrupted => return,
                Some(Event::Interrupt) => {
                    interrupted = true;
                    (0..self.programs).for_each(|n| self.run.interrupt(n, consts::SIGINT));
                }
            }
        }
    }

    fn now(&self) -> Now {
        let ns = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Now { mono_ns: ns(self.began.elapsed()), real_ns: ns(real) }
    }

    fn make(&mut self, order: Order) {
        let (ticket, call) = match order {
            Order::Call { ticket, call, .. } => (ticket, call),
            Order::Cancel { ticket } => {
                if let Some(cancel) = self.cancels.get(&ticket) {
                    cancel.cancel();
                }
                return;
            }
        };
        let mut call = Call::new(call);
        self.cancels.insert(ticket, call.cancel.clone());
        call.id = ticket;
        let (session, sender) = (Rc::clone(&self.session), self.sender.clone());
        tokio::task::spawn_local(async move {
            let answer = match session.call(call).await {
                Outcome::Done(done) => Answer::Done(
                    done.reply,
                    Measured {
                        start_ns: done.start_ns,
                        duration_ns: done.duration_ns,
                        steps: done.steps,
                        tcp: done.tcp,
                    },
                ),
                Outcome::Denied(denied) => {
                    Answer::Denied { rule: denied.rule, detail: denied.detail }
                }
            };
            // The run may be over.
            let _ = sender.send(Event::Answer(ticket, answer));
        });
    }

    /// Reads the real terminal for the first program that asks.
    fn read_terminal(&mut self) {
        let reader = (0..self.programs).find(|program| self.run.reads_terminal(*program));
        let Some(program) = reader.filter(|_| !self.reading) else { return };
        self.reading = true;
        let sender = self.sender.clone();
        tokio::task::spawn_blocking(move || {
            let mut bytes = vec![0; 1 << 16];
            let n = std::io::Read::read(&mut std::io::stdin(), &mut bytes).unwrap_or(0);
            bytes.truncate(n);
            let _ = sender.send(Event::Typed(program, bytes));
        });
    }
}

/// The environment that a program inherits here, with what its scenario sets.
fn environment(set: &[(String, String)]) -> Vec<(String, String)> {
    let is_set = |name: &str| set.iter().any(|(known, _)| known == name);
    let text = |(name, value): (OsString, OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    let inherited = std::env::vars_os().filter_map(text).filter(|(name, _)| !is_set(name));
    inherited.chain(set.iter().cloned()).collect()
}

/// Until `SIGTERM` comes.
async fn terminated(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

/// Until a time after the beginning; without one for ever.
async fn until_then(began: Instant, after: Option<Duration>) {
    match after {
        Some(after) => tokio::time::sleep_until((began + after).into()).await,
        None => std::future::pending().await,
    }
}

/// What a person sees of the run.
struct Shown {
    printer: Printer,
    /// Of each program.
    hosts: Vec<HostId>,
    processes: BTreeMap<Pid, HostId>,
    calls: BTreeMap<u64, (Pid, Pid, Rc<Syscall>)>,
    began: Instant,
    lang: abi::Lang,
    good: bool,
}

impl Shown {
    fn host(&self, pid: Pid) -> HostId {
        self.processes.get(&pid).copied().unwrap_or(HostId(0))
    }

    fn note(&mut self, note: Note) {
        match note {
            Note::Began { pid, parent, program } => {
                let host = self.hosts.get(program).copied().unwrap_or(HostId(0));
                self.processes.insert(pid, host);
                let program = String::new();
                self.record(pid, pid, What::ProcessStart { program, parent });
            }
            Note::Called { number, pid, tid, syscall, line } => {
                let all = Arc::new((*syscall).clone());
                let what = What::CallStart { call: CallId(number), syscall: all, line };
                self.record(pid, tid, what);
                if let Syscall::ThreadExit { .. } = &*syscall {
                    self.record(pid, tid, What::ThreadEnd);
                }
                self.calls.insert(number, (pid, tid, syscall));
            }
            Note::Returned { number, reply, restarts, .. } => {
                if let Some((pid, tid, call)) = self.calls.remove(&number) {
                    if !restarts {
                        self.record(pid, tid, never_again(number));
                    }
                    self.returns(number, pid, tid, &call, reply);
                }
            }
            Note::Denied { number, errno, rule, detail } => {
                let Some((pid, tid, call)) = self.calls.remove(&number) else { return };
                let name = abi::strace::name(&call);
                eprintln!("soquete run: {name} denied by the executor ({rule:?}): {detail}");
                self.returns(number, pid, tid, &call, Reply::err(errno));
            }
            // The executor is in this process.
            Note::Lost { .. } => {}
            Note::Output { pid, bytes, .. } => self.printer.output(self.host(pid), pid, &bytes),
            Note::Signal { pid, tid, info, handled } => {
                let signal = info.signal;
                let by = match info.code {
                    consts::SI_USER | consts::SI_TKILL | consts::SI_QUEUE => {
                        SignalBy::Process(Pid(info.pid))
                    }
                    _ => SignalBy::Kernel,
                };
                self.record(pid, tid, What::SignalSent { signal, by, info });
                let effect = match signal {
                    _ if handled => SignalEffect::Handled,
                    consts::SIGSTOP | consts::SIGTSTP | consts::SIGTTIN | consts::SIGTTOU => {
                        SignalEffect::Stopped
                    }
                    consts::SIGCONT => SignalEffect::Continued,
                    _ => SignalEffect::Killed,
                };
                self.record(pid, tid, What::Signal { signal, effect, info });
            }
            Note::HandlerReturned { pid, tid, mask } => {
                let reply = Reply::with(0, Out::Words { words: vec![mask] });
                self.returns(u64::MAX, pid, tid, &Syscall::RtSigreturn, reply);
            }
            Note::Fault { pid, fault } => {
                eprintln!("{}", fault.text(self.lang));
                self.good = false;
                self.record(pid, pid, What::Fault { fault: Arc::from(fault), line: None });
            }
            Note::Missing { name, .. } => {
                eprintln!("soquete run: {name} is not offered with --on real");
            }
            Note::Ended { pid, status } => self.record(pid, Pid(0), What::ProcessExit { status }),
        }
    }

    fn record(&mut self, pid: Pid, tid: Pid, what: What) {
        let t_ns = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.printer.measured(t_ns, self.host(pid), pid, tid, what);
    }

    fn returns(&mut self, number: u64, pid: Pid, tid: Pid, call: &Syscall, reply: Reply) {
        let what = What::CallEnd {
            call: CallId(number),
            syscall: Arc::new(call.clone()),
            reply: Arc::new(reply),
            started_ns: 0,
            blocked: false,
        };
        self.record(pid, tid, what);
    }

    fn finish(&mut self) {
        self.printer.unfinished();
    }
}

/// That a handler ends this call whatever its `SA_RESTART` says.
fn never_again(number: u64) -> What {
    let (reason, sources) = (Reason::Signal, Vec::new());
    let on = WaitFor { reason, sources, deadline_ns: None, restarts: false };
    What::CallBlocked { call: CallId(number), on }
}

fn errno_of(error: std::io::Error) -> Errno {
    Errno(error.raw_os_error().unwrap_or(Errno::EIO.0))
}

/// This computer's files.
struct RealDisk;

impl Disk for RealDisk {
    fn load(&self, path: &[u8]) -> Result<Vec<u8>, Errno> {
        let path = OsStr::from_bytes(path);
        let found = std::fs::metadata(path).map_err(errno_of)?;
        if found.is_dir() {
            return Err(Errno::EISDIR);
        }
        // What is no plain file may have no end.
        if !found.is_file() || found.len() > FILE_MAX {
            return Err(Errno::EFBIG);
        }
        std::fs::read(path).map_err(errno_of)
    }

    fn store(&mut self, path: &[u8], bytes: &[u8]) -> Result<(), Errno> {
        std::fs::write(OsStr::from_bytes(path), bytes).map_err(errno_of)
    }

    fn find(&self, path: &[u8]) -> Option<Found> {
        let found = std::fs::metadata(OsStr::from_bytes(path)).ok()?;
        let kind = match found.file_type() {
            kind if kind.is_dir() => FoundKind::Dir,
            kind if kind.is_socket() => FoundKind::Socket,
            _ => FoundKind::File,
        };
        Some(Found { kind, mode: found.mode() & 0o7777, uid: found.uid() })
    }

    fn mkdir(&mut self, path: &[u8]) -> Result<(), Errno> {
        std::fs::create_dir(OsStr::from_bytes(path)).map_err(errno_of)
    }

    fn remove(&mut self, path: &[u8], dir: bool) -> Result<(), Errno> {
        let path = OsStr::from_bytes(path);
        let removed = if dir { std::fs::remove_dir(path) } else { std::fs::remove_file(path) };
        removed.map_err(errno_of)
    }

    fn rename(&mut self, old: &[u8], new: &[u8]) -> Result<(), Errno> {
        std::fs::rename(OsStr::from_bytes(old), OsStr::from_bytes(new)).map_err(errno_of)
    }
}

fn surroundings() -> Surroundings {
    let read = |name: &str| {
        let path = format!("/proc/sys/kernel/{name}");
        std::fs::read_to_string(path).unwrap_or_default().trim().to_owned()
    };
    let [system, node, release, version] = ["ostype", "hostname", "osrelease", "version"].map(read);
    Surroundings {
        first_pid: i32::try_from(std::process::id()).unwrap_or(1),
        ids: (id_of("Uid:"), id_of("Gid:")),
        uname: [system, node, release, version, std::env::consts::ARCH.to_owned()],
        cwd: std::env::current_dir()
            .map_or_else(|_| b"/".to_vec(), |dir| dir.into_os_string().into_vec()),
    }
}

/// The first number of a line of `/proc/self/status`.
fn id_of(field: &str) -> u32 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(field));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
