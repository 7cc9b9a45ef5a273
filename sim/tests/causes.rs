//! Every error that programs reach here has a cause said for its call, in both languages.

extern crate soquete_sim as sim;

use abi::{Errno, Lang};
use sim::causes::{cause, is_specific, pairs};
use std::collections::BTreeSet;

/// A call of the facts as `strace(1)` names it.
fn kernel_name(call: &str) -> &str {
    match call {
        "send" | "sendto" => "sendto",
        "recv" | "recvfrom" => "recvfrom",
        "open" => "openat",
        "pipe" | "pipe_null" => "pipe2",
        "wait" | "waitpid" => "wait4",
        "writev_count" => "writev",
        "settimeo" | "setsockopt_len" => "setsockopt",
        "select_nfds" | "select" => "pselect6",
        "semop" => "semtimedop",
        "mq_send" => "mq_timedsend",
        "mq_receive" => "mq_timedreceive",
        "fork" => "clone",
        "futex_wait" => "futex",
        "mkfifo" => "mknodat",
        "poll_none" => "poll",
        "getsockname_null" => "getsockname",
        "join" => "pthread_join",
        other => other,
    }
}

/// `call(…) => -1 ERROR` and `<= -1 ERROR` in the facts.
fn reached() -> BTreeSet<(String, String)> {
    const FACTS: [&str; 8] = [
        include_str!("facts/descriptors.txt"),
        include_str!("facts/ipc.txt"),
        include_str!("facts/open.txt"),
        include_str!("facts/pipes.txt"),
        include_str!("facts/processes.txt"),
        include_str!("facts/tcp.txt"),
        include_str!("facts/udp.txt"),
        include_str!("facts/unix.txt"),
    ];
    let mut pairs = BTreeSet::new();
    for line in FACTS.iter().flat_map(|text| text.lines()) {
        let Some((asked, answer)) = line.split_once(" => -1 ") else { continue };
        let Some((before, _)) = asked.split_once('(') else { continue };
        let call = before.rsplit([' ', ':', '=']).next().unwrap_or_default();
        let errno = answer.split_whitespace().next().unwrap_or_default();
        pairs.insert((kernel_name(call).to_owned(), errno.to_owned()));
    }
    pairs
}

#[test]
fn every_error_that_the_facts_reach_has_a_cause_of_its_call() {
    let mut missing = Vec::new();
    let reached = reached();
    assert!(reached.len() > 80, "{}", reached.len());
    for (call, name) in &reached {
        let errno = (1..200).map(Errno).find(|errno| errno.name() == name);
        let errno = errno.unwrap_or_else(|| panic!("{name} is an error"));
        if !is_specific(errno, call) {
            missing.push(format!("{call}: {name}"));
        }
        for lang in Lang::ALL {
            assert!(cause(errno, call, lang).len() > 20, "{call} {name}");
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn hundreds_of_pairs_have_a_cause() {
    assert!(pairs() >= 150, "{}", pairs());
}

/// What can go wrong on Linux and has a number has at least a general cause here.
#[test]
fn no_error_of_the_simulator_is_without_words() {
    let general = "See the call's manual page.";
    let sources = [
        include_str!("../src/kernel/syscall/socket.rs"),
        include_str!("../src/kernel/syscall/file.rs"),
        include_str!("../src/kernel/syscall/process.rs"),
        include_str!("../src/kernel/syscall/signal.rs"),
        include_str!("../src/kernel/syscall/ipc.rs"),
        include_str!("../src/kernel/syscall/unix.rs"),
        include_str!("../src/kernel/syscall/poll.rs"),
        include_str!("../src/kernel/syscall/memory.rs"),
        include_str!("../src/net/options.rs"),
        include_str!("../src/net/streams.rs"),
        include_str!("../src/net/datagrams.rs"),
        include_str!("../src/tcp/calls.rs"),
    ];
    let named: BTreeSet<&str> = sources
        .iter()
        .flat_map(|text| text.split("Errno::").skip(1))
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next())
        .filter(|name| name.starts_with('E') && name.len() > 2)
        .collect();
    assert!(named.len() > 40, "{named:?}");
    for name in named {
        let Some(errno) = (1..200).map(Errno).find(|errno| errno.name() == name) else { continue };
        assert_ne!(cause(errno, "some-call", Lang::En), general, "{name}");
    }
}
