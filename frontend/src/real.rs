//! Real sockets: the session with the bridge, the log of a run, the console's calls.

use crate::bridge::{self, Bridge, Captured, Event, Status};
use crate::model::real_log::{Call, Done, Log, Outcome};
use crate::model::real_plan::Setup;
use crate::model::shared;
use crate::real_run::Running;
use abi::message::TcpInfo;
use abi::{Fd, Pid, Syscall};
use real::{Answer, Note};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// Packets that are kept.
const PACKETS_MAX: usize = 5000;

/// How the programs on real sockets are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Program {
    /// None was started.
    Idle,
    Running,
    /// All have ended.
    Over,
    /// A person stopped them.
    Stopped,
    /// The connection went away under them.
    Cut,
    NotCompiled,
}

/// Everything about real sockets.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct RealState {
    pub(crate) status: Status,
    pub(crate) log: Log,
    pub(crate) packets: Vec<Rc<Captured>>,
    pub(crate) program: Program,
    /// Programs that wait for somebody to type.
    pub(crate) reading: Vec<usize>,
    /// The step of the recording that is shown; `None`: the newest, whatever comes.
    pub(crate) at: Option<usize>,
    /// The recording is being played.
    pub(crate) playing: bool,
    /// What is filled in about the other end.
    pub(crate) setup: Setup,
    /// Calls made by hand: whether simulated, the call.
    pub(crate) console: Vec<(bool, Rc<Call>)>,
}

/// What happens to it.
pub(crate) enum RealAction {
    Status(Status),
    /// A run of these programs begins: names and texts.
    Began(Vec<(String, String)>),
    Setup(Setup),
    /// To a step of the recording.
    Go(usize),
    Play(bool),
    /// What happened to it; who waits for input.
    Notes(Vec<Note>, Vec<usize>),
    /// A call of a program is made: the bridge's number, the program's, and where the socket is
    /// one, its handle and descriptor.
    Made {
        id: u64,
        number: u64,
        socket: Option<(Fd, Fd)>,
    },
    Sample(Fd, u64, TcpInfo),
    Blocked(u64, u64),
    Packet(Captured),
    Dropped(u64),
    Typed(usize, Vec<u8>),
    Program(Program),
    /// What was kept over a reload.
    Restored(Box<Kept>),
    /// A call made by hand, and what came of it.
    Console(bool, u64, Syscall, Option<Outcome>),
}

/// What of it a reload of the tab does not lose: everything but the connection, and the console,
/// whose descriptors end with it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Kept {
    setup: Setup,
    log: Log,
    #[serde(with = "shared::list")]
    packets: Vec<Rc<Captured>>,
    program: Program,
    at: Option<usize>,
}

impl Kept {
    /// What there is to keep; a run that goes on is cut by the reload.
    pub(crate) fn of(state: &RealState) -> Kept {
        let RealState { setup, log, packets, program, at, .. } = state.clone();
        let program = if program == Program::Running { Program::Cut } else { program };
        Kept { setup, log, packets, program, at }
    }
}

impl Default for RealState {
    fn default() -> RealState {
        RealState {
            status: Status::None,
            log: Log::default(),
            packets: Vec::new(),
            program: Program::Idle,
            reading: Vec::new(),
            at: None,
            playing: false,
            setup: Setup::default(),
            console: Vec::new(),
        }
    }
}

impl RealState {
    /// The step that is shown.
    pub(crate) fn step(&self) -> usize {
        self.at.unwrap_or(self.log.span().1)
    }

    /// The log as it was at the step that is shown.
    pub(crate) fn shown(&self) -> Cow<'_, Log> {
        self.at.map_or(Cow::Borrowed(&self.log), |step| Cow::Owned(self.log.at(step)))
    }

    /// The packets that had been captured at the step that is shown.
    pub(crate) fn packets_until(&self) -> &[Rc<Captured>] {
        let until = self.at.map_or(Some(u64::MAX), |step| self.log.time_ns(step)).unwrap_or(0);
        &self.packets[..self.packets.partition_point(|packet| packet.at_ns <= until)]
    }

    /// The newest step is where new ones are awaited.
    fn go(&mut self, step: usize) {
        let (first, newest) = self.log.span();
        self.at = (step < newest).then_some(step.max(first));
        self.playing &= self.at.is_some();
    }
}

impl Reducible for RealState {
    type Action = RealAction;

    fn reduce(self: Rc<Self>, action: RealAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            RealAction::Status(status) => {
                if matches!(status, Status::Lost(_)) && next.program == Program::Running {
                    next.program = Program::Cut;
                    next.reading.clear();
                }
                next.status = status;
            }
            RealAction::Setup(setup) => next.setup = setup,
            RealAction::Go(step) => next.go(step),
            RealAction::Play(playing) => {
                // Playing at the end starts again, as every player does.
                if playing && next.at.is_none() {
                    next.go(0);
                }
                next.playing = playing && next.at.is_some();
            }
            RealAction::Began(programs) => {
                next.log = Log::new(programs);
                (next.at, next.playing) = (None, false);
                next.packets.clear();
                next.program = Program::Running;
                next.reading.clear();
            }
            RealAction::Notes(notes, reading) => {
                notes.into_iter().for_each(|note| next.log.note(note));
                next.reading = reading;
            }
            RealAction::Made { id, number, socket } => {
                next.log.ids.insert(id, number);
                if let Some((handle, fd)) = socket {
                    next.log.owner(handle, number, fd);
                }
            }
            RealAction::Sample(handle, at_ns, info) => next.log.sample(handle, at_ns, info),
            RealAction::Blocked(id, at_ns) => next.log.blocked(id, at_ns),
            RealAction::Packet(packet) if next.packets.len() >= PACKETS_MAX => {
                // Counted with what the bridge dropped: it is not shown either.
                drop(packet);
                next.log.dropped += 1;
            }
            RealAction::Packet(packet) => next.packets.push(Rc::new(packet)),
            RealAction::Dropped(messages) => next.log.dropped = messages,
            RealAction::Typed(program, bytes) => next.log.wrote(program, 0, bytes),
            RealAction::Program(program) => {
                next.program = program;
                next.reading.clear();
            }
            RealAction::Restored(kept) => {
                let Kept { setup, log, packets, program, at } = *kept;
                next = RealState { setup, log, packets, program, at, ..next };
            }
            RealAction::Console(simulated, number, syscall, outcome) => {
                let outcome = outcome.unwrap_or(Outcome::Waiting { blocked: None });
                let known = |(_, call): &&mut (bool, Rc<Call>)| call.number == number;
                match next.console.iter_mut().find(known) {
                    Some((_, call)) => Rc::make_mut(call).outcome = outcome,
                    None => {
                        let call = Call::new(number, Pid(0), Pid(0), Rc::new(syscall));
                        next.console.push((simulated, Rc::new(Call { outcome, ..call })));
                    }
                }
            }
        }
        Rc::new(next)
    }
}

/// The state of real sockets and the session, for every component.
#[derive(Clone, PartialEq)]
pub(crate) struct Real {
    pub(crate) state: UseReducerHandle<RealState>,
    session: Session,
}

/// The connection, the secret and the run, which live as long as the page.
#[derive(Clone)]
struct Session(Rc<RefCell<Connection>>);

#[derive(Default)]
struct Connection {
    token: Option<String>,
    bridge: Option<Bridge>,
    running: Option<Rc<Running>>,
    /// The last call made by hand.
    by_hand: u64,
}

impl PartialEq for Session {
    fn eq(&self, other: &Session) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Sets up the session; connects when the page's link carries a secret.
#[hook]
pub(crate) fn use_real() -> Real {
    let state = use_reducer(RealState::default);
    let session = use_memo((), |()| {
        let connection = Connection { token: bridge::take_token(), ..Connection::default() };
        Session(Rc::new(RefCell::new(connection)))
    });
    let real = Real { state, session: (*session).clone() };
    use_effect_with((), {
        let real = real.clone();
        // The first run comes before the bridge.
        move |()| crate::late::with_it(move || real.connect())
    });
    real
}

impl Real {
    /// Connects, or finds out why that is not possible.
    pub(crate) fn connect(&self) {
        // What is framed by somebody's page never speaks to a bridge.
        if crate::prefs::embedded() {
            return;
        }
        let token = self.session.0.borrow().token.clone();
        let state = self.state.dispatcher();
        let Some(token) = token else {
            spawn_local(async move {
                let status =
                    if bridge::is_served().await { Status::BadToken } else { Status::None };
                state.dispatch(RealAction::Status(status));
            });
            return;
        };
        let bridge = Bridge::connect(&token, move |event| {
            if let Event::Status(Status::BadToken) = event {
                // Nothing was opened: refused, or nobody is there.
                let state = state.clone();
                spawn_local(async move {
                    let gone = Status::Lost(String::new());
                    let status = if bridge::is_served().await { Status::BadToken } else { gone };
                    state.dispatch(RealAction::Status(status));
                });
                return;
            }
            state.dispatch(match event {
                Event::Status(status) => RealAction::Status(status),
                Event::Packet(packet) => RealAction::Packet(packet),
                Event::Blocked(id, at_ns) => RealAction::Blocked(id, at_ns),
                Event::Tcp(fd, at_ns, info) => RealAction::Sample(fd, at_ns, *info),
                Event::Dropped(messages) => RealAction::Dropped(messages),
            });
        });
        self.session.0.borrow_mut().bridge = bridge;
    }

    /// Connects with the secret of a link that a person pasted; whether there is one in it.
    pub(crate) fn connect_with(&self, link: &str) -> bool {
        let token = bridge::token_of(link);
        let good = token.is_some();
        if good {
            self.session.0.borrow_mut().token = token;
            self.connect();
        }
        good
    }

    /// Whether calls can be made.
    pub(crate) fn ready(&self) -> bool {
        matches!(self.state.status, Status::Ready { .. })
    }

    /// To a step of the recording.
    pub(crate) fn go(&self, step: usize) {
        self.state.dispatch(RealAction::Go(step));
    }

    /// The next step of the recording, or the one before.
    pub(crate) fn step(&self, forward: bool) {
        let now = self.state.step();
        self.state.dispatch(RealAction::Play(false));
        self.go(if forward { now + 1 } else { now.saturating_sub(1) });
    }

    /// The recording's first or newest step.
    pub(crate) fn ends(&self, end: bool) {
        self.state.dispatch(RealAction::Play(false));
        self.go(if end { usize::MAX } else { 0 });
    }

    /// Plays the recording, or stops.
    pub(crate) fn play(&self) {
        self.state.dispatch(RealAction::Play(!self.state.playing));
    }

    /// The session, if there is one.
    pub(crate) fn bridge(&self) -> Option<Bridge> {
        self.session.0.borrow().bridge.clone()
    }

    /// Replaces the run; the one before, if there is one, is stopped.
    pub(crate) fn set_running(&self, running: Rc<Running>) {
        let before = self.session.0.borrow_mut().running.replace(running);
        if let Some(before) = before {
            before.stop();
        }
    }

    /// The run.
    pub(crate) fn running(&self) -> Option<Rc<Running>> {
        self.session.0.borrow().running.clone()
    }

    /// A number for a call made by hand.
    pub(crate) fn by_hand(&self) -> u64 {
        let mut connection = self.session.0.borrow_mut();
        connection.by_hand += 1;
        connection.by_hand
    }

    /// Makes one call by hand on real sockets; descriptors are the session's handles.
    pub(crate) fn call_by_hand(&self, syscall: Syscall) {
        let Some(bridge) = self.bridge() else { return };
        let (number, state) = (self.by_hand(), self.state.dispatcher());
        state.dispatch(RealAction::Console(false, number, syscall.clone(), None));
        spawn_local(async move {
            let outcome = match bridge.call(syscall.clone(), true).await {
                Answer::Done(reply, measured) => {
                    Outcome::Done(Box::new(Done { reply, measured: Some(measured) }))
                }
                Answer::Denied { rule, detail } => Outcome::Denied { rule, detail },
                Answer::Lost(detail) => Outcome::Lost(detail),
            };
            state.dispatch(RealAction::Console(false, number, syscall, Some(outcome)));
        });
    }
}
