//! The simulated stack on a real wire: a tap device in a network namespace, Linux on the other end.
//!
//! `ping`, `curl`, `ncat`, nginx and redis talk with programs on the simulated host (10.9.0.2),
//! also while frames are lost. The programs are small state machines here, not C: what is tried is
//! the stack. Time is the computer's. Run as root: `cargo xtask judge --tun`.

#![allow(missing_docs, unreachable_pub)]
#![allow(clippy::print_stdout)] // says what was tried
#![allow(clippy::disallowed_types, clippy::disallowed_methods)] // Linux keeps its own time

use abi::Errno;
use soquete_sim::net::{
    Frame, IfaceId, Interface, Out, Proto, RecvRequest, SendRequest, SocketId, SocketKind, Stack,
    StackConfig, Stop,
};
use soquete_sim::wire::Mac;
use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

const HERE: &str = "10.9.0.2";
const LINUX: &str = "10.9.0.1";
/// No step of a test takes longer.
const LIMIT: Duration = Duration::from_secs(30);

/// A namespace with a tap device, ended with the value.
struct Wire {
    namespace: String,
    dir: PathBuf,
    helper: Child,
    to_tap: ChildStdin,
    from_tap: Receiver<Vec<u8>>,
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {}: {said}", arguments.join(" "));
}

impl Wire {
    fn new() -> Wire {
        let namespace = format!("sqtun{}", std::process::id());
        let dir = std::env::temp_dir().join(&namespace);
        std::fs::create_dir_all(&dir).expect("a temporary directory");
        let helper = dir.join("tap");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tun.c");
        run("gcc", &["-O1", "-o", &helper.to_string_lossy(), source]);
        run("ip", &["netns", "add", &namespace]);
        let mut helper = Command::new("ip")
            .args(["netns", "exec", &namespace])
            .arg(helper)
            .arg("tap0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the helper");
        let to_tap = helper.stdin.take().expect("a pipe");
        let mut output = helper.stdout.take().expect("a pipe");
        let (sender, from_tap) = channel();
        std::thread::spawn(move || {
            let mut length = [0; 2];
            while output.read_exact(&mut length).is_ok() {
                let mut frame = vec![0; usize::from(u16::from_be_bytes(length))];
                if output.read_exact(&mut frame).is_err() || sender.send(frame).is_err() {
                    break;
                }
            }
        });
        let wire = Wire { namespace, dir, helper, to_tap, from_tap };
        let start = Instant::now();
        let up = || {
            let mut ip = Command::new("ip");
            ip.args(["-n", &wire.namespace, "address", "add", "10.9.0.1/24", "dev", "tap0"]);
            ip.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
        };
        while !up() {
            assert!(start.elapsed() < LIMIT, "no tap device: is /dev/net/tun allowed here?");
            std::thread::yield_now();
        }
        for device in ["lo", "tap0"] {
            run("ip", &["-n", &wire.namespace, "link", "set", device, "up"]);
        }
        wire
    }

    /// A program on Linux's side.
    fn linux(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.namespace, program]).args(arguments);
        command.current_dir(&self.dir).stdin(Stdio::null());
        command
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        let _ = self.helper.kill();
        let _ = self.helper.wait();
        let _ = Command::new("ip").args(["netns", "delete", &self.namespace]).status();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// A program on the simulated host: looked at again after everything that happens.
trait Program {
    /// Goes on as far as it can; `true` when it has nothing more to do.
    fn go(&mut self, host: &mut Host) -> bool;
}

/// The simulated host.
struct Host {
    stack: Stack,
    start: Instant,
    out: Out,
    wire: Wire,
    /// Every so many frames one is lost, in each direction; 0: none.
    loses: u32,
    seed: u32,
    lost: u32,
}

impl Host {
    fn new(wire: Wire, loses: u32) -> Host {
        let mut stack = Stack::new(StackConfig { seed: 3, ..StackConfig::default() });
        let ip: Ipv4Addr = HERE.parse().expect("an address");
        stack.add_interface(Interface {
            name: "eth0".to_owned(),
            mac: Mac([2, 0, 0, 0, 9, 2]),
            mtu: 1500,
            addrs: vec![(ip.into(), 24)],
            up: true,
        });
        let start = Instant::now();
        Host { stack, start, out: Out::default(), wire, loses, seed: 1, lost: 0 }
    }

    fn now_ns(&self) -> u64 {
        // Not from zero: the first moments of a host have passed.
        1_000_000_000 + self.start.elapsed().as_nanos() as u64
    }

    fn loses_this(&mut self) -> bool {
        self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let lost = self.loses > 0 && (self.seed >> 16).is_multiple_of(self.loses);
        self.lost += u32::from(lost);
        lost
    }

    fn flush(&mut self) {
        let mut out = std::mem::take(&mut self.out);
        for transmit in out.frames.drain(..) {
            if transmit.iface == IfaceId::LO || self.loses_this() {
                continue;
            }
            let mut bytes = (transmit.frame.len() as u16).to_be_bytes().to_vec();
            bytes.extend_from_slice(&transmit.frame);
            self.wire.to_tap.write_all(&bytes).expect("the helper lives");
        }
        out.clear();
        self.out = out;
    }

    /// Runs until `done` says so.
    fn until(&mut self, program: &mut dyn Program, mut done: impl FnMut(bool) -> bool) {
        let begun = Instant::now();
        loop {
            let over = program.go(self);
            self.flush();
            if done(over) {
                return;
            }
            assert!(begun.elapsed() < LIMIT, "not done after {LIMIT:?}");
            let now_ns = self.now_ns();
            let timer_ns = self.stack.poll_at().unwrap_or(u64::MAX);
            let wait = timer_ns.saturating_sub(now_ns).min(5_000_000);
            match self.wire.from_tap.recv_timeout(Duration::from_nanos(wait)) {
                Ok(frame) => {
                    if !self.loses_this() {
                        let now_ns = self.now_ns();
                        let frame = Frame::new(frame);
                        self.stack.frame_arrives(IfaceId(2), &frame, now_ns, &mut self.out);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => panic!("the helper has ended"),
            }
            let now_ns = self.now_ns();
            if self.stack.poll_at().is_some_and(|at| at <= now_ns) {
                self.stack.timers(now_ns, &mut self.out);
            }
        }
    }

    fn socket(&mut self) -> SocketId {
        self.stack.socket(SocketKind { v6: false, proto: Proto::Tcp })
    }

    fn listen(&mut self, port: u16) -> SocketId {
        let id = self.socket();
        let now_ns = self.now_ns();
        self.stack.bind(id, format!("0.0.0.0:{port}").parse().expect("an address")).expect("bind");
        self.stack.listen(id, 8, now_ns, &mut self.out).expect("listen");
        id
    }

    fn accept(&mut self, id: SocketId) -> Option<SocketId> {
        let now_ns = self.now_ns();
        self.stack.accept(id, now_ns, &mut self.out).ok().map(|accepted| accepted.id)
    }

    /// Sends what fits; returns how much.
    fn send(&mut self, id: SocketId, data: &[u8]) -> Result<usize, Errno> {
        let mut request = SendRequest { data: data.to_vec(), ..SendRequest::default() };
        let now_ns = self.now_ns();
        match self.stack.send(id, &mut request, now_ns, &mut self.out) {
            Ok(count) => Ok(count),
            Err(Stop::Wait { .. }) => Ok(request.sent),
            Err(Stop::Errno(errno)) => Err(errno),
        }
    }

    /// `None`: nothing yet; empty: the end.
    fn recv(&mut self, id: SocketId) -> Result<Option<Vec<u8>>, Errno> {
        let mut request = RecvRequest { len: 65_536, ..RecvRequest::default() };
        let now_ns = self.now_ns();
        match self.stack.recv(id, &mut request, now_ns, &mut self.out) {
            Ok(received) => Ok(Some(received.bytes)),
            Err(Stop::Wait { .. }) => Ok(None),
            Err(Stop::Errno(errno)) => Err(errno),
        }
    }

    fn close(&mut self, id: SocketId) {
        let now_ns = self.now_ns();
        let _ = self.stack.close(id, now_ns, &mut self.out);
    }
}

/// Serves connections one after another: HTTP with a body, or what came in upper case.
struct Server {
    listener: SocketId,
    http: bool,
    body: Vec<u8>,
    current: Option<(SocketId, Vec<u8>, VecDeque<u8>, bool)>,
    served: usize,
    /// Bodies that clients sent.
    got: usize,
}

impl Server {
    fn new(host: &mut Host, port: u16, http: bool, body: Vec<u8>) -> Server {
        let listener = host.listen(port);
        Server { listener, http, body, current: None, served: 0, got: 0 }
    }

    /// The answer, once the request is whole.
    fn answer(&mut self, request: &[u8], ended: bool) -> Option<Vec<u8>> {
        if !self.http {
            return ended.then(|| request.to_ascii_uppercase());
        }
        let end = request.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        if request.len() < end + length {
            return None;
        }
        self.got += length;
        let mut answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.body.len()
        )
        .into_bytes();
        answer.extend(&self.body);
        Some(answer)
    }
}

impl Program for Server {
    fn go(&mut self, host: &mut Host) -> bool {
        if self.current.is_none() {
            self.current =
                host.accept(self.listener).map(|id| (id, Vec::new(), VecDeque::new(), false));
        }
        let Some((id, mut request, mut answer, mut answers)) = self.current.take() else {
            return false;
        };
        if !answers {
            let mut ended = false;
            while let Ok(Some(bytes)) = host.recv(id) {
                ended |= bytes.is_empty();
                request.extend(&bytes);
                if bytes.is_empty() {
                    break;
                }
            }
            if let Some(bytes) = self.answer(&request, ended) {
                (answer, answers) = (bytes.into(), true);
            }
        }
        if answers {
            while !answer.is_empty() {
                let count = host.send(id, answer.make_contiguous()).unwrap_or(answer.len());
                answer.drain(..count);
                if count == 0 {
                    break;
                }
            }
            if answer.is_empty() {
                host.close(id);
                self.served += 1;
                return true;
            }
        }
        self.current = Some((id, request, answer, answers));
        false
    }
}

/// Connects, sends, and reads until the end or until it has so many bytes.
struct Client {
    id: SocketId,
    to_send: VecDeque<u8>,
    got: Vec<u8>,
    wants: usize,
}

impl Client {
    fn new(host: &mut Host, port: u16, data: &[u8], wants: usize) -> Client {
        let id = host.socket();
        let to = format!("{LINUX}:{port}").parse().expect("an address");
        let now_ns = host.now_ns();
        let _ = host.stack.connect(id, to, now_ns, &mut host.out);
        Client { id, to_send: data.iter().copied().collect(), got: Vec::new(), wants }
    }
}

impl Program for Client {
    fn go(&mut self, host: &mut Host) -> bool {
        if !self.to_send.is_empty() {
            let count = host.send(self.id, self.to_send.make_contiguous()).expect("send");
            self.to_send.drain(..count);
        }
        while let Ok(Some(bytes)) = host.recv(self.id) {
            if bytes.is_empty() {
                host.close(self.id);
                return true;
            }
            self.got.extend(bytes);
        }
        if self.got.len() >= self.wants {
            host.close(self.id);
            return true;
        }
        false
    }
}

struct Nothing;

impl Program for Nothing {
    fn go(&mut self, _host: &mut Host) -> bool {
        false
    }
}

/// Waits for a program of Linux's while the simulated one runs; its output.
fn wait(host: &mut Host, program: &mut dyn Program, command: &mut Command) -> Vec<u8> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a child");
    let mut output = child.stdout.take().expect("a pipe");
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = output.read_to_end(&mut bytes);
        bytes
    });
    host.until(program, |_| reader.is_finished());
    assert!(child.wait().is_ok_and(|status| status.success()), "{command:?}");
    reader.join().expect("the reader")
}

/// A listening program of Linux's, ended with the value.
struct Daemon(Child);

impl Daemon {
    fn new(wire: &Wire, port: u16, program: &str, arguments: &[&str]) -> Daemon {
        let mut command = wire.linux(program, arguments);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut daemon = Daemon(child.unwrap_or_else(|error| panic!("{program}: {error}")));
        let start = Instant::now();
        let listens = || {
            let ss = wire.linux("ss", &["-Hltn", &format!("sport = :{port}")]).output();
            ss.is_ok_and(|output| !output.stdout.is_empty())
        };
        while !listens() {
            assert!(start.elapsed() < LIMIT, "{program} does not listen");
            assert!(matches!(daemon.0.try_wait(), Ok(None)), "{program} has ended");
        }
        daemon
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| b'a' + (at % 251 % 26) as u8).collect()
}

#[test]
#[ignore = "needs root, /dev/net/tun, curl, ncat, nginx and redis: cargo xtask judge --tun"]
fn linux_and_the_simulated_stack_understand_each_other() {
    // Without loss, then with every fortieth and every twelfth frame lost in each direction.
    for loses in [0, 40, 12] {
        let mut host = Host::new(Wire::new(), loses);
        ping(&mut host);
        curl(&mut host);
        netcat(&mut host);
        nginx(&mut host);
        redis(&mut host);
        println!("1 of {loses} frames lost: {} frames; all understood", host.lost);
    }
}

fn ping(host: &mut Host) {
    if host.loses > 0 {
        return;
    }
    let mut ping = host.wire.linux("ping", &["-c", "3", "-i", "0.2", "-W", "5", HERE]);
    let said = wait(host, &mut Nothing, &mut ping);
    assert!(String::from_utf8_lossy(&said).contains("3 received"), "ping");
}

/// A download, and an upload.
fn curl(host: &mut Host) {
    let body = pattern(300_000);
    let mut server = Server::new(host, 80, true, body.clone());
    let url = format!("http://{HERE}/");
    let mut curl = host.wire.linux("curl", &["-s", "-m", "25", &url]);
    let got = wait(host, &mut server, &mut curl);
    assert!(got == body, "curl got {} bytes", got.len());
    let file = host.wire.dir.join("upload");
    std::fs::write(&file, pattern(400_000)).expect("a file");
    let data = format!("@{}", file.display());
    let arguments = ["-s", "-m", "25", "-H", "Expect:", "--data-binary", &data, &url];
    let mut curl = host.wire.linux("curl", &arguments);
    let got = wait(host, &mut server, &mut curl);
    assert_eq!((got.len(), server.got), (body.len(), 400_000), "curl's upload");
    host.close(server.listener);
}

fn netcat(host: &mut Host) {
    let mut server = Server::new(host, 7001, false, Vec::new());
    let text = host.wire.dir.join("text");
    std::fs::write(&text, "to the simulated host\n").expect("a file");
    let mut nc = host.wire.linux("ncat", &[HERE, "7001"]);
    nc.stdin(std::fs::File::open(&text).expect("the file"));
    assert_eq!(wait(host, &mut server, &mut nc), b"TO THE SIMULATED HOST\n");
    host.close(server.listener);
    let daemon = Daemon::new(&host.wire, 7000, "ncat", &["-l", "7000", "--exec", "/bin/cat"]);
    // ncat ends its program as soon as the other side has shut, answered or not.
    let mut client = Client::new(host, 7000, b"to linux\n", 9);
    host.until(&mut client, |over| over);
    assert_eq!(client.got, b"to linux\n");
    drop(daemon);
}

fn nginx(host: &mut Host) {
    let dir = host.wire.dir.clone();
    let body = pattern(1_000_000);
    std::fs::write(dir.join("index.html"), &body).expect("a page");
    let root = dir.display();
    let settings = format!(
        "daemon off; master_process off; pid {root}/pid; error_log {root}/errors;\n\
         events {{}}\n\
         http {{ access_log off; client_body_temp_path {root}/b; proxy_temp_path {root}/p;\n\
         fastcgi_temp_path {root}/f; uwsgi_temp_path {root}/u; scgi_temp_path {root}/s;\n\
         server {{ listen 80; root {root}; }} }}\n"
    );
    let file = dir.join("nginx.conf");
    std::fs::write(&file, settings).expect("settings");
    let daemon = Daemon::new(&host.wire, 80, "nginx", &["-c", &file.to_string_lossy()]);
    let request = b"GET /index.html HTTP/1.1\r\nHost: linux\r\nConnection: close\r\n\r\n";
    let mut client = Client::new(host, 80, request, usize::MAX);
    host.until(&mut client, |over| over);
    let start = client.got.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
    assert!(client.got[start..] == body, "nginx: {} bytes", client.got.len() - start);
    drop(daemon);
}

fn redis(host: &mut Host) {
    let arguments = ["--port", "6379", "--save", "", "--protected-mode", "no"];
    let daemon = Daemon::new(&host.wire, 6379, "redis-server", &arguments);
    let value = String::from_utf8(pattern(100_000)).expect("letters");
    let length = value.len();
    let set = format!("*3\r\n$3\r\nSET\r\n$1\r\nb\r\n${length}\r\n{value}\r\n");
    let requests = format!("PING\r\nSET a 1\r\nINCR a\r\n{set}GET b\r\n");
    let answer = format!("+PONG\r\n+OK\r\n:2\r\n+OK\r\n${length}\r\n{value}\r\n");
    let mut client = Client::new(host, 6379, requests.as_bytes(), answer.len());
    host.until(&mut client, |over| over);
    assert!(client.got == answer.as_bytes(), "redis: {} bytes", client.got.len());
    drop(daemon);
}
