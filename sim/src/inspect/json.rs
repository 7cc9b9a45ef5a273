//! The trace as JSON lines, for scripts that judge or count.

use crate::trace::{Record, SignalEffect, What};
use abi::{consts, strace};
use serde_json::{Map, Value, json};

/// One line of JSON for a record that says something about a run (bursts do not): what is common to
/// all (`t_ns`, `host`, `pid`, `event`) and what is the event's own.
pub fn json_line(record: &Record, host: &str) -> Option<String> {
    let (event, own) = describe(record)?;
    let mut line = Map::new();
    line.insert("t_ns".to_owned(), record.t_ns.into());
    line.insert("host".to_owned(), host.into());
    line.insert("pid".to_owned(), record.pid.0.into());
    line.insert("event".to_owned(), event.into());
    if let Value::Object(own) = own {
        line.extend(own);
    }
    if record.measured {
        line.insert("measured".to_owned(), true.into());
    }
    Some(Value::Object(line).to_string())
}

fn describe(record: &Record) -> Option<(&'static str, Value)> {
    let signal_name = |signal: i32| consts::name(consts::table::SIG, signal).unwrap_or("SIG?");
    Some(match &record.what {
        What::CallEnd { syscall, reply, started_ns, blocked, call } => (
            "call",
            json!({
                "id": call.0,
                "tid": record.tid.0,
                "name": strace::name(syscall),
                "args": strace::arguments_of(syscall, reply),
                "ret": reply.ret.ok(),
                "errno": reply.ret.err().map(abi::Errno::name),
                "out": reply.out,
                "started_ns": started_ns,
                "blocked": blocked,
            }),
        ),
        What::PacketSent { packet, frame, link, from, to, arrives_ns, fate, .. } => (
            "packet",
            json!({
                "packet": packet.0,
                "link": link,
                "from": from.0,
                "to": to.0,
                "len": frame.len(),
                "arrives_ns": arrives_ns,
                "fate": format!("{fate:?}"),
            }),
        ),
        What::PacketDropped { packet, why } => {
            ("drop", json!({ "packet": packet.0, "why": format!("{why:?}") }))
        }
        What::SocketState { socket, local, peer, from, to, why } => (
            "state",
            json!({
                "socket": socket.0,
                "local": local.to_string(),
                "peer": peer.to_string(),
                "from": from.to_string(),
                "to": to.to_string(),
                "why": format!("{why:?}"),
            }),
        ),
        What::Tcp { socket, event: crate::tcp::Event::Sample(sample) } => (
            "sample",
            json!({
                "socket": socket.0,
                "cwnd": sample.cwnd,
                "ssthresh": sample.ssthresh,
                "in_flight": sample.in_flight,
                "srtt_us": sample.srtt_us,
                "rto_us": sample.rto_us,
                "snd_wnd": sample.snd_wnd,
            }),
        ),
        What::Tcp { socket, event } => {
            ("tcp", json!({ "socket": socket.0, "what": format!("{event:?}") }))
        }
        What::Output { fd, bytes, .. } => {
            ("output", json!({ "fd": fd.0, "text": String::from_utf8_lossy(&bytes.0) }))
        }
        What::Signal { signal, effect, .. } if *effect != SignalEffect::Ignored => {
            ("signal", json!({ "signal": signal_name(*signal), "effect": format!("{effect:?}") }))
        }
        What::ProcessStart { program, parent } => {
            ("start", json!({ "program": program, "parent": parent.map(|pid| pid.0) }))
        }
        What::ProcessExit { status } => {
            ("exit", json!({ "status": status, "text": strace::ended(*status) }))
        }
        What::Fault { fault, line } => {
            ("fault", json!({ "text": fault.text(abi::Lang::En), "line": line }))
        }
        What::Race { race, line } => {
            ("race", json!({ "text": race.text(abi::Lang::En), "line": line }))
        }
        What::Unsupported { name } => ("unsupported", json!({ "name": name })),
        What::Acted { action } => ("action", json!({ "action": action })),
        _ => return None,
    })
}
