//! One host's kernel: processes, descriptors, and who waits for what.
//!
//! What to read: `syscalls(2)`, `signal(7)`, `credentials(7)`.
//!
//! - [`process`], [`program`]: what runs. [`fd`]: descriptors, descriptions, objects.
//! - [`sched`]: one processor a host, bursts, the run queue.
//! - [`syscall`]: the calls, one file a family; each checks its arguments in Linux's order.
//! - [`wait`]: a blocked thread is data. When an object changes, the calls blocked on it are simply
//!   tried again, in the order in which they fell asleep.
//! - [`pipe`], [`unix`], [`epoll`], [`fs`], [`ipc`], [`notify`], [`locks`]: the objects that are not
//!   the network's. [`sigio`]: signals that tell of them.
//!
//! Missing: supplementary groups, terminals' job control, ptrace, swap; memory is never short.

pub mod epoll;
pub mod fd;
pub mod fs;
pub mod ipc;
pub mod locks;
pub mod notify;
pub mod pipe;
pub mod process;
pub mod program;
pub mod sched;
pub mod sigio;
pub mod signal;
pub mod syscall;
pub mod unix;
pub mod wait;

use crate::kernel::fd::{Description, Descriptor, Object};
use crate::kernel::process::{Pending, Process, Progress, Thread, ThreadState};
use crate::kernel::wait::{Source, WaitFor};
use crate::net::{self, Stack};
use crate::rng::Rng;
use crate::tcp;
use crate::trace::{Drop, Record, Sink, What};
use crate::{CallId, DescId, HostId, PacketId};
use abi::{Errno, Fd, Pid, Reply};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// Whose rules a host follows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Os {
    /// Linux 6.18.
    #[default]
    Linux,
    /// Winsock 2.2 on the same stack.
    Windows,
}

/// A wall clock that may be wrong.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Clock {
    /// Ahead of the world's time by so many nanoseconds.
    pub offset_ns: i64,
    /// Gains so many millionths.
    pub drift_ppm: f64,
}

/// The first process of every system, which adopts orphans; here it does nothing else.
pub const INIT: Pid = Pid(1);

/// The world's time 0 on every right clock: 2026-01-01 00:00:00 UTC, seconds.
pub const EPOCH_S: i64 = 1_767_225_600;

/// A host.
#[derive(Clone, PartialEq, Debug)]
pub struct Host {
    /// Its number.
    pub id: HostId,
    /// Its name.
    pub name: String,
    /// What `uname(2)` says its name is.
    pub node_name: String,
    /// Its personality.
    pub os: Os,
    /// Whether it is on.
    pub up: bool,
    /// Its wall clock.
    pub clock: Clock,
    /// Its network.
    pub stack: Stack,
    /// Its processes, zombies included.
    pub processes: BTreeMap<Pid, Process>,
    /// Which process a thread belongs to.
    pub threads: BTreeMap<Pid, Pid>,
    /// Open file descriptions.
    pub descriptions: BTreeMap<DescId, Description>,
    /// Pipes and open FIFOs.
    pub pipes: BTreeMap<u32, pipe::Pipe>,
    /// Unix sockets.
    pub unix: unix::UnixSockets,
    /// epoll instances.
    pub epolls: BTreeMap<u32, epoll::Epoll>,
    /// eventfds.
    pub events: BTreeMap<u32, notify::Event>,
    /// timerfds.
    pub timer_fds: BTreeMap<u32, notify::TimerFd>,
    /// signalfds.
    pub signal_fds: BTreeMap<u32, notify::SignalFd>,
    /// Advisory locks, by inode.
    pub locks: BTreeMap<u64, locks::Locks>,
    /// Files.
    pub fs: fs::Fs,
    /// Shared memory segments, semaphores, message queues.
    pub ipc: ipc::Ipc,
    /// The contents of shared memory.
    pub shared: cc::SharedMemory,
    /// Names that resolve, as `/etc/hosts` and the DNS stub know them.
    pub names: Arc<Vec<(String, std::net::IpAddr)>>,
    /// A host of the scenario that answers questions about names.
    pub name_server: Option<std::net::IpAddr>,
    /// Programs that `execve` finds, as the scenario has them.
    pub programs: Arc<Vec<sched::Installed>>,
    /// Threads that want the processor, next first.
    pub run_queue: VecDeque<Pid>,
    /// The processor.
    pub cpu: sched::Cpu,
    waiters: BTreeMap<Source, BTreeMap<u64, Pid>>,
    wait_orders: BTreeMap<Pid, u64>,
    deadlines: BTreeSet<(u64, Pid)>,
    /// What changed, and for which `EPOLL*` of those who watch it.
    dirty: VecDeque<(Source, u32)>,
    /// When alarms and timerfds ring, nanoseconds.
    rings: BTreeSet<(u64, notify::Ring)>,
    /// Open descriptions with `O_ASYNC`.
    pub(crate) asynchronous: BTreeSet<DescId>,
    /// What their owners have not been told yet.
    pub(crate) news: Vec<sigio::News>,
    /// Descriptions that were on their way in a message that nobody has received.
    pub(crate) lost: Vec<DescId>,
    /// What the call that is being tried again holds.
    pub(crate) held: Option<(Fd, DescId)>,
    next_order: u64,
    next_pid: i32,
    next_id: u32,
    /// When the world will call [`Host::timers`]; `None` if never.
    pub(crate) timer_at: Option<u64>,
}

/// What a call finds around it, beside its host.
pub(crate) struct Env<'a> {
    pub now_ns: u64,
    pub step: u64,
    pub sink: &'a mut Sink,
    pub rng: &'a mut Rng,
    pub next_record: &'a mut u64,
    pub next_call: &'a mut u64,
    /// What the network stack did.
    pub out: net::Out,
    /// Frames to transmit, each with the record that caused it.
    pub sent: Vec<(net::Transmit, Option<u64>)>,
    /// The packet that is arriving, if one is.
    pub packet: Option<PacketId>,
    /// The record that everything recorded now follows from.
    pub cause: Option<u64>,
    /// Whether another frame arrives at this moment: sleeping calls are tried after the last one.
    pub burst_goes_on: bool,
    /// When the processor wants the world to call [`Host::run`].
    pub wake_cpu_at: Option<u64>,
}

impl Env<'_> {
    /// Adds a record and gives its number.
    pub(crate) fn record(&mut self, host: HostId, pid: Pid, tid: Pid, what: What) -> u64 {
        let id = *self.next_record;
        *self.next_record += 1;
        if self.sink.is_on() {
            self.sink.push(Record {
                id,
                step: self.step,
                t_ns: self.now_ns,
                host,
                pid,
                tid,
                what,
                cause: self.cause,
                measured: false,
            });
        }
        id
    }

    /// Frames sent so far are due to the present cause.
    pub(crate) fn flush(&mut self) {
        let cause = self.cause;
        self.sent.extend(self.out.frames.drain(..).map(|frame| (frame, cause)));
    }

    fn call_id(&mut self) -> CallId {
        *self.next_call += 1;
        CallId(*self.next_call)
    }
}

/// Who makes a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Me {
    pub pid: Pid,
    pub tid: Pid,
}

/// What came of trying a call.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Outcome {
    /// It is answered.
    Done(Reply),
    /// The thread sleeps; the call is tried again when something changes.
    Wait(WaitFor),
    /// There is no one left to answer: the process ended or became another program.
    Gone,
}

impl From<Result<Reply, Errno>> for Outcome {
    fn from(result: Result<Reply, Errno>) -> Outcome {
        Outcome::Done(result.unwrap_or_else(Reply::err))
    }
}

impl From<Result<i64, Errno>> for Outcome {
    fn from(ret: Result<i64, Errno>) -> Outcome {
        Outcome::Done(Reply { ret, out: abi::Out::None })
    }
}

impl Host {
    /// A host without processes.
    pub fn new(id: HostId, name: &str, os: Os, stack: Stack) -> Host {
        Host {
            id,
            name: name.to_owned(),
            node_name: name.to_owned(),
            os,
            up: true,
            clock: Clock::default(),
            stack,
            processes: BTreeMap::new(),
            threads: BTreeMap::new(),
            descriptions: BTreeMap::new(),
            pipes: BTreeMap::new(),
            unix: unix::UnixSockets::default(),
            epolls: BTreeMap::new(),
            events: BTreeMap::new(),
            timer_fds: BTreeMap::new(),
            signal_fds: BTreeMap::new(),
            locks: BTreeMap::new(),
            fs: fs::Fs::new(),
            ipc: ipc::Ipc::default(),
            shared: cc::SharedMemory::new(),
            names: Arc::default(),
            name_server: None,
            programs: Arc::default(),
            run_queue: VecDeque::new(),
            cpu: sched::Cpu::default(),
            waiters: BTreeMap::new(),
            wait_orders: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            dirty: VecDeque::new(),
            rings: BTreeSet::new(),
            asynchronous: BTreeSet::new(),
            news: Vec::new(),
            lost: Vec::new(),
            held: None,
            next_order: 0,
            next_pid: INIT.0 + 1,
            next_id: 0,
            timer_at: None,
        }
    }

    /// What the wall clock shows at `now_ns`: seconds since 1970 and nanoseconds.
    pub fn wall_clock(&self, now_ns: u64) -> (i64, i64) {
        let drift = (now_ns as f64 * self.clock.drift_ppm / 1e6) as i64;
        let ns = i128::from(now_ns) + i128::from(self.clock.offset_ns) + i128::from(drift);
        let sec = ns.div_euclid(1_000_000_000) as i64;
        (EPOCH_S.saturating_add(sec), ns.rem_euclid(1_000_000_000) as i64)
    }

    pub(crate) fn new_id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    pub(crate) fn new_pid(&mut self) -> Pid {
        let pid = Pid(self.next_pid);
        self.next_pid += 1;
        pid
    }

    // ---- looking things up

    pub(crate) fn process(&self, pid: Pid) -> &Process {
        self.processes.get(&pid).expect("a running call belongs to a process")
    }

    pub(crate) fn process_mut(&mut self, pid: Pid) -> &mut Process {
        self.processes.get_mut(&pid).expect("a running call belongs to a process")
    }

    pub(crate) fn thread(&self, tid: Pid) -> Option<&Thread> {
        self.processes.get(self.threads.get(&tid)?)?.threads.get(&tid)
    }

    pub(crate) fn thread_mut(&mut self, tid: Pid) -> Option<&mut Thread> {
        self.processes.get_mut(self.threads.get(&tid)?)?.threads.get_mut(&tid)
    }

    /// The open file description of a descriptor, or `EBADF`.
    pub(crate) fn description(&self, pid: Pid, fd: Fd) -> Result<(DescId, &Description), Errno> {
        let id = self.description_id(pid, fd)?;
        Ok((id, self.descriptions.get(&id).expect("a descriptor has a description")))
    }

    /// What a descriptor means: to a call that slept on it, what it meant when it fell asleep.
    fn description_id(&self, pid: Pid, fd: Fd) -> Result<DescId, Errno> {
        match self.held {
            Some((held, id)) if held == fd => Ok(id),
            _ => Ok(self.process(pid).fds.get(fd)?.description),
        }
    }

    pub(crate) fn description_mut(&mut self, pid: Pid, fd: Fd) -> Result<&mut Description, Errno> {
        let id = self.description_id(pid, fd)?;
        Ok(self.descriptions.get_mut(&id).expect("a descriptor has a description"))
    }

    /// What a descriptor refers to, with the description's flags.
    pub(crate) fn object(&self, pid: Pid, fd: Fd) -> Result<(Object, i32), Errno> {
        let (_, description) = self.description(pid, fd)?;
        Ok((description.object.clone(), description.flags))
    }

    // ---- descriptors

    /// Opens `object` as the lowest free descriptor, or `EMFILE`.
    pub(crate) fn open(
        &mut self,
        pid: Pid,
        object: Object,
        flags: i32,
        cloexec: bool,
    ) -> Result<Fd, Errno> {
        let process = self.process(pid);
        let fd = process.fds.lowest_free(0, process.nofile.0)?;
        let id = DescId(self.new_id());
        self.descriptions.insert(id, Description::new(object, flags));
        self.process_mut(pid).fds.insert(fd, Descriptor { description: id, cloexec });
        Ok(fd)
    }

    /// Whether `count` more descriptors may be opened.
    pub(crate) fn may_open(&self, pid: Pid, count: u64) -> Result<(), Errno> {
        let process = self.process(pid);
        let used = process.fds.iter().filter(|(fd, _)| (fd.0 as u64) < process.nofile.0).count();
        if used as u64 + count <= process.nofile.0 { Ok(()) } else { Err(Errno::EMFILE) }
    }

    /// Gives up one reference; the last one closes the object. A lingering socket is returned.
    pub(crate) fn release(&mut self, env: &mut Env, id: DescId) -> Option<net::Stop> {
        let description = self.descriptions.get_mut(&id)?;
        description.refs -= 1;
        if description.refs > 0 {
            return None;
        }
        let description = self.descriptions.remove(&id)?;
        self.asynchronous.remove(&id);
        for epoll in self.epolls.values_mut() {
            epoll.forget(id);
        }
        match description.object {
            Object::Inet(inet) => match self.stack.close(inet.id, env.now_ns, &mut env.out) {
                Err(stop @ net::Stop::Wait { .. }) => return Some(stop),
                Ok(()) | Err(net::Stop::Errno(_)) => {}
            },
            Object::Unix(socket) => self.close_unix(socket),
            Object::PipeReader(pipe) => self.close_pipe(pipe, true, false),
            Object::PipeWriter(pipe) => self.close_pipe(pipe, false, true),
            Object::PipeBoth(pipe) => self.close_pipe(pipe, true, true),
            Object::Epoll(epoll) => {
                self.epolls.remove(&epoll);
            }
            Object::File(inode) => {
                self.drop_flock(inode, id);
                self.fs.release(inode);
            }
            Object::Event(event) => {
                self.events.remove(&event);
            }
            Object::Timer(timer) => self.close_timer(timer),
            Object::Signals(signals) => {
                self.signal_fds.remove(&signals);
            }
            Object::Terminal(_) | Object::Queue(_) => {}
        }
        None
    }

    // ---- sleeping and waking

    /// Something about `source` changed: whoever waits for it is to be tried again.
    pub(crate) fn touch(&mut self, source: Source) {
        self.touch_for(source, u32::MAX);
    }

    /// The same, where an epoll that does not wait for one of these events takes no notice: the key
    /// of a wait queue's wake-up in Linux. None of them: only sleeping calls are tried again.
    pub(crate) fn touch_for(&mut self, source: Source, events: u32) {
        match self.dirty.iter_mut().find(|(other, _)| *other == source) {
            Some((_, all)) => *all |= events,
            None => self.dirty.push_back((source, events)),
        }
    }

    pub(crate) fn block(&mut self, env: &mut Env, me: Me, wait: WaitFor) {
        let order = self.next_order();
        self.block_as(env, me, wait, order);
    }

    /// A place behind all that were given out.
    pub(crate) fn next_order(&mut self) -> u64 {
        self.next_order += 1;
        self.next_order
    }

    /// Sleeps with a place in the queues that may be an older one: a retried call keeps its turn.
    fn block_as(&mut self, env: &mut Env, me: Me, wait: WaitFor, order: u64) {
        for source in &wait.sources {
            self.waiters.entry(*source).or_default().insert(order, me.tid);
        }
        self.wait_orders.insert(me.tid, order);
        if let Some(deadline) = wait.deadline_ns {
            self.deadlines.insert((deadline, me.tid));
        }
        self.hold(me, &wait);
        let Some(thread) = self.thread_mut(me.tid) else { return };
        let first = thread.calls.last().is_some_and(|pending| !pending.blocked);
        let call = thread.calls.last_mut().map(|pending| {
            pending.blocked = true;
            pending.deadline_ns = wait.deadline_ns;
            pending.id
        });
        thread.state = ThreadState::Blocked(wait.clone());
        if let (true, Some(call)) = (first, call) {
            env.record(self.id, me.pid, me.tid, What::CallBlocked { call, on: wait });
        }
    }

    /// Whoever sleeps on a descriptor keeps what it means open.
    fn hold(&mut self, me: Me, wait: &WaitFor) {
        let Some(fd) = wait.reason.descriptor() else { return };
        let nothing_yet = self
            .thread(me.tid)
            .and_then(|thread| thread.calls.last())
            .is_some_and(|pending| pending.held.is_none());
        let Ok(descriptor) = self.process(me.pid).fds.get(fd) else { return };
        if nothing_yet {
            self.refer(descriptor.description);
            if let Some(pending) = self.thread_mut(me.tid).and_then(|t| t.calls.last_mut()) {
                pending.held = Some((fd, descriptor.description));
            }
        }
    }

    /// Takes a thread out of every queue it sleeps in. Its old place in them is the answer.
    pub(crate) fn unblock(&mut self, tid: Pid) -> Option<u64> {
        let order = self.wait_orders.remove(&tid)?;
        let thread = self.thread_mut(tid)?;
        let ThreadState::Blocked(wait) = std::mem::replace(&mut thread.state, ThreadState::Running)
        else {
            return Some(order);
        };
        for source in &wait.sources {
            if let Some(queue) = self.waiters.get_mut(source) {
                queue.remove(&order);
                if queue.is_empty() {
                    self.waiters.remove(source);
                }
            }
        }
        if let Some(deadline) = wait.deadline_ns {
            self.deadlines.remove(&(deadline, tid));
        }
        Some(order)
    }

    /// Lets everything that an event touched take effect: notes are recorded, sleeping calls tried
    /// again. Frames stay in `env.out` for the world.
    pub(crate) fn settle(&mut self, env: &mut Env) {
        loop {
            self.take_notes(env);
            if env.burst_goes_on {
                return;
            }
            for lost in std::mem::take(&mut self.lost) {
                self.release(env, lost);
            }
            match self.dirty.pop_front() {
                Some((source, events)) => {
                    self.ready_edge(source, events);
                    self.retry_waiters(env, source);
                }
                None if self.news.is_empty() => break,
                None => self.send_news(env),
            }
        }
    }

    /// Tries the calls that sleep on an object again, in the order in which they fell asleep.
    pub(crate) fn retry_waiters(&mut self, env: &mut Env, source: Source) {
        let queue = self.waiters.get(&source);
        let waiting: Vec<Pid> =
            queue.map(|queue| queue.values().copied().collect()).unwrap_or_default();
        for tid in waiting {
            self.retry(env, tid, false);
        }
    }

    fn take_notes(&mut self, env: &mut Env) {
        self.stack.tap_outgoing(env.now_ns, &mut env.out);
        env.flush();
        let wakeups = std::mem::take(&mut env.out.wakeups);
        for wakeup in &wakeups {
            let events = match wakeup.wake {
                net::Wake::Readable => epoll::DATA,
                net::Wake::Writable => epoll::SPACE,
                _ => u32::MAX,
            };
            self.touch_for(Source::Socket(wakeup.id), events);
        }
        for wakeup in &wakeups {
            self.tell_of(env, wakeup);
        }
        for note in std::mem::take(&mut env.out.notes) {
            self.take_note(env, note);
        }
    }

    /// What the stack says of a packet belongs to the packet that is arriving.
    fn take_note(&mut self, env: &mut Env, note: net::Note) {
        let dropped = match note {
            net::Note::State { socket, local, peer, from, to, why } => {
                let what = What::SocketState { socket, local, peer, from, to, why };
                env.record(self.id, Pid(0), Pid(0), what);
                None
            }
            net::Note::Dropped { why, .. } => Some(drop_reason(why)),
            net::Note::ReceiveBufferFull { .. } => Some(Drop::BufferFull),
            net::Note::Tcp { socket, event } => {
                env.record(self.id, Pid(0), Pid(0), What::Tcp { socket, event });
                let overflow = matches!(event, tcp::Event::ListenOverflow { .. });
                overflow.then_some(Drop::AcceptQueueFull)
            }
            net::Note::Neighbour { .. } => None,
        };
        if let (Some(why), Some(packet)) = (dropped, env.packet) {
            env.record(self.id, Pid(0), Pid(0), What::PacketDropped { packet, why });
        }
    }

    /// Tries a sleeping call again; `timed_out` if its time is over.
    pub(crate) fn retry(&mut self, env: &mut Env, tid: Pid, timed_out: bool) {
        let Some(pid) = self.threads.get(&tid).copied() else { return };
        let Some(thread) = self.thread(tid) else { return };
        if !matches!(thread.state, ThreadState::Blocked(_)) {
            return;
        }
        let Some(mut pending) = thread.calls.last().cloned() else { return };
        let me = Me { pid, tid };
        let order = self.unblock(tid);
        let saved = env.cause.replace(pending.record);
        let call = Arc::clone(&pending.call);
        self.held = pending.held;
        let outcome = self.try_call(env, me, &call, &mut pending, timed_out);
        self.held = None;
        self.after_try(env, me, pending, outcome, order);
        self.stack.tap_outgoing(env.now_ns, &mut env.out);
        env.flush();
        env.cause = saved;
    }

    /// What follows from an outcome: the thread goes on, sleeps or is no more.
    pub(crate) fn after_try(
        &mut self,
        env: &mut Env,
        me: Me,
        pending: Pending,
        outcome: Outcome,
        order: Option<u64>,
    ) {
        match outcome {
            Outcome::Done(reply) => self.finish_call(env, me, &reply),
            Outcome::Wait(mut wait) => {
                if wait.deadline_ns.is_none() {
                    wait.deadline_ns = pending.deadline_ns;
                }
                if let Some(thread) = self.thread_mut(me.tid)
                    && let Some(last) = thread.calls.last_mut()
                {
                    last.progress = pending.progress;
                }
                match order {
                    Some(order) => self.block_as(env, me, wait, order),
                    None => self.block(env, me, wait),
                }
            }
            Outcome::Gone => {}
        }
    }

    /// Answers the innermost call of a thread, which wants the processor then.
    pub(crate) fn finish_call(&mut self, env: &mut Env, me: Me, reply: &Reply) {
        let Some(thread) = self.thread_mut(me.tid) else { return };
        let Some(pending) = thread.calls.pop() else { return };
        let blocked = pending.blocked;
        if blocked {
            thread.state = ThreadState::Runnable;
        }
        if env.sink.is_on() {
            let saved = env.cause.replace(pending.record);
            let what = What::CallEnd {
                call: pending.id,
                syscall: Arc::clone(&pending.call),
                reply: Arc::new(reply.clone()),
                started_ns: pending.started_ns,
                blocked,
            };
            env.record(self.id, me.pid, me.tid, what);
            env.cause = saved;
        } else {
            *env.next_record += 1;
        }
        self.resume(me, &pending.call, reply);
        if blocked {
            self.enqueue(env, me.tid);
        }
        if let Some((_, description)) = pending.held {
            self.release(env, description);
        }
    }

    fn resume(&mut self, me: Me, call: &abi::Syscall, reply: &Reply) {
        let Some(process) = self.processes.get_mut(&me.pid) else { return };
        match &mut process.image {
            program::Program::C(machine) => machine.resume(me.tid, reply, &mut self.shared),
            // Nobody wrote the end of a handler, so nobody reads its answer.
            program::Program::Script(_) if *call == abi::Syscall::RtSigreturn => {}
            program::Program::Script(script) => {
                script.thread(me.tid).replies.push(reply.clone());
            }
            program::Program::Gone => {}
        }
    }

    /// Who waits on a source, longest first.
    pub(crate) fn waiters_of(&self, source: Source) -> Vec<Pid> {
        self.waiters.get(&source).map(|queue| queue.values().copied().collect()).unwrap_or_default()
    }

    /// Text typed into a process's terminal.
    pub(crate) fn type_into(&mut self, env: &mut Env, pid: Pid, bytes: Vec<u8>) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        process.terminal.input.extend(&bytes);
        env.record(self.id, pid, Pid(0), What::Input { bytes: abi::Bytes(bytes) });
        self.touch(Source::Terminal(pid));
        self.tell(sigio::Side::Terminal(pid), sigio::Band::In);
    }

    /// No more will be typed.
    pub(crate) fn end_input(&mut self, pid: Pid) {
        if let Some(process) = self.processes.get_mut(&pid) {
            process.terminal.ended = true;
            self.touch(Source::Terminal(pid));
            self.tell(sigio::Side::Terminal(pid), sigio::Band::In);
        }
    }

    /// One more call for a script's thread.
    pub(crate) fn give(&mut self, env: &mut Env, tid: Pid, call: abi::Syscall) {
        let Some(pid) = self.threads.get(&tid).copied() else { return };
        if let program::Program::Script(script) = &mut self.process_mut(pid).image {
            script.thread(tid).calls.push_back(Arc::new(call));
        }
        let asleep =
            self.thread(tid).is_none_or(|thread| matches!(thread.state, ThreadState::Blocked(_)));
        if !asleep {
            self.enqueue(env, tid);
        }
    }

    /// A host that was turned off and on gives out new numbers.
    pub(crate) fn keep_numbers(&mut self, old: &Host) {
        self.next_pid = old.next_pid;
        self.next_id = old.next_id;
    }

    // ---- time

    /// When the next timer of this host is due, nanoseconds.
    pub fn poll_at(&self) -> Option<u64> {
        let sleeping = self.deadlines.first().map(|(deadline, _)| *deadline);
        let ring = self.rings.first().map(|(at, _)| *at);
        [sleeping, self.stack.poll_at(), ring].into_iter().flatten().min()
    }

    /// Runs every timer that is due.
    pub(crate) fn timers(&mut self, env: &mut Env) {
        self.stack.timers(env.now_ns, &mut env.out);
        self.settle(env);
        self.ring(env);
        while let Some((deadline, tid)) = self.deadlines.first().copied() {
            if deadline > env.now_ns {
                break;
            }
            self.deadlines.remove(&(deadline, tid));
            self.retry(env, tid, true);
            self.settle(env);
        }
    }

    /// Empty progress for a new call.
    pub(crate) fn begin(&mut self, env: &mut Env, me: Me, call: Arc<abi::Syscall>) -> Pending {
        let id = env.call_id();
        let line = self.line_of(me);
        let what = What::CallStart { call: id, syscall: Arc::clone(&call), line };
        let record = env.record(self.id, me.pid, me.tid, what);
        Pending {
            id,
            call,
            started_ns: env.now_ns,
            progress: Progress::None,
            deadline_ns: None,
            blocked: false,
            record,
            held: None,
            interrupted: None,
        }
    }

    /// The line of user code that a thread is at.
    pub fn line_of(&self, who: impl Into<(Pid, Pid)>) -> Option<u32> {
        let (pid, tid) = who.into();
        let program::Program::C(machine) = &self.processes.get(&pid)?.image else { return None };
        let span = machine.position(tid)?;
        Some(machine.program().sources.line_column(span).line)
    }
}

/// The stack's reason in the trace's words.
fn drop_reason(why: net::DropWhy) -> Drop {
    match why {
        net::DropWhy::Down => Drop::HostDown,
        net::DropWhy::OtherMac | net::DropWhy::NotForUs => Drop::NotForUs,
        net::DropWhy::Malformed(crate::wire::Malformed::Checksum) => Drop::Checksum,
        net::DropWhy::Malformed(_) => Drop::Malformed,
        net::DropWhy::TtlExceeded => Drop::TtlExpired,
        net::DropWhy::NoRoute => Drop::NoRoute,
        net::DropWhy::TooBig => Drop::Unsupported,
        net::DropWhy::NoSocket => Drop::NoSocket,
        net::DropWhy::NotWanted => Drop::NotThePeer,
        net::DropWhy::Filtered => Drop::Filtered,
    }
}

impl From<Me> for (Pid, Pid) {
    fn from(me: Me) -> (Pid, Pid) {
        (me.pid, me.tid)
    }
}
