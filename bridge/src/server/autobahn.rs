//! Autobahn's WebSocket suite against our WebSocket, as an echo: the suite knows nothing of calls.
//!
//! The suite is Python 2: `AUTOBAHN=/path/to/wstest cargo test -p soquete-bridge autobahn -- --ignored`.
//! <https://pypi.org/project/autobahntestsuite/>

use super::configured;
use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::routing::get;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The largest message of the suite is 16 MiB; the session's own limit is another test's.
const MESSAGE_BYTES: usize = 16 << 20;

async fn echo(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        let answer = matches!(message, Message::Text(_) | Message::Binary(_));
        if answer && socket.send(message).await.is_err() {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Autobahn's wstest (Python 2) in PATH or AUTOBAHN"]
async fn every_case_of_autobahns_suite() {
    let program = std::env::var("AUTOBAHN").unwrap_or_else(|_| "wstest".to_owned());
    let dir = tempfile::tempdir().expect("a directory");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let at = listener.local_addr().expect("bound");
    let router = Router::new().route(
        "/",
        get(|upgrade: WebSocketUpgrade| async {
            configured(upgrade, MESSAGE_BYTES).on_upgrade(echo)
        }),
    );
    let stop = CancellationToken::new();
    let serving = tokio::spawn({
        let stop = stop.clone();
        async move { super::serve(listener, router, 16, Duration::from_secs(10), &stop).await }
    });
    let spec = dir.path().join("spec.json");
    let outdir = dir.path().join("reports");
    let text = serde_json::json!({
        "outdir": outdir,
        "servers": [{ "agent": "soquete", "url": format!("ws://{at}/") }],
        "cases": ["*"],
        "exclude-cases": [],
        "exclude-agent-cases": {},
    });
    std::fs::write(&spec, text.to_string()).expect("written");
    let ended = tokio::process::Command::new(&program)
        .args(["-m", "fuzzingclient", "-s"])
        .arg(&spec)
        .current_dir(dir.path())
        .output()
        .await
        .unwrap_or_else(|error| panic!("{program}: {error}; pip2 install autobahntestsuite"));
    stop.cancel();
    serving.await.expect("no panic");
    let index = std::fs::read_to_string(outdir.join("index.json")).unwrap_or_else(|error| {
        panic!("no report ({error}): {}", String::from_utf8_lossy(&ended.stderr))
    });
    let index: BTreeMap<String, BTreeMap<String, serde_json::Value>> =
        serde_json::from_str(&index).expect("JSON");
    let cases = &index["soquete"];
    assert!(cases.len() > 500, "{} cases", cases.len());
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut failed = Vec::new();
    for (case, result) in cases {
        let of = |name: &str| result[name].as_str().unwrap_or_default().to_owned();
        let (behavior, close) = (of("behavior"), of("behaviorClose"));
        if behavior == "FAILED" || close == "FAILED" || close == "UNCLEAN" {
            failed.push(format!("{case}: {behavior}, close {close}"));
        }
        *counts.entry(behavior).or_default() += 1;
    }
    assert_eq!(failed, [""; 0], "of {counts:?}");
    eprintln!("{counts:?}");
}
