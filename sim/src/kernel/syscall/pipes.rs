//! Pipes and FIFOs as calls see them: `pipe`, `read`, `write`, `open` of a FIFO; see `pipe(7)`.

use super::file::{bytes_reply, kept};
use super::{Answer, may_sleep};
use crate::DescId;
use crate::kernel::epoll;
use crate::kernel::fd::{Description, Descriptor, Object};
use crate::kernel::fs::Kind;
use crate::kernel::pipe::{PAGE, Pipe};
use crate::kernel::process::{Pending, Progress};
use crate::kernel::sigio::{Band, Side};
use crate::kernel::wait::{Reason, Source, WaitFor};
use crate::kernel::{Env, Host, Me, Outcome};
use crate::trace::SignalBy;
use abi::{Errno, Fd, Out, OutPtr, Reply, consts};

/// `RLIM_INFINITY` of a pipe for `F_SETPIPE_SZ` without privileges, bytes.
const PIPE_MAX: i64 = 1 << 20;

impl Host {
    pub(super) fn read_pipe(
        &mut self,
        fd: Fd,
        id: u32,
        len: usize,
        flags: i32,
        bad: bool,
    ) -> Outcome {
        if len == 0 {
            return Outcome::Done(bytes_reply(Vec::new()));
        }
        self.tell(Side::Writer(id), Band::Out);
        let Some(pipe) = self.pipes.get_mut(&id) else { return Outcome::Done(bytes_reply(vec![])) };
        if pipe.bytes.is_empty() {
            if pipe.writers == 0 {
                return Outcome::Done(bytes_reply(Vec::new()));
            }
            if !may_sleep(flags, 0) {
                return Outcome::Done(Reply::err(Errno::EAGAIN));
            }
            return Outcome::Wait(WaitFor::on(Reason::Data(fd), Source::Pipe(id)));
        }
        if bad {
            return Outcome::Done(Reply::err(Errno::EFAULT));
        }
        let was_full = pipe.readiness(false, true) & consts::POLLOUT as i16 == 0;
        let taken = pipe.take(len);
        self.touch_for(Source::Pipe(id), if was_full { epoll::SPACE } else { 0 });
        Outcome::Done(bytes_reply(taken))
    }

    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn write_pipe(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        id: u32,
        bytes: &[u8],
        flags: i32,
        pending: &mut Pending,
    ) -> Outcome {
        if bytes.is_empty() {
            return Outcome::Done(Reply::ok(0));
        }
        self.tell(Side::Reader(id), Band::In);
        let done = match pending.progress {
            Progress::Written(done) => done,
            _ => 0,
        };
        let readers = self.pipes.get(&id).map_or(0, |pipe| pipe.readers);
        if readers == 0 {
            self.send_thread_signal(env, me, consts::SIGPIPE, SignalBy::Kernel);
            let ret = if done > 0 { Ok(done as i64) } else { Err(Errno::EPIPE) };
            return Outcome::Done(Reply { ret, out: Out::None });
        }
        let pipe = self.pipes.get_mut(&id).expect("a pipe with readers exists");
        let rest = &bytes[done..];
        // At most PIPE_BUF bytes go in whole or not at all, `pipe(7)`.
        let room = if bytes.len() <= PAGE && pipe.room() < rest.len() { 0 } else { pipe.room() };
        let put = rest.len().min(room);
        if put > 0 {
            pipe.put(&rest[..put]);
            self.touch_for(Source::Pipe(id), epoll::DATA);
        }
        let done = done + put;
        if done == bytes.len() {
            return Outcome::Done(Reply::ok(done as i64));
        }
        if !may_sleep(flags, 0) {
            let ret = if done > 0 { Ok(done as i64) } else { Err(Errno::EAGAIN) };
            return Outcome::Done(Reply { ret, out: Out::None });
        }
        pending.progress = Progress::Written(done);
        Outcome::Wait(WaitFor::on(Reason::Room(fd), Source::Pipe(id)))
    }

    /// A FIFO's `open` waits until the other end is opened, `fifo(7)`.
    pub(super) fn open_fifo(
        &mut self,
        me: Me,
        inode: u64,
        flags: i32,
        pending: &mut Pending,
    ) -> Outcome {
        let id = match self.fs.get(inode).kind {
            Kind::Fifo(Some(id)) => id,
            _ => {
                let id = self.new_id();
                self.pipes.insert(id, Pipe::new(0, 0));
                self.fs.get_mut(inode).kind = Kind::Fifo(Some(id));
                id
            }
        };
        let pipe = self.pipes.get_mut(&id).expect("just found or made");
        let object = match flags & 3 {
            consts::O_RDONLY => {
                pipe.readers += 1;
                pipe.opened.0 += 1;
                Object::PipeReader(id)
            }
            consts::O_WRONLY => {
                if pipe.readers == 0 && flags & consts::O_NONBLOCK != 0 {
                    if pipe.writers == 0 {
                        self.close_pipe_if_unused(id);
                    }
                    return Outcome::Done(Reply::err(Errno::ENXIO));
                }
                pipe.writers += 1;
                pipe.opened.1 += 1;
                Object::PipeWriter(id)
            }
            _ => {
                pipe.readers += 1;
                pipe.writers += 1;
                pipe.opened.0 += 1;
                pipe.opened.1 += 1;
                Object::PipeBoth(id)
            }
        };
        self.touch(Source::Pipe(id));
        let description = DescId(self.new_id());
        self.descriptions.insert(description, Description::new(object, kept(flags)));
        pending.progress = Progress::Opened(description);
        self.open_fifo_wait(me, description, flags, pending)
    }

    fn close_pipe_if_unused(&mut self, id: u32) {
        self.pipes.remove(&id);
        self.fs.forget_pipe(id);
    }

    pub(super) fn open_fifo_wait(
        &mut self,
        me: Me,
        id: DescId,
        flags: i32,
        _pending: &mut Pending,
    ) -> Outcome {
        let Some(description) = self.descriptions.get(&id) else {
            return Outcome::Done(Reply::err(Errno::EINTR));
        };
        let waits = match description.object {
            Object::PipeReader(pipe) => {
                let writers = self.pipes.get(&pipe).map_or(0, |pipe| pipe.writers);
                (writers == 0).then_some(pipe)
            }
            Object::PipeWriter(pipe) => {
                let readers = self.pipes.get(&pipe).map_or(0, |pipe| pipe.readers);
                (readers == 0).then_some(pipe)
            }
            _ => None,
        };
        if let Some(pipe) = waits
            && may_sleep(flags, 0)
        {
            return Outcome::Wait(WaitFor::on(Reason::OtherEnd, Source::Pipe(pipe)));
        }
        let process = self.process_mut(me.pid);
        match process.fds.lowest_free(0, process.nofile.0) {
            Ok(fd) => {
                let cloexec = flags & consts::O_CLOEXEC != 0;
                process.fds.insert(fd, Descriptor { description: id, cloexec });
                Outcome::Done(Reply::ok(i64::from(fd.0)))
            }
            Err(errno) => Outcome::Done(Reply::err(errno)),
        }
    }

    pub(super) fn pipe_size(&mut self, id: u32, set: Option<i64>) -> Result<i64, Errno> {
        let pipe = self.pipes.get_mut(&id).ok_or(Errno::EBADF)?;
        if let Some(size) = set {
            if !(0..=1 << 31).contains(&size) {
                return Err(Errno::EINVAL);
            }
            if size > PIPE_MAX {
                return Err(Errno::EPERM);
            }
            let size = (size.max(1) as usize).next_power_of_two().max(PAGE);
            if size < pipe.bytes.len() {
                return Err(Errno::EBUSY);
            }
            pipe.capacity = size;
        }
        Ok(pipe.capacity as i64)
    }

    /// pipe(2), pipe2(2)
    pub(super) fn pipe2(&mut self, me: Me, fds: OutPtr, flags: i32) -> Answer {
        const KNOWN: i32 = consts::O_CLOEXEC | consts::O_NONBLOCK | 0o40000;
        if flags & !KNOWN != 0 {
            return Err(Errno::EINVAL);
        }
        self.may_open(me.pid, 2)?;
        if !fds.ok {
            return Err(Errno::EFAULT);
        }
        let id = self.new_id();
        self.pipes.insert(id, Pipe::new(1, 1));
        let cloexec = flags & consts::O_CLOEXEC != 0;
        let status = flags & consts::O_NONBLOCK;
        let reader = self.open(me.pid, Object::PipeReader(id), status, cloexec)?;
        let object = Object::PipeWriter(id);
        let writer = self.open(me.pid, object, status | consts::O_WRONLY, cloexec)?;
        Ok(Reply::with(0, Out::Fds { fds: [reader, writer] }))
    }
}
