//! Keywords of C and C++, and words that are neither and mean something.

macro_rules! keywords {
    ($($name:ident: $($text:literal)|+),* $(,)?) => {
        /// A keyword, with its GNU spellings.
        #[allow(clippy::enum_variant_names)] // `Catch` is a keyword's name
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Kw { $($name),* }
        pub(super) const KEYWORDS: &[(&str, Kw)] = &[$($(($text, Kw::$name)),+),*];
    };
}

keywords! {
    Auto: "auto", Break: "break", Case: "case", Char: "char",
    Const: "const" | "__const" | "__const__", Continue: "continue", Default: "default", Do: "do",
    Double: "double", Else: "else", Enum: "enum", Extern: "extern", Float: "float", For: "for",
    Goto: "goto", If: "if", Inline: "inline" | "__inline" | "__inline__", Int: "int", Long: "long",
    Register: "register", Restrict: "restrict" | "__restrict" | "__restrict__", Return: "return",
    Short: "short", Signed: "signed" | "__signed" | "__signed__", Sizeof: "sizeof",
    Static: "static", Struct: "struct", Switch: "switch", Typedef: "typedef", Union: "union",
    Unsigned: "unsigned", Void: "void", Volatile: "volatile" | "__volatile" | "__volatile__",
    While: "while", Alignas: "_Alignas", Alignof: "_Alignof" | "__alignof__" | "__alignof",
    Atomic: "_Atomic", Bool: "_Bool", Complex: "_Complex" | "__complex__", Generic: "_Generic",
    Noreturn: "_Noreturn", StaticAssert: "_Static_assert",
    ThreadLocal: "_Thread_local" | "__thread",
    Attribute: "__attribute__" | "__attribute", Asm: "__asm__" | "__asm" | "asm",
    Typeof: "__typeof__" | "__typeof" | "typeof", Int128: "__int128" | "__int128_t",
    VaListTy: "__builtin_va_list", VaStart: "__builtin_va_start", VaArg: "__builtin_va_arg",
    VaEnd: "__builtin_va_end", VaCopy: "__builtin_va_copy", Offsetof: "__builtin_offsetof",
    Alloca: "__builtin_alloca", Expect: "__builtin_expect",
    TypesCompatible: "__builtin_types_compatible_p", ConstantP: "__builtin_constant_p",
    FuncName: "__func__" | "__FUNCTION__" | "__PRETTY_FUNCTION__",
    AutoType: "__auto_type",
    // C++ only; removed from the table in C.
    CppBool: "bool", True: "true", False: "false", Nullptr: "nullptr", New: "new",
    Delete: "delete", Using: "using", Namespace: "namespace", Class: "class",
    StaticCast: "static_cast", ReinterpretCast: "reinterpret_cast", ConstCast: "const_cast",
    Public: "public", Private: "private", Template: "template", Try: "try", Catch: "catch",
    Throw: "throw", Constexpr: "constexpr", CppStaticAssert: "static_assert",
    CppThreadLocal: "thread_local", Virtual: "virtual", Operator: "operator", This: "this",
    Noexcept: "noexcept", Typename: "typename", DynamicCast: "dynamic_cast", Typeid: "typeid",
    Decltype: "decltype",
}

/// Words that mean C++ where C does not know them.
pub(crate) fn is_cpp_word(name: &str) -> bool {
    matches!(
        name,
        "cout"
            | "cin"
            | "cerr"
            | "endl"
            | "std"
            | "using"
            | "namespace"
            | "class"
            | "template"
            | "new"
            | "delete"
            | "nullptr"
            | "<iostream>"
            | "<string>"
            | "<vector>"
    )
}
