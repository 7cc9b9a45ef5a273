//! Which variable a bad access was about.

use crate::fault::{Access, Fault, FaultKind, Object, ObjectKind};
use crate::intrinsics::Trap;
use crate::machine::{Machine, Thread};
use crate::memory::{Bad, BadFree, HeapBlock, Why, stack_slot};
use crate::program::{Function, Place, Var};
use crate::run::user_span;
use abi::Pid;

impl Machine {
    /// A trap of thread `tid` as a fault.
    pub(crate) fn explain(&self, tid: Pid, trap: Trap) -> Fault {
        let kind = match trap {
            Trap::Fault(kind) => kind,
            Trap::Access(bad) => self.explain_access(bad),
            Trap::Free(BadFree::Twice(at)) => match self.memory.heap().blocks.get(&at) {
                Some(block) => FaultKind::DoubleFree {
                    object: heap_object(block),
                    freed: block.freed.flatten(),
                },
                None => FaultKind::InvalidFree { address: at, object: None },
            },
            Trap::Free(BadFree::Unknown(at)) => FaultKind::InvalidFree {
                address: at,
                object: self.object_at(at).map(|(_, object)| object),
            },
        };
        let frames = self.threads.get(&tid).map_or(&[][..], |thread| &thread.frames);
        let within = frames
            .iter()
            .rev()
            .map_while(|frame| self.program.function(frame.func).filter(|f| !f.user))
            .last()
            .map(|function| function.name.clone())
            .filter(|name| !name.starts_with("__"));
        let main = || {
            // A first call that does not fit is nobody's line but the function's own.
            let function = self.program.function(self.program.main)?;
            matches!(kind, FaultKind::StackOverflow { .. })
                .then(|| function.spans.first().copied())?
        };
        let span = user_span(&self.program, frames).or_else(main);
        Fault { kind, span, within }
    }

    fn explain_access(&self, bad: Bad) -> FaultKind {
        let access = if bad.write { Access::Write } else { Access::Read };
        match bad.why {
            Why::ReadOnly(at) => {
                let object = self.object_at(at).map(|(_, object)| object);
                FaultKind::ReadOnly { address: at, object }
            }
            Why::Unset(at) => {
                let found = self.object_at(at);
                let offset = found.as_ref().map_or(0, |(start, _)| at.wrapping_sub(*start));
                FaultKind::Uninitialised { object: found.map(|(_, object)| object), offset }
            }
            Why::Unaddressable(at) => self.explain_unaddressable(access, bad, at),
        }
    }

    fn explain_unaddressable(&self, access: Access, bad: Bad, at: u64) -> FaultKind {
        let address = bad.address;
        if address < 4096 {
            return FaultKind::Null { access, address };
        }
        // The object in which the access began; otherwise the one beside the bad byte.
        let found = self.object_at(address).or_else(|| self.object_at(at));
        if let Some(block) = self.memory.block_near(address)
            && let Some(freed) = block.1.freed
            && found.is_none()
        {
            return FaultKind::UseAfterFree { access, object: heap_object(block.1), freed };
        }
        match found {
            // Its bytes are there, but nobody's: its block has ended.
            Some((start, object))
                if object.kind == ObjectKind::Local && at.wrapping_sub(start) < object.size =>
            {
                FaultKind::DeadLocal { access, object: Some(object) }
            }
            Some((start, object)) => FaultKind::OutOfBounds {
                access,
                len: bad.len,
                offset: address.wrapping_sub(start) as i64,
                object,
            },
            None if self.is_dead_stack(address) => FaultKind::DeadLocal { access, object: None },
            None => FaultKind::Wild { access, address },
        }
    }

    fn is_dead_stack(&self, address: u64) -> bool {
        let Some(slot) = stack_slot(address) else { return false };
        let thread = self.threads.values().find(|thread| thread.slot as usize == slot);
        match thread.and_then(|thread| thread.frames.last()) {
            Some(frame) => address < frame.sp && frame.sp - address < 1 << 20,
            None => false,
        }
    }

    /// The live object that holds an address or is just beside it, with its start.
    pub(crate) fn object_at(&self, address: u64) -> Option<(u64, Object)> {
        if let Some(slot) = stack_slot(address) {
            let thread = self.threads.values().find(|thread| thread.slot as usize == slot)?;
            let own = address.wrapping_sub(thread.locals_at);
            let first = &self.program.unit.thread_local;
            if own < first.end - first.start {
                return self
                    .global_object(first.start + own)
                    .map(|(at, object)| (at - first.start + thread.locals_at, object));
            }
            return self.stack_object(thread, address);
        }
        if let Some((start, block)) = self.memory.block_near(address)
            && block.freed.is_none()
        {
            return Some((start, heap_object(block)));
        }
        if let Some(found) = self.global_object(address) {
            return Some(found);
        }
        let map =
            self.memory.maps().iter().find(|map| address.wrapping_sub(map.at) < map.len + 4096)?;
        let (kind, size) = (ObjectKind::Mapping, map.len);
        Some((map.at, Object { kind, name: String::new(), size, span: None }))
    }

    fn global_object(&self, address: u64) -> Option<(u64, Object)> {
        let global = self.program.global_near(address)?;
        let kind = if global.literal { ObjectKind::Literal } else { ObjectKind::Global };
        let span = (!global.literal).then_some(global.span);
        let object = Object { kind, name: global.name.clone(), size: global.size, span };
        Some((global.address, object))
    }

    fn stack_object(&self, thread: &Thread, address: u64) -> Option<(u64, Object)> {
        let frame =
            thread.frames.iter().rev().find(|frame| {
                frame.fp + 1 > address.saturating_sub(1 << 24) && address >= frame.sp
            })?;
        // The frames lie one below another: the innermost whose range holds the address.
        let frame = thread
            .frames
            .iter()
            .rev()
            .find(|frame| {
                let size = self.program.function(frame.func).map_or(0, |f| f.frame);
                address >= frame.sp && address < frame.fp + u64::from(size)
            })
            .unwrap_or(frame);
        let function = self.program.function(frame.func)?;
        let offset = address.wrapping_sub(frame.fp) as i64;
        let inside = |start: u32, size: u64| {
            (i64::from(start)..i64::from(start) + size.max(1) as i64).contains(&offset)
        };
        let holds = frame_vars(function).find(|(start, var)| inside(*start, var.size));
        // Otherwise the variable that ends nearest before, then the nearest after.
        let before = frame_vars(function)
            .filter(|(start, var)| {
                let gap = offset - (i64::from(*start) + var.size as i64);
                (0..48).contains(&gap)
            })
            .max_by_key(|(start, _)| *start);
        let after = frame_vars(function)
            .filter(|(start, _)| (0..=16).contains(&(i64::from(*start) - offset)))
            .min_by_key(|(start, _)| *start);
        let (start, var) = holds.or(before).or(after)?;
        let object = Object {
            kind: ObjectKind::Local,
            name: var.name.clone(),
            size: var.size,
            span: Some(var.span),
        };
        Some((frame.fp + u64::from(start), object))
    }
}

fn frame_vars(function: &Function) -> impl Iterator<Item = (u32, &Var)> {
    function.vars.iter().filter_map(|var| match var.place {
        Place::Frame(offset) => Some((offset, var)),
        _ => None,
    })
}

fn heap_object(block: &HeapBlock) -> Object {
    Object { kind: ObjectKind::Heap, name: String::new(), size: block.size, span: block.allocated }
}
