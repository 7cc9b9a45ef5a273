//! No text makes the compiler or the machine panic or hang: programs of the corpus with random
//! edits. `ROBUST_SEED` and `ROBUST_CASES` choose the start and the number of cases.

use abi::{Errno, Pid, Reply, Syscall};
use soquete_cc::{Machine, SharedMemory, Sources, Step, StopAt, Target, compile};

/// A small generator (PCG's multiplier), so that a seed names a case on every platform.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }
}

const SNIPPETS: &[&str] = &[
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ";",
    ",",
    "*",
    "&",
    "->",
    ".",
    "=",
    "==",
    "#define X X\n",
    "#define F(a) a a F(a)\n",
    "#include \"test.c\"\n",
    "\n#if 1/0\n",
    "\n#endif\n",
    "\n#else\n",
    "sizeof",
    "struct s",
    "union u {",
    "enum {",
    "typedef",
    "int",
    "char *",
    "long double",
    "void",
    "0",
    "-1",
    "0x7fffffffffffffff",
    "1e400",
    "'a'",
    "\"s\"",
    "?",
    ":",
    "goto l;",
    "l:",
    "case 1:",
    "switch(1)",
    "while(1)",
    "for(;;)",
    "return",
    "main",
    "##",
    "__VA_ARGS__",
    "...",
    "_Generic(1,",
    "__func__",
    "static",
    "const",
    "a[1<<30]",
    "int v[n]",
    "({",
    "})",
    "va_arg(x,int)",
    "__attribute__((",
    "\\\n",
    "/*",
    "\"",
    "'",
    "é",
    "\u{1F600}",
    "\0",
    "int x : 99;",
    "(int[]){1,2}",
    "[5]=",
    ".x=",
    "asm(\"\")",
    "x%0",
    "x/0",
    "x<<99",
    "*(int*)0",
    "free(free)",
    "printf(\"%n%s%d\")",
    "f(f(f(",
    "!!!!",
    "----",
    "#define A B B\n#define B A A\n",
    "#define S(x) #x\n",
    "#define P(a,b) a##b\nP(/,*)",
    "#include <pthread.h>\n",
    "#include <",
    "#line 4000000000\n",
    "#if __LINE__ / (1 - 1)\n#elif (\n",
    "case 0 ... 0x7fffffffffffffff:",
    "case -5 ... -9:",
    "99999999999999999999999",
    "0xfffffffffffffffffffu",
    "1e99999999",
    "0x1p99999",
    "'abcdefgh'",
    "L'\\xffffffff'",
    "\"\\777\\x\"",
    "enum { E = sizeof(int[E]) };",
    "int a[sizeof a];",
    "struct r { struct r r; };",
    "struct f { int n; int d[]; };",
    "int q[1073741824];",
    "int q[0x7fffffffffffffff];",
    "char c[-1];",
    "int v[0];",
    "alloca(1<<30);",
    "int z[1<<20]; z[0]=1;",
    "_Static_assert(",
    "_Alignas(",
    "__builtin_offsetof(struct s, a[9",
    "typeof(",
    "union { int a; struct { int b; }; }",
    "(void)",
    "&&l",
    "*p++ = *q--",
    "x ? : y",
    "int (*f(int))(int)",
    "INT_MIN / -1",
    "INT_MIN % -1",
    "memcpy(p, p, -1);",
    "realloc(p, -1);",
    "malloc(-1);",
    "strcpy(main, 0);",
    "va_list ap; va_end(ap);",
    "fork();",
    "pthread_create(&t, 0, f, 0);",
    "longjmp(b, 1);",
    "using namespace std;",
    "class C { public: C(); ~C(); virtual int f() = 0; };",
    "template <class T> T f(T a)",
    "std::vector<int> v;",
    "cout << endl << ",
    "new int[",
    "delete[] ",
    "auto x = ",
    "[&](int a) { return a; }",
    "operator<<",
    "namespace n {",
    "string s(3, 'a'); s += s;",
];

/// Two programs, one cut into the other.
fn cross(text: &str, other: &str, random: &mut Random) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let others: Vec<&str> = other.lines().collect();
    let (at, from) = (random.below(lines.len()), random.below(others.len()));
    let to = (from + random.below(40)).min(others.len());
    [&lines[..at], &others[from..to], &lines[at..]].concat().join("\n")
}

fn mutate(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..1 + random.below(6) {
        let at = random.below(chars.len() + 1);
        match random.below(6) {
            0 => {
                let end = (at + random.below(40)).min(chars.len());
                chars.drain(at..end);
            }
            1 | 2 => {
                let snippet = SNIPPETS[random.below(SNIPPETS.len())];
                chars.splice(at..at, snippet.chars());
            }
            3 => {
                let end = (at + random.below(200)).min(chars.len());
                let part: Vec<char> = chars[at..end].to_vec();
                let to = random.below(chars.len() + 1);
                chars.splice(to..to, part);
            }
            4 => {
                let snippet = SNIPPETS[random.below(SNIPPETS.len())];
                let repeated = snippet.repeat(1 + random.below(300));
                chars.splice(at..at, repeated.chars());
            }
            _ => {
                if let Some(c) = chars.get_mut(at) {
                    *c = char::from_u32(32 + random.below(95) as u32).unwrap_or(' ');
                }
            }
        }
    }
    chars.into_iter().collect()
}

/// Compiles, and runs for a while with a kernel that refuses everything.
fn exercise(name: &str, text: &str, target: Target) {
    let compilation = compile(&Sources::single(name, text), target);
    for diagnostic in &compilation.diagnostics {
        for lang in abi::Lang::ALL {
            soquete_cc::diag::render(diagnostic, &compilation.sources, lang);
        }
        compilation.sources.utf16(diagnostic.span);
    }
    let Some(program) = compilation.program else { return };
    let mut machine = Machine::new(program, &["test".to_owned()], &[], Pid(1));
    let mut shared = SharedMemory::new();
    let mut fuel = 20_000;
    for _ in 0..60 {
        match machine.step(Pid(1), &mut fuel, &mut shared, StopAt::Statement) {
            Step::Ran => break,
            Step::Faulted(fault) => {
                fault.text(abi::Lang::PtBr);
                machine.view(Pid(1), &shared);
                break;
            }
            Step::Statement => {
                machine.view(Pid(1), &shared);
            }
            Step::Syscall(Syscall::ExitGroup { .. } | Syscall::ThreadExit { .. }) => break,
            Step::Syscall(_) => machine.resume(Pid(1), &Reply::err(Errno::EINVAL), &mut shared),
        }
    }
}

fn corpus() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs");
    let mut entries: Vec<_> = std::fs::read_dir(root)
        .expect("the corpus")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    entries.sort();
    for path in entries {
        let cpp = path.extension().is_some_and(|extension| extension == "cpp");
        if let Ok(text) = std::fs::read_to_string(&path) {
            found.push((if cpp { "test.cpp" } else { "test.c" }.to_owned(), text));
        }
    }
    found
}

#[test]
#[allow(clippy::disallowed_types)] // a long hunt names slow cases; nothing depends on the clock
fn random_edits_of_the_corpus() {
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (seed, cases) = (number("ROBUST_SEED", 1), number("ROBUST_CASES", 60));
    let corpus = corpus();
    for case in 0..cases {
        let mut random = Random(seed.wrapping_mul(1_000_003).wrapping_add(case));
        random.below(2);
        let (name, text) = &corpus[random.below(corpus.len())];
        let mut text = text.clone();
        if random.below(3) == 0 {
            text = cross(&text, &corpus[random.below(corpus.len())].1, &mut random);
        }
        let mut text = mutate(&text, &mut random);
        text.truncate(text.char_indices().nth(60_000).map_or(text.len(), |(at, _)| at));
        let target = if random.below(4) == 0 { Target::Windows } else { Target::Linux };
        let kept = text.clone();
        let name = name.clone();
        let start = std::time::Instant::now();
        let result = std::panic::catch_unwind(move || exercise(&name, &text, target));
        if cases > 100 && start.elapsed().as_secs() >= 4 {
            let path = std::env::temp_dir().join(format!("robust-slow-{seed}-{case}.c"));
            let _ = std::fs::write(&path, &kept);
            eprintln!("slow: {} ({:?})", path.display(), start.elapsed());
        }
        if result.is_err() {
            let path = std::env::temp_dir().join(format!("robust-{seed}-{case}.c"));
            let _ = std::fs::write(&path, &kept);
            panic!("case {case} of seed {seed} panicked; its text is in {}", path.display());
        }
    }
}

#[test]
fn nesting_and_recursion_end() {
    let deep = [
        ("(".repeat(20_000), "int main(void){return "),
        ("-".repeat(20_000), "int main(void){return "),
        ("1+".repeat(20_000), "int main(void){return "),
        ("{".repeat(20_000), "int main(void)"),
        ("[".repeat(20_000), "int main(void){int a"),
        ("*".repeat(20_000), "int "),
        ("if(1)".repeat(20_000), "int main(void){"),
        ("if(1);else ".repeat(20_000), "int main(void){"),
        ("struct{".repeat(20_000), ""),
        ("a=".repeat(20_000), "int a; int main(void){"),
        ("a?a:".repeat(20_000), "int a; int main(void){return "),
        ("f(".repeat(20_000), "int main(void){"),
        ("{".repeat(20_000), "int a[] = "),
        ("!".repeat(20_000), "#if "),
        ("(".repeat(20_000), "#if "),
        ("(*".repeat(20_000), "int "),
        ("int f(".repeat(20_000), ""),
        (".a".repeat(20_000), "int main(void){x"),
        ("++".repeat(20_001), "int main(void){int x; x"),
        ("#if 1\n".repeat(20_000), ""),
    ];
    for (text, before) in deep {
        exercise("test.c", &format!("{before}{text}"), Target::Linux);
    }
    let doubling: String =
        (0..60).map(|i| format!("#define A{} A{i} A{i}\n", i + 1)).collect::<String>() + "A60\n";
    exercise("test.c", &doubling, Target::Linux);
    let calls: String =
        (0..60).map(|i| format!("#define A{}(x) A{i}(x x)\n", i + 1)).collect::<String>()
            + "#define A0(x) x\nA60(1)\n";
    exercise("test.c", &calls, Target::Linux);
    exercise("test.c", "#include \"test.c\"\n", Target::Linux);
}

/// Texts that are extreme in one way.
#[test]
fn extremes_end_with_an_answer() {
    let long_line =
        format!("int main(void) {{ int x = 0; x = x{}; return x; }}", " + 1".repeat(250_000));
    let long_string =
        format!("char *s = \"{}\"; int main(void) {{ return 0; }}", "a".repeat(1 << 20));
    let many = |text: &str, count: usize| -> String {
        (0..count).map(|number| text.replace('@', &number.to_string())).collect()
    };
    let cases = [
        long_line,
        long_string,
        format!("// {}\nint main(void) {{ return 0; }}", "x".repeat(1 << 20)),
        format!("int {}(void) {{ return 0; }}", "f".repeat(1 << 20)),
        "\0\0int main(void) { return '\0'; }\0".to_owned(),
        "int main(void) { return 99999999999999999999999999 + 0xfffffffffffffffff; }".to_owned(),
        "int a[1 << 30]; int main(void) { return a[5]; }".to_owned(),
        "int a[1 << 28], b[1 << 28], c[1 << 28]; int main(void) { return a[5]; }".to_owned(),
        "char a[0x7fffffff][0x7fffffff]; int main(void) { return 0; }".to_owned(),
        "int main(void) { int a[1 << 27]; a[0] = 1; return a[0]; }".to_owned(),
        "int main(int n, char **v) { int a[n * 100000000]; a[0] = 1; return a[0]; }".to_owned(),
        "int a[] = { [1 << 27] = 1 }; int main(void) { return 0; }".to_owned(),
        "int a[1 << 27] = { 1 }; int main(void) { return 0; }".to_owned(),
        "int main(int n, char **v) { switch (n) { case 0 ... 0x7fffffffffffffff: return 1; } }"
            .to_owned(),
        "enum { A = B, B = A }; int main(void) { return A; }".to_owned(),
        "struct s { struct s *p; int a[sizeof(struct s)]; }; int main(void) { return 0; }"
            .to_owned(),
        "#define A B B B B B B B B\n#define B C C C C C C C C\n#define C D D D D D D D D\n\
         #define D E E E E E E E E\n#define E F F F F F F F F\n#define F G G G G G G G G\n\
         #define G H H H H H H H H\n#define H I I I I I I I I\nint main(void) { A }"
            .to_owned(),
        format!("int main(void) {{ {} return 0; }}", many("int v@ = @; ", 20_000)),
        format!(
            "int main(int n, char **v) {{ switch (n) {{ {} }} return 0; }}",
            many("case @: n++; ", 20_000)
        ),
        format!("{} int main(void) {{ return 0; }}", many("int f@(void) { return @; } ", 20_000)),
        format!("enum e {{ {} X }}; int main(void) {{ return X; }}", many("E@, ", 50_000)),
        format!("struct s {{ {} }}; int main(void) {{ return 0; }}", many("int m@; ", 20_000)),
        format!("int f({} int z); int main(void) {{ return f(1); }}", many("int p@, ", 5_000)),
        format!(
            "int f(); int main(void) {{ return f({} 1); }} int f() {{ return 0; }}",
            many("@, ", 70_000)
        ),
        format!("int main(void) {{ {} return 0; }}", many("l@: goto l@; ", 20_000)),
        format!(
            "#include <stdio.h>\nint main(void) {{ printf(\"{}\"{}); }}",
            many("%d", 3_000),
            many(", @", 3_000)
        ),
        format!("{}int main(void) {{ return 0; }}", many("#define M@ @\n", 50_000)),
        "#include <stdio.h>\n".repeat(20_000) + "int main(void) { return 0; }",
        format!("int main(void) {{ {} return 0; }}", "undeclared(1); ".repeat(5_000)),
        format!("int main(void) {{ {} return 0; }}", many("x@ = 1; ", 5_000)),
    ];
    for text in &cases {
        exercise("test.c", text, Target::Linux);
    }
    for text in [
        "\u{feff}int main(void){}",
        "int é = 1; int main(void) { return é é; }",
        "\u{202e}",
        "'",
        "\"",
        "\\",
        "#",
        "##",
        "/*",
        "//\\",
    ] {
        exercise("test.c", text, Target::Linux);
        exercise("test.cpp", text, Target::Windows);
    }
}

#[test]
fn includes_in_a_circle_end() {
    let files = [
        ("main.c", "#include \"a.h\"\nint main(void) { return 0; }"),
        ("a.h", "#include \"b.h\"\n#include \"b.h\"\n"),
        ("b.h", "#include \"a.h\"\n#include \"a.h\"\n"),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let compilation = compile(&Sources { main: "main.c".to_owned(), files }, Target::Linux);
    assert!(compilation.program.is_none());
}
