//! Network interfaces in the program's memory: `struct ifreq` and `struct ifconf` of `ioctl(2)`,
//! the list of `getifaddrs(3)`.

use crate::intrinsics::{Env, Trap, ret};
use abi::consts;
use abi::{Bytes, Fd, Out, Ptr, Reply, SockAddr, Syscall};

/// `sizeof(struct ifreq)`, `sizeof(struct ifconf)`.
const IFREQ: u64 = 40;
const IFCONF: u64 = 16;
/// `sizeof(struct ifaddrs)`, `sizeof(struct rtnl_link_stats)`.
const IFADDRS: usize = 56;
const LINK_STATS: usize = 96;

/// The bytes of an `ifreq` that a request reads: the interface's name, or its index after it. A
/// program sets no more of it.
fn reads(request: i32) -> Option<(u64, u64)> {
    match request {
        consts::SIOCGIFNAME => Some((16, 20)),
        consts::SIOCGIFCONF => Some((0, IFCONF)),
        consts::SIOCGIFADDR
        | consts::SIOCGIFDSTADDR
        | consts::SIOCGIFBRDADDR
        | consts::SIOCGIFNETMASK
        | consts::SIOCGIFFLAGS
        | consts::SIOCGIFHWADDR
        | consts::SIOCGIFMTU
        | consts::SIOCGIFINDEX
        | consts::SIOCGIFMETRIC
        | consts::SIOCGIFTXQLEN => Some((0, 16)),
        _ => None,
    }
}

/// The bytes of an `ifreq` that the answer to a request changes; all of a `winsize`.
fn answers(request: i32) -> (usize, usize) {
    match request {
        consts::SIOCGIFFLAGS => (16, 18),
        consts::SIOCGIFMTU
        | consts::SIOCGIFINDEX
        | consts::SIOCGIFMETRIC
        | consts::SIOCGIFTXQLEN => (16, 20),
        consts::SIOCGIFADDR
        | consts::SIOCGIFDSTADDR
        | consts::SIOCGIFBRDADDR
        | consts::SIOCGIFNETMASK
        | consts::SIOCGIFHWADDR => (16, 32),
        consts::SIOCGIFNAME => (0, 16),
        _ => (0, IFREQ as usize),
    }
}

/// `ioctl(2)` about interfaces: `None` for any other request.
pub(super) fn request(env: &Env<'_>, a: &[u64]) -> Result<Option<Syscall>, Trap> {
    let Some((from, to)) = i32::try_from(a[1]).ok().and_then(reads) else { return Ok(None) };
    let value = if a[2] == 0 || !env.out_ptr(a[2]).ok {
        None
    } else if to == IFCONF && from == 0 && a[1] == consts::SIOCGIFCONF as u64 {
        let mut bytes = env.u32(a[2])?.to_le_bytes().to_vec();
        bytes.extend([0; 4]);
        bytes.extend(env.u64(a[2] + 8)?.to_le_bytes());
        Some(Bytes(bytes))
    } else if from == 0 {
        // `strcpy(ifr.ifr_name, "lo")` leaves the rest of the name as it was.
        let mut name = Vec::new();
        while (name.len() as u64) < to {
            match env.read_raw(a[2] + name.len() as u64, 1)?[..] {
                [0] => break,
                [byte, ..] => name.push(byte),
                [] => break,
            }
        }
        name.resize(IFREQ as usize, 0);
        Some(Bytes(name))
    } else {
        let mut bytes = vec![0; from as usize];
        bytes.extend(env.read_raw(a[2] + from, to - from)?);
        bytes.resize(IFREQ as usize, 0);
        Some(Bytes(bytes))
    };
    let arg = Ptr { at: a[2], value };
    Ok(Some(Syscall::IoctlIf { fd: Fd(a[0] as i32), request: a[1], arg }))
}

/// Writes what `ioctl(2)` answered as bytes: an `ifreq`, an `ifconf` with its list, a `winsize`.
pub(super) fn answered(env: &mut Env<'_>, a: &[u64], reply: &Reply) -> Result<bool, Trap> {
    let listing = a[1] == consts::SIOCGIFCONF as u64;
    match &reply.out {
        Out::Bytes { bytes } if listing => {
            let at = env.u64(a[2] + 8)?;
            if !bytes.0.is_empty() {
                env.kernel_write(at, &bytes.0)?;
            }
            env.kernel_write(a[2], &(bytes.0.len() as i32).to_le_bytes())?;
            Ok(true)
        }
        Out::Bytes { bytes } => {
            // What the request is about; the rest stays as the program left it.
            let (from, to) = i32::try_from(a[1]).map_or((0, IFREQ as usize), answers);
            let to = to.min(bytes.0.len());
            env.kernel_write(a[2] + from as u64, bytes.0.get(from..to).unwrap_or_default())?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// Builds the list of `struct ifaddrs` at `*list`, in one piece as glibc does: `freeifaddrs(3)`
/// frees the first.
pub(super) fn finish_getifaddrs(env: &mut Env<'_>, a: &[u64], reply: &Reply) -> Result<u64, Trap> {
    let Out::IfAddrs { list } = &reply.out else { return Ok(ret(env, reply)) };
    // Entries first, then what they point to, each at a multiple of 8.
    let mut tail = Vec::new();
    let mut entries = Vec::new();
    let heads = IFADDRS * list.len();
    let mut place = |bytes: &[u8]| {
        let at = heads + tail.len();
        tail.extend(bytes);
        tail.resize(tail.len().next_multiple_of(8), 0);
        at as u64
    };
    for entry in list {
        let name = place(&[entry.name.as_bytes(), &[0]].concat());
        let mut addr = |addr: &Option<SockAddr>| addr.as_ref().map(|addr| place(addr.bytes()));
        let own = addr(&Some(entry.addr.clone()));
        let netmask = addr(&entry.netmask);
        let other = addr(&entry.other);
        let data = entry.counts.map(|counts| {
            let mut bytes: Vec<u8> = counts.iter().flat_map(|count| count.to_le_bytes()).collect();
            bytes.resize(LINK_STATS, 0);
            place(&bytes)
        });
        entries.push((entry.flags, [Some(name), own, netmask, other, data]));
    }
    let base = env.malloc((heads + tail.len()).max(1) as u64);
    if base == 0 {
        return Ok(-1i32 as u64);
    }
    let mut bytes = Vec::with_capacity(heads + tail.len());
    for (number, (flags, at)) in entries.iter().enumerate() {
        let last = number + 1 == entries.len();
        let next = if last { 0 } else { base + (IFADDRS * (number + 1)) as u64 };
        let [name, addr, netmask, other, data] = at.map(|at| at.map_or(0, |at| base + at));
        for word in [next, name, u64::from(*flags), addr, netmask, other, data] {
            bytes.extend(word.to_le_bytes());
        }
    }
    bytes.extend(tail);
    env.write(base, &bytes)?;
    env.write(a[0], &(if list.is_empty() { 0 } else { base }).to_le_bytes())?;
    Ok(ret(env, reply))
}
