//! Hints for the beginner's mistakes with sockets, and `printf` formats that cannot be right.
//!
//! Never a false alarm: a lint speaks only where the mistake is certain from the text. What cannot
//! be certain (a received string without terminator: the sender may send it) is left to the
//! machine, which stops where it happens.

use crate::ast::{Callee, Const, Expr, ExprKind};
use crate::diag::{Diagnostic, Fix, Kind, Severity};
use crate::parse::Parser;
use crate::program::Target;
use crate::source::Span;
use crate::types::{Kind as TypeKind, Ty};

/// Functions with a buffer and its length: name, argument numbers from 0.
const BUFFERS: &[(&str, usize, usize)] = &[
    ("memset", 0, 2),
    ("bzero", 0, 1),
    ("recv", 1, 2),
    ("recvfrom", 1, 2),
    ("send", 1, 2),
    ("sendto", 1, 2),
    ("read", 1, 2),
    ("write", 1, 2),
    ("fgets", 0, 1),
    ("snprintf", 0, 1),
    ("strncpy", 0, 2),
];

/// Functions with an address and its length.
const ADDRESSES: &[(&str, usize, usize)] = &[("bind", 1, 2), ("connect", 1, 2), ("sendto", 4, 5)];

/// Functions whose failure a program cannot ignore.
const CHECKED: &[&str] = &["bind", "listen", "connect"];

/// Functions with a format: name, its argument number.
const FORMATS: &[(&str, usize)] =
    &[("printf", 0), ("fprintf", 1), ("dprintf", 1), ("sprintf", 1), ("snprintf", 2)];

/// Functions that read by a format.
/// Functions whose arguments end with a null pointer.
const EXECS: &[&str] = &["execl", "execlp", "execle"];
const SCANFS: &[(&str, usize)] = &[("scanf", 0), ("fscanf", 1), ("sscanf", 1)];

/// Looks at the whole program.
pub(crate) fn lint(parser: &mut Parser) {
    if parser.is_prelude {
        return;
    }
    if parser.target != Target::Windows {
        return;
    }
    let used = |name: &str| {
        parser
            .funcs
            .iter()
            .find(|func| parser.interner.get(func.name) == name)
            .and_then(|func| func.used)
    };
    if let (Some(span), None) = (used("socket"), used("WSAStartup")) {
        parser.hint(Kind::MissingWsaStartup, span, None);
    }
}

impl Parser {
    fn hint(&mut self, kind: Kind, span: Span, fix: Option<Fix>) {
        if !self.sources.is_user(span) || self.is_prelude {
            return;
        }
        let mut diagnostic = Diagnostic::error(kind, span);
        diagnostic.severity = Severity::Lint;
        diagnostic.fix = fix;
        self.report(diagnostic);
    }

    /// Looks at one call as it is parsed.
    pub(crate) fn check_call(&mut self, callee: &Callee, args: &[Expr], span: Span) {
        let Callee::Func(id) = callee else { return };
        if self.is_prelude || !self.sources.is_user(span) {
            return;
        }
        let func = &self.funcs[*id as usize];
        if self.sources.is_user(func.span) && func.body.is_some() {
            return; // a function of the person's own
        }
        let name = self.text(func.name);
        for (known, buffer, length) in BUFFERS {
            if *known == name {
                self.check_buffer(args.get(*buffer), args.get(*length));
            }
        }
        for (known, address, length) in ADDRESSES {
            if *known == name {
                self.check_address(args.get(*address), args.get(*length));
            }
        }
        for (known, format) in FORMATS {
            if *known == name {
                self.check_format(args, *format, span);
            }
        }
        if EXECS.contains(&name.as_str()) {
            self.check_sentinel(&name, args, span);
        }
        for (known, format) in SCANFS {
            if *known == name {
                self.check_scanf(&args[args.len().min(format + 1)..]);
                self.check_scanned(args, *format);
            }
        }
    }

    /// `execlp("ls", "ls", "-l")`: the list of arguments has no end.
    fn check_sentinel(&mut self, name: &str, args: &[Expr], span: Span) {
        let at = args.len().saturating_sub(1 + usize::from(name == "execle"));
        let Some(last) = args.get(at) else { return };
        let null = self.const_eval(last).is_some_and(|value| matches!(value, Const::Int(0)));
        let mut inner = last;
        while let ExprKind::Cast(next) = &inner.kind {
            inner = next;
        }
        if !null && matches!(inner.kind, ExprKind::AddrOf(_)) {
            let kind = Kind::MissingSentinel { name: name.to_owned() };
            self.warning(kind, span);
        }
    }

    /// `scanf("%d", text)`: a number where there is room for a character.
    fn check_scanned(&mut self, args: &[Expr], at: usize) {
        let Some(bytes) = args.get(at).and_then(|format| self.literal_of(format)) else { return };
        if bytes.contains(&b'*') || bytes.contains(&b'[') {
            return;
        }
        let Some(wanted) = conversions(&bytes) else { return };
        let whole = |spec: &str| matches!(spec, "%d" | "%i" | "%u" | "%x" | "%f");
        for (index, ((spec, _), arg)) in wanted.into_iter().zip(&args[at + 1..]).enumerate() {
            let mut inner = arg;
            while let ExprKind::Cast(next) = &inner.kind {
                inner = next;
            }
            let size = match self.types.kind(inner.ty) {
                TypeKind::Ptr(to) => self.types.size(to),
                _ => None,
            };
            if whole(&spec) && size == Some(1) && matches!(inner.kind, ExprKind::AddrOf(_)) {
                let given = self.type_name(inner.ty);
                self.warning(Kind::ScannedType { index: index as u32 + 1, spec, given }, arg.span);
            }
        }
    }

    /// `scanf("%d", n)`: what scanf writes to is always behind a pointer.
    fn check_scanf(&mut self, targets: &[Expr]) {
        for (index, target) in targets.iter().enumerate() {
            let mut inner = target;
            while let ExprKind::Cast(next) = &inner.kind {
                inner = next;
            }
            if !self.types.is_arith(target.ty) || !self.is_lvalue(inner) {
                continue;
            }
            let text = format!("&{}", self.sources.text(inner.span));
            let fix = Some(Fix { span: inner.span, text });
            let given = self.type_name(inner.ty);
            let kind = Kind::ScanfArgument { index: index as u32 + 1, given };
            let mut diagnostic = Diagnostic::error(kind, inner.span);
            diagnostic.severity = Severity::Warning;
            diagnostic.fix = fix;
            self.report(diagnostic);
        }
    }

    /// `return buffer;` of an array of this function.
    pub(crate) fn check_returned(&mut self, value: &Expr) {
        let mut inner = value;
        while let ExprKind::Cast(next) = &inner.kind {
            inner = next;
        }
        let ExprKind::AddrOf(object) = &inner.kind else { return };
        let mut object = object;
        while let ExprKind::Member(record, ..) = &object.kind {
            object = record;
        }
        let ExprKind::Local(id) = object.kind else { return };
        let name = self.function.as_ref().and_then(|f| f.locals[id as usize].name);
        if let Some(name) = name
            && !self.is_prelude
        {
            let name = self.text(name);
            self.warning(Kind::LocalReturned { name }, value.span);
        }
    }

    /// `recv(fd, p, sizeof(p), 0)` with a pointer `p`.
    fn check_buffer(&mut self, buffer: Option<&Expr>, length: Option<&Expr>) {
        let (Some(buffer), Some(length)) = (buffer, length) else { return };
        let inner = match &buffer.kind {
            ExprKind::Cast(inner) => inner,
            _ => buffer,
        };
        if !matches!(inner.kind, ExprKind::Local(_) | ExprKind::Global(_))
            || self.types.pointee(inner.ty).is_none()
        {
            return;
        }
        let name = self.sources.text(inner.span).to_owned();
        let text: String =
            self.sources.text(length.span).chars().filter(|c| !c.is_whitespace()).collect();
        if text == format!("sizeof({name})") || text == format!("sizeof{name}") && !name.is_empty()
        {
            self.hint(Kind::SizeofPointer { name }, length.span, None);
        }
    }

    /// A constant length shorter than the `sockaddr_in` or `sockaddr_in6` beside it.
    fn check_address(&mut self, address: Option<&Expr>, length: Option<&Expr>) {
        let (Some(address), Some(length)) = (address, length) else { return };
        let ExprKind::Int(given) = length.kind else { return };
        let mut inner = address;
        while let ExprKind::Cast(next) = &inner.kind {
            inner = next;
        }
        let ExprKind::AddrOf(object) = &inner.kind else { return };
        let Some(tag) = self.types.record_of(object.ty).and_then(|record| record.tag) else {
            return;
        };
        let needed = match self.interner.get(tag) {
            "sockaddr_in" => 16,
            "sockaddr_in6" => 24,
            _ => return,
        };
        if given < needed {
            let name = self.sources.text(object.span).to_owned();
            let text = format!("sizeof({name})");
            let fix = Some(Fix { span: length.span, text });
            self.hint(Kind::WrongAddrLen { name }, length.span, fix);
        }
    }

    /// `addr.sin_port = 8080`
    pub(crate) fn check_port(&mut self, left: &Expr, right: &Expr) {
        let ExprKind::Member(record, 2, None) = &left.kind else { return };
        let Some(tag) = self.types.record_of(record.ty).and_then(|record| record.tag) else {
            return;
        };
        if !matches!(self.interner.get(tag), "sockaddr_in" | "sockaddr_in6") {
            return;
        }
        let mut inner = right;
        while let ExprKind::Cast(next) = &inner.kind {
            inner = next;
        }
        let text = self.sources.text(inner.span).to_owned();
        let mistaken = match &inner.kind {
            // A number or a macro's name; whoever swaps by hand writes it in hexadecimal.
            ExprKind::Int(value) => {
                (1..=65535).contains(value) && !text.contains(['(', 'x', 'X', '<', '|'])
            }
            ExprKind::Call { callee: Callee::Func(id), .. } => {
                self.interner.get(self.funcs[*id as usize].name) == "atoi"
            }
            _ => false,
        };
        if mistaken {
            let fix = Some(Fix { span: right.span, text: format!("htons({text})") });
            self.hint(Kind::PortWithoutHtons, right.span, fix);
        }
    }

    /// `bind(…);` with nobody looking at the result.
    pub(crate) fn check_dropped(&mut self, expr: &Expr) {
        let ExprKind::Call { callee: Callee::Func(id), .. } = &expr.kind else { return };
        let func = &self.funcs[*id as usize];
        let name = self.text(func.name);
        if CHECKED.contains(&name.as_str()) && !self.sources.is_user(func.span) {
            self.hint(Kind::UncheckedCall { name }, expr.span, None);
        }
    }

    /// `printf("%d", 1.5)`: conversions against arguments, where the format is a literal.
    fn check_format(&mut self, args: &[Expr], at: usize, span: Span) {
        let Some(bytes) = args.get(at).and_then(|format| self.literal_of(format)) else { return };
        let Some(wanted) = conversions(&bytes) else { return };
        let given = &args[at + 1..];
        if wanted.len() != given.len() {
            let kind =
                Kind::FormatCount { expected: wanted.len() as u32, given: given.len() as u32 };
            self.warning(kind, span);
            return;
        }
        for (index, ((spec, want), arg)) in wanted.into_iter().zip(given).enumerate() {
            if !self.format_fits(want, arg.ty) {
                let kind = Kind::FormatArgument {
                    index: index as u32 + 1,
                    spec,
                    given: self.type_name(arg.ty),
                };
                self.warning(kind, arg.span);
            }
        }
    }

    /// The bytes of an argument that is a string literal.
    fn literal_of(&self, mut text: &Expr) -> Option<Vec<u8>> {
        while let ExprKind::Cast(inner) = &text.kind {
            text = inner;
        }
        let ExprKind::AddrOf(literal) = &text.kind else { return None };
        let ExprKind::Str(id) = literal.kind else { return None };
        Some(self.strings[id as usize].bytes.clone())
    }

    fn format_fits(&self, want: Want, ty: Ty) -> bool {
        if ty == Ty::ERROR {
            return true;
        }
        match want {
            Want::Int => self.types.is_integer(ty),
            Want::Float => self.types.is_float(ty),
            Want::Text => match self.types.kind(ty) {
                TypeKind::Ptr(to) => {
                    to.unqual() == Ty::VOID || self.types.size(to) == Some(1) || to == Ty::ERROR
                }
                _ => false,
            },
            Want::Pointer => self.types.is_pointer(ty),
        }
    }
}

#[derive(Clone, Copy)]
enum Want {
    Int,
    Float,
    Text,
    Pointer,
}

/// The arguments that a format takes; `None` where it is not understood.
fn conversions(format: &[u8]) -> Option<Vec<(String, Want)>> {
    let mut wanted = Vec::new();
    let mut at = 0;
    while let Some(start) = format[at..].iter().position(|byte| *byte == b'%').map(|p| at + p) {
        at = start + 1;
        let mut wide = false;
        loop {
            let byte = *format.get(at)?;
            at += 1;
            let want = match byte {
                b'%' => break,
                b'*' => {
                    wanted.push(("*".to_owned(), Want::Int));
                    continue;
                }
                b'$' => return None,
                b'0'..=b'9'
                | b'-'
                | b'+'
                | b' '
                | b'#'
                | b'.'
                | b'\''
                | b'h'
                | b'z'
                | b'j'
                | b't'
                | b'q'
                | b'L' => continue,
                b'l' => {
                    wide = true;
                    continue;
                }
                b'd' | b'i' | b'u' | b'x' | b'X' | b'o' | b'c' => Want::Int,
                b'f' | b'F' | b'e' | b'E' | b'g' | b'G' | b'a' | b'A' => Want::Float,
                b's' if wide => return None,
                b's' => Want::Text,
                b'p' | b'n' => Want::Pointer,
                b'm' => break,
                _ => return None,
            };
            wanted.push((String::from_utf8_lossy(&format[start..at]).into_owned(), want));
            break;
        }
    }
    Some(wanted)
}
