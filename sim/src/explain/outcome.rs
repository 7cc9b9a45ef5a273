//! What is said of a call's end: what it waits for, what it returned, why it failed.

use super::objects::{self, Object};
use super::{Explanation, Message, Reference, UNTESTED, pages, rounded, said, spoken};
use super::{calls, results};
use crate::causes;
use crate::kernel::wait::{Reason, WaitFor};
use abi::{Errno, Fd, Lang, Reply, Syscall, strace};

pub(super) fn blocked(
    on: &WaitFor,
    call: Option<&Syscall>,
    who: String,
    lang: Lang,
    behind: impl Fn(Fd) -> Option<Object>,
) -> Explanation {
    let unix = |fd: &Fd| {
        use Object as O;
        matches!(behind(*fd), Some(O::UnixStream | O::UnixListener | O::UnixDatagram))
    };
    let (reason, ends) = (&on.reason, on.deadline_ns.is_some());
    let (name, why) = match reason {
        Reason::Connection(fd) if unix(fd) => ("accept", Message::WaitUnixConnection {}),
        Reason::Connection(_) => ("accept", Message::WaitConnection {}),
        Reason::Handshake(fd) if unix(fd) => ("connect", Message::WaitUnixAccept {}),
        Reason::Handshake(_) => ("connect", Message::WaitHandshake {}),
        Reason::Data(fd) => ("recv", wait_data(behind(*fd))),
        Reason::Room(fd) => ("send", wait_room(behind(*fd))),
        Reason::Linger => ("close", Message::WaitLinger {}),
        Reason::Ready(fds) if fds.is_empty() => ("poll", Message::WaitReadyNone {}),
        Reason::Ready(fds) => {
            let fds: Vec<String> = fds.iter().map(Fd::to_string).collect();
            ("poll", Message::WaitReady { fds: fds.join(", ") })
        }
        Reason::Child => ("wait", Message::WaitChild {}),
        Reason::Time => ("sleep", Message::WaitTime {}),
        Reason::Signal => ("pause", Message::WaitSignal {}),
        Reason::Futex(_) => ("pthread_mutex_lock", Message::WaitLock {}),
        Reason::Thread(tid) => ("pthread_join", Message::WaitThread { tid: tid.0 }),
        Reason::Semaphore(_) => ("semop", Message::WaitSemaphore {}),
        Reason::Queue(_) => ("mq_send", Message::WaitQueue {}),
        Reason::Mailbox(_) => ("msgrcv", Message::WaitQueue {}),
        Reason::FileLock(_) => ("fcntl", Message::WaitFileLock {}),
        Reason::OtherEnd => ("open", Message::WaitOtherEnd {}),
    };
    // The call that was made is the better name; a mutex's is not the kernel's.
    let made = call.filter(|call| !matches!(call, Syscall::FutexWait { .. }));
    let name = made.map_or(name, |call| spoken(call)).to_owned();
    Explanation {
        what: Message::Slept { who, call: name },
        why: Some(why),
        otherwise: Some(said(instead_of_waiting(reason, ends), lang)),
        written: call.map(pages).unwrap_or_default(),
    }
}

fn wait_data(object: Option<Object>) -> Message {
    match object {
        Some(Object::Pipe) => Message::WaitPipe {},
        Some(Object::Terminal) => Message::WaitTyping {},
        Some(Object::Udp | Object::Raw) => Message::WaitDatagram {},
        Some(Object::UnixStream | Object::UnixDatagram) => Message::WaitQueued {},
        _ => Message::WaitData {},
    }
}

fn wait_room(object: Option<Object>) -> Message {
    match object {
        Some(Object::Tcp) | None => Message::WaitRoom {},
        Some(_) => Message::WaitReader {},
    }
}

/// What would end the wait early, or make the call not wait at all.
#[rustfmt::skip]
fn instead_of_waiting(reason: &Reason, ends: bool) -> [&'static str; 2] {
    match reason {
        Reason::Ready(_) | Reason::Futex(_) | Reason::Signal if ends => ["Se nada acontecer, a chamada retorna quando o tempo pedido acabar.", "If nothing happens the call returns when the time asked for is over."],
        Reason::Connection(_) | Reason::Data(_) | Reason::Room(_) => ["Com O_NONBLOCK a chamada devolveria EAGAIN em vez de dormir.", "With O_NONBLOCK the call would return EAGAIN instead of sleeping."],
        Reason::Handshake(_) => ["Com O_NONBLOCK connect() devolveria EINPROGRESS, e poll() diria quando terminou.", "With O_NONBLOCK connect() would return EINPROGRESS, and poll() would tell when it is done."],
        Reason::Linger => ["Sem SO_LINGER close() retornaria logo e o kernel terminaria de enviar sozinho.", "Without SO_LINGER close() would return at once and the kernel would go on sending by itself."],
        Reason::Ready(_) => ["Com um tempo limite a chamada devolveria 0 ao fim dele; com 0, na hora.", "With a timeout the call would return 0 at its end; with 0, at once."],
        Reason::Child => ["Com WNOHANG a chamada devolveria 0 em vez de dormir.", "With WNOHANG the call would return 0 instead of sleeping."],
        Reason::Time => ["Um sinal com tratador o acordaria antes, com EINTR.", "A signal with a handler would wake it earlier, with EINTR."],
        Reason::Signal => ["Se nenhum sinal vier, dorme para sempre.", "If no signal comes it sleeps for ever."],
        Reason::Futex(_) => ["Se quem tem o mutex nunca o soltar, ou ninguém sinalizar, dorme para sempre.", "If whoever has the mutex never lets go, or nobody signals, it sleeps for ever."],
        Reason::Thread(_) => ["Com pthread_detach() ninguém precisaria esperar por ela.", "With pthread_detach() nobody would need to wait for it."],
        Reason::Semaphore(_) | Reason::Mailbox(_) => ["Com IPC_NOWAIT a chamada falharia em vez de dormir.", "With IPC_NOWAIT the call would fail instead of sleeping."],
        Reason::Queue(_) => ["Com O_NONBLOCK em mq_open() a chamada devolveria EAGAIN.", "With O_NONBLOCK in mq_open() the call would return EAGAIN."],
        Reason::FileLock(_) => ["Com F_SETLK (ou LOCK_NB) a chamada devolveria EAGAIN em vez de dormir.", "With F_SETLK (or LOCK_NB) the call would return EAGAIN instead of sleeping."],
        Reason::OtherEnd => ["Com O_NONBLOCK a ponta de leitura abriria na hora, e a de escrita daria ENXIO.", "With O_NONBLOCK the reading end would open at once, and the writing end would give ENXIO."],
    }
}

/// A call that was answered.
pub(super) struct Ended<'a> {
    pub(super) call: &'a Syscall,
    pub(super) reply: &'a Reply,
    pub(super) slept_ns: Option<u64>,
    pub(super) line: Option<u32>,
}

pub(super) fn answered(
    ended: &Ended<'_>,
    who: String,
    lang: Lang,
    behind: impl Fn(Fd) -> Option<Object>,
) -> Explanation {
    let call = ended.call;
    let name = spoken(call).to_owned();
    let ret = match ended.reply.ret {
        Ok(ret) => ret,
        Err(errno) => {
            let object = objects::descriptor(call).and_then(behind);
            return failed(ended, errno, object, who, lang);
        }
    };
    let text = match call {
        Syscall::Mmap { .. } | Syscall::Shmat { .. } => format!("{ret:#x}"),
        _ => ret.to_string(),
    };
    let what = match ended.slept_ns {
        Some(ns) => Message::AnsweredLate { who, call: name, ret: text, slept: rounded(ns) },
        None => Message::Answered { who, call: name, ret: text },
    };
    let bytes = if ret == 1 { "1 byte".to_owned() } else { format!("{ret} bytes") };
    let value = |[pt, en]: [&str; 2]| {
        let text = if lang == Lang::PtBr { pt } else { en };
        Message::Said { text: text.replace("{bytes}", &bytes).replace("{n}", &ret.to_string()) }
    };
    let by_name = calls::meaning(strace::name(call));
    let by_use = results::of(call, ret, behind).or(by_name);
    let why = success(call, ret).or_else(|| by_use.map(|(why, _)| value(why)));
    let otherwise = by_use.map(|(_, otherwise)| value(otherwise));
    Explanation { what, why, otherwise, written: pages(call) }
}

/// An error: its usual cause with what to change, Winsock's name, and the line of the call.
fn failed(
    ended: &Ended<'_>,
    errno: Errno,
    object: Option<Object>,
    who: String,
    lang: Lang,
) -> Explanation {
    let call = ended.call;
    let name = spoken(call).to_owned();
    let (errno_name, message) = match errno == WSANOTINITIALISED {
        true => ("WSANOTINITIALISED".to_owned(), "10093".to_owned()),
        false => (errno.name().to_owned(), errno.message()),
    };
    let what = match ended.line {
        Some(line) => Message::FailedAt { who, call: name, line, errno: errno_name, message },
        None => Message::Failed { who, call: name, errno: errno_name, message },
    };
    let own = object.and_then(|object| results::cause(errno, call, object));
    let why = match own {
        _ if errno == WSANOTINITIALISED => said(NOT_INITIALISED, lang),
        Some(pair) => said(pair, lang),
        None => Message::ErrnoCause { text: errno_cause(errno, call, lang).to_owned() },
    };
    let winsock = errno.wsa().filter(|_| has_winsock_twin(call));
    let winsock = winsock.map(|(code, name)| Message::Winsock { code, name: name.to_owned() });
    let mut written = pages(call);
    written.push(Reference::Man("errno", 3));
    Explanation { what, why: Some(why), otherwise: winsock.or(Some(said(UNTESTED, lang))), written }
}

/// Winsock's error that has no counterpart elsewhere.
const WSANOTINITIALISED: Errno = Errno(10093);

const NOT_INITIALISED: [&str; 2] = [
    "Falta WSAStartup() antes da primeira chamada de socket (ou WSACleanup() veio cedo demais).",
    "WSAStartup() is missing before the first socket call (or WSACleanup() came too early).",
];

/// Whether Windows has the call too, so that its error has a name there.
fn has_winsock_twin(call: &Syscall) -> bool {
    let file = matches!(
        call,
        Syscall::Read { .. }
            | Syscall::Write { .. }
            | Syscall::Readv { .. }
            | Syscall::Writev { .. }
            | Syscall::Close { .. }
    );
    !file && (objects::descriptor(call).is_some() || is_about_sockets(call))
}

fn is_about_sockets(call: &Syscall) -> bool {
    matches!(
        call,
        Syscall::Socket { .. }
            | Syscall::Getsockname { .. }
            | Syscall::Getpeername { .. }
            | Syscall::Setsockopt { .. }
            | Syscall::Getsockopt { .. }
            | Syscall::Poll { .. }
            | Syscall::Select { .. }
    )
}

/// What has more values in it than the one returned.
fn success(call: &Syscall, ret: i64) -> Option<Message> {
    match call {
        Syscall::Sendto { buf, .. } | Syscall::Write { buf, .. } if (ret as u64) < buf.len => {
            Some(Message::SendPartial { n: ret, wanted: buf.len })
        }
        Syscall::Fork | Syscall::Vfork if ret > 0 => Some(Message::ForkMade { pid: ret }),
        Syscall::Wait4 { .. } if ret > 0 => Some(Message::WaitMade { pid: ret }),
        Syscall::Poll { .. }
        | Syscall::Ppoll { .. }
        | Syscall::Select { .. }
        | Syscall::Pselect { .. }
        | Syscall::EpollWait { .. }
        | Syscall::EpollPwait { .. } => Some(match ret {
            0 => Message::PollTimeout {},
            n => Message::PollMade { n },
        }),
        _ => None,
    }
}

/// The usual cause of an error, and what to change.
pub fn errno_cause(errno: Errno, call: &Syscall, lang: Lang) -> &'static str {
    causes::cause(errno, strace::name(call), lang)
}
