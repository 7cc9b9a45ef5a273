//! Single calls by hand: which arguments a call has, and the call that the filled-in texts make.

use crate::model::sim_console::ECHO;
use abi::consts;
use abi::{AddrIn, AddrOut, Fd, InBuf, OutBuf, OutPtr, Ptr, SockAddr, Syscall};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// A call that the console offers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Name {
    Socket,
    Connect,
    Send,
    Recv,
    Bind,
    Listen,
    Accept,
    Sendto,
    Recvfrom,
    Shutdown,
    Getsockname,
    Getpeername,
    Getsockopt,
    Setsockopt,
    Fcntl,
    Ioctl,
    Poll,
    Dup,
    Socketpair,
    Getaddrinfo,
    Close,
}

impl Name {
    /// All, in the order of the menu.
    pub(crate) const ALL: [Name; 21] = [
        Name::Socket,
        Name::Connect,
        Name::Send,
        Name::Recv,
        Name::Bind,
        Name::Listen,
        Name::Accept,
        Name::Sendto,
        Name::Recvfrom,
        Name::Shutdown,
        Name::Getsockname,
        Name::Getpeername,
        Name::Getsockopt,
        Name::Setsockopt,
        Name::Fcntl,
        Name::Ioctl,
        Name::Poll,
        Name::Dup,
        Name::Socketpair,
        Name::Getaddrinfo,
        Name::Close,
    ];

    /// As in C.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Name::Socket => "socket",
            Name::Connect => "connect",
            Name::Send => "send",
            Name::Recv => "recv",
            Name::Bind => "bind",
            Name::Listen => "listen",
            Name::Accept => "accept",
            Name::Sendto => "sendto",
            Name::Recvfrom => "recvfrom",
            Name::Shutdown => "shutdown",
            Name::Getsockname => "getsockname",
            Name::Getpeername => "getpeername",
            Name::Getsockopt => "getsockopt",
            Name::Setsockopt => "setsockopt",
            Name::Fcntl => "fcntl",
            Name::Ioctl => "ioctl",
            Name::Socketpair => "socketpair",
            Name::Poll => "poll",
            Name::Dup => "dup",
            Name::Getaddrinfo => "getaddrinfo",
            Name::Close => "close",
        }
    }

    /// Its arguments.
    pub(crate) fn args(self) -> &'static [Arg] {
        use Arg::{
            Address, Argument, Backlog, Command, Data, Domain, Events, Fd, Flags, How, Length,
            Level, Node, Option, Port, Protocol, Request, Service, Timeout, Type, Value,
        };
        match self {
            Name::Socket | Name::Socketpair => &[Domain, Type, Protocol],
            Name::Connect | Name::Bind => &[Fd, Address, Port],
            Name::Send => &[Fd, Data, Flags],
            Name::Recv | Name::Recvfrom => &[Fd, Length, Flags],
            Name::Listen => &[Fd, Backlog],
            Name::Sendto => &[Fd, Data, Flags, Address, Port],
            Name::Shutdown => &[Fd, How],
            Name::Getsockopt => &[Fd, Level, Option],
            Name::Setsockopt => &[Fd, Level, Option, Value],
            Name::Fcntl => &[Fd, Command, Argument],
            Name::Ioctl => &[Fd, Request],
            Name::Poll => &[Fd, Events, Timeout],
            Name::Getaddrinfo => &[Node, Service],
            Name::Accept | Name::Dup | Name::Getsockname | Name::Getpeername | Name::Close => &[Fd],
        }
    }
}

/// An argument that a person fills in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Arg {
    Domain,
    Type,
    Protocol,
    Fd,
    Address,
    Port,
    Data,
    Length,
    Flags,
    Backlog,
    How,
    Level,
    Option,
    Value,
    Command,
    Argument,
    Request,
    Events,
    Timeout,
    Node,
    Service,
}

impl Arg {
    /// What stands in the field at first.
    pub(crate) fn default(self) -> &'static str {
        match self {
            Arg::Domain => "AF_INET",
            Arg::Type => "SOCK_STREAM",
            Arg::Protocol => "0",
            Arg::Fd => "",
            Arg::Address => "127.0.0.1",
            Arg::Port => "80",
            Arg::Data => "GET / HTTP/1.0\\r\\n\\r\\n",
            Arg::Length => "4096",
            Arg::Backlog => "5",
            Arg::How => "SHUT_WR",
            Arg::Level => "SOL_SOCKET",
            Arg::Option => "SO_REUSEADDR",
            Arg::Value => "1",
            Arg::Flags => "0",
            Arg::Command => "F_SETFL",
            Arg::Argument => "O_NONBLOCK",
            Arg::Request => "FIONREAD",
            Arg::Events => "POLLIN|POLLOUT",
            Arg::Timeout => "0",
            Arg::Node => "localhost",
            Arg::Service => "http",
        }
    }
}

/// What a person has filled in.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Form {
    /// Which kernel is asked.
    pub(crate) simulated: bool,
    pub(crate) name: Name,
    /// What was typed; the rest has a likely value.
    pub(crate) values: BTreeMap<Arg, String>,
    /// The argument of the last try that was wrong.
    pub(crate) bad: Option<Arg>,
    /// The simulated call before still waits.
    pub(crate) busy: bool,
}

impl Default for Form {
    fn default() -> Form {
        Form::on(true, Name::Socket)
    }
}

impl Form {
    /// A call on a kernel. Descriptors, addresses and ports of the other one mean nothing there.
    pub(crate) fn on(simulated: bool, name: Name) -> Form {
        Form { simulated, name, values: BTreeMap::new(), bad: None, busy: false }
    }

    /// The same with an argument filled in.
    pub(crate) fn with(&self, arg: Arg, text: String) -> Form {
        let mut next = self.clone();
        next.values.insert(arg, text);
        next
    }

    /// An argument: as it was typed, or likely; `made` is the descriptor that was made last.
    pub(crate) fn value(&self, arg: Arg, made: Option<i64>) -> String {
        match (self.values.get(&arg), arg, made) {
            (Some(text), ..) => text.clone(),
            (None, Arg::Fd, Some(fd)) => fd.to_string(),
            (None, Arg::Address, _) if self.simulated => ECHO.0.to_owned(),
            (None, Arg::Port, _) if self.simulated => ECHO.1.to_string(),
            (None, Arg::Data, _) if self.simulated => "ola\\n".to_owned(),
            (None, Arg::Option, _) if self.name == Name::Getsockopt => "SO_ERROR".to_owned(),
            (None, Arg::Domain, _) if self.name == Name::Socketpair => "AF_UNIX".to_owned(),
            _ => arg.default().to_owned(),
        }
    }
}

/// The call, or the argument that is wrong. Numbers may be written as names of the C headers.
pub(crate) fn syscall(name: Name, value: impl Fn(Arg) -> String) -> Result<Syscall, Arg> {
    let int = |arg: Arg| number(&value(arg)).ok_or(arg);
    let fd = || int(Arg::Fd).map(Fd);
    let addr = || address(&value(Arg::Address), &value(Arg::Port));
    Ok(match name {
        Name::Socket => Syscall::Socket {
            domain: int(Arg::Domain)?,
            ty: int(Arg::Type)?,
            protocol: int(Arg::Protocol)?,
        },
        Name::Connect => Syscall::Connect { fd: fd()?, addr: AddrIn::of(addr()?) },
        Name::Bind => Syscall::Bind { fd: fd()?, addr: AddrIn::of(addr()?) },
        Name::Listen => Syscall::Listen { fd: fd()?, backlog: int(Arg::Backlog)? },
        Name::Accept => Syscall::Accept { fd: fd()?, addr: AddrOut::room(128) },
        Name::Send | Name::Sendto => Syscall::Sendto {
            fd: fd()?,
            buf: InBuf::of(&unescape(&value(Arg::Data))),
            flags: int(Arg::Flags)?,
            addr: if name == Name::Send { AddrIn::null() } else { AddrIn::of(addr()?) },
        },
        Name::Recv | Name::Recvfrom => Syscall::Recvfrom {
            fd: fd()?,
            buf: OutBuf::of(u64::try_from(int(Arg::Length)?).map_err(|_| Arg::Length)?),
            flags: int(Arg::Flags)?,
            addr: if name == Name::Recv { AddrOut::null() } else { AddrOut::room(128) },
        },
        Name::Shutdown => Syscall::Shutdown { fd: fd()?, how: int(Arg::How)? },
        Name::Getsockname => Syscall::Getsockname { fd: fd()?, addr: AddrOut::room(128) },
        Name::Getpeername => Syscall::Getpeername { fd: fd()?, addr: AddrOut::room(128) },
        Name::Getsockopt => Syscall::Getsockopt {
            fd: fd()?,
            level: int(Arg::Level)?,
            name: int(Arg::Option)?,
            value: OutPtr::good(),
            len: Ptr::to(option_room(int(Arg::Level)?, int(Arg::Option)?)),
        },
        Name::Fcntl => {
            Syscall::Fcntl { fd: fd()?, cmd: int(Arg::Command)?, arg: int(Arg::Argument)?.into() }
        }
        Name::Ioctl => {
            let request = u64::try_from(int(Arg::Request)?).map_err(|_| Arg::Request)?;
            Syscall::Ioctl { fd: fd()?, request, arg: Ptr::to(0) }
        }
        Name::Socketpair => Syscall::Socketpair {
            domain: int(Arg::Domain)?,
            ty: int(Arg::Type)?,
            protocol: int(Arg::Protocol)?,
            fds: OutPtr::good(),
        },
        Name::Setsockopt => Syscall::Setsockopt {
            fd: fd()?,
            level: int(Arg::Level)?,
            name: int(Arg::Option)?,
            value: Ptr::to(abi::Bytes(int(Arg::Value)?.to_le_bytes().to_vec())),
            len: 4,
        },
        Name::Poll => {
            let events = i16::try_from(int(Arg::Events)?).map_err(|_| Arg::Events)?;
            Syscall::Poll {
                fds: Ptr::to(vec![abi::PollFd { fd: fd()?, events }]),
                nfds: 1,
                timeout_ms: int(Arg::Timeout)?,
            }
        }
        Name::Dup => Syscall::Dup { fd: fd()? },
        Name::Getaddrinfo => {
            let text = |arg| Some(value(arg)).filter(|text| !text.is_empty());
            let bytes = |text: String| abi::Bytes(text.into_bytes());
            let hints =
                abi::syscall::AddrInfoHints { socktype: consts::SOCK_STREAM, ..Default::default() };
            Syscall::Getaddrinfo {
                node: text(Arg::Node).map(bytes),
                service: text(Arg::Service).map(bytes),
                hints,
            }
        }
        Name::Close => Syscall::Close { fd: fd()? },
    })
}

/// Bytes that a program gives an option's value: an int, but for a few structures.
fn option_room(level: i32, name: i32) -> i32 {
    match (level, name) {
        (consts::IPPROTO_TCP, consts::TCP_INFO) => 248,
        (consts::SOL_SOCKET, consts::SO_RCVTIMEO | consts::SO_SNDTIMEO) => 16,
        (consts::SOL_SOCKET, consts::SO_LINGER) => 8,
        _ => 4,
    }
}

/// `3`, `0x10`, `AF_INET`, `SOCK_STREAM|SOCK_NONBLOCK`.
fn number(text: &str) -> Option<i32> {
    let one = |part: &str| {
        let part = part.trim();
        let hex = part.strip_prefix("0x").and_then(|hex| i32::from_str_radix(hex, 16).ok());
        hex.or_else(|| part.parse().ok()).or_else(|| consts::value(part))
    };
    text.split('|').map(one).try_fold(0, |sum, value| Some(sum | value?))
}

/// An address literal with a port: `htons` and `inet_pton` are done here, as a program would.
fn address(ip: &str, port: &str) -> Result<SockAddr, Arg> {
    let port: u16 = port.trim().parse().map_err(|_| Arg::Port)?;
    match ip.trim().parse().map_err(|_| Arg::Address)? {
        IpAddr::V4(ip) => Ok(SockAddr::inet(ip, port)),
        IpAddr::V6(ip) => Ok(SockAddr::inet6(ip, port, 0, 0)),
    }
}

/// C escapes: `\r`, `\n`, `\t`, `\0`, `\\`, `\xNN`.
pub(crate) fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let (byte, used) = match (first, tail) {
            (b'\\', [b'n', ..]) => (b'\n', 1),
            (b'\\', [b'r', ..]) => (b'\r', 1),
            (b'\\', [b't', ..]) => (b'\t', 1),
            (b'\\', [b'0', ..]) => (0, 1),
            (b'\\', [b'\\', ..]) => (b'\\', 1),
            (b'\\', [b'x', a, b, ..]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                let digit = |d: &u8| char::from(*d).to_digit(16).unwrap_or(0) as u8;
                (digit(a) << 4 | digit(b), 3)
            }
            (other, _) => (*other, 0),
        };
        bytes.push(byte);
        rest = &tail[used..];
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_likely_stands_there_until_somebody_types() {
        let form = Form::default();
        assert_eq!(form.value(Arg::Fd, Some(3)), "3");
        assert_eq!(form.value(Arg::Address, None), ECHO.0);
        assert_eq!(form.with(Arg::Fd, "77".into()).value(Arg::Fd, Some(3)), "77");
        let real = Form::on(false, Name::Connect);
        assert_eq!(real.value(Arg::Address, None), "127.0.0.1");
    }

    #[test]
    fn names_of_the_headers_are_numbers() {
        assert_eq!(number("AF_INET"), Some(2));
        assert_eq!(number("SOCK_STREAM | SOCK_NONBLOCK"), Some(1 | 2048));
        assert_eq!(number("0x10"), Some(16));
        assert_eq!(number("-1"), Some(-1));
        assert_eq!(number("AF_NOTHING"), None);
    }

    #[test]
    fn a_wrong_argument_is_named() {
        let text = |arg: Arg| if arg == Arg::Port { "x".into() } else { "3".to_owned() };
        assert_eq!(syscall(Name::Connect, text), Err(Arg::Port));
    }

    /// Every call can be made of what stands in its fields at first.
    #[test]
    fn every_call_has_likely_arguments() {
        for simulated in [true, false] {
            for name in Name::ALL {
                let form = Form::on(simulated, name);
                let made = syscall(name, |arg| form.value(arg, Some(3)));
                assert!(made.is_ok(), "{name:?}: {made:?}");
            }
        }
    }

    #[test]
    fn data_has_the_escapes_of_c() {
        assert_eq!(unescape(r"a\r\n\x41\\\q"), b"a\r\nA\\\\q");
    }
}
