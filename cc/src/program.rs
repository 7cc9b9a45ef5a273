//! A compiled program: immutable, shared by every machine that runs it.
//!
//! Code is for a register machine: each call has its own registers (64-bit words) on top of the
//! caller's. Register 0 holds the address of the call's memory frame; arguments follow; a result
//! comes back in the callee's register 0. Integers are kept sign- or zero-extended by their type,
//! floats as the bits of a double.

use crate::compile::Libc;
use crate::lex::Interner;
use crate::memory::{DATA_BASE, Page, TEXT_BASE, TEXT_HI};
use crate::source::{SourceMap, Span};
use crate::types::{Ty, Types};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The memory model of a target.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
pub enum Target {
    /// LP64: `long` has 8 bytes, `wchar_t` 4.
    #[default]
    Linux,
    /// LLP64: `long` has 4 bytes, `wchar_t` 2.
    Windows,
}

/// A register of the current call.
pub(crate) type Reg = u16;
/// An instruction of the current function.
pub(crate) type Pc = u32;

/// An instruction. `d` is the destination.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Code {
    Const {
        d: Reg,
        value: i32,
    },
    /// From the function's pool.
    Pool {
        d: Reg,
        index: u32,
    },
    Move {
        d: Reg,
        a: Reg,
    },
    AddI32 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    AddU32 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    Add64 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    SubI32 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    SubU32 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    Sub64 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    MulI32 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    MulU32 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    Mul64 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    DivI32 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    DivI64 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    DivU {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    RemI32 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    RemI64 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    RemU {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    And {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    Or {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    Xor {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    ShlI32 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    ShlU32 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    Shl64 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    ShrS32 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    ShrU32 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    ShrS64 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    ShrU64 {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    AddImmI32 {
        d: Reg,
        a: Reg,
        imm: i32,
    },
    AddImmU32 {
        d: Reg,
        a: Reg,
        imm: i32,
    },
    AddImm64 {
        d: Reg,
        a: Reg,
        imm: i32,
    },
    AndImm {
        d: Reg,
        a: Reg,
        imm: i32,
    },
    Eq {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    Ne {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    LtS {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    LtU {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    LeS {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    LeU {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    IsZero {
        d: Reg,
        a: Reg,
    },
    SExt8 {
        d: Reg,
        a: Reg,
    },
    SExt16 {
        d: Reg,
        a: Reg,
    },
    SExt32 {
        d: Reg,
        a: Reg,
    },
    ZExt8 {
        d: Reg,
        a: Reg,
    },
    ZExt16 {
        d: Reg,
        a: Reg,
    },
    ZExt32 {
        d: Reg,
        a: Reg,
    },
    ToBool {
        d: Reg,
        a: Reg,
    },
    Neg64 {
        d: Reg,
        a: Reg,
    },
    Not64 {
        d: Reg,
        a: Reg,
    },
    FAdd {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    FSub {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    FMul {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    FDiv {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    FEq {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    FNe {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    FLt {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    FLe {
        d: Reg,
        a: Reg,
        b: Reg,
    },
    FNeg {
        d: Reg,
        a: Reg,
    },
    RoundF32 {
        d: Reg,
        a: Reg,
    },
    IntToF {
        d: Reg,
        a: Reg,
    },
    UIntToF {
        d: Reg,
        a: Reg,
    },
    FToInt {
        d: Reg,
        a: Reg,
    },
    FToUInt {
        d: Reg,
        a: Reg,
    },
    FToBool {
        d: Reg,
        a: Reg,
    },
    Load8S {
        d: Reg,
        a: Reg,
        off: i32,
    },
    Load8U {
        d: Reg,
        a: Reg,
        off: i32,
    },
    Load16S {
        d: Reg,
        a: Reg,
        off: i32,
    },
    Load16U {
        d: Reg,
        a: Reg,
        off: i32,
    },
    Load32S {
        d: Reg,
        a: Reg,
        off: i32,
    },
    Load32U {
        d: Reg,
        a: Reg,
        off: i32,
    },
    Load64 {
        d: Reg,
        a: Reg,
        off: i32,
    },
    LoadF32 {
        d: Reg,
        a: Reg,
        off: i32,
    },
    Store8 {
        v: Reg,
        a: Reg,
        off: i32,
    },
    Store16 {
        v: Reg,
        a: Reg,
        off: i32,
    },
    Store32 {
        v: Reg,
        a: Reg,
        off: i32,
    },
    Store64 {
        v: Reg,
        a: Reg,
        off: i32,
    },
    StoreF32 {
        v: Reg,
        a: Reg,
        off: i32,
    },
    /// Bit-fields: bytes of the unit, first bit, width, sign.
    BitLoad {
        d: Reg,
        a: Reg,
        bytes: u8,
        bit: u8,
        width: u8,
        signed: bool,
    },
    BitStore {
        v: Reg,
        a: Reg,
        bytes: u8,
        bit: u8,
        width: u8,
    },
    /// `memory[to..] = memory[from..]`, states too.
    Copy {
        to: Reg,
        from: Reg,
        len: u32,
    },
    Zero {
        a: Reg,
        len: u32,
    },
    /// A frame slot becomes "never set".
    Unset {
        off: u32,
        len: u32,
    },
    /// A block's variable is no more.
    Dead {
        off: u32,
        len: u32,
    },
    /// Remembers where the stack ends.
    SaveStack {
        d: Reg,
    },
    /// Gives variable length arrays back, down to where the stack ended.
    RestoreStack {
        a: Reg,
    },
    /// Returns from a function that should have returned a value.
    RetNone,
    /// A value is returned, in a function that may end without.
    HasValue,
    /// The value of the call before is about to be used.
    CheckValue {
        name: u16,
    },
    /// `d = a + b * size`: a pointer step.
    Index {
        d: Reg,
        a: Reg,
        b: Reg,
        size: u32,
    },
    /// The index must be below `len`; the array's name is in the pool of names.
    Bounds {
        a: Reg,
        name: u16,
        len: u32,
    },
    /// A register variable must have been set: its flag, its index in `vars`.
    CheckSet {
        flag: Reg,
        var: u32,
    },
    Jump {
        to: Pc,
    },
    JumpIf {
        a: Reg,
        to: Pc,
    },
    JumpIfNot {
        a: Reg,
        to: Pc,
    },
    JumpEq {
        a: Reg,
        b: Reg,
        to: Pc,
    },
    JumpNe {
        a: Reg,
        b: Reg,
        to: Pc,
    },
    JumpLtS {
        a: Reg,
        b: Reg,
        to: Pc,
    },
    JumpLeS {
        a: Reg,
        b: Reg,
        to: Pc,
    },
    JumpLtU {
        a: Reg,
        b: Reg,
        to: Pc,
    },
    JumpLeU {
        a: Reg,
        b: Reg,
        to: Pc,
    },
    Switch {
        a: Reg,
        table: u32,
    },
    Call {
        base: Reg,
        func: u32,
    },
    CallPtr {
        a: Reg,
        base: Reg,
        args: u16,
    },
    Intrinsic {
        base: Reg,
        id: u16,
        args: u16,
    },
    Ret {
        a: Reg,
    },
    RetVoid,
    VaStart {
        ap: Reg,
        area: Reg,
    },
    VaArg {
        d: Reg,
        ap: Reg,
        want: u32,
    },
    /// Stack memory of a variable size: `d` is its address.
    Alloca {
        d: Reg,
        bytes: Reg,
    },
    /// Like `Alloca` for a variable length array: a size of zero or nonsense is a fault.
    Vla {
        d: Reg,
        bytes: Reg,
    },
}

/// Where a variable is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Place {
    /// In a register; the flag register says whether it was ever set.
    Register { reg: Reg, flag: Option<Reg> },
    /// In the memory frame.
    Frame(u32),
    /// Elsewhere: the register holds its address (variable length arrays).
    At(Reg),
}

/// A local variable, for views and faults.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Var {
    pub(crate) name: String,
    pub(crate) ty: Ty,
    pub(crate) size: u64,
    pub(crate) span: Span,
    pub(crate) place: Place,
    /// For one in a register: its offset in the frame, where it would be in memory.
    pub(crate) home: u32,
    pub(crate) param: bool,
    /// Instructions for which it is in scope.
    pub(crate) scope: (Pc, Pc),
    /// The instruction behind its initialiser: before it, a register holds something else.
    pub(crate) since: Pc,
}

/// A `switch`'s targets: ranges in order, then the default.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct SwitchTable {
    pub(crate) cases: Vec<(i64, i64, Pc)>,
    pub(crate) default: Pc,
}

/// A compiled function.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) code: Vec<Code>,
    /// One for each instruction.
    pub(crate) spans: Vec<Span>,
    /// Whether a statement begins at the instruction.
    pub(crate) starts: Vec<bool>,
    pub(crate) pool: Vec<u64>,
    pub(crate) names: Vec<String>,
    pub(crate) switches: Vec<SwitchTable>,
    pub(crate) regs: u32,
    pub(crate) params: u32,
    pub(crate) variadic: bool,
    /// Bytes of the memory frame.
    pub(crate) frame: u32,
    /// Bytes after it, the homes of variables that are in registers.
    pub(crate) homes: u32,
    /// Addressable parts of the frame: offset, length.
    pub(crate) slots: Vec<(u32, u32)>,
    pub(crate) vars: Vec<Var>,
    /// Whether it is the person's: shown and stepped through.
    pub(crate) user: bool,
}

/// A global variable or string literal.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct GlobalInfo {
    pub(crate) name: String,
    pub(crate) ty: Ty,
    pub(crate) address: u64,
    pub(crate) size: u64,
    pub(crate) span: Span,
    pub(crate) user: bool,
    pub(crate) literal: bool,
    /// Not `static`.
    pub(crate) exported: bool,
}

/// A compiled translation unit: libc's, or the person's.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) functions: Vec<Function>,
    /// Number and type of each function that another unit may call, by name.
    pub(crate) exports: Vec<(String, u32, Ty)>,
    /// By address.
    pub(crate) globals: Vec<GlobalInfo>,
    pub(crate) types: Types,
    pub(crate) interner: Interner,
    /// Initial pages of the data region, those of the units before included.
    pub(crate) image: Vec<Option<Arc<Page>>>,
    /// Where the next unit's data begins.
    pub(crate) end: u64,
    /// Where the thread-local variables lie, which are the first thread's.
    pub(crate) thread_local: Range<u64>,
}

impl Unit {
    /// The number and type of a function that another unit may call.
    pub(crate) fn export(&self, name: &str) -> Option<(u32, Ty)> {
        let found = self.exports.partition_point(|(known, ..)| known.as_str() < name);
        let (known, index, ty) = self.exports.get(found)?;
        (known == name).then_some((*index, *ty))
    }
}

/// libc's unit: what stands at file scope, and functions that are compiled when they are first
/// called. A program calls a few of them, and a page that starts should not wait for the others.
/// When that happens cannot be seen: numbers and addresses are fixed from the start.
pub(crate) struct Prelude {
    /// Without functions.
    pub(crate) unit: Unit,
    functions: Vec<OnceLock<Function>>,
    compiler: Mutex<Libc>,
}

impl std::fmt::Debug for Prelude {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Prelude")
    }
}

impl Prelude {
    pub(crate) fn new(unit: Unit, count: usize, compiler: Libc) -> Prelude {
        let functions = (0..count).map(|_| OnceLock::new()).collect();
        Prelude { unit, functions, compiler: Mutex::new(compiler) }
    }

    /// How many functions there are.
    pub(crate) fn len(&self) -> u32 {
        self.functions.len() as u32
    }

    /// For a test that compiles everything: what is called and defined nowhere.
    #[cfg(test)]
    pub(crate) fn missing(&self) -> Vec<String> {
        self.compiler.lock().unwrap_or_else(PoisonError::into_inner).missing()
    }

    /// A function by its number.
    #[inline]
    pub(crate) fn function(&self, index: usize) -> Option<&Function> {
        let function = self.functions.get(index)?;
        Some(function.get_or_init(|| {
            let mut compiler = self.compiler.lock().unwrap_or_else(PoisonError::into_inner);
            compiler.function(index)
        }))
    }
}

/// A compiled program.
#[derive(Debug)]
pub struct Program {
    /// The texts it was compiled from; spans refer to them.
    pub sources: SourceMap,
    /// What it was compiled for.
    pub target: Target,
    pub(crate) prelude: Arc<Prelude>,
    pub(crate) unit: Unit,
    pub(crate) main: u32,
    /// `__libc_start` and `__thread_start`.
    pub(crate) start: u32,
    pub(crate) thread_start: u32,
}

impl PartialEq for Program {
    /// Compilation is deterministic, so equal texts are equal programs.
    fn eq(&self, other: &Program) -> bool {
        self.sources == other.sources && self.target == other.target
    }
}

impl Program {
    /// A function by its number: libc's come first.
    #[inline]
    pub(crate) fn function(&self, index: u32) -> Option<&Function> {
        let index = index as usize;
        let libc = self.prelude.functions.len();
        if index < libc {
            self.prelude.function(index)
        } else {
            self.unit.functions.get(index - libc)
        }
    }

    /// The function at an address.
    pub(crate) fn function_at(&self, address: u64) -> Option<u32> {
        let offset = address.checked_sub(TEXT_BASE)?;
        let index = u32::try_from(offset / 16).ok()?;
        let count = self.prelude.functions.len() + self.unit.functions.len();
        ((address >> 32) as u32 == TEXT_HI && offset % 16 == 0 && (index as usize) < count)
            .then_some(index)
    }

    /// The global that holds an address, or whose red zone after it does.
    pub(crate) fn global_near(&self, address: u64) -> Option<&GlobalInfo> {
        let in_unit = |unit: &'_ Unit| {
            let next = unit.globals.partition_point(|global| global.address <= address);
            next.checked_sub(1)
        };
        let libc = &self.prelude.unit;
        let unit = if address >= libc.end { &self.unit } else { libc };
        let found = &unit.globals[in_unit(unit)?];
        (address < found.address + found.size.max(1) + 64).then_some(found)
    }

    /// Whether an address is in or just beside a global variable.
    pub(crate) fn near_global(&self, address: u64) -> bool {
        self.global_near(address).is_some()
    }

    /// Whether a variable or literal of libc's own is there.
    pub(crate) fn is_libc_data(&self, address: u64) -> bool {
        (DATA_BASE..self.prelude.unit.end).contains(&address)
    }

    /// Where the heap begins.
    pub(crate) fn heap_at(&self) -> u64 {
        (self.unit.end.max(DATA_BASE) + 0xfff) & !0xfff
    }
}

/// The address of a function.
pub(crate) fn function_address(index: u32) -> u64 {
    TEXT_BASE + 16 * u64::from(index)
}
