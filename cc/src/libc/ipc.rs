//! The structures of `shmctl(2)`, `semctl(2)` and `msgctl(2)`, byte by byte (x86-64, glibc).

use crate::intrinsics::{Env, Trap};
use abi::consts;
use abi::syscall::{IpcStat, Ptr};

/// Which of the three.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Shm,
    Sem,
    Msg,
}

/// What the kernel finds behind the pointer of a `…ctl`: only `IPC_SET` reads it.
pub(super) fn buffer(env: &Env<'_>, kind: Kind, cmd: u64, at: u64) -> Result<Ptr<IpcStat>, Trap> {
    if !env.out_ptr(at).ok {
        return Ok(Ptr { at, value: None });
    }
    let mut stat = IpcStat::default();
    if cmd as i32 == consts::IPC_SET {
        stat.owner = (env.u32(at + 4)?, env.u32(at + 8)?);
        stat.mode = env.u32(at + 20)?;
        if kind == Kind::Msg {
            stat.size = env.u64(at + 88)?;
        }
    }
    Ok(Ptr { at, value: Some(stat) })
}

/// The whole structure.
pub(super) fn bytes(kind: Kind, stat: &IpcStat) -> Vec<u8> {
    let mut bytes = vec![0; [112, 104, 120][kind as usize]];
    let mut half = |at: usize, value: u32| bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    half(0, stat.key as u32);
    half(4, stat.owner.0);
    half(8, stat.owner.1);
    half(12, stat.maker.0);
    half(16, stat.maker.1);
    half(20, stat.mode);
    let pids = [80, 0, 96][kind as usize];
    if pids > 0 {
        half(pids, stat.pids[0] as u32);
        half(pids + 4, stat.pids[1] as u32);
    }
    let mut word = |at: usize, value: u64| bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
    let times = match kind {
        Kind::Shm => [56, 64, 72],
        Kind::Sem | Kind::Msg => [48, 56, 64],
    };
    for (at, time) in times.into_iter().zip(stat.times) {
        word(at, time as u64);
    }
    match kind {
        Kind::Shm => {
            word(48, stat.size);
            word(88, stat.count);
        }
        Kind::Sem => word(80, stat.count),
        Kind::Msg => {
            word(72, stat.bytes);
            word(80, stat.count);
            word(88, stat.size);
        }
    }
    bytes
}
