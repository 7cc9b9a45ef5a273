//! What a person can do to the world at a moment: to packets on their way, links, processes,
//! threads and hosts. Plain data; [`crate::session::do_deed`] does it, and both the view of
//! interventions and the menus of the stage offer it.

use crate::i18n::Msg;
use crate::model::course::{Course, Packet};
use crate::session::Run;
use abi::{Lang, Pid, consts};
use sim::inspect;
use sim::kernel::process::ThreadState;
use sim::timeline::Action;
use sim::{HostId, PacketId};

/// What something is done to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    /// A packet, by its place in the course.
    Packet(usize),
    /// A link, by its place in the scenario.
    Link(usize),
    Process {
        host: usize,
        pid: Pid,
    },
    /// A thread that wants the processor.
    Thread {
        host: usize,
        tid: Pid,
    },
    Host(usize),
}

/// Something that can be done.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Deed {
    /// The same in every language, for tests and keys.
    pub(crate) id: &'static str,
    pub(crate) label: Msg,
    /// To what, for the branch's name.
    pub(crate) subject: String,
    /// The moment before which it is done.
    pub(crate) moment: usize,
    pub(crate) actions: Vec<Action>,
}

impl Deed {
    /// What a branch is called that comes of it.
    pub(crate) fn name(&self, lang: Lang) -> String {
        format!("{}: {}", self.label.text(lang), self.subject)
    }
}

/// Something that can be interfered with, and how.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Offer {
    pub(crate) target: Target,
    pub(crate) title: String,
    /// What it is doing, if that is to be said.
    pub(crate) state: Option<Msg>,
    pub(crate) deeds: Vec<Deed>,
}

/// Everything that can be interfered with at a moment.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Offers {
    pub(crate) packets: Vec<Offer>,
    pub(crate) links: Vec<(Offer, LinkNow)>,
    pub(crate) processes: Vec<Offer>,
    /// Threads that want the processor, where there is a choice.
    pub(crate) threads: Vec<Offer>,
    pub(crate) hosts: Vec<Offer>,
}

/// What a link does at a moment, in the units of the form.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct LinkNow {
    pub(crate) delay_ms: f64,
    pub(crate) loss_percent: f64,
    /// 0 is without limit.
    pub(crate) rate_kbit: f64,
}

/// Nanoseconds that a packet is delayed by hand.
pub(crate) const DELAY_NS: u64 = 200_000_000;
/// A bit that is in the data where there are any, and in a header otherwise.
const BIT: u32 = 8 * 54 + 1;

/// All offers at a moment.
pub(crate) fn offers(run: &Run, cursor: usize) -> Offers {
    let course = &*run.course;
    let flying = course.packets.iter().enumerate().filter(|(_, p)| on_its_way(p, cursor));
    let packets = flying.map(|(index, packet)| Offer {
        target: Target::Packet(index),
        title: packet_title(course, packet),
        state: Some(if is_held(packet, cursor) { Msg::FateHeld } else { Msg::FateFlying }),
        deeds: of_packet(course, cursor, index),
    });
    let Some(world) = run.world(cursor) else { return Offers::default() };
    let mut offers = Offers { packets: packets.collect(), ..Offers::default() };
    for row in inspect::links(&world) {
        let now = LinkNow {
            delay_ms: row.params.delay_ns as f64 / 1e6,
            loss_percent: row.params.loss * 100.0,
            rate_kbit: row.params.rate_bps as f64 / 1e3,
        };
        offers.links.push((link(course, cursor, &row), now));
    }
    let processes = inspect::processes(&world);
    for row in &processes {
        if row.exited.is_none() {
            offers.processes.push(process(run, cursor, row));
        }
    }
    for host in inspect::hosts(&world) {
        offers.threads.extend(threads(cursor, &host, &processes));
        offers.hosts.push(self::host(run, cursor, &host));
    }
    offers
}

/// What can be done to one thing at a moment, also to what is not offered among [`offers`]: a
/// packet that is no longer on its way, a process that has ended.
pub(crate) fn of(run: &Run, cursor: usize, target: Target) -> Vec<Deed> {
    if let Target::Packet(index) = target {
        return of_packet(&run.course, cursor, index);
    }
    let Some(world) = run.world(cursor) else { return Vec::new() };
    match target {
        Target::Packet(_) | Target::Thread { .. } => Vec::new(),
        Target::Link(index) => {
            let row = inspect::links(&world).into_iter().find(|row| row.index == index);
            row.map_or_else(Vec::new, |row| {
                let presets = link_presets(run, cursor, &row);
                link(&run.course, cursor, &row).deeds.into_iter().chain(presets).collect()
            })
        }
        Target::Host(host) => {
            let row = inspect::hosts(&world).into_iter().find(|row| row.id.0 as usize == host);
            row.map_or_else(Vec::new, |row| self::host(run, cursor, &row).deeds)
        }
        Target::Process { host, pid } => {
            let rows = inspect::processes(&world);
            let row = rows.iter().find(|row| row.host.0 as usize == host && row.pid == pid);
            row.map_or_else(Vec::new, |row| {
                let mut deeds = process(run, cursor, row).deeds;
                if row.exited.is_some() {
                    deeds.retain(|deed| deed.id == "restart");
                } else {
                    deeds.push(run_next(cursor, row.host, pid, process_name(run, row)));
                }
                deeds
            })
        }
    }
}

/// A link as bad, as good and as slow as one often wants it.
fn link_presets(run: &Run, moment: usize, row: &inspect::LinkRow) -> Vec<Deed> {
    let subject = link(&run.course, moment, row).title;
    let preset = |id: &'static str, label: Msg, loss: Option<f64>, delay_ns: Option<u64>| Deed {
        id,
        label,
        subject: subject.clone(),
        moment,
        actions: vec![Action::Link {
            link: row.index,
            delay_ns,
            jitter_ns: None,
            loss,
            duplicate: None,
            corrupt: None,
            rate_bps: None,
        }],
    };
    let slower = row.params.delay_ns.saturating_mul(5);
    vec![
        preset("lossy", Msg::LoseSome, Some(0.3), None),
        preset("lossless", Msg::LoseNone, Some(0.0), None),
        preset("slow", Msg::SlowDown, None, Some(slower)),
    ]
}

fn process_name(run: &Run, row: &inspect::ProcessRow) -> String {
    let place = run.course.hosts.get(row.host.0 as usize).map_or("", |host| host.name.as_str());
    format!("{}[{}] ({place})", row.name, row.pid)
}

fn run_next(moment: usize, host: HostId, tid: Pid, subject: String) -> Deed {
    let actions = vec![Action::RunNext { host, tid }];
    Deed { id: "run-next", label: Msg::RunNext, subject, moment, actions }
}

fn on_its_way(packet: &Packet, cursor: usize) -> bool {
    packet.moment <= cursor
        && !packet.lost
        && packet.link.is_some()
        && packet.ended.is_none_or(|(end, _)| cursor < end)
}

fn is_held(packet: &Packet, _cursor: usize) -> bool {
    packet.held_ns.is_some()
}

fn packet_title(course: &Course, packet: &Packet) -> String {
    let name = |host: usize| course.hosts.get(host).map_or("?", |host| host.name.as_str());
    let (from, to) = (name(packet.from), name(packet.to));
    format!("{} {}: {from} → {to}", packet.number, packet.summary.label)
}

/// What can be done to a packet: now if it is on its way, else right after it was sent.
pub(crate) fn of_packet(course: &Course, cursor: usize, index: usize) -> Vec<Deed> {
    let Some(packet) = course.packets.get(index) else { return Vec::new() };
    let moment = if on_its_way(packet, cursor) { cursor } else { packet.moment };
    let (id, subject) = (PacketId(packet.id), packet_title(course, packet));
    let deed = |name: &'static str, label: Msg, action: Action| Deed {
        id: name,
        label,
        subject: subject.clone(),
        moment,
        actions: vec![action],
    };
    if moment == cursor && is_held(packet, cursor) {
        return vec![
            deed("release", Msg::ReleaseIt, Action::Release { packet: id }),
            deed("drop", Msg::DropIt, Action::Drop { packet: id }),
        ];
    }
    vec![
        deed("drop", Msg::DropIt, Action::Drop { packet: id }),
        deed("duplicate", Msg::DuplicateIt, Action::Duplicate { packet: id }),
        deed("delay", Msg::DelayIt, Action::Delay { packet: id, by_ns: DELAY_NS }),
        deed("corrupt", Msg::CorruptIt, Action::Corrupt { packet: id, bit: BIT }),
        deed("hold", Msg::HoldIt, Action::Hold { packet: id }),
    ]
}

fn link(course: &Course, moment: usize, row: &inspect::LinkRow) -> Offer {
    let names: Vec<&str> = row
        .hosts
        .iter()
        .filter_map(|host| course.hosts.get(host.0 as usize))
        .map(|host| host.name.as_str())
        .collect();
    let subject = names.join(" — ");
    let deed = |id: &'static str, label: Msg, action: Action| Deed {
        id,
        label,
        subject: subject.clone(),
        moment,
        actions: vec![action],
    };
    let link = row.index;
    let plug = match row.up {
        true => deed("unplug", Msg::Unplug, Action::Plug { link, up: false }),
        false => deed("plug", Msg::Plug, Action::Plug { link, up: true }),
    };
    Offer {
        target: Target::Link(link),
        title: subject.clone(),
        state: (!row.up).then_some(Msg::CableDown),
        deeds: vec![plug, deed("drop-next", Msg::DropNext, Action::DropNext { link, count: 1 })],
    }
}

/// A link with other values than it has.
pub(crate) fn link_change(
    offer: &Offer,
    was: LinkNow,
    now: LinkNow,
    moment: usize,
) -> Option<Deed> {
    let Target::Link(link) = offer.target else { return None };
    let changed = |a: f64, b: f64| (a - b).abs() > 1e-9;
    let action = Action::Link {
        link,
        delay_ns: changed(was.delay_ms, now.delay_ms).then_some((now.delay_ms * 1e6) as u64),
        jitter_ns: None,
        loss: changed(was.loss_percent, now.loss_percent)
            .then_some((now.loss_percent / 100.0).clamp(0.0, 1.0)),
        duplicate: None,
        corrupt: None,
        rate_bps: changed(was.rate_kbit, now.rate_kbit).then_some((now.rate_kbit * 1e3) as u64),
    };
    let subject = format!(
        "{} {} ms, {} %, {} kbit/s",
        offer.title, now.delay_ms, now.loss_percent, now.rate_kbit
    );
    let same = was == now;
    (!same).then(|| Deed {
        id: "link",
        label: Msg::ChangeLink,
        subject,
        moment,
        actions: vec![action],
    })
}

fn process(run: &Run, moment: usize, row: &inspect::ProcessRow) -> Offer {
    let (host, pid) = (row.host, row.pid);
    let subject = process_name(run, row);
    let deed = |id: &'static str, label: Msg, actions: Vec<Action>| Deed {
        id,
        label,
        subject: subject.clone(),
        moment,
        actions,
    };
    let signal = |signal: i32| Action::Signal { host, pid, signal };
    let pause = match row.stopped {
        false => deed("pause", Msg::PauseProcess, vec![Action::Pause { host, pid }]),
        true => deed("continue", Msg::ContinueProcess, vec![Action::Continue { host, pid }]),
    };
    let mut deeds = vec![
        pause,
        deed("int", Msg::Interrupt, vec![signal(consts::SIGINT)]),
        deed("term", Msg::Terminate, vec![signal(consts::SIGTERM)]),
        deed("kill", Msg::KillIt, vec![signal(consts::SIGKILL)]),
    ];
    if row.program < run.timeline.scenario().programs.len() {
        let again = vec![signal(consts::SIGKILL), Action::Restart { program: row.program }];
        deeds.push(deed("restart", Msg::RestartProcess, again));
    }
    deeds.push(deed("eof", Msg::EndInput, vec![Action::EndInput { host, pid }]));
    let state = match row.threads.first().map(|thread| &thread.state) {
        _ if row.stopped => Some(Msg::Stopped),
        Some(ThreadState::Running) => Some(Msg::Running),
        Some(ThreadState::Runnable) => Some(Msg::Ready),
        Some(ThreadState::Blocked(_)) => Some(Msg::Sleeping),
        None => None,
    };
    Offer {
        target: Target::Process { host: host.0 as usize, pid },
        title: subject.clone(),
        state,
        deeds,
    }
}

/// The threads among which there is a choice on a host.
fn threads(
    moment: usize,
    host: &inspect::HostRow,
    processes: &[inspect::ProcessRow],
) -> Vec<Offer> {
    let mut wanting: Vec<Pid> = host.running.into_iter().collect();
    wanting.extend(host.run_queue.iter().copied());
    wanting.dedup();
    if wanting.len() < 2 {
        return Vec::new();
    }
    let owner = |tid: Pid| {
        processes
            .iter()
            .find(|row| row.host == host.id && row.threads.iter().any(|thread| thread.tid == tid))
    };
    let offer = |(place, tid): (usize, Pid)| {
        let name = owner(tid).map_or("?", |row| row.name.as_str());
        let subject = format!("{name}[{tid}] ({})", host.name);
        let deed = run_next(moment, host.id, tid, subject.clone());
        Offer {
            target: Target::Thread { host: host.id.0 as usize, tid },
            title: subject,
            state: Some(if place == 0 { Msg::IsNext } else { Msg::Ready }),
            // The one that is next anyway needs no help.
            deeds: if place == 0 { Vec::new() } else { vec![deed] },
        }
    };
    wanting.into_iter().enumerate().map(offer).collect()
}

fn host(run: &Run, moment: usize, row: &inspect::HostRow) -> Offer {
    let host: HostId = row.id;
    let deed = |id: &'static str, label: Msg, actions: Vec<Action>| Deed {
        id,
        label,
        subject: row.name.clone(),
        moment,
        actions,
    };
    let programs = run.timeline.scenario().programs.iter().enumerate();
    let mine = programs.filter(|(_, p)| p.host == host.0 as usize && p.start_ns.is_some());
    let mut boot = vec![Action::Boot { host }];
    boot.extend(mine.map(|(program, _)| Action::Restart { program }));
    let deeds = match row.up {
        true => {
            let reboot = std::iter::once(Action::Crash { host }).chain(boot).collect();
            vec![
                deed("crash", Msg::CrashHost, vec![Action::Crash { host }]),
                deed("reboot", Msg::RebootHost, reboot),
            ]
        }
        false => vec![deed("boot", Msg::BootHost, boot)],
    };
    Offer {
        target: Target::Host(host.0 as usize),
        title: row.name.clone(),
        state: (!row.up).then_some(Msg::HostOff),
        deeds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing;

    /// The first moment at which a packet of this kind flies, and its place.
    fn flying(run: &Run, label: &str) -> (usize, usize) {
        let all = run.course.packets.iter().enumerate();
        let found =
            all.clone().find(|(_, p)| p.summary.label.starts_with(label) && p.link.is_some());
        let (index, packet) = found.expect("it is sent");
        (packet.moment, index)
    }

    fn deed(deeds: &[Deed], id: &str) -> Deed {
        deeds.iter().find(|deed| deed.id == id).cloned().expect("it is offered")
    }

    fn after(run: &Run, deed: &Deed) -> Run {
        let mut timeline = run.timeline.clone();
        let position = run.course.moments[deed.moment].position;
        timeline.act_all(position, deed.actions.clone(), &deed.name(Lang::En));
        while !timeline.advance(1000).ended {}
        Run::new(timeline, true, false)
    }

    #[test]
    fn a_lost_syn_is_sent_again() {
        let run = testing::echo();
        let (moment, index) = flying(&run, "SYN");
        let branch = after(&run, &deed(&of(&run, moment, Target::Packet(index)), "drop"));
        let syns =
            |run: &Run| run.course.packets.iter().filter(|p| p.summary.label == "SYN").count();
        assert_eq!((syns(&run), syns(&branch)), (1, 2));
        assert!(branch.course.packets[index].lost);
        assert_eq!(branch.timeline.branches().len(), 2);
    }

    /// Every deed that is offered at any moment of the echo can be done.
    #[test]
    fn every_offer_can_be_done() {
        let run = testing::echo();
        let mut ids = std::collections::BTreeSet::new();
        for moment in (0..=run.course.last()).step_by(5) {
            let offers = offers(&run, moment);
            let links = offers.links.iter().map(|(offer, _)| offer);
            let all = offers.packets.iter().chain(links).chain(&offers.processes);
            for offer in all.chain(&offers.threads).chain(&offers.hosts) {
                for deed in &offer.deeds {
                    if ids.insert(deed.id) {
                        let branch = after(&run, deed);
                        assert!(branch.course.moments.len() >= deed.moment, "{}", deed.id);
                    }
                    let known = of(&run, moment, offer.target);
                    let thread = matches!(offer.target, Target::Thread { .. });
                    assert!(thread || offer.deeds.iter().all(|deed| known.contains(deed)));
                }
            }
        }
        let wanted = [
            "drop",
            "hold",
            "unplug",
            "drop-next",
            "pause",
            "term",
            "kill",
            "restart",
            "crash",
            "reboot",
        ];
        for id in wanted {
            assert!(ids.contains(id), "{id} is never offered: {ids:?}");
        }
    }

    #[test]
    fn a_held_packet_can_be_released_and_an_unplugged_cable_plugged() {
        let run = testing::echo();
        let (moment, index) = flying(&run, "SYN");
        let held = after(&run, &deed(&of_packet(&run.course, moment, index), "hold"));
        let later = moment + 1;
        let deeds = of(&held, later, Target::Packet(index));
        assert_eq!(deeds.iter().map(|d| d.id).collect::<Vec<_>>(), ["release", "drop"]);
        let link = offers(&run, moment).links[0].0.clone();
        let unplugged = after(&run, &deed(&link.deeds, "unplug"));
        assert_eq!(offers(&unplugged, moment + 2).links[0].0.deeds[0].id, "plug");
    }

    #[test]
    fn a_link_changes_only_what_was_changed() {
        let run = testing::echo();
        let (offer, was) = offers(&run, 3).links[0].clone();
        assert_eq!(link_change(&offer, was, was, 3), None);
        let now = LinkNow { loss_percent: 25.0, ..was };
        let deed = link_change(&offer, was, now, 3).expect("it differs");
        let Action::Link { loss, delay_ns, rate_bps, .. } = deed.actions[0] else { panic!() };
        assert_eq!((loss, delay_ns, rate_bps), (Some(0.25), None, None));
    }
}
