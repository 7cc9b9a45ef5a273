//! What an intruder would try beside the table of attacks: raw HTTP, odd spellings, patience.

use crate::lab::{Bridge, Caller, Client, bridge, bridge_with, connect, page, status, wait_until};
use abi::consts::*;
use abi::message::{FromBridge, Rule, ToBridge, VERSION};
use abi::{AddrIn, Bytes, SockAddr, Syscall};
use futures_util::SinkExt;
use soquete_bridge::Options;
use soquete_bridge::limits::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

fn addr(text: &str) -> std::net::SocketAddr {
    text.parse().expect("an address")
}

async fn alive(page: &mut Client) {
    let fd = page.tcp().await;
    page.close(fd).await;
}

/// A bridge whose patience is a second.
async fn impatient() -> Bridge {
    let limits = Limits { head_s: 1, ..Limits::local() };
    bridge_with(Options { limits, ..Options::local(page()) }).await
}

/// Slowloris: a head that never ends, one that comes letter by letter, and silence.
#[tokio::test]
async fn a_head_that_does_not_end_ends_the_connection() {
    let bridge = impatient().await;
    let mut session = bridge.client().await;
    for head in ["", "GET / HTTP/1.1\r\nHost: ", "GET /ws HTTP/1.1\r\nHost: x\r\nX-A: a\r\n"] {
        let mut slow = TcpStream::connect(bridge.addr).await.expect("it listens");
        slow.write_all(head.as_bytes()).await.expect("it reads");
        let mut answer = Vec::new();
        // Letters that go on coming do not help.
        let (mut read, mut write) = slow.split();
        tokio::select! {
            ended = read.read_to_end(&mut answer) => drop(ended),
            () = async { while write.write_all(b"x").await.is_ok() {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            } std::future::pending().await } => {}
        }
        assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
    }
    // A session is no request any more: it is not ended.
    alive(&mut session).await;
}

/// A flood of connections that say nothing: sessions go on, and new ones are opened when the
/// silent ones have been sent away.
#[tokio::test]
async fn a_flood_of_silent_connections_passes() {
    let bridge = impatient().await;
    let mut session = bridge.client().await;
    let mut flood = Vec::new();
    for _ in 0..600 {
        flood.push(TcpStream::connect(bridge.addr).await.expect("the kernel's queue takes it"));
    }
    alive(&mut session).await;
    let mut late = bridge.client().await;
    alive(&mut late).await;
}

#[tokio::test]
async fn every_spelling_of_another_host_is_misdirected() {
    let bridge = bridge().await;
    let port = bridge.addr.port();
    let wrong = [
        format!("user@127.0.0.1:{port}"),
        format!("127.0.0.1:{port}@evil.example"),
        format!("127.0.0.1.:{port}"),
        format!("localhost.:{port}"),
        format!("127.0.0.1:0{port}"),
        format!("127.0.0.1:{port}."),
        "127.0.0.1".to_owned(),
        "127.0.0.1:".to_owned(),
        format!("127.1:{port}"),
        format!("2130706433:{port}"),
        format!("0.0.0.0:{port}"),
        format!("[::ffff:127.0.0.1]:{port}"),
        format!("[0:0:0:0:0:0:0:1]:{port}"),
        format!("::1:{port}"),
        format!("[::1%lo]:{port}"),
        format!("127.0.0.1:{port},evil.example"),
        format!("127.0.0.1:{port} evil.example"),
        format!("evil.example#127.0.0.1:{port}"),
        String::new(),
    ];
    for host in &wrong {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let answer = bridge.http(&request).await;
        assert!([400, 421].contains(&status(&answer)), "Host: {host}: {answer}");
    }
    // The target in absolute form, and proxies' headers, do not speak for the host.
    for head in [
        format!("GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"),
        format!("GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: 127.0.0.1:{port}\r\n"),
        format!("GET / HTTP/1.1\r\nHost: evil.example\r\nForwarded: host=127.0.0.1:{port}\r\n"),
        format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: 127.0.0.1:{port}\r\n"),
        "GET / HTTP/1.0\r\n".to_owned(),
    ] {
        let answer = bridge.http(&format!("{head}Connection: close\r\n\r\n")).await;
        assert!([400, 421].contains(&status(&answer)), "{head}: {answer}");
    }
}

/// The status of an upgrade with these headers.
async fn upgrade(bridge: &Bridge, path: &str, headers: &str) -> u16 {
    let host = bridge.addr;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         {headers}\r\n"
    );
    let mut stream = TcpStream::connect(bridge.addr).await.expect("it listens");
    stream.write_all(request.as_bytes()).await.expect("it reads");
    // "HTTP/1.1 403"; the connection would stay open for another request.
    let mut line = [0; 12];
    stream.read_exact(&mut line).await.expect("it answers");
    status(&String::from_utf8_lossy(&line))
}

#[tokio::test]
async fn the_token_opens_only_from_its_own_place_and_only_our_page() {
    let bridge = bridge().await;
    let (at, token) = (bridge.addr, bridge.token.reveal().to_owned());
    let port = at.port();
    let protocols = format!("Sec-WebSocket-Protocol: soquete.v1, tok.{token}\r\n");
    let origin = format!("Origin: http://{at}\r\n");
    for strange in [
        "Origin: null".to_owned(),
        "Origin: file://".to_owned(),
        format!("Origin: https://{at}"),
        format!("Origin: http://127.0.0.1:{}", port ^ 1),
        format!("Origin: http://localhost:{port}"),
        format!("Origin: http://{at}/"),
        format!("Origin: http://{at}.evil.example"),
        format!("Origin: http://user@{at}"),
        format!("Origin: HTTP://{at}"),
        format!("{origin}Origin: http://evil.example").trim_end().to_owned(),
    ] {
        assert_eq!(
            upgrade(&bridge, "/ws", &format!("{strange}\r\n{protocols}")).await,
            403,
            "{strange}"
        );
    }
    let elsewhere = [
        (format!("/ws?tok={token}"), "Sec-WebSocket-Protocol: soquete.v1\r\n".to_owned()),
        (
            "/ws".to_owned(),
            format!("Sec-WebSocket-Protocol: soquete.v1\r\nCookie: tok={token}\r\n"),
        ),
        (
            "/ws".to_owned(),
            format!("Sec-WebSocket-Protocol: soquete.v1\r\nAuthorization: Bearer {token}\r\n"),
        ),
        ("/ws".to_owned(), format!("Sec-WebSocket-Protocol: tok.{token}\r\n")),
        (
            "/ws".to_owned(),
            format!("Sec-WebSocket-Protocol: tok.{token}, tok.{token}, soquete.v1\r\n"),
        ),
        ("/ws".to_owned(), format!("Sec-WebSocket-Protocol: soquete.v1, TOK.{token}\r\n")),
        ("/ws".to_owned(), format!("Sec-WebSocket-Protocol: soquete.v1, tok.{token}00\r\n")),
    ];
    for (path, headers) in elsewhere {
        let status = upgrade(&bridge, &path, &format!("{origin}{headers}")).await;
        assert_eq!(status, 401, "{path} {headers}");
    }
    // The page is no proxy to files, and other methods do nothing.
    for path in [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/..%2fetc/passwd",
        "/.git/config",
    ] {
        let answer = bridge.get(path).await;
        assert!(!answer.contains("root:"), "{path}: {answer}");
    }
    for method in ["POST", "PUT", "DELETE", "CONNECT", "TRACE"] {
        let request = format!(
            "{method} / HTTP/1.1\r\nHost: {at}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        let answer = bridge.http(&request).await;
        assert!(!answer.contains("TRACE /"), "{method}: {answer}");
    }
}

/// Addresses that are this computer or a cloud's secrets, in forms that a list may forget.
#[tokio::test]
async fn a_class_is_denied_every_form_of_what_is_near() {
    use soquete_bridge::policy::{ClassPolicy, Policy};
    let all = "[[allow]]\nnet = '0.0.0.0/0'\nports = ['1-65535']\n\
               [[allow]]\nnet = '::/0'\nports = ['1-65535']";
    let policy = Policy::class(ClassPolicy::parse(all).expect("a good policy"));
    let options = Options { policy, limits: Limits::class(), ..Options::local(page()) };
    let bridge = bridge_with(options).await;
    let mut page = bridge.client().await;
    for target in [
        "0.0.0.0:80",
        "127.0.0.1:80",
        "127.255.255.254:80",
        "169.254.169.254:80",
        "168.63.129.16:80",
        "100.100.100.200:80",
        "192.0.0.192:80",
        "255.255.255.255:80",
        "224.0.0.1:80",
        "10.0.0.1:80",
        "[::]:80",
        "[::1]:80",
        "[::ffff:127.0.0.1]:80",
        "[::ffff:0.0.0.0]:80",
        "[::ffff:169.254.169.254]:80",
        "[::127.0.0.1]:80",
        "[64:ff9b::7f00:1]:80",
        "[64:ff9b:1::7f00:1]:80",
        "[2002:7f00:1::]:80",
        "[2001:0:7f00:1::]:80",
        "[fe80::1]:80",
        "[fec0::1]:80",
        "[fd00:ec2::254]:80",
        "[ff02::1]:80",
    ] {
        let target = addr(target);
        let domain = if target.is_ipv4() { AF_INET } else { AF_INET6 };
        let fd = page.socket(domain, SOCK_STREAM | SOCK_NONBLOCK).await;
        page.denied(connect(fd, target)).await;
        page.close(fd).await;
        let fd = page.socket(domain, SOCK_DGRAM).await;
        page.denied(connect(fd, target)).await;
        page.close(fd).await;
    }
    // A family that says one thing and a length that says another is the kernel's to refuse, and
    // is not let past the list.
    let fd = page.tcp().await;
    let mut bytes = SockAddr::from_std(addr("127.0.0.1:80")).bytes().to_vec();
    bytes.extend([0; 12]);
    let long = AddrIn::of(SockAddr(Bytes(bytes)));
    assert_eq!(page.denied(Syscall::Connect { fd, addr: long }).await, Rule::Loopback);
}

#[tokio::test]
async fn lengths_that_lie_are_refused_before_memory_is_taken() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let fd = page.tcp().await;
    for text in [
        format!(
            r#"{{"type":"call","id":5,"blocking":true,"call":{{"call":"recvfrom","fd":{},"buf":{{"at":8,"len":-1,"ok":true}},"flags":0,"addr":{{"addr":{{"at":0,"ok":false}},"len":{{"at":0,"value":null}}}}}}}}"#,
            fd.0
        ),
        r#"{"type":"call","id":18446744073709551616,"blocking":true,"call":{"call":"getpid"}}"#
            .to_owned(),
        r#"{"type":"watch","fd":1000,"every_ms":-1}"#.to_owned(),
        r#"{"type":"credit","messages":4294967296}"#.to_owned(),
        r#"{"type":"call","id":5,"id":6,"blocking":true,"call":{"call":"getpid"}}"#.to_owned(),
        format!(
            r#"{{"type":"call","id":5,"blocking":true,"call":{}{}}}"#,
            r#"{"call":"#.repeat(5000),
            "}".repeat(5000)
        ),
    ] {
        page.socket.send(Message::text(text.clone())).await.expect("alive");
        let answer = page.hear().await;
        assert!(matches!(answer, FromBridge::Error { fatal: false, .. }), "{text:.90}: {answer:?}");
    }
    // Counts that do not fit what is there.
    let many = Syscall::Poll { fds: abi::Ptr::to(vec![]), nfds: u64::MAX, timeout_ms: 0 };
    assert_eq!(page.denied(many).await, Rule::MessageBytes);
    let vectors = Syscall::Writev { fd, iov: vec![], count: i32::MAX };
    assert!(page.ret(vectors).await.is_err());
    let listen = Syscall::Listen { fd, backlog: i32::MIN };
    let _ = page.ret(listen).await; // any answer of the kernel will do
    let option = Syscall::Setsockopt {
        fd,
        level: SOL_SOCKET,
        name: SO_RCVBUF,
        value: abi::Ptr::to(Bytes(i32::MAX.to_ne_bytes().to_vec())),
        len: i32::MAX,
    };
    let _ = page.answer(option).await;
    page.say(&ToBridge::Credit { messages: u32::MAX }).await;
    page.say(&ToBridge::Credit { messages: u32::MAX }).await;
    page.say(&ToBridge::Cancel { id: u64::MAX }).await;
    page.say(&ToBridge::Hello { version: VERSION, binary: true }).await;
    page.hear().await;
    alive(&mut page).await;
}

/// What comes after the close frame is not executed.
#[tokio::test]
async fn calls_after_the_close_are_not_made() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    page.socket.send(Message::Close(None)).await.expect("alive");
    let call = ToBridge::Call {
        id: 1,
        call: Syscall::Socket { domain: AF_INET, ty: SOCK_STREAM, protocol: 0 },
        blocking: true,
        info: false,
    };
    let text = serde_json::to_string(&call).expect("JSON");
    // The library may refuse to send it; what matters is what the bridge does if it comes.
    let _ = page.socket.send(Message::text(text)).await;
    while page.hear_frame().await.is_some() {}
    wait_until(|| bridge.metrics.sessions() == 0).await;
    assert_eq!(bridge.metrics.open_sockets(), 0);
    assert!(!bridge.metrics.text().contains(r#"name="socket""#), "{}", bridge.metrics.text());
}

/// Who asks for a large file and does not read it would keep a place among the connections for
/// ever, and a few hundred of them all places.
#[tokio::test]
async fn an_answer_that_nobody_reads_ends_the_connection() {
    let limits = Limits { head_s: 1, ..Limits::local() };
    let large = ("large.bin".to_owned(), vec![7; 64 << 20]);
    let options = Options::local(soquete_bridge::page::Page::from_files([large]));
    let bridge = bridge_with(Options { limits, ..options }).await;
    let mut session = bridge.client().await;
    let mut slow = TcpStream::connect(bridge.addr).await.expect("it listens");
    let request = format!("GET /large.bin HTTP/1.1\r\nHost: {}\r\n\r\n", bridge.addr);
    slow.write_all(request.as_bytes()).await.expect("it reads");
    let mut head = [0; 15];
    slow.read_exact(&mut head).await.expect("it answers");
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    tokio::time::sleep(std::time::Duration::from_secs(14)).await;
    let mut rest = Vec::new();
    let _ = slow.read_to_end(&mut rest).await;
    assert!(rest.len() < 64 << 20, "the whole file was still there: {} bytes", rest.len());
    alive(&mut session).await;
}

/// Names of sockets are files: who binds, closes and binds again must not fill the disk, nor who
/// only asks for names the memory.
#[tokio::test]
async fn names_of_sockets_end_at_the_limit() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let mut answer = Ok(());
    for name in 0..2000 {
        let fd = page.socket(AF_UNIX, SOCK_DGRAM).await;
        let at = AddrIn::of(SockAddr::unix(format!("n{name}").as_bytes()));
        let lost = Syscall::Connect { fd, addr: AddrIn::of(SockAddr::unix(b"nobody")) };
        assert_eq!(page.ret(lost).await, Err(abi::Errno::ENOENT));
        answer = page.answer(Syscall::Bind { fd, addr: at }).await.map(drop);
        page.close(fd).await;
        if answer.is_err() {
            break;
        }
    }
    assert_eq!(answer, Err(Rule::UnixName));
    let name = Bytes(b"n7\0".to_vec());
    assert_eq!(page.ret(Syscall::Unlink { path: abi::Ptr::to(name) }).await, Ok(0));
    let fd = page.socket(AF_UNIX, SOCK_DGRAM).await;
    let at = AddrIn::of(SockAddr::unix(b"again"));
    assert_eq!(page.ret(Syscall::Bind { fd, addr: at }).await, Ok(0));
}

/// `open` is for the session's FIFOs, whose names are numbers.
#[tokio::test]
async fn nothing_is_opened_but_fifos_of_the_session() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let open = |name: &[u8], flags| {
        let path = abi::Ptr::to(Bytes([name, b"\0"].concat()));
        Syscall::Openat { path, flags, mode: 0 }
    };
    for name in [&b"/etc/passwd"[..], b"x", b"../x", b"fifo-1/../x", b"fifo-", b"fifo-x", b""] {
        assert_eq!(page.denied(open(name, 0)).await, Rule::NotOffered, "{}", name.escape_ascii());
    }
    // O_CREAT, O_TRUNC and O_PATH mean nothing.
    let fd = abi::Fd(page.ret(open(b"fifo-1", 0o1_0001_1102)).await.expect("a FIFO") as i32);
    let buf = abi::InBuf::of(b"through");
    assert_eq!(page.ret(Syscall::Write { fd, buf }).await, Ok(7));
    let at = AddrIn::of(SockAddr::unix(b"fifo-1"));
    let socket = page.socket(AF_UNIX, SOCK_STREAM).await;
    assert_eq!(page.denied(Syscall::Bind { fd: socket, addr: at }).await, Rule::UnixName);
}

/// A socket that is shut for reading is "ready" for ever: a blocking receive finds the end, and
/// the bridge does not spin in its search.
#[tokio::test]
async fn a_receive_on_what_is_shut_ends() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    for ty in [SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM] {
        let fds = abi::OutPtr::good();
        let pair = Syscall::Socketpair { domain: AF_UNIX, ty, protocol: 0, fds };
        let abi::Out::Fds { fds: [fd, _] } = page.reply(pair).await.out else { panic!("a pair") };
        assert_eq!(page.ret(Syscall::Shutdown { fd, how: SHUT_RD }).await, Ok(0));
        let (buf, addr) = (abi::OutBuf::of(9), abi::AddrOut::null());
        assert_eq!(page.ret(Syscall::Recvfrom { fd, buf, flags: 0, addr }).await, Ok(0), "{ty}");
    }
}

/// What the first message of several may do, the second may not do under its cover; a socket that
/// is connected to the listed is not sent elsewhere; MPTCP lets the peer name more addresses.
#[tokio::test]
async fn a_class_is_denied_the_second_message_and_the_second_path() {
    let policy = "[[allow]]\nnet = '127.0.0.1'\nports = ['1024-65535']\nprotocol = 'udp'";
    let policy = soquete_bridge::policy::ClassPolicy::parse(policy).expect("a good policy");
    let policy = soquete_bridge::policy::Policy::class(policy);
    let bridge = bridge_with(Options { policy, ..Options::local(page()) }).await;
    let mut page = bridge.client().await;
    let listed = tokio::net::UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
    let other = tokio::net::UdpSocket::bind("127.0.0.2:0").await.expect("a free port");
    let (listed_at, other_at) = (listed.local_addr(), other.local_addr());
    let to = |at: &std::io::Result<std::net::SocketAddr>| {
        AddrIn::of(SockAddr::from_std(*at.as_ref().expect("bound")))
    };
    let message = |name: AddrIn| abi::syscall::MsgIn {
        name,
        iov: vec![abi::InBuf::of(b"x")],
        iov_len: 1,
        control: Bytes::default(),
    };
    let fd = page.socket(AF_INET, SOCK_DGRAM).await;
    let msgs = vec![message(to(&listed_at)), message(to(&other_at))];
    let both = Syscall::Sendmmsg { fd, msgs, count: 2, flags: 0 };
    assert_eq!(page.ret(both).await, Ok(1), "as far as it was allowed");
    let turned = vec![message(to(&other_at)), message(to(&listed_at))];
    let both = Syscall::Sendmmsg { fd, msgs: turned, count: 2, flags: 0 };
    assert_eq!(page.denied(both).await, Rule::Loopback);
    assert_eq!(page.ret(Syscall::Connect { fd, addr: to(&listed_at) }).await, Ok(0));
    let msg = Some(message(to(&other_at)));
    assert_eq!(page.denied(Syscall::Sendmsg { fd, msg, flags: 0 }).await, Rule::Loopback);
    let none = other.try_recv(&mut [0; 8]).expect_err("nothing came");
    assert_eq!(none.kind(), std::io::ErrorKind::WouldBlock);
    let mptcp = Syscall::Socket { domain: AF_INET, ty: SOCK_STREAM, protocol: IPPROTO_MPTCP };
    assert_eq!(page.denied(mptcp).await, Rule::Protocol);
}

/// A message in pieces that never ends is no message: it keeps no idle session.
#[tokio::test]
async fn a_message_that_never_ends_keeps_no_session() {
    use tokio_tungstenite::tungstenite::protocol::frame::Frame;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
    let limits = Limits { idle_s: 1, ..Limits::local() };
    let bridge = bridge_with(Options { limits, ..Options::local(page()) }).await;
    let mut slow = bridge.client().await;
    let piece =
        |data, text: &'static [u8]| Message::Frame(Frame::message(text, OpCode::Data(data), false));
    let mut sent = slow.socket.send(piece(Data::Text, b"{")).await;
    while sent.is_ok() && bridge.metrics.sessions() > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        sent = slow.socket.send(piece(Data::Continue, b"")).await;
    }
    wait_until(|| bridge.metrics.sessions() == 0).await;
}
