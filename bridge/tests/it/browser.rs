//! Attacks 2 and 5 with a real browser, which is what they are about. A missing chromium fails
//! these tests by name: `cargo xtask test` installs it.

use crate::lab::{bridge, bridge_with};
use axum::Router;
use axum::response::Html;
use axum::routing::get;
use soquete_bridge::Options;
use soquete_bridge::page::Page;
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

/// A course page shows the embedded view; what runs in it cannot open a session, even with the
/// token, and the page itself is not shown beside it.
#[tokio::test]
async fn in_a_browser_a_course_page_frames_the_embedded_view_which_reaches_no_session() {
    let script = "const say = text => parent.postMessage(text, '*');\
                  say('embedded view ran ' + location.search);\
                  const [token] = location.hash.slice(1).split(',');\
                  try {\
                  const socket = new WebSocket('ws://' + location.host + '/ws', ['soquete.v1', 'tok.' + token]);\
                  socket.onopen = () => say('socket opened');\
                  socket.onerror = () => say('socket refused');\
                  } catch { say('socket refused'); }\
                  fetch('app.js').then(() => say('own file read'), () => say('own file refused'));";
    let index = format!("<!doctype html><title>soquete</title><script>{script}</script>");
    let page = Page::from_files([
        ("index.html".to_owned(), index.into_bytes()),
        ("app.js".to_owned(), b"1".to_vec()),
    ]);
    let bridge = bridge_with(Options::local(page)).await;
    let (ours, token) = (bridge.addr, bridge.token.reveal());
    let html = format!(
        "<!doctype html><p id=said></p>\
         <script>addEventListener('message', ({{data}}) => said.textContent += data + '; ')</script>\
         <iframe src='http://{ours}/?embed#{token}'></iframe>\
         <iframe src='http://{ours}/#{token}'></iframe>"
    );
    let (dom, console) = browse(&stranger(html).await, &[]).await;
    for expected in ["embedded view ran ?embed;", "socket refused", "own file read"] {
        assert!(dom.contains(expected), "no `{expected}` in {dom}{console}");
    }
    assert!(!dom.contains("socket opened"), "{dom}");
    assert!(!dom.contains("embedded view ran ;"), "the ordinary page was framed: {dom}");
    assert!(console.contains("frame-ancestors"), "{console}");
}
