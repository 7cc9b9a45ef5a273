//! What C cannot say: leaf work done in Rust, and system calls.
//!
//! libc is C (`cc/libc/*.c`, compiled once by this compiler) on top of *intrinsics*: functions
//! with a C prototype that the interpreter answers itself. A [`Run::Pure`] one works on memory and
//! returns; a [`Run::Call`] one builds a system call, stops the machine, and on the answer writes
//! the out-parameters back. Intrinsics never call back into C, never block, never keep state of
//! their own: what must last lives in C variables.
//!
//! Arguments arrive as canonical 64-bit words (integers sign- or zero-extended by their type,
//! doubles as their bits). The result is cut to the prototype's return type.

use crate::fault::FaultKind;
use crate::machine::Frame;
use crate::memory::{Bad, BadFree, Map, Memory, NONE, Why};
use crate::program::{Program, Target};
use crate::race::Touch;
use crate::shared::SharedMemory;
use crate::source::Span;
use abi::consts;
use abi::syscall::FutexKey;
use abi::{
    AddrIn, AddrOut, Bytes, Errno, InBuf, OutBuf, OutPtr, Pid, Ptr, Reply, SockAddr, Syscall,
};
use std::sync::OnceLock;

/// One intrinsic.
pub(crate) struct Intrinsic {
    /// Its C prototype, as in a header, without `;`: `"unsigned long __builtin_strlen(const char *)"`.
    pub(crate) decl: &'static str,
    /// How it is answered.
    pub(crate) run: Run,
}

/// How an intrinsic is answered.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// At once.
    Pure(fn(&mut Env<'_>, &[u64]) -> Result<u64, Trap>),
    /// By the kernel.
    Call {
        /// The system call that the arguments mean.
        build: fn(&mut Env<'_>, &[u64]) -> Result<Syscall, Trap>,
        /// Writes the answer back; the result of the intrinsic. [`ret`] is the usual ending.
        finish: fn(&mut Env<'_>, &[u64], &Reply) -> Result<u64, Trap>,
    },
    /// `setjmp(3)`: remembers the caller's place at the first argument and is 0.
    SetJump,
    /// `longjmp(3)`: goes on at the place remembered at the first argument.
    LongJump,
}

/// Why an intrinsic could not go on: the program is at fault.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Trap {
    /// A bad access; the machine finds out what it hit.
    Access(Bad),
    /// Anything else.
    Fault(FaultKind),
    /// A bad `free`.
    Free(BadFree),
}

impl From<Bad> for Trap {
    fn from(bad: Bad) -> Trap {
        Trap::Access(bad)
    }
}

impl From<FaultKind> for Trap {
    fn from(kind: FaultKind) -> Trap {
        Trap::Fault(kind)
    }
}

/// What an intrinsic sees: the process's memory and who calls.
pub(crate) struct Env<'a> {
    pub(crate) mem: &'a mut Memory,
    pub(crate) shared: &'a mut SharedMemory,
    pub(crate) program: &'a Program,
    /// The calling thread.
    pub(crate) tid: Pid,
    /// Where this thread's `errno` is.
    pub(crate) errno_at: u64,
    /// Where this thread's own variables begin.
    pub(crate) locals_at: u64,
    /// The calling thread's frames.
    pub(crate) frames: &'a [Frame],
    /// Where accesses are noted, if there are threads that could race.
    pub(crate) log: Option<&'a mut Vec<Touch>>,
}

/// Tags of variable arguments; each takes 16 bytes: tag, value.
pub(crate) const VA_INT: u64 = 1;
pub(crate) const VA_LONG: u64 = 2;
pub(crate) const VA_POINTER: u64 = 3;
pub(crate) const VA_DOUBLE: u64 = 4;
/// A structure: this plus its size; the value is the address of a copy.
pub(crate) const VA_RECORD: u64 = 256;

/// What a reader of a variable argument expects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum VaWant {
    /// Any integer or pointer; the 64-bit word as passed.
    Int,
    /// A pointer (an integer of 64 bits is let through, as on x86-64).
    Pointer,
    /// A double: its bits.
    Double,
    /// A structure of this size: the address of the copy.
    Record(u64),
}

impl Env<'_> {
    /// The person's call that led here.
    pub(crate) fn span(&self) -> Option<Span> {
        crate::run::user_span(self.program, self.frames)
    }

    // ---- memory as libc uses it: every mistake is the program's fault

    /// `len` bytes, all set.
    pub(crate) fn read(&self, at: u64, len: u64) -> Result<Vec<u8>, Trap> {
        self.check_len(at, len)?;
        let mut bytes = vec![0; len as usize];
        self.mem.read_into(at, &mut bytes, true, self.shared)?;
        Ok(bytes)
    }

    /// `len` bytes, which may be unset (for copying).
    pub(crate) fn read_raw(&self, at: u64, len: u64) -> Result<Vec<u8>, Trap> {
        self.check_len(at, len)?;
        let mut bytes = vec![0; len as usize];
        self.mem.read_into(at, &mut bytes, false, self.shared)?;
        Ok(bytes)
    }

    /// Refuses lengths that no object can have before room is made for them.
    fn check_len(&self, at: u64, len: u64) -> Result<(), Trap> {
        if len > 1 << 28 {
            self.mem.read_into(at, &mut [0], false, self.shared)?;
            let why = Why::Unaddressable(at.wrapping_add(1 << 28));
            return Err(Bad { write: false, address: at, len, why }.into());
        }
        Ok(())
    }

    /// One byte that is set.
    pub(crate) fn u8(&self, at: u64) -> Result<u8, Trap> {
        Ok(self.mem.load::<1>(at, self.shared)?[0])
    }

    /// A 32-bit word.
    pub(crate) fn u32(&self, at: u64) -> Result<u32, Trap> {
        Ok(u32::from_le_bytes(self.mem.load(at, self.shared)?))
    }

    /// A 64-bit word.
    pub(crate) fn u64(&self, at: u64) -> Result<u64, Trap> {
        Ok(u64::from_le_bytes(self.mem.load(at, self.shared)?))
    }

    /// The string at `at` up to its NUL, which must be there.
    pub(crate) fn cstr(&self, at: u64) -> Result<Vec<u8>, Trap> {
        self.cstr_max(at, u64::MAX)
    }

    /// The string at `at`, up to its NUL or `max` bytes (`%.*s`, `strncpy`).
    pub(crate) fn cstr_max(&self, at: u64, max: u64) -> Result<Vec<u8>, Trap> {
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < max {
            match self.u8(at.wrapping_add(bytes.len() as u64))? {
                0 => break,
                byte => bytes.push(byte),
            }
        }
        Ok(bytes)
    }

    fn note(&mut self, touch: Touch) {
        if let Some(log) = &mut self.log {
            log.push(touch);
        }
    }

    /// Writes bytes.
    pub(crate) fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), Trap> {
        self.note(Touch::Write(at, bytes.len() as u64));
        Ok(self.mem.write(at, bytes, self.shared)?)
    }

    /// Writes a `long` of the target.
    pub(crate) fn write_long(&mut self, at: u64, value: i64) -> Result<(), Trap> {
        match self.program.target {
            Target::Linux => self.write(at, &value.to_le_bytes()),
            Target::Windows => self.write(at, &(value as i32).to_le_bytes()),
        }
    }

    /// Reads a `long` of the target.
    pub(crate) fn long(&self, at: u64) -> Result<i64, Trap> {
        match self.program.target {
            Target::Linux => Ok(self.u64(at)? as i64),
            Target::Windows => Ok(i64::from(self.u32(at)? as i32)),
        }
    }

    /// Copies bytes, set or not; the ranges may overlap.
    pub(crate) fn copy(&mut self, to: u64, from: u64, len: u64) -> Result<(), Trap> {
        self.note(Touch::Read(from, len));
        self.note(Touch::Write(to, len));
        Ok(self.mem.copy(to, from, len, self.shared)?)
    }

    /// Sets the thread's `errno`.
    pub(crate) fn set_errno(&mut self, errno: Errno) {
        let at = self.errno_at;
        let _ = self.mem.write(at, &errno.0.to_le_bytes(), self.shared);
    }

    // ---- the heap

    /// `malloc`; 0 with `ENOMEM` when there is no more.
    pub(crate) fn malloc(&mut self, size: u64) -> u64 {
        self.malloc_at(size, 16)
    }

    /// `malloc` of a block at a multiple of `align`, a power of two.
    pub(crate) fn malloc_at(&mut self, size: u64, align: u64) -> u64 {
        match self.mem.malloc_at(size, align, self.span()) {
            Some(at) => {
                self.note(Touch::Fresh(at, size));
                at
            }
            None => {
                self.set_errno(Errno::ENOMEM);
                0
            }
        }
    }

    /// `free`, of NULL too.
    pub(crate) fn free(&mut self, at: u64) -> Result<(), Trap> {
        if at == 0 {
            return Ok(());
        }
        self.mem.free(at, self.span()).map_err(Trap::Free)
    }

    /// The size with which a live block was allocated (`malloc_usable_size`).
    pub(crate) fn block_size(&self, at: u64) -> Result<u64, Trap> {
        match self.mem.block(at) {
            Some(block) => Ok(block.size),
            None if self.mem.heap().blocks.contains_key(&at) => Err(Trap::Free(BadFree::Twice(at))),
            None => Err(Trap::Free(BadFree::Unknown(at))),
        }
    }

    // ---- variable arguments

    /// `va_arg(*ap, …)` on the `va_list` at `ap`: the next argument's word.
    pub(crate) fn va_arg(&mut self, ap: u64, want: VaWant) -> Result<u64, Trap> {
        let (next, left, index) = (self.u64(ap)?, self.u64(ap + 8)?, self.u64(ap + 16)?);
        let index_from_1 = index as u32 + 1;
        if left == 0 {
            return Err(FaultKind::VaArgMissing { index: index_from_1 }.into());
        }
        let (tag, value) = (self.u64(next)?, self.u64(next + 8)?);
        if let VaWant::Int | VaWant::Pointer = want
            && let Some(size @ 1..=16) = tag.checked_sub(VA_RECORD)
        {
            return self.va_word_of_record(ap, next, value, size);
        }
        let fits = match want {
            VaWant::Int => matches!(tag, VA_INT | VA_LONG | VA_POINTER),
            // `printf("%s", 0)`: an int where a pointer belongs reads as NULL on x86-64.
            VaWant::Pointer => matches!(tag, VA_LONG | VA_POINTER) || tag == VA_INT && value == 0,
            VaWant::Double => tag == VA_DOUBLE,
            VaWant::Record(size) => tag == VA_RECORD + size,
        };
        if !fits {
            let want_tag = match want {
                VaWant::Int => VA_INT,
                VaWant::Pointer => VA_POINTER,
                VaWant::Double => VA_DOUBLE,
                VaWant::Record(size) => VA_RECORD + size,
            };
            let (expected, given) = (va_name(want_tag), va_name(tag));
            return Err(FaultKind::VaArgType { index: index_from_1, expected, given }.into());
        }
        self.write(ap, &(next + 16).to_le_bytes())?;
        self.write(ap + 8, &(left - 1).to_le_bytes())?;
        self.write(ap + 16, &(index + 1).to_le_bytes())?;
        Ok(value)
    }

    /// A small structure where a number is read (`printf("%x", addr.sin_addr)`): x86-64 passes it
    /// in one or two registers for integers, and the readers take those one by one.
    fn va_word_of_record(&mut self, ap: u64, next: u64, at: u64, size: u64) -> Result<u64, Trap> {
        let mut word = [0; 8];
        let first = size.min(8);
        word[..first as usize].copy_from_slice(&self.read_raw(at, first)?);
        if size > 8 {
            self.write(next, &(VA_RECORD + size - 8).to_le_bytes())?;
            self.write(next + 8, &(at + 8).to_le_bytes())?;
        } else {
            let (left, index) = (self.u64(ap + 8)?, self.u64(ap + 16)?);
            self.write(ap, &(next + 16).to_le_bytes())?;
            self.write(ap + 8, &(left - 1).to_le_bytes())?;
            self.write(ap + 16, &(index + 1).to_le_bytes())?;
        }
        Ok(u64::from_le_bytes(word))
    }

    // ---- memory as the kernel uses it: a pointer to nothing is EFAULT, an overrun is a fault

    /// Whether nothing at all is at `at`, so that the kernel would say `EFAULT`.
    fn nothing_at(&self, at: u64) -> bool {
        at < 4096
            || self.mem.state(at, self.shared) == NONE
                && self.mem.block_near(at).is_none()
                && !self.program.near_global(at)
                && crate::memory::stack_slot(at).is_none()
    }

    /// `len` bytes for the kernel to read, set or not; `None` is `EFAULT`.
    pub(crate) fn kernel_read(&self, at: u64, len: u64) -> Result<Option<Vec<u8>>, Trap> {
        if len == 0 {
            return Ok(Some(Vec::new()));
        }
        if self.nothing_at(at) || beyond_user(at, len) {
            return Ok(None);
        }
        self.read_raw(at, len).map(Some)
    }

    /// Bytes that the kernel writes back.
    pub(crate) fn kernel_write(&mut self, at: u64, bytes: &[u8]) -> Result<(), Trap> {
        self.write(at, bytes)
    }

    /// `const void *buf, size_t len` of `write(2)`.
    pub(crate) fn in_buf(&self, at: u64, len: u64) -> Result<InBuf, Trap> {
        Ok(InBuf { at, len, bytes: self.kernel_read(at, len)?.map(Bytes) })
    }

    /// `void *buf, size_t len` of `read(2)`. An overrun shows only if the kernel writes so far.
    pub(crate) fn out_buf(&self, at: u64, len: u64) -> OutBuf {
        OutBuf { at, len, ok: len == 0 || self.out_ptr(at).ok }
    }

    /// A pointer that the kernel writes through.
    pub(crate) fn out_ptr(&self, at: u64) -> OutPtr {
        OutPtr { at, ok: !self.nothing_at(at) }
    }

    /// A path or name that the kernel reads.
    pub(crate) fn path(&self, at: u64) -> Result<Ptr<Bytes>, Trap> {
        if self.nothing_at(at) {
            return Ok(Ptr { at, value: None });
        }
        Ok(Ptr { at, value: Some(Bytes(self.cstr(at)?)) })
    }

    /// A pointer to an `int` (or `socklen_t`) that the kernel reads.
    pub(crate) fn int_ptr(&self, at: u64) -> Result<Ptr<i32>, Trap> {
        if self.nothing_at(at) {
            return Ok(Ptr { at, value: None });
        }
        Ok(Ptr { at, value: Some(self.u32(at)? as i32) })
    }

    /// `const struct sockaddr *addr, socklen_t addrlen`.
    pub(crate) fn addr_in(&self, at: u64, len: u64) -> Result<AddrIn, Trap> {
        let len = len as i32;
        let wanted = len.clamp(0, abi::addr::SOCKADDR_STORAGE_LEN as i32) as u64;
        let value = match at {
            0 => None,
            _ => self.kernel_read(at, wanted)?.map(|bytes| SockAddr(Bytes(bytes))),
        };
        if value.is_some() {
            self.filled_address(at, wanted)?;
        }
        Ok(AddrIn { addr: Ptr { at, value }, len })
    }

    /// What the kernel reads of a socket address must have been set: family, port and address;
    /// not what pads `sockaddr_in` nor what follows a path's end.
    fn filled_address(&self, at: u64, len: u64) -> Result<(), Trap> {
        if len < 8 {
            return Ok(());
        }
        let family = self.read(at, 2)?;
        match i32::from(family[0]) | i32::from(family[1]) << 8 {
            consts::AF_INET => drop(self.read(at + 2, 6)?),
            consts::AF_INET6 if len >= 24 => drop((self.read(at + 2, 2)?, self.read(at + 8, 16)?)),
            consts::AF_UNIX => {
                for place in at + 2..at + len {
                    if self.read(place, 1)?[0] == 0 {
                        break;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// `struct sockaddr *addr, socklen_t *addrlen`, value-result.
    pub(crate) fn addr_out(&self, at: u64, len_at: u64) -> Result<AddrOut, Trap> {
        let len = if at == 0 && len_at == 0 { Ptr::null() } else { self.int_ptr(len_at)? };
        Ok(AddrOut { addr: self.out_ptr(at), len })
    }

    /// Writes an address as `accept(2)` does: cut to the room, with the full length.
    pub(crate) fn write_addr(&mut self, at: u64, len_at: u64, addr: &SockAddr) -> Result<(), Trap> {
        if at == 0 || len_at == 0 {
            return Ok(());
        }
        let room = (self.u32(len_at)? as i32).max(0) as usize;
        let bytes = addr.bytes();
        self.kernel_write(at, &bytes[..bytes.len().min(room)])?;
        self.kernel_write(len_at, &(bytes.len() as u32).to_le_bytes())
    }

    /// The name of a word for `futex(2)`.
    pub(crate) fn futex_key(&self, at: u64) -> FutexKey {
        match self.mem.shared_place(at) {
            Some((segment, offset)) => FutexKey::Shared(segment, offset),
            None => FutexKey::Private(at),
        }
    }

    /// Whether every byte of a range is mapped, and whether some of it is shared.
    pub(crate) fn mapped(&self, at: u64, len: u64) -> (bool, bool) {
        self.mem.mapped(at, len)
    }

    /// Carries out `mprotect`.
    pub(crate) fn protect(&mut self, at: u64, len: u64, reads: bool, writes: bool) {
        self.mem.protect(at, len, reads, writes);
    }

    /// Where `mmap` and `shmat` will put the next mapping.
    pub(crate) fn next_map(&self) -> u64 {
        self.mem.next_map()
    }

    /// Carries out [`abi::Out::Mapped`] at the address that the call named.
    pub(crate) fn map(
        &mut self,
        at: u64,
        segment: Option<u32>,
        offset: u64,
        len: u64,
        writable: bool,
    ) {
        self.mem.map(Map { at, len, segment, offset, writable });
        self.note(Touch::Fresh(at, len));
    }

    /// Carries out [`abi::Out::MappedCopy`]: private memory that begins with these bytes.
    pub(crate) fn map_copy(&mut self, at: u64, bytes: &[u8], len: u64, writable: bool) {
        self.mem.map(Map { at, len, segment: None, offset: 0, writable });
        let bytes = &bytes[..bytes.len().min(len as usize)];
        self.mem.fill(at, bytes, writable);
    }

    /// `munmap`, `shmdt`.
    pub(crate) fn unmap(&mut self, at: u64) {
        self.mem.unmap(at);
    }
}

/// Whether the bytes leave the addresses of a process, so that `access_ok` says no: a count of -1.
pub(crate) fn beyond_user(at: u64, len: u64) -> bool {
    at.checked_add(len).is_none_or(|end| end > 0x7fff_ffff_f000)
}

/// What an intrinsic is to the order of threads: whether it reads and writes a word atomically.
pub(crate) fn atomic(id: u16) -> Option<(bool, bool)> {
    match name_of(all()[usize::from(id)].decl).strip_prefix("__libc_")? {
        "load" => Some((true, false)),
        "store" => Some((false, true)),
        "add" | "swap" | "cas" | "rmw" | "cas_value" | "cas_place" => Some((true, true)),
        _ => None,
    }
}

/// The usual end of a system call: the value, or -1 with `errno`.
pub(crate) fn ret(env: &mut Env<'_>, reply: &Reply) -> u64 {
    match reply.ret {
        Ok(value) => value as u64,
        Err(errno) => {
            env.set_errno(errno);
            -1i64 as u64
        }
    }
}

/// [`Run::Call::finish`] of a call without out-parameters.
pub(crate) fn just_ret(env: &mut Env<'_>, _args: &[u64], reply: &Reply) -> Result<u64, Trap> {
    Ok(ret(env, reply))
}

fn va_name(tag: u64) -> String {
    match tag {
        VA_INT => "int".to_owned(),
        VA_LONG => "long".to_owned(),
        VA_POINTER => "void *".to_owned(),
        VA_DOUBLE => "double".to_owned(),
        _ => "struct".to_owned(),
    }
}

/// The compiler's own intrinsics; libc's are in `libc`.
static CORE: &[Intrinsic] = &[
    Intrinsic { decl: "int *__errno_location(void)", run: Run::Pure(|env, _| Ok(env.errno_at)) },
    Intrinsic {
        decl: "void *__libc_of_this_thread(void *first)",
        run: Run::Pure(|env, args| {
            Ok(env.locals_at + (args[0] - env.program.unit.thread_local.start))
        }),
    },
    Intrinsic {
        decl: "void __builtin_unreachable(void)",
        run: Run::Pure(|_, _| Err(FaultKind::Unreachable.into())),
    },
    Intrinsic {
        decl: "void *__libc_malloc_at(unsigned long long size, unsigned long long align)",
        run: Run::Pure(|env, args| Ok(env.malloc_at(args[0], args[1]))),
    },
    Intrinsic {
        decl: "void *__builtin_malloc(unsigned long long size)",
        run: Run::Pure(|env, args| Ok(env.malloc(args[0]))),
    },
    Intrinsic {
        decl: "void __builtin_free(void *block)",
        run: Run::Pure(|env, args| env.free(args[0]).map(|()| 0)),
    },
    Intrinsic {
        decl: "unsigned long long __builtin_block_size(void *block)",
        run: Run::Pure(|env, args| env.block_size(args[0])),
    },
    Intrinsic {
        decl: "void *__builtin_memmove(void *to, const void *from, unsigned long long len)",
        run: Run::Pure(|env, args| {
            env.copy(args[0], args[1], args[2])?;
            Ok(args[0])
        }),
    },
    Intrinsic { decl: "int __builtin_setjmp(void *env)", run: Run::SetJump },
    Intrinsic { decl: "void __builtin_longjmp(void *env, int value)", run: Run::LongJump },
    Intrinsic {
        decl: "int __syscall_exit_group(int status)",
        run: Run::Call {
            build: |_, args| Ok(Syscall::ExitGroup { status: args[0] as i32 }),
            finish: just_ret,
        },
    },
    Intrinsic {
        decl: "int __syscall_thread_exit(void *value)",
        run: Run::Call {
            build: |_, args| Ok(Syscall::ThreadExit { value: args[0] }),
            finish: just_ret,
        },
    },
];

/// Every intrinsic; an instruction names one by its index.
pub(crate) fn all() -> &'static [&'static Intrinsic] {
    static ALL: OnceLock<Vec<&'static Intrinsic>> = OnceLock::new();
    ALL.get_or_init(|| CORE.iter().chain(crate::libc::tables()).collect())
}

/// The name that a prototype declares.
pub(crate) fn name_of(decl: &str) -> &str {
    let before = decl.split('(').next().unwrap_or("");
    before.rsplit([' ', '*']).next().unwrap_or("")
}

/// An intrinsic's number by its name.
pub(crate) fn index_of(name: &str) -> Option<u16> {
    static NAMES: OnceLock<Vec<(&'static str, u16)>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let numbered = all().iter().enumerate();
        let mut names: Vec<_> =
            numbered.map(|(index, it)| (name_of(it.decl), index as u16)).collect();
        names.sort_unstable();
        names
    });
    let found = names.binary_search_by_key(&name, |(name, _)| name).ok()?;
    Some(names[found].1)
}
