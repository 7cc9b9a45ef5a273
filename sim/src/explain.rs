//! What a record means, in words: what happened, why, what would have happened otherwise, and where
//! it is written. Computed from the trace, so that it holds for anybody's program.
//!
//! An [`Explanation`] is made of typed [`Message`]s with values; each message has its text in both
//! languages on one line of one table, so that none can be missing.

mod calls;
mod messages;
mod network;
mod objects;
mod outcome;
mod packets;
mod results;
mod tcp;

pub use messages::Message;
pub use outcome::errno_cause;

use crate::inspect::packet_label;
use crate::net::StateWhy;
use crate::tcp::State;
use crate::trace::{Record, SignalBy, SignalEffect, What};
use crate::{HostId, PacketId, timeline::Action};
use abi::{Lang, Pid, Syscall, consts, strace};
use objects::Objects;
use outcome::{Ended, answered, blocked};
use packets::{arrived, drop_text, sent};
use std::collections::BTreeMap;

/// What a record means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// What happened.
    pub what: Message,
    /// Why.
    pub why: Option<Message>,
    /// What would have happened otherwise, or what to change.
    pub otherwise: Option<Message>,
    /// Where it is written.
    pub written: Vec<Reference>,
}

/// A place where it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reference {
    /// A page of Linux's manual.
    Man(&'static str, u8),
    /// A function of Winsock 2, as Microsoft documents it (winsock2.h).
    Winsock(&'static str),
    /// An RFC's section; empty for the whole.
    Rfc(u16, &'static str),
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reference::Man(name, section) => write!(f, "{name}({section})"),
            Reference::Winsock(name) => write!(f, "winsock2.h: {name}"),
            Reference::Rfc(number, "") => write!(f, "RFC {number}"),
            Reference::Rfc(number, section) => write!(f, "RFC {number} §{section}"),
        }
    }
}

/// Names of hosts and processes, and what stands behind numbers, collected from the trace.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Names {
    hosts: Vec<String>,
    processes: BTreeMap<(HostId, Pid), String>,
    objects: Objects,
}

impl Names {
    /// From the hosts' names and the records so far.
    pub fn new<'a>(hosts: Vec<String>, records: impl Iterator<Item = &'a Record>) -> Names {
        let mut names = Names { hosts, ..Names::default() };
        for record in records {
            names.learn(record);
        }
        names
    }

    /// One more record.
    pub fn learn(&mut self, record: &Record) {
        if let What::ProcessStart { program, .. } | What::Exec { program } = &record.what {
            self.processes.insert((record.host, record.pid), program.clone());
        }
        self.objects.learn(record);
    }

    /// A host's name.
    pub fn host(&self, host: HostId) -> String {
        self.hosts.get(host.0 as usize).cloned().unwrap_or_else(|| format!("host {host}"))
    }

    /// `client`, or `server[3]` where a process has a parent of the same name.
    pub fn process(&self, host: HostId, pid: Pid) -> String {
        let Some(name) = self.processes.get(&(host, pid)) else {
            return format!("kernel {}", self.host(host));
        };
        let same = self.processes.iter().filter(|((h, _), n)| *h == host && *n == name).count();
        if same > 1 { format!("{name}[{pid}]") } else { name.clone() }
    }
}

/// What a record means; `None` for records that need no words.
pub fn explain(record: &Record, names: &Names, lang: Lang) -> Option<Explanation> {
    let mut explanation = bare(record, names, lang)?;
    if let Some((why, otherwise, written)) = calls::record(&record.what) {
        explanation.why.get_or_insert_with(|| said(why, lang));
        explanation.otherwise.get_or_insert_with(|| said(otherwise, lang));
        if explanation.written.is_empty() {
            explanation.written.push(written);
        }
    }
    Some(explanation)
}

/// One of two texts, pt-BR and English.
fn said([pt, en]: [&str; 2], lang: Lang) -> Message {
    let text = match lang {
        Lang::PtBr => pt,
        Lang::En => en,
    };
    Message::Said { text: text.to_owned() }
}

/// What has sentences with values of its own.
fn bare(record: &Record, names: &Names, lang: Lang) -> Option<Explanation> {
    let who = names.process(record.host, record.pid);
    let host = names.host(record.host);
    Some(match &record.what {
        What::ProcessStart { parent: None, .. } => plain(Message::Started { who }),
        What::ProcessStart { parent: Some(parent), .. } => Explanation {
            why: Some(Message::ForkWhy {}),
            otherwise: Some(Message::ForkOtherwise {}),
            written: vec![Reference::Man("fork", 2)],
            ..plain(Message::Forked { who, parent: parent.0 })
        },
        What::Exec { .. } => Explanation {
            why: calls::meaning("execve").map(|(why, _)| said(why, lang)),
            otherwise: calls::meaning("execve").map(|(_, otherwise)| said(otherwise, lang)),
            written: vec![Reference::Man("execve", 2)],
            ..plain(Message::Execed { who })
        },
        What::ThreadStart { .. } => Explanation {
            written: vec![Reference::Man("pthreads", 7)],
            ..plain(Message::ThreadStarted { who })
        },
        What::ThreadEnd => plain(Message::ThreadEnded { who }),
        What::Burst { instructions, statements: 1, .. } => {
            plain(Message::ComputedOne { who, instructions: *instructions })
        }
        What::Burst { instructions, statements, .. } => {
            plain(Message::Computed { who, statements: *statements, instructions: *instructions })
        }
        What::CallStart { syscall, .. } => {
            let call = spoken(syscall).to_owned();
            let known = calls::meaning(strace::name(syscall));
            Explanation {
                what: Message::Asked { who, call },
                why: Some(Message::AskedWhy {}),
                otherwise: Some(said(known.map_or(UNTESTED, |(_, otherwise)| otherwise), lang)),
                written: pages(syscall),
            }
        }
        What::CallBlocked { on, call } => {
            let syscall = names.objects.call(*call);
            blocked(on, syscall, who, lang, |fd| names.objects.behind(record, fd))
        }
        What::CallEnd { syscall, reply, started_ns, blocked, call } => {
            let ended = Ended {
                call: syscall,
                reply,
                slept_ns: blocked.then(|| record.t_ns - started_ns),
                line: names.objects.line(*call),
            };
            answered(&ended, who, lang, |fd| names.objects.behind(record, fd))
        }
        What::PacketSent { frame, from, to, fate, reason, .. } => {
            sent(frame, &names.host(*from), &names.host(*to), fate, *reason, lang)
        }
        What::PacketArrived { packet } => {
            let sent = names.objects.packet(*packet)?;
            arrived(sent, record.t_ns, host, names, lang)
        }
        What::PacketDropped { why, packet } => Explanation {
            why: Some(Message::LostWhy { why: drop_text(why, lang).to_owned() }),
            otherwise: Some(said(network::dropped(why), lang)),
            ..plain(Message::PacketThrown { host, label: label_of(*packet, names) })
        },
        What::SocketState { local, from, to, why, .. }
            if [*from, *to].contains(&State::Listen) && *to != State::SynReceived =>
        {
            listening(host, local.to_string(), *to, *why, lang)
        }
        What::SocketState { peer, from, to, why, .. } => {
            let (peer, from) = (peer.to_string(), from.to_string());
            let what = Message::StateWent { host, peer, from, to: to.to_string() };
            state_changed(what, *to, state_why(*why), lang)
        }
        What::Tcp { event, .. } => return tcp::explain(event, host, lang),
        What::Output { bytes, .. } => {
            plain(Message::Wrote { who, text: strace::quoted(&bytes.0, 60) })
        }
        What::Input { bytes } => plain(Message::Typed { text: strace::quoted(&bytes.0, 60) }),
        What::SignalSent { signal, by, .. } => Explanation {
            why: Some(match by {
                SignalBy::Kernel if *signal == consts::SIGPIPE => Message::SigpipeWhy {},
                SignalBy::Kernel if *signal == consts::SIGCHLD => Message::SignalOfChild {},
                SignalBy::Kernel if *signal == consts::SIGALRM => Message::SignalOfTimer {},
                SignalBy::Kernel => Message::SignalByKernel {},
                SignalBy::Process(pid) => Message::SignalByProcess { pid: pid.0 },
                SignalBy::Terminal => Message::SignalByTerminal {},
                SignalBy::Person => Message::SignalByPerson {},
            }),
            written: vec![Reference::Man("signal", 7)],
            ..plain(Message::SignalSent { who, signal: signal_name(*signal) })
        },
        What::Signal { signal, effect, .. } => {
            let signal = signal_name(*signal);
            let what = match effect {
                SignalEffect::Ignored => Message::SignalIgnored { who, signal },
                SignalEffect::Handled => Message::SignalHandled { who, signal },
                SignalEffect::Killed => Message::SignalKilled { who, signal },
                SignalEffect::Stopped => Message::SignalStopped { who, signal },
                SignalEffect::Continued => Message::SignalContinued { who },
            };
            Explanation { written: vec![Reference::Man("signal", 7)], ..plain(what) }
        }
        What::ProcessExit { status } => Explanation {
            why: Some(Message::ExitedWhy {}),
            written: vec![Reference::Man("exit_group", 2), Reference::Man("wait", 2)],
            ..plain(match status & 0x7f {
                0 => Message::Exited { who, status: (status >> 8) & 0xff },
                signal => Message::ExitedBySignal { who, signal: signal_name(signal) },
            })
        },
        What::Reaped { .. } => Explanation {
            written: vec![Reference::Man("wait", 2)],
            ..plain(Message::Reaped { who })
        },
        What::Fault { fault, line } => {
            plain(Message::Faulted { who, line: line.unwrap_or(0), text: fault.text(lang) })
        }
        What::Race { race, line } => Explanation {
            written: vec![Reference::Man("pthreads", 7)],
            ..plain(Message::Raced { who, line: line.unwrap_or(0), text: race.text(lang) })
        },
        What::Acted { action } => {
            plain(Message::YouActed { text: action_text(action, names, lang) })
        }
        What::Unsupported { name } => plain(Message::NotSimulated { name: name.clone() }),
    })
}

/// A socket begins to listen, or ends.
fn listening(host: String, at: String, to: State, why: StateWhy, lang: Lang) -> Explanation {
    let (what, why) = match to {
        State::Listen => (Message::ListenBegins { host, at }, state_why(why)),
        _ => (Message::ListenEnds { host, at }, Message::ListenEndsWhy {}),
    };
    let written = vec![Reference::Rfc(9293, "3.3.2"), Reference::Man("listen", 2)];
    Explanation { written, ..state_changed(what, to, why, lang) }
}

/// A connection goes from one state to another.
fn state_changed(what: Message, to: State, why: Message, lang: Lang) -> Explanation {
    Explanation {
        what,
        why: Some(why),
        otherwise: Some(said(network::state(to), lang)),
        written: vec![Reference::Rfc(9293, "3.3.2"), Reference::Man("tcp", 7)],
    }
}

/// What a packet is called; its number if it was never seen to be sent.
fn label_of(packet: PacketId, names: &Names) -> String {
    let sent = names.objects.packet(packet);
    sent.map_or_else(|| format!("#{packet}"), |sent| packet_label(&sent.frame))
}

fn plain(what: Message) -> Explanation {
    Explanation { what, why: None, otherwise: None, written: Vec::new() }
}

fn signal_name(signal: i32) -> String {
    consts::name(consts::table::SIG, signal).map_or_else(|| signal.to_string(), str::to_owned)
}

/// The C function that people call for a system call: `send` for `sendto` without an address.
pub fn spoken(call: &Syscall) -> &'static str {
    match call {
        Syscall::Sendto { addr, .. } if addr.addr.is_null() => "send",
        Syscall::Recvfrom { addr, .. } if addr.addr.at == 0 => "recv",
        Syscall::Stat { .. } => "stat",
        Syscall::Fstat { .. } => "fstat",
        Syscall::Openat { .. } => "open",
        Syscall::Mkfifo { .. } => "mkfifo",
        Syscall::Pipe2 { .. } => "pipe",
        Syscall::Select { .. } => "select",
        Syscall::Fork => "fork",
        Syscall::Vfork => "vfork",
        Syscall::ThreadCreate { .. } => "pthread_create",
        Syscall::ThreadExit { .. } => "pthread_exit",
        Syscall::Wait4 { .. } => "waitpid",
        Syscall::ExitGroup { .. } => "exit",
        Syscall::RtSigaction { .. } => "sigaction",
        Syscall::RtSigprocmask { .. } => "sigprocmask",
        Syscall::Sigsuspend { .. } => "sigsuspend",
        Syscall::ClockNanosleep { .. } => "sleep",
        Syscall::Semop { timeout, .. } if timeout.is_null() => "semop",
        Syscall::Lstat { .. } => "lstat",
        Syscall::MqSend { .. } => "mq_send",
        Syscall::MqReceive { .. } => "mq_receive",
        other => strace::name(other),
    }
}

/// The manual's pages about a call.
fn pages(call: &Syscall) -> Vec<Reference> {
    let page = match call {
        Syscall::Openat { .. } => "open",
        Syscall::Stat { .. } | Syscall::Fstat { .. } | Syscall::Lstat { .. } => "stat",
        Syscall::Lchown { .. } | Syscall::Fchown { .. } => "chown",
        Syscall::Fchmod { .. } => "chmod",
        Syscall::Fchdir { .. } => "chdir",
        Syscall::Getresgid => "getresuid",
        Syscall::Setresgid { .. } => "setresuid",
        Syscall::Setregid { .. } => "setreuid",
        Syscall::Setpriority { .. } => "getpriority",
        Syscall::MqNotify { .. } => return vec![Reference::Man("mq_notify", 3)],
        Syscall::Wait4 { .. } => "wait",
        Syscall::ExitGroup { .. } => "exit_group",
        Syscall::Sendto { .. } | Syscall::Sendmsg { .. } => "send",
        Syscall::Recvfrom { .. } | Syscall::Recvmsg { .. } => "recv",
        Syscall::Accept { .. } | Syscall::Accept4 { .. } => "accept",
        Syscall::Getaddrinfo { .. } => return vec![Reference::Man("getaddrinfo", 3)],
        Syscall::Getnameinfo { .. } => return vec![Reference::Man("getnameinfo", 3)],
        Syscall::Getifaddrs => return vec![Reference::Man("getifaddrs", 3)],
        Syscall::IoctlIf { .. } => return vec![Reference::Man("netdevice", 7)],
        Syscall::RtSigaction { .. } => "sigaction",
        Syscall::RtSigprocmask { .. } => "sigprocmask",
        Syscall::ClockNanosleep { .. } => "clock_nanosleep",
        Syscall::ThreadCreate { .. } => return vec![Reference::Man("pthread_create", 3)],
        Syscall::ThreadJoin { .. } => return vec![Reference::Man("pthread_join", 3)],
        Syscall::FutexWait { .. } | Syscall::FutexWake { .. } => "futex",
        Syscall::Fork => "fork",
        Syscall::Vfork => "vfork",
        Syscall::Pipe2 { .. } => "pipe",
        Syscall::Select { .. } | Syscall::Pselect { .. } => "select",
        Syscall::Ppoll { .. } => "poll",
        Syscall::EpollPwait { .. } => "epoll_wait",
        Syscall::EpollCreate1 { .. } => "epoll_create",
        Syscall::Semop { .. } => "semop",
        Syscall::SemctlSetall { .. } => "semctl",
        Syscall::Eventfd2 { .. } => "eventfd",
        Syscall::Signalfd4 { .. } => "signalfd",
        Syscall::Sigsuspend { .. } => "sigsuspend",
        Syscall::RtSigpending => "sigpending",
        Syscall::RtSigtimedwait { .. } => "sigtimedwait",
        Syscall::Getrlimit { .. } | Syscall::Setrlimit { .. } => "getrlimit",
        Syscall::Pread64 { .. } | Syscall::Pwrite64 { .. } => "pread",
        Syscall::Getdents64 { .. } => "getdents",
        Syscall::Mkfifo { .. } => return vec![Reference::Man("mkfifo", 3)],
        Syscall::RtSigqueueinfo { .. } => return vec![Reference::Man("sigqueue", 3)],
        Syscall::ThreadExit { .. } => return vec![Reference::Man("pthread_exit", 3)],
        Syscall::ThreadDetach { .. } => return vec![Reference::Man("pthread_detach", 3)],
        Syscall::MqOpen { .. } => return vec![Reference::Man("mq_open", 3)],
        Syscall::MqSend { .. } => return vec![Reference::Man("mq_send", 3)],
        Syscall::MqReceive { .. } => return vec![Reference::Man("mq_receive", 3)],
        Syscall::MqGetsetattr { .. } => return vec![Reference::Man("mq_getattr", 3)],
        Syscall::MqUnlink { .. } => return vec![Reference::Man("mq_unlink", 3)],
        Syscall::WsaStartup { .. } | Syscall::WsaCleanup | Syscall::Closesocket { .. } => {
            return vec![Reference::Winsock(strace::name(call))];
        }
        other => strace::name(other),
    };
    vec![Reference::Man(page, 2)]
}

const UNTESTED: [&str; 2] = [
    "Sem testar o retorno, o programa continuaria como se tivesse dado certo.",
    "Without testing what is returned the program would go on as if all were well.",
];

fn state_why(why: StateWhy) -> Message {
    match why {
        StateWhy::Listen => Message::WhyListen {},
        StateWhy::Connect => Message::WhyConnect {},
        StateWhy::Close => Message::WhyClose {},
        StateWhy::SynArrived => Message::WhySyn {},
        StateWhy::SynAcked => Message::WhySynAcked {},
        StateWhy::FinArrived => Message::WhyFin {},
        StateWhy::FinAcked => Message::WhyFinAcked {},
        StateWhy::ResetArrived => Message::WhyReset {},
        StateWhy::ResetSent => Message::WhyResetSent {},
        StateWhy::TimedOut => Message::WhyTimedOut {},
        StateWhy::WaitOver => Message::WhyWaitOver {},
        StateWhy::Icmp => Message::WhyIcmp {},
        StateWhy::Abort => Message::WhyAbort {},
    }
}

/// One of two short texts.
fn say(lang: Lang, pt: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::PtBr => pt,
        Lang::En => en,
    }
}

fn action_text(action: &Action, names: &Names, lang: Lang) -> String {
    let pt = lang == Lang::PtBr;
    let label = |packet: &PacketId| label_of(*packet, names);
    match action {
        Action::Drop { packet } if pt => format!("{} descartado", label(packet)),
        Action::Drop { packet } => format!("{} dropped", label(packet)),
        Action::Delay { packet, by_ns } if pt => {
            format!("{} atrasado {}", label(packet), rounded(*by_ns))
        }
        Action::Delay { packet, by_ns } => {
            format!("{} delayed by {}", label(packet), rounded(*by_ns))
        }
        Action::Duplicate { packet } if pt => format!("{} duplicado", label(packet)),
        Action::Duplicate { packet } => format!("{} duplicated", label(packet)),
        Action::Corrupt { packet, .. } if pt => format!("um bit de {} virado", label(packet)),
        Action::Corrupt { packet, .. } => format!("one bit of {} turned", label(packet)),
        Action::Hold { packet } if pt => format!("{} retido", label(packet)),
        Action::Hold { packet } => format!("{} held", label(packet)),
        Action::Release { packet } if pt => format!("{} solto", label(packet)),
        Action::Release { packet } => format!("{} released", label(packet)),
        Action::Plug { up: true, .. } => say(lang, "cabo ligado", "cable plugged").to_owned(),
        Action::Plug { up: false, .. } => say(lang, "cabo desligado", "cable unplugged").to_owned(),
        Action::Link { .. } => say(lang, "enlace alterado", "link changed").to_owned(),
        Action::DropNext { count: 1, .. } => {
            say(lang, "o próximo pacote se perde", "the next packet is lost").to_owned()
        }
        Action::DropNext { count, .. } if pt => format!("os próximos {count} pacotes se perdem"),
        Action::DropNext { count, .. } => format!("the next {count} packets are lost"),
        Action::Signal { pid, signal, .. } if pt => {
            format!("{} enviado ao processo {pid}", signal_name(*signal))
        }
        Action::Signal { pid, signal, .. } => {
            format!("{} sent to process {pid}", signal_name(*signal))
        }
        Action::Pause { pid, .. } if pt => format!("processo {pid} parado"),
        Action::Pause { pid, .. } => format!("process {pid} stopped"),
        Action::Continue { pid, .. } if pt => format!("processo {pid} continua"),
        Action::Continue { pid, .. } => format!("process {pid} continues"),
        Action::Restart { .. } => say(lang, "programa reiniciado", "program restarted").to_owned(),
        Action::Crash { .. } => say(lang, "host desligado", "host turned off").to_owned(),
        Action::Boot { .. } => say(lang, "host ligado", "host turned on").to_owned(),
        Action::Type { text, .. } if pt => format!("digitado {text:?}"),
        Action::Type { text, .. } => format!("typed {text:?}"),
        Action::EndInput { .. } => say(lang, "Ctrl+D", "Ctrl+D").to_owned(),
        Action::RunNext { tid, .. } if pt => format!("a thread {tid} é a próxima"),
        Action::RunNext { tid, .. } => format!("thread {tid} is next"),
    }
}

/// A duration in whole units, so that no decimal mark has to be chosen: `850 µs`, `40 ms`, `12 s`.
fn rounded(ns: u64) -> String {
    match ns {
        0..1_000_000 => format!("{} µs", (ns + 500) / 1000),
        1_000_000..10_000_000_000 => format!("{} ms", (ns + 500_000) / 1_000_000),
        _ => format!("{} s", (ns + 500_000_000) / 1_000_000_000),
    }
}
