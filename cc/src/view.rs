//! A stopped thread as plain data for pictures: frames, variables, typed values, bytes.
//!
//! Nothing here refers to the machine's internals; a page or a test reads it as it is.

use crate::source::Span;
use serde::{Deserialize, Serialize};

/// A thread's frames and what is global.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Stack {
    /// The person's functions, `main` first, the running one last. libc's own frames are not shown.
    pub frames: Vec<Frame>,
    /// Global and static variables of the person's files.
    pub globals: Vec<Variable>,
    /// Live blocks of `malloc`.
    pub heap: Vec<Block>,
}

/// A call of a function.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Frame {
    /// The function's name.
    pub function: String,
    /// What runs next, or the call in progress.
    pub position: Option<Span>,
    /// The libc function that was called here and has not returned, if any.
    pub within: Option<String>,
    /// Whether this is a signal handler's call.
    pub handler: bool,
    /// Parameters, then the variables in scope, in the order of their declarations.
    pub locals: Vec<Variable>,
}

/// A block of the heap.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Block {
    /// Where.
    pub address: u64,
    /// Size in bytes.
    pub size: u64,
    /// The call that allocated it.
    pub span: Option<Span>,
    /// The first bytes (at most 256).
    pub bytes: Vec<Byte>,
}

/// A variable, or a part of one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Variable {
    /// The name; a member's name; `[3]` for an element.
    pub name: String,
    /// The type in C, `struct sockaddr_in *`.
    pub ty: String,
    /// Where.
    pub address: u64,
    /// Size in bytes.
    pub size: u64,
    /// The declaration.
    pub span: Option<Span>,
    /// The value.
    pub value: Value,
}

/// A typed value.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Value {
    /// Never set.
    Uninitialised,
    /// Memory that may not be read.
    Unreadable,
    /// `void`, a function, or a type without a picture.
    Opaque,
    /// Any integer.
    Int(i128),
    /// A character type.
    Char(i32),
    /// `_Bool`.
    Bool(bool),
    /// An enumeration: the constant's name, if there is one.
    Enum {
        /// The number.
        value: i64,
        /// Its name.
        name: Option<String>,
    },
    /// `float`, `double`.
    Float(f64),
    /// A pointer.
    Pointer {
        /// The address.
        address: u64,
        /// Where that is.
        target: Target,
    },
    /// `char[N]` or `char *`'s text up to the NUL where all of it is set: bytes as they are.
    Text {
        /// Up to the NUL or the array's end, at most 256 bytes.
        bytes: Vec<u8>,
        /// Elements, for an array.
        size: u64,
        /// Whether more follows that is not in `bytes`.
        cut: bool,
    },
    /// An array's first elements (at most 64).
    Array {
        /// Elements.
        elements: Vec<Variable>,
        /// How many follow that are not in `elements`.
        more: u64,
    },
    /// A structure or union.
    Record(Vec<Variable>),
}

/// Where a pointer points.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Target {
    /// NULL.
    Null,
    /// A function.
    Function(String),
    /// A variable or a part of it, as a path: `clients[2].addr`; `main::buf[0]` in another frame.
    Path(String),
    /// A place in a heap block.
    Heap {
        /// The block's address.
        block: u64,
        /// Bytes from its start.
        offset: u64,
    },
    /// A string literal, with its text.
    Literal(String),
    /// A text that no variable holds: an argument of the program, one of its environment. As C
    /// writes it, quotes included.
    Text(String),
    /// `argv`, `envp` and pointers into them: the texts up to the NULL, as C writes them, and
    /// whether there are more.
    Texts(Vec<String>, bool),
    /// Memory that is gone: freed, or of a function that has returned.
    Dangling,
    /// Nothing known is there.
    Unknown,
}

/// A byte of memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Byte {
    /// Set.
    Set(u8),
    /// Allocated, never set.
    Unset,
    /// Not addressable.
    None,
}
