//! Programs that check themselves: their exit status is 0 when every check holds. gcc compiles the
//! same files (in the comparison with gcc), so the checks are known to be C.

use abi::{Pid, Syscall};
use soquete_cc::{Machine, SharedMemory, Sources, Step, StopAt, Target, compile};

/// Runs a program that makes no system call but its exit.
fn run(text: &str, target: Target, stop_at: StopAt) -> Result<i32, String> {
    let compilation = compile(&Sources::single("test.c", text), target);
    let Some(program) = compilation.program else {
        return Err(compilation
            .diagnostics
            .iter()
            .map(|it| soquete_cc::diag::render(it, &compilation.sources, abi::Lang::En))
            .collect());
    };
    let mut machine = Machine::new(program, &["test".to_owned()], &[], Pid(1));
    let mut shared = SharedMemory::new();
    let mut fuel = 100_000_000;
    loop {
        match machine.step(Pid(1), &mut fuel, &mut shared, stop_at) {
            Step::Syscall(Syscall::ExitGroup { status }) => return Ok(status),
            Step::Syscall(call) => return Err(format!("{call:?}")),
            Step::Faulted(fault) => {
                let line = compilation.sources.line_column(fault.span.unwrap_or_default()).line;
                return Err(format!("line {line}: {}", fault.text(abi::Lang::En)));
            }
            Step::Ran if fuel == 0 => return Err("out of fuel".to_owned()),
            Step::Ran => {}
            Step::Statement => {
                // Looking must never disturb.
                let before = machine.clone();
                machine.view(Pid(1), &shared);
                assert_eq!(before, machine);
            }
        }
    }
}

#[test]
fn the_language_lp64() {
    assert_eq!(run(include_str!("programs/language.c"), Target::Linux, StopAt::Syscall), Ok(0));
}

#[test]
fn the_language_llp64() {
    let text = include_str!("programs/language.c");
    // The one type whose bit-field is wider than Windows's long.
    let text = text.replace("unsigned long e:40", "unsigned long long e:40");
    assert_eq!(run(&text, Target::Windows, StopAt::Syscall), Ok(0));
}

#[test]
fn the_language_statement_by_statement() {
    assert_eq!(run(include_str!("programs/language.c"), Target::Linux, StopAt::Statement), Ok(0));
}

fn fault(text: &str) -> String {
    run(text, Target::Linux, StopAt::Syscall).expect_err("a fault")
}

#[test]
fn faults_name_line_variable_and_reason() {
    let cases = [
        (
            "int main(void) {\n int a[3]; int i = 3;\n a[i] = 1;\n return 0; }",
            "line 3: index 3 out of bounds: a has 3 element(s), 0 to 2",
        ),
        (
            "int main(void) {\n int x;\n return x + 1; }",
            "line 3: use of a value that was never set: variable x",
        ),
        ("int main(void) {\n int *p = 0;\n return *p; }", "line 3: read through a NULL pointer"),
        (
            "int main(void) {\n char b[4]; char *p = b;\n p[4] = 0;\n return 0; }",
            "line 3: write of 1 byte(s) out of bounds: variable b has 4 byte(s), the access starts at byte 4",
        ),
        ("int main(void) {\n int z = 0;\n return 1 / z; }", "line 3: integer division by zero"),
        (
            "int f(int n) { return f(n + 1) + 1; }\nint main(void) { return f(0); }",
            "line 1: stack overflow (8192 KiB): endless recursion or too large local variables",
        ),
        (
            "int *f(void) { int x = 1; int *p = &x; return p; }\nint main(void) {\n return *f(); }",
            "line 3: read of a local variable that no longer exists: its function has returned",
        ),
        (
            "int main(void) {\n char *s = \"abc\";\n s[0] = 'x';\n return 0; }",
            "line 3: write to the literal \"abc\", which is read-only",
        ),
        (
            "int main(void) {\n void (*f)(void) = 0;\n f();\n return 0; }",
            "line 3: call through a NULL function pointer",
        ),
        (
            "struct s { int a, b; };\nint main(void) {\n struct s v; v.a = 1;\n return v.b; }",
            "line 4: use of a value that was never set: variable v (byte 4)",
        ),
        (
            "int main(void) {\n int *p; { int x = 1; p = &x; }\n return *p; }",
            "line 3: read of variable x, which no longer exists: its function or block has ended",
        ),
        (
            "int f(int a) { if (a) return 1; }\nint main(void) {\n f(0);\n return f(0); }",
            "line 4: use of the value of f, which ended without returning one",
        ),
        (
            "#include <setjmp.h>\njmp_buf b; int f(void) { return setjmp(b); }\n\
             int main(void) { f();\n longjmp(b, 1); }",
            "line 4: longjmp into a function that has returned: setjmp must have been called by a \
             function that is still running (inside longjmp)",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(fault(text), expected, "{text}");
    }
}

#[test]
fn unset_bytes_may_be_copied() {
    let text = "struct s { char c; int i; };\n\
        int main(void) { struct s a, b; a.c = 1; a.i = 2; b = a; return b.c + b.i - 3; }";
    assert_eq!(run(text, Target::Linux, StopAt::Syscall), Ok(0));
}

/// Every diagnostic as `line: severity: text`.
fn diagnostics(name: &str, text: &str) -> String {
    let compilation = compile(&Sources::single(name, text), Target::Linux);
    let lines = compilation.diagnostics.iter().map(|it| {
        let line = compilation.sources.line_column(it.span).line;
        format!("{line}: {}: {}", it.severity.text(abi::Lang::En), it.text(abi::Lang::En))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn mistakes_are_named_with_what_would_mend_them() {
    let cases = [
        ("int main(void) { int x = 1\n return x; }", "1: error: missing ; before return"),
        (
            "int main(void) { int soma = 1; return some; }",
            "1: error: some is not declared; did you mean soma?",
        ),
        (
            "#include <stdio.h>\nint main(void) { printf(\"%d %s\", 1.5, 3); return 0; }",
            "2: warning: printf: %d does not fit argument 1, which is double\n\
             2: warning: printf: %s does not fit argument 2, which is int",
        ),
        (
            "#include <netinet/in.h>\nint main(void) { struct sockaddr_in a; a.sin_port = 8080; return 0; }",
            "2: hint: sin_port is in network byte order: use htons(port), otherwise another port is used",
        ),
        (
            "struct p { int x; };\nint main(void) { struct p p, *q = &p; q.x = 1; p->x = 2; return q->y; }",
            "2: error: struct p * is a pointer: use -> instead of .\n\
             2: error: struct p is not a pointer: use . instead of ->\n\
             2: error: struct p has no member y",
        ),
        (
            "#include <sys/socket.h>\nint main(void) { char *b = 0; return recv(3, b, sizeof(b), 0); }",
            "2: hint: sizeof(b) is the pointer's size (8), not the data's",
        ),
        (
            "int main(void) { int a = 1; if (a = 2) return 1; return 0; }",
            "1: warning: = assigns; to compare use ==",
        ),
        (
            "#include <stdio.h>\nint main(void) { int n; scanf(\"%d\", n); return n; }",
            "2: warning: scanf needs the variable's address: argument 1 is int",
        ),
        (
            "int main(int n, char **s) { return n && s[0] == \"x\"; }",
            "1: warning: == compares the addresses, not the texts: use strcmp",
        ),
        (
            "char *f(void) { char b[2] = \"a\"; return b; }\nint main(void) { return *f(); }",
            "1: warning: b ends with the function: the address that is returned will be of no use",
        ),
        (
            "int main(void) { Int x = 3;\n retrun x; }",
            "1: error: unknown type Int; did you mean int?\n\
             2: error: retrun is not declared; did you mean return?",
        ),
        ("int main(void) { foo(1); return 0; }", "1: error: function foo is not defined anywhere"),
        ("int f(void) { return 0; }", "1: error: the program has no function main"),
    ];
    for (text, expected) in cases {
        assert_eq!(diagnostics("test.c", text), expected, "{text}");
    }
}

#[test]
fn correct_programs_are_left_alone() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for directory in ["tests/programs", "../lessons"] {
        let mut pending = vec![root.join(directory)];
        while let Some(directory) = pending.pop() {
            let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
            for path in entries.map(|entry| entry.path()) {
                if path.ends_with("19-address") || path.ends_with("26-winsock/cliente.cpp") {
                    continue; // the lessons about these mistakes make them
                }
                if path.is_dir() {
                    pending.push(path);
                    continue;
                }
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if !name.ends_with(".c") && !name.ends_with(".cpp") {
                    continue;
                }
                let text = std::fs::read_to_string(&path).expect("readable");
                let target = if text.contains("#include <winsock2.h>") && !text.contains("_WIN32") {
                    Target::Windows
                } else {
                    Target::Linux
                };
                let compilation = compile(&Sources::single(&name, &text), target);
                assert!(compilation.program.is_some(), "{}", path.display());
                // That a result is not looked at is true of correct programs too.
                let unchecked = |it: &soquete_cc::Diagnostic| {
                    matches!(it.kind, soquete_cc::diag::Kind::UncheckedCall { .. })
                };
                let hint = compilation
                    .diagnostics
                    .iter()
                    .find(|it| it.severity == soquete_cc::Severity::Lint && !unchecked(it));
                assert!(hint.is_none(), "{}: {hint:?}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 2);
}
