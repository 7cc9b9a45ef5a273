//! `shmctl(2)`, `semctl(2)`, `msgctl(2)` as strace 6.1 prints them.

use super::format::{deref, octal, pointer, value};
use crate::consts::{self, table};
use crate::syscall::{IpcStat, Ptr};
use crate::{Out, Reply};

/// Command and structure of `shmctl`.
pub(super) fn shm(cmd: i32, buf: &Ptr<IpcStat>, reply: &Reply) -> String {
    control("shm", cmd, "SHM_???", buf, reply, |it| {
        let ([attached, detached, changed], [maker, user]) = (it.times, it.pids);
        format!(
            "shm_segsz={}, shm_cpid={maker}, shm_lpid={user}, shm_nattch={}, shm_atime={attached}, \
             shm_dtime={detached}, shm_ctime={changed}",
            it.size, it.count
        )
    })
}

/// Command and structure of `msgctl`.
pub(super) fn msg(cmd: i32, buf: &Ptr<IpcStat>, reply: &Reply) -> String {
    control("msg", cmd, "MSG_???", buf, reply, |it| {
        let ([sent, received, changed], [sender, receiver]) = (it.times, it.pids);
        format!(
            "msg_stime={sent}, msg_rtime={received}, msg_ctime={changed}, msg_qnum={}, \
             msg_qbytes={}, msg_lspid={sender}, msg_lrpid={receiver}",
            it.count, it.size
        )
    })
}

/// Command and structure of `semctl`, where it has one.
pub(super) fn sem(cmd: i32, arg: i32, buf: &Ptr<IpcStat>, reply: &Reply) -> String {
    match (consts::name(table::SEM_CMD, cmd), cmd) {
        (Some(name), consts::SETVAL) if arg != 0 => format!("{name}, {arg:#x}"),
        (Some(name), consts::GETALL) => format!("{name}, {}", pointer(buf.at)),
        (Some(name), _) => format!("{name}, NULL"),
        (None, _) => control("sem", cmd, "SEM_???", buf, reply, |it| {
            let [operated, _, changed] = it.times;
            format!("sem_otime={operated}, sem_ctime={changed}, sem_nsems={}", it.count)
        }),
    }
}

fn control(
    kind: &str,
    cmd: i32,
    unknown: &str,
    buf: &Ptr<IpcStat>,
    reply: &Reply,
    rest: impl Fn(&IpcStat) -> String,
) -> String {
    let owner =
        |it: &IpcStat| format!("uid={}, gid={}, mode={}", it.owner.0, it.owner.1, octal(it.mode));
    let shown = match (&reply.out, cmd) {
        (Out::IpcStat { stat: it }, _) => format!(
            "{{{kind}_perm={{{}, key={}, cuid={}, cgid={}}}, {}}}",
            owner(it),
            it.key,
            it.maker.0,
            it.maker.1,
            rest(it)
        ),
        (_, consts::IPC_SET) => deref(buf, |it| {
            let size =
                if kind == "msg" { format!(", msg_qbytes={}", it.size) } else { String::new() };
            format!("{{{kind}_perm={{{}}}{size}}}", owner(it))
        }),
        _ => pointer(buf.at),
    };
    format!("{}, {shown}", value(table::IPC_CMD, cmd, unknown))
}
