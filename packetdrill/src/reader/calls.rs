//! The script's system calls: arguments made, the call, what came back compared.
#![allow(unsafe_code)] // only libc's structures zeroed

use super::backend::{self, Backend};
use super::script::{Call, Value};
use super::symbols;
use libc::{c_int, c_long, c_void, iovec, msghdr, pollfd, sockaddr, socklen_t};
use std::net::{IpAddr, SocketAddr};

/// What a call came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) ret: i64,
    pub(crate) errno: i32,
    /// What came back through a pointer and is not what the script says.
    pub(crate) differs: Option<String>,
    /// Descriptors that it made: the script's number and the kernel's.
    pub(crate) made: Vec<(i64, i32)>,
    /// When it returned, microseconds of the time of day.
    pub(crate) ended_us: i64,
}

/// A call ready to be made, on whichever thread.
pub(crate) type Ready = Box<dyn FnOnce(&Backend) -> Answer + Send>;

/// Addresses and descriptors that the arguments refer to.
pub(crate) struct Names<'a> {
    pub(crate) fds: &'a [(i64, i32)],
    pub(crate) local: SocketAddr,
    pub(crate) remote: SocketAddr,
    /// `AF_INET` or `AF_INET6`, what `...` means in `socket`.
    pub(crate) family: c_int,
}

/// Unreadable, as scripts for bad arguments want it.
fn pointer(value: i64) -> *mut c_void {
    std::ptr::without_provenance_mut(value as usize)
}

/// An address of ours or the script's.
enum Place {
    Own(Vec<u8>),
    Given(i64),
}

impl Place {
    fn of(value: &Value, len: usize, names: &Names<'_>) -> Result<Place, String> {
        Ok(match value {
            Value::Any => Place::Own(vec![0; len]),
            Value::Text(text) => Place::Own(text.clone().into_bytes()),
            other => Place::Given(names.number(other)?),
        })
    }

    fn at(&mut self) -> *mut c_void {
        match self {
            Place::Own(bytes) => bytes.as_mut_ptr().cast(),
            Place::Given(value) => pointer(*value),
        }
    }
}

impl Names<'_> {
    fn number(&self, value: &Value) -> Result<i64, String> {
        match value {
            Value::Number(number) => Ok(*number),
            Value::Name(name) => {
                symbols::value(name).ok_or_else(|| format!("`{name}` is not known to this reader"))
            }
            Value::Or(all) => all.iter().try_fold(0, |sum, part| Ok(sum | self.number(part)?)),
            Value::Function(name, arguments) if name == "htons" || name == "htonl" => {
                self.number(arguments.first().ok_or("an argument is missing")?)
            }
            _ => Err("a number is expected here".to_owned()),
        }
    }

    fn fd(&self, value: &Value) -> Result<i32, String> {
        let script = self.number(value)?;
        let live = self.fds.iter().rev().find(|(number, _)| *number == script);
        Ok(live.map_or(script as i32, |(_, live)| *live))
    }

    fn address(&self, value: &Value, default: SocketAddr) -> Result<Vec<u8>, String> {
        let Value::Struct(fields) = value else { return Ok(sockaddr_bytes(default)) };
        let field = |name: &str| fields.iter().find(|(n, _)| n.ends_with(name)).map(|(_, v)| v);
        let family = field("family").map_or(Ok(i64::from(libc::AF_INET)), |v| self.number(v))?;
        if family == i64::from(libc::AF_UNSPEC) {
            return Ok(vec![0; 16]);
        }
        let port = field("port").map_or(Ok(0), |value| self.number(value))? as u16;
        let ip = match field("addr") {
            Some(Value::Function(_, arguments)) => match arguments.last() {
                Some(Value::Text(text)) => text.parse().map_err(|_| "no address".to_owned())?,
                _ => default.ip(),
            },
            _ => default.ip(),
        };
        Ok(sockaddr_bytes(SocketAddr::new(ip, port)))
    }
}

/// The bytes of a `sockaddr_in` or `sockaddr_in6`.
fn sockaddr_bytes(address: SocketAddr) -> Vec<u8> {
    let mut bytes = Vec::new();
    match address.ip() {
        IpAddr::V4(v4) => {
            bytes.extend((libc::AF_INET as u16).to_ne_bytes());
            bytes.extend(address.port().to_be_bytes());
            bytes.extend(v4.octets());
            bytes.extend([0; 8]);
        }
        IpAddr::V6(v6) => {
            bytes.extend((libc::AF_INET6 as u16).to_ne_bytes());
            bytes.extend(address.port().to_be_bytes());
            bytes.extend([0; 4]);
            bytes.extend(v6.octets());
            bytes.extend([0; 4]);
        }
    }
    bytes
}

fn answer(backend: &Backend, ret: i64) -> Answer {
    let errno = if ret < 0 { backend::errno() } else { 0 };
    Answer { ret, errno, ended_us: backend.now_us(), ..Answer::default() }
}

/// One part of `msg_iov` or of `readv`: the buffer as the script has it, and its length.
fn parts(list: &Value, names: &Names<'_>) -> Result<Vec<(Place, usize)>, String> {
    let Value::List(list) = list else { return Err("a list of buffers is expected".to_owned()) };
    let part = |part: &Value| {
        let Value::Struct(fields) = part else { return Err("a buffer is expected".to_owned()) };
        let len = fields.get(1).map_or(Ok(0), |(_, len)| names.number(len))? as usize;
        let at = fields.first().map_or(&Value::Any, |(_, at)| at);
        Ok((Place::of(at, len, names)?, len))
    };
    list.iter().map(part).collect()
}

fn vectors(parts: &mut [(Place, usize)]) -> Vec<iovec> {
    parts.iter_mut().map(|(at, len)| iovec { iov_base: at.at(), iov_len: *len }).collect()
}

/// What a `msghdr` of the script holds.
struct Message {
    parts: Vec<(Place, usize)>,
    /// Level, type and value of each control message.
    control: Vec<[i64; 3]>,
    flags: i64,
}

fn message(value: &Value, names: &Names<'_>) -> Result<Message, String> {
    let Value::Struct(fields) = value else { return Err("a msghdr is expected".to_owned()) };
    let field = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, value)| value);
    let parts = field("msg_iov").map_or(Ok(Vec::new()), |list| parts(list, names))?;
    let flags = field("msg_flags").map_or(Ok(0), |value| names.number(value))?;
    let mut control = Vec::new();
    if let Some(Value::List(list)) = field("msg_control") {
        for entry in list {
            let Value::Struct(fields) = entry else { continue };
            let number = |name: &str| {
                let value = fields.iter().find(|(n, _)| n == name).map(|(_, value)| value);
                value.map_or(Ok(0), |value| names.number(value))
            };
            control.push([number("cmsg_level")?, number("cmsg_type")?, number("cmsg_data")?]);
        }
    }
    Ok(Message { parts, control, flags })
}

/// The control messages of a buffer whose data are ints.
fn control_of(bytes: &[u8]) -> Vec<[i64; 3]> {
    let word = |at: usize| {
        let four = bytes.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok());
        four.map_or(0, |four| i64::from(i32::from_ne_bytes(four)))
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at + 16 <= bytes.len() {
        let len = word(at) as usize;
        if len < 16 {
            break;
        }
        found.push([word(at + 8), word(at + 12), word(at + 16)]);
        at += len.next_multiple_of(8);
    }
    found
}

fn option_bytes(value: &Value, len: usize, names: &Names<'_>) -> Result<Place, String> {
    Ok(match value {
        Value::List(list) => {
            let number = list.first().map_or(Ok(0), |value| names.number(value))?;
            let mut bytes = number.to_le_bytes().to_vec();
            bytes.resize(len.max(8), 0);
            Place::Own(bytes)
        }
        // struct linger and struct timeval: two words of 4 or 8 bytes.
        Value::Struct(fields) => {
            let mut bytes = Vec::new();
            for (_, value) in fields {
                let number = names.number(value)?;
                match len {
                    16 => bytes.extend(number.to_le_bytes()),
                    _ => bytes.extend((number as i32).to_le_bytes()),
                }
            }
            bytes.resize(bytes.len().max(len), 0);
            Place::Own(bytes)
        }
        other => Place::of(other, len, names)?,
    })
}

/// Makes a call's arguments.
#[allow(clippy::too_many_lines)] // a table of calls
pub(crate) fn ready(call: &Call, names: &Names<'_>) -> Result<Ready, String> {
    let argument = |at: usize| call.arguments.get(at).ok_or(format!("{} needs more", call.name));
    let number = |at: usize| names.number(argument(at)?);
    let int = |at: usize| number(at).map(|number| number as c_int);
    let fd = || names.fd(argument(0)?);
    let expected = match &call.result {
        Value::Any => -1,
        value => names.number(value).unwrap_or(-1),
    };
    let made = move |mut answer: Answer| {
        if answer.ret >= 0 {
            answer.made.push((expected, answer.ret as i32));
        }
        answer
    };
    Ok(match call.name.as_str() {
        "socket" => {
            let family = names.family;
            let domain = if *argument(0)? == Value::Any { family } else { int(0)? };
            let (ty, protocol) = (int(1)?, int(2)?);
            Box::new(move |k| {
                made(answer(k, (k.calls.socket)(k.calls.userdata, domain, ty, protocol).into()))
            })
        }
        "bind" | "connect" => {
            let fd = fd()?;
            let binds = call.name == "bind";
            let default = if binds { names.local } else { names.remote };
            let mut bytes = names.address(argument(1)?, default)?;
            let len = match argument(2)? {
                Value::Any | Value::Function(..) => bytes.len() as socklen_t,
                value => names.number(value)? as socklen_t,
            };
            if names.family == libc::AF_INET6 && default.is_ipv4() && *argument(1)? == Value::Any {
                let mapped = match default.ip() {
                    IpAddr::V4(v4) => IpAddr::V6(v4.to_ipv6_mapped()),
                    v6 => v6,
                };
                bytes = sockaddr_bytes(SocketAddr::new(mapped, default.port()));
            }
            let len = if *argument(2)? == Value::Any { bytes.len() as socklen_t } else { len };
            Box::new(move |k| {
                let at = bytes.as_ptr().cast::<sockaddr>();
                let f = if binds { k.calls.bind } else { k.calls.connect };
                answer(k, f(k.calls.userdata, fd, at, len).into())
            })
        }
        "listen" => {
            let (fd, backlog) = (fd()?, int(1)?);
            Box::new(move |k| answer(k, (k.calls.listen)(k.calls.userdata, fd, backlog).into()))
        }
        "accept" => {
            let fd = fd()?;
            Box::new(move |k| {
                let (mut room, mut len) = ([0_u8; 128], 128);
                let at = room.as_mut_ptr().cast::<sockaddr>();
                made(answer(k, (k.calls.accept)(k.calls.userdata, fd, at, &raw mut len).into()))
            })
        }
        "close" => {
            let fd = fd()?;
            Box::new(move |k| answer(k, (k.calls.close)(k.calls.userdata, fd).into()))
        }
        "shutdown" => {
            let (fd, how) = (fd()?, int(1)?);
            Box::new(move |k| answer(k, (k.calls.shutdown)(k.calls.userdata, fd, how).into()))
        }
        "read" | "write" => {
            let (fd, len, writes) = (fd()?, number(2)? as usize, call.name == "write");
            let mut place = Place::of(argument(1)?, len, names)?;
            Box::new(move |k| {
                let ret = match writes {
                    true => (k.calls.write)(k.calls.userdata, fd, place.at(), len),
                    false => (k.calls.read)(k.calls.userdata, fd, place.at(), len),
                };
                answer(k, ret as i64)
            })
        }
        "recv" | "recvfrom" | "send" | "sendto" => {
            let (fd, len, flags) = (fd()?, number(2)? as usize, int(3)?);
            let mut place = Place::of(argument(1)?, len, names)?;
            let sends = call.name.starts_with("send");
            let to = match call.arguments.get(4) {
                Some(value @ (Value::Struct(_) | Value::Any)) if sends => {
                    names.address(value, names.remote)?
                }
                _ => Vec::new(),
            };
            let whole = call.name.len() > 4;
            Box::new(move |k| {
                let data = k.calls.userdata;
                let to_at = if to.is_empty() { std::ptr::null() } else { to.as_ptr().cast() };
                let (mut room, mut room_len) = ([0_u8; 128], 128);
                let ret = match (sends, whole) {
                    (true, false) => (k.calls.send)(data, fd, place.at(), len, flags),
                    (true, true) => {
                        let to_len = to.len() as socklen_t;
                        (k.calls.sendto)(data, fd, place.at(), len, flags, to_at, to_len)
                    }
                    (false, false) => (k.calls.recv)(data, fd, place.at(), len, flags),
                    (false, true) => {
                        let at = room.as_mut_ptr().cast::<sockaddr>();
                        let room_len = &raw mut room_len;
                        (k.calls.recvfrom)(data, fd, place.at(), len, flags, at, room_len)
                    }
                };
                answer(k, ret as i64)
            })
        }
        "readv" | "writev" => {
            let (fd, count, writes) = (fd()?, int(2)?, call.name == "writev");
            let mut parts = parts(argument(1)?, names)?;
            Box::new(move |k| {
                let iov = vectors(&mut parts);
                let f = if writes { k.calls.writev } else { k.calls.readv };
                answer(k, f(k.calls.userdata, fd, iov.as_ptr(), count) as i64)
            })
        }
        "sendmsg" | "recvmsg" => {
            let (fd, flags, sends) = (fd()?, int(2)?, call.name == "sendmsg");
            let mut wanted = message(argument(1)?, names)?;
            Box::new(move |k| {
                let mut iov = vectors(&mut wanted.parts);
                let mut control = [0_u8; 512];
                // SAFETY: plain integers and pointers, for which zero is a value.
                let mut header: msghdr = unsafe { std::mem::zeroed() };
                header.msg_iov = iov.as_mut_ptr();
                header.msg_iovlen = iov.len();
                if !sends {
                    header.msg_control = control.as_mut_ptr().cast();
                    header.msg_controllen = control.len();
                }
                let ret = match sends {
                    true => (k.calls.sendmsg)(k.calls.userdata, fd, &raw const header, flags),
                    false => (k.calls.recvmsg)(k.calls.userdata, fd, &raw mut header, flags),
                };
                let mut answer = answer(k, ret as i64);
                let got = control_of(&control[..header.msg_controllen.min(control.len())]);
                if !sends && ret >= 0 && got != wanted.control {
                    let (wanted, got) = (&wanted.control, got);
                    answer.differs = Some(format!(
                        "control messages {wanted:?} expected, {got:?} came (level, type, value)"
                    ));
                } else if !sends && ret >= 0 && i64::from(header.msg_flags) != wanted.flags {
                    let (wanted, got) = (wanted.flags, header.msg_flags);
                    answer.differs = Some(format!("msg_flags {wanted:#x} expected, {got:#x} came"));
                }
                answer
            })
        }
        "fcntl" => {
            let (fd, cmd) = (fd()?, int(1)?);
            let arg = call.arguments.get(2).map_or(Ok(0), |value| names.number(value))?;
            Box::new(move |k| {
                let mut answer =
                    answer(k, (k.calls.fcntl)(k.calls.userdata, fd, cmd, arg as c_long).into());
                if cmd == libc::F_GETFL {
                    answer.ret &= !i64::from(libc::O_LARGEFILE | 0o100_000);
                }
                answer
            })
        }
        "ioctl" => {
            let (fd, request) = (fd()?, number(1)? as u64);
            let wanted = match call.arguments.get(2) {
                Some(Value::List(list)) => Some(list.first().map_or(Ok(0), |v| names.number(v))?),
                _ => None,
            };
            Box::new(move |k| {
                let mut word = wanted.unwrap_or(0) as c_int;
                let at = (&raw mut word).cast();
                let ret = (k.calls.ioctl)(k.calls.userdata, fd, request, at);
                let mut answer = answer(k, ret.into());
                if let Some(wanted) = wanted.filter(|wanted| *wanted != i64::from(word)) {
                    answer.differs = Some(format!("{wanted} expected, {word} came"));
                }
                answer
            })
        }
        "getsockopt" => {
            let (fd, level, name) = (fd()?, int(1)?, int(2)?);
            let len = match argument(4)? {
                Value::List(list) => list.first().map_or(Ok(4), |value| names.number(value))?,
                Value::Any => 4,
                other => names.number(other)?,
            } as socklen_t;
            let wanted = argument(3)?;
            let any = *wanted == Value::Any;
            let mut wanted = option_bytes(wanted, len as usize, names)?;
            Box::new(move |k| {
                let (mut room, mut got) = (vec![0_u8; 256], len);
                let at = room.as_mut_ptr().cast();
                let data = k.calls.userdata;
                let ret = (k.calls.getsockopt)(data, fd, level, name, at, &raw mut got);
                let mut answer = answer(k, ret.into());
                room.truncate(got as usize);
                if let (Place::Own(wanted), true) = (&mut wanted, ret == 0 && !any) {
                    let trimmed = &wanted[..room.len().min(wanted.len())];
                    if *trimmed != room[..] {
                        answer.differs = Some(format!("{trimmed:?} expected, {room:?} came"));
                    }
                }
                answer
            })
        }
        "setsockopt" => {
            let (fd, level, name) = (fd()?, int(1)?, int(2)?);
            let len = number(4)? as socklen_t;
            let mut value = option_bytes(argument(3)?, len as usize, names)?;
            Box::new(move |k| {
                let data = k.calls.userdata;
                answer(k, (k.calls.setsockopt)(data, fd, level, name, value.at(), len).into())
            })
        }
        "poll" => {
            let (count, timeout) = (number(1)? as u64, int(2)?);
            let Value::List(list) = argument(0)? else { return Err("a list expected".to_owned()) };
            let mut entries = Vec::new();
            let mut wanted = Vec::new();
            for entry in list {
                let Value::Struct(fields) = entry else { continue };
                let field = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v);
                let fd = field("fd").map_or(Ok(-1), |value| names.fd(value))?;
                let events = field("events").map_or(Ok(0), |value| names.number(value))? as i16;
                entries.push(pollfd { fd, events, revents: 0 });
                wanted.push(field("revents").map_or(Ok(0), |v| names.number(v))? as i16);
            }
            Box::new(move |k| {
                let at = entries.as_mut_ptr();
                let ret = (k.calls.poll)(k.calls.userdata, at, count, timeout);
                let mut answer = answer(k, ret.into());
                let got: Vec<i16> = entries.iter().map(|entry| entry.revents).collect();
                if got != wanted {
                    answer.differs = Some(format!("revents {wanted:x?} expected, {got:x?} came"));
                }
                answer
            })
        }
        "epoll_create" => {
            let size = int(0)?;
            Box::new(move |k| {
                made(answer(k, (k.calls.epoll_create)(k.calls.userdata, size).into()))
            })
        }
        "epoll_ctl" | "epoll_wait" => {
            let (epfd, controls) = (fd()?, call.name == "epoll_ctl");
            let event = call.arguments.get(if controls { 3 } else { 1 });
            let (mut events, mut data) = (0, 0);
            if let Some(Value::Struct(fields)) = event {
                for (name, value) in fields {
                    match name.as_str() {
                        "events" => events = names.number(value)? as u32,
                        _ => data = names.number(value)? as u64,
                    }
                }
            }
            let (op, fd) = match controls {
                true => (int(1)?, names.fd(argument(2)?)?),
                false => (int(2)?, int(3)?),
            };
            Box::new(move |k| {
                let d = k.calls.userdata;
                let mut room = [libc::epoll_event { events, u64: data }; 16];
                if controls {
                    return answer(
                        k,
                        (k.calls.epoll_ctl)(d, epfd, op, fd, room.as_mut_ptr()).into(),
                    );
                }
                let ret = (k.calls.epoll_wait)(d, epfd, room.as_mut_ptr(), op, fd);
                let mut answer = answer(k, ret.into());
                let (got, value) = (room[0].events, room[0].u64);
                if ret > 0 && (got, value) != (events, data) {
                    answer.differs = Some(format!(
                        "events {events:#x} of {data} expected, {got:#x} of {value} came"
                    ));
                }
                answer
            })
        }
        "pipe" => {
            let Value::List(list) = argument(0)? else { return Err("[A, B] expected".to_owned()) };
            let script: Result<Vec<i64>, _> = list.iter().map(|v| names.number(v)).collect();
            let script = script?;
            Box::new(move |k| {
                let mut fds = [0; 2];
                let ret = (k.calls.pipe)(k.calls.userdata, fds.as_mut_ptr());
                let mut answer = answer(k, ret.into());
                answer.made = script.into_iter().zip(fds).collect();
                answer
            })
        }
        "splice" => {
            let (input, output) = (fd()?, names.fd(argument(2)?)?);
            let (len, flags) = (number(4)? as usize, number(5)? as u32);
            Box::new(move |k| {
                let (data, none) = (k.calls.userdata, std::ptr::null_mut());
                answer(k, (k.calls.splice)(data, input, none, output, none, len, flags) as i64)
            })
        }
        other => return Err(format!("the interface has no {other}()")),
    })
}
