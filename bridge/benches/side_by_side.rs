//! Direct TCP, this bridge and two WebSocket proxies side by side, in one run, on loopback.
//!
//! ```sh
//! cargo install websocat --version 1.14.1        # or WEBSOCAT=path
//! pip install websockify                         # or WEBSOCKIFY=path
//! cargo bench --profile native -p soquete-bridge --bench side_by_side
//! ```
//!
//! Rounds are interleaved and the median is shown, because other programs of the machine disturb
//! them. A proxy that is not installed is left out by name. The bridge is asked as the page asks
//! it: one message a call, 64 receives or sends ahead in groups of 16, payload in binary frames of 64 KiB.

#![allow(clippy::print_stdout)] // a program that prints its table

use abi::message::{ToBridge, VERSION};
use abi::syscall::{OutPtr, Ptr};
use abi::{AddrIn, AddrOut, Bytes, Fd, InBuf, OutBuf, SockAddr, Syscall};
use soquete_bridge::limits::Limits;
use soquete_bridge::page::Page;
use soquete_bridge::{Options, Server, Token};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Message, WebSocket};

const BLOCK: usize = 64 * 1024;
const ROUNDS: usize = 5;
/// Bytes of one throughput measurement.
const BYTES: usize = 256 << 20;
/// Idle connections whose memory is measured.
const IDLE: usize = 10_000;
const TRIPS: usize = 5000;
const CONVERSATIONS: usize = 500;
/// Calls that the page has sent and that are not answered; it sends them in groups.
const AHEAD: usize = 64;
const GROUP: usize = 16;

fn main() {
    if std::env::args().any(|arg| arg == "--serve") {
        return serve();
    }
    let targets = Targets::start();
    let mut ways: Vec<Box<dyn Way>> = vec![Box::new(Direct)];
    ways.push(Box::new(Bridge::start()));
    for (variable, program) in [("WEBSOCAT", "websocat"), ("WEBSOCKIFY", "websockify")] {
        let path = std::env::var(variable).unwrap_or(program.to_owned());
        let there = Command::new(&path).arg("--help").output().is_ok();
        match there {
            true => ways.push(Box::new(Proxy { path, program })),
            false => println!("{program} is not installed: left out"),
        }
    }
    type Measure = fn(&dyn Way, &Targets) -> f64;
    let measures: [(&str, Measure); 8] = [
        ("down, GiB/s", |way, targets| way.down(targets.flood).0),
        ("down, CPU ms a GiB", |way, targets| way.down(targets.flood).1),
        ("down, receives of 256 KiB, GiB/s", |way, targets| way.down_wide(targets.flood)),
        ("up, GiB/s", |way, targets| way.up(targets.sink).0),
        ("up, CPU ms a GiB", |way, targets| way.up(targets.sink).1),
        ("64 B round trip p50, µs", |way, targets| way.trips(targets.echo).0),
        ("64 B round trip p99, µs", |way, targets| way.trips(targets.echo).1),
        ("conversations/s", |way, targets| way.conversations(targets.echo)),
    ];
    print!("| |");
    ways.iter().for_each(|way| print!(" {} |", way.name()));
    println!("\n|---|{}", "---|".repeat(ways.len()));
    for (name, measure) in measures {
        let mut seen = vec![Vec::new(); ways.len()];
        for _ in 0..ROUNDS {
            for (way, seen) in ways.iter().zip(&mut seen) {
                seen.push(measure(way.as_ref(), &targets));
            }
        }
        print!("| {name} |");
        for seen in &mut seen {
            seen.sort_by(f64::total_cmp);
            let (low, mid, high) = (seen[0], seen[ROUNDS / 2], seen[ROUNDS - 1]);
            print!(" {mid:.2} ({low:.2}–{high:.2}) |");
        }
        println!();
    }
    print!("| resident KiB an idle connection |");
    ways.iter().for_each(|way| match way.memory(targets.idle) {
        Some(kib) => print!(" {kib:.1} |"),
        None => print!(" – |"),
    });
    println!();
}

/// One way to reach a TCP server.
trait Way {
    fn name(&self) -> String;
    /// GiB/s, and CPU ms a GiB of the process between (0 where there is none or it has children).
    fn down(&self, at: SocketAddr) -> (f64, f64);
    /// GiB/s where whoever receives asks for 256 KiB at once; a proxy is not asked.
    fn down_wide(&self, _: SocketAddr) -> f64 {
        f64::NAN
    }
    fn up(&self, at: SocketAddr) -> (f64, f64);
    fn trips(&self, at: SocketAddr) -> (f64, f64);
    fn conversations(&self, at: SocketAddr) -> f64;
    fn memory(&self, at: SocketAddr) -> Option<f64>;
}

/// Servers that send for ever, swallow everything and then answer, echo, and do nothing.
struct Targets {
    idle: SocketAddr,
    flood: SocketAddr,
    sink: SocketAddr,
    echo: SocketAddr,
}

impl Targets {
    fn start() -> Targets {
        let flood = listen(|mut stream| {
            let block = vec![b'x'; BLOCK];
            while stream.write_all(&block).is_ok() {}
        });
        let sink = listen(|mut stream| {
            let mut block = vec![0; BLOCK];
            let mut all = 0;
            while all < BYTES {
                match stream.read(&mut block) {
                    Ok(n) if n > 0 => all += n,
                    _ => return,
                }
            }
            let _ = stream.write_all(b"!");
        });
        let echo = listen(|mut stream| {
            let mut block = vec![0; BLOCK];
            while let Ok(n) = stream.read(&mut block) {
                if n == 0 || stream.write_all(&block[..n]).is_err() {
                    return;
                }
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let idle = listener.local_addr().expect("bound");
        std::thread::spawn(move || {
            let held: Vec<_> = listener.incoming().collect();
            drop(held);
        });
        Targets { idle, flood, sink, echo }
    }
}

fn listen(serve: fn(TcpStream)) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let at = listener.local_addr().expect("bound");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = stream.set_nodelay(true);
            let small = std::thread::Builder::new().stack_size(128 * 1024);
            let _ = small.spawn(move || serve(stream));
        }
    });
    at
}

/// GiB/s and CPU ms a GiB.
fn speed(bytes: usize, began: Instant, cpu: &Cpu) -> (f64, f64) {
    let gib = bytes as f64 / (1 << 30) as f64;
    (gib / began.elapsed().as_secs_f64(), cpu.used_ms() / gib)
}

/// CPU time of a process since a moment: what other programs of the machine disturb least.
struct Cpu(u32, f64);

impl Cpu {
    fn of(pid: u32) -> Cpu {
        let zero = Cpu(pid, 0.0);
        Cpu(pid, zero.used_ms())
    }

    fn used_ms(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0)).unwrap_or_default();
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let ticks = fields.split_whitespace().skip(11).take(2);
        // Linux counts 100 ticks a second, whatever the machine.
        ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10.0 - self.1
    }
}

/// p50 and p99 in µs.
fn percentiles(mut trip: impl FnMut()) -> (f64, f64) {
    (0..TRIPS / 10).for_each(|_| trip());
    let mut times: Vec<f64> = (0..TRIPS)
        .map(|_| {
            let began = Instant::now();
            trip();
            began.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[TRIPS / 2], times[TRIPS * 99 / 100])
}

fn per_second(mut conversation: impl FnMut()) -> f64 {
    let began = Instant::now();
    (0..CONVERSATIONS).for_each(|_| conversation());
    CONVERSATIONS as f64 / began.elapsed().as_secs_f64()
}

fn resident_kib(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a VmRSS");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}

struct Direct;

fn direct(at: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(at).expect("it listens");
    stream.set_nodelay(true).expect("a TCP socket");
    stream
}

impl Way for Direct {
    fn name(&self) -> String {
        "direct TCP".to_owned()
    }

    fn down(&self, at: SocketAddr) -> (f64, f64) {
        let mut stream = direct(at);
        let mut block = vec![0; BLOCK];
        let began = Instant::now();
        let mut all = 0;
        while all < BYTES {
            all += stream.read(&mut block).expect("it floods");
        }
        speed(all, began, &Cpu::of(0))
    }

    fn up(&self, at: SocketAddr) -> (f64, f64) {
        let mut stream = direct(at);
        let block = vec![0; BLOCK];
        let began = Instant::now();
        for _ in 0..BYTES / BLOCK {
            stream.write_all(&block).expect("it reads");
        }
        stream.read_exact(&mut [0]).expect("it has all");
        speed(BYTES, began, &Cpu::of(0))
    }

    fn trips(&self, at: SocketAddr) -> (f64, f64) {
        let mut stream = direct(at);
        let mut block = [7; 64];
        percentiles(|| {
            stream.write_all(&block).expect("it reads");
            stream.read_exact(&mut block).expect("it echoes");
        })
    }

    fn conversations(&self, at: SocketAddr) -> f64 {
        per_second(|| {
            let mut stream = direct(at);
            stream.write_all(&[7; 64]).expect("it reads");
            stream.read_exact(&mut [0; 64]).expect("it echoes");
        })
    }

    fn memory(&self, _: SocketAddr) -> Option<f64> {
        None
    }
}

/// This bridge in a process of its own: this program, started again.
struct Bridge {
    child: Child,
    at: SocketAddr,
    token: String,
}

fn serve() {
    let limits = Limits { sessions: 1000, targets_per_minute: usize::MAX, ..Limits::local() };
    let token = Token::random();
    let secret = token.reveal().to_owned();
    let options = Options { limits, token, ..Options::local(Page::missing()) };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        println!("{} {secret}", listener.local_addr().expect("bound"));
        Server::new(options).listen(listener).await.expect("serves");
    });
}

impl Drop for Bridge {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Bridge {
    /// Receives of so many bytes, [`AHEAD`] of 64 KiB at once.
    fn receive(&self, at: SocketAddr, room: usize) -> (f64, f64) {
        let mut session = self.session();
        let fd = session.connected(at);
        let cpu = Cpu::of(self.child.id());
        let (ahead, group) = (AHEAD * BLOCK / room, GROUP * BLOCK / room);
        let began = Instant::now();
        (0..ahead).for_each(|_| session.recv(fd, room as u64));
        session.flush();
        let mut all = 0;
        while all < BYTES {
            (0..group).for_each(|_| all += session.hear().0);
            (0..group).for_each(|_| session.recv(fd, room as u64));
            session.flush();
        }
        speed(all, began, &cpu)
    }

    fn start() -> Bridge {
        let this = std::env::current_exe().expect("our own path");
        let mut child = Command::new(this)
            .arg("--serve")
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program starts again");
        let mut line = String::new();
        let stdout = child.stdout.as_mut().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let (at, token) = line.trim().split_once(' ').expect("address and token");
        let (at, token) = (at.parse().expect("an address"), token.to_owned());
        Bridge { child, at, token }
    }

    fn session(&self) -> Session {
        let mut request = format!("ws://{}/ws", self.at).into_client_request().expect("good");
        let value = |text: String| HeaderValue::try_from(text).expect("ASCII");
        let headers = request.headers_mut();
        headers.insert("origin", value(format!("http://{}", self.at)));
        let protocols = format!("soquete.v1, tok.{}", self.token);
        headers.insert("sec-websocket-protocol", value(protocols));
        let (socket, _) = tokio_tungstenite::tungstenite::client(request, direct(self.at))
            .unwrap_or_else(|error| panic!("no session: {error}"));
        let mut session = Session { socket, next: 0 };
        session.write(&ToBridge::Hello { version: VERSION, binary: true });
        session.flush();
        session.hear();
        session
    }
}

struct Session {
    socket: WebSocket<TcpStream>,
    next: u64,
}

impl Session {
    fn write(&mut self, message: &ToBridge) {
        let text = serde_json::to_string(message).expect("serialises");
        self.socket.write(Message::text(text)).expect("the session lives");
    }

    fn call(&mut self, call: Syscall) {
        self.next += 1;
        self.write(&ToBridge::Call { id: self.next, call, blocking: true, info: false });
    }

    fn flush(&mut self) {
        self.socket.flush().expect("the session lives");
    }

    /// The next message, and how many bytes of payload it has.
    fn hear(&mut self) -> (usize, Vec<u8>) {
        loop {
            match self.socket.read().expect("the session lives") {
                Message::Text(text) if text.contains("\"type\":\"blocked\"") => {}
                Message::Text(text) => return (0, text.as_bytes().to_vec()),
                Message::Binary(frame) => {
                    let (rest, json) = frame.split_last_chunk::<4>().expect("our frame");
                    return (rest.len() - u32::from_le_bytes(*json) as usize, Vec::new());
                }
                _ => {}
            }
        }
    }

    fn answer(&mut self, call: Syscall) -> i64 {
        self.call(call);
        self.flush();
        let (_, text) = self.hear();
        let text = String::from_utf8_lossy(&text).into_owned();
        let (_, rest) = text.split_once("{\"Ok\":").unwrap_or_else(|| panic!("{text}"));
        let end = rest.find('}').expect("an object");
        rest[..end].parse().expect("a number")
    }

    fn connected(&mut self, at: SocketAddr) -> Fd {
        let fd = Fd(self.answer(Syscall::Socket { domain: 2, ty: 1, protocol: 0 }) as i32);
        let addr = AddrIn::of(SockAddr::from_std(at));
        self.answer(Syscall::Connect { fd, addr });
        let value = Ptr::to(Bytes(vec![1, 0, 0, 0]));
        self.answer(Syscall::Setsockopt { fd, level: 6, name: 1, value, len: 4 });
        fd
    }

    /// A send whose payload travels in a binary frame.
    fn send(&mut self, fd: Fd, payload: &[u8]) {
        self.next += 1;
        let buf = InBuf { at: 1, len: payload.len() as u64, bytes: None };
        let call = Syscall::Sendto { fd, buf, flags: 0, addr: AddrIn::null() };
        let call = ToBridge::Call { id: self.next, call, blocking: true, info: false };
        let json = serde_json::to_string(&call).expect("serialises");
        let mut frame = Vec::with_capacity(payload.len() + json.len() + 4);
        frame.extend_from_slice(payload);
        let frame = abi::message::frame::join(frame, &json);
        self.socket.write(Message::binary(frame)).expect("the session lives");
    }

    fn recv(&mut self, fd: Fd, len: u64) {
        let addr = AddrOut { addr: OutPtr::null(), len: Ptr::null() };
        self.call(Syscall::Recvfrom { fd, buf: OutBuf::of(len), flags: 0, addr });
    }
}

impl Way for Bridge {
    fn name(&self) -> String {
        "this bridge".to_owned()
    }

    fn down(&self, at: SocketAddr) -> (f64, f64) {
        self.receive(at, BLOCK)
    }

    fn down_wide(&self, at: SocketAddr) -> f64 {
        self.receive(at, 4 * BLOCK).0
    }

    fn up(&self, at: SocketAddr) -> (f64, f64) {
        let mut session = self.session();
        let fd = session.connected(at);
        let block = vec![0; BLOCK];
        let cpu = Cpu::of(self.child.id());
        let began = Instant::now();
        for i in 0..BYTES / BLOCK {
            session.send(fd, &block);
            if i % GROUP == GROUP - 1 {
                session.flush();
                if i >= AHEAD {
                    (0..GROUP).for_each(|_| drop(session.hear()));
                }
            }
        }
        session.recv(fd, 1);
        session.flush();
        while session.hear().0 == 0 {}
        speed(BYTES, began, &cpu)
    }

    fn trips(&self, at: SocketAddr) -> (f64, f64) {
        let mut session = self.session();
        let fd = session.connected(at);
        percentiles(|| {
            session.send(fd, &[7; 64]);
            session.recv(fd, 64);
            session.flush();
            while session.hear().0 == 0 {}
        })
    }

    /// A new socket for each conversation, in one session, as a page has it.
    fn conversations(&self, at: SocketAddr) -> f64 {
        let mut session = self.session();
        per_second(|| {
            let fd = Fd(session.answer(Syscall::Socket { domain: 2, ty: 1, protocol: 0 }) as i32);
            session.call(Syscall::Connect { fd, addr: AddrIn::of(SockAddr::from_std(at)) });
            session.flush();
            session.hear();
            session.send(fd, &[7; 64]);
            session.recv(fd, 64);
            session.flush();
            while session.hear().0 == 0 {}
            session.answer(Syscall::Close { fd });
        })
    }

    fn memory(&self, at: SocketAddr) -> Option<f64> {
        let before = resident_kib(self.child.id());
        let mut sessions = Vec::new();
        for _ in 0..IDLE / 64 {
            let mut session = self.session();
            (0..64).for_each(|_| {
                session.connected(at);
            });
            sessions.push(session);
        }
        Some((resident_kib(self.child.id()) - before) / (IDLE / 64 * 64) as f64)
    }
}

/// A WebSocket proxy, started for each target.
struct Proxy {
    path: String,
    program: &'static str,
}

struct Running {
    child: Child,
    at: SocketAddr,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Proxy {
    fn start(&self, target: SocketAddr) -> Running {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let at = free.local_addr().expect("bound");
        drop(free);
        let mut command = Command::new(&self.path);
        match self.program {
            "websocat" => command.args([
                "--binary",
                "--buffer-size=65536",
                &format!("ws-l:{at}"),
                &format!("tcp:{target}"),
            ]),
            _ => command.args([at.to_string(), target.to_string()]),
        };
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the proxy starts");
        while TcpStream::connect(at).is_err() {
            std::thread::sleep(Duration::from_millis(5));
        }
        Running { child, at }
    }

    fn connect(&self, running: &Running) -> WebSocket<TcpStream> {
        let mut request = format!("ws://{}/", running.at).into_client_request().expect("good");
        let binary = HeaderValue::from_static("binary");
        if self.program == "websockify" {
            request.headers_mut().insert("sec-websocket-protocol", binary);
        }
        let (socket, _) = tokio_tungstenite::tungstenite::client(request, direct(running.at))
            .unwrap_or_else(|error| panic!("{}: {error}", self.program));
        socket
    }
}

fn hear(socket: &mut WebSocket<TcpStream>) -> usize {
    loop {
        match socket.read().expect("the proxy lives") {
            Message::Binary(bytes) => return bytes.len(),
            Message::Text(text) => return text.len(),
            _ => {}
        }
    }
}

impl Way for Proxy {
    fn name(&self) -> String {
        let mut command = Command::new(&self.path);
        let said = command.arg("--version").output().map(|output| output.stdout);
        let said = String::from_utf8(said.unwrap_or_default()).unwrap_or_default();
        if said.trim().is_empty() { self.program.to_owned() } else { said.trim().to_owned() }
    }

    fn down(&self, at: SocketAddr) -> (f64, f64) {
        let running = self.start(at);
        let mut socket = self.connect(&running);
        let pid = if self.program == "websocat" { running.child.id() } else { 0 };
        let cpu = Cpu::of(pid);
        let began = Instant::now();
        let mut all = 0;
        while all < BYTES {
            all += hear(&mut socket);
        }
        speed(all, began, &cpu)
    }

    fn up(&self, at: SocketAddr) -> (f64, f64) {
        let running = self.start(at);
        let mut socket = self.connect(&running);
        let block = vec![0; BLOCK];
        let pid = if self.program == "websocat" { running.child.id() } else { 0 };
        let cpu = Cpu::of(pid);
        let began = Instant::now();
        for _ in 0..BYTES / BLOCK {
            socket.send(Message::binary(block.clone())).expect("the proxy reads");
        }
        hear(&mut socket);
        speed(BYTES, began, &cpu)
    }

    fn trips(&self, at: SocketAddr) -> (f64, f64) {
        let running = self.start(at);
        let mut socket = self.connect(&running);
        percentiles(|| {
            socket.send(Message::binary(vec![7; 64])).expect("the proxy reads");
            hear(&mut socket);
        })
    }

    fn conversations(&self, at: SocketAddr) -> f64 {
        let running = self.start(at);
        per_second(|| {
            let mut socket = self.connect(&running);
            socket.send(Message::binary(vec![7; 64])).expect("the proxy reads");
            hear(&mut socket);
        })
    }

    fn memory(&self, at: SocketAddr) -> Option<f64> {
        if self.program != "websocat" {
            return None; // a process for each connection: not comparable by one process's number
        }
        let running = self.start(at);
        let first = self.connect(&running);
        let before = resident_kib(running.child.id());
        // Both ends of a target's connection and one of the proxy's are this process's; half of the
        // sockets that the bridge has fit into the usual limit of descriptors.
        let count = IDLE / 2;
        let sockets: Vec<_> = (0..count).map(|_| self.connect(&running)).collect();
        let after = resident_kib(running.child.id());
        drop((first, sockets));
        Some((after - before) / count as f64)
    }
}
