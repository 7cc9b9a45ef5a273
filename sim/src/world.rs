//! The world: hosts, links, what will happen, and the one place where time moves.
//!
//! [`World::step`] takes the next event, lets one host react, puts the frames it sent on their links
//! and schedules what follows. Hosts are shared between clones until they change, so a checkpoint
//! costs as much as what happens after it.

mod acts;
mod links;

use crate::event::{Event, EventQueue};
use crate::kernel::sched::{Installed, Start};
use crate::kernel::{Env, Host};
use crate::net::{self, IfaceId, Interface, Mac, Stack, StackConfig};
use crate::rng::Rng;
use crate::scenario::{LinkParams, Scenario};
use crate::trace::{Drop, Record, Sink, What};
use crate::{HostId, PacketId};
use abi::{Pid, Syscall};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

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
