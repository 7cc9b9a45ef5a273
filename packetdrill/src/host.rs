//! The simulated host: a process with two threads, a wire that ends in two queues, and time.

use abi::syscall::SigAction;
use abi::{Errno, Fd, Out, Pid, Ptr, Reply, Syscall, consts};
use sim::event::Event;
use sim::kernel::{Clock, Os};
use sim::net::{Frame, IfaceId, Route};
use sim::scenario::{HostSpec, LinkParams, LinkSpec, Scenario};
use sim::tcp::Setting;
use sim::trace::{Sink, What};
use sim::wire::Mac;
use sim::world::World;
use sim::{HostId, PacketId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;
use std::time::Duration;

/// The interface that the script's packets go through.
const ETH0: IfaceId = IfaceId(2);
const HERE: HostId = HostId(0);
/// What `gettimeofday` says when the host's time is 0, microseconds.
const EPOCH_US: u64 = 1_700_000_000_000_000;
/// A look at the clock, nanoseconds.
const LOOK_NS: u64 = 1000;
/// How long the first thread lets a second one take its answer, real time.
const HAND_OVER: Duration = Duration::from_millis(20);
const OWN_MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];
const WIRE_MAC: [u8; 6] = [2, 0, 0, 0, 0, 2];

/// Two hosts: the wire's end is the second one, behind an unplugged cable, so that what is sent is
/// seen and goes nowhere.
fn scenario() -> Scenario {
    let host = |name: &str, last: u8| HostSpec {
        name: name.to_owned(),
        os: Os::Linux,
        addresses: vec![(IpAddr::from([10, 0, 0, last]), 24)],
        clock: Clock::default(),
        router: false,
        filter: Vec::new(),
        nat: Vec::new(),
        dns: false,
    };
    let link = LinkSpec {
        hosts: vec!["here".to_owned(), "wire".to_owned()],
        params: LinkParams::default(),
    };
    Scenario {
        seed: 1,
        until_ns: u64::MAX,
        hosts: vec![host("here", 1), host("wire", 2)],
        links: vec![link],
        programs: Vec::new(),
        files: BTreeMap::new(),
        actions: Vec::new(),
    }
}

/// A host, shared by the tool's threads.
pub(crate) struct Host {
    inner: Mutex<Inner>,
    changed: Condvar,
}

struct Inner {
    world: World,
    sink: Sink,
    /// The simulated threads that make the first thread's calls and everybody else's.
    threads: [Pid; 2],
    /// The thread that made the host: the one that moves time.
    first: ThreadId,
    /// IP packets that left, and when, nanoseconds.
    sent: VecDeque<(u64, Vec<u8>)>,
    replies: BTreeMap<Pid, (Reply, u64)>,
    asleep: BTreeSet<Pid>,
    /// The moments at which calls of other threads were answered, until those look at the clock.
    answered: Vec<(ThreadId, u64)>,
    /// Whether the script's own addresses are known, IPv4 and IPv6.
    learnt: [bool; 2],
}

impl Host {
    /// A host with these settings; those that are not understood are handed back.
    pub(crate) fn new(flags: &str) -> (Host, Vec<String>) {
        let (mut world, mut sink) = (World::new(&scenario()), Sink::on());
        world.links[0].up = false;
        let main = world.start_script(HERE, "script", Vec::new(), 0, &mut sink);
        let mut inner = Inner {
            world,
            sink,
            threads: [main, main],
            first: std::thread::current().id(),
            sent: VecDeque::new(),
            replies: BTreeMap::new(),
            asleep: BTreeSet::new(),
            answered: Vec::new(),
            learnt: [false; 2],
        };
        inner.connect_wire();
        // packetdrill ignores SIGPIPE; the second thread makes the calls that block.
        let ignore = SigAction { handler: 1, flags: 0, mask: 0 };
        let (signal, old) = (consts::SIGPIPE, abi::OutPtr::null());
        inner.finish(Syscall::RtSigaction { signal, new: Ptr::to(ignore), old });
        let second = inner.finish(Syscall::ThreadCreate { entry: 0, arg: 0 });
        inner.threads[1] = Pid(second.ret.unwrap_or_default() as i32);
        // Not the first second of a machine's life: jiffies and timestamps are under way.
        inner.advance(1_000_000_000);
        let host = Host { inner: Mutex::new(inner), changed: Condvar::new() };
        let settings = flags.split(',').filter(|setting| !setting.trim().is_empty());
        let unknown = settings.filter(|setting| {
            let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
            !matches!(host.set(name.trim(), value), Setting::Done | Setting::Fixed)
        });
        let unknown = unknown.map(str::to_owned).collect();
        (host, unknown)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere leaves plain data, which is as good as it was.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `local`, `mtu`, or a setting of `sysctl(8)`.
    pub(crate) fn set(&self, name: &str, value: &str) -> Setting {
        let mut inner = self.lock();
        match name {
            "local" => match value.parse() {
                Ok(ip) => inner.learn(ip),
                Err(_) => return Setting::BadValue,
            },
            "mtu" => match value.parse() {
                Ok(mtu) => inner.stack().set_mtu(ETH0, mtu),
                Err(_) => return Setting::BadValue,
            },
            _ => return inner.stack().config_mut().tcp.set(name, value),
        }
        Setting::Done
    }

    /// Makes a call for the calling thread and waits, in the host's time, for its answer.
    pub(crate) fn call(&self, call: Syscall) -> Reply {
        let me = std::thread::current().id();
        let mut inner = self.lock();
        if let Syscall::Bind { addr, .. } = &call
            && let Some(ip) = addr.addr.value.as_ref().and_then(abi::SockAddr::ip)
        {
            inner.learn(ip);
        }
        if me == inner.first {
            return inner.finish(call);
        }
        let thread = inner.threads[1];
        if inner.asleep.contains(&thread) {
            // The simulated thread is taken: packetdrill never makes two such calls at once.
            return Reply::err(Errno::EAGAIN);
        }
        inner.begin(thread, call);
        loop {
            if let Some((reply, at)) = inner.replies.remove(&thread) {
                inner.answered.retain(|(other, _)| *other != me);
                inner.answered.push((me, at));
                self.changed.notify_all();
                return reply;
            }
            inner = self.changed.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// An IP packet arrives.
    pub(crate) fn packet(&self, packet: &[u8]) {
        let mut inner = self.lock();
        inner.arrive(packet);
        self.hand_over(inner);
    }

    /// The next packet that leaves, and when it did, microseconds; time moves as far as needed.
    pub(crate) fn next_packet(&self) -> Option<(u64, Vec<u8>)> {
        let mut inner = self.lock();
        while inner.sent.is_empty() && inner.step(u64::MAX) {}
        let packet = inner.sent.pop_front();
        self.hand_over(inner);
        packet.map(|(at, bytes)| (EPOCH_US + at / 1000, bytes))
    }

    /// Time passes.
    pub(crate) fn sleep(&self, us: u64) {
        let mut inner = self.lock();
        let until = inner.world.now_ns + us * 1000;
        inner.advance(until);
        self.hand_over(inner);
    }

    /// The time of day, microseconds. A thread whose call was answered hears when that was.
    pub(crate) fn now_us(&self) -> u64 {
        let me = std::thread::current().id();
        let mut inner = self.lock();
        if let Some(at) = inner.answered.iter().position(|(thread, _)| *thread == me) {
            return EPOCH_US + inner.answered.remove(at).1 / 1000;
        }
        if me == inner.first {
            let until = inner.world.now_ns + LOOK_NS;
            inner.advance(until);
        }
        let now = inner.world.now_ns;
        self.hand_over(inner);
        EPOCH_US + now / 1000
    }

    /// Lets another thread have the answer that has come for it, before the script goes on.
    fn hand_over(&self, inner: MutexGuard<'_, Inner>) {
        if inner.replies.contains_key(&inner.threads[1]) {
            self.changed.notify_all();
            let waits = |inner: &mut Inner| inner.replies.contains_key(&inner.threads[1]);
            // Whether it took it or not, the answer stays there.
            let _ = self.changed.wait_timeout_while(inner, HAND_OVER, waits);
        }
    }
}

impl Inner {
    fn stack(&mut self) -> &mut sim::net::Stack {
        &mut Arc::make_mut(&mut self.world.hosts[HERE.0 as usize]).stack
    }

    /// Everything that is not the host's own is behind one gateway whose address is known.
    fn connect_wire(&mut self) {
        let gateways =
            [IpAddr::from([10, 255, 255, 254]), IpAddr::from([0xfd, 0xff, 0, 0, 0, 0, 0, 1])];
        let stack = self.stack();
        for (any, via) in [IpAddr::from([0; 4]), IpAddr::from([0_u16; 8])].into_iter().zip(gateways)
        {
            stack.remove_addresses(ETH0, any.is_ipv6());
            stack.add_route(Route { dst: (any, 0), via: Some(via), iface: ETH0, refuse: None });
            stack.add_neighbour(ETH0, via, Mac(WIRE_MAC));
        }
        stack.add_address(ETH0, (IpAddr::from([192, 168, 0, 1]), 32));
        stack.add_address(ETH0, (IpAddr::from([0xfd3d, 0x0a0b, 0x17d6, 0, 0, 0, 0, 1]), 128));
    }

    /// An address that the script takes for the host's.
    fn learn(&mut self, ip: IpAddr) {
        let ip = match ip {
            IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(ip, IpAddr::V4),
            IpAddr::V4(_) => ip,
        };
        let family = usize::from(ip.is_ipv6());
        if ip.is_unspecified() || ip.is_multicast() || ip.is_loopback() {
            return;
        }
        let first = !std::mem::replace(&mut self.learnt[family], true);
        let stack = self.stack();
        if stack.has_address(ip) {
            return;
        }
        if first {
            stack.remove_addresses(ETH0, ip.is_ipv6());
        }
        stack.add_address(ETH0, (ip, if ip.is_ipv6() { 128 } else { 32 }));
    }

    fn begin(&mut self, thread: Pid, call: Syscall) {
        self.world.give(HERE, thread, call, &mut self.sink);
        self.collect();
        while !self.replies.contains_key(&thread) && !self.asleep.contains(&thread) {
            if !self.step(u64::MAX) {
                return;
            }
        }
    }

    /// A call of the first thread, to its end: nobody else moves time.
    fn finish(&mut self, call: Syscall) -> Reply {
        let thread = self.threads[0];
        self.begin(thread, call);
        loop {
            if let Some((reply, _)) = self.replies.remove(&thread) {
                return reply;
            }
            if !self.step(u64::MAX) {
                // Nothing will ever happen: a call that blocks for good.
                return Reply::err(Errno::EDEADLK);
            }
        }
    }

    fn advance(&mut self, until_ns: u64) {
        while self.step(until_ns) {}
        self.world.now_ns = self.world.now_ns.max(until_ns);
    }

    fn step(&mut self, until_ns: u64) -> bool {
        let more = self.world.step(until_ns, &mut self.sink);
        self.collect();
        more
    }

    /// Sorts what happened into packets and answers.
    fn collect(&mut self) {
        for record in self.sink.take() {
            match record.what {
                What::PacketSent { frame, link: Some(_), from: HERE, .. } => {
                    let ethertype = frame.get(12..14);
                    if matches!(ethertype, Some([8, 0] | [0x86, 0xdd])) {
                        self.sent.push_back((record.t_ns, frame[14..].to_vec()));
                    }
                }
                What::CallBlocked { .. } => {
                    self.asleep.insert(record.tid);
                }
                What::CallEnd { reply, .. } => {
                    self.asleep.remove(&record.tid);
                    self.replies.insert(record.tid, ((*reply).clone(), record.t_ns));
                }
                _ => {}
            }
        }
    }

    fn arrive(&mut self, packet: &[u8]) {
        let (ethertype, to) = match packet.first().map(|byte| byte >> 4) {
            Some(4) => {
                let to = packet.get(16..20).and_then(|to| <[u8; 4]>::try_from(to).ok());
                ([8, 0], to.map(IpAddr::from))
            }
            Some(6) => {
                let to = packet.get(24..40).and_then(|to| <[u8; 16]>::try_from(to).ok());
                ([0x86, 0xdd], to.map(IpAddr::from))
            }
            _ => return,
        };
        let Some(to) = to else { return };
        if !self.learnt[usize::from(to.is_ipv6())] {
            self.learn(to);
        }
        let mut frame = Vec::with_capacity(14 + packet.len());
        frame.extend(OWN_MAC);
        frame.extend(WIRE_MAC);
        frame.extend(ethertype);
        frame.extend(packet);
        let mac = self.stack().interfaces().iter().find(|iface| iface.name == "eth0");
        if let Some(mac) = mac.map(|iface| iface.mac) {
            frame[..6].copy_from_slice(&mac.0);
        }
        let event = Event::Arrival {
            packet: PacketId(u64::MAX),
            host: HERE,
            iface: ETH0,
            frame: Frame::new(frame),
            cause: 0,
        };
        let now = self.world.now_ns;
        self.world.queue.push(now, event);
        self.advance(now);
    }
}

/// The two descriptors of an answer.
pub(crate) fn pair(reply: &Reply) -> Option<[Fd; 2]> {
    match reply.out {
        Out::Fds { fds } => Some(fds),
        _ => None,
    }
}
