//! Files, and what is read and written like one: `read`, `write`, `close`, `open`, `stat`, `lseek`.

use super::{Answer, may_sleep};
use crate::kernel::fd::Object;
use crate::kernel::fs::{Kind, Who, wanted};
use crate::kernel::process::{Pending, Process, Progress};
use crate::kernel::wait::{Reason, Source, WaitFor};
use crate::kernel::{Env, Host, Me, Outcome};
use crate::net;
use crate::trace::{SignalBy, What};
use abi::reply::Stat;
use abi::syscall::{InBuf, OutBuf};
use abi::{AddrIn, AddrOut, Bytes, Errno, Fd, Out, OutPtr, Pid, Ptr, Reply, consts};
use std::sync::Arc;

/// The longest file, bytes: a lab's memory is not endless.
const FILE_MAX: u64 = 1 << 28;
/// `SEEK_DATA`.
const SEEK_DATA: i32 = 3;
/// What `stat(2)` says of a message queue's file, bytes: the length of what it tells of itself.
const QUEUE_FILE: i64 = 80;
/// `IOV_MAX`.
const IOV_MAX: i32 = 1024;

impl Host {
    /// read(2)
    pub(super) fn read(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        buf: OutBuf,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        let (object, flags) = match self.object(me.pid, fd) {
            Ok(found) => found,
            Err(errno) => return Outcome::Done(Reply::err(errno)),
        };
        if object.is_socket() {
            // `read(fd, buf, 0)` on a socket does not reach the protocol.
            if buf.len == 0 {
                return Outcome::Done(Reply::with(0, Out::Bytes { bytes: Bytes::default() }));
            }
            let addr = AddrOut::null();
            return self.recvfrom(env, me, fd, buf, 0, addr, pending, timed_out);
        }
        if flags & 3 == consts::O_WRONLY {
            return Outcome::Done(Reply::err(Errno::EBADF));
        }
        let len = usize::try_from(buf.len).unwrap_or(usize::MAX);
        let bad = !buf.ok;
        let outcome = match object {
            Object::PipeReader(id) | Object::PipeBoth(id) => {
                self.read_pipe(fd, id, len, flags, bad)
            }
            Object::Terminal(owner) => self.read_terminal(fd, owner, len, flags),
            Object::File(inode) => self.read_file(env, me, fd, inode, len, bad).into(),
            Object::Event(id) => self.read_event(fd, id, len, flags),
            Object::Timer(id) => self.read_timer(id, len, flags),
            Object::Signals(id) => self.read_signals(me, id, len, flags),
            Object::PipeWriter(_) => Outcome::Done(Reply::err(Errno::EBADF)),
            Object::Epoll(_) => Outcome::Done(Reply::err(Errno::EINVAL)),
            Object::Queue(id) => self.read_queue_file(me, fd, id, len).into(),
            Object::Inet(_) | Object::Unix(_) => unreachable!("sockets were handed on"),
        };
        match outcome {
            // What cannot be given is lost all the same.
            Outcome::Done(Reply { ret: Ok(1..), .. }) if bad => {
                Outcome::Done(Reply::err(Errno::EFAULT))
            }
            outcome => outcome,
        }
    }

    /// What a message queue's descriptor says of itself as a file, `mq_overview(7)`.
    fn read_queue_file(&mut self, me: Me, fd: Fd, id: u32, len: usize) -> Answer {
        let queue = self.ipc.queues.get(&id).ok_or(Errno::EBADF)?;
        let bytes: usize = queue.messages.iter().map(|(_, bytes)| bytes.0.len()).sum();
        let (notify, signal, pid) =
            queue.notice.map_or((0, 0, 0), |(pid, event)| (event.notify, event.signal, pid.0));
        let text =
            format!("QSIZE:{bytes:<10} NOTIFY:{notify:<5} SIGNO:{signal:<5} NOTIFY_PID:{pid:<6}\n");
        let description = self.description_mut(me.pid, fd)?;
        let start = (description.offset as usize).min(text.len());
        let end = start.saturating_add(len).min(text.len());
        description.offset = end as u64;
        Ok(bytes_reply(text.as_bytes()[start..end].to_vec()))
    }

    /// A terminal gives a line at a time, `termios(3)`.
    fn read_terminal(&mut self, fd: Fd, owner: Pid, len: usize, flags: i32) -> Outcome {
        let Some(process) = self.processes.get_mut(&owner) else {
            return Outcome::Done(bytes_reply(Vec::new()));
        };
        let terminal = &mut process.terminal;
        let line = terminal.input.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
        let ready = line.or(terminal.ended.then_some(terminal.input.len()));
        match ready {
            Some(ready) => {
                let taken = terminal.input.drain(..ready.min(len)).collect();
                Outcome::Done(bytes_reply(taken))
            }
            None if !may_sleep(flags, 0) => Outcome::Done(Reply::err(Errno::EAGAIN)),
            None => Outcome::Wait(WaitFor::on(Reason::Data(fd), Source::Terminal(owner))),
        }
    }

    fn read_file(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        inode: u64,
        len: usize,
        bad: bool,
    ) -> Answer {
        let offset = self.description(me.pid, fd)?.1.offset;
        let bytes = self.file_bytes(env, inode, offset, len)?;
        if bad && !bytes.is_empty() {
            return Err(Errno::EFAULT);
        }
        self.description_mut(me.pid, fd)?.offset = offset + bytes.len() as u64;
        Ok(bytes_reply(bytes))
    }

    /// What is in a file from `offset` on.
    pub(super) fn file_bytes(
        &mut self,
        env: &mut Env,
        inode: u64,
        offset: u64,
        len: usize,
    ) -> Result<Vec<u8>, Errno> {
        Ok(match &self.fs.get(inode).kind {
            Kind::Dir(_) => return Err(Errno::EISDIR),
            Kind::File { bytes, segment } => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX);
                match segment.and_then(|s| Some((s, self.shared.len(s)?))) {
                    Some((segment, size)) => {
                        let left = size.saturating_sub(offset).min(len as u64);
                        self.shared.read(segment, offset, left).unwrap_or_default().to_vec()
                    }
                    None => {
                        let end = start.saturating_add(len).min(bytes.len());
                        bytes.get(start..end).unwrap_or_default().to_vec()
                    }
                }
            }
            Kind::Zero | Kind::Full => vec![0; len.min(1 << 20)],
            Kind::Random => (0..len.min(1 << 20)).map(|_| env.rng.next_u32() as u8).collect(),
            Kind::Null | Kind::Tty | Kind::Fifo(_) | Kind::Socket | Kind::Link(_) => Vec::new(),
        })
    }

    /// write(2)
    pub(super) fn write(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        buf: &InBuf,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        let (object, flags) = match self.object(me.pid, fd) {
            Ok(found) => found,
            Err(errno) => return Outcome::Done(Reply::err(errno)),
        };
        if object.is_socket() {
            let addr = AddrIn::null();
            return self.sendto(env, me, fd, buf, 0, &addr, pending, timed_out);
        }
        if flags & 3 == consts::O_RDONLY {
            return Outcome::Done(Reply::err(Errno::EBADF));
        }
        let empty = Bytes::default();
        let bytes = match (&object, buf.bytes.as_ref()) {
            (Object::Epoll(_) | Object::Queue(_) | Object::Timer(_) | Object::Signals(_), _) => {
                return Outcome::Done(Reply::err(Errno::EINVAL));
            }
            (Object::File(inode), None) if self.fs.get(*inode).kind == Kind::Null => {
                return Outcome::Done(Reply::ok(buf.len as i64));
            }
            (_, Some(bytes)) => bytes,
            (_, None) if buf.len == 0 => &empty,
            (_, None) => return Outcome::Done(Reply::err(Errno::EFAULT)),
        };
        match object {
            Object::PipeWriter(id) | Object::PipeBoth(id) => {
                self.write_pipe(env, me, fd, id, &bytes.0, flags, pending)
            }
            Object::Terminal(owner) => {
                Outcome::Done(self.write_terminal(env, me, fd, owner, bytes))
            }
            Object::File(inode) => self.write_file(env, me, fd, inode, &bytes.0, flags).into(),
            Object::PipeReader(_) => Outcome::Done(Reply::err(Errno::EBADF)),
            Object::Event(id) => self.write_event(fd, id, &bytes.0, flags),
            Object::Epoll(_) | Object::Queue(_) | Object::Timer(_) | Object::Signals(_) => {
                unreachable!("refused above")
            }
            Object::Inet(_) | Object::Unix(_) => unreachable!("sockets were handed on"),
        }
    }

    fn write_terminal(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        owner: Pid,
        bytes: &Bytes,
    ) -> Reply {
        if let Some(process) = self.processes.get_mut(&owner) {
            Arc::make_mut(&mut process.terminal.output).extend(&bytes.0);
        }
        let what = What::Output { fd, terminal: owner, bytes: bytes.clone() };
        env.record(self.id, me.pid, me.tid, what);
        Reply::ok(bytes.0.len() as i64)
    }

    fn write_file(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        inode: u64,
        bytes: &[u8],
        flags: i32,
    ) -> Result<i64, Errno> {
        let offset = self.description(me.pid, fd)?.1.offset;
        let append = flags & consts::O_APPEND != 0;
        let from = if append { self.file_size(inode) as u64 } else { offset };
        let len = self.allowed_size(env, me, inode, from, bytes.len())?;
        let offset = self.put_bytes(inode, offset, &bytes[..len], append);
        self.description_mut(me.pid, fd)?.offset = offset + len as u64;
        Ok(len as i64)
    }

    /// How much of a write fits under `RLIMIT_FSIZE` and on the device: `EFBIG` and `SIGXFSZ`
    /// where nothing does.
    pub(super) fn allowed_size(
        &mut self,
        env: &mut Env,
        me: Me,
        inode: u64,
        from: u64,
        len: usize,
    ) -> Result<usize, Errno> {
        let limit = match self.fs.get(inode).kind {
            Kind::Full if len > 0 => return Err(Errno::ENOSPC),
            Kind::File { .. } => self.limit(me.pid, consts::RLIMIT_FSIZE)?.0,
            _ => return Ok(len),
        };
        if from >= limit && len > 0 {
            self.send_thread_signal(env, me, consts::SIGXFSZ, SignalBy::Kernel);
            return Err(Errno::EFBIG);
        }
        // What a lab's file may hold at most.
        let end = from.saturating_add(len as u64);
        if end > FILE_MAX {
            return Err(Errno::EFBIG);
        }
        Ok((limit - from.min(limit)).min(len as u64) as usize)
    }

    /// Writes into a file; the offset that was used.
    pub(super) fn put_bytes(
        &mut self,
        inode: u64,
        mut offset: u64,
        bytes: &[u8],
        append: bool,
    ) -> u64 {
        if let Kind::File { bytes: contents, segment } = &mut self.fs.get_mut(inode).kind {
            let size = match *segment {
                Some(segment) => self.shared.len(segment).unwrap_or(0),
                None => contents.len() as u64,
            };
            if append {
                offset = size;
            }
            let end = offset + bytes.len() as u64;
            match *segment {
                Some(segment) => {
                    if end > size {
                        self.shared.resize(segment, end);
                    }
                    self.shared.write(segment, offset, bytes);
                }
                None => {
                    let contents = Arc::make_mut(contents);
                    if contents.len() < end as usize {
                        contents.resize(end as usize, 0);
                    }
                    contents[offset as usize..end as usize].copy_from_slice(bytes);
                }
            }
            self.fs.wrote(inode);
        }
        offset
    }

    /// What `readv` and `writev` answer before they reach what the descriptor is: an error, or 0
    /// for nothing (`vfs_readv`). `lens`: of the buffers that could be read of `count`.
    fn vector_answer(
        &self,
        me: Me,
        fd: Fd,
        count: i32,
        lens: &[u64],
        forbidden: i32,
    ) -> Option<Reply> {
        let error = |errno| Some(Reply::err(errno));
        let reads = forbidden == consts::O_WRONLY;
        match self.object(me.pid, fd) {
            Err(errno) => error(errno),
            Ok((_, flags)) if flags & 3 == forbidden => error(Errno::EBADF),
            Ok((Object::Epoll(_), _)) => error(Errno::EINVAL),
            Ok((Object::Timer(_) | Object::Signals(_), _)) if !reads => error(Errno::EINVAL),
            Ok(_) if !(0..=IOV_MAX).contains(&count) => error(Errno::EINVAL),
            Ok(_) if lens.len() < count as usize => error(Errno::EFAULT),
            Ok(_) if lens.iter().any(|len| *len > i64::MAX as u64) => error(Errno::EINVAL),
            Ok(_) if lens.iter().all(|len| *len == 0) => Some(Reply::ok(0)),
            // An eventfd writes one buffer after the other, and none is a whole number.
            Ok((Object::Event(_), _)) if !reads && lens[0] != 8 => error(Errno::EINVAL),
            Ok(_) => None,
        }
    }

    /// readv(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn readv(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        iov: &[OutBuf],
        count: i32,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        let lens: Vec<u64> = iov.iter().map(|buf| buf.len).collect();
        let unread = matches!(iov, [OutBuf { len: 1, ok: false, .. }]);
        let lens = if unread { Vec::new() } else { lens };
        if let Some(answer) = self.vector_answer(me, fd, count, &lens, consts::O_WRONLY) {
            return Outcome::Done(answer);
        }
        let ok = iov.iter().all(|buf| buf.ok || buf.len == 0);
        let buf = OutBuf { at: iov.first().map_or(0, |buf| buf.at), len: lens.iter().sum(), ok };
        self.read(env, me, fd, buf, pending, timed_out)
    }

    /// writev(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn writev(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        iov: &[InBuf],
        count: i32,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        let lens: Vec<u64> = iov.iter().map(|buf| buf.len).collect();
        let unread = matches!(iov, [InBuf { len: 1, bytes: None, .. }]);
        let lens = if unread { Vec::new() } else { lens };
        if let Some(answer) = self.vector_answer(me, fd, count, &lens, consts::O_RDONLY) {
            return Outcome::Done(answer);
        }
        let buf = gather(iov);
        self.write(env, me, fd, &buf, pending, timed_out)
    }

    /// close(2)
    pub(super) fn close(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        if let Progress::Closing(socket) = pending.progress {
            if timed_out {
                return Outcome::Done(Reply::ok(0));
            }
            return match self.stack.close_wait(socket) {
                Ok(()) | Err(net::Stop::Errno(_)) => Outcome::Done(Reply::ok(0)),
                Err(net::Stop::Wait { .. }) => {
                    let mut wait = WaitFor::on(Reason::Linger, Source::Socket(socket));
                    wait.deadline_ns = pending.deadline_ns;
                    Outcome::Wait(wait)
                }
            };
        }
        let descriptor = match self.process_mut(me.pid).fds.remove(fd) {
            Ok(descriptor) => descriptor,
            Err(errno) => return Outcome::Done(Reply::err(errno)),
        };
        self.drop_records_of(me.pid, descriptor.description);
        let socket = match self.descriptions.get(&descriptor.description).map(|d| &d.object) {
            Some(Object::Inet(inet)) => Some(inet.id),
            _ => None,
        };
        let lingers = self.release(env, descriptor.description);
        match (lingers, socket) {
            (Some(net::Stop::Wait { timeout_ns, .. }), Some(socket)) => {
                pending.progress = Progress::Closing(socket);
                let mut wait = WaitFor::on(Reason::Linger, Source::Socket(socket));
                wait.deadline_ns = timeout_ns.map(|ns| env.now_ns.saturating_add(ns));
                pending.deadline_ns = wait.deadline_ns;
                Outcome::Wait(wait)
            }
            _ => Outcome::Done(Reply::ok(0)),
        }
    }

    /// open(2), openat(2)
    pub(super) fn openat(
        &mut self,
        env: &Env,
        me: Me,
        at: &Ptr<Bytes>,
        flags: i32,
        mode: u32,
        pending: &mut Pending,
    ) -> Outcome {
        if let Progress::Opened(id) = pending.progress {
            return self.open_fifo_wait(me, id, flags, pending);
        }
        match self.try_open(env, me, at, flags, mode) {
            Ok(Opening::Object(object)) => {
                let cloexec = flags & consts::O_CLOEXEC != 0;
                self.open(me.pid, object, kept(flags), cloexec).map(|fd| i64::from(fd.0)).into()
            }
            Ok(Opening::Fifo(inode)) => self.open_fifo(me, inode, flags, pending),
            Err(errno) => Outcome::Done(Reply::err(errno)),
        }
    }

    /// What is behind a path that is opened, made where that is wanted; in the order of
    /// `path_openat` and `may_open`.
    fn try_open(
        &mut self,
        env: &Env,
        me: Me,
        at: &Ptr<Bytes>,
        flags: i32,
        mode: u32,
    ) -> Result<Opening, Errno> {
        let set = |flag: i32| flags & flag == flag;
        if set(consts::O_CREAT | consts::O_DIRECTORY) {
            return Err(Errno::EINVAL);
        }
        let path = &self.absolute(me, at)?[..];
        let process = self.process(me.pid);
        let (umask, who) = (process.umask, process.who());
        process.fds.lowest_free(0, process.nofile.0)?;
        if let Some(bytes) = self.proc_file(me, env.now_ns, path) {
            return self.open_proc_file(bytes, flags);
        }
        let exclusive = set(consts::O_CREAT | consts::O_EXCL);
        let place = self.fs.walk(path, who, !exclusive && !set(consts::O_NOFOLLOW))?;
        let inode = match place.inode {
            _ if place.slash && set(consts::O_CREAT) => return Err(Errno::EISDIR),
            Some(_) if exclusive => return Err(Errno::EEXIST),
            Some(inode) => inode,
            None if !set(consts::O_CREAT) => return Err(Errno::ENOENT),
            None => {
                if !self.fs.allows(place.dir, who, 3) {
                    return Err(Errno::EACCES);
                }
                let kind = Kind::File { bytes: Arc::default(), segment: None };
                let mode = mode & 0o7777 & !umask;
                let inode = self.fs.add(place.dir, &place.name, kind, mode, who);
                // Whoever makes a file may use it as was asked, whatever its permissions are.
                self.fs.get_mut(inode).opens += 1;
                return Ok(Opening::Object(Object::File(inode)));
            }
        };
        let is_dir = self.fs.is_dir(inode);
        // Emptying is writing.
        let writes = if set(consts::O_TRUNC) { 2 } else { 0 };
        match &self.fs.get(inode).kind {
            Kind::Link(_) => return Err(Errno::ELOOP),
            _ if set(consts::O_DIRECTORY) && !is_dir => return Err(Errno::ENOTDIR),
            Kind::Dir(_) if set(consts::O_CREAT) || (wanted(flags) | writes) & 2 != 0 => {
                return Err(Errno::EISDIR);
            }
            _ if !self.fs.allows(inode, who, wanted(flags) | writes) => return Err(Errno::EACCES),
            Kind::Socket => return Err(Errno::ENXIO),
            Kind::Tty => return Ok(Opening::Object(Object::Terminal(me.pid))),
            Kind::Fifo(_) => return Ok(Opening::Fifo(inode)),
            Kind::File { .. } if set(consts::O_TRUNC) => {
                self.resize_file(inode, 0)?;
            }
            _ => {}
        }
        self.fs.get_mut(inode).opens += 1;
        Ok(Opening::Object(Object::File(inode)))
    }

    /// A file of `/proc`: what it says now, without a name.
    fn open_proc_file(&mut self, bytes: Vec<u8>, flags: i32) -> Result<Opening, Errno> {
        if flags & 3 != consts::O_RDONLY {
            return Err(Errno::EACCES);
        }
        let inode = self.fs.nameless(bytes, 0o444);
        self.fs.get_mut(inode).opens += 1;
        Ok(Opening::Object(Object::File(inode)))
    }

    /// mkdir(2)
    pub(super) fn mkdir(&mut self, me: Me, at: &Ptr<Bytes>, mode: u32) -> Result<i64, Errno> {
        let umask = self.process(me.pid).umask;
        self.make(me, at, Kind::Dir(std::collections::BTreeMap::new()), mode & 0o1777, umask)
    }

    /// mkfifo(3): mknod(2) with `S_IFIFO`.
    pub(super) fn mkfifo(&mut self, me: Me, at: &Ptr<Bytes>, mode: u32) -> Result<i64, Errno> {
        let umask = self.process(me.pid).umask;
        self.make(me, at, Kind::Fifo(None), mode & 0o7777, umask)
    }

    /// access(2): with the real user's rights.
    pub(super) fn access(
        &mut self,
        env: &Env,
        me: Me,
        at: &Ptr<Bytes>,
        mode: i32,
    ) -> Result<i64, Errno> {
        if mode & !7 != 0 {
            return Err(Errno::EINVAL);
        }
        let path = self.absolute(me, at)?;
        if self.proc_file(me, env.now_ns, &path).is_some() {
            return if mode & 3 == 0 { Ok(0) } else { Err(Errno::EACCES) };
        }
        let process = self.process(me.pid);
        let who = Who { uid: process.other_uids.0, gid: process.other_gids.0 };
        let inode = self.fs.walk(&path, who, true)?.inode.ok_or(Errno::ENOENT)?;
        if self.fs.allows(inode, who, mode as u32) { Ok(0) } else { Err(Errno::EACCES) }
    }

    /// stat(2), lstat(2)
    pub(super) fn stat(
        &mut self,
        env: &Env,
        me: Me,
        at: &Ptr<Bytes>,
        out: OutPtr,
        follow: bool,
    ) -> Answer {
        let path = self.absolute(me, at)?;
        let shown = |mode: u32| Stat { mode, links: 1, times: [self.fs.now; 3], ..Stat::default() };
        let stat = if !follow && self.proc_link(me, &path).is_some() {
            shown(0o120_777)
        } else if self.proc_file(me, env.now_ns, &path).is_some() {
            shown(0o100_444)
        } else {
            let who = self.process(me.pid).who();
            let inode = self.fs.walk(&path, who, follow)?.inode.ok_or(Errno::ENOENT)?;
            return self.stat_inode(inode, out);
        };
        if out.ok { Ok(Reply::with(0, Out::Stat { stat })) } else { Err(Errno::EFAULT) }
    }

    fn stat_inode(&self, inode: u64, out: OutPtr) -> Answer {
        if !out.ok {
            return Err(Errno::EFAULT);
        }
        let stat = self.fs.stat(inode, self.file_size(inode));
        Ok(Reply::with(0, Out::Stat { stat }))
    }

    /// fstat(2)
    pub(super) fn fstat(&mut self, me: Me, fd: Fd, out: OutPtr) -> Answer {
        let (object, _) = self.object(me.pid, fd)?;
        if let Object::File(inode) = object {
            return self.stat_inode(inode, out);
        }
        if !out.ok {
            return Err(Errno::EFAULT);
        }
        let (mode, inode) = match object {
            Object::Inet(inet) => (0o140_777, u64::from(inet.id.0)),
            Object::Unix(id) => (0o140_777, u64::from(id)),
            Object::PipeReader(id) | Object::PipeWriter(id) | Object::PipeBoth(id) => {
                (0o010_600, u64::from(id))
            }
            Object::Terminal(pid) => (0o020_620, pid.0 as u64),
            Object::Queue(id) => (
                0o100_000 | self.ipc.queues.get(&id).map_or(0o600, |queue| queue.perm.mode),
                id.into(),
            ),
            Object::Epoll(_) | Object::Event(_) | Object::Timer(_) | Object::Signals(_) => {
                (0o600, 0)
            }
            Object::File(_) => unreachable!("answered above"),
        };
        let Process { uid, gid, .. } = *self.process(me.pid);
        let size = if matches!(object, Object::Queue(_)) { QUEUE_FILE } else { 0 };
        let times = [self.fs.now; 3];
        let stat = Stat { mode, size, inode, links: 1, uid, gid, device: 0, times };
        Ok(Reply::with(0, Out::Stat { stat }))
    }

    /// lseek(2)
    pub(super) fn lseek(&mut self, me: Me, fd: Fd, offset: i64, whence: i32) -> Result<i64, Errno> {
        let (_, description) = self.description(me.pid, fd)?;
        let (object, at) = (description.object.clone(), description.offset as i64);
        if !(0..=4).contains(&whence) {
            return Err(Errno::EINVAL);
        }
        let inode = match object {
            Object::File(inode) => inode,
            // `noop_llseek`: an offset that nobody uses.
            Object::Event(_) | Object::Timer(_) | Object::Signals(_) | Object::Epoll(_) => {
                return Ok(0);
            }
            _ => return Err(Errno::ESPIPE),
        };
        let size = self.file_size(inode);
        let base = match (&self.fs.get(inode).kind, whence) {
            // Devices have no place to go to.
            (Kind::Null | Kind::Zero | Kind::Full | Kind::Random, _) => return Ok(0),
            (_, consts::SEEK_SET) => 0,
            (_, consts::SEEK_CUR) => at,
            (Kind::Dir(_), _) => return Err(Errno::EINVAL),
            (_, consts::SEEK_END) => size,
            // Nothing here has holes but the one after the end.
            _ if !(0..size).contains(&offset) => return Err(Errno::ENXIO),
            (_, SEEK_DATA) => 0,
            _ => size - offset,
        };
        let new = base.checked_add(offset).ok_or(Errno::EOVERFLOW)?;
        if new < 0 {
            return Err(Errno::EINVAL);
        }
        self.description_mut(me.pid, fd)?.offset = new as u64;
        Ok(new)
    }

    /// ftruncate(2)
    pub(super) fn ftruncate(&mut self, me: Me, fd: Fd, length: i64) -> Result<i64, Errno> {
        if length < 0 {
            return Err(Errno::EINVAL);
        }
        let (object, flags) = self.object(me.pid, fd)?;
        let Object::File(inode) = object else { return Err(Errno::EINVAL) };
        if flags & 3 == consts::O_RDONLY {
            return Err(Errno::EINVAL);
        }
        self.resize_file(inode, length)
    }
}

/// Of the flags of `open` what `F_GETFL` gives (`do_dentry_open`).
pub(super) fn kept(flags: i32) -> i32 {
    let once = consts::O_CREAT | consts::O_EXCL | consts::O_NOCTTY | consts::O_TRUNC;
    flags & !(once | consts::O_CLOEXEC) | consts::O_LARGEFILE
}

/// What `open` found.
enum Opening {
    Object(Object),
    Fifo(u64),
}

/// A reply with bytes: as many as it returns.
pub(super) fn bytes_reply(bytes: Vec<u8>) -> Reply {
    Reply::with(bytes.len() as i64, Out::Bytes { bytes: Bytes(bytes) })
}

/// Several buffers as one: `None` bytes from the first unreadable one on.
pub(super) fn gather(iov: &[InBuf]) -> InBuf {
    let mut all = Vec::new();
    let mut readable = true;
    for buf in iov {
        match buf.bytes.as_ref() {
            Some(bytes) => all.extend_from_slice(&bytes.0),
            None if buf.len == 0 => {}
            None => readable = false,
        }
    }
    let len = iov.iter().map(|buf| buf.len).sum();
    InBuf { at: iov.first().map_or(0, |buf| buf.at), len, bytes: readable.then_some(Bytes(all)) }
}
