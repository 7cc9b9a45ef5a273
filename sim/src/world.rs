//! The world: hosts, links, what will happen, and the one place where time moves.
//!
//! [`World::step`] takes the next event, lets one host react, puts the frames it sent on their links
//! and schedules what follows. Hosts are shared between clones until they change, so a checkpoint
//! costs as much as what happens after it.

use crate::event::{Event, EventQueue};
use crate::kernel::sched::{Installed, Start};
use crate::kernel::{Env, Host};
use crate::net::{self, IfaceId, Interface, Mac, Stack, StackConfig, Transmit};
use crate::rng::Rng;
use crate::scenario::{LinkParams, MAX_TIME_NS, Scenario};
use crate::timeline::Action;
use crate::trace::{Drop, Fate, Record, SignalBy, Sink, What};
use crate::{HostId, PacketId};
use abi::{Pid, Syscall, consts};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

/// From one socket to another on the same host, nanoseconds. Linux delivers within the sending
/// call, so a whole handshake must fit between a call and the next.
const LOOPBACK_NS: u64 = 100;
/// Bytes of an Ethernet header; a link's MTU does not count it.
const ETHERNET: usize = 14;
/// Preamble, checksum and gap, which take time on a slow link but are in no capture: bytes.
const ETHERNET_EXTRA: u64 = 24;

/// Everything, at one moment.
#[derive(Clone, PartialEq, Debug)]
pub struct World {
    /// Simulated time, nanoseconds.
    pub now_ns: u64,
    /// Events so far.
    pub step: u64,
    /// Interventions at this step that were done already.
    pub acts_done: u32,
    /// Hosts by [`HostId`].
    pub hosts: Vec<Arc<Host>>,
    /// Networks.
    pub links: Vec<Link>,
    /// What will happen.
    pub queue: EventQueue,
    /// Chance.
    pub rng: Rng,
    /// Frames that somebody holds back: where they were going.
    pub held: BTreeMap<PacketId, (usize, HostId, IfaceId, net::Frame)>,
    programs: Arc<Vec<Prepared>>,
    /// Stacks as they were at the beginning, for hosts that are turned off and on.
    blank: Arc<Vec<Stack>>,
    next_packet: u64,
    next_record: u64,
    next_call: u64,
}

/// A network.
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// Who is on it.
    pub ends: Vec<End>,
    /// What it does to frames.
    pub params: LinkParams,
    /// Whether it is plugged.
    pub up: bool,
    /// So many of the next frames are lost on purpose.
    pub drop_next: u32,
}

impl Link {
    /// Whom a frame from one end is carried to. A switch knows who is where: a frame for one goes
    /// to one, for a group or for nobody that it knows to all. A hub repeats everything.
    fn reaches(&self, from: usize, to: [u8; 6]) -> Vec<End> {
        let known = self.ends.iter().any(|end| end.mac.0 == to);
        let everybody = self.params.hub || to[0] & 1 == 1 || !known;
        let ends = self.ends.iter().enumerate();
        let others = ends.filter(|(i, other)| *i != from && (everybody || other.mac.0 == to));
        others.map(|(_, other)| other.clone()).collect()
    }
}

/// A host's interface on a link.
#[derive(Clone, PartialEq, Debug)]
pub struct End {
    /// Whose.
    pub host: HostId,
    /// Which of its interfaces.
    pub iface: IfaceId,
    /// Its address.
    pub mac: Mac,
    /// Until when a slow link is busy with this end's frames, nanoseconds.
    pub busy_ns: u64,
}

/// A program ready to be started.
#[derive(Clone, PartialEq, Debug)]
struct Prepared {
    host: HostId,
    name: String,
    file: String,
    args: Vec<String>,
    env: Vec<(String, String)>,
    stdin: String,
    stdin_ends: bool,
    start_ns: Option<u64>,
    uid: u32,
    program: Option<Arc<cc::Program>>,
    script: Vec<Syscall>,
}

/// What a shell hands on, after what the scenario says.
fn environment(program: &Prepared) -> Vec<(String, String)> {
    let home = crate::kernel::fs::home(program.uid);
    let user = if program.uid == 0 { "root" } else { "user" };
    let usual = [
        ("HOME", home),
        ("LANG", "C.UTF-8"),
        ("LOGNAME", user),
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("PWD", home),
        ("SHELL", "/bin/bash"),
        ("TERM", "xterm-256color"),
        ("USER", user),
    ];
    let mut all = program.env.clone();
    for (name, value) in usual {
        if !all.iter().any(|(known, _)| known == name) {
            all.push((name.to_owned(), value.to_owned()));
        }
    }
    all
}

impl World {
    /// The scenario before its first event; programs that do not compile are not started.
    pub fn new(scenario: &Scenario) -> World {
        let programs = scenario.compile().into_iter().map(|c| c.program).collect();
        World::with_programs(scenario, programs)
    }

    /// The same with programs that were compiled before.
    pub fn with_programs(scenario: &Scenario, programs: Vec<Option<Arc<cc::Program>>>) -> World {
        let prepared: Vec<Prepared> = scenario
            .programs
            .iter()
            .enumerate()
            .map(|(i, spec)| Prepared {
                host: HostId(spec.host as u32),
                name: spec.name().to_owned(),
                file: spec.file.clone(),
                args: spec.args.clone(),
                env: spec.env.clone(),
                stdin: spec.stdin.clone(),
                stdin_ends: spec.stdin_ends,
                start_ns: spec.start_ns,
                uid: spec.uid,
                program: programs.get(i).cloned().flatten(),
                script: Vec::new(),
            })
            .collect();
        let mut world = World {
            now_ns: 0,
            step: 0,
            acts_done: 0,
            hosts: Vec::new(),
            links: Vec::new(),
            queue: EventQueue::default(),
            rng: Rng::new(scenario.seed),
            held: BTreeMap::new(),
            programs: Arc::new(prepared),
            blank: Arc::default(),
            next_packet: 0,
            next_record: 0,
            next_call: 0,
        };
        world.build_hosts(scenario);
        world.build_links(scenario);
        world.install_programs();
        world.blank = Arc::new(world.hosts.iter().map(|host| host.stack.clone()).collect());
        for (index, program) in Arc::clone(&world.programs).iter().enumerate() {
            if let (Some(at), Some(_)) = (program.start_ns, &program.program) {
                world.queue.push(at, Event::Start { host: program.host, program: index });
            }
        }
        for (at, action) in &scenario.actions {
            world.queue.push(*at, Event::Act { action: action.clone() });
        }
        world
    }

    fn build_hosts(&mut self, scenario: &Scenario) {
        let mut names = Vec::new();
        for host in &scenario.hosts {
            names.extend(host.addresses.iter().map(|(ip, _)| (host.name.clone(), *ip)));
        }
        let names: Arc<Vec<(String, IpAddr)>> = Arc::new(names);
        let server = scenario.hosts.iter().find(|host| host.dns);
        let server = server.and_then(|host| host.addresses.first()).map(|(ip, _)| *ip);
        for (i, spec) in scenario.hosts.iter().enumerate() {
            let config = StackConfig {
                seed: self.rng.next_u64(),
                forwarding: spec.router,
                filter: spec.filter.clone(),
                nat: spec.nat.clone(),
                names: Arc::clone(&names),
                serves_names: spec.dns,
                ..StackConfig::default()
            };
            let mut host = Host::new(HostId(i as u32), &spec.name, spec.os, Stack::new(config));
            host.clock = spec.clock;
            host.names = Arc::clone(&names);
            host.name_server = server;
            host.furnish();
            self.hosts.push(Arc::new(host));
        }
    }

    fn build_links(&mut self, scenario: &Scenario) {
        let mut interfaces = vec![0_usize; scenario.hosts.len()];
        for spec in &scenario.links {
            let mut ends = Vec::new();
            for name in &spec.hosts {
                let Some(index) = scenario.hosts.iter().position(|host| host.name == *name) else {
                    continue;
                };
                let number = interfaces[index];
                interfaces[index] += 1;
                let [high, low] = (index as u16 + 1).to_be_bytes();
                let mac = Mac([2, 0, 0, number as u8, high, low]);
                let host = &scenario.hosts[index];
                // Each address is on the interface of its place; the last one keeps the rest.
                let last = scenario.links.iter().filter(|l| l.hosts.contains(name)).count();
                let addrs = if last == number + 1 {
                    host.addresses.get(number..).unwrap_or_default().to_vec()
                } else {
                    host.addresses.get(number).copied().into_iter().collect()
                };
                let interface = Interface {
                    name: format!("eth{number}"),
                    mac,
                    mtu: spec.params.mtu,
                    addrs,
                    up: true,
                };
                let stack = &mut Arc::make_mut(&mut self.hosts[index]).stack;
                let iface = stack.add_interface(interface);
                ends.push(End { host: HostId(index as u32), iface, mac, busy_ns: 0 });
            }
            let params = spec.params;
            self.links.push(Link { ends, params, up: true, drop_next: 0 });
        }
        self.route_groups();
        self.route_through_routers(scenario);
    }

    /// Groups are reached through the first interface that speaks their family, as on a machine with
    /// a default route.
    fn route_groups(&mut self) {
        for host in &mut self.hosts {
            let stack = &mut Arc::make_mut(host).stack;
            for dst in [
                (IpAddr::from([224, 0, 0, 0]), 4),
                (IpAddr::from([0xff00, 0, 0, 0, 0, 0, 0, 0]), 8),
            ] {
                let same = |(ip, _): &(IpAddr, u8)| ip.is_ipv4() == dst.0.is_ipv4();
                let speaks = |iface: &Interface| iface.name != "lo" && iface.addrs.iter().any(same);
                if let Some(at) = stack.interfaces().iter().position(speaks) {
                    let iface = IfaceId(at as u32 + 1);
                    stack.add_route(net::Route { dst, via: None, iface, refuse: None });
                }
            }
        }
    }

    /// A host without a router of its own uses the first router on its link.
    fn route_through_routers(&mut self, scenario: &Scenario) {
        for link in self.links.clone() {
            let router = link.ends.iter().find(|end| scenario.hosts[end.host.0 as usize].router);
            let Some(router) = router else { continue };
            let number = router.iface.0.saturating_sub(2) as usize;
            let spec = &scenario.hosts[router.host.0 as usize];
            let via = spec.addresses.get(number).map(|(ip, _)| *ip);
            for end in link.ends.iter().filter(|end| end.host != router.host) {
                if scenario.hosts[end.host.0 as usize].router {
                    continue;
                }
                let host = Arc::make_mut(&mut self.hosts[end.host.0 as usize]);
                let any = (IpAddr::from([0, 0, 0, 0]), 0);
                let route = net::Route { dst: any, via, iface: end.iface, refuse: None };
                host.stack.add_route(route);
            }
        }
    }

    fn install_programs(&mut self) {
        for host in &mut self.hosts {
            let installed = self
                .programs
                .iter()
                .enumerate()
                .filter(|(_, program)| program.host == host.id)
                .map(|(index, program)| Installed {
                    index,
                    name: program.name.clone(),
                    program: program.program.clone(),
                })
                .collect();
            Arc::make_mut(host).programs = Arc::new(installed);
        }
    }

    /// A host, for tests and tools that drive it directly.
    pub fn host(&self, id: HostId) -> &Host {
        &self.hosts[id.0 as usize]
    }

    /// When the next event happens, nanoseconds.
    pub fn next_at(&self) -> Option<u64> {
        self.queue.next_at()
    }

    /// The next event, if one happens until `until_ns`. False if none does.
    pub fn step(&mut self, until_ns: u64, sink: &mut Sink) -> bool {
        loop {
            match self.queue.next_at() {
                Some(at) if at <= until_ns => {}
                _ => return false,
            }
            let Some((at, event)) = self.queue.pop() else { return false };
            self.now_ns = at;
            if self.is_stale(&event) {
                continue;
            }
            self.happen(event, sink);
            self.step += 1;
            self.acts_done = 0;
            return true;
        }
    }

    /// A timer whose host has put it off is no event; it is set anew.
    fn is_stale(&mut self, event: &Event) -> bool {
        let Event::Timer { host } = event else { return false };
        let index = host.0 as usize;
        if self.hosts[index].timer_at != Some(self.now_ns) {
            return true;
        }
        let due = self.hosts[index].poll_at();
        if due.is_some_and(|due| due <= self.now_ns) {
            return false;
        }
        Arc::make_mut(&mut self.hosts[index]).timer_at = due;
        if let Some(due) = due {
            self.queue.push(due, Event::Timer { host: *host });
        }
        true
    }

    fn happen(&mut self, event: Event, sink: &mut Sink) {
        match event {
            Event::Start { host: _, program } => {
                self.start_program(program, sink);
            }
            Event::Cpu { host } => self.on_host(host, None, None, sink, |host, env| host.run(env)),
            Event::Timer { host } => {
                Arc::make_mut(&mut self.hosts[host.0 as usize]).timer_at = None;
                self.on_host(host, None, None, sink, |host, env| host.timers(env));
            }
            Event::Arrival { packet, host, iface, frame, cause } => {
                let what = What::PacketArrived { packet };
                let arrived = self.note(host, what, Some(cause), sink);
                if !self.hosts[host.0 as usize].up {
                    let what = What::PacketDropped { packet, why: Drop::HostDown };
                    self.note(host, what, Some(arrived), sink);
                    return;
                }
                let more = self.more_arrives(host);
                self.on_host(host, Some(packet), Some(arrived), sink, |host, env| {
                    host.stack.count(iface, frame.len(), true);
                    host.stack.frame_arrives(iface, &frame, env.now_ns, &mut env.out);
                    env.burst_goes_on = more;
                });
            }
            Event::Act { action } => self.do_action(&action, sink),
        }
    }

    /// Whether another frame reaches the host at this very moment. What came in a burst is looked at
    /// whole before anybody who waits for it runs: waking takes longer than the burst.
    fn more_arrives(&self, to: HostId) -> bool {
        matches!(self.queue.peek(), Some((at, Event::Arrival { host, .. }))
            if at == self.now_ns && *host == to)
    }

    /// Lets a host react, then carries out what follows outside of it.
    fn on_host<T>(
        &mut self,
        id: HostId,
        packet: Option<PacketId>,
        cause: Option<u64>,
        sink: &mut Sink,
        react: impl FnOnce(&mut Host, &mut Env) -> T,
    ) -> T {
        let host = Arc::make_mut(&mut self.hosts[id.0 as usize]);
        let mut env = Env {
            now_ns: self.now_ns,
            step: self.step,
            sink,
            rng: &mut self.rng,
            next_record: &mut self.next_record,
            next_call: &mut self.next_call,
            out: net::Out::default(),
            sent: Vec::new(),
            packet,
            cause,
            burst_goes_on: false,
            wake_cpu_at: None,
        };
        let result = react(host, &mut env);
        host.settle(&mut env);
        env.flush();
        let (sent, wake) = (std::mem::take(&mut env.sent), env.wake_cpu_at);
        let due = host.poll_at();
        let set = due.filter(|due| host.timer_at.is_none_or(|at| *due < at));
        if let Some(due) = set {
            host.timer_at = Some(due);
        }
        for (transmit, cause) in sent {
            self.transmit(id, transmit, cause, sink);
        }
        if let Some(at) = wake {
            self.queue.push(at, Event::Cpu { host: id });
        }
        if let Some(due) = set {
            self.queue.push(due.max(self.now_ns), Event::Timer { host: id });
        }
        result
    }

    fn note(&mut self, host: HostId, what: What, cause: Option<u64>, sink: &mut Sink) -> u64 {
        let id = self.next_record;
        self.next_record += 1;
        let (step, t_ns) = (self.step, self.now_ns);
        let none = Pid(0);
        let measured = false;
        sink.push(Record { id, step, t_ns, host, pid: none, tid: none, what, cause, measured });
        id
    }

    fn start_program(&mut self, index: usize, sink: &mut Sink) -> Option<Pid> {
        let programs = Arc::clone(&self.programs);
        let prepared = programs.get(index)?;
        if !self.hosts[prepared.host.0 as usize].up {
            return None;
        }
        let mut args = vec![format!("./{}", prepared.name)];
        args.extend(prepared.args.iter().cloned());
        let start = Start {
            index,
            name: prepared.name.clone(),
            args,
            env: environment(prepared),
            stdin: prepared.stdin.clone().into_bytes(),
            stdin_ends: prepared.stdin_ends,
            uid: prepared.uid,
            program: prepared.program.clone().ok_or_else(|| prepared.script.clone()),
        };
        Some(self.on_host(prepared.host, None, None, sink, |host, env| host.start(env, start)))
    }

    // ---- links

    fn transmit(&mut self, from: HostId, sent: Transmit, cause: Option<u64>, sink: &mut Sink) {
        let host = Arc::make_mut(&mut self.hosts[from.0 as usize]);
        host.stack.count(sent.iface, sent.frame.len(), false);
        if sent.iface == IfaceId::LO {
            let arrives = self.now_ns + LOOPBACK_NS;
            let packet = self.new_packet();
            let id = self.sent_record(
                from,
                &sent,
                packet,
                Passage { link: None, to: from, arrives: Some(arrives), fate: Fate::Pass },
                cause,
                sink,
            );
            let event = Event::Arrival {
                packet,
                host: from,
                iface: IfaceId::LO,
                frame: sent.frame,
                cause: id,
            };
            self.queue.push(arrives, event);
            return;
        }
        let found = self.links.iter().enumerate().find_map(|(i, link)| {
            let end = link.ends.iter().position(|e| e.host == from && e.iface == sent.iface)?;
            Some((i, end))
        });
        let Some((link, end)) = found else { return };
        let to_mac: [u8; 6] = sent.frame.first_chunk().copied().unwrap_or_default();
        let targets = self.links[link].reaches(end, to_mac);
        let departs = self.serialise(link, end, sent.frame.len());
        for target in targets {
            self.carry(from, link, &target, &sent, departs, cause, sink);
        }
    }

    /// When the frame's last bit has left a slow link's end; `None` if the queue is full.
    fn serialise(&mut self, link: usize, end: usize, len: usize) -> Option<u64> {
        let link = &mut self.links[link];
        if link.params.rate_bps == 0 {
            return Some(self.now_ns);
        }
        let bits = (len as u64 + ETHERNET_EXTRA) * 8;
        let takes = bits.saturating_mul(1_000_000_000) / link.params.rate_bps;
        let busy = &mut link.ends[end].busy_ns;
        let waits = busy.saturating_sub(self.now_ns);
        if takes > 0 && waits / takes.max(1) > u64::from(link.params.queue) {
            return None;
        }
        *busy = (*busy).max(self.now_ns) + takes;
        Some(*busy)
    }

    #[allow(clippy::too_many_arguments)] // a frame's whole way
    fn carry(
        &mut self,
        from: HostId,
        link: usize,
        target: &End,
        sent: &Transmit,
        departs: Option<u64>,
        cause: Option<u64>,
        sink: &mut Sink,
    ) {
        let params = self.links[link].params;
        let mut sent = sent.clone();
        let fate = self.fate(link, &mut sent, departs);
        let arrives = match fate {
            Fate::Pass | Fate::Delayed | Fate::Corrupted => {
                let jitter = match params.jitter_ns {
                    0 => 0,
                    most => self.rng.next_u64() % (most + 1),
                };
                departs.map(|departs| departs + params.delay_ns + jitter)
            }
            _ => None,
        };
        let packet = self.new_packet();
        let to = target.host;
        let passage = Passage { link: Some(link), to, arrives, fate };
        let id = self.sent_record(from, &sent, packet, passage, cause, sink);
        let Some(arrives) = arrives else { return };
        let event = |packet, frame, cause| Event::Arrival {
            packet,
            host: target.host,
            iface: target.iface,
            frame,
            cause,
        };
        self.queue.push(arrives, event(packet, sent.frame.clone(), id));
        if self.rng.chance(params.duplicate) {
            let copy = self.new_packet();
            let passage =
                Passage { link: Some(link), to, arrives: Some(arrives), fate: Fate::Duplicate };
            let id = self.sent_record(from, &sent, copy, passage, Some(id), sink);
            self.queue.push(arrives, event(copy, sent.frame, id));
        }
    }

    fn fate(&mut self, link: usize, sent: &mut Transmit, departs: Option<u64>) -> Fate {
        let params = self.links[link].params;
        // The generator is asked in any case, so that one setting does not shift another's chance.
        let lost = self.rng.chance(params.loss);
        let corrupted = self.rng.chance(params.corrupt);
        if !self.links[link].up {
            return Fate::Unplugged;
        }
        if self.links[link].drop_next > 0 {
            self.links[link].drop_next -= 1;
            return Fate::Dropped;
        }
        if departs.is_none() {
            return Fate::QueueFull;
        }
        if sent.frame.len() > params.mtu as usize + ETHERNET {
            return Fate::TooBig;
        }
        if lost {
            return Fate::Lost;
        }
        if corrupted {
            let bits = (sent.frame.len() * 8) as u32;
            let bit = self.rng.below(bits);
            sent.frame = flipped(&sent.frame, bit);
            return Fate::Corrupted;
        }
        Fate::Pass
    }

    fn new_packet(&mut self) -> PacketId {
        self.next_packet += 1;
        PacketId(self.next_packet)
    }

    fn sent_record(
        &mut self,
        from: HostId,
        sent: &Transmit,
        packet: PacketId,
        passage: Passage,
        cause: Option<u64>,
        sink: &mut Sink,
    ) -> u64 {
        let what = What::PacketSent {
            packet,
            frame: sent.frame.clone(),
            link: passage.link,
            from,
            to: passage.to,
            departs_ns: self.now_ns,
            arrives_ns: passage.arrives,
            fate: passage.fate,
            socket: sent.socket,
            reason: sent.cause,
        };
        self.note(from, what, cause, sink)
    }

    // ---- interventions

    /// Does something between two events.
    pub fn act(&mut self, action: &Action, sink: &mut Sink) {
        self.acts_done += 1;
        self.do_action(action, sink);
    }

    fn do_action(&mut self, action: &Action, sink: &mut Sink) {
        let host = action.host().unwrap_or_default();
        if host.0 as usize >= self.hosts.len() {
            return;
        }
        let acted = self.note(host, What::Acted { action: action.clone() }, None, sink);
        let cause = Some(acted);
        match action {
            Action::Drop { packet } => {
                self.take_packet(*packet);
                self.held.remove(packet);
            }
            Action::Delay { packet, by_ns } => {
                if let Some((at, event)) = self.take_packet(*packet) {
                    self.queue.push(at.saturating_add((*by_ns).min(MAX_TIME_NS)), event);
                }
            }
            Action::Duplicate { packet } => self.duplicate(*packet, acted, sink),
            Action::Corrupt { packet, bit } => {
                if let Some((at, mut event)) = self.take_packet(*packet) {
                    if let Event::Arrival { frame, .. } = &mut event {
                        *frame = flipped(frame, *bit);
                    }
                    self.queue.push(at, event);
                }
            }
            Action::Hold { packet } => {
                if let Some((_, Event::Arrival { host, iface, frame, .. })) =
                    self.take_packet(*packet)
                {
                    self.held.insert(*packet, (0, host, iface, frame));
                }
            }
            Action::Release { packet } => {
                if let Some((_, host, iface, frame)) = self.held.remove(packet) {
                    let event =
                        Event::Arrival { packet: *packet, host, iface, frame, cause: acted };
                    self.queue.push(self.now_ns, event);
                }
            }
            Action::Plug { link, up } => self.plug(*link, *up),
            Action::Link { link, delay_ns, jitter_ns, loss, duplicate, corrupt, rate_bps } => {
                if let Some(link) = self.links.get_mut(*link) {
                    let params = &mut link.params;
                    // A link of the page may hold any numbers; a scenario's were checked.
                    let time = |ns: &u64| *ns <= MAX_TIME_NS;
                    let chance = |chance: &f64| (0.0..=1.0).contains(chance);
                    params.delay_ns = delay_ns.filter(time).unwrap_or(params.delay_ns);
                    params.jitter_ns = jitter_ns.filter(time).unwrap_or(params.jitter_ns);
                    params.loss = loss.filter(chance).unwrap_or(params.loss);
                    params.duplicate = duplicate.filter(chance).unwrap_or(params.duplicate);
                    params.corrupt = corrupt.filter(chance).unwrap_or(params.corrupt);
                    params.rate_bps = rate_bps.unwrap_or(params.rate_bps);
                }
            }
            Action::DropNext { link, count } => {
                if let Some(link) = self.links.get_mut(*link) {
                    link.drop_next = *count;
                }
            }
            // Signals are counted from 1 to 64.
            Action::Signal { signal, .. } if !(1..=64).contains(signal) => {}
            Action::Signal { host, pid, signal } => {
                self.signal(*host, *pid, *signal, cause, sink);
            }
            Action::Pause { host, pid } => {
                self.signal(*host, *pid, consts::SIGSTOP, cause, sink);
            }
            Action::Continue { host, pid } => {
                self.signal(*host, *pid, consts::SIGCONT, cause, sink);
            }
            Action::Restart { program } => {
                self.start_program(*program, sink);
            }
            Action::Crash { host } => self.crash(*host),
            Action::Boot { host } => {
                Arc::make_mut(&mut self.hosts[host.0 as usize]).up = true;
            }
            Action::Type { host, pid, text } => {
                let (pid, bytes) = (*pid, text.clone().into_bytes());
                self.on_host(*host, None, cause, sink, |host, env| host.type_into(env, pid, bytes));
            }
            Action::EndInput { host, pid } => {
                let pid = *pid;
                self.on_host(*host, None, cause, sink, |host, _| host.end_input(pid));
            }
            Action::RunNext { host, tid } => {
                Arc::make_mut(&mut self.hosts[host.0 as usize]).run_next(*tid);
            }
        }
    }

    fn take_packet(&mut self, packet: PacketId) -> Option<(u64, Event)> {
        let wanted =
            |event: &Event| matches!(event, Event::Arrival { packet: p, .. } if *p == packet);
        self.queue.take_where(wanted).into_iter().next()
    }

    /// A second copy of a frame in flight, told of like any frame that is sent.
    fn duplicate(&mut self, packet: PacketId, cause: u64, sink: &mut Sink) {
        let Some((at, event)) = self.take_packet(packet) else { return };
        self.queue.push(at, event.clone());
        let Event::Arrival { host, iface, frame, .. } = event else { return };
        let number = self.new_packet();
        let here = |end: &End| end.host == host && end.iface == iface;
        let link = self.links.iter().position(|link| link.ends.iter().any(here));
        let mac = frame.get(6..12);
        let ends = link.and_then(|link| self.links.get(link)).into_iter().flat_map(|l| &l.ends);
        let from = ends.clone().find(|end| Some(&end.mac.0[..]) == mac).map_or(host, |e| e.host);
        let sent = What::PacketSent {
            packet: number,
            frame: frame.clone(),
            link,
            from,
            to: host,
            departs_ns: self.now_ns,
            arrives_ns: Some(at),
            fate: Fate::Duplicate,
            socket: None,
            reason: net::Cause::Forwarded,
        };
        let cause = self.note(from, sent, Some(cause), sink);
        self.queue.push(at, Event::Arrival { packet: number, host, iface, frame, cause });
    }

    /// The cable comes out between the hosts, not out of them: their interfaces stay as they are,
    /// so that what they go on sending is seen, and seen lost.
    fn plug(&mut self, link: usize, up: bool) {
        if let Some(link) = self.links.get_mut(link) {
            link.up = up;
        }
    }

    fn signal(&mut self, host: HostId, pid: Pid, signal: i32, cause: Option<u64>, sink: &mut Sink) {
        self.on_host(host, None, cause, sink, |host, env| {
            host.send_signal(env, pid, signal, SignalBy::Person);
        });
    }

    /// Processes, sockets and timers are gone without a word.
    fn crash(&mut self, id: HostId) {
        let old = Arc::make_mut(&mut self.hosts[id.0 as usize]);
        let mut host = Host::new(id, &old.name, old.os, self.blank[id.0 as usize].clone());
        host.clock = old.clock;
        host.names = Arc::clone(&old.names);
        host.programs = Arc::clone(&old.programs);
        host.name_server = old.name_server;
        host.furnish();
        host.up = false;
        host.keep_numbers(old);
        *old = host;
        let gone = |event: &Event| match event {
            Event::Cpu { host } | Event::Timer { host } => *host == id,
            _ => false,
        };
        self.queue.take_where(gone);
    }

    // ---- looking closer, and driving by hand

    /// Runs some statements of the burst that comes next (see `Timeline::seek_statement`).
    pub fn step_statements(&mut self, statements: u32) {
        while let Some((at, event)) = self.queue.peek().map(|(at, event)| (at, event.clone())) {
            self.now_ns = at;
            match event {
                Event::Cpu { host } => {
                    let mut sink = Sink::off();
                    self.on_host(host, None, None, &mut sink, |host, env| {
                        host.run_statements(env, statements);
                    });
                    return;
                }
                Event::Timer { .. } => {
                    self.queue.pop();
                    if !self.is_stale(&event) {
                        return;
                    }
                }
                Event::Start { .. } | Event::Arrival { .. } | Event::Act { .. } => return,
            }
        }
    }

    /// Starts a process that makes the calls it is given, for tests: see [`World::give`].
    pub fn start_script(
        &mut self,
        host: HostId,
        name: &str,
        calls: Vec<Syscall>,
        uid: u32,
        sink: &mut Sink,
    ) -> Pid {
        let start = Start {
            index: usize::MAX,
            name: name.to_owned(),
            args: vec![name.to_owned()],
            env: Vec::new(),
            stdin: Vec::new(),
            stdin_ends: false,
            uid,
            program: Err(calls),
        };
        self.on_host(host, None, None, sink, |host, env| host.start(env, start))
    }

    /// Gives a script's thread one more call to make.
    pub fn give(&mut self, host: HostId, tid: Pid, call: Syscall, sink: &mut Sink) {
        self.on_host(host, None, None, sink, |host, env| host.give(env, tid, call));
    }
}

/// A frame's way over a link.
struct Passage {
    link: Option<usize>,
    to: HostId,
    arrives: Option<u64>,
    fate: Fate,
}

/// The frame with one bit turned.
fn flipped(frame: &net::Frame, bit: u32) -> net::Frame {
    let mut bytes = frame.to_vec();
    if !bytes.is_empty() {
        let at = (bit / 8) as usize % bytes.len();
        bytes[at] ^= 1 << (bit % 8);
    }
    net::Frame::new(bytes)
}
