//! Real clients and servers that nobody here wrote, on loopback, started and ended here.
//!
//! A missing program fails its test by name: `cargo xtask test` installs them.

use crate::lab::{Bridge, Caller, Client, PATIENCE, accept, bridge, to};
use abi::consts::*;
use abi::{Errno, Fd, InBuf, Syscall};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

/// A process that ends when it goes out of scope.
pub(crate) struct Server(pub(crate) Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn start(command: &mut Command) -> Server {
    let program = command.get_program().to_string_lossy().into_owned();
    let path = std::env::var("PATH").unwrap_or_default();
    // Debian keeps servers in sbin, which is not on every user's PATH.
    command.env("PATH", format!("{path}:/usr/sbin:/sbin")).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.spawn().unwrap_or_else(|error| {
        panic!("{program} does not start ({error}); `cargo xtask test` installs what is missing")
    });
    Server(child)
}

/// A port that was free a moment ago. Servers that cannot take port 0 themselves need one.
pub(crate) fn free_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("bound")
}

/// Connects through the bridge as soon as the server listens.
pub(crate) async fn connected(page: &mut Client, at: SocketAddr) -> Fd {
    let began = Instant::now();
    loop {
        let fd = page.tcp().await;
        match page.connect(fd, at).await {
            Ok(_) => return fd,
            Err(Errno::ECONNREFUSED) if began.elapsed() < PATIENCE => page.close(fd).await,
            Err(errno) => panic!("{at}: {errno}"),
        }
    }
}

async fn page() -> (Bridge, Client) {
    let bridge = bridge().await;
    let client = bridge.client().await;
    (bridge, client)
}

fn write(dir: &Path, name: &str, text: &str) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, text).expect("a temporary file");
    path
}

#[tokio::test]
async fn nginx_serves_a_page() {
    let dir = tempfile::tempdir().expect("a directory");
    write(dir.path(), "index.html", "ola do nginx");
    let at = free_port();
    let root = dir.path().display();
    let config = write(
        dir.path(),
        "nginx.conf",
        &format!(
            "daemon off; pid {root}/pid; error_log {root}/error.log; events {{}}\n\
             http {{ access_log off; client_body_temp_path {root}; proxy_temp_path {root};\n\
             fastcgi_temp_path {root}; uwsgi_temp_path {root}; scgi_temp_path {root};\n\
             server {{ listen {at}; root {root}; }} }}\n"
        ),
    );
    let mut command = Command::new("nginx");
    command.arg("-p").arg(dir.path()).arg("-c").arg(config).arg("-e").arg("stderr");
    // Its workers must be able to read the directory if it is started as root.
    std::fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("our directory");
    let _nginx = start(&mut command);
    let (_bridge, mut page) = page().await;
    let fd = connected(&mut page, at).await;
    page.send(fd, b"GET / HTTP/1.0\r\n\r\n").await.expect("sends");
    let answer = String::from_utf8(page.recv_all(fd).await).expect("text");
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("ola do nginx"), "{answer}");
}

#[tokio::test]
async fn redis_answers_its_text_protocol() {
    let dir = tempfile::tempdir().expect("a directory");
    let at = free_port();
    let mut command = Command::new("redis-server");
    command.args(["--port", &at.port().to_string(), "--bind", "127.0.0.1", "--save", ""]);
    command.arg("--dir").arg(dir.path());
    let _redis = start(&mut command);
    let (_bridge, mut page) = page().await;
    let fd = connected(&mut page, at).await;
    for (command, answer) in [
        ("PING\r\n", "+PONG\r\n"),
        ("SET lugar sala-3\r\n", "+OK\r\n"),
        ("GET lugar\r\n", "$6\r\nsala-3\r\n"),
    ] {
        page.send(fd, command.as_bytes()).await.expect("sends");
        let mut got = Vec::new();
        while got.len() < answer.len() {
            let more = page.recv(fd, 100).await.expect("an answer");
            assert!(!more.is_empty(), "closed after {got:?}");
            got.extend(more);
        }
        assert_eq!(String::from_utf8_lossy(&got), answer);
    }
}

#[tokio::test]
async fn dnsmasq_answers_a_datagram() {
    let at = free_port();
    let mut command = Command::new("dnsmasq");
    command.args(["--no-daemon", "--no-resolv", "--no-hosts", "--conf-file=/dev/null"]);
    command.args(["--bind-interfaces", "--listen-address=127.0.0.1", "--pid-file="]);
    command.arg(format!("--port={}", at.port()));
    command.args(["--address=/sala.test/203.0.113.7", "--user=", "--group="]);
    let _dnsmasq = start(&mut command);
    let (_bridge, mut page) = page().await;
    let fd = page.socket(AF_INET, SOCK_DGRAM).await;
    // A question for the A record of sala.test (RFC 1035 §4.1).
    let mut question = vec![0xbe, 0xef, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    question.extend(b"\x04sala\x04test\0\0\x01\0\x01");
    page.connect(fd, at).await.expect("a datagram socket connects at once");
    let began = Instant::now();
    let answer = loop {
        // Until it listens, the kernel says so: ICMP port unreachable.
        let sent = page.send(fd, &question).await;
        match if sent.is_ok() { page.recv(fd, 512).await } else { Err(Errno::ECONNREFUSED) } {
            Ok(answer) => break answer,
            Err(Errno::ECONNREFUSED) if began.elapsed() < PATIENCE => {}
            Err(errno) => panic!("{errno}"),
        }
    };
    assert_eq!(answer[..2], [0xbe, 0xef]);
    assert_eq!(answer[answer.len() - 4..], [203, 0, 113, 7]);
}

#[tokio::test]
async fn sshd_says_who_it_is() {
    let dir = tempfile::tempdir().expect("a directory");
    let key = dir.path().join("key");
    let mut keygen = Command::new("ssh-keygen");
    keygen.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key);
    let made = keygen.status().expect("ssh-keygen is installed (package openssh-client)");
    assert!(made.success());
    let at = free_port();
    let mut command = Command::new("/usr/sbin/sshd");
    command.args(["-D", "-f", "/dev/null", "-o", &format!("ListenAddress={at}"), "-h"]).arg(&key);
    command.args(["-o", "PidFile=none", "-o", "UsePAM=no"]);
    // Where it is not a service, nobody has made the directory that it insists on.
    let _ = std::fs::create_dir_all("/run/sshd");
    let _sshd = start(&mut command);
    let (_bridge, mut page) = page().await;
    let fd = connected(&mut page, at).await;
    let banner = page.recv(fd, 255).await.expect("a banner");
    assert!(banner.starts_with(b"SSH-2.0-OpenSSH"), "{}", banner.escape_ascii());
}

#[tokio::test]
async fn ncat_echoes_tcp_and_udp() {
    let (_bridge, mut page) = page().await;
    let at = free_port();
    let mut command = Command::new("ncat");
    command.args(["-l", "-k", "-e", "/bin/cat", "127.0.0.1", &at.port().to_string()]);
    let _tcp = start(&mut command);
    let fd = connected(&mut page, at).await;
    page.send(fd, b"eco").await.expect("sends");
    assert_eq!(page.recv(fd, 9).await, Ok(b"eco".to_vec()));

    let reserved = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let at = reserved.local_addr().expect("bound");
    drop(reserved);
    let mut command = Command::new("ncat");
    command.args(["-l", "-u", "-e", "/bin/cat", "127.0.0.1", &at.port().to_string()]);
    let _udp = start(&mut command);
    let fd = page.socket(AF_INET, SOCK_DGRAM).await;
    let began = Instant::now();
    page.connect(fd, at).await.expect("connects");
    loop {
        let sent = page.send(fd, b"eco").await;
        match if sent.is_ok() { page.recv(fd, 9).await } else { Err(Errno::ECONNREFUSED) } {
            Ok(echo) => break assert_eq!(echo, b"eco"),
            Err(Errno::ECONNREFUSED) if began.elapsed() < PATIENCE => {}
            Err(errno) => panic!("{errno}"),
        }
    }
}

#[tokio::test]
async fn ncat_and_python_talk_to_the_students_server() {
    let (_bridge, mut page) = page().await;
    let (listener, at) = page.listening("127.0.0.1:0").await;
    let mut command = Command::new("ncat");
    command.args(["--recv-only", "127.0.0.1", &at.port().to_string()]);
    let mut ncat = start(&mut command);
    let fd = Fd(page.ret(accept(listener)).await.expect("ncat connects") as i32);
    page.send(fd, b"ola\n").await.expect("sends");
    page.close(fd).await;
    assert!(ncat.0.wait().expect("it ends").success());

    let mut python = Command::new("python3");
    python.arg("-c").arg(format!(
        "import socket\ns = socket.create_connection(('127.0.0.1', {}))\n\
         s.sendall(b'oi')\ns.shutdown(socket.SHUT_WR)\nassert s.recv(10) == b'IO'\n",
        at.port()
    ));
    let mut python = start(&mut python);
    let fd = Fd(page.ret(accept(listener)).await.expect("python connects") as i32);
    assert_eq!(page.recv_all(fd).await, b"oi");
    page.send(fd, b"IO").await.expect("sends");
    page.close(fd).await;
    assert!(python.0.wait().expect("it ends").success());
}

#[tokio::test]
async fn pythons_http_server_serves_a_file() {
    let dir = tempfile::tempdir().expect("a directory");
    write(dir.path(), "aula.txt", "sockets");
    let at = free_port();
    let mut command = Command::new("python3");
    command.args(["-m", "http.server", "--bind", "127.0.0.1", &at.port().to_string()]);
    command.current_dir(dir.path());
    let _python = start(&mut command);
    let (_bridge, mut page) = page().await;
    let fd = connected(&mut page, at).await;
    page.send(fd, b"GET /aula.txt HTTP/1.0\r\n\r\n").await.expect("sends");
    let answer = page.recv_all(fd).await;
    assert!(answer.ends_with(b"sockets"), "{}", answer.escape_ascii());
    // The same over a datagram socket is nobody's.
    let udp = page.socket(AF_INET, SOCK_DGRAM).await;
    let buf = InBuf::of(b"x");
    let call = Syscall::Sendto { fd: udp, buf, flags: 0, addr: to(&at.to_string()) };
    assert_eq!(page.ret(call).await, Ok(1));
}
