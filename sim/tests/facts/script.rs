//! The little language of the facts, and the driver that runs it on a world.

use abi::addr::SockAddr;
use abi::syscall::{FdSets, InBuf, OutBuf, SigAction, Timespec};
use abi::{AddrIn, AddrOut, Bytes, Fd, Out, OutPtr, Pid, PollFd, Ptr, Reply, Syscall, consts};
use sim::HostId;
use sim::kernel::process::ThreadState;
use sim::kernel::program::Program;
use sim::scenario::{Defaults, LinkParams, Scenario, Time};
use sim::trace::{Sink, What};
use sim::world::World;
use std::collections::BTreeMap;

/// A call that has not returned after so long without any event sleeps.
const PATIENCE_NS: u64 = 50_000_000;
/// How long `P <= …` waits for a sleeping call, simulated.
const LONG_NS: u64 = 1_000_000_000_000;

pub(crate) struct Situation {
    title: String,
    pub(crate) lines: Vec<(usize, String)>,
}

impl Situation {
    pub(crate) fn parse(text: &str) -> Vec<Situation> {
        let mut all: Vec<Situation> = Vec::new();
        for (i, line) in text.lines().enumerate() {
            let line = line.split(" # ").next().unwrap_or(line).trim();
            if let Some(title) = line.strip_prefix("==") {
                all.push(Situation { title: title.trim().to_owned(), lines: Vec::new() });
            } else if !line.is_empty() && !line.starts_with('#') {
                let last = all.last_mut().expect("a situation begins with ==");
                last.lines.push((i + 1, line.to_owned()));
            }
        }
        all
    }

    /// Lines that did not go as they say.
    pub(crate) fn run(&self) -> Vec<String> {
        let mut driver = Driver::new(&self.title);
        let mut failures = Vec::new();
        for (number, line) in &self.lines {
            if let Err(what) = driver.line(line) {
                failures.push(format!("line {number} ({}): {line}\n    {what}", self.title));
            }
        }
        failures
    }
}

#[derive(Clone)]
struct Who {
    host: HostId,
    pid: Pid,
    tid: Pid,
    seen: usize,
}

struct Driver {
    world: World,
    sink: Sink,
    who: BTreeMap<String, Who>,
    vars: BTreeMap<String, i64>,
    packets_from: usize,
    records: Vec<sim::trace::Record>,
    uid: u32,
}

impl Driver {
    fn new(title: &str) -> Driver {
        let programs: Vec<(String, Vec<String>)> =
            ["A.c", "B.c"].iter().map(|name| ((*name).to_owned(), Vec::new())).collect();
        let params = LinkParams { delay_ns: 1_000_000, ..LinkParams::default() };
        let defaults = Defaults { params, ..Defaults::default() };
        let files = [("A.c", ""), ("B.c", "")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        let scenario = Scenario::of_programs(&programs, files, &defaults);
        let uid = if title.contains("[root]") { 0 } else { 1000 };
        Driver {
            world: World::with_programs(&scenario, vec![None, None]),
            sink: Sink::on(),
            who: BTreeMap::new(),
            vars: BTreeMap::new(),
            packets_from: 0,
            records: Vec::new(),
            uid,
        }
    }

    fn process(&mut self, name: &str) -> Who {
        if let Some(who) = self.who.get(name) {
            return who.clone();
        }
        let host = HostId(u32::from(name.starts_with('B')));
        let pid = self.world.start_script(host, name, Vec::new(), self.uid, &mut self.sink);
        let who = Who { host, pid, tid: pid, seen: 0 };
        self.who.insert(name.to_owned(), who.clone());
        who
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let result = self.try_line(line);
        self.records.extend(self.sink.take());
        result
    }

    fn try_line(&mut self, line: &str) -> Result<(), String> {
        if let Some(time) = line.strip_prefix("wait ") {
            let time: Time = time.parse()?;
            self.pass(time.0);
            return Ok(());
        }
        if let Some(expected) = line.strip_prefix("packets => ") {
            return self.packets(expected);
        }
        if let Some(rest) = line.strip_prefix("exit ") {
            let (name, expected) = rest.split_once(" => ").ok_or("exit NAME => …")?;
            return self.exit(name, expected);
        }
        if let Some((name, expected)) = line.split_once(" <= ") {
            let reply = self.finish(name.trim(), LONG_NS)?.ok_or("still blocked")?;
            return self.compare(&reply, expected, "");
        }
        let (call, expected) = line.rsplit_once(" => ").ok_or("no `=>`")?;
        let (name, call) = match call.split_once(": ") {
            Some((name, call)) if name.chars().all(char::is_alphanumeric) => (name, call),
            _ => ("A", call),
        };
        let (targets, call) = match call.split_once(" = ") {
            Some((targets, call)) if !targets.contains('(') => {
                (targets.split_whitespace().map(str::to_owned).collect(), call)
            }
            _ => (Vec::new(), call),
        };
        self.call(name, &targets, call.trim(), expected.trim())
    }

    fn call(
        &mut self,
        name: &str,
        targets: &[String],
        call: &str,
        expected: &str,
    ) -> Result<(), String> {
        let who = self.process(name);
        let (function, args) = split_call(call)?;
        let syscall = self.syscall(&function, &args)?;
        let fork = syscall == Syscall::Fork;
        let thread = matches!(syscall, Syscall::ThreadCreate { .. });
        self.world.give(who.host, who.tid, syscall, &mut self.sink);
        let reply = match self.finish(name, PATIENCE_NS) {
            // Whoever ends has no answer.
            Err(_) if expected == "*" => return Ok(()),
            reply => reply?,
        };
        let Some(reply) = reply else {
            return if expected == "blocked" { Ok(()) } else { Err("it sleeps".to_owned()) };
        };
        match (targets, &reply.out) {
            ([a, b], Out::Fds { fds }) => {
                self.vars.insert(a.clone(), i64::from(fds[0].0));
                self.vars.insert(b.clone(), i64::from(fds[1].0));
            }
            ([target], _) if fork || thread => {
                let new = Pid(reply.ret.map_err(|e| e.name())? as i32);
                let pid = if fork { new } else { who.pid };
                let seen = usize::from(fork);
                let child = Who { host: who.host, pid, tid: new, seen };
                self.who.insert(target.clone(), child);
                self.vars.insert(target.clone(), i64::from(new.0));
            }
            ([target], _) => {
                self.vars.insert(target.clone(), reply.ret.unwrap_or(-1));
            }
            _ => {}
        }
        self.compare(&reply, expected, &function)
    }

    /// Runs the world until the process's call has returned; `None` if it sleeps that long.
    fn finish(&mut self, name: &str, patience_ns: u64) -> Result<Option<Reply>, String> {
        let who = self.who.get(name).cloned().ok_or("unknown process")?;
        let mut quiet_until = self.world.now_ns + patience_ns;
        for _ in 0..2_000_000 {
            if let Some(reply) = self.reply(&who) {
                if let Some(who) = self.who.get_mut(name) {
                    who.seen += 1;
                }
                return Ok(Some(reply));
            }
            let host = self.world.host(who.host);
            let process = host.processes.get(&who.pid).ok_or("the process is gone")?;
            if process.is_zombie() {
                return Err(format!("the process ended with status {:?}", process.exited));
            }
            if !process.threads.contains_key(&who.tid) {
                return Err("the thread has ended".to_owned());
            }
            let asleep = process
                .threads
                .get(&who.tid)
                .is_none_or(|thread| matches!(thread.state, ThreadState::Blocked(_)));
            let next = self.world.next_at();
            if asleep && next.is_none_or(|at| at > quiet_until) {
                self.world.now_ns =
                    self.world.now_ns.max(quiet_until.min(self.world.now_ns + PATIENCE_NS));
                return Ok(None);
            }
            if !asleep {
                quiet_until = self.world.now_ns + patience_ns;
            }
            if !self.world.step(u64::MAX, &mut self.sink) {
                return Ok(None);
            }
        }
        Err("the world does not come to rest".to_owned())
    }

    fn reply(&self, who: &Who) -> Option<Reply> {
        let process = self.world.host(who.host).processes.get(&who.pid)?;
        let Program::Script(script) = &process.image else { return None };
        script.threads.get(&who.tid)?.replies.get(who.seen).cloned()
    }

    fn pass(&mut self, ns: u64) {
        let until = self.world.now_ns + ns;
        while self.world.step(until, &mut self.sink) {}
        self.world.now_ns = until;
    }

    fn exit(&mut self, name: &str, expected: &str) -> Result<(), String> {
        self.pass(PATIENCE_NS);
        let who = self.who.get(name).ok_or("unknown process")?;
        let process = self.world.host(who.host).processes.get(&who.pid).ok_or("it is gone")?;
        let status = process.exited.ok_or("it lives")?;
        let got = match status & 0x7f {
            0 => format!("{}", status >> 8),
            signal => format!("signal {signal}"),
        };
        if got == expected { Ok(()) } else { Err(format!("got {got}")) }
    }

    fn packets(&mut self, expected: &str) -> Result<(), String> {
        self.records.extend(self.sink.take());
        let mut got = Vec::new();
        for record in &self.records[self.packets_from..] {
            if let What::PacketSent { frame, .. } = &record.what
                && let Some(text) = segment(frame)
            {
                got.push(text);
            }
        }
        self.packets_from = self.records.len();
        let got = got.join(" ");
        if got == expected { Ok(()) } else { Err(format!("got {got}")) }
    }

    // ---- comparing

    fn compare(&self, reply: &Reply, expected: &str, function: &str) -> Result<(), String> {
        let got = self.show(reply, function);
        let fits = expected == "*"
            || got == expected
            || (expected == "fd" && reply.ret.is_ok_and(|ret| ret >= 0))
            || (!expected.contains(' ') && got.split(' ').next() == Some(expected));
        if fits { Ok(()) } else { Err(format!("got {got}")) }
    }

    fn show(&self, reply: &Reply, function: &str) -> String {
        let ret = match reply.ret {
            Err(errno) => return format!("-1 {}", errno.name()),
            Ok(ret) => ret,
        };
        match (&reply.out, function) {
            (Out::Bytes { bytes }, "tcp_state") => bytes.0[0].to_string(),
            (Out::Bytes { bytes }, "tcp_sacked") => bytes.0[28..30]
                .first_chunk::<2>()
                .map_or(String::new(), |b| u16::from_le_bytes(*b).to_string()),
            (Out::Bytes { bytes }, "getsockopt") => {
                let numbers: Vec<String> = bytes
                    .0
                    .chunks(4)
                    .map(|b| {
                        let mut word = [0; 4];
                        word[..b.len()].copy_from_slice(b);
                        i32::from_le_bytes(word).to_string()
                    })
                    .collect();
                numbers.join(",")
            }
            (Out::Bytes { bytes } | Out::From { bytes, addr: None }, _) if !bytes.0.is_empty() => {
                format!("{ret} {}", abi::strace::quoted(&bytes.0, 64))
            }
            (Out::From { bytes, addr: Some(addr) }, _) => {
                let bytes = abi::strace::quoted(&bytes.0, 64);
                format!("{ret} {bytes} from {}", show_addr(addr))
            }
            (Out::Addr { addr }, "getsockname" | "getpeername") => show_addr(addr),
            (Out::Addr { addr }, _) => format!("{ret} {}", show_addr(addr)),
            (Out::Revents { revents }, _) if !revents.is_empty() => {
                let all: Vec<String> = revents.iter().map(|r| events(i32::from(*r))).collect();
                all.join(",")
            }
            (Out::Selected { read, write, except, .. }, _) => {
                format!("{ret} r{} w{} e{}", read.len(), write.len(), except.len())
            }
            (Out::Status { status }, _) => match status & 0x7f {
                0 => format!("{} exit {}", if ret > 0 { "pid" } else { "0" }, status >> 8),
                signal => format!("pid signal {signal}"),
            },
            (Out::Message { bytes, priority }, _) => {
                format!("{ret} {} prio {priority}", abi::strace::quoted(&bytes.0, 64))
            }
            (Out::Words { words }, "ioctl") => words[0].to_string(),
            _ => ret.to_string(),
        }
    }

    // ---- arguments

    fn number(&self, text: &str) -> Result<i64, String> {
        let text = text.trim();
        if text.contains('|') {
            return text.split('|').try_fold(0, |sum, part| Ok(sum | self.number(part)?));
        }
        if let Some(value) = self.vars.get(text) {
            return Ok(*value);
        }
        if let Some(value) = consts::value(text) {
            return Ok(i64::from(value));
        }
        if let Some(rest) = text.strip_prefix("1<<") {
            return Ok(1 << self.number(rest)?);
        }
        text.parse().map_err(|_| format!("`{text}` is no number, variable or constant"))
    }

    fn fd(&self, text: &str) -> Result<Fd, String> {
        Ok(Fd(self.number(text)? as i32))
    }

    fn data(&self, text: &str) -> Result<InBuf, String> {
        if let Some(len) = text.strip_prefix("NULL/") {
            let len = self.number(len)? as u64;
            return Ok(InBuf { at: 0, len, bytes: (len == 0).then(Bytes::default) });
        }
        if let Some(count) = text.strip_prefix('*') {
            return Ok(InBuf::of(&vec![b'x'; self.number(count)? as usize]));
        }
        let inner = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
        Ok(InBuf::of(inner.ok_or_else(|| format!("`{text}` is no data"))?.as_bytes()))
    }

    fn room(&self, text: &str) -> Result<OutBuf, String> {
        if let Some(len) = text.strip_prefix("NULL/") {
            return Ok(OutBuf { at: 0, len: self.number(len)? as u64, ok: false });
        }
        Ok(OutBuf::of(self.number(text)? as u64))
    }

    fn addr(&self, text: &str) -> Result<AddrIn, String> {
        let (text, len) = match text.split_once(" len ") {
            Some((text, len)) => (text, Some(self.number(len)? as i32)),
            None => (text, None),
        };
        let (text, family) = match text.split_once(" family ") {
            Some((text, family)) => (text, Some(self.number(family)? as u16)),
            None => (text, None),
        };
        if text == "NULL" {
            return Ok(AddrIn { addr: Ptr::null(), len: len.unwrap_or(0) });
        }
        let mut addr = if let Some(path) = text.strip_prefix("unix:@") {
            SockAddr::unix(&[b"\0", path.as_bytes()].concat())
        } else if let Some(path) = text.strip_prefix("unix:") {
            SockAddr::unix(path.as_bytes())
        } else if text == "AF_UNSPEC" {
            SockAddr(Bytes(vec![0; 16]))
        } else {
            let (host, port) = text.rsplit_once(':').ok_or("address: IP:PORT")?;
            let port = match self.vars.get(port) {
                Some(port) => *port as u16,
                None => port.parse().map_err(|_| format!("port `{port}`"))?,
            };
            let ip: std::net::IpAddr =
                host.trim_matches(['[', ']']).parse().map_err(|_| format!("address `{host}`"))?;
            SockAddr::from_std((ip, port).into())
        };
        if let Some(family) = family {
            addr.0.0[..2].copy_from_slice(&family.to_le_bytes());
        }
        let mut bytes = addr.0.0;
        let len = len.unwrap_or(bytes.len() as i32);
        bytes.resize(len.clamp(0, 128) as usize, 0);
        Ok(AddrIn { addr: Ptr::to(SockAddr(Bytes(bytes))), len })
    }

    fn path(text: &str) -> Ptr<Bytes> {
        match text {
            "NULL" => Ptr::null(),
            _ => Ptr::to(Bytes(text.trim_matches('"').as_bytes().to_vec())),
        }
    }

    /// A message queue's name as libc passes it on: without the slash.
    fn queue(text: &str) -> Ptr<Bytes> {
        Ptr::to(Bytes(text.trim_matches('"').trim_start_matches('/').as_bytes().to_vec()))
    }

    #[allow(clippy::too_many_lines)] // a table of calls
    fn syscall(&self, function: &str, args: &[String]) -> Result<Syscall, String> {
        let arg = |i: usize| args.get(i).map(String::as_str).unwrap_or("0");
        let n = |i: usize| self.number(arg(i));
        let fd = |i: usize| self.fd(arg(i));
        Ok(match function {
            "socket" => {
                Syscall::Socket { domain: n(0)? as i32, ty: n(1)? as i32, protocol: n(2)? as i32 }
            }
            "socketpair" => Syscall::Socketpair {
                domain: n(0)? as i32,
                ty: n(1)? as i32,
                protocol: n(2)? as i32,
                fds: OutPtr::good(),
            },
            "bind" => Syscall::Bind { fd: fd(0)?, addr: self.addr(arg(1))? },
            "listen" => Syscall::Listen { fd: fd(0)?, backlog: n(1)? as i32 },
            "accept" => Syscall::Accept { fd: fd(0)?, addr: AddrOut::null() },
            "accept_addr" => Syscall::Accept { fd: fd(0)?, addr: AddrOut::room(128) },
            "accept4" => {
                Syscall::Accept4 { fd: fd(0)?, addr: AddrOut::null(), flags: n(1)? as i32 }
            }
            "connect" => Syscall::Connect { fd: fd(0)?, addr: self.addr(arg(1))? },
            "send" => Syscall::Sendto {
                fd: fd(0)?,
                buf: self.data(arg(1))?,
                flags: n(2)? as i32,
                addr: AddrIn::null(),
            },
            "sendto" => Syscall::Sendto {
                fd: fd(0)?,
                buf: self.data(arg(1))?,
                flags: n(2)? as i32,
                addr: self.addr(arg(3))?,
            },
            "recv" => Syscall::Recvfrom {
                fd: fd(0)?,
                buf: self.room(arg(1))?,
                flags: n(2)? as i32,
                addr: AddrOut::null(),
            },
            "recvfrom" => Syscall::Recvfrom {
                fd: fd(0)?,
                buf: self.room(arg(1))?,
                flags: n(2)? as i32,
                addr: AddrOut::room(128),
            },
            "read" => Syscall::Read { fd: fd(0)?, buf: self.room(arg(1))? },
            "write" => Syscall::Write { fd: fd(0)?, buf: self.data(arg(1))? },
            "writev_count" => Syscall::Writev { fd: fd(0)?, iov: Vec::new(), count: n(1)? as i32 },
            "close" => Syscall::Close { fd: fd(0)? },
            "shutdown" => Syscall::Shutdown { fd: fd(0)?, how: n(1)? as i32 },
            "getsockname" => Syscall::Getsockname { fd: fd(0)?, addr: AddrOut::room(128) },
            "getsockname_null" => Syscall::Getsockname { fd: fd(0)?, addr: AddrOut::null() },
            "getpeername" => Syscall::Getpeername { fd: fd(0)?, addr: AddrOut::room(128) },
            "setsockopt" => {
                let bytes: Vec<u8> = args
                    .get(3..)
                    .unwrap_or_default()
                    .iter()
                    .map(|word| self.number(word))
                    .collect::<Result<Vec<i64>, String>>()?
                    .into_iter()
                    .flat_map(|word| (word as i32).to_le_bytes())
                    .collect();
                let len = bytes.len() as i32;
                Syscall::Setsockopt {
                    fd: fd(0)?,
                    level: n(1)? as i32,
                    name: n(2)? as i32,
                    value: Ptr::to(Bytes(bytes)),
                    len,
                }
            }
            // seconds, microseconds
            "settimeo" => {
                let mut bytes = n(2)?.to_le_bytes().to_vec();
                bytes.extend(n(3)?.to_le_bytes());
                Syscall::Setsockopt {
                    fd: fd(0)?,
                    level: consts::SOL_SOCKET,
                    name: n(1)? as i32,
                    value: Ptr::to(Bytes(bytes)),
                    len: 16,
                }
            }
            "setsockopt_len" => Syscall::Setsockopt {
                fd: fd(0)?,
                level: n(1)? as i32,
                name: n(2)? as i32,
                value: Ptr::to(Bytes(vec![0; n(3)?.max(0) as usize])),
                len: n(3)? as i32,
            },
            "getsockopt" => Syscall::Getsockopt {
                fd: fd(0)?,
                level: n(1)? as i32,
                name: n(2)? as i32,
                value: OutPtr::good(),
                len: Ptr::to(if args.len() > 3 { n(3)? as i32 } else { 16 }),
            },
            // `tcpi_state`, and `tcpi_sacked`, which is a listener's backlog
            "tcp_state" | "tcp_sacked" => Syscall::Getsockopt {
                fd: fd(0)?,
                level: consts::IPPROTO_TCP,
                name: consts::TCP_INFO,
                value: OutPtr::good(),
                len: Ptr::to(104),
            },
            "congestion" => Syscall::Setsockopt {
                fd: fd(0)?,
                level: consts::IPPROTO_TCP,
                name: consts::TCP_CONGESTION,
                value: Self::path(arg(1)),
                len: arg(1).trim_matches('"').len() as i32,
            },
            "chmod" => Syscall::Chmod { path: Self::path(arg(0)), mode: n(1)? as u32 },
            "poll" => Syscall::Poll {
                fds: Ptr::to(vec![PollFd { fd: fd(0)?, events: n(1)? as i16 }]),
                nfds: 1,
                timeout_ms: n(2)? as i32,
            },
            "poll_none" => {
                Syscall::Poll { fds: Ptr::null(), nfds: n(0)? as u64, timeout_ms: n(1)? as i32 }
            }
            // one descriptor in all the sets that the letters name; timeout in ms, -1 for NULL
            "select" => {
                let set = |letter| arg(1).contains(letter).then(|| vec![fd(0).unwrap_or(Fd(0))]);
                let sets = FdSets { read: set('r'), write: set('w'), except: set('e') };
                let ms = n(2)?;
                let timeout = match ms {
                    -1 => Ptr::null(),
                    _ => Ptr::to(Timespec { sec: ms / 1000, nsec: ms % 1000 * 1_000_000 }),
                };
                Syscall::Select { nfds: 1024, sets, timeout }
            }
            "select_nfds" => Syscall::Select {
                nfds: n(0)? as i32,
                sets: FdSets::default(),
                timeout: Ptr::to(Timespec::default()),
            },
            "epoll_create" => Syscall::EpollCreate { size: n(0)? as i32 },
            "epoll_create1" => Syscall::EpollCreate1 { flags: n(0)? as i32 },
            "epoll_ctl" => Syscall::EpollCtl {
                epfd: fd(0)?,
                op: n(1)? as i32,
                fd: fd(2)?,
                event: Ptr::to((n(3)? as u32, 7)),
            },
            "epoll_wait" => Syscall::EpollWait {
                epfd: fd(0)?,
                events: OutPtr::good(),
                max_events: 16,
                timeout_ms: n(1)? as i32,
            },
            "pipe" => Syscall::Pipe2 { fds: OutPtr::good(), flags: n(0)? as i32 },
            "pipe_null" => Syscall::Pipe2 { fds: OutPtr::null(), flags: 0 },
            "dup" => Syscall::Dup { fd: fd(0)? },
            "dup2" => Syscall::Dup2 { old: fd(0)?, new: fd(1)? },
            "dup3" => Syscall::Dup3 { old: fd(0)?, new: fd(1)?, flags: n(2)? as i32 },
            "fcntl" => Syscall::Fcntl { fd: fd(0)?, cmd: n(1)? as i32, arg: n(2)? },
            "ioctl" => {
                Syscall::Ioctl { fd: fd(0)?, request: n(1)? as u64, arg: Ptr::to(n(2)? as i32) }
            }
            "lseek" => Syscall::Lseek { fd: fd(0)?, offset: n(1)?, whence: n(2)? as i32 },
            "open" => Syscall::Openat {
                path: Self::path(arg(0)),
                flags: n(1)? as i32,
                mode: if args.len() > 2 { n(2)? as u32 } else { 0o644 },
            },
            "unlink" => Syscall::Unlink { path: Self::path(arg(0)) },
            "mkdir" => Syscall::Mkdir { path: Self::path(arg(0)), mode: 0o755 },
            "mkfifo" => Syscall::Mkfifo { path: Self::path(arg(0)), mode: 0o644 },
            "fork" => Syscall::Fork,
            "thread" => Syscall::ThreadCreate { entry: 0, arg: 0 },
            "thread_exit" => Syscall::ThreadExit { value: n(0)? as u64 },
            "join" => Syscall::ThreadJoin { tid: Pid(n(0)? as i32) },
            "exit" => Syscall::ExitGroup { status: n(0)? as i32 },
            "wait" => Syscall::Wait4 {
                pid: Pid(if args.is_empty() { -1 } else { n(0)? as i32 }),
                status: OutPtr::good(),
                options: n(1)? as i32,
            },
            "getppid" => Syscall::Getppid,
            "kill" => Syscall::Kill { pid: Pid(n(0)? as i32), signal: n(1)? as i32 },
            // SIG_DFL 0, SIG_IGN 1, anything else a handler
            "sigaction" => Syscall::RtSigaction {
                signal: n(0)? as i32,
                new: Ptr::to(SigAction { handler: n(1)? as u64, flags: n(2)? as i32, mask: 0 }),
                old: OutPtr::good(),
            },
            "sigprocmask" => {
                let set = Ptr::to(1 << (n(1)? - 1));
                Syscall::RtSigprocmask { how: n(0)? as i32, set, old: OutPtr::good() }
            }
            "pause" => Syscall::Pause,
            "alarm" => Syscall::Alarm { seconds: n(0)? as u32 },
            // milliseconds
            "sleep" => Syscall::ClockNanosleep {
                clock: consts::CLOCK_REALTIME,
                flags: 0,
                request: Ptr::to(Timespec { sec: n(0)? / 1000, nsec: n(0)? % 1000 * 1_000_000 }),
                rest: abi::OutPtr::null(),
            },
            "setrlimit" => {
                Syscall::Setrlimit { resource: n(0)? as i32, soft: n(1)? as u64, hard: 1 << 20 }
            }
            "shmget" => {
                Syscall::Shmget { key: n(0)? as i32, size: n(1)? as u64, flags: n(2)? as i32 }
            }
            "shmat" => Syscall::Shmat { id: n(0)? as i32, at: 0x1000, flags: 0 },
            "shmdt" => Syscall::Shmdt { at: n(0)? as u64 },
            "shmctl" => Syscall::Shmctl {
                id: n(0)? as i32,
                cmd: n(1)? as i32,
                buf: Ptr::to(abi::syscall::IpcStat::default()),
            },
            "semget" => {
                Syscall::Semget { key: n(0)? as i32, count: n(1)? as i32, flags: n(2)? as i32 }
            }
            "semop" => Syscall::Semop {
                id: n(0)? as i32,
                ops: vec![abi::syscall::SemBuf {
                    num: n(1)? as u16,
                    op: n(2)? as i16,
                    flags: n(3)? as i16,
                }],
                timeout: Ptr::null(),
            },
            "semctl" => Syscall::Semctl {
                id: n(0)? as i32,
                num: n(1)? as i32,
                cmd: n(2)? as i32,
                buf: Ptr::null(),
                arg: n(3)? as i32,
            },
            "mq_open" => Syscall::MqOpen {
                name: Self::queue(arg(0)),
                flags: n(1)? as i32,
                mode: 0o600,
                max_messages: n(2)?,
                message_size: n(3)?,
            },
            "mq_send" => Syscall::MqSend {
                fd: fd(0)?,
                buf: self.data(arg(1))?,
                priority: n(2)? as u32,
                timeout: Ptr::null(),
            },
            "mq_receive" => {
                let (fd, buf) = (fd(0)?, self.room(arg(1))?);
                Syscall::MqReceive { fd, buf, priority: OutPtr::null(), timeout: Ptr::null() }
            }
            "mq_unlink" => Syscall::MqUnlink { name: Self::queue(arg(0)) },
            "futex_wait" => Syscall::FutexWait {
                key: abi::syscall::FutexKey::Private(n(0)? as u64),
                expected: n(1)? as u32,
                seen: n(2)? as u32,
                timeout: None,
            },
            "futex_wake" => Syscall::FutexWake {
                key: abi::syscall::FutexKey::Private(n(0)? as u64),
                count: n(1)? as i32,
            },
            other => return Err(format!("no call `{other}` in the language of the facts")),
        })
    }
}

/// `name(a, b)`: commas inside quotes do not separate.
fn split_call(call: &str) -> Result<(String, Vec<String>), String> {
    let (name, rest) = call.split_once('(').ok_or_else(|| format!("`{call}` is no call"))?;
    let inside = rest.strip_suffix(')').ok_or("no closing parenthesis")?;
    let mut args = vec![String::new()];
    let mut quoted = false;
    for c in inside.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                args.last_mut().expect("never empty").push(c);
            }
            ',' if !quoted => args.push(String::new()),
            _ => args.last_mut().expect("never empty").push(c),
        }
    }
    let args: Vec<String> = args.into_iter().map(|arg| arg.trim().to_owned()).collect();
    let args = if args == [""] { Vec::new() } else { args };
    Ok((name.trim().to_owned(), args))
}

fn show_addr(addr: &SockAddr) -> String {
    match addr.to_std() {
        Some(std) => std.to_string(),
        None => match addr.unix_path() {
            Some([0, rest @ ..]) => format!("unix:@{}", String::from_utf8_lossy(rest)),
            Some([]) | None => format!("unnamed {}", addr.bytes().len()),
            Some(path) => format!("unix:{}", String::from_utf8_lossy(path)),
        },
    }
}

/// `IN|OUT|HUP`, without the `RDNORM` kind that LINUX.md leaves out.
fn events(revents: i32) -> String {
    let names = [
        (consts::POLLIN, "IN"),
        (consts::POLLPRI, "PRI"),
        (consts::POLLOUT, "OUT"),
        (consts::POLLERR, "ERR"),
        (consts::POLLHUP, "HUP"),
        (consts::POLLRDHUP, "RDHUP"),
        (consts::POLLNVAL, "NVAL"),
    ];
    let set: Vec<&str> =
        names.iter().filter(|(bit, _)| revents & bit != 0).map(|(_, name)| *name).collect();
    if set.is_empty() { "0".to_owned() } else { set.join("|") }
}

/// A TCP segment as tcpdump's flags, with its payload's length: `S`, `S.`, `P.:5`.
fn segment(frame: &[u8]) -> Option<String> {
    let ip = frame.get(14..)?;
    if ip.first()? >> 4 != 4 || *ip.get(9)? != 6 {
        return None;
    }
    let header = usize::from(ip[0] & 15) * 4;
    let total = usize::from(u16::from_be_bytes([*ip.get(2)?, *ip.get(3)?]));
    let tcp = ip.get(header..total)?;
    let flags = *tcp.get(13)?;
    let payload = tcp.len() - usize::from(tcp.get(12)? >> 4) * 4;
    let mut text = String::new();
    for (bit, letter) in [(2, 'S'), (1, 'F'), (4, 'R'), (8, 'P'), (16, '.')] {
        if flags & bit != 0 {
            text.push(letter);
        }
    }
    if payload > 0 {
        text.push_str(&format!(":{payload}"));
    }
    Some(text)
}
