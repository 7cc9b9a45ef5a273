//! Whether a lesson's goal is reached by a run: how often something happened, against how often
//! it should. The conditions are described in `lessons::Condition`.

use crate::model::course::{Call, Course, Packet, Process};
use crate::model::dissect::Flags;
use lessons::Condition;

/// Whether the run fulfils the condition.
pub(crate) fn fulfilled(condition: &Condition, course: &Course) -> bool {
    let count = count(condition, course);
    let least = condition.min.unwrap_or(if condition.max == Some(0) { 0 } else { 1 });
    count >= least && condition.max.is_none_or(|most| count <= most)
}

fn count(condition: &Condition, course: &Course) -> usize {
    let processes =
        || course.processes.iter().filter(|process| fits_process(condition, course, process));
    let calls = || course.calls.iter().filter(|call| fits_caller(condition, course, call));
    if let Some(name) = &condition.call {
        return calls()
            .filter(|call| is_called(call, name) && answered_so(condition, call))
            .count();
    }
    if let Some(name) = &condition.blocked {
        let waits = |call: &&Call| call.end.is_none() && !call.gone && is_called(call, name);
        return calls().filter(waits).count();
    }
    if !condition.output.is_empty() || condition.line.is_some() {
        let lines = processes().flat_map(lines);
        return lines.filter(|line| fits_line(condition, line)).count();
    }
    if condition.packet.is_some() {
        return course
            .packets
            .iter()
            .filter(|packet| fits_packet(condition, course, packet))
            .count();
    }
    if let Some(state) = &condition.state {
        let here = |host: usize| fits_host(condition, course, host);
        return course.states.iter().filter(|s| s.to == *state && here(s.host)).count();
    }
    if let Some(signal) = &condition.signal {
        let handled =
            course.signals.iter().filter(|s| abi::consts::value(signal) == Some(s.signal));
        return handled.filter(|s| processes().any(|p| p.host == s.host && p.pid == s.pid)).count();
    }
    let ended =
        |wanted: i32| processes().filter(|p| p.exit.is_some_and(|(_, s)| s == wanted)).count();
    match (&condition.killed, condition.exit) {
        (Some(signal), _) => abi::consts::value(signal).map_or(0, ended),
        (None, Some(status)) => ended((status & 0xff) << 8),
        (None, None) => 0,
    }
}

fn fits_host(condition: &Condition, course: &Course, host: usize) -> bool {
    let name = course.hosts.get(host).map(|host| &host.name);
    condition.host.as_ref().is_none_or(|wanted| name == Some(wanted))
}

fn fits_process(condition: &Condition, course: &Course, process: &Process) -> bool {
    let named = condition.program.as_ref().is_none_or(|wanted| *wanted == process.program);
    named && fits_host(condition, course, process.host)
}

fn fits_caller(condition: &Condition, course: &Course, call: &Call) -> bool {
    let mut all = course.processes.iter();
    all.any(|p| p.host == call.host && p.pid == call.pid && fits_process(condition, course, p))
}

/// Lessons name calls as C does, the trace as the kernel does.
fn is_called(call: &Call, name: &str) -> bool {
    let kernel = abi::strace::name(&call.syscall);
    name == "any"
        || kernel == name
        || matches!(
            (name, kernel),
            ("send", "sendto")
                | ("recv", "recvfrom")
                | ("fork", "clone")
                | ("wait" | "waitpid", "wait4")
                | ("pipe", "pipe2")
                | ("open" | "shm_open", "openat")
                | ("sleep" | "usleep" | "nanosleep", "clock_nanosleep")
                | ("sigaction" | "signal", "rt_sigaction")
                | ("select", "pselect6")
                | ("exit", "exit_group")
        )
}

fn answered_so(condition: &Condition, call: &Call) -> bool {
    let Some((.., reply)) = &call.end else { return false };
    let errno = reply.ret.err().map(|errno| errno.name());
    let value = reply.ret.unwrap_or(-1);
    condition.errno.as_deref().is_none_or(|wanted| errno == Some(wanted))
        && condition.ret.is_none_or(|wanted| wanted == value)
        && condition.min_ret.is_none_or(|least| value >= least)
}

/// The lines that a process wrote.
fn lines(process: &Process) -> Vec<String> {
    let written = process.terminal.iter().filter(|text| text.fd != 0);
    let bytes: Vec<u8> = written.flat_map(|text| text.bytes.iter().copied()).collect();
    String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
}

fn fits_line(condition: &Condition, line: &str) -> bool {
    condition.output.iter().all(|part| line.contains(part.as_str()))
        && condition.line.as_ref().is_none_or(|whole| whole == line)
}

fn fits_packet(condition: &Condition, course: &Course, packet: &Packet) -> bool {
    let s = &packet.summary;
    let sender = course.hosts.get(packet.from).map(|host| &host.name);
    let what = match condition.packet.as_deref() {
        Some("SYN") => s.flags.has(Flags::SYN) && !s.flags.has(Flags::ACK),
        Some("SYN-ACK") => s.flags.has(Flags::SYN) && s.flags.has(Flags::ACK),
        Some("FIN") => s.flags.has(Flags::FIN),
        Some("RST") => s.flags.has(Flags::RST),
        Some("PSH") => s.flags.has(Flags::PSH),
        Some("RETRANSMISSION") => packet.again,
        Some("LOST") => packet.lost,
        Some("ZEROWINDOW") => s.protocol == "TCP" && s.window == 0 && !s.flags.has(Flags::RST),
        _ => true,
    };
    what && condition.proto.as_ref().is_none_or(|proto| s.protocol.eq_ignore_ascii_case(proto))
        && condition.sender.as_ref().is_none_or(|wanted| sender == Some(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing;
    use sim::PacketId;
    use sim::timeline::Action;

    fn holds(text: Condition, course: &Course) -> bool {
        fulfilled(&text, course)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    /// Goals that a student reaches by interfering, not by programming.
    #[test]
    fn goals_are_reached_by_interventions() {
        let run = testing::echo();
        let data = run.course.packets.iter().find(|p| p.summary.flags.has(Flags::PSH)).unwrap();
        let drop = Action::Drop { packet: PacketId(data.id) };
        let branch = testing::with(&run, data.moment, drop);
        let again = || Condition { packet: some("RETRANSMISSION"), ..Condition::default() };
        assert!(!holds(again(), &run.course) && holds(again(), &branch.course));
        let lost = Condition { packet: some("LOST"), max: Some(1), ..Condition::default() };
        assert!(holds(lost, &branch.course));
        // Nobody listens any more: a second client is refused.
        let kill = Action::Signal { host: sim::HostId(0), pid: abi::Pid(2), signal: 9 };
        let killed = testing::with(&run, 3, kill);
        let refused =
            || Condition { call: some("any"), errno: some("ECONNREFUSED"), ..Condition::default() };
        assert!(!holds(refused(), &run.course) && holds(refused(), &killed.course));
        let waits = Condition { blocked: some("accept"), ..Condition::default() };
        assert!(holds(waits, &run.course), "the server waits for the next one");
        let twice = Condition { call: some("accept"), min: Some(2), ..Condition::default() };
        assert!(!holds(twice, &run.course));
    }
}
