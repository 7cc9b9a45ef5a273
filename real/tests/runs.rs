//! Whole programs, with a session that knows only how to open and close: what is answered here.

use abi::{Errno, Fd, Out, Reply, Syscall};
use real::{Answer, Disk, Measured, Note, Now, Order, Run, Start, Surroundings, When};
use std::collections::BTreeMap;

/// What came of a run.
#[derive(Default)]
struct Seen {
    output: String,
    notes: Vec<Note>,
    /// Handles that are still open at the end.
    open: Vec<Fd>,
    statuses: Vec<i32>,
}

/// A session whose sockets do nothing: receives wait until they are cancelled.
#[derive(Default)]
struct Session {
    next: i32,
    open: Vec<Fd>,
    waiting: BTreeMap<u64, ()>,
}

impl Session {
    fn open(&mut self) -> Fd {
        self.next += 1;
        self.open.push(Fd(1000 + self.next));
        Fd(1000 + self.next)
    }

    fn call(&mut self, ticket: u64, call: &Syscall) -> Option<Reply> {
        Some(match call {
            Syscall::Socket { .. } => Reply::ok(self.open().0.into()),
            Syscall::Pipe2 { .. } => {
                let fds = [self.open(), self.open()];
                Reply::with(0, Out::Fds { fds })
            }
            Syscall::Close { fd } => match self.open.iter().position(|open| open == fd) {
                Some(at) => {
                    self.open.remove(at);
                    Reply::ok(0)
                }
                None => Reply::err(Errno::EBADF),
            },
            Syscall::Sendto { .. } | Syscall::Write { .. } => Reply::err(Errno::EPIPE),
            Syscall::Setsockopt { .. } => Reply::ok(0),
            // What lights and puts out a signalfd.
            Syscall::Read { buf, .. } if buf.len == 8 => Reply::ok(8),
            Syscall::Eventfd2 { .. } => Reply::ok(self.open().0.into()),
            Syscall::Openat { .. } => Reply::ok(self.open().0.into()),
            Syscall::Select { timeout, .. } if timeout.value == Some(Default::default()) => {
                Reply::with(
                    0,
                    Out::Selected { read: vec![], write: vec![], except: vec![], left: None },
                )
            }
            _ => {
                self.waiting.insert(ticket, ());
                return None;
            }
        })
    }
}

/// Runs C programs to their end; somebody types when the first is asked for input and everybody
/// waits, and only then does time pass.
fn run_with(sources: &[&str], stdin: &str, disk: Box<dyn Disk>) -> Seen {
    let starts = sources.iter().map(|text| {
        let files = BTreeMap::from([("main.c".to_owned(), (*text).to_owned())]);
        let compiled =
            cc::compile(&cc::Sources { main: "main.c".to_owned(), files }, cc::Target::Linux);
        let program = compiled.program.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
        Start {
            program,
            args: vec!["main".to_owned()],
            env: Vec::new(),
            stdin: (Vec::new(), false),
            when: When::AfterOthers,
        }
    });
    let uname = ["Linux", "here", "6.18", "#1", "x86_64"].map(str::to_owned);
    let surroundings =
        Surroundings { first_pid: 100, ids: (1000, 1000), uname, cwd: b"/".to_vec() };
    let mut run = Run::new(starts.collect(), surroundings, disk);
    let mut session = Session::default();
    let mut now = Now { mono_ns: 5_000_000_000, real_ns: 1_800_000_000_000_000_000 };
    let mut seen = Seen::default();
    for _ in 0..100_000 {
        let more = run.advance(now, 1_000_000);
        for note in run.take_notes() {
            match &note {
                Note::Output { bytes, .. } => seen.output += &String::from_utf8_lossy(bytes),
                Note::Ended { status, .. } => seen.statuses.push(*status),
                _ => {}
            }
            seen.notes.push(note);
        }
        let orders = run.take_orders();
        let idle = orders.is_empty() && !more;
        for order in orders {
            let (ticket, reply) = match order {
                Order::Call { ticket, call, .. } => (ticket, session.call(ticket, &call)),
                Order::Cancel { ticket } => {
                    let waited = session.waiting.remove(&ticket);
                    (ticket, waited.map(|()| Reply::err(Errno::EINTR)))
                }
            };
            if let Some(reply) = reply {
                run.answer(ticket, Answer::Done(reply, Measured::default()));
            }
        }
        if run.is_over() {
            seen.open = session.open;
            return seen;
        }
        if idle && run.reads_terminal(0) {
            run.type_in(0, stdin.as_bytes());
            run.end_input(0);
        } else if idle {
            now.mono_ns = run.next_deadline().expect("somebody can go on");
        }
    }
    panic!("no end; so far:\n{}", seen.output);
}

#[track_caller]
fn check(source: &str, stdin: &str, output: &str) {
    let seen = run_with(&[source], stdin, Box::new(()));
    assert_eq!(seen.output, output);
    assert_eq!(seen.open, [], "everything is closed at the end");
}

#[test]
fn a_child_is_a_process_of_its_own_and_is_waited_for() {
    check(
        r#"
        #include <stdio.h>
        #include <unistd.h>
        #include <sys/wait.h>
        int main(void) {
            int x = 1, status;
            pid_t child = fork();
            if (child == 0) { x = 7; printf("child %d\n", x); return 3; }
            pid_t ended = wait(&status);
            printf("%d %d x=%d %d\n", ended == child, WEXITSTATUS(status), x, wait(NULL));
        }"#,
        "",
        "child 7\n1 3 x=1 -1\n",
    );
}

#[test]
fn a_handle_is_closed_by_the_last_of_its_descriptors() {
    let source = r#"
        #include <unistd.h>
        #include <stdio.h>
        #include <sys/socket.h>
        #include <sys/wait.h>
        int main(void) {
            int s = socket(AF_INET, SOCK_STREAM, 0);
            int t = dup(s);
            if (fork() == 0) { close(s); close(t); return 0; }
            wait(NULL);
            close(s);
            printf("%d %d %d\n", s, t, close(t));
            socket(AF_INET, SOCK_STREAM, 0); /* left open */
        }"#;
    let seen = run_with(&[source], "", Box::new(()));
    assert_eq!(seen.output, "3 4 0\n");
    let measured = |note: &&Note| matches!(note, Note::Returned { measured: Some(_), .. });
    // socket, the close that really closes, socket.
    assert_eq!(seen.notes.iter().filter(measured).count(), 3);
    assert_eq!(seen.open, []);
}

#[test]
fn threads_share_memory_and_are_joined() {
    check(
        r#"
        #include <pthread.h>
        #include <stdio.h>
        pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
        int sum;
        void *add(void *n) {
            for (int i = 0; i < 1000; i++) {
                pthread_mutex_lock(&m);
                sum += *(int *)n;
                pthread_mutex_unlock(&m);
            }
            return NULL;
        }
        int main(void) {
            pthread_t t[3];
            int n[3] = {1, 2, 3};
            for (int i = 0; i < 3; i++) pthread_create(&t[i], NULL, add, &n[i]);
            for (int i = 0; i < 3; i++) pthread_join(t[i], NULL);
            printf("%d\n", sum);
        }"#,
        "",
        "6000\n",
    );
}

#[test]
fn a_spinning_thread_does_not_starve_the_others() {
    check(
        r#"
        #include <pthread.h>
        #include <stdio.h>
        volatile int go;
        void *set(void *x) { (void)x; go = 1; return NULL; }
        int main(void) {
            pthread_t t;
            pthread_create(&t, NULL, set, NULL);
            while (!go) { }
            puts("went");
            pthread_join(t, NULL);
        }"#,
        "",
        "went\n",
    );
}

#[test]
fn an_alarm_interrupts_a_receive_or_lets_it_go_on() {
    check(
        r#"
        #include <errno.h>
        #include <signal.h>
        #include <stdio.h>
        #include <string.h>
        #include <unistd.h>
        #include <sys/socket.h>
        int rings;
        void ring(int s) { (void)s; rings++; if (rings == 2) _exit(printf("rings %d\n", rings) ? (fflush(stdout), 9) : 0); }
        int main(void) {
            char b[8];
            int s = socket(AF_INET, SOCK_DGRAM, 0);
            struct sigaction a = {0};
            a.sa_handler = ring;
            sigaction(SIGALRM, &a, NULL);
            alarm(2);
            ssize_t n = recv(s, b, 8, 0);
            printf("%zd %s\n", n, strerror(errno));
            fflush(stdout);
            a.sa_flags = SA_RESTART;
            sigaction(SIGALRM, &a, NULL);
            alarm(1);
            recv(s, b, 8, 0);
            puts("never");
        }"#,
        "",
        "-1 Interrupted system call\nrings 2\n",
    );
}

#[test]
fn a_handler_that_itself_waits_runs_above_the_call_that_waits() {
    check(
        r#"
        #include <signal.h>
        #include <stdio.h>
        #include <unistd.h>
        #include <sys/wait.h>
        #include <time.h>
        void late(int s) {
            (void)s;
            struct timespec t = {0, 1000};
            nanosleep(&t, NULL);
            while (waitpid(-1, NULL, WNOHANG) > 0) write(1, "reaped\n", 7);
        }
        int main(void) {
            struct sigaction a = {0};
            a.sa_handler = late;
            a.sa_flags = SA_RESTART;
            sigaction(SIGCHLD, &a, NULL);
            char b[4];
            if (fork() == 0) _exit(0);
            int n = read(0, b, 4);
            printf("%d\n", n);
        }"#,
        "ab\n",
        "reaped\n3\n",
    );
}

#[test]
fn signals_queue_by_their_kind_and_say_who_sent_them() {
    check(
        r#"
        #include <signal.h>
        #include <stdio.h>
        #include <unistd.h>
        int main(void) {
            sigset_t all;
            siginfo_t info;
            union sigval value = { 7 };
            sigfillset(&all);
            sigprocmask(SIG_SETMASK, &all, NULL);
            for (int i = 0; i < 2; i++) {
                kill(getpid(), SIGUSR1);
                sigqueue(getpid(), SIGRTMIN, value);
                value.sival_int++;
            }
            for (int i = 0; i < 3; i++) {
                int got = sigwaitinfo(&all, &info);
                printf("%d %d %d\n", got - SIGUSR1, info.si_pid == getpid(), info.si_value.sival_int);
            }
            struct timespec none = { 0, 0 };
            printf("%d\n", sigtimedwait(&all, &info, &none));
        }"#,
        "",
        "0 1 0\n24 1 7\n24 1 8\n-1\n",
    );
}

#[test]
fn each_thread_has_a_mask_of_its_own() {
    check(
        r#"
        #include <pthread.h>
        #include <signal.h>
        #include <stdio.h>
        #include <unistd.h>
        static void *worker(void *unused) {
            sigset_t all;
            sigfillset(&all);
            pthread_sigmask(SIG_SETMASK, &all, NULL);
            kill(getpid(), SIGUSR1);
            return unused;
        }
        static void handler(int signal) { (void)signal; write(1, "main\n", 5); }
        int main(void) {
            pthread_t thread;
            signal(SIGUSR1, handler);
            pthread_create(&thread, NULL, worker, NULL);
            pthread_join(thread, NULL);
            puts("end");
        }"#,
        "",
        "main\nend\n",
    );
}

#[test]
fn a_socket_with_a_time_of_its_own_is_interrupted_for_good() {
    check(
        r#"
        #include <errno.h>
        #include <signal.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <sys/time.h>
        #include <unistd.h>
        static void handler(int signal) { (void)signal; }
        int main(void) {
            char buf[4];
            int s = socket(AF_INET, SOCK_DGRAM, 0);
            struct timeval time = { 60, 0 };
            setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
            signal(SIGALRM, handler);
            alarm(1);
            int got = recv(s, buf, 4, 0);
            printf("%d %s\n", got, strerror(errno));
        }"#,
        "",
        "-1 Interrupted system call\n",
    );
}

#[test]
fn a_jump_out_of_a_handler_leaves_the_call_that_it_interrupted() {
    check(
        r#"
        #include <setjmp.h>
        #include <signal.h>
        #include <stdio.h>
        #include <sys/socket.h>
        #include <unistd.h>
        static sigjmp_buf out;
        static void handler(int signal) { siglongjmp(out, signal); }
        int main(void) {
            char buf[4];
            int s = socket(AF_INET, SOCK_DGRAM, 0);
            signal(SIGALRM, handler);
            for (volatile int tries = 0; tries < 3; tries++) {
                alarm(1);
                if (sigsetjmp(out, 1) == 0)
                    recv(s, buf, 4, 0);
                printf("%d\n", tries);
            }
        }"#,
        "",
        "0\n1\n2\n",
    );
}

#[test]
fn children_are_stopped_continued_and_forgotten() {
    check(
        r#"
        #include <errno.h>
        #include <signal.h>
        #include <stdio.h>
        #include <sys/wait.h>
        #include <unistd.h>
        int main(void) {
            int status;
            pid_t child = fork();
            if (child == 0)
                for (;;) pause();
            kill(child, SIGSTOP);
            waitpid(child, &status, WUNTRACED);
            printf("%d\n", WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
            kill(child, SIGCONT);
            waitpid(child, &status, WCONTINUED);
            printf("%d\n", WIFCONTINUED(status));
            signal(SIGCHLD, SIG_IGN);
            kill(child, SIGTERM);
            int waited = waitpid(child, &status, 0);
            printf("%d %d\n", waited, errno == ECHILD);
        }"#,
        "",
        "1\n1\n-1 1\n",
    );
}

#[test]
fn a_broken_pipe_ends_a_program_unless_it_looks_away() {
    let source = |before: &str| {
        format!(
            r#"
            #include <errno.h>
            #include <signal.h>
            #include <stdio.h>
            #include <sys/socket.h>
            int main(void) {{
                int s = socket(AF_INET, SOCK_STREAM, 0);
                {before}
                printf("%zd\n", send(s, "x", 1, 0));
                perror("send");
            }}"#
        )
    };
    let ended = run_with(&[&source("")], "", Box::new(()));
    assert_eq!((ended.output.as_str(), ended.statuses.as_slice()), ("", [13].as_slice()));
    let lives = run_with(&[&source("signal(SIGPIPE, SIG_IGN);")], "", Box::new(()));
    assert_eq!(lives.output, "-1\nsend: Broken pipe\n");
}

#[test]
fn sigsuspend_lets_one_signal_through_and_puts_the_mask_back() {
    check(
        r#"
        #include <signal.h>
        #include <stdio.h>
        #include <unistd.h>
        #include <sys/wait.h>
        int got;
        void take(int s) { got = s; }
        int main(void) {
            sigset_t block, none, now;
            sigemptyset(&block); sigaddset(&block, SIGUSR1); sigemptyset(&none);
            sigprocmask(SIG_BLOCK, &block, NULL);
            signal(SIGUSR1, take);
            kill(getpid(), SIGUSR1);
            printf("blocked %d\n", got);
            int r = sigsuspend(&none);
            sigprocmask(SIG_BLOCK, NULL, &now);
            printf("%d %d %d\n", r, got == SIGUSR1, sigismember(&now, SIGUSR1));
        }"#,
        "",
        "blocked 0\n-1 1 1\n",
    );
}

#[test]
fn select_sees_the_terminal_beside_a_socket() {
    check(
        r#"
        #include <stdio.h>
        #include <unistd.h>
        #include <sys/select.h>
        #include <sys/socket.h>
        int main(void) {
            int s = socket(AF_INET, SOCK_DGRAM, 0);
            fd_set r;
            FD_ZERO(&r); FD_SET(0, &r); FD_SET(s, &r);
            struct timeval t = {5, 0};
            int n = select(s + 1, &r, NULL, NULL, &t);
            char b[16];
            int m = read(0, b, sizeof b);
            printf("%d %d %d %.*s", n, FD_ISSET(0, &r) != 0, FD_ISSET(s, &r) != 0, m, b);
        }"#,
        "typed\n",
        // The session of this test answers a select only when it is cancelled.
        "1 1 0 typed\n",
    );
}

#[test]
fn files_are_written_read_and_kept() {
    struct Shelf(BTreeMap<Vec<u8>, Vec<u8>>, std::rc::Rc<std::cell::RefCell<Vec<String>>>);
    impl Disk for Shelf {
        fn load(&self, path: &[u8]) -> Result<Vec<u8>, Errno> {
            self.0.get(path).cloned().ok_or(Errno::ENOENT)
        }
        fn store(&mut self, path: &[u8], bytes: &[u8]) -> Result<(), Errno> {
            let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
            self.1.borrow_mut().push(format!("{}: {}", text(path), text(bytes)));
            self.0.insert(path.to_vec(), bytes.to_vec());
            Ok(())
        }
    }
    let stored = std::rc::Rc::default();
    let shelf =
        Shelf([(b"/in.txt".to_vec(), b"one\ntwo\n".to_vec())].into(), std::rc::Rc::clone(&stored));
    let source = r#"
        #include <stdio.h>
        #include <errno.h>
        #include <string.h>
        int main(void) {
            char line[32];
            FILE *in = fopen("in.txt", "r"), *out = fopen("out.txt", "w");
            while (fgets(line, sizeof line, in)) fprintf(out, "<%s", line);
            fclose(in); fclose(out);
            void *none = fopen("none", "r");
            printf("%p %s\n", none, strerror(errno));
        }"#;
    let seen = run_with(&[source], "", Box::new(shelf));
    assert_eq!(seen.output, "(nil) No such file or directory\n");
    assert_eq!(*stored.borrow(), ["/out.txt: <one\n<two\n"]);
}

#[test]
fn memory_shared_before_fork_is_one_memory() {
    check(
        r#"
        #include <stdio.h>
        #include <unistd.h>
        #include <sys/mman.h>
        #include <sys/wait.h>
        int main(void) {
            int *n = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
            if (fork() == 0) { *n = 42; return 0; }
            wait(NULL);
            printf("%d\n", *n);
        }"#,
        "",
        "42\n",
    );
}

#[test]
fn who_sleeps_on_a_semaphore_goes_on_when_it_is_raised_or_told_that_it_was_removed() {
    check(
        r#"
        #include <errno.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/ipc.h>
        #include <sys/sem.h>
        #include <sys/wait.h>
        #include <unistd.h>
        int main(void) {
            int id = semget(IPC_PRIVATE, 1, 0600);
            struct sembuf down = { 0, -1, 0 }, up = { 0, 2, 0 };
            for (int i = 0; i < 2; i++) if (fork() == 0) {
                int r = semop(id, &down, 1);
                printf("%d %d\n", i, r);
                return 0;
            }
            semop(id, &up, 1);
            wait(NULL); wait(NULL);
            printf("%d\n", semctl(id, 0, GETVAL));
            if (fork() == 0) { int r = semop(id, &down, 1); printf("%s\n", r < 0 ? strerror(errno) : "?"); return 0; }
            sleep(1);
            semctl(id, 0, IPC_RMID);
            wait(NULL);
        }"#,
        "",
        "0 0\n1 0\n0\nIdentifier removed\n",
    );
}

#[test]
fn memory_by_name_and_messages_reach_the_child() {
    check(
        r#"
        #include <fcntl.h>
        #include <mqueue.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/ipc.h>
        #include <sys/mman.h>
        #include <sys/msg.h>
        #include <sys/shm.h>
        #include <sys/stat.h>
        #include <sys/wait.h>
        #include <unistd.h>
        int main(void) {
            int fd = shm_open("/counter", O_CREAT | O_RDWR, 0600);
            ftruncate(fd, 4096);
            int *named = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
            int id = shmget(IPC_PRIVATE, 100, 0600);
            int *keyed = shmat(id, NULL, 0);
            struct mq_attr attr = { .mq_maxmsg = 2, .mq_msgsize = 16 };
            mqd_t q = mq_open("/q", O_CREAT | O_RDWR, 0600, &attr);
            int box = msgget(IPC_PRIVATE, 0600);
            struct { long type; char text[8]; } m = { 3, "caixa" };
            if (fork() == 0) {
                *named = 7; *keyed = 8;
                mq_send(q, "fila", 5, 1);
                msgsnd(box, &m, 6, 0);
                return 0;
            }
            char text[16];
            unsigned priority;
            mq_receive(q, text, 16, &priority);
            memset(&m, 0, sizeof m);
            msgrcv(box, &m, sizeof m.text, 0, 0);
            wait(NULL);
            struct stat st;
            fstat(fd, &st);
            printf("%d %d %s %u %s %ld %d\n", *named, *keyed, text, priority, m.text, m.type, (int)st.st_size);
            shm_unlink("/counter");
            printf("%d\n", shm_open("/counter", O_RDONLY, 0));
        }"#,
        "",
        "7 8 fila 1 caixa 3 4096\n-1\n",
    );
}

#[test]
fn a_process_becomes_another_program_of_the_run() {
    let first = r#"
        #include <stdio.h>
        #include <unistd.h>
        #include <sys/wait.h>
        int main(int argc, char **argv) {
            if (argc > 1) { printf("%s %s\n", argv[0], argv[1]); return 4; }
            int p[2], status;
            pipe(p);
            if (fork() == 0) { execl("./main", "other", "argument", NULL); return 1; }
            wait(&status);
            printf("%d\n", WEXITSTATUS(status));
            printf("%d\n", execl("/bin/none", "none", NULL));
        }"#;
    check(first, "", "other argument\n4\n-1\n");
}

#[test]
fn a_signal_that_is_blocked_is_waited_for_and_let_through_by_ppoll() {
    check(
        r#"
        #define _GNU_SOURCE
        #include <errno.h>
        #include <poll.h>
        #include <signal.h>
        #include <stdio.h>
        #include <unistd.h>
        volatile sig_atomic_t seen;
        void handler(int s) { seen = s; }
        int main(void) {
            sigset_t set, none, pending;
            sigemptyset(&none); sigemptyset(&set); sigaddset(&set, SIGUSR1);
            sigprocmask(SIG_BLOCK, &set, NULL);
            signal(SIGUSR1, handler);
            if (fork() == 0) { sleep(1); kill(getppid(), SIGUSR1); sleep(1); kill(getppid(), SIGUSR1); return 0; }
            siginfo_t info;
            int got = sigwaitinfo(&set, &info);
            printf("%d %d seen %d\n", got == SIGUSR1, info.si_pid != 0, seen);
            struct timespec t = { 9, 0 };
            int r = ppoll(NULL, 0, &t, &none);
            printf("%d %d seen %d\n", r, errno == EINTR, seen == SIGUSR1);
            raise(SIGUSR1);
            sigpending(&pending);
            printf("blocked again %d\n", sigismember(&pending, SIGUSR1));
        }"#,
        "",
        "1 1 seen 0\n-1 1 seen 1\nblocked again 1\n",
    );
}

#[test]
fn files_have_directories_locks_and_places() {
    check(
        r#"
        #include <dirent.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/file.h>
        #include <sys/resource.h>
        #include <sys/stat.h>
        #include <sys/wait.h>
        #include <unistd.h>
        int main(void) {
            char text[16] = "", cwd[64];
            mkdir("d", 0700); chdir("d");
            int fd = open("f", O_CREAT | O_RDWR, 0600);
            write(fd, "abcdef", 6);
            pwrite(fd, "XY", 2, 1);
            printf("%d %s %s\n", (int)pread(fd, text, 9, 0), text, getcwd(cwd, 64));
            rename("f", "../g");
            printf("%d %d\n", access("f", F_OK), access("/g", R_OK));
            flock(fd, LOCK_EX);
            if (fork() == 0) {
                int mine = open("/g", O_RDWR);
                printf("%d\n", flock(mine, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK);
                fflush(stdout);
                flock(mine, LOCK_EX);
                printf("locked\n");
                return 0;
            }
            sleep(1);
            printf("unlock\n"); fflush(stdout);
            flock(fd, LOCK_UN);
            wait(NULL);
            struct rlimit few = { 4, 4 };
            setrlimit(RLIMIT_NOFILE, &few);
            printf("%d\n", dup(0) < 0 && errno == EMFILE);
            printf("%d %d\n", rmdir("/d"), unlink("/g"));
        }"#,
        "",
        "6 aXYdef /d\n-1 0\n1\nunlock\nlocked\n1\n0 0\n",
    );
}

/// The bytes are the session's; who waits for whom is known here.
#[test]
fn who_opens_a_fifo_waits_for_the_other_side() {
    check(
        r#"
        #include <errno.h>
        #include <fcntl.h>
        #include <signal.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/stat.h>
        #include <sys/wait.h>
        #include <unistd.h>
        static void handler(int signal) { (void)signal; }
        int main(void) {
            struct stat st;
            printf("%d\n", mkfifo("f", 0640));
            int again = mkfifo("f", 0640);
            printf("%d %s\n", again, strerror(errno));
            stat("f", &st);
            printf("%d %o\n", S_ISFIFO(st.st_mode), st.st_mode & 0777);
            int alone = open("f", O_WRONLY | O_NONBLOCK);
            printf("%d %s\n", alone, strerror(errno));
            if (fork() == 0) {
                int w = open("f", O_WRONLY);
                _exit(w);
            }
            int status, r = open("f", O_RDONLY);
            wait(&status);
            printf("%d %d\n", r, WEXITSTATUS(status));
            close(r);
            struct sigaction a = { .sa_handler = handler };
            sigaction(SIGALRM, &a, NULL);
            alarm(1);
            r = open("f", O_RDONLY);
            printf("%d %s\n", r, strerror(errno));
        }"#,
        "",
        "0\n-1 File exists\n1 640\n-1 No such device or address\n3 3\n\
         -1 Interrupted system call\n",
    );
}

#[test]
fn a_signalfd_gives_the_signals_that_are_blocked() {
    check(
        r#"
        #include <errno.h>
        #include <signal.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/signalfd.h>
        #include <unistd.h>
        int main(void) {
            sigset_t set;
            struct signalfd_siginfo got[3];
            sigemptyset(&set);
            sigaddset(&set, SIGUSR1);
            sigaddset(&set, SIGALRM);
            sigprocmask(SIG_BLOCK, &set, NULL);
            int fd = signalfd(-1, &set, 0);
            kill(getpid(), SIGUSR1);
            int n = read(fd, got, sizeof got);
            printf("%d %d %d\n", n, got[0].ssi_signo == SIGUSR1, got[0].ssi_pid == getpid());
            alarm(1);
            n = read(fd, got, sizeof got);
            printf("%d %d\n", n, got[0].ssi_signo == SIGALRM);
            n = read(fd, got, 100);
            printf("%d %s\n", n, strerror(errno));
        }"#,
        "",
        "128 1 1\n128 1\n-1 Invalid argument\n",
    );
}

#[test]
fn a_fork_bomb_ends_at_a_limit() {
    check(
        r#"
        #include <errno.h>
        #include <signal.h>
        #include <stdio.h>
        #include <unistd.h>
        int main(void) {
            int n = 0;
            pid_t child;
            while ((child = fork()) > 0) n++;
            if (child == 0) { pause(); return 0; }
            printf("%d %d\n", n, errno == EAGAIN);
            fflush(stdout);
            kill(0, SIGKILL);
        }"#,
        "",
        "999 1\n",
    );
}

#[test]
fn a_socket_is_no_terminal_and_nobody_has_to_be_asked() {
    check(
        r#"
        #include <errno.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <unistd.h>
        int main(void) {
            int s = socket(AF_INET, SOCK_STREAM, 0), p[2];
            pipe(p);
            printf("%d", isatty(1));
            printf(" %d", isatty(s));
            printf(" %s", strerror(errno));
            printf(" %d\n", isatty(p[0]));
        }"#,
        "",
        "1 0 Inappropriate ioctl for device 0\n",
    );
}

#[test]
fn what_is_not_there_is_named() {
    let source = "#include <sys/time.h>\n\
                  int main(void) { struct itimerval t; return getitimer(ITIMER_PROF, &t) < 0; }";
    let seen = run_with(&[source], "", Box::new(()));
    assert!(seen.notes.iter().any(|n| matches!(n, Note::Missing { name: "getitimer", .. })));
}

#[test]
fn a_refusal_of_the_bridge_is_an_errno_for_the_program_and_no_kernels_answer() {
    let files = BTreeMap::from([(
        "main.c".to_owned(),
        "#include <sys/socket.h>\n#include <errno.h>\n\
         int main(void) { return socket(AF_PACKET, SOCK_RAW, 0) < 0 ? errno : 0; }"
            .to_owned(),
    )]);
    let program = cc::compile(&cc::Sources { main: "main.c".to_owned(), files }, cc::Target::Linux)
        .program
        .expect("it compiles");
    let uname = [""; 5].map(str::to_owned);
    let start = Start {
        program,
        args: vec!["main".to_owned()],
        env: Vec::new(),
        stdin: (Vec::new(), true),
        when: When::At(0),
    };
    let surroundings = Surroundings { first_pid: 1, ids: (0, 0), uname, cwd: b"/".to_vec() };
    let mut run = Run::new(vec![start], surroundings, Box::new(()));
    run.advance(Now::default(), 1_000_000);
    let Some(Order::Call { ticket, .. }) = run.take_orders().pop() else { panic!("a socket") };
    let rule = abi::message::Rule::Family;
    run.answer(ticket, Answer::Denied { rule, detail: "no".to_owned() });
    run.advance(Now::default(), 1_000_000);
    let notes = run.take_notes();
    assert!(notes.iter().any(|note| matches!(note, Note::Denied { errno: Errno::EPERM, .. })));
    let status = notes.iter().find_map(|note| match note {
        Note::Ended { status, .. } => Some(*status),
        _ => None,
    });
    assert_eq!(status, Some(Errno::EPERM.0 << 8));
    assert!(run.is_over());
}
