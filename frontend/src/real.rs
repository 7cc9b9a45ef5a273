//! Real sockets: the session with the bridge, the log of calls, the running program.
//!
//! The log outlives the connection: what was measured stays on the screen.

use crate::bridge::{self, Answer, Bridge, Captured, Status};
use abi::Syscall;
use abi::message::{KernelStep, TcpInfo};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// A call on real sockets.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct RealCall {
    pub(crate) id: u64,
    pub(crate) syscall: Syscall,
    pub(crate) outcome: Outcome,
}

/// What is known of it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Outcome {
    /// Handed over; no answer yet.
    Waiting,
    /// Answered; boxed because it is much larger than the others.
    Done(Box<Done>),
    Denied {
        rule: String,
        detail: String,
    },
    Lost(String),
}

/// The kernel's answer with its times, nanoseconds since the session began.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Done {
    pub(crate) reply: abi::Reply,
    pub(crate) start_ns: u64,
    pub(crate) duration_ns: u64,
    pub(crate) steps: Vec<KernelStep>,
    pub(crate) tcp: Option<Box<TcpInfo>>,
}

/// How the program on real sockets is.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Program {
    Idle,
    Running,
    Exited(i32),
    Fault([String; 2]),
    Unsupported(String),
    NotCompiled,
    Stopped,
}

/// Everything about real sockets.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct RealState {
    pub(crate) status: Status,
    pub(crate) calls: Vec<RealCall>,
    pub(crate) packets: Vec<Captured>,
    /// What the program wrote: descriptor and bytes.
    pub(crate) output: Vec<(i32, Vec<u8>)>,
    pub(crate) program: Program,
}

/// What happens to it.
pub(crate) enum RealAction {
    Status(Status),
    Clear,
    Called(u64, Syscall),
    Answered(u64, Answer),
    Packet(Captured),
    Output(i32, Vec<u8>),
    Program(Program),
}

impl Default for RealState {
    fn default() -> RealState {
        RealState {
            status: Status::None,
            calls: Vec::new(),
            packets: Vec::new(),
            output: Vec::new(),
            program: Program::Idle,
        }
    }
}

impl Reducible for RealState {
    type Action = RealAction;

    fn reduce(self: Rc<Self>, action: RealAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            RealAction::Status(status) => next.status = status,
            RealAction::Clear => {
                next = RealState { status: next.status, ..RealState::default() };
            }
            RealAction::Called(id, syscall) => {
                next.calls.push(RealCall { id, syscall, outcome: Outcome::Waiting });
            }
            RealAction::Answered(id, answer) => {
                if let Some(call) = next.calls.iter_mut().rev().find(|call| call.id == id) {
                    call.outcome = outcome(answer);
                }
            }
            RealAction::Packet(packet) => next.packets.push(packet),
            RealAction::Output(fd, bytes) => next.output.push((fd, bytes)),
            RealAction::Program(program) => next.program = program,
        }
        Rc::new(next)
    }
}

fn outcome(answer: Answer) -> Outcome {
    match answer {
        Answer::Done { reply, start_ns, duration_ns, steps, tcp } => {
            Outcome::Done(Box::new(Done { reply, start_ns, duration_ns, steps, tcp }))
        }
        Answer::Denied { rule, detail } => Outcome::Denied { rule, detail },
        Answer::Lost(detail) => Outcome::Lost(detail),
    }
}

/// The state of real sockets and the session, for every component.
#[derive(Clone, PartialEq)]
pub(crate) struct Real {
    pub(crate) state: UseReducerHandle<RealState>,
    session: Session,
}

/// The connection and the secret, which live as long as the page.
#[derive(Clone)]
struct Session(Rc<RefCell<Connection>>);

#[derive(Default)]
struct Connection {
    token: Option<String>,
    bridge: Option<Bridge>,
    /// Raised to make a running program stop at its next call.
    run: u32,
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
        move |()| real.connect()
    });
    real
}

impl Real {
    /// Connects, or finds out why that is not possible.
    pub(crate) fn connect(&self) {
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
        let packets = self.state.dispatcher();
        let bridge = Bridge::connect(
            &token,
            move |status| state.dispatch(RealAction::Status(status)),
            move |packet| packets.dispatch(RealAction::Packet(packet)),
        );
        self.session.0.borrow_mut().bridge = bridge;
    }

    /// Whether calls can be made.
    pub(crate) fn ready(&self) -> bool {
        matches!(self.state.status, Status::Ready { .. })
    }

    /// The session, if there is one.
    pub(crate) fn bridge(&self) -> Option<Bridge> {
        self.session.0.borrow().bridge.clone()
    }

    /// Begins a run and gives its number; an older run notices at its next call.
    pub(crate) fn begin(&self) -> u32 {
        let mut connection = self.session.0.borrow_mut();
        connection.run += 1;
        connection.run
    }

    /// Whether this run is still the one that is wanted.
    pub(crate) fn wanted(&self, run: u32) -> bool {
        self.session.0.borrow().run == run
    }

    /// Makes one call and records it; `shown` is the call as the program made it and `seen` makes
    /// the answer what the program sees, where its descriptors have other numbers.
    pub(crate) async fn call(
        &self,
        syscall: Syscall,
        shown: Syscall,
        seen: impl FnOnce(abi::Reply) -> abi::Reply,
    ) -> Answer {
        let Some(bridge) = self.bridge() else { return Answer::Lost(String::new()) };
        let id = bridge.next_id();
        self.state.dispatch(RealAction::Called(id, shown));
        let answer = match bridge.call(syscall, true).await {
            Answer::Done { reply, start_ns, duration_ns, steps, tcp } => {
                Answer::Done { reply: seen(reply), start_ns, duration_ns, steps, tcp }
            }
            other => other,
        };
        self.state.dispatch(RealAction::Answered(id, answer.clone()));
        answer
    }
}
