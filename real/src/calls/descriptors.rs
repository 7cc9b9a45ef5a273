//! Calls on one descriptor, which may be the terminal's, a file's or the session's.

use super::{NAMELESS, Now, call_fd, error, is_of_session, ok};
use crate::files::bytes_reply;
use crate::process::{Entry, On, Target};
use crate::{Caller, Note, Run};
use abi::reply::Stat;
use abi::{Errno, Fd, Out, Pid, Reply, Syscall, consts};

impl Run {
    /// Calls on one descriptor.
    pub(super) fn on_descriptor(&mut self, caller: Caller, call: &Syscall) -> Now {
        let here = self
            .on_numbers(caller, call)
            .or_else(|| self.on_reads(caller, call))
            .or_else(|| self.on_writes(caller, call))
            .or_else(|| self.on_open_files(caller, call));
        if let Some(now) = here {
            return now;
        }
        let Some(process) = self.processes.get(&caller.pid) else { return Now::Over };
        match call {
            Syscall::Ioctl { fd, request, .. } => match process.target(*fd) {
                Some(Target::Terminal(_)) if *request == consts::TCGETS as u64 => ok(0),
                Some(Target::Terminal(_) | Target::File(_)) => error(Errno::ENOTTY),
                // No session has a terminal: isatty(3) of a socket or pipe needs no question.
                Some(_) if *request == consts::TCGETS as u64 => error(Errno::ENOTTY),
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

    /// The numbers themselves: `close`, `dup`, `fcntl`.
    fn on_numbers(&mut self, caller: Caller, call: &Syscall) -> Option<Now> {
        let pid = caller.pid;
        let process = self.processes.get_mut(&pid)?;
        Some(match call {
            Syscall::Close { fd } | Syscall::Closesocket { fd } => {
                let Some(entry) = process.table.remove(&fd.0) else {
                    return Some(error(Errno::EBADF));
                };
                self.drop_locks(pid, entry.target);
                match self.release(entry.target) {
                    Some(handle) => {
                        let ticket = self.order(Some(caller), Syscall::Close { fd: handle });
                        Now::Waits(On::Ticket(ticket), None)
                    }
                    None => ok(0),
                }
            }
            Syscall::Dup { fd } => self.dup(pid, *fd, 0, false),
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
                            self.dup(pid, *fd, least, cloexec)
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
                    target => self.flags(pid, target, *cmd, *arg),
                },
            },
            _ => return None,
        })
    }

    /// What is read.
    fn on_reads(&mut self, caller: Caller, call: &Syscall) -> Option<Now> {
        let pid = caller.pid;
        let process = self.processes.get_mut(&pid)?;
        Some(match call {
            Syscall::Read { fd, buf } => match process.target(*fd) {
                Some(Target::Terminal(_)) => self.read_terminal(pid, buf.len as usize),
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
                    self.read_terminal(pid, room as usize)
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
            Syscall::Getdents64 { fd, buf } => match process.target(*fd) {
                Some(Target::File(_)) if !buf.ok => error(Errno::EFAULT),
                Some(Target::File(file)) => {
                    self.files.getdents(file, buf.len).map(bytes_reply).into()
                }
                Some(_) => error(Errno::ENOTDIR),
                None => error(Errno::EBADF),
            },
            _ => return None,
        })
    }

    /// What is written.
    fn on_writes(&mut self, caller: Caller, call: &Syscall) -> Option<Now> {
        let pid = caller.pid;
        let process = self.processes.get_mut(&pid)?;
        Some(match call {
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
            Syscall::Write { fd, buf } => {
                let target = process.target(*fd);
                if let Some(Target::Terminal(_) | Target::File(_)) = target
                    && buf.bytes.is_none()
                {
                    return Some(error(Errno::EFAULT));
                }
                let bytes = buf.bytes.as_ref().map_or(&[][..], |bytes| &bytes.0);
                match target {
                    Some(target @ (Target::Terminal(_) | Target::File(_))) => {
                        self.write_here(pid, target, bytes)
                    }
                    _ => self.on_session(caller, call),
                }
            }
            Syscall::Writev { fd, iov, .. } => match process.target(*fd) {
                Some(target @ (Target::Terminal(_) | Target::File(_))) => {
                    let parts = iov.iter().filter_map(|buf| buf.bytes.as_ref());
                    let bytes: Vec<u8> = parts.flat_map(|bytes| bytes.0.iter().copied()).collect();
                    self.write_here(pid, target, &bytes)
                }
                _ => self.on_session(caller, call),
            },
            Syscall::Sendfile { out, input, offset, count } => {
                self.sendfile(caller, *out, *input, *offset, *count)
            }
            _ => return None,
        })
    }

    /// What a descriptor leads to: its kind, size, place, locks.
    fn on_open_files(&mut self, caller: Caller, call: &Syscall) -> Option<Now> {
        let pid = caller.pid;
        let process = self.processes.get_mut(&pid)?;
        Some(match call {
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
                (Some(Target::File(file)), Some(lock)) => self.fcntl_lock(pid, file, *cmd, lock),
                (Some(_), Some(_)) => ok(0),
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
            _ => return None,
        })
    }

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
}
