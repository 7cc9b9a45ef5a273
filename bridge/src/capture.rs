//! Real packets: those of the sessions' own sockets, and no others.
//!
//! One AF_PACKET socket for the whole bridge, opened while the process still has CAP_NET_RAW,
//! which is given up at once. A filter in the kernel lets through only packets with a port of one
//! of our sockets; what it lets through is then matched by both addresses. Read `man 7 packet`,
//! linux/filter.h, RFC 9293 §3.1.
//!
//! Each outgoing segment is joined to the call that caused it: SYN to `connect`, data by its
//! place in the stream, FIN and RST to `shutdown` or `close`. An ICMP error belongs to the socket
//! whose packet it quotes, a later fragment to that of its first. Missing: IPv6 extension headers
//! (fragments of IPv6 among them), Unix sockets (which have no packets).

use crate::sys;
use abi::{AddrIn, Bytes, Errno, Fd, OutBuf, Ptr, SockAddr};
use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::io::Interest;
use tokio::sync::mpsc;

/// Longest packet that is kept: with segmentation offload the kernel shows segments of 64 KiB.
const PACKET_MAX: u64 = 1 << 17;
/// Packets of a session that wait to be sent to its page; more are dropped and counted.
const QUEUE_MAX: usize = 1024;
/// How long a closed socket's packets are still ours: the rest of its connection's end.
const AFTERWARDS: Duration = Duration::from_secs(60);
/// A classic BPF program has at most 4096 instructions, and a port takes four.
const PORTS_MAX: usize = 900;

const ETH_P_ALL: u16 = 3;
const ARPHRD_LOOPBACK: u16 = 772;
const PACKET_OUTGOING: u8 = 4;
const ICMP: u8 = 1;
const TCP: u8 = 6;
const UDP: u8 = 17;
const ICMPV6: u8 = 58;
const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;

/// A captured packet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Packet {
    /// The socket's handle.
    pub fd: Fd,
    /// Since the session began, nanoseconds (the kernel's time stamp).
    pub at_ns: u64,
    /// Whether this computer sent it.
    pub outgoing: bool,
    /// The id of the call that caused it, where that is known.
    pub cause: Option<u64>,
    /// The bytes from the IP header on.
    pub bytes: Vec<u8>,
}

/// The bridge's one packet socket.
pub struct Tap {
    fd: OwnedFd,
    known: Mutex<BTreeMap<u64, Entry>>,
    /// First fragments that were ours, the newest last.
    fragments: Mutex<VecDeque<(FragmentId, Whose)>>,
    reading: AtomicBool,
}

/// What the fragments of one IPv4 packet have in common: source, destination, identification.
type FragmentId = ([u8; 8], u16);

/// The socket that a packet belongs to, and how.
#[derive(Clone, Copy)]
struct Whose {
    key: u64,
    outgoing: bool,
    cause: Option<u64>,
}

/// First fragments that are remembered.
const FRAGMENTS_MAX: usize = 64;

/// A socket whose packets are wanted.
struct Entry {
    protocol: u8,
    local: SocketAddr,
    /// Any, for a listener and an unconnected datagram socket.
    remote: Option<SocketAddr>,
    fd: Fd,
    sink: mpsc::Sender<Packet>,
    lost: Arc<AtomicU64>,
    began: SystemTime,
    closed: Option<Instant>,
    story: Story,
}

/// Which call sent what.
#[derive(Default)]
struct Story {
    connect: Option<u64>,
    end: Option<u64>,
    /// Where in the stream the bytes of each `send` begin.
    sends: VecDeque<(u64, u64)>,
    sent: u64,
    iss: Option<u32>,
    /// A listener's: the initial sequence numbers of its answers, for the sockets to be accepted.
    children: BTreeMap<SocketAddr, u32>,
    /// Datagrams that have not been seen yet.
    datagrams: VecDeque<u64>,
}

/// How a session tells the tap about its sockets.
pub(crate) struct SessionTap {
    tap: Arc<Tap>,
    on: AtomicBool,
    sink: mpsc::Sender<Packet>,
    /// Packets that found the queue full.
    pub(crate) lost: Arc<AtomicU64>,
    began: SystemTime,
}

impl Tap {
    /// Opens the packet socket and gives up CAP_NET_RAW. Must be called before the process has
    /// more threads, because a capability is a thread's.
    ///
    /// # Errors
    /// A sentence that says what is missing.
    pub fn open() -> Result<Arc<Tap>, String> {
        let capability = caps::Capability::CAP_NET_RAW;
        let has = caps::has_cap(None, caps::CapSet::Effective, capability).unwrap_or(false);
        if !has {
            return Err("the bridge lacks CAP_NET_RAW; grant it with \
                        `sudo setcap cap_net_raw=ep soquete`"
                .to_owned());
        }
        let fd = Tap::socket().map_err(|errno| format!("packet socket: {errno}"))?;
        for set in [caps::CapSet::Inheritable, caps::CapSet::Effective, caps::CapSet::Permitted] {
            caps::drop(None, set, capability)
                .map_err(|error| format!("CAP_NET_RAW cannot be given up: {error}"))?;
        }
        Ok(Arc::new(Tap {
            fd,
            known: Mutex::default(),
            fragments: Mutex::default(),
            reading: false.into(),
        }))
    }

    fn socket() -> Result<OwnedFd, Errno> {
        // Protocol 0: nothing arrives before the filter is there.
        let fd = sys::socket(libc::AF_PACKET, libc::SOCK_DGRAM, 0)?;
        let raw = fd.as_raw_fd();
        sys::attach_filter(raw, &filter(&[]))?;
        let on = Ptr::to(Bytes(1_i32.to_ne_bytes().to_vec()));
        sys::setsockopt(raw, libc::SOL_SOCKET, libc::SO_TIMESTAMPNS, &on, 4)?;
        let mut everything = (libc::AF_PACKET as u16).to_ne_bytes().to_vec();
        everything.extend(ETH_P_ALL.to_be_bytes());
        everything.resize(20, 0); // sizeof(struct sockaddr_ll); interface 0 is all
        sys::bind(raw, &sys::Name::of(&AddrIn::of(SockAddr(Bytes(everything)))))?;
        Ok(fd)
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<u64, Entry>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is known, and the filter with it.
    fn change(&self, change: impl FnOnce(&mut BTreeMap<u64, Entry>)) {
        let mut known = self.known();
        change(&mut known);
        known.retain(|_, entry| {
            !entry.sink.is_closed() && entry.closed.is_none_or(|at| at.elapsed() < AFTERWARDS)
        });
        let mut ports: Vec<u16> = known.values().map(|entry| entry.local.port()).collect();
        ports.sort_unstable();
        ports.dedup();
        // Without the new filter the new socket's packets are missing, never somebody else's.
        let _ = sys::attach_filter(self.fd.as_raw_fd(), &filter(&ports));
    }

    /// Reads packets as long as anybody may want them.
    async fn read(self: Arc<Tap>) -> Result<(), Errno> {
        let registration = sys::register(sys::dup(self.fd.as_raw_fd())?)?;
        let mut bytes = Vec::new();
        loop {
            let Ok(mut ready) = registration.ready(Interest::READABLE).await else {
                return Ok(());
            };
            let room = [OutBuf::of(PACKET_MAX)];
            let raw = self.fd.as_raw_fd();
            match sys::recvmsg(raw, &room, 1, true, 64, &mut bytes, 0) {
                Ok(got) => self.sort(&bytes, &got),
                Err(Errno::EAGAIN) => ready.clear_ready(),
                Err(Errno::ENETDOWN) => {}
                Err(errno) => return Err(errno),
            }
        }
    }

    fn sort(&self, bytes: &[u8], got: &sys::Received) {
        let Some(link) = got.addr.as_ref().and_then(Link::of) else { return };
        // On lo every packet passes twice: once out, once in.
        if link.loopback && !link.outgoing {
            return;
        }
        let at = time_stamp(&got.control).unwrap_or_else(SystemTime::now);
        let mut known = self.known();
        let mut fragments = self.fragments.lock().unwrap_or_else(PoisonError::into_inner);
        let fragment = fragment(bytes);
        let whose = match fragment {
            Some((id, true)) => {
                fragments.iter().rev().find(|(known, _)| *known == id).map(|(_, whose)| *whose)
            }
            _ => quoted(bytes)
                .and_then(|quoted| quotes_ours(&known, quoted))
                .or_else(|| owner(&mut known, &Segment::of(bytes)?, &link)),
        };
        let Some(whose) = whose else { return };
        if let Some((id, false)) = fragment {
            fragments.push_back((id, whose));
            if fragments.len() > FRAGMENTS_MAX {
                fragments.pop_front();
            }
        }
        let Some(entry) = known.get_mut(&whose.key) else { return };
        let since = at.duration_since(entry.began).unwrap_or_default();
        let packet = Packet {
            fd: entry.fd,
            at_ns: u64::try_from(since.as_nanos()).unwrap_or(u64::MAX),
            outgoing: whose.outgoing,
            cause: whose.cause,
            bytes: bytes.to_vec(),
        };
        if entry.sink.try_send(packet).is_err() {
            entry.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The socket at these ends: a connected one before a listener, a newer one before an older.
fn at_ends(
    known: &BTreeMap<u64, Entry>,
    protocol: u8,
    local: SocketAddr,
    remote: SocketAddr,
) -> Option<u64> {
    known
        .iter()
        .filter(|(_, entry)| entry.matches(protocol, local, remote))
        .max_by_key(|(key, entry)| (entry.remote.is_some(), **key))
        .map(|(key, _)| *key)
}

/// Whose a segment is; what it says about its stream is noted.
fn owner(known: &mut BTreeMap<u64, Entry>, segment: &Segment, link: &Link) -> Option<Whose> {
    // Who sent it comes first: on lo both ends may be ours.
    let directions: &[bool] = if link.loopback { &[true, false] } else { &[link.outgoing] };
    let (key, outgoing) = directions.iter().find_map(|outgoing| {
        let (local, remote) = segment.ends(*outgoing);
        Some((at_ends(known, segment.protocol, local, remote)?, *outgoing))
    })?;
    let (local, remote) = segment.ends(outgoing);
    let parent = known.values().find_map(|entry| {
        let is_parent = entry.remote.is_none() && entry.local.port() == local.port();
        is_parent.then(|| entry.story.children.get(&remote).copied())?
    });
    let entry = known.get_mut(&key)?;
    if outgoing && segment.flags & (SYN | ACK) == SYN | ACK && entry.remote.is_none() {
        if entry.story.children.len() >= QUEUE_MAX {
            entry.story.children.pop_first();
        }
        entry.story.children.insert(remote, segment.seq);
    }
    entry.story.iss = entry.story.iss.or(parent);
    let cause = if outgoing { entry.story.cause(segment) } else { None };
    Some(Whose { key, outgoing, cause })
}

/// The socket whose packet an ICMP error quotes: for it the error is incoming, wherever it was
/// made.
fn quotes_ours(known: &BTreeMap<u64, Entry>, quoted: &[u8]) -> Option<Whose> {
    let segment = Segment::of(quoted)?;
    let (local, remote) = segment.ends(true);
    let key = at_ends(known, segment.protocol, local, remote)?;
    Some(Whose { key, outgoing: false, cause: None })
}

/// The packet that an ICMP error quotes (RFC 792, RFC 4443 §3).
fn quoted(bytes: &[u8]) -> Option<&[u8]> {
    let icmp = match (bytes.first()? >> 4, *bytes.get(9)?, *bytes.get(6)?) {
        (4, ICMP, _) => bytes.get(usize::from(bytes[0] & 0xf) * 4..)?,
        (6, _, ICMPV6) => bytes.get(40..)?,
        _ => return None,
    };
    // Unreachable, time exceeded, parameter problem; packet too big is 2 in ICMPv6.
    let is_error = match bytes[0] >> 4 {
        4 => [3, 11, 12].contains(icmp.first()?),
        _ => (1..=4).contains(icmp.first()?),
    };
    if is_error { icmp.get(8..) } else { None }
}

/// Of a fragment of an IPv4 packet: which packet, and whether it is a later one.
fn fragment(bytes: &[u8]) -> Option<(FragmentId, bool)> {
    let ip: &[u8; 20] = bytes.first_chunk()?;
    let (word, id) = (u16::from_be_bytes([ip[6], ip[7]]), u16::from_be_bytes([ip[4], ip[5]]));
    let (more, offset) = (word & 0x2000 != 0, word & 0x1fff);
    if ip[0] >> 4 != 4 || (!more && offset == 0) {
        return None;
    }
    let ends: [u8; 8] = ip[12..20].try_into().ok()?;
    Some(((ends, id), offset != 0))
}

impl Entry {
    fn matches(&self, protocol: u8, local: SocketAddr, remote: SocketAddr) -> bool {
        self.protocol == protocol
            && self.local.port() == local.port()
            && (self.local.ip().is_unspecified() || self.local.ip() == local.ip())
            && self.remote.is_none_or(|known| {
                known.port() == remote.port()
                    && (known.ip() == remote.ip() || known.ip().is_unspecified())
            })
    }
}

impl Story {
    fn cause(&mut self, segment: &Segment) -> Option<u64> {
        if segment.protocol == UDP {
            return self.datagrams.pop_front();
        }
        if segment.flags & SYN != 0 {
            self.iss = Some(segment.seq);
            return if segment.flags & ACK == 0 { self.connect } else { None };
        }
        if segment.payload > 0 {
            // The first byte of the stream has the number after the SYN's.
            let first = segment.seq.wrapping_sub(self.iss?).wrapping_sub(1);
            let offset = unwrap(first, self.sent);
            return self.sends.iter().rev().find(|(start, _)| *start <= offset).map(|(_, id)| *id);
        }
        if segment.flags & (FIN | RST) != 0 { self.end } else { None }
    }
}

/// The 64-bit place in a stream near `around` whose low 32 bits are `low`.
fn unwrap(low: u32, around: u64) -> u64 {
    let near = (around & !0xffff_ffff) | u64::from(low);
    if near > around + (1 << 31) { near.saturating_sub(1 << 32) } else { near }
}

impl SessionTap {
    pub(crate) fn new(tap: Arc<Tap>) -> (SessionTap, mpsc::Receiver<Packet>) {
        let (sink, packets) = mpsc::channel(QUEUE_MAX);
        let lost = Arc::default();
        (SessionTap { tap, on: false.into(), sink, lost, began: SystemTime::now() }, packets)
    }

    pub(crate) fn set(&self, on: bool) {
        self.on.store(on, Ordering::Relaxed);
        if on && !self.tap.reading.swap(true, Ordering::Relaxed) {
            let tap = self.tap.clone();
            tokio::spawn(async move {
                if let Err(errno) = tap.read().await {
                    tracing::warn!(%errno, "capture ended");
                }
            });
        }
    }

    pub(crate) fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// From now on this socket's packets are wanted. `key` is its description's.
    pub(crate) fn watch(
        &self,
        key: u64,
        fd: Fd,
        stream: bool,
        local: SocketAddr,
        remote: Option<SocketAddr>,
    ) {
        let canonical = |addr: SocketAddr| SocketAddr::new(addr.ip().to_canonical(), addr.port());
        // A dual-stack socket bound to :: sends IPv4 from an address that is not known yet.
        let remote = remote.map(canonical);
        let any = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        let local = if local.ip().is_unspecified() {
            SocketAddr::new(any, local.port())
        } else {
            canonical(local)
        };
        self.tap.change(|known| {
            let story = known.remove(&key).map(|entry| entry.story).unwrap_or_default();
            let entry = Entry {
                protocol: if stream { TCP } else { UDP },
                local,
                remote,
                fd,
                sink: self.sink.clone(),
                lost: self.lost.clone(),
                began: self.began,
                closed: None,
                story,
            };
            known.insert(key, entry);
        });
    }

    pub(crate) fn is_watched(&self, key: u64) -> bool {
        self.tap.known().contains_key(&key)
    }

    /// Notes something about a watched socket.
    fn note(&self, key: u64, note: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.tap.known().get_mut(&key) {
            note(entry);
        }
    }

    pub(crate) fn connecting(&self, key: u64, id: u64) {
        self.note(key, |entry| entry.story.connect = Some(id));
    }

    /// Said before the kernel is asked: its packets may be seen before it answers.
    pub(crate) fn sending(&self, key: u64, id: u64) {
        self.note(key, |Entry { protocol, story, .. }| match *protocol {
            UDP => story.datagrams.push_back(id),
            _ => {
                story.sends.push_back((story.sent, id));
                // Retransmissions go back no further than the send buffer; this is plenty.
                if story.sends.len() > 4096 {
                    story.sends.pop_front();
                }
            }
        });
    }

    pub(crate) fn sent(&self, key: u64, result: &Result<i64, Errno>) {
        self.note(key, |Entry { protocol, story, .. }| match (*protocol, result) {
            (UDP, Err(_)) => drop(story.datagrams.pop_back()),
            (TCP, Ok(n)) => story.sent += *n as u64,
            _ => {}
        });
    }

    pub(crate) fn ending(&self, key: u64, id: u64) {
        self.note(key, |entry| entry.story.end = Some(id));
    }

    pub(crate) fn closed(&self, key: u64) {
        self.note(key, |entry| entry.closed = Some(Instant::now()));
    }
}

/// What `struct sockaddr_ll` says about a packet.
struct Link {
    outgoing: bool,
    loopback: bool,
}

impl Link {
    fn of(addr: &SockAddr) -> Option<Link> {
        let bytes = addr.bytes();
        let hardware = u16::from_ne_bytes([*bytes.get(8)?, *bytes.get(9)?]);
        Some(Link {
            outgoing: *bytes.get(10)? == PACKET_OUTGOING,
            loopback: hardware == ARPHRD_LOOPBACK,
        })
    }
}

/// What is read of a packet.
struct Segment {
    protocol: u8,
    source: SocketAddr,
    destination: SocketAddr,
    seq: u32,
    flags: u8,
    payload: usize,
}

impl Segment {
    fn of(bytes: &[u8]) -> Option<Segment> {
        let (protocol, source, destination, header, total) = match bytes.first()? >> 4 {
            4 => {
                let ip: &[u8; 20] = bytes.first_chunk()?;
                let offset = u16::from_be_bytes([ip[6], ip[7]]) & 0x1fff;
                if offset != 0 {
                    return None;
                }
                let at =
                    |i: usize| IpAddr::V4(Ipv4Addr::new(ip[i], ip[i + 1], ip[i + 2], ip[i + 3]));
                let total = usize::from(u16::from_be_bytes([ip[2], ip[3]]));
                (ip[9], at(12), at(16), usize::from(ip[0] & 0xf) * 4, total)
            }
            6 => {
                let ip: &[u8; 40] = bytes.first_chunk()?;
                let at = |i: usize| {
                    let bytes: [u8; 16] = ip[i..i + 16].try_into().unwrap_or_default();
                    IpAddr::V6(Ipv6Addr::from(bytes))
                };
                let total = usize::from(u16::from_be_bytes([ip[4], ip[5]])) + 40;
                (ip[6], at(8), at(24), 40, total)
            }
            _ => return None,
        };
        // Jumbo payloads of offloaded segments say 0.
        let total = if total <= header { bytes.len() } else { total.min(bytes.len()) };
        let rest = bytes.get(header..total)?;
        let port = |i: usize| Some(u16::from_be_bytes([*rest.get(i)?, *rest.get(i + 1)?]));
        let (mut seq, mut flags, mut payload) = (0, 0, rest.len().saturating_sub(8));
        if protocol == TCP {
            // What an error quotes may end after the first eight bytes.
            let tcp: Option<&[u8; 20]> = rest.first_chunk();
            payload = 0;
            if let Some(tcp) = tcp {
                seq = u32::from_be_bytes([tcp[4], tcp[5], tcp[6], tcp[7]]);
                flags = tcp[13];
                payload = rest.len().saturating_sub(usize::from(tcp[12] >> 4) * 4);
            }
        } else if protocol != UDP {
            return None;
        }
        let source = SocketAddr::new(source, port(0)?);
        let destination = SocketAddr::new(destination, port(2)?);
        Some(Segment { protocol, source, destination, seq, flags, payload })
    }

    /// Local and remote.
    fn ends(&self, outgoing: bool) -> (SocketAddr, SocketAddr) {
        match outgoing {
            true => (self.source, self.destination),
            false => (self.destination, self.source),
        }
    }
}

/// `SCM_TIMESTAMPNS` in control data.
fn time_stamp(control: &[u8]) -> Option<SystemTime> {
    let word = |at: usize| -> Option<u64> {
        Some(u64::from_ne_bytes(control.get(at..at + 8)?.try_into().ok()?))
    };
    let kind = control.get(8..16)?;
    let expected = [libc::SOL_SOCKET.to_ne_bytes(), libc::SCM_TIMESTAMPNS.to_ne_bytes()].concat();
    (kind == expected)
        .then(|| Some(UNIX_EPOCH + Duration::new(word(16)?, u32::try_from(word(24)?).ok()?)))?
}

/// Lets through TCP and UDP with one of these ports at either end, later fragments, and ICMP:
/// what those belong to is found out afterwards.
fn filter(ports: &[u16]) -> Vec<libc::sock_filter> {
    const LD_B: u16 = 0x30; // A = byte [k]
    const LD_H: u16 = 0x28; // A = half word [k]
    const LD_H_X: u16 = 0x48; // A = half word [X + k]
    const LDX_IHL: u16 = 0xb1; // X = 4 * ([k] & 0xf)
    const LD_M: u16 = 0x60; // A = M[k]
    const ST: u16 = 0x02; // M[k] = A
    const AND: u16 = 0x54;
    const JEQ: u16 = 0x15;
    const JSET: u16 = 0x45;
    const JA: u16 = 0x05;
    const RET: u16 = 0x06;
    let op = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    let drop_it = op(RET, 0, 0, 0);
    let keep_it = op(RET, 0, 0, u32::MAX);
    if ports.is_empty() {
        return vec![drop_it];
    }
    let mut program = vec![
        op(LD_B, 0, 0, 0),
        op(AND, 0, 0, 0xf0),
        op(JEQ, 13, 0, 0x60), // to IPv6
        op(JEQ, 1, 0, 0x40),
        drop_it,
        // IPv4
        op(LD_H, 0, 0, 6),
        op(JSET, 8, 0, 0x1fff), // a later fragment: is kept
        op(LD_B, 0, 0, 9),
        op(JEQ, 6, 0, ICMP.into()), // is kept
        op(LDX_IHL, 0, 0, 0),
        op(LD_H_X, 0, 0, 0),
        op(ST, 0, 0, 0),
        op(LD_H_X, 0, 0, 2),
        op(ST, 0, 0, 1),
        op(JA, 0, 0, 8), // to the ports
        keep_it,
        // IPv6
        op(LD_B, 0, 0, 6),
        op(JEQ, 0, 1, ICMPV6.into()),
        keep_it,
        op(LD_H, 0, 0, 40),
        op(ST, 0, 0, 0),
        op(LD_H, 0, 0, 42),
        op(ST, 0, 0, 1),
    ];
    if ports.len() > PORTS_MAX {
        program.push(keep_it);
        return program;
    }
    for memory in [0, 1] {
        program.push(op(LD_M, 0, 0, memory));
        for port in ports {
            program.push(op(JEQ, 0, 1, (*port).into()));
            program.push(keep_it);
        }
    }
    program.push(drop_it);
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A classic BPF machine, as far as the filter goes.
    fn passes(program: &[libc::sock_filter], packet: &[u8]) -> bool {
        let (mut a, mut x, mut m, mut pc) = (0_u32, 0_usize, [0_u32; 16], 0);
        let half = |i: usize| u32::from(packet[i]) << 8 | u32::from(packet[i + 1]);
        loop {
            let op = program[pc];
            let k = op.k as usize;
            pc += 1;
            let jump = |taken: bool| usize::from(if taken { op.jt } else { op.jf });
            match op.code {
                0x30 => a = packet[k].into(),
                0x28 => a = half(k),
                0x48 => a = half(x + k),
                0xb1 => x = 4 * usize::from(packet[k] & 0xf),
                0x60 => a = m[k],
                0x02 => m[k] = a,
                0x54 => a &= op.k,
                0x15 => pc += jump(a == op.k),
                0x45 => pc += jump(a & op.k != 0),
                0x05 => pc += k,
                0x06 => return k != 0,
                other => panic!("{other:#x}"),
            }
        }
    }

    fn packet(version: u8, from: u16, to: u16) -> Vec<u8> {
        let mut bytes = vec![0; if version == 4 { 24 } else { 40 }];
        bytes[0] = if version == 4 { 0x46 } else { 0x60 };
        bytes.extend(from.to_be_bytes());
        bytes.extend(to.to_be_bytes());
        bytes.extend([0; 20]);
        bytes
    }

    #[test]
    fn the_filter_lets_our_ports_through_and_nothing_else() {
        let program = filter(&[4000, 50000]);
        for version in [4, 6] {
            assert!(passes(&program, &packet(version, 4000, 80)));
            assert!(passes(&program, &packet(version, 80, 50000)));
            assert!(!passes(&program, &packet(version, 80, 22)));
            assert!(!passes(&filter(&[]), &packet(version, 4000, 80)));
        }
        assert!(!passes(&program, &[0x80; 60]));
        let mut fragment = packet(4, 80, 22);
        assert!(!passes(&program, &fragment));
        fragment[7] = 1;
        assert!(passes(&program, &fragment), "whose it is, its first fragment says");
        let mut error = packet(4, 0, 0);
        error[9] = ICMP;
        assert!(passes(&program, &error));
        error = packet(6, 0, 0);
        error[6] = ICMPV6;
        assert!(passes(&program, &error));
    }

    #[test]
    fn a_stream_longer_than_the_sequence_space_is_unwrapped() {
        assert_eq!(unwrap(5, 3), 5);
        assert_eq!(unwrap(5, (1 << 32) + 3), (1 << 32) + 5);
        assert_eq!(unwrap(0xffff_fff0, (1 << 32) + 3), 0xffff_fff0);
    }
}
