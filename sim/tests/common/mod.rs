//! Two hosts on one link, driven by hand, and their packets as text.
//!
//! A [`Lab`] has hosts `a` (10.0.0.1) and `b` (10.0.0.2). Calls happen "now"; [`Lab::run_for`]
//! lets time pass. The packet log reads like tcpdump's, with sequence numbers relative to each
//! side's ISN and times in milliseconds.

#![allow(dead_code)] // each test file uses its part

use abi::Errno;
use soquete_sim::net::{
    Answer, Cause, Frame, How, IfaceId, Interface, Note, Out, Proto, Received, RecvRequest, Route,
    SendRequest, SocketId, SocketKind, Stack, StackConfig, Stop,
};
use soquete_sim::tcp::{Flags, Segment, Seq, State};
use soquete_sim::wire::{self, Mac, Shared, ethernet, ip};
use std::collections::{BTreeMap, BinaryHeap};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

pub const MS: u64 = 1_000_000;
pub const SECOND: u64 = 1000 * MS;
pub const A: usize = 0;
pub const B: usize = 1;

pub const A_IP: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
pub const B_IP: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);

#[derive(Clone, PartialEq, Eq)]
struct Arrival {
    at_ns: u64,
    sequence: u64,
    host: usize,
    iface: IfaceId,
    frame: Frame,
}

impl Ord for Arrival {
    fn cmp(&self, other: &Arrival) -> std::cmp::Ordering {
        (other.at_ns, other.sequence).cmp(&(self.at_ns, self.sequence))
    }
}

impl PartialOrd for Arrival {
    fn partial_cmp(&self, other: &Arrival) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// What the wire does with a frame: `None` drops it, else it arrives after that many nanoseconds.
pub type Wire = Box<dyn FnMut(&Packet) -> Option<u64>>;

/// A frame on the wire, read.
#[derive(Clone, Debug)]
pub struct Packet {
    pub at_ns: u64,
    pub from: usize,
    pub cause: Cause,
    pub frame: Frame,
    pub ip: Option<ip::Repr>,
    pub tcp: Option<(wire::tcp::Ports, Segment)>,
}

pub struct Lab {
    pub now_ns: u64,
    pub hosts: Vec<Stack>,
    pub wire: Wire,
    pub log: Vec<Packet>,
    pub notes: Vec<(u64, usize, Note)>,
    pub woken: Vec<(usize, SocketId)>,
    arrivals: BinaryHeap<Arrival>,
    sequence: u64,
    /// Frames that arrive for nobody: what a scripted peer would see.
    pub dropped: usize,
}

pub fn tcp4() -> SocketKind {
    SocketKind { v6: false, proto: Proto::Tcp }
}

pub fn udp4() -> SocketKind {
    SocketKind { v6: false, proto: Proto::Udp }
}

impl Lab {
    /// Two hosts, `delay_ns` apart.
    pub fn new(delay_ns: u64) -> Lab {
        Lab::with(delay_ns, |_| {})
    }

    /// The same, with other settings.
    pub fn with(delay_ns: u64, settings: impl Fn(&mut StackConfig)) -> Lab {
        let mut hosts = Vec::new();
        for (index, ip) in [A_IP, B_IP].into_iter().enumerate() {
            let mut config = StackConfig { seed: 7 + index as u64, ..StackConfig::default() };
            settings(&mut config);
            let mut stack = Stack::new(config);
            let v6 = Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, index as u16 + 1);
            stack.add_interface(Interface {
                name: "eth0".to_owned(),
                mac: Mac([2, 0, 0, 0, 0, index as u8 + 1]),
                mtu: 1500,
                addrs: vec![(ip.into(), 24), (v6.into(), 64)],
                up: true,
            });
            hosts.push(stack);
        }
        Lab {
            now_ns: 1000 * SECOND,
            hosts,
            wire: Box::new(move |_| Some(delay_ns)),
            log: Vec::new(),
            notes: Vec::new(),
            woken: Vec::new(),
            arrivals: BinaryHeap::new(),
            sequence: 0,
            dropped: 0,
        }
    }

    pub fn host(&mut self, host: usize) -> &mut Stack {
        &mut self.hosts[host]
    }

    pub fn add_route(&mut self, host: usize, route: Route) {
        self.hosts[host].add_route(route);
    }

    /// A call on a host, with its effects carried out.
    pub fn call<T>(&mut self, host: usize, call: impl FnOnce(&mut Stack, u64, &mut Out) -> T) -> T {
        let mut out = Out::default();
        let result = call(&mut self.hosts[host], self.now_ns, &mut out);
        self.carry_out(host, out);
        // Loopback is as fast as the call itself.
        self.run_until(self.now_ns);
        result
    }

    fn carry_out(&mut self, host: usize, out: Out) {
        self.notes.extend(out.notes.into_iter().map(|note| (self.now_ns, host, note)));
        self.woken.extend(out.wakeups.iter().map(|wakeup| (host, wakeup.id)));
        for transmit in out.frames {
            let packet = read(self.now_ns, host, transmit.cause, transmit.frame.clone());
            let (delay_ns, to) = if transmit.iface == IfaceId::LO {
                (Some(0), host)
            } else {
                ((self.wire)(&packet), 1 - host)
            };
            self.log.push(packet);
            if let Some(delay_ns) = delay_ns {
                let at_ns = self.now_ns + delay_ns;
                self.push_arrival(at_ns, to, transmit.iface, transmit.frame);
            }
        }
    }

    fn push_arrival(&mut self, at_ns: u64, host: usize, iface: IfaceId, frame: Frame) {
        self.sequence += 1;
        let sequence = self.sequence;
        self.arrivals.push(Arrival { at_ns, sequence, host, iface, frame });
    }

    /// Lets a frame arrive at a host now.
    pub fn inject(&mut self, host: usize, frame: Frame) {
        self.push_arrival(self.now_ns, host, IfaceId(2), frame);
        self.run_until(self.now_ns);
    }

    fn next_ns(&self) -> Option<u64> {
        let timers = self.hosts.iter().filter_map(Stack::poll_at).min();
        let arrival = self.arrivals.peek().map(|arrival| arrival.at_ns);
        [timers, arrival].into_iter().flatten().min()
    }

    /// Runs everything up to a time.
    pub fn run_until(&mut self, until_ns: u64) {
        while let Some(at_ns) = self.next_ns().filter(|at_ns| *at_ns <= until_ns) {
            self.now_ns = self.now_ns.max(at_ns);
            while let Some(arrival) = self.arrivals.peek()
                && arrival.at_ns <= self.now_ns
            {
                let Some(arrival) = self.arrivals.pop() else { break };
                let mut out = Out::default();
                let stack = &mut self.hosts[arrival.host];
                stack.frame_arrives(arrival.iface, &arrival.frame, self.now_ns, &mut out);
                self.carry_out(arrival.host, out);
            }
            for host in 0..self.hosts.len() {
                if self.hosts[host].poll_at().is_some_and(|at| at <= self.now_ns) {
                    let mut out = Out::default();
                    self.hosts[host].timers(self.now_ns, &mut out);
                    self.carry_out(host, out);
                }
            }
        }
        self.now_ns = self.now_ns.max(until_ns);
    }

    pub fn run_for(&mut self, ns: u64) {
        self.run_until(self.now_ns + ns);
    }

    // ---- calls, as a blocking or non-blocking program makes them

    pub fn socket(&mut self, host: usize, kind: SocketKind) -> SocketId {
        self.hosts[host].socket(kind)
    }

    pub fn bind(&mut self, host: usize, id: SocketId, addr: &str) -> Result<(), Errno> {
        self.hosts[host].bind(id, addr.parse().expect("an address"))
    }

    pub fn listener(&mut self, host: usize, port: u16, backlog: i32) -> SocketId {
        let id = self.socket(host, tcp4());
        self.setsockopt(host, id, abi::consts::SOL_SOCKET, abi::consts::SO_REUSEADDR, 1)
            .expect("SO_REUSEADDR");
        self.bind(host, id, &format!("0.0.0.0:{port}")).expect("bind");
        self.call(host, |stack, now, out| stack.listen(id, backlog, now, out)).expect("listen");
        id
    }

    /// A listener with options set before `bind`.
    pub fn listener_with(
        &mut self,
        host: usize,
        port: u16,
        backlog: i32,
        set: impl FnOnce(&mut Lab, SocketId),
    ) -> SocketId {
        let id = self.socket(host, tcp4());
        set(self, id);
        self.bind(host, id, &format!("0.0.0.0:{port}")).expect("bind");
        self.call(host, |stack, now, out| stack.listen(id, backlog, now, out)).expect("listen");
        id
    }

    /// A non-blocking connect: what it answers at once.
    pub fn connect(&mut self, host: usize, id: SocketId, to: &str) -> Result<(), Errno> {
        let to = to.parse().expect("an address");
        errno(self.call(host, |stack, now, out| stack.connect(id, to, now, out)))
    }

    pub fn accept(&mut self, host: usize, id: SocketId) -> Result<SocketId, Errno> {
        let accepted = self.call(host, |stack, now, out| stack.accept(id, now, out));
        errno(accepted).map(|accepted| accepted.id)
    }

    /// An established pair: client on `a`, server on `b`, and the listener.
    pub fn connected(&mut self, port: u16) -> (SocketId, SocketId, SocketId) {
        let listener = self.listener(B, port, 5);
        let client = self.socket(A, tcp4());
        assert_eq!(self.connect(A, client, &format!("10.0.0.2:{port}")), Err(Errno::EINPROGRESS));
        self.run_for(SECOND);
        let server = self.accept(B, listener).expect("a connection");
        (client, server, listener)
    }

    pub fn send(&mut self, host: usize, id: SocketId, data: &[u8]) -> Result<usize, Errno> {
        self.send_flags(host, id, data, 0)
    }

    pub fn send_flags(
        &mut self,
        host: usize,
        id: SocketId,
        data: &[u8],
        flags: i32,
    ) -> Result<usize, Errno> {
        let mut request = SendRequest { data: data.to_vec(), flags, ..SendRequest::default() };
        let answer = self.call(host, |stack, now, out| stack.send(id, &mut request, now, out));
        match errno(answer) {
            Err(_) if request.sent > 0 => Ok(request.sent),
            other => other,
        }
    }

    pub fn send_to(
        &mut self,
        host: usize,
        id: SocketId,
        data: &[u8],
        to: &str,
    ) -> Result<usize, Errno> {
        let to = Some(to.parse().expect("an address"));
        let mut request = SendRequest { data: data.to_vec(), to, ..SendRequest::default() };
        errno(self.call(host, |stack, now, out| stack.send(id, &mut request, now, out)))
    }

    pub fn recv_request(
        &mut self,
        host: usize,
        id: SocketId,
        len: usize,
        flags: i32,
    ) -> Result<Received, Errno> {
        let mut request = RecvRequest { len, flags, ..RecvRequest::default() };
        let answer = self.call(host, |stack, now, out| stack.recv(id, &mut request, now, out));
        match errno(answer) {
            Err(_) if !request.got.is_empty() => {
                Ok(Received { ret: request.got.len(), bytes: request.got, ..Received::default() })
            }
            other => other,
        }
    }

    pub fn recv(&mut self, host: usize, id: SocketId, len: usize) -> Result<Vec<u8>, Errno> {
        self.recv_request(host, id, len, 0).map(|received| received.bytes)
    }

    pub fn shutdown(&mut self, host: usize, id: SocketId, how: How) -> Result<(), Errno> {
        self.call(host, |stack, now, out| stack.shutdown(id, how, now, out))
    }

    pub fn close(&mut self, host: usize, id: SocketId) {
        let _ = self.call(host, |stack, now, out| stack.close(id, now, out));
    }

    pub fn setsockopt(
        &mut self,
        host: usize,
        id: SocketId,
        level: i32,
        name: i32,
        value: i32,
    ) -> Result<(), Errno> {
        let value = value.to_le_bytes();
        self.call(host, |stack, now, out| stack.setsockopt(id, level, name, &value, now, out))
    }

    pub fn getsockopt(
        &mut self,
        host: usize,
        id: SocketId,
        level: i32,
        name: i32,
    ) -> Result<i32, Errno> {
        let now_ns = self.now_ns;
        let mut value = self.hosts[host].getsockopt(id, level, name, now_ns)?;
        value.resize(4, 0);
        Ok(i32::from_le_bytes([value[0], value[1], value[2], value[3]]))
    }

    pub fn so_error(&mut self, host: usize, id: SocketId) -> i32 {
        self.getsockopt(host, id, abi::consts::SOL_SOCKET, abi::consts::SO_ERROR).expect("SO_ERROR")
    }

    pub fn state(&self, host: usize, id: SocketId) -> State {
        self.hosts[host].state(id).unwrap_or(State::Closed)
    }

    pub fn poll(&self, host: usize, id: SocketId) -> String {
        use abi::consts::*;
        let mask = i32::from(self.hosts[host].readiness(id));
        let names = [
            (POLLIN, "IN"),
            (POLLPRI, "PRI"),
            (POLLOUT, "OUT"),
            (POLLERR, "ERR"),
            (POLLHUP, "HUP"),
            (POLLRDHUP, "RDHUP"),
        ];
        let set: Vec<_> = names.iter().filter(|(bit, _)| mask & bit != 0).map(|n| n.1).collect();
        if set.is_empty() { "0".to_owned() } else { set.join("|") }
    }

    // ---- the log

    /// Forgets what was logged so far.
    pub fn clear(&mut self) {
        self.log.clear();
        self.notes.clear();
        self.woken.clear();
    }

    /// TCP segments since the last [`Lab::clear`], one a line: `a> P. 1:4(3) ack 1`.
    pub fn trace(&self) -> String {
        trace(&self.log, false, false)
    }

    /// The same with milliseconds since the first packet.
    pub fn timed_trace(&self) -> String {
        trace(&self.log, true, false)
    }

    /// With milliseconds and windows.
    pub fn windowed_trace(&self) -> String {
        trace(&self.log, true, true)
    }

    /// Flags and lengths only: `S S. . P.:5`.
    pub fn flags(&self) -> String {
        let texts: Vec<String> = self
            .log
            .iter()
            .filter_map(|packet| packet.tcp.as_ref())
            .map(|(_, segment)| match segment.payload.len() {
                0 => segment.flags.to_string(),
                len => format!("{}:{len}", segment.flags),
            })
            .collect();
        texts.join(" ")
    }

    /// The last TCP segment sent by a host.
    pub fn last_from(&self, host: usize) -> Segment {
        let found =
            self.log.iter().rev().find(|packet| packet.from == host && packet.tcp.is_some());
        found.and_then(|packet| packet.tcp.clone()).expect("a segment").1
    }

    /// Every TCP segment of the log, with its sender.
    pub fn segments(&self) -> Vec<(usize, Segment)> {
        self.log.iter().filter_map(|packet| Some((packet.from, packet.tcp.clone()?.1))).collect()
    }
}

pub fn errno<T>(answer: Answer<T>) -> Result<T, Errno> {
    answer.map_err(|stop| match stop {
        Stop::Errno(errno) | Stop::Wait { errno, .. } => errno,
    })
}

fn read(at_ns: u64, from: usize, cause: Cause, frame: Frame) -> Packet {
    let packet = frame.shared().slice_from(ethernet::HEADER_LEN);
    let parsed = ip::Repr::parse(&packet).ok();
    let tcp = parsed.as_ref().and_then(|(header, payload)| {
        let data = packet.slice(payload.start, payload.end);
        (header.protocol == 6 && !header.is_fragment())
            .then(|| wire::tcp::parse(&data, header.src, header.dst).ok())
            .flatten()
    });
    Packet { at_ns, from, cause, ip: parsed.map(|(header, _)| header), tcp, frame }
}

fn trace(log: &[Packet], timed: bool, windows: bool) -> String {
    let mut bases: BTreeMap<(usize, u16, u16), Seq> = BTreeMap::new();
    let mut text = String::new();
    let start_ns = log.iter().find(|packet| packet.tcp.is_some()).map_or(0, |packet| packet.at_ns);
    for packet in log {
        let Some((ports, segment)) = &packet.tcp else { continue };
        let own = (packet.from, ports.src, ports.dst);
        let peer = (1 - packet.from, ports.dst, ports.src);
        let zero = if segment.flags.syn() { segment.seq } else { segment.seq - 1 };
        let base = *bases.entry(own).or_insert(zero);
        let name = ["a", "b"][packet.from];
        if timed {
            text += &format!("{:>6} ", (packet.at_ns - start_ns) / MS);
        }
        text += &format!("{name}> {}", segment.flags);
        let from = base.until(segment.seq) as i32;
        let len = segment.payload.len() as i32;
        text += &format!(" {from}:{}({len})", from + len);
        if segment.flags.ack() {
            let base = *bases.entry(peer).or_insert(segment.ack - 1);
            text += &format!(" ack {}", base.until(segment.ack) as i32);
        }
        if segment.urg != 0 {
            text += &format!(" urg {}", segment.urg);
        }
        if windows {
            text += &format!(" win {}", segment.wnd);
        }
        text.push('\n');
    }
    text
}

/// A scripted peer at 10.0.0.2: builds segments by hand.
pub struct Script {
    pub peer: SocketAddr,
    pub host: SocketAddr,
}

impl Script {
    pub fn frame(&self, segment: &Segment) -> Frame {
        let mut bytes = Vec::new();
        let link = ethernet::Repr {
            dst: Mac([2, 0, 0, 0, 0, 1]),
            src: Mac([2, 0, 0, 0, 0, 2]),
            ethertype: ethernet::IPV4,
        };
        link.emit(&mut bytes);
        let (src, dst): (IpAddr, IpAddr) = (self.peer.ip(), self.host.ip());
        let mut tcp = Vec::new();
        let ports = wire::tcp::Ports { src: self.peer.port(), dst: self.host.port() };
        wire::tcp::emit(segment, ports, src, dst, &mut tcp);
        ip::Repr::new(src, dst, 6, 64).emit(tcp.len(), &mut bytes);
        bytes.extend(tcp);
        Frame::new(bytes)
    }
}

pub fn segment(flags: Flags, seq: Seq, ack: Seq, data: &[u8]) -> Segment {
    Segment {
        seq,
        ack,
        flags,
        wnd: 65_535,
        payload: Shared::from(data.to_vec()),
        ..Segment::default()
    }
}
