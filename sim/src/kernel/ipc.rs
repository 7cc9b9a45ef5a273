//! System V shared memory, semaphores and message queues, POSIX message queues. See `sysvipc(7)`,
//! `mq_overview(7)`.
//!
//! [`Ipc`] is the objects and the calls on them, without anybody who sleeps: where a call would
//! have to wait it says so ([`Tried::Sleep`]). A simulated host and a run on real sockets, whose
//! processes have these objects to themselves, use it alike.

use crate::kernel::fs::{Who, wanted};
use crate::kernel::wait::Source;
use crate::kernel::{Host, Me};
use abi::syscall::{InBuf, IpcStat, OutBuf, SemBuf, SigEvent};
use abi::{Bytes, Errno, Out, Pid, Ptr, Reply, consts};
use cc::SharedMemory;
use std::collections::{BTreeMap, VecDeque};

/// `SEMVMX`, the largest value.
const SEM_MAX: i32 = 32767;
/// `SEMMSL`, semaphores in a set.
const SET_MAX: i32 = 32000;
/// `SEMOPM`, operations in one call.
const OPS_MAX: usize = 500;
/// `SHM_DEST`: removed, and gone with the last detachment.
const SHM_DEST: u32 = 0o1000;
/// `SEM_UNDO`.
const SEM_UNDO: i16 = 0x1000;
/// `MQ_PRIO_MAX`.
pub const PRIORITIES: u32 = 32768;
/// `fs.mqueue`: defaults and limits without privileges.
const MESSAGES: (i64, i64) = (10, 10);
const MESSAGE_SIZE: (i64, i64) = (8192, 8192);
/// `MSGMAX`, the longest message, bytes.
const MESSAGE_MAX: u64 = 8192;
/// `MSGMNB`, bytes in a queue.
const QUEUE_MAX: usize = 16384;
const PAGE: u64 = 4096;
/// The most that one mapping may have here, bytes: a lab's memory is not endless.
const MAPPING_MAX: u64 = 1 << 28;

/// What `mmap(2)` checks of its arguments but for the descriptor; whether the mapping is shared.
///
/// # Errors
/// `EINVAL`: no length, an offset within a page, neither shared nor private. `ENOMEM`: too long.
pub fn check_mapping(len: u64, flags: i32, offset: i64) -> Result<bool, Errno> {
    if len == 0 || offset < 0 || !(offset as u64).is_multiple_of(PAGE) {
        return Err(Errno::EINVAL);
    }
    if len > MAPPING_MAX {
        return Err(Errno::ENOMEM);
    }
    match flags & (consts::MAP_SHARED | consts::MAP_PRIVATE) {
        0 => Err(Errno::EINVAL),
        kind => Ok(kind & consts::MAP_SHARED != 0),
    }
}

/// Who makes or uses an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct By {
    /// The process.
    pub pid: Pid,
    /// Its effective user and group.
    pub who: Who,
    /// When, seconds of the wall clock.
    pub now: i64,
}

/// `struct ipc_perm`: whose an object is, and who may use it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Perm {
    /// `IPC_PRIVATE` (0) or what `ftok` gave.
    pub key: i32,
    /// The owner.
    pub owner: Who,
    /// Who made it.
    pub maker: Who,
    /// Permission bits.
    pub mode: u32,
}

impl Perm {
    fn new(key: i32, flags: i32, by: By) -> Perm {
        Perm { key, owner: by.who, maker: by.who, mode: flags as u32 & 0o777 }
    }

    /// Whether the caller may use it as the bits of `flags` ask for, of whichever class.
    fn allows(&self, flags: i32, by: By) -> Result<(), Errno> {
        let flags = flags as u32;
        let wanted = (flags >> 6 | flags >> 3 | flags) & 7;
        let granted = match (by.who.uid == self.owner.uid, by.who.gid == self.owner.gid) {
            (true, _) => self.mode >> 6,
            (false, true) => self.mode >> 3,
            (false, false) => self.mode,
        };
        if by.who.uid == 0 || wanted & !granted == 0 { Ok(()) } else { Err(Errno::EACCES) }
    }

    /// Only the owner, or the maker, may remove or change it.
    fn owned(&self, by: By) -> Result<(), Errno> {
        let may = [0, self.owner.uid, self.maker.uid].contains(&by.who.uid);
        if may { Ok(()) } else { Err(Errno::EPERM) }
    }

    /// `IPC_SET`: owner and permissions.
    fn set(&mut self, to: &IpcStat, by: By) -> Result<(), Errno> {
        self.owned(by)?;
        self.owner = Who { uid: to.owner.0, gid: to.owner.1 };
        self.mode = self.mode & !0o777 | to.mode & 0o777;
        Ok(())
    }

    /// What `IPC_STAT` tells, but for the object itself.
    fn stat(&self) -> IpcStat {
        IpcStat {
            key: self.key,
            owner: (self.owner.uid, self.owner.gid),
            maker: (self.maker.uid, self.maker.gid),
            mode: self.mode,
            ..IpcStat::default()
        }
    }
}

/// `IPC_STAT`'s answer, if it can be written.
fn told(stat: IpcStat, buf: &Ptr<IpcStat>) -> Result<Reply, Errno> {
    match buf.value {
        Some(_) => Ok(Reply::with(0, Out::IpcStat { stat })),
        None => Err(Errno::EFAULT),
    }
}

/// What `IPC_SET` is given; it is read before anything else is looked at.
fn given(cmd: i32, buf: &Ptr<IpcStat>) -> Result<IpcStat, Errno> {
    match cmd {
        consts::IPC_SET => buf.value.ok_or(Errno::EFAULT),
        _ => Ok(IpcStat::default()),
    }
}

/// Reading, and writing, as `flags` of a call would ask for it.
const READ: i32 = 0o444;
const WRITE: i32 = 0o222;

/// What came of a call.
#[derive(Clone, PartialEq, Debug)]
pub enum Tried {
    /// It is answered.
    Done(Reply),
    /// The caller sleeps until the object changes, and asks again.
    Sleep,
}

impl Tried {
    /// Success that is only a number.
    pub fn ok(ret: i64) -> Tried {
        Tried::Done(Reply::ok(ret))
    }
}

/// All of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ipc {
    /// Shared memory by `shmid`.
    pub shm: BTreeMap<i32, Shm>,
    /// Semaphore sets by `semid`.
    pub sem: BTreeMap<i32, SemSet>,
    /// System V message queues by `msqid`.
    pub mailboxes: BTreeMap<i32, Mailbox>,
    /// Message queues by name.
    pub queue_names: BTreeMap<Vec<u8>, u32>,
    /// Message queues by number.
    pub queues: BTreeMap<u32, Queue>,
    /// Shared segments: how many mappings and files refer to each.
    pub segment_refs: BTreeMap<u32, u32>,
    /// Segments, semaphore sets and message queues are numbered each for themselves.
    made: [i32; 3],
    next_segment: u32,
}

/// A System V shared memory segment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shm {
    /// Whose it is.
    pub perm: Perm,
    /// `shm_cpid`, `shm_lpid`: who made it, who attached or detached it last.
    pub pids: (Pid, Pid),
    /// When it was attached, detached and changed last, seconds.
    pub times: [i64; 3],
    /// Bytes.
    pub size: u64,
    /// The host's shared segment.
    pub segment: u32,
    /// `shm_nattch`.
    pub attached: u32,
    /// `IPC_RMID` was called: gone with the last `shmdt`.
    pub removed: bool,
}

/// A System V semaphore set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SemSet {
    /// Whose it is.
    pub perm: Perm,
    /// Values.
    pub values: Vec<i32>,
    /// Who did the last operation on each.
    pub last: Vec<Pid>,
    /// When it was operated on and changed last, seconds.
    pub times: [i64; 2],
    /// `SEM_UNDO`: what to add when a process ends.
    pub undo: BTreeMap<(Pid, u16), i32>,
}

/// A System V message queue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mailbox {
    /// Whose it is.
    pub perm: Perm,
    /// Types and texts, oldest first.
    pub messages: VecDeque<(i64, Bytes)>,
    /// `msg_qbytes`.
    pub most_bytes: usize,
    /// When something was sent, received and changed last, seconds.
    pub times: [i64; 3],
    /// `msg_lspid`.
    pub last_sender: Pid,
    /// `msg_lrpid`.
    pub last_receiver: Pid,
}

impl Mailbox {
    /// Bytes of all messages.
    pub fn bytes(&self) -> usize {
        self.messages.iter().map(|(_, bytes)| bytes.0.len()).sum()
    }
}

/// A POSIX message queue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Queue {
    /// `mq_maxmsg`.
    pub max_messages: usize,
    /// `mq_msgsize`, bytes.
    pub message_size: usize,
    /// Messages: highest priority first, oldest first within one.
    pub messages: Vec<(u32, Bytes)>,
    /// Whose it is.
    pub perm: Perm,
    /// Who is told of the first message, and how: `mq_notify(3)`.
    pub notice: Option<(Pid, SigEvent)>,
}

impl SemSet {
    /// The first of some operations that cannot be done now.
    pub fn blocking<'a>(&self, ops: &'a [SemBuf]) -> Option<&'a SemBuf> {
        let mut values = self.values.clone();
        ops.iter().find(|op| {
            let Some(value) = values.get_mut(usize::from(op.num)) else { return true };
            *value += i32::from(op.op);
            *value < 0 || (op.op == 0 && *value != 0)
        })
    }
}

impl Ipc {
    fn new_number(&mut self, kind: usize) -> i32 {
        self.made[kind] += 1;
        self.made[kind] - 1
    }

    /// A shared segment that nothing refers to yet.
    pub fn new_segment(&mut self) -> u32 {
        self.next_segment += 1;
        self.segment_refs.insert(self.next_segment, 0);
        self.next_segment
    }

    /// One more mapping or file refers to a segment.
    pub fn hold_segment(&mut self, segment: u32) {
        *self.segment_refs.entry(segment).or_default() += 1;
    }

    /// One fewer; the memory goes with the last.
    pub fn drop_segment(&mut self, segment: u32, shared: &mut SharedMemory) {
        if let Some(refs) = self.segment_refs.get_mut(&segment) {
            *refs = refs.saturating_sub(1);
            if *refs == 0 {
                self.segment_refs.remove(&segment);
                shared.remove(segment);
            }
        }
    }

    // ---- System V shared memory

    /// shmget(2)
    pub fn shmget(
        &mut self,
        key: i32,
        size: u64,
        flags: i32,
        by: By,
        shared: &mut SharedMemory,
    ) -> Result<i64, Errno> {
        let found = self.shm.iter().find(|(_, shm)| key != 0 && shm.perm.key == key);
        if let Some((id, shm)) = found {
            if flags & consts::IPC_CREAT != 0 && flags & consts::IPC_EXCL != 0 {
                return Err(Errno::EEXIST);
            }
            if size > shm.size {
                return Err(Errno::EINVAL);
            }
            return shm.perm.allows(flags, by).map(|()| i64::from(*id));
        }
        if key != 0 && flags & consts::IPC_CREAT == 0 {
            return Err(Errno::ENOENT);
        }
        if size == 0 {
            return Err(Errno::EINVAL);
        }
        if size > MAPPING_MAX {
            return Err(Errno::ENOMEM);
        }
        let segment = self.new_segment();
        shared.resize(segment, size.next_multiple_of(PAGE));
        self.hold_segment(segment);
        let id = self.new_number(0);
        let (perm, pids) = (Perm::new(key, flags, by), (by.pid, Pid(0)));
        let times = [0, 0, by.now];
        self.shm.insert(id, Shm { perm, pids, times, size, segment, attached: 0, removed: false });
        Ok(i64::from(id))
    }

    /// shmat(2): the segment and its length, held once more.
    pub fn attach(&mut self, id: i32, flags: i32, by: By) -> Result<(u32, u64), Errno> {
        let shm = self.shm.get_mut(&id).ok_or(Errno::EINVAL)?;
        let writes = if flags & consts::SHM_RDONLY == 0 { WRITE } else { 0 };
        shm.perm.allows(READ | writes, by)?;
        shm.attached += 1;
        shm.pids.1 = by.pid;
        shm.times[0] = by.now;
        let (segment, len) = (shm.segment, shm.size.next_multiple_of(PAGE));
        self.hold_segment(segment);
        Ok((segment, len))
    }

    /// shmdt(2): one attachment fewer. The mapping's own reference is the caller's to drop.
    pub fn detach(&mut self, id: i32, pid: Pid, now: i64, shared: &mut SharedMemory) {
        let Some(shm) = self.shm.get_mut(&id) else { return };
        shm.pids.1 = pid;
        shm.times[1] = now;
        shm.attached = shm.attached.saturating_sub(1);
        if shm.removed && shm.attached == 0 {
            let segment = shm.segment;
            self.shm.remove(&id);
            self.drop_segment(segment, shared);
        }
    }

    /// shmctl(2)
    pub fn shmctl(
        &mut self,
        id: i32,
        cmd: i32,
        buf: &Ptr<IpcStat>,
        by: By,
        shared: &mut SharedMemory,
    ) -> Result<Reply, Errno> {
        let new = given(cmd, buf)?;
        let shm = self.shm.get_mut(&id).ok_or(Errno::EINVAL)?;
        match cmd {
            consts::IPC_RMID => {
                shm.perm.owned(by)?;
                shm.removed = true;
                // The key is free at once, the memory with the last detachment.
                shm.perm.key = 0;
                shm.perm.mode |= SHM_DEST;
                if shm.attached == 0 {
                    let segment = shm.segment;
                    self.shm.remove(&id);
                    self.drop_segment(segment, shared);
                }
                Ok(Reply::ok(0))
            }
            consts::IPC_STAT => {
                shm.perm.allows(READ, by)?;
                let stat = IpcStat {
                    size: shm.size,
                    count: u64::from(shm.attached),
                    times: shm.times,
                    pids: [shm.pids.0.0, shm.pids.1.0],
                    ..shm.perm.stat()
                };
                told(stat, buf)
            }
            consts::IPC_SET => {
                shm.perm.set(&new, by)?;
                shm.times[2] = by.now;
                Ok(Reply::ok(0))
            }
            _ => Err(Errno::EINVAL),
        }
    }

    // ---- System V semaphores

    /// semget(2)
    pub fn semget(&mut self, key: i32, count: i32, flags: i32, by: By) -> Result<i64, Errno> {
        if !(0..=SET_MAX).contains(&count) {
            return Err(Errno::EINVAL);
        }
        let found = self.sem.iter().find(|(_, set)| key != 0 && set.perm.key == key);
        if let Some((id, set)) = found {
            if flags & consts::IPC_CREAT != 0 && flags & consts::IPC_EXCL != 0 {
                return Err(Errno::EEXIST);
            }
            if count as usize > set.values.len() {
                return Err(Errno::EINVAL);
            }
            return set.perm.allows(flags, by).map(|()| i64::from(*id));
        }
        if key != 0 && flags & consts::IPC_CREAT == 0 {
            return Err(Errno::ENOENT);
        }
        if count == 0 {
            return Err(Errno::EINVAL);
        }
        let id = self.new_number(1);
        let set = SemSet {
            perm: Perm::new(key, flags, by),
            values: vec![0; count as usize],
            last: vec![Pid(0); count as usize],
            times: [0, by.now],
            undo: BTreeMap::new(),
        };
        self.sem.insert(id, set);
        Ok(i64::from(id))
    }

    /// semop(2): all operations or none. `slept`: the call has slept already.
    pub fn semop(&mut self, by: By, id: i32, ops: &[SemBuf], slept: bool) -> Result<Tried, Errno> {
        if ops.is_empty() || id < 0 {
            return Err(Errno::EINVAL);
        }
        if ops.len() > OPS_MAX {
            return Err(Errno::E2BIG);
        }
        let gone = if slept { Errno::EIDRM } else { Errno::EINVAL };
        let set = self.sem.get_mut(&id).ok_or(gone)?;
        if ops.iter().any(|op| usize::from(op.num) >= set.values.len()) {
            return Err(Errno::EFBIG);
        }
        let alters = ops.iter().any(|op| op.op != 0);
        set.perm.allows(if alters { WRITE } else { READ }, by)?;
        if let Some(op) = set.blocking(ops) {
            let nowait = op.flags & consts::IPC_NOWAIT as i16 != 0;
            return if nowait { Err(Errno::EAGAIN) } else { Ok(Tried::Sleep) };
        }
        let mut values = set.values.clone();
        for op in ops {
            let value = &mut values[usize::from(op.num)];
            *value += i32::from(op.op);
            if *value > SEM_MAX {
                return Err(Errno::ERANGE);
            }
        }
        set.values = values;
        set.times[0] = by.now;
        for op in ops {
            set.last[usize::from(op.num)] = by.pid;
            if op.flags & SEM_UNDO != 0 {
                *set.undo.entry((by.pid, op.num)).or_default() -= i32::from(op.op);
            }
        }
        Ok(Tried::ok(0))
    }

    /// semctl(2); so many `waiting` for one semaphore's value to grow, and to become 0.
    pub fn semctl(
        &mut self,
        by: By,
        id: i32,
        num: i32,
        cmd: i32,
        (arg, buf): (i32, &Ptr<IpcStat>),
        waiting: (i64, i64),
    ) -> Result<Reply, Errno> {
        let new = given(cmd, buf)?;
        if cmd == consts::SETVAL && !(0..=SEM_MAX).contains(&arg) {
            return Err(Errno::ERANGE);
        }
        let set = self.sem.get_mut(&id).ok_or(Errno::EINVAL)?;
        let index = usize::try_from(num).ok().filter(|n| *n < set.values.len());
        match cmd {
            consts::IPC_RMID | consts::IPC_SET => set.perm.owned(by)?,
            consts::SETVAL if index.is_none() => return Err(Errno::EINVAL),
            consts::SETVAL | consts::SETALL => set.perm.allows(WRITE, by)?,
            _ => set.perm.allows(READ, by)?,
        }
        let number = match cmd {
            consts::IPC_RMID => {
                self.sem.remove(&id);
                Ok(0)
            }
            consts::SETALL => Ok(0),
            consts::IPC_SET => {
                set.perm.set(&new, by)?;
                set.times[1] = by.now;
                Ok(0)
            }
            consts::IPC_STAT => {
                let [operated, changed] = set.times;
                let (count, times) = (set.values.len() as u64, [operated, 0, changed]);
                return told(IpcStat { count, times, ..set.perm.stat() }, buf);
            }
            consts::GETALL => {
                let words = set.values.iter().map(|value| *value as u64).collect();
                return Ok(Reply::with(0, Out::Words { words }));
            }
            consts::GETVAL => Ok(i64::from(set.values[index.ok_or(Errno::EINVAL)?])),
            consts::GETPID => Ok(i64::from(set.last[index.ok_or(Errno::EINVAL)?].0)),
            consts::GETNCNT => index.map(|_| waiting.0).ok_or(Errno::EINVAL),
            consts::GETZCNT => index.map(|_| waiting.1).ok_or(Errno::EINVAL),
            consts::SETVAL => {
                let index = index.ok_or(Errno::EINVAL)?;
                set.values[index] = arg;
                set.times[1] = by.now;
                set.last[index] = by.pid;
                set.undo.retain(|(_, num), _| usize::from(*num) != index);
                Ok(0)
            }
            _ => Err(Errno::EINVAL),
        };
        number.map(Reply::ok)
    }

    /// semctl(2) with `SETALL`
    pub fn semctl_setall(&mut self, by: By, id: i32, values: &Ptr<Vec<u16>>) -> Result<i64, Errno> {
        let set = self.sem.get_mut(&id).ok_or(Errno::EINVAL)?;
        set.perm.allows(WRITE, by)?;
        let values = values.value.as_ref().ok_or(Errno::EFAULT)?;
        if values.iter().any(|value| i32::from(*value) > SEM_MAX) {
            return Err(Errno::ERANGE);
        }
        for (value, new) in set.values.iter_mut().zip(values) {
            *value = i32::from(*new);
        }
        set.last.fill(by.pid);
        set.times[1] = by.now;
        set.undo.clear();
        Ok(0)
    }

    /// `SEM_UNDO` at a process's end: the sets that have changed.
    pub fn undo(&mut self, pid: Pid) -> Vec<i32> {
        let mut touched = Vec::new();
        for (id, set) in &mut self.sem {
            let mine: Vec<(Pid, u16)> =
                set.undo.keys().filter(|(who, _)| *who == pid).copied().collect();
            for key in mine {
                let add = set.undo.remove(&key).unwrap_or(0);
                if let Some(value) = set.values.get_mut(usize::from(key.1)) {
                    *value = (*value + add).max(0);
                    touched.push(*id);
                }
            }
        }
        touched
    }

    // ---- System V message queues

    /// msgget(2)
    pub fn msgget(&mut self, key: i32, flags: i32, by: By) -> Result<i64, Errno> {
        let found = self.mailboxes.iter().find(|(_, queue)| key != 0 && queue.perm.key == key);
        if let Some((id, queue)) = found {
            let exclusive = consts::IPC_CREAT | consts::IPC_EXCL;
            return if flags & exclusive == exclusive {
                Err(Errno::EEXIST)
            } else {
                queue.perm.allows(flags, by).map(|()| i64::from(*id))
            };
        }
        if key != 0 && flags & consts::IPC_CREAT == 0 {
            return Err(Errno::ENOENT);
        }
        let id = self.new_number(2);
        let mailbox = Mailbox {
            perm: Perm::new(key, flags, by),
            messages: VecDeque::new(),
            most_bytes: QUEUE_MAX,
            times: [0, 0, by.now],
            last_sender: Pid(0),
            last_receiver: Pid(0),
        };
        self.mailboxes.insert(id, mailbox);
        Ok(i64::from(id))
    }

    /// msgsnd(2). `slept`: the call has slept already.
    pub fn msgsnd(
        &mut self,
        by: By,
        id: i32,
        mtype: i64,
        buf: &InBuf,
        flags: i32,
        slept: bool,
    ) -> Result<Tried, Errno> {
        if buf.len > MESSAGE_MAX || id < 0 || mtype < 1 {
            return Err(Errno::EINVAL);
        }
        let bytes = buf.bytes.as_ref().ok_or(Errno::EFAULT)?;
        let gone = if slept { Errno::EIDRM } else { Errno::EINVAL };
        let queue = self.mailboxes.get_mut(&id).ok_or(gone)?;
        queue.perm.allows(WRITE, by)?;
        if queue.bytes() + bytes.0.len() > queue.most_bytes
            || queue.messages.len() >= queue.most_bytes
        {
            if flags & consts::IPC_NOWAIT != 0 {
                return Err(Errno::EAGAIN);
            }
            return Ok(Tried::Sleep);
        }
        queue.messages.push_back((mtype, bytes.clone()));
        queue.last_sender = by.pid;
        queue.times[0] = by.now;
        Ok(Tried::ok(0))
    }

    /// msgrcv(2). `slept`: the call has slept already.
    pub fn msgrcv(
        &mut self,
        by: By,
        id: i32,
        buf: OutBuf,
        mtype: i64,
        flags: i32,
        slept: bool,
    ) -> Result<Tried, Errno> {
        if id < 0 || buf.len as i64 <= -1 {
            return Err(Errno::EINVAL);
        }
        let gone = if slept { Errno::EIDRM } else { Errno::EINVAL };
        let queue = self.mailboxes.get_mut(&id).ok_or(gone)?;
        queue.perm.allows(READ, by)?;
        let except = flags & consts::MSG_EXCEPT != 0;
        let found = match mtype {
            0 => (!queue.messages.is_empty()).then_some(0),
            n if n > 0 => queue.messages.iter().position(|(t, _)| (*t == n) != except),
            // The lowest type that is not above the number's absolute value.
            n => {
                let limit = n.checked_neg().unwrap_or(i64::MAX);
                let types = queue.messages.iter().enumerate().filter(|(_, (t, _))| *t <= limit);
                types.min_by_key(|(at, (t, _))| (*t, *at)).map(|(at, _)| at)
            }
        };
        let Some(at) = found else {
            if flags & consts::IPC_NOWAIT != 0 {
                return Err(Errno::ENOMSG);
            }
            return Ok(Tried::Sleep);
        };
        let len = queue.messages[at].1.0.len();
        if len as u64 > buf.len && flags & consts::MSG_NOERROR == 0 {
            return Err(Errno::E2BIG);
        }
        let (mtype, mut bytes) = queue.messages.remove(at).ok_or(Errno::ENOMSG)?;
        queue.last_receiver = by.pid;
        queue.times[1] = by.now;
        if !buf.ok {
            return Err(Errno::EFAULT);
        }
        bytes.0.truncate(usize::try_from(buf.len).unwrap_or(usize::MAX));
        let len = bytes.0.len() as i64;
        Ok(Tried::Done(Reply::with(len, Out::Mtext { mtype, bytes })))
    }

    /// msgctl(2)
    pub fn msgctl(
        &mut self,
        id: i32,
        cmd: i32,
        buf: &Ptr<IpcStat>,
        by: By,
    ) -> Result<Reply, Errno> {
        if id < 0 || cmd < 0 {
            return Err(Errno::EINVAL);
        }
        let new = given(cmd, buf)?;
        let queue = self.mailboxes.get_mut(&id).ok_or(Errno::EINVAL)?;
        match cmd {
            consts::IPC_STAT => {
                queue.perm.allows(READ, by)?;
                let stat = IpcStat {
                    size: queue.most_bytes as u64,
                    count: queue.messages.len() as u64,
                    bytes: queue.bytes() as u64,
                    times: queue.times,
                    pids: [queue.last_sender.0, queue.last_receiver.0],
                    ..queue.perm.stat()
                };
                told(stat, buf)
            }
            consts::IPC_SET => {
                queue.perm.owned(by)?;
                if new.size > QUEUE_MAX as u64 && by.who.uid != 0 {
                    return Err(Errno::EPERM);
                }
                if new.size == 0 {
                    return Err(Errno::EINVAL);
                }
                queue.perm.set(&new, by)?;
                queue.most_bytes = new.size as usize;
                queue.times[2] = by.now;
                Ok(Reply::ok(0))
            }
            consts::IPC_RMID => {
                queue.perm.owned(by)?;
                self.mailboxes.remove(&id);
                Ok(Reply::ok(0))
            }
            _ => Err(Errno::EINVAL),
        }
    }

    // ---- POSIX message queues

    /// mq_open(3): the queue; `room` is how many messages it holds, and bytes each, `(0, 0)` as many
    /// as usual; `new` is the number of one that is made.
    pub fn mq_open(
        &mut self,
        name: &[u8],
        flags: i32,
        mode: u32,
        by: By,
        room: (i64, i64),
        new: impl FnOnce() -> u32,
    ) -> Result<u32, Errno> {
        // libc has taken one leading slash away and refused names without it.
        if name.is_empty() {
            return Err(Errno::ENOENT);
        }
        if name.contains(&b'/') {
            return Err(Errno::EACCES);
        }
        if name.len() > 255 {
            return Err(Errno::ENAMETOOLONG);
        }
        match self.queue_names.get(name) {
            Some(_) if flags & consts::O_CREAT != 0 && flags & consts::O_EXCL != 0 => {
                return Err(Errno::EEXIST);
            }
            Some(id) => {
                let queue = self.queues.get(id).ok_or(Errno::ENOENT)?;
                queue.perm.allows(wanted(flags) as i32, by)?;
                return Ok(*id);
            }
            None if flags & consts::O_CREAT == 0 => return Err(Errno::ENOENT),
            None => {}
        }
        let size = |wanted: i64, (default, limit): (i64, i64)| match wanted {
            _ if room == (0, 0) => Ok(default as usize),
            n if n <= 0 || n > limit => Err(Errno::EINVAL),
            n => Ok(n as usize),
        };
        let queue = Queue {
            max_messages: size(room.0, MESSAGES)?,
            message_size: size(room.1, MESSAGE_SIZE)?,
            messages: Vec::new(),
            perm: Perm::new(0, mode as i32, by),
            notice: None,
        };
        let id = new();
        self.queues.insert(id, queue);
        self.queue_names.insert(name.to_vec(), id);
        Ok(id)
    }

    /// mq_send(3)
    pub fn mq_send(
        &mut self,
        id: u32,
        buf: &InBuf,
        priority: u32,
        may_sleep: bool,
    ) -> Result<Tried, Errno> {
        if priority >= PRIORITIES {
            return Err(Errno::EINVAL);
        }
        let queue = self.queues.get_mut(&id).ok_or(Errno::EBADF)?;
        if buf.len as usize > queue.message_size {
            return Err(Errno::EMSGSIZE);
        }
        let bytes = match buf.bytes.as_ref() {
            Some(bytes) => bytes.clone(),
            None if buf.len == 0 => Bytes::default(),
            None => return Err(Errno::EFAULT),
        };
        if queue.messages.len() >= queue.max_messages {
            return if may_sleep { Ok(Tried::Sleep) } else { Err(Errno::EAGAIN) };
        }
        let place = queue.messages.iter().position(|(p, _)| *p < priority);
        let place = place.unwrap_or(queue.messages.len());
        queue.messages.insert(place, (priority, bytes));
        Ok(Tried::ok(0))
    }

    /// mq_receive(3)
    pub fn mq_receive(&mut self, id: u32, buf: OutBuf, may_sleep: bool) -> Result<Tried, Errno> {
        let queue = self.queues.get_mut(&id).ok_or(Errno::EBADF)?;
        if (buf.len as usize) < queue.message_size {
            return Err(Errno::EMSGSIZE);
        }
        if queue.messages.is_empty() {
            return if may_sleep { Ok(Tried::Sleep) } else { Err(Errno::EAGAIN) };
        }
        let (priority, bytes) = queue.messages.remove(0);
        if !buf.ok && !bytes.0.is_empty() {
            return Err(Errno::EFAULT);
        }
        let len = bytes.0.len() as i64;
        Ok(Tried::Done(Reply::with(len, Out::Message { bytes, priority })))
    }

    /// mq_getattr(3), and mq_setattr(3) with new flags; `status` is the description's.
    pub fn mq_getsetattr(&self, id: u32, status: i32, flags: Option<i64>) -> Result<Reply, Errno> {
        let nonblock = i64::from(consts::O_NONBLOCK);
        if flags.is_some_and(|flags| flags & !nonblock != 0) {
            return Err(Errno::EINVAL);
        }
        let queue = self.queues.get(&id).ok_or(Errno::EBADF)?;
        let words = [
            (i64::from(status) & nonblock) as u64,
            queue.max_messages as u64,
            queue.message_size as u64,
            queue.messages.len() as u64,
        ];
        Ok(Reply::with(0, Out::Words { words: words.to_vec() }))
    }

    /// mq_unlink(3): the queue whose name it was; it goes with its last description.
    pub fn mq_unlink(&mut self, name: &Ptr<Bytes>, by: By) -> Result<u32, Errno> {
        let name = name.value.as_ref().ok_or(Errno::EFAULT)?;
        let id = *self.queue_names.get(&name.0).ok_or(Errno::ENOENT)?;
        if let Some(queue) = self.queues.get(&id) {
            queue.perm.owned(by)?;
        }
        self.queue_names.remove(&name.0);
        Ok(id)
    }

    /// mq_notify(3)
    pub fn mq_notify(&mut self, id: u32, pid: Pid, event: Option<SigEvent>) -> Result<i64, Errno> {
        let queue = self.queues.get_mut(&id).ok_or(Errno::EBADF)?;
        match event {
            None if queue.notice.is_some_and(|(owner, _)| owner == pid) => queue.notice = None,
            None => {}
            Some(_) if queue.notice.is_some() => return Err(Errno::EBUSY),
            Some(event) => queue.notice = Some((pid, event)),
        }
        Ok(0)
    }
}

impl Host {
    /// The caller, for an object of [`Ipc`].
    pub(crate) fn maker(&self, me: Me) -> By {
        By { pid: me.pid, who: self.process(me.pid).who(), now: self.fs.now.sec }
    }

    /// A process has ended: queues tell it nothing more.
    pub(crate) fn forget_notices(&mut self, pid: Pid) {
        for queue in self.ipc.queues.values_mut() {
            queue.notice = queue.notice.filter(|(owner, _)| *owner != pid);
        }
    }

    pub(crate) fn drop_segment(&mut self, segment: u32) {
        self.ipc.drop_segment(segment, &mut self.shared);
    }

    /// A process's shared mappings go.
    pub(crate) fn drop_mappings(&mut self, pid: Pid) {
        let mappings = std::mem::take(&mut self.process_mut(pid).mappings);
        for mapping in mappings.into_values() {
            if let Some(id) = mapping.sysv {
                self.ipc.detach(id, pid, self.fs.now.sec, &mut self.shared);
            }
            self.drop_segment(mapping.segment);
        }
    }

    /// `SEM_UNDO` at a process's end.
    pub(crate) fn undo_semaphores(&mut self, pid: Pid) {
        for id in self.ipc.undo(pid) {
            self.touch(Source::Semaphore(id));
        }
    }
}
