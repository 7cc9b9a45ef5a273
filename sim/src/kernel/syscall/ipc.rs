//! System V semaphores and message queues, POSIX message queues: who sleeps and who is woken. The
//! objects are [`crate::kernel::ipc`]'s.

use super::timers::from_wall;
use super::{Answer, may_sleep, nanoseconds, path};
use crate::kernel::fd::Object;
use crate::kernel::ipc::{PRIORITIES, Tried};
use crate::kernel::process::{Pending, SIGNALS};
use crate::kernel::wait::{Reason, Source, WaitFor};
use crate::kernel::{Env, Host, Me, Outcome};
use crate::trace::SignalBy;
use abi::syscall::{InBuf, IpcStat, OutBuf, SemBuf, SigEvent, SigInfo, Timespec};
use abi::{Bytes, Errno, Fd, Pid, Ptr, Reply, Syscall, consts};

impl Host {
    /// Whether the call that is tried has slept.
    fn slept(&self, me: Me) -> bool {
        self.thread(me.tid).and_then(|t| t.calls.last()).is_some_and(|pending| pending.blocked)
    }

    /// A call that has changed an object wakes who sleeps on it; one that cannot go on sleeps.
    fn tried(&mut self, tried: Result<Tried, Errno>, reason: Reason, source: Source) -> Outcome {
        match tried {
            Ok(Tried::Sleep) => {
                let mut wait = WaitFor::on(reason, source);
                // System V's are never restarted after a handler, `signal(7)`.
                wait.restarts = matches!(source, Source::Queue(_));
                Outcome::Wait(wait)
            }
            Ok(Tried::Done(reply)) => {
                self.touch(source);
                Outcome::Done(reply)
            }
            Err(errno) => {
                // A message whose buffer cannot be written is gone all the same.
                if errno == Errno::EFAULT {
                    self.touch(source);
                }
                Outcome::Done(Reply::err(errno))
            }
        }
    }

    /// semop(2), semtimedop(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn semop(
        &mut self,
        env: &Env,
        me: Me,
        id: i32,
        ops: &[SemBuf],
        timeout: Ptr<Timespec>,
        pending: &Pending,
        timed_out: bool,
    ) -> Outcome {
        let limit = match (timeout.is_null(), timeout.value.map(nanoseconds)) {
            (true, _) => None,
            (false, None) => return Outcome::Done(Reply::err(Errno::EFAULT)),
            (false, Some(Err(errno))) => return Outcome::Done(Reply::err(errno)),
            (false, Some(Ok(ns))) => Some(pending.started_ns.saturating_add(ns)),
        };
        let slept = self.slept(me);
        let tried = self.ipc.semop(self.maker(me), id, ops, slept);
        let late = timed_out || limit.is_some_and(|at| at <= env.now_ns);
        match self.tried(tried, Reason::Semaphore(id), Source::Semaphore(id)) {
            Outcome::Wait(_) if late => Outcome::Done(Reply::err(Errno::EAGAIN)),
            Outcome::Wait(wait) => Outcome::Wait(WaitFor { deadline_ns: limit, ..wait }),
            answered => answered,
        }
    }

    /// How many calls sleep until a semaphore's value grows, and until it is 0: each is counted for
    /// the first of its operations that cannot be done.
    fn sleepers(&self, id: i32, num: i32) -> (i64, i64) {
        let (mut grow, mut zero) = (0, 0);
        let Some(set) = self.ipc.sem.get(&id) else { return (0, 0) };
        for tid in self.waiting_on(Source::Semaphore(id)) {
            let call = self.thread(tid).and_then(|thread| thread.calls.last());
            let Some(Syscall::Semop { ops, .. }) = call.map(|pending| &*pending.call) else {
                continue;
            };
            match set.blocking(ops) {
                Some(op) if i32::from(op.num) != num => {}
                Some(op) if op.op == 0 => zero += 1,
                Some(_) => grow += 1,
                None => {}
            }
        }
        (grow, zero)
    }

    /// semctl(2)
    pub(super) fn semctl(
        &mut self,
        me: Me,
        (id, num): (i32, i32),
        cmd: i32,
        arg: (i32, &Ptr<IpcStat>),
    ) -> Answer {
        let waiting = self.sleepers(id, num);
        let reply = self.ipc.semctl(self.maker(me), id, num, cmd, arg, waiting)?;
        self.touch(Source::Semaphore(id));
        Ok(reply)
    }

    /// semctl(2) with `SETALL`
    pub(super) fn semctl_setall(
        &mut self,
        me: Me,
        id: i32,
        values: &Ptr<Vec<u16>>,
    ) -> Result<i64, Errno> {
        let ret = self.ipc.semctl_setall(self.maker(me), id, values)?;
        self.touch(Source::Semaphore(id));
        Ok(ret)
    }

    /// msgsnd(2)
    pub(super) fn msgsnd(
        &mut self,
        me: Me,
        id: i32,
        mtype: i64,
        buf: &InBuf,
        flags: i32,
    ) -> Outcome {
        let slept = self.slept(me);
        let tried = self.ipc.msgsnd(self.maker(me), id, mtype, buf, flags, slept);
        self.tried(tried, Reason::Mailbox(id), Source::Mailbox(id))
    }

    /// msgrcv(2)
    pub(super) fn msgrcv(
        &mut self,
        me: Me,
        id: i32,
        buf: OutBuf,
        mtype: i64,
        flags: i32,
    ) -> Outcome {
        let slept = self.slept(me);
        let tried = self.ipc.msgrcv(self.maker(me), id, buf, mtype, flags, slept);
        self.tried(tried, Reason::Mailbox(id), Source::Mailbox(id))
    }

    /// msgctl(2)
    pub(super) fn msgctl(&mut self, me: Me, id: i32, cmd: i32, buf: &Ptr<IpcStat>) -> Answer {
        let reply = self.ipc.msgctl(id, cmd, buf, self.maker(me))?;
        // A queue that may hold more has room, too.
        if cmd != consts::IPC_STAT {
            self.touch(Source::Mailbox(id));
        }
        Ok(reply)
    }

    /// mq_getattr(3), mq_setattr(3)
    pub(super) fn mq_getsetattr(&mut self, me: Me, fd: Fd, flags: Option<i64>) -> Answer {
        let (object, status) = self.object(me.pid, fd)?;
        let Object::Queue(id) = object else { return Err(Errno::EBADF) };
        let reply = self.ipc.mq_getsetattr(id, status, flags)?;
        if let Some(flags) = flags {
            let kept = status & !consts::O_NONBLOCK;
            self.description_mut(me.pid, fd)?.flags = kept | flags as i32;
        }
        Ok(reply)
    }

    /// mq_open(3)
    pub(super) fn mq_open(
        &mut self,
        me: Me,
        name: &Ptr<Bytes>,
        flags: i32,
        mode: u32,
        max_messages: i64,
        message_size: i64,
    ) -> Result<i64, Errno> {
        let name = path(name)?;
        let (by, mode) = (self.maker(me), mode & !self.process(me.pid).umask);
        let next = &mut self.next_id;
        let new = || {
            *next += 1;
            *next
        };
        let id = self.ipc.mq_open(name, flags, mode, by, (max_messages, message_size), new)?;
        let status = flags & (3 | consts::O_NONBLOCK);
        self.open(me.pid, Object::Queue(id), status, true).map(|fd| i64::from(fd.0))
    }

    fn queue(&self, me: Me, fd: Fd, write: bool) -> Result<(u32, i32), Errno> {
        let (object, flags) = self.object(me.pid, fd)?;
        let Object::Queue(id) = object else { return Err(Errno::EBADF) };
        let forbidden = if write { consts::O_RDONLY } else { consts::O_WRONLY };
        if flags & 3 == forbidden { Err(Errno::EBADF) } else { Ok((id, flags)) }
    }

    /// Until when a call on a queue may sleep; checked before anything else.
    fn until(&self, env: &Env, timeout: Ptr<Timespec>) -> Result<Option<u64>, Errno> {
        match (timeout.is_null(), timeout.value) {
            (true, _) => Ok(None),
            (false, None) => Err(Errno::EFAULT),
            (false, Some(time)) => Ok(Some(from_wall(self, env.now_ns, nanoseconds(time)?))),
        }
    }

    /// A call on a queue sleeps at most until then.
    fn limited(env: &Env, outcome: Outcome, until: Option<u64>, timed_out: bool) -> Outcome {
        let late = timed_out || until.is_some_and(|at| at <= env.now_ns);
        match outcome {
            Outcome::Wait(_) if late => Outcome::Done(Reply::err(Errno::ETIMEDOUT)),
            Outcome::Wait(wait) => Outcome::Wait(WaitFor { deadline_ns: until, ..wait }),
            answered => answered,
        }
    }

    /// mq_timedsend(3)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn mq_send(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        buf: &InBuf,
        priority: u32,
        timeout: Ptr<Timespec>,
        timed_out: bool,
    ) -> Outcome {
        let until = match self.until(env, timeout) {
            Ok(until) => until,
            Err(errno) => return Outcome::Done(Reply::err(errno)),
        };
        let (id, flags) = match self.queue(me, fd, true) {
            Ok(found) => found,
            Err(_) if priority >= PRIORITIES => return Outcome::Done(Reply::err(Errno::EINVAL)),
            Err(errno) => return Outcome::Done(Reply::err(errno)),
        };
        let tried = self.ipc.mq_send(id, buf, priority, may_sleep(flags, 0));
        let sent = matches!(tried, Ok(Tried::Done(_)));
        let outcome = self.tried(tried, Reason::Queue(fd), Source::Queue(id));
        if sent {
            self.give_notice(env, me, id);
        }
        Host::limited(env, outcome, until, timed_out)
    }

    /// The first message of an empty queue, with nobody who waits for it, is told to whoever
    /// asked: once.
    fn give_notice(&mut self, env: &mut Env, me: Me, id: u32) {
        let receives = |tid: &Pid| {
            let call = self.thread(*tid).and_then(|thread| thread.calls.last());
            call.is_some_and(|pending| matches!(&*pending.call, Syscall::MqReceive { .. }))
        };
        let awaited = self.waiting_on(Source::Queue(id)).iter().any(receives);
        let uid = self.process(me.pid).other_uids.0;
        let Some(queue) = self.ipc.queues.get_mut(&id) else { return };
        if queue.messages.len() != 1 || awaited {
            return;
        }
        let Some((owner, event)) = queue.notice.take() else { return };
        if event.notify == consts::SIGEV_SIGNAL {
            let (signal, code, value) = (event.signal, consts::SI_MESGQ, event.value);
            let info = SigInfo { signal, code, pid: me.pid.0, uid, value };
            self.send_signal_with(env, owner, signal, SignalBy::Process(me.pid), Some(info));
        }
    }

    /// mq_notify(3)
    pub(super) fn mq_notify(&mut self, me: Me, fd: Fd, event: Ptr<SigEvent>) -> Result<i64, Errno> {
        if !event.is_null() {
            let event = event.value.ok_or(Errno::EFAULT)?;
            let known = [consts::SIGEV_NONE, consts::SIGEV_SIGNAL].contains(&event.notify);
            let signal = (1..=SIGNALS).contains(&event.signal);
            if !known || (event.notify == consts::SIGEV_SIGNAL && !signal) {
                return Err(Errno::EINVAL);
            }
        }
        let Object::Queue(id) = self.object(me.pid, fd)?.0 else { return Err(Errno::EBADF) };
        self.ipc.mq_notify(id, me.pid, event.value)
    }

    /// mq_timedreceive(3)
    pub(super) fn mq_receive(
        &mut self,
        env: &Env,
        me: Me,
        fd: Fd,
        buf: OutBuf,
        timeout: Ptr<Timespec>,
        timed_out: bool,
    ) -> Outcome {
        let until = match self.until(env, timeout) {
            Ok(until) => until,
            Err(errno) => return Outcome::Done(Reply::err(errno)),
        };
        let (id, flags) = match self.queue(me, fd, false) {
            Ok(found) => found,
            Err(errno) => return Outcome::Done(Reply::err(errno)),
        };
        let tried = self.ipc.mq_receive(id, buf, may_sleep(flags, 0));
        let outcome = self.tried(tried, Reason::Queue(fd), Source::Queue(id));
        Host::limited(env, outcome, until, timed_out)
    }

    /// mq_unlink(3)
    pub(super) fn mq_unlink(&mut self, me: Me, name: &Ptr<Bytes>) -> Result<i64, Errno> {
        let id = self.ipc.mq_unlink(name, self.maker(me))?;
        let open = self.descriptions.values().any(|d| d.object == Object::Queue(id));
        if !open {
            self.ipc.queues.remove(&id);
        }
        Ok(0)
    }
}
