//! Programs of the page on real sockets: drives the crate `real` through the bridge.
//!
//! The machines run here; this computer's kernel answers the calls on sockets. Files live in the
//! page's memory until the run ends.

use crate::bridge::Bridge;
use crate::components::Ctx;
use crate::model::real_plan::Planned;
use crate::real::{Program, Real, RealAction, RealState};
use abi::{Syscall, consts};
use real::{Answer, Now, Order, Run, Start, Surroundings, When};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::prelude::*;
use yew::UseReducerDispatcher;

/// Instructions before the page gets its turn: a few milliseconds.
const FUEL: u64 = 300_000;
/// Milliseconds between two looks at a TCP socket's counters.
const WATCH_MS: u32 = 50;
/// The number of the first process: what is seen is not one of this computer's.
const FIRST_PID: i32 = 1001;

/// Starts programs.
pub(crate) fn start(ctx: &Ctx, real: &Real, planned: &[Planned]) {
    let state = real.state.dispatcher();
    let Some(bridge) = real.bridge() else { return };
    let files: BTreeMap<String, String> =
        ctx.sources.iter().map(|s| (s.name.clone(), s.text.clone())).collect();
    let mut starts = Vec::new();
    for plan in planned {
        let sources = cc::Sources { main: plan.file.clone(), files: files.clone() };
        let Some(program) = cc::compile(&sources, cc::Target::Linux).program else {
            state.dispatch(RealAction::Program(Program::NotCompiled));
            return;
        };
        let args = std::iter::once(plan.file.clone()).chain(plan.args.iter().cloned()).collect();
        let (env, stdin) = (Vec::new(), (Vec::new(), false));
        starts.push(Start { program, args, env, stdin, when: When::AfterOthers });
    }
    let running = Rc::new(Running {
        programs: starts.len(),
        run: RefCell::new(Run::new(starts, surroundings(&real.state), Box::new(()))),
        bridge: bridge.clone(),
        state: state.clone(),
        ids: RefCell::default(),
        wake: Wake::default(),
        shown: Cell::new(true),
    });
    real.set_running(running.clone());
    let text = |file: &String| files.get(file).cloned().unwrap_or_default();
    let began = planned.iter().map(|plan| (plan.file.clone(), text(&plan.file)));
    state.dispatch(RealAction::Began(began.collect()));
    bridge.capture();
    wasm_bindgen_futures::spawn_local(async move { running.drive().await });
}

/// What `uname` says: the bridge's kernel, on a computer without a name.
fn surroundings(state: &RealState) -> Surroundings {
    let kernel = match &state.status {
        crate::bridge::Status::Ready { kernel, .. } => kernel.as_str(),
        _ => "",
    };
    let (system, release) = kernel.split_once(' ').unwrap_or(("Linux", ""));
    let uname = [system, "localhost", release, "", "x86_64"].map(str::to_owned);
    Surroundings { first_pid: FIRST_PID, ids: (1000, 1000), uname, cwd: b"/".to_vec() }
}

/// Programs that run, or have run.
pub(crate) struct Running {
    run: RefCell<Run>,
    programs: usize,
    bridge: Bridge,
    state: UseReducerDispatcher<RealState>,
    /// The bridge's numbers of the orders that are under way.
    ids: RefCell<BTreeMap<u64, u64>>,
    wake: Wake,
    /// Nobody stopped it: what happens is shown.
    shown: Cell<bool>,
}

impl Running {
    /// Runs everything to its end.
    async fn drive(self: &Rc<Self>) {
        loop {
            let (more, notes, orders) = {
                let mut run = self.run.borrow_mut();
                let more = run.advance(now(), FUEL);
                (more, run.take_notes(), run.take_orders())
            };
            let reads = |program: &usize| self.run.borrow().reads_terminal(*program);
            let reading = (0..self.programs).filter(reads).collect();
            if self.shown.get() && (!notes.is_empty() || !more) {
                self.state.dispatch(RealAction::Notes(notes, reading));
            }
            for order in orders {
                self.make(order);
            }
            if self.run.borrow().is_over() {
                break;
            }
            let deadline = match more {
                true => Some(0.0),
                false => self.run.borrow().next_deadline().map(|at| (at as f64 / 1e6) - clock_ms()),
            };
            self.wake.wait(deadline).await;
        }
        if self.shown.get() {
            self.state.dispatch(RealAction::Program(Program::Over));
        }
    }

    fn make(self: &Rc<Self>, order: Order) {
        let (ticket, number, call) = match order {
            Order::Call { ticket, number, call } => (ticket, number, call),
            Order::Cancel { ticket } => {
                if let Some(id) = self.ids.borrow().get(&ticket) {
                    self.bridge.cancel(*id);
                }
                return;
            }
        };
        let id = self.bridge.next_id();
        self.ids.borrow_mut().insert(ticket, id);
        if let Some(number) = number.filter(|_| self.shown.get()) {
            let socket = self.socket_of(&call, number);
            self.state.dispatch(RealAction::Made { id, number, socket });
        }
        let this = self.clone();
        let answer = self.bridge.call(call.clone(), true);
        wasm_bindgen_futures::spawn_local(async move {
            let answer = answer.await;
            this.ids.borrow_mut().remove(&ticket);
            this.measured(&call, &answer);
            this.run.borrow_mut().answer(ticket, answer);
            this.wake.wake();
        });
    }

    /// The handle that a call is about, and the program's descriptor for it.
    fn socket_of(&self, call: &Syscall, number: u64) -> Option<(abi::Fd, abi::Fd)> {
        let handle = real::descriptor(call)?;
        let fd = self.run.borrow().caller_descriptor(number)?;
        Some((handle, fd))
    }

    /// The counters that came with an answer; from a connection on they are watched.
    fn measured(&self, call: &Syscall, answer: &Answer) {
        let Answer::Done(reply, measured) = answer else { return };
        let Some(tcp) = &measured.tcp else { return };
        let connection = match (call, reply.ret) {
            (Syscall::Connect { fd, .. }, Ok(_)) => Some(*fd),
            (Syscall::Accept { .. } | Syscall::Accept4 { .. }, Ok(handle)) => {
                i32::try_from(handle).ok().map(abi::Fd)
            }
            _ => None,
        };
        if let Some(fd) = connection {
            self.bridge.watch(fd, WATCH_MS);
        }
        // A listener's counters are those of its queue, not of a connection.
        if let Some(handle) =
            real::descriptor(call).filter(|_| tcp.state != "LISTEN" && tcp.state != "CLOSE")
        {
            let at_ns = measured.start_ns + measured.duration_ns;
            self.state.dispatch(RealAction::Sample(handle, at_ns, (**tcp).clone()));
        }
    }

    /// A line for a program's terminal.
    pub(crate) fn type_line(&self, program: usize, line: &str) {
        let bytes = format!("{line}\n").into_bytes();
        self.state.dispatch(RealAction::Typed(program, bytes.clone()));
        self.run.borrow_mut().type_in(program, &bytes);
        self.wake.wake();
    }

    /// The end of a program's input.
    pub(crate) fn end_input(&self, program: usize) {
        self.run.borrow_mut().end_input(program);
        self.wake.wake();
    }

    /// `SIGINT` for every program, as Ctrl+C.
    pub(crate) fn interrupt(&self) {
        let mut run = self.run.borrow_mut();
        (0..self.programs).for_each(|program| run.interrupt(program, consts::SIGINT));
        drop(run);
        self.wake.wake();
    }

    /// Ends everything at once; what is open is closed.
    pub(crate) fn stop(&self) {
        if self.run.borrow().is_over() {
            return;
        }
        self.run.borrow_mut().stop();
        let notes = self.run.borrow_mut().take_notes();
        if self.shown.replace(false) {
            self.state.dispatch(RealAction::Notes(notes, Vec::new()));
            self.state.dispatch(RealAction::Program(Program::Stopped));
        }
        self.wake.wake();
    }
}

/// Lets the run sleep until something comes.
#[derive(Default)]
struct Wake {
    called: Rc<Cell<bool>>,
    waker: Rc<RefCell<Option<Waker>>>,
}

impl Wake {
    fn wake(&self) {
        wake(&self.called, &self.waker);
    }

    /// Until [`Wake::wake`], or so many milliseconds.
    async fn wait(&self, after_ms: Option<f64>) {
        let (called, waker) = (self.called.clone(), self.waker.clone());
        let rings = Closure::<dyn FnMut()>::new(move || wake(&called, &waker));
        let timer = after_ms.and_then(|ms| {
            let window = web_sys::window()?;
            let ms = ms.clamp(0.0, f64::from(i32::MAX)).ceil() as i32;
            let set = window.set_timeout_with_callback_and_timeout_and_arguments_0(
                rings.as_ref().unchecked_ref(),
                ms,
            );
            set.ok()
        });
        std::future::poll_fn(|context| {
            if self.called.replace(false) {
                return Poll::Ready(());
            }
            *self.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
        if let (Some(timer), Some(window)) = (timer, web_sys::window()) {
            window.clear_timeout_with_handle(timer);
        }
    }
}

fn wake(called: &Cell<bool>, waker: &RefCell<Option<Waker>>) {
    called.set(true);
    let waker = waker.borrow_mut().take();
    if let Some(waker) = waker {
        waker.wake();
    }
}

fn clock_ms() -> f64 {
    let performance = web_sys::window().and_then(|window| window.performance());
    performance.map_or(0.0, |performance| performance.now())
}

fn now() -> Now {
    let ns = |ms: f64| (ms * 1e6) as u64;
    Now { mono_ns: ns(clock_ms()), real_ns: ns(js_sys::Date::now()) }
}
