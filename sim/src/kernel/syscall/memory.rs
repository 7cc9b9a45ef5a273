//! Memory that processes share: `mmap`, `munmap`, `shmget`, `shmat`, `shmdt`, `shmctl`.

use super::Answer;
use crate::kernel::fd::Object;
use crate::kernel::fs::Kind;
use crate::kernel::ipc::check_mapping;
use crate::kernel::process::Mapping;
use crate::kernel::{Host, Me};
use abi::{Bytes, Errno, Fd, Out, Reply, consts};
use std::sync::Arc;

const PAGE: u64 = 4096;

impl Host {
    /// mmap(2)
    #[allow(clippy::too_many_arguments)] // the man page's arguments
    pub(super) fn mmap(
        &mut self,
        me: Me,
        at: u64,
        len: u64,
        prot: i32,
        flags: i32,
        fd: Fd,
        offset: i64,
    ) -> Answer {
        let anonymous = flags & consts::MAP_ANONYMOUS != 0;
        let file = if anonymous { None } else { Some(self.object(me.pid, fd)?) };
        let shared = check_mapping(len, flags, offset)?;
        let writable = prot & consts::PROT_WRITE != 0;
        let segment = match file {
            None if !shared => {
                let out = Out::Mapped { segment: None, offset: 0, len, writable };
                return Ok(Reply::with(at as i64, out));
            }
            None => {
                let segment = self.ipc.new_segment();
                self.shared.resize(segment, len);
                segment
            }
            Some((Object::File(inode), status)) => {
                let access = status & 3;
                if access == consts::O_WRONLY || (shared && writable && access == consts::O_RDONLY)
                {
                    return Err(Errno::EACCES);
                }
                if !shared {
                    let bytes = self.file_part(inode, offset as u64, len)?;
                    let out = Out::MappedCopy { bytes: Bytes(bytes), len, writable };
                    return Ok(Reply::with(at as i64, out));
                }
                self.file_segment(inode)?
            }
            Some(_) => return Err(Errno::ENODEV),
        };
        self.ipc.hold_segment(segment);
        let mapping = Mapping { segment, len, sysv: None };
        self.process_mut(me.pid).mappings.insert(at, mapping);
        let segment = Some(segment);
        let out = Out::Mapped { segment, offset: offset as u64, len, writable };
        Ok(Reply::with(at as i64, out))
    }

    /// The bytes of a file from `offset` on, at most `len`, wherever they are kept.
    fn file_part(&mut self, inode: u64, offset: u64, len: u64) -> Result<Vec<u8>, Errno> {
        let Kind::File { bytes, segment } = &self.fs.get_mut(inode).kind else {
            return Err(Errno::ENODEV);
        };
        let whole = match *segment {
            Some(segment) => {
                let size = self.shared.len(segment).unwrap_or(0);
                self.shared.read(segment, 0, size).unwrap_or_default().to_vec()
            }
            None => bytes.to_vec(),
        };
        let start = (offset as usize).min(whole.len());
        let end = (offset.saturating_add(len) as usize).min(whole.len());
        Ok(whole[start..end].to_vec())
    }

    /// The shared segment that holds a file's contents from its first mapping on.
    fn file_segment(&mut self, inode: u64) -> Result<u32, Errno> {
        let Kind::File { bytes, segment } = &mut self.fs.get_mut(inode).kind else {
            return Err(Errno::ENODEV);
        };
        if let Some(segment) = *segment {
            return Ok(segment);
        }
        let contents = Arc::clone(bytes);
        let new = self.ipc.new_segment();
        *segment = Some(new);
        self.shared.resize(new, contents.len() as u64);
        self.shared.write(new, 0, &contents);
        // The file itself holds its segment for as long as the host lives.
        self.ipc.hold_segment(new);
        Ok(new)
    }

    /// mprotect(2): who may is the machine's memory to say from now on.
    pub fn mprotect(at: u64, prot: i32, mapped: bool) -> Result<i64, Errno> {
        const KNOWN: i32 = consts::PROT_READ | consts::PROT_WRITE | consts::PROT_EXEC;
        match at.is_multiple_of(PAGE) && prot & !KNOWN == 0 {
            false => Err(Errno::EINVAL),
            true if !mapped => Err(Errno::ENOMEM),
            true => Ok(0),
        }
    }

    /// munmap(2)
    pub(super) fn munmap(&mut self, me: Me, at: u64, len: u64) -> Result<i64, Errno> {
        if !at.is_multiple_of(PAGE) || len == 0 {
            return Err(Errno::EINVAL);
        }
        if let Some(mapping) = self.process_mut(me.pid).mappings.remove(&at) {
            self.drop_segment(mapping.segment);
        }
        Ok(0)
    }

    /// shmat(2)
    pub(super) fn shmat(&mut self, me: Me, id: i32, at: u64, flags: i32) -> Answer {
        let (segment, len) = self.ipc.attach(id, flags, self.maker(me))?;
        let mapping = Mapping { segment, len, sysv: Some(id) };
        self.process_mut(me.pid).mappings.insert(at, mapping);
        let writable = flags & consts::SHM_RDONLY == 0;
        let out = Out::Mapped { segment: Some(segment), offset: 0, len, writable };
        Ok(Reply::with(at as i64, out))
    }

    /// shmdt(2)
    pub(super) fn shmdt(&mut self, me: Me, at: u64) -> Result<i64, Errno> {
        let mapping = self.process(me.pid).mappings.get(&at).copied().ok_or(Errno::EINVAL)?;
        let id = mapping.sysv.ok_or(Errno::EINVAL)?;
        self.process_mut(me.pid).mappings.remove(&at);
        self.ipc.detach(id, me.pid, self.fs.now.sec, &mut self.shared);
        self.drop_segment(mapping.segment);
        Ok(0)
    }
}
