//! From the simulated world at a moment to the stage's rows.

use crate::i18n::Msg;
use crate::model::course::{Course, StateChange};
use crate::model::scene::*;
use abi::{SockAddr, consts};
use sim::HostId;
use sim::inspect::{self, DescriptorRow, ProcessRow, SocketRow, ThreadRow};
use sim::kernel::Os;
use sim::kernel::fd::Object;
use sim::kernel::process::ThreadState;
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
    program_hosts: &[usize],
) -> Scene {
    let processes = inspect::processes(world);
    let now = sockets(world, course, cursor);
    let old = before.map(|before| sockets(before, course, cursor.saturating_sub(1)));
    let hosts = inspect::hosts(world).into_iter().map(|host| {
        let mine = |id: HostId| id == host.id;
        HostView {
            addresses: host.addresses.iter().map(ToString::to_string).collect(),
            os: match host.os {
                Os::Linux => "Linux",
                Os::Windows => "Windows",
            },
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
        programs: programs(world, &processes, course, cursor, program_hosts),
    }
}

fn links(world: &World) -> Vec<LinkView> {
    let pairs = inspect::links(world).into_iter().flat_map(|link| {
        let hosts: Vec<usize> = link.hosts.iter().map(|host| host.0 as usize).collect();
        let ends = move |a: usize, b: usize| LinkView {
            ends: (a, b),
            delay_ns: link.params.delay_ns,
            loss: link.params.loss,
            up: link.up,
        };
        // A network of many hosts is drawn as cables from the first one.
        let first = hosts.first().copied();
        let others: Vec<usize> = hosts.iter().skip(1).copied().collect();
        others.into_iter().filter_map(move |other| first.map(|first| ends(first, other)))
    });
    pairs.collect()
}

fn process(world: &World, before: Option<&World>, row: &ProcessRow) -> ProcView {
    let fds = inspect::descriptors(world, row.host, row.pid);
    let old = before.map(|before| inspect::descriptors(before, row.host, row.pid));
    let (doing, blocked) = doing(row);
    let main = row.threads.first().map_or(row.pid, |thread| thread.tid);
    ProcView {
        pid: row.pid.0,
        program: row.name.clone(),
        doing,
        blocked,
        alive: row.exited.is_none(),
        fds: fds.iter().map(|fd| descriptor(fd, old.as_deref())).collect(),
        stack: inspect::stack(world, row.host, row.pid, main).unwrap_or_default(),
    }
}

fn descriptor(row: &DescriptorRow, old: Option<&[DescriptorRow]>) -> FdView {
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
    };
    let changed = old
        .is_some_and(|old| !old.iter().any(|o| o.fd == row.fd && o.description == row.description));
    FdView { fd: row.fd.0, target, socket, changed }
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
            Some(call) => (Msg::BlockedIn { call: format!("{}()", abi::strace::name(call)) }, true),
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
fn sockets(world: &World, course: &Course, cursor: usize) -> Vec<(HostId, SocketView)> {
    let rows = inspect::sockets(world);
    let mut found: Vec<(HostId, SocketView)> =
        rows.iter().map(|row| (row.host, socket(row, course, cursor))).collect();
    for state in course.states.iter().filter(|state| state.moment <= cursor) {
        let host = HostId(state.host as u32);
        let latest = last_state(course, state.host, state.sock, cursor);
        let known = found.iter().any(|(h, view)| *h == host && view.number == state.sock);
        if !known && latest.is_some_and(|latest| latest.to != "CLOSED") {
            found.push((host, orphan(latest.unwrap_or(state))));
        }
    }
    found
}

fn last_state(course: &Course, host: usize, sock: u32, cursor: usize) -> Option<&StateChange> {
    let until = course.states.partition_point(|state| state.moment <= cursor);
    course.states[..until].iter().rev().find(|state| state.host == host && state.sock == sock)
}

/// A connection without a process.
fn orphan(state: &StateChange) -> SocketView {
    SocketView {
        number: state.sock,
        kind: "TCP".to_owned(),
        state: state.to.clone(),
        local: state.local.clone(),
        peer: state.peer.clone(),
        queues: Vec::new(),
        timers: Vec::new(),
        facts: Vec::new(),
        changed: false,
    }
}

fn socket(row: &SocketRow, course: &Course, cursor: usize) -> SocketView {
    let number = match (row.id, row.unix) {
        (Some(id), _) => id.0,
        (None, unix) => UNIX + unix.unwrap_or(0),
    };
    let tcp = row.domain != consts::AF_UNIX && row.ty == consts::SOCK_STREAM;
    let traced = last_state(course, row.host.0 as usize, number, cursor).map(|s| s.to.clone());
    let state = row.state.map(|state| state.to_string()).or(traced);
    let state = if tcp { state.unwrap_or_else(|| "CLOSED".to_owned()) } else { String::new() };
    let mut view = SocketView {
        number,
        kind: kind(row),
        local: address(&row.local),
        peer: row.peer.as_ref().map_or_else(String::new, address),
        queues: queues(row, &state),
        timers: Vec::new(),
        facts: Vec::new(),
        changed: false,
        state,
    };
    view.facts = facts(row, &view);
    view
}

fn kind(row: &SocketRow) -> String {
    let ty = consts::name(consts::table::SOCK, row.ty).unwrap_or("?");
    match (row.domain, row.ty) {
        (consts::AF_UNIX, _) => format!("AF_UNIX {ty}"),
        (consts::AF_INET, consts::SOCK_STREAM) => "TCP".to_owned(),
        (consts::AF_INET6, consts::SOCK_STREAM) => "TCP v6".to_owned(),
        (consts::AF_INET, consts::SOCK_DGRAM) => "UDP".to_owned(),
        (consts::AF_INET6, consts::SOCK_DGRAM) => "UDP v6".to_owned(),
        _ => ty.to_owned(),
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
    let owners: Vec<String> =
        row.owners.iter().map(|(pid, fd)| format!("pid {pid} fd {fd}")).collect();
    let name = |table, value: i32| consts::name(table, value).unwrap_or("?").to_owned();
    let mut facts = vec![
        ("domain".to_owned(), name(consts::table::AF, row.domain)),
        ("type".to_owned(), name(consts::table::SOCK, row.ty)),
        ("local".to_owned(), view.local.clone()),
        ("peer".to_owned(), view.peer.clone()),
        ("Recv-Q".to_owned(), format!("{} / {}", row.receive.used, row.receive.size)),
        ("Send-Q".to_owned(), format!("{} / {}", row.send.used, row.send.size)),
        ("fd".to_owned(), owners.join(", ")),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

fn address(addr: &SockAddr) -> String {
    match addr.to_std() {
        Some(addr) => addr.to_string(),
        None => match addr.unix_path() {
            Some([0, name @ ..]) => format!("@{}", String::from_utf8_lossy(name)),
            Some(path) => String::from_utf8_lossy(path).into_owned(),
            None => String::new(),
        },
    }
}

fn mark(host: HostId, mut view: SocketView, old: Option<&[(HostId, SocketView)]>) -> SocketView {
    if let Some(old) = old {
        let same = |(h, o): &(HostId, SocketView)| *h == host && *o == view;
        view.changed = !old.iter().any(same);
    }
    view
}

/// For each program of the scenario, the last process that runs it.
fn programs(
    world: &World,
    rows: &[ProcessRow],
    course: &Course,
    cursor: usize,
    program_hosts: &[usize],
) -> Vec<ProgramView> {
    let hosts = inspect::hosts(world);
    let views = program_hosts.iter().copied().enumerate().map(|(number, host)| {
        let mine = |row: &&ProcessRow| row.program == number;
        let row = rows.iter().filter(mine).next_back();
        let host_name = hosts.get(host).map_or_else(String::new, |host| host.name.clone());
        let mut view = ProgramView { host, host_name, ..ProgramView::default() };
        let Some(row) = row else {
            view.state = Some(Msg::NotStarted);
            return view;
        };
        let (state, blocked) = doing(row);
        (view.state, view.blocked) = (Some(state), blocked);
        view.places = places(row, course, cursor);
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
