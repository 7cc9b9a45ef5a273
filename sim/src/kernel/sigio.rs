//! Input and output that signals tell of: `O_ASYNC`, `F_SETOWN` and `F_SETSIG` of `fcntl(2)`, and
//! `SIGURG`.
//!
//! What happens to an object is noted at once, and told when the calls that it wakes have been
//! tried: who slept until data came has them before the handler runs.
//!
//! Missing: `F_SETOWN_EX`, `SIOCSPGRP`; a `poll` that finds no room does not ask to be told of it.

use crate::kernel::fd::{Description, Object};
use crate::kernel::wait::{Reason, Source};
use crate::kernel::{Env, Host, ThreadState};
use crate::net::{SocketId, Wake, Wakeup};
use crate::trace::SignalBy;
use abi::syscall::SigInfo;
use abi::{Pid, consts};

/// What something happened to: the ends of a pipe are told of different things.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    Socket(SocketId),
    Unix(u32),
    Reader(u32),
    Writer(u32),
    Terminal(Pid),
}

/// What happened, `si_code`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Band {
    /// `POLL_IN`
    In = 1,
    /// `POLL_OUT`
    Out = 2,
    /// `POLL_ERR`
    Err = 4,
    /// `POLL_PRI`
    Pri = 5,
    /// `POLL_HUP`
    Hup = 6,
}

/// Something that owners are to be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct News {
    side: Side,
    band: Band,
    /// Whether somebody slept until data came: of a stream nobody is told then
    /// (`SOCKWQ_ASYNC_WAITDATA`).
    awaited: bool,
}

impl Side {
    fn is(self, object: &Object) -> bool {
        match (self, object) {
            (Side::Socket(id), Object::Inet(inet)) => inet.id == id,
            (Side::Unix(id), Object::Unix(other)) => *other == id,
            (Side::Reader(id), Object::PipeReader(other) | Object::PipeBoth(other))
            | (Side::Writer(id), Object::PipeWriter(other) | Object::PipeBoth(other)) => {
                *other == id
            }
            (Side::Terminal(pid), Object::Terminal(other)) => *other == pid,
            _ => false,
        }
    }
}

impl Band {
    /// `si_band`.
    fn events(self) -> i32 {
        match self {
            Band::In => consts::POLLIN | consts::POLLRDNORM,
            Band::Out => consts::POLLOUT | consts::POLLWRNORM | consts::POLLWRBAND,
            Band::Err => consts::POLLERR,
            Band::Pri => consts::POLLPRI | consts::POLLRDBAND,
            Band::Hup => consts::POLLHUP | consts::POLLERR,
        }
    }
}

/// Signals whose codes mean something of their own (`sig_specific_sicodes`).
fn has_own_codes(signal: i32) -> bool {
    [consts::SIGILL, consts::SIGFPE, consts::SIGSEGV, consts::SIGBUS, consts::SIGTRAP]
        .contains(&signal)
        || [consts::SIGCHLD, consts::SIGSYS].contains(&signal)
}

/// Whether an open description can tell anybody anything (`file_operations.fasync`).
pub(crate) fn can_tell(object: &Object) -> bool {
    object.is_socket() || object.is_pipe() || matches!(object, Object::Terminal(_))
}

impl Host {
    /// Notes that something happened which `O_ASYNC` asks to be told of.
    pub(crate) fn tell(&mut self, side: Side, band: Band) {
        if !self.asynchronous.is_empty() {
            self.news.push(News { side, band, awaited: false });
        }
    }

    /// The same, of data, or their end, that a stream's reader may sleep for.
    pub(crate) fn tell_reader(&mut self, side: Side, band: Band) {
        if self.asynchronous.is_empty() {
            return;
        }
        let source = match side {
            Side::Socket(id) => Source::Socket(id),
            Side::Unix(id) => Source::Unix(id),
            _ => return self.tell(side, band),
        };
        let awaited = self.waiters_of(source).into_iter().any(|tid| {
            self.thread(tid).is_some_and(|thread| match &thread.state {
                ThreadState::Blocked(wait) => matches!(wait.reason, Reason::Data(_)),
                _ => false,
            })
        });
        self.news.push(News { side, band, awaited });
    }

    /// What the network stack's wake-ups mean to a socket's owner.
    pub(crate) fn tell_of(&mut self, env: &mut Env, wakeup: &Wakeup) {
        let side = Side::Socket(wakeup.id);
        match wakeup.wake {
            Wake::Readable | Wake::PeerShut => self.tell_reader(side, Band::In),
            Wake::HungUp => self.tell_reader(side, Band::Hup),
            Wake::Writable | Wake::Connected => self.tell(side, Band::Out),
            Wake::Error => self.tell(side, Band::Err),
            Wake::Urgent => {
                self.tell_urgent(env, wakeup.id);
                self.tell(side, Band::Pri);
            }
            Wake::State => {}
        }
    }

    /// Sends the signals for what was noted.
    pub(crate) fn send_news(&mut self, env: &mut Env) {
        for news in std::mem::take(&mut self.news) {
            let told: Vec<Description> = self
                .asynchronous
                .iter()
                .filter_map(|id| self.descriptions.get(id))
                .filter(|it| news.side.is(&it.object) && !(news.awaited && is_stream(&it.object)))
                .cloned()
                .collect();
            for description in told {
                self.tell_owner(env, &description, news.band);
            }
        }
    }

    fn tell_owner(&mut self, env: &mut Env, description: &Description, band: Band) {
        let (signal, info) = match description.signal {
            // Urgent data have a signal already.
            0 if band == Band::Pri => return,
            0 => (consts::SIGIO, None),
            signal => {
                let code = if has_own_codes(signal) { consts::SI_SIGIO } else { band as i32 };
                let value = i64::from(description.async_fd.0);
                (signal, Some(SigInfo { signal, code, pid: band.events(), uid: 0, value }))
            }
        };
        for pid in self.owners(description.owner) {
            self.send_signal_with(env, pid, signal, SignalBy::Kernel, info);
        }
    }

    /// `SIGURG` to whom `F_SETOWN` named for a socket, as urgent data arrive.
    fn tell_urgent(&mut self, env: &mut Env, socket: SocketId) {
        let side = Side::Socket(socket);
        let description = self.descriptions.values().find(|it| side.is(&it.object));
        let owner = description.map_or(0, |description| description.owner);
        for pid in self.owners(owner) {
            self.send_signal(env, pid, consts::SIGURG, SignalBy::Kernel);
        }
    }

    /// The processes that `F_SETOWN`'s number means.
    fn owners(&self, owner: i32) -> Vec<Pid> {
        match owner {
            0 => Vec::new(),
            1.. => vec![Pid(owner)],
            _ => {
                let members = self.processes.values().filter(|it| it.group == Pid(-owner));
                members.map(|process| process.pid).collect()
            }
        }
    }
}

fn is_stream(object: &Object) -> bool {
    match object {
        Object::Inet(inet) => inet.ty == consts::SOCK_STREAM,
        Object::Unix(_) => true,
        _ => false,
    }
}
