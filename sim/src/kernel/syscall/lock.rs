//! `flock`, and `fcntl` with `F_GETLK`, `F_SETLK`, `F_SETLKW`.

use crate::kernel::fd::Object;
use crate::kernel::locks::{Record, range};
use crate::kernel::wait::{Reason, Source, WaitFor};
use crate::kernel::{Host, Me, Outcome};
use abi::syscall::FileLock;
use abi::{Errno, Fd, Out, Pid, Ptr, Reply, consts};

impl Host {
    /// flock(2)
    pub(super) fn flock(&mut self, me: Me, fd: Fd, operation: i32) -> Outcome {
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        let kind = operation & !consts::LOCK_NB;
        if ![consts::LOCK_SH, consts::LOCK_EX, consts::LOCK_UN].contains(&kind) {
            return refuse(Errno::EINVAL);
        }
        let (id, object) = match self.description(me.pid, fd) {
            Ok((id, description)) => (id, description.object.clone()),
            Err(errno) => return refuse(errno),
        };
        // What is no file is nobody else's.
        let Object::File(inode) = object else { return Outcome::Done(Reply::ok(0)) };
        let locks = self.locks.entry(inode).or_default();
        if kind == consts::LOCK_UN {
            locks.whole.remove(&id);
            self.locks_changed(inode);
            return Outcome::Done(Reply::ok(0));
        }
        let exclusive = kind == consts::LOCK_EX;
        let others = locks.whole.iter().any(|(other, held)| *other != id && (*held || exclusive));
        if others {
            // Another kind of lock is asked for: the old one is given up first.
            let gave_up = locks.whole.remove(&id).is_some_and(|held| held != exclusive);
            if gave_up {
                self.locks_changed(inode);
            }
            if operation & consts::LOCK_NB != 0 {
                return refuse(Errno::EAGAIN);
            }
            return Outcome::Wait(WaitFor::on(Reason::FileLock(fd), Source::Lock(inode)));
        }
        locks.whole.insert(id, exclusive);
        self.locks_changed(inode);
        Outcome::Done(Reply::ok(0))
    }

    /// fcntl(2) with a lock.
    pub(super) fn fcntl_lock(&mut self, me: Me, fd: Fd, cmd: i32, lock: Ptr<FileLock>) -> Outcome {
        match self.try_lock(me, fd, cmd, lock) {
            Ok(reply) => Outcome::Done(reply),
            Err((Errno::EINPROGRESS, inode)) => {
                Outcome::Wait(WaitFor::on(Reason::FileLock(fd), Source::Lock(inode)))
            }
            Err((errno, _)) => Outcome::Done(Reply::err(errno)),
        }
    }

    /// `EINPROGRESS` with the inode means: sleep.
    fn try_lock(
        &mut self,
        me: Me,
        fd: Fd,
        cmd: i32,
        lock: Ptr<FileLock>,
    ) -> Result<Reply, (Errno, u64)> {
        let no = |errno| (errno, 0);
        let (_, description) = self.description(me.pid, fd).map_err(no)?;
        let (object, access, at) =
            (description.object.clone(), description.flags & 3, description.offset as i64);
        let asked = lock.value.ok_or(no(Errno::EFAULT))?;
        let kind = i32::from(asked.kind);
        if !(consts::F_RDLCK..=consts::F_UNLCK).contains(&kind) {
            return Err(no(Errno::EINVAL));
        }
        let size = match object {
            Object::File(inode) => self.file_size(inode),
            _ => 0,
        };
        let (start, end) = range(&asked, at, size).map_err(no)?;
        if cmd == consts::F_GETLK {
            if kind == consts::F_UNLCK {
                return Err(no(Errno::EINVAL));
            }
        } else if (kind == consts::F_RDLCK && access == consts::O_WRONLY)
            || (kind == consts::F_WRLCK && access == consts::O_RDONLY)
        {
            return Err(no(Errno::EBADF));
        }
        let Object::File(inode) = object else { return Ok(Reply::ok(0)) };
        let wanted = Record { pid: me.pid, exclusive: kind == consts::F_WRLCK, start, end };
        let locks = self.locks.entry(inode).or_default();
        let conflict =
            if kind == consts::F_UNLCK { None } else { locks.conflict(&wanted).copied() };
        if cmd == consts::F_GETLK {
            self.locks_changed(inode);
            let lock = match conflict {
                None => FileLock { kind: consts::F_UNLCK as i16, ..asked },
                Some(held) => FileLock {
                    kind: if held.exclusive { consts::F_WRLCK } else { consts::F_RDLCK } as i16,
                    whence: consts::SEEK_SET as i16,
                    start: held.start,
                    len: if held.end == i64::MAX { 0 } else { held.end - held.start + 1 },
                    pid: held.pid.0,
                },
            };
            return Ok(Reply::with(0, Out::Lock { lock }));
        }
        if let Some(held) = conflict {
            if cmd == consts::F_SETLK {
                return Err(no(Errno::EAGAIN));
            }
            if self.would_deadlock(me.pid, held.pid) {
                return Err(no(Errno::EDEADLK));
            }
            return Err((Errno::EINPROGRESS, inode));
        }
        let kept = (kind != consts::F_UNLCK).then_some(wanted.exclusive);
        locks.replace(me.pid, start, end, kept);
        self.locks_changed(inode);
        Ok(Reply::ok(0))
    }

    /// Whether who holds a lock waits, through others, for one of `me`.
    fn would_deadlock(&self, me: Pid, mut holder: Pid) -> bool {
        for _ in 0..10 {
            let Some(process) = self.processes.get(&holder) else { return false };
            let waits_for = process.threads.values().find_map(|thread| {
                let crate::kernel::process::ThreadState::Blocked(wait) = &thread.state else {
                    return None;
                };
                let Reason::FileLock(fd) = wait.reason else { return None };
                let Object::File(inode) = self.object(holder, fd).ok()?.0 else { return None };
                let other = self.locks.get(&inode)?.records.iter().find(|r| r.pid != holder)?;
                Some(other.pid)
            });
            match waits_for {
                None => return false,
                Some(pid) if pid == me => return true,
                Some(pid) => holder = pid,
            }
        }
        false
    }

    pub(super) fn file_size(&self, inode: u64) -> i64 {
        match &self.fs.get(inode).kind {
            crate::kernel::fs::Kind::File { bytes, segment } => segment
                .and_then(|segment| self.shared.len(segment))
                .map_or(bytes.len() as i64, |len| len as i64),
            _ => 0,
        }
    }
}
