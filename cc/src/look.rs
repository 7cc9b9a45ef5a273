//! Builds the plain data of [`crate::view`] from a machine.

use crate::machine::Machine;
use crate::memory::{NONE, UNSET};
use crate::shared::SharedMemory;
use crate::view::{Byte, Frame, Stack};
use abi::Pid;

pub(crate) fn stack(machine: &Machine, tid: Pid, _shared: &SharedMemory) -> Stack {
    let mut stack = Stack::default();
    let Some(thread) = machine.threads.get(&tid) else { return stack };
    let program = machine.program();
    for (index, frame) in thread.frames.iter().enumerate() {
        let Some(function) = program.function(frame.func).filter(|f| f.user) else { continue };
        let _ = index;
        stack.frames.push(Frame {
            function: function.name.clone(),
            position: crate::run::user_span(program, &thread.frames[..=index]),
            within: None,
            handler: frame.handler,
            locals: Vec::new(),
        });
    }
    stack
}

pub(crate) fn bytes(machine: &Machine, at: u64, len: u64, shared: &SharedMemory) -> Vec<Byte> {
    (0..len)
        .map(|offset| {
            let address = at.wrapping_add(offset);
            match machine.memory.state(address, shared) {
                NONE => Byte::None,
                UNSET => Byte::Unset,
                _ => Byte::Set(machine.memory.peek(address, shared)),
            }
        })
        .collect()
}
