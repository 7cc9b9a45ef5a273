//! `proc(5)`: what of `/proc` programs of students read. A file is written when it is opened.
//!
//! Missing: directories that can be listed, memory maps, and all that is not named here.

use crate::kernel::fd::Object;
use crate::kernel::{Host, Me};
use abi::{Pid, consts};

impl Host {
    /// The process and the rest of a path under `/proc`: `/proc/self/status`.
    fn proc_path<'a>(&self, me: Me, path: &'a [u8]) -> Option<(Pid, &'a str)> {
        let rest = std::str::from_utf8(path).ok()?.strip_prefix("/proc/")?;
        let (who, what) = rest.split_once('/').unwrap_or((rest, ""));
        let pid = match who {
            "self" | "thread-self" => me.pid,
            number => Pid(number.parse().ok()?),
        };
        self.processes.contains_key(&pid).then_some((pid, what))
    }

    /// What a file of `/proc` says now, if there is one of this name.
    pub(super) fn proc_file(&self, me: Me, now_ns: u64, path: &[u8]) -> Option<Vec<u8>> {
        if let Some((pid, what)) = self.proc_path(me, path) {
            return self.proc_of_process(pid, what);
        }
        let text = std::str::from_utf8(path).ok()?.strip_prefix("/proc/")?;
        let seconds = now_ns as f64 / 1e9;
        Some(match text {
            "uptime" => format!("{seconds:.2} {seconds:.2}\n").into(),
            "loadavg" => format!("0.00 0.00 0.00 1/{} 1\n", self.processes.len()).into(),
            "version" => "Linux version 6.18.0-soquete #1 SMP\n".into(),
            "sys/kernel/hostname" => format!("{}\n", self.node_name).into(),
            "sys/kernel/ostype" => "Linux\n".into(),
            "sys/kernel/osrelease" => "6.18.0-soquete\n".into(),
            "sys/kernel/pid_max" => "4194304\n".into(),
            "sys/net/core/somaxconn" => format!("{}\n", consts::SOMAXCONN).into(),
            "sys/net/ipv4/ip_local_port_range" => "32768\t60999\n".into(),
            "sys/net/ipv4/tcp_congestion_control" => "cubic\n".into(),
            "sys/net/ipv4/tcp_syn_retries" => "6\n".into(),
            "sys/net/ipv4/tcp_fin_timeout" => "60\n".into(),
            "sys/net/ipv4/ip_forward" => "0\n".into(),
            "sys/fs/nr_open" => "1048576\n".into(),
            "sys/fs/pipe-max-size" => "1048576\n".into(),
            "sys/fs/mqueue/msg_max" => "10\n".into(),
            "sys/fs/mqueue/msgsize_max" => "8192\n".into(),
            _ => return None,
        })
    }

    fn proc_of_process(&self, pid: Pid, what: &str) -> Option<Vec<u8>> {
        let process = self.processes.get(&pid)?;
        let comm = String::from_utf8_lossy(&self.comm(pid)).into_owned();
        Some(match what {
            "comm" => format!("{comm}\n").into(),
            "cmdline" => {
                process.args.iter().flat_map(|arg| [arg.as_bytes(), b"\0"].concat()).collect()
            }
            "status" => self.proc_status(pid, &comm).into(),
            "stat" => format!(
                "{pid} ({comm}) {} {} {} {} 0 -1 0 0 0 0 0 {} 0 {} 0 20 {} {} 0 0\n",
                self.proc_state(pid).0,
                process.parent,
                process.group,
                process.session,
                process.cpu_ns.0 / 10_000_000,
                process.cpu_ns.1 / 10_000_000,
                process.nice,
                process.threads.len(),
            )
            .into(),
            _ => return None,
        })
    }

    /// The letter and the word of `ps` for what a process does.
    fn proc_state(&self, pid: Pid) -> (char, &'static str) {
        use crate::kernel::process::ThreadState;
        let process = self.process(pid);
        let sleeps =
            process.threads.values().all(|thread| matches!(thread.state, ThreadState::Blocked(_)));
        match (process.is_zombie(), process.stopped, sleeps) {
            (true, ..) => ('Z', "zombie"),
            (_, true, _) => ('T', "stopped"),
            (_, _, true) => ('S', "sleeping"),
            _ => ('R', "running"),
        }
    }

    fn proc_status(&self, pid: Pid, comm: &str) -> String {
        let process = self.process(pid);
        let (letter, word) = self.proc_state(pid);
        let (uids, gids) = (process.other_uids, process.other_gids);
        let mask = process.threads.values().next().map_or(0, |thread| thread.mask);
        let ignored = |handler: &dyn Fn(u64) -> bool| {
            let set = process.actions.iter().filter(|(_, action)| handler(action.handler));
            set.fold(0u64, |all, (signal, _)| all | 1 << (signal - 1))
        };
        format!(
            "Name:\t{comm}\nUmask:\t{:04o}\nState:\t{letter} ({word})\nTgid:\t{pid}\nNgid:\t0\n\
             Pid:\t{pid}\nPPid:\t{}\nTracerPid:\t0\nUid:\t{}\t{}\t{}\t{}\nGid:\t{}\t{}\t{}\t{}\n\
             FDSize:\t64\nGroups:\t \nThreads:\t{}\nSigPnd:\t{:016x}\nShdPnd:\t{:016x}\n\
             SigBlk:\t{mask:016x}\nSigIgn:\t{:016x}\nSigCgt:\t{:016x}\n",
            process.umask,
            process.parent,
            uids.0,
            process.uid,
            uids.1,
            process.uid,
            gids.0,
            process.gid,
            gids.1,
            process.gid,
            process.threads.len(),
            process.threads.values().next().map_or(0, |thread| thread.pending),
            process.pending,
            ignored(&|handler| handler == 1),
            ignored(&|handler| handler > 1),
        )
    }

    /// Where a link of `/proc` leads: `self`, `self/cwd`, `self/exe`, `self/fd/3`.
    pub(super) fn proc_link(&self, me: Me, path: &[u8]) -> Option<Vec<u8>> {
        if path == b"/proc/self" {
            return Some(me.pid.to_string().into());
        }
        let (pid, what) = self.proc_path(me, path)?;
        let process = self.process(pid);
        match what {
            "cwd" => Some(process.cwd.clone()),
            "root" => Some(b"/".to_vec()),
            "exe" => Some([&process.cwd[..], b"/", process.name().as_bytes()].concat()),
            _ => {
                let fd = what.strip_prefix("fd/")?.parse().ok()?;
                let id = process.fds.get(abi::Fd(fd)).ok()?.description;
                Some(self.object_name(&self.descriptions.get(&id)?.object))
            }
        }
    }

    /// What `/proc/self/fd` shows of an object.
    fn object_name(&self, object: &Object) -> Vec<u8> {
        let text = match object {
            Object::Inet(inet) => format!("socket:[{}]", inet.id.0),
            Object::Unix(id) => format!("socket:[{id}]"),
            Object::PipeReader(id) | Object::PipeWriter(id) | Object::PipeBoth(id) => {
                format!("pipe:[{id}]")
            }
            Object::File(inode) => {
                let path = self.fs.path_of(*inode);
                return path.unwrap_or_else(|| b" (deleted)".to_vec());
            }
            Object::Terminal(_) => "/dev/pts/0".to_owned(),
            Object::Epoll(_) => "anon_inode:[eventpoll]".to_owned(),
            Object::Event(_) => "anon_inode:[eventfd]".to_owned(),
            Object::Timer(_) => "anon_inode:[timerfd]".to_owned(),
            Object::Signals(_) => "anon_inode:[signalfd]".to_owned(),
            Object::Queue(id) => {
                let names = self.ipc.queue_names.iter().find(|(_, queue)| *queue == id);
                let name = names.map_or(&b""[..], |(name, _)| name);
                return [&b"/"[..], name].concat();
            }
        };
        text.into_bytes()
    }
}
