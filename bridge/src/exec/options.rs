//! `setsockopt`, `getsockopt`, `fcntl`, `ioctl`.

use super::offered;
use super::wait::{Answer, Making};
use crate::policy::Denied;
use crate::sys;
use abi::message::Rule;
use abi::{Bytes, Errno, Fd, Out, OutPtr, Ptr, Reply, consts};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// `FIONBIO`, `FIONREAD` (`SIOCINQ`), `TIOCOUTQ` (`SIOCOUTQ`), `SIOCATMARK`: asm-generic/ioctls.h.
const FIONBIO: u64 = 0x5421;
const ASKING_ONE_INT: [u64; 3] = [0x541b, 0x5411, 0x8905];
/// `fs.pipe-max-size`: what everybody may have, bytes. Not in a class: all of one user's pipes
/// share `fs.pipe-user-pages-soft`.
const PIPE_MAX: i64 = 1 << 20;
/// What `fcntl` commands there are, with room for those to come (uapi/linux/fcntl.h).
const COMMANDS: [std::ops::Range<i32>; 2] = [0..64, 1024..1152];
/// Those of terminals, `TCGETS` (isatty(3)) to `TIOCSCTTY`: no socket or pipe knows them.
const TERMINALS: std::ops::Range<u64> = 0x5401..0x540f;
/// From here on there are requests that sockets, pipes and their like answer (`T`, sockios.h, …).
const KNOWN_REQUESTS: u64 = 0x5000;

impl Making<'_> {
    /// `setsockopt(2)`.
    pub(super) fn setsockopt(
        &mut self,
        fd: Fd,
        level: i32,
        name: i32,
        value: &Ptr<Bytes>,
        len: i32,
    ) -> Answer {
        offered::check_option(level, name, false)?;
        let joins = matches!(
            (level, name),
            (consts::IPPROTO_IP, consts::IP_ADD_MEMBERSHIP)
                | (consts::IPPROTO_IPV6, consts::IPV6_JOIN_GROUP)
        );
        if joins && self.session.options.policy.is_class() {
            return Err(Denied::new(Rule::Multicast, "no groups are joined for a class").into());
        }
        let ret = sys::setsockopt(self.raw(fd), level, name, value, len)?;
        if let Some(file) = self.file(fd) {
            let words = value.value.as_ref().map_or([].as_slice(), |bytes| bytes.0.as_slice());
            let word = |at: usize| words.get(at..at + 4).map_or(0, le_int);
            match (level, name) {
                (consts::SOL_SOCKET, consts::SO_RCVLOWAT) => {
                    file.shared.lowat.store(word(0), Ordering::Relaxed);
                }
                (consts::SOL_SOCKET, consts::SO_RCVTIMEO | consts::SO_SNDTIMEO) => {
                    let time = sys::timeout(file.raw(), name);
                    let mut times =
                        file.shared.times.lock().unwrap_or_else(PoisonError::into_inner);
                    times[usize::from(name == consts::SO_SNDTIMEO)] = time;
                }
                (consts::SOL_SOCKET, consts::SO_LINGER) => {
                    file.shared.lingers.store(word(0) != 0 && word(4) > 0, Ordering::Relaxed);
                }
                _ => {}
            }
        }
        Ok(Reply::ok(ret))
    }

    /// `getsockopt(2)`.
    pub(super) fn getsockopt(
        &mut self,
        fd: Fd,
        level: i32,
        name: i32,
        value: OutPtr,
        len: Ptr<i32>,
    ) -> Answer {
        offered::check_option(level, name, true)?;
        let bytes = sys::getsockopt(self.raw(fd), level, name, &value, &len)?;
        Ok(Reply::with(0, Out::Bytes { bytes: Bytes(bytes) }))
    }

    /// `fcntl(2)`: `O_NONBLOCK` is what the program has set, not what the bridge needs.
    pub(super) fn fcntl(&mut self, fd: Fd, cmd: i32, arg: i64) -> Answer {
        let Some(file) = self.file(fd) else {
            return Ok(Reply::ok(sys::fcntl(self.raw(fd), libc::F_GETFD, 0)?));
        };
        let nonblock = &file.shared.nonblock;
        match cmd {
            libc::F_GETFL => {
                let ours = libc::O_NONBLOCK | libc::O_NOFOLLOW;
                let flags = sys::fcntl(file.raw(), cmd, 0)? & !i64::from(ours);
                let own = if nonblock.load(Ordering::Relaxed) { libc::O_NONBLOCK } else { 0 };
                Ok(Reply::ok(flags | i64::from(own)))
            }
            libc::F_SETFL => {
                // Signals have no receiver here: not O_ASYNC.
                let flags = arg & !i64::from(libc::O_ASYNC) | i64::from(libc::O_NONBLOCK);
                let ret = sys::fcntl(file.raw(), cmd, flags)?;
                nonblock.store(arg & i64::from(libc::O_NONBLOCK) != 0, Ordering::Relaxed);
                Ok(Reply::ok(ret))
            }
            libc::F_GETFD => Ok(Reply::ok(file.cloexec.load(Ordering::Relaxed).into())),
            libc::F_SETFD => {
                file.cloexec.store(arg & 1 != 0, Ordering::Relaxed);
                Ok(Reply::ok(0))
            }
            libc::F_DUPFD | libc::F_DUPFD_CLOEXEC => self.dup(fd),
            libc::F_GETPIPE_SZ => Ok(Reply::ok(sys::fcntl(file.raw(), cmd, 0)?)),
            libc::F_SETPIPE_SZ if self.may_resize(arg) => {
                Ok(Reply::ok(sys::fcntl(file.raw(), cmd, arg)?))
            }
            // No command: `EINVAL` is the kernel's to say.
            _ if !COMMANDS.iter().any(|known| known.contains(&cmd)) => {
                Ok(Reply::ok(sys::fcntl(file.raw(), cmd, 0)?))
            }
            _ => Err(Denied::new(Rule::NotOffered, format!("fcntl command {cmd}")).into()),
        }
    }

    /// Whether a pipe may have so many bytes; for programs of the terminal the kernel decides.
    fn may_resize(&self, bytes: i64) -> bool {
        let options = &self.session.options;
        options.raw || bytes <= PIPE_MAX && !options.policy.is_class()
    }

    /// `ioctl(2)`: the requests of tcp(7) and udp(7), and `FIONBIO`.
    pub(super) fn ioctl(&mut self, fd: Fd, request: u64, arg: Ptr<i32>) -> Answer {
        let Some(file) = self.file(fd) else {
            return Ok(Reply::ok(sys::ioctl_int(self.raw(fd), ASKING_ONE_INT[0])?.into()));
        };
        match request {
            FIONBIO => {
                let on = arg.value.ok_or(Errno::EFAULT)?;
                file.shared.nonblock.store(on != 0, Ordering::Relaxed);
                Ok(Reply::ok(0))
            }
            _ if ASKING_ONE_INT.contains(&request) => {
                let value = sys::ioctl_int(file.raw(), request)?;
                if arg.is_null() {
                    return Err(Errno::EFAULT.into());
                }
                Ok(Reply::with(0, Out::Words { words: vec![value as u32 as u64] }))
            }
            // No request of a socket or pipe: `ENOTTY` is the kernel's to say.
            _ if request < KNOWN_REQUESTS || TERMINALS.contains(&request) => {
                Ok(Reply::ok(sys::ioctl_unknown(file.raw(), request)?))
            }
            _ => Err(Denied::new(Rule::NotOffered, format!("ioctl request {request:#x}")).into()),
        }
    }
}

fn le_int(bytes: &[u8]) -> i32 {
    bytes.first_chunk().map_or(0, |bytes| i32::from_le_bytes(*bytes))
}
