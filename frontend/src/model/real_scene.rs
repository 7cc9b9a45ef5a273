//! How the programs are on real sockets, for the headers and the texts of their editors: what the
//! log of the run says, instead of the simulated world.

use crate::i18n::Msg;
use crate::model::real_log::{Log, Outcome, Process, Step};
use crate::model::scene::{Place, ProgramView};
use crate::model::world;
use crate::state::{Program, Source};

/// The programs' views; `simulated` says on which hosts they are.
pub(crate) fn programs(
    log: &Log,
    programs: &[Program],
    sources: &[Source],
    simulated: &[ProgramView],
) -> Vec<ProgramView> {
    let views = programs.iter().enumerate().map(|(number, program)| {
        let earlier = programs[..number].iter().filter(|p| p.file == program.file).count();
        let mut runs = log.names.iter().enumerate().filter(|(_, name)| **name == program.file);
        let host = simulated.get(number).map_or(program.host, |view| view.host);
        let plain =
            ProgramView { host, host_name: program.host_name.clone(), ..ProgramView::default() };
        match runs.nth(earlier) {
            Some((place, _)) => of(log, place, sources, plain),
            None => ProgramView { state: Some(Msg::NotStarted), ..plain },
        }
    });
    views.collect()
}

fn of(log: &Log, place: usize, sources: &[Source], plain: ProgramView) -> ProgramView {
    let Some(process) = log.processes.iter().rev().find(|p| p.program == place) else {
        return ProgramView { state: Some(Msg::NotStarted), ..plain };
    };
    let source = sources.iter().find(|source| source.name == log.names[place]);
    // Lines of a text that was changed since then mean nothing.
    let same = source.is_some_and(|s| log.texts.get(place).is_some_and(|text| *text == s.text));
    let places = if same { log.places(place) } else { Vec::new() };
    let kind = |waits: bool| if waits { "blocked" } else { "run" };
    let places = places.into_iter().map(|(line, waits)| Place { line, kind: kind(waits) });
    let state = doing(log, process);
    let blocked = matches!(state, Msg::BlockedIn { .. });
    ProgramView { state: Some(state), blocked, places: places.collect(), ..plain }
}

/// What a process is doing.
fn doing(log: &Log, process: &Process) -> Msg {
    if let Some(status) = process.status {
        return world::ended(status);
    }
    let last = log.calls().iter().rev().find(|call| call.pid == process.pid);
    match last.filter(|call| matches!(call.outcome, Outcome::Waiting { .. })) {
        Some(call) => Msg::BlockedIn { call: format!("{}()", abi::strace::name(&call.syscall)) },
        None => Msg::Running,
    }
}

/// The file of the program that a step of the recording is about.
pub(crate) fn acting(log: &Log, step: usize) -> Option<&str> {
    let program = match log.step(step)? {
        Step::Call(number) | Step::Settled(number) => log.call(number)?.program,
        Step::Began(pid) | Step::Signal(pid, _) | Step::Ended(pid) => {
            log.processes.iter().rev().find(|process| process.pid == pid)?.program
        }
        Step::Typed(program) => program,
    };
    Some(log.name(program))
}

#[cfg(test)]
mod tests {
    use super::*;
    use abi::{Pid, Syscall};
    use real::Note;
    use std::rc::Rc;

    #[test]
    fn a_program_stands_where_its_last_call_is_unless_its_text_has_changed() {
        let named = |name: &str, text: &str| Source {
            name: name.into(),
            text: text.into(),
            original: String::new(),
            breakpoints: Vec::new(),
        };
        let program = |file: &str, host| Program {
            file: file.into(),
            host,
            host_name: "h".into(),
            args: String::new(),
        };
        let mut log = Log::new(vec![("s.c".into(), "pause();".into())]);
        log.note(Note::Began { pid: Pid(7), parent: None, program: 0 });
        let (number, pid, syscall) = (1, Pid(7), Rc::new(Syscall::Pause));
        log.note(Note::Called { number, pid, tid: pid, syscall, line: Some(4) });
        let all = [program("s.c", 0), program("c.c", 1)];
        let mut sources = [named("s.c", "pause();"), named("c.c", "")];
        let views = programs(&log, &all, &sources, &[]);
        assert_eq!(views[0].places, [Place { line: 4, kind: "blocked" }]);
        assert_eq!(views[0].state, Some(Msg::BlockedIn { call: "pause()".into() }));
        assert_eq!(views[1].state, Some(Msg::NotStarted));
        assert_eq!(acting(&log, 2), Some("s.c"));
        sources[0].text.push(' ');
        assert_eq!(programs(&log, &all, &sources, &[])[0].places, []);
        log.note(Note::Ended { pid: Pid(7), status: 9 });
        let state = programs(&log, &all, &sources, &[])[0].state.clone();
        assert_eq!(state, Some(Msg::KilledBy { signal: "SIGKILL".into() }));
    }
}
