//! System V semaphores and message queues, POSIX message queues: who sleeps and who is woken. The
//! objects are [`crate::kernel::ipc`]'s.

use super::{Answer, may_sleep, path};
use crate::kernel::fd::Object;
use crate::kernel::ipc::{PRIORITIES, Tried};
use crate::kernel::wait::{Reason, Source, WaitFor};
use crate::kernel::{Host, Me, Outcome};
use abi::syscall::{InBuf, OutBuf, SemBuf};
use abi::{Bytes, Errno, Fd, Ptr, Reply, consts};

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

    /// semop(2)
    pub(super) fn semop(&mut self, me: Me, id: i32, ops: &[SemBuf]) -> Outcome {
        let slept = self.slept(me);
        let tried = self.ipc.semop(me.pid, id, ops, slept);
        self.tried(tried, Reason::Semaphore(id), Source::Semaphore(id))
    }

    /// semctl(2)
    pub(super) fn semctl(&mut self, id: i32, num: i32, cmd: i32, arg: i32) -> Answer {
        let waiting = self.waiting_on(Source::Semaphore(id)).len() as i64;
        let reply = self.ipc.semctl(id, num, cmd, arg, waiting)?;
        self.touch(Source::Semaphore(id));
        Ok(reply)
    }

    /// semctl(2) with `SETALL`
    pub(super) fn semctl_setall(&mut self, id: i32, values: &Ptr<Vec<u16>>) -> Result<i64, Errno> {
        let ret = self.ipc.semctl_setall(id, values)?;
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
        let tried = self.ipc.msgsnd(me.pid, id, mtype, buf, flags, slept);
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
        let tried = self.ipc.msgrcv(me.pid, id, buf, mtype, flags, slept);
        self.tried(tried, Reason::Mailbox(id), Source::Mailbox(id))
    }

    /// msgctl(2)
    pub(super) fn msgctl(&mut self, id: i32, cmd: i32) -> Answer {
        let reply = self.ipc.msgctl(id, cmd)?;
        if cmd == consts::IPC_RMID {
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
        max_messages: i64,
        message_size: i64,
    ) -> Result<i64, Errno> {
        let name = path(name)?;
        let next = &mut self.next_id;
        let new = || {
            *next += 1;
            *next
        };
        let id = self.ipc.mq_open(name, flags, max_messages, message_size, new)?;
        let status = flags & (3 | consts::O_NONBLOCK);
        self.open(me.pid, Object::Queue(id), status, true).map(|fd| i64::from(fd.0))
    }

    fn queue(&self, me: Me, fd: Fd, write: bool) -> Result<(u32, i32), Errno> {
        let (object, flags) = self.object(me.pid, fd)?;
        let Object::Queue(id) = object else { return Err(Errno::EBADF) };
        let forbidden = if write { consts::O_RDONLY } else { consts::O_WRONLY };
        if flags & 3 == forbidden { Err(Errno::EBADF) } else { Ok((id, flags)) }
    }

    /// mq_send(3)
    pub(super) fn mq_send(&mut self, me: Me, fd: Fd, buf: &InBuf, priority: u32) -> Outcome {
        let (id, flags) = match self.queue(me, fd, true) {
            Ok(found) => found,
            Err(_) if priority >= PRIORITIES => return Outcome::Done(Reply::err(Errno::EINVAL)),
            Err(errno) => return Outcome::Done(Reply::err(errno)),
        };
        let tried = self.ipc.mq_send(id, buf, priority, may_sleep(flags, 0));
        self.tried(tried, Reason::Queue(fd), Source::Queue(id))
    }

    /// mq_receive(3)
    pub(super) fn mq_receive(&mut self, me: Me, fd: Fd, buf: OutBuf) -> Outcome {
        let (id, flags) = match self.queue(me, fd, false) {
            Ok(found) => found,
            Err(errno) => return Outcome::Done(Reply::err(errno)),
        };
        let tried = self.ipc.mq_receive(id, buf, may_sleep(flags, 0));
        self.tried(tried, Reason::Queue(fd), Source::Queue(id))
    }

    /// mq_unlink(3)
    pub(super) fn mq_unlink(&mut self, name: &Ptr<Bytes>) -> Result<i64, Errno> {
        let id = self.ipc.mq_unlink(name)?;
        let open = self.descriptions.values().any(|d| d.object == Object::Queue(id));
        if !open {
            self.ipc.queues.remove(&id);
        }
        Ok(0)
    }
}
