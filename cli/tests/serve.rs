//! `soquete serve` as a user meets it: exit statuses, the link, the secret that is nowhere else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};

fn soquete() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soquete"));
    command.arg("serve").env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command
}

/// A running `soquete serve`, killed when it goes out of scope.
struct Serving {
    child: Child,
    addr: String,
    token: String,
}

impl Serving {
    fn start(command: &mut Command) -> Serving {
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
        Serving { child, addr, token }
    }

    fn request(&self, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(&self.addr).expect("it listens");
        let host = &self.addr;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n")
            .expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status().expect("kill runs");
        assert!(sent.success());
        let status = self.child.wait().expect("it ends");
        let mut log = String::new();
        let stderr = self.child.stderr.as_mut().expect("piped");
        stderr.read_to_string(&mut log).expect("UTF-8");
        (status.code(), log)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn refused(args: &[&str]) -> String {
    let Output { status, stdout, stderr } = soquete().args(args).output().expect("it runs");
    let error = String::from_utf8_lossy(&stderr).into_owned();
    assert_eq!(status.code(), Some(2), "{args:?}: {error}");
    assert!(stdout.is_empty());
    error
}

#[test]
fn no_spelling_of_the_wildcard_is_listened_on() {
    for host in [
        "0",
        "0x0",
        "0.0.0.0",
        "00.0.0.0",
        "0x0.0.0.0",
        "[::]",
        "[::0]",
        "::",
        "０",
        "",
        "*",
        "[0:0:0:0:0:0:0:0]",
        "[::ffff:0.0.0.0]",
        "[::0.0.0.0]",
        "０.０.０.０",
        "localhost",
        "192.0.2.1",
    ] {
        for port in ["0", "8080"] {
            let error = refused(&["--listen", &format!("{host}:{port}")]);
            assert!(error.contains("--listen"), "{error}");
        }
    }
    for listen in ["0", "8080", "", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:0:0"] {
        refused(&["--listen", listen]);
    }
    refused(&["--listen", "0.0.0.0:0", "--class"]);
}

#[test]
fn bad_usage_is_status_2_and_says_what_is_wrong() {
    assert!(refused(&["--class"]).contains("--policy"));
    assert!(refused(&["--page", "/nowhere"]).contains("/nowhere"));
    assert!(refused(&["--log", "loud"]).contains("loud"));
    assert!(refused(&["--public", "lab.example"]).contains("https://"));
    assert!(refused(&["--token-file", "/dev/null"]).contains("--token-file"));
    assert!(refused(&["--max-sockets", "many"]).contains("max-sockets"));
    assert!(refused(&["--unknown"]).contains("--unknown"));
}

#[test]
fn an_address_in_use_is_status_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let addr = taken.local_addr().expect("bound").to_string();
    let Output { status, stderr, .. } = soquete().args(["--listen", &addr]).output().expect("runs");
    let error = String::from_utf8_lossy(&stderr);
    assert_eq!(status.code(), Some(1), "{error}");
    assert!(error.contains(&addr), "{error}");
}

#[test]
fn sigint_and_sigterm_end_it_in_order() {
    for signal in ["-INT", "-TERM"] {
        let serving = Serving::start(&mut soquete());
        assert!(serving.request("/healthz", "").contains("200 OK"));
        let (status, log) = serving.end(signal);
        assert_eq!(status, Some(0), "{log}");
    }
}

/// Attack 4: the secret is in the link on stdout and nowhere else.
#[test]
fn the_token_is_in_no_log_no_command_line_and_no_answer() {
    let serving = Serving::start(soquete().args(["--log", "trace"]));
    let protocols = format!("Sec-WebSocket-Protocol: soquete.v1, tok.{}\r\n", serving.token);
    let wrong_origin = format!("Origin: http://evil.example\r\n{protocols}");
    let upgrade = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let bearer = format!("Authorization: Bearer {}\r\n", serving.token);
    let mut answers = vec![
        serving.request("/", ""),
        serving.request("/ws", &wrong_origin),
        serving.request("/metrics", &bearer),
        serving.request(&format!("/?tok={}", serving.token), ""),
        serving.request("/healthz", ""),
    ];
    // A session that is really opened: its 101 names the protocol, not the token.
    let mut stream = TcpStream::connect(&serving.addr).expect("it listens");
    let addr = &serving.addr;
    write!(
        stream,
        "GET /ws HTTP/1.1\r\nHost: {addr}\r\nOrigin: http://{addr}\r\nConnection: Upgrade\r\n\
         {upgrade}{protocols}\r\n"
    )
    .expect("it reads");
    let mut head = [0; 1024];
    let n = stream.read(&mut head).expect("it answers");
    let head = String::from_utf8_lossy(&head[..n]).into_owned();
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    answers.push(head);
    for answer in &answers {
        assert!(!answer.contains(&serving.token), "{answer}");
    }
    for process in std::fs::read_dir("/proc").expect("/proc").flatten() {
        let Ok(line) = std::fs::read(process.path().join("cmdline")) else { continue };
        let line = String::from_utf8_lossy(&line).into_owned();
        assert!(!line.contains(&serving.token), "{}: {line}", process.path().display());
    }
    let token = serving.token.clone();
    let (status, log) = serving.end("-TERM");
    assert_eq!(status, Some(0), "{log}");
    assert!(log.contains("session began"), "{log}");
    assert!(!log.contains(&token), "{log}");
}
