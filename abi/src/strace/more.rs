//! The arguments of calls that few programs make.

use super::format::{path as text, *};
use super::ipc;
use super::siginfo::siginfo;
use crate::consts::{self, table};
use crate::syscall::{FileLock, OutPtr, Ptr, SigEvent, Timer, Timespec};
use crate::{Out, Reply, Syscall};

/// `AT_FDCWD`: relative to the working directory.
const AT_FDCWD: i32 = -100;

#[allow(clippy::too_many_lines)] // a table of calls
pub(super) fn arguments(call: &Syscall, reply: &Reply) -> String {
    match call {
        Syscall::Truncate { path, length } => format!("{}, {length}", text(path)),
        Syscall::Rename { old, new } => format!("{}, {}", text(old), text(new)),
        Syscall::Link { old, new } => format!("{}, {}", text(old), text(new)),
        Syscall::Symlink { target, path } => format!("{}, {}", text(target), text(path)),
        Syscall::Readlink { path, buf } => {
            format!("{}, {}, {}", text(path), out_buf(buf, reply), buf.len)
        }
        Syscall::Chown { path, uid, gid } | Syscall::Lchown { path, uid, gid } => {
            format!("{}, {uid}, {gid}", text(path))
        }
        Syscall::Fchown { fd, uid, gid } => format!("{fd}, {uid}, {gid}"),
        Syscall::Fchmod { fd, mode } => format!("{fd}, {}", octal(*mode)),
        Syscall::Fchdir { fd } => fd.to_string(),
        Syscall::Utimensat { fd, path, times, flags: how } => {
            let fd = if fd.0 == AT_FDCWD { "AT_FDCWD".to_owned() } else { fd.to_string() };
            let times = deref(times, |[access, change]| {
                format!("[{}, {}]", file_time(access), file_time(change))
            });
            format!("{fd}, {}, {times}, {}", text(path), flags(table::AT, *how, "AT_???"))
        }
        Syscall::Splice { input, input_offset, output, output_offset, count, flags: how } => {
            let offset = |at| deref(at, |old| format!("[{old}]"));
            let how = flags(table::SPLICE, *how as i32, "SPLICE_F_???");
            let (from, to) = (offset(input_offset), offset(output_offset));
            format!("{input}, {from}, {output}, {to}, {count}, {how}")
        }
        Syscall::Tee { input, output, count, flags: how } => {
            let how = flags(table::SPLICE, *how as i32, "SPLICE_F_???");
            format!("{input}, {output}, {count}, {how}")
        }
        Syscall::Getrandom { buf, flags: how } => {
            let how = flags(table::GRND, *how as i32, "GRND_???");
            format!("{}, {}, {how}", out_buf(buf, reply), buf.len)
        }
        Syscall::Rmdir { path } | Syscall::Chdir { path } => text(path),
        Syscall::Getcwd { buf } => {
            let shown = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Bytes { bytes }) => {
                    quoted(bytes.0.strip_suffix(&[0]).unwrap_or(&bytes.0), usize::MAX)
                }
                _ => pointer(buf.at),
            };
            format!("{shown}, {}", buf.len)
        }
        Syscall::Umask { mask } => octal(*mask),
        Syscall::Fsync { fd } | Syscall::Fdatasync { fd } => fd.to_string(),
        Syscall::Pread64 { fd, buf, offset } => {
            format!("{fd}, {}, {}, {offset}", out_buf(buf, reply), buf.len)
        }
        Syscall::Pwrite64 { fd, buf, offset } => {
            format!("{fd}, {}, {}, {offset}", in_buf(buf), buf.len)
        }
        Syscall::Getdents64 { fd, buf } => match (&reply.ret, &reply.out) {
            (Ok(_), Out::Bytes { bytes }) => {
                format!(
                    "{fd}, {} /* {} entries */, {}",
                    pointer(buf.at),
                    entries(&bytes.0),
                    buf.len
                )
            }
            _ => format!("{fd}, {}, {}", pointer(buf.at), buf.len),
        },
        Syscall::Flock { fd, operation } => {
            format!("{fd}, {}", flags(table::LOCK, *operation, "LOCK_???"))
        }
        Syscall::FcntlLock { fd, cmd, lock } => {
            let name = value(table::F, *cmd, "F_???");
            let got = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Lock { lock }) => format!("{{{}, l_pid={}}}", fields(lock), lock.pid),
                _ => deref(lock, |lock| format!("{{{}}}", fields(lock))),
            };
            format!("{fd}, {name}, {got}")
        }
        Syscall::Sendfile { out, input, offset, count } => {
            let offset = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Words { words }) if !words.is_empty() => {
                    deref(offset, |old| format!("[{old}] => [{}]", words[0] as i64))
                }
                _ => deref(offset, |old| format!("[{old}]")),
            };
            format!("{out}, {input}, {offset}, {count}")
        }
        Syscall::Sendmmsg { fd, msgs, count, flags: how } => {
            let sent = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Words { words }) => &words[..],
                _ => &[],
            };
            let all: Vec<String> = msgs
                .iter()
                .enumerate()
                .map(|(i, msg)| match sent.get(i) {
                    Some(len) => format!("{{msg_hdr={}, msg_len={len}}}", msg_in(msg)),
                    None => format!("{{msg_hdr={}}}", msg_in(msg)),
                })
                .collect();
            let how = flags(table::MSG, *how, "MSG_???");
            format!("{fd}, [{}], {count}, {how}", all.join(", "))
        }
        Syscall::Recvmmsg { fd, msgs, count, flags: how, timeout } => {
            let got = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Msgs { msgs }) => &msgs[..],
                _ => &[],
            };
            let all: Vec<String> = msgs
                .iter()
                .zip(got)
                .map(|(msg, got)| {
                    let one = Reply::with(
                        i64::from(got.len),
                        Out::Msg {
                            bytes: got.bytes.clone(),
                            addr: got.addr.clone(),
                            flags: got.flags,
                            control: got.control.clone(),
                        },
                    );
                    format!("{{msg_hdr={}, msg_len={}}}", msg_out(msg, &one), got.len)
                })
                .collect();
            let how = flags(table::MSG, *how, "MSG_???");
            let timeout = deref(timeout, timespec);
            format!("{fd}, [{}], {count}, {how}, {timeout}", all.join(", "))
        }

        Syscall::Ppoll { fds, nfds, timeout, mask } => {
            format!("{}, {nfds}, {}, {}", poll_fds(fds), deref(timeout, timespec), with_size(mask))
        }
        Syscall::Pselect { nfds, sets, timeout, mask } => format!(
            "{nfds}, {}, {}, {{sigmask={}, sigsetsize=8}}",
            fd_sets(sets),
            deref(timeout, timespec),
            deref(mask, |mask| signal_set(*mask))
        ),
        Syscall::EpollPwait { epfd, events, max_events, timeout_ms, mask } => {
            let wait = Syscall::EpollWait {
                epfd: *epfd,
                events: *events,
                max_events: *max_events,
                timeout_ms: *timeout_ms,
            };
            format!("{}, {}", super::arguments(&wait, reply), with_size(mask))
        }
        Syscall::Eventfd2 { count, flags: how } => {
            format!("{count}, {}", flags(table::EFD, *how, "EFD_???"))
        }
        Syscall::TimerfdCreate { clock, flags: how } => format!(
            "{}, {}",
            value(table::CLOCK, *clock, "CLOCK_???"),
            flags(table::TFD, *how, "TFD_???")
        ),
        Syscall::TimerfdSettime { fd, flags: how, timer, old } => {
            let how = flags(table::TFD_TIMER, *how, "TFD_???");
            format!("{fd}, {how}, {}, {}", deref(timer, itimerspec), timer_out(*old, reply))
        }
        Syscall::TimerfdGettime { fd } => match &reply.out {
            Out::Timer { timer } => format!("{fd}, {}", itimerspec(timer)),
            _ => format!("{fd}, NULL"),
        },
        Syscall::Signalfd4 { fd, mask, flags: how } => {
            let how = flags(table::SFD, *how, "SFD_???");
            format!("{fd}, {}, 8, {how}", deref(mask, |mask| signal_set(*mask)))
        }

        Syscall::Waitid { which, id, info, options } => {
            let got = match (&reply.ret, &reply.out) {
                (Ok(_), Out::SigInfo { info: child }) if info.at != 0 => siginfo(child),
                _ => pointer(info.at),
            };
            // WSTOPPED has the number of WUNTRACED.
            let names: consts::Group = &[
                ("WNOHANG", 1),
                ("WEXITED", 4),
                ("WSTOPPED", 2),
                ("WCONTINUED", 8),
                ("WNOWAIT", consts::WNOWAIT),
            ];
            let options = flags(names, *options, "W???");
            format!("{}, {id}, {got}, {options}, NULL", value(table::P, *which, "P_???"))
        }
        Syscall::Getsid { pid } | Syscall::Getpgid { pid } => pid.to_string(),
        Syscall::Setpgid { pid, group } => format!("{pid}, {group}"),
        Syscall::Setuid { uid } => uid.to_string(),
        Syscall::Setgid { gid } => gid.to_string(),
        Syscall::Setresuid { real, effective, saved } => format!("{real}, {effective}, {saved}"),
        Syscall::Setreuid { real, effective } | Syscall::Setregid { real, effective } => {
            format!("{real}, {effective}")
        }
        Syscall::Setresgid { real, effective, saved } => format!("{real}, {effective}, {saved}"),
        Syscall::Getresuid | Syscall::Getresgid => match &reply.out {
            Out::Words { words } if words.len() >= 3 => {
                format!("[{}], [{}], [{}]", words[0], words[1], words[2])
            }
            _ => String::new(),
        },
        Syscall::Getpriority { which, who } => {
            format!("{}, {who}", value(table::PRIO, *which, "PRIO_???"))
        }
        Syscall::Setpriority { which, who, priority } => {
            format!("{}, {who}, {priority}", value(table::PRIO, *which, "PRIO_???"))
        }
        Syscall::Sethostname { name } => format!("{}, {}", in_buf(name), name.len),
        Syscall::TimerCreate { clock, event, id } => {
            let made = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Words { words }) if !words.is_empty() => format!("[{}]", words[0]),
                _ => pointer(id.at),
            };
            let clock = value(table::CLOCK, *clock, "CLOCK_???");
            format!("{clock}, {}, {made}", deref(event, sigevent))
        }
        Syscall::TimerSettime { id, flags: how, timer, old } => {
            let how = flags(table::CLOCK_FLAG, *how, "TIMER_???");
            format!("{id}, {how}, {}, {}", deref(timer, itimerspec), timer_out(*old, reply))
        }
        Syscall::TimerGettime { id, out } => format!("{id}, {}", timer_out(*out, reply)),
        Syscall::TimerGetoverrun { id } | Syscall::TimerDelete { id } => id.to_string(),
        Syscall::Sigaltstack { new, old } => {
            let stack = |sp: u64, flags: i32, size: u64| {
                let how = match flags {
                    0 => "0".to_owned(),
                    1 => "SS_ONSTACK".to_owned(),
                    2 => "SS_DISABLE".to_owned(),
                    other => format!("{other:#x}"),
                };
                format!("{{ss_sp={}, ss_flags={how}, ss_size={size}}}", pointer(sp))
            };
            let before = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Words { words }) if words.len() >= 3 && old.at != 0 => {
                    stack(words[0], words[1] as i32, words[2])
                }
                _ => pointer(old.at),
            };
            format!("{}, {before}", deref(new, |(sp, flags, size)| stack(*sp, *flags, *size)))
        }
        Syscall::MqNotify { fd, event } => format!("{fd}, {}", deref(event, sigevent)),
        Syscall::Prctl { option, arg, name } => {
            let text = |bytes: &[u8]| quoted(bytes.split(|b| *b == 0).next().unwrap_or(&[]), 15);
            let arg = match (&reply.out, name) {
                (_, Some(name)) => text(&name.0),
                (Out::Bytes { bytes }, _) if *option == consts::PR_GET_NAME => text(&bytes.0),
                _ => pointer(*arg),
            };
            format!("{}, {arg}", value(table::PR, *option, "PR_???"))
        }
        Syscall::Getrusage { who } => {
            let (user, system) = match &reply.out {
                Out::Words { words } if words.len() >= 2 => (words[0], words[1]),
                _ => (0, 0),
            };
            let time = |ns: u64| {
                let (sec, usec) = (ns / 1_000_000_000, ns % 1_000_000_000 / 1000);
                format!("{{tv_sec={sec}, tv_usec={usec}}}")
            };
            format!(
                "{}, {{ru_utime={}, ru_stime={}, ...}}",
                value(table::RUSAGE, *who, "RUSAGE_???"),
                time(user),
                time(system)
            )
        }
        Syscall::Times => match &reply.out {
            Out::Words { words } if words.len() >= 4 => format!(
                "{{tms_utime={}, tms_stime={}, tms_cutime={}, tms_cstime={}}}",
                words[0], words[1], words[2], words[3]
            ),
            _ => "NULL".to_owned(),
        },
        Syscall::RtSigpending => match &reply.out {
            Out::Words { words } if !words.is_empty() => format!("{}, 8", signal_set(words[0])),
            _ => "NULL, 8".to_owned(),
        },
        Syscall::RtSigtimedwait { set, info, timeout } => {
            let got = match (&reply.ret, &reply.out) {
                (Ok(_), Out::SigInfo { info: got }) if info.at != 0 => siginfo(got),
                _ => pointer(info.at),
            };
            let set = deref(set, |set| signal_set(*set));
            format!("{set}, {got}, {}, 8", deref(timeout, timespec))
        }
        Syscall::RtSigqueueinfo { pid, signal: 0, .. } => format!("{pid}, 0, {{}}"),
        Syscall::RtSigqueueinfo { pid, signal, value, from: (si_pid, si_uid) } => {
            let name = signal_name(*signal);
            format!(
                "{pid}, {name}, {{si_signo={name}, si_code=SI_QUEUE, si_pid={si_pid}, \
                 si_uid={si_uid}, si_int={}, si_ptr={}}}",
                *value as i32,
                pointer(*value as u64)
            )
        }
        Syscall::Getitimer { which } => {
            let which = value(table::ITIMER, *which, "ITIMER_???");
            match &reply.out {
                Out::Words { words } if words.len() >= 4 => format!(
                    "{which}, {{it_interval={{tv_sec={}, tv_usec={}}}, it_value={{tv_sec={}, \
                     tv_usec={}}}}}",
                    words[0],
                    words[1] / 1000,
                    words[2],
                    words[3] / 1000
                ),
                _ => format!("{which}, NULL"),
            }
        }

        Syscall::SemctlSetall { id, values } => format!("{id}, 0, SETALL, {}", pointer(values.at)),
        Syscall::Msgget { key, flags } => {
            format!("{}, {}", super::ipc_key(*key), super::ipc_flags(*flags))
        }
        Syscall::Msgsnd { id, mtype, buf, flags: how } => format!(
            "{id}, {{mtype={mtype}, mtext={}}}, {}, {}",
            in_buf(buf),
            buf.len,
            flags(table::IPC, *how, "IPC_???")
        ),
        Syscall::Msgrcv { id, buf, mtype, flags: how } => {
            let got = match (&reply.ret, &reply.out) {
                (Ok(_), Out::Mtext { mtype, bytes }) => {
                    format!("{{mtype={mtype}, mtext={}}}", quoted(&bytes.0, STRING_MAX))
                }
                _ => pointer(buf.at),
            };
            let names: consts::Group = &[
                ("MSG_NOERROR", consts::MSG_NOERROR),
                ("MSG_EXCEPT", consts::MSG_EXCEPT),
                ("IPC_NOWAIT", consts::IPC_NOWAIT),
            ];
            format!("{id}, {got}, {}, {mtype}, {}", buf.len, flags(names, *how, "MSG_???"))
        }
        Syscall::Msgctl { id, cmd, buf } => format!("{id}, {}", ipc::msg(*cmd, buf, reply)),
        Syscall::MqGetsetattr { fd, flags: new } => {
            let how = |how: i64| if how == 0 { "0" } else { "O_NONBLOCK" };
            let new =
                new.map_or("NULL".to_owned(), |new| format!("{{mq_flags={}, ...}}", how(new)));
            let old = match &reply.out {
                Out::Words { words } if words.len() >= 4 => format!(
                    "{{mq_flags={}, mq_maxmsg={}, mq_msgsize={}, mq_curmsgs={}}}",
                    how(words[0] as i64),
                    words[1],
                    words[2],
                    words[3]
                ),
                _ => "NULL".to_owned(),
            };
            format!("{fd}, {new}, {old}")
        }
        // Calls without arguments, and those of the first table.
        _ => String::new(),
    }
}

/// A signal mask and its size, as two arguments.
fn with_size(mask: &Ptr<u64>) -> String {
    format!("{}, 8", deref(mask, |mask| signal_set(*mask)))
}

fn itimerspec(timer: &Timer) -> String {
    format!("{{it_interval={}, it_value={}}}", timespec(&timer.interval), timespec(&timer.value))
}

/// A timer that the kernel gives, where it is wanted.
fn timer_out(out: OutPtr, reply: &Reply) -> String {
    match (&reply.ret, &reply.out) {
        (Ok(_), Out::Timer { timer }) if out.at != 0 => itimerspec(timer),
        _ => pointer(out.at),
    }
}

/// A time of `utimensat(2)`, without the date that strace adds as a comment.
fn file_time(time: &Timespec) -> String {
    match consts::name(table::UTIME, time.nsec as i32) {
        Some(name) => name.to_owned(),
        None => timespec(time),
    }
}

fn sigevent(event: &SigEvent) -> String {
    let value = match event.value {
        0 => String::new(),
        value => {
            let (int, ptr) = (value as i32, pointer(value as u64));
            format!("sigev_value={{sival_int={int}, sival_ptr={ptr}}}, ")
        }
    };
    let signal = match event.notify {
        consts::SIGEV_SIGNAL | consts::SIGEV_THREAD_ID => signal_name(event.signal),
        _ => event.signal.to_string(),
    };
    let notify = self::value(table::SIGEV, event.notify, "SIGEV_???");
    format!("{{{value}sigev_signo={signal}, sigev_notify={notify}}}")
}

fn fields(lock: &FileLock) -> String {
    format!(
        "l_type={}, l_whence={}, l_start={}, l_len={}",
        value(table::LCK, i32::from(lock.kind), "F_???"),
        value(table::SEEK, i32::from(lock.whence), "SEEK_???"),
        lock.start,
        lock.len
    )
}

/// How many `struct linux_dirent64`s these bytes are.
fn entries(mut bytes: &[u8]) -> usize {
    let mut count = 0;
    while let Some(len) = bytes.get(16..18).map(|b| usize::from(u16::from_le_bytes([b[0], b[1]]))) {
        count += 1;
        bytes = bytes.get(len.max(1)..).unwrap_or_default();
    }
    count
}
