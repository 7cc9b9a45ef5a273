//! Files: the simulated kernel's file system in memory, filled from a [`Disk`] when a program
//! first names something that is there, and stored there when a file is closed.
//!
//! Missing: links, times, entries of a directory of the disk that no program has named,
//! files that two programs of the computer change at the same time.

use abi::reply::Stat;
use abi::syscall::FileLock;
use abi::{Bytes, Errno, Out, Pid, Reply, consts};
use cc::SharedMemory;
use sim::DescId;
use sim::kernel::fs::{Fs, Kind, wanted};
use sim::kernel::ipc::Ipc;
use sim::kernel::locks::{Locks, Record, range};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The largest file, bytes.
const MAX: u64 = 64 << 20;

/// Where files outlive the run.
pub trait Disk {
    /// The contents of a file; `ENOENT` if there is none.
    ///
    /// # Errors
    /// What opening it for reading would say.
    fn load(&self, path: &[u8]) -> Result<Vec<u8>, Errno>;

    /// Replaces or makes a file.
    ///
    /// # Errors
    /// What writing it would say.
    fn store(&mut self, path: &[u8], bytes: &[u8]) -> Result<(), Errno>;

    /// What there is of this name, without reading it; `None` also where only `load` knows.
    fn find(&self, _path: &[u8]) -> Option<Found> {
        None
    }

    /// `mkdir(2)`.
    ///
    /// # Errors
    /// Its errno.
    fn mkdir(&mut self, _path: &[u8]) -> Result<(), Errno> {
        Ok(())
    }

    /// `unlink(2)`, or with `dir` `rmdir(2)`.
    ///
    /// # Errors
    /// Its errno.
    fn remove(&mut self, _path: &[u8], _dir: bool) -> Result<(), Errno> {
        Ok(())
    }

    /// `rename(2)`.
    ///
    /// # Errors
    /// Its errno.
    fn rename(&mut self, _old: &[u8], _new: &[u8]) -> Result<(), Errno> {
        Ok(())
    }
}

/// What a disk has of a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    /// What it is.
    pub kind: FoundKind,
    /// Permission bits.
    pub mode: u32,
    /// The owner.
    pub uid: u32,
}

/// Kinds of what a disk has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FoundKind {
    /// Something that [`Disk::load`] reads, or refuses to.
    File,
    /// A directory.
    Dir,
    /// The name of a Unix socket.
    Socket,
}

/// Nothing outlives the run.
impl Disk for () {
    fn load(&self, _: &[u8]) -> Result<Vec<u8>, Errno> {
        Err(Errno::ENOENT)
    }

    fn store(&mut self, _: &[u8], _: &[u8]) -> Result<(), Errno> {
        Ok(())
    }
}

/// What is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Opened {
    /// A file or directory, by inode.
    File(u64),
    /// A POSIX message queue.
    Queue(u32),
}

/// An open file description.
pub(crate) struct Description {
    pub(crate) opened: Opened,
    offset: u64,
    pub(crate) flags: i32,
    refs: u32,
}

/// What `open` came to.
pub(crate) enum Opening {
    /// A description.
    File(u64),
    /// `/dev/tty`.
    Terminal,
    /// A FIFO, by inode.
    Fifo(u64),
}

pub(crate) struct Files {
    disk: Box<dyn Disk>,
    fs: Fs,
    open: BTreeMap<u64, Description>,
    locks: BTreeMap<u64, Locks>,
    /// Where the disk has each file.
    paths: BTreeMap<u64, Vec<u8>>,
    changed: BTreeSet<u64>,
    next: u64,
    /// For `/dev/urandom`.
    random: u64,
}

impl Files {
    pub(crate) fn new(disk: Box<dyn Disk>) -> Files {
        Files {
            disk,
            fs: Fs::new(),
            open: BTreeMap::new(),
            locks: BTreeMap::new(),
            paths: BTreeMap::new(),
            changed: BTreeSet::new(),
            next: 1,
            random: 0,
        }
    }

    /// Unlike from run to run.
    pub(crate) fn seed(&mut self, seed: u64) {
        self.random = seed | 1;
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    // ---- names

    /// Whether what has this name is here only.
    fn is_only_here(path: &[u8]) -> bool {
        path.starts_with(b"/dev/")
    }

    /// Takes over from the disk what it has of this name.
    fn bring(&mut self, path: &[u8]) -> Result<(), Errno> {
        if Files::is_only_here(path) || self.fs.find(path).is_ok() {
            return Ok(());
        }
        let ends = path.iter().enumerate().skip(1).filter(|(_, byte)| **byte == b'/');
        let above: Vec<usize> = ends.map(|(at, _)| at).collect();
        for dir in above.into_iter().map(|end| &path[..end]) {
            if self.fs.find(dir).is_err()
                && let Some(Found { kind: FoundKind::Dir, mode, uid }) = self.disk.find(dir)
            {
                self.fs.create(dir, Kind::Dir(BTreeMap::new()), mode, uid);
            }
        }
        let found = self.disk.find(path);
        let kind = match found.map(|found| found.kind) {
            Some(FoundKind::Dir) => Kind::Dir(BTreeMap::new()),
            Some(FoundKind::Socket) => Kind::Socket,
            Some(FoundKind::File) | None => match self.disk.load(path) {
                Ok(bytes) => Kind::File { bytes: Arc::new(bytes), segment: None },
                Err(Errno::ENOENT | Errno::ENOTDIR) => return Ok(()),
                Err(errno) => return Err(errno),
            },
        };
        let is_file = matches!(kind, Kind::File { .. });
        let (mode, uid) = found.map_or((0o666, 0), |found| (found.mode, found.uid));
        if let Some(inode) = self.fs.create(path, kind, mode, uid)
            && is_file
        {
            self.paths.insert(inode, path.to_vec());
        }
        Ok(())
    }

    /// A session's socket has got this name.
    pub(crate) fn socket_bound(&mut self, path: &[u8], mode: u32, uid: u32) {
        self.fs.create(path, Kind::Socket, mode, uid);
    }

    /// It has lost it.
    pub(crate) fn socket_gone(&mut self, path: &[u8]) {
        if self.is_socket(path) {
            // It is there, and no directory.
            let _ = self.fs.unlink(path);
        }
    }

    fn is_socket(&self, path: &[u8]) -> bool {
        self.fs.find(path).is_ok_and(|inode| self.fs.get(inode).kind == Kind::Socket)
    }

    fn find(&mut self, path: &[u8]) -> Result<u64, Errno> {
        self.bring(path)?;
        self.fs.find(path)
    }

    /// Whether the disk lets this user add a name to the directory.
    fn may_add(&self, path: &[u8], uid: u32) -> bool {
        let end = path.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
        let Some(dir) = self.disk.find(&path[..end.max(1)]) else { return true };
        let bits = if uid == dir.uid { dir.mode >> 6 } else { dir.mode };
        uid == 0 || bits & 3 == 3
    }

    fn is_dir(&self, inode: u64) -> bool {
        matches!(self.fs.get(inode).kind, Kind::Dir(_))
    }

    /// `open(2)`.
    pub(crate) fn open(
        &mut self,
        path: &[u8],
        flags: i32,
        mode: u32,
        uid: u32,
    ) -> Result<Opening, Errno> {
        self.bring(path)?;
        let place = self.fs.place(path)?;
        let both = consts::O_CREAT | consts::O_EXCL;
        let inode = match place.inode {
            Some(_) if flags & both == both => return Err(Errno::EEXIST),
            Some(inode) => inode,
            None if flags & consts::O_CREAT == 0 => return Err(Errno::ENOENT),
            None if place.slash => return Err(Errno::EISDIR),
            None if !self.may_add(path, uid) => return Err(Errno::EACCES),
            None => {
                let kind = Kind::File { bytes: Arc::default(), segment: None };
                let (dir, name) = (place.dir, place.name.to_vec());
                let inode = self.fs.add(dir, &name, kind, mode & 0o7777, uid);
                if !Files::is_only_here(path) {
                    self.paths.insert(inode, path.to_vec());
                }
                self.changed.insert(inode);
                inode
            }
        };
        let truncates = if flags & consts::O_TRUNC != 0 { 2 } else { 0 };
        if !self.fs.allows(inode, uid, wanted(flags) | truncates) && place.inode.is_some() {
            return Err(Errno::EACCES);
        }
        match &mut self.fs.get_mut(inode).kind {
            Kind::Dir(_) if flags & 3 != consts::O_RDONLY || flags & consts::O_CREAT != 0 => {
                return Err(Errno::EISDIR);
            }
            Kind::Tty => return Ok(Opening::Terminal),
            Kind::Socket => return Err(Errno::ENXIO),
            Kind::Fifo(_) if flags & consts::O_DIRECTORY != 0 => return Err(Errno::ENOTDIR),
            Kind::Fifo(_) => return Ok(Opening::Fifo(inode)),
            Kind::File { bytes, .. } if flags & consts::O_TRUNC != 0 => {
                *bytes = Arc::default();
                self.changed.insert(inode);
            }
            _ => {}
        }
        if flags & consts::O_DIRECTORY != 0 && !self.is_dir(inode) {
            return Err(Errno::ENOTDIR);
        }
        self.fs.get_mut(inode).opens += 1;
        Ok(Opening::File(self.describe(Opened::File(inode), flags)))
    }

    /// A new description.
    pub(crate) fn describe(&mut self, opened: Opened, flags: i32) -> u64 {
        let number = self.number();
        self.open.insert(number, Description { opened, offset: 0, flags, refs: 0 });
        number
    }

    /// `stat(2)`.
    pub(crate) fn stat_path(&mut self, path: &[u8], memory: &SharedMemory) -> Result<Reply, Errno> {
        let inode = self.find(path)?;
        Ok(self.stat(inode, memory))
    }

    fn stat(&self, inode: u64, memory: &SharedMemory) -> Reply {
        let size = self.size(inode, memory) as i64;
        Reply::with(0, Out::Stat { stat: self.fs.stat(inode, size) })
    }

    /// `access(2)`.
    pub(crate) fn access(&mut self, path: &[u8], mode: i32, uid: u32) -> Result<i64, Errno> {
        if mode & !7 != 0 {
            return Err(Errno::EINVAL);
        }
        let inode = self.find(path)?;
        if self.fs.allows(inode, uid, mode as u32) { Ok(0) } else { Err(Errno::EACCES) }
    }

    /// `chmod(2)`: of what is here.
    pub(crate) fn chmod(&mut self, path: &[u8], mode: u32) -> Result<i64, Errno> {
        let inode = self.find(path)?;
        self.fs.get_mut(inode).mode = mode & 0o7777;
        Ok(0)
    }

    /// Why a path cannot be executed that names no program of the run.
    pub(crate) fn not_a_program(&mut self, path: &[u8], uid: u32) -> Errno {
        match self.find(path) {
            Err(errno) => errno,
            Ok(inode) if self.is_dir(inode) || !self.fs.allows(inode, uid, 1) => Errno::EACCES,
            Ok(_) => Errno::ENOEXEC,
        }
    }

    /// `mkdir(2)`.
    pub(crate) fn mkdir(&mut self, path: &[u8], mode: u32, uid: u32) -> Result<i64, Errno> {
        self.bring(path)?;
        let place = self.fs.place(path)?;
        if place.inode.is_some() {
            return Err(Errno::EEXIST);
        }
        if !self.may_add(path, uid) {
            return Err(Errno::EACCES);
        }
        if !Files::is_only_here(path) {
            self.disk.mkdir(path)?;
        }
        let (dir, name) = (place.dir, place.name.to_vec());
        self.fs.add(dir, &name, Kind::Dir(BTreeMap::new()), mode & 0o7777, uid);
        Ok(0)
    }

    /// `mkfifo(3)`: of the run only, no file of the disk.
    pub(crate) fn mkfifo(&mut self, path: &[u8], mode: u32, uid: u32) -> Result<i64, Errno> {
        self.bring(path)?;
        let place = self.fs.place(path)?;
        match place.inode {
            Some(_) => return Err(Errno::EEXIST),
            None if place.slash => return Err(Errno::ENOENT),
            None if !self.may_add(path, uid) => return Err(Errno::EACCES),
            None => {}
        }
        let (dir, name) = (place.dir, place.name.to_vec());
        self.fs.add(dir, &name, Kind::Fifo(None), mode & 0o7777, uid);
        Ok(0)
    }

    /// The FIFO of this name.
    pub(crate) fn fifo(&self, path: &[u8]) -> Option<u64> {
        let inode = self.fs.find(path).ok()?;
        matches!(self.fs.get(inode).kind, Kind::Fifo(_)).then_some(inode)
    }

    /// `st_mode`.
    pub(crate) fn mode_of(&self, inode: u64) -> u32 {
        self.fs.get(inode).st_mode()
    }

    /// `rmdir(2)`.
    pub(crate) fn rmdir(&mut self, path: &[u8]) -> Result<i64, Errno> {
        self.bring(path)?;
        let place = self.fs.place(path)?;
        let inode = place.inode.ok_or(Errno::ENOENT)?;
        match &self.fs.get(inode).kind {
            Kind::Dir(_) if place.name == b"." => return Err(Errno::EINVAL),
            Kind::Dir(entries) if !entries.is_empty() => return Err(Errno::ENOTEMPTY),
            Kind::Dir(_) => {}
            _ => return Err(Errno::ENOTDIR),
        }
        if !Files::is_only_here(path) {
            self.disk.remove(path, true)?;
        }
        let (dir, name) = (place.dir, place.name.to_vec());
        self.fs.remove_name(dir, &name);
        Ok(0)
    }

    /// `unlink(2)` of what a program has named before; `None` leaves the name to the session,
    /// whose Unix sockets have names too.
    pub(crate) fn unlink(&mut self, path: &[u8]) -> Option<Result<i64, Errno>> {
        let inode = self.fs.find(path).ok().filter(|_| !self.is_socket(path))?;
        if self.is_dir(inode) {
            return Some(Err(Errno::EISDIR));
        }
        if let Some(path) = self.paths.remove(&inode) {
            match self.disk.remove(&path, false) {
                // It may not have been stored yet.
                Ok(()) | Err(Errno::ENOENT) => {}
                Err(errno) => return Some(Err(errno)),
            }
        }
        Some(self.fs.unlink(path).map(|_| 0))
    }

    /// `rename(2)`.
    pub(crate) fn rename(
        &mut self,
        old: &[u8],
        new: &[u8],
        memory: &SharedMemory,
    ) -> Result<i64, Errno> {
        self.bring(old)?;
        self.bring(new)?;
        let from = self.fs.place(old)?;
        let inode = from.inode.ok_or(Errno::ENOENT)?;
        let to = self.fs.place(new)?;
        let moves_dir = self.is_dir(inode);
        let (from_dir, from_name) = (from.dir, from.name.to_vec());
        let (to_dir, to_name) = (to.dir, to.name.to_vec());
        match to.inode {
            Some(there) if there == inode => return Ok(0),
            Some(there) => match &self.fs.get(there).kind {
                Kind::Dir(_) if !moves_dir => return Err(Errno::EISDIR),
                Kind::Dir(entries) if !entries.is_empty() => return Err(Errno::ENOTEMPTY),
                Kind::Dir(_) => {}
                _ if moves_dir => return Err(Errno::ENOTDIR),
                _ => {}
            },
            None if to.slash && !moves_dir => return Err(Errno::ENOTDIR),
            None => {}
        }
        self.store(inode, memory);
        if moves_dir || self.paths.contains_key(&inode) {
            self.disk.rename(old, new)?;
        }
        self.fs.remove_name(to_dir, &to_name);
        if let Kind::Dir(entries) = &mut self.fs.get_mut(from_dir).kind {
            entries.remove(&from_name);
        }
        if let Kind::Dir(entries) = &mut self.fs.get_mut(to_dir).kind {
            entries.insert(to_name, inode);
        }
        for path in self.paths.values_mut() {
            match path.strip_prefix(old) {
                Some([]) => *path = new.to_vec(),
                Some(below @ [b'/', ..]) => *path = [new, below].concat(),
                _ => {}
            }
        }
        Ok(0)
    }

    /// Whether a process may make this its working directory, `chdir(2)`.
    pub(crate) fn check_dir(&mut self, path: &[u8]) -> Result<(), Errno> {
        let inode = self.find(path)?;
        if self.is_dir(inode) { Ok(()) } else { Err(Errno::ENOTDIR) }
    }

    /// `truncate(2)`.
    pub(crate) fn truncate_path(
        &mut self,
        path: &[u8],
        length: i64,
        uid: u32,
        memory: &mut SharedMemory,
    ) -> Result<i64, Errno> {
        if length < 0 {
            return Err(Errno::EINVAL);
        }
        let inode = self.find(path)?;
        if self.is_dir(inode) {
            return Err(Errno::EISDIR);
        }
        if !self.fs.allows(inode, uid, 2) {
            return Err(Errno::EACCES);
        }
        let ret = self.resize(inode, length, memory);
        self.store(inode, memory);
        ret
    }

    // ---- descriptions

    pub(crate) fn get(&self, description: u64) -> Result<&Description, Errno> {
        self.open.get(&description).ok_or(Errno::EBADF)
    }

    pub(crate) fn hold(&mut self, description: u64) {
        if let Some(open) = self.open.get_mut(&description) {
            open.refs += 1;
        }
    }

    /// One reference fewer; with the last, what was changed is stored. What was open, if it was
    /// the last.
    pub(crate) fn close(&mut self, description: u64, memory: &SharedMemory) -> Option<Opened> {
        let open = self.open.get_mut(&description)?;
        open.refs = open.refs.saturating_sub(1);
        if open.refs > 0 {
            return None;
        }
        let opened = self.open.remove(&description)?.opened;
        if let Opened::File(inode) = opened {
            self.store(inode, memory);
            self.fs.release(inode);
        }
        Some(opened)
    }

    /// Whether somebody has this queue open.
    pub(crate) fn has_open(&self, queue: u32) -> bool {
        self.open.values().any(|open| open.opened == Opened::Queue(queue))
    }

    fn store(&mut self, inode: u64, memory: &SharedMemory) {
        let mapped = matches!(self.fs.get(inode).kind, Kind::File { segment: Some(_), .. });
        if !self.changed.remove(&inode) && !mapped {
            return;
        }
        let Some(path) = self.paths.get(&inode).cloned() else { return };
        let bytes = self.bytes(inode, 0, MAX, memory);
        // close(2) may say it; programs do not ask. The file stays as it was.
        let _ = self.disk.store(&path, &bytes);
    }

    fn size(&self, inode: u64, memory: &SharedMemory) -> u64 {
        match &self.fs.get(inode).kind {
            Kind::File { bytes, segment } => {
                segment.and_then(|segment| memory.len(segment)).unwrap_or(bytes.len() as u64)
            }
            _ => 0,
        }
    }

    fn bytes(&self, inode: u64, offset: u64, len: u64, memory: &SharedMemory) -> Vec<u8> {
        let Kind::File { bytes, segment } = &self.fs.get(inode).kind else { return Vec::new() };
        let whole = match segment.and_then(|s| memory.read(s, 0, memory.len(s)?)) {
            Some(whole) => whole,
            None => bytes.as_slice(),
        };
        let from = (offset as usize).min(whole.len());
        let to = from.saturating_add(len as usize).min(whole.len());
        whole[from..to].to_vec()
    }

    fn resize(&mut self, inode: u64, length: i64, memory: &mut SharedMemory) -> Result<i64, Errno> {
        let length = u64::try_from(length).map_err(|_| Errno::EINVAL)?;
        if length > MAX {
            return Err(Errno::EFBIG);
        }
        let Kind::File { bytes, segment } = &mut self.fs.get_mut(inode).kind else {
            return Err(Errno::EINVAL);
        };
        match *segment {
            Some(segment) => memory.resize(segment, length),
            None => Arc::make_mut(bytes).resize(length as usize, 0),
        }
        self.changed.insert(inode);
        Ok(0)
    }

    fn file(&self, description: u64, forbidden: i32) -> Result<(u64, u64, i32), Errno> {
        let open = self.get(description)?;
        let Opened::File(inode) = open.opened else { return Err(Errno::EBADF) };
        if open.flags & 3 == forbidden {
            return Err(Errno::EBADF);
        }
        Ok((inode, open.offset, open.flags))
    }

    /// What `read` finds at an offset.
    fn read_at(
        &mut self,
        inode: u64,
        offset: u64,
        room: u64,
        memory: &SharedMemory,
    ) -> Result<Vec<u8>, Errno> {
        match &self.fs.get(inode).kind {
            Kind::Dir(_) => Err(Errno::EISDIR),
            Kind::Zero => Ok(vec![0; room.min(1 << 20) as usize]),
            Kind::Random => Ok((0..room.min(1 << 20)).map(|_| self.random_byte()).collect()),
            _ => Ok(self.bytes(inode, offset, room, memory)),
        }
    }

    /// xorshift64: what is read here protects nothing.
    fn random_byte(&mut self) -> u8 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 32) as u8
    }

    /// `read(2)`.
    pub(crate) fn read(
        &mut self,
        description: u64,
        room: u64,
        memory: &SharedMemory,
    ) -> Result<Vec<u8>, Errno> {
        let (inode, offset, _) = self.file(description, consts::O_WRONLY)?;
        let bytes = self.read_at(inode, offset, room, memory)?;
        if let Some(open) = self.open.get_mut(&description) {
            open.offset += bytes.len() as u64;
        }
        Ok(bytes)
    }

    /// `pread(2)`.
    pub(crate) fn pread(
        &mut self,
        description: u64,
        room: u64,
        offset: i64,
        memory: &SharedMemory,
    ) -> Result<Vec<u8>, Errno> {
        let offset = u64::try_from(offset).map_err(|_| Errno::EINVAL)?;
        let (inode, ..) = self.file(description, consts::O_WRONLY)?;
        self.read_at(inode, offset, room, memory)
    }

    /// `write(2)`, or with an offset `pwrite(2)`.
    pub(crate) fn write(
        &mut self,
        description: u64,
        bytes: &[u8],
        offset: Option<i64>,
        memory: &mut SharedMemory,
    ) -> Result<i64, Errno> {
        let at = offset.map(|at| u64::try_from(at).map_err(|_| Errno::EINVAL)).transpose()?;
        let (inode, here, flags) = self.file(description, consts::O_RDONLY)?;
        let mut from = at.unwrap_or(here);
        // With O_APPEND pwrite appends too (`pwrite(2)`, BUGS).
        if flags & consts::O_APPEND != 0 {
            from = self.size(inode, memory);
        }
        let end = from.checked_add(bytes.len() as u64).filter(|end| *end <= MAX);
        let end = end.ok_or(Errno::EFBIG)?;
        let longer = end > self.size(inode, memory);
        if let Kind::File { bytes: contents, segment } = &mut self.fs.get_mut(inode).kind {
            match *segment {
                Some(segment) => {
                    if longer {
                        memory.resize(segment, end);
                    }
                    memory.write(segment, from, bytes);
                }
                None => {
                    let contents = Arc::make_mut(contents);
                    if longer {
                        contents.resize(end as usize, 0);
                    }
                    contents[from as usize..end as usize].copy_from_slice(bytes);
                }
            }
            self.changed.insert(inode);
        }
        if let Some(open) = self.open.get_mut(&description).filter(|_| offset.is_none()) {
            open.offset = end;
        }
        Ok(bytes.len() as i64)
    }

    /// `lseek(2)`.
    pub(crate) fn seek(
        &mut self,
        description: u64,
        offset: i64,
        whence: i32,
        memory: &SharedMemory,
    ) -> Result<i64, Errno> {
        let open = self.get(description)?;
        let Opened::File(inode) = open.opened else { return Err(Errno::ESPIPE) };
        let base = match whence {
            consts::SEEK_SET => 0,
            consts::SEEK_CUR => open.offset as i64,
            consts::SEEK_END => self.size(inode, memory) as i64,
            3 | 4 => return Err(Errno::ENXIO),
            _ => return Err(Errno::EINVAL),
        };
        let at = base.checked_add(offset).ok_or(Errno::EOVERFLOW)?;
        let new = u64::try_from(at).map_err(|_| Errno::EINVAL)?;
        if let Some(open) = self.open.get_mut(&description) {
            open.offset = new;
        }
        Ok(at)
    }

    /// `ftruncate(2)`.
    pub(crate) fn truncate(
        &mut self,
        description: u64,
        length: i64,
        memory: &mut SharedMemory,
    ) -> Result<i64, Errno> {
        let open = self.get(description)?;
        let Opened::File(inode) = open.opened else { return Err(Errno::EINVAL) };
        if length < 0 || open.flags & 3 == consts::O_RDONLY {
            return Err(Errno::EINVAL);
        }
        self.resize(inode, length, memory)
    }

    /// The flags that `fcntl(F_GETFL)` gives.
    pub(crate) fn flags(&self, description: u64) -> i32 {
        // O_LARGEFILE (0100000) is always set on x86-64 and never shown by glibc's name.
        let kept = 3 | consts::O_APPEND | consts::O_NONBLOCK | consts::O_DIRECTORY;
        self.open.get(&description).map_or(0, |open| (open.flags & kept) | 0o100_000)
    }

    /// `fcntl(F_SETFL)`.
    pub(crate) fn set_flags(&mut self, description: u64, flags: i32) {
        let settable = consts::O_APPEND | consts::O_NONBLOCK;
        if let Some(open) = self.open.get_mut(&description) {
            open.flags = open.flags & !settable | flags & settable;
        }
    }

    /// `fstat(2)`.
    pub(crate) fn stat_open(&self, description: u64, memory: &SharedMemory) -> Reply {
        match self.get(description).map(|open| open.opened) {
            Ok(Opened::File(inode)) => self.stat(inode, memory),
            Ok(Opened::Queue(id)) => {
                let (mode, inode) = (0o100_600, id.into());
                let stat = Stat { mode, size: 80, inode, links: 1, ..Stat::default() };
                Reply::with(0, Out::Stat { stat })
            }
            Err(errno) => Reply::err(errno),
        }
    }

    /// `getdents64(2)`: whole `struct linux_dirent64`s.
    pub(crate) fn getdents(&mut self, description: u64, room: u64) -> Result<Vec<u8>, Errno> {
        let open = self.get(description)?;
        let Opened::File(inode) = open.opened else { return Err(Errno::ENOTDIR) };
        let offset = open.offset;
        let (bytes, next) = self.fs.dirents(inode, offset, room)?;
        if let Some(open) = self.open.get_mut(&description) {
            open.offset = next;
        }
        Ok(bytes)
    }

    /// A copy of a file's bytes, for a private mapping.
    pub(crate) fn part(
        &self,
        description: u64,
        offset: u64,
        len: u64,
        memory: &SharedMemory,
    ) -> Result<Vec<u8>, Errno> {
        let Opened::File(inode) = self.get(description)?.opened else { return Err(Errno::ENODEV) };
        match self.fs.get(inode).kind {
            Kind::File { .. } => Ok(self.bytes(inode, offset, len, memory)),
            _ => Err(Errno::ENODEV),
        }
    }

    /// The shared segment that holds a file's contents from its first mapping on.
    pub(crate) fn segment(
        &mut self,
        description: u64,
        ipc: &mut Ipc,
        memory: &mut SharedMemory,
    ) -> Result<u32, Errno> {
        let Opened::File(inode) = self.get(description)?.opened else { return Err(Errno::ENODEV) };
        let Kind::File { bytes, segment } = &mut self.fs.get_mut(inode).kind else {
            return Err(Errno::ENODEV);
        };
        if let Some(segment) = *segment {
            return Ok(segment);
        }
        let contents = Arc::clone(bytes);
        let new = ipc.new_segment();
        *segment = Some(new);
        memory.resize(new, contents.len() as u64);
        memory.write(new, 0, &contents);
        // The file itself holds its segment until the run ends.
        ipc.hold_segment(new);
        Ok(new)
    }

    // ---- locks

    /// `flock(2)`: `None` has to wait. The inode whose locks have changed.
    pub(crate) fn flock(
        &mut self,
        description: u64,
        operation: i32,
    ) -> Result<(Option<i64>, u64), Errno> {
        let kind = operation & !consts::LOCK_NB;
        if ![consts::LOCK_SH, consts::LOCK_EX, consts::LOCK_UN].contains(&kind) {
            return Err(Errno::EINVAL);
        }
        let Opened::File(inode) = self.get(description)?.opened else { return Ok((Some(0), 0)) };
        let id = DescId(u32::try_from(description).unwrap_or(u32::MAX));
        let locks = self.locks.entry(inode).or_default();
        if kind == consts::LOCK_UN {
            locks.whole.remove(&id);
            return Ok((Some(0), inode));
        }
        let exclusive = kind == consts::LOCK_EX;
        if locks.whole.iter().any(|(other, held)| *other != id && (*held || exclusive)) {
            // Another kind of lock is asked for: the old one is given up first.
            if locks.whole.get(&id).is_some_and(|held| *held != exclusive) {
                locks.whole.remove(&id);
            }
            let waits = operation & consts::LOCK_NB == 0;
            return if waits { Ok((None, inode)) } else { Err(Errno::EAGAIN) };
        }
        locks.whole.insert(id, exclusive);
        Ok((Some(0), inode))
    }

    /// `fcntl(2)` with a lock: `None` has to wait. The inode whose locks may have changed.
    pub(crate) fn lock(
        &mut self,
        pid: Pid,
        description: u64,
        cmd: i32,
        asked: FileLock,
        memory: &SharedMemory,
    ) -> Result<(Option<Reply>, u64), Errno> {
        let open = self.get(description)?;
        let (opened, access, at) = (open.opened, open.flags & 3, open.offset as i64);
        let kind = i32::from(asked.kind);
        if !(consts::F_RDLCK..=consts::F_UNLCK).contains(&kind) {
            return Err(Errno::EINVAL);
        }
        let Opened::File(inode) = opened else { return Ok((Some(Reply::ok(0)), 0)) };
        let (start, end) = range(&asked, at, self.size(inode, memory) as i64)?;
        if cmd == consts::F_GETLK {
            if kind == consts::F_UNLCK {
                return Err(Errno::EINVAL);
            }
        } else if (kind == consts::F_RDLCK && access == consts::O_WRONLY)
            || (kind == consts::F_WRLCK && access == consts::O_RDONLY)
        {
            return Err(Errno::EBADF);
        }
        let wanted = Record { pid, exclusive: kind == consts::F_WRLCK, start, end };
        let locks = self.locks.entry(inode).or_default();
        let conflict =
            if kind == consts::F_UNLCK { None } else { locks.conflict(&wanted).copied() };
        if cmd == consts::F_GETLK {
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
            return Ok((Some(Reply::with(0, Out::Lock { lock })), 0));
        }
        if conflict.is_some() {
            return if cmd == consts::F_SETLK { Err(Errno::EAGAIN) } else { Ok((None, inode)) };
        }
        locks.replace(pid, start, end, (kind != consts::F_UNLCK).then_some(wanted.exclusive));
        Ok((Some(Reply::ok(0)), inode))
    }

    /// Who holds record locks of a file.
    pub(crate) fn lock_holders(&self, inode: u64) -> Vec<Pid> {
        let locks = self.locks.get(&inode);
        locks.into_iter().flat_map(|locks| locks.records.iter().map(|record| record.pid)).collect()
    }

    /// A process has closed a descriptor of a file: all its record locks of it are gone; and if
    /// the description is gone too, its `flock`. The inode, if there were locks.
    pub(crate) fn drop_locks(&mut self, description: u64, pid: Pid) -> Option<u64> {
        let open = self.open.get(&description)?;
        let Opened::File(inode) = open.opened else { return None };
        let is_last = open.refs <= 1;
        let locks = self.locks.get_mut(&inode)?;
        locks.records.retain(|record| record.pid != pid);
        if is_last {
            locks.whole.remove(&DescId(u32::try_from(description).unwrap_or(u32::MAX)));
        }
        Some(inode)
    }
}

/// A path as seen from the root, without `.` and `..`; a slash at the end stays.
pub(crate) fn absolute(cwd: &[u8], given: &[u8]) -> Vec<u8> {
    if given.is_empty() {
        return Vec::new();
    }
    let whole = match given.first() {
        Some(b'/') => given.to_vec(),
        _ => [cwd, b"/", given].concat(),
    };
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in whole.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let mut path = vec![b'/'];
    path.extend(parts.join(&b'/'));
    if given.ends_with(b"/") && path.len() > 1 {
        path.push(b'/');
    }
    path
}

/// What a call gives that reads.
pub(crate) fn bytes_reply(bytes: Vec<u8>) -> Reply {
    Reply::with(bytes.len() as i64, Out::Bytes { bytes: Bytes(bytes) })
}
