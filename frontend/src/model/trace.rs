//! From the simulator's trace to the tables of [`super::course`].

use crate::i18n::Msg;
use crate::model::course::*;
use crate::model::dissect::{self, Base, Flags, Start, Summary};
use abi::{Lang, Pid, Syscall};
use sim::net::Cause;
use sim::tcp::State;
use sim::timeline::Action;
use sim::trace::{Drop, Fate, Record, SignalEffect, What};
use sim::{CallId, HostId, PacketId};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The lines of each program's text, by the program's name, for telling libc's own calls from
/// those that the text names; empty where libc's are wanted too.
pub(crate) type Texts = BTreeMap<String, Vec<String>>;

/// Makes the tables of a trace.
pub(crate) fn course<'a>(records: impl Iterator<Item = &'a Record>, texts: Texts) -> Course {
    let mut maker = Maker { texts, ..Maker::default() };
    maker.course.moments.push(Moment { position: 0, t_ns: 0, record: None, also: Vec::new() });
    for (index, record) in records.enumerate() {
        maker.record(index, record);
    }
    maker.course
}

#[derive(Default)]
struct Maker {
    course: Course,
    packets: BTreeMap<PacketId, usize>,
    calls: BTreeMap<CallId, usize>,
    processes: BTreeMap<(HostId, Pid), usize>,
    /// The rank of the record that names the current moment.
    rank: u32,
    texts: Texts,
    /// Calls of libc's own: they are left out.
    hidden: BTreeSet<CallId>,
    /// The packet of which the next one is a copy made by hand.
    doubled: Option<usize>,
    /// Initial sequence numbers by (address, port, address, port).
    isn: BTreeMap<(String, u16, String, u16), u32>,
    /// Window scales that SYNs offered, by the same.
    scales: BTreeMap<(String, u16, String, u16), Option<u8>>,
}

/// How much a record deserves to name its moment; 0 does not make a moment.
fn rank(what: &What) -> u32 {
    match what {
        What::Burst { .. } => 0,
        What::Fault { .. } | What::Race { .. } | What::Acted { .. } | What::Unsupported { .. } => 9,
        What::ProcessStart { .. } | What::ProcessExit { .. } | What::Exec { .. } => 8,
        What::Signal { .. } | What::SignalSent { .. } => 7,
        What::CallEnd { .. } | What::CallBlocked { .. } | What::ThreadStart { .. } => 6,
        What::CallStart { .. } | What::ThreadEnd | What::Reaped { .. } => 5,
        What::PacketDropped { .. } => 5,
        What::PacketArrived { .. } => 4,
        What::Output { .. } | What::Input { .. } => 4,
        What::SocketState { .. } => 3,
        // Points of graphs are no moments; the rest stands behind what it causes.
        What::Tcp { event: sim::tcp::Event::Sample(_), .. } => 0,
        What::Tcp { .. } => 1,
        What::PacketSent { .. } => 2,
    }
}

impl Maker {
    /// The moment that the record belongs to.
    fn moment(&mut self, index: usize, record: &Record) -> usize {
        let rank = rank(&record.what);
        let last = self.course.moments.len() - 1;
        let position = record.step + 1;
        if self.course.moments[last].position == position && last > 0 {
            if rank > self.rank {
                let moment = &mut self.course.moments[last];
                moment.also.extend(moment.record.replace(index));
                self.rank = rank;
            } else if rank > 0 {
                self.course.moments[last].also.push(index);
            }
            return last;
        }
        if rank == 0 {
            // Computation: it shows at the next visible moment.
            return last + 1;
        }
        self.rank = rank;
        let moment = Moment { position, t_ns: record.t_ns, record: Some(index), also: Vec::new() };
        self.course.moments.push(moment);
        last + 1
    }

    fn process(&mut self, record: &Record) -> Option<&mut Process> {
        let index = *self.processes.get(&(record.host, record.pid))?;
        self.course.processes.get_mut(index)
    }

    /// Whether the record is of a call that libc makes for itself: `fstat` before the first output,
    /// signal masks around `abort`, …
    fn is_own(&mut self, record: &Record) -> bool {
        match &record.what {
            What::CallStart { call, syscall, line } => {
                let program = self.process(record).map(|process| process.program.clone());
                let lines = program.and_then(|program| self.texts.get(&program));
                let text = lines.and_then(|lines| lines.get((*line)?.checked_sub(1)? as usize));
                let own = text.is_some_and(|text| own_call(syscall, text));
                if own {
                    self.hidden.insert(*call);
                }
                own
            }
            What::CallBlocked { call, .. } | What::CallEnd { call, .. } => {
                self.hidden.contains(call)
            }
            _ => false,
        }
    }

    fn record(&mut self, index: usize, record: &Record) {
        if self.is_own(record) {
            return;
        }
        let moment = self.moment(index, record);
        match &record.what {
            What::ProcessStart { program, .. } => self.process_start(record, moment, program),
            What::Exec { program } => {
                if let Some(process) = self.process(record) {
                    process.program.clone_from(program);
                }
            }
            What::Burst { line, lines, .. } => {
                // All that it went through, so that a breakpoint in the middle is found; then
                // where it stands.
                for line in lines.iter().chain(line) {
                    self.line(record, moment, *line);
                }
            }
            What::CallStart { call, syscall, line } => {
                if let Some(line) = line {
                    self.line(record, moment, *line);
                }
                self.calls.insert(*call, self.course.calls.len());
                self.course.calls.push(Call {
                    id: call.0,
                    host: record.host.0 as usize,
                    pid: record.pid,
                    tid: record.tid,
                    syscall: syscall.clone(),
                    moment,
                    start_ns: record.t_ns,
                    blocked: None,
                    end: None,
                    gone: false,
                });
            }
            What::CallBlocked { call, .. } => {
                if let Some(call) = self.call(*call) {
                    call.blocked = Some(moment);
                }
            }
            What::CallEnd { call, reply, .. } => {
                if let Some(call) = self.call(*call) {
                    call.end = Some((moment, record.t_ns, reply.clone()));
                }
            }
            What::PacketSent { .. } => self.packet(record, moment),
            What::PacketArrived { packet } => {
                if let Some(packet) = self.packet_of(*packet) {
                    packet.ended = Some((moment, record.t_ns));
                }
            }
            What::PacketDropped { packet, why } => {
                if let Some(packet) = self.packet_of(*packet) {
                    packet.ended.get_or_insert((moment, record.t_ns));
                    packet.refused = Some(drop_text(why));
                }
            }
            What::SocketState { socket, local, peer, from, to, .. } => {
                self.adopt(record, socket.0, &local.to_string(), &peer.to_string(), *from);
                let half_open = (*from, *to) == (State::Listen, State::SynReceived);
                self.course.states.push(StateChange {
                    moment,
                    t_ns: record.t_ns,
                    host: record.host.0 as usize,
                    sock: if half_open { HALF_OPEN } else { socket.0 },
                    from: from.to_string(),
                    to: to.to_string(),
                    local: local.to_string(),
                    peer: peer.to_string(),
                });
            }
            What::Output { fd, terminal, bytes } => {
                self.text(record.host, *terminal, moment, fd.0, &bytes.0);
            }
            What::Input { bytes } => self.text(record.host, record.pid, moment, 0, &bytes.0),
            What::Signal { signal, effect: SignalEffect::Handled, .. } => {
                let (host, pid, signal) = (record.host.0 as usize, record.pid, *signal);
                self.course.signals.push(Handled { host, pid, signal });
            }
            What::Acted { action } => self.acted(record, moment, action),
            What::ProcessExit { status } => {
                if let Some(process) = self.process(record) {
                    process.exit = Some((moment, *status));
                }
            }
            What::Fault { fault, line } => {
                if let Some(process) = self.process(record) {
                    let text = Lang::ALL.map(|lang| fault.text(lang));
                    process.fault = Some((moment, text, *line));
                }
            }
            _ => {}
        }
    }

    /// What somebody did to a packet that was on its way, or to a host.
    fn acted(&mut self, record: &Record, moment: usize, action: &Action) {
        match action {
            Action::Drop { packet } => {
                if let Some(packet) = self.packet_of(*packet) {
                    (packet.lost, packet.fate) = (true, Msg::FateDropped);
                    packet.ended = Some((moment, record.t_ns));
                }
            }
            Action::Delay { packet, by_ns } => {
                if let Some(packet) = self.packet_of(*packet) {
                    packet.arrives_ns = packet.arrives_ns.map(|t| t + by_ns);
                    packet.fate = Msg::FateDelayed;
                }
            }
            Action::Corrupt { packet, .. } => {
                if let Some(packet) = self.packet_of(*packet) {
                    packet.fate = Msg::FateCorrupted;
                }
            }
            Action::Hold { packet } => {
                if let Some(packet) = self.packet_of(*packet) {
                    packet.arrives_ns = None;
                    packet.fate = Msg::FateHeld;
                    packet.held_ns = Some(record.t_ns);
                }
            }
            Action::Release { packet } => {
                if let Some(packet) = self.packet_of(*packet) {
                    packet.fate = Msg::FatePass;
                }
            }
            Action::Duplicate { packet } => {
                self.doubled = self.packets.get(packet).copied();
            }
            Action::Crash { host } => {
                let host = host.0 as usize;
                for call in self.course.calls.iter_mut().filter(|call| call.host == host) {
                    call.gone |= call.end.is_none();
                }
                for process in self.course.processes.iter_mut().filter(|p| p.host == host) {
                    if process.exit.is_none() {
                        process.gone.get_or_insert(moment);
                    }
                }
            }
            _ => {}
        }
    }

    /// A handshake is told of its listener; the connection that comes of it gets the state too.
    fn adopt(&mut self, record: &Record, sock: u32, local: &str, peer: &str, from: State) {
        if from != State::SynReceived {
            return;
        }
        let host = record.host.0 as usize;
        let mut waiting = self.course.states.iter_mut().rev();
        let found = waiting
            .find(|s| s.sock == HALF_OPEN && s.host == host && s.local == local && s.peer == peer);
        if let Some(state) = found {
            state.sock = sock;
        }
    }

    fn call(&mut self, id: CallId) -> Option<&mut Call> {
        self.course.calls.get_mut(*self.calls.get(&id)?)
    }

    fn packet_of(&mut self, id: PacketId) -> Option<&mut Packet> {
        self.course.packets.get_mut(*self.packets.get(&id)?)
    }

    fn process_start(&mut self, record: &Record, moment: usize, program: &str) {
        self.processes.insert((record.host, record.pid), self.course.processes.len());
        self.course.processes.push(Process {
            host: record.host.0 as usize,
            pid: record.pid,
            program: program.to_owned(),
            start: moment,
            exit: None,
            lines: Vec::new(),
            terminal: Vec::new(),
            fault: None,
            gone: None,
        });
    }

    fn line(&mut self, record: &Record, moment: usize, line: u32) {
        let tid = record.tid;
        if let Some(process) = self.process(record) {
            process.lines.push((moment, tid, line));
        }
    }

    fn text(&mut self, host: HostId, pid: Pid, moment: usize, fd: i32, bytes: &[u8]) {
        let process = self.processes.get(&(host, pid));
        if let Some(process) = process.and_then(|at| self.course.processes.get_mut(*at)) {
            process.terminal.push(Text { moment, fd, bytes: bytes.to_vec() });
        }
    }

    fn packet(&mut self, record: &Record, moment: usize) {
        let What::PacketSent {
            packet,
            frame,
            link,
            from,
            to,
            departs_ns,
            arrives_ns,
            fate,
            reason,
            ..
        } = &record.what
        else {
            return;
        };
        let (base, summary) = self.summary(frame);
        let original = match fate {
            Fate::Duplicate => self.doubled.take().map(|at| self.course.packets[at].departs_ns),
            _ => None,
        };
        self.packets.insert(*packet, self.course.packets.len());
        self.course.packets.push(Packet {
            id: packet.0,
            number: self.course.packets.len() as u64 + 1,
            moment,
            frame: Rc::from(&frame[..]),
            link: *link,
            from: from.0 as usize,
            to: to.0 as usize,
            departs_ns: *departs_ns,
            original_ns: original,
            arrives_ns: *arrives_ns,
            held_ns: None,
            fate: fate_text(fate),
            lost: arrives_ns.is_none() && *fate != Fate::Held,
            again: matches!(
                reason,
                Cause::RetransmitTimeout | Cause::FastRetransmit | Cause::TailLossProbe
            ),
            refused: None,
            ended: None,
            base,
            summary,
        });
    }

    /// The summary with sequence numbers counted from each side's first one.
    fn summary(&mut self, frame: &[u8]) -> (Base, Summary) {
        let raw = dissect::dissect(frame, Start::Ethernet, Base::default()).summary;
        if raw.protocol != "TCP" {
            return (Base::default(), raw);
        }
        let there = (raw.from.clone(), raw.ports.0, raw.to.clone(), raw.ports.1);
        let back = (raw.to.clone(), raw.ports.1, raw.from.clone(), raw.ports.0);
        if raw.flags.has(Flags::SYN) {
            self.isn.insert(there.clone(), raw.seq);
            self.scales.insert(there.clone(), raw.scale);
        }
        // Windows are scaled where both sides have offered it.
        let scale = |side| self.scales.get(side).copied().flatten();
        let both = !raw.flags.has(Flags::SYN) && scale(&back).is_some();
        let shift = scale(&there).filter(|_| both).unwrap_or(0);
        let base = Base {
            seq: *self.isn.entry(there).or_insert(raw.seq),
            // A reset that answers no connection acknowledges what it saw.
            ack: self.isn.get(&back).copied().unwrap_or(raw.ack),
            shift,
        };
        (base, dissect::dissect(frame, Start::Ethernet, base).summary)
    }
}

/// Whether a call is libc's own: of a kind that libc makes, and not named in the line of the text.
fn own_call(call: &Syscall, line: &str) -> bool {
    let names: &[&str] = match call {
        Syscall::Fstat { .. } | Syscall::Stat { .. } => &["stat"],
        Syscall::Lseek { .. } => &["seek", "ftell", "rewind"],
        Syscall::RtSigprocmask { .. } => &["sigprocmask", "sigmask"],
        Syscall::Getpid => &["getpid"],
        Syscall::Gettid => &["gettid"],
        // perror() writes through a duplicate of an unused stderr.
        Syscall::Dup { .. } if writes_an_error(line) => &["dup"],
        Syscall::Fcntl { .. } if writes_an_error(line) => &["fcntl"],
        Syscall::Close { .. } if writes_an_error(line) => &["close"],
        _ => return false,
    };
    !names.iter().any(|name| line.contains(name))
}

/// Whether a line calls what says an error's text.
fn writes_an_error(line: &str) -> bool {
    ["perror", "psignal"].iter().any(|name| line.contains(name))
}

fn fate_text(fate: &Fate) -> Msg {
    match fate {
        Fate::Pass => Msg::FatePass,
        Fate::Lost => Msg::FateLost,
        Fate::QueueFull => Msg::FateQueueFull,
        Fate::Unplugged => Msg::FateUnplugged,
        Fate::TooBig => Msg::FateTooBig,
        Fate::Dropped => Msg::FateDropped,
        Fate::Delayed => Msg::FateDelayed,
        Fate::Corrupted => Msg::FateCorrupted,
        Fate::Duplicate => Msg::FateDuplicate,
        Fate::Held => Msg::FateHeld,
    }
}

fn drop_text(why: &Drop) -> Msg {
    match why {
        Drop::Checksum => Msg::DropChecksum,
        Drop::Malformed => Msg::DropMalformed,
        Drop::NotForUs => Msg::DropNotForUs,
        Drop::NoSocket => Msg::DropNoSocket,
        Drop::BufferFull => Msg::DropBufferFull,
        Drop::AcceptQueueFull => Msg::DropAcceptQueueFull,
        Drop::TtlExpired => Msg::DropTtl,
        Drop::NoRoute => Msg::DropNoRoute,
        Drop::HostDown => Msg::DropHostDown,
        Drop::NotThePeer => Msg::DropNotThePeer,
        Drop::Filtered => Msg::DropFiltered,
        Drop::Unsupported => Msg::DropUnsupported,
    }
}
