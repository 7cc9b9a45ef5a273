//! Every mistake that stops a program at run time: line, text in both languages, variable.

mod kernel;

use abi::Lang;
use soquete_cc::{Sources, Target, compile};

/// How a program ends: `line N: text`.
fn fault(text: &str, lang: Lang, stdin: &str) -> String {
    let text = format!(
        "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <stdarg.h>\n\
         #include <unistd.h>\n{text}"
    );
    let compilation = compile(&Sources::single("fault.c", &text), Target::Linux);
    let program = compilation.program.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics));
    let args = ["fault".to_owned()];
    match kernel::run_in(program, &compilation.sources, &args, stdin.as_bytes(), lang) {
        Ok(ended) => format!("status {}", ended.status),
        Err(fault) => without_addresses(&fault),
    }
}

/// Addresses move with libc's data.
fn without_addresses(text: &str) -> String {
    let ours = |word: &str| word.starts_with("0x7ffc") || word.starts_with("0x5555");
    let words = text.split(' ').map(|word| match (ours(word), word.ends_with(',')) {
        (true, true) => "ADDRESS,",
        (true, false) => "ADDRESS",
        (false, _) => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What, program (from line 6), English, Portuguese.
type Case = (&'static str, &'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    (
        "local of an ended block",
        "int main(void) {\n int *p;\n { int x = 5; p = &x; }\n return *p; }",
        "line 9: read of variable x, which no longer exists: its function or block has ended",
        "line 9: leitura da variável x, que não existe mais: a função ou o bloco que a declarou terminou",
    ),
    (
        "array of an ended loop body",
        "int main(void) {\n char *p = 0;\n for (int i = 0; i < 2; i++) { char name[8] = \"ana\"; p = name; }\n return p[0]; }",
        "line 9: read of variable name, which no longer exists: its function or block has ended",
        "line 9: leitura da variável name, que não existe mais: a função ou o bloco que a declarou terminou",
    ),
    (
        "address of a local returned",
        "char *f(void) { char b[10]; strcpy(b, \"oi\"); char *p = b; return p; }\nint main(void) {\n char *s = f();\n return s[0]; }",
        "line 9: read of a local variable that no longer exists: its function has returned",
        "line 9: leitura de uma variável local que não existe mais: a função que a declarou terminou",
    ),
    (
        "value never returned",
        "int f(int n) { if (n > 0) return 1; }\nint main(void) {\n int r = f(0);\n return r; }",
        "line 8: use of the value of f, which ended without returning one",
        "line 8: uso do valor de f, que terminou sem return de um valor",
    ),
    (
        "unset variable",
        "int main(void) {\n int total;\n total += 1;\n return total; }",
        "line 8: use of a value that was never set: variable total",
        "line 8: uso de um valor nunca definido: a variável total",
    ),
    (
        "unset member",
        "struct p { int x, y; };\nint main(void) {\n struct p p; p.x = 1;\n return p.y; }",
        "line 9: use of a value that was never set: variable p (byte 4)",
        "line 9: uso de um valor nunca definido: a variável p (byte 4)",
    ),
    (
        "unset element",
        "int main(void) {\n int v[5]; v[0] = 1; int i = 3;\n return v[i]; }",
        "line 8: use of a value that was never set: variable v (byte 12)",
        "line 8: uso de um valor nunca definido: a variável v (byte 12)",
    ),
    (
        "unset heap",
        "int main(void) {\n int *v = malloc(5 * sizeof *v);\n return v[2]; }",
        "line 8: use of a value that was never set: the malloc block of 20 byte(s) (byte 8)",
        "line 8: uso de um valor nunca definido: o bloco de 20 byte(s) de malloc (byte 8)",
    ),
    (
        "unset through a parameter",
        "static int f(int *p) {\n return *p + 1; }\nint main(void) { int n; return f(&n); }",
        "line 7: use of a value that was never set: variable n",
        "line 7: uso de um valor nunca definido: a variável n",
    ),
    (
        "scanf that fails",
        "int main(void) {\n int n;\n scanf(\"%d\", &n);\n return n; }",
        "line 9: use of a value that was never set: variable n",
        "line 9: uso de um valor nunca definido: a variável n",
    ),
    (
        "unset string printed",
        "int main(void) {\n char b[10];\n printf(\"%s\", b);\n return 0; }",
        "line 8: use of a value that was never set: variable b (inside printf)",
        "line 8: uso de um valor nunca definido: a variável b (dentro de printf)",
    ),
    (
        "recv without terminator",
        "int main(void) {\n char b[8]; int fd[2]; pipe(fd); write(fd[1], \"abc\", 3);\n int n = read(fd[0], b, 8);\n printf(\"%s %d\", b, n);\n return 0; }",
        "line 9: use of a value that was never set: variable b (byte 3) (inside printf)",
        "line 9: uso de um valor nunca definido: a variável b (byte 3) (dentro de printf)",
    ),
    (
        "unset condition",
        "int main(void) {\n int ok;\n if (ok) return 1;\n return 0; }",
        "line 8: use of a value that was never set: variable ok",
        "line 8: uso de um valor nunca definido: a variável ok",
    ),
    (
        "too few variable arguments",
        "static int sum(int n, ...) { va_list ap; va_start(ap, n); int s = 0;\n while (n--) s += va_arg(ap, int);\n va_end(ap); return s; }\nint main(void) { return sum(3, 1, 2); }",
        "line 7: variable argument number 3 is missing: the call passed fewer",
        "line 7: falta o argumento variável número 3: a chamada passou menos",
    ),
    (
        "variable argument of another type",
        "static double f(int n, ...) { va_list ap; va_start(ap, n);\n return va_arg(ap, double); }\nint main(void) { return f(1, 7) > 0; }",
        "line 7: variable argument number 1 is int but was read as double",
        "line 7: o argumento variável número 1 é int, mas foi lido como double",
    ),
    (
        "printf with too few arguments",
        "int main(void) {\n char *format = \"%d %d\";\n printf(format, 1);\n return 0; }",
        "line 8: variable argument number 2 is missing: the call passed fewer (inside printf)",
        "line 8: falta o argumento variável número 2: a chamada passou menos (dentro de printf)",
    ),
    (
        "printf of a number as a string",
        "int main(void) {\n const char *f = \"%s\";\n printf(f, 5);\n return 0; }",
        "line 8: variable argument number 1 is int but was read as void * (inside printf)",
        "line 8: o argumento variável número 1 é int, mas foi lido como void * (dentro de printf)",
    ),
    (
        "endless recursion",
        "int f(int n) {\n return f(n + 1) + 1; }\nint main(void) { return f(0); }",
        "line 7: stack overflow (8192 KiB): endless recursion or too large local variables",
        "line 7: estouro da pilha (8192 KiB): recursão sem fim ou variáveis locais grandes demais",
    ),
    (
        "local too large",
        "int main(void) {\n char big[9 << 20]; big[0] = 1;\n return big[0]; }",
        "line 7: stack overflow (8192 KiB): endless recursion or too large local variables",
        "line 7: estouro da pilha (8192 KiB): recursão sem fim ou variáveis locais grandes demais",
    ),
    (
        "division by zero",
        "int main(void) {\n int a = 4, b = 0;\n return a / b; }",
        "line 8: integer division by zero",
        "line 8: divisão inteira por zero",
    ),
    (
        "remainder by zero",
        "int main(void) {\n unsigned a = 4, b = 0;\n return a % b; }",
        "line 8: integer division by zero",
        "line 8: divisão inteira por zero",
    ),
    (
        "quotient too large",
        "int main(void) {\n int a = -2147483647 - 1, b = -1;\n return a / b; }",
        "line 8: the quotient does not fit: the smallest integer divided by -1",
        "line 8: o quociente não cabe no tipo: o menor inteiro dividido por -1",
    ),
    (
        "constant written",
        "const int limit = 3;\nint main(void) {\n int *p = (int *)&limit;\n *p = 4;\n return limit; }",
        "line 9: write to variable limit, which is read-only",
        "line 9: escrita na variável limit, que só pode ser lido",
    ),
    (
        "array as large as the stack",
        "int main(void) {\n int n = 5000000;\n int v[n];\n v[0] = 1;\n return v[0]; }",
        "line 8: stack overflow (8192 KiB): endless recursion or too large local variables",
        "line 8: estouro da pilha (8192 KiB): recursão sem fim ou variáveis locais grandes demais",
    ),
    (
        "address without its host",
        "#include <netinet/in.h>\nint main(void) {\n struct sockaddr_in a; a.sin_family = AF_INET; a.sin_port = htons(7000);\n int s = socket(AF_INET, SOCK_STREAM, 0);\n return bind(s, (struct sockaddr *)&a, sizeof a); }",
        "line 10: use of a value that was never set: variable a (byte 4) (inside bind)",
        "line 10: uso de um valor nunca definido: a variável a (byte 4) (dentro de bind)",
    ),
    (
        "NULL function pointer",
        "int main(void) {\n int (*f)(int) = 0;\n return f(1); }",
        "line 8: call through a NULL function pointer",
        "line 8: chamada através de um ponteiro de função NULL",
    ),
    (
        "function pointer of nonsense",
        "int main(void) {\n void (*f)(void) = (void (*)(void))1234;\n f();\n return 0; }",
        "line 8: call through 0x4d2, which is not a function's address",
        "line 8: chamada através de 0x4d2, que não é o endereço de uma função",
    ),
    (
        "too few arguments by pointer",
        "int add(int a, int b) { return a + b; }\nint main(void) {\n int (*f)() = (int (*)())add;\n return f(1); }",
        "line 9: add takes 2 argument(s) and was called with 1 through a pointer of another type",
        "line 9: add espera 2 argumento(s) e foi chamada com 1 através de um ponteiro de outro tipo",
    ),
    (
        "free of a local",
        "int main(void) {\n int x = 1; int *p = &x;\n free(p);\n return 0; }",
        "line 8: free of ADDRESS, which malloc did not return: it points to variable x (inside free)",
        "line 8: free de ADDRESS, que malloc não devolveu: aponta para a variável x (dentro de free)",
    ),
    (
        "free of a literal",
        "int main(void) {\n char *s = \"abc\";\n free(s);\n return 0; }",
        "line 8: free of ADDRESS, which malloc did not return: it points to the literal \"abc\" (inside free)",
        "line 8: free de ADDRESS, que malloc não devolveu: aponta para o literal \"abc\" (dentro de free)",
    ),
    (
        "free of the middle",
        "int main(void) {\n char *s = malloc(10);\n free(s + 1);\n return 0; }",
        "line 8: free of ADDRESS, which malloc did not return: it points to the malloc block of 10 byte(s) (inside free)",
        "line 8: free de ADDRESS, que malloc não devolveu: aponta para o bloco de 10 byte(s) de malloc (dentro de free)",
    ),
    (
        "free twice",
        "int main(void) {\n char *s = malloc(10); free(s);\n free(s);\n return 0; }",
        "line 8: second free: the malloc block of 10 byte(s) has already been freed (inside free)",
        "line 8: free pela segunda vez: o bloco de 10 byte(s) de malloc já foi liberado (dentro de free)",
    ),
    (
        "use after free",
        "int main(void) {\n char *s = malloc(10); strcpy(s, \"a\"); free(s);\n return s[0]; }",
        "line 8: read after free: the malloc block of 10 byte(s) has been freed",
        "line 8: leitura depois de free: o bloco de 10 byte(s) de malloc já foi liberado",
    ),
    (
        "strcpy too long",
        "int main(void) {\n char name[4];\n strcpy(name, \"maria\");\n return 0; }",
        "line 8: write of 5 byte(s) out of bounds: variable name has 4 byte(s), the access starts at byte 0 (inside strcpy)",
        "line 8: escrita de 5 byte(s) fora dos limites: a variável name tem 4 byte(s), o acesso começa no byte 0 (dentro de strcpy)",
    ),
    (
        "strcat too long",
        "int main(void) {\n char name[6] = \"ana\";\n strcat(name, \"maria\");\n return 0; }",
        "line 8: write of 5 byte(s) out of bounds: variable name has 6 byte(s), the access starts at byte 3 (inside strcat)",
        "line 8: escrita de 5 byte(s) fora dos limites: a variável name tem 6 byte(s), o acesso começa no byte 3 (dentro de strcat)",
    ),
    (
        "sprintf too long",
        "int main(void) {\n char text[8];\n sprintf(text, \"%d bytes\", 12345);\n return 0; }",
        "line 8: write of 11 byte(s) out of bounds: variable text has 8 byte(s), the access starts at byte 0 (inside sprintf)",
        "line 8: escrita de 11 byte(s) fora dos limites: a variável text tem 8 byte(s), o acesso começa no byte 0 (dentro de sprintf)",
    ),
    (
        "fgets with a wrong size",
        "int main(void) {\n char line[4];\n fgets(line, 100, stdin);\n return 0; }",
        "line 8: write of 7 byte(s) out of bounds: variable line has 4 byte(s), the access starts at byte 0 (inside fgets)",
        "line 8: escrita de 7 byte(s) fora dos limites: a variável line tem 4 byte(s), o acesso começa no byte 0 (dentro de fgets)",
    ),
    (
        "scanf %s too long",
        "int main(void) {\n char word[3];\n scanf(\"%s\", word);\n return 0; }",
        "line 8: write of 1 byte(s) out of bounds: variable word has 3 byte(s), the access starts at byte 3 (inside scanf)",
        "line 8: escrita de 1 byte(s) fora dos limites: a variável word tem 3 byte(s), o acesso começa no byte 3 (dentro de scanf)",
    ),
    (
        "read too long",
        "int main(void) {\n char b[4]; int fd[2]; pipe(fd); write(fd[1], \"abcdefgh\", 8);\n read(fd[0], b, 100);\n return 0; }",
        "line 8: write of 8 byte(s) out of bounds: variable b has 4 byte(s), the access starts at byte 0 (inside read)",
        "line 8: escrita de 8 byte(s) fora dos limites: a variável b tem 4 byte(s), o acesso começa no byte 0 (dentro de read)",
    ),
    (
        "write of too much",
        "int main(void) {\n char b[4] = \"abc\";\n write(1, b, 100);\n return 0; }",
        "line 8: read of 100 byte(s) out of bounds: variable b has 4 byte(s), the access starts at byte 0 (inside write)",
        "line 8: leitura de 100 byte(s) fora dos limites: a variável b tem 4 byte(s), o acesso começa no byte 0 (dentro de write)",
    ),
    (
        "memset too long",
        "static int table[4];\nint main(void) {\n memset(table, 0, 40);\n return 0; }",
        "line 8: write of 40 byte(s) out of bounds: variable table has 16 byte(s), the access starts at byte 0 (inside memset)",
        "line 8: escrita de 40 byte(s) fora dos limites: a variável table tem 16 byte(s), o acesso começa no byte 0 (dentro de memset)",
    ),
    (
        "heap one too far",
        "int main(void) {\n int *v = malloc(3 * sizeof *v);\n for (int i = 0; i <= 3; i++) v[i] = i;\n return 0; }",
        "line 8: write of 4 byte(s) out of bounds: the malloc block of 12 byte(s) has 12 byte(s), the access starts at byte 12",
        "line 8: escrita de 4 byte(s) fora dos limites: o bloco de 12 byte(s) de malloc tem 12 byte(s), o acesso começa no byte 12",
    ),
    (
        "strlen + 1 forgotten",
        "int main(void) {\n char *copy = malloc(strlen(\"maria\"));\n strcpy(copy, \"maria\");\n return 0; }",
        "line 8: write of 1 byte(s) out of bounds: the malloc block of 5 byte(s) has 5 byte(s), the access starts at byte 5 (inside strcpy)",
        "line 8: escrita de 1 byte(s) fora dos limites: o bloco de 5 byte(s) de malloc tem 5 byte(s), o acesso começa no byte 5 (dentro de strcpy)",
    ),
    (
        "index too large",
        "int main(void) {\n int v[3]; int i;\n for (i = 0; i <= 3; i++) v[i] = 0;\n return 0; }",
        "line 8: index 3 out of bounds: v has 3 element(s), 0 to 2",
        "line 8: índice 3 fora dos limites: v tem 3 elemento(s), de 0 a 2",
    ),
    (
        "index negative",
        "static int v[3];\nint main(void) {\n int i = -1;\n return v[i]; }",
        "line 9: index -1 out of bounds: v has 3 element(s), 0 to 2",
        "line 9: índice -1 fora dos limites: v tem 3 elemento(s), de 0 a 2",
    ),
    (
        "through NULL",
        "struct node { int value; struct node *next; };\nint main(void) {\n struct node *n = NULL;\n return n->next == 0; }",
        "line 9: read through NULL plus 8 bytes",
        "line 9: leitura através de NULL mais 8 bytes",
    ),
    (
        "strlen of NULL",
        "int main(void) {\n char *s = getenv(\"NOT_SET\");\n return strlen(s); }",
        "line 8: read through a NULL pointer (inside strlen)",
        "line 8: leitura através de um ponteiro NULL (dentro de strlen)",
    ),
    (
        "fopen unchecked",
        "int main(void) {\n FILE *f = fopen(\"/nothing\", \"r\"); char b[9];\n fgets(b, 9, f);\n return 0; }",
        "line 8: read through a NULL pointer (inside fgets)",
        "line 8: leitura através de um ponteiro NULL (dentro de fgets)",
    ),
    (
        "literal written",
        "int main(void) {\n char *s = \"abc\";\n s[0] = 'x';\n return 0; }",
        "line 8: write to the literal \"abc\", which is read-only",
        "line 8: escrita no literal \"abc\", que só pode ser lido",
    ),
    (
        "wild pointer",
        "int main(void) {\n int *p = (int *)0x123456789000;\n return *p; }",
        "line 8: read at address 0x123456789000, where nothing is",
        "line 8: leitura no endereço 0x123456789000, onde não há nada",
    ),
    (
        "size of zero",
        "int main(int argc, char **argv) {\n int n = argc - 1; int v[n];\n return 0; }",
        "line 7: variable length array of 0 elements",
        "line 7: vetor de tamanho variável com 0 elementos",
    ),
    (
        "memcpy onto itself",
        "int main(void) {\n char b[10] = \"abcdefgh\";\n memcpy(b + 1, b, 5);\n return 0; }",
        "line 8: memcpy with overlapping source and destination: use memmove (inside memcpy)",
        "line 8: memcpy com origem e destino sobrepostos: use memmove (dentro de memcpy)",
    ),
];

#[test]
#[allow(clippy::print_stdout)] // the table, when it is blessed
fn every_mistake_has_its_line_and_words() {
    let bless = std::env::var_os("BLESS").is_some();
    for (what, text, en, pt) in CASES {
        let stdin = "word 7\n";
        let (found_en, found_pt) = (fault(text, Lang::En, stdin), fault(text, Lang::PtBr, stdin));
        if bless {
            println!(
                "    (\n        {what:?},\n        {text:?},\n        {found_en:?},\n        {found_pt:?},\n    ),"
            );
            continue;
        }
        assert_eq!((found_en.as_str(), found_pt.as_str()), (*en, *pt), "{what}: {text}");
    }
}

#[test]
fn programs_that_only_look_wrong_run() {
    let cases = [
        // Old style: nobody counts the arguments, and `int` goes without saying.
        "add(a, b) int a, b; { return a ? a + b : 0; } main() { return add(1, 2) - 3 + add(0); }",
        // Signed overflow wraps and shifts are cut as gcc -O0 has them.
        "int main(void) { int a = 2147483647; a++; if (a != -2147483647 - 1) return 1; int s = 33; return (1 << s) == 2 ? 0 : 2; }",
        "int main(void) { int t = 0; for (int i = 0; i < 3; i++) { char b[4] = \"ab\"; struct { int a, c; } *p = (void *)(int[]){ i, 2 }; t += p->a + b[0]; if (i == 1) continue; } return t == 0; }",
        "int main(void) { int x; for (int i = 0; i < 2; i++) { int *p = &(int){ i }; x = *p; } return x - 1; }",
        "struct s { int a, b; }; struct s f(void) { struct s v; v.a = 1; return v; } int main(void) { struct s w = f(); return w.a - 1; }",
        "int f(int n) { if (n) return 1; } int main(void) { f(0); (void)f(0); return f(1) - 1; }",
        "int main(void) { int n = 3; switch (n) { int y; case 3: y = 1; return y - 1; default: y = 2; return y; } }",
        "int main(void) { int i = 0; int *p = 0; again: { int x = i; p = &x; if (i++ < 3) goto again; } (void)p; return 0; }",
        "int main(void) { char *p = malloc(3); p = realloc(p, 1000); strcpy(p, \"longer than three\"); free(p); free(NULL); return 0; }",
        "int main(void) { int a[3]; int *end = a + 3; for (int *p = a; p != end; p++) *p = 1; return &a[3] == end ? 0 : 1; }",
        "int d(int n) { char pad[100]; pad[0] = n; return n ? d(n - 1) + pad[0] - pad[0] : 0; } int main(void) { return d(20000); }",
    ];
    for text in cases {
        assert_eq!(fault(text, Lang::En, ""), "status 0", "{text}");
    }
}
