//! Single calls by hand on the simulated kernel: a world in which one process makes the calls that
//! it is given, beside a host whose server echoes.

use abi::{Pid, Reply, Syscall};
use sim::HostId;
use sim::scenario::Scenario;
use sim::trace::{Sink, What};
use sim::world::World;
use std::collections::BTreeMap;

/// Where the echo server listens.
pub(crate) const ECHO: (&str, u16) = ("10.0.0.2", 7007);
/// How long a call may take before it counts as blocked, simulated nanoseconds.
const PATIENCE_NS: u64 = 5_000_000_000;
/// When the echo server surely listens, simulated nanoseconds.
const READY_NS: u64 = 1_000_000_000;
/// Events within that time, at most.
const EVENTS_MAX: u32 = 20_000;

const SCENARIO: &str = r#"
seed = 1

[[host]]
name = "aqui"

[[host]]
name = "eco"

[[link]]
delay = "1ms"

[[program]]
file = "eco.c"
host = "eco"
start = "0ms"
"#;

const SERVER: &str = r#"
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/select.h>
#include <unistd.h>
int main(void)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(7007) }, from;
    int l = socket(AF_INET, SOCK_STREAM, 0), u = socket(AF_INET, SOCK_DGRAM, 0);
    fd_set all, now;
    char b[4096];
    bind(l, (struct sockaddr *)&a, sizeof a);
    bind(u, (struct sockaddr *)&a, sizeof a);
    listen(l, 5);
    FD_ZERO(&all); FD_SET(l, &all); FD_SET(u, &all);
    for (;;) {
        now = all;
        if (select(64, &now, NULL, NULL, NULL) < 0) return 1;
        for (int s = 0; s < 64; s++) {
            if (!FD_ISSET(s, &now)) continue;
            if (s == l) { int c = accept(l, NULL, NULL); if (c >= 0) FD_SET(c, &all); continue; }
            socklen_t len = sizeof from;
            ssize_t n = recvfrom(s, b, sizeof b, 0, (struct sockaddr *)&from, &len);
            if (s == u) { if (n >= 0) sendto(u, b, n, 0, (struct sockaddr *)&from, len); }
            else if (n > 0) send(s, b, n, MSG_NOSIGNAL);
            else { FD_CLR(s, &all); close(s); }
        }
    }
}
"#;

/// What a call came to.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Came {
    /// Its answer, and how long it took, simulated nanoseconds.
    Reply(Reply, u64),
    /// It still waits.
    Blocked,
    /// The call before it still waits.
    Busy,
}

/// The world and the process in it.
pub(crate) struct SimConsole {
    world: World,
    sink: Sink,
    process: Pid,
    /// The last answer and when it came.
    reply: Option<(Reply, u64)>,
    waiting: bool,
}

impl SimConsole {
    /// A process that has made no call; the echo server listens.
    pub(crate) fn new() -> Option<SimConsole> {
        let files = BTreeMap::from([("eco.c".to_owned(), SERVER.to_owned())]);
        let scenario = Scenario::parse(SCENARIO, files).ok()?;
        let (mut world, mut sink) = (World::new(&scenario), Sink::on());
        // The server listens before anybody calls.
        for _ in 0..EVENTS_MAX {
            if !world.step(READY_NS, &mut sink) {
                break;
            }
        }
        let process = world.start_script(HostId(0), "console", Vec::new(), 1000, &mut sink);
        Some(SimConsole { world, sink, process, reply: None, waiting: false })
    }

    /// Makes a call.
    pub(crate) fn call(&mut self, call: Syscall) -> Came {
        if self.waiting {
            self.settle(0);
            if self.waiting {
                return Came::Busy;
            }
        }
        let before = self.world.now_ns;
        (self.waiting, self.reply) = (true, None);
        self.world.give(HostId(0), self.process, call, &mut self.sink);
        self.settle(PATIENCE_NS);
        match &self.reply {
            Some((reply, at)) => Came::Reply(reply.clone(), at.saturating_sub(before)),
            None => Came::Blocked,
        }
    }

    /// Lets the world happen until the call has its answer or time is over.
    fn settle(&mut self, patience_ns: u64) {
        let until = self.world.now_ns + patience_ns.max(1);
        for _ in 0..EVENTS_MAX {
            let more = self.world.step(until, &mut self.sink);
            for record in self.sink.take() {
                if let (What::CallEnd { reply, .. }, true) =
                    (&record.what, record.host == HostId(0) && record.pid == self.process)
                {
                    self.reply = Some(((**reply).clone(), record.t_ns));
                    self.waiting = false;
                }
            }
            if !more || (!self.waiting && self.reply.is_some()) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use abi::{AddrIn, AddrOut, Errno, Fd, InBuf, OutBuf, SockAddr, consts};

    fn ret(came: Came) -> Result<i64, Errno> {
        match came {
            Came::Reply(reply, _) => reply.ret,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn calls_by_hand_are_answered_and_the_echo_server_is_there() {
        let mut console = SimConsole::new().expect("it starts");
        let socket =
            Syscall::Socket { domain: consts::AF_INET, ty: consts::SOCK_STREAM, protocol: 0 };
        assert_eq!(ret(console.call(socket)), Ok(3));
        let to = AddrIn::of(SockAddr::inet(ECHO.0.parse().expect("an address"), ECHO.1));
        assert_eq!(ret(console.call(Syscall::Connect { fd: Fd(3), addr: to })), Ok(0));
        let (buf, addr) = (InBuf::of(b"ola"), AddrIn::null());
        let send = Syscall::Sendto { fd: Fd(3), buf, flags: 0, addr };
        assert_eq!(ret(console.call(send)), Ok(3));
        let recv = || Syscall::Recvfrom {
            fd: Fd(3),
            buf: OutBuf::of(100),
            flags: 0,
            addr: AddrOut::null(),
        };
        assert_eq!(ret(console.call(recv())), Ok(3));
        assert_eq!(console.call(recv()), Came::Blocked);
        assert_eq!(console.call(Syscall::Getpid), Came::Busy);
    }

    #[test]
    fn errors_are_answers() {
        let mut console = SimConsole::new().expect("it starts");
        assert_eq!(ret(console.call(Syscall::Close { fd: Fd(9) })), Err(Errno::EBADF));
    }
}
