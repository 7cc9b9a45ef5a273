//! System V message queues: `msgget`, `msgsnd`, `msgrcv`, `msgctl`. See `sysvipc(7)`.

use super::Answer;
use crate::kernel::ipc::Mailbox;
use crate::kernel::wait::{Reason, Source, WaitFor};
use crate::kernel::{Host, Me, Outcome};
use abi::syscall::{InBuf, OutBuf};
use abi::{Bytes, Errno, Out, Reply, consts};

/// `MSGMAX`, the longest message, bytes.
const MESSAGE_MAX: u64 = 8192;
/// `MSGMNB`, bytes in a queue.
const QUEUE_MAX: usize = 16384;

impl Host {
    /// msgget(2)
    pub(super) fn msgget(&mut self, key: i32, flags: i32) -> Result<i64, Errno> {
        let found = self.ipc.mailboxes.iter().find(|(_, queue)| key != 0 && queue.key == key);
        if let Some((id, _)) = found {
            let exclusive = consts::IPC_CREAT | consts::IPC_EXCL;
            return if flags & exclusive == exclusive {
                Err(Errno::EEXIST)
            } else {
                Ok(i64::from(*id))
            };
        }
        if key != 0 && flags & consts::IPC_CREAT == 0 {
            return Err(Errno::ENOENT);
        }
        let id = self.ipc.new_sysv();
        self.ipc.mailboxes.insert(id, Mailbox { key, ..Mailbox::default() });
        Ok(i64::from(id))
    }

    fn slept(&self, me: Me) -> bool {
        self.thread(me.tid).and_then(|t| t.calls.last()).is_some_and(|pending| pending.blocked)
    }

    /// msgsnd(2)
    pub(super) fn msgsnd(
        &mut self,
        me: Me,
        id: i32,
        mtype: i64,
        buf: &InBuf,
        flags: i32,
    ) -> Outcome {
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        if buf.bytes.is_none() {
            return refuse(Errno::EFAULT);
        }
        if buf.len > MESSAGE_MAX || id < 0 || mtype < 1 {
            return refuse(Errno::EINVAL);
        }
        let gone = if self.slept(me) { Errno::EIDRM } else { Errno::EINVAL };
        let Some(queue) = self.ipc.mailboxes.get_mut(&id) else { return refuse(gone) };
        let bytes = buf.bytes.clone().unwrap_or_default();
        if queue.bytes() + bytes.0.len() > QUEUE_MAX || queue.messages.len() >= QUEUE_MAX {
            if flags & consts::IPC_NOWAIT != 0 {
                return refuse(Errno::EAGAIN);
            }
            return Outcome::Wait(mailbox_wait(id));
        }
        queue.messages.push_back((mtype, bytes));
        queue.last_sender = me.pid;
        self.touch(Source::Mailbox(id));
        Outcome::Done(Reply::ok(0))
    }

    /// msgrcv(2)
    pub(super) fn msgrcv(
        &mut self,
        me: Me,
        id: i32,
        buf: OutBuf,
        mtype: i64,
        flags: i32,
    ) -> Outcome {
        let refuse = |errno| Outcome::Done(Reply::err(errno));
        if id < 0 || buf.len as i64 <= -1 {
            return refuse(Errno::EINVAL);
        }
        let gone = if self.slept(me) { Errno::EIDRM } else { Errno::EINVAL };
        let Some(queue) = self.ipc.mailboxes.get_mut(&id) else { return refuse(gone) };
        let except = flags & consts::MSG_EXCEPT != 0;
        let found = match mtype {
            0 => (!queue.messages.is_empty()).then_some(0),
            n if n > 0 => queue.messages.iter().position(|(t, _)| (*t == n) != except),
            // The lowest type that is not above the number's absolute value.
            n => {
                let limit = n.checked_neg().unwrap_or(i64::MAX);
                let types = queue.messages.iter().enumerate().filter(|(_, (t, _))| *t <= limit);
                types.min_by_key(|(at, (t, _))| (*t, *at)).map(|(at, _)| at)
            }
        };
        let Some(at) = found else {
            if flags & consts::IPC_NOWAIT != 0 {
                return refuse(Errno::ENOMSG);
            }
            return Outcome::Wait(mailbox_wait(id));
        };
        let len = queue.messages[at].1.0.len();
        if len as u64 > buf.len && flags & consts::MSG_NOERROR == 0 {
            return refuse(Errno::E2BIG);
        }
        let Some((mtype, mut bytes)) = queue.messages.remove(at) else {
            return refuse(Errno::ENOMSG);
        };
        queue.last_receiver = me.pid;
        self.touch(Source::Mailbox(id));
        if !buf.ok {
            return refuse(Errno::EFAULT);
        }
        bytes.0.truncate(usize::try_from(buf.len).unwrap_or(usize::MAX));
        let len = bytes.0.len() as i64;
        Outcome::Done(Reply::with(len, Out::Mtext { mtype, bytes: Bytes(bytes.0) }))
    }

    /// msgctl(2)
    pub(super) fn msgctl(&mut self, id: i32, cmd: i32) -> Answer {
        if id < 0 || cmd < 0 {
            return Err(Errno::EINVAL);
        }
        let queue = self.ipc.mailboxes.get(&id).ok_or(Errno::EINVAL)?;
        match cmd {
            consts::IPC_STAT => {
                let words = [
                    queue.messages.len() as u64,
                    queue.bytes() as u64,
                    QUEUE_MAX as u64,
                    queue.last_sender.0 as u64,
                    queue.last_receiver.0 as u64,
                ];
                Ok(Reply::with(0, Out::Words { words: words.to_vec() }))
            }
            consts::IPC_SET => Ok(Reply::ok(0)),
            consts::IPC_RMID => {
                self.ipc.mailboxes.remove(&id);
                self.touch(Source::Mailbox(id));
                Ok(Reply::ok(0))
            }
            _ => Err(Errno::EINVAL),
        }
    }
}

fn mailbox_wait(id: i32) -> WaitFor {
    // Never restarted after a handler, `signal(7)`.
    WaitFor { restarts: false, ..WaitFor::on(Reason::Mailbox(id), Source::Mailbox(id)) }
}
