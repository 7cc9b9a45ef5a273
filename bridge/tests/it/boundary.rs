//! Who may speak to the bridge: attacks 1 to 3.

use crate::lab::{Caller, bridge, status};
use abi::message::SUBPROTOCOL;
use std::fmt::Write;

#[tokio::test]
async fn a_page_of_another_origin_gets_no_socket() {
    let bridge = bridge().await;
    let own = bridge.addr.to_string();
    let token = format!("tok.{}", bridge.token.reveal());
    let protocols = [SUBPROTOCOL, token.as_str()];
    let other_port = format!("http://127.0.0.1:{}", bridge.addr.port() ^ 1);
    let other_name = format!("http://localhost:{}", bridge.addr.port());
    let https = format!("https://{own}");
    for origin in [
        None,
        Some("http://evil.example"),
        Some("null"),
        Some(other_port.as_str()),
        Some(other_name.as_str()),
        Some(https.as_str()),
        Some(""),
    ] {
        let refused = bridge.try_client(&own, origin, &protocols).await.err();
        assert_eq!(refused, Some(403), "{origin:?}");
    }
}

#[tokio::test]
async fn by_a_foreign_name_nothing_is_served_on_any_route() {
    let bridge = bridge().await;
    let port = bridge.addr.port();
    let routes = ["/", "/ws", "/app.js", "/healthz", "/metrics", "/nothing"];
    let hosts = [
        "Host: evil.example".to_owned(),
        format!("Host: evil.example:{port}"),
        format!("Host: 127.0.0.1:{}", port ^ 1),
        "Host: 127.0.0.1".to_owned(),
        format!("Host: 127.0.0.1.evil.example:{port}"),
        format!("Host: 127.0.0.1:{port}\r\nHost: 127.0.0.1:{port}"),
        format!("Host: 127.0.0.1:{port}\r\nHost: evil.example"),
        "Host:".to_owned(),
    ];
    for route in routes {
        for host in &hosts {
            let request = format!("GET {route} HTTP/1.1\r\n{host}\r\nConnection: close\r\n\r\n");
            let answer = bridge.http(&request).await;
            assert_eq!(status(&answer), 421, "{request}{answer}");
            assert!(!answer.contains("inline ran") && !answer.contains("stolen"));
        }
        let absolute = format!(
            "GET http://evil.example{route} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\
             Connection: close\r\n\r\n"
        );
        assert_eq!(status(&bridge.http(&absolute).await), 421, "{absolute}");
        let old = format!("GET {route} HTTP/1.0\r\n\r\n");
        assert_eq!(status(&bridge.http(&old).await), 421, "{old}");
    }
    for host in ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"] {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
        assert_eq!(status(&bridge.http(&request).await), 200, "{request}");
    }
}

#[tokio::test]
async fn without_the_token_no_session_and_guesses_are_capped() {
    let bridge = bridge().await;
    let own = bridge.addr.to_string();
    let origin = format!("http://{own}");
    let good = bridge.token.reveal().to_owned();
    let mut off = good.clone().into_bytes();
    off[63] = if off[63] == b'0' { b'1' } else { b'0' };
    let off = String::from_utf8(off).expect("hexadecimal");
    let tok = |token: &str| format!("tok.{token}");
    let wrong = [
        vec![SUBPROTOCOL.to_owned()],
        vec![tok(&good)],
        vec![SUBPROTOCOL.to_owned(), tok("")],
        vec![SUBPROTOCOL.to_owned(), tok(&off)],
        vec![SUBPROTOCOL.to_owned(), tok(&good[..63])],
        vec![SUBPROTOCOL.to_owned(), tok(&format!("{good}0"))],
        vec![SUBPROTOCOL.to_owned(), tok(&"f".repeat(8000))],
        vec![SUBPROTOCOL.to_owned(), tok(&good), tok(&good)],
        vec![SUBPROTOCOL.to_owned(), tok(&off), tok(&good)],
        vec!["soquete.v0".to_owned(), tok(&good)],
    ];
    let mut answers = Vec::new();
    for protocols in wrong.iter().cycle().take(30) {
        let protocols: Vec<&str> = protocols.iter().map(String::as_str).collect();
        let answer = bridge.try_client(&own, Some(&origin), &protocols).await;
        answers.push(answer.err().expect("refused"));
    }
    assert_eq!(answers[..20], [401; 20]);
    assert_eq!(answers[20..], [429; 10]);
    // Whoever has the link is not locked out by a stranger's guesses.
    bridge.client().await.tcp().await;
}

#[tokio::test]
async fn every_answer_carries_the_headers_and_the_script_hash_is_right() {
    let bridge = bridge().await;
    for path in ["/", "/app.js", "/healthz", "/metrics", "/nothing", "/ws"] {
        let answer = bridge.get(path).await.to_lowercase();
        for header in [
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cross-origin-resource-policy: same-origin",
            "cross-origin-opener-policy: same-origin",
        ] {
            assert!(answer.contains(header), "{path}: no {header}\n{answer}");
        }
        assert!(!answer.contains("access-control-"), "{path}");
    }
    let answer = bridge.get("/app.wasm").await;
    assert!(answer.contains("content-type: application/wasm"), "{answer}");
}

/// Only the view for course pages may be framed, and it can reach no session.
#[tokio::test]
async fn only_the_embedded_view_may_be_framed_and_it_has_no_socket() {
    let bridge = bridge().await;
    let policy = async |path: &str| {
        let answer = bridge.get(path).await;
        let line = answer.lines().find(|l| l.starts_with("content-security-policy:"));
        line.unwrap_or_else(|| panic!("{path}: {answer}")).to_owned()
    };
    for path in ["/?embed", "/?embed=1", "/index.html?lang=en&embed"] {
        let policy = policy(path).await;
        assert!(!policy.contains("frame-ancestors"), "{path}: {policy}");
        let (_, connect) = policy.split_once("connect-src ").expect("it says what it may reach");
        let (connect, _) = connect.split_once(';').expect("something follows");
        assert!(connect.split(' ').all(|source| source.starts_with("http://")), "{connect}");
        assert!(connect.contains(&format!("http://{}", bridge.addr)), "{connect}");
    }
    let others = [
        "/",
        "/?",
        "/?embedded",
        "/?embed=0",
        "/?xembed",
        "/?a=embed",
        "/?embed%3D1",
        "/#embed",
        "/app.js?embed",
        "/ws?embed",
        "/metrics?embed",
        "/nothing?embed",
    ];
    for path in others {
        let policy = policy(path).await;
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn the_numbers_are_behind_the_token() {
    let bridge = bridge().await;
    assert_eq!(status(&bridge.get("/metrics").await), 401);
    bridge.client().await.tcp().await;
    let mut request = String::new();
    let _ = write!(
        request,
        "GET /metrics HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
        bridge.addr,
        bridge.token.reveal()
    );
    let answer = bridge.http(&request).await;
    assert_eq!(status(&answer), 200);
    assert!(answer.contains("soquete_calls_total{call=\"socket\",errno=\"\"} 1"), "{answer}");
    assert!(answer.contains("soquete_refused_total{status=\"401\"} 1"), "{answer}");
}
