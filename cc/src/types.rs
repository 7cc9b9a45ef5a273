//! C's types with their layout: sizes, alignments and offsets as gcc and MinGW have them on x86-64.

use crate::cpp::templates::Arg;
use crate::lex::{Interner, Sym};
use crate::program::Target;
use crate::source::Span;
use std::collections::BTreeMap;

/// A type: an index into [`Types`] and whether it is `_Atomic` and `const`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Ty(u32);

macro_rules! basics {
    ($($index:literal $name:ident $kind:ident),* $(,)?) => {
        impl Ty { $(pub(crate) const $name: Ty = Ty($index << 2);)* }
        const BASICS: &[Kind] = &[$(Kind::$kind),*];
    };
}

basics! {
    0 ERROR Error, 1 VOID Void, 2 BOOL Bool, 3 CHAR Char, 4 SCHAR SChar, 5 UCHAR UChar,
    6 SHORT Short, 7 USHORT UShort, 8 INT Int, 9 UINT UInt, 10 LONG Long, 11 ULONG ULong,
    12 LLONG LLong, 13 ULLONG ULLong, 14 FLOAT Float, 15 DOUBLE Double, 16 LDOUBLE LDouble,
    17 NULLPTR Nullptr, 18 VALIST VaList, 19 BRACED Braced, 20 AUTO Auto, 21 DEPENDENT Dependent,
}

impl Ty {
    pub(crate) fn is_const(self) -> bool {
        self.0 & 1 == 1
    }
    pub(crate) fn unqual(self) -> Ty {
        Ty(self.0 & !3)
    }
    pub(crate) fn with_const(self) -> Ty {
        Ty(self.0 | 1)
    }
    pub(crate) fn is_atomic(self) -> bool {
        self.0 & 2 == 2
    }
    pub(crate) fn with_atomic_if(self, yes: bool) -> Ty {
        Ty(self.0 | u32::from(yes) << 1)
    }
    pub(crate) fn with_const_if(self, yes: bool) -> Ty {
        Ty(self.0 | u32::from(yes))
    }
}

/// The size of an array that is not known.
pub(crate) const UNKNOWN_LEN: u64 = u64::MAX;

/// What a type is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    /// Already complained about.
    Error,
    Void,
    Bool,
    Char,
    SChar,
    UChar,
    Short,
    UShort,
    Int,
    UInt,
    Long,
    ULong,
    LLong,
    ULLong,
    Float,
    Double,
    LDouble,
    /// C++'s `std::nullptr_t`.
    Nullptr,
    /// The structure behind `va_list`, 24 bytes.
    VaList,
    Ptr(Ty),
    /// C++: a list in braces, whose type is that of what it makes.
    Braced,
    /// C++: `auto`, not known yet.
    Auto,
    /// C++: within a template, a type that depends on its arguments.
    Dependent,
    /// C++'s `T &`.
    Ref(Ty),
    /// C++'s `T &&`.
    RRef(Ty),
    /// A template's parameter, standing for itself.
    Param(u32),
    /// A template with arguments that are not known yet.
    Spec(u32),
    Array(Ty, u64),
    /// A variable length array; its element and the local that holds its size in bytes.
    Vla(Ty, u32),
    Func(u32),
    Record(u32),
    Enum(u32),
}

/// A function's type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Func {
    pub(crate) ret: Ty,
    pub(crate) params: Vec<Ty>,
    pub(crate) variadic: bool,
    /// `f()` in C says nothing about parameters.
    pub(crate) prototype: bool,
}

/// A member of a structure or union.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Field {
    /// `None`: an anonymous structure or union.
    pub(crate) name: Option<Sym>,
    pub(crate) ty: Ty,
    pub(crate) offset: u64,
    /// Bit-field: first bit within the unit at `offset`, and width.
    pub(crate) bits: Option<(u8, u8)>,
    pub(crate) span: Span,
}

/// A member found by name: offset, type, bits.
pub(crate) type Placed = (u64, Ty, Option<(u8, u8)>);

/// A member as declared: name, type, bit width, place.
pub(crate) type Member = (Option<Sym>, Ty, Option<u8>, Span);

/// A structure or union.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Record {
    pub(crate) tag: Option<Sym>,
    pub(crate) union: bool,
    pub(crate) complete: bool,
    pub(crate) fields: Vec<Field>,
    pub(crate) size: u64,
    pub(crate) align: u64,
    pub(crate) span: Span,
    /// A typedef's name for an untagged one, for messages.
    pub(crate) alias: Option<Sym>,
}

/// An enumeration.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Enum {
    pub(crate) tag: Option<Sym>,
    pub(crate) constants: Vec<(Sym, i64)>,
    /// `int` or `unsigned int` (or wider, as gcc does).
    pub(crate) base: Ty,
    /// C++'s `enum class`: no integer.
    pub(crate) scoped: bool,
}

/// How tightly members stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Pack {
    /// As their types ask.
    No,
    /// `#pragma pack(n)`: aligned to no more than so many bytes; bit-fields without any gap.
    Bytes(u64),
}

/// Every type of a unit.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Types {
    pub(crate) target: Target,
    kinds: Vec<Kind>,
    index: BTreeMap<Kind, u32>,
    pub(crate) funcs: Vec<Func>,
    func_index: BTreeMap<Func, u32>,
    pub(crate) records: Vec<Record>,
    pub(crate) enums: Vec<Enum>,
    /// Templates with arguments that are not known yet.
    pub(crate) specs: Vec<(u32, Vec<Arg>)>,
}

impl Types {
    pub(crate) fn new(target: Target) -> Types {
        let index = BASICS.iter().enumerate().map(|(i, kind)| (*kind, i as u32)).collect();
        Types {
            target,
            kinds: BASICS.to_vec(),
            index,
            funcs: Vec::new(),
            func_index: BTreeMap::new(),
            records: Vec::new(),
            enums: Vec::new(),
            specs: Vec::new(),
        }
    }

    pub(crate) fn kind(&self, ty: Ty) -> Kind {
        self.kinds[(ty.0 >> 2) as usize]
    }

    fn make(&mut self, kind: Kind) -> Ty {
        let next = self.kinds.len() as u32;
        let index = *self.index.entry(kind).or_insert(next);
        if index == next {
            self.kinds.push(kind);
        }
        Ty(index << 2)
    }

    pub(crate) fn ptr(&mut self, to: Ty) -> Ty {
        self.make(Kind::Ptr(to))
    }

    /// `T &`; a reference to a reference is one.
    pub(crate) fn reference(&mut self, to: Ty) -> Ty {
        let to = self.referred(to);
        self.make(Kind::Ref(to))
    }

    /// `T &&`, which for a `T` that is a reference is that reference.
    pub(crate) fn rvalue_reference(&mut self, to: Ty) -> Ty {
        match self.kind(to) {
            Kind::Ref(_) | Kind::RRef(_) => to,
            _ => self.make(Kind::RRef(to)),
        }
    }

    /// What a reference refers to; any other type itself.
    pub(crate) fn referred(&self, ty: Ty) -> Ty {
        match self.kind(ty) {
            Kind::Ref(to) | Kind::RRef(to) => to,
            _ => ty,
        }
    }

    pub(crate) fn is_reference(&self, ty: Ty) -> bool {
        matches!(self.kind(ty), Kind::Ref(_) | Kind::RRef(_))
    }

    pub(crate) fn param(&mut self, index: u32) -> Ty {
        self.make(Kind::Param(index))
    }

    pub(crate) fn spec(&mut self, template: u32, args: Vec<Arg>) -> Ty {
        let spec = (template, args);
        let index = self.specs.iter().position(|known| *known == spec).unwrap_or_else(|| {
            self.specs.push(spec);
            self.specs.len() - 1
        });
        self.make(Kind::Spec(index as u32))
    }

    /// Whether nothing is known of a type within a template.
    pub(crate) fn is_param(&self, ty: Ty) -> bool {
        matches!(self.kind(ty), Kind::Param(_) | Kind::Spec(_) | Kind::Dependent)
    }

    /// Whether a type has a template's parameter in it.
    pub(crate) fn is_dependent(&self, ty: Ty) -> bool {
        match self.kind(ty) {
            Kind::Param(_) | Kind::Spec(_) | Kind::Dependent => true,
            Kind::Ptr(to) | Kind::Ref(to) | Kind::RRef(to) | Kind::Array(to, _) => {
                self.is_dependent(to)
            }
            Kind::Func(index) => {
                let func = &self.funcs[index as usize];
                self.is_dependent(func.ret)
                    || func.params.iter().any(|param| self.is_dependent(*param))
            }
            _ => false,
        }
    }

    /// Whether a type has `auto` in it.
    pub(crate) fn has_auto(&self, ty: Ty) -> bool {
        match self.kind(ty) {
            Kind::Auto => true,
            Kind::Ptr(to) | Kind::Ref(to) | Kind::RRef(to) => self.has_auto(to),
            _ => false,
        }
    }

    /// The type of a record by its number.
    pub(crate) fn record_ty(&mut self, index: u32) -> Ty {
        self.make(Kind::Record(index))
    }

    pub(crate) fn record_mut(&mut self, ty: Ty) -> Option<&mut Record> {
        match self.kind(ty) {
            Kind::Record(index) => self.records.get_mut(index as usize),
            _ => None,
        }
    }

    pub(crate) fn array(&mut self, of: Ty, len: u64) -> Ty {
        self.make(Kind::Array(of, len))
    }

    pub(crate) fn vla(&mut self, of: Ty, size_local: u32) -> Ty {
        self.make(Kind::Vla(of, size_local))
    }

    pub(crate) fn func(&mut self, func: Func) -> Ty {
        let next = self.funcs.len() as u32;
        let index = *self.func_index.entry(func.clone()).or_insert(next);
        if index == next {
            self.funcs.push(func);
        }
        self.make(Kind::Func(index))
    }

    pub(crate) fn new_record(&mut self, tag: Option<Sym>, union: bool, span: Span) -> Ty {
        self.records.push(Record {
            tag,
            union,
            complete: false,
            fields: Vec::new(),
            size: 0,
            align: 1,
            span,
            alias: None,
        });
        self.make(Kind::Record(self.records.len() as u32 - 1))
    }

    pub(crate) fn new_enum(&mut self, tag: Option<Sym>) -> Ty {
        self.enums.push(Enum { tag, constants: Vec::new(), base: Ty::UINT, scoped: false });
        self.make(Kind::Enum(self.enums.len() as u32 - 1))
    }

    pub(crate) fn func_of(&self, ty: Ty) -> Option<&Func> {
        match self.kind(ty) {
            Kind::Func(index) => Some(&self.funcs[index as usize]),
            _ => None,
        }
    }

    pub(crate) fn record_of(&self, ty: Ty) -> Option<&Record> {
        match self.kind(ty) {
            Kind::Record(index) => Some(&self.records[index as usize]),
            _ => None,
        }
    }

    /// What a pointer points to.
    pub(crate) fn pointee(&self, ty: Ty) -> Option<Ty> {
        match self.kind(ty) {
            Kind::Ptr(to) => Some(to),
            _ => None,
        }
    }

    /// An array's element.
    pub(crate) fn element(&self, ty: Ty) -> Option<Ty> {
        match self.kind(ty) {
            Kind::Array(of, _) | Kind::Vla(of, _) => Some(of),
            _ => None,
        }
    }

    /// The size in bytes; `None` for incomplete types, functions and variable length arrays.
    pub(crate) fn size(&self, ty: Ty) -> Option<u64> {
        Some(match self.kind(ty) {
            Kind::Error => 4,
            Kind::Void | Kind::Func(_) | Kind::Vla(..) => return None,
            Kind::Bool | Kind::Char | Kind::SChar | Kind::UChar => 1,
            Kind::Short | Kind::UShort => 2,
            Kind::Int | Kind::UInt | Kind::Float => 4,
            Kind::Long | Kind::ULong => match self.target {
                Target::Linux => 8,
                Target::Windows => 4,
            },
            Kind::LLong | Kind::ULLong | Kind::Double => 8,
            Kind::Nullptr | Kind::Ptr(_) | Kind::Ref(_) | Kind::RRef(_) => 8,
            Kind::Braced | Kind::Auto | Kind::Dependent | Kind::Param(_) | Kind::Spec(_) => 8,
            Kind::LDouble => 16,
            Kind::VaList => 24,
            Kind::Array(_, UNKNOWN_LEN) => return None,
            Kind::Array(of, len) => self.size(of)?.checked_mul(len)?,
            Kind::Record(index) => {
                let record = &self.records[index as usize];
                if !record.complete {
                    return None;
                }
                record.size
            }
            Kind::Enum(index) => return self.size(self.enums[index as usize].base),
        })
    }

    pub(crate) fn align(&self, ty: Ty) -> u64 {
        match self.kind(ty) {
            Kind::Array(of, _) | Kind::Vla(of, _) => self.align(of),
            Kind::Record(index) => self.records[index as usize].align,
            Kind::VaList => 8,
            _ => self.size(ty).unwrap_or(1).clamp(1, 16),
        }
    }

    pub(crate) fn is_integer(&self, ty: Ty) -> bool {
        matches!(
            self.kind(ty),
            Kind::Bool
                | Kind::Char
                | Kind::SChar
                | Kind::UChar
                | Kind::Short
                | Kind::UShort
                | Kind::Int
                | Kind::UInt
                | Kind::Long
                | Kind::ULong
                | Kind::LLong
                | Kind::ULLong
                | Kind::Enum(_)
        )
    }

    pub(crate) fn is_float(&self, ty: Ty) -> bool {
        matches!(self.kind(ty), Kind::Float | Kind::Double | Kind::LDouble)
    }

    pub(crate) fn is_arith(&self, ty: Ty) -> bool {
        self.is_integer(ty) || self.is_float(ty)
    }

    pub(crate) fn is_pointer(&self, ty: Ty) -> bool {
        matches!(self.kind(ty), Kind::Ptr(_) | Kind::Nullptr)
    }

    pub(crate) fn is_scalar(&self, ty: Ty) -> bool {
        self.is_arith(ty) || self.is_pointer(ty) || self.is_reference(ty)
    }

    pub(crate) fn is_record(&self, ty: Ty) -> bool {
        matches!(self.kind(ty), Kind::Record(_) | Kind::VaList)
    }

    pub(crate) fn is_array(&self, ty: Ty) -> bool {
        matches!(self.kind(ty), Kind::Array(..) | Kind::Vla(..))
    }

    pub(crate) fn is_func(&self, ty: Ty) -> bool {
        matches!(self.kind(ty), Kind::Func(_))
    }

    pub(crate) fn is_signed(&self, ty: Ty) -> bool {
        match self.kind(ty) {
            Kind::Enum(index) => self.is_signed(self.enums[index as usize].base),
            Kind::Char | Kind::SChar | Kind::Short | Kind::Int | Kind::Long | Kind::LLong => true,
            _ => false,
        }
    }

    /// Integer conversion rank (C11 §6.3.1.1).
    pub(crate) fn rank(&self, ty: Ty) -> u8 {
        match self.kind(ty) {
            Kind::Bool => 0,
            Kind::Char | Kind::SChar | Kind::UChar => 1,
            Kind::Short | Kind::UShort => 2,
            Kind::Long | Kind::ULong => 4,
            Kind::LLong | Kind::ULLong => 5,
            Kind::Enum(index) => self.rank(self.enums[index as usize].base),
            _ => 3,
        }
    }

    pub(crate) fn to_unsigned(&self, ty: Ty) -> Ty {
        match self.kind(ty) {
            Kind::Int => Ty::UINT,
            Kind::Long => Ty::ULONG,
            Kind::LLong => Ty::ULLONG,
            Kind::Char | Kind::SChar => Ty::UCHAR,
            Kind::Short => Ty::USHORT,
            _ => ty,
        }
    }

    /// `size_t`.
    pub(crate) fn size_t(&self) -> Ty {
        match self.target {
            Target::Linux => Ty::ULONG,
            Target::Windows => Ty::ULLONG,
        }
    }

    /// `ptrdiff_t`.
    pub(crate) fn ptrdiff_t(&self) -> Ty {
        match self.target {
            Target::Linux => Ty::LONG,
            Target::Windows => Ty::LLONG,
        }
    }

    /// The integer promotions (C11 §6.3.1.1).
    pub(crate) fn promote(&self, ty: Ty) -> Ty {
        match self.kind(ty) {
            Kind::Enum(index) => self.promote(self.enums[index as usize].base),
            Kind::Bool | Kind::Char | Kind::SChar | Kind::UChar | Kind::Short | Kind::UShort => {
                Ty::INT
            }
            _ => ty.unqual(),
        }
    }

    /// The usual arithmetic conversions (C11 §6.3.1.8).
    pub(crate) fn common(&self, a: Ty, b: Ty) -> Ty {
        for float in [Ty::LDOUBLE, Ty::DOUBLE, Ty::FLOAT] {
            if a.unqual() == float || b.unqual() == float {
                return float;
            }
        }
        let (a, b) = (self.promote(a), self.promote(b));
        if a == b {
            return a;
        }
        let (low, high) = if self.rank(a) < self.rank(b) { (a, b) } else { (b, a) };
        match (self.is_signed(low), self.is_signed(high)) {
            (true, true) | (false, false) | (true, false) => {
                if self.rank(a) == self.rank(b) && self.is_signed(high) { low } else { high }
            }
            (false, true) if self.rank(low) == self.rank(high) => low,
            (false, true) if self.size(high) > self.size(low) => high,
            (false, true) => self.to_unsigned(high),
        }
    }

    /// The layout of a record from its members in order: `(name, type, bit width, packed align)`.
    pub(crate) fn lay_out(&mut self, record: Ty, members: Vec<Member>, pack: Pack, min_align: u64) {
        let Kind::Record(index) = self.kind(record) else { return };
        let union = self.records[index as usize].union;
        let mut fields = Vec::with_capacity(members.len());
        let (mut bits, mut size, mut align) = (0u64, 0u64, min_align.max(1));
        for (name, ty, width, span) in members {
            let field_size = self.size(ty).unwrap_or(0);
            let field_align = match pack {
                Pack::No => self.align(ty),
                Pack::Bytes(most) => self.align(ty).min(most),
            };
            match width {
                Some(0) => bits = bits.next_multiple_of(field_size.max(1) * 8),
                Some(width) => {
                    let unit = field_size.max(1) * 8;
                    let start = if union { 0 } else { bits };
                    // A bit-field does not straddle its unit (System V ABI §3.1.2).
                    let straddles = start / unit != (start + u64::from(width) - 1) / unit;
                    let start = match pack {
                        Pack::No if straddles => start.next_multiple_of(unit),
                        _ => start,
                    };
                    let offset = match pack {
                        Pack::No => start / unit * field_size,
                        _ => start / 8,
                    };
                    let bit = (start - offset * 8) as u8;
                    bits = start + u64::from(width);
                    size = size.max(bits.div_ceil(8));
                    if name.is_some() {
                        align = align.max(field_align);
                        fields.push(Field { name, ty, offset, bits: Some((bit, width)), span });
                    }
                }
                None => {
                    let offset = match union {
                        true => 0,
                        false => bits.div_ceil(8).next_multiple_of(field_align),
                    };
                    bits = offset.saturating_add(field_size).saturating_mul(8);
                    size = size.max(offset.saturating_add(field_size));
                    align = align.max(field_align);
                    fields.push(Field { name, ty, offset, bits: None, span });
                }
            }
        }
        let record = &mut self.records[index as usize];
        record.fields = fields;
        record.size = size.checked_next_multiple_of(align).unwrap_or(size);
        record.align = align;
        record.complete = true;
    }

    /// A member by name, through anonymous members: its offset, type, bits.
    pub(crate) fn member(&self, record: Ty, name: Sym) -> Option<Placed> {
        let record = self.record_of(record)?;
        if let Some(field) = record.fields.iter().find(|field| field.name == Some(name)) {
            return Some((field.offset, field.ty, field.bits));
        }
        for field in &record.fields {
            if field.name.is_none()
                && let Some((offset, ty, bits)) = self.member(field.ty, name)
            {
                return Some((field.offset + offset, ty, bits));
            }
        }
        None
    }

    /// The type in C.
    pub(crate) fn name(&self, ty: Ty, interner: &Interner) -> String {
        self.declare(ty, String::new(), interner)
    }

    /// A declaration of `inner` with this type.
    pub(crate) fn declare(&self, ty: Ty, inner: String, interner: &Interner) -> String {
        let prefix = if ty.is_const() { "const " } else { "" };
        let spaced = |base: &str| match inner.is_empty() {
            true => format!("{prefix}{base}"),
            false => format!("{prefix}{base} {inner}"),
        };
        match self.kind(ty) {
            Kind::Ptr(to) | Kind::Ref(to) | Kind::RRef(to) => {
                let mark = match self.kind(ty) {
                    Kind::Ref(_) => "&",
                    Kind::RRef(_) => "&&",
                    _ => "*",
                };
                let konst = if ty.is_const() { "const " } else { "" };
                let inner = format!("{mark}{konst}{inner}");
                match self.kind(to) {
                    Kind::Array(..) | Kind::Vla(..) | Kind::Func(_) => {
                        self.declare(to, format!("({inner})"), interner)
                    }
                    _ => self.declare(to, inner, interner),
                }
            }
            Kind::Array(of, UNKNOWN_LEN) => self.declare(of, format!("{inner}[]"), interner),
            Kind::Array(of, len) => self.declare(of, format!("{inner}[{len}]"), interner),
            Kind::Vla(of, _) => self.declare(of, format!("{inner}[*]"), interner),
            Kind::Func(index) => {
                let func = &self.funcs[index as usize];
                let mut params: Vec<String> =
                    func.params.iter().map(|param| self.name(*param, interner)).collect();
                if func.variadic {
                    params.push("...".to_owned());
                }
                if params.is_empty() && func.prototype {
                    params.push("void".to_owned());
                }
                self.declare(func.ret, format!("{inner}({})", params.join(", ")), interner)
            }
            Kind::Record(index) => {
                let record = &self.records[index as usize];
                let word = if record.union { "union" } else { "struct" };
                match (record.tag, record.alias) {
                    // A class of a namespace, or of a template.
                    (Some(tag), _) if interner.get(tag).contains([':', '<']) => {
                        spaced(interner.get(tag))
                    }
                    (Some(tag), _) => spaced(&format!("{word} {}", interner.get(tag))),
                    (None, Some(alias)) => spaced(interner.get(alias)),
                    (None, None) => spaced(&format!("{word} {{…}}")),
                }
            }
            Kind::Enum(index) => match self.enums[index as usize].tag {
                Some(tag) => spaced(&format!("enum {}", interner.get(tag))),
                None => spaced("enum {…}"),
            },
            basic => spaced(match basic {
                Kind::Error => "?",
                Kind::Void => "void",
                Kind::Bool => "_Bool",
                Kind::Char => "char",
                Kind::SChar => "signed char",
                Kind::UChar => "unsigned char",
                Kind::Short => "short",
                Kind::UShort => "unsigned short",
                Kind::Int => "int",
                Kind::UInt => "unsigned int",
                Kind::Long => "long",
                Kind::ULong => "unsigned long",
                Kind::LLong => "long long",
                Kind::ULLong => "unsigned long long",
                Kind::Float => "float",
                Kind::Double => "double",
                Kind::LDouble => "long double",
                Kind::Nullptr => "nullptr_t",
                Kind::Braced => "{…}",
                Kind::Auto => "auto",
                Kind::Dependent | Kind::Param(_) | Kind::Spec(_) => "T",
                _ => "va_list",
            }),
        }
    }
}
