//! What is: hosts, processes, descriptors, sockets, links, the variables of a machine.

use crate::kernel::fd::Object;
use crate::kernel::process::ThreadState;
use crate::kernel::program::Program;
use crate::kernel::unix::State as UnixState;
use crate::kernel::wait::WaitFor;
use crate::kernel::{Host, Os};
use crate::net::{Proto, SocketId, StateWhy};
use crate::scenario::LinkParams;
use crate::tcp;
use crate::trace::{Record, What};
use crate::world::World;
use crate::{DescId, HostId};
use abi::{Fd, Pid, SockAddr, Syscall, consts};
use std::net::SocketAddr;
use std::sync::Arc;

/// A host.
#[derive(Clone, PartialEq, Debug)]
pub struct HostRow {
    /// Its number.
    pub id: HostId,
    /// Its name.
    pub name: String,
    /// Its personality.
    pub os: Os,
    /// Whether it is on.
    pub up: bool,
    /// What its wall clock shows: seconds since 1970, nanoseconds.
    pub wall_clock: (i64, i64),
    /// Its addresses.
    pub addresses: Vec<std::net::IpAddr>,
    /// Threads that want the processor, next first.
    pub run_queue: Vec<Pid>,
    /// Who has the processor.
    pub running: Option<Pid>,
}

/// Every host.
pub fn hosts(world: &World) -> Vec<HostRow> {
    world
        .hosts
        .iter()
        .map(|host| HostRow {
            id: host.id,
            name: host.name.clone(),
            os: host.os,
            up: host.up,
            wall_clock: host.wall_clock(world.now_ns),
            addresses: host
                .names
                .iter()
                .filter(|(name, _)| *name == host.name)
                .map(|(_, ip)| *ip)
                .collect(),
            run_queue: host.run_queue.iter().copied().collect(),
            running: host.cpu.current,
        })
        .collect()
}

/// A process.
#[derive(Clone, PartialEq, Debug)]
pub struct ProcessRow {
    /// Where.
    pub host: HostId,
    /// Its number.
    pub pid: Pid,
    /// Its parent.
    pub parent: Pid,
    /// Its name, as `ps` shows it.
    pub name: String,
    /// Which of the scenario's programs.
    pub program: usize,
    /// `argv`.
    pub args: Vec<String>,
    /// The status word, once it has ended.
    pub exited: Option<i32>,
    /// Stopped by a signal.
    pub stopped: bool,
    /// Its threads.
    pub threads: Vec<ThreadRow>,
    /// Pending signals of the process, bit `signo - 1`.
    pub pending: u64,
    /// Typed and not yet read, bytes.
    pub typed: usize,
    /// What its terminal shows.
    pub output: Arc<Vec<u8>>,
}

/// A thread.
#[derive(Clone, PartialEq, Debug)]
pub struct ThreadRow {
    /// Its number.
    pub tid: Pid,
    /// What it is doing.
    pub state: ThreadState,
    /// The call that is under way.
    pub call: Option<Arc<Syscall>>,
    /// Since when, nanoseconds.
    pub since_ns: Option<u64>,
    /// The line of user code, from 1.
    pub line: Option<u32>,
    /// Blocked signals.
    pub mask: u64,
    /// Pending signals of the thread.
    pub pending: u64,
}

impl ThreadRow {
    /// What it waits for, if it sleeps.
    pub fn waits(&self) -> Option<&WaitFor> {
        match &self.state {
            ThreadState::Blocked(wait) => Some(wait),
            ThreadState::Runnable | ThreadState::Running => None,
        }
    }
}

/// Of processes at the end of a run, one that neither ended nor waits, and the line it is at: in an
/// endless loop, as likely as not.
pub fn computing(rows: &[ProcessRow]) -> Option<(&ProcessRow, u32)> {
    let runs =
        |thread: &&ThreadRow| matches!(thread.state, ThreadState::Runnable | ThreadState::Running);
    let mut alive = rows.iter().filter(|row| row.exited.is_none() && !row.stopped);
    alive.find_map(|row| Some((row, row.threads.iter().find(runs)?.line?)))
}

/// Every process, zombies included, by host and number.
pub fn processes(world: &World) -> Vec<ProcessRow> {
    let mut rows = Vec::new();
    for host in &world.hosts {
        for process in host.processes.values() {
            let threads = process.threads.values().map(|thread| {
                let call = thread.calls.last();
                ThreadRow {
                    tid: thread.tid,
                    state: thread.state.clone(),
                    call: call.map(|pending| Arc::clone(&pending.call)),
                    since_ns: call.map(|pending| pending.started_ns),
                    line: host.line_of((process.pid, thread.tid)),
                    mask: thread.mask,
                    pending: thread.pending,
                }
            });
            rows.push(ProcessRow {
                host: host.id,
                pid: process.pid,
                parent: process.parent,
                name: process.name().to_owned(),
                program: process.program,
                args: process.args.clone(),
                exited: process.exited,
                stopped: process.stopped,
                threads: threads.collect(),
                pending: process.pending,
                typed: process.terminal.input.len(),
                output: Arc::clone(&process.terminal.output),
            });
        }
    }
    rows
}

/// A descriptor.
#[derive(Clone, PartialEq, Debug)]
pub struct DescriptorRow {
    /// Its number.
    pub fd: Fd,
    /// `FD_CLOEXEC`.
    pub cloexec: bool,
    /// The open file description; the same one behind several descriptors is shared.
    pub description: DescId,
    /// How many descriptors share it.
    pub refs: u32,
    /// `O_*`.
    pub flags: i32,
    /// File offset, bytes.
    pub offset: u64,
    /// What is open.
    pub object: Object,
    /// Whether `poll` would say it is readable, writable.
    pub readiness: i32,
}

/// The descriptors of a process.
pub fn descriptors(world: &World, host: HostId, pid: Pid) -> Vec<DescriptorRow> {
    let Some(host) = world.hosts.get(host.0 as usize) else { return Vec::new() };
    let Some(process) = host.processes.get(&pid) else { return Vec::new() };
    process
        .fds
        .iter()
        .filter_map(|(fd, descriptor)| {
            let description = host.descriptions.get(&descriptor.description)?;
            Some(DescriptorRow {
                fd,
                cloexec: descriptor.cloexec,
                description: descriptor.description,
                refs: description.refs,
                flags: description.flags,
                offset: description.offset,
                object: description.object.clone(),
                readiness: host.readiness(&description.object),
            })
        })
        .collect()
}

/// Bytes in a queue of a socket.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Buffer {
    /// In it, bytes.
    pub used: u64,
    /// Room in all, bytes.
    pub size: u64,
}

/// A socket, as `ss` lists it.
#[derive(Clone, PartialEq, Debug)]
pub struct SocketRow {
    /// Where.
    pub host: HostId,
    /// The stack's number; `None` for a Unix socket.
    pub id: Option<SocketId>,
    /// The Unix socket's number.
    pub unix: Option<u32>,
    /// `SOCK_*`.
    pub ty: i32,
    /// `AF_*`.
    pub domain: i32,
    /// TCP's state.
    pub state: Option<tcp::State>,
    /// Own address.
    pub local: SockAddr,
    /// The peer's.
    pub peer: Option<SockAddr>,
    /// Received and not yet read.
    pub receive: Buffer,
    /// Sent and not yet acknowledged, or not yet sent.
    pub send: Buffer,
    /// Connections whose handshake is under way, for a listener.
    pub syn_queue: u32,
    /// Connections that wait for `accept`, for a listener: waiting, limit.
    pub accept_queue: (u32, u32),
    /// The peers of both queues' connections, in the queues' order, and the socket of those that
    /// wait for `accept`.
    pub queued: Vec<(SockAddr, Option<SocketId>)>,
    /// Who has it open: process, descriptor. Nobody: the kernel finishes a closed connection, or it
    /// waits for `accept`.
    pub owners: Vec<(Pid, Fd)>,
    /// Timers that run, with the moments when they are due, nanoseconds.
    pub timers: Vec<(tcp::Timer, u64)>,
    /// `TCP_INFO`.
    pub info: Option<tcp::Info>,
}

/// Every socket that a process has open, and those that the kernel still keeps.
pub fn sockets(world: &World) -> Vec<SocketRow> {
    world.hosts.iter().flat_map(|host| sockets_of(host, world.now_ns)).collect()
}

fn sockets_of(host: &Host, now_ns: u64) -> Vec<SocketRow> {
    let mut rows: Vec<SocketRow> = Vec::new();
    for id in host.stack.socket_ids() {
        rows.push(inet_row(host, id, now_ns));
    }
    for (id, description) in &host.descriptions {
        let owners = owners(host, *id);
        match &description.object {
            Object::Inet(inet) => {
                if let Some(row) = rows.iter_mut().find(|row| row.id == Some(inet.id)) {
                    row.domain = inet.domain;
                    row.ty = inet.ty;
                    row.owners = owners;
                }
            }
            Object::Unix(number) => rows.push(unix_row(host, *number, owners)),
            _ => {}
        }
    }
    rows
}

fn owners(host: &Host, description: DescId) -> Vec<(Pid, Fd)> {
    let all = host.processes.values().flat_map(|process| {
        process.fds.iter().map(move |(fd, descriptor)| (process.pid, fd, descriptor))
    });
    all.filter(|(_, _, d)| d.description == description).map(|(pid, fd, _)| (pid, fd)).collect()
}

fn inet_row(host: &Host, id: SocketId, now_ns: u64) -> SocketRow {
    let stack = &host.stack;
    let kind = stack.kind(id);
    let ty = match kind.map(|kind| kind.proto) {
        Some(Proto::Udp | Proto::Ping) => consts::SOCK_DGRAM,
        Some(Proto::Raw(_) | Proto::Packet | Proto::Netlink(_)) => consts::SOCK_RAW,
        Some(Proto::Tcp) | None => consts::SOCK_STREAM,
    };
    let v6 = kind.is_some_and(|kind| kind.v6);
    let mut row = SocketRow {
        host: host.id,
        id: Some(id),
        unix: None,
        ty,
        domain: if v6 { consts::AF_INET6 } else { consts::AF_INET },
        state: stack.state(id),
        local: stack.local_name(id),
        peer: stack.peer_addr(id).ok().map(SockAddr::from_std),
        receive: Buffer { used: stack.readable_bytes(id) as u64, size: 0 },
        send: Buffer { used: stack.unsent_bytes(id) as u64, size: 0 },
        syn_queue: 0,
        accept_queue: (0, 0),
        queued: Vec::new(),
        owners: Vec::new(),
        timers: Vec::new(),
        info: None,
    };
    if let Some(listener) = stack.listener(id) {
        row.syn_queue = listener.requests.len() as u32;
        row.accept_queue = (listener.accepted.len() as u32, listener.backlog);
        let requests = listener.requests.iter().map(|r| (SockAddr::from_std(r.peer), None));
        let accepted = listener.accepted.iter().filter_map(|id| {
            let peer = stack.peer_addr(*id).ok()?;
            Some((SockAddr::from_std(peer), Some(*id)))
        });
        row.queued = requests.chain(accepted).collect();
    } else if let Some(tcb) = stack.tcb(id) {
        let (receive, send) = tcb.buffers();
        row.receive.size = receive.into();
        row.send = Buffer {
            used: u64::from(tcb.unacked_bytes()) + u64::from(tcb.unsent_bytes()),
            size: send.into(),
        };
        row.timers = tcb.timers.iter().collect();
        // The reordering of Linux's default, net.ipv4.tcp_reordering.
        row.info = Some(tcb.info(now_ns, 3));
    }
    row
}

fn unix_row(host: &Host, number: u32, owners: Vec<(Pid, Fd)>) -> SocketRow {
    let socket = host.unix.get(number);
    let size = crate::kernel::unix::BUFFER as u64;
    let (peer, queue) = match &socket.state {
        UnixState::Connected(peer) => (host.unix.sockets.get(peer), (0, 0)),
        UnixState::Listening { queue, backlog } => (None, (queue.len() as u32, *backlog)),
        UnixState::Fresh | UnixState::Orphan(_) => (None, (0, 0)),
    };
    SocketRow {
        host: host.id,
        id: None,
        unix: Some(number),
        ty: socket.ty,
        domain: consts::AF_UNIX,
        state: None,
        local: socket.own_addr(),
        peer: peer.map(crate::kernel::unix::UnixSocket::own_addr),
        receive: Buffer { used: socket.queued as u64, size },
        send: Buffer { used: peer.map_or(0, |peer| peer.queued as u64), size },
        syn_queue: 0,
        accept_queue: queue,
        queued: Vec::new(),
        owners,
        timers: Vec::new(),
        info: None,
    }
}

/// A link.
#[derive(Clone, PartialEq, Debug)]
pub struct LinkRow {
    /// Its place in the scenario.
    pub index: usize,
    /// The hosts on it.
    pub hosts: Vec<HostId>,
    /// Whether it is plugged.
    pub up: bool,
    /// What it does to frames.
    pub params: LinkParams,
    /// Bytes that wait at each end for the link to be free; 0 on a link without a limit.
    pub queued_bytes: Vec<u64>,
}

/// Every link.
pub fn links(world: &World) -> Vec<LinkRow> {
    let rows = world.links.iter().enumerate().map(|(index, link)| LinkRow {
        index,
        hosts: link.ends.iter().map(|end| end.host).collect(),
        up: link.up,
        params: link.params,
        queued_bytes: link
            .ends
            .iter()
            .map(|end| {
                let waits = u128::from(end.busy_ns.saturating_sub(world.now_ns));
                (waits * u128::from(link.params.rate_bps) / 8_000_000_000) as u64
            })
            .collect(),
    });
    rows.collect()
}

/// A thread's frames and variables; `None` for a script or a process that is gone.
pub fn stack(world: &World, host: HostId, pid: Pid, tid: Pid) -> Option<cc::view::Stack> {
    let host = world.hosts.get(host.0 as usize)?;
    match &host.processes.get(&pid)?.image {
        Program::C(machine) => Some(machine.view(tid, &host.shared)),
        Program::Script(_) | Program::Gone => None,
    }
}

/// The texts that a process runs; the spans of its variables refer to them.
pub fn source_map(world: &World, host: HostId, pid: Pid) -> Option<&cc::SourceMap> {
    let host = world.hosts.get(host.0 as usize)?;
    match &host.processes.get(&pid)?.image {
        Program::C(machine) => Some(&machine.program().sources),
        Program::Script(_) | Program::Gone => None,
    }
}

/// Where a thread is in its source.
pub fn position(world: &World, host: HostId, pid: Pid, tid: Pid) -> Option<cc::Span> {
    let host = world.hosts.get(host.0 as usize)?;
    match &host.processes.get(&pid)?.image {
        Program::C(machine) => machine.position(tid),
        Program::Script(_) | Program::Gone => None,
    }
}

/// Memory of a process, for a hex view.
pub fn bytes_of(world: &World, host: HostId, pid: Pid, at: u64, len: u64) -> Vec<cc::view::Byte> {
    let found =
        world.hosts.get(host.0 as usize).and_then(|host| match &host.processes.get(&pid)?.image {
            Program::C(machine) => Some(machine.bytes(at, len, &host.shared)),
            Program::Script(_) | Program::Gone => None,
        });
    found.unwrap_or_default()
}

/// A step of a connection through TCP's states.
#[derive(Clone, PartialEq, Debug)]
pub struct Transition {
    /// The record.
    pub record: u64,
    /// The event.
    pub step: u64,
    /// When, nanoseconds.
    pub t_ns: u64,
    /// Where.
    pub host: HostId,
    /// The socket.
    pub socket: SocketId,
    /// Own address.
    pub local: SocketAddr,
    /// The peer's.
    pub peer: SocketAddr,
    /// Before.
    pub from: tcp::State,
    /// After.
    pub to: tcp::State,
    /// Why.
    pub why: StateWhy,
}

/// The path of every connection through the state diagram.
pub fn state_path<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<Transition> {
    records
        .filter_map(|record| match &record.what {
            What::SocketState { socket, local, peer, from, to, why } => Some(Transition {
                record: record.id,
                step: record.step,
                t_ns: record.t_ns,
                host: record.host,
                socket: *socket,
                local: *local,
                peer: *peer,
                from: *from,
                to: *to,
                why: *why,
            }),
            _ => None,
        })
        .collect()
}
