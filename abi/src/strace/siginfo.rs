//! `siginfo_t` as strace 6.1 prints it: who sent a signal, and what it tells.

use super::format::{pointer, signal_name};
use crate::consts::{self, table};
use crate::syscall::SigInfo;

/// A signal that was delivered: `--- SIGPIPE {si_signo=SIGPIPE, …} ---`.
pub fn signal(info: &SigInfo) -> String {
    format!("--- {} {} ---", signal_name(info.signal), siginfo(info))
}

/// `siginfo_t` of a signal or of a child.
pub(super) fn siginfo(info: &SigInfo) -> String {
    if info.signal == 0 {
        return "{}".to_owned();
    }
    let (name, code) = (signal_name(info.signal), code(info));
    format!("{{si_signo={name}, si_code={code}{}}}", fields(info))
}

fn is_fault(signal: i32) -> bool {
    [consts::SIGSEGV, consts::SIGBUS, consts::SIGFPE, consts::SIGILL].contains(&signal)
}

fn code(info: &SigInfo) -> String {
    let own = match info.signal {
        consts::SIGCHLD => table::CLD,
        consts::SIGIO => table::SI_POLL,
        consts::SIGSEGV => table::SEGV,
        consts::SIGBUS => table::BUS,
        consts::SIGFPE => table::FPE,
        _ => &[],
    };
    match consts::name(own, info.code).or(consts::name(table::SI, info.code)) {
        Some(name) => name.to_owned(),
        None => format!("{:#x}", info.code),
    }
}

fn fields(info: &SigInfo) -> String {
    let who = format!(", si_pid={}, si_uid={}", info.pid, info.uid);
    let int = info.value as i32;
    let word = match info.value {
        0 => String::new(),
        word => format!(", si_int={int}, si_ptr={}", pointer(word as u64)),
    };
    match (info.code, info.signal) {
        (consts::SI_USER | consts::SI_TKILL, _) => who,
        (consts::SI_TIMER, _) => {
            format!(", si_timerid={}, si_overrun={}{word}", info.pid, info.uid)
        }
        (consts::SI_SIGIO, _) => format!(", si_band={}, si_fd={int}", info.pid),
        (..0, _) => who + &word,
        (_, consts::SIGCHLD) => {
            let status = match info.code {
                consts::CLD_EXITED => int.to_string(),
                _ => signal_name(int),
            };
            format!("{who}, si_status={status}, si_utime=0, si_stime=0")
        }
        (_, signal) if is_fault(signal) => format!(", si_addr={}", pointer(info.address())),
        (consts::SI_KERNEL, _) => String::new(),
        (_, consts::SIGIO) => format!(", si_band={}, si_fd={int}", info.pid),
        _ if info.pid != 0 || info.uid != 0 => who + &word,
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seen with strace 6.1 on Linux 6.18.
    #[test]
    fn each_kind_of_signal_tells_what_strace_prints() {
        let told = [
            (13, consts::SI_USER, 27476, 0, 0, "SIGPIPE, si_code=SI_USER, si_pid=27476, si_uid=0"),
            (14, consts::SI_KERNEL, 0, 0, 0, "SIGALRM, si_code=SI_KERNEL"),
            (
                17,
                consts::CLD_KILLED,
                27478,
                0,
                15,
                "SIGCHLD, si_code=CLD_KILLED, si_pid=27478, si_uid=0, si_status=SIGTERM, \
                 si_utime=0, si_stime=0",
            ),
            (29, 1, 65, 0, 4, "SIGIO, si_code=POLL_IN, si_band=65, si_fd=4"),
            (17, consts::SI_SIGIO, 65, 0, 4, "SIGCHLD, si_code=SI_SIGIO, si_band=65, si_fd=4"),
            (37, 1, 65, 0, 4, "SIGRT_5, si_code=0x1, si_pid=65, si_uid=0, si_int=4, si_ptr=0x4"),
            (
                34,
                consts::SI_TIMER,
                0,
                0,
                9,
                "SIGRT_2, si_code=SI_TIMER, si_timerid=0, si_overrun=0, si_int=9, si_ptr=0x9",
            ),
            (11, consts::SEGV_MAPERR, 0, 0, 0, "SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL"),
            (11, 1, 0x2345_6789, 1, 0, "SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x123456789"),
        ];
        for (signal, code, pid, uid, value, text) in told {
            let info = SigInfo { signal, code, pid, uid, value };
            assert_eq!(siginfo(&info), format!("{{si_signo={text}}}"));
        }
    }
}
