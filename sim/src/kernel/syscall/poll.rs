//! Waiting for several descriptors: `poll(2)`, `select(2)`, `epoll(7)`.

use super::{nanoseconds, timespec};
use crate::kernel::epoll::{Epoll, Item};
use crate::kernel::fd::Object;
use crate::kernel::fs::Kind;
use crate::kernel::process::{Pending, Progress};
use crate::kernel::signal::bit;
use crate::kernel::wait::{Reason, Source, WaitFor};
use crate::kernel::{Env, Host, Me, Outcome};
use abi::syscall::{FdSets, Timespec};
use abi::{EpollEvent, Errno, Fd, Out, OutPtr, PollFd, Ptr, Reply, consts};

/// Always reported, asked for or not.
const ALWAYS: i32 = consts::POLLERR | consts::POLLHUP;
/// What makes a descriptor readable for `select`: `POLLIN_SET` of `fs/select.c`.
const READ_SET: i32 =
    consts::POLLRDNORM | consts::POLLRDBAND | consts::POLLIN | consts::POLLHUP | consts::POLLERR;
const WRITE_SET: i32 = consts::POLLWRBAND | consts::POLLWRNORM | consts::POLLOUT | consts::POLLERR;
const EXCEPT_SET: i32 = consts::POLLPRI;
/// `EPOLLEXCLUSIVE_OK_BITS`: what may be asked for beside `EPOLLEXCLUSIVE`.
const EXCLUSIVE_OK: u32 = (consts::EPOLLIN
    | consts::EPOLLOUT
    | consts::EPOLLERR
    | consts::EPOLLHUP
    | consts::EPOLLWAKEUP
    | consts::EPOLLET
    | consts::EPOLLEXCLUSIVE) as u32;
/// `EP_MAX_NESTS`: how deep epoll instances may watch each other.
const NESTS_MAX: usize = 4;
/// `EP_MAX_EVENTS`: what fits into an int's worth of bytes.
const EPOLL_MAX: i32 = i32::MAX / 12;

impl Host {
    /// What `poll(2)` would report of an object: every `POLL*` bit that applies.
    pub(crate) fn readiness(&self, object: &Object) -> i32 {
        let rdwr = consts::POLLIN | consts::POLLOUT | consts::POLLRDNORM | consts::POLLWRNORM;
        match object {
            Object::Inet(inet) => i32::from(self.stack.readiness(inet.id)),
            Object::Unix(id) => i32::from(self.unix.readiness(*id)),
            Object::PipeReader(id) | Object::PipeWriter(id) | Object::PipeBoth(id) => {
                let reads = !matches!(object, Object::PipeWriter(_));
                let writes = !matches!(object, Object::PipeReader(_));
                self.pipes.get(id).map_or(0, |pipe| i32::from(pipe.readiness(reads, writes)))
            }
            Object::Terminal(owner) => {
                let terminal = self.processes.get(owner).map(|process| &process.terminal);
                let readable = terminal.is_none_or(|t| t.ended || t.input.contains(&b'\n'));
                let write = consts::POLLOUT | consts::POLLWRNORM;
                if readable { rdwr } else { write }
            }
            Object::Epoll(id) => {
                let ready = self.epolls.get(id).is_some_and(|epoll| self.any_ready(epoll));
                if ready { consts::POLLIN | consts::POLLRDNORM } else { 0 }
            }
            Object::Queue(id) => self.ipc.queues.get(id).map_or(0, |queue| {
                let mut events = 0;
                if !queue.messages.is_empty() {
                    events |= consts::POLLIN | consts::POLLRDNORM;
                }
                if queue.messages.len() < queue.max_messages {
                    events |= consts::POLLOUT | consts::POLLWRNORM;
                }
                events
            }),
            Object::Event(id) => self.events.get(id).map_or(0, |event| event.readiness()),
            Object::Timer(id) => {
                let ticks = self.timer_fds.get(id).is_some_and(|timer| timer.ticks > 0);
                if ticks { consts::POLLIN } else { 0 }
            }
            Object::Signals(id) => {
                let signals = self.signal_fds.get(id).map_or(0, |fd| self.signals_for(*fd));
                if signals != 0 { consts::POLLIN } else { 0 }
            }
            Object::File(_) => rdwr,
        }
    }

    /// poll(2)
    pub(super) fn poll(
        &mut self,
        env: &mut Env,
        me: Me,
        fds: &Ptr<Vec<PollFd>>,
        nfds: u64,
        timeout_ns: Option<u64>,
        timed_out: bool,
    ) -> Outcome {
        if nfds > self.process(me.pid).nofile.0 {
            return Outcome::Done(Reply::err(Errno::EINVAL));
        }
        let none = Vec::new();
        let fds = match &fds.value {
            Some(fds) => fds,
            None if nfds == 0 => &none,
            None => return Outcome::Done(Reply::err(Errno::EFAULT)),
        };
        let mut revents = Vec::with_capacity(fds.len());
        let mut sources = Vec::new();
        for PollFd { fd, events } in fds {
            let found = if fd.0 < 0 { None } else { Some(self.object(me.pid, *fd)) };
            revents.push(match found {
                None => 0,
                Some(Err(_)) => consts::POLLNVAL as i16,
                Some(Ok((object, _))) => {
                    sources.extend(self.sources_of(&object));
                    (self.readiness(&object) & (i32::from(*events) | ALWAYS)) as i16
                }
            });
        }
        let ready = revents.iter().filter(|revents| **revents != 0).count();
        if ready > 0 || timeout_ns == Some(0) || timed_out {
            return Outcome::Done(Reply::with(ready as i64, Out::Revents { revents }));
        }
        let started = self.started(me, env);
        let deadline = timeout_ns.map(|ns| started.saturating_add(ns));
        let names = fds.iter().map(|entry| entry.fd).filter(|fd| fd.0 >= 0).collect();
        Outcome::Wait(ready_wait(names, sources, deadline))
    }

    fn started(&self, me: Me, env: &Env) -> u64 {
        let call = self.thread(me.tid).and_then(|thread| thread.calls.last());
        call.map_or(env.now_ns, |pending| pending.started_ns)
    }

    /// ppoll(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn ppoll(
        &mut self,
        env: &mut Env,
        me: Me,
        fds: &Ptr<Vec<PollFd>>,
        nfds: u64,
        timeout: Ptr<Timespec>,
        mask: Ptr<u64>,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        let timeout_ns = match (timeout.at, timeout.value) {
            (0, _) => None,
            (_, None) => return Outcome::Done(Reply::err(Errno::EFAULT)),
            (_, Some(time)) => match nanoseconds(time) {
                Ok(ns) => Some(ns),
                Err(errno) => return Outcome::Done(Reply::err(errno)),
            },
        };
        if let Err(errno) = self.mask_for_call(me, mask, pending) {
            return Outcome::Done(Reply::err(errno));
        }
        let outcome = self.poll(env, me, fds, nfds, timeout_ns, timed_out);
        self.mask_after_call(me, pending, outcome)
    }

    /// pselect6(2) with a mask.
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn pselect(
        &mut self,
        env: &mut Env,
        me: Me,
        nfds: i32,
        sets: &FdSets,
        timeout: Ptr<Timespec>,
        mask: Ptr<u64>,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        if let Err(errno) = self.mask_for_call(me, mask, pending) {
            return Outcome::Done(Reply::err(errno));
        }
        let outcome = self.select(env, me, nfds, sets, timeout, pending, timed_out);
        self.mask_after_call(me, pending, outcome)
    }

    /// epoll_pwait(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn epoll_pwait(
        &mut self,
        env: &mut Env,
        me: Me,
        epfd: Fd,
        events: OutPtr,
        max_events: i32,
        timeout_ms: i32,
        mask: Ptr<u64>,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        if let Err(errno) = self.mask_for_call(me, mask, pending) {
            return Outcome::Done(Reply::err(errno));
        }
        let outcome = self.epoll_wait(env, me, epfd, events, max_events, timeout_ms, timed_out);
        self.mask_after_call(me, pending, outcome)
    }

    /// The signal mask that holds while the call sleeps, from its first try on.
    fn mask_for_call(
        &mut self,
        me: Me,
        mask: Ptr<u64>,
        pending: &mut Pending,
    ) -> Result<(), Errno> {
        if mask.is_null() || matches!(pending.progress, Progress::Mask(_)) {
            return Ok(());
        }
        let mask = mask.value.ok_or(Errno::EFAULT)?;
        let Some(thread) = self.thread_mut(me.tid) else { return Ok(()) };
        pending.progress = Progress::Mask(thread.mask);
        thread.mask = mask & !(bit(consts::SIGKILL) | bit(consts::SIGSTOP));
        Ok(())
    }

    /// An answered call gives the mask back. One that a handler interrupts does so after it.
    fn mask_after_call(&mut self, me: Me, pending: &Pending, outcome: Outcome) -> Outcome {
        if let (Outcome::Done(_), Progress::Mask(old)) = (&outcome, &pending.progress)
            && let Some(thread) = self.thread_mut(me.tid)
        {
            thread.mask = *old;
        }
        outcome
    }

    /// What to be woken by for an object: an epoll also by what it watches.
    fn sources_of(&self, object: &Object) -> Option<Source> {
        match object {
            Object::Signals(id) => self.signal_fds.get(id).map(|fd| Source::Signals(fd.owner)),
            object => object.source(),
        }
    }

    /// select(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn select(
        &mut self,
        env: &mut Env,
        me: Me,
        nfds: i32,
        sets: &FdSets,
        timeout: Ptr<Timespec>,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        let timeout_ns = match (timeout.at, timeout.value) {
            (0, _) => None,
            (_, None) => return refuse(Errno::EFAULT),
            (_, Some(time)) => match nanoseconds(normalised(time)) {
                Ok(ns) => Some(ns),
                Err(errno) => return refuse(errno),
            },
        };
        if nfds < 0 {
            return refuse(Errno::EINVAL);
        }
        let nfds = nfds.min(self.process(me.pid).fds.size());
        let mut sources = Vec::new();
        let mut names = Vec::new();
        let mut ready = [None, None, None];
        let wanted = [&sets.read, &sets.write, &sets.except];
        let masks = [READ_SET, WRITE_SET, EXCEPT_SET];
        for ((set, mask), ready) in wanted.into_iter().zip(masks).zip(&mut ready) {
            let Some(set) = set else { continue };
            let mut members = Vec::new();
            for fd in set.iter().filter(|fd| fd.0 < nfds) {
                let Ok((object, _)) = self.object(me.pid, *fd) else {
                    return refuse(Errno::EBADF);
                };
                sources.extend(self.sources_of(&object));
                names.push(*fd);
                if self.readiness(&object) & mask != 0 {
                    members.push(*fd);
                }
            }
            *ready = Some(members);
        }
        let count: usize = ready.iter().flatten().map(Vec::len).sum();
        let deadline = timeout_ns.map(|ns| pending.started_ns.saturating_add(ns));
        if count > 0 || timeout_ns == Some(0) || timed_out {
            let left = deadline.map(|deadline| timespec(deadline.saturating_sub(env.now_ns)));
            let [read, write, except] = ready.map(Option::unwrap_or_default);
            return Outcome::Done(Reply::with(
                count as i64,
                Out::Selected { read, write, except, left },
            ));
        }
        names.sort_unstable();
        names.dedup();
        Outcome::Wait(ready_wait(names, sources, deadline))
    }

    /// epoll_create(2)
    pub(super) fn epoll_create(&mut self, me: Me, size: i32) -> Result<i64, Errno> {
        if size <= 0 { Err(Errno::EINVAL) } else { self.epoll_create1(me, 0) }
    }

    /// epoll_create1(2)
    pub(super) fn epoll_create1(&mut self, me: Me, flags: i32) -> Result<i64, Errno> {
        if flags & !consts::EPOLL_CLOEXEC != 0 {
            return Err(Errno::EINVAL);
        }
        let id = self.new_id();
        let cloexec = flags & consts::EPOLL_CLOEXEC != 0;
        let fd = self.open(me.pid, Object::Epoll(id), consts::O_RDWR, cloexec)?;
        self.epolls.insert(id, Epoll::default());
        Ok(i64::from(fd.0))
    }

    /// epoll_ctl(2)
    pub(super) fn epoll_ctl(
        &mut self,
        me: Me,
        epfd: Fd,
        op: i32,
        fd: Fd,
        event: Ptr<(u32, u64)>,
    ) -> Result<i64, Errno> {
        let event = match op {
            consts::EPOLL_CTL_DEL => (0, 0),
            _ => event.value.ok_or(Errno::EFAULT)?,
        };
        let (epoll, _) = self.object(me.pid, epfd)?;
        let (description, target) =
            self.description(me.pid, fd).map(|(id, d)| (id, d.object.clone()))?;
        if let Object::File(inode) = target
            && !matches!(self.fs.get(inode).kind, Kind::Tty)
        {
            return Err(Errno::EPERM);
        }
        let Object::Epoll(id) = epoll else { return Err(Errno::EINVAL) };
        if target == epoll {
            return Err(Errno::EINVAL);
        }
        let exclusive = event.0 & consts::EPOLLEXCLUSIVE as u32 != 0;
        let nested = match target {
            Object::Epoll(below) => Some(below),
            _ => None,
        };
        if exclusive
            && (op == consts::EPOLL_CTL_MOD
                || (op == consts::EPOLL_CTL_ADD
                    && (nested.is_some() || event.0 & !EXCLUSIVE_OK != 0)))
        {
            return Err(Errno::EINVAL);
        }
        if let Some(below) = nested.filter(|_| op == consts::EPOLL_CTL_ADD) {
            let depth = self.epoll_depth(below, id).ok_or(Errno::ELOOP)?;
            if depth >= NESTS_MAX {
                return Err(Errno::ELOOP);
            }
        }
        let watched = self.sources_of(&target);
        let order = self.next_order();
        let epoll = self.epolls.get_mut(&id).ok_or(Errno::EBADF)?;
        let key = (description, fd);
        match op {
            consts::EPOLL_CTL_ADD => {
                if epoll.items.contains_key(&key) {
                    return Err(Errno::EEXIST);
                }
                epoll.set(key, event, watched, order);
            }
            consts::EPOLL_CTL_MOD => match epoll.items.get(&key) {
                None => return Err(Errno::ENOENT),
                Some(item) if item.is_exclusive() => return Err(Errno::EINVAL),
                Some(_) => epoll.set(key, event, watched, order),
            },
            consts::EPOLL_CTL_DEL => {
                if !epoll.remove(key) {
                    return Err(Errno::ENOENT);
                }
            }
            _ => return Err(Errno::EINVAL),
        }
        self.touch(Source::Epoll(id));
        Ok(0)
    }

    /// epoll_wait(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn epoll_wait(
        &mut self,
        env: &mut Env,
        me: Me,
        epfd: Fd,
        events: OutPtr,
        max_events: i32,
        timeout_ms: i32,
        timed_out: bool,
    ) -> Outcome {
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        if max_events <= 0 || max_events > EPOLL_MAX {
            return refuse(Errno::EINVAL);
        }
        let id = match self.object(me.pid, epfd) {
            Ok((Object::Epoll(id), _)) => id,
            Ok(_) => return refuse(Errno::EINVAL),
            Err(errno) => return refuse(errno),
        };
        let any = self.epolls.get(&id).is_some_and(|epoll| self.any_ready(epoll));
        if any && !events.ok {
            return refuse(Errno::EFAULT);
        }
        let ready = self.take_ready(id, max_events as usize);
        if !ready.is_empty() || timeout_ms == 0 || timed_out {
            let count = ready.len() as i64;
            return Outcome::Done(Reply::with(count, Out::Events { events: ready }));
        }
        let started = self.started(me, env);
        let deadline = (timeout_ms > 0).then(|| started + timeout_ms as u64 * 1_000_000);
        let names = self
            .epolls
            .get(&id)
            .map(|epoll| epoll.items.keys().map(|(_, fd)| *fd).collect())
            .unwrap_or_default();
        Outcome::Wait(ready_wait(names, vec![Source::Epoll(id)], deadline))
    }

    fn item_events(&self, item: &Item, description: crate::DescId) -> u32 {
        let Some(description) = self.descriptions.get(&description) else { return 0 };
        self.readiness(&description.object) as u32 & (item.events | ALWAYS as u32) & 0xffff
    }

    fn any_ready(&self, epoll: &Epoll) -> bool {
        epoll.ready().any(|((description, _), item)| {
            !item.disabled && self.item_events(item, description) != 0
        })
    }

    /// Ready registrations, oldest readiness first; a level-triggered one goes to the end of the
    /// ready list again.
    fn take_ready(&mut self, id: u32, max: usize) -> Vec<EpollEvent> {
        let Some(epoll) = self.epolls.get(&id) else { return Vec::new() };
        let mut reported = Vec::new();
        let mut idle = Vec::new();
        for (key, item) in epoll.ready() {
            if reported.len() == max {
                break;
            }
            match if item.disabled { 0 } else { self.item_events(item, key.0) } {
                0 => idle.push(key),
                events => reported.push((key, EpollEvent { events, data: item.data })),
            }
        }
        let Some(epoll) = self.epolls.get_mut(&id) else { return Vec::new() };
        for key in idle {
            epoll.not_ready(key);
        }
        for (key, _) in &reported {
            epoll.not_ready(*key);
            let Some(item) = epoll.items.get_mut(key) else { continue };
            item.disabled = item.events & consts::EPOLLONESHOT as u32 != 0;
            if !item.is_edge_triggered() && !item.disabled {
                epoll.make_ready(*key);
            }
        }
        reported.into_iter().map(|(_, event)| event).collect()
    }
}

fn ready_wait(fds: Vec<Fd>, mut sources: Vec<Source>, deadline_ns: Option<u64>) -> WaitFor {
    sources.sort_unstable();
    sources.dedup();
    WaitFor { reason: Reason::Ready(fds), sources, deadline_ns, restarts: false }
}

/// `select` takes microseconds of a million and more ("normalised" by the kernel).
fn normalised(time: Timespec) -> Timespec {
    if time.nsec < 0 {
        return time;
    }
    Timespec {
        sec: time.sec.saturating_add(time.nsec / 1_000_000_000),
        nsec: time.nsec % 1_000_000_000,
    }
}
