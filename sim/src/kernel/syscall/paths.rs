//! Names and directories: `rename`, `unlink`, links, owners, times, `chdir`, `getcwd`, `umask`,
//! `truncate`, `getdents64`; and what reads or writes elsewhere than at the offset: `pread64`,
//! `pwrite64`.

use super::file::bytes_reply;
use super::{Answer, path};
use crate::kernel::fd::Object;
use crate::kernel::fs::{Kind, Place};
use crate::kernel::{Env, Host, Me};
use abi::syscall::{InBuf, OutBuf, Timespec};
use abi::{Bytes, Errno, Fd, Ptr, consts};
use std::sync::Arc;

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

    /// Where a path leads for the caller.
    pub(super) fn at(&self, me: Me, at: &Ptr<Bytes>, follow: bool) -> Result<Place, Errno> {
        self.fs.walk(&self.absolute(me, at)?, self.process(me.pid).who(), follow)
    }

    /// truncate(2)
    pub(super) fn truncate(&mut self, me: Me, at: &Ptr<Bytes>, len: i64) -> Result<i64, Errno> {
        if len < 0 {
            return Err(Errno::EINVAL);
        }
        let inode = self.file_at(me, at, true)?;
        match self.fs.get(inode).kind {
            Kind::Dir(_) => return Err(Errno::EISDIR),
            Kind::File { .. } => {}
            _ => return Err(Errno::EINVAL),
        }
        if !self.fs.allows(inode, self.process(me.pid).who(), 2) {
            return Err(Errno::EACCES);
        }
        self.resize_file(inode, len)
    }

    /// rename(2), in the order of `do_renameat2` and `vfs_rename`.
    pub(super) fn rename(
        &mut self,
        me: Me,
        old: &Ptr<Bytes>,
        new: &Ptr<Bytes>,
    ) -> Result<i64, Errno> {
        let who = self.process(me.pid).who();
        let (from, to) = (self.at(me, old, false)?, self.at(me, new, false)?);
        if self.fs.apart(&from, &to) {
            return Err(Errno::EXDEV);
        }
        if from.is_special() || to.is_special() {
            return Err(Errno::EBUSY);
        }
        let inode = from.inode.ok_or(Errno::ENOENT)?;
        let moves_dir = self.fs.is_dir(inode);
        if to.slash && !moves_dir {
            return Err(Errno::ENOTDIR);
        }
        if to.is_below(inode) && to.inode != Some(inode) {
            return Err(Errno::EINVAL);
        }
        match to.inode {
            Some(there) if there == inode => return Ok(0),
            Some(there) if from.is_below(there) => return Err(Errno::ENOTEMPTY),
            _ => {}
        }
        self.fs.may_delete(&from, inode, who, moves_dir)?;
        match to.inode {
            Some(there) => {
                self.fs.may_delete(&to, there, who, moves_dir)?;
                self.fs.must_be_empty(there)?;
            }
            None if !self.fs.allows(to.dir, who, 3) => return Err(Errno::EACCES),
            None => {}
        }
        // A directory's own `..` is written.
        if moves_dir && from.dir != to.dir && !self.fs.allows(inode, who, 2) {
            return Err(Errno::EACCES);
        }
        self.fs.remove_name(to.dir, &to.name);
        self.fs.link(to.dir, &to.name, inode);
        self.fs.remove_name(from.dir, &from.name);
        Ok(0)
    }

    /// rmdir(2)
    pub(super) fn rmdir(&mut self, me: Me, at: &Ptr<Bytes>) -> Result<i64, Errno> {
        let place = self.at(me, at, false)?;
        match &place.name[..] {
            b"." => return Err(Errno::EINVAL),
            b".." => return Err(Errno::ENOTEMPTY),
            b"/" => return Err(Errno::EBUSY),
            _ => {}
        }
        let inode = place.inode.ok_or(Errno::ENOENT)?;
        self.fs.may_delete(&place, inode, self.process(me.pid).who(), true)?;
        self.fs.must_be_empty(inode)?;
        self.fs.remove_name(place.dir, &place.name);
        Ok(0)
    }

    /// unlink(2)
    pub(super) fn unlink(&mut self, me: Me, at: &Ptr<Bytes>) -> Result<i64, Errno> {
        let place = self.at(me, at, false)?;
        if place.is_special() {
            return Err(Errno::EISDIR);
        }
        let inode = place.inode.ok_or(Errno::ENOENT)?;
        self.fs.may_delete(&place, inode, self.process(me.pid).who(), false)?;
        self.fs.remove_name(place.dir, &place.name);
        Ok(0)
    }

    /// link(2): a link at the end of the first path is not followed.
    pub(super) fn link(
        &mut self,
        me: Me,
        old: &Ptr<Bytes>,
        new: &Ptr<Bytes>,
    ) -> Result<i64, Errno> {
        let who = self.process(me.pid).who();
        let from = self.at(me, old, false)?;
        let inode = from.inode.ok_or(Errno::ENOENT)?;
        let to = self.free_place(me, new)?;
        if self.fs.apart(&from, &to) {
            return Err(Errno::EXDEV);
        }
        // `protected_hardlinks`: of another's file only what one may read and write.
        let theirs = who.uid != 0 && self.fs.get(inode).uid != who.uid;
        if self.fs.is_dir(inode) || (theirs && !self.fs.allows(inode, who, 6)) {
            return Err(Errno::EPERM);
        }
        if !self.fs.allows(to.dir, who, 3) {
            return Err(Errno::EACCES);
        }
        self.fs.link(to.dir, &to.name, inode);
        Ok(0)
    }

    /// symlink(2)
    pub(super) fn symlink(
        &mut self,
        me: Me,
        target: &Ptr<Bytes>,
        at: &Ptr<Bytes>,
    ) -> Result<i64, Errno> {
        let target = path(target)?.to_vec();
        match target.len() {
            0 => return Err(Errno::ENOENT),
            4096.. => return Err(Errno::ENAMETOOLONG),
            _ => {}
        }
        self.make(me, at, Kind::Link(target), 0o777, 0)
    }

    /// readlink(2)
    pub(super) fn readlink(&mut self, me: Me, at: &Ptr<Bytes>, buf: OutBuf) -> Answer {
        if buf.len as i32 <= 0 {
            return Err(Errno::EINVAL);
        }
        let whole = self.absolute(me, at)?;
        let target = match self.proc_link(me, &whole) {
            Some(target) => target,
            None => {
                let who = self.process(me.pid).who();
                let inode = self.fs.walk(&whole, who, false)?.inode.ok_or(Errno::ENOENT)?;
                let Kind::Link(target) = &self.fs.get(inode).kind else {
                    return Err(Errno::EINVAL);
                };
                target.clone()
            }
        };
        if !buf.ok {
            return Err(Errno::EFAULT);
        }
        let len = target.len().min(buf.len as usize);
        Ok(bytes_reply(target[..len].to_vec()))
    }

    /// A path whose last component is to be made: `EEXIST` where it is there.
    pub(super) fn free_place(&self, me: Me, at: &Ptr<Bytes>) -> Result<Place, Errno> {
        let place = self.at(me, at, false)?;
        if place.inode.is_some() { Err(Errno::EEXIST) } else { Ok(place) }
    }

    /// mkdir(2), mknod(2), symlink(2): a new file of a kind.
    pub(super) fn make(
        &mut self,
        me: Me,
        at: &Ptr<Bytes>,
        kind: Kind,
        mode: u32,
        umask: u32,
    ) -> Result<i64, Errno> {
        let who = self.process(me.pid).who();
        let place = self.free_place(me, at)?;
        // Only a directory may be made under a name that ends in a slash.
        if place.slash && !matches!(kind, Kind::Dir(_)) {
            return Err(Errno::ENOENT);
        }
        if !self.fs.allows(place.dir, who, 3) {
            return Err(Errno::EACCES);
        }
        self.fs.add(place.dir, &place.name, kind, mode & !umask, who);
        Ok(0)
    }

    // ---- owners, permissions, times

    /// The file at a path, or what a descriptor refers to if that is one.
    fn file_at(&self, me: Me, at: &Ptr<Bytes>, follow: bool) -> Result<u64, Errno> {
        self.at(me, at, follow)?.inode.ok_or(Errno::ENOENT)
    }

    /// chmod(2)
    pub(super) fn chmod(&mut self, me: Me, at: &Ptr<Bytes>, mode: u32) -> Result<i64, Errno> {
        let inode = self.file_at(me, at, true)?;
        self.change_mode(me, inode, mode)
    }

    /// fchmod(2)
    pub(super) fn fchmod(&mut self, me: Me, fd: Fd, mode: u32) -> Result<i64, Errno> {
        match self.object(me.pid, fd)?.0 {
            Object::File(inode) => self.change_mode(me, inode, mode),
            // Of sockets and pipes the kernel keeps it, and nobody ever asks.
            object if object.is_socket() || object.is_pipe() => Ok(0),
            Object::Terminal(_) | Object::Queue(_) => Ok(0),
            _ => Err(Errno::EOPNOTSUPP),
        }
    }

    fn change_mode(&mut self, me: Me, inode: u64, mode: u32) -> Result<i64, Errno> {
        let who = self.process(me.pid).who();
        let file = self.fs.get_mut(inode);
        if who.uid != 0 && file.uid != who.uid {
            return Err(Errno::EPERM);
        }
        let group_bit = if who.uid != 0 && file.gid != who.gid { 0o2000 } else { 0 };
        file.mode = mode & 0o7777 & !group_bit;
        self.fs.changed(inode);
        Ok(0)
    }

    /// chown(2), lchown(2)
    pub(super) fn chown(
        &mut self,
        me: Me,
        at: &Ptr<Bytes>,
        owner: (i32, i32),
        follow: bool,
    ) -> Result<i64, Errno> {
        let inode = self.file_at(me, at, follow)?;
        self.change_owner(me, inode, owner)
    }

    /// fchown(2)
    pub(super) fn fchown(&mut self, me: Me, fd: Fd, owner: (i32, i32)) -> Result<i64, Errno> {
        match self.object(me.pid, fd)?.0 {
            Object::File(inode) => self.change_owner(me, inode, owner),
            _ => Ok(0),
        }
    }

    fn change_owner(&mut self, me: Me, inode: u64, owner: (i32, i32)) -> Result<i64, Errno> {
        let who = self.process(me.pid).who();
        let file = self.fs.get_mut(inode);
        let (uid, gid) = (u32::try_from(owner.0).ok(), u32::try_from(owner.1).ok());
        let mine = file.uid == who.uid;
        let gives_away = uid.is_some_and(|uid| !mine || uid != file.uid);
        let regroups = gid.is_some_and(|gid| !mine || (gid != who.gid && gid != file.gid));
        if who.uid != 0 && (gives_away || regroups) {
            return Err(Errno::EPERM);
        }
        (file.uid, file.gid) = (uid.unwrap_or(file.uid), gid.unwrap_or(file.gid));
        // What was set to run as its owner is set no more.
        if !matches!(file.kind, Kind::Dir(_)) && (uid.is_some() || gid.is_some()) {
            file.mode &= !0o4000;
            file.mode &= if file.mode & 0o010 != 0 { !0o2000 } else { !0 };
        }
        self.fs.changed(inode);
        Ok(0)
    }

    /// utimensat(2)
    pub(super) fn utimensat(
        &mut self,
        me: Me,
        fd: Fd,
        at: &Ptr<Bytes>,
        times: Ptr<[Timespec; 2]>,
        flags: i32,
    ) -> Result<i64, Errno> {
        const NOW: i64 = consts::UTIME_NOW as i64;
        const OMIT: i64 = consts::UTIME_OMIT as i64;
        let now = Timespec { sec: 0, nsec: NOW };
        let times = match (times.is_null(), times.value) {
            (true, _) => [now, now],
            (false, None) => return Err(Errno::EFAULT),
            (false, Some(times)) => times,
        };
        if times.iter().all(|time| time.nsec == OMIT) {
            return Ok(0);
        }
        let known = |time: &Timespec| [NOW, OMIT].contains(&time.nsec);
        if !times.iter().all(|time| known(time) || (0..1_000_000_000).contains(&time.nsec)) {
            return Err(Errno::EINVAL);
        }
        if flags & !consts::AT_SYMLINK_NOFOLLOW != 0 {
            return Err(Errno::EINVAL);
        }
        let inode = match at.is_null() {
            true => match self.object(me.pid, fd)?.0 {
                Object::File(inode) => inode,
                _ => return Ok(0),
            },
            false => self.file_at(me, at, flags & consts::AT_SYMLINK_NOFOLLOW == 0)?,
        };
        let who = self.process(me.pid).who();
        let mine = who.uid == 0 || self.fs.get(inode).uid == who.uid;
        let only_now = times.iter().all(|time| time.nsec == NOW);
        match (mine, only_now) {
            (false, true) if !self.fs.allows(inode, who, 2) => return Err(Errno::EACCES),
            (false, false) => return Err(Errno::EPERM),
            _ => {}
        }
        let clock = self.fs.now;
        for (old, new) in self.fs.get_mut(inode).times.iter_mut().zip(times) {
            match new.nsec {
                NOW => *old = clock,
                OMIT => {}
                _ => *old = new,
            }
        }
        self.fs.changed(inode);
        Ok(0)
    }

    // ---- the working directory

    /// chdir(2)
    pub(super) fn chdir(&mut self, me: Me, at: &Ptr<Bytes>) -> Result<i64, Errno> {
        let place = self.at(me, at, true)?;
        let inode = place.inode.ok_or(Errno::ENOENT)?;
        if !self.fs.is_dir(inode) {
            return Err(Errno::ENOTDIR);
        }
        if !self.fs.allows(inode, self.process(me.pid).who(), 1) {
            return Err(Errno::EACCES);
        }
        self.process_mut(me.pid).cwd = place.canonical();
        Ok(0)
    }

    /// fchdir(2)
    pub(super) fn fchdir(&mut self, me: Me, fd: Fd) -> Result<i64, Errno> {
        let Object::File(inode) = self.object(me.pid, fd)?.0 else { return Err(Errno::ENOTDIR) };
        if !self.fs.is_dir(inode) {
            return Err(Errno::ENOTDIR);
        }
        if !self.fs.allows(inode, self.process(me.pid).who(), 1) {
            return Err(Errno::EACCES);
        }
        self.process_mut(me.pid).cwd = self.fs.path_of(inode).ok_or(Errno::ENOENT)?;
        Ok(0)
    }

    /// getcwd(2)
    pub(super) fn getcwd(&mut self, me: Me, buf: OutBuf) -> Answer {
        let mut bytes = self.process(me.pid).cwd.clone();
        self.fs.find(&bytes)?;
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
        let Object::File(inode) = self.object(me.pid, fd)?.0 else { return Err(Errno::EINVAL) };
        match self.fs.get(inode).kind {
            Kind::File { .. } | Kind::Dir(_) => Ok(0),
            _ => Err(Errno::EINVAL),
        }
    }

    /// getdents64(2)
    pub(super) fn getdents64(&mut self, me: Me, fd: Fd, buf: OutBuf) -> Answer {
        let (_, description) = self.description(me.pid, fd)?;
        let (object, offset) = (description.object.clone(), description.offset);
        let Object::File(inode) = object else { return Err(Errno::ENOTDIR) };
        let (bytes, next) = self.fs.dirents(inode, offset, buf.len)?;
        if !buf.ok {
            return Err(Errno::EFAULT);
        }
        self.description_mut(me.pid, fd)?.offset = next;
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
        let len = usize::try_from(buf.len).unwrap_or(usize::MAX);
        let bytes = self.file_bytes(env, inode, offset as u64, len)?;
        if !buf.ok && !bytes.is_empty() { Err(Errno::EFAULT) } else { Ok(bytes_reply(bytes)) }
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
        self.fs.wrote(inode);
        Ok(0)
    }
}
