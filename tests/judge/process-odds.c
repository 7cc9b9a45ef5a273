/* Less usual ends and beginnings of processes: vfork(2), children that nobody waits for, stopped ones, orphans. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(call) \
    do { \
        long result = (call); \
        printf("%s = %ld %s\n", #call, result, result < 0 ? strerrorname_np(errno) : ""); \
    } while (0)

static volatile int count, code, status;

static void child(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    count++;
    code = info->si_code;
    status = info->si_status;
}

static void tick(int signal)
{
    (void)signal;
    count++;
}

static void block(int how)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(how, &set, NULL);
}

static void told(const char *what)
{
    printf("%s: %d signals, code %d, status %d\n", what, count, code, status);
    count = code = status = 0;
}

int main(void)
{
    int shared = 1, word, p[2];
    char name[16] = "", cwd[64];
    pid_t pid;
    setvbuf(stdout, NULL, _IONBF, 0);

    /* The child has the parent's memory, and the parent waits. */
    pid = vfork();
    if (pid == 0) {
        shared = 2;
        _exit(7);
    }
    printf("shared %d\n", shared);
    wait(&word);
    printf("exited %d\n", WEXITSTATUS(word));
    pid = vfork();
    if (pid == 0) {
        execl("/nowhere", "nowhere", (char *)0);
        _exit(127);
    }
    waitpid(pid, &word, 0);
    printf("exited %d\n", WEXITSTATUS(word));
    pid = vfork();
    if (pid == 0) {
        execl("/bin/echo", "echo", "here", (char *)0);
        _exit(127);
    }
    waitpid(pid, &word, 0);

    /* Stopped, continued, killed: what the parent is told. */
    struct sigaction act;
    memset(&act, 0, sizeof act);
    act.sa_sigaction = child;
    act.sa_flags = SA_SIGINFO | SA_RESTART;
    sigaction(SIGCHLD, &act, NULL);
    pipe(p);
    pid = fork();
    if (pid == 0) {
        raise(SIGSTOP);
        read(p[0], name, 1);
        _exit(3);
    }
    block(SIG_BLOCK);
    waitpid(pid, &word, WUNTRACED);
    block(SIG_UNBLOCK);
    told("stopped");
    block(SIG_BLOCK);
    kill(pid, SIGCONT);
    waitpid(pid, &word, WCONTINUED);
    block(SIG_UNBLOCK);
    told("continued");
    usleep(50000);
    block(SIG_BLOCK);
    kill(pid, SIGKILL);
    waitpid(pid, &word, 0);
    block(SIG_UNBLOCK);
    told("killed");
    act.sa_flags |= SA_NOCLDSTOP;
    sigaction(SIGCHLD, &act, NULL);
    block(SIG_BLOCK);
    pid = fork();
    if (pid == 0) {
        raise(SIGSTOP);
        _exit(3);
    }
    waitpid(pid, &word, WUNTRACED);
    block(SIG_UNBLOCK);
    told("stopped without SIGCHLD");
    block(SIG_BLOCK);
    kill(pid, SIGCONT);
    waitpid(pid, &word, 0);
    block(SIG_UNBLOCK);
    told("exited");

    /* Ignored: no signal, no zombie; the parent sleeps on. */
    signal(SIGCHLD, SIG_IGN);
    pid = fork();
    if (pid == 0)
        _exit(4);
    close(p[0]);
    pipe(p);
    if (fork() == 0) {
        write(p[1], "x", 1);
        _exit(0);
    }
    read(p[0], name, 1);
    SAY(wait(&word));
    signal(SIGCHLD, SIG_DFL);

    /* select looks no further than the table goes. */
    struct timeval now = { 0, 0 };
    fd_set set;
    FD_ZERO(&set);
    FD_SET(40, &set);
    SAY(select(78, &set, NULL, NULL, &now));
    dup2(0, 100);
    close(100);
    FD_ZERO(&set);
    FD_SET(77, &set);
    SAY(select(78, &set, NULL, NULL, &now));

    /* A name, and a directory that is gone. */
    prctl(PR_SET_NAME, "abc");
    prctl(PR_GET_NAME, name);
    printf("%s\n", name);
    mkdir("gone", 0755);
    chdir("gone");
    rmdir("../gone");
    SAY(getcwd(cwd, sizeof cwd) ? 0 : -1);

    /* Timers by processor time. */
    struct itimerval every = { { 0, 20000 }, { 0, 10000 } }, old;
    signal(SIGPROF, tick);
    signal(SIGVTALRM, tick);
    setitimer(ITIMER_PROF, &every, NULL);
    while (count < 3)
        ;
    memset(&every, 0, sizeof every);
    setitimer(ITIMER_PROF, &every, NULL);
    count = 0;
    every.it_value.tv_usec = 10000;
    setitimer(ITIMER_VIRTUAL, &every, NULL);
    while (count < 1)
        ;
    getitimer(ITIMER_VIRTUAL, &old);
    printf("then %ld\n", (long)old.it_value.tv_usec);
    SAY(setitimer(9, &every, NULL));
    return 0;
}
