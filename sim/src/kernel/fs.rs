//! A small file system in memory: directories, files, FIFOs, socket files, a few devices.
//!
//! Missing: links, users other than root and one other, times; a directory lists its names in
//! alphabetical order.

use abi::{Errno, consts};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The root's inode.
const ROOT: u64 = 1;
/// `S_IFMT` values of `stat(2)`.
const S_IFIFO: u32 = 0o010_000;
const S_IFCHR: u32 = 0o020_000;
const S_IFDIR: u32 = 0o040_000;
const S_IFREG: u32 = 0o100_000;
const S_IFSOCK: u32 = 0o140_000;

/// Where a user's programs begin, as `getpwuid(3)` knows it.
pub(crate) fn home(uid: u32) -> &'static str {
    match uid {
        0 => "/root",
        _ => "/home/user",
    }
}

/// The file system of a host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fs {
    /// By number.
    pub inodes: BTreeMap<u64, Inode>,
    next: u64,
}

/// A file of any kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inode {
    /// What it is.
    pub kind: Kind,
    /// Permission bits.
    pub mode: u32,
    /// The owner.
    pub uid: u32,
    /// Names.
    pub links: u32,
    /// Open descriptions.
    pub opens: u32,
}

/// Kinds of files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A directory.
    Dir(BTreeMap<Vec<u8>, u64>),
    /// A file; once it is mapped, its bytes live in that shared segment.
    File {
        /// The contents.
        bytes: Arc<Vec<u8>>,
        /// The shared segment.
        segment: Option<u32>,
    },
    /// A FIFO; while it is open, its pipe.
    Fifo(Option<u32>),
    /// The name of a Unix socket.
    Socket,
    /// `/dev/null`.
    Null,
    /// `/dev/zero`.
    Zero,
    /// `/dev/urandom`.
    Random,
    /// `/dev/tty`.
    Tty,
}

/// Where a path leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place<'a> {
    /// The directory that holds (or would hold) the last component.
    pub dir: u64,
    /// The last component.
    pub name: &'a [u8],
    /// The file, if it exists.
    pub inode: Option<u64>,
    /// Whether the path ended in a slash.
    pub slash: bool,
}

impl Default for Fs {
    fn default() -> Fs {
        Fs::new()
    }
}

impl Fs {
    /// Directories that every system has, and the devices.
    pub fn new() -> Fs {
        let root =
            Inode { kind: Kind::Dir(BTreeMap::new()), mode: 0o755, uid: 0, links: 1, opens: 0 };
        let mut fs = Fs { inodes: [(ROOT, root)].into(), next: ROOT + 1 };
        let dir = || Kind::Dir(BTreeMap::new());
        for (path, mode) in [
            ("/tmp", 0o1777),
            ("/dev", 0o755),
            ("/dev/shm", 0o1777),
            ("/bin", 0o755),
            ("/etc", 0o755),
            ("/home", 0o755),
            ("/run", 0o755),
            ("/usr", 0o755),
        ] {
            fs.create(path.as_bytes(), dir(), mode, 0);
        }
        fs.install_commands();
        for uid in [0, crate::scenario::USER] {
            fs.create(home(uid).as_bytes(), dir(), 0o755, uid);
        }
        for (path, kind) in [
            ("/dev/null", Kind::Null),
            ("/dev/zero", Kind::Zero),
            ("/dev/urandom", Kind::Random),
            ("/dev/random", Kind::Random),
            ("/dev/tty", Kind::Tty),
        ] {
            fs.create(path.as_bytes(), kind, 0o666, 0);
        }
        fs
    }

    /// The names of the commands, all of one file that has no bytes (`cc::commands` has the
    /// programs); `/usr/bin` is `/bin`.
    fn install_commands(&mut self) {
        let kind = Kind::File { bytes: Arc::default(), segment: None };
        let file = self.create(b"/bin/sh", kind, 0o755, 0);
        let bin = self.find(b"/bin").ok();
        for (dir, name, inode) in cc::commands::names().map(|name| (bin, name, file)).chain([(
            self.find(b"/usr").ok(),
            "bin",
            bin,
        )]) {
            let (Some(dir), Some(inode)) = (dir, inode) else { continue };
            if let Some(Inode { kind: Kind::Dir(names), .. }) = self.inodes.get_mut(&dir) {
                names.insert(name.as_bytes().to_vec(), inode);
            }
        }
    }

    /// Creates a file where nothing is; the inode, or `None` if the place is taken or missing.
    pub fn create(&mut self, path: &[u8], kind: Kind, mode: u32, uid: u32) -> Option<u64> {
        let place = self.place(path).ok()?;
        if place.inode.is_some() {
            return None;
        }
        Some(self.add(place.dir, place.name, kind, mode, uid))
    }

    /// Adds a name to a directory.
    pub fn add(&mut self, dir: u64, name: &[u8], kind: Kind, mode: u32, uid: u32) -> u64 {
        let number = self.next;
        self.next += 1;
        self.inodes.insert(number, Inode { kind, mode, uid, links: 1, opens: 0 });
        if let Some(Inode { kind: Kind::Dir(entries), .. }) = self.inodes.get_mut(&dir) {
            entries.insert(name.to_vec(), number);
        }
        number
    }

    /// Follows a path, from `/` (every process's working directory).
    pub fn place<'a>(&self, path: &'a [u8]) -> Result<Place<'a>, Errno> {
        if path.is_empty() {
            return Err(Errno::ENOENT);
        }
        if path.len() >= 4096 {
            return Err(Errno::ENAMETOOLONG);
        }
        let slash = path.len() > 1 && path.ends_with(b"/");
        let parts: Vec<&[u8]> =
            path.split(|b| *b == b'/').filter(|part| !part.is_empty() && *part != b".").collect();
        let mut dirs = vec![ROOT];
        let mut place = Place { dir: ROOT, name: b".", inode: Some(ROOT), slash };
        for (i, part) in parts.iter().enumerate() {
            let dir = *dirs.last().expect("the root stays");
            let Some(Inode { kind: Kind::Dir(entries), .. }) = self.inodes.get(&dir) else {
                return Err(Errno::ENOTDIR);
            };
            if part.len() > 255 {
                return Err(Errno::ENAMETOOLONG);
            }
            let found = if *part == b".." {
                if dirs.len() > 1 {
                    dirs.pop();
                }
                dirs.last().copied()
            } else {
                entries.get(*part).copied()
            };
            place = Place { dir, name: part, inode: found, slash };
            match found {
                Some(inode) if *part != b".." => dirs.push(inode),
                Some(_) => {}
                None if i + 1 < parts.len() => return Err(Errno::ENOENT),
                None => {}
            }
        }
        if slash && place.inode.is_some_and(|i| !matches!(self.inodes[&i].kind, Kind::Dir(_))) {
            return Err(Errno::ENOTDIR);
        }
        Ok(place)
    }

    /// The file at a path.
    pub fn find(&self, path: &[u8]) -> Result<u64, Errno> {
        self.place(path)?.inode.ok_or(Errno::ENOENT)
    }

    /// The file with this number.
    pub fn get(&self, inode: u64) -> &Inode {
        self.inodes.get(&inode).expect("inodes live as long as names and descriptions")
    }

    /// The file with this number, to be changed.
    pub fn get_mut(&mut self, inode: u64) -> &mut Inode {
        self.inodes.get_mut(&inode).expect("inodes live as long as names and descriptions")
    }

    /// Whether `uid` may use a file as `wanted` (4 read, 2 write, 1 execute) says.
    pub fn allows(&self, inode: u64, uid: u32, wanted: u32) -> bool {
        let file = self.get(inode);
        let bits = if uid == file.uid { file.mode >> 6 } else { file.mode };
        uid == 0 || bits & wanted == wanted
    }

    /// Removes a name, `unlink(2)`.
    pub fn unlink(&mut self, path: &[u8]) -> Result<Option<u32>, Errno> {
        let place = self.place(path)?;
        let inode = place.inode.ok_or(Errno::ENOENT)?;
        if matches!(self.get(inode).kind, Kind::Dir(_)) {
            return Err(Errno::EISDIR);
        }
        let name = place.name.to_vec();
        if let Kind::Dir(entries) = &mut self.get_mut(place.dir).kind {
            entries.remove(&name);
        }
        self.get_mut(inode).links -= 1;
        Ok(self.collect(inode))
    }

    /// Takes a name out of a directory, whatever it names.
    pub fn remove_name(&mut self, dir: u64, name: &[u8]) {
        let Kind::Dir(entries) = &mut self.get_mut(dir).kind else { return };
        let Some(inode) = entries.remove(name) else { return };
        self.get_mut(inode).links -= 1;
        self.collect(inode);
    }

    /// A description of the file is gone; the shared segment that is free now.
    pub fn release(&mut self, inode: u64) -> Option<u32> {
        self.get_mut(inode).opens -= 1;
        self.collect(inode)
    }

    fn collect(&mut self, inode: u64) -> Option<u32> {
        let file = self.get(inode);
        if file.links > 0 || file.opens > 0 {
            return None;
        }
        match self.inodes.remove(&inode)?.kind {
            // A segment may be mapped still; it is freed by the last munmap.
            Kind::File { .. } | Kind::Dir(_) | Kind::Fifo(_) | Kind::Socket => None,
            Kind::Null | Kind::Zero | Kind::Random | Kind::Tty => None,
        }
    }

    /// A FIFO's pipe is gone because nobody has it open.
    pub fn forget_pipe(&mut self, pipe: u32) {
        for inode in self.inodes.values_mut() {
            if inode.kind == Kind::Fifo(Some(pipe)) {
                inode.kind = Kind::Fifo(None);
            }
        }
    }
}

impl Inode {
    /// `st_mode`.
    pub fn st_mode(&self) -> u32 {
        self.mode
            | match self.kind {
                Kind::Dir(_) => S_IFDIR,
                Kind::File { .. } => S_IFREG,
                Kind::Fifo(_) => S_IFIFO,
                Kind::Socket => S_IFSOCK,
                Kind::Null | Kind::Zero | Kind::Random | Kind::Tty => S_IFCHR,
            }
    }
}

/// Access bits (4, 2) that `open` flags ask for.
pub fn wanted(flags: i32) -> u32 {
    match flags & 3 {
        consts::O_RDONLY => 4,
        consts::O_WRONLY => 2,
        _ => 6,
    }
}
