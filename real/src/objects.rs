//! What processes share that is no socket: System V IPC, message queues, memory, locks of files,
//! and files by name. The objects are the simulated kernel's ([`sim::kernel::ipc`], `fs`,
//! `locks`); here is who waits for them and who is woken.
//!
//! They belong to the run: programs of the computer that use the same key or name do not meet
//! those of the run.

use crate::calls::{Now, name};
use crate::files::{Opened, Opening, absolute};
use crate::process::{On, Source, Target, Thread, Wait};
use crate::{Caller, Run};
use abi::syscall::{FileLock, InBuf};
use abi::{Bytes, Errno, Fd, Out, OutBuf, Pid, Ptr, Reply, Syscall, consts};
use sim::kernel::fs::Who;
use sim::kernel::ipc::{By, PRIORITIES, Tried, check_mapping};
use sim::kernel::process::Mapping;
use std::collections::BTreeSet;
use std::rc::Rc;

const PAGE: u64 = 4096;
/// What one `sendfile` moves at most, bytes.
const SENDFILE_MAX: u64 = 1 << 20;

fn error(errno: Errno) -> Now {
    Now::Reply(Reply::err(errno))
}

impl Run {
    // ---- waiting

    /// Something has changed: before anything else runs, the calls that sleep on it are made
    /// again.
    pub(crate) fn touch(&mut self, source: Source) {
        self.changes.push_back(source);
    }

    /// Makes the calls again that sleep on what has changed, the oldest first.
    pub(crate) fn settle(&mut self) {
        while let Some(source) = self.changes.pop_front() {
            let sleeps = |wait: &Wait| matches!(wait.on, On::Change(on) if on == source);
            let mut sleepers = self.waiting(|_, wait| sleeps(wait));
            sleepers.sort_by_key(|caller| caller.number);
            for caller in sleepers {
                let Caller { pid, tid, number } = caller;
                let wait = self.thread(pid, tid).and_then(|thread| thread.wait(number));
                let Some(call) = wait.map(|wait| Rc::clone(&wait.syscall)) else { continue };
                match self.make(caller, &call) {
                    Now::Reply(reply) => self.wakes(pid, tid, number, reply, None),
                    Now::Waits(on, _) => {
                        let wait = self.thread(pid, tid).and_then(|thread| thread.wait(number));
                        wait.into_iter().for_each(|wait| wait.on = on);
                    }
                    Now::Over => {}
                }
            }
        }
    }

    /// A call that has changed an object wakes who sleeps on it.
    fn tried(&mut self, tried: Result<Tried, Errno>, source: Source) -> Now {
        match tried {
            Ok(Tried::Sleep) => Now::Waits(On::Change(source), None),
            Ok(Tried::Done(reply)) => {
                self.touch(source);
                Now::Reply(reply)
            }
            Err(errno) => {
                // A message whose buffer cannot be written is gone all the same.
                if errno == Errno::EFAULT {
                    self.touch(source);
                }
                error(errno)
            }
        }
    }

    fn changed(&mut self, reply: Result<Reply, Errno>, source: Source) -> Now {
        if reply.is_ok() {
            self.touch(source);
        }
        reply.into()
    }

    /// Seconds of the wall clock.
    fn wall_s(&self) -> i64 {
        (self.now.real_ns / 1_000_000_000) as i64
    }

    /// Who a process is to the objects of [`sim::kernel::ipc`].
    pub(crate) fn maker(&self, pid: Pid) -> By {
        let (uid, gid) = self.processes.get(&pid).map_or((0, 0), |process| process.ids);
        By { pid, who: Who { uid, gid }, now: self.wall_s() }
    }

    /// Calls on System V IPC and message queues.
    pub(crate) fn on_ipc(&mut self, caller: Caller, call: &Syscall) -> Option<Now> {
        let Caller { pid, tid, number } = caller;
        // Whoever has slept and does not find the object again is told that it was removed.
        let slept = self.thread(pid, tid).is_some_and(|thread| thread.wait(number).is_some());
        let by = self.maker(pid);
        Some(match call {
            Syscall::Semget { key, count, flags } => {
                self.ipc.semget(*key, *count, *flags, by).into()
            }
            Syscall::Semop { id, ops, timeout } if timeout.is_null() => {
                let tried = self.ipc.semop(by, *id, ops, slept);
                self.tried(tried, Source::Semaphore(*id))
            }
            Syscall::Semctl { id, num, cmd, arg, buf } => {
                let source = Source::Semaphore(*id);
                let sleeps = |wait: &Wait| matches!(wait.on, On::Change(on) if on == source);
                let waiting = self.waiting(|_, wait| sleeps(wait)).len() as i64;
                let reply = self.ipc.semctl(by, *id, *num, *cmd, (*arg, buf), (waiting, 0));
                self.changed(reply, source)
            }
            Syscall::SemctlSetall { id, values } => {
                let reply = self.ipc.semctl_setall(by, *id, values).map(Reply::ok);
                self.changed(reply, Source::Semaphore(*id))
            }
            Syscall::Msgget { key, flags } => self.ipc.msgget(*key, *flags, by).into(),
            Syscall::Msgsnd { id, mtype, buf, flags } => {
                let tried = self.ipc.msgsnd(by, *id, *mtype, buf, *flags, slept);
                self.tried(tried, Source::Mailbox(*id))
            }
            Syscall::Msgrcv { id, buf, mtype, flags } => {
                let tried = self.ipc.msgrcv(by, *id, *buf, *mtype, *flags, slept);
                self.tried(tried, Source::Mailbox(*id))
            }
            Syscall::Msgctl { id, cmd, buf } => {
                let reply = self.ipc.msgctl(*id, *cmd, buf, by);
                self.changed(reply, Source::Mailbox(*id))
            }
            Syscall::MqOpen { name, flags, mode, max_messages, message_size } => {
                self.mq_open(pid, name, (*flags, *mode), *max_messages, *message_size).into()
            }
            Syscall::MqSend { fd, buf, priority, timeout } if timeout.is_null() => {
                self.mq_send(pid, *fd, buf, *priority)
            }
            Syscall::MqReceive { fd, buf, timeout, .. } if timeout.is_null() => {
                self.mq_receive(pid, *fd, *buf)
            }
            Syscall::MqGetsetattr { fd, flags } => self.mq_getsetattr(pid, *fd, *flags).into(),
            Syscall::MqUnlink { name } => self.mq_unlink(name, by).into(),
            _ => return None,
        })
    }

    // ---- POSIX message queues

    fn mq_open(
        &mut self,
        pid: Pid,
        at: &Ptr<Bytes>,
        (flags, mode): (i32, u32),
        max_messages: i64,
        message_size: i64,
    ) -> Result<i64, Errno> {
        let by = self.maker(pid);
        let mode = mode & !self.processes.get(&pid).map_or(0, |process| process.umask);
        let path = at.value.as_ref().ok_or(Errno::EFAULT)?;
        let next = &mut self.next;
        let new = || {
            *next += 1;
            u32::try_from(*next).unwrap_or(u32::MAX)
        };
        let id =
            self.ipc.mq_open(name(path), flags, mode, by, (max_messages, message_size), new)?;
        let status = flags & (3 | consts::O_NONBLOCK);
        let description = self.files.describe(Opened::Queue(id), status);
        self.open_file(pid, description, true)
    }

    fn queue(&self, pid: Pid, fd: Fd, forbidden: i32) -> Result<(u32, i32, u64), Errno> {
        let target = self.processes.get(&pid).and_then(|process| process.target(fd));
        let Some(Target::File(file)) = target else { return Err(Errno::EBADF) };
        let open = self.files.get(file)?;
        let Opened::Queue(id) = open.opened else { return Err(Errno::EBADF) };
        if open.flags & 3 == forbidden { Err(Errno::EBADF) } else { Ok((id, open.flags, file)) }
    }

    fn mq_send(&mut self, pid: Pid, fd: Fd, buf: &InBuf, priority: u32) -> Now {
        if priority >= PRIORITIES {
            return error(Errno::EINVAL);
        }
        match self.queue(pid, fd, consts::O_RDONLY) {
            Err(errno) => error(errno),
            Ok((id, flags, _)) => {
                let may_sleep = flags & consts::O_NONBLOCK == 0;
                let tried = self.ipc.mq_send(id, buf, priority, may_sleep);
                self.tried(tried, Source::Queue(id))
            }
        }
    }

    fn mq_receive(&mut self, pid: Pid, fd: Fd, buf: OutBuf) -> Now {
        match self.queue(pid, fd, consts::O_WRONLY) {
            Err(errno) => error(errno),
            Ok((id, flags, _)) => {
                let may_sleep = flags & consts::O_NONBLOCK == 0;
                let tried = self.ipc.mq_receive(id, buf, may_sleep);
                self.tried(tried, Source::Queue(id))
            }
        }
    }

    fn mq_getsetattr(&mut self, pid: Pid, fd: Fd, flags: Option<i64>) -> Result<Reply, Errno> {
        let nonblock = i64::from(consts::O_NONBLOCK);
        if flags.is_some_and(|flags| flags & !nonblock != 0) {
            return Err(Errno::EINVAL);
        }
        let (id, status, file) = self.queue(pid, fd, -1)?;
        let reply = self.ipc.mq_getsetattr(id, status, flags)?;
        if let Some(flags) = flags {
            self.files.set_flags(file, flags as i32);
        }
        Ok(reply)
    }

    fn mq_unlink(&mut self, name: &Ptr<Bytes>, by: By) -> Result<i64, Errno> {
        let id = self.ipc.mq_unlink(name, by)?;
        if !self.files.has_open(id) {
            self.ipc.queues.remove(&id);
        }
        Ok(0)
    }

    /// The last description of a queue is gone; the queue goes too if it has no name any more.
    pub(crate) fn queue_closed(&mut self, id: u32) {
        if !self.ipc.queue_names.values().any(|named| *named == id) {
            self.ipc.queues.remove(&id);
        }
    }

    // ---- memory

    /// `mmap(2)`.
    #[allow(clippy::too_many_arguments)] // the man page's
    pub(crate) fn mmap(
        &mut self,
        pid: Pid,
        at: u64,
        len: u64,
        prot: i32,
        flags: i32,
        fd: Fd,
        offset: i64,
    ) -> Result<Reply, Errno> {
        let target = self.processes.get(&pid).and_then(|process| process.target(fd));
        let anonymous = flags & consts::MAP_ANONYMOUS != 0;
        let file = match target {
            _ if anonymous => None,
            None => return Err(Errno::EBADF),
            target => target,
        };
        let shared = check_mapping(len, flags, offset)?;
        let writable = prot & consts::PROT_WRITE != 0;
        let segment = match file {
            None if !shared => {
                let out = Out::Mapped { segment: None, offset: 0, len, writable };
                return Ok(Reply::with(at as i64, out));
            }
            None => {
                let segment = self.ipc.new_segment();
                self.memory.resize(segment, len);
                segment
            }
            Some(Target::File(file)) => {
                let access = self.files.get(file)?.flags & 3;
                if access == consts::O_WRONLY || (shared && writable && access == consts::O_RDONLY)
                {
                    return Err(Errno::EACCES);
                }
                if !shared {
                    let bytes = self.files.part(file, offset as u64, len, &self.memory)?;
                    let out = Out::MappedCopy { bytes: Bytes(bytes), len, writable };
                    return Ok(Reply::with(at as i64, out));
                }
                self.files.segment(file, &mut self.ipc, &mut self.memory)?
            }
            Some(_) => return Err(Errno::ENODEV),
        };
        self.ipc.hold_segment(segment);
        self.map(pid, at, Mapping { segment, len, sysv: None });
        let segment = Some(segment);
        let out = Out::Mapped { segment, offset: offset as u64, len, writable };
        Ok(Reply::with(at as i64, out))
    }

    fn map(&mut self, pid: Pid, at: u64, mapping: Mapping) {
        if let Some(process) = self.processes.get_mut(&pid) {
            process.mappings.insert(at, mapping);
        }
    }

    /// `munmap(2)`.
    pub(crate) fn munmap(&mut self, pid: Pid, at: u64, len: u64) -> Result<i64, Errno> {
        if !at.is_multiple_of(PAGE) || len == 0 {
            return Err(Errno::EINVAL);
        }
        let process = self.processes.get_mut(&pid);
        if let Some(mapping) = process.and_then(|process| process.mappings.remove(&at)) {
            self.ipc.drop_segment(mapping.segment, &mut self.memory);
        }
        Ok(0)
    }

    /// `shmat(2)`.
    pub(crate) fn shmat(&mut self, pid: Pid, id: i32, at: u64, flags: i32) -> Result<Reply, Errno> {
        let (segment, len) = self.ipc.attach(id, flags, self.maker(pid))?;
        self.map(pid, at, Mapping { segment, len, sysv: Some(id) });
        let writable = flags & consts::SHM_RDONLY == 0;
        let out = Out::Mapped { segment: Some(segment), offset: 0, len, writable };
        Ok(Reply::with(at as i64, out))
    }

    /// `shmdt(2)`.
    pub(crate) fn shmdt(&mut self, pid: Pid, at: u64) -> Result<i64, Errno> {
        let process = self.processes.get_mut(&pid).ok_or(Errno::EINVAL)?;
        let mapping = process.mappings.get(&at).copied().ok_or(Errno::EINVAL)?;
        let id = mapping.sysv.ok_or(Errno::EINVAL)?;
        process.mappings.remove(&at);
        self.ipc.detach(id, pid, self.wall_s(), &mut self.memory);
        self.ipc.drop_segment(mapping.segment, &mut self.memory);
        Ok(0)
    }

    /// A process's shared mappings go, at its end and in `execve`.
    pub(crate) fn drop_mappings(&mut self, pid: Pid) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        for mapping in std::mem::take(&mut process.mappings).into_values() {
            if let Some(id) = mapping.sysv {
                self.ipc.detach(id, pid, self.wall_s(), &mut self.memory);
            }
            self.ipc.drop_segment(mapping.segment, &mut self.memory);
        }
    }

    // ---- files

    /// Calls that name a file.
    pub(crate) fn on_path(&mut self, caller: Caller, call: &Syscall) -> Option<Now> {
        let pid = caller.pid;
        let process = self.processes.get(&pid)?;
        let (uid, umask, cwd) = (process.ids.0, process.umask, process.cwd.clone());
        let whole = |at: &Ptr<Bytes>| match &at.value {
            Some(path) => Ok(absolute(&cwd, name(path))),
            None => Err(Errno::EFAULT),
        };
        let reply = |result: Result<i64, Errno>| -> Now { result.into() };
        Some(match call {
            Syscall::Openat { path, flags, mode } => {
                let opened =
                    whole(path).and_then(|path| self.files.open(&path, *flags, mode & !umask, uid));
                if let Ok(Opening::Fifo(inode)) = opened {
                    return Some(self.open_fifo(caller, inode, *flags));
                }
                reply(opened.and_then(|opening| {
                    let cloexec = flags & consts::O_CLOEXEC != 0;
                    match opening {
                        Opening::File(description) => self.open_file(pid, description, cloexec),
                        Opening::Fifo(_) => Err(Errno::ENXIO),
                        Opening::Terminal => {
                            let process = self.processes.get_mut(&pid).ok_or(Errno::ESRCH)?;
                            process.open(Target::Terminal(1), cloexec, 0).map(i64::from)
                        }
                    }
                }))
            }
            Syscall::Stat { path, out } => {
                let found = whole(path).and_then(|path| self.files.stat_path(&path, &self.memory));
                match found {
                    Ok(_) if !out.ok => error(Errno::EFAULT),
                    found => found.into(),
                }
            }
            Syscall::Access { path, mode } => {
                reply(whole(path).and_then(|path| self.files.access(&path, *mode, uid)))
            }
            Syscall::Mkdir { path, mode } => {
                reply(whole(path).and_then(|path| self.files.mkdir(&path, mode & !umask, uid)))
            }
            Syscall::Mkfifo { path, mode } => {
                reply(whole(path).and_then(|path| self.files.mkfifo(&path, mode & !umask, uid)))
            }
            Syscall::Rmdir { path } => reply(whole(path).and_then(|path| self.files.rmdir(&path))),
            Syscall::Chmod { path, mode } => {
                reply(whole(path).and_then(|path| self.files.chmod(&path, *mode)))
            }
            Syscall::Truncate { path, length } => {
                reply(whole(path).and_then(|path| {
                    self.files.truncate_path(&path, *length, uid, &mut self.memory)
                }))
            }
            Syscall::Rename { old, new } => reply(
                whole(old).and_then(|old| self.files.rename(&old, &whole(new)?, &self.memory)),
            ),
            Syscall::Chdir { path } => {
                let dir = whole(path).and_then(|path| {
                    self.files.check_dir(&path)?;
                    Ok(path)
                });
                reply(dir.and_then(|mut dir| {
                    while dir.len() > 1 && dir.last() == Some(&b'/') {
                        dir.pop();
                    }
                    let process = self.processes.get_mut(&pid).ok_or(Errno::ESRCH)?;
                    process.cwd = dir;
                    Ok(0)
                }))
            }
            Syscall::Getcwd { buf } => {
                let mut bytes = if cwd.is_empty() { b"/".to_vec() } else { cwd };
                bytes.push(0);
                match buf.len {
                    room if (bytes.len() as u64) > room => error(Errno::ERANGE),
                    _ if !buf.ok => error(Errno::EFAULT),
                    _ => Now::Reply(crate::files::bytes_reply(bytes)),
                }
            }
            Syscall::Unlink { path } => match whole(path) {
                Err(errno) => error(errno),
                Ok(whole) => match self.files.unlink(&whole) {
                    Some(result) => reply(result),
                    None => self.on_session(caller, call),
                },
            },
            _ => return None,
        })
    }

    fn open_file(&mut self, pid: Pid, description: u64, cloexec: bool) -> Result<i64, Errno> {
        let target = Target::File(description);
        self.hold(target);
        let process = self.processes.get_mut(&pid).ok_or(Errno::ESRCH)?;
        match process.open(target, cloexec, 0) {
            Ok(number) => Ok(number.into()),
            Err(errno) => {
                self.release(target);
                Err(errno)
            }
        }
    }

    /// `sendfile(2)`: a file's bytes to a file or terminal here, or to a socket, whose `write`
    /// goes to the session.
    pub(crate) fn sendfile(
        &mut self,
        caller: Caller,
        out: Fd,
        input: Fd,
        offset: Ptr<i64>,
        count: u64,
    ) -> Now {
        let Some(process) = self.processes.get(&caller.pid) else { return Now::Over };
        let (from, to) = (process.target(input), process.target(out));
        let (Some(from), Some(to)) = (from, to) else { return error(Errno::EBADF) };
        let Target::File(file) = from else {
            return error(if offset.is_null() { Errno::EINVAL } else { Errno::ESPIPE });
        };
        let at = match (offset.is_null(), offset.value) {
            (true, _) => None,
            (false, None) => return error(Errno::EFAULT),
            (false, Some(at)) if at < 0 => return error(Errno::EINVAL),
            (false, at) => at,
        };
        let start = match at {
            Some(at) => Ok(at),
            None => self.files.seek(file, 0, consts::SEEK_CUR, &self.memory),
        };
        let count = count.min(SENDFILE_MAX);
        let read = start
            .and_then(|start| Ok((start, self.files.pread(file, count, start, &self.memory)?)));
        let (start, bytes) = match read {
            Ok(read) => read,
            Err(Errno::EISDIR) => return error(Errno::EINVAL),
            Err(errno) => return error(errno),
        };
        match to {
            _ if bytes.is_empty() => {
                Now::Reply(self.sent_file(caller.pid, input, offset, start, 0))
            }
            Target::Handle(handle) => {
                let call = Syscall::Write { fd: handle, buf: InBuf::of(&bytes) };
                let ticket = self.order(Some(caller), call);
                Now::Waits(On::Ticket(ticket), None)
            }
            _ => match self.write_here(caller.pid, to, &bytes) {
                Now::Reply(Reply { ret: Ok(sent), .. }) => {
                    Now::Reply(self.sent_file(caller.pid, input, offset, start, sent))
                }
                other => other,
            },
        }
    }

    /// So many bytes of a file have been sent: where the next begin.
    fn sent_file(&mut self, pid: Pid, input: Fd, offset: Ptr<i64>, start: i64, sent: i64) -> Reply {
        let at = start + sent;
        if !offset.is_null() {
            return Reply::with(sent, Out::Words { words: vec![at as u64] });
        }
        let target = self.processes.get(&pid).and_then(|process| process.target(input));
        if let Some(Target::File(file)) = target {
            let _ = self.files.seek(file, at, consts::SEEK_SET, &self.memory);
        }
        Reply::ok(sent)
    }

    /// The session's answer to the `write` of a `sendfile`.
    pub(crate) fn sendfile_seen(&mut self, pid: Pid, call: &Syscall, reply: Reply) -> Reply {
        let (Syscall::Sendfile { input, offset, .. }, Ok(sent)) = (call, reply.ret) else {
            return reply;
        };
        let target = self.processes.get(&pid).and_then(|process| process.target(*input));
        let start = match (offset.value.filter(|_| !offset.is_null()), target) {
            (Some(at), _) => at,
            (None, Some(Target::File(file))) => {
                self.files.seek(file, 0, consts::SEEK_CUR, &self.memory).unwrap_or(0)
            }
            _ => 0,
        };
        self.sent_file(pid, *input, *offset, start, sent)
    }

    // ---- locks

    /// `flock(2)`.
    pub(crate) fn flock(&mut self, file: u64, operation: i32) -> Now {
        match self.files.flock(file, operation) {
            Err(errno) => error(errno),
            Ok((None, inode)) => Now::Waits(On::Change(Source::Lock(inode)), None),
            Ok((Some(ret), inode)) => {
                self.touch(Source::Lock(inode));
                Now::Reply(Reply::ok(ret))
            }
        }
    }

    /// `fcntl(2)` with a lock.
    pub(crate) fn fcntl_lock(&mut self, pid: Pid, file: u64, cmd: i32, lock: FileLock) -> Now {
        match self.files.lock(pid, file, cmd, lock, &self.memory) {
            Err(errno) => error(errno),
            Ok((None, inode)) => match self.would_deadlock(pid, inode) {
                true => error(Errno::EDEADLK),
                false => Now::Waits(On::Change(Source::Lock(inode)), None),
            },
            Ok((Some(reply), inode)) => {
                self.touch(Source::Lock(inode));
                Now::Reply(reply)
            }
        }
    }

    /// Whether who holds locks of this file waits, perhaps through others, for one of `me`.
    fn would_deadlock(&self, me: Pid, inode: u64) -> bool {
        let mut seen = BTreeSet::from([me]);
        let mut holders = self.files.lock_holders(inode);
        while let Some(holder) = holders.pop() {
            let Some(process) = self.processes.get(&holder).filter(|_| seen.insert(holder)) else {
                continue;
            };
            for wait in process.threads.values().flat_map(Thread::waits) {
                let On::Change(Source::Lock(next)) = wait.on else { continue };
                let others = self.files.lock_holders(next);
                if others.contains(&me) {
                    return true;
                }
                holders.extend(others);
            }
        }
        false
    }

    /// A process has closed a descriptor of a file.
    pub(crate) fn drop_locks(&mut self, pid: Pid, target: Target) {
        if let Target::File(file) = target
            && let Some(inode) = self.files.drop_locks(file, pid)
        {
            self.touch(Source::Lock(inode));
        }
    }
}
