//! What the compiler tells the person: errors, warnings and lints, typed, in both languages.
//!
//! A [`Diagnostic`] carries a [`Kind`] with its values; each kind stands in one table with its text
//! in both languages. [`render`] draws lines and carets for a terminal.

use crate::source::{SourceMap, Span};
use abi::Lang;
use serde::{Deserialize, Serialize};

/// One message about the source.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How bad.
    pub severity: Severity,
    /// What.
    pub kind: Kind,
    /// Where; `Span::default()` when it is about the whole program.
    pub span: Span,
    /// Other places that explain it.
    pub related: Vec<(Span, Related)>,
    /// An edit that would mend it.
    pub fix: Option<Fix>,
}

/// How bad a diagnostic is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Severity {
    /// The program cannot be compiled.
    Error,
    /// A C compiler would warn.
    Warning,
    /// A beginner's mistake with sockets: a hint with its reason.
    Lint,
}

impl Severity {
    /// The word before the message.
    pub fn text(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Severity::Error, Lang::PtBr) => "erro",
            (Severity::Error, Lang::En) => "error",
            (Severity::Warning, Lang::PtBr) => "aviso",
            (Severity::Warning, Lang::En) => "warning",
            (Severity::Lint, Lang::PtBr) => "dica",
            (Severity::Lint, Lang::En) => "hint",
        }
    }
}

/// Replace the text of `span` by `text`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fix {
    /// What to replace; empty to insert.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// What would declare a name that nothing declares.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Declares {
    /// The header, as in `#include <name>`.
    pub header: String,
    /// It does so only under `_GNU_SOURCE`.
    pub gnu: bool,
}

impl Declares {
    fn text(&self, lang: Lang) -> String {
        let header = &self.header;
        match (self.gnu, lang) {
            (false, Lang::PtBr) => format!("falta #include <{header}>"),
            (false, Lang::En) => format!("missing #include <{header}>"),
            (true, Lang::PtBr) => {
                format!(
                    "falta #define _GNU_SOURCE antes do primeiro #include, e #include <{header}>"
                )
            }
            (true, Lang::En) => {
                format!(
                    "missing #define _GNU_SOURCE before the first #include, and #include <{header}>"
                )
            }
        }
    }
}

/// Why another place is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Related {
    /// The name was declared here.
    DeclaredHere,
    /// The bracket to be closed was opened here.
    OpenedHere,
    /// The macro was defined here.
    MacroHere,
}

impl Related {
    /// The note beside the place.
    pub fn text(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Related::DeclaredHere, Lang::PtBr) => "declarado aqui",
            (Related::DeclaredHere, Lang::En) => "declared here",
            (Related::OpenedHere, Lang::PtBr) => "aberto aqui",
            (Related::OpenedHere, Lang::En) => "opened here",
            (Related::MacroHere, Lang::PtBr) => "a macro foi definida aqui",
            (Related::MacroHere, Lang::En) => "the macro was defined here",
        }
    }
}

macro_rules! kinds {
    ($(#[doc = $doc:literal] $name:ident $({ $($field:ident: $ty:ty),* })? => $pt:literal, $en:literal;)*) => {
        /// What a diagnostic says.
        #[allow(missing_docs)] // the fields are the values that the texts name
        #[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
        pub enum Kind {
            $(#[doc = $doc] $name $({ $($field: $ty),* })?,)*
        }

        impl Kind {
            #[allow(unused_variables)] // hints are added by `hint`
            fn pt_br(&self) -> String {
                match self { $(Kind::$name $({ $($field),* })? => format!($pt),)* }
            }

            #[allow(unused_variables)]
            fn en(&self) -> String {
                match self { $(Kind::$name $({ $($field),* })? => format!($en),)* }
            }
        }
    };
}

kinds! {
    /// C++ in a file whose name says C.
    CppInC { name: String } => "{name} é C++: dê ao arquivo um nome terminado em .cpp", "{name} is C++: give the file a name that ends in .cpp";
    /// A function inside another.
    NestedFunction { name: String } => "a função {name} está dentro de outra, o que C não tem", "function {name} is inside another, which C does not have";
    /// The file that should be compiled is not among the sources.
    NoSuchFile { name: String } => "o arquivo {name} não existe", "no such file: {name}";
    /// Not part of the language that is understood here, by name.
    Unsupported { what: String } => "{what} não é suportado aqui", "{what} is not supported here";
    /// A block comment that never ends.
    UnterminatedComment => "comentário /* sem */", "comment /* without */";
    /// A string literal that never ends.
    UnterminatedString => "texto entre aspas sem as aspas finais", "string without its closing quote";
    /// A character literal that never ends.
    UnterminatedChar => "caractere entre apóstrofos sem o apóstrofo final", "character without its closing quote";
    /// A character that starts no token.
    StrayCharacter { character: char } => "o caractere {character} não pertence à linguagem C", "stray character {character}";
    /// Macro expansion or inclusion without end.
    TooLong => "o programa cresce demais ao expandir macros e includes", "the program grows too large when macros and includes are expanded";
    /// Nesting beyond the limit.
    TooDeep => "aninhamento profundo demais", "nested too deeply";
    /// Too many open files.
    IncludeDepth { name: String } => "{name} inclui a si mesmo sem fim", "{name} includes itself without end";
    /// A conditional that never ends.
    UnterminatedConditional => "#if sem #endif", "#if without #endif";
    /// `#else` and its kin on their own.
    DirectiveWithoutIf { name: String } => "#{name} sem #if", "#{name} without #if";
    /// A directive needs a name.
    MacroName => "falta o nome da macro", "the macro's name is missing";
    /// `#define f(a,`.
    MacroParameters => "lista de parâmetros de macro malformada", "malformed macro parameter list";
    /// Another definition.
    MacroRedefined { name: String } => "a macro {name} já tinha outro valor", "macro {name} had another value";
    /// Wrong number of arguments.
    MacroArguments { name: String, expected: u32, given: u32 } => "a macro {name} recebe {expected} argumento(s), mas foram passados {given}", "macro {name} takes {expected} argument(s), {given} given";
    /// Arguments that never end.
    UnterminatedMacro { name: String } => "falta o ) dos argumentos da macro {name}", "missing ) of the arguments of macro {name}";
    /// `##` without operand.
    PasteAtEnd => "## não pode ficar no começo nem no fim", "## cannot be first or last";
    /// Pasting gives no token.
    BadPaste { text: String } => "## forma {text}, que não é um símbolo válido", "## makes {text}, which is no token";
    /// Not an expression.
    BadCondition => "condição de #if malformada", "malformed #if condition";
    /// Neither form.
    BadInclude => "#include espera <arquivo.h> ou \"arquivo.h\"", "#include expects <file.h> or \"file.h\"";
    /// Neither ours nor the scenario's.
    NoSuchHeader { name: String, suggestion: Option<String> } => "o cabeçalho {name} não existe aqui", "there is no header {name} here";
    /// Windows' header on another system.
    WindowsHeader { name: String } => "o cabeçalho {name} é do Windows: o host deste programa precisa de os = \"windows\" no cenário", "the header {name} is Windows': this program's host needs os = \"windows\" in the scenario";
    /// A misspelt directive.
    UnknownDirective { name: String, suggestion: Option<String> } => "diretiva desconhecida: #{name}", "unknown directive #{name}";
    /// `#error`, `#warning`.
    UserError { text: String } => "#error {text}", "#error {text}";
    /// Punctuation.
    Expected { what: String, found: String } => "falta {what} antes de {found}", "missing {what} before {found}";
    /// A declarator without name.
    ExpectedName { found: String } => "esperava um nome, encontrei {found}", "expected a name, found {found}";
    /// A declaration without type.
    ExpectedType { found: String } => "esperava um tipo, encontrei {found}", "expected a type, found {found}";
    /// Nothing to evaluate.
    ExpectedExpression { found: String } => "esperava uma expressão, encontrei {found}", "expected an expression, found {found}";
    /// An array from a scalar.
    ExpectedInitializer { found: String } => "este valor inicial precisa de chaves {{}}, encontrei {found}", "this initializer needs braces {{}}, found {found}";
    /// A name that is no type.
    UnknownType { name: String, suggestion: Option<String>, header: Option<Declares> } => "tipo desconhecido: {name}", "unknown type {name}";
    /// `long char`.
    BadTypeWords => "estas palavras não formam um tipo", "these words do not make a type";
    /// C89's implicit int.
    ImplicitInt => "falta o tipo; int foi suposto", "type missing; int assumed";
    /// One brace too many.
    ExtraBrace => "}} sem a {{ correspondente", "}} without its {{";
    /// One brace too few.
    MissingBrace => "falta a }} desta {{", "missing }} of this {{";
    /// `struct` for a `union`.
    WrongTag { name: String } => "{name} foi declarado como outro tipo de estrutura", "{name} was declared as another kind of tag";
    /// Conflicting declarations.
    Redeclared { name: String } => "{name} já foi declarado com outro tipo", "{name} was declared with another type";
    /// Two definitions.
    Redefined { name: String } => "{name} já foi definido neste escopo", "{name} is already defined in this scope";
    /// No size.
    IncompleteType { ty: String } => "o tipo {ty} está incompleto: seu conteúdo não foi declarado", "type {ty} is incomplete: its contents were not declared";
    /// C11 §6.7.6.3.
    BadReturnType => "uma função não pode devolver um vetor nem uma função", "a function cannot return an array or a function";
    /// Width or type.
    BadBitField => "campo de bits malformado", "malformed bit-field";
    /// More than a gibibyte.
    ArrayTooLarge => "vetor grande demais", "array too large";
    /// `int a[1.5]`.
    ArraySizeType => "o tamanho de um vetor deve ser inteiro", "an array's size must be an integer";
    /// `int a[-1]`.
    ArraySizeNegative => "o tamanho de um vetor não pode ser negativo", "an array's size cannot be negative";
    /// A variable size at file scope.
    VlaOutsideFunction => "fora de uma função o tamanho de um vetor deve ser constante", "outside a function an array's size must be constant";
    /// C11 §6.7.9.
    VlaInitialised => "um vetor de tamanho variável não pode ter valor inicial", "a variable length array cannot be initialised";
    /// A constant expression is needed.
    NotConstant => "este valor deve ser constante", "this value must be constant";
    /// `_Static_assert`.
    StaticAssert { text: String } => "asserção estática falsa: {text}", "static assertion failed: {text}";
    /// `[9] =` in an array of 3.
    BadDesignator => "este designador não existe no vetor ou na estrutura", "this designator is not in the array or structure";
    /// More than elements.
    TooManyInitializers => "valores iniciais demais", "too many initializers";
    /// A string cut.
    StringTooLong { given: u64, len: u64 } => "o texto tem {given} caracteres, o vetor só {len} elementos", "the string has {given} characters, the array only {len} elements";
    /// `goto` nowhere.
    NoSuchLabel { name: String } => "o rótulo {name} não existe nesta função", "no label {name} in this function";
    /// Nothing to leave.
    OutsideLoop { is_break: bool } => "break ou continue fora de um laço", "break or continue outside a loop";
    /// Often a stray `;`.
    ElseWithoutIf => "else sem if", "else without if";
    /// C11 §6.8.1.
    CaseOutsideSwitch => "case fora de um switch", "case outside a switch";
    /// Two labels of one value.
    DuplicateCase { value: String } => "case repetido: {value}", "duplicate case: {value}";
    /// C11 §6.8.4.2.
    SwitchType { ty: String } => "switch precisa de um inteiro, não de {ty}", "switch needs an integer, not {ty}";
    /// `if (x); {`.
    EmptyBody { keyword: String } => "este ; termina o {keyword}: o bloco seguinte sempre executa", "this ; ends the {keyword}: the block after it always runs";
    /// `return;`.
    ReturnWithoutValue { name: String } => "{name} deve devolver um valor", "{name} must return a value";
    /// `return x;` in void.
    ReturnWithValue { name: String } => "{name} é void e não devolve valor", "{name} is void and returns no value";
    /// `\q`.
    BadEscape { escape: String } => "sequência de escape desconhecida: {escape}", "unknown escape sequence {escape}";
    /// `''`.
    BadCharacter => "caractere malformado", "malformed character";
    /// `'ab'`.
    MultiChar => "vários caracteres entre apóstrofos; texto usa aspas duplas", "several characters in single quotes; strings use double quotes";
    /// `12abc`.
    BadNumber { text: String } => "número malformado: {text}", "malformed number {text}";
    /// An unknown name.
    Undeclared { name: String, suggestion: Option<String>, header: Option<Declares> } => "{name} não foi declarado", "{name} is not declared";
    /// C89's implicit declaration.
    ImplicitFunction { name: String, suggestion: Option<String>, header: Option<Declares> } => "a função {name} é chamada sem ter sido declarada", "function {name} is called without a declaration";
    /// As `ImplicitFunction`, of one that returns a pointer.
    ImplicitPointer { name: String, header: Option<Declares> } => "a função {name} é chamada sem ter sido declarada: gcc supõe que ela devolve int e corta o ponteiro para 32 bits, e no Linux o programa cai ao usá-lo", "function {name} is called without a declaration: gcc assumes that it returns int and cuts the pointer to 32 bits, and on Linux the program crashes when it uses it";
    /// A link error.
    UndefinedFunction { name: String, suggestion: Option<String>, header: Option<Declares> } => "a função {name} não está definida em lugar nenhum", "function {name} is not defined anywhere";
    /// A link error.
    UndefinedVariable { name: String } => "a variável {name} foi declarada extern, mas não está definida", "variable {name} is declared extern but not defined";
    /// Nothing to run.
    NoMain => "o programa não tem a função main", "the program has no function main";
    /// A type in an expression.
    TypeAsValue { name: String } => "{name} é um tipo, não um valor", "{name} is a type, not a value";
    /// Not an lvalue.
    NotAssignable => "isto não pode receber um valor", "this cannot be assigned to";
    /// `a = b` of arrays.
    ArrayAssigned => "um vetor não recebe valor com =; copie com strcpy ou memcpy", "an array cannot be assigned with =; copy with strcpy or memcpy";
    /// Assignment to const.
    ConstAssigned { name: String } => "{name} é const e não pode mudar", "{name} is const and cannot change";
    /// `&1`.
    NotAddressable => "isto não tem endereço", "this has no address";
    /// C11 §6.5.3.2.
    AddressOfBitField => "um campo de bits não tem endereço", "a bit-field has no address";
    /// C11 §6.5.3.4.
    SizeofBitField => "sizeof não se aplica a um campo de bits", "sizeof does not apply to a bit-field";
    /// Dereference of a non-pointer.
    NotAPointer { ty: String } => "* precisa de um ponteiro, não de {ty}", "* needs a pointer, not {ty}";
    /// `*p` of `void *`.
    VoidDereferenced => "void * não pode ser seguido com *: converta antes", "void * cannot be dereferenced: cast it first";
    /// `void` used as a value.
    VoidValue => "esta chamada não devolve valor", "this call returns no value";
    /// Index of a scalar.
    NotIndexable { ty: String } => "[] precisa de um vetor ou ponteiro, não de {ty}", "[] needs an array or pointer, not {ty}";
    /// Index type.
    BadIndex { ty: String } => "o índice deve ser inteiro, não {ty}", "the index must be an integer, not {ty}";
    /// `.` on a scalar.
    NotARecord { ty: String } => "{ty} não tem campos", "{ty} has no members";
    /// `p.x`.
    DotOnPointer { ty: String } => "{ty} é um ponteiro: use -> em vez de .", "{ty} is a pointer: use -> instead of .";
    /// `s->x`.
    ArrowOnRecord { ty: String } => "{ty} não é um ponteiro: use . em vez de ->", "{ty} is not a pointer: use . instead of ->";
    /// A misspelt member.
    NoSuchMember { name: String, ty: String, suggestion: Option<String> } => "{ty} não tem o campo {name}", "{ty} has no member {name}";
    /// A call of a value.
    NotCallable { ty: String } => "isto não é uma função, é {ty}", "this is not a function but {ty}";
    /// Too few or too many.
    ArgumentCount { name: String, expected: u32, given: u32 } => "{name} recebe {expected} argumento(s), mas foram passados {given}", "{name} takes {expected} argument(s), {given} given";
    /// Cannot convert.
    BadArgument { index: u32, from: String, to: String } => "o argumento {index} é {from}, a função espera {to}", "argument {index} is {from}, the function expects {to}";
    /// Converts, doubtfully.
    DoubtfulArgument { index: u32, from: String, to: String } => "o argumento {index} é {from}, a função espera {to}", "argument {index} is {from}, the function expects {to}";
    /// Cannot convert.
    Incompatible { from: String, to: String } => "{from} não pode ser convertido em {to}", "{from} cannot be converted to {to}";
    /// Converts, doubtfully.
    DoubtfulConversion { from: String, to: String } => "{from} usado como {to} sem conversão explícita", "{from} used as {to} without a cast";
    /// `text == "yes"`.
    AddressesCompared => "== compara os endereços, não os textos: use strcmp", "== compares the addresses, not the texts: use strcmp";
    /// `return` of a local array.
    LocalReturned { name: String } => "{name} deixa de existir quando a função retorna: o endereço devolvido não servirá", "{name} ends with the function: the address that is returned will be of no use";
    /// `scanf("%d", text)`.
    ScannedType { index: u32, spec: String, given: String } => "scanf: {spec} não serve para o argumento {index}, que é {given}", "scanf: {spec} does not fit argument {index}, which is {given}";
    /// gcc's `-Wformat` of a missing sentinel.
    MissingSentinel { name: String } => "os argumentos de {name} terminam com (char *)NULL, que falta aqui", "the arguments of {name} end with (char *)NULL, which is missing here";
    /// `scanf("%d", n)`.
    ScanfArgument { index: u32, given: String } => "scanf precisa do endereço da variável: o argumento {index} é {given}", "scanf needs the variable's address: argument {index} is {given}";
    /// Pointer with integer.
    DoubtfulComparison { left: String, right: String } => "comparação entre {left} e {right}", "comparison between {left} and {right}";
    /// Qualifier lost.
    DiscardsConst { to: String } => "a conversão para {to} perde o const", "the conversion to {to} discards const";
    /// Cast of a structure.
    BadCast { from: String, to: String } => "{from} não pode ser convertido em {to} com uma conversão explícita", "{from} cannot be cast to {to}";
    /// Unary operator.
    BadOperand { ty: String } => "este operador não se aplica a {ty}", "this operator does not apply to {ty}";
    /// Binary operator.
    BadOperands { left: String, right: String } => "este operador não se aplica a {left} e {right}", "this operator does not apply to {left} and {right}";
    /// `if (structure)`.
    NotScalar { ty: String } => "{ty} não pode ser uma condição", "{ty} cannot be a condition";
    /// A constant zero divisor.
    DivisionByZero => "divisão por zero", "division by zero";
    /// `if (a = b)`.
    AssignInCondition => "= atribui; para comparar use ==", "= assigns; to compare use ==";
    /// `a == b;`.
    ComparisonUnused => "comparação sem efeito; para atribuir use =", "comparison without effect; to assign use =";
    /// `a + b;`.
    ValueUnused => "este valor não é usado", "this value is not used";
    /// `va_arg(ap, char)`.
    VaArgPromoted { ty: String, promoted: String } => "argumentos variáveis {ty} chegam como {promoted}", "variable arguments of type {ty} arrive as {promoted}";
    /// No variable arguments.
    VaStartOutside => "va_start só existe em funções com ...", "va_start only in functions with ...";
    /// C11 §6.5.1.1.
    NoGeneric { ty: String } => "nenhuma opção de _Generic serve para {ty}", "no _Generic association fits {ty}";
    /// C++.
    ReferenceUnbound => "uma referência precisa de um valor inicial", "a reference needs an initializer";
    /// C++: none of the functions of a name takes these arguments.
    NoOverload { call: String } => "nenhuma função aceita estes argumentos: {call}", "no function takes these arguments: {call}";
    /// C++: `= delete`, or a copy of what has only one owner.
    DeletedFunction { name: String } => "{name} foi apagada (= delete): este objeto não pode ser copiado", "{name} is deleted (= delete): this object cannot be copied";
    /// C++: a member function without an object.
    WithoutObject { name: String } => "{name} precisa de um objeto", "{name} needs an object";
    /// C++: an object of a class with pure virtual functions.
    AbstractClass { ty: String } => "{ty} é abstrata: falta definir uma função virtual pura", "{ty} is abstract: a pure virtual function is not defined";
    /// C++: a lambda's body names a variable that it does not capture.
    NotCaptured { name: String } => "a lambda não captura {name}: ponha-a entre os [ ]", "the lambda does not capture {name}: put it between the [ ]";
    /// C++.
    StringAsVariadic => "passe s.c_str(): um std::string não pode ser argumento variável", "pass s.c_str(): a std::string cannot be a variable argument";
    /// Conversion and argument disagree.
    FormatArgument { index: u32, spec: String, given: String } => "printf: {spec} não serve para o argumento {index}, que é {given}", "printf: {spec} does not fit argument {index}, which is {given}";
    /// Too few or too many for the format.
    FormatCount { expected: u32, given: u32 } => "o formato pede {expected} argumento(s), mas foram passados {given}", "the format wants {expected} argument(s), {given} given";
    /// Lint: a port without htons.
    PortWithoutHtons => "sin_port está na ordem de bytes da rede: use htons(porta), senão outra porta é usada", "sin_port is in network byte order: use htons(port), otherwise another port is used";
    /// gcc's `-Wpointer-to-int-cast`.
    PointerCut { to: String, size: u64, pointer: u64 } => "o ponteiro tem {pointer} bytes e {to} só {size}: este cast perde o resto; use intptr_t", "the pointer has {pointer} bytes and {to} only {size}: this cast loses the rest; use intptr_t";
    /// gcc's `-Wint-to-pointer-cast`.
    PointerFromSmall { from: String, size: u64, pointer: u64 } => "{from} tem {size} bytes e um ponteiro {pointer}: para levar um número em um ponteiro, converta antes para intptr_t", "{from} has {size} bytes and a pointer {pointer}: to carry a number in a pointer, convert it to intptr_t first";
    /// Lint: an ignored result.
    UncheckedCall { name: String } => "o resultado de {name} não é verificado: se falhar, o programa segue sem saber", "the result of {name} is not checked: if it fails, the program goes on unaware";
    /// Lint: sizeof of a pointer as a length.
    SizeofPointer { name: String } => "sizeof({name}) é o tamanho do ponteiro (8), não dos dados", "sizeof({name}) is the pointer's size (8), not the data's";
    /// Lint: printf of what recv stored.
    MissingTerminator { name: String } => "recv não põe \\0 no fim: termine {name} com o número de bytes recebidos antes de usá-lo como texto", "recv adds no \\0: terminate {name} at the number of bytes received before using it as text";
    /// Lint: wrong addr_len.
    WrongAddrLen { name: String } => "o comprimento do endereço deve ser sizeof({name}), o da estrutura que está lá", "the address length must be sizeof({name}), that of the structure there";
    /// Lint: Winsock not started.
    MissingWsaStartup => "no Windows chame WSAStartup antes do primeiro socket", "on Windows call WSAStartup before the first socket";
}

impl Diagnostic {
    /// An error.
    pub fn error(kind: Kind, span: Span) -> Diagnostic {
        Diagnostic { severity: Severity::Error, kind, span, related: Vec::new(), fix: None }
    }

    /// The message in a language, with its hint.
    pub fn text(&self, lang: Lang) -> String {
        let text = match lang {
            Lang::PtBr => self.kind.pt_br(),
            Lang::En => self.kind.en(),
        };
        match self.kind.hint(lang) {
            Some(hint) => format!("{text}; {hint}"),
            None => text,
        }
    }
}

impl Kind {
    /// "did you mean", "include".
    fn hint(&self, lang: Lang) -> Option<String> {
        let (suggestion, header) = match self {
            Kind::Undeclared { suggestion, header, .. }
            | Kind::ImplicitFunction { suggestion, header, .. }
            | Kind::UndefinedFunction { suggestion, header, .. }
            | Kind::UnknownType { suggestion, header, .. } => (suggestion, header.as_ref()),
            Kind::ImplicitPointer { header, .. } => (&None, header.as_ref()),
            Kind::NoSuchHeader { suggestion, .. }
            | Kind::UnknownDirective { suggestion, .. }
            | Kind::NoSuchMember { suggestion, .. } => (suggestion, None),
            _ => return None,
        };
        match (header, suggestion, lang) {
            (Some(header), ..) => Some(header.text(lang)),
            (None, Some(name), Lang::PtBr) => Some(format!("seria {name}?")),
            (None, Some(name), Lang::En) => Some(format!("did you mean {name}?")),
            (None, None, _) => None,
        }
    }
}

/// The known name most like `name`, if one is like enough to have been meant.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let limit = match name.len() {
        0..=2 => return None,
        3..=5 => 1,
        _ => 2,
    };
    known
        .filter(|other| *other != name && other.len().abs_diff(name.len()) <= limit)
        .map(|other| (distance(name, other), other))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, other)| other.to_owned())
}

/// Edits between two words: insert, delete, replace, swap neighbours.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// A diagnostic as text for a terminal: place, message, source line, carets.
pub fn render(diagnostic: &Diagnostic, sources: &SourceMap, lang: Lang) -> String {
    let severity = diagnostic.severity.text(lang);
    let mut out = place(diagnostic.span, severity, &diagnostic.text(lang), sources);
    for (span, related) in &diagnostic.related {
        let note = match lang {
            Lang::PtBr => "nota",
            Lang::En => "note",
        };
        out.push_str(&place(*span, note, related.text(lang), sources));
    }
    out
}

/// `file:line:column: word: text`, the line and `^~~~` under the span.
pub fn place(span: Span, word: &str, text: &str, sources: &SourceMap) -> String {
    let at = sources.line_column(span);
    let Some(file) = sources.file(span.file) else { return format!("{word}: {text}\n") };
    let line = file.text.lines().nth(at.line as usize - 1).unwrap_or("");
    let indent: String = line
        .chars()
        .take(at.column as usize - 1)
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    let width = sources.text(span).lines().next().unwrap_or("").chars().count().max(1);
    let carets = format!("^{}", "~".repeat(width - 1));
    let (name, line_number, column) = (&file.name, at.line, at.column);
    let gutter = " ".repeat(line_number.to_string().len());
    format!(
        "{name}:{line_number}:{column}: {word}: {text}\n {line_number} | {line}\n {gutter} | {indent}{carets}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_two_letters_swapped_is_found() {
        assert_eq!(nearest("recieve", ["receive", "send"].into_iter()), Some("receive".into()));
        assert_eq!(nearest("x", ["y"].into_iter()), None);
    }
}
