//! Small files: in memory, by their whole path; loaded from a [`Disk`] when a program first opens
//! them and stored there when they are closed.
//!
//! Missing: links, permissions, directories that are read, files that two programs of the
//! computer change at the same time.

use abi::{Errno, Out, Reply, consts};
use std::collections::BTreeMap;

const S_IFREG: u32 = 0o100_000;
const S_IFDIR: u32 = 0o040_000;
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

struct Inode {
    path: Vec<u8>,
    bytes: Vec<u8>,
    mode: u32,
    /// Has no name any more.
    unlinked: bool,
    changed: bool,
}

/// An open file.
struct Description {
    inode: u64,
    offset: u64,
    flags: i32,
    refs: u32,
}

pub(crate) struct Files {
    disk: Box<dyn Disk>,
    names: BTreeMap<Vec<u8>, u64>,
    inodes: BTreeMap<u64, Inode>,
    open: BTreeMap<u64, Description>,
    next: u64,
}

impl Files {
    pub(crate) fn new(disk: Box<dyn Disk>) -> Files {
        Files {
            disk,
            names: BTreeMap::new(),
            inodes: BTreeMap::new(),
            open: BTreeMap::new(),
            next: 1,
        }
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    fn add(&mut self, path: &[u8], bytes: Vec<u8>, mode: u32) -> u64 {
        let inode = self.number();
        let file = Inode { path: path.to_vec(), bytes, mode, unlinked: false, changed: false };
        self.inodes.insert(inode, file);
        self.names.insert(path.to_vec(), inode);
        inode
    }

    /// The file of a name, from the disk if need be.
    fn find(&mut self, path: &[u8]) -> Result<u64, Errno> {
        if path.is_empty() {
            return Err(Errno::ENOENT);
        }
        if let Some(inode) = self.names.get(path) {
            return Ok(*inode);
        }
        let bytes = match path {
            b"/dev/null" => Vec::new(),
            _ => self.disk.load(path)?,
        };
        Ok(self.add(path, bytes, S_IFREG | 0o644))
    }

    /// `open(2)`: the description.
    pub(crate) fn open(&mut self, path: &[u8], flags: i32, mode: u32) -> Result<u64, Errno> {
        let writes = flags & 3 != consts::O_RDONLY;
        let inode = match self.find(path) {
            Ok(_) if flags & consts::O_CREAT != 0 && flags & consts::O_EXCL != 0 => {
                return Err(Errno::EEXIST);
            }
            Ok(inode) => inode,
            Err(Errno::ENOENT) if flags & consts::O_CREAT != 0 && !path.is_empty() => {
                let inode = self.add(path, Vec::new(), S_IFREG | (mode & 0o777));
                self.changed(inode);
                inode
            }
            Err(errno) => return Err(errno),
        };
        let is_dir = self.inodes.get(&inode).is_some_and(|file| file.mode & S_IFDIR == S_IFDIR);
        if is_dir && writes {
            return Err(Errno::EISDIR);
        }
        if !is_dir && flags & consts::O_DIRECTORY != 0 {
            return Err(Errno::ENOTDIR);
        }
        if writes && flags & consts::O_TRUNC != 0 {
            self.changed(inode);
            self.bytes(inode).clear();
        }
        let description = self.number();
        self.open.insert(description, Description { inode, offset: 0, flags, refs: 0 });
        Ok(description)
    }

    fn bytes(&mut self, inode: u64) -> &mut Vec<u8> {
        &mut self.inodes.get_mut(&inode).expect("a description holds its file").bytes
    }

    fn changed(&mut self, inode: u64) {
        if let Some(file) = self.inodes.get_mut(&inode) {
            file.changed = true;
        }
    }

    pub(crate) fn hold(&mut self, description: u64) {
        if let Some(open) = self.open.get_mut(&description) {
            open.refs += 1;
        }
    }

    /// One reference fewer; what was changed is stored with the last.
    pub(crate) fn close(&mut self, description: u64) {
        let Some(open) = self.open.get_mut(&description) else { return };
        open.refs = open.refs.saturating_sub(1);
        if open.refs > 0 {
            return;
        }
        let inode = open.inode;
        self.open.remove(&description);
        let Some(file) = self.inodes.get_mut(&inode) else { return };
        if std::mem::take(&mut file.changed) && !file.unlinked && file.path != b"/dev/null" {
            // close(2) may say it; programs do not ask. The file stays as it was.
            let _ = self.disk.store(&file.path, &file.bytes);
        }
    }

    /// `read(2)`.
    pub(crate) fn read(&mut self, description: u64, room: u64) -> Result<Vec<u8>, Errno> {
        let open = self.open.get_mut(&description).ok_or(Errno::EBADF)?;
        if open.flags & 3 == consts::O_WRONLY {
            return Err(Errno::EBADF);
        }
        let file = self.inodes.get(&open.inode).ok_or(Errno::EBADF)?;
        if file.mode & S_IFDIR == S_IFDIR {
            return Err(Errno::EISDIR);
        }
        let from = (open.offset.min(file.bytes.len() as u64)) as usize;
        let to = from.saturating_add(room as usize).min(file.bytes.len());
        open.offset += (to - from) as u64;
        Ok(file.bytes[from..to].to_vec())
    }

    /// `write(2)`.
    pub(crate) fn write(&mut self, description: u64, bytes: &[u8]) -> Result<i64, Errno> {
        let open = self.open.get_mut(&description).ok_or(Errno::EBADF)?;
        if open.flags & 3 == consts::O_RDONLY {
            return Err(Errno::EBADF);
        }
        let file = self.inodes.get_mut(&open.inode).ok_or(Errno::EBADF)?;
        if file.path == b"/dev/null" {
            return Ok(bytes.len() as i64);
        }
        if open.flags & consts::O_APPEND != 0 {
            open.offset = file.bytes.len() as u64;
        }
        let end = open.offset.checked_add(bytes.len() as u64).filter(|end| *end <= MAX);
        let (from, end) = (open.offset as usize, end.ok_or(Errno::EFBIG)? as usize);
        if file.bytes.len() < end {
            file.bytes.resize(end, 0);
        }
        file.bytes[from..end].copy_from_slice(bytes);
        file.changed = true;
        open.offset = end as u64;
        Ok(bytes.len() as i64)
    }

    /// `lseek(2)`.
    pub(crate) fn seek(
        &mut self,
        description: u64,
        offset: i64,
        whence: i32,
    ) -> Result<i64, Errno> {
        let open = self.open.get_mut(&description).ok_or(Errno::EBADF)?;
        let len = self.inodes.get(&open.inode).map_or(0, |file| file.bytes.len() as i64);
        let base = match whence {
            consts::SEEK_SET => 0,
            consts::SEEK_CUR => open.offset as i64,
            consts::SEEK_END => len,
            _ => return Err(Errno::EINVAL),
        };
        let at = base.checked_add(offset).ok_or(Errno::EOVERFLOW)?;
        open.offset = u64::try_from(at).map_err(|_| Errno::EINVAL)?;
        Ok(at)
    }

    /// `ftruncate(2)`.
    pub(crate) fn truncate(&mut self, description: u64, length: i64) -> Result<i64, Errno> {
        let open = self.open.get(&description).ok_or(Errno::EBADF)?;
        let length = u64::try_from(length).map_err(|_| Errno::EINVAL)?;
        if open.flags & 3 == consts::O_RDONLY {
            return Err(Errno::EINVAL);
        }
        if length > MAX {
            return Err(Errno::EFBIG);
        }
        let inode = open.inode;
        self.bytes(inode).resize(length as usize, 0);
        self.changed(inode);
        Ok(0)
    }

    /// The flags that `fcntl(F_GETFL)` gives.
    pub(crate) fn flags(&self, description: u64) -> i32 {
        let kept = 3 | consts::O_APPEND | consts::O_NONBLOCK;
        self.open.get(&description).map_or(0, |open| open.flags & kept)
    }

    /// `fstat(2)`.
    pub(crate) fn stat_open(&self, description: u64) -> Reply {
        match self.open.get(&description) {
            Some(open) => self.stat(open.inode),
            None => Reply::err(Errno::EBADF),
        }
    }

    /// `stat(2)`.
    pub(crate) fn stat_path(&mut self, path: &[u8]) -> Reply {
        match self.find(path) {
            Ok(inode) => self.stat(inode),
            Err(errno) => Reply::err(errno),
        }
    }

    fn stat(&self, inode: u64) -> Reply {
        let Some(file) = self.inodes.get(&inode) else { return Reply::err(Errno::ENOENT) };
        let size = file.bytes.len() as i64;
        Reply::with(0, Out::Stat { mode: file.mode, size, inode })
    }

    /// `access(2)`: everything that is there may be read and written.
    pub(crate) fn access(&mut self, path: &[u8]) -> Result<i64, Errno> {
        self.find(path).map(|_| 0)
    }

    /// `mkdir(2)`.
    pub(crate) fn mkdir(&mut self, path: &[u8], mode: u32) -> Result<i64, Errno> {
        match self.find(path) {
            Ok(_) => Err(Errno::EEXIST),
            Err(Errno::ENOENT) => {
                self.add(path, Vec::new(), S_IFDIR | (mode & 0o777));
                Ok(0)
            }
            Err(errno) => Err(errno),
        }
    }

    /// `unlink(2)` of a file that was opened here; `None` leaves the name to the session, whose
    /// Unix sockets have names too.
    pub(crate) fn unlink(&mut self, path: &[u8]) -> Option<Result<i64, Errno>> {
        let inode = self.names.remove(path)?;
        if let Some(file) = self.inodes.get_mut(&inode) {
            file.unlinked = true;
        }
        Some(Ok(0))
    }
}
