//! `soquete serve` under load: memory, descriptors, tasks. Attacks 14 and 16, and EMFILE.

mod lab;

use abi::message::ToBridge;
use abi::{AddrIn, AddrOut, Errno, OutBuf, SockAddr, Syscall};
use lab::{Serving, soquete, wait_until};
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

const MIB: u64 = 1 << 20;

/// Attack 14.
#[test]
fn a_page_that_stops_reading_costs_no_memory() {
    let serving = Serving::start(&mut soquete());
    let flood = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let at = flood.local_addr().expect("bound");
    let arrived = Arc::new(AtomicU64::new(0));
    let counting = arrived.clone();
    std::thread::spawn(move || {
        let Ok((mut stream, _)) = flood.accept() else { return };
        let block = vec![b'x'; 1 << 20];
        while stream.write_all(&block).is_ok() {
            counting.fetch_add(1, Ordering::Relaxed);
        }
    });
    let mut page = serving.page();
    let fd = page.tcp().expect("a socket");
    let addr = AddrIn::of(SockAddr::from_std(at));
    page.call(Syscall::Connect { fd, addr }).expect("allowed").ret.expect("connects");
    let before = serving.memory();
    // Asks for 4 GB and reads nothing. Once the bridge does not read either, writing times out.
    page.socket.get_mut().set_write_timeout(Some(Duration::from_millis(300))).expect("a socket");
    let mut most = 0;
    for id in 0..4096 {
        let buf = OutBuf::of(MIB);
        let call = Syscall::Recvfrom { fd, buf, flags: 0, addr: AddrOut::null() };
        let call = ToBridge::Call { id: 10_000 + id, call, blocking: true, info: false };
        let text = serde_json::to_string(&call).expect("serialises");
        if page.socket.send(Message::text(text)).is_err() {
            break;
        }
        most = most.max(serving.memory());
    }
    let progress = || arrived.load(Ordering::Relaxed);
    let mut last = u64::MAX;
    wait_until("the flood stands still", || {
        std::thread::sleep(Duration::from_millis(50));
        most = most.max(serving.memory());
        std::mem::replace(&mut last, progress()) == progress()
    });
    let more = most.saturating_sub(before);
    assert!(more < 16 * MIB, "{} KiB more after {} MiB", more / 1024, progress());
    // The others are served meanwhile.
    serving.page().tcp().expect("a socket");
}

/// Attack 16.
#[test]
fn a_thousand_killed_clients_leave_nothing_behind() {
    let serving = Serving::start(soquete().args(["--max-sessions", "2000"]));
    serving.page().tcp().expect("a socket");
    let sessions = || {
        let bearer = format!("Authorization: Bearer {}\r\n", serving.token);
        let answer = serving.request("/metrics", &bearer);
        let lines = answer.lines().filter(|line| {
            line.starts_with("soquete_sessions ") || line.starts_with("soquete_sockets ")
        });
        lines.map(|line| line.rsplit(' ').next().unwrap_or("?").to_owned()).collect::<String>()
    };
    wait_until("the first session is over", || sessions() == "00");
    let before = serving.descriptors();
    let memory = serving.memory();
    for i in 0..1000 {
        let mut page = serving.page();
        let fd = page.tcp().expect("a socket");
        let any: SocketAddr = "127.0.0.1:0".parse().expect("an address");
        let addr = AddrIn::of(SockAddr::from_std(any));
        page.start(Syscall::Bind { fd, addr });
        page.start(Syscall::Listen { fd, backlog: 1 });
        page.start(Syscall::Accept { fd, addr: AddrOut::null() });
        if i % 2 == 0 {
            // Dies with a message half written.
            let half = [0x81, 0xfe, 0x10, 0x00, 1, 2, 3, 4, b'{'];
            page.socket.get_mut().write_all(&half).expect("the session lives");
        }
    }
    wait_until("every session is over", || sessions() == "00");
    wait_until("every descriptor is closed", || serving.descriptors() <= before);
    let more = serving.memory().saturating_sub(memory);
    assert!(more < 16 * MIB, "{} KiB more", more / 1024);
}

#[test]
fn two_hundred_sessions_with_64_sockets_each() {
    let serving = Serving::start(soquete().args(["--max-sessions", "200"]));
    // Where the system grants fewer descriptors than 200 × 65 there are fewer sessions.
    let sessions = (descriptors_granted() - 300).min(200 * 65) / 65;
    let mut pages: Vec<_> = (0..sessions).map(|_| serving.page()).collect();
    let refused = serving.request("/healthz", "");
    assert!(refused.contains("200 OK"), "{refused}");
    for page in &mut pages {
        for _ in 0..64 {
            page.start(Syscall::Socket { domain: 2, ty: 1, protocol: 0 });
        }
    }
    for page in &mut pages {
        for _ in 0..64 {
            let text = format!("{:?}", page.hear());
            assert!(text.contains("ret: Ok("), "{text}");
        }
    }
    assert!(serving.descriptors() > sessions * 65);
    drop(pages);
    wait_until("every socket is closed", || serving.descriptors() < 200);
}

/// The hard limit of open descriptors.
fn descriptors_granted() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").expect("/proc");
    let line = limits.lines().find(|line| line.starts_with("Max open files")).expect("a line");
    let hard = line.split_whitespace().nth(4).and_then(|hard| hard.parse().ok());
    hard.unwrap_or(usize::MAX)
}

#[test]
fn when_descriptors_run_out_the_errno_is_the_kernels_and_the_session_lives() {
    let mut command = Command::new("sh");
    let program = env!("CARGO_BIN_EXE_soquete");
    command.args(["-c", "ulimit -n 40; exec \"$0\" serve --no-open", program]);
    let serving = Serving::start(&mut command);
    let mut page = serving.page();
    let mut made = Vec::new();
    let errno = loop {
        match page.tcp() {
            Ok(fd) => made.push(fd),
            Err(errno) => break errno,
        }
    };
    assert_eq!(errno, Errno::EMFILE);
    let fd = made.pop().expect("some were made");
    page.call(Syscall::Close { fd }).expect("allowed").ret.expect("closes");
    page.tcp().expect("there is room again");
}
