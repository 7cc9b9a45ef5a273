//! Two runs of a scenario, compared call by call, then by output and by packets.

use super::strace::{Event, Process, UNFINISHED};
use super::{Outcome, packets};

/// How a run compares with what Linux did.
pub(super) enum Verdict {
    /// It is one of the runs seen there, of so many calls.
    Agrees { calls: usize },
    /// It agrees in what does not depend on the moment; Linux itself varies.
    AgreesAsFarAsLinux,
    /// So many calls agree, and the first difference.
    Differs { same: usize, all: usize, text: String },
}

/// Compares with every run seen on Linux; `racy`: they may differ among themselves.
pub(super) fn verdict(real: &[Outcome], other: &Outcome, racy: bool) -> Verdict {
    if let Some(one) = real.iter().find(|one| difference(one, other).is_none()) {
        return Verdict::Agrees { calls: score(one, one).1 };
    }
    let loose = |one: &&Outcome| difference(&relaxed(one), &relaxed(other)).is_none();
    if (racy || real.len() > 1) && real.iter().any(|one| loose(&one)) {
        return Verdict::AgreesAsFarAsLinux;
    }
    let best = real.iter().max_by_key(|one| score(one, other)).expect("at least one run");
    let (same, all) = score(best, other);
    Verdict::Differs { same, all, text: difference(best, other).unwrap_or_default() }
}

/// What does not depend on how a stream was cut: receives in a row on one descriptor become one
/// with their total; packets are not compared.
fn relaxed(outcome: &Outcome) -> Outcome {
    let mut all = outcome.clone();
    all.packets.clear();
    for process in all.hosts.iter_mut().flatten() {
        let mut merged: Vec<Event> = Vec::new();
        for mut event in std::mem::take(&mut process.events) {
            let bytes = event.result.parse::<u64>().ok().filter(|n| *n > 0);
            if let (Some(bytes), true) = (bytes, matches!(event.name.as_str(), "recvfrom" | "read"))
            {
                event.args = event.args.split(',').next().unwrap_or_default().to_owned();
                if let Some(last) = merged.last_mut()
                    && (&last.name, &last.args) == (&event.name, &event.args)
                {
                    let before: u64 = last.result.parse().unwrap_or(0);
                    last.result = (before + bytes).to_string();
                    continue;
                }
            }
            merged.push(event);
        }
        process.events = merged;
    }
    all
}

/// Events at the end that mean "it was still there": a run on Linux is ended by us.
fn trimmed(events: &[Event]) -> &[Event] {
    let mut end = events.len();
    if end > 0 && events[end - 1].args.contains("killed by SIGKILL") {
        end -= 1;
        if end > 0 && events[end - 1].result == UNFINISHED {
            end -= 1;
        }
    } else if end > 0 && events[end - 1].result == UNFINISHED {
        end -= 1;
    }
    &events[..end]
}

/// Calls of Linux's run that the other made too, in place; and how many there were.
fn score(linux: &Outcome, other: &Outcome) -> (usize, usize) {
    let mut same = 0;
    let mut all = 0;
    for (host, processes) in linux.hosts.iter().enumerate() {
        for (number, process) in processes.iter().enumerate() {
            let mine = trimmed(&process.events);
            all += mine.len();
            let theirs = other.hosts.get(host).and_then(|hosts| hosts.get(number));
            let theirs = theirs.map_or(&[][..], |process| trimmed(&process.events));
            same += mine.iter().zip(theirs).filter(|(a, b)| a == b).count();
        }
    }
    (same, all)
}

/// The two lines of a difference, without what stands around them: `linux …`, `other …`.
pub(super) fn first_lines(difference: &str) -> String {
    let lines = difference.lines().filter_map(|line| line.trim_start().strip_prefix("≠ "));
    lines.map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The first difference between two runs, with what came before it; `None` if they agree.
pub(super) fn difference(linux: &Outcome, other: &Outcome) -> Option<String> {
    for (host, processes) in linux.hosts.iter().enumerate() {
        let empty = Vec::new();
        let theirs = other.hosts.get(host).unwrap_or(&empty);
        for number in 0..processes.len().max(theirs.len()) {
            let side = |all: &[Process]| {
                all.get(number).map(|process| trimmed(&process.events).to_vec()).unwrap_or_default()
            };
            let (a, b) = (side(processes), side(theirs));
            let common = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
            if common == a.len() && common == b.len() {
                continue;
            }
            let mut text = format!("  host {}, process {}:\n", host + 1, number + 1);
            for event in &a[common.saturating_sub(3)..common] {
                text += &format!("      both   {}\n", event.line());
            }
            let line = |events: &[Event]| {
                events.get(common).map_or("(nothing more)".to_owned(), Event::line)
            };
            text += &format!("    ≠ linux  {}\n", line(&a));
            text += &format!("    ≠ other  {}\n", line(&b));
            return Some(text);
        }
    }
    for (host, output) in linux.outputs.iter().enumerate() {
        // Who of several processes writes first is chance; what each writes was compared above.
        let several = linux.hosts[host].len() > 1;
        let lines = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            if several {
                lines.sort();
            }
            lines
        };
        let a = lines(output);
        let b = lines(other.outputs.get(host).map_or("", String::as_str));
        let common = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
        if common < a.len() || common < b.len() {
            let line =
                |lines: &[String]| lines.get(common).cloned().unwrap_or("(nothing)".to_owned());
            return Some(format!(
                "  host {}, output, line {}:\n    ≠ linux  {}\n    ≠ other  {}\n",
                host + 1,
                common + 1,
                line(&a),
                line(&b)
            ));
        }
    }
    packets::difference(&linux.packets, &other.packets)
}
