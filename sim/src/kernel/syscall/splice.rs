//! Bytes that move inside the kernel: `sendfile`, `splice`, `tee`; and `getrandom`.
//!
//! Missing: `vmsplice`.

use super::file::bytes_reply;
use super::{Answer, may_sleep};
use crate::kernel::fd::Object;
use crate::kernel::fs::Kind;
use crate::kernel::process::Pending;
use crate::kernel::sigio::{Band, Side};
use crate::kernel::wait::{Reason, Source, WaitFor};
use crate::kernel::{Env, Host, Me, Outcome};
use crate::trace::SignalBy;
use abi::syscall::{InBuf, OutBuf};
use abi::{Errno, Fd, Out, Ptr, Reply, consts};

/// `MAX_RW_COUNT`'s order of magnitude here: what one call moves at most, bytes.
const MOVED_MAX: u64 = 1 << 24;
/// Flags that `splice(2)` and `tee(2)` know.
const KNOWN: i32 = consts::SPLICE_F_MOVE
    | consts::SPLICE_F_NONBLOCK
    | consts::SPLICE_F_MORE
    | consts::SPLICE_F_GIFT;

/// The arguments of `splice(2)`.
pub(super) struct Request {
    pub input: Fd,
    pub input_offset: Ptr<i64>,
    pub output: Fd,
    pub output_offset: Ptr<i64>,
    pub count: u64,
    pub flags: u32,
}

/// The pipe of an object, if it is an end that reads (or writes).
fn pipe_of(object: &Object, reads: bool) -> Option<u32> {
    match object {
        Object::PipeReader(id) if reads => Some(*id),
        Object::PipeWriter(id) if !reads => Some(*id),
        Object::PipeBoth(id) => Some(*id),
        _ => None,
    }
}

impl Host {
    /// sendfile(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn sendfile(
        &mut self,
        env: &mut Env,
        me: Me,
        out: Fd,
        input: Fd,
        offset: Ptr<i64>,
        count: u64,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        let found =
            self.description(me.pid, input).map(|(_, d)| (d.object.clone(), d.flags, d.offset));
        let (object, _, at) = match found {
            Ok(found) if found.1 & 3 != consts::O_WRONLY => found,
            Ok(_) => return refuse(Errno::EBADF),
            Err(errno) => return refuse(errno),
        };
        let (_, to_flags) = match self.object(me.pid, out) {
            Ok(found) if found.1 & 3 != consts::O_RDONLY => found,
            Ok(_) => return refuse(Errno::EBADF),
            Err(errno) => return refuse(errno),
        };
        let inode = match object {
            Object::File(inode) if !matches!(self.fs.get(inode).kind, Kind::Dir(_)) => inode,
            // Pipes and sockets cannot be read from elsewhere than at their end.
            _ if !offset.is_null() => return refuse(Errno::ESPIPE),
            _ => return refuse(Errno::EINVAL),
        };
        if to_flags & consts::O_APPEND != 0 {
            return refuse(Errno::EINVAL);
        }
        let from = match (offset.is_null(), offset.value) {
            (true, _) => at,
            (false, None) => return refuse(Errno::EFAULT),
            (false, Some(at)) if at < 0 => return refuse(Errno::EINVAL),
            (false, Some(at)) => at as u64,
        };
        let len = count.min(MOVED_MAX) as usize;
        let bytes = match self.file_bytes(env, inode, from, len) {
            Ok(bytes) => bytes,
            Err(errno) => return refuse(errno),
        };
        if bytes.is_empty() {
            return Outcome::Done(with_offset(0, &offset, from));
        }
        let buf = InBuf::of(&bytes);
        match self.write(env, me, out, &buf, pending, timed_out) {
            Outcome::Done(Reply { ret: Ok(sent), .. }) => {
                if offset.is_null()
                    && let Ok(description) = self.description_mut(me.pid, input)
                {
                    description.offset = from + sent as u64;
                }
                Outcome::Done(with_offset(sent, &offset, from + sent as u64))
            }
            other => other,
        }
    }

    /// What a descriptor is that is to be read from, and written to: `EBADF` where it may not be.
    fn ends(&self, me: Me, input: Fd, output: Fd) -> Result<[(Object, i32); 2], Errno> {
        let (from, to) = (self.object(me.pid, input)?, self.object(me.pid, output)?);
        if from.1 & 3 == consts::O_WRONLY || to.1 & 3 == consts::O_RDONLY {
            return Err(Errno::EBADF);
        }
        Ok([from, to])
    }

    /// splice(2)
    pub(super) fn splice(
        &mut self,
        env: &mut Env,
        me: Me,
        request: &Request,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        match self.try_splice(env, me, request, pending, timed_out) {
            Ok(outcome) => outcome,
            Err(errno) => Outcome::Done(Reply::err(errno)),
        }
    }

    fn try_splice(
        &mut self,
        env: &mut Env,
        me: Me,
        request: &Request,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Result<Outcome, Errno> {
        if request.count == 0 {
            return Ok(Outcome::Done(Reply::ok(0)));
        }
        if request.flags as i32 & !KNOWN != 0 {
            return Err(Errno::EINVAL);
        }
        let [(from, from_flags), (to, to_flags)] = self.ends(me, request.input, request.output)?;
        let (source, sink) = (pipe_of(&from, true), pipe_of(&to, false));
        let asked = |offset: &Ptr<i64>, pipe: Option<u32>| !offset.is_null() && pipe.is_some();
        if asked(&request.input_offset, source) || asked(&request.output_offset, sink) {
            return Err(Errno::ESPIPE);
        }
        if (source.is_none() && sink.is_none()) || (source.is_some() && source == sink) {
            return Err(Errno::EINVAL);
        }
        let nonblock = request.flags as i32 & consts::SPLICE_F_NONBLOCK != 0;
        let len = request.count.min(MOVED_MAX) as usize;
        let Some(source) = source else {
            let Object::File(inode) = from else { return Err(Errno::EINVAL) };
            let room = sink.and_then(|pipe| self.pipes.get(&pipe)).map_or(0, |pipe| pipe.room());
            if room == 0 && (nonblock || !may_sleep(to_flags, 0)) {
                return Err(Errno::EAGAIN);
            }
            let at = match request.input_offset.value {
                Some(at) => u64::try_from(at).map_err(|_| Errno::EINVAL)?,
                None => self.description(me.pid, request.input)?.1.offset,
            };
            let bytes = self.file_bytes(env, inode, at, len.min(room.max(1)))?;
            if bytes.is_empty() {
                return Ok(Outcome::Done(Reply::ok(0)));
            }
            let outcome =
                self.write(env, me, request.output, &InBuf::of(&bytes), pending, timed_out);
            if let Outcome::Done(Reply { ret: Ok(moved), .. }) = outcome
                && request.input_offset.is_null()
            {
                self.description_mut(me.pid, request.input)?.offset = at + moved as u64;
            }
            return Ok(outcome);
        };
        if to_flags & consts::O_APPEND != 0 && sink.is_none() {
            return Err(Errno::EINVAL);
        }
        let Some(pipe) = self.pipes.get(&source) else { return Ok(Outcome::Done(Reply::ok(0))) };
        if pipe.bytes.is_empty() {
            if pipe.writers == 0 {
                return Ok(Outcome::Done(Reply::ok(0)));
            }
            if nonblock || !may_sleep(from_flags, 0) {
                return Err(Errno::EAGAIN);
            }
            let wait = WaitFor::on(Reason::Data(request.input), Source::Pipe(source));
            return Ok(Outcome::Wait(wait));
        }
        let bytes: Vec<u8> = pipe.bytes.iter().copied().take(len).collect();
        let room = sink.and_then(|pipe| self.pipes.get(&pipe)).map_or(bytes.len(), |p| p.room());
        if room == 0 && nonblock {
            return Err(Errno::EAGAIN);
        }
        let part = &bytes[..bytes.len().min(room.max(1))];
        let outcome = self.write(env, me, request.output, &InBuf::of(part), pending, timed_out);
        if let Outcome::Done(Reply { ret: Ok(moved), .. }) = outcome {
            if let Some(pipe) = self.pipes.get_mut(&source) {
                pipe.take(moved as usize);
            }
            self.touch(Source::Pipe(source));
            self.tell(Side::Writer(source), Band::Out);
        }
        Ok(outcome)
    }

    /// tee(2): the bytes stay where they are.
    pub(super) fn tee(
        &mut self,
        env: &mut Env,
        me: Me,
        input: Fd,
        output: Fd,
        count: u64,
        flags: u32,
    ) -> Outcome {
        match self.try_tee(env, me, input, output, (count, flags as i32)) {
            Ok(outcome) => outcome,
            Err(errno) => Outcome::Done(Reply::err(errno)),
        }
    }

    fn try_tee(
        &mut self,
        env: &mut Env,
        me: Me,
        input: Fd,
        output: Fd,
        (count, flags): (u64, i32),
    ) -> Result<Outcome, Errno> {
        if flags & !KNOWN != 0 {
            return Err(Errno::EINVAL);
        }
        if count == 0 {
            return Ok(Outcome::Done(Reply::ok(0)));
        }
        let [(from, from_flags), (to, to_flags)] = self.ends(me, input, output)?;
        let (Some(source), Some(sink)) = (pipe_of(&from, true), pipe_of(&to, false)) else {
            return Err(Errno::EINVAL);
        };
        if source == sink {
            return Err(Errno::EINVAL);
        }
        let nonblock = flags & consts::SPLICE_F_NONBLOCK != 0;
        let pipe = self.pipes.get(&source).ok_or(Errno::EBADF)?;
        if pipe.bytes.is_empty() {
            return match pipe.writers {
                0 => Ok(Outcome::Done(Reply::ok(0))),
                _ if nonblock || !may_sleep(from_flags, 0) => Err(Errno::EAGAIN),
                _ => Ok(Outcome::Wait(WaitFor::on(Reason::Data(input), Source::Pipe(source)))),
            };
        }
        let bytes: Vec<u8> = pipe.bytes.iter().copied().take(count as usize).collect();
        let other = self.pipes.get_mut(&sink).ok_or(Errno::EBADF)?;
        if other.readers == 0 {
            self.send_thread_signal(env, me, consts::SIGPIPE, SignalBy::Kernel);
            return Err(Errno::EPIPE);
        }
        let put = bytes.len().min(other.room());
        if put == 0 {
            return match nonblock || !may_sleep(to_flags, 0) {
                true => Err(Errno::EAGAIN),
                false => Ok(Outcome::Wait(WaitFor::on(Reason::Room(output), Source::Pipe(sink)))),
            };
        }
        other.put(&bytes[..put]);
        self.touch(Source::Pipe(sink));
        self.tell(Side::Reader(sink), Band::In);
        Ok(Outcome::Done(Reply::ok(put as i64)))
    }

    /// getrandom(2)
    pub(super) fn getrandom(&mut self, env: &mut Env, buf: OutBuf, flags: u32) -> Answer {
        const MOST: u64 = 1 << 20;
        if flags as i32 & !(consts::GRND_NONBLOCK | consts::GRND_RANDOM) != 0 {
            return Err(Errno::EINVAL);
        }
        if !buf.ok && buf.len > 0 {
            return Err(Errno::EFAULT);
        }
        Ok(bytes_reply((0..buf.len.min(MOST)).map(|_| env.rng.next_u32() as u8).collect()))
    }
}

fn with_offset(sent: i64, offset: &Ptr<i64>, at: u64) -> Reply {
    if offset.is_null() {
        Reply::ok(sent)
    } else {
        Reply::with(sent, Out::Words { words: vec![at] })
    }
}
