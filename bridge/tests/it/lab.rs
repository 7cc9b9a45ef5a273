//! Bridges on free ports, a client that speaks the page's protocol, raw HTTP.

use abi::message::{FromBridge, Rule, SUBPROTOCOL, ToBridge, VERSION, frame};
use abi::syscall::{OutPtr, Ptr};
use abi::{AddrIn, AddrOut, Bytes, Errno, Fd, InBuf, Out, OutBuf, Reply, SockAddr, Syscall};
use futures_util::{SinkExt, StreamExt};
use soquete_bridge::exec::{Call, Outcome, Session};
use soquete_bridge::metrics::Metrics;
use soquete_bridge::page::Page;
use soquete_bridge::{Options, Server, Token};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::MaybeTlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_util::sync::CancellationToken;

/// Longer than anything here takes; only a hang meets it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

/// A bridge that runs as long as it lives.
pub(crate) struct Bridge {
    pub(crate) addr: SocketAddr,
    pub(crate) token: Token,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) stop: CancellationToken,
    pub(crate) ended: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(crate) fn page() -> Page {
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    Page::from_files([
        file(
            "index.html",
            "<!doctype html><title>soquete</title><p id=a>page</p>\
             <script type=module>document.getElementById('a').textContent='inline ran'</script>",
        ),
        file("app.js", "window.stolen = 'our script';"),
        file("app.wasm", "\0asm\u{1}\0\0\0"),
    ])
}

pub(crate) async fn bridge() -> Bridge {
    bridge_with(Options::local(page())).await
}

pub(crate) async fn bridge_with(options: Options) -> Bridge {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let addr = listener.local_addr().expect("bound");
    let token = options.token.clone();
    let server = Server::new(options);
    let (metrics, stop) = (server.metrics(), server.stopper());
    let ended = tokio::spawn(server.listen(listener));
    Bridge { addr, token, metrics, stop, ended }
}

impl Bridge {
    pub(crate) async fn client(&self) -> Client {
        self.try_client(
            &self.addr.to_string(),
            Some(&format!("http://{}", self.addr)),
            &[SUBPROTOCOL, &format!("tok.{}", self.token.reveal())],
        )
        .await
        .expect("the right token opens a session")
    }

    /// The status of a refused upgrade.
    pub(crate) async fn try_client(
        &self,
        host: &str,
        origin: Option<&str>,
        protocols: &[&str],
    ) -> Result<Client, u16> {
        let mut request =
            format!("ws://{}/ws", self.addr).into_client_request().expect("a good address");
        let headers = request.headers_mut();
        headers.insert("host", HeaderValue::from_str(host).expect("ASCII"));
        if let Some(origin) = origin {
            headers.insert("origin", HeaderValue::from_str(origin).expect("ASCII"));
        }
        for protocol in protocols {
            let value = HeaderValue::from_str(protocol).expect("ASCII");
            headers.append("sec-websocket-protocol", value);
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((socket, _)) => {
                let mut client = Client { socket, next: 1, early: Vec::new() };
                client.say(&ToBridge::Hello { version: VERSION, binary: false }).await;
                match client.hear().await {
                    FromBridge::Hello { .. } => Ok(client),
                    other => panic!("not a hello: {other:?}"),
                }
            }
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            // A server that gives no WebSocket at all has refused, too.
            Err(other) => panic!("neither opened nor refused: {other}"),
        }
    }

    /// Sends bytes as they are; the whole answer until the bridge closes.
    pub(crate) async fn http(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.addr).await.expect("it listens");
        stream.write_all(request.as_bytes()).await.expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("it answers");
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) async fn get(&self, path: &str) -> String {
        let host = self.addr;
        self.http(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"))
            .await
    }
}

pub(crate) fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0)
}

/// A page.
pub(crate) struct Client {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next: u64,
    /// Answers that came while another was waited for.
    early: Vec<FromBridge>,
}

impl Client {
    pub(crate) async fn say(&mut self, message: &ToBridge) {
        let text = serde_json::to_string(message).expect("serialises");
        self.socket.send(Message::text(text)).await.expect("the session lives");
    }

    pub(crate) async fn hear_frame(&mut self) -> Option<Message> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.socket.next()).await;
            match next.expect("an answer in time") {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(message)) => return Some(message),
            }
        }
    }

    pub(crate) async fn hear(&mut self) -> FromBridge {
        match self.hear_frame().await.expect("the session lives") {
            Message::Text(text) => serde_json::from_str(&text).expect("our protocol"),
            Message::Binary(bytes) => {
                let (payload, json) = frame::split(&bytes).expect("our frame");
                let mut message = serde_json::from_slice(json).expect("our protocol");
                if let FromBridge::Done { reply, .. } = &mut message {
                    *frame::bytes_mut(&mut reply.out).expect("room") = payload.to_vec();
                }
                message
            }
            other => panic!("not of our protocol: {other:?}"),
        }
    }

    /// The next message that answers no call.
    pub(crate) async fn next_stream(&mut self) -> FromBridge {
        let is_stream = |message: &FromBridge| {
            matches!(message, FromBridge::Packet { .. } | FromBridge::Tcp { .. })
        };
        if let Some(at) = self.early.iter().position(is_stream) {
            return self.early.remove(at);
        }
        loop {
            let message = self.hear().await;
            if is_stream(&message) {
                return message;
            }
        }
    }

    pub(crate) async fn start(&mut self, call: Syscall) -> u64 {
        let id = self.next;
        self.next += 1;
        self.say(&ToBridge::Call { id, call, blocking: true, info: false }).await;
        id
    }

    /// The answer to one call, whatever else comes.
    pub(crate) async fn finish(&mut self, id: u64) -> FromBridge {
        let is_it = |message: &FromBridge| match message {
            FromBridge::Done { id: of, .. } | FromBridge::Denied { id: of, .. } => *of == id,
            FromBridge::Error { id: of, .. } => *of == Some(id),
            _ => false,
        };
        if let Some(at) = self.early.iter().position(is_it) {
            return self.early.remove(at);
        }
        loop {
            let message = self.hear().await;
            if is_it(&message) {
                return message;
            }
            self.early.push(message);
        }
    }
}

/// Whoever makes calls: a page, or a program in the terminal.
pub(crate) trait Caller {
    async fn answer(&mut self, call: Syscall) -> Result<Reply, Rule>;

    async fn reply(&mut self, call: Syscall) -> Reply {
        let text = format!("{call:?}");
        self.answer(call).await.unwrap_or_else(|rule| panic!("{text}: denied {rule:?}"))
    }

    async fn ret(&mut self, call: Syscall) -> Result<i64, Errno> {
        self.reply(call).await.ret
    }

    async fn denied(&mut self, call: Syscall) -> Rule {
        match self.answer(call).await {
            Ok(reply) => panic!("not denied: {reply:?}"),
            Err(rule) => rule,
        }
    }

    async fn socket(&mut self, domain: i32, ty: i32) -> Fd {
        let ret = self.ret(Syscall::Socket { domain, ty, protocol: 0 }).await;
        Fd(ret.expect("a socket") as i32)
    }

    async fn tcp(&mut self) -> Fd {
        self.socket(abi::consts::AF_INET, abi::consts::SOCK_STREAM).await
    }

    async fn bind(&mut self, fd: Fd, addr: &str) -> Result<i64, Errno> {
        self.ret(Syscall::Bind { fd, addr: to(addr) }).await
    }

    async fn connect(&mut self, fd: Fd, addr: SocketAddr) -> Result<i64, Errno> {
        self.ret(connect(fd, addr)).await
    }

    async fn listening(&mut self, addr: &str) -> (Fd, SocketAddr) {
        let fd = self.tcp().await;
        self.bind(fd, addr).await.expect("binds");
        self.ret(Syscall::Listen { fd, backlog: 16 }).await.expect("listens");
        let at = self.sockname(fd).await;
        (fd, at)
    }

    async fn sockname(&mut self, fd: Fd) -> SocketAddr {
        let reply = self.reply(Syscall::Getsockname { fd, addr: AddrOut::room(128) }).await;
        match reply.out {
            Out::Addr { addr } => addr.to_std().expect("an Internet address"),
            other => panic!("no address: {other:?}"),
        }
    }

    async fn send(&mut self, fd: Fd, bytes: &[u8]) -> Result<i64, Errno> {
        self.ret(send(fd, bytes, 0)).await
    }

    async fn recv(&mut self, fd: Fd, len: u64) -> Result<Vec<u8>, Errno> {
        bytes(self.reply(recv(fd, len, 0)).await)
    }

    /// Everything until the end.
    async fn recv_all(&mut self, fd: Fd) -> Vec<u8> {
        let mut all = Vec::new();
        loop {
            match self.recv(fd, 65536).await {
                Ok(more) if more.is_empty() => return all,
                Ok(more) => all.extend(more),
                Err(errno) => panic!("{errno} after {} bytes", all.len()),
            }
        }
    }

    async fn close(&mut self, fd: Fd) {
        assert_eq!(self.ret(Syscall::Close { fd }).await, Ok(0));
    }
}

impl Caller for Client {
    async fn answer(&mut self, call: Syscall) -> Result<Reply, Rule> {
        let id = self.start(call).await;
        match self.finish(id).await {
            FromBridge::Done { reply, .. } => Ok(reply),
            FromBridge::Denied { rule, .. } => Err(rule),
            other => panic!("{other:?}"),
        }
    }
}

impl Caller for &Session {
    async fn answer(&mut self, call: Syscall) -> Result<Reply, Rule> {
        match self.call(Call::new(call)).await {
            Outcome::Done(done) => Ok(done.reply),
            Outcome::Denied(denied) => Err(denied.rule),
        }
    }
}

pub(crate) fn bytes(reply: Reply) -> Result<Vec<u8>, Errno> {
    reply.ret?;
    match reply.out {
        Out::Bytes { bytes } | Out::From { bytes, .. } | Out::Msg { bytes, .. } => Ok(bytes.0),
        other => panic!("no bytes: {other:?}"),
    }
}

pub(crate) fn to(addr: &str) -> AddrIn {
    AddrIn::of(SockAddr::from_std(addr.parse().expect("an address")))
}

pub(crate) fn connect(fd: Fd, addr: SocketAddr) -> Syscall {
    Syscall::Connect { fd, addr: AddrIn::of(SockAddr::from_std(addr)) }
}

pub(crate) fn send(fd: Fd, bytes: &[u8], flags: i32) -> Syscall {
    Syscall::Sendto { fd, buf: InBuf::of(bytes), flags, addr: AddrIn::null() }
}

pub(crate) fn recv(fd: Fd, len: u64, flags: i32) -> Syscall {
    Syscall::Recvfrom { fd, buf: OutBuf::of(len), flags, addr: AddrOut::null() }
}

pub(crate) fn accept(fd: Fd) -> Syscall {
    Syscall::Accept { fd, addr: AddrOut::room(128) }
}

pub(crate) fn setsockopt(fd: Fd, level: i32, name: i32, value: &[u8]) -> Syscall {
    let len = value.len() as i32;
    Syscall::Setsockopt { fd, level, name, value: Ptr::to(Bytes(value.to_vec())), len }
}

pub(crate) fn getsockopt(fd: Fd, level: i32, name: i32) -> Syscall {
    Syscall::Getsockopt { fd, level, name, value: OutPtr::good(), len: Ptr::to(4) }
}

/// Waits for something that other tasks bring about.
pub(crate) async fn wait_until(mut done: impl FnMut() -> bool) {
    tokio::time::timeout(PATIENCE, async {
        while !done() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    })
    .await
    .expect("it comes about in time");
}
