//! What stops a program: the sanitizer's findings, typed, with their texts in both languages.
//!
//! A fault names the place, the variable and the reason. Elsewhere: which signal Linux would have
//! sent ([`Fault::signal`]); a kernel that wants to go on as Linux does ends the process with it.

use crate::source::Span;
use abi::Lang;
use abi::consts;
use serde::{Deserialize, Serialize};

/// Why a program was stopped, and where.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// What happened.
    pub kind: FaultKind,
    /// The person's code that did it (the call, where libc did it on its behalf).
    pub span: Option<Span>,
    /// The libc function on top, where the access was libc's.
    pub within: Option<String>,
}

/// Reading or writing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Access {
    /// A load.
    Read,
    /// A store.
    Write,
}

/// What kind of thing an address belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ObjectKind {
    /// A variable of a running function.
    Local,
    /// A global or static variable.
    Global,
    /// A string literal.
    Literal,
    /// A block of `malloc` and friends.
    Heap,
    /// A shared segment or a mapping.
    Mapping,
}

/// A variable or block that an access was about.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Object {
    /// What it is.
    pub kind: ObjectKind,
    /// The variable's name; empty where there is none.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    /// The declaration, or the call that allocated it.
    pub span: Option<Span>,
}

/// What happened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum FaultKind {
    /// An access through NULL (or so near it that it was NULL plus an offset).
    Null {
        /// Reading or writing.
        access: Access,
        /// The address, below one page.
        address: u64,
    },
    /// An access that begins or ends outside the object.
    OutOfBounds {
        /// Reading or writing.
        access: Access,
        /// How many bytes were accessed.
        len: u64,
        /// The object missed.
        object: Object,
        /// The first byte accessed, counted from the object's start.
        offset: i64,
    },
    /// An array index outside the array's type.
    Index {
        /// The index.
        index: i64,
        /// How many elements there are.
        len: u64,
        /// The array as written.
        name: String,
    },
    /// An access to a freed block.
    UseAfterFree {
        /// Reading or writing.
        access: Access,
        /// The block.
        object: Object,
        /// Where it was freed.
        freed: Option<Span>,
    },
    /// An access to a local of a function that has returned, or of a block that has ended.
    DeadLocal {
        /// Reading or writing.
        access: Access,
        /// The variable, where it is still known.
        object: Option<Object>,
    },
    /// An access where nothing is.
    Wild {
        /// Reading or writing.
        access: Access,
        /// Where.
        address: u64,
    },
    /// Writing what may only be read: a string literal, a read-only mapping.
    ReadOnly {
        /// Where.
        address: u64,
        /// What it is.
        object: Option<Object>,
    },
    /// Using a value that was never set.
    Uninitialised {
        /// The variable or block, and how far into it.
        object: Option<Object>,
        /// The first unset byte, counted from the object's start.
        offset: u64,
    },
    /// `free` of a block that is already free.
    DoubleFree {
        /// The block.
        object: Object,
        /// Where it was freed first.
        freed: Option<Span>,
    },
    /// `free` or `realloc` of what `malloc` did not return.
    InvalidFree {
        /// The pointer.
        address: u64,
        /// What it points into, if anything.
        object: Option<Object>,
    },
    /// Integer division or remainder by zero.
    DivisionByZero,
    /// `INT_MIN / -1`: the only quotient that does not fit.
    DivisionOverflow,
    /// `longjmp` into a function that has returned, or with a `jmp_buf` that was never set.
    DeadJump,
    /// Too deep a recursion, or too large locals.
    StackOverflow {
        /// The stack's size in bytes.
        limit: u64,
    },
    /// A call through a pointer that is not a function's address.
    NotAFunction {
        /// The pointer's value.
        address: u64,
    },
    /// A call through a pointer of another type: fewer arguments than the function has parameters.
    MissingArgument {
        /// The function.
        function: String,
        /// How many it takes.
        expected: u32,
        /// How many it got.
        given: u32,
    },
    /// `va_arg`, or a conversion of `printf`, found no more arguments.
    VaArgMissing {
        /// From 1, counted among the variable arguments.
        index: u32,
    },
    /// `va_arg`, or a conversion of `printf`, met an argument of another kind.
    VaArgType {
        /// From 1, counted among the variable arguments.
        index: u32,
        /// What was asked for, in C.
        expected: String,
        /// What was passed, in C.
        given: String,
    },
    /// The value of a function that returned without one.
    NoReturnValue {
        /// The function.
        function: String,
    },
    /// Two threads used the same memory without order between them, at least one writing.
    DataRace {
        /// Reading or writing.
        access: Access,
        /// The variable.
        object: Option<Object>,
        /// What the other thread did.
        other_access: Access,
        /// Where.
        other: Option<Span>,
        /// The line of `other`.
        other_line: u32,
    },
    /// A variable length array of a size that is negative, zero or absurd.
    BadVlaSize {
        /// The number of elements.
        len: i64,
    },
    /// `memcpy` of ranges that overlap.
    Overlap {
        /// The libc function.
        function: String,
    },
    /// `__builtin_unreachable`, or an instruction that cannot be.
    Unreachable,
    /// Something our libc does not do, by name.
    Unsupported {
        /// What, as in the manual.
        what: String,
    },
}

impl Fault {
    /// The signal with which Linux would have ended the process, where it would have noticed.
    pub fn signal(&self) -> i32 {
        match self.kind {
            FaultKind::DivisionByZero | FaultKind::DivisionOverflow => consts::SIGFPE,
            FaultKind::DoubleFree { .. } | FaultKind::InvalidFree { .. } => consts::SIGABRT,
            _ => consts::SIGSEGV,
        }
    }

    /// Whether the processor itself would have noticed, whatever lies beside the object.
    pub fn is_certain(&self) -> bool {
        matches!(
            self.kind,
            FaultKind::Null { .. }
                | FaultKind::Wild { .. }
                | FaultKind::ReadOnly { .. }
                | FaultKind::NotAFunction { .. }
                | FaultKind::DivisionByZero
                | FaultKind::DivisionOverflow
        )
    }

    /// What happened, in one or two sentences, without the place.
    pub fn text(&self, lang: Lang) -> String {
        let text = self.kind.text(lang);
        match (&self.within, lang) {
            (None, _) => text,
            (Some(name), Lang::PtBr) => format!("{text} (dentro de {name})"),
            (Some(name), Lang::En) => format!("{text} (inside {name})"),
        }
    }
}

impl FaultKind {
    /// What happened.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::PtBr => self.pt_br(),
            Lang::En => self.en(),
        }
    }

    fn pt_br(&self) -> String {
        use FaultKind::*;
        let verb = |access: &Access| match access {
            Access::Read => "leitura",
            Access::Write => "escrita",
        };
        match self {
            Null { access, address: 0 } => format!("{} através de um ponteiro NULL", verb(access)),
            Null { access, address } => {
                format!("{} através de NULL mais {address} bytes", verb(access))
            }
            OutOfBounds { access, len, object, offset } => format!(
                "{} de {len} byte(s) fora dos limites: {} tem {} byte(s), o acesso começa no byte {offset}",
                verb(access),
                object.pt_br(),
                object.size
            ),
            Index { index, len, name } => format!(
                "índice {index} fora dos limites: {name} tem {len} elemento(s), de 0 a {}",
                *len as i64 - 1
            ),
            UseAfterFree { access, object, .. } => {
                format!("{} depois de free: {} já foi liberado", verb(access), object.pt_br())
            }
            DeadLocal { access, object: Some(object) } => format!(
                "{} {}, que não existe mais: a função ou o bloco que a declarou terminou",
                verb(access),
                object.pt_br_after('d')
            ),
            DeadLocal { access, object: None } => format!(
                "{} de uma variável local que não existe mais: a função que a declarou terminou",
                verb(access)
            ),
            Wild { access, address } => {
                format!("{} no endereço {address:#x}, onde não há nada", verb(access))
            }
            ReadOnly { object: Some(object), .. } => {
                format!("escrita {}, que só pode ser lido", object.pt_br_after('n'))
            }
            ReadOnly { object: None, .. } => "escrita em memória que só pode ser lida".to_owned(),
            Uninitialised { object: Some(object), offset } => {
                let place = match offset {
                    0 => String::new(),
                    _ => format!(" (byte {offset})"),
                };
                format!("uso de um valor nunca definido: {}{place}", object.pt_br())
            }
            Uninitialised { object: None, .. } => "uso de um valor nunca definido".to_owned(),
            DoubleFree { object, .. } => {
                format!("free pela segunda vez: {} já foi liberado", object.pt_br())
            }
            InvalidFree { address, object: Some(object) } => format!(
                "free de {address:#x}, que malloc não devolveu: aponta para {}",
                object.pt_br()
            ),
            InvalidFree { address, object: None } => {
                format!("free de {address:#x}, que malloc não devolveu")
            }
            DivisionByZero => "divisão inteira por zero".to_owned(),
            DivisionOverflow => {
                "o quociente não cabe no tipo: o menor inteiro dividido por -1".to_owned()
            }
            DeadJump => {
                "longjmp para uma função que já retornou: setjmp tem de ter sido chamada por \
                         uma função que ainda está em execução"
                    .to_owned()
            }
            StackOverflow { limit } => format!(
                "estouro da pilha ({} KiB): recursão sem fim ou variáveis locais grandes demais",
                limit / 1024
            ),
            NotAFunction { address: 0 } => {
                "chamada através de um ponteiro de função NULL".to_owned()
            }
            NotAFunction { address } => {
                format!("chamada através de {address:#x}, que não é o endereço de uma função")
            }
            MissingArgument { function, expected, given } => format!(
                "{function} espera {expected} argumento(s) e foi chamada com {given} através de um ponteiro de outro tipo"
            ),
            VaArgMissing { index } => {
                format!("falta o argumento variável número {index}: a chamada passou menos")
            }
            VaArgType { index, expected, given } => format!(
                "o argumento variável número {index} é {given}, mas foi lido como {expected}"
            ),
            NoReturnValue { function } => {
                format!("uso do valor de {function}, que terminou sem return de um valor")
            }
            DataRace { access, object, other_access, other_line, .. } => format!(
                "corrida de dados sobre {}: nada (mutex, semáforo, join) põe em ordem esta {} e a {} da linha {other_line}, feita por outra thread",
                object.as_ref().map_or("a memória compartilhada".to_owned(), Object::pt_br),
                verb(access),
                verb(other_access)
            ),
            BadVlaSize { len } => format!("vetor de tamanho variável com {len} elementos"),
            Overlap { function } => {
                format!("{function} com origem e destino sobrepostos: use memmove")
            }
            Unreachable => "execução de um ponto declarado inalcançável".to_owned(),
            Unsupported { what } => format!("{what} não é suportado aqui"),
        }
    }

    fn en(&self) -> String {
        use FaultKind::*;
        let verb = |access: &Access| match access {
            Access::Read => "read",
            Access::Write => "write",
        };
        match self {
            Null { access, address: 0 } => format!("{} through a NULL pointer", verb(access)),
            Null { access, address } => {
                format!("{} through NULL plus {address} bytes", verb(access))
            }
            OutOfBounds { access, len, object, offset } => format!(
                "{} of {len} byte(s) out of bounds: {} has {} byte(s), the access starts at byte {offset}",
                verb(access),
                object.en(),
                object.size
            ),
            Index { index, len, name } => format!(
                "index {index} out of bounds: {name} has {len} element(s), 0 to {}",
                *len as i64 - 1
            ),
            UseAfterFree { access, object, .. } => {
                format!("{} after free: {} has been freed", verb(access), object.en())
            }
            DeadLocal { access, object: Some(object) } => format!(
                "{} of {}, which no longer exists: its function or block has ended",
                verb(access),
                object.en()
            ),
            DeadLocal { access, object: None } => format!(
                "{} of a local variable that no longer exists: its function has returned",
                verb(access)
            ),
            Wild { access, address } => {
                format!("{} at address {address:#x}, where nothing is", verb(access))
            }
            ReadOnly { object: Some(object), .. } => {
                format!("write to {}, which is read-only", object.en())
            }
            ReadOnly { object: None, .. } => "write to read-only memory".to_owned(),
            Uninitialised { object: Some(object), offset } => {
                let place = match offset {
                    0 => String::new(),
                    _ => format!(" (byte {offset})"),
                };
                format!("use of a value that was never set: {}{place}", object.en())
            }
            Uninitialised { object: None, .. } => "use of a value that was never set".to_owned(),
            DoubleFree { object, .. } => {
                format!("second free: {} has already been freed", object.en())
            }
            InvalidFree { address, object: Some(object) } => format!(
                "free of {address:#x}, which malloc did not return: it points to {}",
                object.en()
            ),
            InvalidFree { address, object: None } => {
                format!("free of {address:#x}, which malloc did not return")
            }
            DivisionByZero => "integer division by zero".to_owned(),
            DivisionOverflow => {
                "the quotient does not fit: the smallest integer divided by -1".to_owned()
            }
            DeadJump => {
                "longjmp into a function that has returned: setjmp must have been called by a \
                         function that is still running"
                    .to_owned()
            }
            StackOverflow { limit } => format!(
                "stack overflow ({} KiB): endless recursion or too large local variables",
                limit / 1024
            ),
            NotAFunction { address: 0 } => "call through a NULL function pointer".to_owned(),
            NotAFunction { address } => {
                format!("call through {address:#x}, which is not a function's address")
            }
            MissingArgument { function, expected, given } => format!(
                "{function} takes {expected} argument(s) and was called with {given} through a pointer of another type"
            ),
            VaArgMissing { index } => {
                format!("variable argument number {index} is missing: the call passed fewer")
            }
            VaArgType { index, expected, given } => {
                format!("variable argument number {index} is {given} but was read as {expected}")
            }
            NoReturnValue { function } => {
                format!("use of the value of {function}, which ended without returning one")
            }
            DataRace { access, object, other_access, other_line, .. } => format!(
                "data race on {}: nothing (mutex, semaphore, join) orders this {} and another thread's {} in line {other_line}",
                object.as_ref().map_or("shared memory".to_owned(), Object::en),
                verb(access),
                verb(other_access)
            ),
            BadVlaSize { len } => format!("variable length array of {len} elements"),
            Overlap { function } => {
                format!("{function} with overlapping source and destination: use memmove")
            }
            Unreachable => "execution of a point declared unreachable".to_owned(),
            Unsupported { what } => format!("{what} is not supported here"),
        }
    }
}

impl Object {
    /// With `de` (`d`) or `em` (`n`) before it, which melt into its article.
    fn pt_br_after(&self, preposition: char) -> String {
        let text = self.pt_br();
        match preposition {
            _ if text.starts_with("a ") || text.starts_with("o ") => format!("{preposition}{text}"),
            'd' => format!("de {text}"),
            _ => format!("em {text}"),
        }
    }

    fn pt_br(&self) -> String {
        match self.kind {
            ObjectKind::Local | ObjectKind::Global if !self.name.is_empty() => {
                format!("a variável {}", self.name)
            }
            ObjectKind::Local => "um valor temporário".to_owned(),
            ObjectKind::Global => "uma variável global".to_owned(),
            ObjectKind::Literal => format!("o literal {}", self.name),
            ObjectKind::Heap => format!("o bloco de {} byte(s) de malloc", self.size),
            ObjectKind::Mapping => "a memória compartilhada".to_owned(),
        }
    }

    fn en(&self) -> String {
        match self.kind {
            ObjectKind::Local | ObjectKind::Global if !self.name.is_empty() => {
                format!("variable {}", self.name)
            }
            ObjectKind::Local => "a temporary value".to_owned(),
            ObjectKind::Global => "a global variable".to_owned(),
            ObjectKind::Literal => format!("the literal {}", self.name),
            ObjectKind::Heap => format!("the malloc block of {} byte(s)", self.size),
            ObjectKind::Mapping => "the shared memory".to_owned(),
        }
    }
}
