/* Runs a program as a person at a terminal would: a terminal of its own, no inherited descriptors,
   no variables but a few. Copies what it writes. `launch SECONDS PROGRAM ARGS…`; ends it after the
   limit with SIGKILL, and with SIGTERM to itself too. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t over;

static void end(int signal)
{
    (void)signal;
    over = 1;
}

int main(int argc, char *argv[])
{
    if (argc < 3)
        return 2;
    close_range(3, ~0U, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    int terminal;
    struct termios plain;
    memset(&plain, 0, sizeof plain);
    plain.c_cflag = CS8 | CREAD;
    plain.c_lflag = ICANON; /* no echo, no translation of newlines */
    plain.c_cc[VEOF] = 4;
    pid_t child = forkpty(&terminal, NULL, &plain, NULL);
    if (child < 0) {
        perror("forkpty");
        return 2;
    }
    if (child == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    struct sigaction stop = { .sa_handler = end };
    sigaction(SIGALRM, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    alarm(atoi(argv[1]));
    char buf[4096];
    int status = 0, alive = 1;
    while (!over) {
        struct pollfd p = { terminal, POLLIN, 0 };
        int ready = poll(&p, 1, alive ? 50 : 0);
        if (ready > 0 && p.revents & POLLIN) {
            ssize_t n = read(terminal, buf, sizeof buf);
            if (n > 0) {
                for (ssize_t done = 0; done < n;)
                    done += write(1, buf + done, n - done);
                continue;
            }
        }
        if (!alive)
            break;
        if (waitpid(child, &status, WNOHANG) == child)
            alive = 0; /* what is still in the terminal is read first */
    }
    if (over) {
        /* strace ends with its programs: end them, it writes its last lines. */
        kill(-child, SIGKILL);
        char find[64];
        snprintf(find, sizeof find, "pkill -KILL -s %d >/dev/null 2>&1", child);
        if (system(find)) {}
        waitpid(child, &status, 0);
        return 124;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
