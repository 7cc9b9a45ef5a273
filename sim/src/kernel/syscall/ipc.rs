//! System V semaphores and POSIX message queues.

use super::{Answer, ValueRef, may_sleep, path};
use crate::kernel::fd::Object;
use crate::kernel::ipc::{Queue, SemSet};
use crate::kernel::wait::{Reason, Source, WaitFor};
use crate::kernel::{Host, Me, Outcome};
use abi::syscall::{InBuf, OutBuf, SemBuf};
use abi::{Bytes, Errno, Fd, Out, Pid, Ptr, Reply, consts};

/// `SEMVMX`, the largest value.
const SEM_MAX: i32 = 32767;
/// `SEMMSL`, semaphores in a set.
const SET_MAX: i32 = 32000;
/// `SEMOPM`, operations in one call.
const OPS_MAX: usize = 500;
/// `SEM_UNDO`.
const SEM_UNDO: i16 = 0x1000;
/// `MQ_PRIO_MAX`.
const PRIORITIES: u32 = 32768;
/// `fs.mqueue`: defaults and limits without privileges.
const MESSAGES: (i64, i64) = (10, 10);
const MESSAGE_SIZE: (i64, i64) = (8192, 8192);

impl Host {
    /// semget(2)
    pub(super) fn semget(&mut self, key: i32, count: i32, flags: i32) -> Result<i64, Errno> {
        if !(0..=SET_MAX).contains(&count) {
            return Err(Errno::EINVAL);
        }
        let found = self.ipc.sem.iter().find(|(_, set)| key != 0 && set.key == key);
        if let Some((id, set)) = found {
            if flags & consts::IPC_CREAT != 0 && flags & consts::IPC_EXCL != 0 {
                return Err(Errno::EEXIST);
            }
            let too_many = count as usize > set.values.len();
            return if too_many { Err(Errno::EINVAL) } else { Ok(i64::from(*id)) };
        }
        if key != 0 && flags & consts::IPC_CREAT == 0 {
            return Err(Errno::ENOENT);
        }
        if count == 0 {
            return Err(Errno::EINVAL);
        }
        let id = self.ipc.new_sysv();
        let set = SemSet {
            key,
            values: vec![0; count as usize],
            last: vec![Pid(0); count as usize],
            undo: std::collections::BTreeMap::new(),
        };
        self.ipc.sem.insert(id, set);
        Ok(i64::from(id))
    }

    /// semop(2): all operations or none.
    pub(super) fn semop(&mut self, me: Me, id: i32, ops: &[SemBuf]) -> Outcome {
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        if ops.is_empty() || id < 0 {
            return refuse(Errno::EINVAL);
        }
        if ops.len() > OPS_MAX {
            return refuse(Errno::E2BIG);
        }
        let slept = self
            .thread(me.tid)
            .and_then(|thread| thread.calls.last())
            .is_some_and(|pending| pending.blocked);
        let Some(set) = self.ipc.sem.get_mut(&id) else {
            return refuse(if slept { Errno::EIDRM } else { Errno::EINVAL });
        };
        if ops.iter().any(|op| usize::from(op.num) >= set.values.len()) {
            return refuse(Errno::EFBIG);
        }
        let mut values = set.values.clone();
        for op in ops {
            let value = &mut values[usize::from(op.num)];
            let blocked = if op.op == 0 { *value != 0 } else { *value + i32::from(op.op) < 0 };
            if blocked {
                if op.flags & consts::IPC_NOWAIT as i16 != 0 {
                    return refuse(Errno::EAGAIN);
                }
                let mut wait = WaitFor::on(Reason::Semaphore(id), Source::Semaphore(id));
                wait.restarts = false;
                return Outcome::Wait(wait);
            }
            *value += i32::from(op.op);
            if *value > SEM_MAX {
                return refuse(Errno::ERANGE);
            }
        }
        set.values = values;
        for op in ops {
            set.last[usize::from(op.num)] = me.pid;
            if op.flags & SEM_UNDO != 0 {
                *set.undo.entry((me.pid, op.num)).or_default() -= i32::from(op.op);
            }
        }
        self.touch(Source::Semaphore(id));
        Outcome::Done(Reply::ok(0))
    }

    /// semctl(2)
    pub(super) fn semctl(&mut self, id: i32, num: i32, cmd: i32, arg: i32) -> Answer {
        let waiting = self.waiting_on(Source::Semaphore(id)).len() as i64;
        let set = self.ipc.sem.get_mut(&id).ok_or(Errno::EINVAL)?;
        let index = usize::try_from(num).ok().filter(|n| *n < set.values.len());
        let number = match cmd {
            consts::IPC_RMID => {
                self.ipc.sem.remove(&id);
                self.touch(Source::Semaphore(id));
                Ok(0)
            }
            consts::IPC_STAT | consts::IPC_SET | consts::SETALL => Ok(0),
            consts::GETALL => {
                let words = set.values.iter().map(|value| *value as u64).collect();
                return Ok(Reply::with(0, Out::Words { words }));
            }
            consts::GETVAL => Ok(i64::from(set.values[index.ok_or(Errno::EINVAL)?])),
            consts::GETPID => Ok(i64::from(set.last[index.ok_or(Errno::EINVAL)?].0)),
            consts::GETNCNT => index.map(|_| waiting).ok_or(Errno::EINVAL),
            consts::GETZCNT => index.map(|_| 0).ok_or(Errno::EINVAL),
            consts::SETVAL => {
                let index = index.ok_or(Errno::EINVAL)?;
                if !(0..=SEM_MAX).contains(&arg) {
                    return Err(Errno::ERANGE);
                }
                set.values[index] = arg;
                set.undo.retain(|(_, num), _| usize::from(*num) != index);
                self.touch(Source::Semaphore(id));
                Ok(0)
            }
            _ => Err(Errno::EINVAL),
        };
        number.map(Reply::ok)
    }

    /// semctl(2) with `SETALL`
    pub(super) fn semctl_setall(&mut self, id: i32, values: &Ptr<Vec<u16>>) -> Result<i64, Errno> {
        let set = self.ipc.sem.get_mut(&id).ok_or(Errno::EINVAL)?;
        let values = values.value.as_ref().ok_or(Errno::EFAULT)?;
        if values.iter().any(|value| i32::from(*value) > SEM_MAX) {
            return Err(Errno::ERANGE);
        }
        for (value, new) in set.values.iter_mut().zip(values) {
            *value = i32::from(*new);
        }
        set.undo.clear();
        self.touch(Source::Semaphore(id));
        Ok(0)
    }

    /// mq_getattr(3), mq_setattr(3)
    pub(super) fn mq_getsetattr(&mut self, me: Me, fd: Fd, flags: Option<i64>) -> Answer {
        let nonblock = i64::from(consts::O_NONBLOCK);
        if flags.is_some_and(|flags| flags & !nonblock != 0) {
            return Err(Errno::EINVAL);
        }
        let (object, status) = self.object(me.pid, fd)?;
        let Object::Queue(id) = object else { return Err(Errno::EBADF) };
        let queue = self.ipc.queues.get(&id).ok_or(Errno::EBADF)?;
        let words = [
            (i64::from(status) & nonblock) as u64,
            queue.max_messages as u64,
            queue.message_size as u64,
            queue.messages.len() as u64,
        ];
        if let Some(flags) = flags {
            let kept = status & !consts::O_NONBLOCK;
            self.description_mut(me.pid, fd)?.flags = kept | flags as i32;
        }
        Ok(Reply::with(0, Out::Words { words: words.to_vec() }))
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
        // libc has taken one leading slash away and refused names without it.
        if name.is_empty() {
            return Err(Errno::ENOENT);
        }
        if name.contains(&b'/') {
            return Err(Errno::EACCES);
        }
        if name.len() > 255 {
            return Err(Errno::ENAMETOOLONG);
        }
        let id = match self.ipc.queue_names.get(name) {
            Some(_) if flags & consts::O_CREAT != 0 && flags & consts::O_EXCL != 0 => {
                return Err(Errno::EEXIST);
            }
            Some(id) => *id,
            None if flags & consts::O_CREAT == 0 => return Err(Errno::ENOENT),
            None => {
                let size = |given: i64, (default, limit): (i64, i64)| match given {
                    0 => Ok(default as usize),
                    n if n < 0 || n > limit => Err(Errno::EINVAL),
                    n => Ok(n as usize),
                };
                let queue = Queue {
                    max_messages: size(max_messages, MESSAGES)?,
                    message_size: size(message_size, MESSAGE_SIZE)?,
                    messages: Vec::new(),
                };
                let id = self.new_id();
                self.ipc.queues.insert(id, queue);
                self.ipc.queue_names.insert(name.to_vec(), id);
                id
            }
        };
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
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        if priority >= PRIORITIES {
            return refuse(Errno::EINVAL);
        }
        let (id, flags) = match self.queue(me, fd, true) {
            Ok(found) => found,
            Err(errno) => return refuse(errno),
        };
        let Some(queue) = self.ipc.queues.get_mut(&id) else { return refuse(Errno::EBADF) };
        if buf.len as usize > queue.message_size {
            return refuse(Errno::EMSGSIZE);
        }
        let empty = Bytes::default();
        let bytes = match buf.bytes.as_ref() {
            Some(bytes) => bytes,
            None if buf.len == 0 => &empty,
            None => return refuse(Errno::EFAULT),
        };
        if queue.messages.len() >= queue.max_messages {
            if !may_sleep(flags, 0) {
                return refuse(Errno::EAGAIN);
            }
            return Outcome::Wait(WaitFor::on(Reason::Queue(fd), Source::Queue(id)));
        }
        let place = queue.messages.iter().position(|(p, _)| *p < priority);
        let place = place.unwrap_or(queue.messages.len());
        queue.messages.insert(place, (priority, bytes.clone()));
        self.touch(Source::Queue(id));
        Outcome::Done(Reply::ok(0))
    }

    /// mq_receive(3)
    pub(super) fn mq_receive(&mut self, me: Me, fd: Fd, buf: OutBuf) -> Outcome {
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        let (id, flags) = match self.queue(me, fd, false) {
            Ok(found) => found,
            Err(errno) => return refuse(errno),
        };
        let Some(queue) = self.ipc.queues.get_mut(&id) else { return refuse(Errno::EBADF) };
        if (buf.len as usize) < queue.message_size {
            return refuse(Errno::EMSGSIZE);
        }
        if queue.messages.is_empty() {
            if !may_sleep(flags, 0) {
                return refuse(Errno::EAGAIN);
            }
            return Outcome::Wait(WaitFor::on(Reason::Queue(fd), Source::Queue(id)));
        }
        let (priority, bytes) = queue.messages.remove(0);
        self.touch(Source::Queue(id));
        if !buf.ok && !bytes.0.is_empty() {
            return refuse(Errno::EFAULT);
        }
        let len = bytes.0.len() as i64;
        Outcome::Done(Reply::with(len, Out::Message { bytes, priority }))
    }

    /// mq_unlink(3)
    pub(super) fn mq_unlink(&mut self, name: &Ptr<Bytes>) -> Result<i64, Errno> {
        let name = name.value_ref().ok_or(Errno::EFAULT)?;
        let id = self.ipc.queue_names.remove(&name.0).ok_or(Errno::ENOENT)?;
        let open = self.descriptions.values().any(|d| d.object == Object::Queue(id));
        if !open {
            self.ipc.queues.remove(&id);
        }
        Ok(0)
    }
}
