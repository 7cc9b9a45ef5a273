//! Attacks 2 and 5 with a real browser, which is what they are about. A missing chromium fails
//! these tests by name: `cargo xtask test` installs it.

use crate::lab::bridge;
use axum::Router;
use axum::response::Html;
use axum::routing::get;
use std::process::Stdio;
use tokio::net::TcpListener;
use tokio::process::Command;

/// What a page looks like after its scripts have run, and what the browser said on its console.
pub(crate) async fn browse(url: &str, options: &[&str]) -> (String, String) {
    let profile = tempfile::tempdir().expect("a directory");
    let mut command = Command::new("chromium");
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        .args(["--no-first-run", "--disable-background-networking", "--disable-sync"])
        .args(["--virtual-time-budget=10000", "--enable-logging=stderr", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(options)
        .arg(url)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = command.output();
    let output = tokio::time::timeout(crate::lab::PATIENCE, output).await;
    let output = output.expect("chromium ends").unwrap_or_else(|error| {
        panic!("chromium does not start ({error}); `cargo xtask test` installs it")
    });
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (text(output.stdout), text(output.stderr))
}

/// Serves one page of somebody else, on another port.
async fn stranger(html: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let at = listener.local_addr().expect("bound");
    let app = Router::new().route("/", get(move || async move { Html(html) }));
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{at}/")
}

#[tokio::test]
async fn in_a_browser_a_rebound_name_shows_nothing_and_the_real_one_runs_the_page() {
    let bridge = bridge().await;
    let port = bridge.addr.port();
    let rebound = ["--host-resolver-rules=MAP evil.test 127.0.0.1"];
    let (dom, _) = browse(&format!("http://evil.test:{port}/"), &rebound).await;
    assert!(dom.contains("not this bridge's name"), "{dom}");
    assert!(!dom.contains("inline ran"), "{dom}");
    // The policy's hash lets exactly our inline script run.
    let (dom, console) = browse(&format!("http://127.0.0.1:{port}/"), &[]).await;
    assert!(dom.contains("inline ran"), "{dom}{console}");
}

#[tokio::test]
async fn in_a_browser_a_strangers_page_neither_frames_nor_loads_nor_connects() {
    let bridge = bridge().await;
    let ours = bridge.addr;
    let html = format!(
        "<!doctype html><p id=ran>no</p><p id=script>?</p><p id=socket>?</p><p id=fetch>?</p>\
         <script>\
         const say = (id, text) => document.getElementById(id).textContent = text;\
         say('ran', 'stranger ran');\
         const socket = new WebSocket('ws://{ours}/ws', ['soquete.v1', 'tok.{token}']);\
         socket.onopen = () => say('socket', 'socket opened');\
         socket.onerror = () => say('socket', 'socket refused');\
         fetch('http://{ours}/app.js').then(() => say('fetch', 'fetch allowed'),\
         () => say('fetch', 'fetch refused'));\
         </script>\
         <script src='http://{ours}/app.js' onerror=\"say('script', 'script refused')\"\
         onload=\"say('script', 'script ' + window.stolen)\"></script>\
         <iframe src='http://{ours}/'></iframe>",
        token = bridge.token.reveal(),
    );
    let (dom, console) = browse(&stranger(html).await, &[]).await;
    for expected in ["stranger ran", "socket refused", "fetch refused", "script refused"] {
        assert!(dom.contains(expected), "no `{expected}` in {dom}{console}");
    }
    assert!(console.contains("frame-ancestors"), "the frame was not refused: {console}");
}
