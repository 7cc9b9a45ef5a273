//! A small file system in memory: directories, files, links, FIFOs, socket files, a few devices.
//! See `path_resolution(7)`, `inode(7)`.
//!
//! Missing: groups other than the process's own, the time of the last access; a directory lists its
//! names in alphabetical order.

use abi::reply::Stat;
use abi::syscall::Timespec;
use abi::{Errno, consts};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// The root's inode.
const ROOT: u64 = 1;
/// `S_IFMT` values of `stat(2)`.
const S_IFIFO: u32 = 0o010_000;
const S_IFCHR: u32 = 0o020_000;
const S_IFDIR: u32 = 0o040_000;
const S_IFREG: u32 = 0o100_000;
const S_IFLNK: u32 = 0o120_000;
const S_IFSOCK: u32 = 0o140_000;
/// Of a directory: only its owner and a file's may remove the file (`S_ISVTX`).
const STICKY: u32 = 0o1000;
/// `PATH_MAX`, the NUL included; `NAME_MAX`; `MAXSYMLINKS`.
const PATH_MAX: usize = 4096;
const NAME_MAX: usize = 255;
const LINKS_MAX: u32 = 40;

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
    /// What the wall clock shows: the times of what changes now.
    pub now: Timespec,
    /// Directories where other file systems begin: nothing is renamed or linked across.
    mounts: Vec<u64>,
    next: u64,
}

/// Who asks: the effective user and group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Who {
    /// 0 may nearly everything.
    pub uid: u32,
    /// The group.
    pub gid: u32,
}

impl From<u32> for Who {
    /// A user in the group of its own number.
    fn from(uid: u32) -> Who {
        Who { uid, gid: uid }
    }
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
    /// The group.
    pub gid: u32,
    /// When it was last read as far as anybody said so, written, and changed in any way.
    pub times: [Timespec; 3],
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
    /// A symbolic link.
    Link(Vec<u8>),
    /// `/dev/null`.
    Null,
    /// `/dev/zero`.
    Zero,
    /// `/dev/full`.
    Full,
    /// `/dev/urandom`.
    Random,
    /// `/dev/tty`.
    Tty,
}

/// Where a path leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The directory that holds (or would hold) the last component.
    pub dir: u64,
    /// The last component.
    pub name: Vec<u8>,
    /// The file, if it exists.
    pub inode: Option<u64>,
    /// Whether the path ended in a slash.
    pub slash: bool,
    /// The directories above the last component and itself, from the root, with their names.
    chain: Vec<(u64, Vec<u8>)>,
}

impl Place {
    /// Whether the last component is no name of its own: `.`, `..`, `/`.
    pub fn is_special(&self) -> bool {
        self.name == b"." || self.name == b".." || self.name == b"/"
    }

    /// The path without links and dots.
    pub fn canonical(&self) -> Vec<u8> {
        let names: Vec<&[u8]> = self.chain.iter().skip(1).map(|(_, name)| &name[..]).collect();
        [&b"/"[..], &names.join(&b'/')].concat()
    }

    /// Whether it lies in the directory `inode`.
    pub fn is_below(&self, inode: u64) -> bool {
        self.chain.iter().any(|(above, _)| *above == inode)
    }
}

impl Default for Fs {
    fn default() -> Fs {
        Fs::new()
    }
}

impl Fs {
    /// Directories that every system has, and the devices.
    pub fn new() -> Fs {
        let mut fs = Fs {
            inodes: BTreeMap::new(),
            now: Timespec::default(),
            mounts: Vec::new(),
            next: ROOT,
        };
        let dir = || Kind::Dir(BTreeMap::new());
        let root = fs.inode(dir(), 0o755, 0.into());
        fs.get_mut(root).links = 1;
        for (path, mode, mounted) in [
            ("/tmp", 0o1777, true),
            ("/dev", 0o755, true),
            ("/dev/shm", 0o1777, true),
            ("/bin", 0o755, false),
            ("/etc", 0o755, false),
            ("/home", 0o755, false),
            ("/proc", 0o555, true),
            ("/run", 0o755, true),
            ("/usr", 0o755, false),
        ] {
            let made = fs.create(path.as_bytes(), dir(), mode, 0);
            fs.mounts.extend(made.filter(|_| mounted));
        }
        fs.install_commands();
        for uid in [0, crate::scenario::USER] {
            fs.create(home(uid).as_bytes(), dir(), 0o755, uid);
        }
        for (path, kind) in [
            ("/dev/null", Kind::Null),
            ("/dev/zero", Kind::Zero),
            ("/dev/full", Kind::Full),
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
        let Some(file) = self.create(b"/bin/sh", kind, 0o755, 0) else { return };
        for name in cc::commands::names() {
            let path = format!("/bin/{name}");
            if let Ok(Place { dir, name, inode: None, .. }) = self.place(path.as_bytes()) {
                self.link(dir, &name, file);
            }
        }
        self.create(b"/usr/bin", Kind::Link(b"/bin".to_vec()), 0o777, 0);
    }

    /// Creates a file where nothing is; the inode, or `None` if the place is taken or missing.
    pub fn create(&mut self, path: &[u8], kind: Kind, mode: u32, uid: u32) -> Option<u64> {
        let place = self.place(path).ok()?;
        if place.inode.is_some() {
            return None;
        }
        Some(self.add(place.dir, &place.name, kind, mode, uid))
    }

    /// A file that has no name yet.
    fn inode(&mut self, kind: Kind, mode: u32, who: Who) -> u64 {
        let number = self.next;
        self.next += 1;
        let (uid, gid, times) = (who.uid, who.gid, [self.now; 3]);
        self.inodes.insert(number, Inode { kind, mode, uid, gid, times, links: 0, opens: 0 });
        number
    }

    /// Adds a new file to a directory.
    pub fn add(
        &mut self,
        dir: u64,
        name: &[u8],
        kind: Kind,
        mode: u32,
        who: impl Into<Who>,
    ) -> u64 {
        let number = self.inode(kind, mode, who.into());
        self.link(dir, name, number);
        number
    }

    /// Gives a file a name (one more).
    pub fn link(&mut self, dir: u64, name: &[u8], inode: u64) {
        if let Kind::Dir(entries) = &mut self.get_mut(dir).kind {
            entries.insert(name.to_vec(), inode);
        }
        self.get_mut(inode).links += 1;
        self.changed(inode);
        self.wrote(dir);
    }

    /// A file without a name: it is gone with its last description.
    pub fn nameless(&mut self, bytes: Vec<u8>, mode: u32) -> u64 {
        let kind = Kind::File { bytes: Arc::new(bytes), segment: None };
        self.inode(kind, mode, 0.into())
    }

    /// Owner, permissions or links of a file changed.
    pub fn changed(&mut self, inode: u64) {
        let now = self.now;
        self.get_mut(inode).times[2] = now;
    }

    /// The contents of a file changed.
    pub fn wrote(&mut self, inode: u64) {
        let now = self.now;
        self.get_mut(inode).times[1..].fill(now);
    }

    /// Where an absolute path leads for somebody who may go everywhere.
    pub fn place(&self, path: &[u8]) -> Result<Place, Errno> {
        self.walk(path, 0.into(), true)
    }

    /// Where an absolute path leads for `who`; `follow`: also through a link at its end.
    ///
    /// # Errors
    /// `ENOENT`, `ENOTDIR`, `EACCES`, `ELOOP`, `ENAMETOOLONG` of `path_resolution(7)`.
    pub fn walk(&self, path: &[u8], who: Who, follow: bool) -> Result<Place, Errno> {
        if path.is_empty() {
            return Err(Errno::ENOENT);
        }
        if path.len() >= PATH_MAX {
            return Err(Errno::ENAMETOOLONG);
        }
        let slash = path.len() > 1 && path.ends_with(b"/");
        let mut rest: VecDeque<Vec<u8>> = parts(path).collect();
        let root = (ROOT, Vec::new());
        let mut place = Place {
            dir: ROOT,
            name: b"/".to_vec(),
            inode: Some(ROOT),
            slash,
            chain: vec![root.clone()],
        };
        let mut links = 0;
        while let Some(part) = rest.pop_front() {
            let dir = place.chain.last().map_or(ROOT, |(dir, _)| *dir);
            let Kind::Dir(entries) = &self.get(dir).kind else { return Err(Errno::ENOTDIR) };
            if !self.allows(dir, who, 1) {
                return Err(Errno::EACCES);
            }
            if part.len() > NAME_MAX {
                return Err(Errno::ENAMETOOLONG);
            }
            let found = match &part[..] {
                b"." => Some(dir),
                b".." => {
                    place.chain.truncate((place.chain.len() - 1).max(1));
                    place.chain.last().map(|(above, _)| *above)
                }
                name => entries.get(name).copied(),
            };
            if let Some(inode) = found
                && let Kind::Link(target) = &self.get(inode).kind
                && (follow || slash || !rest.is_empty())
            {
                links += 1;
                if links > LINKS_MAX {
                    return Err(Errno::ELOOP);
                }
                if target.starts_with(b"/") {
                    place.chain = vec![root.clone()];
                }
                parts(target).rev().for_each(|part| rest.push_front(part));
                let at = place.chain.last().map_or(ROOT, |(at, _)| *at);
                (place.dir, place.name, place.inode) = (at, b"/".to_vec(), Some(at));
                continue;
            }
            match found {
                Some(inode) if part != b"." && part != b".." => {
                    place.chain.push((inode, part.clone()));
                }
                None if !rest.is_empty() => return Err(Errno::ENOENT),
                _ => {}
            }
            (place.dir, place.name, place.inode) = (dir, part, found);
        }
        if slash && place.inode.is_some_and(|i| !matches!(self.get(i).kind, Kind::Dir(_))) {
            return Err(Errno::ENOTDIR);
        }
        Ok(place)
    }

    /// Whether a file is a directory.
    pub fn is_dir(&self, inode: u64) -> bool {
        matches!(self.get(inode).kind, Kind::Dir(_))
    }

    /// Whether a file is a plain one.
    pub fn is_plain(&self, inode: u64) -> bool {
        matches!(self.get(inode).kind, Kind::File { .. })
    }

    /// `ENOTEMPTY` for a directory that holds names.
    ///
    /// # Errors
    /// `ENOTEMPTY`.
    pub fn must_be_empty(&self, inode: u64) -> Result<(), Errno> {
        match &self.get(inode).kind {
            Kind::Dir(entries) if !entries.is_empty() => Err(Errno::ENOTEMPTY),
            _ => Ok(()),
        }
    }

    /// The path that leads to a file, if one does (the first of several).
    pub fn path_of(&self, wanted: u64) -> Option<Vec<u8>> {
        if wanted == ROOT {
            return Some(b"/".to_vec());
        }
        self.inodes.iter().find_map(|(dir, inode)| {
            let Kind::Dir(entries) = &inode.kind else { return None };
            let (name, _) = entries.iter().find(|(_, inode)| **inode == wanted)?;
            let above = if *dir == ROOT { Vec::new() } else { self.path_of(*dir)? };
            Some([&above[..], b"/", name].concat())
        })
    }

    /// Whether two places are on different file systems: `EXDEV`.
    pub fn apart(&self, one: &Place, other: &Place) -> bool {
        let mount = |place: &Place| {
            let mut above = place.chain.iter().rev().map(|(inode, _)| *inode);
            above.find(|inode| self.mounts.contains(inode))
        };
        mount(one) != mount(other)
    }

    /// Whether `who` may take a name out of a directory: `may_delete` of Linux.
    ///
    /// # Errors
    /// `EACCES` for the directory, `EPERM` where it is sticky, `ENOTDIR` or `EISDIR` for what is
    /// not of the kind (a directory or not) that is expected.
    pub fn may_delete(&self, place: &Place, inode: u64, who: Who, dir: bool) -> Result<(), Errno> {
        if !self.allows(place.dir, who, 3) {
            return Err(Errno::EACCES);
        }
        let (above, file) = (self.get(place.dir), self.get(inode));
        if above.mode & STICKY != 0 && ![0, above.uid, file.uid].contains(&who.uid) {
            return Err(Errno::EPERM);
        }
        match matches!(file.kind, Kind::Dir(_)) {
            true if !dir => Err(Errno::EISDIR),
            false if dir => Err(Errno::ENOTDIR),
            true if self.mounts.contains(&inode) || inode == ROOT => Err(Errno::EBUSY),
            _ => Ok(()),
        }
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

    /// Whether somebody may use a file as `wanted` (4 read, 2 write, 1 execute) says.
    pub fn allows(&self, inode: u64, who: impl Into<Who>, wanted: u32) -> bool {
        let (file, who) = (self.get(inode), who.into());
        if who.uid == 0 {
            // Even root runs only what somebody may run.
            let runs = file.mode & 0o111 != 0 || matches!(file.kind, Kind::Dir(_));
            return wanted & 1 == 0 || runs;
        }
        let bits = match (who.uid == file.uid, who.gid == file.gid) {
            (true, _) => file.mode >> 6,
            (false, true) => file.mode >> 3,
            (false, false) => file.mode,
        };
        bits & wanted == wanted
    }

    /// The bytes of a directory as `getdents64(2)` gives them, from the entry `from` on as far as
    /// `room` goes, and the entry that comes next.
    ///
    /// # Errors
    /// `ENOTDIR`; `EINVAL` where not even one entry fits.
    pub fn dirents(&self, inode: u64, from: u64, room: u64) -> Result<(Vec<u8>, u64), Errno> {
        let Kind::Dir(entries) = &self.get(inode).kind else { return Err(Errno::ENOTDIR) };
        let dots = [(&b"."[..], inode), (&b".."[..], inode)];
        let names = entries.iter().map(|(name, inode)| (&name[..], *inode));
        let mut bytes = Vec::new();
        let mut next = from;
        for (name, inode) in dots.into_iter().chain(names).skip(from as usize) {
            let len = (19 + name.len() + 1).next_multiple_of(8);
            if (bytes.len() + len) as u64 > room {
                break;
            }
            next += 1;
            bytes.extend(inode.to_le_bytes());
            bytes.extend(next.to_le_bytes());
            bytes.extend((len as u16).to_le_bytes());
            bytes.push((self.get(inode).st_mode() >> 12) as u8);
            bytes.extend(name);
            let whole = (bytes.len() + 1).next_multiple_of(8);
            bytes.resize(whole, 0);
        }
        if bytes.is_empty() && from < entries.len() as u64 + 2 {
            return Err(Errno::EINVAL);
        }
        Ok((bytes, next))
    }

    /// `stat(2)` of a file whose length is `size`.
    pub fn stat(&self, inode: u64, size: i64) -> Stat {
        let file = self.get(inode);
        let below = match &file.kind {
            Kind::Dir(entries) => {
                let dir = |inode: &&u64| matches!(self.get(**inode).kind, Kind::Dir(_));
                entries.values().filter(dir).count() as u32 + u32::from(file.links > 0)
            }
            _ => 0,
        };
        Stat {
            mode: file.st_mode(),
            size,
            inode,
            links: file.links + below,
            uid: file.uid,
            gid: file.gid,
            device: file.kind.device(),
            times: file.times,
        }
    }

    /// Removes a name, `unlink(2)`.
    pub fn unlink(&mut self, path: &[u8]) -> Result<(), Errno> {
        let place = self.walk(path, 0.into(), false)?;
        let inode = place.inode.ok_or(Errno::ENOENT)?;
        if matches!(self.get(inode).kind, Kind::Dir(_)) {
            return Err(Errno::EISDIR);
        }
        self.remove_name(place.dir, &place.name);
        Ok(())
    }

    /// Takes a name out of a directory, whatever it names.
    pub fn remove_name(&mut self, dir: u64, name: &[u8]) {
        let Kind::Dir(entries) = &mut self.get_mut(dir).kind else { return };
        let Some(inode) = entries.remove(name) else { return };
        self.get_mut(inode).links -= 1;
        self.changed(inode);
        self.wrote(dir);
        self.collect(inode);
    }

    /// A description of the file is gone.
    pub fn release(&mut self, inode: u64) {
        self.get_mut(inode).opens -= 1;
        self.collect(inode);
    }

    /// A file without names and descriptions is gone. Its shared segment, if it has one, may be
    /// mapped still: the last `munmap` frees it.
    fn collect(&mut self, inode: u64) {
        let file = self.get(inode);
        if file.links == 0 && file.opens == 0 {
            self.inodes.remove(&inode);
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
                Kind::Link(_) => S_IFLNK,
                Kind::Null | Kind::Zero | Kind::Full | Kind::Random | Kind::Tty => S_IFCHR,
            }
    }
}

impl Kind {
    /// `st_rdev` of a device, as Linux numbers them: major and minor number.
    fn device(&self) -> u64 {
        let (major, minor) = match self {
            Kind::Null => (1, 3),
            Kind::Zero => (1, 5),
            Kind::Full => (1, 7),
            Kind::Random => (1, 9),
            Kind::Tty => (5, 0),
            Kind::Dir(_) | Kind::File { .. } | Kind::Fifo(_) | Kind::Socket | Kind::Link(_) => {
                return 0;
            }
        };
        major << 8 | minor
    }
}

/// A path's components; two slashes are one.
fn parts(path: &[u8]) -> impl DoubleEndedIterator<Item = Vec<u8>> {
    path.split(|byte| *byte == b'/').filter(|part| !part.is_empty()).map(<[u8]>::to_vec)
}

/// Access bits (4, 2) that `open` flags ask for.
pub fn wanted(flags: i32) -> u32 {
    match flags & 3 {
        consts::O_RDONLY => 4,
        consts::O_WRONLY => 2,
        _ => 6,
    }
}
