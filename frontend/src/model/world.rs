//! From the simulated world at a moment to the stage's rows.

use crate::i18n::Msg;
use crate::model::beside;
use crate::model::course::Course;
use crate::model::scene::*;
use abi::{SockAddr, consts};
use sim::HostId;
use sim::inspect::{self, DescriptorRow, ProcessRow, SocketRow, ThreadRow};
use sim::kernel::Os;
use sim::kernel::fd::Object;
use sim::kernel::process::ThreadState;
use sim::scenario::Scenario;
use sim::tcp::{State, Timer};
use sim::world::World;

/// Unix sockets are numbered apart from the stack's; on the page they follow them.
const UNIX: u32 = 1 << 20;

/// What stands on the stage at `cursor`; `before` is the world one moment earlier, for marking
/// what changed.
pub(crate) fn scene(
    world: &World,
    before: Option<&World>,
    course: &Course,
    cursor: usize,
    scenario: &Scenario,
) -> Scene {
    let processes = inspect::processes(world);
    let now = sockets(world);
    let old = before.map(sockets);
    let hosts = inspect::hosts(world).into_iter().map(|host| {
        let mine = |id: HostId| id == host.id;
        let spec = scenario.hosts.get(host.id.0 as usize);
        HostView {
            addresses: host.addresses.iter().map(ToString::to_string).collect(),
            os: match host.os {
                Os::Linux => "Linux",
                Os::Windows => "Windows",
            },
            up: host.up,
            router: spec.is_some_and(|spec| spec.router),
            nat: spec
                .map_or_else(Vec::new, |spec| spec.nat.iter().map(ToString::to_string).collect()),
            objects: objects(world, before, host.id),
            processes: processes
                .iter()
                .filter(|p| mine(p.host))
                .map(|p| process(world, before, p))
                .collect(),
            sockets: now
                .iter()
                .filter(|(id, _)| mine(*id))
                .map(|(id, view)| mark(*id, view.clone(), old.as_deref()))
                .collect(),
            name: host.name,
        }
    });
    Scene {
        hosts: hosts.collect(),
        links: links(world),
        programs: programs(world, before, &processes, course, cursor, scenario),
    }
}

fn links(world: &World) -> Vec<LinkView> {
    let links = inspect::links(world).into_iter().map(|link| LinkView {
        hosts: link.hosts.iter().map(|host| host.0 as usize).collect(),
        delay_ns: link.params.delay_ns,
        loss: link.params.loss,
        rate_bps: link.params.rate_bps,
        hub: link.params.hub,
        up: link.up,
    });
    links.collect()
}

/// Pipes, shared memory, semaphores and message queues of a host.
fn objects(world: &World, before: Option<&World>, host: HostId) -> Vec<ObjectView> {
    let mut now = shared_objects(world, host);
    if let Some(before) = before {
        let old = shared_objects(before, host);
        for object in &mut now {
            object.changed = !old.contains(object);
        }
    }
    now
}

fn shared_objects(world: &World, host: HostId) -> Vec<ObjectView> {
    let plain = |kind, number| ObjectView {
        kind,
        number,
        name: String::new(),
        used: 0,
        room: 0,
        from: Vec::new(),
        to: Vec::new(),
        content: String::new(),
        head: Vec::new(),
        changed: false,
    };
    let pipes =
        inspect::pipes(world).into_iter().filter(|row| row.host == host).map(|row| ObjectView {
            used: row.used,
            room: row.size,
            from: ends(&row.writers),
            to: ends(&row.readers),
            content: if row.used > 0 { abi::strace::quoted(&row.head, 24) } else { String::new() },
            head: row.head,
            ..plain(ObjectKind::Pipe, row.number)
        });
    let memory =
        inspect::segments(world).into_iter().filter(|row| row.host == host).map(|row| ObjectView {
            room: row.size,
            to: row
                .mapped
                .iter()
                .map(|(pid, at)| End { pid: pid.0, at: format!("{at:#x}") })
                .collect(),
            content: row
                .head
                .iter()
                .take(16)
                .map(|b| format!("{b:02x} "))
                .collect::<String>()
                .trim_end()
                .to_owned(),
            head: row.head,
            ..plain(ObjectKind::Memory, row.number)
        });
    let semaphores =
        inspect::semaphores(world).into_iter().filter(|row| row.host == host).map(|row| {
            ObjectView {
                content: row.values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
                ..plain(ObjectKind::Semaphore, row.id.unsigned_abs())
            }
        });
    let queues =
        inspect::queues(world).into_iter().filter(|row| row.host == host).map(|row| ObjectView {
            name: row.name.clone(),
            used: row.used,
            room: row.size,
            ..plain(ObjectKind::Queue, row.number)
        });
    pipes.chain(memory).chain(semaphores).chain(queues).collect()
}

fn ends(ends: &[(abi::Pid, abi::Fd)]) -> Vec<End> {
    ends.iter().map(|(pid, fd)| End { pid: pid.0, at: format!("fd {fd}") }).collect()
}

fn process(world: &World, before: Option<&World>, row: &ProcessRow) -> ProcView {
    let fds = inspect::descriptors(world, row.host, row.pid);
    let old = before.map(|before| inspect::descriptors(before, row.host, row.pid));
    let sharing = open_descriptions(world, row.host);
    let (doing, blocked) = doing(row);
    let main = row.threads.first().map_or(row.pid, |thread| thread.tid);
    ProcView {
        pid: row.pid.0,
        program: row.name.clone(),
        doing,
        blocked,
        alive: row.exited.is_none(),
        stopped: row.stopped,
        number: row.program,
        args: row.args.clone(),
        parent: row.parent.0,
        threads: row.threads.iter().map(|thread| thread_view(thread, world.now_ns)).collect(),
        fds: fds.iter().map(|fd| descriptor(fd, old.as_deref(), &sharing)).collect(),
        stack: inspect::stack(world, row.host, row.pid, main).unwrap_or_default(),
    }
}

/// The open file description of every descriptor of a host. A sleeping call holds one open too, but
/// shares it with nobody.
fn open_descriptions(world: &World, host: HostId) -> Vec<u32> {
    let processes = inspect::processes(world).into_iter().filter(|process| process.host == host);
    let rows = processes.flat_map(|process| inspect::descriptors(world, host, process.pid));
    rows.map(|row| row.description.0).collect()
}

fn thread_view(row: &ThreadRow, now_ns: u64) -> ThreadView {
    let (doing, blocked) = thread_doing(row);
    let deadline = row.waits().and_then(|wait| wait.deadline_ns);
    ThreadView {
        tid: row.tid.0,
        doing,
        blocked,
        line: row.line,
        left_ns: deadline.map(|at| at.saturating_sub(now_ns)),
    }
}

fn descriptor(row: &DescriptorRow, old: Option<&[DescriptorRow]>, sharing: &[u32]) -> FdView {
    let (target, socket) = match &row.object {
        Object::Inet(inet) => (String::new(), Some(inet.id.0)),
        Object::Unix(number) => (String::new(), Some(UNIX + number)),
        Object::PipeReader(n) => (format!("pipe #{n} (r)"), None),
        Object::PipeWriter(n) => (format!("pipe #{n} (w)"), None),
        Object::PipeBoth(n) => (format!("pipe #{n} (rw)"), None),
        Object::File(inode) => (format!("file, inode {inode}"), None),
        Object::Terminal(_) => ("terminal".to_owned(), None),
        Object::Epoll(n) => (format!("epoll #{n}"), None),
        Object::Queue(n) => (format!("mqueue #{n}"), None),
        Object::Event(n) => (format!("eventfd #{n}"), None),
        Object::Timer(n) => (format!("timerfd #{n}"), None),
        Object::Signals(n) => (format!("signalfd #{n}"), None),
    };
    let changed = old
        .is_some_and(|old| !old.iter().any(|o| o.fd == row.fd && o.description == row.description));
    FdView {
        fd: row.fd.0,
        target,
        socket,
        changed,
        description: row.description.0,
        refs: sharing.iter().filter(|open| **open == row.description.0).count() as u32,
        flags: open_flags(row.flags),
        offset: row.offset,
        cloexec: row.cloexec,
    }
}

/// `O_RDWR|O_NONBLOCK`.
fn open_flags(flags: i32) -> String {
    let access = match flags & 3 {
        0 => "O_RDONLY",
        1 => "O_WRONLY",
        _ => "O_RDWR",
    };
    let known = [(consts::O_NONBLOCK, "O_NONBLOCK"), (consts::O_APPEND, "O_APPEND")];
    let set = known.into_iter().filter(|(bit, _)| flags & bit != 0).map(|(_, name)| name);
    std::iter::once(access).chain(set).collect::<Vec<_>>().join("|")
}

/// What a process is doing, and whether it sleeps.
fn doing(row: &ProcessRow) -> (Msg, bool) {
    if let Some(status) = row.exited {
        return (ended(status), false);
    }
    if row.stopped {
        return (Msg::Stopped, false);
    }
    match row.threads.first() {
        None => (Msg::Zombie, false),
        Some(thread) => thread_doing(thread),
    }
}

fn thread_doing(thread: &ThreadRow) -> (Msg, bool) {
    match &thread.state {
        ThreadState::Running => (Msg::Running, false),
        ThreadState::Runnable => (Msg::Ready, false),
        ThreadState::Blocked(_) => match &thread.call {
            Some(call) => {
                (Msg::BlockedIn { call: format!("{}()", sim::explain::spoken(call)) }, true)
            }
            None => (Msg::Sleeping, true),
        },
    }
}

/// The end that a status word of `wait(2)` tells.
pub(crate) fn ended(status: i32) -> Msg {
    match status & 0x7f {
        0 => Msg::ExitedWith { status: status >> 8 & 0xff },
        signal => Msg::KilledBy {
            signal: consts::name(consts::table::SIG, signal).unwrap_or("?").to_owned(),
        },
    }
}

/// Sockets that a process has open and those that the kernel still keeps.
fn sockets(world: &World) -> Vec<(HostId, SocketView)> {
    let kept = |row: &SocketRow| !row.owners.is_empty() || row.state != Some(State::Closed);
    let rows = inspect::sockets(world);
    rows.iter().filter(|row| kept(row)).map(|row| (row.host, socket(row, world.now_ns))).collect()
}

fn socket(row: &SocketRow, now_ns: u64) -> SocketView {
    let number = match (row.id, row.unix) {
        (Some(id), _) => id.0,
        (None, unix) => UNIX + unix.unwrap_or(0),
    };
    let state = row.state.map_or_else(String::new, |state| state.to_string());
    let left = |(timer, at): &(Timer, u64)| (timer_name(*timer), at.saturating_sub(now_ns));
    let mut view = SocketView {
        number,
        kind: kind(row),
        local: address(&row.local),
        peer: row.peer.as_ref().map_or_else(String::new, address),
        queues: queues(row, &state),
        queued: row.queued.iter().map(|(peer, id)| (address(peer), id.map(|id| id.0))).collect(),
        owners: ends(&row.owners),
        timers: row.timers.iter().map(left).collect(),
        facts: Vec::new(),
        changed: false,
        state,
    };
    view.facts = facts(row, &view);
    view
}

/// As the RFCs call it; the same in both languages.
fn timer_name(timer: Timer) -> &'static str {
    match timer {
        Timer::Retransmit => "RTO",
        Timer::LossProbe => "TLP",
        Timer::Reorder => "RACK",
        Timer::Persist => "persist",
        Timer::DelayedAck => "delayed ACK",
        Timer::KeepAlive => "keep-alive",
        Timer::FinWait2 => "FIN-WAIT-2",
        Timer::TimeWait => "2MSL",
    }
}

fn kind(row: &SocketRow) -> String {
    let ty = consts::name(consts::table::SOCK, row.ty).unwrap_or("?");
    match (row.domain, row.ty) {
        (consts::AF_UNIX, _) => format!("AF_UNIX {ty}"),
        (consts::AF_INET, consts::SOCK_STREAM) => "TCP".to_owned(),
        (consts::AF_INET6, consts::SOCK_STREAM) => "TCP v6".to_owned(),
        (consts::AF_INET, consts::SOCK_DGRAM) => "UDP".to_owned(),
        (consts::AF_INET6, consts::SOCK_DGRAM) => "UDP v6".to_owned(),
        (consts::AF_INET | consts::AF_INET6, _) => ty.to_owned(),
        (domain, _) => {
            let domain = consts::name(consts::table::AF, domain).unwrap_or("?");
            format!("{domain} {}", ty.trim_start_matches("SOCK_"))
        }
    }
}

fn queues(row: &SocketRow, state: &str) -> Vec<QueueView> {
    let queue = |name: Msg, used: u64, room: u64| QueueView { name, used, room };
    if state == "LISTEN" || row.accept_queue.1 > 0 {
        let (waiting, limit) = row.accept_queue;
        return vec![
            queue(Msg::SynQueue, row.syn_queue.into(), limit.into()),
            queue(Msg::AcceptQueue, waiting.into(), limit.into()),
        ];
    }
    if row.receive.size == 0 && row.send.size == 0 && row.receive.used == 0 {
        return Vec::new();
    }
    vec![
        queue(Msg::RecvQueue, row.receive.used, row.receive.size),
        queue(Msg::SendQueue, row.send.used, row.send.size),
    ]
}

fn facts(row: &SocketRow, view: &SocketView) -> Vec<(String, String)> {
    let name = |table, value: i32| consts::name(table, value).unwrap_or("?").to_owned();
    let mut facts = vec![
        ("domain".to_owned(), name(consts::table::AF, row.domain)),
        ("type".to_owned(), name(consts::table::SOCK, row.ty)),
        ("local".to_owned(), view.local.clone()),
        ("peer".to_owned(), view.peer.clone()),
        ("Recv-Q".to_owned(), format!("{} / {}", row.receive.used, row.receive.size)),
        ("Send-Q".to_owned(), format!("{} / {}", row.send.used, row.send.size)),
    ];
    if let Some(info) = &row.info {
        let us = |value: u32| format!("{value} µs");
        facts.extend([
            ("cwnd".to_owned(), format!("{} × MSS", info.snd_cwnd)),
            ("ssthresh".to_owned(), info.snd_ssthresh.to_string()),
            ("MSS".to_owned(), info.snd_mss.to_string()),
            ("RTT".to_owned(), format!("{} ± {}", us(info.rtt_us), us(info.rttvar_us))),
            ("RTO".to_owned(), us(info.rto_us)),
            ("unacked".to_owned(), info.unacked.to_string()),
            ("retrans".to_owned(), format!("{} / {}", info.retrans, info.total_retrans)),
        ]);
    }
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

fn address(addr: &SockAddr) -> String {
    match addr.to_std() {
        Some(addr) => addr.to_string(),
        None => match addr.unix_path().filter(|_| family(addr) == Some(consts::AF_UNIX)) {
            Some([0, name @ ..]) => format!("@{}", String::from_utf8_lossy(name)),
            Some(path) => String::from_utf8_lossy(path).into_owned(),
            None => other_address(addr).unwrap_or_default(),
        },
    }
}

fn family(addr: &SockAddr) -> Option<i32> {
    addr.family().map(i32::from)
}

/// An address of a packet or netlink socket: what it hears, and who it is.
fn other_address(addr: &SockAddr) -> Option<String> {
    let bytes = addr.bytes();
    let word = |at: usize| Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    match family(addr)? {
        consts::AF_PACKET => {
            let protocol = u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]);
            let interface = match word(4)? {
                0 => "*".to_owned(),
                index => format!("if {index}"),
            };
            Some(format!("{interface} · 0x{protocol:04x}"))
        }
        consts::AF_NETLINK => match (word(4)?, word(8)?) {
            (id, 0) => Some(format!("nl_pid {id}")),
            (id, groups) => Some(format!("nl_pid {id} · groups {groups:#x}")),
        },
        _ => None,
    }
}

fn mark(host: HostId, mut view: SocketView, old: Option<&[(HostId, SocketView)]>) -> SocketView {
    if let Some(old) = old {
        // Timers run all the time and counters follow from the rest: they are no change.
        let core =
            |v: &SocketView| (v.state.clone(), v.local.clone(), v.peer.clone(), v.queues.clone());
        let same = |(h, o): &(HostId, SocketView)| {
            *h == host && o.number == view.number && core(o) == core(&view)
        };
        view.changed = !old.iter().any(same);
    }
    view
}

/// For each program of the scenario, the last process that runs it.
fn programs(
    world: &World,
    before: Option<&World>,
    rows: &[ProcessRow],
    course: &Course,
    cursor: usize,
    scenario: &Scenario,
) -> Vec<ProgramView> {
    let hosts = inspect::hosts(world);
    let hosts_of = scenario.programs.iter().map(|program| program.host);
    let views = hosts_of.enumerate().map(|(number, host)| {
        let mine = |row: &&ProcessRow| row.program == number;
        let row = rows.iter().rfind(mine);
        let host_name = hosts.get(host).map_or_else(String::new, |host| host.name.clone());
        let mut view = ProgramView { host, host_name, ..ProgramView::default() };
        let Some(row) = row else {
            view.state = Some(Msg::NotStarted);
            return view;
        };
        let (state, blocked) = doing(row);
        (view.state, view.blocked) = (Some(state), blocked);
        view.places = places(row, course, cursor);
        view.values = beside::values(world, before, row);
        view
    });
    views.collect()
}

fn places(row: &ProcessRow, course: &Course, cursor: usize) -> Vec<Place> {
    let threads = row.threads.iter().filter_map(|thread| {
        let blocked = matches!(thread.state, ThreadState::Blocked(_));
        Some(Place { line: thread.line?, kind: if blocked { "blocked" } else { "run" } })
    });
    let places: Vec<Place> = threads.collect();
    if !places.is_empty() {
        return places;
    }
    let last =
        course.processes.iter().rev().find(|p| p.host == row.host.0 as usize && p.pid == row.pid);
    let line = last.and_then(|process| process.line_at(cursor));
    line.map(|line| Place { line, kind: if row.exited.is_some() { "done" } else { "run" } })
        .into_iter()
        .collect()
}
