//! A running `soquete serve` and a page that speaks with it.

#![allow(dead_code)] // each test program uses its part

use abi::message::{FromBridge, Rule, SUBPROTOCOL, ToBridge, VERSION, frame};
use abi::{Errno, Fd, Reply, Syscall};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Message, WebSocket};

pub(crate) fn soquete() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soquete"));
    command.arg("serve").env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command
}

/// A running `soquete serve`, killed when it goes out of scope.
pub(crate) struct Serving {
    pub(crate) child: Child,
    pub(crate) addr: String,
    pub(crate) token: String,
    /// The log is read all the time: a full pipe would stop the bridge.
    log: Option<JoinHandle<String>>,
}

impl Serving {
    pub(crate) fn start(command: &mut Command) -> Serving {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut link = String::new();
        BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut link).expect("a line");
        let (addr, token) = link
            .trim()
            .strip_prefix("http://")
            .and_then(|rest| rest.split_once("/#tok="))
            .unwrap_or_else(|| panic!("not a link: {link}"));
        let (addr, token) = (addr.to_owned(), token.to_owned());
        assert_eq!(token.len(), 64);
        let mut stderr = child.stderr.take().expect("piped");
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            let _ = stderr.read_to_string(&mut log); // what is not UTF-8 is not our log
            log
        });
        Serving { child, addr, token, log: Some(log) }
    }

    pub(crate) fn request(&self, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(&self.addr).expect("it listens");
        let host = &self.addr;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n")
            .expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status().expect("kill runs");
        assert!(sent.success());
        let status = self.child.wait().expect("it ends");
        let log = self.log.take().expect("it ends once").join().expect("no panic");
        (status.code(), log)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Serving {
    /// Resident memory now, bytes.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("it runs");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a VmRSS");
        let kib = line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok());
        kib.expect("a number") * 1024
    }

    /// Open descriptors now.
    pub(crate) fn descriptors(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).expect("it runs").count()
    }

    pub(crate) fn page(&self) -> Page {
        let mut request =
            format!("ws://{}/ws", self.addr).into_client_request().expect("a good address");
        let headers = request.headers_mut();
        let value = |text: String| HeaderValue::try_from(text).expect("ASCII");
        headers.insert("origin", value(format!("http://{}", self.addr)));
        let protocols = format!("{SUBPROTOCOL}, tok.{}", self.token);
        headers.insert("sec-websocket-protocol", value(protocols));
        let stream = TcpStream::connect(&self.addr).expect("it listens");
        stream.set_nodelay(true).expect("a TCP socket");
        let (socket, _) = tokio_tungstenite::tungstenite::client(request, stream)
            .unwrap_or_else(|error| panic!("no session: {error}"));
        let mut page = Page { socket, next: 1 };
        page.say(&ToBridge::Hello { version: VERSION, binary: true });
        assert!(matches!(page.hear(), FromBridge::Hello { .. }));
        page
    }
}

/// A page.
pub(crate) struct Page {
    pub(crate) socket: WebSocket<TcpStream>,
    next: u64,
}

impl Page {
    pub(crate) fn say(&mut self, message: &ToBridge) {
        let text = serde_json::to_string(message).expect("serialises");
        self.socket.send(Message::text(text)).expect("the session lives");
    }

    pub(crate) fn hear(&mut self) -> FromBridge {
        loop {
            match self.socket.read().expect("the session lives") {
                Message::Text(text) => return serde_json::from_str(&text).expect("our protocol"),
                Message::Binary(bytes) => {
                    let (_, json) = frame::split(&bytes).expect("our frame");
                    return serde_json::from_slice(json).expect("our protocol");
                }
                _ => {}
            }
        }
    }

    pub(crate) fn start(&mut self, call: Syscall) -> u64 {
        let id = self.next;
        self.next += 1;
        self.say(&ToBridge::Call { id, call, blocking: true, info: false });
        id
    }

    pub(crate) fn call(&mut self, call: Syscall) -> Result<Reply, Rule> {
        let id = self.start(call);
        loop {
            match self.hear() {
                FromBridge::Done { id: of, reply, .. } if of == id => return Ok(reply),
                FromBridge::Denied { id: of, rule, .. } if of == id => return Err(rule),
                _ => {}
            }
        }
    }

    pub(crate) fn tcp(&mut self) -> Result<Fd, Errno> {
        let call = Syscall::Socket { domain: 2, ty: 1, protocol: 0 };
        let ret = self.call(call).expect("not refused by the bridge").ret?;
        Ok(Fd(ret as i32))
    }
}

/// Waits for something that another process brings about.
pub(crate) fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(180), "not in time: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
