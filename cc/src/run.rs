//! The instruction loop.

use crate::fault::FaultKind;
use crate::intrinsics::{self, Env, Run, Trap, VA_DOUBLE, VA_POINTER, VA_RECORD, VaWant};
use crate::machine::{Flow, Frame, Thread};
use crate::memory::{Memory, NONE, STACK_LIMIT, UNSET, stack_slot, stack_top};
use crate::program::{Code, Function, Program};
use crate::race::{Races, Touch};
use crate::shared::SharedMemory;
use crate::source::Span;
use abi::Pid;

/// Frames beyond this are an endless recursion, whatever their size.
const FRAMES_MAX: usize = 100_000;
/// What a call takes of the stack at least (return address, saved registers).
const FRAME_MIN: u64 = 64;

/// The person's code that frames are at: the innermost of theirs.
pub(crate) fn user_span(program: &Program, frames: &[Frame]) -> Option<Span> {
    let mut callee = false;
    for frame in frames.iter().rev() {
        let function = program.function(frame.func)?;
        if function.user {
            // A frame with a callee stands behind its call instruction.
            let at = (frame.pc as usize).saturating_sub(usize::from(callee));
            return function.spans.get(at.min(function.spans.len().max(1) - 1)).copied();
        }
        callee = true;
    }
    None
}

/// Enters a function whose arguments are in the registers after `base`.
pub(crate) fn push_frame(
    program: &Program,
    memory: &mut Memory,
    thread: &mut Thread,
    func: u32,
    base: u32,
    sp: u64,
    args: Option<u32>,
) -> Result<(), Trap> {
    let Some(function) = program.function(func) else {
        return Err(FaultKind::Unreachable.into());
    };
    if let Some(given) = args
        && given < function.params
    {
        let (function, expected) = (function.name.clone(), function.params);
        return Err(FaultKind::MissingArgument { function, expected, given }.into());
    }
    let fp = sp.wrapping_sub(u64::from(function.frame + function.homes).max(FRAME_MIN)) & !15;
    let bottom = stack_top(thread.slot as usize) - STACK_LIMIT;
    if fp < bottom || fp > sp || thread.frames.len() >= FRAMES_MAX {
        return Err(FaultKind::StackOverflow { limit: STACK_LIMIT }.into());
    }
    for (off, len) in &function.slots {
        memory.mark(fp + u64::from(*off), u64::from(*len), UNSET);
    }
    let end = base as usize + function.regs as usize + 8;
    if thread.regs.len() < end {
        thread.regs.resize(end.next_multiple_of(64), 0);
    }
    thread.regs[base as usize] = fp;
    thread.frames.push(Frame { func, pc: 0, base, fp, sp: fp, handler: false, interrupts: false });
    Ok(())
}

/// Leaves the innermost function; `None` when it was a thread's first.
fn pop_frame(
    function: &Function,
    memory: &mut Memory,
    thread: &mut Thread,
    value: u64,
) -> Option<Frame> {
    let frame = thread.frames.pop()?;
    if function.frame > 0 || frame.sp != frame.fp {
        memory.mark(frame.sp, frame.fp - frame.sp + u64::from(function.frame), NONE);
    }
    if !frame.handler {
        thread.regs[frame.base as usize] = value;
    }
    Some(frame)
}

/// Whether an access is looked at for races: not libc's work on its own variables and on blocks
/// that may be its own, nor on its caller's stack.
fn watched(program: &Program, slot: u32, user: bool, address: u64) -> bool {
    match stack_slot(address) {
        Some(other) => user || other != slot as usize,
        None if user => !program.is_libc_data(address),
        None => !program.is_libc_data(address) && program.near_global(address),
    }
}

/// Looks at what an intrinsic has done to memory; whether a race is to be told.
pub(crate) fn look_at(
    program: &Program,
    memory: &Memory,
    (slot, frames): (u32, &[Frame]),
    tid: Pid,
    races: &mut Races,
    log: &[Touch],
) -> bool {
    let mut raced = false;
    for touch in log {
        let (address, len, write) = match *touch {
            Touch::Read(address, len) => (address, len, false),
            Touch::Write(address, len) => (address, len, true),
            Touch::Fresh(address, len) => {
                races.fresh(address, len);
                continue;
            }
        };
        // What a call is given is the person's, but for errno and stdio's buffers.
        let own = stack_slot(address) == Some(slot as usize);
        let known = program.near_global(address) || memory.block_near(address).is_some();
        let user = innermost_is_users(program, frames);
        if len > 0 && !own && (user || known && watched(program, slot, false, address)) {
            raced |= races.access(tid, address, len, write, || user_span(program, frames));
        }
    }
    raced
}

fn innermost_is_users(program: &Program, frames: &[Frame]) -> bool {
    let function = frames.last().and_then(|frame| program.function(frame.func));
    function.is_some_and(|function| function.user)
}

/// The memory of a call that ends may be another's next.
fn forget_frame(function: &Function, thread: &Thread, races: &mut Races) {
    if let Some(frame) = thread.frames.last() {
        races.fresh(frame.sp, frame.fp - frame.sp + u64::from(function.frame));
    }
}

/// Runs until something is to be said. `STATEMENTS`: also before each statement, if `stop`.
/// `RACES`: accesses are looked at.
#[allow(clippy::too_many_lines)] // one table of instructions
#[allow(clippy::too_many_arguments)] // the machine's parts, borrowed apart
pub(crate) fn run<const STATEMENTS: bool, const RACES: bool>(
    program: &Program,
    memory: &mut Memory,
    thread: &mut Thread,
    tid: Pid,
    fuel: &mut u64,
    shared: &mut SharedMemory,
    stop: bool,
    mut races: Option<&mut Races>,
) -> Flow {
    'frames: loop {
        let Some(frame) = thread.frames.last() else { return Flow::Ran };
        let Some(function) = program.function(frame.func) else { return Flow::Ran };
        let (base, sp) = (frame.base as usize, frame.sp);
        let mut pc = frame.pc as usize;
        let code = function.code.as_slice();
        let regs = &mut thread.regs[base..base + function.regs as usize];
        let mut left = *fuel;

        macro_rules! leave {
            ($flow:expr) => {{
                *fuel = left;
                if let Some(frame) = thread.frames.last_mut() {
                    frame.pc = pc as u32;
                }
                return $flow;
            }};
        }
        // A trap leaves the frame at the instruction that did it.
        macro_rules! check {
            ($result:expr) => {
                match $result {
                    Ok(value) => value,
                    Err(trap) => {
                        pc -= 1;
                        leave!(Flow::Trap(Trap::from(trap)))
                    }
                }
            };
        }
        macro_rules! r {
            ($reg:expr) => {
                regs[$reg as usize]
            };
        }
        macro_rules! at {
            ($a:expr, $off:expr) => {
                r!($a).wrapping_add($off as i64 as u64)
            };
        }
        macro_rules! i32_op {
            ($d:expr, $a:expr, $b:expr, $method:ident) => {
                r!($d) = (r!($a) as i32).$method(r!($b) as i32) as i64 as u64
            };
        }
        macro_rules! u32_op {
            ($d:expr, $a:expr, $b:expr, $method:ident) => {
                r!($d) = u64::from((r!($a) as u32).$method(r!($b) as u32))
            };
        }
        macro_rules! float_op {
            ($d:expr, $a:expr, $b:expr, $op:tt) => {
                r!($d) = (f64::from_bits(r!($a)) $op f64::from_bits(r!($b))).to_bits()
            };
        }
        macro_rules! float_test {
            ($d:expr, $a:expr, $b:expr, $op:tt) => {
                r!($d) = u64::from(f64::from_bits(r!($a)) $op f64::from_bits(r!($b)))
            };
        }
        // After an access: whether it races with another thread's.
        macro_rules! watch {
            ($address:expr, $len:expr, $write:expr) => {
                if RACES
                    && let Some(races) = races.as_deref_mut()
                    && watched(program, thread.slot, function.user, $address)
                    && races.access(tid, $address, $len as u64, $write, || match function.user {
                        true => function.spans.get(pc - 1).copied(),
                        false => user_span(program, &thread.frames),
                    })
                {
                    leave!(Flow::Raced);
                }
            };
        }
        macro_rules! load {
            ($d:expr, $a:expr, $off:expr, $ty:ty, $as:ty) => {{
                let address = at!($a, $off);
                let bytes = check!(memory.load(address, shared));
                r!($d) = <$ty>::from_le_bytes(bytes) as $as as u64;
                watch!(address, size_of::<$ty>(), false);
            }};
        }
        macro_rules! store {
            ($v:expr, $a:expr, $off:expr, $ty:ty) => {{
                let bytes = (r!($v) as $ty).to_le_bytes();
                let address = at!($a, $off);
                check!(memory.store(address, bytes, shared));
                watch!(address, size_of::<$ty>(), true);
            }};
        }
        macro_rules! jump {
            ($cond:expr, $to:expr) => {
                if $cond {
                    pc = $to as usize;
                }
            };
        }

        loop {
            if STATEMENTS && stop && function.user && function.starts[pc] && !thread.announced {
                thread.announced = true;
                leave!(Flow::Statement);
            }
            if left == 0 {
                leave!(Flow::Ran);
            }
            left -= 1;
            let op = code[pc];
            pc += 1;
            if STATEMENTS {
                thread.announced = false;
            }
            match op {
                Code::Const { d, value } => r!(d) = i64::from(value) as u64,
                Code::Pool { d, index } => r!(d) = function.pool[index as usize],
                Code::Move { d, a } => r!(d) = r!(a),
                Code::AddI32 { d, a, b } => i32_op!(d, a, b, wrapping_add),
                Code::AddU32 { d, a, b } => u32_op!(d, a, b, wrapping_add),
                Code::Add64 { d, a, b } => r!(d) = r!(a).wrapping_add(r!(b)),
                Code::SubI32 { d, a, b } => i32_op!(d, a, b, wrapping_sub),
                Code::SubU32 { d, a, b } => u32_op!(d, a, b, wrapping_sub),
                Code::Sub64 { d, a, b } => r!(d) = r!(a).wrapping_sub(r!(b)),
                Code::MulI32 { d, a, b } => i32_op!(d, a, b, wrapping_mul),
                Code::MulU32 { d, a, b } => u32_op!(d, a, b, wrapping_mul),
                Code::Mul64 { d, a, b } => r!(d) = r!(a).wrapping_mul(r!(b)),
                Code::DivI32 { d, a, b } => {
                    let (a, b) = (r!(a) as i32, r!(b) as i32);
                    check!(divisible(b == 0, a.checked_div(b).is_none()));
                    r!(d) = (a / b) as i64 as u64;
                }
                Code::RemI32 { d, a, b } => {
                    let (a, b) = (r!(a) as i32, r!(b) as i32);
                    check!(divisible(b == 0, a.checked_rem(b).is_none()));
                    r!(d) = (a % b) as i64 as u64;
                }
                Code::DivI64 { d, a, b } => {
                    let (a, b) = (r!(a) as i64, r!(b) as i64);
                    check!(divisible(b == 0, a.checked_div(b).is_none()));
                    r!(d) = (a / b) as u64;
                }
                Code::RemI64 { d, a, b } => {
                    let (a, b) = (r!(a) as i64, r!(b) as i64);
                    check!(divisible(b == 0, a.checked_rem(b).is_none()));
                    r!(d) = (a % b) as u64;
                }
                Code::DivU { d, a, b } => {
                    check!(divisible(r!(b) == 0, false));
                    r!(d) = r!(a) / r!(b);
                }
                Code::RemU { d, a, b } => {
                    check!(divisible(r!(b) == 0, false));
                    r!(d) = r!(a) % r!(b);
                }
                Code::And { d, a, b } => r!(d) = r!(a) & r!(b),
                Code::Or { d, a, b } => r!(d) = r!(a) | r!(b),
                Code::Xor { d, a, b } => r!(d) = r!(a) ^ r!(b),
                Code::ShlI32 { d, a, b } => {
                    r!(d) = i64::from((r!(a) as i32).wrapping_shl(r!(b) as u32)) as u64;
                }
                Code::ShlU32 { d, a, b } => {
                    r!(d) = u64::from((r!(a) as u32).wrapping_shl(r!(b) as u32));
                }
                Code::Shl64 { d, a, b } => r!(d) = r!(a).wrapping_shl(r!(b) as u32),
                Code::ShrS32 { d, a, b } => {
                    r!(d) = i64::from((r!(a) as i32).wrapping_shr(r!(b) as u32)) as u64;
                }
                Code::ShrU32 { d, a, b } => {
                    r!(d) = u64::from((r!(a) as u32).wrapping_shr(r!(b) as u32));
                }
                Code::ShrS64 { d, a, b } => {
                    r!(d) = (r!(a) as i64).wrapping_shr(r!(b) as u32) as u64;
                }
                Code::ShrU64 { d, a, b } => r!(d) = r!(a).wrapping_shr(r!(b) as u32),
                Code::AddImmI32 { d, a, imm } => {
                    r!(d) = i64::from((r!(a) as i32).wrapping_add(imm)) as u64;
                }
                Code::AddImmU32 { d, a, imm } => {
                    r!(d) = u64::from((r!(a) as u32).wrapping_add(imm as u32));
                }
                Code::AddImm64 { d, a, imm } => r!(d) = at!(a, imm),
                Code::AndImm { d, a, imm } => r!(d) = r!(a) & i64::from(imm) as u64,
                Code::Eq { d, a, b } => r!(d) = u64::from(r!(a) == r!(b)),
                Code::Ne { d, a, b } => r!(d) = u64::from(r!(a) != r!(b)),
                Code::LtS { d, a, b } => r!(d) = u64::from((r!(a) as i64) < r!(b) as i64),
                Code::LtU { d, a, b } => r!(d) = u64::from(r!(a) < r!(b)),
                Code::LeS { d, a, b } => r!(d) = u64::from(r!(a) as i64 <= r!(b) as i64),
                Code::LeU { d, a, b } => r!(d) = u64::from(r!(a) <= r!(b)),
                Code::IsZero { d, a } => r!(d) = u64::from(r!(a) == 0),
                Code::SExt8 { d, a } => r!(d) = r!(a) as i8 as i64 as u64,
                Code::SExt16 { d, a } => r!(d) = r!(a) as i16 as i64 as u64,
                Code::SExt32 { d, a } => r!(d) = r!(a) as i32 as i64 as u64,
                Code::ZExt8 { d, a } => r!(d) = r!(a) & 0xff,
                Code::ZExt16 { d, a } => r!(d) = r!(a) & 0xffff,
                Code::ZExt32 { d, a } => r!(d) = r!(a) & 0xffff_ffff,
                Code::ToBool { d, a } => r!(d) = u64::from(r!(a) != 0),
                Code::Neg64 { d, a } => r!(d) = r!(a).wrapping_neg(),
                Code::Not64 { d, a } => r!(d) = !r!(a),
                Code::FAdd { d, a, b } => float_op!(d, a, b, +),
                Code::FSub { d, a, b } => float_op!(d, a, b, -),
                Code::FMul { d, a, b } => float_op!(d, a, b, *),
                Code::FDiv { d, a, b } => float_op!(d, a, b, /),
                Code::FEq { d, a, b } => float_test!(d, a, b, ==),
                Code::FNe { d, a, b } => float_test!(d, a, b, !=),
                Code::FLt { d, a, b } => float_test!(d, a, b, <),
                Code::FLe { d, a, b } => float_test!(d, a, b, <=),
                Code::FNeg { d, a } => r!(d) = (-f64::from_bits(r!(a))).to_bits(),
                Code::RoundF32 { d, a } => {
                    r!(d) = f64::from(f64::from_bits(r!(a)) as f32).to_bits();
                }
                Code::IntToF { d, a } => r!(d) = (r!(a) as i64 as f64).to_bits(),
                Code::UIntToF { d, a } => r!(d) = (r!(a) as f64).to_bits(),
                Code::FToInt { d, a } => r!(d) = float_to_int(f64::from_bits(r!(a))) as u64,
                Code::FToUInt { d, a } => r!(d) = float_to_uint(f64::from_bits(r!(a))),
                Code::FToBool { d, a } => r!(d) = u64::from(f64::from_bits(r!(a)) != 0.0),
                Code::Load8S { d, a, off } => load!(d, a, off, i8, i64),
                Code::Load8U { d, a, off } => load!(d, a, off, u8, u64),
                Code::Load16S { d, a, off } => load!(d, a, off, i16, i64),
                Code::Load16U { d, a, off } => load!(d, a, off, u16, u64),
                Code::Load32S { d, a, off } => load!(d, a, off, i32, i64),
                Code::Load32U { d, a, off } => load!(d, a, off, u32, u64),
                Code::Load64 { d, a, off } => load!(d, a, off, u64, u64),
                Code::LoadF32 { d, a, off } => {
                    let address = at!(a, off);
                    let bytes = check!(memory.load(address, shared));
                    r!(d) = f64::from(f32::from_le_bytes(bytes)).to_bits();
                    watch!(address, 4, false);
                }
                Code::Store8 { v, a, off } => store!(v, a, off, u8),
                Code::Store16 { v, a, off } => store!(v, a, off, u16),
                Code::Store32 { v, a, off } => store!(v, a, off, u32),
                Code::Store64 { v, a, off } => store!(v, a, off, u64),
                Code::StoreF32 { v, a, off } => {
                    let bytes = (f64::from_bits(r!(v)) as f32).to_le_bytes();
                    check!(memory.store(at!(a, off), bytes, shared));
                    watch!(at!(a, off), 4, true);
                }
                Code::BitLoad { d, a, bytes, bit, width, signed } => {
                    let at = r!(a);
                    r!(d) = check!(bit_load(memory, shared, at, bytes, bit, width, signed));
                    watch!(at + u64::from(bit / 8), 1 + (width - 1) / 8, false);
                }
                Code::BitStore { v, a, bytes, bit, width } => {
                    check!(bit_store(memory, shared, r!(a), r!(v), bytes, bit, width));
                    watch!(r!(a) + u64::from(bit / 8), 1 + (width - 1) / 8, true);
                }
                Code::Copy { to, from, len } => {
                    check!(memory.copy(r!(to), r!(from), u64::from(len), shared));
                    watch!(r!(from), len, false);
                    watch!(r!(to), len, true);
                }
                Code::Zero { a, len } => {
                    check!(memory.write(r!(a), &vec![0; len as usize], shared));
                    watch!(r!(a), len, true);
                }
                Code::Unset { off, len } => {
                    memory.mark(r!(0u16) + u64::from(off), u64::from(len), UNSET);
                }
                Code::Dead { off, len } => {
                    memory.mark(r!(0u16) + u64::from(off), u64::from(len), NONE);
                }
                Code::SaveStack { d } => r!(d) = sp,
                Code::RestoreStack { a } => {
                    let to = r!(a);
                    if to > sp {
                        memory.mark(sp, to - sp, NONE);
                        if let Some(frame) = thread.frames.last_mut() {
                            frame.sp = to;
                            frame.pc = pc as u32;
                        }
                        *fuel = left;
                        continue 'frames;
                    }
                }
                Code::HasValue => thread.no_value = false,
                Code::CheckValue { name } => {
                    if thread.no_value {
                        let function = function.names.get(usize::from(name)).cloned();
                        let function = function.unwrap_or_default();
                        check!(Err(FaultKind::NoReturnValue { function }));
                    }
                }
                Code::Index { d, a, b, size } => {
                    r!(d) = r!(a).wrapping_add(r!(b).wrapping_mul(u64::from(size)));
                }
                Code::Bounds { a, name, len } => {
                    if r!(a) >= u64::from(len) {
                        let name = function.names.get(usize::from(name)).cloned();
                        check!(Err(FaultKind::Index {
                            index: r!(a) as i64,
                            len: u64::from(len),
                            name: name.unwrap_or_default(),
                        }));
                    }
                }
                Code::CheckSet { flag, var } => {
                    if r!(flag) == 0 {
                        check!(Err(unset_variable(function, var)));
                    }
                }
                Code::Jump { to } => pc = to as usize,
                Code::JumpIf { a, to } => jump!(r!(a) != 0, to),
                Code::JumpIfNot { a, to } => jump!(r!(a) == 0, to),
                Code::JumpEq { a, b, to } => jump!(r!(a) == r!(b), to),
                Code::JumpNe { a, b, to } => jump!(r!(a) != r!(b), to),
                Code::JumpLtS { a, b, to } => jump!((r!(a) as i64) < r!(b) as i64, to),
                Code::JumpLeS { a, b, to } => jump!(r!(a) as i64 <= r!(b) as i64, to),
                Code::JumpLtU { a, b, to } => jump!(r!(a) < r!(b), to),
                Code::JumpLeU { a, b, to } => jump!(r!(a) <= r!(b), to),
                Code::Switch { a, table } => {
                    let table = &function.switches[table as usize];
                    let value = r!(a) as i64;
                    let next = table.cases.partition_point(|(low, ..)| *low <= value);
                    let found = next.checked_sub(1).map(|index| table.cases[index]);
                    pc = match found {
                        Some((_, high, to)) if value <= high => to as usize,
                        _ => table.default as usize,
                    };
                }
                Code::Call { base: arg_base, func } => {
                    let new_base = (base + usize::from(arg_base)) as u32;
                    if let Some(frame) = thread.frames.last_mut() {
                        frame.pc = pc as u32;
                    }
                    *fuel = left;
                    if let Err(trap) = push_frame(program, memory, thread, func, new_base, sp, None)
                    {
                        return fault_at_call(thread, trap);
                    }
                    continue 'frames;
                }
                Code::CallPtr { a, base: arg_base, args } => {
                    let address = r!(a);
                    let new_base = (base + usize::from(arg_base)) as u32;
                    let func = match program.function_at(address) {
                        Some(func) => func,
                        None => check!(Err(FaultKind::NotAFunction { address })),
                    };
                    if let Some(frame) = thread.frames.last_mut() {
                        frame.pc = pc as u32;
                    }
                    *fuel = left;
                    let given = Some(u32::from(args));
                    if let Err(trap) =
                        push_frame(program, memory, thread, func, new_base, sp, given)
                    {
                        return fault_at_call(thread, trap);
                    }
                    continue 'frames;
                }
                Code::Intrinsic { base: arg_base, id, args } => {
                    let first = usize::from(arg_base) + 1;
                    let mut words = [0; 12];
                    let count = usize::from(args).min(words.len());
                    words[..count].copy_from_slice(&regs[first..first + count]);
                    if let Some(frame) = thread.frames.last_mut() {
                        frame.pc = pc as u32 - 1;
                    }
                    let mut log = Vec::new();
                    let mut env = Env {
                        mem: &mut *memory,
                        shared: &mut *shared,
                        program,
                        tid,
                        errno_at: thread.errno_at,
                        locals_at: thread.locals_at,
                        frames: &thread.frames,
                        log: RACES.then_some(&mut log),
                    };
                    match intrinsics::all()[usize::from(id)].run {
                        Run::Pure(work) => {
                            let result = work(&mut env, &words[..count]);
                            r!(arg_base) = check!(result);
                            if RACES && let Some(races) = races.as_deref_mut() {
                                let word = words[0];
                                let who = (thread.slot, thread.frames.as_slice());
                                match intrinsics::atomic(id) {
                                    Some(_) if program.is_libc_data(word) => {}
                                    Some((reads, writes)) => {
                                        let shared = memory.is_shared(word);
                                        races.atomic(tid, word, reads, writes, shared);
                                    }
                                    None if look_at(program, memory, who, tid, races, &log) => {
                                        leave!(Flow::Raced)
                                    }
                                    None => {}
                                }
                            }
                        }
                        Run::SetJump => {
                            let place = [
                                thread.frames.len() as u64,
                                pc as u64,
                                (base + usize::from(arg_base)) as u64,
                                thread.frames.last().map_or(0, |frame| frame.fp),
                                sp,
                            ];
                            let bytes: Vec<u8> =
                                place.iter().flat_map(|word| word.to_le_bytes()).collect();
                            check!(env.write(words[0], &bytes));
                            r!(arg_base) = 0;
                        }
                        Run::LongJump => {
                            let place = check!(jump_place(&env, words[0]));
                            let value = if words[1] as i32 == 0 { 1 } else { words[1] };
                            check!(unwind(program, memory, thread, place, value));
                            *fuel = left;
                            continue 'frames;
                        }
                        Run::Call { build, .. } => {
                            let call = check!(build(&mut env, &words[..count]));
                            let result = (base + usize::from(arg_base)) as u32;
                            leave!(Flow::Call(call, id, result, words[..count].to_vec()));
                        }
                    }
                }
                Code::Ret { a } => {
                    let value = r!(a);
                    *fuel = left;
                    if RACES && let Some(races) = races.as_deref_mut() {
                        forget_frame(function, thread, races);
                    }
                    match pop_frame(function, memory, thread, value) {
                        Some(Frame { handler: true, interrupts, .. }) => {
                            return Flow::HandlerEnd { interrupts };
                        }
                        _ => continue 'frames,
                    }
                }
                Code::RetVoid | Code::RetNone => {
                    thread.no_value = matches!(op, Code::RetNone);
                    *fuel = left;
                    if RACES && let Some(races) = races.as_deref_mut() {
                        forget_frame(function, thread, races);
                    }
                    match pop_frame(function, memory, thread, 0) {
                        Some(Frame { handler: true, interrupts, .. }) => {
                            return Flow::HandlerEnd { interrupts };
                        }
                        _ => continue 'frames,
                    }
                }
                Code::VaStart { ap, area } => {
                    let mut bytes = [0; 24];
                    bytes[..8].copy_from_slice(&r!(area).to_le_bytes());
                    bytes[8..16].copy_from_slice(&r!(area + 1).to_le_bytes());
                    check!(memory.write(r!(ap), &bytes, shared));
                }
                Code::VaArg { d, ap, want } => {
                    let want = match u64::from(want) {
                        VA_DOUBLE => VaWant::Double,
                        VA_POINTER => VaWant::Pointer,
                        record if record >= VA_RECORD => VaWant::Record(record - VA_RECORD),
                        _ => VaWant::Int,
                    };
                    let mut env = Env {
                        mem: &mut *memory,
                        shared: &mut *shared,
                        program,
                        tid,
                        errno_at: thread.errno_at,
                        locals_at: thread.locals_at,
                        frames: &thread.frames,
                        log: None,
                    };
                    r!(d) = check!(env.va_arg(r!(ap), want));
                }
                Code::Alloca { d, bytes } | Code::Vla { d, bytes } => {
                    let len = r!(bytes);
                    if len > STACK_LIMIT || len == 0 && matches!(op, Code::Vla { .. }) {
                        let kind = match len as i64 {
                            1.. => FaultKind::StackOverflow { limit: STACK_LIMIT },
                            len => FaultKind::BadVlaSize { len },
                        };
                        check!(Err(kind));
                    }
                    let at = match alloca(memory, thread, len) {
                        Ok(at) => at,
                        Err(kind) => {
                            *fuel = left;
                            if let Some(frame) = thread.frames.last_mut() {
                                frame.pc = pc as u32 - 1;
                            }
                            return Flow::Trap(Trap::Fault(kind));
                        }
                    };
                    thread.regs[base + usize::from(d)] = at;
                    if let Some(frame) = thread.frames.last_mut() {
                        frame.pc = pc as u32;
                    }
                    *fuel = left;
                    // The frame's lowest address has changed.
                    continue 'frames;
                }
            }
        }
    }
}

/// What `setjmp` remembered: frames, instruction, result register, the frame's address, its end.
fn jump_place(env: &Env<'_>, at: u64) -> Result<[u64; 5], Trap> {
    let mut place = [0; 5];
    for (number, word) in place.iter_mut().enumerate() {
        *word = env.u64(at.wrapping_add(8 * number as u64))?;
    }
    Ok(place)
}

/// Leaves every frame above the one that called `setjmp`, and goes on there. Variables keep their
/// values, as gcc's do at -O0. Calls that handlers below interrupted are never answered.
fn unwind(
    program: &Program,
    memory: &mut Memory,
    thread: &mut Thread,
    [depth, pc, result, fp, sp]: [u64; 5],
    value: u64,
) -> Result<(), FaultKind> {
    let there = depth.checked_sub(1).and_then(|top| thread.frames.get(top as usize));
    let size = there.and_then(|frame| program.function(frame.func)).map(|f| f.code.len() as u64);
    if there.is_none_or(|frame| frame.fp != fp || sp > fp)
        || size.is_none_or(|size| pc >= size)
        || result >= thread.regs.len() as u64
    {
        return Err(FaultKind::DeadJump);
    }
    while thread.frames.len() as u64 > depth {
        let Some(frame) = thread.frames.pop() else { break };
        let len = program.function(frame.func).map_or(0, |function| u64::from(function.frame));
        memory.mark(frame.sp, frame.fp - frame.sp + len, NONE);
    }
    if let Some(frame) = thread.frames.last_mut() {
        memory.mark(frame.sp, sp.saturating_sub(frame.sp), NONE);
        frame.sp = sp;
        frame.pc = pc as u32;
    }
    thread.regs[result as usize] = value;
    thread.forget_calls();
    Ok(())
}

/// A call that could not be entered: the frame stays at the call.
fn fault_at_call(thread: &mut Thread, trap: Trap) -> Flow {
    if let Some(frame) = thread.frames.last_mut() {
        frame.pc -= 1;
    }
    Flow::Trap(trap)
}

fn divisible(by_zero: bool, overflows: bool) -> Result<(), FaultKind> {
    match (by_zero, overflows) {
        (true, _) => Err(FaultKind::DivisionByZero),
        (false, true) => Err(FaultKind::DivisionOverflow),
        (false, false) => Ok(()),
    }
}

/// `cvttsd2si`: what does not fit is the smallest integer.
fn float_to_int(value: f64) -> i64 {
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value) {
        value as i64
    } else {
        i64::MIN
    }
}

/// As gcc converts to `unsigned long`: values from 2^63 are shifted down first.
fn float_to_uint(value: f64) -> u64 {
    if value < 9_223_372_036_854_775_808.0 {
        float_to_int(value) as u64
    } else {
        (float_to_int(value - 9_223_372_036_854_775_808.0) as u64) ^ (1 << 63)
    }
}

fn unset_variable(function: &Function, var: u32) -> FaultKind {
    let object = function.vars.get(var as usize).map(|var| crate::fault::Object {
        kind: crate::fault::ObjectKind::Local,
        name: var.name.clone(),
        size: var.size,
        span: Some(var.span),
    });
    FaultKind::Uninitialised { object, offset: 0 }
}

fn alloca(memory: &mut Memory, thread: &mut Thread, len: u64) -> Result<u64, FaultKind> {
    let bottom = stack_top(thread.slot as usize) - STACK_LIMIT;
    let Some(frame) = thread.frames.last_mut() else { return Err(FaultKind::Unreachable) };
    let sp = frame.sp.saturating_sub(len + 32) & !15;
    if sp < bottom {
        return Err(FaultKind::StackOverflow { limit: STACK_LIMIT });
    }
    frame.sp = sp;
    let at = sp + 16;
    memory.mark(at, len, UNSET);
    Ok(at)
}

fn bit_load(
    memory: &Memory,
    shared: &SharedMemory,
    at: u64,
    bytes: u8,
    bit: u8,
    width: u8,
    signed: bool,
) -> Result<u64, Trap> {
    // Only the bytes that hold the bits must have been set.
    let (first, last) = (bit / 8, (bit + width - 1) / 8);
    let mut unit = [0; 8];
    let part = &mut unit[usize::from(first)..=usize::from(last)];
    memory.read_into(at.wrapping_add(u64::from(first)), part, true, shared)?;
    let _ = bytes;
    let value = u64::from_le_bytes(unit) << (64 - bit - width);
    Ok(match signed {
        true => ((value as i64) >> (64 - width)) as u64,
        false => value >> (64 - width),
    })
}

fn bit_store(
    memory: &mut Memory,
    shared: &mut SharedMemory,
    at: u64,
    value: u64,
    bytes: u8,
    bit: u8,
    width: u8,
) -> Result<(), Trap> {
    let (first, last) = (bit / 8, (bit + width - 1) / 8);
    let mut unit = [0; 8];
    let range = usize::from(first)..=usize::from(last);
    let start = at.wrapping_add(u64::from(first));
    memory.read_into(start, &mut unit[range.clone()], false, shared)?;
    let _ = bytes;
    let mask = (u64::MAX >> (64 - width)) << bit;
    let merged = u64::from_le_bytes(unit) & !mask | value << bit & mask;
    memory.write(start, &merged.to_le_bytes()[range], shared)?;
    Ok(())
}
