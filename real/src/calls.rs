//! Who answers which call: this crate, or the session.

use crate::files::bytes_reply;
use crate::process::{Entry, On, Process, Target, Thread, Wait, map_rights};
use crate::signals::UNBLOCKABLE;
use crate::{Caller, Note, Run};
use abi::reply::Stat;
use abi::syscall::{Ptr, SigInfo, Timespec};
use abi::{Bytes, Errno, Fd, Out, Pid, Reply, Syscall, consts};
use std::collections::BTreeMap;

/// What `wait4(2)` takes: `WNOHANG`, `WUNTRACED`, `WCONTINUED`, `__WNOTHREAD`, `__WALL`, `__WCLONE`.
const WAIT_OPTIONS: i32 = 0xe000_000b_u32 as i32;

/// Processes of a run, and threads of a process (`RLIMIT_NPROC`): a fork bomb ends here and not
/// with the memory of the page.
const PROCESSES_MAX: usize = 1000;

/// `st_mode` of what has neither name nor kind (fs/anon_inodes.c).
const NAMELESS: u32 = 0o600;

/// What a call came to at once.
pub(crate) enum Now {
    Reply(Reply),
    /// It waits, perhaps until a time of the monotonic clock.
    Waits(On, Option<u64>),
    /// The caller is no more.
    Over,
}

impl From<Result<Reply, Errno>> for Now {
    fn from(reply: Result<Reply, Errno>) -> Now {
        Now::Reply(reply.unwrap_or_else(Reply::err))
    }
}

impl From<Result<i64, Errno>> for Now {
    fn from(ret: Result<i64, Errno>) -> Now {
        Now::Reply(ret.map_or_else(Reply::err, Reply::ok))
    }
}

fn ok(ret: i64) -> Now {
    Now::Reply(Reply::ok(ret))
}

fn error(errno: Errno) -> Now {
    Now::Reply(Reply::err(errno))
}

impl Run {
    #[allow(clippy::too_many_lines)] // a table
    pub(crate) fn make(&mut self, caller: Caller, call: &Syscall) -> Now {
        let Caller { pid, tid, .. } = caller;
        let Some(process) = self.processes.get_mut(&pid) else { return Now::Over };
        match call {
            Syscall::ExitGroup { status } => {
                self.end(pid, (status & 0xff) << 8);
                Now::Over
            }
            Syscall::ThreadExit { value } => self.thread_exit(pid, tid, *value),
            Syscall::ThreadCreate { .. } if process.threads.len() >= PROCESSES_MAX => {
                error(Errno::EAGAIN)
            }
            Syscall::ThreadCreate { entry, arg } => {
                let new = self.new_pid();
                let Some(process) = self.processes.get_mut(&pid) else { return Now::Over };
                let mask = process.threads.get(&tid).map(|thread| thread.mask.inherited());
                process.threads.insert(new, Thread::new(mask.unwrap_or_default()));
                process.machine.start_thread(new, *entry, *arg);
                ok(i64::from(new.0))
            }
            Syscall::ThreadJoin { tid: other } => match process.values.remove(other) {
                Some(value) => Now::Reply(Reply::with(0, Out::Words { words: vec![value] })),
                None if process.threads.contains_key(other) => Now::Waits(On::Join(*other), None),
                None => error(Errno::ESRCH),
            },
            Syscall::ThreadDetach { .. } | Syscall::SchedYield => ok(0),
            Syscall::FutexWait { expected, seen, .. } if expected != seen => error(Errno::EAGAIN),
            Syscall::FutexWait { key, timeout, .. } => {
                Now::Waits(On::Futex(*key), timeout.map(|time| self.after(duration_ns(&time))))
            }
            Syscall::FutexWake { key, count } => ok(self.futex_wake(pid, *key, *count)),
            Syscall::Fork => self.fork(pid, tid),
            Syscall::Wait4 { options, .. } if options & !WAIT_OPTIONS != 0 => error(Errno::EINVAL),
            Syscall::Wait4 { pid: which, options, .. } => match self.reap(pid, *which, *options) {
                Some(reply) => Now::Reply(reply),
                None if options & consts::WNOHANG != 0 => ok(0),
                None => Now::Waits(On::Children, None),
            },
            Syscall::Getpid => ok(i64::from(pid.0)),
            Syscall::Gettid => ok(i64::from(tid.0)),
            Syscall::Getppid => ok(i64::from(process.parent.0)),
            Syscall::Getuid | Syscall::Geteuid => ok(i64::from(process.ids.0)),
            Syscall::Getegid | Syscall::Getgid => ok(i64::from(process.ids.1)),
            Syscall::Setuid { uid } => process.set_id(*uid, true).into(),
            Syscall::Setgid { gid } => process.set_id(*gid, false).into(),
            Syscall::Setresuid { effective, .. } => match u32::try_from(*effective) {
                Ok(uid) => process.set_id(uid, true).into(),
                Err(_) => ok(0),
            },
            Syscall::Umask { mask } => {
                ok(std::mem::replace(&mut process.umask, mask & 0o777).into())
            }
            Syscall::Setsid => self.setsid(pid).into(),
            Syscall::Getsid { pid: of } => self.somebody(pid, *of, |p| p.session).into(),
            Syscall::Getpgid { pid: of } => self.somebody(pid, *of, |p| p.group).into(),
            Syscall::Getpgrp => ok(process.group.0.into()),
            Syscall::Setpgid { pid: of, group } => self.setpgid(pid, *of, *group).into(),
            Syscall::Getrlimit { resource } => match process.limits(*resource) {
                Ok((soft, hard)) => {
                    Now::Reply(Reply::with(0, Out::Words { words: vec![soft, hard] }))
                }
                Err(errno) => error(errno),
            },
            Syscall::Setrlimit { resource, soft, hard } => {
                process.set_limits(*resource, *soft, *hard).into()
            }
            // Nobody here measures a program's share of the processor.
            Syscall::Getrusage { who } if !(-1..=1).contains(who) => error(Errno::EINVAL),
            Syscall::Getrusage { .. } => {
                Now::Reply(Reply::with(0, Out::Words { words: vec![0, 0] }))
            }
            Syscall::Times => {
                let words = vec![0; 4];
                let ticks = self.now.mono_ns / 10_000_000;
                Now::Reply(Reply::with(ticks as i64, Out::Words { words }))
            }
            Syscall::Prctl { option, .. } => match *option {
                consts::PR_GET_DUMPABLE => ok(1),
                consts::PR_SET_NAME | consts::PR_SET_DUMPABLE | consts::PR_SET_CHILD_SUBREAPER => {
                    ok(0)
                }
                _ => self.missing(pid, call),
            },
            Syscall::Uname => {
                let fields = self.surroundings.uname.clone();
                Now::Reply(Reply::with(0, Out::Uname { fields }))
            }
            Syscall::ClockGettime { clock } => match self.clock(*clock) {
                Some(ns) => Now::Reply(Reply::with(0, Out::Time { time: timespec(ns) })),
                None => error(Errno::EINVAL),
            },
            Syscall::ClockNanosleep { clock, request, flags } => {
                self.sleep(*clock, *flags, request)
            }
            Syscall::RtSigaction { signal, new, .. } => {
                Now::Reply(process.signals.action(*signal, new.value.filter(|_| !new.is_null())))
            }
            Syscall::RtSigprocmask { how, set, .. } => {
                let Some(thread) = process.threads.get_mut(&tid) else { return Now::Over };
                Now::Reply(thread.mask.change(*how, set.value.filter(|_| !set.is_null())))
            }
            Syscall::RtSigpending => {
                let open = process.threads.get(&tid).map_or(0, |thread| thread.mask.open());
                let words = vec![process.signals.waiting(tid) & !open];
                Now::Reply(Reply::with(0, Out::Words { words }))
            }
            Syscall::Signalfd4 { fd, mask, flags } => self.signalfd(caller, *fd, mask, *flags),
            Syscall::RtSigtimedwait { set, timeout, .. } => self.sigtimedwait(caller, set, timeout),
            Syscall::RtSigqueueinfo { pid: whom, signal, value, .. } => {
                let info = SigInfo {
                    signal: *signal,
                    code: consts::SI_QUEUE,
                    pid: pid.0,
                    uid: process.ids.0,
                    value: *value,
                };
                self.send(pid, *whom, None, info)
            }
            Syscall::Pause => Now::Waits(On::Signal, None),
            Syscall::Sigsuspend { mask } => {
                let Some(thread) = process.threads.get_mut(&tid) else { return Now::Over };
                thread.mask.suspend(*mask);
                Now::Waits(On::Signal, None)
            }
            Syscall::Kill { pid: whom, signal } => {
                let info = SigInfo {
                    signal: *signal,
                    code: consts::SI_USER,
                    pid: pid.0,
                    uid: process.ids.0,
                    value: 0,
                };
                self.send(pid, *whom, None, info)
            }
            Syscall::Tgkill { pid: whom, tid, signal } => {
                let info = SigInfo {
                    signal: *signal,
                    code: consts::SI_TKILL,
                    pid: pid.0,
                    uid: process.ids.0,
                    value: 0,
                };
                self.send(pid, *whom, Some(*tid), info)
            }
            Syscall::Alarm { seconds } => {
                let left = self.set_alarm(pid, u64::from(*seconds) * 1_000_000_000, 0);
                // An alarm that is about to go off has a second left.
                ok(if left == 0 { 0 } else { ((left + 500_000_000) / 1_000_000_000).max(1) as i64 })
            }
            Syscall::Setitimer { which: consts::ITIMER_REAL, value, interval } => {
                let words = self.timer_words(pid);
                self.set_alarm(pid, duration_ns(value), duration_ns(interval));
                Now::Reply(Reply::with(0, Out::Words { words }))
            }
            Syscall::Getitimer { which: consts::ITIMER_REAL } => {
                Now::Reply(Reply::with(0, Out::Words { words: self.timer_words(pid) }))
            }
            Syscall::Execve { path, argv, envp } => self.execve(caller, path, argv, envp),
            Syscall::Waitid { which, id, options, .. } => self.waitid(pid, *which, *id, *options),
            Syscall::Mmap { at, len, prot, flags, fd, offset } => {
                self.mmap(pid, *at, *len, *prot, *flags, *fd, *offset).into()
            }
            Syscall::Munmap { at, len } => self.munmap(pid, *at, *len).into(),
            Syscall::Shmget { key, size, flags } => {
                self.ipc.shmget(*key, *size, *flags, self.maker(pid), &mut self.memory).into()
            }
            Syscall::Shmat { id, at, flags } => self.shmat(pid, *id, *at, *flags).into(),
            Syscall::Shmdt { at } => self.shmdt(pid, *at).into(),
            Syscall::Shmctl { id, cmd } => {
                self.ipc.shmctl(*id, *cmd, self.maker(pid), &mut self.memory).into()
            }
            Syscall::Poll { .. } | Syscall::Select { .. } => self.ready(caller, call),
            Syscall::Setitimer { .. }
            | Syscall::Getitimer { .. }
            | Syscall::WsaStartup { .. }
            | Syscall::WsaCleanup => self.missing(pid, call),
            _ => match self.on_ipc(caller, call).or_else(|| self.on_path(caller, call)) {
                Some(now) => now,
                None => self.on_descriptor(caller, call),
            },
        }
    }

    fn missing(&mut self, pid: Pid, call: &Syscall) -> Now {
        self.notes.push(Note::Missing { pid, name: abi::strace::name(call) });
        error(Errno::ENOSYS)
    }

    /// Calls on one descriptor, which may be the terminal's or a file's.
    fn on_descriptor(&mut self, caller: Caller, call: &Syscall) -> Now {
        let Some(process) = self.processes.get_mut(&caller.pid) else { return Now::Over };
        match call {
            Syscall::Close { fd } | Syscall::Closesocket { fd } => {
                let Some(entry) = process.table.remove(&fd.0) else { return error(Errno::EBADF) };
                self.drop_locks(caller.pid, entry.target);
                match self.release(entry.target) {
                    Some(handle) => {
                        let ticket = self.order(Some(caller), Syscall::Close { fd: handle });
                        Now::Waits(On::Ticket(ticket), None)
                    }
                    None => ok(0),
                }
            }
            Syscall::Dup { fd } => self.dup(caller.pid, *fd, 0, false),
            Syscall::Dup2 { old, new } => self.dup_to(caller, *old, *new, false),
            Syscall::Dup3 { old, new, .. } if old == new => error(Errno::EINVAL),
            Syscall::Dup3 { old, new, flags } => {
                self.dup_to(caller, *old, *new, flags & consts::O_CLOEXEC != 0)
            }
            Syscall::Fcntl { fd, cmd, arg } => match (*cmd, process.table.get_mut(&fd.0)) {
                (_, None) => error(Errno::EBADF),
                (consts::F_DUPFD | consts::F_DUPFD_CLOEXEC, _) => {
                    let cloexec = *cmd == consts::F_DUPFD_CLOEXEC;
                    match i32::try_from(*arg) {
                        Ok(least) if (0..process.limit()).contains(&least) => {
                            self.dup(caller.pid, *fd, least, cloexec)
                        }
                        _ => error(Errno::EINVAL),
                    }
                }
                (consts::F_GETFD, Some(entry)) => ok(i64::from(entry.cloexec)),
                (consts::F_SETFD, Some(entry)) => {
                    entry.cloexec = arg & 1 != 0;
                    ok(0)
                }
                (_, Some(entry)) => match entry.target {
                    Target::Handle(_) => self.on_session(caller, call),
                    target => self.flags(caller.pid, target, *cmd, *arg),
                },
            },
            Syscall::Read { fd, buf } => match process.target(*fd) {
                Some(Target::Terminal(_)) => self.read_terminal(caller.pid, buf.len as usize),
                Some(Target::File(_)) if !buf.ok && buf.len > 0 => error(Errno::EFAULT),
                Some(Target::File(file)) => {
                    self.files.read(file, buf.len, &self.memory).map(bytes_reply).into()
                }
                _ => match self.read_signals(caller, *fd, *buf) {
                    Some(now) => now,
                    None => self.on_session(caller, call),
                },
            },
            Syscall::Readv { fd, iov, .. } => match process.target(*fd) {
                Some(Target::Terminal(_)) => {
                    let room = iov.iter().fold(0_u64, |n, buf| n.saturating_add(buf.len));
                    self.read_terminal(caller.pid, room as usize)
                }
                Some(Target::File(file)) => {
                    let room = iov.iter().fold(0_u64, |n, buf| n.saturating_add(buf.len));
                    self.files.read(file, room, &self.memory).map(bytes_reply).into()
                }
                _ => self.on_session(caller, call),
            },
            Syscall::Pread64 { fd, buf, offset } => match process.target(*fd) {
                _ if *offset < 0 => error(Errno::EINVAL),
                Some(Target::File(_)) if !buf.ok && buf.len > 0 => error(Errno::EFAULT),
                Some(Target::File(file)) => {
                    let bytes = self.files.pread(file, buf.len, *offset, &self.memory);
                    bytes.map(bytes_reply).into()
                }
                Some(_) => error(Errno::ESPIPE),
                None => error(Errno::EBADF),
            },
            Syscall::Pwrite64 { fd, buf, offset } => match process.target(*fd) {
                _ if *offset < 0 => error(Errno::EINVAL),
                Some(Target::File(_)) if buf.bytes.is_none() && buf.len > 0 => error(Errno::EFAULT),
                Some(Target::File(file)) => {
                    let bytes = buf.bytes.as_ref().map_or(&[][..], |bytes| &bytes.0);
                    self.files.write(file, bytes, Some(*offset), &mut self.memory).into()
                }
                Some(_) => error(Errno::ESPIPE),
                None => error(Errno::EBADF),
            },
            Syscall::Getdents64 { fd, buf } => match process.target(*fd) {
                Some(Target::File(_)) if !buf.ok => error(Errno::EFAULT),
                Some(Target::File(file)) => {
                    self.files.getdents(file, buf.len).map(bytes_reply).into()
                }
                Some(_) => error(Errno::ENOTDIR),
                None => error(Errno::EBADF),
            },
            Syscall::Fsync { fd } | Syscall::Fdatasync { fd } => match process.target(*fd) {
                Some(Target::File(_)) => ok(0),
                Some(_) => error(Errno::EINVAL),
                None => error(Errno::EBADF),
            },
            Syscall::Flock { fd, operation } => match process.target(*fd) {
                Some(Target::File(file)) => self.flock(file, *operation),
                Some(_) => ok(0),
                None => error(Errno::EBADF),
            },
            Syscall::FcntlLock { fd, cmd, lock } => match (process.target(*fd), lock.value) {
                (None, _) => error(Errno::EBADF),
                (_, None) => error(Errno::EFAULT),
                (Some(Target::File(file)), Some(lock)) => {
                    self.fcntl_lock(caller.pid, file, *cmd, lock)
                }
                (Some(_), Some(_)) => ok(0),
            },
            Syscall::Sendfile { out, input, offset, count } => {
                self.sendfile(caller, *out, *input, *offset, *count)
            }
            Syscall::Write { fd, buf } => {
                let target = process.target(*fd);
                if let Some(Target::Terminal(_) | Target::File(_)) = target
                    && buf.bytes.is_none()
                {
                    return error(Errno::EFAULT);
                }
                let bytes = buf.bytes.as_ref().map_or(&[][..], |bytes| &bytes.0);
                match target {
                    Some(target @ (Target::Terminal(_) | Target::File(_))) => {
                        self.write_here(caller.pid, target, bytes)
                    }
                    _ => self.on_session(caller, call),
                }
            }
            Syscall::Writev { fd, iov, .. } => match process.target(*fd) {
                Some(target @ (Target::Terminal(_) | Target::File(_))) => {
                    let parts = iov.iter().filter_map(|buf| buf.bytes.as_ref());
                    let bytes: Vec<u8> = parts.flat_map(|bytes| bytes.0.iter().copied()).collect();
                    self.write_here(caller.pid, target, &bytes)
                }
                _ => self.on_session(caller, call),
            },
            Syscall::Fstat { fd, .. } => match process.target(*fd) {
                Some(Target::Terminal(_)) => {
                    let out = Out::Stat {
                        stat: Stat { mode: 0o020_620, inode: 3, links: 1, ..Stat::default() },
                    };
                    Now::Reply(Reply::with(0, out))
                }
                Some(Target::File(file)) => Now::Reply(self.files.stat_open(file, &self.memory)),
                Some(Target::Handle(handle)) => {
                    let inode = handle.0.unsigned_abs().into();
                    let mode = self.modes.get(&handle).copied().unwrap_or(0o140_777);
                    let stat = Stat { mode, inode, links: 1, ..Stat::default() };
                    Now::Reply(Reply::with(0, Out::Stat { stat }))
                }
                None => error(Errno::EBADF),
            },
            Syscall::Lseek { fd, offset, whence } => match process.target(*fd) {
                Some(Target::File(file)) => {
                    self.files.seek(file, *offset, *whence, &self.memory).into()
                }
                // eventfd, timerfd and epoll have no place to go to (fs/read_write.c, noop_llseek).
                Some(Target::Handle(handle)) if self.modes.get(&handle) == Some(&NAMELESS) => ok(0),
                Some(_) => error(Errno::ESPIPE),
                None => error(Errno::EBADF),
            },
            Syscall::Ftruncate { fd, length } => match process.target(*fd) {
                Some(Target::File(file)) => {
                    self.files.truncate(file, *length, &mut self.memory).into()
                }
                Some(_) => error(Errno::EINVAL),
                None => error(Errno::EBADF),
            },
            Syscall::Ioctl { fd, request, .. } => match process.target(*fd) {
                Some(Target::Terminal(_)) if *request == consts::TCGETS as u64 => ok(0),
                Some(Target::Terminal(_) | Target::File(_)) => error(Errno::ENOTTY),
                _ => self.on_session(caller, call),
            },
            Syscall::TimerfdSettime { fd, .. } | Syscall::TimerfdGettime { fd }
                if matches!(process.target(*fd), Some(Target::Terminal(_) | Target::File(_))) =>
            {
                error(Errno::EINVAL)
            }
            // Its number is taken before a connection is (net/socket.c, __sys_accept4_file).
            Syscall::Accept { fd, .. } | Syscall::Accept4 { fd, .. }
                if process.target(*fd).is_some() && !process.has_room() =>
            {
                error(Errno::EMFILE)
            }
            _ => match call_fd(call).map(|fd| (fd, process.target(fd))) {
                Some((_, Some(Target::Terminal(_) | Target::File(_)))) => error(Errno::ENOTSOCK),
                _ if is_of_session(call) => self.on_session(caller, call),
                _ => self.missing(caller.pid, call),
            },
        }
    }

    pub(crate) fn on_session(&mut self, caller: Caller, call: &Syscall) -> Now {
        let Some(process) = self.processes.get(&caller.pid) else { return Now::Over };
        let made = process.to_handles(call);
        let ticket = self.order(Some(caller), made);
        Now::Waits(On::Ticket(ticket), None)
    }

    /// The session's answer as the program sees it: descriptors for handles.
    pub(crate) fn as_seen(&mut self, pid: Pid, call: &Syscall, mut reply: Reply) -> Reply {
        if matches!(call, Syscall::Poll { .. } | Syscall::Select { .. }) {
            return self.completed(pid, call, reply);
        }
        self.rights_seen(pid, call, &mut reply);
        let handles = crate::process::opened(call, &reply);
        if handles.is_empty() {
            return reply;
        }
        let cloexec = opens_cloexec(call);
        let mode = mode_of_new(call);
        let mut numbers = Vec::new();
        for handle in &handles {
            self.modes.extend(mode.map(|mode| (*handle, mode)));
            let Some(process) = self.processes.get_mut(&pid) else { break };
            match process.open(Target::Handle(*handle), cloexec, 0) {
                Ok(number) => {
                    numbers.push(number);
                    self.hold(Target::Handle(*handle));
                }
                Err(errno) => {
                    reply.ret = Err(errno);
                    self.order(None, Syscall::Close { fd: *handle });
                }
            }
        }
        match (&mut reply.out, numbers.as_slice()) {
            (Out::Fds { fds }, [a, b]) => *fds = [Fd(*a), Fd(*b)],
            (_, [number]) if handles.len() == 1 => reply.ret = Ok(i64::from(*number)),
            _ => {}
        }
        reply
    }

    /// A descriptor of a process for a handle of the session.
    pub(crate) fn number_for(&mut self, pid: Pid, handle: Fd, cloexec: bool) -> Reply {
        let Some(process) = self.processes.get_mut(&pid) else { return Reply::err(Errno::ESRCH) };
        match process.open(Target::Handle(handle), cloexec, 0) {
            Ok(number) => {
                self.hold(Target::Handle(handle));
                Reply::ok(number.into())
            }
            Err(errno) => {
                self.order(None, Syscall::Close { fd: handle });
                Reply::err(errno)
            }
        }
    }

    /// The descriptors that came in messages, as the program numbers them.
    fn rights_seen(&mut self, pid: Pid, call: &Syscall, reply: &mut Reply) {
        let cloexec = |flags: i32| flags & consts::MSG_CMSG_CLOEXEC != 0;
        match (call, &mut reply.out) {
            (Syscall::Recvmsg { flags: asked, .. }, Out::Msg { control, flags, .. }) => {
                self.rights_opened(pid, &mut control.0, flags, cloexec(*asked));
            }
            (Syscall::Recvmmsg { flags: asked, .. }, Out::Msgs { msgs }) => {
                for msg in msgs {
                    self.rights_opened(pid, &mut msg.control.0, &mut msg.flags, cloexec(*asked));
                }
            }
            _ => {}
        }
    }

    fn rights_opened(&mut self, pid: Pid, control: &mut Vec<u8>, flags: &mut i32, cloexec: bool) {
        let mut seen = Vec::new();
        let mut handles = Vec::new();
        map_rights(control, |handle| {
            handles.push(Fd(handle));
            Some(handle)
        });
        for handle in handles {
            let Some(process) = self.processes.get_mut(&pid) else { return };
            match process.open(Target::Handle(handle), cloexec, 0) {
                Ok(number) => {
                    seen.push(number);
                    self.hold(Target::Handle(handle));
                }
                Err(_) => {
                    self.order(None, Syscall::Close { fd: handle });
                }
            }
        }
        let mut seen = seen.into_iter();
        if map_rights(control, |_| seen.next()) {
            *flags |= consts::MSG_CTRUNC;
        }
    }

    /// What a call says whose time is over.
    pub(crate) fn timed_out(&mut self, pid: Pid, call: &Syscall) -> Reply {
        match call {
            Syscall::FutexWait { .. } => Reply::err(Errno::ETIMEDOUT),
            Syscall::RtSigtimedwait { .. } => Reply::err(Errno::EAGAIN),
            Syscall::Poll { .. } | Syscall::Select { .. } => {
                self.as_seen(pid, call, crate::ready::nothing(call))
            }
            _ => Reply::ok(0),
        }
    }

    // ---- descriptors

    fn dup(&mut self, pid: Pid, old: Fd, least: i32, cloexec: bool) -> Now {
        let Some(process) = self.processes.get_mut(&pid) else { return Now::Over };
        let Some(target) = process.target(old) else { return error(Errno::EBADF) };
        match process.open(target, cloexec, least) {
            Ok(number) => {
                self.hold(target);
                ok(i64::from(number))
            }
            Err(errno) => error(errno),
        }
    }

    fn dup_to(&mut self, caller: Caller, old: Fd, new: Fd, cloexec: bool) -> Now {
        let Some(process) = self.processes.get_mut(&caller.pid) else { return Now::Over };
        let Some(target) = process.target(old) else { return error(Errno::EBADF) };
        if !(0..process.limit()).contains(&new.0) {
            return error(Errno::EBADF);
        }
        if old == new {
            return ok(i64::from(new.0));
        }
        let before = process.table.insert(new.0, Entry { target, cloexec });
        self.hold(target);
        if let Some(before) = &before {
            self.drop_locks(caller.pid, before.target);
        }
        // dup2(2): what was open there is closed, errors of that are lost.
        if let Some(handle) = before.and_then(|entry| self.release(entry.target)) {
            self.order(None, Syscall::Close { fd: handle });
        }
        ok(i64::from(new.0))
    }

    fn flags(&mut self, pid: Pid, target: Target, cmd: i32, arg: i64) -> Now {
        let Some(process) = self.processes.get(&pid) else { return Now::Over };
        let terminal = self.terminals.get_mut(process.program);
        match (cmd, target, terminal) {
            (consts::F_GETFL, Target::File(file), _) => ok(i64::from(self.files.flags(file))),
            (consts::F_GETFL, _, Some(terminal)) => {
                let nonblock = if terminal.nonblock { consts::O_NONBLOCK } else { 0 };
                ok(i64::from(consts::O_RDWR | nonblock))
            }
            (consts::F_SETFL, Target::Terminal(_), Some(terminal)) => {
                terminal.nonblock = arg & i64::from(consts::O_NONBLOCK) != 0;
                ok(0)
            }
            (consts::F_SETFL, Target::File(file), _) => {
                self.files.set_flags(file, arg as i32);
                ok(0)
            }
            (consts::F_SETFL, ..) => ok(0),
            _ => error(Errno::EINVAL),
        }
    }

    fn read_terminal(&mut self, pid: Pid, room: usize) -> Now {
        let Some(program) = self.processes.get(&pid).map(|process| process.program) else {
            return Now::Over;
        };
        match self.terminals.get(program) {
            Some(terminal) if !terminal.readable() && room > 0 => {
                if terminal.nonblock {
                    error(Errno::EAGAIN)
                } else {
                    Now::Waits(On::Input { room }, None)
                }
            }
            _ => Now::Reply(self.read_line(program, room)),
        }
    }

    pub(crate) fn write_here(&mut self, pid: Pid, target: Target, bytes: &[u8]) -> Now {
        match target {
            Target::File(file) => self.files.write(file, bytes, None, &mut self.memory).into(),
            Target::Terminal(fd) => {
                let program = self.processes.get(&pid).map_or(0, |process| process.program);
                self.notes.push(Note::Output { pid, program, fd, bytes: bytes.to_vec() });
                ok(bytes.len() as i64)
            }
            Target::Handle(_) => error(Errno::EBADF),
        }
    }

    // ---- processes and threads

    fn fork(&mut self, pid: Pid, tid: Pid) -> Now {
        if self.processes.len() >= PROCESSES_MAX {
            return error(Errno::EAGAIN);
        }
        let new = self.new_pid();
        let Some(parent) = self.processes.get(&pid) else { return Now::Over };
        let machine = parent.machine.fork(tid, new);
        let mut child = Process::new(new, parent.program, machine);
        child.parent = pid;
        child.table.clone_from(&parent.table);
        child.signals = parent.signals.inherited();
        let mask = parent.threads.get(&tid).map(|thread| thread.mask.inherited());
        child.threads = BTreeMap::from([(new, Thread::new(mask.unwrap_or_default()))]);
        (child.group, child.session) = (parent.group, parent.session);
        (child.ids, child.umask, child.nofile) = (parent.ids, parent.umask, parent.nofile);
        child.cwd.clone_from(&parent.cwd);
        child.mappings.clone_from(&parent.mappings);
        child.machine.resume(new, &Reply::ok(0), &mut self.memory);
        let targets: Vec<Target> = child.table.values().map(|entry| entry.target).collect();
        targets.into_iter().for_each(|target| self.hold(target));
        let program = child.program;
        for mapping in child.mappings.values() {
            self.ipc.hold_segment(mapping.segment);
            if let Some(shm) = mapping.sysv.and_then(|id| self.ipc.shm.get_mut(&id)) {
                shm.attached += 1;
            }
        }
        self.processes.insert(new, child);
        self.notes.push(Note::Began { pid: new, parent: Some(pid), program });
        ok(i64::from(new.0))
    }

    /// A child that has ended, or that was stopped or continued where that is wanted, or `ECHILD`;
    /// `None` if there is nothing to tell of any.
    fn reap(&mut self, parent: Pid, which: Pid, options: i32) -> Option<Reply> {
        let group = self.processes.get(&parent).map_or(Pid(0), |process| process.group);
        let meant = |child: &&Process| match which.0 {
            -1 => true,
            0 => child.group == group,
            pid if pid < -1 => child.group.0 == -pid,
            _ => child.pid == which,
        };
        let children = self.processes.values().filter(|process| process.parent == parent);
        let mut children = children.filter(meant).peekable();
        if children.peek().is_none() {
            return Some(Reply::err(Errno::ECHILD));
        }
        let news = |child: &Process| Some((child.pid, child.status.or(child.news_for(options))?));
        let (pid, status) = children.find_map(news)?;
        match self.processes.get_mut(&pid) {
            Some(child) if child.status.is_none() => child.news = None,
            _ => drop(self.processes.remove(&pid)),
        }
        Some(Reply::with(i64::from(pid.0), Out::Status { status }))
    }

    /// There is something to tell of a child: whoever waits for that asks again.
    pub(crate) fn child_changed(&mut self, parent: Pid) {
        let waits = |process: &Process, wait: &Wait| {
            process.pid == parent && matches!(wait.on, On::Children)
        };
        for caller in self.waiting(waits) {
            let Caller { pid, tid, number } = caller;
            let wait = self.thread(pid, tid).and_then(|thread| thread.wait(number));
            let Some(call) = wait.map(|wait| std::rc::Rc::clone(&wait.syscall)) else { continue };
            if let Now::Reply(reply) = self.make(caller, &call) {
                self.wakes(pid, tid, number, reply, None);
            }
        }
    }

    fn thread_exit(&mut self, pid: Pid, tid: Pid, value: u64) -> Now {
        let Some(process) = self.processes.get_mut(&pid) else { return Now::Over };
        process.machine.end_thread(tid);
        process.threads.remove(&tid);
        if process.threads.is_empty() {
            self.end(pid, 0);
            return Now::Over;
        }
        process.values.insert(tid, value);
        let joins = self.waiting(|process, wait| {
            process.pid == pid && matches!(wait.on, On::Join(other) if other == tid)
        });
        if let Some(waiter) = joins.first() {
            let value = self.processes.get_mut(&pid).and_then(|p| p.values.remove(&tid));
            let words = value.into_iter().collect();
            let reply = Reply::with(0, Out::Words { words });
            self.wakes(pid, waiter.tid, waiter.number, reply, None);
        }
        Now::Over
    }

    fn futex_wake(&mut self, pid: Pid, key: abi::syscall::FutexKey, count: i32) -> i64 {
        let is_shared = matches!(key, abi::syscall::FutexKey::Shared(..));
        let waits = self.waiting(|process, wait| {
            matches!(wait.on, On::Futex(k) if k == key) && (is_shared || process.pid == pid)
        });
        let woken = waits.into_iter().take(usize::try_from(count).unwrap_or(0));
        let mut number_of = 0;
        for Caller { pid, tid, number } in woken {
            self.wakes(pid, tid, number, Reply::ok(0), None);
            number_of += 1;
        }
        number_of
    }

    /// `kill(2)`, `sigqueue(3)`: only processes of this run, nothing here can signal another of the
    /// computer's.
    fn send(&mut self, me: Pid, whom: Pid, tid: Option<Pid>, info: SigInfo) -> Now {
        if !(0..=64).contains(&info.signal) {
            return error(Errno::EINVAL);
        }
        let group = self.processes.get(&me).map(|process| process.group);
        let meant = |process: &&mut Process| match whom.0 {
            0 => Some(process.group) == group,
            -1 => process.pid != me,
            pid if pid < 0 => process.group.0 == -pid,
            pid => process.pid.0 == pid,
        };
        let mut found = false;
        for process in self.processes.values_mut().filter(meant) {
            found = true;
            match tid {
                _ if info.signal == 0 || process.status.is_some() => {}
                Some(tid) if !process.threads.contains_key(&tid) => return error(Errno::ESRCH),
                tid => process.post_info(info, tid),
            }
        }
        if found { ok(0) } else { error(Errno::ESRCH) }
    }

    fn sigtimedwait(&mut self, caller: Caller, set: &Ptr<u64>, timeout: &Ptr<Timespec>) -> Now {
        let Some(set) = set.value else { return error(Errno::EFAULT) };
        let limit = match (timeout.at, timeout.value) {
            (0, _) => None,
            (_, None) => return error(Errno::EFAULT),
            (_, Some(time)) if time.sec < 0 || !(0..1_000_000_000).contains(&time.nsec) => {
                return error(Errno::EINVAL);
            }
            (_, Some(time)) => Some(duration_ns(&time)),
        };
        let Some(process) = self.processes.get_mut(&caller.pid) else { return Now::Over };
        let set = set & !UNBLOCKABLE;
        if let Some(info) = process.signals.take(caller.tid, set) {
            return Now::Reply(Reply::with(info.signal.into(), Out::SigInfo { info }));
        }
        match limit {
            Some(0) => error(Errno::EAGAIN),
            limit => Now::Waits(On::SignalOf(set), limit.map(|ns| self.after(ns))),
        }
    }

    // ---- time

    fn after(&self, ns: u64) -> u64 {
        self.now.mono_ns.saturating_add(ns)
    }

    fn clock(&self, clock: i32) -> Option<u64> {
        match clock {
            consts::CLOCK_REALTIME | consts::CLOCK_REALTIME_COARSE => Some(self.now.real_ns),
            0..=7 => Some(self.now.mono_ns),
            _ => None,
        }
    }

    fn sleep(&mut self, clock: i32, flags: i32, request: &Ptr<Timespec>) -> Now {
        let Some(time) = request.value.filter(|_| !request.is_null()) else {
            return error(Errno::EFAULT);
        };
        let (Some(now), true) =
            (self.clock(clock), time.sec >= 0 && (0..1_000_000_000).contains(&time.nsec))
        else {
            return error(Errno::EINVAL);
        };
        let wanted = duration_ns(&time);
        let left = match flags & consts::TIMER_ABSTIME != 0 {
            true => wanted.saturating_sub(now),
            false => wanted,
        };
        Now::Waits(On::Time, Some(self.after(left)))
    }

    /// Interval and rest of `ITIMER_REAL`, seconds and nanoseconds.
    fn timer_words(&self, pid: Pid) -> Vec<u64> {
        let alarm = self.processes.get(&pid).and_then(|process| process.alarm);
        let (left, period) =
            alarm.map_or((0, 0), |(at, period)| (at.saturating_sub(self.now.mono_ns), period));
        let words = [timespec(period), timespec(left)].map(|t| [t.sec as u64, t.nsec as u64]);
        words.concat()
    }

    /// Sets the alarm; nanoseconds that were left of the one before.
    fn set_alarm(&mut self, pid: Pid, after_ns: u64, interval_ns: u64) -> u64 {
        let now = self.now.mono_ns;
        let at = self.after(after_ns);
        let Some(process) = self.processes.get_mut(&pid) else { return 0 };
        let before = process.alarm.take();
        process.alarm = (after_ns > 0).then_some((at, interval_ns));
        before.map_or(0, |(at, _)| at.saturating_sub(now).max(1))
    }
}

/// Nanoseconds; what is negative is none.
pub(crate) fn duration_ns(time: &Timespec) -> u64 {
    let seconds = u64::try_from(time.sec).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(u64::try_from(time.nsec).unwrap_or(0))
}

pub(crate) fn timespec(ns: u64) -> Timespec {
    Timespec { sec: (ns / 1_000_000_000) as i64, nsec: (ns % 1_000_000_000) as i64 }
}

/// A path without its terminating zero.
pub(crate) fn name(path: &Bytes) -> &[u8] {
    path.0.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// `st_mode` of what the call opens, if that is no socket.
fn mode_of_new(call: &Syscall) -> Option<u32> {
    match call {
        Syscall::Pipe2 { .. } => Some(0o010_600),
        Syscall::EpollCreate { .. }
        | Syscall::EpollCreate1 { .. }
        | Syscall::Eventfd2 { .. }
        | Syscall::TimerfdCreate { .. }
        | Syscall::Signalfd4 { .. } => Some(NAMELESS),
        _ => None,
    }
}

/// Whether the call's new descriptors are closed on `execve`.
fn opens_cloexec(call: &Syscall) -> bool {
    match call {
        Syscall::Socket { ty, .. } | Syscall::Socketpair { ty, .. } => {
            ty & consts::SOCK_CLOEXEC != 0
        }
        Syscall::Accept4 { flags, .. } => flags & consts::SOCK_CLOEXEC != 0,
        Syscall::Openat { flags, .. } => flags & consts::O_CLOEXEC != 0,
        Syscall::Pipe2 { flags, .. } => flags & consts::O_CLOEXEC != 0,
        Syscall::EpollCreate1 { flags } => flags & consts::EPOLL_CLOEXEC != 0,
        Syscall::Eventfd2 { flags, .. }
        | Syscall::TimerfdCreate { flags, .. }
        | Syscall::Signalfd4 { flags, .. } => flags & consts::O_CLOEXEC != 0,
        _ => false,
    }
}

/// The descriptor that a call on a socket is about.
pub fn descriptor(call: &Syscall) -> Option<Fd> {
    match call {
        Syscall::Read { fd, .. }
        | Syscall::Write { fd, .. }
        | Syscall::Readv { fd, .. }
        | Syscall::Writev { fd, .. }
        | Syscall::Fcntl { fd, .. }
        | Syscall::Ioctl { fd, .. }
        | Syscall::Close { fd }
        | Syscall::Closesocket { fd } => Some(*fd),
        _ => call_fd(call),
    }
}

/// The descriptor that a call names which only sockets have.
fn call_fd(call: &Syscall) -> Option<Fd> {
    match call {
        Syscall::Bind { fd, .. }
        | Syscall::Listen { fd, .. }
        | Syscall::Accept { fd, .. }
        | Syscall::Accept4 { fd, .. }
        | Syscall::Connect { fd, .. }
        | Syscall::Sendto { fd, .. }
        | Syscall::Recvfrom { fd, .. }
        | Syscall::Sendmsg { fd, .. }
        | Syscall::Recvmsg { fd, .. }
        | Syscall::Sendmmsg { fd, .. }
        | Syscall::Recvmmsg { fd, .. }
        | Syscall::Shutdown { fd, .. }
        | Syscall::Getsockname { fd, .. }
        | Syscall::Getpeername { fd, .. }
        | Syscall::Setsockopt { fd, .. }
        | Syscall::Getsockopt { fd, .. } => Some(*fd),
        _ => None,
    }
}

/// Whether the session makes this call.
fn is_of_session(call: &Syscall) -> bool {
    call_fd(call).is_some()
        || matches!(
            call,
            Syscall::Socket { .. }
                | Syscall::Socketpair { .. }
                | Syscall::Pipe2 { .. }
                | Syscall::Readv { .. }
                | Syscall::EpollCreate { .. }
                | Syscall::EpollCreate1 { .. }
                | Syscall::EpollCtl { .. }
                | Syscall::EpollWait { .. }
                | Syscall::Eventfd2 { .. }
                | Syscall::TimerfdCreate { .. }
                | Syscall::TimerfdSettime { .. }
                | Syscall::TimerfdGettime { .. }
                | Syscall::Getaddrinfo { .. }
                | Syscall::Getnameinfo { .. }
        )
}

/// Whether `EPIPE` from this call raises `SIGPIPE`.
pub(crate) fn sends(call: &Syscall) -> bool {
    match call {
        Syscall::Write { .. } | Syscall::Writev { .. } => true,
        Syscall::Sendto { flags, .. } | Syscall::Sendmsg { flags, .. } => {
            flags & consts::MSG_NOSIGNAL == 0
        }
        _ => false,
    }
}
