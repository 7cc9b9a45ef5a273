//! Descriptors, whatever they refer to: `dup`, `fcntl`, `ioctl`.

use super::Answer;
use crate::DescId;
use crate::kernel::fd::{Descriptor, Object};
use crate::kernel::process::SIGNALS;
use crate::kernel::sigio::can_tell;
use crate::kernel::{Env, Host, Me};
use abi::{Bytes, Errno, Fd, Out, Pid, Ptr, Reply, consts};

/// Status flags that `F_SETFL` can change.
const SETTABLE: i32 = consts::O_APPEND | consts::O_NONBLOCK;
/// `struct winsize` of every terminal: 24 rows, 80 columns, no size in pixels.
const TERMINAL: [u16; 4] = [24, 80, 0, 0];

impl Host {
    /// dup(2)
    pub(super) fn dup(&mut self, me: Me, fd: Fd) -> Result<i64, Errno> {
        self.dup_from(me, fd, 0, false)
    }

    fn dup_from(&mut self, me: Me, fd: Fd, from: i32, cloexec: bool) -> Result<i64, Errno> {
        let process = self.process(me.pid);
        let description = process.fds.get(fd)?.description;
        let new = process.fds.lowest_free(from, process.nofile.0)?;
        self.process_mut(me.pid).fds.insert(new, Descriptor { description, cloexec });
        self.refer(description);
        Ok(i64::from(new.0))
    }

    pub(crate) fn refer(&mut self, description: DescId) {
        if let Some(description) = self.descriptions.get_mut(&description) {
            description.refs += 1;
        }
    }

    /// dup2(2)
    pub(super) fn dup2(&mut self, env: &mut Env, me: Me, old: Fd, new: Fd) -> Result<i64, Errno> {
        if old == new {
            return self.process(me.pid).fds.get(old).map(|_| i64::from(new.0));
        }
        self.dup_onto(env, me, old, new, false)
    }

    /// dup3(2)
    pub(super) fn dup3(
        &mut self,
        env: &mut Env,
        me: Me,
        old: Fd,
        new: Fd,
        flags: i32,
    ) -> Result<i64, Errno> {
        if flags & !consts::O_CLOEXEC != 0 || old == new {
            return Err(Errno::EINVAL);
        }
        self.dup_onto(env, me, old, new, flags & consts::O_CLOEXEC != 0)
    }

    fn dup_onto(
        &mut self,
        env: &mut Env,
        me: Me,
        old: Fd,
        new: Fd,
        cloexec: bool,
    ) -> Result<i64, Errno> {
        let process = self.process(me.pid);
        if new.0 < 0 || new.0 as u64 >= process.nofile.0 {
            return Err(Errno::EBADF);
        }
        let description = process.fds.get(old)?.description;
        let replaced =
            self.process_mut(me.pid).fds.insert(new, Descriptor { description, cloexec });
        self.refer(description);
        if let Some(replaced) = replaced {
            self.release(env, replaced.description);
        }
        Ok(i64::from(new.0))
    }

    /// fcntl(2)
    pub(super) fn fcntl(&mut self, me: Me, fd: Fd, cmd: i32, arg: i64) -> Result<i64, Errno> {
        let (object, flags) = self.object(me.pid, fd)?;
        match cmd {
            consts::F_DUPFD | consts::F_DUPFD_CLOEXEC => {
                if arg < 0 || arg as u64 >= self.process(me.pid).nofile.0 {
                    return Err(Errno::EINVAL);
                }
                self.dup_from(me, fd, arg as i32, cmd == consts::F_DUPFD_CLOEXEC)
            }
            consts::F_GETFD => Ok(i64::from(self.process(me.pid).fds.get(fd)?.cloexec)),
            consts::F_SETFD => {
                let cloexec = arg & i64::from(consts::FD_CLOEXEC) != 0;
                self.process_mut(me.pid).fds.get_mut(fd)?.cloexec = cloexec;
                Ok(0)
            }
            consts::F_GETFL => Ok(i64::from(flags)),
            consts::F_SETFL => {
                self.set_async(me, fd, arg as i32 & consts::O_ASYNC != 0)?;
                let description = self.description_mut(me.pid, fd)?;
                description.flags = (description.flags & !SETTABLE) | (arg as i32 & SETTABLE);
                Ok(0)
            }
            consts::F_GETPIPE_SZ | consts::F_SETPIPE_SZ => {
                let (Object::PipeReader(id) | Object::PipeWriter(id) | Object::PipeBoth(id)) =
                    object
                else {
                    return Err(Errno::EBADF);
                };
                self.pipe_size(id, (cmd == consts::F_SETPIPE_SZ).then_some(arg))
            }
            consts::F_GETOWN => Ok(i64::from(self.description(me.pid, fd)?.1.owner)),
            consts::F_SETOWN => {
                let owner = arg as i32;
                let exists = match owner {
                    0 => true,
                    1.. => self.processes.contains_key(&Pid(owner)),
                    i32::MIN => return Err(Errno::EINVAL),
                    _ => self.processes.values().any(|other| other.group.0 == -owner),
                };
                if !exists {
                    return Err(Errno::ESRCH);
                }
                self.description_mut(me.pid, fd)?.owner = owner;
                Ok(0)
            }
            consts::F_GETSIG => Ok(i64::from(self.description(me.pid, fd)?.1.signal)),
            consts::F_SETSIG if !(0..=i64::from(SIGNALS)).contains(&arg) => Err(Errno::EINVAL),
            consts::F_SETSIG => {
                self.description_mut(me.pid, fd)?.signal = arg as i32;
                Ok(0)
            }
            // With a lock that can be read they are calls of their own.
            consts::F_GETLK | consts::F_SETLK | consts::F_SETLKW => Err(Errno::EFAULT),
            _ => Err(Errno::EINVAL),
        }
    }

    /// Whether the owner is told by a signal of what happens; a terminal's is its group, if nobody
    /// was named.
    fn set_async(&mut self, me: Me, fd: Fd, on: bool) -> Result<(), Errno> {
        let (id, description) = self.description(me.pid, fd)?;
        if !can_tell(&description.object) || (description.flags & consts::O_ASYNC != 0) == on {
            return Ok(());
        }
        let group = self.process(me.pid).group;
        let description = self.description_mut(me.pid, fd)?;
        description.flags ^= consts::O_ASYNC;
        description.async_fd = fd;
        if on && description.owner == 0 && matches!(description.object, Object::Terminal(_)) {
            description.owner = -group.0;
        }
        if on {
            self.asynchronous.insert(id);
        } else {
            self.asynchronous.remove(&id);
        }
        Ok(())
    }

    /// ioctl(2)
    pub(super) fn ioctl(&mut self, me: Me, fd: Fd, request: u64, arg: Ptr<i32>) -> Answer {
        let (object, flags) = self.object(me.pid, fd)?;
        let offset = self.description(me.pid, fd)?.1.offset as i64;
        // What an object does not know it refuses; an epoll instance in words of its own.
        let unknown =
            if matches!(object, Object::Epoll(_)) { Errno::EINVAL } else { Errno::ENOTTY };
        let request = i32::try_from(request).map_err(|_| unknown)?;
        let words = |value: i64| Reply::with(0, Out::Words { words: vec![value as u64] });
        match request {
            consts::FIONBIO => {
                let on = arg.value.ok_or(Errno::EFAULT)? != 0;
                let bit = if on { consts::O_NONBLOCK } else { 0 };
                self.description_mut(me.pid, fd)?.flags = (flags & !consts::O_NONBLOCK) | bit;
                Ok(Reply::ok(0))
            }
            consts::FIOCLEX | consts::FIONCLEX => {
                self.process_mut(me.pid).fds.get_mut(fd)?.cloexec = request == consts::FIOCLEX;
                Ok(Reply::ok(0))
            }
            consts::FIOASYNC => {
                let on = arg.value.ok_or(Errno::EFAULT)? != 0;
                if on && !can_tell(&object) {
                    return Err(Errno::ENOTTY);
                }
                self.set_async(me, fd, on)?;
                Ok(Reply::ok(0))
            }
            consts::FIONREAD => {
                let bytes = match object {
                    Object::Inet(inet) => {
                        if self.is_listening(inet) {
                            return Err(Errno::EINVAL);
                        }
                        self.stack.readable_bytes(inet.id)
                    }
                    Object::Unix(id) => match self.unix.get(id) {
                        socket
                            if matches!(
                                socket.state,
                                crate::kernel::unix::State::Listening { .. }
                            ) =>
                        {
                            return Err(Errno::EINVAL);
                        }
                        socket if socket.ty == consts::SOCK_DGRAM => {
                            socket.inbox.front().map_or(0, |message| message.bytes.len())
                        }
                        socket => socket.queued,
                    },
                    Object::PipeReader(id) | Object::PipeWriter(id) | Object::PipeBoth(id) => {
                        self.pipes.get(&id).map_or(0, |pipe| pipe.bytes.len())
                    }
                    Object::Terminal(owner) => {
                        self.processes.get(&owner).map_or(0, |p| p.terminal.input.len())
                    }
                    Object::File(inode) if self.fs.is_plain(inode) => {
                        (self.file_size(inode) - offset).max(0) as usize
                    }
                    _ => return Err(unknown),
                };
                Ok(words(bytes as i64))
            }
            consts::SIOCOUTQ => match object {
                Object::Inet(inet) if self.is_listening(inet) => Err(Errno::EINVAL),
                Object::Inet(inet) => Ok(words(self.stack.unsent_bytes(inet.id) as i64)),
                Object::Unix(id) => self.unix_unread(id).map(|unread| words(unread as i64)),
                _ => Err(unknown),
            },
            consts::TIOCGWINSZ => match object {
                Object::Terminal(_) => {
                    let words = TERMINAL.iter().flat_map(|word: &u16| word.to_le_bytes());
                    Ok(Reply::with(0, Out::Bytes { bytes: Bytes(words.collect()) }))
                }
                _ => Err(unknown),
            },
            consts::TCGETS | consts::TCSETS | consts::TCSETSW | consts::TCSETSF => match object {
                Object::Terminal(_) => Ok(Reply::ok(0)),
                _ => Err(unknown),
            },
            consts::SIOCATMARK => match object {
                Object::Inet(inet) if inet.ty == consts::SOCK_STREAM => {
                    Ok(words(i64::from(self.stack.at_mark(inet.id))))
                }
                Object::Unix(id) => self.unix_at_mark(id).map(|at| words(i64::from(at))),
                _ => Err(unknown),
            },
            _ => Err(unknown),
        }
    }
}
