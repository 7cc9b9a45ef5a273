//! Clocks and sleeping: `clock_gettime`, `clock_nanosleep`.

use super::{Answer, nanoseconds, timespec};
use crate::kernel::process::Pending;
use crate::kernel::wait::{Reason, WaitFor};
use crate::kernel::{Env, Host, Me, Outcome};
use abi::syscall::Timespec;
use abi::{Errno, Out, Ptr, Reply, consts};

/// `CLOCK_TAI` is the last one that exists.
const CLOCKS: i32 = 12;

impl Host {
    fn clock(&self, env: &Env, me: Me, clock: i32) -> Result<Timespec, Errno> {
        match clock {
            consts::CLOCK_REALTIME | consts::CLOCK_REALTIME_COARSE => {
                let (sec, nsec) = self.wall_clock(env.now_ns);
                Ok(Timespec { sec, nsec })
            }
            consts::CLOCK_PROCESS_CPUTIME_ID | consts::CLOCK_THREAD_CPUTIME_ID => {
                Ok(timespec(self.process(me.pid).cpu_ns.0))
            }
            0..CLOCKS => Ok(timespec(env.now_ns)),
            _ => Err(Errno::EINVAL),
        }
    }

    /// clock_gettime(2)
    pub(super) fn clock_gettime(&mut self, env: &Env, me: Me, clock: i32) -> Answer {
        Ok(Reply::with(0, Out::Time { time: self.clock(env, me, clock)? }))
    }

    /// clock_nanosleep(2)
    #[allow(clippy::too_many_arguments)] // a call's whole context
    pub(super) fn clock_nanosleep(
        &mut self,
        env: &Env,
        me: Me,
        clock: i32,
        flags: i32,
        request: Ptr<Timespec>,
        pending: &mut Pending,
        timed_out: bool,
    ) -> Outcome {
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        if timed_out {
            return Outcome::Done(Reply::ok(0));
        }
        // A thread's own processor time is no clock to sleep by.
        if clock == consts::CLOCK_THREAD_CPUTIME_ID {
            return refuse(Errno::EINVAL);
        }
        if let Err(errno) = self.clock(env, me, clock) {
            return refuse(errno);
        }
        let Some(request) = request.value else { return refuse(Errno::EFAULT) };
        let wanted = match nanoseconds(request) {
            Ok(ns) => ns,
            Err(errno) => return refuse(errno),
        };
        let deadline = if flags & consts::TIMER_ABSTIME != 0 {
            match clock {
                consts::CLOCK_REALTIME => super::timers::from_wall(self, env.now_ns, wanted),
                _ => wanted,
            }
        } else {
            pending.started_ns.saturating_add(wanted)
        };
        if deadline <= env.now_ns {
            return Outcome::Done(Reply::ok(0));
        }
        pending.deadline_ns = Some(deadline);
        Outcome::Wait(WaitFor::until(Reason::Time, Some(deadline)))
    }
}
