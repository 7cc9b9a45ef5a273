//! The pieces of a call's text: numbers with names, addresses, buffers, options.

use crate::consts::{self, Group, table};
use crate::syscall::{
    AddrIn, AddrOut, FdSets, InBuf, MsgIn, MsgOut, OutBuf, OutPtr, PollFd, Ptr, SigAction, Timespec,
};
use crate::{Bytes, Fd, Out, Reply, SockAddr};

/// strace's `-s` default.
pub(super) const STRING_MAX: usize = 32;

/// `sizeof(struct timeval)` and of its options.
const TIMEVAL_LEN: usize = 16;

// ---- numbers with names

/// A value that must be one of a group.
pub(super) fn value(group: Group, value: i32, unknown: &str) -> String {
    match consts::name(group, value) {
        Some(name) => name.to_owned(),
        None if value == 0 => "0".to_owned(),
        None => format!("{value:#x} /* {unknown} */"),
    }
}

/// Flags; a number without any name says of which kind it is.
pub(super) fn flags(group: Group, value: i32, unknown: &str) -> String {
    let text = consts::flags(group, value);
    if text.starts_with("0x") { format!("{text} /* {unknown} */") } else { text }
}

/// The second argument of `socket(2)`.
pub(super) fn socket_type(ty: i32) -> String {
    let rest_flags = |rest| {
        // strace names SOCK_CLOEXEC first.
        let order: Group =
            &[("SOCK_CLOEXEC", consts::SOCK_CLOEXEC), ("SOCK_NONBLOCK", consts::SOCK_NONBLOCK)];
        flags(order, rest, "SOCK_???")
    };
    match consts::name(table::SOCK, ty & 0xf) {
        Some(name) if ty & !0xf == 0 => name.to_owned(),
        Some(name) => format!("{name}|{}", rest_flags(ty & !0xf)),
        None => rest_flags(ty),
    }
}

/// The third argument of `socket(2)`: names belong to families.
pub(super) fn protocol(domain: i32, protocol: i32) -> String {
    match domain {
        consts::AF_INET | consts::AF_INET6 => value(table::IPPROTO, protocol, "IPPROTO_???"),
        consts::AF_NETLINK => value(table::NETLINK, protocol, "NETLINK_???"),
        consts::AF_PACKET => ethertype(protocol as u16),
        _ => protocol.to_string(),
    }
}

/// A kind of frame in network order, as packet(7) wants it.
fn ethertype(protocol: u16) -> String {
    let host = u16::from_be(protocol.to_le()).to_le();
    match consts::name(table::ETH_P, i32::from(host)) {
        Some(name) => format!("htons({name})"),
        None if host == 0 => "htons(0 /* ETH_P_??? */)".to_owned(),
        None => format!("htons({host:#x} /* ETH_P_??? */)"),
    }
}

/// A `sockaddr_nl`, whole.
fn netlink(bytes: &[u8; 12]) -> String {
    let word =
        |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    // strace shows the number as a process's.
    format!("{{sa_family=AF_NETLINK, nl_pid={}, nl_groups={:08x}}}", word(4) as i32, word(8))
}

/// An interface by name, as hosts number them: `lo` is 1, `eth0` 2.
fn interface(index: i32) -> String {
    match index {
        1 => "if_nametoindex(\"lo\")".to_owned(),
        2..=9 => format!("if_nametoindex(\"eth{}\")", index - 2),
        other => other.to_string(),
    }
}

/// A `sockaddr_ll`, whole.
fn packet(bytes: &[u8; 20]) -> String {
    let half = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let index = interface(i32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]));
    let hatype = match half(8) {
        0 => "ARPHRD_NETROM".to_owned(),
        other => value(table::ARPHRD, i32::from(other), "ARPHRD_???"),
    };
    let octets: Vec<String> = bytes[12..].iter().map(|octet| format!("{octet:#04x}")).collect();
    let len = usize::from(bytes[11]);
    let addr = match len {
        0 => String::new(),
        _ => format!(", sll_addr=[{}]", octets[..len.min(8)].join(", ")),
    };
    format!(
        "{{sa_family=AF_PACKET, sll_protocol={}, sll_ifindex={index}, sll_hatype={hatype}, \
         sll_pkttype={}, sll_halen={len}{addr}}}",
        ethertype(half(2)),
        value(table::PACKET_TYPE, i32::from(bytes[10]), "PACKET_???"),
    )
}

/// Open and status flags, the access mode first.
pub(super) fn open_flags(value: i32) -> String {
    let mode = match value & 3 {
        0 => "O_RDONLY",
        1 => "O_WRONLY",
        2 => "O_RDWR",
        _ => "O_ACCMODE",
    };
    let mut text = mode.to_owned();
    let mut rest = value & !3;
    for (name, bit) in table::O.iter().filter(|(_, bit)| *bit > 3) {
        // O_SYNC contains O_DSYNC's bit.
        let shadowed = *bit == consts::O_DSYNC && rest & consts::O_SYNC == consts::O_SYNC;
        if rest & bit == *bit && !shadowed {
            // The header's older name.
            let name = if *bit == consts::O_ASYNC { "FASYNC" } else { name };
            text += &format!("|{name}");
            rest &= !bit;
        }
    }
    if rest != 0 {
        text += &format!("|{rest:#x}");
    }
    text
}

/// Permission bits, always with a leading zero.
pub(super) fn octal(mode: u32) -> String {
    if mode == 0 { "000".to_owned() } else { format!("0{mode:o}") }
}

/// A signal's name with `SIG`.
pub(super) fn signal_name(signal: i32) -> String {
    match consts::name(table::SIG, signal) {
        Some(name) => name.to_owned(),
        None if signal == 32 => "SIGRTMIN".to_owned(),
        None if (33..=64).contains(&signal) => format!("SIGRT_{}", signal - 32),
        None => signal.to_string(),
    }
}

/// A signal set, bit `signo - 1`: `[USR1 TERM]`, or its complement where that is shorter.
pub(super) fn signal_set(set: u64) -> String {
    /// strace turns the set round when more than two thirds of 64 are in it.
    const MANY: u32 = 42;
    let (sign, shown) = if set.count_ones() > MANY { ("~", !set) } else { ("", set) };
    let names: Vec<String> = (1..=64)
        .filter(|signal| shown >> (signal - 1) & 1 == 1)
        .map(|signal| signal_name(signal).trim_start_matches("SIG").to_owned())
        .collect();
    format!("{sign}[{}]", names.join(" "))
}

/// `struct sigaction`, with the restorer where libc has set one.
pub(super) fn sigaction(action: &SigAction) -> String {
    /// glibc's `__restore_rt`: no address of the machine's memory.
    const RESTORER: u64 = 0x7fff_f7dc_4050;
    const ORDER: Group = &[
        ("SA_RESTORER", consts::SA_RESTORER),
        ("SA_ONSTACK", consts::SA_ONSTACK),
        ("SA_RESTART", consts::SA_RESTART),
        ("SA_INTERRUPT", consts::SA_INTERRUPT),
        ("SA_NODEFER", consts::SA_NODEFER),
        ("SA_RESETHAND", consts::SA_RESETHAND),
        ("SA_SIGINFO", consts::SA_SIGINFO),
        ("SA_NOCLDSTOP", consts::SA_NOCLDSTOP),
        ("SA_NOCLDWAIT", consts::SA_NOCLDWAIT),
    ];
    let handler = match action.handler {
        0 => "SIG_DFL".to_owned(),
        1 => "SIG_IGN".to_owned(),
        at => format!("{at:#x}"),
    };
    let restorer = match action.flags & consts::SA_RESTORER {
        0 => String::new(),
        _ => format!(", sa_restorer={RESTORER:#x}"),
    };
    format!(
        "{{sa_handler={handler}, sa_mask={}, sa_flags={}{restorer}}}",
        signal_set(action.mask),
        consts::flags(ORDER, action.flags)
    )
}

/// `wait(2)`'s status word.
pub(super) fn wait_status(status: i32) -> String {
    let signal = status & 0x7f;
    if status == 0xffff {
        "[{WIFCONTINUED(s)}]".to_owned()
    } else if signal == 0 {
        format!("[{{WIFEXITED(s) && WEXITSTATUS(s) == {}}}]", status >> 8 & 0xff)
    } else if status & 0xff == 0x7f {
        format!("[{{WIFSTOPPED(s) && WSTOPSIG(s) == {}}}]", signal_name(status >> 8 & 0xff))
    } else {
        let core = if status & 0x80 != 0 { " && WCOREDUMP(s)" } else { "" };
        format!("[{{WIFSIGNALED(s) && WTERMSIG(s) == {}{core}}}]", signal_name(signal))
    }
}

/// A resource limit.
pub(super) fn limit(value: u64) -> String {
    match value {
        u64::MAX => "RLIM64_INFINITY".to_owned(),
        value if value > 1024 && value % 1024 == 0 => format!("{}*1024", value / 1024),
        value => value.to_string(),
    }
}

/// An unknown `ioctl(2)` request.
pub(super) fn ioctl_request(request: u64) -> String {
    if let Some(name) = i32::try_from(request).ok().and_then(|r| consts::name(table::IOCTL, r)) {
        return match name {
            "SIOCOUTQ" => "TIOCOUTQ".to_owned(), // the same number
            name => name.to_owned(),
        };
    }
    let direction = match request >> 30 & 3 {
        0 => "_IOC_NONE",
        1 => "_IOC_WRITE",
        2 => "_IOC_READ",
        _ => "_IOC_READ|_IOC_WRITE",
    };
    let size = match request >> 16 & 0x3fff {
        0 => "0".to_owned(),
        size => format!("{size:#x}"),
    };
    format!("_IOC({direction}, {:#x}, {:#x}, {size})", request >> 8 & 0xff, request & 0xff)
}

// ---- pointers and buffers

/// A pointer that is shown as such.
pub(super) fn pointer(at: u64) -> String {
    if at == 0 { "NULL".to_owned() } else { format!("{at:#x}") }
}

/// What a pointer points at, or the pointer where that cannot be read.
pub(super) fn deref<T>(ptr: &Ptr<T>, show: impl FnOnce(&T) -> String) -> String {
    match &ptr.value {
        Some(value) if ptr.at != 0 => show(value),
        _ => pointer(ptr.at),
    }
}

/// A path or another string of the program.
pub(super) fn path(path: &Ptr<Bytes>) -> String {
    deref(path, |bytes| quoted(&bytes.0, usize::MAX))
}

/// Data on its way to the kernel.
pub(super) fn in_buf(buf: &InBuf) -> String {
    match &buf.bytes {
        Some(bytes) if buf.at != 0 => quoted(&bytes.0, STRING_MAX),
        _ => pointer(buf.at),
    }
}

/// Room that was filled with `bytes`, or was not.
pub(super) fn out_buf(buf: &OutBuf, reply: &Reply) -> String {
    match (&reply.ret, &reply.out) {
        (Ok(_), Out::Bytes { bytes } | Out::From { bytes, .. } | Out::Message { bytes, .. }) => {
            quoted(&bytes.0, STRING_MAX)
        }
        (Ok(0), _) => quoted(b"", STRING_MAX),
        _ => pointer(buf.at),
    }
}

/// Gathered data.
pub(super) fn in_iov(iov: &[InBuf]) -> String {
    list(iov.iter().map(|one| format!("{{iov_base={}, iov_len={}}}", in_buf(one), one.len)))
}

/// Scattered room: `bytes` fill one after the other; `None` when the call failed.
pub(super) fn out_iov(iov: &[OutBuf], bytes: Option<&[u8]>) -> String {
    let mut rest = bytes;
    list(iov.iter().map(|one| {
        let base = match rest {
            None => pointer(one.at),
            Some(left) => {
                let (here, after) = left.split_at(left.len().min(one.len as usize));
                rest = Some(after);
                quoted(here, STRING_MAX)
            }
        };
        format!("{{iov_base={base}, iov_len={}}}", one.len)
    }))
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// Bytes in quotes with C escapes, cut after `max` bytes with `...`.
pub fn quoted(bytes: &[u8], max: usize) -> String {
    let shown = &bytes[..bytes.len().min(max)];
    let mut text = String::from("\"");
    for (i, byte) in shown.iter().enumerate() {
        match byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            0x0b => text.push_str("\\v"),
            0x0c => text.push_str("\\f"),
            b' '..=b'~' => text.push(char::from(*byte)),
            _ => {
                // The shortest octal that the next character cannot extend.
                let next_is_digit =
                    shown.get(i + 1).is_some_and(|next| matches!(next, b'0'..=b'7'));
                text.push_str(&if next_is_digit {
                    format!("\\{byte:03o}")
                } else {
                    format!("\\{byte:o}")
                });
            }
        }
    }
    text.push('"');
    if bytes.len() > max {
        text.push_str("...");
    }
    text
}

/// Bytes in quotes, every one in hexadecimal.
fn quoted_hex(bytes: &[u8]) -> String {
    format!("\"{}\"", bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect::<String>())
}

// ---- addresses

/// `struct sockaddr` as strace prints it.
pub fn sockaddr(addr: &SockAddr) -> String {
    let bytes = addr.bytes();
    let Some(family) = addr.family().map(i32::from) else {
        return format!("{{sa_family={bytes:?}}}");
    };
    match family {
        consts::AF_INET if bytes.len() >= crate::addr::SOCKADDR_IN_LEN => {
            let inet = addr.as_inet().expect("16 bytes are enough");
            format!(
                "{{sa_family=AF_INET, sin_port=htons({}), sin_addr=inet_addr(\"{}\")}}",
                inet.port(),
                inet.ip()
            )
        }
        consts::AF_INET6 if bytes.len() >= 24 => {
            let inet6 = addr.as_inet6().expect("24 bytes are enough");
            let scope = if bytes.len() >= crate::addr::SOCKADDR_IN6_LEN {
                format!(", sin6_scope_id={}", inet6.scope_id())
            } else {
                String::new()
            };
            format!(
                "{{sa_family=AF_INET6, sin6_port=htons({}), sin6_flowinfo=htonl({}), \
                 inet_pton(AF_INET6, \"{}\", &sin6_addr){scope}}}",
                inet6.port(),
                inet6.flowinfo(),
                inet6.ip(),
            )
        }
        consts::AF_UNIX => match addr.unix_path() {
            None | Some([]) => "{sa_family=AF_UNIX}".to_owned(),
            Some([0, rest @ ..]) => {
                format!("{{sa_family=AF_UNIX, sun_path=@{}}}", quoted(rest, usize::MAX))
            }
            Some(path) => format!("{{sa_family=AF_UNIX, sun_path={}}}", quoted(path, usize::MAX)),
        },
        consts::AF_NETLINK if let Some(whole) = bytes.first_chunk() => netlink(whole),
        consts::AF_PACKET if let Some(whole) = bytes.first_chunk() => packet(whole),
        _ => {
            let family = value(table::AF, family, "AF_???");
            let data = match bytes.get(2..) {
                None | Some([]) => String::new(),
                Some(data) => format!(", sa_data={}", quoted(data, usize::MAX)),
            };
            format!("{{sa_family={family}{data}}}")
        }
    }
}

/// An address and its length, as two arguments.
pub(super) fn addr_in(addr: &AddrIn) -> String {
    // Two bytes hold the family; with fewer there is nothing to show.
    let shown = if addr.len < 2 { pointer(addr.addr.at) } else { deref(&addr.addr, sockaddr) };
    format!("{shown}, {}", addr.len)
}

/// Room for an address and its length, as two arguments: what came back, or the pointers.
pub(super) fn addr_out(out: &AddrOut, reply: &Reply) -> String {
    let full = match (&reply.ret, &reply.out) {
        (Ok(_), Out::Addr { addr } | Out::From { addr: Some(addr), .. }) => Some(addr.clone()),
        // A connected stream has no sender: the length says 0.
        (Ok(_), Out::From { addr: None, .. }) => Some(SockAddr::default()),
        _ => None,
    };
    let room = match out.len.value {
        // Without a place for the address strace does not look at the length either.
        Some(room) if out.len.at != 0 && out.addr.at != 0 => room,
        _ => return format!("{}, {}", pointer(out.addr.at), pointer(out.len.at)),
    };
    let Some(full) = full else { return format!("{}, [{room}]", pointer(out.addr.at)) };
    let bytes = full.bytes();
    let shown = &bytes[..bytes.len().min(usize::try_from(room).unwrap_or(0))];
    let text =
        if shown.len() < 2 { pointer(out.addr.at) } else { sockaddr(&SockAddr(shown.into())) };
    format!("{text}, {}", length(room, bytes.len()))
}

/// A value-result length: `[room]`, or `[room => len]` where it changed.
fn length(room: i32, len: usize) -> String {
    if usize::try_from(room) == Ok(len) {
        format!("[{room}]")
    } else {
        format!("[{room} => {len}]")
    }
}

/// A message to be sent.
pub(super) fn msg_in(msg: &MsgIn) -> String {
    let name =
        if msg.name.len < 2 { pointer(msg.name.addr.at) } else { deref(&msg.name.addr, sockaddr) };
    format!(
        "{{msg_name={name}, msg_namelen={}, msg_iov={}, msg_iovlen={}, {}msg_controllen={}, \
         msg_flags=0}}",
        msg.name.len,
        if msg.iov.is_empty() { "NULL".to_owned() } else { in_iov(&msg.iov) },
        msg.iov_len,
        control_messages(&msg.control.0),
        msg.control.0.len(),
    )
}

/// A message that was received, or was not.
pub(super) fn msg_out(msg: &MsgOut, reply: &Reply) -> String {
    let (Ok(_), Out::Msg { bytes, addr, flags: got, control }) = (&reply.ret, &reply.out) else {
        return format!("{{msg_namelen={}}}", msg.name_len);
    };
    let (name, name_len) = if msg.name.at == 0 {
        ("NULL".to_owned(), msg.name_len.to_string())
    } else {
        let full = addr.as_ref().map_or(&[][..], SockAddr::bytes);
        let shown = &full[..full.len().min(usize::try_from(msg.name_len).unwrap_or(0))];
        let text =
            if shown.len() < 2 { pointer(msg.name.at) } else { sockaddr(&SockAddr(shown.into())) };
        let len = length(msg.name_len, full.len());
        (text, len[1..len.len() - 1].to_owned())
    };
    format!(
        "{{msg_name={name}, msg_namelen={name_len}, msg_iov={}, msg_iovlen={}, \
         {}msg_controllen={}, msg_flags={}}}",
        out_iov(&msg.iov, Some(&bytes.0)),
        msg.iov_len,
        control_messages(&control.0),
        control.0.len(),
        flags(table::MSG, *got, "MSG_???"),
    )
}

/// `msg_control`: `struct cmsghdr`s, each padded to eight bytes.
fn control_messages(mut control: &[u8]) -> String {
    let mut all = Vec::new();
    while let (Some(len), Some(level), Some(kind)) =
        (control.first_chunk::<8>(), int_at(control, 8), int_at(control, 12))
    {
        let len = usize::try_from(u64::from_le_bytes(*len)).unwrap_or(0);
        let end = len.clamp(16, control.len());
        let (kind, data) = control_message(level, kind, &control[16..end]);
        let level = value(table::SOL, level, "SOL_???");
        let data = data.map_or_else(String::new, |data| format!(", cmsg_data={data}"));
        all.push(format!("{{cmsg_len={len}, cmsg_level={level}, cmsg_type={kind}{data}}}"));
        control = control.get(end.next_multiple_of(8)..).unwrap_or_default();
    }
    if all.is_empty() { String::new() } else { format!("msg_control=[{}], ", all.join(", ")) }
}

/// The type of a control message and what it holds, as far as strace shows it.
fn control_message(level: i32, kind: i32, data: &[u8]) -> (String, Option<String>) {
    let words: Vec<i32> = (0..data.len()).step_by(4).filter_map(|at| int_at(data, at)).collect();
    let ip = |at: usize| {
        let octets = data.get(at..at + 4).and_then(|bytes| bytes.first_chunk::<4>());
        octets.map_or_else(String::new, |o| format!("{}", std::net::Ipv4Addr::from(*o)))
    };
    let one = words.first().map(|word| format!("[{word}]"));
    let time = |unit: &str| {
        let word = |at: usize| data.get(at..at + 8).and_then(|bytes| bytes.first_chunk::<8>());
        let (sec, part) = (word(0)?, word(8)?);
        let (sec, part) = (i64::from_le_bytes(*sec), i64::from_le_bytes(*part));
        Some(format!("{{tv_sec={sec}, tv_{unit}={part}}}"))
    };
    match level {
        consts::SOL_SOCKET => match kind {
            consts::SCM_RIGHTS => {
                let fds: Vec<String> = words.iter().map(i32::to_string).collect();
                let list = (!fds.is_empty()).then(|| format!("[{}]", fds.join(", ")));
                ("SCM_RIGHTS".to_owned(), list)
            }
            consts::SCM_CREDENTIALS => {
                let shown = words
                    .get(2)
                    .map(|gid| format!("{{pid={}, uid={}, gid={gid}}}", words[0], words[1]));
                ("SCM_CREDENTIALS".to_owned(), shown)
            }
            consts::SO_TIMESTAMP => ("SO_TIMESTAMP_OLD".to_owned(), time("usec")),
            consts::SO_TIMESTAMPNS => ("SO_TIMESTAMPNS_OLD".to_owned(), time("nsec")),
            _ => (format!("{kind:#x} /* SCM_??? */"), None),
        },
        consts::SOL_IP => {
            let shown = match kind {
                consts::IP_PKTINFO if data.len() >= 12 => Some(format!(
                    "{{ipi_ifindex={}, ipi_spec_dst=inet_addr(\"{}\"), \
                     ipi_addr=inet_addr(\"{}\")}}",
                    interface_name(words[0]),
                    ip(4),
                    ip(8)
                )),
                consts::IP_PKTINFO => None,
                consts::IP_TTL => one,
                consts::IP_TOS => {
                    let byte = |b: &u8| if *b == 0 { "0".to_owned() } else { format!("{b:#x}") };
                    Some(format!("[{}]", data.iter().map(byte).collect::<Vec<_>>().join(", ")))
                }
                consts::IP_RECVERR if data.len() >= 32 => Some(extended_error(data)),
                consts::IP_ORIGDSTADDR => {
                    let addr = crate::SockAddr(data.into());
                    Some(sockaddr(&addr))
                }
                _ => None,
            };
            (value(table::IP, kind, "IP_???"), shown)
        }
        _ => (format!("{kind:#x}"), None),
    }
}

/// Interfaces are `lo` and those of the links, in their order.
fn interface_name(index: i32) -> String {
    match index {
        0 => "0".to_owned(),
        1 => "if_nametoindex(\"lo\")".to_owned(),
        2..64 => format!("if_nametoindex(\"eth{}\")", index - 2),
        _ => index.to_string(),
    }
}

/// `struct sock_extended_err` and the address behind it.
fn extended_error(data: &[u8]) -> String {
    let errno = int_at(data, 0).unwrap_or(0);
    let offender = crate::SockAddr(data[16..].into());
    format!(
        "{{ee_errno={errno}, ee_origin={}, ee_type={}, ee_code={}, ee_info={}, ee_data={}, \
         offender={}}}",
        data[4],
        data[5],
        data[6],
        int_at(data, 8).unwrap_or(0) as u32,
        int_at(data, 12).unwrap_or(0) as u32,
        sockaddr(&offender)
    )
}

// ---- options

fn int_at(bytes: &[u8], at: usize) -> Option<i32> {
    Some(i32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Whether strace takes the option for an int, whatever length is given.
fn always_int(level: i32, name: i32) -> bool {
    level == consts::SOL_SOCKET
        && !matches!(name, consts::SO_RCVTIMEO | consts::SO_SNDTIMEO | consts::SO_BINDTODEVICE)
}

fn linger(bytes: &[u8]) -> Option<String> {
    let on = int_at(bytes, 0)?;
    Some(match int_at(bytes, 4) {
        Some(seconds) => format!("{{l_onoff={on}, l_linger={seconds}}}"),
        None => format!("{{l_onoff={on}}}"),
    })
}

/// The value and its length as `setsockopt(2)` takes them.
pub(super) fn option_in(level: i32, name: i32, ptr: &Ptr<Bytes>, len: i32) -> String {
    let bytes = match &ptr.value {
        Some(bytes) if ptr.at != 0 && len >= 0 => &bytes.0[..],
        _ => return format!("{}, {len}", pointer(ptr.at)),
    };
    let text = match (level, name) {
        (consts::SOL_SOCKET, consts::SO_LINGER) => {
            linger(bytes).filter(|_| bytes.len() >= 8).unwrap_or_else(|| pointer(ptr.at))
        }
        (consts::SOL_IP, consts::IP_ADD_MEMBERSHIP | consts::IP_DROP_MEMBERSHIP)
            if bytes.len() >= 8 =>
        {
            let ip = |at: usize| {
                format!("{}.{}.{}.{}", bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3])
            };
            format!(
                "{{imr_multiaddr=inet_addr(\"{}\"), imr_interface=inet_addr(\"{}\")}}",
                ip(0),
                ip(4)
            )
        }
        (consts::SOL_IPV6, consts::IPV6_JOIN_GROUP | consts::IPV6_LEAVE_GROUP)
            if bytes.len() >= 20 =>
        {
            group_v6(bytes)
        }
        _ if always_int(level, name) => {
            int_at(bytes, 0).map_or_else(|| pointer(ptr.at), |int| format!("[{int}]"))
        }
        _ if bytes.len() == 4 => format!("[{}]", int_at(bytes, 0).expect("4 bytes")),
        _ => quoted(bytes, STRING_MAX),
    };
    format!("{text}, {len}")
}

/// `struct ipv6_mreq`: a lab's hosts have their interfaces in this order.
fn group_v6(bytes: &[u8]) -> String {
    let group: [u8; 16] = std::array::from_fn(|at| bytes[at]);
    let interface = match int_at(bytes, 16) {
        Some(1) => "if_nametoindex(\"lo\")".to_owned(),
        Some(2) => "if_nametoindex(\"eth0\")".to_owned(),
        index => index.unwrap_or(0).to_string(),
    };
    format!(
        "{{inet_pton(AF_INET6, \"{}\", &ipv6mr_multiaddr), ipv6mr_interface={interface}}}",
        std::net::Ipv6Addr::from(group)
    )
}

/// The value and its length as `getsockopt(2)` gives them.
pub(super) fn option_out(
    level: i32,
    name: i32,
    out: OutPtr,
    len: &Ptr<i32>,
    reply: &Reply,
) -> String {
    let room = match len.value {
        Some(room) if len.at != 0 => room,
        _ => return format!("{}, {}", pointer(out.at), pointer(len.at)),
    };
    let (Ok(_), Out::Bytes { bytes }) = (&reply.ret, &reply.out) else {
        return format!("{}, [{room}]", pointer(out.at));
    };
    let bytes = &bytes.0[..];
    let text = match (level, name) {
        (consts::SOL_SOCKET, consts::SO_LINGER) => linger(bytes).unwrap_or_else(|| pointer(out.at)),
        (consts::SOL_SOCKET, consts::SO_ERROR) if bytes.len() == 4 => {
            let number = int_at(bytes, 0).expect("4 bytes");
            match crate::Errno(number).name() {
                "E?" => format!("[{number}]"),
                name => format!("[{name}]"),
            }
        }
        (consts::SOL_SOCKET, consts::SO_PEERCRED) => {
            let fields: Vec<String> = ["pid", "uid", "gid"]
                .iter()
                .enumerate()
                .filter_map(|(i, field)| Some(format!("{field}={}", int_at(bytes, 4 * i)?)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        _ if always_int(level, name) => {
            int_at(bytes, 0).map_or_else(|| quoted_hex(bytes), |int| format!("[{int}]"))
        }
        _ if bytes.len() == 4 => format!("[{}]", int_at(bytes, 0).expect("4 bytes")),
        _ => quoted(bytes, STRING_MAX.max(TIMEVAL_LEN)),
    };
    format!("{text}, {}", length(room, bytes.len()))
}

// ---- readiness and time

/// `struct pollfd`s as passed in.
pub(super) fn poll_fds(fds: &Ptr<Vec<PollFd>>) -> String {
    deref(fds, |fds| {
        list(fds.iter().map(|entry| match entry.fd.0 {
            fd if fd < 0 => format!("{{fd={fd}}}"),
            fd => format!("{{fd={fd}, events={}}}", poll_events(entry.events)),
        }))
    })
}

/// The entries that came back with something in `revents`.
pub(super) fn poll_ready(fds: &[PollFd], revents: &[i16]) -> String {
    let ready = fds.iter().zip(revents).filter(|(_, revents)| **revents != 0);
    list(
        ready.map(|(entry, revents)| {
            format!("{{fd={}, revents={}}}", entry.fd, poll_events(*revents))
        }),
    )
}

fn poll_events(events: i16) -> String {
    flags(table::POLL, i32::from(events as u16), "POLL???")
}

/// The events of `epoll(7)`.
pub(super) fn epoll_event(events: u32, data: u64) -> String {
    let names = flags(table::EPOLL, events as i32, "EPOLL???");
    format!("{{events={names}, data={{u32={}, u64={data}}}}}", data as u32)
}

/// A descriptor set: `[3 4]`.
pub(super) fn fd_set(fds: Option<&Vec<Fd>>) -> String {
    fds.map_or("NULL".to_owned(), |fds| {
        format!("[{}]", fds.iter().map(Fd::to_string).collect::<Vec<_>>().join(" "))
    })
}

/// The three sets, as three arguments.
pub(super) fn fd_sets(sets: &FdSets) -> String {
    [&sets.read, &sets.write, &sets.except].map(|set| fd_set(set.as_ref())).join(", ")
}

/// `struct timespec`; strace prints the nanoseconds without a sign.
pub(super) fn timespec(time: &Timespec) -> String {
    format!("{{tv_sec={}, tv_nsec={}}}", time.sec, time.nsec as u64)
}

/// `struct timeval`, carried as a timespec.
pub(super) fn timeval(time: &Timespec) -> String {
    format!("{{tv_sec={}, tv_usec={}}}", time.sec, time.nsec / 1000)
}
