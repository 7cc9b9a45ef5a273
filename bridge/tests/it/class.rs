//! Class mode as docs/class describes it: the policy and the nginx configuration that stand there
//! are the ones tested, with TLS, two bridges and one name.

use crate::lab::{Bridge, Caller, bridge_with, page, status, wait_until};
use crate::servers::{free_port, start};
use soquete_bridge::limits::Limits;
use soquete_bridge::policy::{ClassPolicy, Policy};
use soquete_bridge::{Options, Token};
use std::process::{Command, Output};

const GUIDES: [&str; 2] =
    [include_str!("../../../docs/class/en.md"), include_str!("../../../docs/class/pt-BR.md")];

/// The first block of a kind in a guide.
fn block<'a>(guide: &'a str, kind: &str) -> &'a str {
    let (_, rest) = guide.split_once(&format!("```{kind}\n")).expect("the guide has it");
    rest.split_once("```").expect("it ends").0
}

async fn class(token: &Token) -> Bridge {
    let policy = ClassPolicy::parse(block(GUIDES[0], "toml")).expect("the guide's policy");
    let policy = Policy::class(policy);
    let public = Some("https://lab.example".parse().expect("an origin"));
    let limits = Limits::class();
    bridge_with(Options { policy, public, limits, token: token.clone(), ..Options::local(page()) })
        .await
}

#[test]
fn the_policies_of_both_guides_are_good_and_the_schema_knows_their_keys() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../docs/class/policy.schema.json"))
            .expect("the schema is JSON");
    for guide in GUIDES {
        let text = block(guide, "toml");
        ClassPolicy::parse(text).expect("the guide's policy");
        let policy: toml::Table = toml::from_str(text).expect("it is TOML");
        for (key, value) in policy {
            assert!(schema["properties"].get(&key).is_some(), "{key}");
            for entry in value.as_array().into_iter().flatten() {
                for key in entry.as_table().expect("entries are tables").keys() {
                    assert!(schema["$defs"]["entry"]["properties"].get(key).is_some(), "{key}");
                }
            }
        }
    }
}

/// A session through TLS and nginx, by a client that nobody here wrote: Python's.
const CLIENT: &str = r#"
import os, socket, ssl, sys
port, origin, token = int(sys.argv[1]), sys.argv[2], sys.argv[3]
context = ssl.create_default_context(cafile=sys.argv[4])
s = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="lab.example")
s.sendall((f"GET /ws HTTP/1.1\r\nHost: lab.example\r\nOrigin: {origin}\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    f"Sec-WebSocket-Protocol: soquete.v1, tok.{token}\r\n\r\n").encode())
head = b""
while b"\r\n\r\n" not in head:
    more = s.recv(1)
    if not more: break
    head += more
print(head.decode().split(" ")[1])
if b" 101 " not in head[:16]: sys.exit()
def say(text):
    mask, data = os.urandom(4), text.encode()
    assert len(data) < 126
    masked = bytes(b ^ mask[i % 4] for i, b in enumerate(data))
    s.sendall(bytes([0x81, 0x80 | len(data)]) + mask + masked)
def exactly(n):
    data = b""
    while len(data) < n: data += s.recv(n - len(data))
    return data
def hear():
    n = exactly(2)[1]
    if n == 126: n = int.from_bytes(exactly(2), "big")
    return exactly(n).decode()
say('{"type":"hello","version":1}')
print(hear())
say('{"type":"call","id":1,"blocking":true,"call":{"call":"socket","domain":2,"ty":1,"protocol":0}}')
print(hear())
"#;

#[tokio::test]
async fn behind_nginx_with_tls_two_bridges_serve_one_name() {
    let token = Token::random();
    let bridges = [class(&token).await, class(&token).await];
    let dir = tempfile::tempdir().expect("a directory");
    let file = |name: &str| dir.path().join(name).display().to_string();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-nodes", "-days", "2", "-subj", "/CN=lab.example"])
        .args(["-addext", "subjectAltName=DNS:lab.example"])
        .args(["-keyout", &file("key.pem"), "-out", &file("cert.pem")])
        .output()
        .expect("openssl is installed");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let at = free_port();
    let site = block(GUIDES[0], "nginx")
        .replace("127.0.0.1:9001", &bridges[0].addr.to_string())
        .replace("127.0.0.1:9002", &bridges[1].addr.to_string())
        .replace("443 ssl", &format!("{at} ssl"))
        .replace("/etc/soquete", &dir.path().display().to_string());
    let root = dir.path().display();
    let config = format!(
        "daemon off; pid {root}/pid; events {{}}\n\
         http {{ access_log {root}/access.log; client_body_temp_path {root}/b;\n\
         proxy_temp_path {root}/p; fastcgi_temp_path {root}/f; uwsgi_temp_path {root}/u;\n\
         scgi_temp_path {root}/s; {site} }}\n"
    );
    std::fs::write(dir.path().join("nginx.conf"), config).expect("a temporary file");
    let mut nginx = Command::new("nginx");
    nginx.arg("-p").arg(dir.path()).args(["-c", &file("nginx.conf"), "-e", "stderr"]);
    let _nginx = start(&mut nginx);
    wait_until(|| std::net::TcpStream::connect(at).is_ok()).await;

    let client = async |origin: &str, token: &str| -> String {
        let mut python = tokio::process::Command::new("python3");
        python.args(["-c", CLIENT, &at.port().to_string(), origin, token, &file("cert.pem")]);
        let Output { stdout, stderr, .. } = python.output().await.expect("python3 is installed");
        String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr)
    };
    for _ in 0..4 {
        let said = client("https://lab.example", token.reveal()).await;
        assert!(said.starts_with("101\n{\"type\":\"hello\""), "{said}");
        assert!(said.contains("\"id\":1,\"reply\":{\"ret\":{\"Ok\":1000}"), "{said}");
    }
    for bridge in &bridges {
        let text = bridge.metrics.text();
        assert!(text.contains("soquete_sessions_total 2\n"), "each bridge has its share: {text}");
    }
    assert_eq!(client("https://evil.example", token.reveal()).await, "403\n");
    assert_eq!(client("http://lab.example", token.reveal()).await, "403\n");
    assert_eq!(client("https://lab.example", &"0".repeat(64)).await, "401\n");

    let curl = async |name: &str| -> String {
        let mut curl = tokio::process::Command::new("curl");
        curl.args(["-si", "--http1.1", "--cacert", &file("cert.pem")]);
        curl.args(["--resolve", &format!("lab.example:{}:127.0.0.1", at.port())]);
        curl.args(["-H", &format!("Host: {name}")]);
        curl.arg(format!("https://lab.example:{}/", at.port()));
        let output = curl.output().await.expect("curl is installed");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let answer = curl("lab.example").await;
    assert_eq!(status(&answer), 200, "{answer}");
    assert!(answer.contains("connect-src 'self' wss://lab.example;"), "{answer}");
    assert_eq!(status(&curl("evil.example").await), 421);

    // A bridge that stops takes nothing with it: the next session is the other's.
    let [first, second] = bridges;
    drop(first);
    let said = client("https://lab.example", token.reveal()).await;
    assert!(said.starts_with("101\n"), "{said}");
    wait_until(|| second.metrics.text().contains("soquete_sessions_total 3\n")).await;
    let log = std::fs::read_to_string(dir.path().join("access.log")).expect("nginx's log");
    assert!(log.contains("GET /ws") && !log.contains(token.reveal()), "{log}");
}

#[tokio::test]
async fn the_bridge_itself_is_denied_even_where_its_port_is_listed() {
    let text = "[[allow]]\nnet = '127.0.0.1'\nports = ['1-65535']";
    let policy = Policy::class(ClassPolicy::parse(text).expect("a policy"));
    let bridge = bridge_with(Options { policy, ..Options::local(page()) }).await;
    let mut page = bridge.client().await;
    let fd = page.tcp().await;
    let rule = page.denied(crate::lab::connect(fd, bridge.addr)).await;
    assert_eq!(rule, abi::message::Rule::OwnPort);
}
