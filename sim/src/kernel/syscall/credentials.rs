//! Who a process is, and what it may use: user and group numbers, the nice value, limits, names.
//! See `credentials(7)`.

use super::Answer;
use crate::kernel::process::Process;
use crate::kernel::{Env, Host, INIT, Me};
use abi::syscall::InBuf;
use abi::{Bytes, Errno, Out, Pid, Reply, consts};

/// `fs.nr_open`, the most that `RLIMIT_NOFILE` can be.
const NR_OPEN: u64 = 1_048_576;
/// `__NEW_UTS_LEN`, bytes of a host's name.
const HOST_NAME_MAX: u64 = 64;
/// `TASK_COMM_LEN`, the NUL included.
const COMM_MAX: usize = 16;

/// A number that a call gives, -1 being none.
fn given(id: i32) -> Option<u32> {
    (id != -1).then_some(id as u32)
}

/// Real, effective and saved number.
type Ids = (u32, u32, u32);

impl Process {
    fn uids(&self) -> Ids {
        (self.other_uids.0, self.uid, self.other_uids.1)
    }

    fn set_uids(&mut self, (real, effective, saved): Ids) {
        (self.uid, self.other_uids) = (effective, (real, saved));
    }

    fn gids(&self) -> Ids {
        (self.other_gids.0, self.gid, self.other_gids.1)
    }

    fn set_gids(&mut self, (real, effective, saved): Ids) {
        (self.gid, self.other_gids) = (effective, (real, saved));
    }

    /// Whether it may send signals to another process, `kill(2)`.
    pub(crate) fn may_signal(&self, other: &Process) -> bool {
        let (real, effective, _) = self.uids();
        let (theirs, _, saved) = other.uids();
        effective == 0 || [real, effective].iter().any(|id| [theirs, saved].contains(id))
    }
}

/// setuid(2), setgid(2): with all rights all three numbers, else one of the present ones.
fn set_one(ids: Ids, root: bool, id: u32) -> Result<Ids, Errno> {
    match root {
        true => Ok((id, id, id)),
        false if id == ids.0 || id == ids.2 => Ok((ids.0, id, ids.2)),
        false => Err(Errno::EPERM),
    }
}

/// setreuid(2), setregid(2)
fn set_two(ids: Ids, root: bool, real: i32, effective: i32) -> Result<Ids, Errno> {
    let (r, e, s) = ids;
    let (real, effective) = (given(real), given(effective));
    let may_real = real.is_none_or(|id| root || id == r || id == e);
    let may_effective = effective.is_none_or(|id| root || [r, e, s].contains(&id));
    if !may_real || !may_effective {
        return Err(Errno::EPERM);
    }
    let new = effective.unwrap_or(e);
    let saves = real.is_some() || effective.is_some_and(|id| id != r);
    Ok((real.unwrap_or(r), new, if saves { new } else { s }))
}

/// setresuid(2), setresgid(2)
fn set_three(ids: Ids, root: bool, new: [i32; 3]) -> Result<Ids, Errno> {
    let (r, e, s) = ids;
    let new = new.map(given);
    if !root && new.iter().flatten().any(|id| ![r, e, s].contains(id)) {
        return Err(Errno::EPERM);
    }
    Ok((new[0].unwrap_or(r), new[1].unwrap_or(e), new[2].unwrap_or(s)))
}

impl Host {
    fn change_uids(
        &mut self,
        me: Me,
        change: impl FnOnce(Ids, bool) -> Result<Ids, Errno>,
    ) -> Result<i64, Errno> {
        let process = self.process_mut(me.pid);
        let new = change(process.uids(), process.uid == 0)?;
        process.set_uids(new);
        Ok(0)
    }

    fn change_gids(
        &mut self,
        me: Me,
        change: impl FnOnce(Ids, bool) -> Result<Ids, Errno>,
    ) -> Result<i64, Errno> {
        let process = self.process_mut(me.pid);
        let new = change(process.gids(), process.uid == 0)?;
        process.set_gids(new);
        Ok(0)
    }

    /// setuid(2)
    pub(super) fn setuid(&mut self, me: Me, uid: u32) -> Result<i64, Errno> {
        self.change_uids(me, |ids, root| set_one(ids, root, uid))
    }

    /// setgid(2)
    pub(super) fn setgid(&mut self, me: Me, gid: u32) -> Result<i64, Errno> {
        self.change_gids(me, |ids, root| set_one(ids, root, gid))
    }

    /// setreuid(2)
    pub(super) fn setreuid(&mut self, me: Me, real: i32, effective: i32) -> Result<i64, Errno> {
        self.change_uids(me, |ids, root| set_two(ids, root, real, effective))
    }

    /// setregid(2)
    pub(super) fn setregid(&mut self, me: Me, real: i32, effective: i32) -> Result<i64, Errno> {
        self.change_gids(me, |ids, root| set_two(ids, root, real, effective))
    }

    /// setresuid(2)
    pub(super) fn setresuid(&mut self, me: Me, new: [i32; 3]) -> Result<i64, Errno> {
        self.change_uids(me, |ids, root| set_three(ids, root, new))
    }

    /// setresgid(2)
    pub(super) fn setresgid(&mut self, me: Me, new: [i32; 3]) -> Result<i64, Errno> {
        self.change_gids(me, |ids, root| set_three(ids, root, new))
    }

    /// getuid(2), getgid(2), getresuid(2), …: real, effective, saved.
    pub(super) fn ids(&self, me: Me, groups: bool) -> [u64; 3] {
        let process = self.process(me.pid);
        let (real, effective, saved) = if groups { process.gids() } else { process.uids() };
        [real, effective, saved].map(u64::from)
    }

    // ---- nice values

    /// The processes that `getpriority(2)` means.
    fn priority_of(&self, me: Me, which: i32, who: i32) -> Result<Vec<Pid>, Errno> {
        let own = self.process(me.pid);
        let all = self.processes.values().filter(|process| !process.is_zombie());
        let found: Vec<Pid> = match which {
            consts::PRIO_PROCESS => {
                let pid = if who == 0 { me.pid } else { Pid(who) };
                all.filter(|process| process.pid == pid).map(|process| process.pid).collect()
            }
            consts::PRIO_PGRP => {
                let group = if who == 0 { own.group } else { Pid(who) };
                all.filter(|process| process.group == group).map(|process| process.pid).collect()
            }
            consts::PRIO_USER => {
                let uid = if who == 0 { own.other_uids.0 } else { who as u32 };
                all.filter(|p| p.other_uids.0 == uid).map(|process| process.pid).collect()
            }
            _ => return Err(Errno::EINVAL),
        };
        if found.is_empty() { Err(Errno::ESRCH) } else { Ok(found) }
    }

    /// getpriority(2): 20 less the lowest nice value.
    pub(super) fn getpriority(&self, me: Me, which: i32, who: i32) -> Result<i64, Errno> {
        let found = self.priority_of(me, which, who)?;
        let lowest = found.iter().map(|pid| self.process(*pid).nice).min().unwrap_or(0);
        Ok(i64::from(20 - lowest))
    }

    /// setpriority(2)
    pub(super) fn setpriority(
        &mut self,
        me: Me,
        which: i32,
        who: i32,
        nice: i32,
    ) -> Result<i64, Errno> {
        let found = self.priority_of(me, which, who)?;
        let nice = nice.clamp(-20, 19);
        let own = self.process(me.pid).uids();
        for pid in found {
            let target = self.process_mut(pid);
            if own.1 != 0 && ![target.uid, target.other_uids.0].contains(&own.1) {
                return Err(Errno::EPERM);
            }
            if own.1 != 0 && nice < target.nice {
                return Err(Errno::EACCES);
            }
            target.nice = nice;
        }
        Ok(0)
    }

    // ---- limits

    /// A limit of a process: soft, hard.
    pub(super) fn limit(&self, pid: Pid, resource: i32) -> Result<(u64, u64), Errno> {
        let process = self.process(pid);
        if let Some(set) = process.limits.get(&resource) {
            return Ok(*set);
        }
        Ok(match resource {
            consts::RLIMIT_NOFILE => process.nofile,
            consts::RLIMIT_STACK => (8 << 20, u64::MAX),
            consts::RLIMIT_NPROC => (4096, 4096),
            consts::RLIMIT_MEMLOCK => (8 << 20, 8 << 20),
            consts::RLIMIT_CORE => (0, u64::MAX),
            0..16 => (u64::MAX, u64::MAX),
            _ => return Err(Errno::EINVAL),
        })
    }

    /// getrlimit(2)
    pub(super) fn getrlimit(&mut self, me: Me, resource: i32) -> Answer {
        let (soft, hard) = self.limit(me.pid, resource)?;
        Ok(Reply::with(0, Out::Words { words: vec![soft, hard] }))
    }

    /// setrlimit(2)
    pub(super) fn setrlimit(
        &mut self,
        me: Me,
        resource: i32,
        soft: u64,
        hard: u64,
    ) -> Result<i64, Errno> {
        if !(0..16).contains(&resource) || soft > hard {
            return Err(Errno::EINVAL);
        }
        let (_, most) = self.limit(me.pid, resource)?;
        let process = self.process_mut(me.pid);
        let of_files = resource == consts::RLIMIT_NOFILE;
        if (of_files && hard > NR_OPEN) || (hard > most && process.uid != 0) {
            return Err(Errno::EPERM);
        }
        match of_files {
            true => process.nofile = (soft, hard),
            false => drop(process.limits.insert(resource, (soft, hard))),
        }
        Ok(0)
    }

    /// Whether a user has as many processes as `RLIMIT_NPROC` allows.
    pub(super) fn has_all_processes(&self, pid: Pid) -> bool {
        let uid = self.process(pid).other_uids.0;
        let limit = self.limit(pid, consts::RLIMIT_NPROC).map_or(u64::MAX, |(soft, _)| soft);
        let theirs = self.processes.values().filter(|process| process.other_uids.0 == uid);
        uid != 0 && theirs.map(|process| process.threads.len().max(1) as u64).sum::<u64>() >= limit
    }

    // ---- names

    /// sethostname(2)
    pub(super) fn sethostname(&mut self, me: Me, name: &InBuf) -> Result<i64, Errno> {
        if self.process(me.pid).uid != 0 {
            return Err(Errno::EPERM);
        }
        if name.len > HOST_NAME_MAX {
            return Err(Errno::EINVAL);
        }
        let bytes = name.bytes.as_ref().ok_or(Errno::EFAULT)?;
        self.node_name = String::from_utf8_lossy(&bytes.0).into_owned();
        Ok(0)
    }

    /// uname(2)
    pub(super) fn uname(&mut self) -> Answer {
        let fields = ["Linux", &self.node_name, "6.18.0-soquete", "#1 SMP", "x86_64"];
        Ok(Reply::with(0, Out::Uname { fields: fields.map(str::to_owned) }))
    }

    /// prctl(2); `text` is what the argument points to.
    pub(super) fn prctl(&mut self, env: &mut Env, me: Me, option: i32, arg: u64) -> Answer {
        let process = self.process_mut(me.pid);
        let bytes = |bytes: Vec<u8>| Reply::with(0, Out::Bytes { bytes: Bytes(bytes) });
        match option {
            consts::PR_SET_PDEATHSIG => {
                let signal = i32::try_from(arg).ok().filter(|n| (0..=64).contains(n));
                process.death_signal = signal.ok_or(Errno::EINVAL)?;
                Ok(Reply::ok(0))
            }
            consts::PR_GET_PDEATHSIG => Ok(bytes(process.death_signal.to_le_bytes().to_vec())),
            consts::PR_GET_NAME => {
                let mut name = self.comm(me.pid);
                name.resize(COMM_MAX, 0);
                Ok(bytes(name))
            }
            consts::PR_GET_DUMPABLE => Ok(Reply::ok(1)),
            consts::PR_SET_NAME | consts::PR_SET_DUMPABLE | consts::PR_SET_CHILD_SUBREAPER => {
                Ok(Reply::ok(0))
            }
            _ => {
                self.unsupported(env, me, "prctl");
                Err(Errno::EINVAL)
            }
        }
    }

    /// The name that `ps` shows, without the NUL.
    pub(super) fn comm(&self, pid: Pid) -> Vec<u8> {
        let process = self.process(pid);
        let mut name = process.comm.clone().unwrap_or_else(|| process.name().into());
        name.truncate(COMM_MAX - 1);
        name
    }

    /// A process by its number, 0 being the caller; `None` for the first one of the system.
    pub(super) fn somebody(&self, me: Me, pid: Pid) -> Result<Option<&Process>, Errno> {
        let pid = if pid.0 == 0 { me.pid } else { pid };
        match self.processes.get(&pid) {
            None if pid == INIT => Ok(None),
            found => found.map(Some).ok_or(Errno::ESRCH),
        }
    }
}
