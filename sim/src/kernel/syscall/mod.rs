//! The system calls. One file a family, one function a call, named after its man page; each
//! checks its arguments in the order in which Linux 6.18 does.
//!
//! A call never blocks: it answers, or says what it waits for and is tried again from its first
//! line when that changes. What it has achieved meanwhile is in its `Progress`.

mod control;
mod credentials;
mod descriptors;
mod file;
mod interface;
mod ipc;
mod lock;
mod memory;
mod names;
mod notify;
mod options;
mod paths;
mod pipes;
mod poll;
mod proc;
mod process;
mod signal;
mod socket;
mod splice;
mod time;
mod timers;
mod unix;
mod winsock;

use crate::kernel::process::Pending;
use crate::kernel::{Env, Host, Me, Os, Outcome};
use crate::trace::What;
use abi::syscall::Timespec;
use abi::{Bytes, Errno, Pid, Ptr, Reply, Syscall, consts};

pub use process::status_text;

/// What a call that cannot wait answers.
type Answer = Result<Reply, Errno>;

/// One billion.
pub(crate) const SECOND_NS: u64 = 1_000_000_000;

/// Nanoseconds as a `timespec`.
pub(crate) fn timespec(ns: u64) -> Timespec {
    Timespec { sec: (ns / SECOND_NS) as i64, nsec: (ns % SECOND_NS) as i64 }
}

/// A valid `timespec` in nanoseconds; `EINVAL` for negative or unnormalised ones.
fn nanoseconds(time: Timespec) -> Result<u64, Errno> {
    if time.sec < 0 || !(0..SECOND_NS as i64).contains(&time.nsec) {
        return Err(Errno::EINVAL);
    }
    Ok((time.sec as u64).saturating_mul(SECOND_NS).saturating_add(time.nsec as u64))
}

/// The path that a pointer leads to: `EFAULT` where it leads nowhere.
fn path(pointer: &Ptr<Bytes>) -> Result<&[u8], Errno> {
    pointer.value_ref().map(|bytes| bytes.0.as_slice()).ok_or(Errno::EFAULT)
}

/// Reading through a pointer without taking its value.
trait ValueRef<T> {
    fn value_ref(&self) -> Option<&T>;
}

impl<T> ValueRef<T> for Ptr<T> {
    fn value_ref(&self) -> Option<&T> {
        self.value.as_ref()
    }
}

/// An answer of words.
fn words<const N: usize>(words: [u64; N]) -> Outcome {
    Outcome::Done(Reply::with(0, abi::Out::Words { words: words.to_vec() }))
}

/// Whether `O_NONBLOCK` or `MSG_DONTWAIT` forbids sleeping.
fn may_sleep(status_flags: i32, msg_flags: i32) -> bool {
    status_flags & consts::O_NONBLOCK == 0 && msg_flags & consts::MSG_DONTWAIT == 0
}

impl Host {
    /// Tries a call: for the first time, or again because something changed (or its time is up).
    pub(crate) fn try_call(
        &mut self,
        env: &mut Env,
        me: Me,
        call: &Syscall,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        if self.os == Os::Windows
            && let Some(refused) = self.winsock_refuses(me, call)
        {
            return Outcome::Done(Reply::err(refused));
        }
        let (sec, nsec) = self.wall_clock(env.now_ns);
        self.fs.now = Timespec { sec, nsec };
        match call {
            Syscall::Read { fd, buf } => self.read(env, me, *fd, *buf, pending, timed_out),
            Syscall::Write { fd, buf } => self.write(env, me, *fd, buf, pending, timed_out),
            Syscall::Readv { fd, iov, count } => {
                self.readv(env, me, *fd, iov, *count, pending, timed_out)
            }
            Syscall::Writev { fd, iov, count } => {
                self.writev(env, me, *fd, iov, *count, pending, timed_out)
            }
            Syscall::Close { fd } => self.close(env, me, *fd, pending, timed_out),
            Syscall::Openat { path, flags, mode } => {
                self.openat(env, me, path, *flags, *mode, pending)
            }
            Syscall::Unlink { path } => self.unlink(me, path).into(),
            Syscall::Mkdir { path, mode } => self.mkdir(me, path, *mode).into(),
            Syscall::Mkfifo { path, mode } => self.mkfifo(me, path, *mode).into(),
            Syscall::Chmod { path, mode } => self.chmod(me, path, *mode).into(),
            Syscall::Access { path, mode } => self.access(env, me, path, *mode).into(),
            Syscall::Stat { path, out } => self.stat(env, me, path, *out, true).into(),
            Syscall::Fstat { fd, out } => self.fstat(me, *fd, *out).into(),
            Syscall::Lseek { fd, offset, whence } => self.lseek(me, *fd, *offset, *whence).into(),
            Syscall::Ftruncate { fd, length } => self.ftruncate(me, *fd, *length).into(),
            Syscall::Dup { fd } => self.dup(me, *fd).into(),
            Syscall::Dup2 { old, new } => self.dup2(env, me, *old, *new).into(),
            Syscall::Dup3 { old, new, flags } => self.dup3(env, me, *old, *new, *flags).into(),
            Syscall::Fcntl { fd, cmd, arg } => self.fcntl(me, *fd, *cmd, *arg).into(),
            Syscall::Ioctl { fd, request, arg } => self.ioctl(me, *fd, *request, *arg).into(),
            Syscall::IoctlIf { fd, request, arg } => {
                self.ioctl_interface(me, *fd, *request, arg).into()
            }
            Syscall::Pipe2 { fds, flags } => self.pipe2(me, *fds, *flags).into(),

            Syscall::Socket { domain, ty, protocol } => {
                self.socket(me, *domain, *ty, *protocol).into()
            }
            Syscall::Socketpair { domain, ty, protocol, fds } => {
                self.socketpair(me, *domain, *ty, *protocol, *fds).into()
            }
            Syscall::Bind { fd, addr } => self.bind(me, *fd, addr).into(),
            Syscall::Listen { fd, backlog } => self.listen(env, me, *fd, *backlog).into(),
            Syscall::Accept { fd, addr } => {
                self.accept4(env, me, *fd, *addr, 0, pending, timed_out)
            }
            Syscall::Accept4 { fd, addr, flags } => {
                self.accept4(env, me, *fd, *addr, *flags, pending, timed_out)
            }
            Syscall::Connect { fd, addr } => self.connect(env, me, *fd, addr, pending, timed_out),
            Syscall::Sendto { fd, buf, flags, addr } => {
                self.sendto(env, me, *fd, buf, *flags, addr, pending, timed_out)
            }
            Syscall::Recvfrom { fd, buf, flags, addr } => {
                self.recvfrom(env, me, *fd, *buf, *flags, *addr, pending, timed_out)
            }
            Syscall::Sendmsg { fd, msg, flags } => {
                self.sendmsg(env, me, *fd, msg.as_ref(), *flags, pending, timed_out)
            }
            Syscall::Recvmsg { fd, msg, flags } => {
                self.recvmsg(env, me, *fd, msg.as_ref(), *flags, pending, timed_out)
            }
            Syscall::Shutdown { fd, how } => self.shutdown(env, me, *fd, *how).into(),
            Syscall::Getsockname { fd, addr } => self.getsockname(me, *fd, *addr).into(),
            Syscall::Getpeername { fd, addr } => self.getpeername(me, *fd, *addr).into(),
            Syscall::Setsockopt { fd, level, name, value, len } => {
                self.setsockopt(env, me, *fd, *level, *name, value, *len).into()
            }
            Syscall::Getsockopt { fd, level, name, value, len } => {
                self.getsockopt(env, me, *fd, *level, *name, *value, *len).into()
            }

            Syscall::Poll { fds, nfds, timeout_ms } => {
                let timeout_ns = u64::try_from(*timeout_ms).ok().map(|ms| ms * 1_000_000);
                self.poll(env, me, fds, *nfds, timeout_ns, timed_out)
            }
            Syscall::Select { nfds, sets, timeout } => {
                self.select(env, me, *nfds, sets, *timeout, pending, timed_out)
            }
            Syscall::EpollCreate { size } => self.epoll_create(me, *size).into(),
            Syscall::EpollCreate1 { flags } => self.epoll_create1(me, *flags).into(),
            Syscall::EpollCtl { epfd, op, fd, event } => {
                self.epoll_ctl(me, *epfd, *op, *fd, *event).into()
            }
            Syscall::EpollWait { epfd, events, max_events, timeout_ms } => {
                self.epoll_wait(env, me, *epfd, *events, *max_events, *timeout_ms, timed_out)
            }

            Syscall::Fork => self.fork(env, me),
            Syscall::Vfork => self.vfork(env, me, pending),
            Syscall::ThreadCreate { entry, arg } => self.thread_create(env, me, *entry, *arg),
            Syscall::ThreadExit { value } => self.thread_exit(env, me, *value),
            Syscall::ThreadJoin { tid } => self.thread_join(me, *tid),
            Syscall::ThreadDetach { tid } => self.thread_detach(me, *tid).into(),
            Syscall::Execve { path, argv, envp } => self.execve(env, me, path, argv, envp),
            Syscall::ExitGroup { status } => self.exit_group(env, me, *status),
            Syscall::Wait4 { pid, status, options } => self.wait4(env, me, *pid, *status, *options),
            Syscall::Getpid => Ok(i64::from(me.pid.0)).into(),
            Syscall::Getppid => Ok(i64::from(self.process(me.pid).parent.0)).into(),
            Syscall::Gettid => Ok(i64::from(me.tid.0)).into(),
            Syscall::Getuid => Ok(self.ids(me, false)[0] as i64).into(),
            Syscall::Geteuid => Ok(self.ids(me, false)[1] as i64).into(),
            Syscall::Getgid => Ok(self.ids(me, true)[0] as i64).into(),
            Syscall::Getegid => Ok(self.ids(me, true)[1] as i64).into(),
            Syscall::SchedYield => self.sched_yield(me).into(),
            Syscall::FutexWait { key, expected, seen, timeout } => {
                self.futex_wait(env, me, *key, *expected, *seen, *timeout, pending, timed_out)
            }
            Syscall::FutexWake { key, count } => self.futex_wake(env, me, *key, *count),
            Syscall::Getrlimit { resource } => self.getrlimit(me, *resource).into(),
            Syscall::Setrlimit { resource, soft, hard } => {
                self.setrlimit(me, *resource, *soft, *hard).into()
            }
            Syscall::Uname => self.uname().into(),

            Syscall::RtSigaction { signal, new, .. } => self.rt_sigaction(me, *signal, *new).into(),
            Syscall::RtSigprocmask { how, set, .. } => self.rt_sigprocmask(me, *how, *set).into(),
            Syscall::RtSigreturn => self.rt_sigreturn(env, me),
            Syscall::Sigsuspend { mask } => self.sigsuspend(me, *mask, pending),
            Syscall::Kill { pid, signal } => self.kill(env, me, *pid, *signal),
            Syscall::Tgkill { pid, tid, signal } => self.tgkill(env, me, *pid, *tid, *signal),
            Syscall::Pause => self.pause(),
            Syscall::Alarm { seconds } => self.alarm(env, me, *seconds).into(),
            Syscall::Setitimer { which, value, interval } => {
                self.setitimer(env, me, *which, *value, *interval).into()
            }
            Syscall::ClockGettime { clock } => self.clock_gettime(env, me, *clock).into(),
            Syscall::ClockNanosleep { clock, flags, request, .. } => {
                self.clock_nanosleep(env, me, *clock, *flags, *request, pending, timed_out)
            }

            Syscall::Mmap { at, len, prot, flags, fd, offset } => {
                self.mmap(me, *at, *len, *prot, *flags, *fd, *offset).into()
            }
            Syscall::Mprotect { at, prot, mapped, .. } => {
                Self::mprotect(*at, *prot, *mapped).into()
            }
            Syscall::Munmap { at, len } => self.munmap(me, *at, *len).into(),
            Syscall::Shmget { key, size, flags } => {
                let by = self.maker(me);
                self.ipc.shmget(*key, *size, *flags, by, &mut self.shared).into()
            }
            Syscall::Shmat { id, at, flags } => self.shmat(me, *id, *at, *flags).into(),
            Syscall::Shmdt { at } => self.shmdt(me, *at).into(),
            Syscall::Shmctl { id, cmd, buf } => {
                let by = self.maker(me);
                self.ipc.shmctl(*id, *cmd, buf, by, &mut self.shared).into()
            }
            Syscall::Semget { key, count, flags } => {
                let by = self.maker(me);
                self.ipc.semget(*key, *count, *flags, by).into()
            }
            Syscall::Semop { id, ops, timeout } => {
                self.semop(env, me, *id, ops, *timeout, pending, timed_out)
            }
            Syscall::Semctl { id, num, cmd, arg, buf } => {
                self.semctl(me, (*id, *num), *cmd, (*arg, buf)).into()
            }
            Syscall::MqOpen { name, flags, mode, max_messages, message_size } => {
                self.mq_open(me, name, *flags, *mode, *max_messages, *message_size).into()
            }
            Syscall::MqSend { fd, buf, priority, timeout } => {
                self.mq_send(env, me, *fd, buf, *priority, *timeout, timed_out)
            }
            Syscall::MqReceive { fd, buf, timeout, .. } => {
                self.mq_receive(env, me, *fd, *buf, *timeout, timed_out)
            }
            Syscall::MqNotify { fd, event } => self.mq_notify(me, *fd, *event).into(),
            Syscall::MqUnlink { name } => self.mq_unlink(me, name).into(),

            Syscall::Truncate { path, length } => self.truncate(me, path, *length).into(),
            Syscall::Rename { old, new } => self.rename(me, old, new).into(),
            Syscall::Rmdir { path } => self.rmdir(me, path).into(),
            Syscall::Chdir { path } => self.chdir(me, path).into(),
            Syscall::Getcwd { buf } => self.getcwd(me, *buf).into(),
            Syscall::Umask { mask } => self.umask(me, *mask).into(),
            Syscall::Fsync { fd } | Syscall::Fdatasync { fd } => self.fsync(me, *fd).into(),
            Syscall::Pread64 { fd, buf, offset } => {
                self.pread64(env, me, *fd, *buf, *offset).into()
            }
            Syscall::Pwrite64 { fd, buf, offset } => self.pwrite64(me, *fd, buf, *offset).into(),
            Syscall::Getdents64 { fd, buf } => self.getdents64(me, *fd, *buf).into(),
            Syscall::Flock { fd, operation } => self.flock(me, *fd, *operation),
            Syscall::FcntlLock { fd, cmd, lock } => self.fcntl_lock(me, *fd, *cmd, *lock),
            Syscall::Sendfile { out, input, offset, count } => {
                self.sendfile(env, me, *out, *input, *offset, *count, pending, timed_out)
            }
            Syscall::Sendmmsg { fd, msgs, count, flags } => {
                self.sendmmsg(env, me, *fd, msgs, *count, *flags, pending, timed_out)
            }
            Syscall::Recvmmsg { fd, msgs, count, flags, timeout } => {
                self.recvmmsg(env, me, *fd, msgs, *count, *flags, *timeout, pending, timed_out)
            }
            Syscall::Ppoll { fds, nfds, timeout, mask } => {
                self.ppoll(env, me, fds, *nfds, *timeout, *mask, pending, timed_out)
            }
            Syscall::Pselect { nfds, sets, timeout, mask } => {
                self.pselect(env, me, *nfds, sets, *timeout, *mask, pending, timed_out)
            }
            Syscall::EpollPwait { epfd, events, max_events, timeout_ms, mask } => self.epoll_pwait(
                env,
                me,
                *epfd,
                *events,
                *max_events,
                *timeout_ms,
                *mask,
                pending,
                timed_out,
            ),
            Syscall::Eventfd2 { count, flags } => self.eventfd2(me, *count, *flags).into(),
            Syscall::TimerfdCreate { clock, flags } => {
                self.timerfd_create(me, *clock, *flags).into()
            }
            Syscall::TimerfdSettime { fd, flags, timer, .. } => {
                self.timerfd_settime(env, me, *fd, *flags, *timer).into()
            }
            Syscall::TimerfdGettime { fd } => self.timerfd_gettime(env, me, *fd).into(),
            Syscall::Signalfd4 { fd, mask, flags } => self.signalfd4(me, *fd, *mask, *flags).into(),
            Syscall::Waitid { which, id, info, options } => {
                self.waitid(env, me, *which, *id, *info, *options)
            }
            Syscall::Setsid => self.setsid(me).into(),
            Syscall::Getsid { pid } => self.getsid(me, *pid).into(),
            Syscall::Setpgid { pid, group } => self.setpgid(me, *pid, *group).into(),
            Syscall::Getpgid { pid } => self.getpgid(me, *pid).into(),
            Syscall::Getpgrp => self.getpgid(me, Pid(0)).into(),
            Syscall::Setuid { uid } => self.setuid(me, *uid).into(),
            Syscall::Setreuid { real, effective } => self.setreuid(me, *real, *effective).into(),
            Syscall::Setregid { real, effective } => self.setregid(me, *real, *effective).into(),
            Syscall::Setresuid { real, effective, saved } => {
                self.setresuid(me, [*real, *effective, *saved]).into()
            }
            Syscall::Setresgid { real, effective, saved } => {
                self.setresgid(me, [*real, *effective, *saved]).into()
            }
            Syscall::Getresuid => words(self.ids(me, false)),
            Syscall::Getresgid => words(self.ids(me, true)),
            Syscall::Getpriority { which, who } => self.getpriority(me, *which, *who).into(),
            Syscall::Setpriority { which, who, priority } => {
                self.setpriority(me, *which, *who, *priority).into()
            }
            Syscall::Sethostname { name } => self.sethostname(me, name).into(),
            Syscall::Sigaltstack { new, .. } => self.sigaltstack(me, *new).into(),
            Syscall::TimerCreate { clock, event, id } => {
                self.timer_create(me, *clock, *event, *id).into()
            }
            Syscall::TimerSettime { id, flags, timer, .. } => {
                self.timer_settime(env, me, *id, *flags, *timer).into()
            }
            Syscall::TimerGettime { id, out } => self.timer_gettime(env, me, *id, *out).into(),
            Syscall::TimerGetoverrun { id } => self.timer_getoverrun(me, *id).into(),
            Syscall::TimerDelete { id } => self.timer_delete(me, *id).into(),
            Syscall::Link { old, new } => self.link(me, old, new).into(),
            Syscall::Symlink { target, path } => self.symlink(me, target, path).into(),
            Syscall::Readlink { path, buf } => self.readlink(me, path, *buf).into(),
            Syscall::Lstat { path, out } => self.stat(env, me, path, *out, false).into(),
            Syscall::Chown { path, uid, gid } => self.chown(me, path, (*uid, *gid), true).into(),
            Syscall::Lchown { path, uid, gid } => self.chown(me, path, (*uid, *gid), false).into(),
            Syscall::Fchown { fd, uid, gid } => self.fchown(me, *fd, (*uid, *gid)).into(),
            Syscall::Fchmod { fd, mode } => self.fchmod(me, *fd, *mode).into(),
            Syscall::Fchdir { fd } => self.fchdir(me, *fd).into(),
            Syscall::Utimensat { fd, path, times, flags } => {
                self.utimensat(me, *fd, path, *times, *flags).into()
            }
            Syscall::Getrandom { buf, flags } => self.getrandom(env, *buf, *flags).into(),
            Syscall::Splice { input, input_offset, output, output_offset, count, flags } => {
                let request = splice::Request {
                    input: *input,
                    input_offset: *input_offset,
                    output: *output,
                    output_offset: *output_offset,
                    count: *count,
                    flags: *flags,
                };
                self.splice(env, me, &request, pending, timed_out)
            }
            Syscall::Tee { input, output, count, flags } => {
                self.tee(env, me, *input, *output, *count, *flags)
            }
            Syscall::Setgid { gid } => self.setgid(me, *gid).into(),
            Syscall::Prctl { option: consts::PR_SET_NAME, name, .. } => {
                self.process_mut(me.pid).comm = name.as_ref().map(|name| name.0.clone());
                Outcome::Done(Reply::ok(0))
            }
            Syscall::Prctl { option, arg, .. } => self.prctl(env, me, *option, *arg).into(),
            Syscall::Getrusage { who } => self.getrusage(me, *who).into(),
            Syscall::Times => self.times(env, me).into(),
            Syscall::RtSigpending => self.rt_sigpending(me).into(),
            Syscall::RtSigtimedwait { set, timeout, .. } => {
                self.rt_sigtimedwait(env, me, *set, *timeout, pending, timed_out)
            }
            Syscall::RtSigqueueinfo { pid, signal, value, .. } => {
                self.rt_sigqueueinfo(env, me, *pid, *signal, *value)
            }
            Syscall::Getitimer { which } => self.getitimer(env, me, *which).into(),
            Syscall::SemctlSetall { id, values } => self.semctl_setall(me, *id, values).into(),
            Syscall::Msgget { key, flags } => {
                let by = self.maker(me);
                self.ipc.msgget(*key, *flags, by).into()
            }
            Syscall::Msgsnd { id, mtype, buf, flags } => self.msgsnd(me, *id, *mtype, buf, *flags),
            Syscall::Msgrcv { id, buf, mtype, flags } => self.msgrcv(me, *id, *buf, *mtype, *flags),
            Syscall::Msgctl { id, cmd, buf } => self.msgctl(me, *id, *cmd, buf).into(),
            Syscall::MqGetsetattr { fd, flags } => self.mq_getsetattr(me, *fd, *flags).into(),

            Syscall::Getaddrinfo { node, service, hints } => {
                self.getaddrinfo(node.as_ref(), service.as_ref(), *hints).into()
            }
            Syscall::Getnameinfo { addr, flags } => self.getnameinfo(addr, *flags).into(),

            Syscall::Getifaddrs => self.getifaddrs().into(),

            Syscall::WsaStartup { version } => self.wsa_startup(me, *version).into(),
            Syscall::WsaCleanup => self.wsa_cleanup(me).into(),
            Syscall::Closesocket { fd } => self.close(env, me, *fd, pending, timed_out),
        }
    }

    /// Says in the trace that something is not simulated.
    fn unsupported(&mut self, env: &mut Env, me: Me, name: &str) {
        env.record(self.id, me.pid, me.tid, What::Unsupported { name: name.to_owned() });
    }
}
