//! Who a process is: numbers, users, groups, sessions, limits. See `credentials(7)`.

use super::{Now, error, ok};
use crate::{Caller, Run};
use abi::{Errno, Out, Reply, Syscall, consts};

impl Run {
    /// Calls that ask or change who a process is.
    pub(super) fn on_identity(&mut self, caller: Caller, call: &Syscall) -> Option<Now> {
        let Caller { pid, tid, .. } = caller;
        let process = self.processes.get_mut(&pid)?;
        Some(match call {
            Syscall::Getpid => ok(i64::from(pid.0)),
            Syscall::Gettid => ok(i64::from(tid.0)),
            Syscall::Getppid => ok(i64::from(process.parent.0)),
            Syscall::Getuid | Syscall::Geteuid => ok(i64::from(process.ids.0)),
            Syscall::Getegid | Syscall::Getgid => ok(i64::from(process.ids.1)),
            Syscall::Setuid { uid } => process.set_id(*uid, true).into(),
            Syscall::Setgid { gid } => process.set_id(*gid, false).into(),
            Syscall::Setresuid { effective, .. } => match u32::try_from(*effective) {
                Ok(uid) => process.set_id(uid, true).into(),
                Err(_) => ok(0),
            },
            Syscall::Umask { mask } => {
                ok(std::mem::replace(&mut process.umask, mask & 0o777).into())
            }
            Syscall::Setsid => self.setsid(pid).into(),
            Syscall::Getsid { pid: of } => self.somebody(pid, *of, |p| p.session).into(),
            Syscall::Getpgid { pid: of } => self.somebody(pid, *of, |p| p.group).into(),
            Syscall::Getpgrp => ok(process.group.0.into()),
            Syscall::Setpgid { pid: of, group } => self.setpgid(pid, *of, *group).into(),
            Syscall::Getrlimit { resource } => match process.limits(*resource) {
                Ok((soft, hard)) => {
                    Now::Reply(Reply::with(0, Out::Words { words: vec![soft, hard] }))
                }
                Err(errno) => error(errno),
            },
            Syscall::Setrlimit { resource, soft, hard } => {
                process.set_limits(*resource, *soft, *hard).into()
            }
            // Nobody here measures a program's share of the processor.
            Syscall::Getrusage { who } if !(-1..=1).contains(who) => error(Errno::EINVAL),
            Syscall::Getrusage { .. } => {
                Now::Reply(Reply::with(0, Out::Words { words: vec![0, 0] }))
            }
            Syscall::Times => {
                let words = vec![0; 4];
                let ticks = self.now.mono_ns / 10_000_000;
                Now::Reply(Reply::with(ticks as i64, Out::Words { words }))
            }
            Syscall::Prctl { option, .. } => match *option {
                consts::PR_GET_DUMPABLE => ok(1),
                consts::PR_SET_NAME | consts::PR_SET_DUMPABLE | consts::PR_SET_CHILD_SUBREAPER => {
                    ok(0)
                }
                _ => self.missing(pid, call),
            },
            Syscall::Uname => {
                let fields = self.surroundings.uname.clone();
                Now::Reply(Reply::with(0, Out::Uname { fields }))
            }
            _ => return None,
        })
    }
}
