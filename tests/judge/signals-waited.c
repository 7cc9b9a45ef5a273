/* sigwait, sigtimedwait, sigpending, sigqueue, SA_SIGINFO, ppoll and pselect with a mask. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static void handler(int sig, siginfo_t *info, void *context)
{
    (void)context;
    printf("handler %d code %d %s value %d\n", sig, info->si_code, info->si_pid == getpid() ? "from me" : "", sig >= SIGRTMIN ? info->si_value.sival_int : 0);
}

static void child_handler(int sig, siginfo_t *info, void *context)
{
    (void)context;
    printf("child %d code %d status %d\n", sig, info->si_code, info->si_status);
}

int main(void)
{
    sigset_t set, pending, empty;
    siginfo_t info;
    struct sigaction sa;
    struct timespec tick = { 0, 20000000 };
    int sig;
    setvbuf(stdout, NULL, _IONBF, 0);
    sigemptyset(&empty);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGRTMIN);
    sigaddset(&set, SIGRTMIN + 1);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, NULL);

    raise(SIGUSR2);
    raise(SIGUSR1);
    sigpending(&pending);
    printf("pending %d %d %d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2), sigismember(&pending, SIGALRM));
    int r = sigwait(&set, &sig);
    printf("sigwait %d: %d\n", r, sig);
    r = sigwaitinfo(&set, &info);
    printf("sigwaitinfo %d code %d\n", r, info.si_code);
    r = sigtimedwait(&set, &info, &tick);
    printf("sigtimedwait %d %s\n", r, strerror(errno));
    for (int i = 0; i < 3; i++) {
        union sigval value;
        value.sival_int = 10 + i;
        sigqueue(getpid(), i == 1 ? SIGRTMIN + 1 : SIGRTMIN, value);
    }
    for (int i = 0; i < 3; i++) {
        r = sigwaitinfo(&set, &info);
        printf("queued %d code %d value %d\n", r - SIGRTMIN, info.si_code, info.si_value.sival_int);
    }
    alarm(1);
    r = sigwaitinfo(&set, &info);
    printf("alarm %d\n", r == SIGALRM);

    memset(&sa, 0, sizeof sa);
    sa.sa_flags = SA_SIGINFO;
    sa.sa_sigaction = handler;
    sigaction(SIGUSR1, &sa, NULL);
    sigaction(SIGRTMIN, &sa, NULL);
    sa.sa_sigaction = child_handler;
    sigaction(SIGCHLD, &sa, NULL);

    /* A pending signal that the mask lets through ends the call at once. */
    raise(SIGUSR1);
    r = ppoll(NULL, 0, &tick, &empty);
    printf("ppoll %d %s\n", r, r < 0 ? strerror(errno) : "");
    r = ppoll(NULL, 0, &tick, &set);
    printf("ppoll %d\n", r);
    union sigval value;
    value.sival_int = 77;
    sigqueue(getpid(), SIGRTMIN, value);
    sigqueue(getpid(), SIGRTMIN, value);
    r = pselect(0, NULL, NULL, NULL, &tick, &empty);
    printf("pselect %d %s\n", r, r < 0 ? strerror(errno) : "");
    sigprocmask(SIG_SETMASK, NULL, &pending);
    printf("mask back %d\n", sigismember(&pending, SIGUSR1));
    raise(SIGUSR1);
    r = sigsuspend(&empty);
    printf("sigsuspend %d %s\n", r, strerror(errno));

    pid_t pid = fork();
    if (pid == 0)
        _exit(9);
    r = ppoll(NULL, 0, NULL, &empty);
    printf("ppoll %d %s\n", r, r < 0 ? strerror(errno) : "");
    siginfo_t child;
    memset(&child, 0, sizeof child);
    r = waitid(P_PID, pid, &child, WEXITED | WNOWAIT);
    printf("waitid %d code %d status %d\n", r, child.si_code, child.si_status);
    r = waitid(P_ALL, 0, &child, WEXITED);
    printf("waitid %d %s\n", r, child.si_pid == pid ? "the child" : "");
    r = waitid(P_ALL, 0, &child, WEXITED);
    printf("waitid %d %s\n", r, strerror(errno));
    r = waitid(P_ALL, 0, &child, 0);
    printf("waitid %d %s\n", r, strerror(errno));

    /* Stopped and continued. */
    signal(SIGCHLD, SIG_DFL);
    pid = fork();
    if (pid == 0) {
        for (;;)
            pause();
    }
    int status;
    kill(pid, SIGSTOP);
    waitpid(pid, &status, WUNTRACED);
    printf("stopped %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status));
    printf("again %d\n", waitpid(pid, &status, WUNTRACED | WNOHANG));
    kill(pid, SIGCONT);
    waitpid(pid, &status, WCONTINUED);
    printf("continued %d\n", WIFCONTINUED(status));
    kill(pid, SIGTERM);
    waitid(P_PID, pid, &child, WEXITED);
    printf("killed: code %d status %d\n", child.si_code, child.si_status);
    return 0;
}
