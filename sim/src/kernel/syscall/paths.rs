//! Names and directories: `rename`, `rmdir`, `chdir`, `getcwd`, `umask`, `truncate`, `getdents64`;
//! and what reads or writes elsewhere than at the offset: `pread64`, `pwrite64`, `sendfile`.

use super::file::bytes_reply;
use super::{Answer, path};
use crate::kernel::fd::Object;
use crate::kernel::fs::Kind;
use crate::kernel::process::Pending;
use crate::kernel::{Env, Host, Me, Outcome};
use abi::syscall::{InBuf, OutBuf};
use abi::{Bytes, Errno, Fd, Out, Ptr, Reply, consts};
use std::sync::Arc;

/// `MAX_RW_COUNT`'s order of magnitude here: what one `sendfile` moves at most, bytes.
const SENDFILE_MAX: u64 = 1 << 24;

impl Host {
    /// A path as seen from the root: relative ones begin at the working directory.
    pub(super) fn absolute(&self, me: Me, at: &Ptr<Bytes>) -> Result<Vec<u8>, Errno> {
        let given = path(at)?;
        let cwd = &self.process(me.pid).cwd;
        if given.first() == Some(&b'/') || given.is_empty() || cwd == b"/" {
            return Ok(given.to_vec());
        }
        Ok([cwd, &b"/"[..], given].concat())
    }

    /// truncate(2)
    pub(super) fn truncate(&mut self, me: Me, at: &Ptr<Bytes>, len: i64) -> Result<i64, Errno> {
        if len < 0 {
            return Err(Errno::EINVAL);
        }
        let inode = self.fs.find(&self.absolute(me, at)?)?;
        match self.fs.get(inode).kind {
            Kind::Dir(_) => return Err(Errno::EISDIR),
            Kind::File { .. } => {}
            _ => return Err(Errno::EINVAL),
        }
        if !self.fs.allows(inode, self.process(me.pid).uid, 2) {
            return Err(Errno::EACCES);
        }
        self.resize_file(inode, len)
    }

    /// rename(2)
    pub(super) fn rename(
        &mut self,
        me: Me,
        old: &Ptr<Bytes>,
        new: &Ptr<Bytes>,
    ) -> Result<i64, Errno> {
        let (old, new) = (self.absolute(me, old)?, self.absolute(me, new)?);
        let uid = self.process(me.pid).uid;
        let from = self.fs.place(&old)?;
        let inode = from.inode.ok_or(Errno::ENOENT)?;
        let to = self.fs.place(&new)?;
        for dir in [from.dir, to.dir] {
            if !self.fs.allows(dir, uid, 2) {
                return Err(Errno::EACCES);
            }
        }
        let moves_dir = matches!(self.fs.get(inode).kind, Kind::Dir(_));
        let (from_dir, from_name) = (from.dir, from.name.to_vec());
        let (to_dir, to_name) = (to.dir, to.name.to_vec());
        if let Some(there) = to.inode {
            if there == inode {
                return Ok(0);
            }
            match &self.fs.get(there).kind {
                Kind::Dir(_) if !moves_dir => return Err(Errno::EISDIR),
                Kind::Dir(entries) if !entries.is_empty() => return Err(Errno::ENOTEMPTY),
                Kind::Dir(_) => {}
                _ if moves_dir => return Err(Errno::ENOTDIR),
                _ => {}
            }
            self.fs.remove_name(to_dir, &to_name);
        } else if to.slash && !moves_dir {
            return Err(Errno::ENOTDIR);
        }
        if let Kind::Dir(entries) = &mut self.fs.get_mut(from_dir).kind {
            entries.remove(&from_name);
        }
        if let Kind::Dir(entries) = &mut self.fs.get_mut(to_dir).kind {
            entries.insert(to_name, inode);
        }
        Ok(0)
    }

    /// rmdir(2)
    pub(super) fn rmdir(&mut self, me: Me, at: &Ptr<Bytes>) -> Result<i64, Errno> {
        let whole = self.absolute(me, at)?;
        let place = self.fs.place(&whole)?;
        let inode = place.inode.ok_or(Errno::ENOENT)?;
        match &self.fs.get(inode).kind {
            Kind::Dir(_) if place.name == b"." => return Err(Errno::EINVAL),
            Kind::Dir(entries) if !entries.is_empty() => return Err(Errno::ENOTEMPTY),
            Kind::Dir(_) => {}
            _ => return Err(Errno::ENOTDIR),
        }
        if !self.fs.allows(place.dir, self.process(me.pid).uid, 2) {
            return Err(Errno::EACCES);
        }
        let (dir, name) = (place.dir, place.name.to_vec());
        self.fs.remove_name(dir, &name);
        Ok(0)
    }

    /// chdir(2)
    pub(super) fn chdir(&mut self, me: Me, at: &Ptr<Bytes>) -> Result<i64, Errno> {
        let whole = self.absolute(me, at)?;
        let inode = self.fs.find(&whole)?;
        if !matches!(self.fs.get(inode).kind, Kind::Dir(_)) {
            return Err(Errno::ENOTDIR);
        }
        let mut parts: Vec<&[u8]> = Vec::new();
        for part in whole.split(|byte| *byte == b'/') {
            match part {
                b"" | b"." => {}
                b".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let mut cwd = vec![b'/'];
        cwd.extend(parts.join(&b'/'));
        self.process_mut(me.pid).cwd = cwd;
        Ok(0)
    }

    /// getcwd(2)
    pub(super) fn getcwd(&mut self, me: Me, buf: OutBuf) -> Answer {
        let mut bytes = self.process(me.pid).cwd.clone();
        bytes.push(0);
        if bytes.len() as u64 > buf.len {
            return Err(Errno::ERANGE);
        }
        if !buf.ok {
            return Err(Errno::EFAULT);
        }
        Ok(bytes_reply(bytes))
    }

    /// umask(2)
    pub(super) fn umask(&mut self, me: Me, mask: u32) -> Result<i64, Errno> {
        let old = std::mem::replace(&mut self.process_mut(me.pid).umask, mask & 0o777);
        Ok(i64::from(old))
    }

    /// fsync(2), fdatasync(2)
    pub(super) fn fsync(&mut self, me: Me, fd: Fd) -> Result<i64, Errno> {
        match self.object(me.pid, fd)?.0 {
            Object::File(_) => Ok(0),
            _ => Err(Errno::EINVAL),
        }
    }

    /// getdents64(2): whole `struct linux_dirent64`s.
    pub(super) fn getdents64(&mut self, me: Me, fd: Fd, buf: OutBuf) -> Answer {
        let (_, description) = self.description(me.pid, fd)?;
        let (object, offset) = (description.object.clone(), description.offset as usize);
        let Object::File(inode) = object else { return Err(Errno::ENOTDIR) };
        let Kind::Dir(entries) = &self.fs.get(inode).kind else { return Err(Errno::ENOTDIR) };
        if !buf.ok {
            return Err(Errno::EFAULT);
        }
        let dots = [(&b"."[..], inode), (&b".."[..], inode)];
        let names = entries.iter().map(|(name, inode)| (&name[..], *inode));
        let mut bytes = Vec::new();
        let mut next = offset;
        for (name, inode) in dots.into_iter().chain(names).skip(offset) {
            let len = (19 + name.len() + 1).next_multiple_of(8);
            if (bytes.len() + len) as u64 > buf.len {
                break;
            }
            next += 1;
            bytes.extend(inode.to_le_bytes());
            bytes.extend((next as u64).to_le_bytes());
            bytes.extend((len as u16).to_le_bytes());
            bytes.push((self.fs.get(inode).st_mode() >> 12) as u8);
            bytes.extend(name);
            let whole = (bytes.len() + 1).next_multiple_of(8);
            bytes.resize(whole, 0);
        }
        if bytes.is_empty() && next == offset && offset < entries.len() + 2 {
            return Err(Errno::EINVAL);
        }
        self.description_mut(me.pid, fd)?.offset = next as u64;
        Ok(bytes_reply(bytes))
    }

    fn seekable(&self, me: Me, fd: Fd, offset: i64) -> Result<(u64, i32), Errno> {
        if offset < 0 {
            return Err(Errno::EINVAL);
        }
        match self.object(me.pid, fd)? {
            (Object::File(inode), flags) => Ok((inode, flags)),
            _ => Err(Errno::ESPIPE),
        }
    }

    /// pread(2)
    pub(super) fn pread64(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        buf: OutBuf,
        offset: i64,
    ) -> Answer {
        let (inode, flags) = self.seekable(me, fd, offset)?;
        if flags & 3 == consts::O_WRONLY {
            return Err(Errno::EBADF);
        }
        if !buf.ok && buf.len > 0 {
            return Err(Errno::EFAULT);
        }
        let len = usize::try_from(buf.len).unwrap_or(usize::MAX);
        self.file_bytes(env, inode, offset as u64, len).map(bytes_reply)
    }

    /// pwrite(2)
    pub(super) fn pwrite64(
        &mut self,
        me: Me,
        fd: Fd,
        buf: &InBuf,
        offset: i64,
    ) -> Result<i64, Errno> {
        let (inode, flags) = self.seekable(me, fd, offset)?;
        if flags & 3 == consts::O_RDONLY {
            return Err(Errno::EBADF);
        }
        let empty = Bytes::default();
        let bytes = match buf.bytes.as_ref() {
            Some(bytes) => bytes,
            None if buf.len == 0 => &empty,
            None => return Err(Errno::EFAULT),
        };
        // With O_APPEND Linux appends, whatever the offset says (`pwrite(2)`, BUGS).
        self.put_bytes(inode, offset as u64, &bytes.0, flags & consts::O_APPEND != 0);
        Ok(bytes.0.len() as i64)
    }

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
        let len = count.min(SENDFILE_MAX) as usize;
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

    /// Makes a file so long.
    pub(super) fn resize_file(&mut self, inode: u64, length: i64) -> Result<i64, Errno> {
        // A teaching program's file is small; a wrong length must not take the machine's memory.
        if length > 1 << 28 {
            return Err(Errno::EFBIG);
        }
        let Kind::File { bytes, segment } = &mut self.fs.get_mut(inode).kind else {
            return Err(Errno::EINVAL);
        };
        match *segment {
            Some(segment) => self.shared.resize(segment, length as u64),
            None => Arc::make_mut(bytes).resize(length as usize, 0),
        }
        Ok(0)
    }
}

fn with_offset(sent: i64, offset: &Ptr<i64>, at: u64) -> Reply {
    if offset.is_null() {
        Reply::ok(sent)
    } else {
        Reply::with(sent, Out::Words { words: vec![at] })
    }
}
