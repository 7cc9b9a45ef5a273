//! Names of Unix sockets: a private directory of the session, an own prefix for abstract names.
//!
//! A plain name (`chat.sock`), also written below `/tmp` as programs do, becomes a file of the
//! session's directory; an abstract name gets the session's prefix. On the way back addresses
//! read as the program wrote them.

use crate::policy::Denied;
use abi::message::Rule;
use abi::{AddrIn, SockAddr, consts};
use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt};
use std::path::{Path, PathBuf};

/// `sizeof(sun_path)`.
const PATH_MAX: usize = 108;
/// Names in a session's directory.
const NAMES_MAX: usize = 1024;

/// How Unix names are treated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnixNames {
    /// In a private directory of the session.
    Private,
    /// As they are: for programs of the user's own terminal.
    Real,
}

/// The names of one session.
pub(crate) struct Names {
    mode: UnixNames,
    secret: String,
    dir: Option<PathBuf>,
    /// What the program wrote, by the real path.
    written: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Names {
    pub(crate) fn new(mode: UnixNames, secret: String) -> Names {
        Names { mode, secret, dir: None, written: BTreeMap::new() }
    }

    fn dir(&mut self) -> std::io::Result<&Path> {
        if self.dir.is_none() {
            let dir = std::env::temp_dir().join(format!("soquete-{}", self.secret));
            std::fs::DirBuilder::new().mode(0o700).create(&dir)?;
            self.dir = Some(dir);
        }
        Ok(self.dir.as_deref().expect("it has just been made"))
    }

    /// The real path of a plain name.
    pub(crate) fn path(&mut self, written: &[u8]) -> Result<PathBuf, Denied> {
        let shown = || format!("\"{}\"", written.escape_ascii());
        let name = written.strip_prefix(b"/tmp/").unwrap_or(written);
        if name.is_empty() || name.contains(&b'/') || name == b"." || name == b".." {
            let detail = format!("{}: only plain names, or plain names below /tmp", shown());
            return Err(Denied::new(Rule::UnixName, detail));
        }
        let dir = self.dir().map_err(|error| Denied::new(Rule::UnixName, error.to_string()))?;
        let path = dir.join(std::ffi::OsStr::from_bytes(name));
        let room = PATH_MAX - 1 - dir.as_os_str().len();
        if path.as_os_str().len() >= PATH_MAX {
            let detail = format!("{}: at most {} bytes here", shown(), room - 1);
            return Err(Denied::new(Rule::UnixName, detail));
        }
        // Nobody else can write into the directory and the bridge makes no links: what is not a
        // socket there is not the session's.
        if path.symlink_metadata().is_ok_and(|found| !found.file_type().is_socket()) {
            return Err(Denied::new(Rule::UnixName, format!("{} is not a socket", shown())));
        }
        Ok(path)
    }

    /// The real path of a FIFO. What is no FIFO there is no socket's name that [`Names::path`] lets
    /// through, and the other way round.
    pub(crate) fn fifo(&mut self, name: &[u8]) -> Result<PathBuf, Denied> {
        let digits = name.strip_prefix(b"fifo-").filter(|digits| (1..12).contains(&digits.len()));
        if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_digit)) {
            let detail = format!("\"{}\": only FIFOs are opened", name.escape_ascii());
            return Err(Denied::new(Rule::NotOffered, detail));
        }
        self.check_new()?;
        let dir = self.dir().map_err(|error| Denied::new(Rule::UnixName, error.to_string()))?;
        let path = dir.join(std::ffi::OsStr::from_bytes(name));
        self.written.insert(path.as_os_str().as_bytes().to_vec(), name.to_vec());
        Ok(path)
    }

    /// Refuses when the session's directory has as many names as it may have. Who binds, closes and
    /// binds again would fill the disk otherwise.
    pub(crate) fn check_new(&mut self) -> Result<(), Denied> {
        if self.written.len() >= NAMES_MAX {
            let is_there = |path: &Vec<u8>| Path::new(std::ffi::OsStr::from_bytes(path)).exists();
            self.written.retain(|path, _| is_there(path));
        }
        match self.written.len() >= NAMES_MAX {
            true => Err(Denied::new(Rule::UnixName, format!("at most {NAMES_MAX} names"))),
            false => Ok(()),
        }
    }

    /// A socket has got a name: how the program wrote it.
    pub(crate) fn bound(&mut self, real: &AddrIn, written: &AddrIn) {
        let path = |addr: &AddrIn| addr.addr.value.as_ref()?.unix_path().map(<[u8]>::to_vec);
        if let (UnixNames::Private, Some(real), Some(written)) =
            (self.mode, path(real), path(written))
            && !matches!(real.as_slice(), [] | [0, ..])
        {
            self.written.insert(real, written);
        }
    }

    /// The address that the kernel is given.
    pub(crate) fn inward(&mut self, addr: &AddrIn) -> Result<AddrIn, Denied> {
        let is_unix = |addr: &SockAddr| addr.family() == Some(consts::AF_UNIX as u16);
        let Some(value) = addr.addr.value.as_ref().filter(|value| is_unix(value)) else {
            return Ok(addr.clone());
        };
        // What is too long is EINVAL, whatever it says (`addr` is as the kernel will read it).
        debug_assert_eq!(value.bytes().len(), addr.len.clamp(0, 128) as usize);
        if self.mode == UnixNames::Real || addr.len as usize > 2 + PATH_MAX {
            return Ok(addr.clone());
        }
        match value.unix_path() {
            None | Some([]) => Ok(addr.clone()), // unnamed: autobind
            Some([0, name @ ..]) => {
                let mut real = b"\0soquete-".to_vec();
                real.extend(self.secret.as_bytes());
                real.push(b'-');
                real.extend(name);
                if real.len() > PATH_MAX {
                    return Err(Denied::new(Rule::UnixName, "the abstract name is too long here"));
                }
                Ok(AddrIn::of(SockAddr::unix(&real)))
            }
            Some(path) => {
                let path = path.to_vec();
                Ok(AddrIn::of(SockAddr::unix(self.path(&path)?.as_os_str().as_bytes())))
            }
        }
    }

    /// The address that the program is given.
    pub(crate) fn outward(&self, addr: SockAddr) -> SockAddr {
        if self.mode == UnixNames::Real || addr.family() != Some(consts::AF_UNIX as u16) {
            return addr;
        }
        let prefix = format!("\0soquete-{}-", self.secret);
        match addr.unix_path() {
            Some([0, ..]) => match addr.bytes()[2..].strip_prefix(prefix.as_bytes()) {
                Some(name) => SockAddr::unix(&[b"\0", name].concat()),
                None => addr,
            },
            Some(path) => match self.written.get(path) {
                Some(written) => SockAddr::unix(written),
                None => addr,
            },
            None => addr,
        }
    }
}

impl Drop for Names {
    fn drop(&mut self) {
        if let Some(dir) = &self.dir {
            // Nothing can be done about a directory that does not go; its name is a secret.
            let _ = std::fs::remove_dir_all(dir);
        }
    }
}
