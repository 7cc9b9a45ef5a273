/* Runs a program as a person at a terminal would: a terminal of its own, no inherited descriptors,
   no variables but a few. Copies what it writes. `launch SECONDS PROGRAM ARGS…`; ends it after the
   limit with SIGKILL, and with SIGTERM to itself too. Variables:

   LAUNCH_HOSTS=FILE   stands in the place of /etc/hosts
   LAUNCH_TMP=DIR      stands in the place of /tmp
   LAUNCH_UID=NUMBER   who runs it
   LAUNCH_TYPE=FILE    what is typed; LAUNCH_EOF=1: and then Ctrl+D
   LAUNCH_END=SIGNAL   what ends it at the limit, instead of SIGKILL */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <grp.h>
#include <sys/mount.h>
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

/* The caller's mounts are its own already (ip netns exec). */
static void in_place_of(const char *variable, const char *place)
{
    const char *from = getenv(variable);
    if (from && mount(from, place, NULL, MS_BIND, NULL) < 0)
        perror(place);
}

static void type(int terminal)
{
    const char *file = getenv("LAUNCH_TYPE");
    FILE *from = file ? fopen(file, "r") : NULL;
    char line[1024];
    while (from && fgets(line, sizeof line, from))
        if (write(terminal, line, strlen(line)) < 0)
            perror("typing");
    if (getenv("LAUNCH_EOF") && write(terminal, "\004", 1) < 0)
        perror("typing");
}

static void become(const char *uid)
{
    if (!uid)
        return;
    gid_t id = atoi(uid);
    if (setgroups(0, NULL) < 0 || setresgid(id, id, id) < 0 || setresuid(id, id, id) < 0)
        perror("becoming another user");
}

int main(int argc, char *argv[])
{
    if (argc < 3)
        return 2;
    in_place_of("LAUNCH_HOSTS", "/etc/hosts");
    in_place_of("LAUNCH_TMP", "/tmp");
    if (unshare(CLONE_NEWIPC) < 0)
        perror("unshare");
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
        become(getenv("LAUNCH_UID"));
        prctl(PR_SET_DUMPABLE, 1);
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    type(terminal);
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
        const char *how = getenv("LAUNCH_END");
        if (how && kill(child, atoi(how)) == 0) {
            for (int i = 0; i < 200 && waitpid(child, &status, WNOHANG) == 0; i++)
                usleep(10000);
        }
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
