//! What a person does to the world between two events, or a scenario at a moment.

use super::links::flipped;
use super::{End, World};
use crate::event::Event;
use crate::kernel::Host;
use crate::net;
use crate::scenario::MAX_TIME_NS;
use crate::timeline::Action;
use crate::trace::{Fate, SignalBy, Sink, What};
use crate::{HostId, PacketId};
use abi::{Pid, consts};
use std::sync::Arc;

impl World {
    /// Does something between two events.
    pub fn act(&mut self, action: &Action, sink: &mut Sink) {
        self.acts_done += 1;
        self.do_action(action, sink);
    }

    pub(super) fn do_action(&mut self, action: &Action, sink: &mut Sink) {
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
            Action::Delay { packet, by_ns } => self.delay(*packet, *by_ns),
            Action::Duplicate { packet } => self.duplicate(*packet, acted, sink),
            Action::Corrupt { packet, bit } => self.corrupt(*packet, *bit),
            Action::Hold { packet } => self.hold(*packet),
            Action::Release { packet } => self.release(*packet, acted),
            Action::Plug { link, up } => self.plug(*link, *up),
            Action::Link { link, .. } => {
                if let Some(link) = self.links.get_mut(*link) {
                    link.change(action);
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

    fn delay(&mut self, packet: PacketId, by_ns: u64) {
        if let Some((at, event)) = self.take_packet(packet) {
            self.queue.push(at.saturating_add(by_ns.min(MAX_TIME_NS)), event);
        }
    }

    fn corrupt(&mut self, packet: PacketId, bit: u32) {
        let Some((at, mut event)) = self.take_packet(packet) else { return };
        if let Event::Arrival { frame, .. } = &mut event {
            *frame = flipped(frame, bit);
        }
        self.queue.push(at, event);
    }

    fn hold(&mut self, packet: PacketId) {
        if let Some((_, Event::Arrival { host, iface, frame, .. })) = self.take_packet(packet) {
            self.held.insert(packet, (0, host, iface, frame));
        }
    }

    fn release(&mut self, packet: PacketId, cause: u64) {
        if let Some((_, host, iface, frame)) = self.held.remove(&packet) {
            let event = Event::Arrival { packet, host, iface, frame, cause };
            self.queue.push(self.now_ns, event);
        }
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
}
