//! `soquete run --on real`: whole programs on this computer's kernel.

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// A directory with programs, gone at the end.
struct Programs(tempfile::TempDir);

impl Programs {
    fn new(files: &[(&str, &str)]) -> Programs {
        let dir = tempfile::tempdir().expect("a directory");
        for (name, text) in files {
            std::fs::write(dir.path().join(name), text).expect("a file");
        }
        Programs(dir)
    }

    /// Runs them in the directory; `typed` is the standard input, left open until the end.
    fn run(&self, programs: &[&str], typed: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_soquete"))
            .args(["run", "--on", "real", "--stagger", "200ms", "--until", "30s"])
            .args(programs)
            .current_dir(self.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(typed.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        drop(stdin);
        output
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const SERVER: &str = r#"
    #include <netinet/in.h>
    #include <signal.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <sys/socket.h>
    #include <sys/wait.h>
    #include <unistd.h>
    int main(int argc, char **argv) {
        struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])) };
        a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int one = 1, l = socket(AF_INET, SOCK_STREAM, 0);
        setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        if (bind(l, (struct sockaddr *)&a, sizeof a) < 0 || listen(l, 5) < 0) { perror("serve"); return 1; }
        for (int i = 0; i < 3; i++) {
            int c = accept(l, NULL, NULL);
            if (fork() == 0) {
                char b[64];
                ssize_t n;
                close(l);
                while ((n = recv(c, b, sizeof b, 0)) > 0) send(c, b, n, 0);
                return 10 + i;
            }
            close(c);
        }
        for (int i = 0; i < 3; i++) {
            int status;
            wait(&status);
            printf("child %d\n", WEXITSTATUS(status) > 9);
        }
    }"#;

const CLIENT: &str = r#"
    #include <netinet/in.h>
    #include <pthread.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <sys/socket.h>
    #include <unistd.h>
    int port;
    void *talk(void *n) {
        struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
        a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int s = socket(AF_INET, SOCK_STREAM, 0);
        char b[64];
        if (connect(s, (struct sockaddr *)&a, sizeof a) < 0) { perror("connect"); exit(1); }
        send(s, "hello", 5, 0);
        shutdown(s, SHUT_WR);
        ssize_t r, sum = 0;
        while ((r = recv(s, b, sizeof b, 0)) > 0) sum += r;
        *(int *)n = (int)sum;
        close(s);
        return n;
    }
    int main(int argc, char **argv) {
        pthread_t t[3];
        int n[3];
        port = atoi(argv[1]);
        for (int i = 0; i < 3; i++) pthread_create(&t[i], NULL, talk, &n[i]);
        for (int i = 0; i < 3; i++) pthread_join(t[i], NULL);
        printf("%d %d %d\n", n[0], n[1], n[2]);
    }"#;

#[test]
fn a_server_that_forks_and_a_client_with_threads() {
    let port = free_port();
    let programs = Programs::new(&[("server.c", SERVER), ("client.c", CLIENT)]);
    let output = programs.run(&[&format!("server.c {port}"), &format!("client.c {port}")], "");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    assert_eq!(out.matches("child 1\n").count(), 3, "{out}{err}");
    assert!(out.contains("5 5 5\n"), "{out}{err}");
}

#[test]
fn select_waits_for_the_terminal_and_a_socket_at_once() {
    let chat = r#"
        #include <stdio.h>
        #include <sys/select.h>
        #include <sys/socket.h>
        #include <unistd.h>
        int main(void) {
            int p[2], lines = 0;
            socketpair(AF_UNIX, SOCK_STREAM, 0, p);
            if (fork() == 0) { close(p[0]); char b[32]; ssize_t n = read(p[1], b, 32); write(p[1], b, n); return 0; }
            close(p[1]);
            while (lines < 2) {
                fd_set r;
                char b[32];
                FD_ZERO(&r); FD_SET(0, &r); FD_SET(p[0], &r);
                select(p[0] + 1, &r, NULL, NULL, NULL);
                if (FD_ISSET(0, &r)) { ssize_t n = read(0, b, 32); printf("typed %.*s", (int)n, b); fflush(stdout); send(p[0], b, n, 0); lines++; }
                if (FD_ISSET(p[0], &r)) { ssize_t n = recv(p[0], b, 32, 0); printf("echo %.*s", (int)n, b); fflush(stdout); lines++; }
            }
        }"#;
    let programs = Programs::new(&[("chat.c", chat)]);
    let output = programs.run(&["chat.c"], "ola\n");
    assert_eq!(text(&output.stdout), "typed ola\necho ola\n", "{}", text(&output.stderr));
}

#[test]
fn files_are_this_computers() {
    let copy = r#"
        #include <stdio.h>
        int main(void) {
            char line[64];
            FILE *in = fopen("in.txt", "r"), *out = fopen("out.txt", "w");
            while (fgets(line, sizeof line, in)) fprintf(out, "> %s", line);
            fclose(in); fclose(out);
        }"#;
    let programs = Programs::new(&[("copy.c", copy), ("in.txt", "a\nb\n")]);
    let output = programs.run(&["copy.c"], "");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let copied = std::fs::read_to_string(programs.0.path().join("out.txt"));
    assert_eq!(copied.expect("it is there"), "> a\n> b\n");
}

/// Two processes and a FIFO: its bytes go through the kernel, so `poll` sees it beside a socket;
/// isatty(3) of what is no terminal is no refusal of ours.
#[test]
fn a_fifo_is_waited_for_beside_a_socket() {
    let source = r#"
        #include <fcntl.h>
        #include <poll.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <unistd.h>
        int main(void) {
            char b[16];
            mkfifo("f", 0600);
            if (fork() == 0) {
                int w = open("f", O_WRONLY);
                write(w, "through", 7);
                _exit(0);
            }
            int s = socket(AF_INET, SOCK_DGRAM, 0), r = open("f", O_RDONLY);
            struct pollfd p[2] = { { r, POLLIN, 0 }, { s, POLLIN, 0 } };
            int n = poll(p, 2, 5000);
            printf("%d %d\n", n, p[0].revents & POLLIN);
            n = read(r, b, sizeof b);
            printf("%.*s\n", n, b);
            n = read(r, b, sizeof b);
            printf("%d %d %d\n", n, isatty(s), getenv("PATH") != NULL);
        }"#;
    let programs = Programs::new(&[("fifo.c", source)]);
    let output = programs.run(&["fifo.c"], "");
    assert_eq!(text(&output.stdout), "1 1\nthrough\n0 0 1\n", "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
}
