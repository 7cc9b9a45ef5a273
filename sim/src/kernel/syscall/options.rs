//! `getsockopt(2)`, `setsockopt(2)`: pointers, lengths and privileges here, meanings in the network
//! stack; Unix sockets have the options of `socket(7)` only.

use super::socket::Sock;
use super::{Answer, SECOND_NS, ValueRef};
use crate::kernel::unix::{BUFFER, State, UnixSocket};
use crate::kernel::{Env, Host, Me};
use crate::net::stored;
use abi::{Bytes, Errno, Fd, Out, OutPtr, Ptr, Reply, consts};

/// A tick of the kernel's clock, nanoseconds.
const TICK_NS: u64 = 4_000_000;

impl Host {
    /// setsockopt(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn setsockopt(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        level: i32,
        name: i32,
        value: &Ptr<Bytes>,
        len: i32,
    ) -> Result<i64, Errno> {
        let (socket, _) = self.socket_of(me, fd)?;
        if len < 0 {
            return Err(Errno::EINVAL);
        }
        let empty = Bytes::default();
        let bytes = match value.value_ref() {
            Some(bytes) => bytes,
            None if len == 0 => &empty,
            None => return Err(Errno::EFAULT),
        };
        let has_level = match socket {
            Sock::Inet(inet) => level != consts::SOL_IPV6 || inet.domain == consts::AF_INET6,
            Sock::Unix(_) => level == consts::SOL_SOCKET,
        };
        if has_level && self.process(me.pid).uid != 0 {
            privileged(level, name, &bytes.0)?;
        }
        match socket {
            Sock::Inet(inet) => self
                .stack
                .setsockopt(inet.id, level, name, &bytes.0, env.now_ns, &mut env.out)
                .map(|()| 0),
            Sock::Unix(id) => self.set_unix_option(id, level, name, &bytes.0),
        }
    }

    /// getsockopt(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn getsockopt(
        &mut self,
        env: &mut Env,
        me: Me,
        fd: Fd,
        level: i32,
        name: i32,
        value: OutPtr,
        len: Ptr<i32>,
    ) -> Answer {
        let (socket, _) = self.socket_of(me, fd)?;
        let room = len.value.ok_or(Errno::EFAULT)?;
        if room < 0 {
            return Err(Errno::EINVAL);
        }
        let mut bytes = match socket {
            Sock::Inet(inet) => self.stack.getsockopt(inet.id, level, name, env.now_ns)?,
            Sock::Unix(id) => self.unix_option(id, level, name)?,
        };
        // A device's name is copied whole or not at all (`sock_getbindtodevice`).
        let device = (level, name) == (consts::SOL_SOCKET, consts::SO_BINDTODEVICE);
        if device && !bytes.is_empty() && room < 16 {
            return Err(Errno::EINVAL);
        }
        bytes.truncate(room as usize);
        if !value.ok && !bytes.is_empty() {
            return Err(Errno::EFAULT);
        }
        Ok(Reply::with(0, Out::Bytes { bytes: Bytes(bytes) }))
    }

    fn set_unix_option(
        &mut self,
        id: u32,
        level: i32,
        name: i32,
        value: &[u8],
    ) -> Result<i64, Errno> {
        if level != consts::SOL_SOCKET {
            return Err(Errno::EOPNOTSUPP);
        }
        if name == consts::SO_BINDTODEVICE {
            let none = value.first().is_none_or(|byte| *byte == 0);
            return if none { Ok(0) } else { Err(Errno::ENODEV) };
        }
        let number =
            value.first_chunk::<4>().map(|b| i32::from_le_bytes(*b)).ok_or(Errno::EINVAL)?;
        let (rmem, wmem) = (self.stack.config.tcp.rmem_max, self.stack.config.tcp.wmem_max);
        // Negative sizes are huge ones, as an unsigned comparison has it.
        let doubled = |max: u32, min: u32| i64::from(((number as u32).min(max) * 2).max(min));
        let socket = self.unix.get_mut(id);
        let kept = match name {
            consts::SO_REUSEPORT if number != 0 => return Err(Errno::EOPNOTSUPP),
            consts::SO_REUSEPORT => 0,
            consts::SO_RCVTIMEO | consts::SO_RCVTIMEO_NEW => {
                socket.receive_timeout_ns = timeval_ns(value)?;
                return Ok(0);
            }
            consts::SO_SNDTIMEO | consts::SO_SNDTIMEO_NEW => {
                socket.send_timeout_ns = timeval_ns(value)?;
                return Ok(0);
            }
            consts::SO_SNDBUF => doubled(wmem, 4608),
            consts::SO_RCVBUF => doubled(rmem, 2304),
            consts::SO_RCVLOWAT if number < 0 => i64::from(i32::MAX),
            consts::SO_RCVLOWAT => i64::from(number.max(1)),
            consts::SO_LINGER => {
                let linger = value.get(4..8).and_then(|b| b.first_chunk::<4>());
                let seconds = linger.map(|b| i32::from_le_bytes(*b)).ok_or(Errno::EINVAL)?;
                i64::from(number != 0) | (i64::from(seconds) << 32)
            }
            _ => {
                let set = stored::set(who(socket), level, name, value, &mut socket.options);
                return set.unwrap_or(Err(Errno::ENOPROTOOPT)).map(|()| 0);
            }
        };
        socket.options.insert((level, name), kept);
        Ok(0)
    }

    fn unix_option(&mut self, id: u32, level: i32, name: i32) -> Result<Vec<u8>, Errno> {
        if level != consts::SOL_SOCKET {
            return Err(Errno::EOPNOTSUPP);
        }
        let socket = self.unix.get_mut(id);
        let kept = |default: i64| socket.options.get(&(level, name)).copied().unwrap_or(default);
        let number = match name {
            consts::SO_TYPE => i64::from(socket.ty),
            consts::SO_DOMAIN => i64::from(consts::AF_UNIX),
            consts::SO_PROTOCOL => 0,
            consts::SO_ERROR => i64::from(socket.error.take().map_or(0, |errno| errno.0)),
            consts::SO_ACCEPTCONN => i64::from(matches!(socket.state, State::Listening { .. })),
            consts::SO_SNDBUF | consts::SO_RCVBUF => kept(BUFFER as i64),
            consts::SO_RCVLOWAT => kept(1),
            consts::SO_REUSEPORT => 0,
            consts::SO_BINDTODEVICE => return Ok(Vec::new()),
            consts::SO_LINGER => return Ok(kept(0).to_le_bytes().to_vec()),
            consts::SO_RCVTIMEO | consts::SO_RCVTIMEO_NEW => {
                return Ok(timeval(socket.receive_timeout_ns));
            }
            consts::SO_SNDTIMEO | consts::SO_SNDTIMEO_NEW => {
                return Ok(timeval(socket.send_timeout_ns));
            }
            consts::SO_PEERCRED => {
                let owner = match socket.state {
                    State::Connected(peer) => self.unix.sockets.get(&peer).map(|p| p.owner),
                    _ => None,
                };
                let (pid, uid) = owner.map_or((0, u32::MAX), |(pid, uid)| (pid.0, uid));
                let mut bytes = pid.to_le_bytes().to_vec();
                bytes.extend(uid.to_le_bytes());
                bytes.extend(uid.to_le_bytes());
                return Ok(bytes);
            }
            _ => {
                return stored::get(who(socket), level, name, &socket.options)
                    .unwrap_or(Err(Errno::ENOPROTOOPT));
            }
        };
        Ok((number as i32).to_le_bytes().to_vec())
    }
}

/// Whose options a Unix socket has.
fn who(socket: &UnixSocket) -> stored::Who {
    stored::UNIX | if socket.ty == consts::SOCK_STREAM { stored::UNIX_STREAM } else { 0 }
}

/// What only root may set (`CAP_NET_ADMIN`, `CAP_NET_RAW`), once its length is right.
fn privileged(level: i32, name: i32, value: &[u8]) -> Result<(), Errno> {
    let number = match value {
        [a, b, c, d, ..] => i32::from_le_bytes([*a, *b, *c, *d]),
        [byte, ..] if level == consts::SOL_IP => i32::from(*byte),
        _ => return Ok(()),
    };
    match (level, name) {
        (consts::SOL_SOCKET, consts::SO_DEBUG) if number != 0 => Err(Errno::EACCES),
        (consts::SOL_SOCKET, consts::SO_PRIORITY) if !(0..=6).contains(&number) => {
            Err(Errno::EPERM)
        }
        (consts::SOL_SOCKET, consts::SO_PREFER_BUSY_POLL) if number != 0 => Err(Errno::EPERM),
        (consts::SOL_SOCKET, consts::SO_BUSY_POLL_BUDGET) if number > 0 => Err(Errno::EPERM),
        (consts::SOL_SOCKET, consts::SO_MARK | consts::SO_RCVBUFFORCE | consts::SO_SNDBUFFORCE) => {
            Err(Errno::EPERM)
        }
        (consts::SOL_IP, consts::IP_TRANSPARENT) if number != 0 => Err(Errno::EPERM),
        (consts::SOL_IPV6, consts::IPV6_TRANSPARENT) if number != 0 => Err(Errno::EPERM),
        _ => Ok(()),
    }
}

/// A `struct timeval` as a timeout: 0 is none; `EDOM` for microseconds out of range.
fn timeval_ns(value: &[u8]) -> Result<u64, Errno> {
    let word = |at: usize| value.get(at..at + 8).and_then(|b| b.first_chunk::<8>());
    let sec = word(0).map(|b| i64::from_le_bytes(*b)).ok_or(Errno::EINVAL)?;
    let usec = word(8).map(|b| i64::from_le_bytes(*b)).ok_or(Errno::EINVAL)?;
    if !(0..1_000_000).contains(&usec) {
        return Err(Errno::EDOM);
    }
    // Negative seconds mean "do not wait at all"; one nanosecond is as short as it gets.
    if sec < 0 {
        return Ok(1);
    }
    let ns = (sec as u64).saturating_mul(SECOND_NS).saturating_add(usec as u64 * 1000);
    // The kernel counts in ticks of 4 ms (CONFIG_HZ=250) and rounds up.
    Ok(ns.div_ceil(TICK_NS).saturating_mul(TICK_NS))
}

fn timeval(ns: u64) -> Vec<u8> {
    let mut bytes = (ns / SECOND_NS).to_le_bytes().to_vec();
    bytes.extend((ns % SECOND_NS / 1000).to_le_bytes());
    bytes
}
