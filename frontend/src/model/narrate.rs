//! A sentence for each moment: what happened, and what else happened at once.

use crate::i18n::Msg;
use crate::model::course::Course;
use crate::model::story::Story;
use crate::model::world::ended;
use abi::Lang;
use sim::trace::{Record, What};

/// The story of a moment. `record` finds a record by its number.
pub(crate) fn story<'a>(
    course: &Course,
    cursor: usize,
    lang: Lang,
    record: impl Fn(usize) -> Option<&'a Record>,
) -> Story {
    let Some(moment) = course.moments.get(cursor) else { return Story::default() };
    let Some(main) = moment.record.and_then(&record) else {
        return Story { sentence: Msg::AtStart.text(lang), ..Story::default() };
    };
    let why = moment.also.iter().filter_map(|index| record(*index));
    let why = why.filter_map(|record| sentence(course, record, lang)).map(|msg| msg.text(lang));
    Story {
        sentence: sentence(course, main, lang).map_or_else(String::new, |msg| msg.text(lang)),
        why: why.take(3).collect(),
        source: None,
    }
}

/// A process as people call it.
fn who(course: &Course, record: &Record) -> String {
    let mine = |p: &&crate::model::course::Process| {
        p.host == record.host.0 as usize && p.pid == record.pid
    };
    match course.processes.iter().find(mine) {
        Some(process) => process.program.clone(),
        None => host(course, record.host.0),
    }
}

fn host(course: &Course, number: u32) -> String {
    course.hosts.get(number as usize).map_or_else(String::new, |host| host.name.clone())
}

fn sentence(course: &Course, record: &Record, lang: Lang) -> Option<Msg> {
    let who = who(course, record);
    let packet = |id: sim::PacketId| {
        let packet = course.packets.iter().find(|packet| packet.id == id.0);
        packet.map_or_else(String::new, |packet| packet.summary.label.clone())
    };
    Some(match &record.what {
        What::Burst { .. } => return None,
        What::ProcessStart { program, .. } => Msg::SayStart {
            program: program.clone(),
            pid: record.pid.0,
            host: host(course, record.host.0),
        },
        What::Exec { program } => Msg::SayExec { who, program: program.clone() },
        What::ThreadStart { .. } => Msg::SayThread { who },
        What::ThreadEnd => Msg::SayThreadEnd { who },
        What::CallStart { syscall, .. } => {
            Msg::SayCall { who, call: abi::strace::unfinished(syscall) }
        }
        What::CallBlocked { call, .. } => {
            let call = course.calls.iter().find(|c| c.id == call.0)?;
            Msg::SayBlocked { who, call: format!("{}()", abi::strace::name(&call.syscall)) }
        }
        What::CallEnd { syscall, reply, .. } => {
            let call = format!("{}()", abi::strace::name(syscall));
            match reply.ret {
                Ok(value) => Msg::SayReturn { who, call, value },
                Err(errno) => Msg::SayError {
                    who,
                    call,
                    errno: errno.name().to_owned(),
                    text: errno.message(),
                },
            }
        }
        What::PacketSent { packet: id, from, to, .. } => {
            Msg::SaySent { from: host(course, from.0), to: host(course, to.0), packet: packet(*id) }
        }
        What::PacketArrived { packet: id } => {
            Msg::SayArrived { host: host(course, record.host.0), packet: packet(*id) }
        }
        What::PacketDropped { packet: id, .. } => {
            Msg::SayDropped { host: host(course, record.host.0), packet: packet(*id) }
        }
        What::SocketState { socket, from, to, .. } => Msg::SayState {
            host: host(course, record.host.0),
            sock: socket.0,
            from: from.to_string(),
            to: to.to_string(),
        },
        What::Output { bytes, .. } => {
            Msg::SayOutput { who, text: String::from_utf8_lossy(&bytes.0).trim_end().to_owned() }
        }
        What::Input { bytes } => {
            Msg::SayInput { who, text: String::from_utf8_lossy(&bytes.0).trim_end().to_owned() }
        }
        What::SignalSent { signal, .. } => Msg::SaySignalSent { who, signal: signal_name(*signal) },
        What::Signal { signal, .. } => Msg::SaySignal { who, signal: signal_name(*signal) },
        What::ProcessExit { status } => match ended(*status) {
            Msg::KilledBy { signal } => Msg::SayKilled { who, signal },
            _ => Msg::SayExited { who, status: status >> 8 & 0xff },
        },
        What::Reaped { .. } => Msg::SayReaped { who },
        What::Fault { fault, .. } => Msg::SayFault { who, text: fault.text(lang) },
        What::Acted { .. } => Msg::SayActed,
        What::Unsupported { name } => Msg::SayUnsupported { name: name.clone() },
    })
}

fn signal_name(signal: i32) -> String {
    let name = abi::consts::name(abi::consts::table::SIG, signal);
    name.map_or_else(|| signal.to_string(), str::to_owned)
}
