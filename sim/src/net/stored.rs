//! Options that nothing here obeys, as a table: what may be set, and what is read back.
//!
//! What to read: `socket(7)`, `ip(7)`, `ipv6(7)`, `tcp(7)`, `udp(7)`; Linux `sk_setsockopt`,
//! `do_ip_setsockopt`, `do_ipv6_setsockopt`, `do_tcp_setsockopt`. Each row was measured on Linux
//! 6.18 (`tests/judge/matrix-options.c`). What only privileged programs may set is the kernel's to
//! refuse, which knows who asks. Options with an effect are in [`super::options`] and in the
//! kernel's for Unix sockets; missing are those of IPsec, of source filters and of socket filters.

use abi::Errno;
use abi::consts::{SOL_IP, SOL_IPV6, SOL_SOCKET, SOL_TCP, SOL_UDP};
use std::collections::BTreeMap;

/// Values by level and name.
pub(crate) type Store = BTreeMap<(i32, i32), i64>;

/// Whose option it is, one bit each.
pub(crate) type Who = u8;
/// A TCP socket.
pub(crate) const TCP: Who = 1;
/// A datagram socket of the Internet families.
pub(crate) const UDP: Who = 2;
/// A Unix socket.
pub(crate) const UNIX: Who = 4;
/// A Unix stream, beside that.
pub(crate) const UNIX_STREAM: Who = 16;
/// A socket of `AF_INET6`, beside its protocol's bit.
pub(crate) const V6: Who = 8;
const INET: Who = TCP | UDP;
const ALL: Who = INET | UNIX;

/// What is read.
#[derive(Clone, Copy)]
enum Get {
    /// An int, at first this.
    Int(i32),
    /// Eight bytes, at first this.
    Wide(i64),
    /// A value without bytes.
    Empty,
    No(Errno),
}

/// What may be set.
#[derive(Clone, Copy)]
enum Set {
    /// Any number is 0 or 1.
    Flag,
    /// The same; a value that is too short is 0.
    FlagOrShort,
    Int,
    /// Others are `EINVAL`.
    Within(i32, i32),
    /// Accepted, and read as before.
    Ignored,
    /// The same, of 0 and 1 only.
    IgnoredFlag,
    /// Four bytes exactly: 0 or 1.
    Switch,
    /// An unsigned int (the largest: no limit), or eight bytes.
    Rate,
    /// Eight bytes exactly.
    Exactly8,
    /// Four bytes exactly: two ports of which the first is not above the second.
    Ports,
    /// Four bytes exactly: no interface.
    NoInterface,
    /// A path's MTU in IPv6, or 0.
    Mtu,
    Timestamping,
    No(Errno),
    /// Whatever the length.
    Never(Errno),
}

struct Row(i32, &'static [i32], Who, Get, Set);

const NO: Get = Get::No(Errno::ENOPROTOOPT);
const INVALID: Set = Set::No(Errno::EINVAL);
const READ_ONLY: Set = Set::No(Errno::ENOPROTOOPT);
const OFF: Get = Get::Int(0);

/// First match counts.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row(SOL_SOCKET, &[1, 5, 9, 10, 11, 29, 35, 40, 41, 43, 45, 63, 64, 69, 82], ALL, OFF, Set::Flag),
    Row(SOL_SOCKET, &[12, 36], ALL, OFF, Set::Int),
    Row(SOL_SOCKET, &[14], ALL, OFF, Set::Ignored),
    Row(SOL_SOCKET, &[16, 34], INET, Get::No(Errno::EOPNOTSUPP), Set::No(Errno::EOPNOTSUPP)),
    Row(SOL_SOCKET, &[2, 6, 16, 34, 76], UNIX, OFF, Set::Flag),
    Row(SOL_SOCKET, &[83], UNIX, Get::Int(1), Set::Flag),
    Row(SOL_SOCKET, &[84], UNIX_STREAM, NO, Set::Switch),
    Row(SOL_SOCKET, &[19], ALL, Get::Int(1), READ_ONLY),
    Row(SOL_SOCKET, &[28], UNIX, Get::No(Errno::ENOTCONN), READ_ONLY),
    Row(SOL_SOCKET, &[37, 65], ALL, Get::Wide(0), Set::Timestamping),
    Row(SOL_SOCKET, &[42, 49], ALL, Get::Int(-1), Set::Int),
    Row(SOL_SOCKET, &[46, 62], ALL, OFF, Set::Within(0, i32::MAX)),
    Row(SOL_SOCKET, &[47], ALL, Get::Wide(-1), Set::Rate),
    Row(SOL_SOCKET, &[48], ALL, Get::Int(64), READ_ONLY),
    Row(SOL_SOCKET, &[60], INET, OFF, Set::Flag),
    Row(SOL_SOCKET, &[61], ALL, Get::Wide(0), Set::Exactly8),
    Row(SOL_SOCKET, &[68], ALL, NO, INVALID),
    Row(SOL_SOCKET, &[70], ALL, NO, Set::Within(0, 0xffff)),
    Row(SOL_SOCKET, &[72], ALL, OFF, Set::Within(0, 3)),
    Row(SOL_SOCKET, &[73], ALL, OFF, Set::No(Errno::EOPNOTSUPP)),
    Row(SOL_SOCKET, &[74], TCP, Get::Int(1), Set::Within(-1, 1)),
    Row(SOL_SOCKET, &[77], ALL, Get::No(Errno::ENODATA), READ_ONLY),
    Row(SOL_IP, &[6, 7, 8, 12, 13, 15, 18, 19, 20, 23, 24], INET, OFF, Set::Flag),
    Row(SOL_IP, &[5, 25], TCP, OFF, INVALID),
    Row(SOL_IP, &[5], UDP, OFF, INVALID),
    Row(SOL_IP, &[9], TCP, Get::Empty, READ_ONLY),
    Row(SOL_IP, &[21], INET, OFF, Set::Within(0, 255)),
    Row(SOL_IP, &[22, 52], INET, OFF, READ_ONLY),
    Row(SOL_IP, &[25], UDP, OFF, Set::Flag),
    Row(SOL_IP, &[26], INET, OFF, Set::Within(0, 1)),
    Row(SOL_IP, &[41, 48], INET, Get::No(Errno::EINVAL), INVALID),
    Row(SOL_IP, &[37, 38, 39, 40, 42, 43, 44, 45, 46, 47], INET, NO, INVALID),
    Row(SOL_IP, &[51], INET, OFF, Set::Ports),
    Row(SOL_TCP, &[14, 22, 32], TCP, NO, INVALID),
    Row(SOL_TCP, &[16, 30, 36], TCP, OFF, Set::Within(0, 1)),
    Row(SOL_TCP, &[17], TCP, OFF, Set::IgnoredFlag),
    Row(SOL_TCP, &[20, 29], TCP, Get::No(Errno::EINVAL), Set::No(Errno::EPERM)),
    Row(SOL_TCP, &[21], TCP, Get::No(Errno::EINVAL), INVALID),
    Row(SOL_TCP, &[27], TCP, OFF, Set::Within(0, 2)),
    Row(SOL_TCP, &[28], TCP, Get::Empty, READ_ONLY),
    Row(SOL_TCP, &[37], TCP, OFF, Set::Within(0, i32::MAX)),
    Row(SOL_TCP, &[42], TCP, Get::No(Errno::EPERM), Set::No(Errno::EPERM)),
    Row(SOL_TCP, &[43], TCP, OFF, READ_ONLY),
    Row(SOL_TCP, &[44], TCP, Get::Int(120_000), Set::Within(1000, 120_000)),
    Row(SOL_TCP, &[45], TCP, Get::Int(200_000), Set::Within(4001, 200_000)),
    Row(SOL_UDP, &[1, 101, 102], UDP, OFF, Set::Flag),
    Row(SOL_UDP, &[10, 11], UDP, OFF, READ_ONLY),
    Row(SOL_IPV6, &[1], V6, Get::No(Errno::ENOTCONN), Set::Within(i32::MAX, i32::MAX)),
    Row(SOL_IPV6, &[2, 3, 4, 5, 8, 11, 30, 33, 49, 51, 53, 56, 58, 60, 66, 74, 75, 78], V6, OFF, Set::Flag),
    Row(SOL_IPV6, &[22], V6, OFF, READ_ONLY),
    Row(SOL_IPV6, &[24], V6, Get::No(Errno::ENOTCONN), Set::Mtu),
    Row(SOL_IPV6, &[29], V6, Get::Int(1), Set::Flag),
    Row(SOL_IPV6, &[31], V6, OFF, Set::Within(0, 1)),
    Row(SOL_IPV6, &[32, 48], V6, Get::No(Errno::EINVAL), INVALID),
    Row(SOL_IPV6, &[27, 28, 42, 43, 44, 45, 46, 47], V6, NO, INVALID),
    Row(SOL_IPV6, &[54, 55, 59], V6, Get::Empty, Set::Never(Errno::EPERM)),
    Row(SOL_IPV6, &[61], V6, Get::No(Errno::EINVAL), Set::Never(Errno::ENOPROTOOPT)),
    Row(SOL_IPV6, &[62, 77], V6, OFF, Set::FlagOrShort),
    Row(SOL_IPV6, &[69], V6, Get::No(Errno::EPERM), Set::Never(Errno::ENOPROTOOPT)),
    Row(SOL_IPV6, &[70], V6, Get::Int(1), Set::FlagOrShort),
    Row(SOL_IPV6, &[73], V6, OFF, Set::Within(0, 255)),
    Row(SOL_IPV6, &[76], V6, OFF, Set::NoInterface),
];

fn row(who: Who, level: i32, name: i32) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.0 == level && row.2 & who != 0 && row.1.contains(&name))
}

/// Sets an option of the table; `None`: it is not there.
pub(crate) fn set(
    who: Who,
    level: i32,
    name: i32,
    value: &[u8],
    store: &mut Store,
) -> Option<Result<(), Errno>> {
    let row = row(who, level, name)?;
    Some(accepted(who, level, row.4, value).map(|kept| {
        if let Some(kept) = kept {
            store.insert((level, name), kept);
        }
    }))
}

/// Reads an option of the table.
pub(crate) fn get(
    who: Who,
    level: i32,
    name: i32,
    store: &Store,
) -> Option<Result<Vec<u8>, Errno>> {
    let kept = store.get(&(level, name)).copied();
    Some(match row(who, level, name)?.3 {
        Get::Int(first) => Ok((kept.unwrap_or(i64::from(first)) as i32).to_le_bytes().to_vec()),
        Get::Wide(first) => Ok(kept.unwrap_or(first).to_le_bytes().to_vec()),
        Get::Empty => Ok(Vec::new()),
        Get::No(errno) => Err(errno),
    })
}

/// What is kept of a value, if it may be set.
fn accepted(who: Who, level: i32, set: Set, value: &[u8]) -> Result<Option<i64>, Errno> {
    match set {
        Set::Never(errno) => return Err(errno),
        Set::Exactly8 | Set::Ports | Set::NoInterface | Set::Switch => {
            let len = if matches!(set, Set::Exactly8) { 8 } else { 4 };
            if value.len() != len {
                return Err(Errno::EINVAL);
            }
        }
        _ => {}
    }
    let word = value.first_chunk::<4>().map(|b| i32::from_le_bytes(*b));
    let number = match (level, word, value) {
        (_, Some(number), _) => number,
        // One byte or four, as `ip(7)` allows; none at all is 0.
        (SOL_IP, None, [byte, ..]) => i32::from(*byte),
        (SOL_IP, None, []) => match set {
            Set::No(errno @ Errno::ENOPROTOOPT) => return Err(errno),
            _ => 0,
        },
        _ if matches!(set, Set::FlagOrShort) => 0,
        _ => return Err(Errno::EINVAL),
    };
    let wide = value.first_chunk::<8>().map(|b| i64::from_le_bytes(*b));
    match set {
        Set::Flag | Set::FlagOrShort => Ok(Some(i64::from(number != 0))),
        Set::Int => Ok(Some(i64::from(number))),
        Set::Within(low, high) if (low..=high).contains(&number) => {
            // -1 asks for the default, where it may be said.
            Ok(Some(i64::from(if low == -1 && number == -1 { 1 } else { number })))
        }
        Set::Ignored => Ok(None),
        Set::IgnoredFlag if (0..=1).contains(&number) => Ok(None),
        Set::Switch if (0..=1).contains(&number) => Ok(Some(i64::from(number))),
        Set::Rate => {
            let rate = if number == -1 { -1 } else { i64::from(number as u32) };
            Ok(Some(wide.unwrap_or(rate)))
        }
        Set::Exactly8 => Ok(wide),
        Set::Ports => {
            let (low, high) = (number as u32 & 0xffff, number as u32 >> 16);
            let empty = low != 0 && high != 0 && low > high;
            if empty { Err(Errno::EINVAL) } else { Ok(Some(i64::from(number))) }
        }
        Set::NoInterface if number == 0 => Ok(Some(0)),
        Set::NoInterface => Err(Errno::EADDRNOTAVAIL),
        Set::Mtu if number == 0 || number >= 1280 => Ok(Some(i64::from(number))),
        Set::Timestamping => timestamping(who, number),
        Set::No(errno) if errno == Errno::EOPNOTSUPP && number < 0 => Err(Errno::EINVAL),
        Set::No(errno) | Set::Never(errno) => Err(errno),
        Set::Within(..) | Set::Mtu | Set::IgnoredFlag | Set::Switch => Err(Errno::EINVAL),
    }
}

/// `SOF_TIMESTAMPING_*`: nothing is stamped here, but wrong flags are refused.
fn timestamping(who: Who, flags: i32) -> Result<Option<i64>, Errno> {
    const OPT_ID: i32 = 1 << 7;
    const BIND_PHC: i32 = 1 << 15;
    const LAST: i32 = 1 << 18;
    // A stream counts from its connection on; this one has none.
    if flags & !(2 * LAST - 1) != 0 || (who & TCP != 0 && flags & OPT_ID != 0) {
        return Err(Errno::EINVAL);
    }
    if flags & BIND_PHC != 0 {
        return Err(Errno::EOPNOTSUPP);
    }
    Ok(Some(i64::from(flags)))
}
