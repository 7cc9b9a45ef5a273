//! A program of the page on real sockets: the machine runs here, this computer's kernel answers
//! its socket calls through the bridge. Terminal, time and the process's end are the page's.
//!
//! Missing: fork, threads, signals and files; a program that needs them is told so by name.
//! (`soquete run --on real` has them.)

use crate::bridge::Answer;
use crate::components::Ctx;
use crate::model::descriptors::{Table, Target};
use crate::real::{Program, Real, RealAction};
use abi::syscall::Timespec;
use abi::{Errno, Lang, Out, Pid, Reply, Syscall, consts};
use cc::{Machine, SharedMemory, Step, StopAt};
use wasm_bindgen_futures::JsFuture;

/// Instructions before the page gets its turn.
const FUEL: u64 = 2_000_000;
/// The only thread.
const MAIN: Pid = Pid(1);

/// Runs a program with host and port as its arguments.
pub(crate) fn run(ctx: &Ctx, real: &Real, program: usize, host: &str, port: &str) {
    let Some(source) = ctx.sources.get(program) else { return };
    let files = ctx.sources.iter().map(|s| (s.name.clone(), s.text.clone())).collect();
    let sources = cc::Sources { main: source.name.clone(), files };
    let Some(compiled) = cc::compile(&sources, cc::Target::Linux).program else {
        real.state.dispatch(RealAction::Program(Program::NotCompiled));
        return;
    };
    let args = [source.name.clone(), host.to_owned(), port.to_owned()];
    let machine = Machine::new(compiled, &args, &[], MAIN);
    let number = real.begin();
    real.state.dispatch(RealAction::Clear);
    real.state.dispatch(RealAction::Program(Program::Running));
    if let Some(bridge) = real.bridge() {
        bridge.capture();
    }
    let mut process = Process {
        real: real.clone(),
        number,
        machine,
        memory: SharedMemory::default(),
        table: Table::default(),
    };
    wasm_bindgen_futures::spawn_local(async move {
        let end = process.run().await;
        process.close_all().await;
        if process.real.wanted(process.number) {
            process.real.state.dispatch(RealAction::Program(end));
        }
    });
}

/// Stops it; a call under way is interrupted.
pub(crate) fn stop(real: &Real) {
    real.begin();
    if let Some(bridge) = real.bridge() {
        bridge.cancel_all();
    }
    real.state.dispatch(RealAction::Program(Program::Stopped));
}

struct Process {
    real: Real,
    number: u32,
    machine: Machine,
    memory: SharedMemory,
    table: Table,
}

/// What a call came to.
enum Came {
    Reply(Reply),
    End(Program),
}

impl Process {
    async fn run(&mut self) -> Program {
        loop {
            if !self.real.wanted(self.number) {
                return Program::Stopped;
            }
            let mut fuel = FUEL;
            match self.machine.step(MAIN, &mut fuel, &mut self.memory, StopAt::Syscall) {
                Step::Ran | Step::Statement => sleep_ms(0).await,
                Step::Faulted(fault) => {
                    return Program::Fault(Lang::ALL.map(|lang| fault.text(lang)));
                }
                Step::Syscall(call) => match self.make(call).await {
                    Came::Reply(reply) => self.machine.resume(MAIN, &reply, &mut self.memory),
                    Came::End(end) => return end,
                },
            }
        }
    }

    async fn make(&mut self, call: Syscall) -> Came {
        let ok = |ret| Came::Reply(Reply::ok(ret));
        match &call {
            Syscall::ExitGroup { status } => Came::End(Program::Exited(status & 0xff)),
            Syscall::Getpid | Syscall::Gettid => ok(i64::from(MAIN.0)),
            Syscall::Getppid => ok(0),
            Syscall::ClockGettime { .. } => {
                let out = Out::Time { time: timespec(js_sys::Date::now()) };
                Came::Reply(Reply::with(0, out))
            }
            Syscall::ClockNanosleep { request, .. } => {
                let time = request.value.unwrap_or_default();
                sleep_ms((time.sec * 1000 + time.nsec / 1_000_000) as i32).await;
                ok(0)
            }
            Syscall::Write { fd, buf } if self.table.get(*fd) == Some(Target::Terminal) => {
                let bytes = buf.bytes.clone().unwrap_or_default().0;
                let len = bytes.len() as i64;
                self.real.state.dispatch(RealAction::Output(fd.0, bytes));
                ok(len)
            }
            // Nobody types here: the end of the input.
            Syscall::Read { fd, .. } if self.table.get(*fd) == Some(Target::Terminal) => {
                Came::Reply(Reply::with(0, Out::Bytes { bytes: abi::Bytes::default() }))
            }
            Syscall::Fstat { fd, .. } if self.table.get(*fd) == Some(Target::Terminal) => {
                Came::Reply(Reply::with(0, Out::Stat { mode: 0o020_620, size: 0, inode: 1 }))
            }
            Syscall::Ioctl { fd, .. } if self.table.get(*fd) == Some(Target::Terminal) => ok(0),
            Syscall::Fcntl { fd, cmd, .. } if self.table.get(*fd) == Some(Target::Terminal) => {
                ok(if *cmd == consts::F_GETFL { i64::from(consts::O_RDWR) } else { 0 })
            }
            // perror(3) writes through a copy of standard error.
            Syscall::Dup { fd } if self.table.get(*fd) == Some(Target::Terminal) => {
                ok(i64::from(self.table.insert(Target::Terminal).0))
            }
            Syscall::RtSigaction { .. } | Syscall::RtSigprocmask { .. } | Syscall::SchedYield => {
                ok(0)
            }
            Syscall::Close { fd } => match self.table.get(*fd) {
                None => Came::Reply(Reply::err(Errno::EBADF)),
                Some(Target::Terminal) => {
                    self.table.close(*fd);
                    ok(0)
                }
                Some(Target::Handle(_)) => {
                    let fd = *fd;
                    let came = self.on_bridge(call).await;
                    self.table.close(fd);
                    came
                }
            },
            _ if is_of_sockets(&call) => self.on_bridge(call).await,
            _ => Came::End(Program::Unsupported(abi::strace::name(&call).to_owned())),
        }
    }

    async fn on_bridge(&mut self, call: Syscall) -> Came {
        let made = self.table.to_handles(call.clone());
        let table = &mut self.table;
        let seen = |reply| table.take_descriptors(&call, reply);
        match self.real.call(made, call.clone(), seen).await {
            Answer::Done { reply, .. } => Came::Reply(reply),
            // The bridge's refusal is no answer of a kernel: the program ends here.
            Answer::Denied { .. } | Answer::Lost(_) => Came::End(Program::Stopped),
        }
    }

    /// The kernel closes what a process leaves open.
    async fn close_all(&mut self) {
        for fd in 0..1024 {
            let fd = abi::Fd(fd);
            if let Some(Target::Handle(handle)) = self.table.close(fd)
                && let Some(bridge) = self.real.bridge()
            {
                bridge.call(Syscall::Close { fd: handle }, true).await;
            }
        }
    }
}

fn is_of_sockets(call: &Syscall) -> bool {
    matches!(
        call,
        Syscall::Socket { .. }
            | Syscall::Socketpair { .. }
            | Syscall::Bind { .. }
            | Syscall::Listen { .. }
            | Syscall::Accept { .. }
            | Syscall::Accept4 { .. }
            | Syscall::Connect { .. }
            | Syscall::Sendto { .. }
            | Syscall::Recvfrom { .. }
            | Syscall::Sendmsg { .. }
            | Syscall::Recvmsg { .. }
            | Syscall::Shutdown { .. }
            | Syscall::Getsockname { .. }
            | Syscall::Getpeername { .. }
            | Syscall::Setsockopt { .. }
            | Syscall::Getsockopt { .. }
            | Syscall::Poll { .. }
            | Syscall::Select { .. }
            | Syscall::Read { .. }
            | Syscall::Write { .. }
            | Syscall::Readv { .. }
            | Syscall::Writev { .. }
            | Syscall::Dup { .. }
            | Syscall::Fcntl { .. }
            | Syscall::Ioctl { .. }
            | Syscall::Getaddrinfo { .. }
            | Syscall::Getnameinfo { .. }
    )
}

fn timespec(ms: f64) -> Timespec {
    Timespec { sec: (ms / 1e3) as i64, nsec: ((ms % 1e3) * 1e6) as i64 }
}

async fn sleep_ms(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // A timer with a function is always accepted.
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
        }
    });
    // A promise that is only resolved cannot fail.
    let _ = JsFuture::from(promise).await;
}
