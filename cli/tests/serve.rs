//! `soquete serve` as a user meets it: exit statuses, the link, the secret that is nowhere else.

mod lab;

use lab::{Serving, soquete};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Output;

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

/// The language is that of `--lang`, or the environment's; a typing error has its nearest name.
#[test]
fn bad_usage_is_said_in_the_language_of_whoever_asked() {
    let path = std::env::temp_dir().join(format!("soquete-policy-{}.toml", std::process::id()));
    std::fs::write(&path, "[[alow]]\nnet = '10.0.0.0/8'\nports = [80]\n").expect("writable");
    let policy = path.to_string_lossy().into_owned();
    let class = ["--class", "--policy", &policy];
    assert!(refused(&class).contains("did you mean `allow`?"));
    assert!(refused(&[&class[..], &["--lang", "pt-BR"]].concat()).contains("seria `allow`?"));
    std::fs::remove_file(&path).expect("it was there");
    for (args, text) in [
        (&["--class"][..], "--class exige --policy ARQUIVO"),
        (&["--log", "loud"], "--log loud: não é error, warn, info, debug ou trace"),
        (&["--max-sokets", "7"], "argumento desconhecido: `--max-sokets`; seria `--max-sockets`?"),
        (&["--max-sockets", "many"], "`many` não serve para --max-sockets"),
    ] {
        let Output { stderr, .. } =
            soquete().args(args).env("LC_ALL", "pt_BR.UTF-8").output().expect("it runs");
        let said = String::from_utf8_lossy(&stderr);
        assert!(said.contains(text), "{said}");
    }
    assert!(refused(&["--lang", "fr"]).contains("--lang fr: not pt-BR or en"));
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

/// Whatever a client says, the log has one line for each event, and nothing that a terminal obeys.
#[test]
fn no_client_writes_lines_or_control_characters_into_the_log() {
    let serving = Serving::start(soquete().args(["--log", "trace"]));
    let addr = &serving.addr;
    let speak = |request: &[u8]| {
        let mut stream = TcpStream::connect(addr).expect("it listens");
        stream.set_read_timeout(Some(std::time::Duration::from_secs(5))).expect("a time");
        stream.write_all(request).expect("it reads");
        let mut answer = [0; 4096];
        let _ = stream.read(&mut answer);
        stream
    };
    for request in [
        &b"GET /MARK\x1b[31m\nMARK HTTP/1.1\r\n\r\n"[..],
        b"GET /MARK%0aMARK%1b[2J HTTP/1.1\r\nHost: MARK.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: MARK\x1b]0;MARK\x07\r\n\r\n",
        b"\x1b[2JMARK\n\n",
    ] {
        speak(request);
    }
    let session = format!(
        "GET /ws HTTP/1.1\r\nHost: {addr}\r\nOrigin: http://{addr}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nUser-Agent: MARK\t\u{202e}MARK\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: soquete.v1, tok.{}\r\n\r\n",
        serving.token
    );
    // An unusable first message, and a close frame with a reason; the mask is zero.
    for (opcode, text) in [(0x81, &b"\x1b[31m\nMARK"[..]), (0x88, b"\x03\xe8\x1b[31m\nMARK")] {
        let mut stream = speak(session.as_bytes());
        let head = [opcode, 0x80 | text.len() as u8, 0, 0, 0, 0];
        stream.write_all(&[&head, text].concat()).expect("it reads");
        let _ = stream.read(&mut [0; 4096]);
    }
    let (status, log) = serving.end("-TERM");
    assert_eq!(status, Some(0), "{log}");
    assert!(log.contains("request refused") && log.contains("session ended"), "{log}");
    for line in log.lines() {
        assert!(line.starts_with("20") && !line.contains("MARK"), "{line:?}");
        assert!(!line.contains(|c: char| c.is_control()), "{line:?}");
    }
}
