//! Data races are told with both places and the variable, do not stop the program, and are never
//! told of a program that is ordered.

mod kernel;

use soquete_cc::{Sources, Target, compile};

const HEADERS: &str = "#include <pthread.h>\n#include <semaphore.h>\n#include <stdio.h>\n\
    #include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n";

/// Runs a program whose first six lines are the headers; its races, with lines from the text.
fn races(text: &str) -> Vec<String> {
    let text = format!("{HEADERS}{text}");
    let compilation = compile(&Sources::single("race.c", &text), Target::Linux);
    let program = compilation.program.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics));
    let args = ["race".to_owned()];
    let ended = kernel::run(program, &compilation.sources, &args, b"").expect("it ends");
    assert_eq!(ended.status, 0, "a race does not stop the program");
    ended.races
}

/// `BODY` in two threads, which are joined; `GLOBALS` before.
fn two(globals: &str, body: &str) -> String {
    format!(
        "{globals}\nstatic void *work(void *arg) {{\n(void)arg;\n{body}\nreturn 0; }}\n\
         int main(void) {{ pthread_t a, b; int value = 0; (void)value; @SETUP@\n\
         pthread_create(&a, 0, work, &value); pthread_create(&b, 0, work, &value);\n\
         pthread_join(a, 0); pthread_join(b, 0); return 0; }}\n"
    )
    .replace("@SETUP@", "setup();")
}

const NO_SETUP: &str = "static void setup(void) {}";

#[test]
fn the_lost_update_is_told_and_happens() {
    let text = two(
        &format!("int counter; {NO_SETUP}"),
        "for (int i = 0; i < 5; i++) { int copy = counter; usleep(10); counter = copy + 1; }",
    );
    let found = races(&text);
    assert_eq!(
        found,
        ["line 10: data race on variable counter: nothing (mutex, semaphore, join) orders this \
          write and another thread's read in line 10"]
    );
}

#[test]
fn races_by_every_way_are_found() {
    let cases = [
        ("int n;", "for (int i = 0; i < 9000; i++) n++;", "variable n"),
        ("char name[20];", "strcpy(name, \"abc\");", "variable name"),
        ("struct { int a, b; } s;", "s.b += 1;", "variable s"),
        ("int *p;", "if (!p) p = malloc(4); *p = 1;", "p"),
        ("double d;", "d = d + 1;", "variable d"),
        ("", "*(int *)arg += 1;", "variable value"),
        (
            "int n; pthread_mutex_t m1, m2;",
            "pthread_mutex_t *m = n ? &m1 : &m2; (void)m; n = 1;",
            "n",
        ),
        // A lock around the write only does not order the read.
        (
            "int n; pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;",
            "int copy = n; pthread_mutex_lock(&m); n = copy + 1; pthread_mutex_unlock(&m);",
            "variable n",
        ),
    ];
    for (globals, body, variable) in cases {
        let found = races(&two(&format!("{globals} {NO_SETUP}"), body));
        assert!(!found.is_empty(), "{body}");
        assert!(found[0].contains(variable), "{body}: {found:?}");
    }
}

#[test]
fn what_a_call_writes_counts() {
    let text = two(
        "int fds[2]; char buffer[64]; static void setup(void) { pipe(fds); write(fds[1], \"abcdefgh\", 8); }",
        "read(fds[0], buffer, 4);",
    );
    let found = races(&text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("variable buffer"), "{found:?}");
}

#[test]
fn the_loop_variable_handed_to_threads() {
    let text = "static void *work(void *arg) { printf(\"%d\\n\", *(int *)arg); return 0; }\n\
        int main(void) { pthread_t t[3];\nfor (int i = 0; i < 3; i++) {\n\
        pthread_create(&t[i], 0, work, &i); usleep(10); }\n\
        for (int i = 0; i < 3; i++) pthread_join(t[i], 0); return 0; }";
    let found = races(text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("variable i"), "{found:?}");
}

#[test]
fn ordered_programs_are_left_alone() {
    let cases = [
        (
            "mutex",
            "int n; pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; static void setup(void) {}",
            "for (int i = 0; i < 3000; i++) { pthread_mutex_lock(&m); n++; pthread_mutex_unlock(&m); }",
        ),
        (
            "semaphore",
            "int n; sem_t s; static void setup(void) { sem_init(&s, 0, 1); }",
            "for (int i = 0; i < 500; i++) { sem_wait(&s); int c = n; usleep(1); n = c + 1; sem_post(&s); }",
        ),
        (
            "condition",
            "int turn, n; pthread_mutex_t m; pthread_cond_t c; static void setup(void) { pthread_mutex_init(&m, 0); pthread_cond_init(&c, 0); }",
            "pthread_mutex_lock(&m); int me = turn++; while (n != me) pthread_cond_wait(&c, &m);\n n++; pthread_cond_broadcast(&c); pthread_mutex_unlock(&m);",
        ),
        (
            "read-write lock",
            "int n; pthread_rwlock_t l; static void setup(void) { pthread_rwlock_init(&l, 0); }",
            "for (int i = 0; i < 300; i++) { pthread_rwlock_rdlock(&l); int c = n; pthread_rwlock_unlock(&l); pthread_rwlock_wrlock(&l); n = c; pthread_rwlock_unlock(&l); }",
        ),
        (
            "barrier",
            "int parts[2], next; pthread_mutex_t m; pthread_barrier_t b; static void setup(void) { pthread_mutex_init(&m, 0); pthread_barrier_init(&b, 0, 2); }",
            "pthread_mutex_lock(&m); int me = next++; pthread_mutex_unlock(&m); parts[me] = me; pthread_barrier_wait(&b); if (parts[1 - me] != 1 - me) exit(1);",
        ),
        (
            "once",
            "int n; pthread_once_t o = PTHREAD_ONCE_INIT; static void init(void) { n = 7; } static void setup(void) {}",
            "pthread_once(&o, init); if (n != 7) exit(1);",
        ),
        (
            "spin lock",
            "int n; pthread_spinlock_t l; static void setup(void) { pthread_spin_init(&l, 0); }",
            "for (int i = 0; i < 3000; i++) { pthread_spin_lock(&l); n++; pthread_spin_unlock(&l); }",
        ),
        (
            "message through a pipe",
            "int n, fds[2], who; pthread_mutex_t m; static void setup(void) { pipe(fds); pthread_mutex_init(&m, 0); }",
            "pthread_mutex_lock(&m); int me = who++; pthread_mutex_unlock(&m); char c;\n\
             if (me == 0) { n = 5; write(fds[1], \"x\", 1); } else { read(fds[0], &c, 1); if (n != 5) exit(1); n = 6; }",
        ),
        (
            "neighbours of an array and of a structure",
            "char parts[2]; struct { char a, b; } s; int who; pthread_mutex_t m; static void setup(void) { pthread_mutex_init(&m, 0); }",
            "pthread_mutex_lock(&m); int me = who++; pthread_mutex_unlock(&m);\n\
             for (int i = 0; i < 3000; i++) { parts[me]++; if (me) s.a++; else s.b++; }",
        ),
        (
            "heap that passes from one to the other",
            "static void setup(void) {}",
            "for (int i = 0; i < 300; i++) { char *p = malloc(40); sprintf(p, \"%d\", i); if (atoi(p) != i) exit(1); free(p); FILE *f = i == 0 ? fopen(\"/dev/null\", \"w\") : 0; if (f) fclose(f); }",
        ),
        (
            "atomic counter",
            "#include <stdatomic.h>\n_Atomic int n; atomic_int ready; int data; static void setup(void) { atomic_init(&n, 1); n = 0; }",
            "for (int i = 0; i < 500; i++) { n++; atomic_fetch_add(&n, 1); n += 2; if (n < 0) exit(1); }\n\
             int zero = 0; if (atomic_compare_exchange_strong(&ready, &zero, 1)) { data = 7; ready = 2; } else { while (ready != 2) sched_yield(); if (data != 7) exit(1); }",
        ),
        (
            "old builtins",
            "int n; static void setup(void) {}",
            "for (int i = 0; i < 500; i++) __sync_fetch_and_add(&n, 1);",
        ),
        (
            "only reading",
            "int table[4] = { 1, 2, 3, 4 }; static void setup(void) { table[0] = 9; }",
            "int sum = 0; for (int i = 0; i < 4; i++) sum += table[i]; if (sum != 18) exit(1); printf(\"%d\\n\", sum);",
        ),
        (
            "a value of each thread",
            "pthread_key_t key; static void setup(void) { pthread_key_create(&key, free); }",
            "int *mine = malloc(sizeof *mine); *mine = 3; pthread_setspecific(key, mine); usleep(5); int *again = pthread_getspecific(key); *again += 1;",
        ),
    ];
    for (what, globals, body) in cases {
        assert_eq!(races(&two(globals, body)), [""; 0], "{what}");
    }
}

#[test]
fn creation_join_and_stacks_order() {
    let programs = [
        // One thread after the other, results by pointer and by return value.
        "static void *work(void *arg) { int *p = arg; *p += 1; int local[100]; local[3] = *p; return (void *)(long)local[3]; }\n\
         int main(void) { int n = 0; for (int i = 0; i < 4; i++) { pthread_t t; void *v;\n\
         pthread_create(&t, 0, work, &n); pthread_join(t, &v); n += (long)v; } return n == 0; }",
        // The argument is a block that the thread frees.
        "static void *work(void *arg) { int *p = arg; *p += 1; free(p); return 0; }\n\
         int main(void) { pthread_t t[8]; for (int i = 0; i < 8; i++) { int *p = malloc(sizeof *p); *p = i;\n\
         pthread_create(&t[i], 0, work, p); } for (int i = 0; i < 8; i++) pthread_join(t[i], 0); return 0; }",
        // Detached threads that report by a semaphore.
        "static sem_t done; static int sum; static pthread_mutex_t m;\n\
         static void *work(void *arg) { pthread_detach(pthread_self()); pthread_mutex_lock(&m); sum += (long)arg; pthread_mutex_unlock(&m); sem_post(&done); return 0; }\n\
         int main(void) { sem_init(&done, 0, 0); pthread_mutex_init(&m, 0); for (long i = 0; i < 5; i++) { pthread_t t; pthread_create(&t, 0, work, (void *)i); }\n\
         for (int i = 0; i < 5; i++) sem_wait(&done); return sum == 10 ? 0 : 1; }",
    ];
    for text in programs {
        assert_eq!(races(text), [""; 0], "{text}");
    }
}
