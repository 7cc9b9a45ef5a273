//! A kernel just large enough for the corpus: standard streams as pipes, files in memory, pipes,
//! processes and threads in turn, futexes, signals to oneself, and a clock that stands still
//! unless somebody sleeps. No sockets: those are `sim`'s, and are tested there.

use abi::syscall::{SigAction, Timespec};
use abi::{Bytes, Errno, Fd, Out, Pid, Reply, Syscall, consts};
use soquete_cc::{Machine, Program, SharedMemory, SourceMap, Step, StopAt};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// How a run ended.
pub(crate) struct Ended {
    /// Everything written to the standard output.
    #[allow(dead_code)] // not every test looks
    pub output: Vec<u8>,
    /// The first process's exit status (128 plus the signal that ended it).
    pub status: i32,
    /// Data races, as `line N: text`.
    #[allow(dead_code)] // not every test looks
    pub races: Vec<String>,
}

/// What an open file description is.
#[derive(Clone, Debug)]
enum Open {
    Input,
    Output,
    Error,
    File { path: Vec<u8>, at: usize, append: bool },
    PipeRead(usize),
    PipeWrite(usize),
}

/// A process.
struct Process {
    machine: Machine,
    parent: Pid,
    /// Descriptor to description.
    fds: BTreeMap<i32, usize>,
    actions: BTreeMap<i32, SigAction>,
    /// The status word, once it has ended.
    ended: Option<i32>,
    threads: BTreeMap<Pid, Thread>,
    exit_values: BTreeMap<Pid, u64>,
}

#[derive(Default)]
struct Thread {
    /// A call that could not be answered yet.
    blocked: Option<Syscall>,
    /// The calls that handlers interrupted, outermost first.
    interrupted: Vec<Option<Syscall>>,
    /// Woken by a futex.
    woken: bool,
    /// A time at which a wait is over.
    deadline: Option<i128>,
}

/// What became of a call.
enum Answer {
    Reply(Reply),
    /// It waits.
    Later,
    /// It has been answered already.
    Done,
}

struct Kernel {
    processes: BTreeMap<Pid, Process>,
    shared: SharedMemory,
    descriptions: Vec<(Open, i32)>,
    files: BTreeMap<Vec<u8>, Vec<u8>>,
    pipes: Vec<VecDeque<u8>>,
    input: VecDeque<u8>,
    output: Vec<u8>,
    now: i128,
    next_pid: i32,
    segments: u32,
    races: Vec<String>,
    lang: abi::Lang,
}

const EPOCH_NS: i128 = 1_700_000_000_000_000_000;
/// Instructions before a program counts as endless.
const FUEL: u64 = 2_000_000_000;

/// Runs a program and everything it starts until all have ended; faults are told in English.
#[allow(dead_code)] // not every test asks so
pub(crate) fn run(
    program: Arc<Program>,
    sources: &SourceMap,
    args: &[String],
    stdin: &[u8],
) -> Result<Ended, String> {
    run_in(program, sources, args, stdin, abi::Lang::En)
}

/// The same, in the language asked for.
pub(crate) fn run_in(
    program: Arc<Program>,
    sources: &SourceMap,
    args: &[String],
    stdin: &[u8],
    lang: abi::Lang,
) -> Result<Ended, String> {
    let env = [("PATH", "/bin:/usr/bin"), ("HOME", "/root"), ("USER", "aluno")];
    let env: Vec<_> = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let args: Vec<String> = args
        .iter()
        .enumerate()
        .map(|(n, arg)| if n == 0 { format!("./{arg}") } else { arg.clone() })
        .collect();
    let first = Pid(100);
    let machine = Machine::new(program, &args, &env, first);
    let mut kernel = Kernel {
        processes: BTreeMap::new(),
        shared: SharedMemory::new(),
        descriptions: vec![(Open::Input, 1), (Open::Output, 1), (Open::Error, 1)],
        files: BTreeMap::new(),
        pipes: Vec::new(),
        input: stdin.iter().copied().collect(),
        output: Vec::new(),
        now: EPOCH_NS,
        next_pid: 101,
        segments: 1,
        races: Vec::new(),
        lang,
    };
    kernel.processes.insert(
        first,
        Process {
            machine,
            parent: Pid(1),
            fds: BTreeMap::from([(0, 0), (1, 1), (2, 2)]),
            actions: BTreeMap::new(),
            ended: None,
            threads: BTreeMap::from([(first, Thread::default())]),
            exit_values: BTreeMap::new(),
        },
    );
    let mut used = 0u64;
    while kernel.processes.values().any(|process| process.ended.is_none()) {
        let mut moved = false;
        let pids: Vec<Pid> = kernel.processes.keys().copied().collect();
        for pid in pids {
            let tids: Vec<Pid> = match kernel.processes.get(&pid) {
                Some(process) if process.ended.is_none() => {
                    process.threads.keys().copied().collect()
                }
                _ => continue,
            };
            for tid in tids {
                moved |= kernel.turn(pid, tid, &mut used, sources)?;
            }
        }
        if used > FUEL {
            return Err("it does not end".to_owned());
        }
        if !moved && !kernel.advance() {
            let waiting: Vec<String> = kernel
                .processes
                .values()
                .flat_map(|process| process.threads.values())
                .filter_map(|thread| thread.blocked.as_ref().map(|call| format!("{call:?}")))
                .collect();
            return Err(format!("everybody waits: {}", waiting.join(", ")));
        }
    }
    let status = kernel.processes[&first].ended.unwrap_or(0);
    let status = if status & 0x7f == 0 { status >> 8 } else { 128 + (status & 0x7f) };
    Ok(Ended { output: kernel.output, status, races: kernel.races })
}

impl Kernel {
    /// Lets one thread run a little; whether it did anything.
    fn turn(
        &mut self,
        pid: Pid,
        tid: Pid,
        used: &mut u64,
        sources: &SourceMap,
    ) -> Result<bool, String> {
        let Some(process) = self.processes.get_mut(&pid).filter(|it| it.ended.is_none()) else {
            return Ok(false);
        };
        let Some(thread) = process.threads.get_mut(&tid) else { return Ok(false) };
        if let Some(call) = thread.blocked.take() {
            return self.answer(pid, tid, call);
        }
        let given = 20_000;
        let mut fuel = given;
        let step = process.machine.step(tid, &mut fuel, &mut self.shared, StopAt::Syscall);
        *used += given - fuel + 1;
        for race in process.machine.take_races() {
            let at = sources.line_column(race.span.unwrap_or_default());
            self.races.push(format!("line {}: {}", at.line, race.text(abi::Lang::En)));
        }
        match step {
            Step::Ran | Step::Statement => Ok(true),
            Step::Faulted(fault) => {
                let at = sources.line_column(fault.span.unwrap_or_default());
                Err(format!("line {}: {}", at.line, fault.text(self.lang)))
            }
            Step::Syscall(call) => {
                self.answer(pid, tid, call)?;
                Ok(true)
            }
        }
    }

    /// Moves the clock to the next deadline.
    fn advance(&mut self) -> bool {
        let threads = self.processes.values().filter(|it| it.ended.is_none());
        let next = threads.flat_map(|it| it.threads.values()).filter_map(|it| it.deadline).min();
        match next {
            Some(next) if next > self.now => {
                self.now = next;
                true
            }
            _ => false,
        }
    }

    /// Answers a call, or blocks its thread; whether there was an answer.
    fn answer(&mut self, pid: Pid, tid: Pid, call: Syscall) -> Result<bool, String> {
        match self.handle(pid, tid, &call) {
            Answer::Later => {
                let process = self.processes.get_mut(&pid);
                if let Some(thread) = process.and_then(|process| process.threads.get_mut(&tid)) {
                    thread.blocked = Some(call);
                }
                return Ok(false);
            }
            Answer::Reply(reply) => self.reply(pid, tid, &reply),
            Answer::Done => {}
        }
        let process = self.processes.get_mut(&pid);
        if let Some(thread) = process.and_then(|process| process.threads.get_mut(&tid)) {
            thread.deadline = None;
            thread.woken = false;
            if call == Syscall::RtSigreturn {
                thread.blocked = thread.interrupted.pop().flatten();
            }
        }
        Ok(true)
    }

    fn reply(&mut self, pid: Pid, tid: Pid, reply: &Reply) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        if process.threads.contains_key(&tid) {
            process.machine.resume(tid, reply, &mut self.shared);
        }
    }

    fn end(&mut self, pid: Pid, word: i32) {
        if let Some(process) = self.processes.get_mut(&pid) {
            process.ended = Some(word);
            let open: Vec<usize> = std::mem::take(&mut process.fds).into_values().collect();
            process.threads.clear();
            for index in open {
                self.descriptions[index].1 -= 1;
            }
        }
    }

    fn open(&mut self, pid: Pid, open: Open) -> i64 {
        self.descriptions.push((open, 1));
        self.install(pid, self.descriptions.len() - 1)
    }

    fn install(&mut self, pid: Pid, index: usize) -> i64 {
        let fds = &mut self.processes.get_mut(&pid).expect("it calls").fds;
        let free = (0..).find(|fd| !fds.contains_key(fd)).expect("there are many numbers");
        fds.insert(free, index);
        i64::from(free)
    }

    fn writers(&self, pipe: usize) -> bool {
        self.descriptions
            .iter()
            .any(|(open, users)| *users > 0 && matches!(open, Open::PipeWrite(it) if *it == pipe))
    }

    fn readers(&self, pipe: usize) -> bool {
        self.descriptions
            .iter()
            .any(|(open, users)| *users > 0 && matches!(open, Open::PipeRead(it) if *it == pipe))
    }

    fn read(&mut self, index: usize, len: usize) -> Answer {
        let bytes: Vec<u8> = match &mut self.descriptions[index].0 {
            Open::Input => {
                let len = len.min(self.input.len());
                self.input.drain(..len).collect()
            }
            Open::File { path, at, .. } => {
                let file = self.files.get(path).cloned().unwrap_or_default();
                let from = (*at).min(file.len());
                let to = (from + len).min(file.len());
                *at += to - from;
                file[from..to].to_vec()
            }
            Open::PipeRead(pipe) => {
                let pipe = *pipe;
                if self.pipes[pipe].is_empty() && self.writers(pipe) {
                    return Answer::Later;
                }
                let len = len.min(self.pipes[pipe].len());
                self.pipes[pipe].drain(..len).collect()
            }
            _ => return Answer::Reply(Reply::err(Errno::EBADF)),
        };
        Answer::Reply(Reply::with(bytes.len() as i64, Out::Bytes { bytes: Bytes(bytes) }))
    }

    fn write(&mut self, pid: Pid, tid: Pid, index: usize, bytes: &[u8]) -> Reply {
        match &mut self.descriptions[index].0 {
            Open::Output => self.output.extend(bytes),
            Open::Error => {}
            Open::File { path, at, append } => {
                let file = self.files.entry(path.clone()).or_default();
                if *append {
                    *at = file.len();
                }
                if file.len() < *at + bytes.len() {
                    file.resize(*at + bytes.len(), 0);
                }
                file[*at..*at + bytes.len()].copy_from_slice(bytes);
                *at += bytes.len();
            }
            Open::PipeWrite(pipe) => {
                let pipe = *pipe;
                if !self.readers(pipe) {
                    self.signal(pid, tid, consts::SIGPIPE);
                    return Reply::err(Errno::EPIPE);
                }
                self.pipes[pipe].extend(bytes);
            }
            _ => return Reply::err(Errno::EBADF),
        }
        Reply::ok(bytes.len() as i64)
    }

    /// Delivers a signal at once.
    fn signal(&mut self, pid: Pid, tid: Pid, signal: i32) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        match process.actions.get(&signal).map(|action| (action.handler, action.flags)) {
            None | Some((0, _)) if signal == consts::SIGCHLD => {}
            None | Some((0, _)) => self.end(pid, signal),
            Some((1, _)) => {}
            Some((handler, flags)) => {
                let Some(thread) = process.threads.get_mut(&tid) else { return };
                let mut blocked = thread.blocked.take();
                if blocked.is_some() && flags & consts::SA_RESTART == 0 {
                    blocked = None;
                    let reply = Reply::err(Errno::EINTR);
                    process.machine.resume(tid, &reply, &mut self.shared);
                }
                if let Some(thread) = process.threads.get_mut(&tid) {
                    thread.interrupted.push(blocked);
                }
                process.machine.push_handler(tid, handler, signal, flags);
            }
        }
    }

    #[allow(clippy::too_many_lines)] // a table of calls
    fn handle(&mut self, pid: Pid, tid: Pid, call: &Syscall) -> Answer {
        let process = self.processes.get_mut(&pid).expect("it calls");
        let fd_of = |fd: Fd| process.fds.get(&fd.0).copied();
        let badf = Answer::Reply(Reply::err(Errno::EBADF));
        let now = self.now;
        Answer::Reply(match call {
            Syscall::Read { fd, buf } => match fd_of(*fd) {
                None => return badf,
                Some(_) if !buf.ok => Reply::err(Errno::EFAULT),
                Some(index) => return self.read(index, buf.len as usize),
            },
            Syscall::Write { fd, buf } => match (fd_of(*fd), &buf.bytes) {
                (None, _) => return badf,
                (_, None) => Reply::err(Errno::EFAULT),
                (Some(index), Some(bytes)) => self.write(pid, tid, index, &bytes.0.clone()),
            },
            Syscall::Writev { fd, iov, .. } => {
                let Some(index) = fd_of(*fd) else { return badf };
                let all: Vec<u8> =
                    iov.iter().flat_map(|one| one.bytes.clone().unwrap_or_default().0).collect();
                self.write(pid, tid, index, &all)
            }
            Syscall::Close { fd } => match process.fds.remove(&fd.0) {
                None => return badf,
                Some(index) => {
                    self.descriptions[index].1 -= 1;
                    Reply::ok(0)
                }
            },
            Syscall::Openat { path, flags, .. } => {
                let path = path.value.clone().unwrap_or_default().0;
                let is_there = self.files.contains_key(&path);
                if !is_there && flags & consts::O_CREAT == 0 {
                    return Answer::Reply(Reply::err(Errno::ENOENT));
                }
                if is_there && flags & consts::O_EXCL != 0 {
                    return Answer::Reply(Reply::err(Errno::EEXIST));
                }
                if !is_there || flags & consts::O_TRUNC != 0 {
                    self.files.insert(path.clone(), Vec::new());
                }
                let append = flags & consts::O_APPEND != 0;
                Reply::ok(self.open(pid, Open::File { path, at: 0, append }))
            }
            Syscall::Unlink { path } => {
                match self.files.remove(&path.value.clone().unwrap_or_default().0) {
                    Some(_) => Reply::ok(0),
                    None => Reply::err(Errno::ENOENT),
                }
            }
            Syscall::Access { path, .. } => {
                match self.files.contains_key(&path.value.clone().unwrap_or_default().0) {
                    true => Reply::ok(0),
                    false => Reply::err(Errno::ENOENT),
                }
            }
            Syscall::Fstat { fd, .. } => match fd_of(*fd) {
                None => return badf,
                Some(index) => {
                    let (mode, size) = match &self.descriptions[index].0 {
                        Open::File { path, .. } => {
                            (0o100_600, self.files.get(path).map_or(0, Vec::len) as i64)
                        }
                        _ => (0o010_600, 0),
                    };
                    let stat = abi::reply::Stat { mode, size, inode: 1, ..Default::default() };
                    Reply::with(0, Out::Stat { stat })
                }
            },
            Syscall::Lseek { fd, offset, whence } => {
                let Some(index) = fd_of(*fd) else { return badf };
                let Open::File { path, at, .. } = &mut self.descriptions[index].0 else {
                    return Answer::Reply(Reply::err(Errno::ESPIPE));
                };
                let base = match *whence {
                    consts::SEEK_SET => 0,
                    consts::SEEK_CUR => *at as i64,
                    _ => self.files.get(path).map_or(0, Vec::len) as i64,
                };
                if base + offset < 0 {
                    return Answer::Reply(Reply::err(Errno::EINVAL));
                }
                *at = (base + offset) as usize;
                Reply::ok(*at as i64)
            }
            Syscall::Ftruncate { fd, length } => {
                let Some(index) = fd_of(*fd) else { return badf };
                if let Open::File { path, .. } = &self.descriptions[index].0 {
                    self.files.entry(path.clone()).or_default().resize(*length as usize, 0);
                }
                Reply::ok(0)
            }
            Syscall::Dup { fd } => match fd_of(*fd) {
                None => return badf,
                Some(index) => {
                    self.descriptions[index].1 += 1;
                    Reply::ok(self.install(pid, index))
                }
            },
            Syscall::Dup2 { old, new } | Syscall::Dup3 { old, new, .. } => match fd_of(*old) {
                None => return badf,
                Some(index) => {
                    let before = process.fds.insert(new.0, index);
                    self.descriptions[index].1 += 1;
                    if let Some(before) = before {
                        self.descriptions[before].1 -= 1;
                    }
                    Reply::ok(i64::from(new.0))
                }
            },
            Syscall::Fcntl { fd, cmd, .. } => match (fd_of(*fd), *cmd) {
                (None, _) => return badf,
                (Some(index), consts::F_GETFL) => match &self.descriptions[index].0 {
                    Open::Input | Open::PipeRead(_) => Reply::ok(0),
                    Open::File { .. } => Reply::ok(2),
                    _ => Reply::ok(1),
                },
                _ => Reply::ok(0),
            },
            Syscall::Ioctl { .. } => Reply::err(Errno::ENOTTY),
            Syscall::Pipe2 { .. } => {
                self.pipes.push(VecDeque::new());
                let pipe = self.pipes.len() - 1;
                let read = self.open(pid, Open::PipeRead(pipe)) as i32;
                let write = self.open(pid, Open::PipeWrite(pipe)) as i32;
                Reply::with(0, Out::Fds { fds: [Fd(read), Fd(write)] })
            }
            Syscall::Fork | Syscall::Vfork => {
                let child = Pid(self.next_pid);
                self.next_pid += 1;
                let mut machine = process.machine.fork(tid, child);
                machine.resume(child, &Reply::ok(0), &mut self.shared);
                let fds = process.fds.clone();
                let actions = process.actions.clone();
                for index in fds.values() {
                    self.descriptions[*index].1 += 1;
                }
                let threads = BTreeMap::from([(child, Thread::default())]);
                let exit_values = BTreeMap::new();
                let (parent, ended) = (pid, None);
                let new = Process { machine, parent, fds, actions, ended, threads, exit_values };
                self.processes.insert(child, new);
                Reply::ok(i64::from(child.0))
            }
            Syscall::ThreadCreate { entry, arg } => {
                let new = Pid(self.next_pid);
                self.next_pid += 1;
                process.machine.start_thread(new, *entry, *arg);
                process.threads.insert(new, Thread::default());
                Reply::ok(i64::from(new.0))
            }
            Syscall::ThreadExit { value } => {
                process.exit_values.insert(tid, *value);
                process.machine.end_thread(tid);
                process.threads.remove(&tid);
                if process.threads.is_empty() {
                    self.end(pid, 0);
                }
                Reply::ok(0)
            }
            Syscall::ThreadJoin { tid: other } => match process.exit_values.get(other) {
                Some(value) => Reply::with(0, Out::Words { words: vec![*value] }),
                None if process.threads.contains_key(other) => return Answer::Later,
                None => Reply::err(Errno::ESRCH),
            },
            Syscall::ThreadDetach { .. } | Syscall::SchedYield => Reply::ok(0),
            Syscall::FutexWait { key, expected, seen, timeout } => {
                if expected != seen {
                    return Answer::Reply(Reply::err(Errno::EAGAIN));
                }
                let _ = key;
                let thread = process.threads.get_mut(&tid).expect("it calls");
                if thread.woken {
                    return Answer::Reply(Reply::ok(0));
                }
                match (thread.deadline, timeout) {
                    (Some(deadline), _) if deadline <= now => Reply::err(Errno::ETIMEDOUT),
                    (None, Some(time)) => {
                        thread.deadline = Some(
                            now + i128::from(time.sec) * 1_000_000_000 + i128::from(time.nsec),
                        );
                        return Answer::Later;
                    }
                    _ => return Answer::Later,
                }
            }
            Syscall::FutexWake { key, count } => {
                let mut woken = 0;
                for other in self.processes.values_mut().flat_map(|it| it.threads.values_mut()) {
                    let waits = matches!(&other.blocked,
                        Some(Syscall::FutexWait { key: it, .. }) if it == key);
                    if waits && !other.woken && woken < i64::from(*count) {
                        other.woken = true;
                        woken += 1;
                    }
                }
                Reply::ok(woken)
            }
            Syscall::ExitGroup { status } => {
                let parent = process.parent;
                self.end(pid, (status & 0xff) << 8);
                if self.processes.contains_key(&parent) {
                    self.signal(parent, parent, consts::SIGCHLD);
                }
                Reply::ok(0)
            }
            Syscall::Wait4 { pid: wanted, options, .. } => {
                let mine =
                    |it: &Process, of: Pid| it.parent == pid && (wanted.0 == -1 || of == *wanted);
                let children: Vec<Pid> = self
                    .processes
                    .iter()
                    .filter(|(of, it)| mine(it, **of))
                    .map(|(of, _)| *of)
                    .collect();
                if children.is_empty() {
                    return Answer::Reply(Reply::err(Errno::ECHILD));
                }
                match children.iter().find(|it| self.processes[it].ended.is_some()) {
                    Some(ended) => {
                        let status = self.processes[ended].ended.unwrap_or(0);
                        self.processes.remove(ended);
                        Reply::with(i64::from(ended.0), Out::Status { status })
                    }
                    None if options & consts::WNOHANG != 0 => Reply::ok(0),
                    None => return Answer::Later,
                }
            }
            Syscall::Getpid => Reply::ok(i64::from(pid.0)),
            Syscall::Getppid => Reply::ok(i64::from(process.parent.0)),
            Syscall::Gettid => Reply::ok(i64::from(tid.0)),
            Syscall::Getuid | Syscall::Geteuid | Syscall::Getgid => Reply::ok(0),
            Syscall::Uname => {
                let fields = ["Linux", "lab", "6.18.0", "#1", "x86_64"].map(str::to_owned);
                Reply::with(0, Out::Uname { fields })
            }
            Syscall::RtSigaction { signal, new, .. } => {
                let old = process.actions.get(signal).copied();
                if let Some(new) = new.value {
                    process.actions.insert(*signal, new);
                }
                let action = old.unwrap_or(SigAction { handler: 0, flags: 0, mask: 0 });
                Reply::with(0, Out::Action { action })
            }
            Syscall::RtSigprocmask { .. } => Reply::with(0, Out::Words { words: vec![0] }),
            Syscall::RtSigreturn => Reply::ok(0),
            Syscall::Kill { pid: to, signal } => {
                if !self.processes.contains_key(to) {
                    return Answer::Reply(Reply::err(Errno::ESRCH));
                }
                return self.signal_after_answer(pid, tid, *to, *signal);
            }
            Syscall::Tgkill { signal, .. } => {
                return self.signal_after_answer(pid, tid, pid, *signal);
            }
            Syscall::ClockGettime { .. } => {
                let time = Timespec {
                    sec: (now / 1_000_000_000) as i64,
                    nsec: (now % 1_000_000_000) as i64,
                };
                Reply::with(0, Out::Time { time })
            }
            Syscall::ClockNanosleep { request, .. } => {
                let time = request.value.unwrap_or_default();
                let thread = process.threads.get_mut(&tid).expect("it calls");
                let length = i128::from(time.sec) * 1_000_000_000 + i128::from(time.nsec);
                let deadline = *thread.deadline.get_or_insert(now + length);
                if deadline > now {
                    return Answer::Later;
                }
                Reply::ok(0)
            }
            Syscall::Mmap { at, len, .. } => {
                let segment = self.segments;
                self.segments += 1;
                self.shared.resize(segment, *len);
                let out =
                    Out::Mapped { segment: Some(segment), offset: 0, len: *len, writable: true };
                Reply::with(*at as i64, out)
            }
            Syscall::Munmap { .. } => Reply::ok(0),
            Syscall::WsaStartup { version } => {
                Reply::with(0, Out::WsaData { version: *version, high_version: 0x202 })
            }
            Syscall::WsaCleanup => Reply::ok(0),
            Syscall::Pause => return Answer::Later,
            _ => Reply::err(Errno::ENOSYS),
        })
    }

    /// Answers `kill` first, so that the handler runs on top of the finished call.
    fn signal_after_answer(&mut self, pid: Pid, tid: Pid, to: Pid, signal: i32) -> Answer {
        if to != pid || signal == 0 {
            if signal != 0 {
                self.signal(to, to, signal);
            }
            return Answer::Reply(Reply::ok(0));
        }
        self.reply(pid, tid, &Reply::ok(0));
        self.signal(pid, tid, signal);
        Answer::Done
    }
}
