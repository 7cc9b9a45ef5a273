//! RFC 6455 as a client breaks it, by raw frames: the session ends with the right code, and only
//! that session. (Autobahn's suite, `autobahntestsuite` 25.10.1, is Python 2 and does not start on
//! Python 3.11; these are its groups in small.)

use crate::lab::{Bridge, Caller, PATIENCE, bridge, bridge_with, page};
use soquete_bridge::Options;
use soquete_bridge::limits::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const FIN: u8 = 0x80;
const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;
const HELLO: &[u8] = br#"{"type":"hello","version":1}"#;

/// What is broken, first bytes and payloads of the frames, the close code.
type Case<'a> = (&'a str, &'a [(u8, &'a [u8])], u16);

struct Raw(TcpStream);

impl Raw {
    async fn open(bridge: &Bridge, extra: &str) -> (Raw, String) {
        let mut stream = TcpStream::connect(bridge.addr).await.expect("it listens");
        let (addr, token) = (bridge.addr, bridge.token.reveal());
        let request = format!(
            "GET /ws HTTP/1.1\r\nHost: {addr}\r\nOrigin: http://{addr}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{extra}\
             Sec-WebSocket-Protocol: soquete.v1, tok.{token}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("it reads");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("it answers"));
        }
        (Raw(stream), String::from_utf8(head).expect("ASCII"))
    }

    /// A masked frame; the length field may lie.
    async fn frame(&mut self, first: u8, payload: &[u8]) {
        let mut frame = vec![first];
        match payload.len() {
            n @ 0..126 => frame.push(0x80 | n as u8),
            n => {
                frame.push(0x80 | 126);
                frame.extend((n as u16).to_be_bytes());
            }
        }
        frame.extend([1, 2, 3, 4]);
        frame.extend(payload.iter().zip([1, 2, 3, 4].iter().cycle()).map(|(byte, key)| byte ^ key));
        // The bridge may have closed after the frame before.
        let _ = self.0.write_all(&frame).await;
    }

    /// First byte and payload; `None` at the end.
    async fn hear(&mut self) -> Option<(u8, Vec<u8>)> {
        let hearing = async {
            let first = self.0.read_u8().await.ok()?;
            let len = match self.0.read_u8().await.ok()? {
                126 => self.0.read_u16().await.ok()?.into(),
                127 => self.0.read_u64().await.ok()?,
                n => n.into(),
            };
            let mut payload = vec![0; len as usize];
            self.0.read_exact(&mut payload).await.ok()?;
            Some((first, payload))
        };
        tokio::time::timeout(PATIENCE, hearing).await.expect("in time")
    }

    /// The code of the close frame that must come.
    async fn close_code(&mut self) -> u16 {
        loop {
            match self.hear().await {
                Some((first, payload)) if first == FIN | CLOSE => {
                    return u16::from_be_bytes([payload[0], payload[1]]);
                }
                Some(_) => {}
                None => panic!("closed without a close frame"),
            }
        }
    }
}

#[tokio::test]
async fn fragments_with_a_ping_between_are_one_message() {
    let bridge = bridge().await;
    let (mut raw, _) = Raw::open(&bridge, "").await;
    raw.frame(TEXT, &HELLO[..5]).await;
    raw.frame(0, &HELLO[5..9]).await;
    raw.frame(FIN | PING, b"hey").await;
    raw.frame(0, b"").await;
    raw.frame(FIN, &HELLO[9..]).await;
    assert_eq!(raw.hear().await, Some((FIN | PONG, b"hey".to_vec())));
    let (first, payload) = raw.hear().await.expect("an answer");
    assert_eq!(first, FIN | TEXT);
    assert!(payload.starts_with(b"{\"type\":\"hello\""));
    raw.frame(FIN | CLOSE, &1000_u16.to_be_bytes()).await;
    assert_eq!(raw.close_code().await, 1000);
    assert_eq!(raw.hear().await, None);
}

/// Rule 9: three pings without any sign of life.
#[tokio::test]
async fn a_page_that_is_silent_for_three_pings_is_closed() {
    let limits = Limits { ping_s: 1, ..Limits::local() };
    let bridge = bridge_with(Options { limits, ..Options::local(page()) }).await;
    let (mut raw, _) = Raw::open(&bridge, "").await;
    raw.frame(FIN | TEXT, HELLO).await;
    let mut pings = 0;
    loop {
        match raw.hear().await {
            Some((first, _)) if first == FIN | PING => pings += 1,
            Some((first, _)) if first == FIN | CLOSE => break,
            Some(_) => {}
            None => panic!("closed without a close frame"),
        }
    }
    assert_eq!(pings, 3);
}

#[tokio::test]
async fn compression_is_not_negotiated() {
    let bridge = bridge().await;
    let offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
    let (_, head) = Raw::open(&bridge, offer).await;
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    assert!(!head.to_lowercase().contains("extensions"), "{head}");
}

#[tokio::test]
async fn a_broken_protocol_ends_that_session_with_its_code() {
    let bridge = bridge().await;
    let mut bystander = bridge.client().await;
    let long = [b'x'; 126];
    let cases: [Case; 9] = [
        ("reserved bit", &[(FIN | 0x40 | TEXT, HELLO)], 1002),
        ("reserved opcode", &[(FIN | 3, HELLO)], 1002),
        ("reserved control opcode", &[(FIN | 11, b"")], 1002),
        ("fragmented ping", &[(PING, b"x")], 1002),
        ("long ping", &[(FIN | PING, &long)], 1002),
        ("continuation of nothing", &[(FIN, HELLO)], 1002),
        ("a message within a message", &[(TEXT, b"{"), (FIN | TEXT, HELLO)], 1002),
        ("not UTF-8", &[(FIN | TEXT, b"\xff\xfe")], 1007),
        ("not hello", &[(FIN | TEXT, br#"{"type":"cancel","id":1}"#)], 1008),
    ];
    for (name, frames, code) in cases {
        let (mut raw, _) = Raw::open(&bridge, "").await;
        for (first, payload) in frames {
            raw.frame(*first, payload).await;
        }
        assert_eq!(raw.close_code().await, code, "{name}");
    }
    let (mut raw, _) = Raw::open(&bridge, "").await;
    raw.0.write_all(&[FIN | TEXT, HELLO.len() as u8]).await.expect("it reads");
    raw.0.write_all(HELLO).await.expect("it reads");
    assert_eq!(raw.close_code().await, 1002, "unmasked");
    let (mut raw, _) = Raw::open(&bridge, "").await;
    raw.0.write_all(&[FIN | 2, 0xff, 0x7f]).await.expect("it reads");
    raw.0.write_all(&[0xff; 7 + 4]).await.expect("it reads");
    assert_eq!(raw.close_code().await, 1009, "2^63 - 1 bytes announced");
    bystander.tcp().await;
}

/// Attack 17 as far as the bridge goes: bytes come as they are, whatever they look like.
#[tokio::test]
async fn bytes_of_any_kind_arrive_unchanged() {
    let bridge = bridge().await;
    let mut page = bridge.client().await;
    let call = abi::Syscall::Socketpair { domain: 1, ty: 1, protocol: 0, fds: abi::OutPtr::good() };
    let abi::Out::Fds { fds: [a, b] } = page.reply(call).await.out else { panic!("two handles") };
    let mut evil = b"<img src=x onerror=alert(1)>\0\x1b]0;title\x07\r\n".to_vec();
    evil.extend((0..64 * 1024).map(|i| (i % 32) as u8));
    evil.extend([0xff, 0xfe, 0xed, 0xa0, 0x80]);
    page.send(a, &evil).await.expect("sends");
    let mut got = Vec::new();
    while got.len() < evil.len() {
        got.extend(page.recv(b, 1 << 20).await.expect("the bytes"));
    }
    assert!(got == evil);
}
