//! Builds the plain data of [`crate::view`] from a machine.

use crate::machine::{Frame as MachineFrame, Machine};
use crate::memory::{NONE, SET, UNSET, stack_slot};
use crate::program::{Function, Place, Var};
use crate::shared::SharedMemory;
use crate::types::{Kind, Ty, Types};
use crate::view::{Block, Byte, Frame, Stack, Target, Value, Variable};
use abi::Pid;

const ELEMENTS_MAX: u64 = 64;
const TEXT_MAX: usize = 256;
/// Arguments that are followed.
const TEXTS_MAX: u64 = 16;
const DEPTH_MAX: u32 = 8;

/// A machine being looked at.
struct Looker<'a> {
    machine: &'a Machine,
    shared: &'a SharedMemory,
    types: &'a Types,
}

/// The bytes of an object with their states, and where it is.
struct Raw {
    address: u64,
    bytes: Vec<u8>,
    states: Vec<u8>,
}

pub(crate) fn stack(machine: &Machine, tid: Pid, shared: &SharedMemory) -> Stack {
    let program = machine.program();
    let looker = Looker { machine, shared, types: &program.unit.types };
    let mut stack = Stack::default();
    let frames = machine.threads.get(&tid).map_or(&[][..], |thread| &thread.frames);
    for (index, frame) in frames.iter().enumerate() {
        let Some(function) = program.function(frame.func) else { continue };
        if !function.user {
            if let Some(caller) = stack.frames.last_mut()
                && caller.within.is_none()
                && !function.name.starts_with("__")
            {
                caller.within = Some(function.name.clone());
            }
            continue;
        }
        let runs = index + 1 == frames.len();
        let waits = machine.threads.get(&tid).is_some_and(|thread| runs && thread.waits());
        let regs = machine.threads.get(&tid).map_or(&[][..], |thread| &thread.regs);
        stack.frames.push(Frame {
            function: function.name.clone(),
            position: crate::run::user_span(program, &frames[..=index])
                .filter(|_| runs)
                .or_else(|| function.spans.get((frame.pc as usize).saturating_sub(1)).copied()),
            within: None,
            handler: frame.handler,
            locals: looker.locals(function, frame, regs, runs, waits),
        });
    }
    for global in program.unit.globals.iter().filter(|global| global.user && !global.literal) {
        let raw = looker.raw(global.address, global.size);
        stack.globals.push(looker.variable(
            global.name.clone(),
            global.ty,
            &raw,
            Some(global.span),
        ));
    }
    for (at, block) in &machine.memory.heap().blocks {
        if block.freed.is_none() {
            stack.heap.push(Block {
                address: *at,
                size: block.size,
                span: block.allocated,
                bytes: bytes(machine, *at, block.size.min(TEXT_MAX as u64), shared),
            });
        }
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

/// Whether a variable is in scope at the frame's instruction.
fn in_scope(var: &Var, frame: &MachineFrame, runs: bool) -> bool {
    let at = frame.pc.saturating_sub(u32::from(!runs));
    var.param || var.scope.0 <= at && at < var.scope.1
}

/// Where a variable is; one in a register has a home in the frame that is never used.
fn address(var: &Var, frame: &MachineFrame, regs: &[u64]) -> u64 {
    match var.place {
        Place::Frame(offset) => frame.fp + u64::from(offset),
        Place::At(reg) => regs.get(frame.base as usize + usize::from(reg)).copied().unwrap_or(0),
        Place::Register { .. } => frame.fp + u64::from(var.home),
    }
}

impl Looker<'_> {
    fn locals(
        &self,
        function: &Function,
        frame: &MachineFrame,
        regs: &[u64],
        runs: bool,
        waits: bool,
    ) -> Vec<Variable> {
        // The instruction of the call in progress, or the next one.
        let at = frame.pc.saturating_sub(u32::from(!runs || waits));
        let visible = function.vars.iter().filter(|var| in_scope(var, frame, runs));
        visible
            .map(|var| {
                let home = address(var, frame, regs);
                let raw = match var.place {
                    Place::Register { reg, flag } => {
                        let word = |reg: u16| {
                            regs.get(frame.base as usize + usize::from(reg)).copied().unwrap_or(0)
                        };
                        let set = at >= var.since && flag.is_none_or(|flag| word(flag) != 0);
                        self.register(home, var.ty, word(reg), set)
                    }
                    _ => self.raw(home, self.size(var.ty)),
                };
                self.variable(var.name.clone(), var.ty, &raw, Some(var.span))
            })
            .collect()
    }

    /// The size to show; a variable length array's is not kept, so its first elements are.
    fn size(&self, ty: Ty) -> u64 {
        self.types.size(ty).unwrap_or(0)
    }

    fn raw(&self, address: u64, size: u64) -> Raw {
        let size = size.min(1 << 16);
        let at = |offset| address.wrapping_add(offset);
        Raw {
            address,
            bytes: (0..size).map(|i| self.machine.memory.peek(at(i), self.shared)).collect(),
            states: (0..size).map(|i| self.machine.memory.state(at(i), self.shared)).collect(),
        }
    }

    fn register(&self, address: u64, ty: Ty, word: u64, set: bool) -> Raw {
        let bytes = match self.types.kind(ty) {
            Kind::Float => (f64::from_bits(word) as f32).to_le_bytes().to_vec(),
            Kind::LDouble => [word.to_le_bytes(), [0; 8]].concat(),
            _ => word.to_le_bytes()[..self.size(ty).min(8) as usize].to_vec(),
        };
        let states = vec![if set { SET } else { UNSET }; bytes.len()];
        Raw { address, bytes, states }
    }

    fn variable(
        &self,
        name: String,
        ty: Ty,
        raw: &Raw,
        span: Option<crate::source::Span>,
    ) -> Variable {
        self.part(name, ty, raw, 0, span, 0)
    }

    fn part(
        &self,
        name: String,
        ty: Ty,
        raw: &Raw,
        offset: u64,
        span: Option<crate::source::Span>,
        depth: u32,
    ) -> Variable {
        let interner = &self.machine.program().unit.interner;
        Variable {
            name,
            ty: self.types.name(ty, interner),
            address: raw.address.wrapping_add(offset),
            size: self.size(ty),
            span,
            value: self.value(ty, raw, offset, None, depth),
        }
    }

    fn value(&self, ty: Ty, raw: &Raw, offset: u64, bits: Option<(u8, u8)>, depth: u32) -> Value {
        let size = self.size(ty);
        let range = offset as usize..(offset + size) as usize;
        let (Some(bytes), Some(states)) = (raw.bytes.get(range.clone()), raw.states.get(range))
        else {
            return Value::Opaque;
        };
        match self.types.kind(ty) {
            Kind::Array(of, len) => return self.array(of, len, raw, offset, depth),
            Kind::Record(_) => return self.record(ty, raw, offset, depth),
            _ => {}
        }
        if size == 0 {
            return Value::Opaque;
        }
        if states.contains(&NONE) {
            return Value::Unreadable;
        }
        let needed = if size == 16 { &states[..8] } else { states };
        if bits.is_none() && needed.iter().any(|state| state & 1 == 0) {
            return Value::Uninitialised;
        }
        let mut word = [0; 8];
        let kept = bytes.len().min(8);
        word[..kept].copy_from_slice(&bytes[..kept]);
        let mut word = u64::from_le_bytes(word);
        let signed = self.types.is_signed(ty);
        let mut width = kept as u32 * 8;
        if let Some((bit, bit_width)) = bits {
            word >>= bit;
            width = u32::from(bit_width);
        }
        let shift = 64 - width;
        let int = match signed {
            true => i128::from(((word << shift) as i64) >> shift),
            false => i128::from((word << shift) >> shift),
        };
        match self.types.kind(ty) {
            Kind::Float => Value::Float(f64::from(f32::from_bits(word as u32))),
            Kind::Double | Kind::LDouble => Value::Float(f64::from_bits(word)),
            Kind::Bool => Value::Bool(int != 0),
            Kind::Char | Kind::SChar | Kind::UChar => Value::Char(int as i32),
            Kind::Enum(index) => {
                let constants = &self.types.enums[index as usize].constants;
                let interner = &self.machine.program().unit.interner;
                let name = constants
                    .iter()
                    .find(|(_, value)| i128::from(*value) == int)
                    .map(|(name, _)| interner.get(*name).to_owned());
                Value::Enum { value: int as i64, name }
            }
            Kind::Ptr(to) | Kind::Ref(to) => {
                Value::Pointer { address: word, target: self.target(word, to) }
            }
            _ if self.types.is_integer(ty) => Value::Int(int),
            _ => Value::Opaque,
        }
    }

    fn array(&self, of: Ty, len: u64, raw: &Raw, offset: u64, depth: u32) -> Value {
        let size = self.size(of).max(1);
        let is_char = matches!(self.types.kind(of), Kind::Char | Kind::SChar);
        let start = offset as usize;
        let range = start..start + (len as usize).min(raw.bytes.len().saturating_sub(start));
        if is_char && let Some(text) = text(&raw.bytes[range.clone()], &raw.states[range], len) {
            return text;
        }
        if depth >= DEPTH_MAX {
            return Value::Opaque;
        }
        let shown = len.min(ELEMENTS_MAX);
        let element =
            |i: u64| self.part(format!("[{i}]"), of, raw, offset + i * size, None, depth + 1);
        Value::Array { elements: (0..shown).map(element).collect(), more: len - shown }
    }

    fn record(&self, ty: Ty, raw: &Raw, offset: u64, depth: u32) -> Value {
        let Some(record) = self.types.record_of(ty).filter(|_| depth < DEPTH_MAX) else {
            return Value::Opaque;
        };
        let interner = &self.machine.program().unit.interner;
        let fields = record.fields.iter().map(|field| {
            let name = field.name.map_or(String::new(), |name| interner.get(name).to_owned());
            let mut part =
                self.part(name, field.ty, raw, offset + field.offset, Some(field.span), depth + 1);
            if field.bits.is_some() {
                let at = offset + field.offset;
                part.value = self.value(field.ty, raw, at, field.bits, depth + 1);
            }
            part
        });
        Value::Record(fields.collect())
    }

    /// What a pointer points to.
    fn target(&self, address: u64, to: Ty) -> Target {
        if address == 0 {
            return Target::Null;
        }
        if let Some(name) = self.machine.function_at(address) {
            return Target::Function(name.to_owned());
        }
        let alive = self.machine.memory.state(address, self.shared) != NONE;
        if let Some(slot) = stack_slot(address) {
            return match self.local_path(slot, address, to) {
                Some(path) => Target::Path(path),
                None if alive => self.given(address, to),
                None => Target::Dangling,
            };
        }
        if let Some((block, info)) = self.machine.memory.block_near(address)
            && address >= block
            && address <= block + info.size
        {
            return match info.freed {
                None => Target::Heap { block, offset: address - block },
                Some(_) => Target::Dangling,
            };
        }
        let Some(global) = self.machine.program().global_near(address) else {
            return Target::Unknown;
        };
        if global.literal {
            return Target::Literal(global.name.clone());
        }
        if !global.user || address > global.address + global.size {
            return Target::Unknown;
        }
        let path = self.path(global.name.clone(), global.ty, address - global.address, to);
        Target::Path(path)
    }

    /// What lies above a stack's frames: the texts that the program was started with.
    fn given(&self, address: u64, to: Ty) -> Target {
        match self.types.kind(to) {
            Kind::Char | Kind::SChar => self.c_text(address).map_or(Target::Unknown, Target::Text),
            Kind::Ptr(of) if matches!(self.types.kind(of), Kind::Char | Kind::SChar) => {
                self.c_texts(address)
            }
            _ => Target::Unknown,
        }
    }

    /// The text up to a NUL, as C writes it.
    fn c_text(&self, address: u64) -> Option<String> {
        let raw = self.raw(address, TEXT_MAX as u64);
        match text(&raw.bytes, &raw.states, raw.bytes.len() as u64)? {
            Value::Text { bytes, cut, .. } => {
                let more = if cut { "…" } else { "" };
                Some(format!("{}{more}", abi::strace::quoted(&bytes, TEXT_MAX)))
            }
            _ => None,
        }
    }

    /// An array of pointers to texts, up to a NULL.
    fn c_texts(&self, address: u64) -> Target {
        let mut texts = Vec::new();
        for n in 0..TEXTS_MAX {
            let raw = self.raw(address + 8 * n, 8);
            let Ok(word) = <[u8; 8]>::try_from(raw.bytes) else { return Target::Unknown };
            match u64::from_le_bytes(word) {
                0 if raw.states.iter().all(|state| state & 1 == 1) => {
                    return Target::Texts(texts, false);
                }
                to => match self.c_text(to) {
                    Some(text) => texts.push(text),
                    None => return Target::Unknown,
                },
            }
        }
        Target::Texts(texts, true)
    }

    /// A local's path; in the running function without the function's name.
    fn local_path(&self, slot: usize, address: u64, to: Ty) -> Option<String> {
        let thread = self.machine.threads.values().find(|thread| thread.slot as usize == slot)?;
        let program = self.machine.program();
        let innermost = thread
            .frames
            .iter()
            .rposition(|frame| program.function(frame.func).is_some_and(|f| f.user));
        for (index, frame) in thread.frames.iter().enumerate().rev() {
            let function = program.function(frame.func).filter(|f| f.user)?;
            for var in &function.vars {
                let Place::Frame(offset) = var.place else { continue };
                let start = frame.fp + u64::from(offset);
                if (start..=start + var.size).contains(&address) && address >= start {
                    let path = self.path(var.name.clone(), var.ty, address - start, to);
                    let own = Some(index) == innermost;
                    return Some(if own { path } else { format!("{}::{path}", function.name) });
                }
            }
        }
        None
    }

    /// The part of an object at an offset, down to the type that the pointer means.
    fn path(&self, mut path: String, mut ty: Ty, mut offset: u64, to: Ty) -> String {
        let interner = &self.machine.program().unit.interner;
        for _ in 0..DEPTH_MAX {
            let same = ty.unqual() == to.unqual();
            match self.types.kind(ty) {
                _ if offset == 0 && same => break,
                Kind::Array(of, len) => {
                    let size = self.size(of).max(1);
                    let index = offset / size;
                    if offset == 0 && of.unqual() == to.unqual() || index > len {
                        break; // an array's name stands for its first element
                    }
                    path = format!("{path}[{index}]");
                    (ty, offset) = (of, offset % size);
                }
                Kind::Record(_) => {
                    let Some(record) = self.types.record_of(ty) else { break };
                    // A pointer to another type at the start means the record as a whole.
                    let field = record.fields.iter().find(|field| {
                        let size = self.size(field.ty);
                        offset >= field.offset && offset < field.offset + size.max(1)
                    });
                    let Some(field) = field.filter(|_| offset > 0) else { break };
                    if let Some(name) = field.name {
                        path = format!("{path}.{}", interner.get(name));
                    }
                    (ty, offset) = (field.ty, offset - field.offset);
                }
                _ => break,
            }
        }
        if offset > 0 { format!("{path}+{offset}") } else { path }
    }
}

/// `char[N]` as text, where everything up to the NUL is set.
fn text(bytes: &[u8], states: &[u8], size: u64) -> Option<Value> {
    let end = bytes
        .iter()
        .zip(states)
        .position(|(byte, state)| *byte == 0 && state & 1 == 1)
        .unwrap_or(bytes.len());
    if states[..end].iter().any(|state| state & 1 == 0) {
        return None;
    }
    let shown = end.min(TEXT_MAX);
    Some(Value::Text { bytes: bytes[..shown].to_vec(), size, cut: end > shown })
}
