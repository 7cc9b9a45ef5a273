//! Who waits for whom: the blocked threads with the processes that could let them go on.

use crate::HostId;
use crate::inspect::{SocketRow, pipes, processes, sockets};
use crate::kernel::unix::State as UnixState;
use crate::kernel::wait::{Reason, Source};
use crate::net::SocketId;
use crate::tcp::Timer;
use crate::world::World;
use abi::Pid;

/// A thread that sleeps until something else happens, without a limit of time.
#[derive(Clone, PartialEq, Debug)]
pub struct WaitRow {
    /// Where.
    pub host: HostId,
    /// Which process.
    pub pid: Pid,
    /// Which of its threads.
    pub tid: Pid,
    /// Why.
    pub reason: Reason,
    /// It waits for a person at its terminal.
    pub terminal: bool,
    /// Processes that hold the other end.
    pub on: Vec<(HostId, Pid)>,
}

/// The threads that wait, if every living thread of the world does, without a limit of time and
/// with nothing on its way; `None` while something can still happen by itself.
pub fn standstill(world: &World) -> Option<Vec<WaitRow>> {
    let mut waits = Vec::new();
    let ends = Ends { sockets: sockets(world), pipes: pipes(world), world };
    // What a timer sends again may still arrive; TIME-WAIT and the like wake nobody.
    let sends_again = |row: &SocketRow| {
        let sends = |timer: &Timer| {
            matches!(timer, Timer::Retransmit | Timer::LossProbe | Timer::Reorder | Timer::Persist)
        };
        row.timers.iter().any(|(timer, _)| sends(timer))
    };
    if ends.sockets.iter().any(sends_again) {
        return None;
    }
    for process in processes(world) {
        for thread in &process.threads {
            let wait = thread.waits().filter(|wait| wait.deadline_ns.is_none())?;
            let on = wait
                .sources
                .iter()
                .flat_map(|source| ends.other(process.host, process.pid, *source, &wait.reason));
            let mut on: Vec<(HostId, Pid)> = on.collect();
            on.sort_unstable();
            on.dedup();
            waits.push(WaitRow {
                host: process.host,
                pid: process.pid,
                tid: thread.tid,
                reason: wait.reason.clone(),
                terminal: wait.sources.iter().any(|source| matches!(source, Source::Terminal(_))),
                on,
            });
        }
    }
    Some(waits).filter(|waits| !waits.is_empty())
}

struct Ends<'a> {
    sockets: Vec<SocketRow>,
    pipes: Vec<crate::inspect::PipeRow>,
    world: &'a World,
}

impl Ends<'_> {
    /// The processes at the other end of something that `pid` waits for.
    fn other(&self, host: HostId, pid: Pid, source: Source, reason: &Reason) -> Vec<(HostId, Pid)> {
        let here = |pids: Vec<Pid>| pids.into_iter().map(|pid| (host, pid)).collect::<Vec<_>>();
        match source {
            Source::Socket(id) => self.peer(host, id),
            Source::Unix(number) => {
                let host_now = self.world.hosts.get(host.0 as usize);
                let state = host_now.and_then(|h| h.unix.sockets.get(&number)).map(|s| &s.state);
                let Some(UnixState::Connected(peer)) = state else { return Vec::new() };
                let row = self.sockets.iter().find(|r| r.host == host && r.unix == Some(*peer));
                here(row.map_or(Vec::new(), |row| row.owners.iter().map(|(pid, _)| *pid).collect()))
            }
            Source::Pipe(number) => {
                let row = self.pipes.iter().find(|row| row.host == host && row.number == number);
                let Some(row) = row else { return Vec::new() };
                let ends: Vec<Pid> = match reason {
                    Reason::Data(_) => row.writers.iter().map(|(pid, _)| *pid).collect(),
                    Reason::Room(_) => row.readers.iter().map(|(pid, _)| *pid).collect(),
                    _ => row.writers.iter().chain(&row.readers).map(|(pid, _)| *pid).collect(),
                };
                // Who forgot to close its own other end waits for itself.
                let alone = ends.iter().all(|other| *other == pid);
                here(ends.into_iter().filter(|other| alone || *other != pid).collect())
            }
            Source::Child(_) => {
                let all = processes(self.world).into_iter();
                here(
                    all.filter(|p| p.host == host && p.parent == pid && p.exited.is_none())
                        .map(|p| p.pid)
                        .collect(),
                )
            }
            Source::Futex(..) | Source::Thread(_) => here(vec![pid]),
            // Whoever may post, write or unlock: nobody in particular.
            _ => Vec::new(),
        }
    }

    /// Who has the other end of a connection open.
    fn peer(&self, host: HostId, id: SocketId) -> Vec<(HostId, Pid)> {
        let Some(row) = self.sockets.iter().find(|r| r.host == host && r.id == Some(id)) else {
            return Vec::new();
        };
        let Some(peer) = &row.peer else { return Vec::new() };
        let other = |r: &&SocketRow| {
            r.ty == row.ty && r.local == *peer && r.peer.as_ref() == Some(&row.local)
        };
        let found = self.sockets.iter().filter(other);
        found.flat_map(|r| r.owners.iter().map(move |(pid, _)| (r.host, *pid))).collect()
    }
}
